/*
 * wait.c: the one wait, and signalling.  On top of futex.c.
 *
 * The state of a waitable is its word:
 *   bit 31               a wait for all objects is committing: nobody else may change the word meanwhile
 *   notification         bit 0 signalled; bits 1-30 count how often it became so
 *   synchronization      bit 0 signalled
 *   semaphore, queue     the count
 *   mutant               see mutant.h
 *
 * Taking and signalling is one compare-and-swap.  A signaller changes the word and then reads `waiters`; a sleeper
 * counts itself in `waiters` and then has the kernel compare the word: both in sequentially consistent order, so one
 * of them sees the other, and nobody makes a system call unless there is somebody to wake.
 *
 * A notification object that is set and reset while a thread sleeps must release it: the count in the word shows it.
 * A sleeper on several words could swallow a wake meant for one thread, so it counts itself in `broad` and the
 * signaller then wakes all.  A wait for all locks the words in the order of their addresses, so two never block
 * each other.  Signals are promised to those who sleep for them: promise.c.
 */
#include <limits.h>
#include <sched.h>
#include "apc.h"
#include "arena.h"
#include "completion.h"
#include "futex.h"
#include "mutant.h"
#include "object.h"
#include "promise.h"
#include "shared.h"
#include "thread.h"
#include "timer.h"

#define LOCKED WAITABLE_LOCKED
#define SHARED_SLEEP_TICKS 1000000 /* 100 ms */
#define SIGNALED 1u
#define GENERATION 0x7ffffffeu
#define GENERATION_ONE 2u

/* The word while no wait-for-all holds it.  *at follows a state that has moved. */
uint32_t waitable_settled(struct waitable **at)
{
    uint32_t word;
    for (unsigned spins = 1; (word = atomic_load(&(*at)->word)) & LOCKED; spins++) {
        if (atomic_load(&(*at)->kind) == WAIT_MOVED) {
            *at = (*at)->moved;
            continue;
        }
        if (spins % 64)
            cpu_relax();
        else
            sched_yield();
        if ((*at)->shared && spins % 65536 == 0)
            arena_sweep(); /* whoever holds it may have died */
    }
    return word;
}

static bool word_signaled(const struct waitable *w, uint32_t word)
{
    switch (w->kind) {
    case WAIT_NOTIFICATION:
    case WAIT_SYNCHRONIZATION:
        return word & SIGNALED;
    case WAIT_MUTANT:
        return !(word & MUTANT_OWNER) || (word & MUTANT_OWNER) == mutant_self();
    default:
        return word & ~LOCKED;
    }
}

/* What a satisfied wait leaves in the word. */
static uint32_t word_after_wait(const struct waitable *w, uint32_t word)
{
    switch (w->kind) {
    case WAIT_SYNCHRONIZATION:
    case WAIT_SEMAPHORE:
        return word - 1;
    case WAIT_MUTANT:
        return mutant_self();
    default:
        return word;
    }
}

void waitable_move(struct waitable *from, struct waitable *to)
{
    uint32_t word;
    do {
        word = waitable_settled(&from);
    } while (!atomic_compare_exchange_weak(&from->word, &word, word | LOCKED));
    to->kind = from->kind;
    to->extra = from->extra;
    atomic_store(&to->word, word);
    from->moved = to;
    atomic_store(&from->kind, WAIT_MOVED); /* and the word stays locked */
    futex_wake_shared(&from->word, INT_MAX, false);
}

void waitable_init(struct waitable *w, enum wait_kind kind, uint32_t initial)
{
    w->kind = kind;
    atomic_init(&w->word, initial);
}

void waitable_wake(struct waitable *w, int count)
{
    if (atomic_load(&w->waiters))
        futex_wake_shared(&w->word, atomic_load(&w->broad) ? INT_MAX : count, w->shared);
}

bool waitable_signal(struct waitable *w)
{
    if (w->kind == WAIT_SYNCHRONIZATION) {
        promise_give_way(&w);
        promise_make(w, 1);
    }
    for (;;) {
        uint32_t word = waitable_settled(&w), next = word | SIGNALED;
        if (word & SIGNALED)
            return true;
        if (w->kind == WAIT_NOTIFICATION)
            next = ((word + GENERATION_ONE) & GENERATION) | SIGNALED;
        if (atomic_compare_exchange_weak(&w->word, &word, next))
            break;
    }
    waitable_wake(w, w->kind == WAIT_NOTIFICATION ? INT_MAX : 1);
    return false;
}

bool waitable_reset(struct waitable *w)
{
    for (;;) {
        uint32_t word = waitable_settled(&w);
        if (!(word & SIGNALED))
            return false;
        if (atomic_compare_exchange_weak(&w->word, &word, word & ~SIGNALED))
            return true;
    }
}

bool waitable_is_signaled(struct waitable *w)
{
    uint32_t word = waitable_settled(&w);
    return word_signaled(w, word);
}

bool waitable_add(struct waitable *w, uint32_t count, uint32_t *previous)
{
    uint32_t word;
    if (w->kind == WAIT_SEMAPHORE) {
        promise_give_way(&w);
        promise_make(w, count);
    }
    do {
        word = waitable_settled(&w);
        if (count > w->extra || word > w->extra - count)
            return false;
    } while (!atomic_compare_exchange_weak(&w->word, &word, word + count));
    if (previous)
        *previous = word;
    waitable_wake(w, count > INT_MAX ? INT_MAX : (int)count);
    return true;
}

void waitable_count(struct waitable *w)
{
    uint32_t word;
    do {
        word = waitable_settled(&w);
    } while (!atomic_compare_exchange_weak(&w->word, &word, word + 1));
}

bool waitable_take(struct waitable *w)
{
    uint32_t word;
    do {
        word = waitable_settled(&w);
        if (!word)
            return false;
    } while (!atomic_compare_exchange_weak(&w->word, &word, word - 1));
    return true;
}

void waitable_hand_back(struct waitable *w, uint32_t state)
{
    uint32_t word;
    promise_make(w, 1);
    do {
        word = waitable_settled(&w);
    } while (!atomic_compare_exchange_weak(&w->word, &word, state));
    waitable_wake(w, 1);
}

/* One wait in progress. */
struct wait_set {
    unsigned count;
    struct waitable *waitables[MAXIMUM_WAIT_OBJECTS];  /* where their state is now */
    struct futex_word words[MAXIMUM_WAIT_OBJECTS + 1]; /* as last seen; one more for the thread's alert word */
    uint32_t started[MAXIMUM_WAIT_OBJECTS];            /* words when the wait began */
    _Atomic uint32_t nothing;
};

static NTSTATUS try_at(struct waitable **at, uint32_t started, uint32_t *seen)
{
    for (;;) {
        uint32_t word = waitable_settled(at);
        struct waitable *w = *at;
        *seen = word;
        if (!word_signaled(w, word)) {
            if (w->kind == WAIT_NOTIFICATION && (word & GENERATION) != (started & GENERATION))
                return STATUS_WAIT_0;
            return STATUS_PENDING;
        }
        uint32_t next = word_after_wait(w, word);
        if (next != word && !atomic_compare_exchange_weak(&w->word, &word, next))
            continue;
        if (w->kind == WAIT_MUTANT)
            mutant_taken(w);
        return w->kind == WAIT_MUTANT && (word & MUTANT_ABANDONED) ? STATUS_ABANDONED_WAIT_0 : STATUS_WAIT_0;
    }
}

NTSTATUS waitable_try(struct waitable *w, uint32_t started, uint32_t *seen)
{
    return try_at(&w, started, seen);
}

static bool wait_has_twins(const struct wait_set *set)
{
    for (unsigned i = 1; i < set->count; i++)
        for (unsigned j = 0; j < i; j++)
            if (set->waitables[i] == set->waitables[j])
                return true;
    return false;
}

static NTSTATUS wait_try_any(struct wait_set *set)
{
    for (unsigned i = 0; i < set->count; i++) {
        NTSTATUS status = try_at(&set->waitables[i], set->started[i], &set->words[i].expected);
        if (status != STATUS_PENDING)
            return status + i;
    }
    return STATUS_PENDING;
}

/* Locks one word for a commit; what it held.  False: the state has moved meanwhile. */
static bool word_lock(struct waitable *w, uint32_t *held, struct arena_commit *commit)
{
    for (;;) {
        struct waitable *at = w;
        uint32_t word = waitable_settled(&at), count = 0;
        if (at != w)
            return false;
        if (commit && w->shared) { /* noted before it is done */
            count = atomic_load(&commit->count);
            commit->entries[count] = arena_index(w);
            commit->words[count] = word;
            atomic_store(&commit->count, count + 1);
        }
        if (atomic_compare_exchange_strong(&w->word, &word, word | LOCKED)) {
            *held = word;
            return true;
        }
        if (commit && w->shared)
            atomic_store(&commit->count, count);
    }
}

/* Indices in the order of addresses.  False: one object twice, which a wait for all does not allow. */
static bool wait_order(const struct wait_set *set, unsigned char *order)
{
    for (unsigned i = 0; i < set->count; i++) {
        unsigned at = i;
        for (; at > 0 && set->waitables[order[at - 1]] > set->waitables[i]; at--)
            order[at] = order[at - 1];
        if (at > 0 && set->waitables[order[at - 1]] == set->waitables[i])
            return false;
        order[at] = (unsigned char)i;
    }
    return true;
}

/* Where a commit of shared words is noted, so that it can be undone if this process is killed; locked. */
static struct lock commit_lock;

static struct arena_commit *commit_begin(const struct wait_set *set)
{
    for (unsigned i = 0; i < set->count; i++)
        if (set->waitables[i]->shared) {
            lock_acquire(&commit_lock);
            return &arena_process(arena_self())->commit;
        }
    return NULL;
}

static void commit_end(struct arena_commit *commit)
{
    if (!commit)
        return;
    atomic_store(&commit->count, 0);
    lock_release(&commit_lock);
}

/* Where the states are that have moved. */
static void wait_settle(struct wait_set *set)
{
    for (unsigned i = 0; i < set->count; i++)
        waitable_settled(&set->waitables[i]);
}

/* Takes all or none.  STATUS_RETRY: a state has moved. */
static NTSTATUS wait_commit(struct wait_set *set, const unsigned char *order)
{
    uint32_t words[MAXIMUM_WAIT_OBJECTS];
    NTSTATUS status = STATUS_WAIT_0;
    unsigned locked = 0;
    struct arena_commit *commit = commit_begin(set);
    for (; locked < set->count; locked++) {
        unsigned at = order[locked];
        if (!word_lock(set->waitables[at], &words[at], commit)) {
            status = STATUS_RETRY;
            break;
        }
        if (!word_signaled(set->waitables[at], words[at]))
            status = STATUS_PENDING;
    }
    for (unsigned i = 0; i < locked; i++) {
        struct waitable *w = set->waitables[order[i]];
        uint32_t word = words[order[i]];
        set->words[order[i]].expected = word;
        bool take = status == STATUS_WAIT_0 || status == STATUS_ABANDONED_WAIT_0;
        if (take && w->kind == WAIT_MUTANT && (word & MUTANT_ABANDONED))
            status = STATUS_ABANDONED_WAIT_0;
        atomic_store(&w->word, take ? word_after_wait(w, word) : word);
    }
    commit_end(commit);
    return status;
}

/* A first look without locks; then all words are locked, looked at again, and changed together. */
static NTSTATUS wait_try_all(struct wait_set *set)
{
    unsigned char order[MAXIMUM_WAIT_OBJECTS];
    NTSTATUS status = STATUS_WAIT_0;
    for (unsigned i = 0; i < set->count; i++) {
        set->words[i].expected = waitable_settled(&set->waitables[i]);
        if (!word_signaled(set->waitables[i], set->words[i].expected))
            status = STATUS_PENDING;
    }
    if (status == STATUS_PENDING)
        return status;
    thread_no_suspend();
    do
        status = wait_order(set, order) ? wait_commit(set, order) : STATUS_INVALID_PARAMETER_MIX;
    while (status == STATUS_RETRY && (wait_settle(set), true));
    thread_may_suspend();
    for (unsigned i = 0; i < set->count && (status == STATUS_WAIT_0 || status == STATUS_ABANDONED_WAIT_0); i++)
        if (set->waitables[i]->kind == WAIT_MUTANT)
            mutant_taken(set->waitables[i]);
    return status;
}

/*
 * In shared words nobody sleeps long: whoever would wake may be killed, and so may be whoever was woken and should have
 * woken others.  False: the deadline comes first anyhow.
 */
static bool deadline_shorten(struct deadline *deadline)
{
    const LARGE_INTEGER ticks = {.QuadPart = -SHARED_SLEEP_TICKS};
    struct deadline soon;
    if (deadline->kind == DEADLINE_PASSED)
        return false;
    if (deadline->kind == DEADLINE_AT) {
        struct timespec now;
        clock_gettime(deadline->clock, &now);
        int64_t left = (deadline->at.tv_sec - now.tv_sec) * 1000000000ll + deadline->at.tv_nsec - now.tv_nsec;
        if (left < SHARED_SLEEP_TICKS * 100ll)
            return false;
    }
    deadline_set(&soon, &ticks);
    *deadline = soon;
    return true;
}

/* Sleeps until a word is no longer as last seen.  alert: NULL, or the thread's alert word as last seen. */
static bool wait_sleep(struct wait_set *set, const struct futex_word *alert, const struct deadline *deadline)
{
    unsigned count = set->count;
    if (alert)
        set->words[count++] = *alert;
    for (unsigned i = 0; i < set->count; i++) {
        set->words[i].address = &set->waitables[i]->word;
        set->words[i].shared = set->waitables[i]->shared;
        atomic_fetch_add(&set->waitables[i]->waiters, 1);
        if (count > 1)
            atomic_fetch_add(&set->waitables[i]->broad, 1);
    }
    if (count == 0) /* a mere delay: a word that never changes */
        set->words[count++] = (struct futex_word){&set->nothing, 0, false};
    struct deadline soon = *deadline;
    bool shared = false, in_time;
    for (unsigned i = 0; i < set->count; i++)
        shared |= set->words[i].shared;
    if (shared)
        shared = deadline_shorten(&soon);
    in_time = futex_wait_any(set->words, count, &soon);
    if (!in_time && shared) {
        for (unsigned i = 0; i < set->count; i++)
            if (set->waitables[i]->kind == WAIT_MUTANT && set->waitables[i]->shared)
                arena_check_owner(arena_index(set->waitables[i]));
        in_time = true;
    }
    for (unsigned i = 0; i < set->count; i++) {
        if (count > 1)
            atomic_fetch_sub(&set->waitables[i]->broad, 1);
        promise_sleeper_leaves(set->waitables[i]);
    }
    return in_time;
}

/* The end of a wait that slept: what it took, or did not. */
static void promises_end(struct wait_set *set, bool all, NTSTATUS status)
{
    unsigned index = (unsigned)status & 0x3f; /* STATUS_WAIT_0 or STATUS_ABANDONED_WAIT_0 and an index */
    bool taken = status != STATUS_TIMEOUT && status != STATUS_USER_APC;
    for (unsigned i = 0; i < set->count; i++)
        if (taken ? all || i == index : set->count == 1)
            promise_end(set->waitables[i]);
}

NTSTATUS waitable_wait_until(ULONG count, struct waitable *const waitables[], BOOL all, BOOL alertable,
                             struct deadline *deadline)
{
    struct wait_set set;
    struct thread *self = alertable ? thread_current() : NULL;
    struct futex_word alert = {self ? &self->alert : NULL, 0, false};

    set.count = count;
    atomic_init(&set.nothing, 0);
    all = all && count > 1;
    for (unsigned i = 0; i < count; i++) {
        set.waitables[i] = waitables[i];
        set.started[i] = waitable_settled(&set.waitables[i]);
    }
    if (all && wait_has_twins(&set))
        return STATUS_INVALID_PARAMETER_MIX;
    for (unsigned i = 0; i < count; i++)
        promise_give_way(&set.waitables[i]);
    bool slept = false;
    NTSTATUS status;
    for (;; slept = true) {
        if (self)
            alert.expected = atomic_load(&self->alert);
        status = all ? wait_try_all(&set) : wait_try_any(&set);
        if (status != STATUS_PENDING)
            break;
        status = self && apc_deliver() ? STATUS_USER_APC : STATUS_TIMEOUT;
        if (status == STATUS_USER_APC || deadline->kind == DEADLINE_PASSED)
            break;
        if (!wait_sleep(&set, self ? &alert : NULL, deadline))
            deadline->kind = DEADLINE_PASSED; /* one more look: what came at the last moment counts */
    }
    if (slept)
        promises_end(&set, all, status);
    return status;
}

NTSTATUS object_wait(ULONG count, struct object *const objects[], BOOL all, BOOL alertable,
                     const LARGE_INTEGER *timeout)
{
    struct waitable *waitables[MAXIMUM_WAIT_OBJECTS];
    if (count > MAXIMUM_WAIT_OBJECTS)
        return STATUS_INVALID_PARAMETER_1;
    if (count == 1 && objects[0]->type == &type_timer)
        return timer_wait(objects[0], alertable, timeout);
    for (ULONG i = 0; i < count; i++) {
        waitables[i] = objects[i]->waitable;
        if (!waitables[i])
            return STATUS_OBJECT_TYPE_MISMATCH;
        if (objects[i]->type->before_wait)
            objects[i]->type->before_wait(objects[i]);
    }
    struct deadline deadline;
    if (count == 1) { /* mostly there is nothing to wait for */
        uint32_t seen;
        if (atomic_load_explicit(&waitables[0]->promised, memory_order_relaxed))
            promise_give_way(&waitables[0]);
        NTSTATUS status = waitable_try(waitables[0], atomic_load(&waitables[0]->word), &seen);
        if (status != STATUS_PENDING)
            return status;
    }
    deadline_set(&deadline, timeout);
    return waitable_wait_until(count, waitables, all, alertable, &deadline);
}
