/*
 * decimal.c: numbers of 96 bits with a decimal scale (DECIMAL), and their arithmetic.
 *
 * Layer: ole32; computes only.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include "number.h"

/* Rounds halves to even without the mathematical library: adding 2^52 leaves no digit behind the point. */
static double round_even(double value)
{
    const double big = 4503599627370496.0;

    if (!(fabs(value) < big))
        return value;
    return value < 0 ? (value - big) + big : (value + big) - big;
}

#define SCALE_MOST 28u
#define MANTISSA_END ((wide_int)1 << 96)

struct decimal decimal_load(const DECIMAL *from)
{
    return (struct decimal){(wide_int)from->Hi32 << 64 | from->Lo64, from->scale, (from->sign & DECIMAL_NEG) != 0};
}

void decimal_store(struct decimal decimal, DECIMAL *to)
{
    to->Hi32 = (ULONG)(decimal.mantissa >> 64);
    to->Lo64 = (ULONGLONG)decimal.mantissa;
    to->scale = (BYTE)decimal.scale;
    to->sign = decimal.negative ? DECIMAL_NEG : 0;
}

/* Divides by 10^count; half goes to even, of the digits before this division. */
static void shrink(struct decimal *decimal, unsigned count)
{
    unsigned last = 0;
    bool rest = false;

    for (; count; count--) {
        rest |= last != 0;
        last = (unsigned)(decimal->mantissa % 10);
        decimal->mantissa /= 10;
        decimal->scale--;
    }
    if (last > 5 || (last == 5 && (rest || decimal->mantissa & 1)))
        decimal->mantissa++;
}

bool decimal_rescale(struct decimal *decimal, unsigned scale)
{
    if (decimal->scale > scale)
        shrink(decimal, decimal->scale - scale);
    for (; decimal->scale < scale; decimal->scale++) {
        if (decimal->mantissa >= MANTISSA_END)
            return false;
        decimal->mantissa *= 10;
    }
    return true;
}

bool decimal_fit(struct decimal *decimal)
{
    struct decimal whole = *decimal;
    unsigned drop = decimal->scale > SCALE_MOST ? decimal->scale - SCALE_MOST : 0;

    for (;; drop++) {
        *decimal = whole;
        if (drop > whole.scale)
            return false;
        shrink(decimal, drop);
        if (decimal->mantissa < MANTISSA_END)
            return true;
    }
}

double decimal_real(struct decimal decimal)
{
    char text[64], *at = text + sizeof text;
    wide_int left = decimal.mantissa;
    int length = snprintf(text + 48, 16, "e-%u", decimal.scale);

    /* By way of text, which strtod rounds correctly. */
    memmove(at = text + 40, text + 48, (size_t)length + 1);
    do
        *--at = (char)('0' + (int)(left % 10));
    while ((left /= 10) != 0);
    return decimal.negative ? -strtod(at, NULL) : strtod(at, NULL);
}

/* As many significant digits as a float or a double surely has. */
HRESULT decimal_from_real(double value, unsigned digits, struct decimal *decimal)
{
    char text[40];
    int exponent, length = 0;

    *decimal = (struct decimal){0, 0, value < 0};
    if (!(fabs(value) < 79228162514264337593543950336.0))
        return DISP_E_OVERFLOW;
    snprintf(text, sizeof text, "%.*e", (int)digits - 1, fabs(value));
    exponent = atoi(strchr(text, 'e') + 1);
    for (const char *at = text; *at != 'e'; at++)
        if (*at != '.') {
            decimal->mantissa = decimal->mantissa * 10 + (unsigned)(*at - '0');
            length++;
        }
    exponent -= length - 1;
    while (decimal->mantissa && decimal->mantissa % 10 == 0 && exponent < 0) {
        decimal->mantissa /= 10;
        exponent++;
    }
    for (; exponent > 0; exponent--)
        decimal->mantissa *= 10;
    if (exponent < -40 || !decimal->mantissa) {
        *decimal = (struct decimal){0, 0, false};
        return S_OK;
    }
    decimal->scale = (unsigned)-exponent;
    return decimal_fit(decimal) ? S_OK : DISP_E_OVERFLOW;
}

/* ---- numbers to other kinds ---- */

HRESULT number_integer(const struct number *number, LONGLONG least, ULONGLONG most, ULONGLONG *value)
{
    struct decimal decimal = number->decimal;

    if (number->kind == NUMBER_REAL) {
        double rounded = round_even(number->real);

        if (!(rounded >= -9223372036854775808.0 && rounded < 18446744073709551616.0))
            return DISP_E_OVERFLOW;
        decimal = (struct decimal){rounded < 0 ? (wide_int)-rounded : (wide_int)rounded, 0, rounded < 0};
    }
    decimal_rescale(&decimal, 0);
    if (decimal.negative ? decimal.mantissa > -(wide_int)least && decimal.mantissa : decimal.mantissa > most)
        return DISP_E_OVERFLOW;
    *value = decimal.negative ? -(ULONGLONG)decimal.mantissa : (ULONGLONG)decimal.mantissa;
    return S_OK;
}

double number_to_real(const struct number *number)
{
    return number->kind == NUMBER_REAL ? number->real : decimal_real(number->decimal);
}

HRESULT number_to_cy(const struct number *number, CY *value)
{
    struct decimal decimal = number->decimal;

    if (number->kind == NUMBER_REAL) {
        double scaled = round_even(number->real * 10000);

        if (!(scaled >= -9223372036854775808.0 && scaled < 9223372036854775808.0))
            return DISP_E_OVERFLOW;
        value->int64 = (LONGLONG)scaled;
        return S_OK;
    }
    if (!decimal_rescale(&decimal, 4) || decimal.mantissa > (wide_int)0x7fffffffffffffff + decimal.negative)
        return DISP_E_OVERFLOW;
    value->int64 = (LONGLONG)(decimal.negative ? -(ULONGLONG)decimal.mantissa : (ULONGLONG)decimal.mantissa);
    return S_OK;
}

HRESULT number_to_decimal(const struct number *number, DECIMAL *value)
{
    struct decimal decimal = number->decimal;

    if (number->kind == NUMBER_REAL) {
        HRESULT result = decimal_from_real(number->real, 15, &decimal);

        if (FAILED(result))
            return result;
    } else if (!decimal_fit(&decimal)) {
        return DISP_E_OVERFLOW;
    }
    decimal_store(decimal, value);
    return S_OK;
}

HRESULT number_to_date(const struct number *number, DATE *value)
{
    double real = number_to_real(number);

    if (!(real > DATE_LEAST - 1 && real < DATE_END))
        return DISP_E_OVERFLOW;
    *value = real;
    return S_OK;
}

/* ---- arithmetic of DECIMALs ---- */

static bool is_good(const DECIMAL *value)
{
    return value->scale <= SCALE_MOST && !(value->sign & ~DECIMAL_NEG);
}

/* Both to one scale: up if there is room, else down. */
static void align(struct decimal *a, struct decimal *b)
{
    struct decimal *low = a->scale < b->scale ? a : b, *high = low == a ? b : a;

    while (low->scale < high->scale && low->mantissa < MANTISSA_END) {
        low->mantissa *= 10;
        low->scale++;
    }
    decimal_rescale(high, low->scale);
}

static HRESULT add(struct decimal a, struct decimal b, DECIMAL *result)
{
    struct decimal sum;

    align(&a, &b);
    if (a.negative == b.negative)
        sum = (struct decimal){a.mantissa + b.mantissa, a.scale, a.negative};
    else if (a.mantissa >= b.mantissa)
        sum = (struct decimal){a.mantissa - b.mantissa, a.scale, a.negative};
    else
        sum = (struct decimal){b.mantissa - a.mantissa, a.scale, b.negative};
    if (!decimal_fit(&sum))
        return DISP_E_OVERFLOW;
    sum.negative &= sum.mantissa != 0;
    decimal_store(sum, result);
    return S_OK;
}

HRESULT WINAPI VarDecAdd(LPDECIMAL a, LPDECIMAL b, LPDECIMAL result)
{
    return is_good(a) && is_good(b) ? add(decimal_load(a), decimal_load(b), result) : E_INVALIDARG;
}

HRESULT WINAPI VarDecSub(LPDECIMAL a, LPDECIMAL b, LPDECIMAL result)
{
    struct decimal right = decimal_load(b);

    right.negative = !right.negative;
    return is_good(a) && is_good(b) ? add(decimal_load(a), right, result) : E_INVALIDARG;
}

HRESULT WINAPI VarDecCmp(LPDECIMAL left, LPDECIMAL right)
{
    struct decimal a = decimal_load(left), b = decimal_load(right);
    int order;

    if (!a.mantissa && !b.mantissa)
        return VARCMP_EQ;
    if (a.negative != b.negative)
        return a.negative ? VARCMP_LT : VARCMP_GT;
    align(&a, &b);
    order = a.mantissa < b.mantissa ? -1 : a.mantissa > b.mantissa;
    if (a.negative)
        order = -order;
    return order < 0 ? VARCMP_LT : order > 0 ? VARCMP_GT : VARCMP_EQ;
}

HRESULT WINAPI VarDecCmpR8(LPDECIMAL left, double right)
{
    struct decimal b;
    DECIMAL other;
    HRESULT result = decimal_from_real(right, 15, &b);

    if (FAILED(result))
        return right > 0 ? VARCMP_LT : VARCMP_GT;
    decimal_store(b, &other);
    return VarDecCmp(left, &other);
}

HRESULT WINAPI VarDecNeg(LPDECIMAL from, LPDECIMAL result)
{
    *result = *from;
    result->sign ^= DECIMAL_NEG;
    return S_OK;
}

HRESULT WINAPI VarDecAbs(LPDECIMAL from, LPDECIMAL result)
{
    *result = *from;
    result->sign = 0;
    return S_OK;
}

HRESULT WINAPI VarDecRound(LPDECIMAL from, int digits, LPDECIMAL result)
{
    struct decimal decimal = decimal_load(from);

    if (digits < 0)
        return E_INVALIDARG;
    if (decimal.scale > (unsigned)digits)
        decimal_rescale(&decimal, (unsigned)digits);
    decimal_store(decimal, result);
    return S_OK;
}

/* Towards zero; *inexact tells whether there were digits behind the point. */
static struct decimal truncate_digits(const DECIMAL *from, bool *inexact)
{
    struct decimal decimal = decimal_load(from);

    *inexact = false;
    for (; decimal.scale; decimal.scale--) {
        *inexact |= decimal.mantissa % 10 != 0;
        decimal.mantissa /= 10;
    }
    return decimal;
}

HRESULT WINAPI VarDecFix(LPDECIMAL from, LPDECIMAL result)
{
    bool inexact;

    decimal_store(truncate_digits(from, &inexact), result);
    return S_OK;
}

HRESULT WINAPI VarDecInt(LPDECIMAL from, LPDECIMAL result)
{
    bool inexact;
    struct decimal decimal = truncate_digits(from, &inexact);

    if (inexact && decimal.negative)
        decimal.mantissa++;
    decimal_store(decimal, result);
    return S_OK;
}
