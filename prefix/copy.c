/*
 * copy.c: copies, removes and replaces the directory of a prefix.
 *
 * Layer: front end.  Files are cloned where the file system can (FICLONE), else copied by the kernel.  The
 * registry's file is copied by LMDB, so that the copy is one committed state.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <lmdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>
#include "prefix.h"

/* What belongs to running processes alone. */
static bool is_passing(const char *name)
{
    return !strcmp(name, "registry.mdb-lock") || !strcmp(name, "registry.mdb-notify");
}

bool registry_copy(const char *from, int to_fd)
{
    MDB_env *env;
    int error = mdb_env_create(&env);
    if (!error) {
        mdb_env_set_mapsize(env, (size_t)1 << 30);
        error = mdb_env_open(env, from, MDB_NOSUBDIR | MDB_RDONLY, 0666);
        if (error == EACCES || error == EROFS)
            error = mdb_env_open(env, from, MDB_NOSUBDIR | MDB_RDONLY | MDB_NOLOCK, 0666);
        if (!error)
            error = mdb_env_copyfd2(env, to_fd, MDB_CP_COMPACT);
        mdb_env_close(env);
    }
    return !error || complain("%s: can not be copied: %s", from, mdb_strerror(error));
}

static bool copy_data(int from, int to, struct progress *progress)
{
    if (ioctl(to, FICLONE, from) == 0)
        return true;
    for (;;) {
        ssize_t n = copy_file_range(from, NULL, to, NULL, 1 << 24, 0);
        if (n < 0 && (errno == EXDEV || errno == EINVAL || errno == ENOSYS || errno == EOPNOTSUPP)) {
            char buffer[65536];
            n = read(from, buffer, sizeof buffer);
            if (n > 0 && write(to, buffer, (size_t)n) != n)
                return false;
        }
        if (n <= 0)
            return n == 0;
        progress_add(progress, (guint64)n);
    }
}

static void copy_attributes(const char *from, int to)
{
    char names[4096], value[4096];
    ssize_t length = llistxattr(from, names, sizeof names);
    for (char *name = names; length > 0 && name < names + length; name += strlen(name) + 1) {
        ssize_t size = lgetxattr(from, name, value, sizeof value);
        if (size >= 0 && g_str_has_prefix(name, "user."))
            fsetxattr(to, name, value, (size_t)size, 0);
    }
}

static bool copy_file(const char *from, const char *to, const struct stat *st, struct progress *progress)
{
    int source = open(from, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    int target = source < 0 ? -1 : open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, st->st_mode & 0777);
    bool good = target >= 0;
    if (good && g_str_has_suffix(from, "/registry.mdb"))
        good = registry_copy(from, target);
    else if (good)
        good = copy_data(source, target, progress) || complain("%s: can not be copied: %s", from, g_strerror(errno));
    else
        complain("%s: can not be copied: %s", from, g_strerror(errno));
    if (good) {
        struct timespec times[2] = {st->st_atim, st->st_mtim};
        copy_attributes(from, target);
        futimens(target, times);
    }
    if (source >= 0)
        close(source);
    if (target >= 0)
        close(target);
    progress->files++;
    progress_add(progress, 0);
    return good;
}

static bool copy_link(const char *from, const char *to)
{
    char target[4096];
    ssize_t length = readlink(from, target, sizeof target - 1);
    if (length < 0)
        return complain("%s: can not be read: %s", from, g_strerror(errno));
    target[length] = 0;
    return symlink(target, to) == 0 || complain("%s: can not be made: %s", to, g_strerror(errno));
}

bool prefix_copy(const char *from, const char *to, struct progress *progress)
{
    DIR *dir = opendir(from);
    if (!dir)
        return complain("%s: %s", from, g_strerror(errno));
    struct stat own;
    bool good = (fstat(dirfd(dir), &own) == 0 && mkdir(to, (own.st_mode & 0777) | 0700) == 0) ||
                complain("%s: can not be made: %s", to, g_strerror(errno));
    for (struct dirent *entry; good && (entry = readdir(dir));) {
        struct stat st;
        if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..") || is_passing(entry->d_name))
            continue;
        g_autofree char *a = g_build_filename(from, entry->d_name, NULL);
        g_autofree char *b = g_build_filename(to, entry->d_name, NULL);
        if (lstat(a, &st))
            good = errno == ENOENT || complain("%s: %s", a, g_strerror(errno)); /* gone meanwhile */
        else if (S_ISDIR(st.st_mode))
            good = prefix_copy(a, b, progress);
        else if (S_ISLNK(st.st_mode))
            good = copy_link(a, b);
        else if (S_ISREG(st.st_mode))
            good = copy_file(a, b, &st, progress);
    }
    closedir(dir);
    return good;
}

bool tree_remove(const char *path)
{
    struct stat st;
    if (lstat(path, &st))
        return errno == ENOENT || complain("%s: %s", path, g_strerror(errno));
    if (!S_ISDIR(st.st_mode))
        return unlink(path) == 0 || complain("%s: can not be removed: %s", path, g_strerror(errno));
    DIR *dir = opendir(path);
    bool good = true;
    for (struct dirent *entry; dir && (entry = readdir(dir));) {
        if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
            continue;
        g_autofree char *child = g_build_filename(path, entry->d_name, NULL);
        good &= tree_remove(child);
    }
    if (dir)
        closedir(dir);
    return good && (rmdir(path) == 0 || complain("%s: can not be removed: %s", path, g_strerror(errno)));
}

guint64 tree_size(const char *path)
{
    struct stat st;
    if (lstat(path, &st))
        return 0;
    guint64 size = (guint64)st.st_blocks * 512;
    DIR *dir = S_ISDIR(st.st_mode) ? opendir(path) : NULL;
    for (struct dirent *entry; dir && (entry = readdir(dir));) {
        if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
            continue;
        g_autofree char *child = g_build_filename(path, entry->d_name, NULL);
        size += tree_size(child);
    }
    if (dir)
        closedir(dir);
    return size;
}

bool tree_replace(const char *fresh, const char *old)
{
    if (renameat2(AT_FDCWD, fresh, AT_FDCWD, old, RENAME_EXCHANGE) == 0)
        return tree_remove(fresh);
    g_autofree char *aside = g_strdup_printf("%s.old-%d", old, (int)getpid());
    if (rename(old, aside))
        return complain("%s: can not be replaced: %s", old, g_strerror(errno));
    if (rename(fresh, old)) {
        complain("%s: can not be replaced: %s", old, g_strerror(errno));
        rename(aside, old);
        return false;
    }
    return tree_remove(aside);
}
