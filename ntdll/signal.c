/*
 * signal.c: faults arrive as signals, and go on as exceptions on the thread's own stack.
 *
 * Layer: ntdll.  The handler runs on the thread's alternate stack.  It writes EXCEPTION_RECORD and CONTEXT below the
 * interrupted frame, and returns from the signal into exception_dispatch; so Windows code never runs on the signal
 * stack, with signals blocked, or inside a signal.
 */
#include <signal.h>
#include <string.h>
#include <ucontext.h>
#include <unistd.h>
#include "context.h"
#include "fault.h"
#include "gate.h"
#include "process.h"
#include "thread.h"
#include "unwind.h"
#include "virtual.h"

#define RED_ZONE 128     /* below the stack pointer of host code */
#define UPPER_HALVES 256 /* 16 bytes of each of 16 ymm registers */
#ifndef FP_XSTATE_MAGIC1
#define FP_XSTATE_MAGIC1 0x46505853u /* asm/sigcontext.h, which can not be included beside signal.h */
#endif
#define FLAG_TRAP 0x100
#define FLAG_DIRECTION 0x400
#define FLAG_ALIGNMENT 0x40000

/* gate.S: the thread's block once it has run Windows code, else NULL; unlike the TEB it can be asked for anywhere. */
extern _Thread_local struct thread *gate_thread __attribute__((tls_model("local-exec")));

/* A fault that is being made an exception: what a fault of the handler itself has to report. */
struct handling {
    const ucontext_t *uc;
    struct fault fault;
};
static _Thread_local const struct handling *handling;

/* ContextFlags asks for everything; what no signal tells (debug and vector registers) is zero. */
static void context_from_signal(CONTEXT *context, const ucontext_t *uc)
{
    memset(context, 0, sizeof(*context));
    context->ContextFlags = CONTEXT_FULL | CONTEXT_SEGMENTS;
    context_from_ucontext(context, uc);
}

/* The upper halves of ymm0-ymm15 in the signal frame, as XSAVE's standard format lays them out; NULL if there are none.
 */
static const void *signal_upper_halves(const ucontext_t *uc)
{
    const char *state = (const char *)uc->uc_mcontext.fpregs;
    uint32_t magic;
    uint64_t present;

    memcpy(&magic, state + 464, sizeof(magic));
    memcpy(&present, state + 512, sizeof(present));
    return magic == FP_XSTATE_MAGIC1 && present & 4 ? state + 576 : NULL;
}

/* The state that exception_fault starts with.  Pending exceptions of the x87 unit would strike again. */
static void enter_dispatcher(ucontext_t *uc, EXCEPTION_RECORD *record, CONTEXT *context, const void *upper)
{
    greg_t *registers = uc->uc_mcontext.gregs;
    bool fail_fast = record->ExceptionCode == (DWORD)STATUS_STACK_BUFFER_OVERRUN;

    registers[REG_RIP] = fail_fast ? (greg_t)exception_fail_fast : (greg_t)exception_fault;
    registers[REG_RSP] = (greg_t)((ULONG64)record - 8);
    *(ULONG64 *)registers[REG_RSP] = 0;
    registers[REG_RDI] = (greg_t)record;
    registers[REG_RSI] = (greg_t)context;
    registers[REG_RDX] = (greg_t)upper;
    registers[REG_EFL] &= ~(greg_t)(FLAG_TRAP | FLAG_DIRECTION | FLAG_ALIGNMENT);
    uc->uc_mcontext.fpregs->mxcsr = 0x1f80;
    uc->uc_mcontext.fpregs->cwd = 0x27f;
    uc->uc_mcontext.fpregs->swd &= 0x7f00;
}

static enum fault_memory memory_kind(int signal, void *address)
{
    if (signal == SIGBUS)
        return FAULT_IN_PAGE;
    if (thread_stack_guard_hit(address))
        return FAULT_STACK_OVERFLOW;
    if (virtual_guard_hit(address))
        return FAULT_GUARD_PAGE;
    return FAULT_ACCESS;
}

/* Faults that are no exception of the program's: reports them from here, on the signal stack. */
static _Noreturn void crash_here(const ucontext_t *uc, int signal)
{
    static CONTEXT context; /* there is only one crash */
    EXCEPTION_RECORD record = {.ExceptionCode =
                                   signal == SIGILL ? STATUS_ILLEGAL_INSTRUCTION : STATUS_ACCESS_VIOLATION};

    context_from_signal(&context, uc);
    record.ExceptionAddress = (PVOID)context.Rip;
    record.NumberParameters = 2;
    record.ExceptionInformation[1] = uc->uc_mcontext.gregs[REG_CR2];
    crash_line(&record, &context);
}

/* The exception can not be written where the stack pointer points: reports it from here. */
static _Noreturn void crash_without_stack(const struct handling *outer)
{
    static CONTEXT context; /* there is only one crash */
    static EXCEPTION_RECORD record;

    unwind_walking = true; /* one more fault and crash_here has the last word */
    context_from_signal(&context, outer->uc);
    fault_describe(&outer->fault, &record, &context);
    crash_report(&record, &context);
    process_exit_exception(record.ExceptionCode);
}

static void handle_fault(int signal, siginfo_t *info, void *data)
{
    ucontext_t *uc = data;
    const greg_t *registers = uc->uc_mcontext.gregs;
    struct handling now = {uc, {registers[REG_TRAPNO], registers[REG_ERR], registers[REG_CR2], FAULT_ACCESS}};

    if (info->si_code <= 0) { /* sent by somebody: it does what it does to every program */
        struct sigaction action = {.sa_handler = SIG_DFL};
        sigaction(signal, &action, NULL);
        kill(getpid(), signal);
        return;
    }
    if (signal == SIGSEGV && kuser_fault(info->si_addr))
        return;
    if (unwind_walking || !gate_thread)
        crash_here(uc, signal);
    if (handling)
        crash_without_stack(handling);
    handling = &now;
    if (signal == SIGSEGV || signal == SIGBUS)
        now.fault.memory = memory_kind(signal, info->si_addr);
    ULONG64 sp = registers[REG_RSP] - (unwind_is_host(registers[REG_RIP]) ? RED_ZONE : 0);
    const void *from = signal_upper_halves(uc);
    void *upper = from ? memcpy((void *)((sp - UPPER_HALVES) & -16ull), from, UPPER_HALVES) : NULL;
    if (upper)
        sp = (ULONG64)upper;
    CONTEXT *context = (CONTEXT *)((sp - sizeof(*context)) & -16ull);
    EXCEPTION_RECORD *record = (EXCEPTION_RECORD *)(((ULONG64)context - sizeof(*record)) & -16ull);
    context_from_signal(context, uc);
    memset(record, 0, sizeof(*record));
    fault_describe(&now.fault, record, context);
    enter_dispatcher(uc, record, context, upper);
    handling = NULL;
}

void signal_init(void)
{
    static const int signals[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP};
    struct sigaction action = {.sa_sigaction = handle_fault, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER};

    for (unsigned i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
        sigaction(signals[i], &action, NULL);
}
