/*
 * chcp.c: chcp.com: shows or sets the console's code page.
 */
#include "wide_main.h"

static int run(int argc, WCHAR **argv)
{
    DWORD codepage;

    if (argc < 2) {
        print(L"Active code page: %u\r\n", GetConsoleOutputCP());
        return 0;
    }
    if (!parse_number(argv[1], &codepage)) {
        print_error(L"Parameter format not correct - %s\r\n", argv[1]);
        return 1;
    }
    if (!IsValidCodePage(codepage) || !SetConsoleCP(codepage) || !SetConsoleOutputCP(codepage)) {
        print_error(L"Invalid code page\r\n");
        return 1;
    }
    print(L"Active code page: %u\r\n", GetConsoleOutputCP());
    return 0;
}
