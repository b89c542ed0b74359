/*
 * malloc.c: COM's task allocator as an object, and a server's count of users.
 *
 * Layer: ole32, over the process heap.
 */
#include <string.h>
#include "win.h"
#include "ntdll/gate.h"
#include <objidl.h>
#include <oleauto.h>

static const GUID iid_unknown = {0, 0, 0, {0xc0, 0, 0, 0, 0, 0, 0, 0x46}};
static const GUID iid_malloc = {2, 0, 0, {0xc0, 0, 0, 0, 0, 0, 0, 0x46}};

static HRESULT WINAPI malloc_query(IMalloc *this, const GUID *id, void **object)
{
    if (!object)
        return E_POINTER;
    *object = memcmp(id, &iid_unknown, sizeof *id) == 0 || memcmp(id, &iid_malloc, sizeof *id) == 0 ? this : NULL;
    return *object ? S_OK : E_NOINTERFACE;
}

/* The one object lives as long as the process. */
static ULONG WINAPI malloc_count(IMalloc *this)
{
    (void)this;
    return 2;
}

static void *WINAPI malloc_alloc(IMalloc *this, SIZE_T size)
{
    (void)this;
    return CoTaskMemAlloc(size);
}

static void *WINAPI malloc_realloc(IMalloc *this, void *memory, SIZE_T size)
{
    (void)this;
    return CoTaskMemRealloc(memory, size);
}

static void WINAPI malloc_free(IMalloc *this, void *memory)
{
    (void)this;
    CoTaskMemFree(memory);
}

static SIZE_T WINAPI malloc_size(IMalloc *this, void *memory)
{
    (void)this;
    return memory ? RtlSizeHeap(peb_current()->ProcessHeap, 0, memory) : (SIZE_T)-1;
}

/* 1: from here; 0: not; -1: not asked about anything. */
static int WINAPI malloc_is_own(IMalloc *this, void *memory)
{
    (void)this;
    return memory ? RtlValidateHeap(peb_current()->ProcessHeap, 0, memory) : -1;
}

static void WINAPI malloc_minimize(IMalloc *this)
{
    (void)this;
}

static const IMallocVtbl malloc_methods = {malloc_query, malloc_count, malloc_count,  malloc_alloc,   malloc_realloc,
                                           malloc_free,  malloc_size,  malloc_is_own, malloc_minimize};

HRESULT WINAPI CoGetMalloc(DWORD context, IMalloc **object)
{
    static IMalloc only = {(IMallocVtbl *)&malloc_methods};

    if (!object)
        return E_INVALIDARG;
    *object = context == 1 ? &only : NULL;
    return *object ? S_OK : E_INVALIDARG;
}

static LONG server_users;

ULONG WINAPI CoAddRefServerProcess(void)
{
    return (ULONG)__sync_add_and_fetch(&server_users, 1);
}

ULONG WINAPI CoReleaseServerProcess(void)
{
    return (ULONG)__sync_sub_and_fetch(&server_users, 1);
}

/* A pointer to an object has methods that can be read. */
BOOL WINAPI IsValidInterface(LPUNKNOWN object)
{
    return object && !IsBadReadPtr(object, sizeof *object) && !IsBadReadPtr(object->lpVtbl, sizeof *object->lpVtbl) &&
           object->lpVtbl->QueryInterface;
}
