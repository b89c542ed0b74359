/*
 * registers.S: saving and loading all registers (CONTEXT).
 */

#define CONTEXT_FLAGS 0x30
#define MXCSR 0x34
#define SEGMENTS 0x38
#define EFLAGS 0x44
#define RAX 0x78
#define RCX 0x80
#define RDX 0x88
#define RBX 0x90
#define RSP 0x98
#define RBP 0xa0
#define RSI 0xa8
#define RDI 0xb0
#define R8 0xb8
#define R9 0xc0
#define R10 0xc8
#define R11 0xd0
#define R12 0xd8
#define R13 0xe0
#define R14 0xe8
#define R15 0xf0
#define RIP 0xf8
#define FLTSAVE 0x100

    .text

/* Stores what needs no thought into the CONTEXT at `base`; keeps every register. */
.macro store_registers base
    movl $0x10000f, CONTEXT_FLAGS(\base)        /* control, integer, segments, floating point */
    stmxcsr MXCSR(\base)
    movl $0x002b0033, SEGMENTS(\base)           /* cs, ds; es, fs; gs, ss as Windows has them */
    movl $0x0053002b, SEGMENTS+4(\base)
    movl $0x002b002b, SEGMENTS+8(\base)
    mov %rcx, RCX(\base)
    mov %rdx, RDX(\base)
    mov %rbx, RBX(\base)
    mov %rbp, RBP(\base)
    mov %rsi, RSI(\base)
    mov %rdi, RDI(\base)
    mov %r8, R8(\base)
    mov %r9, R9(\base)
    mov %r10, R10(\base)
    mov %r11, R11(\base)
    mov %r12, R12(\base)
    mov %r13, R13(\base)
    mov %r14, R14(\base)
    mov %r15, R15(\base)
    fxsave64 FLTSAVE(\base)
.endm

/* void WINAPI RtlCaptureContext(CONTEXT *): the state after this call returns. */
    .balign 16
    .globl RtlCaptureContext
    .hidden RtlCaptureContext
    .type RtlCaptureContext, @function
RtlCaptureContext:
    .cfi_startproc
    pushfq
    .cfi_adjust_cfa_offset 8
    mov %rax, RAX(%rcx)
    store_registers %rcx
    pop %rax
    .cfi_adjust_cfa_offset -8
    mov %eax, EFLAGS(%rcx)
    mov (%rsp), %rax
    mov %rax, RIP(%rcx)
    lea 8(%rsp), %rax
    mov %rax, RSP(%rcx)
    mov RAX(%rcx), %rax
    ret
    .cfi_endproc
    .size RtlCaptureContext, . - RtlCaptureContext

/* For CAPTURE_ENTRY (exception.h): rax is the CONTEXT, the return address of the entry is 1240 bytes above it. */
    .balign 16
    .globl context_save_caller
    .hidden context_save_caller
    .type context_save_caller, @function
context_save_caller:
    .cfi_startproc
    store_registers %rax
    movl $0x202, EFLAGS(%rax)
    movq $0, RAX(%rax)
    mov 1240(%rax), %r10
    mov %r10, RIP(%rax)
    lea 1248(%rax), %r10
    mov %r10, RSP(%rax)
    ret
    .cfi_endproc
    .size context_save_caller, . - context_save_caller

/*
 * _Noreturn void context_load(const CONTEXT *): jumps.  The frame for iretq lies on the present stack, so
 * that nothing below the new stack pointer is touched.
 */
    .balign 16
    .globl context_load
    .hidden context_load
    .type context_load, @function
context_load:
    .cfi_startproc
    .cfi_undefined %rip
    testb $8, CONTEXT_FLAGS(%rdi)
    je 1f
    fxrstor64 FLTSAVE(%rdi)
    ldmxcsr MXCSR(%rdi)
1:  mov %cs, %eax
    mov %ss, %ecx
    and $-16, %rsp
    sub $48, %rsp
    mov RIP(%rdi), %rdx
    mov %rdx, (%rsp)
    mov %rax, 8(%rsp)
    mov EFLAGS(%rdi), %edx
    mov %rdx, 16(%rsp)
    mov RSP(%rdi), %rdx
    mov %rdx, 24(%rsp)
    mov %rcx, 32(%rsp)
    mov RAX(%rdi), %rax
    mov RCX(%rdi), %rcx
    mov RDX(%rdi), %rdx
    mov RBX(%rdi), %rbx
    mov RBP(%rdi), %rbp
    mov RSI(%rdi), %rsi
    mov R8(%rdi), %r8
    mov R9(%rdi), %r9
    mov R10(%rdi), %r10
    mov R11(%rdi), %r11
    mov R12(%rdi), %r12
    mov R13(%rdi), %r13
    mov R14(%rdi), %r14
    mov R15(%rdi), %r15
    mov RDI(%rdi), %rdi
    iretq
    .cfi_endproc
    .size context_load, . - context_load

.macro copy_sixteen from, to            /* offsets in rsi (from) and rdi (to) */
    .set .Loffset, \from
    .rept (\to - \from) / 16
    movaps .Loffset(%rsi), %xmm0
    movaps %xmm0, .Loffset(%rdi)
    .set .Loffset, .Loffset + 16
    .endr
.endm

/* void unwind_copy(CONTEXT *to, const CONTEXT *from), unwind_copy_all: see unwind.h.  "rep movs" would be slower. */
    .balign 16
    .globl unwind_copy_all
    .hidden unwind_copy_all
    .type unwind_copy_all, @function
unwind_copy_all:
    .cfi_startproc
    copy_sixteen CONTEXT_FLAGS, 0x70
    copy_sixteen FLTSAVE, 0x120
    .cfi_endproc
    .size unwind_copy_all, . - unwind_copy_all   /* goes on in: */
    .globl unwind_copy
    .hidden unwind_copy
    .type unwind_copy, @function
unwind_copy:
    .cfi_startproc
    copy_sixteen 0x70, 0x100                     /* Dr7, rax ... rip */
    copy_sixteen 0x200, 0x2a0                    /* xmm6 ... xmm15 */
    ret
    .cfi_endproc
    .size unwind_copy, . - unwind_copy

/* void upper_halves_load(const void *): the upper halves of ymm0-ymm15; context_load then loads the lower ones. */
    .balign 16
    .globl upper_halves_load
    .hidden upper_halves_load
    .type upper_halves_load, @function
upper_halves_load:
    .cfi_startproc
    .irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
    vinsertf128 $1, 16*\n(%rdi), %ymm\n, %ymm\n
    .endr
    ret
    .cfi_endproc
    .size upper_halves_load, . - upper_halves_load

/* void upper_state_load(const void *area, uint64_t components): from an XSAVE area. */
    .balign 16
    .globl upper_state_load
    .hidden upper_state_load
    .type upper_state_load, @function
upper_state_load:
    .cfi_startproc
    mov %esi, %eax
    mov %rsi, %rdx
    shr $32, %rdx
    xrstor64 (%rdi)
    ret
    .cfi_endproc
    .size upper_state_load, . - upper_state_load

/* void call_on_stack(void *stack_top, void (*function)(void *, void *), void *a, void *b) */
    .balign 16
    .globl call_on_stack
    .hidden call_on_stack
    .type call_on_stack, @function
call_on_stack:
    .cfi_startproc
    push %rbp
    .cfi_def_cfa_offset 16
    .cfi_offset %rbp, -16
    mov %rsp, %rbp
    .cfi_def_cfa_register %rbp
    mov %rdi, %rsp
    mov %rsi, %rax
    mov %rdx, %rdi
    mov %rcx, %rsi
    call *%rax
    leave
    .cfi_def_cfa %rsp, 8
    ret
    .cfi_endproc
    .size call_on_stack, . - call_on_stack

    .section .note.GNU-stack,"",@progbits
