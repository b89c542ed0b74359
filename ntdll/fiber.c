/*
 * fiber.c: fibers: stacks that a thread switches between.
 *
 * Layer: NT layer.  What belongs to a stack travels with the fiber: the TEB's limits, FLS, activation contexts, the
 * gate frames, the guard zone.  Registers are saved on the stack that is left (fiber_switch.S).
 */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include "ntthread.h"
#include "ntdll/fiber.h"
#include "ntdll/gate.h"
#include "ntdll/thread_block.h"

#define HAS_FIBER_DATA 4 /* TEB.SameTebFlags */
#define SAVED_SIZE 184   /* fiber_switch.S: floating-point state below eight registers */
#define SAVED_MXCSR 160
#define SAVED_CONTROL_WORD 164

void *fiber_exchange(struct fiber *to, void *sp);
void fiber_first(void);
_Noreturn void fiber_main(void);

static void teb_to_fiber(struct fiber *fiber)
{
    PTEB teb = teb_current();
    struct thread *thread = thread_current();

    fiber->exception_list = teb->Tib.ExceptionList;
    fiber->stack_base = teb->Tib.StackBase;
    fiber->stack_limit = teb->Tib.StackLimit;
    fiber->stack_allocation = teb->DeallocationStack;
    fiber->fls = teb->FlsData;
    fiber->activation = teb->ActivationContextStackPointer;
    fiber->guaranteed_bytes = teb->GuaranteedStackBytes;
    fiber->gate = thread->gate;
    fiber->guard_low = thread->stack_low;
    fiber->guard_end = thread->guard_end;
    fiber->guard_open = thread->guard_open;
}

static void fiber_to_teb(struct fiber *fiber)
{
    PTEB teb = teb_current();
    struct thread *thread = thread_current();

    teb->Tib.ExceptionList = fiber->exception_list;
    teb->Tib.StackBase = fiber->stack_base;
    teb->Tib.StackLimit = fiber->stack_limit;
    teb->DeallocationStack = fiber->stack_allocation;
    teb->FlsData = fiber->fls;
    teb->ActivationContextStackPointer = fiber->activation;
    teb->GuaranteedStackBytes = fiber->guaranteed_bytes;
    teb->Tib.FiberData = fiber;
    thread->gate = fiber->gate;
    thread->stack_low = fiber->guard_low;
    thread->guard_end = fiber->guard_end;
    thread->guard_open = fiber->guard_open;
}

/* Called by SwitchToFiber with the registers saved at `sp`; returns where those of `to` are. */
void *fiber_exchange(struct fiber *to, void *sp)
{
    struct fiber *from = teb_current()->Tib.FiberData;

    from->sp = sp;
    teb_to_fiber(from);
    fiber_to_teb(to);
    return to->sp;
}

void fiber_main(void)
{
    struct fiber *fiber = teb_current()->Tib.FiberData;

    guest_call(fiber->start, GUEST(fiber->data), 0, 0, 0);
    thread_exit(0);
}

/* The stack as SwitchToFiber would have left it: zero registers, Windows' floating-point state, "return" to
 * fiber_first. */
static void prepare_stack(struct fiber *fiber)
{
    char *sp = (char *)fiber->stack_base - 32 - SAVED_SIZE - 64 - 8;
    void *first = (void *)fiber_first;

    memset(sp, 0, SAVED_SIZE + 64 + 8 + 32);
    memcpy(sp + SAVED_SIZE + 64, &first, sizeof first);
    memcpy(sp + SAVED_MXCSR, &(uint32_t){0x1f80}, 4);
    memcpy(sp + SAVED_CONTROL_WORD, &(uint16_t){0x27f}, 2);
    fiber->sp = sp;
}

struct fiber *fiber_create(size_t commit, size_t reserve, LPFIBER_START_ROUTINE start, void *data)
{
    struct fiber *fiber = calloc(1, sizeof *fiber);
    size_t size = thread_stack_size(commit, reserve) + STACK_GUARD_SIZE;
    char *memory;

    if (!fiber)
        return NULL;
    memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
    if (memory == MAP_FAILED) {
        free(fiber);
        return NULL;
    }
    mprotect(memory, STACK_GUARD_SIZE, PROT_NONE);
    fiber->data = data;
    fiber->start = start;
    fiber->memory = memory;
    fiber->memory_size = size;
    fiber->exception_list = (void *)~(uintptr_t)0;
    fiber->stack_allocation = fiber->guard_low = memory;
    fiber->stack_limit = fiber->guard_end = memory + STACK_GUARD_SIZE;
    fiber->stack_base = memory + size;
    prepare_stack(fiber);
    return fiber;
}

void fiber_delete(struct fiber *fiber)
{
    RtlProcessFlsData(fiber->fls, 3);
    if (fiber->memory)
        munmap(fiber->memory, fiber->memory_size);
    free(fiber);
}

struct fiber *fiber_from_thread(void *data)
{
    struct fiber *fiber = calloc(1, sizeof *fiber);

    if (!fiber)
        return NULL;
    fiber->data = data;
    teb_current()->Tib.FiberData = fiber;
    teb_current()->SameTebFlags |= HAS_FIBER_DATA;
    return fiber;
}

void fiber_to_thread(void)
{
    struct fiber *fiber = teb_current()->Tib.FiberData;

    teb_current()->Tib.FiberData = NULL;
    teb_current()->SameTebFlags &= ~HAS_FIBER_DATA;
    if (!fiber->memory) /* a created fiber's stack is in use: it stays */
        free(fiber);
}
