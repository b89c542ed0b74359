/*
 * threadpool_old.c: the thread pool of Windows 2000: work items, registered waits, timer queues, completion callbacks.
 * On top of the Tp objects: each is one with a trampoline that calls the program's function of the old shape.
 */
#include <stdlib.h>
#include "gate.h"
#include "threadpool.h"

struct old_item {
    const void *function;
    PVOID context;
    struct tp_object *object;
    struct object *target; /* registered wait: referenced */
    DWORD milliseconds;    /* its time limit */
    bool once;
    struct old_item *next, **link; /* timer: in its queue */
};

struct timer_queue {
    struct lock lock;
    struct old_item *first;
};

static struct timer_queue default_queue;

static void item_freed(PVOID context)
{
    struct old_item *item = context;
    if (item->target)
        object_release(item->target);
    free(item);
}

/* The environment that old flags stand for. */
static PTP_CALLBACK_ENVIRON environment_of(TP_CALLBACK_ENVIRON *environment, ULONG flags)
{
    *environment = (TP_CALLBACK_ENVIRON){
        .Version = 3, .CallbackPriority = TP_CALLBACK_PRIORITY_NORMAL, .Size = sizeof *environment};
    environment->u.s.LongFunction = (flags & WT_EXECUTELONGFUNCTION) != 0;
    return environment;
}

static struct old_item *item_create(enum tp_kind kind, const void *trampoline, const void *function, PVOID context,
                                    ULONG flags)
{
    TP_CALLBACK_ENVIRON environment;
    struct old_item *item = calloc(1, sizeof *item);
    if (!item)
        return NULL;
    item->function = function;
    item->context = context;
    item->once = flags & WT_EXECUTEONLYONCE;
    item->object = tp_create(kind, trampoline, item, environment_of(&environment, flags));
    if (!item->object) {
        free(item);
        return NULL;
    }
    item->object->freed = item_freed;
    return item;
}

static void WINAPI work_trampoline(PTP_CALLBACK_INSTANCE instance, PVOID context)
{
    struct old_item *item = context;
    (void)instance;
    guest_call(item->function, GUEST(item->context), 0, 0, 0);
}

NTSTATUS NTAPI RtlQueueWorkItem(LPTHREAD_START_ROUTINE function, PVOID context, ULONG flags)
{
    struct old_item *item = item_create(TP_SIMPLE, (void *)work_trampoline, (void *)function, context, flags);
    if (!item)
        return STATUS_NO_MEMORY;
    tp_post(item->object, false);
    tp_release(item->object);
    return STATUS_SUCCESS;
}

/*
 * The end of an item, as UnregisterWaitEx and DeleteTimerQueueTimer have it.  event NULL: at once, STATUS_PENDING if a
 * callback is still to end; INVALID_HANDLE_VALUE: waits for it; else an event that is set when all is over.
 */
static NTSTATUS item_end(struct old_item *item, HANDLE event)
{
    struct tp_object *object = item->object;
    struct object *done = NULL;
    if (event && event != INVALID_HANDLE_VALUE) {
        NTSTATUS status = handle_lookup(event, &type_event, EVENT_MODIFY_STATE, (void **)&done);
        if (status)
            return status;
        object->done_event = done;
    }
    atomic_fetch_add(&object->references, 1);
    tp_close(object, true);
    bool busy = tp_busy(object);
    if (event == INVALID_HANDLE_VALUE)
        tp_wait(object, true);
    tp_release(object);
    return busy && event != INVALID_HANDLE_VALUE ? STATUS_PENDING : STATUS_SUCCESS;
}

/* Registered waits */

static void wait_arm(struct old_item *item)
{
    LARGE_INTEGER time = {.QuadPart = -(LONGLONG)item->milliseconds * 10000};
    tp_watch(item->object, item->target, item->milliseconds == INFINITE ? NULL : &time);
}

static void WINAPI wait_trampoline(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WAIT wait, TP_WAIT_RESULT result)
{
    struct old_item *item = context;
    (void)instance;
    (void)wait;
    guest_call(item->function, GUEST(item->context), result == WAIT_TIMEOUT, 0, 0);
    if (!item->once)
        wait_arm(item);
}

NTSTATUS NTAPI RtlRegisterWait(PHANDLE wait, HANDLE handle, WAITORTIMERCALLBACK callback, PVOID context,
                               ULONG milliseconds, ULONG flags)
{
    struct object *target;
    NTSTATUS status = handle_lookup(handle, NULL, SYNCHRONIZE, (void **)&target);
    if (status)
        return status;
    struct old_item *item =
        target->waitable ? item_create(TP_WAIT_ITEM, (void *)wait_trampoline, (void *)callback, context, flags) : NULL;
    if (!item) {
        status = target->waitable ? STATUS_NO_MEMORY : STATUS_OBJECT_TYPE_MISMATCH;
        object_release(target);
        return status;
    }
    item->target = target;
    item->milliseconds = milliseconds;
    tp_wait_prepare(item->object);
    *wait = (HANDLE)item;
    wait_arm(item);
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlDeregisterWaitEx(HANDLE wait, HANDLE event)
{
    return wait ? item_end((struct old_item *)wait, event) : STATUS_INVALID_HANDLE;
}

NTSTATUS NTAPI RtlDeregisterWait(HANDLE wait)
{
    return RtlDeregisterWaitEx(wait, NULL);
}

/* Timer queues */

static void WINAPI timer_trampoline(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_TIMER timer)
{
    struct old_item *item = context;
    (void)instance;
    (void)timer;
    guest_call(item->function, GUEST(item->context), TRUE, 0, 0);
}

NTSTATUS NTAPI RtlCreateTimerQueue(PHANDLE queue)
{
    *queue = calloc(1, sizeof(struct timer_queue));
    return *queue ? STATUS_SUCCESS : STATUS_NO_MEMORY;
}

static struct timer_queue *queue_of(HANDLE handle)
{
    return handle ? handle : &default_queue;
}

static void timer_arm(struct old_item *item, DWORD due, DWORD period)
{
    LARGE_INTEGER time = {.QuadPart = due ? -(LONGLONG)due * 10000 : -1};
    if (due == INFINITE) /* stays unset until it is changed */
        alarm_cancel(&item->object->alarm);
    else
        alarm_set(&item->object->alarm, &time, item->once || period == INFINITE ? 0 : period);
}

NTSTATUS NTAPI RtlCreateTimer(HANDLE queue_handle, PHANDLE timer, WAITORTIMERCALLBACK callback, PVOID context,
                              DWORD due, DWORD period, ULONG flags)
{
    struct timer_queue *queue = queue_of(queue_handle);
    struct old_item *item = item_create(TP_TIMER_ITEM, (void *)timer_trampoline, (void *)callback, context, flags);
    if (!item)
        return STATUS_NO_MEMORY;
    tp_timer_prepare(item->object);
    lock_acquire(&queue->lock);
    item->next = queue->first;
    item->link = &queue->first;
    if (queue->first)
        queue->first->link = &item->next;
    queue->first = item;
    lock_release(&queue->lock);
    *timer = (HANDLE)item;
    timer_arm(item, due, period);
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlUpdateTimer(HANDLE queue, HANDLE timer, DWORD due, DWORD period)
{
    (void)queue;
    if (!timer)
        return STATUS_INVALID_PARAMETER;
    timer_arm((struct old_item *)timer, due, period);
    return STATUS_SUCCESS;
}

static void queue_remove(struct timer_queue *queue, struct old_item *item)
{
    lock_acquire(&queue->lock);
    *item->link = item->next;
    if (item->next)
        item->next->link = item->link;
    lock_release(&queue->lock);
}

NTSTATUS NTAPI RtlDeleteTimer(HANDLE queue, HANDLE timer, HANDLE event)
{
    if (!timer)
        return STATUS_INVALID_PARAMETER;
    queue_remove(queue_of(queue), (struct old_item *)timer);
    return item_end((struct old_item *)timer, event);
}

NTSTATUS NTAPI RtlDeleteTimerQueueEx(HANDLE handle, HANDLE event)
{
    struct timer_queue *queue = handle;
    struct old_item *item;
    NTSTATUS status = STATUS_SUCCESS;
    if (!queue)
        return STATUS_INVALID_HANDLE;
    while ((item = queue->first) != NULL) {
        queue_remove(queue, item);
        if (item_end(item, event ? INVALID_HANDLE_VALUE : NULL) == STATUS_PENDING)
            status = STATUS_PENDING;
    }
    free(queue);
    if (event && event != INVALID_HANDLE_VALUE)
        status = NtSetEvent(event, NULL);
    return status;
}

/* Completion callbacks */

static void WINAPI io_trampoline(PTP_CALLBACK_INSTANCE instance, PVOID context, PVOID overlapped, IO_STATUS_BLOCK *io,
                                 PTP_IO object)
{
    (void)instance;
    (void)object;
    guest_call(context, (ULONG)io->Status, io->Information, GUEST(overlapped), 0);
}

NTSTATUS NTAPI RtlSetIoCompletionCallback(HANDLE file, LPOVERLAPPED_COMPLETION_ROUTINE function, ULONG flags)
{
    TP_CALLBACK_ENVIRON environment;
    PTP_IO io;
    NTSTATUS status =
        TpAllocIoCompletion(&io, file, io_trampoline, (PVOID)function, environment_of(&environment, flags));
    if (!status) /* bound for good, and nobody announces its operations: it is never freed */
        atomic_fetch_add(&((struct tp_object *)io)->references, 1u << 30);
    return status;
}
