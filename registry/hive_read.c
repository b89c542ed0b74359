/*
 * hive_read.c: reads hives.  Layer: pure computing.
 *
 * Nothing in the file is trusted: each cell is checked against the file, keys are counted and their depth is limited,
 * so that lists that lead back to themselves end.
 */
#include <stdlib.h>
#include <string.h>
#include "hive.h"

#define DEPTH_MAX 512
#define DATA_MAX (1u << 30)

struct reader {
    const uint8_t *cells; /* behind the file's header */
    size_t size;
    size_t keys_left, data_left; /* no file has more of them than room */
    const struct hive_sink *sink;
    enum hive_result result;
};

static uint16_t get16(const uint8_t *p)
{
    return (uint16_t)(p[0] | p[1] << 8);
}

static uint32_t get32(const uint8_t *p)
{
    return get16(p) | (uint32_t)get16(p + 2) << 16;
}

static bool fail(struct reader *r, enum hive_result result)
{
    r->result = result;
    return false;
}

/* What a cell holds, NULL if it is none with so much in it. */
static const uint8_t *cell_of(const struct reader *r, uint32_t number, size_t least, size_t *size)
{
    if (number % 8 || number > r->size || r->size - number < 8)
        return NULL;
    uint32_t whole = 0 - get32(r->cells + number); /* cells in use have negative sizes */
    if (whole < 8 || whole > r->size - number || whole - 4 < least)
        return NULL;
    if (size)
        *size = whole - 4;
    return r->cells + number + 4;
}

static const uint8_t *cell_with(const struct reader *r, uint32_t number, const char *mark, size_t least, size_t *size)
{
    const uint8_t *cell = cell_of(r, number, least, size);
    return cell && cell[0] == mark[0] && cell[1] == mark[1] ? cell : NULL;
}

/* A name: wide, or one byte a character.  free() it. */
static uint16_t *name_of(struct reader *r, const uint8_t *bytes, size_t size, bool narrow, struct hive_text *name)
{
    uint16_t *text = malloc(size * 2 + 2);
    if (!text) {
        fail(r, HIVE_NO_MEMORY);
        return NULL;
    }
    *name = (struct hive_text){text, narrow ? size : size / 2};
    for (size_t i = 0; i < name->length; i++)
        text[i] = narrow ? bytes[i] : get16(bytes + 2 * i);
    return text;
}

/* Data in pieces: "db", their number, the cell with their cells' numbers. */
static bool gather(struct reader *r, const uint8_t *cell, uint8_t *out, size_t size)
{
    unsigned count = get16(cell + 2);
    const uint8_t *list = cell_of(r, get32(cell + 4), (size_t)count * 4, NULL);
    for (unsigned i = 0; list && i < count && size; i++) {
        size_t part = size > HIVE_SEGMENT ? HIVE_SEGMENT : size;
        const uint8_t *piece = cell_of(r, get32(list + 4 * i), part, NULL);
        if (!piece)
            break;
        memcpy(out, piece, part);
        out += part;
        size -= part;
    }
    return !size;
}

static bool read_data(struct reader *r, const uint8_t *cell, struct hive_value *value, uint8_t *out)
{
    uint32_t where = get32(cell + VALUE_DATA);
    size_t there;
    if (get32(cell + VALUE_SIZE) & HIVE_INLINE) {
        memcpy(out, cell + VALUE_DATA, value->size);
        return true;
    }
    const uint8_t *data = value->size ? cell_of(r, where, 8, &there) : cell;
    if (!data)
        return fail(r, HIVE_BAD);
    if (value->size > HIVE_SEGMENT && there < value->size && data[0] == 'd' && data[1] == 'b')
        return gather(r, data, out, value->size) || fail(r, HIVE_BAD);
    if (value->size && there < value->size)
        return fail(r, HIVE_BAD);
    memcpy(out, data, value->size);
    return true;
}

static bool read_value(struct reader *r, uint32_t number)
{
    size_t room;
    const uint8_t *cell = cell_with(r, number, "vk", VALUE_NAME, &room);
    if (!cell)
        return fail(r, HIVE_BAD);
    size_t name_size = get16(cell + VALUE_NAME_SIZE), size = get32(cell + VALUE_SIZE) & ~HIVE_INLINE;
    struct hive_value value = {.type = get32(cell + VALUE_TYPE), .size = size};
    size_t taken = VALUE_NAME + name_size + (size > 4 ? size : 0);
    bool is_inline = get32(cell + VALUE_SIZE) & HIVE_INLINE;
    if (name_size > room - VALUE_NAME || size > DATA_MAX || size > (is_inline ? 4 : r->size) || taken > r->data_left)
        return fail(r, HIVE_BAD);
    r->data_left -= taken;
    uint16_t *name = name_of(r, cell + VALUE_NAME, name_size, get16(cell + VALUE_FLAGS) & 1, &value.name);
    uint8_t *data = name ? malloc(size + 1) : NULL;
    bool good = data ? read_data(r, cell, &value, data) : fail(r, HIVE_NO_MEMORY);
    value.data = data;
    if (good && !r->sink->value(r->sink->context, &value))
        good = fail(r, HIVE_STOPPED);
    free(name);
    free(data);
    return good;
}

static bool read_values(struct reader *r, const uint8_t *key)
{
    uint32_t count = get32(key + KEY_VALUES);
    const uint8_t *list = count ? cell_of(r, get32(key + KEY_VALUE_LIST), 4, NULL) : key;
    if (!list || count > r->size / 4 || (count && !cell_of(r, get32(key + KEY_VALUE_LIST), (size_t)count * 4, NULL)))
        return fail(r, HIVE_BAD);
    for (uint32_t i = 0; i < count; i++)
        if (!read_value(r, get32(list + 4 * i)))
            return false;
    return true;
}

static bool read_key(struct reader *r, uint32_t number, unsigned depth);

/* "lf" and "lh": cells and hashes; "li": cells; "ri": cells of further lists. */
static bool read_subkeys(struct reader *r, uint32_t number, unsigned depth, bool nested)
{
    size_t size;
    const uint8_t *list = cell_of(r, number, 4, &size);
    if (!list || (list[0] != 'l' && (list[0] != 'r' || list[1] != 'i')))
        return fail(r, HIVE_BAD);
    bool lists = list[0] == 'r';
    size_t step = list[1] == 'i' ? 4 : 8;
    unsigned count = get16(list + 2);
    if ((lists && nested) || !strchr("fhi", list[1]) || !list[1] || 4 + count * step > size)
        return fail(r, HIVE_BAD);
    for (unsigned i = 0; i < count; i++) {
        uint32_t cell = get32(list + 4 + i * step);
        if (!(lists ? read_subkeys(r, cell, depth, true) : read_key(r, cell, depth)))
            return false;
    }
    return true;
}

static bool enter(struct reader *r, const uint8_t *cell, size_t room)
{
    size_t name_size = get16(cell + KEY_NAME_SIZE), class_size = get16(cell + KEY_CLASS_SIZE), there;
    unsigned flags = get16(cell + KEY_FLAGS);
    struct hive_key key = {.written =
                               (int64_t)(get32(cell + KEY_WRITTEN) | (uint64_t)get32(cell + KEY_WRITTEN + 4) << 32),
                           .link = flags & HIVE_KEY_LINK};
    if (name_size > room - KEY_NAME)
        return fail(r, HIVE_BAD);
    const uint8_t *class = class_size ? cell_of(r, get32(cell + KEY_CLASS), class_size, NULL) : cell;
    const uint8_t *security = cell_with(r, get32(cell + KEY_SECURITY), "sk", SECURITY_DATA, &there);
    if (!class)
        return fail(r, HIVE_BAD);
    if (security && get32(security + SECURITY_SIZE) <= there - SECURITY_DATA) {
        key.security = security + SECURITY_DATA;
        key.security_size = get32(security + SECURITY_SIZE);
    }
    uint16_t *name = name_of(r, cell + KEY_NAME, name_size, flags & HIVE_KEY_NARROW, &key.name);
    uint16_t *class_name = name ? name_of(r, class, class_size, false, &key.class) : NULL;
    bool good = class_name && (r->sink->enter(r->sink->context, &key) || fail(r, HIVE_STOPPED));
    free(name);
    free(class_name);
    return good;
}

static bool read_key(struct reader *r, uint32_t number, unsigned depth)
{
    size_t room;
    const uint8_t *cell = cell_with(r, number, "nk", KEY_NAME, &room);
    if (!cell || depth > DEPTH_MAX || !r->keys_left--)
        return fail(r, HIVE_BAD);
    if (!enter(r, cell, room) || !read_values(r, cell))
        return false;
    if (get32(cell + KEY_SUBKEYS) && !read_subkeys(r, get32(cell + KEY_SUBKEY_LIST), depth + 1, false))
        return false;
    return r->sink->leave(r->sink->context) || fail(r, HIVE_STOPPED);
}

enum hive_result hive_read(const void *bytes, size_t size, const struct hive_sink *sink)
{
    const uint8_t *header = bytes;
    struct reader r = {.sink = sink};
    uint32_t sum = 0;
    if (size < HIVE_HEADER || memcmp(header, "regf", 4) || get32(header + 20) != 1)
        return HIVE_BAD;
    for (unsigned i = 0; i < 508; i += 4)
        sum ^= get32(header + i);
    sum = sum == 0 ? 1 : sum == 0xffffffff ? 0xfffffffe : sum;
    r.cells = header + HIVE_HEADER;
    r.size = get32(header + 40);
    if (sum != get32(header + 508) || r.size > size - HIVE_HEADER)
        return HIVE_BAD;
    r.keys_left = r.size / KEY_NAME;
    r.data_left = r.size;
    return read_key(&r, get32(header + 36), 0) ? HIVE_GOOD : r.result;
}
