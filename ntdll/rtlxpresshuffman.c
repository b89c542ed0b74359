/*
 * rtlxpresshuffman.c: packing in the Xpress format with Huffman codes of [MS-XCA]; rtlxpress.c unpacks it.
 *
 * Layer: ntdll.  Blocks of 64 KiB: first all literals and matches of one are found and counted, then its code is made,
 * then table and items are written.
 */
#include <stdlib.h>
#include <string.h>
#include "rtlcompress.h"

#define SYMBOLS 512
#define LONGEST 15
#define BLOCK 65536u
#define REACH 65535u
#define END_SYMBOL 256
#define TABLE_BITS 15
#define TRIES 16 /* places that are compared before the longest match is taken */

struct item {
    uint32_t length; /* 0: a literal */
    uint32_t value;  /* the literal, or the distance */
};

struct packer {
    BYTE *out;
    size_t room, made;
    size_t word_at[2]; /* where the next words of bits go: bytes among them come behind both */
    uint32_t word;
    int free_bits;

    uint32_t heads[1 << TABLE_BITS]; /* the last place of three bytes, plus one */
    uint32_t before[BLOCK];          /* for a place: the one before it with these bytes, plus one */
    struct item items[BLOCK + 1];
    uint32_t item_count;
    uint32_t counts[SYMBOLS];
    BYTE lengths[SYMBOLS];
    USHORT codes[SYMBOLS];
};

/* ---- finding matches ---- */

static unsigned hash(const BYTE *at)
{
    return ((at[0] | at[1] << 8 | (unsigned)at[2] << 16) * 0x9e3779b1u) >> (32 - TABLE_BITS);
}

static void remember(struct packer *p, const BYTE *in, size_t at)
{
    unsigned key = hash(in + at);

    p->before[at % BLOCK] = p->heads[key];
    p->heads[key] = (uint32_t)(at + 1);
}

static struct item find_match(const struct packer *p, const BYTE *in, size_t at, size_t end)
{
    struct item best = {0, in[at]};
    size_t place = p->heads[hash(in + at)];

    for (int tries = 0; place && tries < TRIES && at - (place - 1) <= REACH; tries++) {
        const BYTE *from = in + place - 1;
        uint32_t length = 0;

        while (at + length < end && from[length] == in[at + length])
            length++;
        /* Three bytes from one place before have the symbol of the end, which they would be taken for near it. */
        bool end_like = length == 3 && at - (place - 1) == 1;
        if (length >= 3 && length > best.length && !end_like)
            best = (struct item){length, (uint32_t)(at - (place - 1))};
        size_t next = p->before[(place - 1) % BLOCK];
        if (next >= place)
            break; /* overwritten by a later one */
        place = next;
    }
    return best;
}

static unsigned symbol_of(const struct item *item)
{
    uint32_t rest = item->length - 3;

    if (!item->length)
        return item->value;
    return 256 + ((31u - (unsigned)__builtin_clz(item->value)) << 4) + (rest < 15 ? rest : 15);
}

static void find_items(struct packer *p, const BYTE *in, size_t at, size_t end, size_t size)
{
    p->item_count = 0;
    memset(p->counts, 0, sizeof p->counts);
    while (at < end) {
        struct item item = size - at >= 3 ? find_match(p, in, at, end) : (struct item){0, in[at]};
        uint32_t step = item.length ? item.length : 1;

        p->items[p->item_count++] = item;
        p->counts[symbol_of(&item)]++;
        for (; step; step--, at++)
            if (size - at >= 3)
                remember(p, in, at);
    }
}

/* ---- the code ---- */

struct leaf {
    uint32_t count;
    int symbol, parent;
};

static int leaf_compare(const void *a, const void *b)
{
    const struct leaf *x = a, *y = b;

    return x->count != y->count ? (x->count < y->count ? -1 : 1) : x->symbol - y->symbol;
}

/* Huffman's tree by two queues, leaves and joined nodes; returns the longest code. */
static unsigned measure(const uint32_t *counts, BYTE *lengths)
{
    struct leaf nodes[2 * SYMBOLS];
    int leaves = 0, joined, next_leaf = 0, next_joined;
    unsigned longest = 0;

    for (int i = 0; i < SYMBOLS; i++)
        if (counts[i])
            nodes[leaves++] = (struct leaf){counts[i], i, -1};
    qsort(nodes, (size_t)leaves, sizeof *nodes, leaf_compare);
    joined = next_joined = leaves;
    while (joined < 2 * leaves - 1) {
        struct leaf node = {0, -1, -1};

        for (int i = 0; i < 2; i++) {
            bool from_leaves =
                next_leaf < leaves && (next_joined == joined || nodes[next_leaf].count <= nodes[next_joined].count);
            int child = from_leaves ? next_leaf++ : next_joined++;
            node.count += nodes[child].count;
            nodes[child].parent = joined;
        }
        nodes[joined++] = node;
    }
    memset(lengths, 0, SYMBOLS);
    for (int i = 0; i < leaves; i++) {
        unsigned length = 0;
        for (int at = nodes[i].parent; at >= 0; at = nodes[at].parent)
            length++;
        lengths[nodes[i].symbol] = (BYTE)length;
        longest = length > longest ? length : longest;
    }
    return longest;
}

/* Counts are halved until no code is too long. */
static void make_code(struct packer *p)
{
    unsigned used = 0, code = 0;

    for (int i = 0; i < SYMBOLS; i++)
        used += p->counts[i] != 0;
    for (int i = 0; used < 2; i++) /* a code needs two symbols */
        if (!p->counts[i]) {
            p->counts[i] = 1;
            used++;
        }
    while (measure(p->counts, p->lengths) > LONGEST)
        for (int i = 0; i < SYMBOLS; i++)
            p->counts[i] = (p->counts[i] + 1) / 2;
    for (unsigned length = 1; length <= LONGEST; length++, code <<= 1)
        for (int i = 0; i < SYMBOLS; i++)
            if (p->lengths[i] == length)
                p->codes[i] = (USHORT)code++;
}

/* ---- writing ---- */

static void put_byte(struct packer *p, uint32_t value)
{
    if (p->made < p->room)
        p->out[p->made] = (BYTE)value;
    p->made++;
}

static void put_word_at(struct packer *p, size_t at, uint32_t value)
{
    if (at + 2 <= p->room) {
        p->out[at] = (BYTE)value;
        p->out[at + 1] = (BYTE)(value >> 8);
    }
}

static void put_bits(struct packer *p, unsigned count, uint32_t bits)
{
    if (p->free_bits >= (int)count) {
        p->free_bits -= (int)count;
        p->word = p->word << count | bits;
        return;
    }
    unsigned over = count - (unsigned)p->free_bits;
    put_word_at(p, p->word_at[0], p->word << p->free_bits | bits >> over);
    p->word_at[0] = p->word_at[1];
    p->word_at[1] = p->made;
    p->made += 2;
    p->free_bits = 16 - (int)over;
    p->word = bits & ((1u << over) - 1);
}

static void put_item(struct packer *p, const struct item *item)
{
    unsigned symbol = symbol_of(item);
    uint32_t rest = item->length - 3;

    put_bits(p, p->lengths[symbol], p->codes[symbol]);
    if (!item->length)
        return;
    if (rest >= 15) {
        put_byte(p, rest - 15 < 255 ? rest - 15 : 255);
        if (rest - 15 >= 255) { /* matches end with their block: two bytes are enough */
            put_byte(p, rest & 255);
            put_byte(p, rest >> 8);
        }
    }
    unsigned bits = (symbol - 256) >> 4;
    if (bits)
        put_bits(p, bits, item->value - (1u << bits));
}

static void put_block(struct packer *p, bool last)
{
    for (int i = 0; i < SYMBOLS; i += 2)
        put_byte(p, p->lengths[i] | (uint32_t)p->lengths[i + 1] << 4);
    p->word_at[0] = p->made;
    p->word_at[1] = p->made + 2;
    p->made += 4;
    p->word = 0;
    p->free_bits = 16;
    for (uint32_t i = 0; i < p->item_count; i++)
        put_item(p, &p->items[i]);
    if (last)
        put_bits(p, p->lengths[END_SYMBOL], p->codes[END_SYMBOL]);
    put_word_at(p, p->word_at[0], p->word << p->free_bits);
    put_word_at(p, p->word_at[1], 0);
}

NTSTATUS xpress_huffman_pack(const BYTE *in, size_t size, BYTE *out, size_t room, size_t *made)
{
    struct packer *p = calloc(1, sizeof *p);

    if (!p)
        return STATUS_NO_MEMORY;
    p->out = out;
    p->room = room;
    for (size_t at = 0; at < size && p->made <= room;) {
        size_t end = size - at > BLOCK ? at + BLOCK : size;

        find_items(p, in, at, end, size);
        p->counts[END_SYMBOL] += end == size;
        make_code(p);
        put_block(p, end == size);
        at = end;
    }
    *made = p->made;
    free(p);
    return *made <= room ? STATUS_SUCCESS : STATUS_BUFFER_TOO_SMALL;
}
