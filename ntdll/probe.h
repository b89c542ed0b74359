/*
 * probe.h: memory that the program names, and that the kernel would look at before it uses it.
 */
#ifndef NTDLL_PROBE_H
#define NTDLL_PROBE_H

#include "win.h"

/* True if both ends of [memory, memory + size) can be written; size is not 0 and below a page. */
bool probe_write(void *memory, size_t size);

/*
 * function(argument); false also if it meets memory that can not be used.  It is host code that calls no Windows code
 * and holds no lock.  The program's exception handlers hear nothing of it.
 */
bool guarded_call(bool (*function)(void *), void *argument);

/* For signal.c: where a guarded call that fails goes on, and its stack pointer (NULL: there is none). */
extern const char guard_failed[];
extern _Thread_local void *guard_sp __attribute__((tls_model("local-exec")));

/* For signal.c: the instructions that may fault, and where to go on then. */
extern const char probe_begin[], probe_end[], probe_failed[];

#endif
