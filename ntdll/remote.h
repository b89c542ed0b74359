/*
 * remote.h: what one process does to another one that waits to be started (created suspended).
 *
 * The waiting process serves commands: its memory can be prepared before it runs (reservations and views at fixed
 * addresses).
 */
#ifndef NTDLL_REMOTE_H
#define NTDLL_REMOTE_H

#include "arena.h"
#include "process_object.h"

/* Lets it go. */
void remote_resume(struct process_object *process);
/* In the process that waits: does what stands in its record. */
void remote_serve(struct arena_process *self);

#endif
