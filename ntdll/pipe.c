/*
 * pipe.c: pipes by name: creation, opening, connecting; and unnamed ones made relative to the pipe device.
 *
 * An unnamed pipe of one direction is a host pipe, of two a socket pair (packets if it is of message type), so that an
 * inherited end is an ordinary fd for a Linux program too.  A named one is a socket: pipe_name.c.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "error.h"
#include "ioqueue.h"
#include "pipe_name.h"

#define FSCTL_PIPE_GET_CONNECTION_ATTRIBUTE 0x110030

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* states of ends */

/* The two fds of an instance. */
static int pair_make(ULONG configuration, bool message, int *server, int *client)
{
    int fds[2];
    if (configuration == FILE_PIPE_FULL_DUPLEX || message) {
        if (socketpair(AF_UNIX, (message ? SOCK_SEQPACKET : SOCK_STREAM) | SOCK_CLOEXEC, 0, fds))
            return -1;
        *server = fds[0];
        *client = fds[1];
        return 0;
    }
    if (pipe2(fds, O_CLOEXEC))
        return -1;
    *server = configuration == FILE_PIPE_INBOUND ? fds[0] : fds[1];
    *client = configuration == FILE_PIPE_INBOUND ? fds[1] : fds[0];
    return 0;
}

/* Makes a server's end on its fd. */
static NTSTATUS server_create(const struct pipe_end *template, int fd, ACCESS_MASK access, ULONG options,
                              struct file **result)
{
    struct pipe_end *end = malloc(sizeof *end);
    struct file *file = end ? file_create(FILE_KIND_PIPE, fd, access, options) : NULL;
    if (!file) {
        free(end);
        return STATUS_NO_MEMORY;
    }
    *end = *template;
    end->is_server = true;
    end->state = PIPE_LISTENING;
    file->host_position = true;
    file->pipe = end;
    *result = file;
    return STATUS_SUCCESS;
}

/* Both fds exist from the start; the client's waits. */
static NTSTATUS unnamed_create(struct pipe_end *end, ACCESS_MASK access, ULONG options, struct file **result)
{
    int server, client;
    if (pair_make(end->configuration, end->message, &server, &client))
        return status_from_errno(errno);
    end->client_fd = client;
    NTSTATUS status = server_create(end, server, access, options, result);
    if (status)
        close(client);
    return status;
}

static NTSTATUS named_create(const char *name, struct pipe_end *end, ULONG type, ULONG disposition, ACCESS_MASK access,
                             ULONG options, struct file **result, ULONG *made)
{
    const struct pipe_instance wanted = {PIPE_LISTENING, end->configuration, type,     end->maximum,
                                         end->in_quota,  end->out_quota,     getpid(), 0};
    bool first = true;
    NTSTATUS status = pipe_instance_create(name, &wanted, disposition, &end->instance, &end->listener, &first);
    if (status)
        return status;
    *made = first ? FILE_CREATED : FILE_OPENED;
    end->duplex = true; /* a socket, whatever the directions */
    int fd = fcntl(end->listener, F_DUPFD_CLOEXEC, 3);
    status = fd < 0 ? status_from_errno(errno) : server_create(end, fd, access, options, result);
    if (status) {
        arena_drop_entry(end->instance, arena_self());
        close(end->listener);
    }
    return status;
}

/* What the sharing of the first instance says about directions. */
static ULONG configuration_from_sharing(ULONG sharing)
{
    bool reads = sharing & FILE_SHARE_READ, writes = sharing & FILE_SHARE_WRITE;
    return reads && writes ? FILE_PIPE_FULL_DUPLEX : writes ? FILE_PIPE_INBOUND : FILE_PIPE_OUTBOUND;
}

NTSTATUS WINAPI NtCreateNamedPipeFile(PHANDLE handle, ULONG access, POBJECT_ATTRIBUTES attributes, PIO_STATUS_BLOCK io,
                                      ULONG sharing, ULONG disposition, ULONG options, ULONG type, ULONG read_mode,
                                      ULONG completion_mode, ULONG maximum, ULONG in_quota, ULONG out_quota,
                                      PLARGE_INTEGER timeout)
{
    struct path path;
    struct file *file = NULL;
    ULONG result = FILE_CREATED;
    (void)timeout;
    NTSTATUS status = path_translate(attributes->ObjectName, attributes->RootDirectory, &path);
    if (status)
        return status;
    if (path.kind != PATH_PIPE || (!path.host[0] && !path.relative))
        return STATUS_OBJECT_NAME_INVALID;
    access |= access & GENERIC_READ ? FILE_GENERIC_READ : 0;
    access |= access & GENERIC_WRITE ? FILE_GENERIC_WRITE : 0;
    struct pipe_end end = {.listener = -1,
                           .client_fd = -1,
                           .configuration = configuration_from_sharing(sharing),
                           .maximum = maximum,
                           .in_quota = in_quota,
                           .out_quota = out_quota,
                           .message = type & FILE_PIPE_MESSAGE_TYPE,
                           .read_message = read_mode & FILE_PIPE_MESSAGE_MODE};
    end.duplex = end.configuration == FILE_PIPE_FULL_DUPLEX;
    if (path.host[0])
        status = named_create(path.host, &end, type, disposition, access, options, &file, &result);
    else
        status = unnamed_create(&end, access, options, &file);
    if (!status) {
        file->pipe_nowait = completion_mode & FILE_PIPE_COMPLETE_OPERATION;
        status = handle_create(file, access, attributes->Attributes & OBJ_INHERIT, handle);
        object_release(file);
    }
    io->Status = status;
    io->Information = status ? 0 : result;
    return status;
}

bool pipe_accept(struct file *file)
{
    struct pipe_end *end = file->pipe;
    host_lock(&lock);
    if (end->state == PIPE_LISTENING && end->listener >= 0) {
        int fd = accept4(end->listener, NULL, NULL, SOCK_CLOEXEC);
        if (fd >= 0) {
            dup3(fd, file->fd, O_CLOEXEC);
            close(fd);
            end->state = PIPE_CONNECTED;
        }
    }
    bool connected = end->state == PIPE_CONNECTED;
    host_unlock(&lock);
    return connected;
}

static NTSTATUS listen_attempt(struct io_request *request)
{
    return pipe_accept(request->completion.file) ? STATUS_SUCCESS : STATUS_PENDING;
}

/* A client's end on its fd. */
static NTSTATUS client_create(const struct pipe_end *template, int fd, ACCESS_MASK access, ULONG options,
                              struct file **result)
{
    NTSTATUS status = server_create(template, fd, access, options, result);
    if (!status) {
        (*result)->pipe->is_server = false;
        (*result)->pipe->state = PIPE_CONNECTED;
    }
    return status;
}

static NTSTATUS open_root(ACCESS_MASK access, ULONG inherit, ULONG options, HANDLE *handle)
{
    struct file *file = file_create(FILE_KIND_PIPE_ROOT, -1, access, options);
    if (!file)
        return STATUS_NO_MEMORY;
    NTSTATUS status = handle_create(file, access, inherit, handle);
    object_release(file);
    return status;
}

static NTSTATUS named_open(const char *name, ACCESS_MASK access, ULONG options, struct file **client)
{
    struct pipe_instance instance;
    int fd;
    NTSTATUS status = pipe_instance_connect(name, &instance, &fd);
    if (status)
        return status;
    const struct pipe_end end = {.listener = -1,
                                 .client_fd = -1,
                                 .configuration = instance.configuration,
                                 .maximum = instance.maximum,
                                 .in_quota = instance.in_quota,
                                 .out_quota = instance.out_quota,
                                 .duplex = true,
                                 .message = instance.type & FILE_PIPE_MESSAGE_TYPE,
                                 .peer = instance.server};
    return client_create(&end, fd, access, options, client);
}

/* The other end of an unnamed pipe: an empty name relative to the server's end. */
static NTSTATUS unnamed_open(struct file *server_file, ACCESS_MASK access, ULONG options, struct file **client)
{
    struct pipe_end *server = server_file->pipe;
    host_lock(&lock);
    int fd = server->is_server && server->state == PIPE_LISTENING ? server->client_fd : -1;
    if (fd >= 0) {
        server->client_fd = -1;
        server->state = PIPE_CONNECTED;
    }
    host_unlock(&lock);
    if (fd < 0)
        return STATUS_PIPE_NOT_AVAILABLE;
    ioqueue_finish(server_file, listen_attempt, STATUS_SUCCESS);
    struct pipe_end end = *server;
    end.rest = NULL;
    end.rest_length = end.rest_at = 0;
    end.read_message = false;
    end.peer = getpid();
    return client_create(&end, fd, access, options, client);
}

NTSTATUS pipe_open(const struct path *path, HANDLE root, ACCESS_MASK access, ULONG inherit, ULONG options,
                   HANDLE *handle)
{
    struct file *client = NULL, *base = NULL;
    NTSTATUS status = STATUS_SUCCESS;
    if (root && (status = handle_lookup(root, &type_file, 0, (void **)&base)))
        return status;
    bool relative = base && base->pipe;
    if (relative)
        status = unnamed_open(base, access, options, &client);
    else if (path->host[0])
        status = named_open(path->host, access, options, &client);
    if (base)
        object_release(base);
    if (status)
        return status;
    if (!client)
        return open_root(access, inherit, options, handle);
    status = handle_create(client, access, inherit, handle);
    object_release(client);
    return status;
}

/* The name is free with the last handle, though an operation that has just ended may still hold the file. */
void pipe_handle_closed(struct file *file)
{
    struct pipe_end *end = file->pipe;
    uint32_t instance = end->instance;
    end->instance = 0;
    if (end->is_server && instance)
        arena_drop_entry(instance, arena_self());
}

void pipe_destroy(struct file *file)
{
    struct pipe_end *end = file->pipe;
    pipe_handle_closed(file);
    if (end->listener >= 0)
        close(end->listener);
    if (end->client_fd >= 0)
        close(end->client_fd);
    free(end->rest);
    free(end);
    file->pipe = NULL;
}

/* Whether the other end has been closed, though there may be data left. */
static bool peer_gone(const struct file *file)
{
    struct pollfd state = {.fd = file->fd, .events = POLLRDHUP};
    return poll(&state, 1, 0) > 0 && state.revents & (POLLHUP | POLLRDHUP | POLLERR);
}

/* ConnectNamedPipe. */
static NTSTATUS pipe_listen(struct completion *completion)
{
    struct file *file = completion->file;
    struct pipe_end *end = file->pipe;
    if (!end || !end->is_server)
        return completion_end(completion, STATUS_ILLEGAL_FUNCTION, 0, true);
    if (end->state == PIPE_DISCONNECTED && end->listener < 0)
        return completion_end(completion, STATUS_ILLEGAL_FUNCTION, 0, true);
    if (end->state == PIPE_DISCONNECTED) {
        end->state = PIPE_LISTENING;
        pipe_instance_listen(end->instance);
    }
    if (pipe_accept(file)) /* a client came before this call */
        return completion_end(completion, peer_gone(file) ? STATUS_PIPE_CLOSING : STATUS_PIPE_CONNECTED, 0, true);
    if (file->pipe_nowait)
        return completion_end(completion, STATUS_PIPE_LISTENING, 0, true);
    struct io_request request = {.completion = *completion, .attempt = listen_attempt};
    if (end->listener >= 0) {
        request.events = POLLIN;
        request.poll_fd = end->listener;
    }
    return ioqueue_submit(&request);
}

static NTSTATUS pipe_disconnect(struct file *file)
{
    struct pipe_end *end = file->pipe;
    if (!end || !end->is_server)
        return STATUS_ILLEGAL_FUNCTION;
    if (end->state == PIPE_DISCONNECTED)
        return STATUS_PIPE_DISCONNECTED;
    pipe_accept(file); /* a client that waits sees the end, too */
    ioqueue_forget(file);
    host_lock(&lock);
    int nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (nowhere >= 0) {
        dup3(nowhere, file->fd, O_CLOEXEC); /* the client sees the end; the handle stays */
        close(nowhere);
    }
    if (end->client_fd >= 0)
        close(end->client_fd);
    end->client_fd = -1;
    end->state = PIPE_DISCONNECTED;
    free(end->rest);
    end->rest = NULL;
    end->rest_length = end->rest_at = 0;
    host_unlock(&lock);
    if (end->instance)
        atomic_store(&pipe_instance(end->instance)->state, PIPE_DISCONNECTED);
    ioqueue_cancel(file, NULL, false);
    return STATUS_SUCCESS;
}

NTSTATUS pipe_process_id(struct file *file, bool server, ULONG *id)
{
    const struct pipe_end *end = file->pipe;
    if (!end)
        return STATUS_INVALID_PARAMETER;
    if (end->is_server)
        *id = server || !end->instance ? (ULONG)getpid() : (ULONG)pipe_instance(end->instance)->client;
    else
        *id = server ? (ULONG)end->peer : (ULONG)getpid();
    return STATUS_SUCCESS;
}

/* WaitNamedPipe: whether an instance listens now; the input names the pipe. */
static NTSTATUS pipe_wait(const FILE_PIPE_WAIT_FOR_BUFFER *wait, ULONG length)
{
    char name[PATH_HOST_MAX];
    if (length < offsetof(FILE_PIPE_WAIT_FOR_BUFFER, Name) ||
        wait->NameLength > length - offsetof(FILE_PIPE_WAIT_FOR_BUFFER, Name) ||
        path_name_to_bytes(wait->Name, wait->NameLength / 2, name, sizeof name) < 0)
        return STATUS_INVALID_PARAMETER;
    return pipe_instance_wait(name, wait->TimeoutSpecified ? -wait->Timeout.QuadPart : 50 * 10000);
}

/* The input names what is asked for, as text. */
static NTSTATUS pipe_attribute(struct file *file, const char *name, ULONG length, ULONG *out, ULONG out_length,
                               ULONG *used)
{
    bool server = length >= 15 && !memcmp(name, "ServerProcessId", 15);
    if (!server && !(length >= 15 && !memcmp(name, "ClientProcessId", 15)))
        return STATUS_NOT_SUPPORTED;
    if (out_length < sizeof *out)
        return STATUS_BUFFER_TOO_SMALL;
    *used = sizeof *out;
    return pipe_process_id(file, server, out);
}

NTSTATUS pipe_control(struct completion *completion, ULONG code, const void *in, ULONG in_length, void *out,
                      ULONG out_length)
{
    NTSTATUS status = STATUS_NOT_SUPPORTED;
    ULONG used = 0;
    switch (code) {
    case FSCTL_PIPE_LISTEN:
        return pipe_listen(completion);
    case FSCTL_PIPE_DISCONNECT:
        status = pipe_disconnect(completion->file);
        break;
    case FSCTL_PIPE_WAIT:
        status = pipe_wait(in, in_length);
        break;
    case FSCTL_PIPE_PEEK:
        status = pipe_peek(completion->file, out, out_length, &used);
        break;
    case FSCTL_PIPE_GET_CONNECTION_ATTRIBUTE:
        status = pipe_attribute(completion->file, in, in_length, out, out_length, &used);
        break;
    case FSCTL_PIPE_IMPERSONATE:
        status = STATUS_SUCCESS;
        break;
    }
    return completion_end(completion, status, used, true);
}

NTSTATUS pipe_get_mode(struct file *file, ULONG *read_mode, ULONG *completion_mode)
{
    if (file->kind != FILE_KIND_PIPE)
        return STATUS_INVALID_DEVICE_REQUEST;
    *read_mode = file->pipe && file->pipe->read_message ? FILE_PIPE_MESSAGE_MODE : FILE_PIPE_BYTE_STREAM_MODE;
    *completion_mode = file->pipe_nowait ? FILE_PIPE_COMPLETE_OPERATION : FILE_PIPE_QUEUE_OPERATION;
    return STATUS_SUCCESS;
}

NTSTATUS pipe_set_mode(struct file *file, ULONG read_mode, ULONG completion_mode)
{
    if (file->kind != FILE_KIND_PIPE)
        return STATUS_INVALID_PARAMETER;
    if ((read_mode & FILE_PIPE_MESSAGE_MODE) && !(file->pipe && file->pipe->message))
        return STATUS_INVALID_PARAMETER;
    if (file->pipe)
        file->pipe->read_message = read_mode & FILE_PIPE_MESSAGE_MODE;
    file->pipe_nowait = completion_mode & FILE_PIPE_COMPLETE_OPERATION;
    return STATUS_SUCCESS;
}

NTSTATUS pipe_local_information(struct file *file, FILE_PIPE_LOCAL_INFORMATION *info)
{
    if (file->kind != FILE_KIND_PIPE)
        return STATUS_INVALID_PARAMETER;
    const struct pipe_end *end = file->pipe;
    const struct pipe_end none = {
        .configuration = FILE_PIPE_FULL_DUPLEX, .maximum = 1, .in_quota = 4096, .out_quota = 4096};
    const struct pipe_end *facts = end ? end : &none;
    *info = (FILE_PIPE_LOCAL_INFORMATION){
        .NamedPipeType = end && end->message ? FILE_PIPE_MESSAGE_TYPE : FILE_PIPE_BYTE_STREAM_TYPE,
        .NamedPipeConfiguration = facts->configuration,
        .MaximumInstances = facts->maximum,
        .CurrentInstances = end && end->instance ? pipe_instance_count(arena_entry(end->instance)) : 1,
        .InboundQuota = facts->in_quota,
        .OutboundQuota = facts->out_quota,
        .NamedPipeState = end ? end->state : PIPE_CONNECTED,
        .NamedPipeEnd = end && end->is_server ? FILE_PIPE_SERVER_END : FILE_PIPE_CLIENT_END,
        .ReadDataAvailable = file->access & FILE_READ_DATA ? pipe_available(file) : 0,
    };
    info->WriteQuotaAvailable = file->access & FILE_WRITE_DATA ? pipe_room(file, info->OutboundQuota) : 0;
    return STATUS_SUCCESS;
}
