/*
 * power.c: power notifications (powrprof.dll) and the multimedia timer's basics (winmm.dll).
 *
 * Layer: above ntdll's clocks.
 */
#include <string.h>
#include "win.h"

/* Accepted; a suspended host is not announced. */
DWORD WINAPI PowerRegisterSuspendResumeNotification(DWORD flags, HANDLE recipient, PVOID *registration)
{
    (void)flags, (void)recipient;
    *registration = registration;
    return ERROR_SUCCESS;
}

DWORD WINAPI PowerUnregisterSuspendResumeNotification(PVOID registration)
{
    (void)registration;
    return ERROR_SUCCESS;
}

/* ---- CallNtPowerInformation: what is asked of a machine that is always on ---- */

struct processor_power {
    ULONG number, max_mhz, current_mhz, mhz_limit, max_idle_state, current_idle_state;
};

static ULONG processor_mhz(void)
{
    static const WCHAR key[] = L"HARDWARE\\DESCRIPTION\\System\\CentralProcessor\\0";
    DWORD mhz = 0, size = sizeof mhz;

    RegGetValueW(HKEY_LOCAL_MACHINE, key, L"~MHz", RRF_RT_REG_DWORD, NULL, &mhz, &size);
    return mhz;
}

static NTSTATUS processors(struct processor_power *out, ULONG size)
{
    SYSTEM_INFO info;
    ULONG mhz = processor_mhz();

    GetSystemInfo(&info);
    if (size < info.dwNumberOfProcessors * sizeof *out)
        return STATUS_BUFFER_TOO_SMALL;
    for (ULONG i = 0; i < info.dwNumberOfProcessors; i++)
        out[i] = (struct processor_power){i, mhz, mhz, mhz, 0, 0};
    return STATUS_SUCCESS;
}

static NTSTATUS power_answer(const void *data, ULONG length, PVOID out, ULONG size)
{
    if (!out || size < length)
        return STATUS_BUFFER_TOO_SMALL;
    memcpy(out, data, length);
    return STATUS_SUCCESS;
}

NTSTATUS WINAPI CallNtPowerInformation(POWER_INFORMATION_LEVEL level, PVOID in, ULONG in_size, PVOID out,
                                       ULONG out_size)
{
    SYSTEM_BATTERY_STATE battery = {.AcOnLine = TRUE};
    SYSTEM_POWER_CAPABILITIES capabilities = {.ProcessorMaxThrottle = 100, .ProcessorMinThrottle = 100};
    ULONGLONG never = 0;
    ULONG state = 0;

    (void)in, (void)in_size;
    switch (level) {
    case ProcessorInformation:
        return out ? processors(out, out_size) : STATUS_INVALID_PARAMETER;
    case SystemBatteryState:
        return power_answer(&battery, sizeof battery, out, out_size);
    case SystemPowerCapabilities:
        return power_answer(&capabilities, sizeof capabilities, out, out_size);
    case SystemExecutionState:
        return power_answer(&state, sizeof state, out, out_size);
    case LastSleepTime:
    case LastWakeTime:
        return power_answer(&never, sizeof never, out, out_size);
    default:
        return STATUS_NOT_SUPPORTED;
    }
}

BOOLEAN WINAPI GetPwrCapabilities(PSYSTEM_POWER_CAPABILITIES capabilities)
{
    return NT_SUCCESS(CallNtPowerInformation(SystemPowerCapabilities, NULL, 0, capabilities, sizeof *capabilities));
}

BOOLEAN WINAPI IsPwrHibernateAllowed(void)
{
    return FALSE;
}

BOOLEAN WINAPI IsPwrSuspendAllowed(void)
{
    return FALSE;
}

BOOLEAN WINAPI SetSuspendState(BOOLEAN hibernate, BOOLEAN force, BOOLEAN no_wake)
{
    (void)hibernate, (void)force, (void)no_wake;
    SetLastError(ERROR_PRIVILEGE_NOT_HELD);
    return FALSE;
}

/* The balanced scheme, which Windows starts with. */
DWORD WINAPI PowerGetActiveScheme(HKEY root, GUID **scheme)
{
    static const GUID balanced = {0x381b4222, 0xf694, 0x41f0, {0x96, 0x85, 0xff, 0x5b, 0xb2, 0x60, 0xdf, 0x2e}};

    if (root || !scheme)
        return ERROR_INVALID_PARAMETER;
    *scheme = LocalAlloc(LMEM_FIXED, sizeof balanced);
    if (!*scheme)
        return ERROR_NOT_ENOUGH_MEMORY;
    **scheme = balanced;
    return ERROR_SUCCESS;
}

DWORD WINAPI timeGetTime(void)
{
    return GetTickCount();
}

#define TIMER_NO_ERROR 0u
#define TIMER_CAN_NOT 97u

/* The host's timers are always finer than any period asked for. */
UINT WINAPI timeBeginPeriod(UINT period)
{
    return period ? TIMER_NO_ERROR : TIMER_CAN_NOT;
}

UINT WINAPI timeEndPeriod(UINT period)
{
    return period ? TIMER_NO_ERROR : TIMER_CAN_NOT;
}

UINT WINAPI timeGetDevCaps(UINT *caps, UINT size)
{
    if (!caps || size < 2 * sizeof *caps)
        return TIMER_CAN_NOT;
    caps[0] = 1;
    caps[1] = 1000000;
    return TIMER_NO_ERROR;
}
