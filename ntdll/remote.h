/*
 * remote.h: what one process does with another one's memory.
 *
 * Reading and writing need nothing of the other one.  Address space is changed by the process itself: while it waits to
 * be started (created suspended) it serves commands, so that reservations and views at fixed addresses can be made in
 * it before it runs.  A process that runs can not be asked.
 */
#ifndef NTDLL_REMOTE_H
#define NTDLL_REMOTE_H

#include "arena.h"
#include "process_object.h"

/* Lets it go. */
void remote_resume(struct process_object *process);
/* In the process that waits: does what stands in its record. */
void remote_serve(struct arena_process *self);

/* The tails of the Nt functions when the handle is of another process. */
NTSTATUS remote_allocate(HANDLE process, PVOID *base, SIZE_T *size, ULONG type, ULONG protect);
NTSTATUS remote_free(HANDLE process, PVOID *base, SIZE_T *size, ULONG type);
NTSTATUS remote_protect(HANDLE process, PVOID *base, SIZE_T *size, ULONG protect, ULONG *old);
NTSTATUS remote_query(HANDLE process, PVOID address, MEMORY_BASIC_INFORMATION *info);
NTSTATUS remote_map(HANDLE process, HANDLE section, PVOID *base, uint64_t offset, SIZE_T *size, ULONG type,
                    ULONG protect);
NTSTATUS remote_unmap(HANDLE process, PVOID base);
/* DuplicateHandle into a process that waits. */
NTSTATUS remote_duplicate(struct process_object *process, struct object *object, ACCESS_MASK access, ULONG attributes,
                          HANDLE *handle);
NTSTATUS remote_copy(HANDLE process, void *there, void *here, SIZE_T size, bool write, SIZE_T *done);

#endif
