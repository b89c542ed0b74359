/*
 * waitapi.c: the Nt functions that wait.  On top of wait.c and handle.c.
 */
#include "handle.h"

/* Events and semaphores: what can be looked at and taken in a moment, since it is promised to nobody. */
static bool is_plain(const struct object *object)
{
    const struct waitable *w = object->waitable;
    return w && !object->type->before_wait && atomic_load_explicit(&w->kind, memory_order_relaxed) <= WAIT_SEMAPHORE &&
           !atomic_load_explicit(&w->promised, memory_order_relaxed);
}

/* An event or a semaphore that need not be waited for.  STATUS_PENDING: it must, or it is something else. */
static NTSTATUS take_quickly(HANDLE handle)
{
    struct object *object;
    struct handle_entry *entry = handle_enter(handle, SYNCHRONIZE, &object);
    NTSTATUS status = STATUS_PENDING;
    if (!entry)
        return status;
    if (is_plain(object)) {
        uint32_t seen;
        status = waitable_try(object->waitable, atomic_load(&object->waitable->word), &seen);
    }
    entry_release(entry, object);
    return status;
}

static NTSTATUS wait_quickly(HANDLE handle)
{
    thread_no_suspend();
    NTSTATUS status = take_quickly(handle);
    thread_may_suspend();
    return status;
}

/* The first of several that is signalled, and whether that has to be taken; `count`: none.  False: it takes more to
 * tell. */
static bool find_signaled(ULONG count, const HANDLE *handles, ULONG *first, bool *take)
{
    *first = count;
    *take = false;
    for (ULONG i = 0; i < count; i++) {
        struct object *object;
        struct handle_entry *entry = handle_enter(handles[i], SYNCHRONIZE, &object);
        if (!entry)
            return false;
        bool plain = is_plain(object);
        uint32_t word = plain ? atomic_load_explicit(&object->waitable->word, memory_order_acquire) : WAITABLE_LOCKED;
        uint8_t kind = plain ? atomic_load_explicit(&object->waitable->kind, memory_order_relaxed) : 0;
        entry_release(entry, object);
        if (word & WAITABLE_LOCKED)
            return false;
        if (*first == count && (word & (kind == WAIT_SEMAPHORE ? ~0u : 1u))) {
            *first = i;
            *take = kind != WAIT_NOTIFICATION;
        }
    }
    return true;
}

/* The same for one of several.  All handles must be good before something is taken. */
static NTSTATUS wait_any_quickly(ULONG count, const HANDLE *handles)
{
    ULONG first;
    bool take;
    NTSTATUS status = STATUS_PENDING;
    thread_no_suspend();
    if (find_signaled(count, handles, &first, &take) && first < count)
        status = take ? take_quickly(handles[first]) : STATUS_WAIT_0;
    thread_may_suspend();
    return status == STATUS_PENDING ? status : status + (NTSTATUS)first;
}

NTSTATUS NTAPI NtWaitForSingleObject(HANDLE handle, BOOLEAN alertable, PLARGE_INTEGER timeout)
{
    void *object;
    NTSTATUS status = wait_quickly(handle);
    if (status != STATUS_PENDING)
        return status;
    status = handle_lookup(handle, NULL, SYNCHRONIZE, &object);
    if (status)
        return status;
    struct object *const objects[1] = {object};
    status = object_wait(1, objects, FALSE, alertable, timeout);
    object_release(object);
    return status;
}

NTSTATUS NTAPI NtWaitForMultipleObjects(ULONG count, const HANDLE *handles, WAIT_TYPE type, BOOLEAN alertable,
                                        PLARGE_INTEGER timeout)
{
    struct object *objects[MAXIMUM_WAIT_OBJECTS];
    NTSTATUS status = STATUS_SUCCESS;
    ULONG found = 0;
    if (count == 0 || count > MAXIMUM_WAIT_OBJECTS)
        return STATUS_INVALID_PARAMETER_1;
    if (type != WaitAllObject && type != WaitAnyObject)
        return STATUS_INVALID_PARAMETER_3;
    if (type == WaitAnyObject) {
        status = wait_any_quickly(count, handles);
        if (status != STATUS_PENDING)
            return status;
        status = STATUS_SUCCESS;
    }
    for (; found < count && !status; found += !status)
        status = handle_lookup(handles[found], NULL, SYNCHRONIZE, (void **)&objects[found]);
    if (!status)
        status = object_wait(count, objects, type == WaitAllObject, alertable, timeout);
    while (found > 0)
        object_release(objects[--found]);
    return status;
}

/* The rights differ by type, so the object's type is looked at first. */
static NTSTATUS signal_object(HANDLE handle)
{
    void *object;
    NTSTATUS status = handle_lookup(handle, NULL, 0, &object);
    if (status)
        return status;
    const struct object_type *type = ((struct object *)object)->type;
    object_release(object);
    if (type == &type_event)
        return NtSetEvent(handle, NULL);
    if (type == &type_mutant)
        return NtReleaseMutant(handle, NULL);
    if (type == &type_semaphore)
        return NtReleaseSemaphore(handle, 1, NULL);
    return STATUS_OBJECT_TYPE_MISMATCH;
}

NTSTATUS NTAPI NtSignalAndWaitForSingleObject(HANDLE signal, HANDLE wait, BOOLEAN alertable, PLARGE_INTEGER timeout)
{
    void *object;
    NTSTATUS status = handle_lookup(wait, NULL, SYNCHRONIZE, &object);
    if (status)
        return status;
    struct object *const objects[1] = {object};
    if (objects[0]->waitable)
        status = signal_object(signal);
    else
        status = STATUS_OBJECT_TYPE_MISMATCH;
    if (!status)
        status = object_wait(1, objects, FALSE, alertable, timeout);
    object_release(object);
    return status;
}

NTSTATUS NTAPI NtDelayExecution(BOOLEAN alertable, const LARGE_INTEGER *interval)
{
    if (!alertable && interval->QuadPart == 0)
        return NtYieldExecution();
    NTSTATUS status = object_wait(0, NULL, FALSE, alertable, interval);
    return status == STATUS_TIMEOUT ? STATUS_SUCCESS : status;
}
