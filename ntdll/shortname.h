/*
 * shortname.h: 8.3 names.
 */
#ifndef NTDLL_SHORTNAME_H
#define NTDLL_SHORTNAME_H

#include "win.h"

/* Whether `name` could be an 8.3 name that Windows made up: ABCDEF~1.EXT. */
bool shortname_is_made_up(const char *name);

/* The directory in host directory `directory` that Windows would have given the made-up name `name`. */
bool shortname_find(const char *directory, const char *name, char actual[256]);

#endif
