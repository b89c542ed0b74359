/*
 * job_limits.c: limits of jobs on memory, time and priority.
 *
 * Layer: NT layer.  Memory of a process is limited by the host (RLIMIT_DATA counts what Windows calls committed:
 * private memory that may be written).  Time, and the memory of all members together, is looked at by a thread of the
 * process that set the limit: as often as the members could reach it, but every second at least and every 10 ms at
 * most.
 */
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>
#include "futex.h"
#include "job.h"
#include "lock.h"
#include "ntthread.h"
#include "peb.h"
#include "process.h"
#include "process_object.h"
#include "service.h"

#define SHORTEST 100000  /* 10 ms, in 100 ns */
#define LONGEST 10000000 /* 1 s */
#define MEMORY_PAUSE 500000

#define TIME_LIMITS (JOB_OBJECT_LIMIT_PROCESS_TIME | JOB_OBJECT_LIMIT_JOB_TIME)
#define MEMORY_LIMITS (JOB_OBJECT_LIMIT_PROCESS_MEMORY | JOB_OBJECT_LIMIT_JOB_MEMORY)

struct job_watch {
    _Atomic uint32_t users; /* the job and the thread */
    _Atomic uint32_t word;  /* futex: counts changes; bit 31: over */
    struct lock lock;       /* while the thread looks at the job */
    struct job *job;        /* NULL: it has been closed */
};
#define WATCH_OVER 0x80000000u

static void member_data(struct arena_process *process, void *context)
{
    *(uint64_t *)context += process_data_size(atomic_load(&process->pid));
}

/* How much of its private memory a process may have at most. */
static uint64_t memory_limit(const struct arena_process *process)
{
    uint64_t limit = RLIM_INFINITY;

    for (unsigned i = 0; i < ARENA_JOBS; i++) {
        uint32_t index = atomic_load(&process->jobs[i]);
        const struct job_shared *job = index ? job_shared_at(index) : NULL;
        if (job && job->limits.LimitFlags & JOB_OBJECT_LIMIT_PROCESS_MEMORY && job->process_memory < limit)
            limit = job->process_memory;
        if (job && job->limits.LimitFlags & JOB_OBJECT_LIMIT_JOB_MEMORY) {
            uint64_t all = 0, own = process_data_size(atomic_load(&process->pid));
            job_walk(index, member_data, &all);
            uint64_t rest = job->job_memory > all ? job->job_memory - all + own : own;
            limit = rest < limit ? rest : limit;
        }
    }
    return limit;
}

/* PROCESS_PRIORITY_CLASS's number of CreateProcess's flag. */
static uint32_t priority_number(DWORD class)
{
    static const DWORD classes[] = {0,
                                    IDLE_PRIORITY_CLASS,
                                    NORMAL_PRIORITY_CLASS,
                                    HIGH_PRIORITY_CLASS,
                                    REALTIME_PRIORITY_CLASS,
                                    BELOW_NORMAL_PRIORITY_CLASS,
                                    ABOVE_NORMAL_PRIORITY_CLASS};
    uint32_t number = sizeof classes / sizeof *classes;

    while (--number && classes[number] != class)
        ;
    return number;
}

bool job_priority_known(DWORD class)
{
    return priority_number(class) != 0;
}

void job_limits_apply(struct arena_process *process)
{
    int pid = atomic_load(&process->pid);
    struct rlimit data;

    for (unsigned i = 0; i < ARENA_JOBS; i++) {
        uint32_t index = atomic_load(&process->jobs[i]);
        if (index && job_shared_at(index)->limits.LimitFlags & JOB_OBJECT_LIMIT_PRIORITY_CLASS)
            process->priority_class = priority_number(job_shared_at(index)->limits.PriorityClass);
    }
    if (!pid || prlimit(pid, RLIMIT_DATA, NULL, &data))
        return;
    uint64_t limit = memory_limit(process);
    limit = limit < data.rlim_max ? limit : data.rlim_max;
    if (limit != data.rlim_cur) {
        data.rlim_cur = limit;
        prlimit(pid, RLIMIT_DATA, &data, NULL);
    }
}

static void member_apply(struct arena_process *process, void *unused)
{
    (void)unused;
    job_limits_apply(process);
}

bool job_memory_refused(void)
{
    bool limited = false;

    if (!arena_attached() || arena_self() == ARENA_PROCESSES)
        return false;
    for (unsigned i = 0; i < ARENA_JOBS; i++) {
        uint32_t index = atomic_load(&arena_process(arena_self())->jobs[i]);
        if (!index || !(job_shared_at(index)->limits.LimitFlags & MEMORY_LIMITS))
            continue;
        bool process = job_shared_at(index)->limits.LimitFlags & JOB_OBJECT_LIMIT_PROCESS_MEMORY;
        limited = true;
        arena_lock();
        job_tell(job_shared_at(index), process ? JOB_OBJECT_MSG_PROCESS_MEMORY_LIMIT : JOB_OBJECT_MSG_JOB_MEMORY_LIMIT,
                 process_id());
        arena_unlock();
    }
    return limited;
}

/* One look at a job. */
struct survey {
    struct job_shared *job;
    int64_t user, left; /* used by members; the least that one may still use */
    uint64_t data;
    bool self_over; /* this process has used up its time */
};

static void member_survey(struct arena_process *process, void *context)
{
    struct survey *survey = context;
    struct job_shared *job = survey->job;
    ULONG code = ERROR_NOT_ENOUGH_QUOTA;
    int pid = atomic_load(&process->pid);
    LONGLONG user = 0, kernel;
    uint64_t data = process_data_size(pid);

    process_host_times(pid, &user, &kernel);
    survey->user += user;
    survey->data += data;
    job->peak_process = data > job->peak_process ? data : job->peak_process;
    if (!(job->limits.LimitFlags & JOB_OBJECT_LIMIT_PROCESS_TIME))
        return;
    int64_t left = job->limits.PerProcessUserTimeLimit.QuadPart - user;
    if (left > 0) {
        survey->left = left < survey->left ? left : survey->left;
        return;
    }
    job->terminated++;
    job_tell(job, JOB_OBJECT_MSG_END_OF_PROCESS_TIME, pid);
    survey->self_over |= process == arena_process(arena_self());
    job_member_kill(process, &code);
}

/* The job's time is up: its members end, or somebody is told. */
static void end_of_time(struct job *job, struct survey *survey)
{
    struct job_shared *shared = survey->job;
    ULONG code = ERROR_NOT_ENOUGH_QUOTA;

    job_tell(shared, JOB_OBJECT_MSG_END_OF_JOB_TIME, 0);
    if (shared->end_action == JOB_OBJECT_POST_AT_END_OF_JOB && shared->heard) {
        shared->limits.LimitFlags &= ~(DWORD)JOB_OBJECT_LIMIT_JOB_TIME;
        return;
    }
    shared->over = 1;
    shared->terminated += job_walk(job->object.shared, job_member_kill, &code);
    survey->self_over |= job_place(arena_process(arena_self()), job->object.shared) < ARENA_JOBS;
    waitable_signal(job->object.waitable);
}

/* How long to sleep now (100 ns); 0: there is nothing to look for.  Under the arena's lock. */
static int64_t look(struct job *job, bool *self_over)
{
    struct job_shared *shared = job_shared(job);
    struct survey survey = {.job = shared, .left = LONGEST};
    static long processors;

    if (!processors)
        processors = sysconf(_SC_NPROCESSORS_ONLN);
    job_walk(job->object.shared, member_survey, &survey);
    shared->peak_job = survey.data > shared->peak_job ? survey.data : shared->peak_job;
    if (shared->limits.LimitFlags & JOB_OBJECT_LIMIT_JOB_TIME && !shared->over) {
        int64_t left =
            shared->limits.PerJobUserTimeLimit.QuadPart - (shared->user_time + survey.user - shared->time_base);
        if (left <= 0)
            end_of_time(job, &survey);
        survey.left = left < survey.left ? left : survey.left;
    }
    *self_over = survey.self_over;
    if (shared->limits.LimitFlags & JOB_OBJECT_LIMIT_JOB_MEMORY) {
        job_walk(job->object.shared, member_apply, NULL);
        survey.left = survey.left < MEMORY_PAUSE ? survey.left : MEMORY_PAUSE;
    }
    survey.left /= processors;
    return survey.left < SHORTEST ? SHORTEST : survey.left;
}

static void watch_release(struct job_watch *watch)
{
    if (atomic_fetch_sub(&watch->users, 1) == 1)
        free(watch);
}

static void watch_serve(void *argument)
{
    struct job_watch *watch = argument;
    uint32_t word;

    while (!((word = atomic_load(&watch->word)) & WATCH_OVER)) {
        struct deadline deadline;
        LARGE_INTEGER pause = {.QuadPart = -LONGEST};
        bool self_over = false;
        lock_acquire(&watch->lock);
        if (watch->job) {
            arena_lock();
            pause.QuadPart = -look(watch->job, &self_over);
            arena_unlock();
        }
        lock_release(&watch->lock);
        if (self_over)
            process_terminate(ERROR_NOT_ENOUGH_QUOTA);
        deadline_set(&deadline, &pause);
        futex_wait_until(&watch->word, word, false, &deadline);
    }
    watch_release(watch);
}

void job_watch_end(struct job *job)
{
    struct job_watch *watch = job->watch;

    if (!watch)
        return;
    lock_acquire(&watch->lock);
    watch->job = NULL;
    lock_release(&watch->lock);
    atomic_fetch_or(&watch->word, WATCH_OVER);
    futex_wake_shared(&watch->word, INT32_MAX, false);
    watch_release(watch);
}

/* From now on this process looks after the job. */
static NTSTATUS watch_start(struct job *job)
{
    struct job_watch *watch = calloc(1, sizeof *watch);

    if (!watch)
        return STATUS_NO_MEMORY;
    watch->users = 2;
    watch->job = job;
    NTSTATUS status = service_start(watch_serve, watch);
    if (status)
        free(watch);
    else
        job->watch = watch;
    return status;
}

NTSTATUS job_limits_changed(struct job *job)
{
    arena_lock();
    ULONG flags = job_shared(job)->limits.LimitFlags;
    job_walk(job->object.shared, member_apply, NULL);
    arena_unlock();
    if (job->watch) {
        atomic_fetch_add(&job->watch->word, 1);
        futex_wake_shared(&job->watch->word, INT32_MAX, false);
        return STATUS_SUCCESS;
    }
    return flags & (TIME_LIMITS | JOB_OBJECT_LIMIT_JOB_MEMORY) ? watch_start(job) : STATUS_SUCCESS;
}
