/*
 * registry_tree.c: whole trees: RegDeleteTree, RegCopyTree.
 *
 * Layer: advapi32.
 */
#include <string.h>
#include "ntdll/nls.h"
#include "registry.h"

static HANDLE handle_of(HKEY key)
{
    return (HANDLE)((ULONG_PTR)key & ~(ULONG_PTR)3);
}

static NTSTATUS open_child(HANDLE root, const KEY_NODE_INFORMATION *info, ACCESS_MASK access, HANDLE *child)
{
    UNICODE_STRING name = {(USHORT)info->NameLength, (USHORT)info->NameLength, (WCHAR *)info->Name};
    OBJECT_ATTRIBUTES attributes = key_attributes(root, &name);
    return NtOpenKeyEx(child, access, &attributes, REG_OPTION_OPEN_LINK);
}

/* All below a key, deepest first. */
static LSTATUS delete_below(HANDLE handle)
{
    KEY_NODE_INFORMATION *info;
    LSTATUS error;
    while (!(error = reg_enum_key(handle, 0, &info))) {
        HANDLE child;
        NTSTATUS status = open_child(handle, info, DELETE | KEY_ENUMERATE_SUB_KEYS | KEY_QUERY_VALUE, &child);
        reg_free(info);
        if (status)
            return reg_error(status);
        error = delete_below(child);
        if (!error)
            error = reg_error(NtDeleteKey(child));
        NtClose(child);
        if (error)
            return error;
    }
    return error == ERROR_NO_MORE_ITEMS ? ERROR_SUCCESS : error;
}

static LSTATUS delete_values(HANDLE handle)
{
    KEY_VALUE_FULL_INFORMATION *info;
    LSTATUS error;
    while (!(error = reg_enum_value(handle, 0, &info))) {
        UNICODE_STRING name = {(USHORT)info->NameLength, (USHORT)info->NameLength, info->Name};
        error = reg_error(NtDeleteValueKey(handle, &name));
        reg_free(info);
        if (error)
            return error;
    }
    return error == ERROR_NO_MORE_ITEMS ? ERROR_SUCCESS : error;
}

/* Without a name: what is in the key, which stays. */
LSTATUS WINAPI RegDeleteTreeW(HKEY key, LPCWSTR name)
{
    HANDLE handle;
    bool merged;
    HKEY opened;
    LSTATUS error;
    if (!name || !*name) {
        error = reg_handle(key, &handle, &merged);
        if (!error)
            error = delete_below(handle);
        return error ? error : delete_values(handle);
    }
    error = RegOpenKeyExW(key, name, REG_OPTION_OPEN_LINK, DELETE | KEY_ENUMERATE_SUB_KEYS | KEY_QUERY_VALUE, &opened);
    if (error)
        return error;
    error = delete_below(handle_of(opened));
    if (!error)
        error = reg_error(NtDeleteKey(handle_of(opened)));
    RegCloseKey(opened);
    return error;
}

LSTATUS WINAPI RegDeleteTreeA(HKEY key, LPCSTR name)
{
    WCHAR *wide = wide_from_ansi(name);
    LSTATUS error = name && !wide ? ERROR_OUTOFMEMORY : RegDeleteTreeW(key, wide);
    reg_free(wide);
    return error;
}

static LSTATUS copy_values(HKEY from, HANDLE to)
{
    KEY_VALUE_FULL_INFORMATION *info;
    LSTATUS error;
    for (DWORD i = 0; !(error = reg_enum_value(from, i, &info)); i++) {
        UNICODE_STRING name = {(USHORT)info->NameLength, (USHORT)info->NameLength, info->Name};
        const void *data = info->DataLength ? (const char *)info + info->DataOffset : NULL;
        error = reg_error(NtSetValueKey(to, &name, 0, info->Type, data, info->DataLength));
        reg_free(info);
        if (error)
            return error;
    }
    return error == ERROR_NO_MORE_ITEMS ? ERROR_SUCCESS : error;
}

static NTSTATUS copy_key(HANDLE from, const KEY_NODE_INFORMATION *info, HANDLE to, HANDLE *child, HANDLE *made)
{
    UNICODE_STRING name = {(USHORT)info->NameLength, (USHORT)info->NameLength, (WCHAR *)info->Name};
    UNICODE_STRING class = {(USHORT)info->ClassLength, (USHORT)info->ClassLength,
                            (WCHAR *)((char *)info + (info->ClassLength ? info->ClassOffset : 0))};
    OBJECT_ATTRIBUTES attributes = key_attributes(to, &name);
    NTSTATUS status = open_child(from, info, KEY_READ, child);
    if (status)
        return status;
    status = NtCreateKey(made, KEY_WRITE | KEY_READ, &attributes, 0, &class, 0, NULL);
    if (status)
        NtClose(*child);
    return status;
}

static LSTATUS copy_tree(HKEY from, HANDLE to)
{
    KEY_NODE_INFORMATION *info;
    LSTATUS error = copy_values(from, to);
    if (error)
        return error;
    for (DWORD i = 0; !(error = reg_enum_key(from, i, &info)); i++) {
        HANDLE child, made;
        error = reg_error(copy_key(handle_of(from), info, to, &child, &made));
        reg_free(info);
        if (error)
            return error;
        error = copy_tree(child, made);
        NtClose(child);
        NtClose(made);
        if (error)
            return error;
    }
    return error == ERROR_NO_MORE_ITEMS ? ERROR_SUCCESS : error;
}

LSTATUS WINAPI RegCopyTreeW(HKEY key, LPCWSTR name, HKEY to)
{
    HKEY opened;
    HANDLE handle;
    bool merged;
    LSTATUS error = reg_handle(to, &handle, &merged);
    if (!error)
        error = RegOpenKeyExW(key, name, 0, KEY_READ, &opened);
    if (error)
        return error;
    error = copy_tree(opened, handle);
    RegCloseKey(opened);
    return error;
}

LSTATUS WINAPI RegCopyTreeA(HKEY key, LPCSTR name, HKEY to)
{
    WCHAR *wide = wide_from_ansi(name);
    LSTATUS error = name && !wide ? ERROR_OUTOFMEMORY : RegCopyTreeW(key, wide, to);
    reg_free(wide);
    return error;
}
