/*
 * thread.h: threads and their blocks.
 *
 * Each thread that runs Windows code has a TEB (two pages); winrun's own data about it
 * follows the TEB in the second page, so that it is found from GS without a look-up.
 * GS is set once a thread; FS stays the host's.
 */
#ifndef NTDLL_THREAD_H
#define NTDLL_THREAD_H

#include <setjmp.h>
#include "object.h"

struct dispatch_frame;             /* exception.h: an exception that is being dispatched */

/* One host-to-Windows call in progress; newest first.  Made by the gate (gate.S knows the layout), read by the
 * unwinder.  Each fiber has a chain of its own. */
struct gate_frame {
    struct gate_frame *previous;   /* NULL: the outermost Windows code of the thread is called */
    void *host_sp;                 /* stack pointer in the gate: frames above are Windows', below are ours */
    const struct dispatch_frame *dispatch; /* not NULL: a call of an exception handler; where the unwinder goes on */
};

/* The host half of a thread; lives at TEB + THREAD_OFFSET. */
struct thread {
    struct object *object;         /* type_thread: what handles refer to (thread.c owns its layout) */
    struct gate_frame *gate;       /* newest gate frame */
    int tid;                       /* host thread id; Windows' id is ClientId.UniqueThread */
    _Atomic uint32_t alert;        /* futex: bumped for APCs and alerts */
    void *signal_stack;            /* alternate stack, owned */
    struct thread *next;           /* list of all threads, under thread_list_lock */
    char reserved[256];            /* room for per-subject fields: add named fields, shrink this */
};

#define THREAD_OFFSET 0x1840
_Static_assert(THREAD_OFFSET + sizeof(struct thread) <= 0x2000, "a thread's block fits the TEB's second page");

static inline struct thread *thread_current(void)
{
    return (struct thread *)((char *)teb_current() + THREAD_OFFSET);
}

static inline PTEB thread_teb(struct thread *thread)
{
    return (PTEB)((char *)thread - THREAD_OFFSET);
}

/* Makes the TEB and PEB of the first thread and sets GS.  Called once, before anything Windows. */
void thread_init_first(void);

/* Gives a host thread that winrun did not make (a library's callback thread) a TEB.  Idempotent. */
NTSTATUS thread_attach(void);

/* Ends the calling thread as RtlExitUserThread does: FLS and TLS callbacks, DLL_THREAD_DETACH, APC queue, wake waiters. */
_Noreturn void thread_exit(ULONG code);

/* Ends the process: `code` is the Windows exit code; see process.h for how it becomes a status. */
_Noreturn void process_exit(ULONG code);

#endif
