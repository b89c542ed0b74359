/*
 * attrib.c: attrib.exe: shows and changes attributes of files.
 */
#include "wide_main.h"

static const struct {
    WCHAR letter;
    DWORD bit;
} letters[] = {{'A', FILE_ATTRIBUTE_ARCHIVE}, {'S', FILE_ATTRIBUTE_SYSTEM},
               {'H', FILE_ATTRIBUTE_HIDDEN},  {'R', FILE_ATTRIBUTE_READONLY},
               {'O', FILE_ATTRIBUTE_OFFLINE}, {'I', FILE_ATTRIBUTE_NOT_CONTENT_INDEXED}};
static DWORD set, cleared;
static bool tree, directories;

static void show(const WCHAR *path, DWORD attributes)
{
    WCHAR text[] = L"A  SHRO I     ", full[4096];
    static const unsigned places[] = {0, 3, 4, 5, 6, 8};

    for (unsigned i = 0; i < 6; i++)
        if (!(attributes & letters[i].bit))
            text[places[i]] = ' ';
    GetFullPathNameW(path, 4096, full, NULL);
    print(L"%s%s\r\n", text, full);
}

static int apply(const WCHAR *path, DWORD attributes)
{
    if (!set && !cleared) {
        show(path, attributes);
        return 0;
    }
    DWORD changed = (attributes | set) & ~cleared & ~FILE_ATTRIBUTE_DIRECTORY;
    if (SetFileAttributesW(path, changed ? changed : FILE_ATTRIBUTE_NORMAL))
        return 0;
    print_error(L"%s - %s\r\n", error_message(GetLastError()), path);
    return 1;
}

static int walk(const WCHAR *directory, const WCHAR *pattern, unsigned *found)
{
    WCHAR *path = *directory ? join_path(directory, pattern) : copy_string(pattern);
    WIN32_FIND_DATAW data;
    HANDLE find = FindFirstFileW(path, &data);
    int result = 0;

    free(path);
    if (find != INVALID_HANDLE_VALUE) {
        do {
            bool is_dir = data.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY;
            if (!wcscmp(data.cFileName, L".") || !wcscmp(data.cFileName, L"..") ||
                (is_dir && !directories && wcspbrk(pattern, L"*?")))
                continue;
            path = *directory ? join_path(directory, data.cFileName) : copy_string(data.cFileName);
            result |= apply(path, data.dwFileAttributes);
            ++*found;
            free(path);
        } while (FindNextFileW(find, &data));
        FindClose(find);
    }
    if (!tree)
        return result;
    path = *directory ? join_path(directory, L"*") : copy_string(L"*");
    find = FindFirstFileW(path, &data);
    free(path);
    if (find == INVALID_HANDLE_VALUE)
        return result;
    do {
        if (data.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY &&
            !(data.dwFileAttributes & FILE_ATTRIBUTE_REPARSE_POINT) && wcscmp(data.cFileName, L".") &&
            wcscmp(data.cFileName, L"..")) {
            path = *directory ? join_path(directory, data.cFileName) : copy_string(data.cFileName);
            result |= walk(path, pattern, found);
            free(path);
        }
    } while (FindNextFileW(find, &data));
    FindClose(find);
    return result;
}

static bool take_change(const WCHAR *option)
{
    for (unsigned i = 0; i < 6; i++)
        if (towupper(option[1]) == letters[i].letter && !option[2]) {
            *(*option == '+' ? &set : &cleared) |= letters[i].bit;
            return true;
        }
    return false;
}

static int run(int argc, WCHAR **argv)
{
    const WCHAR *path = L"*";
    unsigned found = 0;

    for (int i = 1; i < argc; i++) {
        if ((*argv[i] == '+' || *argv[i] == '-') && take_change(argv[i]))
            continue;
        if (same_name(argv[i], L"/s"))
            tree = true;
        else if (same_name(argv[i], L"/d"))
            directories = true;
        else if (*argv[i] == '/' && same_name(argv[i], L"/l"))
            continue; /* of a link itself: what attributes are read and set on anyway */
        else if (*argv[i] == '/' || *argv[i] == '+' || *argv[i] == '-') {
            print_error(L"Invalid switch - %s\r\n", argv[i]);
            return 1;
        } else
            path = argv[i];
    }
    WCHAR *directory = copy_n(path, file_part(path) - path);
    int result = walk(directory, file_part(path), &found);
    free(directory);
    if (!found)
        print(L"File not found - %s\r\n", path);
    return found ? result : 1;
}
