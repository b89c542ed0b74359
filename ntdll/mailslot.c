/*
 * mailslot.c: mailslots by name: their creation and opening, and what is known of them.
 *
 * Layer: NT layer.  A mailslot is an arena entry with a file of messages beside it (as a section has one) and the
 * server's socket in the abstract namespace, which only rings: mailslotio.c.  The entry is held by the processes that
 * have the server's handle; with the last of them name and messages go.  Sharing is that of the file (share.c).
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>
#include "error.h"
#include "mailslot.h"
#include "pipe_name.h"

static struct mailslot *slot_at(uint32_t index)
{
    return (struct mailslot *)arena_entry(index)->data;
}

/* The server's socket, which is bound, or a client's, which is connected. */
static NTSTATUS socket_make(uint32_t index, bool is_server, int *result)
{
    struct sockaddr_un address;
    socklen_t length = device_address(index, &address);
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return status_from_errno(errno);
    if (!(is_server ? bind(fd, (struct sockaddr *)&address, length)
                    : connect(fd, (struct sockaddr *)&address, length))) {
        *result = fd;
        return STATUS_SUCCESS;
    }
    NTSTATUS status = errno == ECONNREFUSED ? STATUS_OBJECT_NAME_NOT_FOUND : status_from_errno(errno);
    close(fd);
    return status;
}

static int messages_open(uint32_t index, int flags)
{
    char path[160];
    arena_section_path(index, path, sizeof path);
    return open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | flags, 0600);
}

struct file *mailslot_adopt(uint32_t entry, uint32_t serial, bool is_server, int fd, ACCESS_MASK access, ULONG options)
{
    struct mailslot_end *end = malloc(sizeof *end);
    int messages = end ? messages_open(entry, 0) : -1;
    struct file *file = messages >= 0 ? file_create(FILE_KIND_MAILSLOT, fd, access, options) : NULL;
    if (!file) {
        if (messages >= 0)
            close(messages);
        free(end);
        return NULL;
    }
    *end = (struct mailslot_end){entry, serial, messages, is_server};
    file->mailslot = end;
    return file;
}

/* The end of a slot that this process holds, or a client's.  Its sharing is entered. */
static NTSTATUS end_make(uint32_t index, bool is_server, ACCESS_MASK access, ULONG sharing, ULONG options,
                         struct file **result)
{
    struct stat st;
    int fd = -1;
    NTSTATUS status = socket_make(index, is_server, &fd);
    if (status)
        return status;
    struct file *file = mailslot_adopt(index, atomic_load(&arena_entry(index)->serial), is_server, fd, access, options);
    if (!file) {
        close(fd);
        return STATUS_OBJECT_NAME_NOT_FOUND;
    }
    file->sharing = sharing;
    status = fstat(file->mailslot->messages, &st) ? status_from_errno(errno) : share_open(file, &st);
    if (status)
        object_release(file);
    else
        *result = file;
    return status;
}

static uint32_t slot_find(const UNICODE_STRING *name)
{
    uint32_t index = arena_find(name, true);
    return index && atomic_load(&arena_entry(index)->kind) == ARENA_MAILSLOT ? index : 0;
}

/* A new entry with an empty file; it is still busy. */
static NTSTATUS slot_allocate(const UNICODE_STRING *name, uint32_t *index)
{
    if (slot_find(name))
        return STATUS_OBJECT_NAME_COLLISION;
    *index = arena_allocate();
    if (!*index)
        return STATUS_INSUFFICIENT_RESOURCES;
    int fd = messages_open(*index, O_CREAT | O_TRUNC);
    if (fd < 0)
        return status_from_errno(errno);
    close(fd);
    return STATUS_SUCCESS;
}

static NTSTATUS slot_create(const char *text, const struct mailslot *wanted, ACCESS_MASK access, ULONG options,
                            struct file **file)
{
    WCHAR buffer[ARENA_NAME_MAX];
    UNICODE_STRING name;
    uint32_t index = 0;
    NTSTATUS status = device_name(u"\\Device\\Mailslot\\", text, buffer, &name);
    if (status)
        return status;
    if (!arena_attach())
        return STATUS_INSUFFICIENT_RESOURCES;
    arena_sweep(); /* a slot may be a dead process's */
    arena_lock();
    status = slot_allocate(&name, &index);
    if (!status) {
        *slot_at(index) = *wanted;
        arena_set_name(index, &name);
        atomic_store(&arena_entry(index)->kind, ARENA_MAILSLOT);
    }
    arena_unlock();
    if (!status)
        status = end_make(index, true, access, FILE_SHARE_READ | FILE_SHARE_WRITE, options, file);
    if (status && index)
        arena_drop_entry(index, arena_self());
    return status;
}

NTSTATUS WINAPI NtCreateMailslotFile(PHANDLE handle, ULONG access, POBJECT_ATTRIBUTES attributes, PIO_STATUS_BLOCK io,
                                     ULONG options, ULONG quota, ULONG maximum, PLARGE_INTEGER timeout)
{
    struct path path;
    struct file *file = NULL;
    const struct mailslot wanted = {.maximum = maximum, .timeout = timeout ? timeout->QuadPart : -1};
    (void)quota; /* the queue grows as it needs to */
    if (!handle || !attributes || !io)
        return STATUS_ACCESS_VIOLATION;
    NTSTATUS status = path_translate(attributes->ObjectName, attributes->RootDirectory, &path);
    if (!status && path.kind != PATH_MAILSLOT)
        status = STATUS_OBJECT_NAME_INVALID;
    if (!status && !path.host[0])
        status = STATUS_OBJECT_NAME_COLLISION; /* the device itself */
    access |= access & GENERIC_READ ? FILE_GENERIC_READ : 0;
    if (!status)
        status = slot_create(path.host, &wanted, access & ~(GENERIC_READ | GENERIC_WRITE), options, &file);
    if (!status) {
        status = handle_create(file, file->access, attributes->Attributes & OBJ_INHERIT, handle);
        object_release(file);
    }
    io->Status = status;
    io->Information = status ? 0 : FILE_CREATED;
    return status;
}

NTSTATUS mailslot_open(const char *text, ACCESS_MASK access, ULONG sharing, ULONG options, struct file **file)
{
    WCHAR buffer[ARENA_NAME_MAX];
    UNICODE_STRING name;
    NTSTATUS status = device_name(u"\\Device\\Mailslot\\", text, buffer, &name);
    if (status)
        return status;
    if (!arena_attach())
        return STATUS_OBJECT_NAME_NOT_FOUND;
    arena_lock();
    uint32_t index = slot_find(&name);
    arena_unlock();
    return index ? end_make(index, false, access, sharing, options, file) : STATUS_OBJECT_NAME_NOT_FOUND;
}

/* The slot goes with the server's last handle, though an operation that has just ended may still hold the file. */
void mailslot_handle_closed(struct file *file)
{
    struct mailslot_end *end = file->mailslot;
    uint32_t entry = end->entry;
    end->entry = 0;
    if (end->is_server && entry)
        arena_drop_entry(entry, arena_self());
}

void mailslot_destroy(struct file *file)
{
    mailslot_handle_closed(file);
    close(file->mailslot->messages);
    free(file->mailslot);
    file->mailslot = NULL;
}

NTSTATUS mailslot_set(struct file *file, const LARGE_INTEGER *timeout)
{
    const struct mailslot_end *end = file->mailslot;
    if (!end || !end->is_server)
        return STATUS_INVALID_PARAMETER;
    atomic_store(&slot_at(end->entry)->timeout, timeout ? timeout->QuadPart : -1);
    return STATUS_SUCCESS;
}
