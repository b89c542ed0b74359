/*
 * commapi.c: serial lines.  None can be opened: a handle that is given is a file's or none at all.
 *
 * Layer: kernel32.  A device that is no serial line answers "invalid function", as Windows' file systems do.
 */
#include <string.h>
#include "ntdll/error.h"

static BOOL comm_fail(HANDLE handle)
{
    DWORD flags;

    if (GetHandleInformation(handle, &flags))
        SetLastError(ERROR_INVALID_FUNCTION);
    else
        SetLastError(ERROR_INVALID_HANDLE);
    return FALSE;
}

BOOL WINAPI GetCommState(HANDLE handle, LPDCB state)
{
    if (state)
        return comm_fail(handle);
    SetLastError(ERROR_INVALID_PARAMETER);
    return FALSE;
}

BOOL WINAPI SetCommState(HANDLE handle, LPDCB state)
{
    return GetCommState(handle, state);
}

BOOL WINAPI GetCommTimeouts(HANDLE handle, LPCOMMTIMEOUTS timeouts)
{
    (void)timeouts;
    return comm_fail(handle);
}

BOOL WINAPI SetCommTimeouts(HANDLE handle, LPCOMMTIMEOUTS timeouts)
{
    (void)timeouts;
    return comm_fail(handle);
}

BOOL WINAPI GetCommMask(HANDLE handle, LPDWORD mask)
{
    (void)mask;
    return comm_fail(handle);
}

BOOL WINAPI SetCommMask(HANDLE handle, DWORD mask)
{
    (void)mask;
    return comm_fail(handle);
}

BOOL WINAPI WaitCommEvent(HANDLE handle, LPDWORD mask, LPOVERLAPPED overlapped)
{
    (void)mask, (void)overlapped;
    return comm_fail(handle);
}

BOOL WINAPI GetCommModemStatus(HANDLE handle, LPDWORD status)
{
    (void)status;
    return comm_fail(handle);
}

BOOL WINAPI GetCommProperties(HANDLE handle, LPCOMMPROP properties)
{
    (void)properties;
    return comm_fail(handle);
}

BOOL WINAPI ClearCommError(HANDLE handle, LPDWORD errors, LPCOMSTAT status)
{
    (void)errors, (void)status;
    return comm_fail(handle);
}

BOOL WINAPI SetupComm(HANDLE handle, DWORD in, DWORD out)
{
    (void)in, (void)out;
    return comm_fail(handle);
}

BOOL WINAPI PurgeComm(HANDLE handle, DWORD flags)
{
    (void)flags;
    return comm_fail(handle);
}

BOOL WINAPI EscapeCommFunction(HANDLE handle, DWORD function)
{
    (void)function;
    return comm_fail(handle);
}

BOOL WINAPI TransmitCommChar(HANDLE handle, char c)
{
    (void)c;
    return comm_fail(handle);
}

BOOL WINAPI SetCommBreak(HANDLE handle)
{
    return comm_fail(handle);
}

BOOL WINAPI ClearCommBreak(HANDLE handle)
{
    return comm_fail(handle);
}
