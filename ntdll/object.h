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
    const char *name;              /* as NtQueryObject shows it: "Event", "File" ... */
    GENERIC_MAPPING mapping;
    ACCESS_MASK all_access;
    void (*destroy)(struct object *);            /* frees what the object holds, then the object */
    void (*close)(struct object *, HANDLE);      /* NULL, or called when one handle of several is closed */
};

extern const struct object_type type_file, type_section, type_event, type_mutant, type_semaphore, type_timer,
    type_thread, type_process, type_key, type_io_completion, type_job, type_token, type_directory,
    type_symbolic_link, type_keyed_event, type_wait_packet;

/* What a wait needs to know.  `word` is the futex. */
struct waitable {
    _Atomic uint32_t word;
    _Atomic uint32_t waiters;      /* threads sleeping on word; a signaller wakes only if not 0 */
    uint8_t kind;                  /* enum wait_kind */
};

enum wait_kind {
    WAIT_NOTIFICATION,             /* manual reset: stays signalled (event, timer, thread, process, file) */
    WAIT_SYNCHRONIZATION,          /* auto reset: one wait takes it */
    WAIT_SEMAPHORE,                /* one wait takes one of word's count */
    WAIT_MUTANT,                   /* owned: see mutant.c */
};

struct object {
    const struct object_type *type;
    _Atomic uint32_t references;
    _Atomic uint32_t handles;
    struct waitable *waitable;     /* NULL: the object can not be waited for */
    UNICODE_STRING name;           /* owned; empty when unnamed */
};

/* Allocates `size` bytes (zeroed) whose first member is a struct object; one reference. NULL: no memory. */
void *object_create(const struct object_type *type, size_t size);
void *object_reference(void *object);
void object_release(void *object);

/* Makes a handle (takes a reference of its own).  attributes: OBJ_INHERIT, OBJ_PROTECT_CLOSE. */
NTSTATUS handle_create(void *object, ACCESS_MASK access, ULONG attributes, HANDLE *handle);

/*
 * Finds a handle's object and references it.  type NULL: any.  Pseudo handles (NtCurrentProcess,
 * NtCurrentThread) are understood.  STATUS_INVALID_HANDLE, STATUS_OBJECT_TYPE_MISMATCH,
 * STATUS_ACCESS_DENIED (if `access` has a bit the handle lacks).
 */
NTSTATUS handle_lookup(HANDLE handle, const struct object_type *type, ACCESS_MASK access, void **object);
NTSTATUS handle_close(HANDLE handle);

/* Signalling, used by whoever owns the object (threads that end, I/O that completes ...). */
void waitable_init(struct waitable *, enum wait_kind kind, uint32_t initial);
void waitable_signal(struct waitable *);      /* notification and synchronization kinds */
void waitable_reset(struct waitable *);

/*
 * The one wait.  timeout in 100 ns units as NtWaitForSingleObject has it (NULL: for ever; negative: relative).
 * Returns STATUS_WAIT_0+i, STATUS_ABANDONED_WAIT_0+i, STATUS_TIMEOUT, STATUS_USER_APC, or an error.
 * Delivers APCs when alertable.
 */
NTSTATUS object_wait(ULONG count, struct object *const objects[], BOOL all, BOOL alertable,
                     const LARGE_INTEGER *timeout);

/*
 * Sleeps until *address differs from expected, or woken, or the deadline.  The base under WaitOnAddress,
 * SRW locks and the like.  Same timeout rule.  STATUS_SUCCESS or STATUS_TIMEOUT.
 */
NTSTATUS futex_sleep(_Atomic uint32_t *address, uint32_t expected, const LARGE_INTEGER *timeout);
void futex_wake(_Atomic uint32_t *address, int count);

/* Posts to a completion port object (type_io_completion), as NtSetIoCompletion does. */
NTSTATUS completion_post(struct object *port, ULONG_PTR key, PVOID context, NTSTATUS status, ULONG_PTR information);

#endif
