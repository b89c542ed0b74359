/*
 * shared.c: moving objects into the arena, and this process's objects of its entries.
 *
 * Layer: NT layer.  One lock guards the table of proxies; the arena's lock is taken inside of it.
 */
#include <stdlib.h>
#include <string.h>
#include "futex.h"
#include "large.h"
#include "shared.h"

static struct lock lock;
static struct object *local[ARENA_ENTRIES] LARGE;

static const struct object_type *const types[] = {&type_event,   &type_mutant, &type_semaphore, &type_timer,
                                                  &type_section, &type_job,    &type_directory};

static const struct object_type *type_of_kind(uint32_t kind)
{
    for (unsigned i = 0; i < sizeof types / sizeof *types; i++)
        if (types[i]->arena_kind == kind)
            return types[i];
    return NULL;
}

struct object *shared_local(uint32_t index)
{
    return __atomic_load_n(&local[index], __ATOMIC_ACQUIRE);
}

/* A reference, unless the object is dying already. */
static bool try_reference(struct object *object)
{
    uint32_t count = atomic_load(&object->references);
    while (count)
        if (atomic_compare_exchange_weak(&object->references, &count, count + 1))
            return true;
    return false;
}

static bool copy_name(struct object *object, const struct arena_entry *entry)
{
    size_t bytes = entry->name_length * sizeof(WCHAR);
    if (!bytes)
        return true;
    object->name.Buffer = malloc(bytes + sizeof(WCHAR));
    if (!object->name.Buffer)
        return false;
    memcpy(object->name.Buffer, entry->name, bytes);
    object->name.Buffer[bytes / sizeof(WCHAR)] = 0;
    object->name.Length = (USHORT)bytes;
    object->name.MaximumLength = (USHORT)(bytes + sizeof(WCHAR));
    return true;
}

/* Under both locks. */
static struct object *proxy_create(uint32_t index)
{
    struct arena_entry *entry = arena_entry(index);
    const struct object_type *type = type_of_kind(atomic_load(&entry->kind));
    struct object *object = type ? type->proxy(index) : NULL;
    if (!object)
        return NULL;
    if (!copy_name(object, entry)) {
        object_release(object);
        return NULL;
    }
    if (entry->waitable.shared)
        object->waitable = &entry->waitable;
    object->shared = index;
    __atomic_store_n(&local[index], object, __ATOMIC_RELEASE);
    return object;
}

/* Under both locks. */
static struct object *object_of(uint32_t index)
{
    struct object *object = local[index];
    return object && try_reference(object) ? object : proxy_create(index);
}

struct object *shared_object(uint32_t index)
{
    lock_acquire(&lock);
    arena_lock();
    struct object *object = object_of(index);
    arena_unlock();
    lock_release(&lock);
    return object;
}

struct object *shared_adopt(struct object *object, uint32_t index)
{
    lock_acquire(&lock);
    struct object *present = local[index];
    if (present && try_reference(present)) {
        lock_release(&lock);
        object_release(object);
        return present;
    }
    object->waitable = &arena_entry(index)->waitable;
    object->shared = index;
    __atomic_store_n(&local[index], object, __ATOMIC_RELEASE);
    lock_release(&lock);
    return object;
}

/* Under both locks. */
static uint32_t promote(struct object *object, const UNICODE_STRING *name)
{
    uint32_t index = object->type->arena_kind ? arena_allocate() : 0;
    if (!index)
        return 0;
    struct arena_entry *entry = arena_entry(index);
    if (name)
        arena_set_name(index, name);
    if (object->type->share && !object->type->share(object, index)) {
        atomic_store(&entry->kind, ARENA_FREE);
        return 0;
    }
    struct waitable *old = object->waitable;
    if (old) {
        entry->waitable.shared = 1;
        waitable_move(old, &entry->waitable);
        __atomic_store_n(&object->waitable, &entry->waitable, __ATOMIC_RELEASE);
    }
    object->shared = index;
    __atomic_store_n(&local[index], object, __ATOMIC_RELEASE);
    atomic_store(&entry->kind, object->type->arena_kind);
    return index;
}

uint32_t shared_promote(struct object *object)
{
    if (!arena_attach())
        return 0;
    lock_acquire(&lock);
    uint32_t index = object->shared;
    if (!index) {
        arena_lock();
        index = promote(object, NULL);
        arena_unlock();
    }
    lock_release(&lock);
    return index;
}

static NTSTATUS enter(struct object *object, const UNICODE_STRING *name, ULONG attributes, struct object **result)
{
    uint32_t index = arena_find(name, attributes & OBJ_CASE_INSENSITIVE);
    if (!index) {
        index = promote(object, name);
        if (!index)
            return STATUS_INSUFFICIENT_RESOURCES;
        *result = object;
        return copy_name(object, arena_entry(index)) ? STATUS_SUCCESS : STATUS_NO_MEMORY;
    }
    struct arena_entry *entry = arena_entry(index);
    if (atomic_load(&entry->kind) != object->type->arena_kind)
        return STATUS_OBJECT_TYPE_MISMATCH;
    if (!(attributes & OBJ_OPENIF))
        return STATUS_OBJECT_NAME_COLLISION;
    arena_hold(&entry->holders, arena_self());
    *result = object_of(index);
    return *result ? STATUS_OBJECT_NAME_EXISTS : STATUS_NO_MEMORY;
}

NTSTATUS shared_enter(struct object *object, const UNICODE_STRING *name, ULONG attributes, struct object **result)
{
    if (name->Length / sizeof(WCHAR) > ARENA_NAME_MAX)
        return STATUS_OBJECT_NAME_INVALID;
    if (!arena_attach())
        return STATUS_INSUFFICIENT_RESOURCES;
    lock_acquire(&lock);
    arena_lock();
    NTSTATUS status = enter(object, name, attributes, result);
    arena_unlock();
    lock_release(&lock);
    return status;
}

NTSTATUS shared_find(const struct object_type *type, const UNICODE_STRING *name, ULONG attributes,
                     struct object **result)
{
    NTSTATUS status = STATUS_OBJECT_NAME_NOT_FOUND;
    if (!arena_attach())
        return status;
    lock_acquire(&lock);
    arena_lock();
    uint32_t index = arena_find(name, attributes & OBJ_CASE_INSENSITIVE);
    struct arena_entry *entry = arena_entry(index);
    if (index && type && atomic_load(&entry->kind) != type->arena_kind) {
        status = STATUS_OBJECT_TYPE_MISMATCH;
    } else if (index) {
        arena_hold(&entry->holders, arena_self());
        *result = object_of(index);
        status = *result ? STATUS_SUCCESS : STATUS_NO_MEMORY;
    }
    arena_unlock();
    lock_release(&lock);
    return status;
}

bool shared_directory_exists(const UNICODE_STRING *name)
{
    if (!arena_attach())
        return false;
    arena_lock();
    uint32_t index = arena_find(name, true);
    bool exists = index && atomic_load(&arena_entry(index)->kind) == ARENA_DIRECTORY;
    arena_unlock();
    return exists;
}

void shared_destroy_directory(struct object *directory)
{
    arena_lock();
    arena_unname_directory(directory->shared);
    arena_unlock();
}

void shared_unname(struct object *object)
{
    static const UNICODE_STRING none;
    struct arena_entry *entry = arena_entry(object->shared);
    bool others = false;
    arena_lock();
    for (uint32_t i = 0; i < ARENA_PROCESSES / 64; i++) {
        uint64_t bits = atomic_load(&entry->holders.bits[i]);
        if (i == arena_self() / 64)
            bits &= ~(1ull << arena_self() % 64);
        others |= bits != 0;
    }
    if (!others && !atomic_load(&object->handles)) {
        if (object->type == &type_directory)
            arena_unname_directory(object->shared);
        else
            arena_set_name(object->shared, &none);
    }
    arena_unlock();
}

void shared_forget(struct object *object)
{
    uint32_t index = object->shared;
    lock_acquire(&lock);
    if (local[index] == object) {
        local[index] = NULL;
        arena_drop_entry(index, arena_self());
    }
    lock_release(&lock);
}

NTSTATUS shared_give(struct object *object, struct handover_object *out, struct blob *blob)
{
    (void)blob;
    out->entry = shared_promote(object);
    return out->entry ? STATUS_SUCCESS : STATUS_INSUFFICIENT_RESOURCES;
}

NTSTATUS shared_take(const struct handover_object *in, const char *text, struct object **object)
{
    (void)text;
    *object = shared_object(in->entry);
    return *object ? STATUS_SUCCESS : STATUS_NO_MEMORY;
}
