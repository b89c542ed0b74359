/*
 * ldr_path.c: ntdll's Ldr functions about names and places of DLLs.
 */
#include <stdlib.h>
#include <string.h>
#include "loader.h"
#include "ntdll/gate.h"
#include "search.h"

/* Copies as much as fits, with a zero if there is room for all of it. */
static NTSTATUS copy_name(UNICODE_STRING *to, const WCHAR *from, size_t size)
{
    bool fits = size + sizeof(WCHAR) <= to->MaximumLength;
    size_t part = fits ? size : to->MaximumLength;
    memcpy(to->Buffer, from, part);
    to->Length = (USHORT)part;
    if (!fits)
        return STATUS_BUFFER_TOO_SMALL;
    to->Buffer[size / sizeof(WCHAR)] = 0;
    return STATUS_SUCCESS;
}

NTSTATUS WINAPI LdrGetDllFullName(HMODULE base, UNICODE_STRING *name)
{
    loader_lock();
    const struct module *module = module_from_base(base);
    NTSTATUS status = STATUS_DLL_NOT_FOUND;
    if (module)
        status = copy_name(name, module->ldr.FullDllName.Buffer, module->ldr.FullDllName.Length);
    loader_unlock();
    return status;
}

/* A zero-terminated copy, to be freed. */
static WCHAR *path_copy(const UNICODE_STRING *path)
{
    WCHAR *copy = malloc(path->Length + sizeof *copy);
    if (!copy)
        return NULL;
    memcpy(copy, path->Buffer, path->Length);
    copy[path->Length / sizeof *copy] = 0;
    return copy;
}

NTSTATUS WINAPI LdrSetDllDirectory(const UNICODE_STRING *path)
{
    WCHAR *copy = path ? path_copy(path) : NULL;
    if (path && !copy)
        return STATUS_NO_MEMORY;
    loader_lock();
    NTSTATUS status = search_set_directory(copy);
    loader_unlock();
    free(copy);
    return status;
}

NTSTATUS WINAPI LdrGetDllDirectory(UNICODE_STRING *path)
{
    loader_lock();
    const WCHAR *directory = search_directory() ? search_directory() : L"";
    UNICODE_STRING own;
    RtlInitUnicodeString(&own, directory);
    NTSTATUS status = copy_name(path, own.Buffer, own.Length);
    if (status == STATUS_BUFFER_TOO_SMALL)
        path->Length = own.Length;
    loader_unlock();
    return status;
}

NTSTATUS WINAPI LdrAddDllDirectory(const UNICODE_STRING *path, void **cookie)
{
    WCHAR *copy = path_copy(path);
    if (!copy)
        return STATUS_NO_MEMORY;
    loader_lock();
    NTSTATUS status = search_add_directory(copy, cookie);
    loader_unlock();
    free(copy);
    return status;
}

NTSTATUS WINAPI LdrRemoveDllDirectory(void *cookie)
{
    loader_lock();
    NTSTATUS status = search_remove_directory(cookie);
    loader_unlock();
    return status;
}

NTSTATUS WINAPI LdrSetDefaultDllDirectories(ULONG flags)
{
    loader_lock();
    NTSTATUS status = search_set_default_flags(flags);
    loader_unlock();
    return status;
}

/* Calls back with each loaded module in load order, until the callback says stop. */
NTSTATUS WINAPI LdrEnumerateLoadedModules(BOOLEAN reserved, void *callback, void *context)
{
    if (reserved || !callback)
        return STATUS_INVALID_PARAMETER;
    loader_lock();
    LIST_ENTRY *head = &peb_current()->Ldr->InLoadOrderModuleList;
    BOOLEAN stop = FALSE;
    for (LIST_ENTRY *entry = head->Flink; entry != head && !stop; entry = entry->Flink)
        guest_call(callback, GUEST(entry), GUEST(context), GUEST(&stop), 0);
    loader_unlock();
    return STATUS_SUCCESS;
}
