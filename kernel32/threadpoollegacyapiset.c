/*
 * threadpoollegacyapiset.c: work items, registered waits, timer queues and completion callbacks.  On top of ntdll's Rtl
 * functions.
 */
#include "ntdll/error.h"

/* "Not over yet" is a success among statuses and a failure here. */
static BOOL ended(NTSTATUS status)
{
    if (status != STATUS_PENDING)
        return status_to_bool(status);
    SetLastError(ERROR_IO_PENDING);
    return FALSE;
}

BOOL WINAPI QueueUserWorkItem(LPTHREAD_START_ROUTINE function, PVOID context, ULONG flags)
{
    return status_to_bool(RtlQueueWorkItem(function, context, flags));
}

BOOL WINAPI BindIoCompletionCallback(HANDLE file, LPOVERLAPPED_COMPLETION_ROUTINE function, ULONG flags)
{
    return status_to_bool(RtlSetIoCompletionCallback(file, function, flags));
}

BOOL WINAPI RegisterWaitForSingleObject(PHANDLE wait, HANDLE object, WAITORTIMERCALLBACK callback, PVOID context,
                                        ULONG milliseconds, ULONG flags)
{
    return status_to_bool(RtlRegisterWait(wait, object, callback, context, milliseconds, flags));
}

HANDLE WINAPI RegisterWaitForSingleObjectEx(HANDLE object, WAITORTIMERCALLBACK callback, PVOID context,
                                            ULONG milliseconds, ULONG flags)
{
    HANDLE wait;
    return status_to_bool(RtlRegisterWait(&wait, object, callback, context, milliseconds, flags)) ? wait : NULL;
}

BOOL WINAPI UnregisterWait(HANDLE wait)
{
    return ended(RtlDeregisterWait(wait));
}

BOOL WINAPI UnregisterWaitEx(HANDLE wait, HANDLE event)
{
    return ended(RtlDeregisterWaitEx(wait, event));
}

HANDLE WINAPI CreateTimerQueue(void)
{
    HANDLE queue;
    return status_to_bool(RtlCreateTimerQueue(&queue)) ? queue : NULL;
}

BOOL WINAPI CreateTimerQueueTimer(PHANDLE timer, HANDLE queue, WAITORTIMERCALLBACK callback, PVOID context, DWORD due,
                                  DWORD period, ULONG flags)
{
    return status_to_bool(RtlCreateTimer(queue, timer, callback, context, due, period, flags));
}

BOOL WINAPI ChangeTimerQueueTimer(HANDLE queue, HANDLE timer, ULONG due, ULONG period)
{
    return status_to_bool(RtlUpdateTimer(queue, timer, due, period));
}

BOOL WINAPI DeleteTimerQueueTimer(HANDLE queue, HANDLE timer, HANDLE event)
{
    return ended(RtlDeleteTimer(queue, timer, event));
}

BOOL WINAPI DeleteTimerQueueEx(HANDLE queue, HANDLE event)
{
    return ended(RtlDeleteTimerQueueEx(queue, event));
}

BOOL WINAPI DeleteTimerQueue(HANDLE queue)
{
    return DeleteTimerQueueEx(queue, NULL);
}
