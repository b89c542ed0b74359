/*
 * ctype.c: classes and case of characters, narrow and wide.
 *
 * Narrow: the C locale's table; Microsoft's other locales treat bytes above 0x7f by their code page, which for UTF-8
 * has none.  Wide: the table below 0x80, Windows' own character types above.
 */
#include "crt/crt.h"

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
    ALPHA = 0x100
};

/* Index 0 is EOF: programs index with c + 1 (_pctype points at 1). */
static const unsigned short table[257] = {
    [1 ... 9] = CONTROL,
    [1 + '\t'] = SPACE | CONTROL | BLANK,
    [1 + '\n' ... 1 + '\r'] = SPACE | CONTROL,
    [1 + 14 ... 1 + 31] = CONTROL,
    [1 + ' '] = SPACE | BLANK,
    [1 + '!' ... 1 + '/'] = PUNCT,
    [1 + '0' ... 1 + '9'] = DIGIT | HEX,
    [1 + ':' ... 1 + '@'] = PUNCT,
    [1 + 'A' ... 1 + 'F'] = UPPER | HEX | ALPHA,
    [1 + 'G' ... 1 + 'Z'] = UPPER | ALPHA,
    [1 + '[' ... 1 + '`'] = PUNCT,
    [1 + 'a' ... 1 + 'f'] = LOWER | HEX | ALPHA,
    [1 + 'g' ... 1 + 'z'] = LOWER | ALPHA,
    [1 + '{' ... 1 + '~'] = PUNCT,
    [1 + 127] = CONTROL,
};

const unsigned short *crt_pctype = table + 1;

const unsigned short *WINAPI __pctype_func(void)
{
    return table + 1;
}

const unsigned short **WINAPI crt_p__pctype(void)
{
    return &crt_pctype;
}

static int class_of(int c)
{
    return (unsigned)(c + 1) <= 256 ? table[c + 1] : 0;
}

static int wide_class(WCHAR c)
{
    WORD type = 0;
    if (c < 0x80)
        return table[c + 1];
    /* CT_CTYPE1 has the same bits. */
    return GetStringTypeW(CT_CTYPE1, &c, 1, &type) ? type & 0x1ff : 0;
}

int WINAPI _isctype(int c, int mask)
{
    return class_of(c) & mask;
}

int WINAPI _isctype_l(int c, int mask, void *locale)
{
    (void)locale;
    return class_of(c) & mask;
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
        (void)locale;                                                                                                  \
        return class_of(c) & (mask);                                                                                   \
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

int WINAPI crt_iswblank(WCHAR c)
{
    return c == '\t' ? BLANK : crt_iswctype(c, BLANK);
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

int WINAPI crt_tolower(int c)
{
    return class_of(c) & UPPER ? c + 32 : c;
}

int WINAPI crt_toupper(int c)
{
    return class_of(c) & LOWER ? c - 32 : c;
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
    (void)locale;
    return crt_tolower(c);
}

int WINAPI _toupper_l(int c, void *locale)
{
    (void)locale;
    return crt_toupper(c);
}

WCHAR WINAPI crt_towlower(WCHAR c)
{
    if (c < 0x80)
        return (WCHAR)crt_tolower(c);
    return crt_codepage ? RtlDowncaseUnicodeChar(c) : c;
}

WCHAR WINAPI crt_towupper(WCHAR c)
{
    if (c < 0x80)
        return (WCHAR)crt_toupper(c);
    return crt_codepage ? RtlUpcaseUnicodeChar(c) : c;
}

WCHAR WINAPI _towlower_l(WCHAR c, void *locale)
{
    (void)locale;
    return crt_towlower(c);
}

WCHAR WINAPI _towupper_l(WCHAR c, void *locale)
{
    (void)locale;
    return crt_towupper(c);
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
