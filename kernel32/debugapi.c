/*
 * debugapi.c: what a program asks about debuggers.  There never is one, for Windows' interfaces: gdb is the host's.
 *
 * Layer: kernel32.
 */
#include "ntdll/exception.h"
#include "win.h"

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
    *present = FALSE;
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
    static const WCHAR empty[1];
    SIZE_T length = 0;

    if (!text)
        text = empty;
    while (text[length])
        length++;
    EXCEPTION_RECORD record = {.ExceptionCode = DBG_PRINTEXCEPTION_WIDE_C,
                               .NumberParameters = 4,
                               .ExceptionInformation = {length + 1, (ULONG_PTR)text, 0, 0}};
    exception_notify(&record);
}

static BOOL no_debugging(void)
{
    SetLastError(ERROR_NOT_SUPPORTED);
    return FALSE;
}

BOOL WINAPI DebugActiveProcess(DWORD process)
{
    (void)process;
    return no_debugging();
}

BOOL WINAPI DebugActiveProcessStop(DWORD process)
{
    (void)process;
    return no_debugging();
}

BOOL WINAPI DebugSetProcessKillOnExit(BOOL kill)
{
    (void)kill;
    return no_debugging();
}

BOOL WINAPI WaitForDebugEvent(LPDEBUG_EVENT event, DWORD milliseconds)
{
    (void)event, (void)milliseconds;
    return no_debugging();
}

BOOL WINAPI ContinueDebugEvent(DWORD process, DWORD thread, DWORD status)
{
    (void)process, (void)thread, (void)status;
    return no_debugging();
}
