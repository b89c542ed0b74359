/*
 * event.c: events, of both kinds.  On top of wait.c.
 */
#include "handle.h"
#include "shared.h"

struct event {
    struct object object;
    struct waitable waitable;
};

static struct object *event_proxy(uint32_t index)
{
    (void)index;
    return object_create(&type_event, sizeof(struct event));
}

const struct object_type type_event = {
    .name = "Event",
    .mapping = {STANDARD_RIGHTS_READ | EVENT_QUERY_STATE, STANDARD_RIGHTS_WRITE | EVENT_MODIFY_STATE,
                STANDARD_RIGHTS_EXECUTE | SYNCHRONIZE, EVENT_ALL_ACCESS},
    .all_access = EVENT_ALL_ACCESS,
    .arena_kind = ARENA_EVENT,
    .proxy = event_proxy,
};

NTSTATUS NTAPI NtCreateEvent(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes, EVENT_TYPE type,
                             BOOLEAN state)
{
    if (type != NotificationEvent && type != SynchronizationEvent)
        return STATUS_INVALID_PARAMETER;
    struct event *event = object_create(&type_event, sizeof *event);
    if (!event)
        return STATUS_NO_MEMORY;
    waitable_init(&event->waitable, type == NotificationEvent ? WAIT_NOTIFICATION : WAIT_SYNCHRONIZATION, state != 0);
    event->object.waitable = &event->waitable;
    return object_publish(event, access, attributes, handle);
}

NTSTATUS NTAPI NtOpenEvent(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes)
{
    return object_open(&type_event, access, attributes, handle);
}

enum event_change { EVENT_SET, EVENT_RESET, EVENT_PULSE };

/* A pulse releases who waits now.  Of an auto-reset event without waiters nothing must remain. */
static bool event_pulse(struct waitable *w)
{
    bool before;
    if (w->kind == WAIT_SYNCHRONIZATION && !atomic_load(&w->waiters))
        return waitable_reset(w);
    before = waitable_signal(w);
    if (w->kind == WAIT_NOTIFICATION)
        waitable_reset(w);
    return before;
}

/* Nobody waits: the handle's entry stays locked for as long as it takes, which spares counting a reference. */
static bool set_quickly(HANDLE handle)
{
    struct object *object;
    bool quick = false;
    thread_no_suspend();
    struct handle_entry *entry = handle_enter(handle, EVENT_MODIFY_STATE, &object);
    if (entry) {
        quick = object->type == &type_event && !atomic_load_explicit(&object->waitable->waiters, memory_order_relaxed);
        if (quick)
            waitable_signal(object->waitable);
        entry_release(entry, object);
    }
    thread_may_suspend();
    return quick;
}

static NTSTATUS event_change(HANDLE handle, enum event_change change, PLONG previous)
{
    struct event *event;
    NTSTATUS status = handle_lookup(handle, &type_event, EVENT_MODIFY_STATE, (void **)&event);
    if (status)
        return status;
    bool before = change == EVENT_SET     ? waitable_signal(event->object.waitable)
                  : change == EVENT_RESET ? waitable_reset(event->object.waitable)
                                          : event_pulse(event->object.waitable);
    if (previous)
        *previous = before;
    object_release(event);
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI NtSetEvent(HANDLE handle, PLONG previous)
{
    if (!previous && set_quickly(handle))
        return STATUS_SUCCESS;
    return event_change(handle, EVENT_SET, previous);
}

NTSTATUS NTAPI NtResetEvent(HANDLE handle, PLONG previous)
{
    return event_change(handle, EVENT_RESET, previous);
}

NTSTATUS NTAPI NtClearEvent(HANDLE handle)
{
    return event_change(handle, EVENT_RESET, NULL);
}

NTSTATUS NTAPI NtPulseEvent(HANDLE handle, PLONG previous)
{
    return event_change(handle, EVENT_PULSE, previous);
}

NTSTATUS NTAPI NtQueryEvent(HANDLE handle, ULONG class, PVOID buffer, ULONG length, PULONG returned)
{
    EVENT_BASIC_INFORMATION *information = buffer;
    struct event *event;
    if (class != 0)
        return STATUS_INVALID_INFO_CLASS;
    if (length != sizeof *information)
        return STATUS_INFO_LENGTH_MISMATCH;
    NTSTATUS status = handle_lookup(handle, &type_event, EVENT_QUERY_STATE, (void **)&event);
    if (status)
        return status;
    information->EventType =
        event->object.waitable->kind == WAIT_NOTIFICATION ? NotificationEvent : SynchronizationEvent;
    information->EventState = waitable_is_signaled(event->object.waitable);
    if (returned)
        *returned = sizeof *information;
    object_release(event);
    return STATUS_SUCCESS;
}
