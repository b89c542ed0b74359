/*
 * fiber.h: fibers.  The first five fields are what programs see behind TEB.FiberData.
 */
#ifndef NTDLL_FIBER_H
#define NTDLL_FIBER_H

#include "thread.h"

struct fiber {
    void *data; /* GetFiberData() reads it: must be first */
    void *exception_list;
    void *stack_base, *stack_limit, *stack_allocation;
    void *sp;         /* where fiber_switch.S saved the registers */
    void *fls;        /* TEB.FlsData */
    void *activation; /* TEB.ActivationContextStackPointer */
    struct gate_frame *gate;
    char *guard_low, *guard_end; /* as in struct thread */
    uint32_t guard_open;
    ULONG guaranteed_bytes;
    LPFIBER_START_ROUTINE start; /* NULL: made from a thread */
    char *memory;                /* its stack with guard zone; NULL: the thread's own */
    size_t memory_size;
};

/* The calling thread becomes a fiber.  NULL: no memory. */
struct fiber *fiber_from_thread(void *data);

/* The calling fiber becomes a thread again. */
void fiber_to_thread(void);

/* A new fiber that has not run. NULL: no memory. */
struct fiber *fiber_create(size_t commit, size_t reserve, LPFIBER_START_ROUTINE start, void *data);

/* Frees a fiber that does not run: callbacks of its FLS values, its stack. */
void fiber_delete(struct fiber *fiber);

#endif
