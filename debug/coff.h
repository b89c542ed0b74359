/*
 * coff.h: the symbol table and the debug sections of a PE file, for debuggers, profilers and dbghelp.
 *
 * Pure reading of bytes that may be anything: every number is checked against the file.
 */
#ifndef DEBUG_COFF_H
#define DEBUG_COFF_H

#include "win.h"

struct coff {
    const uint8_t *file;
    size_t size;
    const IMAGE_SECTION_HEADER *sections;
    unsigned section_count;
    uint64_t image_base;
    const uint8_t *symbols; /* 18 bytes each */
    uint32_t symbol_count;
    const char *strings; /* with their length in the first four bytes */
    uint32_t strings_size;
};

struct coff_symbol {
    const char *name; /* `length` bytes, not terminated */
    size_t length;
    uint32_t rva;
    unsigned section; /* counted from 1 */
    bool function, external;
};

/* False: not a 64-bit PE file, or damaged.  The file's bytes are borrowed. */
bool coff_open(struct coff *coff, const void *file, size_t size);

/* The next symbol that has a place in a section, from *index on, which it advances.  False: no more. */
bool coff_next(const struct coff *coff, uint32_t *index, struct coff_symbol *symbol);

/* The name of a section, which may be longer than eight bytes, into `name`. */
void coff_section_name(const struct coff *coff, unsigned index, char *name, size_t size);

/* A section's bytes in the file; NULL: there are none. */
const void *coff_section_data(const struct coff *coff, unsigned index, size_t *size);

#endif
