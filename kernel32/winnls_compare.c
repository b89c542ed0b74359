/*
 * winnls_compare.c: comparing, mapping, folding, searching and normalizing strings.
 *
 * Layer: kernel32, over collate.c and ntdll's case table.
 */
#include <string.h>
#include "collate.h"
#include "locale.h"
#include "ntdll/nls.h"
#include "ntdll/nls_plugin.h"

#define COMPARE_FLAGS                                                                                                  \
    (NORM_IGNORECASE | NORM_IGNORENONSPACE | NORM_IGNORESYMBOLS | NORM_IGNOREKANATYPE | NORM_IGNOREWIDTH |             \
     NORM_LINGUISTIC_CASING | LINGUISTIC_IGNORECASE | LINGUISTIC_IGNOREDIACRITIC | SORT_STRINGSORT |                   \
     SORT_DIGITSASNUMBERS | LOCALE_USE_CP_ACP | 0x10000000)

static int fail(DWORD error)
{
    SetLastError(error);
    return 0;
}

static bool is_ascii(const WCHAR *text, int length)
{
    for (int i = 0; i < length; i++)
        if (text[i] >= 0x80)
            return false;
    return true;
}

static int length_of(const WCHAR *text, int length)
{
    return length < 0 ? (int)wide_length(text) : length;
}

int WINAPI CompareStringEx(LPCWSTR name, DWORD flags, LPCWCH a, int a_length, LPCWCH b, int b_length,
                           LPNLSVERSIONINFO version, LPVOID reserved, LPARAM parameter)
{
    (void)version, (void)reserved, (void)parameter;
    if (!a || !b || !locale_from_name(name))
        return fail(ERROR_INVALID_PARAMETER);
    if (flags & ~(DWORD)COMPARE_FLAGS)
        return fail(ERROR_INVALID_FLAGS);
    return text_compare(name, flags, a, length_of(a, a_length), b, length_of(b, b_length)) + CSTR_EQUAL;
}

int WINAPI CompareStringW(LCID lcid, DWORD flags, LPCWCH a, int a_length, LPCWCH b, int b_length)
{
    WCHAR name[16];

    if (!locale_from_lcid(lcid))
        return fail(ERROR_INVALID_PARAMETER);
    LCIDToLocaleName(lcid, name, 16, 0);
    return CompareStringEx(name, flags, a, a_length, b, b_length, NULL, NULL, 0);
}

int WINAPI CompareStringA(LCID lcid, DWORD flags, LPCCH a, int a_length, LPCCH b, int b_length)
{
    HANDLE heap = peb_current()->ProcessHeap;
    size_t x = a ? a_length < 0 ? strlen(a) : (size_t)a_length : 0,
           y = b ? b_length < 0 ? strlen(b) : (size_t)b_length : 0;
    WCHAR *wide;
    int result;

    if (!a || !b)
        return fail(ERROR_INVALID_PARAMETER);
    wide = RtlAllocateHeap(heap, 0, (x + y + 1) * sizeof *wide);
    if (!wide)
        return fail(ERROR_NOT_ENOUGH_MEMORY);
    codepage_decode(codepage_ansi(), false, a, x, wide, x + 1, &x);
    codepage_decode(codepage_ansi(), false, b, y, wide + x, y + 1, &y);
    result = CompareStringW(lcid, flags, wide, (int)x, wide + x, (int)y);
    RtlFreeHeap(heap, 0, wide);
    return result;
}

int WINAPI CompareStringOrdinal(LPCWCH a, int a_length, LPCWCH b, int b_length, BOOL nocase)
{
    LONG order;

    if (!a || !b)
        return fail(ERROR_INVALID_PARAMETER);
    order = RtlCompareUnicodeStrings(a, (SIZE_T)length_of(a, a_length), b, (SIZE_T)length_of(b, b_length),
                                     nocase ? TRUE : FALSE);
    return order < 0 ? CSTR_LESS_THAN : order ? CSTR_GREATER_THAN : CSTR_EQUAL;
}

/* Half-width and full-width forms of ASCII; other scripts are left alone. */
static WCHAR map_width(WCHAR c, DWORD flags)
{
    if ((flags & LCMAP_FULLWIDTH) && c > 0x20 && c < 0x7f)
        return (WCHAR)(c + 0xfee0);
    if ((flags & LCMAP_HALFWIDTH) && c > 0xff00 && c < 0xff5f)
        return (WCHAR)(c - 0xfee0);
    if ((flags & LCMAP_HIRAGANA) && c >= 0x30a1 && c <= 0x30f6)
        return (WCHAR)(c - 0x60);
    if ((flags & LCMAP_KATAKANA) && c >= 0x3041 && c <= 0x3096)
        return (WCHAR)(c + 0x60);
    return c;
}

static int map_characters(DWORD flags, const WCHAR *text, int length, LPWSTR to, int room)
{
    bool title = (flags & LCMAP_TITLECASE) == LCMAP_TITLECASE, start = true;
    int used = 0;

    for (int i = 0; i < length; i++) {
        WCHAR c = text[i];

        if ((flags & NORM_IGNORENONSPACE) && wide_type3(c) & C3_NONSPACING && !(wide_type3(c) & C3_ALPHA))
            continue;
        if ((flags & NORM_IGNORESYMBOLS) && wide_type1(c) & C1_PUNCT)
            continue;
        c = map_width(c, flags);
        if (title)
            c = start ? wide_upper(c) : wide_lower(c);
        else if (flags & LCMAP_UPPERCASE)
            c = wide_upper(c);
        else if (flags & LCMAP_LOWERCASE)
            c = wide_lower(c);
        start = !(wide_type1(text[i]) & (C1_ALPHA | C1_DIGIT)) && text[i] != '\'';
        if (used < room)
            to[used] = c;
        used++;
    }
    return room && used > room ? fail(ERROR_INSUFFICIENT_BUFFER) : used;
}

static int map_hash(const WCHAR *name, DWORD flags, const WCHAR *text, int length, LPWSTR to, int room)
{
    BYTE key[512];
    int used = text_sort_key(name, flags, text, length, key, sizeof key);
    ULONG hash = 2166136261u;

    if (room && room < (int)sizeof hash)
        return fail(ERROR_INSUFFICIENT_BUFFER);
    for (int i = 0; i < used && i < (int)sizeof key; i++)
        hash = (hash ^ key[i]) * 16777619u;
    if (room)
        memcpy(to, &hash, sizeof hash);
    return sizeof hash;
}

int WINAPI LCMapStringEx(LPCWSTR name, DWORD flags, LPCWSTR text, int length, LPWSTR to, int room,
                         LPNLSVERSIONINFO version, LPVOID reserved, LPARAM parameter)
{
    bool with_zero = length < 0;

    (void)version, (void)reserved, (void)parameter;
    if (!text || !length || room < 0 || (room && !to) || !locale_from_name(name))
        return fail(ERROR_INVALID_PARAMETER);
    if (flags & LCMAP_LINGUISTIC_CASING && flags & (LCMAP_UPPERCASE | LCMAP_LOWERCASE) && nls_plugin()) {
        int units = length_of(text, length) + with_zero, used;

        used = text_case(name, flags & LCMAP_UPPERCASE, text, units, to, room);
        return room && used > room ? fail(ERROR_INSUFFICIENT_BUFFER) : used;
    }
    flags &= ~(DWORD)(LOCALE_USE_CP_ACP | LCMAP_LINGUISTIC_CASING);
    if (!flags || ((flags & LCMAP_SORTKEY) && (flags & (LCMAP_UPPERCASE | LCMAP_LOWERCASE))))
        return fail(ERROR_INVALID_FLAGS);
    length = length_of(text, length);
    if (flags & LCMAP_SORTKEY) {
        int used = text_sort_key(name, flags & ~(DWORD)LCMAP_SORTKEY, text, length, (BYTE *)to, room);

        return room && used > room ? fail(ERROR_INSUFFICIENT_BUFFER) : used;
    }
    if (flags & LCMAP_HASH)
        return map_hash(name, flags & ~(DWORD)LCMAP_HASH, text, length, to, room);
    if (text == to && (flags & ~(DWORD)(LCMAP_UPPERCASE | LCMAP_LOWERCASE)))
        return fail(ERROR_INVALID_FLAGS);
    return map_characters(flags, text, length + with_zero, to, room);
}

int WINAPI LCMapStringW(LCID lcid, DWORD flags, LPCWSTR text, int length, LPWSTR to, int room)
{
    WCHAR name[16];

    if (!locale_from_lcid(lcid))
        return fail(ERROR_INVALID_PARAMETER);
    LCIDToLocaleName(lcid, name, 16, 0);
    return LCMapStringEx(name, flags, text, length, to, room, NULL, NULL, 0);
}

int WINAPI LCMapStringA(LCID lcid, DWORD flags, LPCSTR text, int length, LPSTR to, int room)
{
    HANDLE heap = peb_current()->ProcessHeap;
    size_t count, written;
    int mapped, result = 0;
    WCHAR *wide, *out;

    if (!text || !length)
        return fail(ERROR_INVALID_PARAMETER);
    count = length < 0 ? strlen(text) + 1 : (size_t)length;
    wide = RtlAllocateHeap(heap, 0, 2 * (count + 1) * sizeof *wide);
    if (!wide)
        return fail(ERROR_NOT_ENOUGH_MEMORY);
    codepage_decode(codepage_ansi(), false, text, count, wide, count, &written);
    out = wide + written;
    if (flags & LCMAP_SORTKEY) {
        result = LCMapStringW(lcid, flags, wide, (int)written, (LPWSTR)to, room);
    } else {
        mapped = LCMapStringW(lcid, flags, wide, (int)written, out, (int)written + 1);
        if (mapped && codepage_encode(codepage_ansi(), false, out, (size_t)mapped, room ? to : NULL, (size_t)room, NULL,
                                      &written) == STATUS_BUFFER_TOO_SMALL)
            fail(ERROR_INSUFFICIENT_BUFFER);
        else
            result = mapped ? (int)written : 0;
    }
    RtlFreeHeap(heap, 0, wide);
    return result;
}

/* Searching: FIND_STARTSWITH, _ENDSWITH, _FROMSTART, _FROMEND. */
static int find(DWORD how, const WCHAR *text, int length, const WCHAR *value, int value_length,
                bool (*equal)(const WCHAR *, int, const WCHAR *, int, DWORD), DWORD flags)
{
    int last = length - value_length;
    bool backwards = how & (FIND_FROMEND | FIND_ENDSWITH);

    for (int step = 0; step <= last; step++) {
        int at = backwards ? last - step : step;

        if (equal(text + at, value_length, value, value_length, flags))
            return at;
        if (how & (FIND_STARTSWITH | FIND_ENDSWITH))
            break;
    }
    return -1;
}

static bool equal_ordinal(const WCHAR *a, int a_length, const WCHAR *b, int b_length, DWORD flags)
{
    return RtlCompareUnicodeStrings(a, (SIZE_T)a_length, b, (SIZE_T)b_length, flags ? TRUE : FALSE) == 0;
}

static bool equal_linguistic(const WCHAR *a, int a_length, const WCHAR *b, int b_length, DWORD flags)
{
    return text_compare(NULL, flags, a, a_length, b, b_length) == 0;
}

#define FIND_ENDS (FIND_STARTSWITH | FIND_ENDSWITH)
#define FIND_FLAGS (FIND_STARTSWITH | FIND_ENDSWITH | FIND_FROMSTART | FIND_FROMEND)

int WINAPI FindStringOrdinal(DWORD how, LPCWSTR text, int length, LPCWSTR value, int value_length, BOOL nocase)
{
    SetLastError(ERROR_SUCCESS);
    if (!text || !value) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return -1;
    }
    return find(how ? how : FIND_FROMSTART, text, length_of(text, length), value, length_of(value, value_length),
                equal_ordinal, nocase ? 1 : 0);
}

int WINAPI FindNLSStringEx(LPCWSTR name, DWORD flags, LPCWSTR text, int length, LPCWSTR value, int value_length,
                           LPINT found, LPNLSVERSIONINFO version, LPVOID reserved, LPARAM parameter)
{
    int at;

    (void)version, (void)reserved, (void)parameter;
    SetLastError(ERROR_SUCCESS);
    if (!text || !value || !length || !value_length) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return -1;
    }
    if (flags & ~(DWORD)(COMPARE_FLAGS | FIND_FLAGS)) {
        SetLastError(ERROR_INVALID_FLAGS);
        return -1;
    }
    value_length = length_of(value, value_length);
    length = length_of(text, length);
    if (!(is_ascii(text, length) && is_ascii(value, value_length)) && nls_plugin() && !(flags & FIND_ENDS)) {
        int matched = 0;

        at = text_find(name, flags & ~(DWORD)FIND_FLAGS, flags & FIND_FROMEND, text, length, value, value_length,
                       &matched);
        if (at >= 0 && found)
            *found = matched;
        return at;
    }
    at = find(flags & FIND_FLAGS, text, length_of(text, length), value, value_length, equal_linguistic,
              flags & ~(DWORD)FIND_FLAGS);
    if (at >= 0 && found)
        *found = value_length;
    return at;
}

int WINAPI FindNLSString(LCID lcid, DWORD flags, LPCWSTR text, int length, LPCWSTR value, int value_length, LPINT found)
{
    (void)lcid;
    return FindNLSStringEx(NULL, flags, text, length, value, value_length, found, NULL, NULL, 0);
}

/* The host has no ICU: text that is ASCII is in every form already. */
static int normalize_plain(const WCHAR *text, int length, LPWSTR to, int room)
{
    for (int i = 0; i < length; i++)
        if (text[i] >= 0x80)
            return -1;
    if (room && to)
        memcpy(to, text, (size_t)(length < room ? length : room) * sizeof *text);
    return length;
}

int WINAPI NormalizeString(NORM_FORM form, LPCWSTR text, int length, LPWSTR to, int room)
{
    int units = length < 0 && text ? (int)wide_length(text) + 1 : length, used;

    if (!text || room < 0 ||
        (form != NormalizationC && form != NormalizationD && form != NormalizationKC && form != NormalizationKD))
        return fail(ERROR_INVALID_PARAMETER);
    used = nls_plugin() ? nls_plugin()->normalize((int)form, text, units, to, room)
                        : normalize_plain(text, units, to, room);
    if (used < 0)
        return fail(ERROR_NO_UNICODE_TRANSLATION);
    if (room && used > room) {
        SetLastError(ERROR_INSUFFICIENT_BUFFER);
        return -used;
    }
    return used;
}

BOOL WINAPI IsNormalizedString(NORM_FORM form, LPCWSTR text, int length)
{
    int units = length < 0 && text ? (int)wide_length(text) : length;

    if (!text)
        return fail(ERROR_INVALID_PARAMETER);
    SetLastError(ERROR_SUCCESS);
    return nls_plugin() ? nls_plugin()->is_normalized((int)form, text, units) > 0
                        : normalize_plain(text, units, NULL, 0) >= 0;
}

static int idn(bool to_ascii, DWORD flags, const WCHAR *text, int length, LPWSTR to, int room)
{
    int units = length < 0 && text ? (int)wide_length(text) + 1 : length, used;

    if (!text || !units)
        return fail(ERROR_INVALID_PARAMETER);
    used = nls_plugin() ? nls_plugin()->idn(to_ascii, flags, text, units, to, room)
                        : normalize_plain(text, units, to, room);
    if (used < 0)
        return fail(ERROR_INVALID_NAME);
    return room && used > room ? fail(ERROR_INSUFFICIENT_BUFFER) : used;
}

int WINAPI IdnToAscii(DWORD flags, LPCWSTR text, int length, LPWSTR to, int room)
{
    return idn(true, flags, text, length, to, room);
}

int WINAPI IdnToUnicode(DWORD flags, LPCWSTR text, int length, LPWSTR to, int room)
{
    return idn(false, flags, text, length, to, room);
}

int WINAPI FoldStringW(DWORD flags, LPCWCH text, int length, LPWSTR to, int room)
{
    int units;

    if (!text || !length || room < 0 || !flags)
        return fail(flags ? ERROR_INVALID_PARAMETER : ERROR_INVALID_FLAGS);
    units = length < 0 ? (int)wide_length(text) + 1 : length;
    if (flags & (MAP_PRECOMPOSED | MAP_COMPOSITE | MAP_FOLDCZONE))
        return NormalizeString(flags & MAP_COMPOSITE     ? NormalizationD
                               : flags & MAP_PRECOMPOSED ? NormalizationC
                                                         : NormalizationKC,
                               text, units, to, room);
    if (room && room < units)
        return fail(ERROR_INSUFFICIENT_BUFFER);
    for (int i = 0; room && i < units; i++)
        to[i] = text[i];
    return units;
}
