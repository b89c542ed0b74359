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
#include "error.h"
#include "ioqueue.h"
#include "pipe.h"
#include "socket_private.h"
#include "thread_object.h"

/* A control in progress. */
struct control {
    struct file *file;
    const void *in;
    void *out;
    ULONG in_length, out_length, used;
};

/* A link's target as Windows would write it: absolute ones through a drive, relative ones with backslashes. */
static int link_target(const char *host, WCHAR *target, bool *relative)
{
    char text[PATH_HOST_MAX];
    ssize_t n = readlink(host, text, sizeof text - 1);
    if (n < 0)
        return -1;
    text[n] = 0;
    *relative = text[0] != '/';
    if (!*relative)
        return path_from_host(text, target, PATH_HOST_MAX) ? -1 : (int)path_length(target);
    int length = path_name_to_wide(text, n, target, PATH_HOST_MAX);
    for (int i = 0; i < length; i++)
        if (target[i] == '/')
            target[i] = '\\';
    return length;
}

static NTSTATUS get_reparse_point(struct control *control)
{
    REPARSE_DATA_BUFFER *out = control->out;
    WCHAR target[PATH_HOST_MAX];
    bool relative;
    if (!control->file->host)
        return STATUS_INVALID_DEVICE_REQUEST;
    int length = link_target(control->file->host, target, &relative);
    if (length < 0)
        return errno == EINVAL ? STATUS_NOT_A_REPARSE_POINT : status_from_errno(errno);
    const ULONG head = offsetof(REPARSE_DATA_BUFFER, SymbolicLinkReparseBuffer.PathBuffer);
    ULONG print = (ULONG)length * 2, substitute = print + (relative ? 0 : 8);
    if (control->out_length < head + print + substitute)
        return control->out_length < 8 ? STATUS_BUFFER_TOO_SMALL : STATUS_BUFFER_OVERFLOW;
    memset(out, 0, head);
    out->ReparseTag = IO_REPARSE_TAG_SYMLINK;
    out->ReparseDataLength = (USHORT)(head - 8 + print + substitute);
    out->SymbolicLinkReparseBuffer.SubstituteNameLength = (USHORT)substitute;
    out->SymbolicLinkReparseBuffer.PrintNameOffset = (USHORT)substitute;
    out->SymbolicLinkReparseBuffer.PrintNameLength = (USHORT)print;
    out->SymbolicLinkReparseBuffer.Flags = relative ? 1 /* SYMLINK_FLAG_RELATIVE */ : 0;
    char *text = (char *)out->SymbolicLinkReparseBuffer.PathBuffer;
    if (!relative)
        memcpy(text, L"\\??\\", 8);
    memcpy(text + substitute - print, target, print);
    memcpy(text + substitute, target, print);
    control->used = head + print + substitute;
    return STATUS_SUCCESS;
}

/* The host's text for a link to `target`: a path below a drive becomes a host path. */
static NTSTATUS link_text(const WCHAR *target, size_t length, bool relative, char *text)
{
    if (!relative) {
        struct path path;
        UNICODE_STRING name = {(USHORT)(length * 2), (USHORT)(length * 2), (WCHAR *)target};
        NTSTATUS status = path_find(&name, NULL, &path);
        if (status && status != STATUS_OBJECT_NAME_NOT_FOUND && status != STATUS_OBJECT_PATH_NOT_FOUND)
            return status;
        strcpy(text, path.host);
        return STATUS_SUCCESS;
    }
    if (path_name_to_bytes(target, length, text, PATH_HOST_MAX) < 0)
        return STATUS_IO_REPARSE_DATA_INVALID;
    for (; *text; text++)
        if (*text == '\\')
            *text = '/';
    return STATUS_SUCCESS;
}

/* Where a reparse buffer has its target; false: not of a kind that a host link can be. */
static bool reparse_target(const REPARSE_DATA_BUFFER *in, ULONG length, const WCHAR **target, size_t *count,
                           bool *relative)
{
    const char *names;
    USHORT offset, bytes;
    if (length < 20)
        return false;
    if (in->ReparseTag == IO_REPARSE_TAG_SYMLINK) {
        names = (const char *)in->SymbolicLinkReparseBuffer.PathBuffer;
        offset = in->SymbolicLinkReparseBuffer.SubstituteNameOffset;
        bytes = in->SymbolicLinkReparseBuffer.SubstituteNameLength;
        *relative = in->SymbolicLinkReparseBuffer.Flags & 1;
    } else if (in->ReparseTag == IO_REPARSE_TAG_MOUNT_POINT) {
        names = (const char *)in->MountPointReparseBuffer.PathBuffer;
        offset = in->MountPointReparseBuffer.SubstituteNameOffset;
        bytes = in->MountPointReparseBuffer.SubstituteNameLength;
        *relative = false;
    } else {
        return false;
    }
    if (names + offset + bytes > (const char *)in + length)
        return false;
    *target = (const WCHAR *)(names + offset);
    *count = bytes / 2;
    return true;
}

/* The file or empty directory that is open is replaced by a link of its name. */
static NTSTATUS set_reparse_point(struct control *control)
{
    struct file *file = control->file;
    char text[PATH_HOST_MAX];
    const WCHAR *target;
    size_t count;
    bool relative;
    struct stat st;
    if (!file->host || file->fd < 0 || fstat(file->fd, &st))
        return STATUS_INVALID_DEVICE_REQUEST;
    if (!reparse_target(control->in, control->in_length, &target, &count, &relative))
        return STATUS_IO_REPARSE_TAG_INVALID;
    NTSTATUS status = link_text(target, count, relative, text);
    if (status)
        return status;
    if (S_ISDIR(st.st_mode) ? rmdir(file->host) : unlink(file->host))
        return errno == ENOTEMPTY ? STATUS_DIRECTORY_NOT_EMPTY : status_from_errno(errno);
    return symlink(text, file->host) ? status_from_errno(errno) : STATUS_SUCCESS;
}

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
