/*
 * fiber_switch.S: SwitchToFiber: saves what the Microsoft convention preserves, exchanges the stacks.
 *
 * Below the return address: eight registers, then ten xmm registers, MXCSR and the x87 control word
 * (fiber.c lays the same out for a new fiber).
 */
    .text
    .balign 16
    .globl SwitchToFiber
    .hidden SwitchToFiber
    .type SwitchToFiber, @function
SwitchToFiber:
    .cfi_startproc
    push %rbp
    .cfi_adjust_cfa_offset 8
    .cfi_rel_offset %rbp, 0
    push %rbx
    .cfi_adjust_cfa_offset 8
    .cfi_rel_offset %rbx, 0
    push %rdi
    .cfi_adjust_cfa_offset 8
    .cfi_rel_offset %rdi, 0
    push %rsi
    .cfi_adjust_cfa_offset 8
    .cfi_rel_offset %rsi, 0
    push %r12
    .cfi_adjust_cfa_offset 8
    .cfi_rel_offset %r12, 0
    push %r13
    .cfi_adjust_cfa_offset 8
    .cfi_rel_offset %r13, 0
    push %r14
    .cfi_adjust_cfa_offset 8
    .cfi_rel_offset %r14, 0
    push %r15
    .cfi_adjust_cfa_offset 8
    .cfi_rel_offset %r15, 0
    sub $184, %rsp
    .cfi_adjust_cfa_offset 184
    movaps %xmm6, (%rsp)
    movaps %xmm7, 16(%rsp)
    movaps %xmm8, 32(%rsp)
    movaps %xmm9, 48(%rsp)
    movaps %xmm10, 64(%rsp)
    movaps %xmm11, 80(%rsp)
    movaps %xmm12, 96(%rsp)
    movaps %xmm13, 112(%rsp)
    movaps %xmm14, 128(%rsp)
    movaps %xmm15, 144(%rsp)
    stmxcsr 160(%rsp)
    fnstcw 164(%rsp)
    mov %rcx, %rdi
    mov %rsp, %rsi
    call fiber_exchange
    mov %rax, %rsp
    fldcw 164(%rsp)
    ldmxcsr 160(%rsp)
    movaps 144(%rsp), %xmm15
    movaps 128(%rsp), %xmm14
    movaps 112(%rsp), %xmm13
    movaps 96(%rsp), %xmm12
    movaps 80(%rsp), %xmm11
    movaps 64(%rsp), %xmm10
    movaps 48(%rsp), %xmm9
    movaps 32(%rsp), %xmm8
    movaps 16(%rsp), %xmm7
    movaps (%rsp), %xmm6
    add $184, %rsp
    .cfi_adjust_cfa_offset -184
    pop %r15
    .cfi_adjust_cfa_offset -8
    pop %r14
    .cfi_adjust_cfa_offset -8
    pop %r13
    .cfi_adjust_cfa_offset -8
    pop %r12
    .cfi_adjust_cfa_offset -8
    pop %rsi
    .cfi_adjust_cfa_offset -8
    pop %rdi
    .cfi_adjust_cfa_offset -8
    pop %rbx
    .cfi_adjust_cfa_offset -8
    pop %rbp
    .cfi_adjust_cfa_offset -8
    ret
    .cfi_endproc
    .size SwitchToFiber, . - SwitchToFiber

/* Where a new fiber begins: the end of its stack for every unwinder. */
    .globl fiber_first
    .hidden fiber_first
    .type fiber_first, @function
fiber_first:
    .cfi_startproc
    .cfi_undefined %rip
    call fiber_main
    ud2
    .cfi_endproc
    .size fiber_first, . - fiber_first

    .section .note.GNU-stack,"",@progbits
