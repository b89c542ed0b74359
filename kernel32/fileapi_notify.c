/*
 * fileapi_notify.c: watching directories.  On top of NtNotifyChangeDirectoryFileEx.
 */
#include "kernel32/filename.h"
#include "ntdll/dirnotify.h"

BOOL WINAPI ReadDirectoryChangesExW(HANDLE directory, LPVOID buffer, DWORD size, BOOL tree, DWORD filter,
                                    LPDWORD returned, LPOVERLAPPED overlapped, LPOVERLAPPED_COMPLETION_ROUTINE routine,
                                    DIRECTORY_NOTIFY_INFORMATION_CLASS class)
{
    IO_STATUS_BLOCK own = {.Status = STATUS_PENDING}, *io = overlapped ? (IO_STATUS_BLOCK *)overlapped : &own;
    HANDLE event = overlapped && !routine ? overlapped->hEvent : NULL;
    PVOID context = overlapped && !((ULONG_PTR)event & 1) ? overlapped : NULL;
    if (overlapped)
        overlapped->Internal = STATUS_PENDING;
    if (returned)
        *returned = 0;
    if (routine && overlapped)
        return status_to_bool(NtNotifyChangeDirectoryFileEx(directory, NULL, completion_routine_apc, (PVOID)routine, io,
                                                            buffer, size, filter, (BOOLEAN)tree, class));
    NTSTATUS status =
        NtNotifyChangeDirectoryFileEx(directory, event, NULL, context, io, buffer, size, filter, (BOOLEAN)tree, class);
    if (overlapped)
        return status == STATUS_PENDING || status_to_bool(status);
    while (status == STATUS_PENDING) {
        NtWaitForSingleObject(directory, FALSE, NULL);
        status = io->Status;
    }
    if (returned && NT_SUCCESS(status))
        *returned = (DWORD)io->Information;
    return status_to_bool(status);
}

BOOL WINAPI ReadDirectoryChangesW(HANDLE directory, LPVOID buffer, DWORD size, BOOL tree, DWORD filter,
                                  LPDWORD returned, LPOVERLAPPED overlapped, LPOVERLAPPED_COMPLETION_ROUTINE routine)
{
    return ReadDirectoryChangesExW(directory, buffer, size, tree, filter, returned, overlapped, routine,
                                   DirectoryNotifyInformation);
}
