/*
 * errhandlingapi.c: raising exceptions, the unhandled exception filter, error modes.
 *
 * Layer: kernel32, above ntdll's exception dispatcher.
 */
#include "ntdll/exception.h"
#include "win.h"

#define ERROR_MODE_BITS                                                                                                \
    (SEM_FAILCRITICALERRORS | SEM_NOGPFAULTERRORBOX | SEM_NOALIGNMENTFAULTEXCEPT | SEM_NOOPENFILEERRORBOX)

static UINT error_mode;

/* RaiseException(code, flags, count, arguments): `context` is its caller's. */
__attribute__((used)) void WINAPI raise_exception_from(DWORD code, DWORD flags, DWORD count, const ULONG_PTR *arguments,
                                                       CONTEXT *context)
{
    EXCEPTION_RECORD record = {.ExceptionCode = code,
                               .ExceptionFlags = flags & EXCEPTION_NONCONTINUABLE,
                               .ExceptionAddress = (PVOID)context->Rip};

    if (arguments) {
        record.NumberParameters = count < EXCEPTION_MAXIMUM_PARAMETERS ? count : EXCEPTION_MAXIMUM_PARAMETERS;
        memcpy(record.ExceptionInformation, arguments, record.NumberParameters * sizeof(*arguments));
    }
    exception_dispatch(&record, context);
}
CAPTURE_ENTRY(RaiseException, raise_exception_from);

__attribute__((used)) void WINAPI raise_fail_fast(EXCEPTION_RECORD *record, CONTEXT *given, DWORD flags, PVOID unused,
                                                  CONTEXT *context)
{
    EXCEPTION_RECORD own = {.ExceptionCode = STATUS_FAIL_FAST_EXCEPTION,
                            .ExceptionFlags = EXCEPTION_NONCONTINUABLE,
                            .ExceptionAddress = (PVOID)context->Rip};

    (void)unused;
    if (record && flags & FAIL_FAST_GENERATE_EXCEPTION_ADDRESS)
        record->ExceptionAddress = (PVOID)context->Rip;
    exception_fail_fast(record ? record : &own, given ? given : context);
}
CAPTURE_ENTRY(RaiseFailFastException, raise_fail_fast);

LPTOP_LEVEL_EXCEPTION_FILTER WINAPI SetUnhandledExceptionFilter(LPTOP_LEVEL_EXCEPTION_FILTER filter)
{
    return exception_set_filter(filter);
}

LONG WINAPI UnhandledExceptionFilter(EXCEPTION_POINTERS *pointers)
{
    exception_unhandled(pointers->ExceptionRecord, pointers->ContextRecord);
    return EXCEPTION_CONTINUE_EXECUTION;
}

UINT WINAPI GetErrorMode(void)
{
    return error_mode;
}

UINT WINAPI SetErrorMode(UINT mode)
{
    return __atomic_exchange_n(&error_mode, mode & ERROR_MODE_BITS, __ATOMIC_SEQ_CST);
}

/* The thread's mode has bits of its own in the TEB (RTL_ERRORMODE_*), a nibble higher than the SEM_ ones. */
DWORD WINAPI GetThreadErrorMode(void)
{
    return teb_current()->HardErrorMode >> 4;
}

BOOL WINAPI SetThreadErrorMode(DWORD mode, LPDWORD old)
{
    if (mode & ~(SEM_FAILCRITICALERRORS | SEM_NOGPFAULTERRORBOX | SEM_NOOPENFILEERRORBOX)) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return FALSE;
    }
    if (old)
        *old = GetThreadErrorMode();
    teb_current()->HardErrorMode = mode << 4;
    return TRUE;
}

PVOID WINAPI AddVectoredExceptionHandler(ULONG first, PVECTORED_EXCEPTION_HANDLER handler)
{
    return RtlAddVectoredExceptionHandler(first, handler);
}

ULONG WINAPI RemoveVectoredExceptionHandler(PVOID handle)
{
    return RtlRemoveVectoredExceptionHandler(handle);
}

PVOID WINAPI AddVectoredContinueHandler(ULONG first, PVECTORED_EXCEPTION_HANDLER handler)
{
    return RtlAddVectoredContinueHandler(first, handler);
}

ULONG WINAPI RemoveVectoredContinueHandler(PVOID handle)
{
    return RtlRemoveVectoredContinueHandler(handle);
}

VOID WINAPI FatalAppExitW(UINT action, LPCWSTR message)
{
    (void)action, (void)message;
    RaiseFailFastException(NULL, NULL, 0);
}

VOID WINAPI FatalAppExitA(UINT action, LPCSTR message)
{
    (void)action, (void)message;
    RaiseFailFastException(NULL, NULL, 0);
}

/* Error reports go nowhere: there is nothing to register with. */
HRESULT WINAPI WerRegisterRuntimeExceptionModule(PCWSTR path, PVOID context)
{
    (void)path, (void)context;
    return S_OK;
}

HRESULT WINAPI WerUnregisterRuntimeExceptionModule(PCWSTR path, PVOID context)
{
    (void)path, (void)context;
    return S_OK;
}

static DWORD wer_flags;

HRESULT WINAPI WerSetFlags(DWORD flags)
{
    wer_flags = flags;
    return S_OK;
}

HRESULT WINAPI WerGetFlags(HANDLE process, PDWORD flags)
{
    (void)process;
    *flags = wer_flags;
    return S_OK;
}
