/*
 * mutant.h: what the wait needs to know of mutants (Windows' mutexes).
 *
 * A mutant's word holds the owner's thread id, 0 when free, and MUTANT_ABANDONED after an owner ended without
 * releasing it.  The recursion count is the owner's alone (waitable.extra).  Each thread lists what it owns; only
 * the thread itself touches its list, and being on it holds a reference.
 */
#ifndef NTDLL_MUTANT_H
#define NTDLL_MUTANT_H

#include "object.h"

#define MUTANT_OWNER 0x3fffffffu
#define MUTANT_ABANDONED 0x40000000u

struct mutant {
    struct object object;
    struct waitable waitable;
    struct mutant *owned_next; /* in the owner's list while owned */
};

/* The calling thread's id as it stands in the word. */
uint32_t mutant_self(void);

/* The word has just become the calling thread's (or was already): counts it and puts it on the list. */
void mutant_taken(struct waitable *waitable);

#endif
