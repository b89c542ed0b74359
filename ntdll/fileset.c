/*
 * fileset.c: NtSetInformationFile: attributes and times, renaming, deletion, sizes, positions,
 * completion ports.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "dirindex.h"
#include "error.h"
#include "fileio.h"
#include "mailslot.h"
#include "pipe.h"
#include "namedstream.h"

#define RENAME_NO_REPLACE 1 /* RENAME_NOREPLACE of linux/fs.h */

static bool keeps(const LARGE_INTEGER *time)
{
    return time->QuadPart <= 0; /* 0: as it is; -1, -2: stop and resume automatic changes */
}

static NTSTATUS set_basic(struct file *file, const FILE_BASIC_INFORMATION *info)
{
    struct timespec times[2] = {{.tv_nsec = UTIME_OMIT}, {.tv_nsec = UTIME_OMIT}};
    struct stat st;
    if (!(file->access & FILE_WRITE_ATTRIBUTES))
        return STATUS_ACCESS_DENIED;
    if (file->fd < 0 || fstat(file->fd, &st))
        return STATUS_ACCESS_DENIED;
    if (!keeps(&info->LastAccessTime))
        times[0] = time_to_host(info->LastAccessTime.QuadPart);
    if (!keeps(&info->LastWriteTime))
        times[1] = time_to_host(info->LastWriteTime.QuadPart);
    if (info->FileAttributes) {
        bool directory = S_ISDIR(st.st_mode);
        if ((info->FileAttributes & FILE_ATTRIBUTE_DIRECTORY) && !directory)
            return STATUS_INVALID_PARAMETER;
        NTSTATUS status = attributes_store(S_ISLNK(st.st_mode) ? -1 : file->fd, file->host, &st, info->FileAttributes);
        if (status)
            return status;
    }
    if (!keeps(&info->CreationTime) && !S_ISLNK(st.st_mode))
        created_store(file->fd, file->host, &st, info->CreationTime.QuadPart);
    if (keeps(&info->LastAccessTime) && keeps(&info->LastWriteTime))
        return STATUS_SUCCESS;
    if (futimens(file->fd, times) && (errno != EBADF || utimensat(AT_FDCWD, file->host, times, AT_SYMLINK_NOFOLLOW)))
        return status_from_errno(errno);
    return STATUS_SUCCESS;
}

/* What a rename or link is to be called.  `path` is where it goes; `exists` and `st` describe what is there. */
struct target {
    struct path path;
    bool exists;
    struct stat st;
};

/* The name as asked for, in its own case, in place of the last component. */
static void target_own_case(struct target *target, const UNICODE_STRING *name)
{
    size_t start = name->Length / 2;
    while (start && name->Buffer[start - 1] != '\\')
        start--;
    char *slash = strrchr(target->path.host, '/');
    path_name_to_bytes(name->Buffer + start, name->Length / 2 - start, slash + 1,
                       PATH_HOST_MAX - (slash + 1 - target->path.host));
}

/* A name without a backslash: in the same directory. */
static NTSTATUS target_beside(struct file *file, const UNICODE_STRING *name, struct target *target)
{
    WCHAR nt[PATH_HOST_MAX] = L"\\??\\";
    NTSTATUS status = path_from_host(file->host, nt + 4, PATH_HOST_MAX - 260);
    if (status)
        return status;
    size_t length = path_length(nt);
    while (length && nt[length - 1] != '\\')
        length--;
    if (name->Length > 510)
        return STATUS_OBJECT_NAME_INVALID;
    memcpy(nt + length, name->Buffer, name->Length);
    UNICODE_STRING full = {(USHORT)(length * 2 + name->Length), 0, nt};
    return path_find(&full, NULL, &target->path);
}

static NTSTATUS target_resolve(struct file *file, HANDLE root, const UNICODE_STRING *name, struct target *target)
{
    bool plain = true;
    NTSTATUS status;
    for (size_t i = 0; i < name->Length / 2u; i++)
        plain = plain && name->Buffer[i] != '\\';
    if (!name->Length)
        return STATUS_OBJECT_NAME_INVALID;
    status = plain && !root ? target_beside(file, name, target) : path_find(name, root, &target->path);
    if (status && status != STATUS_OBJECT_NAME_NOT_FOUND)
        return status;
    if (target->path.kind == PATH_VOLUME)
        return STATUS_NOT_SAME_DEVICE;
    if (target->path.kind != PATH_FILE) /* NUL is always there; nothing is moved, or copied and deleted, into it */
        return STATUS_OBJECT_NAME_COLLISION;
    if (!status && !target->path.trailing)
        target_own_case(target, name);
    return STATUS_SUCCESS;
}

/* What stands against putting something else in the target's place. */
static NTSTATUS target_check(struct target *target, const char *found, const struct stat *own, bool replace,
                             bool ignore_readonly)
{
    target->exists = !lstat(found, &target->st);
    if (!target->exists || (target->st.st_ino == own->st_ino && target->st.st_dev == own->st_dev))
        return STATUS_SUCCESS;
    if (!replace)
        return STATUS_OBJECT_NAME_COLLISION;
    if (S_ISDIR(target->st.st_mode) || S_ISDIR(own->st_mode))
        return STATUS_ACCESS_DENIED;
    if (!ignore_readonly && S_ISREG(target->st.st_mode) && !(target->st.st_mode & 0222))
        return STATUS_ACCESS_DENIED;
    return share_blocks_delete(&target->st) ? STATUS_ACCESS_DENIED : STATUS_SUCCESS;
}

static int rename_host(const char *from, const char *to, bool replace)
{
    if (replace)
        return rename(from, to);
    int result = (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, RENAME_NO_REPLACE);
    return result && (errno == EINVAL || errno == ENOSYS) ? rename(from, to) : result;
}

static NTSTATUS rename_to(struct file *file, struct target *target, const char *found, const struct stat *own)
{
    const char *to = target->path.host;
    bool same = target->exists && target->st.st_ino == own->st_ino && target->st.st_dev == own->st_dev;
    /* Another name of another case is replaced: there must not be two that differ in case alone. */
    if (target->exists && !same && strcmp(found, to) && unlink(found))
        return status_from_errno(errno);
    if (same && !strcmp(file->host, to))
        return STATUS_SUCCESS;
    bool replace = target->exists, from_held = dirindex_holds(file->host), to_held = dirindex_holds(to);
    if (rename_host(file->host, to, replace) &&
        !(errno == ENOENT && path_make_real(to, false) && !rename_host(file->host, to, replace)))
        return errno == EEXIST   ? STATUS_OBJECT_NAME_COLLISION
               : errno == ENOENT ? STATUS_OBJECT_PATH_NOT_FOUND
                                 : status_from_errno(errno);
    dirindex_removed(file->host, from_held);
    dirindex_created(to, to_held);
    char *host = strdup(to);
    if (host) {
        free(file->host);
        file->host = host;
        file->drive = target->path.drive;
        share_renamed(file);
    }
    return STATUS_SUCCESS;
}

static NTSTATUS set_rename(struct file *file, const FILE_RENAME_INFORMATION_EX *info, ULONG length, ULONG flags,
                           bool link)
{
    struct target target;
    struct stat own;
    char found[PATH_HOST_MAX];
    if (length < offsetof(FILE_RENAME_INFORMATION_EX, FileName) ||
        info->FileNameLength > length - offsetof(FILE_RENAME_INFORMATION_EX, FileName))
        return STATUS_INVALID_PARAMETER;
    if (!link && !(file->access & DELETE))
        return STATUS_ACCESS_DENIED;
    if (file->kind != FILE_KIND_DISK && file->kind != FILE_KIND_DIRECTORY)
        return STATUS_INVALID_PARAMETER;
    if (!file->host || file->fd < 0 || fstat(file->fd, &own))
        return STATUS_ACCESS_DENIED;
    UNICODE_STRING name = {(USHORT)info->FileNameLength, (USHORT)info->FileNameLength, (WCHAR *)info->FileName};
    NTSTATUS status = target_resolve(file, info->RootDirectory, &name, &target);
    if (status)
        return status;
    /* What is there may be written in another case than what is asked for. */
    struct path there = target.path;
    strcpy(found, path_fold(&there) ? target.path.host : there.host);
    status = target_check(&target, found, &own, flags & FILE_RENAME_REPLACE_IF_EXISTS,
                          flags & FILE_RENAME_IGNORE_READONLY_ATTRIBUTE);
    if (status || !link)
        return status ? status : rename_to(file, &target, found, &own);
    if (target.exists && !(flags & FILE_LINK_REPLACE_IF_EXISTS))
        return STATUS_OBJECT_NAME_COLLISION;
    if (target.exists && unlink(found))
        return status_from_errno(errno);
    if (S_ISDIR(own.st_mode))
        return STATUS_FILE_IS_A_DIRECTORY;
    if (linkat(AT_FDCWD, file->host, AT_FDCWD, target.path.host, 0))
        return status_from_errno(errno);
    return STATUS_SUCCESS;
}

static bool directory_is_empty(int fd)
{
    char buffer[1024];
    int copy = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    ssize_t n = copy < 0 ? -1 : syscall(SYS_getdents64, copy, buffer, sizeof buffer);
    size_t names = 0;
    for (ssize_t at = 0; at < n; names++)
        at += *(uint16_t *)(buffer + at + 16);
    if (copy >= 0)
        close(copy);
    return names <= 2;
}

static NTSTATUS set_disposition(struct file *file, ULONG flags)
{
    struct stat st;
    if (!(file->access & DELETE))
        return STATUS_ACCESS_DENIED;
    if (file->stream) {
        file->delete_pending = flags & FILE_DISPOSITION_DELETE;
        return STATUS_SUCCESS;
    }
    if (!(flags & FILE_DISPOSITION_DELETE)) {
        share_mark_delete(file, false, false);
        return STATUS_SUCCESS;
    }
    if (file->fd < 0 || !file->share || fstat(file->fd, &st))
        return STATUS_CANNOT_DELETE;
    if (S_ISREG(st.st_mode) && !(st.st_mode & 0222) && !(flags & FILE_DISPOSITION_IGNORE_READONLY_ATTRIBUTE))
        return STATUS_CANNOT_DELETE;
    if (S_ISDIR(st.st_mode) && !directory_is_empty(file->fd))
        return STATUS_DIRECTORY_NOT_EMPTY;
    share_mark_delete(file, true, flags & FILE_DISPOSITION_POSIX_SEMANTICS);
    return STATUS_SUCCESS;
}

static NTSTATUS set_position(struct file *file, int64_t position)
{
    if (position < 0)
        return STATUS_INVALID_PARAMETER;
    if (file->kind == FILE_KIND_PIPE || file->kind == FILE_KIND_CONSOLE)
        return STATUS_INVALID_DEVICE_REQUEST;
    if (file->host_position && lseek(file->fd, position, SEEK_SET) < 0)
        return status_from_errno(errno);
    file->position = position;
    return STATUS_SUCCESS;
}

static NTSTATUS set_end(struct file *file, int64_t size, bool only_shrink)
{
    struct stat st;
    if (!(file->access & FILE_WRITE_DATA))
        return STATUS_ACCESS_DENIED;
    if (file->kind != FILE_KIND_DISK || size < 0)
        return STATUS_INVALID_PARAMETER;
    if (only_shrink && (fstat(file->fd, &st) || st.st_size <= size))
        return STATUS_SUCCESS;
    if (ftruncate(file->fd, size))
        return status_from_errno(errno);
    return file->stream ? named_stream_store(file) : STATUS_SUCCESS;
}

static NTSTATUS set_port(struct file *file, const FILE_COMPLETION_INFORMATION *info)
{
    struct object *port;
    if (file->synchronous || file->port)
        return STATUS_INVALID_PARAMETER;
    NTSTATUS status = handle_lookup(info->Port, &type_io_completion, 0, (void **)&port);
    if (status)
        return status;
    file->port_key = (ULONG_PTR)info->Key;
    file->port = port;
    return STATUS_SUCCESS;
}

/* Whether writes go through to the disk is settled when the host opens the file. */
static NTSTATUS set_mode(struct file *file, ULONG mode)
{
    const ULONG synchronous = FILE_SYNCHRONOUS_IO_ALERT | FILE_SYNCHRONOUS_IO_NONALERT;
    const ULONG settable = FILE_WRITE_THROUGH | FILE_SEQUENTIAL_ONLY | synchronous;
    ULONG kind = mode & synchronous;
    if (mode & ~settable || kind == synchronous || !kind != !file->synchronous)
        return STATUS_INVALID_PARAMETER;
    if ((file->options ^ mode) & FILE_WRITE_THROUGH)
        return STATUS_NOT_SUPPORTED;
    file->options = (file->options & ~settable) | mode;
    return STATUS_SUCCESS;
}

static NTSTATUS set_dispatch(struct file *file, const void *in, ULONG length, unsigned class)
{
    const FILE_PIPE_INFORMATION *pipe = in;
    switch (class) {
    case FileBasicInformation:
        return set_basic(file, in);
    case FileRenameInformation:
        return set_rename(file, in, length, *(const BOOLEAN *)in ? FILE_RENAME_REPLACE_IF_EXISTS : 0, false);
    case FileRenameInformationEx:
        return set_rename(file, in, length, *(const ULONG *)in, false);
    case FileLinkInformation:
        return set_rename(file, in, length, *(const BOOLEAN *)in ? FILE_LINK_REPLACE_IF_EXISTS : 0, true);
    case FileLinkInformationEx:
        return set_rename(file, in, length, *(const ULONG *)in, true);
    case FileDispositionInformation:
        return set_disposition(file, *(const BOOLEAN *)in ? FILE_DISPOSITION_DELETE : 0);
    case FileDispositionInformationEx:
        return set_disposition(file, *(const ULONG *)in);
    case FilePositionInformation:
        return set_position(file, *(const int64_t *)in);
    case FileEndOfFileInformation:
        return set_end(file, *(const int64_t *)in, false);
    case FileAllocationInformation:
        return set_end(file, *(const int64_t *)in, true);
    case FileCompletionInformation:
        return set_port(file, in);
    case FileIoCompletionNotificationInformation:
        file->notification_modes |= (UCHAR) * (const ULONG *)in;
        return STATUS_SUCCESS;
    case FileShortNameInformation:
        return STATUS_SHORT_NAMES_NOT_ENABLED_ON_VOLUME;
    case FileCaseSensitiveInformation: /* no directory is */
        return *(const ULONG *)in & 1 ? STATUS_NOT_SUPPORTED : STATUS_SUCCESS;
    case FileModeInformation:
        return set_mode(file, *(const ULONG *)in);
    case FilePipeInformation:
        return pipe_set_mode(file, pipe->ReadMode, pipe->CompletionMode);
    case FileMailslotSetInformation:
        return mailslot_set(file, *(const LARGE_INTEGER *const *)in); /* a pointer, whatever winternl.h says */
    default:                                                          /* hints: nothing to do */
        return STATUS_SUCCESS;
    }
}

static const UCHAR set_lengths[] = {
    [FileBasicInformation] = sizeof(FILE_BASIC_INFORMATION),
    [FileRenameInformation] = offsetof(FILE_RENAME_INFORMATION_EX, FileName),
    [FileLinkInformation] = offsetof(FILE_RENAME_INFORMATION_EX, FileName),
    [FileDispositionInformation] = 1,
    [FilePositionInformation] = 8,
    [FileModeInformation] = 4,
    [FileAllocationInformation] = 8,
    [FileEndOfFileInformation] = 8,
    [FilePipeInformation] = sizeof(FILE_PIPE_INFORMATION),
    [FileMailslotSetInformation] = sizeof(FILE_MAILSLOT_SET_INFORMATION),
    [FileCompletionInformation] = sizeof(FILE_COMPLETION_INFORMATION),
    [FileValidDataLengthInformation] = 8,
    [FileShortNameInformation] = 4,
    [FileIoCompletionNotificationInformation] = 4,
    [FileIoPriorityHintInformation] = 4,
    [FileDispositionInformationEx] = 4,
    [FileRenameInformationEx] = offsetof(FILE_RENAME_INFORMATION_EX, FileName),
    [FileCaseSensitiveInformation] = 4,
    [FileLinkInformationEx] = offsetof(FILE_RENAME_INFORMATION_EX, FileName),
};

NTSTATUS WINAPI NtSetInformationFile(HANDLE handle, PIO_STATUS_BLOCK io, PVOID in, ULONG length,
                                     FILE_INFORMATION_CLASS class)
{
    struct file *file;
    unsigned number = (unsigned)class;
    if (number >= sizeof set_lengths || !set_lengths[number])
        return STATUS_INVALID_INFO_CLASS;
    if (length < set_lengths[number])
        return STATUS_INFO_LENGTH_MISMATCH;
    NTSTATUS status = handle_lookup(handle, &type_file, 0, (void **)&file);
    if (status)
        return status;
    status = set_dispatch(file, in, length, number);
    io->Status = status;
    io->Information = 0;
    object_release(file);
    return status;
}

NTSTATUS WINAPI NtDeleteFile(POBJECT_ATTRIBUTES attributes)
{
    HANDLE handle;
    IO_STATUS_BLOCK io;
    BOOLEAN delete = TRUE;
    NTSTATUS status = NtOpenFile(&handle, DELETE, attributes, &io,
                                 FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, FILE_OPEN_REPARSE_POINT);
    if (status)
        return status;
    status = NtSetInformationFile(handle, &io, &delete, sizeof delete, FileDispositionInformation);
    NtClose(handle);
    return status;
}
