/*
 * uchar.c: uchar.h: UTF-16 and UTF-32 from and to multibyte text, which is UTF-8 here whatever the locale, as in
 * Microsoft's library.
 *
 * Layer: crt.  A state holds the bytes of a character that is not whole (the first in the low byte), or with the
 * mark in its second half a low surrogate that is still to be delivered or a high one that waits for its partner.
 */
#include "crt.h"

struct state {
    unsigned bytes, surrogate;
};

static struct state states[4]; /* of those who have none of their own */

#define NOTHING_YET ((size_t)-2)
#define DELIVERED ((size_t)-3)

static size_t invalid(struct state *state)
{
    *state = (struct state){0};
    crt_set_errno(CRT_EILSEQ);
    return (size_t)-1;
}

/* The length that a lead byte announces; 0: it is none. */
static unsigned announced(unsigned char lead)
{
    return lead < 0x80 ? 1 : lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
}

static unsigned decode(const unsigned char *bytes, unsigned length)
{
    static const unsigned char lead_mask[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
    unsigned c = bytes[0] & lead_mask[length];
    for (unsigned i = 1; i < length; i++)
        c = c << 6 | (bytes[i] & 0x3f);
    return c;
}

/* Whether a byte may be at `index` of a character: no overlong forms, no surrogates, nothing above 0x10ffff. */
static bool may_follow(const unsigned char *bytes, unsigned index)
{
    unsigned char lead = bytes[0], c = bytes[index];
    if ((c & 0xc0) != 0x80)
        return false;
    if (index > 1)
        return true;
    return !(lead == 0xe0 && c < 0xa0) && !(lead == 0xed && c >= 0xa0) && !(lead == 0xf0 && c < 0x90) &&
           !(lead == 0xf4 && c >= 0x90);
}

size_t WINAPI mbrtoc32(unsigned *to, const char *text, size_t count, struct state *state)
{
    unsigned char bytes[4];
    unsigned kept = 0, before;
    if (!state)
        state = &states[0];
    if (!text)
        return mbrtoc32(NULL, "", 1, state);
    for (unsigned pending = state->bytes; pending; pending >>= 8)
        bytes[kept++] = (unsigned char)pending;
    before = kept;
    for (size_t used = 0; used < count; used++) {
        bytes[kept++] = (unsigned char)text[used];
        unsigned wanted = announced(bytes[0]);
        if (!wanted || (kept > 1 && !may_follow(bytes, kept - 1)))
            return invalid(state);
        if (kept < wanted)
            continue;
        unsigned c = decode(bytes, wanted);
        *state = (struct state){0};
        if (to)
            *to = c;
        return c ? wanted - before : 0;
    }
    state->bytes = 0;
    memcpy(&state->bytes, bytes, kept);
    return NOTHING_YET;
}

size_t WINAPI mbrtoc16(WCHAR *to, const char *text, size_t count, struct state *state)
{
    unsigned c = 0;
    if (!state)
        state = &states[1];
    if (state->surrogate) {
        if (to)
            *to = (WCHAR)state->surrogate;
        *state = (struct state){0};
        return DELIVERED;
    }
    size_t result = mbrtoc32(&c, text, count, state);
    if (result >= NOTHING_YET)
        return result;
    if (c >= 0x10000) {
        state->surrogate = 0xdc00 + (c & 0x3ff);
        c = 0xd7c0 + (c >> 10);
    }
    if (to && text)
        *to = (WCHAR)c;
    return result;
}

static size_t encode(char *to, unsigned c)
{
    if (c < 0x80) {
        to[0] = (char)c;
        return 1;
    }
    size_t length = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    for (size_t i = length; i-- > 1; c >>= 6)
        to[i] = (char)(0x80 | (c & 0x3f));
    to[0] = (char)((0xf00 >> length & 0xff) | c);
    return length;
}

size_t WINAPI c32rtomb(char *to, unsigned c, struct state *state)
{
    if (!state)
        state = &states[2];
    if (!to)
        c = 0;
    if (c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
        return invalid(state);
    *state = (struct state){0};
    char ignored[4];
    return encode(to ? to : ignored, c);
}

size_t WINAPI c16rtomb(char *to, WCHAR c, struct state *state)
{
    if (!state)
        state = &states[3];
    if (!to) {
        *state = (struct state){0};
        return 1;
    }
    if (state->surrogate) {
        unsigned whole = 0x10000 + ((state->surrogate - 0xd800) << 10) + (c - 0xdc00u);
        bool paired = c >= 0xdc00 && c < 0xe000;
        *state = (struct state){0};
        return paired ? encode(to, whole) : invalid(state);
    }
    if (c >= 0xd800 && c < 0xdc00) {
        state->surrogate = c;
        return 0;
    }
    return c32rtomb(to, c, state);
}
