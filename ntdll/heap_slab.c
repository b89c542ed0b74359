/*
 * heap_slab.c: small blocks of the process heap, cached in each thread.
 *
 * Layer: ntdll.  Blocks up to 1 KiB, in classes of 16 bytes, cut from spans of 64 KiB; a block is 8 bytes larger than
 * what was asked for, as malloc's are.  Each thread has a list of free blocks for each class, which it fills from
 * and empties into the spans by batches, under the lock of the class.  A span whose blocks are all free serves
 * any class again.  A class is taken up only when a thread has asked for it often (COLD_REQUESTS): until then
 * malloc packs the few blocks of a small program into fewer pages than spans could.
 */
#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>
#include "heap_slab.h"

#define ARENA_SIZE (64ul << 30) /* address space, not memory */
#define ARENA_CHUNK (4ul << 20) /* made usable at a time */
#define SPAN_HEADER 64ul
#define COLD_REQUESTS 48
#define BATCH_BYTES 8192
#define FIRST_SPANS 8 /* these are not populated whole: a small program touches little of them */
#define FIRST_POPULATED 0x4000ul

_Static_assert(sizeof(struct slab_span) <= SPAN_HEADER, "the header's room");
_Static_assert(sizeof(slab_tail) == 8, "a block costs what malloc's cost");

struct slab_arena slab_arena;
_Thread_local struct slab_cache *slab_cache;

static pthread_mutex_t arena_lock = PTHREAD_MUTEX_INITIALIZER;
static char *arena_end, *arena_usable;
static struct slab_span *empty_spans; /* all blocks free; under arena_lock */
static struct slab_cache first_cache, *idle_caches = &first_cache;

/* Spans with free blocks, by class. */
static struct slab_centre {
    pthread_mutex_t lock;
    struct slab_span *spans;
} centres[SLAB_CLASSES] = {[0 ... SLAB_CLASSES - 1] = {PTHREAD_MUTEX_INITIALIZER, NULL}};

static void span_link(struct slab_span **list, struct slab_span *span)
{
    span->next = *list;
    span->link = list;
    if (span->next)
        span->next->link = &span->next;
    *list = span;
}

static void span_unlink(struct slab_span *span)
{
    *span->link = span->next;
    if (span->next)
        span->next->link = span->link;
    span->link = NULL;
}

static uint32_t class_blocks(unsigned class)
{
    return (uint32_t)((SLAB_SPAN - SPAN_HEADER) / (class * 16));
}

static uint16_t class_batch(unsigned class)
{
    unsigned count = BATCH_BYTES / (class * 16);
    return (uint16_t)(count > 64 ? 64 : count);
}

/* Less address space will do where it is limited (ulimit -v). */
static bool arena_reserve(void)
{
    for (size_t size = ARENA_SIZE; size >= ARENA_CHUNK; size /= 4) {
        char *memory = mmap(NULL, size + SLAB_SPAN, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (memory == MAP_FAILED)
            continue;
        arena_end = (char *)((uintptr_t)(memory + size + SLAB_SPAN) & -SLAB_SPAN);
        arena_usable = (char *)(((uintptr_t)memory + SLAB_SPAN - 1) & -SLAB_SPAN);
        slab_arena.base = arena_usable; /* in this order: see slab_holds */
        atomic_store(&slab_arena.top, arena_usable);
        return true;
    }
    return false;
}

/* A span that was never used; arena_lock is held. */
static struct slab_span *span_make(void)
{
    if (!slab_arena.base && !arena_reserve())
        return NULL;
    char *span = atomic_load(&slab_arena.top);
    if (span == arena_usable) {
        size_t size = ARENA_CHUNK;
        if (size > (size_t)(arena_end - span))
            size = (size_t)(arena_end - span);
        if (!size || mprotect(span, size, PROT_READ | PROT_WRITE))
            return NULL;
        arena_usable += size;
    }
    bool first = (size_t)(span - slab_arena.base) < FIRST_SPANS * SLAB_SPAN;
    madvise(span, first ? FIRST_POPULATED : SLAB_SPAN, MADV_POPULATE_WRITE); /* one call for sixteen page faults */
    return (struct slab_span *)span;
}

static struct slab_span *span_get(unsigned class)
{
    pthread_mutex_lock(&arena_lock);
    struct slab_span *span = empty_spans;
    if (span)
        span_unlink(span);
    else if ((span = span_make()))
        span->class = class;
    if (span) {
        span->free = NULL;
        span->free_count = class_blocks(class);
        span->fresh = (char *)span + SPAN_HEADER;
        span->class = class;
        if ((char *)span == atomic_load(&slab_arena.top)) /* after class: who sees the span sees that */
            atomic_store(&slab_arena.top, (char *)span + SLAB_SPAN);
    }
    pthread_mutex_unlock(&arena_lock);
    return span;
}

/* Takes one block out of a span that has free ones. */
static void *span_take(struct slab_span *span)
{
    void *block = span->free;

    if (block) {
        span->free = *(void **)block;
    } else {
        block = span->fresh;
        span->fresh += span->class * 16;
        slab_set(slab_tail_of(block, span->class), slab_mark(block, SLAB_FREED));
    }
    span->free_count--;
    return block;
}

static void bin_fill(struct slab_bin *bin, unsigned class)
{
    struct slab_centre *centre = &centres[class];
    unsigned wanted = class_batch(class);

    pthread_mutex_lock(&centre->lock);
    while (bin->count < wanted) {
        struct slab_span *span = centre->spans;
        if (!span) {
            span = span_get(class);
            if (!span)
                break;
            span_link(&centre->spans, span);
        }
        while (bin->count < wanted && span->free_count) {
            void *block = span_take(span);
            *(void **)block = bin->first;
            bin->first = block;
            bin->count++;
        }
        if (!span->free_count)
            span_unlink(span);
    }
    pthread_mutex_unlock(&centre->lock);
}

/* A block comes back to its span.  A span that is all free serves every class, unless it is the class's last. */
static void span_put(struct slab_centre *centre, void *block)
{
    struct slab_span *span = slab_span(block);

    *(void **)block = span->free;
    span->free = block;
    if (!span->free_count++)
        span_link(&centre->spans, span);
    if (span->free_count == class_blocks(span->class) && (span->next || centre->spans != span)) {
        span_unlink(span);
        pthread_mutex_lock(&arena_lock);
        span_link(&empty_spans, span);
        pthread_mutex_unlock(&arena_lock);
    }
}

static struct slab_cache *cache_get(void)
{
    if (slab_cache)
        return slab_cache;
    pthread_mutex_lock(&arena_lock);
    struct slab_cache *cache = idle_caches;
    if (cache)
        idle_caches = cache->next;
    pthread_mutex_unlock(&arena_lock);
    slab_cache = cache ? cache : calloc(1, sizeof(*cache));
    return slab_cache;
}

void *slab_allocate_slowly(size_t size)
{
    unsigned class = slab_class(size);
    struct slab_cache *cache = size > SLAB_LIMIT ? NULL : cache_get();

    if (!cache)
        return NULL;
    struct slab_bin *bin = &cache->bins[class];
    if (!bin->limit) {
        if (++bin->cold < COLD_REQUESTS)
            return NULL;
        bin->limit = 2 * class_batch(class);
    }
    if (!bin->first)
        bin_fill(bin, class);
    return bin->first ? slab_take(bin, class, size) : NULL;
}

/* Gives half of a full bin back: the blocks that were freed first. */
static void bin_flush(struct slab_bin *bin, unsigned class)
{
    unsigned keep = class_batch(class);
    void **link = &bin->first;

    for (unsigned i = 0; i < keep; i++)
        link = *link;
    void *block = *link;
    *link = NULL;
    bin->count = (uint16_t)keep;
    pthread_mutex_lock(&centres[class].lock);
    while (block) {
        void *next = *(void **)block;
        span_put(&centres[class], block);
        block = next;
    }
    pthread_mutex_unlock(&centres[class].lock);
}

void slab_free_slowly(void *block, slab_tail *tail)
{
    unsigned class = slab_span(block)->class;
    struct slab_cache *cache = cache_get();

    if (!cache) { /* no memory for it */
        slab_set(tail, slab_mark(block, SLAB_FREED));
        pthread_mutex_lock(&centres[class].lock);
        span_put(&centres[class], block);
        pthread_mutex_unlock(&centres[class].lock);
        return;
    }
    struct slab_bin *bin = &cache->bins[class];
    bin->limit = (uint16_t)(2 * class_batch(class)); /* it may be another thread's block, of a class not in use here */
    if (bin->count >= bin->limit)
        bin_flush(bin, class);
    slab_free(block, tail);
}

void slab_thread_end(void)
{
    struct slab_cache *cache = slab_cache;

    if (!cache)
        return;
    slab_cache = NULL;
    pthread_mutex_lock(&arena_lock);
    cache->next = idle_caches;
    idle_caches = cache;
    pthread_mutex_unlock(&arena_lock);
}

/* Every block ever cut from the span is in use or free. */
static bool blocks_validate(struct slab_span *span)
{
    unsigned class = span->class;

    for (char *block = (char *)span + SPAN_HEADER; block < span->fresh; block += class * 16) {
        uint64_t mark = *slab_tail_of(block, class);
        uint32_t size = (uint32_t)mark;
        if (mark != slab_mark(block, size) || (size > class * 16 - sizeof(slab_tail) && size != SLAB_FREED))
            return false;
    }
    return true;
}

static bool span_validate(struct slab_span *span)
{
    for (;;) {
        unsigned class = *(volatile uint32_t *)&span->class;
        bool same, good = true;

        pthread_mutex_lock(&centres[class].lock);
        pthread_mutex_lock(&arena_lock);
        same = span->class == class;
        if (same)
            good = blocks_validate(span);
        pthread_mutex_unlock(&arena_lock);
        pthread_mutex_unlock(&centres[class].lock);
        if (same)
            return good;
    }
}

bool slab_validate(void)
{
    for (char *span = slab_arena.base; span && span < atomic_load(&slab_arena.top); span += SLAB_SPAN)
        if (!span_validate((struct slab_span *)span))
            return false;
    return true;
}
