/*
 * station.c: the window station and desktop of a process, as objects that can be asked for their names.
 *
 * Layer: user32.  A program has one of each, and they are visible ones, as those of a program that a person starts.
 */
#include <string.h>
#include "win.h"
#include "ntdll/nls.h"

/* Handles that are no handle table's: only this file looks at them. */
#define STATION ((HANDLE)(ULONG_PTR)0x70000004)
#define DESKTOP ((HANDLE)(ULONG_PTR)0x70000008)

HWINSTA WINAPI GetProcessWindowStation(void)
{
    return STATION;
}

HDESK WINAPI GetThreadDesktop(DWORD thread)
{
    (void)thread;
    return DESKTOP;
}

BOOL WINAPI SetProcessWindowStation(HWINSTA station)
{
    if (station == STATION)
        return TRUE;
    SetLastError(ERROR_INVALID_HANDLE);
    return FALSE;
}

BOOL WINAPI SetThreadDesktop(HDESK desktop)
{
    if (desktop == DESKTOP)
        return TRUE;
    SetLastError(ERROR_INVALID_HANDLE);
    return FALSE;
}

/* Handles that were not opened can not be closed. */
BOOL WINAPI CloseWindowStation(HWINSTA station)
{
    SetLastError(station == STATION ? ERROR_BUSY : ERROR_INVALID_HANDLE);
    return FALSE;
}

BOOL WINAPI CloseDesktop(HDESK desktop)
{
    SetLastError(desktop == DESKTOP ? ERROR_BUSY : ERROR_INVALID_HANDLE);
    return FALSE;
}

BOOL WINAPI GetUserObjectInformationW(HANDLE object, int index, PVOID info, DWORD size, LPDWORD needed)
{
    USEROBJECTFLAGS flags = {FALSE, FALSE, object == STATION ? WSF_VISIBLE : 0};
    const void *answer = &flags;
    DWORD length = sizeof flags;

    if (object != STATION && object != DESKTOP) {
        SetLastError(ERROR_INVALID_HANDLE);
        return FALSE;
    }
    if (index == UOI_NAME || index == UOI_TYPE) {
        answer = index == UOI_TYPE   ? object == STATION ? u"WindowStation" : u"Desktop"
                 : object == STATION ? u"WinSta0"
                                     : u"Default";
        length = (DWORD)(wide_length(answer) + 1) * sizeof(WCHAR);
    } else if (index == UOI_USER_SID) { /* nobody is logged on there */
        length = 0;
    } else if (index != UOI_FLAGS) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return FALSE;
    }
    if (needed)
        *needed = length;
    if (size < length || (length && !info)) {
        SetLastError(ERROR_INSUFFICIENT_BUFFER);
        return FALSE;
    }
    memcpy(info, answer, length);
    return TRUE;
}

BOOL WINAPI GetUserObjectInformationA(HANDLE object, int index, PVOID info, DWORD size, LPDWORD needed)
{
    WCHAR wide[32];
    DWORD length = 0;

    if (index != UOI_NAME && index != UOI_TYPE)
        return GetUserObjectInformationW(object, index, info, size, needed);
    if (!GetUserObjectInformationW(object, index, wide, sizeof wide, &length))
        return FALSE;
    length /= sizeof *wide;
    if (needed)
        *needed = length;
    if (size < length || !info) {
        SetLastError(ERROR_INSUFFICIENT_BUFFER);
        return FALSE;
    }
    for (DWORD i = 0; i < length; i++)
        ((char *)info)[i] = (char)wide[i];
    return TRUE;
}

/* Programs without a desktop have nothing to be idle in. */
DWORD WINAPI WaitForInputIdle(HANDLE process, DWORD milliseconds)
{
    (void)milliseconds;
    if (GetProcessId(process))
        SetLastError(ERROR_NOT_GUI_PROCESS);
    return WAIT_FAILED;
}
