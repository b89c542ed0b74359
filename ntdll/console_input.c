/*
 * console_input.c: lines and keys from the terminal, and waiting for them.
 *
 * A line is edited by console_line.c.  Whoever reads events, or waits for the console, is about to read keys: from then
 * on the terminal gives them one by one and shows nothing by itself.  All come out of console_queue.c.
 *
 * Calls Linux.
 */
#include <errno.h>
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

#define RESIZE_LOOK 250 /* ms between looks at the terminal's size, for programs that want to know */

/* A handle that somebody has waited for. */
struct input_watch {
    struct io_watch watch;
    struct input_watch *next;
    bool seen; /* a console nobody sees is not watched: there never is input */
};
static struct input_watch *watches; /* under the input lock */

/* The characters that keys give, as UTF-8: what there is, at least one. */
static NTSTATUS characters_fill(int fd)
{
    INPUT_RECORD record;
    NTSTATUS status = STATUS_SUCCESS;
    while (!status && !console.line_end) {
        status = console_queue_wait(fd, CONSOLE_READ_MAX, -1);
        while (console.line_end + 4 <= LINE_MAX_BYTES && console_queue_take(&record, 1))
            console.line_end += console_character(&record, console.line + console.line_end);
    }
    return status == STATUS_END_OF_FILE ? STATUS_SUCCESS : status;
}

/* Reads more input: a line, or without line input what there is.  The end of input leaves the line empty. */
static NTSTATUS line_fill(int fd)
{
    const struct line_options options = {console.input_mode & ENABLE_ECHO_INPUT,
                                         console.input_mode & ENABLE_PROCESSED_INPUT,
                                         console.input_mode & ENABLE_INSERT_MODE};
    NTSTATUS status;
    ssize_t n;
    console.line_at = console.line_end = 0;
    if (!(console.input_mode & ENABLE_LINE_INPUT) && isatty(fd))
        return characters_fill(fd);
    if (console.input_mode & ENABLE_LINE_INPUT) {
        status = console_line_read(fd, &options, console.line, LINE_MAX_BYTES, &console.line_end);
        if (status != STATUS_INVALID_DEVICE_REQUEST)
            return status;
    }
    host_unlock(&console.input_lock);
    do {
        n = -1;
        status = blocking_cancelled() ? STATUS_CANCELLED : STATUS_SUCCESS;
        if (!status)
            n = read(fd, console.line, LINE_MAX_BYTES);
    } while (!status && n < 0 && errno == EINTR);
    host_lock(&console.input_lock);
    console.line_end = n < 0 ? 0 : (size_t)n;
    return status || n >= 0 ? status : status_from_errno(errno);
}

/* Who reads lines or characters: one after the other, the input lock only while nobody waits. */
static void reader_begin(void)
{
    pthread_mutex_lock(&console.reader_lock);
    host_lock(&console.input_lock);
}

static void reader_end(void)
{
    host_unlock(&console.input_lock);
    pthread_mutex_unlock(&console.reader_lock);
}

NTSTATUS console_read(struct file *file, void *buffer, ULONG length, ULONG *done)
{
    NTSTATUS status = STATUS_SUCCESS;
    reader_begin();
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
    reader_end();
    return status;
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
        uint32_t c;
        console.line_at += console_decode(console.line + console.line_at, console.line_end - console.line_at, &c);
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
    blocking_begin(file);
    reader_begin();
    if (count && !console.low && console.line_at == console.line_end)
        status = line_fill(file->fd);
    *read = status ? 0 : take_wide(text, count);
    reader_end();
    blocking_end();
    object_release(file);
    return status;
}

/* A handle of the console's input is signalled while there is input. */
static void signals_update(void)
{
    for (struct input_watch *at = watches; at; at = at->next) {
        struct file *file = at->watch.file;
        if (console_queue_count() || console.low || console.line_at < console.line_end ||
            (at->seen && console_readable(file->fd, 0)))
            waitable_signal(&file->waitable);
        else
            waitable_reset(&file->waitable);
    }
}

void console_input_arrived(void)
{
    console_queue_wake();
    signals_update();
}

/* A handle that can be read, referenced. */
static NTSTATUS input_lookup(HANDLE handle, struct file **file)
{
    NTSTATUS status = console_lookup(handle, file);
    if (status || console_is_input(*file))
        return status;
    object_release(*file);
    return STATUS_INVALID_HANDLE;
}

/* Whether the terminal has another size than when it was looked at last, and the program wants to know. */
static bool console_resized(const struct file *file, COORD *size)
{
    static COORD last = {-1, -1};
    struct winsize window;
    if (!(console.input_mode & ENABLE_WINDOW_INPUT) || ioctl(file->fd, TIOCGWINSZ, &window))
        return false;
    *size = (COORD){(SHORT)window.ws_col, (SHORT)window.ws_row};
    bool changed = last.X >= 0 && (size->X != last.X || size->Y != last.Y);
    last = *size;
    return changed;
}

static void add_resize(const struct file *file)
{
    INPUT_RECORD record = {.EventType = WINDOW_BUFFER_SIZE_EVENT};
    if (console_resized(file, &record.Event.WindowBufferSizeEvent.dwSize))
        console_queue_add(&record, 1);
}

/* Waits for an event, and looks every now and then for another size if the program wants to know. */
static NTSTATUS events_wait(struct file *file, bool wait)
{
    NTSTATUS status;
    console_keys_begin(file->fd);
    do {
        bool looks = console.input_mode & ENABLE_WINDOW_INPUT;
        add_resize(file);
        status = console_queue_wait(file->fd, CONSOLE_READ_MAX, !wait ? 0 : looks ? RESIZE_LOOK : -1);
    } while (wait && status == STATUS_TIMEOUT);
    return !wait && (status == STATUS_TIMEOUT || status == STATUS_END_OF_FILE) ? STATUS_SUCCESS : status;
}

NTSTATUS console_read_events(HANDLE handle, INPUT_RECORD *records, ULONG count, bool wait, bool peek, ULONG *read)
{
    struct file *file;
    NTSTATUS status = input_lookup(handle, &file);
    *read = 0;
    if (status)
        return status;
    blocking_begin(file);
    host_lock(&console.input_lock);
    status = events_wait(file, wait);
    if (!status)
        *read = (ULONG)(peek ? console_queue_peek(records, count) : console_queue_take(records, count));
    signals_update();
    host_unlock(&console.input_lock);
    blocking_end();
    object_release(file);
    return status;
}

NTSTATUS console_count_events(HANDLE handle, ULONG *count)
{
    struct file *file;
    NTSTATUS status = input_lookup(handle, &file);
    if (status)
        return status;
    host_lock(&console.input_lock);
    status = events_wait(file, false);
    *count = (ULONG)console_queue_count();
    host_unlock(&console.input_lock);
    object_release(file);
    return status;
}

NTSTATUS console_write_events(HANDLE handle, const INPUT_RECORD *records, ULONG count)
{
    struct file *file;
    NTSTATUS status = input_lookup(handle, &file);
    if (status)
        return status;
    host_lock(&console.input_lock);
    if (!console_queue_add(records, count))
        status = STATUS_NO_MEMORY;
    console_input_arrived();
    host_unlock(&console.input_lock);
    object_release(file);
    return status;
}

static void input_changed(struct io_watch *watch, struct io_request ***ended)
{
    (void)ended;
    if (console_readable(watch->file->fd, 0))
        waitable_signal(&watch->file->waitable);
}

static void watch_begin(struct file *file)
{
    struct input_watch *watch = calloc(1, sizeof *watch);
    if (!watch)
        return;
    watch->watch.changed = input_changed;
    watch->seen = !ioqueue_watch(&watch->watch, file);
    watch->next = watches;
    watches = watch;
    file->input_watch = &watch->watch;
}

void console_watch_end(struct file *file)
{
    struct input_watch *watch = (struct input_watch *)file->input_watch;
    if (watch->seen)
        ioqueue_unwatch(&watch->watch);
    host_lock(&console.input_lock);
    for (struct input_watch **link = &watches; *link; link = &(*link)->next) {
        if (*link == watch) {
            *link = watch->next;
            break;
        }
    }
    host_unlock(&console.input_lock);
    free(watch);
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
    host_lock(&console.input_lock);
    console_keys_begin(file->fd);
    if (!file->input_watch)
        watch_begin(file);
    if (!file->input_watch)
        waitable_reset(&file->waitable);
    signals_update();
    host_unlock(&console.input_lock);
}

NTSTATUS console_input_flush(HANDLE handle)
{
    struct file *file;
    NTSTATUS status = console_lookup(handle, &file);
    if (status)
        return status;
    host_lock(&console.input_lock);
    console.line_at = console.line_end = 0;
    console_queue_clear();
    tcflush(file->fd, TCIFLUSH);
    signals_update();
    host_unlock(&console.input_lock);
    object_release(file);
    return STATUS_SUCCESS;
}
