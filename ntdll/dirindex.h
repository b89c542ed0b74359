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

/* Whether there is an index of the directory, so that a name in it is found without reading. */
bool dirindex_has(const char *directory);

/*
 * This process changes a directory itself: its index learns that, instead of being read anew.  dirindex_holds: asked
 * before; the others: after the host path `host` was made or removed.
 */
bool dirindex_holds(const char *host);
void dirindex_created(const char *host, bool held);
void dirindex_removed(const char *host, bool held);

#endif
