/*
 * ioqueue.c: the I/O thread: polls what pending operations wait for, and ends them.
 *
 * One list of requests in order of arrival, one lock.  The thread sleeps in poll() on their fds
 * and an eventfd that says that the list has changed.  Completion is told after the lock is
 * released, since it may wake and post.
 */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "ioqueue.h"
#include "fileio.h"
#include "service.h"

#define POLL_FDS_FIRST 16

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct io_request *first, **last = &first;
static int wake_fd = -1;

static void request_end(struct io_request *request, NTSTATUS status, bool at_once)
{
    struct file *file = request->completion.file;
    completion_end(&request->completion, status, request->done, at_once);
    object_release(file);
    free(request);
}

static void unlink_request(struct io_request **link)
{
    struct io_request *request = *link;
    *link = request->next;
    if (last == &request->next)
        last = link;
}

/* Tries all waiting requests; ended ones go to the list `ended`, their status in done order. */
static struct io_request *attempt_all(void)
{
    struct io_request *ended = NULL, **tail = &ended;
    for (struct io_request **link = &first; *link;) {
        struct io_request *request = *link;
        bool earlier = false;
        for (struct io_request *before = first; before != request && !earlier; before = before->next)
            earlier = before->completion.file == request->completion.file && before->events == request->events;
        NTSTATUS status = earlier || !request->events ? STATUS_PENDING : request->attempt(request);
        if (status == STATUS_PENDING) {
            link = &request->next;
            continue;
        }
        unlink_request(link);
        request->completion.result = status;
        request->next = NULL;
        *tail = request;
        tail = &request->next;
    }
    return ended;
}

static void end_all(struct io_request *ended)
{
    while (ended) {
        struct io_request *next = ended->next;
        request_end(ended, ended->completion.result, false);
        ended = next;
    }
}

/* The fds to poll; slot 0 is the wake-up. */
static struct pollfd *poll_list(struct pollfd *list, size_t *size, size_t *count)
{
    size_t n = 1;
    for (const struct io_request *request = first; request; request = request->next) {
        if (!request->events)
            continue;
        if (n == *size) {
            struct pollfd *more = realloc(list, *size * 2 * sizeof *list);
            if (!more)
                break;
            list = more;
            *size *= 2;
        }
        list[n++] = (struct pollfd){.fd = request->poll_fd ? request->poll_fd : request->completion.file->fd,
                                    .events = request->events};
    }
    *count = n;
    return list;
}

static void io_serve(void *poll_fds)
{
    size_t size = POLL_FDS_FIRST, count = 1;
    struct pollfd *list = poll_fds;
    for (;;) {
        uint64_t wakes;
        host_lock(&lock);
        struct io_request *ended = attempt_all();
        list = poll_list(list, &size, &count);
        host_unlock(&lock);
        end_all(ended);
        list[0] = (struct pollfd){.fd = wake_fd, .events = POLLIN};
        if (poll(list, count, -1) > 0 && (list[0].revents & POLLIN) && read(wake_fd, &wakes, sizeof wakes) < 0)
            continue;
    }
}

/* Under the lock. */
static NTSTATUS thread_start(void)
{
    if (wake_fd >= 0)
        return STATUS_SUCCESS;
    int fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (fd < 0)
        return STATUS_INSUFFICIENT_RESOURCES;
    struct pollfd *list = calloc(POLL_FDS_FIRST, sizeof *list);
    wake_fd = fd;
    if (list && !service_start(io_serve, list))
        return STATUS_SUCCESS;
    free(list);
    close(fd);
    wake_fd = -1;
    return STATUS_INSUFFICIENT_RESOURCES;
}

static bool has_waiting(const struct file *file, short events)
{
    for (const struct io_request *request = first; request; request = request->next)
        if (request->completion.file == file && request->events == events)
            return true;
    return false;
}

NTSTATUS ioqueue_submit(const struct io_request *template)
{
    struct io_request *request = malloc(sizeof *request);
    NTSTATUS status = STATUS_NO_MEMORY;
    struct completion completion = template->completion;
    if (!request)
        return completion_end(&completion, status, 0, true);
    *request = *template;
    request->next = NULL;
    object_reference(completion.file);
    host_lock(&lock);
    status = has_waiting(completion.file, request->events) ? STATUS_PENDING : request->attempt(request);
    if (status == STATUS_PENDING) {
        NTSTATUS started = thread_start();
        if (started) {
            status = started;
        } else {
            request->completion.io->Status = STATUS_PENDING;
            *last = request;
            last = &request->next;
        }
    }
    host_unlock(&lock);
    if (status == STATUS_PENDING)
        eventfd_write(wake_fd, 1);
    else
        request_end(request, status, true);
    return status;
}

static bool matches(const struct io_request *request, const IO_STATUS_BLOCK *io, bool this_thread)
{
    if (io && request->completion.io != io)
        return false;
    return !this_thread || request->completion.issuer == thread_current();
}

unsigned ioqueue_cancel(struct file *file, const IO_STATUS_BLOCK *io, bool this_thread)
{
    struct io_request *ended = NULL, **tail = &ended;
    unsigned count = 0;
    host_lock(&lock);
    for (struct io_request **link = &first; *link;) {
        struct io_request *request = *link;
        if (request->completion.file != file || !matches(request, io, this_thread)) {
            link = &request->next;
            continue;
        }
        unlink_request(link);
        request->completion.result = STATUS_CANCELLED;
        request->next = NULL;
        *tail = request;
        tail = &request->next;
        count++;
    }
    host_unlock(&lock);
    end_all(ended);
    return count;
}

bool ioqueue_finish(struct file *file, NTSTATUS (*attempt)(struct io_request *), NTSTATUS status)
{
    struct io_request *found = NULL;
    host_lock(&lock);
    for (struct io_request **link = &first; *link; link = &(*link)->next) {
        if ((*link)->completion.file == file && (*link)->attempt == attempt) {
            found = *link;
            unlink_request(link);
            break;
        }
    }
    host_unlock(&lock);
    if (found)
        request_end(found, status, false);
    return found != NULL;
}
