/* Do waitable timers fire once, periodically, with APCs, and in time? */
#include "check.h"

static ULONGLONG now(void)
{
    LARGE_INTEGER t, f;
    QueryPerformanceCounter(&t);
    QueryPerformanceFrequency(&f);
    return t.QuadPart * 1000 / f.QuadPart;
}

static LARGE_INTEGER milliseconds(int n)
{
    LARGE_INTEGER due = {.QuadPart = -10000LL * n};
    return due;
}

static void test_once(BOOL manual)
{
    HANDLE t = CreateWaitableTimerW(NULL, manual, NULL);
    LARGE_INTEGER due = milliseconds(50);
    ULONGLONG begin = now();
    CHECK_EQ(WaitForSingleObject(t, 0), WAIT_TIMEOUT);
    CHECK(SetWaitableTimer(t, &due, 0, NULL, NULL, FALSE));
    CHECK_EQ(WaitForSingleObject(t, 0), WAIT_TIMEOUT);
    CHECK_EQ(WaitForSingleObject(t, 5000), WAIT_OBJECT_0);
    CHECK(now() - begin >= 45);
    CHECK_EQ(WaitForSingleObject(t, 0), manual ? WAIT_OBJECT_0 : WAIT_TIMEOUT);
    due = milliseconds(5000);
    CHECK(SetWaitableTimer(t, &due, 0, NULL, NULL, FALSE));
    CHECK_EQ(WaitForSingleObject(t, 20), WAIT_TIMEOUT); /* setting resets */
    CHECK(CancelWaitableTimer(t));
    due.QuadPart = 0;
    CHECK(SetWaitableTimer(t, &due, 0, NULL, NULL, FALSE));
    CHECK_EQ(WaitForSingleObject(t, 5000), WAIT_OBJECT_0);
    CloseHandle(t);
}

static void test_periodic(void)
{
    HANDLE t = CreateWaitableTimerExW(NULL, NULL, 0, TIMER_ALL_ACCESS);
    LARGE_INTEGER due = milliseconds(10);
    CHECK(SetWaitableTimer(t, &due, 20, NULL, NULL, FALSE));
    ULONGLONG begin = now();
    for (int i = 0; i < 4; i++)
        CHECK_EQ(WaitForSingleObject(t, 5000), WAIT_OBJECT_0);
    CHECK(now() - begin >= 50);
    CHECK(CancelWaitableTimer(t));
    WaitForSingleObject(t, 0);
    CHECK_EQ(WaitForSingleObject(t, 60), WAIT_TIMEOUT);
    if (!check_under_wine()) /* Wine takes it */
        CHECK_ERROR(SetWaitableTimer(t, &due, -1, NULL, NULL, FALSE), ERROR_INVALID_PARAMETER);
    CloseHandle(t);
}

static void test_absolute(void)
{
    HANDLE t = CreateWaitableTimerW(NULL, TRUE, NULL);
    FILETIME time;
    LARGE_INTEGER due;
    GetSystemTimeAsFileTime(&time);
    due.LowPart = time.dwLowDateTime;
    due.HighPart = time.dwHighDateTime;
    due.QuadPart += 500000;
    ULONGLONG begin = now();
    CHECK(SetWaitableTimer(t, &due, 0, NULL, NULL, FALSE));
    CHECK_EQ(WaitForSingleObject(t, 5000), WAIT_OBJECT_0);
    CHECK(now() - begin >= 30);
    CloseHandle(t);
}

static int apcs;

static void CALLBACK timer_apc(void *argument, DWORD low, DWORD high)
{
    apcs += *(int *)argument;
    CHECK(low || high);
}

static void test_apc(void)
{
    HANDLE t = CreateWaitableTimerW(NULL, FALSE, NULL);
    LARGE_INTEGER due = milliseconds(20);
    int step = 3;
    CHECK(SetWaitableTimer(t, &due, 0, timer_apc, &step, FALSE));
    CHECK_EQ(SleepEx(5000, TRUE), WAIT_IO_COMPLETION);
    CHECK_EQ(apcs, 3);
    CHECK_EQ(SleepEx(10, TRUE), 0);
    CloseHandle(t);
}

static void test_names(void)
{
    HANDLE t = CreateWaitableTimerA(NULL, TRUE, "winrun test timer"), other;
    CHECK(t != NULL);
    other = OpenWaitableTimerW(TIMER_ALL_ACCESS, FALSE, L"winrun test timer");
    CHECK(other != NULL);
    CHECK_ERROR(CreateEventA(NULL, TRUE, FALSE, "winrun test timer"), ERROR_INVALID_HANDLE);
    CHECK_ERROR(SetEvent(t), ERROR_INVALID_HANDLE);
    CloseHandle(t);
    CloseHandle(other);
    CHECK_ERROR(OpenWaitableTimerW(TIMER_ALL_ACCESS, FALSE, L"winrun test timer"), ERROR_FILE_NOT_FOUND);
}

static DWORD WINAPI set_later(void *timer)
{
    LARGE_INTEGER due = milliseconds(10);

    Sleep(10);
    return !SetWaitableTimer(timer, &due, 0, NULL, NULL, FALSE);
}

/* It goes off whether somebody waits or not, and however one looks at it. */
static void test_looks(BOOL manual)
{
    HANDLE event = CreateEventW(NULL, TRUE, FALSE, NULL), thread, t;
    LARGE_INTEGER due = milliseconds(5), late = milliseconds(5000);

    for (int several = 0; several < 2; several++) {
        HANDLE both[2] = {event, t = CreateWaitableTimerW(NULL, manual, NULL)};

        CHECK(SetWaitableTimer(t, &due, 0, NULL, NULL, FALSE));
        Sleep(30); /* nobody looks */
        CHECK_EQ(several ? WaitForMultipleObjects(2, both, FALSE, 0) : WaitForSingleObject(t, 0),
                 several ? WAIT_OBJECT_0 + 1 : WAIT_OBJECT_0);
        CHECK(SetWaitableTimer(t, &late, 0, NULL, NULL, FALSE));
        thread = CreateThread(NULL, 0, set_later, t, 0, NULL); /* earlier, while it is waited for */
        CHECK_EQ(several ? WaitForMultipleObjects(2, both, FALSE, 3000) : WaitForSingleObject(t, 3000),
                 several ? WAIT_OBJECT_0 + 1 : WAIT_OBJECT_0);
        WaitForSingleObject(thread, INFINITE);
        CloseHandle(thread);
        CHECK(SetWaitableTimer(t, &due, 0, NULL, NULL, FALSE));
        Sleep(30);
        CHECK(CancelWaitableTimer(t)); /* too late to take it back */
        CHECK_EQ(WaitForSingleObject(t, 0), WAIT_OBJECT_0);
        CHECK(SetWaitableTimer(t, &due, 0, NULL, NULL, FALSE));
        CHECK_EQ(several ? WaitForMultipleObjects(2, both, FALSE, 3000) : WaitForSingleObject(t, 3000),
                 several ? WAIT_OBJECT_0 + 1 : WAIT_OBJECT_0);
        CHECK(SetWaitableTimer(t, &late, 0, NULL, NULL, FALSE));
        CHECK_EQ(several ? WaitForMultipleObjects(2, both, FALSE, 5) : WaitForSingleObject(t, 5), WAIT_TIMEOUT);
        CloseHandle(t);
    }
    CloseHandle(event);
}

int main(void)
{
    test_looks(TRUE);
    test_looks(FALSE);
    test_once(TRUE);
    test_once(FALSE);
    test_periodic();
    test_absolute();
    test_apc();
    test_names();
    return check_done();
}
