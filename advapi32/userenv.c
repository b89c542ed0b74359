/*
 * userenv.c: the user's profile directory and environment blocks (userenv.dll).
 *
 * Layer: advapi32's folder; over ntdll's environment.
 */
#include <string.h>
#include "win.h"
#include "ntdll/error.h"
#include "ntdll/nls.h"

static BOOL fail(DWORD error)
{
    SetLastError(error);
    return FALSE;
}

static BOOL copy_directory(const WCHAR *text, LPWSTR buffer, LPDWORD size)
{
    DWORD needed = (DWORD)wide_length(text) + 1;

    if (!size)
        return fail(ERROR_INVALID_PARAMETER);
    if (!buffer || *size < needed) {
        *size = needed;
        return fail(ERROR_INSUFFICIENT_BUFFER);
    }
    memcpy(buffer, text, needed * sizeof *text);
    *size = needed;
    return TRUE;
}

BOOL WINAPI GetUserProfileDirectoryW(HANDLE token, LPWSTR buffer, LPDWORD size)
{
    WCHAR profile[512];
    DWORD length = GetEnvironmentVariableW(L"USERPROFILE", profile, 512);

    (void)token;
    if (!length || length >= 512)
        return fail(ERROR_PATH_NOT_FOUND);
    return copy_directory(profile, buffer, size);
}

BOOL WINAPI GetProfilesDirectoryW(LPWSTR buffer, LPDWORD size)
{
    return copy_directory(L"C:\\users", buffer, size);
}

BOOL WINAPI GetAllUsersProfileDirectoryW(LPWSTR buffer, LPDWORD size)
{
    return copy_directory(L"C:\\ProgramData", buffer, size);
}

BOOL WINAPI GetDefaultUserProfileDirectoryW(LPWSTR buffer, LPDWORD size)
{
    return copy_directory(L"C:\\users\\Default", buffer, size);
}

BOOL WINAPI CreateEnvironmentBlock(LPVOID *block, HANDLE token, BOOL inherit)
{
    (void)token;
    return status_to_bool(RtlCreateEnvironment(inherit ? TRUE : FALSE, (PWSTR *)block));
}

BOOL WINAPI DestroyEnvironmentBlock(LPVOID block)
{
    return status_to_bool(RtlDestroyEnvironment(block));
}

BOOL WINAPI ExpandEnvironmentStringsForUserW(HANDLE token, LPCWSTR from, LPWSTR to, DWORD size)
{
    DWORD needed = ExpandEnvironmentStringsW(from, to, size);

    (void)token;
    return needed && needed <= size ? TRUE : fail(ERROR_INSUFFICIENT_BUFFER);
}
