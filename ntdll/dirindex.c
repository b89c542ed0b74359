/*
 * dirindex.c: an index of a directory's names, folded to upper case, so that a name in another
 * case, and above all a name that is not there, costs one stat and one hash look-up.
 *
 * An index is valid as long as the directory's mtime is the one it was built at.  Time stamps
 * come in ticks of some milliseconds, so an index built within RACY_NS of the last change is
 * used for that one look-up only.  A few dozen directories are kept; the least recently used
 * goes first.  One lock; nothing calls out while it is held.
 */
#include <dirent.h>
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "dirindex.h"
#include "lock.h"
#include "path.h"

#define CACHE_SLOTS 64
#define RACY_NS 50000000LL

struct index {
    char *directory;
    uint64_t used; /* clock_tick of the last look-up */
    int64_t mtime;
    dev_t device;
    ino_t inode;
    char *names;     /* zero-terminated, one after the other */
    uint32_t *table; /* offset in names + 1; 0: empty */
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

static bool index_find(const struct index *index, const char *name, char actual[256])
{
    WCHAR wanted[512], there[512];
    int length = path_name_to_wide(name, strlen(name), wanted, 512);
    if (length < 0)
        return false;
    for (uint32_t slot = name_hash(wanted, length) & index->mask; index->table[slot]; slot = (slot + 1) & index->mask) {
        const char *candidate = index->names + index->table[slot] - 1;
        int n = path_name_to_wide(candidate, strlen(candidate), there, 512);
        if (path_name_equal(wanted, length, there, n)) {
            strcpy(actual, candidate);
            return true;
        }
    }
    return false;
}

/* The cache slot of `directory`, or the one to use for it: empty or least recently used. */
static struct index **cache_slot(const char *directory)
{
    struct index **oldest = &cache[0];
    for (int i = 0; i < CACHE_SLOTS; i++) {
        if (!cache[i]) {
            oldest = &cache[i];
            continue;
        }
        if (!strcmp(cache[i]->directory, directory))
            return &cache[i];
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
    index->mtime = nanoseconds(st->st_mtim);
    index->device = st->st_dev;
    index->inode = st->st_ino;
    clock_gettime(CLOCK_REALTIME, &now);
    index->racy = nanoseconds(now) - index->mtime < RACY_NS;
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

void dirindex_created(const char *host)
{
    char directory[PATH_HOST_MAX];
    struct stat st;
    const char *slash = strrchr(host, '/');
    if (!slash || slash == host || (size_t)(slash - host) >= sizeof directory)
        return;
    memcpy(directory, host, slash - host);
    directory[slash - host] = 0;
    host_lock(&lock);
    for (int i = 0; i < CACHE_SLOTS; i++) {
        struct index *index = cache[i];
        if (!index || strcmp(index->directory, directory))
            continue;
        /* It was valid a moment ago, when the name was looked for: the only change since is this one. */
        if (index->used == clock_tick && !stat(directory, &st) && index_add(index, slash + 1)) {
            index->mtime = nanoseconds(st.st_mtim);
            index->racy = false;
        } else {
            index_free(index);
            cache[i] = NULL;
        }
        break;
    }
    host_unlock(&lock);
}
