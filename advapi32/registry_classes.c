/*
 * registry_classes.c: HKEY_CLASSES_ROOT: the user's classes over the machine's, seen as one; and enumeration, which
 * is where the two have to be merged.
 *
 * Layer: advapi32.  A merged key is the handle of one of the two; its path tells the other.
 */
#include <string.h>
#include "ntdll/nls.h"
#include "registry.h"

static const WCHAR user_classes[] =
    L"\\REGISTRY\\USER\\S-1-5-21-1000000001-1000000002-1000000003-1000\\Software\\Classes";
static const WCHAR machine_classes[] = L"\\REGISTRY\\MACHINE\\SOFTWARE\\Classes";

/* The path of a key; heap memory, zero-terminated. */
static WCHAR *path_of(HANDLE handle)
{
    ULONG size = 0;
    NtQueryKey(handle, KeyNameInformation, NULL, 0, &size);
    KEY_NAME_INFORMATION *name = size ? reg_alloc(size + sizeof(WCHAR)) : NULL;
    if (!name || NtQueryKey(handle, KeyNameInformation, name, size, &size)) {
        reg_free(name);
        return NULL;
    }
    ULONG bytes = name->NameLength;
    memmove(name, name->Name, bytes);
    ((WCHAR *)name)[bytes / sizeof(WCHAR)] = 0;
    return (WCHAR *)name;
}

static const WCHAR *skip_front(const WCHAR *path, const WCHAR *front)
{
    while (*front && wide_upper(*path) == wide_upper(*front))
        path++, front++;
    return *front || (*path && *path != '\\') ? NULL : path;
}

/* Opens `base` and what follows. */
static HANDLE open_below(const WCHAR *base, const WCHAR *rest, const WCHAR *name, ACCESS_MASK access, ULONG options)
{
    size_t a = wide_length(base), b = wide_length(rest), c = wide_length(name);
    HANDLE handle = NULL;
    WCHAR *path = reg_alloc((a + b + c + 2) * sizeof *path);
    if (!path)
        return NULL;
    memcpy(path, base, a * sizeof *path);
    memcpy(path + a, rest, b * sizeof *path);
    path[a + b] = '\\';
    memcpy(path + a + b + 1, name, (c + 1) * sizeof *path);
    if (!c)
        path[a + b] = 0;
    if (reg_open(NULL, path, options, access, &handle))
        handle = NULL;
    reg_free(path);
    return handle;
}

/* The part of a key's path below the classes' root, in `path` (to be freed). */
static LSTATUS below_classes(HANDLE handle, WCHAR **path, const WCHAR **rest)
{
    *path = path_of(handle);
    if (!*path)
        return ERROR_INVALID_HANDLE;
    *rest = skip_front(*path, user_classes);
    if (!*rest)
        *rest = skip_front(*path, machine_classes);
    if (*rest)
        return ERROR_SUCCESS;
    reg_free(*path);
    return ERROR_INVALID_HANDLE;
}

LSTATUS reg_pair_open(HANDLE handle, ACCESS_MASK access, struct reg_pair *pair)
{
    WCHAR *path;
    const WCHAR *rest;
    LSTATUS error = below_classes(handle, &path, &rest);
    if (error)
        return error;
    pair->user = open_below(user_classes, rest, L"", access, 0);
    pair->machine = open_below(machine_classes, rest, L"", access, 0);
    reg_free(path);
    return pair->user || pair->machine ? ERROR_SUCCESS : ERROR_KEY_DELETED;
}

void reg_pair_close(struct reg_pair *pair)
{
    if (pair->user)
        NtClose(pair->user);
    if (pair->machine)
        NtClose(pair->machine);
}

LSTATUS reg_classes_open(HANDLE handle, const WCHAR *name, DWORD options, REGSAM access, PHKEY result)
{
    WCHAR *path;
    const WCHAR *rest;
    NTSTATUS status;
    HANDLE made;
    LSTATUS error = below_classes(handle, &path, &rest);
    if (error)
        return error;
    if (*name == '\\')
        name++; /* accepted here, unlike below other keys */
    made = open_below(user_classes, rest, name, access, options & REG_OPTION_OPEN_LINK);
    status = STATUS_SUCCESS;
    if (!made) {
        HANDLE base = open_below(machine_classes, rest, L"", KEY_READ, 0);
        status =
            base ? reg_open(base, name, options & REG_OPTION_OPEN_LINK, access, &made) : STATUS_OBJECT_NAME_NOT_FOUND;
        if (base)
            NtClose(base);
    }
    reg_free(path);
    if (!status)
        *result = (HKEY)((ULONG_PTR)made | REG_MERGED);
    return reg_error(status);
}

LSTATUS reg_classes_parent(HANDLE handle, const WCHAR *name, HANDLE *parent)
{
    WCHAR *path;
    const WCHAR *rest;
    LSTATUS error = below_classes(handle, &path, &rest);
    if (error)
        return error;
    HANDLE there = open_below(user_classes, rest, name, KEY_READ, 0);
    if (there)
        NtClose(there);
    *parent = open_below(there ? user_classes : machine_classes, rest, L"", MAXIMUM_ALLOWED, 0);
    if (!*parent)
        *parent = open_below(user_classes, rest, L"", MAXIMUM_ALLOWED, 0);
    reg_free(path);
    return *parent ? ERROR_SUCCESS : ERROR_KEY_DELETED;
}

/* ---- enumeration ---- */

static NTSTATUS node_at(HANDLE handle, DWORD index, KEY_NODE_INFORMATION **info)
{
    ULONG size = offsetof(KEY_NODE_INFORMATION, Name) + 600;
    for (;;) {
        *info = reg_alloc(size);
        if (!*info)
            return STATUS_NO_MEMORY;
        NTSTATUS status = NtEnumerateKey(handle, index, KeyNodeInformation, *info, size, &size);
        if (!status)
            return status;
        reg_free(*info);
        if (status != STATUS_BUFFER_OVERFLOW && status != STATUS_BUFFER_TOO_SMALL)
            return status;
    }
}

static NTSTATUS value_at(HANDLE handle, DWORD index, KEY_VALUE_FULL_INFORMATION **info)
{
    ULONG size = offsetof(KEY_VALUE_FULL_INFORMATION, Name) + 600;
    for (;;) {
        *info = reg_alloc(size);
        if (!*info)
            return STATUS_NO_MEMORY;
        NTSTATUS status = NtEnumerateValueKey(handle, index, KeyValueFullInformation, *info, size, &size);
        if (!status)
            return status;
        reg_free(*info);
        if (status != STATUS_BUFFER_OVERFLOW && status != STATUS_BUFFER_TOO_SMALL)
            return status;
    }
}

static bool has_key(HANDLE handle, const KEY_NODE_INFORMATION *info)
{
    UNICODE_STRING name = {(USHORT)info->NameLength, (USHORT)info->NameLength, (WCHAR *)info->Name};
    OBJECT_ATTRIBUTES attributes = key_attributes(handle, &name);
    HANDLE there;
    if (NtOpenKeyEx(&there, KEY_READ, &attributes, REG_OPTION_OPEN_LINK))
        return false;
    NtClose(there);
    return true;
}

static bool has_value(HANDLE handle, const KEY_VALUE_FULL_INFORMATION *info)
{
    UNICODE_STRING name = {(USHORT)info->NameLength, (USHORT)info->NameLength, (WCHAR *)info->Name};
    ULONG size;
    return NtQueryValueKey(handle, &name, KeyValuePartialInformation, NULL, 0, &size) != STATUS_OBJECT_NAME_NOT_FOUND;
}

/* The machine's entries first, then those that the user alone has: the order is stable while nothing changes. */
static NTSTATUS merged_key_at(const struct reg_pair *pair, DWORD index, KEY_NODE_INFORMATION **info)
{
    NTSTATUS status = STATUS_NO_MORE_ENTRIES;
    DWORD at = 0;
    if (pair->machine) {
        status = node_at(pair->machine, index, info);
        if (status != STATUS_NO_MORE_ENTRIES)
            return status;
        for (DWORD i = 0; !(status = node_at(pair->machine, i, info)); i++, at++)
            reg_free(*info);
    }
    for (DWORD i = 0; pair->user && !(status = node_at(pair->user, i, info)); i++) {
        if ((!pair->machine || !has_key(pair->machine, *info)) && at++ == index)
            return STATUS_SUCCESS;
        reg_free(*info);
    }
    return status;
}

/* The user's values first: they hide the machine's. */
static NTSTATUS merged_value_at(const struct reg_pair *pair, DWORD index, KEY_VALUE_FULL_INFORMATION **info)
{
    NTSTATUS status = STATUS_NO_MORE_ENTRIES;
    DWORD at = 0;
    for (DWORD i = 0; pair->user && !(status = value_at(pair->user, i, info)); i++) {
        if (at++ == index)
            return STATUS_SUCCESS;
        reg_free(*info);
    }
    for (DWORD i = 0; pair->machine && !(status = value_at(pair->machine, i, info)); i++) {
        if ((!pair->user || !has_value(pair->user, *info)) && at++ == index)
            return STATUS_SUCCESS;
        reg_free(*info);
    }
    return status;
}

LSTATUS reg_enum_key(HKEY key, DWORD index, KEY_NODE_INFORMATION **info)
{
    HANDLE handle;
    bool merged;
    struct reg_pair pair;
    LSTATUS error = reg_handle(key, &handle, &merged);
    if (error)
        return error;
    if (!merged)
        return reg_error(node_at(handle, index, info));
    error = reg_pair_open(handle, KEY_READ, &pair);
    if (error)
        return error;
    error = reg_error(merged_key_at(&pair, index, info));
    reg_pair_close(&pair);
    return error;
}

LSTATUS reg_enum_value(HKEY key, DWORD index, KEY_VALUE_FULL_INFORMATION **info)
{
    HANDLE handle;
    bool merged;
    struct reg_pair pair;
    LSTATUS error = reg_handle(key, &handle, &merged);
    if (error)
        return error;
    if (!merged)
        return reg_error(value_at(handle, index, info));
    error = reg_pair_open(handle, KEY_READ, &pair);
    if (error)
        return error;
    error = reg_error(merged_value_at(&pair, index, info));
    reg_pair_close(&pair);
    return error;
}
