/*
 * shlwapi_registry.c: shlwapi's shorthands over advapi32's registry functions.
 *
 * Layer: shell32.
 */
#include <string.h>
#include "win.h"
#include "ntdll/nls.h"

/* A value of the key or of a subkey; texts of REG_EXPAND_SZ come expanded, as REG_SZ. */
DWORD WINAPI SHGetValueW(HKEY key, LPCWSTR subkey, LPCWSTR name, DWORD *type, void *data, DWORD *size)
{
    return (DWORD)RegGetValueW(key, subkey, name, RRF_RT_ANY, type, data, size);
}

DWORD WINAPI SHGetValueA(HKEY key, LPCSTR subkey, LPCSTR name, DWORD *type, void *data, DWORD *size)
{
    return (DWORD)RegGetValueA(key, subkey, name, RRF_RT_ANY, type, data, size);
}

LSTATUS WINAPI SHRegGetValueW(HKEY key, LPCWSTR subkey, LPCWSTR name, INT flags, DWORD *type, void *data, DWORD *size)
{
    return RegGetValueW(key, subkey, name, (DWORD)flags, type, data, size);
}

LSTATUS WINAPI SHRegGetValueA(HKEY key, LPCSTR subkey, LPCSTR name, INT flags, DWORD *type, void *data, DWORD *size)
{
    return RegGetValueA(key, subkey, name, (DWORD)flags, type, data, size);
}

DWORD WINAPI SHQueryValueExW(HKEY key, LPCWSTR name, DWORD *reserved, DWORD *type, void *data, DWORD *size)
{
    (void)reserved;
    return SHGetValueW(key, NULL, name, type, data, size);
}

DWORD WINAPI SHQueryValueExA(HKEY key, LPCSTR name, DWORD *reserved, DWORD *type, void *data, DWORD *size)
{
    (void)reserved;
    return SHGetValueA(key, NULL, name, type, data, size);
}

DWORD WINAPI SHSetValueW(HKEY key, LPCWSTR subkey, LPCWSTR name, DWORD type, LPCVOID data, DWORD size)
{
    return (DWORD)RegSetKeyValueW(key, subkey, name, type, data, size);
}

DWORD WINAPI SHSetValueA(HKEY key, LPCSTR subkey, LPCSTR name, DWORD type, LPCVOID data, DWORD size)
{
    return (DWORD)RegSetKeyValueA(key, subkey, name, type, data, size);
}

DWORD WINAPI SHDeleteValueW(HKEY key, LPCWSTR subkey, LPCWSTR name)
{
    return (DWORD)RegDeleteKeyValueW(key, subkey, name);
}

DWORD WINAPI SHDeleteValueA(HKEY key, LPCSTR subkey, LPCSTR name)
{
    return (DWORD)RegDeleteKeyValueA(key, subkey, name);
}

DWORD WINAPI SHDeleteKeyW(HKEY key, LPCWSTR subkey)
{
    return subkey && *subkey ? (DWORD)RegDeleteTreeW(key, subkey) : ERROR_INVALID_PARAMETER;
}

DWORD WINAPI SHDeleteKeyA(HKEY key, LPCSTR subkey)
{
    return subkey && *subkey ? (DWORD)RegDeleteTreeA(key, subkey) : ERROR_INVALID_PARAMETER;
}

/* A key without subkeys; its values do not count. */
DWORD WINAPI SHDeleteEmptyKeyW(HKEY key, LPCWSTR subkey)
{
    HKEY opened;
    DWORD keys = 0;
    LSTATUS error = RegOpenKeyExW(key, subkey, 0, KEY_READ, &opened);
    if (error)
        return (DWORD)error;
    error = RegQueryInfoKeyW(opened, NULL, NULL, NULL, &keys, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
    RegCloseKey(opened);
    if (!error)
        error = keys ? ERROR_KEY_HAS_CHILDREN : RegDeleteKeyW(key, subkey);
    return (DWORD)error;
}

DWORD WINAPI SHDeleteEmptyKeyA(HKEY key, LPCSTR subkey)
{
    WCHAR *wide = wide_from_ansi(subkey);
    DWORD error = subkey && !wide ? ERROR_OUTOFMEMORY : SHDeleteEmptyKeyW(key, wide);
    RtlFreeHeap(peb_current()->ProcessHeap, 0, wide);
    return error;
}

DWORD WINAPI SHCopyKeyW(HKEY key, LPCWSTR subkey, HKEY to, DWORD reserved)
{
    (void)reserved;
    return (DWORD)RegCopyTreeW(key, subkey, to);
}

DWORD WINAPI SHCopyKeyA(HKEY key, LPCSTR subkey, HKEY to, DWORD reserved)
{
    (void)reserved;
    return (DWORD)RegCopyTreeA(key, subkey, to);
}

DWORD WINAPI SHEnumKeyExW(HKEY key, DWORD index, LPWSTR name, LPDWORD size)
{
    return (DWORD)RegEnumKeyExW(key, index, name, size, NULL, NULL, NULL, NULL);
}

DWORD WINAPI SHEnumKeyExA(HKEY key, DWORD index, LPSTR name, LPDWORD size)
{
    return (DWORD)RegEnumKeyExA(key, index, name, size, NULL, NULL, NULL, NULL);
}

DWORD WINAPI SHEnumValueW(HKEY key, DWORD index, LPWSTR name, LPDWORD size, LPDWORD type, LPVOID data, LPDWORD length)
{
    return (DWORD)RegEnumValueW(key, index, name, size, NULL, type, data, length);
}

DWORD WINAPI SHEnumValueA(HKEY key, DWORD index, LPSTR name, LPDWORD size, LPDWORD type, LPVOID data, LPDWORD length)
{
    return (DWORD)RegEnumValueA(key, index, name, size, NULL, type, data, length);
}

DWORD WINAPI SHQueryInfoKeyW(HKEY key, LPDWORD keys, LPDWORD longest_key, LPDWORD values, LPDWORD longest_name)
{
    return (DWORD)RegQueryInfoKeyW(key, NULL, NULL, NULL, keys, longest_key, NULL, values, longest_name, NULL, NULL,
                                   NULL);
}

DWORD WINAPI SHQueryInfoKeyA(HKEY key, LPDWORD keys, LPDWORD longest_key, LPDWORD values, LPDWORD longest_name)
{
    return (DWORD)RegQueryInfoKeyA(key, NULL, NULL, NULL, keys, longest_key, NULL, values, longest_name, NULL, NULL,
                                   NULL);
}

HKEY WINAPI SHRegDuplicateHKey(HKEY key)
{
    HKEY made = NULL;
    RegOpenKeyExW(key, NULL, 0, MAXIMUM_ALLOWED, &made);
    return made;
}

/* A number, or a text that begins with one; the default if there is none. */
int WINAPI SHRegGetIntW(HKEY key, LPCWSTR name, int otherwise)
{
    WCHAR text[32] = {0};
    DWORD type, size = sizeof text - sizeof *text;
    int value = 0, sign = 1;
    if (RegQueryValueExW(key, name, NULL, &type, (BYTE *)text, &size))
        return otherwise;
    if (type == REG_DWORD)
        return *(int *)(void *)text;
    const WCHAR *p = text;
    if (*p == '-')
        sign = -1, p++;
    for (; *p >= '0' && *p <= '9'; p++)
        value = value * 10 + (*p - '0');
    return sign * value;
}
