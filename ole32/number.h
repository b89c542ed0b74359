/*
 * number.h: what every conversion of variants goes through: a number as exact as it came.
 */
#ifndef OLE32_NUMBER_H
#define OLE32_NUMBER_H

#include <string.h>
#include "win.h"
#include <oaidl.h>
#include <oleauto.h>

typedef unsigned __int128 wide_int;

/* mantissa / 10^scale; the mantissa has at most 96 bits, the scale is at most 28. */
struct decimal {
    wide_int mantissa;
    unsigned scale;
    bool negative;
};

struct number {
    enum { NUMBER_DECIMAL, NUMBER_REAL } kind;
    struct decimal decimal;
    double real;
};

static inline struct number number_signed(LONGLONG value)
{
    wide_int magnitude = value < 0 ? -(wide_int)value : (wide_int)value;

    return (struct number){NUMBER_DECIMAL, {magnitude, 0, value < 0}, 0};
}

static inline struct number number_unsigned(ULONGLONG value)
{
    return (struct number){NUMBER_DECIMAL, {value, 0, false}, 0};
}

static inline struct number number_real(double value)
{
    return (struct number){NUMBER_REAL, {0, 0, false}, value};
}

static inline struct number number_cy(CY value)
{
    struct number number = number_signed(value.int64);

    number.decimal.scale = 4;
    return number;
}

/* decimal.c */
struct decimal decimal_load(const DECIMAL *from);
void decimal_store(struct decimal decimal, DECIMAL *to);
/* Half goes to even.  Lowering the scale loses digits, raising it may overflow: false. */
bool decimal_rescale(struct decimal *decimal, unsigned scale);
bool decimal_fit(struct decimal *decimal); /* to 96 bits and scale 28; false: too large */
double decimal_real(struct decimal decimal);
/* decimal_product.c: false: too large, or the divisor is 0. */
bool decimal_multiply(struct decimal a, struct decimal b, struct decimal *result);
bool decimal_divide(struct decimal a, struct decimal b, struct decimal *result);
HRESULT decimal_from_real(double value, unsigned digits, struct decimal *decimal);

/* Rounded to an integer in [least, most], DISP_E_OVERFLOW if it is not. */
HRESULT number_integer(const struct number *number, LONGLONG least, ULONGLONG most, ULONGLONG *value);
double number_to_real(const struct number *number);
HRESULT number_to_cy(const struct number *number, CY *value);
HRESULT number_to_decimal(const struct number *number, DECIMAL *value);
HRESULT number_to_date(const struct number *number, DATE *value);

/* varnumber.c: texts.  DISP_E_TYPEMISMATCH if it is no number. */
HRESULT number_from_text(const WCHAR *text, LCID locale, ULONG flags, struct number *number);
HRESULT text_from_ascii(const char *ascii, LCID locale, BSTR *text); /* '.' becomes the locale's decimal point */
HRESULT text_from_decimal(struct decimal decimal, LCID locale, BSTR *text);
HRESULT text_from_real(double value, int digits, LCID locale, BSTR *text);

/* variant.c: the value alone, not its type; DISP_E_OVERFLOW if it does not fit. */
HRESULT number_store(const struct number *number, VARTYPE type, VARIANT *to);

/* vararith.c: what an operand is: its value, without references and objects.  The caller clears it. */
HRESULT operand_get(VARIANT *from, VARIANT *value);

/* varconv.c: an object's default property as a number. */
HRESULT variant_number(VARIANT *variant, LCID locale, ULONG flags, struct number *number);
HRESULT dispatch_value(IDispatch *object, LCID locale, VARIANT *value);

#define DATE_LEAST (-657434.0)
#define DATE_END 2958466.0

#endif
