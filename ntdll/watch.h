/*
 * watch.h: waits that nobody sleeps in: when an object is signalled or a time is over, something is done.
 * The base of registered waits, pool waits and wait completion packets.
 *
 * `done` gets STATUS_WAIT_0, STATUS_ABANDONED_WAIT_0 or STATUS_TIMEOUT, with the object's signal taken.  It runs on a
 * thread of ours under a lock, so it must be short, must not block and must not start or cancel watches.  When
 * watch_cancel returns, done is not running and will not run.  A watch is over once done has run.
 */
#ifndef NTDLL_WATCH_H
#define NTDLL_WATCH_H

#include "futex.h"
#include "object.h"

struct watcher;

struct watch {
    void (*done)(struct watch *, NTSTATUS);
    struct object *object; /* referenced while the watch is on */
    uint32_t started;      /* the object's word at the start */
    struct deadline deadline;
    struct watcher *watcher; /* whose it is, NULL: none */
    unsigned position;
    struct watch *next, **link; /* a timer's list (timer.c) */
};

/* May call done before it returns. STATUS_NO_MEMORY, STATUS_OBJECT_TYPE_MISMATCH (can not be waited for). */
NTSTATUS watch_start(struct watch *watch, struct object *object, const LARGE_INTEGER *timeout);
/* Returns whether the watch was still on. */
bool watch_cancel(struct watch *watch);

/* timer.c: watches on timers without a time limit are served when the timer fires, without another thread. */
void timer_watch_start(struct watch *watch);
bool timer_watch_cancel(struct watch *watch);

#endif
