/*
 * search.h: where DLLs are looked for; what SetDllDirectory, AddDllDirectory and
 * SetDefaultDllDirectories change.  All of it is called with the loader lock held.
 */
#ifndef LOADER_SEARCH_H
#define LOADER_SEARCH_H

#include "win.h"

/* SetDllDirectory: NULL is the default order, "" takes the current directory out. */
NTSTATUS search_set_directory(const WCHAR *path);
const WCHAR *search_directory(void);

/* AddDllDirectory: the cookie is what RemoveDllDirectory gets. */
NTSTATUS search_add_directory(const WCHAR *path, void **cookie);
NTSTATUS search_remove_directory(void *cookie);

/* SetDefaultDllDirectories. */
NTSTATUS search_set_default_flags(ULONG flags);

#endif
