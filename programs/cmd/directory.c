/*
 * directory.c: the current directory and the tree: CD, PUSHD, POPD, MD, RD, MKLINK.
 */
#include "builtins.h"

struct pushed {
    struct pushed *below;
    WCHAR path[4096];
};
static struct pushed *pushed;

/* The rest of the line is the path, blanks in it included. */
static WCHAR *whole_path(const WCHAR *text)
{
    WCHAR *path = unquote(copy_string(text));
    for (size_t n = wcslen(path); n && is_delimiter(path[n - 1]); n--)
        path[n - 1] = 0;
    return path;
}

int builtin_cd(const WCHAR *text)
{
    WCHAR current[4096];
    bool drive_too = starts_with(text, L"/d");
    WCHAR *path = whole_path(drive_too ? skip_blanks(text + 2) : text);
    int result = 0;

    GetCurrentDirectoryW(4096, current);
    if (!*path) {
        out(L"%s\r\n", current);
    } else if (path[1] == ':' && !path[2] && !drive_too) { /* shows the directory of that drive */
        WCHAR full[4096];
        GetFullPathNameW(path, 4096, full, NULL);
        out(L"%s\r\n", full);
    } else if (path[1] == ':' && !drive_too && towupper(path[0]) != towupper(current[0])) {
        /* Another drive's directory changes, the drive stays. */
        if (SetCurrentDirectoryW(path))
            SetCurrentDirectoryW(current);
        else
            result = report(GetLastError());
    } else if (!SetCurrentDirectoryW(path)) {
        DWORD error = GetLastError();
        result = report(error == ERROR_FILE_NOT_FOUND ? ERROR_PATH_NOT_FOUND : error);
    }
    free(path);
    return result ? result : KEEPS;
}

int builtin_pushd(const WCHAR *text)
{
    struct pushed *entry;
    WCHAR *path = whole_path(text);

    if (!*path) {
        for (entry = pushed; entry; entry = entry->below)
            out(L"%s\r\n", entry->path);
        free(path);
        return KEEPS;
    }
    entry = need(sizeof *entry);
    GetCurrentDirectoryW(4096, entry->path);
    if (!SetCurrentDirectoryW(path)) {
        free(entry);
        free(path);
        return report(ERROR_PATH_NOT_FOUND);
    }
    entry->below = pushed;
    pushed = entry;
    free(path);
    return KEEPS;
}

int builtin_popd(const WCHAR *text)
{
    struct pushed *entry = pushed;

    (void)text;
    if (!entry)
        return 1;
    int result = SetCurrentDirectoryW(entry->path) ? KEEPS : report(GetLastError());
    pushed = entry->below;
    free(entry);
    return result;
}

/* Makes the directories above too. */
static DWORD make_directory(WCHAR *path)
{
    if (CreateDirectoryW(path, NULL))
        return ERROR_SUCCESS;
    if (GetLastError() != ERROR_PATH_NOT_FOUND)
        return GetLastError();
    WCHAR *name = (WCHAR *)file_part(path);
    if (name == path)
        return ERROR_PATH_NOT_FOUND;
    WCHAR separator = name[-1];
    name[-1] = 0;
    DWORD error = *path && path[wcslen(path) - 1] != ':' ? make_directory(path) : ERROR_PATH_NOT_FOUND;
    name[-1] = separator;
    if (error)
        return error;
    return !*name || CreateDirectoryW(path, NULL) ? ERROR_SUCCESS : GetLastError();
}

int builtin_md(const WCHAR *text)
{
    struct arguments arguments;
    int result = KEEPS;

    arguments_parse(text, &arguments);
    if (!arguments.count) {
        bad_usage();
        result = 1;
    }
    for (unsigned i = 0; i < arguments.count; i++) {
        WCHAR *path = arguments.names[i];
        size_t length = wcslen(path);
        if (length > 3 && (path[length - 1] == '\\' || path[length - 1] == '/'))
            path[length - 1] = 0;
        DWORD error = make_directory(path);
        if (error == ERROR_ALREADY_EXISTS)
            out_error(L"A subdirectory or file %s already exists.\r\n", arguments.names[i]);
        else if (error)
            report(error);
        if (error)
            result = 1;
    }
    arguments_free(&arguments);
    return result;
}

static DWORD remove_tree(const WCHAR *path)
{
    DWORD attributes = GetFileAttributesW(path), error = ERROR_SUCCESS;
    WIN32_FIND_DATAW data;

    if (!(attributes & FILE_ATTRIBUTE_REPARSE_POINT)) { /* what a link points to stays */
        WCHAR *pattern = join_path(path, L"*");
        HANDLE find = FindFirstFileW(pattern, &data);
        free(pattern);
        if (find != INVALID_HANDLE_VALUE) {
            do {
                if (!wcscmp(data.cFileName, L".") || !wcscmp(data.cFileName, L".."))
                    continue;
                WCHAR *name = join_path(path, data.cFileName);
                DWORD one = ERROR_SUCCESS;
                if (data.dwFileAttributes & FILE_ATTRIBUTE_READONLY)
                    SetFileAttributesW(name, data.dwFileAttributes & ~FILE_ATTRIBUTE_READONLY);
                if (data.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY)
                    one = remove_tree(name);
                else if (!DeleteFileW(name))
                    one = GetLastError();
                if (one) {
                    out_error(L"%s - %s\r\n", name, error_message(one));
                    error = one;
                }
                free(name);
            } while (FindNextFileW(find, &data));
            FindClose(find);
        }
    }
    return RemoveDirectoryW(path) ? ERROR_SUCCESS : error ? error : GetLastError();
}

int builtin_rd(const WCHAR *text)
{
    struct arguments arguments;
    int result = KEEPS;

    arguments_parse(text, &arguments);
    if (!arguments.count) {
        bad_usage();
        result = 1;
    }
    for (unsigned i = 0; i < arguments.count; i++) {
        const WCHAR *path = arguments.names[i];
        DWORD error = ERROR_SUCCESS, attributes = GetFileAttributesW(path);
        if (attributes == INVALID_FILE_ATTRIBUTES) {
            error = GetLastError();
        } else if (!(attributes & FILE_ATTRIBUTE_DIRECTORY)) {
            error = ERROR_DIRECTORY;
        } else if (has_switch(&arguments, 'S')) {
            if (has_switch(&arguments, 'Q') || ask(path, L"%s, Are you sure (Y/N)? "))
                error = remove_tree(path);
        } else if (!RemoveDirectoryW(path)) {
            error = GetLastError();
        }
        if (error)
            result = report(error) ? (int)error : 1;
    }
    arguments_free(&arguments);
    return result;
}

int builtin_mklink(const WCHAR *text)
{
    struct arguments arguments;
    BOOL made = FALSE;
    const WCHAR *kind = L"symbolic link";

    arguments_parse(text, &arguments);
    if (arguments.count != 2 || !only_switches(&arguments, L"DHJ")) {
        arguments_free(&arguments);
        bad_usage();
        return 1;
    }
    const WCHAR *link = arguments.names[0], *target = arguments.names[1];
    if (has_switch(&arguments, 'H')) {
        made = CreateHardLinkW(link, target, NULL);
        kind = L"hardlink";
    } else { /* a junction is a link to a directory by its full path */
        WCHAR full[4096];
        bool junction = has_switch(&arguments, 'J');
        if (junction && GetFullPathNameW(target, 4096, full, NULL))
            target = full;
        DWORD flags = junction || has_switch(&arguments, 'D') ? SYMBOLIC_LINK_FLAG_DIRECTORY : 0;
        made = CreateSymbolicLinkW(link, target, flags | SYMBOLIC_LINK_FLAG_ALLOW_UNPRIVILEGED_CREATE);
        if (junction)
            kind = L"Junction";
    }
    int result = made ? 0 : report(GetLastError());
    if (made)
        out(L"%s created for %s <<===>> %s\r\n", kind, arguments.names[0], arguments.names[1]);
    arguments_free(&arguments);
    return result;
}
