/*
 * message.c: the message queue of a thread: posting, peeking, waiting, dispatching, timers.
 *
 * Layer: user32, over ntdll's locks, events and waits.  Messages come from programs and timers alone: there is neither
 * keyboard nor mouse nor screen.  A queue is made when a thread first looks at its own; it stays in the list when the
 * thread has ended and is used again.  What is sent (send.c) is handled wherever a thread looks for messages.
 */
#include <string.h>
#include "ntdll/gate.h"
#include "user.h"

RTL_SRWLOCK user_lock = RTL_SRWLOCK_INIT;

static struct queue *queues;

bool thread_lives(DWORD id)
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
    struct sent *sent;

    while ((entry = queue->first)) {
        queue->first = entry->next;
        RtlFreeHeap(user_heap(), 0, entry);
    }
    while ((timer = queue->timers)) {
        queue->timers = timer->next;
        RtlFreeHeap(user_heap(), 0, timer);
    }
    queue->last = NULL;
    while ((sent = queue->sent)) { /* who waits for an answer hears of the thread's end, and has the memory */
        queue->sent = sent->next;
        if (!sent->sender)
            RtlFreeHeap(user_heap(), 0, sent);
    }
    queue->handling = NULL;
    queue->quit = false;
    queue->fresh = 0;
    ResetEvent(queue->event);
}

struct queue *queue_own(void)
{
    PTEB teb = teb_current();
    struct queue *queue = teb->Win32ThreadInfo;
    DWORD id = GetCurrentThreadId();

    if (queue)
        return queue;
    RtlAcquireSRWLockExclusive(&user_lock);
    for (queue = queues; queue; queue = queue->next)
        if (queue->thread == id || !thread_lives(queue->thread)) /* of a thread that has ended */
            break;
    if (queue) {
        queue_clear(queue);
        windows_of_dead_thread_locked(queue->thread);
    } else if ((queue = RtlAllocateHeap(user_heap(), HEAP_ZERO_MEMORY, sizeof *queue))) {
        queue->event = CreateEventW(NULL, TRUE, FALSE, NULL);
        queue->send_wait = CreateEventW(NULL, FALSE, FALSE, NULL);
        queue->next = queues;
        queues = queue;
    }
    if (queue)
        queue->thread = id;
    RtlReleaseSRWLockExclusive(&user_lock);
    teb->Win32ThreadInfo = queue;
    return queue;
}

void queue_signal_locked(struct queue *queue, WORD bits)
{
    queue->fresh |= bits;
    SetEvent(queue->event);
}

struct queue *queue_of_locked(DWORD thread)
{
    struct queue *queue;

    for (queue = queues; queue && queue->thread != thread; queue = queue->next)
        ;
    return queue;
}

/* A window is gone: so are its messages and timers. */
void queue_forget_window_locked(struct queue *queue, HWND window)
{
    struct entry **at = &queue->first, *entry;
    struct timer **link = &queue->timers, *timer;

    queue->last = NULL;
    while ((entry = *at)) {
        if (entry->message.hwnd == window) {
            *at = entry->next;
            RtlFreeHeap(user_heap(), 0, entry);
        } else {
            queue->last = entry;
            at = &entry->next;
        }
    }
    while ((timer = *link)) {
        if (timer->window == window) {
            *link = timer->next;
            RtlFreeHeap(user_heap(), 0, timer);
        } else {
            link = &timer->next;
        }
    }
}

static BOOL post(DWORD thread, HWND window, UINT message, WPARAM wparam, LPARAM lparam)
{
    struct entry *entry = RtlAllocateHeap(user_heap(), HEAP_ZERO_MEMORY, sizeof *entry);
    struct queue *queue;

    if (!entry) {
        SetLastError(ERROR_NOT_ENOUGH_MEMORY);
        return FALSE;
    }
    entry->message = (MSG){window, message, wparam, lparam, GetTickCount(), {0, 0}};
    RtlAcquireSRWLockExclusive(&user_lock);
    queue = queue_of_locked(thread);
    if (queue) {
        *(queue->last ? &queue->last->next : &queue->first) = entry;
        queue->last = entry;
        queue_signal_locked(queue, QS_POSTMESSAGE | QS_ALLPOSTMESSAGE);
    }
    RtlReleaseSRWLockExclusive(&user_lock);
    if (!queue)
        RtlFreeHeap(user_heap(), 0, entry);
    return queue != NULL;
}

BOOL WINAPI PostThreadMessageW(DWORD thread, UINT message, WPARAM wparam, LPARAM lparam)
{
    if (thread == GetCurrentThreadId())
        queue_own();
    if (thread_lives(thread) && post(thread, NULL, message, wparam, lparam))
        return TRUE;
    SetLastError(ERROR_INVALID_THREAD_ID);
    return FALSE;
}

static void post_to_all(UINT message, WPARAM wparam, LPARAM lparam)
{
    HWND list[64];
    unsigned count = windows_list(NULL, list, ARRAYSIZE(list));

    for (unsigned i = 0; i < count; i++)
        PostMessageW(list[i], message, wparam, lparam);
}

/* To no window: to the calling thread. */
BOOL WINAPI PostMessageW(HWND window, UINT message, WPARAM wparam, LPARAM lparam)
{
    DWORD thread;

    if (!window)
        return PostThreadMessageW(GetCurrentThreadId(), message, wparam, lparam);
    if (window == HWND_BROADCAST) {
        post_to_all(message, wparam, lparam);
        return TRUE;
    }
    thread = window_thread(window);
    return thread && post(thread, window, message, wparam, lparam);
}

void WINAPI PostQuitMessage(int code)
{
    struct queue *queue = queue_own();

    if (!queue)
        return;
    RtlAcquireSRWLockExclusive(&user_lock);
    queue->quit = true;
    queue->quit_code = code;
    queue_signal_locked(queue, QS_POSTMESSAGE | QS_ALLPOSTMESSAGE);
    RtlReleaseSRWLockExclusive(&user_lock);
}

/* Milliseconds until the first timer is due; INFINITE: there is none.  Under the lock. */
static DWORD timers_wait(const struct queue *queue)
{
    ULONGLONG now = GetTickCount64();
    struct timer *nearest = NULL;

    for (struct timer *timer = queue->timers; timer; timer = timer->next)
        if (!nearest || timer->due < nearest->due)
            nearest = timer;
    return !nearest ? INFINITE : nearest->due <= now ? 0 : (DWORD)(nearest->due - now);
}

/* What a caller looks for.  window NULL: anything; -1: messages to no window. */
struct filter {
    HWND window;
    UINT from, to;
};

static bool filter_fits(const struct filter *filter, HWND window, UINT message)
{
    if (filter->window && window != (filter->window == (HWND)-1 ? NULL : filter->window))
        return false;
    return (!filter->from && !filter->to) || (message >= filter->from && message <= filter->to);
}

/* The first timer that is due and looked for. */
static struct timer *timer_due(const struct queue *queue, const struct filter *filter)
{
    ULONGLONG now = GetTickCount64();
    struct timer *found = NULL;

    for (struct timer *timer = queue->timers; timer; timer = timer->next)
        if (timer->due <= now && filter_fits(filter, timer->window, WM_TIMER) && (!found || timer->due < found->due))
            found = timer;
    return found;
}

/* Takes a message (or only looks at it); in the order of Windows: posted, quit, timers. */
static bool queue_take(struct queue *queue, MSG *message, const struct filter *filter, bool remove)
{
    struct entry *before = NULL, *entry;
    struct timer *timer;

    for (entry = queue->first; entry; before = entry, entry = entry->next)
        if (filter_fits(filter, entry->message.hwnd, entry->message.message))
            break;
    if (entry) {
        *message = entry->message;
        if (remove) {
            *(before ? &before->next : &queue->first) = entry->next;
            if (queue->last == entry)
                queue->last = before;
            RtlFreeHeap(user_heap(), 0, entry);
        }
        return true;
    }
    *message = (MSG){NULL, WM_QUIT, (WPARAM)queue->quit_code, 0, GetTickCount(), {0, 0}};
    if (queue->quit && !queue->first) {
        queue->quit = !remove;
        return true;
    }
    timer = timer_due(queue, filter);
    if (!timer)
        return false;
    *message = (MSG){timer->window, WM_TIMER, timer->id, (LPARAM)timer->procedure, GetTickCount(), {0, 0}};
    if (remove)
        timer->due = GetTickCount64() + timer->period;
    return true;
}

/* Looking makes what came old, as far as it was looked for. */
static bool queue_peek(struct queue *queue, MSG *message, const struct filter *filter, bool remove)
{
    bool found;

    sent_handle(queue);
    RtlAcquireSRWLockExclusive(&user_lock);
    found = queue_take(queue, message, filter, remove);
    queue->fresh = queue->sent ? QS_SENDMESSAGE : 0;
    if (!queue->sent)
        ResetEvent(queue->event);
    if (found && remove)
        queue->time = (LONG)message->time;
    RtlReleaseSRWLockExclusive(&user_lock);
    return found;
}

/* Only messages of the thread itself can be asked for. */
static bool window_fits(HWND window)
{
    return !window || window == (HWND)-1 || window == DESKTOP_WINDOW || window_thread(window);
}

BOOL WINAPI PeekMessageW(LPMSG message, HWND window, UINT from, UINT to, UINT flags)
{
    struct queue *queue = queue_own();
    struct filter filter = {window, from, to};

    return window_fits(window) && queue && queue_peek(queue, message, &filter, flags & PM_REMOVE);
}

BOOL WINAPI GetMessageW(LPMSG message, HWND window, UINT from, UINT to)
{
    struct queue *queue = queue_own();
    struct filter filter = {window, from, to};

    if (!window_fits(window) || !queue)
        return -1;
    while (!queue_peek(queue, message, &filter, true)) {
        DWORD wait;

        RtlAcquireSRWLockShared(&user_lock);
        wait = timers_wait(queue);
        RtlReleaseSRWLockShared(&user_lock);
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
                  (queue->sent ? QS_SENDMESSAGE : 0) | (timers_wait(queue) == 0 ? QS_TIMER : 0));
}

DWORD WINAPI GetQueueStatus(UINT mask)
{
    struct queue *queue = queue_own();
    DWORD status = 0;

    if (!queue)
        return 0;
    RtlAcquireSRWLockExclusive(&user_lock);
    status = MAKELONG(queue->fresh & mask, queue_bits(queue) & mask);
    queue->fresh &= (WORD)~mask;
    RtlReleaseSRWLockExclusive(&user_lock);
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

    RtlAcquireSRWLockExclusive(&user_lock);
    *timer = mask & QS_TIMER ? timers_wait(queue) : INFINITE;
    ready = (queue->fresh & mask) || *timer == 0 || ((flags & MWMO_INPUTAVAILABLE) && queue_bits(queue) & mask);
    if (ready)
        queue->fresh &= (WORD)~mask;
    else
        ResetEvent(queue->event);
    RtlReleaseSRWLockExclusive(&user_lock);
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
    if (message->message == WM_TIMER && message->lParam) {
        guest_call_n((const void *)message->lParam, 4,
                     (const ULONG_PTR[]){(ULONG_PTR)message->hwnd, WM_TIMER, message->wParam, GetTickCount()});
        return 0;
    }
    if (!message->hwnd || !window_own(message->hwnd))
        return 0;
    return window_call(message->hwnd, message->message, message->wParam, message->lParam);
}

/* Where the timers of a window, or of the calling thread, are kept; NULL: no such window. */
static struct queue *timer_queue(HWND window)
{
    struct queue *queue = queue_own();
    DWORD thread = window ? window_thread(window) : 0;

    if (!window || !queue)
        return queue;
    RtlAcquireSRWLockShared(&user_lock);
    queue = thread ? queue_of_locked(thread) : NULL;
    RtlReleaseSRWLockShared(&user_lock);
    return queue;
}

UINT_PTR WINAPI SetTimer(HWND window, UINT_PTR id, UINT period, TIMERPROC procedure)
{
    struct queue *queue = timer_queue(window);
    struct timer *timer;

    if (!queue)
        return 0;
    RtlAcquireSRWLockExclusive(&user_lock);
    for (timer = queue->timers; timer && (timer->id != id || timer->window != window); timer = timer->next)
        ;
    if (!timer && (timer = RtlAllocateHeap(user_heap(), HEAP_ZERO_MEMORY, sizeof *timer))) {
        timer->window = window;
        timer->id = window ? id : ++queue->last_timer; /* without a window the number is Windows' to choose */
        timer->next = queue->timers;
        queue->timers = timer;
    }
    if (timer) {
        timer->period = period < USER_TIMER_MINIMUM ? USER_TIMER_MINIMUM : period;
        timer->due = GetTickCount64() + timer->period;
        timer->procedure = procedure;
        id = timer->id ? timer->id : 1;
        if (queue->thread != GetCurrentThreadId())
            SetEvent(queue->event); /* whoever waits there looks at the time again */
    }
    RtlReleaseSRWLockExclusive(&user_lock);
    return timer ? id : 0;
}

BOOL WINAPI KillTimer(HWND window, UINT_PTR id)
{
    struct queue *queue = timer_queue(window);
    struct timer **link, *timer = NULL;

    if (!queue)
        return FALSE;
    RtlAcquireSRWLockExclusive(&user_lock);
    for (link = &queue->timers; *link && ((*link)->id != id || (*link)->window != window); link = &(*link)->next)
        ;
    if ((timer = *link))
        *link = timer->next;
    RtlReleaseSRWLockExclusive(&user_lock);
    RtlFreeHeap(user_heap(), 0, timer);
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
