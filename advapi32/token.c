/*
 * token.c: access tokens, privileges, accounts.
 *
 * Layer: advapi32, on top of ntdll's tokens; the names of privileges are here.
 */
#include <string.h>
#include "win.h"
#include "ntdll/error.h"
#include "ntdll/nls.h"
#include "ntdll/token.h"
#include "ntthread.h"
#include "security.h"

static BOOL fail(DWORD error)
{
    SetLastError(error);
    return FALSE;
}

BOOL WINAPI OpenProcessToken(HANDLE process, DWORD access, PHANDLE token)
{
    return status_to_bool(NtOpenProcessToken(process, access, token));
}

BOOL WINAPI OpenThreadToken(HANDLE thread, DWORD access, BOOL as_self, PHANDLE token)
{
    *token = NULL;
    return status_to_bool(NtOpenThreadToken(thread, access, (BOOLEAN)as_self, token));
}

BOOL WINAPI DuplicateTokenEx(HANDLE token, DWORD access, LPSECURITY_ATTRIBUTES security,
                             SECURITY_IMPERSONATION_LEVEL level, TOKEN_TYPE type, PHANDLE made)
{
    SECURITY_QUALITY_OF_SERVICE quality = {sizeof quality, level, SECURITY_STATIC_TRACKING, FALSE};
    OBJECT_ATTRIBUTES attributes;

    InitializeObjectAttributes(&attributes, NULL, security && security->bInheritHandle ? OBJ_INHERIT : 0, NULL, NULL);
    attributes.SecurityQualityOfService = &quality;
    return status_to_bool(NtDuplicateToken(token, access, &attributes, FALSE, type, made));
}

BOOL WINAPI DuplicateToken(HANDLE token, SECURITY_IMPERSONATION_LEVEL level, PHANDLE made)
{
    return DuplicateTokenEx(token, TOKEN_IMPERSONATE | TOKEN_QUERY, NULL, level, TokenImpersonation, made);
}

BOOL WINAPI SetThreadToken(PHANDLE thread, HANDLE token)
{
    return status_to_bool(NtSetInformationThread(thread ? *thread : GetCurrentThread(),
                                                 (THREADINFOCLASS)ThreadImpersonationToken, &token, sizeof token));
}

BOOL WINAPI RevertToSelf(void)
{
    return SetThreadToken(NULL, NULL);
}

BOOL WINAPI ImpersonateSelf(SECURITY_IMPERSONATION_LEVEL level)
{
    return status_to_bool(RtlImpersonateSelf(level));
}

/* A primary token is copied first. */
BOOL WINAPI ImpersonateLoggedOnUser(HANDLE token)
{
    HANDLE copy;
    BOOL good = DuplicateToken(token, SecurityImpersonation, &copy);

    if (good) {
        good = SetThreadToken(NULL, copy);
        CloseHandle(copy);
    }
    return good;
}

BOOL WINAPI GetTokenInformation(HANDLE token, TOKEN_INFORMATION_CLASS class, LPVOID buffer, DWORD size, PDWORD returned)
{
    return status_to_bool(NtQueryInformationToken(token, class, buffer, size, (ULONG *)returned));
}

BOOL WINAPI SetTokenInformation(HANDLE token, TOKEN_INFORMATION_CLASS class, LPVOID buffer, DWORD size)
{
    return status_to_bool(NtSetInformationToken(token, class, buffer, size));
}

/* ---- privileges ---- */

static const struct {
    DWORD value;
    char name[32];
} privileges[] = {
    {2, "SeCreateTokenPrivilege"},
    {3, "SeAssignPrimaryTokenPrivilege"},
    {4, "SeLockMemoryPrivilege"},
    {5, "SeIncreaseQuotaPrivilege"},
    {7, "SeTcbPrivilege"},
    {8, "SeSecurityPrivilege"},
    {9, "SeTakeOwnershipPrivilege"},
    {10, "SeLoadDriverPrivilege"},
    {11, "SeSystemProfilePrivilege"},
    {12, "SeSystemtimePrivilege"},
    {13, "SeProfileSingleProcessPrivilege"},
    {14, "SeIncreaseBasePriorityPrivilege"},
    {15, "SeCreatePagefilePrivilege"},
    {17, "SeBackupPrivilege"},
    {18, "SeRestorePrivilege"},
    {19, "SeShutdownPrivilege"},
    {20, "SeDebugPrivilege"},
    {22, "SeSystemEnvironmentPrivilege"},
    {23, "SeChangeNotifyPrivilege"},
    {24, "SeRemoteShutdownPrivilege"},
    {25, "SeUndockPrivilege"},
    {28, "SeManageVolumePrivilege"},
    {29, "SeImpersonatePrivilege"},
    {30, "SeCreateGlobalPrivilege"},
    {33, "SeIncreaseWorkingSetPrivilege"},
    {34, "SeTimeZonePrivilege"},
    {35, "SeCreateSymbolicLinkPrivilege"},
};
#define PRIVILEGE_COUNT (sizeof privileges / sizeof *privileges)

BOOL WINAPI LookupPrivilegeValueW(LPCWSTR system, LPCWSTR name, PLUID luid)
{
    (void)system;
    for (size_t i = 0; i < PRIVILEGE_COUNT; i++) {
        const char *known = privileges[i].name;
        const WCHAR *at = name;

        while (*known && wide_lower(*at) == wide_lower((WCHAR)*known))
            at++, known++;
        if (*known || *at)
            continue;
        *luid = (LUID){privileges[i].value, 0};
        return TRUE;
    }
    return fail(ERROR_NO_SUCH_PRIVILEGE);
}

BOOL WINAPI LookupPrivilegeValueA(LPCSTR system, LPCSTR name, PLUID luid)
{
    WCHAR *wide = wide_from_ansi(name);
    BOOL good = wide && LookupPrivilegeValueW(NULL, wide, luid);

    (void)system;
    RtlFreeHeap(peb_current()->ProcessHeap, 0, wide);
    return good;
}

BOOL WINAPI LookupPrivilegeNameW(LPCWSTR system, PLUID luid, LPWSTR name, LPDWORD size)
{
    (void)system;
    for (size_t i = 0; i < PRIVILEGE_COUNT; i++) {
        const char *known = privileges[i].name;
        DWORD length = (DWORD)strlen(known);

        if (privileges[i].value != luid->LowPart || luid->HighPart)
            continue;
        if (*size <= length) {
            *size = length + 1;
            return fail(ERROR_INSUFFICIENT_BUFFER);
        }
        for (DWORD at = 0; at <= length; at++)
            name[at] = (WCHAR)known[at];
        *size = length;
        return TRUE;
    }
    return fail(ERROR_NO_SUCH_PRIVILEGE);
}

BOOL WINAPI LookupPrivilegeNameA(LPCSTR system, PLUID luid, LPSTR name, LPDWORD size)
{
    WCHAR wide[sizeof privileges->name];
    DWORD length = sizeof privileges->name;

    (void)system;
    if (!LookupPrivilegeNameW(NULL, luid, wide, &length))
        return FALSE;
    if (*size <= length) {
        *size = length + 1;
        return fail(ERROR_INSUFFICIENT_BUFFER);
    }
    for (DWORD at = 0; at <= length; at++)
        name[at] = (char)wide[at];
    *size = length;
    return TRUE;
}

/* Succeeds even if a privilege is not held; the last error tells. */
BOOL WINAPI AdjustTokenPrivileges(HANDLE token, BOOL disable_all, PTOKEN_PRIVILEGES wanted, DWORD size,
                                  PTOKEN_PRIVILEGES previous, PDWORD returned)
{
    NTSTATUS status = NtAdjustPrivilegesToken(token, (BOOLEAN)disable_all, wanted, size, previous, (ULONG *)returned);

    SetLastError(RtlNtStatusToDosError(status));
    return NT_SUCCESS(status);
}

BOOL WINAPI PrivilegeCheck(HANDLE token, PPRIVILEGE_SET set, LPBOOL result)
{
    BOOLEAN held = FALSE;
    BOOL good = status_to_bool(NtPrivilegeCheck(token, set, &held));

    *result = held;
    return good;
}

BOOL WINAPI CheckTokenMembership(HANDLE token, PSID sid, PBOOL member)
{
    BOOLEAN is_member = FALSE;
    BOOL good = status_to_bool(RtlCheckTokenMembershipEx(token, sid, 0, &is_member));

    *member = is_member;
    return good;
}

BOOL WINAPI IsTokenRestricted(HANDLE token)
{
    DWORD restricted = 0, size;

    return GetTokenInformation(token, TokenHasRestrictions, &restricted, sizeof restricted, &size) && restricted;
}

BOOL WINAPI GetUserNameA(LPSTR name, LPDWORD size)
{
    char user[128];
    DWORD needed;

    if (!user_name(user, sizeof user))
        return fail(ERROR_INVALID_PARAMETER);
    needed = (DWORD)strlen(user) + 1;
    if (*size < needed) {
        *size = needed;
        return fail(ERROR_INSUFFICIENT_BUFFER);
    }
    memcpy(name, user, needed);
    *size = needed;
    return TRUE;
}

BOOL WINAPI GetUserNameW(LPWSTR name, LPDWORD size)
{
    char user[128];
    size_t written = 0;

    if (!user_name(user, sizeof user))
        return fail(ERROR_INVALID_PARAMETER);
    codepage_decode(CP_UTF8, false, user, strlen(user) + 1, NULL, 0, &written);
    if (*size < written) {
        *size = (DWORD)written;
        return fail(ERROR_INSUFFICIENT_BUFFER);
    }
    codepage_decode(CP_UTF8, false, user, strlen(user) + 1, name, *size, &written);
    *size = (DWORD)written;
    return TRUE;
}

BOOL WINAPI AllocateLocallyUniqueId(PLUID id)
{
    return status_to_bool(NtAllocateLocallyUniqueId(id));
}
