/*
 * registry_overlay.c: what a transaction has changed in the registry: seen by it alone until it is committed.
 *
 * Layer: NT layer, below registry_db.c's functions, which look here first.  An overlay is a list of pairs, sorted like
 * the file's; each knows what the file had when it was first changed.  So the file is not locked while a transaction
 * lasts: the commit is one write, which first looks whether that is what the file still has.  Within the process two
 * transactions that change the same are told at once, as by Windows; of two processes the one that commits last is
 * rolled back, and so is who commits what was changed meanwhile without a transaction.
 *
 * Two things are done in the file at once, since nobody can tell: ids of new keys are taken from it, and built-in keys
 * that get something changed below them are entered in it.
 */
#include "registry_overlay.h"
#include <stdlib.h>
#include <string.h>
#include "lock.h"

struct entry {
    struct slice key, value, base; /* malloc'ed */
    bool removed, had_base;
};

/* What an operation has done, to be taken back if it fails; old values live until it ends. */
struct undo {
    struct undo *next;
    struct entry *entry;
    struct slice value;
    bool removed, fresh;
};

struct overlay {
    struct overlay *next;
    struct entry **entries;
    size_t count, room;
    struct undo *undo;
    struct registry_notes notes;
    uint64_t changes;
    uint32_t next_id, ids_end, ids_wanted;
    int key_wanted; /* -1: none */
    bool ended;
};

static struct overlay *overlays; /* under the registry's lock, like all below */

struct overlay *overlay_create(void)
{
    struct overlay *made = calloc(1, sizeof *made);
    if (!made)
        return NULL;
    made->key_wanted = -1;
    made->ids_wanted = 16;
    registry_lock();
    made->next = overlays;
    overlays = made;
    registry_unlock();
    return made;
}

static void entry_free(struct entry *entry)
{
    free((void *)entry->key.data);
    free((void *)entry->value.data);
    free((void *)entry->base.data);
    free(entry);
}

static void drop(struct overlay *overlay)
{
    overlay->ended = true;
    for (size_t i = 0; i < overlay->count; i++)
        entry_free(overlay->entries[i]);
    free(overlay->entries);
    overlay->entries = NULL;
    overlay->count = overlay->room = 0;
}

void overlay_abandon(struct overlay *overlay)
{
    registry_lock();
    drop(overlay);
    registry_unlock();
}

void overlay_free(struct overlay *overlay)
{
    registry_lock();
    drop(overlay);
    struct overlay **link = &overlays;
    while (*link != overlay)
        link = &(*link)->next;
    *link = overlay->next;
    registry_unlock();
    free(overlay);
}

NTSTATUS overlay_begin(struct overlay *overlay)
{
    return overlay->ended ? STATUS_TRANSACTION_NOT_ACTIVE : STATUS_SUCCESS;
}

static int key_compare(struct slice a, struct slice b)
{
    int order = memcmp(a.data, b.data, a.size < b.size ? a.size : b.size);
    return order ? order : a.size < b.size ? -1 : a.size > b.size;
}

/* The first entry not below the key. */
static size_t lower_bound(const struct overlay *overlay, struct slice key)
{
    size_t low = 0, high = overlay->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (key_compare(overlay->entries[middle]->key, key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static struct entry *find(const struct overlay *overlay, struct slice key)
{
    size_t at = lower_bound(overlay, key);
    return at < overlay->count && !key_compare(overlay->entries[at]->key, key) ? overlay->entries[at] : NULL;
}

bool overlay_get(struct overlay *overlay, struct slice key, struct slice *value, bool *there)
{
    struct entry *entry = find(overlay, key);
    if (!entry)
        return false;
    *there = !entry->removed;
    *value = entry->value;
    return true;
}

bool overlay_seek(struct overlay *overlay, struct slice *key, struct slice *value)
{
    uint8_t above[sizeof((struct db_key *)0)->bytes + 1];
    struct slice in_file = *key, file_value;
    size_t at = lower_bound(overlay, *key);
    bool more = db_seek_file(&in_file, &file_value);
    for (;; at++) {
        struct entry *entry = at < overlay->count ? overlay->entries[at] : NULL;
        int order = !more ? 1 : !entry ? -1 : key_compare(in_file, entry->key);
        if (order < 0 || !entry) {
            *key = in_file;
            *value = file_value;
            return more;
        }
        if (!entry->removed) {
            *key = entry->key;
            *value = entry->value;
            return true;
        }
        if (order == 0) { /* on behind what is hidden */
            memcpy(above, entry->key.data, entry->key.size);
            above[entry->key.size] = 0;
            in_file = (struct slice){above, entry->key.size + 1};
            more = db_seek_file(&in_file, &file_value);
        }
    }
}

static bool copy(struct slice from, struct slice *to)
{
    void *made = malloc(from.size + 1);
    if (made && from.size)
        memcpy(made, from.data, from.size);
    *to = (struct slice){made, from.size};
    return made;
}

static bool is_info(struct slice key)
{
    return key.size >= 5 && ((const uint8_t *)key.data)[4] == DB_INFO;
}

/* A key's information is changed by whatever is done in it; only its deletion excludes the others. */
static bool other_has(const struct overlay *overlay, struct slice key, bool removed)
{
    for (const struct overlay *other = overlays; other; other = other->next) {
        const struct entry *entry = other == overlay ? NULL : find(other, key);
        if (entry && (!is_info(key) || removed || entry->removed))
            return true;
    }
    return false;
}

static struct entry *insert(struct overlay *overlay, struct slice key)
{
    struct slice base;
    struct entry *entry = calloc(1, sizeof *entry);
    if (overlay->count == overlay->room) {
        size_t room = overlay->room ? overlay->room * 2 : 32;
        struct entry **more = realloc(overlay->entries, room * sizeof *more);
        if (!more || !entry) {
            free(entry);
            overlay->entries = more ? more : overlay->entries;
            return NULL;
        }
        overlay->entries = more;
        overlay->room = room;
    }
    if (!entry)
        return NULL;
    entry->had_base = db_get_file(key, &base);
    if (!copy(key, &entry->key) || (entry->had_base && !copy(base, &entry->base))) {
        entry_free(entry);
        return NULL;
    }
    size_t at = lower_bound(overlay, key);
    memmove(overlay->entries + at + 1, overlay->entries + at, (overlay->count - at) * sizeof *overlay->entries);
    overlay->entries[at] = entry;
    overlay->count++;
    return entry;
}

NTSTATUS overlay_put(struct overlay *overlay, struct slice key, const struct slice *value)
{
    struct slice kept = {NULL, 0};
    struct undo *undo = malloc(sizeof *undo);
    struct entry *entry = find(overlay, key);
    bool fresh = !entry;
    if (fresh && other_has(overlay, key, !value)) {
        free(undo);
        return STATUS_TRANSACTIONAL_CONFLICT;
    }
    if (!undo || (value && !copy(*value, &kept)) || (fresh && !(entry = insert(overlay, key)))) {
        free(undo);
        free((void *)kept.data);
        return STATUS_NO_MEMORY;
    }
    *undo = (struct undo){overlay->undo, entry, entry->value, entry->removed, fresh};
    overlay->undo = undo;
    entry->value = kept;
    entry->removed = !value;
    overlay->changes++;
    return STATUS_SUCCESS;
}

static void take_back(struct overlay *overlay, struct undo *undo)
{
    free((void *)undo->entry->value.data);
    undo->entry->value = undo->value;
    undo->entry->removed = undo->removed;
    if (!undo->fresh)
        return;
    size_t at = lower_bound(overlay, undo->entry->key);
    overlay->count--;
    memmove(overlay->entries + at, overlay->entries + at + 1, (overlay->count - at) * sizeof *overlay->entries);
    entry_free(undo->entry);
}

void overlay_end(struct overlay *overlay, bool keep)
{
    while (overlay->undo) {
        struct undo *undo = overlay->undo;
        overlay->undo = undo->next;
        if (keep)
            free((void *)undo->value.data);
        else
            take_back(overlay, undo);
        free(undo);
    }
    registry_notes_move(keep ? &overlay->notes : NULL);
}

uint64_t overlay_version(const struct overlay *overlay)
{
    return overlay->changes;
}

NTSTATUS overlay_new_id(struct overlay *overlay, uint32_t *id)
{
    if (overlay->next_id == overlay->ids_end) {
        overlay->ids_wanted *= 2;
        return STATUS_STORE_GREW;
    }
    *id = overlay->next_id++;
    return STATUS_SUCCESS;
}

NTSTATUS overlay_want_key(struct overlay *overlay, int builtin)
{
    overlay->key_wanted = builtin;
    return STATUS_STORE_GREW;
}

static NTSTATUS provide(void *context)
{
    struct overlay *overlay = context;
    struct registry_meta meta;
    struct node node = {0, overlay->key_wanted};
    if (overlay->key_wanted >= 0)
        return node_locate(overlay->key_wanted, &node) ? node_materialize(&node) : STATUS_KEY_DELETED;
    if (!db_meta(&meta))
        return STATUS_REGISTRY_CORRUPT;
    overlay->next_id = meta.next_id;
    overlay->ids_end = meta.next_id += overlay->ids_wanted;
    return db_set_meta(&meta);
}

NTSTATUS overlay_provide(struct overlay *overlay)
{
    NTSTATUS status = registry_update(provide, overlay);
    overlay->key_wanted = -1;
    return status;
}

/* A key's information that differs only in its time is still the same, unless the key is to be deleted. */
static bool is_unchanged(const struct entry *entry)
{
    struct slice now;
    bool there = db_get(entry->key, &now);
    if (!there || !entry->had_base)
        return there == entry->had_base;
    if (is_info(entry->key) && !entry->removed)
        return node_same_but_time(now, entry->base);
    return now.size == entry->base.size && !memcmp(now.data, entry->base.data, now.size);
}

struct commit {
    struct overlay *overlay;
    bool begun;
};

static NTSTATUS replay(void *context)
{
    struct commit *commit = context;
    struct overlay *overlay = commit->overlay;
    NTSTATUS status = STATUS_SUCCESS;
    if (overlay->ended && !commit->begun)
        return STATUS_TRANSACTION_ALREADY_ABORTED;
    commit->begun = overlay->ended = true;
    for (size_t i = 0; i < overlay->count; i++)
        if (!is_unchanged(overlay->entries[i]))
            return STATUS_TRANSACTION_ALREADY_ABORTED;
    for (size_t i = 0; i < overlay->count && !status; i++) {
        const struct entry *entry = overlay->entries[i];
        if (!entry->removed)
            status = db_put(entry->key, entry->value);
        else if (entry->had_base)
            status = db_remove(entry->key);
    }
    registry_notes_add(&overlay->notes);
    return status;
}

NTSTATUS overlay_commit(struct overlay *overlay)
{
    struct commit commit = {overlay, false};
    bool changed;
    registry_lock();
    changed = overlay->count != 0;
    registry_unlock();
    NTSTATUS status = changed ? registry_update(replay, &commit) : STATUS_SUCCESS;
    overlay_abandon(overlay);
    return status;
}
