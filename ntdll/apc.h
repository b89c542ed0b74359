/*
 * apc.h: asynchronous procedure calls.
 */
#ifndef NTDLL_APC_H
#define NTDLL_APC_H

#include "thread.h"

/* Queues function(a, b, c), Windows code, to run in the thread's next alertable wait (I/O completion routines). */
NTSTATUS apc_queue(struct thread *thread, void *function, ULONG_PTR a, ULONG_PTR b, ULONG_PTR c);

/* The same for a thread object, whose thread may have ended (STATUS_UNSUCCESSFUL). */
NTSTATUS apc_queue_object(struct object *thread, void *function, ULONG_PTR a, ULONG_PTR b, ULONG_PTR c);

/* Runs what is queued for the calling thread; true if there was anything. */
bool apc_deliver(void);

#endif
