/*
 * line.h: one line of the trace, and how values look in it.
 */
#ifndef TRACE_LINE_H
#define TRACE_LINE_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

struct line {
    char text[1000];
    size_t used; /* always below the size: what does not fit is cut */
};

void line_add_list(struct line *line, const char *format, va_list arguments) __attribute__((format(printf, 2, 0)));
void line_add(struct line *line, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* bits: as in a register or stack slot: the upper part of a smaller value is undefined.  type: enum value_type. */
void line_add_value(struct line *line, unsigned type, uint64_t bits);

/* How many of the bytes at this address of ours can be read: up to `size`, or to the end of the page. */
size_t line_read(uint64_t address, void *buffer, size_t size);

#endif
