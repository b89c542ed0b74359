/*
 * com.h: what objects of ours and calls of others' objects have in common.  Whoever holds an interface does not know
 * whose it is, so methods are called through the gate.
 */
#ifndef OLE32_COM_H
#define OLE32_COM_H

#include <string.h>
#include "win.h"
#include "ntdll/gate.h"
#include "ntsync.h"
#include <objidl.h>

static inline bool guid_equal(const GUID *a, const GUID *b)
{
    return memcmp(a, b, sizeof *a) == 0;
}

/* COM's own ids are {number-0000-0000-C000-000000000046}. */
#define GUID_OLE(number)                                                                                               \
    {                                                                                                                  \
        (number), 0, 0,                                                                                                \
        {                                                                                                              \
            0xc0, 0, 0, 0, 0, 0, 0, 0x46                                                                               \
        }                                                                                                              \
    }

static inline bool guid_is_ole(const GUID *id, DWORD number)
{
    const GUID ole = GUID_OLE(number);

    return guid_equal(id, &ole);
}

enum {
    OLE_UNKNOWN = 0,
    OLE_CLASS_FACTORY = 1,
    OLE_MALLOC = 2,
    OLE_MARSHAL = 3,
    OLE_STORAGE = 0xb,
    OLE_STREAM = 0xc,
    OLE_ENUM_STATSTG = 0xd,
    OLE_BIND_CTX = 0xe,
    OLE_ROT = 0x10,
    OLE_FREE_MARSHALER = 0x33a,
    OLE_GIT_CLASS = 0x323,
    OLE_GIT = 0x146
};

/* A method of any interface, by its name in `Interface`Vtbl. */
#define COM_METHOD(Interface, object, method) ((const void *)((Interface *)(object))->lpVtbl->method)
#define COM_CALL(Interface, object, method, a, b, c)                                                                   \
    com_call(COM_METHOD(Interface, object, method), GUEST(object), GUEST(a), GUEST(b), GUEST(c))

static inline HRESULT com_call(const void *method, ULONG_PTR object, ULONG_PTR a, ULONG_PTR b, ULONG_PTR c)
{
    return (HRESULT)guest_call(method, object, a, b, c);
}

static inline HRESULT com_query(void *object, const GUID *id, void **result)
{
    return COM_CALL(IUnknown, object, QueryInterface, id, result, 0);
}

static inline ULONG com_add_ref(void *object)
{
    return (ULONG)COM_CALL(IUnknown, object, AddRef, 0, 0, 0);
}

static inline ULONG com_release(void *object)
{
    return object ? (ULONG)COM_CALL(IUnknown, object, Release, 0, 0, 0) : 0;
}

static inline void *com_alloc(size_t size)
{
    return RtlAllocateHeap(peb_current()->ProcessHeap, HEAP_ZERO_MEMORY, size);
}

static inline void com_free(void *memory)
{
    if (memory)
        RtlFreeHeap(peb_current()->ProcessHeap, 0, memory);
}

/* Answers a QueryInterface with `object`, counted, or with NULL. */
static inline HRESULT com_answer(bool known, void *object, void **result)
{
    if (!result)
        return E_POINTER;
    *result = known ? object : NULL;
    if (!known)
        return E_NOINTERFACE;
    com_add_ref(object);
    return S_OK;
}

/* AddRef and Release of an object whose count is `refs`; the last release calls `destroy`. */
#define COM_COUNTED(Interface, type, prefix, destroy)                                                                  \
    static ULONG WINAPI prefix##_add_ref(Interface *this)                                                              \
    {                                                                                                                  \
        return (ULONG)__sync_add_and_fetch(&((type *)this)->refs, 1);                                                  \
    }                                                                                                                  \
    static ULONG WINAPI prefix##_release(Interface *this)                                                              \
    {                                                                                                                  \
        ULONG left = (ULONG)__sync_sub_and_fetch(&((type *)this)->refs, 1);                                            \
        if (!left)                                                                                                     \
            destroy((type *)this);                                                                                     \
        return left;                                                                                                   \
    }

/* COM is initialized for this thread, or some thread has made an apartment for all (apartment.c). */
bool com_ready(void);

/* stream_memory.c: CopyTo of any stream: through its own and the other's methods. */
HRESULT istream_copy(IStream *from, IStream *to, ULONGLONG size, ULARGE_INTEGER *read, ULARGE_INTEGER *written);
HRESULT istream_read(IStream *stream, void *buffer, ULONG size); /* all of it, or an error */
HRESULT istream_write(IStream *stream, const void *buffer, ULONG size);

#endif
