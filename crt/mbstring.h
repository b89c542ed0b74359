/*
 * mbstring.h: characters of the multibyte code page, which _setmbcp chooses: one byte, or a lead byte and another.
 *
 * Only the double-byte code pages have lead bytes; in all others (UTF-8, too, as on Windows) a character is a byte.
 */
#ifndef CRT_MBSTRING_H
#define CRT_MBSTRING_H

#include "locale.h"

typedef unsigned char byte;

/* The code page in force: 0 where a character is a byte. */
UINT mb_codepage(void);

int WINAPI _ismbblead(unsigned c);

/* How many bytes the character at `text` has; a lead byte before the zero is one byte. */
static inline size_t mb_step(const byte *text)
{
    return *text && _ismbblead(*text) && text[1] ? 2 : 1;
}

static inline unsigned mb_character(const byte *text)
{
    return mb_step(text) == 2 ? (unsigned)text[0] << 8 | text[1] : *text;
}

/* The bytes of at most `count` characters of a text. */
size_t mb_bytes(const byte *text, size_t count);

unsigned WINAPI _mbctolower(unsigned c);
unsigned WINAPI _mbctoupper(unsigned c);

/* name_l, the variant with a locale of a function that returns TYPE. */
#define MB_WITH_LOCALE(TYPE, name, call, ...)                                                                          \
    TYPE WINAPI name##_l(__VA_ARGS__, void *locale)                                                                    \
    {                                                                                                                  \
        return IN_LOCALE(locale, name call);                                                                           \
    }

#endif
