/*
 * map_cache_store.c: writes copies of large images to the cache, and keeps the cache within its limit.
 *
 * Layer: loader; files by libc.  Nothing here may fail the start of a program: without place, right or time for a
 * copy there is none.  Copies are not synced to disk; the boot id in their header makes those of an
 * earlier boot invalid.
 */
#include "map_private.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

#define CACHE_LIMIT (2ull << 30)
#define DISK_MARGIN (256ull << 20) /* to be left free for others */
#define SETTLE_NANOSECONDS 20000000ll

/* Each directory of the path that does not exist.  Private: its files are code that this user will run. */
static void make_directories(const char *path)
{
    char part[CACHE_PATH_MAX];

    for (const char *slash = path; (slash = strchr(slash + 1, '/'));) {
        snprintf(part, sizeof part, "%.*s", (int)(slash - path), path);
        mkdir(part, 0700);
    }
    mkdir(path, 0700);
}

/* The oldest file of the directory into `oldest` (empty: none); returns the bytes that all of them take. */
static uint64_t cache_survey(DIR *directory, char *oldest, size_t size)
{
    struct timespec age = {0};
    uint64_t total = 0;
    struct dirent *entry;
    struct stat st;

    *oldest = 0;
    rewinddir(directory);
    while ((entry = readdir(directory))) {
        if (fstatat(dirfd(directory), entry->d_name, &st, AT_SYMLINK_NOFOLLOW) < 0 || !S_ISREG(st.st_mode))
            continue;
        total += st.st_blocks * 512ull;
        if (!*oldest || st.st_mtim.tv_sec < age.tv_sec ||
            (st.st_mtim.tv_sec == age.tv_sec && st.st_mtim.tv_nsec < age.tv_nsec)) {
            snprintf(oldest, size, "%s", entry->d_name);
            age = st.st_mtim;
        }
    }
    return total;
}

void map_cache_evict(uint64_t needed)
{
    char path[CACHE_PATH_MAX], oldest[256];

    if (!map_cache_path(NULL, path))
        return;
    DIR *directory = opendir(path);
    if (!directory)
        return;
    while (cache_survey(directory, oldest, sizeof oldest) + needed > CACHE_LIMIT && *oldest)
        if (unlinkat(dirfd(directory), oldest, 0) < 0)
            break;
    closedir(directory);
}

/* A file written while it was being looked at could change again without a new time stamp. */
static bool file_settled(const struct pe *pe)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return (now.tv_sec - pe->file.ctime_sec) * 1000000000ll + now.tv_nsec - pe->file.ctime_nsec > SETTLE_NANOSECONDS;
}

static bool room_for(const char *directory, uint64_t length)
{
    struct rlimit limit;
    struct statvfs fs;

    if (length > CACHE_LIMIT || (getrlimit(RLIMIT_FSIZE, &limit) == 0 && length > limit.rlim_cur))
        return false;
    map_cache_evict(length);
    return statvfs(directory, &fs) == 0 && (uint64_t)fs.f_bavail * fs.f_frsize > length + DISK_MARGIN;
}

/* Opens the temporary file; one process at a time writes it, others do without.  -1: not now. */
static int temporary_open(const char *path)
{
    struct stat mine, there;
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

    if (fd < 0)
        return -1;
    /* The name tells whether another process has finished and renamed this very file meanwhile. */
    if (flock(fd, LOCK_EX | LOCK_NB) == 0 && fstat(fd, &mine) == 0 && lstat(path, &there) == 0 &&
        mine.st_dev == there.st_dev && mine.st_ino == there.st_ino && ftruncate(fd, 0) == 0)
        return fd;
    close(fd);
    return -1;
}

static bool write_all(int fd, const char *data, size_t size, off_t offset)
{
    while (size) {
        ssize_t written = pwrite(fd, data, size, offset);
        if (written <= 0)
            return false;
        data += written;
        size -= written;
        offset += written;
    }
    return true;
}

static bool write_copy(int fd, const struct pe *pe, const char *base, const struct cache_header *header)
{
    uint32_t start, end = 0;

    if (ftruncate(fd, header->length) < 0)
        return false;
    while (map_next_stretch(pe, &start, &end))
        if (!write_all(fd, base + start, end - start, CACHE_DATA + (off_t)start))
            return false;
    return write_all(fd, (const char *)header, sizeof *header, 0);
}

void map_cache_store(const struct pe *pe, void *base)
{
    char directory[CACHE_PATH_MAX], path[CACHE_PATH_MAX], temporary[CACHE_PATH_MAX + 4];
    struct cache_header header;

    if (!file_settled(pe) || !map_cache_path(NULL, directory) || !map_cache_path(pe, path) ||
        !map_cache_header(pe, &header))
        return;
    make_directories(directory);
    if (!room_for(directory, header.length))
        return;
    snprintf(temporary, sizeof temporary, "%s.tmp", path);
    int fd = temporary_open(temporary);
    if (fd < 0)
        return;
    if (!write_copy(fd, pe, base, &header) || rename(temporary, path) < 0)
        unlink(temporary);
    close(fd);
}
