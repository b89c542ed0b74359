/*
 * mbstring_copy.c: multibyte strings: copying, cutting into tokens, and changing them in place.
 *
 * Layer: crt.  The n functions count characters, the nb functions bytes; none leaves half a character behind.
 */
#include "mbstring.h"

int WINAPI crt_strcpy_s(char *to, size_t size, const char *from);
int WINAPI crt_strcat_s(char *to, size_t size, const char *from);

byte *WINAPI _mbsdup(const byte *text)
{
    if (!text)
        return NULL;
    size_t size = strlen((const char *)text) + 1;
    byte *copy = crt_malloc(size);
    return copy ? memcpy(copy, text, size) : NULL;
}

byte *WINAPI _mbscpy(byte *to, const byte *from)
{
    return (byte *)strcpy((char *)to, (const char *)from);
}

byte *WINAPI _mbscat(byte *to, const byte *from)
{
    return (byte *)strcat((char *)to, (const char *)from);
}

int WINAPI _mbscpy_s(byte *to, size_t size, const byte *from)
{
    return crt_strcpy_s((char *)to, size, (const char *)from);
}

int WINAPI _mbscat_s(byte *to, size_t size, const byte *from)
{
    return crt_strcat_s((char *)to, size, (const char *)from);
}

/* The bytes of whole characters within the first `size` bytes. */
static size_t whole_bytes(const byte *text, size_t size)
{
    size_t used = 0;
    while (used < size && text[used] && used + mb_step(text + used) <= size)
        used += mb_step(text + used);
    return used;
}

/* strncpy's padding: characters that are missing count as one zero byte each. */
byte *WINAPI _mbsncpy(byte *to, const byte *from, size_t count)
{
    CRT_REQUIRE((to && from) || !count, NULL);
    byte *out = to;
    for (; count && *from; count--) {
        size_t step = mb_step(from);
        memcpy(out, from, step);
        out += step;
        from += step;
    }
    memset(out, 0, count);
    return to;
}

byte *WINAPI _mbsnbcpy(byte *to, const byte *from, size_t size)
{
    CRT_REQUIRE((to && from) || !size, NULL);
    size_t used = whole_bytes(from, size);
    memcpy(to, from, used);
    memset(to + used, 0, size - used);
    return to;
}

static byte *append(byte *to, const byte *from, size_t size)
{
    byte *end = to + strlen((const char *)to);
    memcpy(end, from, size);
    end[size] = 0;
    return to;
}

byte *WINAPI _mbsncat(byte *to, const byte *from, size_t count)
{
    CRT_REQUIRE((to && from) || !count, NULL);
    return count ? append(to, from, mb_bytes(from, count)) : to;
}

byte *WINAPI _mbsnbcat(byte *to, const byte *from, size_t size)
{
    CRT_REQUIRE((to && from) || !size, NULL);
    return size ? append(to, from, whole_bytes(from, size)) : to;
}

/* The _s functions: what does not fit is an invalid parameter, or is cut with _TRUNCATE. */
static int store(byte *to, size_t size, size_t at, const byte *from, size_t length, bool cut)
{
    if (length < size - at) {
        memmove(to + at, from, length);
        to[at + length] = 0;
        return 0;
    }
    if (!cut) {
        *to = 0;
        return crt_invalid(CRT_ERANGE);
    }
    length = whole_bytes(from, size - at - 1);
    memmove(to + at, from, length);
    to[at + length] = 0;
    return CRT_STRUNCATE;
}

#define SECURE(name, join, bytes_of)                                                                                   \
    int WINAPI name(byte *to, size_t size, const byte *from, size_t count)                                             \
    {                                                                                                                  \
        if (!count && !to && !size)                                                                                    \
            return 0;                                                                                                  \
        CRT_REQUIRE(to &&size, CRT_EINVAL);                                                                            \
        size_t at = join ? strnlen((const char *)to, size) : 0;                                                        \
        if (at == size || (!from && count)) {                                                                          \
            *to = 0;                                                                                                   \
            return crt_invalid(CRT_EINVAL);                                                                            \
        }                                                                                                              \
        if (!count) {                                                                                                  \
            if (!join)                                                                                                 \
                *to = 0;                                                                                               \
            return 0;                                                                                                  \
        }                                                                                                              \
        bool cut = count == CRT_TRUNCATE;                                                                              \
        return store(to, size, at, from, bytes_of(from, count), cut);                                                  \
    }
SECURE(_mbsncpy_s, false, mb_bytes)
SECURE(_mbsnbcpy_s, false, whole_bytes)
SECURE(_mbsncat_s, true, mb_bytes)
SECURE(_mbsnbcat_s, true, whole_bytes)

void WINAPI _mbccpy(byte *to, const byte *from)
{
    memcpy(to, from, mb_step(from));
}

void WINAPI _mbccpy_l(byte *to, const byte *from, void *locale)
{
    memcpy(to, from, IN_LOCALE(locale, mb_step(from)));
}

int WINAPI _mbccpy_s(byte *to, size_t size, int *copied, const byte *from)
{
    if (copied)
        *copied = 0;
    CRT_REQUIRE(to && size, CRT_EINVAL);
    *to = 0;
    CRT_REQUIRE(from, CRT_EINVAL);
    size_t step = mb_step(from);
    if (step > size)
        return crt_invalid(CRT_ERANGE);
    memcpy(to, from, step);
    if (copied)
        *copied = (int)step;
    return 0;
}

/* --- tokens ------------------------------------------------------------------------------------------------------- */

size_t WINAPI _mbsspn(const byte *, const byte *);
size_t WINAPI _mbscspn(const byte *, const byte *);

byte *WINAPI _mbstok_s(byte *text, const byte *delimiters, byte **context)
{
    CRT_REQUIRE(context && delimiters && (text || *context), NULL);
    if (!text)
        text = *context;
    text += _mbsspn(text, delimiters);
    byte *end = text + _mbscspn(text, delimiters);
    *context = *end ? end + mb_step(end) : end;
    if (end == text)
        return NULL;
    *end = 0;
    return text;
}

byte *WINAPI _mbstok(byte *text, const byte *delimiters)
{
    struct crt_thread *thread = crt_thread();
    if (!text && !thread->mbstok_next)
        return NULL;
    return _mbstok_s(text, delimiters, &thread->mbstok_next);
}

/* --- in place ----------------------------------------------------------------------------------------------------- */

static byte *change_case(byte *text, unsigned(WINAPI *change)(unsigned))
{
    for (byte *p = text; *p; p += mb_step(p)) {
        unsigned c = change(mb_character(p));
        if (mb_step(p) == 2) {
            p[0] = (byte)(c >> 8);
            p[1] = (byte)c;
        } else {
            p[0] = (byte)c;
        }
    }
    return text;
}

byte *WINAPI _mbslwr(byte *text)
{
    return text ? change_case(text, _mbctolower) : NULL;
}

byte *WINAPI _mbsupr(byte *text)
{
    return text ? change_case(text, _mbctoupper) : NULL;
}

#define IN_PLACE_SECURE(name, plain)                                                                                   \
    int WINAPI name(byte *text, size_t size)                                                                           \
    {                                                                                                                  \
        CRT_REQUIRE(text || !size, CRT_EINVAL);                                                                        \
        if (!text)                                                                                                     \
            return 0;                                                                                                  \
        if (strnlen((char *)text, size) == size) {                                                                     \
            if (size)                                                                                                  \
                *text = 0;                                                                                             \
            return crt_invalid(CRT_EINVAL);                                                                            \
        }                                                                                                              \
        plain(text);                                                                                                   \
        return 0;                                                                                                      \
    }
IN_PLACE_SECURE(_mbslwr_s, _mbslwr)
IN_PLACE_SECURE(_mbsupr_s, _mbsupr)

byte *WINAPI _mbsrev(byte *text)
{
    CRT_REQUIRE(text, NULL);
    size_t size = strlen((const char *)text);
    for (byte *p = text; *p; p += mb_step(p)) /* so that the bytes of a pair come out in order */
        if (mb_step(p) == 2) {
            byte first = p[0];
            p[0] = p[1];
            p[1] = first;
        }
    for (size_t i = 0; i < size / 2; i++) {
        byte c = text[i];
        text[i] = text[size - 1 - i];
        text[size - 1 - i] = c;
    }
    return text;
}

/* Fills whole characters within the first `size` bytes of a text; a byte left over becomes a space. */
static byte *fill(byte *text, unsigned c, size_t characters, size_t size)
{
    size_t used = 0, step = c > 0xff ? 2 : 1, length = strnlen((const char *)text, size);
    for (; characters && used < length; characters--) {
        if (step == 2 && used + 1 == length) {
            text[used++] = ' ';
            break;
        }
        if (step == 2)
            text[used++] = (byte)(c >> 8);
        text[used++] = (byte)c;
    }
    return text;
}

byte *WINAPI _mbsset(byte *text, unsigned c)
{
    CRT_REQUIRE(text, NULL);
    return fill(text, c, SIZE_MAX, SIZE_MAX);
}

byte *WINAPI _mbsnset(byte *text, unsigned c, size_t count)
{
    CRT_REQUIRE(text || !count, NULL);
    return count ? fill(text, c, count, SIZE_MAX) : text;
}

byte *WINAPI _mbsnbset(byte *text, unsigned c, size_t size)
{
    CRT_REQUIRE(text || !size, NULL);
    return size ? fill(text, c, SIZE_MAX, size) : text;
}

static int checked(byte *text, size_t size)
{
    CRT_REQUIRE(text && size, CRT_EINVAL);
    if (strnlen((char *)text, size) < size)
        return 0;
    *text = 0;
    return crt_invalid(CRT_EINVAL);
}

int WINAPI _mbsset_s(byte *text, size_t size, unsigned c)
{
    int error = checked(text, size);
    if (!error)
        fill(text, c, SIZE_MAX, SIZE_MAX);
    return error;
}

int WINAPI _mbsnset_s(byte *text, size_t size, unsigned c, size_t count)
{
    int error = checked(text, size);
    if (!error)
        fill(text, c, count, SIZE_MAX);
    return error;
}

int WINAPI _mbsnbset_s(byte *text, size_t size, unsigned c, size_t count)
{
    int error = checked(text, size);
    if (!error)
        fill(text, c, SIZE_MAX, count);
    return error;
}

MB_WITH_LOCALE(int, _mbscpy_s, (to, size, from), byte *to, size_t size, const byte *from)
MB_WITH_LOCALE(int, _mbscat_s, (to, size, from), byte *to, size_t size, const byte *from)
MB_WITH_LOCALE(byte *, _mbsncpy, (to, from, count), byte *to, const byte *from, size_t count)
MB_WITH_LOCALE(byte *, _mbsnbcpy, (to, from, size), byte *to, const byte *from, size_t size)
MB_WITH_LOCALE(byte *, _mbsncat, (to, from, count), byte *to, const byte *from, size_t count)
MB_WITH_LOCALE(byte *, _mbsnbcat, (to, from, size), byte *to, const byte *from, size_t size)
MB_WITH_LOCALE(int, _mbsncpy_s, (to, size, from, count), byte *to, size_t size, const byte *from, size_t count)
MB_WITH_LOCALE(int, _mbsnbcpy_s, (to, size, from, count), byte *to, size_t size, const byte *from, size_t count)
MB_WITH_LOCALE(int, _mbsncat_s, (to, size, from, count), byte *to, size_t size, const byte *from, size_t count)
MB_WITH_LOCALE(int, _mbsnbcat_s, (to, size, from, count), byte *to, size_t size, const byte *from, size_t count)
MB_WITH_LOCALE(int, _mbccpy_s, (to, size, copied, from), byte *to, size_t size, int *copied, const byte *from)
MB_WITH_LOCALE(byte *, _mbstok_s, (text, delimiters, context), byte *text, const byte *delimiters, byte **context)
MB_WITH_LOCALE(byte *, _mbstok, (text, delimiters), byte *text, const byte *delimiters)
MB_WITH_LOCALE(byte *, _mbslwr, (text), byte *text)
MB_WITH_LOCALE(byte *, _mbsupr, (text), byte *text)
MB_WITH_LOCALE(int, _mbslwr_s, (text, size), byte *text, size_t size)
MB_WITH_LOCALE(int, _mbsupr_s, (text, size), byte *text, size_t size)
MB_WITH_LOCALE(byte *, _mbsrev, (text), byte *text)
MB_WITH_LOCALE(byte *, _mbsset, (text, c), byte *text, unsigned c)
MB_WITH_LOCALE(byte *, _mbsnset, (text, c, count), byte *text, unsigned c, size_t count)
MB_WITH_LOCALE(byte *, _mbsnbset, (text, c, size), byte *text, unsigned c, size_t size)
MB_WITH_LOCALE(int, _mbsset_s, (text, size, c), byte *text, size_t size, unsigned c)
MB_WITH_LOCALE(int, _mbsnset_s, (text, size, c, count), byte *text, size_t size, unsigned c, size_t count)
MB_WITH_LOCALE(int, _mbsnbset_s, (text, size, c, count), byte *text, size_t size, unsigned c, size_t count)
