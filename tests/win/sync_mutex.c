/* Do mutexes count, belong to threads, and become abandoned? */
#include "check.h"

static HANDLE mutex;

static DWORD WINAPI try_thread(void *arg)
{
    (void)arg;
    return WaitForSingleObject(mutex, 0);
}

static DWORD WINAPI release_thread(void *arg)
{
    (void)arg;
    SetLastError(0);
    return ReleaseMutex(mutex) ? 0 : GetLastError();
}

static DWORD WINAPI abandon_thread(void *arg)
{
    (void)arg;
    WaitForSingleObject(mutex, INFINITE);
    return WaitForSingleObject(mutex, INFINITE);
}

static DWORD run(LPTHREAD_START_ROUTINE function)
{
    DWORD code = ~0u;
    HANDLE thread = CreateThread(NULL, 0, function, NULL, 0, NULL);
    WaitForSingleObject(thread, INFINITE);
    GetExitCodeThread(thread, &code);
    CloseHandle(thread);
    return code;
}

static void test_recursion(void)
{
    mutex = CreateMutexW(NULL, TRUE, NULL);
    CHECK_EQ(WaitForSingleObject(mutex, 0), WAIT_OBJECT_0);
    CHECK_EQ(WaitForSingleObject(mutex, 0), WAIT_OBJECT_0);
    CHECK_EQ(run(try_thread), WAIT_TIMEOUT);
    CHECK_EQ(run(release_thread), ERROR_NOT_OWNER);
    CHECK(ReleaseMutex(mutex));
    CHECK(ReleaseMutex(mutex));
    CHECK_EQ(run(try_thread), WAIT_TIMEOUT);
    CHECK(ReleaseMutex(mutex));
    CHECK_ERROR(ReleaseMutex(mutex), ERROR_NOT_OWNER);
    CloseHandle(mutex);
}

static void test_abandoned(void)
{
    HANDLE event = CreateEventW(NULL, TRUE, TRUE, NULL), both[2];
    mutex = CreateMutexW(NULL, FALSE, NULL);
    CHECK_EQ(run(abandon_thread), WAIT_OBJECT_0);
    CHECK_EQ(WaitForSingleObject(mutex, 1000), WAIT_ABANDONED);
    CHECK_EQ(WaitForSingleObject(mutex, 0), WAIT_OBJECT_0);
    CHECK(ReleaseMutex(mutex));
    CHECK(ReleaseMutex(mutex));
    CHECK_EQ(run(abandon_thread), WAIT_OBJECT_0);
    both[0] = CreateEventW(NULL, TRUE, FALSE, NULL);
    both[1] = mutex;
    CHECK_EQ(WaitForMultipleObjects(2, both, FALSE, 1000), WAIT_ABANDONED_0 + 1);
    CHECK(ReleaseMutex(mutex));
    CloseHandle(both[0]);
    CHECK_EQ(run(abandon_thread), WAIT_OBJECT_0);
    both[0] = event;
    CHECK_EQ(WaitForMultipleObjects(2, both, TRUE, 1000), WAIT_ABANDONED_0);
    CHECK(ReleaseMutex(mutex));
    CHECK_EQ(WaitForMultipleObjects(2, both, TRUE, 1000), WAIT_OBJECT_0);
    CHECK(ReleaseMutex(mutex));
    CloseHandle(event);
    CloseHandle(mutex);
}

static void test_names(void)
{
    HANDLE other;
    mutex = CreateMutexA(NULL, TRUE, "winrun test mutex");
    CHECK_EQ(GetLastError(), 0);
    other = CreateMutexA(NULL, TRUE, "winrun test mutex");
    CHECK_EQ(GetLastError(), ERROR_ALREADY_EXISTS);
    CHECK(ReleaseMutex(other)); /* one ownership: the second creation took none */
    CHECK_ERROR(ReleaseMutex(mutex), ERROR_NOT_OWNER);
    CloseHandle(other);
    other = OpenMutexA(SYNCHRONIZE, FALSE, "winrun test mutex");
    CHECK_EQ(WaitForSingleObject(other, 0), WAIT_OBJECT_0);
    CHECK(ReleaseMutex(mutex));
    CloseHandle(other);
    CloseHandle(mutex);
    mutex = CreateMutexExW(NULL, NULL, CREATE_MUTEX_INITIAL_OWNER, MUTEX_ALL_ACCESS);
    CHECK(ReleaseMutex(mutex));
    CloseHandle(mutex);
}

static LONG shared;

static DWORD WINAPI worker(void *arg)
{
    for (int i = 0; i < 2000; i++) {
        WaitForSingleObject(mutex, INFINITE);
        LONG copy = shared;
        if (i % 64 == 0)
            SwitchToThread();
        shared = copy + 1;
        ReleaseMutex(mutex);
    }
    (void)arg;
    return 0;
}

static void test_exclusion(void)
{
    HANDLE threads[4];
    mutex = CreateMutexW(NULL, FALSE, NULL);
    for (int i = 0; i < 4; i++)
        threads[i] = CreateThread(NULL, 0, worker, NULL, 0, NULL);
    CHECK_EQ(WaitForMultipleObjects(4, threads, TRUE, 60000), WAIT_OBJECT_0);
    CHECK_EQ(shared, 8000);
    for (int i = 0; i < 4; i++)
        CloseHandle(threads[i]);
    CloseHandle(mutex);
}

int main(void)
{
    test_recursion();
    test_abandoned();
    test_names();
    test_exclusion();
    return check_done();
}
