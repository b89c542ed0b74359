/* Can a running thread be stopped, looked at, changed and let go, wherever it is? */
#include "check.h"

static volatile LONG64 counter;
static volatile LONG stop, redirected;

__attribute__((noinline)) static DWORD WINAPI spin(void *unused)
{
    (void)unused;
    while (!stop)
        counter++;
    return 1;
}

static DWORD WINAPI sleep_long(void *event)
{
    return WaitForSingleObject(event, INFINITE);
}

static void go_here(void)
{
    redirected = 1;
    ExitThread(33);
}

static void test_spinning(void)
{
    HANDLE thread = CreateThread(NULL, 0, spin, NULL, 0, NULL);
    CONTEXT context = {.ContextFlags = CONTEXT_FULL};
    LONG64 before, seen = 0;
    DWORD code;

    while (!counter)
        Sleep(1);
    for (int i = 0; i < 100; i++) {
        CHECK_EQ(SuspendThread(thread), 0);
        before = counter;
        if (i % 20 == 0)
            Sleep(5);
        CHECK_EQ(counter, before);
        CHECK(GetThreadContext(thread, &context));
        seen += context.Rip >= (ULONG_PTR)spin && context.Rip < (ULONG_PTR)spin + 100;
        CHECK_EQ(ResumeThread(thread), 1);
    }
    CHECK_EQ(seen, 100);
    CHECK_EQ(context.SegCs, 0x33);
    CHECK_EQ(SuspendThread(thread), 0);
    CHECK_EQ(SuspendThread(thread), 1);
    CHECK_EQ(ResumeThread(thread), 2);
    context.ContextFlags = CONTEXT_CONTROL;
    CHECK(GetThreadContext(thread, &context));
    context.Rip = (ULONG_PTR)go_here;
    context.Rsp = (context.Rsp - 256) & ~15ull;
    context.Rsp -= 8;
    CHECK(SetThreadContext(thread, &context));
    CHECK_EQ(redirected, 0);
    CHECK_EQ(ResumeThread(thread), 1);
    CHECK_EQ(ResumeThread(thread), 0);
    CHECK_EQ(WaitForSingleObject(thread, 5000), WAIT_OBJECT_0);
    CHECK_EQ(redirected, 1);
    CHECK(GetExitCodeThread(thread, &code));
    CHECK_EQ(code, 33);
    CloseHandle(thread);
}

static void test_blocked(void)
{
    HANDLE event = CreateEventW(NULL, FALSE, FALSE, NULL);
    HANDLE thread = CreateThread(NULL, 0, sleep_long, event, 0, NULL);
    CONTEXT context = {.ContextFlags = CONTEXT_FULL};

    Sleep(20);
    CHECK_EQ(SuspendThread(thread), 0);
    CHECK(GetThreadContext(thread, &context));
    CHECK(context.Rip != 0 && context.Rsp != 0);
    SetEvent(event);
    CHECK_EQ(WaitForSingleObject(thread, 50), WAIT_TIMEOUT);
    CHECK_EQ(ResumeThread(thread), 1);
    CHECK_EQ(WaitForSingleObject(thread, 5000), WAIT_OBJECT_0);
    CloseHandle(thread);
}

static void test_created_suspended(void)
{
    HANDLE thread;
    CONTEXT context = {.ContextFlags = CONTEXT_FULL};

    stop = 1;
    thread = CreateThread(NULL, 0, spin, (void *)5, CREATE_SUSPENDED, NULL);
    CHECK_EQ(WaitForSingleObject(thread, 30), WAIT_TIMEOUT);
    CHECK(GetThreadContext(thread, &context));
    CHECK_EQ(context.Rcx, (ULONG_PTR)spin);
    CHECK_EQ(context.Rdx, 5);
    CHECK_EQ(SuspendThread(thread), 1);
    CHECK_EQ(ResumeThread(thread), 2);
    CHECK_EQ(ResumeThread(thread), 1);
    CHECK_EQ(WaitForSingleObject(thread, 5000), WAIT_OBJECT_0);
    CloseHandle(thread);
}

static DWORD WINAPI suspend_self(void *unused)
{
    (void)unused;
    counter = 1;
    SuspendThread(GetCurrentThread());
    counter = 2;
    return 0;
}

static void test_self(void)
{
    HANDLE thread = CreateThread(NULL, 0, suspend_self, NULL, 0, NULL);
    DWORD previous;

    Sleep(50);
    CHECK_EQ(counter, 1);
    previous = ResumeThread(thread);
    CHECK_EQ(previous, 1);
    CHECK_EQ(WaitForSingleObject(thread, 5000), WAIT_OBJECT_0);
    CHECK_EQ(counter, 2);
    CloseHandle(thread);
}

static DWORD WINAPI allocate(void *unused)
{
    (void)unused;
    while (!stop) {
        HANDLE event = CreateEventW(NULL, FALSE, FALSE, NULL);
        free(malloc(100));
        CloseHandle(event);
        counter++;
    }
    return 0;
}

/* The stopper uses the same locks as the stopped. */
static void test_busy_in_host(void)
{
    HANDLE thread;
    int bad = 0;

    stop = 0;
    counter = 0;
    thread = CreateThread(NULL, 0, allocate, NULL, 0, NULL);
    for (int i = 0; i < 200; i++) {
        CONTEXT context = {.ContextFlags = CONTEXT_FULL};
        bad += SuspendThread(thread) != 0;
        bad += !GetThreadContext(thread, &context);
        CloseHandle(CreateEventW(NULL, FALSE, FALSE, NULL));
        free(malloc(100));
        bad += ResumeThread(thread) != 1;
    }
    CHECK_EQ(bad, 0);
    stop = 1;
    CHECK_EQ(WaitForSingleObject(thread, 5000), WAIT_OBJECT_0);
    CHECK_EQ(SuspendThread(thread), (DWORD)-1);
    CloseHandle(thread);
}

int main(void)
{
    test_spinning();
    test_blocked();
    test_created_suspended();
    test_self();
    test_busy_in_host();
    return check_done();
}
