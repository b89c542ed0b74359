/*
 * lasterror.c: the thread's last error.
 *
 * Layer: kernel32; a field of the TEB.
 */
#include "win.h"

DWORD WINAPI GetLastError(void)
{
    return teb_current()->LastErrorValue;
}

void WINAPI SetLastError(DWORD error)
{
    teb_current()->LastErrorValue = error;
}

void WINAPI RestoreLastError(DWORD error)
{
    teb_current()->LastErrorValue = error;
}
