/*
 * socket_connect.c: connect, in the foreground, in the background, and overlapped (ConnectEx); DisconnectEx.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "socket_private.h"

static void connected(struct file *file)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    file->socket->connected_at = now.tv_sec;
    file->socket->phase = SOCKET_CONNECTED;
    file->socket->bound = true;
}

static NTSTATUS connect_end(struct file *file)
{
    int error = 0;
    socklen_t size = sizeof error;
    getsockopt(file->fd, SOL_SOCKET, SO_ERROR, &error, &size);
    if (!error) {
        connected(file);
        return STATUS_SUCCESS;
    }
    file->socket->phase = SOCKET_OPEN;
    file->socket->error = socket_status(error);
    file->socket->connect_failed = true;
    return file->socket->error;
}

NTSTATUS socket_connect_result(struct file *file)
{
    struct pollfd state = {.fd = file->fd, .events = POLLOUT};
    switch (file->socket->phase) {
    case SOCKET_CONNECTED:
        return STATUS_SUCCESS;
    case SOCKET_CONNECTING:
        return poll(&state, 1, 0) > 0 ? connect_end(file) : STATUS_PENDING;
    default:
        return file->socket->connect_failed ? file->socket->error : STATUS_CONNECTION_INVALID;
    }
}

/* Windows has no way to oneself by the unspecified address, and no port 0. */
static bool no_destination(const struct host_address *host)
{
    if (host->any.sa_family == AF_INET)
        return !host->in.sin_addr.s_addr || !host->in.sin_port;
    if (host->any.sa_family == AF_INET6)
        return IN6_IS_ADDR_UNSPECIFIED(&host->in6.sin6_addr) || !host->in6.sin6_port;
    return false;
}

static NTSTATUS connect_check(struct file *file, const void *address, int length, struct host_address *host)
{
    struct socket *socket = file->socket;
    NTSTATUS pending = socket->phase == SOCKET_CONNECTING ? socket_connect_result(file) : STATUS_SUCCESS;
    if (pending == STATUS_PENDING)
        return STATUS_FROM_WINSOCK(10037); /* WSAEALREADY */
    if (socket->phase == SOCKET_LISTENING)
        return STATUS_INVALID_PARAMETER;
    if (socket->phase == SOCKET_CONNECTED && socket->type == WS_SOCK_STREAM)
        return STATUS_CONNECTION_ACTIVE;
    if (address && length >= (int)sizeof(USHORT) && *(const USHORT *)address != socket->family &&
        *(const USHORT *)address != WS_AF_UNSPEC)
        return STATUS_FROM_WINSOCK(10047); /* WSAEAFNOSUPPORT */
    NTSTATUS status = address_to_host(address, length, host);
    if (status)
        return status;
    if (socket->type == WS_SOCK_STREAM && (no_destination(host) || host->any.sa_family == AF_UNSPEC))
        return STATUS_INVALID_ADDRESS_COMPONENT;
    socket->connect_failed = false;
    return STATUS_SUCCESS;
}

static bool all_zero(const struct host_address *host)
{
    return host->any.sa_family == AF_INET    ? !host->in.sin_addr.s_addr && !host->in.sin_port
           : host->any.sa_family == AF_INET6 ? IN6_IS_ADDR_UNSPECIFIED(&host->in6.sin6_addr) && !host->in6.sin6_port
                                             : false;
}

/* A datagram socket only remembers its peer; an address and port of zero take it back. */
static NTSTATUS connect_datagram(struct file *file, struct host_address *host)
{
    if (host->any.sa_family != AF_UNSPEC && all_zero(host))
        host->any.sa_family = AF_UNSPEC;
    else if (no_destination(host))
        return STATUS_INVALID_ADDRESS_COMPONENT;
    if (connect(file->fd, &host->any, host->length))
        return socket_status(errno);
    file->socket->phase = host->any.sa_family == AF_UNSPEC ? SOCKET_OPEN : SOCKET_CONNECTED;
    file->socket->bound = true;
    return STATUS_SUCCESS;
}

/* After an attempt that failed in the background the host refuses once more, whatever the address is. */
static int connect_host(struct file *file, const struct host_address *host)
{
    int result = connect(file->fd, &host->any, host->length);
    return result && errno == ECONNABORTED ? connect(file->fd, &host->any, host->length) : result;
}

/* Begins; STATUS_PENDING: it goes on in the background. */
static NTSTATUS connect_begin(struct file *file, const struct host_address *host)
{
    file->socket->error = STATUS_SUCCESS;
    if (!connect_host(file, host)) {
        connected(file);
        return STATUS_SUCCESS;
    }
    if (errno != EINPROGRESS && errno != EINTR)
        return errno == ENOENT ? STATUS_CONNECTION_REFUSED : socket_status(errno);
    file->socket->phase = SOCKET_CONNECTING;
    file->socket->bound = true;
    return STATUS_PENDING;
}

/* A program that does not wait hears of a result only later, however soon it is there. */
static NTSTATUS connect_background(struct file *file, const struct host_address *host)
{
    socket_make_nonblocking(file);
    NTSTATUS status = connect_begin(file, host);
    if (file->socket->family == WS_AF_UNIX)
        return status == STATUS_PENDING ? STATUS_WOULD_BLOCK : status;
    if (status == STATUS_CONNECTION_REFUSED || status == STATUS_CONNECTION_RESET) {
        file->socket->error = status;
        file->socket->connect_failed = true;
    } else if (NT_ERROR(status)) {
        return status;
    }
    socket_event_enable(file, WS_FD_CONNECT);
    return STATUS_WOULD_BLOCK;
}

NTSTATUS socket_connect(HANDLE handle, const void *address, int length)
{
    struct file *file;
    struct host_address host = {0};
    NTSTATUS status = socket_lookup(handle, &file);
    if (status)
        return status;
    struct socket *socket = file->socket;
    status = connect_check(file, address, length, &host);
    if (!status && socket->type != WS_SOCK_STREAM) {
        status = connect_datagram(file, &host);
    } else if (!status && socket->nonblocking) {
        status = connect_background(file, &host);
    } else if (!status && socket_enter(socket)) {
        status = connect_begin(file, &host);
        if (status == STATUS_PENDING)
            status = socket_wait(file, POLLOUT, 0);
        if (!status && socket->phase == SOCKET_CONNECTING)
            status = connect_end(file);
        socket_leave(socket);
    } else if (!status) {
        status = STATUS_CANCELLED;
    }
    if (socket->phase == SOCKET_CONNECTED && socket->family == WS_AF_UNIX)
        memcpy(&socket->peer, address, (size_t)length < sizeof socket->peer ? (size_t)length : sizeof socket->peer);
    address_release(&host);
    object_release(file);
    return status;
}

/* ConnectEx: the request's buffer is what to send first. */
static NTSTATUS connect_attempt(struct io_request *request)
{
    struct file *file = request->completion.file;
    NTSTATUS status = socket_connect_result(file);
    if (status)
        return status;
    while (request->done < request->length) {
        ssize_t n = send(file->fd, request->buffer + request->done, request->length - request->done,
                         MSG_DONTWAIT | MSG_NOSIGNAL);
        if (n < 0)
            return errno == EAGAIN ? STATUS_PENDING : socket_status(errno);
        request->done += n;
    }
    return STATUS_SUCCESS;
}

NTSTATUS socket_connect_overlapped(HANDLE handle, const void *address, int length, const struct socket_buffer *data,
                                   const struct socket_overlapped *overlapped)
{
    struct file *file;
    struct completion completion;
    struct host_address host = {0};
    NTSTATUS status = socket_lookup(handle, &file);
    if (status)
        return status;
    if (file->socket->type != WS_SOCK_STREAM || !file->socket->bound)
        status = STATUS_INVALID_PARAMETER;
    if (!status)
        status = connect_check(file, address, length, &host);
    if (!status)
        status = completion_begin(&completion, file, overlapped->event, overlapped->apc, overlapped->context,
                                  overlapped->io);
    if (!status) {
        socket_make_nonblocking(file);
        status = connect_begin(file, &host);
        if (NT_ERROR(status)) { /* told like one that came later */
            file->socket->error = status;
            file->socket->connect_failed = true;
        }
        struct io_request request = {.completion = completion,
                                     .attempt = connect_attempt,
                                     .late = true,
                                     .events = POLLOUT,
                                     .buffer = data ? data->data : NULL,
                                     .length = data ? data->length : 0};
        status = ioqueue_submit(&request);
    }
    address_release(&host);
    object_release(file);
    return status;
}

/* Puts a fresh socket in the place of a used one, under the same fd. */
static NTSTATUS socket_renew(struct file *file)
{
    struct socket *old = file->socket;
    int one = 1;
    int fd = socket(family_to_host(old->family), old->type | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return socket_status(errno);
    if (old->family == WS_AF_INET6)
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof one);
    ioqueue_forget(file);
    dup3(fd, file->fd, O_CLOEXEC);
    close(fd);
    old->phase = SOCKET_OPEN;
    old->host_nonblocking = old->shut_read = old->shut_write = false;
    return STATUS_SUCCESS;
}

NTSTATUS socket_disconnect(HANDLE handle, bool reuse, const struct socket_overlapped *overlapped)
{
    struct file *file;
    struct completion completion;
    NTSTATUS status = socket_lookup(handle, &file);
    if (status)
        return status;
    if (file->socket->type != WS_SOCK_STREAM || socket_connect_result(file))
        status = STATUS_CONNECTION_INVALID;
    if (!status && overlapped)
        status = completion_begin(&completion, file, overlapped->event, overlapped->apc, overlapped->context,
                                  overlapped->io);
    if (!status) {
        shutdown(file->fd, SHUT_WR);
        file->socket->shut_write = true;
        if (reuse)
            status = socket_renew(file);
        if (overlapped)
            completion_end(&completion, status, 0, true);
    }
    object_release(file);
    return status;
}
