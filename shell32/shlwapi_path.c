/*
 * shlwapi_path.c: shlwapi.dll's Path functions.
 *
 * Layer: shell32, over kernel32's files and environment for the few that look at the disk.
 */
#include <string.h>
#include "win.h"
#include "ntdll/nls.h"

void WINAPI PathRemoveBlanksA(LPSTR path);
void WINAPI PathRemoveBlanksW(LPWSTR path);

static char byte_upper(char c)
{
    return c >= 'a' && c <= 'z' ? (char)(c - 32) : c;
}

#define CHARACTER WCHAR
#define PATH(name) name##W
#define NAME(name) name##_wide
#define LENGTH wide_length
#define UPPER wide_upper
#include "shell32/path_template.h"
#undef CHARACTER
#undef PATH
#undef NAME
#undef LENGTH
#undef UPPER

#define CHARACTER char
#define PATH(name) name##A
#define NAME(name) name##_narrow
#define LENGTH strlen
#define UPPER byte_upper
#include "shell32/path_template.h"

BOOL WINAPI PathFileExistsW(LPCWSTR path)
{
    return path && GetFileAttributesW(path) != INVALID_FILE_ATTRIBUTES;
}

BOOL WINAPI PathFileExistsA(LPCSTR path)
{
    return path && GetFileAttributesA(path) != INVALID_FILE_ATTRIBUTES;
}

BOOL WINAPI PathIsDirectoryW(LPCWSTR path)
{
    DWORD attributes = path && *path ? GetFileAttributesW(path) : INVALID_FILE_ATTRIBUTES;

    return attributes != INVALID_FILE_ATTRIBUTES ? (BOOL)(attributes & FILE_ATTRIBUTE_DIRECTORY) : FALSE;
}

BOOL WINAPI PathIsDirectoryA(LPCSTR path)
{
    WCHAR *wide = wide_from_ansi(path);
    BOOL result = PathIsDirectoryW(wide);

    RtlFreeHeap(peb_current()->ProcessHeap, 0, wide);
    return result;
}

BOOL WINAPI PathIsDirectoryEmptyW(LPCWSTR path)
{
    WCHAR pattern[MAX_PATH];
    WIN32_FIND_DATAW found;
    HANDLE search;
    BOOL empty = TRUE;

    if (!PathIsDirectoryW(path) || !PathCombineW(pattern, path, u"*"))
        return FALSE;
    search = FindFirstFileW(pattern, &found);
    if (search == INVALID_HANDLE_VALUE)
        return FALSE;
    do
        if (wide_compare(found.cFileName, u".") != 0 && wide_compare(found.cFileName, u"..") != 0)
            empty = FALSE;
    while (empty && FindNextFileW(search, &found));
    FindClose(search);
    return empty;
}

BOOL WINAPI PathIsDirectoryEmptyA(LPCSTR path)
{
    WCHAR *wide = wide_from_ansi(path);
    BOOL result = PathIsDirectoryEmptyW(wide);

    RtlFreeHeap(peb_current()->ProcessHeap, 0, wide);
    return result;
}

BOOL WINAPI PathIsNetworkPathW(LPCWSTR path)
{
    return PathIsUNCW(path);
}

BOOL WINAPI PathIsNetworkPathA(LPCSTR path)
{
    return PathIsUNCA(path);
}

UINT WINAPI PathGetCharTypeW(WCHAR c)
{
    if (c < 0x20 || c == '"' || c == '<' || c == '>' || c == '|' || c == '/')
        return 0; /* GCT_INVALID */
    if (c == '*' || c == '?')
        return 4; /* GCT_WILD */
    if (c == '\\' || c == ':')
        return 8; /* GCT_SEPARATOR */
    if (c == ' ' || c == '.' || c == '+' || c == ',' || c == ';' || c == '=' || c == '[' || c == ']')
        return 1; /* GCT_LFNCHAR */
    return 3;     /* GCT_LFNCHAR | GCT_SHORTCHAR */
}

UINT WINAPI PathGetCharTypeA(UCHAR c)
{
    return PathGetCharTypeW(c);
}

/* Appends `file` to each directory of a list ended by NULL, then of PATH, and takes the first that exists. */
static BOOL find_in(WCHAR *file, const WCHAR *directory)
{
    WCHAR joined[MAX_PATH];

    if (!PathCombineW(joined, directory, file) || !PathFileExistsW(joined))
        return FALSE;
    memcpy(file, joined, (wide_length(joined) + 1) * sizeof *file);
    return TRUE;
}

BOOL WINAPI PathFindOnPathW(LPWSTR file, LPCWSTR *others)
{
    WCHAR directory[MAX_PATH];
    DWORD length = GetEnvironmentVariableW(u"PATH", NULL, 0);
    WCHAR *list;
    BOOL found = FALSE;

    if (!file || !PathIsFileSpecW(file))
        return FALSE;
    for (; others && *others; others++)
        if (find_in(file, *others))
            return TRUE;
    if (GetSystemDirectoryW(directory, MAX_PATH) && find_in(file, directory))
        return TRUE;
    if (GetWindowsDirectoryW(directory, MAX_PATH) && find_in(file, directory))
        return TRUE;
    list = length ? LocalAlloc(LMEM_FIXED, length * sizeof *list) : NULL;
    if (!list)
        return FALSE;
    GetEnvironmentVariableW(u"PATH", list, length);
    for (WCHAR *at = list, *next; !found && *at; at = next) {
        for (next = at; *next && *next != ';'; next++)
            ;
        if (*next)
            *next++ = 0;
        found = wide_length(at) < MAX_PATH && find_in(file, at);
    }
    LocalFree(list);
    return found;
}

BOOL WINAPI PathSearchAndQualifyW(LPCWSTR path, LPWSTR out, UINT room)
{
    WCHAR name[MAX_PATH];
    DWORD length;

    if (!path || !out || wide_length(path) >= MAX_PATH)
        return FALSE;
    memcpy(name, path, (wide_length(path) + 1) * sizeof *name);
    if (PathIsFileSpecW(name) && !PathFileExistsW(name) && PathFindOnPathW(name, NULL))
        path = name;
    length = GetFullPathNameW(path, room, out, NULL);
    return length && length < room;
}

/* The longest of these variables whose value the path begins with. */
BOOL WINAPI PathUnExpandEnvStringsW(LPCWSTR path, LPWSTR out, UINT room)
{
    static const WCHAR *const names[] = {u"USERPROFILE",  u"ALLUSERSPROFILE", u"APPDATA",
                                         u"ProgramFiles", u"SystemRoot",      u"SystemDrive"};
    WCHAR value[MAX_PATH];
    const WCHAR *best = NULL;
    size_t best_length = 0, name_length, rest;

    for (size_t i = 0; path && out && i < sizeof names / sizeof *names; i++) {
        DWORD length = GetEnvironmentVariableW(names[i], value, MAX_PATH);

        if (length && length < MAX_PATH && length > best_length && wide_length(path) >= length &&
            RtlCompareUnicodeStrings(path, length, value, length, TRUE) == 0 && (!path[length] || path[length] == '\\'))
            best = names[i], best_length = length;
    }
    if (!best)
        return FALSE;
    name_length = wide_length(best);
    rest = wide_length(path) - best_length;
    if (name_length + 2 + rest >= room)
        return FALSE;
    memmove(out + name_length + 2, path + best_length, (rest + 1) * sizeof *out);
    out[0] = out[name_length + 1] = '%';
    memcpy(out + 1, best, name_length * sizeof *out);
    return TRUE;
}
