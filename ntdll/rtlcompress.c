/*
 * rtlcompress.c: RtlCompressBuffer, RtlDecompressBuffer and their kin: which format, and the LZNT1 of NTFS.
 *
 * Layer: ntdll.  LZNT1 is a series of chunks that hold up to 4096 bytes each: a head of two bytes with the chunk's
 * size, then groups of a byte of flags and eight items, a byte or a pair of distance and length, whose bits are shared
 * out by how far into the chunk it is.  Xpress is in rtlxpress.c and
 * rtlxpresshuffman.c.
 */
#include <string.h>
#include "rtlcompress.h"

#define CHUNK 4096u
#define HEAD_PACKED 0x8000u
#define HEAD_SIGNATURE 0x3000u

/* How many bits of a pair are the length's, `at` bytes into a chunk. */
static unsigned length_bits(size_t at)
{
    unsigned bits = 12;

    for (size_t reach = 16; reach < at && bits > 4; reach <<= 1)
        bits--;
    return bits;
}

/* ---- packing ---- */

#define TABLE 4096u

static unsigned hash(const BYTE *at)
{
    return ((at[0] | at[1] << 8 | (unsigned)at[2] << 16) * 0x9e3779b1u) >> 20;
}

/* The chunk's data without its head; more than CHUNK - 1 bytes: it does not get smaller. */
static size_t chunk_pack(const BYTE *in, size_t size, BYTE *out)
{
    USHORT heads[TABLE] = {0}; /* the last place of three bytes, plus one */
    size_t made = 0, flags = 0;

    for (size_t at = 0, item = 0; at < size; item++) {
        size_t match = 0, distance = 0;
        unsigned bits = length_bits(at);

        if (made + 3 > CHUNK)
            return CHUNK;
        if (item % 8 == 0)
            out[flags = made++] = 0;
        if (size - at >= 3) {
            size_t most = (1u << bits) + 2, before = heads[hash(in + at)];

            if (before) {
                distance = at - (before - 1);
                while (match < most && at + match < size && in[before - 1 + match] == in[at + match])
                    match++;
            }
        }
        if (match < 3 || distance > 1u << (16 - bits)) {
            out[made++] = in[at];
            match = 1;
        } else {
            USHORT pair = (USHORT)((distance - 1) << bits | (match - 3));

            out[flags] |= (BYTE)(1u << item % 8);
            out[made++] = (BYTE)pair;
            out[made++] = (BYTE)(pair >> 8);
        }
        for (; match; match--, at++)
            if (size - at >= 3)
                heads[hash(in + at)] = (USHORT)(at + 1);
    }
    return made;
}

static NTSTATUS lznt1_pack(const BYTE *in, size_t size, BYTE *out, size_t room, size_t *made)
{
    BYTE packed[CHUNK + 4];

    for (*made = 0; size;) {
        size_t some = size < CHUNK ? size : CHUNK, length = chunk_pack(in, some, packed);
        bool smaller = length < some;
        USHORT head;

        if (!smaller)
            length = some;
        if (room - *made < length + 2)
            return STATUS_BUFFER_TOO_SMALL;
        head = (USHORT)((length - 1) | HEAD_SIGNATURE | (smaller ? HEAD_PACKED : 0));
        out[(*made)++] = (BYTE)head;
        out[(*made)++] = (BYTE)(head >> 8);
        memcpy(out + *made, smaller ? packed : in, length);
        *made += length;
        in += some;
        size -= some;
    }
    return STATUS_SUCCESS;
}

/* ---- unpacking ---- */

static NTSTATUS chunk_unpack(const BYTE *in, size_t size, BYTE *out, size_t room, size_t *made)
{
    size_t at = 0;

    for (*made = 0; at < size && *made < room;) {
        BYTE flags = in[at++];

        for (int bit = 0; bit < 8 && at < size && *made < room; bit++, flags >>= 1) {
            if (!(flags & 1)) {
                out[(*made)++] = in[at++];
                continue;
            }
            if (size - at < 2)
                return STATUS_BAD_COMPRESSION_BUFFER;
            unsigned pair = in[at] | (unsigned)in[at + 1] << 8, bits = length_bits(*made);
            size_t distance = (pair >> bits) + 1, length = (pair & ((1u << bits) - 1)) + 3;

            at += 2;
            if (distance > *made)
                return STATUS_BAD_COMPRESSION_BUFFER;
            for (; length && *made < room; length--, (*made)++)
                out[*made] = out[*made - distance];
        }
    }
    return STATUS_SUCCESS;
}

/* `skip` bytes of the unpacked data are left out. */
static NTSTATUS lznt1_unpack(const BYTE *in, size_t size, BYTE *out, size_t room, size_t skip, size_t *made)
{
    BYTE whole[CHUNK];

    *made = 0;
    while (size >= 2 && *made < room) {
        unsigned head = in[0] | (unsigned)in[1] << 8;
        size_t length = (head & 0xfff) + 1, got, some;
        NTSTATUS status;

        if (!head)
            break;
        in += 2;
        size -= 2;
        if (length > size)
            return STATUS_BAD_COMPRESSION_BUFFER;
        if (head & HEAD_PACKED) {
            status = chunk_unpack(in, length, whole, CHUNK, &got);
            if (status)
                return status;
        } else {
            memcpy(whole, in, got = length);
        }
        in += length;
        size -= length;
        if (size >= 2 && (in[0] | in[1])) /* all but the last chunk are whole; what a short one lacks is zero */
            memset(whole + got, 0, CHUNK - got), got = CHUNK;
        if (skip >= got) {
            skip -= got;
            continue;
        }
        some = got - skip < room - *made ? got - skip : room - *made;
        memcpy(out + *made, whole + skip, some);
        *made += some;
        skip = 0;
    }
    return STATUS_SUCCESS;
}

/* ---- the functions ---- */

static NTSTATUS format_check(USHORT format_and_engine)
{
    USHORT format = format_and_engine & 0xff;

    if (format == COMPRESSION_FORMAT_NONE || format == COMPRESSION_FORMAT_DEFAULT)
        return STATUS_INVALID_PARAMETER;
    return format > COMPRESSION_FORMAT_XPRESS_HUFF ? STATUS_UNSUPPORTED_COMPRESSION : STATUS_SUCCESS;
}

/* Windows' sizes; no work space is needed here. */
NTSTATUS WINAPI RtlGetCompressionWorkSpaceSize(USHORT format_and_engine, PULONG size, PULONG fragment)
{
    NTSTATUS status = format_check(format_and_engine);

    if (!status && (format_and_engine & 0xff00) > COMPRESSION_ENGINE_MAXIMUM)
        status = STATUS_NOT_SUPPORTED;
    if (!status) {
        *size = 0x10010;
        *fragment = CHUNK;
    }
    return status;
}

NTSTATUS WINAPI RtlCompressBuffer(USHORT format_and_engine, PUCHAR in, ULONG in_size, PUCHAR out, ULONG room,
                                  ULONG chunk, PULONG final, PVOID work)
{
    NTSTATUS status = format_check(format_and_engine);
    size_t made = 0;

    (void)chunk, (void)work;
    if (status)
        return status;
    if ((format_and_engine & 0xff) == COMPRESSION_FORMAT_LZNT1)
        status = lznt1_pack(in, in_size, out, room, &made);
    else if ((format_and_engine & 0xff) == COMPRESSION_FORMAT_XPRESS)
        status = xpress_pack(in, in_size, out, room, &made);
    else
        status = xpress_huffman_pack(in, in_size, out, room, &made);
    *final = (ULONG)made;
    return status;
}

NTSTATUS WINAPI RtlDecompressBufferEx(USHORT format, PUCHAR out, ULONG room, PUCHAR in, ULONG in_size, PULONG final,
                                      PVOID work)
{
    NTSTATUS status = format_check(format);
    size_t made = 0;

    (void)work;
    if (status)
        return status;
    if ((format & 0xff) == COMPRESSION_FORMAT_LZNT1)
        status = lznt1_unpack(in, in_size, out, room, 0, &made);
    else if ((format & 0xff) == COMPRESSION_FORMAT_XPRESS)
        status = xpress_unpack(in, in_size, out, room, &made);
    else
        status = xpress_huffman_unpack(in, in_size, out, room, &made);
    *final = (ULONG)made;
    return status;
}

/* Xpress with Huffman codes needs work space, which this function has not: as on Windows. */
NTSTATUS WINAPI RtlDecompressBuffer(USHORT format, PUCHAR out, ULONG room, PUCHAR in, ULONG in_size, PULONG final)
{
    if ((format & 0xff) == COMPRESSION_FORMAT_XPRESS_HUFF)
        return STATUS_UNSUPPORTED_COMPRESSION;
    return RtlDecompressBufferEx(format, out, room, in, in_size, final, NULL);
}

NTSTATUS WINAPI RtlDecompressFragment(USHORT format, PUCHAR out, ULONG room, PUCHAR in, ULONG in_size, ULONG offset,
                                      PULONG final, PVOID work)
{
    NTSTATUS status = format_check(format);
    size_t made = 0;

    (void)work;
    if (status)
        return status;
    if ((format & 0xff) != COMPRESSION_FORMAT_LZNT1)
        return STATUS_UNSUPPORTED_COMPRESSION;
    status = lznt1_unpack(in, in_size, out, room, offset, &made);
    *final = (ULONG)made;
    return status;
}
