/*
 * exception.c: from an exception to its handler.
 *
 * Layer: ntdll.  Runs on the thread's own stack, which may be as small as a Go routine's: no large locals before
 * the first vectored handler is called.
 */
#include "gate.h"
#include "process.h"
#include "thread.h"

_Static_assert(offsetof(struct thread, gate) == 8, "gate.S knows this offset");
_Static_assert(sizeof(struct gate_frame) == 24 && offsetof(struct gate_frame, dispatch) == 16, "gate.S knows the layout");

/* Called by the gate on a thread's first call into Windows code. */
struct thread *gate_attach(void);
struct thread *gate_attach(void)
{
    NTSTATUS status = thread_attach();
    if (!NT_SUCCESS(status))
        fatal(125, "callback: no thread block for a thread of the host (status %#x)", status);
    return thread_current();
}
