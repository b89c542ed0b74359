/*
 * timezone.c: the host's time zone (TZ or /etc/localtime) as Windows describes zones.
 *
 * Layer: ntdll.  The C library knows the offset at any moment; the days on which it changes are found by halving.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "systime.h"

/* Windows' names of common zones; any other zone goes by its own name. */
static const char zone_names[][2][36] = {
    {"America/Chicago", "Central"},
    {"America/Denver", "Mountain"},
    {"America/Los_Angeles", "Pacific"},
    {"America/New_York", "Eastern"},
    {"Asia/Kolkata", "India"},
    {"Asia/Shanghai", "China"},
    {"Asia/Tokyo", "Tokyo"},
    {"Australia/Sydney", "AUS Eastern"},
    {"Europe/Amsterdam", "W. Europe"},
    {"Europe/Berlin", "W. Europe"},
    {"Europe/Brussels", "Romance"},
    {"Europe/London", "GMT"},
    {"Europe/Madrid", "Romance"},
    {"Europe/Moscow", "Russian"},
    {"Europe/Paris", "Romance"},
    {"Europe/Prague", "Central Europe"},
    {"Europe/Rome", "W. Europe"},
    {"Europe/Stockholm", "W. Europe"},
    {"Europe/Vienna", "W. Europe"},
    {"Europe/Warsaw", "Central European"},
    {"Europe/Zurich", "W. Europe"},
};

static long offset_at(time_t when, struct tm *local)
{
    localtime_r(&when, local);
    return local->tm_gmtoff;
}

/* The first second with the offset of `high`, given that it differs from that of `low`. */
static time_t change_between(time_t low, time_t high)
{
    struct tm local;
    long before = offset_at(low, &local);

    while (high - low > 1) {
        time_t middle = low + (high - low) / 2;

        if (offset_at(middle, &local) == before)
            low = middle;
        else
            high = middle;
    }
    return high;
}

/* "The n-th Sunday of March at 2:00" in the local time before the change; 5 is the last one. */
static void change_describe(time_t change, long before, SYSTEMTIME *rule)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    time_t local = change + before;
    struct tm at;

    gmtime_r(&local, &at);
    memset(rule, 0, sizeof *rule);
    rule->wMonth = (WORD)(at.tm_mon + 1);
    rule->wDayOfWeek = (WORD)at.tm_wday;
    rule->wDay = (WORD)((at.tm_mday - 1) / 7 + 1);
    if (rule->wDay == 4 && at.tm_mday + 7 > days[at.tm_mon])
        rule->wDay = 5;
    rule->wHour = (WORD)at.tm_hour;
    rule->wMinute = (WORD)at.tm_min;
}

static void ascii_to_wide(WCHAR *wide, size_t room, const char *text, const char *more)
{
    size_t at = 0;

    for (; *text && at + 1 < room; text++)
        wide[at++] = (WCHAR)*text;
    for (; *more && at + 1 < room; more++)
        wide[at++] = (WCHAR)*more;
    wide[at] = 0;
}

/* The zone's IANA name, from TZ or where /etc/localtime points to; "" if neither tells. */
static void zone_iana_name(char *name, size_t size)
{
    const char *variable = getenv("TZ"), *found = variable && *variable != ':' ? variable : NULL;
    char target[256];
    ssize_t length = -1;

    if (!found) {
        length = readlink("/etc/localtime", target, sizeof target - 1);
        target[length > 0 ? length : 0] = 0;
        found = strstr(target, "zoneinfo/");
        found = found ? found + strlen("zoneinfo/") : "";
    }
    if (strlen(found) >= size)
        found = "";
    memcpy(name, found, strlen(found) + 1);
}

static void zone_set_names(DYNAMIC_TIME_ZONE_INFORMATION *info, bool utc)
{
    char iana[64];
    const char *name = NULL;

    zone_iana_name(iana, sizeof iana);
    if (utc) {
        ascii_to_wide(info->StandardName, 32, "Coordinated Universal Time", "");
        ascii_to_wide(info->DaylightName, 32, "Coordinated Universal Time", "");
        ascii_to_wide(info->TimeZoneKeyName, 128, "UTC", "");
        return;
    }
    for (size_t i = 0; i < sizeof zone_names / sizeof *zone_names && !name; i++)
        if (strcmp(zone_names[i][0], iana) == 0)
            name = zone_names[i][1];
    if (!name)
        name = *iana ? iana : "Local";
    ascii_to_wide(info->StandardName, 32, name, " Standard Time");
    ascii_to_wide(info->DaylightName, 32, name, " Daylight Time");
    ascii_to_wide(info->TimeZoneKeyName, 128, name, " Standard Time");
}

void timezone_for_year(int year, DYNAMIC_TIME_ZONE_INFORMATION *info)
{
    struct tm local = {.tm_year = year - 1900, .tm_mday = 1};
    time_t start = timegm(&local);
    long offset = offset_at(start, &local), standard = offset, previous = offset;
    int changes = 0;

    memset(info, 0, sizeof *info);
    tzset();
    /* Half a month at a time: a period of daylight saving time is longer everywhere. */
    for (int step = 1; step <= 25; step++) {
        time_t low = start + (step - 1) * 1261440, high = start + step * 1261440;
        long now = offset_at(high, &local);

        if (now == previous)
            continue;
        change_describe(change_between(low, high), previous,
                        now > previous ? &info->DaylightDate : &info->StandardDate);
        changes++;
        previous = now;
        if (now < standard)
            standard = now;
    }
    if (changes != 2) {
        memset(&info->DaylightDate, 0, sizeof info->DaylightDate);
        memset(&info->StandardDate, 0, sizeof info->StandardDate);
        standard = previous;
    }
    info->Bias = (LONG)(-standard / 60);
    info->DaylightBias = changes == 2 ? -60 : 0;
    zone_set_names(info, standard == 0 && changes == 0);
}

ULONG timezone_id_now(const DYNAMIC_TIME_ZONE_INFORMATION *info)
{
    struct tm local;
    long offset;

    if (!info->DaylightDate.wMonth)
        return TIME_ZONE_ID_UNKNOWN;
    offset = offset_at(time(NULL), &local);
    return -offset / 60 == info->Bias ? TIME_ZONE_ID_STANDARD : TIME_ZONE_ID_DAYLIGHT;
}
