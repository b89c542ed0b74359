/*
 * pseudoconsole.h: terminals that a program makes for others (CreatePseudoConsole).
 */
#ifndef NTDLL_PSEUDOCONSOLE_H
#define NTDLL_PSEUDOCONSOLE_H

#include "win.h"

struct pseudo_console;

/* What is read from `input` is typed, what is shown is written to `output`; both handles are duplicated. */
NTSTATUS pseudo_console_create(COORD size, HANDLE input, HANDLE output, struct pseudo_console **console);
NTSTATUS pseudo_console_resize(struct pseudo_console *console, COORD size);
/* Those on it are told to end. */
void pseudo_console_close(struct pseudo_console *console);

/* spawn.c: the terminal's name, for a process that is started on it. */
const char *pseudo_console_name(const struct pseudo_console *console);

#endif
