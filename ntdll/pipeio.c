/*
 * pipeio.c: data through pipes: at once, in the background, in messages, and without taking it (peek).
 *
 * Synchronous handles block in the host; those of overlapped handles are tried without
 * blocking and else left to the I/O thread.  Calls Linux and ioqueue.c.
 */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>
#include <fcntl.h>
#include <limits.h>

#include "blocking.h"
#include "error.h"
#include "ioqueue.h"
#include "pipe.h"

static bool is_socket(const struct file *file)
{
    return file->pipe && (file->pipe->message || file->pipe->duplex);
}

ULONG pipe_available(struct file *file)
{
    int count = 0;
    ioctl(file->fd, FIONREAD, &count);
    return (ULONG)count + (file->pipe ? (ULONG)(file->pipe->rest_length - file->pipe->rest_at) : 0);
}

ULONG pipe_room(struct file *file, ULONG quota)
{
    int size = fcntl(file->fd, F_GETPIPE_SZ), count = 0;
    if (size < 0 || ioctl(file->fd, FIONREAD, &count)) /* a socket */
        return quota;
    ULONG room = count < size ? (ULONG)(size - count) : 0;
    return room < quota ? room : quota;
}

static bool pipe_is_ready(int fd, short events)
{
    struct pollfd poll_fd = {.fd = fd, .events = events};
    return poll(&poll_fd, 1, 0) > 0;
}

static ssize_t read_some(struct file *file, void *buffer, size_t length, bool wait)
{
    struct iovec piece = {buffer, length};
    if (is_socket(file))
        return recv(file->fd, buffer, length, wait ? 0 : MSG_DONTWAIT);
    if (wait)
        return read(file->fd, buffer, length);
    ssize_t n = preadv2(file->fd, &piece, 1, -1, RWF_NOWAIT);
    if (n >= 0 || errno != EOPNOTSUPP)
        return n;
    if (pipe_is_ready(file->fd, POLLIN))
        return read(file->fd, buffer, length);
    errno = EAGAIN;
    return -1;
}

static ssize_t write_some(struct file *file, const void *buffer, size_t length, bool wait)
{
    struct iovec piece = {(void *)buffer, length};
    if (is_socket(file))
        return send(file->fd, buffer, length, MSG_NOSIGNAL | (wait ? 0 : MSG_DONTWAIT));
    if (wait)
        return write(file->fd, buffer, length);
    ssize_t n = pwritev2(file->fd, &piece, 1, -1, RWF_NOWAIT);
    if (n >= 0 || errno != EOPNOTSUPP)
        return n;
    /* A pipe that polls as writable takes PIPE_BUF bytes without blocking. */
    if (pipe_is_ready(file->fd, POLLOUT))
        return write(file->fd, buffer, length < PIPE_BUF ? length : PIPE_BUF);
    errno = EAGAIN;
    return -1;
}

/* After a call was interrupted: is it to be made again?  If not it has been cancelled, which its EINTR then says. */
static bool interrupted(bool wait)
{
    return errno == EINTR && !(wait && blocking_cancelled());
}

static NTSTATUS read_error(const struct file *file, int error)
{
    if (error == EAGAIN)
        return STATUS_PENDING;
    if (error == EINTR)
        return STATUS_CANCELLED;
    if (error == ECONNRESET || error == ENOTCONN)
        return STATUS_PIPE_BROKEN;
    return file->pipe && file->pipe->state == PIPE_DISCONNECTED ? STATUS_PIPE_DISCONNECTED : status_from_errno(error);
}

/* What is left of a message, first. */
static NTSTATUS read_rest(struct pipe_end *end, char *buffer, size_t length, size_t *done)
{
    size_t left = end->rest_length - end->rest_at;
    *done = left < length ? left : length;
    memcpy(buffer, end->rest + end->rest_at, *done);
    end->rest_at += *done;
    if (*done < left)
        return end->read_message ? STATUS_BUFFER_OVERFLOW : STATUS_SUCCESS;
    free(end->rest);
    end->rest = NULL;
    end->rest_length = end->rest_at = 0;
    return STATUS_SUCCESS;
}

/* One packet; what does not fit is kept. */
static NTSTATUS read_message(struct file *file, char *buffer, size_t length, bool wait, size_t *done)
{
    struct pipe_end *end = file->pipe;
    char probe;
    if (end->rest)
        return read_rest(end, buffer, length, done);
    ssize_t size;
    do
        size = recv(file->fd, &probe, 1, MSG_PEEK | MSG_TRUNC | (wait ? 0 : MSG_DONTWAIT));
    while (size < 0 && interrupted(wait));
    if (size < 0)
        return read_error(file, errno);
    if (!size)
        return STATUS_PIPE_BROKEN;
    if ((size_t)size <= length) {
        size = recv(file->fd, buffer, length, MSG_DONTWAIT);
        *done = size < 0 ? 0 : size;
        return size < 0 ? read_error(file, errno) : STATUS_SUCCESS;
    }
    end->rest = malloc(size);
    if (!end->rest)
        return STATUS_NO_MEMORY;
    size = recv(file->fd, end->rest, size, MSG_DONTWAIT);
    end->rest_length = size < 0 ? 0 : size;
    return read_rest(end, buffer, length, done);
}

static NTSTATUS pipe_read_once(struct file *file, char *buffer, size_t length, bool wait, size_t *done)
{
    if (file->pipe && file->pipe->is_server && file->pipe->state != PIPE_CONNECTED && !pipe_accept(file))
        return file->pipe->state == PIPE_LISTENING ? STATUS_PIPE_LISTENING : STATUS_PIPE_DISCONNECTED;
    if (file->pipe && file->pipe->message)
        return read_message(file, buffer, length, wait, done);
    ssize_t n;
    do
        n = read_some(file, buffer, length, wait);
    while (n < 0 && interrupted(wait));
    if (n < 0)
        return read_error(file, errno);
    *done = n;
    return n || !length ? STATUS_SUCCESS : STATUS_PIPE_BROKEN;
}

static NTSTATUS pipe_write_once(struct file *file, const char *buffer, size_t length, bool wait, size_t *done)
{
    if (file->pipe && file->pipe->is_server && file->pipe->state < PIPE_CONNECTED && !pipe_accept(file))
        return file->pipe->state == PIPE_LISTENING ? STATUS_PIPE_LISTENING : STATUS_PIPE_DISCONNECTED;
    while (*done < length) {
        ssize_t n = write_some(file, buffer + *done, length - *done, wait);
        if (n < 0 && interrupted(wait))
            continue;
        if (n < 0 && errno == EINTR)
            return STATUS_CANCELLED;
        if (n < 0 && errno == EAGAIN)
            return STATUS_PENDING;
        if (n < 0)
            return errno == EPIPE || errno == ECONNRESET ? STATUS_PIPE_CLOSING : status_from_errno(errno);
        *done += n;
    }
    return STATUS_SUCCESS;
}

static NTSTATUS read_attempt(struct io_request *request)
{
    return pipe_read_once(request->completion.file, request->buffer, request->length, false, &request->done);
}

static NTSTATUS write_attempt(struct io_request *request)
{
    return pipe_write_once(request->completion.file, request->buffer, request->length, false, &request->done);
}

NTSTATUS pipe_transfer(struct completion *completion, void *buffer, ULONG length, bool write)
{
    struct file *file = completion->file;
    size_t done = 0;
    NTSTATUS status;
    if (!file->synchronous && !file->pipe_nowait) {
        struct io_request request = {.completion = *completion,
                                     .attempt = write ? write_attempt : read_attempt,
                                     .events = write ? POLLOUT : POLLIN,
                                     .buffer = buffer,
                                     .length = length};
        return ioqueue_submit(&request);
    }
    blocking_begin(file);
    if (write)
        status = pipe_write_once(file, buffer, length, !file->pipe_nowait, &done);
    else
        status = pipe_read_once(file, buffer, length, !file->pipe_nowait, &done);
    blocking_end();
    if (status == STATUS_PENDING)
        status = write ? STATUS_SUCCESS : STATUS_PIPE_EMPTY;
    if (file->synchronous && NT_ERROR(status)) {
        completion->io->Status = status;
        completion->io->Information = done;
    }
    return completion_end(completion, status, done, true);
}

/* Until the other end has read everything, or is gone. */
NTSTATUS pipe_flush(struct file *file)
{
    const LARGE_INTEGER pause = {.QuadPart = -10000}; /* the host tells nobody that a queue is empty */
    int left = 0;
    while (is_socket(file) && file->pipe->state == PIPE_CONNECTED && !ioctl(file->fd, SIOCOUTQ, &left) && left > 0) {
        struct pollfd state = {.fd = file->fd, .events = 0};
        if (poll(&state, 1, 0) > 0)
            return STATUS_PIPE_BROKEN;
        NtDelayExecution(FALSE, &pause);
    }
    return STATUS_SUCCESS;
}

/* Copies what is in a host pipe without taking it, through a second pipe. */
static ssize_t peek_pipe(int fd, void *out, size_t length)
{
    int copy[2];
    ssize_t n;
    if (pipe2(copy, O_CLOEXEC | O_NONBLOCK))
        return -1;
    n = tee(fd, copy[1], length, SPLICE_F_NONBLOCK);
    if (n > 0)
        n = read(copy[0], out, n);
    close(copy[0]);
    close(copy[1]);
    return n;
}

NTSTATUS pipe_peek(struct file *file, void *out, ULONG out_length, ULONG *used)
{
    FILE_PIPE_PEEK_BUFFER *peek = out;
    const ULONG head = offsetof(FILE_PIPE_PEEK_BUFFER, Data);
    ssize_t n = 0;
    if (file->kind != FILE_KIND_PIPE)
        return STATUS_INVALID_DEVICE_REQUEST;
    if (!(file->access & FILE_READ_DATA))
        return STATUS_ACCESS_DENIED;
    if (out_length < head)
        return STATUS_INFO_LENGTH_MISMATCH;
    ULONG there = pipe_available(file), room = out_length - head;
    if (!there) {
        struct pollfd state = {.fd = file->fd, .events = POLLIN};
        char probe;
        bool closed = poll(&state, 1, 0) > 0 && ((state.revents & (POLLHUP | POLLERR)) && !(state.revents & POLLIN));
        if (is_socket(file) && (state.revents & POLLIN) && !recv(file->fd, &probe, 1, MSG_PEEK | MSG_DONTWAIT))
            closed = true;
        if (closed)
            return STATUS_PIPE_BROKEN;
    }
    memset(peek, 0, head);
    peek->NamedPipeState = file->pipe ? file->pipe->state : PIPE_CONNECTED;
    peek->ReadDataAvailable = there;
    if (room && there) {
        if (file->pipe && file->pipe->rest) {
            n = file->pipe->rest_length - file->pipe->rest_at;
            n = n < (ssize_t)room ? n : (ssize_t)room;
            memcpy(peek->Data, file->pipe->rest + file->pipe->rest_at, n);
        } else if (is_socket(file)) {
            n = recv(file->fd, peek->Data, room, MSG_PEEK | MSG_DONTWAIT);
        } else {
            n = peek_pipe(file->fd, peek->Data, room);
        }
    }
    *used = head + (n > 0 ? (ULONG)n : 0);
    return there > (ULONG)(n > 0 ? n : 0) && room ? STATUS_BUFFER_OVERFLOW : STATUS_SUCCESS;
}
