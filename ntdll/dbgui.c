/*
 * dbgui.c: DbgUi..., what kernel32's debugging functions stand on, and the breakpoint functions.
 *
 * Layer: NT layer, on top of the Nt functions alone.  A thread that debugs has its debug object in its TEB, and there a
 * list of the handles that events have brought; they are closed when the end of what they stand for is continued from.
 */
#include <string.h>
#include "debug.h"
#include "gate.h"
#include "ntapi.h"
#include "ntthread.h"
#include "peb.h"

struct brought {
    struct brought *next;
    CLIENT_ID id; /* UniqueThread NULL: of the process */
    HANDLE handle;
    bool ended;
};

/* TEB.DbgSsReserved: [0] the list, [1] the debug object. */
static struct brought **brought_list(void)
{
    return (struct brought **)&teb_current()->DbgSsReserved[0];
}

HANDLE NTAPI DbgUiGetThreadDebugObject(void)
{
    return teb_current()->DbgSsReserved[1];
}

void NTAPI DbgUiSetThreadDebugObject(HANDLE debug)
{
    teb_current()->DbgSsReserved[1] = debug;
}

NTSTATUS NTAPI DbgUiConnectToDbg(void)
{
    const OBJECT_ATTRIBUTES attributes = {.Length = sizeof attributes};
    if (DbgUiGetThreadDebugObject())
        return STATUS_SUCCESS;
    return NtCreateDebugObject((HANDLE *)&teb_current()->DbgSsReserved[1], DEBUG_ALL_ACCESS, &attributes,
                               DEBUG_KILL_ON_CLOSE);
}

NTSTATUS NTAPI DbgUiWaitStateChange(struct debug_state_change *change, const LARGE_INTEGER *timeout)
{
    return NtWaitForDebugEvent(DbgUiGetThreadDebugObject(), TRUE, timeout, change);
}

NTSTATUS NTAPI DbgUiContinue(const CLIENT_ID *id, NTSTATUS answer)
{
    NTSTATUS status = NtDebugContinue(DbgUiGetThreadDebugObject(), id, answer);
    if (status)
        return status;
    for (struct brought **link = brought_list(), *one; (one = *link);) {
        if (one->ended && one->id.UniqueProcess == id->UniqueProcess) {
            *link = one->next;
            NtClose(one->handle);
            RtlFreeHeap(process_peb.ProcessHeap, 0, one);
        } else {
            link = &one->next;
        }
    }
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI DbgUiDebugActiveProcess(HANDLE process)
{
    return NtDebugActiveProcess(process, DbgUiGetThreadDebugObject()); /* which also breaks in */
}

NTSTATUS NTAPI DbgUiStopDebugging(HANDLE process)
{
    return NtRemoveProcessDebug(process, DbgUiGetThreadDebugObject());
}

__asm__(".text\n.balign 16\n.globl DbgBreakPoint\n.hidden DbgBreakPoint\n.type DbgBreakPoint, @function\n"
        "DbgBreakPoint:\n.cfi_startproc\nint3\nret\n.cfi_endproc\n.size DbgBreakPoint, . - DbgBreakPoint\n"
        ".balign 16\n.globl DbgUserBreakPoint\n.hidden DbgUserBreakPoint\n.type DbgUserBreakPoint, @function\n"
        "DbgUserBreakPoint:\n.cfi_startproc\nint3\nret\n.cfi_endproc\n"
        ".size DbgUserBreakPoint, . - DbgUserBreakPoint\n");

void NTAPI DbgUiRemoteBreakin(void *context)
{
    (void)context;
    if (peb_current()->BeingDebugged)
        guest_call(DbgBreakPoint, 0, 0, 0, 0);
    RtlExitUserThread(STATUS_SUCCESS);
}

NTSTATUS NTAPI DbgUiIssueRemoteBreakin(HANDLE process)
{
    HANDLE thread;
    NTSTATUS status = RtlCreateUserThread(process, NULL, FALSE, 0, 0, 0, DbgUiRemoteBreakin, NULL, &thread, NULL);
    if (!status)
        NtClose(thread);
    return status;
}

/* ---- events as kernel32 tells them ---- */

/* A handle that the event brings, remembered. */
static HANDLE bring(HANDLE handle, const CLIENT_ID *id, bool thread)
{
    struct brought *one = RtlAllocateHeap(process_peb.ProcessHeap, 0, sizeof *one);
    if (one && handle) {
        *one = (struct brought){*brought_list(), {id->UniqueProcess, thread ? id->UniqueThread : NULL}, handle, false};
        *brought_list() = one;
    }
    return handle;
}

static HANDLE bring_thread(const CLIENT_ID *id)
{
    const OBJECT_ATTRIBUTES attributes = {.Length = sizeof attributes};
    HANDLE handle;
    return NtOpenThread(&handle, THREAD_ALL_ACCESS, &attributes, id) ? NULL : bring(handle, id, true);
}

static HANDLE bring_process(const CLIENT_ID *id)
{
    const OBJECT_ATTRIBUTES attributes = {.Length = sizeof attributes};
    const CLIENT_ID process = {id->UniqueProcess, NULL};
    HANDLE handle;
    return NtOpenProcess(&handle, PROCESS_ALL_ACCESS, &attributes, &process) ? NULL : bring(handle, id, false);
}

static void mark_ended(const CLIENT_ID *id, bool process)
{
    for (struct brought *one = *brought_list(); one; one = one->next)
        if (one->id.UniqueProcess == id->UniqueProcess && (process || one->id.UniqueThread == id->UniqueThread))
            one->ended = true;
}

static PVOID teb_of(HANDLE thread)
{
    struct thread_basic_info info;
    return thread && !NtQueryInformationThread(thread, (THREADINFOCLASS)THREAD_BASIC_INFO, &info, sizeof info, NULL)
               ? info.teb
               : NULL;
}

/* wide: the caller knows of text in UTF-16. */
static void convert_exception(const struct debug_state_change *change, DEBUG_EVENT *event, bool wide)
{
    const EXCEPTION_RECORD *record = &change->exception.record;
    OUTPUT_DEBUG_STRING_INFO *text = &event->u.DebugString;
    bool is_wide = record->ExceptionCode == DBG_PRINTEXCEPTION_WIDE_C;
    if (record->ExceptionCode == DBG_PRINTEXCEPTION_C || is_wide) {
        unsigned from = is_wide && !wide ? 2 : 0; /* the same in the ANSI code page */
        event->dwDebugEventCode = OUTPUT_DEBUG_STRING_EVENT;
        text->nDebugStringLength = (WORD)(record->ExceptionInformation[from] * (is_wide && wide ? 2 : 1));
        text->lpDebugStringData = (LPSTR)record->ExceptionInformation[from + 1];
        text->fUnicode = is_wide && wide;
    } else if (record->ExceptionCode == DBG_RIPEXCEPTION) {
        event->dwDebugEventCode = RIP_EVENT;
        event->u.RipInfo.dwError = (DWORD)record->ExceptionInformation[0];
        event->u.RipInfo.dwType = (DWORD)record->ExceptionInformation[1];
    } else {
        event->dwDebugEventCode = EXCEPTION_DEBUG_EVENT;
        event->u.Exception.ExceptionRecord = *record;
        event->u.Exception.dwFirstChance = change->exception.first_chance;
    }
}

static void convert_create_process(const struct debug_state_change *change, DEBUG_EVENT *event)
{
    CREATE_PROCESS_DEBUG_INFO *info = &event->u.CreateProcessInfo;
    event->dwDebugEventCode = CREATE_PROCESS_DEBUG_EVENT;
    info->hFile = change->create_process.info.file;
    info->hProcess = bring_process(&change->id);
    info->hThread = bring_thread(&change->id);
    info->lpBaseOfImage = change->create_process.info.base;
    info->lpThreadLocalBase = teb_of(info->hThread);
    info->lpStartAddress = (LPTHREAD_START_ROUTINE)change->create_process.info.thread.start;
    info->fUnicode = TRUE;
}

static NTSTATUS convert(const struct debug_state_change *change, DEBUG_EVENT *event, bool wide)
{
    memset(event, 0, sizeof *event);
    event->dwProcessId = (DWORD)(ULONG_PTR)change->id.UniqueProcess;
    event->dwThreadId = (DWORD)(ULONG_PTR)change->id.UniqueThread;
    switch (change->state) {
    case DEBUG_CREATE_THREAD:
        event->dwDebugEventCode = CREATE_THREAD_DEBUG_EVENT;
        event->u.CreateThread.hThread = bring_thread(&change->id);
        event->u.CreateThread.lpThreadLocalBase = teb_of(event->u.CreateThread.hThread);
        event->u.CreateThread.lpStartAddress = (LPTHREAD_START_ROUTINE)change->create_thread.info.start;
        break;
    case DEBUG_CREATE_PROCESS:
        convert_create_process(change, event);
        break;
    case DEBUG_EXIT_THREAD:
    case DEBUG_EXIT_PROCESS:
        event->dwDebugEventCode =
            change->state == DEBUG_EXIT_THREAD ? EXIT_THREAD_DEBUG_EVENT : EXIT_PROCESS_DEBUG_EVENT;
        event->u.ExitProcess.dwExitCode = (DWORD)change->exited.status;
        mark_ended(&change->id, change->state == DEBUG_EXIT_PROCESS);
        break;
    case DEBUG_EXCEPTION:
    case DEBUG_BREAKPOINT:
    case DEBUG_SINGLE_STEP:
        convert_exception(change, event, wide);
        break;
    case DEBUG_LOAD_DLL:
        event->dwDebugEventCode = LOAD_DLL_DEBUG_EVENT;
        event->u.LoadDll.hFile = change->load_dll.file;
        event->u.LoadDll.lpBaseOfDll = change->load_dll.base;
        event->u.LoadDll.lpImageName = change->load_dll.name;
        event->u.LoadDll.fUnicode = TRUE;
        break;
    case DEBUG_UNLOAD_DLL:
        event->dwDebugEventCode = UNLOAD_DLL_DEBUG_EVENT;
        event->u.UnloadDll.lpBaseOfDll = change->unload_dll.base;
        break;
    default:
        return STATUS_UNSUCCESSFUL;
    }
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI DbgUiConvertStateChangeStructure(struct debug_state_change *change, DEBUG_EVENT *event)
{
    return convert(change, event, false);
}

NTSTATUS NTAPI DbgUiConvertStateChangeStructureEx(struct debug_state_change *change, DEBUG_EVENT *event)
{
    return convert(change, event, true);
}
