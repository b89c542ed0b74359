/*
 * job.h: jobs: their part in the arena, and what starting and ending processes must know of them.
 */
#ifndef NTDLL_JOB_H
#define NTDLL_JOB_H

#include "arena.h"

#define JOB_RING 8

/* In the arena entry of a job. */
struct job_shared {
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits;
    uint32_t restrictions;
    uint32_t total, terminated;     /* processes that ever were members; those that a limit ended */
    _Atomic uint32_t events;        /* futex: how many events there have been */
    uint32_t ring[JOB_RING];        /* the last of them: message << 24 | process id */
    int64_t user_time, kernel_time; /* of members that have ended, 100 ns */
};
_Static_assert(sizeof(struct job_shared) <= ARENA_DATA_SIZE, "a job fits its entry");

struct job_port;

/* This process's object. */
struct job {
    struct object object;
    struct waitable ended; /* signalled when a time limit ended the job: never */
    struct job_port *port; /* job_port.c; NULL: this process has associated none */
};

struct job_shared *job_shared(const struct job *job);

/* The jobs of a child's record: this process's own (unless it may break away) and the list. */
NTSTATUS job_prepare_child(uint32_t record, bool breakaway, const HANDLE *jobs, ULONG count);
void job_child_started(uint32_t record, int pid);

/* A member has ended that took so long (100 ns). */
void job_account(const struct arena_process *process, int64_t user, int64_t kernel);

/* job_port.c */
NTSTATUS job_port_set(struct job *job, const JOBOBJECT_ASSOCIATE_COMPLETION_PORT *info);
void job_port_end(struct job *job);

#endif
