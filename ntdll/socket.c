/*
 * socket.c: sockets as file objects: making, binding, listening, names, shutting down, closing.
 *
 * The fd of a socket blocks, so that a blocking call is one system call; what must not block says so with MSG_DONTWAIT.
 * Listening sockets and those that connected in the background are O_NONBLOCK: a blocking call on them polls first.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "socket_private.h"

#define BACKLOG_MAX 0x7fffffff

NTSTATUS socket_status(int error)
{
    return error == EAGAIN ? STATUS_WOULD_BLOCK : status_from_errno(error);
}

static int protocol_default(int family, int type, int protocol)
{
    if (protocol || family == WS_AF_UNIX)
        return protocol;
    return type == WS_SOCK_STREAM ? WS_IPPROTO_TCP : type == WS_SOCK_DGRAM ? WS_IPPROTO_UDP : 0;
}

NTSTATUS socket_wrap(int fd, int family, int type, int protocol, bool overlapped, struct file **result)
{
    const ACCESS_MASK access = FILE_GENERIC_READ | FILE_GENERIC_WRITE;
    struct socket *socket = calloc(1, sizeof *socket);
    struct file *file = NULL;
    if (socket)
        file = file_create(FILE_KIND_SOCKET, fd, access, overlapped ? 0 : FILE_SYNCHRONOUS_IO_NONALERT);
    else
        close(fd);
    if (!file) {
        free(socket);
        return STATUS_NO_MEMORY;
    }
    socket->family = family;
    socket->type = type;
    socket->protocol = protocol_default(family, type, protocol);
    file->socket = socket;
    file->host_position = true;
    *result = file;
    return STATUS_SUCCESS;
}

/* Windows tells what is wrong with a triple in this order: family, type, protocol. */
static NTSTATUS triple_check(int family, int type, int protocol)
{
    if (family_to_host(family) < 0)
        return STATUS_FROM_WINSOCK(10047); /* WSAEAFNOSUPPORT */
    if (type != WS_SOCK_STREAM && type != WS_SOCK_DGRAM && type != WS_SOCK_RAW)
        return STATUS_FROM_WINSOCK(10044); /* WSAESOCKTNOSUPPORT */
    if (family == WS_AF_UNIX)
        return type != WS_SOCK_STREAM ? STATUS_FROM_WINSOCK(10044)
               : protocol             ? STATUS_FROM_WINSOCK(10043) /* WSAEPROTONOSUPPORT */
                                      : STATUS_SUCCESS;
    bool wrong = (type == WS_SOCK_STREAM && protocol && protocol != WS_IPPROTO_TCP) ||
                 (type == WS_SOCK_DGRAM && protocol && protocol != WS_IPPROTO_UDP);
    return wrong || protocol < 0 || protocol > 255 ? STATUS_FROM_WINSOCK(10043) : STATUS_SUCCESS;
}

NTSTATUS socket_create(int family, int type, int protocol, bool overlapped, bool inherit, HANDLE *handle)
{
    struct file *file;
    int one = 1;
    NTSTATUS status = triple_check(family, type, protocol);
    if (status)
        return status;
    int fd = socket(family_to_host(family), type | SOCK_CLOEXEC, protocol);
    if (fd < 0)
        return errno == EPERM ? STATUS_ACCESS_DENIED : socket_status(errno);
    if (family == WS_AF_INET6)
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof one);
    status = socket_wrap(fd, family, type, protocol, overlapped, &file);
    if (status)
        return status;
    status = handle_create(file, file->access, inherit ? OBJ_INHERIT : 0, handle);
    object_release(file);
    return status;
}

bool socket_adopt(struct file *file)
{
    int family, type, protocol, listening;
    socklen_t size = sizeof(int);
    struct host_address address = {.length = sizeof address.bytes};
    struct socket *socket;
    if (file->kind != FILE_KIND_PIPE || file->pipe || file->fd < 0)
        return false;
    if (getsockopt(file->fd, SOL_SOCKET, SO_DOMAIN, &family, &size) ||
        getsockopt(file->fd, SOL_SOCKET, SO_TYPE, &type, &size) ||
        getsockopt(file->fd, SOL_SOCKET, SO_PROTOCOL, &protocol, &size) ||
        getsockopt(file->fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &size) || !(socket = calloc(1, sizeof *socket)))
        return false;
    socket->family = family_from_host(family);
    socket->type = type;
    socket->protocol = protocol;
    socket->bound = true;
    socket->host_nonblocking = fcntl(file->fd, F_GETFL) & O_NONBLOCK;
    if (listening)
        socket->phase = SOCKET_LISTENING;
    else if (!getpeername(file->fd, &address.any, &address.length))
        socket->phase = SOCKET_CONNECTED;
    host_lock(&file->lock);
    bool first = !file->socket;
    if (first) {
        file->socket = socket;
        file->kind = FILE_KIND_SOCKET;
    }
    host_unlock(&file->lock);
    if (!first)
        free(socket);
    return true;
}

NTSTATUS socket_lookup(HANDLE handle, struct file **file)
{
    NTSTATUS status = handle_lookup(handle, &type_file, 0, (void **)file);
    if (status)
        return status == STATUS_INVALID_HANDLE ? STATUS_OBJECT_TYPE_MISMATCH : status;
    if ((*file)->kind == FILE_KIND_SOCKET || socket_adopt(*file))
        return STATUS_SUCCESS;
    object_release(*file);
    return STATUS_OBJECT_TYPE_MISMATCH;
}

NTSTATUS socket_close(HANDLE handle)
{
    struct file *file;
    NTSTATUS status = socket_lookup(handle, &file);
    if (status)
        return status;
    object_release(file);
    return handle_close(handle);
}

void socket_handle_closed(struct file *file)
{
    afd_socket_closed(file);
    if (atomic_load(&file->socket->inside)) {
        file->socket->closing = true;
        shutdown(file->fd, SHUT_RDWR);
    }
}

void socket_destroy(struct file *file)
{
    if (file->socket->change_armed)
        netwatch_forget(file);
    if (socket_has_events(file->socket))
        socket_events_destroy(file->socket);
    if (file->socket->gone)
        file->socket->gone(file->socket->owned);
    free(file->socket);
}

void socket_make_nonblocking(struct file *file)
{
    if (file->socket->host_nonblocking)
        return;
    fcntl(file->fd, F_SETFL, O_RDWR | O_NONBLOCK);
    file->socket->host_nonblocking = true;
}

NTSTATUS socket_wait(struct file *file, short events, ULONG timeout)
{
    struct pollfd wait = {.fd = file->fd, .events = events};
    struct timespec start, now;
    int left = timeout ? (int)(timeout > INT32_MAX ? INT32_MAX : timeout) : -1;
    if (timeout)
        clock_gettime(CLOCK_MONOTONIC, &start);
    for (;;) {
        int count = poll(&wait, 1, left);
        if (file->socket->closing)
            return STATUS_CANCELLED;
        if (count > 0)
            return STATUS_SUCCESS;
        if (!count)
            return STATUS_IO_TIMEOUT;
        if (errno != EINTR)
            return socket_status(errno);
        if (timeout) {
            clock_gettime(CLOCK_MONOTONIC, &now);
            int64_t passed = (now.tv_sec - start.tv_sec) * 1000 + (now.tv_nsec - start.tv_nsec) / 1000000;
            left = passed >= timeout ? 0 : (int)(timeout - passed);
        }
    }
}

/* A port in use: first by a socket of today, then what only waits for its end (TIME_WAIT) is passed over, as on
 * Windows.  Listening sockets allow that for those who come after them, see socket_listen. */
static int bind_host(struct file *file, const struct host_address *host)
{
    int one = 1;
    struct socket *socket = file->socket;
    if (!bind(file->fd, &host->any, host->length))
        return 0;
    if (errno != EADDRINUSE || socket->type != WS_SOCK_STREAM || socket->family == WS_AF_UNIX || socket->exclusive)
        return -1;
    setsockopt(file->fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    return bind(file->fd, &host->any, host->length);
}

NTSTATUS socket_bind(HANDLE handle, const void *address, int length)
{
    struct file *file;
    struct host_address host = {0};
    NTSTATUS status = socket_lookup(handle, &file);
    if (status)
        return status;
    struct socket *socket = file->socket;
    status = socket->bound ? STATUS_INVALID_PARAMETER : address_to_host(address, length, &host);
    if (!status && socket->family == WS_AF_INET6 && length < (int)sizeof host.in6)
        status = STATUS_ACCESS_VIOLATION; /* an address of IPv4 is too short to be the wrong kind */
    if (!status && host.any.sa_family != family_to_host(socket->family))
        status = STATUS_FROM_WINSOCK(10047);
    if (!status && bind_host(file, &host))
        status = errno == EADDRINUSE && socket->exclusive ? STATUS_ACCESS_DENIED : socket_status(errno);
    if (!status) {
        socket->bound = true;
        if (socket->family == WS_AF_UNIX)
            memcpy(&socket->local, address,
                   (size_t)length < sizeof socket->local ? (size_t)length : sizeof socket->local);
    }
    address_release(&host);
    object_release(file);
    return status;
}

NTSTATUS socket_listen(HANDLE handle, int backlog)
{
    struct file *file;
    int one = 1;
    NTSTATUS status = socket_lookup(handle, &file);
    if (status)
        return status;
    struct socket *socket = file->socket;
    if (socket->type != WS_SOCK_STREAM)
        status = STATUS_NOT_SUPPORTED;
    else if (socket->phase == SOCKET_CONNECTED || socket->phase == SOCKET_CONNECTING)
        status = STATUS_CONNECTION_ACTIVE;
    else if (!socket->bound)
        status = STATUS_INVALID_PARAMETER;
    if (!status) {
        if (socket->family != WS_AF_UNIX)
            setsockopt(file->fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
        socket_make_nonblocking(file);
        if (listen(file->fd, backlog < 0 ? -backlog : backlog == BACKLOG_MAX ? 4096 : backlog))
            status = socket_status(errno);
        else
            socket->phase = SOCKET_LISTENING;
    }
    object_release(file);
    return status;
}

NTSTATUS socket_shutdown(HANDLE handle, int how)
{
    struct file *file;
    NTSTATUS status = socket_lookup(handle, &file);
    if (status)
        return status;
    struct socket *socket = file->socket;
    if (how < WS_SD_RECEIVE || how > WS_SD_BOTH)
        status = STATUS_INVALID_PARAMETER;
    else if (socket->type == WS_SOCK_STREAM && socket_connect_result(file) != STATUS_SUCCESS)
        status = STATUS_CONNECTION_INVALID;
    else if (shutdown(file->fd, how == WS_SD_RECEIVE ? SHUT_RD
                                : how == WS_SD_SEND  ? SHUT_WR
                                                     : SHUT_RDWR) &&
             errno != ENOTCONN) /* the peer has reset it, or a datagram socket without a peer */
        status = socket_status(errno);
    if (!status) {
        socket->shut_read |= how != WS_SD_SEND;
        socket->shut_write |= how != WS_SD_RECEIVE;
    }
    object_release(file);
    return status;
}

/* AF_UNIX: the name as it was given. */
static NTSTATUS unix_name(const struct sockaddr_un *name, void *address, int *length)
{
    size_t used = offsetof(struct sockaddr_un, sun_path) + strnlen(name->sun_path, sizeof name->sun_path) + 1;
    if ((size_t)*length < used)
        return STATUS_ACCESS_VIOLATION;
    memcpy(address, name, used);
    *(USHORT *)address = WS_AF_UNIX;
    *length = (int)used;
    return STATUS_SUCCESS;
}

NTSTATUS socket_name(HANDLE handle, bool peer, void *address, int *length)
{
    struct file *file;
    struct host_address host = {.length = sizeof host.bytes};
    NTSTATUS status = socket_lookup(handle, &file);
    if (status)
        return status;
    struct socket *socket = file->socket;
    if (!address || !length)
        status = STATUS_ACCESS_VIOLATION;
    else if (!peer && !socket->bound)
        status = STATUS_INVALID_PARAMETER;
    else if (peer && socket->type == WS_SOCK_STREAM && socket_connect_result(file) != STATUS_SUCCESS)
        status = STATUS_CONNECTION_INVALID;
    else if (socket->family == WS_AF_UNIX)
        status = unix_name(peer ? &socket->peer : &socket->local, address, length);
    else if (peer ? getpeername(file->fd, &host.any, &host.length) : getsockname(file->fd, &host.any, &host.length))
        status = errno == EINVAL ? STATUS_CONNECTION_INVALID : socket_status(errno);
    else
        status = address_from_host(&host, address, length);
    object_release(file);
    return status;
}

NTSTATUS socket_query(HANDLE handle, struct socket_info *info)
{
    struct file *file;
    NTSTATUS status = socket_lookup(handle, &file);
    if (status)
        return status;
    const struct socket *socket = file->socket;
    *info = (struct socket_info){.family = socket->family,
                                 .type = socket->type,
                                 .protocol = socket->protocol,
                                 .listening = socket->phase == SOCKET_LISTENING,
                                 .connected = socket->phase == SOCKET_CONNECTED,
                                 .nonblocking = socket->nonblocking,
                                 .bound = socket->bound,
                                 .registered = socket->registered};
    object_release(file);
    return status;
}

NTSTATUS socket_register(HANDLE handle)
{
    struct file *file;
    NTSTATUS status = socket_lookup(handle, &file);
    if (status)
        return status;
    file->socket->registered = true;
    object_release(file);
    return status;
}

NTSTATUS socket_attach(HANDLE handle, void *owned, void (*gone)(void *owned))
{
    struct file *file;
    NTSTATUS status = socket_lookup(handle, &file);
    if (status)
        return status;
    host_lock(&file->lock);
    if (file->socket->gone) {
        status = STATUS_INVALID_PARAMETER;
    } else {
        file->socket->owned = owned;
        file->socket->gone = gone;
    }
    host_unlock(&file->lock);
    object_release(file);
    return status;
}

NTSTATUS socket_complete(HANDLE handle, ULONG information, const struct socket_overlapped *overlapped)
{
    struct file *file;
    struct completion completion;
    NTSTATUS status = socket_lookup(handle, &file);
    if (status)
        return status;
    status =
        completion_begin(&completion, file, overlapped->event, overlapped->apc, overlapped->context, overlapped->io);
    if (!status)
        completion_end(&completion, STATUS_SUCCESS, information, true);
    object_release(file);
    return status;
}
