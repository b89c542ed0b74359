/*
 * mode.c: mode.com: the console's size and code page.  Serial lines are set up by programs themselves.
 */
#include "wide_main.h"

static const WCHAR usage[] = L"MODE CON[:] [COLS=c] [LINES=n]\r\nMODE CON[:] CP [SELECT=yyy | /STATUS]\r\n";

static void show_size(void)
{
    CONSOLE_SCREEN_BUFFER_INFO info = {.dwSize = {80, 25}};

    GetConsoleScreenBufferInfo(GetStdHandle(STD_OUTPUT_HANDLE), &info);
    print(
        L"\r\nStatus for device CON:\r\n----------------------\r\n    Lines:          %d\r\n    Columns:        %d\r\n"
        L"    Keyboard rate:  31\r\n    Keyboard delay: 1\r\n    Code page:      %u\r\n\r\n",
        info.dwSize.Y, info.dwSize.X, GetConsoleOutputCP());
}

/* False: the console keeps the size it has. */
static bool set_size(COORD size)
{
    HANDLE out = CreateFileW(L"CONOUT$", GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL,
                             OPEN_EXISTING, 0, NULL);
    CONSOLE_SCREEN_BUFFER_INFO info;
    bool good = out != INVALID_HANDLE_VALUE && GetConsoleScreenBufferInfo(out, &info);

    if (good) {
        size.X = size.X ? size.X : info.dwSize.X;
        size.Y = size.Y ? size.Y : info.dwSize.Y;
        good = SetConsoleScreenBufferSize(out, size) && GetConsoleScreenBufferInfo(out, &info) &&
               info.dwSize.X == size.X && info.dwSize.Y == size.Y;
    }
    if (out != INVALID_HANDLE_VALUE)
        CloseHandle(out);
    return good;
}

static int set_code_page(const WCHAR *text)
{
    DWORD page;

    if (!parse_number(text, &page) || !IsValidCodePage(page) || !SetConsoleCP(page) || !SetConsoleOutputCP(page)) {
        print_error(L"Invalid code page\r\n");
        return 1;
    }
    return 0;
}

static int run(int argc, WCHAR **argv)
{
    COORD size = {0, 0};

    help_wanted(argc, argv, usage);
    if (argc > 1 && !same_name(argv[1], L"con") && !same_name(argv[1], L"con:")) {
        if (starts_with(argv[1], L"com") || starts_with(argv[1], L"lpt"))
            print_error(L"Illegal device name - %s\r\n", argv[1]);
        else
            print_error(L"Invalid parameter - %s\r\n", argv[1]);
        return 1;
    }
    for (int i = 2; i < argc; i++) {
        if (starts_with(argv[i], L"select="))
            return set_code_page(argv[i] + 7);
        if (starts_with(argv[i], L"cols="))
            size.X = (SHORT)wcstoul(argv[i] + 5, NULL, 10);
        else if (starts_with(argv[i], L"lines="))
            size.Y = (SHORT)wcstoul(argv[i] + 6, NULL, 10);
        else if (same_name(argv[i], L"cp")) {
            if (i + 1 == argc || is_option(argv[i + 1], L"status")) {
                print(L"\r\nStatus for device CON:\r\n----------------------\r\n    Code page:      %u\r\n\r\n",
                      GetConsoleOutputCP());
                return 0;
            }
        } else if (!starts_with(argv[i], L"rate=") && !starts_with(argv[i], L"delay=") &&
                   !is_option(argv[i], L"status")) {
            print_error(L"Invalid parameter - %s\r\n", argv[i]);
            return 1;
        }
    }
    if (!size.X && !size.Y) {
        show_size();
    } else if (!set_size(size)) {
        print_error(L"The screen cannot be set to the number of lines and columns specified.\r\n");
        return 1;
    }
    return 0;
}
