/*
 * exception.h: from a fault or RaiseException to a handler, and unwinding.
 *
 * A stack mixes Windows frames (unwound with .pdata), and frames of winrun and its libraries (unwound with
 * DWARF by winrun-debug.so).  Where winrun itself calls an exception handler, the gate frame points at a
 * struct dispatch_frame, so that a walk goes on at the frame that the handler belongs to and does not have to step
 * through the dispatcher: an exception that Windows code raises and handles never needs DWARF.
 */
#ifndef NTDLL_EXCEPTION_H
#define NTDLL_EXCEPTION_H

#include "win.h"

enum dispatch_kind {
    DISPATCH_EXCEPTION, /* a handler or filter is asked; context: where the exception was raised */
    DISPATCH_UNWIND,    /* a termination handler runs; dispatcher: the unwind that called it */
    DISPATCH_CONTINUE,  /* a consolidating call-back (C++ catch block) runs; context: the frame it belongs to */
    DISPATCH_GUARD,     /* a call by host code that wants to catch exceptions: struct guard; the rest is not used */
};

struct dispatch_frame {
    enum dispatch_kind kind;
    CONTEXT *context;                                  /* the frames below the gate are these */
    DISPATCHER_CONTEXT *dispatcher;                    /* of the handler that is called; NULL for vectored handlers */
    void (*leave)(const struct dispatch_frame *frame); /* NULL, or told when an unwind passes the gate */
};

/*
 * A call into Windows code with a catch block of the host's around it.  An exception that comes by is shown to
 * `catches`, on top of the stack; if it says yes, the frames inside are unwound, `caught` is called, while the
 * exception's object is still there, and guest_call_guarded returns false.  Else dispatch.leave (may be NULL) is told
 * when the exception has found a handler further out.
 */
struct guard {
    struct dispatch_frame dispatch;
    bool (*catches)(struct guard *guard, EXCEPTION_RECORD *record);
    void (*caught)(struct guard *guard);
    void *resume[5]; /* __builtin_setjmp's */
    ULONG_PTR result;
};
bool guest_call_guarded(struct guard *guard, const void *function, unsigned count, const ULONG_PTR *arguments);

/* Unwinds from `context` to a guard that catches, and goes on there. */
_Noreturn void exception_unwind_to_guard(struct guard *guard, CONTEXT *context);

/* What setjmp keeps: _JUMP_BUFFER.  The layout is ABI. */
struct jump_buffer {
    ULONG64 Frame, Rbx, Rsp, Rbp, Rsi, Rdi, R12, R13, R14, R15, Rip;
    ULONG MxCsr;
    USHORT FpCsr, Spare;
    M128A Xmm[10]; /* xmm6-xmm15 */
};
_Static_assert(sizeof(struct jump_buffer) == 256, "_JUMP_BUFFER");

/* Calls a filter, handler or funclet from a language handler of ours: the frames below are those of the newest gate. */
ULONG_PTR exception_call_funclet(const void *function, ULONG_PTR a, ULONG_PTR b);

/* RtlUnwindEx for a language handler of ours: starts at the frame that the handler was called for. */
_Noreturn void exception_unwind(void *target_frame, void *target_ip, EXCEPTION_RECORD *record, void *value);

/* RtlUnwindEx for functions that are made with CAPTURE_ENTRY: `context` is the first frame. */
void WINAPI unwind_from_caller(PVOID target_frame, PVOID target_ip, EXCEPTION_RECORD *record, PVOID value,
                               CONTEXT *context);

/*
 * A fault, entered from the signal (signal.c).  CONTEXT has no room for the upper parts of vector registers: `upper`
 * holds them for the case that execution continues.
 */
struct upper_state {
    const void *memory;  /* NULL: there are none */
    uint64_t components; /* 0: the upper halves of ymm0-ymm15; else an XSAVE area of these components */
};
_Noreturn void exception_fault(EXCEPTION_RECORD *record, CONTEXT *context, struct upper_state upper);

/* Raises on the thread's stack. */
_Noreturn void exception_dispatch(EXCEPTION_RECORD *record, CONTEXT *context);

/* __fastfail: no handler is asked. */
_Noreturn void exception_fail_fast(EXCEPTION_RECORD *record, CONTEXT *context);

/* Shows an exception to the vectored handlers alone, and goes on whatever they say (OutputDebugString). */
void exception_notify(EXCEPTION_RECORD *record);

/* First chance; TRUE: go on with `context`. */
BOOLEAN WINAPI RtlDispatchException(EXCEPTION_RECORD *record, CONTEXT *context);

/* After no handler was found: the unhandled exception filter, the crash report, the end. Returns to continue. */
void exception_unhandled(EXCEPTION_RECORD *record, CONTEXT *context);

/* The program's top-level filter (SetUnhandledExceptionFilter); returns the previous one. */
PTOP_LEVEL_EXCEPTION_FILTER exception_set_filter(PTOP_LEVEL_EXCEPTION_FILTER filter);

/* crash.c: the report on stderr; then the caller ends the process. */
void crash_report(const EXCEPTION_RECORD *record, const CONTEXT *context);

/* crash_dump.c: --minidump: where to write a crash; does so. */
void crash_set_minidump(const char *path);
void crash_dump(const EXCEPTION_RECORD *record, const CONTEXT *context);

/* A fault that can not be dispatched (inside the dispatcher, without TEB): one line, and the end. */
_Noreturn void crash_line(const EXCEPTION_RECORD *record, const CONTEXT *context);

/* Installs the handlers of SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP for the process. */
void signal_init(void);

NTSYSAPI PVOID WINAPI RtlAddVectoredExceptionHandler(ULONG first, PVECTORED_EXCEPTION_HANDLER handler);
NTSYSAPI ULONG WINAPI RtlRemoveVectoredExceptionHandler(PVOID handle);
NTSYSAPI PVOID WINAPI RtlAddVectoredContinueHandler(ULONG first, PVECTORED_EXCEPTION_HANDLER handler);
NTSYSAPI ULONG WINAPI RtlRemoveVectoredContinueHandler(PVOID handle);
VOID WINAPI RtlRaiseException(EXCEPTION_RECORD *record);
VOID WINAPI RtlRaiseStatus(NTSTATUS status);
NTSTATUS WINAPI NtRaiseException(EXCEPTION_RECORD *record, CONTEXT *context, BOOLEAN first_chance);
NTSTATUS WINAPI NtContinue(CONTEXT *context, BOOLEAN alertable);

/*
 * Defines the Windows function NAME in assembler: it captures the caller's registers as they are after the
 * return, and calls `void WINAPI TARGET(a, b, c, d, CONTEXT *)` with its own first four arguments; the fifth and the
 * sixth are at context->Rsp + 32 and + 40.  So a raise starts at the caller, not in a frame of ours.
 */
#define CAPTURE_ENTRY(NAME, TARGET)                                                                                    \
    __asm__(".text\n.balign 16\n.globl " #NAME "\n.hidden " #NAME "\n.type " #NAME ", @function\n" #NAME ":\n"         \
            ".cfi_startproc\n"                                                                                         \
            "sub $1288, %rsp\n"                                                                                        \
            ".cfi_adjust_cfa_offset 1288\n"                                                                            \
            "lea 48(%rsp), %rax\n"                                                                                     \
            "call context_save_caller\n"                                                                               \
            "mov %rax, 32(%rsp)\n"                                                                                     \
            "call " #TARGET "\n"                                                                                       \
            "add $1288, %rsp\n"                                                                                        \
            ".cfi_adjust_cfa_offset -1288\n"                                                                           \
            "ret\n"                                                                                                    \
            ".cfi_endproc\n.size " #NAME ", . - " #NAME "\n")

#endif
