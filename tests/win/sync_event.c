/* Do events and semaphores keep their states, limits, names and errors? */
#include "check.h"

static void test_manual(void)
{
    HANDLE e = CreateEventW(NULL, TRUE, FALSE, NULL);
    CHECK(e != NULL);
    CHECK_EQ(((ULONG_PTR)e) & 3, 0);
    CHECK_EQ(WaitForSingleObject(e, 0), WAIT_TIMEOUT);
    CHECK(SetEvent(e));
    CHECK(SetEvent(e));
    CHECK_EQ(WaitForSingleObject(e, 0), WAIT_OBJECT_0);
    CHECK_EQ(WaitForSingleObject(e, 0), WAIT_OBJECT_0);
    CHECK(ResetEvent(e));
    CHECK_EQ(WaitForSingleObject(e, 0), WAIT_TIMEOUT);
    CHECK(PulseEvent(e));
    CHECK_EQ(WaitForSingleObject(e, 0), WAIT_TIMEOUT);
    CHECK(CloseHandle(e));
    CHECK_ERROR(CloseHandle(e), ERROR_INVALID_HANDLE);
    CHECK_ERROR(SetEvent(e), ERROR_INVALID_HANDLE);
    SetLastError(0);
    CHECK_EQ(WaitForSingleObject(e, 0), WAIT_FAILED);
    CHECK_EQ(GetLastError(), ERROR_INVALID_HANDLE);
}

static void test_auto(void)
{
    HANDLE e = CreateEventA(NULL, FALSE, TRUE, NULL);
    CHECK_EQ(WaitForSingleObject(e, 0), WAIT_OBJECT_0);
    CHECK_EQ(WaitForSingleObject(e, 10), WAIT_TIMEOUT);
    CHECK(SetEvent(e));
    CHECK_EQ(WaitForSingleObject(e, INFINITE), WAIT_OBJECT_0);
    CHECK(PulseEvent(e));
    CHECK_EQ(WaitForSingleObject(e, 0), WAIT_TIMEOUT);
    CloseHandle(e);
}

static void test_names(void)
{
    HANDLE a, b;
    SetLastError(1);
    a = CreateEventW(NULL, TRUE, FALSE, L"winrun test event");
    CHECK(a != NULL);
    CHECK_EQ(GetLastError(), 0);
    b = CreateEventW(NULL, FALSE, TRUE, L"winrun test event");
    CHECK(b != NULL && b != a);
    CHECK_EQ(GetLastError(), ERROR_ALREADY_EXISTS);
    CHECK(SetEvent(a));
    CHECK_EQ(WaitForSingleObject(b, 0), WAIT_OBJECT_0);
    CHECK_EQ(WaitForSingleObject(b, 0), WAIT_OBJECT_0); /* still the manual one */
    CloseHandle(b);
    b = OpenEventA(EVENT_ALL_ACCESS, FALSE, "winrun test event");
    CHECK(b != NULL);
    CloseHandle(b);
    b = OpenEventW(EVENT_ALL_ACCESS, FALSE, L"Local\\winrun test event");
    CHECK(b != NULL);
    CloseHandle(b);
    CHECK_ERROR(OpenEventW(EVENT_ALL_ACCESS, FALSE, L"WINRUN TEST EVENT"), ERROR_FILE_NOT_FOUND);
    CHECK_ERROR(OpenEventW(EVENT_ALL_ACCESS, FALSE, NULL), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(CreateMutexW(NULL, FALSE, L"winrun test event"), ERROR_INVALID_HANDLE);
    CHECK_ERROR(CreateSemaphoreW(NULL, 0, 1, L"winrun test event"), ERROR_INVALID_HANDLE);
    CHECK_ERROR(OpenMutexW(SYNCHRONIZE, FALSE, L"winrun test event"), ERROR_INVALID_HANDLE);
    CHECK_ERROR(CreateEventW(NULL, FALSE, FALSE, L"no such\\directory"), ERROR_PATH_NOT_FOUND);
    CloseHandle(a);
    CHECK_ERROR(OpenEventA(EVENT_ALL_ACCESS, FALSE, "winrun test event"), ERROR_FILE_NOT_FOUND);
}

static void test_access(void)
{
    HANDLE full = CreateEventW(NULL, TRUE, FALSE, L"winrun access");
    HANDLE wait = OpenEventW(SYNCHRONIZE, FALSE, L"winrun access");
    HANDLE set = CreateEventExW(NULL, L"winrun access", 0, EVENT_MODIFY_STATE);
    CHECK_ERROR(SetEvent(wait), ERROR_ACCESS_DENIED);
    CHECK_EQ(WaitForSingleObject(wait, 0), WAIT_TIMEOUT);
    CHECK(SetEvent(set));
    SetLastError(0);
    CHECK_EQ(WaitForSingleObject(set, 0), WAIT_FAILED);
    CHECK_EQ(GetLastError(), ERROR_ACCESS_DENIED);
    CHECK_EQ(WaitForSingleObject(wait, 0), WAIT_OBJECT_0);
    CHECK_ERROR(ReleaseMutex(full), ERROR_INVALID_HANDLE);
    CHECK_ERROR(ReleaseSemaphore(full, 1, NULL), ERROR_INVALID_HANDLE);
    CloseHandle(full);
    CloseHandle(wait);
    CloseHandle(set);
}

static void test_semaphore(void)
{
    LONG previous = -1;
    HANDLE s = CreateSemaphoreW(NULL, 2, 3, NULL);
    CHECK_EQ(WaitForSingleObject(s, 0), WAIT_OBJECT_0);
    CHECK_EQ(WaitForSingleObject(s, 0), WAIT_OBJECT_0);
    CHECK_EQ(WaitForSingleObject(s, 0), WAIT_TIMEOUT);
    CHECK(ReleaseSemaphore(s, 1, &previous));
    CHECK_EQ(previous, 0);
    CHECK(ReleaseSemaphore(s, 2, &previous));
    CHECK_EQ(previous, 1);
    previous = 77;
    CHECK_ERROR(ReleaseSemaphore(s, 1, &previous), ERROR_TOO_MANY_POSTS);
    CHECK_EQ(previous, 77);
    if (!check_under_wine()) { /* Wine allows 0 and calls -1 too many */
        CHECK_ERROR(ReleaseSemaphore(s, 0, &previous), ERROR_INVALID_PARAMETER);
        CHECK_ERROR(ReleaseSemaphore(s, -1, &previous), ERROR_INVALID_PARAMETER);
    }
    CloseHandle(s);
    CHECK_ERROR(CreateSemaphoreW(NULL, 2, 1, NULL), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(CreateSemaphoreW(NULL, 0, 0, NULL), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(CreateSemaphoreW(NULL, -1, 1, NULL), ERROR_INVALID_PARAMETER);
    s = CreateSemaphoreA(NULL, 0, 0x7fffffff, NULL);
    CHECK(ReleaseSemaphore(s, 0x7fffffff, &previous));
    CHECK_EQ(previous, 0);
    CHECK_ERROR(ReleaseSemaphore(s, 1, NULL), ERROR_TOO_MANY_POSTS);
    CHECK_EQ(WaitForSingleObject(s, 0), WAIT_OBJECT_0);
    CloseHandle(s);
}

static HANDLE start, released;
static volatile LONG woken;

static DWORD WINAPI sleeper(void *event)
{
    ReleaseSemaphore(start, 1, NULL);
    if (WaitForSingleObject(event, 5000) == WAIT_OBJECT_0)
        InterlockedIncrement(&woken);
    ReleaseSemaphore(released, 1, NULL);
    return 0;
}

/* Set and reset at once releases all who wait: programs build condition variables from it. */
static void test_set_reset(void)
{
    HANDLE threads[4], e = CreateEventW(NULL, TRUE, FALSE, NULL);
    start = CreateSemaphoreW(NULL, 0, 100, NULL);
    released = CreateSemaphoreW(NULL, 0, 100, NULL);
    woken = 0;
    for (int i = 0; i < 4; i++)
        threads[i] = CreateThread(NULL, 0, sleeper, e, 0, NULL);
    for (int i = 0; i < 4; i++)
        WaitForSingleObject(start, INFINITE);
    Sleep(100);
    SetEvent(e);
    ResetEvent(e);
    CHECK_EQ(WaitForMultipleObjects(4, threads, TRUE, 10000), WAIT_OBJECT_0);
    CHECK_EQ(woken, 4);
    for (int i = 0; i < 4; i++)
        CloseHandle(threads[i]);
    CloseHandle(e);
}

/* One signal of an auto-reset event releases one. */
static void test_one(void)
{
    HANDLE threads[4], e = CreateEventW(NULL, FALSE, FALSE, NULL);
    woken = 0;
    while (WaitForSingleObject(released, 0) == WAIT_OBJECT_0)
        ;
    for (int i = 0; i < 4; i++)
        threads[i] = CreateThread(NULL, 0, sleeper, e, 0, NULL);
    for (int i = 0; i < 4; i++)
        WaitForSingleObject(start, INFINITE);
    for (int i = 1; i <= 4; i++) {
        SetEvent(e);
        CHECK_EQ(WaitForSingleObject(released, 5000), WAIT_OBJECT_0);
        CHECK_EQ(woken, i);
    }
    CHECK_EQ(WaitForMultipleObjects(4, threads, TRUE, 5000), WAIT_OBJECT_0);
    for (int i = 0; i < 4; i++)
        CloseHandle(threads[i]);
    CloseHandle(e);
}

int main(void)
{
    test_manual();
    test_auto();
    test_names();
    test_access();
    test_semaphore();
    test_set_reset();
    test_one();
    return check_done();
}
