/*
 * bzip2.c: what of libbz2.dll types alone do not tell: the program's own allocator in a stream.
 */
#include "hostdll.h"

#define LIBRARY "libbz2.so.1.0"

/* ABI: the same on both sides. */
struct bz_stream {
    char *next_in;
    unsigned avail_in, total_in_low, total_in_high;
    char *next_out;
    unsigned avail_out, total_out_low, total_out_high;
    void *state;
    void *allocate, *release;
    void *opaque;
};
_Static_assert(sizeof(struct bz_stream) == 80, "bz_stream");

/* The library calls these from the stream until it ends; the program sees no difference. */
static void convert_allocator(struct bz_stream *stream)
{
    if (!stream)
        return;
    stream->allocate = host_callback(stream->allocate, "ptr(ptr,i32,i32)");
    stream->release = host_callback(stream->release, "void(ptr,ptr)");
}

int WINAPI bzip2_compress_init(struct bz_stream *stream, int block_size, int verbosity, int work_factor)
{
    convert_allocator(stream);
    return HOST_CALL(LIBRARY, int, BZ2_bzCompressInit, (void *, int, int, int), stream, block_size, verbosity,
                     work_factor);
}

int WINAPI bzip2_decompress_init(struct bz_stream *stream, int verbosity, int small)
{
    convert_allocator(stream);
    return HOST_CALL(LIBRARY, int, BZ2_bzDecompressInit, (void *, int, int), stream, verbosity, small);
}
