/*
 * tree.c: tree.com: the directories below one as a drawing, with their files (/F), in ASCII (/A).
 */
#include "wide_main.h"

struct drawing {
    const WCHAR *branch, *last, *line; /* before a directory, the last one, and what is below a branch */
    bool files;
};

static bool is_dots(const WCHAR *name)
{
    return !wcscmp(name, L".") || !wcscmp(name, L"..");
}

/* The next entry that is one of the tree's directories (or one of its files); false: there is none. */
static bool next(HANDLE find, WIN32_FIND_DATAW *data, bool directories)
{
    while (FindNextFileW(find, data)) {
        bool is_directory = data->dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY;
        if (is_directory == directories && !is_dots(data->cFileName) &&
            !(data->dwFileAttributes & (FILE_ATTRIBUTE_HIDDEN | FILE_ATTRIBUTE_REPARSE_POINT)))
            return true;
    }
    return false;
}

/* Finds what next() then goes on from; "." comes first. */
static HANDLE start(const WCHAR *path, WIN32_FIND_DATAW *data)
{
    WCHAR *pattern = join_path(path, L"*");
    HANDLE find = FindFirstFileW(pattern, data);
    free(pattern);
    return find;
}

static void draw_files(const struct drawing *d, const WCHAR *path, const WCHAR *indent, bool has_directories)
{
    WIN32_FIND_DATAW data;
    HANDLE find = start(path, &data);
    const WCHAR *line = has_directories ? d->line : L"    ";
    bool any = false;

    if (find == INVALID_HANDLE_VALUE)
        return;
    for (; next(find, &data, false); any = true)
        print(L"%s%s%s\r\n", indent, line, data.cFileName);
    if (any)
        print(L"%s%s\r\n", indent, line);
    FindClose(find);
}

static bool draw(const struct drawing *d, const WCHAR *path, const WCHAR *indent)
{
    WIN32_FIND_DATAW data, following;
    HANDLE find = start(path, &data);
    bool more = find != INVALID_HANDLE_VALUE && next(find, &data, true), any = more;

    if (d->files)
        draw_files(d, path, indent, any);
    while (more) {
        struct text below = {0};
        WCHAR *child = join_path(path, data.cFileName);
        more = next(find, &following, true);
        print(L"%s%s%s\r\n", indent, more ? d->branch : d->last, data.cFileName);
        text_add(&below, indent);
        text_add(&below, more ? d->line : L"    ");
        draw(d, child, below.data);
        free(child);
        free(below.data);
        data = following;
    }
    if (find != INVALID_HANDLE_VALUE)
        FindClose(find);
    return any;
}

static int run(int argc, WCHAR **argv)
{
    struct drawing d = {L"\x251c\x2500\x2500\x2500", L"\x2514\x2500\x2500\x2500", L"\x2502   ", false};
    WCHAR full[4096], label[MAX_PATH] = L"", root[4] = L"?:\\", *path = NULL;
    DWORD serial = 0;

    for (int i = 1; i < argc; i++) {
        if (same_name(argv[i], L"/f"))
            d.files = true;
        else if (same_name(argv[i], L"/a"))
            d.branch = L"+---", d.last = L"\\---", d.line = L"|   ";
        else if (*argv[i] == '/' || path)
            return print_error(L"%s - %s\r\n", *argv[i] == '/' ? L"Invalid switch" : L"Too many parameters", argv[i]),
                   1;
        else
            path = argv[i];
    }
    GetFullPathNameW(path ? path : L".", 4096, full, NULL);
    root[0] = full[0];
    GetVolumeInformationW(root, label, MAX_PATH, &serial, NULL, NULL, NULL, 0);
    print(L"Folder PATH listing%s%s\r\n", *label ? L" for volume " : L"", label);
    print(L"Volume serial number is %04lX-%04lX\r\n", serial >> 16, serial & 0xffff);
    if (path) {
        WCHAR *shown = copy_string(full);
        CharUpperW(shown);
        print(L"%s\r\n", shown);
        free(shown);
    } else {
        print(L"%c:.\r\n", full[0]);
    }
    if (!is_directory(full)) {
        print(L"Invalid path - %s\r\n", path ? path : full);
        return 1;
    }
    if (!draw(&d, full, L""))
        print(L"No subfolders exist \r\n\r\n");
    return 0;
}
