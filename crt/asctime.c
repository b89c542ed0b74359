/*
 * asctime.c: time as text of a fixed form: asctime, ctime, _strdate and _strtime, narrow and wide.
 *
 * Layer: crt.
 */
#include <stdio.h>
#include "tm.h"

#define ASCTIME_SIZE 26

size_t WINAPI crt_strftime(char *, size_t, const char *, const struct crt_tm *);

int WINAPI crt_asctime_s(char *text, size_t size, const struct crt_tm *tm)
{
    CRT_REQUIRE(text && size, CRT_EINVAL);
    text[0] = 0;
    CRT_REQUIRE(size >= ASCTIME_SIZE && tm && tm_valid(tm) && tm->year >= 0, CRT_EINVAL);
    char whole[64];
    snprintf(whole, sizeof(whole), "%.3s %.3s %02d %02d:%02d:%02d %04d\n", tm_days[tm->wday], tm_months[tm->mon],
             tm->mday, tm->hour, tm->min, tm->sec, tm->year + 1900);
    memcpy(text, whole, ASCTIME_SIZE - 1);
    text[ASCTIME_SIZE - 1] = 0;
    return 0;
}

char *WINAPI crt_asctime(const struct crt_tm *tm)
{
    char *text = crt_thread_buffer(BUFFER_ASCTIME, ASCTIME_SIZE);
    return text && !crt_asctime_s(text, ASCTIME_SIZE, tm) ? text : NULL;
}

int WINAPI _ctime64_s(char *text, size_t size, const int64_t *time)
{
    struct crt_tm tm;
    CRT_REQUIRE(text && size, CRT_EINVAL);
    text[0] = 0;
    CRT_REQUIRE(size >= ASCTIME_SIZE && time, CRT_EINVAL);
    int error = *time < 0 ? crt_invalid(CRT_EINVAL) : _localtime64_s(&tm, time);
    return error ? error : crt_asctime_s(text, size, &tm);
}

char *WINAPI _ctime64(const int64_t *time)
{
    char *text = crt_thread_buffer(BUFFER_ASCTIME, ASCTIME_SIZE);
    CRT_REQUIRE(time, NULL);
    if (*time < 0) {
        crt_set_errno(CRT_EINVAL);
        return NULL;
    }
    return text && !_ctime64_s(text, ASCTIME_SIZE, time) ? text : NULL;
}

int WINAPI _ctime32_s(char *text, size_t size, const LONG *time)
{
    int64_t wide = time ? *time : 0;
    return _ctime64_s(text, size, time ? &wide : NULL);
}

char *WINAPI _ctime32(const LONG *time)
{
    int64_t wide = time ? *time : 0;
    return _ctime64(time ? &wide : NULL);
}

/* --- wide --------------------------------------------------------------------------------------------------------- */

/* A wide text of these is the narrow one, unit by unit. */
static int widen_into(WCHAR *to, size_t size, const char *text, int error)
{
    to[0] = 0;
    for (size_t i = 0; !error && i < size; i++) {
        to[i] = (unsigned char)text[i];
        if (!text[i])
            break;
    }
    return error;
}

static WCHAR *widen_static(const char *text)
{
    WCHAR *wide = text ? crt_thread_buffer(BUFFER_WASCTIME, ASCTIME_SIZE * sizeof(WCHAR)) : NULL;
    if (wide)
        widen_into(wide, ASCTIME_SIZE, text, 0);
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

WCHAR *WINAPI _wctime32(const LONG *time)
{
    return widen_static(_ctime32(time));
}

#define WIDE_SECURE(name, TYPE, narrow)                                                                                \
    int WINAPI name(WCHAR *text, size_t size, const TYPE *from)                                                        \
    {                                                                                                                  \
        char whole[ASCTIME_SIZE] = "";                                                                                 \
        CRT_REQUIRE(text &&size, CRT_EINVAL);                                                                          \
        return widen_into(text, size, whole, narrow(whole, size < ASCTIME_SIZE ? size : ASCTIME_SIZE, from));          \
    }
WIDE_SECURE(_wasctime_s, struct crt_tm, crt_asctime_s)
WIDE_SECURE(_wctime64_s, int64_t, _ctime64_s)
WIDE_SECURE(_wctime32_s, LONG, _ctime32_s)

/* --- the time now ------------------------------------------------------------------------------------------------- */

#define NOW_SIZE 9

static void now_as(char text[NOW_SIZE], const char *format)
{
    struct crt_tm tm;
    int64_t time = _time64(NULL);
    _localtime64_s(&tm, &time);
    crt_strftime(text, NOW_SIZE, format, &tm);
}

#define NOW(name, name_s, wide, wide_s, form)                                                                          \
    int WINAPI name_s(char *text, size_t size)                                                                         \
    {                                                                                                                  \
        CRT_REQUIRE(text &&size, CRT_EINVAL);                                                                          \
        text[0] = 0;                                                                                                   \
        if (size < NOW_SIZE)                                                                                           \
            return crt_invalid(CRT_ERANGE);                                                                            \
        now_as(text, form);                                                                                            \
        return 0;                                                                                                      \
    }                                                                                                                  \
    char *WINAPI name(char *text)                                                                                      \
    {                                                                                                                  \
        return name_s(text, NOW_SIZE) ? NULL : text;                                                                   \
    }                                                                                                                  \
    int WINAPI wide_s(WCHAR *text, size_t size)                                                                        \
    {                                                                                                                  \
        char narrow[NOW_SIZE] = "";                                                                                    \
        CRT_REQUIRE(text &&size, CRT_EINVAL);                                                                          \
        return widen_into(text, size, narrow, name_s(narrow, size < NOW_SIZE ? size : NOW_SIZE));                      \
    }                                                                                                                  \
    WCHAR *WINAPI wide(WCHAR *text)                                                                                    \
    {                                                                                                                  \
        return wide_s(text, NOW_SIZE) ? NULL : text;                                                                   \
    }
NOW(_strdate, _strdate_s, _wstrdate, _wstrdate_s, "%m/%d/%y")
NOW(_strtime, _strtime_s, _wstrtime, _wstrtime_s, "%H:%M:%S")
