/*
 * compressapi.c: the Compression API (CreateCompressor, Compress, Decompress ...).
 *
 * Layer: cabinet.dll.  Xpress is ntdll's, MSZIP the deflate plug-in's.  With COMPRESS_RAW data is one block as it is;
 * else blocks follow a head with the whole size.
 */
#include <string.h>
#include "ntapi.h"
#include <compressapi.h>
#include "ntdll/deflate_plugin.h"
#include "ntdll/gate.h"

#define MAGIC 0x706d6f43u /* "Comp" */
#define MSZIP_BLOCK 0x8000u
#define XPRESS_BLOCK 0x10000u
#define WORK_SIZE 0x10010u               /* what the decompression functions may ask for */
#define ERROR_BAD_COMPRESSION_BUFFER 605 /* not in the headers */

NTSTATUS WINAPI RtlCompressBuffer(USHORT format, PUCHAR in, ULONG in_size, PUCHAR out, ULONG room, ULONG chunk,
                                  PULONG final, PVOID work);
NTSTATUS WINAPI RtlDecompressBufferEx(USHORT format, PUCHAR out, ULONG room, PUCHAR in, ULONG in_size, PULONG final,
                                      PVOID work);

struct compressor {
    uint32_t magic;
    bool packs;
    DWORD algorithm;
    bool raw;
    DWORD level;
    COMPRESS_ALLOCATION_ROUTINES memory; /* Allocate NULL: the process heap */
};

/* In front of the blocks; each has its size before it, and is stored as it was if that is not smaller. */
struct head {
    BYTE magic[4];
    uint16_t size;
    uint8_t check, algorithm;
    uint64_t whole, block;
};
_Static_assert(sizeof(struct head) == 24, "as it stands in buffers");
static const BYTE head_magic[4] = {0x0a, 0x51, 0xe5, 0xc0};

static BOOL fail(DWORD error)
{
    SetLastError(error);
    return FALSE;
}

/* ---- handles ---- */

static BOOL create(DWORD algorithm, const COMPRESS_ALLOCATION_ROUTINES *memory, bool packs, void **handle)
{
    DWORD kind = algorithm & ~(DWORD)COMPRESS_RAW;
    struct compressor *made;

    if (!handle || kind <= COMPRESS_ALGORITHM_NULL || kind >= COMPRESS_ALGORITHM_MAX ||
        (memory && (!memory->Allocate || !memory->Free)))
        return fail(ERROR_INVALID_PARAMETER);
    if (kind == COMPRESS_ALGORITHM_LZMS)
        return fail(ERROR_NOT_SUPPORTED); /* its format is published nowhere */
    if (memory)
        made = (void *)guest_call((void *)memory->Allocate, GUEST(memory->UserContext), sizeof *made, 0, 0);
    else
        made = RtlAllocateHeap(peb_current()->ProcessHeap, 0, sizeof *made);
    if (!made)
        return fail(ERROR_NOT_ENOUGH_MEMORY);
    *made = (struct compressor){MAGIC, packs, kind, (algorithm & COMPRESS_RAW) != 0, 0, {NULL, NULL, NULL}};
    if (memory)
        made->memory = *memory;
    *handle = made;
    return TRUE;
}

static struct compressor *lookup(void *handle, bool packs)
{
    struct compressor *compressor = handle;

    if (compressor && compressor->magic == MAGIC && compressor->packs == packs)
        return compressor;
    SetLastError(ERROR_INVALID_HANDLE);
    return NULL;
}

static BOOL destroy(void *handle, bool packs)
{
    struct compressor *compressor = lookup(handle, packs);

    if (!compressor)
        return FALSE;
    COMPRESS_ALLOCATION_ROUTINES memory = compressor->memory;
    compressor->magic = 0;
    if (memory.Free)
        guest_call((void *)memory.Free, GUEST(memory.UserContext), GUEST(compressor), 0, 0);
    else
        RtlFreeHeap(peb_current()->ProcessHeap, 0, compressor);
    return TRUE;
}

BOOL WINAPI CreateCompressor(DWORD algorithm, PCOMPRESS_ALLOCATION_ROUTINES memory, PCOMPRESSOR_HANDLE handle)
{
    return create(algorithm, memory, true, (void **)handle);
}

BOOL WINAPI CreateDecompressor(DWORD algorithm, PCOMPRESS_ALLOCATION_ROUTINES memory, PDECOMPRESSOR_HANDLE handle)
{
    return create(algorithm, memory, false, (void **)handle);
}

BOOL WINAPI CloseCompressor(COMPRESSOR_HANDLE handle)
{
    return destroy(handle, true);
}

BOOL WINAPI CloseDecompressor(DECOMPRESSOR_HANDLE handle)
{
    return destroy(handle, false);
}

/* Blocks do not depend on each other, so there is nothing to forget. */
BOOL WINAPI ResetCompressor(COMPRESSOR_HANDLE handle)
{
    return lookup(handle, true) != NULL;
}

BOOL WINAPI ResetDecompressor(DECOMPRESSOR_HANDLE handle)
{
    return lookup(handle, false) != NULL;
}

/* ---- blocks ---- */

static ULONG block_of(const struct compressor *compressor)
{
    return compressor->algorithm == COMPRESS_ALGORITHM_MSZIP ? MSZIP_BLOCK : XPRESS_BLOCK;
}

static USHORT format_of(const struct compressor *compressor)
{
    return compressor->algorithm == COMPRESS_ALGORITHM_XPRESS ? COMPRESSION_FORMAT_XPRESS
                                                              : COMPRESSION_FORMAT_XPRESS_HUFF;
}

/* No block gets larger than this; *made is right if it did not fit, too. */
static size_t block_most(size_t size)
{
    return size + size / 8 + 1024;
}

static DWORD block_pack(const struct compressor *compressor, const BYTE *in, size_t size, BYTE *out, size_t room,
                        size_t *made)
{
    ULONG final = 0;

    if (compressor->algorithm == COMPRESS_ALGORITHM_MSZIP) {
        const struct deflate_plugin *deflate = deflate_plugin();
        if (!deflate)
            return ERROR_NOT_SUPPORTED;
        *made = block_most(size);
        if (size > MSZIP_BLOCK)
            return ERROR_INVALID_PARAMETER;
        if (room < 2 || !deflate->pack(in, size, NULL, 0, out + 2, room - 2, made))
            return ERROR_INSUFFICIENT_BUFFER;
        out[0] = 'C', out[1] = 'K';
        *made += 2;
        return ERROR_SUCCESS;
    }
    NTSTATUS status =
        RtlCompressBuffer(format_of(compressor), (PUCHAR)in, (ULONG)size, out, (ULONG)room, 4096, &final, NULL);
    *made = final;
    return !status                             ? ERROR_SUCCESS
           : status == STATUS_BUFFER_TOO_SMALL ? ERROR_INSUFFICIENT_BUFFER
                                               : ERROR_NOT_ENOUGH_MEMORY;
}

/* Exactly `size` bytes have to come out. */
static bool block_unpack(const struct compressor *compressor, const BYTE *in, size_t packed, BYTE *out, size_t size)
{
    ULONG final = 0;

    if (compressor->algorithm == COMPRESS_ALGORITHM_MSZIP) {
        const struct deflate_plugin *deflate = deflate_plugin();
        size_t made = 0;
        return deflate && packed > 2 && in[0] == 'C' && in[1] == 'K' &&
               deflate->unpack(in + 2, packed - 2, NULL, 0, out, size, &made) && made == size;
    }
    BYTE *work = RtlAllocateHeap(peb_current()->ProcessHeap, 0, WORK_SIZE);
    bool good = work && !RtlDecompressBufferEx(format_of(compressor), out, (ULONG)size, (PUCHAR)in, (ULONG)packed,
                                               &final, work);
    RtlFreeHeap(peb_current()->ProcessHeap, 0, work);
    return good && final == size;
}

/* ---- whole buffers ---- */

static DWORD blocks_pack(const struct compressor *compressor, const BYTE *in, size_t size, BYTE *out, size_t room,
                         size_t *made)
{
    size_t block = block_of(compressor), blocks = (size + block - 1) / block, at = sizeof(struct head);
    struct head head = {
        .size = sizeof head, .algorithm = (uint8_t)compressor->algorithm, .whole = size, .block = block};

    *made = sizeof head + size + blocks * sizeof(uint32_t);
    if (room < *made) /* stored blocks fit always */
        return ERROR_INSUFFICIENT_BUFFER;
    memcpy(head.magic, head_magic, sizeof head.magic);
    memcpy(out, &head, sizeof head);
    for (size_t from = 0; from < size; from += block) {
        size_t whole = size - from < block ? size - from : block, packed = whole;
        DWORD error = block_pack(compressor, in + from, whole, out + at + sizeof(uint32_t), whole - 1, &packed);

        if (error == ERROR_INSUFFICIENT_BUFFER || (!error && packed >= whole))
            memcpy(out + at + sizeof(uint32_t), in + from, packed = whole);
        else if (error)
            return error;
        uint32_t length = (uint32_t)packed;
        memcpy(out + at, &length, sizeof length);
        at += sizeof length + packed;
    }
    *made = at;
    return ERROR_SUCCESS;
}

BOOL WINAPI Compress(COMPRESSOR_HANDLE handle, PVOID in, SIZE_T size, PVOID out, SIZE_T room, PSIZE_T needed)
{
    struct compressor *compressor = lookup(handle, true);
    size_t made = 0;
    DWORD error;

    if (!compressor)
        return FALSE;
    if ((!in && size) || !needed || (!out && room) || size > UINT32_MAX)
        return fail(ERROR_INVALID_PARAMETER);
    if (!compressor->raw)
        error = blocks_pack(compressor, in, size, out, room, &made);
    else if (!room)
        made = block_most(size), error = ERROR_INSUFFICIENT_BUFFER;
    else
        error = block_pack(compressor, in, size, out, room, &made);
    *needed = made;
    return !error || fail(error);
}

static bool head_read(const struct compressor *compressor, const BYTE *in, size_t size, struct head *head)
{
    if (size < sizeof *head)
        return false;
    memcpy(head, in, sizeof *head);
    return !memcmp(head->magic, head_magic, sizeof head_magic) && head->size == sizeof *head &&
           head->algorithm == compressor->algorithm && head->block && head->block <= 1u << 26;
}

static bool blocks_unpack(const struct compressor *compressor, const struct head *head, const BYTE *in, size_t size,
                          BYTE *out)
{
    size_t at = sizeof *head;

    for (uint64_t to = 0; to < head->whole; to += head->block) {
        size_t whole = head->whole - to < head->block ? head->whole - to : head->block;
        uint32_t length;

        if (size - at < sizeof length)
            return false;
        memcpy(&length, in + at, sizeof length);
        at += sizeof length;
        if (length > size - at || length > whole)
            return false;
        if (length == whole)
            memcpy(out + to, in + at, whole);
        else if (!block_unpack(compressor, in + at, length, out + to, whole))
            return false;
        at += length;
    }
    return true;
}

BOOL WINAPI Decompress(DECOMPRESSOR_HANDLE handle, PVOID in, SIZE_T size, PVOID out, SIZE_T room, PSIZE_T made)
{
    struct compressor *compressor = lookup(handle, false);
    struct head head;

    if (!compressor)
        return FALSE;
    if ((!in && size) || (!out && room) || size > UINT32_MAX)
        return fail(ERROR_INVALID_PARAMETER);
    if (compressor->raw) {
        if (room > UINT32_MAX || !block_unpack(compressor, in, size, out, room))
            return fail(ERROR_BAD_COMPRESSION_BUFFER);
        if (made)
            *made = room;
        return TRUE;
    }
    if (!head_read(compressor, in, size, &head))
        return fail(ERROR_BAD_COMPRESSION_BUFFER);
    if (made)
        *made = head.whole;
    if (head.whole > room)
        return fail(ERROR_INSUFFICIENT_BUFFER);
    return blocks_unpack(compressor, &head, in, size, out) || fail(ERROR_BAD_COMPRESSION_BUFFER);
}

/* ---- settings: a level of Xpress, which changes nothing here ---- */

static BOOL information(void *handle, bool packs, COMPRESS_INFORMATION_CLASS class, DWORD *value, SIZE_T size, bool set)
{
    struct compressor *compressor = lookup(handle, packs);

    if (!compressor)
        return FALSE;
    if (!value || size != sizeof *value)
        return fail(ERROR_INVALID_PARAMETER);
    if (class == COMPRESS_INFORMATION_CLASS_BLOCK_SIZE && !set) {
        *value = block_of(compressor);
        return TRUE;
    }
    if (class != COMPRESS_INFORMATION_CLASS_LEVEL || compressor->algorithm == COMPRESS_ALGORITHM_MSZIP || !packs)
        return fail(ERROR_UNSUPPORTED_TYPE);
    if (set && *value > 1)
        return fail(ERROR_INVALID_PARAMETER);
    if (set)
        compressor->level = *value;
    else
        *value = compressor->level;
    return TRUE;
}

BOOL WINAPI QueryCompressorInformation(COMPRESSOR_HANDLE handle, COMPRESS_INFORMATION_CLASS class, PVOID value,
                                       SIZE_T size)
{
    return information(handle, true, class, value, size, false);
}

BOOL WINAPI SetCompressorInformation(COMPRESSOR_HANDLE handle, COMPRESS_INFORMATION_CLASS class, PVOID value,
                                     SIZE_T size)
{
    return information(handle, true, class, value, size, true);
}

BOOL WINAPI QueryDecompressorInformation(DECOMPRESSOR_HANDLE handle, COMPRESS_INFORMATION_CLASS class, PVOID value,
                                         SIZE_T size)
{
    return information(handle, false, class, value, size, false);
}

BOOL WINAPI SetDecompressorInformation(DECOMPRESSOR_HANDLE handle, COMPRESS_INFORMATION_CLASS class, PVOID value,
                                       SIZE_T size)
{
    return information(handle, false, class, value, size, true);
}
