/*
 * ldr.c: ntdll's Ldr functions: the edge between programs and the loader.
 */
#include <stdlib.h>
#include <string.h>
#include "builtin.h"
#include "datafile.h"
#include "loader.h"
#include "search.h"

#define LDRP_DONT_CALL_FOR_THREADS 0x00040000
#define PROCEDURE_NAME_MAX 512

/* LdrLoadDll's first argument may be LoadLibraryEx's flags with bit 0 set instead of a path. */
static ULONG flags_from_path(const WCHAR *path)
{
    return (ULONG_PTR)path & 1 ? (ULONG)(ULONG_PTR)path & ~1u : 0;
}

static WCHAR *name_copy(const UNICODE_STRING *name)
{
    WCHAR *copy = malloc(name->Length + sizeof *copy);
    if (!copy)
        return NULL;
    memcpy(copy, name->Buffer, name->Length);
    copy[name->Length / sizeof *copy] = 0;
    return copy;
}

NTSTATUS WINAPI LdrLoadDll(const WCHAR *path, ULONG *characteristics, const UNICODE_STRING *name, HMODULE *base)
{
    ULONG flags = flags_from_path(path);
    if (characteristics && (*characteristics & 2)) /* IMAGE_FILE_EXECUTABLE_IMAGE asks for no imports, no DllMain */
        flags |= DONT_RESOLVE_DLL_REFERENCES;
    WCHAR *copy = name_copy(name);
    if (!copy)
        return STATUS_NO_MEMORY;
    struct load_request request = {.name = copy, .flags = flags};
    struct module *module;
    NTSTATUS status;
    if (flags & (LOAD_LIBRARY_AS_DATAFILE | LOAD_LIBRARY_AS_DATAFILE_EXCLUSIVE | LOAD_LIBRARY_AS_IMAGE_RESOURCE)) {
        status = data_load(&request, base);
    } else {
        status = module_load(&request, &module);
        if (NT_SUCCESS(status))
            *base = module->base;
    }
    free(copy);
    return status;
}

NTSTATUS WINAPI LdrUnloadDll(HMODULE base)
{
    if (data_is_handle(base))
        return data_unload(base);
    loader_lock();
    struct module *module = base ? module_from_base(base) : NULL;
    if (module && module->references != -1)
        module_release(module);
    loader_unlock();
    return module ? STATUS_SUCCESS : STATUS_DLL_NOT_FOUND;
}

/* A loaded module by name, as GetModuleHandle looks for it: a path means that file, a bare name any. */
static struct module *find_loaded(const WCHAR *name)
{
    WCHAR full[DOS_PATH_MAX];
    if (!search_add_extension(name, full, DOS_PATH_MAX))
        return NULL;
    bool path = false;
    for (const WCHAR *p = full; *p; p++)
        path |= *p == '\\' || *p == '/';
    if (path) {
        WCHAR absolute[DOS_PATH_MAX];
        ULONG size = RtlGetFullPathName_U(full, sizeof absolute, absolute, NULL);
        return size && size < sizeof absolute ? module_from_dos_path(absolute) : NULL;
    }
    struct module *module = module_from_base_name(full);
    if (module)
        return module;
    char bytes[256];
    bool alias;
    search_narrow(full, bytes, sizeof bytes);
    const struct builtin *dll = builtin_find(bytes, &alias);
    return dll && alias ? module_from_builtin(dll) : NULL;
}

enum { HANDLE_UNCHANGED = 1, HANDLE_PIN = 2 }; /* LdrGetDllHandleEx's flags */

NTSTATUS WINAPI LdrGetDllHandleEx(ULONG flags, const WCHAR *path, ULONG *characteristics, const UNICODE_STRING *name,
                                  HMODULE *base)
{
    (void)path, (void)characteristics;
    WCHAR *copy = name_copy(name);
    if (!copy)
        return STATUS_NO_MEMORY;
    loader_lock();
    struct module *module = find_loaded(copy);
    if (module && (flags & HANDLE_PIN))
        module_pin(module);
    else if (module && !(flags & HANDLE_UNCHANGED))
        module_reference(module);
    if (module && base)
        *base = module->base;
    loader_unlock();
    free(copy);
    return module ? STATUS_SUCCESS : STATUS_DLL_NOT_FOUND;
}

NTSTATUS WINAPI LdrGetDllHandle(const WCHAR *path, ULONG *characteristics, const UNICODE_STRING *name, HMODULE *base)
{
    return LdrGetDllHandleEx(HANDLE_UNCHANGED, path, characteristics, name, base);
}

NTSTATUS WINAPI LdrAddRefDll(ULONG flags, HMODULE base)
{
    loader_lock();
    struct module *module = base ? module_from_base(base) : NULL;
    if (module && (flags & 1 /* LDR_ADDREF_DLL_PIN */))
        module_pin(module);
    else if (module)
        module_reference(module);
    loader_unlock();
    return module ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER;
}

static NTSTATUS get_procedure(HMODULE base, const char *name, ULONG ordinal, void **address)
{
    struct pe_symbol symbol = {.name = name, .ordinal = (uint16_t)ordinal};
    loader_lock();
    struct module *module = base ? module_from_base(base) : NULL;
    NTSTATUS status = module ? module_procedure(module, NULL, &symbol, address) : STATUS_DLL_NOT_FOUND;
    loader_unlock();
    return status;
}

NTSTATUS WINAPI LdrGetProcedureAddress(HMODULE base, const ANSI_STRING *name, ULONG ordinal, void **address)
{
    char text[PROCEDURE_NAME_MAX];
    if (!name || !name->Length)
        return get_procedure(base, NULL, ordinal, address);
    if (name->Length >= sizeof text)
        return STATUS_PROCEDURE_NOT_FOUND;
    memcpy(text, name->Buffer, name->Length);
    text[name->Length] = 0;
    return get_procedure(base, text, 0, address);
}

NTSTATUS WINAPI LdrGetProcedureAddressEx(HMODULE base, const ANSI_STRING *name, ULONG ordinal, void **address,
                                         ULONG flags)
{
    (void)flags;
    return LdrGetProcedureAddress(base, name, ordinal, address);
}

NTSTATUS WINAPI LdrGetProcedureAddressForCaller(HMODULE base, const ANSI_STRING *name, ULONG ordinal, void **address,
                                                ULONG flags, void **caller)
{
    (void)flags, (void)caller;
    return LdrGetProcedureAddress(base, name, ordinal, address);
}

/* Not for a module with static TLS, whose threads need the calls. */
NTSTATUS WINAPI LdrDisableThreadCalloutsForDll(HMODULE base)
{
    NTSTATUS status = STATUS_DLL_NOT_FOUND;
    loader_lock();
    struct module *module = base ? module_from_base(base) : NULL;
    if (module && !module->tls) {
        module->ldr.Flags |= LDRP_DONT_CALL_FOR_THREADS;
        status = STATUS_SUCCESS;
    }
    loader_unlock();
    return status;
}

NTSTATUS WINAPI LdrLockLoaderLock(ULONG flags, ULONG *result, ULONG_PTR *magic)
{
    enum { RAISE = 1, TRY_ONLY = 2, ACQUIRED = 1, NOT_ACQUIRED = 2 };
    if ((flags & ~(ULONG)(RAISE | TRY_ONLY)) || !magic || ((flags & TRY_ONLY) && !result))
        return STATUS_INVALID_PARAMETER;
    if (result)
        *result = ACQUIRED;
    *magic = 0;
    if (!(flags & TRY_ONLY)) {
        loader_lock();
    } else if (!RtlTryEnterCriticalSection(peb_current()->LoaderLock)) {
        *result = NOT_ACQUIRED;
        return STATUS_SUCCESS;
    }
    *magic = (ULONG_PTR)teb_current()->ClientId.UniqueThread;
    return STATUS_SUCCESS;
}

NTSTATUS WINAPI LdrUnlockLoaderLock(ULONG flags, ULONG_PTR magic)
{
    if (flags & ~1u)
        return STATUS_INVALID_PARAMETER;
    if (!magic)
        return STATUS_SUCCESS;
    if (magic != (ULONG_PTR)teb_current()->ClientId.UniqueThread)
        return STATUS_INVALID_PARAMETER;
    loader_unlock();
    return STATUS_SUCCESS;
}

BOOLEAN WINAPI RtlDllShutdownInProgress(void)
{
    return peb_current()->Ldr->ShutdownInProgress;
}
