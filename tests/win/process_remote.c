/*
 * What can a program do inside another one that runs: memory, threads, handles, modules?
 */
#include "check.h"
#include <psapi.h>
#include <tlhelp32.h>
/* link: -lpsapi */

static char self[MAX_PATH];
static volatile LONG shared_value = 5;
static volatile LONG spinning;

static DWORD WINAPI remote_start(void *argument)
{
    return *(DWORD *)argument + 1;
}

static DWORD WINAPI remote_sleeper(void *argument)
{
    (void)argument;
    Sleep(INFINITE);
    return 0;
}

static VOID CALLBACK remote_apc(ULONG_PTR value)
{
    shared_value = (LONG)value;
}

static DWORD WINAPI spinner(void *argument)
{
    (void)argument;
    while (spinning >= 0)
        spinning++;
    return 0;
}

static int child_main(char **argv)
{
    HANDLE go = OpenEventA(SYNCHRONIZE, FALSE, argv[1]), ready = OpenEventA(EVENT_MODIFY_STATE, FALSE, argv[2]);
    if (!strcmp(argv[3], "spin"))
        CreateThread(NULL, 0, spinner, NULL, 0, NULL);
    while (!spinning && !strcmp(argv[3], "spin"))
        Sleep(0);
    SetEvent(ready);
    while (WaitForSingleObjectEx(go, 20000, TRUE) == WAIT_IO_COMPLETION)
        ;
    return (int)shared_value;
}

static HANDLE go, ready;

static PROCESS_INFORMATION start(const char *how, DWORD flags)
{
    static int serial;
    STARTUPINFOA info = {.cb = sizeof info};
    PROCESS_INFORMATION out = {0};
    char line[2 * MAX_PATH], go_name[32], ready_name[32];
    DWORD id = GetCurrentProcessId();
    snprintf(go_name, sizeof go_name, "rem-go-%lu-%d", id, serial);
    snprintf(ready_name, sizeof ready_name, "rem-ready-%lu-%d", id, serial++);
    go = CreateEventA(NULL, TRUE, FALSE, go_name);
    ready = CreateEventA(NULL, TRUE, FALSE, ready_name);
    snprintf(line, sizeof line, "\"%s\" %s %s %s", self, go_name, ready_name, how);
    CHECK(CreateProcessA(NULL, line, NULL, NULL, FALSE, flags, NULL, NULL, &info, &out));
    if (!(flags & CREATE_SUSPENDED))
        CHECK_EQ(WaitForSingleObject(ready, 10000), WAIT_OBJECT_0);
    return out;
}

static void finish(PROCESS_INFORMATION *child, DWORD expected)
{
    DWORD code = 0;
    SetEvent(go);
    CHECK_EQ(WaitForSingleObject(child->hProcess, 10000), WAIT_OBJECT_0);
    GetExitCodeProcess(child->hProcess, &code);
    CHECK_EQ(code, expected);
    CloseHandle(child->hThread);
    CloseHandle(child->hProcess);
    CloseHandle(go);
    CloseHandle(ready);
}

static void test_memory(void)
{
    PROCESS_INFORMATION child = start("wait", 0);
    MEMORY_BASIC_INFORMATION info;
    DWORD old = 0, value = 0x12345678, back = 0;
    SIZE_T done = 0;
    char *memory = VirtualAllocEx(child.hProcess, NULL, 0x10000, MEM_RESERVE, PAGE_NOACCESS);
    CHECK(memory != NULL);
    CHECK_EQ(VirtualQueryEx(child.hProcess, memory + 0x1000, &info, sizeof info), sizeof info);
    CHECK_EQ(info.State, MEM_RESERVE);
    CHECK(info.AllocationBase == memory);
    CHECK_EQ(info.RegionSize, 0xf000);
    CHECK(VirtualAllocEx(child.hProcess, memory + 0x2000, 0x2000, MEM_COMMIT, PAGE_READWRITE) == memory + 0x2000);
    CHECK_EQ(VirtualQueryEx(child.hProcess, memory + 0x2000, &info, sizeof info), sizeof info);
    CHECK_EQ(info.State, MEM_COMMIT);
    CHECK_EQ(info.Protect, PAGE_READWRITE);
    CHECK_EQ(info.Type, MEM_PRIVATE);
    CHECK_EQ(info.RegionSize, 0x2000);
    CHECK(WriteProcessMemory(child.hProcess, memory + 0x2ffe, &value, 4, &done));
    CHECK_EQ(done, 4);
    CHECK(ReadProcessMemory(child.hProcess, memory + 0x2ffe, &back, 4, &done));
    CHECK_EQ(back, value);
    CHECK(VirtualProtectEx(child.hProcess, memory + 0x2000, 0x1000, PAGE_READONLY, &old));
    CHECK_EQ(old, PAGE_READWRITE);
    CHECK_EQ(VirtualQueryEx(child.hProcess, memory + 0x2000, &info, sizeof info), sizeof info);
    CHECK_EQ(info.Protect, PAGE_READONLY);
    CHECK_EQ(info.RegionSize, 0x1000);
    if (!check_under_wine())
        CHECK(!WriteProcessMemory(child.hProcess, memory + 0x2000, &value, 4, &done));
    CHECK(VirtualProtectEx(child.hProcess, memory + 0x2000, 0x1000, PAGE_EXECUTE_READ, &old));
    CHECK(WriteProcessMemory(child.hProcess, memory + 0x2000, &value, 4, &done)); /* code: as debuggers do */
    CHECK(ReadProcessMemory(child.hProcess, memory + 0x2000, &back, 4, &done));
    CHECK_EQ(back, value);
    if (!check_under_wine()) {
        CHECK_ERROR(ReadProcessMemory(child.hProcess, memory, &back, 4, &done), ERROR_PARTIAL_COPY);
        CHECK_EQ(done, 0);
    }
    CHECK(VirtualFreeEx(child.hProcess, memory, 0, MEM_RELEASE));
    CHECK_EQ(VirtualQueryEx(child.hProcess, memory, &info, sizeof info), sizeof info);
    CHECK_EQ(info.State, MEM_FREE);
    CHECK(!VirtualFreeEx(child.hProcess, memory, 0, MEM_RELEASE));
    LONG new_value = 21;
    CHECK(WriteProcessMemory(child.hProcess, (void *)&shared_value, &new_value, 4, &done));
    CHECK_EQ(VirtualQueryEx(child.hProcess, (void *)&shared_value, &info, sizeof info), sizeof info);
    CHECK_EQ(info.Type, MEM_IMAGE);
    CHECK(info.AllocationBase == GetModuleHandleA(NULL));
    finish(&child, 21);
}

static void test_threads(void)
{
    PROCESS_INFORMATION child = start("wait", 0);
    DWORD id = 0, code = 0, value = 41;
    SIZE_T done;
    DWORD *argument = VirtualAllocEx(child.hProcess, NULL, 4096, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    CHECK(WriteProcessMemory(child.hProcess, argument, &value, 4, &done));
    HANDLE thread = CreateRemoteThread(child.hProcess, NULL, 0, remote_start, argument, 0, &id);
    CHECK(thread != NULL);
    CHECK(id != 0);
    CHECK_EQ(GetThreadId(thread), id);
    CHECK_EQ(GetProcessIdOfThread(thread), child.dwProcessId);
    CHECK_EQ(WaitForSingleObject(thread, 10000), WAIT_OBJECT_0);
    CHECK(GetExitCodeThread(thread, &code));
    CHECK_EQ(code, 42);
    CloseHandle(thread);

    /* one that waits, stopped and ended from outside */
    thread = CreateRemoteThread(child.hProcess, NULL, 0, remote_sleeper, NULL, CREATE_SUSPENDED, &id);
    CHECK(thread != NULL);
    CHECK_EQ(WaitForSingleObject(thread, 0), WAIT_TIMEOUT);
    CHECK_EQ(ResumeThread(thread), 1);
    CHECK_EQ(SuspendThread(thread), 0);
    CHECK_EQ(SuspendThread(thread), 1);
    CONTEXT context = {.ContextFlags = CONTEXT_FULL};
    CHECK(GetThreadContext(thread, &context));
    CHECK(context.Rip && context.Rsp);
    CHECK_EQ(ResumeThread(thread), 2);
    CHECK_EQ(ResumeThread(thread), 1);
    CHECK_EQ(ResumeThread(thread), 0);
    HANDLE again = OpenThread(THREAD_ALL_ACCESS, FALSE, id);
    CHECK(again != NULL);
    CHECK_EQ(GetThreadId(again), id);
    CHECK(GetExitCodeThread(again, &code));
    CHECK_EQ(code, STILL_ACTIVE);
    CHECK(TerminateThread(again, 9));
    CHECK_EQ(WaitForSingleObject(thread, 10000), WAIT_OBJECT_0);
    CHECK(GetExitCodeThread(thread, &code));
    CHECK_EQ(code, 9);
    CloseHandle(again);
    CloseHandle(thread);

    /* an asynchronous call in the first thread, which waits alertably */
    CHECK(QueueUserAPC(remote_apc, child.hThread, 33));
    Sleep(50);
    thread = OpenThread(THREAD_ALL_ACCESS, FALSE, child.dwThreadId);
    CHECK(thread != NULL);
    CHECK_EQ(GetThreadId(thread), child.dwThreadId);
    CHECK_EQ(SuspendThread(thread), 0);
    CHECK_EQ(ResumeThread(child.hThread), 1);
    CHECK(SetThreadPriority(thread, THREAD_PRIORITY_ABOVE_NORMAL));
    CHECK_EQ(GetThreadPriority(thread), THREAD_PRIORITY_ABOVE_NORMAL);
    finish(&child, 33);
    CHECK_EQ(WaitForSingleObject(thread, 5000), WAIT_OBJECT_0);
    CHECK(GetExitCodeThread(thread, &code));
    CHECK_EQ(code, 33);
    CHECK(SuspendThread(thread) == (DWORD)-1);
    CloseHandle(thread);
    CHECK(!OpenThread(THREAD_ALL_ACCESS, FALSE, 0x7ffffff0));
}

/* A thread that computes without end is stopped, looked at, and moved. */
static void test_running_thread(void)
{
    PROCESS_INFORMATION child = start("spin", 0);
    THREADENTRY32 entry = {.dwSize = sizeof entry};
    HANDLE snapshot = CreateToolhelp32Snapshot(TH32CS_SNAPTHREAD, 0);
    DWORD other = 0, seen = 0;
    for (BOOL more = Thread32First(snapshot, &entry); more; more = Thread32Next(snapshot, &entry)) {
        if (entry.th32OwnerProcessID != child.dwProcessId)
            continue;
        HANDLE thread = OpenThread(THREAD_ALL_ACCESS, FALSE, entry.th32ThreadID);
        if (!thread)
            continue;
        seen++;
        CONTEXT context = {.ContextFlags = CONTEXT_CONTROL};
        SuspendThread(thread);
        if (entry.th32ThreadID != child.dwThreadId && GetThreadContext(thread, &context) &&
            context.Rip >= (DWORD64)spinner && context.Rip < (DWORD64)spinner + 64)
            other = entry.th32ThreadID;
        ResumeThread(thread);
        CloseHandle(thread);
    }
    CloseHandle(snapshot);
    CHECK(seen >= 2);
    CHECK(other != 0);
    HANDLE thread = OpenThread(THREAD_ALL_ACCESS, FALSE, other);
    LONG before = 0, after = 1;
    SIZE_T done;
    CHECK_EQ(SuspendThread(thread), 0);
    CHECK(ReadProcessMemory(child.hProcess, (void *)&spinning, &before, 4, &done));
    Sleep(20);
    CHECK(ReadProcessMemory(child.hProcess, (void *)&spinning, &after, 4, &done));
    CHECK_EQ(before, after);
    CONTEXT context = {.ContextFlags = CONTEXT_FULL};
    CHECK(GetThreadContext(thread, &context));
    context.Rip = (DWORD64)remote_sleeper;
    context.Rsp = (context.Rsp & ~15ull) - 1024 - 8;
    CHECK(SetThreadContext(thread, &context));
    CHECK_EQ(ResumeThread(thread), 1);
    Sleep(20);
    CHECK(ReadProcessMemory(child.hProcess, (void *)&spinning, &before, 4, &done));
    Sleep(20);
    CHECK(ReadProcessMemory(child.hProcess, (void *)&spinning, &after, 4, &done));
    CHECK_EQ(before, after);
    CloseHandle(thread);
    finish(&child, 5);
}

static void test_handles(void)
{
    PROCESS_INFORMATION child = start("wait", 0);
    HANDLE there = NULL, back = NULL, event = CreateEventA(NULL, TRUE, FALSE, NULL);
    CHECK(DuplicateHandle(GetCurrentProcess(), event, child.hProcess, &there, 0, FALSE, DUPLICATE_SAME_ACCESS));
    CHECK(there != NULL);
    CHECK(DuplicateHandle(child.hProcess, there, GetCurrentProcess(), &back, 0, FALSE, DUPLICATE_SAME_ACCESS));
    CHECK_EQ(WaitForSingleObject(back, 0), WAIT_TIMEOUT);
    SetEvent(event);
    CHECK_EQ(WaitForSingleObject(back, 0), WAIT_OBJECT_0);
    CloseHandle(back);
    if (!check_under_wine()) {
        CHECK(DuplicateHandle(child.hProcess, there, NULL, NULL, 0, FALSE, DUPLICATE_CLOSE_SOURCE));
        CHECK(!DuplicateHandle(child.hProcess, there, GetCurrentProcess(), &back, 0, FALSE, DUPLICATE_SAME_ACCESS));
    }
    /* this thread, for the other process, and back */
    CHECK(DuplicateHandle(GetCurrentProcess(), GetCurrentThread(), child.hProcess, &there, 0, FALSE,
                          DUPLICATE_SAME_ACCESS));
    CHECK(DuplicateHandle(child.hProcess, there, GetCurrentProcess(), &back, 0, FALSE,
                          DUPLICATE_SAME_ACCESS | DUPLICATE_CLOSE_SOURCE));
    CHECK_EQ(GetThreadId(back), GetCurrentThreadId());
    CloseHandle(back);
    CloseHandle(event);
    finish(&child, 5);
}

static void test_modules(void)
{
    PROCESS_INFORMATION child = start("wait", 0);
    HMODULE modules[64];
    DWORD needed = 0;
    char name[MAX_PATH];
    MODULEINFO info;
    int kernel = 0;
    CHECK(EnumProcessModules(child.hProcess, modules, sizeof modules, &needed));
    CHECK(needed >= 3 * sizeof *modules);
    CHECK(modules[0] == GetModuleHandleA(NULL));
    CHECK(GetModuleFileNameExA(child.hProcess, modules[0], name, sizeof name));
    CHECK(!_stricmp(name, self));
    CHECK(GetModuleInformation(child.hProcess, modules[0], &info, sizeof info));
    CHECK(info.lpBaseOfDll == modules[0]);
    CHECK(info.SizeOfImage > 4096);
    for (DWORD i = 0; i < needed / sizeof *modules && i < 64; i++)
        if (GetModuleBaseNameA(child.hProcess, modules[i], name, sizeof name))
            kernel |= !_stricmp(name, "kernel32.dll");
    CHECK(kernel);
    CHECK(!GetModuleInformation(child.hProcess, (HMODULE)0x10, &info, sizeof info));
    HANDLE snapshot = CreateToolhelp32Snapshot(TH32CS_SNAPMODULE, child.dwProcessId);
    CHECK(snapshot != INVALID_HANDLE_VALUE);
    MODULEENTRY32 entry = {.dwSize = sizeof entry};
    CHECK(Module32First(snapshot, &entry));
    CHECK((HMODULE)entry.modBaseAddr == modules[0]);
    CHECK_EQ(entry.th32ProcessID, child.dwProcessId);
    DWORD count = 1;
    while (Module32Next(snapshot, &entry))
        count++;
    CHECK(count >= 3);
    CloseHandle(snapshot);
    finish(&child, 5);
}

static void test_suspended(void)
{
    PROCESS_INFORMATION child = start("wait", CREATE_SUSPENDED);
    void *memory = VirtualAllocEx(child.hProcess, (void *)0x70000000, 0x20000, MEM_RESERVE, PAGE_READWRITE);
    CHECK(memory == (void *)0x70000000);
    CHECK_EQ(SuspendThread(child.hThread), 1);
    CHECK_EQ(ResumeThread(child.hThread), 2);
    CHECK_EQ(WaitForSingleObject(ready, 50), WAIT_TIMEOUT);
    CHECK_EQ(ResumeThread(child.hThread), 1);
    CHECK_EQ(WaitForSingleObject(ready, 10000), WAIT_OBJECT_0);
    CHECK_EQ(ResumeThread(child.hThread), 0);
    CHECK(VirtualFreeEx(child.hProcess, memory, 0, MEM_RELEASE));
    finish(&child, 5);
    child = start("wait", CREATE_SUSPENDED);
    CHECK(TerminateThread(child.hThread, 4));
    CHECK_EQ(WaitForSingleObject(child.hProcess, 10000), WAIT_OBJECT_0);
    DWORD code = 0;
    GetExitCodeProcess(child.hProcess, &code);
    CHECK_EQ(code, 4);
    CHECK(!VirtualAllocEx(child.hProcess, NULL, 4096, MEM_RESERVE, PAGE_READWRITE));
    CHECK(!CreateRemoteThread(child.hProcess, NULL, 0, remote_sleeper, NULL, 0, NULL));
}

int main(int argc, char **argv)
{
    GetModuleFileNameA(NULL, self, sizeof self);
    if (argc > 1)
        return child_main(argv);
    test_memory();
    test_threads();
    test_running_thread();
    test_handles();
    test_modules();
    test_suspended();
    return check_done();
}
