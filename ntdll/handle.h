/*
 * handle.h: the entries of the table of handles, for handle.c and for operations so short that counting a reference
 * would be most of them.
 */
#ifndef NTDLL_HANDLE_H
#define NTDLL_HANDLE_H

#include "object.h"
#include "thread.h"

#define HANDLE_BLOCK 256
#define HANDLE_BLOCKS 65536
#define ENTRY_LOCKED 1u

struct handle_entry {
    _Atomic uintptr_t object; /* 0 free; bit 0: locked */
    _Atomic uint32_t next;    /* of a free entry: index of the next free one */
    uint32_t access;          /* both under the entry's lock */
    uint32_t attributes;
};

extern struct handle_entry *_Atomic handle_blocks[HANDLE_BLOCKS];
extern _Atomic uint32_t handles_used;

static inline struct handle_entry *entry_at(uint32_t index)
{
    struct handle_entry *block = atomic_load_explicit(&handle_blocks[index / HANDLE_BLOCK], memory_order_acquire);
    return block ? block + index % HANDLE_BLOCK : NULL;
}

/* The index in a handle's value, 0 if it can be none. */
static inline uint32_t handle_index(HANDLE handle)
{
    uintptr_t index = (uintptr_t)handle >> 2;
    return index < atomic_load_explicit(&handles_used, memory_order_acquire) ? (uint32_t)index : 0;
}

/* False: another thread holds the lock.  *object NULL: the handle is not open, nothing is locked. */
static inline bool entry_try(struct handle_entry *entry, struct object **object)
{
    uintptr_t value = atomic_load_explicit(&entry->object, memory_order_relaxed);
    *object = (struct object *)value;
    return !value || (!(value & ENTRY_LOCKED) &&
                      atomic_compare_exchange_strong_explicit(&entry->object, &value, value | ENTRY_LOCKED,
                                                              memory_order_acquire, memory_order_relaxed));
}

static inline void entry_release(struct handle_entry *entry, struct object *object)
{
    atomic_store_explicit(&entry->object, (uintptr_t)object, memory_order_release);
}

/*
 * The entry of a handle with these rights, locked until entry_release, and its object.  NULL, nothing is locked: go the
 * long way (handle_lookup), which also knows why.  Between thread_no_suspend and thread_may_suspend.
 */
static inline struct handle_entry *handle_enter(HANDLE handle, ACCESS_MASK access, struct object **object)
{
    uint32_t index = handle_index(handle);
    struct handle_entry *entry = index ? entry_at(index) : NULL;
    if (!entry || !entry_try(entry, object) || !*object)
        return NULL;
    if (!(access & ~entry->access) && !(*object)->type->wake)
        return entry;
    entry_release(entry, *object);
    return NULL;
}

#endif
