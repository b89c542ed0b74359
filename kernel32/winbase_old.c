/*
 * winbase_old.c: functions that have outlived what they were for, with the answers of a 64-bit program on today's
 * Windows.
 *
 * Layer: kernel32.
 */
#include "win.h"

/* Handles have no limit. */
UINT WINAPI SetHandleCount(UINT count)
{
    return count;
}

static BOOL fail(DWORD error)
{
    SetLastError(error);
    return FALSE;
}

/* Only 32-bit programs are redirected. */
BOOL WINAPI Wow64DisableWow64FsRedirection(PVOID *old)
{
    (void)old;
    return fail(ERROR_INVALID_FUNCTION);
}

BOOL WINAPI Wow64RevertWow64FsRedirection(PVOID old)
{
    (void)old;
    return fail(ERROR_INVALID_FUNCTION);
}

BOOLEAN WINAPI Wow64EnableWow64FsRedirection(BOOLEAN enable)
{
    (void)enable;
    return (BOOLEAN)fail(ERROR_INVALID_FUNCTION);
}

/* No thread has 32-bit registers. */
BOOL WINAPI Wow64GetThreadContext(HANDLE thread, PWOW64_CONTEXT context)
{
    (void)thread, (void)context;
    return fail(ERROR_INVALID_PARAMETER);
}

BOOL WINAPI Wow64SetThreadContext(HANDLE thread, const WOW64_CONTEXT *context)
{
    (void)thread, (void)context;
    return fail(ERROR_INVALID_PARAMETER);
}
