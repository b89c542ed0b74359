/*
 * check_text.c: --check for people: modules, under each the DLLs that it imports from, under these the functions that
 * are missing or partly met (or all of them).
 */
#include "check_output.h"
#include "loader.h"

static void begin(FILE *out, const struct module *program)
{
    (void)out;
    (void)program;
}

static void print_module(FILE *out, const struct module *module)
{
    char name[128];
    fprintf(out, "%s\n", module_name(module, name, sizeof name));
}

static void print_dll(FILE *out, const struct check_dll *dll)
{
    fprintf(out, "    %s%s: ", dll->name, dll->delayed ? " (delayed)" : "");
    switch (dll->origin) {
    case ORIGIN_MISSING:
        fprintf(out, *dll->place ? "not found (%s)\n" : "not found\n", dll->place);
        break;
    case ORIGIN_UNLOADABLE:
        fprintf(out, "can not be loaded: %s\n", dll->place);
        break;
    case ORIGIN_BUILTIN:
        fprintf(out, dll->alias ? "built in, as %s\n" : "built in\n", dll->place);
        break;
    case ORIGIN_FILE:
        fprintf(out, "%s%s\n", dll->place, dll->assembly ? " (side by side)" : "");
        break;
    case ORIGIN_HOST:
        fprintf(out, "the host's %s%s\n", dll->place, dll->bound ? ", by prefix.conf" : "");
        break;
    }
}

static void print_name(FILE *out, const struct check_function *function)
{
    if (function->name)
        fprintf(out, "        %s: ", function->name);
    else
        fprintf(out, "        #%u: ", function->ordinal);
}

static void print_function(FILE *out, const struct check_function *function)
{
    if (function->state == EXPORT_MET)
        return;
    print_name(out, function);
    if (function->state == EXPORT_MISSING)
        fprintf(out, "missing\n");
    else
        fprintf(out, "partly met: %s\n", function->text);
}

static void print_each_function(FILE *out, const struct check_function *function)
{
    if (function->state != EXPORT_MET) {
        print_function(out, function);
        return;
    }
    print_name(out, function);
    fprintf(out, function->forward ? "met, by %s\n" : "met\n", function->forward);
}

static void print_problem(FILE *out, const char *text)
{
    fprintf(out, "    can not be loaded: %s\n", text);
}

static void print_summary(FILE *out, const struct check_summary *summary)
{
    fprintf(out, "%u DLLs, %u functions: ", summary->dlls, summary->functions);
    if (summary->dlls_missing)
        fprintf(out, "%u DLLs and ", summary->dlls_missing);
    if (summary->missing || summary->dlls_missing)
        fprintf(out, "%u functions missing", summary->missing);
    else
        fprintf(out, "all there");
    fprintf(out, summary->partly ? ", %u partly met\n" : "\n", summary->partly);
}

const struct check_output check_text = {begin, print_module, print_dll, print_function, print_problem, print_summary};
const struct check_output check_text_all = {begin,         print_module, print_dll, print_each_function,
                                            print_problem, print_summary};
