/*
 * registry.c: the registry, which is empty.
 *
 * Layer: advapi32.  Opening any key says that it is not there, creating one that it may not be: a program that
 * keeps its settings in the registry starts with its defaults.  The real one is a later part.
 */
#include <string.h>
#include "win.h"

static bool is_root(HKEY key)
{
    ULONG_PTR value = (ULONG_PTR)key & 0xffffffff;

    return value >= 0x80000000 && value <= 0x80000060;
}

static LSTATUS key_check(HKEY key)
{
    return is_root(key) ? ERROR_SUCCESS : ERROR_INVALID_HANDLE;
}

static LSTATUS open_key(HKEY key, bool named, PHKEY result)
{
    if (!result)
        return ERROR_INVALID_PARAMETER;
    *result = NULL;
    if (key_check(key))
        return ERROR_INVALID_HANDLE;
    if (named)
        return ERROR_FILE_NOT_FOUND;
    *result = key; /* an empty name is the key itself */
    return ERROR_SUCCESS;
}

LSTATUS WINAPI RegOpenKeyExW(HKEY key, LPCWSTR name, DWORD options, REGSAM access, PHKEY result)
{
    (void)options, (void)access;
    return open_key(key, name && *name, result);
}

LSTATUS WINAPI RegOpenKeyExA(HKEY key, LPCSTR name, DWORD options, REGSAM access, PHKEY result)
{
    (void)options, (void)access;
    return open_key(key, name && *name, result);
}

LSTATUS WINAPI RegOpenKeyW(HKEY key, LPCWSTR name, PHKEY result)
{
    return open_key(key, name && *name, result);
}

LSTATUS WINAPI RegOpenKeyA(HKEY key, LPCSTR name, PHKEY result)
{
    return open_key(key, name && *name, result);
}

LSTATUS WINAPI RegOpenCurrentUser(REGSAM access, PHKEY result)
{
    (void)access;
    return open_key(HKEY_CURRENT_USER, false, result);
}

static LSTATUS create_key(HKEY key, bool named, PHKEY result, LPDWORD disposition)
{
    LSTATUS error = open_key(key, named, result);

    if (!error && disposition)
        *disposition = REG_OPENED_EXISTING_KEY;
    return error == ERROR_FILE_NOT_FOUND ? ERROR_ACCESS_DENIED : error;
}

LSTATUS WINAPI RegCreateKeyExW(HKEY key, LPCWSTR name, DWORD reserved, LPWSTR class, DWORD options, REGSAM access,
                               LPSECURITY_ATTRIBUTES security, PHKEY result, LPDWORD disposition)
{
    (void)reserved, (void)class, (void)options, (void)access, (void)security;
    return create_key(key, name && *name, result, disposition);
}

LSTATUS WINAPI RegCreateKeyExA(HKEY key, LPCSTR name, DWORD reserved, LPSTR class, DWORD options, REGSAM access,
                               LPSECURITY_ATTRIBUTES security, PHKEY result, LPDWORD disposition)
{
    (void)reserved, (void)class, (void)options, (void)access, (void)security;
    return create_key(key, name && *name, result, disposition);
}

LSTATUS WINAPI RegCreateKeyW(HKEY key, LPCWSTR name, PHKEY result)
{
    return create_key(key, name && *name, result, NULL);
}

LSTATUS WINAPI RegCreateKeyA(HKEY key, LPCSTR name, PHKEY result)
{
    return create_key(key, name && *name, result, NULL);
}

LSTATUS WINAPI RegCloseKey(HKEY key)
{
    return key_check(key);
}

LSTATUS WINAPI RegFlushKey(HKEY key)
{
    return key_check(key);
}

/* What every look-up in a key without values or subkeys says. */
static LSTATUS nothing_there(HKEY key)
{
    return key_check(key) ? ERROR_INVALID_HANDLE : ERROR_FILE_NOT_FOUND;
}

LSTATUS WINAPI RegQueryValueExW(HKEY key, LPCWSTR name, LPDWORD reserved, LPDWORD type, LPBYTE data, LPDWORD size)
{
    (void)name, (void)reserved, (void)type, (void)data, (void)size;
    return nothing_there(key);
}

LSTATUS WINAPI RegQueryValueExA(HKEY key, LPCSTR name, LPDWORD reserved, LPDWORD type, LPBYTE data, LPDWORD size)
{
    (void)name, (void)reserved, (void)type, (void)data, (void)size;
    return nothing_there(key);
}

LSTATUS WINAPI RegQueryValueW(HKEY key, LPCWSTR name, LPWSTR data, PLONG size)
{
    (void)name, (void)data, (void)size;
    return nothing_there(key);
}

LSTATUS WINAPI RegGetValueW(HKEY key, LPCWSTR subkey, LPCWSTR name, DWORD flags, LPDWORD type, PVOID data, LPDWORD size)
{
    (void)subkey, (void)name, (void)flags, (void)type, (void)data, (void)size;
    return nothing_there(key);
}

LSTATUS WINAPI RegGetValueA(HKEY key, LPCSTR subkey, LPCSTR name, DWORD flags, LPDWORD type, PVOID data, LPDWORD size)
{
    (void)subkey, (void)name, (void)flags, (void)type, (void)data, (void)size;
    return nothing_there(key);
}

static LSTATUS no_more(HKEY key)
{
    return key_check(key) ? ERROR_INVALID_HANDLE : ERROR_NO_MORE_ITEMS;
}

LSTATUS WINAPI RegEnumKeyExW(HKEY key, DWORD index, LPWSTR name, LPDWORD size, LPDWORD reserved, LPWSTR class,
                             LPDWORD class_size, PFILETIME time)
{
    (void)index, (void)name, (void)size, (void)reserved, (void)class, (void)class_size, (void)time;
    return no_more(key);
}

LSTATUS WINAPI RegEnumKeyExA(HKEY key, DWORD index, LPSTR name, LPDWORD size, LPDWORD reserved, LPSTR class,
                             LPDWORD class_size, PFILETIME time)
{
    (void)index, (void)name, (void)size, (void)reserved, (void)class, (void)class_size, (void)time;
    return no_more(key);
}

LSTATUS WINAPI RegEnumKeyW(HKEY key, DWORD index, LPWSTR name, DWORD size)
{
    (void)index, (void)name, (void)size;
    return no_more(key);
}

LSTATUS WINAPI RegEnumValueW(HKEY key, DWORD index, LPWSTR name, LPDWORD size, LPDWORD reserved, LPDWORD type,
                             LPBYTE data, LPDWORD data_size)
{
    (void)index, (void)name, (void)size, (void)reserved, (void)type, (void)data, (void)data_size;
    return no_more(key);
}

LSTATUS WINAPI RegEnumValueA(HKEY key, DWORD index, LPSTR name, LPDWORD size, LPDWORD reserved, LPDWORD type,
                             LPBYTE data, LPDWORD data_size)
{
    (void)index, (void)name, (void)size, (void)reserved, (void)type, (void)data, (void)data_size;
    return no_more(key);
}

static LSTATUS query_info(HKEY key, LPDWORD counts[6], PFILETIME time)
{
    if (key_check(key))
        return ERROR_INVALID_HANDLE;
    for (int i = 0; i < 6; i++)
        if (counts[i])
            *counts[i] = 0;
    if (time)
        memset(time, 0, sizeof *time);
    return ERROR_SUCCESS;
}

LSTATUS WINAPI RegQueryInfoKeyW(HKEY key, LPWSTR class, LPDWORD class_size, LPDWORD reserved, LPDWORD keys,
                                LPDWORD longest_key, LPDWORD longest_class, LPDWORD values, LPDWORD longest_name,
                                LPDWORD longest_value, LPDWORD security, PFILETIME time)
{
    (void)class, (void)class_size, (void)reserved, (void)security;
    return query_info(key, (LPDWORD[]){keys, longest_key, longest_class, values, longest_name, longest_value}, time);
}

LSTATUS WINAPI RegQueryInfoKeyA(HKEY key, LPSTR class, LPDWORD class_size, LPDWORD reserved, LPDWORD keys,
                                LPDWORD longest_key, LPDWORD longest_class, LPDWORD values, LPDWORD longest_name,
                                LPDWORD longest_value, LPDWORD security, PFILETIME time)
{
    (void)class, (void)class_size, (void)reserved, (void)security;
    return query_info(key, (LPDWORD[]){keys, longest_key, longest_class, values, longest_name, longest_value}, time);
}

static LSTATUS denied(HKEY key)
{
    return key_check(key) ? ERROR_INVALID_HANDLE : ERROR_ACCESS_DENIED;
}

LSTATUS WINAPI RegSetValueExW(HKEY key, LPCWSTR name, DWORD reserved, DWORD type, const BYTE *data, DWORD size)
{
    (void)name, (void)reserved, (void)type, (void)data, (void)size;
    return denied(key);
}

LSTATUS WINAPI RegSetValueExA(HKEY key, LPCSTR name, DWORD reserved, DWORD type, const BYTE *data, DWORD size)
{
    (void)name, (void)reserved, (void)type, (void)data, (void)size;
    return denied(key);
}

LSTATUS WINAPI RegSetKeyValueW(HKEY key, LPCWSTR subkey, LPCWSTR name, DWORD type, LPCVOID data, DWORD size)
{
    (void)subkey, (void)name, (void)type, (void)data, (void)size;
    return denied(key);
}

LSTATUS WINAPI RegDeleteValueW(HKEY key, LPCWSTR name)
{
    (void)name;
    return nothing_there(key);
}

LSTATUS WINAPI RegDeleteValueA(HKEY key, LPCSTR name)
{
    (void)name;
    return nothing_there(key);
}

LSTATUS WINAPI RegDeleteKeyW(HKEY key, LPCWSTR name)
{
    (void)name;
    return nothing_there(key);
}

LSTATUS WINAPI RegDeleteKeyA(HKEY key, LPCSTR name)
{
    (void)name;
    return nothing_there(key);
}

LSTATUS WINAPI RegDeleteKeyExW(HKEY key, LPCWSTR name, REGSAM view, DWORD reserved)
{
    (void)name, (void)view, (void)reserved;
    return nothing_there(key);
}

LSTATUS WINAPI RegDeleteTreeW(HKEY key, LPCWSTR name)
{
    (void)name;
    return nothing_there(key);
}

LSTATUS WINAPI RegConnectRegistryW(LPCWSTR machine, HKEY key, PHKEY result)
{
    return machine && *machine ? ERROR_BAD_NETPATH : open_key(key, false, result);
}
