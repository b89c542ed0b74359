/*
 * threadpool.c: pools, their queues and workers.  On top of futex.c, alarm.c and thread_create.c.
 *
 * A worker that finds nothing to do sleeps for a while and ends.  As many workers as processors are made at once when
 * there is work and nobody idle; more only when the queue has not moved for a moment (the workers are blocked) or when
 * callbacks said that they run long.
 */
#include <limits.h>
#include <stdlib.h>
#include "thread_create.h"
#include "threadpool.h"

#define IDLE_TICKS (-50000000LL)   /* a worker without work ends after 5 s */
#define PRESSURE_TICKS (-100000LL) /* a queue that does not move for 10 ms gets another worker */
#define MAXIMUM_DEFAULT 500

static struct _TP_POOL default_pool;

static void pool_pressure_fire(struct alarm *alarm);
static void pool_pressure_after(struct alarm *alarm);

static void pool_prepare(struct _TP_POOL *pool)
{
    for (unsigned i = 0; i < TP_CALLBACK_PRIORITY_COUNT; i++)
        pool->last[i] = &pool->first[i];
    pool->maximum = MAXIMUM_DEFAULT;
    pool->pressure.fire = pool_pressure_fire;
    pool->pressure.after = pool_pressure_after;
    atomic_store(&pool->references, 1);
    pool->prepared = true;
}

struct _TP_POOL *pool_default(void)
{
    lock_acquire(&default_pool.lock);
    if (!default_pool.prepared)
        pool_prepare(&default_pool);
    lock_release(&default_pool.lock);
    return &default_pool;
}

static void pool_wake(struct _TP_POOL *pool, int count)
{
    atomic_fetch_add(&pool->wakes, 1);
    futex_wake(&pool->wakes, count);
}

/* Under the lock, so that a pool is not freed while somebody still looks at it. */
void pool_release(struct _TP_POOL *pool)
{
    lock_acquire(&pool->lock);
    unsigned left = atomic_fetch_sub(&pool->references, 1) - 1;
    if (left && left <= pool->threads) /* only workers are left: they end */
        pool_wake(pool, INT_MAX);
    lock_release(&pool->lock);
    if (left)
        return;
    alarm_cancel(&pool->pressure);
    free(pool);
}

/* The next object with a callback to run; counts it as running.  Under the lock. */
static struct tp_object *pool_take(struct _TP_POOL *pool, struct tp_io_result **result)
{
    for (unsigned i = 0; i < TP_CALLBACK_PRIORITY_COUNT; i++) {
        struct tp_object *object = pool->first[i];
        if (!object)
            continue;
        pool->first[i] = object->queue_next;
        if (!pool->first[i])
            pool->last[i] = &pool->first[i];
        object->pending--;
        object->running++;
        pool->progress++;
        *result = object->results;
        if (*result) {
            object->results = (*result)->next;
            if (!object->results)
                object->results_last = &object->results;
        }
        if (object->pending) { /* back to the end: others get their turn */
            atomic_fetch_add(&object->references, 1);
            object->queue_next = NULL;
            *pool->last[i] = object;
            pool->last[i] = &object->queue_next;
        } else {
            object->queued = false;
        }
        pool->queued--;
        return object;
    }
    return NULL;
}

static DWORD WINAPI pool_worker(PVOID argument)
{
    struct _TP_POOL *pool = argument;
    LARGE_INTEGER idle = {.QuadPart = IDLE_TICKS};
    struct tp_io_result *result;
    lock_acquire(&pool->lock);
    for (;;) {
        struct tp_object *object = pool_take(pool, &result);
        if (object) {
            lock_release(&pool->lock);
            tp_run(object, result);
            lock_acquire(&pool->lock);
            continue;
        }
        uint32_t seen = atomic_load(&pool->wakes);
        pool->idle++;
        lock_release(&pool->lock);
        NTSTATUS status = futex_sleep(&pool->wakes, seen, &idle);
        lock_acquire(&pool->lock);
        pool->idle--;
        bool unused = status == STATUS_TIMEOUT && pool->threads > pool->minimum;
        bool orphan = atomic_load(&pool->references) == pool->threads; /* the program and all objects are gone */
        if (!pool->queued && (unused || orphan))
            break;
    }
    pool->threads--;
    lock_release(&pool->lock);
    pool_release(pool);
    return 0;
}

/* A worker counted already. */
static void worker_create(struct _TP_POOL *pool)
{
    const struct thread_creation creation = {
        .start = (void *)pool_worker,
        .argument = pool,
        .stack_commit = pool->stack.StackCommit,
        .stack_reserve = pool->stack.StackReserve,
    };
    struct thread_object *thread;
    if (thread_create(&creation, &thread) == STATUS_SUCCESS) {
        object_release(&thread->object);
        return;
    }
    lock_acquire(&pool->lock);
    pool->threads--;
    lock_release(&pool->lock);
    pool_release(pool);
}

static void worker_count(struct _TP_POOL *pool)
{
    pool->threads++;
    atomic_fetch_add(&pool->references, 1);
}

/* How many workers may be made without waiting for the pressure alarm. */
static unsigned workers_at_once(const struct _TP_POOL *pool)
{
    unsigned processors = peb_current()->NumberOfProcessors;
    unsigned wanted = (processors > pool->minimum ? processors : pool->minimum) + pool->blocked;
    return wanted < pool->maximum ? wanted : pool->maximum;
}

/* Under the alarms' lock.  The worker itself is made afterwards.  No reference: the pool is just being freed. */
static void pool_pressure_fire(struct alarm *alarm)
{
    struct _TP_POOL *pool = (struct _TP_POOL *)((char *)alarm - offsetof(struct _TP_POOL, pressure));
    uint32_t references = atomic_load(&pool->references);
    while (references)
        if (atomic_compare_exchange_weak(&pool->references, &references, references + 1)) {
            alarm_after(alarm);
            break;
        }
}

static void pool_pressure_after(struct alarm *alarm)
{
    struct _TP_POOL *pool = (struct _TP_POOL *)((char *)alarm - offsetof(struct _TP_POOL, pressure));
    LARGE_INTEGER again = {.QuadPart = PRESSURE_TICKS};
    lock_acquire(&pool->lock);
    bool stuck = pool->queued > pool->idle;
    bool more = stuck && pool->progress == pool->progress_seen && pool->threads < pool->maximum;
    pool->progress_seen = pool->progress;
    pool->pressure_set = stuck;
    if (more)
        worker_count(pool);
    lock_release(&pool->lock);
    if (more)
        worker_create(pool);
    if (stuck)
        alarm_set(&pool->pressure, &again, 0);
    pool_release(pool);
}

enum need { NEED_NOTHING, NEED_WAKE, NEED_WORKER, NEED_PRESSURE };

static enum need pool_need(struct _TP_POOL *pool)
{
    if (pool->idle >= pool->queued)
        return NEED_WAKE;
    if (pool->threads < workers_at_once(pool)) {
        worker_count(pool);
        return NEED_WORKER;
    }
    if (pool->pressure_set || pool->threads >= pool->maximum)
        return NEED_NOTHING;
    pool->pressure_set = true;
    pool->progress_seen = pool->progress;
    return NEED_PRESSURE;
}

/* From a service thread, which may hold locks, no worker can be made: the pressure alarm does it at once. */
static void pool_meet(struct _TP_POOL *pool, enum need need, bool from_service)
{
    LARGE_INTEGER soon = {.QuadPart = PRESSURE_TICKS};
    if (need == NEED_WAKE) {
        pool_wake(pool, 1);
    } else if (need == NEED_WORKER && !from_service) {
        worker_create(pool);
    } else if (need == NEED_WORKER) {
        soon.QuadPart = -1;
        lock_acquire(&pool->lock);
        pool->threads--;
        pool->pressure_set = true;
        pool->progress_seen = pool->progress;
        lock_release(&pool->lock);
        pool_release(pool);
        alarm_set(&pool->pressure, &soon, 0);
    } else if (need == NEED_PRESSURE) {
        alarm_set(&pool->pressure, &soon, 0);
    }
}

void tp_post(struct tp_object *object, bool from_service)
{
    struct _TP_POOL *pool = object->pool;
    lock_acquire(&pool->lock);
    object->pending++;
    if (!object->queued) {
        object->queued = true;
        object->queue_next = NULL;
        atomic_fetch_add(&object->references, 1);
        *pool->last[object->priority] = object;
        pool->last[object->priority] = &object->queue_next;
    }
    pool->queued++;
    enum need need = pool_need(pool);
    lock_release(&pool->lock);
    pool_meet(pool, need, from_service);
}

unsigned tp_drop_pending(struct tp_object *object)
{
    struct _TP_POOL *pool = object->pool;
    struct tp_object **link = &pool->first[object->priority];
    unsigned dropped = object->pending;
    if (!object->queued)
        return 0;
    while (*link != object)
        link = &(*link)->queue_next;
    *link = object->queue_next;
    if (!*link)
        pool->last[object->priority] = link;
    object->queued = false;
    object->pending = 0;
    pool->queued -= dropped;
    return dropped;
}

void tp_runs_long(struct _TP_POOL *pool, bool begin)
{
    lock_acquire(&pool->lock);
    pool->blocked += begin ? 1 : -1;
    enum need need = begin && pool->queued ? pool_need(pool) : NEED_NOTHING;
    lock_release(&pool->lock);
    pool_meet(pool, need, false);
}

NTSTATUS NTAPI TpAllocPool(PTP_POOL *result, PVOID reserved)
{
    (void)reserved;
    struct _TP_POOL *pool = calloc(1, sizeof *pool);
    if (!pool)
        return STATUS_NO_MEMORY;
    pool_prepare(pool);
    *result = pool;
    return STATUS_SUCCESS;
}

void NTAPI TpReleasePool(PTP_POOL pool)
{
    lock_acquire(&pool->lock);
    pool->minimum = 0;
    lock_release(&pool->lock);
    pool_release(pool);
}

void NTAPI TpSetPoolMaxThreads(PTP_POOL pool, DWORD maximum)
{
    lock_acquire(&pool->lock);
    pool->maximum = maximum ? maximum : 1;
    if (pool->minimum > pool->maximum)
        pool->minimum = pool->maximum;
    lock_release(&pool->lock);
}

/* The threads are made at once, as programs that measure expect. */
NTSTATUS NTAPI TpSetPoolMinThreads(PTP_POOL pool, DWORD minimum)
{
    unsigned missing = 0;
    lock_acquire(&pool->lock);
    pool->minimum = minimum;
    if (pool->maximum < minimum)
        pool->maximum = minimum;
    for (; pool->threads < minimum; missing++)
        worker_count(pool);
    lock_release(&pool->lock);
    while (missing--)
        worker_create(pool);
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI TpSetPoolStackInformation(PTP_POOL pool, PTP_POOL_STACK_INFORMATION information)
{
    lock_acquire(&pool->lock);
    pool->stack = *information;
    lock_release(&pool->lock);
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI TpQueryPoolStackInformation(PTP_POOL pool, PTP_POOL_STACK_INFORMATION information)
{
    lock_acquire(&pool->lock);
    *information = pool->stack;
    lock_release(&pool->lock);
    return STATUS_SUCCESS;
}
