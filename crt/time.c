/*
 * time.c: time.h: clocks, broken-down time, and the time zone.
 *
 * Times are UTC seconds since 1970, 32 or 64 bits.  Local time uses the zone that kernel32 reports for the date in
 * question, or the one that the variable TZ names ("EST5EDT": name, hours, name of the daylight time).
 */
#include "tm.h"

#define EPOCH 116444736000000000ll /* 1970 in 100 ns since 1601 */
#define SECOND 10000000ll
#define LAST_TIME 32535244799ll /* 3000-12-31 23:59:59 UTC, Microsoft's limit */

char *WINAPI crt_getenv(const char *name);

/* Exported by msvcrt as _daylight, _timezone, _dstbias and _tzname. */
int crt_daylight = 1;
LONG crt_timezone = 28800, crt_dstbias = -3600;
static char names[2][64] = {"PST", "PDT"};
char *crt_tzname[2] = {names[0], names[1]};
static bool zone_from_variable;
static RTL_RUN_ONCE zone_once;

int *WINAPI __daylight(void)
{
    return &crt_daylight;
}

LONG *WINAPI __timezone(void)
{
    return &crt_timezone;
}

LONG *WINAPI __dstbias(void)
{
    return &crt_dstbias;
}

char **WINAPI __tzname(void)
{
    return crt_tzname;
}

/* TZ=tzn[+|-]hh[:mm[:ss]][dzn] */
static void parse_variable(const char *text)
{
    LONG seconds = 0, unit = 3600, sign = 1;
    strncpy(names[0], text, 3);
    names[0][3] = 0;
    text += strnlen(text, 3);
    if (*text == '-' || *text == '+')
        sign = *text++ == '-' ? -1 : 1;
    for (LONG number = 0;; text++) {
        if ((unsigned)(*text - '0') < 10) {
            number = number * 10 + (*text - '0');
            continue;
        }
        seconds += number * unit;
        number = 0;
        unit /= 60;
        if (*text != ':' || !unit)
            break;
    }
    crt_timezone = sign * seconds;
    crt_daylight = *text != 0;
    strncpy(names[1], text, 3);
    names[1][3] = 0;
}

void WINAPI _tzset(void)
{
    TIME_ZONE_INFORMATION zone;
    const char *variable = crt_getenv("TZ");
    zone_from_variable = variable && *variable;
    if (zone_from_variable) {
        parse_variable(variable);
        crt_dstbias = crt_daylight ? -3600 : 0;
        return;
    }
    if (GetTimeZoneInformation(&zone) == TIME_ZONE_ID_INVALID)
        return;
    crt_timezone = (zone.Bias + (zone.StandardDate.wMonth ? zone.StandardBias : 0)) * 60;
    crt_daylight = zone.DaylightDate.wMonth && zone.DaylightBias;
    crt_dstbias = crt_daylight ? (zone.DaylightBias - zone.StandardBias) * 60 : 0;
    WideCharToMultiByte(CP_ACP, 0, zone.StandardName, -1, names[0], sizeof(names[0]) - 1, NULL, NULL);
    WideCharToMultiByte(CP_ACP, 0, zone.DaylightName, -1, names[1], sizeof(names[1]) - 1, NULL, NULL);
}

static void zone_init(void)
{
    BOOL pending;
    if (InitOnceBeginInitialize((INIT_ONCE *)&zone_once, 0, &pending, NULL) && pending) {
        _tzset();
        InitOnceComplete((INIT_ONCE *)&zone_once, 0, NULL);
    }
}

static int64_t now(void)
{
    FILETIME time;
    GetSystemTimeAsFileTime(&time);
    return (int64_t)((uint64_t)time.dwHighDateTime << 32 | time.dwLowDateTime) - EPOCH;
}

int64_t WINAPI _time64(int64_t *time)
{
    int64_t seconds = now() / SECOND;
    if (time)
        *time = seconds;
    return seconds;
}

LONG WINAPI _time32(LONG *time)
{
    LONG seconds = (LONG)(now() / SECOND);
    if (time)
        *time = seconds;
    return seconds;
}

double WINAPI _difftime64(int64_t a, int64_t b)
{
    return (double)(a - b);
}

double WINAPI _difftime32(LONG a, LONG b)
{
    return (double)a - b;
}

LONG WINAPI crt_clock(void)
{
    FILETIME created, exited, kernel, user;
    if (!GetProcessTimes(GetCurrentProcess(), &created, &exited, &kernel, &user))
        return -1;
    int64_t start = (int64_t)((uint64_t)created.dwHighDateTime << 32 | created.dwLowDateTime) - EPOCH;
    return (LONG)((now() - start) / 10000);
}

/* --- calendar: days since 1970 of a date, and back (proleptic Gregorian) --- */

static int64_t days_from_date(int64_t year, int month, int day)
{
    year -= month < 2;
    int64_t era = (year >= 0 ? year : year - 399) / 400;
    int64_t of_era = year - era * 400, of_year = (153 * ((month + 10) % 12) + 2) / 5 + day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static void date_from_days(int64_t days, struct crt_tm *tm)
{
    days += 719468;
    int64_t era = (days >= 0 ? days : days - 146096) / 146097, of_era = days - era * 146097;
    int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * year + year / 4 - year / 100), shifted = (5 * of_year + 2) / 153;
    tm->mday = (int)(of_year - (153 * shifted + 2) / 5 + 1);
    tm->mon = (int)(shifted < 10 ? shifted + 2 : shifted - 10);
    year += era * 400 + (tm->mon < 2);
    tm->year = (int)(year - 1900);
    tm->yday = (int)(days - 719468 - days_from_date(year, 0, 1));
}

static void tm_from_seconds(int64_t seconds, struct crt_tm *tm)
{
    int64_t days = seconds / 86400, rest = seconds % 86400;
    if (rest < 0) {
        rest += 86400;
        days--;
    }
    date_from_days(days, tm);
    tm->wday = (int)(((days + 4) % 7 + 7) % 7);
    tm->hour = (int)(rest / 3600);
    tm->min = (int)(rest / 60 % 60);
    tm->sec = (int)(rest % 60);
    tm->isdst = 0;
}

static int64_t seconds_from_tm(const struct crt_tm *tm)
{
    int64_t months = (int64_t)tm->year * 12 + tm->mon, year = months / 12;
    int month = (int)(months % 12);
    if (month < 0) {
        month += 12;
        year--;
    }
    int64_t days = days_from_date(year + 1900, month, 1) + tm->mday - 1;
    return ((days * 24 + tm->hour) * 60 + tm->min) * 60 + tm->sec;
}

/* The time of the `nth` Sunday (5: the last) of a month of the year, at 2:00. */
static int64_t sunday(int year, int month, int nth)
{
    int64_t first = days_from_date(year, month, 1);
    int64_t day = first + (7 - (first + 4) % 7) % 7 + 7 * (nth - 1);
    while (day >= days_from_date(month == 11 ? year + 1 : year, (month + 1) % 12, 1))
        day -= 7;
    return day * 86400 + 7200;
}

/* A daylight time that the variable TZ names follows the rules of the United States, as Microsoft has it. */
static bool american_daylight(int64_t standard)
{
    struct crt_tm tm;
    tm_from_seconds(standard, &tm);
    int year = tm.year + 1900;
    int64_t begin = year >= 2007 ? sunday(year, 2, 2) : sunday(year, 3, 1);
    int64_t end = year >= 2007 ? sunday(year, 10, 1) : sunday(year, 9, 5);
    return standard >= begin && standard < end - 3600;
}

/* Seconds to add to UTC at that time; *dst tells whether daylight time is in force. */
static int64_t offset_at(int64_t utc, int *dst)
{
    *dst = 0;
    zone_init();
    if (zone_from_variable) {
        *dst = crt_daylight && american_daylight(utc - crt_timezone);
        return -(int64_t)crt_timezone - (*dst ? crt_dstbias : 0);
    }
    SYSTEMTIME system, local;
    int64_t ticks = utc * SECOND + EPOCH, local_ticks;
    if (ticks < 0 || !FileTimeToSystemTime((FILETIME *)&ticks, &system) ||
        !SystemTimeToTzSpecificLocalTime(NULL, &system, &local) ||
        !SystemTimeToFileTime(&local, (FILETIME *)&local_ticks))
        return -(int64_t)crt_timezone;
    int64_t offset = (local_ticks - (ticks - ticks % 10000)) / SECOND;
    *dst = crt_daylight && offset != -(int64_t)crt_timezone;
    return offset;
}

static int break_down(struct crt_tm *tm, const int64_t *time, bool local)
{
    CRT_REQUIRE(tm, CRT_EINVAL);
    memset(tm, 0xff, sizeof(*tm));
    CRT_REQUIRE(time, CRT_EINVAL);
    if (*time < -43200 || *time > LAST_TIME + 43200)
        return crt_set_errno(CRT_EINVAL);
    int dst = 0;
    tm_from_seconds(*time + (local ? offset_at(*time, &dst) : 0), tm);
    tm->isdst = dst;
    return 0;
}

int WINAPI _gmtime64_s(struct crt_tm *tm, const int64_t *time)
{
    return break_down(tm, time, false);
}

int WINAPI _localtime64_s(struct crt_tm *tm, const int64_t *time)
{
    return break_down(tm, time, true);
}

int WINAPI _gmtime32_s(struct crt_tm *tm, const LONG *time)
{
    int64_t wide = time ? *time : 0;
    return break_down(tm, time ? &wide : NULL, false);
}

int WINAPI _localtime32_s(struct crt_tm *tm, const LONG *time)
{
    int64_t wide = time ? *time : 0;
    return break_down(tm, time ? &wide : NULL, true);
}

#define STATIC_TM(TYPE, name, secure)                                                                                  \
    struct crt_tm *WINAPI name(const TYPE *time)                                                                       \
    {                                                                                                                  \
        struct crt_tm *tm = crt_thread_buffer(BUFFER_TM, sizeof(*tm));                                                 \
        return tm && !secure(tm, time) ? tm : NULL;                                                                    \
    }
STATIC_TM(int64_t, _gmtime64, _gmtime64_s)
STATIC_TM(int64_t, _localtime64, _localtime64_s)
STATIC_TM(LONG, _gmtime32, _gmtime32_s)
STATIC_TM(LONG, _localtime32, _localtime32_s)

/* Normalises *tm.  Local: isdst 1 or 0 says how the given hours are meant, negative: find out. */
static int64_t make_time(struct crt_tm *tm, bool local)
{
    CRT_REQUIRE(tm, -1);
    int64_t seconds = seconds_from_tm(tm);
    int dst = 0;
    if (local) {
        int wanted = tm->isdst;
        int64_t guess = seconds - offset_at(seconds, &dst);
        guess = seconds - offset_at(guess, &dst);
        if (wanted > 0 && !dst)
            guess += crt_dstbias;
        else if (wanted == 0 && dst)
            guess -= crt_dstbias;
        seconds = guess;
    }
    if (seconds < 0 || seconds > LAST_TIME) {
        crt_set_errno(CRT_EINVAL);
        return -1;
    }
    break_down(tm, &seconds, local);
    return seconds;
}

int64_t WINAPI _mktime64(struct crt_tm *tm)
{
    return make_time(tm, true);
}

int64_t WINAPI _mkgmtime64(struct crt_tm *tm)
{
    return make_time(tm, false);
}

static LONG narrow_time(int64_t time)
{
    if (time <= INT32_MAX)
        return (LONG)time;
    crt_set_errno(CRT_EINVAL);
    return -1;
}

LONG WINAPI _mktime32(struct crt_tm *tm)
{
    return narrow_time(make_time(tm, true));
}

LONG WINAPI _mkgmtime32(struct crt_tm *tm)
{
    return narrow_time(make_time(tm, false));
}

/* struct _timeb and its relatives differ in the width of the time alone. */
#define FTIME(TYPE, plain, secure)                                                                                     \
    struct plain##_buffer {                                                                                            \
        TYPE time;                                                                                                     \
        unsigned short millitm;                                                                                        \
        short timezone, dstflag;                                                                                       \
    };                                                                                                                 \
    int WINAPI secure(struct plain##_buffer *buffer)                                                                   \
    {                                                                                                                  \
        CRT_REQUIRE(buffer, CRT_EINVAL);                                                                               \
        int64_t time = now();                                                                                          \
        int dst;                                                                                                       \
        offset_at(time / SECOND, &dst);                                                                                \
        buffer->time = (TYPE)(time / SECOND);                                                                          \
        buffer->millitm = (unsigned short)(time % SECOND / 10000);                                                     \
        buffer->timezone = (short)(crt_timezone / 60);                                                                 \
        buffer->dstflag = (short)dst;                                                                                  \
        return 0;                                                                                                      \
    }                                                                                                                  \
    void WINAPI plain(struct plain##_buffer *buffer)                                                                   \
    {                                                                                                                  \
        secure(buffer);                                                                                                \
    }
FTIME(int64_t, _ftime64, _ftime64_s)
FTIME(LONG, _ftime32, _ftime32_s)

int WINAPI _get_daylight(int *value)
{
    CRT_REQUIRE(value, CRT_EINVAL);
    *value = crt_daylight;
    return 0;
}

int WINAPI _get_timezone(LONG *value)
{
    CRT_REQUIRE(value, CRT_EINVAL);
    *value = crt_timezone;
    return 0;
}

int WINAPI _get_dstbias(LONG *value)
{
    CRT_REQUIRE(value, CRT_EINVAL);
    *value = crt_dstbias;
    return 0;
}

int WINAPI _get_tzname(size_t *length, char *buffer, size_t size, int index)
{
    CRT_REQUIRE(length && (buffer || !size) && (index == 0 || index == 1), CRT_EINVAL);
    zone_init();
    *length = strlen(names[index]) + 1;
    if (!buffer)
        return 0;
    if (*length > size)
        return CRT_ERANGE;
    memcpy(buffer, names[index], *length);
    return 0;
}

/* timespec_get: 1 is TIME_UTC. */
#define TIMESPEC(TYPE, name)                                                                                           \
    struct name##_time {                                                                                               \
        TYPE seconds;                                                                                                  \
        LONG nanoseconds;                                                                                              \
    };                                                                                                                 \
    int WINAPI name(struct name##_time *time, int base)                                                                \
    {                                                                                                                  \
        CRT_REQUIRE(time, 0);                                                                                          \
        if (base != 1)                                                                                                 \
            return 0;                                                                                                  \
        int64_t ticks = now();                                                                                         \
        time->seconds = (TYPE)(ticks / SECOND);                                                                        \
        time->nanoseconds = (LONG)(ticks % SECOND * 100);                                                              \
        return base;                                                                                                   \
    }
TIMESPEC(int64_t, _timespec64_get)
TIMESPEC(LONG, _timespec32_get)

/* The local time in the fields of a struct tm; milliseconds are the result. */
unsigned WINAPI _getsystime(struct crt_tm *tm)
{
    SYSTEMTIME time;
    GetLocalTime(&time);
    *tm = (struct crt_tm){.sec = time.wSecond,
                          .min = time.wMinute,
                          .hour = time.wHour,
                          .mday = time.wDay,
                          .mon = time.wMonth - 1,
                          .year = time.wYear - 1900,
                          .wday = time.wDayOfWeek,
                          .isdst = -1};
    struct crt_tm whole = *tm;
    make_time(&whole, true);
    tm->yday = whole.yday;
    tm->isdst = whole.isdst;
    return time.wMilliseconds;
}

unsigned WINAPI _setsystime(struct crt_tm *tm, unsigned milliseconds)
{
    SYSTEMTIME time = {.wSecond = (WORD)tm->sec,
                       .wMinute = (WORD)tm->min,
                       .wHour = (WORD)tm->hour,
                       .wDay = (WORD)tm->mday,
                       .wMonth = (WORD)(tm->mon + 1),
                       .wYear = (WORD)(tm->year + 1900),
                       .wMilliseconds = (WORD)milliseconds};
    return SetLocalTime(&time) ? 0 : GetLastError();
}
