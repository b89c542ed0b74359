/*
 * varlogic.c: Basic's operators on whole numbers (\ Mod And Or Xor Eqv Imp Not) and on one variant (- Abs Fix Int
 * Round).
 *
 * Layer: above ntdll.  Truth is -1.  Null is "not known": And, Or and Imp have an answer where the other operand
 * decides.
 */
#include "com.h"
#include "number.h"

enum operation { DIVIDE, REMAINDER, AND, OR, XOR, EQUAL, IMPLY };

/* ---- whole numbers ---- */

static bool is_small(VARTYPE type, bool logic)
{
    return type == VT_EMPTY || type == VT_I2 || type == VT_BOOL || type == VT_UI1 || (logic && type == VT_BSTR);
}

static bool is_truth(VARTYPE type)
{
    return type == VT_BOOL || type == VT_BSTR;
}

/* Of two operands, neither is Null.  In logic a text is as good as a truth value. */
static VARTYPE whole_type(VARTYPE a, VARTYPE b, bool logic)
{
    if (a == VT_I8 || b == VT_I8)
        return VT_I8;
    if (a == VT_UI1 && b == VT_UI1)
        return VT_UI1;
    if (logic && is_truth(a) && is_truth(b))
        return VT_BOOL;
    return is_small(a, logic) && is_small(b, logic) ? VT_I2 : VT_I4;
}

/* Rounded, as 64 bits. */
static HRESULT whole_get(VARIANT *from, VARTYPE type, LONGLONG *value)
{
    struct number number;
    ULONGLONG bits;
    VARIANT_BOOL truth;
    HRESULT result;

    if (type == VT_BOOL && from->vt == VT_BSTR) {
        result = VarBoolFromStr(from->bstrVal, LOCALE_USER_DEFAULT, 0, &truth);
        *value = truth;
        return result;
    }
    result = variant_number(from, LOCALE_USER_DEFAULT, 0, &number);
    if (SUCCEEDED(result))
        result = type == VT_I8 ? number_integer(&number, INT64_MIN, INT64_MAX, &bits)
                               : number_integer(&number, INT32_MIN, INT32_MAX, &bits);
    *value = (LONGLONG)bits;
    if (SUCCEEDED(result) && type != VT_I8)
        *value = (LONG)bits;
    return result;
}

static void whole_put(VARIANT *to, VARTYPE type, LONGLONG value)
{
    to->vt = type;
    if (type == VT_I8)
        to->llVal = value;
    else if (type == VT_I4)
        to->lVal = (LONG)value;
    else if (type == VT_UI1)
        to->bVal = (BYTE)value;
    else
        to->iVal = (SHORT)value;
}

static HRESULT whole_compute(enum operation op, LONGLONG a, LONGLONG b, LONGLONG *answer)
{
    if (op <= REMAINDER && !b)
        return DISP_E_DIVBYZERO;
    switch (op) {
    case DIVIDE:
        if (b == -1 && a == INT64_MIN)
            return DISP_E_OVERFLOW;
        *answer = a / b;
        break;
    case REMAINDER:
        *answer = b == -1 ? 0 : a % b;
        break;
    case AND:
        *answer = a & b;
        break;
    case OR:
        *answer = a | b;
        break;
    case XOR:
        *answer = a ^ b;
        break;
    case EQUAL:
        *answer = ~(a ^ b);
        break;
    case IMPLY:
        *answer = ~a | b;
        break;
    }
    return S_OK;
}

static HRESULT whole(enum operation op, VARIANT *a, VARIANT *b, VARIANT *result)
{
    VARTYPE type = whole_type(a->vt, b->vt, op >= AND);
    LONGLONG x, y, answer;
    HRESULT good = whole_get(a, type, &x);

    if (SUCCEEDED(good))
        good = whole_get(b, type, &y);
    if (SUCCEEDED(good))
        good = whole_compute(op, x, y, &answer);
    if (FAILED(good))
        return good;
    if (type == VT_I2 && answer > INT16_MAX) /* -32768 \ -1 */
        type = VT_I4;
    if (type == VT_I4 && answer > INT32_MAX)
        return DISP_E_OVERFLOW;
    whole_put(result, type, answer);
    return S_OK;
}

/* One operand is Null; `known` is the other one, `first`: it stands in front. */
static HRESULT decide(enum operation op, VARIANT *known, bool first, VARIANT *result)
{
    VARTYPE type = whole_type(known->vt, known->vt, true);
    LONGLONG value;
    HRESULT good;

    result->vt = VT_NULL;
    if (known->vt == VT_NULL || (op != AND && op != OR && op != IMPLY))
        return S_OK;
    good = whole_get(known, type, &value);
    if (FAILED(good))
        return good;
    if (op == IMPLY && first)
        value = ~value; /* (Not a) Or b */
    if (op == AND ? !value : value != 0)
        whole_put(result, type, value);
    return S_OK;
}

static HRESULT binary(enum operation op, VARIANT *left, VARIANT *right, VARIANT *result)
{
    VARIANT a, b;
    HRESULT good = operand_get(left, &a), other = operand_get(right, &b);

    if (SUCCEEDED(good))
        good = other;
    if (SUCCEEDED(good)) {
        if (a.vt == VT_NULL)
            good = decide(op, &b, false, result);
        else if (b.vt == VT_NULL)
            good = decide(op, &a, true, result);
        else
            good = whole(op, &a, &b, result);
    }
    VariantClear(&a);
    VariantClear(&b);
    return good;
}

#define BINARY(name, op)                                                                                               \
    HRESULT WINAPI name(LPVARIANT left, LPVARIANT right, LPVARIANT result)                                             \
    {                                                                                                                  \
        return binary(op, left, right, result);                                                                        \
    }

BINARY(VarIdiv, DIVIDE)
BINARY(VarMod, REMAINDER)
BINARY(VarAnd, AND)
BINARY(VarOr, OR)
BINARY(VarXor, XOR)
BINARY(VarEqv, EQUAL)
BINARY(VarImp, IMPLY)

HRESULT WINAPI VarNot(LPVARIANT from, LPVARIANT result)
{
    VARIANT a;
    HRESULT good = operand_get(from, &a);
    LONGLONG value;
    VARTYPE type;

    if (SUCCEEDED(good) && a.vt == VT_NULL) {
        result->vt = VT_NULL;
        return S_OK;
    }
    type = whole_type(a.vt, a.vt, a.vt != VT_BSTR); /* a text is a number here */
    if (SUCCEEDED(good))
        good = whole_get(&a, type, &value);
    if (SUCCEEDED(good))
        whole_put(result, type, ~value);
    VariantClear(&a);
    return good;
}

/* ---- one number ---- */

enum change { NEGATE, MAGNITUDE, TRUNCATE, FLOOR, ROUND };

/* The type that a number of this type is computed as. */
static VARTYPE number_type(VARTYPE type, enum change change)
{
    switch (type) {
    case VT_EMPTY:
    case VT_BOOL:
        return VT_I2;
    case VT_UI1:
        return change == NEGATE ? VT_I2 : VT_UI1;
    case VT_BSTR:
        return VT_R8;
    case VT_I2:
    case VT_I4:
    case VT_I8:
    case VT_R4:
    case VT_R8:
    case VT_CY:
    case VT_DATE:
    case VT_DECIMAL:
        return type;
    default:
        return VT_ERROR;
    }
}

static double change_real(double value, enum change change, int digits)
{
    double power = 1, whole;
    bool negative = value < 0;

    if (change == NEGATE)
        return -value;
    if (value != value)
        return value;
    if (negative)
        value = -value;
    for (; digits; digits--)
        power *= 10;
    if (change == MAGNITUDE || value * power >= 4503599627370496.0) /* it has no fraction */
        return negative && change != MAGNITUDE ? -value : value;
    whole = (double)(LONGLONG)(value * power);
    if (change == FLOOR && negative && whole != value)
        whole++;
    if (change == ROUND) {
        double rest = value * power - whole;

        if (rest > 0.5 || (rest == 0.5 && (LONGLONG)whole & 1))
            whole++;
        whole /= power;
    }
    return negative ? -whole : whole;
}

static void change_decimal(struct decimal *value, enum change change, int digits)
{
    wide_int power = 1, rest;

    if (change == NEGATE)
        value->negative = !value->negative && value->mantissa;
    else if (change == MAGNITUDE)
        value->negative = false;
    if (change == ROUND && value->scale > (unsigned)digits)
        decimal_rescale(value, (unsigned)digits);
    if ((change != TRUNCATE && change != FLOOR) || !value->scale)
        return;
    for (unsigned i = 0; i < value->scale; i++)
        power *= 10;
    rest = value->mantissa % power;
    value->mantissa /= power;
    if (change == FLOOR && value->negative && rest)
        value->mantissa++;
    value->scale = 0;
    value->negative &= value->mantissa != 0;
}

static HRESULT unary(VARIANT *from, enum change change, int digits, VARIANT *result)
{
    struct number number;
    VARTYPE type;
    VARIANT a;
    HRESULT good = operand_get(from, &a);

    if (FAILED(good))
        return good;
    if (a.vt == VT_NULL) {
        result->vt = VT_NULL;
        return S_OK;
    }
    type = number_type(a.vt, change);
    good = type == VT_ERROR ? DISP_E_TYPEMISMATCH : variant_number(&a, LOCALE_USER_DEFAULT, 0, &number);
    VariantClear(&a);
    if (FAILED(good))
        return good;
    if (type == VT_R8 && number.kind == NUMBER_DECIMAL)
        number = number_real(number_to_real(&number));
    if (number.kind == NUMBER_REAL)
        number.real = change_real(number.real, change, digits);
    else
        change_decimal(&number.decimal, change, digits);
    while ((good = number_store(&number, type, result)) == DISP_E_OVERFLOW && (type == VT_I2 || type == VT_I4))
        type = type == VT_I2 ? VT_I4 : VT_R8;
    if (SUCCEEDED(good))
        result->vt = type;
    return good;
}

HRESULT WINAPI VarNeg(LPVARIANT from, LPVARIANT result)
{
    return unary(from, NEGATE, 0, result);
}

HRESULT WINAPI VarAbs(LPVARIANT from, LPVARIANT result)
{
    return unary(from, MAGNITUDE, 0, result);
}

HRESULT WINAPI VarFix(LPVARIANT from, LPVARIANT result)
{
    return unary(from, TRUNCATE, 0, result);
}

HRESULT WINAPI VarInt(LPVARIANT from, LPVARIANT result)
{
    return unary(from, FLOOR, 0, result);
}

HRESULT WINAPI VarRound(LPVARIANT from, int digits, LPVARIANT result)
{
    return digits < 0 ? E_INVALIDARG : unary(from, ROUND, digits > 22 ? 22 : digits, result);
}
