/*
 * tlhelp32_heap.c: the heaps of a snapshot and their blocks.
 *
 * Layer: kernel32.  Heaps are this process's, and listed as they are when they are asked for.
 */
#include "ntthread.h"
#include "ntdll/error.h"
#include <string.h>
#include <tlhelp32.h>

static BOOL fail(DWORD error)
{
    SetLastError(error);
    return FALSE;
}

static DWORD own_id(void)
{
    return (DWORD)(ULONG_PTR)teb_current()->ClientId.UniqueProcess;
}

/* The heap at an index of the list. */
static BOOL list_entry(HANDLE snapshot, HEAPLIST32 *entry, ULONG index)
{
    HANDLE heaps[256];
    ULONG count = RtlGetProcessHeaps(256, heaps);
    DWORD flags;

    if (!GetHandleInformation(snapshot, &flags))
        return FALSE;
    if (index >= count || index >= 256)
        return fail(ERROR_NO_MORE_FILES);
    entry->th32ProcessID = own_id();
    entry->th32HeapID = (ULONG_PTR)heaps[index];
    entry->dwFlags = heaps[index] == peb_current()->ProcessHeap ? HF32_DEFAULT : 0;
    return TRUE;
}

BOOL WINAPI Heap32ListFirst(HANDLE snapshot, LPHEAPLIST32 entry)
{
    return entry->dwSize == sizeof *entry ? list_entry(snapshot, entry, 0) : fail(ERROR_BAD_LENGTH);
}

/* After the one that the entry holds. */
BOOL WINAPI Heap32ListNext(HANDLE snapshot, LPHEAPLIST32 entry)
{
    HANDLE heaps[256];
    ULONG count = RtlGetProcessHeaps(256, heaps), at = 0;

    if (entry->dwSize != sizeof *entry)
        return fail(ERROR_BAD_LENGTH);
    while (at < count && at < 256 && (ULONG_PTR)heaps[at] != entry->th32HeapID)
        at++;
    return list_entry(snapshot, entry, at + 1);
}

/* The block after an address (0: the first). */
static BOOL block_entry(HEAPENTRY32 *entry, ULONG_PTR heap, ULONG_PTR after)
{
    PROCESS_HEAP_ENTRY block = {.lpData = (PVOID)after};
    NTSTATUS status = RtlWalkHeap((HANDLE)heap, &block);

    if (status == STATUS_NO_MORE_ENTRIES)
        return fail(ERROR_NO_MORE_FILES);
    if (!status_to_bool(status))
        return FALSE;
    entry->hHandle = (HANDLE)block.lpData;
    entry->dwAddress = (ULONG_PTR)block.lpData;
    entry->dwBlockSize = block.cbData;
    entry->dwFlags = block.wFlags & PROCESS_HEAP_ENTRY_BUSY ? LF32_FIXED : LF32_FREE;
    entry->dwLockCount = entry->dwResvd = 0;
    entry->th32ProcessID = own_id();
    entry->th32HeapID = heap;
    return TRUE;
}

BOOL WINAPI Heap32First(LPHEAPENTRY32 entry, DWORD process, ULONG_PTR heap)
{
    if (!entry || entry->dwSize != sizeof *entry)
        return fail(ERROR_BAD_LENGTH);
    if (process && process != own_id())
        return fail(ERROR_INVALID_PARAMETER);
    return block_entry(entry, heap, 0);
}

BOOL WINAPI Heap32Next(LPHEAPENTRY32 entry)
{
    if (!entry || entry->dwSize != sizeof *entry)
        return fail(ERROR_BAD_LENGTH);
    return block_entry(entry, entry->th32HeapID, entry->dwAddress);
}
