/*
 * multibyte.c: conversion between multibyte and wide text by the locale's code page (C locale: a byte is a character).
 *
 * UTF-8 characters beyond the basic plane are two UTF-16 units: string functions convert them whole; the
 * one-character functions, which have room for one unit only, refuse them as Microsoft's do.
 */
#include "crt/locale.h"

/* One character into up to two units.  Bytes used, 0 at the end of the text, -1 if invalid. */
static int next_wide(const char *bytes, size_t count, WCHAR units[2], int *unit_count)
{
    unsigned char first = (unsigned char)*bytes;
    *unit_count = 1;
    if (crt_codepage() == CP_UTF8 && first >= 0xf0) {
        int length = MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, bytes, count < 4 ? (int)count : 4, units, 2);
        *unit_count = 2;
        return length == 2 ? 4 : -1;
    }
    return crt_bytes_to_wide(units, bytes, count);
}

size_t WINAPI crt_mbstowcs(WCHAR *to, const char *from, size_t count)
{
    size_t length = 0;
    CRT_REQUIRE(from, (size_t)-1);
    while (!to || length < count) {
        WCHAR units[2] = {0};
        int unit_count, used = next_wide(from, strnlen(from, 8) + 1, units, &unit_count);
        if (used < 0) {
            crt_set_errno(CRT_EILSEQ);
            return (size_t)-1;
        }
        if (!used) {
            if (to)
                to[length] = 0;
            break;
        }
        if (to && length + (size_t)unit_count > count)
            break;
        if (to)
            memcpy(to + length, units, (size_t)unit_count * sizeof(WCHAR));
        length += (size_t)unit_count;
        from += used;
    }
    return length;
}

/* One character (a pair counts as one) into bytes.  Their number; -1 if the code page lacks it. */
static int next_bytes(const WCHAR *wide, char bytes[8], int *units)
{
    *units = 1;
    if (IS_HIGH_SURROGATE(wide[0]) && IS_LOW_SURROGATE(wide[1]) && crt_codepage()) {
        *units = 2;
        return WideCharToMultiByte(crt_codepage(), 0, wide, 2, bytes, 8, NULL, NULL);
    }
    return crt_wide_to_bytes(bytes, wide[0]);
}

size_t WINAPI crt_wcstombs(char *to, const WCHAR *from, size_t count)
{
    size_t length = 0;
    CRT_REQUIRE(from, (size_t)-1);
    while (!to || length < count) {
        char bytes[8];
        int units, used = next_bytes(from, bytes, &units);
        if (used < 0) {
            crt_set_errno(CRT_EILSEQ);
            return (size_t)-1;
        }
        if (!*from) {
            if (to)
                to[length] = 0;
            break;
        }
        if (to && length + (size_t)used > count)
            break;
        if (to)
            memcpy(to + length, bytes, (size_t)used);
        length += (size_t)used;
        from += units;
    }
    return length;
}

size_t WINAPI _mbstowcs_l(WCHAR *to, const char *from, size_t count, void *locale)
{
    return IN_LOCALE(locale, crt_mbstowcs(to, from, count));
}

size_t WINAPI _wcstombs_l(char *to, const WCHAR *from, size_t count, void *locale)
{
    return IN_LOCALE(locale, crt_wcstombs(to, from, count));
}

/* `count` limits the characters converted; the zero comes on top. */
#define SECURE(TO, FROM, name, name_l, convert)                                                                        \
    int WINAPI name(size_t *converted, TO *to, size_t size, const FROM *from, size_t count)                            \
    {                                                                                                                  \
        CRT_REQUIRE((to && size) || (!to && !size), CRT_EINVAL);                                                       \
        if (to)                                                                                                        \
            to[0] = 0;                                                                                                 \
        if (converted)                                                                                                 \
            *converted = 0;                                                                                            \
        CRT_REQUIRE(from, CRT_EINVAL);                                                                                 \
        size_t room = count == CRT_TRUNCATE || count > size ? size : count;                                            \
        size_t length = convert(to, from, to ? room : 0);                                                              \
        if (length == (size_t)-1) {                                                                                    \
            if (to)                                                                                                    \
                to[0] = 0;                                                                                             \
            return CRT_EILSEQ;                                                                                         \
        }                                                                                                              \
        int result = 0;                                                                                                \
        if (to && length >= size) {                                                                                    \
            if (count != CRT_TRUNCATE) {                                                                               \
                to[0] = 0;                                                                                             \
                return crt_invalid(CRT_ERANGE);                                                                        \
            }                                                                                                          \
            length = size - 1;                                                                                         \
            result = CRT_STRUNCATE;                                                                                    \
        }                                                                                                              \
        if (to)                                                                                                        \
            to[length] = 0;                                                                                            \
        if (converted)                                                                                                 \
            *converted = length + 1;                                                                                   \
        return result;                                                                                                 \
    }                                                                                                                  \
    int WINAPI name_l(size_t *converted, TO *to, size_t size, const FROM *from, size_t count, void *locale)            \
    {                                                                                                                  \
        return IN_LOCALE(locale, name(converted, to, size, from, count));                                              \
    }
SECURE(WCHAR, char, crt_mbstowcs_s, _mbstowcs_s_l, crt_mbstowcs)
SECURE(char, WCHAR, crt_wcstombs_s, _wcstombs_s_l, crt_wcstombs)

int WINAPI crt_mbtowc(WCHAR *wide, const char *bytes, size_t count)
{
    if (!bytes || !count)
        return 0;
    WCHAR ignored;
    int used = crt_bytes_to_wide(wide ? wide : &ignored, bytes, count);
    if (used < 0)
        crt_set_errno(CRT_EILSEQ);
    return used;
}

int WINAPI _mbtowc_l(WCHAR *wide, const char *bytes, size_t count, void *locale)
{
    return IN_LOCALE(locale, crt_mbtowc(wide, bytes, count));
}

int WINAPI crt_mblen(const char *bytes, size_t count)
{
    return crt_mbtowc(NULL, bytes, count);
}

int WINAPI _mblen_l(const char *bytes, size_t count, void *locale)
{
    return IN_LOCALE(locale, crt_mblen(bytes, count));
}

int WINAPI crt_wctomb(char *bytes, WCHAR wide)
{
    if (!bytes)
        return 0;
    int used = crt_wide_to_bytes(bytes, wide);
    if (used < 0)
        crt_set_errno(CRT_EILSEQ);
    return used;
}

int WINAPI _wctomb_l(char *bytes, WCHAR wide, void *locale)
{
    return IN_LOCALE(locale, crt_wctomb(bytes, wide));
}

int WINAPI crt_wctomb_s(int *used, char *bytes, size_t size, WCHAR wide)
{
    char buffer[8];
    if (!bytes) {
        if (used)
            *used = 0;
        return 0;
    }
    int length = crt_wide_to_bytes(buffer, wide);
    if (used)
        *used = length;
    if (length < 0)
        return crt_set_errno(CRT_EILSEQ);
    if ((size_t)length > size)
        return crt_invalid(CRT_ERANGE);
    memcpy(bytes, buffer, (size_t)length);
    return 0;
}

int WINAPI _wctomb_s_l(int *used, char *bytes, size_t size, WCHAR wide, void *locale)
{
    return IN_LOCALE(locale, crt_wctomb_s(used, bytes, size, wide));
}

/* The restartable functions.  State holds the bytes of an incomplete character, the first in the low byte. */
size_t WINAPI crt_mbrtowc(WCHAR *wide, const char *bytes, size_t count, unsigned *state)
{
    static unsigned shared;
    char whole[8];
    size_t kept = 0;
    WCHAR ignored;
    if (!state)
        state = &shared;
    if (!bytes) {
        *state = 0;
        return 0;
    }
    for (unsigned pending = *state; pending; pending >>= 8)
        whole[kept++] = (char)pending;
    size_t before = kept;
    for (size_t used = 0; used < count && kept < 4; used++) {
        whole[kept++] = bytes[used];
        int length = crt_bytes_to_wide(wide ? wide : &ignored, whole, kept);
        if (length >= 0) {
            *state = 0;
            return length ? kept - before : 0;
        }
        /* A UTF-8 lead byte may wait for more; in other code pages two bytes are all there is. */
        if (!crt_codepage() || (crt_codepage() == CP_UTF8 ? (unsigned char)whole[0] < 0xc2 : kept > 1))
            break;
    }
    if (crt_codepage() && kept < 4 && kept - before == count && (unsigned char)whole[0] >= 0x80) {
        *state = 0;
        memcpy(state, whole, kept);
        return (size_t)-2;
    }
    *state = 0;
    crt_set_errno(CRT_EILSEQ);
    return (size_t)-1;
}

size_t WINAPI crt_mbrlen(const char *bytes, size_t count, unsigned *state)
{
    static unsigned shared;
    return crt_mbrtowc(NULL, bytes, count, state ? state : &shared);
}

size_t WINAPI crt_wcrtomb(char *bytes, WCHAR wide, unsigned *state)
{
    (void)state;
    return bytes ? (size_t)crt_wctomb(bytes, wide) : 1;
}

size_t WINAPI crt_mbsrtowcs(WCHAR *to, const char **from, size_t count, unsigned *state)
{
    size_t length = 0;
    for (const char *p = *from; !to || length < count; length++) {
        WCHAR unit;
        size_t used = crt_mbrtowc(&unit, p, strnlen(p, 8) + 1, state);
        if (used >= (size_t)-2)
            return (size_t)-1;
        if (to)
            to[length] = unit;
        p = used ? p + used : NULL;
        if (to)
            *from = p;
        if (!p)
            break;
    }
    return length;
}

size_t WINAPI crt_wcsrtombs(char *to, const WCHAR **from, size_t count, unsigned *state)
{
    size_t length = crt_wcstombs(to, *from, count);
    (void)state;
    if (to && length != (size_t)-1 && length < count)
        *from = NULL;
    return length;
}

int WINAPI crt_wcrtomb_s(size_t *used, char *bytes, size_t size, WCHAR wide, unsigned *state)
{
    char buffer[8];
    if (used)
        *used = (size_t)-1;
    if (!bytes) {
        CRT_REQUIRE(!size, CRT_EINVAL);
        if (used)
            *used = 1;
        return 0;
    }
    size_t length = crt_wcrtomb(buffer, wide, state);
    if (length == (size_t)-1) {
        if (size)
            *bytes = 0;
        return CRT_EILSEQ;
    }
    if (length > size)
        return crt_invalid(CRT_ERANGE);
    memcpy(bytes, buffer, length);
    if (used)
        *used = length;
    return 0;
}

int WINAPI crt_mbsrtowcs_s(size_t *converted, WCHAR *to, size_t size, const char **from, size_t count, unsigned *state)
{
    (void)state;
    CRT_REQUIRE(from && *from, CRT_EINVAL);
    int error = crt_mbstowcs_s(converted, to, size, *from, count);
    if (!error && to)
        *from = NULL;
    return error;
}

int WINAPI crt_wcsrtombs_s(size_t *converted, char *to, size_t size, const WCHAR **from, size_t count, unsigned *state)
{
    (void)state;
    CRT_REQUIRE(from && *from, CRT_EINVAL);
    int error = crt_wcstombs_s(converted, to, size, *from, count);
    if (!error && to)
        *from = NULL;
    return error;
}

crt_wint WINAPI crt_btowc(int c)
{
    char byte = (char)c;
    WCHAR wide;
    return c != CRT_EOF && crt_bytes_to_wide(&wide, &byte, 1) >= 0 ? wide : 0xffff;
}

int WINAPI crt_wctob(crt_wint c)
{
    char bytes[8];
    return c != 0xffff && crt_wide_to_bytes(bytes, c) == 1 ? (unsigned char)bytes[0] : CRT_EOF;
}

int WINAPI crt_mbsinit(const unsigned *state)
{
    return !state || !*state;
}
