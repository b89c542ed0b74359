/*
 * alarm.c: the process's alarms.  On top of futex.c and service.c.
 *
 * Two binary heaps, one per clock: relative times must not move when the system's clock is set, absolute ones must.
 * The thread sleeps until the earlier top of the two; absolute alarms make it look at the clock every second.
 *
 * Relative alarms go off on the grain of Windows' finest timers, so that many need one waking; who asks for less (Go's
 * scheduler sleeps 20 us at a time) sleeps as long as Windows would have it, and leaves the processor to others.
 */
#include <stdlib.h>
#include <time.h>
#include "alarm.h"
#include "futex.h"
#include "object.h"
#include "service.h"

#define NANOSECONDS 1000000000LL
#define UNIX_EPOCH_TICKS 116444736000000000LL
#define CLOCKS 2
#define GRAIN 500000 /* ns: NtQueryTimerResolution's finest */

struct heap {
    struct alarm **items; /* items[1] is due first */
    uint32_t count, room;
};

static struct lock lock;
static struct heap heaps[CLOCKS];
static _Atomic uint32_t changed; /* futex of the thread: bumped when an alarm is due before it would wake */
static int64_t next_look[CLOCKS] = {INT64_MAX, INT64_MAX}; /* by each clock: when the thread wakes; under the lock */
static bool started;                                       /* under the lock */
static _Thread_local bool held;                            /* this thread holds the lock */
static struct alarm *afterwards;                           /* alarms whose `after` is to be called; the thread's own */

void alarms_lock(void)
{
    lock_acquire(&lock);
    held = true;
}

void alarms_unlock(void)
{
    held = false;
    lock_release(&lock);
}

static int64_t clock_now(unsigned clock)
{
    struct timespec now;
    clock_gettime(clock == 0 ? CLOCK_MONOTONIC : CLOCK_REALTIME, &now);
    return now.tv_sec * NANOSECONDS + now.tv_nsec;
}

static void heap_place(struct heap *heap, struct alarm *alarm, uint32_t position)
{
    heap->items[position] = alarm;
    alarm->position = position;
}

/* Moves an alarm up or down from a free position to where it belongs. */
static void heap_settle(struct heap *heap, struct alarm *alarm, uint32_t position)
{
    while (position > 1 && alarm->due < heap->items[position / 2]->due) {
        heap_place(heap, heap->items[position / 2], position);
        position /= 2;
    }
    for (;;) {
        uint32_t child = position * 2;
        if (child > heap->count)
            break;
        if (child < heap->count && heap->items[child + 1]->due < heap->items[child]->due)
            child++;
        if (alarm->due <= heap->items[child]->due)
            break;
        heap_place(heap, heap->items[child], position);
        position = child;
    }
    heap_place(heap, alarm, position);
}

static bool heap_insert(struct heap *heap, struct alarm *alarm)
{
    if (heap->count + 1 >= heap->room) {
        uint32_t room = heap->room ? heap->room * 2 : 64;
        struct alarm **items = realloc(heap->items, room * sizeof *items);
        if (!items)
            return false;
        heap->items = items;
        heap->room = room;
    }
    heap_settle(heap, alarm, ++heap->count);
    return true;
}

static void heap_remove(struct heap *heap, struct alarm *alarm)
{
    uint32_t position = alarm->position;
    struct alarm *last = heap->items[heap->count--];
    alarm->position = 0;
    if (last != alarm)
        heap_settle(heap, last, position);
}

/* Fires what is due on one clock; returns nanoseconds until the next, or -1. */
static int64_t heap_fire(struct heap *heap, unsigned clock)
{
    int64_t now = heap->count ? clock_now(clock) : 0;
    while (heap->count) {
        struct alarm *alarm = heap->items[1];
        if (alarm->due > now)
            return alarm->due - now;
        if (alarm->period) { /* missed periods are not made up for */
            alarm->due += (int64_t)((uint64_t)(now - alarm->due) / alarm->period + 1) * (int64_t)alarm->period;
            heap_settle(heap, alarm, 1);
        } else {
            heap_remove(heap, alarm);
        }
        alarm->fire(alarm);
    }
    return -1;
}

void alarm_after(struct alarm *alarm)
{
    alarm->after_next = afterwards;
    afterwards = alarm;
}

static void call_afterwards(struct alarm *alarm)
{
    while (alarm) {
        struct alarm *next = alarm->after_next;
        alarm->after(alarm);
        alarm = next;
    }
}

static void alarms_serve(void *unused)
{
    (void)unused;
    for (;;) {
        alarms_lock();
        int64_t relative = heap_fire(&heaps[0], 0);
        int64_t absolute = heap_fire(&heaps[1], 1);
        uint32_t seen = atomic_load(&changed);
        for (unsigned clock = 0; clock < CLOCKS; clock++)
            next_look[clock] = heaps[clock].count ? heaps[clock].items[1]->due : INT64_MAX;
        struct alarm *after = afterwards;
        afterwards = NULL;
        alarms_unlock();
        if (after) {
            call_afterwards(after);
            continue;
        }
        if (absolute > NANOSECONDS)
            absolute = NANOSECONDS;
        if (relative < 0 || (absolute >= 0 && absolute < relative))
            relative = absolute;
        LARGE_INTEGER timeout = {.QuadPart = -((relative + 99) / 100)};
        futex_sleep(&changed, seen, relative < 0 ? NULL : &timeout);
    }
}

static NTSTATUS service_ensure(void)
{
    if (started)
        return STATUS_SUCCESS;
    NTSTATUS status = service_start(alarms_serve, NULL);
    started = !status;
    return status;
}

/* Into its heap.  The thread is not told. */
static NTSTATUS alarm_enter(struct alarm *alarm, const LARGE_INTEGER *due, uint32_t period)
{
    alarm_cancel_locked(alarm);
    alarm->period = period * 1000000ull;
    if (due->QuadPart < 0) {
        int64_t ticks = due->QuadPart < INT64_MIN / 200 ? INT64_MAX / 200 : -due->QuadPart;
        alarm->clock = 0;
        alarm->due = (clock_now(0) + ticks * 100 + GRAIN - 1) / GRAIN * GRAIN;
    } else {
        int64_t ticks = due->QuadPart - UNIX_EPOCH_TICKS;
        alarm->clock = 1;
        alarm->due = ticks > INT64_MAX / 100 ? INT64_MAX : ticks < 0 ? 0 : ticks * 100;
        if (alarm->due < clock_now(1)) /* also 0, "now": must not count missed periods since long ago */
            alarm->due = clock_now(1);
    }
    return heap_insert(&heaps[alarm->clock], alarm) ? STATUS_SUCCESS : STATUS_NO_MEMORY;
}

void alarm_tell_locked(const struct alarm *alarm)
{
    if (!alarm->position || alarm->due >= next_look[alarm->clock])
        return;
    next_look[alarm->clock] = alarm->due;
    atomic_fetch_add(&changed, 1);
    futex_wake(&changed, 1);
}

NTSTATUS alarm_set_locked(struct alarm *alarm, const LARGE_INTEGER *due, uint32_t period)
{
    NTSTATUS status = service_ensure();
    if (!status)
        status = alarm_enter(alarm, due, period);
    if (!status)
        alarm_tell_locked(alarm);
    return status;
}

NTSTATUS alarm_set_quietly_locked(struct alarm *alarm, const LARGE_INTEGER *due)
{
    NTSTATUS status = service_ensure();
    return status ? status : alarm_enter(alarm, due, 0);
}

void alarm_fire_locked(struct alarm *alarm)
{
    if (!alarm->position || alarm->period || alarm->due > clock_now(alarm->clock))
        return;
    heap_remove(&heaps[alarm->clock], alarm);
    alarm->fire(alarm);
}

bool alarm_cancel_locked(struct alarm *alarm)
{
    if (!alarm->position)
        return false;
    heap_remove(&heaps[alarm->clock], alarm);
    return true;
}

NTSTATUS alarm_set(struct alarm *alarm, const LARGE_INTEGER *due, uint32_t period)
{
    if (held)
        return alarm_set_locked(alarm, due, period);
    alarms_lock();
    NTSTATUS status = alarm_set_locked(alarm, due, period);
    alarms_unlock();
    return status;
}

bool alarm_cancel(struct alarm *alarm)
{
    alarms_lock();
    bool was_set = alarm_cancel_locked(alarm);
    alarms_unlock();
    return was_set;
}

bool alarm_remaining(struct alarm *alarm, int64_t *ticks)
{
    alarms_lock();
    bool set = alarm->position != 0;
    if (set)
        *ticks = (alarm->due - clock_now(alarm->clock)) / 100;
    alarms_unlock();
    return set;
}
