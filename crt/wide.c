/*
 * wide.c: strings of UTF-16: the standard functions.
 *
 * Layer: crt.  The host's wide strings have 32 bits a unit, so these are ours.
 */
#include "crt.h"

size_t WINAPI crt_wcslen(const WCHAR *text)
{
    return crt_wide_length(text);
}

int WINAPI crt_wcscmp(const WCHAR *a, const WCHAR *b)
{
    while (*a && *a == *b)
        a++, b++;
    return *a < *b ? -1 : *a > *b;
}

int WINAPI crt_wcsncmp(const WCHAR *a, const WCHAR *b, size_t count)
{
    for (; count; count--, a++, b++)
        if (*a != *b || !*a)
            return *a < *b ? -1 : *a > *b;
    return 0;
}

WCHAR *WINAPI crt_wcscpy(WCHAR *to, const WCHAR *from)
{
    WCHAR *out = to;
    while ((*out++ = *from++))
        ;
    return to;
}

WCHAR *WINAPI crt_wcscat(WCHAR *to, const WCHAR *from)
{
    crt_wcscpy(to + crt_wide_length(to), from);
    return to;
}

WCHAR *WINAPI crt_wcschr(const WCHAR *text, WCHAR c)
{
    for (; *text != c; text++)
        if (!*text)
            return NULL;
    return (WCHAR *)text;
}

WCHAR *WINAPI crt_wcsrchr(const WCHAR *text, WCHAR c)
{
    const WCHAR *found = NULL;
    do
        if (*text == c)
            found = text;
    while (*text++);
    return (WCHAR *)found;
}

WCHAR *WINAPI _wcsdup(const WCHAR *text)
{
    if (!text)
        return NULL;
    size_t size = (crt_wide_length(text) + 1) * sizeof(WCHAR);
    WCHAR *copy = crt_malloc(size);
    return copy ? memcpy(copy, text, size) : NULL;
}
