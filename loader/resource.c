/*
 * resource.c: ntdll's resource functions: a tree of types, names and languages in an image.
 *
 * A path is up to three values: each an integer up to 0xffff or a pointer to a string.  The image is
 * read through pe.h's checked steps, so that a damaged tree gives an error.
 */
#include "datafile.h"

#define ENTRY_DIRECTORY 0x80000000u
#define OFFSET_MASK 0x7fffffffu

static NTSTATUS image_of(HMODULE base, struct pe_image *image)
{
    if (data_is_handle(base))
        return data_image(base, image);
    const struct module *module = module_from_base(base);
    if (!module)
        return STATUS_INVALID_HANDLE;
    *image = module->image;
    return STATUS_SUCCESS;
}

/* Names in the tree are compared without case: the tree has them in upper case, programs write them as they like. */
static bool name_equal(const struct pe_image *image, uint32_t offset, const WCHAR *name)
{
    const IMAGE_RESOURCE_DIR_STRING_U *own = pe_resource_name(image, offset & OFFSET_MASK);
    if (!own)
        return false;
    for (unsigned i = 0; i < own->Length; i++)
        if (!name[i] || RtlUpcaseUnicodeChar(name[i]) != RtlUpcaseUnicodeChar(own->NameString[i]))
            return false;
    return !name[own->Length];
}

/* "#12" means the integer 12. */
static ULONG_PTR value_of(ULONG_PTR value)
{
    if (value <= 0xffff)
        return value;
    const WCHAR *text = (const WCHAR *)value;
    ULONG_PTR number = 0;
    if (*text++ != '#' || !*text)
        return value;
    for (; *text >= '0' && *text <= '9' && number <= 0xffff; text++)
        number = number * 10 + (*text - '0');
    return *text || number > 0xffff ? value : number;
}

/* The entry of a directory for `value`, or NULL. */
static const IMAGE_RESOURCE_DIRECTORY_ENTRY *find_entry(const struct pe_image *image, uint32_t directory,
                                                        ULONG_PTR value)
{
    uint32_t named, total;
    const IMAGE_RESOURCE_DIRECTORY_ENTRY *entries = pe_resource_entries(image, directory, &named, &total);
    value = value_of(value);
    for (uint32_t i = 0; entries && i < total; i++)
        if (i < named ? value > 0xffff && name_equal(image, entries[i].Name, (const WCHAR *)value)
                      : value == entries[i].Id)
            return &entries[i];
    return NULL;
}

/*
 * A language that is not there: the same without its country, then neutral.  Which one is taken when none is wanted:
 * neutral, then English, then whatever comes first.
 */
static const IMAGE_RESOURCE_DIRECTORY_ENTRY *find_language(const struct pe_image *image, uint32_t directory,
                                                           ULONG_PTR language)
{
    const IMAGE_RESOURCE_DIRECTORY_ENTRY *entry = find_entry(image, directory, language);
    if (!entry)
        entry = find_entry(image, directory, MAKELANGID(PRIMARYLANGID(language), SUBLANG_NEUTRAL));
    if (!entry)
        entry = find_entry(image, directory, MAKELANGID(LANG_NEUTRAL, SUBLANG_NEUTRAL));
    if (!entry && PRIMARYLANGID(language) == LANG_NEUTRAL)
        entry = find_entry(image, directory, MAKELANGID(LANG_ENGLISH, SUBLANG_ENGLISH_US));
    uint32_t named, total;
    if (!entry && PRIMARYLANGID(language) == LANG_NEUTRAL) {
        entry = pe_resource_entries(image, directory, &named, &total);
        entry = entry && total ? entry : NULL;
    }
    return entry;
}

static NTSTATUS not_found(unsigned level)
{
    static const NTSTATUS by_level[] = {STATUS_RESOURCE_TYPE_NOT_FOUND, STATUS_RESOURCE_NAME_NOT_FOUND,
                                        STATUS_RESOURCE_LANG_NOT_FOUND};
    return by_level[level];
}

/* Walks `levels` steps down; *offset is then that of a directory, or of a leaf where leaf is wanted. */
static NTSTATUS walk(const struct pe_image *image, const LDR_RESOURCE_INFO *info, ULONG levels, bool leaf,
                     uint32_t *offset)
{
    uint32_t named, total;
    *offset = 0;
    if (!pe_resource_entries(image, 0, &named, &total))
        return STATUS_RESOURCE_DATA_NOT_FOUND;
    for (ULONG level = 0; level < levels; level++) {
        const IMAGE_RESOURCE_DIRECTORY_ENTRY *entry = level == 2 ? find_language(image, *offset, info->Path[level])
                                                                 : find_entry(image, *offset, info->Path[level]);
        bool last = level + 1 == levels;
        if (!entry)
            return not_found(level);
        if (((entry->OffsetToData & ENTRY_DIRECTORY) != 0) == (last && leaf))
            return STATUS_RESOURCE_DATA_NOT_FOUND;
        *offset = entry->OffsetToData & OFFSET_MASK;
    }
    return STATUS_SUCCESS;
}

NTSTATUS WINAPI LdrFindResource_U(HMODULE base, const LDR_RESOURCE_INFO *info, ULONG levels,
                                  const IMAGE_RESOURCE_DATA_ENTRY **entry)
{
    struct pe_image image;
    uint32_t offset;
    if (!info || levels != 3)
        return STATUS_INVALID_PARAMETER;
    loader_lock();
    NTSTATUS status = image_of(base, &image);
    if (NT_SUCCESS(status))
        status = walk(&image, info, levels, true, &offset);
    if (NT_SUCCESS(status)) {
        *entry = pe_resource_leaf(&image, offset);
        status = *entry ? STATUS_SUCCESS : STATUS_RESOURCE_DATA_NOT_FOUND;
    }
    loader_unlock();
    return status;
}

NTSTATUS WINAPI LdrFindResourceDirectory_U(HMODULE base, const LDR_RESOURCE_INFO *info, ULONG levels,
                                           const IMAGE_RESOURCE_DIRECTORY **directory)
{
    struct pe_image image;
    uint32_t offset, named, total;
    if (levels > 2)
        return STATUS_INVALID_PARAMETER;
    loader_lock();
    NTSTATUS status = image_of(base, &image);
    if (NT_SUCCESS(status))
        status = walk(&image, info, levels, false, &offset);
    if (NT_SUCCESS(status)) {
        const IMAGE_RESOURCE_DIRECTORY_ENTRY *entries = pe_resource_entries(&image, offset, &named, &total);
        status = entries ? STATUS_SUCCESS : STATUS_RESOURCE_DATA_NOT_FOUND;
        if (entries)
            *directory = (const IMAGE_RESOURCE_DIRECTORY *)entries - 1;
    }
    loader_unlock();
    return status;
}

NTSTATUS WINAPI LdrAccessResource(HMODULE base, const IMAGE_RESOURCE_DATA_ENTRY *entry, void **data, ULONG *size)
{
    struct pe_image image;
    loader_lock();
    NTSTATUS status = image_of(base, &image);
    if (NT_SUCCESS(status) && data) {
        *data = pe_resource_data(&image, entry);
        if (!*data)
            status = STATUS_RESOURCE_DATA_NOT_FOUND;
    }
    if (NT_SUCCESS(status) && size)
        *size = entry->Size;
    loader_unlock();
    return status;
}

/* ---- listing ---- */

struct listing {
    const struct pe_image *image;
    const LDR_RESOURCE_INFO *wanted;
    ULONG levels; /* of `wanted` */
    LDR_ENUM_RESOURCE_INFO *rows;
    ULONG room, count;
    uint64_t budget; /* entries that may still be looked at: an honest tree has no more than fit in the image */
    LDR_ENUM_RESOURCE_INFO row; /* the path on the way to the present place */
};

static void list_leaf(struct listing *list, uint32_t offset)
{
    const IMAGE_RESOURCE_DATA_ENTRY *leaf = pe_resource_leaf(list->image, offset);
    if (!leaf)
        return;
    list->row.Data = pe_resource_data(list->image, leaf);
    list->row.Size = leaf->Size;
    if (list->count < list->room)
        list->rows[list->count] = list->row;
    list->count++;
}

/* Directories nest to a depth of three, so a tree that points into itself ends too; false: its budget is used up. */
static bool list_directory(struct listing *list, uint32_t directory, unsigned level)
{
    uint32_t named, total;
    const IMAGE_RESOURCE_DIRECTORY_ENTRY *entries = pe_resource_entries(list->image, directory, &named, &total);
    const IMAGE_RESOURCE_DIRECTORY_ENTRY *only =
        level < list->levels ? find_entry(list->image, directory, list->wanted->Path[level]) : NULL;
    if (total > list->budget)
        return false;
    list->budget -= total;
    for (uint32_t i = 0; entries && i < total; i++) {
        if (level < list->levels && &entries[i] != only)
            continue;
        list->row.Path[level] =
            i < named ? (ULONG_PTR)pe_resource_name(list->image, entries[i].Name & OFFSET_MASK) : entries[i].Id;
        uint32_t offset = entries[i].OffsetToData & OFFSET_MASK;
        if (level == 2 && !(entries[i].OffsetToData & ENTRY_DIRECTORY))
            list_leaf(list, offset);
        else if (level < 2 && (entries[i].OffsetToData & ENTRY_DIRECTORY) && (i >= named || list->row.Path[level]) &&
                 !list_directory(list, offset, level + 1))
            return false;
    }
    return true;
}

/*
 * All leaves below a path, in the tree's order; a value of a row's path above 0xffff points to an
 * IMAGE_RESOURCE_DIR_STRING_U.  *count: room, then how many there are.
 */
NTSTATUS WINAPI LdrEnumResources(HMODULE base, const LDR_RESOURCE_INFO *info, ULONG levels, ULONG *count,
                                 LDR_ENUM_RESOURCE_INFO *rows)
{
    struct pe_image image;
    uint32_t offset;
    if (levels > 2)
        return STATUS_INVALID_PARAMETER;
    loader_lock();
    NTSTATUS status = image_of(base, &image);
    if (NT_SUCCESS(status))
        status = walk(&image, info, levels, false, &offset);
    if (NT_SUCCESS(status)) {
        struct listing list = {.image = &image,
                               .wanted = info,
                               .levels = levels,
                               .rows = rows,
                               .room = rows ? *count : 0,
                               .budget = image.size / sizeof(IMAGE_RESOURCE_DIRECTORY_ENTRY)};
        if (!list_directory(&list, 0, 0))
            status = STATUS_INVALID_IMAGE_FORMAT;
        else if (list.count > list.room)
            status = STATUS_INFO_LENGTH_MISMATCH;
        *count = list.count;
    }
    loader_unlock();
    return status;
}
