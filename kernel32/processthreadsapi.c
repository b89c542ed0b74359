/*
 * processthreadsapi.c: threads: making, ending, stopping, asking.
 *
 * Layer: kernel32, over ntdll's Nt*Thread.  Processes are in processthreadsapi_process.c, thread-local
 * storage in processthreadsapi_tls.c.
 */
#include "ntthread.h"
#include "ntdll/error.h"

HANDLE WINAPI GetCurrentThread(void)
{
    return NtCurrentThread();
}

DWORD WINAPI GetCurrentThreadId(void)
{
    return (DWORD)(ULONG_PTR)teb_current()->ClientId.UniqueThread;
}

static DWORD inherit_flag(const SECURITY_ATTRIBUTES *security)
{
    return security && security->bInheritHandle ? OBJ_INHERIT : 0;
}

HANDLE WINAPI CreateRemoteThreadEx(HANDLE process, LPSECURITY_ATTRIBUTES security, SIZE_T stack,
                                   LPTHREAD_START_ROUTINE start, LPVOID argument, DWORD flags,
                                   LPPROC_THREAD_ATTRIBUTE_LIST attributes, LPDWORD id)
{
    OBJECT_ATTRIBUTES object = {.Length = sizeof object, .Attributes = inherit_flag(security)};
    CLIENT_ID created = {0};
    struct thread_attribute_list list = {sizeof list, {{PS_CLIENT_ID, sizeof created, &created, NULL}}};
    bool reserve = flags & STACK_SIZE_PARAM_IS_A_RESERVATION;
    HANDLE handle;

    (void)attributes;
    if (!status_to_bool(NtCreateThreadEx(&handle, THREAD_ALL_ACCESS, &object, process, start, argument,
                                         flags & CREATE_SUSPENDED ? THREAD_CREATE_SUSPENDED : 0, 0, reserve ? 0 : stack,
                                         reserve ? stack : 0, &list)))
        return NULL;
    if (id)
        *id = (DWORD)(ULONG_PTR)created.UniqueThread;
    return handle;
}

HANDLE WINAPI CreateRemoteThread(HANDLE process, LPSECURITY_ATTRIBUTES security, SIZE_T stack,
                                 LPTHREAD_START_ROUTINE start, LPVOID argument, DWORD flags, LPDWORD id)
{
    return CreateRemoteThreadEx(process, security, stack, start, argument, flags, NULL, id);
}

HANDLE WINAPI CreateThread(LPSECURITY_ATTRIBUTES security, SIZE_T stack, LPTHREAD_START_ROUTINE start, LPVOID argument,
                           DWORD flags, LPDWORD id)
{
    return CreateRemoteThreadEx(NtCurrentProcess(), security, stack, start, argument, flags, NULL, id);
}

HANDLE WINAPI OpenThread(DWORD access, BOOL inherit, DWORD id)
{
    OBJECT_ATTRIBUTES object = {.Length = sizeof object, .Attributes = inherit ? OBJ_INHERIT : 0};
    CLIENT_ID client = {NULL, (HANDLE)(ULONG_PTR)id};
    HANDLE handle;

    return status_to_bool(NtOpenThread(&handle, access, &object, &client)) ? handle : NULL;
}

void WINAPI ExitThread(DWORD code)
{
    RtlExitUserThread(code);
}

BOOL WINAPI TerminateThread(HANDLE thread, DWORD code)
{
    if (!thread) {
        SetLastError(ERROR_INVALID_HANDLE);
        return FALSE;
    }
    return status_to_bool(NtTerminateThread(thread, code));
}

DWORD WINAPI SuspendThread(HANDLE thread)
{
    ULONG previous;

    return status_to_bool(NtSuspendThread(thread, &previous)) ? previous : (DWORD)-1;
}

DWORD WINAPI ResumeThread(HANDLE thread)
{
    ULONG previous;

    return status_to_bool(NtResumeThread(thread, &previous)) ? previous : (DWORD)-1;
}

BOOL WINAPI GetThreadContext(HANDLE thread, LPCONTEXT context)
{
    return status_to_bool(NtGetContextThread(thread, context));
}

BOOL WINAPI SetThreadContext(HANDLE thread, const CONTEXT *context)
{
    return status_to_bool(NtSetContextThread(thread, context));
}

BOOL WINAPI SwitchToThread(void)
{
    return NtYieldExecution() == STATUS_SUCCESS;
}

DWORD WINAPI QueueUserAPC(PAPCFUNC function, HANDLE thread, ULONG_PTR data)
{
    return status_to_bool(NtQueueApcThread(thread, function, (void *)data, NULL, NULL));
}

static bool thread_query(HANDLE thread, ULONG class, void *data, ULONG size)
{
    return status_to_bool(NtQueryInformationThread(thread, (THREADINFOCLASS) class, data, size, NULL));
}

static bool thread_set(HANDLE thread, ULONG class, void *data, ULONG size)
{
    return status_to_bool(NtSetInformationThread(thread, (THREADINFOCLASS) class, data, size));
}

BOOL WINAPI GetExitCodeThread(HANDLE thread, LPDWORD code)
{
    struct thread_basic_info info;

    if (!thread_query(thread, THREAD_BASIC_INFO, &info, sizeof info))
        return FALSE;
    *code = info.exit_status;
    return TRUE;
}

DWORD WINAPI GetThreadId(HANDLE thread)
{
    struct thread_basic_info info;

    return thread_query(thread, THREAD_BASIC_INFO, &info, sizeof info) ? (DWORD)(ULONG_PTR)info.id.UniqueThread : 0;
}

DWORD WINAPI GetProcessIdOfThread(HANDLE thread)
{
    struct thread_basic_info info;

    return thread_query(thread, THREAD_BASIC_INFO, &info, sizeof info) ? (DWORD)(ULONG_PTR)info.id.UniqueProcess : 0;
}

int WINAPI GetThreadPriority(HANDLE thread)
{
    struct thread_basic_info info;

    return thread_query(thread, THREAD_BASIC_INFO, &info, sizeof info) ? info.base_priority
                                                                       : THREAD_PRIORITY_ERROR_RETURN;
}

BOOL WINAPI SetThreadPriority(HANDLE thread, int priority)
{
    LONG value = priority;

    if (priority == THREAD_MODE_BACKGROUND_BEGIN || priority == THREAD_MODE_BACKGROUND_END)
        return TRUE;
    if ((priority > THREAD_PRIORITY_HIGHEST && priority != THREAD_PRIORITY_TIME_CRITICAL) ||
        (priority < THREAD_PRIORITY_LOWEST && priority != THREAD_PRIORITY_IDLE)) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return FALSE;
    }
    return thread_set(thread, THREAD_BASE_PRIORITY_INFO, &value, sizeof value);
}

BOOL WINAPI GetThreadPriorityBoost(HANDLE thread, PBOOL disabled)
{
    ULONG value;

    if (!thread_query(thread, THREAD_PRIORITY_BOOST_INFO, &value, sizeof value))
        return FALSE;
    *disabled = value;
    return TRUE;
}

BOOL WINAPI SetThreadPriorityBoost(HANDLE thread, BOOL disable)
{
    ULONG value = disable != FALSE;

    return thread_set(thread, THREAD_PRIORITY_BOOST_INFO, &value, sizeof value);
}

BOOL WINAPI GetThreadTimes(HANDLE thread, LPFILETIME create, LPFILETIME exit, LPFILETIME kernel, LPFILETIME user)
{
    struct times_info info;

    if (!thread_query(thread, THREAD_TIMES_INFO, &info, sizeof info))
        return FALSE;
    memcpy(create, &info.create, sizeof *create);
    memcpy(exit, &info.exit, sizeof *exit);
    memcpy(kernel, &info.kernel, sizeof *kernel);
    memcpy(user, &info.user, sizeof *user);
    return TRUE;
}

BOOL WINAPI QueryThreadCycleTime(HANDLE thread, PULONG64 cycles)
{
    return thread_query(thread, THREAD_CYCLES_INFO, cycles, sizeof *cycles);
}

BOOL WINAPI GetThreadIOPendingFlag(HANDLE thread, PBOOL pending)
{
    ULONG value;

    if (!thread_query(thread, THREAD_IO_PENDING_INFO, &value, sizeof value))
        return FALSE;
    *pending = value;
    return TRUE;
}

DWORD_PTR WINAPI SetThreadAffinityMask(HANDLE thread, DWORD_PTR mask)
{
    struct thread_basic_info info;

    if (!thread_query(thread, THREAD_BASIC_INFO, &info, sizeof info) ||
        !thread_set(thread, THREAD_AFFINITY_INFO, &mask, sizeof mask))
        return 0;
    return info.affinity;
}

BOOL WINAPI GetThreadGroupAffinity(HANDLE thread, PGROUP_AFFINITY affinity)
{
    return thread_query(thread, THREAD_GROUP_INFO, affinity, sizeof *affinity);
}

BOOL WINAPI SetThreadGroupAffinity(HANDLE thread, const GROUP_AFFINITY *affinity, PGROUP_AFFINITY previous)
{
    if (previous && !GetThreadGroupAffinity(thread, previous))
        return FALSE;
    return thread_set(thread, THREAD_GROUP_INFO, (void *)affinity, sizeof *affinity);
}

BOOL WINAPI GetThreadIdealProcessorEx(HANDLE thread, PPROCESSOR_NUMBER processor)
{
    return thread_query(thread, THREAD_IDEAL_PROCESSOR_EX_INFO, processor, sizeof *processor);
}

BOOL WINAPI SetThreadIdealProcessorEx(HANDLE thread, PPROCESSOR_NUMBER processor, PPROCESSOR_NUMBER previous)
{
    if (previous && !GetThreadIdealProcessorEx(thread, previous))
        return FALSE;
    return thread_set(thread, THREAD_IDEAL_PROCESSOR_EX_INFO, processor, sizeof *processor);
}

DWORD WINAPI SetThreadIdealProcessor(HANDLE thread, DWORD processor)
{
    PROCESSOR_NUMBER previous;

    if (processor > MAXIMUM_PROCESSORS) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return (DWORD)-1;
    }
    if (!GetThreadIdealProcessorEx(thread, &previous))
        return (DWORD)-1;
    if (processor != MAXIMUM_PROCESSORS &&
        !thread_set(thread, THREAD_IDEAL_PROCESSOR_INFO, &processor, sizeof processor))
        return (DWORD)-1;
    return previous.Number;
}

HRESULT WINAPI SetThreadDescription(HANDLE thread, PCWSTR description)
{
    UNICODE_STRING name;
    size_t length = 0;

    while (description && description[length])
        length++;
    if (length > 0x7ffe)
        return HRESULT_FROM_WIN32(ERROR_INVALID_PARAMETER);
    name.Buffer = (WCHAR *)description;
    name.Length = name.MaximumLength = length * sizeof(WCHAR);
    NTSTATUS status = NtSetInformationThread(thread, (THREADINFOCLASS)THREAD_NAME_INFO, &name, sizeof name);
    return HRESULT_FROM_NT(status);
}

HRESULT WINAPI GetThreadDescription(HANDLE thread, PWSTR *description)
{
    UNICODE_STRING *name;
    ULONG needed = sizeof *name + 64;
    NTSTATUS status;

    for (;;) {
        name = RtlAllocateHeap(peb_current()->ProcessHeap, 0, needed + sizeof(WCHAR));
        if (!name)
            return E_OUTOFMEMORY;
        status = NtQueryInformationThread(thread, (THREADINFOCLASS)THREAD_NAME_INFO, name, needed, &needed);
        if (status != STATUS_BUFFER_TOO_SMALL)
            break;
        RtlFreeHeap(peb_current()->ProcessHeap, 0, name);
    }
    if (!NT_SUCCESS(status)) {
        RtlFreeHeap(peb_current()->ProcessHeap, 0, name);
        return HRESULT_FROM_NT(status);
    }
    USHORT length = name->Length; /* LocalFree gets the text itself, so it moves to the front */
    memmove(name, name->Buffer, length);
    ((WCHAR *)name)[length / sizeof(WCHAR)] = 0;
    *description = (PWSTR)name;
    return HRESULT_FROM_NT(status);
}

BOOL WINAPI GetThreadInformation(HANDLE thread, THREAD_INFORMATION_CLASS class, LPVOID data, DWORD size)
{
    (void)thread;
    (void)class;
    memset(data, 0, size);
    return TRUE;
}

BOOL WINAPI SetThreadInformation(HANDLE thread, THREAD_INFORMATION_CLASS class, LPVOID data, DWORD size)
{
    (void)thread;
    (void)class;
    (void)data;
    (void)size;
    return TRUE; /* memory priority, power throttling: wishes */
}

VOID WINAPI GetCurrentThreadStackLimits(PULONG_PTR low, PULONG_PTR high)
{
    *low = (ULONG_PTR)teb_current()->DeallocationStack;
    *high = (ULONG_PTR)teb_current()->Tib.StackBase;
}
