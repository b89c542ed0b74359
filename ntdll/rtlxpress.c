/*
 * rtlxpress.c: the Xpress formats of [MS-XCA]: plain LZ77, and LZ77 with Huffman codes (packing is in
 * rtlxpresshuffman.c).
 *
 * Layer: ntdll.
 */
#include <stdlib.h>
#include <string.h>
#include "rtlcompress.h"

/* ---- plain ---- */

#define REACH 8192u /* distances have 13 bits */
#define TABLE_BITS 12

struct packer {
    BYTE *out;
    size_t room, made;
    size_t flags_at; /* where the group's 32 flags go */
    uint32_t flags;
    int flag_count;
    size_t nibble_at; /* a byte whose upper half is free; 0: none */
};

static void put(struct packer *p, uint32_t value, int bytes)
{
    for (; bytes; bytes--, value >>= 8, p->made++)
        if (p->made < p->room)
            p->out[p->made] = (BYTE)value;
}

static void flags_store(struct packer *p)
{
    if (p->flags_at + 4 <= p->room)
        memcpy(p->out + p->flags_at, &p->flags, 4);
}

static void put_flag(struct packer *p, uint32_t flag)
{
    p->flags = p->flags << 1 | flag;
    if (++p->flag_count < 32)
        return;
    flags_store(p);
    p->flag_count = 0;
    p->flags_at = p->made;
    put(p, 0, 4);
}

/* Three bits; if they are full, half a byte, which two matches share; then a byte, two, or four. */
static void put_match(struct packer *p, size_t distance, size_t length)
{
    uint32_t rest = (uint32_t)length - 3;

    put(p, (uint32_t)((distance - 1) << 3) | (rest < 7 ? rest : 7), 2);
    if (rest < 7)
        return;
    rest -= 7;
    uint32_t half = rest < 15 ? rest : 15;

    if (!p->nibble_at) {
        p->nibble_at = p->made;
        put(p, half, 1);
    } else {
        if (p->nibble_at < p->room)
            p->out[p->nibble_at] |= (BYTE)(half << 4);
        p->nibble_at = 0;
    }
    if (rest < 15)
        return;
    rest -= 15;
    if (rest < 255) {
        put(p, rest, 1);
        return;
    }
    put(p, 255, 1);
    rest += 7 + 15;
    if (rest < 1u << 16) {
        put(p, rest, 2);
    } else {
        put(p, 0, 2);
        put(p, rest, 4);
    }
}

static unsigned hash(const BYTE *at)
{
    return ((at[0] | at[1] << 8 | (unsigned)at[2] << 16) * 0x9e3779b1u) >> (32 - TABLE_BITS);
}

NTSTATUS xpress_pack(const BYTE *in, size_t size, BYTE *out, size_t room, size_t *made)
{
    uint32_t heads[1 << TABLE_BITS] = {0}; /* the last place of three bytes, plus one */
    struct packer p = {.out = out, .room = room};

    put(&p, 0, 4);
    for (size_t at = 0; at < size;) {
        size_t match = 0, distance = 0, before = size - at >= 3 ? heads[hash(in + at)] : 0;

        if (before && at - (before - 1) <= REACH) {
            distance = at - (before - 1);
            while (at + match < size && in[before - 1 + match] == in[at + match])
                match++;
        }
        if (match < 3) {
            put(&p, in[at], 1);
            put_flag(&p, 0);
            match = 1;
        } else {
            put_match(&p, distance, match);
            put_flag(&p, 1);
        }
        for (; match; match--, at++)
            if (size - at >= 3)
                heads[hash(in + at)] = (uint32_t)(at + 1);
    }
    /* flags that are left over say "match": there the input ends */
    p.flags = p.flag_count ? p.flags << (32 - p.flag_count) | ((1u << (32 - p.flag_count)) - 1) : ~0u;
    flags_store(&p);
    *made = p.made;
    return p.made <= room ? STATUS_SUCCESS : STATUS_BUFFER_TOO_SMALL;
}

struct reader {
    const BYTE *in;
    size_t size, at;
    bool bad;
};

static uint32_t get(struct reader *r, unsigned bytes)
{
    uint32_t value = 0;

    if (r->size - r->at < bytes) {
        r->bad = true;
        r->at = r->size;
        return 0;
    }
    for (unsigned i = 0; i < bytes; i++)
        value |= (uint32_t)r->in[r->at + i] << 8 * i;
    r->at += bytes;
    return value;
}

/* What follows a full field: a byte, two, or four; `least` is what the fields before it have said. */
static size_t long_length(struct reader *r, uint32_t least)
{
    uint32_t value = get(r, 1);

    if (value < 255)
        return value + least;
    value = get(r, 2);
    if (!value)
        value = get(r, 4);
    if (value < least)
        r->bad = true;
    return value;
}

static size_t plain_length(struct reader *r, uint32_t pair, size_t *nibble_at)
{
    uint32_t length = pair & 7, half;

    if (length < 7)
        return length + 3;
    if (!*nibble_at) {
        *nibble_at = r->at + 1; /* plus one: 0 is none */
        half = get(r, 1) & 15;
    } else {
        half = r->in[*nibble_at - 1] >> 4;
        *nibble_at = 0;
    }
    return (half < 15 ? half + 7 : long_length(r, 15 + 7)) + 3;
}

/* Copies a match; false: it begins before the data. */
static bool copy(BYTE *out, size_t room, size_t *made, size_t distance, size_t length)
{
    if (distance > *made)
        return false;
    for (; length && *made < room; length--, (*made)++)
        out[*made] = out[*made - distance];
    return true;
}

NTSTATUS xpress_unpack(const BYTE *in, size_t size, BYTE *out, size_t room, size_t *made)
{
    struct reader r = {in, size, 0, false};
    uint32_t flags = 0;
    int left = 0;
    size_t nibble_at = 0;

    for (*made = 0; *made < room; left--) {
        if (!left) {
            if (r.at == r.size)
                break;
            flags = get(&r, 4);
            left = 32;
        }
        if (r.bad || r.at == r.size)
            break;
        if (!(flags >> (left - 1) & 1)) {
            out[(*made)++] = (BYTE)get(&r, 1);
            continue;
        }
        uint32_t pair = get(&r, 2);
        size_t length = plain_length(&r, pair, &nibble_at);

        if (r.bad || !copy(out, room, made, (pair >> 3) + 1, length))
            return STATUS_BAD_COMPRESSION_BUFFER;
    }
    return r.bad ? STATUS_BAD_COMPRESSION_BUFFER : STATUS_SUCCESS;
}

/* ---- with Huffman codes: blocks of 64 KiB, each with a table of 512 code lengths ---- */

#define SYMBOLS 512
#define LONGEST 15
#define BLOCK 65536u

struct code {
    USHORT symbol;
    USHORT length; /* 0: no such code */
};

/* Whatever the next 15 bits are, this is the symbol; false: the lengths are no code. */
static bool table_make(const BYTE *lengths, struct code *table)
{
    size_t place = 0;

    memset(table, 0, (1 << LONGEST) * sizeof *table);
    for (unsigned length = 1; length <= LONGEST; length++) {
        for (unsigned symbol = 0; symbol < SYMBOLS; symbol++) {
            unsigned own = symbol % 2 ? lengths[symbol / 2] >> 4 : lengths[symbol / 2] & 15u;

            if (own != length)
                continue;
            if (place + (1u << (LONGEST - length)) > 1 << LONGEST)
                return false;
            for (unsigned i = 0; i < 1u << (LONGEST - length); i++)
                table[place++] = (struct code){(USHORT)symbol, (USHORT)length};
        }
    }
    return place != 0;
}

/* Bits come from words of 16; two are ahead, so that whole bytes among them begin behind those. */
struct bits {
    struct reader *r;
    uint32_t next;
    int extra;
};

static uint32_t word(struct reader *r)
{
    return r->size - r->at >= 2 ? get(r, 2) : 0;
}

static void bits_start(struct bits *b, struct reader *r)
{
    uint32_t high = word(r);

    *b = (struct bits){r, high << 16 | word(r), 16};
}

static void bits_drop(struct bits *b, unsigned count)
{
    b->next <<= count;
    b->extra -= (int)count;
    if (b->extra < 0) {
        b->next |= word(b->r) << -b->extra;
        b->extra += 16;
    }
}

static NTSTATUS block_unpack(struct reader *r, const struct code *table, BYTE *out, size_t room, size_t *made)
{
    size_t end = room - *made > BLOCK ? *made + BLOCK : room;
    struct bits bits;

    bits_start(&bits, r);
    while (*made < end) {
        struct code code = table[bits.next >> (32 - LONGEST)];

        if (!code.length)
            return STATUS_BAD_COMPRESSION_BUFFER;
        bits_drop(&bits, code.length);
        if (code.symbol < 256) {
            out[(*made)++] = (BYTE)code.symbol;
            continue;
        }
        if (code.symbol == 256 && r->at >= r->size && !bits.next)
            return STATUS_SUCCESS; /* the end of all */
        unsigned distance_bits = (code.symbol - 256u) >> 4;
        size_t length = code.symbol & 15, distance;

        if (length == 15)
            length = long_length(r, 15);
        distance = (1u << distance_bits) + (distance_bits ? bits.next >> (32 - distance_bits) : 0);
        bits_drop(&bits, distance_bits);
        if (r->bad || !copy(out, room, made, distance, length + 3))
            return STATUS_BAD_COMPRESSION_BUFFER;
    }
    return STATUS_SUCCESS;
}

NTSTATUS xpress_huffman_unpack(const BYTE *in, size_t size, BYTE *out, size_t room, size_t *made)
{
    struct code *table = malloc((1 << LONGEST) * sizeof *table);
    struct reader r = {in, size, 0, false};
    NTSTATUS status = table ? STATUS_SUCCESS : STATUS_NO_MEMORY;

    for (*made = 0; !status && *made < room && r.size - r.at >= SYMBOLS / 2;) {
        const BYTE *lengths = r.in + r.at;

        r.at += SYMBOLS / 2;
        status = table_make(lengths, table) ? block_unpack(&r, table, out, room, made) : STATUS_BAD_COMPRESSION_BUFFER;
    }
    free(table);
    return status;
}
