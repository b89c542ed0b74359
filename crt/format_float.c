/*
 * format_float.c: a double as text, by Microsoft's rules: exponents of two digits (ucrtbase) or three (msvcrt),
 * inf and nan(ind) or 1.#INF and 1.#IND, 17 significant digits at most in msvcrt.
 *
 * Layer: crt.  libc's snprintf makes the correctly rounded digits; everything else about their form is here.
 */
#include "format_float.h"
#include <float.h>
#include <math.h>

int snprintf(char *, size_t, const char *, ...);
double strtod(const char *, char **);

unsigned crt_output_format;

unsigned WINAPI _set_output_format(unsigned format)
{
    unsigned old = crt_output_format;
    crt_output_format = format & 1;
    return old;
}

unsigned WINAPI _get_output_format(void)
{
    return crt_output_format;
}

/* Rounds a string of digits half up to `count`; true: it became one digit longer (100...). */
static bool round_digits(char *digits, int count)
{
    bool up = digits[count] >= '5';
    for (int i = count - 1; up && i >= 0; i--) {
        up = digits[i] == '9';
        digits[i] = up ? '0' : (char)(digits[i] + 1);
    }
    if (up) {
        memmove(digits + 1, digits, (size_t)count - 1);
        digits[0] = '1';
    }
    return up;
}

/*
 * Whether a finite value lies exactly between two texts with `decimals` places (negative: tens, hundreds ...).  With m
 * odd, m / 2^k has k decimal places and ends with 5; so only k = decimals + 1 is a tie.
 */
static bool is_tie(double value, int decimals)
{
    int exponent;
    if (value == 0)
        return false;
    uint64_t mantissa = (uint64_t)ldexp(frexp(fabs(value), &exponent), 53);
    exponent += __builtin_ctzll(mantissa) - 53;
    if (decimals >= 0)
        return exponent == -(decimals + 1);
    if (exponent < 0 || exponent > 63)
        return false; /* places that large have all their digits, or more than any tie */
    char text[FORMAT_DOUBLE_SIZE(0)];
    int length = snprintf(text, sizeof(text), "%.0f", fabs(value));
    if (length < -decimals || text[length + decimals] != '5')
        return false;
    for (int i = length + decimals + 1; i < length; i++)
        if (text[i] != '0')
            return false;
    return true;
}

/*
 * The host rounds a tie to even.  Without the option of standard rounding it goes away from zero: where that was
 * down, the last digit is even and takes one more.
 */
static void round_tie_away(const char *text, char *last, double value, int decimals, unsigned options)
{
    if (!(options & FORMAT_STANDARD_ROUNDING) && is_tie(value, decimals) && strtod(text, NULL) < fabs(value))
        ++*last;
}

int format_digits(char *digits, int count, double value, unsigned options)
{
    bool msvcrt = options & FORMAT_MSVCRT;
    char text[FORMAT_DOUBLE_SIZE(0)], *large = NULL, *source = text;
    int wanted = msvcrt ? 17 : count;
    if (wanted > (int)sizeof(text) - 16)
        source = large = crt_malloc((size_t)wanted + 16);
    if (!source)
        source = text, wanted = (int)sizeof(text) - 16;
    snprintf(source, (size_t)wanted + 16, "%.*e", wanted - 1, fabs(value));
    const char *mark = strchr(source, 'e');
    int exponent = 0;
    for (const char *c = mark + 2; *c; c++)
        exponent = exponent * 10 + (*c - '0');
    if (mark[1] == '-')
        exponent = -exponent;
    if (!msvcrt)
        round_tie_away(source, (char *)mark - 1, value, wanted - 1 - exponent, options);
    if (wanted > 1)
        memmove(source + 1, source + 2, (size_t)wanted - 1);
    if (wanted > count) {
        memcpy(digits, source, (size_t)count + 1);
        if (round_digits(digits, count))
            exponent++;
    } else {
        memcpy(digits, source, (size_t)wanted);
        memset(digits + wanted, '0', (size_t)(count - wanted));
    }
    crt_free(large);
    return exponent;
}

static size_t put_exponent(char *text, char letter, int exponent, unsigned options)
{
    bool three = options & (FORMAT_MSVCRT | FORMAT_THREE_DIGITS) && !crt_output_format;
    return (size_t)snprintf(text, 8, three ? "%c%c%03d" : "%c%c%02d", letter, exponent < 0 ? '-' : '+',
                            exponent < 0 ? -exponent : exponent);
}

/* d.ddd: digits with a point after the first; the point goes when nothing follows, unless `alternate`. */
static size_t put_scientific(char *text, const char *digits, int count, bool alternate)
{
    char *out = text;
    *out++ = digits[0];
    if (count > 1 || alternate)
        *out++ = '.';
    memcpy(out, digits + 1, (size_t)count - 1);
    return (size_t)(out + count - 1 - text);
}

/* Digits whose first stands for 10^exponent, with `decimals` places after the point. */
static size_t put_fixed(char *text, const char *digits, int count, int exponent, int decimals, bool alternate)
{
    char *out = text;
    for (int place = exponent > 0 ? exponent : 0; place >= -decimals; place--) {
        int index = exponent - place;
        if (place == -1)
            *out++ = '.';
        *out++ = index >= 0 && index < count ? digits[index] : '0';
    }
    if (!decimals && alternate)
        *out++ = '.';
    return (size_t)(out - text);
}

static size_t format_e(char *text, double value, char letter, int precision, bool alternate, unsigned options)
{
    char small[128], *digits = precision < 120 ? small : crt_malloc((size_t)precision + 2);
    if (!digits)
        return 0;
    int exponent = format_digits(digits, precision + 1, value, options);
    size_t length = put_scientific(text, digits, precision + 1, alternate);
    if (digits != small)
        crt_free(digits);
    return length + put_exponent(text + length, letter, exponent, options);
}

static size_t format_f(char *text, double value, int precision, bool alternate, unsigned options)
{
    if (!(options & FORMAT_MSVCRT)) {
        size_t size = FORMAT_DOUBLE_SIZE(precision);
        size_t length = (size_t)snprintf(text, size, alternate ? "%#.*f" : "%.*f", precision, fabs(value));
        round_tie_away(text, text + length - 1 - (text[length - 1] == '.'), value, precision, options);
        return length;
    }
    char digits[20] = "";
    int exponent = format_digits(digits, 17, value, FORMAT_MSVCRT), count = exponent + 1 + precision;
    if (count < 0 || value == 0) {
        count = 0;
    } else if (count == 0) { /* the first digit decides between 0 and 1 in the last place */
        count = digits[0] >= '5';
        digits[0] = '1';
        exponent++;
    } else if (count < 17) {
        if (round_digits(digits, count))
            exponent++;
    } else {
        count = 17;
    }
    return put_fixed(text, digits, count, exponent, precision, alternate);
}

static size_t format_g(char *text, double value, char letter, int precision, bool alternate, unsigned options)
{
    char small[128], *digits = precision < 120 ? small : crt_malloc((size_t)precision + 2);
    if (!digits)
        return 0;
    int exponent = format_digits(digits, precision, value, options), count = precision;
    if (!alternate)
        while (count > 1 && digits[count - 1] == '0')
            count--;
    size_t length;
    if (exponent < -4 || exponent >= precision) {
        length = put_scientific(text, digits, count, alternate);
        length += put_exponent(text + length, letter, exponent, options);
    } else {
        int decimals = (alternate ? precision : count) - 1 - exponent;
        length = put_fixed(text, digits, count, exponent, decimals > 0 ? decimals : 0, alternate);
    }
    if (digits != small)
        crt_free(digits);
    return length;
}

/* 1.#INF as msvcrt has it: "#INF" takes the place of decimals, cut and even rounded to the precision. */
static size_t format_legacy_special(char *text, double value, char type, int precision)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof(bits));
    bool quiet = bits & 1ull << 51, indefinite = bits == 0xfff8000000000000ull;
    const char *name = isinf(value) ? "#INF" : indefinite ? "#IND" : quiet ? "#QNAN" : "#SNAN";
    int length = (int)strlen(name);
    bool general = (type | 0x20) == 'g';
    strcpy(text, "1.");
    if (general) {
        strcpy(text + 2, name);
        return 2 + (size_t)length;
    }
    char *out = text + 2;
    for (int i = 0; i < precision; i++)
        *out++ = i < length ? name[i] : '0';
    if (precision < length && precision > 0 && name[precision] >= '5')
        out[-1]++;
    if (!precision)
        out--;
    if ((type | 0x20) == 'e')
        out += put_exponent(out, type, 0, FORMAT_MSVCRT);
    return (size_t)(out - text);
}

static size_t format_special(char *text, double value, bool upper)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof(bits));
    bool quiet = bits & 1ull << 51, indefinite = bits == 0xfff8000000000000ull;
    const char *name = isinf(value) ? "inf" : indefinite ? "nan(ind)" : quiet ? "nan" : "nan(snan)";
    size_t length = strlen(name);
    for (size_t i = 0; i <= length; i++)
        text[i] = upper && name[i] >= 'a' ? (char)(name[i] - 0x20) : name[i];
    return length;
}

size_t format_double(char *text, double value, char type, int precision, bool alternate, unsigned options, bool *finite)
{
    char lower = type | 0x20;
    bool upper = type != lower, legacy = options & (FORMAT_MSVCRT | FORMAT_LEGACY_MSVCRT);
    *finite = isfinite(value);
    if (precision < 0)
        precision = lower == 'a' && !(options & FORMAT_MSVCRT) ? 13 : 6;
    if (!*finite && legacy)
        return format_legacy_special(text, value, type, precision);
    if (!*finite)
        return format_special(text, value, upper);
    switch (lower) {
    case 'e':
        return format_e(text, value, type, precision, alternate, options);
    case 'f':
        return format_f(text, value, precision, alternate, options);
    case 'a': {
        const char *form = upper ? (alternate ? "%#.*A" : "%.*A") : alternate ? "%#.*a" : "%.*a";
        return (size_t)snprintf(text, FORMAT_DOUBLE_SIZE(precision), form, precision, fabs(value));
    }
    default:
        return format_g(text, value, upper ? 'E' : 'e', precision ? precision : 1, alternate, options);
    }
}
