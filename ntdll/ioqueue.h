/*
 * ioqueue.h: operations that Linux would block in, waited for by one thread.
 *
 * The thread starts with the first operation that can not end at once.  A request holds its
 * file; it ends exactly once: done, failed or cancelled.
 */
#ifndef NTDLL_IOQUEUE_H
#define NTDLL_IOQUEUE_H

#include "file.h"

struct io_request {
    struct io_request *next;
    struct completion completion;
    /* Tries without blocking: STATUS_PENDING if it would block.  Called with the queue's lock held. */
    NTSTATUS (*attempt)(struct io_request *);
    short events; /* POLLIN or POLLOUT; 0: nothing to poll, ended by ioqueue_finish alone */
    int poll_fd;  /* 0: the file's own */
    char *buffer;
    size_t length, done;
};

/* Takes over `completion`.  Ends at once if it can and nothing of its kind is waiting before it. */
NTSTATUS ioqueue_submit(const struct io_request *request);

/* Ends a waiting request of `file` whose attempt is `attempt` (ConnectNamedPipe).  False: there is none. */
bool ioqueue_finish(struct file *file, NTSTATUS (*attempt)(struct io_request *), NTSTATUS status);

/* Cancels a file's requests: all, or those with this status block, or those of the calling thread.  Their number. */
unsigned ioqueue_cancel(struct file *file, const IO_STATUS_BLOCK *io, bool this_thread);

#endif
