/*
 * numberformat.c: numbers and amounts of money as text (GetNumberFormat, GetCurrencyFormat).
 *
 * Layer: kernel32, over locale.c.  The digits are taken from the text that is given, so that nothing is lost; they
 * are rounded, grouped and signed.
 */
#include <string.h>
#include "locale.h"
#include "ntdll/nls.h"

static int fail(DWORD error)
{
    SetLastError(error);
    return 0;
}

/* NUMBERFMT and CURRENCYFMT in one. */
struct shape {
    UINT decimals, leading_zero, grouping, negative, positive;
    WCHAR decimal[8], thousands[8], symbol[16];
};

struct text {
    WCHAR buffer[512];
    int length;
    bool full;
};

static void put(struct text *out, WCHAR c)
{
    if (out->length < 511)
        out->buffer[out->length++] = c;
    else
        out->full = true;
}

static void put_text(struct text *out, const WCHAR *text)
{
    while (*text)
        put(out, *text++);
}

static void value_text(const struct locale *locale, LCTYPE type, WCHAR *out, int room)
{
    int length = locale_text(locale, type, out, room - 1);

    out[length < 0 ? 0 : length < room ? length : room - 1] = 0;
}

static UINT value_number(const struct locale *locale, LCTYPE type)
{
    WCHAR text[16];
    UINT value = 0;

    value_text(locale, type, text, 16);
    for (const WCHAR *at = text; *at >= '0' && *at <= '9'; at++)
        value = value * 10 + (UINT)(*at - '0');
    return value;
}

/* "3;0" is 3, "3;2;0" is 32, "3" is 30. */
static UINT grouping_value(const struct locale *locale, LCTYPE type)
{
    WCHAR text[16];
    UINT value = 0;
    const WCHAR *at;

    value_text(locale, type, text, 16);
    for (at = text; *at; at++)
        if (*at >= '1' && *at <= '9')
            value = value * 10 + (UINT)(*at - '0');
    return at - text >= 2 && at[-1] == '0' ? value : value * 10;
}

/* A sign, digits, a point and digits: nothing else. */
static bool value_valid(const WCHAR *value)
{
    bool point = false, digit = false;

    for (value += *value == '-'; *value; value++) {
        if (*value == '.' && !point)
            point = true;
        else if (*value >= '0' && *value <= '9')
            digit = true;
        else
            return false;
    }
    return digit;
}

/* Digits without leading zeros, then as many decimals as wanted, rounded half up.  `digits` has room for them all;
 * returns how many stand before the point. */
static int digits_round(const WCHAR *value, UINT decimals, WCHAR *digits, int *total)
{
    const WCHAR *point = value;
    int whole = 0, count = 0, at;
    bool up;

    while (*point && *point != '.')
        point++;
    while (value < point && *value == '0')
        value++;
    digits[count++] = '0'; /* room for a carry */
    for (; value < point; value++)
        digits[count++] = *value;
    whole = count;
    if (*point)
        point++;
    for (UINT i = 0; i < decimals; i++)
        digits[count++] = *point ? *point++ : '0';
    up = *point >= '5' && *point <= '9';
    for (at = count - 1; up && at >= 0; at--) {
        up = digits[at] == '9';
        digits[at] = up ? '0' : (WCHAR)(digits[at] + 1);
    }
    *total = count;
    return whole;
}

/* Where separators stand: from the right, groups of the digits of `grouping`; the last repeats unless it is 0. */
static bool group_ends(UINT grouping, int from_right)
{
    UINT sizes[8];
    int count = 0, at = 0;
    bool repeat = grouping % 10 != 0;

    for (UINT left = grouping; left && count < 8; left /= 10)
        if (left % 10)
            sizes[count++] = left % 10;
    for (int i = count - 1; i >= 0; i--) {
        at += (int)sizes[i];
        if (at == from_right)
            return true;
        if (at > from_right)
            return false;
    }
    if (!repeat || !count)
        return false;
    return (from_right - at) % (int)sizes[0] == 0;
}

static void put_digits(struct text *out, const struct shape *shape, const WCHAR *digits, int whole, int total)
{
    int first = 0;

    while (first < whole && digits[first] == '0')
        first++;
    if (first == whole && (shape->leading_zero || total == whole))
        put(out, '0');
    for (int i = first; i < whole; i++) {
        put(out, digits[i]);
        if (i + 1 < whole && group_ends(shape->grouping, whole - i - 1))
            put_text(out, shape->thousands);
    }
    if (total > whole)
        put_text(out, shape->decimal);
    for (int i = whole; i < total; i++)
        put(out, digits[i]);
}

/* n: the number, $: the symbol, - ( ) and blanks as they are.  By the order of the values in the documentation. */
static const char number_negative[][5] = {"(n)", "-n", "- n", "n-", "n -"};
static const char currency_positive[][5] = {"$n", "n$", "$ n", "n $"};
static const char currency_negative[][7] = {"($n)", "-$n",  "$-n",  "$n-",  "(n$)", "-n$",  "n-$",   "n$-",
                                            "-n $", "-$ n", "n $-", "$ n-", "$ -n", "n- $", "($ n)", "(n $)"};

static int format(const struct shape *shape, const char *pattern, const WCHAR *value, LPWSTR buffer, int size)
{
    struct text out = {.length = 0};
    WCHAR digits[512];
    int total, whole;

    if (wide_length(value) + shape->decimals > 480)
        return fail(ERROR_INVALID_PARAMETER);
    whole = digits_round(value, shape->decimals, digits, &total);
    for (; *pattern; pattern++) {
        if (*pattern == 'n')
            put_digits(&out, shape, digits, whole, total);
        else if (*pattern == '$')
            put_text(&out, shape->symbol);
        else
            put(&out, (WCHAR)*pattern);
    }
    put(&out, 0);
    if (out.full || (size && size < out.length))
        return fail(ERROR_INSUFFICIENT_BUFFER);
    if (size)
        memcpy(buffer, out.buffer, (size_t)out.length * sizeof *buffer);
    return out.length;
}

/* A value that is 0 has no sign. */
static bool is_zero(const WCHAR *value, UINT decimals)
{
    WCHAR digits[512];
    int total;

    if (wide_length(value) + decimals > 480)
        return false;
    digits_round(value, decimals, digits, &total);
    for (int i = 0; i < total; i++)
        if (digits[i] != '0')
            return false;
    return true;
}

static void copy_text(WCHAR *to, int room, const WCHAR *from)
{
    int length = 0;

    for (; from && from[length] && length < room - 1; length++)
        to[length] = from[length];
    to[length] = 0;
}

static int number_format(const struct locale *locale, DWORD flags, LPCWSTR value, const NUMBERFMTW *given,
                         LPWSTR buffer, int size)
{
    struct shape shape = {.decimals = 0};
    bool negative;

    if (!locale || !value || size < 0 || (size && !buffer) || !value_valid(value))
        return fail(ERROR_INVALID_PARAMETER);
    if (given) {
        if (flags & ~(DWORD)LOCALE_USE_CP_ACP)
            return fail(ERROR_INVALID_FLAGS);
        if (given->NumDigits > 9 || given->LeadingZero > 1 || given->Grouping > 9999 || given->NegativeOrder > 4 ||
            !given->lpDecimalSep || !given->lpThousandSep)
            return fail(ERROR_INVALID_PARAMETER);
        shape = (struct shape){
            given->NumDigits, given->LeadingZero, given->Grouping, given->NegativeOrder, 0, {0}, {0}, {0}};
        copy_text(shape.decimal, 8, given->lpDecimalSep);
        copy_text(shape.thousands, 8, given->lpThousandSep);
    } else {
        shape.decimals = value_number(locale, LOCALE_IDIGITS);
        shape.leading_zero = value_number(locale, LOCALE_ILZERO);
        shape.grouping = grouping_value(locale, LOCALE_SGROUPING);
        shape.negative = value_number(locale, LOCALE_INEGNUMBER);
        value_text(locale, LOCALE_SDECIMAL, shape.decimal, 8);
        value_text(locale, LOCALE_STHOUSAND, shape.thousands, 8);
    }
    negative = *value == '-';
    value += negative;
    return format(&shape, negative && !is_zero(value, shape.decimals) ? number_negative[shape.negative % 5] : "n",
                  value, buffer, size);
}

static int currency_format(const struct locale *locale, DWORD flags, LPCWSTR value, const CURRENCYFMTW *given,
                           LPWSTR buffer, int size)
{
    struct shape shape = {.decimals = 0};
    bool negative;

    if (!locale || !value || size < 0 || (size && !buffer) || !value_valid(value))
        return fail(ERROR_INVALID_PARAMETER);
    if (given) {
        if (flags & ~(DWORD)LOCALE_USE_CP_ACP)
            return fail(ERROR_INVALID_FLAGS);
        if (given->NumDigits > 9 || given->LeadingZero > 1 || given->Grouping > 9999 || given->NegativeOrder > 15 ||
            given->PositiveOrder > 3 || !given->lpDecimalSep || !given->lpThousandSep || !given->lpCurrencySymbol)
            return fail(ERROR_INVALID_PARAMETER);
        shape = (struct shape){given->NumDigits,
                               given->LeadingZero,
                               given->Grouping,
                               given->NegativeOrder,
                               given->PositiveOrder,
                               {0},
                               {0},
                               {0}};
        copy_text(shape.decimal, 8, given->lpDecimalSep);
        copy_text(shape.thousands, 8, given->lpThousandSep);
        copy_text(shape.symbol, 16, given->lpCurrencySymbol);
    } else {
        shape.decimals = value_number(locale, LOCALE_ICURRDIGITS);
        shape.leading_zero = value_number(locale, LOCALE_ILZERO);
        shape.grouping = grouping_value(locale, LOCALE_SMONGROUPING);
        shape.negative = value_number(locale, LOCALE_INEGCURR);
        shape.positive = value_number(locale, LOCALE_ICURRENCY);
        value_text(locale, LOCALE_SMONDECIMALSEP, shape.decimal, 8);
        value_text(locale, LOCALE_SMONTHOUSANDSEP, shape.thousands, 8);
        value_text(locale, LOCALE_SCURRENCY, shape.symbol, 16);
    }
    negative = *value == '-';
    value += negative;
    return format(&shape,
                  negative && !is_zero(value, shape.decimals) ? currency_negative[shape.negative % 16]
                                                              : currency_positive[shape.positive % 4],
                  value, buffer, size);
}

int WINAPI GetNumberFormatEx(LPCWSTR name, DWORD flags, LPCWSTR value, const NUMBERFMTW *format, LPWSTR buffer,
                             int size)
{
    return number_format(locale_from_name(name), flags, value, format, buffer, size);
}

int WINAPI GetNumberFormatW(LCID lcid, DWORD flags, LPCWSTR value, const NUMBERFMTW *format, LPWSTR buffer, int size)
{
    return number_format(locale_from_lcid(lcid), flags, value, format, buffer, size);
}

int WINAPI GetCurrencyFormatEx(LPCWSTR name, DWORD flags, LPCWSTR value, const CURRENCYFMTW *format, LPWSTR buffer,
                               int size)
{
    return currency_format(locale_from_name(name), flags, value, format, buffer, size);
}

int WINAPI GetCurrencyFormatW(LCID lcid, DWORD flags, LPCWSTR value, const CURRENCYFMTW *format, LPWSTR buffer,
                              int size)
{
    return currency_format(locale_from_lcid(lcid), flags, value, format, buffer, size);
}

/* The A functions: the text of the structures is converted, then the result. */
int WINAPI GetNumberFormatA(LCID lcid, DWORD flags, LPCSTR value, const NUMBERFMTA *format, LPSTR buffer, int size)
{
    HANDLE heap = peb_current()->ProcessHeap;
    WCHAR out[256], *wide = wide_from_ansi(value);
    NUMBERFMTW converted = {0};
    int length;

    if (format) {
        memcpy(&converted, format, sizeof converted);
        converted.lpDecimalSep = wide_from_ansi(format->lpDecimalSep);
        converted.lpThousandSep = wide_from_ansi(format->lpThousandSep);
    }
    length = GetNumberFormatW(lcid, flags, wide, format ? &converted : NULL, out, 256);
    RtlFreeHeap(heap, 0, converted.lpDecimalSep);
    RtlFreeHeap(heap, 0, converted.lpThousandSep);
    RtlFreeHeap(heap, 0, wide);
    return length ? WideCharToMultiByte(CP_ACP, 0, out, length, buffer, size, NULL, NULL) : 0;
}

int WINAPI GetCurrencyFormatA(LCID lcid, DWORD flags, LPCSTR value, const CURRENCYFMTA *format, LPSTR buffer, int size)
{
    HANDLE heap = peb_current()->ProcessHeap;
    WCHAR out[256], *wide = wide_from_ansi(value);
    CURRENCYFMTW converted = {0};
    int length;

    if (format) {
        memcpy(&converted, format, sizeof converted);
        converted.lpDecimalSep = wide_from_ansi(format->lpDecimalSep);
        converted.lpThousandSep = wide_from_ansi(format->lpThousandSep);
        converted.lpCurrencySymbol = wide_from_ansi(format->lpCurrencySymbol);
    }
    length = GetCurrencyFormatW(lcid, flags, wide, format ? &converted : NULL, out, 256);
    RtlFreeHeap(heap, 0, converted.lpDecimalSep);
    RtlFreeHeap(heap, 0, converted.lpThousandSep);
    RtlFreeHeap(heap, 0, converted.lpCurrencySymbol);
    RtlFreeHeap(heap, 0, wide);
    return length ? WideCharToMultiByte(CP_ACP, 0, out, length, buffer, size, NULL, NULL) : 0;
}
