/*
 * store.h: winrun-registry.so, which keeps the registry's file: ordered pairs of keys and values, with transactions.
 *
 * The one user is ntdll/registry_db.c, which opens it when the program first needs the file; it makes one call at a
 * time.  What a slice of the answer points at is good until the transaction ends or writes.
 */
#ifndef REGISTRY_STORE_H
#define REGISTRY_STORE_H

#include "win.h"

struct slice {
    const void *data;
    size_t size;
};

struct store_plugin {
    /* Opens the file, or makes it.  *first: no other process has it open.  *writable: false if it, or its directory,
     * may only be read.  STATUS_OBJECT_NAME_NOT_FOUND, STATUS_REGISTRY_CORRUPT, STATUS_DISK_FULL ... */
    NTSTATUS (*open)(const char *path, bool create, bool *first, bool *writable);
    /* The first process lets the others in, once it has tidied up. */
    void (*share)(void);
    NTSTATUS (*begin)(bool write);
    NTSTATUS (*commit)(void);
    void (*end)(void); /* of a read, or of a write without its changes */
    uint64_t (*version)(void);
    /* STATUS_NOT_FOUND */
    NTSTATUS (*get)(struct slice key, struct slice *value);
    NTSTATUS (*put)(struct slice key, struct slice value);
    NTSTATUS (*remove)(struct slice key);
    /* The first pair whose key is not below `key`, which becomes that key. */
    NTSTATUS (*seek)(struct slice *key, struct slice *value);
    NTSTATUS (*sync)(void);
};

/* put and commit: the map was too small and is larger now; the whole transaction is to be made again. */
#define STATUS_STORE_GREW STATUS_RETRY

extern const struct store_plugin winrun_registry_plugin;

#endif
