/*
 * check_json.c: --check --json: everything that --check knows, in one JSON object (its members are in winrun(1)).
 *
 * Written as it is found: each opening brace remembers whether a comma is due.
 */
#include "check_output.h"
#include "loader.h"

static bool any_module, any_dll, any_function; /* of the array that is being written, something is there already */
static bool in_dll, in_imports;

/* A name may be any bytes: what is no UTF-8 becomes U+FFFD, one for each byte. */
static unsigned utf8_length(const unsigned char *p)
{
    unsigned length = *p < 0x80                 ? 1
                      : *p >= 0xc2 && *p < 0xe0 ? 2
                      : (*p & 0xf0) == 0xe0     ? 3
                      : (*p & 0xf8) == 0xf0     ? 4
                                                : 0;
    for (unsigned i = 1; i < length; i++)
        if ((p[i] & 0xc0) != 0x80)
            return 0;
    return length;
}

static void print_string(FILE *out, const char *text)
{
    putc('"', out);
    for (const unsigned char *p = (const unsigned char *)text; *p;) {
        unsigned length = utf8_length(p);
        if (!length)
            fputs("\\ufffd", out);
        else if (*p == '"' || *p == '\\')
            fprintf(out, "\\%c", *p);
        else if (*p < 0x20)
            fprintf(out, "\\u%04x", *p);
        else
            fwrite(p, 1, length, out);
        p += length ? length : 1;
    }
    putc('"', out);
}

/* A member behind another one; NULL: null. */
static void print_member(FILE *out, const char *name, const char *value)
{
    fprintf(out, ", \"%s\": ", name);
    if (value)
        print_string(out, value);
    else
        fputs("null", out);
}

static void begin(FILE *out, const struct module *program)
{
    fputs("{\"program\": ", out);
    print_string(out, program->host_path);
    fputs(", \"modules\": [", out);
    any_module = any_dll = in_dll = false;
}

static void close_dll(FILE *out)
{
    if (in_dll)
        fputs("]}", out);
    in_dll = false;
}

static void close_module(FILE *out)
{
    close_dll(out);
    if (any_module)
        fputs(in_imports ? "]}" : "}", out);
}

static const char *subsystem_name(unsigned subsystem)
{
    return subsystem == IMAGE_SUBSYSTEM_WINDOWS_CUI   ? "console"
           : subsystem == IMAGE_SUBSYSTEM_WINDOWS_GUI ? "windows"
           : subsystem == IMAGE_SUBSYSTEM_NATIVE      ? "native"
                                                      : "other";
}

static void print_module(FILE *out, const struct module *module)
{
    char name[128];
    bool is_dll = module->nt->FileHeader.Characteristics & IMAGE_FILE_DLL;
    close_module(out);
    fputs(any_module ? ",\n {\"name\": " : "\n {\"name\": ", out);
    print_string(out, module_name(module, name, sizeof name));
    print_member(out, "path", module->host_path);
    print_member(out, "kind", is_dll ? "dll" : "program");
    print_member(out, "machine", "x86-64"); /* others can not be loaded */
    print_member(out, "subsystem", subsystem_name(module->nt->OptionalHeader.Subsystem));
    fputs(", \"imports\": [", out);
    any_module = in_imports = true;
    any_dll = false;
}

static void print_dll(FILE *out, const struct check_dll *dll)
{
    static const char *const origins[] = {
        [ORIGIN_MISSING] = "missing", [ORIGIN_UNLOADABLE] = "unloadable",
        [ORIGIN_BUILTIN] = "builtin", [ORIGIN_FILE] = "file",
        [ORIGIN_HOST] = "host",
    };
    bool there = dll->origin >= ORIGIN_BUILTIN;
    close_dll(out);
    fputs(any_dll ? ",\n  {\"dll\": " : "\n  {\"dll\": ", out);
    print_string(out, dll->name);
    print_member(out, "origin", origins[dll->origin]);
    print_member(out, there ? "from" : "reason", *dll->place ? dll->place : NULL);
    fprintf(out, ", \"delayed\": %s", dll->delayed ? "true" : "false");
    if (dll->bound)
        fputs(", \"bound\": true", out);
    if (dll->assembly)
        fputs(", \"assembly\": true", out);
    fputs(", \"functions\": [", out);
    any_dll = in_dll = true;
    any_function = false;
}

static void print_function(FILE *out, const struct check_function *function)
{
    static const char *const states[] = {
        [EXPORT_MET] = "met", [EXPORT_PARTLY] = "partly", [EXPORT_MISSING] = "missing"};
    fputs(any_function ? ",\n   {" : "\n   {", out);
    any_function = true;
    if (function->name) {
        fputs("\"name\": ", out);
        print_string(out, function->name);
    } else {
        fprintf(out, "\"ordinal\": %u", function->ordinal);
    }
    print_member(out, "state", states[function->state]);
    if (function->text)
        print_member(out, "lacks", function->text);
    if (function->forward)
        print_member(out, "forward", function->forward);
    putc('}', out);
}

static void print_problem(FILE *out, const char *text)
{
    close_dll(out);
    fputs("], \"problem\": ", out);
    print_string(out, text);
    in_imports = false;
}

static void end(FILE *out, const struct check_summary *summary)
{
    close_module(out);
    fprintf(
        out,
        "],\n \"summary\": {\"modules\": %u, \"dlls\": %u, \"dlls_missing\": %u, \"functions\": %u, \"missing\": %u, "
        "\"partly\": %u}}\n",
        summary->modules, summary->dlls, summary->dlls_missing, summary->functions, summary->missing, summary->partly);
}

const struct check_output check_json = {begin, print_module, print_dll, print_function, print_problem, end};
