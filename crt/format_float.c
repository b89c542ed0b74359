/*
 * format_float.c: a double as text, by Microsoft's rules: exponents of two digits (ucrtbase) or three (msvcrt),
 * inf and nan(ind) or 1.#INF and 1.#IND, 17 significant digits at most in msvcrt.
 *
 * Layer: crt.  Digits are correctly rounded: by 128-bit integers where they reach, by libc's snprintf elsewhere.
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

/* --- digits by integer arithmetic: exact, and enough for the numbers that programs print -------------------------- */

typedef unsigned __int128 wide_integer;

static const uint64_t powers_of_ten[20] = {
    1ull,
    10ull,
    100ull,
    1000ull,
    10000ull,
    100000ull,
    1000000ull,
    10000000ull,
    100000000ull,
    1000000000ull,
    10000000000ull,
    100000000000ull,
    1000000000000ull,
    10000000000000ull,
    100000000000000ull,
    1000000000000000ull,
    10000000000000000ull,
    100000000000000000ull,
    1000000000000000000ull,
    10000000000000000000ull,
};

static uint64_t power_of_five(int n)
{
    uint64_t power = 1;
    for (uint64_t base = 5; n; n >>= 1, base *= base)
        if (n & 1)
            power *= base;
    return power;
}

/* A part below a divisor against its half: -1, 0, 1. */
static int against_half(wide_integer rest, wide_integer divisor)
{
    wide_integer half = divisor / 2;
    return rest < half ? -1 : rest > half || divisor & 1;
}

/*
 * |value| * 10^k: the whole part (below 10^19), and how the rest compares with a half.  false: beyond what 128 bits
 * can do.  value = m * 2^q, so |value| * 10^k = m * 5^k * 2^(q + k).
 */
static bool scale_decimal(double value, int k, uint64_t *whole, int *half)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof(bits));
    int biased = (int)(bits >> 52 & 0x7ff), q = biased - 1075;
    uint64_t m = (bits & ((1ull << 52) - 1)) | 1ull << 52;
    wide_integer product, divisor;
    if (!biased || k > 27 || k < -19)
        return false;
    if (k >= 0) {
        product = (wide_integer)m * power_of_five(k);
        divisor = 1;
        q += k;
    } else {
        product = m;
        divisor = powers_of_ten[-k];
    }
    if (q > 0) {
        if (q > 74 || product >> (127 - q))
            return false;
        product <<= q;
    } else if (q < 0) {
        if (q < -126 || divisor >> (127 + q))
            return false;
        divisor <<= -q;
    }
    bool power_of_two = k >= 0;
    wide_integer quotient = power_of_two ? (q < 0 ? product >> -q : product) : product / divisor;
    if (quotient >= powers_of_ten[19])
        return false;
    *whole = (uint64_t)quotient;
    *half = divisor == 1 ? -1 : against_half(product - quotient * divisor, divisor);
    return true;
}

static bool rounds_up(uint64_t whole, int half, unsigned options)
{
    bool to_even = options & (FORMAT_STANDARD_ROUNDING | FORMAT_MSVCRT); /* msvcrt rounds a second time, away */
    return half > 0 || (half == 0 && (!to_even || whole & 1));
}

/* Exactly `count` digits of a number, from the end. */
static void put_digits(char *text, uint64_t number, int count)
{
    while (count--) {
        text[count] = (char)('0' + number % 10);
        number /= 10;
    }
}

/* `count` (at most 17) significant digits and the power of ten of the first; false: not by integer arithmetic. */
static bool quick_digits(char *digits, int count, double value, unsigned options, int *exponent)
{
    uint64_t whole;
    int half, binary;
    if (value == 0)
        return false;
    frexp(value, &binary);
    int power = (binary - 1) * 1233 >> 12; /* log10(2), rounded down: right or one too small */
    if (!scale_decimal(value, count - 1 - power, &whole, &half))
        return false;
    if (whole >= powers_of_ten[count] && !scale_decimal(value, count - 1 - ++power, &whole, &half))
        return false;
    if (whole < powers_of_ten[count - 1] && !scale_decimal(value, count - 1 - --power, &whole, &half))
        return false;
    if (whole >= powers_of_ten[count] || whole < powers_of_ten[count - 1])
        return false;
    whole += rounds_up(whole, half, options);
    if (whole == powers_of_ten[count]) {
        whole /= 10;
        power++;
    }
    put_digits(digits, whole, count);
    *exponent = power;
    return true;
}

/* |value| with `precision` places; the length, 0: not by integer arithmetic. */
static size_t quick_fixed(char *text, double value, int precision, bool alternate, unsigned options)
{
    uint64_t whole;
    int half, count = 1;
    if (precision > 17 || value == 0 || !scale_decimal(value, precision, &whole, &half))
        return 0;
    whole += rounds_up(whole, half, options);
    if (whole >= powers_of_ten[19])
        return 0;
    uint64_t integer = whole / powers_of_ten[precision];
    while (count < 19 && integer >= powers_of_ten[count])
        count++;
    put_digits(text, integer, count);
    if (precision || alternate)
        text[count++] = '.';
    put_digits(text + count, whole % powers_of_ten[precision], precision);
    return (size_t)(count + precision);
}

int format_digits(char *digits, int count, double value, unsigned options)
{
    bool msvcrt = options & FORMAT_MSVCRT;
    char text[FORMAT_DOUBLE_SIZE(0)], *large = NULL, *source = text;
    int wanted = msvcrt ? 17 : count, exponent = 0;
    if (wanted <= 17 && quick_digits(text, wanted, value, options, &exponent)) {
        memcpy(digits, text, (size_t)(count < wanted ? count + 1 : wanted));
        if (count < wanted)
            return exponent + round_digits(digits, count);
        memset(digits + wanted, '0', (size_t)(count - wanted));
        return exponent;
    }
    if (wanted > (int)sizeof(text) - 16)
        source = large = crt_malloc((size_t)wanted + 16);
    if (!source)
        source = text, wanted = (int)sizeof(text) - 16;
    snprintf(source, (size_t)wanted + 16, "%.*e", wanted - 1, fabs(value));
    const char *mark = strchr(source, 'e');
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
        size_t size = FORMAT_DOUBLE_SIZE(precision), length = quick_fixed(text, value, precision, alternate, options);
        if (length)
            return length;
        length = (size_t)snprintf(text, size, alternate ? "%#.*f" : "%.*f", precision, fabs(value));
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
