/*
 * lock.c: std::_Lockit and the other locks of the library itself.
 *
 * Layer: msvcp.
 */
#include "msvcp/msvcp.h"

#define KINDS 8

static RTL_CRITICAL_SECTION locks[KINDS] = {[0 ... KINDS - 1] = CRT_LOCK_INIT};
static RTL_CRITICAL_SECTION spin_lock = CRT_LOCK_INIT;

static bool known(int kind)
{
    return kind >= 0 && kind < KINDS;
}

struct lockit *WINAPI lockit_ctor_int(struct lockit *lock, int kind)
{
    lock->kind = kind;
    if (known(kind))
        crt_lock(&locks[kind]);
    return lock;
}

struct lockit *WINAPI lockit_ctor(struct lockit *lock)
{
    return lockit_ctor_int(lock, LOCK_LOCALE);
}

void WINAPI lockit_dtor(struct lockit *lock)
{
    if (known(lock->kind))
        crt_unlock(&locks[lock->kind]);
}

/* Without an object. */
void WINAPI lockit_take(int kind)
{
    if (known(kind))
        crt_lock(&locks[kind]);
}

void WINAPI lockit_lockit_dtor_int(int kind)
{
    if (known(kind))
        crt_unlock(&locks[kind]);
}

/* The locks need no initialisation here. */
void *WINAPI init_locks_ctor(void *object)
{
    return object;
}

void WINAPI init_locks_dtor(void *object)
{
    (void)object;
}

/* Critical sections by pointer. */
void WINAPI msvcp_Mtxinit(RTL_CRITICAL_SECTION *lock)
{
    InitializeCriticalSectionEx(lock, 4000, 0);
}

void WINAPI msvcp_Mtxdst(RTL_CRITICAL_SECTION *lock)
{
    RtlDeleteCriticalSection(lock);
}

void WINAPI msvcp_Mtxlock(RTL_CRITICAL_SECTION *lock)
{
    crt_lock(lock);
}

void WINAPI msvcp_Mtxunlock(RTL_CRITICAL_SECTION *lock)
{
    crt_unlock(lock);
}

/* Around atomic operations on shared_ptr. */
void WINAPI msvcp_Lock_shared_ptr_spin_lock(void)
{
    crt_lock(&spin_lock);
}

void WINAPI msvcp_Unlock_shared_ptr_spin_lock(void)
{
    crt_unlock(&spin_lock);
}

/* The same on the heap. */
void WINAPI msvcp_threads_mtx_new(RTL_CRITICAL_SECTION **lock)
{
    *lock = msvcp_new(sizeof(**lock));
    msvcp_Mtxinit(*lock);
}

void WINAPI msvcp_threads_mtx_delete(RTL_CRITICAL_SECTION *lock)
{
    msvcp_Mtxdst(lock);
    crt_free(lock);
}

void WINAPI msvcp_threads_mtx_lock(RTL_CRITICAL_SECTION *lock)
{
    crt_lock(lock);
}

void WINAPI msvcp_threads_mtx_unlock(RTL_CRITICAL_SECTION *lock)
{
    crt_unlock(lock);
}
