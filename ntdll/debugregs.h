/*
 * debugregs.h: the debug registers: breakpoints of the processor, on instructions and data (debugregs.c).
 */
#ifndef NTDLL_DEBUGREGS_H
#define NTDLL_DEBUGREGS_H

#include <signal.h>
#include "thread.h"

/*
 * Arms what Dr0-Dr3 and Dr7 of `context` say for the thread, which may be another one of this process.
 * STATUS_NOT_SUPPORTED: the host grants no breakpoint; those are off in Dr7.
 */
NTSTATUS debugregs_set(struct thread *thread, const CONTEXT *context);
void debugregs_get(const struct thread *thread, CONTEXT *context);

/* The thread goes on with this context: its registers hold, if its flags say so. */
void debugregs_continue(const CONTEXT *context);

/* True: the signal is a breakpoint of this thread; Dr6 says which. */
bool debugregs_hit(int signal, const siginfo_t *info);
/* A single step: Dr6 says so. */
void debugregs_step(void);

/* The calling thread ends. */
void debugregs_end(struct thread *thread);

#endif
