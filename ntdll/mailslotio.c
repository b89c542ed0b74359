/*
 * mailslotio.c: the messages of mailslots.
 *
 * A message is its length and its bytes, appended to the slot's file under the arena's lock; it is there once the
 * queue's new ends are.  Before that the writer rings: a datagram to the server's socket, dropped if many are there
 * already.  The socket is readable while the queue is not empty, so a reader sleeps as it does for any socket.  A bell
 * that rings for nothing (its writer was killed) is taken by the first reader that finds the queue empty.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>
#include "alarm.h"
#include "error.h"
#include "ioqueue.h"
#include "mailslot.h"

#define HOLE (1 << 20) /* messages that have been read are given back in pieces of this size */

static struct mailslot *slot_of(const struct mailslot_end *end)
{
    return (struct mailslot *)arena_entry(end->entry)->data;
}

/* Under the lock: whether the slot is still the one that was opened. */
static bool slot_lives(const struct mailslot_end *end)
{
    const struct arena_entry *entry = arena_entry(end->entry);
    return end->entry && atomic_load(&entry->kind) == ARENA_MAILSLOT && atomic_load(&entry->serial) == end->serial;
}

static struct mailslot_queue *queue_of(struct mailslot *slot)
{
    return &slot->queues[atomic_load(&slot->which) & 1];
}

static void queue_set(struct mailslot *slot, struct mailslot_queue queue)
{
    uint32_t which = atomic_load(&slot->which) + 1;
    slot->queues[which & 1] = queue;
    atomic_store(&slot->which, which);
}

static bool transfer_all(int fd, void *buffer, size_t length, int64_t at, bool write)
{
    for (size_t done = 0; done < length;) {
        ssize_t n = write ? pwrite(fd, (char *)buffer + done, length - done, at + (int64_t)done)
                          : pread(fd, (char *)buffer + done, length - done, at + (int64_t)done);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        done += (size_t)n;
    }
    return true;
}

static NTSTATUS append(struct file *file, void *buffer, uint32_t length)
{
    struct mailslot_end *end = file->mailslot;
    struct mailslot *slot = slot_of(end);
    if (!slot_lives(end))
        return STATUS_FILE_FORCED_CLOSED;
    if (slot->maximum && length > slot->maximum)
        return STATUS_INVALID_PARAMETER;
    struct mailslot_queue queue = *queue_of(slot);
    if (!transfer_all(end->messages, &length, sizeof length, queue.tail, true) ||
        !transfer_all(end->messages, buffer, length, queue.tail + (int64_t)sizeof length, true))
        return STATUS_INSUFFICIENT_RESOURCES;
    if (send(file->fd, "", 1, MSG_DONTWAIT | MSG_NOSIGNAL) < 0 && errno != EAGAIN)
        return STATUS_FILE_FORCED_CLOSED; /* its server was killed */
    queue.tail += (int64_t)(sizeof length + length);
    queue.count++;
    queue_set(slot, queue);
    return STATUS_SUCCESS;
}

static void quiet(int fd)
{
    char bell;
    while (recv(fd, &bell, 1, MSG_DONTWAIT) >= 0)
        ;
}

/* Gives back the memory of what has been read. */
static void messages_forget(int fd, const struct mailslot_queue *before, struct mailslot_queue *queue)
{
    if (!queue->count)
        *queue = (struct mailslot_queue){0}; /* the next one is written over it */
    else if (before->head / HOLE != queue->head / HOLE)
        fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, queue->head / HOLE * HOLE);
}

static NTSTATUS take(struct file *file, void *buffer, size_t length, size_t *done)
{
    struct mailslot_end *end = file->mailslot;
    struct mailslot *slot = slot_of(end);
    uint32_t size;
    if (!slot_lives(end))
        return STATUS_FILE_FORCED_CLOSED;
    const struct mailslot_queue before = *queue_of(slot);
    if (!before.count) {
        quiet(file->fd);
        return STATUS_PENDING;
    }
    if (!transfer_all(end->messages, &size, sizeof size, before.head, false))
        return STATUS_UNEXPECTED_IO_ERROR;
    if (size > length)
        return STATUS_BUFFER_TOO_SMALL;
    if (!transfer_all(end->messages, buffer, size, before.head + (int64_t)sizeof size, false))
        return STATUS_UNEXPECTED_IO_ERROR;
    struct mailslot_queue queue = {before.head + (int64_t)(sizeof size + size), before.tail, before.count - 1};
    messages_forget(end->messages, &before, &queue);
    queue_set(slot, queue);
    if (!queue.count) {
        quiet(file->fd);
        if (before.tail > HOLE && ftruncate(end->messages, 0))
            return STATUS_UNEXPECTED_IO_ERROR;
    }
    *done = size;
    return STATUS_SUCCESS;
}

/* The end of a read's time: shared by the request and the alarm. */
struct expiry {
    struct alarm alarm;
    _Atomic uint32_t references;
    struct file *file;
};

struct read_request {
    struct io_request io;
    struct expiry *expiry; /* NULL: the read waits for ever, or not at all */
    bool at_once;
};

static void expiry_drop(struct expiry *expiry)
{
    if (atomic_fetch_sub(&expiry->references, 1) > 1)
        return;
    object_release(expiry->file);
    free(expiry);
}

static void read_ended(struct io_request *io)
{
    struct expiry *expiry = ((struct read_request *)io)->expiry;
    if (!expiry)
        return;
    if (alarm_cancel(&expiry->alarm))
        expiry_drop(expiry);
    expiry_drop(expiry);
}

static bool expires(const struct io_request *io, const void *expiry)
{
    return io->ended == read_ended && ((const struct read_request *)io)->expiry == expiry;
}

static void expired(struct alarm *alarm)
{
    struct expiry *expiry = (struct expiry *)alarm;
    ioqueue_finish_that(expiry->file, expires, expiry, STATUS_IO_TIMEOUT);
    expiry_drop(expiry);
}

static void fire(struct alarm *alarm)
{
    alarm_after(alarm);
}

static NTSTATUS read_attempt(struct io_request *io)
{
    const struct read_request *request = (struct read_request *)io;
    struct file *file = io->completion.file;
    arena_lock();
    NTSTATUS status = take(file, io->buffer, io->length, &io->done);
    arena_unlock();
    return status == STATUS_PENDING && request->at_once ? STATUS_IO_TIMEOUT : status;
}

static NTSTATUS read_message(struct completion *completion, void *buffer, ULONG length)
{
    struct file *file = completion->file;
    struct read_request request = {.io = {.completion = *completion,
                                          .attempt = read_attempt,
                                          .ended = read_ended,
                                          .events = POLLIN,
                                          .buffer = buffer,
                                          .length = length,
                                          .size = sizeof request}};
    const LARGE_INTEGER due = {.QuadPart = atomic_load(&slot_of(file->mailslot)->timeout)};
    request.at_once = !due.QuadPart;
    struct expiry *expiry = due.QuadPart && due.QuadPart != -1 ? calloc(1, sizeof *expiry) : NULL;
    if (expiry) {
        expiry->alarm.fire = fire;
        expiry->alarm.after = expired;
        expiry->references = 2;
        expiry->file = object_reference(file);
        request.expiry = expiry;
    }
    NTSTATUS status = ioqueue_submit(&request.io);
    if (expiry && (status != STATUS_PENDING || alarm_set(&expiry->alarm, &due, 0)))
        expiry_drop(expiry);
    return status;
}

NTSTATUS mailslot_transfer(struct completion *completion, void *buffer, ULONG length, bool write)
{
    struct file *file = completion->file;
    if (file->mailslot->is_server != !write)
        return completion_end(completion, STATUS_INVALID_DEVICE_REQUEST, 0, true);
    if (!write)
        return read_message(completion, buffer, length);
    arena_lock();
    NTSTATUS status = append(file, buffer, length);
    arena_unlock();
    return completion_end(completion, status, status ? 0 : length, true);
}

NTSTATUS mailslot_query(struct file *file, FILE_MAILSLOT_QUERY_INFORMATION *info)
{
    struct mailslot_end *end = file->mailslot;
    uint32_t size = MAILSLOT_NO_MESSAGE;
    if (!end || !end->is_server)
        return STATUS_INVALID_PARAMETER;
    struct mailslot *slot = slot_of(end);
    arena_lock();
    const struct mailslot_queue queue = *queue_of(slot);
    bool read = !queue.count || transfer_all(end->messages, &size, sizeof size, queue.head, false);
    arena_unlock();
    info->MaximumMessageSize = slot->maximum;
    info->MailslotQuota = 0;
    info->NextMessageSize = size;
    info->MessagesAvailable = queue.count;
    info->ReadTimeout.QuadPart = atomic_load(&slot->timeout);
    return read ? STATUS_SUCCESS : STATUS_UNEXPECTED_IO_ERROR;
}
