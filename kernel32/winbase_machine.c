/*
 * winbase_machine.c: the machine's power, firmware and limits.  What only administrators may do is refused.
 *
 * Layer: kernel32.
 */
#include <string.h>
#include "ntdll/error.h"

static BOOL fail(DWORD error)
{
    SetLastError(error);
    return FALSE;
}

/* ---- power: the host sleeps or not as it likes; requests are remembered for who asks again ---- */

EXECUTION_STATE WINAPI SetThreadExecutionState(EXECUTION_STATE flags)
{
    static __thread EXECUTION_STATE state = ES_CONTINUOUS;
    EXECUTION_STATE before = state;

    if (flags & ~(EXECUTION_STATE)(ES_SYSTEM_REQUIRED | ES_DISPLAY_REQUIRED | ES_USER_PRESENT | ES_AWAYMODE_REQUIRED |
                                   ES_CONTINUOUS))
        return 0;
    if (flags & ES_CONTINUOUS)
        state = flags;
    return before;
}

HANDLE WINAPI PowerCreateRequest(REASON_CONTEXT *context)
{
    if (!context || context->Version != POWER_REQUEST_CONTEXT_VERSION) {
        fail(ERROR_INVALID_PARAMETER);
        return INVALID_HANDLE_VALUE;
    }
    HANDLE handle = CreateEventW(NULL, TRUE, FALSE, NULL); /* all that its life needs */
    return handle ? handle : INVALID_HANDLE_VALUE;
}

static BOOL power_request(HANDLE request, POWER_REQUEST_TYPE type)
{
    DWORD flags;

    return (int)type >= 0 && type <= PowerRequestExecutionRequired ? GetHandleInformation(request, &flags)
                                                                   : fail(ERROR_INVALID_PARAMETER);
}

BOOL WINAPI PowerSetRequest(HANDLE request, POWER_REQUEST_TYPE type)
{
    return power_request(request, type);
}

BOOL WINAPI PowerClearRequest(HANDLE request, POWER_REQUEST_TYPE type)
{
    return power_request(request, type);
}

BOOL WINAPI IsSystemResumeAutomatic(void)
{
    return FALSE;
}

BOOL WINAPI GetDevicePowerState(HANDLE device, BOOL *on)
{
    DWORD flags;

    if (!on)
        return fail(ERROR_INVALID_PARAMETER);
    if (!GetHandleInformation(device, &flags))
        return FALSE;
    *on = TRUE; /* what can be opened is on */
    return TRUE;
}

BOOL WINAPI RequestWakeupLatency(LATENCY_TIME latency)
{
    return latency == LT_DONT_CARE || latency == LT_LOWEST_LATENCY ? TRUE : fail(ERROR_INVALID_PARAMETER);
}

/* No device can be armed to wake the machine. */
BOOL WINAPI RequestDeviceWakeup(HANDLE device)
{
    (void)device;
    return fail(ERROR_NOT_SUPPORTED);
}

BOOL WINAPI CancelDeviceWakeupRequest(HANDLE device)
{
    (void)device;
    return fail(ERROR_NOT_SUPPORTED);
}

BOOL WINAPI SetSystemPowerState(BOOL suspend, BOOL force)
{
    (void)suspend, (void)force;
    return fail(ERROR_PRIVILEGE_NOT_HELD);
}

/* ---- data execution prevention: always on, as for every program of 64 bits ---- */

BOOL WINAPI GetProcessDEPPolicy(HANDLE process, LPDWORD flags, PBOOL permanent)
{
    (void)process, (void)flags, (void)permanent;
    return fail(ERROR_NOT_SUPPORTED);
}

BOOL WINAPI SetProcessDEPPolicy(DWORD flags)
{
    (void)flags;
    return fail(ERROR_NOT_SUPPORTED);
}

DEP_SYSTEM_POLICY_TYPE WINAPI GetSystemDEPPolicy(void)
{
    return DEPPolicyOptIn;
}

BOOL WINAPI IsProcessCritical(HANDLE process, PBOOL critical)
{
    DWORD code;

    if (!critical)
        return fail(ERROR_INVALID_PARAMETER);
    *critical = FALSE;
    return GetExitCodeProcess(process, &code);
}

/* ---- the machine's firmware ---- */

/* The privilege is not held; a probe for UEFI with an empty name and id is answered as on an old BIOS. */
static DWORD firmware(const void *name, bool empty)
{
    fail(name && empty ? ERROR_INVALID_FUNCTION : ERROR_PRIVILEGE_NOT_HELD);
    return 0;
}

DWORD WINAPI GetFirmwareEnvironmentVariableW(LPCWSTR name, LPCWSTR id, PVOID buffer, DWORD size)
{
    (void)id, (void)buffer, (void)size;
    return firmware(name, name && !*name);
}

DWORD WINAPI GetFirmwareEnvironmentVariableA(LPCSTR name, LPCSTR id, PVOID buffer, DWORD size)
{
    (void)id, (void)buffer, (void)size;
    return firmware(name, name && !*name);
}

BOOL WINAPI SetFirmwareEnvironmentVariableW(LPCWSTR name, LPCWSTR id, PVOID value, DWORD size)
{
    (void)name, (void)id, (void)value, (void)size;
    return fail(ERROR_PRIVILEGE_NOT_HELD);
}

BOOL WINAPI SetFirmwareEnvironmentVariableA(LPCSTR name, LPCSTR id, PVOID value, DWORD size)
{
    (void)name, (void)id, (void)value, (void)size;
    return fail(ERROR_PRIVILEGE_NOT_HELD);
}

/* ---- old names ---- */

void WINAPI FatalExit(int code)
{
    ExitProcess((UINT)code);
}

SIZE_T WINAPI LocalCompact(UINT least)
{
    (void)least;
    return 0;
}

SIZE_T WINAPI GlobalCompact(DWORD least)
{
    (void)least;
    return 0;
}

void WINAPI GlobalFix(HGLOBAL memory)
{
    GlobalLock(memory);
}

void WINAPI GlobalUnfix(HGLOBAL memory)
{
    GlobalUnlock(memory);
}

LPVOID WINAPI GlobalWire(HGLOBAL memory)
{
    return GlobalLock(memory);
}

BOOL WINAPI GlobalUnWire(HGLOBAL memory)
{
    return GlobalUnlock(memory);
}

BOOL WINAPI Toolhelp32ReadProcessMemory(DWORD id, LPCVOID address, LPVOID buffer, SIZE_T size, SIZE_T *done)
{
    HANDLE process = OpenProcess(PROCESS_VM_READ, FALSE, id ? id : GetCurrentProcessId());
    BOOL good = process && ReadProcessMemory(process, address, buffer, size, done);

    if (process)
        NtClose(process);
    return good;
}
