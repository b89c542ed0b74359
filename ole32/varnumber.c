/*
 * varnumber.c: numbers in texts and back, with a locale's separators and currency.
 *
 * Layer: ole32, over kernel32's locales.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include "number.h"

struct symbols {
    WCHAR decimal[8], thousand[8], currency[12], currency_decimal[8], currency_thousand[8];
};

static void symbols_get(LCID locale, struct symbols *symbols)
{
    GetLocaleInfoW(locale, LOCALE_SDECIMAL, symbols->decimal, 8);
    GetLocaleInfoW(locale, LOCALE_STHOUSAND, symbols->thousand, 8);
    GetLocaleInfoW(locale, LOCALE_SCURRENCY, symbols->currency, 12);
    GetLocaleInfoW(locale, LOCALE_SMONDECIMALSEP, symbols->currency_decimal, 8);
    GetLocaleInfoW(locale, LOCALE_SMONTHOUSANDSEP, symbols->currency_thousand, 8);
}

static bool skip(const WCHAR **at, const WCHAR *word)
{
    size_t length = (size_t)lstrlenW(word);

    for (size_t i = 0; i < length; i++)
        if ((*at)[i] != word[i])
            return false;
    *at += length;
    return length != 0;
}

static void skip_blanks(const WCHAR **at)
{
    while (**at == ' ' || (**at >= 9 && **at <= 13))
        ++*at;
}

/* &H and &O: 32 or 64 bits, whose sign bit counts. */
static HRESULT read_power(const WCHAR *at, unsigned bits, struct number *number)
{
    ULONGLONG value = 0;
    const WCHAR *start = at;

    for (;; at++) {
        WCHAR c = (WCHAR)(*at | 0x20);
        unsigned digit = *at >= '0' && *at <= '9' ? *at - '0' + 0u : c >= 'a' && c <= 'f' ? c - 'a' + 10u : 99;

        if (digit >= 1u << bits)
            break;
        if (value >> (64 - bits))
            return DISP_E_OVERFLOW;
        value = value << bits | digit;
    }
    if (at == start || *at)
        return DISP_E_TYPEMISMATCH;
    *number = value > 0xffffffff   ? number_signed((LONGLONG)value)
              : value > 0x7fffffff ? number_signed((LONG)value)
                                   : number_unsigned(value);
    return S_OK;
}

struct digits {
    char text[512]; /* digits and '.', then the exponent: for strtod */
    size_t length;
    wide_int mantissa;
    unsigned scale;
    bool exact, any, point;
};

static void add_digit(struct digits *digits, WCHAR c)
{
    digits->any = true;
    if (digits->length < sizeof digits->text - 16)
        digits->text[digits->length++] = (char)c;
    if (digits->mantissa >> 120)
        digits->exact = false;
    else
        digits->mantissa = digits->mantissa * 10 + (unsigned)(c - '0');
    digits->scale += digits->point;
}

/* Digits with separators. */
static void read_digits(const WCHAR **at, const struct symbols *symbols, bool money, struct digits *digits)
{
    const WCHAR *point = money ? symbols->currency_decimal : symbols->decimal;
    const WCHAR *thousand = money ? symbols->currency_thousand : symbols->thousand;

    *digits = (struct digits){.exact = true};
    for (;;) {
        if (**at >= '0' && **at <= '9') {
            add_digit(digits, *(*at)++);
        } else if (!digits->point && skip(at, point)) {
            digits->point = true;
            digits->text[digits->length++] = '.';
        } else if (digits->point || !digits->any || !skip(at, thousand)) {
            return;
        }
    }
}

static bool read_exponent(const WCHAR **at, struct digits *digits)
{
    const WCHAR *from = *at;
    int exponent = 0;
    bool negative;

    if ((*from | 0x20) != 'e')
        return true;
    negative = *++from == '-';
    from += *from == '-' || *from == '+';
    if (*from < '0' || *from > '9')
        return false;
    for (; *from >= '0' && *from <= '9'; from++)
        if (exponent < 10000)
            exponent = exponent * 10 + (*from - '0');
    *at = from;
    digits->exact = false;
    snprintf(digits->text + digits->length, 16, "e%s%d", negative ? "-" : "", exponent);
    return true;
}

HRESULT number_from_text(const WCHAR *text, LCID locale, ULONG flags, struct number *number)
{
    struct symbols symbols = {0};
    struct digits digits;
    bool negative = false, signed_ = false, bracket = false, money = false;
    const WCHAR *at = text;

    if (!text)
        return DISP_E_TYPEMISMATCH;
    if (flags & LOCALE_NOUSEROVERRIDE)
        locale = LOCALE_SYSTEM_DEFAULT;
    symbols_get(locale, &symbols);
    skip_blanks(&at);
    if (at[0] == '&' && ((at[1] | 0x20) == 'h' || (at[1] | 0x20) == 'o'))
        return read_power(at + 2, (at[1] | 0x20) == 'h' ? 4 : 3, number);
    for (;;) {
        if (!signed_ && (*at == '-' || *at == '+')) {
            negative = *at++ == '-';
            signed_ = true;
        } else if (!signed_ && *at == '(') {
            at++;
            negative = signed_ = bracket = true;
        } else if (!money && skip(&at, symbols.currency)) {
            money = true;
        } else {
            break;
        }
        skip_blanks(&at);
    }
    read_digits(&at, &symbols, money, &digits);
    if (!digits.any || !read_exponent(&at, &digits))
        return DISP_E_TYPEMISMATCH;
    skip_blanks(&at);
    if (!money && skip(&at, symbols.currency))
        skip_blanks(&at);
    if (!signed_ && (*at == '-' || *at == '+'))
        negative = *at++ == '-';
    if (bracket && *at++ != ')')
        return DISP_E_TYPEMISMATCH;
    skip_blanks(&at);
    if (*at)
        return DISP_E_TYPEMISMATCH;
    *number = (struct number){NUMBER_DECIMAL, {digits.mantissa, digits.scale, negative && digits.mantissa}, 0};
    if (!digits.exact || !decimal_fit(&number->decimal)) {
        *number = number_real(negative ? -strtod(digits.text, NULL) : strtod(digits.text, NULL));
        if (isinf(number->real))
            return DISP_E_OVERFLOW;
    }
    return S_OK;
}

/* ---- to texts ---- */

HRESULT text_from_ascii(const char *ascii, LCID locale, BSTR *text)
{
    WCHAR wide[160], point[8] = L".";
    size_t length = 0;

    if (strchr(ascii, '.'))
        GetLocaleInfoW(locale, LOCALE_SDECIMAL, point, 8);
    for (; *ascii; ascii++) {
        if (*ascii == '.')
            for (const WCHAR *at = point; *at; at++)
                wide[length++] = *at;
        else
            wide[length++] = (WCHAR)*ascii;
    }
    *text = SysAllocStringLen(wide, (UINT)length);
    return *text ? S_OK : E_OUTOFMEMORY;
}

HRESULT text_from_decimal(struct decimal decimal, LCID locale, BSTR *text)
{
    char ascii[64], *at = ascii + sizeof ascii;

    while (decimal.scale && decimal.mantissa % 10 == 0) {
        decimal.mantissa /= 10;
        decimal.scale--;
    }
    *--at = 0;
    for (unsigned i = 0; decimal.mantissa || i <= decimal.scale; i++) {
        if (i && i == decimal.scale)
            *--at = '.';
        *--at = (char)('0' + (int)(decimal.mantissa % 10));
        decimal.mantissa /= 10;
    }
    if (decimal.negative)
        *--at = '-';
    return text_from_ascii(at, locale, text);
}

HRESULT text_from_real(double value, int digits, LCID locale, BSTR *text)
{
    char ascii[64];

    if (isnan(value))
        strcpy(ascii, signbit(value) ? "-1.#IND" : "1.#QNAN");
    else if (isinf(value))
        strcpy(ascii, value < 0 ? "-1.#INF" : "1.#INF");
    else
        snprintf(ascii, sizeof ascii, "%.*G", digits, value ? value : 0.0);
    return text_from_ascii(ascii, locale, text);
}
