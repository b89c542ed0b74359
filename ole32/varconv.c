/*
 * varconv.c: the family of VarXFromY: every kind of number, date, currency and text to every other.
 *
 * Layer: ole32.  Each takes its argument as a struct number (number.h) and rounds it to its result; halves go to even.
 */
#include "com.h"
#include "number.h"

/* ---- arguments ---- */

static struct number from_dec(const DECIMAL *value)
{
    return (struct number){NUMBER_DECIMAL, decimal_load(value), 0};
}

/* ---- results ---- */

#define INTEGER(prefix, type, least, most)                                                                             \
    static HRESULT prefix(const struct number *number, type *result)                                                   \
    {                                                                                                                  \
        ULONGLONG value;                                                                                               \
        HRESULT error = number_integer(number, least, most, &value);                                                   \
        if (SUCCEEDED(error))                                                                                          \
            *result = (type)value;                                                                                     \
        return error;                                                                                                  \
    }

INTEGER(to_i1, CHAR, -128, 127)
INTEGER(to_i2, SHORT, -32768, 32767)
INTEGER(to_i4, LONG, -2147483648ll, 2147483647)
INTEGER(to_i8, LONG64, -9223372036854775807ll - 1, 9223372036854775807ull)
INTEGER(to_ui1, BYTE, 0, 255)
INTEGER(to_ui2, USHORT, 0, 65535)
INTEGER(to_ui4, ULONG, 0, 4294967295u)
INTEGER(to_ui8, ULONG64, 0, 18446744073709551615ull)

static HRESULT to_r4(const struct number *number, FLOAT *result)
{
    double value = number_to_real(number);

    if (value > 3.402823567797336e38 || value < -3.402823567797336e38)
        return DISP_E_OVERFLOW;
    *result = (FLOAT)value;
    return S_OK;
}

static HRESULT to_r8(const struct number *number, DOUBLE *result)
{
    *result = number_to_real(number);
    return S_OK;
}

static HRESULT to_bool(const struct number *number, VARIANT_BOOL *result)
{
    bool set = number->kind == NUMBER_REAL ? number->real != 0 : number->decimal.mantissa != 0;

    *result = set ? VARIANT_TRUE : VARIANT_FALSE;
    return S_OK;
}

#define to_cy number_to_cy
#define to_dec number_to_decimal
#define to_date number_to_date

/* ---- the table: VarTargetFromSource for each pair that Windows has ---- */

#define FROM(Target, result_type, to, Source, type, from)                                                              \
    HRESULT WINAPI Var##Target##From##Source(type value, result_type *result);                                         \
    HRESULT WINAPI Var##Target##From##Source(type value, result_type *result)                                          \
    {                                                                                                                  \
        struct number n = from;                                                                                        \
        return to(&n, result);                                                                                         \
    }
#define FROM_I1(T, r, to) FROM(T, r, to, I1, CHAR, number_signed((signed char)value))
#define FROM_I2(T, r, to) FROM(T, r, to, I2, SHORT, number_signed(value))
#define FROM_I4(T, r, to) FROM(T, r, to, I4, LONG, number_signed(value))
#define FROM_I8(T, r, to) FROM(T, r, to, I8, LONG64, number_signed(value))
#define FROM_UI1(T, r, to) FROM(T, r, to, UI1, BYTE, number_unsigned(value))
#define FROM_UI2(T, r, to) FROM(T, r, to, UI2, USHORT, number_unsigned(value))
#define FROM_UI4(T, r, to) FROM(T, r, to, UI4, ULONG, number_unsigned(value))
#define FROM_UI8(T, r, to) FROM(T, r, to, UI8, ULONG64, number_unsigned(value))
#define FROM_R4(T, r, to) FROM(T, r, to, R4, FLOAT, number_real((double)value))
#define FROM_R8(T, r, to) FROM(T, r, to, R8, DOUBLE, number_real(value))
#define FROM_DATE(T, r, to) FROM(T, r, to, Date, DATE, number_real(value))
#define FROM_CY(T, r, to) FROM(T, r, to, Cy, CY, number_cy(value))
#define FROM_BOOL(T, r, to) FROM(T, r, to, Bool, VARIANT_BOOL, number_signed(value))
#define FROM_DEC(T, r, to) FROM(T, r, to, Dec, DECIMAL *, from_dec(value))
#define FROM_STR(T, r, to)                                                                                             \
    HRESULT WINAPI Var##T##FromStr(OLECHAR *text, LCID locale, ULONG flags, r *result)                                 \
    {                                                                                                                  \
        struct number n;                                                                                               \
        HRESULT error = number_from_text(text, locale, flags, &n);                                                     \
        return FAILED(error) ? error : to(&n, result);                                                                 \
    }
#define FROM_DISP(T, r, to)                                                                                            \
    HRESULT WINAPI Var##T##FromDisp(IDispatch *object, LCID locale, r *result)                                         \
    {                                                                                                                  \
        struct number n;                                                                                               \
        VARIANT value;                                                                                                 \
        HRESULT error = dispatch_value(object, locale, &value);                                                        \
        if (FAILED(error))                                                                                             \
            return error;                                                                                              \
        error = variant_number(&value, locale, 0, &n);                                                                 \
        VariantClear(&value);                                                                                          \
        return FAILED(error) ? error : to(&n, result);                                                                 \
    }

/* A kind from itself is no function of Windows; such pairs are made, and not exported. */
#undef VarI4FromI4
#undef VarUI4FromUI4
#undef VarI8FromI8
#undef VarUI8FromUI8
#define FROM_ALL_BUT_TEXT(T, r, to)                                                                                    \
    FROM_I1(T, r, to)                                                                                                  \
    FROM_I2(T, r, to)                                                                                                  \
    FROM_I4(T, r, to)                                                                                                  \
    FROM_I8(T, r, to)                                                                                                  \
    FROM_UI1(T, r, to)                                                                                                 \
    FROM_UI2(T, r, to)                                                                                                 \
    FROM_UI4(T, r, to)                                                                                                 \
    FROM_UI8(T, r, to)                                                                                                 \
    FROM_R4(T, r, to)                                                                                                  \
    FROM_R8(T, r, to)                                                                                                  \
    FROM_DATE(T, r, to)                                                                                                \
    FROM_CY(T, r, to)                                                                                                  \
    FROM_BOOL(T, r, to)                                                                                                \
    FROM_DEC(T, r, to)                                                                                                 \
    FROM_DISP(T, r, to)
#define FROM_ALL(T, r, to)                                                                                             \
    FROM_ALL_BUT_TEXT(T, r, to)                                                                                        \
    FROM_STR(T, r, to)

FROM_ALL(I1, CHAR, to_i1)
FROM_ALL(I2, SHORT, to_i2)
FROM_ALL(I4, LONG, to_i4)
FROM_ALL(I8, LONG64, to_i8)
FROM_ALL(UI1, BYTE, to_ui1)
FROM_ALL(UI2, USHORT, to_ui2)
FROM_ALL(UI4, ULONG, to_ui4)
FROM_ALL(UI8, ULONG64, to_ui8)
FROM_ALL(R4, FLOAT, to_r4)
FROM_ALL(R8, DOUBLE, to_r8)
FROM_ALL(Cy, CY, to_cy)
FROM_ALL(Dec, DECIMAL, to_dec)
FROM_ALL_BUT_TEXT(Date, DATE, to_date)
FROM_ALL_BUT_TEXT(Bool, VARIANT_BOOL, to_bool)

/* ---- texts ---- */

HRESULT WINAPI VarBoolFromStr(OLECHAR *text, LCID locale, ULONG flags, VARIANT_BOOL *result)
{
    struct number number;
    HRESULT error;

    if (!text)
        return DISP_E_TYPEMISMATCH;
    if (lstrcmpiW(text, L"True") == 0 || lstrcmpW(text, L"#TRUE#") == 0)
        *result = VARIANT_TRUE;
    else if (lstrcmpiW(text, L"False") == 0 || lstrcmpW(text, L"#FALSE#") == 0)
        *result = VARIANT_FALSE;
    else if (FAILED(error = number_from_text(text, locale, flags, &number)))
        return error;
    else
        return to_bool(&number, result);
    return S_OK;
}

static HRESULT text_of(const struct number *number, LCID locale, ULONG flags, BSTR *text)
{
    if (flags & LOCALE_NOUSEROVERRIDE)
        locale = LOCALE_SYSTEM_DEFAULT;
    return number->kind == NUMBER_REAL ? text_from_real(number->real, 15, locale, text)
                                       : text_from_decimal(number->decimal, locale, text);
}

#define TEXT_FROM(Source, type, from)                                                                                  \
    HRESULT WINAPI VarBstrFrom##Source(type value, LCID locale, ULONG flags, BSTR *text)                               \
    {                                                                                                                  \
        struct number n = from;                                                                                        \
        return text ? text_of(&n, locale, flags, text) : E_INVALIDARG;                                                 \
    }

TEXT_FROM(I1, CHAR, number_signed((signed char)value))
TEXT_FROM(I2, SHORT, number_signed(value))
TEXT_FROM(I4, LONG, number_signed(value))
TEXT_FROM(I8, LONG64, number_signed(value))
TEXT_FROM(UI1, BYTE, number_unsigned(value))
TEXT_FROM(UI2, USHORT, number_unsigned(value))
TEXT_FROM(UI4, ULONG, number_unsigned(value))
TEXT_FROM(UI8, ULONG64, number_unsigned(value))
TEXT_FROM(R8, DOUBLE, number_real(value))
TEXT_FROM(Cy, CY, number_cy(value))
TEXT_FROM(Dec, DECIMAL *, from_dec(value))

HRESULT WINAPI VarBstrFromR4(FLOAT value, LCID locale, ULONG flags, BSTR *text)
{
    (void)flags;
    return text_from_real((double)value, 7, locale, text);
}

/* Not the words of a language: those are for VARIANT_LOCALBOOL, which English answers alike. */
HRESULT WINAPI VarBstrFromBool(VARIANT_BOOL value, LCID locale, ULONG flags, BSTR *text)
{
    (void)locale, (void)flags;
    *text = SysAllocString(value ? L"True" : L"False");
    return *text ? S_OK : E_OUTOFMEMORY;
}

HRESULT WINAPI VarBstrFromDisp(IDispatch *object, LCID locale, ULONG flags, BSTR *text)
{
    VARIANT value, changed = {.vt = VT_EMPTY};
    HRESULT error = dispatch_value(object, locale, &value);

    if (FAILED(error))
        return error;
    error = VariantChangeTypeEx(&changed, &value, locale, (USHORT)flags, VT_BSTR);
    VariantClear(&value);
    *text = SUCCEEDED(error) ? changed.bstrVal : NULL;
    return error;
}

/* ---- an object's default property ---- */

HRESULT dispatch_value(IDispatch *object, LCID locale, VARIANT *value)
{
    static const GUID null;
    DISPPARAMS none = {0};
    ULONG_PTR arguments[] = {
        GUEST(object), DISPID_VALUE, GUEST(&null), locale, DISPATCH_PROPERTYGET, GUEST(&none), GUEST(value), 0, 0};

    VariantInit(value);
    if (!object)
        return DISP_E_BADVARTYPE;
    return FAILED((HRESULT)guest_call_n(COM_METHOD(IDispatch, object, Invoke), 9, arguments)) ? DISP_E_TYPEMISMATCH
                                                                                              : S_OK;
}
