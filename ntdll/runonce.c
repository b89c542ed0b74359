/*
 * runonce.c: one-time initialization.  On top of futex.c; the program's pointer-sized variable holds the state in its
 * low two bits and, when done, the context in the others.
 */
#include <limits.h>
#include "futex.h"
#include "gate.h"
#include "object.h"

#define STATE 3u
#define UNTOUCHED 0u
#define RUNNING 1u /* one thread initializes, the others wait */
#define DONE 2u
#define RUNNING_ASYNC 3u /* any number of threads initialize, the first to complete wins */
#define SLEEPERS 4u      /* with RUNNING: somebody sleeps */

static _Atomic uintptr_t *once_word(PRTL_RUN_ONCE once)
{
    return (_Atomic uintptr_t *)once;
}

void NTAPI RtlRunOnceInitialize(PRTL_RUN_ONCE once)
{
    once->Ptr = NULL;
}

static void once_wait(PRTL_RUN_ONCE once, uintptr_t word)
{
    static const struct deadline never = {.kind = DEADLINE_NEVER};
    if (!(word & SLEEPERS) && !atomic_compare_exchange_strong(once_word(once), &word, word | SLEEPERS))
        return;
    futex_wait_until((_Atomic uint32_t *)once, RUNNING | SLEEPERS, false, &never);
}

NTSTATUS NTAPI RtlRunOnceBeginInitialize(PRTL_RUN_ONCE once, ULONG flags, PVOID *context)
{
    if ((flags & ~(RTL_RUN_ONCE_CHECK_ONLY | RTL_RUN_ONCE_ASYNC)) ||
        (flags & (RTL_RUN_ONCE_CHECK_ONLY | RTL_RUN_ONCE_ASYNC)) == (RTL_RUN_ONCE_CHECK_ONLY | RTL_RUN_ONCE_ASYNC))
        return STATUS_INVALID_PARAMETER;
    uintptr_t running = flags & RTL_RUN_ONCE_ASYNC ? RUNNING_ASYNC : RUNNING;
    uintptr_t word = atomic_load_explicit(once_word(once), memory_order_acquire);
    for (;; word = atomic_load_explicit(once_word(once), memory_order_acquire)) {
        switch (word & STATE) {
        case DONE:
            if (context)
                *context = (PVOID)(word & ~(uintptr_t)STATE);
            return STATUS_SUCCESS;
        case UNTOUCHED:
            if (flags & RTL_RUN_ONCE_CHECK_ONLY)
                return STATUS_UNSUCCESSFUL;
            if (atomic_compare_exchange_strong(once_word(once), &word, running))
                return STATUS_PENDING;
            break;
        case RUNNING:
            if (flags & RTL_RUN_ONCE_CHECK_ONLY)
                return STATUS_UNSUCCESSFUL;
            if (flags & RTL_RUN_ONCE_ASYNC)
                return STATUS_INVALID_PARAMETER;
            once_wait(once, word);
            break;
        default:
            if (flags & RTL_RUN_ONCE_CHECK_ONLY)
                return STATUS_UNSUCCESSFUL;
            return flags & RTL_RUN_ONCE_ASYNC ? STATUS_PENDING : STATUS_INVALID_PARAMETER;
        }
    }
}

NTSTATUS NTAPI RtlRunOnceComplete(PRTL_RUN_ONCE once, ULONG flags, PVOID context)
{
    bool failed = flags & RTL_RUN_ONCE_INIT_FAILED, async = flags & RTL_RUN_ONCE_ASYNC;
    if ((uintptr_t)context & STATE || (flags & ~(RTL_RUN_ONCE_INIT_FAILED | RTL_RUN_ONCE_ASYNC)) || (failed && async))
        return STATUS_INVALID_PARAMETER;
    if (failed && context)
        return STATUS_INVALID_PARAMETER;
    uintptr_t next = failed ? UNTOUCHED : (uintptr_t)context | DONE;
    uintptr_t word = atomic_load(once_word(once));
    for (;;) {
        switch (word & STATE) {
        case RUNNING:
            if (async)
                return STATUS_INVALID_PARAMETER;
            if (!atomic_compare_exchange_strong(once_word(once), &word, next))
                continue;
            if (word & SLEEPERS)
                futex_wake((_Atomic uint32_t *)once, INT_MAX);
            return STATUS_SUCCESS;
        case RUNNING_ASYNC:
            if (!async)
                return STATUS_INVALID_PARAMETER;
            if (!atomic_compare_exchange_strong(once_word(once), &word, next))
                continue;
            return STATUS_SUCCESS;
        default:
            return STATUS_UNSUCCESSFUL;
        }
    }
}

NTSTATUS NTAPI RtlRunOnceExecuteOnce(PRTL_RUN_ONCE once, PRTL_RUN_ONCE_INIT_FN function, PVOID parameter,
                                     PVOID *context)
{
    NTSTATUS status = RtlRunOnceBeginInitialize(once, 0, context);
    PVOID result = NULL;
    if (status != STATUS_PENDING)
        return status;
    if (!(DWORD)guest_call(function, GUEST(once), GUEST(parameter), GUEST(&result), 0)) {
        RtlRunOnceComplete(once, RTL_RUN_ONCE_INIT_FAILED, NULL);
        return STATUS_UNSUCCESSFUL;
    }
    status = RtlRunOnceComplete(once, 0, result);
    if (NT_SUCCESS(status) && context)
        *context = result;
    return status;
}
