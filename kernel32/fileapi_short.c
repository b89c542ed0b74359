/*
 * fileapi_short.c: short and long names.  On top of the searches, which know how names are written.
 *
 * Files have no 8.3 names here, as on volumes where Windows makes none (ntdll/shortname.c): the short name of a file is
 * its long one.
 */
#include "kernel32/filename.h"

#include <string.h>

static bool is_separator(WCHAR c)
{
    return c == '\\' || c == '/';
}

/* How much of a name stays as it is: a drive, a share, a device prefix. */
static size_t root_length(LPCWSTR name)
{
    size_t i = 0;
    int parts = 0;
    if (is_separator(name[0]) && is_separator(name[1])) {
        bool device = (name[2] == '?' || name[2] == '.') && is_separator(name[3]);
        for (i = 2, parts = device ? 2 : 0; name[i] && parts < 2; i++)
            parts += is_separator(name[i]);
        i = device ? 4 : i;
        if (!device)
            return i;
    }
    if (name[i] && name[i + 1] == ':')
        i += 2;
    while (is_separator(name[i]))
        i++;
    return i;
}

/* Only what could be a short name is looked up; what can not be one is long already. */
static bool may_be_short(const WCHAR *part, size_t length)
{
    UNICODE_STRING name = {(USHORT)(length * sizeof(WCHAR)), 0, (WCHAR *)part};
    bool dots = length && part[0] == '.' && (length == 1 || (length == 2 && part[1] == '.'));
    return length && length <= 12 && !dots && RtlIsNameLegalDOS8Dot3(&name, NULL, NULL);
}

/* The name with each part as the directory has it, in heap memory; NULL and the last error if it does not exist. */
static WCHAR *long_name(LPCWSTR name)
{
    size_t length = name ? text_length(name) : 0, at, used;
    if (GetFileAttributesW(name) == INVALID_FILE_ATTRIBUTES)
        return NULL;
    /* A part may be written longer than it was asked for. */
    size_t room = length + 1;
    for (size_t i = 0; i < length; i++)
        room += is_separator(name[i]) || name[i] == '~' ? 256 : 0;
    WCHAR *out = RtlAllocateHeap(process_heap(), 0, (room + 512) * sizeof(WCHAR));
    if (!out) {
        RtlSetLastWin32Error(ERROR_NOT_ENOUGH_MEMORY);
        return NULL;
    }
    used = at = root_length(name);
    memcpy(out, name, at * sizeof(WCHAR));
    while (at < length) {
        WIN32_FIND_DATAW data;
        size_t start = at, part = used;
        while (at < length && !is_separator(name[at]))
            out[used++] = name[at++];
        out[used] = 0;
        HANDLE find = may_be_short(name + start, at - start) ? FindFirstFileW(out, &data) : INVALID_HANDLE_VALUE;
        if (find != INVALID_HANDLE_VALUE) {
            FindClose(find);
            used = part + text_length(data.cFileName);
            memcpy(out + part, data.cFileName, (used - part) * sizeof(WCHAR));
        }
        while (at < length && is_separator(name[at]))
            out[used++] = name[at++];
    }
    out[used] = 0;
    return out;
}

DWORD WINAPI GetLongPathNameW(LPCWSTR name, LPWSTR out, DWORD count)
{
    WCHAR *text = long_name(name);
    if (!text)
        return 0;
    DWORD length = (DWORD)text_length(text);
    if (length < count)
        memcpy(out, text, (length + 1) * sizeof(WCHAR));
    RtlFreeHeap(process_heap(), 0, text);
    return length < count ? length : length + 1;
}

DWORD WINAPI GetLongPathNameA(LPCSTR name, LPSTR out, DWORD count)
{
    WCHAR *wide = filename_from_ansi(name), *text = wide ? long_name(wide) : NULL;
    DWORD result = text ? filename_to_ansi(text, text_length(text), out, count) : 0;
    filename_free(text);
    filename_free(wide);
    return result;
}

DWORD WINAPI GetShortPathNameW(LPCWSTR name, LPWSTR out, DWORD count)
{
    if (GetFileAttributesW(name) == INVALID_FILE_ATTRIBUTES)
        return 0;
    DWORD length = (DWORD)text_length(name);
    if (length < count)
        memmove(out, name, (length + 1) * sizeof(WCHAR));
    return length < count ? length : length + 1;
}

DWORD WINAPI GetShortPathNameA(LPCSTR name, LPSTR out, DWORD count)
{
    WCHAR *wide = filename_from_ansi(name);
    DWORD result = 0;
    if (wide && GetFileAttributesW(wide) != INVALID_FILE_ATTRIBUTES)
        result = filename_to_ansi(wide, text_length(wide), out, count);
    filename_free(wide);
    return result;
}

BOOL WINAPI SetFileShortNameW(HANDLE file, LPCWSTR name)
{
    struct {
        ULONG length;
        WCHAR name[14];
    } info = {0};
    IO_STATUS_BLOCK io;
    size_t length = name ? text_length(name) : 0;
    if (!name || length > 12) {
        RtlSetLastWin32Error(ERROR_INVALID_PARAMETER);
        return FALSE;
    }
    info.length = (ULONG)(length * sizeof(WCHAR));
    memcpy(info.name, name, info.length);
    return status_to_bool(NtSetInformationFile(file, &io, &info, sizeof info, FileShortNameInformation));
}

BOOL WINAPI SetFileShortNameA(HANDLE file, LPCSTR name)
{
    WCHAR *wide = filename_from_ansi(name);
    BOOL result = wide && SetFileShortNameW(file, wide);
    filename_free(wide);
    return result;
}

BOOL WINAPI CheckNameLegalDOS8Dot3W(LPCWSTR name, LPSTR oem_name, DWORD size, PBOOL spaces, PBOOL legal)
{
    UNICODE_STRING text;
    OEM_STRING oem = {0, (USHORT)(size < 0xffff ? size : 0xffff), oem_name};
    BOOLEAN has_spaces = FALSE;
    if (!name || !legal || (!oem_name && size)) {
        RtlSetLastWin32Error(ERROR_INVALID_PARAMETER);
        return FALSE;
    }
    RtlInitUnicodeString(&text, name);
    *legal = RtlIsNameLegalDOS8Dot3(&text, oem_name ? &oem : NULL, &has_spaces);
    if (*legal && spaces)
        *spaces = has_spaces;
    return TRUE;
}

BOOL WINAPI CheckNameLegalDOS8Dot3A(LPCSTR name, LPSTR oem_name, DWORD size, PBOOL spaces, PBOOL legal)
{
    WCHAR *wide = filename_from_ansi(name);
    BOOL result = wide && CheckNameLegalDOS8Dot3W(wide, oem_name, size, spaces, legal);
    filename_free(wide);
    return result;
}
