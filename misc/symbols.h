/*
 * symbols.h: the functions of a module by name and address, for dbghelp.
 */
#ifndef MISC_SYMBOLS_H
#define MISC_SYMBOLS_H

#include "win.h"
#include "ntdll/unwind.h"

struct symbol {
    DWORD rva, size; /* size: up to the next one */
    const char *name;
    bool exported;
};

struct symbols {
    struct symbols *next;
    HANDLE process;
    DWORD64 base;
    DWORD image_size;
    WCHAR path[MAX_PATH];
    struct symbol *list; /* sorted by rva */
    DWORD count;
    void *exports, *file;       /* what the names lie in */
    bool explicit;              /* by SymLoadModuleEx */
    DWORD64 linked_base;        /* for which it was linked */
    struct source_lines *lines; /* see symbols_lines */
    bool lines_tried;
};

/*
 * The module at `base` of the process, read when it is first asked for: its exports from memory, its COFF symbols from
 * its file.  NULL: no module, or no memory.
 */
struct symbols *symbols_get(HANDLE process, DWORD64 base, const WCHAR *path);
/* One that was loaded explicitly and holds the address; NULL. */
struct symbols *symbols_explicit(HANDLE process, DWORD64 address);
void symbols_forget(HANDLE process, DWORD64 base); /* base 0: all of the process */

/* The last one at or before the address. */
const struct symbol *symbols_at(const struct symbols *symbols, DWORD64 address);
const struct symbol *symbols_named(const struct symbols *symbols, const char *name, size_t length);

/* The module is NAME.EXTENSION. */
bool symbols_are_of(const struct symbols *symbols, const char *name, size_t length);

/* The source lines of the module's file, which is read when they are first asked for.  NULL: there are none. */
struct source_lines *symbols_lines(struct symbols *symbols);

#endif
