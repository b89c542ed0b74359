/*
 * fibersapi.c: fibers.  SwitchToFiber is ntdll/fiber_switch.S; FLS is in processthreadsapi_tls.c.
 *
 * Layer: kernel32, over ntdll/fiber.h.
 */
#include "ntthread.h"
#include "ntdll/fiber.h"

BOOL WINAPI IsThreadAFiber(void)
{
    return (teb_current()->SameTebFlags & 4) != 0;
}

static LPVOID or_no_memory(struct fiber *fiber)
{
    if (!fiber)
        SetLastError(ERROR_NOT_ENOUGH_MEMORY);
    return fiber;
}

LPVOID WINAPI ConvertThreadToFiberEx(LPVOID data, DWORD flags)
{
    if (flags & ~FIBER_FLAG_FLOAT_SWITCH) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return NULL;
    }
    if (IsThreadAFiber()) {
        SetLastError(ERROR_ALREADY_FIBER);
        return NULL;
    }
    return or_no_memory(fiber_from_thread(data));
}

LPVOID WINAPI ConvertThreadToFiber(LPVOID data)
{
    return ConvertThreadToFiberEx(data, 0);
}

BOOL WINAPI ConvertFiberToThread(void)
{
    if (!IsThreadAFiber()) {
        SetLastError(ERROR_ALREADY_THREAD);
        return FALSE;
    }
    fiber_to_thread();
    return TRUE;
}

LPVOID WINAPI CreateFiberEx(SIZE_T commit, SIZE_T reserve, DWORD flags, LPFIBER_START_ROUTINE start, LPVOID data)
{
    if (flags & ~FIBER_FLAG_FLOAT_SWITCH) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return NULL;
    }
    return or_no_memory(fiber_create(commit, reserve, start, data));
}

LPVOID WINAPI CreateFiber(SIZE_T stack, LPFIBER_START_ROUTINE start, LPVOID data)
{
    return CreateFiberEx(stack, 0, 0, start, data);
}

VOID WINAPI DeleteFiber(LPVOID fiber)
{
    if (!fiber)
        return;
    if (fiber == teb_current()->Tib.FiberData)
        RtlExitUserThread(1);
    fiber_delete(fiber);
}
