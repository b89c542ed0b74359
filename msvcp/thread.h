/*
 * thread.h: threads, mutexes and condition variables of the C11 kind under std::thread and its kin.
 *
 * The structures are ABI: programs make them in place, newer ones without a call.
 */
#ifndef MSVCP_THREAD_H
#define MSVCP_THREAD_H

#include "msvcp/msvcp.h"
#include "ntsync.h"

enum { THRD_SUCCESS, THRD_NOMEM, THRD_TIMEDOUT, THRD_BUSY, THRD_ERROR };
enum { MTX_PLAIN = 1, MTX_TRY = 2, MTX_TIMED = 4, MTX_RECURSIVE = 0x100 };

struct mtx {
    int type;
    void *unused;
    SRWLOCK lock;
    void *room[6];
    int owner; /* thread id, -1: none */
    int count;
};
_Static_assert(sizeof(struct mtx) == 80 && offsetof(struct mtx, owner) == 72, "_Mtx_internal_imp_t");

struct cnd {
    void *unused;
    CONDITION_VARIABLE variable;
    void *room[7];
};
_Static_assert(sizeof(struct cnd) == 72, "_Cnd_internal_imp_t");

/* Time since 1970. */
struct xtime {
    int64_t seconds;
    LONG nanoseconds;
};

/* Milliseconds from now to `target`, rounded up; 0 if it has passed. */
DWORD xtime_from_now(const struct xtime *target);

#endif
