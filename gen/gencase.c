/*
 * gencase.c: writes the tables of Windows' simple case mapping and character types (case_table.h).
 *
 * Runs at build time.  Unicode's simple mapping comes from ICU, so that no locale matters.  Windows maps a
 * character only if the way back leads to it again.
 */
#include <unicode/uchar.h>
#include <stdio.h>
#include <string.h>

#define BLOCK 256

/* GetStringType's bits. */
enum {
    C1_UPPER = 1,
    C1_LOWER = 2,
    C1_DIGIT = 4,
    C1_SPACE = 8,
    C1_PUNCT = 16,
    C1_CNTRL = 32,
    C1_BLANK = 64,
    C1_XDIGIT = 128,
    C1_ALPHA = 256
};
enum {
    C3_NONSPACING = 1,
    C3_DIACRITIC = 2,
    C3_SYMBOL = 8,
    C3_KATAKANA = 16,
    C3_HIRAGANA = 32,
    C3_HALFWIDTH = 64,
    C3_FULLWIDTH = 128,
    C3_IDEOGRAPH = 256,
    C3_KASHIDA = 512,
    C3_HIGHSURROGATE = 0x800,
    C3_LOWSURROGATE = 0x1000,
    C3_ALPHA = 0x8000
};

static unsigned lower(unsigned c)
{
    unsigned mapped = (unsigned)u_tolower((UChar32)c);

    return mapped > 0xffff || (unsigned)u_toupper((UChar32)mapped) != c ? c : mapped;
}

static unsigned upper(unsigned c)
{
    unsigned mapped = (unsigned)u_toupper((UChar32)c);

    return mapped > 0xffff || (unsigned)u_tolower((UChar32)mapped) != c ? c : mapped;
}

static unsigned type1(unsigned c)
{
    int8_t category = u_charType((UChar32)c);
    unsigned bits = 0x200; /* C1_DEFINED */

    if (category == U_UNASSIGNED)
        return 0;
    if (category == U_UPPERCASE_LETTER || category == U_TITLECASE_LETTER)
        bits |= C1_UPPER;
    if (category == U_LOWERCASE_LETTER || category == U_TITLECASE_LETTER)
        bits |= C1_LOWER;
    if (c == 0xaa || c == 0xba) /* small letters of older versions of Unicode, raised */
        bits |= C1_LOWER;
    if (category == U_DECIMAL_DIGIT_NUMBER)
        bits |= C1_DIGIT;
    if (u_isUWhiteSpace((UChar32)c))
        bits |= C1_SPACE;
    if (c == '\t' || category == U_SPACE_SEPARATOR)
        bits |= C1_BLANK;
    if (category == U_CONTROL_CHAR || category == U_FORMAT_CHAR)
        bits |= C1_CNTRL;
    if (c < 0x80 ? u_isxdigit((UChar32)c) : 0)
        bits |= C1_XDIGIT;
    if (u_isalpha((UChar32)c) || (category == U_OTHER_LETTER))
        bits |= C1_ALPHA;
    if (u_ispunct((UChar32)c) || (c < 0x100 && U_MASK(category) & U_GC_S_MASK))
        bits |= C1_PUNCT;
    if (c == 0xb2 || c == 0xb3 || c == 0xb9) /* superscript digits */
        bits |= C1_DIGIT | C1_PUNCT;
    if (c == 0xaa || c == 0xad || c == 0xb5 || c == 0xba || (c >= 0xbc && c <= 0xbe))
        bits |= C1_PUNCT;
    return bits;
}

/* The bidirectional class. */
static unsigned type2(unsigned c)
{
    if (u_charType((UChar32)c) == U_UNASSIGNED)
        return 0;
    switch (u_charDirection((UChar32)c)) {
    case U_LEFT_TO_RIGHT:
        return 1;
    case U_RIGHT_TO_LEFT:
    case U_RIGHT_TO_LEFT_ARABIC:
        return 2;
    case U_EUROPEAN_NUMBER:
        return 3;
    case U_EUROPEAN_NUMBER_SEPARATOR:
        return 4;
    case U_EUROPEAN_NUMBER_TERMINATOR:
        return 5;
    case U_ARABIC_NUMBER:
        return 6;
    case U_COMMON_NUMBER_SEPARATOR:
        return 7;
    case U_BLOCK_SEPARATOR:
        return 8;
    case U_SEGMENT_SEPARATOR:
        return 9;
    case U_WHITE_SPACE_NEUTRAL:
        return 10;
    case U_DIR_NON_SPACING_MARK:
    case U_BOUNDARY_NEUTRAL:
        return 0;
    default:
        return 11;
    }
}

static unsigned type3(unsigned c)
{
    int8_t category = u_charType((UChar32)c);
    UBlockCode block = ublock_getCode((UChar32)c);
    unsigned bits = 0;

    if (category == U_UNASSIGNED)
        return 0;
    if (category == U_NON_SPACING_MARK)
        bits |= C3_NONSPACING;
    if (category == U_NON_SPACING_MARK && u_hasBinaryProperty((UChar32)c, UCHAR_DIACRITIC))
        bits |= C3_DIACRITIC;
    if (c < 0x80 ? c >= ' ' && !u_isalnum((UChar32)c) : U_MASK(category) & U_GC_S_MASK)
        bits |= C3_SYMBOL;
    if (c >= 0x20 && c < 0x7f)
        bits |= C3_HALFWIDTH;
    if (block == UBLOCK_KATAKANA)
        bits |= C3_KATAKANA | C3_FULLWIDTH;
    if (block == UBLOCK_HIRAGANA)
        bits |= C3_HIRAGANA | C3_FULLWIDTH;
    if (u_hasBinaryProperty((UChar32)c, UCHAR_IDEOGRAPHIC))
        bits |= C3_IDEOGRAPH;
    if (u_isalpha((UChar32)c) && !(c >= 0xac00 && c < 0xd7b0) &&
        u_getIntPropertyValue((UChar32)c, UCHAR_DECOMPOSITION_TYPE) == U_DT_CANONICAL)
        bits |= C3_NONSPACING | C3_DIACRITIC;
    if (c == 0x640)
        bits |= C3_KASHIDA;
    if (c >= 0xd800 && c < 0xdc00)
        bits |= C3_HIGHSURROGATE;
    if (c >= 0xdc00 && c < 0xe000)
        bits |= C3_LOWSURROGATE;
    if (u_isalpha((UChar32)c))
        bits |= C3_ALPHA;
    return bits;
}

static unsigned upper_difference(unsigned c)
{
    return upper(c) - c;
}

static unsigned lower_difference(unsigned c)
{
    return lower(c) - c;
}

/* Two levels: blocks of 256 values, equal blocks once. */
static void table_write(const char *name, const char *what, unsigned (*map)(unsigned))
{
    static unsigned short blocks[BLOCK][BLOCK];
    unsigned char index[BLOCK];
    unsigned count = 0;

    for (unsigned high = 0; high < BLOCK; high++) {
        unsigned short block[BLOCK];
        unsigned i;

        for (unsigned low = 0; low < BLOCK; low++)
            block[low] = (unsigned short)map(high << 8 | low);
        for (i = 0; i < count && memcmp(blocks[i], block, sizeof block) != 0; i++)
            ;
        if (i == count)
            memcpy(blocks[count++], block, sizeof block);
        index[high] = (unsigned char)i;
    }
    printf("static const unsigned char %s_index[256] = {", name);
    for (unsigned i = 0; i < BLOCK; i++)
        printf("%s%u,", i % 32 ? "" : "\n    ", index[i]);
    printf("\n};\nstatic const unsigned short %s_%s[%u][256] = {\n", name, what, count);
    for (unsigned i = 0; i < count; i++) {
        printf("    {");
        for (unsigned j = 0; j < BLOCK; j++)
            printf("%u,", blocks[i][j]);
        printf("},\n");
    }
    printf("};\n");
}

int main(void)
{
    printf("/* Written by gen/gencase. */\n");
    table_write("upper", "delta", upper_difference);
    table_write("lower", "delta", lower_difference);
    table_write("type1", "value", type1);
    table_write("type2", "value", type2);
    table_write("type3", "value", type3);
    return ferror(stdout) != 0;
}
