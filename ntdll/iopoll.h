/*
 * iopoll.h: between ioqueue.c and iopoll.c: a file's channel and its place in the epoll set.
 */
#ifndef NTDLL_IOPOLL_H
#define NTDLL_IOPOLL_H

#include "ioqueue.h"

enum io_kind { IO_READ, IO_WRITE, IO_URGENT, IO_SILENT, IO_KINDS };

struct io_channel {
    struct lock lock;   /* all but the silent requests */
    struct lock silent; /* those; may be taken while any channel's `lock` is held */
    struct file *file;
    struct io_request *first[IO_KINDS], **last[IO_KINDS];
    struct io_request *away; /* requests of the file that wait at others, by `next_away` */
    struct io_watch *watches;
    struct io_request *_Atomic spare; /* memory of one that has ended, for the next; owned */
    int fd;                           /* in the epoll set, if registered */
    uint32_t slot;                    /* 0: not registered */
};

struct io_channel *channel_of(struct file *file); /* NULL: no memory */

/* Under the channel's lock. */
NTSTATUS channel_register(struct io_channel *channel, int fd);
void channel_unregister(struct io_channel *channel);
/* One more (+1) or less (-1) that can not wait until a port's user comes back for its completions. */
void channel_urgent(int change);
/* Tries requests of one kind in order; ended ones go to the list. */
void channel_attempt(struct io_channel *channel, enum io_kind kind, struct io_request ***ended);

/* Tells what has ended and frees it.  Under no lock. */
void requests_end(struct io_request *ended);

#endif
