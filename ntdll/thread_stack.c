/*
 * thread_stack.c: where stacks are, and what happens at their end.
 *
 * Layer: NT layer.  Below each stack lies a guard zone that is never accessible.  A fault in it is a stack
 * overflow: its upper part is opened once, so that the exception handlers have a stack to run on, and
 * closed again when the program asks (_resetstkoflw).  The first thread's stack is the process's own and grows by
 * itself; there the limit is RLIMIT_STACK, which is raised by the size of the upper part.
 */
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include "win.h"
#include "ntdll/lock.h"
#include "ntdll/process.h"
#include "ntdll/thread_block.h"

#define FIRST_STACK_USUAL (8u << 20)
#define PAGE 4096ull

static char *first_top; /* end of the process's own stack */
static struct thread *first;
static char *first_guard_end;

/* The name of the executable is the last thing on the stack but eight zero bytes. */
static char *stack_top(void)
{
    const char *name = (const char *)getauxval(AT_EXECFN);
    uintptr_t here = (uintptr_t)__builtin_frame_address(0);
    uintptr_t top = name ? (uintptr_t)name + strlen(name) + 1 + 8 : here + 64 * PAGE;

    return (char *)((top + PAGE - 1) & ~(PAGE - 1));
}

static void first_limits(PTEB teb, size_t size)
{
    first->guard_end = first_guard_end = first_top - size;
    first->stack_low = first->guard_end - STACK_GUARD_SIZE;
    teb->DeallocationStack = first->stack_low;
    teb->Tib.StackLimit = first->guard_end;
}

static size_t first_size(struct rlimit *limit)
{
    if (getrlimit(RLIMIT_STACK, limit) != 0 || limit->rlim_cur == RLIM_INFINITY || limit->rlim_cur > 1u << 30)
        return FIRST_STACK_USUAL;
    return limit->rlim_cur < 4 * STACK_GUARD_SIZE ? 4 * STACK_GUARD_SIZE : limit->rlim_cur & ~(PAGE - 1);
}

void thread_stack_init_first(PTEB teb)
{
    struct rlimit limit;
    size_t size = first_size(&limit);

    first = (struct thread *)((char *)teb + THREAD_OFFSET);
    first_top = stack_top();
    teb->Tib.StackBase = (void *)(((uintptr_t)__builtin_frame_address(0) + 16 * PAGE) & ~(PAGE - 1));
    if ((char *)teb->Tib.StackBase > first_top)
        teb->Tib.StackBase = first_top;
    if (limit.rlim_cur == size && limit.rlim_max - size < STACK_GUARD_OPENED) {
        size -= STACK_GUARD_SIZE; /* no room above for the handlers of an overflow: make it below */
        limit.rlim_cur = size;
        setrlimit(RLIMIT_STACK, &limit);
    }
    first_limits(teb, size);
}

void thread_grow_first_stack(size_t reserve)
{
    struct rlimit limit;

    reserve = thread_stack_size(0, reserve);
    if (reserve <= (size_t)(first_top - first_guard_end) || getrlimit(RLIMIT_STACK, &limit) != 0)
        return;
    if (limit.rlim_cur != RLIM_INFINITY && limit.rlim_cur < reserve) {
        if (limit.rlim_max != RLIM_INFINITY && limit.rlim_max < reserve)
            reserve = limit.rlim_max;
        limit.rlim_cur = reserve;
        if (setrlimit(RLIMIT_STACK, &limit) != 0)
            return;
    }
    first_limits(thread_teb(first), reserve & ~(PAGE - 1));
}

/* Opens or closes the upper part of the guard zone. */
static bool guard_set(struct thread *thread, bool open)
{
    char *part = thread->guard_end - STACK_GUARD_OPENED;
    struct rlimit limit;

    if (thread->guard_end != first_guard_end) /* a thread of ours, or a fiber */
        return mprotect(part, STACK_GUARD_OPENED, open ? PROT_READ | PROT_WRITE : PROT_NONE) == 0;
    if (!open && munmap(part, STACK_GUARD_OPENED) != 0)
        return false;
    if (getrlimit(RLIMIT_STACK, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
        return false;
    limit.rlim_cur = first_top - (open ? part : thread->guard_end);
    return setrlimit(RLIMIT_STACK, &limit) == 0;
}

bool thread_stack_guard_hit(const void *address)
{
    struct thread *thread = thread_current();
    const char *hit = address;

    if (!thread_own_teb || thread->guard_open || hit < thread->stack_low || hit >= thread->guard_end)
        return false;
    if (!guard_set(thread, true))
        return false;
    thread->guard_open = 1;
    thread_teb(thread)->Tib.StackLimit = thread->guard_end - STACK_GUARD_OPENED;
    return true;
}

bool thread_stack_rearm(void)
{
    struct thread *thread = thread_current();

    if (!thread->guard_open)
        return true;
    if ((char *)__builtin_frame_address(0) < thread->guard_end + PAGE || !guard_set(thread, false))
        return false;
    thread->guard_open = 0;
    thread_teb(thread)->Tib.StackLimit = thread->guard_end;
    return true;
}

static bool stack_of(PTEB teb, const void *address, struct thread_stack *stack)
{
    stack->allocation = teb->DeallocationStack;
    stack->limit = teb->Tib.StackLimit;
    stack->base = teb->Tib.StackBase;
    return (char *)address >= stack->allocation && (char *)address < stack->base;
}

bool thread_stack_find(const void *address, struct thread_stack *stack)
{
    bool found = stack_of(teb_current(), address, stack);

    if (found)
        return true;
    thread_list_lock();
    for (struct thread *thread = thread_list_first(); thread && !found; thread = thread->next)
        found = stack_of(thread_teb(thread), address, stack);
    thread_list_unlock();
    return found;
}

/* The bytes below the guard that a handler may use; ours are always there, the number is remembered. */
BOOL WINAPI SetThreadStackGuarantee(PULONG bytes)
{
    ULONG old = teb_current()->GuaranteedStackBytes;

    if (*bytes > old)
        teb_current()->GuaranteedStackBytes = (*bytes + PAGE - 1) & ~(PAGE - 1);
    *bytes = old;
    return TRUE;
}
