/*
 * ioapi_file.c: locks on byte ranges, reads and writes with completion routines, device controls.
 */
#include "kernel32/filename.h"
#include "ntdll/blocking.h"

BOOL WINAPI LockFileEx(HANDLE file, DWORD flags, DWORD reserved, DWORD low, DWORD high, LPOVERLAPPED overlapped)
{
    LARGE_INTEGER offset, length = {.LowPart = low, .HighPart = (LONG)high};
    if (reserved) {
        RtlSetLastWin32Error(ERROR_INVALID_PARAMETER);
        return FALSE;
    }
    offset.LowPart = overlapped->Offset;
    offset.HighPart = (LONG)overlapped->OffsetHigh;
    overlapped->Internal = STATUS_PENDING;
    PVOID context = (ULONG_PTR)overlapped->hEvent & 1 ? NULL : overlapped;
    NTSTATUS status =
        NtLockFile(file, overlapped->hEvent, NULL, context, (IO_STATUS_BLOCK *)overlapped, &offset, &length, 0,
                   (flags & LOCKFILE_FAIL_IMMEDIATELY) != 0, (flags & LOCKFILE_EXCLUSIVE_LOCK) != 0);
    if (status == STATUS_PENDING) {
        RtlSetLastWin32Error(ERROR_IO_PENDING);
        return FALSE;
    }
    if (status == STATUS_LOCK_NOT_GRANTED && (flags & LOCKFILE_FAIL_IMMEDIATELY)) {
        RtlSetLastWin32Error(ERROR_LOCK_VIOLATION);
        return FALSE;
    }
    return status_to_bool(status);
}

BOOL WINAPI LockFile(HANDLE file, DWORD offset_low, DWORD offset_high, DWORD low, DWORD high)
{
    OVERLAPPED overlapped = {.Offset = offset_low, .OffsetHigh = offset_high};
    return LockFileEx(file, LOCKFILE_EXCLUSIVE_LOCK | LOCKFILE_FAIL_IMMEDIATELY, 0, low, high, &overlapped);
}

BOOL WINAPI UnlockFile(HANDLE file, DWORD offset_low, DWORD offset_high, DWORD low, DWORD high)
{
    LARGE_INTEGER offset = {.LowPart = offset_low, .HighPart = (LONG)offset_high};
    LARGE_INTEGER length = {.LowPart = low, .HighPart = (LONG)high};
    IO_STATUS_BLOCK io;
    return status_to_bool(NtUnlockFile(file, &io, &offset, &length, 0));
}

BOOL WINAPI UnlockFileEx(HANDLE file, DWORD reserved, DWORD low, DWORD high, LPOVERLAPPED overlapped)
{
    if (reserved) {
        RtlSetLastWin32Error(ERROR_INVALID_PARAMETER);
        return FALSE;
    }
    return UnlockFile(file, overlapped->Offset, overlapped->OffsetHigh, low, high);
}

/* The APC between: Windows gives a completion routine an error code, a count, and the OVERLAPPED. */
void WINAPI completion_routine_apc(PVOID routine, PIO_STATUS_BLOCK io, ULONG reserved)
{
    (void)reserved;
    LPOVERLAPPED_COMPLETION_ROUTINE function = (LPOVERLAPPED_COMPLETION_ROUTINE)routine;
    DWORD error = NT_SUCCESS(io->Status) ? ERROR_SUCCESS : RtlNtStatusToDosError(io->Status);
    function(error, (DWORD)io->Information, (LPOVERLAPPED)io);
}

static BOOL ex_result(NTSTATUS status)
{
    if (status == STATUS_PENDING || NT_SUCCESS(status)) {
        RtlSetLastWin32Error(ERROR_SUCCESS);
        return TRUE;
    }
    return status_to_bool(status);
}

BOOL WINAPI ReadFileEx(HANDLE file, LPVOID buffer, DWORD count, LPOVERLAPPED overlapped,
                       LPOVERLAPPED_COMPLETION_ROUTINE routine)
{
    LARGE_INTEGER offset = {.LowPart = overlapped->Offset, .HighPart = (LONG)overlapped->OffsetHigh};
    overlapped->Internal = STATUS_PENDING;
    overlapped->InternalHigh = 0;
    return ex_result(NtReadFile(file, NULL, completion_routine_apc, (PVOID)routine, (IO_STATUS_BLOCK *)overlapped,
                                buffer, count, &offset, NULL));
}

BOOL WINAPI WriteFileEx(HANDLE file, LPCVOID buffer, DWORD count, LPOVERLAPPED overlapped,
                        LPOVERLAPPED_COMPLETION_ROUTINE routine)
{
    LARGE_INTEGER offset = {.LowPart = overlapped->Offset, .HighPart = (LONG)overlapped->OffsetHigh};
    overlapped->Internal = STATUS_PENDING;
    overlapped->InternalHigh = 0;
    return ex_result(NtWriteFile(file, NULL, completion_routine_apc, (PVOID)routine, (IO_STATUS_BLOCK *)overlapped,
                                 (PVOID)buffer, count, &offset, NULL));
}

BOOL WINAPI DeviceIoControl(HANDLE device, DWORD code, LPVOID in, DWORD in_size, LPVOID out, DWORD out_size,
                            LPDWORD returned, LPOVERLAPPED overlapped)
{
    IO_STATUS_BLOCK own = {.Status = STATUS_PENDING}, *io = overlapped ? (IO_STATUS_BLOCK *)overlapped : &own;
    HANDLE event = overlapped ? overlapped->hEvent : NULL;
    PVOID context = overlapped && !((ULONG_PTR)event & 1) ? overlapped : NULL;
    if (overlapped)
        overlapped->Internal = STATUS_PENDING;
    if (returned)
        *returned = 0;
    NTSTATUS status;
    if (code >> 16 == FILE_DEVICE_FILE_SYSTEM)
        status = NtFsControlFile(device, event, NULL, context, io, code, in, in_size, out, out_size);
    else
        status = NtDeviceIoControlFile(device, event, NULL, context, io, code, in, in_size, out, out_size);
    if (status == STATUS_PENDING && !overlapped) {
        NtWaitForSingleObject(device, FALSE, NULL);
        status = io->Status;
    }
    if (status == STATUS_PENDING) {
        RtlSetLastWin32Error(ERROR_IO_PENDING);
        return FALSE;
    }
    if (returned && !NT_ERROR(status))
        *returned = (DWORD)io->Information;
    if (status == STATUS_BUFFER_OVERFLOW) {
        RtlSetLastWin32Error(ERROR_MORE_DATA);
        return FALSE;
    }
    return status_to_bool(status);
}

BOOL WINAPI CancelSynchronousIo(HANDLE thread)
{
    IO_STATUS_BLOCK io;
    return status_to_bool(NtCancelSynchronousIoFile(thread, NULL, &io));
}
