/*
 * promise.c: a signal goes to who sleeps for it.  Part of the one wait (wait.c).
 *
 * Windows hands a signal over; here the sleeper is woken and has to come and take it.  So that nobody who did not sleep
 * is faster (a thread that releases a mutex and at once wants it again), the signaller notes what it `promised`, and
 * others give way for a moment.  A sleeper that does not come may be gone (killed): then nothing is promised any more
 * until nobody sleeps.  Only who sleeps for one object alone is sure to take it.
 */
#include <time.h>
#include "mutant.h"
#include "promise.h"

#define PROMISES_OFF 0x80000000u
#define GIVE_WAY_AWAKE 8 /* tries: enough for one that has been woken to take its signal */
#define GIVE_WAY_YIELDS 32
#define GIVE_WAY_NAPS 10
#define GIVE_WAY_NAP_NANOSECONDS 20000

/* All that is signalled is promised to sleepers. */
static bool is_promised(const struct waitable *w, uint32_t word)
{
    uint32_t promised = atomic_load_explicit(&w->promised, memory_order_relaxed);
    if (!promised || promised & PROMISES_OFF)
        return false;
    switch (w->kind) {
    case WAIT_SYNCHRONIZATION:
    case WAIT_SEMAPHORE:
        return word && word <= promised;
    case WAIT_MUTANT:
        return !(word & MUTANT_OWNER);
    default:
        return false;
    }
}

void promise_make(struct waitable *w, uint32_t count)
{
    uint32_t waiters = atomic_load(&w->waiters), broad;
    if (!waiters || atomic_load(&w->promised) & PROMISES_OFF)
        return;
    broad = atomic_load(&w->broad);
    if (waiters > broad)
        atomic_fetch_add(&w->promised, waiters - broad < count ? waiters - broad : count);
}

void promise_end(struct waitable *w)
{
    uint32_t promised = atomic_load_explicit(&w->promised, memory_order_relaxed);
    while (promised && !(promised & PROMISES_OFF) &&
           !atomic_compare_exchange_weak(&w->promised, &promised, promised - 1))
        ;
}

void promise_give_way(struct waitable **at)
{
    for (unsigned tries = 0; atomic_load_explicit(&(*at)->promised, memory_order_relaxed); tries++) {
        uint32_t word = waitable_settled(at);
        if (!is_promised(*at, word))
            return;
        if (tries >= GIVE_WAY_AWAKE && !atomic_load(&(*at)->waiters))
            atomic_store(&(*at)->promised, 0); /* nobody is left who could come */
        else if (tries < GIVE_WAY_YIELDS)
            NtYieldExecution();
        else if (tries < GIVE_WAY_YIELDS + GIVE_WAY_NAPS)
            nanosleep(&(struct timespec){0, GIVE_WAY_NAP_NANOSECONDS}, NULL);
        else
            atomic_store(&(*at)->promised, PROMISES_OFF);
    }
}

void promise_sleeper_leaves(struct waitable *w)
{
    uint32_t off = PROMISES_OFF;
    if (atomic_fetch_sub(&w->waiters, 1) == 1 && atomic_load_explicit(&w->promised, memory_order_relaxed) == off)
        atomic_compare_exchange_strong(&w->promised, &off, 0);
}
