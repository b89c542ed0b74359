/*
 * futex.c: sleeping in the kernel until a word changes, and the lock built on it.
 *
 * Bottom of ntdll's synchronization: calls Linux only, allocates nothing, works on threads without a TEB.
 */
#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "completion.h"
#include "futex.h"
#include "object.h"

#ifndef SYS_futex_waitv
#define SYS_futex_waitv 449
#endif

#define TICKS_PER_SECOND 10000000LL
#define NANOSECONDS_PER_TICK 100
#define UNIX_EPOCH_TICKS 116444736000000000LL /* 1970-01-01 in 100 ns units since 1601 */

void deadline_set(struct deadline *deadline, const LARGE_INTEGER *timeout)
{
    if (!timeout || timeout->QuadPart == INT64_MIN) {
        deadline->kind = DEADLINE_NEVER;
        return;
    }
    if (timeout->QuadPart == 0) {
        deadline->kind = DEADLINE_PASSED;
        return;
    }
    deadline->kind = DEADLINE_AT;
    if (timeout->QuadPart > 0) {
        int64_t ticks = timeout->QuadPart > UNIX_EPOCH_TICKS ? timeout->QuadPart - UNIX_EPOCH_TICKS : 0;
        deadline->clock = CLOCK_REALTIME;
        deadline->at.tv_sec = ticks / TICKS_PER_SECOND;
        deadline->at.tv_nsec = ticks % TICKS_PER_SECOND * NANOSECONDS_PER_TICK;
        return;
    }
    deadline->clock = CLOCK_MONOTONIC;
    clock_gettime(CLOCK_MONOTONIC, &deadline->at);
    int64_t ticks = -timeout->QuadPart;
    deadline->at.tv_sec += ticks / TICKS_PER_SECOND;
    deadline->at.tv_nsec += ticks % TICKS_PER_SECOND * NANOSECONDS_PER_TICK;
    if (deadline->at.tv_nsec >= 1000000000) {
        deadline->at.tv_nsec -= 1000000000;
        deadline->at.tv_sec++;
    }
}

bool deadline_passed(const struct deadline *deadline)
{
    if (deadline->kind != DEADLINE_AT)
        return deadline->kind == DEADLINE_PASSED;
    struct timespec now;
    clock_gettime(deadline->clock, &now);
    if (now.tv_sec != deadline->at.tv_sec)
        return now.tv_sec > deadline->at.tv_sec;
    return now.tv_nsec >= deadline->at.tv_nsec;
}

static long futex_call(_Atomic uint32_t *address, int operation, uint32_t value, const struct timespec *time,
                       uint32_t bits)
{
    int saved = errno;
    long result = syscall(SYS_futex, address, operation, value, time, NULL, bits);
    if (result < 0) {
        result = -errno;
        errno = saved;
    }
    return result;
}

/* A call that sleeps: the completion port that the thread works for may let another one work meanwhile. */
static long futex_sleep_call(_Atomic uint32_t *address, int operation, uint32_t value, const struct timespec *time,
                             uint32_t bits)
{
    struct port *port = completion_works_for;

    if (!port)
        return futex_call(address, operation, value, time, bits);
    completion_sleeps(port);
    long result = futex_call(address, operation, value, time, bits);
    completion_wakes(port);
    return result;
}

static int private_flag(bool shared)
{
    return shared ? 0 : FUTEX_PRIVATE_FLAG;
}

bool futex_wait_until(_Atomic uint32_t *address, uint32_t expected, bool shared, const struct deadline *deadline)
{
    int operation = FUTEX_WAIT_BITSET | private_flag(shared);
    const struct timespec *at = NULL;
    if (deadline->kind == DEADLINE_PASSED)
        return false;
    if (deadline->kind == DEADLINE_AT) {
        at = &deadline->at;
        if (deadline->clock == CLOCK_REALTIME)
            operation |= FUTEX_CLOCK_REALTIME;
    }
    return futex_sleep_call(address, operation, expected, at, FUTEX_BITSET_MATCH_ANY) != -ETIMEDOUT;
}

/* Kernels before 5.16: look at the words once a millisecond, asleep on the first of them in between. */
static bool wait_any_by_polling(const struct futex_word *words, unsigned count, const struct deadline *deadline)
{
    for (;;) {
        for (unsigned i = 0; i < count; i++)
            if (atomic_load(words[i].address) != words[i].expected)
                return true;
        if (deadline_passed(deadline))
            return false;
        LARGE_INTEGER millisecond = {.QuadPart = -10000};
        struct deadline soon;
        deadline_set(&soon, &millisecond);
        futex_wait_until(words[0].address, words[0].expected, words[0].shared, &soon);
    }
}

bool futex_wait_any(const struct futex_word *words, unsigned count, const struct deadline *deadline)
{
    static _Atomic bool missing;
    struct futex_waitv vector[FUTEX_WORDS_MAX];
    if (count == 1)
        return futex_wait_until(words[0].address, words[0].expected, words[0].shared, deadline);
    if (deadline->kind == DEADLINE_PASSED)
        return false;
    if (atomic_load_explicit(&missing, memory_order_relaxed))
        return wait_any_by_polling(words, count, deadline);
    for (unsigned i = 0; i < count; i++) {
        vector[i].val = words[i].expected;
        vector[i].uaddr = (uintptr_t)words[i].address;
        vector[i].flags = FUTEX_32 | private_flag(words[i].shared);
        vector[i].__reserved = 0;
    }
    struct port *port = completion_works_for;
    if (port)
        completion_sleeps(port);
    int saved = errno;
    long result = syscall(SYS_futex_waitv, vector, count, 0, deadline->kind == DEADLINE_AT ? &deadline->at : NULL,
                          deadline->clock);
    int error = result < 0 ? errno : 0;
    errno = saved;
    if (port)
        completion_wakes(port);
    if (error == ENOSYS || error == EPERM) { /* EPERM: a seccomp filter that does not know the call */
        atomic_store(&missing, true);
        return wait_any_by_polling(words, count, deadline);
    }
    return error != ETIMEDOUT;
}

NTSTATUS futex_sleep(_Atomic uint32_t *address, uint32_t expected, const LARGE_INTEGER *timeout)
{
    struct deadline deadline;
    deadline_set(&deadline, timeout);
    return futex_wait_until(address, expected, false, &deadline) ? STATUS_SUCCESS : STATUS_TIMEOUT;
}

void futex_wake_shared(_Atomic uint32_t *address, int count, bool shared)
{
    futex_call(address, FUTEX_WAKE | private_flag(shared), (uint32_t)count, NULL, 0);
}

void futex_wake(_Atomic uint32_t *address, int count)
{
    futex_wake_shared(address, count, false);
}

void futex_sleep_bits(_Atomic uint32_t *address, uint32_t expected, uint32_t bits)
{
    futex_sleep_call(address, FUTEX_WAIT_BITSET | FUTEX_PRIVATE_FLAG, expected, NULL, bits);
}

int futex_wake_bits(_Atomic uint32_t *address, int count, uint32_t bits)
{
    long woken = futex_call(address, FUTEX_WAKE_BITSET | FUTEX_PRIVATE_FLAG, (uint32_t)count, NULL, bits);
    return woken > 0 ? (int)woken : 0;
}

void lock_acquire_slowly(struct lock *lock)
{
    for (int i = 0; i < 100; i++) {
        uint32_t free = 0;
        if (atomic_load_explicit(&lock->state, memory_order_relaxed) == 0 &&
            atomic_compare_exchange_strong(&lock->state, &free, 1))
            return;
        cpu_relax();
    }
    while (atomic_exchange_explicit(&lock->state, 2, memory_order_acquire) != 0)
        futex_call(&lock->state, FUTEX_WAIT_PRIVATE, 2, NULL, 0);
}

void lock_wake(struct lock *lock)
{
    futex_wake(&lock->state, 1);
}

NTSTATUS NTAPI NtYieldExecution(void)
{
    struct thread *thread = thread_current();
    atomic_store_explicit(&thread->yields, true, memory_order_relaxed);
    atomic_signal_fence(memory_order_seq_cst);
    sched_yield();
    atomic_signal_fence(memory_order_seq_cst);
    atomic_store_explicit(&thread->yields, false, memory_order_relaxed);
    return STATUS_SUCCESS;
}
