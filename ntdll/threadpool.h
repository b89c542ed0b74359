/*
 * threadpool.h: inside of the thread pool: what its files share.
 *
 * A pool has a queue per priority of objects with callbacks to run, and workers.  All kinds of objects (work, timer,
 * wait, I/O, simple callback) are a struct tp_object; their fields are guarded by their pool's lock.
 *
 * Order of locks: a group's, the alarms' or watches', a pool's.
 */
#ifndef NTDLL_THREADPOOL_H
#define NTDLL_THREADPOOL_H

#include "alarm.h"
#include "futex.h"
#include "object.h"
#include "watch.h"

enum tp_kind { TP_SIMPLE, TP_WORK_ITEM, TP_TIMER_ITEM, TP_WAIT_ITEM, TP_IO_ITEM };

/* A finished operation that an I/O object is to be told of. */
struct tp_io_result {
    struct tp_io_result *next;
    PVOID context;
    IO_STATUS_BLOCK io;
};

struct tp_object {
    enum tp_kind kind;
    _Atomic uint32_t references; /* the program's, one while queued, one per running callback */
    struct _TP_POOL *pool;
    struct _TP_CLEANUP_GROUP *group;
    struct tp_object *group_next, **group_link;
    PTP_CLEANUP_GROUP_CANCEL_CALLBACK group_cancel;
    const void *callback; /* Windows code, or a trampoline of ours of the same shape */
    PVOID context;
    PTP_SIMPLE_CALLBACK finalize;
    void (*freed)(PVOID context); /* for trampolines: gives back their context; NULL: none */
    struct object *done_event;    /* signalled when the object is freed; referenced; NULL: none */
    unsigned priority;
    bool long_function;

    struct tp_object *queue_next;
    bool queued;
    unsigned pending, running; /* callbacks to be run, callbacks in progress */
    _Atomic uint32_t finished; /* futex: bumped when either becomes less */

    struct alarm alarm;     /* timer */
    struct watch watch;     /* wait */
    struct lock watch_lock; /* wait: setting and closing */
    DWORD wait_result;
    bool closed; /* released: nothing starts any more */
    struct tp_io_result *results, **results_last;
};

struct _TP_POOL {
    struct lock lock;
    struct tp_object *first[TP_CALLBACK_PRIORITY_COUNT], **last[TP_CALLBACK_PRIORITY_COUNT];
    unsigned queued;                 /* callbacks to be run */
    unsigned threads, idle, blocked; /* workers; those asleep; those in callbacks said to run long */
    unsigned maximum, minimum;
    _Atomic uint32_t wakes;      /* futex of idle workers */
    _Atomic uint32_t references; /* the program's and one per object and worker */
    uint32_t progress;           /* callbacks started so far, */
    uint32_t progress_seen;      /* and when the pressure alarm was set */
    bool pressure_set, prepared;
    struct alarm pressure; /* goes off when the queue does not move: then one more worker */
    TP_POOL_STACK_INFORMATION stack;
};

struct _TP_CLEANUP_GROUP {
    struct lock lock;
    struct tp_object *first;
};

struct _TP_CALLBACK_INSTANCE {
    struct tp_object *object;
    bool disassociated, runs_long;
    HANDLE event, semaphore, mutex;
    LONG semaphore_count;
    RTL_CRITICAL_SECTION *section;
    PVOID dll;
};

/* threadpool.c */
void pool_release(struct _TP_POOL *pool);
struct _TP_POOL *pool_default(void);
/* Queues one more callback.  from_service: called by an alarm or a watch, locks may be held. */
void tp_post(struct tp_object *object, bool from_service);
/* Takes the object from the queue; returns how many callbacks will not run.  Under the lock; the queue's reference is
 * then the caller's. */
unsigned tp_drop_pending(struct tp_object *object);
/* A callback that keeps its worker for long begins or ends. */
void tp_runs_long(struct _TP_POOL *pool, bool begin);

/* threadpool_objects.c */
struct tp_object *tp_create(enum tp_kind kind, const void *callback, PVOID context, PTP_CALLBACK_ENVIRON environment);
void tp_release(struct tp_object *object);
/* The program is done with the object: what runs goes on, what is queued still runs (`cancel`: does not). */
void tp_close(struct tp_object *object, bool cancel);
/* Waits until nothing is pending or running; `cancel`: drops what has not started. */
void tp_wait(struct tp_object *object, bool cancel);
/* Runs one callback and what it left to do; the worker has counted it as running. */
void tp_run(struct tp_object *object, struct tp_io_result *result);
/* Whether a callback is pending or running. */
bool tp_busy(struct tp_object *object);
/* threadpool_items.c: what makes an object a wait or a timer; watches `target` from now on (NULL: nothing any more)
 * unless the object is closed; returns whether it watched something before. */
void tp_wait_prepare(struct tp_object *object);
void tp_timer_prepare(struct tp_object *object);
bool tp_watch(struct tp_object *object, struct object *target, const LARGE_INTEGER *timeout);

#endif
