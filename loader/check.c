/*
 * check.c: --check: lists what a program needs, where it is found and what is missing.
 *
 * Part of the loader; uses its search and its maps, so that what is listed is what a run would find.  Images are
 * mapped but neither bound nor started.  The list is built in memory first: a damaged program gets one
 * line on stderr and nothing else.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "builtin.h"
#include "check.h"
#include "host.h"
#include "loader.h"
#include "ntdll/process.h"
#include "options.h"

#define FORWARD_DEPTH_MAX 16
#define FORWARD_NAME_MAX 512

struct check {
    FILE *list;
    unsigned dlls, dlls_missing, functions, missing, partly;
};

/* How a symbol is met. */
struct answer {
    enum export_state state;
    const char *text; /* what is not there of one that is partly met; or NULL */
};

static const struct answer missing = {EXPORT_MISSING, NULL};

static struct answer symbol_check(struct module *importer, struct module *target, const struct pe_symbol *symbol,
                                  int depth);

static NTSTATUS dependency_map(struct module *importer, const char *name, struct module **target)
{
    WCHAR wide[DOS_PATH_MAX];
    search_widen(name, wide, DOS_PATH_MAX);
    struct load_request request = {.name = wide, .importer = importer};
    return module_map(&request, target);
}

/* text: "dll.Name" or "dll.#12"; the DLL's name may contain dots. */
static struct answer forward_check(struct module *importer, const char *text, int depth)
{
    char dll[FORWARD_NAME_MAX];
    struct module *target;
    const char *dot = strrchr(text, '.');
    if (!dot || dot == text || (size_t)(dot - text) >= sizeof dll || depth >= FORWARD_DEPTH_MAX)
        return missing;
    memcpy(dll, text, (size_t)(dot - text));
    dll[dot - text] = 0;
    struct pe_symbol symbol = {.name = dot + 1};
    if (dot[1] == '#')
        symbol = (struct pe_symbol){.ordinal = (uint16_t)strtoul(dot + 2, NULL, 10)};
    return NT_SUCCESS(dependency_map(importer, dll, &target)) ? symbol_check(importer, target, &symbol, depth + 1)
                                                              : missing;
}

static struct answer builtin_check(struct module *importer, const struct builtin *dll, const struct pe_symbol *symbol,
                                   int depth)
{
    const struct export *export =
        symbol->name ? builtin_export(dll, symbol->name) : builtin_export_ordinal(dll, symbol->ordinal);
    if (!export || export->state == EXPORT_MISSING || !host_has(dll, export))
        return missing;
    if (export->kind == EXPORT_FORWARD)
        return forward_check(importer, builtin_strings + export->text, depth);
    return (struct answer){export->state, export->state == EXPORT_PARTLY ? builtin_strings + export->text : NULL};
}

static struct answer symbol_check(struct module *importer, struct module *target, const struct pe_symbol *symbol,
                                  int depth)
{
    struct pe_export export;
    if (target->builtin)
        return builtin_check(importer, target->builtin, symbol, depth);
    if (symbol->name ? !pe_export_by_name(&target->image, symbol->name, symbol->hint, &export)
                     : !pe_export_by_ordinal(&target->image, symbol->ordinal, &export))
        return missing;
    return export.forward ? forward_check(importer, export.forward, depth) : (struct answer){EXPORT_MET, NULL};
}

static void list_symbol(struct check *check, const struct pe_symbol *symbol, struct answer answer)
{
    char ordinal[16];
    snprintf(ordinal, sizeof ordinal, "#%u", symbol->ordinal);
    const char *name = symbol->name ? symbol->name : ordinal;
    check->functions++;
    if (answer.state == EXPORT_MISSING) {
        check->missing++;
        fprintf(check->list, "        %s: missing\n", name);
    } else if (answer.state == EXPORT_PARTLY) {
        check->partly++;
        fprintf(check->list, "        %s: partly met: %s\n", name, answer.text);
    }
}

/* Where a DLL was found; target NULL: it was not, or it can not be loaded. */
static void list_dll(struct check *check, const char *name, const struct module *target, NTSTATUS status, bool delayed)
{
    const char *note = delayed ? " (delayed)" : "";
    bool alias;
    check->dlls++;
    if (!target) {
        check->dlls_missing++;
        if (status == STATUS_DLL_NOT_FOUND)
            fprintf(check->list, "    %s%s: not found\n", name, note);
        else
            fprintf(check->list, "    %s%s: can not be loaded: %s\n", name, note, load_error());
    } else if (!target->builtin) {
        fprintf(check->list, "    %s%s: %s\n", name, note, target->host_path);
    } else if (builtin_find(name, &alias) && alias) {
        fprintf(check->list, "    %s%s: built in, as %s\n", name, note, builtin_name(target->builtin));
    } else {
        fprintf(check->list, "    %s%s: built in\n", name, note);
    }
}

static bool check_dll(struct check *check, struct module *module, const struct pe_import *import, bool delayed)
{
    struct module *target = NULL;
    NTSTATUS status = dependency_map(module, import->dll, &target);
    if (!NT_SUCCESS(status))
        target = NULL;
    list_dll(check, import->dll, target, status, delayed);
    for (uint32_t i = 0; i < import->count; i++) {
        struct pe_symbol symbol;
        if (!pe_import_symbol(&module->image, import, i, &symbol))
            return false;
        list_symbol(check, &symbol, target ? symbol_check(module, target, &symbol, 0) : missing);
    }
    return true;
}

/* False, with the reason in load_error(), if a table is damaged. */
static bool check_tables(struct check *check, struct module *module)
{
    struct pe_import import = {0}, delayed = {0};
    struct pe_tls tls;
    char own[128];
    bool good = true;
    while (good && pe_import_next(&module->image, &import))
        good = check_dll(check, module, &import, false);
    while (good && pe_delay_import_next(&module->image, &delayed))
        good = check_dll(check, module, &delayed, true);
    if (!good || import.bad || delayed.bad) {
        load_set_error("%s: its import table is damaged", module_name(module, own, sizeof own));
        return false;
    }
    if (pe_tls(&module->image, &tls) == STATUS_INVALID_IMAGE_FORMAT || !NT_SUCCESS(config_init(module))) {
        load_set_error("%s: its TLS directory or load configuration is damaged", module_name(module, own, sizeof own));
        return false;
    }
    return true;
}

static void list_summary(struct check *check)
{
    fprintf(check->list, "%u DLLs, %u functions: ", check->dlls, check->functions);
    if (check->dlls_missing)
        fprintf(check->list, "%u DLLs and ", check->dlls_missing);
    if (check->missing || check->dlls_missing)
        fprintf(check->list, "%u functions missing", check->missing);
    else
        fprintf(check->list, "all there");
    fprintf(check->list, check->partly ? ", %u partly met\n" : "\n", check->partly);
}

static NTSTATUS check_modules(struct check *check, struct module *program)
{
    char name[128];
    /* What a module needs from files is added at the end of this list. */
    for (struct module *module = module_first(); module; module = module->next) {
        if (!module->base || module->builtin)
            continue;
        fprintf(check->list, "%s\n", module_name(module, name, sizeof name));
        if (check_tables(check, module))
            continue;
        if (module == program)
            return STATUS_INVALID_IMAGE_FORMAT;
        check->dlls_missing++;
        fprintf(check->list, "    can not be loaded: %s\n", load_error());
    }
    list_summary(check);
    return STATUS_SUCCESS;
}

NTSTATUS check_program(struct module *program, int *result)
{
    char *text = NULL;
    size_t size = 0;
    struct check check = {.list = open_memstream(&text, &size)};
    if (!check.list)
        return STATUS_NO_MEMORY;
    NTSTATUS status = check_modules(&check, program);
    if (fclose(check.list))
        status = STATUS_NO_MEMORY;
    if (NT_SUCCESS(status) && (fwrite(text, 1, size, stdout) != size || fflush(stdout)))
        fatal(EXIT_WINRUN_FAILED, "--check: standard output can not be written");
    free(text);
    *result = check.missing || check.dlls_missing;
    return status;
}
