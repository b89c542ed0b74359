/*
 * dbghelp_walk.c: dbghelp.dll: stack walks of this process.
 *
 * Layer: above kernel32 and ntdll.  Frames of the host's libraries between Windows' (a callback of qsort) are stepped
 * over; only the first frame may be one, where a fault was in one.
 */
#include "dbghelp_private.h"
#include "ntthread.h"
#include "ntdll/unwind.h"

PVOID WINAPI SymFunctionTableAccess64(HANDLE process, DWORD64 address)
{
    DWORD64 base;

    (void)process;
    return RtlLookupFunctionEntry(address, &base, NULL);
}

/* The stack's limits of a thread of this process. */
static const NT_TIB *stack_of(HANDLE thread)
{
    struct thread_basic_info info;

    if (thread && !NtQueryInformationThread(thread, (THREADINFOCLASS)THREAD_BASIC_INFO, &info, sizeof info, NULL) &&
        info.teb)
        return info.teb;
    return (const NT_TIB *)teb_current();
}

static bool on_stack(const NT_TIB *tib, DWORD64 address)
{
    return address >= (DWORD64)tib->StackLimit && address < (DWORD64)tib->StackBase - 8 && !(address & 7);
}

static bool step(const NT_TIB *tib, PCONTEXT context)
{
    DWORD64 base, establisher;
    PVOID handler_data;

    if (unwind_is_host(context->Rip))
        return unwind_any(context);
    if (!on_stack(tib, context->Rsp))
        return false;
    PRUNTIME_FUNCTION function = RtlLookupFunctionEntry(context->Rip, &base, NULL);
    if (function) {
        RtlVirtualUnwind(UNW_FLAG_NHANDLER, base, context->Rip, function, context, &handler_data, &establisher, NULL);
    } else { /* a leaf: the return address is on top */
        context->Rip = *(DWORD64 *)context->Rsp;
        context->Rsp += 8;
    }
    return context->Rip != 0;
}

/* To the caller that is Windows code. */
static bool step_to_caller(const NT_TIB *tib, PCONTEXT context)
{
    do
        if (!step(tib, context))
            return false;
    while (unwind_is_host(context->Rip));
    return true;
}

/* The next frame of this process's own code; the frame before it is in `context`. */
BOOL WINAPI StackWalk64(DWORD machine, HANDLE process, HANDLE thread, LPSTACKFRAME64 frame, PVOID context_pointer,
                        PREAD_PROCESS_MEMORY_ROUTINE64 read, PFUNCTION_TABLE_ACCESS_ROUTINE64 table,
                        PGET_MODULE_BASE_ROUTINE64 module, PTRANSLATE_ADDRESS_ROUTINE64 translate)
{
    PCONTEXT context = context_pointer;
    DWORD64 base;

    (void)read, (void)table, (void)module, (void)translate;
    if (machine != IMAGE_FILE_MACHINE_AMD64 || !frame || !context)
        return sym_fail(ERROR_INVALID_PARAMETER);
    if (process && GetProcessId(process) && GetProcessId(process) != GetCurrentProcessId())
        return sym_fail(ERROR_NOT_SUPPORTED);
    const NT_TIB *tib = stack_of(thread);
    if (!context->Rip || (frame->Virtual && !step_to_caller(tib, context))) /* not the first: one up */
        return FALSE;
    CONTEXT caller = *context;
    bool has_caller = step_to_caller(tib, &caller);
    frame->Virtual = TRUE;
    frame->Far = FALSE;
    frame->AddrPC.Mode = frame->AddrFrame.Mode = frame->AddrStack.Mode = frame->AddrReturn.Mode = AddrModeFlat;
    frame->AddrPC.Offset = context->Rip;
    frame->AddrReturn.Offset = has_caller ? caller.Rip : 0;
    frame->AddrStack.Offset = context->Rsp;
    frame->AddrFrame.Offset = context->Rbp;
    frame->FuncTableEntry = RtlLookupFunctionEntry(context->Rip, &base, NULL);
    return TRUE;
}

BOOL WINAPI StackWalkEx(DWORD machine, HANDLE process, HANDLE thread, LPSTACKFRAME_EX frame, PVOID context,
                        PREAD_PROCESS_MEMORY_ROUTINE64 read, PFUNCTION_TABLE_ACCESS_ROUTINE64 table,
                        PGET_MODULE_BASE_ROUTINE64 module, PTRANSLATE_ADDRESS_ROUTINE64 translate, DWORD flags)
{
    (void)flags;
    if (!frame || frame->StackFrameSize < sizeof(STACKFRAME_EX))
        return sym_fail(ERROR_INVALID_PARAMETER);
    frame->InlineFrameContext = 0;
    return StackWalk64(machine, process, thread, (LPSTACKFRAME64)frame, context, read, table, module, translate);
}
