/*
 * compound.h: a compound file in memory: storages, in which there are storages and streams.
 */
#ifndef OLE32_COMPOUND_H
#define OLE32_COMPOUND_H

#include "com.h"

#define NODE_NAME 32 /* with the zero */

enum node_type { NODE_STORAGE = 1, NODE_STREAM = 2, NODE_ROOT = 5 };

struct node {
    enum node_type type;
    WCHAR name[NODE_NAME];
    GUID class;
    DWORD state;
    FILETIME created, modified;
    struct node *parent, *children, *next;
    BYTE *data; /* of a stream */
    DWORD size, room;
    LONG users; /* open objects; a node that is gone from its storage is freed with the last of them */
    DWORD id;   /* while a file is written */
};

struct node *node_make(struct node *parent, const WCHAR *name, enum node_type type);
struct node *node_find(struct node *parent, const WCHAR *name);
void node_remove(struct node *node); /* takes it and all below out of its storage */
void node_free(struct node *node);
bool node_resize(struct node *stream, DWORD size);
int node_order(const WCHAR *a, const WCHAR *b); /* by length, then by upper case, as the format has it */

/* NULL: no compound file, or a damaged one. */
struct node *compound_read(const BYTE *image, DWORD size);
/* The file's bytes in heap memory. */
BYTE *compound_write(struct node *root, DWORD *size);
bool compound_is(const BYTE *image, DWORD size);

#endif
