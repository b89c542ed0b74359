/*
 * prefixkey.c: the secret that what CryptProtectData and key containers write in a prefix is encrypted with.
 *
 * The file is written under another name and linked into place, so that of two processes that make it at once both
 * use the same, and nobody reads half of it.
 *
 * Layer: ntdll.  Calls Linux only.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "path.h"
#include "prefixkey.h"
#include "sysinfo.h"

/* STATUS_NOT_FOUND: there is none yet.  Another user's, or one that others may read, is not a secret. */
static NTSTATUS key_read(const char *path, UCHAR key[PREFIX_KEY_SIZE])
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    struct stat info;

    if (fd < 0)
        return errno == ENOENT ? STATUS_NOT_FOUND : STATUS_ACCESS_DENIED;
    bool good = !fstat(fd, &info) && S_ISREG(info.st_mode) && !(info.st_mode & 077) && info.st_uid == geteuid() &&
                read(fd, key, PREFIX_KEY_SIZE) == PREFIX_KEY_SIZE;
    close(fd);
    return good ? STATUS_SUCCESS : STATUS_ACCESS_DENIED;
}

static NTSTATUS key_make(const char *path)
{
    char temporary[PATH_HOST_MAX + 40];
    UCHAR key[PREFIX_KEY_SIZE];
    NTSTATUS status = random_bytes(key, sizeof key);

    if (status)
        return status;
    snprintf(temporary, sizeof temporary, "%s.%d.%lx", path, (int)gettid(), (unsigned long)key[0] << 8 | key[1]);
    int fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return STATUS_ACCESS_DENIED;
    bool written = write(fd, key, sizeof key) == (ssize_t)sizeof key && !fsync(fd);
    close(fd);
    if (!written)
        status = STATUS_DISK_FULL;
    else if (link(temporary, path) && errno != EEXIST)
        status = STATUS_ACCESS_DENIED;
    unlink(temporary);
    explicit_bzero(key, sizeof key);
    return status;
}

NTSTATUS prefix_key(UCHAR key[PREFIX_KEY_SIZE])
{
    char path[PATH_HOST_MAX + 16];
    NTSTATUS status;

    snprintf(path, sizeof path, "%s/secret", path_prefix());
    status = key_read(path, key);
    if (status != STATUS_NOT_FOUND)
        return status;
    if (!path_prefix_make())
        return STATUS_ACCESS_DENIED;
    status = key_make(path);
    return status ? status : key_read(path, key);
}
