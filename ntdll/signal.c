/*
 * signal.c: faults arrive as signals, and go on as exceptions on the thread's own stack.
 *
 * Layer: ntdll.  The handler runs on the thread's alternate stack.  It writes EXCEPTION_RECORD and CONTEXT below the
 * interrupted frame, and leaves the signal for exception_fault; so Windows code never runs on the signal
 * stack, with signals blocked, or inside a signal.
 */
#include <signal.h>
#include <string.h>
#include <ucontext.h>
#include <unistd.h>
#include "context.h"
#include "debugregs.h"
#include "fault.h"
#include "gate.h"
#include "large.h"
#include "probe.h"
#include "process.h"
#include "thread.h"
#include "unwind.h"
#include "virtual.h"

#define PAGE_FAULT_PRESENT 1 /* of the processor's error code: the page is there, and forbids the access */
#define RED_ZONE 128         /* below the stack pointer of host code */
#define UPPER_HALVES 256     /* 16 bytes of each of 16 ymm registers */
#define UPPER_AVX 4u
#define UPPER_AVX512 0xe4u
#ifndef FP_XSTATE_MAGIC1
#define FP_XSTATE_MAGIC1 0x46505853u /* asm/sigcontext.h, which can not be included beside signal.h */
#endif

/* gate.S: the thread's block once it has run Windows code, else NULL; unlike the TEB it can be asked for anywhere. */
extern _Thread_local struct thread *gate_thread __attribute__((tls_model("local-exec")));

/* A fault that is being made an exception: what a fault of the handler itself has to report. */
struct handling {
    const ucontext_t *uc;
    struct fault fault;
};
static _Thread_local const struct handling *handling;

/* ContextFlags asks for everything; what no signal tells (vector registers) is zero. */
static void context_from_signal(CONTEXT *context, const ucontext_t *uc)
{
    memset(context, 0, sizeof(*context));
    context->ContextFlags = CONTEXT_ALL;
    context_from_ucontext(context, uc);
    if (gate_thread)
        debugregs_get(gate_thread, context);
}

/*
 * Registers that CONTEXT has no room for, taken from the signal frame, where they lie as XSAVE's standard format has
 * them.  Usually these are the upper halves of ymm0-ymm15; the whole area is kept only if AVX-512 is in use, since it
 * is larger than a small stack (Go's) likes.  Copies to below *sp.
 */
static struct upper_state save_upper_state(const ucontext_t *uc, ULONG64 *sp)
{
    const char *state = (const char *)uc->uc_mcontext.fpregs;
    struct upper_state upper = {0};
    uint32_t magic, size;
    uint64_t present;

    memcpy(&magic, state + 464, sizeof(magic));
    memcpy(&size, state + 480, sizeof(size));
    memcpy(&present, state + 512, sizeof(present));
    if (magic != FP_XSTATE_MAGIC1)
        return upper;
    if (present & UPPER_AVX512) {
        upper.components = present & (UPPER_AVX512 | UPPER_AVX);
        *sp = (*sp - size) & -64ull;
        upper.memory = memcpy((void *)*sp, state, size);
    } else if (present & UPPER_AVX) {
        *sp = (*sp - UPPER_HALVES) & -16ull;
        upper.memory = memcpy((void *)*sp, state + 576, UPPER_HALVES);
    }
    return upper;
}

/*
 * Goes on in the dispatcher, on the thread's own stack, without the system call by which a handler returns: the signal
 * mask is what it was (SA_NODEFER), and the kernel takes the alternate stack for free once the stack pointer has
 * left it.  It has given the handler a fresh floating-point state and cleared the trap and direction flags; how the
 * program calculates (rounding, masks) is taken over, as handlers and what comes after them calculate like that, too.
 */
static _Noreturn void enter_dispatcher(EXCEPTION_RECORD *record, CONTEXT *context, struct upper_state upper)
{
    bool fail_fast = record->ExceptionCode == (DWORD)STATUS_STACK_BUFFER_OVERRUN;

    __asm__ volatile("fldcw %5\n\t"
                     "ldmxcsr %6\n\t"
                     "mov %0, %%rsp\n\t"
                     "push $0\n\t" /* where a return address would be: the last frame */
                     "jmp *%4"
                     :
                     : "D"(record), "S"(context), "d"(upper.memory), "c"(upper.components),
                       "a"(fail_fast ? (void *)exception_fail_fast : (void *)exception_fault),
                       "m"(context->FltSave.ControlWord), "m"(context->MxCsr)
                     : "memory");
    __builtin_unreachable();
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
    static CONTEXT context LARGE; /* there is only one crash */
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
    static CONTEXT context LARGE; /* there is only one crash */
    static EXCEPTION_RECORD record;

    unwind_walking = true; /* one more fault and crash_here has the last word */
    context_from_signal(&context, outer->uc);
    fault_describe(&outer->fault, &record, &context);
    crash_report(&record, &context);
    process_exit_exception(record.ExceptionCode);
}

/* A fault in memory that we were asked to use carefully: goes on where probe.S wants it. */
static bool probe_fault(ucontext_t *uc)
{
    greg_t *registers = uc->uc_mcontext.gregs;
    ULONG64 pc = registers[REG_RIP];

    if (pc >= (ULONG64)probe_begin && pc < (ULONG64)probe_end) {
        registers[REG_RIP] = (greg_t)probe_failed;
    } else if (guard_sp) {
        registers[REG_RSP] = (greg_t)guard_sp;
        registers[REG_RIP] = (greg_t)guard_failed;
    } else {
        return false;
    }
    return true;
}

/*
 * A breakpoint of the processor is hit: by the program, and not by our own steps to a handler, which look at the same
 * stack, or in code that must not be left.
 */
static bool hit_is_exception(ULONG64 pc)
{
    return gate_thread && !handling && !unwind_walking && !guard_sp &&
           !(pc >= (ULONG64)probe_begin && pc < (ULONG64)probe_end);
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
    bool watched = debugregs_hit(signal, info);
    if (watched && !hit_is_exception(registers[REG_RIP]))
        return;
    if (watched)
        now.fault.trap = FAULT_DEBUG;
    else if (signal == SIGTRAP && gate_thread && now.fault.trap == FAULT_DEBUG)
        debugregs_step();
    if (signal == SIGSEGV && kuser_fault(info->si_addr))
        return;
    if (signal == SIGSEGV && !(registers[REG_ERR] & PAGE_FAULT_PRESENT) && virtual_late_hit(info->si_addr, 1))
        return;
    if (probe_fault(uc))
        return;
    if (unwind_walking || !gate_thread)
        crash_here(uc, signal);
    if (handling)
        crash_without_stack(handling);
    handling = &now;
    if (signal == SIGSEGV || signal == SIGBUS)
        now.fault.memory = memory_kind(signal, info->si_addr);
    ULONG64 sp = registers[REG_RSP] - (unwind_is_host(registers[REG_RIP]) ? RED_ZONE : 0);
    struct upper_state upper = save_upper_state(uc, &sp);
    CONTEXT *context = (CONTEXT *)((sp - sizeof(*context)) & -16ull);
    EXCEPTION_RECORD *record = (EXCEPTION_RECORD *)(((ULONG64)context - sizeof(*record)) & -16ull);
    context_from_signal(context, uc);
    memset(record, 0, sizeof(*record));
    fault_describe(&now.fault, record, context);
    handling = NULL;
    enter_dispatcher(record, context, upper);
}

void signal_init(void)
{
    static const int signals[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP};
    struct sigaction action = {.sa_sigaction = handle_fault, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER};

    for (unsigned i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
        sigaction(signals[i], &action, NULL);
}
