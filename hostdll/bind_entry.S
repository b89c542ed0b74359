/*
 * bind_entry.S: where Windows code arrives that calls a bound host function (bind_call.c).
 *
 * r11: the function's trampoline.  libffi's closures of the Windows convention would do, but their frames can not
 * be unwound, and exceptions leave host functions through callbacks.
 */
	.text
	.balign 16
	.globl bind_entry
	.hidden bind_entry
	.hidden bind_run
	.type bind_entry, @function
bind_entry:
	.cfi_startproc
	push %rbp
	.cfi_def_cfa_offset 16
	.cfi_offset %rbp, -16
	mov %rsp, %rbp
	.cfi_def_cfa_register %rbp
	sub $64, %rsp
	/* The caller has left four slots for the register arguments, in front of those on the stack. */
	mov %rcx, 16(%rbp)
	mov %rdx, 24(%rbp)
	mov %r8, 32(%rbp)
	mov %r9, 40(%rbp)
	movq %xmm0, -32(%rbp)
	movq %xmm1, -24(%rbp)
	movq %xmm2, -16(%rbp)
	movq %xmm3, -8(%rbp)
	mov 8(%r11), %rcx
	lea 16(%rbp), %rdx
	lea -32(%rbp), %r8
	call bind_run
	/* The result, in both places where a caller may look for it. */
	movq %rax, %xmm0
	leave
	.cfi_def_cfa %rsp, 8
	ret
	.cfi_endproc
	.size bind_entry, . - bind_entry

	.section .note.GNU-stack,"",@progbits
