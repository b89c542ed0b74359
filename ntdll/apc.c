/*
 * apc.c: asynchronous procedure calls and alerts.
 *
 * Layer: NT layer.  A thread's queue is guarded by its object's lock.  Whoever queues bumps the thread's alert word;
 * an alertable wait reads that word, then calls apc_deliver, then sleeps while the word is unchanged, so that
 * nothing is missed.
 */
#include <limits.h>
#include <stdlib.h>
#include "ntthread.h"
#include "ntdll/apc.h"
#include "ntdll/gate.h"
#include "ntdll/lock.h"
#include "ntdll/process.h"
#include "ntdll/remote.h"
#include "ntdll/thread_object.h"

struct apc {
    struct apc *next;
    void *function; /* NULL: an alert, nothing is called */
    ULONG_PTR arguments[3];
};

static NTSTATUS apc_append(struct thread_object *object, struct apc *apc)
{
    struct thread *thread;

    host_lock(&object->lock);
    thread = object->thread;
    if (thread) {
        if (thread->apc_last)
            thread->apc_last->next = apc;
        else
            thread->apc_first = apc;
        thread->apc_last = apc;
        atomic_fetch_add(&thread->alert, 1);
        futex_wake(&thread->alert, INT_MAX);
    }
    host_unlock(&object->lock);
    return thread ? STATUS_SUCCESS : STATUS_UNSUCCESSFUL;
}

NTSTATUS apc_queue_object(struct object *object, void *function, ULONG_PTR a, ULONG_PTR b, ULONG_PTR c)
{
    struct apc *apc = malloc(sizeof *apc);
    NTSTATUS status;

    if (!apc)
        return STATUS_NO_MEMORY;
    *apc = (struct apc){.function = function, .arguments = {a, b, c}};
    status = apc_append((struct thread_object *)object, apc);
    if (!NT_SUCCESS(status))
        free(apc);
    return status;
}

NTSTATUS apc_queue(struct thread *thread, void *function, ULONG_PTR a, ULONG_PTR b, ULONG_PTR c)
{
    return apc_queue_object(thread->object, function, a, b, c);
}

static struct apc *apc_take(struct thread *thread)
{
    struct thread_object *object = (struct thread_object *)thread->object;
    struct apc *apc;

    host_lock(&object->lock);
    apc = thread->apc_first;
    if (apc) {
        thread->apc_first = apc->next;
        if (!apc->next)
            thread->apc_last = NULL;
    }
    host_unlock(&object->lock);
    return apc;
}

bool apc_deliver(void)
{
    struct thread *thread = thread_current();
    struct apc *apc;
    bool any = false;

    if (!thread->apc_first) /* whoever appends bumps the alert word afterwards: a miss here is seen by the wait */
        return false;
    while ((apc = apc_take(thread)) != NULL) {
        struct apc copy = *apc;
        free(apc);
        any = true;
        if (copy.function)
            guest_call(copy.function, copy.arguments[0], copy.arguments[1], copy.arguments[2], 0);
    }
    return any;
}

void apc_discard(struct thread *thread)
{
    struct apc *apc;

    while ((apc = apc_take(thread)) != NULL)
        free(apc);
}

NTSTATUS WINAPI NtQueueApcThread(HANDLE handle, void *function, void *a, void *b, void *c)
{
    struct thread_object *object;
    NTSTATUS status = thread_from_handle(handle, THREAD_SET_CONTEXT, &object);

    if (!NT_SUCCESS(status))
        return status;
    if (object->process) {
        struct remote_command command = {.what = REMOTE_THREAD_APC,
                                         .base = GUEST(function),
                                         .size = GUEST(a),
                                         .offset = GUEST(b),
                                         .section_size = GUEST(c)};
        status = remote_thread_run(object, &command, NULL, 0, 0);
        object_release(&object->object);
        return status;
    }
    status = apc_queue_object(&object->object, function, GUEST(a), GUEST(b), GUEST(c));
    object_release(&object->object);
    return status;
}

NTSTATUS WINAPI NtQueueApcThreadEx(HANDLE handle, HANDLE reserve, void *function, void *a, void *b, void *c)
{
    if ((ULONG_PTR)reserve & 1) /* special user APC: interrupts a thread that does not wait */
        return STATUS_NOT_SUPPORTED;
    return NtQueueApcThread(handle, function, a, b, c);
}

NTSTATUS WINAPI NtTestAlert(void)
{
    apc_deliver();
    return STATUS_SUCCESS;
}

NTSTATUS WINAPI NtAlertThread(HANDLE handle)
{
    return NtQueueApcThread(handle, NULL, NULL, NULL, NULL);
}

NTSTATUS WINAPI NtAlertThreadByThreadId(HANDLE id)
{
    NTSTATUS status = STATUS_INVALID_CID;

    thread_list_lock();
    for (struct thread *thread = thread_list_first(); thread; thread = thread->next) {
        if (thread_teb(thread)->ClientId.UniqueThread == id) {
            atomic_store(&thread->wait_alert, 1);
            futex_wake(&thread->wait_alert, 1);
            status = STATUS_SUCCESS;
            break;
        }
    }
    thread_list_unlock();
    return status;
}

NTSTATUS WINAPI NtWaitForAlertByThreadId(void *address, const LARGE_INTEGER *timeout)
{
    struct thread *thread = thread_current();

    (void)address;
    for (;;) {
        uint32_t alerted = 1;
        if (atomic_compare_exchange_strong(&thread->wait_alert, &alerted, 0))
            return STATUS_ALERTED;
        if (futex_sleep(&thread->wait_alert, 0, timeout) == STATUS_TIMEOUT)
            return atomic_exchange(&thread->wait_alert, 0) ? STATUS_ALERTED : STATUS_TIMEOUT;
    }
}
