/*
 * What does a console program hear that asks for services, event traces, the security authority, credentials, or to be
 * somebody else?
 *
 * An ordinary user on a machine without services. Wine runs services and everybody is administrator there, so only
 * what both agree on is checked under it.
 */
/* link: -ladvapi32 */
#include "check.h"
#include <winsvc.h>
#include <wincred.h>
#include <ntsecapi.h>
#include <sddl.h>

static void WINAPI service_main(DWORD count, LPWSTR *arguments)
{
    (void)count, (void)arguments;
}

static void test_services(void)
{
    SERVICE_TABLE_ENTRYW table[] = {{L"", service_main}, {NULL, NULL}};
    SERVICE_STATUS status = {0};
    DWORD needed = 1, count = 1, resume = 1;
    SC_HANDLE manager;

    manager = OpenSCManagerW(NULL, NULL, SC_MANAGER_CONNECT | SC_MANAGER_ENUMERATE_SERVICE);
    CHECK(manager != NULL);
    CHECK_ERROR(OpenServiceW(manager, L"no such service", SERVICE_QUERY_STATUS), ERROR_SERVICE_DOES_NOT_EXIST);
    CHECK_ERROR(OpenServiceA(manager, "no such service", SERVICE_QUERY_STATUS), ERROR_SERVICE_DOES_NOT_EXIST);
    CHECK_ERROR(OpenServiceW(NULL, L"x", SERVICE_QUERY_STATUS), ERROR_INVALID_HANDLE);
    CHECK_ERROR(OpenSCManagerW(NULL, L"no such database", SC_MANAGER_CONNECT), ERROR_INVALID_NAME);
    CHECK_ERROR(QueryServiceStatus(NULL, &status), ERROR_INVALID_HANDLE);
    CHECK_ERROR(DeleteService(NULL), ERROR_INVALID_HANDLE);
    CHECK_ERROR(SetServiceStatus(NULL, &status), ERROR_INVALID_HANDLE);
    if (!check_under_wine()) {
        SC_HANDLE old;

        CHECK_ERROR(OpenSCManagerW(NULL, NULL, SC_MANAGER_ALL_ACCESS), ERROR_ACCESS_DENIED);
        CHECK_ERROR(StartServiceCtrlDispatcherW(table), ERROR_FAILED_SERVICE_CONTROLLER_CONNECT);
        CHECK(EnumServicesStatusExW(manager, SC_ENUM_PROCESS_INFO, SERVICE_WIN32, SERVICE_STATE_ALL, NULL, 0, &needed,
                                    &count, &resume, NULL));
        CHECK_EQ(count, 0);
        CHECK_EQ(needed, 0);
        CHECK_EQ(resume, 0);
        CHECK_ERROR(EnumServicesStatusExW(manager, SC_ENUM_PROCESS_INFO, 0, SERVICE_STATE_ALL, NULL, 0, &needed, &count,
                                          &resume, NULL),
                    ERROR_INVALID_PARAMETER);
        CHECK_ERROR(CreateServiceW(manager, L"a", L"b", SERVICE_ALL_ACCESS, SERVICE_WIN32_OWN_PROCESS,
                                   SERVICE_DEMAND_START, SERVICE_ERROR_NORMAL, L"c:\\x.exe", NULL, NULL, NULL, NULL,
                                   NULL),
                    ERROR_ACCESS_DENIED);
        old = OpenSCManagerA(NULL, "ServicesActive", SC_MANAGER_CONNECT);
        CHECK(old != NULL);
        CHECK(CloseServiceHandle(old));
    }
    CHECK(CloseServiceHandle(manager));
    CHECK_ERROR(CloseServiceHandle(NULL), ERROR_INVALID_HANDLE);
}

static void test_security(void)
{
    LSA_OBJECT_ATTRIBUTES attributes = {0};
    POLICY_ACCOUNT_DOMAIN_INFO *domain;
    LSA_HANDLE policy;
    WCHAR computer[64];
    DWORD size = 64, n;
    HANDLE token;
    LUID luid;
    char name[64];

    CHECK_EQ(LsaOpenPolicy(NULL, &attributes, POLICY_VIEW_LOCAL_INFORMATION, &policy), 0);
    CHECK_EQ(LsaQueryInformationPolicy(policy, PolicyAccountDomainInformation, (void **)&domain), 0);
    GetComputerNameW(computer, &size);
    CHECK(!wcsncmp(domain->DomainName.Buffer, computer, size));
    CHECK_EQ(domain->DomainName.Length, size * 2);
    CHECK(IsValidSid(domain->DomainSid));
    CHECK_EQ(*GetSidSubAuthorityCount(domain->DomainSid), 4);
    LsaFreeMemory(domain);
    CHECK_EQ(LsaClose(policy), 0);
    CHECK_EQ(LsaNtStatusToWinError((NTSTATUS)0xc0000022), ERROR_ACCESS_DENIED);

    CHECK(LookupPrivilegeValueA(NULL, "SeDebugPrivilege", &luid));
    n = sizeof name;
    CHECK(LookupPrivilegeNameA(NULL, &luid, name, &n));
    CHECK_STR(name, "SeDebugPrivilege");
    CHECK_EQ(n, 16);
    n = 4;
    CHECK_ERROR(LookupPrivilegeNameA(NULL, &luid, name, &n), ERROR_INSUFFICIENT_BUFFER);
    if (!check_under_wine()) /* keeps the size */
        CHECK_EQ(n, 17);
    luid.LowPart = 4711;
    CHECK_ERROR(LookupPrivilegeNameA(NULL, &luid, name, &n), ERROR_NO_SUCH_PRIVILEGE);
    if (!check_under_wine()) {
        CHECK_ERROR(
            LogonUserW(L"nobody", L".", L"password", LOGON32_LOGON_INTERACTIVE, LOGON32_PROVIDER_DEFAULT, &token),
            ERROR_LOGON_FAILURE);
        CHECK_ERROR(InitiateSystemShutdownW(NULL, NULL, 0, FALSE, FALSE), ERROR_ACCESS_DENIED);
        CHECK_ERROR(AbortSystemShutdownW(NULL), ERROR_ACCESS_DENIED);
    }
}

static void test_accounts(void)
{
    char name[128], domain[128], user[128];
    BYTE sid[SECURITY_MAX_SID_SIZE];
    DWORD n = sizeof sid, d = sizeof domain, u = sizeof user;
    SID_NAME_USE use;

    CHECK(GetUserNameA(user, &u));
    CHECK(LookupAccountNameA(NULL, user, sid, &n, domain, &d, &use));
    CHECK_EQ(use, SidTypeUser);
    CHECK(IsValidSid(sid));
    n = sizeof name;
    d = sizeof domain;
    CHECK(LookupAccountSidA(NULL, sid, name, &n, domain, &d, &use));
    CHECK_STR(name, user);
    if (check_under_wine())
        return; /* counts zeros, and too many */
    CHECK_EQ(n, strlen(name));
    CHECK_EQ(d, strlen(domain));
    n = d = 0;
    CHECK_ERROR(LookupAccountSidA(NULL, sid, NULL, &n, NULL, &d, &use), ERROR_INSUFFICIENT_BUFFER);
    CHECK_EQ(n, strlen(name) + 1);
    CHECK_EQ(d, strlen(domain) + 1);
    n = sizeof sid;
    d = sizeof domain;
    CHECK_ERROR(LookupAccountNameA(NULL, "no such account", sid, &n, domain, &d, &use), ERROR_NONE_MAPPED);
}

/* What each machine has: names with and without their domain. */
static void test_known_accounts(void)
{
    static const struct {
        const char *name, *domain, *sid;
        SID_NAME_USE use;
    } cases[] = {
        {"Users", "BUILTIN", "S-1-5-32-545", SidTypeAlias},
        {"BUILTIN\\Administrators", "BUILTIN", "S-1-5-32-544", SidTypeAlias},
        {"guests", "BUILTIN", "S-1-5-32-546", SidTypeAlias},
        {"Everyone", "", "S-1-1-0", SidTypeWellKnownGroup},
        {"NT AUTHORITY\\SYSTEM", "NT AUTHORITY", "S-1-5-18", SidTypeWellKnownGroup},
        {"LOCAL SERVICE", "NT AUTHORITY", "S-1-5-19", SidTypeWellKnownGroup},
        {"Network Service", "NT AUTHORITY", "S-1-5-20", SidTypeWellKnownGroup},
        {"INTERACTIVE", "NT AUTHORITY", "S-1-5-4", SidTypeWellKnownGroup},
        {"CREATOR OWNER", "", "S-1-3-0", SidTypeWellKnownGroup},
    };
    char domain[128], *text;
    BYTE sid[SECURITY_MAX_SID_SIZE];
    SID_NAME_USE use;
    for (size_t i = 0; i < ARRAYSIZE(cases); i++) {
        DWORD n = sizeof sid, d = sizeof domain;
        CHECK(LookupAccountNameA(NULL, cases[i].name, sid, &n, domain, &d, &use));
        CHECK_EQ(use, cases[i].use);
        CHECK(ConvertSidToStringSidA(sid, &text));
        CHECK_STR(text, cases[i].sid);
        LocalFree(text);
        if (!check_under_wine())
            CHECK_STR(domain, cases[i].domain);
    }
}

/* The user's primary group, and the machine as a domain. */
static void test_own_accounts(void)
{
    union {
        TOKEN_PRIMARY_GROUP group;
        BYTE room[256];
    } answer;
    char name[128], domain[128], computer[128], full[257];
    BYTE sid[SECURITY_MAX_SID_SIZE];
    DWORD size, n = sizeof name, d = sizeof domain, c = sizeof computer;
    SID_NAME_USE use;
    HANDLE token;
    CHECK(OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token));
    CHECK(GetTokenInformation(token, TokenPrimaryGroup, &answer, sizeof answer, &size));
    CloseHandle(token);
    if (check_under_wine())
        return;
    CHECK(LookupAccountSidA(NULL, answer.group.PrimaryGroup, name, &n, domain, &d, &use));
    CHECK_STR(name, "None");
    CHECK_EQ(use, SidTypeGroup);
    CHECK(GetComputerNameA(computer, &c));
    CHECK_STR(domain, computer);
    n = sizeof sid, d = sizeof domain;
    CHECK(LookupAccountNameA(NULL, computer, sid, &n, domain, &d, &use));
    CHECK_EQ(use, SidTypeDomain);
    snprintf(full, sizeof full, "%s\\None", computer);
    n = sizeof sid, d = sizeof domain;
    CHECK(LookupAccountNameA(NULL, full, sid, &n, domain, &d, &use));
    CHECK(EqualSid(sid, answer.group.PrimaryGroup));
}

static void test_credentials(void)
{
    CREDENTIALW c = {0}, *read, **list;
    CREDENTIALA *narrow;
    DWORD count;

    c.Type = CRED_TYPE_GENERIC;
    c.Persist = CRED_PERSIST_LOCAL_MACHINE;
    c.TargetName = L"winrun\\test";
    c.UserName = L"user";
    c.Comment = L"comment";
    c.CredentialBlob = (BYTE *)"secret";
    c.CredentialBlobSize = 6;
    CHECK(CredWriteW(&c, 0));
    CHECK(CredReadW(L"winrun\\test", CRED_TYPE_GENERIC, 0, &read));
    CHECK(!wcscmp(read->TargetName, L"winrun\\test"));
    CHECK(!wcscmp(read->UserName, L"user"));
    CHECK(!wcscmp(read->Comment, L"comment"));
    CHECK_EQ(read->CredentialBlobSize, 6);
    CHECK(!memcmp(read->CredentialBlob, "secret", 6));
    CHECK_EQ(read->Persist, CRED_PERSIST_LOCAL_MACHINE);
    CHECK_EQ(read->Type, CRED_TYPE_GENERIC);
    CHECK(read->LastWritten.dwHighDateTime != 0);
    CredFree(read);
    CHECK(CredReadA("winrun\\test", CRED_TYPE_GENERIC, 0, &narrow));
    CHECK_STR(narrow->TargetName, "winrun\\test");
    CHECK_STR(narrow->UserName, "user");
    CHECK_EQ(narrow->CredentialBlobSize, 6);
    CredFree(narrow);
    c.TargetName = L"winrun\\second";
    CHECK(CredWriteW(&c, 0));
    CHECK(CredEnumerateW(L"winrun\\*", 0, &count, &list));
    CHECK_EQ(count, 2);
    CredFree(list);
    CHECK_ERROR(CredEnumerateW(L"another*", 0, &count, &list), ERROR_NOT_FOUND);
    CHECK(CredDeleteW(L"winrun\\test", CRED_TYPE_GENERIC, 0));
    CHECK(CredDeleteW(L"winrun\\second", CRED_TYPE_GENERIC, 0));
    CHECK_ERROR(CredDeleteW(L"winrun\\test", CRED_TYPE_GENERIC, 0), ERROR_NOT_FOUND);
    CHECK_ERROR(CredReadW(L"winrun\\test", CRED_TYPE_GENERIC, 0, &read), ERROR_NOT_FOUND);
    c.Persist = 9;
    if (!check_under_wine())
        CHECK_ERROR(CredWriteW(&c, 0), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(CredWriteW(NULL, 0), ERROR_INVALID_PARAMETER);
}

int main(void)
{
    test_services();
    test_security();
    test_accounts();
    test_known_accounts();
    test_own_accounts();
    test_credentials();
    return check_done();
}
