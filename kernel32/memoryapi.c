/*
 * memoryapi.c: VirtualAlloc and its kin, and reading and writing a process's memory.
 *
 * Layer: kernel32, over ntdll's Nt*VirtualMemory.  Views of files are in memoryapi_view.c.
 */
#include "win.h"
#include "ntdll/error.h"
#include "ntdll/virtual.h"

LPVOID WINAPI VirtualAllocEx(HANDLE process, LPVOID address, SIZE_T size, DWORD type, DWORD protect)
{
    PVOID base = address;

    if (address && (ULONG_PTR)address < 0x10000) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return NULL;
    }
    return status_to_bool(NtAllocateVirtualMemory(process, &base, 0, &size, type, protect)) ? base : NULL;
}

LPVOID WINAPI VirtualAlloc(LPVOID address, SIZE_T size, DWORD type, DWORD protect)
{
    return VirtualAllocEx(NtCurrentProcess(), address, size, type, protect);
}

LPVOID WINAPI VirtualAllocExNuma(HANDLE process, LPVOID address, SIZE_T size, DWORD type, DWORD protect, DWORD node)
{
    (void)node; /* a wish only */
    return VirtualAllocEx(process, address, size, type, protect);
}

PVOID WINAPI VirtualAlloc2(HANDLE process, PVOID address, SIZE_T size, ULONG type, ULONG protect,
                           MEM_EXTENDED_PARAMETER *parameters, ULONG count)
{
    PVOID base = address;

    if (!process)
        process = NtCurrentProcess();
    return status_to_bool(NtAllocateVirtualMemoryEx(process, &base, &size, type, protect, parameters, count)) ? base
                                                                                                              : NULL;
}

PVOID WINAPI VirtualAlloc2FromApp(HANDLE process, PVOID address, SIZE_T size, ULONG type, ULONG protect,
                                  MEM_EXTENDED_PARAMETER *parameters, ULONG count)
{
    return VirtualAlloc2(process, address, size, type, protect, parameters, count);
}

PVOID WINAPI VirtualAllocFromApp(PVOID address, SIZE_T size, ULONG type, ULONG protect)
{
    return VirtualAlloc(address, size, type, protect);
}

BOOL WINAPI VirtualFreeEx(HANDLE process, LPVOID address, SIZE_T size, DWORD type)
{
    PVOID base = address;

    if (type == MEM_RELEASE && size) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return FALSE;
    }
    return status_to_bool(NtFreeVirtualMemory(process, &base, &size, type));
}

BOOL WINAPI VirtualFree(LPVOID address, SIZE_T size, DWORD type)
{
    return VirtualFreeEx(NtCurrentProcess(), address, size, type);
}

BOOL WINAPI VirtualProtectEx(HANDLE process, LPVOID address, SIZE_T size, DWORD protect, PDWORD old)
{
    PVOID base = address;

    return status_to_bool(NtProtectVirtualMemory(process, &base, &size, protect, (PULONG)old));
}

BOOL WINAPI VirtualProtect(LPVOID address, SIZE_T size, DWORD protect, PDWORD old)
{
    return VirtualProtectEx(NtCurrentProcess(), address, size, protect, old);
}

BOOL WINAPI VirtualProtectFromApp(PVOID address, SIZE_T size, ULONG protect, PULONG old)
{
    return VirtualProtect(address, size, protect, old);
}

SIZE_T WINAPI VirtualQueryEx(HANDLE process, LPCVOID address, PMEMORY_BASIC_INFORMATION info, SIZE_T size)
{
    SIZE_T returned;
    NTSTATUS status = NtQueryVirtualMemory(process, (PVOID)address, 0, info, size, &returned);

    if (status == STATUS_INFO_LENGTH_MISMATCH) {
        SetLastError(ERROR_BAD_LENGTH);
        return 0;
    }
    return status_to_bool(status) ? returned : 0;
}

SIZE_T WINAPI VirtualQuery(LPCVOID address, PMEMORY_BASIC_INFORMATION info, SIZE_T size)
{
    return VirtualQueryEx(NtCurrentProcess(), address, info, size);
}

BOOL WINAPI QueryVirtualMemoryInformation(HANDLE process, const VOID *address, ULONG class, PVOID info, SIZE_T size,
                                          PSIZE_T returned)
{
    SIZE_T used = 0;
    BOOL good;

    if (class != 0) { /* MemoryRegionInfo is the only one */
        SetLastError(ERROR_INVALID_PARAMETER);
        return FALSE;
    }
    good = status_to_bool(NtQueryVirtualMemory(process, (PVOID)address, 3, info, size, &used));
    if (returned)
        *returned = used;
    return good;
}

BOOL WINAPI VirtualLock(LPVOID address, SIZE_T size)
{
    return status_to_bool(NtLockVirtualMemory(NtCurrentProcess(), &address, &size, 1));
}

BOOL WINAPI VirtualUnlock(LPVOID address, SIZE_T size)
{
    return status_to_bool(NtUnlockVirtualMemory(NtCurrentProcess(), &address, &size, 1));
}

BOOL WINAPI PrefetchVirtualMemory(HANDLE process, ULONG_PTR count, PWIN32_MEMORY_RANGE_ENTRY ranges, ULONG flags)
{
    return status_to_bool(NtSetInformationVirtualMemory(process, 0, count, ranges, &flags, sizeof flags));
}

DWORD WINAPI DiscardVirtualMemory(PVOID address, SIZE_T size)
{
    return RtlNtStatusToDosError(virtual_discard(address, size));
}

/* Offered memory may be taken by the system; here it never is, so that reclaiming always finds it whole. */
DWORD WINAPI OfferVirtualMemory(PVOID address, SIZE_T size, OFFER_PRIORITY priority)
{
    if (!size || ((ULONG_PTR)address & 0xfff) || (size & 0xfff) || priority < VmOfferPriorityVeryLow ||
        priority > VmOfferPriorityNormal)
        return ERROR_INVALID_PARAMETER;
    return ERROR_SUCCESS;
}

DWORD WINAPI ReclaimVirtualMemory(PVOID address, SIZE_T size)
{
    return !size || ((ULONG_PTR)address & 0xfff) || (size & 0xfff) ? ERROR_INVALID_PARAMETER : ERROR_SUCCESS;
}

UINT WINAPI GetWriteWatch(DWORD flags, PVOID base, SIZE_T size, PVOID *addresses, ULONG_PTR *count, LPDWORD granularity)
{
    return status_to_bool(
               NtGetWriteWatch(NtCurrentProcess(), flags, base, size, addresses, count, (ULONG *)granularity))
               ? 0
               : ~0u;
}

UINT WINAPI ResetWriteWatch(LPVOID base, SIZE_T size)
{
    return status_to_bool(NtResetWriteWatch(NtCurrentProcess(), base, size)) ? 0 : ~0u;
}

BOOL WINAPI ReadProcessMemory(HANDLE process, LPCVOID address, LPVOID buffer, SIZE_T size, SIZE_T *read)
{
    return status_to_bool(NtReadVirtualMemory(process, address, buffer, size, read));
}

BOOL WINAPI WriteProcessMemory(HANDLE process, LPVOID address, LPCVOID buffer, SIZE_T size, SIZE_T *written)
{
    NTSTATUS status = NtWriteVirtualMemory(process, address, buffer, size, written);
    MEMORY_BASIC_INFORMATION info;

    /* Windows looks at the page's protection first, and says so if that is what forbids writing. */
    if (status == STATUS_PARTIAL_COPY &&
        NT_SUCCESS(NtQueryVirtualMemory(process, address, 0 /* basic */, &info, sizeof info, NULL)) &&
        info.State == MEM_COMMIT && info.Protect & (PAGE_NOACCESS | PAGE_READONLY))
        status = STATUS_ACCESS_VIOLATION;
    return status_to_bool(status);
}

SIZE_T WINAPI GetLargePageMinimum(void)
{
    return 0x200000;
}

BOOL WINAPI IsBadReadPtr(CONST VOID *address, UINT_PTR size)
{
    return size && !virtual_readable(address, size);
}

BOOL WINAPI IsBadHugeReadPtr(CONST VOID *address, UINT_PTR size)
{
    return IsBadReadPtr(address, size);
}

BOOL WINAPI IsBadWritePtr(LPVOID address, UINT_PTR size)
{
    return size && !virtual_writable(address, size);
}

BOOL WINAPI IsBadHugeWritePtr(LPVOID address, UINT_PTR size)
{
    return IsBadWritePtr(address, size);
}

BOOL WINAPI IsBadCodePtr(FARPROC address)
{
    return !virtual_readable((const void *)address, 1);
}

/* Readable up to its end or `size` units, whichever comes first; a page is asked about once. */
static BOOL string_is_bad(const char *text, UINT_PTR count, size_t unit)
{
    ULONG_PTR known = 0;

    for (; count; count--, text += unit) {
        if ((ULONG_PTR)text >> 12 != known) {
            if (!virtual_readable(text, unit))
                return TRUE;
            known = (ULONG_PTR)text >> 12;
        }
        if (unit == 1 ? !*text : !*(const WCHAR *)text)
            break;
    }
    return FALSE;
}

BOOL WINAPI IsBadStringPtrA(LPCSTR text, UINT_PTR count)
{
    return string_is_bad(text, count, 1);
}

BOOL WINAPI IsBadStringPtrW(LPCWSTR text, UINT_PTR count)
{
    return string_is_bad((const char *)text, count, sizeof(WCHAR));
}

/* Whether memory is scarce (under a sixteenth is free) or plentiful (over an eighth). */
static bool memory_is(MEMORY_RESOURCE_NOTIFICATION_TYPE type)
{
    MEMORYSTATUSEX memory = {.dwLength = sizeof memory};

    GlobalMemoryStatusEx(&memory);
    return type == LowMemoryResourceNotification ? memory.ullAvailPhys < memory.ullTotalPhys / 16
                                                 : memory.ullAvailPhys > memory.ullTotalPhys / 8;
}

HANDLE WINAPI CreateMemoryResourceNotification(MEMORY_RESOURCE_NOTIFICATION_TYPE type)
{
    if (type != LowMemoryResourceNotification && type != HighMemoryResourceNotification) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return NULL;
    }
    return CreateEventW(NULL, TRUE, memory_is(type), NULL);
}

BOOL WINAPI QueryMemoryResourceNotification(HANDLE notification, PBOOL state)
{
    DWORD result = state ? WaitForSingleObject(notification, 0) : WAIT_FAILED;

    if (!state)
        SetLastError(ERROR_INVALID_PARAMETER);
    else
        *state = result == WAIT_OBJECT_0;
    return result != WAIT_FAILED;
}
