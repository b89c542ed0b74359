/*
 * hostname.c: hostname.exe: the computer's name.
 */
#include "wide_main.h"

static int run(int argc, WCHAR **argv)
{
    WCHAR name[256];
    DWORD size = 256;

    if (argc > 1) {
        print_error(
            L"sethostname: Use the Network Control Panel Applet to set hostname.\r\nhostname -s is not supported.\r\n");
        return 1;
    }
    if (!GetComputerNameExW(ComputerNameDnsHostname, name, &size)) {
        print_error(L"%s\r\n", error_message(GetLastError()));
        return 1;
    }
    print(L"%s\r\n", name);
    return 0;
}
