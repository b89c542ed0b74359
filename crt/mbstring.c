/*
 * mbstring.c: multibyte strings: looking at them, by characters and by bytes (mbstring_copy.c changes them).
 *
 * Layer: crt.
 */
#include "mbstring.h"

size_t mb_bytes(const byte *text, size_t count)
{
    size_t size = 0;
    for (; count && text[size]; count--)
        size += mb_step(text + size);
    return size;
}

byte *WINAPI _mbsinc(const byte *text)
{
    CRT_REQUIRE(text, NULL);
    return (byte *)text + mb_step(text);
}

byte *WINAPI _mbsninc(const byte *text, size_t count)
{
    return text ? (byte *)text + mb_bytes(text, count) : NULL;
}

byte *WINAPI _mbsdec(const byte *start, const byte *current)
{
    if (start >= current)
        return NULL;
    const byte *p = start, *previous = start;
    while (p < current) {
        previous = p;
        p += mb_step(p);
    }
    return (byte *)previous;
}

unsigned WINAPI _mbsnextc(const byte *text)
{
    CRT_REQUIRE(text, 0);
    return mb_character(text);
}

size_t WINAPI _mbclen(const byte *text)
{
    return mb_step(text);
}

/* The kind of the byte `offset` bytes into a text. */
int WINAPI _mbbtype(byte c, int type);
int WINAPI _mbsbtype(const byte *text, size_t offset)
{
    int type = 0;
    CRT_REQUIRE(text, -1);
    for (;; offset--) {
        if (!*text)
            return -1;
        type = _mbbtype(*text++, type);
        if (!offset)
            return type;
    }
}

int WINAPI _ismbslead(const byte *start, const byte *current)
{
    CRT_REQUIRE(start && current, 0);
    for (; start <= current && *start; start += mb_step(start))
        if (start == current)
            return mb_step(start) == 2 || _ismbblead(*start) ? -1 : 0;
    return 0;
}

int WINAPI _ismbstrail(const byte *start, const byte *current)
{
    CRT_REQUIRE(start && current, 0);
    for (; start < current && *start; start += mb_step(start))
        if (mb_step(start) == 2 && start + 1 == current)
            return -1;
    return 0;
}

/* --- lengths ------------------------------------------------------------------------------------------------------ */

size_t WINAPI _mbslen(const byte *text)
{
    size_t length = 0;
    for (; *text; text += mb_step(text))
        length++;
    return length;
}

size_t WINAPI _mbsnlen(const byte *text, size_t size)
{
    size_t length = 0;
    for (size_t used = 0; used < size; length++) {
        if (!text[used])
            return length;
        used += mb_step(text + used);
        if (used > size)
            return size;
    }
    return size ? length : 0;
}

size_t WINAPI _mbsnccnt(const byte *text, size_t size)
{
    size_t count = 0, used = 0;
    for (; used < size && text[used]; count++)
        used += mb_step(text + used);
    return used > size ? count - 1 : count;
}

size_t WINAPI _mbsnbcnt(const byte *text, size_t count)
{
    return mb_bytes(text, count);
}

/* Characters of the locale (not of the multibyte code page); -1: one is invalid. */
int WINAPI crt_mblen(const char *, size_t);
size_t WINAPI _mbstrnlen(const char *text, size_t size)
{
    size_t length = 0;
    CRT_REQUIRE(text, (size_t)-1);
    for (size_t used = 0; used < size && text[used]; length++) {
        int step = crt_mblen(text + used, strnlen(text + used, 8));
        if (step < 0) {
            crt_set_errno(CRT_EILSEQ);
            return (size_t)-1;
        }
        used += (size_t)step;
        if (used > size)
            break;
    }
    return length;
}

size_t WINAPI _mbstrlen(const char *text)
{
    return _mbstrnlen(text, SIZE_MAX);
}

/* --- searching ---------------------------------------------------------------------------------------------------- */

byte *WINAPI _mbschr(const byte *text, unsigned c)
{
    CRT_REQUIRE(text, NULL);
    for (;; text += mb_step(text)) {
        if (mb_character(text) == c)
            return (byte *)text;
        if (!*text)
            return NULL;
    }
}

byte *WINAPI _mbsrchr(const byte *text, unsigned c)
{
    const byte *found = NULL;
    CRT_REQUIRE(text, NULL);
    for (;; text += mb_step(text)) {
        if (mb_character(text) == c)
            found = text;
        if (!*text)
            return (byte *)found;
    }
}

byte *WINAPI _mbsstr(const byte *text, const byte *part)
{
    CRT_REQUIRE(text && part, NULL);
    size_t length = strlen((const char *)part);
    for (;; text += mb_step(text)) {
        if (!strncmp((const char *)text, (const char *)part, length))
            return (byte *)text;
        if (!*text)
            return NULL;
    }
}

byte *WINAPI _mbspbrk(const byte *text, const byte *set)
{
    CRT_REQUIRE(text && set, NULL);
    for (; *text; text += mb_step(text))
        if (_mbschr(set, mb_character(text)))
            return (byte *)text;
    return NULL;
}

size_t WINAPI _mbsspn(const byte *text, const byte *set)
{
    const byte *p = text;
    CRT_REQUIRE(text && set, 0);
    while (*p && _mbschr(set, mb_character(p)))
        p += mb_step(p);
    return (size_t)(p - text);
}

byte *WINAPI _mbsspnp(const byte *text, const byte *set)
{
    CRT_REQUIRE(text && set, NULL);
    text += _mbsspn(text, set);
    return *text ? (byte *)text : NULL;
}

size_t WINAPI _mbscspn(const byte *text, const byte *set)
{
    const byte *p = text;
    CRT_REQUIRE(text && set, 0);
    while (*p && !_mbschr(set, mb_character(p)))
        p += mb_step(p);
    return (size_t)(p - text);
}

/* --- comparing ---------------------------------------------------------------------------------------------------- */

static unsigned same(unsigned c)
{
    return c;
}

static unsigned folded(unsigned c)
{
    return _mbctolower(c);
}

/* At most `characters` characters that begin in the first `bytes` bytes of `a`. */
static int compare(const byte *a, const byte *b, size_t characters, size_t bytes, unsigned (*fold)(unsigned))
{
    CRT_REQUIRE(a && b, INT_MAX);
    for (const byte *end = bytes == SIZE_MAX ? NULL : a + bytes; characters && (!end || a < end); characters--) {
        unsigned x = fold(mb_character(a)), y = fold(mb_character(b));
        if (x != y || !x)
            return (x > y) - (x < y);
        a += mb_step(a);
        b += mb_step(b);
    }
    return 0;
}

int WINAPI _mbscmp(const byte *a, const byte *b)
{
    return compare(a, b, SIZE_MAX, SIZE_MAX, same);
}

int WINAPI _mbsncmp(const byte *a, const byte *b, size_t count)
{
    return count ? compare(a, b, count, SIZE_MAX, same) : 0;
}

int WINAPI _mbsnbcmp(const byte *a, const byte *b, size_t count)
{
    return count ? compare(a, b, SIZE_MAX, count, same) : 0;
}

int WINAPI _mbsicmp(const byte *a, const byte *b)
{
    return compare(a, b, SIZE_MAX, SIZE_MAX, folded);
}

int WINAPI _mbsnicmp(const byte *a, const byte *b, size_t count)
{
    return count ? compare(a, b, count, SIZE_MAX, folded) : 0;
}

int WINAPI _mbsnbicmp(const byte *a, const byte *b, size_t count)
{
    return count ? compare(a, b, SIZE_MAX, count, folded) : 0;
}

MB_WITH_LOCALE(byte *, _mbsinc, (text), const byte *text)
MB_WITH_LOCALE(byte *, _mbsninc, (text, count), const byte *text, size_t count)
MB_WITH_LOCALE(byte *, _mbsdec, (start, current), const byte *start, const byte *current)
MB_WITH_LOCALE(unsigned, _mbsnextc, (text), const byte *text)
MB_WITH_LOCALE(size_t, _mbclen, (text), const byte *text)
MB_WITH_LOCALE(int, _mbsbtype, (text, offset), const byte *text, size_t offset)
MB_WITH_LOCALE(int, _ismbslead, (start, current), const byte *start, const byte *current)
MB_WITH_LOCALE(int, _ismbstrail, (start, current), const byte *start, const byte *current)
MB_WITH_LOCALE(size_t, _mbslen, (text), const byte *text)
MB_WITH_LOCALE(size_t, _mbsnlen, (text, size), const byte *text, size_t size)
MB_WITH_LOCALE(size_t, _mbsnccnt, (text, size), const byte *text, size_t size)
MB_WITH_LOCALE(size_t, _mbsnbcnt, (text, count), const byte *text, size_t count)
MB_WITH_LOCALE(size_t, _mbstrnlen, (text, size), const char *text, size_t size)
MB_WITH_LOCALE(size_t, _mbstrlen, (text), const char *text)
MB_WITH_LOCALE(byte *, _mbschr, (text, c), const byte *text, unsigned c)
MB_WITH_LOCALE(byte *, _mbsrchr, (text, c), const byte *text, unsigned c)
MB_WITH_LOCALE(byte *, _mbsstr, (text, part), const byte *text, const byte *part)
MB_WITH_LOCALE(byte *, _mbspbrk, (text, set), const byte *text, const byte *set)
MB_WITH_LOCALE(size_t, _mbsspn, (text, set), const byte *text, const byte *set)
MB_WITH_LOCALE(byte *, _mbsspnp, (text, set), const byte *text, const byte *set)
MB_WITH_LOCALE(size_t, _mbscspn, (text, set), const byte *text, const byte *set)
MB_WITH_LOCALE(int, _mbscmp, (a, b), const byte *a, const byte *b)
MB_WITH_LOCALE(int, _mbsncmp, (a, b, count), const byte *a, const byte *b, size_t count)
MB_WITH_LOCALE(int, _mbsnbcmp, (a, b, count), const byte *a, const byte *b, size_t count)
MB_WITH_LOCALE(int, _mbsicmp, (a, b), const byte *a, const byte *b)
MB_WITH_LOCALE(int, _mbsnicmp, (a, b, count), const byte *a, const byte *b, size_t count)
MB_WITH_LOCALE(int, _mbsnbicmp, (a, b, count), const byte *a, const byte *b, size_t count)
