/*
 * winbase_atom.h: the names that user32 registers.
 */
#ifndef KERNEL32_WINBASE_ATOM_H
#define KERNEL32_WINBASE_ATOM_H

#include "win.h"

/* A number from 0xC000 on for a name, always the same one; 0 and the last error on failure. */
UINT atom_register(const WCHAR *name);
UINT atom_registered_name(UINT atom, WCHAR *buffer, int room);

#endif
