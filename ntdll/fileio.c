/*
 * fileio.c: NtReadFile and NtWriteFile, and how an operation tells that it has ended.
 *
 * Disk files are read and written at once, whatever the handle's mode: the page cache answers
 * sooner than a thread could.  Pipes of an overlapped handle go to the I/O thread when they
 * would block.  Calls Linux, ioqueue.c, console.c.
 */
#include <errno.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "apc.h"
#include "blocking.h"
#include "error.h"
#include "file.h"
#include "fileio.h"
#include "mailslot.h"
#include "pipe.h"
#include "socket_private.h"
#include "namedstream.h"
#include "virtual.h"

#define OFFSET_CURRENT (-2LL) /* FILE_USE_FILE_POINTER_POSITION */
#define OFFSET_END (-1LL)     /* FILE_WRITE_TO_END_OF_FILE */

NTSTATUS completion_begin(struct completion *completion, struct file *file, HANDLE event, PIO_APC_ROUTINE apc,
                          PVOID context, PIO_STATUS_BLOCK io)
{
    *completion =
        (struct completion){.file = file, .apc = apc, .context = context, .io = io, .issuer = thread_current()};
    if (event) {
        NTSTATUS status = handle_lookup((HANDLE)((ULONG_PTR)event & ~1ULL), &type_event, EVENT_MODIFY_STATE,
                                        (void **)&completion->event);
        if (status)
            return status;
        waitable_reset(completion->event->waitable);
    } else {
        waitable_reset(&file->waitable);
    }
    if (apc)
        completion->thread = object_reference(thread_current()->object);
    return STATUS_SUCCESS;
}

void completion_begin_own(struct completion *completion, struct file *file, PIO_APC_ROUTINE told, PVOID context,
                          PIO_STATUS_BLOCK io)
{
    *completion = (struct completion){.file = file, .apc = told, .context = context, .io = io};
}

NTSTATUS completion_end(struct completion *completion, NTSTATUS status, ULONG_PTR information, bool at_once)
{
    struct file *file = completion->file;
    /* As it is before the event tells the program, who may then give the file to a port for what comes later. */
    struct object *port = file->port;
    bool failed_at_once = at_once && NT_ERROR(status);
    bool skip_port = failed_at_once || (at_once && (file->notification_modes & FILE_SKIP_COMPLETION_PORT_ON_SUCCESS));
    bool skip_event =
        failed_at_once || (!completion->event && (file->notification_modes & FILE_SKIP_SET_EVENT_ON_HANDLE));
    if (!failed_at_once) {
        completion->io->Information = information;
        __atomic_store_n(&completion->io->Status, status, __ATOMIC_RELEASE);
    }
    if (completion->event && !failed_at_once)
        waitable_signal(completion->event->waitable);
    else if (!skip_event)
        waitable_signal(&file->waitable);
    if (completion->apc && !completion->thread && !failed_at_once)
        completion->apc(completion->context, completion->io, 0);
    else if (completion->apc && !failed_at_once)
        apc_queue_object(completion->thread, completion->apc, (ULONG_PTR)completion->context, (ULONG_PTR)completion->io,
                         0);
    else if (port && completion->context && !skip_port)
        completion_post(port, file->port_key, completion->context, status, information);
    if (completion->event)
        object_release(completion->event);
    if (completion->thread)
        object_release(completion->thread);
    return status;
}

NTSTATUS completion_wait(struct file *file, NTSTATUS status, PIO_STATUS_BLOCK io)
{
    struct object *object = &file->object;
    if (status != STATUS_PENDING || !file->synchronous)
        return status;
    object_wait(1, &object, FALSE, FALSE, NULL);
    return io->Status;
}

/* Reads until `length`, the end, or an error after which nothing was read. */
static NTSTATUS disk_read(struct file *file, char *buffer, size_t length, int64_t offset, size_t *done)
{
    *done = 0;
    while (*done < length) {
        ssize_t n = file->host_position && offset == OFFSET_CURRENT
                        ? read(file->fd, buffer + *done, length - *done)
                        : pread(file->fd, buffer + *done, length - *done, offset + (int64_t)*done);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 && !*done)
            return status_from_errno(errno);
        if (n <= 0)
            break;
        *done += n;
        if (file->kind != FILE_KIND_DISK)
            break;
    }
    return *done || !length ? STATUS_SUCCESS : STATUS_END_OF_FILE;
}

static ssize_t disk_write_some(struct file *file, const char *buffer, size_t length, int64_t offset)
{
    struct iovec piece = {(void *)buffer, length};
    if (offset == OFFSET_END && file->kind == FILE_KIND_DISK)
        return pwritev2(file->fd, &piece, 1, 0, RWF_APPEND);
    if (offset == OFFSET_END || (file->host_position && offset == OFFSET_CURRENT))
        return write(file->fd, buffer, length);
    return pwrite(file->fd, buffer, length, offset);
}

static NTSTATUS disk_write(struct file *file, const char *buffer, size_t length, int64_t offset, size_t *done)
{
    bool late = false;

    *done = 0;
    while (*done < length) {
        ssize_t n =
            disk_write_some(file, buffer + *done, length - *done, offset < 0 ? offset : offset + (int64_t)*done);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 && errno == EFAULT && !late && virtual_late_hit(buffer, length)) {
            late = true;
            continue;
        }
        if (n < 0)
            return *done ? STATUS_SUCCESS : errno == EFAULT ? STATUS_INVALID_USER_BUFFER : status_from_errno(errno);
        *done += n;
    }
    return STATUS_SUCCESS;
}

/* A blocking read of a pipe: what is there; the other end closed is an error on Windows. */
static NTSTATUS pipe_read(struct file *file, void *buffer, size_t length, size_t *done)
{
    ssize_t n;
    do {
        if (blocking_cancelled())
            return STATUS_CANCELLED;
        n = read(file->fd, buffer, length);
    } while (n < 0 && errno == EINTR);
    *done = n > 0 ? n : 0;
    if (n < 0)
        return errno == ECONNRESET ? STATUS_PIPE_BROKEN : status_from_errno(errno);
    return n || !length ? STATUS_SUCCESS : STATUS_PIPE_BROKEN;
}

static NTSTATUS pipe_write(struct file *file, const char *buffer, size_t length, size_t *done)
{
    for (*done = 0; *done < length;) {
        if (blocking_cancelled())
            return STATUS_CANCELLED;
        ssize_t n = write(file->fd, buffer + *done, length - *done);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return errno == EPIPE || errno == ECONNRESET ? STATUS_PIPE_CLOSING : status_from_errno(errno);
        *done += n;
    }
    return STATUS_SUCCESS;
}

static NTSTATUS console_transfer(struct file *file, void *buffer, ULONG length, bool write, size_t *done)
{
    ULONG n = 0;
    NTSTATUS status = write ? console_write(file, buffer, length, &n) : console_read(file, buffer, length, &n);
    *done = n;
    return status;
}

/* What may block until another process does something, and can be cancelled meanwhile. */
static NTSTATUS blocking_transfer(struct file *file, void *buffer, ULONG length, bool write, size_t *done)
{
    NTSTATUS status;
    blocking_begin(file);
    if (file->kind == FILE_KIND_CONSOLE)
        status = console_transfer(file, buffer, length, write, done);
    else
        status = write ? pipe_write(file, buffer, length, done) : pipe_read(file, buffer, length, done);
    blocking_end();
    return status;
}

/* Reads or writes at a position; keeps the file's own one for synchronous handles. */
static NTSTATUS disk_transfer(struct file *file, void *buffer, ULONG length, const LARGE_INTEGER *where, bool write,
                              size_t *done)
{
    int64_t offset = where ? where->QuadPart : OFFSET_CURRENT;
    NTSTATUS status;
    bool own = file->synchronous && !file->host_position;
    if (file->append && write)
        offset = OFFSET_END;
    if (offset < OFFSET_CURRENT || (offset < 0 && !write && offset != OFFSET_CURRENT))
        return STATUS_INVALID_PARAMETER;
    if (offset == OFFSET_CURRENT && !file->synchronous && !file->host_position)
        return STATUS_INVALID_PARAMETER;
    if (own) {
        host_lock(&file->lock);
        if (offset == OFFSET_CURRENT)
            offset = file->position;
    }
    status = lockfile_check(file, offset, length, write);
    if (!status)
        status = write ? disk_write(file, buffer, length, offset, done) : disk_read(file, buffer, length, offset, done);
    if (!status && write && file->stream)
        status = named_stream_store(file);
    if (own) {
        if (offset == OFFSET_END) {
            off_t end = lseek(file->fd, 0, SEEK_END);
            offset = end < 0 ? 0 : end - (int64_t)*done;
        }
        file->position = offset + (int64_t)*done;
        host_unlock(&file->lock);
    }
    return status;
}

static NTSTATUS transfer(struct file *file, void *buffer, ULONG length, const LARGE_INTEGER *offset, bool write,
                         size_t *done)
{
    *done = 0;
    switch (file->kind) {
    case FILE_KIND_NULL:
        *done = write ? length : 0;
        return write || !length ? STATUS_SUCCESS : STATUS_END_OF_FILE;
    case FILE_KIND_DIRECTORY:
    case FILE_KIND_PIPE_ROOT:
    case FILE_KIND_SOCKET: /* these two have their own ways */
    case FILE_KIND_MAILSLOT:
    case FILE_KIND_AFD:
    case FILE_KIND_OTHER:
        return STATUS_INVALID_DEVICE_REQUEST;
    case FILE_KIND_CONSOLE:
    case FILE_KIND_PIPE:
        return blocking_transfer(file, buffer, length, write, done);
    default:
        return disk_transfer(file, buffer, length, offset, write, done);
    }
}

/*
 * A disk file, without event and APC, has ended when the call returns: the file is signalled then, and it does not
 * matter that it was before.  Takes over the reference.
 */
static NTSTATUS disk_file_transfer(struct file *file, PVOID context, PIO_STATUS_BLOCK io, void *buffer, ULONG length,
                                   const LARGE_INTEGER *offset, bool write)
{
    size_t done = 0;
    NTSTATUS status = disk_transfer(file, buffer, length, offset, write, &done);
    struct completion completion = {.file = file, .context = context, .io = io};
    completion_end(&completion, status, done, true);
    if (file->synchronous && NT_ERROR(status)) {
        io->Status = status;
        io->Information = done;
    }
    object_release(file);
    return status;
}

static NTSTATUS file_transfer(HANDLE handle, HANDLE event, PIO_APC_ROUTINE apc, PVOID context, PIO_STATUS_BLOCK io,
                              PVOID buffer, ULONG length, const LARGE_INTEGER *offset, bool write)
{
    struct file *file;
    struct completion completion;
    size_t done = 0;
    NTSTATUS status = handle_lookup(handle, &type_file, 0, (void **)&file);
    if (status)
        return status;
    ACCESS_MASK needed = write ? FILE_WRITE_DATA | FILE_APPEND_DATA : FILE_READ_DATA;
    if (!(file->access & needed)) {
        object_release(file);
        return STATUS_ACCESS_DENIED;
    }
    if (file->kind == FILE_KIND_DISK && !event && !apc)
        return disk_file_transfer(file, context, io, buffer, length, offset, write);
    status = completion_begin(&completion, file, event, apc, context, io);
    if (!status && file->kind == FILE_KIND_PIPE && (!file->synchronous || file->pipe)) {
        status = pipe_transfer(&completion, buffer, length, write);
    } else if (!status && file->mailslot) {
        status = completion_wait(file, mailslot_transfer(&completion, buffer, length, write), io);
    } else if (!status && file->kind == FILE_KIND_SOCKET) {
        status = socket_file_transfer(&completion, buffer, length, write);
    } else if (!status) {
        status = transfer(file, buffer, length, offset, write, &done);
        completion_end(&completion, status, done, true);
    }
    if (file->synchronous && NT_ERROR(status)) {
        io->Status = status;
        io->Information = done;
    }
    object_release(file);
    return status;
}

NTSTATUS WINAPI NtReadFile(HANDLE handle, HANDLE event, PIO_APC_ROUTINE apc, PVOID context, PIO_STATUS_BLOCK io,
                           PVOID buffer, ULONG length, PLARGE_INTEGER offset, PULONG key)
{
    (void)key;
    return file_transfer(handle, event, apc, context, io, buffer, length, offset, false);
}

NTSTATUS WINAPI NtWriteFile(HANDLE handle, HANDLE event, PIO_APC_ROUTINE apc, PVOID context, PIO_STATUS_BLOCK io,
                            PVOID buffer, ULONG length, PLARGE_INTEGER offset, PULONG key)
{
    (void)key;
    return file_transfer(handle, event, apc, context, io, buffer, length, offset, true);
}

NTSTATUS WINAPI NtFlushBuffersFileEx(HANDLE handle, ULONG flags, PVOID parameters, ULONG size, PIO_STATUS_BLOCK io)
{
    struct file *file;
    (void)parameters;
    (void)size;
    NTSTATUS status = handle_lookup(handle, &type_file, 0, (void **)&file);
    if (status)
        return status;
    if (!(file->access & (FILE_WRITE_DATA | FILE_APPEND_DATA)))
        status = STATUS_ACCESS_DENIED;
    else if (file->kind == FILE_KIND_PIPE)
        status = pipe_flush(file);
    else if ((file->kind == FILE_KIND_DISK || file->kind == FILE_KIND_DIRECTORY) && file->fd >= 0) {
        /* 1: FLUSH_FLAGS_FILE_DATA_ONLY, 2: FLUSH_FLAGS_NO_SYNC, 4: FLUSH_FLAGS_FILE_DATA_SYNC_ONLY */
        int failed = flags & 2 ? 0 : flags & 5 ? fdatasync(file->fd) : fsync(file->fd);
        if (failed && errno != EINVAL && errno != EROFS)
            status = status_from_errno(errno);
    }
    io->Status = status;
    io->Information = 0;
    object_release(file);
    return status;
}

NTSTATUS WINAPI NtFlushBuffersFile(HANDLE handle, PIO_STATUS_BLOCK io)
{
    return NtFlushBuffersFileEx(handle, 0, NULL, 0, io);
}

/* ---- pages that lie anywhere in memory ---- */

#define SEGMENT 4096u

static NTSTATUS segments_transfer(struct file *file, const FILE_SEGMENT_ELEMENT *segments, ULONG length,
                                  const LARGE_INTEGER *offset, bool write, size_t *total)
{
    LARGE_INTEGER at = *offset;
    NTSTATUS status = STATUS_SUCCESS;

    for (*total = 0; *total < length && !status; segments++) {
        ULONG left = length - (ULONG)*total, size = left < SEGMENT ? left : SEGMENT;
        size_t done;

        status = disk_transfer(file, segments->Buffer, size, &at, write, &done);
        *total += done;
        at.QuadPart += (LONGLONG)done;
        if (done < size)
            break;
    }
    return *total ? STATUS_SUCCESS : status;
}

/* For files opened without buffering and without waiting, as Windows has it. */
static NTSTATUS file_segments(HANDLE handle, HANDLE event, PIO_APC_ROUTINE apc, PVOID context, PIO_STATUS_BLOCK io,
                              const FILE_SEGMENT_ELEMENT *segments, ULONG length, const LARGE_INTEGER *offset,
                              bool write)
{
    struct file *file;
    struct completion completion;
    size_t done = 0;
    NTSTATUS status = handle_lookup(handle, &type_file, 0, (void **)&file);

    if (status)
        return status;
    if (!(file->access & (write ? FILE_WRITE_DATA | FILE_APPEND_DATA : FILE_READ_DATA)))
        status = STATUS_ACCESS_DENIED;
    else if (file->synchronous || file->kind != FILE_KIND_DISK || !offset)
        status = STATUS_INVALID_PARAMETER;
    if (!status)
        status = completion_begin(&completion, file, event, apc, context, io);
    if (!status) {
        status = segments_transfer(file, segments, length, offset, write, &done);
        completion_end(&completion, status, done, true);
    }
    object_release(file);
    return status;
}

NTSTATUS WINAPI NtReadFileScatter(HANDLE handle, HANDLE event, PIO_APC_ROUTINE apc, PVOID context, PIO_STATUS_BLOCK io,
                                  FILE_SEGMENT_ELEMENT *segments, ULONG length, PLARGE_INTEGER offset, PULONG key)
{
    (void)key;
    return file_segments(handle, event, apc, context, io, segments, length, offset, false);
}

NTSTATUS WINAPI NtWriteFileGather(HANDLE handle, HANDLE event, PIO_APC_ROUTINE apc, PVOID context, PIO_STATUS_BLOCK io,
                                  FILE_SEGMENT_ELEMENT *segments, ULONG length, PLARGE_INTEGER offset, PULONG key)
{
    (void)key;
    return file_segments(handle, event, apc, context, io, segments, length, offset, true);
}
