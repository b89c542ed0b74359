/*
 * control.c: NtFsControlFile, NtDeviceIoControlFile, cancelling.
 *
 * Each control code is one function of (file, input, output).  Calls pipe.c, ioqueue.c, Linux.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "blocking.h"
#include "control.h"
#include "error.h"
#include "ioqueue.h"
#include "pipe.h"
#include "socket_private.h"
#include "thread_object.h"

static NTSTATUS query_allocated_ranges(struct control *control)
{
    const FILE_ALLOCATED_RANGE_BUFFER *in = control->in;
    FILE_ALLOCATED_RANGE_BUFFER *out = control->out;
    if (control->in_length < sizeof *in)
        return STATUS_INVALID_PARAMETER;
    off_t at = in->FileOffset.QuadPart, end = at + in->Length.QuadPart;
    for (ULONG room = control->out_length / sizeof *out; at < end; room--) {
        off_t data = lseek(control->file->fd, at, SEEK_DATA);
        if (data < 0 || data >= end)
            break;
        if (!room)
            return STATUS_BUFFER_OVERFLOW;
        off_t hole = lseek(control->file->fd, data, SEEK_HOLE);
        if (hole < 0 || hole > end)
            hole = end;
        out->FileOffset.QuadPart = data;
        out++->Length.QuadPart = hole - data;
        control->used += sizeof *out;
        at = hole;
    }
    return STATUS_SUCCESS;
}

static NTSTATUS set_zero_data(struct control *control)
{
    const FILE_ZERO_DATA_INFORMATION *in = control->in;
    if (control->in_length < sizeof *in)
        return STATUS_INVALID_PARAMETER;
    off_t start = in->FileOffset.QuadPart, length = in->BeyondFinalZero.QuadPart - start;
    struct stat st;
    if (length <= 0 || fstat(control->file->fd, &st))
        return STATUS_SUCCESS;
    if (start + length > st.st_size)
        length = st.st_size - start;
    if (length > 0 && fallocate(control->file->fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, start, length))
        return status_from_errno(errno);
    return STATUS_SUCCESS;
}

static NTSTATUS get_compression(struct control *control)
{
    if (control->out_length < sizeof(USHORT))
        return STATUS_INVALID_PARAMETER;
    *(USHORT *)control->out = 0; /* COMPRESSION_FORMAT_NONE */
    control->used = sizeof(USHORT);
    return STATUS_SUCCESS;
}

static NTSTATUS fs_control(struct control *control, ULONG code)
{
    switch (code) {
    case FSCTL_GET_REPARSE_POINT:
        return get_reparse_point(control);
    case FSCTL_SET_REPARSE_POINT:
        return set_reparse_point(control);
    case FSCTL_DELETE_REPARSE_POINT:
        return delete_reparse_point(control);
    case FSCTL_QUERY_ALLOCATED_RANGES:
        return query_allocated_ranges(control);
    case FSCTL_SET_ZERO_DATA:
        return set_zero_data(control);
    case FSCTL_GET_COMPRESSION:
        return get_compression(control);
    case FSCTL_SET_SPARSE: /* every host file may have holes */
    case FSCTL_SET_COMPRESSION:
    case FSCTL_LOCK_VOLUME:
    case FSCTL_UNLOCK_VOLUME:
        return STATUS_SUCCESS;
    default:
        return STATUS_INVALID_DEVICE_REQUEST;
    }
}

static bool is_pipe_control(const struct file *file, ULONG code)
{
    return (file->kind == FILE_KIND_PIPE || file->kind == FILE_KIND_PIPE_ROOT) &&
           (code >> 16) == 0x11 /* FILE_DEVICE_NAMED_PIPE */;
}

NTSTATUS WINAPI NtFsControlFile(HANDLE handle, HANDLE event, PIO_APC_ROUTINE apc, PVOID context, PIO_STATUS_BLOCK io,
                                ULONG code, PVOID in, ULONG in_length, PVOID out, ULONG out_length)
{
    struct completion completion;
    struct control control = {.in = in, .out = out, .in_length = in_length, .out_length = out_length};
    NTSTATUS status = handle_lookup(handle, &type_file, 0, (void **)&control.file);
    if (status)
        return status;
    status = completion_begin(&completion, control.file, event, apc, context, io);
    if (!status && is_pipe_control(control.file, code)) {
        status = pipe_control(&completion, code, in, in_length, out, out_length);
    } else if (!status) {
        status = fs_control(&control, code);
        completion_end(&completion, status, control.used, true);
    }
    if (!event)
        status = completion_wait(control.file, status, io);
    if (NT_ERROR(status)) {
        io->Status = status;
        io->Information = 0;
    }
    object_release(control.file);
    return status;
}

NTSTATUS WINAPI NtDeviceIoControlFile(HANDLE handle, HANDLE event, PIO_APC_ROUTINE apc, PVOID context,
                                      PIO_STATUS_BLOCK io, ULONG code, PVOID in, ULONG in_length, PVOID out,
                                      ULONG out_length)
{
    struct file *file;
    NTSTATUS status = handle_lookup(handle, &type_file, 0, (void **)&file);
    if (status)
        return status;
    if (file->kind == FILE_KIND_SOCKET || file->kind == FILE_KIND_AFD) {
        struct completion completion;
        status = completion_begin(&completion, file, event, apc, context, io);
        if (!status)
            status = afd_control(&completion, code, in, in_length, out, out_length);
        if (!event)
            status = completion_wait(file, status, io);
        object_release(file);
        return status;
    }
    bool is_fs = code >> 16 == FILE_DEVICE_FILE_SYSTEM || is_pipe_control(file, code);
    object_release(file);
    if (is_fs)
        return NtFsControlFile(handle, event, apc, context, io, code, in, in_length, out, out_length);
    /* Host files are no disks: a program asks for geometry and the like, and takes the answer "not here". */
    io->Status = STATUS_INVALID_DEVICE_REQUEST;
    io->Information = 0;
    return STATUS_INVALID_DEVICE_REQUEST;
}

static NTSTATUS cancel(HANDLE handle, const IO_STATUS_BLOCK *request, bool this_thread, PIO_STATUS_BLOCK io)
{
    struct file *file;
    NTSTATUS status = handle_lookup(handle, &type_file, 0, (void **)&file);
    if (status)
        return status;
    unsigned count = ioqueue_cancel(file, request, this_thread);
    if (!request && !this_thread)
        count += blocking_cancel(file, NULL);
    status = !count && !this_thread ? STATUS_NOT_FOUND : STATUS_SUCCESS;
    io->Status = status;
    io->Information = 0;
    object_release(file);
    return status;
}

NTSTATUS WINAPI NtCancelIoFile(HANDLE handle, PIO_STATUS_BLOCK io)
{
    return cancel(handle, NULL, true, io);
}

NTSTATUS WINAPI NtCancelIoFileEx(HANDLE handle, PIO_STATUS_BLOCK request, PIO_STATUS_BLOCK io)
{
    return cancel(handle, request, false, io);
}

/* A call that waits in a queue of the file, as ConnectNamedPipe and those of sockets do, is not found. */
NTSTATUS WINAPI NtCancelSynchronousIoFile(HANDLE handle, PIO_STATUS_BLOCK request, PIO_STATUS_BLOCK io)
{
    struct thread_object *object;
    NTSTATUS status = handle_lookup(handle, &type_thread, THREAD_TERMINATE, (void **)&object);
    (void)request;
    if (status)
        return status;
    host_lock(&object->lock);
    struct thread *thread = object->thread;
    host_unlock(&object->lock);
    status = thread && blocking_cancel(NULL, thread) ? STATUS_SUCCESS : STATUS_NOT_FOUND;
    io->Status = status;
    io->Information = 0;
    object_release(object);
    return status;
}
