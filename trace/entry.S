/*
 * entry.S: what the loader binds instead of traced functions.
 *
 * Stub i loads i and jumps to the common part, which keeps the arguments, lets trace_begin print them, makes the
 * call with a copy of them, and gives the result to trace_end.  libffi could do this, but the frames of
 * its Windows convention can not be unwound, and exceptions pass through traced functions (callbacks).
 */
#include "trace/entry.h"

	.text
	.balign 16
	.globl trace_stubs
	.hidden trace_stubs
	.hidden trace_begin
	.hidden trace_end
trace_stubs:
	.cfi_startproc
	.set index, 0
	.rept TRACE_STUB_MAX
	.balign TRACE_STUB_SIZE, 0xcc
	mov $index, %eax
	jmp common
	.set index, index + 1
	.endr
	.cfi_endproc

/* Below rbp: xmm0-3, struct call, and room for the arguments of the call. */
#define XMM (-64)
#define CALL (XMM - TRACE_CALL_SIZE)
#define FRAME (64 + TRACE_CALL_SIZE + 32 + 8 * TRACE_STACK_SLOTS_MAX)

	.balign 16
common:
	.cfi_startproc
	push %rbp
	.cfi_def_cfa_offset 16
	.cfi_offset %rbp, -16
	mov %rsp, %rbp
	.cfi_def_cfa_register %rbp
	sub $FRAME, %rsp
	/* The caller has left four slots for the register arguments, in front of those on the stack. */
	mov %rcx, 16(%rbp)
	mov %rdx, 24(%rbp)
	mov %r8, 32(%rbp)
	mov %r9, 40(%rbp)
	movups %xmm0, XMM(%rbp)
	movups %xmm1, XMM+16(%rbp)
	movups %xmm2, XMM+32(%rbp)
	movups %xmm3, XMM+48(%rbp)

	mov %eax, %ecx
	lea 16(%rbp), %rdx
	lea XMM(%rbp), %r8
	lea CALL(%rbp), %r9
	call trace_begin
	mov %rax, %r11

	mov CALL(%rbp), %ecx
1:	mov 40(%rbp,%rcx,8), %r10
	mov %r10, 24(%rsp,%rcx,8)
	dec %ecx
	jnz 1b
	mov 16(%rbp), %rcx
	mov 24(%rbp), %rdx
	mov 32(%rbp), %r8
	mov 40(%rbp), %r9
	movups XMM(%rbp), %xmm0
	movups XMM+16(%rbp), %xmm1
	movups XMM+32(%rbp), %xmm2
	movups XMM+48(%rbp), %xmm3
	call *%r11

	mov %rax, XMM+16(%rbp)
	movups %xmm0, XMM(%rbp)
	lea CALL(%rbp), %rcx
	mov %rax, %rdx
	lea XMM(%rbp), %r8
	call trace_end
	mov XMM+16(%rbp), %rax
	movups XMM(%rbp), %xmm0
	leave
	.cfi_def_cfa %rsp, 8
	ret
	.cfi_endproc

	.section .note.GNU-stack, "", @progbits
