/*
 * console_output.c: text to the terminal, its size, and where its cursor is.
 *
 * Calls Linux.
 */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "console_private.h"
#include "error.h"
#include "fileio.h"

#define ANSWER_TIME 500 /* ms that a terminal may take to say where its cursor is */

static COORD size_of(int fd)
{
    struct winsize window;
    if (ioctl(fd, TIOCGWINSZ, &window) || !window.ws_col || !window.ws_row)
        return (COORD){80, 25};
    return (COORD){(SHORT)window.ws_col, (SHORT)window.ws_row};
}

/* The host makes CR LF of a line feed. */
static void follow(int fd, const char *text, size_t length)
{
    COORD size = size_of(fd);
    screen_resize(&console.screen, size.X, size.Y);
    for (size_t i = 0; i < length; i++) {
        screen_feed(&console.screen, (unsigned char)text[i]);
        if (text[i] == '\n')
            console.screen.column = 0;
    }
}

NTSTATUS console_write_all(int fd, const char *text, size_t length)
{
    if (console.silent)
        follow(fd, text, length);
    while (length) {
        ssize_t n = write(fd, text, length);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return status_from_errno(errno);
        text += n;
        length -= n;
    }
    return STATUS_SUCCESS;
}

/* UTF-16 as UTF-8 into `out` (3 bytes a unit at most); the length.  A first half at the end is kept for the next call.
 */
static size_t wide_to_utf8(const WCHAR *text, size_t count, char *out)
{
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        uint32_t c = text[i];
        if (console.high) {
            WCHAR high = console.high;
            console.high = 0;
            if (c >= 0xDC00 && c <= 0xDFFF) {
                c = 0x10000 + ((high - 0xD800u) << 10) + (c - 0xDC00);
            } else {
                memcpy(out + n, "\xEF\xBF\xBD", 3);
                n += 3;
            }
        }
        if (c >= 0xD800 && c <= 0xDBFF) {
            console.high = (WCHAR)c;
            continue;
        }
        if (c >= 0xDC00 && c <= 0xDFFF)
            c = 0xFFFD;
        if (c < 0x80) {
            out[n++] = (char)c;
        } else if (c < 0x800) {
            out[n++] = (char)(0xC0 | c >> 6);
            out[n++] = (char)(0x80 | (c & 0x3F));
        } else if (c < 0x10000) {
            out[n++] = (char)(0xE0 | c >> 12);
            out[n++] = (char)(0x80 | (c >> 6 & 0x3F));
            out[n++] = (char)(0x80 | (c & 0x3F));
        } else {
            out[n++] = (char)(0xF0 | c >> 18);
            out[n++] = (char)(0x80 | (c >> 12 & 0x3F));
            out[n++] = (char)(0x80 | (c >> 6 & 0x3F));
            out[n++] = (char)(0x80 | (c & 0x3F));
        }
    }
    return n;
}

static NTSTATUS write_wide(int fd, const WCHAR *text, ULONG count)
{
    char out[1024 * 3 + 4];
    NTSTATUS status = STATUS_SUCCESS;
    while (count && !status) {
        ULONG some = count < 1024 ? count : 1024;
        status = console_write_all(fd, out, wide_to_utf8(text, some, out));
        text += some;
        count -= some;
    }
    return status;
}

NTSTATUS console_write_wide(HANDLE handle, const WCHAR *text, ULONG count, ULONG *written)
{
    struct file *file;
    NTSTATUS status = console_lookup(handle, &file);
    if (status)
        return status;
    host_lock(&console.lock);
    status = write_wide(file->fd, text, count);
    host_unlock(&console.lock);
    *written = status ? 0 : count;
    object_release(file);
    return status;
}

NTSTATUS console_write(struct file *file, const void *buffer, ULONG length, ULONG *done)
{
    NTSTATUS status = console_write_all(file->fd, buffer, length);
    *done = status ? 0 : length;
    return status;
}

NTSTATUS console_size(HANDLE handle, COORD *size)
{
    struct file *file;
    NTSTATUS status = console_lookup(handle, &file);
    if (status)
        return status;
    if (console_is_input(file))
        status = STATUS_INVALID_HANDLE;
    else
        *size = size_of(file->fd);
    object_release(file);
    return status;
}

NTSTATUS console_put(HANDLE handle, const char *text, size_t length)
{
    struct file *file;
    NTSTATUS status = console_lookup(handle, &file);
    if (status)
        return status;
    status = console_write_all(file->fd, text, length);
    object_release(file);
    return status;
}

/* Reads the terminal's answer ESC [ row ; column R; what comes before it is ordinary input and is kept. */
static bool cursor_answer(int fd, COORD *position)
{
    char text[CONSOLE_READ_MAX];
    size_t n = 0;
    for (;;) {
        struct pollfd ready = {.fd = fd, .events = POLLIN};
        if (n == sizeof text || poll(&ready, 1, ANSWER_TIME) <= 0 || read(fd, text + n, 1) != 1) {
            console_queue_bytes(text, n);
            return false;
        }
        if (text[n++] != 'R')
            continue;
        size_t start = n - 1;
        while (start && text[start] != 27)
            start--;
        int row = 0, column = 0;
        size_t at = start + 2;
        for (; at < n && text[at] >= '0' && text[at] <= '9'; at++)
            row = row * 10 + text[at] - '0';
        for (at++; at < n && text[at] >= '0' && text[at] <= '9'; at++)
            column = column * 10 + text[at] - '0';
        if (text[start] != 27 || !row || !column)
            continue;
        console_queue_bytes(text, start);
        *position = (COORD){(SHORT)(column - 1), (SHORT)(row - 1)};
        return true;
    }
}

NTSTATUS console_cursor(HANDLE handle, COORD *position)
{
    struct file *file;
    struct termios before, raw;
    NTSTATUS status = console_lookup(handle, &file);
    if (status)
        return status;
    *position = (COORD){0, 0};
    host_lock(&console.input_lock);
    /* Only a terminal that is in front may be asked: a background job would be stopped. */
    if (!console.silent && tcgetpgrp(file->fd) == getpgrp() && !tcgetattr(file->fd, &before)) {
        raw = before;
        raw.c_lflag &= ~(ICANON | ECHO);
        tcsetattr(file->fd, TCSANOW, &raw);
        /* A terminal that did not answer is not asked again: what is written tells from then on. */
        console.silent = console_write_all(file->fd, "\033[6n", 4) || !cursor_answer(file->fd, position);
        tcsetattr(file->fd, TCSANOW, &before);
        console_input_arrived(); /* what was typed before the answer */
    }
    if (console.silent)
        *position = (COORD){(SHORT)console.screen.column, (SHORT)console.screen.row};
    host_unlock(&console.input_lock);
    object_release(file);
    return STATUS_SUCCESS;
}
