/*
 * eventlog_read.c: reading event logs.  No event is kept, so that every log is there and empty.
 *
 * Layer: advapi32.
 */
#include "win.h"

#define LOG_HANDLE ((HANDLE)0x65766c6f)

static BOOL fail(DWORD error)
{
    SetLastError(error);
    return FALSE;
}

static BOOL log_check(HANDLE log)
{
    return log == LOG_HANDLE || fail(ERROR_INVALID_HANDLE);
}

HANDLE WINAPI OpenEventLogW(LPCWSTR server, LPCWSTR name)
{
    (void)server;
    if (name)
        return LOG_HANDLE;
    SetLastError(ERROR_INVALID_PARAMETER);
    return NULL;
}

HANDLE WINAPI OpenEventLogA(LPCSTR server, LPCSTR name)
{
    (void)server;
    return OpenEventLogW(NULL, name ? u"" : NULL);
}

BOOL WINAPI CloseEventLog(HANDLE log)
{
    return log_check(log);
}

BOOL WINAPI GetNumberOfEventLogRecords(HANDLE log, PDWORD count)
{
    if (!count)
        return fail(ERROR_INVALID_PARAMETER);
    if (!log_check(log))
        return FALSE;
    *count = 0;
    return TRUE;
}

BOOL WINAPI GetOldestEventLogRecord(HANDLE log, PDWORD number)
{
    return GetNumberOfEventLogRecords(log, number);
}

BOOL WINAPI ReadEventLogW(HANDLE log, DWORD flags, DWORD offset, LPVOID buffer, DWORD size, DWORD *read, DWORD *needed)
{
    DWORD how = flags & (EVENTLOG_SEQUENTIAL_READ | EVENTLOG_SEEK_READ);
    DWORD way = flags & (EVENTLOG_FORWARDS_READ | EVENTLOG_BACKWARDS_READ);

    (void)offset, (void)size;
    if (!buffer || !read || !needed || !how || how == (EVENTLOG_SEQUENTIAL_READ | EVENTLOG_SEEK_READ) || !way ||
        way == (EVENTLOG_FORWARDS_READ | EVENTLOG_BACKWARDS_READ))
        return fail(ERROR_INVALID_PARAMETER);
    if (!log_check(log))
        return FALSE;
    *read = *needed = 0;
    return fail(ERROR_HANDLE_EOF);
}

/* Nothing is there to be cleared, or to be saved before. */
BOOL WINAPI ClearEventLogW(HANDLE log, LPCWSTR backup)
{
    return log_check(log) && (!backup || fail(ERROR_NOT_SUPPORTED));
}

BOOL WINAPI ClearEventLogA(HANDLE log, LPCSTR backup)
{
    return ClearEventLogW(log, backup ? u"" : NULL);
}

BOOL WINAPI GetEventLogInformation(HANDLE log, DWORD level, LPVOID buffer, DWORD size, LPDWORD needed)
{
    if (level || !buffer || !needed)
        return fail(level ? ERROR_INVALID_LEVEL : ERROR_INVALID_PARAMETER);
    if (!log_check(log))
        return FALSE;
    *needed = sizeof(EVENTLOG_FULL_INFORMATION);
    if (size < sizeof(EVENTLOG_FULL_INFORMATION))
        return fail(ERROR_INSUFFICIENT_BUFFER);
    ((EVENTLOG_FULL_INFORMATION *)buffer)->dwFull = 0;
    return TRUE;
}
