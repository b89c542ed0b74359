/*
 * probe.S: using memory that the program names and that may be bad (probe.h).  signal.c knows these addresses: a fault
 * is an answer here and no exception.
 */
    .text
    .globl probe_begin, probe_end, probe_failed
    .hidden probe_begin, probe_end, probe_failed

/* bool probe_write(void *memory, size_t size): writes back what is there, at both ends. */
    .balign 16
    .globl probe_write
    .hidden probe_write
    .type probe_write, @function
probe_write:
    .cfi_startproc
    xor %eax, %eax
probe_begin:
    lock orb $0, (%rdi)
    lock orb $0, -1(%rdi,%rsi)
probe_end:
    inc %eax
probe_failed:
    ret
    .cfi_endproc
    .size probe_write, . - probe_write

    .section .tbss,"awT",@nobits
    .balign 8
    .globl guard_sp
    .hidden guard_sp
    .type guard_sp, @object
    .size guard_sp, 8
guard_sp:
    .zero 8

    .text
/* bool guarded_call(bool (*function)(void *), void *argument): see probe.h. */
    .balign 16
    .globl guarded_call, guard_failed
    .hidden guarded_call, guard_failed
    .type guarded_call, @function
guarded_call:
    .cfi_startproc
    push %rbp
    .cfi_def_cfa_offset 16
    .cfi_offset %rbp, -16
    mov %rsp, %rbp
    .cfi_def_cfa_register %rbp
    push %rbx
    push %r12
    push %r13
    push %r14
    push %r15
    push %fs:guard_sp@tpoff
    mov %rsp, %fs:guard_sp@tpoff
    mov %rdi, %rax
    mov %rsi, %rdi
    call *%rax
1:  pop %fs:guard_sp@tpoff
    pop %r15
    pop %r14
    pop %r13
    pop %r12
    pop %rbx
    pop %rbp
    .cfi_def_cfa %rsp, 8
    ret
    .cfi_def_cfa %rbp, 16
guard_failed:
    lea 48(%rsp), %rbp
    xor %eax, %eax
    cld
    jmp 1b
    .cfi_endproc
    .size guarded_call, . - guarded_call

    .section .note.GNU-stack,"",@progbits
