/*
 * vararith.c: what Basic's operators do with two variants: + - * / \ Mod ^ &.
 *
 * Layer: above ntdll.  The result's type follows from those of the operands; what does not fit gets the next larger
 * type. Nothing counts as 0, Null makes Null.
 */
#include <math.h>
#include "com.h"
#include "loader/host.h"
#include "number.h"

enum operation { ADD, SUBTRACT, MULTIPLY, DIVIDE };

HRESULT operand_get(VARIANT *from, VARIANT *value)
{
    HRESULT result;
    VARIANT object;

    VariantInit(value);
    result = VariantCopyInd(value, from);
    if (FAILED(result) || value->vt != VT_DISPATCH)
        return result;
    object = *value;
    VariantInit(value);
    result = object.pdispVal ? dispatch_value(object.pdispVal, LOCALE_USER_DEFAULT, value) : DISP_E_TYPEMISMATCH;
    VariantClear(&object);
    return result;
}

/* ---- the type of a result ---- */

/* How many of Basic's integers a type is among: byte, integer, long, 64 bits; 0: another type. */
static int integer_rank(VARTYPE type)
{
    switch (type) {
    case VT_UI1:
        return 1;
    case VT_I2:
    case VT_BOOL:
        return 2;
    case VT_I4:
        return 3;
    case VT_I8:
        return 4;
    default:
        return 0;
    }
}

static VARTYPE integer_type(int rank)
{
    static const VARTYPE types[] = {VT_EMPTY, VT_UI1, VT_I2, VT_I4, VT_I8};

    return types[rank];
}

static bool is_basic(VARTYPE type)
{
    return type == VT_EMPTY || type == VT_NULL || integer_rank(type) || type == VT_R4 || type == VT_R8 ||
           type == VT_CY || type == VT_DATE || type == VT_BSTR || type == VT_DECIMAL;
}

static bool either(VARTYPE a, VARTYPE b, VARTYPE type)
{
    return a == type || b == type;
}

/* Of sums, differences and products; both are Basic's, neither is Null. */
static VARTYPE result_type(enum operation op, VARTYPE a, VARTYPE b)
{
    int p = integer_rank(a), q = integer_rank(b);

    if (a == VT_EMPTY && b == VT_EMPTY)
        return VT_I2;
    if (either(a, b, VT_DECIMAL))
        return VT_DECIMAL;
    if (either(a, b, VT_DATE))
        return op == MULTIPLY || (op == SUBTRACT && a == b) ? VT_R8 : VT_DATE;
    if (either(a, b, VT_CY) &&
        (op != MULTIPLY || !(either(a, b, VT_R4) || either(a, b, VT_R8) || either(a, b, VT_BSTR))))
        return VT_CY;
    if (either(a, b, VT_R4) && !either(a, b, VT_R8) && !either(a, b, VT_BSTR) && p < 3 && q < 3 && a != VT_CY &&
        b != VT_CY)
        return VT_R4;
    if (a == VT_EMPTY || b == VT_EMPTY)
        p = q = p > q ? p : q;
    return p && q ? integer_type(p > q ? p : q) : VT_R8;
}

/* Where what does not fit goes; VT_EMPTY: nowhere. */
static VARTYPE wider(VARTYPE type)
{
    switch (type) {
    case VT_UI1:
        return VT_I2;
    case VT_I2:
        return VT_I4;
    case VT_I4:
    case VT_I8:
    case VT_R4:
    case VT_DATE:
        return VT_R8;
    default:
        return VT_EMPTY;
    }
}

/* ---- computing ---- */

/* An operand as the result's type has it. */
static HRESULT operand_number(VARIANT *value, VARTYPE type, struct number *number)
{
    HRESULT result = variant_number(value, LOCALE_USER_DEFAULT, 0, number);
    DECIMAL decimal;
    CY money;

    if (FAILED(result))
        return result;
    if (type == VT_CY) {
        result = number_to_cy(number, &money);
        if (SUCCEEDED(result))
            *number = number_cy(money);
    } else if (type == VT_DECIMAL) {
        result = number_to_decimal(number, &decimal);
        if (SUCCEEDED(result))
            *number = (struct number){NUMBER_DECIMAL, decimal_load(&decimal), 0};
    } else if (type == VT_R4 || type == VT_R8 || type == VT_DATE) {
        *number = number_real(number_to_real(number));
    }
    return result;
}

static struct number compute_real(enum operation op, double a, double b)
{
    return number_real(op == ADD ? a + b : op == SUBTRACT ? a - b : op == MULTIPLY ? a * b : a / b);
}

static HRESULT compute_decimal(enum operation op, struct decimal a, struct decimal b, struct number *result)
{
    DECIMAL x, y, z;
    HRESULT good;

    *result = number_signed(0);
    if (op == MULTIPLY || op == DIVIDE)
        return (op == MULTIPLY ? decimal_multiply(a, b, &result->decimal) : decimal_divide(a, b, &result->decimal))
                   ? S_OK
                   : DISP_E_OVERFLOW;
    decimal_store(a, &x);
    decimal_store(b, &y);
    good = op == ADD ? VarDecAdd(&x, &y, &z) : VarDecSub(&x, &y, &z);
    if (SUCCEEDED(good))
        result->decimal = decimal_load(&z);
    return good;
}

static HRESULT compute(enum operation op, VARIANT *left, VARIANT *right, VARTYPE type, VARIANT *result)
{
    struct number a, b, answer;
    HRESULT good = operand_number(left, type, &a);

    if (SUCCEEDED(good))
        good = operand_number(right, type, &b);
    if (FAILED(good))
        return good;
    if (a.kind == NUMBER_REAL || b.kind == NUMBER_REAL)
        answer = compute_real(op, number_to_real(&a), number_to_real(&b));
    else
        good = compute_decimal(op, a.decimal, b.decimal, &answer);
    if (FAILED(good))
        return good;
    VariantInit(result);
    for (; (good = number_store(&answer, type, result)) == DISP_E_OVERFLOW && wider(type); type = wider(type))
        continue;
    if (SUCCEEDED(good) && type == VT_R8 && isinf(result->dblVal))
        good = DISP_E_OVERFLOW;
    if (SUCCEEDED(good))
        result->vt = type;
    return good;
}

static HRESULT basic(enum operation op, VARIANT *left, VARIANT *right, VARIANT *result)
{
    VARIANT a, b;
    HRESULT good = operand_get(left, &a), other = operand_get(right, &b);

    if (FAILED(other) && SUCCEEDED(good))
        good = other;
    if (SUCCEEDED(good) && (!is_basic(a.vt) || !is_basic(b.vt)))
        good = DISP_E_BADVARTYPE;
    if (SUCCEEDED(good)) {
        if (either(a.vt, b.vt, VT_NULL))
            result->vt = VT_NULL;
        else if (op == ADD && (a.vt == VT_BSTR || b.vt == VT_BSTR) && (a.vt == b.vt || either(a.vt, b.vt, VT_EMPTY)))
            good = VarCat(&a, &b, result);
        else
            good = compute(op, &a, &b, result_type(op, a.vt, b.vt), result);
    }
    VariantClear(&a);
    VariantClear(&b);
    return good;
}

HRESULT WINAPI VarAdd(LPVARIANT left, LPVARIANT right, LPVARIANT result)
{
    return basic(ADD, left, right, result);
}

HRESULT WINAPI VarSub(LPVARIANT left, LPVARIANT right, LPVARIANT result)
{
    return basic(SUBTRACT, left, right, result);
}

HRESULT WINAPI VarMul(LPVARIANT left, LPVARIANT right, LPVARIANT result)
{
    return basic(MULTIPLY, left, right, result);
}

/* ---- quotients and powers: floating point, whatever comes in ---- */

static VARTYPE quotient_type(VARTYPE a, VARTYPE b)
{
    if (either(a, b, VT_DECIMAL))
        return VT_DECIMAL;
    return either(a, b, VT_R4) && (a == VT_R4 || a == VT_EMPTY || (integer_rank(a) && integer_rank(a) < 3)) &&
                   (b == VT_R4 || b == VT_EMPTY || (integer_rank(b) && integer_rank(b) < 3))
               ? VT_R4
               : VT_R8;
}

static HRESULT divide(VARIANT *a, VARIANT *b, VARIANT *result)
{
    struct number x, y;

    if (FAILED(variant_number(a, LOCALE_USER_DEFAULT, 0, &x)) || FAILED(variant_number(b, LOCALE_USER_DEFAULT, 0, &y)))
        return DISP_E_TYPEMISMATCH;
    if (number_to_real(&y) == 0)
        return number_to_real(&x) == 0 ? DISP_E_OVERFLOW : DISP_E_DIVBYZERO;
    return compute(DIVIDE, a, b, quotient_type(a->vt, b->vt), result);
}

static HRESULT power(VARIANT *a, VARIANT *b, VARIANT *result)
{
    struct number x, y;
    HRESULT good = variant_number(a, LOCALE_USER_DEFAULT, 0, &x);

    if (SUCCEEDED(good))
        good = variant_number(b, LOCALE_USER_DEFAULT, 0, &y);
    if (FAILED(good))
        return good;
    result->vt = VT_R8;
    result->dblVal =
        ((double (*)(double, double))host_bind("libm.so.6", "pow"))(number_to_real(&x), number_to_real(&y));
    return isinf(result->dblVal) ? DISP_E_OVERFLOW : S_OK;
}

static HRESULT with_null(HRESULT (*function)(VARIANT *, VARIANT *, VARIANT *), VARIANT *left, VARIANT *right,
                         VARIANT *result)
{
    VARIANT a, b;
    HRESULT good = operand_get(left, &a), other = operand_get(right, &b);

    if (FAILED(other) && SUCCEEDED(good))
        good = other;
    if (SUCCEEDED(good) && either(a.vt, b.vt, VT_NULL))
        result->vt = VT_NULL;
    else if (SUCCEEDED(good))
        good = function(&a, &b, result);
    VariantClear(&a);
    VariantClear(&b);
    return good;
}

HRESULT WINAPI VarDiv(LPVARIANT left, LPVARIANT right, LPVARIANT result)
{
    return with_null(divide, left, right, result);
}

HRESULT WINAPI VarPow(LPVARIANT left, LPVARIANT right, LPVARIANT result)
{
    return with_null(power, left, right, result);
}

/* ---- texts, one behind the other ---- */

HRESULT WINAPI VarCat(LPVARIANT left, LPVARIANT right, LPVARIANT result)
{
    VARIANT a, b, x, y;
    HRESULT good = operand_get(left, &a), other = operand_get(right, &b);

    VariantInit(&x);
    VariantInit(&y);
    if (SUCCEEDED(good))
        good = other;
    if (SUCCEEDED(good) && a.vt == VT_NULL && b.vt == VT_NULL) {
        result->vt = VT_NULL;
        return S_OK;
    }
    if (SUCCEEDED(good) && a.vt != VT_NULL)
        good = VariantChangeTypeEx(&x, &a, LOCALE_USER_DEFAULT, VARIANT_ALPHABOOL | VARIANT_LOCALBOOL, VT_BSTR);
    if (SUCCEEDED(good) && b.vt != VT_NULL)
        good = VariantChangeTypeEx(&y, &b, LOCALE_USER_DEFAULT, VARIANT_ALPHABOOL | VARIANT_LOCALBOOL, VT_BSTR);
    if (SUCCEEDED(good)) {
        result->vt = VT_BSTR;
        good = VarBstrCat(x.vt == VT_BSTR ? x.bstrVal : NULL, y.vt == VT_BSTR ? y.bstrVal : NULL, &result->bstrVal);
    }
    VariantClear(&x);
    VariantClear(&y);
    VariantClear(&a);
    VariantClear(&b);
    return good;
}
