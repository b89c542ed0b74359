/*
 * wtf8.c: names as bytes (Linux) and as UTF-16 (Windows), without loss in either direction.
 *
 * UTF-8 becomes UTF-16 and back.  Lone surrogates are written as WTF-8 does (three bytes).
 * What has no plain counterpart travels in the private-use range U+F001..U+F0FF, one
 * character for one byte: characters that Windows forbids in names, a dot or a space at the
 * end, bytes that are not UTF-8, and (so that nothing collides) the bytes of the host's characters
 * that would look like one of these.  Other characters of the range are themselves, and no name becomes "." or "..".
 * Pure functions; callable from anywhere.
 */
#include <string.h>

#include "path.h"

#define PRIVATE_FIRST 0xF001
#define PRIVATE_LAST 0xF0FF

static bool byte_is_forbidden(unsigned char c)
{
    return c < 32 || c == '<' || c == '>' || c == ':' || c == '"' || c == '|' || c == '?' || c == '*' || c == '\\';
}

/* What may travel; the rest of ASCII never does. */
static const bool may_travel[128] = {
    [0 ... 32] = true, ['<'] = true, ['>'] = true, [':'] = true,  ['"'] = true,
    ['|'] = true,      ['?'] = true, ['*'] = true, ['\\'] = true, ['.'] = true,
};

/* Whether the byte travels, at the end of a name or not; `dots`: only a dot or nothing is before it. */
static bool byte_travels(unsigned char c, bool last, bool dots)
{
    return c >= 0x80 || byte_is_forbidden(c) || (last && (c == ' ' || (c == '.' && !dots)));
}

/* Decodes one well-formed sequence (surrogates allowed) of 2..4 bytes; 0 if there is none. */
static int sequence_decode(const unsigned char *s, size_t left, uint32_t *code)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    int length = s[0] >= 0xF0 ? 4 : s[0] >= 0xE0 ? 3 : 2;
    if (s[0] < 0xC2 || s[0] > 0xF4 || (size_t)length > left)
        return 0;
    uint32_t c = s[0] & (0xFF >> (length + 1));
    for (int i = 1; i < length; i++) {
        if ((s[i] & 0xC0) != 0x80)
            return 0;
        c = c << 6 | (s[i] & 0x3F);
    }
    if (c < least[length] || c > 0x10FFFF)
        return 0;
    *code = c;
    return length;
}

/* Whether the name that goes on at s[i] is empty so far, or a dot. */
static bool bytes_dots(const unsigned char *s, size_t i)
{
    return i == 0 || s[i - 1] == '/' || (s[i - 1] == '.' && (i == 1 || s[i - 2] == '/'));
}

static bool is_separator(WCHAR c)
{
    return c == '\\' || c == '/';
}

static bool wide_dots(const WCHAR *w, size_t i)
{
    return i == 0 || is_separator(w[i - 1]) || (w[i - 1] == '.' && (i == 1 || is_separator(w[i - 2])));
}

int path_name_to_wide(const char *bytes, size_t length, WCHAR *wide, size_t count)
{
    const unsigned char *s = (const unsigned char *)bytes;
    size_t n = 0;
    bool after_high = false; /* the last unit was a lone high surrogate: a low one may not follow it */
    for (size_t i = 0; i < length;) {
        uint32_t c = s[i];
        int used = 1;
        if (c < 0x80 && !may_travel[c] && n + 1 < count) {
            wide[n++] = (WCHAR)c;
            after_high = false;
            i++;
            continue;
        }
        if (c < 0x80) {
            bool last = i + 1 == length || s[i + 1] == '/';
            if (byte_travels(s[i], last, c == '.' && bytes_dots(s, i)))
                c += 0xF000;
        } else {
            used = sequence_decode(s + i, length - i, &c);
            bool low = used && c >= 0xDC00 && c <= 0xDFFF, last = i + used == length || s[i + used] == '/';
            bool looks = c >= PRIVATE_FIRST && c <= PRIVATE_LAST && byte_travels(c & 0xFF, last, bytes_dots(s, i));
            if (!used || looks || (low && after_high)) {
                used = 1;
                c = 0xF000 + s[i];
            }
        }
        if (n + (c > 0xFFFF ? 2 : 1) >= count)
            return -1;
        after_high = c >= 0xD800 && c <= 0xDBFF;
        if (c > 0xFFFF) {
            wide[n++] = (WCHAR)(0xD800 + ((c - 0x10000) >> 10));
            c = 0xDC00 + (c & 0x3FF);
        }
        wide[n++] = (WCHAR)c;
        i += used;
    }
    if (n >= count)
        return -1;
    wide[n] = 0;
    return (int)n;
}

static int sequence_encode(uint32_t c, char *out)
{
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (char)(0xC0 | c >> 6);
        out[1] = (char)(0x80 | (c & 0x3F));
        return 2;
    }
    if (c < 0x10000) {
        out[0] = (char)(0xE0 | c >> 12);
        out[1] = (char)(0x80 | (c >> 6 & 0x3F));
        out[2] = (char)(0x80 | (c & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | c >> 18);
    out[1] = (char)(0x80 | (c >> 12 & 0x3F));
    out[2] = (char)(0x80 | (c >> 6 & 0x3F));
    out[3] = (char)(0x80 | (c & 0x3F));
    return 4;
}

int path_name_to_bytes(const WCHAR *wide, size_t length, char *bytes, size_t size)
{
    size_t n = 0;
    for (size_t i = 0; i < length; i++) {
        uint32_t c = wide[i];
        if (c < 0x80 && n + 4 < size) {
            bytes[n++] = (char)c;
            continue;
        }
        if (c >= 0xD800 && c <= 0xDBFF && i + 1 < length && wide[i + 1] >= 0xDC00 && wide[i + 1] <= 0xDFFF)
            c = 0x10000 + ((c - 0xD800) << 10) + (wide[++i] - 0xDC00);
        if (n + 4 >= size)
            return -1;
        bool last = i + 1 == length || is_separator(wide[i + 1]);
        if (c >= PRIVATE_FIRST && c <= PRIVATE_LAST && byte_travels(c & 0xFF, last, wide_dots(wide, i)))
            bytes[n++] = (char)(c & 0xFF);
        else
            n += sequence_encode(c, bytes + n);
    }
    if (n >= size)
        return -1;
    bytes[n] = 0;
    return (int)n;
}
