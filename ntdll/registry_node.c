/*
 * registry_node.c: keys as nodes: the built-in table and the file, seen as one tree.
 *
 * Layer: NT layer, over registry_db.c and registry_builtin.c.  The file has for each node its information (under the
 * node's id) and for each subkey an entry under the parent's id and the name: the subkey's id, 0 where a built-in
 * key is hidden.  Ids are never used twice, so that a handle to a deleted key knows.
 */
#include <stdlib.h>
#include <string.h>
#include "registry.h"
#include "registry_overlay.h"
#include "systime.h"

struct node_record {
    uint32_t parent, flags, next_order, security_size;
    int64_t written;
    uint16_t name_length, class_length;
    uint32_t unused;
};

struct child_record {
    uint32_t id, flags;
};

struct node node_root(void)
{
    return (struct node){registry_in_file() ? 1 : 0, 0};
}

static bool child_get(uint32_t parent, struct text name, struct child_record *record)
{
    struct db_key key;
    struct slice value;
    db_key_name(&key, parent, DB_CHILD, name);
    if (!parent || !db_get(db_slice(&key), &value) || value.size != sizeof *record)
        return false;
    memcpy(record, value.data, sizeof *record);
    return true;
}

static NTSTATUS child_put(uint32_t parent, struct text name, uint32_t id, uint32_t flags)
{
    struct db_key key;
    struct child_record record = {id, flags};
    db_key_name(&key, parent, DB_CHILD, name);
    return db_put(db_slice(&key), (struct slice){&record, sizeof record});
}

bool node_child(struct node node, struct text name, struct node *child)
{
    struct child_record record;
    *child = (struct node){0, -1, false};
    if (child_get(node.id, name, &record)) {
        child->id = record.id;
        child->link = record.flags & NODE_LINK;
        if (!record.id || record.flags & NODE_OPAQUE)
            return record.id != 0;
    }
    if (node.builtin >= 0)
        child->builtin = builtin_key_child(node.builtin, name);
    if (child->builtin >= 0)
        child->link = builtin_key_is_link(child->builtin);
    return child->id || child->builtin >= 0;
}

bool node_locate(int builtin, struct node *node)
{
    if (builtin == 0) {
        *node = node_root();
        return true;
    }
    struct node parent;
    return node_locate(builtin_key_parent(builtin), &parent) && node_child(parent, builtin_key_name(builtin), node) &&
           node->builtin == builtin;
}

static bool load(uint32_t id, struct node_info *info)
{
    struct db_key key;
    struct slice value;
    struct node_record record;
    db_key_info(&key, id);
    if (!db_get(db_slice(&key), &value) || value.size < sizeof record)
        return false;
    memcpy(&record, value.data, sizeof record);
    const char *rest = (const char *)value.data + sizeof record;
    size_t names = ((size_t)record.name_length + record.class_length) * sizeof(WCHAR);
    if (value.size != sizeof record + names + record.security_size)
        return false;
    *info = (struct node_info){record.parent,
                               record.flags,
                               record.next_order,
                               record.written,
                               {(const WCHAR *)rest, record.name_length},
                               {(const WCHAR *)rest + record.name_length, record.class_length},
                               {rest + names, record.security_size}};
    return true;
}

bool node_load(struct node node, struct node_info *info)
{
    if (node.id)
        return load(node.id, info);
    *info = (struct node_info){.flags = builtin_key_is_link(node.builtin) ? NODE_LINK : 0,
                               .written = builtin_time(),
                               .name = builtin_key_name(node.builtin)};
    return true;
}

NTSTATUS node_refresh(struct node *node)
{
    struct node_info info;
    if (node->id && load(node->id, &info))
        return STATUS_SUCCESS;
    return node->builtin >= 0 && node_locate(node->builtin, node) ? STATUS_SUCCESS : STATUS_KEY_DELETED;
}

NTSTATUS node_store(uint32_t id, const struct node_info *info)
{
    struct node_record record = {info->parent,
                                 info->flags,
                                 info->next_order,
                                 (uint32_t)info->security.size,
                                 info->written,
                                 (uint16_t)info->name.length,
                                 (uint16_t)info->class.length,
                                 0};
    size_t name = info->name.length * sizeof(WCHAR), class = info->class.length * sizeof(WCHAR);
    size_t size = sizeof record + name + class + info->security.size;
    char *bytes = db_scratch(size);
    struct db_key key;
    if (!bytes)
        return STATUS_NO_MEMORY;
    memcpy(bytes, &record, sizeof record);
    memcpy(bytes + sizeof record, info->name.at, name);
    memcpy(bytes + sizeof record + name, info->class.at, class);
    memcpy(bytes + sizeof record + name + class, info->security.data, info->security.size);
    db_key_info(&key, id);
    return db_put(db_slice(&key), (struct slice){bytes, size});
}

NTSTATUS node_touch(uint32_t id, uint32_t next_order)
{
    struct node_info info;
    if (!load(id, &info))
        return STATUS_KEY_DELETED;
    info.written = time_now();
    info.next_order = next_order ? next_order : info.next_order;
    return node_store(id, &info);
}

bool node_same_but_time(struct slice a, struct slice b)
{
    struct node_record first, second;
    if (a.size != b.size || a.size < sizeof first)
        return false;
    memcpy(&first, a.data, sizeof first);
    memcpy(&second, b.data, sizeof second);
    second.written = first.written;
    return !memcmp(&first, &second, sizeof first) &&
           !memcmp((const char *)a.data + sizeof first, (const char *)b.data + sizeof first, a.size - sizeof first);
}

bool node_parent(struct node node, struct node *parent)
{
    struct node_info info;
    if (node.builtin == 0 || node.id == 1)
        return false;
    if (!node.id)
        return node_locate(builtin_key_parent(node.builtin), parent);
    if (!load(node.id, &info))
        return false;
    *parent = (struct node){info.parent, node.builtin >= 0 ? builtin_key_parent(node.builtin) : -1};
    if (node.builtin < 0) {
        /* A key of the file alone may stand below a built-in one: the way down from the root tells. */
        struct node above, found;
        struct node_info above_info;
        if (info.parent == 1)
            *parent = node_root();
        else if (load(info.parent, &above_info) && node_parent((struct node){info.parent, -1}, &above) &&
                 node_child(above, above_info.name, &found))
            *parent = found;
    }
    return true;
}

static NTSTATUS new_id(uint32_t *id)
{
    struct registry_meta meta;
    if (registry_overlay())
        return overlay_new_id(registry_overlay(), id);
    if (!db_meta(&meta))
        return STATUS_REGISTRY_CORRUPT;
    *id = meta.next_id++;
    return db_set_meta(&meta);
}

static NTSTATUS node_new(struct node *parent, const struct node_info *info, uint32_t *id)
{
    NTSTATUS status = node_materialize(parent);
    if (!status)
        status = new_id(id);
    if (status)
        return status;
    struct node_info made = *info;
    made.parent = parent->id;
    made.written = made.written ? made.written : time_now();
    return node_store(*id, &made);
}

NTSTATUS node_materialize(struct node *node)
{
    if (node->id)
        return STATUS_SUCCESS;
    struct node parent;
    struct node_info info;
    if (!node_locate(node->builtin, node))
        return STATUS_KEY_DELETED;
    if (node->id)
        return STATUS_SUCCESS;
    if (registry_overlay())
        return overlay_want_key(registry_overlay(), node->builtin);
    if (!node_locate(builtin_key_parent(node->builtin), &parent) || !node_load(*node, &info))
        return STATUS_KEY_DELETED;
    NTSTATUS status = node_new(&parent, &info, &node->id);
    return status ? status : child_put(parent.id, builtin_key_name(node->builtin), node->id, 0);
}

/* The first volatile key on a way down is remembered, to be removed in another session. */
static NTSTATUS remember_volatile(uint32_t id)
{
    struct db_key key;
    db_key_number(&key, 0, DB_TOP, id);
    return db_put(db_slice(&key), (struct slice){&id, sizeof id});
}

NTSTATUS node_create(struct node *parent, struct text name, struct text class, uint32_t flags, struct slice security,
                     struct node *child)
{
    struct node_info above, info = {.flags = flags, .name = name, .class = class, .security = security};
    NTSTATUS status = node_materialize(parent);
    if (status)
        return status;
    if (!load(parent->id, &above))
        return STATUS_KEY_DELETED;
    bool top = flags & NODE_VOLATILE && !(above.flags & NODE_VOLATILE);
    if (above.flags & NODE_VOLATILE && !(flags & NODE_VOLATILE))
        return STATUS_CHILD_MUST_BE_VOLATILE;
    if (parent->builtin >= 0 && builtin_key_child(parent->builtin, name) >= 0)
        info.flags |= NODE_OPAQUE; /* that one has been deleted */
    *child = (struct node){0, -1};
    status = node_new(parent, &info, &child->id);
    if (!status)
        status = child_put(parent->id, name, child->id, info.flags & (NODE_OPAQUE | NODE_LINK));
    if (!status && top)
        status = remember_volatile(child->id);
    return status ? status : node_touch(parent->id, 0);
}

NTSTATUS node_delete(struct node node)
{
    struct node parent;
    struct node_info info;
    if (!node_parent(node, &parent))
        return STATUS_CANNOT_DELETE;
    if (!node_load(node, &info))
        return STATUS_KEY_DELETED;
    WCHAR copy[KEY_NAME_MAX + 1];
    struct text name = {copy, info.name.length};
    bool top = info.flags & NODE_VOLATILE;
    memcpy(copy, info.name.at, info.name.length * sizeof(WCHAR));
    NTSTATUS status = node_materialize(&parent);
    struct db_key key;
    if (!status && node.id) {
        status = value_delete_all(node.id);
        db_key_info(&key, node.id);
        if (!status)
            status = db_remove(db_slice(&key));
        db_key_number(&key, 0, DB_TOP, node.id);
        struct slice there;
        if (!status && top && db_get(db_slice(&key), &there))
            status = db_remove(db_slice(&key));
    }
    if (!status && parent.builtin >= 0 && builtin_key_child(parent.builtin, name) >= 0)
        status = child_put(parent.id, name, 0, 0);
    else if (!status) {
        db_key_name(&key, parent.id, DB_CHILD, name);
        status = db_remove(db_slice(&key));
    }
    return status ? status : node_touch(parent.id, 0);
}

NTSTATUS node_delete_tree(struct node node, bool itself)
{
    struct child_walk walk;
    struct node child;
    struct text name;
    NTSTATUS status = STATUS_SUCCESS;
    for (;;) {
        child_walk_start(&walk, node);
        if (status || !child_walk_next(&walk, &child, &name))
            break;
        status = node_delete_tree(child, true);
        if (!status && !node.id)
            status = node_refresh(&node); /* hiding a subkey has put it into the file */
    }
    if (!status && itself)
        status = node_delete(node);
    return status;
}

/* Copies what is built in below a node into the file, so that it no longer depends on its name. */
static NTSTATUS node_detach(struct node *node)
{
    struct child_walk walk;
    struct value_walk values;
    struct node child;
    struct text name;
    struct value value;
    if (node->builtin < 0)
        return STATUS_SUCCESS;
    NTSTATUS status = node_materialize(node);
    struct node plain = {node->id, -1};
    value_walk_start(&values, *node);
    while (!status && value_walk_next(&values, &value)) {
        if (builtin_value_find(node->builtin, value.name) < 0)
            continue;
        void *copy = malloc(value.size + 1);
        if (!copy)
            return STATUS_NO_MEMORY;
        memcpy(copy, value.data, value.size);
        status = value_set(&plain, value.name, value.type, copy, value.size);
        free(copy);
    }
    child_walk_start(&walk, *node);
    while (!status && child_walk_next(&walk, &child, &name)) {
        if (child.builtin < 0)
            continue;
        status = node_detach(&child);
        uint32_t link = builtin_key_is_link(child.builtin) ? NODE_LINK : 0;
        if (!status)
            status = child_put(node->id, builtin_key_name(child.builtin), child.id, NODE_OPAQUE | link);
    }
    return status;
}

NTSTATUS node_rename(struct node *node, struct text name)
{
    struct node parent, other;
    struct node_info info;
    if (!node_parent(*node, &parent) || !node_load(*node, &info))
        return STATUS_ACCESS_DENIED;
    bool same = !name_order(info.name, name);
    if (!same && node_child(parent, name, &other))
        return STATUS_CANNOT_DELETE;
    NTSTATUS status = node_detach(node);
    if (status || !node_parent(*node, &parent) || !node_load(*node, &info))
        return status ? status : STATUS_KEY_DELETED;
    struct db_key old;
    db_key_name(&old, parent.id, DB_CHILD, info.name);
    bool hides = parent.builtin >= 0 && builtin_key_child(parent.builtin, info.name) >= 0;
    WCHAR copy[KEY_NAME_MAX + 1];
    memcpy(copy, info.name.at, info.name.length * sizeof(WCHAR));
    struct text old_name = {copy, info.name.length};
    info.name = name;
    info.flags |= NODE_OPAQUE;
    info.written = time_now();
    status = node_store(node->id, &info);
    if (!status && !same)
        status = hides ? child_put(parent.id, old_name, 0, 0) : db_remove(db_slice(&old));
    if (!status)
        status = child_put(parent.id, name, node->id, NODE_OPAQUE | (info.flags & NODE_LINK));
    node->builtin = -1;
    return status ? status : node_touch(parent.id, 0);
}

size_t node_path(struct node node, WCHAR *path, size_t room)
{
    size_t at = room;
    for (;;) {
        struct node_info info;
        struct node parent;
        if (!node_load(node, &info) || at < info.name.length + 1)
            return 0;
        at -= info.name.length;
        memcpy(path + at, info.name.at, info.name.length * sizeof(WCHAR));
        path[--at] = '\\';
        if (!node_parent(node, &parent))
            break;
        node = parent;
    }
    memmove(path, path + at, (room - at) * sizeof(WCHAR));
    return room - at;
}

unsigned node_depth(struct node node)
{
    unsigned depth = 0;
    struct node_info info;
    while (node.id > 1 && load(node.id, &info)) {
        node.id = info.parent;
        depth++;
    }
    return depth;
}

void child_walk_start(struct child_walk *walk, struct node node)
{
    walk->node = node;
    walk->next = 0;
    if (node.id)
        db_key_name(&walk->last, node.id, DB_CHILD, (struct text){NULL, 0});
}

/* The next entry of the file, after walk->last. */
static bool entry_next(struct child_walk *walk, struct slice *key, struct child_record *record)
{
    struct slice value;
    if (!walk->node.id)
        return false;
    *key = db_slice(&walk->last);
    if (!db_seek(key, &value))
        return false;
    if (key->size == walk->last.size && !memcmp(key->data, walk->last.bytes, key->size)) {
        struct db_key above = walk->last;
        above.bytes[above.size++] = 0;
        *key = db_slice(&above);
        if (!db_seek(key, &value))
            return false;
    }
    if (key->size < 5 || memcmp(key->data, walk->last.bytes, 5) || value.size != sizeof *record)
        return false;
    memcpy(record, value.data, sizeof *record);
    return true;
}

static int key_compare(struct slice a, struct slice b)
{
    int order = memcmp(a.data, b.data, a.size < b.size ? a.size : b.size);
    return order ? order : a.size < b.size ? -1 : a.size > b.size;
}

static void entry_take(struct child_walk *walk, struct slice key)
{
    memcpy(walk->last.bytes, key.data, key.size);
    walk->last.size = key.size;
}

bool child_walk_next(struct child_walk *walk, struct node *child, struct text *name)
{
    int first;
    unsigned count = walk->node.builtin >= 0 ? builtin_key_children(walk->node.builtin, &first) : 0;
    for (;;) {
        struct slice entry;
        struct child_record record;
        struct db_key builtin;
        while (walk->next < (int)count && !builtin_key_is_there(first + walk->next))
            walk->next++;
        bool in_file = entry_next(walk, &entry, &record), in_table = walk->next < (int)count;
        int order = in_file ? -1 : 1;
        if (!in_file && !in_table)
            return false;
        if (in_file && in_table) {
            db_key_name(&builtin, walk->node.id, DB_CHILD, builtin_key_name(first + walk->next));
            order = key_compare(entry, db_slice(&builtin));
        }
        if (order > 0) {
            *child = (struct node){0, first + walk->next++};
            *name = builtin_key_name(child->builtin);
            return true;
        }
        entry_take(walk, entry);
        *child = (struct node){record.id, order || record.flags & NODE_OPAQUE ? -1 : first + walk->next};
        walk->next += !order;
        struct node_info info;
        if (record.id && load(record.id, &info)) {
            *name = info.name;
            return true;
        }
    }
}
