/*
 * srwlock.c: slim reader/writer locks.  On top of futex.c; the lock is the program's pointer-sized variable, zero
 * when free, of which the low half is used:
 *
 *   bit 31      held exclusively
 *   bit 30      a writer may be asleep
 *   bit 29      a reader may be asleep
 *   bits 0-28   number of readers inside
 *
 * Readers and writers sleep on the same word in two futex classes, so that one writer or all readers can be woken.
 * A reader does not enter past a sleeping writer: writers do not starve.
 */
#include <limits.h>
#include "futex.h"
#include "object.h"

#define EXCLUSIVE 0x80000000u
#define WRITERS 0x40000000u
#define READERS 0x20000000u
#define SHARED 0x1fffffffu
#define CLASS_READERS 1u
#define CLASS_WRITERS 2u
#define SPIN 100

static _Atomic uint32_t *lock_word(PRTL_SRWLOCK lock)
{
    return (_Atomic uint32_t *)lock;
}

void NTAPI RtlInitializeSRWLock(PRTL_SRWLOCK lock)
{
    lock->Ptr = NULL;
}

BOOLEAN NTAPI RtlTryAcquireSRWLockExclusive(PRTL_SRWLOCK lock)
{
    uint32_t word = atomic_load_explicit(lock_word(lock), memory_order_relaxed);
    while (!(word & (EXCLUSIVE | SHARED)))
        if (atomic_compare_exchange_weak_explicit(lock_word(lock), &word, word | EXCLUSIVE, memory_order_acquire,
                                                  memory_order_relaxed))
            return TRUE;
    return FALSE;
}

BOOLEAN NTAPI RtlTryAcquireSRWLockShared(PRTL_SRWLOCK lock)
{
    uint32_t word = atomic_load_explicit(lock_word(lock), memory_order_relaxed);
    while (!(word & (EXCLUSIVE | WRITERS)))
        if (atomic_compare_exchange_weak_explicit(lock_word(lock), &word, word + 1, memory_order_acquire,
                                                  memory_order_relaxed))
            return TRUE;
    return FALSE;
}

/* Waits a little for bits of the word to go away. */
static uint32_t lock_spin(_Atomic uint32_t *lock, uint32_t bits)
{
    uint32_t word = atomic_load_explicit(lock, memory_order_relaxed);
    for (int i = 0; i < SPIN && (word & bits) && !(word & (WRITERS | READERS)); i++) {
        cpu_relax();
        word = atomic_load_explicit(lock, memory_order_relaxed);
    }
    return word;
}

static __attribute__((noinline)) void acquire_exclusive_slowly(_Atomic uint32_t *lock)
{
    uint32_t word = lock_spin(lock, EXCLUSIVE | SHARED);
    uint32_t others = 0; /* once asleep, a thread can not know whether other writers still sleep */
    for (;;) {
        if (!(word & (EXCLUSIVE | SHARED))) {
            if (atomic_compare_exchange_weak(lock, &word, word | EXCLUSIVE | others))
                return;
            continue;
        }
        if (!(word & WRITERS) && !atomic_compare_exchange_weak(lock, &word, word | WRITERS))
            continue;
        futex_sleep_bits(lock, word | WRITERS, CLASS_WRITERS);
        others = WRITERS;
        word = lock_spin(lock, EXCLUSIVE | SHARED);
    }
}

static __attribute__((noinline)) void acquire_shared_slowly(_Atomic uint32_t *lock)
{
    uint32_t word = lock_spin(lock, EXCLUSIVE);
    for (;;) {
        if (!(word & (EXCLUSIVE | WRITERS))) {
            if (atomic_compare_exchange_weak(lock, &word, word + 1))
                return;
            continue;
        }
        if (!(word & READERS) && !atomic_compare_exchange_weak(lock, &word, word | READERS))
            continue;
        futex_sleep_bits(lock, word | READERS, CLASS_READERS);
        word = lock_spin(lock, EXCLUSIVE);
    }
}

void NTAPI RtlAcquireSRWLockExclusive(PRTL_SRWLOCK lock)
{
    uint32_t free = 0;
    if (!atomic_compare_exchange_strong_explicit(lock_word(lock), &free, EXCLUSIVE, memory_order_acquire,
                                                 memory_order_relaxed))
        acquire_exclusive_slowly(lock_word(lock));
}

void NTAPI RtlAcquireSRWLockShared(PRTL_SRWLOCK lock)
{
    if (!RtlTryAcquireSRWLockShared(lock))
        acquire_shared_slowly(lock_word(lock));
}

/* The lock became free while somebody sleeps: one writer goes first; if there is none, all readers. */
static __attribute__((noinline)) void lock_wake_next(_Atomic uint32_t *lock, uint32_t word)
{
    if (word == WRITERS) {
        if (atomic_compare_exchange_strong(lock, &word, 0)) {
            futex_wake_bits(lock, 1, CLASS_WRITERS);
            return;
        }
    }
    if (word == (WRITERS | READERS)) {
        if (!atomic_compare_exchange_strong(lock, &word, READERS))
            return; /* taken meanwhile: whoever has it will come here */
        if (futex_wake_bits(lock, 1, CLASS_WRITERS))
            return;
        word = READERS;
    }
    while ((word & READERS) && !(word & (EXCLUSIVE | WRITERS)))
        if (atomic_compare_exchange_weak(lock, &word, word & ~READERS)) {
            futex_wake_bits(lock, INT_MAX, CLASS_READERS);
            return;
        }
}

void NTAPI RtlReleaseSRWLockExclusive(PRTL_SRWLOCK lock)
{
    uint32_t word = atomic_fetch_sub_explicit(lock_word(lock), EXCLUSIVE, memory_order_release) - EXCLUSIVE;
    if (word & (WRITERS | READERS))
        lock_wake_next(lock_word(lock), word);
}

void NTAPI RtlReleaseSRWLockShared(PRTL_SRWLOCK lock)
{
    uint32_t word = atomic_fetch_sub_explicit(lock_word(lock), 1, memory_order_release) - 1;
    if (!(word & SHARED) && (word & (WRITERS | READERS)))
        lock_wake_next(lock_word(lock), word);
}
