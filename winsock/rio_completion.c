/*
 * rio_completion.c: Registered I/O's completion queues.
 *
 * A queue is a list of ended requests under a lock.  A closed one that no request queue refers to any more is kept for
 * the next that is made, so that a program that goes on using it finds a queue, closed or open.
 */
#include "winsock/rio.h"

#define OPEN 0x51434f49u

struct rio_cq {
    RTL_SRWLOCK lock;
    ULONG open; /* OPEN, or it is none (any more) */
    ULONG size, reserved, count;
    struct rio_request *first, **last;
    bool armed; /* RIONotify has been called, and not been answered */
    RIO_NOTIFICATION_COMPLETION how;
    struct rio_cq *next_free;
};

static RTL_SRWLOCK free_lock = RTL_SRWLOCK_INIT;
static struct rio_cq *first_free;

static struct rio_cq *queue_new(void)
{
    RtlAcquireSRWLockExclusive(&free_lock);
    struct rio_cq *queue = first_free;
    if (queue)
        first_free = queue->next_free;
    RtlReleaseSRWLockExclusive(&free_lock);
    return queue ? queue : RtlAllocateHeap(peb_current()->ProcessHeap, HEAP_ZERO_MEMORY, sizeof *queue);
}

/* Enters an open queue. */
static bool queue_enter(struct rio_cq *queue)
{
    if (!queue)
        return false;
    RtlAcquireSRWLockExclusive(&queue->lock);
    if (queue->open == OPEN)
        return true;
    RtlReleaseSRWLockExclusive(&queue->lock);
    return false;
}

static void queue_leave(struct rio_cq *queue)
{
    RtlReleaseSRWLockExclusive(&queue->lock);
}

/* 0, or the WSA error of a bad description. */
static int how_check(const RIO_NOTIFICATION_COMPLETION *how)
{
    ULONG event[2], depth; /* their basic information */
    if (how->Type == RIO_EVENT_COMPLETION)
        return NtQueryEvent(how->Event.EventHandle, 0, event, sizeof event, NULL) ? WSAEINVAL : 0;
    if (how->Type == RIO_IOCP_COMPLETION)
        return !how->Iocp.Overlapped || NtQueryIoCompletion(how->Iocp.IocpHandle, 0, &depth, sizeof depth, NULL)
                   ? WSAEINVAL
                   : 0;
    return WSAEINVAL;
}

RIO_CQ WINAPI RIOCreateCompletionQueue(DWORD size, RIO_NOTIFICATION_COMPLETION *how)
{
    int error = !size || size > RIO_MAX_CQ_SIZE ? WSAEINVAL : how ? how_check(how) : 0;
    struct rio_cq *queue = error ? NULL : queue_new();
    if (!queue) {
        wsa_fail(error ? error : WSAENOBUFS);
        return RIO_INVALID_CQ;
    }
    RtlAcquireSRWLockExclusive(&queue->lock);
    queue->size = size;
    queue->reserved = queue->count = 0;
    queue->first = NULL;
    queue->last = &queue->first;
    queue->armed = false;
    queue->how = how ? *how : (RIO_NOTIFICATION_COMPLETION){0};
    queue->open = OPEN;
    queue_leave(queue);
    return queue;
}

static void requests_free(struct rio_request *request)
{
    while (request) {
        struct rio_request *next = request->next;
        rio_request_free(request);
        request = next;
    }
}

/* Closed, and nothing is reserved.  Under its lock, which it releases. */
static void queue_done(struct rio_cq *queue)
{
    queue_leave(queue);
    RtlAcquireSRWLockExclusive(&free_lock);
    queue->next_free = first_free;
    first_free = queue;
    RtlReleaseSRWLockExclusive(&free_lock);
}

void WINAPI RIOCloseCompletionQueue(RIO_CQ queue)
{
    if (!queue_enter(queue))
        return;
    struct rio_request *rest = queue->first;
    queue->first = NULL;
    queue->open = 0;
    if (queue->reserved)
        queue_leave(queue);
    else
        queue_done(queue);
    requests_free(rest);
}

BOOL WINAPI RIOResizeCompletionQueue(RIO_CQ queue, DWORD size)
{
    int error = WSAEINVAL;
    if (size && size <= RIO_MAX_CQ_SIZE && queue_enter(queue)) {
        error = size < queue->reserved ? WSAETOOMANYREFS : 0;
        if (!error)
            queue->size = size;
        queue_leave(queue);
    }
    return !error || !wsa_fail(error);
}

int rio_cq_reserve(struct rio_cq *queue, ULONG places)
{
    if (!queue_enter(queue))
        return WSAEINVAL;
    int error = places > queue->size - queue->reserved ? WSAENOBUFS : 0;
    if (!error)
        queue->reserved += places;
    queue_leave(queue);
    return error;
}

void rio_cq_release(struct rio_cq *queue, ULONG places)
{
    if (!places)
        return;
    RtlAcquireSRWLockExclusive(&queue->lock);
    queue->reserved -= places;
    if (queue->open != OPEN && !queue->reserved)
        queue_done(queue);
    else
        queue_leave(queue);
}

static void notify(const RIO_NOTIFICATION_COMPLETION *how)
{
    if (how->Type == RIO_EVENT_COMPLETION)
        NtSetEvent(how->Event.EventHandle, NULL);
    else
        NtSetIoCompletion(how->Iocp.IocpHandle, how->Iocp.CompletionKey, how->Iocp.Overlapped, STATUS_SUCCESS, 0);
}

void rio_cq_append(struct rio_cq *queue, struct rio_request *request)
{
    if (!queue_enter(queue)) {
        rio_request_free(request);
        return;
    }
    const RIO_NOTIFICATION_COMPLETION how = queue->how;
    bool tell = request->notify && queue->armed;
    request->next = NULL;
    *queue->last = request;
    queue->last = &request->next;
    queue->count++;
    if (tell)
        queue->armed = false;
    queue_leave(queue);
    if (tell)
        notify(&how);
}

ULONG WINAPI RIODequeueCompletion(RIO_CQ queue, RIORESULT *results, ULONG count)
{
    ULONG taken = 0;
    if (!queue_enter(queue))
        return RIO_CORRUPT_CQ;
    struct rio_request *first = queue->first, **end = &queue->first;
    for (; taken < count && *end; end = &(*end)->next)
        results[taken++] = (*end)->result;
    if (taken) {
        queue->first = *end;
        *end = NULL;
        queue->count -= taken;
        if (!queue->first)
            queue->last = &queue->first;
    }
    queue_leave(queue);
    requests_free(taken ? first : NULL);
    return taken;
}

/* The error is the result itself. */
INT WINAPI RIONotify(RIO_CQ queue)
{
    if (!queue_enter(queue))
        return WSAEINVAL;
    const RIO_NOTIFICATION_COMPLETION how = queue->how;
    int error = !how.Type ? WSAEINVAL : queue->armed ? WSAEALREADY : 0;
    bool tell = !error && queue->count;
    if (!error && how.Type == RIO_EVENT_COMPLETION && how.Event.NotifyReset)
        NtResetEvent(how.Event.EventHandle, NULL);
    if (!error)
        queue->armed = !tell;
    queue_leave(queue);
    if (tell)
        notify(&how);
    return error;
}
