/*
 * pathfold.c: the names of a host path in the case in which they are written.
 *
 * Called when the exact name is not there.  Where a directory of some spelling really lies is remembered, so that a
 * name in another case, or one that is not there at all, costs one stat: that of its directory (dirindex.c).  What is
 * remembered is checked by being used: if the directory has gone, all of it is forgotten.
 */
#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "dirindex.h"
#include "large.h"
#include "lock.h"
#include "path.h"
#include "shortname.h"

#define DIRECTORIES 256

/* A directory as somebody wrote it, and as it is written.  One allocation. */
struct spelling {
    uint64_t hash;
    size_t length; /* of wanted */
    const char *actual;
    char wanted[];
};

static struct spelling *spellings[DIRECTORIES] LARGE;
static _Atomic bool respelled; /* some of them are written otherwise than they were asked for */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* The length of the actual name, written to `actual`; 0: not known. */
static size_t spelling_find(const char *wanted, size_t length, char actual[PATH_HOST_MAX])
{
    uint64_t hash = text_hash(wanted, length);
    size_t found = 0;
    host_lock(&lock);
    const struct spelling *spelling = spellings[hash % DIRECTORIES];
    if (spelling && spelling->hash == hash && spelling->length == length && !memcmp(spelling->wanted, wanted, length)) {
        found = strlen(spelling->actual);
        memcpy(actual, spelling->actual, found + 1);
    }
    host_unlock(&lock);
    return found;
}

static void spelling_keep(const char *wanted, size_t length, const char *actual)
{
    size_t size = strlen(actual) + 1;
    struct spelling *spelling = malloc(sizeof *spelling + length + size);
    if (!spelling)
        return;
    spelling->hash = text_hash(wanted, length);
    spelling->length = length;
    memcpy(spelling->wanted, wanted, length);
    spelling->actual = memcpy(spelling->wanted + length, actual, size);
    if (length + 1 != size || memcmp(wanted, actual, length))
        atomic_store(&respelled, true);
    host_lock(&lock);
    struct spelling **slot = &spellings[spelling->hash % DIRECTORIES], *old = *slot;
    *slot = spelling;
    host_unlock(&lock);
    free(old);
}

static void spellings_forget(void)
{
    host_lock(&lock);
    for (int i = 0; i < DIRECTORIES; i++) {
        free(spellings[i]);
        spellings[i] = NULL;
    }
    host_unlock(&lock);
}

/* A virtual directory's name for `name` in any case. */
static bool virtual_find(const char *directory, const char *name, char actual[256])
{
    WCHAR wanted[512], there[512];
    int length = -1;
    for (unsigned i = 0; path_virtual_child(directory, i, actual); i++) {
        if (!i && (length = path_name_to_wide(name, strlen(name), wanted, 512)) < 0)
            break;
        int n = path_name_to_wide(actual, strlen(actual), there, 512);
        if (path_name_equal(wanted, length, there, n))
            return true;
    }
    return false;
}

int path_component(const char *directory, const char *name, char actual[256])
{
    int found = dirindex_find(directory, name, actual);
    if (found <= 0 && (virtual_find(directory, name, actual) ||
                       (shortname_is_made_up(name) && shortname_find(directory, name, actual))))
        return 1;
    return found < 0 && path_is_virtual(directory) ? 0 : found;
}

/* Appends the name of `name` as directory `actual` has it.  1 found, 0 not (then `name` itself), negative: -errno. */
static int append_actual(char actual[PATH_HOST_MAX], size_t *used, const char *name)
{
    char there[256];
    int found = path_component(actual, name, there);
    const char *use = found == 1 ? there : name;
    if (*used + strlen(use) + 2 > PATH_HOST_MAX)
        return -ENAMETOOLONG;
    actual[(*used)++] = '/';
    *used = (size_t)(stpcpy(actual + *used, use) - actual);
    return found;
}

/* The same for a directory on the way: mostly it is there as it was written, and its parent need not be read. */
static int append_directory(char actual[PATH_HOST_MAX], size_t *used, const char *name)
{
    size_t before = *used;
    struct stat st;
    if (before + strlen(name) + 2 <= PATH_HOST_MAX && !dirindex_has(*actual ? actual : "/")) {
        stpcpy(stpcpy(actual + before, "/"), name);
        if (!stat(actual, &st) && S_ISDIR(st.st_mode)) {
            *used = before + 1 + strlen(name);
            return 1;
        }
        actual[before] = 0;
    }
    return append_actual(actual, used, name);
}

static NTSTATUS status_of_miss(int found, bool last)
{
    if (found == -ENOTDIR || found == -ENOENT || found == -ELOOP || (!found && !last))
        return STATUS_OBJECT_PATH_NOT_FOUND;
    if (found == -ENAMETOOLONG)
        return STATUS_NAME_TOO_LONG;
    return found ? STATUS_ACCESS_DENIED : STATUS_OBJECT_NAME_NOT_FOUND;
}

/* One component of wanted[at..]; false: it is too long for any file system. */
static bool component_at(const char *wanted, size_t at, char name[256], size_t *length)
{
    *length = strcspn(wanted + at + 1, "/");
    if (*length > 255)
        return false;
    memcpy(name, wanted + at + 1, *length);
    name[*length] = 0;
    return true;
}

/* *stale: what was remembered is not so any more; then the path is as it was.  trust: use it. */
static NTSTATUS fold_components(struct path *path, bool trust, bool *stale)
{
    char wanted[PATH_HOST_MAX], name[256], *slash;
    size_t length, at, used = 0;
    strcpy(wanted, path->host);
    slash = strrchr(wanted, '/');
    size_t parent = slash && (size_t)(slash - wanted) > path->root ? (size_t)(slash - wanted) : path->root;
    /* The deepest directory above it that is known. */
    for (at = trust ? parent : path->root; at > path->root && !(used = spelling_find(wanted, at, path->host));)
        do
            at--;
        while (at > path->root && wanted[at] != '/');
    *stale = false;
    if (!used)
        used = at = path->root;
    const size_t first = used > path->root ? at : 0;
    path->host[used] = 0;
    while (wanted[at] == '/' && wanted[at + 1]) { /* "/" itself has no name */
        if (!component_at(wanted, at, name, &length))
            return STATUS_OBJECT_NAME_INVALID;
        bool last = !wanted[at + 1 + length];
        int found = last ? append_actual(path->host, &used, name) : append_directory(path->host, &used, name);
        if (found < 0 && at == first) {
            *stale = true;
            strcpy(path->host, wanted);
        }
        if (found != 1)
            return status_of_miss(found, last);
        at += 1 + length;
        if (!last)
            spelling_keep(wanted, at, path->host);
    }
    if (!used)
        strcpy(path->host, "/");
    return STATUS_SUCCESS;
}

/* In which directory names were last looked for in vain, and how many in turn. */
static _Atomic uint64_t missed_in;
static _Atomic uint32_t missed;

static uint64_t parent_hash(const struct path *path)
{
    const char *slash = strrchr(path->host, '/');
    return text_hash(path->host, slash ? (size_t)(slash - path->host) : 0);
}

static void miss_note(uint64_t parent, bool miss)
{
    if (!miss || atomic_load(&missed_in) != parent)
        atomic_store(&missed, 0);
    atomic_store(&missed_in, parent);
    if (miss)
        atomic_fetch_add(&missed, 1);
}

/* The directory was asked for in this spelling before, and that was not the right one. */
static bool parent_is_respelled(const struct path *path, uint64_t parent)
{
    const char *slash = strrchr(path->host, '/');
    size_t length = slash ? (size_t)(slash - path->host) : 0;
    host_lock(&lock);
    const struct spelling *spelling = spellings[parent % DIRECTORIES];
    bool other = spelling && spelling->hash == parent && spelling->length == length &&
                 !memcmp(spelling->wanted, path->host, length) && strncmp(spelling->actual, spelling->wanted, length);
    host_unlock(&lock);
    return other;
}

bool path_fold_first(const struct path *path)
{
    bool misses = atomic_load(&missed) > 1, spells = atomic_load(&respelled);
    uint64_t parent = misses || spells ? parent_hash(path) : 0;
    return (misses && atomic_load(&missed_in) == parent) || (spells && parent_is_respelled(path, parent));
}

NTSTATUS path_fold(struct path *path)
{
    uint64_t parent = parent_hash(path);
    char real[PATH_HOST_MAX];
    bool stale;
    NTSTATUS status = fold_components(path, true, &stale);
    if (stale) {
        spellings_forget();
        status = fold_components(path, false, &stale);
    }
    miss_note(parent, status == STATUS_OBJECT_NAME_NOT_FOUND);
    if (status != STATUS_OBJECT_NAME_NOT_FOUND || path->drive != 'C' || !path_system_file(path->host, real))
        return status;
    strcpy(path->host, real);
    path->system = true;
    return STATUS_SUCCESS;
}
