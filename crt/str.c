/*
 * str.c: narrow strings beyond string.h's plain functions (string.c): case, collation, tokens, reversal.
 */
#include "crt/crt.h"

static int fold(int c)
{
    return (unsigned)(c - 'A') < 26 ? c + 32 : c;
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
    (void)locale;
    return _stricmp(a, b);
}

int WINAPI _strnicmp_l(const char *a, const char *b, size_t count, void *locale)
{
    (void)locale;
    return _strnicmp(a, b, count);
}

int WINAPI _memicmp(const void *a, const void *b, size_t count)
{
    const unsigned char *x = a, *y = b;
    for (; count; count--, x++, y++)
        if (fold(*x) != fold(*y))
            return fold(*x) - fold(*y);
    return 0;
}

/* Collation in the C locale and in UTF-8 is the order of the bytes. */
int WINAPI crt_strcoll(const char *a, const char *b)
{
    int order = strcmp(a, b);
    return (order > 0) - (order < 0);
}

int WINAPI _strcoll_l(const char *a, const char *b, void *locale)
{
    (void)locale;
    return crt_strcoll(a, b);
}

int WINAPI _strncoll(const char *a, const char *b, size_t count)
{
    int order = strncmp(a, b, count);
    return (order > 0) - (order < 0);
}

size_t WINAPI crt_strxfrm(char *to, const char *from, size_t count)
{
    size_t length = strlen(from);
    if (count) {
        strncpy(to, from, count);
        if (length >= count)
            to[0] = 0;
    }
    return length;
}

size_t WINAPI _strxfrm_l(char *to, const char *from, size_t count, void *locale)
{
    (void)locale;
    return crt_strxfrm(to, from, count);
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
        if ((unsigned)(*p - 'a') < 26)
            *p -= 32;
    return text;
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
