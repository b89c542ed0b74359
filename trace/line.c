/*
 * line.c: one line of the trace, and how values look in it.
 *
 * Part of winrun-trace.so; libc alone.  Strings are read through the kernel: a pointer that a program passes
 * may be anything, and tracing must not be what crashes it.
 */
#include "line.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>
#include "loader/signature.h"
#include "win.h"

#define STRING_MAX 80 /* characters shown */
#define PAGE 4096
#define RESOURCE_ID_MAX 0xffff /* below: not a string but a number (MAKEINTRESOURCE, atoms) */

void line_add_list(struct line *line, const char *format, va_list arguments)
{
    size_t room = sizeof line->text - line->used;
    int length = vsnprintf(line->text + line->used, room, format, arguments);
    if (length > 0)
        line->used += (size_t)length < room ? (size_t)length : room - 1;
}

void line_add(struct line *line, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    line_add_list(line, format, arguments);
    va_end(arguments);
}

size_t line_read(uint64_t address, void *buffer, size_t size)
{
    size_t first = PAGE - address % PAGE;
    if (first > size)
        first = size;
    struct iovec to = {buffer, size};
    struct iovec from[2] = {{(void *)address, first}, {(void *)(address + first), size - first}};
    ssize_t got = process_vm_readv(getpid(), &to, 1, from, first < size ? 2 : 1, 0);
    return got > 0 ? (size_t)got : 0;
}

static void add_character(struct line *line, unsigned character)
{
    if (character == '\n' || character == '\r' || character == '\t')
        line_add(line, "\\%c", character == '\n' ? 'n' : character == '\r' ? 'r' : 't');
    else if (character == '"' || character == '\\')
        line_add(line, "\\%c", (char)character);
    else if (character < 0x20 || character == 0x7f)
        line_add(line, "\\x%02x", character);
    else
        line_add(line, "%c", (char)character);
}

/* A code unit beyond ASCII, as UTF-8; a surrogate without its other half stays a number. */
static size_t add_wide(struct line *line, const WCHAR *text, size_t count)
{
    unsigned character = text[0];
    size_t used = 1;
    if (character < 0x80) {
        add_character(line, character);
    } else if (character < 0x800) {
        line_add(line, "%c%c", 0xc0 | character >> 6, 0x80 | (character & 63));
    } else if (character < 0xd800 || character > 0xdfff) {
        line_add(line, "%c%c%c", 0xe0 | character >> 12, 0x80 | (character >> 6 & 63), 0x80 | (character & 63));
    } else if (character < 0xdc00 && count > 1 && text[1] >= 0xdc00 && text[1] <= 0xdfff) {
        character = 0x10000 + ((character & 0x3ff) << 10 | (text[1] & 0x3ff));
        line_add(line, "%c%c%c%c", 0xf0 | character >> 18, 0x80 | (character >> 12 & 63), 0x80 | (character >> 6 & 63),
                 0x80 | (character & 63));
        used = 2;
    } else {
        line_add(line, "\\u%04x", character);
    }
    return used;
}

static void add_str(struct line *line, uint64_t address)
{
    char text[STRING_MAX + 1];
    size_t got = line_read(address, text, sizeof text), length = strnlen(text, got);
    if (!got) {
        line_add(line, "0x%llx", (unsigned long long)address);
        return;
    }
    size_t shown = length < STRING_MAX ? length : STRING_MAX;
    line_add(line, "\"");
    for (size_t i = 0; i < shown; i++)
        add_character(line, (unsigned char)text[i]);
    line_add(line, length == got ? "\"..." : "\"");
}

/* At most `max` characters; `ended`: a zero need not follow. */
static void add_wstr(struct line *line, uint64_t address, size_t max, bool ended)
{
    WCHAR text[STRING_MAX + 1];
    size_t wanted = max < STRING_MAX + 1 ? max : STRING_MAX + 1;
    size_t got = wanted ? line_read(address, text, wanted * sizeof *text) / sizeof *text : 0, length = 0;
    if (wanted && !got) {
        line_add(line, "0x%llx", (unsigned long long)address);
        return;
    }
    while (length < got && (ended || text[length]))
        length++;
    size_t shown = length < STRING_MAX ? length : STRING_MAX;
    line_add(line, "\"");
    for (size_t i = 0; i < shown;)
        i += add_wide(line, text + i, shown - i);
    line_add(line, length == got && !(ended && max == length) ? "\"..." : "\"");
}

static void add_ustr(struct line *line, uint64_t address)
{
    UNICODE_STRING string;
    if (line_read(address, &string, sizeof string) == sizeof string)
        add_wstr(line, (uint64_t)string.Buffer, string.Length / sizeof(WCHAR), true);
    else
        line_add(line, "0x%llx", (unsigned long long)address);
}

static void add_pointer(struct line *line, unsigned type, uint64_t bits)
{
    if (!bits)
        line_add(line, type == TYPE_POINTER || type == TYPE_UNKNOWN ? "0" : "NULL");
    else if ((type == TYPE_STR || type == TYPE_PATH) && bits > RESOURCE_ID_MAX)
        add_str(line, bits);
    else if ((type == TYPE_WSTR || type == TYPE_WPATH) && bits > RESOURCE_ID_MAX)
        add_wstr(line, bits, SIZE_MAX, false);
    else if (type == TYPE_USTR)
        add_ustr(line, bits);
    else
        line_add(line, "0x%llx", (unsigned long long)bits);
}

static void add_number(struct line *line, unsigned type, uint64_t bits)
{
    long long value = (int32_t)bits;
    if (type == TYPE_I8)
        value = (int8_t)bits;
    else if (type == TYPE_U8)
        value = (uint8_t)bits;
    else if (type == TYPE_I16)
        value = (int16_t)bits;
    else if (type == TYPE_U16)
        value = (uint16_t)bits;
    else if (type == TYPE_U32 || type == TYPE_ULONG)
        value = (uint32_t)bits;
    line_add(line, "%lld", value);
}

void line_add_value(struct line *line, unsigned type, uint64_t bits)
{
    float single;
    double number;
    switch (type) {
    case TYPE_VOID:
        break;
    case TYPE_BOOL:
        if ((uint32_t)bits > 1)
            line_add(line, "%d", (int)bits);
        else
            line_add(line, (uint32_t)bits ? "TRUE" : "FALSE");
        break;
    case TYPE_HEX:
    case TYPE_STATUS:
        line_add(line, type == TYPE_HEX ? "0x%x" : "0x%08x", (unsigned)bits);
        break;
    case TYPE_I64:
        line_add(line, "%lld", (long long)bits);
        break;
    case TYPE_U64:
    case TYPE_SIZE:
        line_add(line, "%llu", (unsigned long long)bits);
        break;
    case TYPE_F32:
        memcpy(&single, &bits, sizeof single);
        line_add(line, "%g", (double)single);
        break;
    case TYPE_F64:
        memcpy(&number, &bits, sizeof number);
        line_add(line, "%g", number);
        break;
    case TYPE_POINTER:
    case TYPE_UNKNOWN:
    case TYPE_STR:
    case TYPE_WSTR:
    case TYPE_USTR:
    case TYPE_PATH:
    case TYPE_WPATH:
    case TYPE_FUNCTION:
    case TYPE_REFERENCE:
    case TYPE_STRUCT:
        add_pointer(line, type, bits);
        break;
    default:
        add_number(line, type, bits);
    }
}
