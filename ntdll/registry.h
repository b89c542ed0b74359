/*
 * registry.h: the registry below its handles: nodes and values.
 *
 * A key is a node.  It may stand in the built-in part (a table in the program), in the file, or in both: then the file
 * holds what has been changed, and names that are hidden.  The file is made by the first change.
 *
 * Everything below runs between registry_begin and registry_end, which hold the process's one lock of the registry
 * and one transaction of the file.  What texts and data point at is good until the next change or the end.
 */
#ifndef NTDLL_REGISTRY_H
#define NTDLL_REGISTRY_H

#include "registry/store.h"
#include "win.h"

struct text {
    const WCHAR *at;
    size_t length; /* in WCHARs */
};

static inline struct text text_of(const UNICODE_STRING *string)
{
    return (struct text){string->Buffer, string->Length / sizeof(WCHAR)};
}

struct node {
    uint32_t id;     /* in the file; 0: not there */
    int32_t builtin; /* in the table; -1: not there */
    bool link;       /* set by node_child: a symbolic link */
};

/* From NODE_CONTROL on: NtSetInformationKey's control flags. */
enum { NODE_VOLATILE = 1, NODE_LINK = 2, NODE_OPAQUE = 4 /* hides the built-in key of its name */, NODE_CONTROL = 256 };

struct node_info {
    uint32_t parent, flags;
    uint32_t next_order; /* of values */
    LONGLONG written;
    struct text name, class;
    struct slice security; /* a self-relative descriptor; empty: the parent's */
};

struct value {
    struct text name;
    ULONG type;
    const void *data;
    size_t size;
};

#define KEY_NAME_MAX 255
#define VALUE_NAME_MAX 16383
#define KEY_DEPTH_MAX 512
#define KEY_PATH_MAX 32767

/* ---- registry_db.c: the file ---- */
NTSTATUS registry_begin(bool write);
/* The same as a transaction sees it (NULL: none); what it writes stays there. */
struct overlay;
NTSTATUS registry_begin_in(struct overlay *overlay, bool write);
struct overlay *registry_overlay(void);
/* The lock alone. */
void registry_lock(void);
void registry_unlock(void);
/* Commits a write if `status` says that it went well.  STATUS_STORE_GREW: make it again. */
NTSTATUS registry_end(NTSTATUS status);
/* registry_begin(true), work, registry_end, as often as needed. */
NTSTATUS registry_update(NTSTATUS (*work)(void *context), void *context);
NTSTATUS registry_update_in(struct overlay *overlay, NTSTATUS (*work)(void *context), void *context);
/* Changes with every commit of any process. */
uint64_t registry_version(void);
bool registry_in_file(void);
NTSTATUS registry_sync(void);
bool registry_changed(void); /* by this process */
/* At the process's end: what it has written is brought to the disk. */
void registry_finish(void);

bool db_get(struct slice key, struct slice *value);
NTSTATUS db_put(struct slice key, struct slice value);
NTSTATUS db_remove(struct slice key);
bool db_seek(struct slice *key, struct slice *value);
/* The file alone, without what the transaction has changed. */
bool db_get_file(struct slice key, struct slice *value);
bool db_seek_file(struct slice *key, struct slice *value);
/* A buffer that lives until the next call. */
void *db_scratch(size_t size);

/* Keys of the file: a node's id, what is kept, and a name in upper case or a number. */
enum db_tag {
    DB_META = 'M',
    DB_TOP = 'T',
    DB_HIVE = 'H',
    DB_INFO = 'I',
    DB_CHILD = 'K',
    DB_VALUE = 'N',
    DB_ORDER = 'V'
};
struct db_key {
    uint8_t bytes[500];
    size_t size;
};
void db_key_name(struct db_key *key, uint32_t id, enum db_tag tag, struct text name);
void db_key_number(struct db_key *key, uint32_t id, enum db_tag tag, uint32_t number);
void db_key_info(struct db_key *key, uint32_t id);
static inline struct slice db_slice(const struct db_key *key)
{
    return (struct slice){key->bytes, key->size};
}

struct registry_meta {
    uint32_t next_id;
    uint32_t watched; /* some process of this session waits for changes */
    uint8_t guid[16]; /* this machine's, as programs see it */
};
bool db_meta(struct registry_meta *meta);
NTSTATUS db_set_meta(const struct registry_meta *meta);

/* ---- registry_builtin.c: the table ---- */
int builtin_key_parent(int key);
struct text builtin_key_name(int key);
unsigned builtin_key_children(int key, int *first);
/* A child may stand for something that this machine does not have (a processor): then it is none. */
bool builtin_key_is_there(int key);
int builtin_key_child(int key, struct text name);
unsigned builtin_key_values(int key, int *first);
bool builtin_key_is_link(int key);
int builtin_value_find(int key, struct text name);
struct text builtin_value_name(int value);
/* False: this one is not there with the settings of this prefix.  What a filled-in text points at is good until the
 * next call. */
bool builtin_value_get(int value, struct value *result);
LONGLONG builtin_time(void);
int name_order(struct text a, struct text b); /* by upper case */

/* ---- registry_node.c: nodes ---- */
struct node node_root(void);
bool node_child(struct node node, struct text name, struct node *child);
/* Its place in the file, for a node that is only built in; false: it is hidden. */
bool node_locate(int builtin, struct node *node);
/* What has become of a node since another version: STATUS_KEY_DELETED. */
NTSTATUS node_refresh(struct node *node);
bool node_load(struct node node, struct node_info *info);
bool node_parent(struct node node, struct node *parent);
/* Puts it into the file. */
NTSTATUS node_materialize(struct node *node);
NTSTATUS node_store(uint32_t id, const struct node_info *info);
NTSTATUS node_touch(uint32_t id, uint32_t next_order);
/* Of what is kept under DB_INFO. */
bool node_same_but_time(struct slice a, struct slice b);
NTSTATUS node_create(struct node *parent, struct text name, struct text class, uint32_t flags, struct slice security,
                     struct node *child);
NTSTATUS node_delete(struct node node);
NTSTATUS node_delete_tree(struct node node, bool itself);
NTSTATUS node_rename(struct node *node, struct text name);
/* \REGISTRY\...; the length in WCHARs, 0 if it does not fit. */
size_t node_path(struct node node, WCHAR *path, size_t room);
unsigned node_depth(struct node node);

/* Subkeys in order of their upper-case names. */
struct child_walk {
    struct node node;
    struct db_key last; /* of the file, as far as read */
    int next;           /* of the table */
};
void child_walk_start(struct child_walk *walk, struct node node);
bool child_walk_next(struct child_walk *walk, struct node *child, struct text *name);

/* ---- registry_value.c: values ---- */
bool value_find(struct node node, struct text name, struct value *value);
NTSTATUS value_set(struct node *node, struct text name, ULONG type, const void *data, size_t size);
NTSTATUS value_delete(struct node *node, struct text name);
NTSTATUS value_delete_all(uint32_t id);

/* Values: the built-in ones, then the others in the order in which they were made. */
struct value_walk {
    struct node node;
    unsigned builtin; /* next of the table's */
    uint32_t order;   /* next of the file's */
};
void value_walk_start(struct value_walk *walk, struct node node);
bool value_walk_next(struct value_walk *walk, struct value *value);

/* ---- registry_path.c: from names to nodes ---- */
struct registry_lookup {
    bool view32;    /* KEY_WOW64_32KEY */
    bool open_link; /* a link at the end is meant itself */
    struct node node;
    struct node parent; /* of the last component, if it is missing */
    struct text rest;   /* what is missing; it points into the name or into `owned` */
    WCHAR *owned;       /* a name that a link led to: to be freed */
};
/* STATUS_OBJECT_NAME_NOT_FOUND (the last component is missing), STATUS_OBJECT_PATH_NOT_FOUND ... */
NTSTATUS registry_find(const struct node *root, struct text name, struct registry_lookup *lookup);

/* ---- registry_watch.c: telling those who wait for changes ---- */
#define NOTES_MAX 64
struct note {
    uint32_t id, parent; /* parent: of one that has been deleted */
    uint32_t filter;     /* REG_NOTIFY_CHANGE_...; 0: anything */
};
struct registry_notes {
    unsigned count;
    struct note notes[NOTES_MAX];
};
/* Those of this operation wait with a transaction (NULL: they are forgotten), and come back with its commit. */
void registry_notes_move(struct registry_notes *to);
void registry_notes_add(const struct registry_notes *from);
/* Requests that belong to the thread that ends. */
void key_watch_thread_end(void);
void registry_note(struct node node, uint32_t parent, ULONG filter);
void registry_notes_commit(void); /* before the commit */
void registry_notes_tell(bool committed);

#endif
