/*
 * critsec.c: critical sections.  On top of futex.c; no object, no allocation.
 *
 * LockCount is the futex and shows what Windows shows: -1 free, -2 owned, -6 owned and somebody may sleep.
 * OwningThread and RecursionCount belong to the owner; programs read them.  DebugInfo is -1, as Windows sets it
 * unless asked for more.
 */
#include "futex.h"
#include "object.h"
#include "process.h"

#define FREE 0xffffffffu
#define OWNED 0xfffffffeu
#define CONTENDED 0xfffffffau
#define SPIN_MASK 0x00ffffffu
#define SPIN_DEFAULT 2000u
#define SPIN_PAUSE 256u /* between two looks, at the most */
#define NO_DEBUG_INFO ((PRTL_CRITICAL_SECTION_DEBUG)(LONG_PTR)-1)

static _Atomic uint32_t *section_word(RTL_CRITICAL_SECTION *section)
{
    return (_Atomic uint32_t *)&section->LockCount;
}

static HANDLE self(void)
{
    return teb_current()->ClientId.UniqueThread;
}

static ULONG spin_for_machine(ULONG spin)
{
    return peb_current()->NumberOfProcessors > 1 ? spin & SPIN_MASK : 0;
}

NTSTATUS NTAPI RtlInitializeCriticalSectionEx(RTL_CRITICAL_SECTION *section, ULONG spin, ULONG flags)
{
    if (flags & (RTL_CRITICAL_SECTION_FLAG_RESERVED | RTL_CRITICAL_SECTION_FLAG_STATIC_INIT))
        return STATUS_INVALID_PARAMETER_3;
    if (spin & ~SPIN_MASK)
        spin &= SPIN_MASK;
    section->DebugInfo = NO_DEBUG_INFO;
    section->LockCount = (LONG)FREE;
    section->RecursionCount = 0;
    section->OwningThread = NULL;
    section->LockSemaphore = NULL;
    section->SpinCount = spin_for_machine(spin) | (flags & RTL_CRITICAL_SECTION_FLAG_DYNAMIC_SPIN);
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlInitializeCriticalSectionAndSpinCount(RTL_CRITICAL_SECTION *section, ULONG spin)
{
    return RtlInitializeCriticalSectionEx(section, spin & SPIN_MASK, 0);
}

NTSTATUS NTAPI RtlInitializeCriticalSection(RTL_CRITICAL_SECTION *section)
{
    return RtlInitializeCriticalSectionEx(section, SPIN_DEFAULT, RTL_CRITICAL_SECTION_FLAG_DYNAMIC_SPIN);
}

NTSTATUS NTAPI RtlDeleteCriticalSection(RTL_CRITICAL_SECTION *section)
{
    section->DebugInfo = NULL;
    section->LockCount = (LONG)FREE;
    section->RecursionCount = 0;
    section->OwningThread = NULL;
    section->LockSemaphore = NULL;
    section->SpinCount = 0;
    return STATUS_SUCCESS;
}

ULONG NTAPI RtlSetCriticalSectionSpinCount(RTL_CRITICAL_SECTION *section, ULONG spin)
{
    ULONG old = section->SpinCount & SPIN_MASK;
    section->SpinCount = spin_for_machine(spin);
    return old;
}

BOOL NTAPI RtlIsCriticalSectionLocked(RTL_CRITICAL_SECTION *section)
{
    return section->RecursionCount != 0;
}

BOOL NTAPI RtlIsCriticalSectionLockedByThread(RTL_CRITICAL_SECTION *section)
{
    return section->OwningThread == self() && section->RecursionCount != 0;
}

static void section_own(RTL_CRITICAL_SECTION *section, HANDLE thread)
{
    section->OwningThread = thread;
    section->RecursionCount = 1;
}

BOOL NTAPI RtlTryEnterCriticalSection(RTL_CRITICAL_SECTION *section)
{
    HANDLE thread = self();
    uint32_t free = FREE;
    if (atomic_compare_exchange_strong(section_word(section), &free, OWNED)) {
        section_own(section, thread);
        return TRUE;
    }
    if (section->OwningThread != thread)
        return FALSE;
    section->RecursionCount++;
    return TRUE;
}

/*
 * Spins as long as the program asked, then sleeps.  Each look takes the owner's cache line away: there are fewer and
 * fewer of them, so that an owner who comes back at once goes on undisturbed.
 */
static __attribute__((noinline)) void section_enter_slowly(_Atomic uint32_t *word, ULONG spin)
{
    static const struct deadline never = {.kind = DEADLINE_NEVER};
    for (ULONG pause = 4; spin > 0; pause = pause < SPIN_PAUSE ? pause * 2 : pause) {
        uint32_t free = FREE;
        if (atomic_load_explicit(word, memory_order_relaxed) == FREE &&
            atomic_compare_exchange_strong(word, &free, OWNED))
            return;
        ULONG now = spin < pause ? spin : pause;
        for (spin -= now; now > 0; now--)
            cpu_relax();
    }
    while (atomic_exchange(word, CONTENDED) != FREE) {
        if (process_ending()) /* the owner is stopped for good: Windows lets the last thread in, too */
            return;
        futex_wait_until(word, CONTENDED, false, &never);
    }
}

NTSTATUS NTAPI RtlEnterCriticalSection(RTL_CRITICAL_SECTION *section)
{
    HANDLE thread = self();
    uint32_t free = FREE;
    if (!atomic_compare_exchange_strong_explicit(section_word(section), &free, OWNED, memory_order_acquire,
                                                 memory_order_relaxed)) {
        if (section->OwningThread == thread) {
            section->RecursionCount++;
            return STATUS_SUCCESS;
        }
        section_enter_slowly(section_word(section), section->SpinCount & SPIN_MASK);
    }
    section_own(section, thread);
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlLeaveCriticalSection(RTL_CRITICAL_SECTION *section)
{
    if (section->RecursionCount > 1) {
        section->RecursionCount--;
        return STATUS_SUCCESS;
    }
    section->RecursionCount = 0;
    section->OwningThread = NULL;
    if (atomic_exchange(section_word(section), FREE) == CONTENDED)
        futex_wake(section_word(section), 1);
    return STATUS_SUCCESS;
}
