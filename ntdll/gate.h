/*
 * gate.h: the one way from host code into Windows code.
 *
 * The gate makes sure that the thread has a TEB and that DF is clear, pushes a gate_frame so that the unwinder
 * knows where host frames end, and calls `function` with up to four register arguments (guest_call_n: any number).
 * MXCSR and the x87 control word are loaded with Windows' start values by the outermost call of a thread (or fiber);
 * after that they are the program's own: host code does not change them.
 * Only for pointers that come from Windows code: callbacks, entry points, window procedures.
 */
#ifndef NTDLL_GATE_H
#define NTDLL_GATE_H

#include "win.h"

struct dispatch_frame;

ULONG_PTR guest_call(const void *function, ULONG_PTR a, ULONG_PTR b, ULONG_PTR c, ULONG_PTR d);
ULONG_PTR guest_call_n(const void *function, unsigned count, const ULONG_PTR *arguments);

/* The same with a dispatch_frame, as below. */
ULONG_PTR guest_call_n_dispatch(const struct dispatch_frame *dispatch, const void *function, unsigned count,
                                const ULONG_PTR *arguments);

/* For calls of exception handlers: tells the unwinder where to go on below the gate (exception.h). */
ULONG_PTR guest_call_dispatch(const struct dispatch_frame *dispatch, const void *function, ULONG_PTR a, ULONG_PTR b,
                              ULONG_PTR c, ULONG_PTR d);

#define GUEST(x) ((ULONG_PTR)(x))

#endif
