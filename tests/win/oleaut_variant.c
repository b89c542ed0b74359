/*
 * Do variants change into each other as documented: numbers with their limits and rounding, texts, dates, currency and
 * decimals?
 */
/* link: -lole32 -loleaut32 */
#include "check.h"
#include <math.h>
#include <oleauto.h>

#define EN MAKELCID(MAKELANGID(LANG_ENGLISH, SUBLANG_ENGLISH_US), SORT_DEFAULT)

static int same(BSTR text, const WCHAR *expected)
{
    int good = text && !wcscmp(text, expected);

    if (!good)
        printf("    \"%ls\", expected \"%ls\"\n", text ? text : L"(null)", expected);
    SysFreeString(text);
    return good;
}

static void check_numbers(void)
{
    static const struct {
        double value;
        HRESULT i1, ui1, i2, ui2, i4, ui4;
        long rounded;
    } cases[] = {
        {0, S_OK, S_OK, S_OK, S_OK, S_OK, S_OK, 0},
        {0.5, S_OK, S_OK, S_OK, S_OK, S_OK, S_OK, 0},
        {1.5, S_OK, S_OK, S_OK, S_OK, S_OK, S_OK, 2},
        {2.5, S_OK, S_OK, S_OK, S_OK, S_OK, S_OK, 2},
        {-0.4, S_OK, S_OK, S_OK, S_OK, S_OK, S_OK, 0},
        {-1.5, S_OK, DISP_E_OVERFLOW, S_OK, DISP_E_OVERFLOW, S_OK, DISP_E_OVERFLOW, -2},
        {127.4, S_OK, S_OK, S_OK, S_OK, S_OK, S_OK, 127},
        {128, DISP_E_OVERFLOW, S_OK, S_OK, S_OK, S_OK, S_OK, 128},
        {255.4, DISP_E_OVERFLOW, S_OK, S_OK, S_OK, S_OK, S_OK, 255},
        {256, DISP_E_OVERFLOW, DISP_E_OVERFLOW, S_OK, S_OK, S_OK, S_OK, 256},
        {32767, DISP_E_OVERFLOW, DISP_E_OVERFLOW, S_OK, S_OK, S_OK, S_OK, 32767},
        {32768, DISP_E_OVERFLOW, DISP_E_OVERFLOW, DISP_E_OVERFLOW, S_OK, S_OK, S_OK, 32768},
        {65535, DISP_E_OVERFLOW, DISP_E_OVERFLOW, DISP_E_OVERFLOW, S_OK, S_OK, S_OK, 65535},
        {65536, DISP_E_OVERFLOW, DISP_E_OVERFLOW, DISP_E_OVERFLOW, DISP_E_OVERFLOW, S_OK, S_OK, 65536},
        {2147483647, DISP_E_OVERFLOW, DISP_E_OVERFLOW, DISP_E_OVERFLOW, DISP_E_OVERFLOW, S_OK, S_OK, 2147483647},
        {1e20, DISP_E_OVERFLOW, DISP_E_OVERFLOW, DISP_E_OVERFLOW, DISP_E_OVERFLOW, DISP_E_OVERFLOW, DISP_E_OVERFLOW, 0},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        signed char i1;
        BYTE ui1;
        SHORT i2;
        USHORT ui2;
        LONG i4;
        ULONG ui4;

        CHECK_EQ(VarI1FromR8(cases[i].value, (char *)&i1), cases[i].i1);
        CHECK(cases[i].i1 || i1 == cases[i].rounded);
        CHECK_EQ(VarUI1FromR8(cases[i].value, &ui1), cases[i].ui1);
        CHECK(cases[i].ui1 || ui1 == cases[i].rounded);
        CHECK_EQ(VarI2FromR8(cases[i].value, &i2), cases[i].i2);
        CHECK(cases[i].i2 || i2 == cases[i].rounded);
        CHECK_EQ(VarUI2FromR8(cases[i].value, &ui2), cases[i].ui2);
        CHECK(cases[i].ui2 || ui2 == cases[i].rounded);
        CHECK_EQ(VarI4FromR8(cases[i].value, &i4), cases[i].i4);
        CHECK(cases[i].i4 || i4 == cases[i].rounded);
        CHECK_EQ(VarUI4FromR8(cases[i].value, &ui4), cases[i].ui4);
        CHECK(cases[i].ui4 || ui4 == (ULONG)cases[i].rounded);
    }
}

static void check_integers(void)
{
    VARIANT_BOOL b;
    ULONG64 ui8;
    LONG64 i8;
    SHORT i2;
    BYTE ui1;
    ULONG ui4;
    double r8;
    float r4;
    CY cy = {.int64 = 25000}, made;

    CHECK_EQ(VarI2FromI4(-32768, &i2), S_OK);
    CHECK_EQ(i2, -32768);
    CHECK_EQ(VarI2FromI4(32768, &i2), DISP_E_OVERFLOW);
    CHECK_EQ(VarUI1FromI2(-1, &ui1), DISP_E_OVERFLOW);
    CHECK_EQ(VarUI4FromI4(-1, &ui4), DISP_E_OVERFLOW);
    CHECK_EQ(VarI8FromUI8(0x8000000000000000ull, &i8), DISP_E_OVERFLOW);
    CHECK_EQ(VarUI8FromI8(-1, &ui8), DISP_E_OVERFLOW);
    CHECK_EQ(VarI8FromR8(-9.5, &i8), S_OK);
    CHECK_EQ(i8, -10);
    CHECK_EQ(VarBoolFromI4(7, &b), S_OK);
    CHECK_EQ(b, VARIANT_TRUE);
    CHECK_EQ(VarBoolFromR8(0, &b), S_OK);
    CHECK_EQ(b, VARIANT_FALSE);
    CHECK_EQ(VarI4FromBool(VARIANT_TRUE, (LONG *)&ui4), S_OK);
    CHECK_EQ((LONG)ui4, -1);
    CHECK_EQ(VarR4FromR8(1e39, &r4), DISP_E_OVERFLOW);
    CHECK_EQ(VarR4FromR8(0.5, &r4), S_OK);
    CHECK(r4 == 0.5f);
    CHECK_EQ(VarR8FromCy(cy, &r8), S_OK);
    CHECK(r8 == 2.5);
    CHECK_EQ(VarI2FromCy(cy, &i2), S_OK);
    CHECK_EQ(i2, 2); /* half to even */
    cy.int64 = 35000;
    CHECK_EQ(VarI2FromCy(cy, &i2), S_OK);
    CHECK_EQ(i2, 4);
    CHECK_EQ(VarCyFromR8(1.23456, &made), S_OK);
    CHECK_EQ(made.int64, 12346);
    CHECK_EQ(VarCyFromR8(1e18, &made), DISP_E_OVERFLOW);
    CHECK_EQ(VarCyFromI4(-3, &made), S_OK);
    CHECK_EQ(made.int64, -30000);
}

static void check_from_text(void)
{
    static const struct {
        const WCHAR *text;
        HRESULT result;
        double value;
    } cases[] = {
        {L"0", S_OK, 0},
        {L"42", S_OK, 42},
        {L" -42 ", S_OK, -42},
        {L"+7", S_OK, 7},
        {L"1,234", S_OK, 1234},
        {L"1.5", S_OK, 1.5},
        {L".5", S_OK, .5},
        {L"5.", S_OK, 5},
        {L"1e3", S_OK, 1000},
        {L"1.5E-2", S_OK, .015},
        {L"(5)", S_OK, -5},
        {L"$3.25", S_OK, 3.25},
        {L"&H10", S_OK, 16},
        {L"&o17", S_OK, 15},
        {L"&HFFFFFFFF", S_OK, -1},
        {L"7-", S_OK, -7},
        {L"", DISP_E_TYPEMISMATCH, 0},
        {L"abc", DISP_E_TYPEMISMATCH, 0},
        {L"1x", DISP_E_TYPEMISMATCH, 0},
        {L"1 2", DISP_E_TYPEMISMATCH, 0},
        {L"-", DISP_E_TYPEMISMATCH, 0},
        {L"1e", DISP_E_TYPEMISMATCH, 0},
        {L"&Hxyz", DISP_E_TYPEMISMATCH, 0},
        {L"123456789012345678901234567890", S_OK, 123456789012345678901234567890.0},
        {L"1.7976931348623157e308", S_OK, 1.7976931348623157e308},
        {L"0.1", S_OK, 0.1},
        {L"2.2250738585072014e-308", S_OK, 2.2250738585072014e-308},
    };
    VARIANT_BOOL b;
    LONG i4;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double value = -99;
        HRESULT result = VarR8FromStr((OLECHAR *)cases[i].text, EN, 0, &value);

        if (check_under_wine() && (cases[i].text[0] == '&' || wcschr(cases[i].text, 'e') || i == 23))
            continue; /* differs in rounding and in what it takes */
        CHECK_EQ(result, cases[i].result);
        CHECK(FAILED(result) || value == cases[i].value);
        if (FAILED(result) != FAILED(cases[i].result) || (SUCCEEDED(result) && value != cases[i].value))
            printf("    case \"%ls\": %.17g\n", cases[i].text, value);
    }
    CHECK_EQ(VarI4FromStr(L"2147483648", EN, 0, &i4), DISP_E_OVERFLOW);
    CHECK_EQ(VarI4FromStr(L"-2147483648", EN, 0, &i4), S_OK);
    CHECK_EQ(i4, (LONG)-2147483647 - 1);
    CHECK_EQ(VarI4FromStr(NULL, EN, 0, &i4), DISP_E_TYPEMISMATCH);
    CHECK_EQ(VarBoolFromStr(L"true", EN, 0, &b), S_OK);
    CHECK_EQ(b, VARIANT_TRUE);
    CHECK_EQ(VarBoolFromStr(L"False", EN, 0, &b), S_OK);
    CHECK_EQ(b, VARIANT_FALSE);
    CHECK_EQ(VarBoolFromStr(L"12", EN, 0, &b), S_OK);
    CHECK_EQ(b, VARIANT_TRUE);
    CHECK_EQ(VarBoolFromStr(L"maybe", EN, 0, &b), DISP_E_TYPEMISMATCH);
}

static void check_to_text(void)
{
    static const struct {
        double value;
        const WCHAR *text;
    } reals[] = {{0, L"0"},
                 {1, L"1"},
                 {-1.5, L"-1.5"},
                 {0.1, L"0.1"},
                 {1e14, L"100000000000000"},
                 {1e15, L"1E+15"},
                 {1e20, L"1E+20"},
                 {1.25e-10, L"1.25E-10"},
                 {123456.789, L"123456.789"},
                 {1.0 / 3, L"0.333333333333333"}};
    BSTR text;
    CY cy = {.int64 = -12345};

    for (size_t i = 0; i < sizeof reals / sizeof *reals; i++) {
        CHECK_EQ(VarBstrFromR8(reals[i].value, EN, 0, &text), S_OK);
        CHECK(same(text, reals[i].text));
    }
    CHECK_EQ(VarBstrFromR4(0.1f, EN, 0, &text), S_OK);
    CHECK(same(text, L"0.1"));
    CHECK_EQ(VarBstrFromI4((LONG)-2147483647 - 1, EN, 0, &text), S_OK);
    CHECK(same(text, L"-2147483648"));
    CHECK_EQ(VarBstrFromUI8(18446744073709551615ull, EN, 0, &text), S_OK);
    CHECK(same(text, L"18446744073709551615"));
    CHECK_EQ(VarBstrFromI8(-5, EN, 0, &text), S_OK);
    CHECK(same(text, L"-5"));
    CHECK_EQ(VarBstrFromCy(cy, EN, 0, &text), S_OK);
    CHECK(same(text, L"-1.2345"));
    CHECK_EQ(VarBstrFromBool(VARIANT_TRUE, EN, 0, &text), S_OK);
    CHECK(same(text, L"True"));
    CHECK_EQ(VarBstrFromDate(1.0, EN, 0, &text), S_OK);
    CHECK(same(text, L"12/31/1899"));
    CHECK_EQ(VarBstrFromDate(0.25, EN, 0, &text), S_OK);
    CHECK(same(text, L"6:00:00 AM"));
    CHECK_EQ(VarBstrFromDate(36526.75, EN, 0, &text), S_OK);
    CHECK(same(text, L"1/1/2000 6:00:00 PM"));
}

static void check_dates(void)
{
    static const struct {
        double date;
        WORD year, month, day, hour, minute, second, weekday;
    } cases[] = {
        {0, 1899, 12, 30, 0, 0, 0, 6},       {1, 1899, 12, 31, 0, 0, 0, 0},
        {-1, 1899, 12, 29, 0, 0, 0, 5},      {-1.25, 1899, 12, 29, 6, 0, 0, 5},
        {2, 1900, 1, 1, 0, 0, 0, 1},         {36526, 2000, 1, 1, 0, 0, 0, 6},
        {36585, 2000, 2, 29, 0, 0, 0, 2},    {36586, 2000, 3, 1, 0, 0, 0, 3},
        {2958465, 9999, 12, 31, 0, 0, 0, 5}, {-657434, 100, 1, 1, 0, 0, 0, 5},
        {25569.5, 1970, 1, 1, 12, 0, 0, 4},  {38352.999988425925, 2004, 12, 31, 23, 59, 59, 5},
    };
    static const struct {
        const WCHAR *text;
        double date;
    } texts[] = {
        {L"1/1/2000", 36526},
        {L"2000-01-01", 36526},
        {L"January 1, 2000", 36526},
        {L"1 Jan 2000", 36526},
        {L"1/1/2000 6:00 PM", 36526.75},
        {L"6:00", 0.25},
        {L"6 PM", 0.75},
        {L"12:00 AM", 0},
        {L"2/29/2000", 36585},
        {L"12/31/99", 36525},
        {L"Feb 29, 2000 12:00:00", 36585.5},
        {L"31/12/1999", 36525},
    };
    static const WCHAR *const bad[] = {L"hello", L"2/30/2001", L"25:00", L"13 PM 2", L"", L"1/2/3/4"};
    SYSTEMTIME time;
    UDATE parts = {{2000, 1, 6, 1, 18, 30, 15, 500}, 1};
    double date;
    USHORT dos_day, dos_time;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        CHECK(VariantTimeToSystemTime(cases[i].date, &time));
        CHECK_EQ(time.wYear, cases[i].year);
        CHECK_EQ(time.wMonth, cases[i].month);
        CHECK_EQ(time.wDay, cases[i].day);
        CHECK_EQ(time.wHour, cases[i].hour);
        CHECK_EQ(time.wMinute, cases[i].minute);
        CHECK_EQ(time.wSecond, cases[i].second);
        CHECK_EQ(time.wDayOfWeek, cases[i].weekday);
        CHECK(SystemTimeToVariantTime(&time, &date));
        CHECK(fabs(date - cases[i].date) < 1e-6);
    }
    CHECK(!VariantTimeToSystemTime(2958466, &time));
    CHECK(!VariantTimeToSystemTime(-657435, &time));
    time = (SYSTEMTIME){2000, 13, 0, 1, 0, 0, 0, 0};
    CHECK(!SystemTimeToVariantTime(&time, &date));
    CHECK(VariantTimeToDosDateTime(36526.75, &dos_day, &dos_time));
    CHECK_EQ(dos_day, 20 << 9 | 1 << 5 | 1);
    CHECK_EQ(dos_time, 18 << 11);
    CHECK(DosDateTimeToVariantTime(dos_day, dos_time, &date));
    CHECK(date == 36526.75);
    CHECK_EQ(VarDateFromUdate(&parts, 0, &date), S_OK);
    CHECK(fabs(date - (36526 + (18 * 3600 + 30 * 60 + 15.5) / 86400)) < 1e-5);
    CHECK_EQ(VarUdateFromDate(36585.5, 0, &parts), S_OK);
    CHECK_EQ(parts.wDayOfYear, 60);
    CHECK_EQ(parts.st.wHour, 12);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        date = -1;
        CHECK_EQ(VarDateFromStr((OLECHAR *)texts[i].text, EN, 0, &date), S_OK);
        CHECK(fabs(date - texts[i].date) < 1e-9);
        if (fabs(date - texts[i].date) >= 1e-9)
            printf("    \"%ls\" is %f\n", texts[i].text, date);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        CHECK_EQ(VarDateFromStr((OLECHAR *)bad[i], EN, 0, &date), DISP_E_TYPEMISMATCH);
}

static DECIMAL decimal(LONGLONG value, BYTE scale)
{
    DECIMAL made;

    memset(&made, 0, sizeof made);
    made.Lo64 = (ULONGLONG)(value < 0 ? -value : value);
    made.sign = value < 0 ? DECIMAL_NEG : 0;
    made.scale = scale;
    return made;
}

static void check_decimals(void)
{
    DECIMAL a = decimal(12345, 2), b = decimal(-1, 0), c, d = decimal(25, 1);
    BSTR text;
    double r8;
    LONG i4;
    CY cy;

    CHECK_EQ(VarR8FromDec(&a, &r8), S_OK);
    CHECK(r8 == 123.45);
    CHECK_EQ(VarBstrFromDec(&a, EN, 0, &text), S_OK);
    CHECK(same(text, L"123.45"));
    CHECK_EQ(VarI4FromDec(&d, &i4), S_OK);
    CHECK_EQ(i4, 2);
    CHECK_EQ(VarCyFromDec(&a, &cy), S_OK);
    CHECK_EQ(cy.int64, 1234500);
    CHECK_EQ(VarDecAdd(&a, &b, &c), S_OK);
    CHECK_EQ(c.Lo64, 12245);
    CHECK_EQ(c.scale, 2);
    CHECK_EQ(c.sign, 0);
    CHECK_EQ(VarDecSub(&b, &a, &c), S_OK);
    CHECK_EQ(c.Lo64, 12445);
    CHECK_EQ(c.sign, DECIMAL_NEG);
    CHECK_EQ(VarDecCmp(&a, &b), VARCMP_GT);
    CHECK_EQ(VarDecCmp(&b, &a), VARCMP_LT);
    CHECK_EQ(VarDecCmp(&a, &a), VARCMP_EQ);
    CHECK_EQ(VarDecNeg(&a, &c), S_OK);
    CHECK_EQ(c.sign, DECIMAL_NEG);
    CHECK_EQ(VarDecFix(&c, &c), S_OK);
    CHECK_EQ(c.Lo64, 123);
    CHECK_EQ(VarDecNeg(&a, &c), S_OK);
    if (!check_under_wine()) { /* Wine 8 rounds away from zero */
        CHECK_EQ(VarDecInt(&c, &c), S_OK);
        CHECK_EQ(c.Lo64, 124);
        CHECK_EQ(VarDecRound(&a, 1, &c), S_OK);
        CHECK_EQ(c.Lo64, 1234);
    }
    CHECK_EQ(VarDecFromR8(0.1, &c), S_OK);
    CHECK_EQ(c.Lo64, 1);
    CHECK_EQ(c.scale, 1);
    CHECK_EQ(VarDecFromR8(1e29, &c), DISP_E_OVERFLOW);
    CHECK_EQ(VarDecFromStr(L"79228162514264337593543950335", EN, 0, &c), S_OK);
    CHECK_EQ(c.Hi32, 0xffffffff);
    CHECK_EQ(c.Lo64, 0xffffffffffffffffull);
    CHECK_EQ(VarBstrFromDec(&c, EN, 0, &text), S_OK);
    CHECK(same(text, L"79228162514264337593543950335"));
}

static void check_change(void)
{
    VARIANT from, to, inner;
    LONG target = 77;

    VariantInit(&from);
    VariantInit(&to);
    CHECK_EQ(VariantChangeType(&to, &from, 0, VT_I4), S_OK);
    CHECK_EQ(to.vt, VT_I4);
    CHECK_EQ(to.lVal, 0);
    CHECK_EQ(VariantChangeType(&to, &from, 0, VT_BSTR), S_OK);
    CHECK_EQ(SysStringLen(to.bstrVal), 0);
    from.vt = VT_BOOL;
    from.boolVal = VARIANT_TRUE;
    CHECK_EQ(VariantChangeTypeEx(&to, &from, EN, 0, VT_BSTR), S_OK);
    CHECK(!wcscmp(to.bstrVal, L"-1"));
    CHECK_EQ(VariantChangeTypeEx(&to, &from, EN, VARIANT_ALPHABOOL, VT_BSTR), S_OK);
    CHECK(!wcscmp(to.bstrVal, L"True"));
    CHECK_EQ(VariantChangeTypeEx(&to, &to, EN, 0, VT_BOOL), S_OK); /* in place */
    CHECK_EQ(to.vt, VT_BOOL);
    CHECK_EQ(to.boolVal, VARIANT_TRUE);
    from.vt = VT_NULL;
    CHECK_EQ(VariantChangeType(&to, &from, 0, VT_I4), DISP_E_TYPEMISMATCH);
    from.vt = VT_ERROR;
    CHECK_EQ(VariantChangeType(&to, &from, 0, VT_I4), DISP_E_TYPEMISMATCH);
    from.vt = VT_I4;
    from.lVal = 300;
    CHECK_EQ(VariantChangeType(&to, &from, 0, VT_UI1), DISP_E_OVERFLOW);
    CHECK_EQ(VariantChangeType(&to, &from, 0, VT_R8), S_OK);
    CHECK(to.dblVal == 300);
    CHECK_EQ(VariantChangeType(&to, &from, 0, 99), DISP_E_BADVARTYPE);
    from.vt = VT_I4 | VT_BYREF;
    from.plVal = &target;
    CHECK_EQ(VariantChangeType(&to, &from, 0, VT_I2), S_OK);
    CHECK_EQ(to.iVal, 77);
    CHECK_EQ(VariantCopyInd(&to, &from), S_OK);
    CHECK_EQ(to.vt, VT_I4);
    CHECK_EQ(to.lVal, 77);
    inner.vt = VT_I2;
    inner.iVal = 5;
    from.vt = VT_VARIANT | VT_BYREF;
    from.pvarVal = &inner;
    CHECK_EQ(VariantCopyInd(&to, &from), S_OK);
    CHECK_EQ(to.vt, VT_I2);
    CHECK_EQ(to.iVal, 5);
    CHECK_EQ(VariantClear(&to), S_OK);
    CHECK_EQ(to.vt, VT_EMPTY);
}

static void check_compare(void)
{
    VARIANT a = {.vt = VT_I4}, b = {.vt = VT_R8};
    BSTR x = SysAllocString(L"abc"), y = SysAllocString(L"abd"), z = NULL;

    a.lVal = 3;
    b.dblVal = 3.5;
    CHECK_EQ(VarCmp(&a, &b, EN, 0), VARCMP_LT);
    CHECK_EQ(VarCmp(&b, &a, EN, 0), VARCMP_GT);
    b.dblVal = 3;
    CHECK_EQ(VarCmp(&a, &b, EN, 0), VARCMP_EQ);
    b.vt = VT_NULL;
    CHECK_EQ(VarCmp(&a, &b, EN, 0), VARCMP_NULL);
    CHECK_EQ(VarBstrCmp(x, y, EN, 0), VARCMP_LT);
    CHECK_EQ(VarBstrCmp(x, x, EN, 0), VARCMP_EQ);
    CHECK_EQ(VarBstrCmp(NULL, x, EN, 0), VARCMP_LT);
    CHECK_EQ(VarBstrCat(x, y, &z), S_OK);
    CHECK(same(z, L"abcabd"));
    SysFreeString(x);
    SysFreeString(y);
}

static void check_arrays(void)
{
    SAFEARRAY *array = SafeArrayCreateVector(VT_BSTR, 0, 3);
    SAFEARRAYBOUND bound = {5, 0};
    LONG at = 1;
    BSTR text = SysAllocString(L"kept"), back = NULL;

    CHECK_EQ(SafeArrayPutElement(array, &at, text), S_OK);
    CHECK_EQ(SafeArrayRedim(array, &bound), S_OK);
    CHECK_EQ(array->rgsabound[0].cElements, 5);
    CHECK_EQ(SafeArrayGetElement(array, &at, &back), S_OK);
    CHECK(same(back, L"kept"));
    bound.cElements = 1;
    CHECK_EQ(SafeArrayRedim(array, &bound), S_OK);
    CHECK_EQ(array->rgsabound[0].cElements, 1);
    CHECK_EQ(SafeArrayDestroy(array), S_OK);
    SysFreeString(text);
    text = SysAllocStringLen(L"xy", 2);
    CHECK_EQ(VectorFromBstr(text, &array), S_OK);
    CHECK_EQ(array->rgsabound[0].cElements, 4);
    CHECK_EQ(BstrFromVector(array, &back), S_OK);
    CHECK(same(back, L"xy"));
    SafeArrayDestroy(array);
    SysFreeString(text);
}

int main(void)
{
    check_numbers();
    check_integers();
    check_from_text();
    check_to_text();
    check_dates();
    check_decimals();
    check_change();
    check_compare();
    check_arrays();
    return check_done();
}
