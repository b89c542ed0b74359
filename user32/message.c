/*
 * message.c: the message queue of a thread: posting, peeking, waiting, timers, as console programs use it.
 *
 * Layer: user32, over ntdll's locks, events and waits.  No window exists, so messages come from PostThreadMessage,
 * PostQuitMessage and timers alone.  A queue is made when a thread first looks at its own; it stays in the list when
 * the thread has ended and is used again.
 */
#include <string.h>
#include "win.h"
#include "ntdll/gate.h"

struct entry {
    struct entry *next;
    MSG message;
};

struct timer {
    struct timer *next;
    UINT_PTR id;
    UINT period;
    ULONGLONG due; /* GetTickCount64 */
    TIMERPROC procedure;
};

struct queue {
    struct queue *next;
    DWORD thread;
    struct entry *first, *last; /* posted */
    struct timer *timers;
    UINT_PTR last_timer;
    bool quit;
    int quit_code;
    WORD fresh;   /* QS_ bits: what came since it was last looked for */
    HANDLE event; /* set while there is something new */
    LONG time;    /* of the last message retrieved */
    LPARAM extra;
};

static struct queue *queues;
static RTL_SRWLOCK lock = RTL_SRWLOCK_INIT;

static HANDLE heap(void)
{
    return peb_current()->ProcessHeap;
}

static bool thread_lives(DWORD id)
{
    HANDLE thread = OpenThread(THREAD_QUERY_LIMITED_INFORMATION, FALSE, id);

    if (thread)
        CloseHandle(thread);
    return thread != NULL;
}

static void queue_clear(struct queue *queue)
{
    struct entry *entry;
    struct timer *timer;

    while ((entry = queue->first)) {
        queue->first = entry->next;
        RtlFreeHeap(heap(), 0, entry);
    }
    while ((timer = queue->timers)) {
        queue->timers = timer->next;
        RtlFreeHeap(heap(), 0, timer);
    }
    queue->last = NULL;
    queue->quit = false;
    queue->fresh = 0;
    ResetEvent(queue->event);
}

/* The calling thread's; made if need be.  NULL: no memory. */
static struct queue *queue_own(void)
{
    PTEB teb = teb_current();
    struct queue *queue = teb->Win32ThreadInfo;
    DWORD id = GetCurrentThreadId();

    if (queue)
        return queue;
    RtlAcquireSRWLockExclusive(&lock);
    for (queue = queues; queue; queue = queue->next)
        if (queue->thread == id || !thread_lives(queue->thread)) /* of a thread that has ended */
            break;
    if (queue) {
        queue_clear(queue);
    } else if ((queue = RtlAllocateHeap(heap(), HEAP_ZERO_MEMORY, sizeof *queue))) {
        queue->event = CreateEventW(NULL, TRUE, FALSE, NULL);
        queue->next = queues;
        queues = queue;
    }
    if (queue)
        queue->thread = id;
    RtlReleaseSRWLockExclusive(&lock);
    teb->Win32ThreadInfo = queue;
    return queue;
}

/* Under the lock. */
static void queue_signal(struct queue *queue, WORD bits)
{
    queue->fresh |= bits;
    SetEvent(queue->event);
}

static BOOL post(DWORD thread, UINT message, WPARAM wparam, LPARAM lparam)
{
    struct entry *entry = RtlAllocateHeap(heap(), HEAP_ZERO_MEMORY, sizeof *entry);
    struct queue *queue;

    if (!entry) {
        SetLastError(ERROR_NOT_ENOUGH_MEMORY);
        return FALSE;
    }
    entry->message = (MSG){NULL, message, wparam, lparam, GetTickCount(), {0, 0}};
    RtlAcquireSRWLockExclusive(&lock);
    for (queue = queues; queue && queue->thread != thread; queue = queue->next)
        ;
    if (queue) {
        *(queue->last ? &queue->last->next : &queue->first) = entry;
        queue->last = entry;
        queue_signal(queue, QS_POSTMESSAGE | QS_ALLPOSTMESSAGE);
    }
    RtlReleaseSRWLockExclusive(&lock);
    return queue != NULL;
}

BOOL WINAPI PostThreadMessageW(DWORD thread, UINT message, WPARAM wparam, LPARAM lparam)
{
    if (thread == GetCurrentThreadId())
        queue_own();
    if (thread_lives(thread) && post(thread, message, wparam, lparam))
        return TRUE;
    SetLastError(ERROR_INVALID_THREAD_ID);
    return FALSE;
}

/* To no window: to the calling thread.  To all: nobody is there. */
BOOL WINAPI PostMessageW(HWND window, UINT message, WPARAM wparam, LPARAM lparam)
{
    if (!window)
        return PostThreadMessageW(GetCurrentThreadId(), message, wparam, lparam);
    if (window == HWND_BROADCAST)
        return TRUE;
    SetLastError(ERROR_INVALID_WINDOW_HANDLE);
    return FALSE;
}

void WINAPI PostQuitMessage(int code)
{
    struct queue *queue = queue_own();

    if (!queue)
        return;
    RtlAcquireSRWLockExclusive(&lock);
    queue->quit = true;
    queue->quit_code = code;
    queue_signal(queue, QS_POSTMESSAGE | QS_ALLPOSTMESSAGE);
    RtlReleaseSRWLockExclusive(&lock);
}

/* Milliseconds until the first timer is due; INFINITE: there is none.  Under the lock. */
static DWORD timers_wait(const struct queue *queue, struct timer **first)
{
    ULONGLONG now = GetTickCount64();
    struct timer *nearest = NULL;

    for (struct timer *timer = queue->timers; timer; timer = timer->next)
        if (!nearest || timer->due < nearest->due)
            nearest = timer;
    if (first)
        *first = nearest;
    return !nearest ? INFINITE : nearest->due <= now ? 0 : (DWORD)(nearest->due - now);
}

static bool filter_fits(UINT message, UINT from, UINT to)
{
    return (!from && !to) || (message >= from && message <= to);
}

/* Takes a message (or only looks at it); in the order of Windows: posted, quit, timers. */
static bool queue_take(struct queue *queue, MSG *message, UINT from, UINT to, bool remove)
{
    struct entry *before = NULL, *entry;
    struct timer *timer;

    for (entry = queue->first; entry; before = entry, entry = entry->next)
        if (filter_fits(entry->message.message, from, to))
            break;
    if (entry) {
        *message = entry->message;
        if (remove) {
            *(before ? &before->next : &queue->first) = entry->next;
            if (queue->last == entry)
                queue->last = before;
            RtlFreeHeap(heap(), 0, entry);
        }
        return true;
    }
    *message = (MSG){NULL, WM_QUIT, (WPARAM)queue->quit_code, 0, GetTickCount(), {0, 0}};
    if (queue->quit && !queue->first) {
        queue->quit = !remove;
        return true;
    }
    if (!filter_fits(WM_TIMER, from, to) || timers_wait(queue, &timer) != 0)
        return false;
    *message = (MSG){NULL, WM_TIMER, timer->id, (LPARAM)timer->procedure, GetTickCount(), {0, 0}};
    if (remove)
        timer->due = GetTickCount64() + timer->period;
    return true;
}

/* Looking makes what came old, as far as it was looked for. */
static bool queue_peek(struct queue *queue, MSG *message, UINT from, UINT to, bool remove)
{
    bool found;

    RtlAcquireSRWLockExclusive(&lock);
    found = queue_take(queue, message, from, to, remove);
    queue->fresh = 0;
    ResetEvent(queue->event);
    if (found && remove)
        queue->time = (LONG)message->time;
    RtlReleaseSRWLockExclusive(&lock);
    return found;
}

/* No window is anybody's: only messages of the thread itself can be asked for. */
static bool window_fits(HWND window)
{
    if (!window || window == (HWND)-1)
        return true;
    SetLastError(ERROR_INVALID_WINDOW_HANDLE);
    return false;
}

BOOL WINAPI PeekMessageW(LPMSG message, HWND window, UINT from, UINT to, UINT flags)
{
    struct queue *queue = queue_own();

    return window_fits(window) && queue && queue_peek(queue, message, from, to, flags & PM_REMOVE);
}

BOOL WINAPI GetMessageW(LPMSG message, HWND window, UINT from, UINT to)
{
    struct queue *queue = queue_own();

    if (!window_fits(window) || !queue)
        return -1;
    while (!queue_peek(queue, message, from, to, true)) {
        DWORD wait;

        RtlAcquireSRWLockShared(&lock);
        wait = timers_wait(queue, NULL);
        RtlReleaseSRWLockShared(&lock);
        WaitForSingleObject(queue->event, wait);
    }
    return message->message != WM_QUIT;
}

BOOL WINAPI WaitMessage(void)
{
    return MsgWaitForMultipleObjectsEx(0, NULL, INFINITE, QS_ALLINPUT, 0) == WAIT_OBJECT_0;
}

/* What there is, as QS_ bits.  Under the lock. */
static WORD queue_bits(const struct queue *queue)
{
    return (WORD)((queue->first || queue->quit ? QS_POSTMESSAGE | QS_ALLPOSTMESSAGE : 0) |
                  (timers_wait(queue, NULL) == 0 ? QS_TIMER : 0));
}

DWORD WINAPI GetQueueStatus(UINT mask)
{
    struct queue *queue = queue_own();
    DWORD status = 0;

    if (!queue)
        return 0;
    RtlAcquireSRWLockExclusive(&lock);
    status = MAKELONG(queue->fresh & mask, queue_bits(queue) & mask);
    queue->fresh &= (WORD)~mask;
    RtlReleaseSRWLockExclusive(&lock);
    return status;
}

BOOL WINAPI GetInputState(void)
{
    return FALSE; /* neither keys nor mouse */
}

/* Whether there is something new of the kinds in `mask` (or anything at all, with MWMO_INPUTAVAILABLE), and how long
 * until the next timer. */
static bool input_ready(struct queue *queue, DWORD mask, DWORD flags, DWORD *timer)
{
    bool ready;

    RtlAcquireSRWLockExclusive(&lock);
    *timer = mask & QS_TIMER ? timers_wait(queue, NULL) : INFINITE;
    ready = (queue->fresh & mask) || *timer == 0 || ((flags & MWMO_INPUTAVAILABLE) && queue_bits(queue) & mask);
    if (ready)
        queue->fresh &= (WORD)~mask;
    else
        ResetEvent(queue->event);
    RtlReleaseSRWLockExclusive(&lock);
    return ready;
}

DWORD WINAPI MsgWaitForMultipleObjectsEx(DWORD count, const HANDLE *handles, DWORD milliseconds, DWORD mask,
                                         DWORD flags)
{
    struct queue *queue = queue_own();
    ULONGLONG end = GetTickCount64() + milliseconds;
    HANDLE all[MAXIMUM_WAIT_OBJECTS];

    if (count >= MAXIMUM_WAIT_OBJECTS || (count && !handles) || !queue) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return WAIT_FAILED;
    }
    if (count)
        memcpy(all, handles, count * sizeof *all);
    all[count] = queue->event;
    for (;;) {
        DWORD left = milliseconds, timer, result;
        bool ready = input_ready(queue, mask, flags, &timer);

        if (milliseconds != INFINITE)
            left = GetTickCount64() >= end ? 0 : (DWORD)(end - GetTickCount64());
        if (flags & MWMO_WAITALL) {
            /* The handles, then input: taken in this order, since input stays when it was seen. */
            if (ready)
                return count ? WaitForMultipleObjectsEx(count, handles, TRUE, left, flags & MWMO_ALERTABLE) : 0;
            result = WaitForSingleObjectEx(queue->event, timer < left ? timer : left, flags & MWMO_ALERTABLE);
            result = result == WAIT_OBJECT_0 ? count : result;
        } else {
            DWORD at_once = count ? WaitForMultipleObjectsEx(count, handles, FALSE, 0, FALSE) : WAIT_TIMEOUT;

            if (at_once != WAIT_TIMEOUT)
                return at_once;
            if (ready)
                return WAIT_OBJECT_0 + count;
            result =
                WaitForMultipleObjectsEx(count + 1, all, FALSE, timer < left ? timer : left, flags & MWMO_ALERTABLE);
        }
        if (result != WAIT_OBJECT_0 + count && !(result == WAIT_TIMEOUT && timer < left))
            return result;
    }
}

DWORD WINAPI MsgWaitForMultipleObjects(DWORD count, const HANDLE *handles, BOOL all, DWORD milliseconds, DWORD mask)
{
    return MsgWaitForMultipleObjectsEx(count, handles, milliseconds, mask, all ? MWMO_WAITALL : 0);
}

BOOL WINAPI TranslateMessage(const MSG *message)
{
    (void)message; /* keys belong to windows */
    return FALSE;
}

LRESULT WINAPI DispatchMessageW(const MSG *message)
{
    if (message->message == WM_TIMER && message->lParam)
        guest_call_n((const void *)message->lParam, 4,
                     (const ULONG_PTR[]){0, WM_TIMER, message->wParam, GetTickCount()});
    return 0;
}

UINT_PTR WINAPI SetTimer(HWND window, UINT_PTR id, UINT period, TIMERPROC procedure)
{
    struct queue *queue = queue_own();
    struct timer *timer;

    if (!window_fits(window) || !queue)
        return 0;
    RtlAcquireSRWLockExclusive(&lock);
    for (timer = queue->timers; timer && timer->id != id; timer = timer->next)
        ;
    if (!timer && (timer = RtlAllocateHeap(heap(), HEAP_ZERO_MEMORY, sizeof *timer))) {
        timer->id = ++queue->last_timer; /* without a window the number is Windows' to choose */
        timer->next = queue->timers;
        queue->timers = timer;
    }
    if (timer) {
        timer->period = period < USER_TIMER_MINIMUM ? USER_TIMER_MINIMUM : period;
        timer->due = GetTickCount64() + timer->period;
        timer->procedure = procedure;
        id = timer->id;
    }
    RtlReleaseSRWLockExclusive(&lock);
    return timer ? id : 0;
}

BOOL WINAPI KillTimer(HWND window, UINT_PTR id)
{
    struct queue *queue = queue_own();
    struct timer **link, *timer = NULL;

    if (!window_fits(window) || !queue)
        return FALSE;
    RtlAcquireSRWLockExclusive(&lock);
    for (link = &queue->timers; *link && (*link)->id != id; link = &(*link)->next)
        ;
    if ((timer = *link))
        *link = timer->next;
    RtlReleaseSRWLockExclusive(&lock);
    RtlFreeHeap(heap(), 0, timer);
    return timer != NULL;
}

LONG WINAPI GetMessageTime(void)
{
    struct queue *queue = queue_own();

    return queue ? queue->time : 0;
}

DWORD WINAPI GetMessagePos(void)
{
    return 0;
}

LPARAM WINAPI GetMessageExtraInfo(void)
{
    struct queue *queue = queue_own();

    return queue ? queue->extra : 0;
}

LPARAM WINAPI SetMessageExtraInfo(LPARAM extra)
{
    struct queue *queue = queue_own();
    LPARAM old = queue ? queue->extra : 0;

    if (queue)
        queue->extra = extra;
    return old;
}

BOOL WINAPI InSendMessage(void)
{
    return FALSE;
}

DWORD WINAPI InSendMessageEx(LPVOID reserved)
{
    (void)reserved;
    return ISMEX_NOSEND;
}
