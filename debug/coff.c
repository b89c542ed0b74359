/*
 * coff.c: reading symbols and sections of a PE file (coff.h).
 *
 * Layer: none; calls nothing.
 */
#include <stdlib.h>
#include <string.h>
#include "debug/coff.h"

#define SYMBOL_SIZE 18
#define FUNCTION_TYPE 0x20
#define SECTIONS_MOST 512

static const void *at(const struct coff *coff, uint64_t offset, uint64_t size)
{
    return offset <= coff->size && size <= coff->size - offset ? coff->file + offset : NULL;
}

static void symbols_find(struct coff *coff, const IMAGE_FILE_HEADER *header)
{
    uint64_t start = header->PointerToSymbolTable, size = (uint64_t)header->NumberOfSymbols * SYMBOL_SIZE;
    const uint8_t *symbols = start ? at(coff, start, size) : NULL, *strings;
    uint32_t length = 0;

    if (!symbols)
        return;
    coff->symbols = symbols;
    coff->symbol_count = header->NumberOfSymbols;
    strings = at(coff, start + size, 4);
    if (strings)
        memcpy(&length, strings, 4);
    if (strings && length >= 4 && at(coff, start + size, length)) {
        coff->strings = (const char *)strings;
        coff->strings_size = length;
    }
}

bool coff_open(struct coff *coff, const void *file, size_t size)
{
    const IMAGE_NT_HEADERS64 *nt;
    const IMAGE_DOS_HEADER *dos;

    *coff = (struct coff){.file = file, .size = size};
    dos = at(coff, 0, sizeof *dos);
    if (!dos || dos->e_magic != IMAGE_DOS_SIGNATURE || dos->e_lfanew < 0 || dos->e_lfanew & 3)
        return false;
    nt = at(coff, (uint64_t)dos->e_lfanew, sizeof *nt);
    if (!nt || nt->Signature != IMAGE_NT_SIGNATURE || nt->FileHeader.Machine != IMAGE_FILE_MACHINE_AMD64 ||
        nt->OptionalHeader.Magic != IMAGE_NT_OPTIONAL_HDR64_MAGIC || nt->FileHeader.SizeOfOptionalHeader & 3)
        return false;
    coff->image_base = nt->OptionalHeader.ImageBase;
    coff->section_count = nt->FileHeader.NumberOfSections < SECTIONS_MOST ? nt->FileHeader.NumberOfSections : 0;
    coff->sections =
        at(coff,
           (uint64_t)dos->e_lfanew + offsetof(IMAGE_NT_HEADERS64, OptionalHeader) + nt->FileHeader.SizeOfOptionalHeader,
           coff->section_count * sizeof *coff->sections);
    if (!coff->sections)
        return false;
    symbols_find(coff, &nt->FileHeader);
    return true;
}

/* A string of the table; NULL: there is none at this offset. */
static const char *string_at(const struct coff *coff, uint32_t offset, size_t *length)
{
    if (offset < 4 || offset >= coff->strings_size)
        return NULL;
    *length = strnlen(coff->strings + offset, coff->strings_size - offset);
    return coff->strings + offset;
}

bool coff_next(const struct coff *coff, uint32_t *index, struct coff_symbol *symbol)
{
    while (*index < coff->symbol_count) {
        IMAGE_SYMBOL raw;
        const uint8_t *place = coff->symbols + (size_t)*index * SYMBOL_SIZE;
        memcpy(&raw, place, SYMBOL_SIZE);
        *index += raw.NumberOfAuxSymbols < coff->symbol_count - *index ? 1u + raw.NumberOfAuxSymbols
                                                                       : coff->symbol_count - *index;
        bool external = raw.StorageClass == IMAGE_SYM_CLASS_EXTERNAL;
        if (raw.SectionNumber < 1 || (unsigned)raw.SectionNumber > coff->section_count ||
            (!external && raw.StorageClass != IMAGE_SYM_CLASS_STATIC && raw.StorageClass != IMAGE_SYM_CLASS_LABEL))
            continue;
        symbol->name = (const char *)place;
        symbol->length = strnlen(symbol->name, 8);
        if (!raw.N.Name.Short && !(symbol->name = string_at(coff, raw.N.Name.Long, &symbol->length)))
            continue;
        if (!symbol->length)
            continue;
        symbol->section = (unsigned)raw.SectionNumber;
        symbol->rva = coff->sections[raw.SectionNumber - 1].VirtualAddress + raw.Value;
        symbol->function = raw.Type == FUNCTION_TYPE;
        symbol->external = external;
        return true;
    }
    return false;
}

void coff_section_name(const struct coff *coff, unsigned index, char *name, size_t size)
{
    const char *given = (const char *)coff->sections[index].Name, *found = given;
    size_t length = strnlen(given, IMAGE_SIZEOF_SHORT_NAME);

    if (given[0] == '/') { /* "/123": in the table of strings */
        char number[IMAGE_SIZEOF_SHORT_NAME] = "";
        size_t longer;
        memcpy(number, given + 1, IMAGE_SIZEOF_SHORT_NAME - 1);
        const char *text = string_at(coff, (uint32_t)strtoul(number, NULL, 10), &longer);
        if (text) {
            found = text;
            length = longer;
        }
    }
    if (length >= size)
        length = size - 1;
    memcpy(name, found, length);
    name[length] = 0;
}

const void *coff_section_data(const struct coff *coff, unsigned index, size_t *size)
{
    const IMAGE_SECTION_HEADER *section = &coff->sections[index];

    *size = section->SizeOfRawData;
    if (section->Misc.VirtualSize && section->Misc.VirtualSize < *size)
        *size = section->Misc.VirtualSize; /* the rest is padding */
    return *size ? at(coff, section->PointerToRawData, *size) : NULL;
}
