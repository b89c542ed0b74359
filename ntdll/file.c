/*
 * file.c: NtCreateFile and NtOpenFile: dispositions, options, what kind of thing a name is.
 *
 * The exact name is opened at once; only if that fails is another case looked for.  Calls the
 * resolver, share.c, pipe.c, and Linux.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config.h"
#include "dirindex.h"
#include "error.h"
#include "file.h"
#include "fileid.h"
#include "fileio.h"
#include "ioqueue.h"
#include "mailslot.h"
#include "reparse.h"
#include "socket_private.h"
#include "namedstream.h"

#define READ_RIGHTS (FILE_READ_DATA | FILE_EXECUTE)
#define WRITE_RIGHTS (FILE_WRITE_DATA | FILE_APPEND_DATA)

/* What one NtCreateFile asks for. */
struct request {
    struct path path;
    ACCESS_MASK access;
    ULONG attributes;
    ULONG sharing;
    ULONG disposition;
    ULONG options;
    ULONG result; /* FILE_OPENED, FILE_CREATED ... */
    bool tried_fold;
};

/* The fds 0-2 stay taken, so that no other file comes to be one of them. */
static void standard_close(const struct file *file)
{
    int nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);
    for (int fd = 0; fd < 3 && nowhere >= 0; fd++)
        if (file->standard >> fd & 1)
            dup2(nowhere, fd);
    if (nowhere >= 0)
        close(nowhere);
}

static void file_destroy(struct object *object)
{
    struct file *file = (struct file *)object;
    if (file->scan)
        directory_destroy(file);
    if (file->notify)
        notify_destroy(file);
    if (file->locks)
        lockfile_destroy(file);
    if (file->share)
        share_close(file);
    if (file->stream)
        named_stream_close(file);
    if (file->pipe)
        pipe_destroy(file);
    if (file->mailslot)
        mailslot_destroy(file);
    if (file->input_watch)
        console_watch_end(file);
    if (file->channel)
        ioqueue_destroy(file);
    if (file->socket)
        socket_destroy(file);
    if (file->standard)
        standard_close(file);
    else if (file->fd >= 0 && !file->borrowed)
        close(file->fd);
    if (file->port)
        object_release(file->port);
    free(file->host);
    object_free(object);
}

NTSTATUS file_dos_path(const struct file *file, WCHAR *dos, size_t count)
{
    char link[40], real[PATH_HOST_MAX], host[PATH_HOST_MAX];
    struct stat st, there;
    ssize_t n = -1;
    if (file->fd >= 0 && !path_is_system(file->host)) {
        snprintf(link, sizeof link, "/proc/self/fd/%d", file->fd);
        n = readlink(link, real, sizeof real - 1);
    }
    if (n > 0) {
        real[n] = 0;
        /* What was deleted keeps its name. */
        if (real[0] == '/' && strcmp(real, file->host) && !fstat(file->fd, &st) && !lstat(real, &there) &&
            st.st_ino == there.st_ino && st.st_dev == there.st_dev) {
            path_real(file->host, real, host);
            return path_from_file(host, file->drive, dos, count);
        }
    }
    return path_from_file(file->host, file->drive, dos, count);
}

static NTSTATUS file_query_name(struct object *object, UNICODE_STRING *name)
{
    const struct file *file = (struct file *)object;
    if (!file->host)
        return STATUS_OBJECT_PATH_INVALID;
    WCHAR *wide = RtlAllocateHeap(peb_current()->ProcessHeap, 0, (PATH_HOST_MAX + 64) * 2);
    if (!wide)
        return STATUS_NO_MEMORY;
    int number = (file->drive ? file->drive : 'Z') - 'A' + 1, n = 0;
    static const char device[] = "\\Device\\HarddiskVolume";
    for (; device[n]; n++)
        wide[n] = (WCHAR)device[n];
    if (number >= 10)
        wide[n++] = (WCHAR)('0' + number / 10);
    wide[n++] = (WCHAR)('0' + number % 10);
    NTSTATUS status = file_dos_path(file, wide + n, PATH_HOST_MAX);
    if (!status) {
        size_t length = path_length(wide + n + 2);
        memmove(wide + n, wide + n + 2, (length + 1) * 2);
        name->Buffer = wide;
        name->Length = (USHORT)((n + length) * 2);
        name->MaximumLength = name->Length + 2;
        return status;
    }
    RtlFreeHeap(peb_current()->ProcessHeap, 0, wide);
    return status;
}

/* What still waits ends with the last handle, and so do locks and what the file is kept from by being open. */
static void file_handle_closed(struct object *object, HANDLE handle)
{
    struct file *file = (struct file *)object;
    (void)handle;
    if (object->handles)
        return;
    if (file->channel)
        ioqueue_cancel(file, NULL, false);
    if (file->pipe)
        pipe_handle_closed(file);
    if (file->mailslot)
        mailslot_handle_closed(file);
    if (file->socket)
        socket_handle_closed(file);
    if (file->locks)
        lockfile_destroy(file);
    if (file->share)
        share_close(file);
}

const struct object_type type_file = {
    .name = "File",
    .mapping = {FILE_GENERIC_READ, FILE_GENERIC_WRITE, FILE_GENERIC_EXECUTE, FILE_ALL_ACCESS},
    .all_access = FILE_ALL_ACCESS,
    .destroy = file_destroy,
    .close = file_handle_closed,
    .before_wait = console_before_wait,
    .query_name = file_query_name,
};

struct file *file_create(enum file_kind kind, int fd, ACCESS_MASK access, ULONG options)
{
    struct file *file = object_create(&type_file, sizeof *file);
    if (!file) {
        if (fd > 2)
            close(fd);
        return NULL;
    }
    file->fd = fd;
    file->kind = kind;
    file->access = access;
    file->options = options;
    file->synchronous = options & (FILE_SYNCHRONOUS_IO_ALERT | FILE_SYNCHRONOUS_IO_NONALERT);
    file->append = (access & (FILE_WRITE_DATA | FILE_APPEND_DATA)) == FILE_APPEND_DATA;
    pthread_mutex_init(&file->lock, NULL);
    waitable_init(&file->waitable, WAIT_NOTIFICATION, 1); /* nothing is under way */
    file->object.waitable = &file->waitable;
    return file;
}

enum file_kind file_kind_from_stat(const struct stat *st, int fd)
{
    if (S_ISDIR(st->st_mode))
        return FILE_KIND_DIRECTORY;
    if (S_ISFIFO(st->st_mode) || S_ISSOCK(st->st_mode))
        return FILE_KIND_PIPE;
    if (!S_ISCHR(st->st_mode))
        return FILE_KIND_DISK;
    if (st->st_rdev == 0x103) /* /dev/null */
        return FILE_KIND_NULL;
    return isatty(fd) ? FILE_KIND_CONSOLE : FILE_KIND_CHARACTER;
}

NTSTATUS file_not_found_status(int error, const char *host)
{
    struct stat st;
    char parent[PATH_HOST_MAX];
    if (error == ENOTDIR)
        return STATUS_OBJECT_PATH_NOT_FOUND;
    if (error != ENOENT)
        return status_from_errno(error);
    strcpy(parent, host);
    char *slash = strrchr(parent, '/');
    if (!slash || slash == parent)
        return STATUS_OBJECT_NAME_NOT_FOUND;
    *slash = 0;
    return stat(parent, &st) || !S_ISDIR(st.st_mode) ? STATUS_OBJECT_PATH_NOT_FOUND : STATUS_OBJECT_NAME_NOT_FOUND;
}

static ACCESS_MASK access_map(ACCESS_MASK access)
{
    const GENERIC_MAPPING *map = &type_file.mapping;
    ACCESS_MASK specific = access & ~(GENERIC_READ | GENERIC_WRITE | GENERIC_EXECUTE | GENERIC_ALL);
    if (access & GENERIC_READ)
        specific |= map->GenericRead;
    if (access & GENERIC_WRITE)
        specific |= map->GenericWrite;
    if (access & GENERIC_EXECUTE)
        specific |= map->GenericExecute;
    if (access & (GENERIC_ALL | MAXIMUM_ALLOWED))
        specific |= map->GenericAll;
    return specific & ~MAXIMUM_ALLOWED;
}

/* The host's open flags for the data access that is asked for. */
static int open_flags(const struct request *request)
{
    int flags = O_CLOEXEC | O_NOCTTY;
    bool write = request->access & WRITE_RIGHTS;
    if (request->options & FILE_OPEN_REPARSE_POINT)
        flags |= O_NOFOLLOW;
    if (request->options & FILE_WRITE_THROUGH)
        flags |= O_DSYNC;
    if (write)
        return flags | (request->access & READ_RIGHTS ? O_RDWR : O_WRONLY);
    return flags | O_RDONLY;
}

/*
 * Opens without creating.  A file whose data is not asked for (attributes, deletion) is opened for reading if that is
 * allowed and else as a path only.  A file for writing is opened for both if possible, so that it can be mapped.
 */
static int open_existing(const struct request *request)
{
    const char *host = request->path.host;
    int flags = open_flags(request), fd = -1;
    if (flags & O_WRONLY)
        fd = open(host, (flags & ~O_ACCMODE) | O_RDWR | O_NONBLOCK);
    if (fd < 0 && (!(flags & O_WRONLY) || errno == EACCES || errno == ENXIO))
        fd = open(host, flags | O_NONBLOCK);
    if (fd < 0 && errno == EISDIR)
        fd = open(host, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    else if (fd < 0 && errno == ELOOP && (flags & O_NOFOLLOW))
        fd = open(host, O_PATH | O_NOFOLLOW | O_CLOEXEC);
    else if (fd < 0 && (errno == EACCES || errno == ENXIO) && !(request->access & (READ_RIGHTS | WRITE_RIGHTS)))
        fd = open(host, O_PATH | O_CLOEXEC | (flags & O_NOFOLLOW));
    return fd;
}

/* FIFOs and devices must block again: O_NONBLOCK was for the open alone. */
static void open_finish(int fd, const struct stat *st)
{
    if (!S_ISREG(st->st_mode) && !S_ISDIR(st->st_mode) && !S_ISLNK(st->st_mode))
        fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) & ~O_NONBLOCK);
}

static NTSTATUS create_directory(struct request *request, int *fd)
{
    const char *host = request->path.host;
    if (mkdir(host, 0777) && !(errno == ENOENT && path_make_real(host, false) && !mkdir(host, 0777)))
        return errno == EEXIST ? STATUS_OBJECT_NAME_COLLISION : file_not_found_status(errno, host);
    *fd = open(host, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return *fd < 0 ? status_from_errno(errno) : STATUS_SUCCESS;
}

static NTSTATUS create_regular(struct request *request, int *fd)
{
    const char *host = request->path.host;
    int flags = O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOCTTY | (open_flags(request) & O_DSYNC);
    if (request->path.trailing)
        return STATUS_OBJECT_NAME_INVALID;
    *fd = open(host, flags, 0666);
    if (*fd < 0 && errno == ENOENT && path_make_real(host, false))
        *fd = open(host, flags, 0666);
    if (*fd < 0)
        return errno == EEXIST ? STATUS_OBJECT_NAME_COLLISION : file_not_found_status(errno, host);
    return STATUS_SUCCESS;
}

static NTSTATUS request_create(struct request *request, int *fd, struct stat *st)
{
    request->result = FILE_CREATED;
    NTSTATUS status =
        request->options & FILE_DIRECTORY_FILE ? create_directory(request, fd) : create_regular(request, fd);
    if (!status)
        dirindex_created(request->path.host, false);
    if (!status && fstat(*fd, st))
        status = status_from_errno(errno);
    ULONG special = request->attributes & (FILE_ATTRIBUTE_READONLY | FILE_ATTRIBUTE_HIDDEN | FILE_ATTRIBUTE_SYSTEM);
    if (!status && special)
        attributes_store(*fd, request->path.host, st, request->attributes | FILE_ATTRIBUTE_ARCHIVE);
    return status;
}

/* What stands against using an existing file as asked. */
static NTSTATUS existing_check(const struct request *request, const struct stat *st)
{
    bool directory = S_ISDIR(st->st_mode) || (S_ISLNK(st->st_mode) && reparse_is_directory(request->path.host));
    if (request->disposition == FILE_CREATE)
        return STATUS_OBJECT_NAME_COLLISION;
    if (directory && (request->options & FILE_NON_DIRECTORY_FILE))
        return STATUS_FILE_IS_A_DIRECTORY;
    if (!directory && (request->options & FILE_DIRECTORY_FILE))
        return STATUS_NOT_A_DIRECTORY;
    if (!directory && request->path.trailing && S_ISREG(st->st_mode))
        return STATUS_OBJECT_NAME_INVALID;
    bool overwrite = request->disposition != FILE_OPEN && request->disposition != FILE_OPEN_IF;
    if (directory && overwrite)
        return request->options & FILE_DIRECTORY_FILE ? STATUS_INVALID_PARAMETER : STATUS_OBJECT_NAME_COLLISION;
    bool readonly = S_ISREG(st->st_mode) && !(st->st_mode & 0222);
    if (request->path.system &&
        (overwrite || request->access & (WRITE_RIGHTS | DELETE) || request->options & FILE_DELETE_ON_CLOSE))
        return STATUS_ACCESS_DENIED;
    if (readonly && ((request->access & WRITE_RIGHTS) || overwrite))
        return STATUS_ACCESS_DENIED;
    if (readonly && (request->options & FILE_DELETE_ON_CLOSE))
        return STATUS_CANNOT_DELETE;
    return STATUS_SUCCESS;
}

static NTSTATUS existing_overwrite(struct request *request, struct file *file, const struct stat *st)
{
    int fd = file->fd;
    request->result = request->disposition == FILE_SUPERSEDE ? FILE_SUPERSEDED : FILE_OVERWRITTEN;
    if (!S_ISREG(st->st_mode))
        return STATUS_SUCCESS;
    /* What is hidden or the system's is replaced only by whoever knows that it is. */
    const ULONG guarded = FILE_ATTRIBUTE_HIDDEN | FILE_ATTRIBUTE_SYSTEM;
    struct file_facts facts;
    if (!facts_of_file(file, &facts) && facts.attributes & guarded & ~request->attributes)
        return STATUS_ACCESS_DENIED;
    if (ftruncate(fd, 0) && truncate(request->path.host, 0))
        return status_from_errno(errno);
    ULONG special = request->attributes & (FILE_ATTRIBUTE_READONLY | guarded);
    attributes_store(fd, request->path.host, st, special | FILE_ATTRIBUTE_ARCHIVE);
    return STATUS_SUCCESS;
}

static bool disposition_creates(ULONG disposition)
{
    return disposition == FILE_CREATE || disposition == FILE_OPEN_IF || disposition == FILE_OVERWRITE_IF ||
           disposition == FILE_SUPERSEDE;
}

/* Opens or creates; *fd stays -1 for a directory that is not there yet but appears to be. */
static NTSTATUS request_open(struct request *request, int *fd, struct stat *st)
{
    *fd = -1;
    request->result = FILE_OPENED;
    if (path_fold_first(&request->path)) {
        NTSTATUS status = path_fold(&request->path);
        if (status == STATUS_OBJECT_NAME_NOT_FOUND && disposition_creates(request->disposition))
            status = request_create(request, fd, st);
        else if (!status)
            status = STATUS_OBJECT_NAME_COLLISION; /* it is there: open it */
        if (status != STATUS_OBJECT_NAME_COLLISION)
            return status;
        if (*fd >= 0)
            close(*fd);
        request->result = FILE_OPENED;
    }
    for (int round = 0;; round++) {
        int error = 0;
        *fd = open_existing(request);
        if (*fd >= 0) {
            NTSTATUS status = fstat(*fd, st) ? status_from_errno(errno) : existing_check(request, st);
            open_finish(*fd, st);
            return status;
        }
        error = errno;
        if (error == EACCES && !lstat(request->path.host, st)) {
            NTSTATUS status = existing_check(request, st);
            return status ? status : STATUS_ACCESS_DENIED;
        }
        if (error != ENOENT && error != ENOTDIR)
            return status_from_errno(error);
        NTSTATUS status =
            request->tried_fold ? file_not_found_status(error, request->path.host) : path_fold(&request->path);
        if (!status && !request->tried_fold) {
            request->tried_fold = true;
            if (!path_is_virtual(request->path.host) || !access(request->path.host, F_OK))
                continue;
            memset(st, 0, sizeof *st);
            st->st_mode = S_IFDIR | 0755;
            return existing_check(request, st);
        }
        if (status != STATUS_OBJECT_NAME_NOT_FOUND || !disposition_creates(request->disposition))
            return status;
        status = request_create(request, fd, st);
        /* Somebody else was quicker: then it exists.  A link to nowhere exists too, and stays. */
        if (status != STATUS_OBJECT_NAME_COLLISION || request->disposition == FILE_CREATE || round > 2)
            return status;
    }
}

static NTSTATUS request_finish(struct request *request, int fd, const struct stat *st, HANDLE *handle, ULONG inherit)
{
    enum file_kind kind = fd < 0 ? FILE_KIND_DIRECTORY : file_kind_from_stat(st, fd);
    struct file *file = file_create(kind, fd, request->access, request->options);
    if (!file)
        return STATUS_NO_MEMORY;
    file->sharing = request->sharing;
    file->drive = request->path.drive;
    file->host = strdup(request->path.host);
    file->host_position = kind == FILE_KIND_CONSOLE || kind == FILE_KIND_PIPE || kind == FILE_KIND_CHARACTER;
    NTSTATUS status = file->host ? STATUS_SUCCESS : STATUS_NO_MEMORY;
    bool shared = kind == FILE_KIND_DISK || kind == FILE_KIND_DIRECTORY || kind == FILE_KIND_PIPE; /* FIFO, socket */
    if (!status && fd >= 0 && shared)
        status = share_open(file, st);
    bool overwrite = request->disposition != FILE_OPEN && request->disposition != FILE_OPEN_IF;
    if (!status && overwrite && request->result != FILE_CREATED)
        status = existing_overwrite(request, file, st);
    if (!status && (request->options & FILE_DELETE_ON_CLOSE))
        share_set_delete(file, true);
    if (!status)
        status = handle_create(file, request->access, inherit, handle);
    object_release(file);
    return status;
}

static NTSTATUS request_file(struct request *request, HANDLE *handle, ULONG inherit)
{
    struct stat st;
    int fd;
    if (request->disposition > FILE_MAXIMUM_DISPOSITION)
        return STATUS_INVALID_PARAMETER;
    if ((request->options & FILE_DELETE_ON_CLOSE) && !(request->access & DELETE))
        return STATUS_INVALID_PARAMETER;
    NTSTATUS status = request_open(request, &fd, &st);
    if (!status)
        return request_finish(request, fd, &st, handle, inherit);
    if (fd >= 0)
        close(fd);
    return status;
}

static NTSTATUS request_device(struct request *request, HANDLE root, HANDLE *handle, ULONG inherit)
{
    struct file *file = NULL;
    NTSTATUS status = STATUS_OBJECT_NAME_NOT_FOUND;
    int fd;
    switch (request->path.kind) {
    case PATH_NULL:
        fd = open("/dev/null", O_RDWR | O_CLOEXEC);
        file = fd < 0 ? NULL : file_create(FILE_KIND_NULL, fd, request->access, request->options);
        break;
    case PATH_CONSOLE_IN:
    case PATH_CONSOLE_OUT:
    case PATH_CONSOLE:
        file = console_open(request->path.kind, request->access, request->options);
        break;
    case PATH_PIPE:
        return pipe_open(&request->path, root, request->access, inherit, request->options, handle);
    case PATH_AFD:
        file = file_create(FILE_KIND_AFD, -1, request->access, request->options);
        break;
    case PATH_MAILSLOT:
        status = mailslot_open(request->path.host, request->access, request->sharing, request->options, &file);
        break;
    case PATH_OTHER_DEVICE:
    default:
        return STATUS_OBJECT_NAME_NOT_FOUND;
    }
    if (!file)
        return status;
    request->result = FILE_OPENED;
    status = handle_create(file, request->access, inherit, handle);
    object_release(file);
    return status;
}

/* A drive that prefix.conf has as read-only refuses what would change it, and makes nothing. */
static NTSTATUS check_read_only(struct request *request)
{
    const ACCESS_MASK writes = FILE_WRITE_DATA | FILE_APPEND_DATA | FILE_WRITE_EA | FILE_WRITE_ATTRIBUTES |
                               FILE_DELETE_CHILD | DELETE | WRITE_DAC | WRITE_OWNER;
    const struct config_drive *drive = config_drive(request->path.drive);
    if (!drive || !drive->read_only)
        return STATUS_SUCCESS;
    if (request->disposition == FILE_OPEN_IF)
        request->disposition = FILE_OPEN;
    bool changes = request->access & writes || request->options & FILE_DELETE_ON_CLOSE;
    return changes || request->disposition != FILE_OPEN ? STATUS_MEDIA_WRITE_PROTECTED : STATUS_SUCCESS;
}

NTSTATUS WINAPI NtCreateFile(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes, PIO_STATUS_BLOCK io,
                             PLARGE_INTEGER allocation, ULONG file_attributes, ULONG sharing, ULONG disposition,
                             ULONG options, PVOID ea, ULONG ea_length)
{
    (void)allocation; /* a hint: space is not reserved ahead */
    (void)ea;
    (void)ea_length;
    struct request request; /* its path is large and need not be cleared */
    request.access = access_map(access);
    request.attributes = file_attributes;
    request.sharing = sharing;
    request.disposition = disposition;
    request.options = options;
    request.tried_fold = false;
    request.result = 0;
    if (!attributes || !io || !handle)
        return STATUS_ACCESS_VIOLATION;
    if (options & FILE_OPEN_BY_FILE_ID && disposition != FILE_OPEN)
        return STATUS_INVALID_PARAMETER;
    *handle = NULL;
    NTSTATUS status = options & FILE_OPEN_BY_FILE_ID
                          ? fileid_resolve(attributes->ObjectName, attributes->RootDirectory, &request.path)
                          : path_translate(attributes->ObjectName, attributes->RootDirectory, &request.path);
    ULONG inherit = attributes->Attributes & OBJ_INHERIT;
    if (!status && request.path.kind == PATH_VOLUME && !(options & FILE_DIRECTORY_FILE))
        request.options |= FILE_OPEN_FOR_BACKUP_INTENT;
    if (!status)
        status = check_read_only(&request);
    if (!status && request.path.stream[0])
        status =
            named_stream_open(&request.path, request.access, disposition, options, inherit, handle, &request.result);
    else if (!status && (request.path.kind == PATH_FILE || request.path.kind == PATH_VOLUME))
        status = request_file(&request, handle, inherit);
    else if (!status)
        status = request_device(&request, attributes->RootDirectory, handle, inherit);
    io->Status = status;
    io->Information = status ? 0 : request.result;
    return status;
}

NTSTATUS WINAPI NtOpenFile(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes, PIO_STATUS_BLOCK io,
                           ULONG sharing, ULONG options)
{
    return NtCreateFile(handle, access, attributes, io, NULL, 0, sharing, FILE_OPEN, options, NULL, 0);
}
