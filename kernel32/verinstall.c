/*
 * verinstall.c: version.dll's installation of files: where a file belongs, and putting it there unless a newer one
 * is there.
 *
 * Layer: Win32 base, over kernel32's files and the version resource.
 */
#include <string.h>
#include "filename.h"
#include "ntdll/nls.h"
#include "win.h"

#define MISMATCH_OLD (VIF_MISMATCH | VIF_SRCOLD)

static bool exists(const WCHAR *directory, const WCHAR *file)
{
    WCHAR path[MAX_PATH];

    return directory && *directory && SearchPathW(directory, file, NULL, MAX_PATH, path, NULL) != 0;
}

/* Copies an answer with Windows' rule of lengths; true if it fits. */
static bool answer(const WCHAR *text, LPWSTR out, PUINT size)
{
    UINT needed = (UINT)wide_length(text) + 1;
    bool fits = *size >= needed;

    if (fits)
        memcpy(out, text, needed * sizeof *text);
    *size = needed;
    return fits;
}

DWORD WINAPI VerFindFileW(DWORD flags, LPWSTR file, LPWSTR windows, LPWSTR application, LPWSTR current,
                          PUINT current_size, LPWSTR destination, PUINT destination_size)
{
    WCHAR system[MAX_PATH], found[MAX_PATH] = {0};
    const WCHAR *wanted = application ? application : L"";
    DWORD result = 0;

    (void)windows;
    GetSystemDirectoryW(system, MAX_PATH);
    if (flags & VFFF_ISSHAREDFILE)
        wanted = system;
    if (exists(wanted, file))
        lstrcpynW(found, wanted, MAX_PATH);
    else if (exists(application, file))
        lstrcpynW(found, application, MAX_PATH);
    else if (exists(system, file))
        lstrcpynW(found, system, MAX_PATH);
    if (*found && wide_compare_nocase(found, wanted) != 0)
        result |= VFF_CURNEDEST;
    if (*found) {
        WCHAR path[MAX_PATH];
        HANDLE handle;

        SearchPathW(found, file, NULL, MAX_PATH, path, NULL);
        handle = CreateFileW(path, GENERIC_WRITE, 0, NULL, OPEN_EXISTING, 0, NULL);
        if (handle == INVALID_HANDLE_VALUE && GetLastError() == ERROR_SHARING_VIOLATION)
            result |= VFF_FILEINUSE;
        if (handle != INVALID_HANDLE_VALUE)
            CloseHandle(handle);
    }
    if (!answer(wanted, destination, destination_size) || !answer(found, current, current_size))
        result |= VFF_BUFFTOOSMALL;
    return result;
}

/* The fixed part of a file's version; false: it has none. */
static bool version_get(const WCHAR *path, VS_FIXEDFILEINFO *info)
{
    DWORD size = GetFileVersionInfoSizeW(path, NULL);
    void *block = size ? RtlAllocateHeap(process_heap(), 0, size) : NULL, *found;
    UINT length;
    bool good = block && GetFileVersionInfoW(path, 0, size, block) && VerQueryValueW(block, L"\\", &found, &length) &&
                length >= sizeof *info;

    if (good)
        memcpy(info, found, sizeof *info);
    if (block)
        RtlFreeHeap(process_heap(), 0, block);
    return good;
}

static bool is_older(const VS_FIXEDFILEINFO *a, const VS_FIXEDFILEINFO *b)
{
    return a->dwFileVersionMS < b->dwFileVersionMS ||
           (a->dwFileVersionMS == b->dwFileVersionMS && a->dwFileVersionLS < b->dwFileVersionLS);
}

/* Why the new file should not replace the old one; 0: it should. */
static DWORD compare(const WCHAR *new, const WCHAR *old)
{
    VS_FIXEDFILEINFO a, b;
    DWORD result = 0;

    if (!version_get(old, &b))
        return 0;
    if (!version_get(new, &a))
        return MISMATCH_OLD;
    if (is_older(&a, &b))
        result |= MISMATCH_OLD;
    if (a.dwFileType != b.dwFileType || a.dwFileSubtype != b.dwFileSubtype)
        result |= VIF_MISMATCH | VIF_DIFFTYPE;
    return result;
}

static DWORD copy_error(DWORD error)
{
    switch (error) {
    case ERROR_FILE_NOT_FOUND:
    case ERROR_PATH_NOT_FOUND:
        return VIF_CANNOTREADSRC;
    case ERROR_DISK_FULL:
        return VIF_OUTOFSPACE;
    case ERROR_SHARING_VIOLATION:
        return VIF_SHARINGVIOLATION;
    case ERROR_ACCESS_DENIED:
        return VIF_ACCESSVIOLATION;
    case ERROR_WRITE_PROTECT:
        return VIF_WRITEPROT;
    default:
        return VIF_CANNOTCREATE;
    }
}

static bool join(WCHAR *path, const WCHAR *directory, const WCHAR *file)
{
    size_t length = wide_length(directory);

    if (length + wide_length(file) + 2 > MAX_PATH)
        return false;
    lstrcpyW(path, directory);
    if (length && path[length - 1] != '\\' && path[length - 1] != '/')
        path[length++] = '\\';
    lstrcpyW(path + length, file);
    return true;
}

/* The new file gets its name only when it is whole; its temporary name stays if the versions do not agree. */
DWORD WINAPI VerInstallFileW(DWORD flags, LPWSTR source, LPWSTR name, LPWSTR source_directory, LPWSTR directory,
                             LPWSTR current, LPWSTR temporary, PUINT temporary_size)
{
    WCHAR from[MAX_PATH], to[MAX_PATH], old[MAX_PATH], part[MAX_PATH];
    DWORD result;

    if (!join(from, source_directory, source) || !join(to, directory, name))
        return VIF_BUFFTOOSMALL;
    if (GetFileAttributesW(from) == INVALID_FILE_ATTRIBUTES)
        return VIF_CANNOTREADSRC;
    if (*temporary && flags & VIFF_FORCEINSTALL) {
        if (!join(part, directory, temporary))
            return VIF_BUFFTOOSMALL;
    } else {
        if (!GetTempFileNameW(directory, L"ver", 0, part))
            return VIF_CANNOTCREATE;
        if (!CopyFileW(from, part, FALSE)) {
            result = copy_error(GetLastError());
            DeleteFileW(part);
            return result;
        }
    }
    if (!(flags & VIFF_FORCEINSTALL) && GetFileAttributesW(to) != INVALID_FILE_ATTRIBUTES) {
        const WCHAR *bare = part + wide_length(part);

        result = compare(part, to);
        while (bare > part && bare[-1] != '\\')
            bare--;
        if (result)
            return answer(bare, temporary, temporary_size) ? result | VIF_TEMPFILE
                                                           : (DeleteFileW(part), result | VIF_BUFFTOOSMALL);
    }
    if (!MoveFileExW(part, to, MOVEFILE_REPLACE_EXISTING)) {
        result = GetLastError() == ERROR_SHARING_VIOLATION ? VIF_FILEINUSE : VIF_CANNOTRENAME;
        DeleteFileW(part);
        return result;
    }
    if (!(flags & VIFF_DONTDELETEOLD) && current && *current && wide_compare_nocase(current, directory) != 0 &&
        join(old, current, name) && GetFileAttributesW(old) != INVALID_FILE_ATTRIBUTES && !DeleteFileW(old))
        return VIF_CANNOTDELETE;
    return 0;
}

/* ---- ANSI ---- */

DWORD WINAPI VerFindFileA(DWORD flags, LPSTR file, LPSTR windows, LPSTR application, LPSTR current, PUINT current_size,
                          LPSTR destination, PUINT destination_size)
{
    WCHAR found[MAX_PATH], wanted[MAX_PATH], *wide_file = filename_from_ansi(file);
    WCHAR *wide_application = application ? filename_from_ansi(application) : NULL;
    UINT a = MAX_PATH, b = MAX_PATH, room = *current_size, wanted_room = *destination_size;
    DWORD result = VerFindFileW(flags, wide_file, NULL, wide_application, found, &a, wanted, &b);

    (void)windows;
    filename_free(wide_file);
    filename_free(wide_application);
    *current_size = filename_to_ansi(found, text_length(found), current, room);
    *destination_size = filename_to_ansi(wanted, text_length(wanted), destination, wanted_room);
    if (*current_size >= room || *destination_size >= wanted_room)
        return result | VFF_BUFFTOOSMALL;
    ++*current_size; /* sizes count the zero */
    ++*destination_size;
    return result;
}

DWORD WINAPI VerInstallFileA(DWORD flags, LPSTR source, LPSTR name, LPSTR source_directory, LPSTR directory,
                             LPSTR current, LPSTR temporary, PUINT temporary_size)
{
    LPSTR narrow[] = {source, name, source_directory, directory, current ? current : "", temporary};
    WCHAR wide[6][MAX_PATH];
    UINT size = MAX_PATH;
    DWORD result;

    for (int i = 0; i < 6; i++)
        if (!MultiByteToWideChar(CP_ACP, 0, narrow[i], -1, wide[i], MAX_PATH))
            return VIF_BUFFTOOSMALL;
    result = VerInstallFileW(flags, wide[0], wide[1], wide[2], wide[3], wide[4], wide[5], &size);
    if (result & VIF_TEMPFILE)
        *temporary_size = filename_to_ansi(wide[5], text_length(wide[5]), temporary, *temporary_size) + 1;
    return result;
}
