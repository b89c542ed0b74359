/*
 * handover.h: what a process gives to one that it starts, or to another through DuplicateHandle.
 *
 * The start block is a memfd that the child maps: everything in it is an offset from its beginning.  Objects are
 * described by struct handover_object; each type that can be handed over has a pair of functions.
 */
#ifndef NTDLL_HANDOVER_H
#define NTDLL_HANDOVER_H

#include "object.h"

/* A growing piece of memory.  A failed allocation is remembered: check `failed` at the end. */
struct blob {
    char *data;
    size_t used, size;
    bool failed;
};
/* Appends (8-byte aligned; data NULL: zeros) and returns the offset. */
uint32_t blob_add(struct blob *blob, const void *data, size_t size);
void blob_free(struct blob *blob);

enum handover_type {
    HANDOVER_NONE,
    HANDOVER_FILE,
    HANDOVER_SECTION,
    HANDOVER_EVENT,
    HANDOVER_MUTANT,
    HANDOVER_SEMAPHORE,
    HANDOVER_TIMER,
    HANDOVER_JOB,
    HANDOVER_PROCESS,
    HANDOVER_THREAD,
    HANDOVER_TYPES
};

struct handover_object {
    uint32_t type;  /* enum handover_type */
    int32_t fd;     /* -1: none; the number in the receiver */
    uint32_t entry; /* in the arena; 0: none */
    uint32_t text;  /* offset of a host path; 0: none */
    uint32_t numbers[12];
    uint64_t wide[3];
};

struct handover_handle {
    uint32_t handle, access, attributes;
    uint32_t object; /* index */
};

/*
 * One per type that can be handed over.  give fills `out`; the fd stays the object's own.  take makes an object from
 * it; it takes over the fd.
 */
struct handover_functions {
    const struct object_type *type;
    NTSTATUS (*give)(struct object *object, struct handover_object *out, struct blob *blob);
    NTSTATUS (*take)(const struct handover_object *in, const char *text, struct object **object);
};
extern const struct handover_functions handover_functions[HANDOVER_TYPES];

/* STATUS_NOT_SUPPORTED: this type can not leave its process. */
NTSTATUS handover_give(struct object *object, struct handover_object *out, struct blob *blob);
NTSTATUS handover_take(const struct handover_object *in, const char *text, struct object **object);

NTSTATUS file_give(struct object *object, struct handover_object *out, struct blob *blob);
NTSTATUS file_take(const struct handover_object *in, const char *text, struct object **object);
NTSTATUS section_give(struct object *object, struct handover_object *out, struct blob *blob);
NTSTATUS section_take(const struct handover_object *in, const char *text, struct object **object);
NTSTATUS process_give(struct object *object, struct handover_object *out, struct blob *blob);
NTSTATUS thread_give(struct object *object, struct handover_object *out, struct blob *blob);
NTSTATUS thread_take(const struct handover_object *in, const char *text, struct object **object);
NTSTATUS process_take(const struct handover_object *in, const char *text, struct object **object);

struct start_string {
    uint32_t offset, bytes;
};

#define START_MAGIC 0x54525357u
#define START_SUSPENDED 1u
#define START_TRACE 2u
#define START_IGNORE_CTRL_C 4u
#define START_NO_CONSOLE 8u
#define START_HIDDEN_CONSOLE 16u
#define START_PSEUDO_CONSOLE 32u /* standard handles that were not given are the terminal at fds 0-2 */

struct start_block {
    uint32_t magic, flags;
    int32_t arena_fd;
    uint32_t process;                         /* record in the arena */
    int32_t parent;                           /* host id */
    uint32_t program, prefix, trace_patterns; /* zero-terminated host strings; 0: none */
    struct start_string image, command_line, directory, dll_path, title, desktop, shell, runtime, environment;
    uint64_t standard[3];
    uint32_t starting_x, starting_y, count_x, count_y, count_chars_x, count_chars_y, fill, window_flags, show;
    uint32_t group;
    uint32_t error_mode, priority_class;
    uint32_t handles, handle_count; /* struct handover_handle[] */
    uint32_t objects, object_count; /* struct handover_object[] */
    uint32_t standard_fds[3];       /* object index + 1 whose fd was put at 0, 1, 2; 0: none */
};

/* child.c */
/* The block of the process that started this one, NULL: a person did.  fd: of the memfd. */
const struct start_block *start_block_map(int fd);
const struct start_block *start_block(void);
const char *start_text(uint32_t offset);
/* Makes the objects and handles; and is heard when the parent dies. */
void start_take_handles(void);
/* Waits while the process was created suspended. */
void start_wait(void);

#endif
