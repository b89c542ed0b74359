/*
 * key.c: registry keys: handles, creating, opening, deleting, renaming.  On top of registry_node.c and object.c.
 */
#include <stdlib.h>
#include <string.h>
#include "hivetree.h"
#include "key.h"
#include "transaction.h"

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
    if (key->transaction)
        object_release(key->transaction);
    free(key->subkeys);
    free(key->values);
    object_free(object);
}

NTSTATUS key_attach(struct key *key, bool write)
{
    NTSTATUS status = registry_begin_in(transaction_overlay(key->transaction), write);
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

static bool wants_view32(const struct key_request *request)
{
    return request->access & KEY_WOW64_32KEY && !(request->access & KEY_WOW64_64KEY);
}

NTSTATUS key_publish(struct node node, uint64_t version, const struct key_request *request, HANDLE *handle,
                     struct key **made)
{
    struct key *key = object_create(&type_key, sizeof *key);
    if (!key)
        return STATUS_NO_MEMORY;
    key->node = node;
    key->version = version;
    key->view32 = wants_view32(request);
    key->within = app_root(request->attributes);
    key->transaction = request->transaction ? object_reference(request->transaction) : NULL;
    NTSTATUS status = handle_create(key, request->access & ~(ACCESS_MASK)(KEY_WOW64_32KEY | KEY_WOW64_64KEY),
                                    request->attributes ? request->attributes->Attributes : 0, handle);
    if (!status && made)
        *made = object_reference(key);
    object_release(key);
    return status;
}

/* Begins to read as the transaction sees it, from `root` (NULL: none) on. */
static NTSTATUS begin_from(struct key *root, struct transaction *transaction, struct node *from)
{
    if (root && root->transaction == transaction) {
        NTSTATUS status = key_attach(root, false);
        *from = root->node;
        return status;
    }
    NTSTATUS status = registry_begin_in(transaction_overlay(transaction), false);
    if (status || !root)
        return status;
    *from = root->node;
    status = root->deleted ? STATUS_KEY_DELETED : node_refresh(from);
    return status ? registry_end(status) : STATUS_SUCCESS;
}

NTSTATUS key_find(const struct key_request *request, struct registry_lookup *lookup, uint64_t *version)
{
    const OBJECT_ATTRIBUTES *attributes = request->attributes;
    struct key *root = NULL;
    struct node from;
    NTSTATUS status = STATUS_SUCCESS;
    lookup->owned = NULL;
    if (!attributes || !attributes->ObjectName)
        return STATUS_INVALID_PARAMETER;
    if (attributes->ObjectName->Length % sizeof(WCHAR))
        return STATUS_OBJECT_NAME_INVALID;
    lookup->view32 = wants_view32(request);
    lookup->open_link = request->options & REG_OPTION_OPEN_LINK || attributes->Attributes & OBJ_OPENLINK;
    if (attributes->RootDirectory)
        status = handle_lookup(attributes->RootDirectory, &type_key, 0, (void **)&root);
    if (status)
        return status;
    status = begin_from(root, request->transaction, &from);
    if (!status) {
        status = registry_find(root ? &from : NULL, text_of(attributes->ObjectName), lookup);
        if (status == STATUS_OBJECT_PATH_NOT_FOUND)
            status = STATUS_OBJECT_NAME_NOT_FOUND;
        *version = registry_version();
        status = registry_end(status);
    }
    if (root)
        object_release(root);
    return status;
}

NTSTATUS key_open(const struct key_request *request, HANDLE *handle)
{
    struct registry_lookup lookup;
    uint64_t version;
    if (!handle)
        return STATUS_ACCESS_VIOLATION;
    NTSTATUS status = key_find(request, &lookup, &version);
    if (!status)
        status = key_publish(lookup.node, version, request, handle, NULL);
    free(lookup.owned);
    return status;
}

NTSTATUS NTAPI NtOpenKeyEx(PHANDLE handle, ACCESS_MASK access, const OBJECT_ATTRIBUTES *attributes, ULONG options)
{
    const struct key_request request = {access, attributes, options, NULL};
    return key_open(&request, handle);
}

NTSTATUS NTAPI NtOpenKey(PHANDLE handle, ACCESS_MASK access, const OBJECT_ATTRIBUTES *attributes)
{
    return NtOpenKeyEx(handle, access, attributes, 0);
}

struct creation {
    const struct key_request *request;
    const UNICODE_STRING *class;
    struct key *root;
    struct node node;
};

/* Keys directly below \REGISTRY, \REGISTRY\MACHINE and \REGISTRY\USER are hives: not made in this way. */
static bool may_have_keys(struct node parent)
{
    return parent.builtin != 0;
}

static NTSTATUS create(void *context)
{
    struct creation *c = context;
    ULONG options = c->request->options;
    struct registry_lookup lookup = {.view32 = wants_view32(c->request)};
    struct node from;
    NTSTATUS status = STATUS_SUCCESS;
    if (c->root) {
        from = c->root->node;
        status = c->root->deleted ? STATUS_KEY_DELETED : node_refresh(&from);
        if (status)
            return status;
    }
    status = registry_find(c->root ? &from : NULL, text_of(c->request->attributes->ObjectName), &lookup);
    if (!status) {
        c->node = lookup.node;
        status = options & REG_OPTION_CREATE_LINK ? STATUS_OBJECT_NAME_COLLISION : STATUS_OBJECT_NAME_EXISTS;
    } else if (status == STATUS_OBJECT_NAME_NOT_FOUND && lookup.rest.length) {
        uint32_t flags =
            (options & REG_OPTION_VOLATILE ? NODE_VOLATILE : 0) | (options & REG_OPTION_CREATE_LINK ? NODE_LINK : 0);
        struct text class = c->class ? text_of(c->class) : (struct text){NULL, 0};
        struct slice security = security_of_creation(c->request->attributes);
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

static NTSTATUS open_existing(const struct key_request *request, ULONG *disposition, HANDLE *handle)
{
    NTSTATUS status =
        request->options & REG_OPTION_CREATE_LINK ? STATUS_OBJECT_NAME_NOT_FOUND : key_open(request, handle);
    if (!status && disposition)
        *disposition = REG_OPENED_EXISTING_KEY;
    return status;
}

/*
 * Opening is tried first: most keys that are created are there, and then nothing is written.  Whether a key may be made
 * below another is a matter of that one's security descriptor, not of the rights its handle has (RegCreateKeyEx's
 * page).
 */
NTSTATUS key_create(const struct key_request *request, const UNICODE_STRING *class, ULONG *disposition, HANDLE *handle)
{
    if (!handle)
        return STATUS_ACCESS_VIOLATION;
    NTSTATUS status = open_existing(request, disposition, handle);
    if (status != STATUS_OBJECT_NAME_NOT_FOUND)
        return status;
    struct creation c = {.request = request, .class = class};
    if (request->attributes->RootDirectory) {
        status = handle_lookup(request->attributes->RootDirectory, &type_key, 0, (void **)&c.root);
        if (status)
            return status;
    }
    status = registry_update_in(transaction_overlay(request->transaction), create, &c);
    if (c.root)
        object_release(c.root);
    if (NT_SUCCESS(status)) {
        if (disposition)
            *disposition = status == STATUS_OBJECT_NAME_EXISTS ? REG_OPENED_EXISTING_KEY : REG_CREATED_NEW_KEY;
        status = key_publish(c.node, 0, request, handle, NULL);
    }
    return status;
}

NTSTATUS NTAPI NtCreateKey(PHANDLE handle, ACCESS_MASK access, const OBJECT_ATTRIBUTES *attributes, ULONG title,
                           const UNICODE_STRING *class, ULONG options, PULONG disposition)
{
    const struct key_request request = {access, attributes, options, NULL};
    (void)title;
    return key_create(&request, class, disposition, handle);
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
