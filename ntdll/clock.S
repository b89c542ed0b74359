/*
 * clock.S: reading a clock of the host from Windows code.
 *
 * A call of host code costs the ten registers xmm6-xmm15, which Windows' convention keeps: as much again as reading a
 * clock.  The kernel's own code for it (the vDSO) is built without floating point and leaves them alone.
 */
    .text

/* void clock_read(clockid_t clock, struct timespec *now), in Windows' convention */
    .globl clock_read
    .hidden clock_read
    .type clock_read, @function
    .p2align 4
clock_read:
    .cfi_startproc
    push %rdi
    .cfi_adjust_cfa_offset 8
    .cfi_rel_offset %rdi, 0
    push %rsi
    .cfi_adjust_cfa_offset 8
    .cfi_rel_offset %rsi, 0
    sub $8, %rsp
    .cfi_adjust_cfa_offset 8
    mov %ecx, %edi
    mov %rdx, %rsi
    call *clock_vdso(%rip)
    add $8, %rsp
    .cfi_adjust_cfa_offset -8
    pop %rsi
    .cfi_adjust_cfa_offset -8
    .cfi_restore %rsi
    pop %rdi
    .cfi_adjust_cfa_offset -8
    .cfi_restore %rdi
    ret
    .cfi_endproc
    .size clock_read, .-clock_read

    .section .note.GNU-stack,"",@progbits
