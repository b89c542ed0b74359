/*
 * systime.h: clocks in 100 ns units, and the host's time zone in Windows' words.
 */
#ifndef NTDLL_SYSTIME_H
#define NTDLL_SYSTIME_H

#include "win.h"

/* In Windows' convention, so that Windows' functions call them without saving registers (clock.S). */
LONGLONG WINAPI time_now(void);        /* since 1601, UTC */
LONGLONG WINAPI time_now_coarse(void); /* the same, at the kernel's tick: cheaper */
LONGLONG WINAPI time_interrupt(void);  /* since boot, with sleep */
LONGLONG WINAPI time_unbiased(void);   /* since boot, without sleep */

/* The zone's rules in `year`: two changes a year, found by asking the host's zone data. */
void timezone_for_year(int year, DYNAMIC_TIME_ZONE_INFORMATION *info);

/* TIME_ZONE_ID_STANDARD, _DAYLIGHT or _UNKNOWN (no changes) now. */
ULONG timezone_id_now(const DYNAMIC_TIME_ZONE_INFORMATION *info);

#ifndef _TIME_FIELDS_DEFINED
#define _TIME_FIELDS_DEFINED
typedef struct _TIME_FIELDS {
    SHORT Year, Month, Day, Hour, Minute, Second, Milliseconds, Weekday;
} TIME_FIELDS;
#endif

LONGLONG WINAPI RtlGetSystemTimePrecise(void);
NTSTATUS WINAPI NtQueryPerformanceCounter(PLARGE_INTEGER counter, PLARGE_INTEGER frequency);
void WINAPI RtlTimeToTimeFields(const LARGE_INTEGER *time, TIME_FIELDS *fields);
BOOLEAN WINAPI RtlTimeFieldsToTime(const TIME_FIELDS *fields, LARGE_INTEGER *time);
NTSTATUS WINAPI RtlSystemTimeToLocalTime(const LARGE_INTEGER *system, PLARGE_INTEGER local);
BOOLEAN WINAPI RtlQueryUnbiasedInterruptTime(ULONGLONG *time);

#endif
