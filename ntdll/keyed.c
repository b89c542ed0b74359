/*
 * keyed.c: keyed events: a wait and a release meet by a key; each sleeps until the other is there.  On top of futex.c.
 *
 * One list for the process: keyed events are rare, and their users keep few threads asleep.
 */
#include "apc.h"
#include "futex.h"
#include "object.h"
#include "thread.h"

const struct object_type type_keyed_event = {
    .name = "KeyedEvent",
    .mapping = {STANDARD_RIGHTS_READ | KEYEDEVENT_WAIT, STANDARD_RIGHTS_WRITE | KEYEDEVENT_WAKE,
                STANDARD_RIGHTS_EXECUTE, KEYEDEVENT_ALL_ACCESS},
    .all_access = KEYEDEVENT_ALL_ACCESS,
};

struct visitor {
    struct visitor *next;
    const struct object *event;
    const void *key;
    bool releases;
    _Atomic uint32_t met;
};

static struct lock lock;
static struct visitor *visitors;

/* The one we wait for, taken from the list; oldest first. */
static struct visitor *visitor_meet(const struct visitor *self)
{
    struct visitor **found = NULL;
    for (struct visitor **link = &visitors; *link; link = &(*link)->next)
        if ((*link)->event == self->event && (*link)->key == self->key && (*link)->releases != self->releases)
            found = link; /* newest stand first */
    if (!found)
        return NULL;
    struct visitor *visitor = *found;
    *found = visitor->next;
    return visitor;
}

static bool visitor_leave(struct visitor *self)
{
    lock_acquire(&lock);
    bool alone = !atomic_load(&self->met);
    for (struct visitor **link = &visitors; alone && *link; link = &(*link)->next)
        if (*link == self) {
            *link = self->next;
            break;
        }
    lock_release(&lock);
    return alone;
}

static NTSTATUS visitor_sleep(struct visitor *self, BOOLEAN alertable, const LARGE_INTEGER *timeout)
{
    struct thread *thread = thread_current();
    struct deadline deadline;
    deadline_set(&deadline, timeout);
    while (!atomic_load(&self->met)) {
        struct futex_word words[2] = {{&self->met, 0, false}, {&thread->alert, atomic_load(&thread->alert), false}};
        if (alertable && apc_deliver() && visitor_leave(self))
            return STATUS_USER_APC;
        if (!futex_wait_any(words, alertable ? 2 : 1, &deadline) && visitor_leave(self))
            return STATUS_TIMEOUT;
    }
    return STATUS_SUCCESS;
}

static NTSTATUS keyed_visit(HANDLE handle, PVOID key, bool releases, BOOLEAN alertable, PLARGE_INTEGER timeout)
{
    struct visitor self = {.key = key, .releases = releases};
    struct object *event = NULL; /* handle NULL: the event of the process that critical sections used to have */
    NTSTATUS status = STATUS_SUCCESS;
    if ((ULONG_PTR)key & 1)
        return STATUS_INVALID_PARAMETER_1;
    if (handle)
        status =
            handle_lookup(handle, &type_keyed_event, releases ? KEYEDEVENT_WAKE : KEYEDEVENT_WAIT, (void **)&event);
    if (status)
        return status;
    self.event = event;
    lock_acquire(&lock);
    struct visitor *other = visitor_meet(&self);
    if (other) {
        atomic_store(&other->met, 1);
        futex_wake(&other->met, 1);
    } else {
        self.next = visitors;
        visitors = &self;
    }
    lock_release(&lock);
    if (!other)
        status = visitor_sleep(&self, alertable, timeout);
    if (event)
        object_release(event);
    return status;
}

NTSTATUS NTAPI NtCreateKeyedEvent(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes, ULONG flags)
{
    if (flags)
        return STATUS_INVALID_PARAMETER_4;
    struct object *event = object_create(&type_keyed_event, sizeof *event);
    return event ? object_publish(event, access, attributes, handle) : STATUS_NO_MEMORY;
}

NTSTATUS NTAPI NtOpenKeyedEvent(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes)
{
    return object_open(&type_keyed_event, access, attributes, handle);
}

NTSTATUS NTAPI NtWaitForKeyedEvent(HANDLE handle, PVOID key, BOOLEAN alertable, PLARGE_INTEGER timeout)
{
    return keyed_visit(handle, key, false, alertable, timeout);
}

NTSTATUS NTAPI NtReleaseKeyedEvent(HANDLE handle, PVOID key, BOOLEAN alertable, PLARGE_INTEGER timeout)
{
    return keyed_visit(handle, key, true, alertable, timeout);
}
