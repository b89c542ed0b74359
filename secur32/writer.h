/*
 * writer.h: bytes that are read, and bytes that are written.
 */
#ifndef SECUR32_WRITER_H
#define SECUR32_WRITER_H

#include "secur32/package.h"

struct bytes {
    const BYTE *data;
    size_t size;
};

/* The bytes of a text without its end. */
static inline struct bytes bytes_of_text(const WCHAR *text)
{
    return (struct bytes){(const BYTE *)text, text ? wide_length(text) * sizeof *text : 0};
}

/* A message that is being written: growing heap memory. */
struct writer {
    BYTE *data;
    size_t size, room;
    bool failed; /* no memory */
};

void writer_put(struct writer *writer, const void *data, size_t size);
void writer_free(struct writer *writer);

#endif
