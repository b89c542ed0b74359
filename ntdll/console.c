/*
 * console.c: the terminal as Windows' console: modes, lines in, text out.
 *
 * Nothing is asked of the terminal before the program asks for something.  Its settings are
 * changed only when the program sets a mode that differs, and are put back at exit.
 * Calls Linux.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "blocking.h"
#include "console.h"
#include "error.h"
#include "fileio.h"

#define LINE_MAX_BYTES 4096

static struct console {
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
    WCHAR low; /* second half of a pair that did not fit */
} console = {
    .lock = PTHREAD_MUTEX_INITIALIZER,
    .input_lock = PTHREAD_MUTEX_INITIALIZER,
    .input_mode = ENABLE_PROCESSED_INPUT | ENABLE_LINE_INPUT | ENABLE_ECHO_INPUT | ENABLE_MOUSE_INPUT |
                  ENABLE_INSERT_MODE | ENABLE_QUICK_EDIT_MODE | ENABLE_EXTENDED_FLAGS | ENABLE_AUTO_POSITION,
    .output_mode = ENABLE_PROCESSED_OUTPUT | ENABLE_WRAP_AT_EOL_OUTPUT,
    .input_page = 65001,
    .output_page = 65001,
};

/* The console file behind a handle; referenced. */
static NTSTATUS console_lookup(HANDLE handle, struct file **file)
{
    NTSTATUS status = handle_lookup(handle, &type_file, 0, (void **)file);
    if (status)
        return STATUS_INVALID_HANDLE;
    if ((*file)->kind == FILE_KIND_CONSOLE)
        return STATUS_SUCCESS;
    object_release(*file);
    return STATUS_INVALID_HANDLE;
}

/*
 * A terminal is open for both directions, whoever the handle is for.  Input: CONIN$, standard input; what was
 * opened for writing alone, or is fd 1 or 2, is the screen.
 */
static bool is_input(const struct file *file)
{
    if (file->borrowed)
        return file->fd == 0;
    return file->console_input;
}

struct file *console_open(enum path_kind kind, ACCESS_MASK access, ULONG options)
{
    bool input = kind == PATH_CONSOLE_IN || (kind == PATH_CONSOLE && !(access & (FILE_WRITE_DATA | FILE_APPEND_DATA)));
    int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    if (fd < 0)
        return NULL;
    struct file *file = file_create(FILE_KIND_CONSOLE, fd, access, options | FILE_SYNCHRONOUS_IO_NONALERT);
    if (file) {
        file->console_input = input;
        file->host_position = true;
    }
    return file;
}

NTSTATUS console_get_mode(HANDLE handle, ULONG *mode)
{
    struct file *file;
    NTSTATUS status = console_lookup(handle, &file);
    if (status)
        return status;
    *mode = is_input(file) ? console.input_mode : console.output_mode;
    object_release(file);
    return status;
}

/* The terminal's settings for an input mode. */
static void termios_for_mode(struct termios *settings, ULONG mode)
{
    bool line = mode & ENABLE_LINE_INPUT;
    *settings = console.original;
    if (!line) {
        settings->c_lflag &= ~(ICANON | IEXTEN);
        settings->c_iflag &= ~(ICRNL | IXON);
        settings->c_cc[VMIN] = 1;
        settings->c_cc[VTIME] = 0;
    }
    if (!line || !(mode & ENABLE_ECHO_INPUT))
        settings->c_lflag &= ~(ECHO | ECHONL);
    if (!(mode & ENABLE_PROCESSED_INPUT))
        settings->c_lflag &= ~ISIG;
}

static void terminal_apply(int fd, ULONG mode)
{
    struct termios settings;
    if (!console.saved) {
        if (tcgetattr(fd, &console.original))
            return;
        console.saved_fd = fd;
        console.saved = true;
        console_ctrl_install();
    }
    termios_for_mode(&settings, mode);
    tcsetattr(fd, TCSADRAIN, &settings);
}

void console_restore(void)
{
    if (console.saved)
        tcsetattr(console.saved_fd, TCSADRAIN, &console.original);
}

NTSTATUS console_set_mode(HANDLE handle, ULONG mode)
{
    const ULONG shown = ENABLE_PROCESSED_INPUT | ENABLE_LINE_INPUT | ENABLE_ECHO_INPUT;
    struct file *file;
    NTSTATUS status = console_lookup(handle, &file);
    if (status)
        return status;
    host_lock(&console.lock);
    if (!is_input(file)) {
        console.output_mode = mode;
    } else if ((mode & ENABLE_ECHO_INPUT) && !(mode & ENABLE_LINE_INPUT)) {
        status = STATUS_INVALID_PARAMETER;
    } else {
        if ((mode ^ console.input_mode) & shown)
            terminal_apply(file->fd, mode);
        console.input_mode = mode;
    }
    host_unlock(&console.lock);
    object_release(file);
    return status;
}

UINT console_code_page(bool output)
{
    return output ? console.output_page : console.input_page;
}

void console_set_code_page(bool output, UINT code_page)
{
    if (output)
        console.output_page = code_page;
    else
        console.input_page = code_page;
}

static NTSTATUS write_all(int fd, const char *text, size_t length)
{
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
        status = write_all(fd, out, wide_to_utf8(text, some, out));
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
    NTSTATUS status = write_all(file->fd, buffer, length);
    *done = status ? 0 : length;
    return status;
}

/* Reads more input: with line input a line whose end becomes CR LF.  The end of input leaves the line empty. */
static NTSTATUS line_fill(int fd)
{
    ssize_t n;
    do {
        if (blocking_cancelled())
            return STATUS_CANCELLED;
        n = read(fd, console.line, LINE_MAX_BYTES);
    } while (n < 0 && errno == EINTR);
    console.line_at = console.line_end = 0;
    if (n < 0)
        return status_from_errno(errno);
    if (n && (console.input_mode & ENABLE_LINE_INPUT) && console.line[n - 1] == '\n') {
        console.line[n - 1] = '\r';
        console.line[n++] = '\n';
    }
    /* Control-Z at the start of a line is the end of input. */
    if (n && console.line[0] == 26 && (console.input_mode & ENABLE_LINE_INPUT))
        n = 0;
    console.line_end = n;
    return STATUS_SUCCESS;
}

NTSTATUS console_read(struct file *file, void *buffer, ULONG length, ULONG *done)
{
    NTSTATUS status = STATUS_SUCCESS;
    pthread_mutex_lock(&console.input_lock);
    if (length && console.line_at == console.line_end)
        status = line_fill(file->fd);
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

NTSTATUS console_read_wide(HANDLE handle, WCHAR *text, ULONG count, ULONG *read)
{
    struct file *file;
    ULONG n = 0;
    NTSTATUS status = console_lookup(handle, &file);
    if (status)
        return status;
    pthread_mutex_lock(&console.input_lock);
    if (count && console.low) {
        text[n++] = console.low;
        console.low = 0;
    }
    if (n < count && console.line_at == console.line_end)
        status = line_fill(file->fd);
    while (!status && n < count && console.line_at < console.line_end) {
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
    pthread_mutex_unlock(&console.input_lock);
    *read = n;
    object_release(file);
    return status;
}

void console_before_wait(struct object *object)
{
    struct file *file = (struct file *)object;
    if (file->kind != FILE_KIND_CONSOLE)
        return;
    /* Whoever waits for a console wants to read next; a read then waits for the rest of the line. */
    waitable_signal(&file->waitable);
}

NTSTATUS console_size(HANDLE handle, COORD *size)
{
    struct file *file;
    struct winsize window;
    NTSTATUS status = console_lookup(handle, &file);
    if (status)
        return status;
    if (is_input(file))
        status = STATUS_INVALID_HANDLE;
    else if (ioctl(file->fd, TIOCGWINSZ, &window) || !window.ws_col || !window.ws_row)
        *size = (COORD){80, 25};
    else
        *size = (COORD){(SHORT)window.ws_col, (SHORT)window.ws_row};
    object_release(file);
    return status;
}

NTSTATUS console_put(HANDLE handle, const char *text, size_t length)
{
    struct file *file;
    NTSTATUS status = console_lookup(handle, &file);
    if (status)
        return status;
    status = write_all(file->fd, text, length);
    object_release(file);
    return status;
}

/* Reads the terminal's answer ESC [ row ; column R; what comes before it is ordinary input and is kept. */
static bool cursor_answer(int fd, COORD *position)
{
    char text[256];
    size_t n = 0;
    for (;;) {
        struct pollfd ready = {.fd = fd, .events = POLLIN};
        if (n == sizeof text || poll(&ready, 1, 200) <= 0 || read(fd, text + n, 1) != 1)
            return false;
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
        if (console.line_end + start <= LINE_MAX_BYTES) {
            memcpy(console.line + console.line_end, text, start);
            console.line_end += start;
        }
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
    pthread_mutex_lock(&console.input_lock);
    /* Only a terminal that is in front may be asked: a background job would be stopped. */
    if (tcgetpgrp(file->fd) == getpgrp() && !tcgetattr(file->fd, &before)) {
        raw = before;
        raw.c_lflag &= ~(ICANON | ECHO);
        tcsetattr(file->fd, TCSANOW, &raw);
        if (!write_all(file->fd, "\033[6n", 4))
            cursor_answer(file->fd, position);
        tcsetattr(file->fd, TCSANOW, &before);
    }
    pthread_mutex_unlock(&console.input_lock);
    object_release(file);
    return STATUS_SUCCESS;
}

NTSTATUS console_input_waiting(HANDLE handle, ULONG *count)
{
    struct file *file;
    int waiting = 0;
    NTSTATUS status = console_lookup(handle, &file);
    if (status)
        return status;
    if (is_input(file))
        ioctl(file->fd, FIONREAD, &waiting);
    else
        status = STATUS_INVALID_HANDLE;
    *count = (ULONG)waiting + (ULONG)(console.line_end - console.line_at);
    object_release(file);
    return status;
}

NTSTATUS console_input_flush(HANDLE handle)
{
    struct file *file;
    NTSTATUS status = console_lookup(handle, &file);
    if (status)
        return status;
    pthread_mutex_lock(&console.input_lock);
    console.line_at = console.line_end = 0;
    tcflush(file->fd, TCIFLUSH);
    pthread_mutex_unlock(&console.input_lock);
    object_release(file);
    return STATUS_SUCCESS;
}
