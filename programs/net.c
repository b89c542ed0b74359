/*
 * net.c: net.exe: what it can truly say here: the services (there are none), connections to shares (none), accounts
 * (whoever runs this), and whether somebody is an administrator (NET SESSION: nobody is).
 *
 * Exit: 0, 1 for wrong arguments, 2 if a command failed.
 */
#include "wide_main.h"
#include <lmerr.h>

static const WCHAR usage[] =
    L"The syntax of this command is:\r\n\r\nNET\r\n"
    L"    [ FILE | HELPMSG | LOCALGROUP | SESSION | SHARE | START | STOP | USE | USER | VIEW ]\r\n";

static int done(void)
{
    print(L"The command completed successfully.\r\n\r\n");
    return 0;
}

static int fail(DWORD code, const WCHAR *text)
{
    if (code == ERROR_ACCESS_DENIED)
        print_error(L"System error %lu has occurred.\r\n\r\n%s\r\n\r\n", code, text);
    else
        print_error(L"%s\r\n\r\nMore help is available by typing NET HELPMSG %lu.\r\n\r\n", text, code);
    return 2;
}

static int show_user(const WCHAR *name)
{
    WCHAR user[256] = L"", computer[256] = L"";
    DWORD size = 256;

    GetUserNameW(user, &size);
    size = 256;
    GetComputerNameW(computer, &size);
    if (name && !same_name(name, user))
        return fail(NERR_UserNotFound, L"The user name could not be found.");
    if (name)
        print(L"User name                    %s\r\nAccount active               Yes\r\n", user);
    else
        print(L"\r\nUser accounts for \\\\%s\r\n\r\n%.79s\r\n%s\r\n", computer,
              L"-------------------------------------------------------------------------------", user);
    return done();
}

static int help_message(const WCHAR *text)
{
    DWORD code;

    if (!text || !parse_number(text, &code)) {
        print_error(L"The syntax of this command is:\r\n\r\nNET HELPMSG\r\nmessage#\r\n\r\n");
        return 1;
    }
    print(L"\r\n%s\r\n\r\n", error_message(code));
    return 0;
}

static int run(int argc, WCHAR **argv)
{
    const WCHAR *verb = argc > 1 ? argv[1] : L"", *name = argc > 2 ? argv[2] : NULL;

    if (!*verb || is_option(verb, L"?") || same_name(verb, L"help")) {
        print(L"%s", usage);
        return *verb ? 0 : 1;
    }
    if (same_name(verb, L"helpmsg"))
        return help_message(name);
    if (same_name(verb, L"use") && !name) {
        print(L"New connections will be remembered.\r\n\r\nThere are no entries in the list.\r\n\r\n");
        return 0;
    }
    if (same_name(verb, L"use"))
        return fail(NERR_UseNotFound, L"The network connection could not be found.");
    if (same_name(verb, L"start") && !name) {
        print(L"These Windows services are started:\r\n\r\n");
        return done();
    }
    if (same_name(verb, L"start") || same_name(verb, L"stop") || same_name(verb, L"pause") ||
        same_name(verb, L"continue"))
        return fail(2185, L"The service name is invalid."); /* NERR_ServiceNotInstalled */
    if ((same_name(verb, L"user") || same_name(verb, L"users")) && argc <= 3)
        return show_user(name);
    if (same_name(verb, L"session") || same_name(verb, L"file") || same_name(verb, L"share") ||
        same_name(verb, L"user") || same_name(verb, L"localgroup") || same_name(verb, L"accounts") ||
        same_name(verb, L"view"))
        return fail(ERROR_ACCESS_DENIED, L"Access is denied.");
    print_error(L"%s", usage);
    return 1;
}
