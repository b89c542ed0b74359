/*
 * check.h: --check: what a program needs, where it is found and what is missing.
 */
#ifndef LOADER_CHECK_H
#define LOADER_CHECK_H

#include "check_output.h"

/*
 * Lists on standard output what the mapped program imports, and what the DLLs import that come with it.
 * *result: 0 all is there, 1 something is missing.  An error, for load_error(), if the program is damaged.
 */
NTSTATUS check_program(struct module *program, const struct check_output *output, int *result);

#endif
