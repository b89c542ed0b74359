/*
 * pseudoconsole.c: a pair of the host's pseudo terminals, and two threads that carry bytes between it and Windows'
 * handles.
 *
 * What a program on it asks the terminal is answered here (screen.h) and not shown: whoever made the console need not
 * be a terminal.  The host makes CR CR LF of CR LF, of which one CR is taken back.
 *
 * Layer: NT layer.  The side of the processes stays open here until the console is closed: so it lives on between two
 * processes, and the output ends when the last of them has gone after that.
 */
#include <errno.h>
#include <fcntl.h>
#include <pty.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "error.h"
#include "ntthread.h"
#include "pseudoconsole.h"
#include "screen.h"
#include "service.h"

#define CARRIED 4096
#define LISTEN_PAUSE 10 /* ms until a pipe that nobody has connected to is asked again */

struct pseudo_console {
    _Atomic unsigned references; /* the program's and one for each thread */
    int master, terminal;
    HANDLE input, output;
    char name[64];
    _Atomic uint32_t size; /* columns, and rows << 16 */
    /* The output thread's: */
    struct screen screen;
    char held[32]; /* an escape sequence that is not over */
    size_t held_length;
    bool after_return;
};

static void release(struct pseudo_console *console)
{
    if (atomic_fetch_sub(&console->references, 1) > 1)
        return;
    close(console->master);
    NtClose(console->input);
    free(console);
}

/* One transfer, waited for whatever kind of handle it is.  A pipe's other end may not be there yet. */
static NTSTATUS transfer(HANDLE handle, HANDLE event, bool write, char *bytes, ULONG length, ULONG *done)
{
    const LARGE_INTEGER pause = {.QuadPart = -LISTEN_PAUSE * 10000ll};
    LARGE_INTEGER zero = {.QuadPart = 0};
    IO_STATUS_BLOCK io;
    NTSTATUS status;
    for (;;) {
        status = write ? NtWriteFile(handle, event, NULL, NULL, &io, bytes, length, &zero, NULL)
                       : NtReadFile(handle, event, NULL, NULL, &io, bytes, length, &zero, NULL);
        if (status == STATUS_PENDING) {
            NtWaitForSingleObject(event, FALSE, NULL);
            status = io.Status;
        }
        if (status != STATUS_PIPE_LISTENING)
            break;
        NtDelayExecution(FALSE, &pause);
    }
    *done = NT_SUCCESS(status) ? (ULONG)io.Information : 0;
    return status;
}

static bool write_terminal(int fd, const char *bytes, size_t length)
{
    while (length) {
        ssize_t n = write(fd, bytes, length);
        if (n < 0 && errno != EINTR)
            return false;
        bytes += n > 0 ? n : 0;
        length -= n > 0 ? (size_t)n : 0;
    }
    return true;
}

static void carry_input(void *argument)
{
    struct pseudo_console *console = argument;
    char bytes[CARRIED];
    HANDLE event = NULL;
    ULONG done;
    if (!NtCreateEvent(&event, EVENT_ALL_ACCESS, NULL, SynchronizationEvent, FALSE))
        while (NT_SUCCESS(transfer(console->input, event, false, bytes, sizeof bytes, &done)) && done)
            if (!write_terminal(console->master, bytes, done))
                break;
    if (event)
        NtClose(event);
    release(console);
}

static void answer(struct pseudo_console *console, enum screen_event question)
{
    char text[32];
    if (question == SCREEN_ASKS_POSITION)
        snprintf(text, sizeof text, "\033[%d;%dR", console->screen.row + 1, console->screen.column + 1);
    else
        strcpy(text, question == SCREEN_ASKS_STATUS ? "\033[0n" : "\033[?1;0c");
    write_terminal(console->master, text, strlen(text));
}

/* What of `bytes` is to be shown, to `out`: what was held and `count` bytes have room there.  The length. */
static size_t filter_output(struct pseudo_console *console, const char *bytes, size_t count, char *out)
{
    struct screen *screen = &console->screen;
    uint32_t size = atomic_load(&console->size);
    size_t n = 0;
    screen_resize(screen, size & 0xffff, (int)(size >> 16));
    for (size_t i = 0; i < count; i++) {
        enum screen_event event = screen_feed(screen, (unsigned char)bytes[i]);
        if (bytes[i] == '\r' && console->after_return)
            continue;
        console->after_return = bytes[i] == '\r';
        if (event) {
            console->held_length = 0;
            answer(console, event);
        } else if ((screen->state == SCREEN_ESCAPE || screen->state == SCREEN_SEQUENCE) &&
                   console->held_length < sizeof console->held) {
            console->held[console->held_length++] = bytes[i];
        } else {
            memcpy(out + n, console->held, console->held_length);
            n += console->held_length;
            console->held_length = 0;
            out[n++] = bytes[i];
        }
    }
    return n;
}

static void carry_output(void *argument)
{
    struct pseudo_console *console = argument;
    char bytes[CARRIED], shown[CARRIED + sizeof console->held];
    HANDLE event = NULL;
    NTSTATUS status = NtCreateEvent(&event, EVENT_ALL_ACCESS, NULL, SynchronizationEvent, FALSE);
    for (;;) {
        ssize_t n = read(console->master, bytes, sizeof bytes);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0) /* closed, and the last process has gone */
            break;
        ULONG length = (ULONG)filter_output(console, bytes, (size_t)n, shown);
        for (ULONG at = 0, done; at < length && !status; at += done)
            status = transfer(console->output, event, true, shown + at, length - at, &done);
        /* Whether somebody listens or not, the processes get on. */
    }
    if (event)
        NtClose(event);
    NtClose(console->output);
    release(console);
}

static uint32_t size_word(COORD size)
{
    return (uint32_t)size.X | (uint32_t)size.Y << 16;
}

static NTSTATUS duplicate(HANDLE handle, HANDLE *copy)
{
    return NtDuplicateObject(NtCurrentProcess(), handle, NtCurrentProcess(), copy, 0, 0, DUPLICATE_SAME_ACCESS);
}

/* The two ends.  The host's own line editing is what Linux programs on it expect; Windows programs have their own. */
static NTSTATUS terminal_open(struct pseudo_console *console, COORD size)
{
    struct winsize window = {.ws_col = (unsigned short)size.X, .ws_row = (unsigned short)size.Y};
    if (openpty(&console->master, &console->terminal, console->name, NULL, &window))
        return status_from_errno(errno);
    fcntl(console->master, F_SETFD, FD_CLOEXEC);
    fcntl(console->terminal, F_SETFD, FD_CLOEXEC);
    return STATUS_SUCCESS;
}

NTSTATUS pseudo_console_create(COORD size, HANDLE input, HANDLE output, struct pseudo_console **result)
{
    struct pseudo_console *console = calloc(1, sizeof *console);
    if (!console)
        return STATUS_NO_MEMORY;
    NTSTATUS status = duplicate(input, &console->input);
    if (!status)
        status = duplicate(output, &console->output);
    if (!status)
        status = terminal_open(console, size);
    if (status) {
        if (console->input)
            NtClose(console->input);
        if (console->output)
            NtClose(console->output);
        free(console);
        return status;
    }
    atomic_init(&console->references, 1);
    atomic_init(&console->size, size_word(size));
    if (service_start(carry_output, (atomic_fetch_add(&console->references, 1), console))) {
        NtClose(console->output);
        atomic_fetch_sub(&console->references, 1);
        status = STATUS_INSUFFICIENT_RESOURCES;
    } else if (service_start(carry_input, (atomic_fetch_add(&console->references, 1), console))) {
        atomic_fetch_sub(&console->references, 1);
        status = STATUS_INSUFFICIENT_RESOURCES;
    }
    if (status)
        pseudo_console_close(console);
    else
        *result = console;
    return status;
}

NTSTATUS pseudo_console_resize(struct pseudo_console *console, COORD size)
{
    struct winsize window = {.ws_col = (unsigned short)size.X, .ws_row = (unsigned short)size.Y};
    atomic_store(&console->size, size_word(size));
    return ioctl(console->master, TIOCSWINSZ, &window) ? status_from_errno(errno) : STATUS_SUCCESS;
}

/* As when a terminal's window is closed. */
void pseudo_console_close(struct pseudo_console *console)
{
    pid_t group = tcgetpgrp(console->terminal);
    if (group < 0 && ioctl(console->master, TIOCGPGRP, &group))
        group = 0;
    if (group > 0)
        kill(-group, SIGHUP);
    close(console->terminal);
    release(console);
}

const char *pseudo_console_name(const struct pseudo_console *console)
{
    return console->name;
}
