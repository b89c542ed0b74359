/*
 * entrycall.h: calls of a module's initialization: DllMain and TLS callbacks (entrycall.c).
 */
#ifndef LOADER_ENTRYCALL_H
#define LOADER_ENTRYCALL_H

#include "win.h"

/* function(base, reason, process).  False: it ended by an exception that none of its own handlers took. */
bool entry_call(const void *function, const void *base, ULONG reason, bool process, BOOL *result, NTSTATUS *exception);

#endif
