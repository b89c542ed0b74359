/*
 * socket_accept.c: accept, and AcceptEx with its second half: waiting for the first data.
 */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "socket_private.h"

/* One connection without waiting: its fd, or -1 with errno. */
static int accept_one(struct file *listener, struct host_address *peer)
{
    int fd;
    do {
        peer->length = sizeof peer->bytes;
        fd = accept4(listener->fd, &peer->any, &peer->length, SOCK_CLOEXEC);
    } while (fd < 0 && (errno == EINTR || errno == ECONNABORTED));
    return fd;
}

static void accepted_state(struct file *file, const struct file *listener)
{
    struct timespec now;
    struct socket *socket = file->socket;
    clock_gettime(CLOCK_MONOTONIC, &now);
    socket->phase = SOCKET_CONNECTED;
    socket->bound = true;
    socket->connected_at = now.tv_sec;
    socket->local = listener->socket->local;
}

static NTSTATUS accept_wait(struct file *listener, struct host_address *peer, int *fd)
{
    for (;;) {
        *fd = accept_one(listener, peer);
        if (*fd >= 0)
            return STATUS_SUCCESS;
        if (listener->socket->closing)
            return STATUS_CANCELLED;
        if (errno != EAGAIN || listener->socket->nonblocking)
            return socket_status(errno);
        NTSTATUS status = socket_wait(listener, POLLIN, 0);
        if (status)
            return status;
    }
}

static NTSTATUS accept_handle(struct file *listener, int fd, HANDLE *handle)
{
    struct file *file;
    const struct socket *old = listener->socket;
    NTSTATUS status = socket_wrap(fd, old->family, old->type, old->protocol, !listener->synchronous, &file);
    if (status)
        return status;
    accepted_state(file, listener);
    file->socket->nonblocking = old->nonblocking;
    file->socket->registered = old->registered;
    file->socket->send_timeout = old->send_timeout;
    file->socket->receive_timeout = old->receive_timeout;
    status = handle_create(file, file->access, OBJ_INHERIT, handle);
    if (!status && socket_has_events(old))
        socket_events_inherit(listener, file, *handle);
    object_release(file);
    return status;
}

NTSTATUS socket_accept(HANDLE handle, void *address, int *length, HANDLE *accepted)
{
    struct file *listener;
    struct host_address peer;
    int fd;
    NTSTATUS status = socket_lookup(handle, &listener);
    if (status)
        return status;
    if (listener->socket->type != WS_SOCK_STREAM)
        status = STATUS_NOT_SUPPORTED;
    else if (listener->socket->phase != SOCKET_LISTENING)
        status = STATUS_INVALID_PARAMETER;
    else if (address && length && *length < (int)sizeof(struct sockaddr_in) && listener->socket->family != WS_AF_UNIX)
        status = STATUS_ACCESS_VIOLATION;
    if (!status && !socket_enter(listener->socket))
        status = STATUS_CANCELLED;
    if (!status) {
        status = accept_wait(listener, &peer, &fd);
        socket_leave(listener->socket);
    }
    if (!status) {
        if (address && length)
            address_from_host(&peer, address, length);
        status = accept_handle(listener, fd, accepted);
    }
    if (socket_has_events(listener->socket))
        socket_event_enable(listener, WS_FD_ACCEPT);
    object_release(listener);
    return status;
}

/* AcceptEx in progress: at the listener, then, for the first data, at the new socket (`request.on`). */
struct accept_request {
    struct io_request request;
    struct file *accepted; /* owned */
    struct socket_accept_buffer buffer;
};

/* An address as GetAcceptExSockaddrs finds it: the address, and its length in the last four bytes of its room. */
static void put_address(char *room, ULONG size, const struct host_address *host)
{
    int length = (int)size - (int)sizeof length;
    if (length <= 0)
        return;
    memset(room, 0, size);
    if (address_from_host(host, room, &length))
        length = 0;
    memcpy(room + size - sizeof length, &length, sizeof length);
}

static void take_connection(struct accept_request *accept, int fd, const struct host_address *peer)
{
    struct file *file = accept->accepted;
    struct socket_accept_buffer *buffer = &accept->buffer;
    struct host_address local = {.length = sizeof local.bytes};
    ioqueue_forget(file);
    close(file->fd);
    file->fd = fd;
    file->socket->host_nonblocking = false;
    accepted_state(file, accept->request.completion.file);
    getsockname(fd, &local.any, &local.length);
    put_address(buffer->buffer + buffer->data_length, buffer->local_length, &local);
    put_address(buffer->buffer + buffer->data_length + buffer->local_length, buffer->remote_length, peer);
}

static NTSTATUS first_data_attempt(struct io_request *request)
{
    ssize_t n;
    do
        n = recv(request->on->fd, request->buffer, request->length, MSG_DONTWAIT);
    while (n < 0 && errno == EINTR);
    if (n < 0)
        return errno == EAGAIN ? STATUS_PENDING : socket_status(errno);
    request->done = n;
    return STATUS_SUCCESS;
}

static NTSTATUS accept_attempt(struct io_request *request)
{
    struct accept_request *accept = (struct accept_request *)request;
    struct host_address peer;
    int fd = accept_one(request->completion.file, &peer);
    if (fd < 0)
        return errno == EAGAIN ? STATUS_PENDING : socket_status(errno);
    take_connection(accept, fd, &peer);
    if (!accept->buffer.data_length)
        return STATUS_SUCCESS;
    request->on = object_reference(accept->accepted);
    request->attempt = first_data_attempt;
    request->buffer = accept->buffer.buffer;
    request->length = accept->buffer.data_length;
    return STATUS_MORE_PROCESSING_REQUIRED;
}

static void accept_ended(struct io_request *request)
{
    object_release(((struct accept_request *)request)->accepted);
}

static NTSTATUS accept_check(const struct file *listener, const struct file *accepted,
                             const struct socket_accept_buffer *buffer)
{
    const ULONG least = sizeof(struct sockaddr_in) + 16;
    if (listener->socket->phase != SOCKET_LISTENING || accepted->socket->phase != SOCKET_OPEN ||
        accepted->socket->family != listener->socket->family || accepted->socket->type != WS_SOCK_STREAM)
        return STATUS_INVALID_PARAMETER;
    if (!buffer->buffer)
        return STATUS_ACCESS_VIOLATION;
    return buffer->remote_length < least ? STATUS_ACCESS_VIOLATION : STATUS_SUCCESS;
}

NTSTATUS socket_accept_overlapped(HANDLE listener_handle, HANDLE accepted_handle,
                                  const struct socket_accept_buffer *buffer, const struct socket_overlapped *overlapped)
{
    struct file *listener, *accepted;
    NTSTATUS status = socket_lookup(listener_handle, &listener);
    if (status)
        return status;
    status = socket_lookup(accepted_handle, &accepted);
    if (status) {
        object_release(listener);
        return status;
    }
    struct accept_request accept = {
        .request = {.attempt = accept_attempt, .ended = accept_ended, .events = POLLIN, .size = sizeof accept},
        .accepted = accepted,
        .buffer = *buffer};
    status = accept_check(listener, accepted, buffer);
    if (!status)
        status = completion_begin(&accept.request.completion, listener, overlapped->event, overlapped->apc,
                                  overlapped->context, overlapped->io);
    if (!status)
        status = ioqueue_submit(&accept.request); /* gives `accepted` back at its end */
    else
        object_release(accepted);
    object_release(listener);
    return status;
}
