/*
 * job.h: jobs, as far as starting and ending processes must know of them.
 */
#ifndef NTDLL_JOB_H
#define NTDLL_JOB_H

#include "arena.h"

/* The jobs of a child's record: this process's own (unless it may break away) and the list. */
NTSTATUS job_prepare_child(uint32_t record, bool breakaway, const HANDLE *jobs, ULONG count);
void job_child_started(uint32_t record, int pid);

#endif
