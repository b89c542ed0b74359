/*
 * fileapi_directory.c: making and removing directories, deleting files, the current directory.
 */
#include "kernel32/filename.h"

#include <string.h>

BOOL WINAPI CreateDirectoryW(LPCWSTR name, LPSECURITY_ATTRIBUTES security)
{
    struct filename filename;
    IO_STATUS_BLOCK io;
    HANDLE handle;
    (void)security;
    if (!filename_open(&filename, name))
        return FALSE;
    NTSTATUS status =
        NtCreateFile(&handle, FILE_LIST_DIRECTORY | SYNCHRONIZE, &filename.attributes, &io, NULL, FILE_ATTRIBUTE_NORMAL,
                     FILE_SHARE_READ | FILE_SHARE_WRITE, FILE_CREATE,
                     FILE_DIRECTORY_FILE | FILE_SYNCHRONOUS_IO_NONALERT | FILE_OPEN_REPARSE_POINT, NULL, 0);
    filename_close(&filename);
    if (NT_SUCCESS(status))
        NtClose(handle);
    return status_to_bool(status);
}

BOOL WINAPI CreateDirectoryA(LPCSTR name, LPSECURITY_ATTRIBUTES security)
{
    WCHAR *wide = filename_from_ansi(name);
    BOOL result = wide && CreateDirectoryW(wide, security);
    filename_free(wide);
    return result;
}

BOOL WINAPI CreateDirectoryExW(LPCWSTR template_directory, LPCWSTR name, LPSECURITY_ATTRIBUTES security)
{
    (void)template_directory; /* attributes worth copying have only special directories */
    return CreateDirectoryW(name, security);
}

BOOL WINAPI CreateDirectoryExA(LPCSTR template_directory, LPCSTR name, LPSECURITY_ATTRIBUTES security)
{
    (void)template_directory;
    return CreateDirectoryA(name, security);
}

static BOOL delete_by_name(LPCWSTR name, ULONG options)
{
    FILE_DISPOSITION_INFORMATION_EX info = {FILE_DISPOSITION_DELETE | FILE_DISPOSITION_POSIX_SEMANTICS};
    IO_STATUS_BLOCK io;
    HANDLE file = filename_open_file(name, DELETE | FILE_READ_ATTRIBUTES, options | FILE_OPEN_REPARSE_POINT);
    if (file == INVALID_HANDLE_VALUE)
        return FALSE;
    NTSTATUS status =
        NtSetInformationFile(file, &io, &info, sizeof info, (FILE_INFORMATION_CLASS)FileDispositionInformationEx);
    NtClose(file);
    if (status == STATUS_CANNOT_DELETE)
        status = STATUS_ACCESS_DENIED;
    return status_to_bool(status);
}

BOOL WINAPI DeleteFileW(LPCWSTR name)
{
    return delete_by_name(name, FILE_NON_DIRECTORY_FILE);
}

BOOL WINAPI DeleteFileA(LPCSTR name)
{
    WCHAR *wide = filename_from_ansi(name);
    BOOL result = wide && DeleteFileW(wide);
    filename_free(wide);
    return result;
}

BOOL WINAPI RemoveDirectoryW(LPCWSTR name)
{
    return delete_by_name(name, FILE_DIRECTORY_FILE);
}

BOOL WINAPI RemoveDirectoryA(LPCSTR name)
{
    WCHAR *wide = filename_from_ansi(name);
    BOOL result = wide && RemoveDirectoryW(wide);
    filename_free(wide);
    return result;
}

DWORD WINAPI GetCurrentDirectoryW(DWORD count, LPWSTR out)
{
    return RtlGetCurrentDirectory_U(count * sizeof(WCHAR), out) / sizeof(WCHAR);
}

DWORD WINAPI GetCurrentDirectoryA(DWORD count, LPSTR out)
{
    DWORD size = GetCurrentDirectoryW(0, NULL);
    WCHAR *wide = RtlAllocateHeap(process_heap(), 0, size * sizeof(WCHAR));
    if (!wide)
        return 0;
    DWORD length = GetCurrentDirectoryW(size, wide);
    DWORD result = filename_to_ansi(wide, length, out, count);
    RtlFreeHeap(process_heap(), 0, wide);
    return result;
}

BOOL WINAPI SetCurrentDirectoryW(LPCWSTR name)
{
    UNICODE_STRING string;
    if (!name) {
        RtlSetLastWin32Error(ERROR_INVALID_NAME);
        return FALSE;
    }
    RtlInitUnicodeString(&string, name);
    return status_to_bool(RtlSetCurrentDirectory_U(&string));
}

BOOL WINAPI SetCurrentDirectoryA(LPCSTR name)
{
    WCHAR *wide = filename_from_ansi(name);
    BOOL result = wide && SetCurrentDirectoryW(wide);
    filename_free(wide);
    return result;
}
