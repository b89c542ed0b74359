/*
 * Do access tokens behave: opening, what they say and in which sizes, privileges switched on and off, copies,
 * restricted ones, threads that act as somebody; and the same below advapi32?
 */
#include "check.h"

static HMODULE ntdll;
#define GET(result, name, ...) result(WINAPI *name)(__VA_ARGS__) = (void *)GetProcAddress(ntdll, #name)
#define CHECK_HEX(a, b) CHECK_EQ((ULONG)(a), (ULONG)(b))

static HANDLE token;

static void information(void)
{
    GET(LONG, NtQueryInformationToken, HANDLE, TOKEN_INFORMATION_CLASS, void *, ULONG, ULONG *);
    static const struct {
        TOKEN_INFORMATION_CLASS class;
        DWORD size; /* 0: more than a structure */
    } classes[] = {{TokenUser, 0},           {TokenGroups, 0},       {TokenPrivileges, 0},
                   {TokenOwner, 0},          {TokenPrimaryGroup, 0}, {TokenDefaultDacl, 0},
                   {TokenType, 4},           {TokenStatistics, 56},  {TokenSessionId, 4},
                   {TokenElevationType, 4},  {TokenElevation, 4},    {TokenIntegrityLevel, 0},
                   {TokenIsAppContainer, 4}, {TokenUIAccess, 4},     {TokenVirtualizationEnabled, 4}};
    DWORD size, again, value;
    BYTE buffer[4096];

    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++) {
        size = 0;
        if (check_under_wine() && classes[i].class > TokenIntegrityLevel)
            continue;
        CHECK(!GetTokenInformation(token, classes[i].class, NULL, 0, &size));
        if (!check_under_wine()) /* does not tell fixed sizes apart */
            CHECK_EQ(GetLastError(), classes[i].size == 4 ? ERROR_BAD_LENGTH : ERROR_INSUFFICIENT_BUFFER);
        CHECK(classes[i].size ? size == classes[i].size : size > 8);
        CHECK(GetTokenInformation(token, classes[i].class, buffer, sizeof buffer, &again));
        CHECK_EQ(again, size);
        if (size > 4) {
            CHECK(!GetTokenInformation(token, classes[i].class, buffer, size - 1, &again));
            CHECK_EQ(again, size);
        }
    }
    if (!check_under_wine()) /* ERROR_INVALID_FUNCTION */
        CHECK_ERROR(GetTokenInformation(token, (TOKEN_INFORMATION_CLASS)999, buffer, sizeof buffer, &size),
                    ERROR_INVALID_PARAMETER);
    CHECK_ERROR(GetTokenInformation(token, TokenImpersonationLevel, buffer, sizeof buffer, &size),
                ERROR_INVALID_PARAMETER);
    CHECK_ERROR(GetTokenInformation((HANDLE)0x7770, TokenUser, buffer, sizeof buffer, &size), ERROR_INVALID_HANDLE);
    CHECK_HEX(NtQueryInformationToken(token, TokenUser, NULL, 0, &value), 0xC0000023);
    CHECK(GetTokenInformation(token, TokenType, &value, sizeof value, &size));
    CHECK_EQ(value, TokenPrimary);
    CHECK(GetTokenInformation(token, TokenUser, buffer, sizeof buffer, &size));
    CHECK(IsValidSid(((TOKEN_USER *)buffer)->User.Sid));
    CHECK((BYTE *)((TOKEN_USER *)buffer)->User.Sid > buffer &&
          (BYTE *)((TOKEN_USER *)buffer)->User.Sid < buffer + size);
}

static DWORD attributes_of(HANDLE of, DWORD value)
{
    BYTE buffer[2048];
    TOKEN_PRIVILEGES *all = (void *)buffer;
    DWORD size;

    if (!GetTokenInformation(of, TokenPrivileges, buffer, sizeof buffer, &size))
        return 0x1000;
    for (DWORD i = 0; i < all->PrivilegeCount; i++)
        if (all->Privileges[i].Luid.LowPart == value)
            return all->Privileges[i].Attributes;
    return 0x2000; /* not held */
}

static void privileges(void)
{
    GET(LONG, RtlAdjustPrivilege, ULONG, BYTE, BYTE, BYTE *);
    TOKEN_PRIVILEGES wanted = {1}, before;
    PRIVILEGE_SET set = {1, PRIVILEGE_SET_ALL_NECESSARY};
    HANDLE second, weak;
    DWORD size;
    BYTE was;
    BOOL held;

    CHECK(LookupPrivilegeValueA(NULL, "SeShutdownPrivilege", &wanted.Privileges[0].Luid));
    CHECK_EQ(wanted.Privileges[0].Luid.LowPart, 19);
    CHECK(LookupPrivilegeValueA(NULL, "SeChangeNotifyPrivilege", &set.Privilege[0].Luid));
    CHECK_EQ(attributes_of(token, 23), SE_PRIVILEGE_ENABLED | SE_PRIVILEGE_ENABLED_BY_DEFAULT);
    CHECK(PrivilegeCheck(token, &set, &held) && held);
    if (check_under_wine())
        return; /* an administrator there */
    CHECK_EQ(attributes_of(token, 19), 0);
    CHECK_EQ(attributes_of(token, 20), 0x2000);
    set.Privilege[0].Luid.LowPart = 19;
    CHECK(PrivilegeCheck(token, &set, &held) && !held);
    wanted.Privileges[0].Attributes = SE_PRIVILEGE_ENABLED;
    size = 0;
    CHECK(AdjustTokenPrivileges(token, FALSE, &wanted, sizeof before, &before, &size));
    CHECK_EQ(GetLastError(), ERROR_SUCCESS);
    CHECK_EQ(size, sizeof before);
    CHECK_EQ(before.PrivilegeCount, 1);
    CHECK_EQ(before.Privileges[0].Luid.LowPart, 19);
    CHECK_EQ(before.Privileges[0].Attributes, 0);
    CHECK_EQ(attributes_of(token, 19), SE_PRIVILEGE_ENABLED);
    CHECK(PrivilegeCheck(token, &set, &held) && held);
    CHECK(OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &second));
    CHECK_EQ(attributes_of(second, 19), SE_PRIVILEGE_ENABLED); /* the same token */
    CHECK_ERROR(AdjustTokenPrivileges(second, FALSE, &wanted, 0, NULL, NULL), ERROR_ACCESS_DENIED);
    CloseHandle(second);
    CHECK(AdjustTokenPrivileges(token, FALSE, &wanted, sizeof before, &before, &size)); /* nothing changes */
    CHECK_EQ(before.PrivilegeCount, 0);
    CHECK_HEX(RtlAdjustPrivilege(19, FALSE, FALSE, &was), 0);
    CHECK_EQ(was, 1);
    CHECK_HEX(RtlAdjustPrivilege(19, FALSE, FALSE, &was), 0);
    CHECK_EQ(was, 0);
    CHECK_HEX(RtlAdjustPrivilege(20, TRUE, FALSE, &was), 0xC0000061);
    CHECK_HEX(RtlAdjustPrivilege(19, TRUE, TRUE, &was), 0xC000007C);
    wanted.Privileges[0].Luid.LowPart = 20;
    CHECK(AdjustTokenPrivileges(token, FALSE, &wanted, 0, NULL, NULL));
    CHECK_EQ(GetLastError(), ERROR_NOT_ALL_ASSIGNED);
    CHECK_ERROR(AdjustTokenPrivileges(token, FALSE, NULL, 0, NULL, NULL), ERROR_INVALID_PARAMETER);

    CHECK(CreateRestrictedToken(token, DISABLE_MAX_PRIVILEGE, 0, NULL, 0, NULL, 0, NULL, &weak));
    CHECK_EQ(attributes_of(weak, 19), 0x2000);
    CHECK_EQ(attributes_of(weak, 23), SE_PRIVILEGE_ENABLED | SE_PRIVILEGE_ENABLED_BY_DEFAULT);
    CHECK_EQ(attributes_of(token, 19), 0);
    CHECK(!IsTokenRestricted(weak));
    CloseHandle(weak);
    CHECK_ERROR(CreateRestrictedToken(token, 0x100, 0, NULL, 0, NULL, 0, NULL, &weak), ERROR_INVALID_PARAMETER);
}

static void copies(void)
{
    HANDLE copy, primary, opened;
    DWORD value, size;

    CHECK_ERROR(OpenThreadToken(GetCurrentThread(), TOKEN_QUERY, TRUE, &opened), ERROR_NO_TOKEN);
    CHECK(DuplicateToken(token, SecurityIdentification, &copy));
    CHECK(GetTokenInformation(copy, TokenType, &value, sizeof value, &size));
    CHECK_EQ(value, TokenImpersonation);
    CHECK(GetTokenInformation(copy, TokenImpersonationLevel, &value, sizeof value, &size));
    CHECK_EQ(value, SecurityIdentification);
    CHECK_ERROR(DuplicateTokenEx(copy, 0, NULL, SecurityImpersonation, TokenPrimary, &primary), ERROR_ACCESS_DENIED);
    CloseHandle(copy);
    CHECK(DuplicateTokenEx(token, TOKEN_ALL_ACCESS, NULL, SecurityIdentification, TokenImpersonation, &copy));
    if (!check_under_wine()) /* makes one */
        CHECK_ERROR(DuplicateTokenEx(copy, 0, NULL, SecurityImpersonation, TokenPrimary, &primary),
                    ERROR_BAD_IMPERSONATION_LEVEL);
    CloseHandle(copy);
    CHECK(DuplicateTokenEx(token, TOKEN_ALL_ACCESS, NULL, SecurityImpersonation, TokenImpersonation, &copy));
    CHECK(DuplicateTokenEx(copy, TOKEN_ALL_ACCESS, NULL, SecurityImpersonation, TokenPrimary, &primary));
    CHECK(GetTokenInformation(primary, TokenType, &value, sizeof value, &size));
    CHECK_EQ(value, TokenPrimary);
    if (!check_under_wine()) /* takes any */
        CHECK_ERROR(SetThreadToken(NULL, primary), ERROR_BAD_TOKEN_TYPE);
    CHECK(SetThreadToken(NULL, copy));
    CHECK(OpenThreadToken(GetCurrentThread(), TOKEN_QUERY, TRUE, &opened));
    CHECK(GetTokenInformation(opened, TokenType, &value, sizeof value, &size));
    CHECK_EQ(value, TokenImpersonation);
    CloseHandle(opened);
    CHECK(RevertToSelf());
    CHECK_ERROR(OpenThreadToken(GetCurrentThread(), TOKEN_QUERY, TRUE, &opened), ERROR_NO_TOKEN);
    CHECK(ImpersonateSelf(SecurityImpersonation));
    CHECK(OpenThreadToken(GetCurrentThread(), TOKEN_QUERY, FALSE, &opened));
    CloseHandle(opened);
    CHECK(RevertToSelf());
    CHECK(ImpersonateLoggedOnUser(token));
    CHECK(OpenThreadToken(GetCurrentThread(), TOKEN_QUERY, FALSE, &opened));
    CloseHandle(opened);
    CHECK(RevertToSelf());
    CHECK_ERROR(ImpersonateLoggedOnUser(NULL), ERROR_INVALID_HANDLE);
    CloseHandle(copy);
    CloseHandle(primary);
}

static void membership(void)
{
    BYTE sid[SECURITY_MAX_SID_SIZE];
    static const struct {
        WELL_KNOWN_SID_TYPE kind;
        BOOL member;
    } cases[] = {
        {WinWorldSid, TRUE}, {WinAuthenticatedUserSid, TRUE}, {WinBuiltinUsersSid, TRUE},   {WinLocalSystemSid, FALSE},
        {WinNullSid, FALSE}, {WinBuiltinGuestsSid, FALSE},    {WinNetworkServiceSid, FALSE}};
    HANDLE copy;
    BOOL member;

    DuplicateToken(token, SecurityIdentification, &copy);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        DWORD size = sizeof sid;
        CHECK(CreateWellKnownSid(cases[i].kind, NULL, sid, &size));
        CHECK(CheckTokenMembership(NULL, sid, &member));
        CHECK_EQ(member, cases[i].member);
        CHECK(CheckTokenMembership(copy, sid, &member));
        CHECK_EQ(member, cases[i].member);
    }
    CHECK_ERROR(CheckTokenMembership(token, sid, &member), ERROR_NO_IMPERSONATION_TOKEN);
    CloseHandle(copy);
}

int main(void)
{
    HANDLE none;

    ntdll = GetModuleHandleA("ntdll");
    CHECK(OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY | TOKEN_ADJUST_PRIVILEGES | TOKEN_DUPLICATE, &token));
    CHECK_ERROR(OpenProcessToken((HANDLE)0x7770, TOKEN_QUERY, &none), ERROR_INVALID_HANDLE);
    information();
    privileges();
    copies();
    membership();
    CHECK(CloseHandle(token));
    CHECK_ERROR(CloseHandle(token), ERROR_INVALID_HANDLE);
    return check_done();
}
