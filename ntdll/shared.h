/*
 * shared.h: objects that several processes have: each has an object of its own (a proxy) over one entry of the arena.
 *
 * An object begins private and is moved into the arena when it gets a name or leaves its process.
 */
#ifndef NTDLL_SHARED_H
#define NTDLL_SHARED_H

#include "arena.h"
#include "handover.h"

/* Moves the object into the arena if it is not there.  Its entry's index; 0: no arena, or it is full. */
uint32_t shared_promote(struct object *object);
/* This process's object of an entry that it holds; referenced.  NULL: no memory. */
struct object *shared_object(uint32_t index);
/* Makes `object` this process's object of an entry that it holds, unless there is one: that one then, referenced. */
struct object *shared_adopt(struct object *object, uint32_t index);
/* For mutant.c: the same, not referenced; it exists. */
struct object *shared_local(uint32_t index);

/* namespace.c: enters under a name, or finds what has it; results as namespace_enter and namespace_find. */
NTSTATUS shared_enter(struct object *object, const UNICODE_STRING *name, ULONG attributes, struct object **result);
NTSTATUS shared_find(const struct object_type *type, const UNICODE_STRING *name, ULONG attributes,
                     struct object **result);
bool shared_directory_exists(const UNICODE_STRING *name);
/* The directory and what it holds have no names any more; handles stay good. */
void shared_destroy_directory(struct object *directory);
/* The last handle of this process is closed: the name goes unless another process has the object. */
void shared_unname(struct object *object);

/* object.c: the last reference is gone. */
void shared_forget(struct object *object);

NTSTATUS shared_give(struct object *object, struct handover_object *out, struct blob *blob);
NTSTATUS shared_take(const struct handover_object *in, const char *text, struct object **object);

/* wait.c: the state goes to `to`; whoever sleeps on or uses `from` follows. */
void waitable_move(struct waitable *from, struct waitable *to);

#endif
