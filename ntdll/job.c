/*
 * job.c: job objects: which processes are in them, limits, accounting, ends.
 *
 * Layer: NT layer.  A job is always in the arena; a process's record says in which jobs it is.  A job lives as long as
 * somebody has a handle to it; with the last one its processes end (KILL_ON_JOB_CLOSE) or leave it.  What happens in a
 * job is noted in a ring of events, which the process that has associated a completion port reads (job_port.c).
 * job_limits.c enforces limits, job_info.c answers questions.
 */
#include <limits.h>
#include <signal.h>
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
    job_watch_end(job);
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

struct job_shared *job_shared_at(uint32_t index)
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
        job_shared(job)->limits.PriorityClass = NORMAL_PRIORITY_CLASS;
    object_release(job);
    return status;
}

NTSTATUS WINAPI NtOpenJobObject(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes)
{
    return object_open(&type_job, access, attributes, handle);
}

void job_tell(struct job_shared *job, uint32_t message, int pid)
{
    uint32_t count = atomic_load(&job->events);

    job->ring[count % JOB_RING] = message << 24 | ((uint32_t)pid & 0xffffff);
    atomic_store(&job->events, count + 1);
    futex_wake_shared(&job->events, INT_MAX, true);
}

unsigned job_place(const struct arena_process *process, uint32_t index)
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

uint32_t job_walk(uint32_t index, void (*visit)(struct arena_process *, void *), void *context)
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

struct nesting {
    const struct arena_process *process; /* is to enter */
    bool fits;                           /* every member is in all jobs that it is in */
};

static void member_compare(struct arena_process *member, void *context)
{
    struct nesting *nesting = context;

    for (unsigned i = 0; i < ARENA_JOBS; i++) {
        uint32_t index = atomic_load(&nesting->process->jobs[i]);
        nesting->fits &= !index || job_place(member, index) < ARENA_JOBS;
    }
}

/* Jobs are nested: one that has members only inside of another may take more from there.  Not where windows are
 * restricted. */
static bool may_nest(uint32_t index, const struct arena_process *process)
{
    struct nesting nesting = {process, true};
    bool restricted = job_shared_at(index)->restrictions, inside = false;

    for (unsigned i = 0; i < ARENA_JOBS; i++) {
        uint32_t other = atomic_load(&process->jobs[i]);
        inside |= other != 0;
        restricted |= other && job_shared_at(other)->restrictions;
    }
    job_walk(index, member_compare, &nesting);
    return !inside || (nesting.fits && !restricted);
}

static NTSTATUS job_enter(uint32_t index, struct arena_process *process)
{
    struct job_shared *job = job_shared_at(index);
    const JOBOBJECT_BASIC_LIMIT_INFORMATION *limits = &job->limits;
    unsigned place = job_place(process, 0);

    if (job_place(process, index) < ARENA_JOBS)
        return STATUS_SUCCESS;
    if (place == ARENA_JOBS || job->over || !may_nest(index, process))
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

/* Whether a member's child stays outside of the job. */
static bool may_leave(uint32_t index, bool breakaway)
{
    ULONG flags = job_shared_at(index)->limits.LimitFlags;

    return flags & JOB_OBJECT_LIMIT_SILENT_BREAKAWAY_OK || (breakaway && flags & JOB_OBJECT_LIMIT_BREAKAWAY_OK);
}

/* A child leaves the innermost jobs, as far as they let it go. */
static NTSTATUS prepare_child(struct arena_process *child, const struct arena_process *parent, bool breakaway)
{
    NTSTATUS status = STATUS_SUCCESS;
    unsigned count = ARENA_JOBS, inside;

    while (count && !atomic_load(&parent->jobs[count - 1]))
        count--;
    for (inside = count; inside && may_leave(atomic_load(&parent->jobs[inside - 1]), breakaway);)
        inside--;
    if (breakaway && count && inside == count)
        return STATUS_ACCESS_DENIED;
    for (unsigned i = 0; i < inside && !status; i++)
        status = job_enter(atomic_load(&parent->jobs[i]), child);
    return status;
}

NTSTATUS job_prepare_child(uint32_t record, uint32_t parent, bool breakaway, const HANDLE *jobs, ULONG count)
{
    arena_lock();
    NTSTATUS status = prepare_child(arena_process(record), arena_process(parent), breakaway);
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
    struct arena_process *process = arena_process(record);

    if (job_place(process, 0) == 0 && job_place(arena_process(arena_self()), 0) == 0)
        return; /* in no job */
    arena_lock();
    job_limits_apply(process);
    for (unsigned i = 0; i < ARENA_JOBS; i++)
        if (atomic_load(&process->jobs[i]))
            job_tell(job_shared_at(atomic_load(&process->jobs[i])), JOB_OBJECT_MSG_NEW_PROCESS, pid);
    arena_unlock();
}

void job_account(const struct arena_process *process, int64_t user, int64_t kernel)
{
    for (unsigned i = 0; i < ARENA_JOBS; i++) {
        uint32_t index = atomic_load(&process->jobs[i]);
        if (!index || atomic_load(&arena_entry(index)->kind) != ARENA_JOB)
            continue;
        job_shared_at(index)->user_time += user;
        job_shared_at(index)->kernel_time += kernel;
    }
}

/* Under the arena's lock: a member has ended. */
void job_process_ended(struct arena_process *process)
{
    for (unsigned i = 0; i < ARENA_JOBS; i++) {
        uint32_t index = atomic_load(&process->jobs[i]);
        if (!index || atomic_load(&arena_entry(index)->kind) != ARENA_JOB)
            continue;
        struct job_shared *job = job_shared_at(index);
        bool crashed = atomic_load(&process->exit_known) && (process->exit_code & 0xc0000000) == 0xc0000000;
        job_tell(job, crashed ? JOB_OBJECT_MSG_ABNORMAL_EXIT_PROCESS : JOB_OBJECT_MSG_EXIT_PROCESS,
                 atomic_load(&process->pid));
        atomic_store(&process->jobs[i], 0);
        if (!job_walk(index, NULL, NULL))
            job_tell(job, JOB_OBJECT_MSG_ACTIVE_PROCESS_ZERO, 0);
    }
}

void job_member_kill(struct arena_process *process, void *context)
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

    for (; place < ARENA_JOBS; place++) /* the order is that of nesting, without gaps */
        atomic_store(&process->jobs[place], place + 1 < ARENA_JOBS ? atomic_load(&process->jobs[place + 1]) : 0);
    job_limits_apply(process);
}

void job_handles_closed(uint32_t index)
{
    ULONG code = 0;

    if (job_shared_at(index)->limits.LimitFlags & JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE)
        job_walk(index, job_member_kill, &code);
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
            if (!status) {
                job_tell(job_shared(job), JOB_OBJECT_MSG_NEW_PROCESS, process->pid);
                job_limits_apply(record_of(process));
            }
            arena_unlock();
        }
        if (status == STATUS_QUOTA_EXCEEDED && !process_is_self(process))
            process_kill(process, ERROR_NOT_ENOUGH_QUOTA);
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

NTSTATUS WINAPI NtTerminateJobObject(HANDLE handle, NTSTATUS code)
{
    struct job *job;
    ULONG exit_code = (ULONG)code;
    NTSTATUS status = handle_lookup(handle, &type_job, JOB_OBJECT_TERMINATE, (void **)&job);

    if (!NT_SUCCESS(status))
        return status;
    uint32_t index = job->object.shared;
    arena_lock();
    job_walk(index, job_member_kill, &exit_code);
    bool self = job_place(arena_process(arena_self()), index) < ARENA_JOBS;
    arena_unlock();
    object_release(job);
    if (self)
        process_terminate(exit_code);
    return STATUS_SUCCESS;
}
