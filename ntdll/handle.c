/*
 * handle.c: the table of handles.  On top of object.c and futex.c.
 *
 * Handle values are multiples of four; the low two bits are ignored.  The table has two levels, and neither is ever
 * freed, so that a look-up needs no lock on the table: it locks one entry by a bit of its object pointer, counts the
 * object, and unlocks.  Free entries form a stack whose head carries a tag against reuse in between.
 */
#include <sched.h>
#include <stdlib.h>
#include "futex.h"
#include "large.h"
#include "object.h"
#include "process.h"
#include "thread.h"

#define BLOCK_ENTRIES 256
#define BLOCK_COUNT 65536
#define ENTRY_LOCKED 1u

struct entry {
    _Atomic uintptr_t object; /* 0 free; bit 0: locked */
    _Atomic uint32_t next;    /* of a free entry: index of the next free one */
    uint32_t access;          /* both under the entry's lock */
    uint32_t attributes;
};

static struct entry *_Atomic blocks[BLOCK_COUNT] LARGE;
static _Atomic uint32_t used = 1;  /* entries handed out so far; entry 0 is no handle */
static _Atomic uint64_t free_head; /* index in the low half, tag in the high half */
static _Atomic uint32_t open_handles;

static struct entry *entry_at(uint32_t index)
{
    struct entry *block = atomic_load_explicit(&blocks[index / BLOCK_ENTRIES], memory_order_acquire);
    return block ? block + index % BLOCK_ENTRIES : NULL;
}

/* The index in a handle's value, 0 if it can be none. */
static uint32_t handle_index(HANDLE handle)
{
    uintptr_t index = (uintptr_t)handle >> 2;
    return index < atomic_load_explicit(&used, memory_order_acquire) ? (uint32_t)index : 0;
}

static struct entry *entry_create(uint32_t *index)
{
    uint64_t head = atomic_load(&free_head);
    while ((uint32_t)head) {
        struct entry *entry = entry_at((uint32_t)head);
        uint64_t next = atomic_load(&entry->next) | ((head >> 32) + 1) << 32;
        if (atomic_compare_exchange_weak(&free_head, &head, next)) {
            *index = (uint32_t)head;
            return entry;
        }
    }
    uint32_t fresh = atomic_load(&used);
    do {
        if (fresh == BLOCK_ENTRIES * BLOCK_COUNT)
            return NULL;
        struct entry *none = NULL, *block;
        if (!entry_at(fresh)) {
            block = calloc(BLOCK_ENTRIES, sizeof *block);
            if (!block)
                return NULL;
            if (!atomic_compare_exchange_strong(&blocks[fresh / BLOCK_ENTRIES], &none, block))
                free(block);
        }
    } while (!atomic_compare_exchange_weak(&used, &fresh, fresh + 1));
    *index = fresh;
    return entry_at(fresh);
}

static void entry_free(struct entry *entry, uint32_t index)
{
    uint64_t head = atomic_load(&free_head);
    do {
        atomic_store(&entry->next, (uint32_t)head);
    } while (!atomic_compare_exchange_weak(&free_head, &head, index | ((head >> 32) + 1) << 32));
}

/* Locks the entry of an open handle; NULL if it is not open. */
__attribute__((always_inline)) static inline struct object *entry_lock(struct entry *entry)
{
    thread_no_suspend();
    for (unsigned spins = 1;; spins++) {
        uintptr_t object = atomic_load_explicit(&entry->object, memory_order_relaxed);
        if (!object) {
            thread_may_suspend();
            return NULL;
        }
        if (!(object & ENTRY_LOCKED) &&
            atomic_compare_exchange_weak_explicit(&entry->object, &object, object | ENTRY_LOCKED, memory_order_acquire,
                                                  memory_order_relaxed))
            return (struct object *)object;
        if (spins % 64)
            cpu_relax();
        else
            sched_yield();
    }
}

static void entry_unlock(struct entry *entry, struct object *object)
{
    atomic_store_explicit(&entry->object, (uintptr_t)object, memory_order_release);
    thread_may_suspend();
}

static ACCESS_MASK access_map(const struct object_type *type, ACCESS_MASK access)
{
    if (access & GENERIC_READ)
        access |= type->mapping.GenericRead;
    if (access & GENERIC_WRITE)
        access |= type->mapping.GenericWrite;
    if (access & GENERIC_EXECUTE)
        access |= type->mapping.GenericExecute;
    if (access & (GENERIC_ALL | MAXIMUM_ALLOWED))
        access |= type->all_access;
    for (size_t i = 0; i < sizeof type->included / sizeof *type->included; i++)
        if (access & type->included[i].has)
            access |= type->included[i].gives;
    return access & ~(GENERIC_READ | GENERIC_WRITE | GENERIC_EXECUTE | GENERIC_ALL | MAXIMUM_ALLOWED);
}

NTSTATUS handle_create(void *pointer, ACCESS_MASK access, ULONG attributes, HANDLE *handle)
{
    struct object *object = pointer;
    uint32_t index;
    struct entry *entry = entry_create(&index);
    if (!entry)
        return STATUS_INSUFFICIENT_RESOURCES;
    object_reference(object);
    atomic_fetch_add(&object->handles, 1);
    atomic_fetch_add_explicit(&open_handles, 1, memory_order_relaxed);
    entry->access = access_map(object->type, access);
    entry->attributes = attributes & (OBJ_INHERIT | OBJ_PROTECT_CLOSE);
    atomic_store_explicit(&entry->object, (uintptr_t)object, memory_order_release);
    *handle = (HANDLE)((uintptr_t)index << 2);
    return STATUS_SUCCESS;
}

/* Single-threaded: the process has not begun.  In ascending order; entries that are skipped become free ones. */
NTSTATUS handle_create_at(HANDLE handle, void *pointer, ACCESS_MASK access, ULONG attributes)
{
    struct object *object = pointer;
    uint32_t wanted = (uint32_t)((uintptr_t)handle >> 2), fresh = atomic_load(&used);
    if (wanted < fresh || wanted >= BLOCK_ENTRIES * BLOCK_COUNT)
        return STATUS_INVALID_HANDLE;
    for (uint32_t block = fresh / BLOCK_ENTRIES; block <= wanted / BLOCK_ENTRIES; block++)
        if (!atomic_load(&blocks[block])) {
            struct entry *entries = calloc(BLOCK_ENTRIES, sizeof *entries);
            if (!entries)
                return STATUS_NO_MEMORY;
            atomic_store(&blocks[block], entries);
        }
    for (; fresh <= wanted; fresh++) {
        atomic_store(&used, fresh + 1);
        if (fresh != wanted)
            entry_free(entry_at(fresh), fresh);
    }
    struct entry *entry = entry_at(wanted);
    object_reference(object);
    atomic_fetch_add(&object->handles, 1);
    atomic_fetch_add_explicit(&open_handles, 1, memory_order_relaxed);
    entry->access = access;
    entry->attributes = attributes & (OBJ_INHERIT | OBJ_PROTECT_CLOSE);
    atomic_store(&entry->object, (uintptr_t)object);
    return STATUS_SUCCESS;
}

/* Pseudo handles: all rights, no entry. */
static struct object *handle_pseudo(HANDLE handle)
{
    if (handle == NtCurrentProcess())
        return process_object();
    if (handle == NtCurrentThread())
        return thread_current()->object;
    return NULL;
}

/* Puts what a sleeping object stands for in its place; the entry is locked. */
static struct object *entry_wake(struct entry *entry, struct object *sleeper)
{
    struct object *object = sleeper->type->wake(sleeper, &entry->access);
    if (!object)
        return NULL;
    atomic_fetch_add(&object->handles, 1);
    object_release(sleeper);
    return object;
}

NTSTATUS handle_query(HANDLE handle, void **result, struct handle_info *info)
{
    struct object *object = handle_pseudo(handle);
    if (object) {
        *info = (struct handle_info){object->type->all_access, 0};
        *result = object_reference(object);
        return STATUS_SUCCESS;
    }
    uint32_t index = handle_index(handle);
    struct entry *entry = index ? entry_at(index) : NULL;
    object = entry ? entry_lock(entry) : NULL;
    if (!object)
        return STATUS_INVALID_HANDLE;
    if (object->type->wake) {
        struct object *awake = entry_wake(entry, object);
        if (!awake) {
            entry_unlock(entry, object);
            return STATUS_INVALID_HANDLE;
        }
        object = awake;
    }
    *info = (struct handle_info){entry->access, entry->attributes};
    *result = object_reference(object);
    entry_unlock(entry, object);
    return STATUS_SUCCESS;
}

NTSTATUS handle_lookup(HANDLE handle, const struct object_type *type, ACCESS_MASK access, void **result)
{
    struct handle_info info;
    NTSTATUS status = handle_query(handle, result, &info);
    if (status)
        return status;
    if (type && ((struct object *)*result)->type != type)
        status = STATUS_OBJECT_TYPE_MISMATCH;
    else if (access & ~info.access)
        status = STATUS_ACCESS_DENIED;
    if (status)
        object_release(*result);
    return status;
}

struct object *handle_enter(HANDLE handle, const struct object_type *type, ACCESS_MASK access)
{
    uint32_t index = handle_index(handle);
    struct entry *entry = index ? entry_at(index) : NULL;
    struct object *object = entry ? entry_lock(entry) : NULL;
    if (!object)
        return NULL;
    if (!(access & ~entry->access) && (type ? object->type == type : !object->type->wake))
        return object;
    entry_unlock(entry, object);
    return NULL;
}

void handle_leave(HANDLE handle, struct object *object)
{
    entry_unlock(entry_at(handle_index(handle)), object);
}

NTSTATUS handle_set_attributes(HANDLE handle, ULONG attributes)
{
    uint32_t index = handle_index(handle);
    struct entry *entry = index ? entry_at(index) : NULL;
    struct object *object = entry ? entry_lock(entry) : NULL;
    if (!object)
        return STATUS_INVALID_HANDLE;
    entry->attributes = attributes;
    entry_unlock(entry, object);
    return STATUS_SUCCESS;
}

NTSTATUS handle_close(HANDLE handle)
{
    uint32_t index = handle_index(handle);
    struct entry *entry = index ? entry_at(index) : NULL;
    struct object *object = entry ? entry_lock(entry) : NULL;
    if (!object)
        return handle_pseudo(handle) ? STATUS_SUCCESS : STATUS_INVALID_HANDLE;
    if (entry->attributes & OBJ_PROTECT_CLOSE) {
        entry_unlock(entry, object);
        return STATUS_HANDLE_NOT_CLOSABLE;
    }
    entry_unlock(entry, NULL);
    entry_free(entry, index);
    atomic_fetch_sub_explicit(&open_handles, 1, memory_order_relaxed);
    bool last = atomic_fetch_sub(&object->handles, 1) == 1;
    if (object->type->close)
        object->type->close(object, handle);
    if (last && object->name.Buffer)
        namespace_remove(object);
    object_release(object);
    return STATUS_SUCCESS;
}

ULONG handle_count(void)
{
    return atomic_load(&open_handles);
}

void handle_walk(bool (*visit)(HANDLE handle, struct object *object, const struct handle_info *info, void *context),
                 void *context)
{
    uint32_t end = atomic_load(&used);
    for (uint32_t index = 1; index < end; index++) {
        HANDLE handle = (HANDLE)((uintptr_t)index << 2);
        struct handle_info info;
        void *object;
        if (handle_query(handle, &object, &info))
            continue;
        bool go_on = visit(handle, object, &info, context);
        object_release(object);
        if (!go_on)
            break;
    }
}
