/*
 * regread.c: reads .reg files.  Layer: pure computing.
 *
 * The text is taken to UTF-16 first (5.00: UTF-16 or UTF-8 with a byte order mark; REGEDIT4: the ANSI code page; what
 * has no mark is ANSI, too).  Then it is read line by line; a line that ends in a backslash goes on in the next.
 * What stands before the first key is ignored, as are lines that are none of the format's.
 */
#include <stdlib.h>
#include <string.h>
#include "regfile.h"

enum { TYPE_SZ = 1, TYPE_EXPAND_SZ = 2, TYPE_BINARY = 3, TYPE_DWORD = 4, TYPE_MULTI_SZ = 7 };

struct reader {
    const uint16_t *at, *end;
    unsigned line;
    bool version4, in_key;
    const struct regfile_ansi *ansi;
    const struct regfile_sink *sink;
    struct regfile_error *error;
    uint16_t *name; /* scratch, as large as the text */
    uint8_t *data;  /* scratch, twice as large as the text in bytes, and one zero */
};

static bool fail(struct reader *r, const char *text)
{
    *r->error = (struct regfile_error){r->line, text};
    return false;
}

static bool is_blank(uint16_t c)
{
    return c == ' ' || c == '\t';
}

static bool is_line_end(uint16_t c)
{
    return c == '\n' || c == '\r';
}

static void skip_blanks(struct reader *r)
{
    while (r->at < r->end && is_blank(*r->at))
        r->at++;
}

static void skip_line(struct reader *r)
{
    while (r->at < r->end && *r->at != '\n')
        r->at++;
    if (r->at < r->end)
        r->at++;
    r->line++;
}

static bool at_line_end(const struct reader *r)
{
    return r->at == r->end || is_line_end(*r->at) || *r->at == ';';
}

static bool skip_text(struct reader *r, const char *text)
{
    const uint16_t *p = r->at;
    for (; *text; text++, p++)
        if (p == r->end || (*p | (*p < 0x80 && *p >= 'A' && *p <= 'Z' ? 32 : 0)) != (unsigned char)*text)
            return false;
    r->at = p;
    return true;
}

static int hex_digit(uint16_t c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

/* At most eight digits; their number. */
static unsigned read_hex(struct reader *r, uint32_t *value)
{
    unsigned digits = 0;
    *value = 0;
    while (r->at < r->end && hex_digit(*r->at) >= 0 && digits < 9) {
        *value = *value << 4 | (uint32_t)hex_digit(*r->at++);
        digits++;
    }
    return digits;
}

/* After the opening quote; strings may go over several lines. */
static bool read_string(struct reader *r, uint16_t *out, size_t *length)
{
    size_t n = 0;
    unsigned start = r->line;
    for (;;) {
        if (r->at == r->end) {
            r->line = start;
            return fail(r, "a string without a closing quote");
        }
        uint16_t c = *r->at++;
        if (c == '"')
            break;
        if (c == '\n')
            r->line++;
        if (c == '\\' && r->at < r->end) {
            c = *r->at++;
            if (c == 'n')
                c = '\n';
            else if (c == 'r')
                c = '\r';
            else if (c == '0')
                c = 0;
        }
        out[n++] = c;
    }
    *length = n;
    return true;
}

/* Bytes with commas; a backslash at a line's end goes on in the next. */
static bool read_bytes(struct reader *r, size_t *size)
{
    *size = 0;
    for (;;) {
        skip_blanks(r);
        if (at_line_end(r))
            return true;
        if (*r->at == '\\') {
            r->at++;
            skip_blanks(r);
            if (!at_line_end(r))
                return fail(r, "text after the backslash that continues a line");
            skip_line(r);
            continue;
        }
        uint32_t value;
        unsigned digits = read_hex(r, &value);
        if (!digits || digits > 2)
            return fail(r, "not a byte in hexadecimal");
        r->data[(*size)++] = (uint8_t)value;
        skip_blanks(r);
        if (r->at < r->end && *r->at == ',')
            r->at++;
        else if (!at_line_end(r))
            return fail(r, "a comma is missing between bytes");
    }
}

/* REGEDIT4 has the bytes of texts in the ANSI code page. */
static size_t widen_data(struct reader *r, size_t size)
{
    uint8_t *copy = malloc(size + 1);
    if (!copy)
        return 0;
    memcpy(copy, r->data, size);
    size_t length = r->ansi->to_wide((char *)copy, size, (uint16_t *)r->data);
    free(copy);
    return length * 2;
}

static bool put_value(struct reader *r, struct regfile_text name, uint32_t type, size_t size)
{
    if (r->sink->value(r->sink->context, name, false, type, r->data, size))
        return true;
    return fail(r, NULL);
}

static bool read_hex_value(struct reader *r, struct regfile_text name)
{
    uint32_t type = TYPE_BINARY;
    size_t size;
    if (r->at < r->end && *r->at == '(') {
        r->at++;
        unsigned digits = read_hex(r, &type);
        if (!digits || digits > 8 || r->at == r->end || *r->at != ')')
            return fail(r, "a type must be hexadecimal digits in parentheses");
        r->at++;
    }
    if (r->at == r->end || *r->at++ != ':')
        return fail(r, "a colon is missing after hex");
    if (!read_bytes(r, &size))
        return false;
    if (r->version4 && (type == TYPE_EXPAND_SZ || type == TYPE_MULTI_SZ || type == TYPE_SZ))
        size = widen_data(r, size);
    return put_value(r, name, type, size);
}

static bool read_data(struct reader *r, struct regfile_text name)
{
    uint32_t number;
    size_t length;
    if (skip_text(r, "-")) {
        if (!r->sink->value(r->sink->context, name, true, 0, NULL, 0))
            return fail(r, NULL);
        return true;
    }
    if (skip_text(r, "dword:")) {
        unsigned digits = (skip_blanks(r), read_hex(r, &number));
        if (!digits || digits > 8)
            return fail(r, "dword: needs 1 to 8 hexadecimal digits");
        for (int i = 0; i < 4; i++)
            r->data[i] = (uint8_t)(number >> 8 * i);
        return put_value(r, name, TYPE_DWORD, 4);
    }
    if (skip_text(r, "hex"))
        return read_hex_value(r, name);
    if (!skip_text(r, "\""))
        return fail(r, "data must be \"text\", dword:, hex: or -");
    if (!read_string(r, (uint16_t *)r->data, &length))
        return false;
    memset(r->data + length * 2, 0, 2);
    return put_value(r, name, TYPE_SZ, length * 2 + 2);
}

static bool read_value(struct reader *r)
{
    struct regfile_text name = {r->name, 0};
    if (*r->at++ == '"' && !read_string(r, r->name, &name.length))
        return false;
    skip_blanks(r);
    if (r->at == r->end || *r->at != '=')
        return fail(r, "an equals sign is missing after the value's name");
    r->at++;
    skip_blanks(r);
    if (!read_data(r, name))
        return false;
    skip_blanks(r);
    return at_line_end(r) || fail(r, "text after the data");
}

static bool read_key(struct reader *r)
{
    const uint16_t *start = ++r->at, *stop = NULL;
    for (; r->at < r->end && !is_line_end(*r->at); r->at++)
        if (*r->at == ']')
            stop = r->at; /* the last one: names may contain brackets */
    if (!stop)
        return fail(r, "a closing bracket is missing after the key");
    bool remove = start < stop && *start == '-';
    start += remove;
    if (start == stop)
        return fail(r, "a key without a name");
    r->in_key = !remove;
    if (!r->sink->key(r->sink->context, (struct regfile_text){start, (size_t)(stop - start)}, remove))
        return fail(r, NULL);
    return true;
}

static bool read_lines(struct reader *r)
{
    while (r->at < r->end) {
        skip_blanks(r);
        if (r->at < r->end && *r->at == '[') {
            if (!read_key(r))
                return false;
        } else if (r->at < r->end && r->in_key && (*r->at == '"' || *r->at == '@')) {
            if (!read_value(r))
                return false;
        }
        skip_line(r);
    }
    return true;
}

static bool read_header(struct reader *r)
{
    while (r->at < r->end && (is_blank(*r->at) || is_line_end(*r->at)))
        r->line += *r->at++ == '\n';
    if (skip_text(r, "regedit4"))
        r->version4 = true;
    else if (!skip_text(r, "windows registry editor version 5.00"))
        return fail(r, "it does not begin with \"Windows Registry Editor Version 5.00\" or \"REGEDIT4\"");
    skip_line(r);
    return true;
}

/* UTF-8 without checks beyond bounds: what is no character becomes U+FFFD. */
static size_t decode_utf8(const unsigned char *p, size_t size, uint16_t *out)
{
    size_t n = 0;
    for (size_t i = 0; i < size;) {
        uint32_t c = p[i++];
        unsigned more = c < 0x80 ? 0 : c >= 0xf0 && c < 0xf5 ? 3 : c >= 0xe0 ? 2 : c >= 0xc2 ? 1 : 0;
        if (c >= 0xf5 || (c >= 0x80 && !more))
            c = 0xfffd;
        else if (more)
            c &= 0x3f >> more;
        for (; more && i < size && (p[i] & 0xc0) == 0x80; more--)
            c = c << 6 | (p[i++] & 0x3f);
        if (more)
            c = 0xfffd;
        if (c > 0xffff && c < 0x110000) {
            out[n++] = (uint16_t)(0xd7c0 + (c >> 10));
            c = 0xdc00 + (c & 0x3ff);
        }
        out[n++] = (uint16_t)(c > 0xffff ? 0xfffd : c);
    }
    return n;
}

static size_t decode(const unsigned char *bytes, size_t size, const struct regfile_ansi *ansi, uint16_t *text)
{
    if (size >= 2 && bytes[0] == 0xff && bytes[1] == 0xfe) {
        memcpy(text, bytes + 2, (size - 2) & ~(size_t)1);
        return (size - 2) / 2;
    }
    if (size >= 3 && bytes[0] == 0xef && bytes[1] == 0xbb && bytes[2] == 0xbf)
        return decode_utf8(bytes + 3, size - 3, text);
    return ansi->to_wide((const char *)bytes, size, text);
}

bool regfile_read(const void *bytes, size_t size, const struct regfile_ansi *ansi, const struct regfile_sink *sink,
                  struct regfile_error *error)
{
    *error = (struct regfile_error){0, NULL};
    uint16_t *text = malloc(size * 2 + 2), *name = malloc(size * 2 + 2);
    uint8_t *data = malloc(size * 4 + 8);
    bool good = text && name && data;
    if (good) {
        size_t length = decode(bytes, size, ansi, text);
        struct reader r = {text, text + length, 1, false, false, ansi, sink, error, name, data};
        good = read_header(&r) && read_lines(&r);
    } else {
        error->text = "no memory";
    }
    free(text);
    free(name);
    free(data);
    return good;
}
