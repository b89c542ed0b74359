/*
 * barrier.c: synchronization barriers.  On top of futex.c; the barrier is the program's variable.
 */
#include <limits.h>
#include "futex.h"
#include "object.h"

struct barrier {
    uint32_t total;
    _Atomic uint32_t arrived;
    _Atomic uint32_t phase;  /* futex: bumped when all have arrived */
    _Atomic uint32_t inside; /* threads that still look at the barrier */
    uint32_t spin;
};
_Static_assert(sizeof(struct barrier) <= sizeof(RTL_BARRIER), "fits the program's variable");

NTSTATUS NTAPI RtlInitBarrier(PRTL_BARRIER variable, ULONG total, ULONG spin)
{
    struct barrier *barrier = (struct barrier *)variable;
    if (total == 0 || total > INT_MAX)
        return STATUS_INVALID_PARAMETER;
    *barrier = (struct barrier){.total = total, .spin = spin == MAXDWORD ? 2000 : spin};
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlDeleteBarrier(PRTL_BARRIER variable)
{
    struct barrier *barrier = (struct barrier *)variable;
    while (atomic_load(&barrier->inside))
        NtYieldExecution();
    return STATUS_SUCCESS;
}

static void barrier_wait(struct barrier *barrier, uint32_t phase, ULONG flags)
{
    bool spin_only = flags & SYNCHRONIZATION_BARRIER_FLAGS_SPIN_ONLY;
    uint32_t spin = flags & SYNCHRONIZATION_BARRIER_FLAGS_BLOCK_ONLY ? 0 : barrier->spin;
    while (atomic_load(&barrier->phase) == phase && (spin_only || spin)) {
        cpu_relax();
        spin -= spin > 0;
    }
    while (atomic_load(&barrier->phase) == phase)
        futex_sleep(&barrier->phase, phase, NULL);
}

/* TRUE for one of the threads, the last to arrive. */
BOOLEAN NTAPI RtlBarrier(PRTL_BARRIER variable, ULONG flags)
{
    struct barrier *barrier = (struct barrier *)variable;
    atomic_fetch_add(&barrier->inside, 1);
    uint32_t phase = atomic_load(&barrier->phase);
    bool last = atomic_fetch_add(&barrier->arrived, 1) + 1 == barrier->total;
    if (last) {
        atomic_store(&barrier->arrived, 0);
        atomic_fetch_add(&barrier->phase, 1);
        futex_wake(&barrier->phase, INT_MAX);
    } else {
        barrier_wait(barrier, phase, flags);
    }
    atomic_fetch_sub(&barrier->inside, 1);
    return last;
}
