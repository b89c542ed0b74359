/*
 * handleapi.c: closing, duplicating and describing handles.  On top of Nt*.
 */
#include "ntdll/error.h"

BOOL WINAPI CloseHandle(HANDLE handle)
{
    return status_to_bool(NtClose(handle));
}

BOOL WINAPI DuplicateHandle(HANDLE source_process, HANDLE source, HANDLE target_process, LPHANDLE target, DWORD access,
                            BOOL inherit, DWORD options)
{
    return status_to_bool(
        NtDuplicateObject(source_process, source, target_process, target, access, inherit ? OBJ_INHERIT : 0, options));
}

BOOL WINAPI CompareObjectHandles(HANDLE first, HANDLE second)
{
    return status_to_bool(NtCompareObjects(first, second));
}

BOOL WINAPI GetHandleInformation(HANDLE handle, LPDWORD flags)
{
    OBJECT_HANDLE_FLAG_INFORMATION information;
    if (!status_to_bool(NtQueryObject(handle, ObjectHandleFlagInformation, &information, sizeof information, NULL)))
        return FALSE;
    *flags = (information.Inherit ? HANDLE_FLAG_INHERIT : 0) |
             (information.ProtectFromClose ? HANDLE_FLAG_PROTECT_FROM_CLOSE : 0);
    return TRUE;
}

BOOL WINAPI SetHandleInformation(HANDLE handle, DWORD mask, DWORD flags)
{
    OBJECT_HANDLE_FLAG_INFORMATION information;
    if (!status_to_bool(NtQueryObject(handle, ObjectHandleFlagInformation, &information, sizeof information, NULL)))
        return FALSE;
    if (mask & HANDLE_FLAG_INHERIT)
        information.Inherit = (flags & HANDLE_FLAG_INHERIT) != 0;
    if (mask & HANDLE_FLAG_PROTECT_FROM_CLOSE)
        information.ProtectFromClose = (flags & HANDLE_FLAG_PROTECT_FROM_CLOSE) != 0;
    return status_to_bool(
        NtSetInformationObject(handle, ObjectHandleFlagInformation, &information, sizeof information));
}
