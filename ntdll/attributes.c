/*
 * attributes.c: Windows' attributes and times of a host file.
 *
 * Read-only is the absence of write bits; the other attributes, and a creation time that a program has set, are in the
 * extended attribute user.DOSATTRIB as Samba writes it (the text form "0x22", or its version 5 with a time), where the
 * file system has such.  Only files that carry something beyond the usual have one.  It is looked for only when
 * attributes are asked for, and what was found is remembered until the file's ctime, which it moves, is another.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "error.h"
#include "file.h"
#include "futex.h"
#include "large.h"
#include "reparse.h"
#include "namedstream.h"

#define EPOCH_DIFFERENCE 116444736000000000LL
#define STORED                                                                                                         \
    (FILE_ATTRIBUTE_HIDDEN | FILE_ATTRIBUTE_SYSTEM | FILE_ATTRIBUTE_ARCHIVE | FILE_ATTRIBUTE_NOT_CONTENT_INDEXED |     \
     FILE_ATTRIBUTE_TEMPORARY | FILE_ATTRIBUTE_OFFLINE | FILE_ATTRIBUTE_NORMAL)

static const char attribute_name[] = "user.DOSATTRIB";

int64_t time_from_host(struct timespec t)
{
    return t.tv_sec * 10000000LL + t.tv_nsec / 100 + EPOCH_DIFFERENCE;
}

struct timespec time_to_host(int64_t t)
{
    int64_t since = t - EPOCH_DIFFERENCE, seconds = since / 10000000, rest = since % 10000000;
    if (rest < 0) {
        rest += 10000000;
        seconds--;
    }
    return (struct timespec){.tv_sec = seconds, .tv_nsec = rest * 100};
}

/* What a file carries beyond its stat. */
struct stored {
    bool has;
    ULONG attributes;
    int64_t created; /* 0: as the host says */
};

/* Samba's form: an empty text, the version twice, which fields hold, and the fields. */
#define INFO_VERSION 5
#define INFO_ATTRIBUTES 0x01
#define INFO_CREATED 0x10
struct info_head {
    uint16_t text, version;
    uint32_t same_version, valid, attributes;
};
static const uint8_t created_offset[] = {[3] = 36, [4] = 24, [5] = 16}; /* in versions that have the time */

static void parse_info(const char *data, ssize_t length, struct stored *stored)
{
    struct info_head head;
    if (length < (ssize_t)sizeof head)
        return;
    memcpy(&head, data, sizeof head);
    if (head.text || head.version < 3 || head.version > 5 || head.same_version != head.version)
        return;
    stored->has = head.valid & INFO_ATTRIBUTES;
    stored->attributes = stored->has ? head.attributes & STORED : 0;
    size_t at = created_offset[head.version];
    if (head.valid & INFO_CREATED && length >= (ssize_t)(at + sizeof stored->created))
        memcpy(&stored->created, data + at, sizeof stored->created);
}

/* "0x20", perhaps with more after it, or the binary form. */
static struct stored parse(const char *data, ssize_t length)
{
    struct stored stored = {0};
    char copy[16] = "";
    if (length >= 3 && data[0] == '0' && data[1] == 'x') {
        memcpy(copy, data, length < 15 ? length : 15);
        stored.attributes = (ULONG)strtoul(copy, NULL, 16) & STORED;
        stored.has = true;
    } else {
        parse_info(data, length, &stored);
    }
    return stored;
}

#define KNOWN_FILES 4096
#define RACY_NS 50000000LL /* clocks of file systems come in ticks */

/* What a file was found to carry at a ctime. */
struct known {
    uint64_t inode, device;
    int64_t changed;
    struct stored stored;
};

static struct known known[KNOWN_FILES] LARGE;
static struct lock known_lock;
static dev_t without; /* the last file system seen to have no such attributes */

static struct known *known_slot(const struct stat *st)
{
    return &known[(st->st_ino ^ st->st_ino >> 12 ^ st->st_dev) % KNOWN_FILES];
}

static int64_t changed_of(const struct stat *st)
{
    return st->st_ctim.tv_sec * 1000000000LL + st->st_ctim.tv_nsec;
}

static bool known_find(const struct stat *st, struct stored *stored)
{
    lock_acquire(&known_lock);
    const struct known *slot = known_slot(st);
    bool found = slot->inode == st->st_ino && slot->device == st->st_dev && slot->changed == changed_of(st);
    if (found)
        *stored = slot->stored;
    lock_release(&known_lock);
    return found;
}

static void known_keep(const struct stat *st, const struct stored *stored)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    bool racy = now.tv_sec * 1000000000LL + now.tv_nsec - changed_of(st) < RACY_NS;
    lock_acquire(&known_lock);
    *known_slot(st) = racy ? (struct known){0} : (struct known){st->st_ino, st->st_dev, changed_of(st), *stored};
    lock_release(&known_lock);
}

/* Of an open file (fd) or a path. */
static struct stored stored_read(int fd, const char *host, const struct stat *st)
{
    struct stored stored = {0};
    char data[128];
    if (!(S_ISREG(st->st_mode) || S_ISDIR(st->st_mode)) || (without && st->st_dev == without) ||
        known_find(st, &stored))
        return stored;
    ssize_t length = fd >= 0 ? fgetxattr(fd, attribute_name, data, sizeof data) : -1;
    if (length < 0 && host && (fd < 0 || errno == EBADF))
        length = getxattr(host, attribute_name, data, sizeof data);
    if (length < 0 && errno == ENOTSUP)
        without = st->st_dev;
    stored = parse(data, length);
    known_keep(st, &stored);
    return stored;
}

static ULONG from_stat(const struct stat *st, const struct stored *stored)
{
    ULONG attributes = stored->attributes & ~FILE_ATTRIBUTE_NORMAL;
    if (S_ISDIR(st->st_mode))
        attributes = (attributes & ~FILE_ATTRIBUTE_ARCHIVE) | FILE_ATTRIBUTE_DIRECTORY;
    else if (!stored->has)
        attributes |= FILE_ATTRIBUTE_ARCHIVE;
    if (S_ISREG(st->st_mode) && !(st->st_mode & 0222))
        attributes |= FILE_ATTRIBUTE_READONLY;
    if (S_ISLNK(st->st_mode))
        attributes |= FILE_ATTRIBUTE_REPARSE_POINT;
    return attributes ? attributes : FILE_ATTRIBUTE_NORMAL;
}

static void facts_fill(struct file_facts *facts, const struct stored *stored)
{
    const struct stat *st = &facts->st;
    facts->attributes = from_stat(st, stored);
    facts->reparse_tag = S_ISLNK(st->st_mode) ? IO_REPARSE_TAG_SYMLINK : 0;
    facts->accessed = time_from_host(st->st_atim);
    facts->written = time_from_host(st->st_mtim);
    facts->changed = time_from_host(st->st_ctim);
    if (stored->created)
        facts->created = stored->created;
}

/* statx, for the time of birth; where a file system has none, the oldest of the times is the nearest to it. */
static int facts_stat(int fd, const char *host, int flags, struct file_facts *facts)
{
    struct statx x;
    if (statx(fd, host, flags, STATX_BASIC_STATS | STATX_BTIME, &x))
        return -1;
    struct timespec written = {x.stx_mtime.tv_sec, x.stx_mtime.tv_nsec};
    facts->st = (struct stat){
        .st_dev = makedev(x.stx_dev_major, x.stx_dev_minor),
        .st_rdev = makedev(x.stx_rdev_major, x.stx_rdev_minor),
        .st_ino = x.stx_ino,
        .st_mode = x.stx_mode,
        .st_nlink = x.stx_nlink,
        .st_size = x.stx_size,
        .st_blocks = x.stx_blocks,
        .st_blksize = x.stx_blksize,
        .st_atim = {x.stx_atime.tv_sec, x.stx_atime.tv_nsec},
        .st_mtim = written,
        .st_ctim = {x.stx_ctime.tv_sec, x.stx_ctime.tv_nsec},
    };
    struct timespec born = {x.stx_btime.tv_sec, x.stx_btime.tv_nsec};
    if (!(x.stx_mask & STATX_BTIME))
        born = time_from_host(written) < time_from_host(facts->st.st_ctim) ? written : facts->st.st_ctim;
    facts->created = time_from_host(born);
    return 0;
}

/* A link to a directory shows as one: by its kind, or by what it points to. */
static void facts_of_link(int directory_fd, const char *host, struct file_facts *facts)
{
    struct stat target;
    static const struct stored nothing;
    char text[PATH_HOST_MAX];
    facts_fill(facts, &nothing);
    facts->attributes = FILE_ATTRIBUTE_REPARSE_POINT | FILE_ATTRIBUTE_ARCHIVE;
    enum link_kind kind = reparse_kind(directory_fd, host, text);
    if (kind == LINK_JUNCTION)
        facts->reparse_tag = IO_REPARSE_TAG_MOUNT_POINT;
    if (kind == LINK_DIRECTORY || kind == LINK_JUNCTION ||
        (!fstatat(directory_fd, host, &target, 0) && S_ISDIR(target.st_mode)))
        facts->attributes = FILE_ATTRIBUTE_REPARSE_POINT | FILE_ATTRIBUTE_DIRECTORY;
}

NTSTATUS facts_of_file(struct file *file, struct file_facts *facts)
{
    if (file->fd < 0) {
        if (file->host && !stat(file->host, &facts->st))
            return facts_of_path(AT_FDCWD, file->host, true, facts);
        facts_of_virtual(facts);
        return STATUS_SUCCESS;
    }
    if (file->stream)
        return named_stream_facts(file, facts);
    if (facts_stat(file->fd, "", AT_EMPTY_PATH, facts))
        return status_from_errno(errno);
    if (S_ISLNK(facts->st.st_mode) && file->host) {
        facts_of_link(AT_FDCWD, file->host, facts);
        return STATUS_SUCCESS;
    }
    struct stored stored = stored_read(file->fd, file->host, &facts->st);
    facts_fill(facts, &stored);
    return STATUS_SUCCESS;
}

NTSTATUS facts_of_path(int directory_fd, const char *host, bool follow, struct file_facts *facts)
{
    if (facts_stat(directory_fd, host, follow ? 0 : AT_SYMLINK_NOFOLLOW, facts)) {
        char real[PATH_HOST_MAX];
        if ((errno == ENOENT || errno == ENOTDIR) && directory_fd == AT_FDCWD && path_system_file(host, real))
            return facts_of_path(AT_FDCWD, real, true, facts);
        if ((errno != ENOENT && errno != ENOTDIR) || !path_is_virtual(host))
            return status_from_errno(errno);
        facts_of_virtual(facts);
        return STATUS_SUCCESS;
    }
    if (S_ISLNK(facts->st.st_mode)) {
        facts_of_link(directory_fd, host, facts);
        return STATUS_SUCCESS;
    }
    struct stored stored = stored_read(-1, host, &facts->st);
    facts_fill(facts, &stored);
    return STATUS_SUCCESS;
}

NTSTATUS facts_of_entry(int directory_fd, const char *name, const char *host, struct file_facts *facts)
{
    if (facts_stat(directory_fd, name, AT_SYMLINK_NOFOLLOW, facts))
        return status_from_errno(errno);
    if (S_ISLNK(facts->st.st_mode)) {
        facts_of_link(directory_fd, name, facts);
        return STATUS_SUCCESS;
    }
    struct stored stored = stored_read(-1, host, &facts->st);
    facts_fill(facts, &stored);
    return STATUS_SUCCESS;
}

void facts_of_virtual(struct file_facts *facts)
{
    memset(facts, 0, sizeof *facts);
    facts->st.st_mode = S_IFDIR | 0755;
    facts->st.st_nlink = 1;
    facts->attributes = FILE_ATTRIBUTE_DIRECTORY;
    facts->created = facts->accessed = facts->written = facts->changed = 0x01d9000000000000LL;
}

/* What a file has that carries nothing. */
static ULONG usual_attributes(const struct stat *st)
{
    return S_ISDIR(st->st_mode) ? 0 : FILE_ATTRIBUTE_ARCHIVE;
}

static NTSTATUS store_read_only(int fd, const char *host, const struct stat *st, ULONG attributes)
{
    mode_t mode = st->st_mode & 07777;
    if (!S_ISREG(st->st_mode))
        return STATUS_SUCCESS;
    mode_t wanted = attributes & FILE_ATTRIBUTE_READONLY ? mode & ~0222 : mode & 0222 ? mode : mode | 0200;
    if (wanted == mode || !(fd >= 0 && !fchmod(fd, wanted) ? 0 : chmod(host, wanted)))
        return STATUS_SUCCESS;
    return status_from_errno(errno);
}

/* Of the open file, or by its path if it is open as a path only.  No data: removes it. */
static int xattr_change(int fd, const char *host, const char *data, int length)
{
    int failed = -1;
    if (fd >= 0)
        failed = length ? fsetxattr(fd, attribute_name, data, length, 0) : fremovexattr(fd, attribute_name);
    if (failed && (fd < 0 || errno == EBADF))
        failed = length ? setxattr(host, attribute_name, data, length, 0) : removexattr(host, attribute_name);
    return failed;
}

/* A file system without extended attributes loses them silently, as FAT loses what it can not hold. */
static void stored_write(int fd, const char *host, const struct stat *st, const struct stored *stored)
{
    mode_t mode = st->st_mode & 07777;
    char data[32];
    int length = 0;
    if (stored->created) {
        struct info_head head = {0, INFO_VERSION, INFO_VERSION, INFO_ATTRIBUTES | INFO_CREATED, stored->attributes};
        memcpy(data, &head, sizeof head);
        memcpy(data + sizeof head, &stored->created, sizeof stored->created);
        length = sizeof head + sizeof stored->created;
    } else if (stored->attributes != usual_attributes(st)) {
        length = snprintf(data, sizeof data, "0x%x", stored->attributes);
    }
    /* Whoever may not write the file may not write these either, but its owner can allow it to himself. */
    if (xattr_change(fd, host, data, length) && errno == EACCES && !(mode & 0200) && !chmod(host, mode | 0200)) {
        xattr_change(fd, host, data, length);
        chmod(host, mode);
    }
    lock_acquire(&known_lock);
    *known_slot(st) = (struct known){0};
    lock_release(&known_lock);
}

NTSTATUS attributes_store(int fd, const char *host, const struct stat *st, ULONG attributes)
{
    struct stored stored = stored_read(fd, host, st);
    ULONG before = stored.has ? stored.attributes : usual_attributes(st);
    stored.attributes = attributes & STORED & ~FILE_ATTRIBUTE_NORMAL;
    if (stored.attributes != before)
        stored_write(fd, host, st, &stored);
    return store_read_only(fd, host, st, attributes);
}

void created_store(int fd, const char *host, const struct stat *st, int64_t created)
{
    struct stored stored = stored_read(fd, host, st);
    if (!stored.has)
        stored.attributes = usual_attributes(st);
    stored.created = created;
    stored_write(fd, host, st, &stored);
}
