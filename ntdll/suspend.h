/*
 * suspend.h: stopping and resuming thread objects (suspend.c).
 */
#ifndef NTDLL_SUSPEND_H
#define NTDLL_SUSPEND_H

#include "thread_object.h"

/* A host thread that is given a TEB may have been made with every signal blocked: it must hear the stop. */
void suspend_unblock(void);

/* Returns when the thread really stands still.  previous: the suspend count before. */
NTSTATUS suspend_thread(struct thread_object *object, ULONG *previous);
NTSTATUS resume_thread(struct thread_object *object, ULONG *previous);

/* Before a thread's first Windows code; waits while it is suspended.  False: it was terminated meanwhile. */
bool suspend_wait_start(struct thread_object *object);

/* No stop of this thread from now on. */
void suspend_finish(struct thread_object *object);

/* Stops every other thread for ever, for the end of the process. */
void suspend_all_others(void);

/* Makes a thread end as soon as it can be stopped. */
NTSTATUS suspend_kill(struct thread_object *object, ULONG code);

#endif
