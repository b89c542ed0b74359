/*
 * token.c: access tokens, privileges, accounts.
 *
 * Layer: advapi32.  There is one user, an ordinary one even when the host's is root: programs that refuse to run as
 * administrator run.  A token handle refers to an event object, which is all that its life needs.
 */
#include <string.h>
#include "win.h"
#include "ntdll/error.h"
#include "ntdll/nls.h"
#include "security.h"

static BOOL fail(DWORD error)
{
    SetLastError(error);
    return FALSE;
}

NTSTATUS WINAPI NtAllocateLocallyUniqueId(PLUID id);

static BOOL token_create(PHANDLE token)
{
    *token = CreateEventW(NULL, TRUE, FALSE, NULL);
    return *token != NULL;
}

BOOL WINAPI OpenProcessToken(HANDLE process, DWORD access, PHANDLE token)
{
    (void)process, (void)access;
    return token_create(token);
}

/* Threads have no token of their own: nobody impersonates. */
BOOL WINAPI OpenThreadToken(HANDLE thread, DWORD access, BOOL as_self, PHANDLE token)
{
    (void)thread, (void)access, (void)as_self;
    *token = NULL;
    return fail(ERROR_NO_TOKEN);
}

BOOL WINAPI DuplicateTokenEx(HANDLE token, DWORD access, LPSECURITY_ATTRIBUTES attributes,
                             SECURITY_IMPERSONATION_LEVEL level, TOKEN_TYPE type, PHANDLE made)
{
    (void)token, (void)access, (void)attributes, (void)level, (void)type;
    return token_create(made);
}

BOOL WINAPI DuplicateToken(HANDLE token, SECURITY_IMPERSONATION_LEVEL level, PHANDLE made)
{
    (void)token, (void)level;
    return token_create(made);
}

BOOL WINAPI RevertToSelf(void)
{
    return TRUE;
}

BOOL WINAPI SetThreadToken(PHANDLE thread, HANDLE token)
{
    (void)thread;
    return token ? fail(ERROR_PRIVILEGE_NOT_HELD) : TRUE;
}

BOOL WINAPI ImpersonateSelf(SECURITY_IMPERSONATION_LEVEL level)
{
    (void)level;
    return TRUE;
}

/* Answers are built here, SIDs behind the structure, then copied if they fit. */
struct answer {
    ULONG_PTR data[64];
    DWORD size;
};

static PSID answer_sid(struct answer *answer, PSID sid)
{
    char *at = (char *)answer->data + answer->size;

    memcpy(at, sid, GetLengthSid(sid));
    answer->size += (GetLengthSid(sid) + 7) & ~7u;
    return at;
}

static PSID answer_known(struct answer *answer, WELL_KNOWN_SID_TYPE kind)
{
    BYTE sid[SECURITY_MAX_SID_SIZE];
    DWORD size = sizeof sid;

    CreateWellKnownSid(kind, NULL, sid, &size);
    return answer_sid(answer, sid);
}

static void answer_groups(struct answer *answer)
{
    static const BYTE kinds[] = {WinWorldSid, WinBuiltinUsersSid, WinInteractiveSid, WinAuthenticatedUserSid,
                                 WinLocalSid};
    TOKEN_GROUPS *groups = (TOKEN_GROUPS *)answer->data;

    groups->GroupCount = sizeof kinds;
    answer->size = (DWORD)(offsetof(TOKEN_GROUPS, Groups) + sizeof kinds * sizeof(SID_AND_ATTRIBUTES));
    for (DWORD i = 0; i < sizeof kinds; i++) {
        groups->Groups[i].Sid = answer_known(answer, kinds[i]);
        groups->Groups[i].Attributes = SE_GROUP_MANDATORY | SE_GROUP_ENABLED_BY_DEFAULT | SE_GROUP_ENABLED;
    }
}

static const struct {
    DWORD value;
    char name[32];
    bool held;
} privileges[] = {
    {2, "SeCreateTokenPrivilege", false},
    {3, "SeAssignPrimaryTokenPrivilege", false},
    {4, "SeLockMemoryPrivilege", false},
    {5, "SeIncreaseQuotaPrivilege", false},
    {7, "SeTcbPrivilege", false},
    {8, "SeSecurityPrivilege", false},
    {9, "SeTakeOwnershipPrivilege", false},
    {10, "SeLoadDriverPrivilege", false},
    {11, "SeSystemProfilePrivilege", false},
    {12, "SeSystemtimePrivilege", false},
    {13, "SeProfileSingleProcessPrivilege", false},
    {14, "SeIncreaseBasePriorityPrivilege", false},
    {15, "SeCreatePagefilePrivilege", false},
    {17, "SeBackupPrivilege", false},
    {18, "SeRestorePrivilege", false},
    {19, "SeShutdownPrivilege", true},
    {20, "SeDebugPrivilege", false},
    {22, "SeSystemEnvironmentPrivilege", false},
    {23, "SeChangeNotifyPrivilege", true},
    {24, "SeRemoteShutdownPrivilege", false},
    {25, "SeUndockPrivilege", true},
    {28, "SeManageVolumePrivilege", false},
    {29, "SeImpersonatePrivilege", false},
    {30, "SeCreateGlobalPrivilege", false},
    {33, "SeIncreaseWorkingSetPrivilege", true},
    {34, "SeTimeZonePrivilege", true},
    {35, "SeCreateSymbolicLinkPrivilege", true},
};
#define PRIVILEGE_COUNT (sizeof privileges / sizeof *privileges)

static void answer_privileges(struct answer *answer)
{
    TOKEN_PRIVILEGES *out = (TOKEN_PRIVILEGES *)answer->data;
    DWORD count = 0;

    for (size_t i = 0; i < PRIVILEGE_COUNT; i++) {
        if (!privileges[i].held)
            continue;
        out->Privileges[count].Luid = (LUID){privileges[i].value, 0};
        out->Privileges[count++].Attributes = SE_PRIVILEGE_ENABLED | SE_PRIVILEGE_ENABLED_BY_DEFAULT;
    }
    out->PrivilegeCount = count;
    answer->size = (DWORD)(offsetof(TOKEN_PRIVILEGES, Privileges) + count * sizeof(LUID_AND_ATTRIBUTES));
}

static void answer_number(struct answer *answer, DWORD value)
{
    memcpy(answer->data, &value, sizeof value);
    answer->size = sizeof value;
}

static bool token_answer(TOKEN_INFORMATION_CLASS class, struct answer *answer)
{
    struct sid_buffer user;

    sid_of_user(&user);
    switch (class) {
    case TokenUser:
        answer->size = sizeof(TOKEN_USER);
        ((TOKEN_USER *)answer->data)->User.Sid = answer_sid(answer, &user.sid);
        return true;
    case TokenPrimaryGroup:
        sid_of_group(&user);
        /* fall through */
    case TokenOwner:
        answer->size = sizeof(TOKEN_OWNER);
        ((TOKEN_OWNER *)answer->data)->Owner = answer_sid(answer, &user.sid);
        return true;
    case TokenDefaultDacl: { /* everything to the user */
        TOKEN_DEFAULT_DACL *dacl = (TOKEN_DEFAULT_DACL *)answer->data;
        ACL *acl = (ACL *)(dacl + 1);
        DWORD length = GetLengthSid(&user.sid);
        ACCESS_ALLOWED_ACE *ace = (ACCESS_ALLOWED_ACE *)(acl + 1);

        dacl->DefaultDacl = acl;
        *ace = (ACCESS_ALLOWED_ACE){{ACCESS_ALLOWED_ACE_TYPE, 0, 0}, GENERIC_ALL, 0};
        ace->Header.AceSize = (WORD)(offsetof(ACCESS_ALLOWED_ACE, SidStart) + length);
        memcpy(&ace->SidStart, &user.sid, length);
        *acl = (ACL){ACL_REVISION, 0, (WORD)(sizeof *acl + ace->Header.AceSize), 1, 0};
        answer->size = (DWORD)sizeof *dacl + acl->AclSize;
        return true;
    }
    case TokenGroups:
        answer_groups(answer);
        return true;
    case TokenPrivileges:
        answer_privileges(answer);
        return true;
    case TokenIntegrityLevel:
        answer->size = sizeof(TOKEN_MANDATORY_LABEL);
        ((TOKEN_MANDATORY_LABEL *)answer->data)->Label.Attributes = SE_GROUP_INTEGRITY | SE_GROUP_INTEGRITY_ENABLED;
        ((TOKEN_MANDATORY_LABEL *)answer->data)->Label.Sid = answer_known(answer, WinMediumLabelSid);
        return true;
    case TokenType:
        answer_number(answer, TokenPrimary);
        return true;
    case TokenElevationType:
        answer_number(answer, TokenElevationTypeDefault);
        return true;
    case TokenElevation:
    case TokenIsAppContainer:
    case TokenHasRestrictions:
    case TokenVirtualizationAllowed:
    case TokenVirtualizationEnabled:
    case TokenUIAccess:
        answer_number(answer, 0);
        return true;
    case TokenSessionId:
        answer_number(answer, peb_current()->SessionId);
        return true;
    case TokenStatistics: {
        TOKEN_STATISTICS *statistics = (TOKEN_STATISTICS *)answer->data;

        statistics->TokenId.LowPart = 1;
        statistics->AuthenticationId.LowPart = 0x3e7 + 1;
        statistics->TokenType = TokenPrimary;
        answer->size = sizeof *statistics;
        return true;
    }
    default:
        return false;
    }
}

BOOL WINAPI GetTokenInformation(HANDLE token, TOKEN_INFORMATION_CLASS class, LPVOID buffer, DWORD size, PDWORD returned)
{
    struct answer answer = {0};
    char *base = (char *)answer.data;
    DWORD flags;

    if (token != (HANDLE)-4 && token != (HANDLE)-5 && token != (HANDLE)-6 && !GetHandleInformation(token, &flags))
        return FALSE;
    if (!token_answer(class, &answer))
        return fail(ERROR_INVALID_PARAMETER);
    *returned = answer.size;
    if (size < answer.size || !buffer)
        return fail(class == TokenElevation || class == TokenType ? ERROR_BAD_LENGTH : ERROR_INSUFFICIENT_BUFFER);
    /* Pointers into the answer move with it. */
    for (DWORD i = 0; i < answer.size / sizeof *answer.data; i++)
        if (answer.data[i] >= (ULONG_PTR)base && answer.data[i] < (ULONG_PTR)base + answer.size)
            answer.data[i] += (ULONG_PTR)buffer - (ULONG_PTR)base;
    memcpy(buffer, answer.data, answer.size);
    return TRUE;
}

BOOL WINAPI SetTokenInformation(HANDLE token, TOKEN_INFORMATION_CLASS class, LPVOID buffer, DWORD size)
{
    (void)token, (void)buffer, (void)size;
    if (class == TokenDefaultDacl || class == TokenOwner || class == TokenPrimaryGroup)
        return TRUE; /* security descriptors of objects are accepted, and nobody else is there to be kept out */
    return fail(ERROR_PRIVILEGE_NOT_HELD);
}

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

static bool privilege_held(const LUID *luid)
{
    for (size_t i = 0; i < PRIVILEGE_COUNT; i++)
        if (privileges[i].value == luid->LowPart && !luid->HighPart)
            return privileges[i].held;
    return false;
}

/* Succeeds even if a privilege is not held; the last error tells. */
BOOL WINAPI AdjustTokenPrivileges(HANDLE token, BOOL disable_all, PTOKEN_PRIVILEGES wanted, DWORD size,
                                  PTOKEN_PRIVILEGES previous, PDWORD returned)
{
    DWORD error = ERROR_SUCCESS;

    (void)token;
    if (!disable_all && !wanted)
        return fail(ERROR_INVALID_PARAMETER);
    for (DWORD i = 0; !disable_all && i < wanted->PrivilegeCount; i++)
        if (!privilege_held(&wanted->Privileges[i].Luid))
            error = ERROR_NOT_ALL_ASSIGNED;
    if (previous && size >= sizeof(DWORD))
        previous->PrivilegeCount = 0;
    if (returned)
        *returned = sizeof(DWORD);
    SetLastError(error);
    return TRUE;
}

BOOL WINAPI PrivilegeCheck(HANDLE token, PPRIVILEGE_SET set, LPBOOL result)
{
    (void)token;
    *result = TRUE;
    for (DWORD i = 0; i < set->PrivilegeCount; i++)
        if (!privilege_held(&set->Privilege[i].Luid))
            *result = FALSE;
    return TRUE;
}

BOOL WINAPI CheckTokenMembership(HANDLE token, PSID sid, PBOOL member)
{
    struct sid_buffer user;

    (void)token;
    sid_of_user(&user);
    *member = EqualSid(sid, &user.sid) || IsWellKnownSid(sid, WinWorldSid) || IsWellKnownSid(sid, WinBuiltinUsersSid) ||
              IsWellKnownSid(sid, WinAuthenticatedUserSid) || IsWellKnownSid(sid, WinInteractiveSid);
    return TRUE;
}

BOOL WINAPI IsTokenRestricted(HANDLE token)
{
    (void)token;
    return FALSE;
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
