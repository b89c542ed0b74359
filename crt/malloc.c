/*
 * malloc.c: the C runtimes' heap, which is the process heap, so that blocks of msvcrt, ucrtbase and HeapAlloc mix
 * as they do on Windows; and operator new.
 *
 * Layer: crt over ntdll's heap.
 */
#include "crt.h"
#include "ntdll/gate.h"

static void *new_handler;
static int new_mode; /* _set_new_mode: malloc calls the handler too */

static inline void *heap(void)
{
    return peb_current()->ProcessHeap;
}

/* Calls the program's new handler; false: there is none or it gives up. */
int WINAPI _callnewh(size_t size)
{
    return new_handler && guest_call(new_handler, size, 0, 0, 0) != 0;
}

static bool retry(size_t size)
{
    if (new_mode && _callnewh(size))
        return true;
    crt_set_errno(CRT_ENOMEM);
    return false;
}

/* Out of line, so that crt_malloc has no registers to save. */
static __attribute__((noinline)) void *WINAPI malloc_again(size_t size)
{
    void *block = NULL;
    while (!block && retry(size))
        block = RtlAllocateHeap(heap(), 0, size);
    return block;
}

void *WINAPI crt_malloc(size_t size)
{
    void *block = RtlAllocateHeap(heap(), 0, size);
    return block ? block : malloc_again(size);
}

void *WINAPI crt_calloc(size_t count, size_t size)
{
    size_t total;
    if (__builtin_mul_overflow(count, size, &total)) {
        crt_set_errno(CRT_ENOMEM);
        return NULL;
    }
    void *block;
    do
        block = RtlAllocateHeap(heap(), HEAP_ZERO_MEMORY, total);
    while (!block && retry(total));
    return block;
}

void *WINAPI crt_realloc(void *block, size_t size)
{
    if (!block)
        return crt_malloc(size);
    if (!size) {
        RtlFreeHeap(heap(), 0, block);
        return NULL;
    }
    void *moved;
    do
        moved = RtlReAllocateHeap(heap(), 0, block, size);
    while (!moved && retry(size));
    return moved;
}

void WINAPI crt_free(void *block)
{
    if (block)
        RtlFreeHeap(heap(), 0, block);
}

size_t WINAPI _msize(void *block)
{
    CRT_REQUIRE(block, (size_t)-1);
    return RtlSizeHeap(heap(), 0, block);
}

void *WINAPI _recalloc(void *block, size_t count, size_t size)
{
    size_t total, old = block ? _msize(block) : 0;
    if (__builtin_mul_overflow(count, size, &total)) {
        crt_set_errno(CRT_ENOMEM);
        return NULL;
    }
    char *grown = crt_realloc(block, total);
    if (grown && total > old)
        memset(grown + old, 0, total - old);
    return grown;
}

void *WINAPI _expand(void *block, size_t size)
{
    CRT_REQUIRE(block, NULL);
    return RtlReAllocateHeap(heap(), HEAP_REALLOC_IN_PLACE_ONLY, block, size);
}

/* --- aligned blocks: the pointer to the heap's block stands just below ------------------------------------------- */

void *WINAPI _aligned_offset_malloc(size_t size, size_t alignment, size_t offset)
{
    CRT_REQUIRE(alignment && !(alignment & (alignment - 1)) && (!offset || offset < size), NULL);
    if (alignment < sizeof(void *))
        alignment = sizeof(void *);
    size_t total;
    if (__builtin_add_overflow(size, alignment + sizeof(void *), &total)) {
        crt_set_errno(CRT_ENOMEM);
        return NULL;
    }
    char *block = crt_malloc(total);
    if (!block)
        return NULL;
    uintptr_t aligned = ((uintptr_t)block + sizeof(void *) + offset + alignment - 1) & ~(alignment - 1);
    aligned -= offset;
    void **slot = (void **)((aligned - sizeof(void *)) & ~(sizeof(void *) - 1));
    *slot = block;
    return (void *)aligned;
}

static void *aligned_block(void *pointer)
{
    return *(void **)(((uintptr_t)pointer - sizeof(void *)) & ~(sizeof(void *) - 1));
}

void *WINAPI _aligned_malloc(size_t size, size_t alignment)
{
    return _aligned_offset_malloc(size, alignment, 0);
}

void WINAPI _aligned_free(void *pointer)
{
    if (pointer)
        crt_free(aligned_block(pointer));
}

size_t WINAPI _aligned_msize(void *pointer, size_t alignment, size_t offset)
{
    (void)alignment, (void)offset;
    CRT_REQUIRE(pointer, (size_t)-1);
    char *block = aligned_block(pointer);
    return _msize(block) - (size_t)((char *)pointer - block);
}

void *WINAPI _aligned_offset_realloc(void *pointer, size_t size, size_t alignment, size_t offset)
{
    if (!pointer)
        return _aligned_offset_malloc(size, alignment, offset);
    if (!size) {
        _aligned_free(pointer);
        return NULL;
    }
    size_t old = _aligned_msize(pointer, alignment, offset);
    void *moved = _aligned_offset_malloc(size, alignment, offset);
    if (moved) {
        memcpy(moved, pointer, old < size ? old : size);
        _aligned_free(pointer);
    }
    return moved;
}

void *WINAPI _aligned_realloc(void *pointer, size_t size, size_t alignment)
{
    return _aligned_offset_realloc(pointer, size, alignment, 0);
}

void *WINAPI _aligned_offset_recalloc(void *pointer, size_t count, size_t size, size_t alignment, size_t offset)
{
    size_t total, old = pointer ? _aligned_msize(pointer, alignment, offset) : 0;
    if (__builtin_mul_overflow(count, size, &total)) {
        crt_set_errno(CRT_ENOMEM);
        return NULL;
    }
    char *grown = _aligned_offset_realloc(pointer, total, alignment, offset);
    if (grown && total > old)
        memset(grown + old, 0, total - old);
    return grown;
}

void *WINAPI _aligned_recalloc(void *pointer, size_t count, size_t size, size_t alignment)
{
    return _aligned_offset_recalloc(pointer, count, size, alignment, 0);
}

/* --- handlers and operator new ------------------------------------------------------------------------------------ */

void *WINAPI _set_new_handler(void *handler)
{
    void *old = new_handler;
    new_handler = handler;
    return old;
}

void *WINAPI _query_new_handler(void)
{
    return new_handler;
}

int WINAPI _set_new_mode(int mode)
{
    int old = new_mode;
    CRT_REQUIRE(mode == 0 || mode == 1, -1);
    new_mode = mode;
    return old;
}

int WINAPI _query_new_mode(void)
{
    return new_mode;
}

void *WINAPI crt_operator_new(size_t size)
{
    void *block;
    do
        block = RtlAllocateHeap(heap(), 0, size);
    while (!block && _callnewh(size));
    return block;
}

/* --- looking at the heap -------------------------------------------------------------------------------------------
 */

enum { HEAP_EMPTY = -1, HEAP_OK = -2, HEAP_BAD_NODE = -4, HEAP_END = -5 };

int WINAPI _heapchk(void)
{
    return HeapValidate(heap(), 0, NULL) ? HEAP_OK : HEAP_BAD_NODE;
}

int WINAPI _heapmin(void)
{
    HeapCompact(heap(), 0);
    return 0;
}

int WINAPI _heapset(unsigned fill)
{
    (void)fill;
    return HEAP_OK;
}

struct crt_heapinfo {
    int *entry;
    size_t size;
    int use; /* 0 free, 1 used */
};

int WINAPI _heapwalk(struct crt_heapinfo *info)
{
    CRT_REQUIRE(info, HEAP_BAD_NODE);
    PROCESS_HEAP_ENTRY entry = {.lpData = info->entry};
    do {
        if (!HeapWalk(heap(), &entry))
            return HEAP_END;
    } while (entry.wFlags & (PROCESS_HEAP_REGION | PROCESS_HEAP_UNCOMMITTED_RANGE));
    info->entry = entry.lpData;
    info->size = entry.cbData;
    info->use = (entry.wFlags & PROCESS_HEAP_ENTRY_BUSY) != 0;
    return HEAP_OK;
}

/* Memory can not be added to Windows' heap, and what is in use is not counted, as in Microsoft's library. */
int WINAPI _heapadd(void *block, size_t size)
{
    (void)block, (void)size;
    crt_set_errno(CRT_ENOSYS);
    return -1;
}

size_t WINAPI _heapused(size_t *used, size_t *committed)
{
    (void)used, (void)committed;
    crt_set_errno(CRT_ENOSYS);
    return 0;
}

intptr_t WINAPI _get_heap_handle(void)
{
    return (intptr_t)heap();
}

static size_t sbh_threshold;

size_t WINAPI _get_sbh_threshold(void)
{
    return sbh_threshold;
}

int WINAPI _set_sbh_threshold(size_t threshold)
{
    sbh_threshold = threshold;
    return 1;
}
