/* In which order does a program end, what do signals do, and what does a thread's end look like? */
#include "check.h"
#include <errno.h>
#include <process.h>
#include <signal.h>

static int order[8], order_count;
static volatile int signalled;

static void first(void)
{
    order[order_count++] = 1;
    CHECK_EQ(order[0], 3);
    CHECK_EQ(order[1], 2);
    CHECK_EQ(order[2], 1);
    if (check_failed)
        _exit(1);
    printf("the end\n"); /* written by the flush that follows */
}

static void second(void)
{
    order[order_count++] = 2;
}

static void third(void)
{
    order[order_count++] = 3;
}

static void on_signal(int number)
{
    signalled = number;
}

static unsigned __stdcall extended(void *argument)
{
    errno = 77;
    *(int *)argument = 1;
    _endthreadex(42);
    return 1;
}

static void simple(void *argument)
{
    SetEvent(argument);
}

static void test_signals(void)
{
    CHECK(signal(SIGTERM, on_signal) == SIG_DFL);
    CHECK_EQ(raise(SIGTERM), 0);
    CHECK_EQ(signalled, SIGTERM);
    CHECK(signal(SIGTERM, SIG_IGN) == SIG_DFL);
    CHECK_EQ(raise(SIGTERM), 0);
    CHECK(signal(SIGTERM, SIG_DFL) == SIG_IGN);
    CHECK(signal(SIGFPE, on_signal) == SIG_DFL);
    CHECK_EQ(raise(SIGFPE), 0);
    CHECK_EQ(signalled, SIGFPE);
    CHECK(signal(SIGINT, on_signal) == SIG_DFL);
    CHECK_EQ(raise(SIGINT), 0);
    CHECK_EQ(signalled, SIGINT);
    CHECK(signal(12345, on_signal) == SIG_ERR);
}

static void test_threads(void)
{
    int ran = 0;
    unsigned id = 0;
    DWORD code = 0;
    errno = 5;
    HANDLE thread = (HANDLE)_beginthreadex(NULL, 0, extended, &ran, 0, &id);
    CHECK(thread != NULL);
    CHECK_EQ(WaitForSingleObject(thread, 5000), WAIT_OBJECT_0);
    CHECK(GetExitCodeThread(thread, &code));
    CHECK_EQ(code, 42);
    CHECK_EQ(ran, 1);
    CHECK(id != 0);
    CHECK_EQ(errno, 5);
    CloseHandle(thread);
    HANDLE event = CreateEventA(NULL, FALSE, FALSE, NULL);
    CHECK(_beginthread(simple, 0, event) != (uintptr_t)-1);
    CHECK_EQ(WaitForSingleObject(event, 5000), WAIT_OBJECT_0);
    CloseHandle(event);
}

static void test_texts(void)
{
    char text[100];
    CHECK_STR(strerror(ENOENT), "No such file or directory");
    CHECK_STR(strerror(EINVAL), "Invalid argument");
    CHECK_STR(strerror(12345), "Unknown error");
    sprintf(text, "%s", strerror(EACCES));
    CHECK_STR(text, "Permission denied");
}

int main(void)
{
    test_signals();
    test_threads();
    test_texts();
    atexit(first);
    atexit(second);
    _onexit((_onexit_t)(void *)third);
    return check_done();
}
