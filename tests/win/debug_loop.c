/*
 * Can a program debug another one: events in their order, breakpoints, single steps, exceptions passed and kept,
 * threads, output strings, detaching and killing?
 */
#include "check.h"
#include <tlhelp32.h>

static char self[MAX_PATH];
static volatile LONG shared_value = 5;

__attribute__((noinline)) int target_function(int x)
{
    return x * 3 + 1;
}

/* ---- the debuggee ---- */

static LONG CALLBACK vectored(EXCEPTION_POINTERS *pointers)
{
    if (pointers->ExceptionRecord->ExceptionCode == 0xe0001234) {
        shared_value = 77;
        return EXCEPTION_CONTINUE_EXECUTION;
    }
    return EXCEPTION_CONTINUE_SEARCH;
}

static DWORD WINAPI child_thread(void *argument)
{
    return 40 + (DWORD)(ULONG_PTR)argument;
}

static int child_events(void)
{
    AddVectoredExceptionHandler(1, vectored);
    OutputDebugStringA("hello debugger");
    OutputDebugStringW(L"wide text");
    HANDLE thread = CreateThread(NULL, 0, child_thread, (void *)2, 0, NULL);
    WaitForSingleObject(thread, INFINITE);
    HMODULE library = LoadLibraryA("version.dll");
    RaiseException(0xe0001234, 0, 0, NULL);
    int result = target_function(5); /* a breakpoint is put here: the debugger makes it 99 */
    FreeLibrary(library);
    return shared_value == 77 ? result : 1;
}

static int child_main(int argc, char **argv)
{
    (void)argc;
    if (!strcmp(argv[1], "events"))
        return child_events();
    if (!strcmp(argv[1], "crash")) {
        *(volatile int *)8 = 1;
        return 0;
    }
    if (!strcmp(argv[1], "debugged")) {
        BOOL present = FALSE;
        CheckRemoteDebuggerPresent(GetCurrentProcess(), &present);
        return IsDebuggerPresent() * 2 + present;
    }
    if (!strcmp(argv[1], "wait")) {
        HANDLE go = OpenEventA(SYNCHRONIZE, FALSE, argv[2]), ready = OpenEventA(EVENT_MODIFY_STATE, FALSE, argv[3]);
        SetEvent(ready);
        WaitForSingleObject(go, 20000);
        return 12;
    }
    if (!strcmp(argv[1], "spawn")) {
        STARTUPINFOA info = {.cb = sizeof info};
        PROCESS_INFORMATION out;
        char line[2 * MAX_PATH];
        DWORD code = 1;
        snprintf(line, sizeof line, "\"%s\" debugged", self);
        if (CreateProcessA(NULL, line, NULL, NULL, FALSE, 0, NULL, NULL, &info, &out)) {
            WaitForSingleObject(out.hProcess, 20000);
            GetExitCodeProcess(out.hProcess, &code);
        }
        return code;
    }
    return 100;
}

/* ---- the debugger ---- */

static PROCESS_INFORMATION start(const char *what, DWORD flags)
{
    STARTUPINFOA info = {.cb = sizeof info};
    PROCESS_INFORMATION out = {0};
    char line[2 * MAX_PATH];
    snprintf(line, sizeof line, "\"%s\" %s", self, what);
    CHECK(CreateProcessA(NULL, line, NULL, NULL, FALSE, flags, NULL, NULL, &info, &out));
    return out;
}

static HANDLE process, threads[16];
static DWORD thread_ids[16], thread_count, main_thread;

static HANDLE thread_handle(DWORD id)
{
    for (DWORD i = 0; i < thread_count; i++)
        if (thread_ids[i] == id)
            return threads[i];
    return NULL;
}

static void thread_note(DWORD id, HANDLE handle)
{
    thread_ids[thread_count] = id;
    threads[thread_count++] = handle;
}

static void read_text(const OUTPUT_DEBUG_STRING_INFO *info, char *text, size_t size)
{
    SIZE_T done = 0;
    memset(text, 0, size);
    CHECK(ReadProcessMemory(process, info->lpDebugStringData, text,
                            info->nDebugStringLength < size ? info->nDebugStringLength : size - 1, &done));
}

static BYTE original;

static void breakpoint_set(void *at)
{
    SIZE_T done = 0;
    const BYTE int3 = 0xcc;
    CHECK(ReadProcessMemory(process, at, &original, 1, &done));
    CHECK_EQ(done, 1);
    CHECK(WriteProcessMemory(process, at, &int3, 1, &done));
    CHECK_EQ(done, 1);
    CHECK(FlushInstructionCache(process, at, 1));
}

static void breakpoint_clear(void *at)
{
    SIZE_T done = 0;
    CHECK(WriteProcessMemory(process, at, &original, 1, &done));
    CHECK(FlushInstructionCache(process, at, 1));
}

/* One whole life, every event looked at. */
static void test_events(void)
{
    PROCESS_INFORMATION child = start("events", DEBUG_ONLY_THIS_PROCESS);
    int created = 0, loaded = 0, unloaded = 0, thread_created = 0, thread_exited = 0, strings = 0, breaks = 0,
        steps = 0, raised = 0, exited = 0, initial = 0;
    DWORD64 after_step = 0;
    DEBUG_EVENT event;
    BOOL present = FALSE;

    process = child.hProcess;
    CHECK(CheckRemoteDebuggerPresent(process, &present));
    CHECK(present);
    while (!exited) {
        if (!WaitForDebugEvent(&event, 10000)) {
            CHECK(!"an event");
            break;
        }
        DWORD answer = DBG_CONTINUE;
        CHECK_EQ(event.dwProcessId, child.dwProcessId);
        switch (event.dwDebugEventCode) {
        case CREATE_PROCESS_DEBUG_EVENT:
            created++;
            CHECK_EQ(loaded + thread_created + breaks, 0); /* the first one */
            CHECK_EQ(event.dwThreadId, child.dwThreadId);
            main_thread = event.dwThreadId;
            CHECK(event.u.CreateProcessInfo.hFile != NULL);
            CHECK(GetFileSize(event.u.CreateProcessInfo.hFile, NULL) > 1000);
            CHECK_EQ(GetProcessId(event.u.CreateProcessInfo.hProcess), child.dwProcessId);
            CHECK_EQ(GetThreadId(event.u.CreateProcessInfo.hThread), child.dwThreadId);
            CHECK(event.u.CreateProcessInfo.lpBaseOfImage != NULL);
            CHECK(event.u.CreateProcessInfo.lpThreadLocalBase != NULL);
            thread_note(event.dwThreadId, event.u.CreateProcessInfo.hThread);
            CloseHandle(event.u.CreateProcessInfo.hFile);
            break;
        case LOAD_DLL_DEBUG_EVENT: {
            WORD magic = 0;
            SIZE_T done;
            loaded++;
            CHECK_EQ(created, 1);
            CHECK(ReadProcessMemory(process, event.u.LoadDll.lpBaseOfDll, &magic, 2, &done));
            CHECK_EQ(magic, IMAGE_DOS_SIGNATURE);
            if (event.u.LoadDll.hFile)
                CloseHandle(event.u.LoadDll.hFile);
            break;
        }
        case UNLOAD_DLL_DEBUG_EVENT:
            unloaded++;
            break;
        case CREATE_THREAD_DEBUG_EVENT:
            thread_created++;
            thread_note(event.dwThreadId, event.u.CreateThread.hThread);
            CHECK(event.u.CreateThread.lpThreadLocalBase != NULL);
            if (initial == 1 && event.u.CreateThread.lpStartAddress == child_thread)
                CHECK_EQ(GetThreadId(event.u.CreateThread.hThread), event.dwThreadId);
            break;
        case EXIT_THREAD_DEBUG_EVENT:
            thread_exited++;
            if (event.u.ExitThread.dwExitCode == 42)
                CHECK(event.dwThreadId != main_thread);
            break;
        case OUTPUT_DEBUG_STRING_EVENT: {
            char text[64];
            read_text(&event.u.DebugString, text, sizeof text);
            CHECK_EQ(event.u.DebugString.fUnicode, 0);
            CHECK_STR(text, strings ? "wide text" : "hello debugger");
            strings++;
            break;
        }
        case EXCEPTION_DEBUG_EVENT: {
            const EXCEPTION_RECORD *record = &event.u.Exception.ExceptionRecord;
            CONTEXT context = {.ContextFlags = CONTEXT_FULL};
            CHECK_EQ(event.u.Exception.dwFirstChance, 1);
            CHECK(GetThreadContext(thread_handle(event.dwThreadId), &context));
            if (record->ExceptionCode == EXCEPTION_BREAKPOINT && !initial) {
                initial = 1; /* the loader's: everything is mapped, nothing has run */
                CHECK(loaded >= 2);
                CHECK_EQ(event.dwThreadId, main_thread);
                CHECK_EQ(context.Rip, (DWORD64)record->ExceptionAddress + 1);
                breakpoint_set((void *)target_function);
            } else if (record->ExceptionCode == EXCEPTION_BREAKPOINT) {
                breaks++;
                CHECK(record->ExceptionAddress == (void *)target_function);
                CHECK_EQ(context.Rip, (DWORD64)target_function + 1);
                CHECK_EQ((DWORD)context.Rcx, 5);
                breakpoint_clear((void *)target_function);
                context.Rip--;
                context.EFlags |= 0x100;
                context.Rcx = 10;
                CHECK(SetThreadContext(thread_handle(event.dwThreadId), &context));
            } else if (record->ExceptionCode == EXCEPTION_SINGLE_STEP) {
                steps++;
                after_step = context.Rip;
                if (steps == 1) {
                    CHECK(context.Rip > (DWORD64)target_function && context.Rip < (DWORD64)target_function + 16);
                    CHECK_EQ((DWORD)context.Rcx, 10);
                }
                CHECK(record->ExceptionAddress == (void *)context.Rip);
                if (steps < 3) {
                    context.EFlags |= 0x100;
                    CHECK(SetThreadContext(thread_handle(event.dwThreadId), &context));
                }
            } else {
                CHECK_EQ(record->ExceptionCode, 0xe0001234);
                raised++;
                answer = DBG_EXCEPTION_NOT_HANDLED;
            }
            break;
        }
        case EXIT_PROCESS_DEBUG_EVENT:
            exited = 1;
            CHECK_EQ(event.u.ExitProcess.dwExitCode, 31);
            break;
        default:
            CHECK(!"this kind of event");
        }
        CHECK(ContinueDebugEvent(event.dwProcessId, event.dwThreadId, answer));
    }
    CHECK_EQ(created, 1);
    CHECK_EQ(initial, 1);
    CHECK_EQ(strings, 2);
    CHECK_EQ(raised, 1);
    CHECK_EQ(breaks, 1);
    CHECK_EQ(steps, 3);
    CHECK(after_step != 0);
    CHECK(thread_created >= 1);
    CHECK(thread_exited >= 1);
    CHECK(unloaded >= 0);
    CHECK_EQ(WaitForSingleObject(child.hProcess, 5000), WAIT_OBJECT_0);
    DWORD code = 0;
    CHECK(GetExitCodeProcess(child.hProcess, &code));
    CHECK_EQ(code, 31);
    CHECK(!ContinueDebugEvent(child.dwProcessId, child.dwThreadId, DBG_CONTINUE));
    CloseHandle(child.hThread);
    CloseHandle(child.hProcess);
}

/* Both chances of a crash; then the process is gone with the exception's code. */
static void test_crash(void)
{
    PROCESS_INFORMATION child = start("crash", DEBUG_ONLY_THIS_PROCESS);
    int first = 0, second = 0, exited = 0;
    DEBUG_EVENT event;
    while (!exited && WaitForDebugEvent(&event, 10000)) {
        DWORD answer = DBG_CONTINUE;
        if (event.dwDebugEventCode == EXCEPTION_DEBUG_EVENT &&
            event.u.Exception.ExceptionRecord.ExceptionCode == EXCEPTION_ACCESS_VIOLATION) {
            CHECK_EQ(event.u.Exception.ExceptionRecord.NumberParameters, 2);
            CHECK_EQ(event.u.Exception.ExceptionRecord.ExceptionInformation[0], 1);
            CHECK_EQ(event.u.Exception.ExceptionRecord.ExceptionInformation[1], 8);
            if (event.u.Exception.dwFirstChance)
                first++;
            else
                second++;
            answer = DBG_EXCEPTION_NOT_HANDLED;
        } else if (event.dwDebugEventCode == EXIT_PROCESS_DEBUG_EVENT) {
            exited = 1;
            CHECK_EQ(event.u.ExitProcess.dwExitCode, EXCEPTION_ACCESS_VIOLATION);
        }
        ContinueDebugEvent(event.dwProcessId, event.dwThreadId, answer);
    }
    CHECK_EQ(first, 1);
    CHECK_EQ(second, 1);
    CHECK_EQ(exited, 1);
    CloseHandle(child.hThread);
    CloseHandle(child.hProcess);
}

/* Runs to the end, answering as a debugger that only looks.  How many events of each kind; the last exit code. */
static DWORD run_to_end(int counts[10], int processes)
{
    DEBUG_EVENT event;
    DWORD code = 0;
    while (processes && WaitForDebugEvent(&event, 10000)) {
        counts[event.dwDebugEventCode]++;
        if (event.dwDebugEventCode == EXIT_PROCESS_DEBUG_EVENT) {
            code = event.u.ExitProcess.dwExitCode;
            processes--;
        }
        if (event.dwDebugEventCode == CREATE_PROCESS_DEBUG_EVENT)
            CloseHandle(event.u.CreateProcessInfo.hFile);
        ContinueDebugEvent(event.dwProcessId, event.dwThreadId,
                           event.dwDebugEventCode == EXCEPTION_DEBUG_EVENT &&
                                   event.u.Exception.ExceptionRecord.ExceptionCode != EXCEPTION_BREAKPOINT
                               ? DBG_EXCEPTION_NOT_HANDLED
                               : DBG_CONTINUE);
    }
    CHECK_EQ(processes, 0);
    return code;
}

static void test_presence(void)
{
    int counts[10] = {0};
    PROCESS_INFORMATION child = start("debugged", DEBUG_ONLY_THIS_PROCESS);
    CHECK_EQ(run_to_end(counts, 1), 3);
    CHECK_EQ(counts[CREATE_PROCESS_DEBUG_EVENT], 1);
    CHECK_EQ(counts[EXCEPTION_DEBUG_EVENT], 1);
    CloseHandle(child.hThread);
    CloseHandle(child.hProcess);
    child = start("debugged", 0);
    DWORD code = 9;
    CHECK_EQ(WaitForSingleObject(child.hProcess, 10000), WAIT_OBJECT_0);
    GetExitCodeProcess(child.hProcess, &code);
    CHECK_EQ(code, 0);
    CloseHandle(child.hThread);
    CloseHandle(child.hProcess);
}

/* Children of the debuggee: debugged too, or not. */
static void test_children(void)
{
    int counts[10] = {0};
    PROCESS_INFORMATION child = start("spawn", DEBUG_PROCESS);
    CHECK_EQ(run_to_end(counts, 2), 3);
    CHECK_EQ(counts[CREATE_PROCESS_DEBUG_EVENT], 2);
    CHECK_EQ(counts[EXCEPTION_DEBUG_EVENT], 2);
    CloseHandle(child.hThread);
    CloseHandle(child.hProcess);
    memset(counts, 0, sizeof counts);
    child = start("spawn", DEBUG_ONLY_THIS_PROCESS);
    CHECK_EQ(run_to_end(counts, 1), 0);
    CHECK_EQ(counts[CREATE_PROCESS_DEBUG_EVENT], 1);
    CloseHandle(child.hThread);
    CloseHandle(child.hProcess);
}

static HANDLE go, ready;

static PROCESS_INFORMATION start_waiting(void)
{
    char names[128];
    static int serial;
    DWORD id = GetCurrentProcessId();
    char go_name[32], ready_name[32];
    snprintf(go_name, sizeof go_name, "dbg-go-%lu-%d", id, serial);
    snprintf(ready_name, sizeof ready_name, "dbg-ready-%lu-%d", id, serial++);
    go = CreateEventA(NULL, TRUE, FALSE, go_name);
    ready = CreateEventA(NULL, TRUE, FALSE, ready_name);
    snprintf(names, sizeof names, "wait %s %s", go_name, ready_name);
    PROCESS_INFORMATION child = start(names, 0);
    CHECK_EQ(WaitForSingleObject(ready, 10000), WAIT_OBJECT_0);
    return child;
}

static void finish_waiting(PROCESS_INFORMATION *child, DWORD expected)
{
    DWORD code = 0;
    CHECK_EQ(WaitForSingleObject(child->hProcess, 10000), WAIT_OBJECT_0);
    GetExitCodeProcess(child->hProcess, &code);
    CHECK_EQ(code, expected);
    CloseHandle(child->hThread);
    CloseHandle(child->hProcess);
    CloseHandle(go);
    CloseHandle(ready);
}

/* Attaching to a process that runs: what it is comes as events, then a breakpoint in a thread of the debugger's. */
static void test_attach(void)
{
    PROCESS_INFORMATION child = start_waiting();
    DEBUG_EVENT event;
    int counts[10] = {0}, stopped = 0;
    BOOL present = TRUE;
    CHECK(CheckRemoteDebuggerPresent(child.hProcess, &present));
    CHECK(!present);
    CHECK(DebugActiveProcess(child.dwProcessId));
    CHECK(!DebugActiveProcess(child.dwProcessId));
    while (!stopped && WaitForDebugEvent(&event, 10000)) {
        counts[event.dwDebugEventCode]++;
        if (event.dwDebugEventCode == CREATE_PROCESS_DEBUG_EVENT)
            CloseHandle(event.u.CreateProcessInfo.hFile);
        if (event.dwDebugEventCode == EXCEPTION_DEBUG_EVENT) {
            stopped = 1;
            CHECK_EQ(event.u.Exception.ExceptionRecord.ExceptionCode, EXCEPTION_BREAKPOINT);
            CHECK(event.dwThreadId != child.dwThreadId);
            CONTEXT context = {.ContextFlags = CONTEXT_CONTROL};
            CHECK(GetThreadContext(child.hThread, &context)); /* the waiting one stands still, too */
            CHECK(context.Rip && context.Rsp);
        }
        CHECK(ContinueDebugEvent(event.dwProcessId, event.dwThreadId, DBG_CONTINUE));
    }
    CHECK_EQ(stopped, 1);
    CHECK_EQ(counts[CREATE_PROCESS_DEBUG_EVENT], 1);
    CHECK(counts[LOAD_DLL_DEBUG_EVENT] >= 2);
    CHECK(CheckRemoteDebuggerPresent(child.hProcess, &present));
    CHECK(present);
    /* break in once more */
    CHECK(DebugBreakProcess(child.hProcess));
    stopped = 0;
    while (!stopped && WaitForDebugEvent(&event, 10000)) {
        if (event.dwDebugEventCode == EXCEPTION_DEBUG_EVENT)
            stopped = 1;
        CHECK(ContinueDebugEvent(event.dwProcessId, event.dwThreadId, DBG_CONTINUE));
    }
    CHECK_EQ(stopped, 1);
    CHECK(DebugActiveProcessStop(child.dwProcessId));
    CHECK_ERROR(DebugActiveProcessStop(child.dwProcessId), ERROR_ACCESS_DENIED);
    CHECK(CheckRemoteDebuggerPresent(child.hProcess, &present));
    CHECK(!present);
    SetEvent(go);
    finish_waiting(&child, 12);
}

static void test_errors(void)
{
    DEBUG_EVENT event;
    BOOL present;
    CHECK_ERROR(WaitForDebugEvent(&event, 0), ERROR_SEM_TIMEOUT);
    CHECK_ERROR(WaitForDebugEvent(&event, 20), ERROR_SEM_TIMEOUT);
    CHECK_ERROR(ContinueDebugEvent(0x7ffffff0, 1, DBG_CONTINUE), ERROR_INVALID_PARAMETER);
    CHECK(!DebugActiveProcess(0x7ffffff0));
    CHECK_ERROR(CheckRemoteDebuggerPresent(NULL, &present), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(CheckRemoteDebuggerPresent(GetCurrentProcess(), NULL), ERROR_INVALID_PARAMETER);
}

/* The debugger kills what it debugs, and hears of it. */
static void test_terminate(void)
{
    PROCESS_INFORMATION child = start("debugged", DEBUG_ONLY_THIS_PROCESS);
    DEBUG_EVENT event;
    CHECK(WaitForDebugEvent(&event, 10000));
    CHECK_EQ(event.dwDebugEventCode, CREATE_PROCESS_DEBUG_EVENT);
    CloseHandle(event.u.CreateProcessInfo.hFile);
    CHECK(TerminateProcess(child.hProcess, 55));
    ContinueDebugEvent(event.dwProcessId, event.dwThreadId, DBG_CONTINUE);
    do {
        CHECK(WaitForDebugEvent(&event, 10000));
        ContinueDebugEvent(event.dwProcessId, event.dwThreadId, DBG_CONTINUE);
    } while (event.dwDebugEventCode != EXIT_PROCESS_DEBUG_EVENT);
    CHECK_EQ(event.u.ExitProcess.dwExitCode, 55);
    CHECK_EQ(WaitForSingleObject(child.hProcess, 5000), WAIT_OBJECT_0);
    CloseHandle(child.hThread);
    CloseHandle(child.hProcess);
}

int main(int argc, char **argv)
{
    GetModuleFileNameA(NULL, self, sizeof self);
    if (argc > 1)
        return child_main(argc, argv);
    test_events();
    test_crash();
    test_presence();
    test_children();
    test_attach();
    test_terminate();
    test_errors();
    return check_done();
}
