/*
 * namespace.c: the directory of named objects.  On top of object.c and futex.c.
 *
 * Names are full paths ("\Sessions\1\BaseNamedObjects\name"); one hash table holds them.
 * The table belongs to this process, for types that are not shared; the others' names, and directories, are in the
 * arena (shared.c), and are looked for there when the table does not have them.  An object is in the table from its
 * publication until its last handle is closed; the table holds no reference, so a look-up takes one only while the
 * object still has handles.
 */
#include <stdlib.h>
#include <string.h>
#include "futex.h"
#include "private_namespace.h"
#include "shared.h"

#define BUCKETS 64
#define SESSION_DIRECTORY u"\\Sessions\\1\\BaseNamedObjects"
#define GLOBAL_DIRECTORY u"\\BaseNamedObjects"
#define LITERAL_BYTES(literal) ((USHORT)(sizeof(literal) - sizeof(WCHAR)))

static struct object *directory_proxy(uint32_t index)
{
    (void)index;
    return object_create(&type_directory, sizeof(struct object));
}

const struct object_type type_directory = {
    .name = "Directory",
    .mapping = {STANDARD_RIGHTS_READ | DIRECTORY_QUERY | DIRECTORY_TRAVERSE,
                STANDARD_RIGHTS_WRITE | DIRECTORY_CREATE_OBJECT | DIRECTORY_CREATE_SUBDIRECTORY,
                STANDARD_RIGHTS_EXECUTE | DIRECTORY_QUERY | DIRECTORY_TRAVERSE, DIRECTORY_ALL_ACCESS},
    .all_access = DIRECTORY_ALL_ACCESS,
    .arena_kind = ARENA_DIRECTORY,
    .proxy = directory_proxy,
};

static struct lock table_lock;
static struct object *buckets[BUCKETS];

static WCHAR fold_ascii(WCHAR c)
{
    return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
}

static struct object **bucket_of(const UNICODE_STRING *name)
{
    uint32_t hash = 2166136261u;
    for (unsigned i = 0; i < name->Length / sizeof(WCHAR); i++)
        hash = (hash ^ fold_ascii(name->Buffer[i])) * 16777619u;
    return &buckets[hash % BUCKETS];
}

static bool names_equal(const UNICODE_STRING *a, const UNICODE_STRING *b, bool fold)
{
    if (a->Length != b->Length)
        return false;
    if (!fold)
        return memcmp(a->Buffer, b->Buffer, a->Length) == 0;
    for (unsigned i = 0; i < a->Length / sizeof(WCHAR); i++)
        if (fold_ascii(a->Buffer[i]) != fold_ascii(b->Buffer[i]))
            return false;
    return true;
}

static struct object *table_find(const UNICODE_STRING *name, bool fold)
{
    struct object *object = *bucket_of(name);
    while (object && !names_equal(&object->name, name, fold))
        object = object->name_next;
    return object;
}

/* Removes `prefix` from the front of `name` if it stands there (as a whole component). */
static bool strip_prefix(UNICODE_STRING *name, const WCHAR *prefix, USHORT bytes)
{
    if (name->Length <= bytes || name->Buffer[bytes / sizeof(WCHAR)] != '\\')
        return false;
    UNICODE_STRING front = {bytes, bytes, name->Buffer}, wanted = {bytes, bytes, (WCHAR *)prefix};
    if (!names_equal(&front, &wanted, true))
        return false;
    name->Buffer += bytes / sizeof(WCHAR) + 1;
    name->Length -= bytes + sizeof(WCHAR);
    return true;
}

static NTSTATUS name_join(const WCHAR *directory, USHORT bytes, const UNICODE_STRING *rest, UNICODE_STRING *full)
{
    size_t length = bytes + sizeof(WCHAR) + rest->Length;
    if (length > 0xfffc)
        return STATUS_OBJECT_NAME_INVALID;
    full->Buffer = malloc(length + sizeof(WCHAR));
    if (!full->Buffer)
        return STATUS_NO_MEMORY;
    memcpy(full->Buffer, directory, bytes);
    full->Buffer[bytes / sizeof(WCHAR)] = '\\';
    memcpy(full->Buffer + bytes / sizeof(WCHAR) + 1, rest->Buffer, rest->Length);
    full->Buffer[length / sizeof(WCHAR)] = 0;
    full->Length = (USHORT)length;
    full->MaximumLength = (USHORT)(length + sizeof(WCHAR));
    return STATUS_SUCCESS;
}

static bool has_separator(const UNICODE_STRING *name)
{
    for (unsigned i = 0; i < name->Length / sizeof(WCHAR); i++)
        if (name->Buffer[i] == '\\')
            return true;
    return false;
}

/* The links that stand in a session's directory: Local\x, Global\x, Session\n\x. */
static NTSTATUS name_in_session(UNICODE_STRING *name, UNICODE_STRING *full)
{
    if (strip_prefix(name, u"Global", LITERAL_BYTES(u"Global")))
        return has_separator(name) ? STATUS_OBJECT_PATH_NOT_FOUND
                                   : name_join(GLOBAL_DIRECTORY, LITERAL_BYTES(GLOBAL_DIRECTORY), name, full);
    strip_prefix(name, u"Local", LITERAL_BYTES(u"Local"));
    return name_join(SESSION_DIRECTORY, LITERAL_BYTES(SESSION_DIRECTORY), name, full);
}

static NTSTATUS name_full(const OBJECT_ATTRIBUTES *attributes, UNICODE_STRING *full)
{
    UNICODE_STRING name = *attributes->ObjectName;
    if (name.Length % sizeof(WCHAR))
        return STATUS_OBJECT_NAME_INVALID;
    if (attributes->RootDirectory) {
        struct object *directory;
        NTSTATUS status = handle_lookup(attributes->RootDirectory, &type_directory, 0, (void **)&directory);
        if (status)
            return status;
        UNICODE_STRING session = {LITERAL_BYTES(SESSION_DIRECTORY), 0, (WCHAR *)SESSION_DIRECTORY};
        if (name.Length && name.Buffer[0] == '\\')
            status = STATUS_OBJECT_PATH_SYNTAX_BAD;
        else if (names_equal(&directory->name, &session, true))
            status = name_in_session(&name, full);
        else
            status = name_join(directory->name.Buffer, directory->name.Length, &name, full);
        object_release(directory);
        return status;
    }
    if (!name.Length || name.Buffer[0] != '\\')
        return STATUS_OBJECT_PATH_SYNTAX_BAD;
    if (strip_prefix(&name, SESSION_DIRECTORY, LITERAL_BYTES(SESSION_DIRECTORY)))
        return name_in_session(&name, full);
    name.Buffer++;
    name.Length -= sizeof(WCHAR);
    return name_join(NULL, 0, &name, full);
}

static bool directory_builtin(const UNICODE_STRING *name)
{
    static const WCHAR *const known[] = {u"",           SESSION_DIRECTORY,  GLOBAL_DIRECTORY, u"\\Sessions",
                                         u"\\Device",   u"\\KernelObjects", u"\\Sessions\\1", u"\\??",
                                         u"\\GLOBAL??", u"\\RPC Control",   u"\\Windows",     PRIVATE_DIRECTORY};
    for (unsigned i = 0; i < sizeof known / sizeof known[0]; i++) {
        UNICODE_STRING wanted;
        RtlInitUnicodeString(&wanted, known[i]);
        if (names_equal(name, &wanted, true))
            return true;
    }
    return false;
}

/* Whether the directory that a full name lies in exists.  Under the table's lock. */
static bool parent_exists(const UNICODE_STRING *full)
{
    UNICODE_STRING parent = *full;
    while (parent.Length && parent.Buffer[parent.Length / sizeof(WCHAR) - 1] != '\\')
        parent.Length -= sizeof(WCHAR);
    parent.Length -= sizeof(WCHAR);
    return directory_builtin(&parent) || shared_directory_exists(&parent);
}

NTSTATUS namespace_enter(struct object *object, const OBJECT_ATTRIBUTES *attributes, struct object **result)
{
    UNICODE_STRING full;
    NTSTATUS status = name_full(attributes, &full);
    if (status)
        return status;
    lock_acquire(&table_lock);
    struct object *found = table_find(&full, attributes->Attributes & OBJ_CASE_INSENSITIVE);
    if (!found && !parent_exists(&full)) {
        status = STATUS_OBJECT_PATH_NOT_FOUND;
    } else if (!found && object->type->arena_kind) {
        status = shared_enter(object, &full, attributes->Attributes, result);
    } else if (!found) {
        struct object **bucket = bucket_of(&full);
        object->name = full;
        object->name_next = *bucket;
        *bucket = object;
        full.Buffer = NULL;
        *result = object;
    } else if (found->type != object->type) {
        status = STATUS_OBJECT_TYPE_MISMATCH;
    } else if (!(attributes->Attributes & OBJ_OPENIF)) {
        status = STATUS_OBJECT_NAME_COLLISION;
    } else {
        status = STATUS_OBJECT_NAME_EXISTS;
        *result = object_reference(found);
    }
    lock_release(&table_lock);
    free(full.Buffer);
    return status;
}

NTSTATUS namespace_find(const struct object_type *type, const OBJECT_ATTRIBUTES *attributes, struct object **result)
{
    UNICODE_STRING full;
    if (!attributes || !attributes->ObjectName)
        return STATUS_INVALID_PARAMETER;
    NTSTATUS status = name_full(attributes, &full);
    if (status)
        return status;
    lock_acquire(&table_lock);
    struct object *found = table_find(&full, attributes->Attributes & OBJ_CASE_INSENSITIVE);
    if (!found && !parent_exists(&full))
        status = STATUS_OBJECT_PATH_NOT_FOUND;
    else if (!found)
        status = shared_find(type, &full, attributes->Attributes, result);
    else if (type && found->type != type)
        status = STATUS_OBJECT_TYPE_MISMATCH;
    else
        *result = object_reference(found);
    lock_release(&table_lock);
    free(full.Buffer);
    return status;
}

/* Called when the last handle is closed; another one may have been opened by name meanwhile. */
void namespace_remove(struct object *object)
{
    if (object->shared) {
        shared_unname(object);
        return;
    }
    lock_acquire(&table_lock);
    if (object->name.Buffer && atomic_load(&object->handles) == 0) {
        struct object **link = bucket_of(&object->name);
        while (*link && *link != object)
            link = &(*link)->name_next;
        if (*link)
            *link = object->name_next;
    }
    lock_release(&table_lock);
}

/* A directory that exists from the start has no object until somebody opens it. */
static NTSTATUS directory_open_builtin(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes)
{
    UNICODE_STRING full;
    NTSTATUS status = name_full(attributes, &full);
    if (status)
        return status;
    if (full.Length == sizeof(WCHAR)) /* the root */
        full.Length = 0;
    struct object *directory = directory_builtin(&full) ? object_create(&type_directory, sizeof *directory) : NULL;
    if (!directory) {
        free(full.Buffer);
        return STATUS_OBJECT_NAME_NOT_FOUND;
    }
    directory->name = full;
    status = handle_create(directory, access, attributes->Attributes, handle);
    object_release(directory);
    return status;
}

static bool directory_is_builtin(const OBJECT_ATTRIBUTES *attributes)
{
    UNICODE_STRING full;
    if (!attributes || !attributes->ObjectName || name_full(attributes, &full))
        return false;
    if (full.Length == sizeof(WCHAR)) /* the root */
        full.Length = 0;
    bool builtin = directory_builtin(&full);
    free(full.Buffer);
    return builtin;
}

NTSTATUS NTAPI NtCreateDirectoryObject(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes)
{
    if (directory_is_builtin(attributes)) {
        if (!(attributes->Attributes & OBJ_OPENIF))
            return STATUS_OBJECT_NAME_COLLISION;
        NTSTATUS status = directory_open_builtin(handle, access, attributes);
        return status ? status : STATUS_OBJECT_NAME_EXISTS;
    }
    struct object *directory = object_create(&type_directory, sizeof *directory);
    return directory ? object_publish(directory, access, attributes, handle) : STATUS_NO_MEMORY;
}

NTSTATUS NTAPI NtOpenDirectoryObject(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes)
{
    if (!attributes || !attributes->ObjectName)
        return STATUS_INVALID_PARAMETER;
    NTSTATUS status = directory_open_builtin(handle, access, attributes);
    return status == STATUS_OBJECT_NAME_NOT_FOUND ? object_open(&type_directory, access, attributes, handle) : status;
}
