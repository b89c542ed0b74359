/*
 * heap_exec.c: memory for heaps made with HEAP_CREATE_ENABLE_EXECUTE.
 *
 * Layer: ntdll.  malloc's memory can not be executed, so these heaps take theirs from NtAllocateVirtualMemory:
 * size classes by powers of two from 64 KB regions, larger blocks in regions of their own.
 */
#include "heap.h"

#define CLASS_COUNT (sizeof((struct exec_arena *)0)->free / sizeof(void *))
#define CLASS_FIRST 32ul
#define REGION_SIZE 0x40000ul
#define REGION_HEADER 64ul

struct exec_region {
    struct exec_region *next, **link;
};

static unsigned class_of(size_t size)
{
    unsigned class = 0;

    while (class < CLASS_COUNT && (CLASS_FIRST << class) < size)
        class ++;
    return class;
}

static char *region_make(struct exec_arena *arena, size_t size)
{
    PVOID base = NULL;
    SIZE_T whole = size + REGION_HEADER;
    struct exec_region *region;

    if (NtAllocateVirtualMemory(NtCurrentProcess(), &base, 0, &whole, MEM_RESERVE | MEM_COMMIT, PAGE_EXECUTE_READWRITE))
        return NULL;
    region = base;
    region->next = arena->regions;
    region->link = (struct exec_region **)&arena->regions;
    if (region->next)
        region->next->link = &region->next;
    arena->regions = region;
    return (char *)base + REGION_HEADER;
}

static void region_free(struct exec_region *region)
{
    PVOID base = region;
    SIZE_T size = 0;

    *region->link = region->next;
    if (region->next)
        region->next->link = region->link;
    NtFreeVirtualMemory(NtCurrentProcess(), &base, &size, MEM_RELEASE);
}

void *exec_allocate(struct exec_arena *arena, size_t size)
{
    unsigned class = class_of(size);
    void *memory;

    if (class == CLASS_COUNT)
        return region_make(arena, size);
    memory = arena->free[class];
    if (memory) {
        arena->free[class] = *(void **)memory;
        return memory;
    }
    size = CLASS_FIRST << class;
    if ((size_t)(arena->fresh_end - arena->fresh) < size) {
        arena->fresh = region_make(arena, REGION_SIZE - REGION_HEADER);
        if (!arena->fresh) {
            arena->fresh_end = NULL;
            return NULL;
        }
        arena->fresh_end = arena->fresh + REGION_SIZE - REGION_HEADER;
    }
    memory = arena->fresh;
    arena->fresh += size;
    return memory;
}

void exec_release(struct exec_arena *arena, void *memory, size_t size)
{
    unsigned class = class_of(size);

    if (class == CLASS_COUNT) {
        region_free((struct exec_region *)((char *)memory - REGION_HEADER));
        return;
    }
    *(void **)memory = arena->free[class];
    arena->free[class] = memory;
}

void exec_destroy(struct exec_arena *arena)
{
    while (arena->regions)
        region_free(arena->regions);
}
