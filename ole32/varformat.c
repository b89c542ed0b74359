/*
 * varformat.c: numbers, money, percentages, dates and names as people of a locale read them (VarFormatNumber,
 * VarFormatDateTime, VarMonthName ...).
 *
 * Layer: ole32, on kernel32's number and date formats.  Settings that are -2 are the user's.
 */
#include "com.h"
#include <oleauto.h>

#define ROOM 512
#define USER LOCALE_USER_DEFAULT
#define FROM_USER (-2)

static int setting(LCTYPE what)
{
    DWORD value = 0;

    GetLocaleInfoW(USER, what | LOCALE_RETURN_NUMBER, (WCHAR *)&value, sizeof value / sizeof(WCHAR));
    return (int)value;
}

/* "3;0" is 3, "3;2;0" is 32, "3" is 30: what NUMBERFMT wants. */
static UINT grouping(LCTYPE what)
{
    WCHAR text[16] = {0};
    UINT value = 0;
    bool repeats = false;

    GetLocaleInfoW(USER, what, text, ARRAYSIZE(text));
    for (const WCHAR *at = text; *at; at++) {
        if (*at == '0')
            repeats = true;
        else if (*at >= '1' && *at <= '9')
            value = value * 10 + (UINT)(*at - '0');
    }
    return repeats || !value ? value : value * 10;
}

/* Grouping is a VARIANT_BOOL or -2 here: -1 groups as the user does, 0 not at all. */
static UINT groups_of(int wanted, LCTYPE what)
{
    return wanted ? grouping(what) : 0;
}

static bool lead_of(int wanted)
{
    return wanted == FROM_USER ? setting(LOCALE_ILZERO) != 0 : wanted != 0;
}

/* The value as a text with a point and no groups, which the formats want. */
static HRESULT plain_text(VARIANT *value, double scale, WCHAR text[ROOM])
{
    VARIANT number, string;
    HRESULT hr;

    VariantInit(&number);
    VariantInit(&string);
    hr = VariantChangeTypeEx(&number, value, LOCALE_USER_DEFAULT, 0, scale == 1 ? VT_DECIMAL : VT_R8);
    if (hr == DISP_E_OVERFLOW && scale == 1)
        hr = VariantChangeTypeEx(&number, value, LOCALE_USER_DEFAULT, 0, VT_R8);
    if (FAILED(hr))
        return hr;
    if (scale != 1)
        V_R8(&number) *= scale;
    hr = VariantChangeTypeEx(&string, &number, LOCALE_INVARIANT, VARIANT_NOUSEROVERRIDE, VT_BSTR);
    if (SUCCEEDED(hr) && SysStringLen(V_BSTR(&string)) < ROOM)
        lstrcpynW(text, V_BSTR(&string), ROOM);
    else if (SUCCEEDED(hr))
        hr = DISP_E_OVERFLOW;
    VariantClear(&string);
    return hr;
}

static HRESULT give(const WCHAR *text, BSTR *out)
{
    *out = SysAllocString(text);
    return *out ? S_OK : E_OUTOFMEMORY;
}

/* *done: there is nothing to be formatted, or hr says why not. */
static HRESULT empty_or(const VARIANT *value, int digits, BSTR *out, bool *done)
{
    *done = true;
    if (!value || !out)
        return E_INVALIDARG;
    *out = NULL;
    *done = V_VT(value) == VT_EMPTY || V_VT(value) == VT_NULL || digits > 9;
    return digits > 9 && V_VT(value) != VT_EMPTY && V_VT(value) != VT_NULL ? E_INVALIDARG : S_OK;
}

static HRESULT number_text(VARIANT *value, double scale, int digits, int lead, int parens, int group, WCHAR text[ROOM])
{
    WCHAR plain[ROOM], decimal[8], thousand[8];
    NUMBERFMTW format = {.lpDecimalSep = decimal, .lpThousandSep = thousand};
    HRESULT hr = plain_text(value, scale, plain);

    if (FAILED(hr))
        return hr;
    GetLocaleInfoW(USER, LOCALE_SDECIMAL, decimal, ARRAYSIZE(decimal));
    GetLocaleInfoW(USER, LOCALE_STHOUSAND, thousand, ARRAYSIZE(thousand));
    format.NumDigits = (UINT)(digits < 0 ? setting(LOCALE_IDIGITS) : digits);
    format.LeadingZero = lead_of(lead);
    format.Grouping = groups_of(group, LOCALE_SGROUPING);
    format.NegativeOrder = parens == FROM_USER ? (UINT)setting(LOCALE_INEGNUMBER) : parens ? 0 : 1;
    return GetNumberFormatW(USER, 0, plain, &format, text, ROOM) ? S_OK : HRESULT_FROM_WIN32(GetLastError());
}

/* `percent`: a number a hundred times as large, and the sign: inside of parentheses. */
static HRESULT format_number(VARIANT *value, bool percent, int digits, int lead, int parens, int group, BSTR *out)
{
    WCHAR text[ROOM];
    bool done;
    HRESULT hr = empty_or(value, digits, out, &done);

    if (done)
        return hr;
    hr = number_text(value, percent ? 100 : 1, digits, lead, parens, group, text);
    if (FAILED(hr))
        return hr;
    int length = lstrlenW(text);
    bool closed = length && text[length - 1] == ')';
    if (percent)
        lstrcpynW(text + length - closed, closed ? u"%)" : u"%", ROOM - length);
    return give(text, out);
}

HRESULT WINAPI VarFormatNumber(LPVARIANT value, int digits, int lead, int parens, int group, ULONG flags, BSTR *out)
{
    (void)flags;
    return format_number(value, false, digits, lead, parens, group, out);
}

HRESULT WINAPI VarFormatPercent(LPVARIANT value, int digits, int lead, int parens, int group, ULONG flags, BSTR *out)
{
    (void)flags;
    return format_number(value, true, digits, lead, parens, group, out);
}

HRESULT WINAPI VarFormatCurrency(LPVARIANT value, int digits, int lead, int parens, int group, ULONG flags, BSTR *out)
{
    WCHAR plain[ROOM], text[ROOM], decimal[8], thousand[8], symbol[16];
    CURRENCYFMTW format = {.lpDecimalSep = decimal, .lpThousandSep = thousand, .lpCurrencySymbol = symbol};
    bool done;
    HRESULT hr = empty_or(value, digits, out, &done);

    (void)flags;
    if (done)
        return hr;
    hr = plain_text(value, 1, plain);
    if (FAILED(hr))
        return hr;
    GetLocaleInfoW(USER, LOCALE_SMONDECIMALSEP, decimal, ARRAYSIZE(decimal));
    GetLocaleInfoW(USER, LOCALE_SMONTHOUSANDSEP, thousand, ARRAYSIZE(thousand));
    GetLocaleInfoW(USER, LOCALE_SCURRENCY, symbol, ARRAYSIZE(symbol));
    format.NumDigits = (UINT)(digits < 0 ? setting(LOCALE_ICURRDIGITS) : digits);
    format.LeadingZero = lead_of(lead);
    format.Grouping = groups_of(group, LOCALE_SMONGROUPING);
    format.PositiveOrder = (UINT)setting(LOCALE_ICURRENCY);
    format.NegativeOrder = parens == FROM_USER ? (UINT)setting(LOCALE_INEGCURR) : parens ? 0 : 1;
    if (!GetCurrencyFormatW(USER, 0, plain, &format, text, ROOM))
        return HRESULT_FROM_WIN32(GetLastError());
    return give(text, out);
}

/* ---- dates ---- */

enum { GENERAL, LONG_DATE, SHORT_DATE, LONG_TIME, SHORT_TIME };

HRESULT WINAPI VarFormatDateTime(LPVARIANT value, int named, ULONG flags, BSTR *out)
{
    WCHAR text[ROOM] = {0};
    VARIANT date;
    SYSTEMTIME time;
    bool done;
    HRESULT hr = empty_or(value, 0, out, &done);

    if (done)
        return hr;
    if (named < GENERAL || named > SHORT_TIME)
        return E_INVALIDARG;
    VariantInit(&date);
    hr = VariantChangeTypeEx(&date, value, USER, 0, VT_DATE);
    if (FAILED(hr))
        return hr;
    if (named == GENERAL)
        return VarBstrFromDate(V_DATE(&date), USER, flags, out);
    if (!VariantTimeToSystemTime(V_DATE(&date), &time))
        return E_INVALIDARG;
    if (named == LONG_DATE || named == SHORT_DATE)
        GetDateFormatW(USER, named == LONG_DATE ? DATE_LONGDATE : DATE_SHORTDATE, &time, NULL, text, ROOM);
    else if (named == LONG_TIME)
        GetTimeFormatW(USER, 0, &time, NULL, text, ROOM);
    else
        GetTimeFormatW(USER, 0, &time, u"HH:mm", text, ROOM);
    return give(text, out);
}

static HRESULT name_of(LCTYPE what, BSTR *out)
{
    WCHAR text[ROOM];

    if (!GetLocaleInfoW(USER, what, text, ROOM))
        return HRESULT_FROM_WIN32(GetLastError());
    return give(text, out);
}

/* Days count from the first of the week: 1 Sunday, 2 Monday ...; 0: the user's. */
HRESULT WINAPI VarWeekdayName(int day, int abbreviated, int first, ULONG flags, BSTR *out)
{
    if (day < 1 || day > 7 || first < 0 || first > 7 || !out)
        return E_INVALIDARG;
    (void)flags;
    if (!first)
        first = (setting(LOCALE_IFIRSTDAYOFWEEK) + 1) % 7 + 1;
    int from_monday = (day - 1 + first - 1 + 6) % 7; /* LOCALE_SDAYNAME1 is Monday */
    return name_of((LCTYPE)((abbreviated ? LOCALE_SABBREVDAYNAME1 : LOCALE_SDAYNAME1) + from_monday), out);
}

HRESULT WINAPI VarMonthName(int month, int abbreviated, ULONG flags, BSTR *out)
{
    if (month < 1 || month > 12 || !out)
        return E_INVALIDARG;
    (void)flags;
    return name_of((LCTYPE)((abbreviated ? LOCALE_SABBREVMONTHNAME1 : LOCALE_SMONTHNAME1) + month - 1), out);
}
