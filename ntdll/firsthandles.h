/*
 * firsthandles.h: the handles that a process has from the start, which sleep until they are used.
 */
#ifndef NTDLL_FIRSTHANDLES_H
#define NTDLL_FIRSTHANDLES_H

#include "win.h"

/*
 * Handles for the fds 0, 1, 2 that are open, and for the current directory, which programs that call NtCreateFile
 * take as the root of relative names.  Called once at start.
 */
void first_handles_create(RTL_USER_PROCESS_PARAMETERS *params);
/* Those for fds that are not `taken` already: of a child on a terminal that its parent made for it. */
void first_handles_create_standard(RTL_USER_PROCESS_PARAMETERS *params, const uint32_t taken[3]);
/* The current directory's alone: a child's standard handles are its parent's doing. */
void first_handles_create_directory(RTL_USER_PROCESS_PARAMETERS *params);

/* Opens the current directory if its handle still sleeps: before something is asked about who has a directory open. */
void first_handles_wake_directory(void);

#endif
