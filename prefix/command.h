/*
 * command.h: winrun reg, winrun path and winrun prefix: what winrun does besides running programs.
 */
#ifndef PREFIX_COMMAND_H
#define PREFIX_COMMAND_H

#include <stdbool.h>

bool command_is(const char *name);
/* prefix: the directory that was asked for, or NULL. */
_Noreturn void command_run(const char *name, char **arguments, const char *prefix);

/* Each returns the exit status. */
int command_reg(char **arguments);
int command_path(char **arguments);

#endif
