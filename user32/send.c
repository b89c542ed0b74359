/*
 * send.c: SendMessage and its relatives.
 *
 * Layer: user32.  To a window of the calling thread a message is a call.  To another thread's it is put into that
 * thread's queue, and the sender waits for the answer; meanwhile it handles what is sent to itself, as two threads may
 * send to each other.  A receiver that ends answers nothing: its sender gets 0.
 */
#include "user.h"

#define SENT_BITS QS_SENDMESSAGE

static void sent_reply_locked(struct sent *sent, LRESULT result)
{
    sent->result = result;
    sent->done = true;
    if (sent->sender)
        SetEvent(sent->sender->send_wait);
}

void sent_handle(struct queue *queue)
{
    struct sent *sent, *outer;

    for (;;) {
        RtlAcquireSRWLockExclusive(&user_lock);
        sent = queue->sent;
        if (sent) {
            queue->sent = sent->next;
            outer = queue->handling;
            queue->handling = sent;
        }
        RtlReleaseSRWLockExclusive(&user_lock);
        if (!sent)
            return;
        HWND window = sent->window;
        LRESULT result = window_own(window) ? window_call(window, sent->message, sent->wparam, sent->lparam) : 0;
        RtlAcquireSRWLockExclusive(&user_lock);
        queue->handling = outer;
        bool nobody = !sent->sender;
        sent->finished = true;
        if (!sent->done && !nobody)
            sent_reply_locked(sent, result);
        RtlReleaseSRWLockExclusive(&user_lock);
        if (nobody)
            RtlFreeHeap(user_heap(), 0, sent);
    }
}

/* Puts a message into another thread's queue.  sender NULL: nobody waits.  NULL: no memory, or no such thread. */
static struct sent *sent_put(DWORD thread, struct queue *sender, HWND window, UINT message, WPARAM wparam,
                             LPARAM lparam)
{
    struct sent *sent = RtlAllocateHeap(user_heap(), 0, sizeof *sent), **last;
    struct queue *queue;

    if (!sent) {
        SetLastError(ERROR_NOT_ENOUGH_MEMORY);
        return NULL;
    }
    *sent = (struct sent){NULL, window, message, wparam, lparam, 0, sender, sender != NULL, false, false};
    RtlAcquireSRWLockExclusive(&user_lock);
    queue = queue_of_locked(thread);
    if (queue) {
        for (last = &queue->sent; *last; last = &(*last)->next)
            ;
        *last = sent;
        queue_signal_locked(queue, SENT_BITS);
        SetEvent(queue->send_wait);
    }
    RtlReleaseSRWLockExclusive(&user_lock);
    if (!queue) {
        RtlFreeHeap(user_heap(), 0, sent);
        SetLastError(ERROR_INVALID_WINDOW_HANDLE);
        return NULL;
    }
    return sent;
}

/* Its sender goes on: takes it back, or leaves it to who handles it now. */
static void sent_abandon_locked(DWORD thread, struct sent *sent)
{
    struct queue *queue = queue_of_locked(thread);
    struct sent **link = queue ? &queue->sent : NULL;

    while (link && *link && *link != sent)
        link = &(*link)->next;
    if (link && *link)
        *link = sent->next;
    else if (!sent->finished && thread_lives(thread)) {
        sent->sender = NULL;
        return;
    }
    RtlFreeHeap(user_heap(), 0, sent);
}

/* Waits for the answer.  False: there is none; the last error says why. */
static bool sent_wait(struct sent *sent, DWORD thread, UINT flags, DWORD milliseconds, LRESULT *result)
{
    struct queue *own = sent->sender;
    HANDLE waits[2] = {own->send_wait, OpenThread(SYNCHRONIZE, FALSE, thread)};
    ULONGLONG end = GetTickCount64() + milliseconds;
    bool answered;
    DWORD error = 0;

    for (;;) {
        DWORD left = milliseconds, which;

        RtlAcquireSRWLockExclusive(&user_lock);
        answered = sent->done;
        if (answered || error) {
            *result = answered ? sent->result : 0;
            sent_abandon_locked(thread, sent);
            RtlReleaseSRWLockExclusive(&user_lock);
            break;
        }
        RtlReleaseSRWLockExclusive(&user_lock);
        if (!(flags & SMTO_BLOCK))
            sent_handle(own);
        if (milliseconds != INFINITE)
            left = GetTickCount64() >= end ? 0 : (DWORD)(end - GetTickCount64());
        which = WaitForMultipleObjects(waits[1] ? 2 : 1, waits, FALSE, left);
        if (which == WAIT_TIMEOUT)
            error = ERROR_TIMEOUT;
        else if (which != WAIT_OBJECT_0)
            error = ERROR_INVALID_WINDOW_HANDLE; /* the thread has ended */
    }
    if (waits[1])
        CloseHandle(waits[1]);
    /* Another answer may have been told by the same event: whoever waits further out looks again. */
    SetEvent(own->send_wait);
    if (!answered)
        SetLastError(error);
    return answered;
}

bool send_message(const struct send *how, LRESULT *result)
{
    DWORD thread = window_thread(how->window);
    struct queue *own;
    struct sent *sent;

    *result = 0;
    if (!thread)
        return false;
    if (thread == GetCurrentThreadId()) {
        *result = window_call(how->window, how->message, how->wparam, how->lparam);
        return true;
    }
    own = queue_own();
    sent = own ? sent_put(thread, own, how->window, how->message, how->wparam, how->lparam) : NULL;
    return sent && sent_wait(sent, thread, how->flags, how->milliseconds, result);
}

/* To all top-level windows, one after another. */
static void send_to_all(struct send *how, bool ansi)
{
    HWND list[64];
    unsigned count = windows_list(NULL, list, ARRAYSIZE(list));
    LRESULT result;

    for (unsigned i = 0; i < count; i++) {
        how->window = list[i];
        send_text(how, ansi, &result);
    }
}

static LRESULT send(HWND window, UINT message, WPARAM wparam, LPARAM lparam, bool ansi)
{
    struct send how = {window, message, wparam, lparam, SMTO_NORMAL, INFINITE};
    LRESULT result = TRUE;

    if (window == HWND_BROADCAST)
        send_to_all(&how, ansi);
    else
        send_text(&how, ansi, &result);
    return result;
}

LRESULT WINAPI SendMessageW(HWND window, UINT message, WPARAM wparam, LPARAM lparam)
{
    return send(window, message, wparam, lparam, false);
}

LRESULT WINAPI SendMessageA(HWND window, UINT message, WPARAM wparam, LPARAM lparam)
{
    return send(window, message, wparam, lparam, true);
}

static LRESULT send_timeout(struct send *how, bool ansi, PDWORD_PTR result)
{
    LRESULT answer = 0;
    bool good = true;

    if (how->window == HWND_BROADCAST)
        send_to_all(how, ansi);
    else
        good = send_text(how, ansi, &answer);
    if (result)
        *result = (DWORD_PTR)answer;
    return good;
}

LRESULT WINAPI SendMessageTimeoutW(HWND window, UINT message, WPARAM wparam, LPARAM lparam, UINT flags, UINT timeout,
                                   PDWORD_PTR result)
{
    return send_timeout(&(struct send){window, message, wparam, lparam, flags, timeout}, false, result);
}

LRESULT WINAPI SendMessageTimeoutA(HWND window, UINT message, WPARAM wparam, LPARAM lparam, UINT flags, UINT timeout,
                                   PDWORD_PTR result)
{
    return send_timeout(&(struct send){window, message, wparam, lparam, flags, timeout}, true, result);
}

/* To another thread no texts are sent: nobody would know when they may go. */
static BOOL send_notify(HWND window, UINT message, WPARAM wparam, LPARAM lparam, bool ansi)
{
    HWND list[64];
    unsigned count = 1;
    bool all = window == HWND_BROADCAST, good = true;
    LRESULT result;

    list[0] = window;
    if (all)
        count = windows_list(NULL, list, ARRAYSIZE(list));
    for (unsigned i = 0; i < count; i++) {
        DWORD thread = window_thread(list[i]);

        if (thread == GetCurrentThreadId())
            send_text(&(struct send){list[i], message, wparam, lparam, SMTO_NORMAL, INFINITE}, ansi, &result);
        else
            good = thread && sent_put(thread, NULL, list[i], message, wparam, lparam);
    }
    return all || good;
}

BOOL WINAPI SendNotifyMessageW(HWND window, UINT message, WPARAM wparam, LPARAM lparam)
{
    return send_notify(window, message, wparam, lparam, false);
}

BOOL WINAPI SendNotifyMessageA(HWND window, UINT message, WPARAM wparam, LPARAM lparam)
{
    return send_notify(window, message, wparam, lparam, true);
}

/* ---- from inside of a procedure ---- */

DWORD WINAPI InSendMessageEx(LPVOID reserved)
{
    struct queue *queue = teb_current()->Win32ThreadInfo;
    DWORD state = ISMEX_NOSEND;

    (void)reserved;
    if (!queue)
        return state;
    RtlAcquireSRWLockShared(&user_lock);
    if (queue->handling)
        state = (queue->handling->waited ? ISMEX_SEND : ISMEX_NOTIFY) | (queue->handling->done ? ISMEX_REPLIED : 0);
    RtlReleaseSRWLockShared(&user_lock);
    return state;
}

BOOL WINAPI InSendMessage(void)
{
    return InSendMessageEx(NULL) != ISMEX_NOSEND;
}

BOOL WINAPI ReplyMessage(LRESULT result)
{
    struct queue *queue = teb_current()->Win32ThreadInfo;
    bool in = false;

    if (!queue)
        return FALSE;
    RtlAcquireSRWLockExclusive(&user_lock);
    in = queue->handling && queue->handling->sender && !queue->handling->done;
    if (in)
        sent_reply_locked(queue->handling, result);
    RtlReleaseSRWLockExclusive(&user_lock);
    return in;
}
