/*
 * whoami.c: whoami.exe: who runs this: the name, and with switches the security identifier, groups, privileges.
 */
#include "table.h"
#include "wide_main.h"
#include <sddl.h>

static const WCHAR usage[] = L"WHOAMI [/UPN | /FQDN | /LOGONID]\r\n"
                             L"WHOAMI { [/USER] [/GROUPS] [/PRIV] } [/FO TABLE | LIST | CSV] [/NH]\r\n"
                             L"WHOAMI /ALL [/FO TABLE | LIST | CSV] [/NH]\r\n";

static enum format format;
static bool header = true;

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

static SID_NAME_USE account_name(PSID sid, WCHAR *text, size_t room)
{
    WCHAR name[256] = L"", domain[256] = L"";
    DWORD name_size = 256, domain_size = 256;
    SID_NAME_USE use = SidTypeUnknown;

    if (!LookupAccountSidW(NULL, sid, name, &name_size, domain, &domain_size, &use))
        name[0] = domain[0] = 0, use = SidTypeUnknown;
    _snwprintf(text, room, *domain ? L"%s\\%s" : L"%s%s", domain, name);
    return use;
}

static void show(const WCHAR *title, struct table *table)
{
    if (format != FORMAT_CSV && header) {
        print(L"\r\n%s\r\n", title);
        for (size_t i = wcslen(title); i; i--)
            print(L"-");
        print(L"\r\n");
    }
    table->format = format;
    table->header = header;
    table_show(table);
    table_free(table);
}

static int show_name(void)
{
    TOKEN_USER *user = token_information(TokenUser);
    WCHAR name[520];

    if (!user) {
        print_error(L"ERROR: %s\r\n", error_message(GetLastError()));
        return 1;
    }
    account_name(user->User.Sid, name, 520);
    print(L"%s\r\n", _wcslwr(name));
    free(user);
    return 0;
}

static void show_user(void)
{
    static const struct column columns[] = {{L"User Name", 0, false}, {L"SID", 0, false}};
    struct table table = {.columns = columns, .column_count = 2};
    TOKEN_USER *user = token_information(TokenUser);
    WCHAR name[520], *sid;

    if (user && ConvertSidToStringSidW(user->User.Sid, &sid)) {
        account_name(user->User.Sid, name, 520);
        table_add(&table, (const WCHAR *[]){_wcslwr(name), sid});
        LocalFree(sid);
    }
    free(user);
    show(L"USER INFORMATION", &table);
}

static void group_attributes(DWORD bits, WCHAR *text)
{
    static const struct {
        DWORD bit;
        const WCHAR *name;
    } names[] = {{SE_GROUP_MANDATORY, L"Mandatory group"},
                 {SE_GROUP_ENABLED_BY_DEFAULT, L"Enabled by default"},
                 {SE_GROUP_ENABLED, L"Enabled group"},
                 {SE_GROUP_OWNER, L"Group owner"},
                 {SE_GROUP_USE_FOR_DENY_ONLY, L"Group used for deny only"}};

    *text = 0;
    for (unsigned i = 0; i < sizeof names / sizeof *names && !(bits & SE_GROUP_INTEGRITY); i++)
        if (bits & names[i].bit) {
            wcscat(text, *text ? L", " : L"");
            wcscat(text, names[i].name);
        }
}

static void show_groups(void)
{
    static const struct column columns[] = {
        {L"Group Name", 0, false}, {L"Type", 0, false}, {L"SID", 0, false}, {L"Attributes", 0, false}};
    static const WCHAR *const types[] = {L"Unknown SID type", L"User",        L"Group",
                                         L"Domain",           L"Alias",       L"Well-known group",
                                         L"Deleted account",  L"Invalid SID", L"Unknown SID type",
                                         L"Computer",         L"Label"};
    struct table table = {.columns = columns, .column_count = 4};
    TOKEN_GROUPS *groups = token_information(TokenGroups);
    WCHAR name[520], attributes[200], *sid;

    for (DWORD i = 0; groups && i < groups->GroupCount; i++) {
        const SID_AND_ATTRIBUTES *group = &groups->Groups[i];
        if ((group->Attributes & SE_GROUP_LOGON_ID) == SE_GROUP_LOGON_ID || !ConvertSidToStringSidW(group->Sid, &sid))
            continue;
        SID_NAME_USE use = account_name(group->Sid, name, 520);
        group_attributes(group->Attributes, attributes);
        table_add(&table, (const WCHAR *[]){name, use <= SidTypeLabel ? types[use] : types[0], sid, attributes});
        LocalFree(sid);
    }
    free(groups);
    show(L"GROUP INFORMATION", &table);
}

static void show_privileges(void)
{
    static const struct column columns[] = {
        {L"Privilege Name", 0, false}, {L"Description", 0, false}, {L"State", 0, false}};
    struct table table = {.columns = columns, .column_count = 3};
    TOKEN_PRIVILEGES *privileges = token_information(TokenPrivileges);
    WCHAR name[256], text[512];

    for (DWORD i = 0; privileges && i < privileges->PrivilegeCount; i++) {
        DWORD size = 256, text_size = 512, language;
        if (!LookupPrivilegeNameW(NULL, &privileges->Privileges[i].Luid, name, &size))
            continue;
        if (!LookupPrivilegeDisplayNameW(NULL, name, text, &text_size, &language))
            *text = 0;
        bool on = privileges->Privileges[i].Attributes & SE_PRIVILEGE_ENABLED;
        table_add(&table, (const WCHAR *[]){name, text, on ? L"Enabled" : L"Disabled"});
    }
    free(privileges);
    show(L"PRIVILEGES INFORMATION", &table);
}

static int show_logon_id(void)
{
    TOKEN_GROUPS *groups = token_information(TokenGroups);
    WCHAR *sid;

    for (DWORD i = 0; groups && i < groups->GroupCount; i++)
        if ((groups->Groups[i].Attributes & SE_GROUP_LOGON_ID) == SE_GROUP_LOGON_ID &&
            ConvertSidToStringSidW(groups->Groups[i].Sid, &sid)) {
            print(L"%s\r\n", sid);
            return 0;
        }
    print_error(L"ERROR: Unable to get logon ID.\r\n");
    return 1;
}

static int fail(const WCHAR *format, const WCHAR *word)
{
    print_error(format, word);
    print_error(L"Type \"WHOAMI /?\" for usage.\r\n");
    return 1;
}

static int run(int argc, WCHAR **argv)
{
    bool user = false, groups = false, privileges = false, formatted = false;

    help_wanted(argc, argv, usage);
    for (int i = 1; i < argc; i++) {
        const WCHAR *word = argv[i];
        if (is_option(word, L"upn")) {
            print_error(L"ERROR: Unable to get User Principal Name (UPN) as the current\r\n"
                        L"       logged-on user is not a domain user.\r\n");
            return 1;
        }
        if (is_option(word, L"fqdn")) {
            print_error(L"ERROR: Unable to get Fully Qualified Distinguished Name (FQDN) as the current\r\n"
                        L"       logged-on user is not a domain user.\r\n");
            return 1;
        }
        if (is_option(word, L"logonid"))
            return show_logon_id();
        if (is_option(word, L"fo")) {
            const WCHAR *value = option_value(argc, argv, &i);
            if (!value || !parse_format(value, &format))
                return fail(L"ERROR: Invalid syntax. '%s' is not a valid value for '/FO'.\r\n", value ? value : L"");
            formatted = true;
        } else if (is_option(word, L"nh")) {
            header = false;
        } else if (is_option(word, L"user") || is_option(word, L"groups") || is_option(word, L"priv") ||
                   is_option(word, L"all")) {
            bool all = is_option(word, L"all");
            user |= all || is_option(word, L"user");
            groups |= all || is_option(word, L"groups");
            privileges |= all || is_option(word, L"priv");
        } else {
            return fail(L"ERROR: Invalid argument/option - '%s'.\r\n", word);
        }
    }
    if (!user && !groups && !privileges) {
        if (formatted || !header)
            return fail(L"ERROR: Invalid syntax. /FO and /NH need /USER, /GROUPS, /PRIV or /ALL.\r\n", L"");
        return show_name();
    }
    if (format == FORMAT_LIST && !header)
        return fail(L"ERROR: Invalid syntax. /NH option is allowed only for \"TABLE\" and \"CSV\" formats.\r\n", L"");
    if (user)
        show_user();
    if (groups)
        show_groups();
    if (privileges)
        show_privileges();
    return 0;
}
