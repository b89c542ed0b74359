/*
 * registry_db.c: the registry's file: opened by the plug-in when first needed, one transaction at a time.
 *
 * Layer: NT layer.  Without a file there is the built-in part alone, and nothing is opened; the first change makes
 * it.  A file that can not be used is told once; then the built-in part is what is read, and changes are refused, so
 * that nothing in it is lost.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "error.h"
#include "futex.h"
#include "hivetree.h"
#include "loader/plugin.h"
#include "large.h"
#include "nls.h"
#include "path.h"
#include "probe.h"
#include "process.h"
#include "registry.h"
#include "registry_overlay.h"
#include "version.h"

#define NAME_BYTES_MAX 440 /* of a name in a key; what is longer ends in a hash */

static struct lock lock;
static const struct store_plugin *store;
static enum { DB_ABSENT, DB_OPEN, DB_BROKEN } state;
static bool writable, writing, in_file, changed, written; /* written: changed since the last sync */
static struct overlay *overlay; /* the transaction's that is looked through */
static NTSTATUS failure;        /* the first error of this transaction, or why the file is broken */
static void *scratch;
static size_t scratch_size;
static char file_path[PATH_HOST_MAX] LARGE;

static const char *registry_file(void)
{
    if (!file_path[0])
        stpcpy(stpcpy(file_path, path_prefix()), "/registry.mdb");
    return file_path;
}

static void broken(NTSTATUS status)
{
    state = DB_BROKEN;
    failure = status;
    if (status == STATUS_REGISTRY_CORRUPT)
        warn("%s: damaged: the defaults are used and nothing is saved (move it away, or use winrun prefix rollback)",
             registry_file());
    else
        warn("%s: can not be opened (%s): the defaults are used and nothing is saved", registry_file(),
             status_name(status));
}

static bool load_plugin(void)
{
    static struct plugin plugin = {"winrun-registry.so", "winrun_registry_plugin"};
    store = plugin_table(&plugin);
    return store != NULL;
}

/*
 * LMDB trusts its pages: one that is damaged ends in an assertion (which the plug-in makes a fault) or in a fault.  So
 * it is called under guard, and a file that made it fail is not touched again by this process.
 */
struct request {
    enum { REQUEST_GET, REQUEST_SEEK, REQUEST_PUT, REQUEST_REMOVE, REQUEST_COMMIT, REQUEST_END } what;
    struct slice *key, *value;
    NTSTATUS status;
};

static bool carry_out(void *context)
{
    struct request *r = context;
    switch (r->what) {
    case REQUEST_GET:
        r->status = store->get(*r->key, r->value);
        break;
    case REQUEST_SEEK:
        r->status = store->seek(r->key, r->value);
        break;
    case REQUEST_PUT:
        r->status = store->put(*r->key, *r->value);
        break;
    case REQUEST_REMOVE:
        r->status = store->remove(*r->key);
        break;
    case REQUEST_COMMIT:
        r->status = store->commit();
        break;
    case REQUEST_END:
        store->end();
        break;
    }
    return true;
}

static NTSTATUS ask(struct request request)
{
    if (!guarded_call(carry_out, &request))
        request.status = STATUS_REGISTRY_CORRUPT;
    if (request.status == STATUS_REGISTRY_CORRUPT && state != DB_BROKEN)
        broken(request.status);
    return request.status;
}

/* What volatile keys of an earlier session are left. */
static NTSTATUS remove_volatile(void)
{
    struct db_key from;
    NTSTATUS status = STATUS_SUCCESS;
    for (;;) {
        struct slice key, value;
        db_key_number(&from, 0, DB_TOP, 0);
        key = db_slice(&from);
        if (status || !db_seek(&key, &value) || key.size != from.size || memcmp(key.data, from.bytes, 5))
            return status;
        uint32_t id;
        memcpy(&id, value.data, sizeof id);
        struct node node = {id, -1};
        struct node_info info;
        memcpy(from.bytes, key.data, key.size);
        if (node_load(node, &info))
            status = node_delete_tree(node, true);
        if (!status)
            status = db_remove(db_slice(&from));
    }
}

/* The first process of a session tidies up; a new file gets its root. */
static NTSTATUS prepare(bool first)
{
    struct registry_meta meta;
    struct slice key, value;
    struct db_key top;
    NTSTATUS status = store->begin(false);
    if (status)
        return status;
    bool fresh = !db_meta(&meta);
    db_key_number(&top, 0, DB_TOP, 0);
    key = db_slice(&top);
    bool left = first && db_seek(&key, &value) && !memcmp(key.data, top.bytes, 5);
    db_key_number(&top, 0, DB_HIVE, 0);
    key = db_slice(&top);
    left |= first && db_seek(&key, &value) && !memcmp(key.data, top.bytes, 5);
    ask((struct request){REQUEST_END, NULL, NULL, 0});
    if (failure)
        return failure;
    if (!writable || (!fresh && !left && !(first && meta.watched)))
        return STATUS_SUCCESS;
    status = store->begin(true);
    if (status)
        return status;
    if (!db_meta(&meta)) {
        struct node_info root = {.written = builtin_time(), .name = {L"REGISTRY", 8}};
        meta = (struct registry_meta){.next_id = 2};
        machine_guid(meta.guid);
        status = node_store(1, &root);
    }
    if (!status && first) {
        meta.watched = 0;
        status = hives_put_back();
        if (!status)
            status = remove_volatile();
    }
    if (!status)
        status = db_set_meta(&meta);
    if (!status)
        return ask((struct request){REQUEST_COMMIT, NULL, NULL, 0});
    ask((struct request){REQUEST_END, NULL, NULL, 0});
    return status;
}

struct opening {
    const char *path;
    bool create, *first;
    NTSTATUS status;
};

static bool open_store(void *context)
{
    struct opening *o = context;
    o->status = store->open(o->path, o->create, o->first, &writable);
    return true;
}

static NTSTATUS open_file(bool create)
{
    bool first;
    if (!load_plugin()) {
        broken(STATUS_DLL_NOT_FOUND);
        return failure;
    }
    if (create)
        path_prefix_make();
    in_file = true;
    failure = STATUS_SUCCESS;
    struct opening opening = {registry_file(), create, &first, 0};
    NTSTATUS status = guarded_call(open_store, &opening) ? opening.status : STATUS_REGISTRY_CORRUPT;
    if (!status)
        status = prepare(first);
    if (!status && first)
        store->share();
    in_file = false;
    if (!status)
        state = DB_OPEN;
    else if (state == DB_BROKEN)
        return failure;
    else if (!create ||
             (status != STATUS_ACCESS_DENIED && status != STATUS_OBJECT_NAME_NOT_FOUND && status != STATUS_DISK_FULL))
        broken(status);
    return status;
}

void registry_lock(void)
{
    lock_acquire(&lock);
}

void registry_unlock(void)
{
    lock_release(&lock);
}

/* Opens the file if there is one or, for writing, makes it. */
static NTSTATUS file_begin(bool write, bool write_file)
{
    NTSTATUS status = STATUS_SUCCESS;
    if (state == DB_ABSENT && (write_file || access(registry_file(), F_OK) == 0))
        status = open_file(write_file);
    if (write && state == DB_BROKEN)
        status = failure;
    else if (write && state == DB_OPEN && !writable)
        status = STATUS_ACCESS_DENIED;
    else if (!write_file)
        status = STATUS_SUCCESS;
    if (!status && state == DB_OPEN)
        status = store->begin(write_file);
    return status;
}

NTSTATUS registry_begin_in(struct overlay *within, bool write)
{
    lock_acquire(&lock);
    NTSTATUS status = within ? overlay_begin(within) : STATUS_SUCCESS;
    if (!status)
        status = file_begin(write, write && !within);
    if (status) {
        lock_release(&lock);
        return status == STATUS_OBJECT_NAME_NOT_FOUND ? STATUS_ACCESS_DENIED : status;
    }
    in_file = state == DB_OPEN;
    overlay = within;
    writing = write && !within;
    if (in_file || within)
        failure = STATUS_SUCCESS;
    return STATUS_SUCCESS;
}

NTSTATUS registry_begin(bool write)
{
    return registry_begin_in(NULL, write);
}

/* The file was only read. */
static NTSTATUS end_in_overlay(NTSTATUS status)
{
    struct overlay *within = overlay;
    if (failure)
        status = failure;
    if (in_file)
        ask((struct request){REQUEST_END, NULL, NULL, 0});
    overlay_end(within, NT_SUCCESS(status));
    overlay = NULL;
    in_file = false;
    if (state != DB_BROKEN)
        failure = STATUS_SUCCESS;
    lock_release(&lock);
    NTSTATUS provided = status == STATUS_STORE_GREW ? overlay_provide(within) : STATUS_SUCCESS;
    return provided ? provided : status;
}

NTSTATUS registry_end(NTSTATUS status)
{
    if (overlay)
        return end_in_overlay(status);
    if (in_file && failure)
        status = failure;
    if (writing && NT_SUCCESS(status)) {
        registry_notes_commit();
        if (!failure)
            failure = ask((struct request){REQUEST_COMMIT, NULL, NULL, 0});
        else if (failure != STATUS_STORE_GREW)
            ask((struct request){REQUEST_END, NULL, NULL, 0});
        if (failure)
            status = failure;
        else
            changed = written = true;
        registry_notes_tell(!failure);
    } else if (in_file && failure != STATUS_STORE_GREW) {
        ask((struct request){REQUEST_END, NULL, NULL, 0});
        if (writing)
            registry_notes_tell(false);
    }
    writing = in_file = false;
    lock_release(&lock);
    return status;
}

NTSTATUS registry_update_in(struct overlay *within, NTSTATUS (*work)(void *context), void *context)
{
    NTSTATUS status;
    do {
        status = registry_begin_in(within, true);
        if (!status)
            status = registry_end(work(context));
    } while (status == STATUS_STORE_GREW);
    return status;
}

NTSTATUS registry_update(NTSTATUS (*work)(void *context), void *context)
{
    return registry_update_in(NULL, work, context);
}

uint64_t registry_version(void)
{
    return (in_file ? store->version() : 0) + (overlay ? overlay_version(overlay) : 0);
}

struct overlay *registry_overlay(void)
{
    return overlay;
}

bool registry_in_file(void)
{
    return in_file;
}

NTSTATUS registry_sync(void)
{
    lock_acquire(&lock);
    NTSTATUS status = written ? store->sync() : STATUS_SUCCESS;
    written = false;
    lock_release(&lock);
    return status;
}

bool registry_changed(void)
{
    return changed;
}

void registry_finish(void)
{
    if (written)
        store->sync();
}

static bool note_failure(NTSTATUS status)
{
    if (status && status != STATUS_NOT_FOUND && !failure)
        failure = status;
    return !status;
}

bool db_get_file(struct slice key, struct slice *value)
{
    return in_file && !failure && note_failure(ask((struct request){REQUEST_GET, &key, value, 0}));
}

bool db_get(struct slice key, struct slice *value)
{
    bool there;
    if (overlay && overlay_get(overlay, key, value, &there))
        return there;
    return db_get_file(key, value);
}

NTSTATUS db_put(struct slice key, struct slice value)
{
    if (!failure)
        note_failure(overlay ? overlay_put(overlay, key, &value) : ask((struct request){REQUEST_PUT, &key, &value, 0}));
    return failure;
}

NTSTATUS db_remove(struct slice key)
{
    if (!failure)
        note_failure(overlay ? overlay_put(overlay, key, NULL) : ask((struct request){REQUEST_REMOVE, &key, NULL, 0}));
    return failure;
}

bool db_seek_file(struct slice *key, struct slice *value)
{
    return in_file && !failure && note_failure(ask((struct request){REQUEST_SEEK, key, value, 0}));
}

bool db_seek(struct slice *key, struct slice *value)
{
    return overlay ? overlay_seek(overlay, key, value) : db_seek_file(key, value);
}

void *db_scratch(size_t size)
{
    if (size > scratch_size) {
        void *more = realloc(scratch, size + size / 2);
        if (!more)
            return NULL;
        scratch = more;
        scratch_size = size + size / 2;
    }
    return scratch;
}

static void key_begin(struct db_key *key, uint32_t id, enum db_tag tag)
{
    for (int i = 0; i < 4; i++)
        key->bytes[i] = (uint8_t)(id >> (24 - 8 * i));
    key->bytes[4] = (uint8_t)tag;
    key->size = 5;
}

/* An even length keeps what LMDB stores behind the key aligned for WCHARs. */
static void key_finish(struct db_key *key)
{
    if (key->size % 2)
        key->bytes[key->size++] = 0;
}

static void put_hash(struct db_key *key, struct text name)
{
    uint64_t a = 0xcbf29ce484222325ull, b = 0x9e3779b97f4a7c15ull;
    for (size_t i = 0; i < name.length; i++) {
        WCHAR c = wide_upper(name.at[i]);
        a = (a ^ c) * 0x100000001b3ull;
        b = (b ^ c) * 0xff51afd7ed558ccdull;
        b ^= b >> 32;
    }
    memcpy(key->bytes + key->size, &a, 8);
    memcpy(key->bytes + key->size + 8, &b, 8);
    key->size += 16;
}

/* UTF-16 units in upper case, as one to three bytes that sort like the units; no zero among them. */
void db_key_name(struct db_key *key, uint32_t id, enum db_tag tag, struct text name)
{
    key_begin(key, id, tag);
    uint8_t *out = key->bytes + key->size;
    for (size_t i = 0; i < name.length; i++) {
        WCHAR c = wide_upper(name.at[i]);
        if (c && c < 0x80) {
            *out++ = (uint8_t)c;
        } else if (c < 0x800) {
            *out++ = (uint8_t)(0xc0 | c >> 6);
            *out++ = (uint8_t)(0x80 | (c & 0x3f));
        } else {
            *out++ = (uint8_t)(0xe0 | c >> 12);
            *out++ = (uint8_t)(0x80 | (c >> 6 & 0x3f));
            *out++ = (uint8_t)(0x80 | (c & 0x3f));
        }
        if (out - key->bytes > NAME_BYTES_MAX) {
            key->size = NAME_BYTES_MAX;
            put_hash(key, name);
            key_finish(key);
            return;
        }
    }
    key->size = (size_t)(out - key->bytes);
    key_finish(key);
}

void db_key_number(struct db_key *key, uint32_t id, enum db_tag tag, uint32_t number)
{
    key_begin(key, id, tag);
    for (int i = 0; i < 4; i++)
        key->bytes[key->size++] = (uint8_t)(number >> (24 - 8 * i));
    key_finish(key);
}

void db_key_info(struct db_key *key, uint32_t id)
{
    key_begin(key, id, DB_INFO);
    key_finish(key);
}

bool db_meta(struct registry_meta *meta)
{
    struct db_key key;
    struct slice value;
    db_key_number(&key, 0, DB_META, 0);
    if (!db_get(db_slice(&key), &value) || value.size < sizeof *meta)
        return false;
    memcpy(meta, value.data, sizeof *meta);
    return true;
}

NTSTATUS db_set_meta(const struct registry_meta *meta)
{
    struct db_key key;
    db_key_number(&key, 0, DB_META, 0);
    return db_put(db_slice(&key), (struct slice){meta, sizeof *meta});
}
