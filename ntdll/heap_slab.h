/*
 * heap_slab.h: small blocks of the process heap, cached in each thread.
 *
 * The fast paths are inline and call nothing, so that HeapAlloc and HeapFree need neither a lock nor the saving of
 * registers that a call of host code costs an ms_abi function.
 */
#ifndef NTDLL_HEAP_SLAB_H
#define NTDLL_HEAP_SLAB_H

#include <stdatomic.h>
#include <stdbool.h>
#include "win.h"

/* At the end of each block: its exact size, and above it a check value, which tells used from free and damaged. */
typedef _Atomic uint64_t slab_tail;

#define SLAB_SHIFT 16 /* spans are 64 KiB, aligned */
#define SLAB_SPAN (1ul << SLAB_SHIFT)
#define SLAB_LIMIT (1024 - sizeof(slab_tail)) /* the largest size served here */
#define SLAB_CLASSES 65                       /* by units of 16 bytes, the tail included; 0 is not used */
#define SLAB_FREED 0xffffffffu

struct slab_bin {
    void *first;    /* free blocks, linked through their first word */
    uint16_t count; /* of them */
    uint16_t limit; /* more than these go back to the spans; 0: the class is not in use yet */
    uint32_t cold;  /* requests before that */
};

/* A thread's free blocks. */
struct slab_cache {
    struct slab_bin bins[SLAB_CLASSES];
    struct slab_cache *next; /* caches of ended threads wait for new ones */
};

/* At the start of each span; its blocks are all of one class. */
struct slab_span {
    struct slab_span *next, **link; /* spans of the class with free blocks, or empty spans */
    void *free;
    uint32_t class, free_count;
    char *fresh; /* never used from here on */
};

/* Blocks lie in [base, top); base is NULL until the first span is made. */
struct slab_arena {
    char *base;
    _Atomic(char *) top;
};
extern struct slab_arena slab_arena;
extern _Thread_local struct slab_cache *slab_cache __attribute__((tls_model("local-exec")));

/* A block from the spans, NULL if the size is too large, still rare, or memory is short. */
void *slab_allocate_slowly(size_t size);

/* slab_free for a thread without a cache, or when the bin is full: then half of it goes back to the spans. */
void slab_free_slowly(void *block, slab_tail *tail);

/* The thread ends: its cache waits for another one. */
void slab_thread_end(void);

/* False if a block or a free list is damaged. */
bool slab_validate(void);

static inline unsigned slab_class(size_t size)
{
    return (unsigned)((size + sizeof(slab_tail) + 15) >> 4);
}

static inline slab_tail *slab_tail_of(void *block, unsigned class)
{
    return (slab_tail *)((char *)block + class * 16ul) - 1;
}

/* What the tail of a block holds; of a free one with SLAB_FREED for its size. */
static inline uint64_t slab_mark(const void *block, uint32_t size)
{
    return (uint64_t)((uint32_t)((uintptr_t)block >> 4) * 0x9e3779b1u ^ size ^ 0x5bd1e995u) << 32 | size;
}

static inline void slab_set(slab_tail *tail, uint64_t mark)
{
    atomic_store_explicit(tail, mark, memory_order_relaxed);
}

static inline uint32_t slab_size(const slab_tail *tail)
{
    return (uint32_t)atomic_load_explicit(tail, memory_order_relaxed);
}

static inline bool slab_holds(const void *memory)
{
    return (const char *)memory >= slab_arena.base &&
           (const char *)memory < atomic_load_explicit(&slab_arena.top, memory_order_relaxed);
}

static inline struct slab_span *slab_span(const void *block)
{
    return (struct slab_span *)((uintptr_t)block & -SLAB_SPAN);
}

/* The tail of a block in use; NULL: `memory` (of the arena) is none, or it is damaged. */
static inline slab_tail *slab_used(void *memory)
{
    unsigned class = slab_span(memory)->class;
    slab_tail *tail = slab_tail_of(memory, class);

    if (((uintptr_t)memory & 15) || ((uintptr_t)memory & (SLAB_SPAN - 1)) + class * 16 > SLAB_SPAN)
        return NULL;
    uint32_t size = slab_size(tail);
    if (size > class * 16 - sizeof(*tail) || *tail != slab_mark(memory, size))
        return NULL;
    return tail;
}

static inline void *slab_take(struct slab_bin *bin, unsigned class, size_t size)
{
    void *block = bin->first;

    bin->first = *(void **)block;
    bin->count--;
    slab_set(slab_tail_of(block, class), slab_mark(block, (uint32_t)size));
    return block;
}

/* NULL: ask slab_allocate_slowly. */
static inline void *slab_allocate(size_t size)
{
    unsigned class = slab_class(size);
    struct slab_cache *cache = slab_cache;

    if (size > SLAB_LIMIT || !cache || !cache->bins[class].first)
        return NULL;
    return slab_take(&cache->bins[class], class, size);
}

/* `tail`: what slab_used said.  False: nothing was done, ask slab_free_slowly. */
static inline bool slab_free(void *block, slab_tail *tail)
{
    unsigned class = slab_span(block)->class;
    struct slab_cache *cache = slab_cache;

    if (!cache || cache->bins[class].count >= cache->bins[class].limit)
        return false;
    slab_set(tail, slab_mark(block, SLAB_FREED));
    *(void **)block = cache->bins[class].first;
    cache->bins[class].first = block;
    cache->bins[class].count++;
    return true;
}

/*
 * Gives the block another size where it is.  False: it does not fit, or the block is far too large for it and need
 * not stay.
 */
static inline bool slab_resize(void *block, slab_tail *tail, size_t size, bool stay)
{
    unsigned class = slab_span(block)->class;

    if (size > class * 16ul - sizeof(*tail) || (!stay && slab_class(size) < class / 2))
        return false;
    slab_set(tail, slab_mark(block, (uint32_t)size));
    return true;
}

#endif
