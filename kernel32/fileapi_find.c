/*
 * fileapi_find.c: FindFirstFile and its kin.  A find handle is a pointer to a buffer of entries, as on Windows.
 */
#include "kernel32/filename.h"
#include "kernel32/findlist.h"

#include <string.h>

#define FIND_MAGIC 0x444e4946
#define FIND_BUFFER 4096

struct find {
    ULONG magic;
    HANDLE directory;
    ULONG at;    /* the next entry in buffer; ~0: ask again */
    bool single; /* the pattern names one file */
    bool large;
    RTL_CRITICAL_SECTION lock;
    _Alignas(8) char buffer[];
};

static FILETIME filetime(LARGE_INTEGER t)
{
    return (FILETIME){t.LowPart, (DWORD)t.HighPart};
}

static void entry_to_data(const FILE_BOTH_DIR_INFORMATION *entry, WIN32_FIND_DATAW *data)
{
    ULONG length = entry->FileNameLength;
    memset(data, 0, sizeof *data);
    data->dwFileAttributes = entry->FileAttributes;
    data->ftCreationTime = filetime(entry->CreationTime);
    data->ftLastAccessTime = filetime(entry->LastAccessTime);
    data->ftLastWriteTime = filetime(entry->LastWriteTime);
    data->nFileSizeHigh = (DWORD)entry->EndOfFile.HighPart;
    data->nFileSizeLow = entry->EndOfFile.LowPart;
    data->dwReserved0 = entry->FileAttributes & FILE_ATTRIBUTE_REPARSE_POINT ? entry->EaSize : 0;
    if (length > sizeof data->cFileName - sizeof(WCHAR))
        length = sizeof data->cFileName - sizeof(WCHAR);
    memcpy(data->cFileName, entry->FileName, length);
    memcpy(data->cAlternateFileName, entry->ShortName, entry->ShortNameLength);
}

/* Win32's wildcards as NT's: what "*.*" and a dot before a wildcard mean in DOS. */
static void pattern_translate(UNICODE_STRING *pattern)
{
    size_t length = pattern->Length / sizeof(WCHAR);
    WCHAR *p = pattern->Buffer;
    if (length == 3 && p[0] == '*' && p[1] == '.' && p[2] == '*') {
        pattern->Length = sizeof(WCHAR);
        return;
    }
    for (size_t i = 0; i < length; i++) {
        bool wild_next = i + 1 < length && (p[i + 1] == '?' || p[i + 1] == '*');
        if (p[i] == '?')
            p[i] = '>';
        else if (p[i] == '.' && wild_next)
            p[i] = '"';
        else if (p[i] == '*' && i + 1 < length && p[i + 1] == '.' && i + 2 == length)
            p[i] = '<';
    }
}

static NTSTATUS find_fill(struct find *find, UNICODE_STRING *pattern)
{
    IO_STATUS_BLOCK io;
    find->at = 0;
    NTSTATUS status = NtQueryDirectoryFile(find->directory, NULL, NULL, NULL, &io, find->buffer, FIND_BUFFER,
                                           FileBothDirectoryInformation, find->single, pattern, pattern != NULL);
    if (status)
        find->at = ~0u;
    return status;
}

static NTSTATUS find_next(struct find *find, WIN32_FIND_DATAW *data)
{
    NTSTATUS status = find->at == ~0u ? find_fill(find, NULL) : STATUS_SUCCESS;
    if (status)
        return status;
    const FILE_BOTH_DIR_INFORMATION *entry = (const FILE_BOTH_DIR_INFORMATION *)(find->buffer + find->at);
    entry_to_data(entry, data);
    find->at = entry->NextEntryOffset ? find->at + entry->NextEntryOffset : ~0u;
    return STATUS_SUCCESS;
}

/* Opens the directory part of `nt` and leaves its last component in *pattern. */
static NTSTATUS find_open(struct filename *filename, UNICODE_STRING *pattern, HANDLE *directory)
{
    IO_STATUS_BLOCK io;
    UNICODE_STRING *nt = &filename->nt;
    size_t length = nt->Length / sizeof(WCHAR), start = length;
    while (start && nt->Buffer[start - 1] != '\\')
        start--;
    if (start == length)
        return STATUS_OBJECT_NAME_NOT_FOUND;
    *pattern = (UNICODE_STRING){(USHORT)((length - start) * sizeof(WCHAR)), 0, nt->Buffer + start};
    bool root = start >= 2 && nt->Buffer[start - 2] == ':';
    nt->Length = (USHORT)((root ? start : start - 1) * sizeof(WCHAR));
    NTSTATUS status = NtOpenFile(directory, FILE_LIST_DIRECTORY | SYNCHRONIZE, &filename->attributes, &io,
                                 FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                                 FILE_DIRECTORY_FILE | FILE_SYNCHRONOUS_IO_NONALERT | FILE_OPEN_FOR_BACKUP_INTENT);
    /* The directory's own name is missing, but for the program it is a directory on the way. */
    return status == STATUS_OBJECT_NAME_NOT_FOUND || status == STATUS_NOT_A_DIRECTORY ? STATUS_OBJECT_PATH_NOT_FOUND
                                                                                      : status;
}

static void find_free(struct find *find)
{
    if (find->directory)
        NtClose(find->directory);
    find->magic = 0;
    RtlDeleteCriticalSection(&find->lock);
    RtlFreeHeap(process_heap(), 0, find);
}

static struct find *find_create(void)
{
    struct find *find = RtlAllocateHeap(process_heap(), HEAP_ZERO_MEMORY, sizeof *find + FIND_BUFFER);
    if (!find)
        return NULL;
    find->magic = FIND_MAGIC;
    RtlInitializeCriticalSection(&find->lock);
    return find;
}

static BOOL is_wild(const UNICODE_STRING *pattern)
{
    for (size_t i = 0; i < pattern->Length / sizeof(WCHAR); i++)
        if (pattern->Buffer[i] == '*' || pattern->Buffer[i] == '?')
            return TRUE;
    return FALSE;
}

HANDLE WINAPI FindFirstFileExW(LPCWSTR name, FINDEX_INFO_LEVELS level, LPVOID data, FINDEX_SEARCH_OPS operation,
                               LPVOID filter, DWORD flags)
{
    struct filename filename;
    UNICODE_STRING pattern;
    (void)filter;
    (void)flags;
    if (level > FindExInfoBasic || operation > FindExSearchLimitToDirectories) {
        RtlSetLastWin32Error(ERROR_INVALID_PARAMETER);
        return INVALID_HANDLE_VALUE;
    }
    if (!filename_open(&filename, name))
        return INVALID_HANDLE_VALUE;
    struct find *find = find_create();
    NTSTATUS status = find ? find_open(&filename, &pattern, &find->directory) : STATUS_NO_MEMORY;
    if (!status) {
        find->single = !is_wild(&pattern);
        pattern_translate(&pattern);
        status = find_fill(find, &pattern);
    }
    if (!status)
        status = find_next(find, data);
    filename_close(&filename);
    if (status_to_bool(status))
        return find;
    if (find)
        find_free(find);
    return INVALID_HANDLE_VALUE;
}

HANDLE WINAPI FindFirstFileW(LPCWSTR name, LPWIN32_FIND_DATAW data)
{
    return FindFirstFileExW(name, FindExInfoStandard, data, FindExSearchNameMatch, NULL, 0);
}

static struct find *find_from_handle(HANDLE handle)
{
    struct find *find = handle;
    if (find && handle != INVALID_HANDLE_VALUE && find->magic == FIND_MAGIC)
        return find;
    RtlSetLastWin32Error(ERROR_INVALID_HANDLE);
    return NULL;
}

BOOL WINAPI FindNextFileW(HANDLE handle, LPWIN32_FIND_DATAW data)
{
    struct find *find = find_from_handle(handle);
    if (!find)
        return FALSE;
    RtlEnterCriticalSection(&find->lock);
    NTSTATUS status = find->single ? STATUS_NO_MORE_FILES : find_next(find, data);
    RtlLeaveCriticalSection(&find->lock);
    return status_to_bool(status);
}

BOOL WINAPI FindClose(HANDLE handle)
{
    if (find_list_close(handle))
        return TRUE;
    struct find *find = find_from_handle(handle);
    if (!find)
        return FALSE;
    find_free(find);
    return TRUE;
}

static void data_to_ansi(const WIN32_FIND_DATAW *wide, WIN32_FIND_DATAA *data)
{
    memcpy(data, wide, offsetof(WIN32_FIND_DATAA, cFileName));
    filename_to_ansi(wide->cFileName, text_length(wide->cFileName), data->cFileName, sizeof data->cFileName);
    data->cAlternateFileName[0] = 0;
}

HANDLE WINAPI FindFirstFileExA(LPCSTR name, FINDEX_INFO_LEVELS level, LPVOID data, FINDEX_SEARCH_OPS operation,
                               LPVOID filter, DWORD flags)
{
    WIN32_FIND_DATAW wide_data;
    WCHAR *wide = filename_from_ansi(name);
    HANDLE handle = wide ? FindFirstFileExW(wide, level, &wide_data, operation, filter, flags) : INVALID_HANDLE_VALUE;
    filename_free(wide);
    if (handle != INVALID_HANDLE_VALUE)
        data_to_ansi(&wide_data, data);
    return handle;
}

HANDLE WINAPI FindFirstFileA(LPCSTR name, LPWIN32_FIND_DATAA data)
{
    return FindFirstFileExA(name, FindExInfoStandard, data, FindExSearchNameMatch, NULL, 0);
}

BOOL WINAPI FindNextFileA(HANDLE handle, LPWIN32_FIND_DATAA data)
{
    WIN32_FIND_DATAW wide;
    if (!FindNextFileW(handle, &wide))
        return FALSE;
    data_to_ansi(&wide, data);
    return TRUE;
}
