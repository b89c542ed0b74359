/*
 * import.c: fills a module's import slots.
 *
 * Bound imports need no code: their slots are filled like any other, as Windows does when a time stamp
 * differs.  Delayed imports are left to the program's own helper, which calls LoadLibrary and GetProcAddress.
 * A function that a built-in module does not have yet gets a stub that says so when it is called;
 * a function that a DLL from a file does not have is an error, as on Windows.
 */
#include <stdio.h>
#include "builtin.h"
#include "loader.h"

static void describe_symbol(const struct pe_symbol *symbol, char *text, size_t size)
{
    if (symbol->name)
        snprintf(text, size, "%s", symbol->name);
    else
        snprintf(text, size, "#%u", symbol->ordinal);
}

static NTSTATUS symbol_missing(const struct module *importer, const struct module *target,
                               const struct pe_symbol *symbol, void **address)
{
    char own[128], dll[128], name[256];
    module_name(target, dll, sizeof dll);
    if (target->builtin) {
        *address = missing_stub(dll, symbol);
        return STATUS_SUCCESS;
    }
    describe_symbol(symbol, name, sizeof name);
    load_set_error("%s: %s, which it needs, is not in %s", module_name(importer, own, sizeof own), name,
                   target->host_path);
    return symbol->name ? STATUS_ENTRYPOINT_NOT_FOUND : STATUS_ORDINAL_NOT_FOUND;
}

NTSTATUS import_symbol(struct module *importer, struct module *target, const struct pe_symbol *symbol, void **address)
{
    NTSTATUS status = module_procedure(target, importer, symbol, address);
    return NT_SUCCESS(status) ? status : symbol_missing(importer, target, symbol, address);
}

static NTSTATUS bad_table(const struct module *module)
{
    char own[128];
    load_set_error("%s: its import table is damaged", module_name(module, own, sizeof own));
    return STATUS_INVALID_IMAGE_FORMAT;
}

static NTSTATUS bind_dll(struct module *module, const struct pe_import *import)
{
    struct module *target;
    NTSTATUS status = module_load_dependency(module, import->dll, &target);
    for (uint32_t i = 0; NT_SUCCESS(status) && i < import->count; i++) {
        struct pe_symbol symbol;
        void *address;
        if (!pe_import_symbol(&module->image, import, i, &symbol))
            return bad_table(module);
        status = import_symbol(module, target, &symbol, &address);
        if (NT_SUCCESS(status))
            import->slots[i] = (uint64_t)address;
    }
    return status;
}

NTSTATUS import_bind(struct module *module)
{
    struct pe_import import = {0};
    while (pe_import_next(&module->image, &import)) {
        NTSTATUS status = bind_dll(module, &import);
        if (!NT_SUCCESS(status))
            return status;
    }
    return import.bad ? bad_table(module) : STATUS_SUCCESS;
}
