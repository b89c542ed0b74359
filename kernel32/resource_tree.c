/*
 * resource_tree.c: a list of resources as the tree that a resource section holds.
 *
 * Order in the section: the directories (types, names, languages), the data entries, the texts of names, the data.
 */
#include <string.h>

#include "resource_update.h"

#define DATA_ALIGNMENT 8

enum { TYPE, NAME, LANGUAGE, LEVELS };

int resource_id_compare(const struct resource_id *a, const struct resource_id *b)
{
    if (!a->text != !b->text)
        return a->text ? -1 : 1;
    if (!a->text)
        return (int)a->number - b->number;
    for (ULONG i = 0; i < a->length && i < b->length; i++)
        if (a->text[i] != b->text[i])
            return (int)a->text[i] - b->text[i];
    return (int)a->length - b->length;
}

/* Do two rows lie in the same directory of this level? */
static bool same_directory(const struct resource *a, const struct resource *b, int level)
{
    return (level < NAME || !resource_id_compare(&a->type, &b->type)) &&
           (level < LANGUAGE || !resource_id_compare(&a->name, &b->name));
}

/* Does row `i` begin a new entry in the directories of this level? */
static bool begins_entry(const struct resource_list *list, ULONG i, int level)
{
    return !i || level == LANGUAGE || !same_directory(&list->rows[i], &list->rows[i - 1], level + 1);
}

static bool begins_directory(const struct resource_list *list, ULONG i, int level)
{
    return !i || !same_directory(&list->rows[i], &list->rows[i - 1], level);
}

static const struct resource_id *id_of(const struct resource *row, int level, struct resource_id *language)
{
    *language = (struct resource_id){.number = row->language};
    return level == TYPE ? &row->type : level == NAME ? &row->name : language;
}

/* Where each part of the section begins. */
struct layout {
    ULONG level[LEVELS]; /* the directories of a level */
    ULONG entries, texts, data, end;
};

static ULONG align_up(ULONG value, ULONG unit)
{
    return (value + unit - 1) / unit * unit;
}

static struct layout layout_of(const struct resource_list *list)
{
    struct layout layout = {{0}};
    ULONG at = 0;
    for (int level = TYPE; level < LEVELS; level++) {
        layout.level[level] = at;
        if (level == TYPE && !list->count)
            at += sizeof(IMAGE_RESOURCE_DIRECTORY);
        for (ULONG i = 0; i < list->count; i++)
            at += (begins_directory(list, i, level) ? sizeof(IMAGE_RESOURCE_DIRECTORY) : 0) +
                  (begins_entry(list, i, level) ? sizeof(IMAGE_RESOURCE_DIRECTORY_ENTRY) : 0);
    }
    layout.entries = at;
    layout.texts = at += list->count * (ULONG)sizeof(IMAGE_RESOURCE_DATA_ENTRY);
    for (ULONG i = 0; i < list->count; i++)
        for (int level = TYPE; level <= NAME; level++) {
            struct resource_id language;
            const struct resource_id *id = id_of(&list->rows[i], level, &language);
            if (begins_entry(list, i, level) && id->text)
                at += (ULONG)sizeof(WCHAR) * (1u + id->length);
        }
    layout.data = at = align_up(at, DATA_ALIGNMENT);
    for (ULONG i = 0; i < list->count; i++)
        at += align_up(list->rows[i].size, DATA_ALIGNMENT);
    layout.end = at;
    return layout;
}

ULONG resource_tree_size(const struct resource_list *list)
{
    return layout_of(list).end;
}

/* The text of a name at *texts; returns what stands for it in a directory's entry. */
static ULONG put_text(char *section, ULONG *texts, const struct resource_id *id)
{
    ULONG at = *texts;
    memcpy(section + at, &id->length, sizeof id->length);
    memcpy(section + at + sizeof id->length, id->text, id->length * sizeof *id->text);
    *texts += (ULONG)sizeof(WCHAR) * (1u + id->length);
    return at | IMAGE_RESOURCE_NAME_IS_STRING;
}

/* One level's directories; `below`: where the first thing lies that their entries point to. */
static void put_level(const struct resource_list *list, int level, const struct layout *layout, ULONG *texts,
                      char *section)
{
    ULONG at = layout->level[level];
    ULONG below = level < LANGUAGE ? layout->level[level + 1] : layout->entries;
    IMAGE_RESOURCE_DIRECTORY *directory = (void *)(section + at);
    for (ULONG i = 0; i < list->count; i++) {
        struct resource_id language;
        const struct resource_id *id = id_of(&list->rows[i], level, &language);
        if (begins_directory(list, i, level)) {
            directory = (void *)(section + at);
            at += sizeof *directory;
        }
        if (begins_entry(list, i, level)) {
            IMAGE_RESOURCE_DIRECTORY_ENTRY *entry = (void *)(section + at);
            at += sizeof *entry;
            entry->Name = id->text ? put_text(section, texts, id) : id->number;
            entry->OffsetToData = level < LANGUAGE ? below | IMAGE_RESOURCE_DATA_IS_DIRECTORY : below;
            if (id->text)
                directory->NumberOfNamedEntries++;
            else
                directory->NumberOfIdEntries++;
            below += level < LANGUAGE ? sizeof *directory : sizeof(IMAGE_RESOURCE_DATA_ENTRY);
        }
        if (level < LANGUAGE && begins_entry(list, i, level + 1))
            below += sizeof(IMAGE_RESOURCE_DIRECTORY_ENTRY);
    }
}

void resource_tree_write(const struct resource_list *list, ULONG rva, void *target)
{
    struct layout layout = layout_of(list);
    char *section = target;
    ULONG texts = layout.texts, data = layout.data;
    memset(section, 0, layout.end);
    for (int level = TYPE; level < LEVELS; level++)
        put_level(list, level, &layout, &texts, section);
    IMAGE_RESOURCE_DATA_ENTRY *entries = (void *)(section + layout.entries);
    for (ULONG i = 0; i < list->count; i++) {
        entries[i].OffsetToData = rva + data;
        entries[i].Size = list->rows[i].size;
        memcpy(section + data, list->rows[i].data, list->rows[i].size);
        data += align_up(list->rows[i].size, DATA_ALIGNMENT);
    }
}
