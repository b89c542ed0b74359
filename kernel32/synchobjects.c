/*
 * synchobjects.c: creating, opening and signalling events, mutexes, semaphores and waitable timers.
 * On top of Nt*; synchname.c does names and results.
 */
#include "ntdll/error.h"
#include "synchname.h"

/* Events */

static HANDLE event_create(struct object_request *request, DWORD flags, DWORD access)
{
    HANDLE handle = NULL;
    EVENT_TYPE type = flags & CREATE_EVENT_MANUAL_RESET ? NotificationEvent : SynchronizationEvent;
    NTSTATUS status =
        NtCreateEvent(&handle, access, &request->attributes, type, (flags & CREATE_EVENT_INITIAL_SET) != 0);
    return object_request_done(request, status, handle);
}

HANDLE WINAPI CreateEventExW(LPSECURITY_ATTRIBUTES security, LPCWSTR name, DWORD flags, DWORD access)
{
    struct object_request request;
    return object_request_wide(&request, security, name) ? event_create(&request, flags, access) : NULL;
}

HANDLE WINAPI CreateEventExA(LPSECURITY_ATTRIBUTES security, LPCSTR name, DWORD flags, DWORD access)
{
    struct object_request request;
    return object_request_ansi(&request, security, name) ? event_create(&request, flags, access) : NULL;
}

static DWORD event_flags(BOOL manual, BOOL state)
{
    return (manual ? CREATE_EVENT_MANUAL_RESET : 0) | (state ? CREATE_EVENT_INITIAL_SET : 0);
}

HANDLE WINAPI CreateEventW(LPSECURITY_ATTRIBUTES security, BOOL manual, BOOL state, LPCWSTR name)
{
    return CreateEventExW(security, name, event_flags(manual, state), EVENT_ALL_ACCESS);
}

HANDLE WINAPI CreateEventA(LPSECURITY_ATTRIBUTES security, BOOL manual, BOOL state, LPCSTR name)
{
    return CreateEventExA(security, name, event_flags(manual, state), EVENT_ALL_ACCESS);
}

typedef NTSTATUS(NTAPI *open_function)(PHANDLE, ACCESS_MASK, POBJECT_ATTRIBUTES);

static HANDLE open_wide(open_function function, DWORD access, BOOL inherit, LPCWSTR name)
{
    struct object_request request;
    HANDLE handle = NULL;
    if (!object_request_open_wide(&request, inherit, name))
        return NULL;
    NTSTATUS status = function(&handle, access, &request.attributes);
    return object_request_done(&request, status, handle);
}

static HANDLE open_ansi(open_function function, DWORD access, BOOL inherit, LPCSTR name)
{
    struct object_request request;
    HANDLE handle = NULL;
    if (!object_request_open_ansi(&request, inherit, name))
        return NULL;
    NTSTATUS status = function(&handle, access, &request.attributes);
    return object_request_done(&request, status, handle);
}

HANDLE WINAPI OpenEventW(DWORD access, BOOL inherit, LPCWSTR name)
{
    return open_wide(NtOpenEvent, access, inherit, name);
}

HANDLE WINAPI OpenEventA(DWORD access, BOOL inherit, LPCSTR name)
{
    return open_ansi(NtOpenEvent, access, inherit, name);
}

BOOL WINAPI SetEvent(HANDLE event)
{
    return status_to_bool(NtSetEvent(event, NULL));
}

BOOL WINAPI ResetEvent(HANDLE event)
{
    return status_to_bool(NtResetEvent(event, NULL));
}

BOOL WINAPI PulseEvent(HANDLE event)
{
    return status_to_bool(NtPulseEvent(event, NULL));
}

/* Mutexes */

static HANDLE mutex_create(struct object_request *request, DWORD flags, DWORD access)
{
    HANDLE handle = NULL;
    NTSTATUS status = NtCreateMutant(&handle, access, &request->attributes, (flags & CREATE_MUTEX_INITIAL_OWNER) != 0);
    return object_request_done(request, status, handle);
}

HANDLE WINAPI CreateMutexExW(LPSECURITY_ATTRIBUTES security, LPCWSTR name, DWORD flags, DWORD access)
{
    struct object_request request;
    return object_request_wide(&request, security, name) ? mutex_create(&request, flags, access) : NULL;
}

HANDLE WINAPI CreateMutexExA(LPSECURITY_ATTRIBUTES security, LPCSTR name, DWORD flags, DWORD access)
{
    struct object_request request;
    return object_request_ansi(&request, security, name) ? mutex_create(&request, flags, access) : NULL;
}

HANDLE WINAPI CreateMutexW(LPSECURITY_ATTRIBUTES security, BOOL owned, LPCWSTR name)
{
    return CreateMutexExW(security, name, owned ? CREATE_MUTEX_INITIAL_OWNER : 0, MUTANT_ALL_ACCESS);
}

HANDLE WINAPI CreateMutexA(LPSECURITY_ATTRIBUTES security, BOOL owned, LPCSTR name)
{
    return CreateMutexExA(security, name, owned ? CREATE_MUTEX_INITIAL_OWNER : 0, MUTANT_ALL_ACCESS);
}

HANDLE WINAPI OpenMutexW(DWORD access, BOOL inherit, LPCWSTR name)
{
    return open_wide(NtOpenMutant, access, inherit, name);
}

HANDLE WINAPI OpenMutexA(DWORD access, BOOL inherit, LPCSTR name)
{
    return open_ansi(NtOpenMutant, access, inherit, name);
}

BOOL WINAPI ReleaseMutex(HANDLE mutex)
{
    return status_to_bool(NtReleaseMutant(mutex, NULL));
}

/* Semaphores */

static HANDLE semaphore_create(struct object_request *request, LONG initial, LONG maximum, DWORD access)
{
    HANDLE handle = NULL;
    NTSTATUS status = NtCreateSemaphore(&handle, access, &request->attributes, initial, maximum);
    return object_request_done(request, status, handle);
}

HANDLE WINAPI CreateSemaphoreExW(LPSECURITY_ATTRIBUTES security, LONG initial, LONG maximum, LPCWSTR name, DWORD flags,
                                 DWORD access)
{
    struct object_request request;
    (void)flags; /* reserved, ignored by Windows */
    return object_request_wide(&request, security, name) ? semaphore_create(&request, initial, maximum, access) : NULL;
}

HANDLE WINAPI CreateSemaphoreExA(LPSECURITY_ATTRIBUTES security, LONG initial, LONG maximum, LPCSTR name, DWORD flags,
                                 DWORD access)
{
    struct object_request request;
    (void)flags;
    return object_request_ansi(&request, security, name) ? semaphore_create(&request, initial, maximum, access) : NULL;
}

HANDLE WINAPI CreateSemaphoreW(LPSECURITY_ATTRIBUTES security, LONG initial, LONG maximum, LPCWSTR name)
{
    return CreateSemaphoreExW(security, initial, maximum, name, 0, SEMAPHORE_ALL_ACCESS);
}

HANDLE WINAPI CreateSemaphoreA(LPSECURITY_ATTRIBUTES security, LONG initial, LONG maximum, LPCSTR name)
{
    return CreateSemaphoreExA(security, initial, maximum, name, 0, SEMAPHORE_ALL_ACCESS);
}

HANDLE WINAPI OpenSemaphoreW(DWORD access, BOOL inherit, LPCWSTR name)
{
    return open_wide(NtOpenSemaphore, access, inherit, name);
}

HANDLE WINAPI OpenSemaphoreA(DWORD access, BOOL inherit, LPCSTR name)
{
    return open_ansi(NtOpenSemaphore, access, inherit, name);
}

BOOL WINAPI ReleaseSemaphore(HANDLE semaphore, LONG count, PLONG previous)
{
    return status_to_bool(NtReleaseSemaphore(semaphore, count, previous));
}

/* Waitable timers */

#define CREATE_TIMER_FLAGS (CREATE_WAITABLE_TIMER_MANUAL_RESET | 2 /* CREATE_WAITABLE_TIMER_HIGH_RESOLUTION */)

static HANDLE timer_create_handle(struct object_request *request, DWORD flags, DWORD access)
{
    HANDLE handle = NULL;
    TIMER_TYPE type = flags & CREATE_WAITABLE_TIMER_MANUAL_RESET ? NotificationTimer : SynchronizationTimer;
    NTSTATUS status = flags & ~CREATE_TIMER_FLAGS ? STATUS_INVALID_PARAMETER
                                                  : NtCreateTimer(&handle, access, &request->attributes, type);
    return object_request_done(request, status, handle);
}

HANDLE WINAPI CreateWaitableTimerExW(LPSECURITY_ATTRIBUTES security, LPCWSTR name, DWORD flags, DWORD access)
{
    struct object_request request;
    return object_request_wide(&request, security, name) ? timer_create_handle(&request, flags, access) : NULL;
}

HANDLE WINAPI CreateWaitableTimerExA(LPSECURITY_ATTRIBUTES security, LPCSTR name, DWORD flags, DWORD access)
{
    struct object_request request;
    return object_request_ansi(&request, security, name) ? timer_create_handle(&request, flags, access) : NULL;
}

HANDLE WINAPI CreateWaitableTimerW(LPSECURITY_ATTRIBUTES security, BOOL manual, LPCWSTR name)
{
    return CreateWaitableTimerExW(security, name, manual ? CREATE_WAITABLE_TIMER_MANUAL_RESET : 0, TIMER_ALL_ACCESS);
}

HANDLE WINAPI CreateWaitableTimerA(LPSECURITY_ATTRIBUTES security, BOOL manual, LPCSTR name)
{
    return CreateWaitableTimerExA(security, name, manual ? CREATE_WAITABLE_TIMER_MANUAL_RESET : 0, TIMER_ALL_ACCESS);
}

HANDLE WINAPI OpenWaitableTimerW(DWORD access, BOOL inherit, LPCWSTR name)
{
    return open_wide(NtOpenTimer, access, inherit, name);
}

HANDLE WINAPI OpenWaitableTimerA(DWORD access, BOOL inherit, LPCSTR name)
{
    return open_ansi(NtOpenTimer, access, inherit, name);
}

BOOL WINAPI SetWaitableTimer(HANDLE timer, const LARGE_INTEGER *due, LONG period, PTIMERAPCROUTINE routine,
                             LPVOID argument, BOOL resume)
{
    LARGE_INTEGER copy = *due;
    NTSTATUS status =
        NtSetTimer(timer, &copy, (PTIMER_APC_ROUTINE)(void *)routine, argument, resume != 0, period, NULL);
    if (status == STATUS_TIMER_RESUME_IGNORED) { /* no machine of ours wakes from sleep for a timer */
        SetLastError(ERROR_NOT_SUPPORTED);
        return TRUE;
    }
    return status_to_bool(status);
}

BOOL WINAPI SetWaitableTimerEx(HANDLE timer, const LARGE_INTEGER *due, LONG period, PTIMERAPCROUTINE routine,
                               LPVOID argument, PREASON_CONTEXT reason, ULONG delay)
{
    (void)reason;
    (void)delay;
    return SetWaitableTimer(timer, due, period, routine, argument, FALSE);
}

BOOL WINAPI CancelWaitableTimer(HANDLE timer)
{
    return status_to_bool(NtCancelTimer(timer, NULL));
}
