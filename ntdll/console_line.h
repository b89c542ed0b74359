/*
 * console_line.h: between console.c and the editor of lines.
 */
#ifndef NTDLL_CONSOLE_LINE_H
#define NTDLL_CONSOLE_LINE_H

#include "win.h"

struct line_options {
    bool echo;      /* what is typed is shown */
    bool processed; /* Control-C and Control-\ are events */
    bool insert;    /* typing moves what is behind the cursor along */
};

/*
 * One line that a person types, as UTF-8 with CR LF at its end; `terminal` is in raw mode meanwhile.  A length of 0:
 * the end of input.  `size`: at least 8.  Called with the input lock held, which is released while it waits.
 * STATUS_INVALID_DEVICE_REQUEST: it is no terminal; STATUS_CANCELLED.
 */
NTSTATUS console_line_read(int terminal, const struct line_options *options, char *line, size_t size, size_t *length);

/* The character that an event gives, as UTF-8 (at most 4 bytes); 0: none. */
size_t console_character(const INPUT_RECORD *record, char *out);

#endif
