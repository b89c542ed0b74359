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
    return copy_directory(L"C:\\Users", buffer, size);
}

BOOL WINAPI GetAllUsersProfileDirectoryW(LPWSTR buffer, LPDWORD size)
{
    return copy_directory(L"C:\\ProgramData", buffer, size);
}

BOOL WINAPI GetDefaultUserProfileDirectoryW(LPWSTR buffer, LPDWORD size)
{
    return copy_directory(L"C:\\Users\\Default", buffer, size);
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

/* ---- the A functions: profiles lie where the W functions say ---- */

static BOOL directory_ansi(const WCHAR *wide, LPSTR buffer, LPDWORD size)
{
    DWORD needed = (DWORD)WideCharToMultiByte(CP_ACP, 0, wide, -1, NULL, 0, NULL, NULL);

    if (!size)
        return fail(ERROR_INVALID_PARAMETER);
    if (!buffer || *size < needed) {
        *size = needed;
        return fail(ERROR_INSUFFICIENT_BUFFER);
    }
    WideCharToMultiByte(CP_ACP, 0, wide, -1, buffer, (int)needed, NULL, NULL);
    *size = needed;
    return TRUE;
}

BOOL WINAPI GetUserProfileDirectoryA(HANDLE token, LPSTR buffer, LPDWORD size)
{
    WCHAR wide[512];
    DWORD room = 512;

    return GetUserProfileDirectoryW(token, wide, &room) && directory_ansi(wide, buffer, size);
}

BOOL WINAPI GetProfilesDirectoryA(LPSTR buffer, LPDWORD size)
{
    WCHAR wide[512];
    DWORD room = 512;

    return GetProfilesDirectoryW(wide, &room) && directory_ansi(wide, buffer, size);
}

BOOL WINAPI GetAllUsersProfileDirectoryA(LPSTR buffer, LPDWORD size)
{
    WCHAR wide[512];
    DWORD room = 512;

    return GetAllUsersProfileDirectoryW(wide, &room) && directory_ansi(wide, buffer, size);
}

BOOL WINAPI GetDefaultUserProfileDirectoryA(LPSTR buffer, LPDWORD size)
{
    WCHAR wide[512];
    DWORD room = 512;

    return GetDefaultUserProfileDirectoryW(wide, &room) && directory_ansi(wide, buffer, size);
}

BOOL WINAPI ExpandEnvironmentStringsForUserA(HANDLE token, LPCSTR from, LPSTR to, DWORD size)
{
    DWORD needed = ExpandEnvironmentStringsA(from, to, size);

    (void)token;
    return needed && needed <= size ? TRUE : fail(ERROR_INSUFFICIENT_BUFFER);
}
