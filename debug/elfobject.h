/*
 * elfobject.h: a Windows module as an ELF object, for gdb and for libdw.
 */
#ifndef DEBUG_ELFOBJECT_H
#define DEBUG_ELFOBJECT_H

#include "debug/cfi.h"
#include "debug/coff.h"
#include "loader/announce.h"

struct named {
    char *name; /* owned */
    uint32_t rva, size;
};

struct names {
    struct named *list; /* sorted by rva when finished */
    size_t count;
};

/* The object's bytes, from malloc; NULL: no memory.  coff: of the module's file; NULL: built in, or not readable. */
char *elf_object_make(const struct announced *module, const struct coff *coff, const struct names *names,
                      const struct cfi *cfi, size_t *size);

/* An object of the debug sections alone.  NULL: there are none, or no memory. */
char *elf_dwarf_make(const struct coff *coff, size_t *size);

#endif
