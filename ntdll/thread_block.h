/*
 * thread_block.h: between thread.c, thread_create.c and thread_stack.c: a thread's memory.
 *
 * From low to high: alternate signal stack, guard zone, stack, TEB with struct thread.
 */
#ifndef NTDLL_THREAD_BLOCK_H
#define NTDLL_THREAD_BLOCK_H

#include "thread.h"

#define THREAD_BLOCK_SIZE 0x2000 /* TEB and struct thread */
#define SIGNAL_STACK_SIZE 0x8000
#define STACK_GUARD_SIZE 0x10000 /* lower half for ever closed, upper half opened on an overflow */
#define STACK_GUARD_OPENED 0xc000

struct thread_object;

/* Fills a zeroed TEB; the stack limits are the caller's. */
void thread_block_fill(PTEB teb, struct thread_object *object, char *signal_stack);

/* On the thread itself: GS, alternate stack, list. */
void thread_block_enter(PTEB teb, int tid);

/* Counts one more thread that runs Windows code; thread_exit counts it down, the last one ends the process. */
void thread_count_start(void);

/* The end without Windows code (TerminateThread); `jump` is the thread's exit_jump, NULL for the first thread. */
_Noreturn void thread_leave(ULONG code, void **jump);

/* True if no other thread runs Windows code. */
bool thread_is_last(void);

/* Counts one thread down; the last one ends the process with `code`. */
void thread_count_end(ULONG code);

void thread_stack_init_first(PTEB teb);

/* The bytes of stack for what a program asks for (0, 0: what its headers say), without the guard zone. */
size_t thread_stack_size(size_t commit, size_t reserve);

/* mutant.c: what the ending thread still owns becomes abandoned. */
void mutant_abandon_all(void);

#endif
