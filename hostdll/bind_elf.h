/*
 * bind_elf.h: a library's dynamic symbols, read with libelf.
 */
#ifndef HOSTDLL_BIND_ELF_H
#define HOSTDLL_BIND_ELF_H

#include <libelf.h>
#include <stdbool.h>
#include <stddef.h>

struct elf_library {
    Elf *elf;
    const char *soname; /* NULL: it has none */
    Elf_Data *symbols, *versions, *definitions;
    size_t symbol_count, definition_count, strings; /* strings: index of their section */
};

/* False, with one line in `error`, if it is no shared library of this machine. */
bool elf_library_read(Elf *elf, struct elf_library *library, char *error, size_t size);

/* version NULL: the default one.  False, with one line in `error`, if there is no such function. */
bool elf_library_has(const struct elf_library *library, const char *symbol, const char *version, char *error,
                     size_t size);

#endif
