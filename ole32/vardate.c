/*
 * vardate.c: dates as days since 30 December 1899 with the time as a fraction (DATE), to and from calendars and texts.
 *
 * Layer: ole32.  Before that day the fraction still counts forwards: -1.25 is 29 December, six o'clock.
 */
#include "number.h"

#define DAY_SECONDS 86400

/* ---- the calendar: days since 1 March of the year 0, which makes leap days the last ones ---- */

static LONG day_number(int year, int month, int day)
{
    int shifted = month > 2 ? month - 3 : month + 9, y = month > 2 ? year : year - 1;

    return 365 * y + y / 4 - y / 100 + y / 400 + (153 * shifted + 2) / 5 + day - 1;
}

#define EPOCH_DAY 693899 /* of 30 December 1899 */

static int month_days(int year, int month)
{
    static const BYTE days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    return month == 2 && year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : days[month - 1];
}

static void calendar(LONG days, SYSTEMTIME *time)
{
    LONG era = days / 146097, rest = days % 146097;
    LONG years = (rest - rest / 1460 + rest / 36524 - rest / 146096) / 365;
    LONG in_year = rest - (365 * years + years / 4 - years / 100), month = (5 * in_year + 2) / 153;

    time->wDay = (WORD)(in_year - (153 * month + 2) / 5 + 1);
    time->wMonth = (WORD)(month < 10 ? month + 3 : month - 9);
    time->wYear = (WORD)(era * 400 + years + (time->wMonth <= 2));
    time->wDayOfWeek = (WORD)((days + 3) % 7);
}

static double make_date(const SYSTEMTIME *time, bool milliseconds)
{
    LONG days = day_number(time->wYear, time->wMonth, time->wDay) - EPOCH_DAY;
    double part = (time->wHour * 3600 + time->wMinute * 60 + time->wSecond) / (double)DAY_SECONDS;

    if (milliseconds)
        part += time->wMilliseconds / (DAY_SECONDS * 1000.0);
    return days < 0 ? days - part : days + part;
}

/* To the second, or to the millisecond. */
static bool split_date(double date, bool milliseconds, SYSTEMTIME *time)
{
    LONGLONG unit = milliseconds ? 1000 : 1, in_day = (LONGLONG)DAY_SECONDS * unit, left;
    LONG days;
    double part;

    if (!(date > DATE_LEAST - 1 && date < DATE_END))
        return false;
    days = (LONG)date;
    part = date - days;
    left = (LONGLONG)((part < 0 ? -part : part) * (double)in_day + 0.5);
    if (left >= in_day) {
        left -= in_day;
        days++;
    }
    memset(time, 0, sizeof *time);
    calendar(days + EPOCH_DAY, time);
    time->wMilliseconds = (WORD)(left % unit);
    left /= unit;
    time->wHour = (WORD)(left / 3600);
    time->wMinute = (WORD)(left / 60 % 60);
    time->wSecond = (WORD)(left % 60);
    return true;
}

/* ---- system and DOS times ---- */

INT WINAPI SystemTimeToVariantTime(LPSYSTEMTIME time, DOUBLE *date)
{
    SYSTEMTIME given = *time;

    if (given.wMonth < 1 || given.wMonth > 12 || given.wDay < 1 || given.wDay > 31 || given.wHour > 23 ||
        given.wMinute > 59 || given.wSecond > 59)
        return FALSE;
    if (given.wYear < 100) /* two digits */
        given.wYear = (WORD)(given.wYear + (given.wYear < 30 ? 2000 : 1900));
    if (given.wYear > 9999)
        return FALSE;
    *date = make_date(&given, false); /* a day behind the month's end is of the next one */
    return TRUE;
}

INT WINAPI VariantTimeToSystemTime(DOUBLE date, LPSYSTEMTIME time)
{
    return split_date(date, false, time);
}

INT WINAPI DosDateTimeToVariantTime(USHORT day, USHORT time, DOUBLE *date)
{
    SYSTEMTIME parts = {.wYear = (WORD)(1980 + (day >> 9)),
                        .wMonth = day >> 5 & 15,
                        .wDay = day & 31,
                        .wHour = time >> 11,
                        .wMinute = time >> 5 & 63,
                        .wSecond = (WORD)((time & 31) * 2)};

    if (parts.wYear > 2099)
        return FALSE;
    return SystemTimeToVariantTime(&parts, date);
}

INT WINAPI VariantTimeToDosDateTime(DOUBLE date, USHORT *day, USHORT *time)
{
    SYSTEMTIME parts;

    if (!split_date(date, false, &parts) || parts.wYear < 1980 || parts.wYear > 2099)
        return FALSE;
    *day = (USHORT)((parts.wYear - 1980) << 9 | parts.wMonth << 5 | parts.wDay);
    *time = (USHORT)(parts.wHour << 11 | parts.wMinute << 5 | parts.wSecond / 2);
    return TRUE;
}

HRESULT WINAPI VarUdateFromDate(DATE date, ULONG flags, UDATE *result)
{
    (void)flags;
    if (!split_date(date, true, &result->st))
        return E_INVALIDARG;
    result->wDayOfYear = (USHORT)(day_number(result->st.wYear, result->st.wMonth, result->st.wDay) -
                                  day_number(result->st.wYear, 1, 1) + 1);
    return S_OK;
}

HRESULT WINAPI VarDateFromUdateEx(UDATE *from, LCID locale, ULONG flags, DATE *result)
{
    SYSTEMTIME time = from->st;
    short month = (short)time.wMonth;
    int year = time.wYear;

    (void)locale;
    if (flags & VAR_VALIDDATE && (time.wMonth > 12 || time.wDay > 31 || time.wHour > 23 || time.wMinute > 59 ||
                                  time.wSecond > 59 || time.wMilliseconds > 999))
        return E_INVALIDARG;
    if (year < 30)
        year += 2000;
    else if (year < 100)
        year += 1900;
    while (month < 1) { /* parts may be out of their ranges, and then carry */
        month = (short)(month + 12);
        year--;
    }
    while (month > 12) {
        month = (short)(month - 12);
        year++;
    }
    time.wYear = (WORD)year;
    time.wMonth = (WORD)month;
    *result = (double)(day_number(year, month, 1) - EPOCH_DAY + (short)time.wDay - 1);
    time = (SYSTEMTIME){.wYear = 1899,
                        .wMonth = 12,
                        .wDay = 30,
                        .wHour = time.wHour,
                        .wMinute = time.wMinute,
                        .wSecond = time.wSecond,
                        .wMilliseconds = time.wMilliseconds};
    if (flags & VAR_TIMEVALUEONLY)
        *result = 0;
    if (!(flags & VAR_DATEVALUEONLY))
        *result += (*result < 0 ? -1 : 1) * make_date(&time, true);
    return *result > DATE_LEAST - 1 && *result < DATE_END ? S_OK : E_INVALIDARG;
}

HRESULT WINAPI VarDateFromUdate(UDATE *from, ULONG flags, DATE *result)
{
    return VarDateFromUdateEx(from, LOCALE_USER_DEFAULT, flags, result);
}

/* ---- to a text: what of date and time there is ---- */

HRESULT WINAPI VarBstrFromDate(DATE date, LCID locale, ULONG flags, BSTR *text)
{
    WCHAR out[160] = {0};
    int length = 0;
    SYSTEMTIME time;

    if (!text || !split_date(date, false, &time))
        return E_INVALIDARG;
    if (!(flags & VAR_TIMEVALUEONLY) && (flags & VAR_DATEVALUEONLY || (LONG)date || date == 0))
        length = GetDateFormatW(locale, DATE_SHORTDATE, &time, NULL, out, 80) - 1;
    if (date == 0 && !(flags & VAR_DATEVALUEONLY))
        length = 0; /* midnight of day zero is a time */
    if (!(flags & VAR_DATEVALUEONLY) &&
        (!length || flags & VAR_TIMEVALUEONLY || time.wHour || time.wMinute || time.wSecond)) {
        if (length)
            out[length++] = ' ';
        length += GetTimeFormatW(locale, 0, &time, NULL, out + length, 80) - 1;
    }
    *text = SysAllocStringLen(out, (UINT)length);
    return *text ? S_OK : E_OUTOFMEMORY;
}

/* ---- from a text: numbers, names of months, AM and PM, in the orders that people write ---- */

struct parse {
    const WCHAR *at;
    LCID locale;
    int numbers[3], digits[3], count; /* of the date */
    int month, month_at;              /* by name, and how many numbers stood before it */
    int time[3], time_count;
    int half; /* 0: none, 1: AM, 2: PM */
};

static bool is_letter(WCHAR c)
{
    return IsCharAlphaW(c) != 0;
}

/* A month's or day's name, whole or its first three letters; 0: none. */
static int month_by_name(struct parse *parse, const WCHAR *word, int length)
{
    WCHAR name[80];

    for (int full = 0; full < 2; full++)
        for (int month = 0; month < 12; month++) {
            LCTYPE type = (full ? LOCALE_SMONTHNAME1 : LOCALE_SABBREVMONTHNAME1) + (LCTYPE)month;
            int have = GetLocaleInfoW(parse->locale, type, name, 80) - 1;

            if (have == length &&
                CompareStringW(parse->locale, NORM_IGNORECASE, name, have, word, length) == CSTR_EQUAL)
                return month + 1;
        }
    return 0;
}

static bool is_day_name(struct parse *parse, const WCHAR *word, int length)
{
    WCHAR name[80];

    for (int day = 0; day < 14; day++) {
        LCTYPE type = day < 7 ? LOCALE_SDAYNAME1 + (LCTYPE)day : LOCALE_SABBREVDAYNAME1 + (LCTYPE)day - 7;
        int have = GetLocaleInfoW(parse->locale, type, name, 80) - 1;

        if (have == length && CompareStringW(parse->locale, NORM_IGNORECASE, name, have, word, length) == CSTR_EQUAL)
            return true;
    }
    return false;
}

static bool parse_word(struct parse *parse)
{
    const WCHAR *word = parse->at;
    int length = 0, month;

    while (is_letter(word[length]))
        length++;
    parse->at += length + (word[length] == '.');
    if (length <= 2 && (word[0] | 0x20) == 'a' && (length == 1 || (word[1] | 0x20) == 'm'))
        return parse->half ? false : (parse->half = 1, true);
    if (length <= 2 && (word[0] | 0x20) == 'p' && (length == 1 || (word[1] | 0x20) == 'm'))
        return parse->half ? false : (parse->half = 2, true);
    if (length == 1 && (word[0] | 0x20) == 't' && parse->count == 3) /* ISO 8601 */
        return true;
    month = month_by_name(parse, word, length);
    if (!month)
        return is_day_name(parse, word, length);
    if (parse->month)
        return false;
    parse->month = month;
    parse->month_at = parse->count;
    return true;
}

static int read_number(struct parse *parse, int *digits)
{
    int value = 0;

    for (*digits = 0; *parse->at >= '0' && *parse->at <= '9' && *digits < 8; ++*digits)
        value = value * 10 + (*parse->at++ - '0');
    return value;
}

/* hours:minutes:seconds, or an hour before AM and PM. */
static bool parse_time(struct parse *parse, int first)
{
    int digits;

    if (parse->time_count)
        return false;
    parse->time[parse->time_count++] = first;
    while (*parse->at == ':' && parse->time_count < 3) {
        parse->at++;
        parse->time[parse->time_count++] = read_number(parse, &digits);
        if (!digits)
            return false;
    }
    return true;
}

static bool parse_number(struct parse *parse)
{
    const WCHAR *after;
    int digits, value = read_number(parse, &digits);

    after = parse->at;
    while (*after == ' ')
        after++;
    if (*parse->at == ':' ||
        (((*after | 0x20) == 'a' || (*after | 0x20) == 'p') && ((after[1] | 0x20) == 'm' || !is_letter(after[1]))))
        return parse_time(parse, value);
    if (parse->count == 3)
        return false;
    parse->numbers[parse->count] = value;
    parse->digits[parse->count++] = digits;
    return true;
}

static bool parse_all(struct parse *parse)
{
    while (*parse->at) {
        WCHAR c = *parse->at;

        if (c >= '0' && c <= '9') {
            if (!parse_number(parse))
                return false;
        } else if (is_letter(c)) {
            if (!parse_word(parse))
                return false;
        } else if (c == ' ' || c == '\t' || c == ',' || c == '/' || c == '-' || c == '.') {
            parse->at++;
        } else {
            return false;
        }
    }
    return parse->count || parse->time_count;
}

static int full_year(int year, int digits)
{
    return digits > 2 ? year : year + (year < 30 ? 2000 : 1900);
}

static bool day_good(int year, int month, int day)
{
    return year >= 100 && year <= 9999 && month >= 1 && month <= 12 && day >= 1 && day <= month_days(year, month);
}

static bool set_day(SYSTEMTIME *time, int year, int month, int day)
{
    if (!day_good(year, month, day))
        return false;
    time->wYear = (WORD)year;
    time->wMonth = (WORD)month;
    time->wDay = (WORD)day;
    return true;
}

/* Three numbers in the locale's order (0: month day year, 1: day month year, 2: year first), or another that is a date.
 */
static bool date_from_three(const struct parse *parse, SYSTEMTIME *time)
{
    static const BYTE orders[3][3] = {{2, 0, 1}, {2, 1, 0}, {0, 1, 2}}; /* places of year, month, day */
    const int *n = parse->numbers, *d = parse->digits;
    DWORD order = 0;

    GetLocaleInfoW(parse->locale, LOCALE_IDATE | LOCALE_RETURN_NUMBER, (LPWSTR)&order, 2);
    if (d[0] > 2)
        order = 2;
    for (DWORD i = 0; i < 3; i++) {
        const BYTE *at = orders[(order + i) % 3];

        if (set_day(time, full_year(n[at[0]], d[at[0]]), n[at[1]], n[at[2]]))
            return true;
    }
    return false;
}

static bool date_from_name(const struct parse *parse, SYSTEMTIME *time)
{
    const int *n = parse->numbers, *d = parse->digits;
    SYSTEMTIME now;

    GetLocalTime(&now);
    if (parse->count == 1) /* a day of this year, or a year's first day of the month */
        return d[0] <= 2 && set_day(time, now.wYear, parse->month, n[0])
                   ? true
                   : set_day(time, full_year(n[0], d[0]), parse->month, 1);
    if (parse->count != 2)
        return false;
    if (d[0] > 2) /* the year came first */
        return set_day(time, n[0], parse->month, n[1]);
    return set_day(time, full_year(n[1], d[1]), parse->month, n[0]) ||
           set_day(time, full_year(n[0], d[0]), parse->month, n[1]);
}

static bool date_from_two(const struct parse *parse, SYSTEMTIME *time)
{
    const int *n = parse->numbers;
    SYSTEMTIME now;
    DWORD order = 0;

    GetLocalTime(&now);
    if (parse->digits[1] > 2) /* month and year */
        return set_day(time, n[1], n[0], 1);
    if (parse->digits[0] > 2)
        return set_day(time, n[0], n[1], 1);
    GetLocaleInfoW(parse->locale, LOCALE_IDATE | LOCALE_RETURN_NUMBER, (LPWSTR)&order, 2);
    if (order == 1)
        return set_day(time, now.wYear, n[1], n[0]) || set_day(time, now.wYear, n[0], n[1]);
    return set_day(time, now.wYear, n[0], n[1]) || set_day(time, now.wYear, n[1], n[0]);
}

static bool set_time(const struct parse *parse, SYSTEMTIME *time)
{
    int hour = parse->time[0];

    if (parse->half && (hour < 1 || hour > 12))
        return hour <= 23 && parse->half == 2 && hour > 12 ? (time->wHour = (WORD)hour, true) : false;
    if (parse->half)
        hour = hour % 12 + (parse->half == 2 ? 12 : 0);
    if (hour > 23 || parse->time[1] > 59 || parse->time[2] > 59)
        return false;
    time->wHour = (WORD)hour;
    time->wMinute = (WORD)parse->time[1];
    time->wSecond = (WORD)parse->time[2];
    return true;
}

HRESULT WINAPI VarDateFromStr(OLECHAR *text, LCID locale, ULONG flags, DATE *result)
{
    struct parse parse = {.at = text, .locale = flags & LOCALE_NOUSEROVERRIDE ? LOCALE_SYSTEM_DEFAULT : locale};
    SYSTEMTIME time = {.wYear = 1899, .wMonth = 12, .wDay = 30};
    struct number number;
    bool good;

    if (!text || !result)
        return text ? E_INVALIDARG : DISP_E_TYPEMISMATCH;
    good = parse_all(&parse);
    if (good && parse.month)
        good = date_from_name(&parse, &time);
    else if (good && parse.count == 3)
        good = date_from_three(&parse, &time);
    else if (good && parse.count == 2)
        good = date_from_two(&parse, &time);
    else if (parse.count == 1 || !good) /* a plain number is a date, too */
        return FAILED(number_from_text(text, locale, flags, &number)) ? DISP_E_TYPEMISMATCH
                                                                      : number_to_date(&number, result);
    if (!good || !set_time(&parse, &time))
        return DISP_E_TYPEMISMATCH;
    *result = make_date(&time, false);
    if (flags & VAR_TIMEVALUEONLY)
        *result -= (LONG)*result;
    if (flags & VAR_DATEVALUEONLY)
        *result = (LONG)*result;
    return S_OK;
}
