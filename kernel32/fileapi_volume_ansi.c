/*
 * fileapi_volume_ansi.c: the A functions for volumes that give names back.
 *
 * Layer: kernel32, over fileapi_volume.c.  Names of volumes and roots of drives are ASCII.
 */
#include "kernel32/filename.h"

#define ROOM 64 /* "\\?\Volume{...}\" is 49 long */

/* A wide name that a W function has made, into the caller's room. */
static BOOL deliver(const WCHAR *wide, LPSTR out, DWORD room)
{
    DWORD length = filename_to_ansi(wide, text_length(wide), out, room);

    if (length && length < room)
        return TRUE;
    SetLastError(ERROR_FILENAME_EXCED_RANGE);
    return FALSE;
}

HANDLE WINAPI FindFirstVolumeA(LPSTR out, DWORD room)
{
    WCHAR wide[ROOM];
    HANDLE search = FindFirstVolumeW(wide, room < ROOM ? room : ROOM);

    if (search != INVALID_HANDLE_VALUE && !deliver(wide, out, room)) {
        FindVolumeClose(search);
        SetLastError(ERROR_FILENAME_EXCED_RANGE);
        return INVALID_HANDLE_VALUE;
    }
    return search;
}

BOOL WINAPI FindNextVolumeA(HANDLE search, LPSTR out, DWORD room)
{
    WCHAR wide[ROOM];

    return FindNextVolumeW(search, wide, room < ROOM ? room : ROOM) && deliver(wide, out, room);
}

BOOL WINAPI GetVolumeNameForVolumeMountPointA(LPCSTR point, LPSTR out, DWORD room)
{
    WCHAR *wide = filename_from_ansi(point), volume[ROOM];
    BOOL good = wide && GetVolumeNameForVolumeMountPointW(wide, volume, room < ROOM ? room : ROOM) &&
                deliver(volume, out, room);

    filename_free(wide);
    return good;
}

BOOL WINAPI GetVolumePathNameA(LPCSTR name, LPSTR out, DWORD room)
{
    WCHAR *wide = filename_from_ansi(name), root[MAX_PATH];
    BOOL good = wide && GetVolumePathNameW(wide, root, room < MAX_PATH ? room : MAX_PATH) && deliver(root, out, room);

    filename_free(wide);
    return good;
}

/* A list that ends with an empty name. */
BOOL WINAPI GetVolumePathNamesForVolumeNameA(LPCSTR volume, LPSTR out, DWORD room, PDWORD needed)
{
    WCHAR *wide = filename_from_ansi(volume), list[MAX_PATH];
    DWORD length = 0;
    BOOL good = wide && GetVolumePathNamesForVolumeNameW(wide, list, room < MAX_PATH ? room : MAX_PATH, &length);

    filename_free(wide);
    if (needed)
        *needed = length;
    for (DWORD i = 0; good && i < length; i++)
        out[i] = (char)list[i];
    return good;
}

BOOL WINAPI SetVolumeLabelA(LPCSTR root, LPCSTR label)
{
    WCHAR *wide_root = filename_from_ansi(root), *wide_label = filename_from_ansi(label);
    BOOL good = SetVolumeLabelW(wide_root, wide_label);

    filename_free(wide_root);
    filename_free(wide_label);
    return good;
}
