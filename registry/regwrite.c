/*
 * regwrite.c: writes .reg files as regedit does: lines of bytes end at column 77, texts are quoted where they are
 * texts.  Layer: pure computing.
 *
 * What would not be read back the same (a text with a zero inside, without one at its end, or of odd length; a
 * DWORD that has not four bytes) is written as bytes with its type.
 */
#include <stdlib.h>
#include <string.h>
#include "regfile.h"

enum { TYPE_SZ = 1, TYPE_EXPAND_SZ = 2, TYPE_BINARY = 3, TYPE_DWORD = 4, TYPE_MULTI_SZ = 7 };
#define LINE_WIDTH 77

static bool reserve(struct regfile_writer *w, size_t more)
{
    if (w->failed)
        return false;
    if (w->length + more <= w->room)
        return true;
    size_t room = (w->length + more) * 2 + 1024;
    uint16_t *text = realloc(w->text, room * sizeof *text);
    if (!text) {
        w->failed = true;
        return false;
    }
    w->text = text;
    w->room = room;
    return true;
}

static void put_ascii(struct regfile_writer *w, const char *text)
{
    size_t length = strlen(text);
    if (!reserve(w, length))
        return;
    while (*text)
        w->text[w->length++] = (unsigned char)*text++;
}

static void put_text(struct regfile_writer *w, struct regfile_text text)
{
    if (!reserve(w, text.length))
        return;
    memcpy(w->text + w->length, text.at, text.length * 2);
    w->length += text.length;
}

static void put_quoted(struct regfile_writer *w, struct regfile_text text)
{
    if (!reserve(w, text.length * 2 + 2))
        return;
    w->text[w->length++] = '"';
    for (size_t i = 0; i < text.length; i++) {
        if (text.at[i] == '"' || text.at[i] == '\\')
            w->text[w->length++] = '\\';
        w->text[w->length++] = text.at[i];
    }
    w->text[w->length++] = '"';
}

static void put_digits(struct regfile_writer *w, uint32_t value, int digits)
{
    char text[9] = "";
    for (int i = 0; i < digits; i++)
        text[i] = "0123456789abcdef"[value >> 4 * (digits - 1 - i) & 15];
    put_ascii(w, text);
}

void regfile_begin(struct regfile_writer *w)
{
    put_ascii(w, w->version4 ? "REGEDIT4\r\n\r\n" : "Windows Registry Editor Version 5.00\r\n\r\n");
}

void regfile_key(struct regfile_writer *w, struct regfile_text path)
{
    put_ascii(w, "[");
    put_text(w, path);
    put_ascii(w, "]\r\n");
}

void regfile_end_key(struct regfile_writer *w)
{
    put_ascii(w, "\r\n");
}

static void put_bytes(struct regfile_writer *w, size_t line_start, const uint8_t *data, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (w->length - line_start + 3 > LINE_WIDTH) {
            put_ascii(w, "\\\r\n  ");
            line_start = w->length - 2;
        }
        put_digits(w, data[i], 2);
        if (i + 1 < size)
            put_ascii(w, ",");
    }
}

static void put_hex(struct regfile_writer *w, size_t line_start, uint32_t type, const uint8_t *data, size_t size)
{
    char *narrow = NULL;
    if (type == TYPE_BINARY) {
        put_ascii(w, "hex:");
    } else {
        int digits = 1;
        while (digits < 8 && type >> 4 * digits)
            digits++;
        put_ascii(w, "hex(");
        put_digits(w, type, digits);
        put_ascii(w, "):");
    }
    if (w->version4 && (type == TYPE_SZ || type == TYPE_EXPAND_SZ || type == TYPE_MULTI_SZ) && size % 2 == 0 && size) {
        uint16_t *wide = malloc(size);
        narrow = malloc(size * 2);
        if (wide && narrow) {
            memcpy(wide, data, size);
            size = w->ansi->to_bytes(wide, size / 2, narrow);
            data = (uint8_t *)narrow;
        } else {
            w->failed = true;
        }
        free(wide);
    }
    put_bytes(w, line_start, data, size);
    free(narrow);
}

/* A text that ends with its only zero. */
static bool is_plain_text(const uint8_t *data, size_t size)
{
    if (size < 2 || size % 2)
        return false;
    for (size_t i = 0; i < size; i += 2) {
        bool zero = !data[i] && !data[i + 1];
        if (zero != (i + 2 == size))
            return false;
    }
    return true;
}

void regfile_value(struct regfile_writer *w, struct regfile_text name, uint32_t type, const uint8_t *data, size_t size)
{
    size_t line_start = w->length;
    if (name.length)
        put_quoted(w, name);
    else
        put_ascii(w, "@");
    put_ascii(w, "=");
    if (type == TYPE_SZ && is_plain_text(data, size)) {
        uint16_t *text = malloc(size);
        if (text) {
            memcpy(text, data, size);
            put_quoted(w, (struct regfile_text){text, size / 2 - 1});
            free(text);
        } else {
            w->failed = true;
        }
    } else if (type == TYPE_DWORD && size == 4) {
        put_ascii(w, "dword:");
        put_digits(w, data[0] | data[1] << 8 | data[2] << 16 | (uint32_t)data[3] << 24, 8);
    } else {
        put_hex(w, line_start, type, data, size);
    }
    put_ascii(w, "\r\n");
}

void *regfile_finish(struct regfile_writer *w, size_t *size)
{
    char *bytes = w->failed ? NULL : malloc(w->length * 4 + 2);
    if (bytes && w->version4) {
        *size = w->ansi->to_bytes(w->text, w->length, bytes);
    } else if (bytes) {
        memcpy(bytes, "\xff\xfe", 2);
        memcpy(bytes + 2, w->text, w->length * 2);
        *size = w->length * 2 + 2;
    }
    free(w->text);
    w->text = NULL;
    return bytes;
}
