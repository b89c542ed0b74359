/*
 * consoleapi_input.c: console input as events.  Bytes from the terminal become key events; a program that reads events
 * is given what the terminal can tell.  On top of ntdll/console.h.
 */
#include "kernel32/filename.h"

#include <string.h>

#include "ntdll/console.h"
#include "ntdll/large.h"

#define PENDING_MAX 64

/* Events that were made and not yet taken. */
static INPUT_RECORD pending[PENDING_MAX] LARGE;
static DWORD pending_count;
static RTL_SRWLOCK lock = RTL_SRWLOCK_INIT;

static void add_key(WORD key, WCHAR c, DWORD state)
{
    for (int down = 1; down >= 0 && pending_count < PENDING_MAX; down--) {
        INPUT_RECORD *record = &pending[pending_count++];
        memset(record, 0, sizeof *record);
        record->EventType = KEY_EVENT;
        record->Event.KeyEvent.bKeyDown = down;
        record->Event.KeyEvent.wRepeatCount = 1;
        record->Event.KeyEvent.wVirtualKeyCode = key;
        record->Event.KeyEvent.uChar.UnicodeChar = c;
        record->Event.KeyEvent.dwControlKeyState = state;
    }
}

/* ESC [ letter, or ESC O letter; 0: not a key that is known. */
static WORD escape_key(WCHAR letter)
{
    static const char letters[] = "ABCDHFPQRS";
    static const WORD keys[] = {VK_UP, VK_DOWN, VK_RIGHT, VK_LEFT, VK_HOME, VK_END, VK_F1, VK_F2, VK_F3, VK_F4};
    for (int i = 0; letters[i]; i++)
        if (letter == (WCHAR)letters[i])
            return keys[i];
    return 0;
}

static void add_character(WCHAR c)
{
    if (c == '\n' || c == '\r')
        add_key(VK_RETURN, '\r', 0);
    else if (c == 127 || c == 8)
        add_key(VK_BACK, 8, 0);
    else if (c == '\t')
        add_key(VK_TAB, c, 0);
    else if (c == 27)
        add_key(VK_ESCAPE, c, 0);
    else if (c < 27)
        add_key((WORD)('A' + c - 1), c, LEFT_CTRL_PRESSED);
    else if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))
        add_key((WORD)(c & ~32), c, c < 'a' ? SHIFT_PRESSED : 0);
    else
        add_key((c >= '0' && c <= '9') || c == ' ' ? c : 0, c, 0);
}

/* Reads what the terminal has, at least something if `wait`. */
static NTSTATUS fill(HANDLE handle, bool wait)
{
    WCHAR text[PENDING_MAX / 4];
    ULONG count, waiting;
    NTSTATUS status = console_input_waiting(handle, &waiting);
    if (status || pending_count || (!waiting && !wait))
        return status;
    status = console_read_wide(handle, text, sizeof text / sizeof *text, &count);
    for (ULONG i = 0; !status && i < count; i++) {
        if (text[i] == 27 && i + 2 < count && (text[i + 1] == '[' || text[i + 1] == 'O') && escape_key(text[i + 2])) {
            add_key(escape_key(text[i + 2]), 0, ENHANCED_KEY);
            i += 2;
        } else {
            add_character(text[i]);
        }
    }
    return status;
}

static BOOL take(HANDLE handle, PINPUT_RECORD out, DWORD count, LPDWORD read, bool peek)
{
    RtlAcquireSRWLockExclusive(&lock);
    NTSTATUS status = fill(handle, !peek);
    DWORD n = pending_count < count ? pending_count : count;
    if (!status)
        memcpy(out, pending, n * sizeof *out);
    if (!status && !peek) {
        pending_count -= n;
        memmove(pending, pending + n, pending_count * sizeof *pending);
    }
    RtlReleaseSRWLockExclusive(&lock);
    if (read)
        *read = status ? 0 : n;
    return status_to_bool(status);
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
    ULONG waiting;
    if (!status_to_bool(console_input_waiting(handle, &waiting)))
        return FALSE;
    *count = pending_count + waiting;
    return TRUE;
}

BOOL WINAPI FlushConsoleInputBuffer(HANDLE handle)
{
    if (!status_to_bool(console_input_flush(handle)))
        return FALSE;
    pending_count = 0;
    return TRUE;
}

BOOL WINAPI WriteConsoleInputW(HANDLE handle, const INPUT_RECORD *records, DWORD count, LPDWORD written)
{
    ULONG waiting;
    if (!status_to_bool(console_input_waiting(handle, &waiting)))
        return FALSE;
    RtlAcquireSRWLockExclusive(&lock);
    DWORD room = PENDING_MAX - pending_count, n = count < room ? count : room;
    memcpy(pending + pending_count, records, n * sizeof *records);
    pending_count += n;
    RtlReleaseSRWLockExclusive(&lock);
    if (written)
        *written = n;
    return TRUE;
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
