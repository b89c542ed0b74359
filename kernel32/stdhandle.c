/*
 * stdhandle.c: GetStdHandle and SetStdHandle: three fields of the process parameters.
 */
#include "ntdll/error.h"

static HANDLE *std_handle_slot(DWORD which)
{
    RTL_USER_PROCESS_PARAMETERS *params = peb_current()->ProcessParameters;
    switch (which) {
    case STD_INPUT_HANDLE:
        return &params->StandardInput;
    case STD_OUTPUT_HANDLE:
        return &params->StandardOutput;
    case STD_ERROR_HANDLE:
        return &params->StandardError;
    default:
        RtlSetLastWin32Error(ERROR_INVALID_HANDLE);
        return NULL;
    }
}

HANDLE WINAPI GetStdHandle(DWORD which)
{
    HANDLE *slot = std_handle_slot(which);
    return slot ? *slot : INVALID_HANDLE_VALUE;
}

BOOL WINAPI SetStdHandle(DWORD which, HANDLE handle)
{
    HANDLE *slot = std_handle_slot(which);
    if (slot)
        *slot = handle;
    return slot != NULL;
}

BOOL WINAPI SetStdHandleEx(DWORD which, HANDLE handle, PHANDLE previous)
{
    HANDLE *slot = std_handle_slot(which);
    if (!slot)
        return FALSE;
    if (previous)
        *previous = *slot;
    *slot = handle;
    return TRUE;
}
