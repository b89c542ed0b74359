/*
 * gate.h: the one way from host code into Windows code.
 *
 * The gate makes sure that the thread has a TEB, that DF is clear and MXCSR and the x87
 * control word are Windows', pushes a gate_frame so that the unwinder knows where host
 * frames end, and calls `function` with up to four register arguments (guest_call_n: any
 * number).  xmm6-xmm15 are saved as the System V caller does not expect them to survive.
 * Only for pointers that come from Windows code: callbacks, entry points, window procedures.
 */
#ifndef NTDLL_GATE_H
#define NTDLL_GATE_H

#include "win.h"

ULONG_PTR guest_call(const void *function, ULONG_PTR a, ULONG_PTR b, ULONG_PTR c, ULONG_PTR d);
ULONG_PTR guest_call_n(const void *function, unsigned count, const ULONG_PTR *arguments);

#define GUEST(x) ((ULONG_PTR)(x))

#endif
