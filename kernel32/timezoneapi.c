/*
 * timezoneapi.c: file times, system times, and the time zone.
 *
 * Layer: kernel32, over ntdll's clocks and time fields.
 */
#include <string.h>
#include "win.h"
#include "ntdll/systime.h"

static BOOL invalid(void)
{
    SetLastError(ERROR_INVALID_PARAMETER);
    return FALSE;
}

static LONGLONG ticks_from_file(const FILETIME *time)
{
    return (LONGLONG)((ULONGLONG)time->dwHighDateTime << 32 | time->dwLowDateTime);
}

static void ticks_to_file(LONGLONG ticks, FILETIME *time)
{
    time->dwLowDateTime = (DWORD)ticks;
    time->dwHighDateTime = (DWORD)(ticks >> 32);
}

static void ticks_to_system(LONGLONG ticks, SYSTEMTIME *time)
{
    LARGE_INTEGER value = {.QuadPart = ticks};
    TIME_FIELDS fields;

    RtlTimeToTimeFields(&value, &fields);
    time->wYear = (WORD)fields.Year;
    time->wMonth = (WORD)fields.Month;
    time->wDayOfWeek = (WORD)fields.Weekday;
    time->wDay = (WORD)fields.Day;
    time->wHour = (WORD)fields.Hour;
    time->wMinute = (WORD)fields.Minute;
    time->wSecond = (WORD)fields.Second;
    time->wMilliseconds = (WORD)fields.Milliseconds;
}

static bool ticks_from_system(const SYSTEMTIME *time, LONGLONG *ticks)
{
    TIME_FIELDS fields = {(SHORT)time->wYear,   (SHORT)time->wMonth,  (SHORT)time->wDay,          (SHORT)time->wHour,
                          (SHORT)time->wMinute, (SHORT)time->wSecond, (SHORT)time->wMilliseconds, 0};
    LARGE_INTEGER value;

    if (time->wYear > 30827 || !RtlTimeFieldsToTime(&fields, &value))
        return false;
    *ticks = value.QuadPart;
    return true;
}

BOOL WINAPI FileTimeToSystemTime(const FILETIME *file, LPSYSTEMTIME system)
{
    LONGLONG ticks = ticks_from_file(file);

    if (ticks < 0)
        return invalid();
    ticks_to_system(ticks, system);
    return TRUE;
}

BOOL WINAPI SystemTimeToFileTime(const SYSTEMTIME *system, LPFILETIME file)
{
    LONGLONG ticks;

    if (!ticks_from_system(system, &ticks))
        return invalid();
    ticks_to_file(ticks, file);
    return TRUE;
}

LONG WINAPI CompareFileTime(const FILETIME *a, const FILETIME *b)
{
    ULONGLONG x = (ULONGLONG)ticks_from_file(a), y = (ULONGLONG)ticks_from_file(b);

    return x < y ? -1 : x > y;
}

/* Today's bias, whatever the date: that is how Windows defines these two. */
BOOL WINAPI FileTimeToLocalFileTime(const FILETIME *utc, LPFILETIME local)
{
    LARGE_INTEGER from = {.QuadPart = ticks_from_file(utc)}, to;

    RtlSystemTimeToLocalTime(&from, &to);
    ticks_to_file(to.QuadPart, local);
    return TRUE;
}

BOOL WINAPI LocalFileTimeToFileTime(const FILETIME *local, LPFILETIME utc)
{
    LARGE_INTEGER from = {.QuadPart = ticks_from_file(local)}, to;

    RtlLocalTimeToSystemTime(&from, &to);
    ticks_to_file(to.QuadPart, utc);
    return TRUE;
}

BOOL WINAPI FileTimeToDosDateTime(const FILETIME *file, LPWORD date, LPWORD time)
{
    SYSTEMTIME system;
    LONGLONG ticks = ticks_from_file(file);

    if (ticks < 0)
        return invalid();
    ticks_to_system(ticks, &system);
    if (system.wYear < 1980 || system.wYear > 2107)
        return invalid();
    *date = (WORD)((system.wYear - 1980) << 9 | system.wMonth << 5 | system.wDay);
    *time = (WORD)(system.wHour << 11 | system.wMinute << 5 | system.wSecond / 2);
    return TRUE;
}

BOOL WINAPI DosDateTimeToFileTime(WORD date, WORD time, LPFILETIME file)
{
    SYSTEMTIME system = {0};

    system.wYear = (WORD)(1980 + (date >> 9));
    system.wMonth = date >> 5 & 15;
    system.wDay = date & 31;
    system.wHour = time >> 11;
    system.wMinute = time >> 5 & 63;
    system.wSecond = (WORD)((time & 31) * 2);
    return SystemTimeToFileTime(&system, file);
}

DWORD WINAPI GetDynamicTimeZoneInformation(PDYNAMIC_TIME_ZONE_INFORMATION info)
{
    SYSTEMTIME now;

    GetSystemTime(&now);
    timezone_for_year(now.wYear, info);
    return timezone_id_now(info);
}

DWORD WINAPI GetTimeZoneInformation(LPTIME_ZONE_INFORMATION info)
{
    DYNAMIC_TIME_ZONE_INFORMATION dynamic;
    DWORD id = GetDynamicTimeZoneInformation(&dynamic);

    memcpy(info, &dynamic, sizeof *info); /* the first part is the same */
    return id;
}

BOOL WINAPI GetTimeZoneInformationForYear(USHORT year, PDYNAMIC_TIME_ZONE_INFORMATION zone,
                                          LPTIME_ZONE_INFORMATION info)
{
    DYNAMIC_TIME_ZONE_INFORMATION dynamic;

    if (zone && !zone->TimeZoneKeyName[0])
        dynamic = *zone;
    else
        timezone_for_year(year, &dynamic);
    memcpy(info, &dynamic, sizeof *info);
    return TRUE;
}

/* The moment of a rule in a year, in local ticks.  wYear set: an exact date; else the n-th weekday of a month. */
static LONGLONG rule_ticks(const SYSTEMTIME *rule, WORD year)
{
    SYSTEMTIME at = *rule, first = {0};
    LONGLONG ticks = 0;
    int day;

    if (!rule->wYear) {
        at.wYear = first.wYear = year;
        first.wMonth = rule->wMonth;
        first.wDay = 1;
        ticks_from_system(&first, &ticks);
        ticks_to_system(ticks, &first);
        day = 1 + (7 + rule->wDayOfWeek - first.wDayOfWeek) % 7 + 7 * (rule->wDay - 1);
        for (at.wDay = (WORD)day; !ticks_from_system(&at, &ticks) && at.wDay > 7;)
            at.wDay = (WORD)(at.wDay - 7);
    }
    ticks_from_system(&at, &ticks);
    return ticks;
}

/* Whether the moment, in standard or daylight time as `daylight_clock` says, falls in daylight saving time. */
static bool is_daylight(const TIME_ZONE_INFORMATION *zone, LONGLONG ticks, bool utc)
{
    SYSTEMTIME at;
    LONGLONG begin, end, bias = utc ? (LONGLONG)zone->Bias * 600000000 : 0;

    if (!zone->DaylightDate.wMonth || !zone->StandardDate.wMonth)
        return false;
    ticks_to_system(ticks - bias, &at);
    begin = rule_ticks(&zone->DaylightDate, at.wYear);
    end = rule_ticks(&zone->StandardDate, at.wYear);
    if (utc) {
        begin += bias + (LONGLONG)zone->StandardBias * 600000000;
        end += bias + (LONGLONG)zone->DaylightBias * 600000000;
    }
    return begin < end ? ticks >= begin && ticks < end : ticks < end || ticks >= begin;
}

static LONGLONG zone_bias(const TIME_ZONE_INFORMATION *zone, LONGLONG ticks, bool utc)
{
    LONG minutes = zone->Bias + (is_daylight(zone, ticks, utc) ? zone->DaylightBias : zone->StandardBias);

    return (LONGLONG)minutes * 600000000;
}

BOOL WINAPI SystemTimeToTzSpecificLocalTime(const TIME_ZONE_INFORMATION *zone, const SYSTEMTIME *utc,
                                            LPSYSTEMTIME local)
{
    TIME_ZONE_INFORMATION own;
    LONGLONG ticks;

    if (!ticks_from_system(utc, &ticks))
        return invalid();
    if (!zone) {
        GetTimeZoneInformationForYear(utc->wYear, NULL, &own);
        zone = &own;
    }
    ticks_to_system(ticks - zone_bias(zone, ticks, true), local);
    return TRUE;
}

BOOL WINAPI TzSpecificLocalTimeToSystemTime(const TIME_ZONE_INFORMATION *zone, const SYSTEMTIME *local,
                                            LPSYSTEMTIME utc)
{
    TIME_ZONE_INFORMATION own;
    LONGLONG ticks;

    if (!ticks_from_system(local, &ticks))
        return invalid();
    if (!zone) {
        GetTimeZoneInformationForYear(local->wYear, NULL, &own);
        zone = &own;
    }
    ticks_to_system(ticks + zone_bias(zone, ticks, false), utc);
    return TRUE;
}

BOOL WINAPI SystemTimeToTzSpecificLocalTimeEx(const DYNAMIC_TIME_ZONE_INFORMATION *zone, const SYSTEMTIME *utc,
                                              LPSYSTEMTIME local)
{
    return SystemTimeToTzSpecificLocalTime((const TIME_ZONE_INFORMATION *)zone, utc, local);
}

BOOL WINAPI TzSpecificLocalTimeToSystemTimeEx(const DYNAMIC_TIME_ZONE_INFORMATION *zone, const SYSTEMTIME *local,
                                              LPSYSTEMTIME utc)
{
    return TzSpecificLocalTimeToSystemTime((const TIME_ZONE_INFORMATION *)zone, local, utc);
}

/* The host's clock and zone are not ours to set. */
static BOOL privilege_missing(void)
{
    SetLastError(ERROR_PRIVILEGE_NOT_HELD);
    return FALSE;
}

BOOL WINAPI SetTimeZoneInformation(const TIME_ZONE_INFORMATION *info)
{
    (void)info;
    return privilege_missing();
}

BOOL WINAPI SetDynamicTimeZoneInformation(const DYNAMIC_TIME_ZONE_INFORMATION *info)
{
    (void)info;
    return privilege_missing();
}

BOOL WINAPI SetSystemTime(const SYSTEMTIME *time)
{
    LONGLONG ticks;

    return ticks_from_system(time, &ticks) ? privilege_missing() : invalid();
}

BOOL WINAPI SetLocalTime(const SYSTEMTIME *time)
{
    return SetSystemTime(time);
}

BOOL WINAPI SetSystemTimeAdjustment(DWORD adjustment, BOOL disabled)
{
    (void)adjustment, (void)disabled;
    return privilege_missing();
}
