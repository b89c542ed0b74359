/*
 * console_input.c: lines and keys from the terminal, and waiting for them.
 *
 * A line is edited by console_line.c.  Whoever reads events, or waits for the console, is about to read keys: from then
 * on the terminal gives them one by one and shows nothing by itself.
 *
 * Calls Linux.
 */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "blocking.h"
#include "console_line.h"
#include "console_private.h"
#include "error.h"
#include "fileio.h"
#include "ioqueue.h"

/* Reads more input: a line, or without line input what there is.  The end of input leaves the line empty. */
static NTSTATUS line_fill(int fd)
{
    const struct line_options options = {console.input_mode & ENABLE_ECHO_INPUT,
                                         console.input_mode & ENABLE_PROCESSED_INPUT,
                                         console.input_mode & ENABLE_INSERT_MODE};
    console.line_at = console.line_end = 0;
    if (console.input_mode & ENABLE_LINE_INPUT) {
        console_save_terminal(fd);
        if (console_line_read(fd, &options, console.line, LINE_MAX_BYTES, &console.line_end))
            return STATUS_SUCCESS;
        if (errno == ECANCELED) {
            console.line_end = 0;
            return STATUS_CANCELLED;
        }
    }
    ssize_t n;
    do {
        if (blocking_cancelled())
            return STATUS_CANCELLED;
        n = read(fd, console.line, LINE_MAX_BYTES);
    } while (n < 0 && errno == EINTR);
    console.line_end = n < 0 ? 0 : (size_t)n;
    return n < 0 ? status_from_errno(errno) : STATUS_SUCCESS;
}

NTSTATUS console_read(struct file *file, void *buffer, ULONG length, ULONG *done)
{
    NTSTATUS status = STATUS_SUCCESS;
    pthread_mutex_lock(&console.input_lock);
    if (length && console.line_at == console.line_end) {
        status = line_fill(file->fd);
        /* For whoever reads it as a file, Control-Z at the start of a line is the end of input. */
        if (console.line[0] == 26 && (console.input_mode & ENABLE_LINE_INPUT))
            console.line_end = 0;
    }
    size_t there = console.line_end - console.line_at;
    *done = (ULONG)(there < length ? there : length);
    memcpy(buffer, console.line + console.line_at, *done);
    console.line_at += *done;
    pthread_mutex_unlock(&console.input_lock);
    return status;
}

/* One character of the pending UTF-8 input; 0: none left.  Broken bytes become U+FFFD. */
static uint32_t line_next(void)
{
    const unsigned char *s = (unsigned char *)console.line + console.line_at;
    size_t left = console.line_end - console.line_at;
    if (!left)
        return 0;
    size_t length = s[0] < 0x80 ? 1 : s[0] >= 0xF0 ? 4 : s[0] >= 0xE0 ? 3 : s[0] >= 0xC2 ? 2 : 0;
    uint32_t c = length <= 1 ? s[0] : s[0] & (0xFF >> (length + 1));
    bool good = length && length <= left;
    for (size_t i = 1; good && i < length; i++) {
        good = (s[i] & 0xC0) == 0x80;
        c = c << 6 | (s[i] & 0x3F);
    }
    console.line_at += good ? length : 1;
    return good ? c : 0xFFFD;
}

/* What has been read and not delivered, as UTF-16. */
static ULONG take_wide(WCHAR *text, ULONG count)
{
    ULONG n = 0;
    if (count && console.low) {
        text[n++] = console.low;
        console.low = 0;
    }
    while (n < count && console.line_at < console.line_end) {
        uint32_t c = line_next();
        if (c > 0xFFFF) {
            text[n++] = (WCHAR)(0xD800 + ((c - 0x10000) >> 10));
            c = 0xDC00 + (c & 0x3FF);
            if (n == count) {
                console.low = (WCHAR)c;
                break;
            }
        }
        text[n++] = (WCHAR)c;
    }
    return n;
}

NTSTATUS console_read_wide(HANDLE handle, WCHAR *text, ULONG count, ULONG *read)
{
    struct file *file;
    NTSTATUS status = console_lookup(handle, &file);
    if (status)
        return status;
    pthread_mutex_lock(&console.input_lock);
    if (count && !console.low && console.line_at == console.line_end)
        status = line_fill(file->fd);
    *read = status ? 0 : take_wide(text, count);
    pthread_mutex_unlock(&console.input_lock);
    object_release(file);
    return status;
}

/* From now on keys, unless the process is in the background, where touching the terminal would stop it. */
static void keys_begin(int fd)
{
    struct termios settings;
    if (console.keys || tcgetpgrp(fd) != getpgrp() || !console_save_terminal(fd))
        return;
    settings = console.original;
    settings.c_lflag &= ~(ICANON | ECHO | ECHONL | IEXTEN);
    if (!(console.input_mode & ENABLE_PROCESSED_INPUT))
        settings.c_lflag &= ~ISIG;
    settings.c_iflag &= ~(ICRNL | IXON);
    settings.c_cc[VMIN] = 1;
    settings.c_cc[VTIME] = 0;
    settings.c_cc[VSUSP] = _POSIX_VDISABLE;
    tcsetattr(fd, TCSADRAIN, &settings);
    console.keys = true;
}

static bool readable(int fd, int timeout)
{
    struct pollfd ready = {.fd = fd, .events = POLLIN};
    return poll(&ready, 1, timeout) > 0;
}

NTSTATUS console_read_keys(HANDLE handle, WCHAR *text, ULONG count, int timeout, ULONG *read_count)
{
    struct file *file;
    NTSTATUS status = console_lookup(handle, &file);
    *read_count = 0;
    if (status)
        return status;
    if (!console_is_input(file)) {
        object_release(file);
        return STATUS_INVALID_HANDLE;
    }
    pthread_mutex_lock(&console.input_lock);
    keys_begin(file->fd);
    if (!console.low && console.line_at == console.line_end && readable(file->fd, timeout)) {
        ssize_t n = read(file->fd, console.line, LINE_MAX_BYTES);
        console.line_at = 0;
        console.line_end = n > 0 ? (size_t)n : 0;
        if (!n || (n < 0 && errno != EINTR && errno != EAGAIN))
            status = STATUS_END_OF_FILE; /* the terminal is gone, or there is none */
    }
    *read_count = take_wide(text, count);
    if (file->waitable.kind && !readable(file->fd, 0))
        waitable_reset(&file->waitable);
    pthread_mutex_unlock(&console.input_lock);
    object_release(file);
    return status;
}

void console_records_left(bool left)
{
    console.records = left;
}

static void input_changed(struct io_watch *watch, struct io_request ***ended)
{
    (void)ended;
    if (readable(watch->file->fd, 0))
        waitable_signal(&watch->file->waitable);
}

/* A console nobody sees is not watched: there never is input. */
static void watch_begin(struct file *file)
{
    struct io_watch *watch = calloc(1, sizeof *watch);
    if (!watch)
        return;
    watch->changed = input_changed;
    if (ioqueue_watch(watch, file))
        free(watch);
    else
        file->input_watch = watch;
}

void console_watch_end(struct file *file)
{
    ioqueue_unwatch(file->input_watch);
    free(file->input_watch);
}

void console_before_wait(struct object *object)
{
    struct file *file = (struct file *)object;
    if (file->kind != FILE_KIND_CONSOLE)
        return;
    if (!console_is_input(file)) {
        waitable_signal(&file->waitable);
        return;
    }
    pthread_mutex_lock(&console.input_lock);
    keys_begin(file->fd);
    if (!file->input_watch)
        watch_begin(file);
    waitable_reset(&file->waitable);
    if (console.records || console.low || console.line_at < console.line_end ||
        (file->input_watch && readable(file->fd, 0)))
        waitable_signal(&file->waitable);
    pthread_mutex_unlock(&console.input_lock);
}

bool console_resized(HANDLE handle, COORD *size)
{
    static COORD last = {-1, -1};
    struct file *file;
    struct winsize window;
    if (!(console.input_mode & ENABLE_WINDOW_INPUT) || console_lookup(handle, &file))
        return false;
    bool known = !ioctl(file->fd, TIOCGWINSZ, &window);
    object_release(file);
    if (!known)
        return false;
    *size = (COORD){(SHORT)window.ws_col, (SHORT)window.ws_row};
    bool changed = last.X >= 0 && (size->X != last.X || size->Y != last.Y);
    last = *size;
    return changed;
}

NTSTATUS console_input_flush(HANDLE handle)
{
    struct file *file;
    NTSTATUS status = console_lookup(handle, &file);
    if (status)
        return status;
    pthread_mutex_lock(&console.input_lock);
    console.line_at = console.line_end = 0;
    console.records = false;
    tcflush(file->fd, TCIFLUSH);
    pthread_mutex_unlock(&console.input_lock);
    object_release(file);
    return STATUS_SUCCESS;
}
