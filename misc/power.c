/*
 * power.c: power notifications (powrprof.dll) and the multimedia timer's basics (winmm.dll).
 *
 * Layer: above ntdll's clocks.
 */
#include <string.h>
#include "win.h"

/* Accepted; a suspended host is not announced. */
DWORD WINAPI PowerRegisterSuspendResumeNotification(DWORD flags, HANDLE recipient, PVOID *registration)
{
    (void)flags, (void)recipient;
    *registration = registration;
    return ERROR_SUCCESS;
}

DWORD WINAPI PowerUnregisterSuspendResumeNotification(PVOID registration)
{
    (void)registration;
    return ERROR_SUCCESS;
}

DWORD WINAPI timeGetTime(void)
{
    return GetTickCount();
}

#define TIMER_NO_ERROR 0u
#define TIMER_CAN_NOT 97u

/* The host's timers are always finer than any period asked for. */
UINT WINAPI timeBeginPeriod(UINT period)
{
    return period ? TIMER_NO_ERROR : TIMER_CAN_NOT;
}

UINT WINAPI timeEndPeriod(UINT period)
{
    return period ? TIMER_NO_ERROR : TIMER_CAN_NOT;
}

UINT WINAPI timeGetDevCaps(UINT *caps, UINT size)
{
    if (!caps || size < 2 * sizeof *caps)
        return TIMER_CAN_NOT;
    caps[0] = 1;
    caps[1] = 1000000;
    return TIMER_NO_ERROR;
}
