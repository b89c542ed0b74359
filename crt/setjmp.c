/*
 * setjmp.c: setjmp and longjmp.
 *
 * Layer: crt.  The buffer is _JUMP_BUFFER (ABI: compilers reserve it).  With a frame in it, longjmp unwinds to that
 * frame, so that __finally blocks run; without one it just goes back.
 */
#include "crt/eh.h"

_Static_assert(offsetof(struct jump_buffer, Rip) == 80 && offsetof(struct jump_buffer, MxCsr) == 88 &&
                   offsetof(struct jump_buffer, FpCsr) == 92 && offsetof(struct jump_buffer, Xmm) == 96,
               "the assembler below knows the layout");

/* int setjmp(buffer, frame): stores the caller's registers; __intrinsic_setjmp has no frame. */
__asm__(".text\n.balign 16\n.globl crt_setjmp\n.hidden crt_setjmp\n.type crt_setjmp, @function\n"
        ".globl crt_setjmp_plain\n.hidden crt_setjmp_plain\n.type crt_setjmp_plain, @function\n"
        "crt_setjmp_plain:\n.cfi_startproc\n"
        "xor %edx, %edx\n"
        "crt_setjmp:\n"
        "mov %rdx, (%rcx)\n"
        "mov %rbx, 8(%rcx)\n"
        "lea 8(%rsp), %rax\n"
        "mov %rax, 16(%rcx)\n"
        "mov %rbp, 24(%rcx)\n"
        "mov %rsi, 32(%rcx)\n"
        "mov %rdi, 40(%rcx)\n"
        "mov %r12, 48(%rcx)\n"
        "mov %r13, 56(%rcx)\n"
        "mov %r14, 64(%rcx)\n"
        "mov %r15, 72(%rcx)\n"
        "mov (%rsp), %rax\n"
        "mov %rax, 80(%rcx)\n"
        "stmxcsr 88(%rcx)\n"
        "fnstcw 92(%rcx)\n"
        "movups %xmm6, 96(%rcx)\n"
        "movups %xmm7, 112(%rcx)\n"
        "movups %xmm8, 128(%rcx)\n"
        "movups %xmm9, 144(%rcx)\n"
        "movups %xmm10, 160(%rcx)\n"
        "movups %xmm11, 176(%rcx)\n"
        "movups %xmm12, 192(%rcx)\n"
        "movups %xmm13, 208(%rcx)\n"
        "movups %xmm14, 224(%rcx)\n"
        "movups %xmm15, 240(%rcx)\n"
        "xor %eax, %eax\n"
        "ret\n"
        ".cfi_endproc\n.size crt_setjmp_plain, . - crt_setjmp_plain\n");

/* longjmp(buffer, value): `context` is the caller's. */
__attribute__((used)) void WINAPI jump(struct jump_buffer *buffer, int value, void *c, void *d, CONTEXT *context)
{
    EXCEPTION_RECORD record = {
        .ExceptionCode = STATUS_LONGJUMP, .NumberParameters = 1, .ExceptionInformation = {(ULONG_PTR)buffer}};

    (void)c, (void)d;
    if (!value)
        value = 1;
    if (buffer->Frame)
        unwind_from_caller((PVOID)buffer->Frame, (PVOID)buffer->Rip, &record, (PVOID)(ULONG_PTR)value, context);
    context->Rax = value;
    RtlRestoreContext(context, &record);
}
CAPTURE_ENTRY(crt_longjmp, jump);
