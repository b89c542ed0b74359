/*
 * process_object.h: what a handle of a process refers to, ours or another one's.
 */
#ifndef NTDLL_PROCESS_OBJECT_H
#define NTDLL_PROCESS_OBJECT_H

#include "arena.h"

struct process_object {
    struct object object;
    struct waitable ended;
    int pid;
    int pidfd;               /* -1: this process */
    uint32_t record;         /* in the arena; ARENA_PROCESSES: none (this process alone) */
    bool child;              /* started by this process: to be waited for */
    bool foreign;            /* a Linux program */
    _Atomic bool watched;    /* the reaper has it, and a reference */
    _Atomic uint32_t exited; /* exit_code and the times are final */
    ULONG exit_code;
    LONGLONG create_time;                       /* of a child: when it was started; 0: ask the host */
    LONGLONG exit_time, kernel_time, user_time; /* 100 ns */
};

/* The object of a process of this prefix (record: held for it already); takes over the pidfd.  NULL: no memory. */
struct process_object *process_object_create(int pid, int pidfd, uint32_t record);
/* By id; referenced.  STATUS_INVALID_CID. */
NTSTATUS process_object_open(int pid, struct process_object **process);
bool process_is_self(const void *process);

/* reaper.c: has the object signalled when the process ends. */
NTSTATUS process_watch(struct process_object *process);

/* Looks whether the process has ended and notes how. */
bool process_check_ended(struct process_object *process);
NTSTATUS process_kill(struct process_object *process, ULONG code);
NTSTATUS process_from_handle(HANDLE handle, ACCESS_MASK access, struct process_object **process);

/* process_info.c, from the host, for a process by its id: 0 if there is none. */
void process_host_times(int pid, LONGLONG *user, LONGLONG *kernel); /* 100 ns */
void process_host_io(int pid, IO_COUNTERS *info);
uint64_t process_data_size(int pid); /* private memory that may be written, bytes */

#endif
