/*
 * convert_float.c: floating point from and to text.
 *
 * Layer: crt.  What belongs to a number is found here, as Microsoft has it; the host's library, which rounds correctly
 * and (as no locale is ever set in this process) knows only the point, makes the value.  Whether the value was out of
 * range shows in the value.
 */
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include "crt/locale.h"

struct crt_lconv *WINAPI crt_localeconv(void);
int WINAPI crt_isspace(int);
int WINAPI crt_iswspace(WCHAR);

/* What the number is. */
enum kind { KIND_NONE, KIND_DECIMAL, KIND_HEX, KIND_INFINITY, KIND_NAN, KIND_NAN_SIGNALING, KIND_NAN_INDEFINITE };

/* Room for the text of a number as the host reads it. */
struct number {
    char small[128], *text;
    size_t used, size;
    enum kind kind;
    bool negative, nonzero; /* nonzero: a digit other than 0 before the exponent */
    uint64_t mantissa;      /* of a decimal number, while it has at most 19 digits */
    int digits, scale;      /* its digits, and its power of ten */
};

__attribute__((noinline)) static bool grow(struct number *number, size_t more)
{
    size_t size = (number->size + more) * 2;
    char *grown = crt_malloc(size);
    if (!grown)
        return false;
    memcpy(grown, number->text, number->used);
    if (number->text != number->small)
        crt_free(number->text);
    number->text = grown;
    number->size = size;
    return true;
}

/* Room for `count` more bytes, which count as used; NULL: no memory. */
static inline char *put_room(struct number *number, size_t count)
{
    if (number->used + count >= number->size && !grow(number, count))
        return NULL;
    number->used += count;
    return number->text + number->used - count;
}

static inline void put(struct number *number, char c)
{
    char *room = put_room(number, 1);
    if (room)
        *room = c;
}

static bool is_digit(unsigned c, bool hex)
{
    return c - '0' < 10 || (hex && (c | 0x20) - 'a' < 6);
}

static char radix(void)
{
    return *crt_locale_tag(LC_NUMERIC_) ? *crt_localeconv()->decimal_point : '.';
}

static WCHAR radix_wide(void)
{
    return *crt_locale_tag(LC_NUMERIC_) ? *crt_localeconv()->w_decimal_point : '.';
}

static bool skips(char c)
{
    return crt_isspace((unsigned char)c);
}

static bool skips_wide(WCHAR c)
{
    return crt_iswspace(c);
}

#define RUNIT char
#define RNAME(x) x
#include "read_number.h"
#undef RUNIT
#undef RNAME

#define RUNIT WCHAR
#define RNAME(x) x##_wide
#include "read_number.h"

static void number_begin(struct number *number)
{
    number->text = number->small;
    number->size = sizeof(number->small);
    number->used = 0;
    number->kind = KIND_NONE;
    number->negative = number->nonzero = false;
    number->mantissa = 0;
    number->digits = number->scale = 0;
}

static double special_value(enum kind kind)
{
    static const uint64_t bits[] = {[KIND_INFINITY] = 0x7ff0000000000000,
                                    [KIND_NAN] = 0x7ff8000000000000,
                                    [KIND_NAN_SIGNALING] = 0x7ff4000000000000,
                                    [KIND_NAN_INDEFINITE] = 0xfff8000000000000};
    double value;
    memcpy(&value, &bits[kind], sizeof(value));
    return value;
}

/*
 * A decimal number of few digits: both it and the power of ten are exact as floating-point numbers, so that one
 * operation rounds correctly.  false: the host has to do it.
 */
static bool quick_value(const struct number *number, bool single, double *value)
{
    static const double powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                    1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    int scale = number->scale, reach = single ? 10 : 22;
    uint64_t most = single ? 1 << 24 : 1ull << 53;
    if (number->kind != KIND_DECIMAL || number->digits > 19 || number->mantissa > most || scale < -reach ||
        scale > reach)
        return false;
    if (single)
        *value = scale < 0 ? (float)number->mantissa / (float)powers[-scale]
                           : (float)number->mantissa * (float)powers[scale];
    else
        *value = scale < 0 ? (double)number->mantissa / powers[-scale] : (double)number->mantissa * powers[scale];
    return true;
}

enum range { IN_RANGE, TOO_LARGE = 3, TOO_SMALL = 4 }; /* what _atodbl returns: _OVERFLOW, _UNDERFLOW */

/* The value of what was read, in the precision asked for. */
static double number_value(struct number *number, bool single, enum range *range)
{
    double value = 0;
    *range = IN_RANGE;
    if (number->kind >= KIND_INFINITY) {
        value = special_value(number->kind);
    } else if (number->kind && !quick_value(number, single, &value)) {
        number->text[number->used] = 0;
        value = single ? strtof(number->text, NULL) : strtod(number->text, NULL);
        if (isinf(value))
            *range = TOO_LARGE;
        else if (value == 0 && number->nonzero)
            *range = TOO_SMALL;
    }
    if (number->text != number->small)
        crt_free(number->text);
    return number->negative ? -value : value;
}

#define DEFINE_CONVERT(CHAR, convert, read)                                                                            \
    static double convert(const CHAR *text, CHAR **end, bool single, bool old)                                         \
    {                                                                                                                  \
        struct number number;                                                                                          \
        enum range range;                                                                                              \
        if (end)                                                                                                       \
            *end = (CHAR *)text;                                                                                       \
        CRT_REQUIRE(text, 0);                                                                                          \
        number_begin(&number);                                                                                         \
        const CHAR *stop = read(&number, text, old);                                                                   \
        if (end)                                                                                                       \
            *end = (CHAR *)stop;                                                                                       \
        double value = number_value(&number, single, &range);                                                          \
        if (range)                                                                                                     \
            crt_set_errno(CRT_ERANGE);                                                                                 \
        return value;                                                                                                  \
    }
DEFINE_CONVERT(char, convert_narrow, read)
DEFINE_CONVERT(WCHAR, convert_wide, read_wide)

/* The functions by name; those of msvcrt read the old language. */
#define DEFINE_FUNCTIONS(CHAR, convert, to_double, to_double_l, to_single, to_single_l, plain, plain_l, old_double,    \
                         old_double_l, old_plain, old_plain_l)                                                         \
    double WINAPI to_double(const CHAR *text, CHAR **end)                                                              \
    {                                                                                                                  \
        return convert(text, end, false, false);                                                                       \
    }                                                                                                                  \
    double WINAPI to_double_l(const CHAR *text, CHAR **end, void *locale)                                              \
    {                                                                                                                  \
        return IN_LOCALE(locale, convert(text, end, false, false));                                                    \
    }                                                                                                                  \
    float WINAPI to_single(const CHAR *text, CHAR **end)                                                               \
    {                                                                                                                  \
        return (float)convert(text, end, true, false);                                                                 \
    }                                                                                                                  \
    float WINAPI to_single_l(const CHAR *text, CHAR **end, void *locale)                                               \
    {                                                                                                                  \
        return (float)IN_LOCALE(locale, convert(text, end, true, false));                                              \
    }                                                                                                                  \
    double WINAPI plain(const CHAR *text)                                                                              \
    {                                                                                                                  \
        return convert(text, NULL, false, false);                                                                      \
    }                                                                                                                  \
    double WINAPI plain_l(const CHAR *text, void *locale)                                                              \
    {                                                                                                                  \
        return IN_LOCALE(locale, convert(text, NULL, false, false));                                                   \
    }                                                                                                                  \
    double WINAPI old_double(const CHAR *text, CHAR **end)                                                             \
    {                                                                                                                  \
        return convert(text, end, false, true);                                                                        \
    }                                                                                                                  \
    double WINAPI old_double_l(const CHAR *text, CHAR **end, void *locale)                                             \
    {                                                                                                                  \
        return IN_LOCALE(locale, convert(text, end, false, true));                                                     \
    }                                                                                                                  \
    double WINAPI old_plain(const CHAR *text)                                                                          \
    {                                                                                                                  \
        return convert(text, NULL, false, true);                                                                       \
    }                                                                                                                  \
    double WINAPI old_plain_l(const CHAR *text, void *locale)                                                          \
    {                                                                                                                  \
        return IN_LOCALE(locale, convert(text, NULL, false, true));                                                    \
    }
DEFINE_FUNCTIONS(char, convert_narrow, crt_strtod, _strtod_l, crt_strtof, _strtof_l, crt_atof, _atof_l, crt_old_strtod,
                 crt_old_strtod_l, crt_old_atof, crt_old_atof_l)
DEFINE_FUNCTIONS(WCHAR, convert_wide, crt_wcstod, _wcstod_l, crt_wcstof, _wcstof_l, _wtof, _wtof_l, crt_old_wcstod,
                 crt_old_wcstod_l, crt_old_wtof, crt_old_wtof_l)

/* _atodbl and _atoflt tell about the range by their result, not by errno. */
static enum range convert_ranged(const char *text, bool single, double *value)
{
    struct number number;
    enum range range;
    number_begin(&number);
    read(&number, text, false);
    *value = number_value(&number, single, &range);
    return range;
}

int WINAPI _atodbl(double *value, const char *text)
{
    CRT_REQUIRE(value && text, 0);
    return (int)convert_ranged(text, false, value);
}

int WINAPI _atodbl_l(double *value, const char *text, void *locale)
{
    return IN_LOCALE(locale, _atodbl(value, text));
}

int WINAPI _atoflt(float *value, const char *text)
{
    double wide;
    CRT_REQUIRE(value && text, 0);
    enum range range = convert_ranged(text, true, &wide);
    *value = (float)wide;
    return (int)range;
}

int WINAPI _atoflt_l(float *value, const char *text, void *locale)
{
    return IN_LOCALE(locale, _atoflt(value, text));
}

/* A number of the processor's ten bytes, which Microsoft's compilers only pass around. */
int WINAPI _atoldbl(unsigned char *value, const char *text)
{
    struct number number;
    long double extended = 0;
    CRT_REQUIRE(value && text, 0);
    number_begin(&number);
    read(&number, text, false);
    if (number.kind >= KIND_INFINITY) {
        extended = special_value(number.kind);
    } else if (number.kind) {
        number.text[number.used] = 0;
        extended = strtold(number.text, NULL);
    }
    if (number.text != number.small)
        crt_free(number.text);
    if (number.negative)
        extended = -extended;
    memcpy(value, &extended, 10);
    return number.kind == KIND_INFINITY      ? IN_RANGE
           : isinf(extended)                 ? TOO_LARGE
           : extended == 0 && number.nonzero ? TOO_SMALL
                                             : IN_RANGE;
}

int WINAPI _atoldbl_l(unsigned char *value, const char *text, void *locale)
{
    return IN_LOCALE(locale, _atoldbl(value, text));
}
