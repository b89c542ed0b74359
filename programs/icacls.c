/*
 * icacls.c: icacls.exe: shows access lists; changes are accepted, since the host's permissions decide.
 */
#include "wide_main.h"

static unsigned processed, failed;

static void process(const WCHAR *path, bool show, bool quiet)
{
    if (show)
        print(L"%s Everyone:(F)\r\n\r\n", path);
    else if (!quiet)
        print(L"processed file: %s\r\n", path);
    processed++;
}

static void walk(const WCHAR *directory, const WCHAR *pattern, bool tree, bool show, bool quiet)
{
    WCHAR *path = *directory ? join_path(directory, pattern) : copy_string(pattern);
    WIN32_FIND_DATAW data;
    HANDLE find = FindFirstFileW(path, &data);

    if (find == INVALID_HANDLE_VALUE) {
        if (GetFileAttributesW(path) != INVALID_FILE_ATTRIBUTES) { /* a drive's root */
            process(path, show, quiet);
        } else if (!wcspbrk(pattern, L"*?")) {
            print_error(L"%s: %s\r\n", path, error_message(GetLastError()));
            failed++;
        }
        free(path);
        return;
    }
    free(path);
    do {
        if (!wcscmp(data.cFileName, L".") || !wcscmp(data.cFileName, L".."))
            continue;
        path = *directory ? join_path(directory, data.cFileName) : copy_string(data.cFileName);
        process(path, show, quiet);
        if (tree && data.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY &&
            !(data.dwFileAttributes & FILE_ATTRIBUTE_REPARSE_POINT))
            walk(path, L"*", true, show, quiet);
        free(path);
    } while (FindNextFileW(find, &data));
    FindClose(find);
}

static int run(int argc, WCHAR **argv)
{
    bool tree = false, quiet = false, show = true;

    if (argc < 2) {
        print_error(L"ICACLS name [/grant ...] [/deny ...] [/remove ...] [/inheritance:e|d|r] [/reset] [/T] [/C] [/L] "
                    L"[/Q]\r\n");
        return 1;
    }
    for (int i = 2; i < argc; i++) {
        if (same_name(argv[i], L"/t"))
            tree = true;
        else if (same_name(argv[i], L"/q"))
            quiet = true;
        else if (*argv[i] == '/' && !same_name(argv[i], L"/c") && !same_name(argv[i], L"/l"))
            show = false;
    }
    WCHAR *directory = copy_n(argv[1], file_part(argv[1]) - argv[1]);
    const WCHAR *name = file_part(argv[1]);
    walk(*name ? directory : L"", *name ? name : argv[1], tree, show, quiet);
    free(directory);
    print(L"Successfully processed %u files; Failed processing %u files\r\n", processed, failed);
    return failed ? 2 : 0;
}
