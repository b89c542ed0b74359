/*
 * fileapi_scatter.c: ReadFileScatter and WriteFileGather.
 *
 * Layer: kernel32, over NtReadFileScatter and NtWriteFileGather.
 */
#include "kernel32/filename.h"

NTSTATUS WINAPI NtReadFileScatter(HANDLE file, HANDLE event, PIO_APC_ROUTINE apc, PVOID context, PIO_STATUS_BLOCK io,
                                  FILE_SEGMENT_ELEMENT *segments, ULONG length, PLARGE_INTEGER offset, PULONG key);
NTSTATUS WINAPI NtWriteFileGather(HANDLE file, HANDLE event, PIO_APC_ROUTINE apc, PVOID context, PIO_STATUS_BLOCK io,
                                  FILE_SEGMENT_ELEMENT *segments, ULONG length, PLARGE_INTEGER offset, PULONG key);

static BOOL transfer(HANDLE file, FILE_SEGMENT_ELEMENT *segments, DWORD count, LPOVERLAPPED overlapped, bool write)
{
    LARGE_INTEGER offset;
    IO_STATUS_BLOCK *io = (IO_STATUS_BLOCK *)overlapped;
    PVOID context;
    NTSTATUS status;

    if (!overlapped) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return FALSE;
    }
    offset.LowPart = overlapped->Offset;
    offset.HighPart = (LONG)overlapped->OffsetHigh;
    context = (ULONG_PTR)overlapped->hEvent & 1 ? NULL : overlapped;
    overlapped->Internal = (ULONG_PTR)STATUS_PENDING;
    overlapped->InternalHigh = 0;
    status = write ? NtWriteFileGather(file, overlapped->hEvent, NULL, context, io, segments, count, &offset, NULL)
                   : NtReadFileScatter(file, overlapped->hEvent, NULL, context, io, segments, count, &offset, NULL);
    if (!NT_SUCCESS(status))
        io->Status = status;
    return status_to_bool(status);
}

BOOL WINAPI ReadFileScatter(HANDLE file, FILE_SEGMENT_ELEMENT segments[], DWORD count, LPDWORD reserved,
                            LPOVERLAPPED overlapped)
{
    (void)reserved;
    return transfer(file, segments, count, overlapped, false);
}

BOOL WINAPI WriteFileGather(HANDLE file, FILE_SEGMENT_ELEMENT segments[], DWORD count, LPDWORD reserved,
                            LPOVERLAPPED overlapped)
{
    (void)reserved;
    return transfer(file, segments, count, overlapped, true);
}
