/*
 * dirnotify.c: NtNotifyChangeDirectoryFile: changes in a directory, by inotify.
 *
 * The first request of a handle makes an inotify fd with a watch for the directory (and for each directory
 * below it if the tree is asked for); what happens between requests waits in it.  The I/O thread polls it.
 */
#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "error.h"
#include "ioqueue.h"

struct watch {
    int id;
    char *relative; /* "" or "sub/dir"; owned */
};

struct notify {
    int fd;
    bool tree;
    uint32_t mask;
    struct watch *watches;
    size_t count, size;
    char *root; /* the directory's host path; owned */
};

static uint32_t mask_from_filter(ULONG filter)
{
    uint32_t mask = 0;
    if (filter & (FILE_NOTIFY_CHANGE_FILE_NAME | FILE_NOTIFY_CHANGE_DIR_NAME))
        mask |= IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO;
    if (filter & (FILE_NOTIFY_CHANGE_ATTRIBUTES | FILE_NOTIFY_CHANGE_SECURITY))
        mask |= IN_ATTRIB;
    if (filter & (FILE_NOTIFY_CHANGE_SIZE | FILE_NOTIFY_CHANGE_LAST_WRITE))
        mask |= IN_MODIFY;
    /* As on volumes where reading changes no times, unless that is all that is asked for. */
    if (filter == FILE_NOTIFY_CHANGE_LAST_ACCESS)
        mask |= IN_ACCESS;
    return mask;
}

static bool watch_add(struct notify *notify, const char *relative)
{
    char path[PATH_HOST_MAX];
    if (strlen(notify->root) + strlen(relative) + 2 > sizeof path)
        return false;
    stpcpy(stpcpy(stpcpy(path, notify->root), *relative ? "/" : ""), relative);
    int id =
        inotify_add_watch(notify->fd, path, notify->mask | (notify->tree ? IN_CREATE | IN_MOVED_TO : 0) | IN_ONLYDIR);
    if (id < 0)
        return false;
    if (notify->count == notify->size) {
        size_t size = notify->size ? notify->size * 2 : 8;
        struct watch *more = realloc(notify->watches, size * sizeof *more);
        if (!more)
            return false;
        notify->watches = more;
        notify->size = size;
    }
    notify->watches[notify->count++] = (struct watch){id, strdup(relative)};
    if (!notify->tree)
        return true;
    DIR *dir = opendir(path);
    for (struct dirent *entry; dir && (entry = readdir(dir));) {
        char below[PATH_HOST_MAX];
        if (entry->d_type != DT_DIR || !strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..") ||
            strlen(relative) + strlen(entry->d_name) + 2 > sizeof below)
            continue;
        stpcpy(stpcpy(stpcpy(below, relative), *relative ? "/" : ""), entry->d_name);
        watch_add(notify, below);
    }
    if (dir)
        closedir(dir);
    return true;
}

void notify_destroy(struct file *file)
{
    struct notify *notify = file->notify;
    if (notify->fd >= 0)
        close(notify->fd);
    for (size_t i = 0; i < notify->count; i++)
        free(notify->watches[i].relative);
    free(notify->watches);
    free(notify->root);
    free(notify);
    file->notify = NULL;
}

static NTSTATUS notify_create(struct file *file, ULONG filter, bool tree)
{
    struct notify *notify = calloc(1, sizeof *notify);
    if (!notify)
        return STATUS_NO_MEMORY;
    file->notify = notify;
    notify->fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    notify->tree = tree;
    notify->mask = mask_from_filter(filter);
    notify->root = strdup(file->host);
    if (notify->fd < 0 || !notify->root || !watch_add(notify, "")) {
        NTSTATUS status = errno ? status_from_errno(errno) : STATUS_NO_MEMORY;
        notify_destroy(file);
        return status;
    }
    return STATUS_SUCCESS;
}

static const char *watch_relative(const struct notify *notify, int id)
{
    for (size_t i = 0; i < notify->count; i++)
        if (notify->watches[i].id == id)
            return notify->watches[i].relative;
    return NULL;
}

static DWORD event_action(uint32_t mask)
{
    if (mask & IN_CREATE)
        return FILE_ACTION_ADDED;
    if (mask & IN_DELETE)
        return FILE_ACTION_REMOVED;
    if (mask & IN_MOVED_FROM)
        return FILE_ACTION_RENAMED_OLD_NAME;
    if (mask & IN_MOVED_TO)
        return FILE_ACTION_RENAMED_NEW_NAME;
    return FILE_ACTION_MODIFIED;
}

/* Appends one record; false: it does not fit. */
static bool record_put(struct io_request *request, ULONG **link, const char *relative, const char *name, DWORD action)
{
    char path[PATH_HOST_MAX];
    WCHAR wide[1024];
    const size_t head = offsetof(FILE_NOTIFY_INFORMATION, FileName);
    if (strlen(relative) + strlen(name) + 2 > sizeof path)
        return false;
    stpcpy(stpcpy(stpcpy(path, relative), *relative ? "/" : ""), name);
    int length = path_name_to_wide(path, strlen(path), wide, 1024);
    size_t at = (request->done + 3) & ~(size_t)3;
    if (length < 0 || at + head + length * 2 > request->length)
        return false;
    for (int i = 0; i < length; i++)
        if (wide[i] == '/')
            wide[i] = '\\';
    FILE_NOTIFY_INFORMATION *info = (FILE_NOTIFY_INFORMATION *)(request->buffer + at);
    info->NextEntryOffset = 0;
    info->Action = action;
    info->FileNameLength = (DWORD)length * 2;
    memcpy(info->FileName, wide, length * 2);
    if (*link)
        **link = (ULONG)((char *)info - (char *)*link);
    *link = &info->NextEntryOffset;
    request->done = at + head + length * 2;
    return true;
}

static NTSTATUS notify_attempt(struct io_request *request)
{
    struct notify *notify = request->completion.file->notify;
    _Alignas(struct inotify_event) char events[4096];
    ULONG *link = NULL;
    ssize_t n = read(notify->fd, events, sizeof events);
    if (n < 0)
        return errno == EAGAIN || errno == EINTR ? STATUS_PENDING : status_from_errno(errno);
    for (char *at = events; at < events + n;) {
        const struct inotify_event *event = (struct inotify_event *)at;
        const char *relative = watch_relative(notify, event->wd);
        at += sizeof *event + event->len;
        if (event->mask & IN_Q_OVERFLOW)
            return STATUS_NOTIFY_ENUM_DIR;
        if (!relative || !event->len)
            continue;
        if (notify->tree && (event->mask & IN_ISDIR) && (event->mask & (IN_CREATE | IN_MOVED_TO))) {
            char below[PATH_HOST_MAX];
            if (strlen(relative) + strlen(event->name) + 2 <= sizeof below) {
                stpcpy(stpcpy(stpcpy(below, relative), *relative ? "/" : ""), event->name);
                watch_add(notify, below);
            }
        }
        if ((event->mask & notify->mask) &&
            !record_put(request, &link, relative, event->name, event_action(event->mask))) {
            request->done = 0;
            return STATUS_NOTIFY_ENUM_DIR;
        }
    }
    return request->done ? STATUS_SUCCESS : STATUS_PENDING;
}

NTSTATUS WINAPI NtNotifyChangeDirectoryFile(HANDLE handle, HANDLE event, PIO_APC_ROUTINE apc, PVOID context,
                                            PIO_STATUS_BLOCK io, PVOID buffer, ULONG length, ULONG filter, BOOLEAN tree)
{
    struct file *file;
    struct completion completion;
    NTSTATUS status = handle_lookup(handle, &type_file, FILE_LIST_DIRECTORY, (void **)&file);
    if (status)
        return status;
    if (file->kind != FILE_KIND_DIRECTORY || !file->host || !(filter & 0xfff))
        status = STATUS_INVALID_PARAMETER;
    if (!status && !file->notify)
        status = notify_create(file, filter, tree);
    if (!status)
        status = completion_begin(&completion, file, event, apc, context, io);
    if (!status) {
        struct io_request request = {.completion = completion,
                                     .attempt = notify_attempt,
                                     .events = POLLIN,
                                     .poll_fd = file->notify->fd,
                                     .buffer = buffer,
                                     .length = length};
        status = ioqueue_submit(&request);
        if (!event)
            status = completion_wait(file, status, io);
    }
    object_release(file);
    return status;
}
