/*
 * ctype.c: classes and case of characters, narrow and wide.
 *
 * Narrow: the C locale's table; other locales treat bytes above 0x7f by their code page, which for UTF-8 has none.
 * Wide: the table below 0x80, Windows' own character types above.
 */
#include "crt/locale.h"

/* The host's ctype.h comes with the Windows headers and has these as macros. */
#undef __toascii

WCHAR NTAPI RtlUpcaseUnicodeChar(WCHAR);
WCHAR NTAPI RtlDowncaseUnicodeChar(WCHAR);

enum {
    UPPER = 0x1,
    LOWER = 0x2,
    DIGIT = 0x4,
    SPACE = 0x8,
    PUNCT = 0x10,
    CONTROL = 0x20,
    BLANK = 0x40,
    HEX = 0x80,
    ALPHA = 0x100,
    LEAD = 0x8000
};

/* Index 0 is EOF: programs index with c + 1 (_pctype points at 1). */
#define ASCII_CLASSES                                                                                                  \
    [1 ... 9] = CONTROL, [1 + '\t' ... 1 + '\r'] = SPACE | CONTROL, [1 + 14 ... 1 + 31] = CONTROL,                     \
           [1 + ' '] = SPACE | BLANK, [1 + '!' ... 1 + '/'] = PUNCT, [1 + '0' ... 1 + '9'] = DIGIT | HEX,              \
           [1 + ':' ... 1 + '@'] = PUNCT, [1 + 'A' ... 1 + 'F'] = UPPER | HEX | ALPHA,                                 \
           [1 + 'G' ... 1 + 'Z'] = UPPER | ALPHA, [1 + '[' ... 1 + '`'] = PUNCT,                                       \
           [1 + 'a' ... 1 + 'f'] = LOWER | HEX | ALPHA, [1 + 'g' ... 1 + 'z'] = LOWER | ALPHA,                         \
           [1 + '{' ... 1 + '~'] = PUNCT, [1 + 127] = CONTROL
const unsigned short crt_ctype[257] = {ASCII_CLASSES};

extern const unsigned short *crt_pctype; /* the process's locale's */

const unsigned short *WINAPI __pctype_func(void)
{
    return crt_classes(crt_locale());
}

const unsigned short **WINAPI crt_p__pctype(void)
{
    return &crt_pctype;
}

/* The wide table that msvcrt exports as _wctype: Latin-1. */
const unsigned short crt_wide_ctype[257] = {
    ASCII_CLASSES,
    [1 + 0x80 ... 1 + 0x84] = CONTROL,
    [1 + 0x85] = SPACE | CONTROL,
    [1 + 0x86 ... 1 + 0x9f] = CONTROL,
    [1 + 0xa0] = SPACE | BLANK,
    [1 + 0xa1 ... 1 + 0xa9] = PUNCT,
    [1 + 0xaa] = LOWER | ALPHA,
    [1 + 0xab ... 1 + 0xac] = PUNCT,
    [1 + 0xad] = PUNCT | CONTROL,
    [1 + 0xae ... 1 + 0xb1] = PUNCT,
    [1 + 0xb2 ... 1 + 0xb3] = PUNCT | DIGIT,
    [1 + 0xb4] = PUNCT,
    [1 + 0xb5] = LOWER | PUNCT | ALPHA,
    [1 + 0xb6 ... 1 + 0xb8] = PUNCT,
    [1 + 0xb9] = PUNCT | DIGIT,
    [1 + 0xba] = LOWER | ALPHA,
    [1 + 0xbb ... 1 + 0xbf] = PUNCT,
    [1 + 0xc0 ... 1 + 0xd6] = UPPER | ALPHA,
    [1 + 0xd7] = PUNCT,
    [1 + 0xd8 ... 1 + 0xde] = UPPER | ALPHA,
    [1 + 0xdf ... 1 + 0xf6] = LOWER | ALPHA,
    [1 + 0xf7] = PUNCT,
    [1 + 0xf8 ... 1 + 0xff] = LOWER | ALPHA,
};
const unsigned short *crt_pwctype = crt_wide_ctype + 1;

const unsigned short *WINAPI __pwctype_func(void)
{
    return crt_wide_ctype + 1;
}

/* The character of a byte above 0x7f in a code page of one byte a character; 0: none. */
static WCHAR wide_of_byte(UINT codepage, int c)
{
    char byte = (char)c;
    WCHAR wide;
    return MultiByteToWideChar(codepage, MB_ERR_INVALID_CHARS, &byte, 1, &wide, 1) == 1 ? wide : 0;
}

void locale_fill_classes(struct crt_locale_state *state)
{
    memcpy(state->classes, crt_ctype, sizeof(state->classes));
    for (int c = 0x80; c < 0x100; c++) {
        WCHAR wide;
        WORD type = 0;
        if (state->mb_cur_max == 2 && IsDBCSLeadByteEx(state->codepage, (BYTE)c))
            state->classes[c + 1] = LEAD;
        else if ((wide = wide_of_byte(state->codepage, c)) && GetStringTypeW(CT_CTYPE1, &wide, 1, &type))
            state->classes[c + 1] = type & 0x1ff;
    }
}

static int class_of(int c)
{
    return (unsigned)(c + 1) <= 256 ? crt_classes(crt_locale())[c] : 0;
}

static int wide_class(WCHAR c)
{
    WORD type = 0;
    if (c < 0x80)
        return crt_ctype[c + 1];
    /* CT_CTYPE1 has the same bits. */
    return GetStringTypeW(CT_CTYPE1, &c, 1, &type) ? type & 0x1ff : 0;
}

int WINAPI _isctype(int c, int mask)
{
    return class_of(c) & mask;
}

int WINAPI _isctype_l(int c, int mask, void *locale)
{
    return IN_LOCALE(locale, class_of(c) & mask);
}

int WINAPI crt_iswctype(WCHAR c, unsigned short mask)
{
    return c == 0xffff ? 0 : wide_class(c) & mask;
}

int WINAPI _iswctype_l(WCHAR c, unsigned short mask, void *locale)
{
    (void)locale;
    return crt_iswctype(c, mask);
}

#define CLASS(name, mask)                                                                                              \
    int WINAPI crt_is##name(int c)                                                                                     \
    {                                                                                                                  \
        return class_of(c) & (mask);                                                                                   \
    }                                                                                                                  \
    int WINAPI _is##name##_l(int c, void *locale)                                                                      \
    {                                                                                                                  \
        return IN_LOCALE(locale, class_of(c) & (mask));                                                                \
    }                                                                                                                  \
    int WINAPI crt_isw##name(WCHAR c)                                                                                  \
    {                                                                                                                  \
        return crt_iswctype(c, (mask));                                                                                \
    }                                                                                                                  \
    int WINAPI _isw##name##_l(WCHAR c, void *locale)                                                                   \
    {                                                                                                                  \
        (void)locale;                                                                                                  \
        return crt_iswctype(c, (mask));                                                                                \
    }
CLASS(alpha, ALPHA)
CLASS(upper, UPPER)
CLASS(lower, LOWER)
CLASS(digit, DIGIT)
CLASS(xdigit, HEX)
CLASS(space, SPACE)
CLASS(punct, PUNCT)
CLASS(alnum, ALPHA | DIGIT)
CLASS(print, BLANK | PUNCT | ALPHA | DIGIT)
CLASS(graph, PUNCT | ALPHA | DIGIT)
CLASS(cntrl, CONTROL)

int WINAPI crt_isblank(int c)
{
    return c == '\t' ? BLANK : class_of(c) & BLANK;
}

int WINAPI _isblank_l(int c, void *locale)
{
    return IN_LOCALE(locale, crt_isblank(c));
}

int WINAPI crt_iswblank(WCHAR c)
{
    return c == '\t' ? BLANK : crt_iswctype(c, BLANK);
}

int WINAPI _iswblank_l(WCHAR c, void *locale)
{
    (void)locale;
    return crt_iswblank(c);
}

int WINAPI crt_isleadbyte(int c)
{
    return class_of((unsigned char)c) & LEAD;
}

int WINAPI _isleadbyte_l(int c, void *locale)
{
    return IN_LOCALE(locale, crt_isleadbyte(c));
}

int WINAPI crt_isascii(int c)
{
    return (unsigned)c < 0x80;
}

int WINAPI crt_iswascii(WCHAR c)
{
    return c < 0x80;
}

int WINAPI __toascii(int c)
{
    return c & 0x7f;
}

int WINAPI __iscsym(int c)
{
    return c == '_' || (class_of(c) & (ALPHA | DIGIT));
}

int WINAPI __iscsymf(int c)
{
    return c == '_' || (class_of(c) & ALPHA);
}

int WINAPI __iswcsym(WCHAR c)
{
    return c == '_' || crt_iswctype(c, ALPHA | DIGIT);
}

int WINAPI __iswcsymf(WCHAR c)
{
    return c == '_' || crt_iswctype(c, ALPHA);
}

int WINAPI _iswcsym_l(WCHAR c, void *locale)
{
    (void)locale;
    return __iswcsym(c);
}

int WINAPI _iswcsymf_l(WCHAR c, void *locale)
{
    (void)locale;
    return __iswcsymf(c);
}

/* Case of a byte above 0x7f: that of its character, if the other case is a byte too. */
static int change_case(int c, WCHAR(NTAPI *change)(WCHAR))
{
    struct crt_locale_state *state = crt_locale();
    char byte;
    BOOL lost = FALSE;
    WCHAR wide = wide_of_byte(state->codepage, c), other = change(wide);
    if (other == wide || WideCharToMultiByte(state->codepage, 0, &other, 1, &byte, 1, NULL, &lost) != 1 || lost)
        return c;
    return (unsigned char)byte;
}

int WINAPI crt_tolower(int c)
{
    if (!(class_of(c) & UPPER))
        return c;
    return c < 0x80 ? c + 32 : change_case(c, RtlDowncaseUnicodeChar);
}

int WINAPI crt_toupper(int c)
{
    if (!(class_of(c) & LOWER))
        return c;
    return c < 0x80 ? c - 32 : change_case(c, RtlUpcaseUnicodeChar);
}

int WINAPI crt_plain_tolower(int c)
{
    return c + 32;
}

int WINAPI crt_plain_toupper(int c)
{
    return c - 32;
}

int WINAPI _tolower_l(int c, void *locale)
{
    return IN_LOCALE(locale, crt_tolower(c));
}

int WINAPI _toupper_l(int c, void *locale)
{
    return IN_LOCALE(locale, crt_toupper(c));
}

WCHAR WINAPI crt_towlower(WCHAR c)
{
    if (c < 0x80)
        return (WCHAR)crt_tolower(c);
    return crt_codepage() ? RtlDowncaseUnicodeChar(c) : c;
}

WCHAR WINAPI crt_towupper(WCHAR c)
{
    if (c < 0x80)
        return (WCHAR)crt_toupper(c);
    return crt_codepage() ? RtlUpcaseUnicodeChar(c) : c;
}

WCHAR WINAPI _towlower_l(WCHAR c, void *locale)
{
    return IN_LOCALE(locale, crt_towlower(c));
}

WCHAR WINAPI _towupper_l(WCHAR c, void *locale)
{
    return IN_LOCALE(locale, crt_towupper(c));
}

static const struct {
    char name[7];
    unsigned short mask;
} classes[] = {
    {"alnum", ALPHA | DIGIT}, {"alpha", ALPHA},
    {"blank", BLANK},         {"cntrl", CONTROL},
    {"digit", DIGIT},         {"graph", PUNCT | ALPHA | DIGIT},
    {"lower", LOWER},         {"print", BLANK | PUNCT | ALPHA | DIGIT},
    {"punct", PUNCT},         {"space", SPACE},
    {"upper", UPPER},         {"xdigit", HEX},
};

unsigned short WINAPI crt_wctype(const char *name)
{
    for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++)
        if (!strcmp(classes[i].name, name))
            return classes[i].mask;
    return 0;
}

unsigned short WINAPI crt_wctrans(const char *name)
{
    return !strcmp(name, "toupper") ? 1 : !strcmp(name, "tolower") ? 2 : 0;
}

WCHAR WINAPI crt_towctrans(WCHAR c, unsigned short transform)
{
    return transform == 1 ? crt_towupper(c) : transform == 2 ? crt_towlower(c) : c;
}
