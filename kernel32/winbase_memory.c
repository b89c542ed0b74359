/*
 * winbase_memory.c: LocalAlloc and GlobalAlloc.
 *
 * Layer: kernel32, over the process heap.  Fixed memory is a heap block and its handle the block's address.  A
 * movable handle is the address of `pointer` in a small record: 8 modulo 16, which no block's address is.
 */
#include <string.h>
#include "win.h"

struct movable {
    ULONG_PTR magic;
    void *pointer; /* the handle is the address of this; NULL: discarded or empty */
    WORD flags;
    WORD locks;
};

#define MOVABLE_MAGIC 0x6d6f766162ull

static HANDLE heap(void)
{
    return peb_current()->ProcessHeap;
}

static void *fail(DWORD error)
{
    SetLastError(error);
    return NULL;
}

static bool is_movable(HGLOBAL handle)
{
    return ((ULONG_PTR)handle & 15) == 8;
}

static struct movable *movable_from_handle(HGLOBAL handle)
{
    struct movable *movable = (struct movable *)((char *)handle - offsetof(struct movable, pointer));

    return is_movable(handle) && movable->magic == MOVABLE_MAGIC ? movable : fail(ERROR_INVALID_HANDLE);
}

HGLOBAL WINAPI GlobalAlloc(UINT flags, SIZE_T size)
{
    ULONG zero = flags & GMEM_ZEROINIT ? HEAP_ZERO_MEMORY : 0;
    struct movable *movable;

    if (!(flags & GMEM_MOVEABLE))
        return RtlAllocateHeap(heap(), zero, size);
    movable = RtlAllocateHeap(heap(), HEAP_ZERO_MEMORY, sizeof *movable);
    if (!movable)
        return NULL;
    movable->magic = MOVABLE_MAGIC;
    movable->flags = (WORD)(flags & GMEM_DISCARDABLE);
    if (size) {
        movable->pointer = RtlAllocateHeap(heap(), zero, size);
        if (!movable->pointer) {
            RtlFreeHeap(heap(), 0, movable);
            return NULL;
        }
    }
    return &movable->pointer;
}

HGLOBAL WINAPI GlobalFree(HGLOBAL handle)
{
    struct movable *movable;

    if (!handle)
        return NULL;
    if (!is_movable(handle))
        return RtlFreeHeap(heap(), 0, handle) ? NULL : (SetLastError(ERROR_INVALID_HANDLE), handle);
    movable = movable_from_handle(handle);
    if (!movable)
        return handle;
    RtlFreeHeap(heap(), 0, movable->pointer);
    movable->magic = 0;
    RtlFreeHeap(heap(), 0, movable);
    return NULL;
}

LPVOID WINAPI GlobalLock(HGLOBAL handle)
{
    struct movable *movable;

    if (!is_movable(handle))
        return handle ? handle : fail(ERROR_INVALID_HANDLE);
    movable = movable_from_handle(handle);
    if (!movable)
        return NULL;
    if (!movable->pointer)
        return fail(ERROR_DISCARDED);
    if (movable->locks < GMEM_LOCKCOUNT)
        movable->locks++;
    return movable->pointer;
}

BOOL WINAPI GlobalUnlock(HGLOBAL handle)
{
    struct movable *movable;

    if (!is_movable(handle))
        return TRUE;
    movable = movable_from_handle(handle);
    if (!movable)
        return FALSE;
    if (!movable->locks) {
        SetLastError(ERROR_NOT_LOCKED);
        return FALSE;
    }
    if (--movable->locks == 0)
        SetLastError(ERROR_SUCCESS);
    return movable->locks != 0;
}

SIZE_T WINAPI GlobalSize(HGLOBAL handle)
{
    struct movable *movable;
    SIZE_T size;

    if (is_movable(handle)) {
        movable = movable_from_handle(handle);
        if (!movable || !movable->pointer)
            return 0;
        handle = movable->pointer;
    }
    size = handle ? RtlSizeHeap(heap(), 0, handle) : ~(SIZE_T)0;
    if (size != ~(SIZE_T)0)
        return size;
    SetLastError(ERROR_INVALID_HANDLE);
    return 0;
}

static HGLOBAL movable_resize(HGLOBAL handle, SIZE_T size, ULONG zero)
{
    struct movable *movable = movable_from_handle(handle);
    void *pointer;

    if (!movable)
        return NULL;
    if (!size) {
        if (movable->locks)
            return fail(ERROR_INVALID_HANDLE);
        RtlFreeHeap(heap(), 0, movable->pointer);
        movable->pointer = NULL;
        return handle;
    }
    pointer = movable->pointer ? RtlReAllocateHeap(heap(), zero, movable->pointer, size)
                               : RtlAllocateHeap(heap(), zero, size);
    if (!pointer)
        return NULL;
    movable->pointer = pointer;
    return handle;
}

HGLOBAL WINAPI GlobalReAlloc(HGLOBAL handle, SIZE_T size, UINT flags)
{
    ULONG zero = flags & GMEM_ZEROINIT ? HEAP_ZERO_MEMORY : 0;

    if (flags & GMEM_MODIFY)
        return handle;
    if (is_movable(handle))
        return movable_resize(handle, size, zero);
    if (!(flags & GMEM_MOVEABLE))
        zero |= HEAP_REALLOC_IN_PLACE_ONLY;
    return RtlReAllocateHeap(heap(), zero, handle, size);
}

UINT WINAPI GlobalFlags(HGLOBAL handle)
{
    struct movable *movable;

    if (!is_movable(handle))
        return handle ? 0 : (SetLastError(ERROR_INVALID_HANDLE), GMEM_INVALID_HANDLE);
    movable = movable_from_handle(handle);
    if (!movable)
        return GMEM_INVALID_HANDLE;
    return movable->locks | (movable->pointer ? 0u : GMEM_DISCARDED) | (movable->flags & GMEM_DISCARDABLE);
}

HGLOBAL WINAPI GlobalHandle(LPCVOID memory)
{
    return RtlSizeHeap(heap(), 0, memory) == ~(SIZE_T)0 ? fail(ERROR_INVALID_HANDLE) : (HGLOBAL)memory;
}

HLOCAL WINAPI LocalAlloc(UINT flags, SIZE_T size)
{
    return GlobalAlloc(flags, size); /* the flags have the same values */
}

HLOCAL WINAPI LocalFree(HLOCAL handle)
{
    return GlobalFree(handle);
}

LPVOID WINAPI LocalLock(HLOCAL handle)
{
    return GlobalLock(handle);
}

BOOL WINAPI LocalUnlock(HLOCAL handle)
{
    return GlobalUnlock(handle);
}

SIZE_T WINAPI LocalSize(HLOCAL handle)
{
    return GlobalSize(handle);
}

HLOCAL WINAPI LocalReAlloc(HLOCAL handle, SIZE_T size, UINT flags)
{
    return GlobalReAlloc(handle, size, flags);
}

UINT WINAPI LocalFlags(HLOCAL handle)
{
    return GlobalFlags(handle);
}

HLOCAL WINAPI LocalHandle(LPCVOID memory)
{
    return GlobalHandle(memory);
}
