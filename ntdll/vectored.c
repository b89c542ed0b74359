/*
 * vectored.c: vectored exception and continue handlers.
 *
 * Layer: ntdll.  Handlers may add and remove handlers, themselves too, and throw: so the lock is not held
 * while one runs; a node that is in use is counted, and freed by the last user.
 */
#include "gate.h"
#include "ntsync.h"
#include "vectored.h"

struct vectored {
    struct vectored *next;
    PVECTORED_EXCEPTION_HANDLER handler;
    ULONG references; /* one for being in the list, one for each call in progress */
    bool removed;
};

static struct vectored *lists[2]; /* by enum vectored_list */
static RTL_SRWLOCK lists_lock;

static PVOID vectored_add(enum vectored_list list, bool first, PVECTORED_EXCEPTION_HANDLER handler)
{
    struct vectored *node = RtlAllocateHeap(peb_current()->ProcessHeap, HEAP_ZERO_MEMORY, sizeof(*node));

    if (!node)
        return NULL;
    node->handler = handler;
    node->references = 1;
    RtlAcquireSRWLockExclusive(&lists_lock);
    struct vectored **link = &lists[list];
    while (*link && !first)
        link = &(*link)->next;
    node->next = *link;
    *link = node;
    RtlReleaseSRWLockExclusive(&lists_lock);
    return node;
}

/* Gives a reference back; the lock is held.  Unlinks and returns the node if it is to be freed. */
static struct vectored *vectored_put(enum vectored_list list, struct vectored *node)
{
    if (--node->references)
        return NULL;
    for (struct vectored **link = &lists[list]; *link; link = &(*link)->next)
        if (*link == node) {
            *link = node->next;
            break;
        }
    return node;
}

static ULONG vectored_remove(enum vectored_list list, PVOID handle)
{
    struct vectored *node, *unused = NULL;

    RtlAcquireSRWLockExclusive(&lists_lock);
    for (node = lists[list]; node; node = node->next)
        if (node == handle && !node->removed) {
            node->removed = true;
            unused = vectored_put(list, node);
            break;
        }
    RtlReleaseSRWLockExclusive(&lists_lock);
    if (unused)
        RtlFreeHeap(peb_current()->ProcessHeap, 0, unused);
    return node != NULL;
}

/* The next node after `node` (NULL: the first) that is not removed, referenced; gives `node` back. */
static struct vectored *vectored_next(enum vectored_list list, struct vectored *node)
{
    struct vectored *next, *unused = NULL;

    RtlAcquireSRWLockExclusive(&lists_lock);
    next = node ? node->next : lists[list];
    while (next && next->removed)
        next = next->next;
    if (next)
        next->references++;
    if (node)
        unused = vectored_put(list, node);
    RtlReleaseSRWLockExclusive(&lists_lock);
    if (unused)
        RtlFreeHeap(peb_current()->ProcessHeap, 0, unused);
    return next;
}

bool vectored_call(enum vectored_list list, EXCEPTION_RECORD *record, CONTEXT *context)
{
    EXCEPTION_POINTERS pointers = {record, context};
    struct dispatch_frame frame = {.kind = DISPATCH_EXCEPTION, .context = context};

    if (!lists[list])
        return false;
    for (struct vectored *node = vectored_next(list, NULL); node; node = vectored_next(list, node)) {
        LONG answer = guest_call_dispatch(&frame, node->handler, GUEST(&pointers), 0, 0, 0);
        if (answer == EXCEPTION_CONTINUE_EXECUTION) {
            RtlAcquireSRWLockExclusive(&lists_lock);
            struct vectored *unused = vectored_put(list, node);
            RtlReleaseSRWLockExclusive(&lists_lock);
            if (unused)
                RtlFreeHeap(peb_current()->ProcessHeap, 0, unused);
            return true;
        }
    }
    return false;
}

PVOID WINAPI RtlAddVectoredExceptionHandler(ULONG first, PVECTORED_EXCEPTION_HANDLER handler)
{
    return vectored_add(VECTORED_EXCEPTION, first != 0, handler);
}

ULONG WINAPI RtlRemoveVectoredExceptionHandler(PVOID handle)
{
    return vectored_remove(VECTORED_EXCEPTION, handle);
}

PVOID WINAPI RtlAddVectoredContinueHandler(ULONG first, PVECTORED_EXCEPTION_HANDLER handler)
{
    return vectored_add(VECTORED_CONTINUE, first != 0, handler);
}

ULONG WINAPI RtlRemoveVectoredContinueHandler(PVOID handle)
{
    return vectored_remove(VECTORED_CONTINUE, handle);
}
