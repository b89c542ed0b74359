/*
 * pe_import.c: the import and delay-import tables of an image in memory.
 *
 * Layer: loader; calls nothing.
 */
#include "pe.h"

#include <string.h>

/* A table of 64-bit thunks up to its closing zero; NULL if it leaves the image. */
static pe_thunk *thunks_at(const struct pe_image *image, uint64_t rva, uint32_t *count)
{
    pe_thunk *thunks = pe_at(image, rva, sizeof *thunks);
    uint32_t max = thunks ? (image->size - rva) / sizeof *thunks : 0;

    for (*count = 0; *count < max; ++*count)
        if (!thunks[*count])
            return thunks;
    return NULL;
}

/* Fills in both tables of one DLL.  slots_rva's table need not be terminated: the name table counts. */
static bool tables_set(const struct pe_image *image, struct pe_import *import, uint64_t names_rva, uint64_t slots_rva)
{
    import->names = thunks_at(image, names_rva, &import->count);
    if (!import->names)
        return false;
    import->slots = pe_at(image, slots_rva, (import->count + 1ull) * sizeof(uint64_t));
    return import->slots != NULL;
}

bool pe_import_next(const struct pe_image *image, struct pe_import *import)
{
    IMAGE_DATA_DIRECTORY directory = pe_directory(image, IMAGE_DIRECTORY_ENTRY_IMPORT);
    IMAGE_IMPORT_DESCRIPTOR descriptor;

    import->bad = false;
    if (!directory.VirtualAddress)
        return false;
    /* The table ends with a zero descriptor: linkers disagree on what the directory's size covers. */
    const void *place = pe_at(image, (uint64_t)directory.VirtualAddress + import->position, sizeof descriptor);
    if (!place) {
        import->bad = true;
        return false;
    }
    memcpy(&descriptor, place, sizeof descriptor);
    if (!descriptor.Name || !descriptor.FirstThunk)
        return false;
    import->position += sizeof descriptor;
    import->attributes = 0;
    import->handle = NULL;
    import->dll = pe_string(image, descriptor.Name);
    import->bad = !import->dll ||
                  !tables_set(image, import,
                              descriptor.OriginalFirstThunk ? descriptor.OriginalFirstThunk : descriptor.FirstThunk,
                              descriptor.FirstThunk);
    return !import->bad;
}

/* Delay tables of very old linkers hold addresses instead of rvas. */
static uint64_t delay_rva(const struct pe_image *image, const IMAGE_DELAYLOAD_DESCRIPTOR *descriptor, uint32_t value)
{
    return descriptor->Attributes.RvaBased ? value : (uint64_t)value - image->preferred;
}

bool pe_delay_import_next(const struct pe_image *image, struct pe_import *import)
{
    IMAGE_DATA_DIRECTORY directory = pe_directory(image, IMAGE_DIRECTORY_ENTRY_DELAY_IMPORT);
    IMAGE_DELAYLOAD_DESCRIPTOR raw;

    import->bad = false;
    if (!directory.VirtualAddress)
        return false;
    const void *place = pe_at(image, (uint64_t)directory.VirtualAddress + import->position, sizeof raw);
    if (!place) {
        import->bad = true;
        return false;
    }
    memcpy(&raw, place, sizeof raw);
    if (!raw.DllNameRVA)
        return false;
    import->position += sizeof raw;
    import->attributes = raw.Attributes.AllAttributes;
    import->dll = pe_string(image, delay_rva(image, &raw, raw.DllNameRVA));
    import->handle =
        raw.ModuleHandleRVA ? pe_at(image, delay_rva(image, &raw, raw.ModuleHandleRVA), sizeof *import->handle) : NULL;
    import->bad = !import->dll || (uintptr_t)import->handle % sizeof *import->handle ||
                  !tables_set(image, import, delay_rva(image, &raw, raw.ImportNameTableRVA),
                              delay_rva(image, &raw, raw.ImportAddressTableRVA));
    return !import->bad;
}

bool pe_import_symbol(const struct pe_image *image, const struct pe_import *import, uint32_t index,
                      struct pe_symbol *symbol)
{
    uint64_t thunk = import->names[index];

    *symbol = (struct pe_symbol){0};
    if (thunk & IMAGE_ORDINAL_FLAG64) {
        symbol->ordinal = (uint16_t)thunk;
        return true;
    }
    const void *hint = pe_at(image, thunk, sizeof symbol->hint);
    if (!hint)
        return false;
    memcpy(&symbol->hint, hint, sizeof symbol->hint);
    symbol->name = pe_string(image, thunk + sizeof symbol->hint);
    return symbol->name != NULL;
}
