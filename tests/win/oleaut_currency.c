/*
 * Do currencies add, multiply, round and compare as documented, and does DispCallFunc pass integers, floating point,
 * structures and results of every type?
 * link: -loleaut32 -lole32 -luuid
 */
#include "check.h"
#include <objbase.h>
#include <oleauto.h>
#include <stdint.h>

static CY cy(LONGLONG units)
{
    CY value;

    value.int64 = units;
    return value;
}

static void arithmetic(void)
{
    static const LONGLONG values[] = {0, 1, -1, 5000, -5000, 10000, -10000, 123456789, -987654321, 150000, 250000};
    CY result;

    for (int i = 0; i < 11; i++)
        for (int j = 0; j < 11; j++) {
            LONGLONG a = values[i], b = values[j];

            CHECK_EQ(VarCyAdd(cy(a), cy(b), &result), S_OK);
            CHECK_EQ(result.int64, a + b);
            CHECK_EQ(VarCySub(cy(a), cy(b), &result), S_OK);
            CHECK_EQ(result.int64, a - b);
            CHECK_EQ(VarCyMulI4(cy(a), (LONG)(b / 100), &result), S_OK);
            CHECK_EQ(result.int64, a * (b / 100));
            CHECK_EQ(VarCyCmp(cy(a), cy(b)), a < b ? VARCMP_LT : a > b ? VARCMP_GT : VARCMP_EQ);
            CHECK_EQ(VarCyCmpR8(cy(a), (double)b / 10000), a < b ? VARCMP_LT : a > b ? VARCMP_GT : VARCMP_EQ);
        }
    CHECK_EQ(VarCyMul(cy(15000), cy(25000), &result), S_OK);
    CHECK_EQ(result.int64, 37500);
    CHECK_EQ(VarCyMul(cy(-15000), cy(25000), &result), S_OK);
    CHECK_EQ(result.int64, -37500);
    CHECK_EQ(VarCyMulI8(cy(15000), 3, &result), S_OK);
    CHECK_EQ(result.int64, 45000);
    CHECK_EQ(VarCyAdd(cy(INT64_MAX), cy(10000), &result), DISP_E_OVERFLOW);
    CHECK_EQ(VarCySub(cy(INT64_MIN), cy(10000), &result), DISP_E_OVERFLOW);
    CHECK_EQ(VarCyMul(cy(INT64_MAX), cy(20000), &result), DISP_E_OVERFLOW);
    CHECK_EQ(VarCyMulI4(cy(INT64_MAX), 2, &result), DISP_E_OVERFLOW);
    CHECK_EQ(VarCyNeg(cy(70000), &result), S_OK);
    CHECK_EQ(result.int64, -70000);
    CHECK_EQ(VarCyNeg(cy(INT64_MIN), &result), DISP_E_OVERFLOW);
    CHECK_EQ(VarCyAbs(cy(INT64_MIN), &result), DISP_E_OVERFLOW);
    CHECK_EQ(VarCyAbs(cy(-3), &result), S_OK);
    CHECK_EQ(result.int64, 3);
}

static void rounding(void)
{
    static const struct {
        LONGLONG value, fix, whole, rounded[5];
    } cases[] = {
        {12345, 10000, 10000, {10000, 12000, 12300, 12340, 12345}},
        {-12345, -10000, -20000, {-10000, -12000, -12300, -12340, -12345}},
        {15000, 10000, 10000, {20000, 15000, 15000, 15000, 15000}},
        {25000, 20000, 20000, {20000, 25000, 25000, 25000, 25000}},
        {-5000, 0, -10000, {0, -5000, -5000, -5000, -5000}},
        {0, 0, 0, {0, 0, 0, 0, 0}},
        {99999, 90000, 90000, {100000, 100000, 100000, 100000, 99999}},
        {-10000, -10000, -10000, {-10000, -10000, -10000, -10000, -10000}},
    };
    CY result;
    double real;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        CHECK_EQ(VarCyFix(cy(cases[i].value), &result), S_OK);
        CHECK_EQ(result.int64, cases[i].fix);
        CHECK_EQ(VarCyInt(cy(cases[i].value), &result), S_OK);
        CHECK_EQ(result.int64, cases[i].whole);
        for (int digits = 0; digits < 5; digits++) {
            CHECK_EQ(VarCyRound(cy(cases[i].value), digits, &result), S_OK);
            CHECK_EQ(result.int64, cases[i].rounded[digits]);
        }
    }
    CHECK_EQ(VarCyRound(cy(1), -1, &result), E_INVALIDARG);
    CHECK_EQ(VarR8Pow(2, 10, &real), S_OK);
    CHECK(real == 1024);
    CHECK_EQ(VarR8Round(2.345678, 2, &real), S_OK);
    CHECK(real == 2.35);
    CHECK_EQ(VarR8Round(2.5, -1, &real), E_INVALIDARG);
    CHECK_EQ(VarR4CmpR8(1.5f, 1.5), VARCMP_EQ);
    CHECK_EQ(VarR4CmpR8(1.5f, 2), VARCMP_LT);
    CHECK_EQ(VarR4CmpR8(2.5f, 2), VARCMP_GT);
}

static LONG WINAPI add_six(LONG a, SHORT b, BYTE c, LONGLONG d, double e, float f)
{
    return a + b + c + (LONG)d + (LONG)e + (LONG)f;
}

static double WINAPI real_sum(double a, float b, int c, double d, float e, double f)
{
    return a + b + c + d + e + f;
}

static float WINAPI half(float a)
{
    return a / 2;
}

static VARIANT WINAPI make_variant(LONG a)
{
    VARIANT v;

    VariantInit(&v);
    V_VT(&v) = VT_I4;
    V_I4(&v) = a + 1;
    return v;
}

static LONG WINAPI of_variant(VARIANT v, LONG *place)
{
    *place = 99;
    return V_VT(&v) == VT_I4 ? V_I4(&v) : -1;
}

static struct object {
    void **methods;
    int value;
} object;

static LONG WINAPI method(struct object *this, LONG a)
{
    return this->value + a;
}

#define ARGUMENT(i, type, field, v)                                                                                    \
    do {                                                                                                               \
        VariantInit(&values[i]);                                                                                       \
        types[i] = V_VT(&values[i]) = type;                                                                            \
        field(&values[i]) = v;                                                                                         \
        list[i] = &values[i];                                                                                          \
    } while (0)

static void calls(void)
{
    VARIANT values[6], *list[6], result;
    VARTYPE types[6];
    static void *methods[] = {NULL, (void *)method};
    LONG place = 0;

    ARGUMENT(0, VT_I4, V_I4, -100);
    ARGUMENT(1, VT_I2, V_I2, -20);
    ARGUMENT(2, VT_UI1, V_UI1, 200);
    ARGUMENT(3, VT_I8, V_I8, 1000);
    ARGUMENT(4, VT_R8, V_R8, 3.0);
    ARGUMENT(5, VT_R4, V_R4, 4.0f);
    VariantInit(&result);
    CHECK_EQ(DispCallFunc(NULL, (ULONG_PTR)add_six, CC_STDCALL, VT_I4, 6, types, list, &result), S_OK);
    CHECK_EQ(V_VT(&result), VT_I4);
    CHECK_EQ(V_I4(&result), -100 - 20 + 200 + 1000 + 3 + 4);

    ARGUMENT(0, VT_R8, V_R8, 0.5);
    ARGUMENT(1, VT_R4, V_R4, 0.25f);
    ARGUMENT(2, VT_I4, V_I4, 3);
    ARGUMENT(3, VT_R8, V_R8, 10.0);
    ARGUMENT(4, VT_R4, V_R4, 100.0f);
    ARGUMENT(5, VT_R8, V_R8, 1000.0);
    CHECK_EQ(DispCallFunc(NULL, (ULONG_PTR)real_sum, CC_STDCALL, VT_R8, 6, types, list, &result), S_OK);
    CHECK_EQ(V_VT(&result), VT_R8);
    CHECK(V_R8(&result) == 1113.75);

    ARGUMENT(0, VT_R4, V_R4, 5.0f);
    CHECK_EQ(DispCallFunc(NULL, (ULONG_PTR)half, CC_STDCALL, VT_R4, 1, types, list, &result), S_OK);
    CHECK_EQ(V_VT(&result), VT_R4);
    if (!check_under_wine()) /* looks for it among the integers */
        CHECK(V_R4(&result) == 2.5f);

    ARGUMENT(0, VT_I4, V_I4, 41);
    CHECK_EQ(DispCallFunc(NULL, (ULONG_PTR)make_variant, CC_STDCALL, VT_VARIANT, 1, types, list, &result), S_OK);
    CHECK_EQ(V_VT(&result), VT_I4);
    CHECK_EQ(V_I4(&result), 42);

    types[0] = VT_VARIANT;
    ARGUMENT(1, VT_I4 | VT_BYREF, V_I4REF, &place);
    CHECK_EQ(DispCallFunc(NULL, (ULONG_PTR)of_variant, CC_STDCALL, VT_I4, 2, types, list, &result), S_OK);
    CHECK_EQ(V_I4(&result), 41);
    CHECK_EQ(place, 99);

    object.methods = methods;
    object.value = 1000;
    ARGUMENT(0, VT_I4, V_I4, 1);
    CHECK_EQ(DispCallFunc(&object, sizeof(void *), CC_STDCALL, VT_I4, 1, types, list, &result), S_OK);
    CHECK_EQ(V_I4(&result), 1001);
    CHECK_EQ(DispCallFunc(&object, sizeof(void *), CC_STDCALL, VT_EMPTY, 1, types, list, &result), S_OK);
    CHECK_EQ(V_VT(&result), VT_EMPTY);
}

int main(void)
{
    arithmetic();
    rounding();
    calls();
    return check_done();
}
