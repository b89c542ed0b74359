/*
 * varcurrency.c: arithmetic of currency (64 bits, four digits behind the point) and what is left of that of floating
 * point.
 *
 * Layer: ole32; computes only.  Halves are rounded to even.
 */
#include "loader/host.h"
#include "number.h"

#define ONE 10000

static HRESULT store(__int128 value, CY *result)
{
    if (value > INT64_MAX || value < INT64_MIN)
        return DISP_E_OVERFLOW;
    result->int64 = (LONGLONG)value;
    return S_OK;
}

static __int128 divide(__int128 value, LONGLONG by)
{
    __int128 quotient = value / by, rest = value % by;
    __int128 twice = 2 * (rest < 0 ? -rest : rest);

    if (twice > by || (twice == by && quotient & 1))
        quotient += value < 0 ? -1 : 1;
    return quotient;
}

HRESULT WINAPI VarCyAdd(CY left, CY right, CY *result)
{
    return store((__int128)left.int64 + right.int64, result);
}

HRESULT WINAPI VarCySub(CY left, CY right, CY *result)
{
    return store((__int128)left.int64 - right.int64, result);
}

HRESULT WINAPI VarCyMul(CY left, CY right, CY *result)
{
    return store(divide((__int128)left.int64 * right.int64, ONE), result);
}

HRESULT WINAPI VarCyMulI4(CY left, LONG right, CY *result)
{
    return store((__int128)left.int64 * right, result);
}

HRESULT WINAPI VarCyMulI8(CY left, LONG64 right, CY *result)
{
    return store((__int128)left.int64 * right, result);
}

HRESULT WINAPI VarCyNeg(CY value, CY *result)
{
    return store(-(__int128)value.int64, result);
}

HRESULT WINAPI VarCyAbs(CY value, CY *result)
{
    return value.int64 < 0 ? VarCyNeg(value, result) : store(value.int64, result);
}

HRESULT WINAPI VarCyFix(CY value, CY *result)
{
    return store(value.int64 / ONE * ONE, result);
}

HRESULT WINAPI VarCyInt(CY value, CY *result)
{
    __int128 whole = value.int64 / ONE - (value.int64 % ONE < 0);

    return store(whole * ONE, result);
}

HRESULT WINAPI VarCyRound(CY value, int digits, CY *result)
{
    static const LONGLONG units[] = {10000, 1000, 100, 10};

    if (digits < 0)
        return E_INVALIDARG;
    if (digits > 3)
        return store(value.int64, result);
    return store(divide(value.int64, units[digits]) * units[digits], result);
}

static HRESULT order(bool less, bool greater)
{
    return less ? VARCMP_LT : greater ? VARCMP_GT : VARCMP_EQ;
}

HRESULT WINAPI VarCyCmp(CY left, CY right)
{
    return order(left.int64<right.int64, left.int64> right.int64);
}

HRESULT WINAPI VarCyCmpR8(CY left, double right)
{
    CY other;
    HRESULT hr = VarCyFromR8(right, &other);

    return FAILED(hr) ? hr : VarCyCmp(left, other);
}

HRESULT WINAPI VarR4CmpR8(float left, double right)
{
    return order(left<right, left> right);
}

HRESULT WINAPI VarR8Pow(double left, double right, double *result)
{
    *result = ((double (*)(double, double))host_bind("libm.so.6", "pow"))(left, right);
    return S_OK;
}

HRESULT WINAPI VarR8Round(double value, int digits, double *result)
{
    VARIANT from = {0}, to = {0};
    HRESULT hr;

    if (digits < 0)
        return E_INVALIDARG;
    V_VT(&from) = VT_R8;
    V_R8(&from) = value;
    hr = VarRound(&from, digits, &to);
    if (SUCCEEDED(hr))
        *result = V_R8(&to);
    return hr;
}
