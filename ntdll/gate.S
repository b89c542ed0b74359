/*
 * gate.S: the one way from host code into Windows code (see gate.h).
 *
 * The frame has a frame pointer and full call frame information, so that any DWARF reader steps through.
 * The gate_frame lies at a fixed place under rbp: rbp-32 previous, rbp-24 host_sp, rbp-16 dispatch.
 * Nothing else has to be saved: Windows code preserves all that System V code expects to survive.
 */

#define THREAD_GATE 8              /* offsetof(struct thread, gate); asserted in exception.c */
#define FRAME_SIZE 64              /* 32 bytes of shadow space, the gate_frame, padding */

    .section .tbss,"awT",@nobits
    .balign 8
    .globl gate_thread
    .hidden gate_thread
    .type gate_thread, @object
    .size gate_thread, 8
gate_thread:
    .zero 8

    .section .rodata
    .balign 4
initial_mxcsr:
    .long 0x1f80
initial_fpcw:
    .word 0x27f

    .text
    .globl gate_begin
    .hidden gate_begin
gate_begin:

/* ULONG_PTR guest_call(function, a, b, c, d) */
    .globl guest_call
    .hidden guest_call
    .type guest_call, @function
guest_call:
    .cfi_startproc
    mov %r8, %r9
    mov %rcx, %r8
    mov %rdx, %rcx
    mov %rsi, %rdx
    mov %rdi, %rsi
    xor %edi, %edi
    jmp guest_call_dispatch
    .cfi_endproc
    .size guest_call, . - guest_call

/* ULONG_PTR guest_call_dispatch(dispatch, function, a, b, c, d) */
    .balign 16
    .globl guest_call_dispatch
    .hidden guest_call_dispatch
    .type guest_call_dispatch, @function
guest_call_dispatch:
    .cfi_startproc
    push %rbp
    .cfi_def_cfa_offset 16
    .cfi_offset %rbp, -16
    mov %rsp, %rbp
    .cfi_def_cfa_register %rbp
    sub $FRAME_SIZE, %rsp
    mov %fs:gate_thread@tpoff, %r10
    test %r10, %r10
    je 3f
1:  mov THREAD_GATE(%r10), %r11
    lea -32(%rbp), %rax
    mov %r11, -32(%rbp)
    mov %rsp, -24(%rbp)
    mov %rdi, -16(%rbp)
    mov %rax, THREAD_GATE(%r10)
    test %r11, %r11
    je 4f
2:  xchg %rdx, %rcx                /* System V's third and fourth arguments are Windows' first and second */
    cld
    call *%rsi
    mov %fs:gate_thread@tpoff, %r10
    mov -32(%rbp), %r11
    mov %r11, THREAD_GATE(%r10)
    leave
    .cfi_def_cfa %rsp, 8
    ret
    .cfi_def_cfa %rbp, 16

    /* The first call on this thread: it may be a library's thread without a TEB. */
3:  mov %rdi, (%rsp)
    mov %rsi, 8(%rsp)
    mov %rdx, 16(%rsp)
    mov %rcx, 24(%rsp)
    mov %r8, -16(%rbp)
    mov %r9, -24(%rbp)
    call gate_attach
    mov %rax, %r10
    mov %rax, %fs:gate_thread@tpoff
    mov (%rsp), %rdi
    mov 8(%rsp), %rsi
    mov 16(%rsp), %rdx
    mov 24(%rsp), %rcx
    mov -16(%rbp), %r8
    mov -24(%rbp), %r9
    jmp 1b

    /* The outermost call: from here on the floating-point control words belong to Windows code. */
4:  fldcw initial_fpcw(%rip)
    ldmxcsr initial_mxcsr(%rip)
    jmp 2b
    .cfi_endproc
    .size guest_call_dispatch, . - guest_call_dispatch

/*
 * ULONG_PTR guest_call_n(function, count, arguments): more than four arguments go on the stack; the first
 * four are also put in xmm0-xmm3, where a callback with floating-point parameters looks for them.
 */
    .balign 16
    .globl guest_call_n
    .hidden guest_call_n
    .type guest_call_n, @function
guest_call_n:
    .cfi_startproc
    mov %rdx, %rcx
    mov %esi, %edx
    mov %rdi, %rsi
    xor %edi, %edi
    jmp guest_call_n_dispatch
    .cfi_endproc
    .size guest_call_n, . - guest_call_n

/* ULONG_PTR guest_call_n_dispatch(dispatch, function, count, arguments) */
    .balign 16
    .globl guest_call_n_dispatch
    .hidden guest_call_n_dispatch
    .type guest_call_n_dispatch, @function
guest_call_n_dispatch:
    .cfi_startproc
    push %rbp
    .cfi_def_cfa_offset 16
    .cfi_offset %rbp, -16
    mov %rsp, %rbp
    .cfi_def_cfa_register %rbp
    sub $32, %rsp
    mov %fs:gate_thread@tpoff, %r10
    test %r10, %r10
    je 7f
1:  mov THREAD_GATE(%r10), %r11
    lea -32(%rbp), %rax
    mov %r11, -32(%rbp)
    mov %rdi, -16(%rbp)
    mov %rax, THREAD_GATE(%r10)
    test %r11, %r11
    je 8f
2:  mov %rsi, %rax                 /* the function */
    mov %edx, %r10d                /* arguments: at least four slots, an even number */
    mov %rcx, %rdi
    mov $4, %ecx
    cmp %ecx, %r10d
    cmova %r10d, %ecx
    inc %ecx
    and $-2, %ecx
    shl $3, %ecx
    sub %rcx, %rsp
    mov %rsp, -24(%rbp)
    jmp 4f
3:  mov (%rdi,%r10,8), %r11
    mov %r11, (%rsp,%r10,8)
4:  sub $1, %r10d
    jns 3b
    mov (%rsp), %rcx
    mov 8(%rsp), %rdx
    mov 16(%rsp), %r8
    mov 24(%rsp), %r9
    movq %rcx, %xmm0
    movq %rdx, %xmm1
    movq %r8, %xmm2
    movq %r9, %xmm3
    cld
    call *%rax
    mov %fs:gate_thread@tpoff, %r10
    mov -32(%rbp), %r11
    mov %r11, THREAD_GATE(%r10)
    leave
    .cfi_def_cfa %rsp, 8
    ret
    .cfi_def_cfa %rbp, 16

7:  mov %rdi, (%rsp)
    mov %rsi, 8(%rsp)
    mov %rdx, 16(%rsp)
    mov %rcx, 24(%rsp)
    call gate_attach
    mov %rax, %r10
    mov %rax, %fs:gate_thread@tpoff
    mov (%rsp), %rdi
    mov 8(%rsp), %rsi
    mov 16(%rsp), %rdx
    mov 24(%rsp), %rcx
    jmp 1b
8:  fldcw initial_fpcw(%rip)
    ldmxcsr initial_mxcsr(%rip)
    jmp 2b
    .cfi_endproc
    .size guest_call_n_dispatch, . - guest_call_n_dispatch

    .globl gate_end
    .hidden gate_end
gate_end:

    .section .note.GNU-stack,"",@progbits
