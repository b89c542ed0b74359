/*
 * threadpoolapi.c: the thread pool.  On top of ntdll's Tp functions; what has the same shape there is bound to it
 * directly by kernel32.exports.
 */
#include "ntdll/error.h"
#include "ntdll/gate.h"

PTP_POOL WINAPI CreateThreadpool(PVOID reserved)
{
    PTP_POOL pool;
    return status_to_bool(TpAllocPool(&pool, reserved)) ? pool : NULL;
}

BOOL WINAPI SetThreadpoolThreadMinimum(PTP_POOL pool, DWORD minimum)
{
    return status_to_bool(TpSetPoolMinThreads(pool, minimum));
}

BOOL WINAPI SetThreadpoolStackInformation(PTP_POOL pool, PTP_POOL_STACK_INFORMATION information)
{
    return status_to_bool(TpSetPoolStackInformation(pool, information));
}

BOOL WINAPI QueryThreadpoolStackInformation(PTP_POOL pool, PTP_POOL_STACK_INFORMATION information)
{
    return status_to_bool(TpQueryPoolStackInformation(pool, information));
}

PTP_CLEANUP_GROUP WINAPI CreateThreadpoolCleanupGroup(void)
{
    PTP_CLEANUP_GROUP group;
    return status_to_bool(TpAllocCleanupGroup(&group)) ? group : NULL;
}

BOOL WINAPI TrySubmitThreadpoolCallback(PTP_SIMPLE_CALLBACK callback, PVOID context, PTP_CALLBACK_ENVIRON environment)
{
    return status_to_bool(TpSimpleTryPost(callback, context, environment));
}

PTP_WORK WINAPI CreateThreadpoolWork(PTP_WORK_CALLBACK callback, PVOID context, PTP_CALLBACK_ENVIRON environment)
{
    PTP_WORK work;
    return status_to_bool(TpAllocWork(&work, callback, context, environment)) ? work : NULL;
}

PTP_TIMER WINAPI CreateThreadpoolTimer(PTP_TIMER_CALLBACK callback, PVOID context, PTP_CALLBACK_ENVIRON environment)
{
    PTP_TIMER timer;
    return status_to_bool(TpAllocTimer(&timer, callback, context, environment)) ? timer : NULL;
}

/* A FILETIME holds what the Nt functions take: absolute, or negative for relative. */
static PLARGE_INTEGER time_from_filetime(LARGE_INTEGER *storage, const FILETIME *time)
{
    if (!time)
        return NULL;
    storage->LowPart = time->dwLowDateTime;
    storage->HighPart = (LONG)time->dwHighDateTime;
    return storage;
}

void WINAPI SetThreadpoolTimer(PTP_TIMER timer, PFILETIME due, DWORD period, DWORD window)
{
    LARGE_INTEGER time;
    TpSetTimer(timer, time_from_filetime(&time, due), (LONG)period, (LONG)window);
}

BOOL WINAPI SetThreadpoolTimerEx(PTP_TIMER timer, PFILETIME due, DWORD period, DWORD window)
{
    LARGE_INTEGER time;
    return TpSetTimerEx(timer, time_from_filetime(&time, due), (LONG)period, (LONG)window);
}

PTP_WAIT WINAPI CreateThreadpoolWait(PTP_WAIT_CALLBACK callback, PVOID context, PTP_CALLBACK_ENVIRON environment)
{
    PTP_WAIT wait;
    return status_to_bool(TpAllocWait(&wait, callback, context, environment)) ? wait : NULL;
}

void WINAPI SetThreadpoolWait(PTP_WAIT wait, HANDLE handle, PFILETIME timeout)
{
    LARGE_INTEGER time;
    TpSetWait(wait, handle, time_from_filetime(&time, timeout));
}

BOOL WINAPI SetThreadpoolWaitEx(PTP_WAIT wait, HANDLE handle, PFILETIME timeout, PVOID reserved)
{
    LARGE_INTEGER time;
    return TpSetWaitEx(wait, handle, time_from_filetime(&time, timeout), reserved);
}

/* The callback has another shape here, so the context is ours and the program's stands in it. */
struct io_context {
    PTP_WIN32_IO_CALLBACK callback;
    PVOID context;
};

static void WINAPI io_trampoline(PTP_CALLBACK_INSTANCE instance, PVOID pointer, PVOID overlapped, IO_STATUS_BLOCK *io,
                                 PTP_IO object)
{
    const struct io_context *context = pointer;
    const ULONG_PTR arguments[6] = {GUEST(instance),   GUEST(context->context),
                                    GUEST(overlapped), RtlNtStatusToDosError(io->Status),
                                    io->Information,   GUEST(object)};
    guest_call_n((const void *)context->callback, 6, arguments);
}

PTP_IO WINAPI CreateThreadpoolIo(HANDLE file, PTP_WIN32_IO_CALLBACK callback, PVOID context,
                                 PTP_CALLBACK_ENVIRON environment)
{
    PTP_IO io;
    struct io_context *own = RtlAllocateHeap(GetProcessHeap(), 0, sizeof *own);
    if (!own) {
        SetLastError(ERROR_NOT_ENOUGH_MEMORY);
        return NULL;
    }
    *own = (struct io_context){callback, context};
    if (status_to_bool(TpAllocIoCompletion(&io, file, io_trampoline, own, environment)))
        return io;
    RtlFreeHeap(GetProcessHeap(), 0, own);
    return NULL;
}

BOOL WINAPI CallbackMayRunLong(PTP_CALLBACK_INSTANCE instance)
{
    return status_to_bool(TpCallbackMayRunLong(instance));
}
