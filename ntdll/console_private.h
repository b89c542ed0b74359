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

#define LINE_MAX_BYTES 4096

struct console {
    pthread_mutex_t lock;       /* output state */
    pthread_mutex_t input_lock; /* input state; held while waiting for a line */
    bool saved;                 /* `original` is what the terminal had */
    int saved_fd;
    struct termios original;
    ULONG input_mode, output_mode;
    UINT input_page, output_page;
    WCHAR high;                    /* first half of a surrogate pair, written but not yet shown */
    char line[LINE_MAX_BYTES + 2]; /* input that was read and not yet delivered */
    size_t line_at, line_end;
    WCHAR low;    /* second half of a pair that did not fit */
    bool keys;    /* the terminal gives keys, not lines */
    bool records; /* kernel32 has events that were not taken */
};
extern struct console console;

/* The console file behind a handle; referenced. */
NTSTATUS console_lookup(HANDLE handle, struct file **file);
bool console_is_input(const struct file *file);
/* How the terminal was found is remembered, to be put back however the process ends.  False: it is none. */
bool console_save_terminal(int fd);
NTSTATUS console_write_all(int fd, const char *text, size_t length);

#endif
