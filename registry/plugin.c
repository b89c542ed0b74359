/*
 * plugin.c: winrun-registry.so: the registry's file, by LMDB.
 *
 * Layer: below ntdll/registry_db.c.  Readers take no lock; a writer that is killed leaves the last committed state,
 * and its lock is robust.  A commit is written, not synced: it survives the end of the process whatever kind that
 * is, and the machine's end once sync has been called.
 *
 * Credentials lie in it: it is made for its owner alone.
 *
 * A second descriptor of the file holds a shared flock as long as the process lives, so that the first process
 * of a session knows itself, and others can tell whether the registry is in use.
 *
 * LMDB takes the pages that were freed longest ago first, so a file of many free pages is written all over, and each
 * write costs several times as much. The first process of a session makes such a file anew.
 */
#include <errno.h>
#include <fcntl.h>
#include <lmdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include "store.h"

#define MAP_SIZE ((size_t)1 << 30)
#define LOCK_FILE_SIZE 32768 /* some 500 readers */
#define FREE_PAGES_MANY 256

static MDB_env *env;
static MDB_txn *reader, *writer; /* the reader is kept and renewed */
static MDB_cursor *read_cursor, *write_cursor;
static MDB_dbi dbi;
static bool cursor_current, dead_checked;
static int session = -1;
static size_t free_pages; /* when the file was opened */

static NTSTATUS status_of(int error)
{
    switch (error) {
    case 0:
        return STATUS_SUCCESS;
    case MDB_NOTFOUND:
        return STATUS_NOT_FOUND;
    case MDB_CORRUPTED:
    case MDB_PAGE_NOTFOUND:
    case MDB_INVALID:
    case MDB_VERSION_MISMATCH:
    case MDB_INCOMPATIBLE:
        return STATUS_REGISTRY_CORRUPT;
    case ENOSPC:
    case EDQUOT:
        return STATUS_DISK_FULL;
    case ENOMEM:
        return STATUS_NO_MEMORY;
    case EACCES:
    case EPERM:
    case EROFS:
        return STATUS_ACCESS_DENIED;
    case ENOENT:
    case ENOTDIR:
        return STATUS_OBJECT_NAME_NOT_FOUND;
    default:
        return STATUS_REGISTRY_IO_FAILED;
    }
}

/* The lock file is mapped and written: on a full disk that would be a signal, unless its blocks are there before. */
static int reserve_lock_file(const char *path)
{
    char name[4200];
    struct stat st;
    snprintf(name, sizeof name, "%s-lock", path);
    int fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        return errno;
    int error = 0;
    if (fstat(fd, &st) == 0 && st.st_size < LOCK_FILE_SIZE)
        error = posix_fallocate(fd, 0, LOCK_FILE_SIZE);
    close(fd);
    return error;
}

/* Pages that the file should have and has not would be a signal when they are read. */
static bool is_complete(int fd)
{
    MDB_envinfo info;
    MDB_stat stat;
    struct stat st;
    return mdb_env_info(env, &info) == 0 && mdb_env_stat(env, &stat) == 0 && fstat(fd, &st) == 0 &&
           (info.me_last_pgno == 1 || (uint64_t)st.st_size >= (uint64_t)(info.me_last_pgno + 1) * stat.ms_psize);
}

/* The list of free pages, which LMDB copies into memory without a check: for each transaction a number of pages, and
 * these in falling order. */
static int check_free_pages(MDB_txn *txn)
{
    MDB_cursor *cursor;
    MDB_envinfo info;
    MDB_val key, value;
    int error = mdb_cursor_open(txn, 0, &cursor);
    if (error)
        return error;
    mdb_env_info(env, &info);
    free_pages = 0;
    while (!error && (error = mdb_cursor_get(cursor, &key, &value, MDB_NEXT)) == 0) {
        size_t count, page, above = info.me_last_pgno + 1;
        if (key.mv_size != sizeof count || value.mv_size < sizeof count)
            error = MDB_CORRUPTED;
        else
            memcpy(&count, value.mv_data, sizeof count);
        if (!error && count > value.mv_size / sizeof count - 1)
            error = MDB_CORRUPTED;
        for (size_t i = 1; !error && i <= count; i++, above = page) {
            memcpy(&page, (char *)value.mv_data + i * sizeof page, sizeof page);
            if (page >= above || page < 2)
                error = MDB_CORRUPTED;
        }
        free_pages += error ? 0 : count;
    }
    mdb_cursor_close(cursor);
    return error == MDB_NOTFOUND ? 0 : error;
}

static void close_all(void)
{
    mdb_env_close(env);
    env = NULL;
    close(session);
    session = -1;
}

/* A fault, which the caller is prepared for; LMDB would end the process. */
static void assertion_failed(MDB_env *failed, const char *text)
{
    (void)failed, (void)text;
    volatile uintptr_t nowhere = 1;
    *(volatile char *)nowhere = 0;
}

static NTSTATUS open_environment(const char *path, unsigned flags, bool first)
{
    int error = mdb_env_create(&env);
    if (error)
        return status_of(error);
    mdb_env_set_assert(env, assertion_failed);
    mdb_env_set_mapsize(env, MAP_SIZE);
    error = mdb_env_open(env, path, flags | MDB_NOSUBDIR | MDB_NOTLS | MDB_NOSYNC, 0600);
    if (error == MDB_INVALID || error == EINVAL)
        error = MDB_CORRUPTED;
    MDB_txn *txn;
    if (!error)
        error = mdb_txn_begin(env, NULL, MDB_RDONLY, &txn);
    if (!error) {
        error = mdb_dbi_open(txn, NULL, 0, &dbi);
        if (!error && first)
            error = check_free_pages(txn);
        mdb_txn_abort(txn);
    }
    if (!error && !is_complete(session))
        error = MDB_CORRUPTED;
    return status_of(error);
}

/* The lock of the session; *first: nobody else has the file open. */
static int lock_session(const char *path, bool create, bool *first)
{
    struct stat held, named;
    for (;;) {
        session = open(path, O_RDWR | O_CLOEXEC | (create ? O_CREAT : 0), 0600);
        if (session < 0)
            return errno;
        *first = flock(session, LOCK_EX | LOCK_NB) == 0;
        if (!*first)
            while (flock(session, LOCK_SH) && errno == EINTR)
                ;
        /* While we waited the first process may have made the file anew. */
        if (fstat(session, &held) || (stat(path, &named) == 0 && held.st_ino == named.st_ino))
            return 0;
        close(session);
    }
}

static bool is_wasteful(void)
{
    MDB_envinfo info;
    return free_pages > FREE_PAGES_MANY && mdb_env_info(env, &info) == 0 && free_pages > info.me_last_pgno / 2;
}

/* Without its free pages, under another name that then becomes the file's; should that not succeed, nothing has
 * changed. */
static NTSTATUS compact(const char *path)
{
    char name[4200];
    snprintf(name, sizeof name, "%s-new", path);
    unlink(name); /* of one that was killed */
    int fd = open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    mdb_filehandle_t file = (mdb_filehandle_t)(intptr_t)fd; /* lmdb.h takes us for Windows */
    if (fd < 0)
        return STATUS_SUCCESS;
    if (flock(fd, LOCK_EX | LOCK_NB) || mdb_env_copyfd2(env, file, MDB_CP_COMPACT) || fdatasync(fd) ||
        rename(name, path)) {
        unlink(name);
        close(fd);
        return STATUS_SUCCESS;
    }
    close_all();
    session = fd;
    return open_environment(path, 0, true);
}

static NTSTATUS store_open(const char *path, bool create, bool *first, bool *writable)
{
    *first = false;
    *writable = true;
    int error = lock_session(path, create, first);
    if (!error) {
        error = reserve_lock_file(path);
        if (error && error != EACCES && error != EROFS && error != EPERM) {
            close(session);
            return status_of(error);
        }
    }
    if (error) {
        if (session < 0)
            session = open(path, O_RDONLY | O_CLOEXEC);
        if (session < 0)
            return status_of(create ? error : errno);
        *writable = *first = false;
    }
    NTSTATUS status = open_environment(path, *writable ? 0 : MDB_RDONLY | MDB_NOLOCK, *first);
    if (!status && *first && is_wasteful())
        status = compact(path);
    if (status)
        close_all();
    return status;
}

static void store_share(void)
{
    flock(session, LOCK_SH);
}

static int begin_read(void)
{
    int error = reader ? mdb_txn_renew(reader) : mdb_txn_begin(env, NULL, MDB_RDONLY, &reader);
    return error;
}

/* Readers that died without a word no longer keep old pages. */
static void check_dead_readers(void)
{
    int dead;
    dead_checked = true;
    mdb_reader_check(env, &dead);
}

static NTSTATUS store_begin(bool write)
{
    if (write && !dead_checked)
        check_dead_readers();
    for (int attempt = 0;; attempt++) {
        int error = write ? mdb_txn_begin(env, NULL, 0, &writer) : begin_read();
        if (error == MDB_MAP_RESIZED && attempt < 8)
            mdb_env_set_mapsize(env, 0); /* another process has enlarged it */
        else if (error == MDB_READERS_FULL && attempt < 1)
            check_dead_readers();
        else
            return status_of(error);
    }
}

static NTSTATUS grow(void)
{
    MDB_envinfo info;
    mdb_env_info(env, &info);
    int error = mdb_env_set_mapsize(env, info.me_mapsize * 2);
    return error ? status_of(error) : STATUS_STORE_GREW;
}

static void store_end(void)
{
    if (writer) {
        if (write_cursor)
            mdb_cursor_close(write_cursor);
        write_cursor = NULL;
        mdb_txn_abort(writer);
        writer = NULL;
    } else {
        mdb_txn_reset(reader);
        cursor_current = false;
    }
}

static NTSTATUS store_commit(void)
{
    if (write_cursor)
        mdb_cursor_close(write_cursor);
    write_cursor = NULL;
    int error = mdb_txn_commit(writer);
    writer = NULL;
    return error == MDB_MAP_FULL ? grow() : status_of(error);
}

static uint64_t store_version(void)
{
    return mdb_txn_id(writer ? writer : reader);
}

static NTSTATUS store_get(struct slice key, struct slice *value)
{
    MDB_val k = {key.size, (void *)key.data}, v;
    int error = mdb_get(writer ? writer : reader, dbi, &k, &v);
    if (!error)
        *value = (struct slice){v.mv_data, v.mv_size};
    return status_of(error);
}

static NTSTATUS changed(int error)
{
    if (error != MDB_MAP_FULL)
        return status_of(error);
    store_end();
    return grow();
}

static NTSTATUS store_put(struct slice key, struct slice value)
{
    MDB_val k = {key.size, (void *)key.data}, v = {value.size, (void *)value.data};
    return changed(mdb_put(writer, dbi, &k, &v, 0));
}

static NTSTATUS store_remove(struct slice key)
{
    MDB_val k = {key.size, (void *)key.data};
    return changed(mdb_del(writer, dbi, &k, NULL));
}

static int cursor_ready(void)
{
    if (writer)
        return write_cursor ? 0 : mdb_cursor_open(writer, dbi, &write_cursor);
    if (cursor_current)
        return 0;
    int error = read_cursor ? mdb_cursor_renew(reader, read_cursor) : mdb_cursor_open(reader, dbi, &read_cursor);
    cursor_current = !error;
    return error;
}

static NTSTATUS store_seek(struct slice *key, struct slice *value)
{
    MDB_val k = {key->size, (void *)key->data}, v, asked = k;
    int error = cursor_ready();
    if (!error)
        error = mdb_cursor_get(writer ? write_cursor : read_cursor, &k, &v, MDB_SET_RANGE);
    if (!error && mdb_cmp(writer ? writer : reader, dbi, &k, &asked) < 0)
        error = MDB_CORRUPTED; /* pages in disorder: whoever walks on would never come to an end */
    if (!error) {
        *key = (struct slice){k.mv_data, k.mv_size};
        *value = (struct slice){v.mv_data, v.mv_size};
    }
    return status_of(error);
}

static NTSTATUS store_sync(void)
{
    return status_of(mdb_env_sync(env, 1));
}

__attribute__((visibility("default"))) const struct store_plugin winrun_registry_plugin = {
    .open = store_open,
    .share = store_share,
    .begin = store_begin,
    .commit = store_commit,
    .end = store_end,
    .version = store_version,
    .get = store_get,
    .put = store_put,
    .remove = store_remove,
    .seek = store_seek,
    .sync = store_sync,
};
