/*
 * setx.c: setx.exe: a variable of the user's environment, or the machine's (/M), for programs that start later.
 */
#include "wide_main.h"

#define VALUE_MAX 1024 /* what setx saves of longer ones */

static int fail(const WCHAR *text)
{
    print_error(L"ERROR: %s\r\n", text);
    return 1;
}

static int save(const WCHAR *name, WCHAR *value, bool machine)
{
    HKEY key;
    HKEY root = machine ? HKEY_LOCAL_MACHINE : HKEY_CURRENT_USER;
    const WCHAR *path = machine ? L"SYSTEM\\CurrentControlSet\\Control\\Session Manager\\Environment" : L"Environment";
    DWORD type = wcschr(value, '%') ? REG_EXPAND_SZ : REG_SZ;

    if (wcslen(value) > VALUE_MAX) {
        print_error(L"\r\nWARNING: The data being saved is truncated to %d characters.\r\n", VALUE_MAX);
        value[VALUE_MAX] = 0;
    }
    LSTATUS error = RegCreateKeyExW(root, path, 0, NULL, 0, KEY_SET_VALUE, NULL, &key, NULL);
    if (!error) {
        error = RegSetValueExW(key, name, 0, type, (const BYTE *)value, (DWORD)((wcslen(value) + 1) * sizeof *value));
        RegCloseKey(key);
    }
    if (error)
        return fail(error_message(error));
    print(L"\r\nSUCCESS: Specified value was saved.\r\n");
    return 0;
}

static int run(int argc, WCHAR **argv)
{
    WCHAR *words[2];
    int count = 0;
    bool machine = false;

    for (int i = 1; i < argc; i++) {
        if (same_name(argv[i], L"/?")) {
            print(L"\r\nSETX variable value [/M]\r\n");
            return 0;
        }
        if (same_name(argv[i], L"/m"))
            machine = true;
        else if (count < 2 && (*argv[i] != '/' || count == 1))
            words[count++] = argv[i];
        else
            return fail(L"Invalid syntax.\r\nType \"SETX /?\" for usage.");
    }
    if (count < 2 || !*words[0] || wcschr(words[0], '='))
        return fail(L"Invalid syntax.\r\nType \"SETX /?\" for usage.");
    return save(words[0], words[1], machine);
}
