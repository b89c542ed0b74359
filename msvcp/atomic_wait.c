/*
 * atomic_wait.c: msvcp140_atomic_wait.dll: waiting on atomics, the thread pool under parallel algorithms.
 *
 * Layer: msvcp over kernel32.
 */
#include "msvcp/thread.h"

/* 1: changed or spurious; 0: the time is up. */
int WINAPI std_atomic_wait_direct(const void *address, void *comparand, size_t size, DWORD milliseconds)
{
    return WaitOnAddress((volatile void *)address, comparand, size, milliseconds);
}

void WINAPI std_atomic_notify_one(const void *address)
{
    RtlWakeAddressSingle((void *)address);
}

void WINAPI std_atomic_notify_all(const void *address)
{
    RtlWakeAddressAll((void *)address);
}

/* --- values that WaitOnAddress can not compare: waiters in lists, by address -----------------------------------------
 */

#define LISTS 64

static struct list {
    RTL_SRWLOCK lock;
    CONDITION_VARIABLE changed;
} lists[LISTS];

static struct list *list_of(const void *address)
{
    return &lists[((uintptr_t)address >> 4 ^ (uintptr_t)address >> 12) % LISTS];
}

int WINAPI std_atomic_wait_indirect(const void *address, void *comparand, size_t size, void *argument, void *are_equal,
                                    DWORD milliseconds)
{
    struct list *list = list_of(address);
    const ULONG_PTR arguments[] = {GUEST(address), GUEST(comparand), size, GUEST(argument)};
    bool awake = true;

    RtlAcquireSRWLockExclusive(&list->lock);
    if (guest_call_n(are_equal, 4, arguments) & 0xff)
        awake = SleepConditionVariableSRW(&list->changed, (SRWLOCK *)&list->lock, milliseconds, 0);
    RtlReleaseSRWLockExclusive(&list->lock);
    return awake;
}

/* All of the list: who waits for another address asks again. */
void WINAPI std_atomic_notify_indirect(const void *address)
{
    struct list *list = list_of(address);

    RtlAcquireSRWLockExclusive(&list->lock);
    RtlReleaseSRWLockExclusive(&list->lock);
    RtlWakeAllConditionVariable((RTL_CONDITION_VARIABLE *)&list->changed);
}

/* --- time limits
 * ------------------------------------------------------------------------------------------------------- */

#define FOREVER ((uint64_t)-1)

uint64_t WINAPI std_atomic_wait_get_deadline(uint64_t milliseconds)
{
    return milliseconds == FOREVER ? FOREVER : GetTickCount64() + milliseconds;
}

DWORD WINAPI std_atomic_wait_get_remaining_timeout(uint64_t deadline)
{
    const DWORD longest = 86400000;
    uint64_t now = GetTickCount64();

    if (deadline == FOREVER)
        return INFINITE;
    if (now >= deadline)
        return 0;
    return deadline - now < longest ? (DWORD)(deadline - now) : longest;
}

/* Everything newer than Windows 8 is there. */
int WINAPI std_atomic_set_api_level(int level)
{
    (void)level;
    return 0x602;
}

/* --- 16 bytes at once
 * ---------------------------------------------------------------------------------------------------- */

bool WINAPI std_atomic_compare_exchange_128(int64_t *address, int64_t high, int64_t low, int64_t *comparand)
{
    bool done;

    __asm__ volatile("lock cmpxchg16b %1"
                     : "=@ccz"(done), "+m"(*(__int128 *)address), "+a"(comparand[0]), "+d"(comparand[1])
                     : "b"(low), "c"(high)
                     : "memory");
    return done;
}

/* A lock for atomics that are no atomic to the processor. */
void *WINAPI std_atomic_get_mutex(const void *address)
{
    return &list_of(address)->lock;
}

/* --- parallel algorithms
 * ------------------------------------------------------------------------------------------------- */

unsigned WINAPI msvcp_Thrd_hardware_concurrency(void);

void WINAPI std_bulk_submit_threadpool_work(PTP_WORK work, size_t count)
{
    for (; count; count--)
        TpPostWork(work);
}

void WINAPI std_execution_wait_on_uchar(const volatile unsigned char *address, unsigned char value)
{
    WaitOnAddress((volatile void *)address, &value, 1, INFINITE);
}
