/*
 * pseudoconsole.c: a pair of the host's pseudo terminals, and two threads that carry bytes between it and Windows'
 * handles.
 *
 * Layer: NT layer.  The side of the processes stays open here until the console is closed: so it lives on between two
 * processes, and the output ends when the last of them has gone after that.
 */
#include <errno.h>
#include <fcntl.h>
#include <pty.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "error.h"
#include "ntthread.h"
#include "pseudoconsole.h"
#include "service.h"

#define CARRIED 4096
#define LISTEN_PAUSE 10 /* ms until a pipe that nobody has connected to is asked again */

struct pseudo_console {
    _Atomic unsigned references; /* the program's and one for each thread */
    int master, terminal;
    HANDLE input, output;
    char name[64];
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

static void carry_output(void *argument)
{
    struct pseudo_console *console = argument;
    char bytes[CARRIED];
    HANDLE event = NULL;
    NTSTATUS status = NtCreateEvent(&event, EVENT_ALL_ACCESS, NULL, SynchronizationEvent, FALSE);
    for (;;) {
        ssize_t n = read(console->master, bytes, sizeof bytes);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0) /* closed, and the last process has gone */
            break;
        for (ULONG at = 0, done; at < (ULONG)n && !status; at += done)
            status = transfer(console->output, event, true, bytes + at, (ULONG)n - at, &done);
        /* Whether somebody listens or not, the processes get on. */
    }
    if (event)
        NtClose(event);
    NtClose(console->output);
    release(console);
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
