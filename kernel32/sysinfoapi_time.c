/*
 * sysinfoapi_time.c: what time it is: system time, counters, ticks.
 *
 * Layer: kernel32, over ntdll's clocks.
 */
#include "win.h"
#include "ntdll/systime.h"

static void ticks_to_file(LONGLONG ticks, FILETIME *time)
{
    time->dwLowDateTime = (DWORD)ticks;
    time->dwHighDateTime = (DWORD)(ticks >> 32);
}

void WINAPI GetSystemTimeAsFileTime(LPFILETIME time)
{
    ticks_to_file(time_now(), time);
}

void WINAPI GetSystemTimePreciseAsFileTime(LPFILETIME time)
{
    ticks_to_file(time_now(), time);
}

void WINAPI GetSystemTime(LPSYSTEMTIME time)
{
    FILETIME now;

    GetSystemTimeAsFileTime(&now);
    FileTimeToSystemTime(&now, time);
}

void WINAPI GetLocalTime(LPSYSTEMTIME time)
{
    LARGE_INTEGER now = {.QuadPart = time_now()}, local;
    FILETIME file;

    RtlSystemTimeToLocalTime(&now, &local);
    ticks_to_file(local.QuadPart, &file);
    FileTimeToSystemTime(&file, time);
}

BOOL WINAPI QueryPerformanceCounter(LARGE_INTEGER *counter)
{
    NtQueryPerformanceCounter(counter, NULL);
    return TRUE;
}

BOOL WINAPI QueryPerformanceFrequency(LARGE_INTEGER *frequency)
{
    frequency->QuadPart = 10000000; /* as on Windows 10 */
    return TRUE;
}

ULONGLONG WINAPI GetTickCount64(void)
{
    return (ULONGLONG)time_interrupt() / 10000;
}

DWORD WINAPI GetTickCount(void)
{
    return (DWORD)GetTickCount64();
}

void WINAPI QueryInterruptTime(PULONGLONG time)
{
    *time = (ULONGLONG)time_interrupt();
}

void WINAPI QueryInterruptTimePrecise(PULONGLONG time)
{
    *time = (ULONGLONG)time_interrupt();
}

BOOL WINAPI QueryUnbiasedInterruptTime(PULONGLONG time)
{
    if (!time) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return FALSE;
    }
    return RtlQueryUnbiasedInterruptTime(time);
}

void WINAPI QueryUnbiasedInterruptTimePrecise(PULONGLONG time)
{
    RtlQueryUnbiasedInterruptTime(time);
}

BOOL WINAPI GetSystemTimeAdjustment(PDWORD adjustment, PDWORD increment, PBOOL disabled)
{
    *adjustment = *increment = 156250;
    *disabled = TRUE;
    return TRUE;
}
