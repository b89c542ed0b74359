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
static struct {
    PROCESS_INFORMATION child;
    int created, loaded, unloaded, thread_created, thread_exited, strings, breaks, steps, raised, exited, initial;
    DWORD64 after_step;
} life;

static void on_process(const DEBUG_EVENT *event)
{
    const CREATE_PROCESS_DEBUG_INFO *info = &event->u.CreateProcessInfo;

    life.created++;
    CHECK_EQ(life.loaded + life.thread_created + life.breaks, 0); /* the first one */
    CHECK_EQ(event->dwThreadId, life.child.dwThreadId);
    main_thread = event->dwThreadId;
    CHECK(info->hFile != NULL);
    CHECK(GetFileSize(info->hFile, NULL) > 1000);
    CHECK_EQ(GetProcessId(info->hProcess), life.child.dwProcessId);
    CHECK_EQ(GetThreadId(info->hThread), life.child.dwThreadId);
    CHECK(info->lpBaseOfImage != NULL);
    CHECK(info->lpThreadLocalBase != NULL);
    thread_note(event->dwThreadId, info->hThread);
    CloseHandle(info->hFile);
}

static void on_module(const DEBUG_EVENT *event)
{
    WORD magic = 0;
    SIZE_T done;

    life.loaded++;
    CHECK_EQ(life.created, 1);
    CHECK(ReadProcessMemory(process, event->u.LoadDll.lpBaseOfDll, &magic, 2, &done));
    CHECK_EQ(magic, IMAGE_DOS_SIGNATURE);
    if (event->u.LoadDll.hFile)
        CloseHandle(event->u.LoadDll.hFile);
}

static void on_thread(const DEBUG_EVENT *event)
{
    life.thread_created++;
    thread_note(event->dwThreadId, event->u.CreateThread.hThread);
    CHECK(event->u.CreateThread.lpThreadLocalBase != NULL);
    if (life.initial == 1 && event->u.CreateThread.lpStartAddress == child_thread)
        CHECK_EQ(GetThreadId(event->u.CreateThread.hThread), event->dwThreadId);
}

static void on_string(const DEBUG_EVENT *event)
{
    char text[64];

    read_text(&event->u.DebugString, text, sizeof text);
    CHECK_EQ(event->u.DebugString.fUnicode, 0);
    CHECK_STR(text, life.strings ? "wide text" : "hello debugger");
    life.strings++;
}

/* The loader's: everything is mapped, nothing has run. */
static void on_initial_breakpoint(const DEBUG_EVENT *event, const CONTEXT *context)
{
    life.initial = 1;
    CHECK(life.loaded >= 2);
    CHECK_EQ(event->dwThreadId, main_thread);
    CHECK_EQ(context->Rip, (DWORD64)event->u.Exception.ExceptionRecord.ExceptionAddress + 1);
    breakpoint_set((void *)target_function);
}

static void on_breakpoint(const DEBUG_EVENT *event, CONTEXT *context)
{
    life.breaks++;
    CHECK(event->u.Exception.ExceptionRecord.ExceptionAddress == (void *)target_function);
    CHECK_EQ(context->Rip, (DWORD64)target_function + 1);
    CHECK_EQ((DWORD)context->Rcx, 5);
    breakpoint_clear((void *)target_function);
    context->Rip--;
    context->EFlags |= 0x100;
    context->Rcx = 10;
    CHECK(SetThreadContext(thread_handle(event->dwThreadId), context));
}

static void on_step(const DEBUG_EVENT *event, CONTEXT *context)
{
    life.steps++;
    life.after_step = context->Rip;
    if (life.steps == 1) {
        CHECK(context->Rip > (DWORD64)target_function && context->Rip < (DWORD64)target_function + 16);
        CHECK_EQ((DWORD)context->Rcx, 10);
    }
    CHECK(event->u.Exception.ExceptionRecord.ExceptionAddress == (void *)context->Rip);
    if (life.steps < 3) {
        context->EFlags |= 0x100;
        CHECK(SetThreadContext(thread_handle(event->dwThreadId), context));
    }
}

static DWORD on_exception(const DEBUG_EVENT *event)
{
    DWORD code = event->u.Exception.ExceptionRecord.ExceptionCode;
    CONTEXT context = {.ContextFlags = CONTEXT_FULL};

    CHECK_EQ(event->u.Exception.dwFirstChance, 1);
    CHECK(GetThreadContext(thread_handle(event->dwThreadId), &context));
    if (code == EXCEPTION_BREAKPOINT && !life.initial) {
        on_initial_breakpoint(event, &context);
    } else if (code == EXCEPTION_BREAKPOINT) {
        on_breakpoint(event, &context);
    } else if (code == EXCEPTION_SINGLE_STEP) {
        on_step(event, &context);
    } else {
        CHECK_EQ(code, 0xe0001234);
        life.raised++;
        return DBG_EXCEPTION_NOT_HANDLED;
    }
    return DBG_CONTINUE;
}

/* The answer. */
static DWORD on_event(const DEBUG_EVENT *event)
{
    CHECK_EQ(event->dwProcessId, life.child.dwProcessId);
    switch (event->dwDebugEventCode) {
    case CREATE_PROCESS_DEBUG_EVENT:
        on_process(event);
        break;
    case LOAD_DLL_DEBUG_EVENT:
        on_module(event);
        break;
    case UNLOAD_DLL_DEBUG_EVENT:
        life.unloaded++;
        break;
    case CREATE_THREAD_DEBUG_EVENT:
        on_thread(event);
        break;
    case EXIT_THREAD_DEBUG_EVENT:
        life.thread_exited++;
        if (event->u.ExitThread.dwExitCode == 42)
            CHECK(event->dwThreadId != main_thread);
        break;
    case OUTPUT_DEBUG_STRING_EVENT:
        on_string(event);
        break;
    case EXCEPTION_DEBUG_EVENT:
        return on_exception(event);
    case EXIT_PROCESS_DEBUG_EVENT:
        life.exited = 1;
        CHECK_EQ(event->u.ExitProcess.dwExitCode, 31);
        break;
    default:
        CHECK(!"this kind of event");
    }
    return DBG_CONTINUE;
}

static void check_life(void)
{
    CHECK_EQ(life.created, 1);
    CHECK_EQ(life.initial, 1);
    CHECK_EQ(life.strings, 2);
    CHECK_EQ(life.raised, 1);
    CHECK_EQ(life.breaks, 1);
    CHECK_EQ(life.steps, 3);
    CHECK(life.after_step != 0);
    CHECK(life.thread_created >= 1);
    CHECK(life.thread_exited >= 1);
    CHECK(life.unloaded >= 0);
}

static void test_events(void)
{
    DEBUG_EVENT event;
    BOOL present = FALSE;
    DWORD code = 0;

    life.child = start("events", DEBUG_ONLY_THIS_PROCESS);
    process = life.child.hProcess;
    CHECK(CheckRemoteDebuggerPresent(process, &present));
    CHECK(present);
    while (!life.exited) {
        if (!WaitForDebugEvent(&event, 10000)) {
            CHECK(!"an event");
            break;
        }
        DWORD answer = on_event(&event);
        CHECK(ContinueDebugEvent(event.dwProcessId, event.dwThreadId, answer));
    }
    check_life();
    CHECK_EQ(WaitForSingleObject(process, 5000), WAIT_OBJECT_0);
    CHECK(GetExitCodeProcess(process, &code));
    CHECK_EQ(code, 31);
    CHECK(!ContinueDebugEvent(life.child.dwProcessId, life.child.dwThreadId, DBG_CONTINUE));
    CloseHandle(life.child.hThread);
    CloseHandle(process);
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
