/*
 * lockfile.c: byte-range locks: NtLockFile, NtUnlockFile, and what they mean for reads and writes.
 *
 * Windows' locks are mandatory and belong to a file object.  They lie in the arena (arena_files.h), so that they hold
 * between processes and go with a process that is killed.  Who waits sleeps until some lock goes; for a handle that
 * does not wait itself one service thread does.  Nobody sleeps longer than 100 ms: the holder may have been killed.
 */
#include <limits.h>
#include <stdlib.h>

#include "arena.h"
#include "fileio.h"
#include "ioqueue.h"
#include "service.h"

#define SLEEP_MAX_NS 100000000

/* A range that is asked for. */
struct wanted {
    struct file_key key;
    uint64_t first, last; /* inclusive; no bytes: last is the one before first */
    uint64_t owner;
    ULONG number; /* Windows' key */
    bool exclusive;
};

static uint64_t owner_of(const struct file *file)
{
    return (uint64_t)(uintptr_t)file;
}

static bool is_own(const struct arena_range *range, uint32_t state, uint64_t owner)
{
    return range->owner == owner && (state & ~RANGE_EXCLUSIVE) == arena_self() + 1;
}

/* A range of no bytes stands only against what lies on both sides of it. */
static bool overlaps(const struct arena_range *range, const struct wanted *wanted)
{
    bool none = range->last == range->first - 1, nothing = wanted->last == wanted->first - 1;
    if ((none && !range->first) || (nothing && !wanted->first))
        return false;
    return range->first <= wanted->last && wanted->first <= range->last;
}

/* A lock that stands against locking or using the range; NULL: none.  Under the lock. */
static const struct arena_range *find_conflict(struct arena_files *files, const struct wanted *wanted, bool use)
{
    for (uint32_t i = 0; i < atomic_load(&files->range_high); i++) {
        const struct arena_range *range = &files->ranges[i];
        uint32_t state = atomic_load_explicit(&range->state, memory_order_acquire);
        bool exclusive = state & RANGE_EXCLUSIVE;
        if (!state || range->inode != wanted->key.inode || range->device != wanted->key.device ||
            !overlaps(range, wanted))
            continue;
        if (use ? exclusive ? !is_own(range, state, wanted->owner) : wanted->exclusive : exclusive || wanted->exclusive)
            return range;
    }
    return NULL;
}

static NTSTATUS wanted_fill(struct wanted *wanted, struct file *file, uint64_t offset, uint64_t length)
{
    if (file->kind != FILE_KIND_DISK || !file_key(file, &wanted->key))
        return STATUS_INVALID_DEVICE_REQUEST;
    if (length && offset + length - 1 < offset)
        return STATUS_INVALID_LOCK_RANGE;
    wanted->owner = owner_of(file);
    wanted->first = offset;
    wanted->last = offset + length - 1;
    return STATUS_SUCCESS;
}

NTSTATUS lockfile_check(struct file *file, int64_t offset, uint64_t length, bool write)
{
    struct arena_files *files = arena_attached() ? arena_files() : NULL;
    struct wanted wanted = {.exclusive = write};
    if (!files || !atomic_load(&files->range_count) || offset < 0 || !length ||
        wanted_fill(&wanted, file, offset, length))
        return STATUS_SUCCESS;
    arena_files_lock(files);
    const struct arena_range *conflict = find_conflict(files, &wanted, true);
    arena_files_unlock(files);
    return conflict ? STATUS_FILE_LOCK_CONFLICT : STATUS_SUCCESS;
}

static NTSTATUS range_add(struct arena_files *files, const struct wanted *wanted)
{
    uint32_t high = atomic_load(&files->range_high), index = 0;
    while (index < high && atomic_load(&files->ranges[index].state))
        index++;
    if (index == ARENA_RANGES)
        return STATUS_INSUFFICIENT_RESOURCES;
    if (index == high)
        atomic_store(&files->range_high, high + 1);
    struct arena_range *range = &files->ranges[index];
    range->inode = wanted->key.inode;
    range->device = wanted->key.device;
    range->first = wanted->first;
    range->last = wanted->last;
    range->owner = wanted->owner;
    range->key = wanted->number;
    atomic_fetch_add(&files->range_count, 1);
    atomic_store_explicit(&range->state, (arena_self() + 1) | (wanted->exclusive ? RANGE_EXCLUSIVE : 0),
                          memory_order_release);
    return STATUS_SUCCESS;
}

/* STATUS_LOCK_NOT_GRANTED if somebody else has it, who lives. */
static NTSTATUS lock_take(struct file *file, const struct wanted *wanted)
{
    struct arena_files *files = arena_files();
    for (;;) {
        NTSTATUS status = STATUS_LOCK_NOT_GRANTED;
        uint32_t process = ARENA_PROCESSES;
        arena_files_lock(files);
        const struct arena_range *conflict = find_conflict(files, wanted, false);
        if (conflict)
            process = (atomic_load(&conflict->state) & ~RANGE_EXCLUSIVE) - 1;
        else
            status = range_add(files, wanted);
        arena_files_unlock(files);
        if (!status)
            file->locks++;
        if (!conflict || process >= ARENA_PROCESSES || process == arena_self() ||
            arena_process_alive(arena_process(process)))
            return status;
        arena_bury(process);
    }
}

static void sleep_for_release(struct arena_files *files, uint32_t seen)
{
    LARGE_INTEGER most = {.QuadPart = -SLEEP_MAX_NS / 100};
    struct deadline deadline;
    deadline_set(&deadline, &most);
    futex_wait_until(&files->released, seen, true, &deadline);
}

static void tell_release(struct arena_files *files)
{
    atomic_fetch_add(&files->released, 1);
    futex_wake_shared(&files->released, INT_MAX, true);
}

/* A lock that is waited for by the service thread. */
struct pending {
    struct io_request request;
    struct wanted wanted;
    struct pending *next;
};

static struct pending *pending_first;
static pthread_mutex_t pending_lock = PTHREAD_MUTEX_INITIALIZER;
static bool waiter_runs; /* under pending_lock */

/* Cancelled, or granted: not waited for any more. */
static void pending_ended(struct io_request *request)
{
    host_lock(&pending_lock);
    for (struct pending **link = &pending_first; *link; link = &(*link)->next) {
        if (&(*link)->request == request) {
            *link = (*link)->next;
            break;
        }
    }
    host_unlock(&pending_lock);
}

static NTSTATUS pending_attempt(struct io_request *request)
{
    (void)request;
    return STATUS_PENDING;
}

static void unlock_range(struct file *file, const struct wanted *wanted);

/* Under pending_lock: the first request that can be granted, taken out of its file's list; NULL: none. */
static struct pending *pending_grant(NTSTATUS *status)
{
    for (struct pending *pending = pending_first; pending; pending = pending->next) {
        struct file *file = pending->request.completion.file;
        *status = lock_take(file, &pending->wanted);
        if (*status == STATUS_LOCK_NOT_GRANTED)
            continue;
        if (ioqueue_take(file, &pending->request))
            return pending;
        if (!*status) /* cancelled at this moment */
            unlock_range(file, &pending->wanted);
    }
    return NULL;
}

static void waiter_serve(void *argument)
{
    struct arena_files *files = arena_files();
    (void)argument;
    for (;;) {
        uint32_t seen = atomic_load(&files->released);
        NTSTATUS status;
        host_lock(&pending_lock);
        struct pending *pending = pending_grant(&status);
        bool idle = !pending_first;
        if (idle)
            waiter_runs = false;
        host_unlock(&pending_lock);
        if (pending)
            ioqueue_end(&pending->request, status);
        else if (idle)
            return;
        else
            sleep_for_release(files, seen);
    }
}

/* The request is kept in its file's list, where cancelling finds it. */
static NTSTATUS lock_later(struct completion *completion, const struct wanted *wanted)
{
    struct pending *pending = calloc(1, sizeof *pending);
    NTSTATUS status = STATUS_SUCCESS;
    if (!pending)
        return STATUS_NO_MEMORY;
    pending->request = (struct io_request){
        .completion = *completion, .attempt = pending_attempt, .ended = pending_ended, .size = sizeof *pending};
    pending->wanted = *wanted;
    host_lock(&pending_lock);
    struct pending **link = &pending_first;
    while (*link) /* first come, first served */
        link = &(*link)->next;
    *link = pending;
    bool start = !waiter_runs;
    waiter_runs = true;
    host_unlock(&pending_lock);
    status = ioqueue_enqueue(&pending->request);
    if (start && service_start(waiter_serve, NULL)) {
        host_lock(&pending_lock);
        waiter_runs = false;
        host_unlock(&pending_lock);
        ioqueue_cancel(completion->file, completion->io, false);
    }
    return status;
}

static NTSTATUS lock_wait(struct completion *completion, const struct wanted *wanted, bool at_once)
{
    struct file *file = completion->file;
    struct arena_files *files = arena_files();
    for (;;) {
        uint32_t seen = atomic_load(&files->released);
        NTSTATUS status = lock_take(file, wanted);
        if (status == STATUS_LOCK_NOT_GRANTED && !at_once && !file->synchronous)
            return lock_later(completion, wanted);
        if (status != STATUS_LOCK_NOT_GRANTED || at_once)
            return completion_end(completion, status, 0, true);
        sleep_for_release(files, seen);
    }
}

NTSTATUS WINAPI NtLockFile(HANDLE handle, HANDLE event, PIO_APC_ROUTINE apc, PVOID context, PIO_STATUS_BLOCK io,
                           PLARGE_INTEGER offset, PLARGE_INTEGER length, ULONG key, BOOLEAN at_once, BOOLEAN exclusive)
{
    struct file *file;
    struct completion completion;
    struct wanted wanted = {.exclusive = exclusive, .number = key};
    NTSTATUS status = handle_lookup(handle, &type_file, 0, (void **)&file);
    if (status)
        return status;
    if (!(file->access & (FILE_READ_DATA | FILE_WRITE_DATA | FILE_APPEND_DATA)))
        status = STATUS_ACCESS_DENIED;
    if (!status)
        status = wanted_fill(&wanted, file, (uint64_t)offset->QuadPart, (uint64_t)length->QuadPart);
    if (!status)
        status = completion_begin(&completion, file, event, apc, context, io);
    if (!status)
        status = lock_wait(&completion, &wanted, at_once);
    object_release(file);
    return status;
}

/* The range as it was locked, an exclusive one first. */
static bool range_drop(struct arena_files *files, const struct wanted *wanted)
{
    struct arena_range *found = NULL;
    for (uint32_t i = 0; i < atomic_load(&files->range_high); i++) {
        struct arena_range *range = &files->ranges[i];
        uint32_t state = atomic_load(&range->state);
        if (!state || !is_own(range, state, wanted->owner) || range->first != wanted->first ||
            range->last != wanted->last || range->key != wanted->number)
            continue;
        if (!found || state & RANGE_EXCLUSIVE)
            found = range;
    }
    if (found) {
        atomic_store(&found->state, 0);
        atomic_fetch_sub(&files->range_count, 1);
    }
    return found;
}

static void unlock_range(struct file *file, const struct wanted *wanted)
{
    struct arena_files *files = arena_files();
    arena_files_lock(files);
    if (range_drop(files, wanted))
        file->locks--;
    arena_files_unlock(files);
    tell_release(files);
}

NTSTATUS WINAPI NtUnlockFile(HANDLE handle, PIO_STATUS_BLOCK io, PLARGE_INTEGER offset, PLARGE_INTEGER length,
                             ULONG key)
{
    struct file *file;
    struct wanted wanted = {.number = key};
    NTSTATUS status = handle_lookup(handle, &type_file, 0, (void **)&file);
    if (status)
        return status;
    status = wanted_fill(&wanted, file, (uint64_t)offset->QuadPart, (uint64_t)length->QuadPart);
    if (!status) {
        uint32_t before = file->locks;
        if (before)
            unlock_range(file, &wanted);
        status = file->locks == before ? STATUS_RANGE_NOT_LOCKED : STATUS_SUCCESS;
    }
    io->Status = status;
    io->Information = 0;
    object_release(file);
    return status;
}

void lockfile_destroy(struct file *file)
{
    struct arena_files *files = arena_files();
    arena_files_lock(files);
    for (uint32_t i = 0; i < atomic_load(&files->range_high); i++) {
        struct arena_range *range = &files->ranges[i];
        uint32_t state = atomic_load(&range->state);
        if (!state || !is_own(range, state, owner_of(file)))
            continue;
        atomic_store(&range->state, 0);
        atomic_fetch_sub(&files->range_count, 1);
    }
    file->locks = 0;
    arena_files_unlock(files);
    tell_release(files);
}
