/*
 * debugapi.c: debugging another process, and what a program asks about debuggers.
 *
 * Layer: kernel32, on top of ntdll's DbgUi functions.
 */
#include "ntdll/debug.h"
#include "ntdll/error.h"
#include "ntdll/exception.h"
#include "ntthread.h"

BOOL WINAPI IsDebuggerPresent(void)
{
    return peb_current()->BeingDebugged;
}

BOOL WINAPI CheckRemoteDebuggerPresent(HANDLE process, PBOOL present)
{
    if (!process || !present) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return FALSE;
    }
    HANDLE port;
    if (!status_to_bool(NtQueryInformationProcess(process, ProcessDebugPort, &port, sizeof port, NULL)))
        return FALSE;
    *present = port != NULL;
    return TRUE;
}

/* A leaf without a frame, so that the exception is easily unwound to the caller. */
__asm__(".text\n.balign 16\n.globl DebugBreak\n.hidden DebugBreak\n.type DebugBreak, @function\n"
        "DebugBreak:\n.cfi_startproc\nint3\nret\n.cfi_endproc\n.size DebugBreak, . - DebugBreak\n");

/*
 * Without a debugger the text goes nowhere, but vectored handlers see the exception, and nobody else does: an
 * exception that nobody handles is swallowed here as Windows does with a __try.  So only vectored handlers are asked.
 */
VOID WINAPI OutputDebugStringA(LPCSTR text)
{
    if (!text)
        text = "";
    EXCEPTION_RECORD record = {.ExceptionCode = DBG_PRINTEXCEPTION_C,
                               .NumberParameters = 2,
                               .ExceptionInformation = {strlen(text) + 1, (ULONG_PTR)text}};
    exception_notify(&record);
}

VOID WINAPI OutputDebugStringW(LPCWSTR text)
{
    UNICODE_STRING wide;
    ANSI_STRING ansi = {0};
    SIZE_T length;

    RtlInitUnicodeString(&wide, text ? text : u"");
    length = wide.Length / sizeof(WCHAR);
    if (peb_current()->BeingDebugged) /* it may know no other */
        RtlUnicodeStringToAnsiString(&ansi, &wide, TRUE);
    EXCEPTION_RECORD record = {.ExceptionCode = DBG_PRINTEXCEPTION_WIDE_C,
                               .NumberParameters = 4,
                               .ExceptionInformation = {length + 1, (ULONG_PTR)wide.Buffer,
                                                        ansi.Buffer ? ansi.Length + 1u : 0, (ULONG_PTR)ansi.Buffer}};
    exception_notify(&record);
    RtlFreeAnsiString(&ansi);
}

static HANDLE process_open(DWORD id)
{
    return OpenProcess(PROCESS_ALL_ACCESS, FALSE, id);
}

BOOL WINAPI DebugActiveProcess(DWORD id)
{
    if (!status_to_bool(DbgUiConnectToDbg()))
        return FALSE;
    HANDLE process = process_open(id);
    if (!process)
        return FALSE;
    NTSTATUS status = DbgUiDebugActiveProcess(process);
    NtClose(process);
    return status_to_bool(status);
}

BOOL WINAPI DebugActiveProcessStop(DWORD id)
{
    HANDLE process = process_open(id);
    if (!process)
        return FALSE;
    NTSTATUS status = DbgUiStopDebugging(process);
    NtClose(process);
    if (!NT_SUCCESS(status))
        SetLastError(ERROR_ACCESS_DENIED);
    return NT_SUCCESS(status);
}

BOOL WINAPI DebugBreakProcess(HANDLE process)
{
    return status_to_bool(DbgUiIssueRemoteBreakin(process));
}

BOOL WINAPI DebugSetProcessKillOnExit(BOOL kill)
{
    ULONG flags = kill != FALSE;
    HANDLE debug = DbgUiGetThreadDebugObject();
    if (!debug) {
        SetLastError(ERROR_INVALID_HANDLE);
        return FALSE;
    }
    return status_to_bool(NtSetInformationDebugObject(debug, 1, &flags, sizeof flags, NULL));
}

static BOOL wait_event(LPDEBUG_EVENT event, DWORD milliseconds, bool wide)
{
    LARGE_INTEGER timeout = {.QuadPart = -10000ll * milliseconds};
    struct debug_state_change change;
    NTSTATUS status;
    do {
        status = DbgUiWaitStateChange(&change, milliseconds == INFINITE ? NULL : &timeout);
    } while (status == STATUS_ALERTED || status == STATUS_USER_APC);
    if (status == STATUS_TIMEOUT) {
        SetLastError(ERROR_SEM_TIMEOUT);
        return FALSE;
    }
    if (!status_to_bool(status))
        return FALSE;
    return status_to_bool(wide ? DbgUiConvertStateChangeStructureEx(&change, event)
                               : DbgUiConvertStateChangeStructure(&change, event));
}

BOOL WINAPI WaitForDebugEvent(LPDEBUG_EVENT event, DWORD milliseconds)
{
    return wait_event(event, milliseconds, false);
}

BOOL WINAPI WaitForDebugEventEx(LPDEBUG_EVENT event, DWORD milliseconds)
{
    return wait_event(event, milliseconds, true);
}

BOOL WINAPI ContinueDebugEvent(DWORD process, DWORD thread, DWORD status)
{
    const CLIENT_ID id = {(HANDLE)(ULONG_PTR)process, (HANDLE)(ULONG_PTR)thread};
    return status_to_bool(DbgUiContinue(&id, (NTSTATUS)status));
}
