/*
 * heap.c: heaps (RtlAllocateHeap and its kin) over the host's malloc.
 *
 * Layer: ntdll.  Small blocks that the process heap is often asked for come from heap_slab.c.  Every other block has a
 * header in front that holds its exact size, its heap and a check value, so that HeapSize is exact and a foreign or
 * freed pointer is refused instead of followed.  These are malloc's; those of private heaps are linked, so that
 * destroying the heap frees them.
 */
#include <malloc.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include "heap.h"
#include "heap_slab.h"
#include "virtual.h"

/* Immediately before a block's memory; 16 bytes keep the alignment. */
struct block {
    SIZE_T size;
    uint32_t heap; /* the owner's id */
    uint32_t check;
};

/* Private heaps' blocks have this before it. */
struct block_links {
    struct block_links *previous, *next;
};

struct heap {
    ULONG magic;
    uint32_t id;
    ULONG flags;
    _Atomic uint32_t locked;   /* HeapLock is in force */
    pthread_mutex_t lock;      /* recursive */
    struct block_links blocks; /* ring; unused by the process heap */
    SIZE_T used, maximum;      /* private heaps; maximum 0: grows */
    struct exec_arena exec;
    struct heap *next;
};

#define HEAP_MAGIC 0x70616548u
#define HEADER sizeof(struct block)
#define LINKS sizeof(struct block_links)
#define SIZE_LIMIT ((SIZE_T)1 << 46)

_Static_assert(HEADER == 16 && LINKS == 16, "headers keep blocks 16-byte aligned");

static struct heap process_heap = {
    .magic = HEAP_MAGIC,
    .id = 1,
    .flags = HEAP_GROWABLE,
    .lock = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP,
};
static pthread_mutex_t list_lock = PTHREAD_MUTEX_INITIALIZER;
static struct heap *heap_list; /* private heaps */
static uint32_t last_id = 1;

HANDLE heap_process(void)
{
    return &process_heap;
}

static struct heap *heap_from_handle(HANDLE handle)
{
    struct heap *heap = handle;

    if (heap == &process_heap || (heap && heap->magic == HEAP_MAGIC))
        return heap;
    RtlSetLastWin32ErrorAndNtStatusFromNtStatus(STATUS_INVALID_HANDLE);
    return NULL;
}

static uint32_t block_check(const struct block *block)
{
    return (uint32_t)((uintptr_t)block >> 4) ^ block->heap * 0x9e3779b1u ^ 0x5bd1e995u;
}

static struct block *block_from_memory(struct heap *heap, const void *memory)
{
    struct block *block = (struct block *)memory - 1;

    if (((uintptr_t)memory & 15) || block->heap != heap->id || block->check != block_check(block)) {
        RtlSetLastWin32ErrorAndNtStatusFromNtStatus(STATUS_INVALID_PARAMETER);
        return NULL;
    }
    return block;
}

static void *block_finish(struct heap *heap, struct block *block, SIZE_T size)
{
    block->size = size;
    block->heap = heap->id;
    block->check = block_check(block);
    return block + 1;
}

static void *allocation_failed(const struct heap *heap, ULONG flags)
{
    RtlSetLastWin32ErrorAndNtStatusFromNtStatus(STATUS_NO_MEMORY);
    if ((flags | heap->flags) & HEAP_GENERATE_EXCEPTIONS)
        RtlRaiseStatus(STATUS_NO_MEMORY);
    return NULL;
}

static void heap_enter(struct heap *heap, ULONG flags)
{
    if (!((flags | heap->flags) & HEAP_NO_SERIALIZE))
        pthread_mutex_lock(&heap->lock);
}

static void heap_leave(struct heap *heap, ULONG flags)
{
    if (!((flags | heap->flags) & HEAP_NO_SERIALIZE))
        pthread_mutex_unlock(&heap->lock);
}

/* malloc serializes the process heap by itself; only HeapLock makes other threads wait. */
static void process_heap_wait(void)
{
    if (atomic_load_explicit(&process_heap.locked, memory_order_acquire)) {
        pthread_mutex_lock(&process_heap.lock);
        pthread_mutex_unlock(&process_heap.lock);
    }
}

static void links_insert(struct heap *heap, struct block_links *links)
{
    links->previous = heap->blocks.previous;
    links->next = &heap->blocks;
    links->previous->next = links;
    heap->blocks.previous = links;
}

static void links_remove(struct block_links *links)
{
    links->previous->next = links->next;
    links->next->previous = links->previous;
}

static bool heap_is_exec(const struct heap *heap)
{
    return heap->flags & HEAP_CREATE_ENABLE_EXECUTE;
}

static void *private_allocate(struct heap *heap, ULONG flags, SIZE_T size)
{
    SIZE_T whole = size + HEADER + LINKS;
    struct block_links *links = NULL;
    void *memory = NULL;

    heap_enter(heap, flags);
    if (!heap->maximum || whole <= heap->maximum - heap->used) {
        if (heap_is_exec(heap))
            links = exec_allocate(&heap->exec, whole);
        else
            links = malloc(whole);
    }
    if (links) {
        links_insert(heap, links);
        heap->used += whole;
        memory = block_finish(heap, (struct block *)(links + 1), size);
        if ((flags | heap->flags) & HEAP_ZERO_MEMORY)
            memset(memory, 0, size);
    }
    heap_leave(heap, flags);
    return memory ? memory : allocation_failed(heap, flags);
}

static __attribute__((noinline)) PVOID WINAPI allocate_slowly(HANDLE handle, ULONG flags, SIZE_T size)
{
    struct heap *heap = heap_from_handle(handle);
    struct block *block;
    void *memory;

    if (!heap)
        return NULL;
    if (size > SIZE_LIMIT)
        return allocation_failed(heap, flags);
    if (heap != &process_heap)
        return private_allocate(heap, flags, size);
    process_heap_wait();
    memory = slab_allocate(size);
    if (!memory)
        memory = slab_allocate_slowly(size);
    if (memory)
        return flags & HEAP_ZERO_MEMORY ? memset(memory, 0, size) : memory;
    block = flags & HEAP_ZERO_MEMORY ? calloc(1, size + HEADER) : malloc(size + HEADER);
    return block ? block_finish(heap, block, size) : allocation_failed(heap, flags);
}

/* True if the request is one of the many: of the process heap, whose lock nobody has. */
static inline bool is_plain(HANDLE handle, ULONG flags)
{
    return handle == &process_heap && !(flags & HEAP_ZERO_MEMORY) &&
           !atomic_load_explicit(&process_heap.locked, memory_order_relaxed);
}

PVOID WINAPI RtlAllocateHeap(HANDLE handle, ULONG flags, SIZE_T size)
{
    void *memory = is_plain(handle, flags) ? slab_allocate(size) : NULL;

    return memory ? memory : allocate_slowly(handle, flags, size);
}

static void private_free(struct heap *heap, struct block *block)
{
    struct block_links *links = (struct block_links *)block - 1;
    SIZE_T whole = block->size + HEADER + LINKS;

    links_remove(links);
    heap->used -= whole;
    if (heap_is_exec(heap))
        exec_release(&heap->exec, links, whole);
    else
        free(links);
}

/* A block of the slabs that a heap was given: NULL (and the error is set) if it is not of that heap, or free. */
static slab_tail *slab_of(struct heap *heap, const void *memory)
{
    slab_tail *tail = heap == &process_heap ? slab_used((void *)memory) : NULL;

    if (!tail)
        RtlSetLastWin32ErrorAndNtStatusFromNtStatus(STATUS_INVALID_PARAMETER);
    return tail;
}

static __attribute__((noinline)) BOOLEAN WINAPI free_slowly(HANDLE handle, ULONG flags, PVOID memory)
{
    struct heap *heap = heap_from_handle(handle);
    struct block *block;

    if (!heap)
        return FALSE;
    if (!memory)
        return TRUE;
    if (slab_holds(memory)) {
        slab_tail *tail = slab_of(heap, memory);
        if (!tail)
            return FALSE;
        process_heap_wait();
        slab_free_slowly(memory, tail);
        return TRUE;
    }
    block = block_from_memory(heap, memory);
    if (!block)
        return FALSE;
    if (heap == &process_heap) {
        process_heap_wait();
        block->check = 0;
        free(block);
        return TRUE;
    }
    heap_enter(heap, flags);
    block->check = 0;
    private_free(heap, block);
    heap_leave(heap, flags);
    return TRUE;
}

BOOLEAN WINAPI RtlFreeHeap(HANDLE handle, ULONG flags, PVOID memory)
{
    if (is_plain(handle, 0) && slab_holds(memory)) {
        slab_tail *tail = slab_used(memory);
        if (tail && slab_free(memory, tail))
            return TRUE;
    }
    return free_slowly(handle, flags, memory);
}

/* Grows or shrinks where the block is; false if that is not possible. */
static bool resize_in_place(struct heap *heap, struct block *block, SIZE_T size)
{
    void *start = heap == &process_heap ? (void *)block : (struct block_links *)block - 1;
    SIZE_T before = (SIZE_T)((char *)(block + 1) - (char *)start), usable;

    usable = heap_is_exec(heap) ? block->size + before : malloc_usable_size(start);
    if (size > usable - before || heap_is_exec(heap))
        return size <= block->size && heap_is_exec(heap) && size == block->size;
    if (heap != &process_heap)
        heap->used += size - block->size;
    block->size = size;
    return true;
}

static void *process_reallocate(struct block *block, SIZE_T size)
{
    struct block *moved;

    process_heap_wait();
    block->check = 0;
    moved = realloc(block, size + HEADER);
    if (!moved) {
        block->check = block_check(block);
        return NULL;
    }
    return block_finish(&process_heap, moved, size);
}

static void *private_reallocate(struct heap *heap, ULONG flags, struct block *block, SIZE_T size)
{
    void *memory = private_allocate(heap, (flags & ~HEAP_ZERO_MEMORY) & ~HEAP_GENERATE_EXCEPTIONS, size);

    if (memory) {
        memcpy(memory, block + 1, block->size < size ? block->size : size);
        RtlFreeHeap(heap, flags, block + 1);
    }
    return memory;
}

/* A small block: where it is, if the new size is of the same class; else in another block. */
static void *slab_reallocate(struct heap *heap, ULONG flags, void *memory, SIZE_T size)
{
    slab_tail *tail = slab_of(heap, memory);
    ULONG inner = flags & ~(HEAP_ZERO_MEMORY | HEAP_GENERATE_EXCEPTIONS);
    SIZE_T old;
    void *moved;

    if (!tail)
        return NULL;
    process_heap_wait();
    old = slab_size(tail);
    if (slab_resize(memory, tail, size, flags & HEAP_REALLOC_IN_PLACE_ONLY)) {
        moved = memory;
    } else {
        moved = flags & HEAP_REALLOC_IN_PLACE_ONLY || size > SIZE_LIMIT ? NULL : RtlAllocateHeap(heap, inner, size);
        if (!moved)
            return allocation_failed(heap, flags);
        memcpy(moved, memory, old < size ? old : size);
        RtlFreeHeap(heap, inner, memory);
    }
    if (flags & HEAP_ZERO_MEMORY && size > old)
        memset((char *)moved + old, 0, size - old);
    return moved;
}

PVOID WINAPI RtlReAllocateHeap(HANDLE handle, ULONG flags, PVOID memory, SIZE_T size)
{
    struct heap *heap = heap_from_handle(handle);
    struct block *block;
    SIZE_T old;

    if (heap && memory && slab_holds(memory))
        return slab_reallocate(heap, flags, memory, size);
    block = heap && memory ? block_from_memory(heap, memory) : NULL;
    if (!block)
        return NULL;
    old = block->size;
    if (size > SIZE_LIMIT)
        return allocation_failed(heap, flags);
    if (flags & HEAP_REALLOC_IN_PLACE_ONLY) {
        bool done;

        heap_enter(heap, flags);
        done = resize_in_place(heap, block, size);
        heap_leave(heap, flags);
        if (!done)
            return allocation_failed(heap, flags);
    } else if (heap == &process_heap) {
        memory = process_reallocate(block, size);
    } else {
        memory = private_reallocate(heap, flags, block, size);
    }
    if (!memory)
        return allocation_failed(heap, flags);
    if (((flags | heap->flags) & HEAP_ZERO_MEMORY) && size > old)
        memset((char *)memory + old, 0, size - old);
    return memory;
}

SIZE_T WINAPI RtlSizeHeap(HANDLE handle, ULONG flags, const void *memory)
{
    struct heap *heap = heap_from_handle(handle);
    struct block *block;

    (void)flags;
    if (heap && memory && slab_holds(memory)) {
        slab_tail *tail = slab_of(heap, memory);
        return tail ? slab_size(tail) : ~(SIZE_T)0;
    }
    block = heap && memory ? block_from_memory(heap, memory) : NULL;
    return block ? block->size : ~(SIZE_T)0;
}

PVOID WINAPI RtlCreateHeap(ULONG flags, PVOID base, SIZE_T reserve, SIZE_T commit, PVOID lock,
                           PRTL_HEAP_PARAMETERS parameters)
{
    struct heap *heap = calloc(1, sizeof *heap);
    pthread_mutexattr_t recursive;

    (void)base, (void)commit, (void)lock, (void)parameters;
    if (!heap)
        return NULL;
    pthread_mutexattr_init(&recursive);
    pthread_mutexattr_settype(&recursive, PTHREAD_MUTEX_RECURSIVE);
    pthread_mutex_init(&heap->lock, &recursive);
    pthread_mutexattr_destroy(&recursive);
    heap->blocks.previous = heap->blocks.next = &heap->blocks;
    heap->flags = flags;
    heap->maximum = flags & HEAP_GROWABLE ? 0 : reserve;
    pthread_mutex_lock(&list_lock);
    heap->id = ++last_id;
    heap->next = heap_list;
    heap_list = heap;
    heap->magic = HEAP_MAGIC;
    pthread_mutex_unlock(&list_lock);
    return heap;
}

PVOID WINAPI RtlDestroyHeap(PVOID handle)
{
    struct heap *heap = heap_from_handle(handle), **link;

    if (!heap || heap == &process_heap)
        return handle;
    pthread_mutex_lock(&list_lock);
    for (link = &heap_list; *link && *link != heap; link = &(*link)->next)
        ;
    if (*link)
        *link = heap->next;
    pthread_mutex_unlock(&list_lock);
    heap->magic = 0;
    if (heap_is_exec(heap)) {
        exec_destroy(&heap->exec);
    } else {
        for (struct block_links *links = heap->blocks.next, *next; links != &heap->blocks; links = next) {
            next = links->next;
            ((struct block *)(links + 1))->check = 0;
            free(links);
        }
    }
    pthread_mutex_destroy(&heap->lock);
    free(heap);
    return NULL;
}

BOOLEAN WINAPI RtlLockHeap(HANDLE handle)
{
    struct heap *heap = heap_from_handle(handle);

    if (!heap)
        return FALSE;
    pthread_mutex_lock(&heap->lock);
    atomic_fetch_add(&heap->locked, 1);
    return TRUE;
}

BOOLEAN WINAPI RtlUnlockHeap(HANDLE handle)
{
    struct heap *heap = heap_from_handle(handle);

    if (!heap || !atomic_load(&heap->locked))
        return FALSE;
    atomic_fetch_sub(&heap->locked, 1);
    pthread_mutex_unlock(&heap->lock);
    return TRUE;
}

BOOLEAN WINAPI RtlValidateHeap(HANDLE handle, ULONG flags, const void *memory)
{
    struct heap *heap = heap_from_handle(handle);
    BOOLEAN good = TRUE;

    if (!heap)
        return FALSE;
    if (memory && slab_holds(memory))
        return slab_of(heap, memory) != NULL;
    if (memory)
        return virtual_readable((const char *)memory - HEADER, HEADER) && block_from_memory(heap, memory);
    if (heap == &process_heap)
        return slab_validate();
    heap_enter(heap, flags);
    for (struct block_links *links = heap->blocks.next; good && links != &heap->blocks; links = links->next)
        good = block_from_memory(heap, (struct block *)(links + 1) + 1) != NULL;
    heap_leave(heap, flags);
    return good;
}

ULONG WINAPI RtlCompactHeap(HANDLE handle, ULONG flags)
{
    struct mallinfo2 info;

    (void)flags;
    if (!heap_from_handle(handle))
        return 0;
    info = mallinfo2();
    return info.fordblks > 0x7fffffff ? 0x7fffffff : (ULONG)info.fordblks;
}

ULONG WINAPI RtlGetProcessHeaps(ULONG count, HANDLE *heaps)
{
    ULONG found = 1;

    if (count)
        heaps[0] = &process_heap;
    pthread_mutex_lock(&list_lock);
    for (struct heap *heap = heap_list; heap; heap = heap->next) {
        if (found < count)
            heaps[found] = heap;
        found++;
    }
    pthread_mutex_unlock(&list_lock);
    return found;
}

/*
 * entry->lpData is the block returned before, NULL at the start.  The process heap's blocks are malloc's own and
 * are not listed.
 */
NTSTATUS WINAPI RtlWalkHeap(HANDLE handle, PVOID walk)
{
    PROCESS_HEAP_ENTRY *entry = walk;
    struct heap *heap = heap_from_handle(handle);
    struct block_links *links;
    struct block *block;

    if (!heap)
        return STATUS_INVALID_HANDLE;
    if (heap == &process_heap)
        return STATUS_NO_MORE_ENTRIES;
    links = entry->lpData ? ((struct block_links *)((struct block *)entry->lpData - 1) - 1)->next : heap->blocks.next;
    if (links == &heap->blocks)
        return STATUS_NO_MORE_ENTRIES;
    block = (struct block *)(links + 1);
    memset(entry, 0, sizeof *entry);
    entry->lpData = block + 1;
    entry->cbData = (DWORD)block->size;
    entry->cbOverhead = HEADER + LINKS;
    entry->wFlags = PROCESS_HEAP_ENTRY_BUSY;
    return STATUS_SUCCESS;
}

/* What HeapSummary shows, in HEAP_SUMMARY's order after cb. */
NTSTATUS heap_summary(HANDLE handle, SIZE_T *allocated, SIZE_T *committed, SIZE_T *reserved, SIZE_T *maximum)
{
    struct heap *heap = heap_from_handle(handle);
    struct mallinfo2 info;

    if (!heap)
        return STATUS_INVALID_HANDLE;
    info = mallinfo2();
    *allocated = heap == &process_heap ? info.uordblks + info.hblkhd : heap->used;
    *committed = heap == &process_heap ? info.arena + info.hblkhd : heap->used;
    *reserved = *committed;
    *maximum = heap->maximum ? heap->maximum : SIZE_LIMIT;
    return STATUS_SUCCESS;
}

DWORD WINAPI RtlSetHeapInformation(PVOID handle, HEAP_INFORMATION_CLASS class, PVOID info, SIZE_T size)
{
    if (class == HeapCompatibilityInformation && (size < sizeof(ULONG) || !info))
        return STATUS_BUFFER_TOO_SMALL;
    if (class == HeapCompatibilityInformation && !heap_from_handle(handle))
        return STATUS_INVALID_HANDLE;
    if (class == HeapCompatibilityInformation && *(ULONG *)info > 2)
        return STATUS_INVALID_PARAMETER;
    return STATUS_SUCCESS; /* low fragmentation, termination on corruption: malloc has both */
}

DWORD WINAPI RtlQueryHeapInformation(PVOID handle, HEAP_INFORMATION_CLASS class, PVOID info, SIZE_T size,
                                     PSIZE_T returned)
{
    if (class != HeapCompatibilityInformation)
        return STATUS_INVALID_INFO_CLASS;
    if (!heap_from_handle(handle))
        return STATUS_INVALID_HANDLE;
    if (returned)
        *returned = sizeof(ULONG);
    if (size < sizeof(ULONG))
        return STATUS_BUFFER_TOO_SMALL;
    *(ULONG *)info = 2; /* the low-fragmentation heap, as each growable heap has on Windows 10 */
    return STATUS_SUCCESS;
}
