/*
 * command.h: winrun path, winrun prefix and winrun reg: what winrun does besides running the user's programs.
 */
#ifndef PREFIX_COMMAND_H
#define PREFIX_COMMAND_H

#include <stdbool.h>

bool command_is(const char *name);
_Noreturn void command_run(const char *name, char **arguments);

/* winrun reg is a program that comes with winrun: its file, for a prefix that was named.  NULL: no such command. */
char *command_program(const char *name, const char *prefix);

#endif
