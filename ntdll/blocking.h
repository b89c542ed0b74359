/*
 * blocking.h: host calls that may block for long, and how another thread ends them (CancelSynchronousIo, CancelIoEx).
 */
#ifndef NTDLL_BLOCKING_H
#define NTDLL_BLOCKING_H

#include "win.h"

struct file;
struct thread;

/* Around calls of the host that block, on behalf of an operation on `file`.  They do not nest. */
void blocking_begin(struct file *file);
void blocking_end(void);

/* Between the two, before each such call and whenever one gives EINTR: true if the operation is to end now. */
bool blocking_cancelled(void);

/*
 * Ends such calls: those on `file` (NULL: any) by `thread` (NULL: any other).  Returns how many were found; they have
 * ended, or will as soon as they are interrupted next.
 */
unsigned blocking_cancel(const struct file *file, const struct thread *thread);

/* STATUS_NOT_FOUND: the thread does not block on I/O. */
NTSTATUS WINAPI NtCancelSynchronousIoFile(HANDLE thread, PIO_STATUS_BLOCK request, PIO_STATUS_BLOCK io);

#endif
