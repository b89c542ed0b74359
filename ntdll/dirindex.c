/*
 * dirindex.c: an index of a directory's names, folded to upper case, so that a name in another
 * case, and above all a name that is not there, costs one stat and one hash look-up.
 *
 * An index is valid as long as the directory's mtime is the one it was built at.  Time stamps
 * come in ticks of some milliseconds on older kernels and other file systems, so there an index built within RACY_NS
 * of the last change is used for that one look-up only.  A few dozen directories are kept; the least recently used
 * goes first.  One lock; nothing calls out while it is held.
 */
#include <dirent.h>
#include <errno.h>
#include <linux/magic.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <sys/vfs.h>
#include <time.h>

#include "dirindex.h"
#include "lock.h"
#include "path.h"

#define CACHE_SLOTS 64
#define RACY_NS 50000000LL

#define REMOVED 0xffffffffu

struct index {
    char *directory;
    uint64_t hash; /* of its name */
    uint64_t used; /* clock_tick of the last look-up */
    int64_t mtime;
    dev_t device;
    ino_t inode;
    char *names;     /* zero-terminated, one after the other */
    uint32_t *table; /* offset in names + 1; 0: empty; REMOVED */
    uint32_t mask, count;
    size_t used_bytes, size;
    bool racy;
};

static struct index *cache[CACHE_SLOTS];
static uint64_t clock_tick;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static WCHAR fold(WCHAR c)
{
    if (c < 0x80)
        return c >= 'a' && c <= 'z' ? c - 32 : c;
    return RtlUpcaseUnicodeChar(c);
}

bool path_name_equal(const WCHAR *a, size_t a_length, const WCHAR *b, size_t b_length)
{
    if (a_length != b_length)
        return false;
    for (size_t i = 0; i < a_length; i++)
        if (a[i] != b[i] && fold(a[i]) != fold(b[i]))
            return false;
    return true;
}

static uint32_t name_hash(const WCHAR *name, int length)
{
    uint32_t hash = 2166136261u;
    for (int i = 0; i < length; i++)
        hash = (hash ^ fold(name[i])) * 16777619u;
    return hash ^ hash >> 15;
}

static void index_free(struct index *index)
{
    if (!index)
        return;
    free(index->directory);
    free(index->names);
    free(index->table);
    free(index);
}

/* All names of the directory into index->names; their number, or -errno. */
static int index_read(struct index *index, const char *directory)
{
    size_t used = 0, size = 4096;
    int count = 0;
    DIR *dir = opendir(directory);
    if (!dir)
        return -errno;
    index->names = malloc(size);
    for (struct dirent *entry; index->names && (entry = readdir(dir));) {
        size_t length = strlen(entry->d_name) + 1;
        if (used + length > size) {
            char *more = realloc(index->names, size *= 2);
            if (!more)
                free(index->names);
            index->names = more;
        }
        if (!index->names)
            break;
        memcpy(index->names + used, entry->d_name, length);
        used += length;
        count++;
    }
    closedir(dir);
    index->used_bytes = used;
    index->size = size;
    return index->names ? count : -ENOMEM;
}

static int index_build(struct index *index, const char *directory)
{
    WCHAR wide[512];
    int count = index_read(index, directory);
    if (count < 0)
        return count;
    for (index->mask = 15; index->mask < (uint32_t)count * 2; index->mask = index->mask * 2 + 1)
        ;
    index->table = calloc(index->mask + 1, sizeof *index->table);
    if (!index->table)
        return -ENOMEM;
    index->count = (uint32_t)count;
    const char *name = index->names;
    for (int i = 0; i < count; i++, name += strlen(name) + 1) {
        int length = path_name_to_wide(name, strlen(name), wide, 512);
        uint32_t slot = name_hash(wide, length) & index->mask;
        while (index->table[slot])
            slot = (slot + 1) & index->mask;
        index->table[slot] = (uint32_t)(name - index->names) + 1;
    }
    return 0;
}

static const char *slot_name(const struct index *index, uint32_t slot)
{
    return index->table[slot] == REMOVED ? "" : index->names + index->table[slot] - 1;
}

/* The name as it is written if the host has it so, else one that is the same to Windows. */
static bool index_find(const struct index *index, const char *name, char actual[256])
{
    WCHAR wanted[512], there[512];
    int length = path_name_to_wide(name, strlen(name), wanted, 512);
    bool found = false;
    if (length < 0)
        return false;
    for (uint32_t slot = name_hash(wanted, length) & index->mask; index->table[slot]; slot = (slot + 1) & index->mask) {
        const char *candidate = slot_name(index, slot);
        if (!strcmp(candidate, name)) {
            strcpy(actual, candidate);
            return true;
        }
        int n = path_name_to_wide(candidate, strlen(candidate), there, 512);
        if (!found && path_name_equal(wanted, length, there, n)) {
            strcpy(actual, candidate);
            found = true;
        }
    }
    return found;
}

static uint64_t directory_hash(const char *directory)
{
    return text_hash(directory, strlen(directory));
}

/* The index of `directory`, whether or not it still holds; NULL: none.  Under the lock. */
static struct index **cache_find(const char *directory)
{
    static int recent;
    uint64_t hash = directory_hash(directory);
    for (int i = 0; i < CACHE_SLOTS; i++) {
        int at = (recent + i) % CACHE_SLOTS;
        if (cache[at] && cache[at]->hash == hash && !strcmp(cache[at]->directory, directory)) {
            recent = at;
            return &cache[at];
        }
    }
    return NULL;
}

/* The cache slot of `directory`, or the one to use for it: empty or least recently used. */
static struct index **cache_slot(const char *directory)
{
    struct index **oldest = &cache[0], **found = cache_find(directory);
    if (found)
        return found;
    for (int i = 0; i < CACHE_SLOTS; i++) {
        if (!cache[i]) {
            oldest = &cache[i];
            continue;
        }
        if (*oldest && cache[i]->used < (*oldest)->used)
            oldest = &cache[i];
    }
    index_free(*oldest);
    *oldest = NULL;
    return oldest;
}

static int64_t nanoseconds(struct timespec t)
{
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

/* Since Linux 6.13 these give a time stamp of its own to each change after somebody has asked. */
static bool stamps_are_fine(const char *directory)
{
    static int kernel; /* 0: not asked; 1: fine; -1: not */
    struct utsname name;
    struct statfs fs;
    int major = 0, minor = 0;
    if (!kernel)
        kernel =
            !uname(&name) && sscanf(name.release, "%d.%d", &major, &minor) == 2 && major * 100 + minor >= 613 ? 1 : -1;
    return kernel > 0 && !statfs(directory, &fs) &&
           (fs.f_type == EXT4_SUPER_MAGIC || fs.f_type == XFS_SUPER_MAGIC || fs.f_type == BTRFS_SUPER_MAGIC ||
            fs.f_type == TMPFS_MAGIC);
}

static int index_get(const char *directory, const struct stat *st, struct index **result)
{
    struct index **slot = cache_slot(directory), *index = *slot;
    struct timespec now;
    if (index && !index->racy && index->mtime == nanoseconds(st->st_mtim) && index->inode == st->st_ino &&
        index->device == st->st_dev) {
        *result = index;
        return 0;
    }
    index_free(index);
    *slot = NULL;
    index = calloc(1, sizeof *index);
    if (!index || !(index->directory = strdup(directory))) {
        free(index);
        return -ENOMEM;
    }
    index->hash = directory_hash(directory);
    index->mtime = nanoseconds(st->st_mtim);
    index->device = st->st_dev;
    index->inode = st->st_ino;
    clock_gettime(CLOCK_REALTIME, &now);
    index->racy = nanoseconds(now) - index->mtime < RACY_NS && !stamps_are_fine(directory);
    int error = index_build(index, directory);
    if (error) {
        index_free(index);
        return error;
    }
    *slot = *result = index;
    return 0;
}

int dirindex_find(const char *directory, const char *name, char actual[256])
{
    struct stat st;
    struct index *index;
    if (stat(*directory ? directory : "/", &st))
        return -errno;
    if (!S_ISDIR(st.st_mode))
        return -ENOTDIR;
    host_lock(&lock);
    int result = index_get(*directory ? directory : "/", &st, &index);
    if (!result) {
        index->used = ++clock_tick;
        result = index_find(index, name, actual);
    }
    host_unlock(&lock);
    return result;
}

/* Adds one name; false: there is no room, the index must go. */
static bool index_add(struct index *index, const char *name)
{
    WCHAR wide[512];
    size_t length = strlen(name) + 1;
    if ((index->count + 1) * 2 > index->mask)
        return false;
    if (index->used_bytes + length > index->size) {
        char *more = realloc(index->names, index->size * 2 + length);
        if (!more)
            return false;
        index->names = more;
        index->size = index->size * 2 + length;
    }
    memcpy(index->names + index->used_bytes, name, length);
    uint32_t slot = name_hash(wide, path_name_to_wide(name, length - 1, wide, 512)) & index->mask;
    while (index->table[slot])
        slot = (slot + 1) & index->mask;
    index->table[slot] = (uint32_t)index->used_bytes + 1;
    index->used_bytes += length;
    index->count++;
    return true;
}

static void index_remove(struct index *index, const char *name)
{
    WCHAR wide[512];
    uint32_t slot = name_hash(wide, path_name_to_wide(name, strlen(name), wide, 512)) & index->mask;
    for (; index->table[slot]; slot = (slot + 1) & index->mask)
        if (!strcmp(slot_name(index, slot), name)) {
            index->table[slot] = REMOVED;
            return;
        }
}

/* Splits a host path; false: there is nothing above it that has an index. */
static bool parent_of(const char *host, char directory[PATH_HOST_MAX], const char **name)
{
    const char *slash = strrchr(host, '/');
    if (!slash || slash == host || (size_t)(slash - host) >= PATH_HOST_MAX)
        return false;
    memcpy(directory, host, slash - host);
    directory[slash - host] = 0;
    *name = slash + 1;
    return true;
}

bool dirindex_has(const char *directory)
{
    host_lock(&lock);
    bool has = cache_find(directory) != NULL;
    host_unlock(&lock);
    return has;
}

bool dirindex_holds(const char *host)
{
    char directory[PATH_HOST_MAX];
    const char *name;
    struct stat st;
    bool holds = false;
    if (!parent_of(host, directory, &name))
        return false;
    host_lock(&lock);
    struct index **slot = cache_find(directory);
    if (slot && !stat(directory, &st))
        holds = !(*slot)->racy && (*slot)->mtime == nanoseconds(st.st_mtim) && (*slot)->inode == st.st_ino;
    host_unlock(&lock);
    return holds;
}

/* The directory is as `change` made it and no more, if its index held before; else the index goes. */
static void index_follow(const char *host, bool held, bool created)
{
    char directory[PATH_HOST_MAX];
    const char *name;
    struct stat st;
    if (!parent_of(host, directory, &name))
        return;
    host_lock(&lock);
    struct index **slot = cache_find(directory), *index = slot ? *slot : NULL;
    /* A name that was just looked for in vain is made: the index held at that moment. */
    held = held || (index && created && index->used == clock_tick);
    if (index)
        index_remove(index, name);
    if (index && held && !stat(directory, &st) && (!created || index_add(index, name))) {
        index->mtime = nanoseconds(st.st_mtim);
        index->racy = false;
    } else if (index) {
        index_free(index);
        *slot = NULL;
    }
    host_unlock(&lock);
}

void dirindex_created(const char *host, bool held)
{
    index_follow(host, held, true);
}

void dirindex_removed(const char *host, bool held)
{
    index_follow(host, held, false);
}
