/*
 * pe_resource.c: the resource tree of an image in memory, one checked step at a time.
 *
 * Layer: loader; calls nothing.  Walking the tree (types, names, languages) is resource.c's.
 */
#include "pe.h"

#include <string.h>

/* [offset, offset+size) of the resource directory.  Its size is often wrong, so the image is the limit. */
static const void *resource_at(const struct pe_image *image, uint32_t offset, uint64_t size)
{
    IMAGE_DATA_DIRECTORY directory = pe_directory(image, IMAGE_DIRECTORY_ENTRY_RESOURCE);
    uint64_t rva = (uint64_t)directory.VirtualAddress + offset;

    return directory.VirtualAddress && rva % sizeof(WORD) == 0 ? pe_at(image, rva, size) : NULL;
}

const IMAGE_RESOURCE_DIRECTORY_ENTRY *pe_resource_entries(const struct pe_image *image, uint32_t offset,
                                                          uint32_t *named, uint32_t *total)
{
    IMAGE_RESOURCE_DIRECTORY directory;
    const void *place = offset % sizeof(DWORD) ? NULL : resource_at(image, offset, sizeof directory);

    *named = *total = 0;
    if (!place || (uintptr_t)place % sizeof(DWORD))
        return NULL;
    memcpy(&directory, place, sizeof directory);
    uint32_t count = directory.NumberOfNamedEntries + directory.NumberOfIdEntries;
    const uint64_t size = sizeof directory + count * (uint64_t)sizeof(IMAGE_RESOURCE_DIRECTORY_ENTRY);
    if (!resource_at(image, offset, size))
        return NULL;
    *named = directory.NumberOfNamedEntries;
    *total = count;
    return (const void *)((const char *)place + sizeof directory);
}

const IMAGE_RESOURCE_DIR_STRING_U *pe_resource_name(const struct pe_image *image, uint32_t offset)
{
    const IMAGE_RESOURCE_DIR_STRING_U *name = resource_at(image, offset, sizeof(WORD));

    return name && resource_at(image, offset, sizeof(WORD) + name->Length * sizeof(WCHAR)) ? name : NULL;
}

const IMAGE_RESOURCE_DATA_ENTRY *pe_resource_leaf(const struct pe_image *image, uint32_t offset)
{
    const IMAGE_RESOURCE_DATA_ENTRY *leaf = resource_at(image, offset, sizeof *leaf);

    return (uintptr_t)leaf % sizeof(DWORD) ? NULL : leaf;
}

void *pe_resource_data(const struct pe_image *image, const IMAGE_RESOURCE_DATA_ENTRY *leaf)
{
    return pe_at(image, leaf->OffsetToData, leaf->Size);
}
