/*
 * charoem.c: text between the ANSI code page or UTF-16 and the OEM code page.
 *
 * Layer: user32, over kernel32.  From and to may be the same buffer if both are of bytes.
 */
#include <string.h>
#include "win.h"
#include "ntdll/error.h"

BOOL WINAPI CharToOemBuffW(LPCWSTR from, LPSTR to, DWORD count)
{
    WideCharToMultiByte(CP_OEMCP, 0, from, (int)count, to, (int)count, NULL, NULL);
    return TRUE;
}

BOOL WINAPI OemToCharBuffW(LPCSTR from, LPWSTR to, DWORD count)
{
    MultiByteToWideChar(CP_OEMCP, MB_PRECOMPOSED | MB_USEGLYPHCHARS, from, (int)count, to, (int)count);
    return TRUE;
}

/* By way of UTF-16; the result has as many bytes as there are, at most: what gets longer is cut. */
static BOOL convert(UINT from_page, UINT to_page, LPCSTR from, LPSTR to, DWORD count)
{
    HANDLE heap = peb_current()->ProcessHeap;
    WCHAR *wide;
    int units;

    if (from_page == to_page || GetACP() == GetOEMCP()) {
        memmove(to, from, count);
        return TRUE;
    }
    wide = RtlAllocateHeap(heap, 0, ((SIZE_T)count + 1) * sizeof *wide);
    if (!wide)
        return FALSE;
    units = MultiByteToWideChar(from_page, 0, from, (int)count, wide, (int)count + 1);
    WideCharToMultiByte(to_page, 0, wide, units, to, (int)count, NULL, NULL);
    RtlFreeHeap(heap, 0, wide);
    return TRUE;
}

BOOL WINAPI CharToOemBuffA(LPCSTR from, LPSTR to, DWORD count)
{
    return !count || convert(CP_ACP, CP_OEMCP, from, to, count);
}

BOOL WINAPI OemToCharBuffA(LPCSTR from, LPSTR to, DWORD count)
{
    return !count || convert(CP_OEMCP, CP_ACP, from, to, count);
}

BOOL WINAPI CharToOemA(LPCSTR from, LPSTR to)
{
    return from && to && CharToOemBuffA(from, to, (DWORD)strlen(from) + 1);
}

BOOL WINAPI OemToCharA(LPCSTR from, LPSTR to)
{
    return from && to && OemToCharBuffA(from, to, (DWORD)strlen(from) + 1);
}

/* No size is given: the result is as long as it gets. */
BOOL WINAPI CharToOemW(LPCWSTR from, LPSTR to)
{
    int size;

    if (!from || !to)
        return FALSE;
    size = WideCharToMultiByte(CP_OEMCP, 0, from, -1, NULL, 0, NULL, NULL);
    return WideCharToMultiByte(CP_OEMCP, 0, from, -1, to, size, NULL, NULL) != 0;
}

BOOL WINAPI OemToCharW(LPCSTR from, LPWSTR to)
{
    int size;

    if (!from || !to)
        return FALSE;
    size = MultiByteToWideChar(CP_OEMCP, MB_USEGLYPHCHARS, from, -1, NULL, 0);
    return MultiByteToWideChar(CP_OEMCP, MB_USEGLYPHCHARS, from, -1, to, size) != 0;
}
