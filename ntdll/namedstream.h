/*
 * namedstream.h: named streams of files.
 */
#ifndef NTDLL_NAMEDSTREAM_H
#define NTDLL_NAMEDSTREAM_H

#include "file.h"

/* Opens or makes the stream that `path` names; the file is made if need be. */
NTSTATUS named_stream_open(struct path *path, ACCESS_MASK access, ULONG disposition, ULONG options, ULONG inherit,
                           HANDLE *handle, ULONG *result);
void named_stream_close(struct file *file);

/* The stream has been written or its size has been changed. */
NTSTATUS named_stream_store(struct file *file);

/* Of a stream: the file's, but the size. */
NTSTATUS named_stream_facts(struct file *file, struct file_facts *facts);

/* Whether a file has the stream. */
bool named_stream_exists(const char *host, const char *name);

/* Calls for each of a file's named streams; false ends it. */
void named_stream_list(const char *host, bool (*each)(void *context, const char *name, uint64_t size), void *context);

#endif
