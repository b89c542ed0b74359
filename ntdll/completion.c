/*
 * completion.c: I/O completion ports.  On top of wait.c.
 *
 * A port is a queue under a lock and a waitable that counts it, changed under the same lock: a count too high would
 * keep whoever polls the empty queue going round.  Who removes waits for the count and then takes from the queue;
 * another may have been faster, then it waits on.
 *
 * A thread that has taken from a port works for it until it comes back for more, ends, or sleeps (futex.c tells).  No
 * more threads than the port's limit do so at once; others wait at the gate though there are completions.  Where a
 * thread can sleep unseen (a system call that blocks), the gate opens after GATE_TIME, so that it never holds up for
 * long what a program needs to go on.
 */
#include <limits.h>
#include <stdlib.h>
#include "completion.h"
#include "futex.h"
#include "ioqueue.h"

#define SPARE_MAX 64
#define GATE_TIME 50000          /* 5 ms, in units of 100 ns */
#define CLOSED_COUNT 0x40000000u /* added to the count when the last handle is closed: wakes all for good */

struct port {
    struct object object;
    struct waitable waitable;
    _Atomic uint32_t leading; /* a waiter polls for I/O: ioqueue.h */
    struct lock lock;
    struct port_entry *first, **last;
    struct port_entry *spare; /* for completion_post */
    unsigned spare_count;
    bool closed;
    int32_t limit;
    _Atomic int32_t working;     /* threads that work for the port and do not sleep */
    _Atomic uint32_t departures; /* futex: bumped when one of them sleeps, ends or comes back */
    _Atomic uint32_t at_gate;    /* threads that wait for that */
};

_Thread_local struct port *completion_works_for; /* one reference */

static void port_depart(struct port *port)
{
    atomic_fetch_sub(&port->working, 1);
    atomic_fetch_add(&port->departures, 1);
    if (atomic_load(&port->at_gate))
        futex_wake(&port->departures, 1);
}

void completion_sleeps(struct port *port)
{
    port_depart(port);
}

void completion_wakes(struct port *port)
{
    atomic_fetch_add(&port->working, 1); /* beyond the limit, perhaps: nobody is stopped */
}

void completion_leave(void)
{
    struct port *port = completion_works_for;

    if (!port)
        return;
    completion_works_for = NULL;
    port_depart(port);
    object_release(&port->object);
}

static void list_free(struct port_entry *completion)
{
    while (completion) {
        struct port_entry *next = completion->next;
        if (completion->taken)
            completion->taken(completion);
        else
            free(completion);
        completion = next;
    }
}

static void port_destroy(struct object *object)
{
    struct port *port = (struct port *)object;
    list_free(port->first); /* posted by completion_post after the close */
    list_free(port->spare);
    object_free(object);
}

/* Wakes a waiter, wherever it sleeps. */
static void port_wake(struct port *port, int count)
{
    waitable_wake(&port->waitable, count);
    if (atomic_load(&port->leading) && atomic_exchange(&port->leading, 0))
        ioqueue_kick();
}

static void port_close(struct object *object, HANDLE handle)
{
    struct port *port = (struct port *)object;
    (void)handle;
    if (atomic_load(&object->handles))
        return;
    lock_acquire(&port->lock);
    struct port_entry *rest = port->first; /* wait packets among them hold references to the port */
    port->first = NULL;
    port->last = &port->first;
    port->closed = true;
    lock_release(&port->lock);
    list_free(rest);
    waitable_add(&port->waitable, CLOSED_COUNT, NULL);
    port_wake(port, INT_MAX);
}

const struct object_type type_io_completion = {
    .name = "IoCompletion",
    .mapping = {STANDARD_RIGHTS_READ | IO_COMPLETION_QUERY_STATE, STANDARD_RIGHTS_WRITE | IO_COMPLETION_MODIFY_STATE,
                STANDARD_RIGHTS_EXECUTE | SYNCHRONIZE, IO_COMPLETION_ALL_ACCESS},
    .all_access = IO_COMPLETION_ALL_ACCESS,
    .destroy = port_destroy,
    .close = port_close,
};

/* Under the lock. */
static void port_append(struct port *port, struct port_entry *completion)
{
    completion->next = NULL;
    *port->last = completion;
    port->last = &completion->next;
    waitable_count(&port->waitable);
}

void port_entry_append(struct object *object, struct port_entry *completion)
{
    struct port *port = (struct port *)object;
    lock_acquire(&port->lock);
    port_append(port, completion);
    lock_release(&port->lock);
    port_wake(port, 1);
}

bool port_entry_withdraw(struct object *object, struct port_entry *completion)
{
    struct port *port = (struct port *)object;
    lock_acquire(&port->lock);
    struct port_entry **link = &port->first;
    while (*link && *link != completion)
        link = &(*link)->next;
    bool found = *link != NULL;
    if (found) {
        *link = completion->next;
        if (!*link)
            port->last = link;
        waitable_take(&port->waitable);
    }
    lock_release(&port->lock);
    return found;
}

NTSTATUS completion_post(struct object *object, ULONG_PTR key, PVOID context, NTSTATUS status, ULONG_PTR information)
{
    struct port *port = (struct port *)object;
    lock_acquire(&port->lock);
    struct port_entry *completion = port->spare;
    if (completion) {
        port->spare = completion->next;
        port->spare_count--;
    } else {
        completion = malloc(sizeof *completion);
    }
    if (completion) {
        *completion = (struct port_entry){NULL, (PVOID)key, context, status, information, NULL};
        port_append(port, completion);
    }
    lock_release(&port->lock);
    if (!completion)
        return STATUS_NO_MEMORY;
    port_wake(port, 1);
    return STATUS_SUCCESS;
}

/* A completion goes back to where it came from.  Under the port's lock; true: `taken` is to be called without it. */
static bool port_entry_done(struct port *port, struct port_entry *completion)
{
    if (completion->taken)
        return true;
    if (port->spare_count == SPARE_MAX) {
        free(completion);
    } else {
        completion->next = port->spare;
        port->spare = completion;
        port->spare_count++;
    }
    return false;
}

/* The calling thread takes up work, if the limit lets it; false: it has to wait. */
static bool port_enter(struct port *port, bool regardless)
{
    int32_t working = atomic_load(&port->working);

    do {
        if (working >= port->limit && !regardless)
            return false;
    } while (!atomic_compare_exchange_weak(&port->working, &working, working + 1));
    completion_works_for = object_reference(&port->object);
    return true;
}

/* Waits until a thread has departed, or for GATE_TIME.  False: none has. */
static bool port_gate(struct port *port, uint32_t departures)
{
    LARGE_INTEGER time = {.QuadPart = -GATE_TIME};

    atomic_fetch_add(&port->at_gate, 1);
    bool departed = futex_sleep(&port->departures, departures, &time) == STATUS_SUCCESS;
    atomic_fetch_sub(&port->at_gate, 1);
    return departed;
}

/* Takes up to `count` completions; returns how many.  *closed: the port is and will stay empty. */
static ULONG port_take(struct port *port, FILE_IO_COMPLETION_INFORMATION *entries, ULONG count, bool *closed)
{
    struct port_entry *owned = NULL;
    ULONG taken = 0;
    lock_acquire(&port->lock);
    while (taken < count && port->first) {
        struct port_entry *completion = port->first;
        port->first = completion->next;
        if (!port->first)
            port->last = &port->first;
        entries[taken++] = (FILE_IO_COMPLETION_INFORMATION){
            completion->key, completion->context, {{.Status = completion->status}, completion->information}};
        waitable_take(&port->waitable);
        if (port_entry_done(port, completion)) {
            completion->next = owned;
            owned = completion;
        }
    }
    *closed = port->closed;
    lock_release(&port->lock);
    list_free(owned);
    return taken;
}

static NTSTATUS port_remove(struct port *port, FILE_IO_COMPLETION_INFORMATION *entries, ULONG count, ULONG *removed,
                            const LARGE_INTEGER *timeout, BOOLEAN alertable)
{
    struct waitable *const waitables[1] = {&port->waitable};
    struct deadline passed = {.kind = DEADLINE_PASSED};
    struct deadline deadline;
    bool regardless = false;

    completion_leave();
    deadline_set(&deadline, timeout);
    for (;;) {
        uint32_t departures = atomic_load(&port->departures);
        bool closed;
        bool led = !alertable && !waitable_is_signaled(&port->waitable) &&
                   ioqueue_lead(&port->leading, &port->waitable, &deadline);
        bool sleeps = !led && deadline.kind != DEADLINE_PASSED && !waitable_is_signaled(&port->waitable);
        if (sleeps)
            ioqueue_sleeps();
        NTSTATUS status = waitable_wait_until(1, waitables, FALSE, alertable, led ? &passed : &deadline);
        if (sleeps)
            ioqueue_wakes();
        if (led && status == STATUS_TIMEOUT && deadline.kind != DEADLINE_PASSED)
            continue;
        *removed = 0;
        if (status)
            return status;
        if (!port_enter(port, regardless)) {
            if (deadline_passed(&deadline))
                return STATUS_TIMEOUT;
            regardless = !port_gate(port, departures);
            continue;
        }
        *removed = port_take(port, entries, count, &closed);
        if (*removed)
            return STATUS_SUCCESS;
        completion_leave();
        if (closed)
            return STATUS_ABANDONED_WAIT_0;
    }
}

NTSTATUS NTAPI NtCreateIoCompletion(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes, ULONG threads)
{
    struct port *port = object_create(&type_io_completion, sizeof *port);
    if (!port)
        return STATUS_NO_MEMORY;
    waitable_init(&port->waitable, WAIT_QUEUE, 0);
    port->waitable.extra = INT32_MAX;
    port->limit = threads && threads < INT32_MAX ? (int32_t)threads : (int32_t)peb_current()->NumberOfProcessors;
    port->object.waitable = &port->waitable;
    port->last = &port->first;
    return object_publish(port, access, attributes, handle);
}

NTSTATUS NTAPI NtOpenIoCompletion(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes)
{
    return object_open(&type_io_completion, access, attributes, handle);
}

NTSTATUS NTAPI NtQueryIoCompletion(HANDLE handle, ULONG class, PVOID buffer, ULONG length, PULONG returned)
{
    IO_COMPLETION_BASIC_INFORMATION *information = buffer;
    struct port *port;
    if (class != 0)
        return STATUS_INVALID_INFO_CLASS;
    if (length != sizeof *information)
        return STATUS_INFO_LENGTH_MISMATCH;
    NTSTATUS status = handle_lookup(handle, &type_io_completion, IO_COMPLETION_QUERY_STATE, (void **)&port);
    if (status)
        return status;
    information->Depth = (LONG)atomic_load(&port->waitable.word);
    if (returned)
        *returned = sizeof *information;
    object_release(port);
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI NtSetIoCompletion(HANDLE handle, PVOID key, PVOID context, NTSTATUS io_status, ULONG_PTR information)
{
    struct object *port;
    NTSTATUS status = handle_lookup(handle, &type_io_completion, IO_COMPLETION_MODIFY_STATE, (void **)&port);
    if (status)
        return status;
    status = completion_post(port, (ULONG_PTR)key, context, io_status, information);
    object_release(port);
    return status;
}

NTSTATUS NTAPI NtRemoveIoCompletionEx(HANDLE handle, FILE_IO_COMPLETION_INFORMATION *entries, ULONG count,
                                      PULONG removed, PLARGE_INTEGER timeout, BOOLEAN alertable)
{
    struct port *port;
    if (count == 0)
        return STATUS_INVALID_PARAMETER;
    NTSTATUS status = handle_lookup(handle, &type_io_completion, IO_COMPLETION_MODIFY_STATE, (void **)&port);
    if (status)
        return status;
    status = port_remove(port, entries, count, removed, timeout, alertable);
    object_release(port);
    return status;
}

NTSTATUS NTAPI NtRemoveIoCompletion(HANDLE handle, PVOID *key, PVOID *context, PIO_STATUS_BLOCK io,
                                    PLARGE_INTEGER timeout)
{
    FILE_IO_COMPLETION_INFORMATION entry;
    ULONG removed;
    NTSTATUS status = NtRemoveIoCompletionEx(handle, &entry, 1, &removed, timeout, FALSE);
    if (status)
        return status;
    *key = entry.KeyContext;
    *context = entry.ApcContext;
    *io = entry.IoStatusBlock;
    return STATUS_SUCCESS;
}
