/*
 * localeconv.c: localeconv: how numbers and money are written.
 *
 * Layer: crt over kernel32's GetLocaleInfoEx.  The texts lie in the locale itself, narrow and wide.
 */
#include "crt/locale.h"

enum {
    DECIMAL,
    THOUSANDS,
    GROUPING,
    INTERNATIONAL,
    CURRENCY,
    MONEY_DECIMAL,
    MONEY_THOUSANDS,
    MONEY_GROUPING,
    POSITIVE,
    NEGATIVE
};
_Static_assert(NEGATIVE + 1 == LCONV_TEXTS, "room for each text");

static void set_text(struct crt_locale_state *state, int which, const WCHAR *tag, LCTYPE type, UINT codepage,
                     const WCHAR *plain)
{
    WCHAR *wide = state->lconv_wide[which];
    char *narrow = state->lconv_narrow[which];
    if (!*tag || !GetLocaleInfoEx(tag, type, wide, LCONV_TEXT_SIZE))
        memcpy(wide, plain, (crt_wide_length(plain) + 1) * sizeof(WCHAR));
    if (!WideCharToMultiByte(codepage ? codepage : CP_ACP, 0, wide, -1, narrow, LCONV_TEXT_SIZE * 3, NULL, NULL))
        *narrow = 0;
}

/* LOCALE_SGROUPING's "3;2;0" as localeconv wants it: a byte a group, ended by CHAR_MAX if nothing repeats. */
static void set_grouping(struct crt_locale_state *state, int which, const WCHAR *tag, LCTYPE type)
{
    WCHAR text[LCONV_TEXT_SIZE] = L"";
    char *out = state->lconv_narrow[which];
    if (*tag)
        GetLocaleInfoEx(tag, type, text, LCONV_TEXT_SIZE);
    bool repeats = false;
    for (const WCHAR *c = text; *c; c++) {
        repeats = *c == '0';
        if (*c >= '1' && *c <= '9')
            *out++ = (char)(*c - '0');
    }
    if (*text && !repeats)
        *out++ = CHAR_MAX;
    *out = 0;
}

static char number(const WCHAR *tag, LCTYPE type)
{
    DWORD value;
    if (!*tag || !GetLocaleInfoEx(tag, type | LOCALE_RETURN_NUMBER, (WCHAR *)&value, 2))
        return CHAR_MAX;
    return (char)value;
}

void locale_fill_numeric(struct crt_locale_state *state)
{
    const WCHAR *tag = state->tags[LC_NUMERIC_];
    UINT codepage = state->codepages[LC_NUMERIC_];
    struct crt_lconv *out = &state->conventions;
    set_text(state, DECIMAL, tag, LOCALE_SDECIMAL, codepage, L".");
    set_text(state, THOUSANDS, tag, LOCALE_STHOUSAND, codepage, L"");
    set_grouping(state, GROUPING, tag, LOCALE_SGROUPING);
    out->decimal_point = state->lconv_narrow[DECIMAL];
    out->w_decimal_point = state->lconv_wide[DECIMAL];
    out->thousands_sep = state->lconv_narrow[THOUSANDS];
    out->w_thousands_sep = state->lconv_wide[THOUSANDS];
    out->grouping = state->lconv_narrow[GROUPING];
}

static void fill_money_texts(struct crt_locale_state *state)
{
    const WCHAR *tag = state->tags[LC_MONETARY_];
    UINT codepage = state->codepages[LC_MONETARY_];
    set_text(state, INTERNATIONAL, tag, LOCALE_SINTLSYMBOL, codepage, L"");
    set_text(state, CURRENCY, tag, LOCALE_SCURRENCY, codepage, L"");
    set_text(state, MONEY_DECIMAL, tag, LOCALE_SMONDECIMALSEP, codepage, L"");
    set_text(state, MONEY_THOUSANDS, tag, LOCALE_SMONTHOUSANDSEP, codepage, L"");
    set_grouping(state, MONEY_GROUPING, tag, LOCALE_SMONGROUPING);
    set_text(state, POSITIVE, tag, LOCALE_SPOSITIVESIGN, codepage, L"");
    set_text(state, NEGATIVE, tag, LOCALE_SNEGATIVESIGN, codepage, L"");
}

void locale_fill_monetary(struct crt_locale_state *state)
{
    const WCHAR *tag = state->tags[LC_MONETARY_];
    struct crt_lconv *out = &state->conventions;
    fill_money_texts(state);
    out->int_curr_symbol = state->lconv_narrow[INTERNATIONAL];
    out->w_int_curr_symbol = state->lconv_wide[INTERNATIONAL];
    out->currency_symbol = state->lconv_narrow[CURRENCY];
    out->w_currency_symbol = state->lconv_wide[CURRENCY];
    out->mon_decimal_point = state->lconv_narrow[MONEY_DECIMAL];
    out->w_mon_decimal_point = state->lconv_wide[MONEY_DECIMAL];
    out->mon_thousands_sep = state->lconv_narrow[MONEY_THOUSANDS];
    out->w_mon_thousands_sep = state->lconv_wide[MONEY_THOUSANDS];
    out->mon_grouping = state->lconv_narrow[MONEY_GROUPING];
    out->positive_sign = state->lconv_narrow[POSITIVE];
    out->w_positive_sign = state->lconv_wide[POSITIVE];
    out->negative_sign = state->lconv_narrow[NEGATIVE];
    out->w_negative_sign = state->lconv_wide[NEGATIVE];
    out->int_frac_digits = number(tag, LOCALE_IINTLCURRDIGITS);
    out->frac_digits = number(tag, LOCALE_ICURRDIGITS);
    out->p_cs_precedes = number(tag, LOCALE_IPOSSYMPRECEDES);
    out->p_sep_by_space = number(tag, LOCALE_IPOSSEPBYSPACE);
    out->n_cs_precedes = number(tag, LOCALE_INEGSYMPRECEDES);
    out->n_sep_by_space = number(tag, LOCALE_INEGSEPBYSPACE);
    out->p_sign_posn = number(tag, LOCALE_IPOSSIGNPOSN);
    out->n_sign_posn = number(tag, LOCALE_INEGSIGNPOSN);
}

struct crt_lconv *WINAPI crt_localeconv(void)
{
    struct crt_locale_state *state = crt_locale();
    if (!state->conventions.decimal_point)
        locale_fill_numeric(state);
    if (!state->conventions.int_curr_symbol)
        locale_fill_monetary(state);
    return &state->conventions;
}

int WINAPI __lconv_init(void)
{
    crt_localeconv();
    return 0;
}
