/*
 * mutex.c: _Mtx_* and _Cnd_*: mutexes and condition variables.
 *
 * Layer: msvcp over kernel32's SRW locks.
 */
#include "msvcp/thread.h"

static struct mtx *const no_mutex;

void WINAPI msvcp_Mtx_init_in_situ(struct mtx *mutex, int type)
{
    memset(mutex, 0, sizeof(*mutex));
    mutex->type = type;
    mutex->owner = -1;
}

void WINAPI msvcp_Mtx_destroy_in_situ(struct mtx *mutex)
{
    (void)mutex;
}

int WINAPI msvcp_Mtx_init(struct mtx **mutex, int type)
{
    *mutex = crt_calloc(1, sizeof(**mutex));
    if (!*mutex)
        return THRD_NOMEM;
    msvcp_Mtx_init_in_situ(*mutex, type);
    return THRD_SUCCESS;
}

void WINAPI msvcp_Mtx_destroy(struct mtx *mutex)
{
    crt_free(mutex);
}

static void own(struct mtx *mutex)
{
    mutex->owner = (int)GetCurrentThreadId();
    mutex->count++;
}

int WINAPI msvcp_Mtx_current_owns(const struct mtx *mutex)
{
    return mutex->count != 0 && mutex->owner == (int)GetCurrentThreadId();
}

int WINAPI msvcp_Mtx_lock(struct mtx *mutex);

/* A plain mutex knows no trying: it is locked. */
int WINAPI msvcp_Mtx_trylock(struct mtx *mutex)
{
    if ((mutex->type & ~MTX_RECURSIVE) == MTX_PLAIN)
        return msvcp_Mtx_lock(mutex);
    if (msvcp_Mtx_current_owns(mutex)) {
        if (!(mutex->type & MTX_RECURSIVE))
            return THRD_BUSY;
    } else if (!RtlTryAcquireSRWLockExclusive(&mutex->lock)) {
        return THRD_BUSY;
    }
    own(mutex);
    return THRD_SUCCESS;
}

/* A plain mutex counts, too, when its owner locks it again; others refuse. */
int WINAPI msvcp_Mtx_lock(struct mtx *mutex)
{
    if (!msvcp_Mtx_current_owns(mutex))
        RtlAcquireSRWLockExclusive(&mutex->lock);
    else if (!(mutex->type & MTX_RECURSIVE) && mutex->type != MTX_PLAIN)
        return THRD_BUSY;
    own(mutex);
    return THRD_SUCCESS;
}

/* Without a time limit for SRW locks: asks again and again, with pauses. */
int WINAPI msvcp_Mtx_timedlock(struct mtx *mutex, const struct xtime *target)
{
    int result;

    while ((result = msvcp_Mtx_trylock(mutex)) == THRD_BUSY) {
        if (!xtime_from_now(target))
            return THRD_TIMEDOUT;
        SwitchToThread();
        Sleep(1);
    }
    return result;
}

int WINAPI msvcp_Mtx_unlock(struct mtx *mutex)
{
    if (--mutex->count == 0) {
        mutex->owner = -1;
        RtlReleaseSRWLockExclusive(&mutex->lock);
    }
    return THRD_SUCCESS;
}

/* Around a wait on the mutex's lock itself. */
void WINAPI msvcp_Mtx_clear_owner(struct mtx *mutex)
{
    mutex->owner = -1;
    mutex->count--;
}

void WINAPI msvcp_Mtx_reset_owner(struct mtx *mutex)
{
    own(mutex);
}

/* For Concurrency's own use: the lock inside. */
void *WINAPI msvcp_Mtx_getconcrtcs(struct mtx *mutex)
{
    return &mutex->unused;
}

/* --- condition variables ---------------------------------------------------------------------------------------------
 */

void WINAPI msvcp_Cnd_init_in_situ(struct cnd *cnd)
{
    memset(cnd, 0, sizeof(*cnd));
}

void WINAPI msvcp_Cnd_destroy_in_situ(struct cnd *cnd)
{
    (void)cnd;
}

int WINAPI msvcp_Cnd_init(struct cnd **cnd)
{
    *cnd = crt_calloc(1, sizeof(**cnd));
    return *cnd ? THRD_SUCCESS : THRD_NOMEM;
}

void WINAPI msvcp_Cnd_destroy(struct cnd *cnd)
{
    crt_free(cnd);
}

static bool wait_for(struct cnd *cnd, struct mtx *mutex, DWORD milliseconds)
{
    msvcp_Mtx_clear_owner(mutex);
    bool woken = SleepConditionVariableSRW(&cnd->variable, &mutex->lock, milliseconds, 0);
    msvcp_Mtx_reset_owner(mutex);
    return woken;
}

int WINAPI msvcp_Cnd_wait(struct cnd *cnd, struct mtx *mutex)
{
    wait_for(cnd, mutex, INFINITE);
    return THRD_SUCCESS;
}

int WINAPI msvcp_Cnd_timedwait(struct cnd *cnd, struct mtx *mutex, const struct xtime *target)
{
    if (!target)
        return msvcp_Cnd_wait(cnd, mutex);
    if (wait_for(cnd, mutex, xtime_from_now(target)))
        return THRD_SUCCESS;
    return xtime_from_now(target) ? THRD_SUCCESS : THRD_TIMEDOUT; /* a timer may be early: a spurious wake-up */
}

int WINAPI msvcp_Cnd_signal(struct cnd *cnd)
{
    RtlWakeConditionVariable(&cnd->variable);
    return THRD_SUCCESS;
}

int WINAPI msvcp_Cnd_broadcast(struct cnd *cnd)
{
    RtlWakeAllConditionVariable(&cnd->variable);
    return THRD_SUCCESS;
}

/* --- notify_all_at_thread_exit ---------------------------------------------------------------------------------------
 */

struct at_exit {
    struct at_exit *next;
    DWORD thread;
    struct cnd *cnd;
    struct mtx *mutex;
    int *done;
};
static struct at_exit *at_exits;
static SRWLOCK at_exit_lock = RTL_SRWLOCK_INIT;

void WINAPI msvcp_Cnd_register_at_thread_exit(struct cnd *cnd, struct mtx *mutex, int *done)
{
    struct at_exit *entry = msvcp_new(sizeof(*entry));

    RtlAcquireSRWLockExclusive(&at_exit_lock);
    *entry = (struct at_exit){at_exits, GetCurrentThreadId(), cnd, mutex, done};
    at_exits = entry;
    RtlReleaseSRWLockExclusive(&at_exit_lock);
}

/* Takes out the entries of a mutex, or of a thread. */
static struct at_exit *take(const struct mtx *mutex, DWORD thread)
{
    struct at_exit *taken = NULL, **link = &at_exits;

    RtlAcquireSRWLockExclusive(&at_exit_lock);
    while (*link) {
        struct at_exit *entry = *link;
        if (mutex != no_mutex ? entry->mutex != mutex : entry->thread != thread) {
            link = &entry->next;
            continue;
        }
        *link = entry->next;
        entry->next = taken;
        taken = entry;
    }
    RtlReleaseSRWLockExclusive(&at_exit_lock);
    return taken;
}

void WINAPI msvcp_Cnd_unregister_at_thread_exit(struct mtx *mutex)
{
    for (struct at_exit *entry = take(mutex, 0), *next; entry; entry = next) {
        next = entry->next;
        crt_free(entry);
    }
}

void WINAPI msvcp_Cnd_do_broadcast_at_thread_exit(void)
{
    for (struct at_exit *entry = take(no_mutex, GetCurrentThreadId()), *next; entry; entry = next) {
        next = entry->next;
        if (entry->done)
            *entry->done = 1;
        msvcp_Mtx_unlock(entry->mutex);
        msvcp_Cnd_broadcast(entry->cnd);
        crt_free(entry);
    }
}
