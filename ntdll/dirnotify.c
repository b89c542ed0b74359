/*
 * dirnotify.c: NtNotifyChangeDirectoryFile: changes in a directory, by inotify.
 *
 * The first request of a handle makes an inotify fd with a watch for the directory (and for each directory
 * below it if the tree is asked for); what happens between requests waits in it.  The I/O thread polls it.
 *
 * A directory that appears in a tree gets its watch a moment later; what is found in it then is told as added, and
 * noted, so that it is not told again if the host tells of it too.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "dirnotify.h"
#include "error.h"
#include "ioqueue.h"

struct watch {
    int id;
    char *relative; /* "" or "sub/dir"; owned */
};

struct notify {
    int fd;
    bool tree, names, directories; /* of which changes of names to tell: files', directories' */
    uint32_t mask;
    char **found; /* told as added when a directory appeared; owned */
    size_t found_count;
    struct watch *watches;
    size_t count, size;
    char *root; /* the directory's host path; owned */
};

static uint32_t mask_from_filter(ULONG filter)
{
    uint32_t mask = 0;
    if (filter & (FILE_NOTIFY_CHANGE_FILE_NAME | FILE_NOTIFY_CHANGE_DIR_NAME))
        mask |= IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO;
    /* The host tells of times that are set as of every change that is not one of the data. */
    if (filter & (FILE_NOTIFY_CHANGE_ATTRIBUTES | FILE_NOTIFY_CHANGE_SECURITY | FILE_NOTIFY_CHANGE_LAST_WRITE |
                  FILE_NOTIFY_CHANGE_CREATION))
        mask |= IN_ATTRIB;
    if (filter & (FILE_NOTIFY_CHANGE_SIZE | FILE_NOTIFY_CHANGE_LAST_WRITE))
        mask |= IN_MODIFY;
    /* As on volumes where reading changes no times, unless that is all that is asked for. */
    if (filter == FILE_NOTIFY_CHANGE_LAST_ACCESS)
        mask |= IN_ACCESS;
    return mask;
}

/* A directory that was moved keeps its watch and gets another name. */
static bool watch_enter(struct notify *notify, int id, const char *relative)
{
    char *copy = strdup(relative);
    for (size_t i = 0; copy && i < notify->count; i++)
        if (notify->watches[i].id == id) {
            free(notify->watches[i].relative);
            notify->watches[i].relative = copy;
            return true;
        }
    if (copy && notify->count == notify->size) {
        size_t size = notify->size ? notify->size * 2 : 8;
        struct watch *more = realloc(notify->watches, size * sizeof *more);
        if (!more) {
            free(copy);
            return false;
        }
        notify->watches = more;
        notify->size = size;
    }
    if (copy)
        notify->watches[notify->count++] = (struct watch){id, copy};
    return copy;
}

static bool path_below(char out[PATH_HOST_MAX], const char *relative, const char *name)
{
    if (strlen(relative) + strlen(name) + 2 > PATH_HOST_MAX)
        return false;
    stpcpy(stpcpy(stpcpy(out, relative), *relative ? "/" : ""), name);
    return true;
}

/* What a directory has that has just appeared. */
static void found_note(struct notify *notify, const char *path)
{
    char **more = realloc(notify->found, (notify->found_count + 1) * sizeof *more);
    if (!more)
        return;
    notify->found = more;
    if ((more[notify->found_count] = strdup(path)))
        notify->found_count++;
}

static bool found_forget(struct notify *notify, const char *path)
{
    for (size_t i = 0; i < notify->found_count; i++)
        if (!strcmp(notify->found[i], path)) {
            free(notify->found[i]);
            notify->found[i] = notify->found[--notify->found_count];
            return true;
        }
    return false;
}

static void found_clear(struct notify *notify)
{
    while (notify->found_count)
        free(notify->found[--notify->found_count]);
}

/* Watches the directory, and what is below it if the tree is wanted; `appeared`: what is there is news. */
static bool watch_add(struct notify *notify, const char *relative, bool appeared)
{
    char path[PATH_HOST_MAX];
    if (strlen(notify->root) + strlen(relative) + 2 > sizeof path)
        return false;
    stpcpy(stpcpy(stpcpy(path, notify->root), *relative ? "/" : ""), relative);
    int id = inotify_add_watch(
        notify->fd, path, notify->mask | (notify->tree ? IN_CREATE | IN_MOVED_FROM | IN_MOVED_TO : 0) | IN_ONLYDIR);
    if (id < 0)
        return false;
    if (!watch_enter(notify, id, relative))
        return false;
    if (!notify->tree)
        return true;
    DIR *dir = opendir(path);
    for (struct dirent *entry; dir && (entry = readdir(dir));) {
        char below[PATH_HOST_MAX];
        if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..") || !path_below(below, relative, entry->d_name))
            continue;
        bool directory = entry->d_type == DT_DIR;
        if (appeared && (directory ? notify->directories : notify->names))
            found_note(notify, below);
        if (directory)
            watch_add(notify, below, appeared);
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
    found_clear(notify);
    free(notify->found);
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
    notify->names = filter & FILE_NOTIFY_CHANGE_FILE_NAME;
    notify->directories = filter & FILE_NOTIFY_CHANGE_DIR_NAME;
    notify->mask = mask_from_filter(filter);
    notify->root = strdup(file->host);
    if (notify->fd < 0 || !notify->root || !watch_add(notify, "", false)) {
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

#define NAME_EVENTS (IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO)

/* Within a directory a move is a renaming; between two it takes something away here and adds it there. */
static DWORD event_action(uint32_t mask, bool renames)
{
    if (mask & IN_MOVED_FROM && renames)
        return FILE_ACTION_RENAMED_OLD_NAME;
    if (mask & IN_MOVED_TO && renames)
        return FILE_ACTION_RENAMED_NEW_NAME;
    if (mask & (IN_CREATE | IN_MOVED_TO))
        return FILE_ACTION_ADDED;
    return mask & (IN_DELETE | IN_MOVED_FROM) ? FILE_ACTION_REMOVED : FILE_ACTION_MODIFIED;
}

/* What a request wants to be told. */
struct question {
    struct io_request request;
    bool extended; /* FILE_NOTIFY_EXTENDED_INFORMATION: facts of each file, too */
};

/* Facts of a file that is gone again stay zero. */
static void extended_fill(const struct notify *notify, const char *path, FILE_NOTIFY_EXTENDED_INFORMATION *info)
{
    char host[PATH_HOST_MAX];
    struct file_facts facts;
    if (!path_below(host, notify->root, path))
        return;
    if (!facts_of_path(AT_FDCWD, host, false, &facts)) {
        info->CreationTime.QuadPart = facts.created;
        info->LastModificationTime.QuadPart = facts.written;
        info->LastChangeTime.QuadPart = facts.changed;
        info->LastAccessTime.QuadPart = facts.accessed;
        info->AllocatedLength.QuadPart = S_ISDIR(facts.st.st_mode) ? 0 : facts.st.st_blocks * 512;
        info->FileSize.QuadPart = S_ISDIR(facts.st.st_mode) ? 0 : facts.st.st_size;
        info->FileAttributes = facts.attributes;
        info->ReparsePointTag = facts.reparse_tag;
        info->FileId.QuadPart = (LONGLONG)facts.st.st_ino;
    }
    *strrchr(host, '/') = 0;
    if (!facts_of_path(AT_FDCWD, host, true, &facts))
        info->ParentFileId.QuadPart = (LONGLONG)facts.st.st_ino;
}

/* Appends one record; false: it does not fit. */
static bool record_put(const struct notify *notify, struct io_request *request, ULONG **link, const char *path,
                       DWORD action)
{
    WCHAR wide[1024];
    bool extended = ((const struct question *)request)->extended;
    const size_t head = extended ? offsetof(FILE_NOTIFY_EXTENDED_INFORMATION, FileName)
                                 : offsetof(FILE_NOTIFY_INFORMATION, FileName),
                 align = extended ? 8 : 4;
    int length = path_name_to_wide(path, strlen(path), wide, 1024);
    size_t at = (request->done + align - 1) & ~(align - 1);
    if (length < 0 || at + head + length * 2 > request->length)
        return false;
    for (int i = 0; i < length; i++)
        if (wide[i] == '/')
            wide[i] = '\\';
    char *out = request->buffer + at;
    const FILE_NOTIFY_INFORMATION plain = {.Action = action, .FileNameLength = (DWORD)length * 2};
    FILE_NOTIFY_EXTENDED_INFORMATION full = {.Action = action, .FileNameLength = (DWORD)length * 2};
    if (extended)
        extended_fill(notify, path, &full);
    memcpy(out, extended ? (const void *)&full : &plain, head);
    memcpy(out + head, wide, length * 2);
    if (*link)
        **link = (ULONG)(out - (char *)*link);
    *link = (ULONG *)(void *)out;
    request->done = at + head + length * 2;
    return true;
}

/* A directory left the tree: its watches go. */
static void watch_remove(struct notify *notify, const char *relative)
{
    size_t length = strlen(relative), left = 0;
    for (size_t i = 0; i < notify->count; i++) {
        struct watch *watch = &notify->watches[i];
        bool below =
            !strncmp(watch->relative, relative, length) && (!watch->relative[length] || watch->relative[length] == '/');
        if (below) {
            inotify_rm_watch(notify->fd, watch->id);
            free(watch->relative);
        } else {
            notify->watches[left++] = *watch;
        }
    }
    notify->count = left;
}

static void watch_forget(struct notify *notify, int id)
{
    for (size_t i = 0; i < notify->count; i++)
        if (notify->watches[i].id == id) {
            free(notify->watches[i].relative);
            notify->watches[i] = notify->watches[--notify->count];
            return;
        }
}

/* Events that have been read.  The two halves of a move follow each other. */
struct events {
    const struct inotify_event *at;
    const char *end;
    uint32_t renaming; /* cookie of the move whose first half was told as the old name */
};

static const struct inotify_event *event_next(const struct events *events)
{
    const char *next = (const char *)(events->at + 1) + events->at->len;
    return next < events->end ? (const struct inotify_event *)next : NULL;
}

static bool event_renames(struct events *events)
{
    const struct inotify_event *event = events->at, *next = event_next(events);
    if (event->mask & IN_MOVED_TO)
        return event->cookie == events->renaming;
    bool pair = event->mask & IN_MOVED_FROM && next && next->mask & IN_MOVED_TO && next->cookie == event->cookie;
    if (pair && next->wd == event->wd)
        events->renaming = event->cookie;
    return pair && next->wd == event->wd;
}

/* Directories that come, go and move in a tree. */
static void follow_tree(struct notify *notify, const struct events *events, const char *path)
{
    const struct inotify_event *event = events->at, *next = event_next(events);
    bool stays = next && next->mask & IN_MOVED_TO && next->cookie == event->cookie;
    if (event->mask & (IN_CREATE | IN_MOVED_TO))
        watch_add(notify, path, event->mask & IN_CREATE);
    else if (event->mask & IN_MOVED_FROM && !stays)
        watch_remove(notify, path);
}

/* One event; false: there is no room for what it tells. */
static bool event_tell(struct notify *notify, struct io_request *request, ULONG **link, struct events *events)
{
    const struct inotify_event *event = events->at;
    const char *relative = watch_relative(notify, event->wd);
    char path[PATH_HOST_MAX];
    if (event->mask & IN_IGNORED)
        watch_forget(notify, event->wd);
    if (!relative || !event->len || !path_below(path, relative, event->name))
        return true;
    bool directory = event->mask & IN_ISDIR, renames = event_renames(events), told = false;
    size_t before = notify->found_count;
    if (event->mask & NAME_EVENTS && found_forget(notify, path)) {
        told = event->mask & IN_CREATE;
        before--;
    }
    if (notify->tree && directory)
        follow_tree(notify, events, path);
    bool wanted = event->mask & NAME_EVENTS ? (directory ? notify->directories : notify->names) : true;
    if (event->mask & notify->mask && wanted && !told &&
        !record_put(notify, request, link, path, event_action(event->mask, renames)))
        return false;
    for (size_t i = before; i < notify->found_count; i++)
        if (!record_put(notify, request, link, notify->found[i], FILE_ACTION_ADDED))
            return false;
    return true;
}

static NTSTATUS notify_attempt(struct io_request *request)
{
    struct notify *notify = request->completion.file->notify;
    _Alignas(struct inotify_event) char buffer[8192];
    ULONG *link = NULL;
    ssize_t n = read(notify->fd, buffer, sizeof buffer / 2);
    if (n < 0 && errno == EAGAIN)
        found_clear(notify); /* all that was told has been heard of */
    if (n < 0)
        return errno == EAGAIN || errno == EINTR ? STATUS_PENDING : status_from_errno(errno);
    struct events events = {(struct inotify_event *)buffer, buffer + n, 0};
    while (event_next(&events))
        events.at = event_next(&events);
    ssize_t more = events.at->mask & IN_MOVED_FROM ? read(notify->fd, buffer + n, sizeof buffer / 2) : 0;
    events = (struct events){(struct inotify_event *)buffer, buffer + n + (more > 0 ? more : 0), 0};
    for (; events.at; events.at = event_next(&events))
        if (events.at->mask & IN_Q_OVERFLOW || !event_tell(notify, request, &link, &events)) {
            request->done = 0;
            return STATUS_NOTIFY_ENUM_DIR;
        }
    return request->done ? STATUS_SUCCESS : STATUS_PENDING;
}

NTSTATUS NTAPI NtNotifyChangeDirectoryFileEx(HANDLE handle, HANDLE event, PIO_APC_ROUTINE apc, PVOID context,
                                             PIO_STATUS_BLOCK io, PVOID buffer, ULONG length, ULONG filter,
                                             BOOLEAN tree, DIRECTORY_NOTIFY_INFORMATION_CLASS class)
{
    struct file *file;
    struct completion completion;
    if (class != DirectoryNotifyInformation && class != DirectoryNotifyExtendedInformation)
        return STATUS_INVALID_PARAMETER;
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
        struct question question = {.request = {.completion = completion,
                                                .attempt = notify_attempt,
                                                .events = POLLIN,
                                                .poll_fd = file->notify->fd,
                                                .buffer = buffer,
                                                .length = length,
                                                .size = sizeof question},
                                    .extended = class == DirectoryNotifyExtendedInformation};
        status = ioqueue_submit(&question.request);
        if (!event)
            status = completion_wait(file, status, io);
    }
    object_release(file);
    return status;
}

NTSTATUS WINAPI NtNotifyChangeDirectoryFile(HANDLE handle, HANDLE event, PIO_APC_ROUTINE apc, PVOID context,
                                            PIO_STATUS_BLOCK io, PVOID buffer, ULONG length, ULONG filter, BOOLEAN tree)
{
    return NtNotifyChangeDirectoryFileEx(handle, event, apc, context, io, buffer, length, filter, tree,
                                         DirectoryNotifyInformation);
}
