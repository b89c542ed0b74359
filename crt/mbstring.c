/*
 * mbstring.c: mbstring.h's functions, which step by characters of the multibyte code page.
 *
 * That code page is the ANSI one; a lead byte exists only in the double-byte ones (UTF-8 has none here, as in
 * Windows), so for all others a character is a byte.
 */
#include "crt/crt.h"

typedef unsigned char byte;

int WINAPI _ismbblead(unsigned c)
{
    return c < 256 && IsDBCSLeadByte((BYTE)c);
}

int WINAPI _ismbblead_l(unsigned c, void *locale)
{
    (void)locale;
    return _ismbblead(c);
}

int WINAPI _ismbbtrail(unsigned c)
{
    CPINFO info;
    return GetCPInfo(CP_ACP, &info) && info.MaxCharSize == 2 && c >= 0x40 && c < 0xff && c != 0x7f;
}

static size_t step(const byte *text)
{
    return *text && _ismbblead(*text) && text[1] ? 2 : 1;
}

static unsigned character(const byte *text)
{
    return step(text) == 2 ? (unsigned)text[0] << 8 | text[1] : *text;
}

byte *WINAPI _mbsinc(const byte *text)
{
    return (byte *)text + step(text);
}

byte *WINAPI _mbsdec(const byte *start, const byte *current)
{
    if (start >= current)
        return NULL;
    const byte *p = start, *previous = start;
    while (p < current) {
        previous = p;
        p += step(p);
    }
    return (byte *)previous;
}

byte *WINAPI _mbschr(const byte *text, unsigned c)
{
    for (;; text += step(text)) {
        if (character(text) == c)
            return (byte *)text;
        if (!*text)
            return NULL;
    }
}

byte *WINAPI _mbsrchr(const byte *text, unsigned c)
{
    const byte *found = NULL;
    for (;; text += step(text)) {
        if (character(text) == c)
            found = text;
        if (!*text)
            return (byte *)found;
    }
}

byte *WINAPI _mbsstr(const byte *text, const byte *part)
{
    size_t length = strlen((const char *)part);
    for (;; text += step(text)) {
        if (!strncmp((const char *)text, (const char *)part, length))
            return (byte *)text;
        if (!*text)
            return NULL;
    }
}

byte *WINAPI _mbspbrk(const byte *text, const byte *set)
{
    for (; *text; text += step(text))
        if (_mbschr(set, character(text)))
            return (byte *)text;
    return NULL;
}

size_t WINAPI _mbsspn(const byte *text, const byte *set)
{
    const byte *p = text;
    while (*p && _mbschr(set, character(p)))
        p += step(p);
    return (size_t)(p - text);
}

size_t WINAPI _mbscspn(const byte *text, const byte *set)
{
    const byte *p = text;
    while (*p && !_mbschr(set, character(p)))
        p += step(p);
    return (size_t)(p - text);
}

size_t WINAPI _mbslen(const byte *text)
{
    size_t length = 0;
    for (; *text; text += step(text))
        length++;
    return length;
}

size_t WINAPI _mbclen(const byte *text)
{
    return step(text);
}

int WINAPI _mbscmp(const byte *a, const byte *b)
{
    for (; *a && character(a) == character(b); a += step(a))
        b += step(b);
    unsigned x = character(a), y = character(b);
    return (x > y) - (x < y);
}

int WINAPI _mbsncmp(const byte *a, const byte *b, size_t count)
{
    for (; count; count--, a += step(a), b += step(b)) {
        unsigned x = character(a), y = character(b);
        if (x != y || !x)
            return (x > y) - (x < y);
    }
    return 0;
}

int WINAPI _stricmp(const char *, const char *);
int WINAPI _strnicmp(const char *, const char *, size_t);
char *WINAPI _strlwr(char *);
char *WINAPI _strupr(char *);

int WINAPI _mbsicmp(const byte *a, const byte *b)
{
    int order = _stricmp((const char *)a, (const char *)b);
    return (order > 0) - (order < 0);
}

int WINAPI _mbsnbicmp(const byte *a, const byte *b, size_t count)
{
    int order = _strnicmp((const char *)a, (const char *)b, count);
    return (order > 0) - (order < 0);
}

byte *WINAPI _mbslwr(byte *text)
{
    return (byte *)_strlwr((char *)text);
}

byte *WINAPI _mbsupr(byte *text)
{
    return (byte *)_strupr((char *)text);
}

byte *WINAPI _mbsdup(const byte *text)
{
    size_t size = strlen((const char *)text) + 1;
    byte *copy = crt_malloc(size);
    return copy ? memcpy(copy, text, size) : NULL;
}

byte *WINAPI _mbsnbcpy(byte *to, const byte *from, size_t count)
{
    return (byte *)strncpy((char *)to, (const char *)from, count);
}

byte *WINAPI _mbscpy(byte *to, const byte *from)
{
    return (byte *)strcpy((char *)to, (const char *)from);
}

byte *WINAPI _mbscat(byte *to, const byte *from)
{
    return (byte *)strcat((char *)to, (const char *)from);
}

unsigned WINAPI _mbsnextc(const byte *text)
{
    return character(text);
}

int WINAPI _getmbcp(void)
{
    CPINFO info;
    return GetCPInfo(CP_ACP, &info) && info.MaxCharSize == 2 ? (int)GetACP() : 0;
}

/* Only the ANSI code page can be used, by its number or by the special values for it. */
int WINAPI _setmbcp(int codepage)
{
    if (codepage <= 0 || codepage == (int)GetACP())
        return 0;
    crt_set_errno(CRT_EINVAL);
    return -1;
}
