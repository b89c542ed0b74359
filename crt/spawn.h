/*
 * spawn.h: starting programs, for spawn.c and popen.c.
 */
#ifndef CRT_SPAWN_H
#define CRT_SPAWN_H

#include "crt.h"

enum { P_WAIT_, P_NOWAIT_, P_OVERLAY_, P_NOWAITO_, P_DETACH_ };

/*
 * Starts `name` with a whole command line; `environment` is a block, NULL: this process's.  The exit code for
 * P_WAIT_, a process handle for the P_NOWAITs, 0 for P_DETACH_; -1 with errno.
 */
intptr_t spawn_command(int mode, const WCHAR *name, WCHAR *command, WCHAR *environment);

/* The command processor: %COMSPEC%, or cmd.exe in the system directory; on the heap. */
WCHAR *spawn_command_processor(void);

/* "NAME" /c COMMAND, on the heap. */
WCHAR *spawn_shell_line(const WCHAR *processor, const WCHAR *command);

#endif
