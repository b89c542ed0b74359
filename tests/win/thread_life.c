/* Do threads start, end, wait, report and name themselves as on Windows? */
#include "check.h"

/* Not in all of mingw-w64's headers. */
HRESULT WINAPI SetThreadDescription(HANDLE, PCWSTR);
HRESULT WINAPI GetThreadDescription(HANDLE, PWSTR *);

static DWORD WINAPI return_argument(void *argument)
{
    return (DWORD)(ULONG_PTR)argument;
}

static DWORD WINAPI exit_thread(void *argument)
{
    ExitThread((DWORD)(ULONG_PTR)argument);
    return 1;
}

static DWORD WINAPI wait_event(void *event)
{
    WaitForSingleObject(event, INFINITE);
    return 7;
}

static void test_create(void)
{
    DWORD id = 0, code = 0;
    HANDLE thread = CreateThread(NULL, 0, return_argument, (void *)0xdeadbeef, 0, &id);

    CHECK(thread != NULL);
    CHECK(id != 0 && id != GetCurrentThreadId());
    CHECK_EQ(GetThreadId(thread), id);
    CHECK_EQ(WaitForSingleObject(thread, 5000), WAIT_OBJECT_0);
    CHECK_EQ(WaitForSingleObject(thread, 0), WAIT_OBJECT_0);
    CHECK(GetExitCodeThread(thread, &code));
    CHECK_EQ(code, 0xdeadbeef);
    CHECK(CloseHandle(thread));
    thread = CreateThread(NULL, 0x10000, exit_thread, (void *)42, STACK_SIZE_PARAM_IS_A_RESERVATION, NULL);
    CHECK_EQ(WaitForSingleObject(thread, 5000), WAIT_OBJECT_0);
    CHECK(GetExitCodeThread(thread, &code));
    CHECK_EQ(code, 42);
    CHECK_ERROR(ResumeThread(NULL) != (DWORD)-1, ERROR_INVALID_HANDLE);
    CloseHandle(thread);
}

static void test_many(void)
{
    HANDLE threads[32];
    DWORD sum = 0, code;

    for (int round = 0; round < 8; round++) {
        for (int i = 0; i < 32; i++)
            threads[i] = CreateThread(NULL, 0, return_argument, (void *)(ULONG_PTR)i, 0, NULL);
        CHECK_EQ(WaitForMultipleObjects(32, threads, TRUE, 10000), WAIT_OBJECT_0);
        for (int i = 0; i < 32; i++) {
            GetExitCodeThread(threads[i], &code);
            sum += code;
            CloseHandle(threads[i]);
        }
    }
    CHECK_EQ(sum, 8 * 31 * 16);
}

static void test_running(void)
{
    HANDLE event = CreateEventW(NULL, TRUE, FALSE, NULL), opened;
    DWORD id, code;
    HANDLE thread = CreateThread(NULL, 0, wait_event, event, 0, &id);
    FILETIME create, exit, kernel, user;

    CHECK(GetExitCodeThread(thread, &code));
    CHECK_EQ(code, STILL_ACTIVE);
    CHECK_EQ(WaitForSingleObject(thread, 20), WAIT_TIMEOUT);
    opened = OpenThread(THREAD_ALL_ACCESS, FALSE, id);
    CHECK(opened != NULL);
    CHECK_EQ(GetThreadId(opened), id);
    CHECK_EQ(GetThreadPriority(opened), THREAD_PRIORITY_NORMAL);
    CHECK(SetThreadPriority(opened, THREAD_PRIORITY_BELOW_NORMAL));
    CHECK_EQ(GetThreadPriority(thread), THREAD_PRIORITY_BELOW_NORMAL);
    CHECK_EQ(SetThreadAffinityMask(thread, 1) & 1, 1);
    CHECK(GetThreadTimes(thread, &create, &exit, &kernel, &user));
    CHECK(create.dwHighDateTime != 0);
    SetEvent(event);
    CHECK_EQ(WaitForSingleObject(opened, 5000), WAIT_OBJECT_0);
    CHECK(GetExitCodeThread(opened, &code));
    CHECK_EQ(code, 7);
    CHECK(GetThreadTimes(thread, &create, &exit, &kernel, &user));
    CHECK(exit.dwHighDateTime != 0);
    CloseHandle(opened);
    CloseHandle(thread);
    CHECK_ERROR(OpenThread(THREAD_ALL_ACCESS, FALSE, 0x7ffffff0), ERROR_INVALID_PARAMETER);
}

static void test_terminate(void)
{
    HANDLE event = CreateEventW(NULL, TRUE, FALSE, NULL);
    HANDLE thread = CreateThread(NULL, 0, wait_event, event, 0, NULL);
    DWORD code = 0;

    Sleep(20);
    CHECK(TerminateThread(thread, 99));
    CHECK_EQ(WaitForSingleObject(thread, 5000), WAIT_OBJECT_0);
    CHECK(GetExitCodeThread(thread, &code));
    CHECK_EQ(code, 99);
    CloseHandle(thread);
}

static void test_name(void)
{
    WCHAR *name = NULL;

    CHECK(SUCCEEDED(GetThreadDescription(GetCurrentThread(), &name)));
    CHECK(name && name[0] == 0);
    LocalFree(name);
    CHECK(SUCCEEDED(SetThreadDescription(GetCurrentThread(),
                                         L"worker with a rather long name, more than sixty characters in all")));
    CHECK(SUCCEEDED(GetThreadDescription(GetCurrentThread(), &name)));
    CHECK(name && !wcscmp(name, L"worker with a rather long name, more than sixty characters in all"));
    LocalFree(name);
}

static void test_stack_limits(void)
{
    ULONG_PTR low, high;
    MEMORY_BASIC_INFORMATION info;
    char here;

    GetCurrentThreadStackLimits(&low, &high);
    CHECK((ULONG_PTR)&here > low && (ULONG_PTR)&here < high);
    CHECK(VirtualQuery(&here, &info, sizeof info) == sizeof info);
    CHECK_EQ(info.AllocationBase, low);
    CHECK_EQ(info.State, MEM_COMMIT);
    CHECK_EQ(info.Type, MEM_PRIVATE);
}

static DWORD WINAPI stack_limits_thread(void *unused)
{
    (void)unused;
    test_stack_limits();
    return 0;
}

int main(void)
{
    HANDLE thread;

    test_create();
    test_many();
    test_running();
    test_terminate();
    test_name();
    test_stack_limits();
    thread = CreateThread(NULL, 0x20000, stack_limits_thread, NULL, STACK_SIZE_PARAM_IS_A_RESERVATION, NULL);
    WaitForSingleObject(thread, INFINITE);
    return check_done();
}
