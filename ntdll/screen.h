/*
 * screen.h: where the cursor of a terminal is, from what is written to it.
 */
#ifndef NTDLL_SCREEN_H
#define NTDLL_SCREEN_H

#include <stdbool.h>
#include <stdint.h>

enum screen_event {
    SCREEN_NOTHING,
    SCREEN_ASKS_STATUS,     /* ESC [ 5 n */
    SCREEN_ASKS_POSITION,   /* ESC [ 6 n */
    SCREEN_ASKS_ATTRIBUTES, /* ESC [ c */
};

/* Columns and rows count from 0.  Zeroed but for the size is a terminal that was just cleared. */
struct screen {
    int columns, rows;
    int column, row;
    int saved_column, saved_row;
    bool wraps; /* the last column was written, and the next character begins a line */
    enum { SCREEN_TEXT, SCREEN_ESCAPE, SCREEN_CHARSET, SCREEN_SEQUENCE, SCREEN_STRING, SCREEN_STRING_ESCAPE } state;
    char prefix; /* of a sequence: ? or > */
    int parameters[4];
    unsigned count;     /* of parameters */
    uint32_t character; /* UTF-8 in progress, and */
    unsigned more;      /* how many bytes of it are to come */
};

/* One byte of output.  It belongs to a sequence that is not over if the state is ESCAPE or SEQUENCE then. */
enum screen_event screen_feed(struct screen *screen, unsigned char byte);
void screen_resize(struct screen *screen, int columns, int rows);

/* Columns of a character that is not a control character: two for East Asian ones and pictures. */
unsigned screen_width(uint32_t c);

#endif
