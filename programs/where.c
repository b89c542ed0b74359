/*
 * where.c: where.exe: finds files by pattern in the current directory and the PATH, in given directories ($VARIABLE:
 * or DIRECTORIES:), or in a tree (/R).
 */
#include "wide_main.h"

struct search {
    bool quiet, quoted, details;
    unsigned found;
};

static void show(struct search *search, const WCHAR *path, const WIN32_FIND_DATAW *data)
{
    const WCHAR *quote = search->quoted ? L"\"" : L"";
    FILETIME local;
    SYSTEMTIME time;

    search->found++;
    if (search->quiet)
        return;
    if (search->details) {
        FileTimeToLocalFileTime(&data->ftLastWriteTime, &local);
        FileTimeToSystemTime(&local, &time);
        print(L"%10I64u   %02u/%02u/%04u  %02u:%02u:%02u  ",
              (unsigned long long)data->nFileSizeHigh << 32 | data->nFileSizeLow, time.wMonth, time.wDay, time.wYear,
              time.wHour, time.wMinute, time.wSecond);
    }
    print(L"%s%s%s\r\n", quote, path, quote);
}

static void search_directory(struct search *search, const WCHAR *directory, const WCHAR *pattern)
{
    WCHAR *path = join_path(directory, pattern), full[4096];
    WIN32_FIND_DATAW data;
    HANDLE find = FindFirstFileW(path, &data);

    free(path);
    if (find == INVALID_HANDLE_VALUE)
        return;
    do {
        if (data.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY)
            continue;
        path = join_path(directory, data.cFileName);
        GetFullPathNameW(path, 4096, full, NULL);
        show(search, full, &data);
        free(path);
    } while (FindNextFileW(find, &data));
    FindClose(find);
}

static void search_tree(struct search *search, const WCHAR *directory, const WCHAR *pattern)
{
    WCHAR *all = join_path(directory, L"*");
    WIN32_FIND_DATAW data;
    HANDLE find = FindFirstFileW(all, &data);

    search_directory(search, directory, pattern);
    free(all);
    if (find == INVALID_HANDLE_VALUE)
        return;
    do {
        if (!(data.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) ||
            data.dwFileAttributes & FILE_ATTRIBUTE_REPARSE_POINT || !wcscmp(data.cFileName, L".") ||
            !wcscmp(data.cFileName, L".."))
            continue;
        WCHAR *below = join_path(directory, data.cFileName);
        search_tree(search, below, pattern);
        free(below);
    } while (FindNextFileW(find, &data));
    FindClose(find);
}

/* The pattern as it is, and with each of PATHEXT where it has no extension. */
static void search_names(struct search *search, const WCHAR *directory, const WCHAR *pattern)
{
    WCHAR list[1024], name[1024];

    search_directory(search, directory, pattern);
    if (wcschr(pattern, '.') || !GetEnvironmentVariableW(L"PATHEXT", list, 1024))
        return;
    for (WCHAR *p = wcstok(list, L";"); p; p = wcstok(NULL, L";")) {
        _snwprintf(name, 1024, L"%s%s", pattern, p);
        search_directory(search, directory, name);
    }
}

static void search_list(struct search *search, const WCHAR *list, const WCHAR *pattern)
{
    while (*list) {
        size_t length = wcscspn(list, L";");
        WCHAR *directory = copy_n(list, length);
        if (*directory)
            search_names(search, directory, pattern);
        free(directory);
        list += length + (list[length] == ';');
    }
}

static void search_one(struct search *search, WCHAR *pattern)
{
    WCHAR *list = need(32768 * sizeof *list), *colon = wcsrchr(pattern, ':');

    if (colon && *pattern == '$') {
        *colon = 0;
        if (GetEnvironmentVariableW(pattern + 1, list, 32768))
            search_list(search, list, colon + 1);
    } else if (colon) {
        *colon = 0;
        search_list(search, pattern, colon + 1);
    } else {
        search_names(search, L".", pattern);
        if (GetEnvironmentVariableW(L"PATH", list, 32768))
            search_list(search, list, pattern);
    }
    free(list);
}

static int run(int argc, WCHAR **argv)
{
    struct search search = {0};
    const WCHAR *root = NULL;
    bool any = false;

    for (int i = 1; i < argc; i++) {
        if (same_name(argv[i], L"/q"))
            search.quiet = true;
        else if (same_name(argv[i], L"/f"))
            search.quoted = true;
        else if (same_name(argv[i], L"/t"))
            search.details = true;
        else if (same_name(argv[i], L"/r") && i + 1 < argc)
            root = argv[++i];
        else {
            unsigned before = search.found;
            any = true;
            if (root)
                search_tree(&search, root, argv[i]);
            else
                search_one(&search, argv[i]);
            if (search.found == before && !search.quiet)
                print_error(L"INFO: Could not find files for the given pattern(s).\r\n");
        }
    }
    if (!any) {
        print_error(L"ERROR: The syntax of the command is incorrect.\r\nType \"WHERE /?\" for usage.\r\n");
        return 2;
    }
    return search.found ? 0 : 1;
}
