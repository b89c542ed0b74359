/*
 * codepage_fit.c: makes a converter's tables Windows' own: bytes that it maps otherwise, holes, and best fits.
 *
 * Layer: ntdll.  From the lists of code pages and best fits that Microsoft has published.
 */
#include "codepage_table.h"
#include "nls_plugin.h"

/* Where Windows differs: bytes first to last are value and those after it.  Private use stands for "no character". */
static const struct {
    WORD codepage;
    BYTE first, last;
    WORD value;
} differences[] = {
    {437, 0xe6, 0xe6, 0x00b5},   {852, 0xaa, 0xaa, 0x00ac},   {857, 0xd5, 0xd5, 0xf8bb},   {857, 0xe7, 0xe7, 0xf8bc},
    {857, 0xf2, 0xf2, 0xf8bd},   {860, 0xe6, 0xe6, 0x00b5},   {861, 0xe6, 0xe6, 0x00b5},   {862, 0xe6, 0xe6, 0x00b5},
    {863, 0xe6, 0xe6, 0x00b5},   {865, 0xe6, 0xe6, 0x00b5},   {869, 0x88, 0x88, 0x00b7},   {874, 0xdb, 0xde, 0xf8c1},
    {874, 0xfc, 0xff, 0xf8c5},   {932, 0xa0, 0xa0, 0xf8f0},   {932, 0xfd, 0xff, 0xf8f1},   {936, 0x80, 0x80, 0x20ac},
    {936, 0xff, 0xff, 0xf8f5},   {949, 0xff, 0xff, 0xf8f7},   {950, 0xff, 0xff, 0xf8f8},   {1253, 0xaa, 0xaa, 0xf8f9},
    {1253, 0xd2, 0xd2, 0xf8fa},  {1253, 0xff, 0xff, 0xf8fb},  {1255, 0xca, 0xca, 0x05ba},  {1255, 0xd9, 0xdf, 0xf88d},
    {1255, 0xfb, 0xfc, 0xf894},  {1255, 0xff, 0xff, 0xf896},  {1257, 0xa1, 0xa1, 0xf8fc},  {1257, 0xa5, 0xa5, 0xf8fd},
    {10000, 0xbd, 0xbd, 0x2126}, {10006, 0x9c, 0x9c, 0x00ad}, {10006, 0xaf, 0xaf, 0x0387}, {10006, 0xff, 0xff, 0xf8a0},
    {10007, 0xa2, 0xa2, 0x00a2}, {10007, 0xb6, 0xb6, 0x2202}, {10007, 0xff, 0xff, 0x00a4}, {10081, 0xbd, 0xbd, 0x2126},
    {21866, 0xae, 0xae, 0x045e}, {21866, 0xbe, 0xbe, 0x040e}, {28597, 0xa1, 0xa1, 0x02bd}, {28597, 0xa2, 0xa2, 0x02bc},
    {28597, 0xa4, 0xa5, 0xf7c2}, {28597, 0xaa, 0xaa, 0xf7c4}, {28598, 0xaf, 0xaf, 0x203e},
};

/* Where all holes from 0xA1 on stand for characters of private use, one after the other. */
static const struct {
    WORD codepage, value;
} numbered_holes[] = {{28593, 0xf7f5}, {28596, 0xf7c8}, {28597, 0xf7c5}, {28598, 0xf79c}};

static void map_byte(struct nls_tables *tables, BYTE byte, WCHAR c)
{
    WCHAR old = tables->to_wide[byte];

    if (old != NLS_UNMAPPED && tables->from_wide[old] == byte)
        tables->from_wide[old] = 0;
    tables->to_wide[byte] = c;
    tables->from_wide[c] = byte;
}

static void differences_apply(const struct codepage *codepage, struct nls_tables *tables)
{
    for (size_t i = 0; i < sizeof differences / sizeof *differences; i++)
        if (differences[i].codepage == codepage->number)
            for (unsigned at = 0; at <= (unsigned)(differences[i].last - differences[i].first); at++)
                map_byte(tables, (BYTE)(differences[i].first + at), (WCHAR)(differences[i].value + at));
}

/* Control characters are themselves, also where a converter has IBM's order; so is what is not used below 0xA1. */
static void controls_map(const struct codepage *codepage, struct nls_tables *tables)
{
    for (unsigned byte = 0; byte < 0xa1; byte++) {
        bool control = byte < 0x20 || byte == 0x7f;

        if (control || (tables->to_wide[byte] == NLS_UNMAPPED && !codepage_is_lead(codepage, (BYTE)byte))) {
            tables->to_wide[byte] = (WCHAR)byte;
            tables->from_wide[byte] = (uint16_t)byte;
        }
    }
}

static void holes_number(const struct codepage *codepage, struct nls_tables *tables)
{
    for (size_t i = 0; i < sizeof numbered_holes / sizeof *numbered_holes; i++) {
        WCHAR c = numbered_holes[i].value;

        for (unsigned byte = 0xa1; numbered_holes[i].codepage == codepage->number && byte < 0x100; byte++)
            if (tables->to_wide[byte] == NLS_UNMAPPED)
                map_byte(tables, (BYTE)byte, c++);
    }
}

/* The ASCII characters that come nearest; '?': none. */
static const struct {
    WORD first;
    const char *fits;
} ascii_fits[] = {
    {0x00a0, " !c?$Y|?\?Ca<?-R?\?\?23?\?\?.,1o>"},
    {0x00c0, "AAAAAAACEEEEIIIIDNOOOOO?OUUUUY?\?aaaaaaaceeeeiiii?nooooo?ouuuuy?"
             "yAaAaAaCcCcCcCcDdDdEeEeEeEeEeGgGgGgGgHhHhIiIiIiIiIi?\?JjKk?LlLlLl?\?LlNnNnNn?"
             "\?\?OoOoOoOoRrRrRrSsSsSsSsTtTtTtUuUuUuUuUuUuWwYyYZzZzZz?b"},
    {0x0189, "D"},
    {0x0191, "Ff"},
    {0x0197, "I?\?l"},
    {0x019f, "OOo"},
    {0x01ab, "t?\?TUu"},
    {0x01b6, "z"},
    {0x01cd, "AaIiOoUuUuUuUuUu?Aa"},
    {0x01e4, "GgGgKkOoOo?\?j"},
    {0x0261, "g"},
    {0x02b9, "'\"?'"},
    {0x02c4, "^?^?'?\?`?_"},
    {0x02dc, "~"},
    {0x0300, "`?^~"},
    {0x030e, "\""},
    {0x0331, "__"},
    {0x2000, "       "},
    {0x2010, "--?--?\?\?'',?\"\"\"?\?\?.?\?\?."},
    {0x2032, "'?\?`?\?\?<>"},
    {0x2122, "T"},
};

char codepage_ascii_fit(WCHAR c)
{
    if (c > 0xff00 && c < 0xff5f)
        return (char)(c - 0xfee0);
    for (size_t i = 0; i < sizeof ascii_fits / sizeof *ascii_fits && ascii_fits[i].first <= c; i++) {
        const char *fits = ascii_fits[i].fits;
        size_t at = (size_t)(c - ascii_fits[i].first);

        for (size_t before = 0; before < at && *fits; before++)
            fits++;
        if (*fits)
            return *fits == '?' ? 0 : *fits;
    }
    return 0;
}

/* Code pages that use that list; the others fit full-width characters only. */
static bool uses_ascii_fits(UINT codepage)
{
    switch (codepage) {
    case 437:
    case 775:
    case 850 ... 863:
    case 865:
    case 866:
    case 869:
    case 1250 ... 1254:
    case 20866:
    case 21866:
    case 28591 ... 28605:
        return true;
    default:
        return false;
    }
}

static void fit(struct nls_tables *tables, WCHAR c, WCHAR ascii)
{
    tables->best_fit[c] = tables->from_wide[c] ? 0 : tables->from_wide[ascii];
}

void codepage_tables_complete(const struct codepage *codepage, struct nls_tables *tables)
{
    bool ebcdic = tables->to_wide['A'] != 'A';

    if (!ebcdic)
        controls_map(codepage, tables);
    differences_apply(codepage, tables);
    holes_number(codepage, tables);
    if (codepage->max_bytes > 1) /* they have full-width characters of their own */
        return;
    for (WCHAR c = 0x21; c < 0x7f && codepage->number != 864; c++)
        fit(tables, (WCHAR)(c + 0xfee0), c);
    if (!uses_ascii_fits(codepage->number))
        return;
    for (size_t i = 0; i < sizeof ascii_fits / sizeof *ascii_fits; i++)
        for (WCHAR at = 0; ascii_fits[i].fits[at]; at++)
            if (ascii_fits[i].fits[at] != '?')
                fit(tables, (WCHAR)(ascii_fits[i].first + at), (WCHAR)ascii_fits[i].fits[at]);
}
