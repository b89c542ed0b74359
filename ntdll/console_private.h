/*
 * console_private.h: between the files of the console.
 */
#ifndef NTDLL_CONSOLE_PRIVATE_H
#define NTDLL_CONSOLE_PRIVATE_H

#include <pthread.h>
#include <termios.h>

#include "console.h"
#include "file.h"
#include "lock.h"
#include "screen.h"

#define LINE_MAX_BYTES 4096
#define CONSOLE_READ_MAX 4096 /* bytes that are read from the terminal at a time */

struct console {
    pthread_mutex_t lock;        /* output state */
    pthread_mutex_t input_lock;  /* the queue and input state; never held while waiting */
    pthread_mutex_t reader_lock; /* taken before it: lines and characters are read by one at a time */
    bool saved;                  /* `original` is what the terminal had */
    int saved_fd;
    struct termios original;
    ULONG input_mode, output_mode;
    UINT input_page, output_page;
    WCHAR high;                    /* first half of a surrogate pair, written but not yet shown */
    char line[LINE_MAX_BYTES + 2]; /* input that was read and not yet delivered */
    size_t line_at, line_end;
    WCHAR low;    /* second half of a pair that did not fit */
    bool keys;    /* somebody reads keys, not lines */
    bool editing; /* a line is being typed */
    bool silent;  /* the terminal gives no answers; then `screen` says where the cursor is */
    struct screen screen;
};
extern struct console console;

/* The console file behind a handle; referenced. */
NTSTATUS console_lookup(HANDLE handle, struct file **file);
bool console_is_input(const struct file *file);
/* How the terminal was found is remembered, to be put back however the process ends.  False: it is none. */
bool console_save_terminal(int fd);
/* A line begins or ends to be typed.  False: it is no terminal. */
bool console_edit(int fd, bool editing);
/* From now on keys, unless the process is in the background, where touching the terminal would stop it. */
void console_keys_begin(int fd);
NTSTATUS console_write_all(int fd, const char *text, size_t length);

/* console_queue.c; all with the input lock held. */
size_t console_queue_count(void);
size_t console_queue_peek(INPUT_RECORD *out, size_t count);
size_t console_queue_take(INPUT_RECORD *out, size_t count);
void console_queue_clear(void);
/* False: there is no room. */
bool console_queue_add(const INPUT_RECORD *records, size_t count);
/* One character of UTF-8; its bytes.  Broken ones become U+FFFD, one by one. */
size_t console_decode(const char *bytes, size_t left, uint32_t *character);
/* What was typed, at most CONSOLE_READ_MAX bytes. */
void console_queue_bytes(const char *bytes, size_t length);
/* What the terminal has now, `most` bytes if they are whole keys.  STATUS_END_OF_FILE: it has nothing any more. */
NTSTATUS console_queue_fill(int fd, size_t most);
/* Waits, with the lock released, until there is an event; timeout in ms, -1: for ever.  STATUS_TIMEOUT,
 * STATUS_CANCELLED (blocking.h), STATUS_END_OF_FILE. */
NTSTATUS console_queue_wait(int fd, size_t most, int timeout);
/* Whoever waits looks again. */
void console_queue_wake(void);
bool console_readable(int fd, int timeout);

/* console_input.c, with the input lock held: events have come otherwise than by the terminal's being readable. */
void console_input_arrived(void);

#endif
