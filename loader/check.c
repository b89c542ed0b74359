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
#include "actctx.h"
#include "builtin.h"
#include "check.h"
#include "check_output.h"
#include "host.h"
#include "loader.h"
#include "ntdll/process.h"
#include "options.h"

#define FORWARD_DEPTH_MAX 16
#define FORWARD_NAME_MAX 512

struct check {
    FILE *list;
    const struct check_output *output;
    struct check_summary summary;
};

/* How a symbol is met. */
struct answer {
    enum export_state state;
    const char *text;    /* what is not there of one that is partly met; or NULL */
    const char *forward; /* the first forwarder on the way; or NULL */
};

static const struct answer missing = {.state = EXPORT_MISSING};

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
    struct answer answer = missing;
    const char *dot = strrchr(text, '.');
    if (!dot || dot == text || (size_t)(dot - text) >= sizeof dll || depth >= FORWARD_DEPTH_MAX)
        return missing;
    memcpy(dll, text, (size_t)(dot - text));
    dll[dot - text] = 0;
    struct pe_symbol symbol = {.name = dot + 1};
    if (dot[1] == '#')
        symbol = (struct pe_symbol){.ordinal = (uint16_t)strtoul(dot + 2, NULL, 10)};
    if (NT_SUCCESS(dependency_map(importer, dll, &target)))
        answer = symbol_check(importer, target, &symbol, depth + 1);
    answer.forward = text;
    return answer;
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
    return (struct answer){export->state, export->state == EXPORT_PARTLY ? builtin_strings + export->text : NULL, NULL};
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
    return export.forward ? forward_check(importer, export.forward, depth) : (struct answer){.state = EXPORT_MET};
}

static void list_symbol(struct check *check, const struct pe_symbol *symbol, struct answer answer)
{
    struct check_function function = {symbol->name, symbol->ordinal, answer.state, answer.text, answer.forward};
    check->summary.functions++;
    check->summary.missing += answer.state == EXPORT_MISSING;
    check->summary.partly += answer.state == EXPORT_PARTLY;
    check->output->function(check->list, &function);
}

static bool by_assembly(const struct module *importer, const char *name)
{
    struct search_result found;
    WCHAR wide[DOS_PATH_MAX];
    search_widen(name, wide, DOS_PATH_MAX);
    return actctx_find_dll(importer, wide, &found);
}

/* Where a DLL was found; target NULL: it was not, or it can not be loaded. */
static void list_dll(struct check *check, const struct module *importer, const char *name, const struct module *target,
                     NTSTATUS status, bool delayed)
{
    struct check_dll dll = {.name = name, .delayed = delayed, .place = load_error()};
    check->summary.dlls++;
    check->summary.dlls_missing += !target;
    if (!target) {
        dll.origin = status == STATUS_DLL_NOT_FOUND ? ORIGIN_MISSING : ORIGIN_UNLOADABLE;
    } else if (target->bound) {
        dll.origin = ORIGIN_HOST;
        dll.bound = true;
        dll.place = target->host_path;
    } else if (!target->builtin) {
        dll.origin = ORIGIN_FILE;
        dll.place = target->host_path;
        dll.assembly = by_assembly(importer, name);
    } else if (target->builtin->library) {
        dll.origin = ORIGIN_HOST;
        dll.place = builtin_strings + target->builtin->library;
    } else {
        dll.origin = ORIGIN_BUILTIN;
        dll.place = builtin_name(target->builtin);
        builtin_find(name, &dll.alias);
    }
    check->output->dll(check->list, &dll);
}

static bool check_dll(struct check *check, struct module *module, const struct pe_import *import, bool delayed)
{
    struct module *target = NULL;
    load_set_error("%s", "");
    NTSTATUS status = dependency_map(module, import->dll, &target);
    if (!NT_SUCCESS(status))
        target = NULL;
    list_dll(check, module, import->dll, target, status, delayed);
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

/* False: the manifest is damaged, or an assembly that it asks for is not there. */
static bool check_manifest(struct module *module)
{
    return NT_SUCCESS(module == module_program() ? actctx_load_program() : actctx_load_module(module));
}

static NTSTATUS check_modules(struct check *check, struct module *program)
{
    check->output->begin(check->list, program);
    /* What a module needs from files is added at the end of this list. */
    for (struct module *module = module_first(); module; module = module->next) {
        if (!module->base || module->builtin || module->bound)
            continue;
        check->summary.modules++;
        check->output->module(check->list, module);
        bool complete = check_manifest(module);
        if (complete && check_tables(check, module))
            continue;
        if (complete && module == program)
            return STATUS_INVALID_IMAGE_FORMAT;
        check->summary.dlls_missing++;
        check->output->problem(check->list, load_error());
    }
    check->output->end(check->list, &check->summary);
    return STATUS_SUCCESS;
}

NTSTATUS check_program(struct module *program, const struct check_output *output, int *result)
{
    char *text = NULL;
    size_t size = 0;
    struct check check = {.list = open_memstream(&text, &size), .output = output};
    if (!check.list)
        return STATUS_NO_MEMORY;
    NTSTATUS status = check_modules(&check, program);
    if (fclose(check.list))
        status = STATUS_NO_MEMORY;
    if (NT_SUCCESS(status) && (fwrite(text, 1, size, stdout) != size || fflush(stdout)))
        fatal(EXIT_WINRUN_FAILED, "--check: standard output can not be written");
    free(text);
    *result = check.summary.missing || check.summary.dlls_missing;
    return status;
}
