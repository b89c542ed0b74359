/*
 * dbgprint.c: texts for a debugger (DbgPrint and its kin).
 *
 * Layer: ntdll.  Without a debugger they go nowhere.  The formatting is what ntdll exports as _vsnprintf.
 */
#include "exception.h"
#include "ntapi.h"
#include "ntteb.h"

#define TEXT_MAX 512
#define ERROR_LEVEL 0
#define NO_FILTER 0xffffffffu

int WINAPI crt_vsnprintf(char *buffer, size_t size, const char *format, __builtin_ms_va_list args);

/* What is shown: errors, and what has no component.  There is no way to ask for more. */
NTSTATUS WINAPI NtQueryDebugFilterState(ULONG component, ULONG level)
{
    return component == NO_FILTER || level == ERROR_LEVEL;
}

NTSTATUS WINAPI NtSetDebugFilterState(ULONG component, ULONG level, BOOLEAN state)
{
    (void)component, (void)level, (void)state;
    return STATUS_ACCESS_DENIED; /* needs a privilege of debuggers */
}

ULONG WINAPI vDbgPrintExWithPrefix(PCCH prefix, ULONG component, ULONG level, PCCH format, __builtin_ms_va_list args)
{
    char text[TEXT_MAX];
    size_t used = prefix ? strnlen(prefix, sizeof text - 1) : 0;

    if (!NtQueryDebugFilterState(component, level) || !peb_current()->BeingDebugged)
        return STATUS_SUCCESS;
    memcpy(text, prefix, used);
    int length = crt_vsnprintf(text + used, sizeof text - used, format, args);
    text[length < 0 || (size_t)length >= sizeof text - used ? sizeof text - 1 : used + (size_t)length] = 0;
    EXCEPTION_RECORD record = {.ExceptionCode = DBG_PRINTEXCEPTION_C,
                               .NumberParameters = 2,
                               .ExceptionInformation = {strlen(text) + 1, (ULONG_PTR)text}};
    exception_notify(&record);
    return STATUS_SUCCESS;
}

ULONG WINAPI vDbgPrintEx(ULONG component, ULONG level, PCCH format, __builtin_ms_va_list args)
{
    return vDbgPrintExWithPrefix(NULL, component, level, format, args);
}

ULONG WINAPI DbgPrint(PCCH format, ...)
{
    __builtin_ms_va_list args;

    __builtin_ms_va_start(args, format);
    ULONG result = vDbgPrintExWithPrefix(NULL, NO_FILTER, ERROR_LEVEL, format, args);
    __builtin_ms_va_end(args);
    return result;
}

ULONG WINAPI DbgPrintReturnControlC(PCCH format, ...)
{
    __builtin_ms_va_list args;

    __builtin_ms_va_start(args, format);
    ULONG result = vDbgPrintExWithPrefix(NULL, NO_FILTER, ERROR_LEVEL, format, args);
    __builtin_ms_va_end(args);
    return result;
}

ULONG WINAPI DbgPrintEx(ULONG component, ULONG level, PCCH format, ...)
{
    __builtin_ms_va_list args;

    __builtin_ms_va_start(args, format);
    ULONG result = vDbgPrintExWithPrefix(NULL, component, level, format, args);
    __builtin_ms_va_end(args);
    return result;
}
