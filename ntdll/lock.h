/*
 * lock.h: locks of the NT layer.  A holder can not be stopped by SuspendThread (thread.h), so that whoever stops
 * threads (a garbage collector, Go's scheduler) never waits for a lock of a stopped one.
 */
#ifndef NTDLL_LOCK_H
#define NTDLL_LOCK_H

#include <pthread.h>
#include "thread.h"

static inline void host_lock(pthread_mutex_t *mutex)
{
    thread_no_suspend();
    pthread_mutex_lock(mutex);
}

static inline void host_unlock(pthread_mutex_t *mutex)
{
    pthread_mutex_unlock(mutex);
    thread_may_suspend();
}

#endif
