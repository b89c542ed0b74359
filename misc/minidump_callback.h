/*
 * minidump_callback.h: what a program's MINIDUMP_CALLBACK_ROUTINE wants in its dump (minidump_callback.c).
 */
#ifndef MISC_MINIDUMP_CALLBACK_H
#define MISC_MINIDUMP_CALLBACK_H

#include "win.h"
#include <dbghelp.h>

/* Whom to ask, and about which process; information NULL: everything is wanted, and nothing more. */
struct dump_wishes {
    const MINIDUMP_CALLBACK_INFORMATION *information;
    HANDLE process;
    DWORD id;
    MINIDUMP_TYPE type;
};

bool dump_wants_thread(const struct dump_wishes *wishes, DWORD thread);
bool dump_wants_module(const struct dump_wishes *wishes, const MINIDUMP_MODULE *module, const WCHAR *path);
/* The next piece of memory that is wanted besides.  False: no more. */
bool dump_wants_memory(const struct dump_wishes *wishes, ULONG64 *base, ULONG *size);

#endif
