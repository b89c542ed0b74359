/*
 * collate.c: the order of strings in the locale's LC_COLLATE: strcoll, strxfrm and their wide and multibyte kin.
 *
 * Layer: crt over kernel32's CompareStringEx.  In the C locale the order is that of the bytes or units.
 */
#include "mbstring.h"

#define NO_ORDER INT_MAX /* _NLSCMPERROR */

int WINAPI _stricmp(const char *, const char *);
int WINAPI _strnicmp(const char *, const char *, size_t);
int WINAPI _wcsicmp(const WCHAR *, const WCHAR *);
int WINAPI _wcsnicmp(const WCHAR *, const WCHAR *, size_t);
int WINAPI crt_wcscmp(const WCHAR *, const WCHAR *);
int WINAPI crt_wcsncmp(const WCHAR *, const WCHAR *, size_t);
size_t WINAPI crt_wcslen(const WCHAR *);
size_t WINAPI crt_wcsnlen(const WCHAR *, size_t);
WCHAR *WINAPI crt_wcscpy(WCHAR *, const WCHAR *);

static int sign(int order)
{
    return (order > 0) - (order < 0);
}

static int order_wide(const WCHAR *a, size_t a_length, const WCHAR *b, size_t b_length, DWORD flags)
{
    int order = CompareStringEx(crt_locale_tag(LC_COLLATE_), flags | SORT_STRINGSORT, a, (int)a_length, b,
                                (int)b_length, NULL, NULL, 0);
    if (order)
        return order - CSTR_EQUAL;
    crt_set_errno(CRT_EINVAL);
    return NO_ORDER;
}

/* The first `size` bytes as UTF-16 on the heap. */
static WCHAR *widen(const char *text, size_t size, UINT codepage, size_t *length)
{
    WCHAR *wide = crt_malloc((size + 1) * sizeof(WCHAR));
    *length = wide && size ? (size_t)MultiByteToWideChar(codepage, 0, text, (int)size, wide, (int)size) : 0;
    return wide;
}

static int order_narrow(const char *a, size_t a_size, const char *b, size_t b_size, UINT codepage, DWORD flags)
{
    size_t a_length, b_length;
    WCHAR *x = widen(a, a_size, codepage, &a_length), *y = widen(b, b_size, codepage, &b_length);
    int order = x && y ? order_wide(x, a_length, y, b_length, flags) : NO_ORDER;
    crt_free(x);
    crt_free(y);
    return order;
}

/* One function and its _l variant: `plain` is the order of the C locale. */
#define COLLATE(CHAR, name, name_l, length_of, plain, order)                                                           \
    int WINAPI name(const CHAR *a, const CHAR *b)                                                                      \
    {                                                                                                                  \
        CRT_REQUIRE(a &&b, NO_ORDER);                                                                                  \
        if (!*crt_locale_tag(LC_COLLATE_))                                                                             \
            return sign(plain(a, b));                                                                                  \
        size_t a_length = length_of(a), b_length = length_of(b);                                                       \
        return order;                                                                                                  \
    }                                                                                                                  \
    int WINAPI name_l(const CHAR *a, const CHAR *b, void *locale)                                                      \
    {                                                                                                                  \
        return IN_LOCALE(locale, name(a, b));                                                                          \
    }

#define COLLATE_N(CHAR, name, name_l, limited, plain, order)                                                           \
    int WINAPI name(const CHAR *a, const CHAR *b, size_t count)                                                        \
    {                                                                                                                  \
        CRT_REQUIRE((a && b && count <= INT_MAX) || !count, NO_ORDER);                                                 \
        if (!count)                                                                                                    \
            return 0;                                                                                                  \
        if (!*crt_locale_tag(LC_COLLATE_))                                                                             \
            return sign(plain(a, b, count));                                                                           \
        size_t a_length = limited(a, count), b_length = limited(b, count);                                             \
        return order;                                                                                                  \
    }                                                                                                                  \
    int WINAPI name_l(const CHAR *a, const CHAR *b, size_t count, void *locale)                                        \
    {                                                                                                                  \
        return IN_LOCALE(locale, name(a, b, count));                                                                   \
    }

#define LOCALE_CODEPAGE (crt_locale()->codepages[LC_COLLATE_])
#define NARROW(flags) order_narrow(a, a_length, b, b_length, LOCALE_CODEPAGE, flags)
#define WIDE(flags) order_wide(a, a_length, b, b_length, flags)
COLLATE(char, crt_strcoll, _strcoll_l, strlen, strcmp, NARROW(0))
COLLATE(char, _stricoll, _stricoll_l, strlen, _stricmp, NARROW(NORM_IGNORECASE))
COLLATE_N(char, _strncoll, _strncoll_l, strnlen, strncmp, NARROW(0))
COLLATE_N(char, _strnicoll, _strnicoll_l, strnlen, _strnicmp, NARROW(NORM_IGNORECASE))
COLLATE(WCHAR, crt_wcscoll, _wcscoll_l, crt_wcslen, crt_wcscmp, WIDE(0))
COLLATE(WCHAR, _wcsicoll, _wcsicoll_l, crt_wcslen, _wcsicmp, WIDE(NORM_IGNORECASE))
COLLATE_N(WCHAR, _wcsncoll, _wcsncoll_l, crt_wcsnlen, crt_wcsncmp, WIDE(0))
COLLATE_N(WCHAR, _wcsnicoll, _wcsnicoll_l, crt_wcsnlen, _wcsnicmp, WIDE(NORM_IGNORECASE))

/* The multibyte ones: texts of the multibyte code page; without one they are bytes in order. */
int WINAPI _mbscmp(const byte *, const byte *);
int WINAPI _mbsicmp(const byte *, const byte *);
int WINAPI _mbsncmp(const byte *, const byte *, size_t);
int WINAPI _mbsnicmp(const byte *, const byte *, size_t);
int WINAPI _mbsnbcmp(const byte *, const byte *, size_t);
int WINAPI _mbsnbicmp(const byte *, const byte *, size_t);

static size_t mb_length(const byte *text)
{
    return strlen((const char *)text);
}

static size_t mb_limited(const byte *text, size_t size)
{
    return strnlen((const char *)text, size);
}

#define MULTIBYTE_CODEPAGE (mb_codepage() ? mb_codepage() : LOCALE_CODEPAGE)
#define MULTIBYTE(flags) order_narrow((const char *)a, a_length, (const char *)b, b_length, MULTIBYTE_CODEPAGE, flags)
COLLATE(byte, _mbscoll, _mbscoll_l, mb_length, _mbscmp, MULTIBYTE(0))
COLLATE(byte, _mbsicoll, _mbsicoll_l, mb_length, _mbsicmp, MULTIBYTE(NORM_IGNORECASE))
COLLATE_N(byte, _mbsncoll, _mbsncoll_l, mb_bytes, _mbsncmp, MULTIBYTE(0))
COLLATE_N(byte, _mbsnicoll, _mbsnicoll_l, mb_bytes, _mbsnicmp, MULTIBYTE(NORM_IGNORECASE))
COLLATE_N(byte, _mbsnbcoll, _mbsnbcoll_l, mb_limited, _mbsnbcmp, MULTIBYTE(0))
COLLATE_N(byte, _mbsnbicoll, _mbsnbicoll_l, mb_limited, _mbsnbicmp, MULTIBYTE(NORM_IGNORECASE))

/* --- keys whose plain order is the locale's ----------------------------------------------------------------------- */

size_t WINAPI crt_strxfrm(char *to, const char *from, size_t count)
{
    CRT_REQUIRE(from && (to || !count) && count <= INT_MAX, INT_MAX);
    size_t length = strlen(from), units;
    if (!*crt_locale_tag(LC_COLLATE_)) {
        if (count) {
            strncpy(to, from, count);
            if (length >= count)
                to[0] = 0;
        }
        return length;
    }
    WCHAR *wide = widen(from, length, LOCALE_CODEPAGE, &units);
    if (!wide)
        return INT_MAX;
    wide[units] = 0;
    int size = LCMapStringEx(crt_locale_tag(LC_COLLATE_), LCMAP_SORTKEY, wide, (int)units + 1, NULL, 0, NULL, NULL, 0);
    if (size > 0 && (size_t)size <= count)
        LCMapStringEx(crt_locale_tag(LC_COLLATE_), LCMAP_SORTKEY, wide, (int)units + 1, (WCHAR *)to, size, NULL, NULL,
                      0);
    else if (count)
        *to = 0;
    crt_free(wide);
    return size > 0 ? (size_t)size - 1 : INT_MAX;
}

/* A wide key has a unit for each byte of Windows' key. */
size_t WINAPI crt_wcsxfrm(WCHAR *to, const WCHAR *from, size_t count)
{
    CRT_REQUIRE(from && (to || !count) && count <= INT_MAX, INT_MAX);
    size_t length = crt_wcslen(from);
    if (!*crt_locale_tag(LC_COLLATE_)) {
        if (length < count)
            crt_wcscpy(to, from);
        else if (count)
            to[0] = 0;
        return length;
    }
    const WCHAR *tag = crt_locale_tag(LC_COLLATE_);
    int size = LCMapStringEx(tag, LCMAP_SORTKEY, from, (int)length + 1, NULL, 0, NULL, NULL, 0);
    if (size <= 0)
        return INT_MAX;
    unsigned char *key = (size_t)size <= count ? crt_malloc((size_t)size) : NULL;
    if (key && LCMapStringEx(tag, LCMAP_SORTKEY, from, (int)length + 1, (WCHAR *)key, size, NULL, NULL, 0))
        for (int i = 0; i < size; i++)
            to[i] = key[i];
    else if (count)
        *to = 0;
    crt_free(key);
    return (size_t)size - 1;
}

size_t WINAPI _strxfrm_l(char *to, const char *from, size_t count, void *locale)
{
    return IN_LOCALE(locale, crt_strxfrm(to, from, count));
}

size_t WINAPI _wcsxfrm_l(WCHAR *to, const WCHAR *from, size_t count, void *locale)
{
    return IN_LOCALE(locale, crt_wcsxfrm(to, from, count));
}
