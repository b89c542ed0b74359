/*
 * ioqueue.h: operations that Linux would block in, and who waits for them.
 *
 * A file that has had to wait gets a channel: lists of its pending requests, one lock, and its fd in the process's one
 * epoll set (edge-triggered, entered once).  The I/O thread, started with the first pending operation, sleeps on
 * that set; a thread that waits for a completion port lends a hand (ioqueue_lead), so that data for the port need not
 * pass through another thread.  A request holds its files; it ends exactly once: done, failed or cancelled.
 */
#ifndef NTDLL_IOQUEUE_H
#define NTDLL_IOQUEUE_H

#include "file.h"
#include "futex.h"

struct io_request {
    struct io_request *next;
    struct completion completion;
    struct file *on;              /* whose fd is waited for; NULL: the completion's file */
    struct io_request *next_away; /* it went on at another file: ioqueue.c */
    bool away;
    /* Tries without blocking: STATUS_PENDING if it would block; STATUS_MORE_PROCESSING_REQUIRED if it goes on at the
     * file `on`, just set and referenced, with another attempt.  Called with the channel's lock held. */
    NTSTATUS (*attempt)(struct io_request *);
    void (*ended)(struct io_request *); /* NULL, or called under no lock before the end is told */
    short events;  /* POLLIN, POLLOUT or POLLPRI; 0: nothing to poll, ended by ioqueue_finish alone */
    bool late;     /* an error that is there at once is told like one that comes later */
    bool urgent;   /* ioqueue.c: see channel_urgent */
    bool late_cut; /* so is that a datagram was cut short */
    int poll_fd;   /* 0: the file's own */
    char *buffer;
    size_t length, done;
    size_t size; /* of the structure that begins with this one; 0: this alone */
};

/* Takes over `completion`.  Ends at once if it can and nothing of its kind is waiting before it.  The request is
 * copied if it must wait. */
NTSTATUS ioqueue_submit(struct io_request *request);

/* The same for a silent request (events 0) in memory of its own (malloc), which is taken over. */
NTSTATUS ioqueue_enqueue(struct io_request *request);

/* Ends a waiting request of `file` whose attempt is `attempt` (ConnectNamedPipe).  False: there is none. */
bool ioqueue_finish(struct file *file, NTSTATUS (*attempt)(struct io_request *), NTSTATUS status);

/* The same for the first one that `is` says it of. */
bool ioqueue_finish_that(struct file *file, bool (*is)(const struct io_request *, const void *), const void *context,
                         NTSTATUS status);

/* Cancels a file's requests: all, or those with this status block, or those of the calling thread.  Their number. */
unsigned ioqueue_cancel(struct file *file, const IO_STATUS_BLOCK *io, bool this_thread);

/* The file's fd is about to be closed or to become another one: nothing is polled for it until the next request. */
void ioqueue_forget(struct file *file);
void ioqueue_destroy(struct file *file);

/*
 * Somebody who wants to know when a file's readiness changes.  `changed` runs with the channel's lock held, after the
 * file's own requests have been tried; it may add requests it has ended to `ended`.
 */
struct io_watch {
    struct io_watch *next;
    struct file *file;
    void (*changed)(struct io_watch *, struct io_request ***ended);
    bool patient; /* see ends_at_port */
};
/* The one who waits for this comes to a port for it: no need to hurry before that. */
bool ends_at_port(const struct completion *completion);
/* Calls `changed` once at once, so that nothing is missed. */
NTSTATUS ioqueue_watch(struct io_watch *watch, struct file *file);
void ioqueue_unwatch(struct io_watch *watch);
/* Calls `changed` (NULL: each watch's own) for all of a file's watches. */
void ioqueue_notify(struct file *file, void (*changed)(struct io_watch *, struct io_request ***ended));
/* Something that is no readiness of the fd may end a read: tries them, and tells the watches. */
void ioqueue_retry(struct file *file);
/* Takes a silent request (events 0) out of its list, for whoever is to end it; false: it has ended. */
bool ioqueue_take(struct file *file, struct io_request *request);
/* Ends what was taken: at once, or with the list that `changed` was given. */
void ioqueue_end(struct io_request *request, NTSTATUS status);
void ioqueue_end_later(struct io_request *request, NTSTATUS status, struct io_request ***ended);

/*
 * For a thread that waits for a port (`waitable`): polls in place of the I/O thread until something happens or the
 * deadline.  `leading` is set while a post to the port must call ioqueue_kick.  False: there is nothing to poll, or
 * another thread does.
 */
bool ioqueue_lead(_Atomic uint32_t *leading, struct waitable *waitable, struct deadline *deadline);
/* Around a sleep on a port by a thread that does not lead. */
void ioqueue_sleeps(void);
void ioqueue_wakes(void);
void ioqueue_kick(void);

#endif
