/*
 * futex.h: sleeping in the kernel, and the small lock that ntdll uses inside.
 *
 * A timeout is turned into a deadline once, so that a wait that has to start over does not get longer.
 */
#ifndef NTDLL_FUTEX_H
#define NTDLL_FUTEX_H

#include <stdatomic.h>
#include <time.h>
#include "thread.h"

struct deadline {
    enum { DEADLINE_NEVER, DEADLINE_PASSED, DEADLINE_AT } kind;
    clockid_t clock; /* CLOCK_MONOTONIC for relative timeouts, CLOCK_REALTIME for absolute ones */
    struct timespec at;
};

/* timeout as the Nt API has it: NULL for ever, 0 poll, negative relative, positive a time of the system clock. */
void deadline_set(struct deadline *deadline, const LARGE_INTEGER *timeout);
bool deadline_passed(const struct deadline *deadline);

/* Sleeps while *address == expected.  False: the deadline has passed.  True: woken, changed, or a signal came. */
bool futex_wait_until(_Atomic uint32_t *address, uint32_t expected, bool shared, const struct deadline *deadline);

struct futex_word {
    _Atomic uint32_t *address;
    uint32_t expected;
    bool shared;
};
#define FUTEX_WORDS_MAX 128

/* The same for any of several words. */
bool futex_wait_any(const struct futex_word *words, unsigned count, const struct deadline *deadline);

void futex_wake_shared(_Atomic uint32_t *address, int count, bool shared);

/* Sleepers of one word in two classes: `bits` says which (SRW locks).  Returns how many were woken. */
void futex_sleep_bits(_Atomic uint32_t *address, uint32_t expected, uint32_t bits);
int futex_wake_bits(_Atomic uint32_t *address, int count, uint32_t bits);

/* A lock for ntdll's own tables: not recursive, zero when free, one atomic operation when uncontended.  Its holder is
 * not stopped by SuspendThread (thread.h). */
struct lock {
    _Atomic uint32_t state; /* 0 free, 1 held, 2 held and somebody sleeps */
};
void lock_acquire_slowly(struct lock *lock);

static inline void lock_acquire(struct lock *lock)
{
    uint32_t free = 0;
    thread_no_suspend();
    if (!atomic_compare_exchange_strong_explicit(&lock->state, &free, 1, memory_order_acquire, memory_order_relaxed))
        lock_acquire_slowly(lock);
}

void lock_wake(struct lock *lock);

static inline void lock_release(struct lock *lock)
{
    if (atomic_exchange_explicit(&lock->state, 0, memory_order_release) == 2)
        lock_wake(lock);
    thread_may_suspend();
}

static inline void cpu_relax(void)
{
    __builtin_ia32_pause();
}

#endif
