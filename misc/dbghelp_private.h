/*
 * dbghelp_private.h: what the files of dbghelp.dll share.
 */
#ifndef MISC_DBGHELP_PRIVATE_H
#define MISC_DBGHELP_PRIVATE_H

#include "win.h"
#include <dbghelp.h>
#include "symbols.h"

extern DWORD sym_options;
extern HANDLE sym_process; /* the one that was initialized; NULL: none */

BOOL sym_fail(DWORD error); /* sets the last error; FALSE */

/* The base of the module that holds the address; NULL: none, or not the process that was initialized. */
char *module_of(HANDLE process, DWORD64 address);
struct symbols *symbols_of(HANDLE process, char *base);
/* Calls for each module of the process until one is taken. */
bool modules_walk(HANDLE process, bool (*visit)(struct symbols *, void *), void *data);

#endif
