/*
 * consoleapi_input.c: console input as events, as far as a terminal can tell them.  On top of ntdll/console.h.
 */
#include "kernel32/filename.h"

#include "ntdll/console.h"

static BOOL take(HANDLE handle, PINPUT_RECORD out, DWORD count, LPDWORD read, bool peek)
{
    ULONG n;
    BOOL result = status_to_bool(console_read_events(handle, out, count, !peek, peek, &n));
    if (read)
        *read = n;
    return result;
}

static void records_to_ansi(PINPUT_RECORD records, DWORD count)
{
    for (DWORD i = 0; i < count; i++) {
        WCHAR c = records[i].Event.KeyEvent.uChar.UnicodeChar;
        if (records[i].EventType == KEY_EVENT)
            records[i].Event.KeyEvent.uChar.AsciiChar = c < 256 ? (char)c : '?';
    }
}

BOOL WINAPI ReadConsoleInputW(HANDLE handle, PINPUT_RECORD out, DWORD count, LPDWORD read)
{
    return take(handle, out, count, read, false);
}

BOOL WINAPI PeekConsoleInputW(HANDLE handle, PINPUT_RECORD out, DWORD count, LPDWORD read)
{
    return take(handle, out, count, read, true);
}

BOOL WINAPI ReadConsoleInputA(HANDLE handle, PINPUT_RECORD out, DWORD count, LPDWORD read)
{
    DWORD n = 0;
    BOOL result = take(handle, out, count, &n, false);
    records_to_ansi(out, n);
    if (read)
        *read = n;
    return result;
}

BOOL WINAPI PeekConsoleInputA(HANDLE handle, PINPUT_RECORD out, DWORD count, LPDWORD read)
{
    DWORD n = 0;
    BOOL result = take(handle, out, count, &n, true);
    records_to_ansi(out, n);
    if (read)
        *read = n;
    return result;
}

BOOL WINAPI GetNumberOfConsoleInputEvents(HANDLE handle, LPDWORD count)
{
    return status_to_bool(console_count_events(handle, count));
}

BOOL WINAPI FlushConsoleInputBuffer(HANDLE handle)
{
    return status_to_bool(console_input_flush(handle));
}

BOOL WINAPI WriteConsoleInputW(HANDLE handle, const INPUT_RECORD *records, DWORD count, LPDWORD written)
{
    BOOL result = status_to_bool(console_write_events(handle, records, count));
    if (written)
        *written = result ? count : 0;
    return result;
}

BOOL WINAPI WriteConsoleInputA(HANDLE handle, const INPUT_RECORD *records, DWORD count, LPDWORD written)
{
    return WriteConsoleInputW(handle, records, count, written);
}

BOOL WINAPI GetNumberOfConsoleMouseButtons(LPDWORD count)
{
    *count = 0;
    return TRUE;
}
