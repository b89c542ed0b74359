/*
 * job.h: jobs: their part in the arena, and what starting and ending processes must know of them.
 */
#ifndef NTDLL_JOB_H
#define NTDLL_JOB_H

#include "arena.h"

#define JOB_RING 8

/* In the arena entry of a job. */
struct job_shared {
    JOBOBJECT_BASIC_LIMIT_INFORMATION limits;
    uint64_t process_memory, job_memory; /* limits, bytes */
    uint64_t peak_process, peak_job;     /* the most that was seen, bytes */
    int64_t user_time, kernel_time;      /* of members that have ended, 100 ns */
    int64_t time_base;                   /* user time that was used when the limit was set */
    uint32_t restrictions;
    uint32_t end_action;             /* JOB_OBJECT_TERMINATE_AT_END_OF_JOB or JOB_OBJECT_POST_AT_END_OF_JOB */
    uint32_t rate_control, cpu_rate; /* kept */
    uint32_t total, terminated;      /* processes that ever were members; those that a limit ended */
    uint16_t over;                   /* its time is up: nobody enters any more */
    uint16_t heard;                  /* some process has associated a port */
    _Atomic uint32_t events;         /* futex: how many events there have been */
    uint32_t ring[JOB_RING];         /* the last of them: message << 24 | process id */
};
_Static_assert(sizeof(struct job_shared) <= ARENA_DATA_SIZE, "a job fits its entry");

struct job_port;
struct job_watch;

/* This process's object. */
struct job {
    struct object object;
    struct waitable ended;   /* signalled when a time limit ended the job */
    struct job_port *port;   /* job_port.c; NULL: this process has associated none */
    struct job_watch *watch; /* job_limits.c; NULL: this process enforces nothing */
};

struct job_shared *job_shared(const struct job *job);
struct job_shared *job_shared_at(uint32_t index);

/* Which place the job has in the record; ARENA_JOBS: none. */
unsigned job_place(const struct arena_process *process, uint32_t index);
/* Counts the living members, and calls for each. */
uint32_t job_walk(uint32_t index, void (*visit)(struct arena_process *, void *), void *context);
/* Notes what has happened.  Under the arena's lock. */
void job_tell(struct job_shared *job, uint32_t message, int pid);
/* For job_walk: ends a member, but not this process; context: the exit code (ULONG). */
void job_member_kill(struct arena_process *process, void *context);

/* The jobs of a child's record: its parent's (unless it may break away) and the list. */
NTSTATUS job_prepare_child(uint32_t record, uint32_t parent, bool breakaway, const HANDLE *jobs, ULONG count);
void job_child_started(uint32_t record, int pid);

/* A member has ended that took so long (100 ns). */
void job_account(const struct arena_process *process, int64_t user, int64_t kernel);

/* job_limits.c.  A process has entered or left jobs; under the arena's lock. */
void job_limits_apply(struct arena_process *process);
/* The limits of a job have been set. */
NTSTATUS job_limits_changed(struct job *job);
void job_watch_end(struct job *job);
bool job_priority_known(DWORD class);
/* The host has refused memory: because of a job's limit? */
bool job_memory_refused(void);

/* job_port.c */
NTSTATUS job_port_set(struct job *job, const JOBOBJECT_ASSOCIATE_COMPLETION_PORT *info);
void job_port_end(struct job *job);

#endif
