/*
 * registry_get.c: RegGetValue, which restricts types, expands and terminates texts; and RegLoadMUIString.
 *
 * Layer: advapi32.
 */
#include <string.h>
#include "ntdll/nls.h"
#include "registry.h"

/* The bit of dwFlags that a type needs. */
static DWORD type_flag(DWORD type)
{
    switch (type) {
    case REG_NONE:
        return RRF_RT_REG_NONE;
    case REG_SZ:
        return RRF_RT_REG_SZ;
    case REG_EXPAND_SZ:
        return RRF_RT_REG_EXPAND_SZ;
    case REG_BINARY:
        return RRF_RT_REG_BINARY;
    case REG_DWORD:
        return RRF_RT_REG_DWORD;
    case REG_MULTI_SZ:
        return RRF_RT_REG_MULTI_SZ;
    case REG_QWORD:
        return RRF_RT_REG_QWORD;
    default:
        return 0;
    }
}

/* RRF_RT_DWORD and RRF_RT_QWORD take binary data of that size. */
static LSTATUS check_type(DWORD flags, const struct reg_value *value)
{
    DWORD allowed = flags & RRF_RT_ANY;
    if (allowed != RRF_RT_ANY && !(allowed & type_flag(value->type)))
        return ERROR_UNSUPPORTED_TYPE;
    if (value->type == REG_BINARY && (allowed == RRF_RT_DWORD || allowed == RRF_RT_QWORD)) {
        DWORD wanted = allowed == RRF_RT_DWORD ? 4 : 8;
        if (value->size != wanted)
            return ERROR_DATATYPE_MISMATCH;
    }
    return ERROR_SUCCESS;
}

/* Makes a text end in as many zeros as its kind needs; reg_read has left two behind it. */
static void terminate(struct reg_value *value)
{
    const WCHAR *text = value->data;
    if (!reg_is_text(value->type))
        return;
    ULONG units = value->size / sizeof *text, zeros = value->type == REG_MULTI_SZ ? 2 : 1, have = 0;
    if (value->size % sizeof *text) {
        units++; /* half a character: the other half is zero */
    }
    while (have < zeros && have < units && !text[units - 1 - have])
        have++;
    if (value->type == REG_MULTI_SZ && units == 1 && have)
        have = 2; /* an empty list may be one zero */
    value->size = (units + zeros - have) * sizeof *text;
}

static LSTATUS expand(struct reg_value *value)
{
    DWORD room = ExpandEnvironmentStringsW(value->data, NULL, 0);
    WCHAR *text = reg_alloc((room + 2) * sizeof *text);
    if (!text)
        return ERROR_OUTOFMEMORY;
    room = ExpandEnvironmentStringsW(value->data, text, room);
    reg_free(value->memory);
    *value = (struct reg_value){REG_SZ, room * sizeof *text, text, text};
    return ERROR_SUCCESS;
}

static LSTATUS check_flags(DWORD flags)
{
    DWORD views = flags & RRF_WOW64_MASK;
    if (!(flags & RRF_RT_ANY) || views == RRF_WOW64_MASK)
        return ERROR_INVALID_PARAMETER;
    if (flags & RRF_RT_REG_EXPAND_SZ && !(flags & RRF_NOEXPAND) && (flags & RRF_RT_ANY) != RRF_RT_ANY)
        return ERROR_INVALID_PARAMETER;
    return ERROR_SUCCESS;
}

/* Opens the subkey, reads, checks and expands: what is left is to be handed out. */
static LSTATUS get(HKEY key, LPCWSTR subkey, LPCWSTR name, DWORD flags, struct reg_value *value)
{
    HKEY opened = key;
    REGSAM view = flags & RRF_SUBKEY_WOW6464KEY ? KEY_WOW64_64KEY : flags & RRF_SUBKEY_WOW6432KEY ? KEY_WOW64_32KEY : 0;
    LSTATUS error = ERROR_SUCCESS;
    value->memory = NULL;
    value->type = REG_NONE;
    if (subkey && *subkey)
        error = RegOpenKeyExW(key, subkey, 0, KEY_QUERY_VALUE | view, &opened);
    if (!error)
        error = reg_read(opened, name, value);
    if (!error && value->type == REG_EXPAND_SZ && !(flags & RRF_NOEXPAND)) {
        if (!(flags & (RRF_RT_REG_SZ | RRF_RT_REG_EXPAND_SZ)))
            error = ERROR_UNSUPPORTED_TYPE;
        else
            error = expand(value);
    } else if (!error) {
        error = check_type(flags, value);
        terminate(value);
    }
    if (opened != key && opened)
        RegCloseKey(opened);
    return error;
}

static LSTATUS hand_out(const void *from, ULONG length, DWORD flags, void *data, DWORD *size, LSTATUS error)
{
    DWORD room = size ? *size : 0;
    if (!error && data && room < length)
        error = ERROR_MORE_DATA;
    else if (!error && data)
        memcpy(data, from, length);
    if (size && (!error || error == ERROR_MORE_DATA))
        *size = length;
    if (error && data && flags & RRF_ZEROONFAILURE)
        memset(data, 0, room);
    return error;
}

LSTATUS WINAPI RegGetValueW(HKEY key, LPCWSTR subkey, LPCWSTR name, DWORD flags, LPDWORD type, PVOID data, LPDWORD size)
{
    struct reg_value value = {0};
    if (data && !size)
        return ERROR_INVALID_PARAMETER;
    LSTATUS error = check_flags(flags);
    if (!error)
        error = get(key, subkey, name, flags, &value);
    if (type && value.memory)
        *type = value.type;
    error = hand_out(value.data, value.size, flags, data, size, error);
    reg_free(value.memory);
    return error;
}

LSTATUS WINAPI RegGetValueA(HKEY key, LPCSTR subkey, LPCSTR name, DWORD flags, LPDWORD type, PVOID data, LPDWORD size)
{
    struct reg_value value = {0};
    if (data && !size)
        return ERROR_INVALID_PARAMETER;
    WCHAR *wide_key = wide_from_ansi(subkey), *wide = wide_from_ansi(name);
    LSTATUS error = (subkey && !wide_key) || (name && !wide) ? ERROR_OUTOFMEMORY : check_flags(flags);
    if (!error)
        error = get(key, wide_key, wide, flags, &value);
    if (type && value.memory)
        *type = value.type;
    if (value.memory && reg_is_text(value.type)) {
        ULONG length;
        char *bytes = reg_narrow(value.data, value.size, &length);
        error = bytes ? hand_out(bytes, length, flags, data, size, error) : ERROR_OUTOFMEMORY;
        reg_free(bytes);
    } else {
        error = hand_out(value.data, value.size, flags, data, size, error);
    }
    reg_free(value.memory);
    reg_free(wide_key);
    reg_free(wide);
    return error;
}

/* A string of a module's resources: sixteen in a block, each with its length in front. */
static LSTATUS resource_string(HMODULE module, UINT id, const WCHAR **text, DWORD *length)
{
    HRSRC found = FindResourceW(module, MAKEINTRESOURCEW(id / 16 + 1), MAKEINTRESOURCEW(6) /* RT_STRING */);
    HGLOBAL loaded = found ? LoadResource(module, found) : NULL;
    const WCHAR *at = loaded ? LockResource(loaded) : NULL;
    if (!at)
        return ERROR_RESOURCE_NAME_NOT_FOUND;
    for (UINT i = 0; i < id % 16; i++)
        at += *at + 1;
    *length = *at;
    *text = at + 1;
    return *length ? ERROR_SUCCESS : ERROR_RESOURCE_NAME_NOT_FOUND;
}

/* "@file,-id": a string of that file's resources. */
static LSTATUS indirect(WCHAR *reference, const WCHAR *directory, HMODULE *module, const WCHAR **text, DWORD *length)
{
    WCHAR path[MAX_PATH * 2], *comma = NULL;
    UINT id = 0;
    size_t used = directory ? wide_length(directory) : 0;
    for (WCHAR *p = reference; *p; p++)
        if (*p == ',')
            comma = p;
    if (!comma || comma[1] != '-' || used + (size_t)(comma - reference) + 2 > ARRAYSIZE(path))
        return ERROR_INVALID_DATA;
    for (const WCHAR *p = comma + 2; *p >= '0' && *p <= '9'; p++)
        id = id * 10 + (*p - '0');
    memcpy(path, directory, used * sizeof *path);
    if (used && path[used - 1] != '\\')
        path[used++] = '\\';
    memcpy(path + used, reference + 1, (size_t)(comma - reference - 1) * sizeof *path);
    path[used + (size_t)(comma - reference) - 1] = 0;
    *module = LoadLibraryExW(path, NULL, LOAD_LIBRARY_AS_DATAFILE | LOAD_LIBRARY_AS_IMAGE_RESOURCE);
    return *module ? resource_string(*module, id, text, length) : (LSTATUS)GetLastError();
}

LSTATUS WINAPI RegLoadMUIStringW(HKEY key, LPCWSTR name, LPWSTR out, DWORD size, LPDWORD needed, DWORD flags,
                                 LPCWSTR directory)
{
    struct reg_value value;
    HMODULE module = NULL;
    const WCHAR *text;
    DWORD length, room = size / sizeof *out;
    if (!key || (!out && size) || size % sizeof *out || (flags & REG_MUI_STRING_TRUNCATE && needed))
        return ERROR_INVALID_PARAMETER;
    LSTATUS error = get(key, NULL, name, RRF_RT_REG_SZ, &value);
    if (!error && !value.size)
        error = ERROR_INVALID_DATA;
    if (!error) {
        text = value.data;
        length = (DWORD)wide_length(text);
        if (*text == '@')
            error = indirect(value.data, directory, &module, &text, &length);
    }
    if (!error && needed)
        *needed = (length + 1) * sizeof *out;
    if (!error && room < length + 1 && !(flags & REG_MUI_STRING_TRUNCATE && room))
        error = ERROR_MORE_DATA;
    if (!error) {
        length = length < room ? length : room - 1;
        memcpy(out, text, length * sizeof *out);
        out[length] = 0;
    }
    if (module)
        FreeLibrary(module);
    reg_free(value.memory);
    return error;
}

/* Windows has the A form in its table alone. */
LSTATUS WINAPI RegLoadMUIStringA(HKEY key, LPCSTR name, LPSTR out, DWORD size, LPDWORD needed, DWORD flags,
                                 LPCSTR directory)
{
    (void)key, (void)name, (void)out, (void)size, (void)needed, (void)flags, (void)directory;
    return ERROR_CALL_NOT_IMPLEMENTED;
}
