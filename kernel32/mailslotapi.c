/*
 * mailslotapi.c: mailslots.  On top of NtCreateMailslotFile and the mailslot classes of files' information.
 */
#include "kernel32/filename.h"
#include "ntdll/mailslotapi.h"

#define FOR_EVER (-1LL)

static LARGE_INTEGER timeout_ticks(DWORD milliseconds)
{
    LARGE_INTEGER ticks = {.QuadPart = milliseconds == MAILSLOT_WAIT_FOREVER ? FOR_EVER : milliseconds * -10000LL};
    return ticks;
}

HANDLE WINAPI CreateMailslotW(LPCWSTR name, DWORD maximum, DWORD timeout, LPSECURITY_ATTRIBUTES security)
{
    struct filename filename;
    IO_STATUS_BLOCK io;
    HANDLE handle;
    LARGE_INTEGER ticks = timeout_ticks(timeout);
    if (!filename_open(&filename, name))
        return INVALID_HANDLE_VALUE;
    if (security && security->bInheritHandle)
        filename.attributes.Attributes |= OBJ_INHERIT;
    NTSTATUS status = NtCreateMailslotFile(&handle, GENERIC_READ | SYNCHRONIZE | WRITE_DAC, &filename.attributes, &io,
                                           FILE_WRITE_THROUGH, 0, maximum, &ticks);
    filename_close(&filename);
    return status_to_bool(status) ? handle : INVALID_HANDLE_VALUE;
}

HANDLE WINAPI CreateMailslotA(LPCSTR name, DWORD maximum, DWORD timeout, LPSECURITY_ATTRIBUTES security)
{
    WCHAR *wide = filename_from_ansi(name);
    HANDLE handle = wide ? CreateMailslotW(wide, maximum, timeout, security) : INVALID_HANDLE_VALUE;
    filename_free(wide);
    return handle;
}

BOOL WINAPI GetMailslotInfo(HANDLE mailslot, LPDWORD maximum, LPDWORD next, LPDWORD count, LPDWORD timeout)
{
    FILE_MAILSLOT_QUERY_INFORMATION info;
    IO_STATUS_BLOCK io;
    NTSTATUS status = NtQueryInformationFile(mailslot, &io, &info, sizeof info, FileMailslotQueryInformation);
    if (!status_to_bool(status))
        return FALSE;
    if (maximum)
        *maximum = info.MaximumMessageSize;
    if (next)
        *next = info.NextMessageSize;
    if (count)
        *count = info.MessagesAvailable;
    if (timeout && info.ReadTimeout.QuadPart == FOR_EVER)
        *timeout = MAILSLOT_WAIT_FOREVER;
    else if (timeout)
        *timeout = (DWORD)(info.ReadTimeout.QuadPart / -10000);
    return TRUE;
}

BOOL WINAPI SetMailslotInfo(HANDLE mailslot, DWORD timeout)
{
    LARGE_INTEGER ticks = timeout_ticks(timeout);
    PLARGE_INTEGER info = &ticks; /* FILE_MAILSLOT_SET_INFORMATION, which winternl.h has without the pointer */
    IO_STATUS_BLOCK io;
    return status_to_bool(NtSetInformationFile(mailslot, &io, &info, sizeof info, FileMailslotSetInformation));
}
