/*
 * lookup_account.c: winbase.h: the names of accounts and their SIDs.
 *
 * Layer: advapi32.  The machine has one user, the group that is his primary one ("None", as on any machine without a
 * domain), and the accounts that every Windows has.
 */
#include "security.h"
#include "ntdll/nls.h"

#define NAME_ROOM 256u

static BOOL fail(DWORD error)
{
    SetLastError(error);
    return FALSE;
}

static void release(void *memory)
{
    RtlFreeHeap(peb_current()->ProcessHeap, 0, memory);
}

struct account {
    struct sid_buffer sid;
    WCHAR name[NAME_ROOM], domain[NAME_ROOM];
    SID_NAME_USE use;
};

static const struct {
    BYTE kind, use;
    WCHAR name[24], domain[16];
} known[] = {
    {WinWorldSid, SidTypeWellKnownGroup, L"Everyone", L""},
    {WinLocalSid, SidTypeWellKnownGroup, L"LOCAL", L""},
    {WinCreatorOwnerSid, SidTypeWellKnownGroup, L"CREATOR OWNER", L""},
    {WinCreatorGroupSid, SidTypeWellKnownGroup, L"CREATOR GROUP", L""},
    {WinLocalSystemSid, SidTypeWellKnownGroup, L"SYSTEM", L"NT AUTHORITY"},
    {WinLocalServiceSid, SidTypeWellKnownGroup, L"LOCAL SERVICE", L"NT AUTHORITY"},
    {WinNetworkServiceSid, SidTypeWellKnownGroup, L"NETWORK SERVICE", L"NT AUTHORITY"},
    {WinAuthenticatedUserSid, SidTypeWellKnownGroup, L"Authenticated Users", L"NT AUTHORITY"},
    {WinAnonymousSid, SidTypeWellKnownGroup, L"ANONYMOUS LOGON", L"NT AUTHORITY"},
    {WinInteractiveSid, SidTypeWellKnownGroup, L"INTERACTIVE", L"NT AUTHORITY"},
    {WinNetworkSid, SidTypeWellKnownGroup, L"NETWORK", L"NT AUTHORITY"},
    {WinServiceSid, SidTypeWellKnownGroup, L"SERVICE", L"NT AUTHORITY"},
    {WinBuiltinAdministratorsSid, SidTypeAlias, L"Administrators", L"BUILTIN"},
    {WinBuiltinUsersSid, SidTypeAlias, L"Users", L"BUILTIN"},
    {WinBuiltinGuestsSid, SidTypeAlias, L"Guests", L"BUILTIN"},
};
#define KNOWN_COUNT (sizeof known / sizeof *known)

/* The accounts one after the other: the machine's own three, then those everywhere.  False: there are no more. */
static bool account_at(size_t i, struct account *account)
{
    DWORD size = NAME_ROOM, sid_size = sizeof account->sid;

    memset(account, 0, sizeof *account);
    if (i >= 3 + KNOWN_COUNT)
        return false;
    if (i >= 3) {
        lstrcpynW(account->name, known[i - 3].name, NAME_ROOM);
        lstrcpynW(account->domain, known[i - 3].domain, NAME_ROOM);
        account->use = known[i - 3].use;
        return CreateWellKnownSid(known[i - 3].kind, NULL, &account->sid, &sid_size);
    }
    GetComputerNameW(account->domain, &size);
    size = NAME_ROOM;
    if (i == 0) {
        sid_of_user(&account->sid);
        account->use = SidTypeUser;
        return GetUserNameW(account->name, &size);
    }
    sid_of_group(&account->sid);
    if (i == 1) {
        account->use = SidTypeGroup;
        lstrcpynW(account->name, L"None", NAME_ROOM);
    } else {
        account->use = SidTypeDomain;
        account->sid.sid.SubAuthorityCount--;
    }
    return true;
}

/* Copies a text if it fits; the size is then its length, else what is needed. */
static bool give_wide(const WCHAR *text, LPWSTR out, DWORD *size)
{
    DWORD length = (DWORD)wide_length(text);

    if (!out || *size <= length) {
        *size = length + 1;
        return false;
    }
    memcpy(out, text, (length + 1) * sizeof *text);
    *size = length;
    return true;
}

BOOL WINAPI LookupAccountSidW(LPCWSTR system, PSID sid, LPWSTR name, LPDWORD name_size, LPWSTR domain,
                              LPDWORD domain_size, PSID_NAME_USE use)
{
    struct account account;
    size_t i = 0;

    (void)system;
    do {
        if (!account_at(i++, &account))
            return fail(ERROR_NONE_MAPPED);
    } while (!EqualSid(sid, &account.sid.sid));
    DWORD name_room = *name_size;
    bool fits = give_wide(account.use == SidTypeDomain ? L"" : account.name, name, &name_room);
    if (!give_wide(account.domain, domain, domain_size) || !fits) {
        if (fits)
            name_room++; /* sizes that are needed count the zero */
        else
            *domain_size = (DWORD)wide_length(account.domain) + 1;
        *name_size = name_room;
        return fail(ERROR_INSUFFICIENT_BUFFER);
    }
    *name_size = name_room;
    *use = account.use;
    return TRUE;
}

/* A name alone, or with its domain before a backslash; a machine's name alone is that of a domain. */
static bool account_is(const struct account *account, LPCWSTR name)
{
    size_t length = wide_length(account->domain);

    if (account->use == SidTypeDomain)
        return wide_compare_nocase(account->domain, name) == 0;
    if (length && wide_length(name) > length && name[length] == '\\') {
        WCHAR domain[NAME_ROOM];
        lstrcpynW(domain, name, (int)(NAME_ROOM < length + 1 ? NAME_ROOM : length + 1));
        if (wide_compare_nocase(account->domain, domain) == 0)
            name += length + 1;
    }
    return wide_compare_nocase(account->name, name) == 0;
}

BOOL WINAPI LookupAccountNameW(LPCWSTR system, LPCWSTR name, PSID sid, LPDWORD sid_size, LPWSTR domain,
                               LPDWORD domain_size, PSID_NAME_USE use)
{
    struct account account;
    size_t i = 0;

    (void)system;
    do {
        if (!account_at(i++, &account))
            return fail(ERROR_NONE_MAPPED);
    } while (!account_is(&account, name));
    DWORD needed = GetLengthSid(&account.sid.sid), length = (DWORD)wide_length(account.domain);
    if (!sid || *sid_size < needed || *domain_size <= length) {
        *sid_size = needed;
        *domain_size = length + 1;
        return fail(ERROR_INSUFFICIENT_BUFFER);
    }
    memcpy(sid, &account.sid, needed);
    give_wide(account.domain, domain, domain_size);
    *sid_size = needed;
    *use = account.use;
    return TRUE;
}

/* An ANSI answer; sizes count bytes, with the zero if it does not fit. */
static bool give(const WCHAR *text, LPSTR out, DWORD *size)
{
    int needed = WideCharToMultiByte(CP_ACP, 0, text, -1, NULL, 0, NULL, NULL);

    if (!out || *size < (DWORD)needed) {
        *size = (DWORD)needed;
        return false;
    }
    WideCharToMultiByte(CP_ACP, 0, text, -1, out, (int)*size, NULL, NULL);
    *size = (DWORD)needed - 1;
    return true;
}

BOOL WINAPI LookupAccountSidA(LPCSTR system, PSID sid, LPSTR name, LPDWORD name_size, LPSTR domain, LPDWORD domain_size,
                              PSID_NAME_USE use)
{
    WCHAR wide_name[NAME_ROOM], wide_domain[NAME_ROOM];
    DWORD a = NAME_ROOM, b = NAME_ROOM;
    bool fits;

    (void)system;
    if (!LookupAccountSidW(NULL, sid, wide_name, &a, wide_domain, &b, use))
        return FALSE;
    fits = give(wide_name, name, name_size);
    if (!give(wide_domain, domain, domain_size) || !fits) {
        if (fits)
            ++*name_size; /* sizes that are needed count the zero */
        return fail(ERROR_INSUFFICIENT_BUFFER);
    }
    return TRUE;
}

BOOL WINAPI LookupAccountNameA(LPCSTR system, LPCSTR name, PSID sid, LPDWORD sid_size, LPSTR domain,
                               LPDWORD domain_size, PSID_NAME_USE use)
{
    WCHAR wide_domain[NAME_ROOM], *wide = wide_from_ansi(name);
    DWORD size = NAME_ROOM;
    BOOL good = wide && LookupAccountNameW(NULL, wide, sid, sid_size, wide_domain, &size, use);

    (void)system;
    release(wide);
    if (good)
        return give(wide_domain, domain, domain_size) || fail(ERROR_INSUFFICIENT_BUFFER);
    if (GetLastError() == ERROR_INSUFFICIENT_BUFFER)
        *domain_size = size;
    return FALSE;
}
