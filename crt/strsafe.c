/*
 * strsafe.c: the _s variants of string functions, narrow and wide.
 *
 * One body for both, by macro: on a bad argument the destination becomes empty and the invalid-parameter
 * handler is called; truncation by _TRUNCATE returns STRUNCATE.
 */
#include "crt/locale.h"

size_t WINAPI crt_wcsnlen(const WCHAR *, size_t);
size_t WINAPI crt_wcslen(const WCHAR *);

/* Copies `length` units to `to` at `at`, whose room is `size` units.  */
#define DEFINE(CHAR, append, copy, copy_n, concat, concat_n, length_of, limited)                                       \
    static int append(CHAR *to, size_t size, size_t at, const CHAR *from, size_t length, bool truncate)                \
    {                                                                                                                  \
        if (length >= size - at && !truncate) {                                                                        \
            to[0] = 0;                                                                                                 \
            return crt_invalid(CRT_ERANGE);                                                                            \
        }                                                                                                              \
        bool cut = length >= size - at;                                                                                \
        if (cut)                                                                                                       \
            length = size - at - 1;                                                                                    \
        memmove(to + at, from, length * sizeof(CHAR));                                                                 \
        to[at + length] = 0;                                                                                           \
        return cut ? CRT_STRUNCATE : 0;                                                                                \
    }                                                                                                                  \
    int WINAPI copy(CHAR *to, size_t size, const CHAR *from)                                                           \
    {                                                                                                                  \
        CRT_REQUIRE(to &&size, CRT_EINVAL);                                                                            \
        if (!from) {                                                                                                   \
            to[0] = 0;                                                                                                 \
            return crt_invalid(CRT_EINVAL);                                                                            \
        }                                                                                                              \
        return append(to, size, 0, from, length_of(from), false);                                                      \
    }                                                                                                                  \
    int WINAPI copy_n(CHAR *to, size_t size, const CHAR *from, size_t count)                                           \
    {                                                                                                                  \
        if (!count && !to && !size)                                                                                    \
            return 0;                                                                                                  \
        CRT_REQUIRE(to &&size, CRT_EINVAL);                                                                            \
        if (!count) {                                                                                                  \
            to[0] = 0;                                                                                                 \
            return 0;                                                                                                  \
        }                                                                                                              \
        if (!from) {                                                                                                   \
            to[0] = 0;                                                                                                 \
            return crt_invalid(CRT_EINVAL);                                                                            \
        }                                                                                                              \
        bool truncate = count == CRT_TRUNCATE;                                                                         \
        return append(to, size, 0, from, limited(from, truncate ? size : count), truncate);                            \
    }                                                                                                                  \
    int WINAPI concat_n(CHAR *to, size_t size, const CHAR *from, size_t count)                                         \
    {                                                                                                                  \
        if (!count && !to && !size)                                                                                    \
            return 0;                                                                                                  \
        CRT_REQUIRE(to &&size, CRT_EINVAL);                                                                            \
        size_t at = limited(to, size);                                                                                 \
        if (at == size || (!from && count)) {                                                                          \
            to[0] = 0;                                                                                                 \
            return crt_invalid(CRT_EINVAL);                                                                            \
        }                                                                                                              \
        bool truncate = count == CRT_TRUNCATE;                                                                         \
        return count ? append(to, size, at, from, limited(from, truncate ? size : count), truncate) : 0;               \
    }                                                                                                                  \
    int WINAPI concat(CHAR *to, size_t size, const CHAR *from)                                                         \
    {                                                                                                                  \
        CRT_REQUIRE(to &&size, CRT_EINVAL);                                                                            \
        size_t at = limited(to, size);                                                                                 \
        if (at == size || !from) {                                                                                     \
            to[0] = 0;                                                                                                 \
            return crt_invalid(CRT_EINVAL);                                                                            \
        }                                                                                                              \
        return append(to, size, at, from, length_of(from), false);                                                     \
    }

DEFINE(char, append_narrow, crt_strcpy_s, crt_strncpy_s, crt_strcat_s, crt_strncat_s, strlen, strnlen)
DEFINE(WCHAR, append_wide, crt_wcscpy_s, crt_wcsncpy_s, crt_wcscat_s, crt_wcsncat_s, crt_wcslen, crt_wcsnlen)

int WINAPI crt_memcpy_s(void *to, size_t size, const void *from, size_t count)
{
    if (!count)
        return 0;
    CRT_REQUIRE(to, CRT_EINVAL);
    if (!from || size < count) {
        memset(to, 0, size);
        return crt_invalid(from ? CRT_ERANGE : CRT_EINVAL);
    }
    memcpy(to, from, count);
    return 0;
}

int WINAPI crt_memmove_s(void *to, size_t size, const void *from, size_t count)
{
    if (!count)
        return 0;
    CRT_REQUIRE(to && from, CRT_EINVAL);
    if (size < count)
        return crt_invalid(CRT_ERANGE);
    memmove(to, from, count);
    return 0;
}

int WINAPI crt_wmemcpy_s(WCHAR *to, size_t size, const WCHAR *from, size_t count)
{
    return crt_memcpy_s(to, size * sizeof(WCHAR), from, count * sizeof(WCHAR));
}

int WINAPI crt_wmemmove_s(WCHAR *to, size_t size, const WCHAR *from, size_t count)
{
    return crt_memmove_s(to, size * sizeof(WCHAR), from, count * sizeof(WCHAR));
}

char *WINAPI _strlwr(char *);
char *WINAPI _strupr(char *);
WCHAR *WINAPI _wcslwr(WCHAR *);
WCHAR *WINAPI _wcsupr(WCHAR *);

/* Changes in place where the text must end within `size`. */
#define IN_PLACE(CHAR, name, name_l, plain, limited)                                                                   \
    int WINAPI name(CHAR *text, size_t size)                                                                           \
    {                                                                                                                  \
        CRT_REQUIRE(text, CRT_EINVAL);                                                                                 \
        if (limited(text, size) == size) {                                                                             \
            if (size)                                                                                                  \
                text[0] = 0;                                                                                           \
            return crt_invalid(CRT_EINVAL);                                                                            \
        }                                                                                                              \
        plain(text);                                                                                                   \
        return 0;                                                                                                      \
    }                                                                                                                  \
    int WINAPI name_l(CHAR *text, size_t size, void *locale)                                                           \
    {                                                                                                                  \
        return IN_LOCALE(locale, name(text, size));                                                                    \
    }
IN_PLACE(char, _strlwr_s, _strlwr_s_l, _strlwr, strnlen)
IN_PLACE(char, _strupr_s, _strupr_s_l, _strupr, strnlen)
IN_PLACE(WCHAR, _wcslwr_s, _wcslwr_s_l, _wcslwr, crt_wcsnlen)
IN_PLACE(WCHAR, _wcsupr_s, _wcsupr_s_l, _wcsupr, crt_wcsnlen)
