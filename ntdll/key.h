/*
 * key.h: key objects: what handles to registry keys refer to.
 */
#ifndef NTDLL_KEY_H
#define NTDLL_KEY_H

#include "ntkey.h"
#include "object.h"
#include "registry.h"

struct key_watch; /* registry_watch.c: a request for notification */

/* Where an enumeration by index has come to, so that the next index is one step. */
struct key_cursor {
    uint64_t version; /* of the file when it was read; other: starts over */
    ULONG index;      /* of what comes next */
    struct child_walk children;
    struct value_walk values;
};

struct key {
    struct object object;
    struct node node;
    uint64_t version; /* of the file when the node was looked at last */
    bool deleted;
    bool view32;
    uint32_t app_hive;                   /* the root of a private hive: its id */
    HANDLE app_file;                     /* that one's file, held so that nobody else loads it */
    struct key *within;                  /* opened below that: the root's object, held */
    struct transaction *transaction;     /* what is done through this handle belongs to it; held */
    struct key_cursor *subkeys, *values; /* made by the first enumeration */
    struct key_watch *watch;
};

/* Looks up a handle and begins a transaction on its key; key_end ends it. */
NTSTATUS key_begin(HANDLE handle, ACCESS_MASK access, bool write, struct key **key);
NTSTATUS key_end(struct key *key, NTSTATUS status);
/* Begins a transaction on a key that is known already. */
NTSTATUS key_attach(struct key *key, bool write);

/* The whole of a change to one key: looks it up, and calls `work` as often as the transaction has to be made. */
NTSTATUS key_update(HANDLE handle, ACCESS_MASK access, NTSTATUS (*work)(struct key *key, void *context), void *context);

/* How a key is asked for. */
struct key_request {
    ACCESS_MASK access;
    const OBJECT_ATTRIBUTES *attributes;
    ULONG options;
    struct transaction *transaction; /* NULL: none */
};

/* A new object and handle, within the private hive that the attributes' root (NULL: there is none) is in. */
NTSTATUS key_publish(struct node node, uint64_t version, const struct key_request *request, HANDLE *handle,
                     struct key **made);
extern bool key_app_hives; /* this process has loaded one */

/* lookup->node becomes what the attributes name; *version: the file's at that moment.  lookup->owned is to be freed. */
NTSTATUS key_find(const struct key_request *request, struct registry_lookup *lookup, uint64_t *version);

/* key.c, for those with a transaction and those without. */
NTSTATUS key_open(const struct key_request *request, HANDLE *handle);
NTSTATUS key_create(const struct key_request *request, const UNICODE_STRING *class, ULONG *disposition, HANDLE *handle);

/* registry_watch.c */
void key_watch_destroy(struct key *key);

/* keysecurity.c: what a new key gets: the creator's descriptor. */
struct slice security_of_creation(const OBJECT_ATTRIBUTES *attributes);

#endif
