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
#include "handle.h"
#include "large.h"
#include "process.h"
#include "thread.h"

struct handle_entry *_Atomic handle_blocks[HANDLE_BLOCKS] LARGE;
_Atomic uint32_t handles_used = 1; /* entries handed out so far; entry 0 is no handle */
static _Atomic uint64_t free_head; /* index in the low half, tag in the high half */
static _Atomic uint32_t open_handles;

static struct handle_entry *entry_create(uint32_t *index)
{
    uint64_t head = atomic_load(&free_head);
    while ((uint32_t)head) {
        struct handle_entry *entry = entry_at((uint32_t)head);
        uint64_t next = atomic_load(&entry->next) | ((head >> 32) + 1) << 32;
        if (atomic_compare_exchange_weak(&free_head, &head, next)) {
            *index = (uint32_t)head;
            return entry;
        }
    }
    uint32_t fresh = atomic_load(&handles_used);
    do {
        if (fresh == HANDLE_BLOCK * HANDLE_BLOCKS)
            return NULL;
        struct handle_entry *none = NULL, *block;
        if (!entry_at(fresh)) {
            block = calloc(HANDLE_BLOCK, sizeof *block);
            if (!block)
                return NULL;
            if (!atomic_compare_exchange_strong(&handle_blocks[fresh / HANDLE_BLOCK], &none, block))
                free(block);
        }
    } while (!atomic_compare_exchange_weak(&handles_used, &fresh, fresh + 1));
    *index = fresh;
    return entry_at(fresh);
}

static void entry_free(struct handle_entry *entry, uint32_t index)
{
    uint64_t head = atomic_load(&free_head);
    do {
        atomic_store(&entry->next, (uint32_t)head);
    } while (!atomic_compare_exchange_weak(&free_head, &head, index | ((head >> 32) + 1) << 32));
}

/* Somebody has the entry just now. */
__attribute__((noinline)) static void entry_await(struct handle_entry *entry)
{
    for (unsigned spins = 1; atomic_load_explicit(&entry->object, memory_order_relaxed) & ENTRY_LOCKED; spins++)
        if (spins % 64)
            cpu_relax();
        else
            sched_yield();
}

/* Locks the entry of an open handle; NULL if it is not open. */
static struct object *entry_lock(struct handle_entry *entry)
{
    struct object *object;
    thread_no_suspend();
    while (!entry_try(entry, &object))
        entry_await(entry);
    if (!object)
        thread_may_suspend();
    return object;
}

static void entry_unlock(struct handle_entry *entry, struct object *object)
{
    entry_release(entry, object);
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
    struct handle_entry *entry = entry_create(&index);
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
    uint32_t wanted = (uint32_t)((uintptr_t)handle >> 2), fresh = atomic_load(&handles_used);
    if (wanted < fresh || wanted >= HANDLE_BLOCK * HANDLE_BLOCKS)
        return STATUS_INVALID_HANDLE;
    for (uint32_t block = fresh / HANDLE_BLOCK; block <= wanted / HANDLE_BLOCK; block++)
        if (!atomic_load(&handle_blocks[block])) {
            struct handle_entry *entries = calloc(HANDLE_BLOCK, sizeof *entries);
            if (!entries)
                return STATUS_NO_MEMORY;
            atomic_store(&handle_blocks[block], entries);
        }
    for (; fresh <= wanted; fresh++) {
        atomic_store(&handles_used, fresh + 1);
        if (fresh != wanted)
            entry_free(entry_at(fresh), fresh);
    }
    struct handle_entry *entry = entry_at(wanted);
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
static struct object *entry_wake(struct handle_entry *entry, struct object *sleeper)
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
    struct handle_entry *entry = index ? entry_at(index) : NULL;
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

NTSTATUS handle_set_attributes(HANDLE handle, ULONG attributes)
{
    uint32_t index = handle_index(handle);
    struct handle_entry *entry = index ? entry_at(index) : NULL;
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
    struct handle_entry *entry = index ? entry_at(index) : NULL;
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
    uint32_t end = atomic_load(&handles_used);
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
