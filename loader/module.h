/*
 * module.h: loaded modules: PE images from files and the built-in ones, which look the same.
 *
 * A module owns its mapping and its LDR_DATA_TABLE_ENTRY.  The list is guarded by the loader
 * lock (PEB.LoaderLock); look-ups by address take no lock that a signal handler could find held.
 */
#ifndef LOADER_MODULE_H
#define LOADER_MODULE_H

#include "win.h"

struct builtin;                    /* builtin.h: a built-in DLL's tables */

struct module {
    LDR_DATA_TABLE_ENTRY ldr;      /* must be first: PEB.Ldr's lists link here */
    void *base;
    size_t size;
    const IMAGE_NT_HEADERS64 *nt;
    const struct builtin *builtin; /* NULL: from a file */
    char *host_path;               /* of the file; NULL for built-in; owned */
    LONG references;               /* -1: pinned */
    const RUNTIME_FUNCTION *pdata; /* exception directory, sorted; NULL if none */
    size_t pdata_count;
    struct module *next;           /* all modules, for lock-free walks: entries are never freed, only emptied */
};

/* The module whose image holds `address`, or NULL.  Callable from a signal handler. */
struct module *module_from_address(const void *address);

/* "name.dll+0x1234" or "name.dll!Export+0x10" into `text`. Callable while crashing. */
void module_describe_address(const void *address, char *text, size_t size);

#endif
