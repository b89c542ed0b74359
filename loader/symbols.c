/*
 * symbols.c: names of functions from a program's own symbol table (COFF), for the crash report.
 *
 * The table is not part of the image: it is read from the file, in pieces, into a buffer that is there from the
 * start.  Programs that are stripped or were linked by Microsoft's linker have none.
 */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include "module.h"
#include "ntdll/large.h"

#define FUNCTION_TYPE 0x20
#define PIECE 512             /* symbols read at once */
#define SYMBOLS_MAX (1 << 22) /* what a sane file has less of */

static IMAGE_SYMBOL symbols[PIECE] LARGE;

/* The section that holds `rva`: its number as symbols count them, and its start; 0: none. */
static int section_of(const struct module *module, uint32_t rva, uint32_t *start)
{
    const IMAGE_NT_HEADERS64 *nt = module->nt;
    size_t count = nt->FileHeader.NumberOfSections;
    const uint8_t *table = (const uint8_t *)&nt->OptionalHeader + nt->FileHeader.SizeOfOptionalHeader;
    const IMAGE_SECTION_HEADER *sections = pe_at(&module->image, table - module->image.base, count * sizeof(*sections));

    for (size_t i = 0; sections && i < count; i++)
        if (rva >= sections[i].VirtualAddress && rva - sections[i].VirtualAddress < sections[i].Misc.VirtualSize) {
            *start = sections[i].VirtualAddress;
            return (int)i + 1;
        }
    return 0;
}

/* Finds the last function of the section that starts at or before `offset`. */
static bool function_find(int fd, const IMAGE_FILE_HEADER *header, int section, uint32_t offset, IMAGE_SYMBOL *found)
{
    uint32_t count = header->NumberOfSymbols < SYMBOLS_MAX ? header->NumberOfSymbols : 0, skip = 0;
    off_t position = header->PointerToSymbolTable;
    bool any = false;

    for (uint32_t first = 0; first < count; first += PIECE) {
        ssize_t got = pread(fd, symbols, sizeof(symbols), position + (off_t)first * sizeof(*symbols));
        uint32_t here = got > 0 ? (uint32_t)(got / sizeof(*symbols)) : 0;
        if (!here)
            break;
        for (uint32_t i = 0; i < here && first + i < count; i++) {
            const IMAGE_SYMBOL *symbol = &symbols[i];
            if (skip) { /* an auxiliary record */
                skip--;
                continue;
            }
            skip = symbol->NumberOfAuxSymbols;
            if (symbol->SectionNumber == section && symbol->Type == FUNCTION_TYPE && symbol->Value <= offset &&
                (!any || symbol->Value >= found->Value)) {
                *found = *symbol;
                any = true;
            }
        }
    }
    return any;
}

static bool name_read(int fd, const IMAGE_FILE_HEADER *header, const IMAGE_SYMBOL *symbol, char *name, size_t size)
{
    off_t strings = header->PointerToSymbolTable + (off_t)header->NumberOfSymbols * sizeof(*symbol);

    memset(name, 0, size);
    if (symbol->N.Name.Short) {
        memcpy(name, symbol->N.ShortName, sizeof(symbol->N.ShortName));
        return true;
    }
    return pread(fd, name, size - 1, strings + symbol->N.Name.Long) > 0 && name[0];
}

bool module_function_name(const struct module *module, const void *address, char *name, size_t size, uint32_t *offset)
{
    uint32_t rva = (uint32_t)((const uint8_t *)address - module->image.base), start;
    const IMAGE_FILE_HEADER *header = &module->nt->FileHeader;
    int section = module->host_path && header->PointerToSymbolTable ? section_of(module, rva, &start) : 0;
    int fd = section ? open(module->host_path, O_RDONLY | O_CLOEXEC) : -1;
    IMAGE_SYMBOL symbol = {0};

    if (fd < 0)
        return false;
    bool found = function_find(fd, header, section, rva - start, &symbol) && name_read(fd, header, &symbol, name, size);
    close(fd);
    if (found)
        *offset = rva - start - symbol.Value;
    return found;
}
