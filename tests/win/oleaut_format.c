/*
 * Do numbers, percentages, money, dates, weekdays and months come as texts as an American reads them?
 * link: -loleaut32 -lole32 -luuid
 */
#include "check.h"
#include <objbase.h>
#include <oleauto.h>

static char shown[128];

static const char *narrow(BSTR text)
{
    *shown = 0;
    if (text)
        WideCharToMultiByte(CP_UTF8, 0, text, -1, shown, sizeof shown, NULL, NULL);
    SysFreeString(text);
    return shown;
}

static VARIANT real(double value)
{
    VARIANT v;

    VariantInit(&v);
    V_VT(&v) = VT_R8;
    V_R8(&v) = value;
    return v;
}

typedef HRESULT(WINAPI *Format)(VARIANT *, int, int, int, int, ULONG, BSTR *);

static void numbers(void)
{
    static const struct {
        Format format;
        double value;
        int digits, lead, parens, group;
        const char *text;
    } cases[] = {
        {VarFormatNumber, 1234.5, -1, -2, -2, -2, "1,234.50"},
        {VarFormatNumber, -1234.5, -1, -2, -2, -2, "-1,234.50"},
        {VarFormatNumber, 1234567.891, 1, -2, -2, -2, "1,234,567.9"},
        {VarFormatNumber, 1234567.891, 0, -2, -2, 0, "1234568"},
        {VarFormatNumber, 0.5, 2, 0, -2, -2, ".50"},
        {VarFormatNumber, 0.5, 2, -1, -2, -2, "0.50"},
        {VarFormatNumber, -7, 2, -2, -1, -2, "(7.00)"},
        {VarFormatNumber, -7, 2, -2, 0, -2, "-7.00"},
        {VarFormatNumber, 0, -1, -2, -2, -2, "0.00"},
        {VarFormatPercent, 0.125, -1, -2, -2, -2, "12.50%"},
        {VarFormatPercent, 12, 0, -2, -2, -2, "1,200%"},
        {VarFormatPercent, -0.5, 1, -2, -1, -2, "(50.0%)"},
        {VarFormatCurrency, 1234.5, -1, -2, -2, -2, "$1,234.50"},
        {VarFormatCurrency, 1234.5, 0, -2, -2, 0, "$1235"},
        {VarFormatCurrency, -3, 2, -2, -1, -2, "($3.00)"},
        {VarFormatCurrency, 0.25, 3, 0, -2, -2, "$.250"},
    };
    VARIANT v;
    BSTR text;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        if (check_under_wine() && strchr(cases[i].text, '(') && strchr(cases[i].text, '%'))
            continue; /* the sign outside */
        v = real(cases[i].value);
        text = NULL;
        CHECK_EQ(cases[i].format(&v, cases[i].digits, cases[i].lead, cases[i].parens, cases[i].group, 0, &text), S_OK);
        CHECK_STR(narrow(text), cases[i].text);
    }
    v = real(1);
    CHECK_EQ(VarFormatNumber(NULL, 2, -2, -2, -2, 0, &text), E_INVALIDARG);
    if (!check_under_wine()) /* writes there */
        CHECK_EQ(VarFormatNumber(&v, 2, -2, -2, -2, 0, NULL), E_INVALIDARG);
    VariantInit(&v);
    V_VT(&v) = VT_BSTR;
    V_BSTR(&v) = SysAllocString(L"1234.5");
    text = NULL;
    CHECK_EQ(VarFormatNumber(&v, 2, -2, -2, -2, 0, &text), S_OK);
    CHECK_STR(narrow(text), "1,234.50");
    VariantClear(&v);
    V_VT(&v) = VT_BSTR;
    V_BSTR(&v) = SysAllocString(L"no number");
    CHECK_EQ(VarFormatNumber(&v, 2, -2, -2, -2, 0, &text), DISP_E_TYPEMISMATCH);
    VariantClear(&v);
    text = (BSTR)1;
    CHECK_EQ(VarFormatNumber(&v, 2, -2, -2, -2, 0, &text), S_OK); /* empty */
    if (!check_under_wine())                                      /* left as it was */
        CHECK(!text);
}

static void dates(void)
{
    static const char *const texts[] = {"3/14/2024 3:09:26 PM", "Thursday, March 14, 2024", "3/14/2024", "3:09:26 PM",
                                        "15:09"};
    VARIANT v = real(45365 + (15 * 3600 + 9 * 60 + 26) / 86400.0);
    BSTR text;

    V_VT(&v) = VT_DATE;
    for (int named = 0; named < 5; named++) {
        text = NULL;
        CHECK_EQ(VarFormatDateTime(&v, named, 0, &text), S_OK);
        CHECK_STR(narrow(text), texts[named]);
    }
    CHECK_EQ(VarFormatDateTime(&v, 5, 0, &text), E_INVALIDARG);
    CHECK_EQ(VarFormatDateTime(&v, -1, 0, &text), E_INVALIDARG);
    CHECK_EQ(VarFormatDateTime(NULL, 0, 0, &text), E_INVALIDARG);
}

static void names(void)
{
    static const char *const days[] = {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};
    static const char *const months[] = {"January", "February", "March",     "April",   "May",      "June",
                                         "July",    "August",   "September", "October", "November", "December"};
    char part[8];
    BSTR text;

    for (int first = 1; first <= 7; first++)
        for (int day = 1; day <= 7; day++) {
            const char *expected = days[(day + first - 2) % 7];

            CHECK_EQ(VarWeekdayName(day, 0, first, 0, &text), S_OK);
            CHECK_STR(narrow(text), expected);
            CHECK_EQ(VarWeekdayName(day, 1, first, 0, &text), S_OK);
            sprintf(part, "%.3s", expected);
            CHECK_STR(narrow(text), part);
        }
    CHECK_EQ(VarWeekdayName(1, 0, 0, 0, &text), S_OK);
    CHECK_STR(narrow(text), "Sunday");
    for (int month = 1; month <= 12; month++) {
        CHECK_EQ(VarMonthName(month, 0, 0, &text), S_OK);
        CHECK_STR(narrow(text), months[month - 1]);
        CHECK_EQ(VarMonthName(month, 1, 0, &text), S_OK);
        sprintf(part, "%.3s", months[month - 1]);
        CHECK_STR(narrow(text), part);
    }
    CHECK_EQ(VarWeekdayName(0, 0, 1, 0, &text), E_INVALIDARG);
    CHECK_EQ(VarWeekdayName(8, 0, 1, 0, &text), E_INVALIDARG);
    CHECK_EQ(VarWeekdayName(1, 0, 8, 0, &text), E_INVALIDARG);
    CHECK_EQ(VarMonthName(0, 0, 0, &text), E_INVALIDARG);
    CHECK_EQ(VarMonthName(13, 0, 0, &text), E_INVALIDARG);
    if (!check_under_wine())
        CHECK_EQ(VarMonthName(1, 0, 0, NULL), E_INVALIDARG);
}

int main(void)
{
    numbers();
    dates();
    names();
    return check_done();
}
