/*
 * share.c: sharing modes and pending deletion: who has which inode open, and how.
 *
 * One entry per open inode holds the list of this process's opens, under one lock.  What they are together stands in
 * the arena for the other processes (arena_files.h), entered and checked under the lock there, so that of two who
 * exclude each other one wins.  The arena is attached by the first open that could stand against somebody: files, and
 * directories that are to be deleted or that deny something.
 */
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "file.h"
#include "firsthandles.h"
#include "large.h"
#include "mailslot.h"
#include "lock.h"

#define BUCKETS 256

struct share {
    struct file_key key;
    bool doomed;     /* to be deleted: no further open */
    char *host;      /* by which name, once the handle that said so is closed; owned */
    uint32_t record; /* in the arena; 0: none */
    struct file *users;
    struct share *next;
};

static struct share *table[BUCKETS] LARGE;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static struct share **bucket(struct file_key key)
{
    return &table[(key.inode ^ key.inode >> 12 ^ key.device) % BUCKETS];
}

static struct share *share_find(struct file_key key)
{
    struct share *share = *bucket(key);
    while (share && (share->key.device != key.device || share->key.inode != key.inode))
        share = share->next;
    return share;
}

static struct file_key key_of(const struct stat *st)
{
    return (struct file_key){st->st_ino, (uint32_t)st->st_dev};
}

/* An open that touches neither data nor name denies nothing. */
static uint32_t mode_of(const struct file *file)
{
    uint32_t mode = (file->access & (FILE_READ_DATA | FILE_EXECUTE) ? OPEN_READS : 0) |
                    (file->access & (FILE_WRITE_DATA | FILE_APPEND_DATA) ? OPEN_WRITES : 0) |
                    (file->access & DELETE ? OPEN_DELETES : 0);
    uint32_t denies = (file->sharing & FILE_SHARE_READ ? 0 : OPEN_READS) |
                      (file->sharing & FILE_SHARE_WRITE ? 0 : OPEN_WRITES) |
                      (file->sharing & FILE_SHARE_DELETE ? 0 : OPEN_DELETES);
    return mode ? mode | denies << OPEN_DENY : 0;
}

static uint32_t modes_together(const struct share *share)
{
    uint32_t mode = 0;
    for (const struct file *user = share->users; user; user = user->share_next)
        mode |= user->share_mode;
    return mode;
}

static struct share *share_create(struct file_key key)
{
    struct share **head = bucket(key), *share = calloc(1, sizeof *share);
    if (!share)
        return NULL;
    share->key = key;
    share->next = *head;
    *head = share;
    return share;
}

static void share_free(struct share *share)
{
    struct share **link = bucket(share->key);
    while (*link != share)
        link = &(*link)->next;
    *link = share->next;
    free(share->host);
    free(share);
}

static void add_user(struct share *share, struct file *file)
{
    file->share_next = share->users;
    share->users = file;
    file->share = share;
    file->key = share->key;
}

/* Another process may have doomed it. */
static bool is_doomed(const struct share *share)
{
    return share->doomed || (share->record && atomic_load(&arena_files()->opens[share->record].state) & OPEN_DOOMED);
}

/* Checks against the other processes and tells them.  *process: who stands against it. */
static NTSTATUS enter_arena(struct share *share, uint32_t mode, bool check, uint32_t *process)
{
    struct arena_files *files = arena_files();
    NTSTATUS status = STATUS_SUCCESS;
    arena_files_lock(files);
    uint32_t others = opens_of_others(files, share->key, mode, process);
    if (check && others & OPEN_DOOMED)
        status = STATUS_DELETE_PENDING;
    else if (check && open_modes_conflict(others, mode))
        status = STATUS_SHARING_VIOLATION;
    else if (share->record)
        open_record_change(files, share->record, modes_together(share) | mode, true);
    else
        share->record = open_record(files, share->key, modes_together(share) | mode);
    arena_files_unlock(files);
    return status;
}

static NTSTATUS share_enter(struct file *file, struct file_key key, bool check, uint32_t *process)
{
    struct share *share = share_find(key);
    NTSTATUS status = STATUS_SUCCESS;
    if (share && check && is_doomed(share))
        return STATUS_DELETE_PENDING;
    if (share && check && open_modes_conflict(modes_together(share), file->share_mode))
        return STATUS_SHARING_VIOLATION;
    if (!share && !(share = share_create(key)))
        return STATUS_NO_MEMORY;
    if (arena_attached())
        status = enter_arena(share, file->share_mode, check, process);
    if (!status)
        add_user(share, file);
    else if (!share->users)
        share_free(share);
    return status;
}

/* Whether an open is any business of other processes. */
static bool concerns_others(uint32_t mode, const struct stat *st)
{
    return S_ISDIR(st->st_mode) ? mode & (OPEN_DELETES | OPEN_MODES << OPEN_DENY) : mode != 0;
}

static NTSTATUS share_add(struct file *file, const struct stat *st, bool check)
{
    file->share_mode = mode_of(file);
    if (S_ISDIR(st->st_mode) && (file->access & DELETE))
        first_handles_wake_directory();
    if (concerns_others(file->share_mode, st))
        arena_attach();
    for (;;) {
        uint32_t process = ARENA_PROCESSES;
        host_lock(&lock);
        NTSTATUS status = share_enter(file, key_of(st), check, &process);
        host_unlock(&lock);
        if (!status || process == ARENA_PROCESSES || arena_process_alive(arena_process(process)))
            return status;
        arena_bury(process); /* killed with the file open */
    }
}

NTSTATUS share_open(struct file *file, const struct stat *st)
{
    return share_add(file, st, true);
}

void share_inherit(struct file *file)
{
    struct stat st;
    int fd = file->mailslot ? file->mailslot->messages : file->host ? file->fd : -1;
    if (fd >= 0 && !fstat(fd, &st))
        share_add(file, &st, false);
}

/* A name has gone at once, and the file has others: by those it may be opened as ever. */
static void keep_links(struct share *share, const struct file *file, struct arena_files *files)
{
    struct stat st;
    if (share->host || file->fd < 0 || fstat(file->fd, &st) || !st.st_nlink || S_ISDIR(st.st_mode))
        return;
    for (const struct file *user = share->users; user; user = user->share_next)
        if (user->delete_pending)
            return;
    share->doomed = false;
    if (files)
        opens_mark_doomed(files, share->key, false);
}

/* The last but for the name: it goes now, or when the last process closes it. */
static void finish_delete(struct share *share, struct file *file)
{
    struct arena_files *files = arena_attached() ? arena_files() : NULL;
    bool last = !share->users;
    if (file->delete_pending && !share->host && !file->delete_posix) {
        share->host = file->host;
        file->host = NULL;
    }
    if (files) {
        arena_files_lock(files);
        last = !opens_mark_doomed(files, share->key, true) && last;
        if (file->doomed && !last && !file->delete_posix)
            doomed_orphan(files, file->doomed);
        else if (file->doomed)
            doomed_drop(files, file->doomed);
    }
    if (file->delete_pending && file->delete_posix) {
        file_unlink(share->key, file->host);
        keep_links(share, file, files);
    }
    if (last && share->host)
        file_unlink(share->key, share->host);
    if (last && files)
        doomed_delete_orphans(files, share->key);
    if (files)
        arena_files_unlock(files);
}

void share_close(struct file *file)
{
    host_lock(&lock);
    struct share *share = file->share;
    if (!share) { /* closed by its last handle already */
        host_unlock(&lock);
        return;
    }
    struct file **link = &share->users;
    while (*link != file)
        link = &(*link)->share_next;
    *link = file->share_next;
    file->share = NULL;
    if (file->delete_pending)
        share->doomed = true;
    if (share->record) {
        uint32_t old = open_record_change(arena_files(), share->record, modes_together(share), share->users != NULL);
        share->doomed = share->doomed || old & OPEN_DOOMED;
    }
    if (share->doomed)
        finish_delete(share, file);
    if (!share->users)
        share_free(share);
    host_unlock(&lock);
}

/* Notes or forgets the name in the arena, so that it goes even if this process is killed; `now`: nobody opens it. */
static void doom(struct file *file, bool delete, bool now)
{
    struct arena_files *files = arena_attached() ? arena_files() : NULL;
    file->delete_pending = delete;
    if (!file->share || !files)
        return;
    arena_files_lock(files);
    if (now)
        opens_mark_doomed(files, file->share->key, delete);
    if (file->doomed)
        doomed_drop(files, file->doomed);
    file->doomed = delete ? doomed_record(files, file->share->key, file->host) : 0;
    arena_files_unlock(files);
}

void share_set_delete(struct file *file, bool delete)
{
    host_lock(&lock);
    doom(file, delete, false);
    host_unlock(&lock);
}

/* The disposition of a handle takes effect at once: no further open. */
void share_mark_delete(struct file *file, bool delete, bool posix)
{
    host_lock(&lock);
    doom(file, delete, true);
    file->delete_posix = posix;
    if (file->share)
        file->share->doomed = delete;
    host_unlock(&lock);
}

bool file_key(const struct file *file, struct file_key *key)
{
    struct stat st;
    if (file->key.inode)
        *key = file->key;
    else if (file->fd >= 0 && !fstat(file->fd, &st))
        *key = key_of(&st);
    else
        return false;
    return true;
}

void share_renamed(struct file *file)
{
    host_lock(&lock);
    if (file->delete_pending)
        doom(file, true, false);
    host_unlock(&lock);
}

bool share_delete_pending(const struct file *file)
{
    return file->share && is_doomed(file->share);
}

bool share_blocks_delete(const struct stat *st)
{
    struct file_key key = key_of(st);
    if (S_ISDIR(st->st_mode))
        first_handles_wake_directory();
    for (;;) {
        uint32_t process = ARENA_PROCESSES;
        host_lock(&lock);
        const struct share *share = share_find(key);
        bool blocks = share && modes_together(share) & OPEN_DENIES_DELETE;
        if (!blocks && arena_attached()) {
            struct arena_files *files = arena_files();
            arena_files_lock(files);
            blocks = opens_of_others(files, key, OPEN_DELETES, &process) & OPEN_DENIES_DELETE;
            arena_files_unlock(files);
        }
        host_unlock(&lock);
        if (!blocks || process == ARENA_PROCESSES || arena_process_alive(arena_process(process)))
            return blocks;
        arena_bury(process);
    }
}
