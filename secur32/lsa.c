/*
 * lsa.c: ntsecapi.h: the local security authority: the one session that there is, and nobody who could be logged on.
 */
#include "secur32/package.h"
#include <ntsecapi.h>

/* What programs get for a connection: there is nothing behind it. */
#define CONNECTION ((HANDLE)(ULONG_PTR)0x15a)

NTSTATUS WINAPI LsaConnectUntrusted(PHANDLE handle)
{
    if (!handle)
        return STATUS_INVALID_PARAMETER;
    *handle = CONNECTION;
    return STATUS_SUCCESS;
}

/* For logon processes, which hold a right that nobody has here. */
NTSTATUS WINAPI LsaRegisterLogonProcess(PLSA_STRING name, PHANDLE handle, PLSA_OPERATIONAL_MODE mode)
{
    (void)mode;
    if (!name || !handle)
        return STATUS_INVALID_PARAMETER;
    *handle = NULL;
    return STATUS_PRIVILEGE_NOT_HELD;
}

NTSTATUS WINAPI LsaDeregisterLogonProcess(HANDLE handle)
{
    return handle == CONNECTION ? STATUS_SUCCESS : STATUS_INVALID_HANDLE;
}

/* A package's number is its place in the list of packages; MSV1_0, which is NTLM, is 0. */
static const char *const authentication_packages[] = {"MICROSOFT_AUTHENTICATION_PACKAGE_V1_0", "NTLM", "Negotiate"};

static bool same_name(const LSA_STRING *name, const char *text)
{
    size_t size = strlen(text);
    bool same = name->Length == size;

    for (size_t i = 0; same && i < size; i++)
        same = wide_upper((BYTE)name->Buffer[i]) == wide_upper((BYTE)text[i]);
    return same;
}

NTSTATUS WINAPI LsaLookupAuthenticationPackage(HANDLE handle, PLSA_STRING name, PULONG package)
{
    if (handle != CONNECTION)
        return STATUS_INVALID_HANDLE;
    if (!name || !name->Buffer || !package)
        return STATUS_INVALID_PARAMETER;
    for (ULONG i = 0; i < sizeof authentication_packages / sizeof *authentication_packages; i++)
        if (same_name(name, authentication_packages[i])) {
            *package = i;
            return STATUS_SUCCESS;
        }
    return STATUS_NO_SUCH_PACKAGE;
}

NTSTATUS WINAPI LsaCallAuthenticationPackage(HANDLE handle, ULONG package, PVOID data, ULONG size, PVOID *answer,
                                             PULONG answer_size, PNTSTATUS status)
{
    if (handle != CONNECTION)
        return STATUS_INVALID_HANDLE;
    if (package >= sizeof authentication_packages / sizeof *authentication_packages)
        return STATUS_NO_SUCH_PACKAGE;
    if (!data || size < sizeof(ULONG))
        return STATUS_INVALID_PARAMETER;
    if (answer)
        *answer = NULL;
    if (answer_size)
        *answer_size = 0;
    if (status)
        *status = STATUS_NOT_SUPPORTED;
    return STATUS_SUCCESS; /* of the call; what was asked for is not done, as the other status says */
}

NTSTATUS WINAPI LsaLogonUser(HANDLE handle, PLSA_STRING origin, SECURITY_LOGON_TYPE type, ULONG package, PVOID data,
                             ULONG size, PTOKEN_GROUPS groups, PTOKEN_SOURCE source, PVOID *profile,
                             PULONG profile_size, PLUID session, PHANDLE token, PQUOTA_LIMITS quotas,
                             PNTSTATUS substatus)
{
    (void)origin, (void)type, (void)groups, (void)source, (void)session, (void)quotas;
    if (handle != CONNECTION)
        return STATUS_INVALID_HANDLE;
    if (package >= sizeof authentication_packages / sizeof *authentication_packages)
        return STATUS_NO_SUCH_PACKAGE;
    if (!data || size < sizeof(ULONG) || !token)
        return STATUS_INVALID_PARAMETER;
    *token = NULL;
    if (profile)
        *profile = NULL;
    if (profile_size)
        *profile_size = 0;
    if (substatus)
        *substatus = STATUS_SUCCESS;
    return STATUS_LOGON_FAILURE;
}

/* ---- the session ---- */

static bool own_session(LUID *session)
{
    TOKEN_STATISTICS statistics;
    HANDLE token;
    DWORD size;
    bool good = OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token);

    if (good) {
        good = GetTokenInformation(token, TokenStatistics, &statistics, sizeof statistics, &size);
        CloseHandle(token);
        *session = statistics.AuthenticationId;
    }
    return good;
}

NTSTATUS WINAPI LsaEnumerateLogonSessions(PULONG count, PLUID *sessions)
{
    LUID session;

    if (!count || !sessions)
        return STATUS_INVALID_PARAMETER;
    *count = 0;
    *sessions = NULL;
    if (!own_session(&session))
        return STATUS_NO_SUCH_LOGON_SESSION;
    *sessions = context_buffer(sizeof session);
    if (!*sessions)
        return STATUS_NO_MEMORY;
    **sessions = session;
    *count = 1;
    return STATUS_SUCCESS;
}

/* Texts and the SID lie behind the structure. */
struct session_room {
    SECURITY_LOGON_SESSION_DATA data;
    WCHAR text[3][300];
    BYTE sid[SECURITY_MAX_SID_SIZE];
};

static LSA_UNICODE_STRING string_of(WCHAR *text)
{
    USHORT size = (USHORT)(wide_length(text) * sizeof *text);

    return (LSA_UNICODE_STRING){size, (USHORT)(size + sizeof *text), text};
}

/* The user's SID, and since when this process has been here, which is all that is known of the session's age. */
static void session_user(struct session_room *room)
{
    BYTE user[sizeof(TOKEN_USER) + SECURITY_MAX_SID_SIZE];
    FILETIME created, ignored;
    HANDLE token;
    DWORD size;

    if (OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token)) {
        if (GetTokenInformation(token, TokenUser, user, sizeof user, &size) &&
            CopySid(sizeof room->sid, room->sid, ((TOKEN_USER *)user)->User.Sid))
            room->data.Sid = room->sid;
        CloseHandle(token);
    }
    if (GetProcessTimes(GetCurrentProcess(), &created, &ignored, &ignored, &ignored))
        room->data.LogonTime.QuadPart = (LONGLONG)created.dwHighDateTime << 32 | created.dwLowDateTime;
}

NTSTATUS WINAPI LsaGetLogonSessionData(PLUID session, PSECURITY_LOGON_SESSION_DATA *data)
{
    static WCHAR package[] = L"NTLM", nothing[] = L"";
    struct session_room *room;
    DWORD size = 300;
    LUID own;

    if (!session || !data)
        return STATUS_INVALID_PARAMETER;
    *data = NULL;
    if (!own_session(&own) || own.LowPart != session->LowPart || own.HighPart != session->HighPart)
        return STATUS_NO_SUCH_LOGON_SESSION;
    room = context_buffer(sizeof *room);
    if (!room)
        return STATUS_NO_MEMORY;
    room->data = (SECURITY_LOGON_SESSION_DATA){.Size = sizeof room->data,
                                               .LogonId = own,
                                               .LogonType = Interactive,
                                               .Session = peb_current()->SessionId,
                                               .AuthenticationPackage = string_of(package),
                                               .DnsDomainName = string_of(nothing),
                                               .Upn = string_of(nothing),
                                               .LogoffTime.QuadPart = INT64_MAX,
                                               .KickOffTime.QuadPart = INT64_MAX,
                                               .PasswordMustChange.QuadPart = INT64_MAX};
    GetUserNameW(room->text[0], &size);
    size = 300;
    GetComputerNameW(room->text[1], &size);
    room->data.UserName = string_of(room->text[0]);
    room->data.LogonDomain = room->data.LogonServer = string_of(room->text[1]);
    room->data.LogonScript = room->data.ProfilePath = room->data.HomeDirectory = room->data.HomeDirectoryDrive =
        string_of(nothing);
    session_user(room);
    *data = &room->data;
    return STATUS_SUCCESS;
}

NTSTATUS WINAPI LsaFreeReturnBuffer(PVOID buffer)
{
    FreeContextBuffer(buffer);
    return STATUS_SUCCESS;
}

/* The policy never changes, so nobody is ever told. */
NTSTATUS WINAPI LsaRegisterPolicyChangeNotification(POLICY_NOTIFICATION_INFORMATION_CLASS class, HANDLE event)
{
    return !event ? STATUS_INVALID_HANDLE
           : class < PolicyNotifyAuditEventsInformation || class > PolicyNotifyMachineAccountPasswordInformation
               ? STATUS_INVALID_PARAMETER
               : STATUS_SUCCESS;
}

NTSTATUS WINAPI LsaUnregisterPolicyChangeNotification(POLICY_NOTIFICATION_INFORMATION_CLASS class, HANDLE event)
{
    return LsaRegisterPolicyChangeNotification(class, event);
}
