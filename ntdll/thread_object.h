/*
 * thread_object.h: what a handle of a thread refers to.  Lives as long as handles do, longer than the thread's
 * block.  Only thread*.c, suspend.c and apc.c look inside.
 */
#ifndef NTDLL_THREAD_OBJECT_H
#define NTDLL_THREAD_OBJECT_H

#include <pthread.h>
#include "thread.h"

/* Bits of thread_object.suspend; the low byte is the suspend count. */
#define SUSPEND_COUNT 0x7f
#define SUSPEND_STOPPED 0x100 /* the thread sits in its handler (or before its start) and stays while held */
#define SUSPEND_ENDED 0x200   /* no stop any more: the thread is ending */
#define SUSPEND_BUSY 0x400    /* the handler ran in the middle of host code: try again */
#define SUSPEND_KILL 0x800    /* end instead of going on: TerminateThread */
#define SUSPEND_FROZEN 0x2000 /* a debugger looks: like a count that Windows does not show */
#define SUSPEND_HELD (SUSPEND_COUNT | SUSPEND_FROZEN)
#define SUSPEND_FORCE 0x1000 /* the handler may stop the thread in running host code */

struct process_object;

struct thread_object {
    struct object object;
    struct waitable ended;
    pthread_mutex_t lock;  /* the block pointer's life, APC queue, name; taken through lock.h */
    struct thread *thread; /* its block, NULL once it has ended; change under `lock` */
    int tid;
    PTEB teb;                 /* as shown by queries, also when it has ended */
    _Atomic uint32_t suspend; /* futex, see above */
    ULONG exit_code;
    ULONG kill_code; /* of TerminateThread */
    LONG priority;   /* THREAD_PRIORITY_*: remembered */
    BOOLEAN priority_boost_off;
    BOOLEAN hide_from_debugger;
    ULONG ideal_processor;
    ULONG_PTR affinity; /* 0: the process's */
    void *start;        /* Windows start address and argument */
    void *argument;
    ULONG create_flags;
    LONGLONG create_time, exit_time, kernel_time, user_time; /* 100 ns; the last two only when it has ended */
    WCHAR *name;                                             /* SetThreadDescription, host memory; NULL */
    USHORT name_length;                                      /* bytes */
    struct process_object *process;                          /* not NULL: a thread of that other process, referenced */
};

/* The object of another process's first thread. */
struct thread_object *thread_object_of_process(struct process_object *process);

/* In the arena entry of a thread that other processes have handles of. */
struct thread_shared {
    uint32_t process; /* record */
    int32_t tid;
    _Atomic uint32_t ended;
    uint32_t exit_code;
    int64_t create_time;
    uint64_t teb, start;
};
struct arena_entry;
/* A process is gone: its thread of this entry, too. */
void thread_shared_process_ended(struct arena_entry *entry, uint32_t process);

/* The calling thread's object; not referenced. */
static inline struct thread_object *thread_self(void)
{
    return (struct thread_object *)thread_current()->object;
}

/* A new, unattached object. NULL: no memory. */
struct thread_object *thread_object_create(void);

/* Handle to object, referenced. */
NTSTATUS thread_from_handle(HANDLE handle, ACCESS_MASK access, struct thread_object **object);

/* apc.c: frees what is queued. */
void apc_discard(struct thread *thread);

/* fls.c: callbacks of the calling thread's values, then frees its table. */
void fls_thread_exit(void);

LONGLONG thread_time_now(void);

#endif
