/*
 * rundll32.c: rundll32.exe DLL,FUNCTION ARGUMENTS: calls a function of a DLL.
 */
#include <stdio.h>
#include "console.h"

typedef void(CALLBACK *entry_w)(HWND, HINSTANCE, LPWSTR, int);
typedef void(CALLBACK *entry_a)(HWND, HINSTANCE, LPSTR, int);

static const WCHAR *skip_word(const WCHAR *p)
{
    bool quoted = false;
    while (*p && (quoted || (*p != ' ' && *p != '\t')))
        quoted ^= *p++ == '"';
    while (*p == ' ' || *p == '\t')
        p++;
    return p;
}

/* The name with W, then plain, then with A; *wide says which kind it is. */
static FARPROC find_entry(HMODULE module, const char *name, bool *wide)
{
    char decorated[260];
    FARPROC entry;

    *wide = true;
    if (*name == '#')
        return GetProcAddress(module, MAKEINTRESOURCEA(strtoul(name + 1, NULL, 10)));
    _snprintf(decorated, sizeof decorated, "%sW", name);
    entry = GetProcAddress(module, decorated);
    *wide = entry != NULL;
    if (!entry)
        entry = GetProcAddress(module, name);
    if (!entry) {
        _snprintf(decorated, sizeof decorated, "%sA", name);
        entry = GetProcAddress(module, decorated);
    }
    return entry;
}

int main(void)
{
    const WCHAR *start = skip_word(GetCommandLineW()), *p = start;
    bool quoted = false, wide;
    char name[256];

    while (*p && (quoted || (*p != ',' && *p != ' ')))
        quoted ^= *p++ == '"';
    if (p == start)
        return 0;
    WCHAR *library = copy_n(start, p - start), *to = library;
    for (const WCHAR *from = library; *from; from++)
        if (*from != '"')
            *to++ = *from;
    *to = 0;
    while (*p == ',' || *p == ' ')
        p++;
    size_t length = 0;
    while (*p && *p != ' ' && *p != '\t' && length < sizeof name - 1)
        name[length++] = (char)*p++;
    name[length] = 0;
    while (*p == ' ' || *p == '\t')
        p++;
    HMODULE module = LoadLibraryExW(library, NULL, LOAD_WITH_ALTERED_SEARCH_PATH);
    if (!module) {
        print_error(L"There was a problem starting %s\r\n%s\r\n", library, error_message(GetLastError()));
        return 1;
    }
    FARPROC entry = find_entry(module, name, &wide);
    if (!entry) {
        print_error(L"Error in %s\r\nMissing entry: %hs\r\n", library, name);
        return 1;
    }
    if (wide) {
        WCHAR *arguments = copy_string(p);
        ((entry_w)(void *)entry)(NULL, GetModuleHandleW(NULL), arguments, SW_SHOWDEFAULT);
        free(arguments);
    } else {
        char *arguments = need(wcslen(p) * 4 + 1);
        WideCharToMultiByte(CP_ACP, 0, p, -1, arguments, (int)wcslen(p) * 4 + 1, NULL, NULL);
        ((entry_a)(void *)entry)(NULL, GetModuleHandleW(NULL), arguments, SW_SHOWDEFAULT);
        free(arguments);
    }
    FreeLibrary(module);
    return 0;
}
