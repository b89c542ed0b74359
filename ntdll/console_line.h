/*
 * console_line.h: between console.c and the editor of lines.
 */
#ifndef NTDLL_CONSOLE_LINE_H
#define NTDLL_CONSOLE_LINE_H

#include <stdbool.h>
#include <stddef.h>

struct line_options {
    bool echo;      /* what is typed is shown */
    bool processed; /* Control-C and Control-\ are events */
    bool insert;    /* typing moves what is behind the cursor along */
};

/*
 * One line that a person types, as UTF-8 with CR LF at its end; `terminal` is in raw mode meanwhile.  A length of 0:
 * the end of input.  False: it is no terminal, or the read was cancelled (ECANCELED).  `size`: at least 8.
 */
bool console_line_read(int terminal, const struct line_options *options, char *line, size_t size, size_t *length);

#endif
