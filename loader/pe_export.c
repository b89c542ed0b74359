/*
 * pe_export.c: the export directory of an image in memory.
 *
 * Layer: loader; calls nothing.  Names are sorted, so that a look-up is a binary search; the hint of an
 * import is tried first.
 */
#include "pe.h"

#include <string.h>

/* The directory with its three tables checked as a whole. */
struct exports {
    IMAGE_DATA_DIRECTORY range; /* an "address" in here is a forwarder */
    uint32_t ordinal_base, function_count, name_count;
    const pe_rva *functions, *names;
    const pe_ordinal *ordinals;
};

static bool exports_get(const struct pe_image *image, struct exports *exports)
{
    IMAGE_EXPORT_DIRECTORY raw;

    exports->range = pe_directory(image, IMAGE_DIRECTORY_ENTRY_EXPORT);
    const void *place = exports->range.VirtualAddress ? pe_at(image, exports->range.VirtualAddress, sizeof raw) : NULL;
    if (!place)
        return false;
    memcpy(&raw, place, sizeof raw);
    exports->ordinal_base = raw.Base;
    exports->function_count = raw.NumberOfFunctions;
    exports->name_count = raw.NumberOfNames;
    exports->functions = pe_at(image, raw.AddressOfFunctions, raw.NumberOfFunctions * (uint64_t)sizeof(uint32_t));
    exports->names = pe_at(image, raw.AddressOfNames, raw.NumberOfNames * (uint64_t)sizeof(uint32_t));
    exports->ordinals = pe_at(image, raw.AddressOfNameOrdinals, raw.NumberOfNames * (uint64_t)sizeof(uint16_t));
    if (!exports->names || !exports->ordinals)
        exports->name_count = 0;
    return exports->functions != NULL;
}

/* The export in slot `index` of the function table. */
static bool export_in_slot(const struct pe_image *image, const struct exports *exports, uint32_t index,
                           struct pe_export *result)
{
    if (index >= exports->function_count || !exports->functions[index])
        return false;
    uint32_t rva = exports->functions[index];
    result->ordinal = exports->ordinal_base + index;
    result->rva = 0;
    result->forward = NULL;
    if (rva - exports->range.VirtualAddress < exports->range.Size)
        return (result->forward = pe_string(image, rva)) != NULL;
    result->rva = rva;
    return pe_at(image, rva, 1) != NULL;
}

bool pe_export_by_ordinal(const struct pe_image *image, uint32_t ordinal, struct pe_export *result)
{
    struct exports exports;

    result->name = NULL;
    return exports_get(image, &exports) && ordinal >= exports.ordinal_base &&
           export_in_slot(image, &exports, ordinal - exports.ordinal_base, result);
}

static bool export_named(const struct pe_image *image, const struct exports *exports, uint32_t index,
                         struct pe_export *result)
{
    result->name = pe_string(image, exports->names[index]);
    return result->name && export_in_slot(image, exports, exports->ordinals[index], result);
}

bool pe_export_at(const struct pe_image *image, uint32_t index, struct pe_export *result)
{
    struct exports exports;

    result->name = NULL;
    result->rva = 0;
    result->forward = NULL;
    if (!exports_get(image, &exports) || index >= exports.name_count)
        return false;
    export_named(image, &exports, index, result);
    return true;
}

bool pe_export_by_name(const struct pe_image *image, const char *name, uint16_t hint, struct pe_export *result)
{
    struct exports exports;

    if (!exports_get(image, &exports))
        return false;
    if (hint < exports.name_count) {
        const char *there = pe_string(image, exports.names[hint]);
        if (there && !strcmp(there, name))
            return export_named(image, &exports, hint, result);
    }
    for (uint32_t low = 0, high = exports.name_count; low < high;) {
        uint32_t middle = low + (high - low) / 2;
        const char *there = pe_string(image, exports.names[middle]);
        int order = there ? strcmp(name, there) : -1;
        if (!order)
            return export_named(image, &exports, middle, result);
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return false;
}
