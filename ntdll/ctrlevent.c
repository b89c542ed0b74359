/*
 * ctrlevent.c: signals as console control events.
 *
 * SIGINT is CTRL_C_EVENT, SIGQUIT CTRL_BREAK_EVENT, SIGHUP CTRL_CLOSE_EVENT, SIGTERM CTRL_SHUTDOWN_EVENT.  Until a
 * program adds a handler the signals keep their default, and the process dies of them as any other.
 * After that a host thread waits for them (a signal handler may not start a thread) and starts
 * a Windows thread for each, which asks the handlers.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "arena.h"
#include "console.h"
#include "error.h"
#include "gate.h"
#include "lock.h"
#include "ntthread.h"
#include "peb.h"
#include "service.h"

#define HANDLERS_MAX 64

static const void *handlers[HANDLERS_MAX];
static unsigned handler_count;
static bool ignore_ctrl_c, ignored_at_start, installed;
static int pipe_fds[2];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static int signal_of_event(ULONG event)
{
    static const int signals[] = {[CTRL_C_EVENT] = SIGINT,
                                  [CTRL_BREAK_EVENT] = SIGQUIT,
                                  [CTRL_CLOSE_EVENT] = SIGHUP,
                                  [CTRL_SHUTDOWN_EVENT] = SIGTERM};
    return event < sizeof signals / sizeof *signals ? signals[event] : 0;
}

/* Dies of the signal, so that whoever started the program sees why it ended. */
static _Noreturn void die_of(int number)
{
    sigset_t set;
    console_restore();
    arena_signal_end();
    signal(number, SIG_DFL);
    sigemptyset(&set);
    sigaddset(&set, number);
    pthread_sigmask(SIG_UNBLOCK, &set, NULL);
    kill(getpid(), number);
    for (;;)
        pause();
}

/* The thread of one event. */
static DWORD WINAPI ctrl_thread(LPVOID parameter)
{
    const void *copy[HANDLERS_MAX];
    ULONG event = (ULONG)(ULONG_PTR)parameter;
    if (event == CTRL_C_EVENT && ignore_ctrl_c)
        return 0;
    host_lock(&lock);
    unsigned count = handler_count;
    memcpy(copy, handlers, count * sizeof *copy);
    host_unlock(&lock);
    while (count--)
        if ((BOOL)guest_call(copy[count], event, 0, 0, 0) && (event == CTRL_C_EVENT || event == CTRL_BREAK_EVENT))
            return 0;
    if (event == CTRL_C_EVENT || event == CTRL_BREAK_EVENT)
        RtlExitUserProcess(STATUS_CONTROL_C_EXIT);
    die_of(signal_of_event(event));
}

static NTSTATUS ctrl_start(ULONG event)
{
    HANDLE thread;
    NTSTATUS status = RtlCreateUserThread(NtCurrentProcess(), NULL, FALSE, 0, 0, 0, ctrl_thread,
                                          (PVOID)(ULONG_PTR)event, &thread, NULL);
    if (!status)
        NtClose(thread);
    return status;
}

static void handle_signal(int number)
{
    int saved = errno;
    char event = number == SIGINT    ? CTRL_C_EVENT
                 : number == SIGQUIT ? CTRL_BREAK_EVENT
                 : number == SIGHUP  ? CTRL_CLOSE_EVENT
                                     : CTRL_SHUTDOWN_EVENT;
    if (write(pipe_fds[1], &event, 1) < 0)
        _exit(128 + number);
    errno = saved;
}

static void watch(void *unused)
{
    char event;
    (void)unused;
    for (;;) {
        ssize_t n = read(pipe_fds[0], &event, 1);
        if (n == 1 && ctrl_start((ULONG)event))
            die_of(signal_of_event((ULONG)event));
        else if (!n || (n < 0 && errno != EINTR))
            return;
    }
}

/* Under the lock. */
static void install(void)
{
    static const int signals[] = {SIGINT, SIGQUIT, SIGHUP, SIGTERM};
    struct sigaction action = {.sa_handler = handle_signal, .sa_flags = SA_RESTART | SA_ONSTACK}, old;
    if (installed || pipe2(pipe_fds, O_CLOEXEC))
        return;
    installed = true;
    if (service_start(watch, NULL))
        return;
    /* What whoever started the program wants ignored (nohup) stays ignored. */
    for (unsigned i = 0; i < sizeof signals / sizeof *signals; i++)
        if (!sigaction(signals[i], NULL, &old) &&
            (old.sa_handler != SIG_IGN || (ignored_at_start && signals[i] == SIGINT)))
            sigaction(signals[i], &action, NULL);
}

void console_ctrl_ignore_at_start(void)
{
    ignore_ctrl_c = ignored_at_start = true;
    signal(SIGINT, SIG_IGN);
}

void console_ctrl_install(void)
{
    host_lock(&lock);
    install();
    host_unlock(&lock);
}

NTSTATUS console_ctrl_add(const void *handler)
{
    NTSTATUS status = STATUS_SUCCESS;
    host_lock(&lock);
    if (handler_count < HANDLERS_MAX)
        handlers[handler_count++] = handler;
    else
        status = STATUS_NO_MEMORY;
    install();
    host_unlock(&lock);
    return status;
}

NTSTATUS console_ctrl_remove(const void *handler)
{
    NTSTATUS status = STATUS_INVALID_PARAMETER;
    host_lock(&lock);
    for (unsigned i = handler_count; status && i--;) {
        if (handlers[i] != handler)
            continue;
        memmove(&handlers[i], &handlers[i + 1], (--handler_count - i) * sizeof *handlers);
        status = STATUS_SUCCESS;
    }
    host_unlock(&lock);
    return status;
}

void console_ctrl_ignore(bool ignore)
{
    host_lock(&lock);
    ignore_ctrl_c = ignore;
    install();
    host_unlock(&lock);
}

bool console_ctrl_ignored(void)
{
    return ignore_ctrl_c;
}

NTSTATUS console_ctrl_generate(ULONG event, ULONG group)
{
    if (event != CTRL_C_EVENT && event != CTRL_BREAK_EVENT)
        return STATUS_INVALID_PARAMETER;
    /* A host process group holds strangers too: the processes are found by their records. */
    struct arena *arena = arena_attached();
    bool own = !group || group == peb_current()->ProcessParameters->ProcessGroupId, found = own;
    for (uint32_t i = 0; arena && i < atomic_load(&arena->header.process_high); i++) {
        const struct arena_process *process = &arena->processes[i];
        int pid = atomic_load(&process->pid);
        ULONG its = process->group ? process->group : (ULONG)pid;
        if (i == arena_self() || !pid || atomic_load(&process->state) != PROCESS_RUNNING ||
            (group ? its != group : (process->session_flags & ARENA_NO_CONSOLE) != 0) || !arena_process_alive(process))
            continue;
        found = true;
        kill(pid, signal_of_event(event));
    }
    if (own)
        return ctrl_start(event);
    return found ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER;
}
