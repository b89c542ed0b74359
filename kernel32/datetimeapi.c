/*
 * datetimeapi.c: dates and times as text by a picture: "dddd, MMMM d, yyyy", "h:mm:ss tt".
 *
 * Layer: kernel32, over locale.c.
 */
#include <string.h>
#include "locale.h"
#include "ntdll/nls.h"

static int fail(DWORD error)
{
    SetLastError(error);
    return 0;
}

struct text {
    WCHAR buffer[256];
    int length;
    bool has_day; /* the picture has the day of the month */
};

static void put(struct text *out, WCHAR c)
{
    if (out->length < 255)
        out->buffer[out->length++] = c;
}

static void put_ascii(struct text *out, const char *text)
{
    while (*text)
        put(out, (WCHAR)*text++);
}

static void put_number(struct text *out, unsigned value, unsigned digits)
{
    char text[12];
    unsigned count = 0;

    do
        text[count++] = (char)('0' + value % 10);
    while (value /= 10);
    while (count < digits)
        text[count++] = '0';
    while (count)
        put(out, (WCHAR)text[--count]);
}

static void put_value(struct text *out, const struct locale *locale, LCTYPE type)
{
    int length = locale_text(locale, type, out->buffer + out->length, 255 - out->length);

    if (length > 0)
        out->length += length < 255 - out->length ? length : 255 - out->length;
}

static void put_day(struct text *out, const struct locale *locale, const SYSTEMTIME *time, unsigned run)
{
    unsigned day = (time->wDayOfWeek + 6u) % 7;

    if (run <= 2)
        put_number(out, time->wDay, run);
    else
        put_value(out, locale, (run == 3 ? LOCALE_SABBREVDAYNAME1 : LOCALE_SDAYNAME1) + day);
}

/* Beside the day a month is in the genitive, in languages that have one. */
static void put_month(struct text *out, const struct locale *locale, const SYSTEMTIME *time, unsigned run)
{
    LCTYPE genitive = out->has_day ? LOCALE_RETURN_GENITIVE_NAMES : 0;

    if (run <= 2)
        put_number(out, time->wMonth, run);
    else
        put_value(out, locale,
                  genitive | ((run == 3 ? LOCALE_SABBREVMONTHNAME1 : LOCALE_SMONTHNAME1) + time->wMonth - 1u));
}

static bool put_date_part(struct text *out, const struct locale *locale, const SYSTEMTIME *time, WCHAR c, unsigned run)
{
    if (c == 'd')
        put_day(out, locale, time, run > 4 ? 4 : run);
    else if (c == 'M')
        put_month(out, locale, time, run > 4 ? 4 : run);
    else if (c == 'y')
        put_number(out, run <= 2 ? time->wYear % 100u : time->wYear, run <= 2 ? run : 4);
    else if (c == 'g')
        put_ascii(out, "A.D.");
    else
        return false;
    return true;
}

static bool put_time_part(struct text *out, const struct locale *locale, const SYSTEMTIME *time, WCHAR c, unsigned run)
{
    unsigned digits = run > 1 ? 2 : 1, hour12 = time->wHour % 12u ? time->wHour % 12u : 12;

    if (c == 'h')
        put_number(out, hour12, digits);
    else if (c == 'H')
        put_number(out, time->wHour, digits);
    else if (c == 'm')
        put_number(out, time->wMinute, digits);
    else if (c == 's')
        put_number(out, time->wSecond, digits);
    else if (c == 't') {
        int before = out->length;

        put_value(out, locale, time->wHour < 12 ? LOCALE_S1159 : LOCALE_S2359);
        if (run == 1 && out->length > before)
            out->length = before + 1;
    } else
        return false;
    return true;
}

typedef bool (*put_part)(struct text *, const struct locale *, const SYSTEMTIME *, WCHAR, unsigned);

static void put_picture(struct text *out, const struct locale *locale, const SYSTEMTIME *time, const WCHAR *picture,
                        put_part part)
{
    while (*picture) {
        unsigned run = 1;

        if (*picture == '\'') {
            for (picture++; *picture && (*picture != '\'' || picture[1] == '\''); picture++) {
                put(out, *picture);
                if (*picture == '\'')
                    picture++;
            }
            if (*picture)
                picture++;
            continue;
        }
        while (picture[run] == *picture)
            run++;
        if (!part(out, locale, time, *picture, run))
            for (unsigned i = 0; i < run; i++)
                put(out, *picture);
        picture += run;
    }
}

static int text_out(const struct text *text, LPWSTR buffer, int size)
{
    if (!size)
        return text->length + 1;
    if (size < text->length + 1)
        return fail(ERROR_INSUFFICIENT_BUFFER);
    memcpy(buffer, text->buffer, (size_t)text->length * sizeof *buffer);
    buffer[text->length] = 0;
    return text->length + 1;
}

/* The locale's picture, as UTF-16. */
static void picture_from(const struct locale *locale, LCTYPE type, WCHAR picture[64])
{
    int length = locale_text(locale, type, picture, 63);

    picture[length < 0 ? 0 : length > 63 ? 63 : length] = 0;
}

/* "d" or "dd" outside quotes. */
static bool picture_has_day(const WCHAR *picture)
{
    bool quoted = false;
    unsigned run = 0;

    for (;; picture++) {
        if (*picture == 'd' && !quoted) {
            run++;
            continue;
        }
        if (run == 1 || run == 2)
            return true;
        run = 0;
        if (!*picture)
            return false;
        if (*picture == '\'')
            quoted = !quoted;
    }
}

/* The given time, checked and with its day of the week, or now. */
static bool time_prepare(const SYSTEMTIME *given, SYSTEMTIME *time, bool date)
{
    FILETIME file;

    if (!given) {
        GetLocalTime(time);
        return true;
    }
    *time = *given;
    if (!date)
        return time->wHour < 24 && time->wMinute < 60 && time->wSecond < 60;
    time->wHour = time->wMinute = time->wSecond = time->wMilliseconds = 0;
    return SystemTimeToFileTime(time, &file) && FileTimeToSystemTime(&file, time);
}

static int format_date(const struct locale *locale, DWORD flags, const SYSTEMTIME *given, const WCHAR *picture,
                       LPWSTR buffer, int size)
{
    struct text out = {.length = 0};
    WCHAR own[64];
    SYSTEMTIME time;

    if (!locale || size < 0 || (size && !buffer))
        return fail(ERROR_INVALID_PARAMETER);
    if (picture && (flags & (DATE_SHORTDATE | DATE_LONGDATE | DATE_YEARMONTH)))
        return fail(ERROR_INVALID_FLAGS);
    if (!time_prepare(given, &time, true))
        return fail(ERROR_INVALID_PARAMETER);
    if (!picture) {
        picture_from(locale,
                     flags & DATE_LONGDATE    ? LOCALE_SLONGDATE
                     : flags & DATE_YEARMONTH ? LOCALE_SYEARMONTH
                                              : LOCALE_SSHORTDATE,
                     own);
        picture = own;
    }
    out.has_day = picture_has_day(picture);
    put_picture(&out, locale, &time, picture, put_date_part);
    return text_out(&out, buffer, size);
}

/* Drops seconds, or minutes and seconds, with the separator before them. */
static void picture_without(WCHAR *picture, const char *dropped)
{
    WCHAR *to = picture;

    for (const WCHAR *from = picture; *from; from++) {
        if (*from < 0x80 && strchr(dropped, (char)*from)) {
            while (to > picture && (to[-1] == ':' || to[-1] == '.'))
                to--;
            continue;
        }
        *to++ = *from;
    }
    *to = 0;
}

static int format_time(const struct locale *locale, DWORD flags, const SYSTEMTIME *given, const WCHAR *picture,
                       LPWSTR buffer, int size)
{
    struct text out = {.length = 0};
    WCHAR own[64];
    SYSTEMTIME time;

    if (!locale || size < 0 || (size && !buffer) || !time_prepare(given, &time, false))
        return fail(ERROR_INVALID_PARAMETER);
    if (picture && wide_length(picture) < 64)
        memcpy(own, picture, (wide_length(picture) + 1) * sizeof *own);
    else
        picture_from(locale, LOCALE_STIMEFORMAT, own);
    if (flags & TIME_NOMINUTESORSECONDS)
        picture_without(own, "ms");
    else if (flags & TIME_NOSECONDS)
        picture_without(own, "s");
    if (flags & TIME_FORCE24HOURFORMAT)
        for (int i = 0; own[i]; i++)
            own[i] = own[i] == 'h' ? 'H' : own[i];
    if (flags & (TIME_NOTIMEMARKER | TIME_FORCE24HOURFORMAT)) {
        int length = 0;

        for (int i = 0; own[i]; i++)
            if (own[i] != 't')
                own[length++] = own[i];
        while (length && own[length - 1] == ' ')
            length--;
        own[length] = 0;
    }
    put_picture(&out, locale, &time, own, put_time_part);
    return text_out(&out, buffer, size);
}

int WINAPI GetDateFormatEx(LPCWSTR name, DWORD flags, const SYSTEMTIME *time, LPCWSTR picture, LPWSTR buffer, int size,
                           LPCWSTR calendar)
{
    (void)calendar;
    return format_date(locale_from_name(name), flags, time, picture, buffer, size);
}

int WINAPI GetDateFormatW(LCID lcid, DWORD flags, const SYSTEMTIME *time, LPCWSTR picture, LPWSTR buffer, int size)
{
    return format_date(locale_from_lcid(lcid), flags, time, picture, buffer, size);
}

int WINAPI GetTimeFormatEx(LPCWSTR name, DWORD flags, const SYSTEMTIME *time, LPCWSTR picture, LPWSTR buffer, int size)
{
    return format_time(locale_from_name(name), flags, time, picture, buffer, size);
}

int WINAPI GetTimeFormatW(LCID lcid, DWORD flags, const SYSTEMTIME *time, LPCWSTR picture, LPWSTR buffer, int size)
{
    return format_time(locale_from_lcid(lcid), flags, time, picture, buffer, size);
}

/* The A functions: ASCII comes out unless the picture holds more. */
static int to_ansi(const WCHAR *wide, int length, LPSTR buffer, int size)
{
    return length ? WideCharToMultiByte(CP_ACP, 0, wide, length, buffer, size, NULL, NULL) : 0;
}

int WINAPI GetDateFormatA(LCID lcid, DWORD flags, const SYSTEMTIME *time, LPCSTR picture, LPSTR buffer, int size)
{
    WCHAR *wide = wide_from_ansi(picture), out[256];
    int length = GetDateFormatW(lcid, flags, time, wide, out, 256);

    RtlFreeHeap(peb_current()->ProcessHeap, 0, wide);
    return to_ansi(out, length, buffer, size);
}

int WINAPI GetTimeFormatA(LCID lcid, DWORD flags, const SYSTEMTIME *time, LPCSTR picture, LPSTR buffer, int size)
{
    WCHAR *wide = wide_from_ansi(picture), out[256];
    int length = GetTimeFormatW(lcid, flags, time, wide, out, 256);

    RtlFreeHeap(peb_current()->ProcessHeap, 0, wide);
    return to_ansi(out, length, buffer, size);
}
