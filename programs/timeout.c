/*
 * timeout.c: timeout.exe: waits some seconds or for a key.
 */
#include "wide_main.h"
#include <conio.h>

static int run(int argc, WCHAR **argv)
{
    bool no_break = false, have_seconds = false;
    long seconds = 0;
    DWORD mode;
    WCHAR *end;

    for (int i = 1; i < argc; i++) {
        if (same_name(argv[i], L"/nobreak")) {
            no_break = true;
        } else if (!same_name(argv[i], L"/t")) {
            seconds = wcstol(argv[i], &end, 10);
            have_seconds = *argv[i] && !*end;
            if (!have_seconds || seconds < -1 || seconds > 99999) {
                print_error(
                    L"ERROR: Invalid value for timeout (/T) specified. Valid range is -1 to 99999 seconds.\r\n");
                return 1;
            }
        }
    }
    if (!have_seconds) {
        print_error(L"ERROR: Invalid syntax. Timeout value is required.\r\nType \"TIMEOUT /?\" for usage.\r\n");
        return 1;
    }
    if (!GetConsoleMode(GetStdHandle(STD_INPUT_HANDLE), &mode)) {
        print_error(L"ERROR: Input redirection is not supported, exiting the process immediately.\r\n");
        return 1;
    }
    for (; seconds; seconds -= seconds > 0) {
        if (seconds > 0)
            print(L"\rWaiting for %ld seconds, press %s to continue ...", seconds,
                  no_break ? L"CTRL+C to quit" : L"a key");
        else
            print(L"\rPress %s to continue ...", no_break ? L"CTRL+C" : L"any key");
        for (int tenth = 0; tenth < 10; tenth++) {
            if (!no_break && _kbhit()) {
                _getch();
                print(L"\r\n");
                return 0;
            }
            Sleep(100);
        }
    }
    print(L"\r\n");
    return 0;
}
