/*
 * suspend.h: stopping and resuming thread objects (suspend.c).
 */
#ifndef NTDLL_SUSPEND_H
#define NTDLL_SUSPEND_H

#include <ucontext.h>
#include "thread_object.h"

/* A host thread that is given a TEB may have been made with every signal blocked: it must hear the stop. */
void suspend_unblock(void);

/* Returns when the thread really stands still.  previous: the suspend count before. */
NTSTATUS suspend_thread(struct thread_object *object, ULONG *previous);
NTSTATUS resume_thread(struct thread_object *object, ULONG *previous);

/* Interrupted here, a thread may be stopped, or its handler may allocate: it is in Windows code or sleeps in the host.
 */
bool suspend_is_harmless(const ucontext_t *host);

/* Gets or sets the context of a thread that is stopped by the caller or has not started. */
NTSTATUS suspend_context_exchange(struct thread_object *object, CONTEXT *context, bool set);

/* Stops all threads but the calling one while a debugger looks, beside their suspend counts; lets them go. */
void suspend_freeze_others(void);
void suspend_thaw_others(void);

/* Before a thread's first Windows code; waits while it is suspended.  False: it was terminated meanwhile. */
bool suspend_wait_start(struct thread_object *object);

/* No stop of this thread from now on. */
void suspend_finish(struct thread_object *object);

/* Stops every other thread for ever, for the end of the process. */
void suspend_all_others(void);

/* Makes a thread end as soon as it can be stopped. */
NTSTATUS suspend_kill(struct thread_object *object, ULONG code);

#endif
