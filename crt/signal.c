/*
 * signal.c: signal and raise: SIGINT and SIGBREAK from the console, the rest within the process; exceptions that a
 * program's start-up code hands to _XcptFilter or _seh_filter_exe become SIGSEGV, SIGILL and SIGFPE.
 *
 * Layer: crt over kernel32.
 */
#include "crt.h"
#include "ntdll/gate.h"

enum {
    SIGINT_ = 2,
    SIGILL_ = 4,
    SIGABRT_COMPAT_ = 6,
    SIGFPE_ = 8,
    SIGSEGV_ = 11,
    SIGTERM_ = 15,
    SIGBREAK_ = 21,
    SIGABRT_ = 22
};
#define HANDLER_DEFAULT ((void *)0)
#define HANDLER_IGNORE ((void *)1)
#define HANDLER_ERROR ((void *)-1)

/* Exceptions that are signals, with the code that a SIGFPE handler gets. */
static const struct {
    DWORD exception;
    uint8_t signal, fpe;
} exceptions[] = {
    {0xC0000005, SIGSEGV_, 0},   {0xC000001D, SIGILL_, 0},    {0xC0000096, SIGILL_, 0},    {0xC000008D, SIGFPE_, 0x82},
    {0xC000008E, SIGFPE_, 0x83}, {0xC000008F, SIGFPE_, 0x86}, {0xC0000090, SIGFPE_, 0x81}, {0xC0000091, SIGFPE_, 0x84},
    {0xC0000092, SIGFPE_, 0x8a}, {0xC0000093, SIGFPE_, 0x85}, {0xC0000094, SIGFPE_, 0x81},
};

static void *process_handlers[4]; /* SIGINT, SIGTERM, SIGBREAK, SIGABRT */
static atomic_bool console_watched;

static void **handler_slot(int signal)
{
    struct crt_thread *thread = crt_thread();
    switch (signal) {
    case SIGINT_:
        return &process_handlers[0];
    case SIGTERM_:
        return &process_handlers[1];
    case SIGBREAK_:
        return &process_handlers[2];
    case SIGABRT_:
    case SIGABRT_COMPAT_:
        return &process_handlers[3];
    case SIGFPE_:
        return &thread->handlers[0];
    case SIGILL_:
        return &thread->handlers[1];
    case SIGSEGV_:
        return &thread->handlers[2];
    default:
        return NULL;
    }
}

bool crt_signal_handled(int signal)
{
    void **slot = handler_slot(signal);
    return slot && *slot != HANDLER_DEFAULT;
}

/* Takes the handler out, as each delivery does, and calls it. */
static bool deliver(int signal, ULONG_PTR code)
{
    void **slot = handler_slot(signal), *handler = *slot;
    if (handler == HANDLER_DEFAULT)
        return false;
    if (handler == HANDLER_IGNORE)
        return true;
    *slot = HANDLER_DEFAULT;
    guest_call(handler, (ULONG_PTR)signal, code, 0, 0);
    return true;
}

static BOOL WINAPI console_event(DWORD event)
{
    return deliver(event == CTRL_C_EVENT ? SIGINT_ : SIGBREAK_, 0);
}

void *WINAPI crt_signal(int signal, void *handler)
{
    void **slot = handler_slot(signal);
    if (!slot || handler == (void *)2 || handler == (void *)3 || handler == (void *)4) {
        crt_invalid(CRT_EINVAL);
        return HANDLER_ERROR;
    }
    if ((signal == SIGINT_ || signal == SIGBREAK_) && !atomic_exchange(&console_watched, true) &&
        !SetConsoleCtrlHandler(console_event, TRUE)) {
        console_watched = false;
        crt_fail_last();
        return HANDLER_ERROR;
    }
    void *old = *slot;
    *slot = handler;
    return old;
}

int WINAPI crt_raise(int signal)
{
    if (!handler_slot(signal)) {
        crt_invalid(CRT_EINVAL);
        return -1;
    }
    if (!deliver(signal, signal == SIGFPE_ ? 0x8c : 0))
        crt_exit_now(3);
    return 0;
}

void **WINAPI __pxcptinfoptrs(void)
{
    return &crt_thread()->exception_pointers;
}

int *WINAPI __fpecode(void)
{
    return &crt_thread()->fpe_code;
}

/* The filter around main: EXCEPTION_CONTINUE_EXECUTION after a handler, otherwise the search goes on. */
int WINAPI _seh_filter_exe(DWORD code, EXCEPTION_POINTERS *pointers)
{
    struct crt_thread *thread = crt_thread();
    size_t i = 0, count = sizeof(exceptions) / sizeof(exceptions[0]);
    while (i < count && exceptions[i].exception != code)
        i++;
    if (i < count && crt_signal_handled(exceptions[i].signal)) {
        void *old_pointers = thread->exception_pointers;
        int old_code = thread->fpe_code;
        thread->exception_pointers = pointers;
        thread->fpe_code = exceptions[i].fpe;
        deliver(exceptions[i].signal, exceptions[i].fpe);
        thread->exception_pointers = old_pointers;
        thread->fpe_code = old_code;
        return EXCEPTION_CONTINUE_EXECUTION;
    }
    return (int)UnhandledExceptionFilter(pointers);
}

int WINAPI _seh_filter_dll(DWORD code, EXCEPTION_POINTERS *pointers)
{
    if (code != 0xE06D7363) /* a DLL's start-up code handles C++ exceptions alone */
        return EXCEPTION_CONTINUE_SEARCH;
    return _seh_filter_exe(code, pointers);
}
