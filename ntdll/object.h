/*
 * object.h: objects, handles, and the one wait.
 *
 * Ownership: an object is counted.  object_create returns one reference; a handle
 * holds one; handle_lookup hands out one that the caller gives back with
 * object_release.  An object dies with its last reference.
 *
 * Waiting: a waitable object embeds `struct waitable` and sets object.waitable.
 * Its state is one 32-bit word that is also the futex: see wait.c for the layout
 * and the memory order.  An uncontended signal or wait makes no system call.
 */
#ifndef NTDLL_OBJECT_H
#define NTDLL_OBJECT_H

#include <stdatomic.h>
#include "win.h"

struct object;
struct thread;

struct object_type {
    const char *name; /* as NtQueryObject shows it: "Event", "File" ... */
    GENERIC_MAPPING mapping;
    ACCESS_MASK all_access;
    struct {
        ACCESS_MASK has, gives; /* a right that another one includes */
    } included[3];
    void (*destroy)(struct object *);       /* frees what the object holds, then object_free */
    void (*close)(struct object *, HANDLE); /* NULL, or called when one handle of several is closed */
    void (*before_wait)(struct object *);   /* NULL, or called before a wait: starts whatever will signal it */
    NTSTATUS (*query_name)(struct object *, UNICODE_STRING *name); /* NULL, or a name to RtlFreeUnicodeString */
    struct object *(*wake)(struct object *, ACCESS_MASK *access);  /* NULL, or what is to take its place (a reference)
                                                                      when its handle is first looked up; NULL: failed */
    /* Types whose objects processes share (shared.h): */
    uint32_t arena_kind;                            /* enum arena_kind */
    bool (*share)(struct object *, uint32_t index); /* NULL, or fills the entry's data when the object moves there */
    struct object *(*proxy)(uint32_t index);        /* a new object for an entry; its waitable and name are set after */
};

extern const struct object_type type_file, type_section, type_event, type_mutant, type_semaphore, type_timer,
    type_thread, type_process, type_key, type_io_completion, type_job, type_token, type_directory, type_symbolic_link,
    type_keyed_event, type_wait_packet;

/* What a wait needs to know.  Fit for shared memory: no pointers are followed there.  `word` is the futex. */
struct waitable {
    _Atomic uint32_t word;
    _Atomic uint32_t waiters;  /* threads sleeping on word; a signaller wakes only if not 0 */
    _Atomic uint32_t broad;    /* those of them that sleep on other words too: then all are woken */
    _Atomic uint32_t promised; /* signals given to sleepers that have not come for them yet: wait.c */
    uint32_t extra;            /* semaphore: the limit; mutant: the owner's recursion count */
    _Atomic uint8_t kind;      /* enum wait_kind */
    uint8_t shared;            /* lives in memory shared with other processes */
    struct waitable *moved;    /* kind WAIT_MOVED, which is private: where the state is now */
};

#define WAITABLE_LOCKED 0x80000000u /* see wait.c */

enum wait_kind {
    WAIT_NOTIFICATION,    /* manual reset: stays signalled (event, timer, thread, process, file) */
    WAIT_SYNCHRONIZATION, /* auto reset: one wait takes it */
    WAIT_SEMAPHORE,       /* one wait takes one of word's count */
    WAIT_MUTANT,          /* owned: see mutant.c */
    WAIT_QUEUE,           /* signalled while word's count is not 0; a wait takes nothing */
    WAIT_MOVED,           /* the object is shared now: the state is elsewhere (shared.c) */
};

struct object {
    const struct object_type *type;
    _Atomic uint32_t references;
    _Atomic uint32_t handles;
    uint32_t shared;           /* index in the arena; 0: private */
    struct waitable *waitable; /* NULL: the object can not be waited for */
    UNICODE_STRING name;       /* full name in the object namespace, owned; empty when unnamed */
    struct object *name_next;  /* namespace.c: next in the hash chain */
};

/* Allocates `size` bytes (zeroed) whose first member is a struct object; one reference. NULL: no memory. */
void *object_create(const struct object_type *type, size_t size);
void *object_reference(void *object);
void object_release(void *object);
void object_free(struct object *object); /* the memory itself; what a type's destroy ends with */

/*
 * The tail of every NtCreate...: enters a new object into the namespace if it has a name and makes a handle.
 * Takes over the caller's reference.  If an object of that name exists: with OBJ_OPENIF a handle to that one and
 * STATUS_OBJECT_NAME_EXISTS, else STATUS_OBJECT_NAME_COLLISION.
 */
NTSTATUS object_publish(void *object, ACCESS_MASK access, const OBJECT_ATTRIBUTES *attributes, HANDLE *handle);
/* The whole of every NtOpen... of a named object. */
NTSTATUS object_open(const struct object_type *type, ACCESS_MASK access, const OBJECT_ATTRIBUTES *attributes,
                     HANDLE *handle);

/* namespace.c, for object.c */
NTSTATUS namespace_enter(struct object *object, const OBJECT_ATTRIBUTES *attributes, struct object **result);
NTSTATUS namespace_find(const struct object_type *type, const OBJECT_ATTRIBUTES *attributes, struct object **result);
void namespace_remove(struct object *object);

/* Makes a handle (takes a reference of its own).  attributes: OBJ_INHERIT, OBJ_PROTECT_CLOSE; generic rights are
 * mapped by the type. */
NTSTATUS handle_create(void *object, ACCESS_MASK access, ULONG attributes, HANDLE *handle);

/* The same at a value of its own, in ascending order before any other: a child's inherited handles. */
NTSTATUS handle_create_at(HANDLE handle, void *object, ACCESS_MASK access, ULONG attributes);

/*
 * Finds a handle's object and references it.  type NULL: any.  Pseudo handles (NtCurrentProcess,
 * NtCurrentThread) are understood.  STATUS_INVALID_HANDLE, STATUS_OBJECT_TYPE_MISMATCH,
 * STATUS_ACCESS_DENIED (if `access` has a bit the handle lacks).
 */
NTSTATUS handle_lookup(HANDLE handle, const struct object_type *type, ACCESS_MASK access, void **object);
NTSTATUS handle_close(HANDLE handle);

/* What a handle says beside its object. */
struct handle_info {
    ACCESS_MASK access;
    ULONG attributes; /* OBJ_INHERIT, OBJ_PROTECT_CLOSE */
};
NTSTATUS handle_query(HANDLE handle, void **object, struct handle_info *info);
NTSTATUS handle_set_attributes(HANDLE handle, ULONG attributes);
ULONG handle_count(void);
/* Calls `visit` for each open handle (creation of children, snapshots); stops when it returns false. */
void handle_walk(bool (*visit)(HANDLE handle, struct object *object, const struct handle_info *info, void *context),
                 void *context);

/* Signalling, used by whoever owns the object (threads that end, I/O that completes ...).  Both return whether it was
 * signalled before. */
void waitable_init(struct waitable *, enum wait_kind kind, uint32_t initial);
bool waitable_signal(struct waitable *); /* notification and synchronization kinds */
bool waitable_reset(struct waitable *);
bool waitable_is_signaled(struct waitable *);
/* Semaphore and queue kinds: adds to the count, or false if it would exceed `extra`; takes one if there is one. */
bool waitable_add(struct waitable *, uint32_t count, uint32_t *previous);
bool waitable_take(struct waitable *);
/* Mutant kind: the owner lets go, leaving `state` in the word. */
void waitable_hand_back(struct waitable *, uint32_t state);

/*
 * The one wait.  timeout in 100 ns units as NtWaitForSingleObject has it (NULL: for ever; negative: relative).
 * Returns STATUS_WAIT_0+i, STATUS_ABANDONED_WAIT_0+i, STATUS_TIMEOUT, STATUS_USER_APC, or an error.
 * Delivers APCs when alertable.
 */
NTSTATUS object_wait(ULONG count, struct object *const objects[], BOOL all, BOOL alertable,
                     const LARGE_INTEGER *timeout);
/* The same on bare waitables; the deadline is marked as passed once it has (futex.h). */
struct deadline;
NTSTATUS waitable_wait_until(ULONG count, struct waitable *const waitables[], BOOL all, BOOL alertable,
                             struct deadline *deadline);

/* Takes a waitable if it is signalled: STATUS_WAIT_0, STATUS_ABANDONED_WAIT_0, else STATUS_PENDING.  started: the word
 * when the wait began; *seen: the word now, to sleep on. */
NTSTATUS waitable_try(struct waitable *w, uint32_t started, uint32_t *seen);

/* mutant.c: gives up all that the calling thread owns; they become abandoned.  Part of a thread's end. */
void mutant_abandon_all(void);

/*
 * Sleeps until *address differs from expected, or woken, or the deadline.  The base under WaitOnAddress,
 * SRW locks and the like.  Same timeout rule.  STATUS_SUCCESS or STATUS_TIMEOUT.
 */
NTSTATUS futex_sleep(_Atomic uint32_t *address, uint32_t expected, const LARGE_INTEGER *timeout);
void futex_wake(_Atomic uint32_t *address, int count);

/* Posts to a completion port object (type_io_completion), as NtSetIoCompletion does. */
NTSTATUS completion_post(struct object *port, ULONG_PTR key, PVOID context, NTSTATUS status, ULONG_PTR information);

#endif
