/* Does a thread without windows post, peek, get and wait for messages as documented?  Do timers and WM_QUIT come? */
#include "check.h"

static HANDLE ready;

static DWORD WINAPI receiver(void *argument)
{
    MSG message;

    (void)argument;
    PeekMessageW(&message, NULL, 0, 0, PM_NOREMOVE); /* makes the queue */
    SetEvent(ready);
    if (GetMessageW(&message, NULL, 0, 0) <= 0)
        return 1;
    return message.message == WM_APP + 1 && message.wParam == 5 && message.lParam == 6 ? 0 : 2;
}

static DWORD WINAPI no_queue(void *argument)
{
    WaitForSingleObject(argument, INFINITE);
    return 0;
}

static void check_threads(void)
{
    DWORD id, code = 9;
    HANDLE thread, event = CreateEventW(NULL, TRUE, FALSE, NULL);

    ready = CreateEventW(NULL, FALSE, FALSE, NULL);
    thread = CreateThread(NULL, 0, receiver, NULL, 0, &id);
    WaitForSingleObject(ready, INFINITE);
    CHECK(PostThreadMessageW(id, WM_APP + 1, 5, 6));
    WaitForSingleObject(thread, INFINITE);
    GetExitCodeThread(thread, &code);
    CHECK_EQ(code, 0);
    CHECK_ERROR(PostThreadMessageW(id, WM_APP, 0, 0), ERROR_INVALID_THREAD_ID);
    CloseHandle(thread);
    if (!check_under_wine()) /* Wine takes it for the thread itself */
        CHECK_ERROR(PostThreadMessageW(0, WM_APP, 0, 0), ERROR_INVALID_THREAD_ID);
    thread = CreateThread(NULL, 0, no_queue, event, 0, &id);
    if (!check_under_wine()) /* Wine makes the queue */
        CHECK_ERROR(PostThreadMessageW(id, WM_APP, 0, 0), ERROR_INVALID_THREAD_ID);
    SetEvent(event);
    WaitForSingleObject(thread, INFINITE);
    CloseHandle(thread);
    CloseHandle(event);
}

static void check_order(void)
{
    MSG message;
    DWORD self = GetCurrentThreadId();

    CHECK(!PeekMessageW(&message, NULL, 0, 0, PM_REMOVE));
    for (UINT i = 0; i < 5; i++)
        CHECK(PostThreadMessageW(self, WM_APP + i, i, -(LPARAM)i));
    CHECK(HIWORD(GetQueueStatus(QS_POSTMESSAGE)) & QS_POSTMESSAGE);
    CHECK(PeekMessageW(&message, NULL, 0, 0, PM_NOREMOVE));
    CHECK_EQ(message.message, WM_APP);
    CHECK(PeekMessageW(&message, NULL, WM_APP + 3, WM_APP + 4, PM_REMOVE));
    CHECK_EQ(message.message, WM_APP + 3);
    for (UINT i = 0; i < 5; i++) {
        if (i == 3)
            continue;
        CHECK_EQ(GetMessageW(&message, NULL, 0, 0), TRUE);
        CHECK_EQ(message.message, WM_APP + i);
        CHECK_EQ(message.wParam, i);
        CHECK_EQ(message.lParam, -(LPARAM)i);
        CHECK(message.hwnd == NULL);
        CHECK(!TranslateMessage(&message));
    }
    CHECK(!PeekMessageW(&message, NULL, 0, 0, PM_REMOVE));
    CHECK(PostMessageW(NULL, WM_APP + 9, 1, 2));
    CHECK(PeekMessageW(&message, (HWND)-1, 0, 0, PM_REMOVE));
    CHECK_EQ(message.message, WM_APP + 9);
    CHECK_ERROR(PostMessageW((HWND)0x1234, WM_APP, 0, 0), ERROR_INVALID_WINDOW_HANDLE);
}

static void check_quit(void)
{
    MSG message;

    PostThreadMessageW(GetCurrentThreadId(), WM_APP, 0, 0);
    PostQuitMessage(77);
    CHECK_EQ(GetMessageW(&message, NULL, 0, 0), TRUE); /* what was posted comes first */
    CHECK_EQ(message.message, WM_APP);
    CHECK_EQ(GetMessageW(&message, NULL, 0, 0), FALSE);
    CHECK_EQ(message.message, WM_QUIT);
    CHECK_EQ(message.wParam, 77);
    CHECK(!PeekMessageW(&message, NULL, 0, 0, PM_REMOVE));
}

static void check_wait(void)
{
    HANDLE events[2] = {CreateEventW(NULL, FALSE, FALSE, NULL), CreateEventW(NULL, FALSE, TRUE, NULL)};
    MSG message;

    CHECK_EQ(MsgWaitForMultipleObjects(1, events, FALSE, 0, QS_ALLINPUT), WAIT_TIMEOUT);
    CHECK_EQ(MsgWaitForMultipleObjects(2, events, FALSE, 0, QS_ALLINPUT), WAIT_OBJECT_0 + 1);
    CHECK_EQ(MsgWaitForMultipleObjects(0, NULL, FALSE, 10, QS_ALLINPUT), WAIT_TIMEOUT);
    PostThreadMessageW(GetCurrentThreadId(), WM_APP, 0, 0);
    CHECK_EQ(MsgWaitForMultipleObjects(1, events, FALSE, INFINITE, QS_ALLINPUT), WAIT_OBJECT_0 + 1);
    /* It was seen, so that it is nothing new; with the flag it still counts. */
    CHECK_EQ(MsgWaitForMultipleObjectsEx(1, events, 0, QS_ALLINPUT, MWMO_INPUTAVAILABLE), WAIT_OBJECT_0 + 1);
    CHECK(PeekMessageW(&message, NULL, 0, 0, PM_REMOVE));
    CHECK_EQ(MsgWaitForMultipleObjectsEx(1, events, 0, QS_ALLINPUT, MWMO_INPUTAVAILABLE), WAIT_TIMEOUT);
    SetEvent(events[0]);
    CHECK_EQ(MsgWaitForMultipleObjectsEx(1, events, INFINITE, QS_ALLINPUT, 0), WAIT_OBJECT_0);
    CloseHandle(events[0]);
    CloseHandle(events[1]);
}

static int ticks;

static VOID CALLBACK tick(HWND window, UINT message, UINT_PTR id, DWORD time)
{
    (void)window, (void)id, (void)time;
    if (message == WM_TIMER)
        ticks++;
}

static void check_timers(void)
{
    UINT_PTR id = SetTimer(NULL, 0, 10, tick), other = SetTimer(NULL, 0, 10, NULL);
    MSG message;
    int plain = 0;

    CHECK(id != 0 && other != 0 && id != other);
    for (int i = 0; i < 20 && (!ticks || !plain); i++) {
        CHECK(GetMessageW(&message, NULL, 0, 0) > 0);
        CHECK_EQ(message.message, WM_TIMER);
        if (message.wParam == other && !message.lParam)
            plain++;
        DispatchMessageW(&message);
    }
    CHECK(ticks > 0 && plain > 0);
    CHECK(KillTimer(NULL, id) && KillTimer(NULL, other));
    CHECK(!KillTimer(NULL, id));
}

int main(void)
{
    check_order();
    check_quit();
    check_wait();
    check_timers();
    check_threads();
    return check_done();
}
