/* Are APCs run in alertable waits, in order, and nowhere else? */
#include "check.h"

static LONG ran, order_ok = 1;

static void WINAPI on_apc(ULONG_PTR data)
{
    if ((LONG)data != ran)
        order_ok = 0;
    ran++;
}

static DWORD WINAPI wait_alertable(void *event)
{
    DWORD result = WaitForSingleObjectEx(event, INFINITE, TRUE);

    CHECK_EQ(result, WAIT_IO_COMPLETION);
    CHECK(ran >= 1);
    return result;
}

static void test_own(void)
{
    CHECK(QueueUserAPC(on_apc, GetCurrentThread(), 0));
    CHECK(QueueUserAPC(on_apc, GetCurrentThread(), 1));
    Sleep(1);
    CHECK_EQ(ran, 0);
    CHECK_EQ(SleepEx(1000, TRUE), WAIT_IO_COMPLETION);
    CHECK_EQ(ran, 2);
    CHECK_EQ(SleepEx(1, TRUE), 0);
}

static void test_other(void)
{
    HANDLE event = CreateEventW(NULL, FALSE, FALSE, NULL);
    HANDLE thread = CreateThread(NULL, 0, wait_alertable, event, 0, NULL);
    DWORD code;

    ran = 0;
    Sleep(20);
    CHECK(QueueUserAPC(on_apc, thread, 0));
    CHECK_EQ(WaitForSingleObject(thread, 5000), WAIT_OBJECT_0);
    CHECK(GetExitCodeThread(thread, &code));
    CHECK_EQ(code, WAIT_IO_COMPLETION);
    CHECK(!QueueUserAPC(on_apc, thread, 0));
    CloseHandle(thread);
    ran = 0;
    thread = CreateThread(NULL, 0, wait_alertable, event, CREATE_SUSPENDED, NULL);
    CHECK(QueueUserAPC(on_apc, thread, 0)); /* runs before the thread's own function */
    ResumeThread(thread);
    Sleep(20);
    CHECK_EQ(ran, 1);
    QueueUserAPC(on_apc, thread, 1);
    CHECK_EQ(WaitForSingleObject(thread, 5000), WAIT_OBJECT_0);
    CloseHandle(thread);
}

int main(void)
{
    test_own();
    test_other();
    CHECK(order_ok);
    return check_done();
}
