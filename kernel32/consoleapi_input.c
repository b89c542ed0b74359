/*
 * consoleapi_input.c: console input as events.  Bytes from the terminal become key events; a program that reads events
 * is given what the terminal can tell.  On top of ntdll/console.h.
 */
#include "kernel32/filename.h"

#include <string.h>

#include "consoleapi_key.h"
#include "ntdll/console.h"
#include "ntdll/large.h"

#define PENDING_MAX 64

/* Events that were made and not yet taken. */
static INPUT_RECORD pending[PENDING_MAX] LARGE;
static DWORD pending_count;
static RTL_SRWLOCK lock = RTL_SRWLOCK_INIT;

#define RESIZE_LOOK 250 /* ms between looks at the terminal's size, for programs that want to know */

/* Pressed and let go: a terminal does not tell these apart. */
static void add_key(const KEY_EVENT_RECORD *key)
{
    for (int down = 1; down >= 0 && pending_count < PENDING_MAX; down--) {
        INPUT_RECORD *record = &pending[pending_count++];
        memset(record, 0, sizeof *record);
        record->EventType = KEY_EVENT;
        record->Event.KeyEvent = *key;
        record->Event.KeyEvent.bKeyDown = down;
    }
}

static void add_keys(const WCHAR *text, DWORD count, bool sequences)
{
    for (DWORD at = 0; at < count;) {
        KEY_EVENT_RECORD key;
        /* With virtual terminal input sequences are left for the program. */
        at += console_key(text + at, sequences ? count - at : 1, &key);
        add_key(&key);
    }
}

static void add_resize(HANDLE handle)
{
    COORD size;
    if (!console_resized(handle, &size) || pending_count == PENDING_MAX)
        return;
    INPUT_RECORD *record = &pending[pending_count++];
    memset(record, 0, sizeof *record);
    record->EventType = WINDOW_BUFFER_SIZE_EVENT;
    record->Event.WindowBufferSizeEvent.dwSize = size;
}

/* Reads what the terminal has, at least something if `wait`. */
static NTSTATUS fill(HANDLE handle, bool wait)
{
    WCHAR text[PENDING_MAX / 4];
    ULONG count, mode;
    NTSTATUS status = console_get_mode(handle, &mode);
    while (!status && !pending_count) {
        add_resize(handle);
        if (pending_count)
            break;
        int timeout = !wait ? 0 : mode & ENABLE_WINDOW_INPUT ? RESIZE_LOOK : -1;
        status = console_read_keys(handle, text, sizeof text / sizeof *text, timeout, &count);
        if (!status)
            add_keys(text, count, !(mode & ENABLE_VIRTUAL_TERMINAL_INPUT));
        if (!wait)
            break;
    }
    return status == STATUS_END_OF_FILE && !wait ? STATUS_SUCCESS : status;
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
    console_records_left(pending_count > 0);
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
    RtlAcquireSRWLockExclusive(&lock);
    NTSTATUS status = fill(handle, false);
    *count = status ? 0 : pending_count;
    console_records_left(pending_count > 0);
    RtlReleaseSRWLockExclusive(&lock);
    return status_to_bool(status);
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
    ULONG mode;
    if (!status_to_bool(console_get_mode(handle, &mode)))
        return FALSE;
    RtlAcquireSRWLockExclusive(&lock);
    DWORD room = PENDING_MAX - pending_count, n = count < room ? count : room;
    memcpy(pending + pending_count, records, n * sizeof *records);
    pending_count += n;
    console_records_left(pending_count > 0);
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
