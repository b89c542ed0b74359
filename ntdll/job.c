/*
 * job.c: job objects: which processes are in them, limits, accounting, ends.
 *
 * Layer: NT layer.  A job is always in the arena; a process's record says in which jobs it is.  A job lives as long as
 * somebody has a handle to it; with the last one its processes end (KILL_ON_JOB_CLOSE) or leave it.  What happens in a
 * job is noted in a ring of events, which the process that has associated a completion port reads (job_port.c). Limits
 * of time and memory are kept and reported, not enforced.
 */
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include "futex.h"
#include "job.h"
#include "ntthread.h"
#include "peb.h"
#include "process.h"
#include "process_object.h"
#include "shared.h"

static void job_destroy(struct object *object)
{
    struct job *job = (struct job *)object;

    job_port_end(job);
    object_free(object);
}

static struct object *job_proxy(uint32_t index)
{
    (void)index;
    return object_create(&type_job, sizeof(struct job));
}

const struct object_type type_job = {
    .name = "Job",
    .mapping = {STANDARD_RIGHTS_READ | JOB_OBJECT_QUERY,
                STANDARD_RIGHTS_WRITE | JOB_OBJECT_ASSIGN_PROCESS | JOB_OBJECT_SET_ATTRIBUTES | JOB_OBJECT_TERMINATE,
                STANDARD_RIGHTS_EXECUTE | SYNCHRONIZE, JOB_OBJECT_ALL_ACCESS},
    .all_access = JOB_OBJECT_ALL_ACCESS,
    .destroy = job_destroy,
    .arena_kind = ARENA_JOB,
    .proxy = job_proxy,
};

struct job_shared *job_shared(const struct job *job)
{
    return (struct job_shared *)arena_entry(job->object.shared)->data;
}

static struct job_shared *shared_at(uint32_t index)
{
    return (struct job_shared *)arena_entry(index)->data;
}

NTSTATUS WINAPI NtCreateJobObject(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes)
{
    struct job *job = object_create(&type_job, sizeof *job);

    if (!job)
        return STATUS_NO_MEMORY;
    waitable_init(&job->ended, WAIT_NOTIFICATION, 0);
    job->object.waitable = &job->ended;
    object_reference(job);
    NTSTATUS status = object_publish(job, access, attributes, handle);
    if (status == STATUS_SUCCESS && !shared_promote(&job->object)) {
        handle_close(*handle);
        status = STATUS_INSUFFICIENT_RESOURCES;
    }
    if (status == STATUS_SUCCESS)
        job_shared(job)->limits.BasicLimitInformation.PriorityClass = NORMAL_PRIORITY_CLASS;
    object_release(job);
    return status;
}

NTSTATUS WINAPI NtOpenJobObject(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes)
{
    return object_open(&type_job, access, attributes, handle);
}

/* Notes what has happened.  Under the arena's lock. */
static void job_tell(struct job_shared *job, uint32_t message, int pid)
{
    uint32_t count = atomic_load(&job->events);

    job->ring[count % JOB_RING] = message << 24 | ((uint32_t)pid & 0xffffff);
    atomic_store(&job->events, count + 1);
    futex_wake_shared(&job->events, INT_MAX, true);
}

/* Which place the job has in the record; ARENA_JOBS: none. */
static unsigned job_place(const struct arena_process *process, uint32_t index)
{
    unsigned i = 0;

    while (i < ARENA_JOBS && atomic_load(&process->jobs[i]) != index)
        i++;
    return i;
}

static bool member_lives(const struct arena_process *process)
{
    uint32_t state = atomic_load(&process->state);

    return state == PROCESS_STARTING || state == PROCESS_RUNNING;
}

/* Calls for each living member. */
static uint32_t job_walk(uint32_t index, void (*visit)(struct arena_process *, void *), void *context)
{
    struct arena *arena = arena_attached();
    uint32_t count = 0;

    for (uint32_t i = 0; i < atomic_load(&arena->header.process_high); i++) {
        struct arena_process *process = &arena->processes[i];
        if (!member_lives(process) || job_place(process, index) == ARENA_JOBS)
            continue;
        count++;
        if (visit)
            visit(process, context);
    }
    return count;
}

static NTSTATUS job_enter(uint32_t index, struct arena_process *process)
{
    struct job_shared *job = shared_at(index);
    const JOBOBJECT_BASIC_LIMIT_INFORMATION *limits = &job->limits.BasicLimitInformation;
    unsigned place = job_place(process, 0);

    if (job_place(process, index) < ARENA_JOBS)
        return STATUS_SUCCESS;
    if (place == ARENA_JOBS)
        return STATUS_ACCESS_DENIED;
    if (limits->LimitFlags & JOB_OBJECT_LIMIT_ACTIVE_PROCESS &&
        job_walk(index, NULL, NULL) >= limits->ActiveProcessLimit) {
        job_tell(job, JOB_OBJECT_MSG_ACTIVE_PROCESS_LIMIT, atomic_load(&process->pid));
        return STATUS_QUOTA_EXCEEDED;
    }
    atomic_store(&process->jobs[place], index);
    job->total++;
    return STATUS_SUCCESS;
}

/* Whether the job's members may start processes outside of it. */
static NTSTATUS may_leave(uint32_t index, bool breakaway, bool *leaves)
{
    ULONG flags = shared_at(index)->limits.BasicLimitInformation.LimitFlags;

    *leaves = flags & JOB_OBJECT_LIMIT_SILENT_BREAKAWAY_OK || (breakaway && flags & JOB_OBJECT_LIMIT_BREAKAWAY_OK);
    return breakaway && !*leaves ? STATUS_ACCESS_DENIED : STATUS_SUCCESS;
}

static NTSTATUS prepare_child(struct arena_process *child, bool breakaway)
{
    const struct arena_process *self = arena_process(arena_self());
    NTSTATUS status = STATUS_SUCCESS;

    for (unsigned i = 0; i < ARENA_JOBS && !status; i++) {
        uint32_t index = atomic_load(&self->jobs[i]);
        bool leaves = false;
        if (!index)
            continue;
        status = may_leave(index, breakaway, &leaves);
        if (!status && !leaves)
            status = job_enter(index, child);
    }
    return status;
}

NTSTATUS job_prepare_child(uint32_t record, bool breakaway, const HANDLE *jobs, ULONG count)
{
    arena_lock();
    NTSTATUS status = prepare_child(arena_process(record), breakaway);
    arena_unlock();
    for (ULONG i = 0; i < count && !status; i++) {
        struct job *job;
        status = handle_lookup(jobs[i], &type_job, JOB_OBJECT_ASSIGN_PROCESS, (void **)&job);
        if (status)
            break;
        arena_lock();
        status = job_enter(job->object.shared, arena_process(record));
        arena_unlock();
        object_release(job);
    }
    return status;
}

void job_child_started(uint32_t record, int pid)
{
    const struct arena_process *process = arena_process(record);

    if (job_place(process, 0) == 0 && !atomic_load(&process->jobs[1]))
        return; /* in no job */
    arena_lock();
    for (unsigned i = 0; i < ARENA_JOBS; i++)
        if (atomic_load(&process->jobs[i]))
            job_tell(shared_at(atomic_load(&process->jobs[i])), JOB_OBJECT_MSG_NEW_PROCESS, pid);
    arena_unlock();
}

void job_account(const struct arena_process *process, int64_t user, int64_t kernel)
{
    for (unsigned i = 0; i < ARENA_JOBS; i++) {
        uint32_t index = atomic_load(&process->jobs[i]);
        if (!index || atomic_load(&arena_entry(index)->kind) != ARENA_JOB)
            continue;
        shared_at(index)->user_time += user;
        shared_at(index)->kernel_time += kernel;
    }
}

/* Under the arena's lock: a member has ended. */
void job_process_ended(struct arena_process *process)
{
    for (unsigned i = 0; i < ARENA_JOBS; i++) {
        uint32_t index = atomic_load(&process->jobs[i]);
        if (!index || atomic_load(&arena_entry(index)->kind) != ARENA_JOB)
            continue;
        struct job_shared *job = shared_at(index);
        bool crashed = atomic_load(&process->exit_known) && (process->exit_code & 0xc0000000) == 0xc0000000;
        job_tell(job, crashed ? JOB_OBJECT_MSG_ABNORMAL_EXIT_PROCESS : JOB_OBJECT_MSG_EXIT_PROCESS,
                 atomic_load(&process->pid));
        atomic_store(&process->jobs[i], 0);
        if (!job_walk(index, NULL, NULL))
            job_tell(job, JOB_OBJECT_MSG_ACTIVE_PROCESS_ZERO, 0);
    }
}

static void member_kill(struct arena_process *process, void *context)
{
    uint32_t unknown = 0;
    int pid = atomic_load(&process->pid);

    if (process == arena_process(arena_self()) || !pid || !arena_process_alive(process))
        return;
    if (atomic_compare_exchange_strong(&process->exit_known, &unknown, 2)) {
        process->exit_code = *(ULONG *)context;
        atomic_store(&process->exit_known, 1);
    }
    kill(pid, SIGKILL);
}

static void member_leave(struct arena_process *process, void *context)
{
    unsigned place = job_place(process, *(uint32_t *)context);

    if (place < ARENA_JOBS)
        atomic_store(&process->jobs[place], 0);
}

void job_handles_closed(uint32_t index)
{
    ULONG code = 0;

    if (shared_at(index)->limits.BasicLimitInformation.LimitFlags & JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE)
        job_walk(index, member_kill, &code);
    job_walk(index, member_leave, &index);
}

/* The record of a process that is to be in a job: this one gets one now. */
static struct arena_process *record_of(const struct process_object *process)
{
    return arena_process(process_is_self(process) ? arena_self() : process->record);
}

NTSTATUS WINAPI NtAssignProcessToJobObject(HANDLE handle, HANDLE process_handle)
{
    struct process_object *process;
    struct job *job;
    NTSTATUS status = process_from_handle(process_handle, PROCESS_SET_QUOTA | PROCESS_TERMINATE, &process);

    if (!NT_SUCCESS(status))
        return status;
    status = handle_lookup(handle, &type_job, JOB_OBJECT_ASSIGN_PROCESS, (void **)&job);
    if (NT_SUCCESS(status)) {
        if (process_check_ended(process)) {
            status = STATUS_PROCESS_IS_TERMINATING;
        } else {
            arena_lock();
            status = job_enter(job->object.shared, record_of(process));
            if (!status)
                job_tell(job_shared(job), JOB_OBJECT_MSG_NEW_PROCESS, process->pid);
            arena_unlock();
        }
        object_release(job);
    }
    object_release(process);
    return status;
}

NTSTATUS WINAPI NtIsProcessInJob(HANDLE process_handle, HANDLE handle)
{
    struct process_object *process;
    struct job *job = NULL;
    bool in = false;
    NTSTATUS status = process_from_handle(process_handle, PROCESS_QUERY_LIMITED_INFORMATION, &process);

    if (!NT_SUCCESS(status))
        return status;
    if (handle)
        status = handle_lookup(handle, &type_job, JOB_OBJECT_QUERY, (void **)&job);
    if (NT_SUCCESS(status) && arena_attached()) {
        const struct arena_process *record = record_of(process);
        for (unsigned i = 0; i < ARENA_JOBS; i++) {
            uint32_t index = atomic_load(&record->jobs[i]);
            in |= index && (!job || index == job->object.shared);
        }
    }
    if (job)
        object_release(job);
    object_release(process);
    return !NT_SUCCESS(status) ? status : in ? STATUS_PROCESS_IN_JOB : STATUS_PROCESS_NOT_IN_JOB;
}

union job_answer {
    JOBOBJECT_BASIC_AND_IO_ACCOUNTING_INFORMATION accounting;
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits;
    JOBOBJECT_BASIC_UI_RESTRICTIONS restrictions;
};

static void member_account(struct arena_process *record, void *context)
{
    JOBOBJECT_BASIC_AND_IO_ACCOUNTING_INFORMATION *info = context;
    struct process_object *process;
    HANDLE handle;
    CLIENT_ID id = {(HANDLE)(ULONG_PTR)atomic_load(&record->pid), NULL};
    struct times_info times;

    info->BasicInfo.ActiveProcesses++;
    if (process_object_open(atomic_load(&record->pid), &process))
        return;
    object_release(process);
    if (NtOpenProcess(&handle, PROCESS_QUERY_INFORMATION, NULL, &id))
        return;
    if (!NtQueryInformationProcess(handle, (PROCESSINFOCLASS)PROCESS_TIMES_INFO, &times, sizeof times, NULL)) {
        info->BasicInfo.TotalUserTime.QuadPart += times.user.QuadPart;
        info->BasicInfo.TotalKernelTime.QuadPart += times.kernel.QuadPart;
    }
    NtClose(handle);
}

static void account(uint32_t index, JOBOBJECT_BASIC_AND_IO_ACCOUNTING_INFORMATION *info)
{
    job_walk(index, member_account, info);
    info->BasicInfo.TotalProcesses = shared_at(index)->total;
    info->BasicInfo.TotalTerminatedProcesses = shared_at(index)->terminated;
    info->BasicInfo.TotalUserTime.QuadPart += shared_at(index)->user_time;
    info->BasicInfo.TotalKernelTime.QuadPart += shared_at(index)->kernel_time;
    info->BasicInfo.ThisPeriodTotalUserTime = info->BasicInfo.TotalUserTime;
    info->BasicInfo.ThisPeriodTotalKernelTime = info->BasicInfo.TotalKernelTime;
    NtQueryInformationProcess(NtCurrentProcess(), (PROCESSINFOCLASS)PROCESS_IO_INFO, &info->IoInfo, sizeof info->IoInfo,
                              NULL);
}

/* Fills `answer`; returns its size, 0: no such class. */
static ULONG query_class(uint32_t index, JOBOBJECTINFOCLASS class, union job_answer *answer)
{
    switch (class) {
    case JobObjectBasicAccountingInformation:
        account(index, &answer->accounting);
        return sizeof answer->accounting.BasicInfo;
    case JobObjectBasicAndIoAccountingInformation:
        account(index, &answer->accounting);
        return sizeof answer->accounting;
    case JobObjectBasicLimitInformation:
        answer->limits = shared_at(index)->limits;
        return sizeof answer->limits.BasicLimitInformation;
    case JobObjectExtendedLimitInformation:
        answer->limits = shared_at(index)->limits;
        return sizeof answer->limits;
    case JobObjectBasicUIRestrictions:
        answer->restrictions.UIRestrictionsClass = shared_at(index)->restrictions;
        return sizeof answer->restrictions;
    default:
        return 0;
    }
}

struct id_list {
    JOBOBJECT_BASIC_PROCESS_ID_LIST *list;
    ULONG room;
};

static void member_list(struct arena_process *process, void *context)
{
    struct id_list *ids = context;

    ids->list->NumberOfAssignedProcesses++;
    if (ids->list->NumberOfProcessIdsInList < ids->room)
        ids->list->ProcessIdList[ids->list->NumberOfProcessIdsInList++] = (ULONG_PTR)atomic_load(&process->pid);
}

static NTSTATUS query_list(uint32_t index, JOBOBJECT_BASIC_PROCESS_ID_LIST *list, ULONG size, ULONG *needed)
{
    const ULONG head = offsetof(JOBOBJECT_BASIC_PROCESS_ID_LIST, ProcessIdList);
    struct id_list ids = {list, size < head ? 0 : (size - head) / (ULONG)sizeof list->ProcessIdList[0]};

    *needed = sizeof *list;
    if (size < sizeof *list)
        return STATUS_INFO_LENGTH_MISMATCH;
    list->NumberOfAssignedProcesses = list->NumberOfProcessIdsInList = 0;
    job_walk(index, member_list, &ids);
    *needed = head + list->NumberOfProcessIdsInList * (ULONG)sizeof list->ProcessIdList[0];
    return list->NumberOfProcessIdsInList < list->NumberOfAssignedProcesses ? STATUS_BUFFER_OVERFLOW : STATUS_SUCCESS;
}

/* NULL asks for the caller's own job, the innermost. */
static NTSTATUS query_target(HANDLE handle, struct job **job, uint32_t *index)
{
    *job = NULL;
    *index = 0;
    if (handle) {
        NTSTATUS status = handle_lookup(handle, &type_job, JOB_OBJECT_QUERY, (void **)job);
        if (NT_SUCCESS(status))
            *index = (*job)->object.shared;
        return status;
    }
    for (unsigned i = 0; i < ARENA_JOBS && arena_attached(); i++)
        if (atomic_load(&arena_process(arena_self())->jobs[i]))
            *index = atomic_load(&arena_process(arena_self())->jobs[i]);
    return *index ? STATUS_SUCCESS : STATUS_ACCESS_DENIED;
}

NTSTATUS WINAPI NtQueryInformationJobObject(HANDLE handle, JOBOBJECTINFOCLASS class, void *data, ULONG size,
                                            ULONG *returned)
{
    union job_answer answer = {0};
    struct job *job;
    uint32_t index;
    ULONG needed = 0;
    NTSTATUS status = query_target(handle, &job, &index);

    if (!NT_SUCCESS(status))
        return status;
    if (class == JobObjectBasicProcessIdList) {
        status = query_list(index, data, size, &needed);
    } else {
        needed = query_class(index, class, &answer);
        status = !needed ? STATUS_INVALID_INFO_CLASS : size < needed ? STATUS_INFO_LENGTH_MISMATCH : STATUS_SUCCESS;
        if (!status)
            memcpy(data, &answer, needed);
    }
    if (job)
        object_release(job);
    if (returned && needed)
        *returned = needed;
    return status;
}

static NTSTATUS set_class(struct job *job, JOBOBJECTINFOCLASS class, const void *data, ULONG size)
{
    struct job_shared *shared = job_shared(job);

    switch (class) {
    case JobObjectBasicLimitInformation:
        if (size != sizeof shared->limits.BasicLimitInformation)
            return STATUS_INFO_LENGTH_MISMATCH;
        memcpy(&shared->limits.BasicLimitInformation, data, size);
        return STATUS_SUCCESS;
    case JobObjectExtendedLimitInformation:
        if (size != sizeof shared->limits)
            return STATUS_INFO_LENGTH_MISMATCH;
        memcpy(&shared->limits, data, size);
        return STATUS_SUCCESS;
    case JobObjectBasicUIRestrictions:
        if (size != sizeof(JOBOBJECT_BASIC_UI_RESTRICTIONS))
            return STATUS_INFO_LENGTH_MISMATCH;
        shared->restrictions = ((const JOBOBJECT_BASIC_UI_RESTRICTIONS *)data)->UIRestrictionsClass;
        return STATUS_SUCCESS;
    case JobObjectAssociateCompletionPortInformation:
        if (size != sizeof(JOBOBJECT_ASSOCIATE_COMPLETION_PORT))
            return STATUS_INFO_LENGTH_MISMATCH;
        return job_port_set(job, data);
    case JobObjectEndOfJobTimeInformation:
    case JobObjectCpuRateControlInformation:
    case JobObjectNotificationLimitInformation:
        return STATUS_SUCCESS;
    default:
        return STATUS_INVALID_INFO_CLASS;
    }
}

NTSTATUS WINAPI NtSetInformationJobObject(HANDLE handle, JOBOBJECTINFOCLASS class, void *data, ULONG size)
{
    void *job;
    NTSTATUS status = handle_lookup(handle, &type_job, JOB_OBJECT_SET_ATTRIBUTES, &job);

    if (!NT_SUCCESS(status))
        return status;
    status = set_class(job, class, data, size);
    object_release(job);
    return status;
}

NTSTATUS WINAPI NtTerminateJobObject(HANDLE handle, NTSTATUS code)
{
    struct job *job;
    ULONG exit_code = (ULONG)code;
    NTSTATUS status = handle_lookup(handle, &type_job, JOB_OBJECT_TERMINATE, (void **)&job);

    if (!NT_SUCCESS(status))
        return status;
    uint32_t index = job->object.shared;
    arena_lock();
    job_walk(index, member_kill, &exit_code);
    bool self = job_place(arena_process(arena_self()), index) < ARENA_JOBS;
    arena_unlock();
    object_release(job);
    if (self)
        process_terminate(exit_code);
    return STATUS_SUCCESS;
}
