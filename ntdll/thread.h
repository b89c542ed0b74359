/*
 * thread.h: threads and their blocks.
 *
 * Each thread that runs Windows code has a TEB (two pages); winrun's own data about it
 * follows the TEB in the second page, so that it is found from GS without a look-up.
 * GS is set once a thread; FS stays the host's.
 *
 * A thread may be stopped (SuspendThread) only where it holds no lock of ours: in Windows code
 * or in a system call that blocks.  Code that holds a lock which another thread needs to suspend,
 * resume or look at a thread brackets it with thread_no_suspend / thread_may_suspend (lock.h does).
 */
#ifndef NTDLL_THREAD_H
#define NTDLL_THREAD_H

#include "object.h"

struct dispatch_frame; /* exception.h: an exception that is being dispatched */

/* One host-to-Windows call in progress; newest first.  Made by the gate (gate.S knows the layout), read by the
 * unwinder.  Each fiber has a chain of its own. */
struct gate_frame {
    struct gate_frame *previous;           /* NULL: the outermost Windows code of the thread is called */
    void *host_sp;                         /* stack pointer in the gate: frames above are Windows', below are ours */
    const struct dispatch_frame *dispatch; /* not NULL: a call of an exception handler; where the unwinder goes on */
};

struct apc;
struct thread_object;

/* The host half of a thread; lives at TEB + THREAD_OFFSET until the thread ends. */
struct thread {
    struct object *object;   /* type_thread (thread_object.h): what handles refer to; lives longer */
    struct gate_frame *gate; /* newest gate frame */
    int tid;                 /* host thread id; Windows' id is ClientId.UniqueThread */
    _Atomic uint32_t alert;  /* futex: bumped for APCs and alerts */
    void *signal_stack;      /* alternate stack, owned */
    struct thread *next;     /* list of all threads, under thread_list_lock */

    _Atomic int no_suspend;           /* depth of thread_no_suspend */
    _Atomic bool yields;              /* in NtYieldExecution: may be stopped there */
    void *stopped;                    /* ucontext_t of a stopped thread, NULL while it has not started (suspend.c) */
    void *exit_jump;                  /* where thread_exit leaves to: frame of the start routine; NULL: first thread */
    void *block;                      /* memory of stack and TEB (thread_create.c); NULL if not made there */
    struct apc *apc_first, *apc_last; /* queue, under the object's lock (apc.c) */
    _Atomic uint32_t wait_alert;      /* NtAlertThreadByThreadId: 1 = alerted (futex) */
    char *stack_low;                  /* lowest address of the guard zone */
    char *guard_end;                  /* the guard zone is [stack_low, guard_end) */
    uint32_t guard_open;              /* its upper part is open: a stack overflow was raised */
    uint64_t debug_registers[6];      /* Dr0-Dr3, Dr6, Dr7 */
    struct file *_Atomic blocking_on; /* blocking.c */
    _Atomic bool blocking_cancelled;  /* ask whether to go on */
    CONTEXT *debug_context;           /* of the exception that the debugger looks at; NULL: none (debug_report.c) */
    int debug_events[4];              /* behind Dr0-Dr3: the fd and one, 0: not armed (debugregs.c) */
    struct object *impersonation;     /* a reference of the token it acts as (token.c), under thread_list_lock */
    char reserved[80];                /* room for per-subject fields: add named fields, shrink this */
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

/* Makes the first thread's stack at least `reserve` bytes (the program's SizeOfStackReserve). */
void thread_grow_first_stack(size_t reserve);

/* The calling thread's TEB, NULL on a host thread that has none: GS can not tell, it is inherited from the creator. */
extern _Thread_local PTEB thread_own_teb;

/* Gives a host thread that winrun did not make (a library's callback thread) a TEB.  Idempotent. */
NTSTATUS thread_attach(void);

/* Ends the calling thread as RtlExitUserThread does: FLS and TLS callbacks, DLL_THREAD_DETACH, APC queue, wake waiters.
 */
_Noreturn void thread_exit(ULONG code);

/* Ends the process: `code` is the Windows exit code; see process.h for how it becomes a status. */
_Noreturn void process_exit(ULONG code);

/* No stop from here on / stops may happen again.  They nest; whoever wants to stop the thread tries again. */
static inline void thread_no_suspend(void)
{
    struct thread *thread = thread_current();
    int depth = atomic_load_explicit(&thread->no_suspend, memory_order_relaxed);
    atomic_store_explicit(&thread->no_suspend, depth + 1, memory_order_relaxed);
    atomic_signal_fence(memory_order_seq_cst);
}

static inline void thread_may_suspend(void)
{
    struct thread *thread = thread_current();
    int depth = atomic_load_explicit(&thread->no_suspend, memory_order_relaxed);
    atomic_signal_fence(memory_order_seq_cst);
    atomic_store_explicit(&thread->no_suspend, depth - 1, memory_order_relaxed);
}

/* The list of all threads that run (thread.c).  Hold the lock to walk it or to use another thread's block. */
void thread_list_lock(void);
void thread_list_unlock(void);
struct thread *thread_list_first(void);

/* The stack that holds `address`, for VirtualQuery and the unwinder; no lock for the calling thread's own. */
struct thread_stack {
    char *allocation; /* DeallocationStack: lowest address, the guard zone begins here */
    char *limit;      /* StackLimit: usable from here */
    char *base;       /* StackBase: end */
};
bool thread_stack_find(const void *address, struct thread_stack *stack);

/*
 * For the SIGSEGV handler: true if `address` is in the calling thread's guard zone and the overflow is new:
 * then the upper part of the zone has been opened for the handlers and STATUS_STACK_OVERFLOW is to be raised.
 * False: not a stack overflow, or the second one (nothing left: the process must end).  Async-signal-safe.
 */
bool thread_stack_guard_hit(const void *address);

/* Closes the guard zone again after a handled overflow (_resetstkoflw, VirtualProtect with PAGE_GUARD). */
bool thread_stack_rearm(void);

/* For the SIGSEGV handler: true if `address` was in KUSER_SHARED_DATA and is mapped now.  Async-signal-safe. */
bool kuser_fault(void *address);

#endif
