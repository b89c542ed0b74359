/*
 * sync_shared.c: do named events, mutexes, semaphores, timers and sections work between processes?
 *
 * The program starts itself; parent and child meet at names of their own.
 */
#include "check.h"

static char self[MAX_PATH];
static unsigned long pid;

static const char *name_of(const char *what)
{
    static char names[4][80];
    static unsigned next;
    char *name = names[next++ % 4];
    snprintf(name, sizeof names[0], "sync_shared %lu %s", pid, what);
    return name;
}

static HANDLE start(const char *what)
{
    STARTUPINFOA info = {.cb = sizeof info};
    PROCESS_INFORMATION process;
    char line[600];
    snprintf(line, sizeof line, "\"%s\" %s %lu", self, what, pid);
    CHECK(CreateProcessA(NULL, line, NULL, NULL, FALSE, 0, NULL, NULL, &info, &process));
    CloseHandle(process.hThread);
    return process.hProcess;
}

static DWORD finish(HANDLE process)
{
    DWORD code = 0xdeadbeef;
    CHECK_EQ(WaitForSingleObject(process, 20000), WAIT_OBJECT_0);
    GetExitCodeProcess(process, &code);
    CloseHandle(process);
    return code;
}

static void test_events(void)
{
    HANDLE go = CreateEventA(NULL, FALSE, FALSE, name_of("go")),
           back = CreateEventA(NULL, FALSE, FALSE, name_of("back"));
    HANDLE child = start("pingpong");
    for (int i = 0; i < 100; i++) {
        CHECK(SetEvent(go));
        CHECK_EQ(WaitForSingleObject(back, 10000), WAIT_OBJECT_0);
    }
    CHECK_EQ(finish(child), 100);
    CHECK_EQ(WaitForSingleObject(back, 0), WAIT_TIMEOUT);
    CloseHandle(go);
    CloseHandle(back);
}

/* A name goes with the last handle in any process, and its type is kept. */
static void test_names(void)
{
    HANDLE event = CreateEventA(NULL, TRUE, TRUE, name_of("thing")), again;
    CHECK_EQ(GetLastError(), ERROR_SUCCESS);
    again = CreateEventA(NULL, FALSE, FALSE, name_of("thing"));
    CHECK_EQ(GetLastError(), ERROR_ALREADY_EXISTS);
    CHECK_EQ(WaitForSingleObject(again, 0), WAIT_OBJECT_0);
    CHECK_EQ(WaitForSingleObject(again, 0), WAIT_OBJECT_0); /* it is the first one, with manual reset */
    CHECK_ERROR(CreateMutexA(NULL, FALSE, name_of("thing")), ERROR_INVALID_HANDLE);
    CHECK_ERROR(CreateSemaphoreA(NULL, 0, 1, name_of("thing")), ERROR_INVALID_HANDLE);
    CHECK_ERROR(CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, 100, name_of("thing")),
                ERROR_INVALID_HANDLE);
    CHECK_ERROR(OpenMutexA(SYNCHRONIZE, FALSE, name_of("thing")), ERROR_INVALID_HANDLE);
    CHECK_ERROR(OpenEventA(SYNCHRONIZE, FALSE, name_of("Thing")), ERROR_FILE_NOT_FOUND); /* case counts */
    CHECK_EQ(finish(start("types")), 0);
    CloseHandle(event);
    CHECK_EQ(finish(start("types")), 0);
    CloseHandle(again);
    CHECK_ERROR(OpenEventA(SYNCHRONIZE, FALSE, name_of("thing")), ERROR_FILE_NOT_FOUND);
    CHECK_EQ(finish(start("types")), 1);
}

static void test_namespaces(void)
{
    char local[100], global[100];
    HANDLE a, b;
    snprintf(local, sizeof local, "Local\\%s", name_of("space"));
    snprintf(global, sizeof global, "Global\\%s", name_of("space"));
    a = CreateEventA(NULL, TRUE, FALSE, local);
    CHECK(a != NULL);
    b = OpenEventA(EVENT_ALL_ACCESS, FALSE, name_of("space"));
    CHECK(b != NULL);
    CloseHandle(b);
    CHECK_ERROR(OpenEventA(EVENT_ALL_ACCESS, FALSE, global), ERROR_FILE_NOT_FOUND);
    b = CreateEventA(NULL, TRUE, FALSE, global);
    CHECK(b != NULL);
    CHECK_EQ(GetLastError(), ERROR_SUCCESS);
    SetEvent(b);
    CHECK_EQ(WaitForSingleObject(a, 0), WAIT_TIMEOUT);
    CloseHandle(a);
    CloseHandle(b);
}

static void test_mutex(void)
{
    HANDLE mutex = CreateMutexA(NULL, TRUE, name_of("mutex")), child = start("mutex");
    Sleep(30);
    CHECK_EQ(WaitForSingleObject(child, 0), WAIT_TIMEOUT);
    CHECK(ReleaseMutex(mutex));
    CHECK_EQ(finish(child), 0);
    CHECK_EQ(WaitForSingleObject(mutex, 0), WAIT_OBJECT_0);
    CHECK_EQ(WaitForSingleObject(mutex, 0), WAIT_OBJECT_0);
    CHECK(ReleaseMutex(mutex));
    CHECK(ReleaseMutex(mutex));
    CHECK_ERROR(ReleaseMutex(mutex), ERROR_NOT_OWNER);
    CloseHandle(mutex);
}

/* An owner that ends or is killed leaves the mutex abandoned, also for who waits already. */
static void test_abandoned(void)
{
    HANDLE mutex = CreateMutexA(NULL, FALSE, name_of("abandoned")), child;
    HANDLE owned = CreateEventA(NULL, FALSE, FALSE, name_of("owned"));
    child = start("abandon");
    CHECK_EQ(WaitForSingleObject(owned, 10000), WAIT_OBJECT_0);
    CHECK_EQ(WaitForSingleObject(mutex, 10000), WAIT_ABANDONED);
    CHECK_EQ(finish(child), 3);
    CHECK(ReleaseMutex(mutex));
    CHECK_EQ(WaitForSingleObject(mutex, 0), WAIT_OBJECT_0);
    CHECK(ReleaseMutex(mutex));
    child = start("keep");
    CHECK_EQ(WaitForSingleObject(owned, 10000), WAIT_OBJECT_0);
    CHECK_EQ(WaitForSingleObject(mutex, 20), WAIT_TIMEOUT);
    CHECK(TerminateProcess(child, 7));
    CHECK_EQ(WaitForSingleObject(mutex, 10000), WAIT_ABANDONED);
    CHECK_EQ(finish(child), 7);
    CHECK(ReleaseMutex(mutex));
    CloseHandle(mutex);
    CloseHandle(owned);
}

static void test_semaphore(void)
{
    HANDLE semaphore = CreateSemaphoreA(NULL, 0, 50, name_of("semaphore")), child;
    LONG before = -1;
    child = start("semaphore");
    for (int i = 0; i < 20; i++)
        CHECK_EQ(WaitForSingleObject(semaphore, 10000), WAIT_OBJECT_0);
    CHECK_EQ(finish(child), 0);
    CHECK_EQ(WaitForSingleObject(semaphore, 0), WAIT_TIMEOUT);
    CHECK(ReleaseSemaphore(semaphore, 50, &before));
    CHECK_EQ(before, 0);
    CHECK_ERROR(ReleaseSemaphore(semaphore, 1, &before), ERROR_TOO_MANY_POSTS);
    CloseHandle(semaphore);
}

static void test_timer(void)
{
    HANDLE timer = CreateWaitableTimerA(NULL, TRUE, name_of("timer")), child;
    LARGE_INTEGER due = {.QuadPart = -300000};
    child = start("timer");
    CHECK(SetWaitableTimer(timer, &due, 0, NULL, NULL, FALSE));
    CHECK_EQ(finish(child), 0);
    CHECK_EQ(WaitForSingleObject(timer, 0), WAIT_OBJECT_0);
    CloseHandle(timer);
}

static void test_section(void)
{
    HANDLE section = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, 0x20000, name_of("section"));
    HANDLE again;
    LONG *memory = MapViewOfFile(section, FILE_MAP_ALL_ACCESS, 0, 0, 0);
    CHECK(memory != NULL);
    for (int i = 0; i < 0x8000; i += 0x1000)
        CHECK_EQ(memory[i], 0);
    memory[0] = 1;
    CHECK_EQ(finish(start("section")), 0);
    CHECK_EQ(memory[0], 2);
    CHECK_EQ(memory[0x7fff], 3);
    again = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, 0x1000, name_of("section"));
    CHECK_EQ(GetLastError(), ERROR_ALREADY_EXISTS);
    CloseHandle(again);
    CHECK_EQ(
        (ULONG_PTR)MapViewOfFile(OpenFileMappingA(FILE_MAP_READ, FALSE, name_of("nothing")), FILE_MAP_READ, 0, 0, 0),
        0);
    UnmapViewOfFile(memory);
    CloseHandle(section);
    CHECK_ERROR(OpenFileMappingA(FILE_MAP_READ, FALSE, name_of("section")), ERROR_FILE_NOT_FOUND);
}

/* Waiting for several at once, taken together or not at all. */
static void test_several(void)
{
    HANDLE handles[3] = {CreateEventA(NULL, FALSE, FALSE, name_of("a")), CreateMutexA(NULL, FALSE, name_of("b")),
                         CreateSemaphoreA(NULL, 0, 5, name_of("c"))};
    HANDLE child = start("several");
    CHECK_EQ(WaitForMultipleObjects(3, handles, TRUE, 10000), WAIT_OBJECT_0);
    CHECK_EQ(WaitForSingleObject(handles[0], 0), WAIT_TIMEOUT);
    CHECK_EQ(WaitForSingleObject(handles[2], 0), WAIT_TIMEOUT);
    CHECK(ReleaseMutex(handles[1]));
    CHECK_EQ(finish(child), 0);
    CHECK_EQ(WaitForMultipleObjects(3, handles, FALSE, 1000), WAIT_OBJECT_0 + 1);
    CHECK(ReleaseMutex(handles[1]));
    if (!check_under_wine()) /* the same object twice */
        CHECK_ERROR(WaitForMultipleObjects(2, (HANDLE[]){handles[0], handles[0]}, TRUE, 0) != WAIT_FAILED,
                    ERROR_INVALID_PARAMETER);
    for (int i = 0; i < 3; i++)
        CloseHandle(handles[i]);
}

static DWORD WINAPI sleeper(void *event)
{
    return WaitForSingleObject(event, 10000);
}

/* An event on which a thread sleeps already becomes shared when a child inherits it. */
static void test_moved(void)
{
    HANDLE event = CreateEventA(NULL, TRUE, FALSE, NULL), thread = CreateThread(NULL, 0, sleeper, event, 0, NULL);
    STARTUPINFOA info = {.cb = sizeof info};
    PROCESS_INFORMATION process;
    char line[600];
    DWORD code = 99;
    Sleep(20);
    SetHandleInformation(event, HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT);
    snprintf(line, sizeof line, "\"%s\" moved %llu", self, (unsigned long long)(ULONG_PTR)event);
    CHECK(CreateProcessA(NULL, line, NULL, NULL, TRUE, 0, NULL, NULL, &info, &process));
    CHECK_EQ(WaitForSingleObject(thread, 15000), WAIT_OBJECT_0);
    GetExitCodeThread(thread, &code);
    CHECK_EQ(code, WAIT_OBJECT_0);
    CHECK_EQ(finish(process.hProcess), 0);
    CloseHandle(process.hThread);
    CloseHandle(thread);
    CloseHandle(event);
}

/* A child that only inherited the handle keeps the name, for whatever kind of object. */
static void test_name_inherited(void)
{
    SECURITY_ATTRIBUTES inherit = {sizeof inherit, NULL, TRUE};
    STARTUPINFOA info = {.cb = sizeof info};
    PROCESS_INFORMATION process;
    char line[600];
    HANDLE section =
        CreateFileMappingA(INVALID_HANDLE_VALUE, &inherit, PAGE_READWRITE, 0, 0x1000, name_of("inherited section"));
    HANDLE event = CreateEventA(&inherit, TRUE, FALSE, name_of("inherited event")), again;
    LONG *memory = MapViewOfFile(section, FILE_MAP_WRITE, 0, 0, 0);
    memory[0] = 77;
    snprintf(line, sizeof line, "\"%s\" inherited %llu", self, (unsigned long long)(ULONG_PTR)event);
    CHECK(CreateProcessA(NULL, line, NULL, NULL, TRUE, 0, NULL, NULL, &info, &process));
    CloseHandle(section);
    UnmapViewOfFile(memory);
    section = OpenFileMappingA(FILE_MAP_READ, FALSE, name_of("inherited section"));
    CHECK(section != NULL);
    memory = MapViewOfFile(section, FILE_MAP_READ, 0, 0, 0);
    CHECK(memory && memory[0] == 77);
    UnmapViewOfFile(memory);
    CloseHandle(section);
    CloseHandle(event);
    again = OpenEventA(EVENT_MODIFY_STATE, FALSE, name_of("inherited event"));
    CHECK(SetEvent(again)); /* the child ends */
    CHECK_EQ(finish(process.hProcess), 0);
    CloseHandle(process.hThread);
    CloseHandle(again);
    CHECK_ERROR(OpenFileMappingA(FILE_MAP_READ, FALSE, name_of("inherited section")), ERROR_FILE_NOT_FOUND);
    CHECK_ERROR(OpenEventA(SYNCHRONIZE, FALSE, name_of("inherited event")), ERROR_FILE_NOT_FOUND);
}

static int child(const char *what, const char *parent)
{
    if (!strcmp(what, "inherited"))
        return WaitForSingleObject((HANDLE)(ULONG_PTR)strtoull(parent, NULL, 10), 20000) != WAIT_OBJECT_0;
    pid = strtoul(parent, NULL, 10);
    if (!strcmp(what, "pingpong")) {
        HANDLE go = OpenEventA(SYNCHRONIZE, FALSE, name_of("go")),
               back = OpenEventA(EVENT_MODIFY_STATE, FALSE, name_of("back"));
        int i = 0;
        while (i < 100 && WaitForSingleObject(go, 10000) == WAIT_OBJECT_0 && SetEvent(back))
            i++;
        return i;
    }
    if (!strcmp(what, "types")) {
        if (!OpenEventA(SYNCHRONIZE, FALSE, name_of("thing")))
            return GetLastError() == ERROR_FILE_NOT_FOUND ? 1 : 2;
        return OpenSemaphoreA(SYNCHRONIZE, FALSE, name_of("thing")) || GetLastError() != ERROR_INVALID_HANDLE ? 3 : 0;
    }
    if (!strcmp(what, "mutex")) {
        HANDLE mutex = OpenMutexA(SYNCHRONIZE, FALSE, name_of("mutex"));
        if (ReleaseMutex(mutex) || GetLastError() != ERROR_NOT_OWNER)
            return 1;
        return WaitForSingleObject(mutex, 10000) != WAIT_OBJECT_0 || !ReleaseMutex(mutex);
    }
    if (!strcmp(what, "abandon") || !strcmp(what, "keep")) {
        WaitForSingleObject(OpenMutexA(SYNCHRONIZE, FALSE, name_of("abandoned")), 10000);
        SetEvent(OpenEventA(EVENT_MODIFY_STATE, FALSE, name_of("owned")));
        Sleep(what[0] == 'k' ? 60000 : 20);
        return 3;
    }
    if (!strcmp(what, "semaphore")) {
        HANDLE semaphore = OpenSemaphoreA(SEMAPHORE_MODIFY_STATE, FALSE, name_of("semaphore"));
        for (int i = 0; i < 10; i++)
            ReleaseSemaphore(semaphore, 2, NULL);
        return WaitForSingleObject(semaphore, 0) != WAIT_FAILED; /* no right to */
    }
    if (!strcmp(what, "timer"))
        return WaitForSingleObject(OpenWaitableTimerA(SYNCHRONIZE, FALSE, name_of("timer")), 10000) != WAIT_OBJECT_0;
    if (!strcmp(what, "section")) {
        HANDLE section = OpenFileMappingA(FILE_MAP_WRITE | FILE_MAP_READ, FALSE, name_of("section"));
        LONG *memory = MapViewOfFile(section, FILE_MAP_WRITE, 0, 0, 0);
        if (!memory || memory[0] != 1)
            return 1;
        memory[0] = 2;
        memory[0x7fff] = 3;
        return 0;
    }
    if (!strcmp(what, "several")) {
        HANDLE mutex = OpenMutexA(SYNCHRONIZE, FALSE, name_of("b"));
        WaitForSingleObject(mutex, 10000);
        SetEvent(OpenEventA(EVENT_MODIFY_STATE, FALSE, name_of("a")));
        ReleaseSemaphore(OpenSemaphoreA(SEMAPHORE_MODIFY_STATE, FALSE, name_of("c")), 1, NULL);
        Sleep(10);
        return !ReleaseMutex(mutex);
    }
    if (!strcmp(what, "moved"))
        return !SetEvent((HANDLE)(ULONG_PTR)strtoull(parent, NULL, 10));
    return 0xbad;
}

int main(int argc, char **argv)
{
    if (argc > 2)
        return child(argv[1], argv[2]);
    GetModuleFileNameA(NULL, self, sizeof self);
    pid = GetCurrentProcessId();
    test_events();
    test_names();
    test_namespaces();
    test_mutex();
    test_abandoned();
    test_semaphore();
    test_timer();
    test_section();
    test_several();
    test_moved();
    test_name_inherited();
    return check_done();
}
