/*
 * key.c: registry keys: handles, creating, opening, deleting, renaming.  On top of registry_node.c and object.c.
 */
#include <stdlib.h>
#include <string.h>
#include "hivetree.h"
#include "key.h"

static void key_destroy(struct object *object);
static NTSTATUS key_query_name(struct object *object, UNICODE_STRING *name);

const struct object_type type_key = {
    .name = "Key",
    .mapping = {KEY_READ, KEY_WRITE, KEY_EXECUTE, KEY_ALL_ACCESS},
    .all_access = KEY_ALL_ACCESS,
    .destroy = key_destroy,
    .query_name = key_query_name,
};

static void key_destroy(struct object *object)
{
    struct key *key = (struct key *)object;
    key_watch_destroy(key);
    if (key->app_hive)
        app_hive_close(key->app_hive, key->app_file);
    if (key->within)
        object_release(key->within);
    free(key->subkeys);
    free(key->values);
    object_free(object);
}

NTSTATUS key_attach(struct key *key, bool write)
{
    NTSTATUS status = registry_begin(write);
    if (status)
        return status;
    if (key->deleted)
        return registry_end(STATUS_KEY_DELETED);
    uint64_t version = registry_version();
    if (version == key->version && !write)
        return STATUS_SUCCESS;
    struct node node = key->node;
    status = node_refresh(&node);
    if (status)
        return registry_end(status);
    key->node = node;
    key->version = write ? 0 : version; /* what a write changes in the node may come to nothing */
    return STATUS_SUCCESS;
}

NTSTATUS key_begin(HANDLE handle, ACCESS_MASK access, bool write, struct key **key)
{
    NTSTATUS status = handle_lookup(handle, &type_key, access, (void **)key);
    if (status)
        return status;
    status = key_attach(*key, write);
    if (status)
        object_release(*key);
    return status;
}

NTSTATUS key_end(struct key *key, NTSTATUS status)
{
    status = registry_end(status);
    object_release(key);
    return status;
}

NTSTATUS key_update(HANDLE handle, ACCESS_MASK access, NTSTATUS (*work)(struct key *key, void *context), void *context)
{
    struct key *key;
    NTSTATUS status = handle_lookup(handle, &type_key, access, (void **)&key);
    if (status)
        return status;
    do {
        status = key_attach(key, true);
        if (!status)
            status = registry_end(work(key, context));
    } while (status == STATUS_STORE_GREW);
    object_release(key);
    return status;
}

static NTSTATUS key_query_name(struct object *object, UNICODE_STRING *name)
{
    struct key *key = (struct key *)object;
    NTSTATUS status = key_attach(key, false);
    if (status)
        return status;
    WCHAR *path = RtlAllocateHeap(peb_current()->ProcessHeap, 0, KEY_PATH_MAX * sizeof(WCHAR));
    size_t length = path ? node_path(key->node, path, KEY_PATH_MAX - 1) : 0;
    status = registry_end(length ? STATUS_SUCCESS : STATUS_NO_MEMORY);
    if (status) {
        RtlFreeHeap(peb_current()->ProcessHeap, 0, path);
        return status;
    }
    path[length] = 0;
    *name = (UNICODE_STRING){(USHORT)(length * 2), (USHORT)(length * 2 + 2), path};
    return STATUS_SUCCESS;
}

bool key_app_hives;

/* A private hive lives as long as handles into it. */
static struct key *app_root(const OBJECT_ATTRIBUTES *attributes)
{
    struct key *root, *within = NULL;
    if (!key_app_hives || !attributes || !attributes->RootDirectory ||
        handle_lookup(attributes->RootDirectory, &type_key, 0, (void **)&root))
        return NULL;
    if (root->app_hive || root->within)
        within = object_reference(root->app_hive ? root : root->within);
    object_release(root);
    return within;
}

NTSTATUS key_publish(struct node node, uint64_t version, bool view32, ACCESS_MASK access,
                     const OBJECT_ATTRIBUTES *attributes, HANDLE *handle, struct key **made)
{
    struct key *key = object_create(&type_key, sizeof *key);
    if (!key)
        return STATUS_NO_MEMORY;
    key->node = node;
    key->version = version;
    key->view32 = view32;
    key->within = app_root(attributes);
    NTSTATUS status = handle_create(key, access & ~(ACCESS_MASK)(KEY_WOW64_32KEY | KEY_WOW64_64KEY),
                                    attributes ? attributes->Attributes : 0, handle);
    if (!status && made)
        *made = object_reference(key);
    object_release(key);
    return status;
}

NTSTATUS key_find(const OBJECT_ATTRIBUTES *attributes, ACCESS_MASK access, ULONG options,
                  struct registry_lookup *lookup, uint64_t *version)
{
    struct key *root = NULL;
    NTSTATUS status;
    lookup->owned = NULL;
    if (!attributes || !attributes->ObjectName)
        return STATUS_INVALID_PARAMETER;
    if (attributes->ObjectName->Length % sizeof(WCHAR))
        return STATUS_OBJECT_NAME_INVALID;
    lookup->view32 = access & KEY_WOW64_32KEY && !(access & KEY_WOW64_64KEY);
    lookup->open_link = options & REG_OPTION_OPEN_LINK || attributes->Attributes & OBJ_OPENLINK;
    if (attributes->RootDirectory)
        status = key_begin(attributes->RootDirectory, 0, false, &root);
    else
        status = registry_begin(false);
    if (status)
        return status;
    struct node from = root ? root->node : node_root();
    status = registry_find(root ? &from : NULL, text_of(attributes->ObjectName), lookup);
    if (status == STATUS_OBJECT_PATH_NOT_FOUND)
        status = STATUS_OBJECT_NAME_NOT_FOUND;
    *version = registry_version();
    return root ? key_end(root, status) : registry_end(status);
}

NTSTATUS NTAPI NtOpenKeyEx(PHANDLE handle, ACCESS_MASK access, const OBJECT_ATTRIBUTES *attributes, ULONG options)
{
    struct registry_lookup lookup;
    uint64_t version;
    if (!handle)
        return STATUS_ACCESS_VIOLATION;
    NTSTATUS status = key_find(attributes, access, options, &lookup, &version);
    if (!status)
        status = key_publish(lookup.node, version, lookup.view32, access, attributes, handle, NULL);
    free(lookup.owned);
    return status;
}

NTSTATUS NTAPI NtOpenKey(PHANDLE handle, ACCESS_MASK access, const OBJECT_ATTRIBUTES *attributes)
{
    return NtOpenKeyEx(handle, access, attributes, 0);
}

struct creation {
    const OBJECT_ATTRIBUTES *attributes;
    ACCESS_MASK access;
    const UNICODE_STRING *class;
    ULONG options;
    struct key *root;
    struct node node;
    bool view32;
};

/* Keys directly below \REGISTRY, \REGISTRY\MACHINE and \REGISTRY\USER are hives: not made in this way. */
static bool may_have_keys(struct node parent)
{
    return parent.builtin != 0;
}

static NTSTATUS create(void *context)
{
    struct creation *c = context;
    struct registry_lookup lookup = {.view32 = c->view32};
    struct node from;
    NTSTATUS status = STATUS_SUCCESS;
    if (c->root) {
        from = c->root->node;
        status = c->root->deleted ? STATUS_KEY_DELETED : node_refresh(&from);
        if (status)
            return status;
    }
    status = registry_find(c->root ? &from : NULL, text_of(c->attributes->ObjectName), &lookup);
    if (!status) {
        c->node = lookup.node;
        status = c->options & REG_OPTION_CREATE_LINK ? STATUS_OBJECT_NAME_COLLISION : STATUS_OBJECT_NAME_EXISTS;
    } else if (status == STATUS_OBJECT_NAME_NOT_FOUND && lookup.rest.length) {
        uint32_t flags = (c->options & REG_OPTION_VOLATILE ? NODE_VOLATILE : 0) |
                         (c->options & REG_OPTION_CREATE_LINK ? NODE_LINK : 0);
        struct text class = c->class ? text_of(c->class) : (struct text){NULL, 0};
        struct slice security = security_of_creation(c->attributes);
        if (!may_have_keys(lookup.parent))
            status = STATUS_ACCESS_DENIED;
        else if (node_depth(lookup.parent) >= KEY_DEPTH_MAX)
            status = STATUS_INVALID_PARAMETER;
        else
            status = node_create(&lookup.parent, lookup.rest, class, flags, security, &c->node);
        if (!status)
            registry_note(lookup.parent, 0, REG_NOTIFY_CHANGE_NAME);
        free((void *)security.data);
    } else if (status == STATUS_OBJECT_PATH_NOT_FOUND) {
        status = STATUS_OBJECT_NAME_NOT_FOUND;
    }
    free(lookup.owned);
    return status;
}

static NTSTATUS open_existing(PHANDLE handle, ACCESS_MASK access, const OBJECT_ATTRIBUTES *attributes, ULONG options,
                              PULONG disposition)
{
    NTSTATUS status = options & REG_OPTION_CREATE_LINK ? STATUS_OBJECT_NAME_NOT_FOUND
                                                       : NtOpenKeyEx(handle, access, attributes, options);
    if (!status && disposition)
        *disposition = REG_OPENED_EXISTING_KEY;
    return status;
}

/*
 * Opening is tried first: most keys that are created are there, and then nothing is written.  Whether a key may be made
 * below another is a matter of that one's security descriptor, not of the rights its handle has (RegCreateKeyEx's
 * page).
 */
NTSTATUS NTAPI NtCreateKey(PHANDLE handle, ACCESS_MASK access, const OBJECT_ATTRIBUTES *attributes, ULONG title,
                           const UNICODE_STRING *class, ULONG options, PULONG disposition)
{
    (void)title;
    if (!handle)
        return STATUS_ACCESS_VIOLATION;
    NTSTATUS status = open_existing(handle, access, attributes, options, disposition);
    if (status != STATUS_OBJECT_NAME_NOT_FOUND)
        return status;
    struct creation c = {.attributes = attributes,
                         .access = access,
                         .class = class,
                         .options = options,
                         .view32 = access & KEY_WOW64_32KEY && !(access & KEY_WOW64_64KEY)};
    if (attributes->RootDirectory) {
        status = handle_lookup(attributes->RootDirectory, &type_key, 0, (void **)&c.root);
        if (status)
            return status;
    }
    status = registry_update(create, &c);
    if (c.root)
        object_release(c.root);
    if (NT_SUCCESS(status)) {
        if (disposition)
            *disposition = status == STATUS_OBJECT_NAME_EXISTS ? REG_OPENED_EXISTING_KEY : REG_CREATED_NEW_KEY;
        status = key_publish(c.node, 0, c.view32, access, attributes, handle, NULL);
    }
    return status;
}

static NTSTATUS delete (struct key *key, void *context)
{
    struct child_walk walk;
    struct node child, parent;
    struct text name;
    (void)context;
    child_walk_start(&walk, key->node);
    if (child_walk_next(&walk, &child, &name) || !node_parent(key->node, &parent) || !node_parent(parent, &child))
        return STATUS_CANNOT_DELETE;
    NTSTATUS status = node_delete(key->node);
    if (!status) {
        registry_note(parent, 0, REG_NOTIFY_CHANGE_NAME);
        registry_note(key->node, parent.id, REG_NOTIFY_CHANGE_NAME);
    }
    return status;
}

NTSTATUS NTAPI NtDeleteKey(HANDLE handle)
{
    struct key *key;
    NTSTATUS status = key_update(handle, DELETE, delete, NULL);
    if (!status && !handle_lookup(handle, &type_key, 0, (void **)&key)) {
        key->deleted = true;
        object_release(key);
    }
    return status;
}

struct renaming {
    struct text name;
    struct node node;
};

static NTSTATUS rename_key(struct key *key, void *context)
{
    struct renaming *renaming = context;
    struct node parent;
    renaming->node = key->node;
    NTSTATUS status = node_rename(&renaming->node, renaming->name);
    if (!status && node_parent(renaming->node, &parent))
        registry_note(parent, 0, REG_NOTIFY_CHANGE_NAME);
    return status;
}

NTSTATUS NTAPI NtRenameKey(HANDLE handle, PUNICODE_STRING name)
{
    struct renaming renaming = {.name = text_of(name)};
    struct key *key;
    if (!renaming.name.length || renaming.name.length > KEY_NAME_MAX)
        return STATUS_INVALID_PARAMETER;
    for (size_t i = 0; i < renaming.name.length; i++)
        if (renaming.name.at[i] == '\\')
            return STATUS_INVALID_PARAMETER;
    NTSTATUS status = key_update(handle, KEY_SET_VALUE | KEY_CREATE_SUB_KEY, rename_key, &renaming);
    if (!status && !handle_lookup(handle, &type_key, 0, (void **)&key)) {
        if (!registry_begin(false)) {
            key->node = renaming.node;
            registry_end(STATUS_SUCCESS);
        }
        object_release(key);
    }
    return status;
}

NTSTATUS NTAPI NtFlushKey(HANDLE handle)
{
    struct key *key;
    NTSTATUS status = handle_lookup(handle, &type_key, 0, (void **)&key);
    if (status)
        return status;
    object_release(key);
    return registry_sync();
}
