/*
 * decimal_product.c: products and quotients of decimals.
 *
 * Layer: above ntdll.  A product has up to 192 bits before it is rounded to 96; a quotient gets digits until it is
 * exact or full.
 */
#include "number.h"

#define SCALE_MOST 28
#define MANTISSA_END ((wide_int)1 << 96)

#define LIMBS 6

static bool limbs_fit(const ULONG *limbs)
{
    return !limbs[3] && !limbs[4] && !limbs[5];
}

static unsigned limbs_divide10(ULONG *limbs)
{
    ULONGLONG rest = 0;

    for (int i = LIMBS - 1; i >= 0; i--) {
        rest = rest << 32 | limbs[i];
        limbs[i] = (ULONG)(rest / 10);
        rest %= 10;
    }
    return (unsigned)rest;
}

static void limbs_product(wide_int a, wide_int b, ULONG *limbs)
{
    memset(limbs, 0, LIMBS * sizeof *limbs);
    for (int i = 0; i < 3; i++) {
        ULONGLONG carry = 0;

        for (int j = 0; j < 3; j++) {
            carry += (ULONGLONG)(ULONG)(a >> 32 * i) * (ULONG)(b >> 32 * j) + limbs[i + j];
            limbs[i + j] = (ULONG)carry;
            carry >>= 32;
        }
        limbs[i + 3] = (ULONG)carry;
    }
}

/* Both have at most 96 bits. */
bool decimal_multiply(struct decimal a, struct decimal b, struct decimal *result)
{
    unsigned scale = a.scale + b.scale, last = 0;
    bool rest = false;
    ULONG limbs[LIMBS];

    limbs_product(a.mantissa, b.mantissa, limbs);
    for (; scale && (scale > SCALE_MOST || !limbs_fit(limbs)); scale--) {
        rest |= last != 0;
        last = limbs_divide10(limbs);
    }
    if (!limbs_fit(limbs))
        return false;
    *result = (struct decimal){(wide_int)limbs[2] << 64 | (ULONGLONG)limbs[1] << 32 | limbs[0], scale,
                               a.negative != b.negative};
    if (last > 5 || (last == 5 && (rest || limbs[0] & 1)))
        result->mantissa++;
    result->negative &= result->mantissa != 0;
    return decimal_fit(result);
}

bool decimal_divide(struct decimal a, struct decimal b, struct decimal *result)
{
    int scale = (int)a.scale - (int)b.scale;
    wide_int quotient, rest;

    if (!b.mantissa)
        return false;
    quotient = a.mantissa / b.mantissa;
    rest = a.mantissa % b.mantissa;
    while (scale < 0 || (rest && scale < SCALE_MOST && quotient < MANTISSA_END / 10)) {
        if (quotient >= MANTISSA_END)
            return false;
        rest *= 10;
        quotient = quotient * 10 + rest / b.mantissa;
        rest %= b.mantissa;
        scale++;
    }
    rest *= 2;
    if (rest > b.mantissa || (rest == b.mantissa && quotient & 1))
        quotient++;
    *result = (struct decimal){quotient, (unsigned)scale, a.negative != b.negative && quotient};
    return decimal_fit(result);
}

HRESULT WINAPI VarDecMul(LPDECIMAL a, LPDECIMAL b, LPDECIMAL result)
{
    struct decimal product;

    if (!decimal_multiply(decimal_load(a), decimal_load(b), &product))
        return DISP_E_OVERFLOW;
    decimal_store(product, result);
    return S_OK;
}

HRESULT WINAPI VarDecDiv(LPDECIMAL a, LPDECIMAL b, LPDECIMAL result)
{
    struct decimal quotient;

    if (!decimal_load(b).mantissa)
        return DISP_E_DIVBYZERO;
    if (!decimal_divide(decimal_load(a), decimal_load(b), &quotient))
        return DISP_E_OVERFLOW;
    decimal_store(quotient, result);
    return S_OK;
}
