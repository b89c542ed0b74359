/* Is text compared, searched, folded and normalized as documented, beyond ASCII?  Do sort keys order as comparing does?
 */
#include "check.h"

/* link: -lnormaliz */

#define COUNT(table) (sizeof table / sizeof *table)

static const struct {
    const WCHAR *locale;
    DWORD flags;
    const WCHAR *a, *b;
    int order;
} orders[] = {
    {L"en-US", 0, L"\xe4", L"b", CSTR_LESS_THAN},
    {L"en-US", 0, L"a", L"\xe4", CSTR_LESS_THAN},
    {L"en-US", 0, L"\xe4", L"az", CSTR_LESS_THAN},
    {L"en-US", 0, L"\xe9t\xe9", L"etf", CSTR_LESS_THAN},
    {L"en-US", 0, L"z", L"\x430", CSTR_LESS_THAN},
    {L"en-US", NORM_IGNORECASE, L"\xc4", L"\xe4", CSTR_EQUAL},
    {L"en-US", LINGUISTIC_IGNORECASE, L"\xc4", L"\xe4", CSTR_EQUAL},
    {L"en-US", 0, L"\xe4", L"\xc4", CSTR_LESS_THAN},
    {L"en-US", NORM_IGNORENONSPACE, L"\xe4", L"a", CSTR_EQUAL},
    {L"en-US", NORM_IGNORENONSPACE | NORM_IGNORECASE, L"\xc9", L"e", CSTR_EQUAL},
    {L"en-US", LINGUISTIC_IGNOREDIACRITIC, L"\xf1", L"n", CSTR_EQUAL},
    {L"en-US", 0, L"e\x301", L"\xe9", CSTR_EQUAL},
    {L"en-US", NORM_IGNORECASE, L"\x430\x431", L"\x410\x411", CSTR_EQUAL},
    {L"sv-SE", 0, L"\xe4", L"z", CSTR_GREATER_THAN},
    {L"de-DE", 0, L"\xe4", L"z", CSTR_LESS_THAN},
    {L"da-DK", 0, L"\xe5", L"z", CSTR_GREATER_THAN},
    {L"en-US", SORT_DIGITSASNUMBERS,
     L"\xe4"
     L"2",
     L"\xe4"
     L"10",
     CSTR_LESS_THAN},
    {L"en-US", 0, L"", L"\xe4", CSTR_LESS_THAN},
    {L"en-US", 0, L"\xe4", L"\xe4", CSTR_EQUAL},
    {L"", 0, L"\xe4", L"b", CSTR_LESS_THAN},
    {L"", NORM_IGNORECASE,
     L"\xdc"
     L"ber",
     L"\xfc"
     L"BER",
     CSTR_EQUAL},
};

static const struct {
    int form;
    const WCHAR *from, *to;
} forms[] = {
    {NormalizationC, L"e\x301", L"\xe9"},
    {NormalizationD, L"\xe9", L"e\x301"},
    {NormalizationKC, L"\xfb01", L"fi"},
    {NormalizationKD, L"\x2460", L"1"},
    {NormalizationC, L"\xfb01", L"\xfb01"},
    {NormalizationC, L"abc", L"abc"},
    {NormalizationD, L"\x1e69", L"s\x323\x307"},
    {NormalizationC, L"s\x307\x323", L"\x1e69"},
    {NormalizationD, L"\xac00", L"\x1100\x1161"},
    {NormalizationC, L"\x1100\x1161", L"\xac00"},
    {NormalizationKC, L"\xff21\xff22", L"AB"},
    {NormalizationKD, L"\x3382",
     L"\x3bc"
     L"A"},
};

static const struct {
    const WCHAR *plain, *ascii;
} domains[] = {
    {L"b\xfc"
     L"cher.example",
     L"xn--bcher-kva.example"},
    {L"www.example.com", L"www.example.com"},
    {L"\x4f8b\x3048.jp", L"xn--r8jz45g.jp"},
    {L"m\xfcnchen", L"xn--mnchen-3ya"},
};

static const struct {
    DWORD flags;
    const WCHAR *from, *to;
} maps[] = {
    {LCMAP_UPPERCASE, L"\xe4\xf6\xfc\x430\x3b1", L"\xc4\xd6\xdc\x410\x391"},
    {LCMAP_LOWERCASE, L"\xc4\xd6\xdc\x410\x391", L"\xe4\xf6\xfc\x430\x3b1"},
    {LCMAP_UPPERCASE,
     L"stra\xdf"
     L"e",
     L"STRA\xdf"
     L"E"},
    {LCMAP_FULLWIDTH, L"A1", L"\xff21\xff11"},
    {LCMAP_HALFWIDTH, L"\xff21\xff11", L"A1"},
    {LCMAP_HIRAGANA, L"\x30ab\x30bf", L"\x304b\x305f"},
    {LCMAP_KATAKANA, L"\x304b\x305f", L"\x30ab\x30bf"},
};

static void check_wide(const WCHAR *a, int length, const WCHAR *b, int line)
{
    check_count++;
    if (length != (int)wcslen(b) || memcmp(a, b, (size_t)length * 2) != 0) {
        check_failed++;
        printf("%s:%d: is \"%.*ls\", expected \"%ls\"\n", __FILE__, line, length, a, b);
    }
}

static void check_order(size_t i)
{
    BYTE key_a[256], key_b[256];
    int order;

    CHECK_EQ(CompareStringEx(orders[i].locale, orders[i].flags, orders[i].a, -1, orders[i].b, -1, NULL, NULL, 0),
             orders[i].order);
    CHECK_EQ(CompareStringEx(orders[i].locale, orders[i].flags, orders[i].b, -1, orders[i].a, -1, NULL, NULL, 0),
             2 * CSTR_EQUAL - orders[i].order);
    if (!*orders[i].a || (orders[i].flags & SORT_DIGITSASNUMBERS))
        return;
    CHECK(LCMapStringEx(orders[i].locale, orders[i].flags | LCMAP_SORTKEY, orders[i].a, -1, (WCHAR *)key_a, 256, NULL,
                        NULL, 0));
    CHECK(LCMapStringEx(orders[i].locale, orders[i].flags | LCMAP_SORTKEY, orders[i].b, -1, (WCHAR *)key_b, 256, NULL,
                        NULL, 0));
    order = strcmp((char *)key_a, (char *)key_b);
    CHECK_EQ(order < 0 ? CSTR_LESS_THAN : order ? CSTR_GREATER_THAN : CSTR_EQUAL, orders[i].order);
}

static void check_find(void)
{
    int found = 0;

    CHECK_EQ(FindNLSStringEx(L"en-US", FIND_FROMSTART, L"x\xe4y\xe4", 4, L"\xe4", 1, &found, NULL, NULL, 0), 1);
    CHECK_EQ(found, 1);
    CHECK_EQ(FindNLSStringEx(L"en-US", FIND_FROMEND, L"x\xe4y\xe4", 4, L"\xe4", 1, &found, NULL, NULL, 0), 3);
    CHECK_EQ(
        FindNLSStringEx(L"en-US", FIND_FROMSTART | NORM_IGNORECASE, L"x\xe4y", 3, L"\xc4", 1, &found, NULL, NULL, 0),
        1);
    CHECK_EQ(FindNLSStringEx(L"en-US", FIND_FROMSTART, L"x\xe4y", 3, L"\xc4", 1, &found, NULL, NULL, 0), -1);
    CHECK_EQ(FindNLSStringEx(L"en-US", FIND_STARTSWITH, L"\xe4y", 2, L"\xe4", 1, &found, NULL, NULL, 0), 0);
    CHECK_EQ(FindNLSStringEx(L"en-US", FIND_STARTSWITH, L"y\xe4", 2, L"\xe4", 1, &found, NULL, NULL, 0), -1);
    CHECK_EQ(FindNLSStringEx(L"en-US", FIND_ENDSWITH, L"y\xe4", 2, L"\xe4", 1, &found, NULL, NULL, 0), 1);
    CHECK_EQ(FindNLSStringEx(L"en-US", FIND_FROMSTART, L"abc", 3, L"c", 1, &found, NULL, NULL, 0), 2);
    CHECK_EQ(FindNLSStringEx(L"en-US", FIND_FROMSTART, NULL, 3, L"c", 1, &found, NULL, NULL, 0), -1);
    CHECK_EQ(GetLastError(), ERROR_INVALID_PARAMETER);
    CHECK_EQ(FindStringOrdinal(FIND_FROMSTART, L"x\xc4", 2, L"\xe4", 1, TRUE), 1);
}

int main(void)
{
    WCHAR out[64];

    for (size_t i = 0; i < COUNT(orders); i++)
        check_order(i);
    for (size_t i = 0; i < COUNT(forms); i++) {
        int length = NormalizeString((NORM_FORM)forms[i].form, forms[i].from, (int)wcslen(forms[i].from), out, 64);

        check_wide(out, length, forms[i].to, __LINE__);
        CHECK(IsNormalizedString((NORM_FORM)forms[i].form, forms[i].to, -1));
        CHECK_EQ(IsNormalizedString((NORM_FORM)forms[i].form, forms[i].from, -1), !wcscmp(forms[i].from, forms[i].to));
    }
    CHECK(NormalizeString(NormalizationC, L"\xd800", 1, out, 64) <= 0);
    CHECK_EQ(GetLastError(), ERROR_NO_UNICODE_TRANSLATION);
    for (size_t i = 0; i < COUNT(domains); i++) {
        int length = IdnToAscii(0, domains[i].plain, (int)wcslen(domains[i].plain), out, 64);

        check_wide(out, length, domains[i].ascii, __LINE__);
        length = IdnToUnicode(0, domains[i].ascii, (int)wcslen(domains[i].ascii), out, 64);
        check_wide(out, length, domains[i].plain, __LINE__);
    }
    CHECK_ERROR(IdnToAscii(0, L"a..b", 4, out, 64), ERROR_INVALID_NAME);
    for (size_t i = 0; i < COUNT(maps); i++) {
        int length =
            LCMapStringEx(L"en-US", maps[i].flags, maps[i].from, (int)wcslen(maps[i].from), out, 64, NULL, NULL, 0);

        check_wide(out, length, maps[i].to, __LINE__);
    }
    CHECK_EQ(LCMapStringEx(L"tr-TR", LCMAP_UPPERCASE | LCMAP_LINGUISTIC_CASING, L"i", 1, out, 64, NULL, NULL, 0), 1);
    CHECK_EQ(out[0], 0x130);
    CHECK_ERROR(CompareStringEx(L"en-US", 0x80000000, L"a", 1, L"b", 1, NULL, NULL, 0), ERROR_INVALID_FLAGS);
    CHECK_ERROR(CompareStringEx(L"en-US", 0, NULL, 1, L"b", 1, NULL, NULL, 0), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(CompareStringEx(L"no locale", 0, L"a", 1, L"b", 1, NULL, NULL, 0), ERROR_INVALID_PARAMETER);
    check_find();
    return check_done();
}
