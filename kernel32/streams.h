/*
 * streams.h: fileapi_stream.c for those who copy files.
 */
#ifndef KERNEL32_STREAMS_H
#define KERNEL32_STREAMS_H

#include "win.h"

/* Copies all named streams of an open file to another. */
NTSTATUS streams_copy(HANDLE from, HANDLE to);

#endif
