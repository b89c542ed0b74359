/*
 * afd.c: the device Afd as programs use it directly: polling many sockets, receiving from one.
 *
 * A poll watches the channels of its sockets and waits, silent, at the handle it was made with.  Whoever takes it out
 * of that queue ends it: a change of a socket, the time-out, a cancel.  A change that comes before the poll is in the
 * queue is remembered in `missed`, which the queue looks at (poll_attempt) under the lock that taking needs.
 */
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "alarm.h"
#include "socket_private.h"

#define IOCTL_AFD_RECEIVE 0x12017
#define IOCTL_AFD_RECEIVE_DATAGRAM 0x1201b
#define IOCTL_AFD_POLL 0x12024
#define POLL_HANDLES_MAX 4096

struct afd_handle {
    HANDLE handle;
    ULONG events;
    NTSTATUS status;
};

struct afd_poll {
    LARGE_INTEGER timeout;
    ULONG count;
    ULONG exclusive;
    struct afd_handle handles[];
};
_Static_assert(sizeof(struct afd_poll) == 16 && sizeof(struct afd_handle) == 16, "the layout of AFD_POLL_INFO");

struct entry {
    struct io_watch watch; /* its file is referenced */
    struct poll_request *poll;
    HANDLE handle;
    ULONG events;
};

/* Lives while the poll or the alarm refers to it. */
struct poll_timer {
    struct alarm alarm;
    _Atomic int references;
    struct file *device;
    struct poll_request *poll; /* NULL: has ended; under timers_lock */
};

struct poll_request {
    struct io_request request;
    _Atomic bool missed;
    struct afd_poll *out;
    ULONG out_room; /* handles that fit */
    struct poll_timer *timer;
    ULONG count;
    struct entry entries[];
};

static pthread_mutex_t timers_lock = PTHREAD_MUTEX_INITIALIZER;

static ULONG entry_ready(const struct entry *entry)
{
    struct file *file = entry->watch.file;
    ULONG ready = socket_readiness(file, entry->events);
    return file->socket->closed ? ready | AFD_POLL_LOCAL_CLOSE : ready;
}

/* Writes down which are ready; returns how many. */
static ULONG poll_answer(struct poll_request *poll)
{
    ULONG count = 0;
    for (ULONG i = 0; i < poll->count && count < poll->out_room; i++) {
        ULONG ready = entry_ready(&poll->entries[i]);
        if (ready)
            poll->out->handles[count++] = (struct afd_handle){poll->entries[i].handle, ready, STATUS_SUCCESS};
    }
    poll->out->count = count;
    poll->request.done = sizeof *poll->out + count * sizeof *poll->out->handles;
    return count;
}

static NTSTATUS poll_attempt(struct io_request *request)
{
    struct poll_request *poll = (struct poll_request *)request;
    while (atomic_exchange(&poll->missed, false))
        if (poll_answer(poll))
            return STATUS_SUCCESS;
    return STATUS_PENDING;
}

static void poll_changed(struct io_watch *watch, struct io_request ***ended)
{
    struct poll_request *poll = ((struct entry *)watch)->poll;
    if (!entry_ready((struct entry *)watch))
        return;
    atomic_store(&poll->missed, true);
    if (ioqueue_take(poll->request.completion.file, &poll->request)) {
        poll_answer(poll);
        ioqueue_end_later(&poll->request, STATUS_SUCCESS, ended);
    }
}

static void timer_release(struct poll_timer *timer)
{
    if (atomic_fetch_sub(&timer->references, 1) == 1) {
        object_release(timer->device);
        free(timer);
    }
}

static void timer_fire(struct alarm *alarm)
{
    alarm_after(alarm);
}

static void timer_after(struct alarm *alarm)
{
    struct poll_timer *timer = (struct poll_timer *)alarm;
    host_lock(&timers_lock);
    struct poll_request *poll = timer->poll;
    bool mine = poll && ioqueue_take(timer->device, &poll->request);
    timer->poll = NULL;
    host_unlock(&timers_lock);
    if (mine) {
        poll->out->count = 0;
        poll->request.done = sizeof *poll->out;
        ioqueue_end(&poll->request, STATUS_TIMEOUT);
    }
    timer_release(timer);
}

static NTSTATUS timer_start(struct poll_request *poll, const LARGE_INTEGER *timeout)
{
    struct poll_timer *timer = calloc(1, sizeof *timer);
    if (!timer)
        return STATUS_NO_MEMORY;
    timer->alarm.fire = timer_fire;
    timer->alarm.after = timer_after;
    timer->references = 2;
    timer->device = object_reference(poll->request.completion.file);
    timer->poll = poll;
    poll->timer = timer;
    NTSTATUS status = alarm_set(&timer->alarm, timeout, 0);
    if (status)
        timer->references = 1;
    return status;
}

static void poll_ended(struct io_request *request)
{
    struct poll_request *poll = (struct poll_request *)request;
    for (ULONG i = 0; i < poll->count; i++) {
        ioqueue_unwatch(&poll->entries[i].watch);
        object_release(poll->entries[i].watch.file);
    }
    if (poll->timer) {
        host_lock(&timers_lock);
        poll->timer->poll = NULL;
        host_unlock(&timers_lock);
        if (alarm_cancel(&poll->timer->alarm))
            timer_release(poll->timer);
        timer_release(poll->timer);
    }
}

static NTSTATUS poll_add(struct poll_request *poll, const struct afd_handle *in)
{
    struct entry *entry = &poll->entries[poll->count];
    struct file *file;
    NTSTATUS status = socket_lookup(in->handle, &file);
    if (status)
        return STATUS_INVALID_HANDLE;
    *entry = (struct entry){.poll = poll, .handle = in->handle, .events = in->events};
    entry->watch.changed = poll_changed;
    entry->watch.file = file;
    entry->watch.patient = ends_at_port(&poll->request.completion);
    poll->count++;
    return STATUS_SUCCESS;
}

/* An exclusive poll puts an end to the socket's others. */
static void poll_displace(struct io_watch *watch, struct io_request ***ended)
{
    struct poll_request *poll = ((struct entry *)watch)->poll;
    if (watch->changed == poll_changed && ioqueue_take(poll->request.completion.file, &poll->request))
        ioqueue_end_later(&poll->request, STATUS_CANCELLED, ended);
}

static NTSTATUS poll_fill(struct poll_request *poll, const struct afd_poll *in)
{
    NTSTATUS status = STATUS_SUCCESS;
    for (ULONG i = 0; i < in->count && !status; i++)
        status = poll_add(poll, &in->handles[i]);
    for (ULONG i = 0; i < poll->count && !status && in->exclusive; i++)
        ioqueue_notify(poll->entries[i].watch.file, poll_displace);
    /* Without time to wait nothing is watched: one look. */
    for (ULONG i = 0; i < poll->count && !status && in->timeout.QuadPart; i++)
        status = ioqueue_watch(&poll->entries[i].watch, poll->entries[i].watch.file);
    return status;
}

static NTSTATUS poll_begin(struct completion *completion, const struct afd_poll *in, struct afd_poll *out,
                           ULONG out_length)
{
    struct poll_request *poll = calloc(1, sizeof *poll + in->count * sizeof *poll->entries);
    LARGE_INTEGER timeout = in->timeout;
    if (!poll)
        return completion_end(completion, STATUS_NO_MEMORY, 0, true);
    poll->request = (struct io_request){.completion = *completion, .attempt = poll_attempt, .ended = poll_ended};
    poll->out_room = (out_length - sizeof *out) / sizeof *out->handles;
    NTSTATUS status = poll_fill(poll, in);
    poll->out = out; /* may be where `in` is */
    if (!status && timeout.QuadPart && timeout.QuadPart != INT64_MAX)
        status = timer_start(poll, &timeout);
    if (!status && timeout.QuadPart)
        return ioqueue_enqueue(&poll->request);
    if (!status && !poll_answer(poll))
        status = STATUS_TIMEOUT;
    poll_ended(&poll->request);
    completion_end(completion, status, poll->request.done, true);
    free(poll);
    return status;
}

/* AFD_RECV_INFO, and with the last two members AFD_RECV_DATAGRAM_INFO. */
struct afd_receive {
    const struct socket_buffer *buffers;
    ULONG count;
    ULONG afd_flags, tdi_flags;
    void *address;
    int *address_length;
};
_Static_assert(sizeof(struct afd_receive) == 40 && offsetof(struct afd_receive, address) == 24, "as programs have it");

#define TDI_RECEIVE_EXPEDITED 0x40
#define TDI_RECEIVE_PEEK 0x80
#define AFD_BUFFERS_MAX 4096

static NTSTATUS receive_begin(struct completion *completion, const struct afd_receive *in, ULONG length, bool datagram)
{
    if (completion->file->kind != FILE_KIND_SOCKET)
        return completion_end(completion, STATUS_INVALID_DEVICE_REQUEST, 0, true);
    if (length < (datagram ? sizeof *in : offsetof(struct afd_receive, address)) || in->count > AFD_BUFFERS_MAX)
        return completion_end(completion, STATUS_INVALID_PARAMETER, 0, true);
    struct socket_message message = {
        .buffers = in->buffers,
        .count = in->count,
        .flags = (in->tdi_flags & TDI_RECEIVE_PEEK ? WS_MSG_PEEK : 0) |
                 (in->tdi_flags & TDI_RECEIVE_EXPEDITED ? WS_MSG_OOB : 0),
        .address = datagram ? in->address : NULL,
        .address_length = datagram ? in->address_length : NULL,
    };
    return socket_receive_request(completion, &message);
}

NTSTATUS afd_control(struct completion *completion, ULONG code, const void *in, ULONG in_length, void *out,
                     ULONG out_length)
{
    const struct afd_poll *poll = in;
    NTSTATUS status = STATUS_INVALID_DEVICE_REQUEST;
    if (code == IOCTL_AFD_POLL) {
        if (in_length >= sizeof *poll && out_length >= sizeof *poll && poll->count <= POLL_HANDLES_MAX &&
            in_length >= sizeof *poll + poll->count * sizeof *poll->handles)
            return poll_begin(completion, poll, out, out_length);
        status = STATUS_INVALID_PARAMETER;
    }
    if (code == IOCTL_AFD_RECEIVE || code == IOCTL_AFD_RECEIVE_DATAGRAM)
        return receive_begin(completion, in, in_length, code == IOCTL_AFD_RECEIVE_DATAGRAM);
    return completion_end(completion, status, 0, true);
}

void afd_socket_closed(struct file *file)
{
    file->socket->closed = true;
    ioqueue_notify(file, NULL);
}
