/*
 * timer.c: waitable timers.  On top of alarm.c and wait.c.
 *
 * A timer's fields are guarded by the alarms' lock, under which it fires.
 */
#include "alarm.h"
#include "apc.h"
#include "shared.h"
#include "thread_object.h"
#include "watch.h"

struct timer {
    struct object object;
    struct waitable waitable;
    struct alarm alarm;
    struct thread_object *thread; /* whose APC is queued, referenced; NULL: none */
    PTIMER_APC_ROUTINE routine;
    PVOID context;
    struct watch *watches;
    uint32_t set; /* of a shared timer: the count of the setting that this process's alarm is for */
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

const struct object_type type_timer = {
    .name = "Timer",
    .mapping = {STANDARD_RIGHTS_READ | TIMER_QUERY_STATE, STANDARD_RIGHTS_WRITE | TIMER_MODIFY_STATE,
                STANDARD_RIGHTS_EXECUTE | SYNCHRONIZE, TIMER_ALL_ACCESS},
    .all_access = TIMER_ALL_ACCESS,
    .arena_kind = ARENA_TIMER,
    .proxy = timer_proxy,
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
    bool before = waitable_reset(timer->object.waitable);
    struct thread_object *old = timer->thread;
    timer->thread = self;
    timer->routine = routine;
    timer->context = context;
    status = alarm_set_locked(&timer->alarm, due, (uint32_t)period);
    alarms_unlock();
    if (old)
        object_release(&old->object);
    if (previous)
        *previous = before;
    object_release(timer);
    return status ? status : resume ? STATUS_TIMER_RESUME_IGNORED : STATUS_SUCCESS;
}

NTSTATUS NTAPI NtCancelTimer(HANDLE handle, PBOOLEAN previous)
{
    struct timer *timer;
    NTSTATUS status = handle_lookup(handle, &type_timer, TIMER_MODIFY_STATE, (void **)&timer);
    if (status)
        return status;
    timer_count(timer);
    alarm_cancel(&timer->alarm);
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
    alarm_remaining(&timer->alarm, &ticks);
    information->RemainingTime.QuadPart = ticks;
    information->TimerState = waitable_is_signaled(timer->object.waitable);
    if (returned)
        *returned = sizeof *information;
    object_release(timer);
    return STATUS_SUCCESS;
}
