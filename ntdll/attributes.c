/*
 * attributes.c: Windows' attributes and times of a host file.
 *
 * Read-only is the absence of write bits; the other attributes are in the extended attribute
 * user.DOSATTRIB as Samba writes it (the text form "0x22"), where the file system has such.
 * Only files that carry something beyond the usual have one, and it is looked for only when
 * attributes are asked for.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "error.h"
#include "file.h"

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

/* The attribute's text: "0x20", perhaps with more after it. */
static ULONG parse(const char *text, ssize_t length)
{
    char copy[16] = "";
    if (length < 3 || text[0] != '0' || text[1] != 'x')
        return 0;
    memcpy(copy, text, length < 15 ? length : 15);
    return (ULONG)strtoul(copy, NULL, 16) & STORED;
}

static ULONG from_stat(const struct stat *st, ULONG stored, bool has_stored)
{
    ULONG attributes = stored & ~FILE_ATTRIBUTE_NORMAL;
    if (S_ISDIR(st->st_mode))
        attributes = (attributes & ~FILE_ATTRIBUTE_ARCHIVE) | FILE_ATTRIBUTE_DIRECTORY;
    else if (!has_stored)
        attributes |= FILE_ATTRIBUTE_ARCHIVE;
    if (S_ISREG(st->st_mode) && !(st->st_mode & 0222))
        attributes |= FILE_ATTRIBUTE_READONLY;
    if (S_ISLNK(st->st_mode))
        attributes |= FILE_ATTRIBUTE_REPARSE_POINT;
    return attributes ? attributes : FILE_ATTRIBUTE_NORMAL;
}

static void facts_fill(struct file_facts *facts, const char *stored, ssize_t stored_length)
{
    const struct stat *st = &facts->st;
    facts->attributes = from_stat(st, parse(stored, stored_length), stored_length > 0);
    facts->reparse_tag = S_ISLNK(st->st_mode) ? IO_REPARSE_TAG_SYMLINK : 0;
    facts->accessed = time_from_host(st->st_atim);
    facts->written = time_from_host(st->st_mtim);
    facts->changed = time_from_host(st->st_ctim);
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

NTSTATUS facts_of_file(struct file *file, struct file_facts *facts)
{
    char stored[64];
    if (file->fd < 0) {
        if (file->host && !stat(file->host, &facts->st))
            return facts_of_path(AT_FDCWD, file->host, true, facts);
        facts_of_virtual(facts);
        return STATUS_SUCCESS;
    }
    if (facts_stat(file->fd, "", AT_EMPTY_PATH, facts))
        return status_from_errno(errno);
    bool has = S_ISREG(facts->st.st_mode) || S_ISDIR(facts->st.st_mode);
    ssize_t length = has ? fgetxattr(file->fd, attribute_name, stored, sizeof stored) : -1;
    facts_fill(facts, stored, length);
    return STATUS_SUCCESS;
}

/* Whether a dangling or not: what a symbolic link points to decides if it shows as a directory. */
static void facts_of_link(int directory_fd, const char *host, struct file_facts *facts)
{
    struct stat target;
    facts_fill(facts, "", -1);
    facts->attributes = FILE_ATTRIBUTE_REPARSE_POINT | FILE_ATTRIBUTE_ARCHIVE;
    if (!fstatat(directory_fd, host, &target, 0) && S_ISDIR(target.st_mode))
        facts->attributes = FILE_ATTRIBUTE_REPARSE_POINT | FILE_ATTRIBUTE_DIRECTORY;
}

NTSTATUS facts_of_path(int directory_fd, const char *host, bool follow, struct file_facts *facts)
{
    char stored[64];
    ssize_t length = -1;
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
    /* Below a directory's fd there is no xattr call without opening; listings pass full paths where it matters. */
    if (directory_fd == AT_FDCWD && (S_ISREG(facts->st.st_mode) || S_ISDIR(facts->st.st_mode)))
        length = getxattr(host, attribute_name, stored, sizeof stored);
    facts_fill(facts, stored, length);
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

NTSTATUS attributes_store(int fd, const char *host, const struct stat *st, ULONG attributes)
{
    mode_t mode = st->st_mode & 07777;
    if (S_ISREG(st->st_mode)) {
        mode_t wanted = attributes & FILE_ATTRIBUTE_READONLY ? mode & ~0222 : mode & 0222 ? mode : mode | 0200;
        if (wanted != mode && (fd >= 0 ? fchmod(fd, wanted) : chmod(host, wanted)))
            return status_from_errno(errno);
    }
    ULONG keep = attributes & STORED;
    ULONG usual = S_ISDIR(st->st_mode) ? 0 : FILE_ATTRIBUTE_ARCHIVE;
    char text[16] = "0x";
    int n = 2;
    for (int shift = 28; shift >= 0; shift -= 4)
        if (keep >> shift || !shift)
            text[n++] = "0123456789abcdef"[keep >> shift & 15];
    /* A file system without extended attributes loses them silently, as FAT loses what it can not hold. */
    if ((keep & ~FILE_ATTRIBUTE_NORMAL) == usual) {
        if (fd >= 0)
            fremovexattr(fd, attribute_name);
        else
            removexattr(host, attribute_name);
    } else if (fd >= 0) {
        fsetxattr(fd, attribute_name, text, n, 0);
    } else {
        setxattr(host, attribute_name, text, n, 0);
    }
    return STATUS_SUCCESS;
}
