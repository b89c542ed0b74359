/*
 * probe.S: asks whether memory of the program can be written (probe.h).  signal.c knows these addresses: a fault
 * here is the answer "no" and no exception.
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

    .section .note.GNU-stack,"",@progbits
