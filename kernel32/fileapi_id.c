/*
 * fileapi_id.c: FindFirstFileName: all names of a file.  On top of FileHardLinkInformation, which tells each name with
 * its directory's id.
 */
#include "kernel32/filename.h"
#include "kernel32/findlist.h"
#include "ntdll/fileid.h"

#include <string.h>

/* The links of a file in heap memory. */
static NTSTATUS links_query(HANDLE file, FILE_LINKS_INFORMATION **links)
{
    IO_STATUS_BLOCK io;
    NTSTATUS status = STATUS_BUFFER_OVERFLOW;
    *links = NULL;
    for (ULONG size = 0x1000; status == STATUS_BUFFER_OVERFLOW && size <= 0x100000; size *= 4) {
        RtlFreeHeap(process_heap(), 0, *links);
        *links = RtlAllocateHeap(process_heap(), 0, size);
        if (!*links)
            return STATUS_NO_MEMORY;
        status = NtQueryInformationFile(file, &io, *links, size, FileHardLinkInformation);
    }
    return status;
}

/* A directory's name below its volume's root, without a backslash at the end, by its id. */
static NTSTATUS parent_name(HANDLE volume, LONGLONG id, FILE_NAME_INFORMATION *out, ULONG size)
{
    UNICODE_STRING name = {sizeof id, sizeof id, (WCHAR *)&id};
    OBJECT_ATTRIBUTES attributes;
    IO_STATUS_BLOCK io;
    HANDLE directory;
    InitializeObjectAttributes(&attributes, &name, 0, volume, NULL);
    NTSTATUS status = NtOpenFile(&directory, FILE_READ_ATTRIBUTES | SYNCHRONIZE, &attributes, &io,
                                 FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                                 FILE_OPEN_BY_FILE_ID | FILE_DIRECTORY_FILE | FILE_SYNCHRONOUS_IO_NONALERT);
    if (status)
        return status;
    status = NtQueryInformationFile(directory, &io, out, size, FileNameInformation);
    NtClose(directory);
    while (!status && out->FileNameLength && out->FileName[out->FileNameLength / 2 - 1] == '\\')
        out->FileNameLength -= sizeof(WCHAR);
    return status;
}

/* \\directory\\name as Windows lists it, in place of the entry: a list of zero-terminated names, a zero after the last.
 */
static NTSTATUS names_query(HANDLE file, WCHAR **names)
{
    const ULONG room = 0x2400; /* the longest path, and a name */
    FILE_LINKS_INFORMATION *links;
    FILE_NAME_INFORMATION *parent = RtlAllocateHeap(process_heap(), 0, room);
    NTSTATUS status = links_query(file, &links);
    const FILE_LINK_ENTRY_INFORMATION *entry = &links->Entry;
    WCHAR *list = status || !parent ? NULL : RtlAllocateHeap(process_heap(), 0, links->EntriesReturned * room + 2);
    size_t used = 0;
    for (ULONG i = 0; list && i < links->EntriesReturned; i++) {
        if (!parent_name(file, entry->ParentFileId, parent, room)) {
            memcpy(list + used, parent->FileName, parent->FileNameLength);
            used += parent->FileNameLength / sizeof(WCHAR);
            list[used++] = '\\';
            memcpy(list + used, entry->FileName, entry->FileNameLength * sizeof(WCHAR));
            used += entry->FileNameLength;
            list[used++] = 0;
        }
        entry = (const FILE_LINK_ENTRY_INFORMATION *)((const char *)entry + entry->NextEntryOffset);
    }
    if (list)
        list[used] = 0;
    RtlFreeHeap(process_heap(), 0, links);
    RtlFreeHeap(process_heap(), 0, parent);
    *names = list;
    return status ? status : list ? STATUS_SUCCESS : STATUS_NO_MEMORY;
}

BOOL WINAPI FindNextFileNameW(HANDLE handle, LPDWORD count, PWSTR out)
{
    struct find_list *list = find_list_next(handle, FIND_NAMES);
    if (!list)
        return FALSE;
    WCHAR *name = list->next;
    DWORD length = (DWORD)text_length(name) + 1;
    bool fits = length <= *count;
    *count = length;
    if (!fits) {
        RtlSetLastWin32Error(ERROR_MORE_DATA);
        return FALSE;
    }
    memcpy(out, name, length * sizeof(WCHAR));
    list->next = name[length] ? name + length : NULL;
    return TRUE;
}

HANDLE WINAPI FindFirstFileNameW(LPCWSTR name, DWORD flags, LPDWORD count, PWSTR out)
{
    WCHAR *names;
    if (flags || !count || !out) {
        RtlSetLastWin32Error(ERROR_INVALID_PARAMETER);
        return INVALID_HANDLE_VALUE;
    }
    HANDLE file = filename_open_file(name, FILE_READ_ATTRIBUTES, FILE_OPEN_REPARSE_POINT);
    if (file == INVALID_HANDLE_VALUE)
        return file;
    NTSTATUS status = names_query(file, &names);
    NtClose(file);
    if (!status_to_bool(status))
        return INVALID_HANDLE_VALUE;
    struct find_list *list = find_list_create(FIND_NAMES, names, names);
    if (list && FindNextFileNameW(list, count, out))
        return list;
    find_list_close(list);
    return INVALID_HANDLE_VALUE;
}
