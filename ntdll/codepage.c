/*
 * codepage.c: bytes and UTF-16: UTF-8 and the simplest code pages here, all others through the plug-in over ICU.
 *
 * Layer: ntdll.  The ANSI and OEM code page is UTF-8 (65001), whatever the host's locale says,
 * unless prefix.conf names another.
 */
#include <string.h>
#include "codepage_list.h"
#include "codepage_table.h"
#include "nls.h"
#include "text_block.h"

#define REPLACEMENT 0xfffd

static UINT ansi_codepage = CP_UTF8;
static UINT oem_codepage = CP_UTF8;

UINT codepage_ansi(void)
{
    return ansi_codepage;
}

UINT codepage_oem(void)
{
    return oem_codepage;
}

bool codepage_select(UINT ansi, UINT oem)
{
    if ((ansi && !codepage_valid(ansi)) || (oem && !codepage_valid(oem)))
        return false;
    ansi_codepage = ansi ? ansi : ansi_codepage;
    oem_codepage = oem ? oem : oem_codepage;
    return true;
}

UINT codepage_number(UINT codepage)
{
    switch (codepage) {
    case CP_ACP:
    case CP_THREAD_ACP:
        return ansi_codepage;
    case CP_OEMCP:
        return oem_codepage;
    case CP_MACCP:
        return 10000;
    default:
        return codepage;
    }
}

static bool codepage_is_simple(UINT codepage)
{
    return codepage == CP_UTF8 || codepage == 20127 || codepage == 28591;
}

bool codepage_valid(UINT codepage)
{
    return codepage_find(codepage) != NULL;
}

unsigned codepage_max_bytes(UINT codepage)
{
    const struct codepage *found = codepage_find(codepage);

    return found ? found->max_bytes : 1;
}

void codepage_lead_bytes(UINT codepage, BYTE ranges[12])
{
    const struct codepage *found = codepage_find(codepage);

    memset(ranges, 0, 12);
    if (found)
        memcpy(ranges, found->leads, sizeof found->leads);
}

/* Where converted units go; counts on when there is no room or none was given. */
struct wide_sink {
    WCHAR *at, *end;
    size_t count;
    bool full;
};

static inline void wide_put(struct wide_sink *sink, WCHAR c)
{
    sink->count++;
    if (sink->at < sink->end)
        *sink->at++ = c;
    else
        sink->full = true;
}

/* As much of a run of ASCII as goes at once and has room. */
static inline size_t wide_put_ascii(struct wide_sink *sink, const char *bytes, size_t length)
{
    size_t room = (size_t)(sink->end - sink->at), run = ascii_widen(bytes, length < room ? length : room, sink->at);

    sink->at += run;
    sink->count += run;
    return run;
}

/* Decodes one sequence; -1 if it is not valid.  *used is its length, or that of the part to be replaced. */
static int32_t utf8_next(const unsigned char *at, size_t left, size_t *used)
{
    static const uint32_t smallest[] = {0, 0x80, 0x800, 0x10000};
    unsigned more = at[0] < 0xc2 ? 0 : at[0] < 0xe0 ? 1 : at[0] < 0xf0 ? 2 : at[0] < 0xf5 ? 3 : 0;
    uint32_t value = at[0] & (0x3f >> more);

    *used = 1;
    if (!more)
        return -1;
    for (unsigned i = 1; i <= more; i++) {
        unsigned char low = 0x80, high = 0xbf;

        if (i == 1) { /* no overlong forms, surrogates, or values past U+10FFFF */
            low = at[0] == 0xe0 ? 0xa0 : at[0] == 0xf0 ? 0x90 : 0x80;
            high = at[0] == 0xed ? 0x9f : at[0] == 0xf4 ? 0x8f : 0xbf;
        }
        if (i >= left || at[i] < low || at[i] > high)
            return -1;
        value = value << 6 | (at[i] & 0x3f);
        *used = i + 1;
    }
    return value < smallest[more] ? -1 : (int32_t)value;
}

static NTSTATUS utf8_decode(bool strict, const unsigned char *bytes, size_t length, struct wide_sink *sink)
{
    const unsigned char *end = bytes + length;

    while (bytes < end) {
        size_t used;
        int32_t value;

        if (*bytes < 0x80) {
            size_t run = wide_put_ascii(sink, (const char *)bytes, (size_t)(end - bytes));
            bytes += run;
            if (!run)
                wide_put(sink, *bytes++);
            continue;
        }
        value = utf8_next(bytes, (size_t)(end - bytes), &used);
        bytes += used;
        if (value < 0 && strict)
            return STATUS_NO_UNICODE_TRANSLATION;
        if (value >= 0x10000) {
            wide_put(sink, (WCHAR)(0xd7c0 + (value >> 10)));
            value = 0xdc00 + (value & 0x3ff);
        }
        wide_put(sink, value < 0 ? REPLACEMENT : (WCHAR)value);
    }
    return STATUS_SUCCESS;
}

static NTSTATUS simple_decode(UINT codepage, bool strict, const unsigned char *bytes, size_t length,
                              struct wide_sink *sink)
{
    if (codepage == CP_UTF8)
        return utf8_decode(strict, bytes, length, sink);
    for (size_t i = 0; i < length; i++)
        wide_put(sink, codepage == 20127 ? bytes[i] & 0x7f : bytes[i]);
    return STATUS_SUCCESS;
}

NTSTATUS codepage_decode(UINT codepage, bool strict, const char *bytes, size_t length, WCHAR *wide, size_t room,
                         size_t *written)
{
    struct wide_sink sink = {wide, wide + (wide ? room : 0), 0, false};
    NTSTATUS status;

    if (!codepage_is_simple(codepage))
        return codepage_table_decode(codepage, strict, bytes, length, wide, room, written);
    status = simple_decode(codepage, strict, (const unsigned char *)bytes, length, &sink);
    *written = sink.count;
    if (!status && room && sink.full)
        status = STATUS_BUFFER_TOO_SMALL;
    return status;
}

struct byte_sink {
    char *at, *end;
    size_t count;
    bool full;
};

/* A character's bytes are written together or not at all. */
static inline void bytes_put(struct byte_sink *sink, const char *bytes, size_t length)
{
    sink->count += length;
    if ((size_t)(sink->end - sink->at) >= length && !sink->full) {
        memcpy(sink->at, bytes, length);
        sink->at += length;
    } else {
        sink->full = true;
    }
}

/* As much of a run of ASCII as goes at once and has room. */
static inline size_t bytes_put_ascii(struct byte_sink *sink, const WCHAR *wide, size_t length)
{
    size_t room = sink->full ? 0 : (size_t)(sink->end - sink->at);
    size_t run = ascii_narrow(wide, length < room ? length : room, sink->at);

    sink->at += run;
    sink->count += run;
    return run;
}

static void utf8_put(struct byte_sink *sink, uint32_t c)
{
    char bytes[4];
    size_t length = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;

    for (size_t i = length - 1; i; i--, c >>= 6)
        bytes[i] = (char)(0x80 | (c & 0x3f));
    bytes[0] = (char)(length == 1 ? c : (0xf00u >> length) | c);
    bytes_put(sink, bytes, length);
}

static NTSTATUS utf8_encode(bool strict, const WCHAR *wide, size_t length, struct byte_sink *sink)
{
    for (size_t i = 0; i < length; i++) {
        uint32_t c = wide[i];

        if (c < 0x80) {
            char byte = (char)c;
            size_t run = bytes_put_ascii(sink, wide + i, length - i);

            if (run)
                i += run - 1;
            else
                bytes_put(sink, &byte, 1);
            continue;
        }
        if (c >= 0xd800 && c < 0xe000) {
            if (c < 0xdc00 && i + 1 < length && wide[i + 1] >= 0xdc00 && wide[i + 1] < 0xe000)
                c = ((c & 0x3ff) << 10) + (wide[++i] & 0x3ff) + 0x10000;
            else if (strict)
                return STATUS_NO_UNICODE_TRANSLATION;
            else
                c = REPLACEMENT;
        }
        utf8_put(sink, c);
    }
    return STATUS_SUCCESS;
}

static void latin_encode(UINT codepage, const WCHAR *wide, size_t length, struct codepage_default *replace,
                         struct byte_sink *sink)
{
    WCHAR limit = codepage == 20127 ? 0x80 : 0x100;

    for (size_t i = 0; i < length; i++) {
        char byte = (char)wide[i];

        if (wide[i] >= limit)
            byte = replace && replace->exact ? 0 : codepage_ascii_fit(wide[i]);
        if (wide[i] < limit || byte) {
            bytes_put(sink, &byte, 1);
            continue;
        }
        bytes_put(sink, replace && replace->bytes[0] ? replace->bytes : "?", 1);
        if (replace)
            replace->used = true;
    }
}

NTSTATUS codepage_encode(UINT codepage, bool strict, const WCHAR *wide, size_t length, char *bytes, size_t room,
                         struct codepage_default *replace, size_t *written)
{
    struct byte_sink sink = {bytes, bytes + (bytes ? room : 0), 0, false};
    NTSTATUS status = STATUS_SUCCESS;

    if (!codepage_is_simple(codepage))
        return codepage_table_encode(codepage, strict, wide, length, bytes, room, replace, written);
    if (codepage == CP_UTF8)
        status = utf8_encode(strict, wide, length, &sink);
    else
        latin_encode(codepage, wide, length, replace, &sink);
    *written = sink.count;
    if (!status && room && sink.full) {
        *written = (size_t)(sink.at - bytes);
        status = STATUS_BUFFER_TOO_SMALL;
    }
    return status;
}

WCHAR *wide_from_ansi(const char *text)
{
    size_t length = text ? strlen(text) + 1 : 0, written = 0;
    WCHAR *wide;

    if (!text)
        return NULL;
    wide = RtlAllocateHeap(peb_current()->ProcessHeap, 0, length * sizeof *wide);
    if (wide)
        codepage_decode(ansi_codepage, false, text, length, wide, length, &written);
    return wide;
}

char *ansi_from_wide(const WCHAR *text)
{
    size_t length, written = 0, room;
    char *bytes;

    if (!text)
        return NULL;
    length = wide_length(text) + 1;
    room = length * 3;
    bytes = RtlAllocateHeap(peb_current()->ProcessHeap, 0, room);
    if (bytes)
        codepage_encode(ansi_codepage, false, text, length, bytes, room, NULL, &written);
    return bytes;
}
