/*
 * stdio.c: stdio without text: blocks, buffers, positions, state (stdio_text.c has characters and lines).
 *
 * Layer: crt over stream.c.  Each function locks the stream; the _nolock ones leave that to the program.
 */
#include "crt.h"

struct stream *WINAPI __iob_func(void)
{
    return crt_iob;
}

struct stream *WINAPI __acrt_iob_func(unsigned index)
{
    return &crt_iob[index];
}

void WINAPI _lock_file(struct stream *stream)
{
    stream_lock(stream);
}

void WINAPI _unlock_file(struct stream *stream)
{
    stream_unlock(stream);
}

int WINAPI _fileno(struct stream *stream)
{
    CRT_REQUIRE(stream, -1);
    return stream->file;
}

int WINAPI crt_feof(struct stream *stream)
{
    CRT_REQUIRE(stream, 0);
    return stream->flag & STREAM_EOF;
}

int WINAPI crt_ferror(struct stream *stream)
{
    CRT_REQUIRE(stream, 0);
    return stream->flag & STREAM_ERROR;
}

int WINAPI clearerr_s(struct stream *stream)
{
    CRT_REQUIRE(stream, CRT_EINVAL);
    stream_lock(stream);
    stream->flag &= ~(STREAM_EOF | STREAM_ERROR);
    struct crt_fd *slot = stream->flag & STREAM_STRING ? NULL : fd_get(stream->file);
    if (slot)
        slot->flags &= (unsigned char)~FD_EOF;
    stream_unlock(stream);
    return 0;
}

void WINAPI crt_clearerr(struct stream *stream)
{
    clearerr_s(stream);
}

/* --- what getc and putc macros call, and binary integers -----------------------------------------------------------
 */

int WINAPI _filbuf(struct stream *stream)
{
    return stream_fill(stream);
}

int WINAPI _flsbuf(int c, struct stream *stream)
{
    return stream_spill(c, stream);
}

int WINAPI _getw(struct stream *stream)
{
    int value;
    CRT_REQUIRE(stream, CRT_EOF);
    bool locked = stream_guard(stream);
    bool done = stream_read(stream, &value, sizeof(value)) == sizeof(value);
    stream_unguard(stream, locked);
    return done ? value : CRT_EOF;
}

int WINAPI _putw(int value, struct stream *stream)
{
    CRT_REQUIRE(stream, CRT_EOF);
    bool locked = stream_guard(stream);
    bool done = stream_write(stream, &value, sizeof(value)) == sizeof(value);
    stream_unguard(stream, locked);
    return done ? value : CRT_EOF;
}

/* --- blocks
 * ----------------------------------------------------------------------------------------------------------- */

size_t WINAPI _fread_nolock(void *buffer, size_t size, size_t count, struct stream *stream)
{
    size_t total;
    if (!size || !count)
        return 0;
    CRT_REQUIRE(stream && buffer && !__builtin_mul_overflow(size, count, &total), 0);
    return stream_read(stream, buffer, total) / size;
}

size_t WINAPI crt_fread(void *buffer, size_t size, size_t count, struct stream *stream)
{
    if (!size || !count)
        return 0;
    CRT_REQUIRE(stream, 0);
    bool locked = stream_guard(stream);
    size_t done = _fread_nolock(buffer, size, count, stream);
    stream_unguard(stream, locked);
    return done;
}

size_t WINAPI _fread_nolock_s(void *buffer, size_t buffer_size, size_t size, size_t count, struct stream *stream)
{
    if (!size || !count)
        return 0;
    CRT_REQUIRE(buffer, 0);
    if (!stream || count > SIZE_MAX / size || size * count > buffer_size) {
        memset(buffer, 0, buffer_size);
        crt_invalid(stream ? CRT_ERANGE : CRT_EINVAL);
        return 0;
    }
    return stream_read(stream, buffer, size * count) / size;
}

size_t WINAPI fread_s(void *buffer, size_t buffer_size, size_t size, size_t count, struct stream *stream)
{
    if (!size || !count)
        return 0;
    if (stream)
        stream_lock(stream);
    size_t done = _fread_nolock_s(buffer, buffer_size, size, count, stream);
    if (stream)
        stream_unlock(stream);
    return done;
}

size_t WINAPI _fwrite_nolock(const void *buffer, size_t size, size_t count, struct stream *stream)
{
    size_t total;
    if (!size || !count)
        return 0;
    CRT_REQUIRE(stream && buffer && !__builtin_mul_overflow(size, count, &total), 0);
    return stream_write(stream, buffer, total) / size;
}

size_t WINAPI crt_fwrite(const void *buffer, size_t size, size_t count, struct stream *stream)
{
    if (!size || !count)
        return 0;
    CRT_REQUIRE(stream, 0);
    bool locked = stream_guard(stream);
    size_t done = _fwrite_nolock(buffer, size, count, stream);
    stream_unguard(stream, locked);
    return done;
}

/* --- buffers
 * ---------------------------------------------------------------------------------------------------------- */

int stream_set_buffer(struct stream *, char *buffer, int mode, size_t size);

int WINAPI crt_setvbuf(struct stream *stream, char *buffer, int mode, size_t size)
{
    CRT_REQUIRE(stream && (mode == 0 || mode == 0x40 || mode == 4), -1);
    CRT_REQUIRE(mode == 4 || (size >= 2 && size <= INT_MAX), -1);
    stream_lock(stream);
    int result = stream_set_buffer(stream, buffer, mode, size & ~(size_t)1);
    stream_unlock(stream);
    return result;
}

void WINAPI crt_setbuf(struct stream *stream, char *buffer)
{
    crt_setvbuf(stream, buffer, buffer ? 0 : 4, buffer ? 512 : 0);
}

int WINAPI _fflush_nolock(struct stream *stream)
{
    return stream ? stream_flush(stream) : stream_flush_all() == CRT_EOF ? CRT_EOF : 0;
}

int WINAPI crt_fflush(struct stream *stream)
{
    if (!stream)
        return _fflush_nolock(NULL);
    stream_lock(stream);
    int result = stream_flush(stream);
    stream_unlock(stream);
    return result;
}

/* The fields that msvcp140's filebuf reads and moves itself. */
int WINAPI _get_stream_buffer_pointers(struct stream *stream, char ***base, char ***pointer, int **count)
{
    CRT_REQUIRE(stream, CRT_EINVAL);
    if (base)
        *base = &stream->base;
    if (pointer)
        *pointer = &stream->ptr;
    if (count)
        *count = &stream->cnt;
    return 0;
}

/* --- positions
 * -------------------------------------------------------------------------------------------------------- */

int WINAPI _fseeki64_nolock(struct stream *stream, int64_t offset, int origin)
{
    CRT_REQUIRE(stream && origin >= 0 && origin <= 2, -1);
    if (!(stream->flag & (STREAM_READ | STREAM_WRITE | STREAM_UPDATE))) {
        crt_set_errno(CRT_EINVAL);
        return -1;
    }
    return stream_seek(stream, offset, origin);
}

int WINAPI _fseeki64(struct stream *stream, int64_t offset, int origin)
{
    CRT_REQUIRE(stream, -1);
    stream_lock(stream);
    int result = _fseeki64_nolock(stream, offset, origin);
    stream_unlock(stream);
    return result;
}

int WINAPI crt_fseek(struct stream *stream, int offset, int origin)
{
    return _fseeki64(stream, offset, origin);
}

int WINAPI _fseek_nolock(struct stream *stream, int offset, int origin)
{
    return _fseeki64_nolock(stream, offset, origin);
}

int64_t WINAPI _ftelli64_nolock(struct stream *stream)
{
    CRT_REQUIRE(stream, -1);
    return stream_tell(stream);
}

int64_t WINAPI _ftelli64(struct stream *stream)
{
    CRT_REQUIRE(stream, -1);
    stream_lock(stream);
    int64_t position = stream_tell(stream);
    stream_unlock(stream);
    return position;
}

static int narrow_position(int64_t position)
{
    if (position <= INT_MAX)
        return (int)position;
    crt_set_errno(CRT_EINVAL);
    return -1;
}

int WINAPI crt_ftell(struct stream *stream)
{
    return narrow_position(_ftelli64(stream));
}

int WINAPI _ftell_nolock(struct stream *stream)
{
    return narrow_position(_ftelli64_nolock(stream));
}

void WINAPI crt_rewind(struct stream *stream)
{
    if (!stream) {
        crt_invalid(CRT_EINVAL);
        return;
    }
    stream_lock(stream);
    stream_seek(stream, 0, FILE_BEGIN);
    stream->flag &= ~(STREAM_ERROR | STREAM_EOF);
    stream_unlock(stream);
}

int WINAPI crt_fgetpos(struct stream *stream, int64_t *position)
{
    CRT_REQUIRE(stream && position, -1);
    *position = _ftelli64(stream);
    return *position < 0 ? -1 : 0;
}

int WINAPI crt_fsetpos(struct stream *stream, const int64_t *position)
{
    CRT_REQUIRE(stream && position, -1);
    return _fseeki64(stream, *position, FILE_BEGIN);
}
