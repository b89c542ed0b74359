/*
 * ioqueue.c: channels, their requests, and ending them.  Calls iopoll.c.
 *
 * One lock a channel (and one for requests that wait for no fd).  Requests of one kind are tried in order of arrival.
 * Readiness is edge-triggered: an attempt that ends with "would block" will be followed by an event, so a new request
 * that finds an empty list is always tried first.  Completion is told after the lock is released, since it may wake and
 * post.
 */
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "fileio.h"
#include "iopoll.h"

static enum io_kind request_kind(const struct io_request *request)
{
    switch (request->events) {
    case POLLIN:
        return IO_READ;
    case POLLOUT:
        return IO_WRITE;
    case POLLPRI:
        return IO_URGENT;
    default:
        return IO_SILENT;
    }
}

static struct lock *kind_lock(struct io_channel *channel, enum io_kind kind)
{
    return kind == IO_SILENT ? &channel->silent : &channel->lock;
}

static struct file *request_file(const struct io_request *request)
{
    return request->on ? request->on : request->completion.file;
}

struct io_channel *channel_of(struct file *file)
{
    struct io_channel *channel = atomic_load_explicit(&file->channel, memory_order_acquire), *none = NULL;
    if (channel)
        return channel;
    channel = calloc(1, sizeof *channel);
    if (!channel)
        return NULL;
    for (int kind = 0; kind < IO_KINDS; kind++)
        channel->last[kind] = &channel->first[kind];
    channel->file = file;
    if (atomic_compare_exchange_strong(&file->channel, &none, channel))
        return channel;
    free(channel);
    return none;
}

bool ends_at_port(const struct completion *completion)
{
    return completion->file->port && completion->context && !completion->event && !completion->apc;
}

/* What is to be written, another one waits for. */
static bool request_urgent(const struct io_request *request)
{
    return request->events && (request->events != POLLIN || !ends_at_port(&request->completion));
}

static void request_append(struct io_channel *channel, struct io_request *request)
{
    enum io_kind kind = request_kind(request);
    request->next = NULL;
    request->urgent = request_urgent(request);
    *channel->last[kind] = request;
    channel->last[kind] = &request->next;
    if (request->urgent)
        channel_urgent(1);
}

static void unlink_request(struct io_channel *channel, struct io_request **link)
{
    struct io_request *request = *link;
    enum io_kind kind = request_kind(request);
    *link = request->next;
    if (channel->last[kind] == &request->next)
        channel->last[kind] = link;
    request->next = NULL;
    if (request->urgent)
        channel_urgent(-1);
}

static size_t request_size(const struct io_request *request)
{
    return request->size ? request->size : sizeof *request;
}

/* Memory for a request that has to wait: mostly that of the channel's last one. */
static struct io_request *request_create(struct io_channel *channel, const struct io_request *template)
{
    size_t size = request_size(template);
    struct io_request *request = atomic_exchange(&channel->spare, NULL);
    if (!request || request_size(request) < size) {
        free(request);
        request = malloc(size);
    }
    if (request)
        memcpy(request, template, size);
    return request;
}

static void request_free(struct file *file, struct io_request *request)
{
    struct io_channel *channel = atomic_load(&file->channel);
    struct io_request *none = NULL;
    if (!channel || !atomic_compare_exchange_strong(&channel->spare, &none, request))
        free(request);
}

/* A request that went on at another file has ended. */
static void request_back(struct io_request *request)
{
    struct io_channel *home = atomic_load(&request->completion.file->channel);
    lock_acquire(&home->lock);
    struct io_request **link = &home->away;
    while (*link != request)
        link = &(*link)->next_away;
    *link = request->next_away;
    lock_release(&home->lock);
}

/* Tells. */
static void request_tell(struct io_request *request, NTSTATUS status, bool at_once)
{
    if (request->away)
        request_back(request);
    if (request->ended)
        request->ended(request);
    completion_end(&request->completion, status, request->done, at_once);
}

void requests_end(struct io_request *ended)
{
    while (ended) {
        struct io_request *next = ended->next;
        struct file *file = ended->completion.file, *on = ended->on;
        request_tell(ended, ended->completion.result, false);
        request_free(file, ended);
        object_release(file);
        if (on)
            object_release(on);
        ended = next;
    }
}

static void list_append(struct io_request *request, NTSTATUS status, struct io_request ***tail)
{
    request->completion.result = status;
    request->next = NULL;
    **tail = request;
    *tail = &request->next;
}

/* A request goes on at another file, `on`.  What is ready there already is told by an event.  Under the lock of its
 * own file, which is taken before the other's. */
static NTSTATUS request_move(struct io_request *request)
{
    struct io_channel *channel = channel_of(request->on), *home = channel_of(request->completion.file);
    if (!channel)
        return STATUS_NO_MEMORY;
    lock_acquire(&channel->lock);
    NTSTATUS status = channel_register(channel, channel->file->fd);
    if (!status) {
        request->away = true;
        request->next_away = home->away;
        home->away = request;
        request_append(channel, request);
    }
    lock_release(&channel->lock);
    return status ? status : STATUS_PENDING;
}

void channel_attempt(struct io_channel *channel, enum io_kind kind, struct io_request ***ended)
{
    while (channel->first[kind]) {
        struct io_request *request = channel->first[kind];
        NTSTATUS status = request->attempt(request);
        if (status == STATUS_PENDING)
            break;
        unlink_request(channel, &channel->first[kind]);
        if (status == STATUS_MORE_PROCESSING_REQUIRED)
            status = request_move(request);
        if (status != STATUS_PENDING)
            list_append(request, status, ended);
    }
}

/* Copies a request that has to wait and enters it, here or (moved) elsewhere.  Under the lock. */
static NTSTATUS request_keep(struct io_channel *channel, const struct io_request *template, bool moved)
{
    struct io_request *request;
    if (template->events && !moved) {
        NTSTATUS status = channel_register(channel, template->poll_fd ? template->poll_fd : channel->file->fd);
        if (status)
            return status;
    }
    request = request_create(channel, template);
    if (!request)
        return STATUS_NO_MEMORY;
    request->completion.io->Status = STATUS_PENDING;
    object_reference(request->completion.file);
    if (!moved) {
        request_append(channel, request);
        return STATUS_PENDING;
    }
    NTSTATUS status = request_move(request);
    if (status != STATUS_PENDING) {
        object_release(request->completion.file);
        request_free(channel->file, request);
    }
    return status;
}

NTSTATUS ioqueue_submit(struct io_request *request)
{
    struct io_channel *channel = channel_of(request_file(request));
    enum io_kind kind = request_kind(request);
    NTSTATUS status = STATUS_NO_MEMORY;
    if (request->on)
        object_reference(request->on);
    if (channel) {
        lock_acquire(kind_lock(channel, kind));
        status = channel->first[kind] ? STATUS_PENDING : request->attempt(request);
        if (status == STATUS_PENDING || status == STATUS_MORE_PROCESSING_REQUIRED)
            status = request_keep(channel, request, status != STATUS_PENDING);
        lock_release(kind_lock(channel, kind));
    }
    bool later = (NT_ERROR(status) && request->late) || (status == STATUS_BUFFER_OVERFLOW && request->late_cut);
    if (later)
        request->completion.io->Status = STATUS_PENDING;
    if (status != STATUS_PENDING) {
        request_tell(request, status, !later);
        if (request->on)
            object_release(request->on);
    }
    return later ? STATUS_PENDING : status;
}

NTSTATUS ioqueue_enqueue(struct io_request *request)
{
    struct io_channel *channel = channel_of(request_file(request));
    enum io_kind kind = request_kind(request);
    NTSTATUS status = STATUS_NO_MEMORY;
    if (request->on)
        object_reference(request->on);
    if (channel) {
        lock_acquire(kind_lock(channel, kind));
        status = request->attempt(request);
        if (status == STATUS_PENDING) {
            request->completion.io->Status = STATUS_PENDING;
            object_reference(request->completion.file);
            request_append(channel, request);
        }
        lock_release(kind_lock(channel, kind));
    }
    if (status == STATUS_PENDING)
        return status;
    request_tell(request, status, true);
    if (request->on)
        object_release(request->on);
    free(request);
    return status;
}

static bool matches(const struct io_request *request, const IO_STATUS_BLOCK *io, bool this_thread)
{
    if (io && request->completion.io != io)
        return false;
    return !this_thread || request->completion.issuer == thread_current();
}

/* Of the file's requests those that wait elsewhere.  One that is not found there is about to end. */
static unsigned cancel_away(struct io_channel *channel, const IO_STATUS_BLOCK *io, bool this_thread,
                            struct io_request ***ended)
{
    unsigned count = 0;
    lock_acquire(&channel->lock);
    for (struct io_request *request = channel->away; request; request = request->next_away) {
        if (!matches(request, io, this_thread))
            continue;
        struct io_channel *other = channel_of(request->on);
        enum io_kind kind = request_kind(request);
        lock_acquire(&other->lock);
        struct io_request **link = &other->first[kind];
        while (*link && *link != request)
            link = &(*link)->next;
        if (*link) {
            unlink_request(other, link);
            list_append(request, STATUS_CANCELLED, ended);
            count++;
        }
        lock_release(&other->lock);
    }
    lock_release(&channel->lock);
    return count;
}

unsigned ioqueue_cancel(struct file *file, const IO_STATUS_BLOCK *io, bool this_thread)
{
    struct io_channel *channel = atomic_load(&file->channel);
    struct io_request *ended = NULL, **tail = &ended;
    unsigned count = 0;
    if (!channel)
        return 0;
    for (int kind = 0; kind < IO_KINDS; kind++) {
        lock_acquire(kind_lock(channel, kind));
        for (struct io_request **link = &channel->first[kind]; *link;) {
            struct io_request *request = *link;
            if (!matches(request, io, this_thread)) {
                link = &request->next;
                continue;
            }
            unlink_request(channel, link);
            list_append(request, STATUS_CANCELLED, &tail);
            count++;
        }
        lock_release(kind_lock(channel, kind));
    }
    if (channel->away)
        count += cancel_away(channel, io, this_thread, &tail);
    requests_end(ended);
    return count;
}

static struct io_request *request_take(struct file *file, bool (*is)(const struct io_request *, const void *),
                                       const void *context)
{
    struct io_channel *channel = atomic_load(&file->channel);
    struct io_request *found = NULL;
    if (!channel)
        return NULL;
    for (int kind = 0; kind < IO_KINDS && !found; kind++) {
        lock_acquire(kind_lock(channel, kind));
        for (struct io_request **link = &channel->first[kind]; *link; link = &(*link)->next) {
            if (is(*link, context)) {
                found = *link;
                unlink_request(channel, link);
                break;
            }
        }
        lock_release(kind_lock(channel, kind));
    }
    return found;
}

void ioqueue_end(struct io_request *request, NTSTATUS status)
{
    request->next = NULL;
    request->completion.result = status;
    requests_end(request);
}

void ioqueue_end_later(struct io_request *request, NTSTATUS status, struct io_request ***ended)
{
    list_append(request, status, ended);
}

bool ioqueue_finish_that(struct file *file, bool (*is)(const struct io_request *, const void *), const void *context,
                         NTSTATUS status)
{
    struct io_request *found = request_take(file, is, context);
    if (found)
        ioqueue_end(found, status);
    return found != NULL;
}

static bool attempt_is(const struct io_request *request, const void *attempt)
{
    return request->attempt == *(NTSTATUS(*const *)(struct io_request *))attempt;
}

bool ioqueue_finish(struct file *file, NTSTATUS (*attempt)(struct io_request *), NTSTATUS status)
{
    return ioqueue_finish_that(file, attempt_is, &attempt, status);
}

bool ioqueue_take(struct file *file, struct io_request *request)
{
    struct io_channel *channel = atomic_load(&file->channel);
    bool found = false;
    if (!channel)
        return false;
    lock_acquire(&channel->silent);
    for (struct io_request **link = &channel->first[IO_SILENT]; *link && !found;) {
        found = *link == request;
        if (found)
            unlink_request(channel, link);
        else
            link = &(*link)->next;
    }
    lock_release(&channel->silent);
    return found;
}

NTSTATUS ioqueue_watch(struct io_watch *watch, struct file *file)
{
    struct io_channel *channel = channel_of(file);
    struct io_request *ended = NULL, **tail = &ended;
    watch->file = file;
    if (!channel)
        return STATUS_NO_MEMORY;
    lock_acquire(&channel->lock);
    NTSTATUS status = channel_register(channel, file->fd);
    if (!status) {
        watch->next = channel->watches;
        channel->watches = watch;
        if (!watch->patient)
            channel_urgent(1);
        watch->changed(watch, &tail);
    }
    lock_release(&channel->lock);
    requests_end(ended);
    return status;
}

void ioqueue_unwatch(struct io_watch *watch)
{
    struct io_channel *channel = watch->file ? atomic_load(&watch->file->channel) : NULL;
    if (!channel)
        return;
    lock_acquire(&channel->lock);
    for (struct io_watch **link = &channel->watches; *link; link = &(*link)->next) {
        if (*link == watch) {
            *link = watch->next;
            if (!watch->patient)
                channel_urgent(-1);
            break;
        }
    }
    lock_release(&channel->lock);
}

void ioqueue_notify(struct file *file, void (*changed)(struct io_watch *, struct io_request ***ended))
{
    struct io_channel *channel = atomic_load(&file->channel);
    struct io_request *ended = NULL, **tail = &ended;
    if (!channel)
        return;
    lock_acquire(&channel->lock);
    for (struct io_watch *watch = channel->watches, *next; watch; watch = next) {
        next = watch->next;
        (changed ? changed : watch->changed)(watch, &tail);
    }
    lock_release(&channel->lock);
    requests_end(ended);
}

void ioqueue_retry(struct file *file)
{
    struct io_channel *channel = atomic_load(&file->channel);
    struct io_request *ended = NULL, **tail = &ended;
    if (!channel)
        return;
    lock_acquire(&channel->lock);
    channel_attempt(channel, IO_READ, &tail);
    lock_release(&channel->lock);
    requests_end(ended);
    ioqueue_notify(file, NULL);
}

void ioqueue_forget(struct file *file)
{
    struct io_channel *channel = atomic_load(&file->channel);
    if (!channel)
        return;
    lock_acquire(&channel->lock);
    channel_unregister(channel);
    lock_release(&channel->lock);
}

void ioqueue_destroy(struct file *file)
{
    struct io_channel *channel = atomic_load(&file->channel);
    if (!channel)
        return;
    channel_unregister(channel);
    free(atomic_load(&channel->spare));
    free(channel);
}
