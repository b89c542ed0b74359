/*
 * efs.c: encrypted files: file systems here have none.
 *
 * Layer: advapi32, over kernel32.
 */
#include "win.h"
#include "ntdll/nls.h"
#include "ntdll/error.h"

#define NO_SUPPORT 6 /* FILE_SYSTEM_NOT_SUPPORT */

static BOOL there(LPCWSTR name)
{
    return GetFileAttributesW(name) != INVALID_FILE_ATTRIBUTES;
}

BOOL WINAPI EncryptFileW(LPCWSTR name)
{
    if (there(name))
        SetLastError(ERROR_NOT_SUPPORTED);
    return FALSE;
}

/* A file that is not encrypted is fine. */
BOOL WINAPI DecryptFileW(LPCWSTR name, DWORD reserved)
{
    (void)reserved;
    return there(name);
}

BOOL WINAPI FileEncryptionStatusW(LPCWSTR name, LPDWORD status)
{
    if (!there(name))
        return FALSE;
    *status = NO_SUPPORT;
    return TRUE;
}

BOOL WINAPI EncryptFileA(LPCSTR name)
{
    WCHAR *wide = wide_from_ansi(name);
    BOOL good = EncryptFileW(wide);

    RtlFreeHeap(peb_current()->ProcessHeap, 0, wide);
    return good;
}

BOOL WINAPI DecryptFileA(LPCSTR name, DWORD reserved)
{
    WCHAR *wide = wide_from_ansi(name);
    BOOL good = DecryptFileW(wide, reserved);

    RtlFreeHeap(peb_current()->ProcessHeap, 0, wide);
    return good;
}

BOOL WINAPI FileEncryptionStatusA(LPCSTR name, LPDWORD status)
{
    WCHAR *wide = wide_from_ansi(name);
    BOOL good = FileEncryptionStatusW(wide, status);

    RtlFreeHeap(peb_current()->ProcessHeap, 0, wide);
    return good;
}
