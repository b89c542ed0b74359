/*
 * pipe.c: pipes by name: creation, opening, connecting; and unnamed ones made relative to the pipe device.
 *
 * A pipe of one direction is a host pipe, of two a socket pair (packets if it is of message
 * type), so that an inherited end is an ordinary fd for a Linux program too.  Both fds exist
 * from the start; the client's waits in the server's end for whoever opens the name.
 * Names are this process's own for now.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "error.h"
#include "ioqueue.h"
#include "pipe.h"

struct pipe_name {
    char *name;          /* upper case */
    ULONG configuration; /* FILE_PIPE_INBOUND ... */
    ULONG type;
    ULONG maximum, current;
    ULONG in_quota, out_quota;
    struct pipe_end *instances; /* servers' ends */
    struct pipe_name *next;
};

static struct pipe_name *names;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static struct pipe_name *name_find(const char *name)
{
    for (struct pipe_name *entry = names; entry; entry = entry->next)
        if (!strcasecmp(entry->name, name))
            return entry;
    return NULL;
}

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

static struct pipe_name *name_create(const char *name)
{
    struct pipe_name *entry = calloc(1, sizeof *entry);
    if (!entry || !(entry->name = strdup(name))) {
        free(entry);
        return NULL;
    }
    entry->next = names;
    names = entry;
    return entry;
}

static void name_drop(struct pipe_name *name)
{
    struct pipe_name **link = &names;
    while (*link != name)
        link = &(*link)->next;
    *link = name->next;
    free(name->name);
    free(name);
}

/* Makes a server's end under `name` (NULL: none).  The lock is held. */
static NTSTATUS instance_create(struct pipe_name *name, ULONG configuration, bool message, ACCESS_MASK access,
                                ULONG options, struct file **result)
{
    int server, client;
    struct pipe_end *end = calloc(1, sizeof *end);
    if (!end)
        return STATUS_NO_MEMORY;
    if (pair_make(configuration, message, &server, &client)) {
        free(end);
        return status_from_errno(errno);
    }
    struct file *file = file_create(FILE_KIND_PIPE, server, access, options);
    if (!file) {
        close(client);
        free(end);
        return STATUS_NO_MEMORY;
    }
    *end = (struct pipe_end){.name = name,
                             .server = file,
                             .client_fd = client,
                             .state = PIPE_LISTENING,
                             .is_server = true,
                             .message = message,
                             .duplex = configuration == FILE_PIPE_FULL_DUPLEX};
    file->host_position = true;
    file->pipe = end;
    if (name) {
        end->next = name->instances;
        name->instances = end;
        name->current++;
    }
    *result = file;
    return STATUS_SUCCESS;
}

/* What the sharing of the first instance says about directions. */
static ULONG configuration_from_sharing(ULONG sharing)
{
    bool reads = sharing & FILE_SHARE_READ, writes = sharing & FILE_SHARE_WRITE;
    return reads && writes ? FILE_PIPE_FULL_DUPLEX : writes ? FILE_PIPE_INBOUND : FILE_PIPE_OUTBOUND;
}

/* Finds or makes the name for a new instance.  The lock is held. */
static NTSTATUS instance_name(const char *text, ULONG sharing, ULONG disposition, ULONG type, ULONG maximum,
                              struct pipe_name **name, ULONG *result)
{
    ULONG configuration = configuration_from_sharing(sharing);
    *name = name_find(text);
    *result = *name ? FILE_OPENED : FILE_CREATED;
    if (!*name && disposition == FILE_OPEN)
        return STATUS_OBJECT_NAME_NOT_FOUND;
    if (*name) {
        if (disposition == FILE_CREATE || (*name)->configuration != configuration)
            return STATUS_ACCESS_DENIED;
        if ((*name)->maximum != ~0u && (*name)->current >= (*name)->maximum)
            return STATUS_INSTANCE_NOT_AVAILABLE;
        return (*name)->type == type ? STATUS_SUCCESS : STATUS_ACCESS_DENIED;
    }
    *name = name_create(text);
    if (!*name)
        return STATUS_NO_MEMORY;
    (*name)->configuration = configuration;
    (*name)->type = type;
    (*name)->maximum = maximum;
    return STATUS_SUCCESS;
}

NTSTATUS WINAPI NtCreateNamedPipeFile(PHANDLE handle, ULONG access, POBJECT_ATTRIBUTES attributes, PIO_STATUS_BLOCK io,
                                      ULONG sharing, ULONG disposition, ULONG options, ULONG type, ULONG read_mode,
                                      ULONG completion_mode, ULONG maximum, ULONG in_quota, ULONG out_quota,
                                      PLARGE_INTEGER timeout)
{
    struct path path;
    struct pipe_name *name = NULL;
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
    host_lock(&lock);
    if (path.host[0])
        status = instance_name(path.host, sharing, disposition, type, maximum, &name, &result);
    if (!status) {
        status = instance_create(name, configuration_from_sharing(sharing), type & FILE_PIPE_MESSAGE_TYPE, access,
                                 options, &file);
        if (name && !name->current)
            name_drop(name);
    }
    if (!status) {
        file->pipe->read_message = read_mode & FILE_PIPE_MESSAGE_MODE;
        file->pipe_nowait = completion_mode & FILE_PIPE_COMPLETE_OPERATION;
        if (name) {
            name->in_quota = in_quota;
            name->out_quota = out_quota;
        }
    }
    host_unlock(&lock);
    if (!status) {
        status = handle_create(file, access, attributes->Attributes & OBJ_INHERIT, handle);
        object_release(file);
    }
    io->Status = status;
    io->Information = status ? 0 : result;
    return status;
}

static NTSTATUS listen_attempt(struct io_request *request)
{
    return request->completion.file->pipe->state == PIPE_CONNECTED ? STATUS_SUCCESS : STATUS_PENDING;
}

/* Gives the client's fd of a listening instance to a new client's end.  The lock is held. */
static NTSTATUS client_create(struct pipe_end *server, ACCESS_MASK access, ULONG options, struct file **result)
{
    struct pipe_end *end = calloc(1, sizeof *end);
    if (!end)
        return STATUS_NO_MEMORY;
    struct file *file = file_create(FILE_KIND_PIPE, server->client_fd, access, options);
    server->client_fd = -1;
    if (!file) {
        free(end);
        return STATUS_NO_MEMORY;
    }
    *end = (struct pipe_end){.name = server->name,
                             .server = server->server,
                             .client_fd = -1,
                             .state = PIPE_CONNECTED,
                             .message = server->message,
                             .duplex = server->duplex};
    file->host_position = true;
    file->pipe = end;
    server->client = file;
    server->state = PIPE_CONNECTED;
    *result = file;
    return STATUS_SUCCESS;
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

/* An instance of the name that waits for a client. */
static NTSTATUS find_listening(const char *text, struct pipe_end **server)
{
    const struct pipe_name *name = name_find(text);
    if (!name)
        return STATUS_OBJECT_NAME_NOT_FOUND;
    for (*server = name->instances; *server; *server = (*server)->next)
        if ((*server)->state == PIPE_LISTENING)
            return STATUS_SUCCESS;
    return STATUS_PIPE_NOT_AVAILABLE;
}

NTSTATUS pipe_open(const struct path *path, HANDLE root, ACCESS_MASK access, ULONG inherit, ULONG options,
                   HANDLE *handle)
{
    struct pipe_end *server = NULL;
    struct file *client = NULL, *server_file = NULL, *base = NULL;
    NTSTATUS status = STATUS_SUCCESS;
    if (root && (status = handle_lookup(root, &type_file, 0, (void **)&base)))
        return status;
    if (!path->host[0] && !(base && base->pipe)) {
        if (base)
            object_release(base);
        return open_root(access, inherit, options, handle);
    }
    host_lock(&lock);
    if (base && base->pipe) {
        /* The other end of an unnamed pipe: an empty name relative to the server's end. */
        server = base->pipe;
        status = server->is_server && server->state == PIPE_LISTENING ? STATUS_SUCCESS : STATUS_PIPE_NOT_AVAILABLE;
    } else {
        status = find_listening(path->host, &server);
    }
    if (!status)
        status = client_create(server, access, options, &client);
    if (!status)
        server_file = object_reference(server->server);
    host_unlock(&lock);
    if (server_file) {
        ioqueue_finish(server_file, listen_attempt, STATUS_SUCCESS);
        waitable_signal(&server_file->waitable);
        object_release(server_file);
    }
    if (!status) {
        status = handle_create(client, access, inherit, handle);
        object_release(client);
    }
    if (base)
        object_release(base);
    return status;
}

void pipe_destroy(struct file *file)
{
    struct pipe_end *end = file->pipe;
    host_lock(&lock);
    if (end->is_server && end->client)
        end->client->pipe->server = NULL;
    if (!end->is_server && end->server) {
        end->server->pipe->client = NULL;
        end->server->pipe->state = PIPE_CLOSING;
    }
    if (end->is_server && end->name) {
        struct pipe_end **link = &end->name->instances;
        while (*link != end)
            link = &(*link)->next;
        *link = end->next;
        if (!--end->name->current)
            name_drop(end->name);
    }
    host_unlock(&lock);
    if (end->client_fd >= 0)
        close(end->client_fd);
    free(end->rest);
    free(end);
    file->pipe = NULL;
}

/* ConnectNamedPipe. */
static NTSTATUS pipe_listen(struct completion *completion)
{
    struct pipe_end *end = completion->file->pipe;
    if (!end || !end->is_server)
        return completion_end(completion, STATUS_ILLEGAL_FUNCTION, 0, true);
    if (end->state == PIPE_CONNECTED)
        return completion_end(completion, STATUS_PIPE_CONNECTED, 0, true);
    if (end->state == PIPE_CLOSING)
        return completion_end(completion, STATUS_PIPE_CLOSING, 0, true);
    if (end->state == PIPE_DISCONNECTED) {
        int server, client;
        ULONG configuration = end->name ? end->name->configuration : FILE_PIPE_FULL_DUPLEX;
        if (pair_make(configuration, end->message, &server, &client))
            return completion_end(completion, status_from_errno(errno), 0, true);
        ioqueue_forget(completion->file);
        dup3(server, completion->file->fd, O_CLOEXEC);
        close(server);
        end->client_fd = client;
        end->state = PIPE_LISTENING;
    }
    if (completion->file->pipe_nowait)
        return completion_end(completion, STATUS_PIPE_LISTENING, 0, true);
    struct io_request request = {.completion = *completion, .attempt = listen_attempt};
    return ioqueue_submit(&request);
}

static NTSTATUS pipe_disconnect(struct file *file)
{
    struct pipe_end *end = file->pipe;
    if (!end || !end->is_server)
        return STATUS_ILLEGAL_FUNCTION;
    if (end->state == PIPE_DISCONNECTED)
        return STATUS_PIPE_DISCONNECTED;
    host_lock(&lock);
    int nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (nowhere >= 0) {
        ioqueue_forget(file);
        dup3(nowhere, file->fd, O_CLOEXEC); /* the client sees the end; the handle stays */
        close(nowhere);
    }
    if (end->client_fd >= 0)
        close(end->client_fd);
    end->client_fd = -1;
    if (end->client)
        end->client->pipe->server = NULL;
    end->client = NULL;
    end->state = PIPE_DISCONNECTED;
    host_unlock(&lock);
    ioqueue_cancel(file, NULL, false);
    return STATUS_SUCCESS;
}

/* WaitNamedPipe: whether an instance listens now; the input names the pipe. */
static NTSTATUS pipe_wait(const FILE_PIPE_WAIT_FOR_BUFFER *wait, ULONG length)
{
    char name[PATH_HOST_MAX];
    struct pipe_end *server;
    if (length < offsetof(FILE_PIPE_WAIT_FOR_BUFFER, Name) ||
        wait->NameLength > length - offsetof(FILE_PIPE_WAIT_FOR_BUFFER, Name) ||
        path_name_to_bytes(wait->Name, wait->NameLength / 2, name, sizeof name) < 0)
        return STATUS_INVALID_PARAMETER;
    LARGE_INTEGER pause = {.QuadPart = -10 * 10000};
    int64_t left = wait->TimeoutSpecified ? -wait->Timeout.QuadPart : 50 * 10000;
    for (;; left += pause.QuadPart) {
        host_lock(&lock);
        NTSTATUS status = find_listening(name, &server);
        host_unlock(&lock);
        if (status != STATUS_PIPE_NOT_AVAILABLE)
            return status;
        if (left <= 0)
            return STATUS_IO_TIMEOUT;
        NtDelayExecution(FALSE, &pause);
    }
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
        return STATUS_INVALID_DEVICE_REQUEST;
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
    const struct pipe_name *name = end ? end->name : NULL;
    *info = (FILE_PIPE_LOCAL_INFORMATION){
        .NamedPipeType = end && end->message ? FILE_PIPE_MESSAGE_TYPE : FILE_PIPE_BYTE_STREAM_TYPE,
        .NamedPipeConfiguration = name ? name->configuration : FILE_PIPE_FULL_DUPLEX,
        .MaximumInstances = name ? name->maximum : 1,
        .CurrentInstances = name ? name->current : 1,
        .InboundQuota = name ? name->in_quota : 4096,
        .OutboundQuota = name ? name->out_quota : 4096,
        .NamedPipeState = end ? end->state : PIPE_CONNECTED,
        .NamedPipeEnd = end && end->is_server ? FILE_PIPE_SERVER_END : FILE_PIPE_CLIENT_END,
        .ReadDataAvailable = file->access & FILE_READ_DATA ? pipe_available(file) : 0,
    };
    info->WriteQuotaAvailable = info->OutboundQuota;
    return STATUS_SUCCESS;
}
