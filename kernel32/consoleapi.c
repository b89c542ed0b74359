/*
 * consoleapi.c: modes, code pages, text in and out, control handlers.  On top of ntdll/console.h.
 */
#include "kernel32/filename.h"

#include <string.h>

#include "ntdll/console.h"

BOOL WINAPI GetConsoleMode(HANDLE handle, LPDWORD mode)
{
    ULONG value;
    if (!status_to_bool(console_get_mode(handle, &value)))
        return FALSE;
    *mode = value;
    return TRUE;
}

BOOL WINAPI SetConsoleMode(HANDLE handle, DWORD mode)
{
    return status_to_bool(console_set_mode(handle, mode));
}

UINT WINAPI GetConsoleCP(void)
{
    return console_code_page(false);
}

UINT WINAPI GetConsoleOutputCP(void)
{
    return console_code_page(true);
}

static BOOL set_code_page(bool output, UINT code_page)
{
    if (!IsValidCodePage(code_page)) {
        RtlSetLastWin32Error(ERROR_INVALID_PARAMETER);
        return FALSE;
    }
    console_set_code_page(output, code_page);
    return TRUE;
}

BOOL WINAPI SetConsoleCP(UINT code_page)
{
    return set_code_page(false, code_page);
}

BOOL WINAPI SetConsoleOutputCP(UINT code_page)
{
    return set_code_page(true, code_page);
}

BOOL WINAPI WriteConsoleW(HANDLE handle, const void *text, DWORD count, LPDWORD written, LPVOID reserved)
{
    ULONG done = 0;
    (void)reserved;
    BOOL result = status_to_bool(console_write_wide(handle, text, count, &done));
    if (written)
        *written = done;
    return result;
}

BOOL WINAPI WriteConsoleA(HANDLE handle, const void *text, DWORD count, LPDWORD written, LPVOID reserved)
{
    UINT page = GetConsoleOutputCP();
    (void)reserved;
    if (written)
        *written = 0;
    if (page == CP_UTF8) {
        if (!status_to_bool(console_put(handle, text, count)))
            return FALSE;
    } else {
        int length = count ? MultiByteToWideChar(page, 0, text, (int)count, NULL, 0) : 0;
        WCHAR *wide = RtlAllocateHeap(process_heap(), 0, (length + 1) * sizeof(WCHAR));
        ULONG done;
        if (!wide)
            return status_to_bool(STATUS_NO_MEMORY);
        MultiByteToWideChar(page, 0, text, (int)count, wide, length);
        BOOL result = status_to_bool(console_write_wide(handle, wide, length, &done));
        RtlFreeHeap(process_heap(), 0, wide);
        if (!result)
            return FALSE;
    }
    if (written)
        *written = count;
    return TRUE;
}

BOOL WINAPI ReadConsoleW(HANDLE handle, LPVOID text, DWORD count, LPDWORD read, LPVOID control)
{
    ULONG done = 0;
    (void)control;
    BOOL result = status_to_bool(console_read_wide(handle, text, count, &done));
    if (read)
        *read = done;
    return result;
}

BOOL WINAPI ReadConsoleA(HANDLE handle, LPVOID text, DWORD count, LPDWORD read, LPVOID control)
{
    UINT page = GetConsoleCP();
    ULONG done = 0;
    (void)control;
    /* A character takes up to four bytes: so many fewer are asked for that all fit. */
    DWORD ask = page == CP_UTF8 && count >= 4 ? count / 3 : count;
    WCHAR *wide = RtlAllocateHeap(process_heap(), 0, (ask + 1) * sizeof(WCHAR));
    if (!wide)
        return status_to_bool(STATUS_NO_MEMORY);
    BOOL result = status_to_bool(console_read_wide(handle, wide, ask, &done));
    if (result && read)
        *read = done ? (DWORD)WideCharToMultiByte(page, 0, wide, (int)done, text, (int)count, NULL, NULL) : 0;
    RtlFreeHeap(process_heap(), 0, wide);
    return result;
}

BOOL WINAPI SetConsoleCtrlHandler(PHANDLER_ROUTINE handler, BOOL add)
{
    if (!handler) {
        console_ctrl_ignore(add);
        return TRUE;
    }
    return status_to_bool(add ? console_ctrl_add((const void *)handler) : console_ctrl_remove((const void *)handler));
}

BOOL WINAPI GenerateConsoleCtrlEvent(DWORD event, DWORD group)
{
    return status_to_bool(console_ctrl_generate(event, group));
}

/* The console is the terminal that winrun was started on: there is nothing to make, leave or join. */
BOOL WINAPI AllocConsole(void)
{
    return status_to_bool(STATUS_ACCESS_DENIED);
}

BOOL WINAPI FreeConsole(void)
{
    return TRUE;
}

BOOL WINAPI AttachConsole(DWORD process)
{
    (void)process;
    return status_to_bool(STATUS_ACCESS_DENIED);
}

HWND WINAPI GetConsoleWindow(void)
{
    return NULL;
}

DWORD WINAPI GetConsoleProcessList(LPDWORD list, DWORD count)
{
    if (count)
        list[0] = GetCurrentProcessId();
    return 1;
}
