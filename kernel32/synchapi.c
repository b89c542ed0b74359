/*
 * synchapi.c: waiting, sleeping, and locks in the program's memory.  On top of Nt* and Rtl*; what has the same shape
 * there is bound to it directly by kernel32.exports.
 */
#include "ntdll/error.h"
#include "synchname.h"

/* The names of the standard handles stand for the handles themselves in waits. */
static HANDLE handle_standard(HANDLE handle)
{
    const RTL_USER_PROCESS_PARAMETERS *parameters = peb_current()->ProcessParameters;
    switch ((DWORD)(ULONG_PTR)handle) {
    case STD_INPUT_HANDLE:
        return parameters->StandardInput;
    case STD_OUTPUT_HANDLE:
        return parameters->StandardOutput;
    case STD_ERROR_HANDLE:
        return parameters->StandardError;
    default:
        return handle;
    }
}

static DWORD wait_result(NTSTATUS status)
{
    return status_to_bool(status) ? (DWORD)status : WAIT_FAILED;
}

DWORD WINAPI WaitForSingleObjectEx(HANDLE handle, DWORD milliseconds, BOOL alertable)
{
    LARGE_INTEGER time;
    return wait_result(NtWaitForSingleObject(handle_standard(handle), (BOOLEAN)(alertable != 0),
                                             timeout_from_milliseconds(&time, milliseconds)));
}

DWORD WINAPI WaitForSingleObject(HANDLE handle, DWORD milliseconds)
{
    return WaitForSingleObjectEx(handle, milliseconds, FALSE);
}

DWORD WINAPI WaitForMultipleObjectsEx(DWORD count, const HANDLE *handles, BOOL all, DWORD milliseconds, BOOL alertable)
{
    HANDLE translated[MAXIMUM_WAIT_OBJECTS];
    LARGE_INTEGER time;
    if (count == 0 || count > MAXIMUM_WAIT_OBJECTS) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return WAIT_FAILED;
    }
    for (DWORD i = 0; i < count; i++)
        translated[i] = handle_standard(handles[i]);
    return wait_result(NtWaitForMultipleObjects(count, translated, all ? WaitAllObject : WaitAnyObject,
                                                (BOOLEAN)(alertable != 0),
                                                timeout_from_milliseconds(&time, milliseconds)));
}

DWORD WINAPI WaitForMultipleObjects(DWORD count, const HANDLE *handles, BOOL all, DWORD milliseconds)
{
    return WaitForMultipleObjectsEx(count, handles, all, milliseconds, FALSE);
}

DWORD WINAPI SignalObjectAndWait(HANDLE signal, HANDLE wait, DWORD milliseconds, BOOL alertable)
{
    LARGE_INTEGER time;
    return wait_result(NtSignalAndWaitForSingleObject(signal, handle_standard(wait), (BOOLEAN)(alertable != 0),
                                                      timeout_from_milliseconds(&time, milliseconds)));
}

DWORD WINAPI SleepEx(DWORD milliseconds, BOOL alertable)
{
    LARGE_INTEGER time = {.QuadPart = INT64_MIN};
    timeout_from_milliseconds(&time, milliseconds);
    NTSTATUS status = NtDelayExecution((BOOLEAN)(alertable != 0), &time);
    return status == STATUS_USER_APC ? WAIT_IO_COMPLETION : 0;
}

void WINAPI Sleep(DWORD milliseconds)
{
    SleepEx(milliseconds, FALSE);
}

BOOL WINAPI InitializeCriticalSectionAndSpinCount(LPCRITICAL_SECTION section, DWORD spin)
{
    return status_to_bool(RtlInitializeCriticalSectionAndSpinCount(section, spin));
}

BOOL WINAPI InitializeCriticalSectionEx(LPCRITICAL_SECTION section, DWORD spin, DWORD flags)
{
    return status_to_bool(RtlInitializeCriticalSectionEx(section, spin, flags));
}

/* A time-out is a success among statuses and a failure here. */
static BOOL sleep_result(NTSTATUS status)
{
    if (status != STATUS_TIMEOUT)
        return status_to_bool(status);
    SetLastError(ERROR_TIMEOUT);
    return FALSE;
}

BOOL WINAPI SleepConditionVariableCS(PCONDITION_VARIABLE variable, PCRITICAL_SECTION section, DWORD milliseconds)
{
    LARGE_INTEGER time;
    return sleep_result(RtlSleepConditionVariableCS(variable, section, timeout_from_milliseconds(&time, milliseconds)));
}

BOOL WINAPI SleepConditionVariableSRW(PCONDITION_VARIABLE variable, PSRWLOCK lock, DWORD milliseconds, ULONG flags)
{
    LARGE_INTEGER time;
    return sleep_result(
        RtlSleepConditionVariableSRW(variable, lock, timeout_from_milliseconds(&time, milliseconds), flags));
}

BOOL WINAPI WaitOnAddress(volatile void *address, PVOID compare, SIZE_T size, DWORD milliseconds)
{
    LARGE_INTEGER time;
    return sleep_result(RtlWaitOnAddress(address, compare, size, timeout_from_milliseconds(&time, milliseconds)));
}

BOOL WINAPI InitOnceBeginInitialize(LPINIT_ONCE once, DWORD flags, PBOOL pending, LPVOID *context)
{
    NTSTATUS status = RtlRunOnceBeginInitialize(once, flags, context);
    if (!status_to_bool(status))
        return FALSE;
    *pending = status == STATUS_PENDING;
    return TRUE;
}

BOOL WINAPI InitOnceComplete(LPINIT_ONCE once, DWORD flags, LPVOID context)
{
    return status_to_bool(RtlRunOnceComplete(once, flags, context));
}

BOOL WINAPI InitOnceExecuteOnce(PINIT_ONCE once, PINIT_ONCE_FN function, PVOID parameter, LPVOID *context)
{
    /* The callback's own last error is the caller's when it fails. */
    return NT_SUCCESS(RtlRunOnceExecuteOnce(once, (PRTL_RUN_ONCE_INIT_FN)function, parameter, context));
}

BOOL WINAPI InitializeSynchronizationBarrier(LPSYNCHRONIZATION_BARRIER barrier, LONG total, LONG spin)
{
    return status_to_bool(RtlInitBarrier(barrier, (ULONG)total, (ULONG)spin));
}

BOOL WINAPI EnterSynchronizationBarrier(LPSYNCHRONIZATION_BARRIER barrier, DWORD flags)
{
    return RtlBarrier(barrier, flags);
}

BOOL WINAPI DeleteSynchronizationBarrier(LPSYNCHRONIZATION_BARRIER barrier)
{
    return status_to_bool(RtlDeleteBarrier(barrier));
}
