/*
 * filename.c: names between A and W functions, and from Win32 to NT.
 */
#include "kernel32/filename.h"

#include <string.h>

static BOOL oem_apis;

BOOL WINAPI AreFileApisANSI(void)
{
    return !oem_apis;
}

void WINAPI SetFileApisToANSI(void)
{
    oem_apis = FALSE;
}

void WINAPI SetFileApisToOEM(void)
{
    oem_apis = TRUE;
}

WCHAR *filename_from_ansi(const char *name)
{
    if (!name) {
        RtlSetLastWin32Error(ERROR_INVALID_PARAMETER);
        return NULL;
    }
    int length = (int)strlen(name) + 1; /* no code page makes more characters of it than it has bytes */
    WCHAR *wide = RtlAllocateHeap(process_heap(), 0, length * sizeof(WCHAR));
    if (!wide) {
        RtlSetLastWin32Error(ERROR_NOT_ENOUGH_MEMORY);
        return NULL;
    }
    if (!MultiByteToWideChar(oem_apis ? CP_OEMCP : CP_ACP, 0, name, length, wide, length))
        wide[0] = 0;
    return wide;
}

void filename_free(WCHAR *name)
{
    RtlFreeHeap(process_heap(), 0, name);
}

DWORD filename_to_ansi(const WCHAR *text, size_t length, char *out, DWORD size)
{
    UINT page = oem_apis ? CP_OEMCP : CP_ACP;
    DWORD needed = length ? WideCharToMultiByte(page, 0, text, (int)length, NULL, 0, NULL, NULL) : 0;
    if (needed + 1 > size || !out)
        return needed + 1;
    if (length)
        WideCharToMultiByte(page, 0, text, (int)length, out, needed, NULL, NULL);
    out[needed] = 0;
    return needed;
}

BOOL filename_open(struct filename *filename, const WCHAR *path)
{
    NTSTATUS status = RtlDosPathNameToNtPathName_U_WithStatus(path, &filename->nt, NULL, NULL);
    if (status) {
        RtlSetLastWin32Error(!path || !*path || status == STATUS_OBJECT_NAME_INVALID ? ERROR_PATH_NOT_FOUND
                                                                                     : RtlNtStatusToDosError(status));
        return FALSE;
    }
    InitializeObjectAttributes(&filename->attributes, &filename->nt, OBJ_CASE_INSENSITIVE, NULL, NULL);
    return TRUE;
}

void filename_close(struct filename *filename)
{
    RtlFreeUnicodeString(&filename->nt);
}

HANDLE filename_open_file(const WCHAR *path, ACCESS_MASK access, ULONG options)
{
    struct filename filename;
    IO_STATUS_BLOCK io;
    HANDLE handle;
    if (!filename_open(&filename, path))
        return INVALID_HANDLE_VALUE;
    NTSTATUS status =
        NtOpenFile(&handle, access | SYNCHRONIZE, &filename.attributes, &io,
                   FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, options | FILE_SYNCHRONOUS_IO_NONALERT);
    filename_close(&filename);
    return status_to_bool(status) ? handle : INVALID_HANDLE_VALUE;
}
