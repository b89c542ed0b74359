/*
 * key_load.c: hives as parts of the registry: NtLoadKey, NtUnloadKey, and private ones (RegLoadAppKey).
 *
 * On top of key.c and hivetree.c.  Loading copies a file's tree into the registry's own file, below a key that is
 * entered in a list with the path it came from; unloading writes it back, and so do flushing and the end of a process
 * (key_flush.c).  It stays until it is unloaded, since there is no machine here that could be shut down; a private one
 * that a killed process has left goes when the next session begins, or is taken over by whoever loads its file.  So a
 * hive is as safe against crashes as every other key.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "error.h"
#include "hivetree.h"
#include "key.h"
#include "ntfile.h"
#include "process.h"

struct db_key hive_entry(uint32_t id)
{
    struct db_key key;
    db_key_number(&key, 0, DB_HIVE, id);
    return key;
}

bool hive_path(uint32_t id, UNICODE_STRING *path)
{
    struct db_key key = hive_entry(id);
    struct slice value;
    if (!id || !db_get(db_slice(&key), &value) || value.size > 0xfff0)
        return false;
    path->Length = path->MaximumLength = (USHORT)value.size;
    path->Buffer = malloc(value.size + 2);
    if (path->Buffer)
        memcpy(path->Buffer, value.data, value.size);
    return path->Buffer;
}

NTSTATUS file_replace(const UNICODE_STRING *path, const struct file_bytes *file)
{
    static const WCHAR ending[] = L".new";
    UNICODE_STRING name = {(USHORT)(path->Length + 8), (USHORT)(path->Length + 8), malloc(path->Length + 16)};
    FILE_RENAME_INFORMATION *rename = calloc(1, sizeof *rename + path->Length);
    OBJECT_ATTRIBUTES attributes = {
        .Length = sizeof attributes, .ObjectName = &name, .Attributes = OBJ_CASE_INSENSITIVE};
    IO_STATUS_BLOCK io;
    HANDLE handle;
    NTSTATUS status = STATUS_NO_MEMORY;
    if (name.Buffer && rename && path->Length < 0xff00) {
        memcpy(name.Buffer, path->Buffer, path->Length);
        memcpy((char *)name.Buffer + path->Length, ending, 8);
        status =
            NtCreateFile(&handle, GENERIC_WRITE | DELETE | SYNCHRONIZE, &attributes, &io, NULL, FILE_ATTRIBUTE_NORMAL,
                         0, FILE_OVERWRITE_IF, FILE_SYNCHRONOUS_IO_NONALERT | FILE_NON_DIRECTORY_FILE, NULL, 0);
    }
    if (!status) {
        rename->ReplaceIfExists = TRUE;
        rename->FileNameLength = path->Length;
        memcpy(rename->FileName, path->Buffer, path->Length);
        status = file_write_whole(handle, file);
        if (!status)
            status = NtSetInformationFile(handle, &io, rename, (ULONG)(sizeof *rename + path->Length),
                                          FileRenameInformation);
        NtClose(handle);
        if (status)
            NtDeleteFile(&attributes);
    }
    free(name.Buffer);
    free(rename);
    return status;
}

NTSTATUS hive_put_back(struct node node)
{
    struct file_bytes file;
    UNICODE_STRING path;
    if (!hive_path(node.id, &path))
        return STATUS_INVALID_PARAMETER;
    NTSTATUS status = hive_from_node(node, &file);
    if (!status) {
        status = file_replace(&path, &file);
        free(file.data);
    }
    free(path.Buffer);
    return status;
}

static NTSTATUS forget(struct node node)
{
    struct db_key key = hive_entry(node.id);
    NTSTATUS status = node_delete_tree(node, true);
    return status ? status : db_remove(db_slice(&key));
}

bool hive_next(uint32_t *id, struct slice *path)
{
    struct db_key from = hive_entry(*id);
    struct slice key = db_slice(&from);
    if (!db_seek(&key, path) || key.size != from.size || memcmp(key.data, from.bytes, 5))
        return false;
    *id = 0;
    for (int i = 0; i < 4; i++)
        *id = *id << 8 | ((const uint8_t *)key.data)[5 + i];
    return true;
}

bool hive_is_private(struct node node)
{
    struct node above;
    struct node_info info;
    return node_parent(node, &above) && node_load(above, &info) && info.name.length == 1;
}

/* One that can not be written stays, unless the place where it was is gone. */
NTSTATUS hives_put_back(void)
{
    struct slice path;
    NTSTATUS status = STATUS_SUCCESS;
    for (uint32_t id = 0; !status && hive_next(&id, &path); id++) {
        struct node node = {id, -1};
        if (!hive_is_private(node))
            continue;
        status = hive_put_back(node);
        if (!status || status == STATUS_OBJECT_PATH_NOT_FOUND) {
            status = forget(node);
        } else {
            warn("a registry hive that was left loaded can not be written back to its file (%s)", status_name(status));
            status = STATUS_SUCCESS;
        }
    }
    return status;
}

struct loading {
    const OBJECT_ATTRIBUTES *target;
    const UNICODE_STRING *path;
    struct file_bytes file;
    struct key *root;
    bool app;
    HANDLE source; /* the file, open for this process alone */
    struct node node;
};

/* Hives hang directly below \REGISTRY\MACHINE, \REGISTRY\USER and, the private ones, \REGISTRY\A. */
static NTSTATUS load_place(const struct loading *l, struct registry_lookup *lookup)
{
    struct node from, above;
    NTSTATUS status = l->root ? node_refresh(&l->root->node) : STATUS_SUCCESS;
    if (status)
        return status;
    from = l->root ? l->root->node : node_root();
    status = registry_find(l->root ? &from : NULL, text_of(l->target->ObjectName), lookup);
    if (!status)
        return STATUS_OBJECT_NAME_COLLISION;
    if (status == STATUS_OBJECT_PATH_NOT_FOUND && l->app && lookup->parent.builtin == 0) {
        struct node made;
        status = node_create(&lookup->parent, lookup->rest, (struct text){NULL, 0}, 0, (struct slice){NULL, 0}, &made);
        return status ? status : load_place(l, lookup);
    }
    if (status != STATUS_OBJECT_NAME_NOT_FOUND)
        return status;
    if (!node_parent(lookup->parent, &above) || node_parent(above, &above))
        return STATUS_INVALID_PARAMETER;
    return lookup->rest.length ? STATUS_SUCCESS : STATUS_OBJECT_NAME_INVALID;
}

static bool is_loaded(const UNICODE_STRING *path, struct node *node)
{
    struct slice value;
    for (uint32_t id = 0; hive_next(&id, &value); id++) {
        UNICODE_STRING other = {(USHORT)value.size, (USHORT)value.size, (WCHAR *)value.data};
        *node = (struct node){id, -1};
        if (RtlEqualUnicodeString(&other, path, TRUE))
            return true;
    }
    return false;
}

/* Who has the file loaded as a private hive holds it open: that we could open it means that nobody has.  What is left
 * in the registry is newer than the file. */
static NTSTATUS take_over(struct loading *l, struct node left)
{
    struct file_bytes newer;
    if (!hive_is_private(left))
        return STATUS_SHARING_VIOLATION;
    NTSTATUS status = hive_from_node(left, &newer);
    if (status)
        return status;
    free(l->file.data);
    l->file = newer;
    return forget(left);
}

static NTSTATUS load(void *context)
{
    struct loading *l = context;
    struct registry_lookup lookup = {0};
    struct node left;
    NTSTATUS status = is_loaded(l->path, &left) ? take_over(l, left) : STATUS_SUCCESS;
    if (!status)
        status = load_place(l, &lookup);
    if (!status)
        status = node_create(&lookup.parent, lookup.rest, (struct text){NULL, 0}, 0, (struct slice){NULL, 0}, &l->node);
    if (!status && l->file.size)
        status = hive_into_node(&l->file, &l->node);
    if (!status) {
        struct db_key key = hive_entry(l->node.id);
        status = db_put(db_slice(&key), (struct slice){l->path->Buffer, l->path->Length});
    }
    if (!status)
        registry_note(lookup.parent, 0, REG_NOTIFY_CHANGE_NAME);
    free(lookup.owned);
    return status;
}

/* A file that is not there is made, empty; so is one without a byte taken. */
static NTSTATUS read_source(const OBJECT_ATTRIBUTES *source, struct file_bytes *file, HANDLE *handle)
{
    IO_STATUS_BLOCK io;
    NTSTATUS status = NtCreateFile(handle, GENERIC_READ | GENERIC_WRITE | SYNCHRONIZE, (OBJECT_ATTRIBUTES *)source, &io,
                                   NULL, FILE_ATTRIBUTE_NORMAL, 0, FILE_OPEN_IF,
                                   FILE_SYNCHRONOUS_IO_NONALERT | FILE_NON_DIRECTORY_FILE, NULL, 0);
    if (status)
        return status;
    status = file_read_whole(*handle, file);
    if (status)
        NtClose(*handle);
    return status;
}

NTSTATUS NTAPI NtLoadKeyEx(const OBJECT_ATTRIBUTES *target, const OBJECT_ATTRIBUTES *source, ULONG flags, HANDLE trust,
                           HANDLE event, ACCESS_MASK access, PHANDLE root, PIO_STATUS_BLOCK io)
{
    struct loading l = {.target = target, .app = flags & REG_APP_HIVE};
    struct key *key;
    (void)trust, (void)event, (void)io; /* classes of trust are the kernel's, waiting is not needed */
    if (!target || !source || !target->ObjectName || !source->ObjectName || source->RootDirectory || (l.app && !root))
        return STATUS_INVALID_PARAMETER;
    NTSTATUS status = read_source(source, &l.file, &l.source);
    if (status)
        return status;
    l.path = source->ObjectName;
    if (target->RootDirectory)
        status = handle_lookup(target->RootDirectory, &type_key, 0, (void **)&l.root);
    if (!status)
        status = registry_update(load, &l);
    if (l.root)
        object_release(l.root);
    free(l.file.data);
    if (status || !l.app)
        NtClose(l.source);
    if (status || !root)
        return status;
    struct key_request request = {.access = access ? access : KEY_READ};
    status = key_publish(l.node, 0, &request, root, &key);
    if (!status) {
        if (l.app) {
            key_app_hives = true;
            key->app_hive = l.node.id;
            key->app_file = l.source;
        }
        object_release(key);
    } else if (l.app) {
        app_hive_close(l.node.id, l.source);
    }
    return status;
}

NTSTATUS NTAPI NtLoadKey2(const OBJECT_ATTRIBUTES *target, const OBJECT_ATTRIBUTES *source, ULONG flags)
{
    return NtLoadKeyEx(target, source, flags & ~REG_APP_HIVE, NULL, NULL, 0, NULL, NULL);
}

NTSTATUS NTAPI NtLoadKey(const OBJECT_ATTRIBUTES *target, const OBJECT_ATTRIBUTES *source)
{
    return NtLoadKey2(target, source, 0);
}

/* The file is written before the tree is deleted. */
static NTSTATUS unload(void *context)
{
    struct node node = *(const struct node *)context, parent;
    NTSTATUS status = node_refresh(&node);
    if (!status)
        status = hive_put_back(node);
    if (!status && node_parent(node, &parent))
        registry_note(parent, 0, REG_NOTIFY_CHANGE_NAME);
    return status ? status : forget(node);
}

NTSTATUS NTAPI NtUnloadKey2(const OBJECT_ATTRIBUTES *target, ULONG flags)
{
    struct registry_lookup lookup = {0};
    uint64_t version;
    (void)flags; /* handles that are open find the key deleted, forced or not */
    struct key_request request = {.attributes = target};
    NTSTATUS status = key_find(&request, &lookup, &version);
    free(lookup.owned);
    return status ? status : registry_update(unload, &lookup.node);
}

NTSTATUS NTAPI NtUnloadKey(const OBJECT_ATTRIBUTES *target)
{
    return NtUnloadKey2(target, 0);
}

void app_hive_close(uint32_t id, HANDLE file)
{
    struct node node = {id, -1};
    NtClose(file);
    NTSTATUS status = registry_update(unload, &node);
    if (status)
        warn("a private registry hive can not be written back to its file (%s)", status_name(status));
}
