/*
 * blocking.c: cancels calls of the host that block.
 *
 * Layer: NT layer.  A thread notes in its block what it blocks on.  Whoever cancels sets a flag and interrupts it by a
 * signal; since the signal may come just before the call, it is sent again until the thread has noticed.
 */
#include <pthread.h>
#include <signal.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#include "blocking.h"
#include "peb.h"
#include "process.h"
#include "thread.h"

#define CANCEL_SIGNAL (SIGRTMIN + 8)
#define ATTEMPTS 100
#define PAUSE_NANOSECONDS 100000

void blocking_begin(struct file *file)
{
    struct thread *thread = thread_current();

    atomic_store_explicit(&thread->blocking_cancelled, false, memory_order_relaxed);
    atomic_store(&thread->blocking_on, file);
}

void blocking_end(void)
{
    atomic_store_explicit(&thread_current()->blocking_on, NULL, memory_order_release);
}

bool blocking_cancelled(void)
{
    return atomic_load(&thread_current()->blocking_cancelled);
}

static void interrupted(int signal)
{
    (void)signal; /* the call it ends is all it is for */
}

static void handle_signal(void)
{
    struct sigaction action = {.sa_handler = interrupted, .sa_flags = SA_ONSTACK};

    sigaction(CANCEL_SIGNAL, &action, NULL);
}

/* Interrupts those that still block after having been told (all: also those that have not); returns how many. */
static unsigned interrupt(const struct file *file, const struct thread *only, bool all)
{
    unsigned count = 0;

    thread_list_lock();
    for (struct thread *thread = thread_list_first(); thread; thread = thread->next) {
        const struct file *on = atomic_load(&thread->blocking_on);
        if (thread == thread_current() || !on || (file && on != file) || (only && thread != only) ||
            (!all && !atomic_load(&thread->blocking_cancelled)))
            continue;
        atomic_store(&thread->blocking_cancelled, true);
        syscall(SYS_tgkill, process_id(), thread->tid, CANCEL_SIGNAL);
        count++;
    }
    thread_list_unlock();
    return count;
}

unsigned blocking_cancel(const struct file *file, const struct thread *thread)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    static const struct timespec pause = {0, PAUSE_NANOSECONDS};

    pthread_once(&once, handle_signal);
    unsigned count = interrupt(file, thread, true);
    for (int i = 0; count && i < ATTEMPTS; i++) {
        nanosleep(&pause, NULL);
        if (!interrupt(file, thread, false))
            break;
    }
    return count;
}
