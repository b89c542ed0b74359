/*
 * registry_key.c: opening, creating, deleting and renaming keys.
 *
 * Layer: advapi32, over NtCreateKey and its like.
 */
#include <string.h>
#include "ntdll/nls.h"
#include "registry.h"

WCHAR *reg_widen(const void *text, ULONG size, ULONG *length)
{
    size_t used = 0;
    WCHAR *wide = reg_alloc(((SIZE_T)size + 2) * sizeof *wide);
    if (!wide)
        return NULL;
    if (size)
        codepage_decode(codepage_ansi(), false, text, size, wide, size, &used);
    wide[used] = wide[used + 1] = 0;
    *length = (ULONG)used * sizeof *wide;
    return wide;
}

char *reg_narrow(const void *text, ULONG size, ULONG *length)
{
    size_t used = 0, units = size / sizeof(WCHAR), room = units * 4;
    char *bytes = reg_alloc(room + 2);
    if (!bytes)
        return NULL;
    if (units)
        codepage_encode(codepage_ansi(), false, text, units, bytes, room, NULL, &used);
    bytes[used] = bytes[used + 1] = 0;
    *length = (ULONG)used;
    return bytes;
}

/* NULL stays NULL; *failed: no memory. */
static WCHAR *name_widen(LPCSTR name, bool *failed)
{
    ULONG length;
    WCHAR *wide = name ? reg_widen(name, (ULONG)strlen(name), &length) : NULL;
    *failed = name && !wide;
    return wide;
}

LSTATUS WINAPI RegOpenKeyExW(HKEY key, LPCWSTR name, DWORD options, REGSAM access, PHKEY result)
{
    HANDLE handle, made;
    bool merged;
    if (!result)
        return ERROR_INVALID_PARAMETER;
    *result = NULL;
    LSTATUS error = reg_handle(key, &handle, &merged);
    if (error)
        return error;
    if (merged && name && *name)
        return reg_classes_open(handle, name, options, access, result);
    NTSTATUS status = reg_open(handle, name, options & REG_OPTION_OPEN_LINK, access, &made);
    if (!status)
        *result = (HKEY)((ULONG_PTR)made | (merged ? REG_MERGED : 0));
    return reg_error(status);
}

LSTATUS WINAPI RegOpenKeyExA(HKEY key, LPCSTR name, DWORD options, REGSAM access, PHKEY result)
{
    bool failed;
    WCHAR *wide = name_widen(name, &failed);
    LSTATUS error = failed ? ERROR_OUTOFMEMORY : RegOpenKeyExW(key, wide, options, access, result);
    reg_free(wide);
    return error;
}

/* The old functions give back what they got for an empty name. */
LSTATUS WINAPI RegOpenKeyW(HKEY key, LPCWSTR name, PHKEY result)
{
    if (!result)
        return ERROR_INVALID_PARAMETER;
    if (!name || !*name) {
        *result = key;
        return key ? ERROR_SUCCESS : ERROR_INVALID_HANDLE;
    }
    return RegOpenKeyExW(key, name, 0, MAXIMUM_ALLOWED, result);
}

LSTATUS WINAPI RegOpenKeyA(HKEY key, LPCSTR name, PHKEY result)
{
    bool failed;
    WCHAR *wide = name_widen(name, &failed);
    LSTATUS error = failed ? ERROR_OUTOFMEMORY : RegOpenKeyW(key, wide, result);
    reg_free(wide);
    return error;
}

struct creation {
    const WCHAR *class;
    ULONG options;
    ACCESS_MASK access;
    const SECURITY_ATTRIBUTES *security;
};

static NTSTATUS create_one(HANDLE root, UNICODE_STRING *name, const struct creation *c, HANDLE *handle, ULONG *made)
{
    UNICODE_STRING class;
    OBJECT_ATTRIBUTES attributes = key_attributes(root, name);
    if (c->security) {
        attributes.SecurityDescriptor = c->security->lpSecurityDescriptor;
        attributes.Attributes |= c->security->bInheritHandle ? OBJ_INHERIT : 0;
    }
    RtlInitUnicodeString(&class, c->class);
    return NtCreateKey(handle, c->access, &attributes, 0, &class, c->options, made);
}

/* Each missing key of the way is made. */
static NTSTATUS create_path(HANDLE root, const WCHAR *name, const struct creation *c, HANDLE *handle, ULONG *made)
{
    UNICODE_STRING whole, part;
    NTSTATUS status = RtlInitUnicodeStringEx(&whole, name);
    if (status)
        return status;
    status = create_one(root, &whole, c, handle, made);
    if (status != STATUS_OBJECT_NAME_NOT_FOUND)
        return status;
    size_t length = whole.Length / sizeof(WCHAR);
    while (length && name[length - 1] == '\\')
        length--;
    struct creation way = {.options = c->options & REG_OPTION_VOLATILE,
                           .access = (c->access & VIEW_FLAGS) | KEY_CREATE_SUB_KEY};
    for (size_t i = 1; i < length; i++) {
        HANDLE between;
        if (name[i] != '\\' || name[i - 1] == '\\')
            continue;
        part = (UNICODE_STRING){(USHORT)(i * sizeof(WCHAR)), (USHORT)(i * sizeof(WCHAR)), (WCHAR *)name};
        status = create_one(root, &part, &way, &between, NULL);
        if (status)
            return status;
        NtClose(between);
    }
    return create_one(root, &whole, c, handle, made);
}

LSTATUS WINAPI RegCreateKeyExW(HKEY key, LPCWSTR name, DWORD reserved, LPWSTR class, DWORD options, REGSAM access,
                               LPSECURITY_ATTRIBUTES security, PHKEY result, LPDWORD disposition)
{
    HANDLE handle, made, parent = NULL;
    ULONG done = 0;
    bool merged;
    if (!name)
        return ERROR_BADKEY;
    if (reserved || !result || options & ~(DWORD)REG_LEGAL_OPTION)
        return ERROR_INVALID_PARAMETER;
    LSTATUS error = reg_handle(key, &handle, &merged);
    if (!error && merged)
        error = reg_classes_parent(handle, name, &parent);
    if (error)
        return error;
    const struct creation c = {class, options, access, security};
    NTSTATUS status = create_path(parent ? parent : handle, name, &c, &made, &done);
    if (parent)
        NtClose(parent);
    if (status)
        return reg_error(status);
    *result = (HKEY)((ULONG_PTR)made | (merged ? REG_MERGED : 0));
    if (disposition)
        *disposition = done;
    return ERROR_SUCCESS;
}

LSTATUS WINAPI RegCreateKeyExA(HKEY key, LPCSTR name, DWORD reserved, LPSTR class, DWORD options, REGSAM access,
                               LPSECURITY_ATTRIBUTES security, PHKEY result, LPDWORD disposition)
{
    bool failed, class_failed;
    WCHAR *wide = name_widen(name, &failed), *wide_class = name_widen(class, &class_failed);
    LSTATUS error = failed || class_failed ? ERROR_OUTOFMEMORY
                                           : RegCreateKeyExW(key, wide, reserved, wide_class, options, access, security,
                                                             result, disposition);
    reg_free(wide);
    reg_free(wide_class);
    return error;
}

LSTATUS WINAPI RegCreateKeyW(HKEY key, LPCWSTR name, PHKEY result)
{
    if (!result)
        return ERROR_INVALID_PARAMETER;
    if (!name || !*name)
        return RegOpenKeyW(key, name, result);
    return RegCreateKeyExW(key, name, 0, NULL, 0, MAXIMUM_ALLOWED, NULL, result, NULL);
}

LSTATUS WINAPI RegCreateKeyA(HKEY key, LPCSTR name, PHKEY result)
{
    bool failed;
    WCHAR *wide = name_widen(name, &failed);
    LSTATUS error = failed ? ERROR_OUTOFMEMORY : RegCreateKeyW(key, wide, result);
    reg_free(wide);
    return error;
}

LSTATUS WINAPI RegDeleteKeyExW(HKEY key, LPCWSTR name, REGSAM view, DWORD reserved)
{
    HKEY opened;
    (void)reserved;
    if (!name)
        return ERROR_INVALID_PARAMETER;
    LSTATUS error = RegOpenKeyExW(key, name, REG_OPTION_OPEN_LINK, DELETE | (view & VIEW_FLAGS), &opened);
    if (error)
        return error;
    error = reg_error(NtDeleteKey((HANDLE)((ULONG_PTR)opened & ~(ULONG_PTR)3)));
    RegCloseKey(opened);
    return error;
}

LSTATUS WINAPI RegDeleteKeyExA(HKEY key, LPCSTR name, REGSAM view, DWORD reserved)
{
    bool failed;
    WCHAR *wide = name_widen(name, &failed);
    LSTATUS error = failed ? ERROR_OUTOFMEMORY : RegDeleteKeyExW(key, wide, view, reserved);
    reg_free(wide);
    return error;
}

LSTATUS WINAPI RegDeleteKeyW(HKEY key, LPCWSTR name)
{
    return RegDeleteKeyExW(key, name, 0, 0);
}

LSTATUS WINAPI RegDeleteKeyA(HKEY key, LPCSTR name)
{
    return RegDeleteKeyExA(key, name, 0, 0);
}

LSTATUS WINAPI RegRenameKey(HKEY key, LPCWSTR name, LPCWSTR to)
{
    HKEY opened;
    UNICODE_STRING string;
    if (!to)
        return ERROR_INVALID_PARAMETER;
    LSTATUS error = RegOpenKeyExW(key, name, 0, KEY_WRITE, &opened);
    if (error)
        return error;
    NTSTATUS status = RtlInitUnicodeStringEx(&string, to);
    if (!status)
        status = NtRenameKey((HANDLE)((ULONG_PTR)opened & ~(ULONG_PTR)3), &string);
    RegCloseKey(opened);
    return reg_error(status);
}
