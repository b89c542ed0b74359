/*
 * durationformat.c: GetDurationFormat: a length of time by a picture of d, h, H, m, s and f.
 *
 * Layer: kernel32.
 */
#include "locale.h"

static int fail(DWORD error)
{
    SetLastError(error);
    return 0;
}

struct text {
    WCHAR *out;
    int room, length; /* out of room: only the length counts on */
};

static void put(struct text *text, WCHAR c)
{
    if (text->length < text->room)
        text->out[text->length] = c;
    text->length++;
}

static void put_number(struct text *text, ULONGLONG value, int digits)
{
    WCHAR scratch[20];
    int count = 0;

    do
        scratch[count++] = (WCHAR)('0' + value % 10);
    while (value /= 10);
    for (; digits > count; digits--)
        put(text, '0');
    while (count)
        put(text, scratch[--count]);
}

/* What the picture does not name is counted by the next smaller unit that it does name: h without d counts all hours.
 */
struct duration {
    ULONGLONG days, hours, minutes, seconds;
    ULONG ticks; /* 100 ns */
};

static bool picture_has(const WCHAR *picture, WCHAR a, WCHAR b)
{
    bool quoted = false;

    for (; *picture; picture++) {
        if (*picture == '\'')
            quoted = !quoted;
        else if (!quoted && (*picture == a || *picture == b))
            return true;
    }
    return false;
}

static struct duration duration_split(ULONGLONG ticks, const WCHAR *picture)
{
    struct duration d = {0, 0, 0, ticks / 10000000, (ULONG)(ticks % 10000000)};

    if (picture_has(picture, 'd', 'd'))
        d.days = d.seconds / 86400, d.seconds %= 86400;
    if (picture_has(picture, 'h', 'H'))
        d.hours = d.seconds / 3600, d.seconds %= 3600;
    if (picture_has(picture, 'm', 'm'))
        d.minutes = d.seconds / 60, d.seconds %= 60;
    return d;
}

/* One to nine digits, rounded as they are cut: more than seven are zeros. */
static void put_fraction(struct text *text, ULONG ticks, int digits)
{
    ULONG unit = 1000000;

    for (; digits > 0; digits--, unit /= 10)
        put(text, unit ? (WCHAR)('0' + ticks / unit % 10) : u'0');
}

static void duration_put(struct text *text, const struct duration *d, const WCHAR *picture)
{
    while (*picture) {
        WCHAR c = *picture;
        int count = 0;

        if (c == '\'') {
            for (picture++; *picture; picture++) {
                if (*picture == '\'' && picture[1] != '\'')
                    break;
                picture += *picture == '\'';
                put(text, *picture);
            }
            picture += *picture != 0;
            continue;
        }
        while (picture[count] == c)
            count++;
        if (c == 'd')
            put_number(text, d->days, count);
        else if (c == 'h' || c == 'H')
            put_number(text, d->hours, count);
        else if (c == 'm')
            put_number(text, d->minutes, count);
        else if (c == 's')
            put_number(text, d->seconds, count);
        else if (c == 'f')
            put_fraction(text, d->ticks, count < 9 ? count : 9);
        else
            for (int i = 0; i < count; i++)
                put(text, c);
        picture += count;
    }
    put(text, 0);
}

static int duration_format(const struct locale *locale, DWORD flags, const SYSTEMTIME *time, ULONGLONG ticks,
                           LPCWSTR picture, LPWSTR out, int room)
{
    struct text text = {out, room, 0};
    struct duration duration;

    if (!locale || room < 0 || (room && !out))
        return fail(ERROR_INVALID_PARAMETER);
    if (flags & ~(DWORD)LOCALE_NOUSEROVERRIDE || (flags && picture))
        return fail(ERROR_INVALID_FLAGS);
    if (time) {
        if (time->wHour > 23 || time->wMinute > 59 || time->wSecond > 59 || time->wMilliseconds > 999)
            return fail(ERROR_INVALID_PARAMETER);
        ticks = (((time->wHour * 60ull + time->wMinute) * 60 + time->wSecond) * 1000 + time->wMilliseconds) * 10000 +
                time->wDay * 864000000000ull;
    }
    if (!picture || !*picture)
        picture = u"h:mm:ss";
    duration = duration_split(ticks, picture);
    duration_put(&text, &duration, picture);
    return room && text.length > room ? fail(ERROR_INSUFFICIENT_BUFFER) : text.length;
}

int WINAPI GetDurationFormatEx(LPCWSTR name, DWORD flags, const SYSTEMTIME *time, ULONGLONG ticks, LPCWSTR picture,
                               LPWSTR out, int room)
{
    return duration_format(locale_from_name(name), flags, time, ticks, picture, out, room);
}

int WINAPI GetDurationFormat(LCID lcid, DWORD flags, const SYSTEMTIME *time, ULONGLONG ticks, LPCWSTR picture,
                             LPWSTR out, int room)
{
    return duration_format(locale_from_lcid(lcid), flags, time, ticks, picture, out, room);
}
