/*
 * netapi.c: netapi32.dll: the accounts, the workgroup and the name of this machine.  There is one account, the user's,
 * and no domain.
 *
 * Layer: above advapi32.
 */
#include <string.h>
#include "win.h"
#include "ntdll/nls.h"
#include "ntdll/sysinfo.h"
#include <lm.h>
#include <dsgetdc.h>

#define NAME_ROOM 128u
#define WORKGROUP L"WORKGROUP"

static HANDLE heap(void)
{
    return peb_current()->ProcessHeap;
}

NET_API_STATUS WINAPI NetApiBufferAllocate(DWORD size, LPVOID *buffer)
{
    if (!buffer)
        return ERROR_INVALID_PARAMETER;
    *buffer = RtlAllocateHeap(heap(), HEAP_ZERO_MEMORY, size ? size : 1);
    return *buffer ? NERR_Success : ERROR_NOT_ENOUGH_MEMORY;
}

NET_API_STATUS WINAPI NetApiBufferFree(LPVOID buffer)
{
    if (buffer)
        RtlFreeHeap(heap(), 0, buffer);
    return NERR_Success;
}

NET_API_STATUS WINAPI NetApiBufferReallocate(LPVOID old, DWORD size, LPVOID *buffer)
{
    if (!old)
        return NetApiBufferAllocate(size, buffer);
    if (!size) {
        *buffer = NULL;
        return NetApiBufferFree(old);
    }
    *buffer = RtlReAllocateHeap(heap(), 0, old, size);
    return *buffer ? NERR_Success : ERROR_NOT_ENOUGH_MEMORY;
}

NET_API_STATUS WINAPI NetApiBufferSize(LPVOID buffer, LPDWORD size)
{
    if (!buffer || !size)
        return ERROR_INVALID_PARAMETER;
    *size = (DWORD)RtlSizeHeap(heap(), 0, buffer);
    return NERR_Success;
}

/* ---- answers: a structure and its texts in one block ---- */

struct answer {
    BYTE *block;
    WCHAR *text; /* where the next text goes */
};

static bool answer_begin(struct answer *answer, size_t size)
{
    size = (size + 7) & ~(size_t)7;
    if (NetApiBufferAllocate((DWORD)(size + 8 * NAME_ROOM * sizeof(WCHAR)), (LPVOID *)&answer->block))
        return false;
    answer->text = (WCHAR *)(answer->block + size);
    return true;
}

static WCHAR *answer_text(struct answer *answer, const WCHAR *text)
{
    size_t length = wide_length(text) + 1;
    WCHAR *place = memcpy(answer->text, text, length * sizeof *text);

    answer->text += length;
    return place;
}

struct names {
    WCHAR user[NAME_ROOM], computer[NAME_ROOM], home[MAX_PATH];
};

static void names_get(struct names *names)
{
    DWORD size = NAME_ROOM;

    memset(names, 0, sizeof *names);
    GetUserNameW(names->user, &size);
    size = NAME_ROOM;
    GetComputerNameW(names->computer, &size);
    GetEnvironmentVariableW(L"USERPROFILE", names->home, MAX_PATH / 2);
}

/* ---- users ---- */

#define USER_ID 1000
#define GROUP_ID 513 /* DOMAIN_GROUP_RID_USERS */
#define USER_FLAGS (UF_SCRIPT | UF_NORMAL_ACCOUNT | UF_DONT_EXPIRE_PASSWD)

static size_t user_size(DWORD level)
{
    static const struct {
        DWORD level;
        size_t size;
    } sizes[] = {{0, sizeof(USER_INFO_0)},   {1, sizeof(USER_INFO_1)},   {2, sizeof(USER_INFO_2)},
                 {3, sizeof(USER_INFO_3)},   {4, sizeof(USER_INFO_4)},   {10, sizeof(USER_INFO_10)},
                 {11, sizeof(USER_INFO_11)}, {20, sizeof(USER_INFO_20)}, {23, sizeof(USER_INFO_23)}};

    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        if (sizes[i].level == level)
            return sizes[i].size;
    return 0;
}

/* The SID goes into the room of texts. */
static PSID answer_sid(struct answer *answer)
{
    DWORD size = SECURITY_MAX_SID_SIZE, domain_size = NAME_ROOM;
    WCHAR domain[NAME_ROOM];
    struct names names;
    SID_NAME_USE use;
    PSID sid = (PSID)(((ULONG_PTR)answer->text + 7) & ~(ULONG_PTR)7);

    names_get(&names);
    if (!LookupAccountNameW(NULL, names.user, sid, &size, domain, &domain_size, &use))
        return NULL;
    answer->text = (WCHAR *)((BYTE *)sid + size);
    return sid;
}

/* Levels 1 to 4 begin alike; so do 0, 10 and 11. */
static void fill_account(struct answer *answer, USER_INFO_4 *info, DWORD level, const struct names *names)
{
    info->usri4_name = answer_text(answer, names->user);
    info->usri4_priv = USER_PRIV_USER;
    info->usri4_home_dir = answer_text(answer, level == 1 ? names->home : L"");
    info->usri4_comment = answer_text(answer, L"");
    info->usri4_flags = USER_FLAGS;
    info->usri4_script_path = answer_text(answer, L"");
    if (level == 1)
        return;
    info->usri4_full_name = info->usri4_usr_comment = info->usri4_parms = info->usri4_workstations =
        answer_text(answer, L"");
    info->usri4_acct_expires = TIMEQ_FOREVER;
    info->usri4_max_storage = USER_MAXSTORAGE_UNLIMITED;
    info->usri4_logon_server = answer_text(answer, L"\\\\*");
    if (level == 2)
        return;
    if (level == 3) {
        USER_INFO_3 *three = (USER_INFO_3 *)info;

        three->usri3_user_id = USER_ID;
        three->usri3_primary_group_id = GROUP_ID;
        three->usri3_profile = three->usri3_home_dir_drive = answer_text(answer, L"");
        return;
    }
    info->usri4_user_sid = answer_sid(answer);
    info->usri4_primary_group_id = GROUP_ID;
    info->usri4_profile = info->usri4_home_dir_drive = answer_text(answer, L"");
}

static NET_API_STATUS user_answer(DWORD level, LPBYTE *buffer)
{
    struct answer answer;
    struct names names;

    if (!user_size(level))
        return ERROR_INVALID_LEVEL;
    if (!answer_begin(&answer, user_size(level)))
        return ERROR_NOT_ENOUGH_MEMORY;
    names_get(&names);
    *buffer = answer.block;
    if (level >= 1 && level <= 4) {
        fill_account(&answer, (USER_INFO_4 *)answer.block, level, &names);
    } else {
        USER_INFO_10 *info = (USER_INFO_10 *)answer.block;

        info->usri10_name = answer_text(&answer, names.user);
        if (level == 0)
            return NERR_Success;
        if (level == 20 || level == 23) {
            USER_INFO_23 *other = (USER_INFO_23 *)info;

            other->usri23_full_name = other->usri23_comment = answer_text(&answer, L"");
            other->usri23_flags = USER_FLAGS;
            if (level == 20)
                ((USER_INFO_20 *)info)->usri20_user_id = USER_ID;
            else
                other->usri23_user_sid = answer_sid(&answer);
            return NERR_Success;
        }
        info->usri10_comment = info->usri10_usr_comment = info->usri10_full_name = answer_text(&answer, L"");
        if (level == 11) {
            USER_INFO_11 *more = (USER_INFO_11 *)info;

            more->usri11_priv = USER_PRIV_USER;
            more->usri11_home_dir = more->usri11_parms = more->usri11_workstations = info->usri10_comment;
            more->usri11_logon_server = answer_text(&answer, L"\\\\*");
            more->usri11_max_storage = USER_MAXSTORAGE_UNLIMITED;
        }
    }
    return NERR_Success;
}

static bool is_user(LPCWSTR name)
{
    struct names names;

    names_get(&names);
    return wide_compare_nocase(name, names.user) == 0;
}

NET_API_STATUS WINAPI NetUserGetInfo(LPCWSTR server, LPCWSTR name, DWORD level, LPBYTE *buffer)
{
    (void)server;
    if (!name || !buffer)
        return ERROR_INVALID_PARAMETER;
    *buffer = NULL;
    if (!user_size(level))
        return ERROR_INVALID_LEVEL;
    return is_user(name) ? user_answer(level, buffer) : NERR_UserNotFound;
}

NET_API_STATUS WINAPI NetUserEnum(LPCWSTR server, DWORD level, DWORD filter, LPBYTE *buffer, DWORD most, LPDWORD count,
                                  LPDWORD total, LPDWORD resume)
{
    NET_API_STATUS status;

    (void)server, (void)most;
    if (!buffer || !count || !total)
        return ERROR_INVALID_PARAMETER;
    *buffer = NULL;
    *count = *total = 0;
    if (level == 4 || !user_size(level))
        return ERROR_INVALID_LEVEL;
    if (filter && !(filter & FILTER_NORMAL_ACCOUNT))
        return NERR_Success;
    status = user_answer(level, buffer);
    if (!status)
        *count = *total = 1;
    if (resume)
        *resume = 0;
    return status;
}

/* One group of one name. */
static NET_API_STATUS one_group(LPCWSTR user, const WCHAR *group, LPBYTE *buffer, LPDWORD count, LPDWORD total)
{
    struct answer answer;

    if (!user || !buffer || !count || !total)
        return ERROR_INVALID_PARAMETER;
    *buffer = NULL;
    *count = *total = 0;
    if (!is_user(user))
        return NERR_UserNotFound;
    if (!answer_begin(&answer, sizeof(GROUP_USERS_INFO_1)))
        return ERROR_NOT_ENOUGH_MEMORY;
    ((LOCALGROUP_USERS_INFO_0 *)answer.block)->lgrui0_name = answer_text(&answer, group);
    *buffer = answer.block;
    *count = *total = 1;
    return NERR_Success;
}

NET_API_STATUS WINAPI NetUserGetLocalGroups(LPCWSTR server, LPCWSTR user, DWORD level, DWORD flags, LPBYTE *buffer,
                                            DWORD most, LPDWORD count, LPDWORD total)
{
    (void)server, (void)flags, (void)most;
    return level ? ERROR_INVALID_LEVEL : one_group(user, L"Users", buffer, count, total);
}

NET_API_STATUS WINAPI NetUserGetGroups(LPCWSTR server, LPCWSTR user, DWORD level, LPBYTE *buffer, DWORD most,
                                       LPDWORD count, LPDWORD total)
{
    (void)server, (void)most;
    return level ? ERROR_INVALID_LEVEL : one_group(user, L"None", buffer, count, total);
}

NET_API_STATUS WINAPI NetLocalGroupGetMembers(LPCWSTR server, LPCWSTR group, DWORD level, LPBYTE *buffer, DWORD most,
                                              LPDWORD count, LPDWORD total, PDWORD_PTR resume)
{
    struct answer answer;
    struct names names;
    WCHAR full[2 * NAME_ROOM];

    (void)server, (void)most, (void)resume;
    if (!group || !buffer || !count || !total)
        return ERROR_INVALID_PARAMETER;
    *buffer = NULL;
    *count = *total = 0;
    if (level != 3)
        return ERROR_INVALID_LEVEL;
    if (wide_compare_nocase(group, L"Administrators") == 0 || wide_compare_nocase(group, L"Guests") == 0)
        return NERR_Success;
    if (wide_compare_nocase(group, L"Users") != 0)
        return NERR_GroupNotFound;
    if (!answer_begin(&answer, sizeof(LOCALGROUP_MEMBERS_INFO_3)))
        return ERROR_NOT_ENOUGH_MEMORY;
    names_get(&names);
    lstrcpynW(full, names.computer, NAME_ROOM);
    lstrcatW(full, L"\\");
    lstrcatW(full, names.user);
    ((LOCALGROUP_MEMBERS_INFO_3 *)answer.block)->lgrmi3_domainandname = answer_text(&answer, full);
    *buffer = answer.block;
    *count = *total = 1;
    return NERR_Success;
}

/* Accounts are made by administrators. */
NET_API_STATUS WINAPI NetUserAdd(LPCWSTR server, DWORD level, LPBYTE buffer, LPDWORD error)
{
    (void)server, (void)level, (void)buffer, (void)error;
    return ERROR_ACCESS_DENIED;
}

NET_API_STATUS WINAPI NetUserDel(LPCWSTR server, LPCWSTR name)
{
    (void)server;
    return name && !is_user(name) ? NERR_UserNotFound : ERROR_ACCESS_DENIED;
}

NET_API_STATUS WINAPI NetUserSetInfo(LPCWSTR server, LPCWSTR name, DWORD level, LPBYTE buffer, LPDWORD error)
{
    (void)server, (void)level, (void)buffer, (void)error;
    return name && !is_user(name) ? NERR_UserNotFound : ERROR_ACCESS_DENIED;
}

/* ---- the machine ---- */

NET_API_STATUS WINAPI NetGetJoinInformation(LPCWSTR server, LPWSTR *name, PNETSETUP_JOIN_STATUS status)
{
    (void)server;
    if (!name || !status)
        return ERROR_INVALID_PARAMETER;
    if (NetApiBufferAllocate(sizeof WORKGROUP, (LPVOID *)name))
        return ERROR_NOT_ENOUGH_MEMORY;
    memcpy(*name, WORKGROUP, sizeof WORKGROUP);
    *status = NetSetupWorkgroupName;
    return NERR_Success;
}

NET_API_STATUS WINAPI NetWkstaGetInfo(LPWSTR server, DWORD level, LPBYTE *buffer)
{
    OSVERSIONINFOEXW version = {.dwOSVersionInfoSize = sizeof version};
    struct answer answer;
    struct names names;
    WKSTA_INFO_102 *info;

    (void)server;
    if (!buffer)
        return ERROR_INVALID_PARAMETER;
    if (level < 100 || level > 102)
        return ERROR_INVALID_LEVEL;
    if (!answer_begin(&answer, sizeof *info))
        return ERROR_NOT_ENOUGH_MEMORY;
    names_get(&names);
    RtlGetVersion(&version);
    info = (WKSTA_INFO_102 *)answer.block;
    info->wki102_platform_id = PLATFORM_ID_NT;
    info->wki102_computername = answer_text(&answer, names.computer);
    info->wki102_langroup = answer_text(&answer, WORKGROUP);
    info->wki102_ver_major = version.dwMajorVersion;
    info->wki102_ver_minor = version.dwMinorVersion;
    info->wki102_lanroot = answer_text(&answer, L"");
    info->wki102_logged_on_users = 1;
    *buffer = answer.block;
    return NERR_Success;
}

NET_API_STATUS WINAPI NetWkstaUserGetInfo(LPWSTR reserved, DWORD level, LPBYTE *buffer)
{
    struct answer answer;
    struct names names;
    WKSTA_USER_INFO_1 *info;

    if (reserved || !buffer)
        return ERROR_INVALID_PARAMETER;
    if (level > 1)
        return ERROR_INVALID_LEVEL;
    if (!answer_begin(&answer, sizeof *info))
        return ERROR_NOT_ENOUGH_MEMORY;
    names_get(&names);
    info = (WKSTA_USER_INFO_1 *)answer.block;
    info->wkui1_username = answer_text(&answer, names.user);
    if (level) {
        info->wkui1_logon_domain = info->wkui1_logon_server = answer_text(&answer, names.computer);
        info->wkui1_oth_domains = answer_text(&answer, L"");
    }
    *buffer = answer.block;
    return NERR_Success;
}

NET_API_STATUS WINAPI NetServerGetInfo(LPWSTR server, DWORD level, LPBYTE *buffer)
{
    OSVERSIONINFOEXW version = {.dwOSVersionInfoSize = sizeof version};
    struct answer answer;
    struct names names;
    SERVER_INFO_101 *info;

    (void)server;
    if (!buffer)
        return ERROR_INVALID_PARAMETER;
    if (level != 100 && level != 101)
        return level == 102 || level == 502 || level == 503 ? ERROR_ACCESS_DENIED : ERROR_INVALID_LEVEL;
    if (!answer_begin(&answer, sizeof *info))
        return ERROR_NOT_ENOUGH_MEMORY;
    names_get(&names);
    RtlGetVersion(&version);
    info = (SERVER_INFO_101 *)answer.block;
    info->sv101_platform_id = PLATFORM_ID_NT;
    info->sv101_name = answer_text(&answer, names.computer);
    info->sv101_version_major = version.dwMajorVersion;
    info->sv101_version_minor = version.dwMinorVersion;
    info->sv101_type = SV_TYPE_WORKSTATION | SV_TYPE_NT;
    info->sv101_comment = answer_text(&answer, L"");
    *buffer = answer.block;
    return NERR_Success;
}

/* ---- domains: none ---- */

DWORD WINAPI DsGetDcNameW(LPCWSTR computer, LPCWSTR domain, GUID *guid, LPCWSTR site, ULONG flags,
                          PDOMAIN_CONTROLLER_INFOW *info)
{
    (void)computer, (void)domain, (void)guid, (void)site, (void)flags;
    if (!info)
        return ERROR_INVALID_PARAMETER;
    *info = NULL;
    return ERROR_NO_SUCH_DOMAIN;
}

DWORD WINAPI DsGetDcNameA(LPCSTR computer, LPCSTR domain, GUID *guid, LPCSTR site, ULONG flags,
                          PDOMAIN_CONTROLLER_INFOA *info)
{
    (void)computer, (void)domain, (void)site;
    return DsGetDcNameW(NULL, NULL, guid, NULL, flags, (PDOMAIN_CONTROLLER_INFOW *)info);
}

NET_API_STATUS WINAPI NetGetDCName(LPCWSTR server, LPCWSTR domain, LPBYTE *buffer)
{
    (void)server, (void)domain;
    if (buffer)
        *buffer = NULL;
    return NERR_DCNotFound;
}
