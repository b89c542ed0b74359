/*
 * waitaddress.c: waiting for a change of 1, 2, 4 or 8 bytes.  On top of futex.c.
 *
 * Sleepers stand in queues by a hash of their address, oldest first, each with a futex of its own on its stack, so
 * that one wake-up wakes one thread, and exactly one that waits for this address.  A waker that finds the queue
 * empty makes no system call and takes no lock: a sleeper counts itself before it compares the value.
 */
#include <string.h>
#include "futex.h"
#include "large.h"
#include "object.h"

#define QUEUES 256

struct sleeper {
    struct sleeper *next, *previous;
    const volatile void *address;
    _Atomic uint32_t woken;
};

struct queue {
    struct lock lock;
    _Atomic uint32_t count;
    struct sleeper *first, *last;
} __attribute__((aligned(32)));

static struct queue queues[QUEUES] LARGE;

static struct queue *queue_of(const volatile void *address)
{
    uintptr_t value = (uintptr_t)address;
    return &queues[(value >> 2 ^ value >> 10 ^ value >> 18) % QUEUES];
}

static void queue_append(struct queue *queue, struct sleeper *sleeper)
{
    sleeper->next = NULL;
    sleeper->previous = queue->last;
    *(queue->last ? &queue->last->next : &queue->first) = sleeper;
    queue->last = sleeper;
}

static void queue_remove(struct queue *queue, struct sleeper *sleeper)
{
    *(sleeper->previous ? &sleeper->previous->next : &queue->first) = sleeper->next;
    *(sleeper->next ? &sleeper->next->previous : &queue->last) = sleeper->previous;
    atomic_fetch_sub(&queue->count, 1);
}

static bool value_equal(const volatile void *address, const void *compare, SIZE_T size)
{
    switch (size) {
    case 1:
        return *(const volatile uint8_t *)address == *(const uint8_t *)compare;
    case 2:
        return *(const volatile uint16_t *)address == *(const uint16_t *)compare;
    case 4:
        return *(const volatile uint32_t *)address == *(const uint32_t *)compare;
    default:
        return *(const volatile uint64_t *)address == *(const uint64_t *)compare;
    }
}

/* Sleeps until a waker has set `woken`, or the time is up and no waker has taken the sleeper from the queue. */
static NTSTATUS sleeper_wait(struct queue *queue, struct sleeper *self, const LARGE_INTEGER *timeout)
{
    struct deadline deadline;
    deadline_set(&deadline, timeout);
    while (!atomic_load(&self->woken)) {
        if (futex_wait_until(&self->woken, 0, false, &deadline))
            continue;
        lock_acquire(&queue->lock);
        bool in_time = atomic_load(&self->woken);
        if (!in_time)
            queue_remove(queue, self);
        lock_release(&queue->lock);
        return in_time ? STATUS_SUCCESS : STATUS_TIMEOUT;
    }
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlWaitOnAddress(const volatile void *address, const void *compare, SIZE_T size,
                                const LARGE_INTEGER *timeout)
{
    if (size != 1 && size != 2 && size != 4 && size != 8)
        return STATUS_INVALID_PARAMETER;
    if (!value_equal(address, compare, size))
        return STATUS_SUCCESS;
    struct queue *queue = queue_of(address);
    struct sleeper self = {.address = address};
    lock_acquire(&queue->lock);
    atomic_fetch_add(&queue->count, 1);
    if (!value_equal(address, compare, size)) {
        atomic_fetch_sub(&queue->count, 1);
        lock_release(&queue->lock);
        return STATUS_SUCCESS;
    }
    queue_append(queue, &self);
    lock_release(&queue->lock);
    return sleeper_wait(queue, &self, timeout);
}

/* Once `woken` is set, the sleeper may be gone; the futex call after it then finds nobody, which does no harm. */
static void wake(const volatile void *address, bool all)
{
    struct queue *queue = queue_of(address);
    atomic_thread_fence(memory_order_seq_cst); /* the caller's store of the value, then the count */
    if (!atomic_load(&queue->count))
        return;
    lock_acquire(&queue->lock);
    struct sleeper *sleeper = queue->first;
    while (sleeper) {
        struct sleeper *next = sleeper->next;
        if (sleeper->address == address) {
            queue_remove(queue, sleeper);
            atomic_store(&sleeper->woken, 1);
            futex_wake(&sleeper->woken, 1);
            if (!all)
                break;
        }
        sleeper = next;
    }
    lock_release(&queue->lock);
}

void NTAPI RtlWakeAddressSingle(const void *address)
{
    wake(address, false);
}

void NTAPI RtlWakeAddressAll(const void *address)
{
    wake(address, true);
}
