/*
 * registry_value.c: values: query, set, delete; several at once; the A functions convert texts.
 *
 * Layer: advapi32, over NtQueryValueKey and its like.
 */
#include <string.h>
#include "ntdll/nls.h"
#include "registry.h"

static NTSTATUS read_from(HANDLE handle, const WCHAR *name, struct reg_value *value)
{
    UNICODE_STRING string;
    ULONG size = 256;
    NTSTATUS status = RtlInitUnicodeStringEx(&string, name);
    while (!status) {
        KEY_VALUE_PARTIAL_INFORMATION *info = reg_alloc(size + 2 * sizeof(WCHAR));
        if (!info)
            return STATUS_NO_MEMORY;
        status = NtQueryValueKey(handle, &string, KeyValuePartialInformation, info, size, &size);
        if (!status) {
            *value = (struct reg_value){info->Type, info->DataLength, info->Data, info};
            memset(info->Data + info->DataLength, 0, 2 * sizeof(WCHAR));
            return status;
        }
        reg_free(info);
        if (status == STATUS_BUFFER_OVERFLOW)
            status = STATUS_SUCCESS;
    }
    return status;
}

LSTATUS reg_read(HKEY key, const WCHAR *name, struct reg_value *value)
{
    HANDLE handle;
    bool merged;
    struct reg_pair pair;
    LSTATUS error = reg_handle(key, &handle, &merged);
    if (error)
        return error;
    if (!merged)
        return reg_error(read_from(handle, name, value));
    error = reg_pair_open(handle, KEY_QUERY_VALUE, &pair);
    if (error)
        return error;
    NTSTATUS status = pair.user ? read_from(pair.user, name, value) : STATUS_OBJECT_NAME_NOT_FOUND;
    if (status == STATUS_OBJECT_NAME_NOT_FOUND && pair.machine)
        status = read_from(pair.machine, name, value);
    reg_pair_close(&pair);
    return reg_error(status);
}

/* The common end of the queries: sizes and what does not fit. */
static LSTATUS give(const void *from, ULONG length, BYTE *data, DWORD *size)
{
    LSTATUS error = ERROR_SUCCESS;
    if (data && *size < length)
        error = ERROR_MORE_DATA;
    else if (data)
        memcpy(data, from, length);
    if (size)
        *size = length;
    return error;
}

/* Straight into the caller's buffer where that can be: the usual case costs no copy in between. */
LSTATUS WINAPI RegQueryValueExW(HKEY key, LPCWSTR name, LPDWORD reserved, LPDWORD type, LPBYTE data, LPDWORD size)
{
    struct reg_value value;
    if ((data && !size) || reserved)
        return ERROR_INVALID_PARAMETER;
    if ((ULONG_PTR)key << 32 >> 32 == (ULONG)(ULONG_PTR)HKEY_PERFORMANCE_DATA)
        return ERROR_FILE_NOT_FOUND; /* there are no counters */
    LSTATUS error = reg_read(key, name, &value);
    if (error)
        return error;
    if (type)
        *type = value.type;
    error = give(value.data, value.size, data, size);
    reg_free(value.memory);
    return error;
}

LSTATUS WINAPI RegQueryValueExA(HKEY key, LPCSTR name, LPDWORD reserved, LPDWORD type, LPBYTE data, LPDWORD size)
{
    struct reg_value value;
    ULONG length;
    if ((data && !size) || reserved)
        return ERROR_INVALID_PARAMETER;
    if ((ULONG_PTR)key << 32 >> 32 == (ULONG)(ULONG_PTR)HKEY_PERFORMANCE_DATA)
        return ERROR_FILE_NOT_FOUND;
    WCHAR *wide = name ? reg_widen(name, (ULONG)strlen(name), &length) : NULL;
    if (name && !wide)
        return ERROR_OUTOFMEMORY;
    LSTATUS error = reg_read(key, wide, &value);
    reg_free(wide);
    if (error)
        return error;
    if (type)
        *type = value.type;
    if (reg_is_text(value.type)) {
        char *bytes = reg_narrow(value.data, value.size, &length);
        error = bytes ? give(bytes, length, data, size) : ERROR_OUTOFMEMORY;
        reg_free(bytes);
    } else {
        error = give(value.data, value.size, data, size);
    }
    reg_free(value.memory);
    return error;
}

/* A text whose zero lies just behind what the caller counted is stored with it, as Windows does. */
static DWORD counted_size(DWORD type, const void *data, DWORD size)
{
    const WCHAR *text = data;
    if ((type != REG_SZ && type != REG_EXPAND_SZ) || size < sizeof(WCHAR) || size % sizeof(WCHAR))
        return size;
    const WCHAR *end = text + size / sizeof(WCHAR);
    bool same_page = ((ULONG_PTR)(end - 1) ^ (ULONG_PTR)end) >> 12 == 0;
    return end[-1] && same_page && !*end ? size + sizeof(WCHAR) : size;
}

static LSTATUS set_value(HKEY key, LPCWSTR name, DWORD type, const void *data, DWORD size)
{
    HANDLE handle;
    bool merged;
    UNICODE_STRING string;
    LSTATUS error = reg_handle(key, &handle, &merged);
    if (error)
        return error;
    NTSTATUS status = RtlInitUnicodeStringEx(&string, name);
    return reg_error(status ? status : NtSetValueKey(handle, &string, 0, type, data, size));
}

LSTATUS WINAPI RegSetValueExW(HKEY key, LPCWSTR name, DWORD reserved, DWORD type, const BYTE *data, DWORD size)
{
    (void)reserved;
    if (!data && size)
        return ERROR_NOACCESS;
    return set_value(key, name, type, data, data ? counted_size(type, data, size) : 0);
}

LSTATUS WINAPI RegSetValueExA(HKEY key, LPCSTR name, DWORD reserved, DWORD type, const BYTE *data, DWORD size)
{
    ULONG length;
    WCHAR *text = NULL;
    (void)reserved;
    if (!data && size)
        return ERROR_NOACCESS;
    WCHAR *wide = name ? reg_widen(name, (ULONG)strlen(name), &length) : NULL;
    if (name && !wide)
        return ERROR_OUTOFMEMORY;
    if (reg_is_text(type) && data) {
        bool same_page = ((ULONG_PTR)(data + size - 1) ^ (ULONG_PTR)(data + size)) >> 12 == 0;
        if (size && data[size - 1] && same_page && !data[size])
            size++;
        text = reg_widen(data, size, &length);
    }
    LSTATUS error = reg_is_text(type) && data && !text
                        ? ERROR_OUTOFMEMORY
                        : set_value(key, wide, type, text ? (void *)text : (void *)data, text ? length : size);
    reg_free(text);
    reg_free(wide);
    return error;
}

LSTATUS WINAPI RegDeleteValueW(HKEY key, LPCWSTR name)
{
    HANDLE handle;
    bool merged;
    UNICODE_STRING string;
    LSTATUS error = reg_handle(key, &handle, &merged);
    if (error)
        return error;
    NTSTATUS status = RtlInitUnicodeStringEx(&string, name);
    return reg_error(status ? status : NtDeleteValueKey(handle, &string));
}

LSTATUS WINAPI RegDeleteValueA(HKEY key, LPCSTR name)
{
    WCHAR *wide = wide_from_ansi(name);
    LSTATUS error = name && !wide ? ERROR_OUTOFMEMORY : RegDeleteValueW(key, wide);
    reg_free(wide);
    return error;
}

/* ---- the same with a subkey's name ---- */

LSTATUS WINAPI RegSetKeyValueW(HKEY key, LPCWSTR subkey, LPCWSTR name, DWORD type, LPCVOID data, DWORD size)
{
    HKEY opened = key;
    if (subkey && *subkey) {
        LSTATUS error = RegCreateKeyExW(key, subkey, 0, NULL, 0, KEY_SET_VALUE, NULL, &opened, NULL);
        if (error)
            return error;
    }
    LSTATUS error = RegSetValueExW(opened, name, 0, type, data, size);
    if (opened != key)
        RegCloseKey(opened);
    return error;
}

LSTATUS WINAPI RegSetKeyValueA(HKEY key, LPCSTR subkey, LPCSTR name, DWORD type, LPCVOID data, DWORD size)
{
    HKEY opened = key;
    if (subkey && *subkey) {
        LSTATUS error = RegCreateKeyExA(key, subkey, 0, NULL, 0, KEY_SET_VALUE, NULL, &opened, NULL);
        if (error)
            return error;
    }
    LSTATUS error = RegSetValueExA(opened, name, 0, type, data, size);
    if (opened != key)
        RegCloseKey(opened);
    return error;
}

LSTATUS WINAPI RegDeleteKeyValueW(HKEY key, LPCWSTR subkey, LPCWSTR name)
{
    HKEY opened = key;
    if (subkey && *subkey) {
        LSTATUS error = RegOpenKeyExW(key, subkey, 0, KEY_SET_VALUE, &opened);
        if (error)
            return error;
    }
    LSTATUS error = RegDeleteValueW(opened, name);
    if (opened != key)
        RegCloseKey(opened);
    return error;
}

LSTATUS WINAPI RegDeleteKeyValueA(HKEY key, LPCSTR subkey, LPCSTR name)
{
    WCHAR *wide_key = wide_from_ansi(subkey), *wide = wide_from_ansi(name);
    LSTATUS error =
        (subkey && !wide_key) || (name && !wide) ? ERROR_OUTOFMEMORY : RegDeleteKeyValueW(key, wide_key, wide);
    reg_free(wide_key);
    reg_free(wide);
    return error;
}

/* ---- the functions of Windows 3.1: default values, texts alone ---- */

LSTATUS WINAPI RegSetValueW(HKEY key, LPCWSTR subkey, DWORD type, LPCWSTR text, DWORD size)
{
    (void)size; /* ignored by Windows, too */
    if (type != REG_SZ || !text)
        return ERROR_INVALID_PARAMETER;
    return RegSetKeyValueW(key, subkey, NULL, REG_SZ, text, (DWORD)((wide_length(text) + 1) * sizeof *text));
}

LSTATUS WINAPI RegSetValueA(HKEY key, LPCSTR subkey, DWORD type, LPCSTR text, DWORD size)
{
    (void)size;
    if (type != REG_SZ || !text)
        return ERROR_INVALID_PARAMETER;
    return RegSetKeyValueA(key, subkey, NULL, REG_SZ, text, (DWORD)strlen(text) + 1);
}

/* A key without a default value has an empty text. */
LSTATUS WINAPI RegQueryValueW(HKEY key, LPCWSTR subkey, LPWSTR text, PLONG size)
{
    HKEY opened = key;
    if (subkey && *subkey) {
        LSTATUS error = RegOpenKeyExW(key, subkey, 0, KEY_QUERY_VALUE, &opened);
        if (error)
            return error;
    }
    LSTATUS error = RegQueryValueExW(opened, NULL, NULL, NULL, (BYTE *)text, (DWORD *)size);
    if (opened != key)
        RegCloseKey(opened);
    if (error != ERROR_FILE_NOT_FOUND)
        return error;
    if (text && size && *size >= (LONG)sizeof *text)
        *text = 0;
    if (size)
        *size = sizeof *text;
    return ERROR_SUCCESS;
}

LSTATUS WINAPI RegQueryValueA(HKEY key, LPCSTR subkey, LPSTR text, PLONG size)
{
    HKEY opened = key;
    if (subkey && *subkey) {
        LSTATUS error = RegOpenKeyExA(key, subkey, 0, KEY_QUERY_VALUE, &opened);
        if (error)
            return error;
    }
    LSTATUS error = RegQueryValueExA(opened, NULL, NULL, NULL, (BYTE *)text, (DWORD *)size);
    if (opened != key)
        RegCloseKey(opened);
    if (error != ERROR_FILE_NOT_FOUND)
        return error;
    if (text && size && *size > 0)
        *text = 0;
    if (size)
        *size = 1;
    return ERROR_SUCCESS;
}

/* ---- several values at once ---- */

LSTATUS WINAPI RegQueryMultipleValuesW(HKEY key, PVALENTW list, DWORD count, LPWSTR buffer, LPDWORD size)
{
    DWORD used = 0, room = *size;
    LSTATUS error = ERROR_SUCCESS;
    for (DWORD i = 0; i < count; i++) {
        struct reg_value value;
        LSTATUS one = reg_read(key, list[i].ve_valuename, &value);
        if (one)
            return one;
        list[i].ve_type = value.type;
        list[i].ve_valuelen = value.size;
        if (used + value.size <= room && buffer) {
            list[i].ve_valueptr = (DWORD_PTR)buffer + used;
            memcpy((BYTE *)buffer + used, value.data, value.size);
        } else {
            error = ERROR_MORE_DATA;
        }
        used += value.size;
        reg_free(value.memory);
    }
    *size = used;
    return error;
}

LSTATUS WINAPI RegQueryMultipleValuesA(HKEY key, PVALENTA list, DWORD count, LPSTR buffer, LPDWORD size)
{
    DWORD used = 0, room = *size;
    LSTATUS error = ERROR_SUCCESS;
    for (DWORD i = 0; i < count; i++) {
        DWORD length = used < room && buffer ? room - used : 0;
        BYTE *at = buffer ? (BYTE *)buffer + (used < room ? used : room) : (BYTE *)"";
        LSTATUS one = RegQueryValueExA(key, list[i].ve_valuename, NULL, &list[i].ve_type, at, &length);
        if (one && one != ERROR_MORE_DATA)
            return one;
        if (one)
            error = one;
        list[i].ve_valuelen = length;
        list[i].ve_valueptr = (DWORD_PTR)at;
        used += length;
    }
    *size = used;
    return error;
}
