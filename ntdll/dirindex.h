/*
 * dirindex.h: which name a directory has for a name in any case.
 */
#ifndef NTDLL_DIRINDEX_H
#define NTDLL_DIRINDEX_H

#include "win.h"

/*
 * Looks for `name` (bytes) in `directory`, without regard to case.  1: found, `actual` (256 bytes) has the name as
 * it is written there.  0: not there.  Negative: -errno, the directory can not be read.
 */
int dirindex_find(const char *directory, const char *name, char actual[256]);

/* This process has just made the host path `host`: an index of its directory learns it, instead of being read anew. */
void dirindex_created(const char *host);

#endif
