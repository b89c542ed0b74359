/*
 * waitfor.c: waitfor.exe: waits for a signal, or sends it.  A signal is a named event that its one waiter makes.
 */
#include "wide_main.h"

static const WCHAR usage[] = L"WAITFOR [/T timeout] signal\r\nWAITFOR /SI signal\r\n\r\n"
                             L"    /SI          sends the signal to who waits for it\r\n"
                             L"    /T timeout   waits at most so many seconds, 1 to 99999\r\n";

static int fail(const WCHAR *format, const WCHAR *word)
{
    print_error(format, word);
    print_error(L"Type \"WAITFOR /?\" for usage.\r\n");
    return 1;
}

static bool good_name(const WCHAR *name)
{
    for (const WCHAR *p = name; *p; p++)
        if (*p >= 128 || !iswalnum(*p))
            return false;
    return *name && wcslen(name) <= 225;
}

static int send_signal(const WCHAR *event_name)
{
    HANDLE event = OpenEventW(EVENT_MODIFY_STATE, FALSE, event_name);

    if (!event || !SetEvent(event)) {
        print_error(L"ERROR: Unable to send signal.  Nobody waits for it.\r\n");
        return 1;
    }
    print(L"\r\nSUCCESS: Specified signal was sent.\r\n");
    return 0;
}

static int run(int argc, WCHAR **argv)
{
    const WCHAR *name = NULL;
    WCHAR event_name[300];
    bool sends = false;
    DWORD seconds = 0;

    help_wanted(argc, argv, usage);
    for (int i = 1; i < argc; i++) {
        if (is_option(argv[i], L"si")) {
            sends = true;
        } else if (is_option(argv[i], L"t")) {
            const WCHAR *value = option_value(argc, argv, &i);
            if (!value || !parse_number(value, &seconds) || !seconds || seconds > 99999)
                return fail(L"ERROR: Invalid value for timeout specified.  Valid range is 1 - 99999.\r\n", L"");
        } else if (is_option(argv[i], L"s") || is_option(argv[i], L"u") || is_option(argv[i], L"p")) {
            print_error(L"ERROR: Other computers can not be reached.\r\n");
            return 1;
        } else if (*argv[i] == '/' || name) {
            return fail(L"ERROR: Invalid argument/option - '%s'.\r\n", argv[i]);
        } else {
            name = argv[i];
        }
    }
    if (!name)
        return fail(L"ERROR: Invalid syntax. Signal name is required.\r\n", L"");
    if (!good_name(name))
        return fail(L"ERROR: Invalid signal name '%s': letters and digits, at most 225.\r\n", name);
    _snwprintf(event_name, 299, L"Local\\waitfor.exe-%s", name);
    if (sends)
        return send_signal(_wcslwr(event_name));
    HANDLE event = CreateEventW(NULL, FALSE, FALSE, _wcslwr(event_name));
    if (!event || GetLastError() == ERROR_ALREADY_EXISTS)
        return fail(L"ERROR: Unable to wait for signal '%s': somebody does already.\r\n", name);
    if (WaitForSingleObject(event, seconds ? seconds * 1000 : INFINITE) != WAIT_OBJECT_0) {
        print_error(L"ERROR: Timed out waiting for '%s'.\r\n", name);
        return 1;
    }
    print(L"\r\nSUCCESS: Signal received.\r\n");
    return 0;
}
