/*
 * pipe_name.c: named pipes among the processes of a prefix: each instance is an entry of the arena and a listening
 * socket in the abstract namespace.
 *
 * Layer: NT layer.  A client takes an instance by changing its state, and then connects; the kernel keeps the
 * connection until the server accepts it.  So no process has to do anything for another one, and what a dead one leaves
 * is a socket that refuses.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "error.h"
#include "futex.h"
#include "pipe_name.h"

#define DEVICE u"\\Device\\NamedPipe\\"

static struct pipe_instance *instance_at(uint32_t index)
{
    return (struct pipe_instance *)arena_entry(index)->data;
}

struct pipe_instance *pipe_instance(uint32_t index)
{
    return instance_at(index);
}

NTSTATUS device_name(const WCHAR *device, const char *name, WCHAR *buffer, UNICODE_STRING *full)
{
    size_t head = path_length(device);
    memcpy(buffer, device, head * sizeof(WCHAR));
    int n = path_name_to_wide(name, strlen(name), buffer + head, ARENA_NAME_MAX - head);
    if (n < 0)
        return STATUS_OBJECT_NAME_INVALID;
    full->Buffer = buffer;
    full->Length = full->MaximumLength = (USHORT)((head + (size_t)n) * sizeof(WCHAR));
    return STATUS_SUCCESS;
}

socklen_t device_address(uint32_t index, struct sockaddr_un *address)
{
    memset(address, 0, sizeof *address);
    address->sun_family = AF_UNIX;
    int n = snprintf(address->sun_path + 1, sizeof address->sun_path - 1, "%s.d%u-%u", arena_tag(), index,
                     atomic_load(&arena_entry(index)->serial));
    return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)n);
}

static int socket_type(uint32_t type)
{
    return type & FILE_PIPE_MESSAGE_TYPE ? SOCK_SEQPACKET : SOCK_STREAM;
}

static void changed(void)
{
    struct arena_header *header = &arena_attached()->header;
    atomic_fetch_add(&header->pipes_changed, 1);
    futex_wake_shared(&header->pipes_changed, INT32_MAX, true);
}

/* The next instance of the name after `index`; 0: no more.  Under the arena's lock. */
static uint32_t next_instance(const UNICODE_STRING *name, uint32_t index)
{
    do
        index = arena_find_after(name, true, index);
    while (index && atomic_load(&arena_entry(index)->kind) != ARENA_PIPE);
    return index;
}

/* Whether another instance like `wanted` may be made. */
static NTSTATUS instance_allowed(const UNICODE_STRING *name, const struct pipe_instance *wanted, ULONG disposition)
{
    uint32_t index = next_instance(name, 0), count = 0;
    if (!index)
        return disposition == FILE_OPEN ? STATUS_OBJECT_NAME_NOT_FOUND : STATUS_SUCCESS;
    const struct pipe_instance *first = instance_at(index);
    if (disposition == FILE_CREATE || first->configuration != wanted->configuration || first->type != wanted->type)
        return STATUS_ACCESS_DENIED;
    for (; index; index = next_instance(name, index))
        count++;
    return first->maximum != ~0u && count >= first->maximum ? STATUS_INSTANCE_NOT_AVAILABLE : STATUS_SUCCESS;
}

static NTSTATUS listener_make(uint32_t index, uint32_t type, int *fd)
{
    struct sockaddr_un address;
    socklen_t length = device_address(index, &address);
    *fd = socket(AF_UNIX, socket_type(type) | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (*fd < 0)
        return status_from_errno(errno);
    if (!bind(*fd, (struct sockaddr *)&address, length) && !listen(*fd, 1))
        return STATUS_SUCCESS;
    NTSTATUS status = status_from_errno(errno);
    close(*fd);
    return status;
}

NTSTATUS pipe_instance_create(const char *text, const struct pipe_instance *wanted, ULONG disposition, uint32_t *index,
                              int *fd, bool *first)
{
    WCHAR buffer[ARENA_NAME_MAX];
    UNICODE_STRING name;
    NTSTATUS status = device_name(DEVICE, text, buffer, &name);
    if (status)
        return status;
    if (!arena_attach())
        return STATUS_INSUFFICIENT_RESOURCES;
    arena_lock();
    *first = !next_instance(&name, 0);
    status = instance_allowed(&name, wanted, disposition);
    *index = status ? 0 : arena_allocate();
    if (!status && !*index)
        status = STATUS_INSUFFICIENT_RESOURCES;
    if (!status) {
        *instance_at(*index) = *wanted;
        if (!*first) /* what the first one says holds for all */
            instance_at(*index)->maximum = instance_at(next_instance(&name, 0))->maximum;
        status = listener_make(*index, wanted->type, fd);
        if (!status)
            arena_set_name(*index, &name);
        atomic_store(&arena_entry(*index)->kind, status ? ARENA_FREE : ARENA_PIPE);
    }
    arena_unlock();
    if (!status)
        changed();
    return status;
}

void pipe_instance_listen(uint32_t index)
{
    atomic_store(&instance_at(index)->state, PIPE_LISTENING);
    changed();
}

/* Takes a listening instance.  Under the lock. */
static NTSTATUS instance_take(const UNICODE_STRING *name, uint32_t *index)
{
    NTSTATUS status = STATUS_OBJECT_NAME_NOT_FOUND;
    for (*index = next_instance(name, 0); *index; *index = next_instance(name, *index)) {
        uint32_t listening = PIPE_LISTENING;
        status = STATUS_PIPE_NOT_AVAILABLE;
        if (atomic_compare_exchange_strong(&instance_at(*index)->state, &listening, PIPE_CONNECTED))
            return STATUS_SUCCESS;
    }
    return status;
}

NTSTATUS pipe_instance_connect(const char *text, struct pipe_instance *copy, int *fd)
{
    WCHAR buffer[ARENA_NAME_MAX];
    UNICODE_STRING name;
    uint32_t index;
    NTSTATUS status = device_name(DEVICE, text, buffer, &name);
    if (status)
        return status;
    if (!arena_attach())
        return STATUS_OBJECT_NAME_NOT_FOUND;
    arena_lock();
    while (!(status = instance_take(&name, &index))) {
        struct sockaddr_un address;
        socklen_t length = device_address(index, &address);
        struct pipe_instance *instance = instance_at(index);
        *fd = socket(AF_UNIX, socket_type(instance->type) | SOCK_CLOEXEC, 0);
        if (*fd < 0) {
            atomic_store(&instance->state, PIPE_LISTENING);
            status = status_from_errno(errno);
            break;
        }
        instance->client = getpid(); /* before the server can ask */
        if (!connect(*fd, (struct sockaddr *)&address, length)) {
            *copy = *instance;
            break;
        }
        close(*fd);
        atomic_store(&instance->state, PIPE_CLOSING); /* its server is dead */
    }
    arena_unlock();
    return status;
}

uint32_t pipe_instance_count(const struct arena_entry *entry)
{
    UNICODE_STRING name = {(USHORT)(entry->name_length * sizeof(WCHAR)), 0, (WCHAR *)entry->name};
    uint32_t count = 0;
    arena_lock();
    for (uint32_t index = next_instance(&name, 0); index; index = next_instance(&name, index))
        count++;
    arena_unlock();
    return count;
}

/* One look: STATUS_SUCCESS there is one that listens. */
static NTSTATUS look(const UNICODE_STRING *name)
{
    NTSTATUS status = STATUS_OBJECT_NAME_NOT_FOUND;
    arena_lock();
    for (uint32_t index = next_instance(name, 0); index && status; index = next_instance(name, index))
        status = atomic_load(&instance_at(index)->state) == PIPE_LISTENING ? STATUS_SUCCESS : STATUS_PIPE_NOT_AVAILABLE;
    arena_unlock();
    return status;
}

NTSTATUS pipe_instance_wait(const char *text, int64_t timeout)
{
    WCHAR buffer[ARENA_NAME_MAX];
    UNICODE_STRING name;
    NTSTATUS status = device_name(DEVICE, text, buffer, &name);
    if (status || !arena_attach())
        return status ? status : STATUS_OBJECT_NAME_NOT_FOUND;
    const LARGE_INTEGER ticks = {.QuadPart = -timeout};
    struct deadline deadline;
    deadline_set(&deadline, &ticks);
    _Atomic uint32_t *word = &arena_attached()->header.pipes_changed;
    for (;;) {
        uint32_t seen = atomic_load(word);
        status = look(&name);
        if (status != STATUS_PIPE_NOT_AVAILABLE)
            return status;
        if (!futex_wait_until(word, seen, true, &deadline))
            return STATUS_IO_TIMEOUT;
    }
}
