/*
 * account.c: other users' tokens, shutting the machine down.
 *
 * Layer: advapi32.  Who wants to be somebody else is refused: there is one user.
 */
#include "win.h"
#include "ntdll/nls.h"

static BOOL fail(DWORD error)
{
    SetLastError(error);
    return FALSE;
}

/* ---- other users ---- */

BOOL WINAPI LogonUserW(LPCWSTR user, LPCWSTR domain, LPCWSTR password, DWORD type, DWORD provider, PHANDLE token)
{
    (void)domain, (void)password, (void)type, (void)provider;
    if (!user || !token)
        return fail(ERROR_INVALID_PARAMETER);
    *token = NULL;
    return fail(ERROR_LOGON_FAILURE);
}

BOOL WINAPI LogonUserA(LPCSTR user, LPCSTR domain, LPCSTR password, DWORD type, DWORD provider, PHANDLE token)
{
    (void)domain, (void)password;
    return LogonUserW(user ? L"" : NULL, NULL, NULL, type, provider, token);
}

BOOL WINAPI CreateProcessWithLogonW(LPCWSTR user, LPCWSTR domain, LPCWSTR password, DWORD flags, LPCWSTR program,
                                    LPWSTR line, DWORD creation, LPVOID environment, LPCWSTR directory,
                                    LPSTARTUPINFOW startup, LPPROCESS_INFORMATION info)
{
    (void)domain, (void)password, (void)flags, (void)program, (void)line, (void)creation, (void)environment;
    (void)directory, (void)startup, (void)info;
    return fail(user ? ERROR_LOGON_FAILURE : ERROR_INVALID_PARAMETER);
}

BOOL WINAPI ImpersonateAnonymousToken(HANDLE thread)
{
    (void)thread;
    return fail(ERROR_ACCESS_DENIED);
}

/* ---- the machine ---- */

/* The right is held, as the list of privileges says, but disabled until asked for; nothing here stops the host. */
BOOL WINAPI InitiateSystemShutdownExW(LPWSTR machine, LPWSTR message, DWORD timeout, BOOL force, BOOL reboot,
                                      DWORD reason)
{
    (void)machine, (void)message, (void)timeout, (void)force, (void)reboot, (void)reason;
    return fail(ERROR_ACCESS_DENIED);
}

BOOL WINAPI InitiateSystemShutdownExA(LPSTR machine, LPSTR message, DWORD timeout, BOOL force, BOOL reboot,
                                      DWORD reason)
{
    (void)machine, (void)message;
    return InitiateSystemShutdownExW(NULL, NULL, timeout, force, reboot, reason);
}

BOOL WINAPI InitiateSystemShutdownW(LPWSTR machine, LPWSTR message, DWORD timeout, BOOL force, BOOL reboot)
{
    return InitiateSystemShutdownExW(machine, message, timeout, force, reboot, 0);
}

BOOL WINAPI InitiateSystemShutdownA(LPSTR machine, LPSTR message, DWORD timeout, BOOL force, BOOL reboot)
{
    (void)machine, (void)message;
    return InitiateSystemShutdownExW(NULL, NULL, timeout, force, reboot, 0);
}

DWORD WINAPI InitiateShutdownW(LPWSTR machine, LPWSTR message, DWORD grace, DWORD flags, DWORD reason)
{
    (void)machine, (void)message, (void)grace, (void)flags, (void)reason;
    return ERROR_ACCESS_DENIED;
}

DWORD WINAPI InitiateShutdownA(LPSTR machine, LPSTR message, DWORD grace, DWORD flags, DWORD reason)
{
    (void)machine, (void)message;
    return InitiateShutdownW(NULL, NULL, grace, flags, reason);
}

BOOL WINAPI AbortSystemShutdownW(LPWSTR machine)
{
    (void)machine;
    return fail(ERROR_ACCESS_DENIED);
}

BOOL WINAPI AbortSystemShutdownA(LPSTR machine)
{
    (void)machine;
    return fail(ERROR_ACCESS_DENIED);
}
