/*
 * ioapiset.c: completion ports, results of overlapped operations, cancelling.  On top of Nt*.
 */
#include <stdatomic.h>
#include "ntdll/error.h"
#include "synchname.h"

#define FileCompletionInformation 30

HANDLE WINAPI CreateIoCompletionPort(HANDLE file, HANDLE existing, ULONG_PTR key, DWORD threads)
{
    HANDLE port = existing;
    if (file == INVALID_HANDLE_VALUE && existing) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return NULL;
    }
    if (!port && !status_to_bool(NtCreateIoCompletion(&port, IO_COMPLETION_ALL_ACCESS, NULL, threads)))
        return NULL;
    if (file == INVALID_HANDLE_VALUE)
        return port;
    FILE_COMPLETION_INFORMATION information = {port, (PVOID)key};
    IO_STATUS_BLOCK io;
    NTSTATUS status = NtSetInformationFile(file, &io, &information, sizeof information,
                                           (FILE_INFORMATION_CLASS)FileCompletionInformation);
    if (NT_SUCCESS(status))
        return port;
    if (!existing)
        NtClose(port);
    status_to_bool(status);
    return NULL;
}

/* A time-out is a success among statuses and a failure here. */
static BOOL removed(NTSTATUS status)
{
    if (status == STATUS_TIMEOUT || status == STATUS_USER_APC) {
        SetLastError((DWORD)status); /* WAIT_TIMEOUT, WAIT_IO_COMPLETION */
        return FALSE;
    }
    if (status == STATUS_ABANDONED_WAIT_0) {
        SetLastError(ERROR_ABANDONED_WAIT_0);
        return FALSE;
    }
    return status_to_bool(status);
}

BOOL WINAPI GetQueuedCompletionStatus(HANDLE port, LPDWORD bytes, PULONG_PTR key, LPOVERLAPPED *overlapped,
                                      DWORD milliseconds)
{
    IO_STATUS_BLOCK io;
    LARGE_INTEGER time;
    *overlapped = NULL;
    if (!removed(NtRemoveIoCompletion(port, (PVOID *)key, (PVOID *)overlapped, &io,
                                      timeout_from_milliseconds(&time, milliseconds))))
        return FALSE;
    *bytes = (DWORD)io.Information;
    return status_to_bool(io.Status);
}

BOOL WINAPI GetQueuedCompletionStatusEx(HANDLE port, LPOVERLAPPED_ENTRY entries, ULONG count, PULONG taken,
                                        DWORD milliseconds, BOOL alertable)
{
    LARGE_INTEGER time;
    _Static_assert(sizeof(OVERLAPPED_ENTRY) == sizeof(FILE_IO_COMPLETION_INFORMATION), "one layout");
    ULONG got = 0;
    BOOL done =
        removed(NtRemoveIoCompletionEx(port, (FILE_IO_COMPLETION_INFORMATION *)entries, count, &got,
                                       timeout_from_milliseconds(&time, milliseconds), (BOOLEAN)(alertable != 0)));
    *taken = got;
    return done;
}

BOOL WINAPI PostQueuedCompletionStatus(HANDLE port, DWORD bytes, ULONG_PTR key, LPOVERLAPPED overlapped)
{
    return status_to_bool(NtSetIoCompletion(port, (PVOID)key, overlapped, STATUS_SUCCESS, bytes));
}

static DWORD overlapped_status(const OVERLAPPED *overlapped)
{
    return (DWORD)__atomic_load_n(&overlapped->Internal, __ATOMIC_ACQUIRE);
}

BOOL WINAPI GetOverlappedResultEx(HANDLE file, LPOVERLAPPED overlapped, LPDWORD bytes, DWORD milliseconds,
                                  BOOL alertable)
{
    if (overlapped_status(overlapped) == (DWORD)STATUS_PENDING) {
        if (milliseconds == 0) {
            SetLastError(ERROR_IO_INCOMPLETE);
            return FALSE;
        }
        DWORD result = WaitForSingleObjectEx(overlapped->hEvent ? overlapped->hEvent : file, milliseconds, alertable);
        if (result == WAIT_FAILED)
            return FALSE;
        if (result != WAIT_OBJECT_0) {
            SetLastError(result);
            return FALSE;
        }
    }
    *bytes = (DWORD)overlapped->InternalHigh;
    return status_to_bool((NTSTATUS)overlapped_status(overlapped));
}

BOOL WINAPI GetOverlappedResult(HANDLE file, LPOVERLAPPED overlapped, LPDWORD bytes, BOOL wait)
{
    return GetOverlappedResultEx(file, overlapped, bytes, wait ? INFINITE : 0, FALSE);
}

BOOL WINAPI CancelIo(HANDLE file)
{
    IO_STATUS_BLOCK io;
    return status_to_bool(NtCancelIoFile(file, &io));
}

BOOL WINAPI CancelIoEx(HANDLE file, LPOVERLAPPED overlapped)
{
    IO_STATUS_BLOCK io;
    return status_to_bool(NtCancelIoFileEx(file, (PIO_STATUS_BLOCK)overlapped, &io));
}
