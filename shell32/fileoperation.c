/*
 * fileoperation.c: SHFileOperation: copying, moving, renaming and deleting files and whole directories.
 *
 * Layer: shell32, over kernel32's files.  Nobody is asked: what needs an answer is done as with FOF_NOCONFIRMATION.
 * There is no recycle bin: FOF_ALLOWUNDO deletes, as on a drive that has none.
 */
#include "shell.h"

/* Old errors of this function, which no header has. */
#define DE_SAMEFILE 0x71
#define DE_DIFFDIR 0x73
#define DE_DESTSUBTREE 0x76
#define DE_INVALIDFILES 0x7c
#define DE_FLDDESTISFILE 0x7e
#define DE_FILEDESTISFLD 0x80

struct operation {
    UINT what;
    FILEOP_FLAGS flags;
};

static bool join(WCHAR *path, const WCHAR *directory, const WCHAR *name)
{
    size_t length = wide_length(directory);

    if (length + wide_length(name) + 2 > MAX_PATH)
        return false;
    memmove(path, directory, length * sizeof *path);
    if (length && path[length - 1] != '\\')
        path[length++] = '\\';
    lstrcpyW(path + length, name);
    return true;
}

static bool is_directory(const WCHAR *path)
{
    DWORD attributes = GetFileAttributesW(path);

    return attributes != INVALID_FILE_ATTRIBUTES && attributes & FILE_ATTRIBUTE_DIRECTORY;
}

static bool is_dots(const WCHAR *name)
{
    return name[0] == '.' && (!name[1] || (name[1] == '.' && !name[2]));
}

/* ---- one thing ---- */

static int delete_tree(const WCHAR *path);
static int copy_tree(struct operation *operation, const WCHAR *from, const WCHAR *to);

/* Calls for each name in a directory until one fails. */
static int for_each(struct operation *operation, const WCHAR *from, const WCHAR *to)
{
    WCHAR inner[MAX_PATH], target[MAX_PATH];
    WIN32_FIND_DATAW found;
    HANDLE search;
    int error = 0;

    if (!join(inner, from, L"*"))
        return ERROR_FILENAME_EXCED_RANGE;
    search = FindFirstFileW(inner, &found);
    if (search == INVALID_HANDLE_VALUE)
        return (int)GetLastError();
    do {
        if (is_dots(found.cFileName))
            continue;
        if (!join(inner, from, found.cFileName) || (to && !join(target, to, found.cFileName)))
            error = ERROR_FILENAME_EXCED_RANGE;
        else
            error = to ? copy_tree(operation, inner, target) : delete_tree(inner);
    } while (!error && FindNextFileW(search, &found));
    FindClose(search);
    return error;
}

/* Links to directories go, what they lead to stays. */
static int delete_tree(const WCHAR *path)
{
    DWORD attributes = GetFileAttributesW(path);
    int error = 0;

    if (attributes == INVALID_FILE_ATTRIBUTES)
        return (int)GetLastError();
    if (attributes & FILE_ATTRIBUTE_READONLY)
        SetFileAttributesW(path, attributes & ~(DWORD)FILE_ATTRIBUTE_READONLY);
    if (attributes & FILE_ATTRIBUTE_DIRECTORY) {
        if (!(attributes & FILE_ATTRIBUTE_REPARSE_POINT))
            error = for_each(NULL, path, NULL);
        if (!error && !RemoveDirectoryW(path))
            error = (int)GetLastError();
    } else if (!DeleteFileW(path)) {
        error = (int)GetLastError();
    }
    return error;
}

static int copy_tree(struct operation *operation, const WCHAR *from, const WCHAR *to)
{
    if (!is_directory(from)) {
        if (is_directory(to))
            return DE_FILEDESTISFLD;
        return CopyFileW(from, to, FALSE) ? 0 : (int)GetLastError();
    }
    if (!is_directory(to)) {
        if (GetFileAttributesW(to) != INVALID_FILE_ATTRIBUTES)
            return DE_FLDDESTISFILE;
        int error = SHCreateDirectoryExW(NULL, to, NULL);
        if (error)
            return error;
    }
    return for_each(operation, from, to);
}

static bool inside(const WCHAR *outer, const WCHAR *path)
{
    size_t length = wide_length(outer);

    for (size_t i = 0; i < length; i++)
        if (wide_upper(outer[i]) != wide_upper(path[i]))
            return false;
    return path[length] == '\\' || !path[length];
}

/* "name - Copy", "name - Copy (2)": for FOF_RENAMEONCOLLISION. */
static bool free_name(WCHAR *path)
{
    WCHAR base[MAX_PATH], type[MAX_PATH], number[16];
    WCHAR *dot = (WCHAR *)path_type(path);

    lstrcpyW(type, dot);
    *dot = 0;
    lstrcpyW(base, path);
    if (wide_length(base) + wide_length(type) + 16 > MAX_PATH)
        return false;
    for (int i = 1; i < 1000; i++) {
        lstrcpyW(path, base);
        lstrcatW(path, L" - Copy");
        if (i > 1) {
            WCHAR *at = number + 15;
            *at = 0;
            *--at = ')';
            for (int left = i; left; left /= 10)
                *--at = (WCHAR)('0' + left % 10);
            *--at = '(';
            *--at = ' ';
            lstrcatW(path, at);
        }
        lstrcatW(path, type);
        if (GetFileAttributesW(path) == INVALID_FILE_ATTRIBUTES)
            return true;
    }
    return false;
}

static int transfer(struct operation *operation, const WCHAR *from, WCHAR *to)
{
    bool there = GetFileAttributesW(to) != INVALID_FILE_ATTRIBUTES;
    WCHAR parent[MAX_PATH];
    int error;

    if (is_directory(from) && inside(from, to))
        return wide_compare_nocase(from, to) == 0 ? DE_SAMEFILE : DE_DESTSUBTREE;
    if (wide_compare_nocase(from, to) == 0 && !(operation->flags & FOF_RENAMEONCOLLISION))
        return DE_SAMEFILE;
    if (there && operation->flags & FOF_RENAMEONCOLLISION && !free_name(to))
        return ERROR_ALREADY_EXISTS;
    lstrcpyW(parent, to);
    if (path_name(parent) > parent + 3) { /* directories on the way are made */
        path_name(parent)[-1] = 0;
        if (!is_directory(parent) && (error = SHCreateDirectoryExW(NULL, parent, NULL)) != 0 &&
            error != ERROR_ALREADY_EXISTS)
            return error;
    }
    if (operation->what == FO_COPY)
        return copy_tree(operation, from, to);
    if (MoveFileExW(from, to, is_directory(from) ? 0 : MOVEFILE_REPLACE_EXISTING | MOVEFILE_COPY_ALLOWED))
        return 0;
    if (!is_directory(from))
        return (int)GetLastError();
    error = copy_tree(operation, from, to); /* to another drive, or into a directory that is there */
    return error ? error : delete_tree(from);
}

/* ---- lists of names, each with its zero and one more at the end ---- */

static const WCHAR *next_name(const WCHAR *at)
{
    return at + wide_length(at) + 1;
}

static unsigned count_names(const WCHAR *at)
{
    unsigned count = 0;

    for (; at && *at; at = next_name(at))
        count++;
    return count;
}

static int one_name(struct operation *operation, const WCHAR *from, const WCHAR *to, bool into)
{
    WCHAR target[MAX_PATH], copy[MAX_PATH];

    if (operation->what == FO_DELETE)
        return delete_tree(from);
    lstrcpynW(copy, from, MAX_PATH);
    if (into ? !join(target, to, path_name(copy)) : wide_length(to) >= MAX_PATH)
        return ERROR_FILENAME_EXCED_RANGE;
    if (!into)
        lstrcpyW(target, to);
    return transfer(operation, from, target);
}

/* A name with * or ? stands for what it finds, in its directory. */
static int one_pattern(struct operation *operation, const WCHAR *pattern, const WCHAR *to)
{
    WCHAR from[MAX_PATH], directory[MAX_PATH];
    WIN32_FIND_DATAW found;
    HANDLE search = FindFirstFileW(pattern, &found);
    bool files_only = (operation->flags & FOF_FILESONLY) != 0;
    int error = 0;

    if (search == INVALID_HANDLE_VALUE)
        return operation->what == FO_DELETE ? (int)GetLastError() : DE_INVALIDFILES;
    lstrcpynW(directory, pattern, MAX_PATH);
    *path_name(directory) = 0;
    do {
        if (is_dots(found.cFileName) || (files_only && found.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY))
            continue;
        error =
            join(from, directory, found.cFileName) ? one_name(operation, from, to, true) : ERROR_FILENAME_EXCED_RANGE;
    } while (!error && FindNextFileW(search, &found));
    FindClose(search);
    return error;
}

static bool has_wildcard(const WCHAR *name)
{
    for (; *name; name++)
        if (*name == '*' || *name == '?')
            return true;
    return false;
}

static int run(struct operation *operation, const WCHAR *from, const WCHAR *to)
{
    bool several = count_names(from) > 1, paired = operation->flags & FOF_MULTIDESTFILES && count_names(to) > 1;
    int error = 0;

    if (paired && count_names(from) != count_names(to))
        return DE_INVALIDFILES;
    for (; *from && !error; from = next_name(from)) {
        WCHAR source[MAX_PATH], target[MAX_PATH];
        bool into;

        if (!GetFullPathNameW(from, MAX_PATH, source, NULL) ||
            (operation->what != FO_DELETE && !GetFullPathNameW(to, MAX_PATH, target, NULL)))
            return (int)GetLastError();
        into = !paired && (several || (operation->what != FO_RENAME && is_directory(target)));
        if (has_wildcard(source))
            error = operation->what == FO_RENAME ? DE_INVALIDFILES : one_pattern(operation, source, target);
        else if (GetFileAttributesW(source) == INVALID_FILE_ATTRIBUTES)
            error = operation->what == FO_DELETE ? ERROR_FILE_NOT_FOUND : DE_INVALIDFILES;
        else
            error = one_name(operation, source, target, into);
        if (paired)
            to = next_name(to);
    }
    return error;
}

int WINAPI SHFileOperationW(LPSHFILEOPSTRUCTW file)
{
    struct operation operation = {file->wFunc, file->fFlags};
    int error;

    file->fAnyOperationsAborted = FALSE;
    file->hNameMappings = NULL;
    if (file->wFunc < FO_MOVE || file->wFunc > FO_RENAME)
        return ERROR_INVALID_PARAMETER;
    if (!file->pFrom || !*file->pFrom)
        return ERROR_ACCESS_DENIED;
    if (file->wFunc != FO_DELETE && (!file->pTo || !*file->pTo))
        return DE_INVALIDFILES;
    if (file->wFunc == FO_RENAME && count_names(file->pFrom) > 1)
        return DE_DIFFDIR;
    error = run(&operation, file->pFrom, file->pTo);
    SetLastError(ERROR_SUCCESS);
    return error;
}

static WCHAR *widen_list(LPCSTR list)
{
    size_t length = 0;
    WCHAR *wide;

    if (!list)
        return NULL;
    while (list[length] || list[length + 1])
        length++;
    length += 2;
    wide = com_alloc(length * sizeof *wide);
    if (wide)
        MultiByteToWideChar(CP_ACP, 0, list, (int)length, wide, (int)length);
    return wide;
}

int WINAPI SHFileOperationA(LPSHFILEOPSTRUCTA file)
{
    SHFILEOPSTRUCTW wide = {
        .wFunc = file->wFunc, .pFrom = widen_list(file->pFrom), .pTo = widen_list(file->pTo), .fFlags = file->fFlags};
    int error = SHFileOperationW(&wide);

    com_free((void *)wide.pFrom);
    com_free((void *)wide.pTo);
    file->fAnyOperationsAborted = FALSE;
    file->hNameMappings = NULL;
    return error;
}

void WINAPI SHFreeNameMappings(HANDLE mappings)
{
    (void)mappings; /* none are made */
}

/* There is none, and so it is empty. */
HRESULT WINAPI SHEmptyRecycleBinW(HWND window, LPCWSTR root, DWORD flags)
{
    (void)window, (void)root, (void)flags;
    return E_UNEXPECTED; /* what Windows says of an empty one */
}

HRESULT WINAPI SHEmptyRecycleBinA(HWND window, LPCSTR root, DWORD flags)
{
    (void)root;
    return SHEmptyRecycleBinW(window, NULL, flags);
}

HRESULT WINAPI SHQueryRecycleBinW(LPCWSTR root, LPSHQUERYRBINFO info)
{
    (void)root;
    if (!info || info->cbSize < sizeof *info)
        return E_INVALIDARG;
    info->i64Size = info->i64NumItems = 0;
    return S_OK;
}

HRESULT WINAPI SHQueryRecycleBinA(LPCSTR root, LPSHQUERYRBINFO info)
{
    (void)root;
    return SHQueryRecycleBinW(NULL, info);
}
