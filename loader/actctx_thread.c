/*
 * actctx_thread.c: what a new thread inherits: the context that is active on its creator.
 *
 * Layer: loader.  It is the lowest of the thread's stack, has no cookie, and goes with the thread.
 */
#include "actctx.h"

#include "loader.h"
#include "ntdll/peb.h"

struct actctx_stack *actctx_thread_start(void)
{
    const struct actctx_stack *own = teb_current()->ActivationContextStackPointer;
    struct actctx_stack *stack;
    struct actctx_frame *frame;

    if (!own || !own->active || !own->active->context)
        return NULL;
    stack = RtlAllocateHeap(peb_current()->ProcessHeap, HEAP_ZERO_MEMORY, sizeof *stack);
    frame = stack ? RtlAllocateHeap(peb_current()->ProcessHeap, HEAP_ZERO_MEMORY, sizeof *frame) : NULL;
    if (!frame) {
        RtlFreeHeap(peb_current()->ProcessHeap, 0, stack);
        return NULL;
    }
    stack->cache.Flink = stack->cache.Blink = &stack->cache;
    stack->next_cookie = 1;
    stack->active = frame;
    frame->context = own->active->context;
    actctx_reference(frame->context);
    return stack;
}

void actctx_thread_end(struct actctx_stack *stack)
{
    while (stack && stack->active) {
        struct actctx_frame *frame = stack->active;
        stack->active = frame->previous;
        actctx_release(frame->context);
        RtlFreeHeap(peb_current()->ProcessHeap, 0, frame);
    }
    RtlFreeHeap(peb_current()->ProcessHeap, 0, stack);
}
