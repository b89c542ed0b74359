/*
 * concrt_locks.c: the Concurrency Runtime's locks and events, and what it says of processors and threads.
 *
 * Layer: msvcp over kernel32.  Objects lie in the program and have more room than is used here.  There is no scheduler
 * of tasks: a context is a thread, and who blocks blocks its thread.
 */
#include "msvcp/msvcp.h"
#include "ntsync.h"

/* ---- critical_section: one owner, who may not take it again ---- */

struct critical_section {
    SRWLOCK lock;
    volatile DWORD owner;
};

struct critical_section *WINAPI concrt_critical_section_ctor(struct critical_section *this)
{
    *this = (struct critical_section){SRWLOCK_INIT, 0};
    return this;
}

/* Also of the other locks: they hold nothing. */
void WINAPI concrt_nothing(void *this)
{
    (void)this;
}

void WINAPI concrt_critical_section_lock(struct critical_section *this)
{
    RtlAcquireSRWLockExclusive(&this->lock);
    this->owner = GetCurrentThreadId();
}

bool WINAPI concrt_critical_section_try_lock(struct critical_section *this)
{
    if (!RtlTryAcquireSRWLockExclusive(&this->lock))
        return false;
    this->owner = GetCurrentThreadId();
    return true;
}

bool WINAPI concrt_critical_section_try_lock_for(struct critical_section *this, unsigned milliseconds)
{
    ULONGLONG end = GetTickCount64() + milliseconds;

    while (!concrt_critical_section_try_lock(this)) {
        if (GetTickCount64() >= end)
            return false;
        Sleep(1);
    }
    return true;
}

void WINAPI concrt_critical_section_unlock(struct critical_section *this)
{
    this->owner = 0;
    RtlReleaseSRWLockExclusive(&this->lock);
}

void *WINAPI concrt_same(void *this)
{
    return this;
}

/* Both kinds of scoped_lock hold a reference first. */
struct critical_section **WINAPI concrt_critical_section_scope_ctor(struct critical_section **this,
                                                                    struct critical_section *section)
{
    *this = section;
    concrt_critical_section_lock(section);
    return this;
}

void WINAPI concrt_critical_section_scope_dtor(struct critical_section **this)
{
    concrt_critical_section_unlock(*this);
}

/* ---- reader_writer_lock, and the smaller _ReaderWriterLock ---- */

struct rw_lock {
    SRWLOCK lock;
    volatile DWORD writer; /* only in the large one */
};

struct rw_lock *WINAPI concrt_rw_ctor(struct rw_lock *this)
{
    *this = (struct rw_lock){SRWLOCK_INIT, 0};
    return this;
}

void WINAPI concrt_rw_lock(struct rw_lock *this)
{
    RtlAcquireSRWLockExclusive(&this->lock);
    this->writer = GetCurrentThreadId();
}

bool WINAPI concrt_rw_try_lock(struct rw_lock *this)
{
    bool got = RtlTryAcquireSRWLockExclusive(&this->lock);

    if (got)
        this->writer = GetCurrentThreadId();
    return got;
}

void WINAPI concrt_rw_lock_read(struct rw_lock *this)
{
    RtlAcquireSRWLockShared(&this->lock);
}

bool WINAPI concrt_rw_try_lock_read(struct rw_lock *this)
{
    return RtlTryAcquireSRWLockShared(&this->lock);
}

/* Of whoever calls: the writer or a reader. */
void WINAPI concrt_rw_unlock(struct rw_lock *this)
{
    if (this->writer == GetCurrentThreadId()) {
        this->writer = 0;
        RtlReleaseSRWLockExclusive(&this->lock);
    } else {
        RtlReleaseSRWLockShared(&this->lock);
    }
}

struct rw_lock **WINAPI concrt_rw_scope_ctor(struct rw_lock **this, struct rw_lock *lock)
{
    *this = lock;
    concrt_rw_lock(lock);
    return this;
}

struct rw_lock **WINAPI concrt_rw_scope_read_ctor(struct rw_lock **this, struct rw_lock *lock)
{
    *this = lock;
    concrt_rw_lock_read(lock);
    return this;
}

void WINAPI concrt_rw_scope_dtor(struct rw_lock **this)
{
    concrt_rw_unlock(*this);
}

SRWLOCK *WINAPI concrt_small_rw_ctor(SRWLOCK *this)
{
    RtlInitializeSRWLock(this);
    return this;
}

void WINAPI concrt_small_rw_write(SRWLOCK *this)
{
    RtlAcquireSRWLockExclusive(this);
}

bool WINAPI concrt_small_rw_try_write(SRWLOCK *this)
{
    return RtlTryAcquireSRWLockExclusive(this);
}

void WINAPI concrt_small_rw_read(SRWLOCK *this)
{
    RtlAcquireSRWLockShared(this);
}

void WINAPI concrt_small_rw_end_write(SRWLOCK *this)
{
    RtlReleaseSRWLockExclusive(this);
}

void WINAPI concrt_small_rw_end_read(SRWLOCK *this)
{
    RtlReleaseSRWLockShared(this);
}

/* ---- _ReentrantBlockingLock, _NonReentrantBlockingLock: room for a CRITICAL_SECTION ---- */

CRITICAL_SECTION *WINAPI concrt_blocking_ctor(CRITICAL_SECTION *this)
{
    RtlInitializeCriticalSection(this);
    return this;
}

void WINAPI concrt_blocking_dtor(CRITICAL_SECTION *this)
{
    RtlDeleteCriticalSection(this);
}

void WINAPI concrt_blocking_acquire(CRITICAL_SECTION *this)
{
    RtlEnterCriticalSection(this);
}

bool WINAPI concrt_blocking_try_acquire(CRITICAL_SECTION *this)
{
    return RtlTryEnterCriticalSection(this);
}

void WINAPI concrt_blocking_release(CRITICAL_SECTION *this)
{
    RtlLeaveCriticalSection(this);
}

/* ---- event: set and reset by hand ---- */

#define TIMED_OUT ((size_t)-1) /* COOPERATIVE_WAIT_TIMEOUT */

struct event {
    SRWLOCK lock;
    CONDITION_VARIABLE changed;
    bool set;
};

struct event *WINAPI concrt_event_ctor(struct event *this)
{
    *this = (struct event){SRWLOCK_INIT, CONDITION_VARIABLE_INIT, false};
    return this;
}

void WINAPI concrt_event_set(struct event *this)
{
    RtlAcquireSRWLockExclusive(&this->lock);
    this->set = true;
    RtlWakeAllConditionVariable(&this->changed);
    RtlReleaseSRWLockExclusive(&this->lock);
}

void WINAPI concrt_event_reset(struct event *this)
{
    RtlAcquireSRWLockExclusive(&this->lock);
    this->set = false;
    RtlReleaseSRWLockExclusive(&this->lock);
}

size_t WINAPI concrt_event_wait(struct event *this, unsigned milliseconds)
{
    ULONGLONG end = GetTickCount64() + milliseconds;
    bool set;

    RtlAcquireSRWLockExclusive(&this->lock);
    while (!this->set) {
        ULONGLONG now = GetTickCount64();
        DWORD left = milliseconds == INFINITE ? INFINITE : now < end ? (DWORD)(end - now) : 0;
        if (!left)
            break;
        SleepConditionVariableSRW(&this->changed, &this->lock, left, 0);
    }
    set = this->set;
    RtlReleaseSRWLockExclusive(&this->lock);
    return set ? 0 : TIMED_OUT;
}

/* ---- _Condition_variable, with a critical_section ---- */

CONDITION_VARIABLE *WINAPI concrt_condition_ctor(CONDITION_VARIABLE *this)
{
    RtlInitializeConditionVariable(this);
    return this;
}

void WINAPI concrt_condition_one(CONDITION_VARIABLE *this)
{
    RtlWakeConditionVariable(this);
}

void WINAPI concrt_condition_all(CONDITION_VARIABLE *this)
{
    RtlWakeAllConditionVariable(this);
}

bool WINAPI concrt_condition_wait_for(CONDITION_VARIABLE *this, struct critical_section *section, unsigned milliseconds)
{
    section->owner = 0;
    bool woken = SleepConditionVariableSRW(this, &section->lock, milliseconds, 0);
    section->owner = GetCurrentThreadId();
    return woken;
}

void WINAPI concrt_condition_wait(CONDITION_VARIABLE *this, struct critical_section *section)
{
    concrt_condition_wait_for(this, section, INFINITE);
}

/* ---- facts ---- */

unsigned WINAPI concrt_processor_count(void)
{
    return GetActiveProcessorCount(ALL_PROCESSOR_GROUPS);
}

unsigned WINAPI concrt_node_count(void)
{
    ULONG highest = 0;

    GetNumaHighestNodeNumber(&highest);
    return highest + 1;
}

void WINAPI concrt_yield(void)
{
    SwitchToThread();
}

void WINAPI concrt_wait(unsigned milliseconds)
{
    Sleep(milliseconds);
}

/* What a waiter spins before it sleeps; alone on a processor it does not. */
unsigned WINAPI concrt_spin_count(void)
{
    return concrt_processor_count() > 1 ? 4000 : 0;
}
