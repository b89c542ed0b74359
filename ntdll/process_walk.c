/*
 * process_walk.c: from one process or thread to the next (NtGetNextProcess, NtGetNextThread), and all threads of a
 * process at once (NtSuspendProcess, NtResumeProcess).
 *
 * Layer: ntdll, on top of snapshots.  The order is that of the ids.
 */
#include "ntthread.h"
#include "process_object.h"
#include "snapshot.h"
#include "thread_object.h"

/* The list of the prefix's processes and threads, to object_release. */
static NTSTATUS take(struct snapshot **snapshot)
{
    HANDLE handle;
    ULONG index;
    NTSTATUS status = snapshot_create(1u << SNAPSHOT_PROCESSES | 1u << SNAPSHOT_THREADS, 0, FALSE, &handle);

    if (status)
        return status;
    status = snapshot_next(handle, SNAPSHOT_PROCESSES, true, snapshot, &index); /* this process is in it */
    NtClose(handle);
    return status;
}

static ULONG process_id_of(HANDLE handle, NTSTATUS *status)
{
    struct process_basic_info info = {0};

    *status = NtQueryInformationProcess(handle, ProcessBasicInformation, &info, sizeof info, NULL);
    return (ULONG)info.id;
}

static ULONG thread_id_of(HANDLE handle, NTSTATUS *status)
{
    struct thread_basic_info info = {0};

    *status = NtQueryInformationThread(handle, (THREADINFOCLASS)THREAD_BASIC_INFO, &info, sizeof info, NULL);
    return (ULONG)(ULONG_PTR)info.id.UniqueThread;
}

static ULONG thread_after(const struct snapshot *snapshot, ULONG owner, ULONG id)
{
    ULONG next = 0;

    for (ULONG i = 0; i < snapshot->count[SNAPSHOT_THREADS]; i++) {
        const struct snapshot_thread *thread = &snapshot->threads[i];
        if (thread->owner == owner && thread->id > id && (!next || thread->id < next))
            next = thread->id;
    }
    return next;
}

static ULONG process_after(const struct snapshot *snapshot, ULONG id)
{
    ULONG next = 0;

    for (ULONG i = 0; i < snapshot->count[SNAPSHOT_PROCESSES]; i++) {
        ULONG other = snapshot->processes[i].id;
        if (other > id && (!next || other < next))
            next = other;
    }
    return next;
}

static NTSTATUS thread_open(ULONG owner, ULONG id, ACCESS_MASK access, ULONG attributes, HANDLE *handle)
{
    OBJECT_ATTRIBUTES how = {.Length = sizeof how, .Attributes = attributes};
    CLIENT_ID client = {(HANDLE)(ULONG_PTR)owner, (HANDLE)(ULONG_PTR)id};

    return NtOpenThread(handle, access, &how, &client);
}

/* Those that have ended meanwhile, or may not be opened, are left out. */
NTSTATUS NTAPI NtGetNextThread(HANDLE process, HANDLE thread, ACCESS_MASK access, ULONG attributes, ULONG flags,
                               PHANDLE next)
{
    struct snapshot *snapshot;
    NTSTATUS status;
    ULONG owner = process_id_of(process, &status), id = 0;

    if (flags)
        return STATUS_INVALID_PARAMETER;
    if (!status && thread)
        id = thread_id_of(thread, &status);
    if (!status)
        status = take(&snapshot);
    if (status)
        return status;
    do {
        id = thread_after(snapshot, owner, id);
        status = id ? thread_open(owner, id, access, attributes, next) : STATUS_NO_MORE_ENTRIES;
    } while (id && status);
    object_release(snapshot);
    return status;
}

NTSTATUS NTAPI NtGetNextProcess(HANDLE process, ACCESS_MASK access, ULONG attributes, ULONG flags, PHANDLE next)
{
    struct snapshot *snapshot;
    NTSTATUS status = STATUS_SUCCESS;
    ULONG id = process ? process_id_of(process, &status) : 0;

    if (flags) /* backwards */
        return STATUS_INVALID_PARAMETER;
    if (!status)
        status = take(&snapshot);
    if (status)
        return status;
    do {
        OBJECT_ATTRIBUTES how = {.Length = sizeof how, .Attributes = attributes};
        CLIENT_ID client = {.UniqueProcess = (HANDLE)(ULONG_PTR)(id = process_after(snapshot, id))};
        status = id ? NtOpenProcess(next, access, &how, &client) : STATUS_NO_MORE_ENTRIES;
    } while (id && status);
    object_release(snapshot);
    return status;
}

/* The calling thread comes last: from then on somebody else has to go on. */
static NTSTATUS each_thread(HANDLE process, NTSTATUS(WINAPI *change)(HANDLE, ULONG *))
{
    struct snapshot *snapshot;
    NTSTATUS status;
    ULONG owner = process_id_of(process, &status), own = 0;
    HANDLE thread;
    void *object;

    if (!status)
        status = handle_lookup(process, &type_process, PROCESS_SUSPEND_RESUME, &object);
    if (status)
        return status;
    object_release(object);
    if ((status = take(&snapshot)) != 0)
        return status;
    for (ULONG id = 0; (id = thread_after(snapshot, owner, id)) != 0;) {
        if ((ULONG_PTR)teb_current()->ClientId.UniqueThread == id) {
            own = id;
        } else if (!thread_open(owner, id, THREAD_SUSPEND_RESUME, 0, &thread)) {
            change(thread, NULL);
            NtClose(thread);
        }
    }
    object_release(snapshot);
    return own ? change(NtCurrentThread(), NULL) : STATUS_SUCCESS;
}

NTSTATUS NTAPI NtSuspendProcess(HANDLE process)
{
    return each_thread(process, NtSuspendThread);
}

NTSTATUS NTAPI NtResumeProcess(HANDLE process)
{
    return each_thread(process, NtResumeThread);
}
