/*
 * str.c: narrow strings beyond string.h's plain functions (string.c): case, tokens, filling, reversal.
 */
#include "crt/locale.h"

int WINAPI crt_tolower(int);
int WINAPI crt_toupper(int);

/* Lower case in the locale: bytes above 0x7f have one in code pages of one byte a character alone. */
static int fold(int c)
{
    if (c < 0x80 || !crt_locale()->pctype)
        return (unsigned)(c - 'A') < 26 ? c + 32 : c;
    return crt_tolower(c);
}

static int unfold(int c)
{
    if (c < 0x80 || !crt_locale()->pctype)
        return (unsigned)(c - 'a') < 26 ? c - 32 : c;
    return crt_toupper(c);
}

int WINAPI _stricmp(const char *a, const char *b)
{
    CRT_REQUIRE(a && b, INT_MAX);
    int x, y;
    do {
        x = fold((unsigned char)*a++);
        y = fold((unsigned char)*b++);
    } while (x && x == y);
    return x - y;
}

int WINAPI _strnicmp(const char *a, const char *b, size_t count)
{
    CRT_REQUIRE(a && b, INT_MAX);
    int x = 0, y = 0;
    while (count-- && x == y) {
        x = fold((unsigned char)*a++);
        y = fold((unsigned char)*b++);
        if (!x)
            break;
    }
    return x - y;
}

int WINAPI _stricmp_l(const char *a, const char *b, void *locale)
{
    return IN_LOCALE(locale, _stricmp(a, b));
}

int WINAPI _strnicmp_l(const char *a, const char *b, size_t count, void *locale)
{
    return IN_LOCALE(locale, _strnicmp(a, b, count));
}

int WINAPI _memicmp(const void *a, const void *b, size_t count)
{
    const unsigned char *x = a, *y = b;
    for (; count; count--, x++, y++)
        if (fold(*x) != fold(*y))
            return fold(*x) - fold(*y);
    return 0;
}

int WINAPI _memicmp_l(const void *a, const void *b, size_t count, void *locale)
{
    return IN_LOCALE(locale, _memicmp(a, b, count));
}

char *WINAPI _strlwr(char *text)
{
    for (char *p = text; *p; p++)
        *p = (char)fold((unsigned char)*p);
    return text;
}

char *WINAPI _strupr(char *text)
{
    for (char *p = text; *p; p++)
        *p = (char)unfold((unsigned char)*p);
    return text;
}

char *WINAPI _strlwr_l(char *text, void *locale)
{
    return IN_LOCALE(locale, _strlwr(text));
}

char *WINAPI _strupr_l(char *text, void *locale)
{
    return IN_LOCALE(locale, _strupr(text));
}

char *WINAPI _strrev(char *text)
{
    for (char *first = text, *last = text + strlen(text); first < last; first++) {
        char c = *first;
        *first = *--last;
        *last = c;
    }
    return text;
}

char *WINAPI _strset(char *text, int c)
{
    return memset(text, c, strlen(text));
}

char *WINAPI _strnset(char *text, int c, size_t count)
{
    return memset(text, c, strnlen(text, count));
}

int WINAPI _strset_s(char *text, size_t size, int c)
{
    CRT_REQUIRE(text && size, CRT_EINVAL);
    size_t length = strnlen(text, size);
    if (length == size) {
        *text = 0;
        return crt_invalid(CRT_EINVAL);
    }
    memset(text, c, length);
    return 0;
}

/* Fills up to `count`, which must leave room for the zero. */
int WINAPI _strnset_s(char *text, size_t size, int c, size_t count)
{
    if (!count && !text && !size)
        return 0;
    CRT_REQUIRE(text && size, CRT_EINVAL);
    size_t length = strnlen(text, size);
    if (length == size && count >= size) {
        *text = 0;
        return crt_invalid(CRT_EINVAL);
    }
    memset(text, c, length < count ? length : count);
    return 0;
}

char *WINAPI crt_strtok_s(char *text, const char *delimiters, char **context)
{
    CRT_REQUIRE(context && delimiters && (text || *context), NULL);
    return strtok_r(text, delimiters, context);
}

char *WINAPI crt_strtok(char *text, const char *delimiters)
{
    struct crt_thread *thread = crt_thread();
    if (!text && !thread->strtok_next)
        return NULL;
    return strtok_r(text, delimiters, &thread->strtok_next);
}

void *WINAPI _memccpy(void *to, const void *from, int c, size_t count)
{
    return memccpy(to, from, c, count);
}

void WINAPI _swab(char *from, char *to, int count)
{
    for (; count > 1; count -= 2, from += 2, to += 2) {
        char first = from[0];
        to[0] = from[1];
        to[1] = first;
    }
}

size_t WINAPI __strncnt(const char *text, size_t count)
{
    return strnlen(text, count);
}
