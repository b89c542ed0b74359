/*
 * lockfile.c: byte-range locks: NtLockFile, NtUnlockFile, and what they mean for reads and writes.
 *
 * Windows' locks are mandatory and belong to a file object.  They are kept in one list with the inode they lock;
 * within this process now.  A waiting lock sleeps until some lock goes.
 */
#include <stdlib.h>

#include "fileio.h"

struct range_lock {
    struct range_lock *next;
    struct file *file;
    dev_t device;
    ino_t inode;
    uint64_t first, last; /* inclusive */
    bool exclusive;
};

static struct range_lock *locks;
static _Atomic uint32_t lock_count, released;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* A lock that stands against locking or using the range.  The lock is held. */
static struct range_lock *find_conflict(const struct range_lock *wanted, bool use)
{
    for (struct range_lock *there = locks; there; there = there->next) {
        if (there->inode != wanted->inode || there->device != wanted->device)
            continue;
        if (there->last < wanted->first || there->first > wanted->last)
            continue;
        if (use ? there->exclusive ? there->file != wanted->file : wanted->exclusive
                : there->exclusive || wanted->exclusive)
            return there;
    }
    return NULL;
}

static NTSTATUS wanted_fill(struct range_lock *wanted, struct file *file, uint64_t offset, uint64_t length)
{
    struct stat st;
    if (file->kind != FILE_KIND_DISK || fstat(file->fd, &st))
        return STATUS_INVALID_DEVICE_REQUEST;
    if (length && offset + length - 1 < offset)
        return STATUS_INVALID_LOCK_RANGE;
    wanted->file = file;
    wanted->device = st.st_dev;
    wanted->inode = st.st_ino;
    wanted->first = offset;
    wanted->last = length ? offset + length - 1 : offset;
    return STATUS_SUCCESS;
}

NTSTATUS lockfile_check(struct file *file, int64_t offset, uint64_t length, bool write)
{
    struct range_lock wanted = {.exclusive = write};
    if (!lock_count || offset < 0 || !length || wanted_fill(&wanted, file, offset, length))
        return STATUS_SUCCESS;
    host_lock(&lock);
    struct range_lock *conflict = find_conflict(&wanted, true);
    host_unlock(&lock);
    return conflict ? STATUS_FILE_LOCK_CONFLICT : STATUS_SUCCESS;
}

static NTSTATUS lock_take(struct range_lock *wanted)
{
    NTSTATUS status = STATUS_LOCK_NOT_GRANTED;
    host_lock(&lock);
    if (!find_conflict(wanted, false)) {
        wanted->next = locks;
        locks = wanted;
        wanted->file->locks++;
        lock_count++;
        status = STATUS_SUCCESS;
    }
    host_unlock(&lock);
    return status;
}

NTSTATUS WINAPI NtLockFile(HANDLE handle, HANDLE event, PIO_APC_ROUTINE apc, PVOID context, PIO_STATUS_BLOCK io,
                           PLARGE_INTEGER offset, PLARGE_INTEGER length, ULONG key, BOOLEAN at_once, BOOLEAN exclusive)
{
    struct file *file;
    struct completion completion;
    (void)key;
    NTSTATUS status = handle_lookup(handle, &type_file, 0, (void **)&file);
    if (status)
        return status;
    struct range_lock *wanted = calloc(1, sizeof *wanted);
    status = wanted ? wanted_fill(wanted, file, offset->QuadPart, length->QuadPart) : STATUS_NO_MEMORY;
    if (!status)
        status = completion_begin(&completion, file, event, apc, context, io);
    if (status) {
        free(wanted);
        object_release(file);
        return status;
    }
    wanted->exclusive = exclusive;
    for (;;) {
        uint32_t seen = released;
        status = lock_take(wanted);
        if (status != STATUS_LOCK_NOT_GRANTED || at_once)
            break;
        futex_sleep(&released, seen, NULL);
    }
    if (status)
        free(wanted);
    completion_end(&completion, status, 0, true);
    object_release(file);
    return status;
}

NTSTATUS WINAPI NtUnlockFile(HANDLE handle, PIO_STATUS_BLOCK io, PLARGE_INTEGER offset, PLARGE_INTEGER length,
                             ULONG key)
{
    struct file *file;
    (void)key;
    NTSTATUS status = handle_lookup(handle, &type_file, 0, (void **)&file);
    if (status)
        return status;
    uint64_t first = offset->QuadPart, last = length->QuadPart ? first + length->QuadPart - 1 : first;
    status = STATUS_RANGE_NOT_LOCKED;
    host_lock(&lock);
    for (struct range_lock **link = &locks; *link; link = &(*link)->next) {
        struct range_lock *there = *link;
        if (there->file != file || there->first != first || there->last != last)
            continue;
        *link = there->next;
        free(there);
        file->locks--;
        lock_count--;
        released++;
        status = STATUS_SUCCESS;
        break;
    }
    host_unlock(&lock);
    if (!status)
        futex_wake(&released, INT32_MAX);
    io->Status = status;
    io->Information = 0;
    object_release(file);
    return status;
}

void lockfile_destroy(struct file *file)
{
    host_lock(&lock);
    for (struct range_lock **link = &locks; *link;) {
        struct range_lock *there = *link;
        if (there->file != file) {
            link = &there->next;
            continue;
        }
        *link = there->next;
        free(there);
        lock_count--;
    }
    released++;
    host_unlock(&lock);
    file->locks = 0;
    futex_wake(&released, INT32_MAX);
}
