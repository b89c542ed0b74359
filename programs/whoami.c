/*
 * whoami.c: whoami.exe: who runs this: the name, and with switches the security identifier, groups, privileges.
 */
#include "wide_main.h"
#include <sddl.h>

static void *token_information(TOKEN_INFORMATION_CLASS class)
{
    HANDLE token;
    DWORD size = 0;
    void *information = NULL;

    if (!OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token))
        return NULL;
    GetTokenInformation(token, class, NULL, 0, &size);
    if (size) {
        information = need(size);
        if (!GetTokenInformation(token, class, information, size, &size)) {
            free(information);
            information = NULL;
        }
    }
    CloseHandle(token);
    return information;
}

static void account_name(PSID sid, WCHAR *text, size_t room)
{
    WCHAR name[256] = L"", domain[256] = L"";
    DWORD name_size = 256, domain_size = 256;
    SID_NAME_USE use;

    if (!LookupAccountSidW(NULL, sid, name, &name_size, domain, &domain_size, &use))
        name[0] = domain[0] = 0;
    _snwprintf(text, room, *domain ? L"%s\\%s" : L"%s%s", domain, name);
    _wcslwr(text);
}

static int show_user(bool with_sid)
{
    TOKEN_USER *user = token_information(TokenUser);
    WCHAR name[520], *sid;

    if (!user) {
        print_error(L"ERROR: %s\r\n", error_message(GetLastError()));
        return 1;
    }
    account_name(user->User.Sid, name, 520);
    if (!with_sid) {
        print(L"%s\r\n", name);
    } else if (ConvertSidToStringSidW(user->User.Sid, &sid)) {
        print(L"\r\nUSER INFORMATION\r\n----------------\r\n\r\nUser Name%*s SID\r\n%s %s\r\n", (int)wcslen(name) - 9,
              L"", name, sid);
        LocalFree(sid);
    }
    free(user);
    return 0;
}

static int show_groups(void)
{
    TOKEN_GROUPS *groups = token_information(TokenGroups);
    WCHAR name[520], *sid;

    print(L"\r\nGROUP INFORMATION\r\n-----------------\r\n\r\n");
    for (DWORD i = 0; groups && i < groups->GroupCount; i++)
        if (ConvertSidToStringSidW(groups->Groups[i].Sid, &sid)) {
            account_name(groups->Groups[i].Sid, name, 520);
            print(L"%-48s %s\r\n", name, sid);
            LocalFree(sid);
        }
    free(groups);
    return 0;
}

static int show_privileges(void)
{
    TOKEN_PRIVILEGES *privileges = token_information(TokenPrivileges);
    WCHAR name[256];

    print(L"\r\nPRIVILEGES INFORMATION\r\n----------------------\r\n\r\n");
    for (DWORD i = 0; privileges && i < privileges->PrivilegeCount; i++) {
        DWORD size = 256;
        if (LookupPrivilegeNameW(NULL, &privileges->Privileges[i].Luid, name, &size))
            print(L"%-30s %s\r\n", name,
                  privileges->Privileges[i].Attributes & SE_PRIVILEGE_ENABLED ? L"Enabled" : L"Disabled");
    }
    free(privileges);
    return 0;
}

static int run(int argc, WCHAR **argv)
{
    int result = 0;

    if (argc < 2)
        return show_user(false);
    for (int i = 1; i < argc; i++) {
        if (same_name(argv[i], L"/user"))
            result |= show_user(true);
        else if (same_name(argv[i], L"/groups"))
            result |= show_groups();
        else if (same_name(argv[i], L"/priv"))
            result |= show_privileges();
        else if (same_name(argv[i], L"/all"))
            result |= show_user(true) | show_groups() | show_privileges();
        else {
            print_error(L"ERROR: Invalid argument/option - '%s'.\r\nType \"WHOAMI /?\" for usage.\r\n", argv[i]);
            return 1;
        }
    }
    return result;
}
