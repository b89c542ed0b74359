/*
 * debug_object.c: the debugger's side of debugging: debug objects, their events, attaching (debug.h).
 *
 * Layer: NT layer.  A debug object is an arena entry whose waitable debuggees signal; which processes are its
 * debuggees stands in their records.  The object keeps the process objects of those it has seen, so that their ends
 * are noticed, even those by SIGKILL.
 */
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include "debug.h"
#include "file.h"
#include "futex.h"
#include "lock.h"
#include "ntapi.h"
#include "ntthread.h"
#include "peb.h"
#include "process.h"
#include "remote.h"
#include "shared.h"
#include "spawn.h"

#define DEBUGGEES_MOST (MAXIMUM_WAIT_OBJECTS - 1)

struct debuggee {
    struct debuggee *next;
    struct process_object *process;
    bool told;   /* of its creation */
    bool ending; /* its end has been told: it goes with the next answer */
};

struct debug_object {
    struct object object;
    struct waitable events;
    pthread_mutex_t lock;
    struct debuggee *debuggees; /* in order of arrival */
};

static bool debug_share(struct object *object, uint32_t index)
{
    struct debug_port *port = (struct debug_port *)arena_entry(index)->data;
    (void)object;
    port->owner = arena_self();
    port->owner_pid = process_id();
    return true;
}

static struct debug_slot *slot_of(const struct process_object *process)
{
    return &arena_process(process->record)->debug;
}

/* Its threads go on, and nobody is told of it any more. */
static NTSTATUS detach(struct process_object *process, uint32_t port)
{
    struct debug_slot *slot = slot_of(process);
    struct remote_command command = {.what = REMOTE_DEBUG_DETACH};
    if (!atomic_compare_exchange_strong(&slot->port, &port, 0))
        return STATUS_PORT_NOT_SET;
    NTSTATUS status = remote_run(process, &command, NULL, 0, 0);
    arena_drop_entry(port, process->record);
    return status;
}

static void debug_destroy(struct object *object)
{
    struct debug_object *debug = (struct debug_object *)object;
    bool kill = atomic_load(&((struct debug_port *)arena_entry(object->shared)->data)->flags) & DEBUG_KILL_ON_CLOSE;
    for (struct debuggee *one = debug->debuggees, *next; one; one = next) {
        next = one->next;
        if (kill)
            process_kill(one->process, (ULONG)STATUS_DEBUGGER_INACTIVE);
        else
            detach(one->process, object->shared);
        object_release(one->process);
        free(one);
    }
    object_free(object);
}

static const struct object_type type_debug = {
    .name = "DebugObject",
    .mapping = {STANDARD_RIGHTS_READ | DEBUG_READ_EVENT | DEBUG_QUERY_INFORMATION,
                STANDARD_RIGHTS_WRITE | DEBUG_SET_INFORMATION | DEBUG_PROCESS_ASSIGN,
                STANDARD_RIGHTS_EXECUTE | SYNCHRONIZE, DEBUG_ALL_ACCESS},
    .all_access = DEBUG_ALL_ACCESS,
    .destroy = debug_destroy,
    .arena_kind = ARENA_DEBUG,
    .share = debug_share,
};

static NTSTATUS debug_from_handle(HANDLE handle, ACCESS_MASK access, struct debug_object **debug)
{
    return handle_lookup(handle, &type_debug, access, (void **)debug);
}

NTSTATUS NTAPI NtCreateDebugObject(HANDLE *handle, ACCESS_MASK access, const OBJECT_ATTRIBUTES *attributes, ULONG flags)
{
    if (flags & ~DEBUG_KILL_ON_CLOSE)
        return STATUS_INVALID_PARAMETER;
    struct debug_object *debug = object_create(&type_debug, sizeof *debug);
    if (!debug)
        return STATUS_NO_MEMORY;
    pthread_mutex_init(&debug->lock, NULL);
    waitable_init(&debug->events, WAIT_NOTIFICATION, 0);
    debug->object.waitable = &debug->events;
    if (!shared_promote(&debug->object)) {
        debug->object.type = NULL;
        object_free(&debug->object);
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    atomic_store(&((struct debug_port *)arena_entry(debug->object.shared)->data)->flags, flags);
    return object_publish(debug, access, attributes, handle);
}

/* Under the object's lock. */
static struct debuggee *debuggee_add(struct debug_object *debug, struct process_object *process)
{
    struct debuggee **link = &debug->debuggees;
    while (*link)
        link = &(*link)->next;
    *link = calloc(1, sizeof **link);
    if (*link)
        (*link)->process = object_reference(process);
    return *link;
}

static struct debuggee *debuggee_find(const struct debug_object *debug, int pid)
{
    struct debuggee *one = debug->debuggees;
    while (one && one->process->pid != pid)
        one = one->next;
    return one;
}

static void debuggee_remove(struct debug_object *debug, struct debuggee *gone)
{
    struct debuggee **link = &debug->debuggees;
    while (*link != gone)
        link = &(*link)->next;
    *link = gone->next;
    object_release(gone->process);
    free(gone);
}

/* Children of debuggees, which nobody here has started. */
static void debuggees_discover(struct debug_object *debug)
{
    struct arena *arena = arena_attached();
    for (uint32_t i = 0; i < atomic_load(&arena->header.process_high); i++) {
        struct arena_process *record = &arena->processes[i];
        int pid = atomic_load(&record->pid);
        struct process_object *process;
        if (atomic_load(&record->debug.port) != debug->object.shared || !pid ||
            atomic_load(&record->state) != PROCESS_RUNNING || debuggee_find(debug, pid) ||
            process_object_open(pid, &process))
            continue;
        debuggee_add(debug, process);
        object_release(process);
    }
}

/* ---- events ---- */

/* The image of a new process or DLL, opened for the debugger by the name that stands in the debuggee. */
static HANDLE image_open(HANDLE process, uint64_t name)
{
    WCHAR path[512];
    UNICODE_STRING nt;
    IO_STATUS_BLOCK io;
    HANDLE file = NULL;
    SIZE_T done;
    void *text;
    if (!name || NtReadVirtualMemory(process, (void *)name, &text, sizeof text, &done) || !text)
        return NULL;
    memset(path, 0, sizeof path);
    NtReadVirtualMemory(process, text, path, sizeof path - sizeof *path, &done);
    if (!RtlDosPathNameToNtPathName_U(path, &nt, NULL, NULL))
        return NULL;
    OBJECT_ATTRIBUTES attributes = {.Length = sizeof attributes, .ObjectName = &nt, .Attributes = OBJ_CASE_INSENSITIVE};
    if (NtOpenFile(&file, GENERIC_READ | SYNCHRONIZE, &attributes, &io, FILE_SHARE_READ | FILE_SHARE_DELETE,
                   FILE_SYNCHRONOUS_IO_NONALERT | FILE_NON_DIRECTORY_FILE))
        file = NULL;
    RtlFreeUnicodeString(&nt);
    return file;
}

static HANDLE image_of(struct process_object *process, uint64_t name)
{
    HANDLE handle, file;
    if (handle_create(process, PROCESS_ALL_ACCESS, 0, &handle))
        return NULL;
    file = image_open(handle, name);
    handle_close(handle);
    return file;
}

static void change_exception(const struct debug_event *event, struct debug_state_change *change)
{
    change->exception.record = event->record;
    change->exception.first_chance = event->first_chance;
    if (event->record.ExceptionCode == (DWORD)STATUS_BREAKPOINT)
        change->state = DEBUG_BREAKPOINT;
    else if (event->record.ExceptionCode == (DWORD)STATUS_SINGLE_STEP)
        change->state = DEBUG_SINGLE_STEP;
}

static void change_fill(struct process_object *process, const struct debug_event *event,
                        struct debug_state_change *change)
{
    memset(change, 0, sizeof *change);
    change->state = event->state;
    change->id.UniqueProcess = (HANDLE)(ULONG_PTR)process->pid;
    change->id.UniqueThread = (HANDLE)(ULONG_PTR)event->tid;
    switch (event->state) {
    case DEBUG_CREATE_THREAD:
        change->create_thread.info.start = (PVOID)event->start;
        break;
    case DEBUG_CREATE_PROCESS:
        change->create_process.info.file = image_of(process, event->name);
        change->create_process.info.base = (PVOID)event->base;
        change->create_process.info.thread.start = (PVOID)event->start;
        break;
    case DEBUG_EXIT_THREAD:
    case DEBUG_EXIT_PROCESS:
        change->exited.status = (NTSTATUS)event->code;
        break;
    case DEBUG_EXCEPTION:
        change_exception(event, change);
        break;
    case DEBUG_LOAD_DLL:
        change->load_dll.file = image_of(process, event->name);
        change->load_dll.base = (PVOID)event->base;
        change->load_dll.name = (PVOID)event->name;
        break;
    case DEBUG_UNLOAD_DLL:
        change->unload_dll.base = (PVOID)event->base;
        break;
    }
}

/* The event of one debuggee, if it has one. */
static bool event_take(struct debuggee *one, struct debug_state_change *change)
{
    struct debug_slot *slot = slot_of(one->process);
    uint32_t reported = DEBUG_SLOT_REPORTED;
    if (atomic_compare_exchange_strong(&slot->state, &reported, DEBUG_SLOT_TAKEN)) {
        one->ending = slot->event.state == DEBUG_EXIT_PROCESS;
        one->told |= slot->event.state == DEBUG_CREATE_PROCESS;
        change_fill(one->process, &slot->event, change);
        return true;
    }
    if (one->ending || !process_check_ended(one->process))
        return false;
    const struct debug_event ended = {
        .state = DEBUG_EXIT_PROCESS, .tid = one->process->pid, .code = one->process->exit_code};
    one->ending = true;
    change_fill(one->process, &ended, change);
    return true;
}

/* Under the object's lock. */
static bool event_find(struct debug_object *debug, struct debug_state_change *change)
{
    debuggees_discover(debug);
    for (struct debuggee *one = debug->debuggees, *next; one; one = next) {
        next = one->next;
        if (event_take(one, change)) {
            if (one->told)
                return true;
            debuggee_remove(debug, one); /* it died before there was anything to tell */
        }
    }
    return false;
}

static NTSTATUS event_await(struct debug_object *debug, BOOL alertable, struct deadline *deadline)
{
    struct waitable *waitables[MAXIMUM_WAIT_OBJECTS];
    struct process_object *processes[MAXIMUM_WAIT_OBJECTS];
    ULONG count = 0;
    host_lock(&debug->lock);
    for (struct debuggee *one = debug->debuggees; one && count < DEBUGGEES_MOST; one = one->next)
        if (!one->ending)
            processes[count++] = object_reference(one->process);
    host_unlock(&debug->lock);
    for (ULONG i = 0; i < count; i++) {
        process_watch(processes[i]);
        waitables[i] = &processes[i]->ended;
    }
    waitables[count] = debug->object.waitable;
    NTSTATUS status = waitable_wait_until(count + 1, waitables, FALSE, alertable, deadline);
    for (ULONG i = 0; i < count; i++)
        object_release(processes[i]);
    return status;
}

NTSTATUS NTAPI NtWaitForDebugEvent(HANDLE handle, BOOLEAN alertable, const LARGE_INTEGER *timeout,
                                   struct debug_state_change *change)
{
    struct debug_object *debug;
    struct deadline deadline;
    NTSTATUS status = debug_from_handle(handle, DEBUG_READ_EVENT, &debug);
    if (status)
        return status;
    deadline_set(&deadline, timeout);
    for (bool found = false; !found && (status == STATUS_SUCCESS || (ULONG)status < MAXIMUM_WAIT_OBJECTS);) {
        waitable_reset(debug->object.waitable); /* before looking: what comes later signals it again */
        host_lock(&debug->lock);
        found = event_find(debug, change);
        host_unlock(&debug->lock);
        status = found ? STATUS_SUCCESS : event_await(debug, alertable, &deadline);
    }
    object_release(debug);
    return status;
}

NTSTATUS NTAPI NtDebugContinue(HANDLE handle, const CLIENT_ID *id, NTSTATUS answer)
{
    struct debug_object *debug;
    NTSTATUS status = debug_from_handle(handle, DEBUG_READ_EVENT, &debug);
    if (status)
        return status;
    if (answer != DBG_CONTINUE && answer != DBG_EXCEPTION_NOT_HANDLED && answer != (NTSTATUS)DBG_REPLY_LATER &&
        answer != DBG_TERMINATE_PROCESS && answer != DBG_TERMINATE_THREAD)
        status = STATUS_INVALID_PARAMETER;
    host_lock(&debug->lock);
    struct debuggee *one = status ? NULL : debuggee_find(debug, (int)(ULONG_PTR)id->UniqueProcess);
    struct debug_slot *slot = one ? slot_of(one->process) : NULL;
    bool taken = slot && atomic_load(&slot->state) == DEBUG_SLOT_TAKEN;
    if (!status && !(one && (taken || one->ending)))
        status = STATUS_INVALID_CID;
    if (!status && taken && slot->event.tid != (int)(ULONG_PTR)id->UniqueThread)
        status = STATUS_INVALID_CID;
    if (!status && taken) {
        slot->answer = (uint32_t)answer;
        if (answer == (NTSTATUS)DBG_REPLY_LATER) {
            atomic_store(&slot->state, DEBUG_SLOT_REPORTED);
            one->ending = false;
            waitable_signal(debug->object.waitable);
        } else {
            atomic_store(&slot->state, DEBUG_SLOT_CONTINUED);
            futex_wake_shared(&slot->state, INT_MAX, true);
        }
    }
    if (!status && one->ending)
        debuggee_remove(debug, one);
    host_unlock(&debug->lock);
    object_release(debug);
    return status;
}

/* ---- who is debugged ---- */

static NTSTATUS assign(struct debug_object *debug, struct process_object *process, bool inherit)
{
    struct debug_slot *slot = slot_of(process);
    uint32_t none = 0;
    arena_hold(&arena_entry(debug->object.shared)->holders, process->record);
    if (!atomic_compare_exchange_strong(&slot->port, &none, debug->object.shared))
        return STATUS_PORT_ALREADY_SET;
    atomic_store(&slot->inherit, inherit);
    host_lock(&debug->lock);
    bool added = debuggee_add(debug, process) != NULL;
    host_unlock(&debug->lock);
    return added ? STATUS_SUCCESS : STATUS_NO_MEMORY;
}

static void forget(struct debug_object *debug, struct process_object *process)
{
    host_lock(&debug->lock);
    struct debuggee *one = debuggee_find(debug, process->pid);
    if (one)
        debuggee_remove(debug, one);
    host_unlock(&debug->lock);
}

NTSTATUS NTAPI NtDebugActiveProcess(HANDLE process_handle, HANDLE handle)
{
    struct debug_object *debug;
    struct process_object *process;
    struct remote_command command = {.what = REMOTE_DEBUG_ATTACH};
    NTSTATUS status = process_from_handle(process_handle, PROCESS_SUSPEND_RESUME, &process);
    if (status)
        return status;
    status = debug_from_handle(handle, DEBUG_PROCESS_ASSIGN, &debug);
    if (!status) {
        if (process_is_self(process) || process->foreign)
            status = STATUS_ACCESS_DENIED;
        else if (process_check_ended(process))
            status = STATUS_PROCESS_IS_TERMINATING;
        else
            status = assign(debug, process, false);
        if (!status) {
            status = remote_run(process, &command, NULL, 0, 0);
            if (status) {
                atomic_store(&slot_of(process)->port, 0);
                forget(debug, process);
            }
        }
        object_release(debug);
    }
    object_release(process);
    return status;
}

NTSTATUS NTAPI NtRemoveProcessDebug(HANDLE process_handle, HANDLE handle)
{
    struct debug_object *debug;
    struct process_object *process;
    NTSTATUS status = process_from_handle(process_handle, PROCESS_SUSPEND_RESUME, &process);
    if (status)
        return status;
    status = debug_from_handle(handle, DEBUG_PROCESS_ASSIGN, &debug);
    if (!status) {
        status = process_is_self(process) ? STATUS_PORT_NOT_SET : detach(process, debug->object.shared);
        if (!status)
            forget(debug, process);
        object_release(debug);
    }
    object_release(process);
    return status;
}

NTSTATUS NTAPI NtSetInformationDebugObject(HANDLE handle, ULONG class, void *data, ULONG size, ULONG *returned)
{
    struct debug_object *debug;
    NTSTATUS status = debug_from_handle(handle, DEBUG_SET_INFORMATION, &debug);
    if (status)
        return status;
    if (returned)
        *returned = 0;
    if (class != 1) /* DebugObjectKillProcessOnExitInformation, its only one */
        status = STATUS_INVALID_PARAMETER;
    else if (size != sizeof(ULONG))
        status = STATUS_INFO_LENGTH_MISMATCH;
    else
        atomic_store(&((struct debug_port *)arena_entry(debug->object.shared)->data)->flags,
                     *(ULONG *)data ? DEBUG_KILL_ON_CLOSE : 0);
    object_release(debug);
    return status;
}

void debug_prepare_child(struct spawn *spawn)
{
    struct debug_slot *slot = &arena_process(spawn->record)->debug, *own = &arena_process(arena_self())->debug;
    uint32_t port = atomic_load(&own->inherit) ? atomic_load(&own->port) : 0;
    struct debug_object *debug;
    if (spawn->foreign)
        return;
    if (spawn->debug_port && !debug_from_handle(spawn->debug_port, DEBUG_PROCESS_ASSIGN, &debug)) {
        port = debug->object.shared;
        object_release(debug);
    } else if (spawn->process_flags & PROCESS_CREATE_NO_DEBUG_INHERIT) {
        port = 0;
    }
    if (!port)
        return;
    arena_hold(&arena_entry(port)->holders, spawn->record);
    atomic_store(&slot->port, port);
    atomic_store(&slot->inherit, !(spawn->process_flags & PROCESS_CREATE_NO_DEBUG_INHERIT));
}

void debug_child_started(struct spawn *spawn, struct process_object *process)
{
    struct debug_object *debug;
    if (!spawn->debug_port || debug_from_handle(spawn->debug_port, DEBUG_PROCESS_ASSIGN, &debug))
        return;
    host_lock(&debug->lock);
    if (!spawn->foreign && !debuggee_find(debug, process->pid))
        debuggee_add(debug, process);
    host_unlock(&debug->lock);
    object_release(debug);
}

bool debug_is_debugged(const struct process_object *process)
{
    if (process_is_self(process))
        return arena_attached() && arena_self() != ARENA_PROCESSES &&
               atomic_load(&arena_process(arena_self())->debug.port);
    return atomic_load(&slot_of(process)->port) != 0;
}
