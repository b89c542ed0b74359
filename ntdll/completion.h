/*
 * completion.h: completion ports, for those who post to them.
 */
#ifndef NTDLL_COMPLETION_H
#define NTDLL_COMPLETION_H

#include "object.h"

/* wait.c, of a waitable of the queue kind: one more, under the queue's lock; who did so wakes a waiter when it has let
 * go of the lock. */
void waitable_count(struct waitable *);
void waitable_wake(struct waitable *, int count);

/* What a port hands out.  Either made by completion_post or part of its owner (a wait completion packet). */
struct port_entry {
    struct port_entry *next;
    PVOID key, context;
    NTSTATUS status;
    ULONG_PTR information;
    void (*taken)(struct port_entry *); /* called under no lock when it has left the queue; NULL: plain, reused */
};

/* Appends the caller's own completion, without allocating. */
void port_entry_append(struct object *port, struct port_entry *completion);
/* Takes it back; false: it is not in the queue any more. */
bool port_entry_withdraw(struct object *port, struct port_entry *completion);

/*
 * The port that the calling thread works for, NULL: none; who is about to sleep says so, and that it woke up (futex.c).
 */
struct port;
extern _Thread_local struct port *completion_works_for __attribute__((tls_model("local-exec")));
void completion_sleeps(struct port *port);
void completion_wakes(struct port *port);

/* The calling thread ends, or comes back for more. */
void completion_leave(void);

#endif
