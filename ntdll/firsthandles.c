/*
 * firsthandles.c: the handles that a process has from the start: standard handles and the current directory's.
 *
 * Layer: NT layer.  Most programs use one or two of them, so each begins as a sleeping object: its handle is
 * there, but the host's fd is looked at (or the directory opened) when the handle is first looked up.  handle.c
 * then puts the real file in the sleeper's place.
 */
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include "curdir.h"
#include "file.h"
#include "firsthandles.h"

struct sleeper {
    struct object object;
    int fd; /* of a standard handle */
};

/* Which access an inherited fd allows. */
static ACCESS_MASK fd_access(int fd)
{
    int flags = fcntl(fd, F_GETFL);
    ACCESS_MASK access = SYNCHRONIZE | FILE_READ_ATTRIBUTES | FILE_WRITE_ATTRIBUTES | READ_CONTROL;
    if ((flags & O_ACCMODE) != O_WRONLY)
        access |= FILE_GENERIC_READ;
    if ((flags & O_ACCMODE) != O_RDONLY)
        access |= FILE_GENERIC_WRITE;
    return access;
}

static struct object *standard_wake(struct object *object, ACCESS_MASK *access)
{
    int fd = ((struct sleeper *)object)->fd;
    struct stat st;
    if (fstat(fd, &st))
        return NULL;
    *access = fd_access(fd);
    struct file *file = file_create(file_kind_from_stat(&st, fd), fd, *access, FILE_SYNCHRONOUS_IO_NONALERT);
    if (!file)
        return NULL;
    file->borrowed = true;
    file->host_position = true;
    file->sharing = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;
    return &file->object;
}

/* The sleeper of the current directory is closed when another becomes current, so this is still the first one. */
static struct object *directory_wake(struct object *object, ACCESS_MASK *access)
{
    HANDLE handle = curdir_open();
    void *file;
    (void)object;
    if (!handle || handle_lookup(handle, &type_file, 0, &file))
        return NULL;
    *access = ((struct file *)file)->access;
    handle_close(handle);
    share_inherit(file); /* which that handle has ended */
    return file;
}

static const struct object_type type_standard = {.name = "File", .wake = standard_wake},
                                type_directory_first = {.name = "File", .wake = directory_wake};

static HANDLE sleeper_handle(const struct object_type *type, int fd, ULONG attributes)
{
    HANDLE handle = NULL;
    struct sleeper *sleeper = object_create(type, sizeof *sleeper);
    if (!sleeper)
        return NULL;
    sleeper->fd = fd;
    handle_create(sleeper, 0, attributes, &handle);
    object_release(sleeper);
    return handle;
}

void first_handles_create_standard(RTL_USER_PROCESS_PARAMETERS *params, const uint32_t taken[3])
{
    HANDLE *standard[] = {&params->StandardInput, &params->StandardOutput, &params->StandardError};
    struct pollfd fds[] = {{.fd = 0}, {.fd = 1}, {.fd = 2}};
    bool known = poll(fds, 3, 0) >= 0;
    for (int fd = 0; fd < 3; fd++)
        if (!taken[fd] && (!known || !(fds[fd].revents & POLLNVAL)))
            *standard[fd] = sleeper_handle(&type_standard, fd, OBJ_INHERIT);
}

void first_handles_create(RTL_USER_PROCESS_PARAMETERS *params)
{
    static const uint32_t none[3];
    first_handles_create_standard(params, none);
    first_handles_create_directory(params);
}

void first_handles_create_directory(RTL_USER_PROCESS_PARAMETERS *params)
{
    params->CurrentDirectory.Handle = sleeper_handle(&type_directory_first, -1, 0);
}

void first_handles_wake_directory(void)
{
    void *object;
    HANDLE handle = peb_current()->ProcessParameters->CurrentDirectory.Handle;
    if (handle && !handle_lookup(handle, NULL, 0, &object))
        object_release(object);
}
