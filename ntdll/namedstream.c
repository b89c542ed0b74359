/*
 * namedstream.c: named streams ("file:stream"), in extended attributes user.DosStream.NAME:$DATA as Samba keeps them:
 * the data with a zero byte after it.
 *
 * Layer: NT layer.  They go where the file goes, whoever renames, links or copies it.  An open stream is a copy in
 * memory, which all opens in this process share and which is stored at each change; so it can hold what the file
 * system lets attributes hold (4 KiB on ext4, 64 KiB on XFS), and of two processes that write one the last wins.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "dirindex.h"
#include "error.h"
#include "lock.h"
#include "namedstream.h"

#define STREAM_MAX 0x10000
#define NAMES_MAX 0x10000

static const char prefix[] = "user.DosStream.", suffix[] = ":$DATA";

struct stream {
    struct stream *next;
    struct file_key key;
    unsigned users;
    int base; /* the file, as a path */
    int fd;   /* the data */
    char attribute[272];
};

static struct stream *streams;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* Attributes are reached through the open file, whatever its name is now. */
static const char *base_path(int base, char text[32])
{
    snprintf(text, 32, "/proc/self/fd/%d", base);
    return text;
}

/* The name between prefix and suffix; false: another attribute. */
static bool name_of(const char *attribute, char name[256])
{
    size_t length = strlen(attribute);
    const size_t head = sizeof prefix - 1, tail = sizeof suffix - 1;
    if (length <= head + tail || length - head - tail > 255 || strncmp(attribute, prefix, head) ||
        strcasecmp(attribute + length - tail, suffix))
        return false;
    memcpy(name, attribute + head, length - head - tail);
    name[length - head - tail] = 0;
    return true;
}

static bool names_equal(const char *a, const char *b)
{
    WCHAR wide_a[512], wide_b[512];
    int length_a = path_name_to_wide(a, strlen(a), wide_a, 512),
        length_b = path_name_to_wide(b, strlen(b), wide_b, 512);
    return length_a >= 0 && length_b >= 0 && path_name_equal(wide_a, length_a, wide_b, length_b);
}

/* Calls for each attribute that is a stream. */
static void list_attributes(const char *host, bool (*each)(void *, const char *attribute, const char *name),
                            void *context)
{
    ssize_t length = listxattr(host, NULL, 0);
    char *names = length > 0 && length < NAMES_MAX ? malloc(NAMES_MAX) : NULL, name[256];
    length = names ? listxattr(host, names, NAMES_MAX) : 0;
    for (ssize_t at = 0; at < length; at += (ssize_t)strlen(names + at) + 1)
        if (name_of(names + at, name) && !each(context, names + at, name))
            break;
    free(names);
}

struct search {
    const char *wanted;
    char *attribute;
    bool found;
};

static bool search_each(void *context, const char *attribute, const char *name)
{
    struct search *search = context;
    if (!names_equal(name, search->wanted))
        return true;
    strcpy(search->attribute, attribute);
    search->found = true;
    return false;
}

/* The attribute of a stream as it is written, or as it would be. */
static bool attribute_find(const char *host, const char *name, char attribute[272])
{
    struct search search = {name, attribute, false};
    snprintf(attribute, 272, "%s%.240s%s", prefix, name, suffix);
    list_attributes(host, search_each, &search);
    return search.found;
}

bool named_stream_exists(const char *host, const char *name)
{
    char attribute[272];
    return attribute_find(host, name, attribute);
}

struct listing {
    const char *host;
    bool (*each)(void *context, const char *name, uint64_t size);
    void *context;
};

static bool listing_each(void *context, const char *attribute, const char *name)
{
    const struct listing *listing = context;
    ssize_t size = getxattr(listing->host, attribute, NULL, 0);
    return size < 0 || listing->each(listing->context, name, size ? (uint64_t)size - 1 : 0);
}

void named_stream_list(const char *host, bool (*each)(void *, const char *, uint64_t), void *context)
{
    struct listing listing = {host, each, context};
    list_attributes(host, listing_each, &listing);
}

/* Makes the copy in memory. */
static NTSTATUS stream_load(struct stream *stream, const char *host)
{
    char *data = malloc(STREAM_MAX);
    NTSTATUS status = data ? STATUS_SUCCESS : STATUS_NO_MEMORY;
    ssize_t length = data ? getxattr(host, stream->attribute, data, STREAM_MAX) : 0;
    stream->fd = memfd_create("stream", MFD_CLOEXEC);
    if (!status && (length < 0 || stream->fd < 0 || (length > 1 && pwrite(stream->fd, data, length - 1, 0) < 0)))
        status = status_from_errno(errno);
    free(data);
    return status;
}

static NTSTATUS store_error(int error)
{
    switch (error) {
    case ENOTSUP: /* a file system without streams knows no such names */
        return STATUS_OBJECT_NAME_INVALID;
    case ENOSPC:
    case E2BIG:
    case ERANGE:
        return STATUS_DISK_FULL;
    default:
        return status_from_errno(error);
    }
}

static NTSTATUS store(const struct stream *stream)
{
    char path[32], *data;
    struct stat st;
    if (fstat(stream->fd, &st))
        return status_from_errno(errno);
    if (st.st_size >= STREAM_MAX)
        return STATUS_DISK_FULL;
    data = calloc(1, st.st_size + 1);
    if (!data)
        return STATUS_NO_MEMORY;
    int failed = pread(stream->fd, data, st.st_size, 0) < 0 ||
                 setxattr(base_path(stream->base, path), stream->attribute, data, st.st_size + 1, 0);
    free(data);
    return failed ? store_error(errno) : STATUS_SUCCESS;
}

NTSTATUS named_stream_store(struct file *file)
{
    host_lock(&lock);
    NTSTATUS status = store(file->stream);
    host_unlock(&lock);
    return status;
}

static void stream_free(struct stream *stream)
{
    if (stream->base >= 0)
        close(stream->base);
    if (stream->fd >= 0)
        close(stream->fd);
    free(stream);
}

/* The file itself, made if it is not there and the disposition says so. */
static NTSTATUS base_open(struct path *path, bool create, int *fd, struct stat *st)
{
    *fd = open(path->host, O_PATH | O_CLOEXEC);
    if (*fd < 0 && (errno == ENOENT || errno == ENOTDIR)) {
        NTSTATUS status = path_fold(path);
        if (status == STATUS_OBJECT_NAME_NOT_FOUND && create) {
            int made = open(path->host, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
            if (made < 0 && errno == ENOENT && path_make_real(path->host, false))
                made = open(path->host, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
            if (made < 0)
                return status_from_errno(errno);
            close(made);
            dirindex_created(path->host, false);
        } else if (status) {
            return status;
        }
        *fd = open(path->host, O_PATH | O_CLOEXEC);
    }
    return *fd < 0 || fstat(*fd, st) ? status_from_errno(errno) : STATUS_SUCCESS;
}

/* Under the lock: the stream if it is open already. */
static struct stream *stream_opened(struct file_key key, const char *attribute)
{
    struct stream *stream = streams;
    while (stream &&
           (stream->key.inode != key.inode || stream->key.device != key.device || strcmp(stream->attribute, attribute)))
        stream = stream->next;
    return stream;
}

/* Under the lock.  Takes over `base`. */
static NTSTATUS stream_get(int base, const struct stat *st, const char *attribute, struct stream **result)
{
    struct file_key key = {st->st_ino, (uint32_t)st->st_dev};
    struct stream *stream = stream_opened(key, attribute);
    char path[32];
    if (stream) {
        close(base);
    } else {
        stream = calloc(1, sizeof *stream);
        if (!stream) {
            close(base);
            return STATUS_NO_MEMORY;
        }
        stream->key = key;
        stream->base = base;
        stream->fd = -1;
        strcpy(stream->attribute, attribute);
        NTSTATUS status = stream_load(stream, base_path(base, path));
        if (status) {
            stream_free(stream);
            return status;
        }
        stream->next = streams;
        streams = stream;
    }
    stream->users++;
    *result = stream;
    return STATUS_SUCCESS;
}

/* Whether the stream may be opened so; makes it if it is not there. */
static NTSTATUS disposition_apply(const char *host, const char *attribute, bool exists, ULONG disposition,
                                  ULONG *result)
{
    if (exists) {
        *result = disposition == FILE_OPEN || disposition == FILE_OPEN_IF ? FILE_OPENED
                  : disposition == FILE_SUPERSEDE                         ? FILE_SUPERSEDED
                                                                          : FILE_OVERWRITTEN;
        return disposition == FILE_CREATE ? STATUS_OBJECT_NAME_COLLISION : STATUS_SUCCESS;
    }
    if (disposition == FILE_OPEN || disposition == FILE_OVERWRITE)
        return STATUS_OBJECT_NAME_NOT_FOUND;
    *result = FILE_CREATED;
    return setxattr(host, attribute, "", 1, 0) ? store_error(errno) : STATUS_SUCCESS;
}

static NTSTATUS stream_file(struct stream *stream, const struct path *path, ACCESS_MASK access, ULONG options,
                            ULONG inherit, HANDLE *handle)
{
    int fd = fcntl(stream->fd, F_DUPFD_CLOEXEC, 3);
    struct file *file = fd < 0 ? NULL : file_create(FILE_KIND_DISK, fd, access, options);
    if (!file)
        return STATUS_NO_MEMORY;
    file->stream = stream;
    file->drive = path->drive;
    file->host = strdup(path->host);
    file->delete_pending = options & FILE_DELETE_ON_CLOSE;
    NTSTATUS status = handle_create(file, access, inherit, handle);
    object_release(file);
    return status;
}

NTSTATUS named_stream_open(struct path *path, ACCESS_MASK access, ULONG disposition, ULONG options, ULONG inherit,
                           HANDLE *handle, ULONG *result)
{
    struct stream *stream = NULL;
    char text[32], attribute[272];
    struct stat st;
    int base;
    if (options & FILE_DIRECTORY_FILE)
        return STATUS_NOT_A_DIRECTORY;
    NTSTATUS status = base_open(path, disposition != FILE_OPEN && disposition != FILE_OVERWRITE, &base, &st);
    if (status)
        return status;
    host_lock(&lock);
    bool exists = attribute_find(base_path(base, text), path->stream, attribute);
    status = disposition_apply(text, attribute, exists, disposition, result);
    if (status)
        close(base);
    else
        status = stream_get(base, &st, attribute, &stream);
    if (!status && (*result == FILE_OVERWRITTEN || *result == FILE_SUPERSEDED))
        status = ftruncate(stream->fd, 0) ? status_from_errno(errno) : store(stream);
    host_unlock(&lock);
    return status ? status : stream_file(stream, path, access, options, inherit, handle);
}

void named_stream_close(struct file *file)
{
    struct stream *stream = file->stream, **link = &streams;
    char path[32];
    host_lock(&lock);
    if (file->delete_pending)
        removexattr(base_path(stream->base, path), stream->attribute);
    if (!--stream->users) {
        while (*link != stream)
            link = &(*link)->next;
        *link = stream->next;
        stream_free(stream);
    }
    host_unlock(&lock);
    file->stream = NULL;
}

NTSTATUS named_stream_facts(struct file *file, struct file_facts *facts)
{
    char path[32];
    struct stat st;
    NTSTATUS status = facts_of_path(AT_FDCWD, base_path(file->stream->base, path), true, facts);
    if (!status && !fstat(file->fd, &st)) {
        facts->st.st_mode = S_IFREG | (facts->st.st_mode & 07777);
        facts->st.st_size = st.st_size;
        facts->st.st_blocks = st.st_blocks;
    }
    return status;
}
