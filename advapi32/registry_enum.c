/*
 * registry_enum.c: listing subkeys and values, and what RegQueryInfoKey tells of a key.
 *
 * Layer: advapi32.  Plain and merged keys alike go through reg_enum_key and reg_enum_value.
 */
#include <string.h>
#include "ntdll/nls.h"
#include "registry.h"

/* A counted text into a buffer of *size characters with a zero: ERROR_MORE_DATA. */
static LSTATUS put_wide(const WCHAR *text, ULONG bytes, WCHAR *out, DWORD *size)
{
    DWORD length = bytes / sizeof *text;
    if (!size)
        return ERROR_SUCCESS;
    if (!out || *size <= length)
        return ERROR_MORE_DATA;
    memcpy(out, text, bytes);
    out[length] = 0;
    *size = length;
    return ERROR_SUCCESS;
}

static LSTATUS put_narrow(const WCHAR *text, ULONG bytes, char *out, DWORD *size)
{
    ULONG length;
    LSTATUS error = ERROR_SUCCESS;
    if (!size)
        return ERROR_SUCCESS;
    char *narrow = reg_narrow(text, bytes, &length);
    if (!narrow)
        return ERROR_OUTOFMEMORY;
    if (!out || *size <= length) {
        error = ERROR_MORE_DATA;
    } else {
        memcpy(out, narrow, length + 1);
        *size = length;
    }
    reg_free(narrow);
    return error;
}

static const WCHAR *class_of(const KEY_NODE_INFORMATION *info)
{
    return info->ClassLength ? (const WCHAR *)((const char *)info + info->ClassOffset) : L"";
}

static LSTATUS check_enum(const void *name, const DWORD *size, const DWORD *reserved, const void *class,
                          const DWORD *class_size)
{
    return !name || !size || reserved || (class && !class_size) ? ERROR_INVALID_PARAMETER : ERROR_SUCCESS;
}

LSTATUS WINAPI RegEnumKeyExW(HKEY key, DWORD index, LPWSTR name, LPDWORD size, LPDWORD reserved, LPWSTR class,
                             LPDWORD class_size, PFILETIME time)
{
    KEY_NODE_INFORMATION *info;
    LSTATUS error = check_enum(name, size, reserved, class, class_size);
    if (!error)
        error = reg_enum_key(key, index, &info);
    if (error)
        return error;
    error = put_wide(info->Name, info->NameLength, name, size);
    if (!error && class)
        error = put_wide(class_of(info), info->ClassLength, class, class_size);
    if (time)
        memcpy(time, &info->LastWriteTime, sizeof *time);
    reg_free(info);
    return error;
}

LSTATUS WINAPI RegEnumKeyExA(HKEY key, DWORD index, LPSTR name, LPDWORD size, LPDWORD reserved, LPSTR class,
                             LPDWORD class_size, PFILETIME time)
{
    KEY_NODE_INFORMATION *info;
    LSTATUS error = check_enum(name, size, reserved, class, class_size);
    if (!error)
        error = reg_enum_key(key, index, &info);
    if (error)
        return error;
    error = put_narrow(info->Name, info->NameLength, name, size);
    if (!error && class)
        error = put_narrow(class_of(info), info->ClassLength, class, class_size);
    if (time)
        memcpy(time, &info->LastWriteTime, sizeof *time);
    reg_free(info);
    return error;
}

LSTATUS WINAPI RegEnumKeyW(HKEY key, DWORD index, LPWSTR name, DWORD size)
{
    return RegEnumKeyExW(key, index, name, &size, NULL, NULL, NULL, NULL);
}

LSTATUS WINAPI RegEnumKeyA(HKEY key, DWORD index, LPSTR name, DWORD size)
{
    return RegEnumKeyExA(key, index, name, &size, NULL, NULL, NULL, NULL);
}

static LSTATUS put_data(const void *from, ULONG length, BYTE *data, DWORD *size)
{
    LSTATUS error = data && *size < length ? ERROR_MORE_DATA : ERROR_SUCCESS;
    if (data && !error)
        memcpy(data, from, length);
    if (size)
        *size = length;
    return error;
}

LSTATUS WINAPI RegEnumValueW(HKEY key, DWORD index, LPWSTR name, LPDWORD size, LPDWORD reserved, LPDWORD type,
                             LPBYTE data, LPDWORD data_size)
{
    KEY_VALUE_FULL_INFORMATION *info;
    LSTATUS error = check_enum(name, size, reserved, data, data_size);
    if (!error)
        error = reg_enum_value(key, index, &info);
    if (error)
        return error;
    error = put_wide(info->Name, info->NameLength, name, size);
    if (type)
        *type = info->Type;
    LSTATUS other = put_data((const char *)info + info->DataOffset, info->DataLength, data, data_size);
    reg_free(info);
    return error ? error : other;
}

LSTATUS WINAPI RegEnumValueA(HKEY key, DWORD index, LPSTR name, LPDWORD size, LPDWORD reserved, LPDWORD type,
                             LPBYTE data, LPDWORD data_size)
{
    KEY_VALUE_FULL_INFORMATION *info;
    LSTATUS error = check_enum(name, size, reserved, data, data_size), other = ERROR_SUCCESS;
    if (!error)
        error = reg_enum_value(key, index, &info);
    if (error)
        return error;
    error = put_narrow(info->Name, info->NameLength, name, size);
    if (type)
        *type = info->Type;
    const char *from = (const char *)info + info->DataOffset;
    if (reg_is_text(info->Type) && (data || data_size)) {
        ULONG length;
        char *narrow = reg_narrow(info->DataLength ? from : "", info->DataLength, &length);
        other = narrow ? put_data(narrow, length, data, data_size) : ERROR_OUTOFMEMORY;
        reg_free(narrow);
    } else {
        other = put_data(from, info->DataLength, data, data_size);
    }
    reg_free(info);
    return error ? error : other;
}

static ULONG largest(ULONG a, ULONG b)
{
    return a > b ? a : b;
}

/* The counts of a merged key, by listing it. */
static LSTATUS count_merged(HKEY key, KEY_FULL_INFORMATION *full)
{
    KEY_NODE_INFORMATION *node;
    KEY_VALUE_FULL_INFORMATION *value;
    memset(full, 0, sizeof *full);
    for (; !reg_enum_key(key, full->SubKeys, &node); full->SubKeys++) {
        full->MaxNameLen = largest(full->MaxNameLen, node->NameLength);
        full->MaxClassLen = largest(full->MaxClassLen, node->ClassLength);
        reg_free(node);
    }
    for (; !reg_enum_value(key, full->Values, &value); full->Values++) {
        full->MaxValueNameLen = largest(full->MaxValueNameLen, value->NameLength);
        full->MaxValueDataLen = largest(full->MaxValueDataLen, value->DataLength);
        reg_free(value);
    }
    return ERROR_SUCCESS;
}

/* Heap memory; the class follows the structure. */
static LSTATUS query_full(HKEY key, KEY_FULL_INFORMATION **full)
{
    HANDLE handle;
    bool merged;
    ULONG size = sizeof **full + 128;
    LSTATUS error = reg_handle(key, &handle, &merged);
    if (error)
        return error;
    for (NTSTATUS status = STATUS_BUFFER_OVERFLOW; status == STATUS_BUFFER_OVERFLOW; error = reg_error(status)) {
        *full = reg_alloc(size);
        if (!*full)
            return ERROR_OUTOFMEMORY;
        status = NtQueryKey(handle, KeyFullInformation, *full, size, &size);
        if (status)
            reg_free(*full);
    }
    if (!error && merged) {
        KEY_FULL_INFORMATION counts;
        count_merged(key, &counts);
        (*full)->SubKeys = counts.SubKeys;
        (*full)->MaxNameLen = counts.MaxNameLen;
        (*full)->Values = counts.Values;
        (*full)->MaxValueNameLen = counts.MaxValueNameLen;
        (*full)->MaxValueDataLen = counts.MaxValueDataLen;
    }
    return error;
}

static DWORD security_size(HKEY key)
{
    DWORD size = 0;
    RegGetKeySecurity(key, OWNER_SECURITY_INFORMATION | GROUP_SECURITY_INFORMATION | DACL_SECURITY_INFORMATION, NULL,
                      &size);
    return size;
}

static void put_dword(DWORD *out, DWORD value)
{
    if (out)
        *out = value;
}

struct counts {
    DWORD *keys, *longest_key, *longest_class, *values, *longest_name, *longest_data, *security;
    FILETIME *time;
};

static void put_counts(HKEY key, const KEY_FULL_INFORMATION *full, const struct counts *c)
{
    put_dword(c->keys, full->SubKeys);
    put_dword(c->longest_key, full->MaxNameLen / sizeof(WCHAR));
    put_dword(c->longest_class, full->MaxClassLen / sizeof(WCHAR));
    put_dword(c->values, full->Values);
    put_dword(c->longest_name, full->MaxValueNameLen / sizeof(WCHAR));
    put_dword(c->longest_data, full->MaxValueDataLen);
    if (c->security)
        *c->security = security_size(key);
    if (c->time)
        memcpy(c->time, &full->LastWriteTime, sizeof *c->time);
}

LSTATUS WINAPI RegQueryInfoKeyW(HKEY key, LPWSTR class, LPDWORD class_size, LPDWORD reserved, LPDWORD keys,
                                LPDWORD longest_key, LPDWORD longest_class, LPDWORD values, LPDWORD longest_name,
                                LPDWORD longest_data, LPDWORD security, PFILETIME time)
{
    KEY_FULL_INFORMATION *full;
    const struct counts counts = {keys, longest_key, longest_class, values, longest_name, longest_data, security, time};
    if ((class && !class_size) || reserved)
        return ERROR_INVALID_PARAMETER;
    LSTATUS error = query_full(key, &full);
    if (error)
        return error;
    put_counts(key, full, &counts);
    if (class || class_size) {
        DWORD length = full->ClassLength / sizeof(WCHAR);
        if (class && put_wide(full->Class, full->ClassLength, class, class_size))
            error = ERROR_INSUFFICIENT_BUFFER; /* the A function says ERROR_MORE_DATA */
        if (class_size)
            *class_size = length;
    }
    reg_free(full);
    return error;
}

LSTATUS WINAPI RegQueryInfoKeyA(HKEY key, LPSTR class, LPDWORD class_size, LPDWORD reserved, LPDWORD keys,
                                LPDWORD longest_key, LPDWORD longest_class, LPDWORD values, LPDWORD longest_name,
                                LPDWORD longest_data, LPDWORD security, PFILETIME time)
{
    KEY_FULL_INFORMATION *full;
    const struct counts counts = {keys, longest_key, longest_class, values, longest_name, longest_data, security, time};
    if ((class && !class_size) || reserved)
        return ERROR_INVALID_PARAMETER;
    LSTATUS error = query_full(key, &full);
    if (error)
        return error;
    put_counts(key, full, &counts);
    if (class)
        error = put_narrow(full->Class, full->ClassLength, class, class_size);
    if (class_size && (error || !class))
        *class_size = full->ClassLength / sizeof(WCHAR);
    reg_free(full);
    return error;
}
