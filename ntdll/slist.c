/*
 * slist.c: interlocked singly linked lists.  No lock: the 16-byte head is exchanged as a whole, with a sequence number
 * against an entry that comes back in between.
 *
 * The layout is Windows' (HeaderX64): 16 bits depth, 48 bits sequence, 4 bits reserved, 60 bits of the first entry's
 * address; programs read the depth.
 */
#include "win.h"

_Static_assert(sizeof(SLIST_HEADER) == 16, "SLIST_HEADER");

#define SEQUENCE_ONE 0x10000ull
#define DEPTH 0xffffull

/* Replaces *head by `next` if it still holds *seen; else *seen becomes what it holds. */
static bool head_exchange(PSLIST_HEADER head, uint64_t seen[2], const uint64_t next[2])
{
    bool done;
    __asm__ volatile("lock cmpxchg16b %1"
                     : "=@ccz"(done), "+m"(*head), "+a"(seen[0]), "+d"(seen[1])
                     : "b"(next[0]), "c"(next[1])
                     : "memory");
    return done;
}

/* Torn reads do no harm: the exchange finds out. */
static void head_read(const SLIST_HEADER *head, uint64_t seen[2])
{
    const volatile uint64_t *words = (const volatile uint64_t *)head;
    seen[0] = words[0];
    seen[1] = words[1];
}

static PSLIST_ENTRY head_first(const uint64_t seen[2])
{
    return (PSLIST_ENTRY)(seen[1] & ~15ull);
}

void NTAPI RtlInitializeSListHead(PSLIST_HEADER head)
{
    ((uint64_t *)head)[0] = 0;
    ((uint64_t *)head)[1] = 0;
}

PSLIST_ENTRY NTAPI RtlFirstEntrySList(const SLIST_HEADER *head)
{
    uint64_t seen[2];
    head_read(head, seen);
    return head_first(seen);
}

WORD NTAPI RtlQueryDepthSList(PSLIST_HEADER head)
{
    return (WORD)((const volatile uint64_t *)head)[0];
}

/* The entries from `first` to `last`, linked already, go in front. */
static PSLIST_ENTRY list_push(PSLIST_HEADER head, PSLIST_ENTRY first, PSLIST_ENTRY last, DWORD count)
{
    uint64_t seen[2], next[2];
    head_read(head, seen);
    do {
        last->Next = head_first(seen);
        next[0] = ((seen[0] & ~DEPTH) + SEQUENCE_ONE) | ((seen[0] + count) & DEPTH);
        next[1] = (uint64_t)(uintptr_t)first | (seen[1] & 15);
    } while (!head_exchange(head, seen, next));
    return head_first(seen);
}

PSLIST_ENTRY NTAPI RtlInterlockedPushEntrySList(PSLIST_HEADER head, PSLIST_ENTRY entry)
{
    return list_push(head, entry, entry, 1);
}

PSLIST_ENTRY NTAPI RtlInterlockedPushListSListEx(PSLIST_HEADER head, PSLIST_ENTRY first, PSLIST_ENTRY last, DWORD count)
{
    return list_push(head, first, last, count);
}

PSLIST_ENTRY NTAPI RtlInterlockedPopEntrySList(PSLIST_HEADER head)
{
    uint64_t seen[2], next[2];
    head_read(head, seen);
    do {
        PSLIST_ENTRY first = head_first(seen);
        if (!first)
            return NULL;
        next[0] = ((seen[0] & ~DEPTH) + SEQUENCE_ONE) | ((seen[0] - 1) & DEPTH);
        next[1] = (uint64_t)(uintptr_t)((volatile SLIST_ENTRY *)first)->Next | (seen[1] & 15);
    } while (!head_exchange(head, seen, next));
    return head_first(seen);
}

PSLIST_ENTRY NTAPI RtlInterlockedFlushSList(PSLIST_HEADER head)
{
    uint64_t seen[2], next[2];
    head_read(head, seen);
    do {
        if (!head_first(seen))
            return NULL;
        next[0] = (seen[0] & ~DEPTH) + SEQUENCE_ONE;
        next[1] = seen[1] & 15;
    } while (!head_exchange(head, seen, next));
    return head_first(seen);
}
