/*
 * processthreadsapi_process.c: this process: ending, asking, priorities, start-up information.
 *
 * Layer: kernel32, over ntdll's Nt*Process.  Starting other processes is not there yet.
 */
#include "ntthread.h"
#include "ntdll/error.h"

HANDLE WINAPI GetCurrentProcess(void)
{
    return NtCurrentProcess();
}

DWORD WINAPI GetCurrentProcessId(void)
{
    return (DWORD)(ULONG_PTR)teb_current()->ClientId.UniqueProcess;
}

HANDLE WINAPI OpenProcess(DWORD access, BOOL inherit, DWORD id)
{
    OBJECT_ATTRIBUTES object = {.Length = sizeof object, .Attributes = inherit ? OBJ_INHERIT : 0};
    CLIENT_ID client = {(HANDLE)(ULONG_PTR)id, NULL};
    HANDLE handle;

    return status_to_bool(NtOpenProcess(&handle, access, &object, &client)) ? handle : NULL;
}

VOID WINAPI ExitProcess(UINT code)
{
    RtlExitUserProcess(code);
}

BOOL WINAPI TerminateProcess(HANDLE process, UINT code)
{
    if (!process) {
        SetLastError(ERROR_INVALID_HANDLE);
        return FALSE;
    }
    return status_to_bool(NtTerminateProcess(process, code));
}

static bool process_query(HANDLE process, ULONG class, void *data, ULONG size)
{
    return status_to_bool(NtQueryInformationProcess(process, (PROCESSINFOCLASS) class, data, size, NULL));
}

static bool process_set(HANDLE process, ULONG class, void *data, ULONG size)
{
    return status_to_bool(NtSetInformationProcess(process, (PROCESSINFOCLASS) class, data, size));
}

BOOL WINAPI GetExitCodeProcess(HANDLE process, LPDWORD code)
{
    struct process_basic_info info;

    if (!process_query(process, PROCESS_BASIC_INFO, &info, sizeof info))
        return FALSE;
    *code = info.exit_status;
    return TRUE;
}

DWORD WINAPI GetProcessId(HANDLE process)
{
    struct process_basic_info info;

    return process_query(process, PROCESS_BASIC_INFO, &info, sizeof info) ? info.id : 0;
}

DWORD WINAPI GetProcessVersion(DWORD id)
{
    const char *base = peb_current()->ImageBaseAddress;
    const IMAGE_NT_HEADERS64 *nt = (const void *)(base + ((const IMAGE_DOS_HEADER *)base)->e_lfanew);

    if (id && id != GetCurrentProcessId()) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return 0;
    }
    return MAKELONG(nt->OptionalHeader.MinorSubsystemVersion, nt->OptionalHeader.MajorSubsystemVersion);
}

BOOL WINAPI ProcessIdToSessionId(DWORD id, DWORD *session)
{
    if (id != GetCurrentProcessId()) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return FALSE;
    }
    *session = peb_current()->SessionId;
    return TRUE;
}

BOOL WINAPI GetProcessTimes(HANDLE process, LPFILETIME create, LPFILETIME exit, LPFILETIME kernel, LPFILETIME user)
{
    struct times_info info;

    if (!process_query(process, PROCESS_TIMES_INFO, &info, sizeof info))
        return FALSE;
    memcpy(create, &info.create, sizeof *create);
    memcpy(exit, &info.exit, sizeof *exit);
    memcpy(kernel, &info.kernel, sizeof *kernel);
    memcpy(user, &info.user, sizeof *user);
    return TRUE;
}

BOOL WINAPI QueryProcessCycleTime(HANDLE process, PULONG64 cycles)
{
    return process_query(process, PROCESS_CYCLES_INFO, cycles, sizeof *cycles);
}

BOOL WINAPI GetProcessIoCounters(HANDLE process, PIO_COUNTERS counters)
{
    return process_query(process, PROCESS_IO_INFO, counters, sizeof *counters);
}

BOOL WINAPI GetProcessHandleCount(HANDLE process, PDWORD count)
{
    return process_query(process, PROCESS_HANDLE_COUNT_INFO, count, sizeof *count);
}

BOOL WINAPI GetProcessWorkingSetSizeEx(HANDLE process, PSIZE_T least, PSIZE_T most, PDWORD flags)
{
    QUOTA_LIMITS limits;

    if (!process_query(process, PROCESS_QUOTA_INFO, &limits, sizeof limits))
        return FALSE;
    *least = limits.MinimumWorkingSetSize;
    *most = limits.MaximumWorkingSetSize;
    if (flags)
        *flags = QUOTA_LIMITS_HARDWS_MIN_DISABLE | QUOTA_LIMITS_HARDWS_MAX_DISABLE;
    return TRUE;
}

BOOL WINAPI GetProcessWorkingSetSize(HANDLE process, PSIZE_T least, PSIZE_T most)
{
    return GetProcessWorkingSetSizeEx(process, least, most, NULL);
}

BOOL WINAPI SetProcessWorkingSetSizeEx(HANDLE process, SIZE_T least, SIZE_T most, DWORD flags)
{
    QUOTA_LIMITS limits = {.MinimumWorkingSetSize = least, .MaximumWorkingSetSize = most};

    (void)flags;
    return process_set(process, PROCESS_QUOTA_INFO, &limits, sizeof limits);
}

BOOL WINAPI SetProcessWorkingSetSize(HANDLE process, SIZE_T least, SIZE_T most)
{
    return SetProcessWorkingSetSizeEx(process, least, most, 0);
}

BOOL WINAPI GetProcessAffinityMask(HANDLE process, PDWORD_PTR mask, PDWORD_PTR system)
{
    struct process_basic_info info;

    if (!process_query(process, PROCESS_BASIC_INFO, &info, sizeof info))
        return FALSE;
    *mask = info.affinity;
    *system = peb_current()->ActiveProcessAffinityMask;
    return TRUE;
}

BOOL WINAPI SetProcessAffinityMask(HANDLE process, DWORD_PTR mask)
{
    return process_set(process, PROCESS_AFFINITY_INFO, &mask, sizeof mask);
}

BOOL WINAPI GetProcessGroupAffinity(HANDLE process, PUSHORT count, PUSHORT groups)
{
    USHORT room = *count;
    USHORT group;

    if (!process_query(process, PROCESS_GROUP_INFO, &group, sizeof group))
        return FALSE;
    *count = 1;
    if (!room) {
        SetLastError(ERROR_INSUFFICIENT_BUFFER);
        return FALSE;
    }
    groups[0] = group;
    return TRUE;
}

BOOL WINAPI GetProcessPriorityBoost(HANDLE process, PBOOL disabled)
{
    return process_query(process, PROCESS_PRIORITY_BOOST_INFO, disabled, sizeof *disabled);
}

BOOL WINAPI SetProcessPriorityBoost(HANDLE process, BOOL disable)
{
    ULONG value = disable != FALSE;

    return process_set(process, PROCESS_PRIORITY_BOOST_INFO, &value, sizeof value);
}

/* PROCESS_PRIORITY_CLASS's numbers, in its order from 1. */
static const DWORD priority_classes[] = {IDLE_PRIORITY_CLASS,         NORMAL_PRIORITY_CLASS,
                                         HIGH_PRIORITY_CLASS,         REALTIME_PRIORITY_CLASS,
                                         BELOW_NORMAL_PRIORITY_CLASS, ABOVE_NORMAL_PRIORITY_CLASS};

DWORD WINAPI GetPriorityClass(HANDLE process)
{
    struct process_priority_info info;

    if (!process_query(process, PROCESS_PRIORITY_CLASS_INFO, &info, sizeof info))
        return 0;
    return info.priority_class - 1u < 6 ? priority_classes[info.priority_class - 1] : 0;
}

BOOL WINAPI SetPriorityClass(HANDLE process, DWORD class)
{
    struct process_priority_info info = {0};

    if (class == PROCESS_MODE_BACKGROUND_BEGIN || class == PROCESS_MODE_BACKGROUND_END)
        return TRUE;
    for (int i = 0; i < 6; i++) {
        if (priority_classes[i] == class)
            info.priority_class = i + 1;
    }
    if (!info.priority_class) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return FALSE;
    }
    return process_set(process, PROCESS_PRIORITY_CLASS_INFO, &info, sizeof info);
}

BOOL WINAPI IsWow64Process(HANDLE process, PBOOL result)
{
    ULONG_PTR peb32;

    if (!process_query(process, PROCESS_WOW64_INFO, &peb32, sizeof peb32))
        return FALSE;
    *result = peb32 != 0;
    return TRUE;
}

BOOL WINAPI IsWow64Process2(HANDLE process, USHORT *machine, USHORT *native)
{
    BOOL wow;

    if (!IsWow64Process(process, &wow))
        return FALSE;
    *machine = IMAGE_FILE_MACHINE_UNKNOWN;
    if (native)
        *native = IMAGE_FILE_MACHINE_AMD64;
    return TRUE;
}

BOOL WINAPI IsWow64GuestMachineSupported(USHORT machine, BOOL *supported)
{
    (void)machine;
    *supported = FALSE;
    return TRUE;
}

USHORT WINAPI GetSystemWow64DirectoryMachine(void)
{
    return IMAGE_FILE_MACHINE_UNKNOWN;
}

BOOL WINAPI GetProcessMitigationPolicy(HANDLE process, PROCESS_MITIGATION_POLICY policy, PVOID data, SIZE_T size)
{
    ULONG info[2] = {policy, 0};

    if (!process_query(process, PROCESS_MITIGATION_INFO, info, sizeof info))
        return FALSE;
    if (size < sizeof(DWORD) || policy >= MaxProcessMitigationPolicy) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return FALSE;
    }
    memset(data, 0, size);
    if (policy == ProcessDEPPolicy)
        *(DWORD *)data = 1;
    return TRUE;
}

BOOL WINAPI SetProcessMitigationPolicy(PROCESS_MITIGATION_POLICY policy, PVOID data, SIZE_T size)
{
    (void)data;
    (void)size;
    if (policy >= MaxProcessMitigationPolicy) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return FALSE;
    }
    return TRUE; /* harder rules that only a program that breaks them would notice */
}

BOOL WINAPI GetProcessInformation(HANDLE process, PROCESS_INFORMATION_CLASS class, LPVOID data, DWORD size)
{
    (void)process;
    (void)class;
    memset(data, 0, size);
    return TRUE;
}

BOOL WINAPI SetProcessInformation(HANDLE process, PROCESS_INFORMATION_CLASS class, LPVOID data, DWORD size)
{
    (void)process;
    (void)class;
    (void)data;
    (void)size;
    return TRUE; /* memory priority, power throttling: wishes */
}

BOOL WINAPI GetProcessShutdownParameters(LPDWORD level, LPDWORD flags)
{
    *level = 0x280;
    *flags = 0;
    return TRUE;
}

BOOL WINAPI SetProcessShutdownParameters(DWORD level, DWORD flags)
{
    (void)level;
    (void)flags;
    return TRUE;
}

VOID WINAPI FlushProcessWriteBuffers(void)
{
    NtFlushProcessWriteBuffers();
}

BOOL WINAPI FlushInstructionCache(HANDLE process, LPCVOID address, SIZE_T size)
{
    (void)process;
    (void)address;
    (void)size;
    return TRUE; /* x86 keeps it coherent */
}

VOID WINAPI GetStartupInfoW(LPSTARTUPINFOW info)
{
    const RTL_USER_PROCESS_PARAMETERS *p = peb_current()->ProcessParameters;

    memset(info, 0, sizeof *info);
    info->cb = sizeof *info;
    info->lpDesktop = p->DesktopInfo.Buffer;
    info->lpTitle = p->WindowTitle.Buffer;
    info->dwX = p->StartingX;
    info->dwY = p->StartingY;
    info->dwXSize = p->CountX;
    info->dwYSize = p->CountY;
    info->dwXCountChars = p->CountCharsX;
    info->dwYCountChars = p->CountCharsY;
    info->dwFillAttribute = p->FillAttribute;
    info->dwFlags = p->WindowFlags;
    info->wShowWindow = p->ShowWindowFlags;
    info->cbReserved2 = p->RuntimeData.MaximumLength;
    info->lpReserved2 = (LPBYTE)p->RuntimeData.Buffer;
    if (info->dwFlags & STARTF_USESTDHANDLES) {
        info->hStdInput = p->StandardInput;
        info->hStdOutput = p->StandardOutput;
        info->hStdError = p->StandardError;
    }
}

/* A copy in the ANSI code page, made once; programs keep the pointer. */
static LPSTR ansi_copy(PSTR *kept, const UNICODE_STRING *text)
{
    ANSI_STRING ansi;
    PSTR nobody = NULL;

    if (!*kept && NT_SUCCESS(RtlUnicodeStringToAnsiString(&ansi, (UNICODE_STRING *)text, TRUE)) &&
        !__atomic_compare_exchange_n(kept, &nobody, ansi.Buffer, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
        RtlFreeAnsiString(&ansi);
    return *kept;
}

VOID WINAPI GetStartupInfoA(LPSTARTUPINFOA info)
{
    static PSTR desktop, title;
    const RTL_USER_PROCESS_PARAMETERS *p = peb_current()->ProcessParameters;

    _Static_assert(sizeof(STARTUPINFOA) == sizeof(STARTUPINFOW), "only the strings differ");
    GetStartupInfoW((LPSTARTUPINFOW)info);
    info->lpDesktop = ansi_copy(&desktop, &p->DesktopInfo);
    info->lpTitle = ansi_copy(&title, &p->WindowTitle);
}

BOOL WINAPI IsProcessorFeaturePresent(DWORD feature)
{
    return RtlIsProcessorFeaturePresent(feature);
}
