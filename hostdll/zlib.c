/*
 * zlib.c: zlib1.dll's streams on the host's.
 *
 * uLong is 32 bits there and 64 here, so that z_stream and gz_header have other layouts: the program's stream has one
 * of the host's behind its `state`, and every call carries the fields over and back.
 */
#include <stdio.h>
#include <stdlib.h>
#include "crt/crt.h"
#include "hostdll.h"
#include "ntdll/gate.h"

#define LIBRARY "libz.so.1"
#define Z_STREAM_ERROR (-2)
#define Z_MEM_ERROR (-4)
#define Z_VERSION_ERROR (-6)

/* ABI: the program's structures. */
struct windows_stream {
    const void *next_in;
    uint32_t avail_in, total_in;
    void *next_out;
    uint32_t avail_out, total_out;
    const char *message;
    struct backing *state;
    const void *allocate, *release;
    void *opaque;
    int data_type;
    uint32_t adler, reserved;
};
_Static_assert(sizeof(struct windows_stream) == 88, "z_stream of 64-bit Windows");

struct windows_header {
    int text;
    uint32_t time;
    int flags, os;
    void *extra;
    uint32_t extra_length, extra_max;
    void *name;
    uint32_t name_max;
    void *comment;
    uint32_t comment_max;
    int crc, done;
};

/* ABI: the host's. */
struct host_stream {
    const void *next_in;
    unsigned avail_in;
    unsigned long total_in;
    void *next_out;
    unsigned avail_out;
    unsigned long total_out;
    const char *message;
    void *state;
    void *(*allocate)(void *opaque, unsigned items, unsigned size);
    void (*release)(void *opaque, void *address);
    void *opaque;
    int data_type;
    unsigned long adler, reserved;
};
_Static_assert(sizeof(struct host_stream) == 112, "z_stream of 64-bit Linux");

struct host_header {
    int text;
    unsigned long time;
    int flags, os;
    void *extra;
    unsigned extra_length, extra_max;
    void *name;
    unsigned name_max;
    void *comment;
    unsigned comment_max;
    int crc, done;
};

struct backing {
    struct host_stream host;
    const void *allocate, *release; /* the program's, or NULL */
    void *opaque;
    struct windows_header *header; /* filled in by inflate; NULL: none is wanted */
    struct host_header host_header;
};

static void *backing_allocate(void *opaque, unsigned items, unsigned size)
{
    struct backing *stream = opaque;
    return (void *)guest_call(stream->allocate, GUEST(stream->opaque), items, size, 0);
}

static void backing_release(void *opaque, void *address)
{
    struct backing *stream = opaque;
    guest_call(stream->release, GUEST(stream->opaque), GUEST(address), 0, 0);
}

static struct backing *enter(struct windows_stream *windows)
{
    struct backing *stream = windows ? windows->state : NULL;
    if (!stream)
        return NULL;
    stream->host.next_in = windows->next_in;
    stream->host.avail_in = windows->avail_in;
    stream->host.total_in = windows->total_in;
    stream->host.next_out = windows->next_out;
    stream->host.avail_out = windows->avail_out;
    stream->host.total_out = windows->total_out;
    stream->host.adler = windows->adler;
    stream->host.data_type = windows->data_type;
    return stream;
}

static void header_to_windows(struct windows_header *windows, const struct host_header *host)
{
    *windows = (struct windows_header){.text = host->text,
                                       .time = (uint32_t)host->time,
                                       .flags = host->flags,
                                       .os = host->os,
                                       .extra = host->extra,
                                       .extra_length = host->extra_length,
                                       .extra_max = host->extra_max,
                                       .name = host->name,
                                       .name_max = host->name_max,
                                       .comment = host->comment,
                                       .comment_max = host->comment_max,
                                       .crc = host->crc,
                                       .done = host->done};
}

static void header_to_host(struct host_header *host, const struct windows_header *windows)
{
    *host = (struct host_header){.text = windows->text,
                                 .time = windows->time,
                                 .flags = windows->flags,
                                 .os = windows->os,
                                 .extra = windows->extra,
                                 .extra_length = windows->extra_length,
                                 .extra_max = windows->extra_max,
                                 .name = windows->name,
                                 .name_max = windows->name_max,
                                 .comment = windows->comment,
                                 .comment_max = windows->comment_max,
                                 .crc = windows->crc,
                                 .done = windows->done};
}

static int leave(struct windows_stream *windows, const struct backing *stream, int result)
{
    windows->next_in = stream->host.next_in;
    windows->avail_in = stream->host.avail_in;
    windows->total_in = (uint32_t)stream->host.total_in;
    windows->next_out = stream->host.next_out;
    windows->avail_out = stream->host.avail_out;
    windows->total_out = (uint32_t)stream->host.total_out;
    windows->message = stream->host.message;
    windows->adler = (uint32_t)stream->host.adler;
    windows->data_type = stream->host.data_type;
    if (stream->header)
        header_to_windows(stream->header, &stream->host_header);
    return result;
}

/* ---- beginning and ending ---- */

/* A new stream behind the program's; what an Init function does first. */
static int begin(struct windows_stream *windows, const char *version, int size)
{
    if (!version || *version != '1' || size != (int)sizeof *windows)
        return Z_VERSION_ERROR;
    if (!windows)
        return Z_STREAM_ERROR;
    struct backing *stream = calloc(1, sizeof *stream);
    if (!stream)
        return Z_MEM_ERROR;
    if (windows->allocate && windows->release) {
        stream->allocate = windows->allocate;
        stream->release = windows->release;
        stream->opaque = windows->opaque;
        stream->host.allocate = backing_allocate;
        stream->host.release = backing_release;
        stream->host.opaque = stream;
    }
    windows->state = stream;
    windows->message = NULL;
    return 0;
}

static int begun(struct windows_stream *windows, int result)
{
    struct backing *stream = windows->state;
    leave(windows, stream, result);
    if (result) {
        windows->state = NULL;
        free(stream);
    }
    return result;
}

static int ended(struct windows_stream *windows, int result)
{
    free(windows->state);
    windows->state = NULL;
    return result;
}

#define HOST_VERSION HOST_CALL(LIBRARY, const char *, zlibVersion, (void))

int WINAPI zlib_deflateInit2_(struct windows_stream *windows, int level, int method, int bits, int memory, int strategy,
                              const char *version, int size)
{
    int bad = begin(windows, version, size);
    return bad ? bad
               : begun(windows, HOST_CALL(LIBRARY, int, deflateInit2_,
                                          (void *, int, int, int, int, int, const char *, int), enter(windows), level,
                                          method, bits, memory, strategy, HOST_VERSION, sizeof(struct host_stream)));
}

int WINAPI zlib_deflateInit_(struct windows_stream *windows, int level, const char *version, int size)
{
    return zlib_deflateInit2_(windows, level, 8 /* Z_DEFLATED */, 15, 8, 0, version, size);
}

int WINAPI zlib_inflateInit2_(struct windows_stream *windows, int bits, const char *version, int size)
{
    int bad = begin(windows, version, size);
    return bad ? bad
               : begun(windows, HOST_CALL(LIBRARY, int, inflateInit2_, (void *, int, const char *, int), enter(windows),
                                          bits, HOST_VERSION, sizeof(struct host_stream)));
}

int WINAPI zlib_inflateInit_(struct windows_stream *windows, const char *version, int size)
{
    return zlib_inflateInit2_(windows, 15, version, size);
}

int WINAPI zlib_inflateBackInit_(struct windows_stream *windows, int bits, void *window, const char *version, int size)
{
    int bad = begin(windows, version, size);
    return bad ? bad
               : begun(windows, HOST_CALL(LIBRARY, int, inflateBackInit_, (void *, int, void *, const char *, int),
                                          enter(windows), bits, window, HOST_VERSION, sizeof(struct host_stream)));
}

int WINAPI zlib_deflateEnd(struct windows_stream *windows)
{
    struct backing *stream = enter(windows);
    return stream ? ended(windows, HOST_CALL(LIBRARY, int, deflateEnd, (void *), stream)) : Z_STREAM_ERROR;
}

int WINAPI zlib_inflateEnd(struct windows_stream *windows)
{
    struct backing *stream = enter(windows);
    return stream ? ended(windows, HOST_CALL(LIBRARY, int, inflateEnd, (void *), stream)) : Z_STREAM_ERROR;
}

int WINAPI zlib_inflateBackEnd(struct windows_stream *windows)
{
    struct backing *stream = enter(windows);
    return stream ? ended(windows, HOST_CALL(LIBRARY, int, inflateBackEnd, (void *), stream)) : Z_STREAM_ERROR;
}

/* The copy's allocator is the source's own, so that its opaque stays the source's block only while both live: it gets
 * one. */
static int copy(struct windows_stream *to, struct windows_stream *from, int (*function)(void *, void *))
{
    struct backing *source = enter(from);
    struct backing *stream = source && to ? calloc(1, sizeof *stream) : NULL;
    if (!stream)
        return source && to ? Z_MEM_ERROR : Z_STREAM_ERROR;
    int result = function(stream, source);
    stream->allocate = source->allocate;
    stream->release = source->release;
    stream->opaque = source->opaque;
    if (stream->allocate)
        stream->host.opaque = stream;
    *to = *from;
    to->state = stream;
    return begun(to, result);
}

int WINAPI zlib_deflateCopy(struct windows_stream *to, struct windows_stream *from)
{
    return copy(to, from, (int (*)(void *, void *))host_bind(LIBRARY, "deflateCopy"));
}

int WINAPI zlib_inflateCopy(struct windows_stream *to, struct windows_stream *from)
{
    return copy(to, from, (int (*)(void *, void *))host_bind(LIBRARY, "inflateCopy"));
}

/* ---- what works on a stream ---- */

#define ON_STREAM(name, parameters, types, ...)                                                                        \
    int WINAPI zlib_##name parameters;                                                                                 \
    int WINAPI zlib_##name parameters                                                                                  \
    {                                                                                                                  \
        struct backing *stream = enter(windows);                                                                       \
        return stream ? leave(windows, stream, HOST_CALL(LIBRARY, int, name, types, &stream->host, ##__VA_ARGS__))     \
                      : Z_STREAM_ERROR;                                                                                \
    }

ON_STREAM(deflate, (struct windows_stream * windows, int flush), (void *, int), flush)
ON_STREAM(deflateParams, (struct windows_stream * windows, int level, int strategy), (void *, int, int), level,
          strategy)
ON_STREAM(deflatePending, (struct windows_stream * windows, unsigned *bytes, int *bits), (void *, unsigned *, int *),
          bytes, bits)
ON_STREAM(deflatePrime, (struct windows_stream * windows, int bits, int value), (void *, int, int), bits, value)
ON_STREAM(deflateReset, (struct windows_stream * windows), (void *))
ON_STREAM(deflateResetKeep, (struct windows_stream * windows), (void *))
ON_STREAM(deflateGetDictionary, (struct windows_stream * windows, void *dictionary, unsigned *length),
          (void *, void *, unsigned *), dictionary, length)
ON_STREAM(deflateSetDictionary, (struct windows_stream * windows, const void *dictionary, unsigned length),
          (void *, const void *, unsigned), dictionary, length)
ON_STREAM(deflateTune, (struct windows_stream * windows, int good, int lazy, int nice, int chain),
          (void *, int, int, int, int), good, lazy, nice, chain)
ON_STREAM(inflate, (struct windows_stream * windows, int flush), (void *, int), flush)
ON_STREAM(inflateGetDictionary, (struct windows_stream * windows, void *dictionary, unsigned *length),
          (void *, void *, unsigned *), dictionary, length)
ON_STREAM(inflateSetDictionary, (struct windows_stream * windows, const void *dictionary, unsigned length),
          (void *, const void *, unsigned), dictionary, length)
ON_STREAM(inflatePrime, (struct windows_stream * windows, int bits, int value), (void *, int, int), bits, value)
ON_STREAM(inflateReset, (struct windows_stream * windows), (void *))
ON_STREAM(inflateReset2, (struct windows_stream * windows, int bits), (void *, int), bits)
ON_STREAM(inflateResetKeep, (struct windows_stream * windows), (void *))
ON_STREAM(inflateSync, (struct windows_stream * windows), (void *))
ON_STREAM(inflateSyncPoint, (struct windows_stream * windows), (void *))
ON_STREAM(inflateUndermine, (struct windows_stream * windows, int subvert), (void *, int), subvert)
ON_STREAM(inflateValidate, (struct windows_stream * windows, int check), (void *, int), check)

uint32_t WINAPI zlib_deflateBound(struct windows_stream *windows, uint32_t length)
{
    struct backing *stream = enter(windows);
    return (uint32_t)HOST_CALL(LIBRARY, unsigned long, deflateBound, (void *, unsigned long), stream, length);
}

int WINAPI zlib_inflateMark(struct windows_stream *windows)
{
    struct backing *stream = enter(windows);
    return stream ? (int)HOST_CALL(LIBRARY, long, inflateMark, (void *), stream) : -65536;
}

uint32_t WINAPI zlib_inflateCodesUsed(struct windows_stream *windows)
{
    struct backing *stream = enter(windows);
    return stream ? (uint32_t)HOST_CALL(LIBRARY, unsigned long, inflateCodesUsed, (void *), stream) : UINT32_MAX;
}

int WINAPI zlib_inflateBack(struct windows_stream *windows, const void *in, void *in_context, const void *out,
                            void *out_context)
{
    struct backing *stream = enter(windows);
    if (!stream || !in || !out)
        return Z_STREAM_ERROR;
    return leave(windows, stream,
                 HOST_CALL(LIBRARY, int, inflateBack, (void *, void *, void *, void *, void *), stream,
                           host_callback(in, "u32(ptr,ptr)"), in_context, host_callback(out, "i32(ptr,ptr,u32)"),
                           out_context));
}

int WINAPI zlib_inflateGetHeader(struct windows_stream *windows, struct windows_header *header)
{
    struct backing *stream = enter(windows);
    if (!stream || !header)
        return Z_STREAM_ERROR;
    header_to_host(&stream->host_header, header);
    int result = HOST_CALL(LIBRARY, int, inflateGetHeader, (void *, void *), stream, &stream->host_header);
    stream->header = result ? NULL : header;
    return leave(windows, stream, result);
}

int WINAPI zlib_deflateSetHeader(struct windows_stream *windows, struct windows_header *header)
{
    struct backing *stream = enter(windows);
    if (!stream)
        return Z_STREAM_ERROR;
    if (header)
        header_to_host(&stream->host_header, header);
    return HOST_CALL(LIBRARY, int, deflateSetHeader, (void *, void *), stream, header ? &stream->host_header : NULL);
}

/* ---- files ---- */

int WINAPI zlib_gzvprintf(void *file, const char *format, __builtin_ms_va_list arguments)
{
    char small[1024], *text = small;
    __builtin_ms_va_list again;
    __builtin_ms_va_copy(again, arguments);
    int length = format_buffer(small, sizeof small, format, arguments, 0);
    if (length >= (int)sizeof small && (text = malloc((size_t)length + 1)))
        length = format_buffer(text, (size_t)length + 1, format, again, 0);
    __builtin_ms_va_end(again);
    if (length > 0 && text)
        length = HOST_CALL(LIBRARY, int, gzwrite, (void *, const void *, unsigned), file, text, (unsigned)length);
    if (text != small)
        free(text);
    return text ? length : Z_MEM_ERROR;
}

int WINAPI zlib_gzprintf(void *file, const char *format, ...)
{
    __builtin_ms_va_list arguments;
    __builtin_ms_va_start(arguments, format);
    int result = zlib_gzvprintf(file, format, arguments);
    __builtin_ms_va_end(arguments);
    return result;
}
