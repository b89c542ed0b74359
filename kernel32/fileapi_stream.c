/*
 * fileapi_stream.c: the streams of a file: FindFirstStream, and copying them.  On top of NtQueryInformationFile.
 */
#include "kernel32/filename.h"
#include "kernel32/findlist.h"
#include "kernel32/streams.h"

#include <string.h>

#define COPY_CHUNK 0x10000

/* All streams in heap memory; *streams NULL: there are none. */
static NTSTATUS streams_query(HANDLE file, void **streams)
{
    IO_STATUS_BLOCK io;
    NTSTATUS status = STATUS_BUFFER_OVERFLOW;
    *streams = NULL;
    for (ULONG size = 0x1000; status == STATUS_BUFFER_OVERFLOW && size <= 0x100000; size *= 4) {
        RtlFreeHeap(process_heap(), 0, *streams);
        *streams = RtlAllocateHeap(process_heap(), 0, size);
        if (!*streams)
            return STATUS_NO_MEMORY;
        status = NtQueryInformationFile(file, &io, *streams, size, FileStreamInformation);
    }
    if (status || !io.Information) {
        RtlFreeHeap(process_heap(), 0, *streams);
        *streams = NULL;
    }
    return status;
}

static FILE_STREAM_INFORMATION *stream_after(FILE_STREAM_INFORMATION *stream)
{
    return stream->NextEntryOffset ? (FILE_STREAM_INFORMATION *)((char *)stream + stream->NextEntryOffset) : NULL;
}

BOOL WINAPI FindNextStreamW(HANDLE handle, LPVOID data)
{
    struct find_list *list = find_list_next(handle, FIND_STREAMS);
    WIN32_FIND_STREAM_DATA *out = data;
    if (!list)
        return FALSE;
    FILE_STREAM_INFORMATION *stream = list->next;
    ULONG length = stream->StreamNameLength, most = sizeof out->cStreamName - sizeof(WCHAR);
    out->StreamSize = stream->StreamSize;
    memset(out->cStreamName, 0, sizeof out->cStreamName);
    memcpy(out->cStreamName, stream->StreamName, length < most ? length : most);
    list->next = stream_after(stream);
    return TRUE;
}

HANDLE WINAPI FindFirstStreamW(LPCWSTR name, STREAM_INFO_LEVELS level, LPVOID data, DWORD flags)
{
    void *streams;
    if (level != FindStreamInfoStandard || flags) {
        RtlSetLastWin32Error(ERROR_INVALID_PARAMETER);
        return INVALID_HANDLE_VALUE;
    }
    HANDLE file = filename_open_file(name, FILE_READ_ATTRIBUTES, 0);
    if (file == INVALID_HANDLE_VALUE)
        return file;
    NTSTATUS status = streams_query(file, &streams);
    NtClose(file);
    if (!status_to_bool(status))
        return INVALID_HANDLE_VALUE;
    struct find_list *list = find_list_create(FIND_STREAMS, streams, streams);
    if (list && FindNextStreamW(list, data))
        return list;
    find_list_close(list);
    return INVALID_HANDLE_VALUE;
}

/* A stream of an open file, by the name that a list has for it. */
static NTSTATUS stream_open_of(HANDLE base, const FILE_STREAM_INFORMATION *stream, ACCESS_MASK access,
                               ULONG disposition, HANDLE *handle)
{
    UNICODE_STRING name = {(USHORT)stream->StreamNameLength, (USHORT)stream->StreamNameLength,
                           (WCHAR *)stream->StreamName};
    OBJECT_ATTRIBUTES attributes;
    IO_STATUS_BLOCK io;
    InitializeObjectAttributes(&attributes, &name, 0, base, NULL);
    return NtCreateFile(handle, access | SYNCHRONIZE, &attributes, &io, NULL, 0, FILE_SHARE_READ, disposition,
                        FILE_SYNCHRONOUS_IO_NONALERT, NULL, 0);
}

static NTSTATUS stream_copy(HANDLE from, HANDLE to, const FILE_STREAM_INFORMATION *stream, void *buffer)
{
    HANDLE source, target;
    IO_STATUS_BLOCK io;
    NTSTATUS status = stream_open_of(from, stream, FILE_READ_DATA, FILE_OPEN, &source);
    if (status)
        return status;
    status = stream_open_of(to, stream, FILE_WRITE_DATA, FILE_OVERWRITE_IF, &target);
    if (!status) {
        status = NtReadFile(source, NULL, NULL, NULL, &io, buffer, COPY_CHUNK, NULL, NULL);
        if (!status)
            status = NtWriteFile(target, NULL, NULL, NULL, &io, buffer, (ULONG)io.Information, NULL, NULL);
        NtClose(target);
    }
    NtClose(source);
    return status == STATUS_END_OF_FILE ? STATUS_SUCCESS : status;
}

NTSTATUS streams_copy(HANDLE from, HANDLE to)
{
    void *streams, *buffer;
    NTSTATUS status = streams_query(from, &streams);
    if (status || !streams)
        return status;
    FILE_STREAM_INFORMATION *stream = streams;
    bool named = stream->NextEntryOffset || (stream->StreamNameLength > 2 && stream->StreamName[1] != ':');
    buffer = named ? RtlAllocateHeap(process_heap(), 0, COPY_CHUNK) : NULL;
    for (; buffer && stream && !status; stream = stream_after(stream))
        if (stream->StreamNameLength > 2 && stream->StreamName[1] != ':')
            status = stream_copy(from, to, stream, buffer);
    RtlFreeHeap(process_heap(), 0, buffer);
    RtlFreeHeap(process_heap(), 0, streams);
    /* Where the target's file system has no streams they stay behind, as on Windows. */
    return status == STATUS_OBJECT_NAME_INVALID ? STATUS_SUCCESS : status;
}
