/*
 * context.c: between Windows' CONTEXT and the host's ucontext_t.
 *
 * Layer: NT layer, pure copying; async-signal-safe.  Segment registers are reported as Windows has them: programs
 * compare them, and loading them is never wanted.  The x87 and SSE state has the processor's format in both worlds.
 */
#include <string.h>
#include "ntdll/context.h"

#define ASKS(flags, part) (((flags) & (part)) == (part))

static void floating_from_ucontext(CONTEXT *context, const ucontext_t *host)
{
    if (!host->uc_mcontext.fpregs) {
        context->ContextFlags &= ~(CONTEXT_FLOATING_POINT & ~CONTEXT_AMD64);
        return;
    }
    memcpy(&context->FltSave, host->uc_mcontext.fpregs, sizeof context->FltSave);
    memset((char *)&context->FltSave + 416, 0, 96); /* reserved for the kernel */
    context->MxCsr = context->FltSave.MxCsr;
}

void context_from_ucontext(CONTEXT *context, const ucontext_t *host)
{
    const greg_t *r = host->uc_mcontext.gregs;
    DWORD flags = context->ContextFlags;

    if (ASKS(flags, CONTEXT_CONTROL)) {
        context->Rip = r[REG_RIP];
        context->Rsp = r[REG_RSP];
        context->EFlags = r[REG_EFL];
        context->SegCs = 0x33;
        context->SegSs = 0x2b;
    }
    if (ASKS(flags, CONTEXT_INTEGER)) {
        context->Rax = r[REG_RAX];
        context->Rcx = r[REG_RCX];
        context->Rdx = r[REG_RDX];
        context->Rbx = r[REG_RBX];
        context->Rbp = r[REG_RBP];
        context->Rsi = r[REG_RSI];
        context->Rdi = r[REG_RDI];
        context->R8 = r[REG_R8];
        context->R9 = r[REG_R9];
        context->R10 = r[REG_R10];
        context->R11 = r[REG_R11];
        context->R12 = r[REG_R12];
        context->R13 = r[REG_R13];
        context->R14 = r[REG_R14];
        context->R15 = r[REG_R15];
    }
    if (ASKS(flags, CONTEXT_SEGMENTS)) {
        context->SegDs = context->SegEs = context->SegGs = 0x2b;
        context->SegFs = 0x53;
    }
    if (ASKS(flags, CONTEXT_FLOATING_POINT))
        floating_from_ucontext(context, host);
}

void context_to_ucontext(ucontext_t *host, const CONTEXT *context)
{
    greg_t *r = host->uc_mcontext.gregs;
    DWORD flags = context->ContextFlags;

    if (ASKS(flags, CONTEXT_CONTROL)) {
        r[REG_RIP] = context->Rip;
        r[REG_RSP] = context->Rsp;
        r[REG_EFL] = (r[REG_EFL] & ~0xdd5) | (context->EFlags & 0xdd5); /* what user mode may change */
    }
    if (ASKS(flags, CONTEXT_INTEGER)) {
        r[REG_RAX] = context->Rax;
        r[REG_RCX] = context->Rcx;
        r[REG_RDX] = context->Rdx;
        r[REG_RBX] = context->Rbx;
        r[REG_RBP] = context->Rbp;
        r[REG_RSI] = context->Rsi;
        r[REG_RDI] = context->Rdi;
        r[REG_R8] = context->R8;
        r[REG_R9] = context->R9;
        r[REG_R10] = context->R10;
        r[REG_R11] = context->R11;
        r[REG_R12] = context->R12;
        r[REG_R13] = context->R13;
        r[REG_R14] = context->R14;
        r[REG_R15] = context->R15;
    }
    if (ASKS(flags, CONTEXT_FLOATING_POINT) && host->uc_mcontext.fpregs) {
        memcpy(host->uc_mcontext.fpregs, &context->FltSave, 416);
        host->uc_mcontext.fpregs->mxcsr = context->MxCsr;
    }
}
