/*
 * time.c: the system's clocks, and time fields.
 *
 * Layer: ntdll.  Windows counts 100 ns units from 1601-01-01 UTC.  All clocks come from the vDSO: no system call.
 */
#include <dlfcn.h>
#include <errno.h>
#include <stdatomic.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "systime.h"
#include "thread.h"

#define TICKS_PER_SECOND 10000000ll
#define TICKS_PER_DAY (86400 * TICKS_PER_SECOND)
#define EPOCH_SECONDS 11644473600ll /* 1601 to 1970 */
#define DAYS_PER_400_YEARS 146097

#define MANY_READINGS 1000 /* less are not worth looking for a faster way */

typedef void WINAPI clock_reader(clockid_t clock, struct timespec *now);
static clock_reader read_first;
static clock_reader *_Atomic reader = read_first;
int (*clock_vdso)(clockid_t clock, struct timespec *now);
clock_reader clock_read; /* clock.S: by clock_vdso */

/* The kernel's code is in the list of loaded libraries. */
static void find_vdso(void)
{
    thread_no_suspend();
    void *vdso = dlopen("linux-vdso.so.1", RTLD_LAZY | RTLD_NOLOAD);
    clock_vdso = vdso ? (int (*)(clockid_t, struct timespec *))dlsym(vdso, "__vdso_clock_gettime") : NULL;
    thread_may_suspend();
}

static void WINAPI read_by_libc(clockid_t clock, struct timespec *now)
{
    clock_gettime(clock, now);
}

static void WINAPI read_first(clockid_t clock, struct timespec *now)
{
    static _Atomic unsigned readings;
    clock_gettime(clock, now);
    if (atomic_fetch_add_explicit(&readings, 1, memory_order_relaxed) == MANY_READINGS) {
        find_vdso();
        atomic_store(&reader, clock_vdso ? clock_read : read_by_libc);
    }
}

static LONGLONG WINAPI clock_ticks(clockid_t clock)
{
    struct timespec now;

    atomic_load_explicit(&reader, memory_order_acquire)(clock, &now);
    return now.tv_sec * TICKS_PER_SECOND + now.tv_nsec / 100;
}

LONGLONG WINAPI time_now(void)
{
    return clock_ticks(CLOCK_REALTIME) + EPOCH_SECONDS * TICKS_PER_SECOND;
}

LONGLONG WINAPI time_now_coarse(void)
{
    return clock_ticks(CLOCK_REALTIME_COARSE) + EPOCH_SECONDS * TICKS_PER_SECOND;
}

LONGLONG WINAPI time_interrupt(void)
{
    return clock_ticks(CLOCK_BOOTTIME);
}

LONGLONG WINAPI time_unbiased(void)
{
    return clock_ticks(CLOCK_MONOTONIC);
}

NTSTATUS WINAPI NtQuerySystemTime(PLARGE_INTEGER time)
{
    time->QuadPart = time_now();
    return STATUS_SUCCESS;
}

/* Setting the clock is the host's business; no program of ours holds the privilege. */
NTSTATUS WINAPI NtSetSystemTime(const LARGE_INTEGER *time, LARGE_INTEGER *old)
{
    (void)time;
    if (old)
        old->QuadPart = time_now();
    return STATUS_PRIVILEGE_NOT_HELD;
}

LONGLONG WINAPI RtlGetSystemTimePrecise(void)
{
    return time_now();
}

NTSTATUS WINAPI NtQueryPerformanceCounter(PLARGE_INTEGER counter, PLARGE_INTEGER frequency)
{
    counter->QuadPart = clock_ticks(CLOCK_MONOTONIC);
    if (frequency)
        frequency->QuadPart = TICKS_PER_SECOND;
    return STATUS_SUCCESS;
}

BOOL WINAPI RtlQueryPerformanceCounter(PLARGE_INTEGER counter)
{
    counter->QuadPart = clock_ticks(CLOCK_MONOTONIC);
    return TRUE;
}

BOOL WINAPI RtlQueryPerformanceFrequency(PLARGE_INTEGER frequency)
{
    frequency->QuadPart = TICKS_PER_SECOND;
    return TRUE;
}

ULONG WINAPI NtGetTickCount(void)
{
    return (ULONG)(clock_ticks(CLOCK_BOOTTIME) / 10000);
}

BOOLEAN WINAPI RtlQueryUnbiasedInterruptTime(ULONGLONG *time)
{
    *time = (ULONGLONG)time_unbiased();
    return TRUE;
}

NTSTATUS WINAPI NtQueryTimerResolution(ULONG *coarsest, ULONG *finest, ULONG *current)
{
    *coarsest = 156250;
    *finest = 5000;
    *current = 10000;
    return STATUS_SUCCESS;
}

NTSTATUS WINAPI NtSetTimerResolution(ULONG wanted, BOOLEAN set, ULONG *current)
{
    (void)wanted, (void)set;
    *current = 10000; /* the host's timers are finer than any request */
    return STATUS_SUCCESS;
}

void WINAPI RtlTimeToTimeFields(const LARGE_INTEGER *time, TIME_FIELDS *fields)
{
    LONGLONG ticks = time->QuadPart, days = ticks / TICKS_PER_DAY, left = ticks % TICKS_PER_DAY / 10000;
    LONGLONG cleaps, years, yearday, months;

    fields->Milliseconds = (SHORT)(left % 1000);
    left /= 1000;
    fields->Second = (SHORT)(left % 60);
    fields->Minute = (SHORT)(left / 60 % 60);
    fields->Hour = (SHORT)(left / 3600);
    fields->Weekday = (SHORT)((1 + days) % 7); /* 1601-01-01 was a Monday */
    /* Years that begin in March put the leap day last. */
    days += 306;
    cleaps = (4 * days + 3) / DAYS_PER_400_YEARS;
    days += cleaps - cleaps / 4;
    years = (4 * days + 3) / 1461;
    yearday = days - years * 1461 / 4;
    months = (5 * yearday + 2) / 153;
    fields->Day = (SHORT)(yearday - (153 * months + 2) / 5 + 1);
    fields->Month = (SHORT)(months < 10 ? months + 3 : months - 9);
    fields->Year = (SHORT)(years + 1600 + (months >= 10));
}

static int month_days(int year, int month)
{
    static const char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

    return days[month - 1] + (month == 2 && leap);
}

BOOLEAN WINAPI RtlTimeFieldsToTime(const TIME_FIELDS *fields, LARGE_INTEGER *time)
{
    LONGLONG year = fields->Year, month = fields->Month, days;

    if (fields->Milliseconds < 0 || fields->Milliseconds > 999 || fields->Second < 0 || fields->Second > 59 ||
        fields->Minute < 0 || fields->Minute > 59 || fields->Hour < 0 || fields->Hour > 23 || month < 1 || month > 12 ||
        fields->Year < 1601 || fields->Day < 1 || fields->Day > month_days(fields->Year, (int)month))
        return FALSE;
    year -= 1600 + (month < 3);
    month = month < 3 ? month + 9 : month - 3;
    days = year * 365 + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + fields->Day - 1 - 306;
    time->QuadPart = (((days * 24 + fields->Hour) * 60 + fields->Minute) * 60 + fields->Second) * TICKS_PER_SECOND +
                     fields->Milliseconds * 10000;
    return TRUE;
}

BOOLEAN WINAPI RtlTimeToSecondsSince1970(PLARGE_INTEGER time, PULONG seconds)
{
    LONGLONG value = time->QuadPart / TICKS_PER_SECOND - EPOCH_SECONDS;

    if (value < 0 || value > 0xffffffffll)
        return FALSE;
    *seconds = (ULONG)value;
    return TRUE;
}

void WINAPI RtlSecondsSince1970ToTime(ULONG seconds, LARGE_INTEGER *time)
{
    time->QuadPart = (seconds + EPOCH_SECONDS) * TICKS_PER_SECOND;
}

BOOLEAN WINAPI RtlTimeToSecondsSince1980(const LARGE_INTEGER *time, ULONG *seconds)
{
    LONGLONG value = time->QuadPart / TICKS_PER_SECOND - EPOCH_SECONDS - 315532800;

    if (value < 0 || value > 0xffffffffll)
        return FALSE;
    *seconds = (ULONG)value;
    return TRUE;
}

void WINAPI RtlSecondsSince1980ToTime(ULONG seconds, LARGE_INTEGER *time)
{
    time->QuadPart = (seconds + EPOCH_SECONDS + 315532800) * TICKS_PER_SECOND;
}

/* Minutes to add to local time to get UTC, now. */
static LONGLONG local_bias_ticks(void)
{
    time_t now = time(NULL);
    struct tm local;

    localtime_r(&now, &local);
    return -local.tm_gmtoff * TICKS_PER_SECOND;
}

NTSTATUS WINAPI RtlLocalTimeToSystemTime(PLARGE_INTEGER local, PLARGE_INTEGER system)
{
    system->QuadPart = local->QuadPart + local_bias_ticks();
    return STATUS_SUCCESS;
}

NTSTATUS WINAPI RtlSystemTimeToLocalTime(const LARGE_INTEGER *system, PLARGE_INTEGER local)
{
    local->QuadPart = system->QuadPart - local_bias_ticks();
    return STATUS_SUCCESS;
}
