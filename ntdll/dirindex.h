/*
 * dirindex.h: which name a directory has for a name in any case.
 */
#ifndef NTDLL_DIRINDEX_H
#define NTDLL_DIRINDEX_H

#include <string.h>

#include "win.h"

/* A hash of bytes, eight at a time: names are hashed several times on the way of an open. */
static inline uint64_t text_hash(const char *text, size_t length)
{
    uint64_t hash = length, piece;
    for (; length >= 8; text += 8, length -= 8) {
        memcpy(&piece, text, 8);
        hash = (hash ^ piece) * 0x9e3779b97f4a7c15u;
        hash ^= hash >> 32;
    }
    for (piece = 0; length; length--)
        piece = piece << 8 | (unsigned char)*text++;
    hash = (hash ^ piece) * 0x9e3779b97f4a7c15u;
    return hash ^ hash >> 29;
}

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
