/*
 * callback_entry.S: where host code arrives that calls a Windows function (callback.c).
 *
 * r11: the entry of the trampoline.  The frame can be unwound: exceptions leave callbacks through it.
 */
	.text
	.balign 16
	.globl host_callback_entry
	.hidden host_callback_entry
	.hidden host_callback_run
	.type host_callback_entry, @function
host_callback_entry:
	.cfi_startproc
	push %rbp
	.cfi_def_cfa_offset 16
	.cfi_offset %rbp, -16
	mov %rsp, %rbp
	.cfi_def_cfa_register %rbp
	sub $112, %rsp
	mov %rdi, -112(%rbp)
	mov %rsi, -104(%rbp)
	mov %rdx, -96(%rbp)
	mov %rcx, -88(%rbp)
	mov %r8, -80(%rbp)
	mov %r9, -72(%rbp)
	movq %xmm0, -64(%rbp)
	movq %xmm1, -56(%rbp)
	movq %xmm2, -48(%rbp)
	movq %xmm3, -40(%rbp)
	movq %xmm4, -32(%rbp)
	movq %xmm5, -24(%rbp)
	movq %xmm6, -16(%rbp)
	movq %xmm7, -8(%rbp)
	mov 8(%r11), %rdi
	lea -112(%rbp), %rsi
	lea 16(%rbp), %rdx
	call host_callback_run
	/* The result, in both places where a caller may look for it. */
	movq %rax, %xmm0
	leave
	.cfi_def_cfa %rsp, 8
	ret
	.cfi_endproc
	.size host_callback_entry, . - host_callback_entry

	.section .note.GNU-stack,"",@progbits
