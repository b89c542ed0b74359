/*
 * share.c: sharing modes and pending deletion: who has which inode open, and how.
 *
 * One entry per open inode, found by device and inode, holds the list of its opens.  Within this
 * process now; the entry is what will move to the prefix's arena when processes share.
 * One lock; the host is called under it only to unlink.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "file.h"
#include "firsthandles.h"
#include "large.h"
#include "lock.h"

#define BUCKETS 256
#define READS (FILE_READ_DATA | FILE_EXECUTE)
#define WRITES (FILE_WRITE_DATA | FILE_APPEND_DATA)

struct share_user {
    struct file *file;
    struct share_user *next;
};

struct share {
    dev_t device;
    ino_t inode;
    bool delete_pending;
    struct share_user *users;
    struct share *next;
};

static struct share *table[BUCKETS] LARGE;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static struct share **bucket(dev_t device, ino_t inode)
{
    return &table[(inode ^ inode >> 12 ^ device) % BUCKETS];
}

static struct share *share_find(dev_t device, ino_t inode)
{
    struct share *share = *bucket(device, inode);
    while (share && (share->device != device || share->inode != inode))
        share = share->next;
    return share;
}

/* True if the two opens may not exist at the same time. */
static bool conflict(ACCESS_MASK access, ULONG sharing, const struct file *other)
{
    ACCESS_MASK there = other->access;
    if (!(access & (READS | WRITES | DELETE)) || !(there & (READS | WRITES | DELETE)))
        return false;
    return ((access & READS) && !(other->sharing & FILE_SHARE_READ)) ||
           ((access & WRITES) && !(other->sharing & FILE_SHARE_WRITE)) ||
           ((access & DELETE) && !(other->sharing & FILE_SHARE_DELETE)) ||
           ((there & READS) && !(sharing & FILE_SHARE_READ)) || ((there & WRITES) && !(sharing & FILE_SHARE_WRITE)) ||
           ((there & DELETE) && !(sharing & FILE_SHARE_DELETE));
}

static NTSTATUS share_enter(struct file *file, const struct stat *st)
{
    struct share *share = share_find(st->st_dev, st->st_ino);
    if (share) {
        if (share->delete_pending)
            return STATUS_DELETE_PENDING;
        for (const struct share_user *user = share->users; user; user = user->next)
            if (conflict(file->access, file->sharing, user->file))
                return STATUS_SHARING_VIOLATION;
    } else {
        struct share **head = bucket(st->st_dev, st->st_ino);
        share = calloc(1, sizeof *share);
        if (!share)
            return STATUS_NO_MEMORY;
        share->device = st->st_dev;
        share->inode = st->st_ino;
        share->next = *head;
        *head = share;
    }
    struct share_user *user = malloc(sizeof *user);
    if (!user)
        return STATUS_NO_MEMORY;
    user->file = file;
    user->next = share->users;
    share->users = user;
    file->share = share;
    return STATUS_SUCCESS;
}

NTSTATUS share_open(struct file *file, const struct stat *st)
{
    if (S_ISDIR(st->st_mode) && (file->access & DELETE))
        first_handles_wake_directory();
    host_lock(&lock);
    NTSTATUS status = share_enter(file, st);
    host_unlock(&lock);
    return status;
}

/* Removes the name, if it is still this inode's. */
static void share_unlink(const struct share *share, const char *host)
{
    struct stat st;
    if (lstat(host, &st) || st.st_dev != share->device || st.st_ino != share->inode)
        return;
    if (S_ISDIR(st.st_mode))
        rmdir(host);
    else
        unlink(host);
}

void share_close(struct file *file)
{
    host_lock(&lock);
    struct share *share = file->share;
    struct share_user **link = &share->users;
    while (*link && (*link)->file != file)
        link = &(*link)->next;
    struct share_user *user = *link;
    if (user) {
        *link = user->next;
        free(user);
    }
    if (file->delete_pending) {
        share->delete_pending = true;
        if (!share->users || file->delete_posix)
            share_unlink(share, file->host);
    } else if (share->delete_pending && !share->users) {
        share_unlink(share, file->host);
    }
    if (!share->users) {
        struct share **head = bucket(share->device, share->inode);
        while (*head != share)
            head = &(*head)->next;
        *head = share->next;
        free(share);
    }
    file->share = NULL;
    host_unlock(&lock);
}

void share_set_delete(struct file *file, bool delete)
{
    host_lock(&lock);
    file->delete_pending = delete;
    if (file->share && !delete)
        file->share->delete_pending = false;
    host_unlock(&lock);
}

/* The disposition of a handle takes effect at once: no further open. */
void share_mark_delete(struct file *file, bool delete, bool posix)
{
    host_lock(&lock);
    file->delete_pending = delete;
    file->delete_posix = posix;
    if (file->share)
        file->share->delete_pending = delete;
    host_unlock(&lock);
}

bool share_delete_pending(const struct file *file)
{
    return file->share && file->share->delete_pending;
}

bool share_blocks_delete(const struct stat *st)
{
    bool blocks = false;
    if (S_ISDIR(st->st_mode))
        first_handles_wake_directory();
    host_lock(&lock);
    const struct share *share = share_find(st->st_dev, st->st_ino);
    for (const struct share_user *user = share ? share->users : NULL; user; user = user->next)
        blocks = blocks || !(user->file->sharing & FILE_SHARE_DELETE);
    host_unlock(&lock);
    return blocks;
}
