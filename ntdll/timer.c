/*
 * timer.c: waitable timers.  On top of alarm.c and wait.c.
 *
 * A timer's fields are guarded by the alarms' lock, under which it fires.
 *
 * Go sleeps microseconds with timers, thousands of times a second, so the common timer (relative, once, without an APC)
 * is set quietly: the alarms' thread is not woken for it.  Who waits for it alone sleeps until it is due and fires it.
 * Once a timer has been looked at in another way (a wait for several, a watch, its way into the arena) the thread is
 * always told.
 */
#include "alarm.h"
#include "apc.h"
#include "futex.h"
#include "shared.h"
#include "thread_object.h"
#include "timer.h"
#include "watch.h"

struct timer {
    struct object object;
    struct waitable waitable;
    struct alarm alarm;
    struct thread_object *thread; /* whose APC is queued, referenced; NULL: none */
    PTIMER_APC_ROUTINE routine;
    PVOID context;
    struct watch *watches;
    unsigned waiting; /* threads in timer_wait */
    bool told, quiet; /* the alarms' thread is always told; it was not */
    uint32_t set;     /* of a shared timer: the count of the setting that this process's alarm is for */
};

/* A shared timer's part in the arena.  The alarm runs in the process that set it last. */
struct timer_shared {
    _Atomic uint32_t set; /* counts settings and cancellations by all processes */
};

static struct timer_shared *timer_shared(const struct timer *timer)
{
    return timer->object.shared ? (struct timer_shared *)arena_entry(timer->object.shared)->data : NULL;
}

/* A new setting: alarms of earlier ones are void. */
static void timer_count(struct timer *timer)
{
    struct timer_shared *shared = timer_shared(timer);
    if (shared)
        timer->set = atomic_fetch_add(&shared->set, 1) + 1;
}

/* Another process has set or cancelled the timer since. */
static bool timer_set_elsewhere(const struct timer *timer)
{
    const struct timer_shared *shared = timer_shared(timer);
    return shared && atomic_load(&shared->set) != timer->set;
}

static struct timer *timer_of_alarm(struct alarm *alarm)
{
    return (struct timer *)((char *)alarm - offsetof(struct timer, alarm));
}

static void watch_unlink(struct watch *watch)
{
    *watch->link = watch->next;
    if (watch->next)
        watch->next->link = watch->link;
    watch->link = NULL;
}

/* Serves the watches as far as the signal goes: one of a synchronization timer, all of a notification timer. */
static void timer_serve_watches(struct timer *timer)
{
    uint32_t seen;
    struct watch *next;
    for (struct watch *watch = timer->watches; watch; watch = next) {
        next = watch->next;
        if (waitable_try(timer->object.waitable, watch->started, &seen) == STATUS_PENDING)
            break;
        watch_unlink(watch);
        watch->done(watch, STATUS_WAIT_0);
        object_release(timer);
    }
}

/* A watch may have held the last reference, and a timer can not be destroyed under the alarms' lock. */
static void timer_release_after(struct alarm *alarm)
{
    object_release(timer_of_alarm(alarm));
}

static void timer_fire(struct alarm *alarm)
{
    struct timer *timer = timer_of_alarm(alarm);
    if (timer_set_elsewhere(timer))
        return;
    waitable_signal(timer->object.waitable);
    if (timer->watches) {
        object_reference(timer);
        timer_serve_watches(timer);
        alarm_after(alarm);
    }
    if (timer->thread) {
        LARGE_INTEGER now;
        NtQuerySystemTime(&now);
        apc_queue_object(&timer->thread->object, (void *)timer->routine, (ULONG_PTR)timer->context, now.LowPart,
                         (ULONG_PTR)(LONG_PTR)now.HighPart);
    }
}

static void timer_destroy(struct object *object)
{
    struct timer *timer = (struct timer *)object;
    alarm_cancel(&timer->alarm);
    if (timer->thread)
        object_release(&timer->thread->object);
    object_free(object);
}

static struct object *timer_object_create(enum wait_kind kind)
{
    struct timer *timer = object_create(&type_timer, sizeof *timer);
    if (!timer)
        return NULL;
    waitable_init(&timer->waitable, kind, 0);
    timer->object.waitable = &timer->waitable;
    timer->alarm.fire = timer_fire;
    timer->alarm.after = timer_release_after;
    return &timer->object;
}

static struct object *timer_proxy(uint32_t index)
{
    (void)index;
    return timer_object_create(WAIT_NOTIFICATION);
}

static void timer_tell(struct object *object)
{
    struct timer *timer = (struct timer *)object;
    alarms_lock();
    timer->told = true;
    alarm_fire_locked(&timer->alarm);
    alarm_tell_locked(&timer->alarm);
    alarms_unlock();
}

static bool timer_share(struct object *object, uint32_t index)
{
    (void)index;
    timer_tell(object);
    return true;
}

const struct object_type type_timer = {
    .name = "Timer",
    .mapping = {STANDARD_RIGHTS_READ | TIMER_QUERY_STATE, STANDARD_RIGHTS_WRITE | TIMER_MODIFY_STATE,
                STANDARD_RIGHTS_EXECUTE | SYNCHRONIZE, TIMER_ALL_ACCESS},
    .all_access = TIMER_ALL_ACCESS,
    .arena_kind = ARENA_TIMER,
    .proxy = timer_proxy,
    .before_wait = timer_tell,
    .share = timer_share,
    .destroy = timer_destroy,
};

void timer_watch_start(struct watch *watch)
{
    struct timer *timer = (struct timer *)watch->object;
    alarms_lock();
    watch->next = timer->watches;
    watch->link = &timer->watches;
    if (watch->next)
        watch->next->link = &watch->next;
    timer->watches = watch;
    if (waitable_is_signaled(timer->object.waitable))
        timer_serve_watches(timer);
    alarms_unlock();
}

bool timer_watch_cancel(struct watch *watch)
{
    alarms_lock();
    bool on = watch->link != NULL;
    if (on)
        watch_unlink(watch);
    alarms_unlock();
    if (on)
        object_release(watch->object);
    return on;
}

NTSTATUS NTAPI NtCreateTimer(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes, TIMER_TYPE type)
{
    if (type != NotificationTimer && type != SynchronizationTimer)
        return STATUS_INVALID_PARAMETER_4;
    void *timer = timer_object_create(type == NotificationTimer ? WAIT_NOTIFICATION : WAIT_SYNCHRONIZATION);
    if (!timer)
        return STATUS_NO_MEMORY;
    return object_publish(timer, access, attributes, handle);
}

NTSTATUS NTAPI NtOpenTimer(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes)
{
    return object_open(&type_timer, access, attributes, handle);
}

NTSTATUS NTAPI NtSetTimer(HANDLE handle, PLARGE_INTEGER due, PTIMER_APC_ROUTINE routine, PVOID context, BOOLEAN resume,
                          LONG period, PBOOLEAN previous)
{
    struct timer *timer;
    if (period < 0)
        return STATUS_INVALID_PARAMETER_6;
    NTSTATUS status = handle_lookup(handle, &type_timer, TIMER_MODIFY_STATE, (void **)&timer);
    if (status)
        return status;
    struct thread_object *self = routine ? object_reference(thread_self()) : NULL;
    alarms_lock();
    timer_count(timer);
    alarm_fire_locked(&timer->alarm);
    bool before = waitable_reset(timer->object.waitable);
    struct thread_object *old = timer->thread;
    timer->thread = self;
    timer->routine = routine;
    timer->context = context;
    timer->quiet = due->QuadPart < 0 && !period && !routine && !timer->told && !timer->object.shared && !timer->waiting;
    if (timer->quiet)
        status = alarm_set_quietly_locked(&timer->alarm, due);
    else
        status = alarm_set_locked(&timer->alarm, due, (uint32_t)period);
    alarms_unlock();
    if (old)
        object_release(&old->object);
    if (previous)
        *previous = before;
    object_release(timer);
    return status ? status : resume ? STATUS_TIMER_RESUME_IGNORED : STATUS_SUCCESS;
}

/* The sooner of a wait's end and the timer's, which is by the clock that does not jump. */
static struct deadline timer_sooner(const struct timer *timer, const struct deadline *deadline)
{
    struct deadline due = {
        DEADLINE_AT, CLOCK_MONOTONIC, {timer->alarm.due / 1000000000, timer->alarm.due % 1000000000}};
    if (!timer->alarm.position || !timer->quiet)
        return *deadline;
    if (deadline->kind == DEADLINE_NEVER)
        return due;
    if (deadline->kind == DEADLINE_PASSED || deadline->clock != CLOCK_MONOTONIC)
        return *deadline;
    bool first = due.at.tv_sec < deadline->at.tv_sec ||
                 (due.at.tv_sec == deadline->at.tv_sec && due.at.tv_nsec < deadline->at.tv_nsec);
    return first ? due : *deadline;
}

NTSTATUS timer_wait(struct object *object, BOOL alertable, const LARGE_INTEGER *timeout)
{
    struct timer *timer = (struct timer *)object;
    struct waitable *const waitables[1] = {object->waitable};
    struct deadline deadline, sooner;
    NTSTATUS status;
    deadline_set(&deadline, timeout);
    alarms_lock();
    timer->waiting++;
    if (deadline.kind == DEADLINE_AT && deadline.clock != CLOCK_MONOTONIC)
        alarm_tell_locked(&timer->alarm); /* the two clocks do not compare */
    do {
        alarm_fire_locked(&timer->alarm);
        sooner = timer_sooner(timer, &deadline);
        alarms_unlock();
        status = waitable_wait_until(1, waitables, FALSE, alertable, &sooner);
        alarms_lock();
    } while (status == STATUS_TIMEOUT && deadline.kind != DEADLINE_PASSED && !deadline_passed(&deadline));
    timer->waiting--;
    alarms_unlock();
    return status;
}

NTSTATUS NTAPI NtCancelTimer(HANDLE handle, PBOOLEAN previous)
{
    struct timer *timer;
    NTSTATUS status = handle_lookup(handle, &type_timer, TIMER_MODIFY_STATE, (void **)&timer);
    if (status)
        return status;
    timer_count(timer);
    alarms_lock();
    alarm_fire_locked(&timer->alarm);
    alarm_cancel_locked(&timer->alarm);
    alarms_unlock();
    if (previous)
        *previous = waitable_is_signaled(timer->object.waitable);
    object_release(timer);
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI NtQueryTimer(HANDLE handle, ULONG class, PVOID buffer, ULONG length, PULONG returned)
{
    TIMER_BASIC_INFORMATION *information = buffer;
    struct timer *timer;
    int64_t ticks = 0;
    if (class != 0)
        return STATUS_INVALID_INFO_CLASS;
    if (length < sizeof *information)
        return STATUS_INFO_LENGTH_MISMATCH;
    NTSTATUS status = handle_lookup(handle, &type_timer, TIMER_QUERY_STATE, (void **)&timer);
    if (status)
        return status;
    alarms_lock();
    alarm_fire_locked(&timer->alarm);
    alarms_unlock();
    alarm_remaining(&timer->alarm, &ticks);
    information->RemainingTime.QuadPart = ticks;
    information->TimerState = waitable_is_signaled(timer->object.waitable);
    if (returned)
        *returned = sizeof *information;
    object_release(timer);
    return STATUS_SUCCESS;
}
