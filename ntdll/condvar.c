/*
 * condvar.c: condition variables, for critical sections and slim locks.  On top of futex.c; the variable is the
 * program's, pointer-sized: low half a count of wake-ups, which is the futex, high half the number of sleepers.
 */
#include <limits.h>
#include "futex.h"
#include "object.h"

struct condition {
    _Atomic uint32_t wakes;
    _Atomic uint32_t sleepers;
};
_Static_assert(sizeof(struct condition) == sizeof(RTL_CONDITION_VARIABLE), "fits the program's variable");

static struct condition *condition_of(PRTL_CONDITION_VARIABLE variable)
{
    return (struct condition *)variable;
}

void NTAPI RtlInitializeConditionVariable(PRTL_CONDITION_VARIABLE variable)
{
    variable->Ptr = NULL;
}

static void condition_wake(struct condition *condition, int count)
{
    if (!atomic_load(&condition->sleepers))
        return;
    atomic_fetch_add(&condition->wakes, 1);
    futex_wake(&condition->wakes, count);
}

void NTAPI RtlWakeConditionVariable(PRTL_CONDITION_VARIABLE variable)
{
    condition_wake(condition_of(variable), 1);
}

void NTAPI RtlWakeAllConditionVariable(PRTL_CONDITION_VARIABLE variable)
{
    condition_wake(condition_of(variable), INT_MAX);
}

/* The caller counted itself and read `wakes` while it still held the lock, so no wake-up can be missed. */
static NTSTATUS condition_sleep(struct condition *condition, uint32_t seen, const LARGE_INTEGER *timeout)
{
    NTSTATUS status = STATUS_SUCCESS;
    struct deadline deadline;
    deadline_set(&deadline, timeout);
    while (atomic_load(&condition->wakes) == seen) {
        if (!futex_wait_until(&condition->wakes, seen, false, &deadline)) {
            status = STATUS_TIMEOUT;
            break;
        }
    }
    atomic_fetch_sub(&condition->sleepers, 1);
    return status;
}

static uint32_t condition_join(struct condition *condition)
{
    atomic_fetch_add(&condition->sleepers, 1);
    return atomic_load(&condition->wakes);
}

NTSTATUS NTAPI RtlSleepConditionVariableCS(PRTL_CONDITION_VARIABLE variable, RTL_CRITICAL_SECTION *section,
                                           const LARGE_INTEGER *timeout)
{
    uint32_t seen = condition_join(condition_of(variable));
    RtlLeaveCriticalSection(section);
    NTSTATUS status = condition_sleep(condition_of(variable), seen, timeout);
    RtlEnterCriticalSection(section);
    return status;
}

NTSTATUS NTAPI RtlSleepConditionVariableSRW(PRTL_CONDITION_VARIABLE variable, PRTL_SRWLOCK lock,
                                            const LARGE_INTEGER *timeout, ULONG flags)
{
    bool shared = flags & RTL_CONDITION_VARIABLE_LOCKMODE_SHARED;
    uint32_t seen = condition_join(condition_of(variable));
    if (shared)
        RtlReleaseSRWLockShared(lock);
    else
        RtlReleaseSRWLockExclusive(lock);
    NTSTATUS status = condition_sleep(condition_of(variable), seen, timeout);
    if (shared)
        RtlAcquireSRWLockShared(lock);
    else
        RtlAcquireSRWLockExclusive(lock);
    return status;
}
