/*
 * collate.c: the order in which Windows sorts text.
 *
 * Layer: kernel32.  ASCII, which is nearly all that programs compare, is ordered here; everything else by ICU through
 * ntdll's plug-in.  "Word sort": letters by alphabet, then case (small first), hyphens and apostrophes last.
 */
#include <string.h>
#include "collate.h"
#include "ntdll/nls.h"
#include "ntdll/nls_plugin.h"

/* All ASCII that counts, in order; letters follow.  The rest (most control characters) is ignored. */
static const char symbol_order[] = " \t\n\v\f\r!\"#$%&()*,./:;?@[\\]^_`{|}~+<=>0123456789";

static unsigned primary_weight(WCHAR c, DWORD flags)
{
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))
        return 100u + (c & 31u);
    if (c == '\'' || c == '-')
        return flags & SORT_STRINGSORT && !(flags & NORM_IGNORESYMBOLS) ? (c == '-' ? 2 : 1) : 0;
    for (unsigned i = 0; symbol_order[i]; i++)
        if ((WCHAR)symbol_order[i] == c)
            return (flags & NORM_IGNORESYMBOLS) && !(c >= '0' && c <= '9') ? 0 : 3 + i;
    return 0;
}

static bool is_upper(WCHAR c)
{
    return c >= 'A' && c <= 'Z';
}

static bool is_digit(WCHAR c)
{
    return c >= '0' && c <= '9';
}

struct cursor {
    const WCHAR *at, *end;
};

/* The next character that has a weight; 0 at the end. */
static unsigned weight_next(struct cursor *cursor, DWORD flags, WCHAR *c)
{
    while (cursor->at < cursor->end) {
        unsigned weight = primary_weight(*cursor->at, flags);

        *c = *cursor->at++;
        if (weight)
            return weight;
    }
    *c = 0;
    return 0;
}

/* Both stand on digits: the longer run without leading zeros is the larger number. */
static int numbers_compare(struct cursor *a, struct cursor *b)
{
    const WCHAR *x, *y;
    int first = 0;

    while (a->at < a->end && *a->at == '0')
        a->at++;
    while (b->at < b->end && *b->at == '0')
        b->at++;
    x = a->at, y = b->at;
    for (; a->at < a->end && is_digit(*a->at) && b->at < b->end && is_digit(*b->at); a->at++, b->at++)
        if (!first && *a->at != *b->at)
            first = *a->at < *b->at ? -1 : 1;
    while (a->at < a->end && is_digit(*a->at))
        a->at++;
    while (b->at < b->end && is_digit(*b->at))
        b->at++;
    if (a->at - x != b->at - y)
        return a->at - x < b->at - y ? -1 : 1;
    return first;
}

/* Hyphens and apostrophes decide when all else is equal: the later one comes first, none before one. */
static int punctuation_compare(const WCHAR *a, int a_length, const WCHAR *b, int b_length)
{
    struct cursor x = {a, a + a_length}, y = {b, b + b_length};

    for (;;) {
        bool p, q;

        while (x.at < x.end && primary_weight(*x.at, 0) == 0 && *x.at != '-' && *x.at != '\'')
            x.at++;
        while (y.at < y.end && primary_weight(*y.at, 0) == 0 && *y.at != '-' && *y.at != '\'')
            y.at++;
        p = x.at < x.end && (*x.at == '-' || *x.at == '\'');
        q = y.at < y.end && (*y.at == '-' || *y.at == '\'');
        if (p != q)
            return p ? 1 : -1;
        if (p && *x.at != *y.at)
            return *x.at == '\'' ? -1 : 1;
        if (x.at == x.end || y.at == y.end)
            return 0;
        x.at++, y.at++;
    }
}

static int ascii_compare(DWORD flags, const WCHAR *a, int a_length, const WCHAR *b, int b_length)
{
    struct cursor x = {a, a + a_length}, y = {b, b + b_length};
    int by_case = 0;

    for (;;) {
        WCHAR c, d;
        unsigned p, q;

        if ((flags & SORT_DIGITSASNUMBERS) && x.at < x.end && is_digit(*x.at) && y.at < y.end && is_digit(*y.at)) {
            int order = numbers_compare(&x, &y);

            if (order)
                return order;
            continue;
        }
        p = weight_next(&x, flags, &c);
        q = weight_next(&y, flags, &d);
        if (p != q)
            return p < q ? -1 : 1;
        if (!p)
            break;
        if (!by_case && is_upper(c) != is_upper(d))
            by_case = is_upper(c) ? 1 : -1;
    }
    if (by_case && !(flags & (NORM_IGNORECASE | LINGUISTIC_IGNORECASE)))
        return by_case;
    return flags & (SORT_STRINGSORT | NORM_IGNORESYMBOLS) ? 0 : punctuation_compare(a, a_length, b, b_length);
}

static bool is_ascii(const WCHAR *text, int length)
{
    for (int i = 0; i < length; i++)
        if (text[i] >= 0x80)
            return false;
    return true;
}

/* Without ICU: by code unit, case folded if asked. */
static int plain_compare(DWORD flags, const WCHAR *a, int a_length, const WCHAR *b, int b_length)
{
    LONG order = RtlCompareUnicodeStrings(a, (SIZE_T)a_length, b, (SIZE_T)b_length, TRUE);

    if (!order && !(flags & (NORM_IGNORECASE | LINGUISTIC_IGNORECASE)))
        order = RtlCompareUnicodeStrings(b, (SIZE_T)b_length, a, (SIZE_T)a_length, FALSE);
    return order < 0 ? -1 : order > 0;
}

/* The name for ICU; NULL is the user's locale. */
static void locale_text_name(const WCHAR *locale, char name[LOCALE_NAME_MAX_LENGTH])
{
    size_t length = 0;

    if (!locale) {
        strcpy(name, nls_user_locale());
        return;
    }
    for (; locale[length] && length < LOCALE_NAME_MAX_LENGTH - 1; length++)
        name[length] = (char)locale[length];
    name[length] = 0;
}

_Static_assert(NORM_IGNORECASE == NLS_IGNORE_CASE && NORM_IGNORENONSPACE == NLS_IGNORE_NONSPACE &&
                   NORM_IGNORESYMBOLS == NLS_IGNORE_SYMBOLS && LINGUISTIC_IGNORECASE == NLS_LINGUISTIC_IGNORE_CASE &&
                   LINGUISTIC_IGNOREDIACRITIC == NLS_LINGUISTIC_IGNORE_DIACRITIC &&
                   SORT_DIGITSASNUMBERS == NLS_DIGITS_AS_NUMBERS && SORT_STRINGSORT == NLS_STRING_SORT &&
                   NORM_IGNOREKANATYPE == NLS_IGNORE_KANA_TYPE && NORM_IGNOREWIDTH == NLS_IGNORE_WIDTH,
               "the plug-in's flags are Windows'");

int text_compare(const WCHAR *locale, DWORD flags, const WCHAR *a, int a_length, const WCHAR *b, int b_length)
{
    const struct nls_plugin *plugin;
    char name[LOCALE_NAME_MAX_LENGTH];

    if (is_ascii(a, a_length) && is_ascii(b, b_length))
        return ascii_compare(flags, a, a_length, b, b_length);
    plugin = nls_plugin();
    locale_text_name(locale, name);
    return plugin ? plugin->compare(name, flags, a, a_length, b, b_length)
                  : plain_compare(flags, a, a_length, b, b_length);
}

int text_find(const WCHAR *locale, DWORD flags, bool last, const WCHAR *text, int length, const WCHAR *value,
              int value_length, int *found)
{
    char name[LOCALE_NAME_MAX_LENGTH];

    locale_text_name(locale, name);
    return nls_plugin()->find(name, flags, last, text, length, value, value_length, found);
}

int text_case(const WCHAR *locale, bool upper, const WCHAR *text, int length, WCHAR *out, int room)
{
    char name[LOCALE_NAME_MAX_LENGTH];

    locale_text_name(locale, name);
    return nls_plugin()->change_case(name, upper, text, length, out, room);
}

/* Sort keys are ICU's, all of them: keys of two makers can not be compared.  Without ICU: weights, 1, case, 1, 1, 1, 0,
 * as Windows' keys are built. */
int text_sort_key(const WCHAR *locale, DWORD flags, const WCHAR *text, int length, BYTE *key, int room)
{
    struct cursor cursor = {text, text + length};
    char name[LOCALE_NAME_MAX_LENGTH];
    int used = 0;
    WCHAR c;

    locale_text_name(locale, name);
    if (nls_plugin())
        return nls_plugin()->sort_key(name, flags, text, length, key, room);
    for (unsigned weight; (weight = weight_next(&cursor, flags, &c)); used++)
        if (used < room)
            key[used] = (BYTE)(weight + 2);
    if (used < room)
        key[used] = 1;
    used++;
    cursor.at = text;
    if (!(flags & (NORM_IGNORECASE | LINGUISTIC_IGNORECASE)))
        for (; weight_next(&cursor, flags, &c); used++)
            if (used < room)
                key[used] = is_upper(c) ? 3 : 2;
    for (int i = 0; i < 4; i++, used++)
        if (used < room)
            key[used] = i < 3 ? 1 : 0;
    return used;
}
