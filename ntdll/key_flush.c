/*
 * key_flush.c: keys brought to the disk: NtFlushKey; the files of loaded hives, when they are written and replaced.
 *
 * On top of key.c and key_load.c.  A hive's file is written whole, within a transaction of the registry that writes, so
 * that of two processes one does it after the other.
 */
#include <stdlib.h>
#include <string.h>
#include "hivetree.h"
#include "key.h"
#include "ntfile.h"

/* The loaded hive that a node is in: its id; 0: none. */
static uint32_t hive_of(struct node node)
{
    struct slice path;
    uint32_t first = 0;
    if (!hive_next(&first, &path))
        return 0;
    do {
        struct db_key key = hive_entry(node.id);
        struct slice value;
        if (node.id && db_get(db_slice(&key), &value))
            return node.id;
    } while (node_parent(node, &node));
    return 0;
}

static NTSTATUS write_file(void *context)
{
    struct node hive = *(const struct node *)context;
    NTSTATUS status = node_refresh(&hive);
    return status ? status : hive_put_back(hive);
}

/* A private hive's file is held open, and written as it is: should that be cut short, the registry still has it all. */
static NTSTATUS flush_private(const struct key *root)
{
    struct file_bytes file;
    NTSTATUS status = registry_begin(false);
    if (!status)
        status = registry_end(hive_from_node(root->node, &file));
    if (status)
        return status;
    status = file_write_whole(root->app_file, &file);
    free(file.data);
    return status;
}

NTSTATUS NTAPI NtFlushKey(HANDLE handle)
{
    struct key *key;
    struct node hive = {0, -1, false};
    NTSTATUS status = key_begin(handle, 0, false, &key);
    if (status)
        return status;
    hive.id = hive_of(key->node);
    const struct key *root = key->app_hive ? key : key->within;
    status = registry_end(STATUS_SUCCESS);
    if (!status)
        status = registry_sync();
    if (!status && root)
        status = flush_private(root);
    else if (!status && hive.id)
        status = registry_update(write_file, &hive);
    object_release(key);
    return status;
}

static void raise_to(LONGLONG *newest, LONGLONG time)
{
    *newest = time > *newest ? time : *newest;
}

/* When anything in a tree was changed last. */
static void newest_in(struct node node, LONGLONG *newest)
{
    struct child_walk walk;
    struct node child;
    struct node_info info;
    struct text name;
    if (node_load(node, &info))
        raise_to(newest, info.written);
    child_walk_start(&walk, node);
    while (child_walk_next(&walk, &child, &name))
        newest_in(child, newest);
}

static bool is_newer(struct node hive)
{
    FILE_BASIC_INFORMATION basic;
    UNICODE_STRING path;
    LONGLONG newest = 0;
    if (!hive_path(hive.id, &path))
        return false;
    OBJECT_ATTRIBUTES attributes = key_attributes(NULL, &path);
    NTSTATUS status = NtQueryAttributesFile(&attributes, &basic);
    free(path.Buffer);
    newest_in(hive, &newest);
    return !status && newest > basic.LastWriteTime.QuadPart;
}

/* What can not be written here is told when the hive is unloaded; until then the registry has it. */
void hives_finish(void)
{
    struct slice path;
    if (!registry_changed())
        return;
    for (uint32_t id = 0;; id++) {
        if (registry_begin(false))
            return;
        bool found = hive_next(&id, &path);
        struct node hive = {id, -1, false};
        bool wanted = found && !hive_is_private(hive) && is_newer(hive);
        registry_end(STATUS_SUCCESS);
        if (!found)
            return;
        if (wanted)
            registry_update(write_file, &hive);
    }
}

struct replacing {
    struct node hive;
    const OBJECT_ATTRIBUTES *fresh, *old;
};

static NTSTATUS check_hive(const OBJECT_ATTRIBUTES *attributes, HANDLE *handle)
{
    struct file_bytes file;
    IO_STATUS_BLOCK io;
    NTSTATUS status =
        NtCreateFile(handle, GENERIC_READ | DELETE | SYNCHRONIZE, (OBJECT_ATTRIBUTES *)attributes, &io, NULL, 0, 0,
                     FILE_OPEN, FILE_SYNCHRONOUS_IO_NONALERT | FILE_NON_DIRECTORY_FILE, NULL, 0);
    if (status)
        return status;
    status = file_read_whole(*handle, &file);
    if (!status) {
        status = file.size >= 4 && !memcmp(file.data, "regf", 4) ? STATUS_SUCCESS : STATUS_NOT_REGISTRY_FILE;
        free(file.data);
    }
    if (status)
        NtClose(*handle);
    return status;
}

/* The new file takes the place of the hive's; what is loaded belongs to the old one from now on. */
static NTSTATUS replace(void *context)
{
    const struct replacing *r = context;
    const UNICODE_STRING *old = r->old->ObjectName;
    struct node hive = r->hive;
    struct db_key entry = hive_entry(hive.id);
    struct file_bytes file;
    UNICODE_STRING path;
    IO_STATUS_BLOCK io;
    HANDLE fresh;
    NTSTATUS status = node_refresh(&hive);
    if (status || !hive_path(hive.id, &path))
        return status ? status : STATUS_INVALID_PARAMETER;
    FILE_RENAME_INFORMATION *rename = calloc(1, sizeof *rename + path.Length);
    status = rename ? check_hive(r->fresh, &fresh) : STATUS_NO_MEMORY;
    if (!status) {
        status = hive_from_node(hive, &file);
        if (!status) {
            status = file_replace(old, &file);
            free(file.data);
        }
        rename->ReplaceIfExists = TRUE;
        rename->FileNameLength = path.Length;
        memcpy(rename->FileName, path.Buffer, path.Length);
        if (!status)
            status = db_put(db_slice(&entry), (struct slice){old->Buffer, old->Length});
        if (!status)
            status =
                NtSetInformationFile(fresh, &io, rename, (ULONG)(sizeof *rename + path.Length), FileRenameInformation);
        NtClose(fresh);
    }
    free(rename);
    free(path.Buffer);
    return status;
}

NTSTATUS NTAPI NtReplaceKey(const OBJECT_ATTRIBUTES *fresh, HANDLE handle, const OBJECT_ATTRIBUTES *old)
{
    struct replacing r = {{0, -1, false}, fresh, old};
    struct key *key;
    if (!fresh || !old || !fresh->ObjectName || !old->ObjectName || old->RootDirectory)
        return STATUS_INVALID_PARAMETER;
    NTSTATUS status = key_begin(handle, 0, false, &key);
    if (status)
        return status;
    r.hive.id = hive_of(key->node);
    bool root = r.hive.id && r.hive.id == key->node.id && !key->app_hive;
    status = key_end(key, root ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER);
    return status ? status : registry_update(replace, &r);
}
