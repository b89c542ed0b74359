/*
 * codecvt.c: the facets codecvt: bytes in files to and from char, wchar_t, unsigned short, char16_t, char32_t.
 *
 * Layer: msvcp.
 */
#include "msvcp/facet.h"

enum { CVT_OK, CVT_PARTIAL, CVT_ERROR, CVT_NOCONV };

extern const void *codecvt_base_vftable[];

/* --- codecvt_base: what all of them answer if they do not know better ------------------------------------------------
 */

enum { CVT_ALWAYS_NOCONV = FACET_OWN, CVT_MAX_LENGTH, CVT_ENCODING, CVT_IN, CVT_OUT, CVT_UNSHIFT, CVT_LENGTH };

struct facet *WINAPI codecvt_base_ctor(struct facet *facet, size_t count)
{
    facet_init(facet, codecvt_base_vftable, count);
    return facet;
}

struct facet *WINAPI codecvt_base_default_ctor(struct facet *facet)
{
    return codecvt_base_ctor(facet, 0);
}

bool WINAPI codecvt_base_do_always_noconv(const struct facet *facet)
{
    (void)facet;
    return true;
}

int WINAPI codecvt_base_do_max_length(const struct facet *facet)
{
    (void)facet;
    return 1;
}

int WINAPI codecvt_base_do_encoding(const struct facet *facet)
{
    (void)facet;
    return 1;
}

bool WINAPI codecvt_base_always_noconv(const struct facet *facet)
{
    return VIRTUAL(facet, CVT_ALWAYS_NOCONV, 0, 0, 0) & 0xff;
}

int WINAPI codecvt_base_max_length(const struct facet *facet)
{
    return (int)VIRTUAL(facet, CVT_MAX_LENGTH, 0, 0, 0);
}

int WINAPI codecvt_base_encoding(const struct facet *facet)
{
    return (int)VIRTUAL(facet, CVT_ENCODING, 0, 0, 0);
}

/* The public functions, the same for all character types. */
int WINAPI codecvt_in(const struct facet *facet, struct mbstate *state, const void *first, const void *last,
                      const void **mid, void *to_first, void *to_last, void **to_mid)
{
    return (int)VIRTUAL_N(facet, CVT_IN, GUEST(state), GUEST(first), GUEST(last), GUEST(mid), GUEST(to_first),
                          GUEST(to_last), GUEST(to_mid));
}

int WINAPI codecvt_out(const struct facet *facet, struct mbstate *state, const void *first, const void *last,
                       const void **mid, void *to_first, void *to_last, void **to_mid)
{
    return (int)VIRTUAL_N(facet, CVT_OUT, GUEST(state), GUEST(first), GUEST(last), GUEST(mid), GUEST(to_first),
                          GUEST(to_last), GUEST(to_mid));
}

int WINAPI codecvt_unshift(const struct facet *facet, struct mbstate *state, void *first, void *last, void **mid)
{
    return (int)VIRTUAL_N(facet, CVT_UNSHIFT, GUEST(state), GUEST(first), GUEST(last), GUEST(mid));
}

int WINAPI codecvt_length(const struct facet *facet, struct mbstate *state, const char *first, const char *last,
                          size_t count)
{
    return (int)VIRTUAL_N(facet, CVT_LENGTH, GUEST(state), GUEST(first), GUEST(last), count);
}

/* --- char: nothing to do ---------------------------------------------------------------------------------------------
 */

FACET_CLASS(codecvt, char, facet, LC_CTYPE_, FACET_NOTHING, FACET_NOTHING);

/* Both directions. */
int WINAPI codecvt_do_noconv(const struct facet *facet, struct mbstate *state, const char *first, const char *last,
                             const char **mid, char *to_first, char *to_last, char **to_mid)
{
    (void)facet, (void)state, (void)last, (void)to_last;
    *mid = first;
    *to_mid = to_first;
    return CVT_NOCONV;
}

int WINAPI codecvt_do_unshift_char(const struct facet *facet, struct mbstate *state, char *first, char *last,
                                   char **mid)
{
    (void)facet, (void)state, (void)last;
    *mid = first;
    return CVT_NOCONV;
}

int WINAPI codecvt_do_length_char(const struct facet *facet, struct mbstate *state, const char *first, const char *last,
                                  size_t count)
{
    (void)facet, (void)state;
    size_t length = (size_t)(last - first);
    return (int)(count < length ? count : length);
}

/* --- wchar_t and unsigned short: the locale's code page
 * ---------------------------------------------------------------- */

struct codecvt_wide {
    struct facet base;
    struct cvtvec cvt;
};

#define INIT(facet, info) ((facet)->cvt = msvcp_Getcvt())
FACET_CLASS(codecvt, wchar, codecvt_wide, LC_CTYPE_, INIT, FACET_NOTHING);
FACET_CLASS(codecvt, ushort, codecvt_wide, LC_CTYPE_, INIT, FACET_NOTHING);

bool WINAPI codecvt_do_always_noconv_wide(const struct facet *facet)
{
    (void)facet;
    return false;
}

/* 0: a varying number of bytes a character. */
int WINAPI codecvt_do_encoding_wide(const struct facet *facet)
{
    (void)facet;
    return 0;
}

int WINAPI codecvt_do_max_length_wide(const struct codecvt_wide *facet)
{
    return (int)facet->cvt.mb_cur_max;
}

int WINAPI codecvt_do_in_wide(const struct codecvt_wide *facet, struct mbstate *state, const char *first,
                              const char *last, const char **mid, WCHAR *to_first, WCHAR *to_last, WCHAR **to_mid)
{
    *mid = first;
    *to_mid = to_first;
    while (*mid != last && *to_mid != to_last) {
        int taken = msvcp_Mbrtowc(*to_mid, *mid, (size_t)(last - *mid), state, &facet->cvt);
        if (taken == -2) {
            *mid = last;
            return CVT_PARTIAL;
        }
        if (taken == -1)
            return CVT_ERROR;
        *mid += taken ? taken : 1;
        ++*to_mid;
    }
    return *mid == last ? CVT_OK : CVT_PARTIAL;
}

int WINAPI codecvt_do_out_wide(const struct codecvt_wide *facet, struct mbstate *state, const WCHAR *first,
                               const WCHAR *last, const WCHAR **mid, char *to_first, char *to_last, char **to_mid)
{
    char bytes[8];

    *mid = first;
    *to_mid = to_first;
    while (*mid != last && *to_mid != to_last) {
        struct mbstate before = *state;
        int made = msvcp_Wcrtomb(bytes, **mid, state, &facet->cvt);
        if (made < 0)
            return CVT_ERROR;
        if (made > to_last - *to_mid) {
            *state = before;
            return CVT_PARTIAL;
        }
        memcpy(*to_mid, bytes, (size_t)made);
        *to_mid += made;
        ++*mid;
    }
    return *mid == last ? CVT_OK : CVT_PARTIAL;
}

int WINAPI codecvt_do_unshift_wide(const struct facet *facet, struct mbstate *state, char *first, char *last,
                                   char **mid)
{
    (void)facet, (void)state, (void)last;
    *mid = first;
    return CVT_OK;
}

int WINAPI codecvt_do_length_wide(const struct codecvt_wide *facet, struct mbstate *state, const char *first,
                                  const char *last, size_t count)
{
    const char *at = first;
    WCHAR ignored;

    for (; count && at != last; count--) {
        int taken = msvcp_Mbrtowc(&ignored, at, (size_t)(last - at), state, &facet->cvt);
        if (taken < 0)
            break;
        at += taken ? taken : 1;
    }
    return (int)(at - first);
}

/* --- char16_t and char32_t: UTF-8
 * ---------------------------------------------------------------------------------------- */

struct codecvt_utf {
    struct facet base;
    ULONG highest; /* character that is accepted */
    int mode;
};

#define UTF_INIT(facet, info) ((facet)->highest = 0x10ffff, (facet)->mode = 0)
FACET_CLASS(codecvt, char16, codecvt_utf, LC_CTYPE_, UTF_INIT, FACET_NOTHING);
FACET_CLASS(codecvt, char32, codecvt_utf, LC_CTYPE_, UTF_INIT, FACET_NOTHING);

struct codecvt_utf *WINAPI codecvt_ctor_mode_char16(struct codecvt_utf *facet, const struct locinfo *info,
                                                    ULONG highest, int mode, size_t count)
{
    codecvt_ctor_locinfo_u64_char16(facet, info, count);
    facet->highest = highest;
    facet->mode = mode;
    return facet;
}

struct codecvt_utf *WINAPI codecvt_ctor_mode_char32(struct codecvt_utf *facet, const struct locinfo *info,
                                                    ULONG highest, int mode, size_t count)
{
    codecvt_ctor_locinfo_u64_char32(facet, info, count);
    facet->highest = highest;
    facet->mode = mode;
    return facet;
}

int WINAPI codecvt_do_max_length_utf(const struct facet *facet)
{
    (void)facet;
    return 4;
}

/* One character of UTF-8: bytes taken, 0: incomplete, -1: illegal. */
static int utf8_get(const struct codecvt_utf *facet, ULONG *c, const char *first, const char *last)
{
    static const ULONG lowest[] = {0, 0, 0x80, 0x800, 0x10000};
    unsigned char lead = (unsigned char)*first;
    int length = lead < 0x80 ? 1 : lead < 0xc0 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf8 ? 4 : 0;

    if (!length)
        return -1;
    *c = length == 1 ? lead : lead & (0x7f >> length);
    for (int i = 1; i < length; i++) {
        if (first + i == last)
            return 0;
        if ((first[i] & 0xc0) != 0x80)
            return -1;
        *c = *c << 6 | (first[i] & 0x3f);
    }
    return *c < lowest[length] || *c > facet->highest ? -1 : length;
}

static int utf8_put(char *bytes, ULONG c)
{
    int length = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    static const unsigned char marks[] = {0, 0, 0xc0, 0xe0, 0xf0};

    for (int i = length - 1; i > 0; i--, c >>= 6)
        bytes[i] = (char)(0x80 | (c & 0x3f));
    bytes[0] = (char)(marks[length] | c);
    return length;
}

int WINAPI codecvt_do_in_char16(const struct codecvt_utf *facet, struct mbstate *state, const char *first,
                                const char *last, const char **mid, WCHAR *to_first, WCHAR *to_last, WCHAR **to_mid)
{
    ULONG c;

    (void)state;
    *mid = first;
    *to_mid = to_first;
    while (*mid != last && *to_mid != to_last) {
        int taken = utf8_get(facet, &c, *mid, last);
        if (taken < 0)
            return CVT_ERROR;
        if (!taken || (c >= 0x10000 && to_last - *to_mid < 2))
            return CVT_PARTIAL;
        if (c >= 0x10000) {
            *(*to_mid)++ = (WCHAR)(0xd7c0 + (c >> 10));
            c = 0xdc00 + (c & 0x3ff);
        }
        *(*to_mid)++ = (WCHAR)c;
        *mid += taken;
    }
    return *mid == last ? CVT_OK : CVT_PARTIAL;
}

int WINAPI codecvt_do_in_char32(const struct codecvt_utf *facet, struct mbstate *state, const char *first,
                                const char *last, const char **mid, ULONG *to_first, ULONG *to_last, ULONG **to_mid)
{
    (void)state;
    *mid = first;
    *to_mid = to_first;
    while (*mid != last && *to_mid != to_last) {
        int taken = utf8_get(facet, *to_mid, *mid, last);
        if (taken <= 0)
            return taken ? CVT_ERROR : CVT_PARTIAL;
        ++*to_mid;
        *mid += taken;
    }
    return *mid == last ? CVT_OK : CVT_PARTIAL;
}

/* One character of UTF-16 or UTF-32: units taken, 0: incomplete, -1: illegal. */
static int utf_get(const struct codecvt_utf *facet, ULONG *c, const void *first, const void *last, bool wide)
{
    int units = 1;

    if (wide) {
        *c = *(const ULONG *)first;
    } else {
        const WCHAR *pair = first;
        *c = *pair;
        if (IS_LOW_SURROGATE(*c))
            return -1;
        if (IS_HIGH_SURROGATE(*c)) {
            if (pair + 1 == last)
                return 0;
            if (!IS_LOW_SURROGATE(pair[1]))
                return -1;
            *c = 0x10000 + ((*c - 0xd800) << 10) + (pair[1] - 0xdc00u);
            units = 2;
        }
    }
    return *c > facet->highest ? -1 : units;
}

static int utf_out(const struct codecvt_utf *facet, const char *first, const char *last, const char **mid,
                   char *to_first, char *to_last, char **to_mid, bool wide)
{
    char bytes[4];
    ULONG c;

    *mid = first;
    *to_mid = to_first;
    while (*mid != last && *to_mid != to_last) {
        int units = utf_get(facet, &c, *mid, last, wide);
        if (units < 0)
            return CVT_ERROR;
        int length = units ? utf8_put(bytes, c) : 0;
        if (!units || length > to_last - *to_mid)
            return CVT_PARTIAL;
        memcpy(*to_mid, bytes, (size_t)length);
        *to_mid += length;
        *mid += (size_t)units * (wide ? sizeof(ULONG) : sizeof(WCHAR));
    }
    return *mid == last ? CVT_OK : CVT_PARTIAL;
}

int WINAPI codecvt_do_out_char16(const struct codecvt_utf *facet, struct mbstate *state, const char *first,
                                 const char *last, const char **mid, char *to_first, char *to_last, char **to_mid)
{
    (void)state;
    return utf_out(facet, first, last, mid, to_first, to_last, to_mid, false);
}

int WINAPI codecvt_do_out_char32(const struct codecvt_utf *facet, struct mbstate *state, const char *first,
                                 const char *last, const char **mid, char *to_first, char *to_last, char **to_mid)
{
    (void)state;
    return utf_out(facet, first, last, mid, to_first, to_last, to_mid, true);
}

int WINAPI codecvt_do_unshift_utf(const struct facet *facet, struct mbstate *state, char *first, char *last, char **mid)
{
    return codecvt_do_unshift_wide(facet, state, first, last, mid);
}

/* How many bytes make at most `count` units. */
static int utf_length(const struct codecvt_utf *facet, const char *first, const char *last, size_t count, bool wide)
{
    const char *at = first;
    ULONG c;

    while (count && at != last) {
        int taken = utf8_get(facet, &c, at, last);
        size_t units = !wide && c >= 0x10000 ? 2 : 1;
        if (taken <= 0 || units > count)
            break;
        at += taken;
        count -= units;
    }
    return (int)(at - first);
}

int WINAPI codecvt_do_length_char16(const struct codecvt_utf *facet, struct mbstate *state, const char *first,
                                    const char *last, size_t count)
{
    (void)state;
    return utf_length(facet, first, last, count, false);
}

int WINAPI codecvt_do_length_char32(const struct codecvt_utf *facet, struct mbstate *state, const char *first,
                                    const char *last, size_t count)
{
    (void)state;
    return utf_length(facet, first, last, count, true);
}
