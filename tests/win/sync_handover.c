/*
 * Does a signal go to who sleeps for it, whoever else comes by at that moment?
 *
 * A thread that was started may not sleep yet when the signal comes, so each case is tried often and must mostly hold.
 */
#include "check.h"

#define ROUNDS 60
#define MOSTLY (ROUNDS * 2 / 3)

static HANDLE object;
static volatile LONG came;

static void start(HANDLE *thread, LPTHREAD_START_ROUTINE run)
{
    *thread = CreateThread(NULL, 0, run, NULL, 0, NULL);
    Sleep(4);
}

static void finish(HANDLE thread)
{
    CHECK_EQ(WaitForSingleObject(thread, 10000), WAIT_OBJECT_0);
    CloseHandle(thread);
}

static DWORD WINAPI wait_once(void *unused)
{
    (void)unused;
    WaitForSingleObject(object, 10000);
    return 0;
}

/* A semaphore or an event that is signalled once: the sleeper has it, so there is nothing left for a look. */
static void test_taken(HANDLE made, BOOL(WINAPI *signal)(HANDLE))
{
    int handed = 0;
    object = made;
    for (int i = 0; i < ROUNDS; i++) {
        HANDLE thread;
        start(&thread, wait_once);
        CHECK(signal(object));
        if (WaitForSingleObject(object, 0) == WAIT_TIMEOUT)
            handed++;
        else
            CHECK(signal(object));
        finish(thread);
    }
    CHECK(handed >= MOSTLY);
    CloseHandle(object);
}

static BOOL WINAPI release_one(HANDLE semaphore)
{
    return ReleaseSemaphore(semaphore, 1, NULL);
}

/* What is released for a sleeper does not count any more: there is room for another one at once. */
static void test_room(void)
{
    int room = 0;
    object = CreateSemaphoreW(NULL, 0, 1, NULL);
    for (int i = 0; i < ROUNDS; i++) {
        HANDLE thread;
        start(&thread, wait_once);
        CHECK(release_one(object));
        room += release_one(object);
        finish(thread);
        WaitForSingleObject(object, 0);
    }
    CHECK(room >= MOSTLY);
    CloseHandle(object);
}

static DWORD WINAPI wait_twice(void *unused)
{
    (void)unused;
    wait_once(unused);
    if (WaitForSingleObject(object, 100) == WAIT_OBJECT_0)
        InterlockedIncrement(&came);
    return 0;
}

/* An event that is set twice: once for the sleeper, and once for its next wait. */
static void test_event_twice(void)
{
    object = CreateEventW(NULL, FALSE, FALSE, NULL);
    came = 0;
    for (int i = 0; i < ROUNDS; i++) {
        HANDLE thread;
        start(&thread, wait_twice);
        CHECK(SetEvent(object));
        CHECK(SetEvent(object));
        finish(thread);
    }
    CHECK(came >= MOSTLY);
    CloseHandle(object);
}

static volatile LONG stop, turns;

/* Holds the mutex nearly always. */
static DWORD WINAPI hold(void *unused)
{
    (void)unused;
    while (!stop) {
        WaitForSingleObject(object, INFINITE);
        for (volatile int i = 0; i < 20000; i++)
            ;
        turns++;
        ReleaseMutex(object);
    }
    return 0;
}

/* Who sleeps for a mutex has it after the holder's turn, or the next one. */
static void test_mutex_turns(void)
{
    HANDLE thread;
    int soon = 0;
    object = CreateMutexW(NULL, FALSE, NULL);
    stop = turns = 0;
    start(&thread, hold);
    for (int i = 0; i < ROUNDS; i++) {
        LONG before = turns;
        CHECK_EQ(WaitForSingleObject(object, 10000), WAIT_OBJECT_0);
        soon += turns - before <= 2;
        ReleaseMutex(object);
        Sleep(0);
    }
    CHECK(soon >= MOSTLY);
    stop = 1;
    finish(thread);
    CloseHandle(object);
}

/* A barrier of two turnstiles: who leaves the first one must not come round and take it again. */
static HANDLE turnstiles[2];
static CRITICAL_SECTION section;
static LONG inside;
#define THREADS 3

static void pass(int which)
{
    EnterCriticalSection(&section);
    inside += which ? -1 : 1;
    if (inside == (which ? 0 : THREADS)) {
        WaitForSingleObject(turnstiles[!which], 10000);
        ReleaseSemaphore(turnstiles[which], 1, NULL);
    }
    LeaveCriticalSection(&section);
    WaitForSingleObject(turnstiles[which], 10000);
    if (!ReleaseSemaphore(turnstiles[which], 1, NULL))
        InterlockedIncrement(&came);
}

static DWORD WINAPI pass_often(void *unused)
{
    (void)unused;
    for (int i = 0; i < ROUNDS; i++) {
        pass(0);
        pass(1);
    }
    return 0;
}

static void test_barrier(void)
{
    HANDLE threads[THREADS];
    InitializeCriticalSection(&section);
    turnstiles[0] = CreateSemaphoreW(NULL, 0, 1, NULL);
    turnstiles[1] = CreateSemaphoreW(NULL, 1, 1, NULL);
    came = inside = 0;
    for (int i = 0; i < THREADS; i++)
        threads[i] = CreateThread(NULL, 0, pass_often, NULL, 0, NULL);
    for (int i = 0; i < THREADS; i++)
        finish(threads[i]);
    CHECK_EQ(came, 0);
    CHECK_EQ(inside, 0);
    DeleteCriticalSection(&section);
    CloseHandle(turnstiles[0]);
    CloseHandle(turnstiles[1]);
}

int main(void)
{
    test_taken(CreateSemaphoreW(NULL, 0, 10, NULL), release_one);
    test_taken(CreateEventW(NULL, FALSE, FALSE, NULL), SetEvent);
    test_room();
    test_event_twice();
    test_mutex_turns();
    test_barrier();
    return check_done();
}
