/*
 * What do Basic's operators make of two variants: which type, which value, what when it does not fit?
 *
 * link: -loleaut32
 */
#include "check.h"
#include <math.h>
#include <oleauto.h>

typedef HRESULT(WINAPI *Binary)(LPVARIANT, LPVARIANT, LPVARIANT);
typedef HRESULT(WINAPI *Unary)(LPVARIANT, LPVARIANT);

/* A variant of a type with a number in it. */
static VARIANT make(VARTYPE type, double value)
{
    VARIANT number = {.vt = VT_R8}, made;

    VariantInit(&made);
    number.dblVal = value;
    if (type == VT_EMPTY || type == VT_NULL)
        made.vt = type;
    else if (type == VT_BOOL) {
        made.vt = VT_BOOL;
        made.boolVal = value ? VARIANT_TRUE : VARIANT_FALSE;
    } else
        CHECK_EQ(VariantChangeTypeEx(&made, &number, LOCALE_INVARIANT, 0, type), S_OK);
    return made;
}

static double value_of(VARIANT *variant)
{
    VARIANT number;

    VariantInit(&number);
    if (variant->vt == VT_NULL || variant->vt == VT_EMPTY)
        return 0;
    CHECK_EQ(VariantChangeTypeEx(&number, variant, LOCALE_INVARIANT, 0, VT_R8), S_OK);
    return number.dblVal;
}

static void check(int line, Binary function, VARTYPE a, double x, VARTYPE b, double y, HRESULT expected, VARTYPE type,
                  double value)
{
    VARIANT left = make(a, x), right = make(b, y), result;
    HRESULT got;
    int failed = check_failed;

    VariantInit(&result);
    got = function(&left, &right, &result);
    CHECK_EQ(got, expected);
    if (got == S_OK && expected == S_OK) {
        double found = value_of(&result);

        CHECK_EQ(result.vt, type);
        CHECK(fabs(found - value) <= fabs(value) * 1e-12);
        if (check_failed != failed)
            printf("found %.17g, expected %.17g\n", found, value);
    }
    if (check_failed != failed)
        printf("  at line %d\n", line);
    VariantClear(&left);
    VariantClear(&right);
    VariantClear(&result);
}

#define IS(f, a, x, b, y, type, value) check(__LINE__, f, VT_##a, x, VT_##b, y, S_OK, VT_##type, value)
#define FAILS(f, a, x, b, y, error) check(__LINE__, f, VT_##a, x, VT_##b, y, error, VT_EMPTY, 0)

static void sums(void)
{
    IS(VarAdd, I2, 3, I2, 4, I2, 7);
    IS(VarAdd, I2, 32767, I2, 1, I4, 32768);
    IS(VarAdd, I2, -32768, I2, -1, I4, -32769);
    IS(VarAdd, UI1, 200, UI1, 55, UI1, 255);
    IS(VarAdd, UI1, 200, UI1, 56, I2, 256);
    IS(VarAdd, UI1, 200, I2, 1, I2, 201);
    IS(VarAdd, I4, 2147483647, I4, 1, R8, 2147483648.0);
    IS(VarAdd, I4, 1, I2, 1, I4, 2);
    IS(VarAdd, I8, 1, I4, 1, I8, 2);
    IS(VarAdd, BOOL, 1, I2, 5, I2, 4);
    IS(VarAdd, BOOL, 1, BOOL, 1, I2, -2);
    IS(VarAdd, EMPTY, 0, EMPTY, 0, I2, 0);
    IS(VarAdd, EMPTY, 0, I4, 5, I4, 5);
    IS(VarAdd, EMPTY, 0, UI1, 5, UI1, 5);
    IS(VarAdd, R4, 1.5, I2, 2, R4, 3.5);
    IS(VarAdd, R4, 1.5, I4, 2, R8, 3.5);
    IS(VarAdd, R4, 1.5, R8, 2, R8, 3.5);
    IS(VarAdd, R8, 1.5, CY, 2, CY, 3.5);
    IS(VarAdd, CY, 1.0001, CY, 2, CY, 3.0001);
    IS(VarAdd, DATE, 2.5, I4, 1, DATE, 3.5);
    IS(VarAdd, DATE, 2.5, DATE, 1, DATE, 3.5);
    IS(VarAdd, DECIMAL, 2.5, R8, 0.25, DECIMAL, 2.75);
    IS(VarAdd, BSTR, 2.5, R8, 1, R8, 3.5);
    IS(VarAdd, BSTR, 12, BSTR, 34, BSTR, 1234); /* texts, one behind the other */
    IS(VarAdd, EMPTY, 0, BSTR, 34, BSTR, 34);
    IS(VarAdd, NULL, 0, I2, 1, NULL, 0);
    IS(VarAdd, R8, 1, NULL, 1, NULL, 0);
    FAILS(VarAdd, I1, 1, I2, 1, DISP_E_BADVARTYPE);
    FAILS(VarAdd, UI4, 1, I2, 1, DISP_E_BADVARTYPE);
    FAILS(VarAdd, UI8, 1, UI8, 1, DISP_E_BADVARTYPE);
    IS(VarSub, I2, 3, I2, 4, I2, -1);
    if (!check_under_wine()) /* gives the wrong bound */
        IS(VarSub, I2, -32768, I2, 1, I4, -32769);
    IS(VarSub, UI1, 5, UI1, 5, UI1, 0);
    if (!check_under_wine()) /* gives the wrong bound */
        IS(VarSub, I4, -2147483648.0, I4, 1, R8, -2147483649.0);
    IS(VarSub, DATE, 3.5, DATE, 1, R8, 2.5);
    IS(VarSub, DATE, 3.5, R8, 1, DATE, 2.5);
    IS(VarSub, CY, 1, I4, 3, CY, -2);
    IS(VarSub, DECIMAL, 1, DECIMAL, 0.5, DECIMAL, 0.5);
    IS(VarSub, BSTR, 12, BSTR, 2, R8, 10);
    IS(VarSub, NULL, 0, NULL, 0, NULL, 0);
}

static void products(void)
{
    IS(VarMul, I2, 3, I2, 4, I2, 12);
    IS(VarMul, I2, 300, I2, 300, I4, 90000);
    IS(VarMul, I2, -32768, I2, -1, I4, 32768);
    IS(VarMul, I4, 100000, I4, 100000, R8, 1e10);
    IS(VarMul, UI1, 15, UI1, 17, UI1, 255);
    IS(VarMul, UI1, 16, UI1, 16, I2, 256);
    IS(VarMul, CY, 1.5, CY, 1.5, CY, 2.25);
    IS(VarMul, CY, 1.5, I4, 3, CY, 4.5);
    IS(VarMul, CY, 1.5, R8, 3, R8, 4.5);
    IS(VarMul, DATE, 2, I2, 3, R8, 6);
    IS(VarMul, R4, 1.5, R4, 2, R4, 3);
    IS(VarMul, R4, 1.5, I4, 2, R8, 3);
    IS(VarMul, R4, 1e30, R4, 1e30, R8, (double)1e30f * (double)1e30f);
    IS(VarMul, DECIMAL, 1.5, DECIMAL, -2.5, DECIMAL, -3.75);
    IS(VarMul, DECIMAL, 123456789012.0, I4, 1000000007, DECIMAL, 123456789012.0 * 1000000007.0);
    IS(VarMul, BSTR, 2, BSTR, 3, R8, 6);
    IS(VarMul, EMPTY, 0, R8, 3, R8, 0);
    FAILS(VarMul, UI2, 1, I2, 10, DISP_E_BADVARTYPE);
    IS(VarDiv, I2, 7, I2, 2, R8, 3.5);
    IS(VarDiv, R4, 7, I2, 2, R4, 3.5);
    IS(VarDiv, R4, 7, I4, 2, R8, 3.5);
    IS(VarDiv, UI1, 1, R4, 4, R4, 0.25);
    IS(VarDiv, CY, 7, CY, 2, R8, 3.5);
    IS(VarDiv, DATE, 7, I2, 2, R8, 3.5);
    IS(VarDiv, DECIMAL, 1, DECIMAL, 8, DECIMAL, 0.125);
    IS(VarDiv, DECIMAL, 1, DECIMAL, 3, DECIMAL, 1.0 / 3);
    IS(VarDiv, I4, 6, DECIMAL, 4, DECIMAL, 1.5);
    IS(VarDiv, BSTR, 9, BSTR, 2, R8, 4.5);
    IS(VarDiv, NULL, 0, I2, 0, NULL, 0);
    FAILS(VarDiv, I2, 1, I2, 0, DISP_E_DIVBYZERO);
    FAILS(VarDiv, R8, 1, R8, 0, DISP_E_DIVBYZERO);
    FAILS(VarDiv, I2, 0, I2, 0, DISP_E_OVERFLOW);
    FAILS(VarDiv, DECIMAL, 1, DECIMAL, 0, DISP_E_DIVBYZERO);
    IS(VarPow, I2, 2, I2, 10, R8, 1024);
    IS(VarPow, R8, 2, R8, 0.5, R8, 1.4142135623730951);
    IS(VarPow, BSTR, 3, I4, 2, R8, 9);
    IS(VarPow, EMPTY, 0, EMPTY, 0, R8, 1);
    IS(VarPow, NULL, 0, I4, 2, NULL, 0);
}

static void whole_numbers(void)
{
    IS(VarIdiv, I2, 7, I2, 2, I2, 3);
    IS(VarIdiv, I2, -7, I2, 2, I2, -3);
    IS(VarIdiv, UI1, 7, UI1, 2, UI1, 3);
    IS(VarIdiv, R8, 7.5, R8, 2, I4, 4); /* 8 \ 2: half to even */
    IS(VarIdiv, R8, 6.5, R8, 2, I4, 3);
    IS(VarIdiv, I8, 100, I2, 7, I8, 14);
    IS(VarIdiv, BSTR, 9, I2, 2, I4, 4);
    IS(VarIdiv, NULL, 9, I2, 2, NULL, 0);
    FAILS(VarIdiv, I2, 9, I2, 0, DISP_E_DIVBYZERO);
    IS(VarMod, I2, 7, I2, 2, I2, 1);
    IS(VarMod, I2, -7, I2, 2, I2, -1);
    IS(VarMod, I4, 7, I4, -4, I4, 3);
    IS(VarMod, UI1, 7, UI1, 4, UI1, 3);
    IS(VarMod, R8, 10.4, R8, 4, I4, 2);
    IS(VarMod, I8, 100, I8, 7, I8, 2);
    IS(VarMod, I4, -2147483648.0, I4, -1, I4, 0);
    IS(VarMod, NULL, 9, I2, 2, NULL, 0);
    FAILS(VarMod, I4, 9, I4, 0, DISP_E_DIVBYZERO);
}

static void logic(void)
{
    IS(VarAnd, I2, 12, I2, 10, I2, 8);
    IS(VarAnd, BOOL, 1, BOOL, 1, BOOL, -1);
    IS(VarAnd, BOOL, 1, BOOL, 0, BOOL, 0);
    IS(VarAnd, I4, 12, I2, 10, I4, 8);
    IS(VarAnd, UI1, 12, UI1, 10, UI1, 8);
    IS(VarAnd, R8, 12.4, I2, 10, I4, 8);
    IS(VarAnd, NULL, 0, BOOL, 0, BOOL, 0);
    IS(VarAnd, NULL, 0, I4, 0, I4, 0);
    IS(VarAnd, NULL, 0, I4, 5, NULL, 0);
    IS(VarAnd, NULL, 0, NULL, 0, NULL, 0);
    IS(VarOr, I2, 12, I2, 10, I2, 14);
    IS(VarOr, BOOL, 0, BOOL, 1, BOOL, -1);
    IS(VarOr, NULL, 0, I2, 5, I2, 5);
    IS(VarOr, NULL, 0, BOOL, 1, BOOL, -1);
    IS(VarOr, NULL, 0, BOOL, 0, NULL, 0);
    IS(VarOr, BOOL, 1, NULL, 0, BOOL, -1);
    IS(VarXor, I2, 12, I2, 10, I2, 6);
    IS(VarXor, BOOL, 1, BOOL, 1, BOOL, 0);
    IS(VarXor, NULL, 1, BOOL, 1, NULL, 0);
    IS(VarEqv, I2, 12, I2, 10, I2, ~6);
    IS(VarEqv, BOOL, 0, BOOL, 0, BOOL, -1);
    IS(VarEqv, NULL, 0, BOOL, 0, NULL, 0);
    IS(VarImp, I2, 12, I2, 10, I2, ~12 | 10);
    IS(VarImp, BOOL, 1, BOOL, 0, BOOL, 0);
    IS(VarImp, BOOL, 0, BOOL, 0, BOOL, -1);
    IS(VarImp, NULL, 0, BOOL, 1, BOOL, -1);
    IS(VarImp, NULL, 0, BOOL, 0, NULL, 0);
}

static void check_one(int line, Unary function, VARTYPE a, double x, VARTYPE type, double value)
{
    VARIANT from = make(a, x), result;
    int failed = check_failed;

    VariantInit(&result);
    CHECK_EQ(function(&from, &result), S_OK);
    CHECK_EQ(result.vt, type);
    CHECK(fabs(value_of(&result) - value) <= fabs(value) * 1e-12);
    if (check_failed != failed)
        printf("  at line %d: %.17g, expected %.17g\n", line, value_of(&result), value);
    VariantClear(&from);
}

#define ONE(f, a, x, type, value) check_one(__LINE__, f, VT_##a, x, VT_##type, value)

static HRESULT WINAPI round1(LPVARIANT from, LPVARIANT to)
{
    return VarRound(from, 1, to);
}

static void one_number(void)
{
    ONE(VarNeg, I2, 5, I2, -5);
    ONE(VarNeg, I2, -32768, I4, 32768);
    ONE(VarNeg, I4, -2147483648.0, R8, 2147483648.0);
    ONE(VarNeg, UI1, 5, I2, -5);
    ONE(VarNeg, BOOL, 1, I2, 1);
    ONE(VarNeg, BSTR, 1.5, R8, -1.5);
    ONE(VarNeg, CY, 1.5, CY, -1.5);
    ONE(VarNeg, DECIMAL, 1.5, DECIMAL, -1.5);
    ONE(VarNeg, EMPTY, 0, I2, 0);
    ONE(VarNeg, NULL, 0, NULL, 0);
    ONE(VarAbs, I2, -5, I2, 5);
    ONE(VarAbs, R8, -5.5, R8, 5.5);
    ONE(VarAbs, CY, -5.5, CY, 5.5);
    ONE(VarAbs, DECIMAL, -5.5, DECIMAL, 5.5);
    ONE(VarAbs, BOOL, 1, I2, 1);
    ONE(VarFix, R8, -5.5, R8, -5);
    ONE(VarFix, R8, 5.5, R8, 5);
    ONE(VarFix, R4, -0.5, R4, 0);
    ONE(VarFix, CY, -5.5, CY, -5);
    ONE(VarFix, DECIMAL, -5.5, DECIMAL, -5);
    ONE(VarFix, BSTR, 5.5, R8, 5);
    ONE(VarFix, I4, -7, I4, -7);
    ONE(VarFix, UI1, 7, UI1, 7);
    ONE(VarInt, R8, -5.5, R8, -6);
    ONE(VarInt, R8, -5, R8, -5);
    ONE(VarInt, R8, 5.5, R8, 5);
    ONE(VarInt, R8, 1e300, R8, 1e300);
    ONE(VarInt, CY, -5.5, CY, -6);
    ONE(VarInt, DECIMAL, -5.5, DECIMAL, -6);
    ONE(VarInt, DECIMAL, 5.5, DECIMAL, 5);
    ONE(round1, R8, 1.26, R8, 1.3);
    if (!check_under_wine()) /* half is not to even there */
        ONE(round1, R8, 1.25, R8, 1.2);
    ONE(round1, R8, 1.75, R8, 1.8);
    ONE(round1, R8, -1.26, R8, -1.3);
    ONE(round1, CY, 1.21, CY, 1.2);
    ONE(round1, I2, 7, I2, 7);
    ONE(VarNot, I2, 5, I2, -6);
    ONE(VarNot, I4, 5, I4, -6);
    ONE(VarNot, BOOL, 1, BOOL, 0);
    ONE(VarNot, BOOL, 0, BOOL, -1);
    ONE(VarNot, UI1, 5, UI1, 250);
    ONE(VarNot, R8, 5.4, I4, -6);
    ONE(VarNot, NULL, 0, NULL, 0);
}

static void decimals(void)
{
    DECIMAL a, b, c;

    VarDecFromStr((WCHAR *)L"79228162514264337593543950335", LOCALE_INVARIANT, 0, &a);
    VarDecFromI4(2, &b);
    CHECK_EQ(VarDecMul(&a, &b, &c), DISP_E_OVERFLOW);
    CHECK_EQ(VarDecDiv(&a, &b, &c), S_OK); /* one more digit than fits: rounded to even */
    CHECK_EQ(c.scale, 0);
    VarDecFromStr((WCHAR *)L"39614081257132168796771975168", LOCALE_INVARIANT, 0, &a);
    if (!check_under_wine()) /* rounds down */
        CHECK_EQ(VarDecCmp(&a, &c), VARCMP_EQ);
    VarDecFromStr((WCHAR *)L"0.0000000000000000000000000001", LOCALE_INVARIANT, 0, &a);
    CHECK_EQ(VarDecMul(&a, &a, &c), S_OK); /* nothing is left of it */
    VarDecFromI4(0, &b);
    CHECK_EQ(VarDecCmp(&c, &b), VARCMP_EQ);
    CHECK_EQ(VarDecDiv(&a, &b, &c), DISP_E_DIVBYZERO);
}

static void texts(void)
{
    VARIANT a = make(VT_I4, 12), b = make(VT_BSTR, 3.5), none = make(VT_EMPTY, 0), null = make(VT_NULL, 0), result;

    VariantInit(&result);
    CHECK_EQ(VarCat(&a, &b, &result), S_OK);
    CHECK(result.vt == VT_BSTR && !wcscmp(result.bstrVal, L"123.5"));
    VariantClear(&result);
    CHECK_EQ(VarCat(&none, &a, &result), S_OK);
    CHECK(result.vt == VT_BSTR && !wcscmp(result.bstrVal, L"12"));
    VariantClear(&result);
    CHECK_EQ(VarCat(&null, &a, &result), S_OK);
    CHECK(result.vt == VT_BSTR && !wcscmp(result.bstrVal, L"12"));
    VariantClear(&result);
    CHECK_EQ(VarCat(&none, &none, &result), S_OK);
    CHECK(result.vt == VT_BSTR && SysStringLen(result.bstrVal) == 0);
    VariantClear(&result);
    CHECK_EQ(VarCat(&null, &null, &result), S_OK);
    CHECK_EQ(result.vt, VT_NULL);
    VariantClear(&b);
}

int main(void)
{
    sums();
    products();
    whole_numbers();
    logic();
    one_number();
    decimals();
    texts();
    return check_done();
}
