/*
 * registry_overlay.h: what a transaction has changed in the registry and not committed: pairs that hide the file's.
 */
#ifndef NTDLL_REGISTRY_OVERLAY_H
#define NTDLL_REGISTRY_OVERLAY_H

#include "registry.h"

struct overlay;

struct overlay *overlay_create(void);
void overlay_free(struct overlay *overlay);
/* STATUS_TRANSACTION_ALREADY_ABORTED: somebody else has changed, meanwhile, what this transaction has. */
NTSTATUS overlay_commit(struct overlay *overlay);
/* The registry is no longer read and written through it: STATUS_TRANSACTION_NOT_ACTIVE. */
void overlay_abandon(struct overlay *overlay);

/* For registry_db.c, all within an operation, under the registry's lock. */
NTSTATUS overlay_begin(struct overlay *overlay);
/* Changes are kept, or undone.  STATUS_STORE_GREW: *builtin is to be put into the file (-1: nothing is), ids are to be
 * set aside (0: none are), and the operation is to be made again. */
void overlay_end(struct overlay *overlay, bool keep);
bool overlay_get(struct overlay *overlay, struct slice key, struct slice *value, bool *there);
bool overlay_seek(struct overlay *overlay, struct slice *key, struct slice *value);
NTSTATUS overlay_put(struct overlay *overlay, struct slice key, const struct slice *value); /* NULL: removed */
uint64_t overlay_version(const struct overlay *overlay);
/* After an operation that ended in STATUS_STORE_GREW, without the lock: makes what it lacked. */
NTSTATUS overlay_provide(struct overlay *overlay);

/* For registry_node.c: ids and built-in keys are put into the file itself, before they are needed. */
NTSTATUS overlay_new_id(struct overlay *overlay, uint32_t *id);
NTSTATUS overlay_want_key(struct overlay *overlay, int builtin);

#endif
