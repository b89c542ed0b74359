/*
 * winbase_absent.c: what this machine has not: EFI variables, tape drives, enclaves, user-mode scheduling, physical
 * pages, segments.  Each answers as Windows does on a machine without it.
 *
 * Layer: kernel32.
 */
#include "win.h"
#include "ntdll/error.h"

static BOOL fail(DWORD error)
{
    SetLastError(error);
    return FALSE;
}

/* ---- firmware variables: a machine that was not started by EFI ---- */

DWORD WINAPI GetFirmwareEnvironmentVariableExW(LPCWSTR name, LPCWSTR guid, PVOID value, DWORD size, PDWORD attributes)
{
    (void)attributes;
    return GetFirmwareEnvironmentVariableW(name, guid, value, size);
}

DWORD WINAPI GetFirmwareEnvironmentVariableExA(LPCSTR name, LPCSTR guid, PVOID value, DWORD size, PDWORD attributes)
{
    (void)attributes;
    return GetFirmwareEnvironmentVariableA(name, guid, value, size);
}

BOOL WINAPI SetFirmwareEnvironmentVariableExW(LPCWSTR name, LPCWSTR guid, PVOID value, DWORD size, DWORD attributes)
{
    (void)attributes;
    return SetFirmwareEnvironmentVariableW(name, guid, value, size);
}

BOOL WINAPI SetFirmwareEnvironmentVariableExA(LPCSTR name, LPCSTR guid, PVOID value, DWORD size, DWORD attributes)
{
    (void)attributes;
    return SetFirmwareEnvironmentVariableA(name, guid, value, size);
}

/* ---- tapes: a handle is some other device's ---- */

static DWORD tape_error(HANDLE device)
{
    DWORD flags;

    return GetHandleInformation(device, &flags) ? ERROR_INVALID_FUNCTION : ERROR_INVALID_HANDLE;
}

DWORD WINAPI CreateTapePartition(HANDLE device, DWORD method, DWORD count, DWORD size)
{
    (void)method, (void)count, (void)size;
    return tape_error(device);
}

DWORD WINAPI EraseTape(HANDLE device, DWORD type, BOOL immediate)
{
    (void)type, (void)immediate;
    return tape_error(device);
}

DWORD WINAPI GetTapeParameters(HANDLE device, DWORD operation, LPDWORD size, LPVOID information)
{
    (void)operation, (void)size, (void)information;
    return tape_error(device);
}

DWORD WINAPI SetTapeParameters(HANDLE device, DWORD operation, LPVOID information)
{
    (void)operation, (void)information;
    return tape_error(device);
}

DWORD WINAPI GetTapePosition(HANDLE device, DWORD type, LPDWORD partition, LPDWORD low, LPDWORD high)
{
    (void)type, (void)partition, (void)low, (void)high;
    return tape_error(device);
}

DWORD WINAPI SetTapePosition(HANDLE device, DWORD method, DWORD partition, DWORD low, DWORD high, BOOL immediate)
{
    (void)method, (void)partition, (void)low, (void)high, (void)immediate;
    return tape_error(device);
}

DWORD WINAPI GetTapeStatus(HANDLE device)
{
    return tape_error(device);
}

DWORD WINAPI PrepareTape(HANDLE device, DWORD operation, BOOL immediate)
{
    (void)operation, (void)immediate;
    return tape_error(device);
}

DWORD WINAPI WriteTapemark(HANDLE device, DWORD type, DWORD count, BOOL immediate)
{
    (void)type, (void)count, (void)immediate;
    return tape_error(device);
}

/* ---- enclaves ---- */

BOOL WINAPI IsEnclaveTypeSupported(DWORD type)
{
    (void)type;
    return FALSE;
}

LPVOID WINAPI CreateEnclave(HANDLE process, LPVOID address, SIZE_T size, SIZE_T commitment, DWORD type, LPCVOID info,
                            DWORD length, LPDWORD error)
{
    (void)process, (void)address, (void)size, (void)commitment, (void)type, (void)info, (void)length, (void)error;
    SetLastError(ERROR_NOT_SUPPORTED);
    return NULL;
}

BOOL WINAPI LoadEnclaveData(HANDLE process, LPVOID address, LPCVOID buffer, SIZE_T size, DWORD protect, LPCVOID info,
                            DWORD length, PSIZE_T written, LPDWORD error)
{
    (void)process, (void)address, (void)buffer, (void)size, (void)protect, (void)info, (void)length, (void)written;
    (void)error;
    return fail(ERROR_INVALID_ADDRESS);
}

BOOL WINAPI InitializeEnclave(HANDLE process, LPVOID address, LPCVOID info, DWORD length, LPDWORD error)
{
    (void)process, (void)address, (void)info, (void)length, (void)error;
    return fail(ERROR_INVALID_ADDRESS);
}

/* ---- user-mode scheduling, which Windows 11 has no longer either ---- */

BOOL WINAPI CreateUmsCompletionList(PVOID *list)
{
    (void)list;
    return fail(ERROR_NOT_SUPPORTED);
}

BOOL WINAPI CreateUmsThreadContext(PVOID *context)
{
    (void)context;
    return fail(ERROR_NOT_SUPPORTED);
}

BOOL WINAPI EnterUmsSchedulingMode(PVOID info)
{
    (void)info;
    return fail(ERROR_NOT_SUPPORTED);
}

PVOID WINAPI GetCurrentUmsThread(void)
{
    SetLastError(ERROR_NOT_SUPPORTED);
    return NULL;
}

/* ---- windows on physical memory: the right to lock pages is nobody's ---- */

BOOL WINAPI AllocateUserPhysicalPages(HANDLE process, PULONG_PTR count, PULONG_PTR pages)
{
    (void)process, (void)pages;
    return fail(count ? ERROR_PRIVILEGE_NOT_HELD : ERROR_INVALID_PARAMETER);
}

BOOL WINAPI AllocateUserPhysicalPagesNuma(HANDLE process, PULONG_PTR count, PULONG_PTR pages, DWORD node)
{
    (void)node;
    return AllocateUserPhysicalPages(process, count, pages);
}

BOOL WINAPI FreeUserPhysicalPages(HANDLE process, PULONG_PTR count, PULONG_PTR pages)
{
    (void)process, (void)pages;
    return fail(count ? ERROR_PRIVILEGE_NOT_HELD : ERROR_INVALID_PARAMETER);
}

BOOL WINAPI MapUserPhysicalPages(PVOID address, ULONG_PTR count, PULONG_PTR pages)
{
    (void)address, (void)count, (void)pages;
    return fail(ERROR_INVALID_PARAMETER);
}

BOOL WINAPI MapUserPhysicalPagesScatter(PVOID *addresses, ULONG_PTR count, PULONG_PTR pages)
{
    (void)addresses, (void)count, (void)pages;
    return fail(ERROR_INVALID_PARAMETER);
}

/* Bad memory is the host's to handle. */
BOOL WINAPI GetMemoryErrorHandlingCapabilities(PULONG capabilities)
{
    if (!capabilities)
        return fail(ERROR_INVALID_PARAMETER);
    *capabilities = 0;
    return TRUE;
}

PVOID WINAPI RegisterBadMemoryNotification(PBAD_MEMORY_CALLBACK_ROUTINE callback)
{
    SetLastError(callback ? ERROR_NOT_SUPPORTED : ERROR_INVALID_PARAMETER);
    return NULL;
}

BOOL WINAPI UnregisterBadMemoryNotification(PVOID registration)
{
    (void)registration;
    return fail(ERROR_INVALID_PARAMETER);
}

/* ---- segments of 32-bit threads ---- */

BOOL WINAPI GetThreadSelectorEntry(HANDLE thread, DWORD selector, PVOID entry)
{
    (void)thread, (void)selector, (void)entry;
    return fail(ERROR_NOT_SUPPORTED);
}

BOOL WINAPI Wow64GetThreadSelectorEntry(HANDLE thread, DWORD selector, PWOW64_LDT_ENTRY entry)
{
    (void)thread, (void)selector, (void)entry;
    return fail(ERROR_INVALID_PARAMETER);
}

/* No thread is a 32-bit one. */
DWORD WINAPI Wow64SuspendThread(HANDLE thread)
{
    (void)thread;
    SetLastError(ERROR_INVALID_PARAMETER);
    return ~0u;
}

/* Bandwidth on disks can not be reserved. */
BOOL WINAPI SetFileBandwidthReservation(HANDLE file, DWORD period, DWORD bytes, BOOL discardable, LPDWORD size,
                                        LPDWORD count)
{
    (void)file, (void)period, (void)bytes, (void)discardable, (void)size, (void)count;
    return fail(ERROR_NOT_SUPPORTED);
}

BOOL WINAPI GetFileBandwidthReservation(HANDLE file, LPDWORD period, LPDWORD bytes, LPBOOL discardable, LPDWORD size,
                                        LPDWORD count)
{
    (void)file, (void)period, (void)bytes, (void)discardable, (void)size, (void)count;
    return fail(ERROR_NOT_SUPPORTED);
}
