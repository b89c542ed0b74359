/*
 * threadpool_items.c: the Tp functions for simple callbacks, work, timers, waits and I/O.  On top of
 * threadpool_objects.c, alarm.c, watch.c and completion.c.
 */
#include <stdlib.h>
#include "service.h"
#include "threadpool.h"

static NTSTATUS item_create(enum tp_kind kind, const void *callback, PVOID context, PTP_CALLBACK_ENVIRON environment,
                            struct tp_object **result)
{
    *result = tp_create(kind, callback, context, environment);
    return *result ? STATUS_SUCCESS : STATUS_NO_MEMORY;
}

NTSTATUS NTAPI TpSimpleTryPost(PTP_SIMPLE_CALLBACK callback, PVOID context, PTP_CALLBACK_ENVIRON environment)
{
    struct tp_object *object;
    NTSTATUS status = item_create(TP_SIMPLE, (void *)callback, context, environment, &object);
    if (status)
        return status;
    tp_post(object, false);
    tp_release(object);
    return STATUS_SUCCESS;
}

/* Work */

NTSTATUS NTAPI TpAllocWork(PTP_WORK *work, PTP_WORK_CALLBACK callback, PVOID context, PTP_CALLBACK_ENVIRON environment)
{
    return item_create(TP_WORK_ITEM, (void *)callback, context, environment, (struct tp_object **)work);
}

void NTAPI TpPostWork(PTP_WORK work)
{
    tp_post((struct tp_object *)work, false);
}

void NTAPI TpWaitForWork(PTP_WORK work, LOGICAL cancel)
{
    tp_wait((struct tp_object *)work, cancel);
}

void NTAPI TpReleaseWork(PTP_WORK work)
{
    tp_close((struct tp_object *)work, false);
}

/* Timers */

static void timer_item_fire(struct alarm *alarm)
{
    tp_post((struct tp_object *)((char *)alarm - offsetof(struct tp_object, alarm)), true);
}

void tp_timer_prepare(struct tp_object *object)
{
    object->alarm.fire = timer_item_fire;
}

NTSTATUS NTAPI TpAllocTimer(PTP_TIMER *timer, PTP_TIMER_CALLBACK callback, PVOID context,
                            PTP_CALLBACK_ENVIRON environment)
{
    struct tp_object *object;
    NTSTATUS status = item_create(TP_TIMER_ITEM, (void *)callback, context, environment, &object);
    if (!status)
        tp_timer_prepare(object);
    *timer = (PTP_TIMER)object;
    return status;
}

BOOL NTAPI TpSetTimerEx(PTP_TIMER timer, PLARGE_INTEGER due, LONG period, LONG window)
{
    struct tp_object *object = (struct tp_object *)timer;
    (void)window; /* how late it may be */
    bool was_set = alarm_cancel(&object->alarm);
    if (due && !object->closed)
        alarm_set(&object->alarm, due, period > 0 ? (uint32_t)period : 0);
    return was_set;
}

void NTAPI TpSetTimer(PTP_TIMER timer, PLARGE_INTEGER due, LONG period, LONG window)
{
    TpSetTimerEx(timer, due, period, window);
}

/* A timer counts as set once it was given a time, also when that has passed. */
BOOL NTAPI TpIsTimerSet(PTP_TIMER timer)
{
    int64_t ticks;
    return alarm_remaining(&((struct tp_object *)timer)->alarm, &ticks);
}

void NTAPI TpWaitForTimer(PTP_TIMER timer, LOGICAL cancel)
{
    tp_wait((struct tp_object *)timer, cancel);
}

void NTAPI TpReleaseTimer(PTP_TIMER timer)
{
    tp_close((struct tp_object *)timer, false);
}

/* Waits */

static void wait_item_done(struct watch *watch, NTSTATUS status)
{
    struct tp_object *object = (struct tp_object *)((char *)watch - offsetof(struct tp_object, watch));
    object->wait_result = (DWORD)status; /* WAIT_OBJECT_0, WAIT_ABANDONED_0 and WAIT_TIMEOUT are these statuses */
    tp_post(object, true);
}

void tp_wait_prepare(struct tp_object *object)
{
    object->watch.done = wait_item_done;
}

NTSTATUS NTAPI TpAllocWait(PTP_WAIT *wait, PTP_WAIT_CALLBACK callback, PVOID context, PTP_CALLBACK_ENVIRON environment)
{
    struct tp_object *object;
    NTSTATUS status = item_create(TP_WAIT_ITEM, (void *)callback, context, environment, &object);
    if (!status)
        tp_wait_prepare(object);
    *wait = (PTP_WAIT)object;
    return status;
}

bool tp_watch(struct tp_object *object, struct object *target, const LARGE_INTEGER *timeout)
{
    lock_acquire(&object->watch_lock);
    bool before = watch_cancel(&object->watch);
    if (target && !object->closed)
        watch_start(&object->watch, target, timeout);
    lock_release(&object->watch_lock);
    return before;
}

BOOL NTAPI TpSetWaitEx(PTP_WAIT wait, HANDLE handle, PLARGE_INTEGER timeout, PVOID reserved)
{
    void *target = NULL;
    (void)reserved;
    if (handle && handle_lookup(handle, NULL, SYNCHRONIZE, &target))
        return FALSE;
    bool before = tp_watch((struct tp_object *)wait, target, timeout);
    if (target)
        object_release(target);
    return before;
}

void NTAPI TpSetWait(PTP_WAIT wait, HANDLE handle, PLARGE_INTEGER timeout)
{
    TpSetWaitEx(wait, handle, timeout, NULL);
}

void NTAPI TpWaitForWait(PTP_WAIT wait, LOGICAL cancel)
{
    tp_wait((struct tp_object *)wait, cancel);
}

void NTAPI TpReleaseWait(PTP_WAIT wait)
{
    tp_close((struct tp_object *)wait, false);
}

/* I/O: one port for the process, read by a thread of ours, which hands the results to the objects. */

static HANDLE io_port;
static struct lock io_lock;

static void io_deliver(const FILE_IO_COMPLETION_INFORMATION *entry)
{
    struct tp_object *object = entry->KeyContext;
    struct tp_io_result *result = malloc(sizeof *result);
    if (!result)
        return;
    *result = (struct tp_io_result){NULL, entry->ApcContext, entry->IoStatusBlock};
    lock_acquire(&object->pool->lock);
    *object->results_last = result;
    object->results_last = &result->next;
    lock_release(&object->pool->lock);
    tp_post(object, true);
    tp_release(object); /* the operation's */
}

static void io_serve(void *unused)
{
    FILE_IO_COMPLETION_INFORMATION entries[16];
    ULONG count;
    (void)unused;
    while (!NtRemoveIoCompletionEx(io_port, entries, 16, &count, NULL, FALSE))
        for (ULONG i = 0; i < count; i++)
            io_deliver(&entries[i]);
}

static NTSTATUS io_port_ensure(void)
{
    NTSTATUS status = STATUS_SUCCESS;
    lock_acquire(&io_lock);
    if (!io_port) {
        status = NtCreateIoCompletion(&io_port, IO_COMPLETION_ALL_ACCESS, NULL, 0);
        if (!status)
            status = service_start(io_serve, NULL);
    }
    lock_release(&io_lock);
    return status;
}

#define FileCompletionInformation 30

NTSTATUS NTAPI TpAllocIoCompletion(PTP_IO *io, HANDLE file, PTP_IO_CALLBACK callback, PVOID context,
                                   PTP_CALLBACK_ENVIRON environment)
{
    struct tp_object *object;
    IO_STATUS_BLOCK block;
    *io = NULL;
    NTSTATUS status = io_port_ensure();
    if (!status)
        status = item_create(TP_IO_ITEM, (void *)callback, context, environment, &object);
    if (status)
        return status;
    FILE_COMPLETION_INFORMATION information = {io_port, object};
    status = NtSetInformationFile(file, &block, &information, sizeof information,
                                  (FILE_INFORMATION_CLASS)FileCompletionInformation);
    if (status)
        tp_close(object, true);
    else
        *io = (PTP_IO)object;
    return status;
}

/* An operation in flight keeps the object. */
void NTAPI TpStartAsyncIoOperation(PTP_IO io)
{
    atomic_fetch_add(&((struct tp_object *)io)->references, 1);
}

void NTAPI TpCancelAsyncIoOperation(PTP_IO io)
{
    tp_release((struct tp_object *)io);
}

void NTAPI TpWaitForIoCompletion(PTP_IO io, LOGICAL cancel)
{
    tp_wait((struct tp_object *)io, cancel);
}

void NTAPI TpReleaseIoCompletion(PTP_IO io)
{
    tp_close((struct tp_object *)io, false);
}
