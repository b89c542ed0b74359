/*
 * bind_dwarf.h: what a library's debug information says of its functions' types.
 */
#ifndef HOSTDLL_BIND_DWARF_H
#define HOSTDLL_BIND_DWARF_H

#include <libelf.h>
#include "bind.h"

/*
 * Compares every function of the DLL that the debug information knows with its signature: number of arguments, sizes,
 * floating point.  False with one line in `error` at the first that can not be right.  True without debug information.
 */
bool dwarf_agrees(Elf *elf, const struct bound_dll *dll, char *error, size_t size);

#endif
