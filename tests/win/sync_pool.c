/* Does the thread pool, new and old, run, wait, cancel and clean up? */
#include "check.h"

static volatile LONG count;
static HANDLE done;

static void CALLBACK simple(PTP_CALLBACK_INSTANCE instance, void *context)
{
    InterlockedIncrement(&count);
    SetEventWhenCallbackReturns(instance, context);
}

static void CALLBACK work(PTP_CALLBACK_INSTANCE instance, void *context, PTP_WORK item)
{
    (void)instance, (void)item;
    if (context)
        Sleep((DWORD)(ULONG_PTR)context);
    InterlockedIncrement(&count);
}

static void test_work(void)
{
    count = 0;
    CHECK(TrySubmitThreadpoolCallback(simple, done, NULL));
    CHECK_EQ(WaitForSingleObject(done, 10000), WAIT_OBJECT_0);
    CHECK_EQ(count, 1);
    PTP_WORK item = CreateThreadpoolWork(work, NULL, NULL);
    CHECK(item != NULL);
    for (int i = 0; i < 200; i++)
        SubmitThreadpoolWork(item);
    WaitForThreadpoolWorkCallbacks(item, FALSE);
    CHECK_EQ(count, 201);
    CloseThreadpoolWork(item);
    PTP_POOL pool = CreateThreadpool(NULL);
    TP_CALLBACK_ENVIRON environment;
    InitializeThreadpoolEnvironment(&environment);
    SetThreadpoolCallbackPool(&environment, pool);
    SetThreadpoolThreadMaximum(pool, 1);
    CHECK(SetThreadpoolThreadMinimum(pool, 1));
    count = 0;
    item = CreateThreadpoolWork(work, (void *)50, &environment);
    for (int i = 0; i < 20; i++)
        SubmitThreadpoolWork(item);
    Sleep(20);
    WaitForThreadpoolWorkCallbacks(item, TRUE); /* drops what has not started */
    CHECK(count < 20);
    CloseThreadpoolWork(item);
    CloseThreadpool(pool);
}

/* Workers that wait for each other need more threads than processors. */
static void CALLBACK meet(PTP_CALLBACK_INSTANCE instance, void *context, PTP_WORK item)
{
    (void)instance, (void)item;
    if (InterlockedIncrement(&count) == 6)
        SetEvent(context);
    WaitForSingleObject(context, 20000);
}

static void test_blocked(void)
{
    HANDLE event = CreateEventW(NULL, TRUE, FALSE, NULL);
    PTP_WORK item = CreateThreadpoolWork(meet, event, NULL);
    count = 0;
    for (int i = 0; i < 6; i++)
        SubmitThreadpoolWork(item);
    CHECK_EQ(WaitForSingleObject(event, 15000), WAIT_OBJECT_0);
    WaitForThreadpoolWorkCallbacks(item, FALSE);
    CloseThreadpoolWork(item);
    CloseHandle(event);
}

static void CALLBACK timer(PTP_CALLBACK_INSTANCE instance, void *context, PTP_TIMER item)
{
    (void)instance, (void)item;
    if (InterlockedIncrement(&count) == 3)
        SetEvent(context);
}

static void test_timer(void)
{
    LARGE_INTEGER due = {.QuadPart = -100000};
    FILETIME time = {due.LowPart, (DWORD)due.HighPart};
    PTP_TIMER item = CreateThreadpoolTimer(timer, done, NULL);
    count = 0;
    CHECK(!IsThreadpoolTimerSet(item));
    SetThreadpoolTimer(item, &time, 10, 0);
    CHECK(IsThreadpoolTimerSet(item));
    CHECK_EQ(WaitForSingleObject(done, 10000), WAIT_OBJECT_0);
    SetThreadpoolTimer(item, NULL, 0, 0);
    WaitForThreadpoolTimerCallbacks(item, TRUE);
    LONG after = count;
    Sleep(60);
    CHECK_EQ(count, after);
    CloseThreadpoolTimer(item);
}

static volatile TP_WAIT_RESULT wait_result;

static void CALLBACK waited(PTP_CALLBACK_INSTANCE instance, void *context, PTP_WAIT item, TP_WAIT_RESULT result)
{
    (void)instance, (void)item;
    wait_result = result;
    SetEvent(context);
}

static void test_wait(void)
{
    HANDLE event = CreateEventW(NULL, FALSE, FALSE, NULL);
    LARGE_INTEGER due = {.QuadPart = -200000};
    FILETIME time = {due.LowPart, (DWORD)due.HighPart};
    PTP_WAIT item = CreateThreadpoolWait(waited, done, NULL);
    wait_result = 99;
    SetThreadpoolWait(item, event, NULL);
    CHECK_EQ(WaitForSingleObject(done, 30), WAIT_TIMEOUT);
    SetEvent(event);
    CHECK_EQ(WaitForSingleObject(done, 10000), WAIT_OBJECT_0);
    CHECK_EQ(wait_result, WAIT_OBJECT_0);
    CHECK_EQ(WaitForSingleObject(event, 0), WAIT_TIMEOUT);
    SetThreadpoolWait(item, event, &time);
    CHECK_EQ(WaitForSingleObject(done, 10000), WAIT_OBJECT_0);
    CHECK_EQ(wait_result, WAIT_TIMEOUT);
    SetThreadpoolWait(item, event, NULL);
    SetThreadpoolWait(item, NULL, NULL);
    SetEvent(event);
    CHECK_EQ(WaitForSingleObject(done, 50), WAIT_TIMEOUT);
    CloseThreadpoolWait(item);
    CloseHandle(event);
}

static volatile LONG cancelled;

static void CALLBACK group_cancel(void *object_context, void *context)
{
    (void)object_context;
    cancelled += (LONG)(ULONG_PTR)context;
}

static void test_group(void)
{
    TP_CALLBACK_ENVIRON environment;
    PTP_CLEANUP_GROUP group = CreateThreadpoolCleanupGroup();
    InitializeThreadpoolEnvironment(&environment);
    SetThreadpoolCallbackCleanupGroup(&environment, group, group_cancel);
    count = 0;
    PTP_WORK first = CreateThreadpoolWork(work, NULL, &environment);
    CreateThreadpoolTimer(timer, done, &environment);
    SubmitThreadpoolWork(first);
    CloseThreadpoolCleanupGroupMembers(group, FALSE, NULL);
    CHECK_EQ(count, 1);
    CHECK_EQ(cancelled, 0);
    CreateThreadpoolWork(work, NULL, &environment);
    CreateThreadpoolWork(work, NULL, &environment);
    CloseThreadpoolCleanupGroupMembers(group, TRUE, (void *)10);
    CHECK_EQ(cancelled, 20);
    CloseThreadpoolCleanupGroup(group);
}

static DWORD WINAPI old_work(void *context)
{
    InterlockedIncrement(&count);
    SetEvent(context);
    return 0;
}

static void CALLBACK old_wait(void *context, BOOLEAN timed_out)
{
    InterlockedExchangeAdd(&count, timed_out ? 100 : 1);
    SetEvent(context);
}

static void test_old(void)
{
    HANDLE wait, queue, item, event = CreateEventW(NULL, FALSE, FALSE, NULL);
    count = 0;
    CHECK(QueueUserWorkItem(old_work, done, WT_EXECUTELONGFUNCTION));
    CHECK_EQ(WaitForSingleObject(done, 10000), WAIT_OBJECT_0);
    count = 0;
    CHECK(RegisterWaitForSingleObject(&wait, event, old_wait, done, INFINITE, WT_EXECUTEDEFAULT));
    for (int i = 1; i <= 3; i++) {
        SetEvent(event);
        CHECK_EQ(WaitForSingleObject(done, 10000), WAIT_OBJECT_0);
        CHECK_EQ(count, i);
    }
    CHECK(UnregisterWaitEx(wait, INVALID_HANDLE_VALUE));
    SetEvent(event);
    CHECK_EQ(WaitForSingleObject(done, 50), WAIT_TIMEOUT);
    ResetEvent(event);
    CHECK(RegisterWaitForSingleObject(&wait, event, old_wait, done, 20, WT_EXECUTEONLYONCE));
    CHECK_EQ(WaitForSingleObject(done, 10000), WAIT_OBJECT_0);
    CHECK_EQ(count, 103);
    CHECK(UnregisterWaitEx(wait, INVALID_HANDLE_VALUE));
    if (!check_under_wine()) /* Wine looks at the handle when it waits */
        CHECK_ERROR(RegisterWaitForSingleObject(&wait, (HANDLE)0x7ff0, old_wait, done, 20, 0), ERROR_INVALID_HANDLE);
    count = 0;
    queue = CreateTimerQueue();
    CHECK(CreateTimerQueueTimer(&item, queue, old_wait, done, 10, 10, 0));
    CHECK_EQ(WaitForSingleObject(done, 10000), WAIT_OBJECT_0);
    CHECK_EQ(WaitForSingleObject(done, 10000), WAIT_OBJECT_0);
    CHECK(count >= 200);
    CHECK(ChangeTimerQueueTimer(queue, item, 100000, 0));
    CHECK(DeleteTimerQueueTimer(queue, item, INVALID_HANDLE_VALUE));
    CHECK(CreateTimerQueueTimer(&item, NULL, old_wait, done, 5, 0, WT_EXECUTEONLYONCE));
    ResetEvent(done);
    CHECK_EQ(WaitForSingleObject(done, 10000), WAIT_OBJECT_0);
    CHECK(DeleteTimerQueueTimer(NULL, item, INVALID_HANDLE_VALUE));
    CHECK(DeleteTimerQueueEx(queue, INVALID_HANDLE_VALUE));
    CloseHandle(event);
}

int main(void)
{
    done = CreateEventW(NULL, FALSE, FALSE, NULL);
    test_work();
    if (!check_under_wine()) /* Wine makes no more workers than processors while callbacks are short */
        test_blocked();
    test_timer();
    test_wait();
    test_group();
    test_old();
    return check_done();
}
