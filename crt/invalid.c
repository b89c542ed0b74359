/*
 * invalid.c: what happens when a program passes invalid parameters.
 *
 * Layer: crt.  ucrtbase ends the process by default; msvcrt only sets errno.  Both call the program's handler first.
 */
#include "crt.h"
#include "ntdll/gate.h"

bool crt_ucrt_started;

static void *invalid_handler;
static __thread void *invalid_thread_handler;

/* As __fastfail does it: no handler of the program sees this exception. */
static _Noreturn void fail_fast(unsigned code)
{
    __asm__ volatile("int $0x29" ::"c"(code));
    __builtin_unreachable();
}

_Noreturn void WINAPI _invoke_watson(const WCHAR *expression, const WCHAR *function, const WCHAR *file, unsigned line,
                                     uintptr_t reserved)
{
    (void)expression, (void)function, (void)file, (void)line, (void)reserved;
    fail_fast(FAST_FAIL_INVALID_ARG);
}

void WINAPI _invalid_parameter(const WCHAR *expression, const WCHAR *function, const WCHAR *file, unsigned line,
                               uintptr_t reserved)
{
    void *handler = invalid_thread_handler ? invalid_thread_handler : invalid_handler;
    if (handler) {
        ULONG_PTR arguments[] = {GUEST(expression), GUEST(function), GUEST(file), line, reserved};
        guest_call_n(handler, 5, arguments);
    } else if (crt_ucrt_started) {
        fail_fast(FAST_FAIL_INVALID_ARG);
    }
}

void WINAPI _invalid_parameter_noinfo(void)
{
    _invalid_parameter(NULL, NULL, NULL, 0, 0);
}

_Noreturn void WINAPI _invalid_parameter_noinfo_noreturn(void)
{
    _invalid_parameter(NULL, NULL, NULL, 0, 0);
    fail_fast(FAST_FAIL_INVALID_ARG);
}

int crt_invalid(int error)
{
    crt_set_errno(error);
    _invalid_parameter(NULL, NULL, NULL, 0, 0);
    return error;
}

void *WINAPI _set_invalid_parameter_handler(void *handler)
{
    void *old = invalid_handler;
    invalid_handler = handler;
    return old;
}

void *WINAPI _get_invalid_parameter_handler(void)
{
    return invalid_handler;
}

void *WINAPI _set_thread_local_invalid_parameter_handler(void *handler)
{
    void *old = invalid_thread_handler;
    invalid_thread_handler = handler;
    return old;
}

void *WINAPI _get_thread_local_invalid_parameter_handler(void)
{
    return invalid_thread_handler;
}
