/*
 * mmtimer.c: winmm.dll's timers: a function that is called, or an event that is set, once or again and again.
 *
 * Layer: above ntdll, over its timer queues.  A timer's number is its place and how often that has been used.
 */
#include "win.h"
#include <mmsystem.h>
#include "ntdll/error.h"
#include "ntdll/gate.h"

#define TIMERS 16u /* as many as Windows has */

static struct mm_timer {
    HANDLE timer;
    UINT id; /* 0: free */
    UINT flags;
    LPTIMECALLBACK callback; /* or an event's handle */
    DWORD_PTR user;
} timers[TIMERS];

static UINT generation;
static RTL_SRWLOCK lock = RTL_SRWLOCK_INIT;

static struct mm_timer *timer_find(UINT id)
{
    struct mm_timer *timer = &timers[id % TIMERS];

    return id && timer->id == id ? timer : NULL;
}

static void CALLBACK timer_ring(PVOID parameter, BOOLEAN fired)
{
    UINT id = (UINT)(ULONG_PTR)parameter;
    struct mm_timer now = {0}, *timer;
    HANDLE once = NULL;

    (void)fired;
    RtlAcquireSRWLockExclusive(&lock);
    timer = timer_find(id);
    if (timer) {
        now = *timer;
        if (!(now.flags & TIME_PERIODIC)) {
            once = timer->timer;
            timer->id = 0;
        }
    }
    RtlReleaseSRWLockExclusive(&lock);
    if (!now.id)
        return;
    if (now.flags & TIME_CALLBACK_EVENT_SET)
        SetEvent((HANDLE)now.callback);
    else if (now.flags & TIME_CALLBACK_EVENT_PULSE)
        PulseEvent((HANDLE)now.callback);
    else
        guest_call_n(now.callback, 5, (ULONG_PTR[]){now.id, 0, now.user, 0, 0});
    if (once)
        DeleteTimerQueueTimer(NULL, once, NULL);
}

MMRESULT WINAPI timeSetEvent(UINT delay, UINT resolution, LPTIMECALLBACK callback, DWORD_PTR user, UINT flags)
{
    UINT place = 0, id = 0;

    (void)resolution;
    if (!callback || delay < 1 || delay > 1000000 || (flags & 0x30) == 0x30)
        return 0;
    RtlAcquireSRWLockExclusive(&lock);
    while (place < TIMERS && timers[place].id)
        place++;
    if (place < TIMERS) {
        struct mm_timer *timer = &timers[place];

        id = ++generation % 0x7ffffff * TIMERS + place;
        *timer = (struct mm_timer){.id = id, .flags = flags, .callback = callback, .user = user};
        if (!CreateTimerQueueTimer(&timer->timer, NULL, timer_ring, (PVOID)(ULONG_PTR)id, delay,
                                   flags & TIME_PERIODIC ? delay : 0, WT_EXECUTELONGFUNCTION))
            id = timer->id = 0;
    }
    RtlReleaseSRWLockExclusive(&lock);
    return id;
}

/* With TIME_KILL_SYNCHRONOUS a call that is under way is waited for (not from within the call). */
MMRESULT WINAPI timeKillEvent(UINT id)
{
    struct mm_timer killed = {0}, *timer;

    RtlAcquireSRWLockExclusive(&lock);
    timer = timer_find(id);
    if (timer) {
        killed = *timer;
        timer->id = 0;
    }
    RtlReleaseSRWLockExclusive(&lock);
    if (!killed.id)
        return MMSYSERR_INVALPARAM;
    DeleteTimerQueueTimer(NULL, killed.timer, killed.flags & TIME_KILL_SYNCHRONOUS ? INVALID_HANDLE_VALUE : NULL);
    return TIMERR_NOERROR;
}
