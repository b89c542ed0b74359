/*
 * waitapi.c: the Nt functions that wait.  On top of wait.c and handle.c.
 */
#include "object.h"

/* Events and semaphores: what can be looked at and taken in a moment. */
static bool is_plain(const struct object *object)
{
    const struct waitable *w = object->waitable;
    return w && !object->type->before_wait && atomic_load_explicit(&w->kind, memory_order_relaxed) <= WAIT_SEMAPHORE;
}

/* An event or a semaphore that need not be waited for.  STATUS_PENDING: it must, or it is something else. */
static NTSTATUS wait_quickly(HANDLE handle)
{
    struct object *object = handle_enter(handle, NULL, SYNCHRONIZE);
    NTSTATUS status = STATUS_PENDING;
    if (!object)
        return status;
    if (is_plain(object)) {
        uint32_t seen;
        status = waitable_try(object->waitable, atomic_load(&object->waitable->word), &seen);
    }
    handle_leave(handle, object);
    return status;
}

/* The same for one of several.  All handles must be good before something is taken. */
static NTSTATUS wait_any_quickly(ULONG count, const HANDLE *handles)
{
    ULONG first = count;
    for (ULONG i = 0; i < count; i++) {
        struct object *object = handle_enter(handles[i], NULL, SYNCHRONIZE);
        if (!object)
            return STATUS_PENDING;
        bool plain = is_plain(object);
        uint32_t word = plain ? atomic_load_explicit(&object->waitable->word, memory_order_acquire) : WAITABLE_LOCKED;
        bool counts = plain && object->waitable->kind == WAIT_SEMAPHORE;
        handle_leave(handles[i], object);
        if (word & WAITABLE_LOCKED)
            return STATUS_PENDING;
        if (first == count && (word & (counts ? ~0u : 1u)))
            first = i;
    }
    NTSTATUS status = first == count ? STATUS_PENDING : wait_quickly(handles[first]);
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
