/*
 * compound.c: the format of compound files ([MS-CFB], as published), read into memory and written from it.
 *
 * Layer: ole32; computes only.  Sectors of 512 bytes (or 4096, when reading) in chains; streams below 4096 bytes lie in
 * sectors of 64 bytes inside the root's own stream.  Every number of a file is checked; a chain has at most as many
 * sectors as the file.
 */
#include "compound.h"
#include "ntdll/nls.h"

#define FREE 0xffffffffu
#define END 0xfffffffeu
#define FAT_SECTOR 0xfffffffdu
#define DIFAT_SECTOR 0xfffffffcu
#define NO_ENTRY 0xffffffffu

#define SECTOR 512u
#define MINI 64u
#define CUTOFF 4096u
#define PER_SECTOR (SECTOR / 4)
#define HEAD_FATS 109u
#define DEPTH_MOST 1000u /* of trees and storages, so that bad files do not exhaust the stack */

static const BYTE signature[8] = {0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1};

struct head {
    BYTE signature[8];
    GUID class;
    WORD minor, major, order, shift, mini_shift, unused[3];
    DWORD directory_sectors, fat_sectors, directory, transaction, cutoff, mini_fat, mini_fat_sectors, difat,
        difat_sectors, fat[HEAD_FATS];
};
_Static_assert(sizeof(struct head) == SECTOR, "as the file has it");

#pragma pack(push, 4)
struct entry {
    WCHAR name[NODE_NAME];
    WORD name_size;
    BYTE type, colour;
    DWORD left, right, child;
    GUID class;
    DWORD state;
    FILETIME created, modified;
    DWORD start, size, size_high;
};
#pragma pack(pop)
_Static_assert(sizeof(struct entry) == 128, "as the file has it");

/* ---- the tree ---- */

struct node *node_make(struct node *parent, const WCHAR *name, enum node_type type)
{
    struct node *node = com_alloc(sizeof *node);

    if (!node)
        return NULL;
    node->type = type;
    node->parent = parent;
    lstrcpynW(node->name, name, NODE_NAME);
    GetSystemTimeAsFileTime(&node->modified);
    if (type != NODE_STREAM)
        node->created = node->modified;
    else
        node->modified = (FILETIME){0, 0};
    if (parent) {
        node->next = parent->children;
        parent->children = node;
    }
    return node;
}

int node_order(const WCHAR *a, const WCHAR *b)
{
    size_t x = wide_length(a), y = wide_length(b);

    return x != y ? (x < y ? -1 : 1) : wide_compare_nocase(a, b);
}

struct node *node_find(struct node *parent, const WCHAR *name)
{
    for (struct node *node = parent->children; node; node = node->next)
        if (node_order(node->name, name) == 0)
            return node;
    return NULL;
}

void node_free(struct node *node)
{
    while (node->children) {
        struct node *child = node->children;

        node->children = child->next;
        child->parent = NULL;
        child->next = NULL;
        if (!child->users)
            node_free(child);
    }
    com_free(node->data);
    com_free(node);
}

void node_remove(struct node *node)
{
    struct node **at = &node->parent->children;

    while (*at != node)
        at = &(*at)->next;
    *at = node->next;
    node->parent = NULL;
    node->next = NULL;
    if (!node->users)
        node_free(node);
}

bool node_resize(struct node *stream, DWORD size)
{
    if (size > stream->room) {
        DWORD room = size + size / 2 + 64;
        BYTE *data = com_alloc(room > size ? room : size);

        if (!data)
            return false;
        memcpy(data, stream->data, stream->size);
        com_free(stream->data);
        stream->data = data;
        stream->room = room > size ? room : size;
    }
    if (size > stream->size)
        memset(stream->data + stream->size, 0, size - stream->size);
    stream->size = size;
    return true;
}

/* ---- reading ---- */

struct image {
    const BYTE *bytes;
    DWORD size, sector, sectors;
    DWORD *fat, fat_count;
    DWORD *mini_fat, mini_fat_count;
    BYTE *mini;
    DWORD mini_size;
    struct entry *entries;
    DWORD entry_count, visited;
};

static const BYTE *sector_at(const struct image *image, DWORD number)
{
    return number < image->sectors ? image->bytes + (size_t)(number + 1) * image->sector : NULL;
}

/* A whole chain in one block; NULL: broken, or longer than the file. */
static BYTE *chain_read(const struct image *image, DWORD start, DWORD *size)
{
    DWORD count = 0;
    BYTE *data;

    for (DWORD at = start; at != END; at = image->fat[at])
        if (at >= image->fat_count || !sector_at(image, at) || ++count > image->sectors)
            return NULL;
    data = com_alloc((size_t)count * image->sector + 1);
    if (!data)
        return NULL;
    *size = count * image->sector;
    for (DWORD at = start, i = 0; at != END; at = image->fat[at])
        memcpy(data + (size_t)i++ * image->sector, sector_at(image, at), image->sector);
    return data;
}

static bool fat_read(struct image *image, const struct head *head)
{
    DWORD per = image->sector / 4, next = head->difat, got = 0, list = 0;
    const DWORD *difat = head->fat;
    DWORD room = HEAD_FATS;

    if (head->fat_sectors > image->sectors)
        return false;
    image->fat = com_alloc((size_t)head->fat_sectors * image->sector + 4);
    if (!image->fat)
        return false;
    for (; got < head->fat_sectors; got++, list++) {
        const BYTE *sector;

        if (list == room) { /* the list goes on in a sector of its own, whose last number is the next one's */
            difat = (const DWORD *)sector_at(image, next);
            if (!difat)
                return false;
            next = difat[per - 1];
            room = per - 1;
            list = 0;
        }
        sector = sector_at(image, difat[list]);
        if (!sector)
            return false;
        memcpy(image->fat + (size_t)got * per, sector, image->sector);
    }
    image->fat_count = got * per;
    return true;
}

static bool stream_load(const struct image *image, const struct entry *entry, struct node *node)
{
    DWORD left = entry->size, at = entry->start, done = 0, size = 0;
    BYTE *data;

    if (!left)
        return true;
    if (left >= CUTOFF) {
        data = chain_read(image, at, &size);
        if (!data || size < left) {
            com_free(data);
            return false;
        }
        node->data = data;
        node->room = size;
        node->size = left;
        return true;
    }
    if (!node_resize(node, left))
        return false;
    while (done < left) {
        DWORD part = left - done < MINI ? left - done : MINI;

        if (at >= image->mini_fat_count)
            return false;
        memcpy(node->data + done, image->mini + (size_t)at * MINI, part);
        done += part;
        at = image->mini_fat[at];
    }
    return true;
}

static bool siblings_load(struct image *image, DWORD id, struct node *parent, unsigned depth);

static bool entry_load(struct image *image, const struct entry *entry, struct node *parent, unsigned depth)
{
    struct node *node;
    WCHAR name[NODE_NAME];

    if (entry->name_size < 4 || entry->name_size > sizeof entry->name ||
        (entry->type != NODE_STORAGE && entry->type != NODE_STREAM))
        return false;
    memcpy(name, entry->name, sizeof name);
    name[entry->name_size / 2 - 1] = 0;
    node = node_make(parent, name, (enum node_type)entry->type);
    if (!node)
        return false;
    node->class = entry->class;
    node->state = entry->state;
    node->created = entry->created;
    node->modified = entry->modified;
    return node->type == NODE_STREAM ? stream_load(image, entry, node)
                                     : siblings_load(image, entry->child, node, depth + 1);
}

/* The entries of a storage are a binary tree.  Each is visited once, or there is a ring; lists to the right are long.
 */
static bool siblings_load(struct image *image, DWORD id, struct node *parent, unsigned depth)
{
    for (; id != NO_ENTRY; id = image->entries[id].right) {
        if (id >= image->entry_count || ++image->visited > image->entry_count || depth > DEPTH_MOST)
            return false;
        if (!siblings_load(image, image->entries[id].left, parent, depth + 1) ||
            !entry_load(image, &image->entries[id], parent, depth))
            return false;
    }
    return true;
}

bool compound_is(const BYTE *image, DWORD size)
{
    return size >= SECTOR && memcmp(image, signature, sizeof signature) == 0;
}

static struct node *image_load(struct image *image, const struct head *head)
{
    struct node *root;
    DWORD size;

    if (!fat_read(image, head))
        return NULL;
    image->entries = (struct entry *)chain_read(image, head->directory, &size);
    image->entry_count = image->entries ? size / (DWORD)sizeof(struct entry) : 0;
    if (!image->entry_count || image->entries[0].type != NODE_ROOT)
        return NULL;
    if (head->mini_fat != END) {
        image->mini_fat = (DWORD *)chain_read(image, head->mini_fat, &size);
        image->mini_fat_count = image->mini_fat ? size / 4 : 0;
        image->mini = image->entries[0].size ? chain_read(image, image->entries[0].start, &image->mini_size) : NULL;
        if (!image->mini)
            image->mini_fat_count = 0;
        if (image->mini_fat_count > image->mini_size / MINI)
            image->mini_fat_count = image->mini_size / MINI;
    }
    root = node_make(NULL, L"Root Entry", NODE_ROOT);
    if (!root)
        return NULL;
    root->class = image->entries[0].class;
    root->state = image->entries[0].state;
    root->modified = image->entries[0].modified;
    if (siblings_load(image, image->entries[0].child, root, 0))
        return root;
    node_free(root);
    return NULL;
}

struct node *compound_read(const BYTE *bytes, DWORD size)
{
    struct image image = {.bytes = bytes, .size = size};
    struct node *root = NULL;
    struct head head;

    if (!compound_is(bytes, size))
        return NULL;
    memcpy(&head, bytes, sizeof head);
    if ((head.shift == 9 || head.shift == 12) && head.mini_shift == 6 && head.cutoff == CUTOFF &&
        head.order == 0xfffe) {
        image.sector = 1u << head.shift;
        image.sectors = size / image.sector ? size / image.sector - 1 : 0;
        root = image_load(&image, &head);
    }
    com_free(image.fat);
    com_free(image.entries);
    com_free(image.mini_fat);
    com_free(image.mini);
    return root;
}

/* ---- writing ---- */

struct layout {
    DWORD entries, mini_sectors, data_sectors;
    struct entry *directory;
    DWORD *fat, *mini_fat;
    DWORD next; /* the next sector that is free */
    BYTE *file;
    DWORD mini_next;
    BYTE *mini;
};

static DWORD sectors_of(DWORD size, DWORD unit)
{
    return size / unit + (size % unit != 0);
}

static void measure(struct node *node, struct layout *layout)
{
    node->id = layout->entries++;
    if (node->type == NODE_STREAM && node->size < CUTOFF)
        layout->mini_sectors += sectors_of(node->size, MINI);
    else if (node->type == NODE_STREAM)
        layout->data_sectors += sectors_of(node->size, SECTOR);
    for (struct node *child = node->children; child; child = child->next)
        measure(child, layout);
}

/* Takes sectors for data and links them. */
static DWORD place(struct layout *layout, const void *data, DWORD size)
{
    DWORD start = layout->next, count = sectors_of(size, SECTOR);

    if (!count)
        return END;
    memcpy(layout->file + (size_t)(start + 1) * SECTOR, data, size);
    for (DWORD i = 0; i < count; i++)
        layout->fat[start + i] = i + 1 < count ? start + i + 1 : END;
    layout->next += count;
    return start;
}

static DWORD place_mini(struct layout *layout, const struct node *stream)
{
    DWORD start = layout->mini_next, count = sectors_of(stream->size, MINI);

    if (!count)
        return END;
    memcpy(layout->mini + (size_t)start * MINI, stream->data, stream->size);
    for (DWORD i = 0; i < count; i++)
        layout->mini_fat[start + i] = i + 1 < count ? start + i + 1 : END;
    layout->mini_next += count;
    return start;
}

/* A balanced tree of sorted siblings; the lowest, incomplete level is red. */
static DWORD tree_of(struct layout *layout, struct node **sorted, DWORD count, DWORD levels)
{
    DWORD middle = count / 2;
    struct entry *entry;

    if (!count)
        return NO_ENTRY;
    entry = &layout->directory[sorted[middle]->id];
    entry->colour = levels != 0;
    entry->left = tree_of(layout, sorted, middle, levels ? levels - 1 : 0);
    entry->right = tree_of(layout, sorted + middle + 1, count - middle - 1, levels ? levels - 1 : 0);
    return sorted[middle]->id;
}

static bool entry_fill(struct layout *layout, struct node *node)
{
    struct entry *entry = &layout->directory[node->id];
    DWORD count = 0, levels = 0;
    struct node **sorted;

    memcpy(entry->name, node->name, sizeof entry->name);
    entry->name_size = (WORD)((wide_length(node->name) + 1) * sizeof(WCHAR));
    entry->type = (BYTE)node->type;
    entry->class = node->class;
    entry->state = node->state;
    entry->created = node->type == NODE_ROOT ? (FILETIME){0, 0} : node->created;
    entry->modified = node->modified;
    if (node->type == NODE_STREAM) {
        entry->size = node->size;
        entry->start = node->size < CUTOFF ? place_mini(layout, node) : place(layout, node->data, node->size);
        return true;
    }
    for (struct node *child = node->children; child; child = child->next)
        count++;
    sorted = com_alloc((count + 1) * sizeof *sorted);
    if (!sorted)
        return false;
    count = 0;
    for (struct node *child = node->children; child; child = child->next) { /* by insertion: storages are small */
        DWORD at = count++;

        for (; at && node_order(sorted[at - 1]->name, child->name) > 0; at--)
            sorted[at] = sorted[at - 1];
        sorted[at] = child;
    }
    while ((2u << levels) <= count)
        levels++;
    entry->child = tree_of(layout, sorted, count, levels ? levels : 1);
    com_free(sorted);
    for (struct node *child = node->children; child; child = child->next)
        if (!entry_fill(layout, child))
            return false;
    return true;
}

/* How many sectors the table of sectors needs for itself and all others. */
static DWORD fat_sectors(DWORD others)
{
    DWORD count = 0;

    while (count * PER_SECTOR < others + count)
        count++;
    return count;
}

BYTE *compound_write(struct node *root, DWORD *size)
{
    struct layout layout = {0};
    struct head head = {.minor = 0x3e,
                        .major = 3,
                        .order = 0xfffe,
                        .shift = 9,
                        .mini_shift = 6,
                        .cutoff = CUTOFF,
                        .mini_fat = END,
                        .difat = END};
    DWORD directory, mini_fat, mini, others, fats;

    measure(root, &layout);
    directory = sectors_of(layout.entries * (DWORD)sizeof(struct entry), SECTOR);
    mini_fat = sectors_of(layout.mini_sectors * 4, SECTOR);
    mini = sectors_of(layout.mini_sectors * MINI, SECTOR);
    others = directory + mini_fat + mini + layout.data_sectors;
    fats = fat_sectors(others);
    if (fats > HEAD_FATS) /* 7 MB: a longer list would be needed */
        return NULL;
    *size = (others + fats + 1) * SECTOR;
    layout.file = com_alloc(*size);
    layout.directory = com_alloc(directory * SECTOR);
    layout.fat = com_alloc(fats * SECTOR);
    layout.mini_fat = com_alloc(mini_fat * SECTOR + 4);
    layout.mini = com_alloc(mini * SECTOR + 4);
    if (!layout.file || !layout.directory || !layout.fat || !layout.mini_fat || !layout.mini)
        goto fail;
    memset(layout.fat, 0xff, fats * SECTOR);
    memset(layout.mini_fat, 0xff, mini_fat * SECTOR);
    for (DWORD i = 0; i < directory * SECTOR / sizeof(struct entry); i++)
        layout.directory[i].left = layout.directory[i].right = layout.directory[i].child = NO_ENTRY;
    for (DWORD i = 0; i < HEAD_FATS; i++)
        head.fat[i] = i < fats ? i : FREE;
    for (DWORD i = 0; i < fats; i++)
        layout.fat[i] = FAT_SECTOR;
    layout.next = fats;
    if (!entry_fill(&layout, root))
        goto fail;
    layout.directory[0].start = place(&layout, layout.mini, layout.mini_sectors * MINI);
    layout.directory[0].size = layout.mini_sectors * MINI;
    layout.directory[0].colour = 1;
    head.mini_fat = place(&layout, layout.mini_fat, mini_fat * SECTOR);
    head.mini_fat_sectors = mini_fat;
    head.directory = place(&layout, layout.directory, directory * SECTOR);
    head.fat_sectors = fats;
    memcpy(head.signature, signature, sizeof signature);
    memcpy(layout.file, &head, sizeof head);
    memcpy(layout.file + SECTOR, layout.fat, fats * SECTOR);
    goto done;
fail:
    com_free(layout.file);
    layout.file = NULL;
done:
    com_free(layout.directory);
    com_free(layout.fat);
    com_free(layout.mini_fat);
    com_free(layout.mini);
    return layout.file;
}
