/*
 * hivetree.h: between hives (registry/hive.h) and the registry's nodes.
 */
#ifndef NTDLL_HIVETREE_H
#define NTDLL_HIVETREE_H

#include "registry.h"

struct file_bytes {
    void *data; /* free() it */
    size_t size;
};

/* Within a transaction: a node and all below it, without volatile keys, as a hive. */
NTSTATUS hive_from_node(struct node node, struct file_bytes *file);
/* Within a transaction that writes: what a hive holds takes the place of what is in the node. */
NTSTATUS hive_into_node(const struct file_bytes *file, struct node *node);

/* Files by handle, or by the object manager's path. */
NTSTATUS file_read_whole(HANDLE handle, struct file_bytes *file);
NTSTATUS file_write_whole(HANDLE handle, const struct file_bytes *file);
/* Replaces the file at once, or leaves it as it was. */
NTSTATUS file_replace(const UNICODE_STRING *path, const struct file_bytes *file);

/* keysecurity.c: the descriptor that holds for a node; malloc'ed. */
void *key_security_of(struct node node, ULONG *size);
/* key_load.c, within a transaction: the list of loaded hives. */
struct db_key hive_entry(uint32_t id);             /* in the registry's file: where the key of that id came from */
bool hive_path(uint32_t id, UNICODE_STRING *path); /* in a buffer of its own: free() it */
bool hive_next(uint32_t *id, struct slice *path);  /* of the list from *id on */
bool hive_is_private(struct node node);            /* below \REGISTRY\A */
NTSTATUS hive_put_back(struct node node);          /* into its file */

/* key_flush.c: at the end of a process: loaded hives whose files are older than what is in them are written. */
void hives_finish(void);

/* key_load.c: when a session begins: private hives that were left go back into their files. */
NTSTATUS hives_put_back(void);
/* key_load.c: the last handle to a private hive is closed. */
void app_hive_close(uint32_t id, HANDLE file);

#endif
