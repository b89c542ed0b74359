/*
 * fuzz_pe.c: libFuzzer target for everything that reads an untrusted image: headers, relocation, and walks
 * over imports, exports, TLS, exceptions, configuration and resources.
 *
 * The image lies in a heap block of exactly its size, so that AddressSanitizer sees one byte too far.
 */
#include "loader/pe.h"

#include <stdlib.h>
#include <string.h>

#define IMAGE_MAX (1u << 20) /* larger images only cost time */
#define RESOURCE_ENTRIES_MAX 4096

static uint64_t seen; /* keeps what is read from being optimised away */

static void see(const void *data, size_t size)
{
    for (size_t i = 0; data && i < size; i++)
        seen += ((const uint8_t *)data)[i];
}

static void see_string(const char *text)
{
    see(text, text ? strlen(text) + 1 : 0);
}

static void walk_imports(const struct pe_image *image, bool (*next)(const struct pe_image *, struct pe_import *))
{
    struct pe_import import = {0};
    struct pe_symbol symbol;

    while (next(image, &import)) {
        see_string(import.dll);
        for (uint32_t i = 0; i < import.count; i++) {
            if (pe_import_symbol(image, &import, i, &symbol))
                see_string(symbol.name);
            seen += import.slots[i];
        }
        if (import.handle)
            seen += (uintptr_t)*import.handle;
    }
}

static void walk_exports(const struct pe_image *image)
{
    struct pe_export export;

    for (uint32_t i = 0; i < 1000 && pe_export_at(image, i, &export); i++) {
        struct pe_export found;
        see_string(export.forward);
        if (export.name && pe_export_by_name(image, export.name, i, &found))
            see_string(found.forward);
        if (export.name && pe_export_by_name(image, export.name, 0xffff, &found))
            see(pe_at(image, found.rva, 1), 1);
    }
    for (uint32_t ordinal = 0; ordinal < 100; ordinal++)
        if (pe_export_by_ordinal(image, ordinal, &export))
            see_string(export.forward);
}

static void walk_tables(const struct pe_image *image)
{
    struct pe_tls tls;
    size_t size;

    if (NT_SUCCESS(pe_tls(image, &tls))) {
        see(tls.data, tls.data_size);
        see(tls.index, sizeof *tls.index);
        for (uint32_t i = 0; i < tls.callbacks_max && tls.callbacks[i]; i++)
            seen++;
    }
    const RUNTIME_FUNCTION *functions = pe_exceptions(image, &size);
    see(functions, size * sizeof *functions);
    const void *config = pe_load_config(image, &size);
    see(config, size);
}

static void walk_resources(const struct pe_image *image, uint32_t offset, int depth, unsigned *budget)
{
    uint32_t named, total;
    const IMAGE_RESOURCE_DIRECTORY_ENTRY *entries = pe_resource_entries(image, offset, &named, &total);

    for (uint32_t i = 0; entries && i < total && *budget; i++, --*budget) {
        if (entries[i].NameIsString) {
            const IMAGE_RESOURCE_DIR_STRING_U *name = pe_resource_name(image, entries[i].NameOffset);
            see(name, name ? name->Length * sizeof(WCHAR) + sizeof(WORD) : 0);
        }
        if (entries[i].DataIsDirectory && depth < 3) {
            walk_resources(image, entries[i].OffsetToDirectory, depth + 1, budget);
            continue;
        }
        const IMAGE_RESOURCE_DATA_ENTRY *leaf = pe_resource_leaf(image, entries[i].OffsetToData);
        if (leaf)
            see(pe_resource_data(image, leaf), leaf->Size);
    }
}

static void walk(const struct pe_image *image)
{
    unsigned budget = RESOURCE_ENTRIES_MAX;

    walk_imports(image, pe_import_next);
    walk_imports(image, pe_delay_import_next);
    walk_exports(image);
    walk_tables(image);
    walk_resources(image, 0, 0, &budget);
}

/* As map.c lays an image out, then moved. */
static void load(const struct pe *pe, const uint8_t *data)
{
    struct pe_image image, again;
    uint8_t *base = calloc(1, pe->size);

    memcpy(base, data, pe->headers_size);
    for (unsigned i = 0; i < pe->section_count; i++) {
        memcpy(base + pe->sections[i].rva, data + pe->sections[i].raw, pe->sections[i].raw_size);
        seen += pe_section_protect(pe->sections[i].flags);
    }
    pe_image_init(&image, pe, base);
    pe_relocate(&image, (uint64_t)base - pe->base);
    walk(&image);
    if (pe_image_from_memory(&again, base, pe->size))
        walk(&again);
    free(base);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct pe pe;

    for (enum pe_use use = PE_PROGRAM; use <= PE_RESOURCE; use++) {
        if (!NT_SUCCESS(pe_parse(data, size, use, &pe))) {
            if (!*pe.error || strchr(pe.error, '\n'))
                abort(); /* a refusal is one line, and says something */
            continue;
        }
        if (pe.size <= IMAGE_MAX)
            load(&pe, data);
        break;
    }
    return 0;
}
