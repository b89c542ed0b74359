/*
 * sysinfo_lists.c: the lists that NtQuerySystemInformation gives: processes with their threads, and open handles.
 *
 * Layer: ntdll.  Processes are those of the prefix, handles this process's own: of others they are not known.
 */
#include <string.h>
#include "ntthread.h"
#include "nls.h"
#include "object.h"
#include "peb.h"
#include "process.h"
#include "snapshot.h"
#include "sysinfo.h"
#include "thread.h"

/* SYSTEM_PROCESS_INFORMATION and SYSTEM_THREAD_INFORMATION, whose tails mingw-w64's headers do not name. */
struct process_row {
    ULONG next, threads;
    LONGLONG private_working_set;
    ULONG hard_faults, most_threads;
    ULONGLONG cycles;
    LARGE_INTEGER created, user, kernel;
    UNICODE_STRING name;
    LONG priority;
    ULONG_PTR id, parent;
    ULONG handles, session;
    ULONG_PTR key;
    SIZE_T peak_virtual, virtual_size;
    ULONG faults;
    SIZE_T peak_working_set, working_set;
    SIZE_T pools[4];
    SIZE_T pagefile, peak_pagefile, private_bytes;
    IO_COUNTERS io;
};
_Static_assert(sizeof(struct process_row) == 0x100, "SYSTEM_PROCESS_INFORMATION");

struct thread_row {
    LARGE_INTEGER kernel, user, created;
    ULONG wait_time;
    PVOID start;
    CLIENT_ID id;
    LONG priority, base_priority;
    ULONG switches, state, reason;
};
_Static_assert(sizeof(struct thread_row) == 0x50, "SYSTEM_THREAD_INFORMATION");

#define STATE_WAITING 5
#define REASON_USER_REQUEST 6

static ULONG align8(ULONG size)
{
    return (size + 7) & ~7u;
}

/* What only a handle tells; a process that has just ended leaves zeros. */
static void row_measure(struct process_row *row)
{
    bool self = row->id == (ULONG_PTR)process_id();
    OBJECT_ATTRIBUTES attributes = {.Length = sizeof attributes};
    CLIENT_ID id = {.UniqueProcess = (HANDLE)row->id};
    struct process_memory_info memory;
    KERNEL_USER_TIMES times;
    HANDLE process = NtCurrentProcess();

    if (!self && NtOpenProcess(&process, PROCESS_QUERY_INFORMATION, &attributes, &id))
        return;
    if (!NtQueryInformationProcess(process, ProcessTimes, &times, sizeof times, NULL)) {
        memcpy(&row->created, &times.CreateTime, sizeof row->created);
        row->kernel = times.KernelTime;
        row->user = times.UserTime;
    }
    if (!NtQueryInformationProcess(process, (PROCESSINFOCLASS)PROCESS_MEMORY_INFO, &memory, sizeof memory, NULL)) {
        row->peak_virtual = memory.peak_virtual;
        row->virtual_size = memory.virtual_size;
        row->faults = memory.page_faults;
        row->peak_working_set = memory.peak_working_set;
        row->working_set = memory.working_set;
        row->pagefile = memory.pagefile;
        row->peak_pagefile = memory.peak_pagefile;
        row->private_bytes = memory.private_bytes;
    }
    NtQueryInformationProcess(process, ProcessIoCounters, &row->io, sizeof row->io, NULL);
    if (self)
        row->handles = handle_count();
    else
        NtClose(process);
}

static ULONG threads_of(const struct snapshot *snapshot, ULONG id)
{
    ULONG count = 0;

    for (ULONG i = 0; i < snapshot->count[SNAPSHOT_THREADS]; i++)
        count += snapshot->threads[i].owner == id;
    return count;
}

static void row_fill(struct process_row *row, const struct snapshot *snapshot, ULONG index)
{
    const struct snapshot_process *process = &snapshot->processes[index];
    struct thread_row *thread = (struct thread_row *)(row + 1);

    row->id = process->id;
    row->parent = process->parent;
    row->priority = 8;
    row->threads = row->most_threads = threads_of(snapshot, process->id);
    row_measure(row);
    for (ULONG i = 0; i < snapshot->count[SNAPSHOT_THREADS]; i++) {
        if (snapshot->threads[i].owner != process->id)
            continue;
        thread->id.UniqueProcess = (HANDLE)row->id;
        thread->id.UniqueThread = (HANDLE)(ULONG_PTR)snapshot->threads[i].id;
        thread->created = row->created;
        thread->priority = thread->base_priority = 8;
        thread->state = STATE_WAITING;
        thread->reason = REASON_USER_REQUEST;
        thread++;
    }
    row->name.Length = (USHORT)(wide_length(process->name) * sizeof(WCHAR));
    row->name.MaximumLength = (USHORT)(row->name.Length + sizeof(WCHAR));
    row->name.Buffer = (WCHAR *)thread;
    memcpy(thread, process->name, row->name.MaximumLength);
}

static NTSTATUS rows_fill(const struct snapshot *snapshot, char *buffer, ULONG size, ULONG *returned)
{
    struct process_row *last = NULL;
    ULONG needed = 0;

    for (ULONG i = 0; i < snapshot->count[SNAPSHOT_PROCESSES]; i++) {
        const struct snapshot_process *process = &snapshot->processes[i];
        ULONG length = (ULONG)sizeof *last + threads_of(snapshot, process->id) * (ULONG)sizeof(struct thread_row) +
                       align8((ULONG)(wide_length(process->name) + 1) * (ULONG)sizeof(WCHAR));

        if (needed + length <= size) {
            struct process_row *row = (struct process_row *)(buffer + needed);

            memset(row, 0, length);
            row_fill(row, snapshot, i);
            if (last)
                last->next = (ULONG)((char *)row - (char *)last);
            last = row;
        }
        needed += length;
    }
    if (returned)
        *returned = needed;
    return needed <= size ? STATUS_SUCCESS : STATUS_INFO_LENGTH_MISMATCH;
}

NTSTATUS sysinfo_processes(void *buffer, ULONG size, ULONG *returned)
{
    struct snapshot *snapshot;
    HANDLE handle;
    ULONG first;
    NTSTATUS status = snapshot_create(1 << SNAPSHOT_PROCESSES | 1 << SNAPSHOT_THREADS, 0, FALSE, &handle);

    if (status)
        return status;
    status = snapshot_next(handle, SNAPSHOT_PROCESSES, true, &snapshot, &first);
    if (!status) {
        status = rows_fill(snapshot, buffer, size, returned);
        object_release(&snapshot->object);
    }
    NtClose(handle);
    return status;
}

/* ---- handles ---- */

/* SYSTEM_HANDLE_TABLE_ENTRY_INFO and its successor with whole numbers. */
struct handle_row {
    USHORT process, trace;
    UCHAR type, attributes;
    USHORT handle;
    PVOID object;
    ULONG access;
};
_Static_assert(sizeof(struct handle_row) == 24, "SYSTEM_HANDLE_TABLE_ENTRY_INFO");

struct handle_row_ex {
    PVOID object;
    ULONG_PTR process, handle;
    ULONG access;
    USHORT trace, type;
    ULONG attributes, reserved;
};
_Static_assert(sizeof(struct handle_row_ex) == 40, "SYSTEM_HANDLE_TABLE_ENTRY_INFO_EX");

/* The numbers that types have on Windows 10; 0: another one. */
static USHORT type_number(const char *name)
{
    static const struct {
        char name[16];
        USHORT number;
    } types[] = {{"Directory", 3},   {"SymbolicLink", 4},  {"Token", 5},   {"Job", 6},        {"Process", 7},
                 {"Thread", 8},      {"Event", 16},        {"Mutant", 17}, {"Semaphore", 19}, {"Timer", 21},
                 {"KeyedEvent", 23}, {"IoCompletion", 35}, {"File", 37},   {"Section", 42},   {"Key", 44}};

    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (!strcmp(name, types[i].name))
            return types[i].number;
    return 0;
}

struct handle_list {
    char *out;
    size_t room; /* rows that fit */
    size_t count;
    bool wide;
};

static bool list_handle(HANDLE handle, struct object *object, const struct handle_info *info, void *context)
{
    struct handle_list *list = context;
    size_t index = list->count++;

    if (index >= list->room)
        return true;
    if (list->wide)
        ((struct handle_row_ex *)list->out)[index] =
            (struct handle_row_ex){object, (ULONG_PTR)process_id(),         (ULONG_PTR)handle, info->access,
                                   0,      type_number(object->type->name), info->attributes,  0};
    else
        ((struct handle_row *)list->out)[index] = (struct handle_row){(USHORT)process_id(),
                                                                      0,
                                                                      (UCHAR)type_number(object->type->name),
                                                                      (UCHAR)info->attributes,
                                                                      (USHORT)(ULONG_PTR)handle,
                                                                      object,
                                                                      info->access};
    return true;
}

NTSTATUS sysinfo_handles(void *buffer, ULONG size, ULONG *returned, bool wide)
{
    size_t head = wide ? 2 * sizeof(ULONG_PTR) : sizeof(ULONG_PTR);
    size_t row = wide ? sizeof(struct handle_row_ex) : sizeof(struct handle_row);
    struct handle_list list = {(char *)buffer + head, size < head ? 0 : (size - head) / row, 0, wide};

    handle_walk(list_handle, &list);
    if (returned)
        *returned = (ULONG)(head + list.count * row);
    if (size < head || list.count > list.room)
        return STATUS_INFO_LENGTH_MISMATCH;
    memset(buffer, 0, head);
    *(ULONG *)buffer = (ULONG)list.count;
    return STATUS_SUCCESS;
}
