/*
 * procedure.c: the address of an export, of built-in modules and of files, through forwarders.
 *
 * Part of the loader; below import.c and ldr.c.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "builtin.h"
#include "host.h"
#include "loader.h"
#include "ntdll/config.h"

#define FORWARD_DEPTH_MAX 16 /* longer chains do not occur; cycles do, in bad files */
#define FORWARD_NAME_MAX 512

void *(*trace_wrap)(const char *dll, const char *name, unsigned ordinal, const char *signature, void *address);

static NTSTATUS find(struct module *module, struct module *importer, const struct pe_symbol *symbol, int depth,
                     void **address);

/* The module that a forwarder names: bound along with `importer`, or loaded now and kept. */
static NTSTATUS forward_module(struct module *importer, const char *dll, struct module **target)
{
    if (importer)
        return module_load_dependency(importer, dll, target);
    WCHAR name[FORWARD_NAME_MAX];
    search_widen(dll, name, FORWARD_NAME_MAX);
    struct load_request request = {.name = name};
    NTSTATUS status = module_load(&request, target);
    if (NT_SUCCESS(status))
        module_pin(*target);
    return status;
}

/* text: "dll.Name" or "dll.#12"; the DLL's name may contain dots. */
static NTSTATUS follow(struct module *importer, const char *text, int depth, void **address)
{
    char dll[FORWARD_NAME_MAX];
    const char *dot = strrchr(text, '.');
    if (!dot || dot == text || (size_t)(dot - text) >= sizeof dll || depth >= FORWARD_DEPTH_MAX)
        return STATUS_PROCEDURE_NOT_FOUND;
    memcpy(dll, text, (size_t)(dot - text));
    dll[dot - text] = 0;
    struct pe_symbol symbol = {.name = dot + 1};
    if (dot[1] == '#')
        symbol = (struct pe_symbol){.ordinal = (uint16_t)strtoul(dot + 2, NULL, 10)};
    struct module *target;
    NTSTATUS status = forward_module(importer, dll, &target);
    return NT_SUCCESS(status) ? find(target, importer, &symbol, depth + 1, address) : status;
}

static NTSTATUS find_builtin(const struct builtin *dll, struct module *importer, const struct pe_symbol *symbol,
                             int depth, void **address)
{
    const struct export *export =
        symbol->name ? builtin_export(dll, symbol->name) : builtin_export_ordinal(dll, symbol->ordinal);
    if (export && export->kind == EXPORT_FORWARD)
        return follow(importer, builtin_strings + export->text, depth, address);
    bool there = export && export->state != EXPORT_MISSING && host_has(dll, export);
    *address = there ? builtin_address(dll, export) : NULL;
    if (!*address)
        return symbol->name ? STATUS_PROCEDURE_NOT_FOUND : STATUS_ORDINAL_NOT_FOUND;
    if (trace_wrap && export->kind != EXPORT_DATA)
        *address = trace_wrap(builtin_name(dll), symbol->name, export->ordinal,
                              export->signature ? builtin_strings + export->signature : NULL, *address);
    return STATUS_SUCCESS;
}

/* A function bound by prefix.conf, whose types stand there: "NAME=SIGNATURE ..." or "NAME@ORDINAL=SIGNATURE ...". */
static void *trace_bound(const struct module *module, const struct pe_symbol *symbol, void *address)
{
    char dll[128], signature[512], number[16];
    const struct config_host_dll *config = config_host_dll(module_name(module, dll, sizeof dll));
    snprintf(number, sizeof number, "@%u", symbol->ordinal);
    for (const struct config_pair *line = config ? config->functions : NULL; line && line->name; line++) {
        size_t length = strcspn(line->name, "@");
        if (symbol->name ? strncmp(symbol->name, line->name, length) || symbol->name[length]
                         : strcmp(line->name + length, number))
            continue;
        snprintf(signature, sizeof signature, "%.*s", (int)strcspn(line->value, " \t"), line->value);
        return trace_wrap(dll, symbol->name, symbol->ordinal, signature, address);
    }
    return address;
}

static NTSTATUS find(struct module *module, struct module *importer, const struct pe_symbol *symbol, int depth,
                     void **address)
{
    if (module->builtin)
        return find_builtin(module->builtin, importer, symbol, depth, address);
    struct pe_export export;
    if (symbol->name ? !pe_export_by_name(&module->image, symbol->name, symbol->hint, &export)
                     : !pe_export_by_ordinal(&module->image, symbol->ordinal, &export))
        return symbol->name ? STATUS_PROCEDURE_NOT_FOUND : STATUS_ORDINAL_NOT_FOUND;
    if (export.forward)
        return follow(importer, export.forward, depth, address);
    *address = module->image.base + export.rva;
    if (trace_wrap && module->bound)
        *address = trace_bound(module, symbol, *address);
    return STATUS_SUCCESS;
}

NTSTATUS module_procedure(struct module *module, struct module *importer, const struct pe_symbol *symbol,
                          void **address)
{
    return find(module, importer, symbol, 0, address);
}
