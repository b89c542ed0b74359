/*
 * fileapi.c: opening files, reading and writing them, positions and sizes.  On top of Nt*.
 */
#include "kernel32/filename.h"

#include <string.h>

/* CreateFile's flags as NtCreateFile's options. */
static ULONG options_from_flags(DWORD flags, DWORD access)
{
    ULONG options = 0;
    if (flags & FILE_FLAG_BACKUP_SEMANTICS) {
        options |= FILE_OPEN_FOR_BACKUP_INTENT;
        if ((access & GENERIC_ALL) == 0 && (flags & FILE_FLAG_POSIX_SEMANTICS))
            options |= FILE_DIRECTORY_FILE;
    } else {
        options |= FILE_NON_DIRECTORY_FILE;
    }
    if (flags & FILE_FLAG_WRITE_THROUGH)
        options |= FILE_WRITE_THROUGH;
    if (flags & FILE_FLAG_NO_BUFFERING)
        options |= FILE_NO_INTERMEDIATE_BUFFERING;
    if (flags & FILE_FLAG_RANDOM_ACCESS)
        options |= FILE_RANDOM_ACCESS;
    if (flags & FILE_FLAG_SEQUENTIAL_SCAN)
        options |= FILE_SEQUENTIAL_ONLY;
    if (flags & FILE_FLAG_DELETE_ON_CLOSE)
        options |= FILE_DELETE_ON_CLOSE;
    if (flags & FILE_FLAG_OPEN_REPARSE_POINT)
        options |= FILE_OPEN_REPARSE_POINT;
    if (!(flags & FILE_FLAG_OVERLAPPED))
        options |= FILE_SYNCHRONOUS_IO_NONALERT;
    return options;
}

static BOOL disposition_from_creation(DWORD creation, ULONG *disposition)
{
    static const UCHAR map[] = {0, FILE_CREATE, FILE_OVERWRITE_IF, FILE_OPEN, FILE_OPEN_IF, FILE_OVERWRITE};
    if (creation < CREATE_NEW || creation > TRUNCATE_EXISTING) {
        RtlSetLastWin32Error(ERROR_INVALID_PARAMETER);
        return FALSE;
    }
    *disposition = map[creation];
    return TRUE;
}

/* CreateFile's last errors, which differ from the plain translation in a few cases. */
static HANDLE create_result(NTSTATUS status, HANDLE handle, ULONG result, DWORD creation, BOOL trailing)
{
    if (!NT_SUCCESS(status)) {
        status_to_bool(status);
        if (status == STATUS_OBJECT_NAME_COLLISION)
            RtlSetLastWin32Error(ERROR_FILE_EXISTS);
        else if (status == STATUS_FILE_IS_A_DIRECTORY)
            RtlSetLastWin32Error(trailing ? ERROR_PATH_NOT_FOUND : ERROR_ACCESS_DENIED);
        return INVALID_HANDLE_VALUE;
    }
    bool existed = (creation == CREATE_ALWAYS && (result == FILE_OVERWRITTEN || result == FILE_SUPERSEDED)) ||
                   (creation == OPEN_ALWAYS && result == FILE_OPENED);
    RtlSetLastWin32Error(existed ? ERROR_ALREADY_EXISTS : ERROR_SUCCESS);
    return handle;
}

HANDLE WINAPI CreateFileW(LPCWSTR name, DWORD access, DWORD sharing, LPSECURITY_ATTRIBUTES security, DWORD creation,
                          DWORD flags, HANDLE template_file)
{
    struct filename filename;
    IO_STATUS_BLOCK io;
    HANDLE handle = NULL;
    ULONG disposition;
    (void)template_file;
    if (!disposition_from_creation(creation, &disposition))
        return INVALID_HANDLE_VALUE;
    if (creation == TRUNCATE_EXISTING && !(access & (GENERIC_WRITE | GENERIC_ALL | FILE_WRITE_DATA))) {
        RtlSetLastWin32Error(ERROR_INVALID_PARAMETER);
        return INVALID_HANDLE_VALUE;
    }
    if (!filename_open(&filename, name))
        return INVALID_HANDLE_VALUE;
    if (security && security->bInheritHandle)
        filename.attributes.Attributes |= OBJ_INHERIT;
    if (flags & FILE_FLAG_DELETE_ON_CLOSE)
        access |= DELETE;
    size_t length = filename.nt.Length / sizeof(WCHAR);
    NTSTATUS status = NtCreateFile(&handle, access | SYNCHRONIZE | FILE_READ_ATTRIBUTES, &filename.attributes, &io,
                                   NULL, flags & 0x7fb7 & ~FILE_ATTRIBUTE_NORMAL, sharing, disposition,
                                   options_from_flags(flags, access), NULL, 0);
    BOOL trailing = length && filename.nt.Buffer[length - 1] == '\\';
    filename_close(&filename);
    return create_result(status, handle, (ULONG)io.Information, creation, trailing);
}

HANDLE WINAPI CreateFileA(LPCSTR name, DWORD access, DWORD sharing, LPSECURITY_ATTRIBUTES security, DWORD creation,
                          DWORD flags, HANDLE template_file)
{
    WCHAR *wide = filename_from_ansi(name);
    if (!wide)
        return INVALID_HANDLE_VALUE;
    HANDLE handle = CreateFileW(wide, access, sharing, security, creation, flags, template_file);
    filename_free(wide);
    return handle;
}

HANDLE WINAPI CreateFile2(LPCWSTR name, DWORD access, DWORD sharing, DWORD creation,
                          LPCREATEFILE2_EXTENDED_PARAMETERS extended)
{
    DWORD flags = extended ? extended->dwFileFlags | extended->dwFileAttributes | extended->dwSecurityQosFlags : 0;
    return CreateFileW(name, access, sharing, extended ? extended->lpSecurityAttributes : NULL, creation, flags,
                       extended ? extended->hTemplateFile : NULL);
}

HANDLE WINAPI ReOpenFile(HANDLE file, DWORD access, DWORD sharing, DWORD flags)
{
    UNICODE_STRING empty = {0};
    OBJECT_ATTRIBUTES attributes;
    IO_STATUS_BLOCK io;
    HANDLE handle;
    InitializeObjectAttributes(&attributes, &empty, 0, file, NULL);
    NTSTATUS status =
        NtCreateFile(&handle, access | SYNCHRONIZE | FILE_READ_ATTRIBUTES, &attributes, &io, NULL, 0, sharing,
                     FILE_OPEN, options_from_flags(flags, access) & ~FILE_NON_DIRECTORY_FILE, NULL, 0);
    return status_to_bool(status) ? handle : INVALID_HANDLE_VALUE;
}

HANDLE WINAPI OpenFileById(HANDLE volume, LPFILE_ID_DESCRIPTOR id, DWORD access, DWORD sharing,
                           LPSECURITY_ATTRIBUTES security, DWORD flags)
{
    OBJECT_ATTRIBUTES attributes;
    IO_STATUS_BLOCK io;
    HANDLE handle;
    USHORT size = id && id->Type == FileIdType ? sizeof id->FileId : sizeof id->ExtendedFileId;
    if (!id || (id->Type != FileIdType && id->Type != ExtendedFileIdType)) {
        /* Files have no object ids here. */
        RtlSetLastWin32Error(id && id->Type == ObjectIdType ? ERROR_FILE_NOT_FOUND : ERROR_INVALID_PARAMETER);
        return INVALID_HANDLE_VALUE;
    }
    UNICODE_STRING name = {size, size, (WCHAR *)&id->FileId};
    InitializeObjectAttributes(&attributes, &name, security && security->bInheritHandle ? OBJ_INHERIT : 0, volume,
                               NULL);
    NTSTATUS status =
        NtCreateFile(&handle, access | SYNCHRONIZE | FILE_READ_ATTRIBUTES, &attributes, &io, NULL, 0, sharing,
                     FILE_OPEN, options_from_flags(flags, access) | FILE_OPEN_BY_FILE_ID, NULL, 0);
    return create_result(status, handle, (ULONG)io.Information, OPEN_EXISTING, FALSE);
}

/* Windows writes the result into the OVERLAPPED, whose first two fields are an IO_STATUS_BLOCK. */
static IO_STATUS_BLOCK *overlapped_begin(LPOVERLAPPED overlapped, LARGE_INTEGER *offset)
{
    offset->LowPart = overlapped->Offset;
    offset->HighPart = (LONG)overlapped->OffsetHigh;
    overlapped->Internal = STATUS_PENDING;
    overlapped->InternalHigh = 0;
    return (IO_STATUS_BLOCK *)overlapped;
}

/* With the lowest bit of hEvent set nothing is posted to the port. */
static PVOID overlapped_context(LPOVERLAPPED overlapped)
{
    return (ULONG_PTR)overlapped->hEvent & 1 ? NULL : overlapped;
}

static NTSTATUS wait_for_pending(HANDLE file, NTSTATUS status, IO_STATUS_BLOCK *io)
{
    if (status != STATUS_PENDING)
        return status;
    NtWaitForSingleObject(file, FALSE, NULL);
    return io->Status;
}

BOOL WINAPI ReadFile(HANDLE file, LPVOID buffer, DWORD count, LPDWORD read, LPOVERLAPPED overlapped)
{
    IO_STATUS_BLOCK io = {.Status = STATUS_PENDING};
    NTSTATUS status;
    if (read)
        *read = 0;
    if (!overlapped) {
        status = NtReadFile(file, NULL, NULL, NULL, &io, buffer, count, NULL, NULL);
        status = wait_for_pending(file, status, &io);
        if (read && (NT_SUCCESS(status) || status == STATUS_BUFFER_OVERFLOW))
            *read = (DWORD)io.Information;
        if (status == STATUS_END_OF_FILE)
            return TRUE;
        return status == STATUS_BUFFER_OVERFLOW ? (RtlSetLastWin32Error(ERROR_MORE_DATA), FALSE)
                                                : status_to_bool(status);
    }
    LARGE_INTEGER offset;
    IO_STATUS_BLOCK *result = overlapped_begin(overlapped, &offset);
    status = NtReadFile(file, overlapped->hEvent, NULL, overlapped_context(overlapped), result, buffer, count, &offset,
                        NULL);
    if (NT_SUCCESS(status) && status != STATUS_PENDING && read)
        *read = (DWORD)result->Information;
    if (!NT_SUCCESS(status)) /* for those who look at the OVERLAPPED instead of the result */
        result->Status = status;
    if (status == STATUS_PENDING) {
        RtlSetLastWin32Error(ERROR_IO_PENDING);
        return FALSE;
    }
    return status == STATUS_BUFFER_OVERFLOW ? (RtlSetLastWin32Error(ERROR_MORE_DATA), FALSE) : status_to_bool(status);
}

BOOL WINAPI WriteFile(HANDLE file, LPCVOID buffer, DWORD count, LPDWORD written, LPOVERLAPPED overlapped)
{
    IO_STATUS_BLOCK io = {.Status = STATUS_PENDING};
    NTSTATUS status;
    if (written)
        *written = 0;
    if (!overlapped) {
        status = NtWriteFile(file, NULL, NULL, NULL, &io, (PVOID)buffer, count, NULL, NULL);
        status = wait_for_pending(file, status, &io);
        if (written && NT_SUCCESS(status))
            *written = (DWORD)io.Information;
        return status_to_bool(status);
    }
    LARGE_INTEGER offset;
    IO_STATUS_BLOCK *result = overlapped_begin(overlapped, &offset);
    status = NtWriteFile(file, overlapped->hEvent, NULL, overlapped_context(overlapped), result, (PVOID)buffer, count,
                         &offset, NULL);
    if (status == STATUS_PENDING) {
        RtlSetLastWin32Error(ERROR_IO_PENDING);
        return FALSE;
    }
    if (!NT_SUCCESS(status))
        result->Status = status;
    else if (written)
        *written = (DWORD)result->Information;
    return status_to_bool(status);
}

BOOL WINAPI FlushFileBuffers(HANDLE file)
{
    IO_STATUS_BLOCK io;
    return status_to_bool(NtFlushBuffersFile(file, &io));
}

/* A position or size class of 8 bytes. */
static BOOL query_size(HANDLE file, FILE_INFORMATION_CLASS class, LARGE_INTEGER *value)
{
    IO_STATUS_BLOCK io;
    if (class == FilePositionInformation)
        return status_to_bool(NtQueryInformationFile(file, &io, value, sizeof *value, class));
    FILE_STANDARD_INFORMATION info;
    if (!status_to_bool(NtQueryInformationFile(file, &io, &info, sizeof info, FileStandardInformation)))
        return FALSE;
    *value = info.EndOfFile;
    return TRUE;
}

BOOL WINAPI SetFilePointerEx(HANDLE file, LARGE_INTEGER distance, PLARGE_INTEGER result, DWORD method)
{
    LARGE_INTEGER position = {.QuadPart = 0};
    IO_STATUS_BLOCK io;
    if (method > FILE_END) {
        RtlSetLastWin32Error(ERROR_INVALID_PARAMETER);
        return FALSE;
    }
    if (method == FILE_CURRENT && !query_size(file, FilePositionInformation, &position))
        return FALSE;
    if (method == FILE_END && !query_size(file, FileStandardInformation, &position))
        return FALSE;
    position.QuadPart += distance.QuadPart;
    if (position.QuadPart < 0) {
        RtlSetLastWin32Error(ERROR_NEGATIVE_SEEK);
        return FALSE;
    }
    bool moves = method != FILE_CURRENT || distance.QuadPart;
    if (moves && !status_to_bool(NtSetInformationFile(file, &io, &position, sizeof position, FilePositionInformation)))
        return FALSE;
    if (result)
        *result = position;
    return TRUE;
}

DWORD WINAPI SetFilePointer(HANDLE file, LONG distance, PLONG high, DWORD method)
{
    LARGE_INTEGER offset = {.QuadPart = distance}, result;
    if (high) {
        offset.LowPart = (DWORD)distance;
        offset.HighPart = *high;
    }
    if (!SetFilePointerEx(file, offset, &result, method))
        return INVALID_SET_FILE_POINTER;
    if (high)
        *high = result.HighPart;
    else if (result.HighPart) {
        RtlSetLastWin32Error(ERROR_INVALID_PARAMETER);
        return INVALID_SET_FILE_POINTER;
    }
    if (result.LowPart == INVALID_SET_FILE_POINTER)
        RtlSetLastWin32Error(ERROR_SUCCESS);
    return result.LowPart;
}

BOOL WINAPI SetEndOfFile(HANDLE file)
{
    LARGE_INTEGER position;
    IO_STATUS_BLOCK io;
    return query_size(file, FilePositionInformation, &position) &&
           status_to_bool(NtSetInformationFile(file, &io, &position, sizeof position, FileEndOfFileInformation));
}

BOOL WINAPI GetFileSizeEx(HANDLE file, PLARGE_INTEGER size)
{
    return query_size(file, FileStandardInformation, size);
}

DWORD WINAPI GetFileSize(HANDLE file, LPDWORD high)
{
    LARGE_INTEGER size;
    if (!GetFileSizeEx(file, &size))
        return INVALID_FILE_SIZE;
    if (high)
        *high = (DWORD)size.HighPart;
    if (size.LowPart == INVALID_FILE_SIZE)
        RtlSetLastWin32Error(ERROR_SUCCESS);
    return size.LowPart;
}

DWORD WINAPI GetFileType(HANDLE file)
{
    FILE_FS_DEVICE_INFORMATION info;
    IO_STATUS_BLOCK io;
    if (file == (HANDLE)(ULONG_PTR)STD_INPUT_HANDLE || file == (HANDLE)(ULONG_PTR)STD_OUTPUT_HANDLE ||
        file == (HANDLE)(ULONG_PTR)STD_ERROR_HANDLE)
        file = GetStdHandle((DWORD)(ULONG_PTR)file);
    if (!status_to_bool(NtQueryVolumeInformationFile(file, &io, &info, sizeof info, FileFsDeviceInformation)))
        return FILE_TYPE_UNKNOWN;
    RtlSetLastWin32Error(ERROR_SUCCESS);
    switch (info.DeviceType) {
    case FILE_DEVICE_NULL:
    case FILE_DEVICE_CONSOLE:
    case FILE_DEVICE_SERIAL_PORT:
        return FILE_TYPE_CHAR;
    case FILE_DEVICE_NAMED_PIPE:
        return FILE_TYPE_PIPE;
    default:
        return FILE_TYPE_DISK;
    }
}
