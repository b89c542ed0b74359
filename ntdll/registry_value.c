/*
 * registry_value.c: values of nodes.
 *
 * Layer: NT layer, over registry_db.c and registry_builtin.c.  The file has a value under its node and its name in
 * upper case, and for each that is not built in a number that keeps the order in which they were made.
 */
#include <string.h>
#include "registry.h"

#define ORDER_BUILTIN 0xffffffffu /* stands where the built-in value of its name does */
enum { VALUE_HIDDEN = 1 };

struct value_record {
    uint32_t order, type, flags;
    uint16_t name_length, unused;
};

static bool record_get(struct slice bytes, struct value_record *record, struct value *value)
{
    if (bytes.size < sizeof *record)
        return false;
    memcpy(record, bytes.data, sizeof *record);
    size_t head = sizeof *record + record->name_length * sizeof(WCHAR);
    if (bytes.size < head)
        return false;
    const char *at = (const char *)bytes.data + sizeof *record;
    *value = (struct value){
        {(const WCHAR *)at, record->name_length}, record->type, (const char *)bytes.data + head, bytes.size - head};
    return true;
}

static bool find_in_file(uint32_t id, struct text name, struct value_record *record, struct value *value)
{
    struct db_key key;
    struct slice bytes;
    if (!id)
        return false;
    db_key_name(&key, id, DB_VALUE, name);
    return db_get(db_slice(&key), &bytes) && record_get(bytes, record, value);
}

bool value_find(struct node node, struct text name, struct value *value)
{
    struct value_record record;
    if (find_in_file(node.id, name, &record, value))
        return !(record.flags & VALUE_HIDDEN);
    int index = node.builtin >= 0 ? builtin_value_find(node.builtin, name) : -1;
    return index >= 0 && builtin_value_get(index, value);
}

static NTSTATUS record_put(uint32_t id, const struct value_record *record, struct text name, const void *data,
                           size_t size)
{
    size_t name_size = name.length * sizeof(WCHAR);
    char *bytes = db_scratch(sizeof *record + name_size + size);
    struct db_key key;
    if (!bytes)
        return STATUS_NO_MEMORY;
    memcpy(bytes, record, sizeof *record);
    memcpy(bytes + sizeof *record, name.at, name_size);
    memcpy(bytes + sizeof *record + name_size, data, size);
    db_key_name(&key, id, DB_VALUE, name);
    return db_put(db_slice(&key), (struct slice){bytes, sizeof *record + name_size + size});
}

/* A new value goes behind the others. */
static NTSTATUS order_new(uint32_t id, struct text name, uint32_t *order, uint32_t *next)
{
    struct node_info info;
    struct db_key key, number;
    if (!node_load((struct node){id, -1}, &info))
        return STATUS_KEY_DELETED;
    *order = info.next_order;
    *next = info.next_order + 1;
    db_key_name(&key, id, DB_VALUE, name);
    db_key_number(&number, id, DB_ORDER, *order);
    return db_put(db_slice(&number), db_slice(&key));
}

/* Keeps the name as it was first written. */
NTSTATUS value_set(struct node *node, struct text name, ULONG type, const void *data, size_t size)
{
    struct value_record record = {0}, old;
    struct value there = {name};
    uint32_t next = 0;
    NTSTATUS status = node_materialize(node);
    if (status)
        return status;
    bool found = find_in_file(node->id, name, &old, &there);
    int builtin = node->builtin >= 0 ? builtin_value_find(node->builtin, name) : -1;
    if (builtin >= 0) {
        there.name = builtin_value_name(builtin);
        record.order = ORDER_BUILTIN;
    } else if (found && old.order != ORDER_BUILTIN) {
        record.order = old.order;
    } else {
        status = order_new(node->id, name, &record.order, &next);
        there.name = name;
    }
    record.type = type;
    record.name_length = (uint16_t)name.length;
    if (!status)
        status = record_put(node->id, &record, there.name, data, size);
    return status ? status : node_touch(node->id, next);
}

NTSTATUS value_delete(struct node *node, struct text name)
{
    struct value_record record;
    struct value there;
    struct db_key key;
    if (!value_find(*node, name, &there))
        return STATUS_OBJECT_NAME_NOT_FOUND;
    NTSTATUS status = node_materialize(node);
    if (status)
        return status;
    if (node->builtin >= 0 && builtin_value_find(node->builtin, name) >= 0) {
        record =
            (struct value_record){.order = ORDER_BUILTIN, .flags = VALUE_HIDDEN, .name_length = (uint16_t)name.length};
        status = record_put(node->id, &record, name, NULL, 0);
    } else if (find_in_file(node->id, name, &record, &there)) {
        db_key_number(&key, node->id, DB_ORDER, record.order);
        status = db_remove(db_slice(&key));
        db_key_name(&key, node->id, DB_VALUE, name);
        if (!status)
            status = db_remove(db_slice(&key));
    }
    return status ? status : node_touch(node->id, 0);
}

static NTSTATUS delete_tagged(uint32_t id, enum db_tag tag)
{
    for (;;) {
        struct db_key from, found;
        struct slice value;
        db_key_name(&from, id, tag, (struct text){NULL, 0});
        struct slice key = db_slice(&from);
        if (!db_seek(&key, &value) || key.size < 5 || memcmp(key.data, from.bytes, 5))
            return STATUS_SUCCESS;
        memcpy(found.bytes, key.data, key.size);
        found.size = key.size;
        NTSTATUS status = db_remove(db_slice(&found));
        if (status)
            return status;
    }
}

NTSTATUS value_delete_all(uint32_t id)
{
    NTSTATUS status = delete_tagged(id, DB_VALUE);
    return status ? status : delete_tagged(id, DB_ORDER);
}

void value_walk_start(struct value_walk *walk, struct node node)
{
    *walk = (struct value_walk){.node = node};
}

static bool next_builtin(struct value_walk *walk, struct value *value)
{
    int first;
    unsigned count = walk->node.builtin >= 0 ? builtin_key_values(walk->node.builtin, &first) : 0;
    while (walk->builtin < count) {
        int index = first + (int)walk->builtin++;
        struct value_record record;
        if (find_in_file(walk->node.id, builtin_value_name(index), &record, value)) {
            if (!(record.flags & VALUE_HIDDEN))
                return true;
        } else if (builtin_value_get(index, value)) {
            return true;
        }
    }
    return false;
}

bool value_walk_next(struct value_walk *walk, struct value *value)
{
    if (next_builtin(walk, value))
        return true;
    struct db_key from;
    struct slice key, where, bytes;
    struct value_record record;
    if (!walk->node.id)
        return false;
    db_key_number(&from, walk->node.id, DB_ORDER, walk->order);
    key = db_slice(&from);
    if (!db_seek(&key, &where) || key.size != from.size || memcmp(key.data, from.bytes, 5))
        return false;
    const uint8_t *number = (const uint8_t *)key.data + 5;
    walk->order = ((uint32_t)number[0] << 24 | number[1] << 16 | number[2] << 8 | number[3]) + 1;
    return db_get(where, &bytes) && record_get(bytes, &record, value);
}
