/*
 * mbstate.c: _Mbrtowc and _Wcrtomb: one character between bytes and UTF-16, with a state between calls.
 *
 * Layer: msvcp over kernel32's code pages.
 *
 * The state holds the bytes of a character that is not complete (`wide`, `bytes` of them), or the half of a surrogate
 * pair that comes next (`state`; reading: `wide` is the low half, no bytes are taken for it).
 */
#include "msvcp/msvcp.h"

#define ILLEGAL (-1)
#define INCOMPLETE (-2)

static int illegal(struct mbstate *state)
{
    *state = (struct mbstate){0};
    crt_set_errno(CRT_EILSEQ);
    return ILLEGAL;
}

static int utf8_length(unsigned char lead)
{
    return lead < 0x80 ? 1 : lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
}

/* Whether `second` may follow `lead`: no overlong forms, no surrogates, nothing above U+10FFFF. */
static bool utf8_second(unsigned char lead, unsigned char second)
{
    if ((second & 0xc0) != 0x80)
        return false;
    return !((lead == 0xe0 && second < 0xa0) || (lead == 0xed && second > 0x9f) || (lead == 0xf0 && second < 0x90) ||
             (lead == 0xf4 && second > 0x8f));
}

static int utf8_to_wide(WCHAR *wide, const unsigned char *text, size_t count, struct mbstate *state)
{
    unsigned char bytes[4];
    int have = state->bytes, taken = 0;

    if (state->state) { /* the low half of a pair whose bytes have all been taken but the last */
        *wide = (WCHAR)state->state;
        *state = (struct mbstate){0};
        return 1;
    }
    for (int i = 0; i < have; i++)
        bytes[i] = (unsigned char)(state->wide >> 8 * i);
    while ((size_t)taken < count) {
        bytes[have++] = text[taken++];
        int length = utf8_length(bytes[0]);
        if (!length || (have == 2 && !utf8_second(bytes[0], bytes[1])) ||
            (have > 2 && (bytes[have - 1] & 0xc0) != 0x80))
            return illegal(state);
        if (have < length)
            continue;
        ULONG c = length == 1 ? bytes[0] : bytes[0] & (0x7f >> length);
        for (int i = 1; i < length; i++)
            c = c << 6 | (bytes[i] & 0x3f);
        *state = (struct mbstate){0};
        if (c >= 0x10000) {
            *wide = (WCHAR)(0xd800 + ((c - 0x10000) >> 10));
            state->state = (USHORT)(0xdc00 + (c & 0x3ff));
            return taken - 1; /* the next call takes the last byte again, for the low half */
        }
        *wide = (WCHAR)c;
        return c ? taken : 0;
    }
    state->bytes = (USHORT)have;
    state->wide = 0;
    for (int i = 0; i < have; i++)
        state->wide |= (ULONG)bytes[i] << 8 * i;
    return INCOMPLETE;
}

static int page_to_wide(WCHAR *wide, const unsigned char *text, size_t count, struct mbstate *state, ULONG page,
                        const unsigned char *lead_bytes)
{
    unsigned char bytes[2];
    int have = 0, taken = 1;

    if (state->bytes)
        bytes[have++] = (unsigned char)state->wide;
    bytes[have++] = text[0];
    bool lead = lead_bytes[bytes[0] >> 3] >> (bytes[0] & 7) & 1;
    if (lead && have == 1) {
        if (count < 2) {
            state->wide = bytes[0];
            state->bytes = 1;
            return INCOMPLETE;
        }
        bytes[have++] = text[taken++];
    }
    if (!MultiByteToWideChar(page, MB_ERR_INVALID_CHARS, (const char *)bytes, have, wide, 1))
        return illegal(state);
    *state = (struct mbstate){0};
    return *wide ? taken : 0;
}

/* Bytes taken; 0: a zero; -1: illegal; -2: all taken, the character is not complete. */
int WINAPI msvcp_Mbrtowc(WCHAR *wide, const char *text, size_t count, struct mbstate *state, const struct cvtvec *cvt)
{
    static struct mbstate own_state;
    struct cvtvec current;
    WCHAR ignored;

    if (!text || !count)
        return 0;
    if (!state)
        state = &own_state;
    if (!cvt) {
        current = msvcp_Getcvt();
        cvt = &current;
    }
    if (!wide)
        wide = &ignored;
    if (cvt->is_c) {
        *wide = (unsigned char)*text;
        return *text != 0;
    }
    if (cvt->page == CP_UTF8)
        return utf8_to_wide(wide, (const unsigned char *)text, count, state);
    return page_to_wide(wide, (const unsigned char *)text, count, state, cvt->page, cvt->lead_bytes);
}

static int wide_to_utf8(char *text, WCHAR wide, struct mbstate *state)
{
    ULONG c = wide;

    if (state->wide) {
        if (!IS_LOW_SURROGATE(wide))
            return illegal(state);
        c = 0x10000 + ((state->wide - 0xd800) << 10) + (c - 0xdc00);
        *state = (struct mbstate){0};
        text[0] = (char)(0xf0 | c >> 18);
        text[1] = (char)(0x80 | (c >> 12 & 0x3f));
        text[2] = (char)(0x80 | (c >> 6 & 0x3f));
        text[3] = (char)(0x80 | (c & 0x3f));
        return 4;
    }
    if (IS_HIGH_SURROGATE(wide)) {
        state->wide = wide;
        return 0;
    }
    if (IS_LOW_SURROGATE(wide))
        return illegal(state);
    if (c < 0x80) {
        text[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        text[0] = (char)(0xc0 | c >> 6);
        text[1] = (char)(0x80 | (c & 0x3f));
        return 2;
    }
    text[0] = (char)(0xe0 | c >> 12);
    text[1] = (char)(0x80 | (c >> 6 & 0x3f));
    text[2] = (char)(0x80 | (c & 0x3f));
    return 3;
}

/* Bytes made (0 after the first half of a pair), or -1. */
int WINAPI msvcp_Wcrtomb(char *text, WCHAR wide, struct mbstate *state, const struct cvtvec *cvt)
{
    static struct mbstate own_state;
    struct cvtvec current;
    BOOL substituted = FALSE;

    if (!text)
        return 0;
    if (!state)
        state = &own_state;
    if (!cvt) {
        current = msvcp_Getcvt();
        cvt = &current;
    }
    if (cvt->is_c) {
        if (wide > 0xff)
            return illegal(state);
        *text = (char)wide;
        return 1;
    }
    if (cvt->page == CP_UTF8)
        return wide_to_utf8(text, wide, state);
    int length = WideCharToMultiByte(cvt->page, 0, &wide, 1, text, (int)cvt->mb_cur_max, NULL, &substituted);
    return length && !substituted ? length : illegal(state);
}

int WINAPI msvcp_Wcrtomb_lk(char *text, WCHAR wide)
{
    return msvcp_Wcrtomb(text, wide, NULL, NULL);
}
