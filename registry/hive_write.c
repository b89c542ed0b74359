/*
 * hive_write.c: writes hives, version 1.5.  Layer: pure computing.
 *
 * Cells are laid one behind another into bins; a cell that does not fit into the current bin's last page begins
 * another.
 */
#include <stdlib.h>
#include <string.h>
#include "hive.h"

#define PAGE 4096
#define LIST_MAX 1012 /* entries of one list; more are a list of lists */

struct numbers {
    uint32_t *at;
    size_t count, room;
};

/* A key that is entered and not yet left. */
struct level {
    struct level *above;
    uint32_t cell, security;
    struct numbers values, subkeys, hashes;
};

struct hive_writer {
    uint8_t *cells;
    size_t size, room; /* whole pages of bins; of the memory */
    size_t used;       /* where the next cell goes */
    struct level *level;
    struct numbers securities; /* their cells */
    uint32_t root;
    int64_t written;
    uint16_t (*upper)(uint16_t c);
    bool failed;
};

static void put16(uint8_t *p, size_t value)
{
    p[0] = (uint8_t)value;
    p[1] = (uint8_t)(value >> 8);
}

static void put32(uint8_t *p, uint32_t value)
{
    put16(p, value & 0xffff);
    put16(p + 2, value >> 16);
}

static uint32_t get32(const uint8_t *p)
{
    return p[0] | p[1] << 8 | p[2] << 16 | (uint32_t)p[3] << 24;
}

static void put_time(uint8_t *p, int64_t time)
{
    put32(p, (uint32_t)time);
    put32(p + 4, (uint32_t)((uint64_t)time >> 32));
}

static void add_number(struct hive_writer *w, struct numbers *n, uint32_t number)
{
    if (n->count == n->room) {
        uint32_t *more = realloc(n->at, (n->room * 2 + 16) * sizeof *more);
        if (!more) {
            w->failed = true;
            return;
        }
        n->at = more;
        n->room = n->room * 2 + 16;
    }
    n->at[n->count++] = number;
}

static bool reserve(struct hive_writer *w, size_t size)
{
    if (size <= w->room)
        return true;
    uint8_t *more = size < 0x7fff0000 ? realloc(w->cells, size * 2) : NULL;
    if (!more) {
        w->failed = true;
        return false;
    }
    memset(more + w->room, 0, size * 2 - w->room);
    w->cells = more;
    w->room = size * 2;
    return true;
}

/* What is left of a bin is one free cell. */
static void close_bin(struct hive_writer *w)
{
    if (w->used < w->size)
        put32(w->cells + w->used, (uint32_t)(w->size - w->used));
    w->used = w->size;
}

static bool open_bin(struct hive_writer *w, size_t cell)
{
    size_t size = (HIVE_BIN_HEADER + cell + PAGE - 1) / PAGE * PAGE;
    close_bin(w);
    if (!reserve(w, w->size + size))
        return false;
    uint8_t *bin = w->cells + w->size;
    memcpy(bin, "hbin", 4);
    put32(bin + 4, (uint32_t)w->size);
    put32(bin + 8, (uint32_t)size);
    put_time(bin + 20, w->written);
    w->used = w->size + HIVE_BIN_HEADER;
    w->size += size;
    return true;
}

/* A new cell for so many bytes, all zero; *number is its number.  NULL: failed. */
static uint8_t *new_cell(struct hive_writer *w, size_t size, uint32_t *number)
{
    size_t whole = (size + 4 + 7) / 8 * 8;
    *number = HIVE_NONE;
    if (w->failed || size > 0x40000000 || (w->size - w->used < whole && !open_bin(w, whole)))
        return NULL;
    *number = (uint32_t)w->used;
    put32(w->cells + w->used, 0 - (uint32_t)whole);
    w->used += whole;
    return w->cells + *number + 4;
}

static bool is_narrow(struct hive_text text)
{
    for (size_t i = 0; i < text.length; i++)
        if (text.at[i] > 0xff)
            return false;
    return true;
}

static size_t name_size(struct hive_text text)
{
    return is_narrow(text) ? text.length : text.length * 2;
}

static void put_name(uint8_t *out, struct hive_text text)
{
    bool narrow = is_narrow(text);
    for (size_t i = 0; i < text.length; i++)
        if (narrow)
            out[i] = (uint8_t)text.at[i];
        else
            put16(out + 2 * i, text.at[i]);
}

/* A field that keeps the largest number it was given. */
static void raise_to(uint8_t *field, size_t value)
{
    if (get32(field) < value)
        put32(field, (uint32_t)value);
}

/* Descriptors that are the same are one cell; all of them are a ring. */
static uint32_t security_cell(struct hive_writer *w, const void *descriptor, size_t size)
{
    uint32_t number;
    for (size_t i = 0; i < w->securities.count; i++) {
        uint8_t *cell = w->cells + w->securities.at[i] + 4;
        if (get32(cell + SECURITY_SIZE) == size && !memcmp(cell + SECURITY_DATA, descriptor, size))
            return w->securities.at[i];
    }
    uint8_t *cell = new_cell(w, SECURITY_DATA + size, &number);
    if (!cell)
        return HIVE_NONE;
    memcpy(cell, "sk", 2);
    put32(cell + SECURITY_SIZE, (uint32_t)size);
    memcpy(cell + SECURITY_DATA, descriptor, size);
    uint32_t first = w->securities.count ? w->securities.at[0] : number;
    uint32_t last = w->securities.count ? w->securities.at[w->securities.count - 1] : number;
    put32(cell + SECURITY_NEXT, first);
    put32(cell + SECURITY_PREVIOUS, last);
    put32(w->cells + last + 4 + SECURITY_NEXT, number);
    put32(w->cells + first + 4 + SECURITY_PREVIOUS, number);
    add_number(w, &w->securities, number);
    return number;
}

struct hive_writer *hive_begin(uint16_t (*upper)(uint16_t c))
{
    struct hive_writer *w = calloc(1, sizeof *w);
    if (w)
        *w = (struct hive_writer){.root = HIVE_NONE, .upper = upper};
    return w;
}

static uint32_t name_hash(struct hive_writer *w, struct hive_text name)
{
    uint32_t hash = 0;
    for (size_t i = 0; i < name.length; i++)
        hash = hash * 37 + w->upper(name.at[i]);
    return hash;
}

static void put_class(struct hive_writer *w, uint32_t key, struct hive_text class)
{
    uint32_t number;
    uint8_t *cell = new_cell(w, class.length * 2, &number);
    if (!cell)
        return;
    for (size_t i = 0; i < class.length; i++)
        put16(cell + 2 * i, class.at[i]);
    put32(w->cells + key + 4 + KEY_CLASS, number);
    put16(w->cells + key + 4 + KEY_CLASS_SIZE, class.length * 2);
}

void hive_enter(struct hive_writer *w, const struct hive_key *key)
{
    struct level *level = calloc(1, sizeof *level), *above = w->level;
    if (!level) {
        w->failed = true;
        return;
    }
    level->above = above;
    w->level = level;
    w->written = above ? w->written : key->written;
    level->security =
        key->security ? security_cell(w, key->security, key->security_size) : (above ? above->security : HIVE_NONE);
    uint8_t *cell = new_cell(w, KEY_NAME + name_size(key->name), &level->cell);
    if (!cell)
        return;
    memcpy(cell, "nk", 2);
    put16(cell + KEY_FLAGS,
          (above ? 0 : HIVE_KEY_ROOT) | (key->link ? HIVE_KEY_LINK : 0) | (is_narrow(key->name) ? HIVE_KEY_NARROW : 0));
    put_time(cell + KEY_WRITTEN, key->written);
    put32(cell + KEY_PARENT, above ? above->cell : 0);
    put32(cell + KEY_SUBKEY_LIST, HIVE_NONE);
    put32(cell + KEY_VOLATILE_LIST, HIVE_NONE);
    put32(cell + KEY_VALUE_LIST, HIVE_NONE);
    put32(cell + KEY_SECURITY, level->security);
    put32(cell + KEY_CLASS, HIVE_NONE);
    put16(cell + KEY_NAME_SIZE, name_size(key->name));
    put_name(cell + KEY_NAME, key->name);
    if (key->class.length)
        put_class(w, level->cell, key->class);
    if (level->security != HIVE_NONE && !w->failed) {
        uint8_t *uses = w->cells + level->security + 4 + SECURITY_USES;
        put32(uses, get32(uses) + 1);
    }
    if (!above) {
        w->root = level->cell;
        return;
    }
    add_number(w, &above->subkeys, level->cell);
    add_number(w, &above->hashes, name_hash(w, key->name));
    if (!w->failed) {
        raise_to(w->cells + above->cell + 4 + KEY_LONGEST_SUBKEY, key->name.length * 2);
        raise_to(w->cells + above->cell + 4 + KEY_LONGEST_CLASS, key->class.length * 2);
    }
}

static uint32_t data_cell(struct hive_writer *w, const uint8_t *data, size_t size)
{
    uint32_t number, list, part;
    size_t pieces = (size + HIVE_SEGMENT - 1) / HIVE_SEGMENT;
    uint8_t *cell = new_cell(w, pieces > 1 ? 8 : size, &number);
    if (!cell)
        return HIVE_NONE;
    if (pieces <= 1) {
        memcpy(cell, data, size);
        return number;
    }
    if (pieces > 0xffff || !new_cell(w, pieces * 4, &list)) {
        w->failed = true;
        return HIVE_NONE;
    }
    cell = w->cells + number + 4;
    memcpy(cell, "db", 2);
    put16(cell + 2, pieces);
    put32(cell + 4, list);
    for (size_t i = 0; i < pieces; i++) {
        size_t length = i + 1 < pieces ? HIVE_SEGMENT : size - i * HIVE_SEGMENT;
        if (!(cell = new_cell(w, length, &part)))
            return HIVE_NONE;
        memcpy(cell, data + i * HIVE_SEGMENT, length);
        put32(w->cells + list + 4 + 4 * i, part);
    }
    return number;
}

void hive_value(struct hive_writer *w, const struct hive_value *value)
{
    uint32_t number, data = value->size > 4 ? data_cell(w, value->data, value->size) : 0;
    uint8_t *cell = new_cell(w, VALUE_NAME + name_size(value->name), &number);
    if (!cell || !w->level)
        return;
    memcpy(cell, "vk", 2);
    put16(cell + VALUE_NAME_SIZE, name_size(value->name));
    put32(cell + VALUE_SIZE, (uint32_t)value->size | (value->size > 4 ? 0 : HIVE_INLINE));
    if (value->size > 4)
        put32(cell + VALUE_DATA, data);
    else if (value->size)
        memcpy(cell + VALUE_DATA, value->data, value->size);
    put32(cell + VALUE_TYPE, value->type);
    put16(cell + VALUE_FLAGS, value->name.length && is_narrow(value->name));
    put_name(cell + VALUE_NAME, value->name);
    add_number(w, &w->level->values, number);
    raise_to(w->cells + w->level->cell + 4 + KEY_LONGEST_VALUE, value->name.length * 2);
    raise_to(w->cells + w->level->cell + 4 + KEY_LONGEST_DATA, value->size);
}

static uint32_t one_list(struct hive_writer *w, const uint32_t *cells, const uint32_t *hashes, size_t count)
{
    uint32_t number;
    uint8_t *cell = new_cell(w, 4 + count * 8, &number);
    if (!cell)
        return HIVE_NONE;
    memcpy(cell, "lh", 2);
    put16(cell + 2, count);
    for (size_t i = 0; i < count; i++) {
        put32(cell + 4 + 8 * i, cells[i]);
        put32(cell + 8 + 8 * i, hashes[i]);
    }
    return number;
}

static uint32_t subkey_list(struct hive_writer *w, const struct level *level)
{
    size_t count = level->subkeys.count, lists = (count + LIST_MAX - 1) / LIST_MAX;
    uint32_t number;
    if (lists == 1)
        return one_list(w, level->subkeys.at, level->hashes.at, count);
    if (lists > 0xffff || !new_cell(w, 4 + lists * 4, &number)) {
        w->failed = true;
        return HIVE_NONE;
    }
    memcpy(w->cells + number + 4, "ri", 2);
    put16(w->cells + number + 6, lists);
    for (size_t i = 0; i < lists && !w->failed; i++) {
        size_t from = i * LIST_MAX, part = count - from < LIST_MAX ? count - from : LIST_MAX;
        uint32_t list = one_list(w, level->subkeys.at + from, level->hashes.at + from, part);
        if (!w->failed)
            put32(w->cells + number + 8 + 4 * i, list);
    }
    return number;
}

void hive_leave(struct hive_writer *w)
{
    struct level *level = w->level;
    uint32_t number;
    if (!level)
        return;
    if (!w->failed && level->values.count) {
        uint8_t *cell = new_cell(w, level->values.count * 4, &number);
        for (size_t i = 0; cell && i < level->values.count; i++)
            put32(cell + 4 * i, level->values.at[i]);
        if (cell) {
            put32(w->cells + level->cell + 4 + KEY_VALUES, (uint32_t)level->values.count);
            put32(w->cells + level->cell + 4 + KEY_VALUE_LIST, number);
        }
    }
    if (!w->failed && level->subkeys.count) {
        number = subkey_list(w, level);
        if (!w->failed) {
            put32(w->cells + level->cell + 4 + KEY_SUBKEYS, (uint32_t)level->subkeys.count);
            put32(w->cells + level->cell + 4 + KEY_SUBKEY_LIST, number);
        }
    }
    w->level = level->above;
    free(level->values.at);
    free(level->subkeys.at);
    free(level->hashes.at);
    free(level);
}

static void put_header(const struct hive_writer *w, uint8_t *header)
{
    uint32_t sum = 0;
    memset(header, 0, HIVE_HEADER);
    memcpy(header, "regf", 4);
    put32(header + 4, 1); /* both the same: it was written in whole */
    put32(header + 8, 1);
    put_time(header + 12, w->written);
    put32(header + 20, 1);
    put32(header + 24, 5);
    put32(header + 32, 1);
    put32(header + 36, w->root);
    put32(header + 40, (uint32_t)w->size);
    put32(header + 44, 1);
    for (unsigned i = 0; i < 508; i += 4)
        sum ^= get32(header + i);
    put32(header + 508, sum == 0 ? 1 : sum == 0xffffffff ? 0xfffffffe : sum);
}

void *hive_finish(struct hive_writer *w, size_t *size)
{
    while (w->level)
        hive_leave(w);
    close_bin(w);
    uint8_t *file = w->failed || w->root == HIVE_NONE ? NULL : malloc(HIVE_HEADER + w->size);
    if (file) {
        put_header(w, file);
        memcpy(file + HIVE_HEADER, w->cells, w->size);
        *size = HIVE_HEADER + w->size;
    }
    free(w->cells);
    free(w->securities.at);
    free(w);
    return file;
}
