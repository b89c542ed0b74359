/*
 * watch.c: waits that nobody sleeps in.  On top of wait.c and service.c.
 *
 * A watcher is a thread that sleeps on up to WATCHES_MAX words and one of its own, through which it hears of new
 * watches.  The first is started with the first watch; when all are full there is one more.  While a watch is on, its
 * object counts the watcher as a sleeper.
 */
#include <stdlib.h>
#include "service.h"
#include "watch.h"

#define WATCHES_MAX (FUTEX_WORDS_MAX - 1)

struct watcher {
    struct watcher *next;
    _Atomic uint32_t changed; /* futex: bumped for a new or cancelled watch */
    unsigned count;
    struct watch *watches[WATCHES_MAX];
};

static struct lock lock; /* all watchers and their watches */
static struct watcher *watchers;

static void watch_add(struct watcher *watcher, struct watch *watch)
{
    watch->watcher = watcher;
    watch->position = watcher->count;
    watcher->watches[watcher->count++] = watch;
    atomic_fetch_add(&watch->object->waitable->waiters, 1);
    atomic_fetch_add(&watch->object->waitable->broad, 1);
}

static void watch_remove(struct watch *watch)
{
    struct watcher *watcher = watch->watcher;
    struct watch *last = watcher->watches[--watcher->count];
    watcher->watches[watch->position] = last;
    last->position = watch->position;
    watch->watcher = NULL;
    atomic_fetch_sub(&watch->object->waitable->broad, 1);
    atomic_fetch_sub(&watch->object->waitable->waiters, 1);
}

/* Both by the monotonic clock: watch_start sees to that. */
static bool deadline_before(const struct deadline *a, const struct deadline *b)
{
    if (a->kind != DEADLINE_AT || b->kind != DEADLINE_AT)
        return b->kind == DEADLINE_NEVER;
    return a->at.tv_sec != b->at.tv_sec ? a->at.tv_sec < b->at.tv_sec : a->at.tv_nsec < b->at.tv_nsec;
}

/* Objects to be released when the lock is free: their end may be anything. */
struct released {
    unsigned count;
    struct object *objects[WATCHES_MAX];
};

/* Looks at all watches of one watcher; fills in what to sleep on. */
static unsigned watcher_look(struct watcher *watcher, struct futex_word *words, struct deadline *sleep,
                             struct released *released)
{
    unsigned i = 0;
    released->count = 0;
    sleep->kind = DEADLINE_NEVER;
    sleep->clock = CLOCK_MONOTONIC;
    while (i < watcher->count) {
        struct watch *watch = watcher->watches[i];
        struct object *object = watch->object;
        NTSTATUS status = waitable_try(object->waitable, watch->started, &words[i].expected);
        if (status == STATUS_PENDING && deadline_passed(&watch->deadline))
            status = STATUS_TIMEOUT;
        if (status == STATUS_PENDING) {
            words[i].address = &object->waitable->word;
            words[i].shared = object->waitable->shared;
            if (watch->deadline.kind == DEADLINE_AT && deadline_before(&watch->deadline, sleep))
                *sleep = watch->deadline;
            i++;
            continue;
        }
        watch_remove(watch);
        watch->done(watch, status);
        released->objects[released->count++] = object;
    }
    words[i] = (struct futex_word){&watcher->changed, atomic_load(&watcher->changed), false};
    return i + 1;
}

static void watcher_serve(void *argument)
{
    struct watcher *watcher = argument;
    struct futex_word words[FUTEX_WORDS_MAX];
    struct released released;
    for (;;) {
        struct deadline sleep;
        lock_acquire(&lock);
        unsigned count = watcher_look(watcher, words, &sleep, &released);
        lock_release(&lock);
        while (released.count)
            object_release(released.objects[--released.count]);
        futex_wait_any(words, count, &sleep);
    }
}

/* A watcher with room.  Under the lock. */
static struct watcher *watcher_find(void)
{
    struct watcher *watcher = watchers;
    while (watcher && watcher->count == WATCHES_MAX)
        watcher = watcher->next;
    if (watcher)
        return watcher;
    watcher = calloc(1, sizeof *watcher);
    if (!watcher)
        return NULL;
    if (service_start(watcher_serve, watcher)) {
        free(watcher);
        return NULL;
    }
    watcher->next = watchers;
    watchers = watcher;
    return watcher;
}

static void watcher_notify(struct watcher *watcher)
{
    atomic_fetch_add(&watcher->changed, 1);
    futex_wake(&watcher->changed, 1);
}

NTSTATUS watch_start(struct watch *watch, struct object *object, const LARGE_INTEGER *timeout)
{
    NTSTATUS status = STATUS_SUCCESS;
    if (!object->waitable)
        return STATUS_OBJECT_TYPE_MISMATCH;
    if (object->type->before_wait)
        object->type->before_wait(object);
    watch->watcher = NULL;
    watch->link = NULL;
    watch->object = object_reference(object);
    watch->started = atomic_load(&object->waitable->word);
    deadline_set(&watch->deadline, timeout);
    if (watch->deadline.clock == CLOCK_REALTIME && watch->deadline.kind == DEADLINE_AT) {
        LARGE_INTEGER left; /* all watches of a thread sleep by one clock */
        NtQuerySystemTime(&left);
        left.QuadPart = left.QuadPart < timeout->QuadPart ? left.QuadPart - timeout->QuadPart : -1;
        deadline_set(&watch->deadline, &left);
    }
    if (object->type == &type_timer && watch->deadline.kind == DEADLINE_NEVER) {
        timer_watch_start(watch);
        return STATUS_SUCCESS;
    }
    lock_acquire(&lock);
    struct watcher *watcher = watcher_find();
    if (watcher) {
        watch_add(watcher, watch);
        watcher_notify(watcher);
    } else {
        status = STATUS_NO_MEMORY;
        object_release(object);
    }
    lock_release(&lock);
    return status;
}

bool watch_cancel(struct watch *watch)
{
    if (timer_watch_cancel(watch))
        return true;
    lock_acquire(&lock);
    bool on = watch->watcher != NULL;
    if (on) {
        watcher_notify(watch->watcher);
        watch_remove(watch);
    }
    lock_release(&lock);
    if (on)
        object_release(watch->object);
    return on;
}
