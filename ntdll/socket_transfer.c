/*
 * socket_transfer.c: sending and receiving, at once and overlapped.
 *
 * A blocking call is one system call.  An overlapped one is tried without blocking and then left to ioqueue.c; sends
 * of streams end when everything is sent, receives when something is there.
 */
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>

#include "socket_private.h"
#include "socket_control.h"

#define PIECES_INSIDE 4

/* A transfer in progress; moves to the heap when it must wait. */
struct transfer {
    struct io_request request;
    struct iovec inside[PIECES_INSIDE], *more; /* more: owned, if there are more pieces */
    unsigned first, count;                     /* of the pieces: which are left */
    int flags;                                 /* the host's */
    bool send, stream;
    ULONG *flags_out, cut_flag;
    struct host_address to; /* sending; length 0: none */
    void *address;          /* receiving */
    int *address_length;
    char *control;
    ULONG *control_length;
};

/* What is left. */
static struct iovec *transfer_pieces(struct transfer *transfer)
{
    return (transfer->more ? transfer->more : transfer->inside) + transfer->first;
}

/* As many as the host takes at once; of a stream the rest follows. */
static struct msghdr transfer_header(struct transfer *transfer)
{
    size_t left = transfer->count - transfer->first;
    return (struct msghdr){.msg_iov = transfer_pieces(transfer),
                           .msg_iovlen = left > IOV_MAX && transfer->stream ? IOV_MAX : left};
}

static NTSTATUS transfer_init(struct transfer *transfer, const struct socket_message *message)
{
    if (message->count > PIECES_INSIDE) {
        transfer->more = malloc(message->count * sizeof *transfer->more);
        if (!transfer->more)
            return STATUS_INSUFFICIENT_RESOURCES;
    }
    struct iovec *pieces = transfer_pieces(transfer);
    for (ULONG i = 0; i < message->count; i++) {
        pieces[i] = (struct iovec){message->buffers[i].data, message->buffers[i].length};
        transfer->request.length += pieces[i].iov_len;
    }
    transfer->count = message->count;
    return STATUS_SUCCESS;
}

static void transfer_ended(struct io_request *request)
{
    free(((struct transfer *)request)->more);
}

/* The pieces from `done` on, in place: what is done is cut off. */
static void transfer_advance(struct transfer *transfer, size_t n)
{
    transfer->request.done += n;
    for (struct iovec *piece = transfer_pieces(transfer); transfer->first < transfer->count;
         piece++, transfer->first++) {
        size_t part = n < piece->iov_len ? n : piece->iov_len;
        piece->iov_base = (char *)piece->iov_base + part;
        piece->iov_len -= part;
        n -= part;
        if (piece->iov_len || transfer->first + 1 == transfer->count)
            break;
    }
}

/* Status of a failed send. */
static NTSTATUS send_status(const struct socket *socket, int error)
{
    if (error == EPIPE || error == ENOTCONN)
        return socket->shut_write                  ? STATUS_PIPE_DISCONNECTED
               : socket->phase == SOCKET_CONNECTED ? STATUS_CONNECTION_RESET
                                                   : STATUS_CONNECTION_INVALID;
    return socket_status(error);
}

/* What an earlier datagram met is told to whoever receives, not here. */
static bool send_again(struct file *file, const struct transfer *transfer)
{
    const int error = errno;
    bool again = error == EINTR;
    if (!transfer->stream && error != EAGAIN && !again)
        again = socket_icmp_collect(file) || error == ECONNREFUSED;
    errno = error;
    return again;
}

static ssize_t send_host(struct file *file, struct transfer *transfer, int flags)
{
    struct iovec *pieces = transfer_pieces(transfer);
    struct host_address *to = &transfer->to;
    ssize_t n;
    do {
        if (transfer->count == 1 && !transfer->control) {
            n = sendto(file->fd, pieces->iov_base, pieces->iov_len, flags, to->length ? &to->any : NULL, to->length);
        } else {
            _Alignas(struct cmsghdr) char control[SOCKET_CONTROL_MAX];
            struct msghdr header = transfer_header(transfer);
            if (to->length) {
                header.msg_name = &to->any;
                header.msg_namelen = to->length;
            }
            if (transfer->control) {
                header.msg_control = control;
                header.msg_controllen = control_to_host(transfer->control, *transfer->control_length, control);
            }
            n = sendmsg(file->fd, &header, flags);
        }
    } while (n < 0 && send_again(file, transfer));
    return n;
}

static NTSTATUS send_attempt(struct io_request *request)
{
    struct transfer *transfer = (struct transfer *)request;
    struct file *file = request->completion.file;
    do {
        ssize_t n = send_host(file, transfer, transfer->flags | MSG_DONTWAIT);
        if (n < 0)
            return errno == EAGAIN ? STATUS_PENDING : send_status(file->socket, errno);
        transfer_advance(transfer, n);
    } while (transfer->stream && request->done < request->length);
    return STATUS_SUCCESS;
}

/* The whole, blocking; or as much as fits. */
static NTSTATUS send_now(struct file *file, struct transfer *transfer)
{
    struct socket *socket = file->socket;
    int flags = transfer->flags | (socket->nonblocking ? MSG_DONTWAIT : 0);
    for (;;) {
        ssize_t n = send_host(file, transfer, flags);
        if (n >= 0) {
            transfer_advance(transfer, n);
            if (!transfer->stream || socket->nonblocking || transfer->request.done >= transfer->request.length)
                return STATUS_SUCCESS;
            continue;
        }
        if (errno != EAGAIN || socket->nonblocking)
            return transfer->request.done ? STATUS_SUCCESS : send_status(socket, errno);
        NTSTATUS status =
            socket->host_nonblocking ? socket_wait(file, POLLOUT, socket->send_timeout) : STATUS_IO_TIMEOUT;
        if (status)
            return transfer->request.done && status == STATUS_IO_TIMEOUT ? STATUS_SUCCESS : status;
    }
}

/* Receives once; *flags: the host's message flags. */
static ssize_t receive_host(struct file *file, struct transfer *transfer, int flags, struct host_address *from,
                            int *flags_out)
{
    struct iovec *pieces = transfer_pieces(transfer);
    ssize_t n;
    *flags_out = 0;
    do {
        from->length = transfer->address ? sizeof from->bytes : 0;
        if (transfer->count == 1 && !transfer->control) {
            n = recvfrom(file->fd, pieces->iov_base, pieces->iov_len, flags, transfer->address ? &from->any : NULL,
                         transfer->address ? &from->length : NULL);
        } else {
            _Alignas(struct cmsghdr) char control[SOCKET_CONTROL_MAX];
            struct msghdr header = transfer_header(transfer);
            if (transfer->address) {
                header.msg_name = &from->any;
                header.msg_namelen = sizeof from->bytes;
            }
            if (transfer->control) {
                header.msg_control = control;
                header.msg_controllen = sizeof control;
            }
            n = recvmsg(file->fd, &header, flags);
            from->length = header.msg_namelen;
            if (n >= 0 && transfer->control &&
                !control_from_host(&header, file->socket->traffic_class, transfer->control, transfer->control_length))
                *flags_out |= WS_MSG_CTRUNC;
        }
    } while (n < 0 && errno == EINTR);
    return n;
}

/* A receive of datagrams failed by what an earlier one met: that, or STATUS_SUCCESS if nobody is to be told. */
static bool receive_again(struct file *file, NTSTATUS *met)
{
    const int error = errno;
    if (error == EAGAIN || file->socket->closing)
        return false;
    bool collected = socket_icmp_collect(file);
    *met = socket_icmp_take(file->socket);
    if (!collected && !file->socket->icmp_asked && error == ECONNREFUSED && !file->socket->udp_no_reset)
        *met = STATUS_PORT_UNREACHABLE;
    errno = error;
    return collected || *met || error == ECONNREFUSED;
}

/* One receive with all its consequences.  STATUS_PENDING: it would block. */
static NTSTATUS receive_once(struct file *file, struct transfer *transfer, int flags)
{
    struct host_address from = {0};
    struct socket *socket = file->socket;
    int told = 0;
    NTSTATUS met;
    if (socket->shut_read && transfer->stream)
        return STATUS_PIPE_DISCONNECTED;
    if (!transfer->stream && socket_icmp_waits(socket) && (met = socket_icmp_take(socket)) != STATUS_SUCCESS)
        return met;
    ssize_t n = receive_host(file, transfer, flags | (transfer->stream ? 0 : MSG_TRUNC), &from, &told);
    while (n < 0 && !transfer->stream && receive_again(file, &met)) {
        if (met)
            return met;
        n = receive_host(file, transfer, flags | MSG_TRUNC, &from, &told);
    }
    if (n < 0) {
        if (socket->closing)
            return STATUS_CANCELLED;
        if (errno == EAGAIN)
            return STATUS_PENDING;
        return errno == EINVAL && (flags & MSG_OOB) ? STATUS_WOULD_BLOCK : socket_status(errno);
    }
    if (!n && socket->closing)
        return STATUS_CANCELLED;
    if (transfer->address && from.length) {
        address_from_host(&from, transfer->address, transfer->address_length);
    }
    size_t room = transfer->request.length - transfer->request.done;
    bool cut = !transfer->stream && (size_t)n > room;
    if (transfer->flags_out)
        *transfer->flags_out = told | (flags & MSG_OOB ? WS_MSG_OOB : 0) | (cut ? transfer->cut_flag : 0);
    transfer_advance(transfer, cut ? room : (size_t)n);
    return cut ? STATUS_BUFFER_OVERFLOW : STATUS_SUCCESS;
}

/* A receive of nothing from a stream ends when there is something. */
static NTSTATUS stream_readable(struct file *file)
{
    char probe;
    ssize_t n;
    do
        n = recv(file->fd, &probe, 1, MSG_PEEK | MSG_DONTWAIT);
    while (n < 0 && errno == EINTR);
    return n >= 0 ? STATUS_SUCCESS : errno == EAGAIN ? STATUS_PENDING : socket_status(errno);
}

static NTSTATUS receive_attempt(struct io_request *request)
{
    struct transfer *transfer = (struct transfer *)request;
    struct file *file = request->completion.file;
    if (transfer->stream && !request->length)
        return stream_readable(file);
    for (;;) {
        size_t before = request->done;
        NTSTATUS status = receive_once(file, transfer, (transfer->flags & ~MSG_WAITALL) | MSG_DONTWAIT);
        /* Urgent data that has gone by, or is not there yet. */
        if (status == STATUS_WOULD_BLOCK)
            return STATUS_PENDING;
        if (status || !(transfer->flags & MSG_WAITALL) || request->done == before || request->done >= request->length)
            return status;
    }
}

static NTSTATUS receive_now(struct file *file, struct transfer *transfer)
{
    struct socket *socket = file->socket;
    int flags = transfer->flags | (socket->nonblocking ? MSG_DONTWAIT : 0);
    for (;;) {
        NTSTATUS status = receive_once(file, transfer, flags);
        if (status != STATUS_PENDING)
            return status;
        if (socket->nonblocking)
            return STATUS_WOULD_BLOCK;
        status = socket->host_nonblocking ? socket_wait(file, POLLIN, socket->receive_timeout) : STATUS_IO_TIMEOUT;
        if (status)
            return status;
    }
}

static NTSTATUS flags_to_host(ULONG flags, bool send, int *host)
{
    const ULONG known =
        WS_MSG_OOB | WS_MSG_PEEK | WS_MSG_DONTROUTE | WS_MSG_WAITALL | WS_MSG_PARTIAL | WS_MSG_PUSH_IMMEDIATE;
    if (flags & ~known)
        return STATUS_NOT_SUPPORTED;
    *host = send ? MSG_NOSIGNAL : 0;
    *host |= flags & WS_MSG_OOB ? MSG_OOB : 0;
    *host |= flags & WS_MSG_PEEK && !send ? MSG_PEEK : 0;
    *host |= flags & WS_MSG_DONTROUTE && send ? MSG_DONTROUTE : 0;
    *host |= flags & WS_MSG_WAITALL && !send && !(flags & WS_MSG_PEEK) ? MSG_WAITALL : 0;
    return STATUS_SUCCESS;
}

/* Overlapped, its completion begun: takes the transfer over. */
static NTSTATUS transfer_queue(struct transfer *transfer)
{
    struct io_request *request = &transfer->request;
    request->attempt = transfer->send ? send_attempt : receive_attempt;
    request->ended = transfer_ended;
    request->events = transfer->send ? POLLOUT : transfer->flags & MSG_OOB ? POLLPRI : POLLIN;
    request->size = sizeof *transfer;
    request->late = transfer->send && !transfer->stream;
    request->late_cut = !transfer->send;
    return ioqueue_submit(request);
}

static NTSTATUS transfer_submit(struct file *file, struct transfer *transfer,
                                const struct socket_overlapped *overlapped)
{
    NTSTATUS status = STATUS_SUCCESS;
    if (overlapped->own)
        completion_begin_own(&transfer->request.completion, file, overlapped->apc, overlapped->context, overlapped->io);
    else
        status = completion_begin(&transfer->request.completion, file, overlapped->event, overlapped->apc,
                                  overlapped->context, overlapped->io);
    return status ? status : transfer_queue(transfer);
}

static NTSTATUS receive_check(const struct file *file, const struct socket_message *message)
{
    const struct socket *socket = file->socket;
    if (socket->type != WS_SOCK_STREAM && !socket->bound)
        return STATUS_INVALID_PARAMETER;
    if (message->address && (!message->address_length || *message->address_length < (int)sizeof(struct sockaddr_in)) &&
        socket->type != WS_SOCK_STREAM)
        return STATUS_ACCESS_VIOLATION;
    if (socket->type == WS_SOCK_STREAM && socket->phase != SOCKET_CONNECTED)
        return socket_connect_result((struct file *)file) ? STATUS_CONNECTION_INVALID : STATUS_SUCCESS;
    return STATUS_SUCCESS;
}

static NTSTATUS transfer_run(struct file *file, struct transfer *transfer, struct socket_message *message,
                             const struct socket_overlapped *overlapped)
{
    NTSTATUS status = transfer_init(transfer, message);
    if (status)
        return status;
    if (overlapped) {
        status = transfer_submit(file, transfer, overlapped);
        if (status != STATUS_PENDING)
            message->done = (ULONG)transfer->request.done;
        return status;
    }
    if (socket_enter(file->socket)) {
        status = transfer->send ? send_now(file, transfer) : receive_now(file, transfer);
        socket_leave(file->socket);
    } else {
        status = STATUS_CANCELLED;
    }
    message->done = (ULONG)transfer->request.done;
    transfer_ended(&transfer->request);
    return status;
}

static NTSTATUS receive_prepare(struct file *file, struct transfer *transfer, const struct socket_message *message)
{
    memset(transfer, 0, offsetof(struct transfer, to));
    transfer->stream = file->socket->type == WS_SOCK_STREAM;
    transfer->flags_out = message->flags_out;
    transfer->address = transfer->stream ? NULL : message->address;
    transfer->address_length = message->address_length;
    transfer->control = message->control && *message->control_length ? message->control : NULL;
    transfer->control_length = message->control_length;
    transfer->cut_flag = message->by_message ? WS_MSG_TRUNC : WS_MSG_PARTIAL;
    NTSTATUS status = receive_check(file, message);
    return status ? status : flags_to_host(message->flags, false, &transfer->flags);
}

NTSTATUS socket_receive(HANDLE handle, struct socket_message *message, const struct socket_overlapped *overlapped)
{
    struct file *file;
    struct transfer transfer;
    NTSTATUS status = socket_lookup(handle, &file);
    if (status)
        return status;
    status = receive_prepare(file, &transfer, message);
    if (!status)
        status = transfer_run(file, &transfer, message, overlapped);
    if (socket_has_events(file->socket))
        socket_event_enable(file, message->flags & WS_MSG_OOB ? WS_FD_OOB : WS_FD_READ);
    object_release(file);
    return status;
}

NTSTATUS socket_send(HANDLE handle, struct socket_message *message, const struct socket_overlapped *overlapped)
{
    struct file *file;
    struct transfer transfer;
    NTSTATUS status = socket_lookup(handle, &file);
    if (status)
        return status;
    struct socket *socket = file->socket;
    memset(&transfer, 0, offsetof(struct transfer, to));
    transfer.send = true;
    transfer.stream = socket->type == WS_SOCK_STREAM;
    transfer.control = message->control && *message->control_length ? message->control : NULL;
    transfer.control_length = message->control_length;
    transfer.to.length = 0;
    if (message->address && !transfer.stream) {
        status =
            address_to_host(message->address, message->address_length ? *message->address_length : 0, &transfer.to);
        if (!status && transfer.to.any.sa_family != family_to_host(socket->family))
            status = STATUS_FROM_WINSOCK(10047); /* WSAEAFNOSUPPORT */
    } else if (socket->phase != SOCKET_CONNECTED && (!transfer.stream || socket_connect_result(file))) {
        status = STATUS_CONNECTION_INVALID;
    }
    if (!status && socket->shut_write)
        status = STATUS_PIPE_DISCONNECTED;
    if (!status)
        status = flags_to_host(message->flags, true, &transfer.flags);
    if (!transfer.stream && !socket->icmp_asked)
        socket_icmp_ask(file);
    if (!status)
        status = transfer_run(file, &transfer, message, overlapped);
    if (!transfer.stream && socket_icmp_waits(socket))
        ioqueue_retry(file);
    if (!NT_ERROR(status))
        socket->bound = true;
    else if (status == STATUS_WOULD_BLOCK && socket_has_events(socket))
        socket_event_enable(file, WS_FD_WRITE);
    object_release(file);
    return status;
}

NTSTATUS socket_receive_request(struct completion *completion, const struct socket_message *message)
{
    struct transfer transfer;
    NTSTATUS status = receive_prepare(completion->file, &transfer, message);
    if (!status)
        status = transfer_init(&transfer, message);
    transfer.request.completion = *completion;
    return status ? completion_end(completion, status, 0, true) : transfer_queue(&transfer);
}

NTSTATUS socket_file_transfer(struct completion *completion, void *buffer, ULONG length, bool write)
{
    struct file *file = completion->file;
    struct socket_buffer piece = {length, buffer};
    struct socket_message message = {.buffers = &piece, .count = 1};
    struct transfer transfer;
    memset(&transfer, 0, offsetof(struct transfer, to));
    transfer.to.length = 0;
    transfer.send = write;
    transfer.stream = file->socket->type == WS_SOCK_STREAM;
    transfer.control = NULL;
    transfer.address = NULL;
    transfer.flags = write ? MSG_NOSIGNAL : 0;
    NTSTATUS status = transfer_init(&transfer, &message);
    if (!status && file->socket->phase != SOCKET_CONNECTED && socket_connect_result(file))
        status = STATUS_CONNECTION_INVALID;
    if (!status && !file->synchronous) {
        transfer.request.completion = *completion;
        return transfer_queue(&transfer);
    }
    if (!status)
        status = write ? send_now(file, &transfer) : receive_now(file, &transfer);
    return completion_end(completion, status, transfer.request.done, true);
}
