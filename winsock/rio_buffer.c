/*
 * rio_buffer.c: Registered I/O's buffers: numbers for pieces of the program's memory.
 *
 * Looking one up takes no lock: the table's parts never move, and a number has a generation, so that one of the past
 * is refused.
 */
#include <stdatomic.h>
#include "winsock/rio.h"

#define PART 256u
#define PARTS 1024u
#define INDEX_BITS 18 /* PART * PARTS */
#define GENERATIONS 0x3fffu

static struct buffer {
    _Atomic ULONG id; /* 0: free */
    ULONG index, length, generation;
    char *data;
    struct buffer *next_free;
} * _Atomic parts[PARTS];
_Static_assert(1u << INDEX_BITS == PART * PARTS, "a number holds every index");

static RTL_SRWLOCK lock = RTL_SRWLOCK_INIT;
static struct buffer *first_free;
static ULONG used;

static bool memory_is_there(const char *data, ULONG length)
{
    for (const char *at = data; at < data + length;) {
        MEMORY_BASIC_INFORMATION info;
        if (NtQueryVirtualMemory(NtCurrentProcess(), (void *)at, 0 /* basic */, &info, sizeof info, NULL) ||
            info.State != MEM_COMMIT || info.Protect & (PAGE_NOACCESS | PAGE_GUARD))
            return false;
        at = (const char *)info.BaseAddress + info.RegionSize;
    }
    return true;
}

/* Under the lock. */
static struct buffer *buffer_new(void)
{
    struct buffer *buffer = first_free;
    if (buffer) {
        first_free = buffer->next_free;
        return buffer;
    }
    if (used == PART * PARTS)
        return NULL;
    if (!parts[used / PART])
        parts[used / PART] =
            RtlAllocateHeap(peb_current()->ProcessHeap, HEAP_ZERO_MEMORY, PART * sizeof(struct buffer));
    if (!parts[used / PART])
        return NULL;
    buffer = &parts[used / PART][used % PART];
    buffer->index = used++;
    return buffer;
}

static struct buffer *buffer_find(ULONG id)
{
    ULONG index = id & ((1u << INDEX_BITS) - 1);
    struct buffer *part = atomic_load_explicit(&parts[index / PART], memory_order_acquire);
    struct buffer *buffer = part ? &part[index % PART] : NULL;
    return id && buffer && atomic_load_explicit(&buffer->id, memory_order_acquire) == id ? buffer : NULL;
}

RIO_BUFFERID WINAPI RIORegisterBuffer(PCHAR data, DWORD length)
{
    ULONG id = 0;
    if (!length || !memory_is_there(data, length)) {
        wsa_fail(length ? WSAEFAULT : WSAEINVAL);
        return RIO_INVALID_BUFFERID;
    }
    RtlAcquireSRWLockExclusive(&lock);
    struct buffer *buffer = buffer_new();
    if (buffer) {
        buffer->generation = buffer->generation % (GENERATIONS - 1) + 1; /* never 0, nor all ones */
        id = buffer->generation << INDEX_BITS | buffer->index;
        buffer->data = data;
        buffer->length = length;
        atomic_store_explicit(&buffer->id, id, memory_order_release);
    }
    RtlReleaseSRWLockExclusive(&lock);
    if (!buffer) {
        wsa_fail(WSAENOBUFS);
        return RIO_INVALID_BUFFERID;
    }
    return (RIO_BUFFERID)(ULONG_PTR)id;
}

void WINAPI RIODeregisterBuffer(RIO_BUFFERID id)
{
    RtlAcquireSRWLockExclusive(&lock);
    struct buffer *buffer = (ULONG_PTR)id <= MAXDWORD ? buffer_find((ULONG)(ULONG_PTR)id) : NULL;
    if (buffer) {
        atomic_store(&buffer->id, 0);
        buffer->next_free = first_free;
        first_free = buffer;
    }
    RtlReleaseSRWLockExclusive(&lock);
}

void *rio_buffer_at(const RIO_BUF *slice)
{
    ULONG_PTR id = (ULONG_PTR)slice->BufferId;
    struct buffer *buffer = id <= MAXDWORD ? buffer_find((ULONG)id) : NULL;
    if (!buffer || slice->Offset > buffer->length || slice->Length > buffer->length - slice->Offset)
        return NULL;
    return buffer->data + slice->Offset;
}
