/*
 * What do the functions of synchronization say to wrong handles, wrong types, missing rights and values at their
 * limits? Every kind of object meets every function.
 */
#include <stdbool.h>
#include "check.h"

enum kind { EVENT, MANUAL_EVENT, MUTEX, SEMAPHORE, TIMER, THREAD, PROCESS, FILE_HANDLE, SECTION, PORT, KINDS };

static HANDLE make(enum kind kind)
{
    switch (kind) {
    case EVENT:
        return CreateEventW(NULL, FALSE, TRUE, NULL);
    case MANUAL_EVENT:
        return CreateEventW(NULL, TRUE, TRUE, NULL);
    case MUTEX:
        return CreateMutexW(NULL, FALSE, NULL);
    case SEMAPHORE:
        return CreateSemaphoreW(NULL, 2, 5, NULL);
    case TIMER:
        return CreateWaitableTimerW(NULL, FALSE, NULL);
    case THREAD:
        return OpenThread(THREAD_ALL_ACCESS, FALSE, GetCurrentThreadId());
    case PROCESS:
        return OpenProcess(PROCESS_ALL_ACCESS, FALSE, GetCurrentProcessId());
    case FILE_HANDLE:
        return CreateFileW(L"NUL", GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, 0, NULL);
    case SECTION:
        return CreateFileMappingW(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, 0x1000, NULL);
    default:
        return CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, 0);
    }
}

static BOOL set_event(HANDLE handle)
{
    return SetEvent(handle);
}

static BOOL reset_event(HANDLE handle)
{
    return ResetEvent(handle);
}

static BOOL pulse_event(HANDLE handle)
{
    return PulseEvent(handle);
}

static BOOL release_mutex(HANDLE handle)
{
    return ReleaseMutex(handle);
}

static BOOL release_semaphore(HANDLE handle)
{
    return ReleaseSemaphore(handle, 1, NULL);
}

static BOOL set_timer(HANDLE handle)
{
    LARGE_INTEGER due = {.QuadPart = -100000000};
    return SetWaitableTimer(handle, &due, 0, NULL, NULL, FALSE);
}

static BOOL cancel_timer(HANDLE handle)
{
    return CancelWaitableTimer(handle);
}

static BOOL wait(HANDLE handle)
{
    return WaitForSingleObject(handle, 0) != WAIT_FAILED;
}

static BOOL wait_alertable(HANDLE handle)
{
    return WaitForSingleObjectEx(handle, 0, TRUE) != WAIT_FAILED;
}

static BOOL wait_many(HANDLE handle)
{
    HANDLE handles[2] = {handle, GetCurrentProcess()};
    return WaitForMultipleObjects(2, handles, FALSE, 0) != WAIT_FAILED;
}

static BOOL exit_code_thread(HANDLE handle)
{
    DWORD code;
    return GetExitCodeThread(handle, &code);
}

static BOOL exit_code_process(HANDLE handle)
{
    DWORD code;
    return GetExitCodeProcess(handle, &code);
}

static BOOL thread_priority(HANDLE handle)
{
    return GetThreadPriority(handle) != THREAD_PRIORITY_ERROR_RETURN;
}

static BOOL suspend(HANDLE handle)
{
    return ResumeThread(handle) != (DWORD)-1;
}

static BOOL post(HANDLE handle)
{
    return PostQueuedCompletionStatus(handle, 0, 0, NULL);
}

static BOOL dequeue(HANDLE handle)
{
    DWORD bytes;
    ULONG_PTR key;
    OVERLAPPED *overlapped;
    return GetQueuedCompletionStatus(handle, &bytes, &key, &overlapped, 0) || GetLastError() == WAIT_TIMEOUT;
}

static BOOL map_view(HANDLE handle)
{
    void *view = MapViewOfFile(handle, FILE_MAP_READ, 0, 0, 0);
    if (view)
        UnmapViewOfFile(view);
    return view != NULL;
}

static BOOL file_size(HANDLE handle)
{
    LARGE_INTEGER size;
    return GetFileSizeEx(handle, &size) || GetLastError() != ERROR_INVALID_HANDLE;
}

#define BIT(kind) (1u << (kind))
#define WAITABLE                                                                                                       \
    (BIT(EVENT) | BIT(MANUAL_EVENT) | BIT(MUTEX) | BIT(SEMAPHORE) | BIT(TIMER) | BIT(THREAD) | BIT(PROCESS) |          \
     BIT(FILE_HANDLE) | BIT(PORT))

static const struct {
    const char *name;
    BOOL (*call)(HANDLE);
    unsigned good; /* kinds that it succeeds with */
    bool wine;
} functions[] = {
    {"SetEvent", set_event, BIT(EVENT) | BIT(MANUAL_EVENT), true},
    {"ResetEvent", reset_event, BIT(EVENT) | BIT(MANUAL_EVENT), true},
    {"PulseEvent", pulse_event, BIT(EVENT) | BIT(MANUAL_EVENT), true},
    {"ReleaseSemaphore", release_semaphore, BIT(SEMAPHORE), true},
    {"SetWaitableTimer", set_timer, BIT(TIMER), true},
    {"CancelWaitableTimer", cancel_timer, BIT(TIMER), true},
    {"WaitForSingleObject", wait, WAITABLE, false},
    {"WaitForSingleObjectEx", wait_alertable, WAITABLE, false},
    {"WaitForMultipleObjects", wait_many, WAITABLE, false},
    {"GetExitCodeThread", exit_code_thread, BIT(THREAD), true},
    {"GetExitCodeProcess", exit_code_process, BIT(PROCESS), true},
    {"GetThreadPriority", thread_priority, BIT(THREAD), true},
    {"ResumeThread", suspend, BIT(THREAD), true},
    {"PostQueuedCompletionStatus", post, BIT(PORT), true},
    {"GetQueuedCompletionStatus", dequeue, BIT(PORT), true},
    {"MapViewOfFile", map_view, BIT(SECTION), true},
    {"GetFileSizeEx", file_size, BIT(FILE_HANDLE), false},
};
#define FUNCTIONS (sizeof(functions) / sizeof(functions[0]))

static void check_types(void)
{
    for (unsigned f = 0; f < FUNCTIONS; f++) {
        if (check_under_wine() && !functions[f].wine) /* to Wine a section is waitable, too */
            continue;
        for (unsigned kind = 0; kind < KINDS; kind++) {
            HANDLE handle = make(kind);
            int failed = check_failed;
            bool good = functions[f].good & BIT(kind);
            SetLastError(0xdead);
            CHECK_EQ(functions[f].call(handle) != 0, good);
            if (!good)
                CHECK(GetLastError() == ERROR_INVALID_HANDLE ||
                      (kind == SECTION && GetLastError() == ERROR_ACCESS_DENIED)); /* has no right to synchronize */
            CHECK(CloseHandle(handle));
            CHECK_ERROR(functions[f].call(handle), ERROR_INVALID_HANDLE); /* closed */
            if (failed != check_failed)
                printf("    that was: %s of kind %u\n", functions[f].name, kind);
        }
        static const LONG_PTR never[] = {0, 4, 0x7ffffffc, 0xfffffff0, -100, 0x12345670};
        for (unsigned i = 0; i < 6; i++) {
            if (never[i] == 4 && !functions[f].call((HANDLE)never[i]))
                continue; /* may be a real one */
            if (never[i] != 4)
                CHECK_ERROR(functions[f].call((HANDLE)never[i]), ERROR_INVALID_HANDLE);
        }
    }
}

/* --- rights ------------------------------------------------------------------------------------------------------ */

static HANDLE with_access(HANDLE handle, DWORD access)
{
    HANDLE copy = NULL;
    CHECK(DuplicateHandle(GetCurrentProcess(), handle, GetCurrentProcess(), &copy, access, FALSE, 0));
    return copy;
}

static BOOL counted(BOOL good)
{
    CHECK(good);
    return good;
}

static void check_right(enum kind kind, DWORD enough, BOOL (*call)(HANDLE))
{
    HANDLE handle = make(kind), weak = with_access(handle, READ_CONTROL), strong = with_access(handle, enough);

    CHECK_ERROR(call(weak), ERROR_ACCESS_DENIED);
    if (!counted(call(strong)))
        printf("    that was: kind %u with %#lx\n", kind, enough);
    CHECK(CloseHandle(weak));
    CHECK(CloseHandle(strong));
    CHECK(call(handle));
    CHECK(CloseHandle(handle));
}

static void check_rights(void)
{
    check_right(EVENT, EVENT_MODIFY_STATE, set_event);
    check_right(EVENT, EVENT_MODIFY_STATE, reset_event);
    check_right(MANUAL_EVENT, SYNCHRONIZE, wait);
    check_right(SEMAPHORE, SEMAPHORE_MODIFY_STATE, release_semaphore);
    check_right(SEMAPHORE, SYNCHRONIZE, wait);
    check_right(TIMER, TIMER_MODIFY_STATE, set_timer);
    check_right(TIMER, SYNCHRONIZE, wait);
    check_right(THREAD, THREAD_QUERY_INFORMATION, exit_code_thread);
    check_right(THREAD, THREAD_QUERY_LIMITED_INFORMATION, exit_code_thread);
    check_right(PROCESS, PROCESS_QUERY_INFORMATION, exit_code_process);
    check_right(PROCESS, PROCESS_QUERY_LIMITED_INFORMATION, exit_code_process);
    check_right(SECTION, SECTION_MAP_READ | SECTION_QUERY, map_view);
}

static void check_duplicate(void)
{
    HANDLE event = make(EVENT), copy, self = GetCurrentProcess();

    CHECK_ERROR(DuplicateHandle(self, NULL, self, &copy, 0, FALSE, DUPLICATE_SAME_ACCESS), ERROR_INVALID_HANDLE);
    CHECK_ERROR(DuplicateHandle(self, (HANDLE)0x7ffffffc, self, &copy, 0, FALSE, DUPLICATE_SAME_ACCESS),
                ERROR_INVALID_HANDLE);
    CHECK_ERROR(DuplicateHandle(event, event, self, &copy, 0, FALSE, DUPLICATE_SAME_ACCESS), ERROR_INVALID_HANDLE);
    CHECK_ERROR(DuplicateHandle(self, event, event, &copy, 0, FALSE, DUPLICATE_SAME_ACCESS), ERROR_INVALID_HANDLE);
    CHECK(DuplicateHandle(self, event, self, &copy, 0, FALSE, DUPLICATE_SAME_ACCESS));
    CHECK(copy != event);
    CHECK(SetEvent(copy));
    CHECK_EQ(WaitForSingleObject(event, 0), WAIT_OBJECT_0);
    CHECK_EQ(WaitForSingleObject(copy, 0), WAIT_TIMEOUT);
    HANDLE moved = NULL;
    CHECK(DuplicateHandle(self, copy, self, &moved, 0, FALSE, DUPLICATE_SAME_ACCESS | DUPLICATE_CLOSE_SOURCE));
    CHECK_ERROR(SetEvent(copy) && copy != moved, copy != moved ? ERROR_INVALID_HANDLE : 0xdeadbeef);
    CHECK(SetEvent(moved));
    CHECK(CloseHandle(moved));
    CHECK(DuplicateHandle(self, event, self, NULL, 0, FALSE, DUPLICATE_CLOSE_SOURCE));
    if (!check_under_wine()) /* Wine leaves it open */
        CHECK_ERROR(CloseHandle(event), ERROR_INVALID_HANDLE);
    CHECK(DuplicateHandle(self, GetCurrentThread(), self, &copy, 0, FALSE, DUPLICATE_SAME_ACCESS));
    CHECK_EQ(GetThreadId(copy), GetCurrentThreadId());
    CHECK(CloseHandle(copy));
    DWORD flags;
    event = make(EVENT);
    CHECK(GetHandleInformation(event, &flags));
    CHECK_EQ(flags, 0);
    CHECK(SetHandleInformation(event, HANDLE_FLAG_INHERIT | HANDLE_FLAG_PROTECT_FROM_CLOSE, 3));
    CHECK(GetHandleInformation(event, &flags));
    CHECK_EQ(flags, HANDLE_FLAG_INHERIT | HANDLE_FLAG_PROTECT_FROM_CLOSE);
    CHECK_ERROR(CloseHandle(event), ERROR_INVALID_HANDLE);
    CHECK(SetHandleInformation(event, HANDLE_FLAG_PROTECT_FROM_CLOSE, 0));
    CHECK(CloseHandle(event));
    CHECK_ERROR(CloseHandle(NULL), ERROR_INVALID_HANDLE);
    CHECK(CloseHandle(GetCurrentProcess()));
    CHECK(CloseHandle(GetCurrentThread()));
}

/* --- values ------------------------------------------------------------------------------------------------------ */

static void check_semaphores(void)
{
    static const struct {
        LONG initial, maximum;
        bool good;
    } cases[] = {{0, 1, true},   {1, 1, true},          {0, 0, false},
                 {-1, 1, false}, {2, 1, false},         {0, -1, false},
                 {5, 10, true},  {0, 0x7fffffff, true}, {0x7fffffff, 0x7fffffff, true}};

    for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        LONG previous = 77;
        SetLastError(0xdead);
        HANDLE semaphore = CreateSemaphoreW(NULL, cases[i].initial, cases[i].maximum, NULL);
        CHECK_EQ(semaphore != NULL, cases[i].good);
        if (!semaphore) {
            CHECK_EQ(GetLastError(), ERROR_INVALID_PARAMETER);
            continue;
        }
        LONG room = cases[i].maximum - cases[i].initial;
        if (!check_under_wine()) { /* Wine takes 0, and -1 is too many */
            CHECK_ERROR(ReleaseSemaphore(semaphore, 0, &previous), ERROR_INVALID_PARAMETER);
            CHECK_ERROR(ReleaseSemaphore(semaphore, -1, &previous), ERROR_INVALID_PARAMETER);
            CHECK_EQ(previous, 77);
        }
        if (room < 0x7fffffff)
            CHECK_ERROR(ReleaseSemaphore(semaphore, room + 1, &previous), ERROR_TOO_MANY_POSTS);
        if (room > 0) {
            CHECK(ReleaseSemaphore(semaphore, room, &previous));
            CHECK_EQ(previous, cases[i].initial);
        }
        CHECK_ERROR(ReleaseSemaphore(semaphore, 1, NULL), ERROR_TOO_MANY_POSTS);
        CHECK_EQ(WaitForSingleObject(semaphore, 0), WAIT_OBJECT_0);
        CHECK(ReleaseSemaphore(semaphore, 1, &previous));
        CHECK_EQ(previous, cases[i].maximum - 1);
        CHECK(CloseHandle(semaphore));
    }
}

static DWORD WINAPI own_and_end(void *mutex)
{
    return WaitForSingleObject(mutex, 0);
}

static DWORD WINAPI release_foreign(void *mutex)
{
    return ReleaseMutex(mutex) ? 0 : GetLastError();
}

static DWORD run(LPTHREAD_START_ROUTINE start, void *argument)
{
    HANDLE thread = CreateThread(NULL, 0, start, argument, 0, NULL);
    DWORD code = 0xdead;
    WaitForSingleObject(thread, INFINITE);
    GetExitCodeThread(thread, &code);
    CloseHandle(thread);
    return code;
}

static void check_mutexes(void)
{
    HANDLE mutex = CreateMutexW(NULL, TRUE, NULL);

    CHECK_EQ(run(release_foreign, mutex), ERROR_NOT_OWNER);
    CHECK_EQ(run(own_and_end, mutex), WAIT_TIMEOUT);
    for (int i = 0; i < 100; i++)
        CHECK_EQ(WaitForSingleObject(mutex, 0), WAIT_OBJECT_0);
    for (int i = 0; i < 101; i++)
        CHECK(ReleaseMutex(mutex));
    CHECK_ERROR(ReleaseMutex(mutex), ERROR_NOT_OWNER);
    CHECK_EQ(run(own_and_end, mutex), WAIT_OBJECT_0);
    CHECK_EQ(WaitForSingleObject(mutex, 0), WAIT_ABANDONED);
    CHECK(ReleaseMutex(mutex));
    CHECK_EQ(WaitForSingleObject(mutex, 0), WAIT_OBJECT_0);
    CHECK(ReleaseMutex(mutex));
    CHECK_EQ(run(own_and_end, mutex), WAIT_OBJECT_0);
    HANDLE both[2] = {make(EVENT), mutex};
    CHECK_EQ(WaitForMultipleObjects(2, both, TRUE, 0), WAIT_ABANDONED);
    CHECK(ReleaseMutex(mutex));
    CHECK_EQ(run(own_and_end, mutex), WAIT_OBJECT_0);
    CHECK_EQ(WaitForMultipleObjects(2, both, FALSE, 0), WAIT_ABANDONED + 1);
    CHECK(ReleaseMutex(mutex));
    CloseHandle(both[0]);
    CHECK(CloseHandle(mutex));
}

static void check_many(void)
{
    HANDLE handles[MAXIMUM_WAIT_OBJECTS + 1];

    for (int i = 0; i <= MAXIMUM_WAIT_OBJECTS; i++)
        handles[i] = CreateEventW(NULL, FALSE, FALSE, NULL);
    SetLastError(0);
    CHECK_EQ(WaitForMultipleObjects(0, handles, FALSE, 0), WAIT_FAILED);
    CHECK_EQ(GetLastError(), ERROR_INVALID_PARAMETER);
    CHECK_EQ(WaitForMultipleObjects(MAXIMUM_WAIT_OBJECTS + 1, handles, FALSE, 0), WAIT_FAILED);
    CHECK_EQ(GetLastError(), ERROR_INVALID_PARAMETER);
    CHECK_EQ(WaitForMultipleObjects(MAXIMUM_WAIT_OBJECTS, handles, FALSE, 0), WAIT_TIMEOUT);
    for (DWORD i = 0; i < MAXIMUM_WAIT_OBJECTS; i++) {
        SetEvent(handles[i]);
        CHECK_EQ(WaitForMultipleObjects(MAXIMUM_WAIT_OBJECTS, handles, FALSE, 0), WAIT_OBJECT_0 + i);
        CHECK_EQ(WaitForSingleObject(handles[i], 0), WAIT_TIMEOUT);
    }
    for (DWORD i = 0; i < MAXIMUM_WAIT_OBJECTS; i++) {
        CHECK_EQ(WaitForMultipleObjects(MAXIMUM_WAIT_OBJECTS, handles, TRUE, 0), WAIT_TIMEOUT);
        SetEvent(handles[i]);
    }
    CHECK_EQ(WaitForMultipleObjects(MAXIMUM_WAIT_OBJECTS, handles, TRUE, 0), WAIT_OBJECT_0);
    for (DWORD i = 0; i < MAXIMUM_WAIT_OBJECTS; i++)
        CHECK_EQ(WaitForSingleObject(handles[i], 0), WAIT_TIMEOUT);
    SetEvent(handles[3]);
    SetEvent(handles[7]);
    CHECK_EQ(WaitForMultipleObjects(MAXIMUM_WAIT_OBJECTS, handles, FALSE, 0), WAIT_OBJECT_0 + 3); /* the lowest */
    CHECK_EQ(WaitForMultipleObjects(MAXIMUM_WAIT_OBJECTS, handles, FALSE, 0), WAIT_OBJECT_0 + 7);
    HANDLE twice[3] = {handles[0], handles[1], handles[0]};
    if (!check_under_wine()) { /* Wine does not look for the same object */
        SetLastError(0);
        CHECK_EQ(WaitForMultipleObjects(3, twice, TRUE, 0), WAIT_FAILED);
        CHECK_EQ(GetLastError(), ERROR_INVALID_PARAMETER);
    }
    CHECK_EQ(WaitForMultipleObjects(3, twice, FALSE, 0), WAIT_TIMEOUT);
    for (int i = 0; i <= MAXIMUM_WAIT_OBJECTS; i++)
        CHECK(CloseHandle(handles[i]));
    SetLastError(0);
    CHECK_EQ(WaitForMultipleObjects(2, handles, FALSE, 0), WAIT_FAILED);
    CHECK_EQ(GetLastError(), ERROR_INVALID_HANDLE);
}

int main(void)
{
    check_types();
    check_rights();
    check_duplicate();
    check_semaphores();
    check_mutexes();
    check_many();
    return check_done();
}
