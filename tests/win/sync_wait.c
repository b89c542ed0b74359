/* Do waits for one, any and all objects take exactly what they should, in time? */
#include "check.h"

static void test_any(void)
{
    HANDLE h[3];
    for (int i = 0; i < 3; i++)
        h[i] = CreateEventW(NULL, FALSE, FALSE, NULL);
    CHECK_EQ(WaitForMultipleObjects(3, h, FALSE, 0), WAIT_TIMEOUT);
    SetEvent(h[2]);
    SetEvent(h[1]);
    CHECK_EQ(WaitForMultipleObjects(3, h, FALSE, 1000), WAIT_OBJECT_0 + 1);
    CHECK_EQ(WaitForMultipleObjects(3, h, FALSE, 1000), WAIT_OBJECT_0 + 2);
    CHECK_EQ(WaitForMultipleObjects(3, h, FALSE, 20), WAIT_TIMEOUT);
    SetEvent(h[0]);
    SetEvent(h[1]);
    CHECK_EQ(WaitForMultipleObjects(3, h, TRUE, 0), WAIT_TIMEOUT);
    CHECK_EQ(WaitForSingleObject(h[0], 0), WAIT_OBJECT_0); /* a wait for all that fails takes nothing */
    SetEvent(h[0]);
    SetEvent(h[2]);
    CHECK_EQ(WaitForMultipleObjects(3, h, TRUE, 0), WAIT_OBJECT_0);
    for (int i = 0; i < 3; i++) {
        CHECK_EQ(WaitForSingleObject(h[i], 0), WAIT_TIMEOUT);
        CloseHandle(h[i]);
    }
}

static void test_misuse(void)
{
    HANDLE h[MAXIMUM_WAIT_OBJECTS + 1];
    for (int i = 0; i <= MAXIMUM_WAIT_OBJECTS; i++)
        h[i] = CreateEventW(NULL, TRUE, i == MAXIMUM_WAIT_OBJECTS - 1, NULL);
    CHECK_EQ(WaitForMultipleObjects(MAXIMUM_WAIT_OBJECTS, h, FALSE, 0), WAIT_OBJECT_0 + MAXIMUM_WAIT_OBJECTS - 1);
    SetLastError(0);
    CHECK_EQ(WaitForMultipleObjects(MAXIMUM_WAIT_OBJECTS + 1, h, FALSE, 0), WAIT_FAILED);
    CHECK_EQ(GetLastError(), ERROR_INVALID_PARAMETER);
    SetLastError(0);
    CHECK_EQ(WaitForMultipleObjects(0, h, FALSE, 0), WAIT_FAILED);
    CHECK_EQ(GetLastError(), ERROR_INVALID_PARAMETER);
    HANDLE twice[2] = {h[0], h[0]};
    if (!check_under_wine()) { /* Wine allows it */
        SetLastError(0);
        CHECK_EQ(WaitForMultipleObjects(2, twice, TRUE, 0), WAIT_FAILED);
        CHECK_EQ(GetLastError(), ERROR_INVALID_PARAMETER);
    }
    CHECK_EQ(WaitForMultipleObjects(2, twice, FALSE, 0), WAIT_TIMEOUT);
    HANDLE bad[2] = {h[0], (HANDLE)0xdeadbee0};
    SetLastError(0);
    CHECK_EQ(WaitForMultipleObjects(2, bad, FALSE, 0), WAIT_FAILED);
    CHECK_EQ(GetLastError(), ERROR_INVALID_HANDLE);
    SetLastError(0);
    CHECK_EQ(WaitForSingleObject(NULL, 0), WAIT_FAILED);
    CHECK_EQ(GetLastError(), ERROR_INVALID_HANDLE);
    for (int i = 0; i <= MAXIMUM_WAIT_OBJECTS; i++)
        CloseHandle(h[i]);
}

static ULONGLONG now(void)
{
    LARGE_INTEGER t, f;
    QueryPerformanceCounter(&t);
    QueryPerformanceFrequency(&f);
    return t.QuadPart * 1000 / f.QuadPart;
}

static void test_time(void)
{
    HANDLE e = CreateEventW(NULL, TRUE, FALSE, NULL);
    ULONGLONG begin = now();
    CHECK_EQ(WaitForSingleObject(e, 60), WAIT_TIMEOUT);
    CHECK(now() - begin >= 55 && now() - begin < 2000);
    begin = now();
    Sleep(60);
    CHECK(now() - begin >= 55 && now() - begin < 2000);
    begin = now();
    CHECK_EQ(SleepEx(30, TRUE), 0);
    CHECK(now() - begin >= 25 && now() - begin < 2000);
    Sleep(0);
    CloseHandle(e);
}

static HANDLE left, right;
static volatile LONG rounds;

/* Each takes both or none: with single takes in between, two such threads would end in a deadlock. */
static DWORD WINAPI taker(void *reverse)
{
    HANDLE h[2] = {reverse ? right : left, reverse ? left : right};
    for (int i = 0; i < 2000; i++) {
        if (WaitForMultipleObjects(2, h, TRUE, 20000) != WAIT_OBJECT_0)
            return 1;
        InterlockedIncrement(&rounds);
        SetEvent(h[0]);
        SetEvent(h[1]);
    }
    return 0;
}

static void test_all_atomic(void)
{
    HANDLE threads[4];
    left = CreateEventW(NULL, FALSE, TRUE, NULL);
    right = CreateEventW(NULL, FALSE, TRUE, NULL);
    for (int i = 0; i < 4; i++)
        threads[i] = CreateThread(NULL, 0, taker, (void *)(ULONG_PTR)(i % 2), 0, NULL);
    CHECK_EQ(WaitForMultipleObjects(4, threads, TRUE, 60000), WAIT_OBJECT_0);
    CHECK_EQ(rounds, 8000);
    for (int i = 0; i < 4; i++)
        CloseHandle(threads[i]);
}

static DWORD WINAPI ponger(void *arg)
{
    HANDLE *h = arg;
    for (int i = 0; i < 1000; i++)
        SignalObjectAndWait(h[1], h[0], INFINITE, FALSE);
    SetEvent(h[1]);
    return 0;
}

static void test_signal_and_wait(void)
{
    HANDLE h[2] = {CreateEventW(NULL, FALSE, FALSE, NULL), CreateEventW(NULL, FALSE, FALSE, NULL)};
    HANDLE thread = CreateThread(NULL, 0, ponger, h, 0, NULL);
    CHECK_EQ(WaitForSingleObject(h[1], 5000), WAIT_OBJECT_0);
    int i;
    for (i = 0; i < 1000; i++)
        if (SignalObjectAndWait(h[0], h[1], 5000, FALSE) != WAIT_OBJECT_0)
            break;
    CHECK_EQ(i, 1000);
    CHECK_EQ(WaitForSingleObject(thread, 5000), WAIT_OBJECT_0);
    SetLastError(0);
    HANDLE s = CreateSemaphoreW(NULL, 1, 1, NULL);
    CHECK_EQ(SignalObjectAndWait(s, h[0], 0, FALSE), WAIT_FAILED);
    CHECK_EQ(GetLastError(), ERROR_TOO_MANY_POSTS);
    CHECK_EQ(SignalObjectAndWait(thread, h[0], 0, FALSE), WAIT_FAILED);
    CHECK_EQ(GetLastError(), ERROR_INVALID_HANDLE);
    CHECK_EQ(SignalObjectAndWait(h[0], h[0], 0, FALSE), WAIT_OBJECT_0);
    CloseHandle(s);
    CloseHandle(thread);
}

static volatile LONG apcs;

static void CALLBACK apc(ULONG_PTR arg)
{
    apcs += (LONG)arg;
}

static DWORD WINAPI alertable(void *event)
{
    return WaitForSingleObjectEx(event, 20000, TRUE);
}

static void test_alertable(void)
{
    HANDLE e = CreateEventW(NULL, FALSE, FALSE, NULL), two[2] = {e, CreateEventW(NULL, FALSE, FALSE, NULL)};
    DWORD code;
    CHECK(QueueUserAPC(apc, GetCurrentThread(), 1));
    CHECK_EQ(WaitForSingleObjectEx(e, 0, FALSE), WAIT_TIMEOUT);
    CHECK_EQ(apcs, 0);
    CHECK_EQ(WaitForSingleObjectEx(e, 0, TRUE), WAIT_IO_COMPLETION);
    CHECK_EQ(apcs, 1);
    QueueUserAPC(apc, GetCurrentThread(), 2);
    QueueUserAPC(apc, GetCurrentThread(), 4);
    CHECK_EQ(SleepEx(0, TRUE), WAIT_IO_COMPLETION);
    CHECK_EQ(apcs, 7);
    CHECK_EQ(SleepEx(0, TRUE), 0);
    QueueUserAPC(apc, GetCurrentThread(), 8);
    CHECK_EQ(WaitForMultipleObjectsEx(2, two, TRUE, 1000, TRUE), WAIT_IO_COMPLETION);
    CHECK_EQ(apcs, 15);
    HANDLE thread = CreateThread(NULL, 0, alertable, e, 0, NULL);
    Sleep(50);
    QueueUserAPC(apc, thread, 16);
    CHECK_EQ(WaitForSingleObject(thread, 5000), WAIT_OBJECT_0);
    CHECK(GetExitCodeThread(thread, &code));
    CHECK_EQ(code, WAIT_IO_COMPLETION);
    CHECK_EQ(apcs, 31);
    CloseHandle(thread);
}

int main(void)
{
    test_any();
    test_misuse();
    test_time();
    test_all_atomic();
    test_signal_and_wait();
    test_alertable();
    return check_done();
}
