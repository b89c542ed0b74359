/*
 * socket_event.c: WSAEventSelect, WSAAsyncSelect: network events that are recorded and signal an event, or are told.
 *
 * An event is told once; it is told again when its condition holds at (or after) the call that enables it:
 * FD_READ after a receive, FD_ACCEPT after accept, FD_WRITE after a send that would have blocked.
 */
#include <stdlib.h>
#include <sys/ioctl.h>

#include "socket_private.h"

#define ALL_READINESS                                                                                                  \
    (AFD_POLL_RECEIVE | AFD_POLL_RECEIVE_EXPEDITED | AFD_POLL_SEND | AFD_POLL_DISCONNECT | AFD_POLL_ABORT |            \
     AFD_POLL_CONNECT | AFD_POLL_ACCEPT | AFD_POLL_CONNECT_FAIL)

/* Positions of the events' codes (FD_READ_BIT ...). */
enum { CODE_CONNECT = 4, CODE_CLOSE = 5 };

/* The events whose condition holds now. */
static LONG conditions(struct file *file, NTSTATUS codes[SOCKET_EVENTS])
{
    ULONG ready = socket_readiness(file, ALL_READINESS);
    LONG events = 0;
    int available = 1;
    if (ready & AFD_POLL_CONNECT_FAIL) {
        codes[CODE_CONNECT] = file->socket->error;
        return WS_FD_CONNECT;
    }
    if (file->socket->phase == SOCKET_CONNECTED)
        events |= WS_FD_CONNECT;
    if (ready & AFD_POLL_ACCEPT)
        events |= WS_FD_ACCEPT;
    if (ready & AFD_POLL_SEND)
        events |= WS_FD_WRITE;
    if (ready & AFD_POLL_RECEIVE_EXPEDITED)
        events |= WS_FD_OOB;
    if (ready & (AFD_POLL_DISCONNECT | AFD_POLL_ABORT)) {
        events |= WS_FD_CLOSE;
        codes[CODE_CLOSE] = ready & AFD_POLL_ABORT ? STATUS_CONNECTION_RESET : STATUS_SUCCESS;
        ioctl(file->fd, FIONREAD, &available); /* the end alone is no data */
    }
    if (ready & AFD_POLL_RECEIVE && available)
        events |= WS_FD_READ;
    return events;
}

/* A connection is told before what goes over it, and its end last. */
static void tell(const struct socket_events *events, LONG fresh, const NTSTATUS codes[SOCKET_EVENTS])
{
    static const LONG order[] = {WS_FD_CONNECT, WS_FD_ACCEPT, WS_FD_READ, WS_FD_OOB, WS_FD_WRITE, WS_FD_CLOSE};
    for (unsigned i = 0; i < sizeof order / sizeof *order; i++)
        if (fresh & order[i])
            events->notice.tell(&events->notice, events->handle, order[i], codes[__builtin_ctz((unsigned)order[i])]);
}

/* Records what is new.  Under the events' lock. */
static void record(struct file *file, struct socket_events *events)
{
    NTSTATUS codes[SOCKET_EVENTS] = {0};
    if (!(events->mask & ~events->off))
        return;
    LONG fresh = conditions(file, codes) & events->mask & ~events->off;
    if (!fresh)
        return;
    events->off |= fresh;
    if (events->notice.tell) {
        tell(events, fresh, codes);
        return;
    }
    events->recorded |= fresh;
    for (int i = 0; i < SOCKET_EVENTS; i++)
        if (fresh & 1 << i)
            events->codes[i] = codes[i];
    if (events->event)
        waitable_signal(events->event->waitable);
}

static void changed(struct io_watch *watch, struct io_request ***ended)
{
    struct socket_events *events = atomic_load(&watch->file->socket->events);
    (void)ended;
    host_lock(&events->lock);
    record(watch->file, events);
    host_unlock(&events->lock);
}

void socket_event_enable(struct file *file, LONG enabled)
{
    struct socket_events *events = atomic_load(&file->socket->events);
    if (!events || !(events->mask & enabled))
        return;
    host_lock(&events->lock);
    /* A connect may have ended before the state told the poller what its event meant. */
    if ((events->off | WS_FD_CONNECT) & enabled) {
        events->off &= ~enabled;
        record(file, events);
    }
    host_unlock(&events->lock);
}

void socket_event_raise(struct file *file, LONG event)
{
    struct socket_events *events = atomic_load(&file->socket->events);
    if (!events)
        return;
    host_lock(&events->lock);
    if (events->mask & event && events->notice.tell) {
        events->notice.tell(&events->notice, events->handle, event, STATUS_SUCCESS);
    } else if (events->mask & event) {
        events->recorded |= event;
        events->codes[__builtin_ctz((unsigned)event)] = STATUS_SUCCESS;
        if (events->event)
            waitable_signal(events->event->waitable);
    }
    host_unlock(&events->lock);
}

static struct socket_events *events_of(struct socket *socket)
{
    struct socket_events *events = atomic_load(&socket->events), *none = NULL;
    if (events)
        return events;
    events = calloc(1, sizeof *events);
    if (!events)
        return NULL;
    pthread_mutex_init(&events->lock, NULL);
    events->watch.changed = changed;
    if (atomic_compare_exchange_strong(&socket->events, &none, events))
        return events;
    free(events);
    return none;
}

/* Takes over the reference to `event`.  notice NULL: none; `handle`: what it calls the socket. */
static NTSTATUS associate(struct file *file, struct object *event, const struct socket_notice *notice, HANDLE handle,
                          LONG mask)
{
    struct socket_events *events = events_of(file->socket);
    if (!events) {
        if (event)
            object_release(event);
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    host_lock(&events->lock);
    struct object *old = events->event;
    events->event = event;
    events->notice = notice ? *notice : (struct socket_notice){0};
    events->handle = handle;
    events->mask = mask;
    events->recorded = 0;
    /* A connection that stands already is no news. */
    events->off = file->socket->phase == SOCKET_CONNECTED && !events->watching ? WS_FD_CONNECT : 0;
    bool begin = mask && !events->watching, end = !mask && events->watching;
    events->watching = mask != 0;
    if (mask && !begin)
        record(file, events);
    host_unlock(&events->lock);
    if (old)
        object_release(old);
    if (end)
        ioqueue_unwatch(&events->watch);
    return begin ? ioqueue_watch(&events->watch, file) : STATUS_SUCCESS;
}

NTSTATUS socket_event_select(HANDLE handle, HANDLE event, LONG mask)
{
    struct file *file;
    struct object *object = NULL;
    NTSTATUS status = socket_lookup(handle, &file);
    if (status)
        return status;
    if (mask) {
        status = handle_lookup(event, &type_event, 0, (void **)&object);
        if (status)
            status = STATUS_INVALID_PARAMETER;
    }
    if (!status) {
        if (mask)
            file->socket->nonblocking = true;
        status = associate(file, object, NULL, NULL, mask);
    }
    object_release(file);
    return status;
}

NTSTATUS socket_event_notify(HANDLE handle, const struct socket_notice *notice, LONG mask)
{
    struct file *file;
    NTSTATUS status = socket_lookup(handle, &file);
    if (status)
        return status;
    if (mask)
        file->socket->nonblocking = true;
    status = associate(file, NULL, mask ? notice : NULL, handle, mask);
    object_release(file);
    return status;
}

void socket_events_inherit(struct file *listener, struct file *accepted, HANDLE handle)
{
    struct socket_events *events = atomic_load(&listener->socket->events);
    host_lock(&events->lock);
    struct object *event = events->event ? object_reference(events->event) : NULL;
    struct socket_notice notice = events->notice;
    LONG mask = events->mask;
    host_unlock(&events->lock);
    if (mask)
        associate(accepted, event, notice.tell ? &notice : NULL, handle, mask);
    else if (event)
        object_release(event);
}

NTSTATUS socket_event_enumerate(HANDLE handle, HANDLE event, LONG *recorded, NTSTATUS codes[SOCKET_EVENTS])
{
    struct file *file;
    struct object *object = NULL;
    NTSTATUS status = socket_lookup(handle, &file);
    if (status)
        return status;
    if (event && handle_lookup(event, &type_event, 0, (void **)&object))
        status = STATUS_INVALID_PARAMETER;
    struct socket_events *events = atomic_load(&file->socket->events);
    *recorded = 0;
    if (!status && events) {
        host_lock(&events->lock);
        *recorded = events->recorded;
        events->recorded = 0;
        for (int i = 0; i < SOCKET_EVENTS; i++) {
            codes[i] = events->codes[i];
            events->codes[i] = STATUS_SUCCESS;
        }
        if (object)
            waitable_reset(object->waitable);
        host_unlock(&events->lock);
    } else if (object) {
        waitable_reset(object->waitable);
    }
    if (object)
        object_release(object);
    object_release(file);
    return status;
}

void socket_events_destroy(struct socket *socket)
{
    struct socket_events *events = atomic_load(&socket->events);
    if (events->event)
        object_release(events->event);
    pthread_mutex_destroy(&events->lock);
    free(events);
}
