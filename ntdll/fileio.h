/*
 * fileio.h: between the files of ntdll/ that move data.
 */
#ifndef NTDLL_FILEIO_H
#define NTDLL_FILEIO_H

#include "file.h"
#include "lock.h"

/* pipe.c: reads or writes a pipe's end; takes over `completion`.  STATUS_PENDING if the I/O thread has it. */
NTSTATUS pipe_transfer(struct completion *completion, void *buffer, ULONG length, bool write);

/* CONIN$, CONOUT$, CON: the controlling terminal, or NULL if there is none. */
struct file *console_open(enum path_kind kind, ACCESS_MASK access, ULONG options);

/* Bytes in the console's input code page, a line at a time while line input is on; CR LF ends a line. */
NTSTATUS console_read(struct file *file, void *buffer, ULONG length, ULONG *done);

/* Bytes in the console's output code page. */
NTSTATUS console_write(struct file *file, const void *buffer, ULONG length, ULONG *done);

/* A wait for a file begins: a console must be signalled when there is input. */
void console_before_wait(struct object *object);
void console_watch_end(struct file *file);

/* volume.c */
ULONG volume_serial(dev_t device);

/* lockfile.c: STATUS_FILE_LOCK_CONFLICT if somebody else has locked a byte of the range. */
NTSTATUS lockfile_check(struct file *file, int64_t offset, uint64_t length, bool write);

#endif
