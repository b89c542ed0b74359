/*
 * threadpool_objects.c: what all thread pool objects have in common: their life, running and waiting for callbacks,
 * cleanup groups.  On top of threadpool.c.
 */
#include <limits.h>
#include <stdlib.h>
#include "gate.h"
#include "threadpool.h"

static void group_join(struct tp_object *object, struct _TP_CLEANUP_GROUP *group)
{
    lock_acquire(&group->lock);
    object->group = group;
    object->group_next = group->first;
    object->group_link = &group->first;
    if (group->first)
        group->first->group_link = &object->group_next;
    group->first = object;
    lock_release(&group->lock);
}

/* Returns whether the object was still a member. */
static bool group_leave(struct tp_object *object)
{
    struct _TP_CLEANUP_GROUP *group = object->group;
    if (!group)
        return false;
    lock_acquire(&group->lock);
    bool member = object->group_link != NULL;
    if (member) {
        *object->group_link = object->group_next;
        if (object->group_next)
            object->group_next->group_link = object->group_link;
        object->group_link = NULL;
    }
    lock_release(&group->lock);
    return member;
}

static void object_apply(struct tp_object *object, const TP_CALLBACK_ENVIRON *environment)
{
    if (!environment)
        return;
    if (environment->Pool)
        object->pool = environment->Pool;
    object->finalize = environment->FinalizationCallback;
    object->long_function = environment->u.s.LongFunction;
    if (environment->Version >= 3 && environment->CallbackPriority < TP_CALLBACK_PRIORITY_COUNT)
        object->priority = environment->CallbackPriority;
    object->group_cancel = environment->CleanupGroupCancelCallback;
}

struct tp_object *tp_create(enum tp_kind kind, const void *callback, PVOID context, PTP_CALLBACK_ENVIRON environment)
{
    struct tp_object *object = calloc(1, sizeof *object);
    if (!object)
        return NULL;
    object->kind = kind;
    object->callback = callback;
    object->context = context;
    object->priority = TP_CALLBACK_PRIORITY_NORMAL;
    object->results_last = &object->results;
    atomic_init(&object->references, 1);
    object_apply(object, environment);
    if (!object->pool)
        object->pool = pool_default();
    atomic_fetch_add(&object->pool->references, 1);
    if (environment && environment->CleanupGroup)
        group_join(object, environment->CleanupGroup);
    return object;
}

void tp_release(struct tp_object *object)
{
    if (atomic_fetch_sub(&object->references, 1) != 1)
        return;
    while (object->results) {
        struct tp_io_result *next = object->results->next;
        free(object->results);
        object->results = next;
    }
    if (object->freed)
        object->freed(object->context);
    if (object->done_event) {
        waitable_signal(object->done_event->waitable);
        object_release(object->done_event);
    }
    pool_release(object->pool);
    free(object);
}

/* Callbacks have become fewer.  Under the lock. */
static void object_finished(struct tp_object *object)
{
    atomic_fetch_add(&object->finished, 1);
    futex_wake(&object->finished, INT_MAX);
}

void tp_wait(struct tp_object *object, bool cancel)
{
    struct lock *lock = &object->pool->lock;
    unsigned dropped = 0;
    lock_acquire(lock);
    if (cancel) {
        dropped = tp_drop_pending(object);
        if (dropped)
            object_finished(object);
    }
    while (object->pending || object->running) {
        uint32_t seen = atomic_load(&object->finished);
        lock_release(lock);
        futex_sleep(&object->finished, seen, NULL);
        lock_acquire(lock);
    }
    lock_release(lock);
    if (dropped)
        tp_release(object);
}

bool tp_busy(struct tp_object *object)
{
    lock_acquire(&object->pool->lock);
    bool busy = object->pending || object->running;
    lock_release(&object->pool->lock);
    return busy;
}

/* Nothing new comes from a closed object. */
static void object_stop(struct tp_object *object)
{
    lock_acquire(&object->watch_lock);
    object->closed = true;
    lock_release(&object->watch_lock);
    if (object->kind == TP_TIMER_ITEM)
        alarm_cancel(&object->alarm);
    if (object->kind == TP_WAIT_ITEM)
        tp_watch(object, NULL, NULL);
}

void tp_close(struct tp_object *object, bool cancel)
{
    unsigned dropped = 0;
    group_leave(object);
    object_stop(object);
    if (cancel) {
        lock_acquire(&object->pool->lock);
        dropped = tp_drop_pending(object);
        lock_release(&object->pool->lock);
    }
    if (dropped)
        tp_release(object);
    tp_release(object);
}

static void call_program(struct tp_object *object, struct _TP_CALLBACK_INSTANCE *instance, struct tp_io_result *result)
{
    ULONG_PTR arguments[5] = {GUEST(instance), GUEST(object->context), GUEST(object)};
    switch (object->kind) {
    case TP_WAIT_ITEM:
        arguments[3] = object->wait_result;
        break;
    case TP_IO_ITEM:
        arguments[2] = GUEST(result->context);
        arguments[3] = GUEST(&result->io);
        arguments[4] = GUEST(object);
        break;
    default:
        break;
    }
    guest_call_n(object->callback, 5, arguments);
    if (object->finalize)
        guest_call(object->finalize, GUEST(instance), GUEST(object->context), 0, 0);
}

/* What the callback asked to be done at its end. */
static void instance_finish(struct _TP_CALLBACK_INSTANCE *instance)
{
    if (instance->section)
        RtlLeaveCriticalSection(instance->section);
    if (instance->mutex)
        NtReleaseMutant(instance->mutex, NULL);
    if (instance->semaphore)
        NtReleaseSemaphore(instance->semaphore, instance->semaphore_count, NULL);
    if (instance->event)
        NtSetEvent(instance->event, NULL);
    if (instance->dll)
        LdrUnloadDll(instance->dll);
}

static void object_end_callback(struct tp_object *object)
{
    lock_acquire(&object->pool->lock);
    object->running--;
    object_finished(object);
    lock_release(&object->pool->lock);
}

void tp_run(struct tp_object *object, struct tp_io_result *result)
{
    struct _TP_CALLBACK_INSTANCE instance = {.object = object, .runs_long = object->long_function};
    struct _TP_POOL *pool = object->pool;
    if (instance.runs_long)
        tp_runs_long(pool, true);
    if (object->kind == TP_SIMPLE)
        group_leave(object);
    if (object->kind != TP_IO_ITEM || result)
        call_program(object, &instance, result);
    free(result);
    instance_finish(&instance);
    if (!instance.disassociated)
        object_end_callback(object);
    if (instance.runs_long)
        tp_runs_long(pool, false);
    tp_release(object);
}

NTSTATUS NTAPI TpCallbackMayRunLong(PTP_CALLBACK_INSTANCE instance)
{
    struct _TP_POOL *pool = instance->object->pool;
    if (instance->runs_long)
        return STATUS_SUCCESS;
    instance->runs_long = true;
    tp_runs_long(pool, true);
    return pool->threads < pool->maximum || pool->idle ? STATUS_SUCCESS : STATUS_TOO_MANY_THREADS;
}

void NTAPI TpDisassociateCallback(PTP_CALLBACK_INSTANCE instance)
{
    if (instance->disassociated)
        return;
    instance->disassociated = true;
    object_end_callback(instance->object);
}

void NTAPI TpCallbackSetEventOnCompletion(PTP_CALLBACK_INSTANCE instance, HANDLE event)
{
    instance->event = event;
}

void NTAPI TpCallbackReleaseSemaphoreOnCompletion(PTP_CALLBACK_INSTANCE instance, HANDLE semaphore, DWORD count)
{
    instance->semaphore = semaphore;
    instance->semaphore_count = (LONG)count;
}

void NTAPI TpCallbackReleaseMutexOnCompletion(PTP_CALLBACK_INSTANCE instance, HANDLE mutex)
{
    instance->mutex = mutex;
}

void NTAPI TpCallbackLeaveCriticalSectionOnCompletion(PTP_CALLBACK_INSTANCE instance, RTL_CRITICAL_SECTION *section)
{
    instance->section = section;
}

void NTAPI TpCallbackUnloadDllOnCompletion(PTP_CALLBACK_INSTANCE instance, PVOID dll)
{
    instance->dll = dll;
}

NTSTATUS NTAPI TpAllocCleanupGroup(PTP_CLEANUP_GROUP *group)
{
    *group = calloc(1, sizeof **group);
    return *group ? STATUS_SUCCESS : STATUS_NO_MEMORY;
}

void NTAPI TpReleaseCleanupGroup(PTP_CLEANUP_GROUP group)
{
    free(group);
}

/* Takes one member out; the group's share of it is then the caller's. */
static struct tp_object *group_take(struct _TP_CLEANUP_GROUP *group)
{
    lock_acquire(&group->lock);
    struct tp_object *object = group->first;
    if (object) {
        group->first = object->group_next;
        if (object->group_next)
            object->group_next->group_link = &group->first;
        object->group_link = NULL;
        atomic_fetch_add(&object->references, 1);
    }
    lock_release(&group->lock);
    return object;
}

void NTAPI TpReleaseCleanupGroupMembers(PTP_CLEANUP_GROUP group, LOGICAL cancel, PVOID context)
{
    struct tp_object *object;
    while ((object = group_take(group)) != NULL) {
        bool simple = object->kind == TP_SIMPLE;
        object_stop(object);
        lock_acquire(&object->pool->lock);
        bool unstarted = object->pending > 0;
        lock_release(&object->pool->lock);
        tp_wait(object, cancel);
        if (cancel && object->group_cancel && (!simple || unstarted))
            guest_call(object->group_cancel, GUEST(object->context), GUEST(context), 0, 0);
        if (!simple) /* the program's reference: it must not release a member any more */
            tp_release(object);
        tp_release(object);
    }
}
