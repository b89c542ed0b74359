/*
 * regsvr32.c: regsvr32.exe: calls a DLL's DllRegisterServer, DllUnregisterServer and DllInstall.
 */
#include "wide_main.h"
#include <objbase.h>

static bool silent;

static void say(const WCHAR *format, const WCHAR *path, const WCHAR *function, unsigned code)
{
    if (!silent)
        print_error(format, path, function, code);
}

static int call(HMODULE module, const WCHAR *path, const char *function, const WCHAR *name)
{
    HRESULT(WINAPI * entry)(void) = (HRESULT(WINAPI *)(void))(void *)GetProcAddress(module, function);

    if (!entry) {
        say(L"The module \"%s\" was loaded but the entry-point %s was not found.\r\n", path, name, 0);
        return 4;
    }
    HRESULT result = entry();
    if (FAILED(result))
        say(L"The module \"%s\" was loaded but the call to %s failed with error code 0x%08x.\r\n", path, name, result);
    else
        say(L"%s: %s succeeded.\r\n", path, name, 0);
    return FAILED(result) ? 5 : 0;
}

static int install(HMODULE module, const WCHAR *path, BOOL on, const WCHAR *argument)
{
    HRESULT(WINAPI * entry)
    (BOOL, LPCWSTR) = (HRESULT(WINAPI *)(BOOL, LPCWSTR))(void *)GetProcAddress(module, "DllInstall");

    if (!entry) {
        say(L"The module \"%s\" was loaded but the entry-point %s was not found.\r\n", path, L"DllInstall", 0);
        return 4;
    }
    return FAILED(entry(on, argument)) ? 5 : 0;
}

static int run(int argc, WCHAR **argv)
{
    bool unregister = false, register_too = true;
    const WCHAR *argument = NULL;
    int result = 0, count = 0;

    for (int i = 1; i < argc; i++) {
        if (*argv[i] != '/' && *argv[i] != '-') {
            argv[count++] = argv[i];
            continue;
        }
        WCHAR letter = towlower(argv[i][1]);
        unregister |= letter == 'u';
        silent |= letter == 's';
        if (letter == 'n')
            register_too = false;
        if (letter == 'i')
            argument = argv[i][2] == ':' ? argv[i] + 3 : L"";
    }
    if (!count) {
        say(L"To register a module, you must provide a binary name.\r\n", NULL, NULL, 0);
        return 1;
    }
    if (FAILED(OleInitialize(NULL)))
        return 2;
    for (int i = 0; i < count && !result; i++) {
        HMODULE module = LoadLibraryExW(argv[i], NULL, LOAD_WITH_ALTERED_SEARCH_PATH);
        if (!module) {
            say(L"The module \"%s\" failed to load: %s\r\n", argv[i], error_message(GetLastError()), 0);
            return 3;
        }
        if (argument && unregister)
            result = install(module, argv[i], FALSE, argument);
        if (register_too && !result)
            result = unregister ? call(module, argv[i], "DllUnregisterServer", L"DllUnregisterServer")
                                : call(module, argv[i], "DllRegisterServer", L"DllRegisterServer");
        if (argument && !unregister && !result)
            result = install(module, argv[i], TRUE, argument);
        FreeLibrary(module);
    }
    OleUninitialize();
    return result;
}
