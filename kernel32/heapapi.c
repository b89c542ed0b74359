/*
 * heapapi.c: HeapCreate, HeapAlloc and their kin.
 *
 * Layer: kernel32, over ntdll's Rtl*Heap.  HeapAlloc, HeapReAlloc and HeapSize are those functions themselves
 * (see kernel32.exports).
 */
#include "win.h"
#include "ntdll/error.h"
#include "ntdll/heap.h"

HANDLE WINAPI GetProcessHeap(void)
{
    return peb_current()->ProcessHeap;
}

BOOL WINAPI HeapFree(HANDLE heap, DWORD flags, LPVOID memory)
{
    return RtlFreeHeap(heap, flags, memory);
}

HANDLE WINAPI HeapCreate(DWORD options, SIZE_T initial, SIZE_T maximum)
{
    HANDLE heap;

    options &= HEAP_NO_SERIALIZE | HEAP_GENERATE_EXCEPTIONS | HEAP_CREATE_ENABLE_EXECUTE;
    if (maximum && initial > maximum)
        maximum = initial;
    if (!maximum)
        options |= HEAP_GROWABLE;
    heap = RtlCreateHeap(options, NULL, (maximum + 0xfff) & ~0xfffull, initial, NULL, NULL);
    if (!heap)
        SetLastError(ERROR_NOT_ENOUGH_MEMORY);
    return heap;
}

BOOL WINAPI HeapDestroy(HANDLE heap)
{
    if (!RtlDestroyHeap(heap))
        return TRUE;
    SetLastError(ERROR_INVALID_HANDLE);
    return FALSE;
}

BOOL WINAPI HeapLock(HANDLE heap)
{
    return RtlLockHeap(heap);
}

BOOL WINAPI HeapUnlock(HANDLE heap)
{
    return RtlUnlockHeap(heap);
}

BOOL WINAPI HeapValidate(HANDLE heap, DWORD flags, LPCVOID memory)
{
    return RtlValidateHeap(heap, flags, memory);
}

SIZE_T WINAPI HeapCompact(HANDLE heap, DWORD flags)
{
    return RtlCompactHeap(heap, flags);
}

BOOL WINAPI HeapWalk(HANDLE heap, LPPROCESS_HEAP_ENTRY entry)
{
    return status_to_bool(RtlWalkHeap(heap, entry));
}

BOOL WINAPI HeapSetInformation(HANDLE heap, HEAP_INFORMATION_CLASS class, PVOID info, SIZE_T size)
{
    return status_to_bool((NTSTATUS)RtlSetHeapInformation(heap, class, info, size));
}

BOOL WINAPI HeapQueryInformation(HANDLE heap, HEAP_INFORMATION_CLASS class, PVOID info, SIZE_T size, PSIZE_T returned)
{
    return status_to_bool((NTSTATUS)RtlQueryHeapInformation(heap, class, info, size, returned));
}

BOOL WINAPI HeapSummary(HANDLE heap, DWORD flags, LPHEAP_SUMMARY summary)
{
    (void)flags;
    if (summary->cb != sizeof *summary) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return FALSE;
    }
    return status_to_bool(
        heap_summary(heap, &summary->cbAllocated, &summary->cbCommitted, &summary->cbReserved, &summary->cbMaxReserve));
}

DWORD WINAPI GetProcessHeaps(DWORD count, PHANDLE heaps)
{
    return RtlGetProcessHeaps(count, heaps);
}
