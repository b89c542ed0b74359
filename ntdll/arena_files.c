/*
 * arena_files.c: the records of arena_files.h: looking for them, making them, clearing them.
 *
 * Layer: NT layer.  share.c and lockfile.c say what they mean.  The host is called under the lock only to unlink.
 */
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "arena.h"
#include "arena_files.h"
#include "dirindex.h"
#include "futex.h"
#include "large.h"

static uint32_t own_count; /* of this process's open records */
static struct arena_files alone LARGE = {.lock = PTHREAD_MUTEX_INITIALIZER};

struct arena_files *arena_files(void)
{
    struct arena *arena = arena_attach();
    return arena ? &arena->files : &alone;
}

void arena_files_init(struct arena_files *files)
{
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
    pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
    pthread_mutex_init(&files->lock, &attributes);
    pthread_mutexattr_destroy(&attributes);
}

/* Whoever dies with the lock leaves records that are whole or not in use: nothing is to be mended. */
void arena_files_lock(struct arena_files *files)
{
    thread_no_suspend();
    if (pthread_mutex_lock(&files->lock) == EOWNERDEAD)
        pthread_mutex_consistent(&files->lock);
}

void arena_files_unlock(struct arena_files *files)
{
    pthread_mutex_unlock(&files->lock);
    thread_may_suspend();
}

bool open_modes_conflict(uint32_t a, uint32_t b)
{
    return (a & (b >> OPEN_DENY) & 7) || (b & (a >> OPEN_DENY) & 7);
}

static bool open_is(const struct arena_open *open, struct file_key key)
{
    return open->inode == key.inode && open->device == key.device;
}

static uint32_t own_process(void)
{
    return (arena_self() + 1) << OPEN_PROCESS;
}

static bool is_own(uint32_t state)
{
    return state >> OPEN_PROCESS == arena_self() + 1;
}

uint32_t opens_of_others(struct arena_files *files, struct file_key key, uint32_t mode, uint32_t *process)
{
    uint32_t all = 0, high = atomic_load(&files->open_high);
    *process = ARENA_PROCESSES;
    if (atomic_load(&files->open_count) == own_count) /* there are no others */
        return 0;
    for (uint32_t i = 1; i < high; i++) {
        const struct arena_open *open = &files->opens[i];
        uint32_t state = atomic_load_explicit(&open->state, memory_order_acquire);
        if (!state || !open_is(open, key) || is_own(state))
            continue;
        all |= state & (OPEN_MODES | OPEN_DOOMED);
        if (state & OPEN_DOOMED || open_modes_conflict(state, mode))
            *process = (state >> OPEN_PROCESS) - 1;
    }
    return all;
}

/* A free record, the one last given back if possible; 0: none. */
static uint32_t free_open;

static uint32_t open_allocate(struct arena_files *files)
{
    uint32_t high = atomic_load(&files->open_high), index = free_open ? free_open : 1;
    for (uint32_t tried = 0; tried < high; tried++, index++) {
        if (index >= high)
            index = 1;
        if (index < high && !atomic_load(&files->opens[index].state))
            return index;
    }
    index = high ? high : 1;
    if (index >= ARENA_OPENS)
        return 0;
    atomic_store(&files->open_high, index + 1);
    return index;
}

uint32_t open_record(struct arena_files *files, struct file_key key, uint32_t mode)
{
    uint32_t index = open_allocate(files);
    if (!index)
        return 0;
    free_open = index + 1;
    atomic_fetch_add(&files->open_count, 1); /* first, so that a kill leaves it too high */
    own_count++;
    files->opens[index].inode = key.inode;
    files->opens[index].device = key.device;
    atomic_store_explicit(&files->opens[index].state, own_process() | mode, memory_order_release);
    return index;
}

uint32_t open_record_change(struct arena_files *files, uint32_t record, uint32_t mode, bool keep)
{
    struct arena_open *open = &files->opens[record];
    uint32_t old = atomic_load(&open->state), next;
    do
        next = keep ? own_process() | mode | (old & OPEN_DOOMED) : 0;
    while (!atomic_compare_exchange_weak(&open->state, &old, next));
    if (!keep) {
        atomic_fetch_sub(&files->open_count, 1);
        own_count--;
        free_open = record;
    }
    return old;
}

uint32_t opens_mark_doomed(struct arena_files *files, struct file_key key, bool doomed)
{
    uint32_t count = 0, high = atomic_load(&files->open_high);
    for (uint32_t i = 1; i < high; i++) {
        struct arena_open *open = &files->opens[i];
        uint32_t state = atomic_load(&open->state);
        if (!open_is(open, key))
            continue;
        /* Its process may be closing it at this moment, without the lock. */
        while (state && !atomic_compare_exchange_weak(&open->state, &state,
                                                      doomed ? state | OPEN_DOOMED : state & ~(uint32_t)OPEN_DOOMED))
            ;
        count += state && !is_own(state);
    }
    return count;
}

uint32_t doomed_record(struct arena_files *files, struct file_key key, const char *host)
{
    uint32_t high = atomic_load(&files->doomed_high), index = 1;
    size_t length = strlen(host);
    while (index < high && atomic_load(&files->doomed[index].state))
        index++;
    if (index >= ARENA_DOOMED || length >= ARENA_DOOMED_PATH)
        return 0;
    if (index >= high)
        atomic_store(&files->doomed_high, index + 1);
    struct arena_doomed *doomed = &files->doomed[index];
    doomed->inode = key.inode;
    doomed->device = key.device;
    memcpy(doomed->host, host, length + 1);
    atomic_store(&doomed->state, arena_self() + 1);
    return index;
}

void doomed_drop(struct arena_files *files, uint32_t record)
{
    atomic_store(&files->doomed[record].state, 0);
}

void doomed_orphan(struct arena_files *files, uint32_t record)
{
    atomic_store(&files->doomed[record].state, DOOMED_ORPHAN);
}

void file_unlink(struct file_key key, const char *host)
{
    struct stat st;
    if (lstat(host, &st) || st.st_ino != key.inode || (uint32_t)st.st_dev != key.device)
        return;
    bool held = dirindex_holds(host);
    if (!(S_ISDIR(st.st_mode) ? rmdir(host) : unlink(host)))
        dirindex_removed(host, held);
}

void doomed_delete_orphans(struct arena_files *files, struct file_key key)
{
    for (uint32_t i = 1; i < atomic_load(&files->doomed_high); i++) {
        struct arena_doomed *doomed = &files->doomed[i];
        if (atomic_load(&doomed->state) != DOOMED_ORPHAN || doomed->inode != key.inode || doomed->device != key.device)
            continue;
        file_unlink(key, doomed->host);
        atomic_store(&doomed->state, 0);
    }
}

static bool open_anywhere(struct arena_files *files, struct file_key key)
{
    for (uint32_t i = 1; i < atomic_load(&files->open_high); i++)
        if (atomic_load(&files->opens[i].state) && open_is(&files->opens[i], key))
            return true;
    return false;
}

/* What a dead process wanted deleted when it closes it: it has. */
static void doomed_bury(struct arena_files *files, uint32_t process)
{
    for (uint32_t i = 1; i < atomic_load(&files->doomed_high); i++) {
        struct arena_doomed *doomed = &files->doomed[i];
        struct file_key key = {doomed->inode, doomed->device};
        if (atomic_load(&doomed->state) == process + 1) {
            atomic_store(&doomed->state, DOOMED_ORPHAN);
            opens_mark_doomed(files, key, true);
        }
        if (atomic_load(&doomed->state) == DOOMED_ORPHAN && !open_anywhere(files, key))
            doomed_delete_orphans(files, key);
    }
}

void arena_files_bury(struct arena_files *files, uint32_t process)
{
    uint32_t ranges = 0;
    arena_files_lock(files);
    for (uint32_t i = 1; i < atomic_load(&files->open_high); i++) {
        uint32_t state = atomic_load(&files->opens[i].state);
        if (state >> OPEN_PROCESS == process + 1 && atomic_exchange(&files->opens[i].state, 0))
            atomic_fetch_sub(&files->open_count, 1);
    }
    for (uint32_t i = 0; i < atomic_load(&files->range_high); i++) {
        if ((atomic_load(&files->ranges[i].state) & ~RANGE_EXCLUSIVE) != process + 1)
            continue;
        atomic_store(&files->ranges[i].state, 0);
        atomic_fetch_sub(&files->range_count, 1);
        ranges++;
    }
    doomed_bury(files, process);
    arena_files_unlock(files);
    if (ranges) {
        atomic_fetch_add(&files->released, 1);
        futex_wake_shared(&files->released, INT_MAX, true);
    }
}
