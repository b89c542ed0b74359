/*
 * namedpipeapi.c: anonymous and named pipes.  On top of NtCreateNamedPipeFile and the pipe controls.
 */
#include "kernel32/filename.h"

#include <string.h>

#define DEFAULT_QUOTA 4096
#define DEFAULT_TIMEOUT (-500000LL) /* 50 ms */

/*
 * An unnamed pipe: the server's end relative to the pipe device, the client's relative to the server's.  `reader`: the
 * server reads.
 */
static NTSTATUS pipe_pair(ULONG inherit, DWORD size, HANDLE *reader, HANDLE *writer)
{
    UNICODE_STRING device, empty = {0};
    OBJECT_ATTRIBUTES attributes;
    IO_STATUS_BLOCK io;
    HANDLE root;
    LARGE_INTEGER timeout = {.QuadPart = DEFAULT_TIMEOUT};
    RtlInitUnicodeString(&device, L"\\Device\\NamedPipe\\");
    InitializeObjectAttributes(&attributes, &device, 0, NULL, NULL);
    NTSTATUS status = NtOpenFile(&root, SYNCHRONIZE | GENERIC_READ, &attributes, &io,
                                 FILE_SHARE_READ | FILE_SHARE_WRITE, FILE_SYNCHRONOUS_IO_NONALERT);
    if (status)
        return status;
    InitializeObjectAttributes(&attributes, &empty, inherit, root, NULL);
    status =
        NtCreateNamedPipeFile(reader, GENERIC_READ | FILE_WRITE_ATTRIBUTES | SYNCHRONIZE, &attributes, &io,
                              FILE_SHARE_WRITE, FILE_CREATE, FILE_SYNCHRONOUS_IO_NONALERT, FILE_PIPE_BYTE_STREAM_TYPE,
                              FILE_PIPE_BYTE_STREAM_MODE, FILE_PIPE_QUEUE_OPERATION, 1, size, size, &timeout);
    NtClose(root);
    if (status)
        return status;
    InitializeObjectAttributes(&attributes, &empty, inherit, *reader, NULL);
    status = NtOpenFile(writer, GENERIC_WRITE | FILE_READ_ATTRIBUTES | SYNCHRONIZE, &attributes, &io, FILE_SHARE_READ,
                        FILE_SYNCHRONOUS_IO_NONALERT | FILE_NON_DIRECTORY_FILE);
    if (status)
        NtClose(*reader);
    return status;
}

BOOL WINAPI CreatePipe(PHANDLE reader, PHANDLE writer, LPSECURITY_ATTRIBUTES security, DWORD size)
{
    ULONG inherit = security && security->bInheritHandle ? OBJ_INHERIT : 0;
    return status_to_bool(pipe_pair(inherit, size ? size : DEFAULT_QUOTA, reader, writer));
}

HANDLE WINAPI CreateNamedPipeW(LPCWSTR name, DWORD open_mode, DWORD pipe_mode, DWORD instances, DWORD out_quota,
                               DWORD in_quota, DWORD timeout, LPSECURITY_ATTRIBUTES security)
{
    struct filename filename;
    IO_STATUS_BLOCK io;
    HANDLE handle;
    ULONG access = SYNCHRONIZE | FILE_READ_ATTRIBUTES | FILE_WRITE_ATTRIBUTES, sharing = 0, options = 0;
    LARGE_INTEGER wait = {.QuadPart = timeout ? -(LONGLONG)timeout * 10000 : DEFAULT_TIMEOUT};
    if (!(open_mode & PIPE_ACCESS_DUPLEX) || !instances || instances > PIPE_UNLIMITED_INSTANCES) {
        RtlSetLastWin32Error(ERROR_INVALID_PARAMETER);
        return INVALID_HANDLE_VALUE;
    }
    if (!filename_open(&filename, name))
        return INVALID_HANDLE_VALUE;
    if (security && security->bInheritHandle)
        filename.attributes.Attributes |= OBJ_INHERIT;
    if (open_mode & PIPE_ACCESS_INBOUND) {
        access |= GENERIC_READ;
        sharing |= FILE_SHARE_WRITE;
    }
    if (open_mode & PIPE_ACCESS_OUTBOUND) {
        access |= GENERIC_WRITE;
        sharing |= FILE_SHARE_READ;
    }
    if (!(open_mode & FILE_FLAG_OVERLAPPED))
        options |= FILE_SYNCHRONOUS_IO_NONALERT;
    NTSTATUS status =
        NtCreateNamedPipeFile(&handle, access, &filename.attributes, &io, sharing,
                              open_mode & FILE_FLAG_FIRST_PIPE_INSTANCE ? FILE_CREATE : FILE_OPEN_IF, options,
                              pipe_mode & PIPE_TYPE_MESSAGE ? FILE_PIPE_MESSAGE_TYPE : FILE_PIPE_BYTE_STREAM_TYPE,
                              pipe_mode & PIPE_READMODE_MESSAGE ? FILE_PIPE_MESSAGE_MODE : FILE_PIPE_BYTE_STREAM_MODE,
                              pipe_mode & PIPE_NOWAIT ? FILE_PIPE_COMPLETE_OPERATION : FILE_PIPE_QUEUE_OPERATION,
                              instances == PIPE_UNLIMITED_INSTANCES ? ~0u : instances, in_quota, out_quota, &wait);
    filename_close(&filename);
    return status_to_bool(status) ? handle : INVALID_HANDLE_VALUE;
}

HANDLE WINAPI CreateNamedPipeA(LPCSTR name, DWORD open_mode, DWORD pipe_mode, DWORD instances, DWORD out_quota,
                               DWORD in_quota, DWORD timeout, LPSECURITY_ATTRIBUTES security)
{
    WCHAR *wide = filename_from_ansi(name);
    HANDLE handle = INVALID_HANDLE_VALUE;
    if (wide)
        handle = CreateNamedPipeW(wide, open_mode, pipe_mode, instances, out_quota, in_quota, timeout, security);
    filename_free(wide);
    return handle;
}

BOOL WINAPI ConnectNamedPipe(HANDLE pipe, LPOVERLAPPED overlapped)
{
    IO_STATUS_BLOCK io = {.Status = STATUS_PENDING};
    NTSTATUS status;
    if (overlapped) {
        overlapped->Internal = STATUS_PENDING;
        overlapped->InternalHigh = 0;
        status = NtFsControlFile(pipe, overlapped->hEvent, NULL, (ULONG_PTR)overlapped->hEvent & 1 ? NULL : overlapped,
                                 (IO_STATUS_BLOCK *)overlapped, FSCTL_PIPE_LISTEN, NULL, 0, NULL, 0);
    } else {
        status = NtFsControlFile(pipe, NULL, NULL, NULL, &io, FSCTL_PIPE_LISTEN, NULL, 0, NULL, 0);
        if (status == STATUS_PENDING) {
            NtWaitForSingleObject(pipe, FALSE, NULL);
            status = io.Status;
        }
    }
    if (status == STATUS_PENDING) {
        RtlSetLastWin32Error(ERROR_IO_PENDING);
        return FALSE;
    }
    return status_to_bool(status);
}

static NTSTATUS pipe_control(HANDLE pipe, ULONG code, void *in, ULONG in_length, void *out, ULONG out_length,
                             ULONG *used)
{
    IO_STATUS_BLOCK io = {.Status = STATUS_PENDING};
    NTSTATUS status = NtFsControlFile(pipe, NULL, NULL, NULL, &io, code, in, in_length, out, out_length);
    if (status == STATUS_PENDING) {
        NtWaitForSingleObject(pipe, FALSE, NULL);
        status = io.Status;
    }
    if (used)
        *used = (ULONG)io.Information;
    return status;
}

BOOL WINAPI DisconnectNamedPipe(HANDLE pipe)
{
    return status_to_bool(pipe_control(pipe, FSCTL_PIPE_DISCONNECT, NULL, 0, NULL, 0, NULL));
}

BOOL WINAPI PeekNamedPipe(HANDLE pipe, LPVOID out, DWORD size, LPDWORD read, LPDWORD available, LPDWORD left)
{
    const ULONG head = offsetof(FILE_PIPE_PEEK_BUFFER, Data);
    ULONG used = 0;
    FILE_PIPE_PEEK_BUFFER *peek = RtlAllocateHeap(process_heap(), 0, head + size + 8);
    if (!peek) {
        RtlSetLastWin32Error(ERROR_NOT_ENOUGH_MEMORY);
        return FALSE;
    }
    NTSTATUS status = pipe_control(pipe, FSCTL_PIPE_PEEK, NULL, 0, peek, head + size, &used);
    if (status == STATUS_BUFFER_OVERFLOW)
        status = STATUS_SUCCESS;
    if (!status) {
        ULONG got = used > head ? used - head : 0;
        if (out)
            memcpy(out, peek->Data, got);
        if (read)
            *read = got;
        if (available)
            *available = peek->ReadDataAvailable;
        if (left)
            *left = peek->MessageLength > got ? peek->MessageLength - got : 0;
    }
    RtlFreeHeap(process_heap(), 0, peek);
    return status_to_bool(status);
}

/* \\.\pipe\name: what follows. */
static const WCHAR *pipe_name_part(LPCWSTR name)
{
    static const WCHAR prefix[] = L"\\\\.\\pipe\\";
    for (size_t i = 0; prefix[i]; i++, name++) {
        WCHAR c = *name == '/' ? '\\' : *name >= 'A' && *name <= 'Z' ? *name + 32 : *name;
        if (c != prefix[i] && !(i == 2 && c == '?'))
            return NULL;
    }
    return name;
}

BOOL WINAPI WaitNamedPipeW(LPCWSTR name, DWORD timeout)
{
    const WCHAR *part = name ? pipe_name_part(name) : NULL;
    if (!part) {
        RtlSetLastWin32Error(ERROR_INVALID_NAME);
        return FALSE;
    }
    ULONG length = (ULONG)(text_length(part) * sizeof(WCHAR));
    ULONG size = offsetof(FILE_PIPE_WAIT_FOR_BUFFER, Name) + length;
    FILE_PIPE_WAIT_FOR_BUFFER *wait = RtlAllocateHeap(process_heap(), HEAP_ZERO_MEMORY, size + sizeof(WCHAR));
    HANDLE root = filename_open_file(L"\\\\.\\pipe\\", FILE_READ_ATTRIBUTES, 0);
    BOOL result = FALSE;
    if (wait && root != INVALID_HANDLE_VALUE) {
        wait->TimeoutSpecified = timeout != NMPWAIT_USE_DEFAULT_WAIT;
        wait->Timeout.QuadPart = timeout == NMPWAIT_WAIT_FOREVER ? INT64_MIN : -(LONGLONG)timeout * 10000;
        wait->NameLength = length;
        memcpy(wait->Name, part, length);
        NTSTATUS status = pipe_control(root, FSCTL_PIPE_WAIT, wait, size, NULL, 0, NULL);
        result = status_to_bool(status);
        if (status == STATUS_IO_TIMEOUT)
            RtlSetLastWin32Error(ERROR_SEM_TIMEOUT);
    }
    if (root != INVALID_HANDLE_VALUE)
        NtClose(root);
    RtlFreeHeap(process_heap(), 0, wait);
    return result;
}

BOOL WINAPI WaitNamedPipeA(LPCSTR name, DWORD timeout)
{
    WCHAR *wide = filename_from_ansi(name);
    BOOL result = wide && WaitNamedPipeW(wide, timeout);
    filename_free(wide);
    return result;
}

BOOL WINAPI SetNamedPipeHandleState(HANDLE pipe, LPDWORD mode, LPDWORD collection, LPDWORD timeout)
{
    IO_STATUS_BLOCK io;
    (void)collection;
    (void)timeout;
    if (!mode)
        return TRUE;
    FILE_PIPE_INFORMATION info = {*mode & PIPE_READMODE_MESSAGE ? FILE_PIPE_MESSAGE_MODE : FILE_PIPE_BYTE_STREAM_MODE,
                                  *mode & PIPE_NOWAIT ? FILE_PIPE_COMPLETE_OPERATION : FILE_PIPE_QUEUE_OPERATION};
    return status_to_bool(NtSetInformationFile(pipe, &io, &info, sizeof info, FilePipeInformation));
}

BOOL WINAPI GetNamedPipeHandleStateW(HANDLE pipe, LPDWORD state, LPDWORD instances, LPDWORD collection, LPDWORD timeout,
                                     LPWSTR user, DWORD user_size)
{
    FILE_PIPE_INFORMATION info;
    FILE_PIPE_LOCAL_INFORMATION local;
    IO_STATUS_BLOCK io;
    if (!status_to_bool(NtQueryInformationFile(pipe, &io, &info, sizeof info, FilePipeInformation)) ||
        !status_to_bool(NtQueryInformationFile(pipe, &io, &local, sizeof local, FilePipeLocalInformation)))
        return FALSE;
    if (state)
        *state = (info.ReadMode ? PIPE_READMODE_MESSAGE : 0) | (info.CompletionMode ? PIPE_NOWAIT : 0);
    if (instances)
        *instances = local.CurrentInstances;
    if (collection)
        *collection = 0;
    if (timeout)
        *timeout = 0;
    if (user && user_size)
        user[0] = 0;
    return TRUE;
}

BOOL WINAPI GetNamedPipeHandleStateA(HANDLE pipe, LPDWORD state, LPDWORD instances, LPDWORD collection, LPDWORD timeout,
                                     LPSTR user, DWORD user_size)
{
    if (user && user_size)
        user[0] = 0;
    return GetNamedPipeHandleStateW(pipe, state, instances, collection, timeout, NULL, 0);
}

BOOL WINAPI GetNamedPipeInfo(HANDLE pipe, LPDWORD flags, LPDWORD out_size, LPDWORD in_size, LPDWORD instances)
{
    FILE_PIPE_LOCAL_INFORMATION local;
    IO_STATUS_BLOCK io;
    if (!status_to_bool(NtQueryInformationFile(pipe, &io, &local, sizeof local, FilePipeLocalInformation)))
        return FALSE;
    if (flags)
        *flags = (local.NamedPipeEnd == FILE_PIPE_SERVER_END ? PIPE_SERVER_END : PIPE_CLIENT_END) |
                 (local.NamedPipeType ? PIPE_TYPE_MESSAGE : PIPE_TYPE_BYTE);
    if (out_size)
        *out_size = local.OutboundQuota;
    if (in_size)
        *in_size = local.InboundQuota;
    if (instances)
        *instances = local.MaximumInstances == ~0u ? PIPE_UNLIMITED_INSTANCES : local.MaximumInstances;
    return TRUE;
}

#define FSCTL_PIPE_GET_CONNECTION_ATTRIBUTE 0x110030

static BOOL connection_process(HANDLE pipe, const char *attribute, PULONG id)
{
    IO_STATUS_BLOCK io;

    return status_to_bool(NtFsControlFile(pipe, NULL, NULL, NULL, &io, FSCTL_PIPE_GET_CONNECTION_ATTRIBUTE,
                                          (PVOID)attribute, (ULONG)strlen(attribute) + 1, id, sizeof *id));
}

BOOL WINAPI GetNamedPipeClientProcessId(HANDLE pipe, PULONG id)
{
    return connection_process(pipe, "ClientProcessId", id);
}

BOOL WINAPI GetNamedPipeServerProcessId(HANDLE pipe, PULONG id)
{
    return connection_process(pipe, "ServerProcessId", id);
}

/* All processes of a prefix are in one session, on one machine. */
BOOL WINAPI GetNamedPipeClientSessionId(HANDLE pipe, PULONG id)
{
    ULONG process;
    if (!GetNamedPipeClientProcessId(pipe, &process))
        return FALSE;
    *id = peb_current()->SessionId;
    return TRUE;
}

BOOL WINAPI GetNamedPipeServerSessionId(HANDLE pipe, PULONG id)
{
    ULONG process;
    if (!GetNamedPipeServerProcessId(pipe, &process))
        return FALSE;
    *id = peb_current()->SessionId;
    return TRUE;
}

BOOL WINAPI GetNamedPipeClientComputerNameW(HANDLE pipe, LPWSTR name, ULONG size)
{
    ULONG process;
    (void)name, (void)size;
    if (GetNamedPipeClientProcessId(pipe, &process))
        SetLastError(ERROR_PIPE_LOCAL);
    return FALSE;
}

BOOL WINAPI GetNamedPipeClientComputerNameA(HANDLE pipe, LPSTR name, ULONG size)
{
    (void)name;
    return GetNamedPipeClientComputerNameW(pipe, NULL, size);
}

BOOL WINAPI TransactNamedPipe(HANDLE pipe, LPVOID in, DWORD in_size, LPVOID out, DWORD out_size, LPDWORD read,
                              LPOVERLAPPED overlapped)
{
    DWORD written;
    return WriteFile(pipe, in, in_size, &written, NULL) && ReadFile(pipe, out, out_size, read, overlapped);
}

BOOL WINAPI CallNamedPipeW(LPCWSTR name, LPVOID in, DWORD in_size, LPVOID out, DWORD out_size, LPDWORD read,
                           DWORD timeout)
{
    HANDLE pipe = CreateFileW(name, GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, 0, NULL);
    if (pipe == INVALID_HANDLE_VALUE && WaitNamedPipeW(name, timeout))
        pipe = CreateFileW(name, GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, 0, NULL);
    if (pipe == INVALID_HANDLE_VALUE)
        return FALSE;
    DWORD mode = PIPE_READMODE_MESSAGE;
    BOOL result = SetNamedPipeHandleState(pipe, &mode, NULL, NULL) &&
                  TransactNamedPipe(pipe, in, in_size, out, out_size, read, NULL);
    NtClose(pipe);
    return result;
}

BOOL WINAPI CallNamedPipeA(LPCSTR name, LPVOID in, DWORD in_size, LPVOID out, DWORD out_size, LPDWORD read,
                           DWORD timeout)
{
    WCHAR *wide = filename_from_ansi(name);
    BOOL result = wide && CallNamedPipeW(wide, in, in_size, out, out_size, read, timeout);
    filename_free(wide);
    return result;
}
