/*
 * fileapi_mount.c: mount points: volumes that appear in a directory, or under a letter, because somebody has said so.
 *
 * Layer: Win32.  Drives are a matter of prefix.conf here, which a program does not change: it is told what one is told
 * that is no administrator.  No volume is mounted in a directory.
 */
#include "kernel32/filename.h"

static BOOL is_volume_name(const WCHAR *name)
{
    WCHAR root[4] = {0};
    static const WCHAR front[] = L"\\\\?\\Volume{";
    if (!name)
        return FALSE;
    for (size_t i = 0; front[i]; i++)
        if ((name[i] | 0x20) != (front[i] | 0x20))
            return FALSE;
    for (WCHAR letter = 'A'; letter <= 'Z'; letter++) {
        WCHAR volume[50];
        root[0] = letter, root[1] = ':', root[2] = '\\';
        if (GetVolumeNameForVolumeMountPointW(root, volume, 50) && !lstrcmpiW(volume, name))
            return TRUE;
    }
    return FALSE;
}

static BOOL fail(DWORD error)
{
    SetLastError(error);
    return FALSE;
}

/* "X:\" or "DIRECTORY\" */
static BOOL is_mount_name(const WCHAR *name)
{
    size_t length = 0;
    while (name && name[length])
        length++;
    return length > 1 && (name[length - 1] == '\\' || name[length - 1] == '/');
}

BOOL WINAPI SetVolumeMountPointW(LPCWSTR point, LPCWSTR volume)
{
    return fail(!is_mount_name(point)     ? ERROR_INVALID_NAME
                : !is_volume_name(volume) ? ERROR_INVALID_PARAMETER
                                          : ERROR_ACCESS_DENIED);
}

BOOL WINAPI SetVolumeMountPointA(LPCSTR point, LPCSTR volume)
{
    WCHAR *wide = point ? filename_from_ansi(point) : NULL, *wide_volume = volume ? filename_from_ansi(volume) : NULL;
    BOOL result = SetVolumeMountPointW(wide, wide_volume);
    filename_free(wide);
    filename_free(wide_volume);
    return result;
}

BOOL WINAPI DeleteVolumeMountPointW(LPCWSTR point)
{
    WCHAR volume[50];
    if (!is_mount_name(point))
        return fail(ERROR_INVALID_NAME);
    if (GetVolumeNameForVolumeMountPointW(point, volume, 50))
        return fail(ERROR_ACCESS_DENIED);
    return fail(GetFileAttributesW(point) == INVALID_FILE_ATTRIBUTES ? GetLastError() : ERROR_NOT_A_REPARSE_POINT);
}

BOOL WINAPI DeleteVolumeMountPointA(LPCSTR point)
{
    WCHAR *wide = point ? filename_from_ansi(point) : NULL;
    BOOL result = DeleteVolumeMountPointW(wide);
    filename_free(wide);
    return result;
}

HANDLE WINAPI FindFirstVolumeMountPointW(LPCWSTR volume, LPWSTR out, DWORD count)
{
    (void)out, (void)count;
    fail(is_volume_name(volume) ? ERROR_NO_MORE_FILES : ERROR_INVALID_NAME);
    return INVALID_HANDLE_VALUE;
}

HANDLE WINAPI FindFirstVolumeMountPointA(LPCSTR volume, LPSTR out, DWORD count)
{
    WCHAR *wide = volume ? filename_from_ansi(volume) : NULL;
    (void)out;
    HANDLE result = FindFirstVolumeMountPointW(wide, NULL, count);
    filename_free(wide);
    return result;
}

/* No such search has ever begun. */
BOOL WINAPI FindNextVolumeMountPointW(HANDLE search, LPWSTR out, DWORD count)
{
    (void)search, (void)out, (void)count;
    return fail(ERROR_INVALID_HANDLE);
}

BOOL WINAPI FindNextVolumeMountPointA(HANDLE search, LPSTR out, DWORD count)
{
    (void)search, (void)out, (void)count;
    return fail(ERROR_INVALID_HANDLE);
}

BOOL WINAPI FindVolumeMountPointClose(HANDLE search)
{
    (void)search;
    return fail(ERROR_INVALID_HANDLE);
}
