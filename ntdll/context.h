/*
 * context.h: Windows' CONTEXT and the host's ucontext_t.
 */
#ifndef NTDLL_CONTEXT_H
#define NTDLL_CONTEXT_H

#include <ucontext.h>
#include "win.h"

/* Fills what context->ContextFlags asks for (control, integer, segments, floating point). */
void context_from_ucontext(CONTEXT *context, const ucontext_t *host);

/* Loads what context->ContextFlags says into the host's. */
void context_to_ucontext(ucontext_t *host, const CONTEXT *context);

/*
 * Loads all registers (exception.c).  In place, since it also runs on the smallest stacks: makes the flags in
 * `context` valid.
 */
_Noreturn void context_restore(CONTEXT *context);

#endif
