/*
 * mbctype.c: the multibyte code page, and classes and conversions of its characters.
 *
 * Layer: crt over kernel32's code pages.  Kana and JIS exist in code page 932 alone.
 */
#include "mbstring.h"

int WINAPI crt_isalnum(int);
int WINAPI crt_isalpha(int);
int WINAPI crt_isdigit(int);
int WINAPI crt_isgraph(int);
int WINAPI crt_islower(int);
int WINAPI crt_isprint(int);
int WINAPI crt_ispunct(int);
int WINAPI crt_isspace(int);
int WINAPI crt_isupper(int);
int WINAPI crt_isblank(int);
int WINAPI crt_tolower(int);
int WINAPI crt_toupper(int);

#define JAPANESE 932

/* --- the code page ------------------------------------------------------------------------------------------------ */

/* Flags of _mbctype's bytes, index 0 is EOF. */
enum { KANA = 1, KANA_PUNCT = 2, LEAD = 4, TRAIL = 8, SINGLE_UPPER = 0x10, SINGLE_LOWER = 0x20 };
byte crt_mbctype[257] = {
    [1 + 'A' ... 1 + 'Z'] = SINGLE_UPPER,
    [1 + 'a' ... 1 + 'z'] = SINGLE_LOWER,
};
byte crt_mbcasemap[256] = {
#define OTHER_CASE(c) [c] = (c) ^ 0x20, [(c) ^ 0x20] = (c)
    OTHER_CASE('A'), OTHER_CASE('B'), OTHER_CASE('C'), OTHER_CASE('D'), OTHER_CASE('E'), OTHER_CASE('F'),
    OTHER_CASE('G'), OTHER_CASE('H'), OTHER_CASE('I'), OTHER_CASE('J'), OTHER_CASE('K'), OTHER_CASE('L'),
    OTHER_CASE('M'), OTHER_CASE('N'), OTHER_CASE('O'), OTHER_CASE('P'), OTHER_CASE('Q'), OTHER_CASE('R'),
    OTHER_CASE('S'), OTHER_CASE('T'), OTHER_CASE('U'), OTHER_CASE('V'), OTHER_CASE('W'), OTHER_CASE('X'),
    OTHER_CASE('Y'), OTHER_CASE('Z'),
};

byte *WINAPI __p__mbctype(void)
{
    return crt_mbctype;
}

byte *WINAPI __p__mbcasemap(void)
{
    return crt_mbcasemap;
}

static bool is_double(UINT codepage)
{
    CPINFO info;
    return codepage && codepage != CP_UTF8 && GetCPInfo(codepage, &info) && info.MaxCharSize == 2;
}

UINT mb_codepage(void)
{
    struct crt_locale_state *state = crt_locale();
    if (!state->multibyte_set) {
        UINT ansi = GetACP();
        state->multibyte = is_double(ansi) ? ansi : 0;
        state->multibyte_set = true;
    }
    return state->multibyte;
}

int WINAPI _getmbcp(void)
{
    return (int)mb_codepage();
}

enum { MB_SINGLE = 0, MB_OEM = -2, MB_ANSI = -3, MB_LOCALE = -4 };

int WINAPI _setmbcp(int request)
{
    UINT codepage = request == MB_OEM      ? GetOEMCP()
                    : request == MB_ANSI   ? GetACP()
                    : request == MB_LOCALE ? crt_codepage()
                                           : (UINT)request;
    if (request < MB_LOCALE || (codepage && !IsValidCodePage(codepage))) {
        crt_set_errno(CRT_EINVAL);
        return -1;
    }
    struct crt_locale_state *state = crt_locale();
    state->multibyte = codepage == CP_UTF8 ? 0 : codepage;
    state->multibyte_set = true;
    for (int c = 0x80; c < 0x100; c++) {
        byte flags = 0;
        if (is_double(codepage)) {
            flags |= IsDBCSLeadByteEx(codepage, (BYTE)c) ? LEAD : 0;
            flags |= c < 0xfd ? TRAIL : 0;
            if (codepage == JAPANESE && c >= 0xa1 && c <= 0xdf)
                flags |= c <= 0xa5 ? KANA_PUNCT : KANA;
        }
        crt_mbctype[c + 1] = flags;
    }
    for (int c = 0x40; c < 0x7f; c++)
        crt_mbctype[c + 1] = (byte)((crt_mbctype[c + 1] & ~TRAIL) | (is_double(codepage) ? TRAIL : 0));
    return 0;
}

/* --- bytes -------------------------------------------------------------------------------------------------------- */

int WINAPI _ismbblead(unsigned c)
{
    UINT codepage = mb_codepage();
    return codepage && c < 256 && IsDBCSLeadByteEx(codepage, (BYTE)c) ? LEAD : 0;
}

int WINAPI _ismbbtrail(unsigned c)
{
    return is_double(mb_codepage()) && c >= 0x40 && c < 0xfd && c != 0x7f ? TRAIL : 0;
}

static bool is_kana(unsigned c)
{
    return mb_codepage() == JAPANESE && c >= 0xa6 && c <= 0xdf;
}

static bool is_kana_punct(unsigned c)
{
    return mb_codepage() == JAPANESE && c >= 0xa1 && c <= 0xa5;
}

int WINAPI _ismbbkana(unsigned c)
{
    return is_kana(c) || is_kana_punct(c);
}

int WINAPI _ismbbkpunct(unsigned c)
{
    return is_kana_punct(c);
}

int WINAPI _ismbbkalnum(unsigned c)
{
    return is_kana(c);
}

int WINAPI _ismbbkprint(unsigned c)
{
    return is_kana(c) || is_kana_punct(c);
}

#define BYTE_CLASS(name, plain, kana)                                                                                  \
    int WINAPI _ismbb##name(unsigned c)                                                                                \
    {                                                                                                                  \
        return (c < 256 && !_ismbblead(c) && plain((int)c)) || (kana);                                                 \
    }
BYTE_CLASS(alnum, crt_isalnum, is_kana(c))
BYTE_CLASS(alpha, crt_isalpha, is_kana(c))
BYTE_CLASS(graph, crt_isgraph, is_kana(c) || is_kana_punct(c))
BYTE_CLASS(print, crt_isprint, is_kana(c) || is_kana_punct(c))
BYTE_CLASS(punct, crt_ispunct, is_kana_punct(c))
BYTE_CLASS(blank, crt_isblank, false)

/* _MBC_SINGLE 0, _MBC_LEAD 1, _MBC_TRAIL 2, _MBC_ILLEGAL -1: the kind of a byte behind one of kind `type`. */
int WINAPI _mbbtype(byte c, int type)
{
    if (type == 1)
        return _ismbbtrail(c) ? 2 : -1;
    return _ismbblead(c) ? 1 : crt_isprint(c) || is_kana(c) || is_kana_punct(c) ? 0 : -1;
}

/* --- characters --------------------------------------------------------------------------------------------------- */

/* A character's class by Windows' types; those of one byte by the locale. */
static int character_class(unsigned c, int mask, int(WINAPI *plain)(int))
{
    if (c < 256)
        return plain((int)c);
    char bytes[2] = {(char)(c >> 8), (char)c};
    WCHAR wide;
    WORD type = 0;
    if (!_ismbblead(c >> 8) || MultiByteToWideChar(mb_codepage(), MB_ERR_INVALID_CHARS, bytes, 2, &wide, 1) != 1 ||
        !GetStringTypeW(CT_CTYPE1, &wide, 1, &type))
        return 0;
    return type & mask;
}

#define CHARACTER_CLASS(name, mask)                                                                                    \
    int WINAPI _ismbc##name(unsigned c)                                                                                \
    {                                                                                                                  \
        return character_class(c, mask, crt_is##name);                                                                 \
    }
CHARACTER_CLASS(alnum, C1_ALPHA | C1_DIGIT)
CHARACTER_CLASS(alpha, C1_ALPHA)
CHARACTER_CLASS(digit, C1_DIGIT)
CHARACTER_CLASS(graph, C1_ALPHA | C1_DIGIT | C1_PUNCT)
CHARACTER_CLASS(lower, C1_LOWER)
CHARACTER_CLASS(print, C1_ALPHA | C1_DIGIT | C1_PUNCT | C1_BLANK)
CHARACTER_CLASS(punct, C1_PUNCT)
CHARACTER_CLASS(space, C1_SPACE)
CHARACTER_CLASS(upper, C1_UPPER)
CHARACTER_CLASS(blank, C1_BLANK)

int WINAPI _ismbclegal(unsigned c)
{
    return c < 0x10000 && _ismbblead(c >> 8) && _ismbbtrail(c & 0xff);
}

static bool is_japanese(unsigned c, unsigned first, unsigned last)
{
    return mb_codepage() == JAPANESE && c >= first && c <= last && _ismbbtrail(c & 0xff);
}

int WINAPI _ismbchira(unsigned c)
{
    return is_japanese(c, 0x829f, 0x82f1);
}

int WINAPI _ismbckata(unsigned c)
{
    return is_japanese(c, 0x8340, 0x8396);
}

int WINAPI _ismbcsymbol(unsigned c)
{
    return is_japanese(c, 0x8141, 0x81ac);
}

int WINAPI _ismbcl0(unsigned c)
{
    return is_japanese(c, 0x8140, 0x889e);
}

int WINAPI _ismbcl1(unsigned c)
{
    return is_japanese(c, 0x889f, 0x9872);
}

int WINAPI _ismbcl2(unsigned c)
{
    return is_japanese(c, 0x989f, 0xeaa4);
}

static unsigned map_character(unsigned c, DWORD map, int(WINAPI *plain)(int))
{
    if (c < 256)
        return (unsigned)plain((int)c);
    char bytes[2] = {(char)(c >> 8), (char)c};
    WCHAR wide, other;
    if (!_ismbblead(c >> 8) || MultiByteToWideChar(mb_codepage(), MB_ERR_INVALID_CHARS, bytes, 2, &wide, 1) != 1 ||
        LCMapStringEx(NULL, map, &wide, 1, &other, 1, NULL, NULL, 0) != 1 ||
        WideCharToMultiByte(mb_codepage(), 0, &other, 1, bytes, 2, NULL, NULL) != 2)
        return c;
    return (unsigned)(byte)bytes[0] << 8 | (byte)bytes[1];
}

unsigned WINAPI _mbctolower(unsigned c)
{
    return map_character(c, LCMAP_LOWERCASE, crt_tolower);
}

unsigned WINAPI _mbctoupper(unsigned c)
{
    return map_character(c, LCMAP_UPPERCASE, crt_toupper);
}

unsigned WINAPI _mbctokata(unsigned c)
{
    if (!_ismbchira(c))
        return c;
    return c + 0xa1 + (c >= 0x82de); /* katakana's row leaves out 0x7f */
}

unsigned WINAPI _mbctohira(unsigned c)
{
    if (!_ismbckata(c) || c >= 0x8394)
        return c;
    return c - 0xa1 - (c >= 0x8380);
}

/* Half width to full and back, by Windows' mapping. */
static unsigned map_width(unsigned c, DWORD map)
{
    char bytes[2] = {(char)c};
    int size = 1;
    WCHAR wide, other;
    if (c > 0xff) {
        bytes[0] = (char)(c >> 8);
        bytes[1] = (char)c;
        size = 2;
    }
    if (mb_codepage() != JAPANESE || MultiByteToWideChar(JAPANESE, 0, bytes, size, &wide, 1) != 1 ||
        LCMapStringEx(L"ja-JP", map, &wide, 1, &other, 1, NULL, NULL, 0) != 1)
        return c;
    size = WideCharToMultiByte(JAPANESE, 0, &other, 1, bytes, 2, NULL, NULL);
    return size == 2 ? (unsigned)(byte)bytes[0] << 8 | (byte)bytes[1] : size == 1 ? (byte)bytes[0] : c;
}

unsigned WINAPI _mbbtombc(unsigned c)
{
    return c < 0x20 || c > 0xdf ? c : map_width(c, LCMAP_FULLWIDTH);
}

unsigned WINAPI _mbctombb(unsigned c)
{
    return c < 0x100 ? c : map_width(c, LCMAP_HALFWIDTH);
}

/* JIS X 0208 (rows and cells from 0x21) and Microsoft's Kanji. */
unsigned WINAPI _mbcjistojms(unsigned c)
{
    unsigned high = c >> 8, low = c & 0xff;
    if (mb_codepage() != JAPANESE)
        return c;
    if (high < 0x21 || high > 0x7e || low < 0x21 || low > 0x7e)
        return crt_set_errno(CRT_EILSEQ), 0;
    low += high % 2 ? (low >= 0x60 ? 0x20 : 0x1f) : 0x7e;
    high = (high - 0x21) / 2 + 0x81;
    return (high > 0x9f ? high + 0x40 : high) << 8 | low;
}

unsigned WINAPI _mbcjmstojis(unsigned c)
{
    unsigned high = c >> 8, low = c & 0xff;
    if (mb_codepage() != JAPANESE)
        return c;
    if (!_ismbclegal(c) || high > 0xef)
        return crt_set_errno(CRT_EILSEQ), 0;
    high = (high - (high >= 0xe0 ? 0xc1 : 0x81)) * 2 + 0x21;
    if (low >= 0x9f)
        return (high + 1) << 8 | (low - 0x7e);
    return high << 8 | (low - (low > 0x7f ? 0x20 : 0x1f));
}

#define BYTE_LOCALE(name) MB_WITH_LOCALE(int, name, (c), unsigned c)
BYTE_LOCALE(_ismbblead)
BYTE_LOCALE(_ismbbtrail)
BYTE_LOCALE(_ismbbkana)
BYTE_LOCALE(_ismbbkpunct)
BYTE_LOCALE(_ismbbkalnum)
BYTE_LOCALE(_ismbbkprint)
BYTE_LOCALE(_ismbbalnum)
BYTE_LOCALE(_ismbbalpha)
BYTE_LOCALE(_ismbbgraph)
BYTE_LOCALE(_ismbbprint)
BYTE_LOCALE(_ismbbpunct)
BYTE_LOCALE(_ismbbblank)
BYTE_LOCALE(_ismbcalnum)
BYTE_LOCALE(_ismbcalpha)
BYTE_LOCALE(_ismbcdigit)
BYTE_LOCALE(_ismbcgraph)
BYTE_LOCALE(_ismbclower)
BYTE_LOCALE(_ismbcprint)
BYTE_LOCALE(_ismbcpunct)
BYTE_LOCALE(_ismbcspace)
BYTE_LOCALE(_ismbcupper)
BYTE_LOCALE(_ismbcblank)
BYTE_LOCALE(_ismbclegal)
BYTE_LOCALE(_ismbchira)
BYTE_LOCALE(_ismbckata)
BYTE_LOCALE(_ismbcsymbol)
BYTE_LOCALE(_ismbcl0)
BYTE_LOCALE(_ismbcl1)
BYTE_LOCALE(_ismbcl2)
MB_WITH_LOCALE(int, _mbbtype, (c, type), byte c, int type)
#define CHARACTER_LOCALE(name) MB_WITH_LOCALE(unsigned, name, (c), unsigned c)
CHARACTER_LOCALE(_mbctolower)
CHARACTER_LOCALE(_mbctoupper)
CHARACTER_LOCALE(_mbctokata)
CHARACTER_LOCALE(_mbctohira)
CHARACTER_LOCALE(_mbbtombc)
CHARACTER_LOCALE(_mbctombb)
CHARACTER_LOCALE(_mbcjistojms)
CHARACTER_LOCALE(_mbcjmstojis)
