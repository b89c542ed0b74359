/*
 * strftime.c: time as text by a format, with Microsoft's conversions, in the locale's LC_TIME.
 *
 * Layer: crt over kernel32's locales.  The text is made in UTF-16; strftime converts it by LC_TIME's code page.
 */
#include <stdio.h>
#include <stdlib.h>
#include "tm.h"

const char tm_days[7][10] = {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};
const char tm_months[12][10] = {"January", "February", "March",     "April",   "May",      "June",
                                "July",    "August",   "September", "October", "November", "December"};

struct output {
    WCHAR *text;
    size_t size, length; /* length may exceed size: then it did not fit */
    const struct crt_tm *tm;
};

static void put_wide(struct output *out, const WCHAR *text, size_t length)
{
    if (out->length + length < out->size)
        memcpy(out->text + out->length, text, length * sizeof(WCHAR));
    out->length += length;
}

static void put(struct output *out, const char *text, size_t length)
{
    for (size_t i = 0; i < length && text[i]; i++) {
        WCHAR unit = (unsigned char)text[i];
        put_wide(out, &unit, 1);
    }
}

static void put_number(struct output *out, int value, int width, bool plain)
{
    char text[16];
    put(out, text, (size_t)snprintf(text, sizeof(text), "%0*d", plain ? 1 : width, value));
}

/* --- names -------------------------------------------------------------------------------------------------------- */

/* A text of LC_TIME's locale; false in the C locale. */
static bool put_info(struct output *out, LCTYPE type)
{
    WCHAR text[80];
    const WCHAR *tag = crt_locale_tag(LC_TIME_);
    int length = *tag ? GetLocaleInfoEx(tag, type, text, 80) : 0;
    if (length)
        put_wide(out, text, (size_t)length - 1);
    return length != 0;
}

static void put_day(struct output *out, bool whole)
{
    int day = out->tm->wday;
    LCTYPE type = (whole ? LOCALE_SDAYNAME1 : LOCALE_SABBREVDAYNAME1) + (LCTYPE)((day + 6) % 7);
    if (!put_info(out, type))
        put(out, tm_days[day], whole ? 10 : 3);
}

static void put_month(struct output *out, bool whole)
{
    int month = out->tm->mon;
    if (!put_info(out, (whole ? LOCALE_SMONTHNAME1 : LOCALE_SABBREVMONTHNAME1) + (LCTYPE)month))
        put(out, tm_months[month], whole ? 10 : 3);
}

static void put_half_day(struct output *out)
{
    if (!put_info(out, out->tm->hour < 12 ? LOCALE_S1159 : LOCALE_S2359))
        put(out, out->tm->hour < 12 ? "AM" : "PM", 2);
}

static SYSTEMTIME system_time(const struct crt_tm *tm)
{
    return (SYSTEMTIME){.wYear = (WORD)(tm->year + 1900),
                        .wMonth = (WORD)(tm->mon + 1),
                        .wDayOfWeek = (WORD)tm->wday,
                        .wDay = (WORD)tm->mday,
                        .wHour = (WORD)tm->hour,
                        .wMinute = (WORD)tm->min,
                        .wSecond = (WORD)tm->sec};
}

/* The locale's date or time by its own format; false in the C locale. */
static bool put_local(struct output *out, bool date, DWORD flags)
{
    WCHAR text[160];
    SYSTEMTIME time = system_time(out->tm);
    const WCHAR *tag = crt_locale_tag(LC_TIME_);
    int length = !*tag  ? 0
                 : date ? GetDateFormatEx(tag, flags, &time, NULL, text, 160, NULL)
                        : GetTimeFormatEx(tag, flags, &time, NULL, text, 160);
    if (length)
        put_wide(out, text, (size_t)length - 1);
    return length != 0;
}

/* --- conversions -------------------------------------------------------------------------------------------------- */

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

static void put_zone(struct output *out)
{
    struct crt_tm copy = *out->tm, same = *out->tm;
    int offset = (int)((_mkgmtime64(&copy) - _mktime64(&same)) / 60);
    char text[16];
    put(out, text,
        (size_t)snprintf(text, sizeof(text), "%c%02d%02d", offset < 0 ? '-' : '+', abs(offset) / 60, abs(offset) % 60));
}

static void put_zone_name(struct output *out)
{
    _tzset();
    const char *name = __tzname()[out->tm->isdst > 0];
    WCHAR *wide = crt_widen(CP_ACP, name);
    if (wide)
        put_wide(out, wide, crt_wide_length(wide));
    crt_free(wide);
}

static bool convert(struct output *out, char conversion, bool sharp);

static void convert_all(struct output *out, const char *conversions)
{
    for (; *conversions; conversions++)
        if ((unsigned)((*conversions | 0x20) - 'a') < 26)
            convert(out, *conversions, false);
        else
            put(out, conversions, 1);
}

static void put_date(struct output *out, bool sharp)
{
    if (put_local(out, true, sharp ? DATE_LONGDATE : DATE_SHORTDATE))
        return;
    convert_all(out, sharp ? "A, B d, Y" : "m/d/y");
}

static void put_both(struct output *out, bool sharp)
{
    if (*crt_locale_tag(LC_TIME_)) {
        put_date(out, sharp);
        put(out, " ", 1);
        put_local(out, false, 0);
    } else if (sharp) {
        convert_all(out, "A, B d, Y H:M:S");
    } else {
        convert_all(out, crt_ucrt_started ? "a b e H:M:S Y" : "m/d/y H:M:S");
    }
}

static bool convert_date(struct output *out, char conversion, bool sharp)
{
    const struct crt_tm *tm = out->tm;
    int year;
    switch (conversion) {
    case 'a':
        put_day(out, false);
        break;
    case 'A':
        put_day(out, true);
        break;
    case 'b':
    case 'h':
        put_month(out, false);
        break;
    case 'B':
        put_month(out, true);
        break;
    case 'C':
        put_number(out, (tm->year + 1900) / 100, 2, sharp);
        break;
    case 'd':
        put_number(out, tm->mday, 2, sharp);
        break;
    case 'D':
        convert_all(out, "m/d/y");
        break;
    case 'x':
        put_date(out, sharp);
        break;
    case 'e':
        if (tm->mday < 10 && !sharp)
            put(out, " ", 1);
        put_number(out, tm->mday, 1, true);
        break;
    case 'F':
        convert_all(out, "Y-m-d");
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
        put_number(out, tm->year + 1900, 4, sharp);
        break;
    default:
        return false;
    }
    return true;
}

static bool convert(struct output *out, char conversion, bool sharp)
{
    const struct crt_tm *tm = out->tm;
    switch (conversion) {
    case 'c':
        put_both(out, sharp);
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
        put_half_day(out);
        break;
    case 'r':
        if (!put_local(out, false, 0))
            convert_all(out, "I:M:S p");
        break;
    case 'R':
        convert_all(out, "H:M");
        break;
    case 'S':
        put_number(out, tm->sec, 2, sharp);
        break;
    case 't':
        put(out, "\t", 1);
        break;
    case 'X':
        if (put_local(out, false, 0))
            break;
        /* fall through */
    case 'T':
        convert_all(out, "H:M:S");
        break;
    case 'z':
        put_zone(out);
        break;
    case 'Z':
        put_zone_name(out);
        break;
    case '%':
        put(out, "%", 1);
        break;
    default:
        return convert_date(out, conversion, sharp);
    }
    return true;
}

bool tm_valid(const struct crt_tm *tm)
{
    return tm->mon >= 0 && tm->mon <= 11 && tm->wday >= 0 && tm->wday <= 6 && tm->mday >= 1 && tm->mday <= 31 &&
           tm->hour >= 0 && tm->hour <= 23 && tm->min >= 0 && tm->min <= 59 && tm->sec >= 0 && tm->sec <= 60 &&
           tm->yday >= 0 && tm->yday <= 365;
}

/* --- the functions ------------------------------------------------------------------------------------------------ */

size_t WINAPI crt_wcsftime(WCHAR *text, size_t size, const WCHAR *format, const struct crt_tm *tm)
{
    CRT_REQUIRE(text && size && format, 0);
    text[0] = 0;
    struct output out = {text, size, 0, tm};
    for (; *format; format++) {
        if (*format != '%') {
            put_wide(&out, format, 1);
            continue;
        }
        bool sharp = format[1] == '#';
        format += 1 + sharp;
        if ((*format == 'E' || *format == 'O') && format[1])
            format++;
        char conversion = *format < 0x80 ? (char)*format : 0;
        CRT_REQUIRE(tm && (tm_valid(tm) || conversion == '%') && convert(&out, conversion, sharp), 0);
    }
    if (out.length >= size) {
        text[0] = 0;
        crt_set_errno(CRT_ERANGE);
        return 0;
    }
    text[out.length] = 0;
    return out.length;
}

size_t WINAPI _wcsftime_l(WCHAR *text, size_t size, const WCHAR *format, const struct crt_tm *tm, void *locale)
{
    return IN_LOCALE(locale, crt_wcsftime(text, size, format, tm));
}

/* Bytes of the C locale are units of the same value. */
static WCHAR *widen_format(const char *format, UINT codepage)
{
    if (codepage)
        return crt_widen(codepage, format);
    size_t length = strlen(format) + 1;
    WCHAR *wide = crt_malloc(length * sizeof(WCHAR));
    for (size_t i = 0; wide && i < length; i++)
        wide[i] = (unsigned char)format[i];
    return wide;
}

static size_t store_narrow(char *text, size_t size, const WCHAR *wide, size_t length, UINT codepage)
{
    size_t made = 0;
    if (codepage) {
        made = (size_t)WideCharToMultiByte(codepage, 0, wide, (int)length, text, (int)size - 1, NULL, NULL);
    } else {
        for (; made < length && made + 1 < size; made++)
            text[made] = wide[made] < 0x100 ? (char)wide[made] : '?';
    }
    if (!made && length) {
        text[0] = 0;
        crt_set_errno(CRT_ERANGE);
        return 0;
    }
    text[made] = 0;
    return made;
}

size_t WINAPI crt_strftime(char *text, size_t size, const char *format, const struct crt_tm *tm)
{
    CRT_REQUIRE(text && size && format, 0);
    text[0] = 0;
    UINT codepage = crt_locale()->codepages[LC_TIME_];
    WCHAR small[256], *wide_format = widen_format(format, codepage);
    WCHAR *wide = size <= 256 ? small : crt_malloc(size * sizeof(WCHAR));
    size_t length = wide && wide_format ? crt_wcsftime(wide, size, wide_format, tm) : 0;
    length = length ? store_narrow(text, size, wide, length, codepage) : 0;
    if (wide != small)
        crt_free(wide);
    crt_free(wide_format);
    return length;
}

size_t WINAPI _strftime_l(char *text, size_t size, const char *format, const struct crt_tm *tm, void *locale)
{
    return IN_LOCALE(locale, crt_strftime(text, size, format, tm));
}

/* What msvcp140 calls, with the names that _Gettnames gave it: they are the locale's. */
size_t WINAPI _Strftime(char *text, size_t size, const char *format, const struct crt_tm *tm, void *names)
{
    (void)names;
    return crt_strftime(text, size, format, tm);
}

size_t WINAPI _Wcsftime(WCHAR *text, size_t size, const WCHAR *format, const struct crt_tm *tm, void *names)
{
    (void)names;
    return crt_wcsftime(text, size, format, tm);
}

/* ":abbreviation:name" for each day or month.  On the heap, the caller's. */
static WCHAR *joined_names(int count, void (*name)(struct output *, bool))
{
    WCHAR *text = crt_malloc(1024 * sizeof(WCHAR));
    struct crt_tm tm = {0};
    struct output out = {text, text ? 1024 : 0, 0, &tm};
    for (int i = 0; i < count; i++) {
        tm.wday = tm.mon = i;
        put(&out, ":", 1);
        name(&out, false);
        put(&out, ":", 1);
        name(&out, true);
    }
    if (text)
        text[out.length < 1024 ? out.length : 0] = 0;
    return text;
}

static char *narrow_names(WCHAR *wide)
{
    UINT codepage = crt_locale()->codepages[LC_TIME_];
    char *text = wide ? crt_narrow(codepage ? codepage : CP_ACP, wide) : NULL;
    crt_free(wide);
    return text;
}

WCHAR *WINAPI _W_Getdays(void)
{
    return joined_names(7, put_day);
}

WCHAR *WINAPI _W_Getmonths(void)
{
    return joined_names(12, put_month);
}

char *WINAPI _Getdays(void)
{
    return narrow_names(_W_Getdays());
}

char *WINAPI _Getmonths(void)
{
    return narrow_names(_W_Getmonths());
}

/* An object that programs only hand back to _Strftime and free. */
void *WINAPI _Gettnames(void)
{
    return crt_calloc(1, 512);
}
