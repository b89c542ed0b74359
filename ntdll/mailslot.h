/*
 * mailslot.h: mailslots: queues of messages that one handle reads and many write.
 */
#ifndef NTDLL_MAILSLOT_H
#define NTDLL_MAILSLOT_H

#include "arena.h"
#include "fileio.h"
#include "mailslotapi.h"

/* Where the queue begins and ends in the file of messages. */
struct mailslot_queue {
    int64_t head, tail;
    uint32_t count;
};

/* In the arena entry.  The queue that counts is queues[which & 1]: it is changed by writing the other one first. */
struct mailslot {
    uint32_t maximum; /* of a message; 0: any */
    _Atomic uint32_t which;
    _Atomic int64_t timeout; /* of a read, as Nt calls have it; -1: none */
    struct mailslot_queue queues[2];
};

struct mailslot_end {
    uint32_t entry, serial; /* entry 0: closed */
    int messages;           /* the file of messages */
    bool is_server;
};

/* An end beside the fd of its socket; takes over both fds.  NULL: no memory, or the slot has gone. */
struct file *mailslot_adopt(uint32_t entry, uint32_t serial, bool is_server, int fd, ACCESS_MASK access, ULONG options);

NTSTATUS mailslot_open(const char *name, ACCESS_MASK access, ULONG sharing, ULONG options, struct file **file);
void mailslot_handle_closed(struct file *file);
void mailslot_destroy(struct file *file);

/* Reads or writes a message; takes over `completion`. */
NTSTATUS mailslot_transfer(struct completion *completion, void *buffer, ULONG length, bool write);

NTSTATUS mailslot_query(struct file *file, FILE_MAILSLOT_QUERY_INFORMATION *info);
NTSTATUS mailslot_set(struct file *file, const LARGE_INTEGER *timeout);

#endif
