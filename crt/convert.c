/*
 * convert.c: integers from and to text, narrow and wide; one body for both, by macro.
 */
#include "crt/locale.h"

int WINAPI crt_isspace(int);
int WINAPI crt_iswspace(WCHAR);

static int digit_value(unsigned c)
{
    if (c - '0' < 10)
        return (int)(c - '0');
    c |= 0x20;
    return c - 'a' < 26 ? (int)(c - 'a' + 10) : 99;
}

/*
 * Parses as strtoul does: the value's magnitude, its sign, and whether it does not fit `limit` (the largest magnitude).
 * *end is where parsing stopped, or the start if there is no number.
 */
#define DEFINE_PARSE(CHAR, parse, is_space)                                                                            \
    static uint64_t parse(const CHAR *text, CHAR **end, int base, bool *negative, bool *overflow)                      \
    {                                                                                                                  \
        const CHAR *p = text;                                                                                          \
        uint64_t value = 0;                                                                                            \
        bool any = false;                                                                                              \
        while (is_space(*p))                                                                                           \
            p++;                                                                                                       \
        *overflow = false;                                                                                             \
        *negative = *p == '-';                                                                                         \
        if (*p == '-' || *p == '+')                                                                                    \
            p++;                                                                                                       \
        if ((base == 0 || base == 16) && *p == '0' && (p[1] | 0x20) == 'x' && digit_value(p[2]) < 16) {                \
            p += 2;                                                                                                    \
            base = 16;                                                                                                 \
        }                                                                                                              \
        if (!base)                                                                                                     \
            base = *p == '0' ? 8 : 10;                                                                                 \
        for (int digit; (digit = digit_value(*p)) < base; p++, any = true) {                                           \
            uint64_t next;                                                                                             \
            if (__builtin_mul_overflow(value, (uint64_t)base, &next) ||                                                \
                __builtin_add_overflow(next, (uint64_t)digit, &value))                                                 \
                *overflow = true;                                                                                      \
        }                                                                                                              \
        if (end)                                                                                                       \
            *end = (CHAR *)(any ? p : text);                                                                           \
        return value;                                                                                                  \
    }
DEFINE_PARSE(char, parse_narrow, crt_isspace)
DEFINE_PARSE(WCHAR, parse_wide, crt_iswspace)

static int64_t to_signed(uint64_t value, bool negative, bool overflow, int64_t least, int64_t most)
{
    if (overflow || value > (uint64_t)most + negative) {
        crt_set_errno(CRT_ERANGE);
        return negative ? least : most;
    }
    return negative ? (int64_t)-value : (int64_t)value;
}

static uint64_t to_unsigned(uint64_t value, bool negative, bool overflow, uint64_t most)
{
    if (overflow || value > most) {
        crt_set_errno(CRT_ERANGE);
        return most;
    }
    return negative ? -value & most : value;
}

#define DEFINE_CONVERT(CHAR, parse, to_long, to_ulong, to_i64, to_u64)                                                 \
    LONG WINAPI to_long(const CHAR *text, CHAR **end, int base)                                                        \
    {                                                                                                                  \
        bool negative, overflow;                                                                                       \
        CRT_REQUIRE(text && (base == 0 || (base >= 2 && base <= 36)), 0);                                              \
        uint64_t value = parse(text, end, base, &negative, &overflow);                                                 \
        return (LONG)to_signed(value, negative, overflow, INT32_MIN, INT32_MAX);                                       \
    }                                                                                                                  \
    ULONG WINAPI to_ulong(const CHAR *text, CHAR **end, int base)                                                      \
    {                                                                                                                  \
        bool negative, overflow;                                                                                       \
        CRT_REQUIRE(text && (base == 0 || (base >= 2 && base <= 36)), 0);                                              \
        uint64_t value = parse(text, end, base, &negative, &overflow);                                                 \
        return (ULONG)to_unsigned(value, negative, overflow, UINT32_MAX);                                              \
    }                                                                                                                  \
    int64_t WINAPI to_i64(const CHAR *text, CHAR **end, int base)                                                      \
    {                                                                                                                  \
        bool negative, overflow;                                                                                       \
        CRT_REQUIRE(text && (base == 0 || (base >= 2 && base <= 36)), 0);                                              \
        uint64_t value = parse(text, end, base, &negative, &overflow);                                                 \
        return to_signed(value, negative, overflow, INT64_MIN, INT64_MAX);                                             \
    }                                                                                                                  \
    uint64_t WINAPI to_u64(const CHAR *text, CHAR **end, int base)                                                     \
    {                                                                                                                  \
        bool negative, overflow;                                                                                       \
        CRT_REQUIRE(text && (base == 0 || (base >= 2 && base <= 36)), 0);                                              \
        uint64_t value = parse(text, end, base, &negative, &overflow);                                                 \
        return to_unsigned(value, negative, overflow, UINT64_MAX);                                                     \
    }
DEFINE_CONVERT(char, parse_narrow, crt_strtol, crt_strtoul, _strtoi64, _strtoui64)
DEFINE_CONVERT(WCHAR, parse_wide, crt_wcstol, crt_wcstoul, _wcstoi64, _wcstoui64)

int WINAPI crt_atoi(const char *text)
{
    return crt_strtol(text, NULL, 10);
}

int64_t WINAPI _atoi64(const char *text)
{
    return _strtoi64(text, NULL, 10);
}

int WINAPI _wtoi(const WCHAR *text)
{
    return crt_wcstol(text, NULL, 10);
}

int64_t WINAPI _wtoi64(const WCHAR *text)
{
    return _wcstoi64(text, NULL, 10);
}

char *crt_digits(char *end, uint64_t value, unsigned radix, bool upper)
{
    static const char pairs[] = "00010203040506070809101112131415161718192021222324252627282930313233343536373839"
                                "40414243444546474849505152535455565758596061626364656667686970717273747576777879"
                                "8081828384858687888990919293949596979899";
    const char *all = upper ? "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ" : "0123456789abcdefghijklmnopqrstuvwxyz";
    if (radix == 10) { /* two at a time, by divisions that the compiler turns into multiplications */
        for (; value >= 100; value /= 100)
            memcpy(end -= 2, pairs + 2 * (value % 100), 2);
        if (value >= 10)
            return memcpy(end - 2, pairs + 2 * value, 2);
        *--end = (char)('0' + value);
        return end;
    }
    if (radix == 16) {
        do
            *--end = all[value % 16];
        while (value /= 16);
        return end;
    }
    do
        *--end = all[value % radix];
    while (value /= radix);
    return end;
}

static int store_narrow(char *to, size_t size, const char *text)
{
    size_t length = strlen(text);
    if (length >= size) {
        to[0] = 0;
        return crt_invalid(CRT_ERANGE);
    }
    memcpy(to, text, length + 1);
    return 0;
}

static int store_wide(WCHAR *to, size_t size, const char *text)
{
    size_t length = strlen(text);
    if (length >= size) {
        to[0] = 0;
        return crt_invalid(CRT_ERANGE);
    }
    for (size_t i = 0; i <= length; i++)
        to[i] = (unsigned char)text[i];
    return 0;
}

/* A minus sign goes only before base 10; other bases show the bits of a negative number. */
#define DEFINE_STORE(CHAR, store, plain, secure, TYPE, UNSIGNED, is_signed)                                            \
    int WINAPI secure(TYPE value, CHAR *to, size_t size, int radix)                                                    \
    {                                                                                                                  \
        char buffer[66], *text = buffer + 65;                                                                          \
        CRT_REQUIRE(to &&size, CRT_EINVAL);                                                                            \
        to[0] = 0;                                                                                                     \
        CRT_REQUIRE(radix >= 2 && radix <= 36, CRT_EINVAL);                                                            \
        bool minus = is_signed && radix == 10 && value >> (sizeof(TYPE) * 8 - 1);                                      \
        *text = 0;                                                                                                     \
        text = crt_digits(text, minus ? (UNSIGNED) - (UNSIGNED)value : (UNSIGNED)value, (unsigned)radix, false);       \
        if (minus)                                                                                                     \
            *--text = '-';                                                                                             \
        return store(to, size, text);                                                                                  \
    }                                                                                                                  \
    CHAR *WINAPI plain(TYPE value, CHAR *to, int radix)                                                                \
    {                                                                                                                  \
        return secure(value, to, 66, radix) ? NULL : to;                                                               \
    }
DEFINE_STORE(char, store_narrow, _itoa, _itoa_s, int, unsigned, true)
DEFINE_STORE(char, store_narrow, _ltoa, _ltoa_s, LONG, ULONG, true)
DEFINE_STORE(char, store_narrow, _ultoa, _ultoa_s, ULONG, ULONG, false)
DEFINE_STORE(char, store_narrow, _i64toa, _i64toa_s, int64_t, uint64_t, true)
DEFINE_STORE(char, store_narrow, _ui64toa, _ui64toa_s, uint64_t, uint64_t, false)
DEFINE_STORE(WCHAR, store_wide, _itow, _itow_s, int, unsigned, true)
DEFINE_STORE(WCHAR, store_wide, _ltow, _ltow_s, LONG, ULONG, true)
DEFINE_STORE(WCHAR, store_wide, _ultow, _ultow_s, ULONG, ULONG, false)
DEFINE_STORE(WCHAR, store_wide, _i64tow, _i64tow_s, int64_t, uint64_t, true)
DEFINE_STORE(WCHAR, store_wide, _ui64tow, _ui64tow_s, uint64_t, uint64_t, false)

/* The variants with a locale, which decides what white space is. */
#define WITH_LOCALE(TYPE, CHAR, name, plain)                                                                           \
    TYPE WINAPI name(const CHAR *text, CHAR **end, int base, void *locale)                                             \
    {                                                                                                                  \
        return IN_LOCALE(locale, plain(text, end, base));                                                              \
    }
WITH_LOCALE(LONG, char, _strtol_l, crt_strtol)
WITH_LOCALE(ULONG, char, _strtoul_l, crt_strtoul)
WITH_LOCALE(int64_t, char, _strtoi64_l, _strtoi64)
WITH_LOCALE(uint64_t, char, _strtoui64_l, _strtoui64)
WITH_LOCALE(LONG, WCHAR, _wcstol_l, crt_wcstol)
WITH_LOCALE(ULONG, WCHAR, _wcstoul_l, crt_wcstoul)
WITH_LOCALE(int64_t, WCHAR, _wcstoi64_l, _wcstoi64)
WITH_LOCALE(uint64_t, WCHAR, _wcstoui64_l, _wcstoui64)

#define WITH_LOCALE_PLAIN(TYPE, CHAR, name, plain)                                                                     \
    TYPE WINAPI name(const CHAR *text, void *locale)                                                                   \
    {                                                                                                                  \
        return IN_LOCALE(locale, plain(text));                                                                         \
    }
WITH_LOCALE_PLAIN(int, char, _atoi_l, crt_atoi)
WITH_LOCALE_PLAIN(int64_t, char, _atoi64_l, _atoi64)
WITH_LOCALE_PLAIN(int, WCHAR, _wtoi_l, _wtoi)
WITH_LOCALE_PLAIN(int64_t, WCHAR, _wtoi64_l, _wtoi64)
