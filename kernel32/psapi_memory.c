/*
 * psapi_memory.c: which pages of a process are in memory, what file is mapped where, page files.
 *
 * Layer: kernel32, over NtQueryVirtualMemory.
 */
#include <string.h>
#include "ntthread.h"
#include "ntdll/error.h"
#include <psapi.h>

#define QUERY_MAPPED_FILENAME 2
#define QUERY_WORKING_SET_EX 4
#define PAGE 4096u

static BOOL fail(DWORD error)
{
    SetLastError(error);
    return FALSE;
}

BOOL WINAPI K32QueryWorkingSetEx(HANDLE process, PVOID entries, DWORD size)
{
    if (size < sizeof(PSAPI_WORKING_SET_EX_INFORMATION))
        return fail(ERROR_BAD_LENGTH);
    return status_to_bool(NtQueryVirtualMemory(process, NULL, QUERY_WORKING_SET_EX, entries, size, NULL));
}

/* Enters the pages of a region that are there; counts all of them. */
static ULONG_PTR region_pages(HANDLE process, const MEMORY_BASIC_INFORMATION *region, ULONG_PTR *out, ULONG_PTR room,
                              ULONG_PTR count)
{
    PSAPI_WORKING_SET_EX_INFORMATION pages[64];
    ULONG_PTR left = region->RegionSize / PAGE;

    for (char *at = region->BaseAddress; left;) {
        ULONG_PTR some = left < 64 ? left : 64;

        for (ULONG_PTR i = 0; i < some; i++)
            pages[i].VirtualAddress = at + i * PAGE;
        if (!NT_SUCCESS(NtQueryVirtualMemory(process, NULL, QUERY_WORKING_SET_EX, pages, some * sizeof *pages, NULL)))
            return count;
        for (ULONG_PTR i = 0; i < some; i++) {
            if (!pages[i].VirtualAttributes.Valid)
                continue;
            if (count < room)
                out[count] = (ULONG_PTR)pages[i].VirtualAddress | pages[i].VirtualAttributes.Win32Protection |
                             (ULONG_PTR)pages[i].VirtualAttributes.Shared << 8;
            count++;
        }
        at += some * PAGE;
        left -= some;
    }
    return count;
}

/* The number of pages, then a word a page. Too little room: the number alone, and ERROR_BAD_LENGTH. */
BOOL WINAPI K32QueryWorkingSet(HANDLE process, PVOID info, DWORD size)
{
    ULONG_PTR *out = info, room, count = 0;
    MEMORY_BASIC_INFORMATION region;

    if (size < sizeof *out)
        return fail(ERROR_BAD_LENGTH);
    room = size / sizeof *out - 1;
    for (char *at = NULL; VirtualQueryEx(process, at, &region, sizeof region); at += region.RegionSize) {
        at = region.BaseAddress;
        if (region.State == MEM_COMMIT && region.RegionSize < 0x4000000000)
            count = region_pages(process, &region, out + 1, room, count);
    }
    if (!count)
        return FALSE;
    out[0] = count;
    return count <= room ? TRUE : fail(ERROR_BAD_LENGTH);
}

struct file_name {
    UNICODE_STRING name;
    WCHAR text[512];
};

/* By its device, as QueryDosDevice names them. */
static bool mapped_name(HANDLE process, LPVOID address, struct file_name *name)
{
    NTSTATUS status = NtQueryVirtualMemory(process, address, QUERY_MAPPED_FILENAME, name, sizeof *name, NULL);

    if (status == STATUS_INVALID_ADDRESS || status == STATUS_FILE_INVALID)
        return fail(ERROR_UNEXP_NET_ERR);
    return status_to_bool(status);
}

DWORD WINAPI K32GetMappedFileNameW(HANDLE process, LPVOID address, LPWSTR out, DWORD size)
{
    struct file_name name;
    DWORD length;

    if (!size)
        return (DWORD)fail(ERROR_INSUFFICIENT_BUFFER);
    if (!mapped_name(process, address, &name))
        return 0;
    length = name.name.Length / sizeof(WCHAR);
    if (length >= size) {
        SetLastError(ERROR_INSUFFICIENT_BUFFER);
        length = size - 1;
    }
    memcpy(out, name.name.Buffer, length * sizeof *out);
    out[length] = 0;
    return length;
}

DWORD WINAPI K32GetMappedFileNameA(HANDLE process, LPVOID address, LPSTR out, DWORD size)
{
    struct file_name name;
    ANSI_STRING ansi;
    DWORD length;

    if (!size)
        return (DWORD)fail(ERROR_INSUFFICIENT_BUFFER);
    if (!mapped_name(process, address, &name) || !status_to_bool(RtlUnicodeStringToAnsiString(&ansi, &name.name, TRUE)))
        return 0;
    length = ansi.Length;
    if (length >= size) {
        SetLastError(ERROR_INSUFFICIENT_BUFFER);
        length = size - 1;
    }
    memcpy(out, ansi.Buffer, length);
    out[length] = 0;
    RtlFreeAnsiString(&ansi);
    return length;
}

/* The host's swap space is not a file that the program could open: none is listed. */
BOOL WINAPI K32EnumPageFilesW(PENUM_PAGE_FILE_CALLBACKW callback, LPVOID context)
{
    (void)context;
    return callback ? TRUE : fail(ERROR_INVALID_PARAMETER);
}

BOOL WINAPI K32EnumPageFilesA(PENUM_PAGE_FILE_CALLBACKA callback, LPVOID context)
{
    (void)context;
    return callback ? TRUE : fail(ERROR_INVALID_PARAMETER);
}

/* Page faults are not recorded. */
BOOL WINAPI K32InitializeProcessForWsWatch(HANDLE process)
{
    (void)process;
    return fail(ERROR_NOT_SUPPORTED);
}

BOOL WINAPI K32GetWsChanges(HANDLE process, PPSAPI_WS_WATCH_INFORMATION info, DWORD size)
{
    (void)process, (void)info, (void)size;
    return fail(ERROR_INVALID_PARAMETER); /* no watch was begun */
}

BOOL WINAPI K32GetWsChangesEx(HANDLE process, PPSAPI_WS_WATCH_INFORMATION_EX info, DWORD size)
{
    (void)process, (void)info, (void)size;
    return fail(ERROR_INVALID_PARAMETER);
}
