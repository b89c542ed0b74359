/*
 * binary_string.c: CryptBinaryToString and CryptStringToBinary: base64 with and without headers, and hexadecimal.
 *
 * Everything is ASCII, so there is one implementation on bytes; the W functions widen and narrow around it.
 *
 * Layer: crypt32.
 */
#include <string.h>
#include "win.h"
#include <wincrypt.h>
#include "ntdll/nls.h"

#ifndef CRYPT_STRING_HEXRAW
#define CRYPT_STRING_HEXRAW 0x0c
#endif
#ifndef CRYPT_STRING_NOCRLF
#define CRYPT_STRING_NOCRLF 0x40000000u
#endif
#ifndef CRYPT_STRING_BASE64URI
#define CRYPT_STRING_BASE64URI 0x0d
#endif
#define FORMAT_BITS 0xffu
#define BASE64_LINE 64

static void *allocate(SIZE_T size)
{
    return RtlAllocateHeap(peb_current()->ProcessHeap, 0, size ? size : 1);
}

static void release(void *memory)
{
    if (memory)
        RtlFreeHeap(peb_current()->ProcessHeap, 0, memory);
}

static BOOL fail(DWORD error)
{
    SetLastError(error);
    return FALSE;
}

/* ---- writing: first counted with `out` NULL, then done ---- */

struct writer {
    char *out;
    SIZE_T length;
    const char *line_end;
};

static void put(struct writer *writer, char c)
{
    if (writer->out)
        writer->out[writer->length] = c;
    writer->length++;
}

static void put_text(struct writer *writer, const char *text)
{
    while (*text)
        put(writer, *text++);
}

static const char base64_digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static void write_base64(struct writer *writer, const BYTE *data, DWORD size, bool uri)
{
    DWORD column = 0;

    for (DWORD i = 0; i < size; i += 3) {
        DWORD left = size - i,
              bits = (DWORD)data[i] << 16 | (left > 1 ? data[i + 1] << 8 : 0) | (left > 2 ? data[i + 2] : 0);

        for (int j = 0; j < 4; j++) {
            char c = j > (int)left ? '=' : base64_digits[bits >> (18 - 6 * j) & 63];
            if (uri && c == '=')
                continue;
            put(writer, uri && c == '+' ? '-' : uri && c == '/' ? '_' : c);
        }
        column += 4;
        if (column == BASE64_LINE && !uri) {
            put_text(writer, writer->line_end);
            column = 0;
        }
    }
    if (column && !uri)
        put_text(writer, writer->line_end);
}

static const struct header {
    DWORD format;
    const char *begin, *end;
} headers[] = {
    {CRYPT_STRING_BASE64HEADER, "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----"},
    {CRYPT_STRING_BASE64REQUESTHEADER, "-----BEGIN NEW CERTIFICATE REQUEST-----",
     "-----END NEW CERTIFICATE REQUEST-----"},
    {CRYPT_STRING_BASE64X509CRLHEADER, "-----BEGIN X509 CRL-----", "-----END X509 CRL-----"},
};

static const struct header *header_find(DWORD format)
{
    for (size_t i = 0; i < ARRAYSIZE(headers); i++)
        if (headers[i].format == format)
            return &headers[i];
    return NULL;
}

static void put_hex(struct writer *writer, DWORD value, int digits)
{
    while (digits--)
        put(writer, "0123456789abcdef"[value >> (4 * digits) & 15]);
}

static void write_raw_hex(struct writer *writer, const BYTE *data, DWORD size)
{
    for (DWORD i = 0; i < size; i++)
        put_hex(writer, data[i], 2);
    put_text(writer, writer->line_end);
}

/* Lines of sixteen bytes in two groups, perhaps with their address before and their characters behind them. */
static void write_hex(struct writer *writer, const BYTE *data, DWORD size, bool address, bool text)
{
    for (DWORD line = 0; line < size; line += 16) {
        DWORD count = size - line < 16 ? size - line : 16;

        if (address) {
            put_hex(writer, line, line > 0xffff ? 8 : 4);
            put(writer, '\t');
        }
        for (DWORD i = 0; i < 16 && (i < count || text); i++) {
            if (i)
                put_text(writer, i == 8 ? "  " : " ");
            if (i < count)
                put_hex(writer, data[line + i], 2);
            else
                put_text(writer, "  ");
        }
        if (text) {
            put_text(writer, "   ");
            for (DWORD i = 0; i < count; i++)
                put(writer, data[line + i] >= 32 && data[line + i] < 127 ? (char)data[line + i] : '.');
        }
        put_text(writer, writer->line_end);
    }
}

static bool write_format(struct writer *writer, const BYTE *data, DWORD size, DWORD flags)
{
    DWORD format = flags & FORMAT_BITS;
    const struct header *header = header_find(format);

    writer->line_end = flags & CRYPT_STRING_NOCRLF ? "" : flags & CRYPT_STRING_NOCR ? "\n" : "\r\n";
    if (header) {
        put_text(writer, header->begin);
        put_text(writer, flags & CRYPT_STRING_NOCRLF ? "\n" : writer->line_end);
        write_base64(writer, data, size, false);
        put_text(writer, header->end);
        put_text(writer, flags & CRYPT_STRING_NOCRLF ? "\n" : writer->line_end);
        return true;
    }
    switch (format) {
    case CRYPT_STRING_BASE64:
    case CRYPT_STRING_BASE64URI:
        write_base64(writer, data, size, format == CRYPT_STRING_BASE64URI);
        return true;
    case CRYPT_STRING_HEX:
    case CRYPT_STRING_HEXASCII:
    case CRYPT_STRING_HEXADDR:
    case CRYPT_STRING_HEXASCIIADDR:
        write_hex(writer, data, size, format == CRYPT_STRING_HEXADDR || format == CRYPT_STRING_HEXASCIIADDR,
                  format == CRYPT_STRING_HEXASCII || format == CRYPT_STRING_HEXASCIIADDR);
        return true;
    case CRYPT_STRING_HEXRAW:
        write_raw_hex(writer, data, size);
        return true;
    default:
        return false;
    }
}

/* Sizes count the zero; what comes back after writing does not. */
static BOOL binary_to_string(const BYTE *data, DWORD size, DWORD flags, char *narrow, WCHAR *wide, DWORD *room)
{
    struct writer writer = {NULL};
    bool given = narrow || wide;

    if (!data || !room)
        return fail(ERROR_INVALID_PARAMETER);
    if ((flags & FORMAT_BITS) == CRYPT_STRING_BINARY) {
        if (given && *room < size)
            return *room = size, fail(ERROR_MORE_DATA);
        *room = size;
        if (given)
            memcpy(narrow ? (void *)narrow : (void *)wide, data, size);
        return TRUE;
    }
    if (!write_format(&writer, data, size, flags))
        return fail(ERROR_INVALID_PARAMETER);
    if (writer.length > 0x7fffffff)
        return fail(ERROR_ARITHMETIC_OVERFLOW);
    DWORD length = (DWORD)writer.length;
    if (!given)
        return *room = length + 1, TRUE;
    if (*room < length + 1)
        return *room = length + 1, fail(ERROR_MORE_DATA);
    writer.length = 0;
    writer.out = narrow ? narrow : (char *)wide;
    write_format(&writer, data, size, flags);
    *room = length;
    writer.out[length] = 0;
    for (DWORD i = length + 1; wide && i--;) /* from the end: the characters grow */
        wide[i] = (BYTE)writer.out[i];
    return TRUE;
}

BOOL WINAPI CryptBinaryToStringA(const BYTE *data, DWORD size, DWORD flags, LPSTR text, DWORD *room)
{
    return binary_to_string(data, size, flags, text, NULL, room);
}

BOOL WINAPI CryptBinaryToStringW(const BYTE *data, DWORD size, DWORD flags, LPWSTR text, DWORD *room)
{
    return binary_to_string(data, size, flags, NULL, text, room);
}

/* ---- reading ---- */

/* What a format gives: counted with `out` NULL. */
struct reader {
    const char *text;
    DWORD size;
    BYTE *out;
    DWORD length;
};

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static int base64_value(char c, bool uri)
{
    const char *at = c ? strchr(base64_digits, uri && c == '-' ? '+' : uri && c == '_' ? '/' : c) : NULL;

    return at ? (int)(at - base64_digits) : -1;
}

static void emit(struct reader *reader, BYTE byte)
{
    if (reader->out)
        reader->out[reader->length] = byte;
    reader->length++;
}

static bool read_base64(struct reader *reader, DWORD start, DWORD end, bool uri)
{
    DWORD bits = 0, count = 0, padding = 0;

    for (DWORD i = start; i < end && reader->text[i]; i++) {
        char c = reader->text[i];
        int value = base64_value(c, uri);

        if (is_space(c))
            continue;
        if (c == '=') {
            if (++padding > 2)
                return false;
            continue;
        }
        if (value < 0 || padding)
            return false;
        bits = bits << 6 | (DWORD)value;
        if (++count % 4 == 0) {
            emit(reader, (BYTE)(bits >> 16)), emit(reader, (BYTE)(bits >> 8)), emit(reader, (BYTE)bits);
            bits = 0;
        }
    }
    count %= 4;
    if (count == 1 || (padding && (count + padding) % 4) || (!uri && !padding && count))
        return false;
    if (count >= 2)
        emit(reader, (BYTE)(count == 2 ? bits >> 4 : bits >> 10));
    if (count == 3)
        emit(reader, (BYTE)(bits >> 2));
    return true;
}

static bool find(const struct reader *reader, DWORD from, const char *wanted, DWORD *at)
{
    DWORD length = (DWORD)strlen(wanted);

    for (DWORD i = from; i + length <= reader->size; i++)
        if (!memcmp(reader->text + i, wanted, length)) {
            *at = i;
            return true;
        }
    return false;
}

/* Any "-----BEGIN ...-----" does. */
static bool read_header(struct reader *reader, DWORD *skip)
{
    DWORD begin, end;

    if (!find(reader, 0, "-----BEGIN ", &begin) || !find(reader, begin + 11, "-----", skip))
        return false;
    DWORD body = *skip + 5;
    *skip = begin;
    return find(reader, body, "-----END ", &end) && read_base64(reader, body, end, false);
}

static int hex_value(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
}

static bool hex_pair(const struct reader *reader, DWORD at, BYTE *byte)
{
    if (at + 1 >= reader->size)
        return false;
    int high = hex_value(reader->text[at]), low = high < 0 ? -1 : hex_value(reader->text[at + 1]);
    *byte = (BYTE)(high << 4 | low);
    return low >= 0;
}

static bool read_plain_hex(struct reader *reader)
{
    BYTE byte;

    for (DWORD i = 0; i < reader->size && reader->text[i];) {
        if (is_space(reader->text[i])) {
            i++;
            continue;
        }
        if (!hex_pair(reader, i, &byte))
            return false;
        emit(reader, byte);
        i += 2;
    }
    return true;
}

/* Lines with an address, with characters behind sixteen bytes, or both. */
static bool read_hex_lines(struct reader *reader, bool address, bool text)
{
    DWORD i = 0;

    while (i < reader->size && reader->text[i]) {
        DWORD line = i, count = 0, digits = 0;
        BYTE byte;

        while (i < reader->size && is_space(reader->text[i]))
            i++;
        if (i >= reader->size || !reader->text[i])
            break;
        if (address) {
            while (i < reader->size && hex_value(reader->text[i]) >= 0)
                i++, digits++;
            if (digits != 4 && digits != 8)
                return false;
        }
        while (i < reader->size && reader->text[i] && reader->text[i] != '\n' && reader->text[i] != '\r') {
            if (reader->text[i] == ' ' || reader->text[i] == '\t') {
                if (text && count && i + 2 < reader->size && !memcmp(reader->text + i, "   ", 3))
                    break;
                i++;
                continue;
            }
            if (count == 16 || !hex_pair(reader, i, &byte))
                return false;
            emit(reader, byte);
            count++;
            i += 2;
        }
        if (text)
            while (i < reader->size && reader->text[i] && reader->text[i] != '\n')
                i++;
        if (i == line)
            return false;
    }
    return true;
}

static bool read_one(struct reader *reader, DWORD format, DWORD *skip)
{
    reader->length = 0;
    *skip = 0;
    if (header_find(format))
        return read_header(reader, skip);
    switch (format) {
    case CRYPT_STRING_BASE64:
    case CRYPT_STRING_BASE64URI:
        return read_base64(reader, 0, reader->size, format == CRYPT_STRING_BASE64URI);
    case CRYPT_STRING_HEX:
    case CRYPT_STRING_HEXRAW:
        return read_plain_hex(reader);
    case CRYPT_STRING_HEXADDR:
        return read_hex_lines(reader, true, false);
    case CRYPT_STRING_HEXASCII:
        return read_hex_lines(reader, false, true);
    case CRYPT_STRING_HEXASCIIADDR:
        return read_hex_lines(reader, true, true);
    case CRYPT_STRING_BINARY:
        for (DWORD i = 0; i < reader->size; i++)
            emit(reader, (BYTE)reader->text[i]);
        return true;
    default:
        return false;
    }
}

/* The formats that a question stands for, tried in this order. */
static const BYTE any_base64[] = {CRYPT_STRING_BASE64HEADER, CRYPT_STRING_BASE64};
static const BYTE any_hex[] = {CRYPT_STRING_HEXADDR, CRYPT_STRING_HEXASCIIADDR, CRYPT_STRING_HEX, CRYPT_STRING_HEXRAW,
                               CRYPT_STRING_HEXASCII};
static const BYTE any[] = {CRYPT_STRING_BASE64HEADER, CRYPT_STRING_BASE64, CRYPT_STRING_BINARY};

static bool read_format(struct reader *reader, DWORD wanted, DWORD *format, DWORD *skip)
{
    const BYTE *list;
    size_t count;

    switch (wanted) {
    case CRYPT_STRING_BASE64_ANY:
        list = any_base64, count = sizeof any_base64;
        break;
    case CRYPT_STRING_HEX_ANY:
        list = any_hex, count = sizeof any_hex;
        break;
    case CRYPT_STRING_ANY:
        list = any, count = sizeof any;
        break;
    default:
        *format = wanted;
        return read_one(reader, wanted, skip);
    }
    for (size_t i = 0; i < count; i++)
        if (read_one(reader, *format = list[i], skip))
            return true;
    return false;
}

static bool format_known(DWORD format)
{
    return format <= CRYPT_STRING_HEXASCIIADDR || format == CRYPT_STRING_HEXRAW || format == CRYPT_STRING_BASE64URI;
}

static BOOL string_to_binary(const char *text, DWORD size, DWORD flags, BYTE *out, DWORD *room, DWORD *skipped,
                             DWORD *used)
{
    struct reader reader = {text, size};
    DWORD format, skip;

    if (!format_known(flags & FORMAT_BITS))
        return fail(ERROR_INVALID_DATA);
    if (!read_format(&reader, flags & FORMAT_BITS, &format, &skip))
        return fail(ERROR_INVALID_DATA);
    if (skipped)
        *skipped = skip;
    if (used)
        *used = format;
    if (!out)
        return *room = reader.length, TRUE;
    if (*room < reader.length)
        return *room = reader.length, fail(ERROR_MORE_DATA);
    reader.out = out;
    read_one(&reader, format, &skip);
    *room = reader.length;
    return TRUE;
}

BOOL WINAPI CryptStringToBinaryA(LPCSTR text, DWORD size, DWORD flags, BYTE *out, DWORD *room, DWORD *skipped,
                                 DWORD *used)
{
    if (!text || !room)
        return fail(ERROR_INVALID_PARAMETER);
    return string_to_binary(text, size ? size : (DWORD)strlen(text), flags, out, room, skipped, used);
}

BOOL WINAPI CryptStringToBinaryW(LPCWSTR text, DWORD size, DWORD flags, BYTE *out, DWORD *room, DWORD *skipped,
                                 DWORD *used)
{
    char *narrow;
    BOOL good;

    if (!text || !room)
        return fail(ERROR_INVALID_PARAMETER);
    if (!size)
        size = (DWORD)wide_length(text);
    narrow = allocate(size);
    if (!narrow)
        return fail(ERROR_NOT_ENOUGH_MEMORY);
    for (DWORD i = 0; i < size; i++)
        narrow[i] = text[i] < 0x80 ? (char)text[i] : '\x7f'; /* in no format */
    good = string_to_binary(narrow, size, flags, out, room, skipped, used);
    release(narrow);
    return good;
}
