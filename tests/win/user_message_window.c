/*
 * user_message_window.c: do windows that nobody sees get their messages: posted, sent (from this thread and another),
 * timed?
 *
 * Message-only windows and hidden ones; what a window keeps; what misuse gets.
 */
/* link: -luser32 */
#include <stdbool.h>
#include "check.h"

#define MESSAGE_ADD (WM_USER + 1)
#define MESSAGE_NEST (WM_USER + 2)
#define MESSAGE_REPLY (WM_USER + 3)
#define MESSAGE_SLOW (WM_USER + 4)
#define MESSAGE_QUIT (WM_USER + 5)

static UINT seen[64];
static unsigned seen_count;
static DWORD state_in_send;

static void note(UINT message)
{
    if (seen_count < 64)
        seen[seen_count++] = message;
}

static bool was_seen(UINT message)
{
    for (unsigned i = 0; i < seen_count; i++)
        if (seen[i] == message)
            return true;
    return false;
}

static LRESULT CALLBACK procedure(HWND window, UINT message, WPARAM wparam, LPARAM lparam)
{
    note(message);
    switch (message) {
    case WM_NCCREATE:
        SetWindowLongPtrW(window, GWLP_USERDATA, (LONG_PTR)((CREATESTRUCTW *)lparam)->lpCreateParams);
        break;
    case WM_CREATE:
        return GetWindowLongPtrW(window, GWLP_USERDATA) == 13 ? -1 : 0;
    case MESSAGE_ADD:
        state_in_send = InSendMessageEx(NULL);
        return (LRESULT)(wparam + lparam);
    case MESSAGE_NEST: /* asks back in the thread that sent */
        return SendMessageW((HWND)lparam, MESSAGE_ADD, wparam, 1000);
    case MESSAGE_REPLY:
        CHECK(ReplyMessage(77));
        if (!check_under_wine()) /* Wine answers again */
            CHECK(!ReplyMessage(78));
        CHECK_EQ(InSendMessageEx(NULL), ISMEX_SEND | ISMEX_REPLIED);
        return 5;
    case MESSAGE_SLOW:
        Sleep((DWORD)wparam);
        return 6;
    case MESSAGE_QUIT:
        PostQuitMessage((int)wparam);
        return 0;
    }
    return DefWindowProcW(window, message, wparam, lparam);
}

static LRESULT CALLBACK other_procedure(HWND window, UINT message, WPARAM wparam, LPARAM lparam)
{
    if (message == MESSAGE_ADD)
        return -(LRESULT)(wparam + lparam);
    return CallWindowProcW(procedure, window, message, wparam, lparam);
}

static HWND make(HWND parent, LONG_PTR parameter)
{
    return CreateWindowExW(0, L"check window", L"a title", 0, 1, 2, 30, 40, parent, NULL, GetModuleHandleW(NULL),
                           (void *)parameter);
}

static void test_life(void)
{
    WNDCLASSW class = {.lpfnWndProc = procedure,
                       .hInstance = GetModuleHandleW(NULL),
                       .cbWndExtra = 16,
                       .lpszClassName = L"check window"};
    WCHAR text[64];
    char narrow[64];
    DWORD process = 0;
    HWND window;

    if (!check_under_wine()) /* Wine: ERROR_CLASS_DOES_NOT_EXIST */
        CHECK_ERROR(make(HWND_MESSAGE, 0), ERROR_CANNOT_FIND_WND_CLASS);
    CHECK(RegisterClassW(&class));
    seen_count = 0;
    window = make(HWND_MESSAGE, 5);
    CHECK(window != NULL);
    CHECK(was_seen(WM_NCCREATE) && was_seen(WM_CREATE));
    CHECK(IsWindow(window) && !IsWindowVisible(window) && IsWindowEnabled(window) && IsWindowUnicode(window));
    CHECK_EQ(GetWindowThreadProcessId(window, &process), GetCurrentThreadId());
    CHECK_EQ(process, GetCurrentProcessId());
    CHECK_EQ(GetClassNameW(window, text, 64), 12);
    CHECK(!wcscmp(text, L"check window"));
    CHECK_EQ(GetClassNameA(window, narrow, 6), 5);
    CHECK_STR(narrow, "check");
    CHECK_EQ(GetWindowTextW(window, text, 64), 7);
    CHECK(!wcscmp(text, L"a title"));
    CHECK_EQ(GetWindowTextA(window, narrow, 4), 3);
    CHECK_STR(narrow, "a t");
    CHECK(SetWindowTextA(window, "other"));
    CHECK_EQ(GetWindowTextLengthW(window), 5);
    CHECK(FindWindowExW(HWND_MESSAGE, NULL, L"CHECK WINDOW", NULL) == window);
    CHECK(FindWindowExW(HWND_MESSAGE, NULL, L"check window", L"other") == window);
    CHECK(FindWindowExW(HWND_MESSAGE, NULL, L"check window", L"a title") == NULL);
    CHECK(FindWindowW(L"check window 2", NULL) == NULL);
    CHECK_ERROR(UnregisterClassW(L"check window", class.hInstance), ERROR_CLASS_HAS_WINDOWS);
    seen_count = 0;
    CHECK(DestroyWindow(window));
    CHECK_EQ(seen_count, 2);
    CHECK_EQ(seen[0], WM_DESTROY);
    CHECK_EQ(seen[1], WM_NCDESTROY);
    if (!check_under_wine()) /* Wine: ERROR_ACCESS_DENIED */
        CHECK_ERROR(DestroyWindow(window), ERROR_INVALID_WINDOW_HANDLE);
    CHECK_ERROR(IsWindow(window), ERROR_INVALID_WINDOW_HANDLE);
    CHECK(make(HWND_MESSAGE, 13) == NULL); /* WM_CREATE refuses */
    if (!check_under_wine())
        CHECK_ERROR(make((HWND)0x7ff0, 0), ERROR_INVALID_WINDOW_HANDLE);
}

static int listed;

static BOOL CALLBACK list_child(HWND window, LPARAM expected)
{
    CHECK(window == (HWND)expected);
    listed++;
    return TRUE;
}

static void test_values(void)
{
    HWND window = make(HWND_MESSAGE, 5), hidden = make(NULL, 6);

    CHECK_EQ(GetWindowLongPtrW(window, GWLP_USERDATA), 5);
    CHECK_EQ(SetWindowLongPtrW(window, GWLP_USERDATA, 0x123456789abcLL), 5);
    CHECK_EQ(GetWindowLongPtrA(window, GWLP_USERDATA), 0x123456789abcLL);
    CHECK_EQ(SetWindowLongPtrW(window, 8, 99), 0);
    CHECK_EQ(GetWindowLongPtrW(window, 8), 99);
    CHECK_EQ(GetWindowLongW(window, 12), 0);
    CHECK_ERROR(GetWindowLongPtrW(window, 16), ERROR_INVALID_INDEX);
    CHECK_ERROR(GetWindowLongPtrW(window, 9), ERROR_INVALID_INDEX);
    CHECK_ERROR(GetWindowLongPtrW(window, -99), ERROR_INVALID_INDEX);
    CHECK_ERROR(GetWindowLongPtrW((HWND)0x7ff0, 0), ERROR_INVALID_WINDOW_HANDLE);
    CHECK_EQ(SetWindowLongPtrW(window, GWLP_WNDPROC, (LONG_PTR)other_procedure), (LONG_PTR)procedure);
    CHECK_EQ(SendMessageW(window, MESSAGE_ADD, 3, 4), -7);
    CHECK_EQ(SetWindowLongPtrW(window, GWLP_WNDPROC, (LONG_PTR)procedure), (LONG_PTR)other_procedure);
    CHECK(SetPropW(window, L"a property", (HANDLE)42));
    CHECK(SetPropA(window, "A Property", (HANDLE)43)); /* the same */
    CHECK(GetPropW(window, L"a property") == (HANDLE)43);
    CHECK(GetPropW(hidden, L"a property") == NULL);
    CHECK(RemovePropA(window, "a property") == (HANDLE)43);
    CHECK(RemovePropA(window, "a property") == NULL);
    CHECK(!SetPropW((HWND)0x7ff0, L"a property", NULL));
    CHECK(DestroyWindow(window));
    if (!hidden && check_under_wine()) /* Wine makes these only where there is a display */
        return;
    CHECK(GetAncestor(hidden, GA_PARENT) == GetDesktopWindow());
    CHECK(GetParent(hidden) == NULL);
    CHECK(FindWindowW(L"check window", L"a title") == hidden);
    CHECK_ERROR(
        CreateWindowExW(0, L"check window", L"", WS_CHILD, 0, 0, 0, 0, NULL, NULL, GetModuleHandleW(NULL), NULL),
        ERROR_TLW_WITH_WSCHILD);
    HWND child = CreateWindowExW(0, L"check window", L"child", WS_CHILD, 0, 0, 0, 0, hidden, (HMENU)7,
                                 GetModuleHandleW(NULL), NULL);
    CHECK(child != NULL);
    CHECK(GetParent(child) == hidden);
    CHECK(GetWindow(hidden, GW_CHILD) == child && GetTopWindow(hidden) == child);
    CHECK(GetWindow(child, GW_OWNER) == NULL && GetWindow(child, GW_HWNDNEXT) == NULL);
    CHECK(GetWindow(child, GW_HWNDFIRST) == child && GetWindow(child, GW_HWNDLAST) == child);
    CHECK(GetLastActivePopup(hidden) == hidden);
    listed = 0;
    CHECK(EnumChildWindows(hidden, list_child, (LPARAM)child));
    CHECK_EQ(listed, 1);
    CHECK(IsChild(hidden, child) && !IsChild(child, hidden));
    CHECK(GetAncestor(child, GA_ROOT) == hidden);
    CHECK_EQ(GetWindowLongPtrW(child, GWLP_ID), 7);
    CHECK(DestroyWindow(hidden));
    CHECK(!IsWindow(child)); /* goes with its parent */
}

static unsigned timer_calls;

static void CALLBACK timer_call(HWND window, UINT message, UINT_PTR id, DWORD time)
{
    (void)time;
    CHECK(window != NULL);
    CHECK_EQ(message, WM_TIMER);
    CHECK_EQ(id, 9);
    timer_calls++;
}

static void test_queue(void)
{
    HWND window = make(HWND_MESSAGE, 5), second = make(HWND_MESSAGE, 6);
    MSG message;

    CHECK(PostMessageW(window, MESSAGE_ADD, 1, 2));
    CHECK(PostMessageW(second, MESSAGE_ADD, 3, 4));
    CHECK(PostMessageW(NULL, MESSAGE_ADD, 5, 6));
    CHECK(!PeekMessageW(&message, window, MESSAGE_NEST, MESSAGE_NEST, PM_REMOVE));
    CHECK(PeekMessageW(&message, second, 0, 0, PM_REMOVE));
    CHECK(message.hwnd == second && message.wParam == 3);
    CHECK(PeekMessageW(&message, (HWND)-1, 0, 0, PM_REMOVE));
    CHECK(message.hwnd == NULL && message.wParam == 5);
    CHECK_EQ(GetMessageW(&message, NULL, 0, 0), TRUE);
    CHECK(message.hwnd == window && message.lParam == 2);
    CHECK_EQ(DispatchMessageW(&message), 3);
    CHECK_EQ(state_in_send, ISMEX_NOSEND);
    CHECK(!PeekMessageW(&message, NULL, 0, 0, PM_REMOVE));
    CHECK_ERROR(PostMessageW((HWND)0x7ff0, MESSAGE_ADD, 0, 0), ERROR_INVALID_WINDOW_HANDLE);
    CHECK_EQ(GetMessageW(&message, (HWND)0x7ff0, 0, 0), -1);
    CHECK_EQ(SetTimer(window, 7, 10, NULL), 7);
    CHECK_EQ(SetTimer(window, 9, 10, timer_call), 9);
    CHECK_EQ(GetMessageW(&message, window, WM_TIMER, WM_TIMER), TRUE);
    CHECK(message.hwnd == window && message.message == WM_TIMER);
    CHECK(KillTimer(window, 7));
    CHECK(!KillTimer(window, 7));
    CHECK(!KillTimer(second, 9)); /* another window's */
    while (!timer_calls && GetMessageW(&message, window, 0, 0) > 0)
        DispatchMessageW(&message);
    CHECK_EQ(timer_calls, 1);
    CHECK(PostMessageW(window, MESSAGE_ADD, 1, 2));
    CHECK(DestroyWindow(window)); /* takes its messages and timers with it */
    Sleep(20);
    CHECK(!PeekMessageW(&message, NULL, 0, 0, PM_REMOVE));
    CHECK(PostMessageW(second, WM_CLOSE, 0, 0));
    CHECK(GetMessageW(&message, NULL, 0, 0));
    DispatchMessageW(&message);
    CHECK(!IsWindow(second));
}

struct thread {
    HANDLE ready;
    HWND window;
};

static DWORD WINAPI window_thread(void *argument)
{
    struct thread *thread = argument;
    MSG message;

    thread->window = make(HWND_MESSAGE, 5);
    SetEvent(thread->ready);
    while (GetMessageW(&message, NULL, 0, 0) > 0)
        DispatchMessageW(&message);
    return (DWORD)message.wParam;
}

static DWORD WINAPI dying_thread(void *argument)
{
    struct thread *thread = argument;

    thread->window = make(HWND_MESSAGE, 5);
    SetEvent(thread->ready);
    Sleep(50); /* never looks at its messages */
    return 0;
}

static void test_threads(void)
{
    struct thread thread = {CreateEventW(NULL, FALSE, FALSE, NULL), NULL};
    HWND own = make(HWND_MESSAGE, 5);
    HANDLE handle = CreateThread(NULL, 0, window_thread, &thread, 0, NULL);
    DWORD_PTR result = 1;
    DWORD code;
    MSG message;

    CHECK_EQ(WaitForSingleObject(thread.ready, 10000), WAIT_OBJECT_0);
    CHECK_EQ(SendMessageW(thread.window, MESSAGE_ADD, 20, 3), 23);
    CHECK_EQ(state_in_send, ISMEX_SEND);
    for (int i = 0; i < 200; i++)
        CHECK_EQ(SendMessageW(thread.window, MESSAGE_ADD, (WPARAM)i, 3), i + 3);
    CHECK_EQ(SendMessageW(thread.window, MESSAGE_NEST, 20, (LPARAM)own), 1020);
    CHECK_EQ(SendMessageW(thread.window, MESSAGE_REPLY, 0, 0), 77);
    CHECK(SendMessageTimeoutW(thread.window, MESSAGE_ADD, 1, 1, SMTO_NORMAL, 5000, &result));
    CHECK_EQ(result, 2);
    CHECK_ERROR(SendMessageTimeoutW(thread.window, MESSAGE_SLOW, 100, 0, SMTO_BLOCK, 20, &result), ERROR_TIMEOUT);
    CHECK(SendNotifyMessageW(thread.window, MESSAGE_ADD, 1, 1));
    CHECK_ERROR(DestroyWindow(thread.window), ERROR_ACCESS_DENIED);
    CHECK_EQ(SendMessageW(thread.window, MESSAGE_ADD, 2, 2), 4);
    CHECK(PostMessageW(thread.window, MESSAGE_QUIT, 33, 0));
    CHECK_EQ(WaitForSingleObject(handle, 10000), WAIT_OBJECT_0);
    CHECK(GetExitCodeThread(handle, &code));
    CHECK_EQ(code, 33);
    CloseHandle(handle);
    CHECK(!IsWindow(thread.window)); /* went with its thread */
    CHECK_ERROR(PostMessageW(thread.window, MESSAGE_ADD, 0, 0), ERROR_INVALID_WINDOW_HANDLE);
    handle = CreateThread(NULL, 0, dying_thread, &thread, 0, NULL);
    CHECK_EQ(WaitForSingleObject(thread.ready, 10000), WAIT_OBJECT_0);
    CHECK_EQ(SendMessageW(thread.window, MESSAGE_ADD, 20, 3), 0);
    CHECK_EQ(WaitForSingleObject(handle, 10000), WAIT_OBJECT_0);
    CloseHandle(handle);
    CHECK(!PeekMessageW(&message, NULL, 0, 0, PM_REMOVE));
    CHECK(DestroyWindow(own));
    CloseHandle(thread.ready);
}

static DWORD WINAPI send_later(void *window)
{
    Sleep(20);
    return (DWORD)SendMessageW(window, MESSAGE_ADD, 4, 5);
}

static void test_wait(void)
{
    HWND window = make(HWND_MESSAGE, 5);
    HANDLE event = CreateEventW(NULL, TRUE, FALSE, NULL), handle;
    DWORD code;
    MSG message;

    CHECK_EQ(MsgWaitForMultipleObjects(1, &event, FALSE, 0, QS_ALLINPUT), WAIT_TIMEOUT);
    handle = CreateThread(NULL, 0, send_later, window, 0, NULL);
    CHECK_EQ(MsgWaitForMultipleObjects(1, &event, FALSE, 10000, QS_SENDMESSAGE), WAIT_OBJECT_0 + 1);
    CHECK(!PeekMessageW(&message, NULL, 0, 0, PM_NOREMOVE)); /* handles it, and has nothing to give */
    CHECK_EQ(WaitForSingleObject(handle, 10000), WAIT_OBJECT_0);
    CHECK(GetExitCodeThread(handle, &code));
    CHECK_EQ(code, 9);
    CloseHandle(handle);
    CHECK(PostMessageW(window, MESSAGE_ADD, 0, 0));
    CHECK_EQ(MsgWaitForMultipleObjects(1, &event, FALSE, 10000, QS_ALLINPUT), WAIT_OBJECT_0 + 1);
    CHECK(SetEvent(event));
    CHECK_EQ(MsgWaitForMultipleObjects(1, &event, FALSE, 10000, QS_ALLINPUT), WAIT_OBJECT_0);
    CHECK(PeekMessageW(&message, window, 0, 0, PM_REMOVE));
    CHECK(DestroyWindow(window));
    CloseHandle(event);
}

int main(void)
{
    test_life();
    test_values();
    test_queue();
    test_threads();
    test_wait();
    CHECK(UnregisterClassW(L"check window", GetModuleHandleW(NULL)));
    return check_done();
}
