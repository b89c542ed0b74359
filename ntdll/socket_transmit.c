/*
 * socket_transmit.c: TransmitFile and TransmitPackets: memory and files sent in one operation, by the host's sendfile.
 */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>

#include "socket_private.h"

struct piece {
    struct file *file; /* owned; NULL: memory */
    const char *memory;
    off_t offset;
    uint64_t length;
    bool advance; /* the file's own position moves along */
};

struct transmit {
    struct io_request request;
    struct piece *pieces; /* owned */
    unsigned count, at;
    bool disconnect;
};

static void transmit_ended(struct io_request *request)
{
    struct transmit *transmit = (struct transmit *)request;
    for (unsigned i = 0; i < transmit->count; i++) {
        struct piece *piece = &transmit->pieces[i];
        if (piece->file && piece->advance)
            piece->file->position = piece->offset;
        if (piece->file)
            object_release(piece->file);
    }
    free(transmit->pieces);
}

static ssize_t piece_send(int fd, struct piece *piece, int flags)
{
    ssize_t n;
    size_t length = piece->length > 0x40000000 ? 0x40000000 : (size_t)piece->length;
    do
        n = piece->file ? sendfile(fd, piece->file->fd, &piece->offset, length)
                        : send(fd, piece->memory, length, flags | MSG_NOSIGNAL);
    while (n < 0 && errno == EINTR);
    if (n > 0 && !piece->file)
        piece->memory += n;
    if (!n) /* the file is shorter than was said */
        piece->length = 0;
    return n;
}

static NTSTATUS transmit_attempt(struct io_request *request)
{
    struct transmit *transmit = (struct transmit *)request;
    struct file *file = request->completion.file;
    for (; transmit->at < transmit->count; transmit->at++) {
        struct piece *piece = &transmit->pieces[transmit->at];
        while (piece->length) {
            ssize_t n = piece_send(file->fd, piece, MSG_DONTWAIT);
            if (n < 0 && errno == EAGAIN)
                return STATUS_PENDING;
            if (n < 0)
                return errno == EPIPE ? STATUS_CONNECTION_RESET : socket_status(errno);
            piece->length -= (uint64_t)n;
            request->done += (size_t)n;
        }
    }
    if (transmit->disconnect)
        shutdown(file->fd, SHUT_WR);
    return STATUS_SUCCESS;
}

/* No length was said: as far as the file goes. */
static NTSTATUS piece_to_end(struct piece *piece)
{
    struct stat st;
    if (fstat(piece->file->fd, &st))
        return STATUS_INVALID_PARAMETER;
    if (st.st_size > piece->offset)
        piece->length = (uint64_t)(st.st_size - piece->offset);
    return STATUS_SUCCESS;
}

static NTSTATUS piece_prepare(struct piece *piece, const struct socket_piece *in)
{
    *piece = (struct piece){.memory = in->memory, .offset = in->offset, .length = in->length};
    if (!in->file)
        return STATUS_SUCCESS;
    NTSTATUS status = handle_lookup(in->file, &type_file, FILE_READ_DATA, (void **)&piece->file);
    if (status)
        return status;
    if (piece->file->kind != FILE_KIND_DISK)
        return STATUS_INVALID_PARAMETER;
    if (in->offset < 0) {
        piece->advance = true;
        piece->offset = piece->file->position;
    }
    return piece->length ? STATUS_SUCCESS : piece_to_end(piece);
}

/* A synchronous one waits here; sendfile needs the fd not to block, or it would hold the queue's lock. */
static NTSTATUS transmit_now(struct file *file, struct transmit *transmit)
{
    NTSTATUS status;
    while ((status = transmit_attempt(&transmit->request)) == STATUS_PENDING) {
        status = socket_wait(file, POLLOUT, file->socket->send_timeout);
        if (status)
            return status;
    }
    return status;
}

NTSTATUS socket_transmit(HANDLE handle, const struct socket_piece *pieces, unsigned count, bool disconnect, bool reuse,
                         const struct socket_overlapped *overlapped)
{
    struct file *file;
    NTSTATUS status = socket_lookup(handle, &file);
    if (status)
        return status;
    struct transmit transmit = {.pieces = calloc(count ? count : 1, sizeof *transmit.pieces),
                                .disconnect = disconnect || reuse};
    if (!transmit.pieces)
        status = STATUS_INSUFFICIENT_RESOURCES;
    else if (socket_connect_result(file))
        status = STATUS_CONNECTION_INVALID;
    for (unsigned i = 0; i < count && !status; i++) {
        status = piece_prepare(&transmit.pieces[i], &pieces[i]);
        transmit.count = i + 1;
    }
    struct io_request *request = &transmit.request;
    request->completion.file = file;
    if (!status && overlapped)
        status = completion_begin(&request->completion, file, overlapped->event, overlapped->apc, overlapped->context,
                                  overlapped->io);
    if (!status)
        socket_make_nonblocking(file);
    if (!status && overlapped) {
        request->attempt = transmit_attempt;
        request->ended = transmit_ended;
        request->events = POLLOUT;
        request->size = sizeof transmit;
        status = ioqueue_submit(request);
    } else {
        if (!status && !socket_enter(file->socket)) {
            status = STATUS_CANCELLED;
        } else if (!status) {
            status = transmit_now(file, &transmit);
            socket_leave(file->socket);
        }
        if (transmit.pieces)
            transmit_ended(request);
    }
    if (!NT_ERROR(status) && disconnect)
        file->socket->shut_write = true;
    object_release(file);
    return status;
}
