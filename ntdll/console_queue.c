/*
 * console_queue.c: the console's input queue: keys from the terminal, and events that programs write there.
 *
 * As in Windows all input goes through one queue of events, whoever reads it: as lines, as characters or as events. Its
 * lock is never held while somebody waits, so that others can write events, look what there is, or ask the terminal
 * where its cursor is.  Whoever reads a line takes no more from the terminal than it needs: the rest may be for a
 * child.
 *
 * Calls Linux.
 */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "blocking.h"
#include "console_key.h"
#include "console_private.h"
#include "error.h"

#define QUEUE_MAX 65536  /* events; what is typed beyond waits in the terminal */
#define SEQUENCE_TIME 25 /* ms in which the rest of a key's sequence comes */

static struct {
    INPUT_RECORD *records; /* owned */
    size_t at, end, size;
    int wakes;        /* eventfd: one to be taken by each who waits; 0: nobody ever waited */
    unsigned waiting; /* threads */
} queue;

size_t console_queue_count(void)
{
    return queue.end - queue.at;
}

size_t console_queue_peek(INPUT_RECORD *out, size_t count)
{
    size_t there = console_queue_count(), n = count < there ? count : there;
    if (n)
        memcpy(out, queue.records + queue.at, n * sizeof *out);
    return n;
}

size_t console_queue_take(INPUT_RECORD *out, size_t count)
{
    size_t n = console_queue_peek(out, count);
    queue.at += n;
    if (queue.at == queue.end)
        queue.at = queue.end = 0;
    return n;
}

void console_queue_clear(void)
{
    queue.at = queue.end = 0;
}

bool console_queue_add(const INPUT_RECORD *records, size_t count)
{
    size_t there = console_queue_count();
    if (there + count > QUEUE_MAX)
        return false;
    if (queue.end + count > queue.size && queue.at) {
        memmove(queue.records, queue.records + queue.at, there * sizeof *records);
        queue.at = 0;
        queue.end = there;
    }
    if (queue.end + count > queue.size) {
        size_t size = (queue.end + count) * 2;
        INPUT_RECORD *more = realloc(queue.records, size * sizeof *more);
        if (!more)
            return false;
        queue.records = more;
        queue.size = size;
    }
    memcpy(queue.records + queue.end, records, count * sizeof *records);
    queue.end += count;
    return true;
}

void console_queue_wake(void)
{
    uint64_t each = queue.waiting;
    if (each && write(queue.wakes, &each, sizeof each) < 0)
        return; /* so many wakes wait that nobody can miss them */
}

/* Pressed and let go: a terminal does not tell these apart. */
static void add_key(const KEY_EVENT_RECORD *key)
{
    INPUT_RECORD records[2] = {{.EventType = KEY_EVENT}, {.EventType = KEY_EVENT}};
    records[0].Event.KeyEvent = records[1].Event.KeyEvent = *key;
    records[1].Event.KeyEvent.bKeyDown = FALSE;
    console_queue_add(records, 2);
}

static size_t character_length(unsigned char first)
{
    return first < 0x80 ? 1 : first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC2 ? 2 : 1;
}

size_t console_decode(const char *bytes, size_t left, uint32_t *character)
{
    const unsigned char *s = (const unsigned char *)bytes;
    size_t length = character_length(s[0]);
    uint32_t c = length == 1 ? s[0] : s[0] & (0xFF >> (length + 1));
    bool good = length <= left && (length > 1 || c < 0x80);
    for (size_t i = 1; good && i < length; i++) {
        good = (s[i] & 0xC0) == 0x80;
        c = c << 6 | (s[i] & 0x3F);
    }
    *character = good ? c : 0xFFFD;
    return good ? length : 1;
}

void console_queue_bytes(const char *bytes, size_t length)
{
    WCHAR text[CONSOLE_READ_MAX + 1];
    size_t count = 0;
    uint32_t c;
    bool sequences = !(console.input_mode & ENABLE_VIRTUAL_TERMINAL_INPUT); /* else they are left for the program */
    for (size_t at = 0; at < length;) {
        at += console_decode(bytes + at, length - at, &c);
        if (c > 0xFFFF) {
            text[count++] = (WCHAR)(0xD800 + ((c - 0x10000) >> 10));
            c = 0xDC00 + (c & 0x3FF);
        }
        text[count++] = (WCHAR)c;
    }
    for (size_t at = 0; at < count;) {
        KEY_EVENT_RECORD key;
        at += console_key(text + at, sequences ? (DWORD)(count - at) : 1, &key);
        add_key(&key);
    }
}

/* Whether a character or a key's sequence has begun at the end of these bytes, and goes on. */
static bool unfinished(const char *bytes, size_t length)
{
    size_t at = length;
    while (at && length - at < 3 && (bytes[at - 1] & 0xC0) == 0x80)
        at--;
    if (at && character_length((unsigned char)bytes[at - 1]) > length - at + 1)
        return true;
    if (console.input_mode & ENABLE_VIRTUAL_TERMINAL_INPUT)
        return false;
    at = length;
    while (at && (bytes[at - 1] == ';' || (bytes[at - 1] >= '0' && bytes[at - 1] <= '9')))
        at--;
    if (at > 1 && bytes[at - 2] == 27 && (bytes[at - 1] == '[' || bytes[at - 1] == 'O'))
        return true;
    return at && at == length && bytes[at - 1] == 27;
}

bool console_readable(int fd, int timeout)
{
    struct pollfd ready = {.fd = fd, .events = POLLIN};
    return poll(&ready, 1, timeout) > 0;
}

NTSTATUS console_queue_fill(int fd, size_t most)
{
    char bytes[CONSOLE_READ_MAX];
    size_t length = 0;
    if (console_queue_count() > QUEUE_MAX - 2 * CONSOLE_READ_MAX)
        return STATUS_SUCCESS;
    do {
        if (length == sizeof bytes || !console_readable(fd, length ? SEQUENCE_TIME : 0))
            break;
        ssize_t n = read(fd, bytes + length, length + most < sizeof bytes ? most : sizeof bytes - length);
        if (n < 0 && (errno == EINTR || errno == EAGAIN))
            break;
        if (n <= 0 && !length)
            return STATUS_END_OF_FILE; /* Control-D; or the terminal is gone, or there is none */
        length += n > 0 ? (size_t)n : 0;
    } while (unfinished(bytes, length));
    console_queue_bytes(bytes, length);
    return STATUS_SUCCESS;
}

/* Sleeps, without the lock, until there may be input.  False: until the timeout. */
static bool sleep_for_input(int fd, int timeout)
{
    uint64_t taken;
    if (!queue.wakes)
        queue.wakes = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK | EFD_SEMAPHORE);
    struct pollfd ready[2] = {{.fd = fd, .events = POLLIN}, {.fd = queue.wakes, .events = POLLIN}};
    queue.waiting++;
    host_unlock(&console.input_lock);
    int n = poll(ready, 2, timeout);
    host_lock(&console.input_lock);
    queue.waiting--;
    if (n > 0 && ready[1].revents && read(queue.wakes, &taken, sizeof taken) < 0)
        return true; /* another one took it */
    return n != 0;
}

NTSTATUS console_queue_wait(int fd, size_t most, int timeout)
{
    while (!console_queue_count()) {
        NTSTATUS status = console_queue_fill(fd, most);
        if (status || console_queue_count())
            return status;
        if (blocking_cancelled())
            return STATUS_CANCELLED;
        if (!timeout || !sleep_for_input(fd, timeout))
            return STATUS_TIMEOUT;
    }
    return STATUS_SUCCESS;
}
