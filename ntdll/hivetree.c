/*
 * hivetree.c: trees of the registry as hives and back: NtSaveKey, NtRestoreKey.
 *
 * Layer: NT layer, over registry_node.c, registry_value.c and registry/hive_*.c.  A hive is made in memory while one
 * transaction lasts, so that it is the tree at one moment; a hive is read within one transaction, so that a damaged one
 * changes nothing.
 */
#include <stdlib.h>
#include <string.h>
#include "hivetree.h"
#include "key.h"
#include "nls.h"
#include "ntfile.h"
#include "objectsecurity.h"
#include "registry/hive.h"

static uint16_t upper(uint16_t c)
{
    return wide_upper(c);
}

static struct hive_text as_hive(struct text text)
{
    return (struct hive_text){text.at, text.length};
}

static NTSTATUS write_node(struct hive_writer *writer, struct node node, bool top)
{
    struct node_info info;
    struct value_walk values;
    struct value value;
    struct child_walk children;
    struct node child;
    struct text name;
    ULONG size;
    if (!node_load(node, &info))
        return STATUS_KEY_DELETED;
    void *security = top ? key_security_of(node, &size) : NULL;
    struct hive_key key = {as_hive(info.name), as_hive(info.class), info.security.data,
                           info.security.size, info.written,        (info.flags & NODE_LINK) != 0};
    if (!info.security.size)
        key.security = NULL;
    if (security) {
        key.security = security;
        key.security_size = size;
    }
    hive_enter(writer, &key);
    free(security);
    value_walk_start(&values, node);
    while (value_walk_next(&values, &value))
        hive_value(writer, &(struct hive_value){as_hive(value.name), value.type, value.data, value.size});
    NTSTATUS status = STATUS_SUCCESS;
    child_walk_start(&children, node);
    while (!status && child_walk_next(&children, &child, &name))
        if (node_load(child, &info) && !(info.flags & NODE_VOLATILE))
            status = write_node(writer, child, false);
    hive_leave(writer);
    return status;
}

NTSTATUS hive_from_node(struct node node, struct file_bytes *file)
{
    struct hive_writer *writer = hive_begin(upper);
    if (!writer)
        return STATUS_NO_MEMORY;
    NTSTATUS status = write_node(writer, node, true);
    file->data = hive_finish(writer, &file->size);
    if (status)
        free(file->data);
    return status ? status : file->data ? STATUS_SUCCESS : STATUS_NO_MEMORY;
}

/* Where the reading of a hive has come to: the nodes of the way down. */
struct filling {
    struct node way[KEY_DEPTH_MAX + 2];
    unsigned depth;
    NTSTATUS status;
};

static NTSTATUS take_root(struct node *node, const struct hive_key *key)
{
    struct node_info info;
    NTSTATUS status = node_materialize(node);
    if (status)
        return status;
    if (!node_load(*node, &info))
        return STATUS_KEY_DELETED;
    info.class = (struct text){key->class.at, key->class.length};
    if (key->security && RtlValidRelativeSecurityDescriptor((void *)key->security, (ULONG)key->security_size, 0))
        info.security = (struct slice){key->security, key->security_size};
    return node_store(node->id, &info);
}

static bool enter(void *context, const struct hive_key *key)
{
    struct filling *f = context;
    struct text name = {key->name.at, key->name.length}, class = {key->class.at, key->class.length};
    struct slice security = {key->security, key->security_size};
    if (f->depth == 0) {
        f->depth = 1;
        f->status = take_root(&f->way[0], key);
        return !f->status;
    }
    struct node *parent = &f->way[f->depth - 1], *child = &f->way[f->depth], other;
    bool fits = name.length && name.length <= KEY_NAME_MAX && f->depth < KEY_DEPTH_MAX;
    for (size_t i = 0; fits && i < name.length; i++)
        fits = name.at[i] && name.at[i] != '\\';
    if (!fits || node_child(*parent, name, &other)) {
        f->status = STATUS_REGISTRY_CORRUPT;
        return false;
    }
    if (security.size && !RtlValidRelativeSecurityDescriptor((void *)security.data, (ULONG)security.size, 0))
        security = (struct slice){NULL, 0};
    f->status = node_create(parent, name, class, key->link ? NODE_LINK : 0, security, child);
    f->depth++;
    return !f->status;
}

static bool take_value(void *context, const struct hive_value *value)
{
    struct filling *f = context;
    struct text name = {value->name.at, value->name.length};
    f->status = name.length > VALUE_NAME_MAX
                    ? STATUS_REGISTRY_CORRUPT
                    : value_set(&f->way[f->depth - 1], name, value->type, value->data, value->size);
    return !f->status;
}

static bool leave(void *context)
{
    ((struct filling *)context)->depth--;
    return true;
}

static NTSTATUS delete_values(struct node *node)
{
    for (;;) {
        struct value_walk walk;
        struct value value;
        value_walk_start(&walk, *node);
        if (!value_walk_next(&walk, &value))
            return STATUS_SUCCESS;
        WCHAR *copy = malloc((value.name.length + 1) * sizeof *copy);
        if (!copy)
            return STATUS_NO_MEMORY;
        memcpy(copy, value.name.at, value.name.length * sizeof *copy);
        NTSTATUS status = value_delete(node, (struct text){copy, value.name.length});
        free(copy);
        if (status)
            return status;
    }
}

NTSTATUS hive_into_node(const struct file_bytes *file, struct node *node)
{
    struct filling *filling = calloc(1, sizeof *filling);
    const struct hive_sink sink = {filling, enter, take_value, leave};
    if (!filling)
        return STATUS_NO_MEMORY;
    NTSTATUS status = node_materialize(node);
    if (!status)
        status = node_delete_tree(*node, false);
    if (!status)
        status = delete_values(node);
    if (!status) {
        filling->way[0] = *node;
        switch (hive_read(file->data, file->size, &sink)) {
        case HIVE_GOOD:
            break;
        case HIVE_BAD:
            status = STATUS_REGISTRY_CORRUPT;
            break;
        case HIVE_STOPPED:
            status = filling->status;
            break;
        default:
            status = STATUS_NO_MEMORY;
        }
    }
    free(filling);
    return status;
}

NTSTATUS file_read_whole(HANDLE handle, struct file_bytes *file)
{
    FILE_STANDARD_INFORMATION info;
    IO_STATUS_BLOCK io;
    LARGE_INTEGER start = {.QuadPart = 0};
    *file = (struct file_bytes){NULL, 0};
    NTSTATUS status = NtQueryInformationFile(handle, &io, &info, sizeof info, FileStandardInformation);
    if (status)
        return status;
    if (info.EndOfFile.QuadPart > 0x7fffffff)
        return STATUS_REGISTRY_CORRUPT;
    file->size = (size_t)info.EndOfFile.QuadPart;
    file->data = malloc(file->size + 1);
    if (!file->data)
        return STATUS_NO_MEMORY;
    if (!file->size)
        return STATUS_SUCCESS;
    status = NtReadFile(handle, NULL, NULL, NULL, &io, file->data, (ULONG)file->size, &start, NULL);
    if (!status && io.Information != file->size)
        status = STATUS_REGISTRY_IO_FAILED;
    if (status)
        free(file->data);
    return status;
}

NTSTATUS file_write_whole(HANDLE handle, const struct file_bytes *file)
{
    IO_STATUS_BLOCK io;
    LARGE_INTEGER start = {.QuadPart = 0};
    NTSTATUS status = NtWriteFile(handle, NULL, NULL, NULL, &io, file->data, (ULONG)file->size, &start, NULL);
    FILE_END_OF_FILE_INFORMATION end = {.EndOfFile = {.QuadPart = (LONGLONG)file->size}};
    if (!status)
        status = NtSetInformationFile(handle, &io, &end, sizeof end, FileEndOfFileInformation);
    return status ? status : NtFlushBuffersFile(handle, &io);
}

NTSTATUS NTAPI NtSaveKeyEx(HANDLE handle, HANDLE to, ULONG format)
{
    struct key *key;
    struct file_bytes file;
    if (format != REG_STANDARD_FORMAT && format != REG_LATEST_FORMAT && format != REG_NO_COMPRESSION)
        return STATUS_INVALID_PARAMETER;
    NTSTATUS status = key_begin(handle, 0, false, &key);
    if (status)
        return status;
    status = key_end(key, hive_from_node(key->node, &file));
    if (status)
        return status;
    status = file_write_whole(to, &file);
    free(file.data);
    return status;
}

NTSTATUS NTAPI NtSaveKey(HANDLE handle, HANDLE to)
{
    return NtSaveKeyEx(handle, to, REG_STANDARD_FORMAT);
}

static NTSTATUS restore(struct key *key, void *context)
{
    NTSTATUS status = hive_into_node(context, &key->node);
    if (!status)
        registry_note(key->node, 0, REG_NOTIFY_CHANGE_NAME | REG_NOTIFY_CHANGE_LAST_SET);
    return status;
}

/* A tree that is volatile as a whole takes a hive of its own; to give up changes (REG_REFRESH_HIVE) takes one that
 * is never flushed.  Both are for the system's own. */
NTSTATUS NTAPI NtRestoreKey(HANDLE handle, HANDLE from, ULONG flags)
{
    struct file_bytes file;
    if (flags & ~(ULONG)(REG_FORCE_RESTORE | REG_NO_LAZY_FLUSH))
        return STATUS_INVALID_PARAMETER;
    NTSTATUS status = file_read_whole(from, &file);
    if (status)
        return status;
    bool is_hive = file.size >= 4 && !memcmp(file.data, "regf", 4);
    status = is_hive ? key_update(handle, 0, restore, &file) : STATUS_NOT_REGISTRY_FILE;
    free(file.data);
    return status;
}
