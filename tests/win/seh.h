/*
 * seh.h: __try and __finally for a compiler that has neither: two functions in assembler with scope tables.
 */
#ifndef SEH_H
#define SEH_H

#include <windows.h>

/* __try { function(argument); return FALSE; } __except (filter(pointers)) { return TRUE; } */
BOOL try_except(void (*function)(void *), void *argument, LONG (*filter)(EXCEPTION_POINTERS *));

/* __try { function(argument); } __finally { finally(abnormal); } */
void try_finally(void (*function)(void *), void *argument, void (*finally)(BOOLEAN abnormal));

__asm__(".text\n"
        ".def try_except; .scl 2; .type 32; .endef\n"
        ".globl try_except\n"
        ".seh_proc try_except\n"
        "try_except:\n"
        "push %rbp\n"
        ".seh_pushreg %rbp\n"
        "sub $48, %rsp\n"
        ".seh_stackalloc 48\n"
        ".seh_endprologue\n"
        "mov %r8, 40(%rsp)\n"
        "mov %rcx, %rax\n"
        "mov %rdx, %rcx\n"
        ".Ltry_begin:\n"
        "call *%rax\n"
        "nop\n"
        ".Ltry_end:\n"
        "xor %eax, %eax\n"
        "jmp .Ltry_leave\n"
        ".Ltry_except:\n"
        "mov $1, %eax\n"
        ".Ltry_leave:\n"
        "add $48, %rsp\n"
        "pop %rbp\n"
        "ret\n"
        ".seh_handler __C_specific_handler, @except, @unwind\n"
        ".seh_handlerdata\n"
        ".long 1\n"
        ".rva .Ltry_begin, .Ltry_end, .Ltry_filter, .Ltry_except\n"
        ".text\n"
        ".seh_endproc\n"
        ".Ltry_filter:\n"
        "jmp *40(%rdx)\n"
        ".def try_finally; .scl 2; .type 32; .endef\n"
        ".globl try_finally\n"
        ".seh_proc try_finally\n"
        "try_finally:\n"
        "sub $56, %rsp\n"
        ".seh_stackalloc 56\n"
        ".seh_endprologue\n"
        "mov %r8, 40(%rsp)\n"
        "mov %rcx, %rax\n"
        "mov %rdx, %rcx\n"
        ".Lfinally_begin:\n"
        "call *%rax\n"
        "nop\n"
        ".Lfinally_end:\n"
        "xor %ecx, %ecx\n"
        "call *40(%rsp)\n"
        "nop\n"
        "add $56, %rsp\n"
        "ret\n"
        ".seh_handler __C_specific_handler, @except, @unwind\n"
        ".seh_handlerdata\n"
        ".long 1\n"
        ".rva .Lfinally_begin, .Lfinally_end, .Lfinally_handler\n"
        ".long 0\n"
        ".text\n"
        ".seh_endproc\n"
        ".Lfinally_handler:\n"
        "jmp *40(%rdx)\n");

#endif
