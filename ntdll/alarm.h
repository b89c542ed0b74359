/*
 * alarm.h: something to be done at a time: the base of waitable timers, pool timers and timed waits.
 *
 * All alarms of the process are served by one thread, started with the first one.  `fire` runs on it under the
 * alarms' lock: it must be short, must not block, and must not cancel alarms (it may set others).  So when alarm_cancel
 * returns, fire is not running and will not run again.
 */
#ifndef NTDLL_ALARM_H
#define NTDLL_ALARM_H

#include "win.h"

struct alarm {
    void (*fire)(struct alarm *);
    void (*after)(struct alarm *); /* see alarm_after */
    struct alarm *after_next;
    int64_t due;       /* nanoseconds of its clock */
    uint64_t period;   /* nanoseconds, 0: once */
    uint32_t position; /* in its heap, 1 is the top; 0: not set */
    uint8_t clock;     /* 0 monotonic, 1 system time */
};

/* Sets an alarm (again).  due as in NtSetTimer: negative relative, else a system time.  STATUS_NO_MEMORY. */
NTSTATUS alarm_set(struct alarm *alarm, const LARGE_INTEGER *due, uint32_t period_milliseconds);
/* Returns whether it was set. */
bool alarm_cancel(struct alarm *alarm);
/* Time until it goes off in 100 ns units (negative: late); false: not set. */
bool alarm_remaining(struct alarm *alarm, int64_t *ticks);

/* From fire alone: has `after` called on the same thread once the lock is free.  The alarm must live until then. */
void alarm_after(struct alarm *alarm);

/* For what must not run while alarms fire (a timer's own fields). */
void alarms_lock(void);
void alarms_unlock(void);
/* The same as alarm_set and alarm_cancel with the lock held. */
NTSTATUS alarm_set_locked(struct alarm *alarm, const LARGE_INTEGER *due, uint32_t period_milliseconds);
bool alarm_cancel_locked(struct alarm *alarm);

/*
 * For who fires an alarm itself (a timer that its one waiter sleeps for), with the lock held: sets it, once and
 * relative, without telling the thread, which fires it when it happens to look; tells the thread after all; fires it if
 * it is due.
 */
NTSTATUS alarm_set_quietly_locked(struct alarm *alarm, const LARGE_INTEGER *due);
void alarm_tell_locked(const struct alarm *alarm);
void alarm_fire_locked(struct alarm *alarm);

#endif
