/*
 * restricted.c: tokens with fewer rights, and programs started with them.
 *
 * Layer: advapi32.  There is one user without special rights (token.c), so a token from which rights were taken is the
 * same again, and whoever starts a program as such a user starts it as itself.
 */
#include "ntthread.h"
#include "ntdll/error.h"
#include "ntdll/nls.h"

BOOL WINAPI CreateRestrictedToken(HANDLE token, DWORD flags, DWORD disabled_count, PSID_AND_ATTRIBUTES disabled,
                                  DWORD deleted_count, PLUID_AND_ATTRIBUTES deleted, DWORD restricted_count,
                                  PSID_AND_ATTRIBUTES restricted, PHANDLE made)
{
    if (flags & ~(DWORD)(DISABLE_MAX_PRIVILEGE | SANDBOX_INERT | LUA_TOKEN | WRITE_RESTRICTED) || !made ||
        (disabled_count && !disabled) || (deleted_count && !deleted) || (restricted_count && !restricted)) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return FALSE;
    }
    return DuplicateTokenEx(token, 0, NULL, SecurityImpersonation, TokenPrimary, made);
}

static BOOL token_is_open(HANDLE token)
{
    DWORD flags;
    return !token || GetHandleInformation(token, &flags);
}

BOOL WINAPI CreateProcessAsUserW(HANDLE token, LPCWSTR application, LPWSTR line, LPSECURITY_ATTRIBUTES process,
                                 LPSECURITY_ATTRIBUTES thread, BOOL inherit, DWORD flags, LPVOID environment,
                                 LPCWSTR directory, LPSTARTUPINFOW info, LPPROCESS_INFORMATION out)
{
    return token_is_open(token) &&
           CreateProcessW(application, line, process, thread, inherit, flags, environment, directory, info, out);
}

BOOL WINAPI CreateProcessAsUserA(HANDLE token, LPCSTR application, LPSTR line, LPSECURITY_ATTRIBUTES process,
                                 LPSECURITY_ATTRIBUTES thread, BOOL inherit, DWORD flags, LPVOID environment,
                                 LPCSTR directory, LPSTARTUPINFOA info, LPPROCESS_INFORMATION out)
{
    return token_is_open(token) &&
           CreateProcessA(application, line, process, thread, inherit, flags, environment, directory, info, out);
}

BOOL WINAPI CreateProcessWithTokenW(HANDLE token, DWORD logon, LPCWSTR application, LPWSTR line, DWORD flags,
                                    LPVOID environment, LPCWSTR directory, LPSTARTUPINFOW info,
                                    LPPROCESS_INFORMATION out)
{
    (void)logon;
    return CreateProcessAsUserW(token, application, line, NULL, NULL, FALSE, flags, environment, directory, info, out);
}
