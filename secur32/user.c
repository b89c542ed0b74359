/*
 * user.c: secext.h: who the user is, as far as a machine without a domain can say.
 */
#include "secur32/package.h"

/* COMPUTER\user; false: no such name without a domain. */
static BOOLEAN user_name(EXTENDED_NAME_FORMAT format, WCHAR *name, ULONG room, ULONG *length)
{
    DWORD computer = room, user;

    if (format != NameSamCompatible) {
        SetLastError(format == NameUnknown || format > NameGivenName ? ERROR_INVALID_PARAMETER : ERROR_NONE_MAPPED);
        return FALSE;
    }
    if (!GetComputerNameW(name, &computer))
        return FALSE;
    name[computer] = '\\';
    user = room - computer - 1;
    if (!GetUserNameW(name + computer + 1, &user))
        return FALSE;
    *length = computer + user; /* GetUserName counts the zero */
    return TRUE;
}

BOOLEAN WINAPI GetUserNameExW(EXTENDED_NAME_FORMAT format, LPWSTR name, PULONG size)
{
    WCHAR text[300];
    ULONG length = 0, room = *size;

    if (!user_name(format, text, 300, &length))
        return FALSE;
    if (room <= length || !name) {
        *size = length + 1;
        SetLastError(ERROR_MORE_DATA);
        return FALSE;
    }
    memcpy(name, text, (length + 1) * sizeof *name);
    *size = length;
    return TRUE;
}

BOOLEAN WINAPI GetUserNameExA(EXTENDED_NAME_FORMAT format, LPSTR name, PULONG size)
{
    WCHAR text[300];
    ULONG length = 0, room = *size;
    char *narrow;

    if (!user_name(format, text, 300, &length))
        return FALSE;
    narrow = ansi_from_wide(text);
    length = narrow ? (ULONG)strlen(narrow) : 0;
    *size = room > length && name ? length : length + 1;
    if (narrow && room > length && name)
        memcpy(name, narrow, length + 1);
    crypt_free(narrow);
    if (room > length && name)
        return TRUE;
    SetLastError(ERROR_MORE_DATA);
    return FALSE;
}

BOOLEAN WINAPI GetComputerObjectNameW(EXTENDED_NAME_FORMAT format, LPWSTR name, PULONG size)
{
    (void)format, (void)name, (void)size;
    SetLastError(ERROR_CANT_ACCESS_DOMAIN_INFO);
    return FALSE;
}

BOOLEAN WINAPI GetComputerObjectNameA(EXTENDED_NAME_FORMAT format, LPSTR name, PULONG size)
{
    (void)format, (void)name, (void)size;
    SetLastError(ERROR_CANT_ACCESS_DOMAIN_INFO);
    return FALSE;
}

/* A directory would have to know. */
BOOLEAN WINAPI TranslateNameW(LPCWSTR account, EXTENDED_NAME_FORMAT from, EXTENDED_NAME_FORMAT to, LPWSTR name,
                              PULONG size)
{
    (void)account, (void)from, (void)to, (void)name, (void)size;
    SetLastError(ERROR_NO_SUCH_DOMAIN);
    return FALSE;
}

BOOLEAN WINAPI TranslateNameA(LPCSTR account, EXTENDED_NAME_FORMAT from, EXTENDED_NAME_FORMAT to, LPSTR name,
                              PULONG size)
{
    (void)account, (void)from, (void)to, (void)name, (void)size;
    SetLastError(ERROR_NO_SUCH_DOMAIN);
    return FALSE;
}
