/*
 * Does a completion port let no more threads work than its limit, and another one when one of them sleeps, ends, comes
 * back, or takes from another port?  And: thread priorities.
 */
#include "check.h"

static HANDLE port;

static DWORD take(HANDLE from, DWORD timeout, ULONG_PTR *key)
{
    DWORD bytes;
    OVERLAPPED *overlapped;

    *key = 0;
    if (GetQueuedCompletionStatus(from, &bytes, key, &overlapped, timeout))
        return 0;
    return GetLastError();
}

struct taker {
    DWORD timeout, error;
    ULONG_PTR key;
    HANDLE go_on; /* NULL, or to be waited for after the taking */
    HANDLE taken;
};

static DWORD WINAPI taker_main(void *argument)
{
    struct taker *taker = argument;

    taker->error = take(port, taker->timeout, &taker->key);
    if (taker->taken)
        SetEvent(taker->taken);
    if (taker->go_on)
        WaitForSingleObject(taker->go_on, INFINITE);
    return 0;
}

/* Another thread takes, without waiting, while this one does not sleep: it looks for the end. */
static DWORD other_takes(ULONG_PTR *key)
{
    struct taker taker = {.timeout = 0};
    HANDLE thread = CreateThread(NULL, 0, taker_main, &taker, 0, NULL);
    DWORD code;

    do
        SwitchToThread();
    while (GetExitCodeThread(thread, &code) && code == STILL_ACTIVE);
    CloseHandle(thread);
    *key = taker.key;
    return taker.error;
}

static void post(ULONG_PTR key)
{
    CHECK(PostQueuedCompletionStatus(port, 0, key, NULL));
}

static void check_limit_of_one(void)
{
    struct taker taker = {.timeout = INFINITE};
    ULONG_PTR key;

    port = CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, 1);
    post(1);
    post(2);
    CHECK_EQ(take(port, 0, &key), 0);
    CHECK_EQ(key, 1);
    if (!check_under_wine()) { /* Wine has no limit */
        CHECK_EQ(other_takes(&key), WAIT_TIMEOUT);
        CHECK_EQ(key, 0);
    }
    CHECK_EQ(take(port, 0, &key), 0);
    CHECK_EQ(key, 2);
    CHECK_EQ(take(port, 0, &key), WAIT_TIMEOUT);
    post(3);
    CHECK_EQ(other_takes(&key), 0); /* who came for more and got nothing does not work */
    CHECK_EQ(key, 3);
    post(4);
    CHECK_EQ(take(port, 0, &key), 0);
    post(5);
    HANDLE thread = CreateThread(NULL, 0, taker_main, &taker, 0, NULL);
    CHECK_EQ(WaitForSingleObject(thread, 5000), WAIT_OBJECT_0); /* sleeping here lets it work */
    CHECK_EQ(taker.error, 0);
    CHECK_EQ(taker.key, 5);
    CloseHandle(thread);
    CloseHandle(port);
}

static void check_limit_of_two(void)
{
    HANDLE go_on = CreateEventW(NULL, TRUE, FALSE, NULL);
    ULONG_PTR key;

    port = CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, 2);
    for (ULONG_PTR i = 1; i <= 6; i++)
        post(i);
    CHECK_EQ(take(port, 0, &key), 0);
    CHECK_EQ(key, 1);
    CHECK_EQ(other_takes(&key), 0); /* the second; it ends */
    CHECK_EQ(key, 2);
    CHECK_EQ(other_takes(&key), 0);
    CHECK_EQ(key, 3);
    struct taker sleeper = {.timeout = 1000, .go_on = go_on, .taken = CreateEventW(NULL, FALSE, FALSE, NULL)};
    HANDLE thread = CreateThread(NULL, 0, taker_main, &sleeper, 0, NULL);
    CHECK_EQ(WaitForSingleObject(sleeper.taken, 5000), WAIT_OBJECT_0);
    CHECK_EQ(sleeper.key, 4);
    SetEvent(go_on);
    CHECK_EQ(WaitForSingleObject(thread, 5000), WAIT_OBJECT_0);
    CHECK_EQ(other_takes(&key), 0);
    CHECK_EQ(key, 5);
    CloseHandle(thread);
    CloseHandle(sleeper.taken);
    CloseHandle(go_on);
    CloseHandle(port);
}

/* Taking from another port ends the work for the first. */
static void check_two_ports(void)
{
    HANDLE second = CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, 1);
    ULONG_PTR key;

    port = CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, 1);
    post(1);
    post(2);
    CHECK_EQ(take(port, 0, &key), 0);
    CHECK(PostQueuedCompletionStatus(second, 0, 9, NULL));
    CHECK_EQ(take(second, 0, &key), 0);
    CHECK_EQ(key, 9);
    CHECK_EQ(other_takes(&key), 0);
    CHECK_EQ(key, 2);
    CloseHandle(port);
    CloseHandle(second);
}

/* Many threads through a narrow port: everything arrives. */
static volatile LONG arrived, sum;

static DWORD WINAPI worker(void *unused)
{
    ULONG_PTR key;

    (void)unused;
    while (take(port, INFINITE, &key) == 0 && key) {
        InterlockedAdd((LONG *)&sum, (LONG)key);
        if (InterlockedIncrement(&arrived) % 50 == 0)
            Sleep(1);
    }
    return 0;
}

static void check_many(void)
{
    HANDLE threads[6];

    port = CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, 1);
    for (int i = 0; i < 6; i++)
        threads[i] = CreateThread(NULL, 0, worker, NULL, 0, NULL);
    for (ULONG_PTR i = 1; i <= 1000; i++)
        PostQueuedCompletionStatus(port, 0, i, NULL);
    for (int i = 0; i < 6; i++)
        post(0);
    CHECK_EQ(WaitForMultipleObjects(6, threads, TRUE, 20000), WAIT_OBJECT_0);
    CHECK_EQ(arrived, 1000);
    CHECK_EQ(sum, 500500);
    for (int i = 0; i < 6; i++)
        CloseHandle(threads[i]);
    CloseHandle(port);
}

static void check_priorities(void)
{
    static const int valid[] = {THREAD_PRIORITY_LOWEST,        THREAD_PRIORITY_BELOW_NORMAL, THREAD_PRIORITY_NORMAL,
                                THREAD_PRIORITY_ABOVE_NORMAL,  THREAD_PRIORITY_HIGHEST,      THREAD_PRIORITY_IDLE,
                                THREAD_PRIORITY_TIME_CRITICAL, THREAD_PRIORITY_NORMAL};

    CHECK_EQ(GetThreadPriority(GetCurrentThread()), THREAD_PRIORITY_NORMAL);
    for (unsigned i = 0; i < sizeof(valid) / sizeof(valid[0]); i++) {
        CHECK(SetThreadPriority(GetCurrentThread(), valid[i]));
        CHECK_EQ(GetThreadPriority(GetCurrentThread()), valid[i]);
    }
    CHECK_ERROR(SetThreadPriority(GetCurrentThread(), 100), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(SetThreadPriority(GetCurrentThread(), -100), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(SetThreadPriority(NULL, 0), ERROR_INVALID_HANDLE);
    CHECK_EQ(GetThreadPriority(NULL), THREAD_PRIORITY_ERROR_RETURN);
    CHECK_EQ(GetThreadPriority(GetCurrentThread()), THREAD_PRIORITY_NORMAL);
}

int main(void)
{
    check_limit_of_one();
    check_limit_of_two();
    check_two_ports();
    check_many();
    check_priorities();
    return check_done();
}
