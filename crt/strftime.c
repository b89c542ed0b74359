/*
 * strftime.c: time as text: strftime with Microsoft's conversions, asctime, ctime, _strdate and their wide kin.
 * Names are those of the C locale, the only one whose texts the C runtime here has.
 */
#include <stdio.h>
#include "crt/crt.h"

struct crt_tm {
    int sec, min, hour, mday, mon, year, wday, yday, isdst;
};

struct crt_tm *WINAPI _localtime64(const int64_t *);
int WINAPI _localtime64_s(struct crt_tm *, const int64_t *);
int WINAPI _localtime32_s(struct crt_tm *, const LONG *);
int64_t WINAPI _time64(int64_t *);
char **WINAPI __tzname(void);
void WINAPI _tzset(void);
int64_t WINAPI _mkgmtime64(struct crt_tm *);
int64_t WINAPI _mktime64(struct crt_tm *);

static const char days[7][10] = {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};
static const char months[12][10] = {"January", "February", "March",     "April",   "May",      "June",
                                    "July",    "August",   "September", "October", "November", "December"};

struct output {
    char *text;
    size_t size, length; /* length may exceed size: then it did not fit */
};

static void put(struct output *out, const char *text, size_t length)
{
    if (out->length + length < out->size)
        memcpy(out->text + out->length, text, length);
    out->length += length;
}

static void put_number(struct output *out, int value, int width, bool plain)
{
    char text[16];
    put(out, text, (size_t)snprintf(text, sizeof(text), "%0*d", plain ? 1 : width, value));
}

static int twelve_hours(int hour)
{
    return hour % 12 ? hour % 12 : 12;
}

/* ISO 8601 week and the year it belongs to. */
static int iso_week(const struct crt_tm *tm, int *year)
{
    int day = (tm->wday + 6) % 7, week = (tm->yday - day + 10) / 7;
    *year = tm->year + 1900;
    if (week < 1) {
        int previous = --*year, leap = (previous % 4 == 0 && previous % 100) || previous % 400 == 0;
        return (tm->yday + 365 + leap - day + 10) / 7;
    }
    int leap = (*year % 4 == 0 && *year % 100) || *year % 400 == 0;
    if (week == 53 && tm->yday - day + 3 >= 365 + leap) {
        ++*year;
        return 1;
    }
    return week;
}

static void put_zone(struct output *out, const struct crt_tm *tm)
{
    struct crt_tm copy = *tm, same = *tm;
    int64_t offset = (_mkgmtime64(&copy) - _mktime64(&same)) / 60;
    char text[16];
    put(out, text,
        (size_t)snprintf(text, sizeof(text), "%c%02d%02d", offset < 0 ? '-' : '+', abs((int)offset) / 60,
                         abs((int)offset) % 60));
}

static bool convert(struct output *out, char conversion, bool sharp, const struct crt_tm *tm);

static void convert_all(struct output *out, const char *conversions, const struct crt_tm *tm)
{
    for (; *conversions; conversions++)
        if ((unsigned)((*conversions | 0x20) - 'a') < 26)
            convert(out, *conversions, false, tm);
        else
            put(out, conversions, 1);
}

static bool convert_date(struct output *out, char conversion, bool sharp, const struct crt_tm *tm)
{
    int year;
    switch (conversion) {
    case 'a':
        put(out, days[tm->wday], 3);
        break;
    case 'A':
        put(out, days[tm->wday], strlen(days[tm->wday]));
        break;
    case 'b':
    case 'h':
        put(out, months[tm->mon], 3);
        break;
    case 'B':
        put(out, months[tm->mon], strlen(months[tm->mon]));
        break;
    case 'C':
        put_number(out, (tm->year + 1900) / 100, 2, sharp);
        break;
    case 'd':
        put_number(out, tm->mday, 2, sharp);
        break;
    case 'D':
    case 'x':
        if (sharp && conversion == 'x')
            convert_all(out, "A, B ", tm), put_number(out, tm->mday, 2, false), convert_all(out, ", Y", tm);
        else
            convert_all(out, "m/d/y", tm);
        break;
    case 'e':
        if (tm->mday < 10)
            put(out, " ", 1);
        put_number(out, tm->mday, 1, true);
        break;
    case 'F':
        convert_all(out, "Y-m-d", tm);
        break;
    case 'g':
        iso_week(tm, &year);
        put_number(out, year % 100, 2, sharp);
        break;
    case 'G':
        iso_week(tm, &year);
        put_number(out, year, 4, sharp);
        break;
    case 'j':
        put_number(out, tm->yday + 1, 3, sharp);
        break;
    case 'm':
        put_number(out, tm->mon + 1, 2, sharp);
        break;
    case 'u':
        put_number(out, tm->wday ? tm->wday : 7, 1, true);
        break;
    case 'U':
        put_number(out, (tm->yday + 7 - tm->wday) / 7, 2, sharp);
        break;
    case 'V':
        put_number(out, iso_week(tm, &year), 2, sharp);
        break;
    case 'w':
        put_number(out, tm->wday, 1, true);
        break;
    case 'W':
        put_number(out, (tm->yday + 7 - (tm->wday + 6) % 7) / 7, 2, sharp);
        break;
    case 'y':
        put_number(out, (tm->year + 1900) % 100, 2, sharp);
        break;
    case 'Y':
        put_number(out, tm->year + 1900, 1, true);
        break;
    default:
        return false;
    }
    return true;
}

static bool convert(struct output *out, char conversion, bool sharp, const struct crt_tm *tm)
{
    switch (conversion) {
    case 'c':
        if (sharp)
            convert_all(out, "A, B d, Y H:M:S", tm);
        else if (crt_ucrt_started)
            convert_all(out, "a b e H:M:S Y", tm);
        else
            convert_all(out, "m/d/y H:M:S", tm);
        break;
    case 'H':
        put_number(out, tm->hour, 2, sharp);
        break;
    case 'I':
        put_number(out, twelve_hours(tm->hour), 2, sharp);
        break;
    case 'M':
        put_number(out, tm->min, 2, sharp);
        break;
    case 'n':
        put(out, "\n", 1);
        break;
    case 'p':
        put(out, tm->hour < 12 ? "AM" : "PM", 2);
        break;
    case 'r':
        convert_all(out, "I:M:S p", tm);
        break;
    case 'R':
        convert_all(out, "H:M", tm);
        break;
    case 'S':
        put_number(out, tm->sec, 2, sharp);
        break;
    case 't':
        put(out, "\t", 1);
        break;
    case 'T':
    case 'X':
        convert_all(out, "H:M:S", tm);
        break;
    case 'z':
        put_zone(out, tm);
        break;
    case 'Z': {
        _tzset();
        const char *name = __tzname()[tm->isdst > 0];
        put(out, name, strlen(name));
        break;
    }
    case '%':
        put(out, "%", 1);
        break;
    default:
        return convert_date(out, conversion, sharp, tm);
    }
    return true;
}

static bool valid(const struct crt_tm *tm)
{
    return tm->mon >= 0 && tm->mon <= 11 && tm->wday >= 0 && tm->wday <= 6 && tm->mday >= 1 && tm->mday <= 31 &&
           tm->hour >= 0 && tm->hour <= 23 && tm->min >= 0 && tm->min <= 59 && tm->sec >= 0 && tm->sec <= 60 &&
           tm->yday >= 0 && tm->yday <= 365;
}

size_t WINAPI crt_strftime(char *text, size_t size, const char *format, const struct crt_tm *tm)
{
    CRT_REQUIRE(text && size && format, 0);
    text[0] = 0;
    struct output out = {text, size, 0};
    for (; *format; format++) {
        if (*format != '%') {
            put(&out, format, 1);
            continue;
        }
        bool sharp = format[1] == '#';
        format += 1 + sharp;
        if ((*format == 'E' || *format == 'O') && format[1])
            format++;
        CRT_REQUIRE(tm && (valid(tm) || *format == '%') && convert(&out, *format, sharp, tm), 0);
    }
    if (out.length >= size) {
        text[0] = 0;
        crt_set_errno(CRT_ERANGE);
        return 0;
    }
    text[out.length] = 0;
    return out.length;
}

size_t WINAPI _strftime_l(char *text, size_t size, const char *format, const struct crt_tm *tm, void *locale)
{
    (void)locale;
    return crt_strftime(text, size, format, tm);
}

size_t WINAPI _Strftime(char *text, size_t size, const char *format, const struct crt_tm *tm, void *names)
{
    (void)names;
    return crt_strftime(text, size, format, tm);
}

size_t WINAPI crt_wcsftime(WCHAR *text, size_t size, const WCHAR *format, const struct crt_tm *tm)
{
    CRT_REQUIRE(text && size && format, 0);
    size_t length = 0;
    char *narrow_format = crt_narrow(CP_UTF8, format), *narrow = crt_malloc(size * 3);
    WCHAR *wide = NULL;
    text[0] = 0;
    if (narrow_format && narrow && crt_strftime(narrow, size * 3, narrow_format, tm) &&
        (wide = crt_widen(CP_UTF8, narrow))) {
        length = crt_wide_length(wide);
        if (length < size)
            memcpy(text, wide, (length + 1) * sizeof(WCHAR));
        else
            crt_set_errno(CRT_ERANGE), length = 0;
    }
    crt_free(wide);
    crt_free(narrow);
    crt_free(narrow_format);
    return length;
}

size_t WINAPI _wcsftime_l(WCHAR *text, size_t size, const WCHAR *format, const struct crt_tm *tm, void *locale)
{
    (void)locale;
    return crt_wcsftime(text, size, format, tm);
}

size_t WINAPI _Wcsftime(WCHAR *text, size_t size, const WCHAR *format, const struct crt_tm *tm, void *names)
{
    (void)names;
    return crt_wcsftime(text, size, format, tm);
}

int WINAPI crt_asctime_s(char *text, size_t size, const struct crt_tm *tm)
{
    CRT_REQUIRE(text && size, CRT_EINVAL);
    text[0] = 0;
    CRT_REQUIRE(size >= 26 && tm && valid(tm), CRT_EINVAL);
    char whole[64];
    snprintf(whole, sizeof(whole), "%.3s %.3s %02d %02d:%02d:%02d %04d\n", days[tm->wday], months[tm->mon], tm->mday,
             tm->hour, tm->min, tm->sec, tm->year + 1900);
    memcpy(text, whole, 25);
    text[25] = 0;
    return 0;
}

char *WINAPI crt_asctime(const struct crt_tm *tm)
{
    char *text = crt_thread_buffer(BUFFER_ASCTIME, 26);
    return text && !crt_asctime_s(text, 26, tm) ? text : NULL;
}

int WINAPI _ctime64_s(char *text, size_t size, const int64_t *time)
{
    struct crt_tm tm;
    CRT_REQUIRE(text && size, CRT_EINVAL);
    int error = _localtime64_s(&tm, time);
    return error ? error : crt_asctime_s(text, size, &tm);
}

char *WINAPI _ctime64(const int64_t *time)
{
    char *text = crt_thread_buffer(BUFFER_ASCTIME, 26);
    return text && !_ctime64_s(text, 26, time) ? text : NULL;
}

char *WINAPI _ctime32(const LONG *time)
{
    int64_t wide = time ? *time : 0;
    return _ctime64(time ? &wide : NULL);
}

/* The wide twin of a 26-byte text in the thread's other buffer. */
static WCHAR *widen_static(const char *text)
{
    WCHAR *wide = text ? crt_thread_buffer(BUFFER_WASCTIME, 26 * sizeof(WCHAR)) : NULL;
    for (int i = 0; wide && i < 26; i++)
        wide[i] = (unsigned char)text[i];
    return wide;
}

WCHAR *WINAPI _wasctime(const struct crt_tm *tm)
{
    return widen_static(crt_asctime(tm));
}

WCHAR *WINAPI _wctime64(const int64_t *time)
{
    return widen_static(_ctime64(time));
}

static char *now_as(char *text, size_t size, const char *format)
{
    struct crt_tm tm;
    int64_t time = _time64(NULL);
    _localtime64_s(&tm, &time);
    return crt_strftime(text, size, format, &tm) ? text : NULL;
}

char *WINAPI _strdate(char *text)
{
    return now_as(text, 9, "%m/%d/%y");
}

char *WINAPI _strtime(char *text)
{
    return now_as(text, 9, "%H:%M:%S");
}

int WINAPI _strdate_s(char *text, size_t size)
{
    CRT_REQUIRE(text && size >= 9, CRT_EINVAL);
    return _strdate(text) ? 0 : CRT_EINVAL;
}

int WINAPI _strtime_s(char *text, size_t size)
{
    CRT_REQUIRE(text && size >= 9, CRT_EINVAL);
    return _strtime(text) ? 0 : CRT_EINVAL;
}

/* The names as msvcp140 wants them: ":abbreviation:name" for each.  On the heap, the caller's. */
static char *joined_names(const char (*names)[10], int count)
{
    char *text = crt_malloc(256), *end = text;
    for (int i = 0; text && i < count; i++)
        end += snprintf(end, 24, ":%.3s:%s", names[i], names[i]);
    return text;
}

char *WINAPI _Getdays(void)
{
    return joined_names(days, 7);
}

char *WINAPI _Getmonths(void)
{
    return joined_names(months, 12);
}

WCHAR *WINAPI _W_Getdays(void)
{
    char *text = joined_names(days, 7);
    WCHAR *wide = text ? crt_widen(CP_UTF8, text) : NULL;
    crt_free(text);
    return wide;
}

WCHAR *WINAPI _W_Getmonths(void)
{
    char *text = joined_names(months, 12);
    WCHAR *wide = text ? crt_widen(CP_UTF8, text) : NULL;
    crt_free(text);
    return wide;
}
