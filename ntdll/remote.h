/*
 * remote.h: what one process does in another one of its prefix: memory, threads, handles, debugging.
 *
 * Reading and writing memory need nothing of the other one.  Everything else is done by the process itself: the
 * command lies in its arena record, and a helper thread of its own carries it out.  The helper is made by the
 * first command: a signal interrupts some thread at a harmless place, whose handler starts it.  A process that was
 * created suspended has its first thread wait for commands instead.
 */
#ifndef NTDLL_REMOTE_H
#define NTDLL_REMOTE_H

#include <ucontext.h>
#include "arena.h"
#include "process_object.h"

/* Asks for the helper; also tells that the parent has died (child.c). */
#define REMOTE_SIGNAL (SIGRTMIN + 7)

/* remote.c, the asker: */

/* Has the command done; it holds the answer then.  `in` bytes of `data` go with it, `out` bytes come back. */
NTSTATUS remote_run(struct process_object *process, struct remote_command *command, void *data, size_t in, size_t out);

/* The tails of the Nt functions when the handle is of another process. */
NTSTATUS remote_allocate(HANDLE process, PVOID *base, SIZE_T *size, ULONG type, ULONG protect);
NTSTATUS remote_free(HANDLE process, PVOID *base, SIZE_T *size, ULONG type);
NTSTATUS remote_protect(HANDLE process, PVOID *base, SIZE_T *size, ULONG protect, ULONG *old);
NTSTATUS remote_query(HANDLE process, PVOID address, MEMORY_BASIC_INFORMATION *info);
NTSTATUS remote_map(HANDLE process, HANDLE section, PVOID *base, uint64_t offset, SIZE_T *size, ULONG type,
                    ULONG protect);
NTSTATUS remote_unmap(HANDLE process, PVOID base);
/* DuplicateHandle into another process, and out of it (`object` is referenced then). */
NTSTATUS remote_duplicate(struct process_object *process, struct object *object, ACCESS_MASK access, ULONG attributes,
                          HANDLE *handle);
NTSTATUS remote_fetch(struct process_object *process, HANDLE handle, bool close, struct object **object,
                      struct handle_info *info);
/* The next handle of the process after *handle that its children inherit; NULL: there is none. */
NTSTATUS remote_next_inherited(struct process_object *process, HANDLE *handle);
/* Closes a handle of the process. */
NTSTATUS remote_close(struct process_object *process, HANDLE handle);
NTSTATUS remote_copy(HANDLE process, void *there, void *here, SIZE_T size, bool write, SIZE_T *done);

/* remote_serve.c, the process itself: */

/* A process that was not started by another one: from now on it can be asked. */
void remote_listen(void);
/* The handler of REMOTE_SIGNAL is there. */
void remote_ready(void);
/* In that handler. */
void remote_on_signal(const ucontext_t *host);
/* The first thread waits here until its suspend count is 0. */
void remote_serve_until_resumed(void);
/* Starts the helper if there is none. */
void remote_start_helper(void);
/* The fd of another process: fetched, or opened again. */
int remote_fd_fetch(int pid, int fd);

/* remote_thread.c: threads of another process. */
struct thread_object;
NTSTATUS remote_thread_run(struct thread_object *thread, struct remote_command *command, void *data, size_t in,
                           size_t out);
/* The object of a thread of another process; referenced. */
NTSTATUS remote_thread_open(struct process_object *process, int tid, struct thread_object **thread);
/* The same of an entry that is held for this process already. */
NTSTATUS remote_thread_proxy(struct process_object *process, uint32_t index, int tid, struct thread_object **thread);
NTSTATUS remote_thread_create(struct process_object *process, void *start, void *argument, ULONG flags, SIZE_T commit,
                              SIZE_T reserve, struct thread_object **thread);
/* In the process that is asked. */
NTSTATUS remote_thread_serve(struct remote_command *command, struct remote_exchange *exchange);

#endif
