/*
 * lzma.c: what of liblzma.dll types alone do not tell: the program's own allocator in a stream.
 */
#include <pthread.h>
#include <stdlib.h>
#include "hostdll.h"

#define LIBRARY "liblzma.so.5"

/* ABI: the same on both sides. */
struct lzma_allocator {
    const void *allocate, *release;
    void *opaque;
};

struct lzma_stream {
    const uint8_t *next_in;
    size_t avail_in;
    uint64_t total_in;
    uint8_t *next_out;
    size_t avail_out;
    uint64_t total_out;
    const struct lzma_allocator *allocator;
    void *internal;
    void *reserved_pointers[4];
    uint64_t seek_position, reserved_integer;
    size_t reserved_sizes[2];
    int reserved_enums[2];
};
_Static_assert(sizeof(struct lzma_stream) == 136, "lzma_stream");

struct conversion {
    struct conversion *next;
    struct lzma_allocator own, host;
};

/* Threads of an encoder keep the pointer, so it lives for ever; a program has one allocator, or a few. */
static const struct lzma_allocator *host_allocator(const struct lzma_allocator *own)
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    static struct conversion *conversions;
    if (!own)
        return NULL;
    pthread_mutex_lock(&lock);
    struct conversion *found = conversions;
    while (found && (found->own.allocate != own->allocate || found->own.release != own->release ||
                     found->own.opaque != own->opaque))
        found = found->next;
    if (!found && (found = calloc(1, sizeof *found))) {
        found->own = found->host = *own;
        found->host.allocate = host_callback(own->allocate, "ptr(ptr,size,size)");
        found->host.release = host_callback(own->release, "void(ptr,ptr)");
        found->next = conversions;
        conversions = found;
    }
    pthread_mutex_unlock(&lock);
    return found ? &found->host : NULL;
}

#define ON_STREAM(result_type, name, parameters, types, ...)                                                           \
    result_type WINAPI lzma_##name##_windows parameters;                                                               \
    result_type WINAPI lzma_##name##_windows parameters                                                                \
    {                                                                                                                  \
        const struct lzma_allocator *own = stream ? stream->allocator : NULL;                                          \
        if (own)                                                                                                       \
            stream->allocator = host_allocator(own);                                                                   \
        result_type result = HOST_CALL(LIBRARY, result_type, lzma_##name, types, stream, ##__VA_ARGS__);               \
        if (own)                                                                                                       \
            stream->allocator = own;                                                                                   \
        return result;                                                                                                 \
    }

ON_STREAM(int, alone_decoder, (struct lzma_stream * stream, uint64_t limit), (void *, uint64_t), limit)
ON_STREAM(int, alone_encoder, (struct lzma_stream * stream, const void *options), (void *, const void *), options)
ON_STREAM(int, auto_decoder, (struct lzma_stream * stream, uint64_t limit, uint32_t flags),
          (void *, uint64_t, uint32_t), limit, flags)
ON_STREAM(int, block_decoder, (struct lzma_stream * stream, void *block), (void *, void *), block)
ON_STREAM(int, block_encoder, (struct lzma_stream * stream, void *block), (void *, void *), block)
ON_STREAM(int, code, (struct lzma_stream * stream, int action), (void *, int), action)
ON_STREAM(int, easy_encoder, (struct lzma_stream * stream, uint32_t preset, int check), (void *, uint32_t, int), preset,
          check)
ON_STREAM(int, filters_update, (struct lzma_stream * stream, const void *filters), (void *, const void *), filters)
ON_STREAM(int, index_decoder, (struct lzma_stream * stream, void **index, uint64_t limit), (void *, void **, uint64_t),
          index, limit)
ON_STREAM(int, index_encoder, (struct lzma_stream * stream, const void *index), (void *, const void *), index)
ON_STREAM(int, memlimit_set, (struct lzma_stream * stream, uint64_t limit), (void *, uint64_t), limit)
ON_STREAM(int, raw_decoder, (struct lzma_stream * stream, const void *filters), (void *, const void *), filters)
ON_STREAM(int, raw_encoder, (struct lzma_stream * stream, const void *filters), (void *, const void *), filters)
ON_STREAM(int, stream_decoder, (struct lzma_stream * stream, uint64_t limit, uint32_t flags),
          (void *, uint64_t, uint32_t), limit, flags)
ON_STREAM(int, stream_decoder_mt, (struct lzma_stream * stream, const void *options), (void *, const void *), options)
ON_STREAM(int, stream_encoder, (struct lzma_stream * stream, const void *filters, int check),
          (void *, const void *, int), filters, check)
ON_STREAM(int, stream_encoder_mt, (struct lzma_stream * stream, const void *options), (void *, const void *), options)

void WINAPI lzma_end_windows(struct lzma_stream *stream)
{
    const struct lzma_allocator *own = stream ? stream->allocator : NULL;
    if (own)
        stream->allocator = host_allocator(own);
    HOST_CALL(LIBRARY, void, lzma_end, (void *), stream);
    if (own)
        stream->allocator = own;
}
