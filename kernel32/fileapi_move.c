/*
 * fileapi_move.c: moving, copying, replacing, linking files.  On top of Nt* and CreateFileW.
 */
#include "kernel32/filename.h"
#include "kernel32/streams.h"

#include <string.h>

#include "ntdll/gate.h"

#define COPY_CHUNK 0x40000

/* Renames or links an open file to a Win32 path. */
static NTSTATUS rename_to(HANDLE file, LPCWSTR to, ULONG flags, unsigned class)
{
    UNICODE_STRING target;
    IO_STATUS_BLOCK io;
    NTSTATUS status = RtlDosPathNameToNtPathName_U_WithStatus(to, &target, NULL, NULL);
    if (status)
        return status == STATUS_OBJECT_NAME_INVALID ? STATUS_OBJECT_PATH_NOT_FOUND : status;
    ULONG length = offsetof(FILE_RENAME_INFORMATION_EX, FileName) + target.Length;
    FILE_RENAME_INFORMATION_EX *info = RtlAllocateHeap(process_heap(), HEAP_ZERO_MEMORY, length + sizeof(WCHAR));
    if (info) {
        info->Flags = flags;
        info->FileNameLength = target.Length;
        memcpy(info->FileName, target.Buffer, target.Length);
        status = NtSetInformationFile(file, &io, info, length, (FILE_INFORMATION_CLASS) class);
        RtlFreeHeap(process_heap(), 0, info);
    } else {
        status = STATUS_NO_MEMORY;
    }
    RtlFreeUnicodeString(&target);
    return status;
}

static BOOL is_directory(HANDLE file)
{
    FILE_STANDARD_INFORMATION info;
    IO_STATUS_BLOCK io;
    return !NtQueryInformationFile(file, &io, &info, sizeof info, FileStandardInformation) && info.Directory;
}

BOOL WINAPI MoveFileWithProgressW(LPCWSTR from, LPCWSTR to, LPPROGRESS_ROUTINE progress, LPVOID data, DWORD flags)
{
    if (!to) {
        if (flags & MOVEFILE_DELAY_UNTIL_REBOOT) /* nothing of ours starts at boot: it is done now */
            return DeleteFileW(from);
        RtlSetLastWin32Error(ERROR_PATH_NOT_FOUND);
        return FALSE;
    }
    HANDLE file = filename_open_file(from, DELETE | FILE_READ_ATTRIBUTES, FILE_OPEN_REPARSE_POINT);
    if (file == INVALID_HANDLE_VALUE)
        return FALSE;
    ULONG how = flags & MOVEFILE_REPLACE_EXISTING ? FILE_RENAME_REPLACE_IF_EXISTS | FILE_RENAME_POSIX_SEMANTICS : 0;
    NTSTATUS status = rename_to(file, to, how, FileRenameInformationEx);
    bool directory = is_directory(file);
    NtClose(file);
    if (status != STATUS_NOT_SAME_DEVICE || !(flags & MOVEFILE_COPY_ALLOWED) || directory)
        return status_to_bool(status);
    return CopyFileExW(from, to, progress, data, NULL,
                       flags & MOVEFILE_REPLACE_EXISTING ? 0 : COPY_FILE_FAIL_IF_EXISTS) &&
           DeleteFileW(from);
}

BOOL WINAPI MoveFileWithProgressA(LPCSTR from, LPCSTR to, LPPROGRESS_ROUTINE progress, LPVOID data, DWORD flags)
{
    WCHAR *wide_from = filename_from_ansi(from), *wide_to = to ? filename_from_ansi(to) : NULL;
    BOOL result = wide_from && (wide_to || !to) && MoveFileWithProgressW(wide_from, wide_to, progress, data, flags);
    filename_free(wide_from);
    filename_free(wide_to);
    return result;
}

BOOL WINAPI MoveFileExW(LPCWSTR from, LPCWSTR to, DWORD flags)
{
    return MoveFileWithProgressW(from, to, NULL, NULL, flags);
}

BOOL WINAPI MoveFileExA(LPCSTR from, LPCSTR to, DWORD flags)
{
    return MoveFileWithProgressA(from, to, NULL, NULL, flags);
}

BOOL WINAPI MoveFileW(LPCWSTR from, LPCWSTR to)
{
    return MoveFileWithProgressW(from, to, NULL, NULL, MOVEFILE_COPY_ALLOWED);
}

BOOL WINAPI MoveFileA(LPCSTR from, LPCSTR to)
{
    return MoveFileWithProgressA(from, to, NULL, NULL, MOVEFILE_COPY_ALLOWED);
}

/* One copy in progress. */
struct copy {
    HANDLE from, to;
    LPPROGRESS_ROUTINE progress;
    LPVOID data;
    LPBOOL cancel;
    LARGE_INTEGER total, done;
    DWORD answer;
};

static bool copy_report(struct copy *copy, DWORD reason)
{
    if (copy->cancel && *copy->cancel)
        return false;
    if (!copy->progress || copy->answer == PROGRESS_QUIET)
        return true;
    const ULONG_PTR arguments[] = {(ULONG_PTR)copy->total.QuadPart,
                                   (ULONG_PTR)copy->done.QuadPart,
                                   (ULONG_PTR)copy->total.QuadPart,
                                   (ULONG_PTR)copy->done.QuadPart,
                                   1,
                                   reason,
                                   GUEST(copy->from),
                                   GUEST(copy->to),
                                   GUEST(copy->data)};
    copy->answer = (DWORD)guest_call_n(copy->progress, 9, arguments);
    return copy->answer == PROGRESS_CONTINUE || copy->answer == PROGRESS_QUIET;
}

static NTSTATUS copy_data(struct copy *copy)
{
    IO_STATUS_BLOCK io;
    NTSTATUS status = STATUS_SUCCESS;
    void *buffer = RtlAllocateHeap(process_heap(), 0, COPY_CHUNK);
    if (!buffer)
        return STATUS_NO_MEMORY;
    if (!copy_report(copy, CALLBACK_STREAM_SWITCH))
        status = STATUS_REQUEST_ABORTED;
    while (!status) {
        status = NtReadFile(copy->from, NULL, NULL, NULL, &io, buffer, COPY_CHUNK, NULL, NULL);
        if (status == STATUS_END_OF_FILE) {
            status = STATUS_SUCCESS;
            break;
        }
        ULONG length = (ULONG)io.Information;
        if (!status)
            status = NtWriteFile(copy->to, NULL, NULL, NULL, &io, buffer, length, NULL, NULL);
        copy->done.QuadPart += length;
        if (!status && !copy_report(copy, CALLBACK_CHUNK_FINISHED))
            status = STATUS_REQUEST_ABORTED;
    }
    RtlFreeHeap(process_heap(), 0, buffer);
    return status;
}

/* Times and attributes go with the copy. */
static void copy_basic(struct copy *copy)
{
    FILE_BASIC_INFORMATION info;
    IO_STATUS_BLOCK io;
    if (NtQueryInformationFile(copy->from, &io, &info, sizeof info, FileBasicInformation))
        return;
    info.CreationTime.QuadPart = info.LastAccessTime.QuadPart = info.ChangeTime.QuadPart = 0;
    NtSetInformationFile(copy->to, &io, &info, sizeof info, FileBasicInformation);
}

BOOL WINAPI CopyFileExW(LPCWSTR from, LPCWSTR to, LPPROGRESS_ROUTINE progress, LPVOID data, LPBOOL cancel, DWORD flags)
{
    struct copy copy = {.progress = progress, .data = data, .cancel = cancel};
    copy.from = CreateFileW(from, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL,
                            OPEN_EXISTING, FILE_FLAG_SEQUENTIAL_SCAN, NULL);
    if (copy.from == INVALID_HANDLE_VALUE)
        return FALSE;
    copy.to = CreateFileW(to, GENERIC_WRITE | DELETE | FILE_WRITE_ATTRIBUTES, 0, NULL,
                          flags & COPY_FILE_FAIL_IF_EXISTS ? CREATE_NEW : CREATE_ALWAYS, 0, NULL);
    if (copy.to == INVALID_HANDLE_VALUE) {
        DWORD error = RtlGetLastWin32Error();
        NtClose(copy.from);
        RtlSetLastWin32Error(error);
        return FALSE;
    }
    GetFileSizeEx(copy.from, &copy.total);
    NTSTATUS status = copy_data(&copy);
    if (!status)
        status = streams_copy(copy.from, copy.to);
    if (!status) {
        copy_basic(&copy);
    } else if (copy.answer != PROGRESS_STOP) {
        BOOLEAN delete = TRUE;
        IO_STATUS_BLOCK io;
        NtSetInformationFile(copy.to, &io, &delete, sizeof delete, FileDispositionInformation);
    }
    NtClose(copy.from);
    NtClose(copy.to);
    return status_to_bool(status);
}

BOOL WINAPI CopyFileExA(LPCSTR from, LPCSTR to, LPPROGRESS_ROUTINE progress, LPVOID data, LPBOOL cancel, DWORD flags)
{
    WCHAR *wide_from = filename_from_ansi(from), *wide_to = filename_from_ansi(to);
    BOOL result = wide_from && wide_to && CopyFileExW(wide_from, wide_to, progress, data, cancel, flags);
    filename_free(wide_from);
    filename_free(wide_to);
    return result;
}

BOOL WINAPI CopyFileW(LPCWSTR from, LPCWSTR to, BOOL fail_if_exists)
{
    return CopyFileExW(from, to, NULL, NULL, NULL, fail_if_exists ? COPY_FILE_FAIL_IF_EXISTS : 0);
}

BOOL WINAPI CopyFileA(LPCSTR from, LPCSTR to, BOOL fail_if_exists)
{
    return CopyFileExA(from, to, NULL, NULL, NULL, fail_if_exists ? COPY_FILE_FAIL_IF_EXISTS : 0);
}

/* The extended progress routine of CopyFile2 is not called: it reports, it does not decide. */
HRESULT WINAPI CopyFile2(PCWSTR from, PCWSTR to, COPYFILE2_EXTENDED_PARAMETERS *extended)
{
    if (CopyFileExW(from, to, NULL, NULL, extended ? extended->pfCancel : NULL, extended ? extended->dwCopyFlags : 0))
        return S_OK;
    return HRESULT_FROM_WIN32(RtlGetLastWin32Error());
}

/* What replaced a file is known by its creation time and attributes. */
static void replace_identity(LPCWSTR path, const FILE_BASIC_INFORMATION *old)
{
    FILE_BASIC_INFORMATION info = {.CreationTime = old->CreationTime, .FileAttributes = old->FileAttributes};
    IO_STATUS_BLOCK io;
    HANDLE file = filename_open_file(path, FILE_WRITE_ATTRIBUTES, 0);
    if (file == INVALID_HANDLE_VALUE)
        return;
    NtSetInformationFile(file, &io, &info, sizeof info, FileBasicInformation);
    NtClose(file);
}

BOOL WINAPI ReplaceFileW(LPCWSTR replaced, LPCWSTR replacement, LPCWSTR backup, DWORD flags, LPVOID exclude,
                         LPVOID reserved)
{
    FILE_BASIC_INFORMATION old;
    IO_STATUS_BLOCK io;
    if (exclude || reserved || flags & ~7u) {
        RtlSetLastWin32Error(ERROR_INVALID_PARAMETER);
        return FALSE;
    }
    HANDLE file = filename_open_file(replaced, FILE_READ_ATTRIBUTES, 0);
    if (file == INVALID_HANDLE_VALUE)
        return FALSE;
    NTSTATUS status = NtQueryInformationFile(file, &io, &old, sizeof old, FileBasicInformation);
    NtClose(file);
    if (!status_to_bool(status))
        return FALSE;
    if (old.FileAttributes & FILE_ATTRIBUTE_READONLY)
        return status_to_bool(STATUS_ACCESS_DENIED);
    if (GetFileAttributesW(replacement) == INVALID_FILE_ATTRIBUTES)
        return FALSE;
    if (backup && !MoveFileExW(replaced, backup, MOVEFILE_REPLACE_EXISTING)) {
        RtlSetLastWin32Error(ERROR_UNABLE_TO_REMOVE_REPLACED);
        return FALSE;
    }
    if (!MoveFileExW(replacement, replaced, MOVEFILE_REPLACE_EXISTING)) {
        /* Nothing may be lost: the old file gets its name back. */
        DWORD error = backup && !MoveFileExW(backup, replaced, 0) ? ERROR_UNABLE_TO_MOVE_REPLACEMENT_2
                                                                  : ERROR_UNABLE_TO_MOVE_REPLACEMENT;
        RtlSetLastWin32Error(error);
        return FALSE;
    }
    replace_identity(replaced, &old);
    return TRUE;
}

BOOL WINAPI ReplaceFileA(LPCSTR replaced, LPCSTR replacement, LPCSTR backup, DWORD flags, LPVOID exclude,
                         LPVOID reserved)
{
    WCHAR *wide_replaced = filename_from_ansi(replaced), *wide_replacement = filename_from_ansi(replacement);
    WCHAR *wide_backup = backup ? filename_from_ansi(backup) : NULL;
    BOOL result = wide_replaced && wide_replacement && (wide_backup || !backup) &&
                  ReplaceFileW(wide_replaced, wide_replacement, wide_backup, flags, exclude, reserved);
    filename_free(wide_replaced);
    filename_free(wide_replacement);
    filename_free(wide_backup);
    return result;
}

BOOL WINAPI CreateHardLinkW(LPCWSTR link, LPCWSTR existing, LPSECURITY_ATTRIBUTES security)
{
    (void)security;
    HANDLE file = filename_open_file(existing, FILE_WRITE_ATTRIBUTES, FILE_OPEN_REPARSE_POINT);
    if (file == INVALID_HANDLE_VALUE)
        return FALSE;
    NTSTATUS status = rename_to(file, link, 0, FileLinkInformation);
    NtClose(file);
    return status_to_bool(status);
}

BOOL WINAPI CreateHardLinkA(LPCSTR link, LPCSTR existing, LPSECURITY_ATTRIBUTES security)
{
    WCHAR *wide_link = filename_from_ansi(link), *wide_existing = filename_from_ansi(existing);
    BOOL result = wide_link && wide_existing && CreateHardLinkW(wide_link, wide_existing, security);
    filename_free(wide_link);
    filename_free(wide_existing);
    return result;
}
