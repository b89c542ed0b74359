/*
 * stream.c: streams: their table, locks, buffers, and moving bytes between buffer and descriptor.
 *
 * Layer: crt over lowio.c.  A stream is msvcrt's FILE.  The first twenty lie in the exported array _iob; the others
 * come from the heap.  Output streams without a buffer (stderr, a console's stdout) get one for the length of a
 * call, so that a call is one write.
 */
#include "crt.h"
#include "loader/module.h"

enum { SEEK_FROM_START, SEEK_FROM_HERE, SEEK_FROM_END };

struct stream crt_iob[STREAM_STATIC] = {
    {.flag = STREAM_READ | STREAM_OPEN, .file = 0},
    {.flag = STREAM_WRITE | STREAM_OPEN, .file = 1},
    {.flag = STREAM_WRITE | STREAM_OPEN | STREAM_UNBUFFERED, .file = 2},
};

/* What does not fit the visible 48 bytes. */
struct side {
    RTL_CRITICAL_SECTION lock;
    unsigned raw; /* bytes of the file that the buffer's contents stood for */
};

struct heap_stream {
    struct stream stream; /* first */
    struct side side;
};

static struct side iob_sides[STREAM_STATIC];
static atomic_bool sides_ready;
static RTL_CRITICAL_SECTION table_lock = CRT_LOCK_INIT;
static struct heap_stream **table; /* streams beyond _iob; elements are never freed, only reused */
static int table_count, table_limit = 512;

static struct side *stream_side(struct stream *stream)
{
    if (stream < crt_iob || stream >= crt_iob + STREAM_STATIC)
        return &((struct heap_stream *)stream)->side;
    if (!sides_ready) {
        crt_lock(&table_lock);
        for (int i = 0; i < STREAM_STATIC && !sides_ready; i++)
            iob_sides[i].lock.LockCount = -1;
        sides_ready = true;
        crt_unlock(&table_lock);
    }
    return &iob_sides[stream - crt_iob];
}

void stream_lock(struct stream *stream)
{
    crt_lock(&stream_side(stream)->lock);
}

void stream_unlock(struct stream *stream)
{
    crt_unlock(&stream_side(stream)->lock);
}

static struct stream *stream_at(int index)
{
    return index < STREAM_STATIC ? &crt_iob[index] : &table[index - STREAM_STATIC]->stream;
}

static bool stream_claim(struct stream *stream)
{
    if (stream->flag)
        return false;
    stream_lock(stream);
    *stream = (struct stream){.flag = STREAM_OPEN, .file = -1};
    return true;
}

static struct stream *table_grow(void)
{
    if (STREAM_STATIC + table_count >= table_limit) {
        crt_set_errno(CRT_EMFILE);
        return NULL;
    }
    if (!(table_count & (table_count - 1))) { /* full at powers of two */
        int size = table_count ? table_count * 2 : 1;
        struct heap_stream **grown = crt_realloc(table, (size_t)size * sizeof(*table));
        if (!grown)
            return NULL;
        table = grown;
    }
    struct heap_stream *fresh = crt_calloc(1, sizeof(*fresh));
    if (!fresh)
        return NULL;
    fresh->side.lock.LockCount = -1;
    table[table_count++] = fresh;
    stream_claim(&fresh->stream);
    return &fresh->stream;
}

struct stream *stream_allocate(void)
{
    struct stream *found = NULL;
    crt_lock(&table_lock);
    for (int i = 3; i < STREAM_STATIC && !found; i++)
        if (stream_claim(&crt_iob[i]))
            found = &crt_iob[i];
    for (int i = 0; i < table_count && !found; i++)
        if (stream_claim(&table[i]->stream))
            found = &table[i]->stream;
    if (!found)
        found = table_grow();
    crt_unlock(&table_lock);
    return found;
}

void stream_release(struct stream *stream)
{
    stream->ptr = stream->base = stream->tmpfname = NULL;
    stream->cnt = 0;
    stream->file = -1;
    stream->flag = 0;
}

int WINAPI _getmaxstdio(void)
{
    return table_limit;
}

int WINAPI _setmaxstdio(int limit)
{
    CRT_REQUIRE(limit >= STREAM_STATIC && limit <= fd_limit() && limit >= STREAM_STATIC + table_count, -1);
    table_limit = limit;
    return limit;
}

/* --- buffers ---------------------------------------------------------------------------------------------------------
 */

static bool has_buffer(const struct stream *stream)
{
    return stream->flag & (STREAM_OWN_BUFFER | STREAM_USER_BUFFER);
}

/* As msvcrt's DLL entry does when a program ends without exit: what is buffered is written. */
static void flush_at_shutdown(void)
{
    for (int i = 0; i < STREAM_STATIC + table_count; i++)
        if (stream_at(i)->flag & STREAM_WRITE)
            stream_flush(stream_at(i));
}

static void make_buffer(struct stream *stream)
{
    static atomic_bool watched;
    if (stream->flag & (STREAM_WRITE | STREAM_UPDATE) && !atomic_exchange(&watched, true))
        loader_at_shutdown(flush_at_shutdown);
    stream->base = stream->flag & STREAM_UNBUFFERED ? NULL : crt_malloc(STREAM_BUFFER);
    if (stream->base) {
        stream->flag |= STREAM_OWN_BUFFER;
        stream->bufsiz = STREAM_BUFFER;
    } else {
        stream->flag |= STREAM_UNBUFFERED;
        stream->base = (char *)&stream->charbuf;
        stream->bufsiz = 2;
    }
    stream->ptr = stream->base;
    stream->cnt = 0;
}

static bool writes_at_once(const struct stream *stream)
{
    if (has_buffer(stream))
        return false;
    return stream->flag & STREAM_UNBUFFERED || (stream == crt_stdout && _isatty(stream->file));
}

bool stream_begin_burst(struct stream *stream, char *buffer, int size)
{
    if (!(stream->flag & (STREAM_WRITE | STREAM_UPDATE)) || stream->flag & (STREAM_READ | STREAM_STRING) ||
        !writes_at_once(stream))
        return false;
    stream->ptr = stream->base = buffer;
    stream->cnt = stream->bufsiz = size;
    stream->flag = (stream->flag | STREAM_WRITE | STREAM_USER_BUFFER) & ~STREAM_EOF;
    return true;
}

void stream_end_burst(struct stream *stream, bool begun)
{
    if (!begun)
        return;
    stream_flush(stream);
    stream->flag &= ~STREAM_USER_BUFFER;
    stream->ptr = stream->base = NULL;
    stream->cnt = stream->bufsiz = 0;
}

bool stream_is_unicode(struct stream *stream)
{
    if (stream->flag & STREAM_STRING)
        return false;
    struct crt_fd *slot = fd_get(stream->file);
    return slot && slot->flags & FD_TEXT && slot->text != TEXT_ANSI;
}

/* --- reading
 * ---------------------------------------------------------------------------------------------------------- */

static bool begin_reading(struct stream *stream)
{
    if (!(stream->flag & (STREAM_READ | STREAM_UPDATE)) || stream->flag & (STREAM_STRING | STREAM_WRITE)) {
        if (!(stream->flag & STREAM_STRING) && stream->flag) {
            stream->flag |= STREAM_ERROR;
            crt_set_errno(CRT_EBADF);
        }
        stream->cnt = 0;
        return false;
    }
    stream->flag |= STREAM_READ;
    if (!stream->base)
        make_buffer(stream);
    return true;
}

static int note_read(struct stream *stream, int got)
{
    if (got <= 0)
        stream->flag |= got ? STREAM_ERROR : STREAM_EOF;
    return got;
}

int stream_fill(struct stream *stream)
{
    if (stream->flag & STREAM_STRING) {
        stream->cnt = 0;
        return CRT_EOF;
    }
    if (!begin_reading(stream))
        return CRT_EOF;
    stream->ptr = stream->base;
    stream->cnt = 0;
    int size = has_buffer(stream) ? stream->bufsiz : stream_is_unicode(stream) ? 2 : 1;
    int got = note_read(stream, _read(stream->file, stream->base, (unsigned)size));
    if (got <= 0)
        return CRT_EOF;
    stream_side(stream)->raw = crt_thread()->raw_read;
    stream->cnt = got - 1;
    return (unsigned char)*stream->ptr++;
}

size_t stream_read(struct stream *stream, void *buffer, size_t size)
{
    char *out = buffer;
    size_t left = size;
    while (left) {
        if (stream->cnt > 0) {
            size_t take = left < (size_t)stream->cnt ? left : (size_t)stream->cnt;
            memcpy(out, stream->ptr, take);
            stream->ptr += take;
            stream->cnt -= (int)take;
            out += take;
            left -= take;
            continue;
        }
        if (stream->flag & STREAM_STRING || !begin_reading(stream))
            break;
        if (left >= (size_t)stream->bufsiz) { /* past the buffer, in whole buffers where possible */
            size_t direct = left > INT_MAX ? INT_MAX - STREAM_BUFFER + 1 : left;
            if (has_buffer(stream))
                direct -= direct % (size_t)stream->bufsiz;
            stream->ptr = stream->base;
            stream->cnt = 0;
            int got = note_read(stream, _read(stream->file, out, (unsigned)direct));
            stream_side(stream)->raw = 0;
            if (got <= 0)
                break;
            out += got;
            left -= (size_t)got;
        } else {
            int c = stream_fill(stream);
            if (c == CRT_EOF)
                break;
            *out++ = (char)c;
            left--;
        }
    }
    return size - left;
}

int stream_ungetc(int c, struct stream *stream)
{
    bool readable = stream->flag & STREAM_READ || (stream->flag & STREAM_UPDATE && !(stream->flag & STREAM_WRITE));
    if (c == CRT_EOF || !readable)
        return CRT_EOF;
    if (!stream->base) { /* nothing read yet: a buffer of its own to push into */
        stream->base = crt_malloc(STREAM_BUFFER);
        if (!stream->base)
            return CRT_EOF;
        stream->flag = (stream->flag & ~STREAM_UNBUFFERED) | STREAM_OWN_BUFFER;
        stream->bufsiz = STREAM_BUFFER;
        stream->ptr = stream->base;
        stream->cnt = 0;
    }
    if (stream->ptr == stream->base) {
        if (stream->cnt > 0)
            return CRT_EOF;
        stream->ptr++;
    }
    stream->ptr--;
    if (!(stream->flag & STREAM_STRING))
        *stream->ptr = (char)c;
    else if (*stream->ptr != (char)c) {
        stream->ptr++;
        return CRT_EOF;
    }
    stream->cnt++;
    stream->flag = (stream->flag & ~STREAM_EOF) | STREAM_READ;
    return (unsigned char)c;
}

/* --- writing
 * ---------------------------------------------------------------------------------------------------------- */

int stream_flush(struct stream *stream)
{
    int result = 0;
    if ((stream->flag & (STREAM_READ | STREAM_WRITE)) == STREAM_WRITE && has_buffer(stream)) {
        int pending = (int)(stream->ptr - stream->base);
        stream->ptr = stream->base;
        stream->cnt = 0;
        if (pending > 0) {
            if (_write(stream->file, stream->base, (unsigned)pending) == pending) {
                if (stream->flag & STREAM_UPDATE)
                    stream->flag &= ~STREAM_WRITE;
            } else {
                stream->flag |= STREAM_ERROR;
                result = CRT_EOF;
            }
        }
    }
    if (!result && stream->flag & STREAM_COMMIT && _commit(stream->file))
        result = CRT_EOF;
    return result;
}

static bool begin_writing(struct stream *stream)
{
    bool ok = stream->flag & (STREAM_WRITE | STREAM_UPDATE) && !(stream->flag & STREAM_STRING);
    if (ok && stream->flag & STREAM_READ) { /* from reading to writing only at the end of the file */
        ok = stream->flag & STREAM_EOF;
        if (ok) {
            stream->ptr = stream->base;
            stream->flag &= ~STREAM_READ;
        }
    }
    stream->cnt = 0;
    if (!ok) {
        stream->flag |= STREAM_ERROR;
        crt_set_errno(CRT_EBADF);
        return false;
    }
    stream->flag = (stream->flag | STREAM_WRITE) & ~STREAM_EOF;
    if (!has_buffer(stream) && !writes_at_once(stream))
        make_buffer(stream);
    return true;
}

static bool write_all(struct stream *stream, const void *bytes, size_t size)
{
    if (!size)
        return true;
    if (_write(stream->file, bytes, (unsigned)size) == (int)size)
        return true;
    stream->flag |= STREAM_ERROR;
    return false;
}

int stream_spill(int c, struct stream *stream)
{
    char byte = (char)c;
    if (!begin_writing(stream))
        return CRT_EOF;
    if (!has_buffer(stream))
        return write_all(stream, &byte, 1) ? (unsigned char)byte : CRT_EOF;
    size_t pending = (size_t)(stream->ptr - stream->base);
    stream->ptr = stream->base;
    if (!write_all(stream, stream->base, pending))
        return CRT_EOF;
    *stream->ptr++ = byte;
    stream->cnt = stream->bufsiz - 1;
    return (unsigned char)byte;
}

size_t stream_write(struct stream *stream, const void *bytes, size_t size)
{
    const char *in = bytes;
    size_t left = size;
    while (left) {
        if (stream->cnt > 0 && stream->flag & (STREAM_WRITE | STREAM_STRING)) {
            size_t take = left < (size_t)stream->cnt ? left : (size_t)stream->cnt;
            memcpy(stream->ptr, in, take);
            stream->ptr += take;
            stream->cnt -= (int)take;
            in += take;
            left -= take;
            continue;
        }
        if (!begin_writing(stream))
            break;
        size_t pending = has_buffer(stream) ? (size_t)(stream->ptr - stream->base) : 0;
        stream->ptr = stream->base;
        if (!write_all(stream, stream->base, pending))
            break;
        if (!has_buffer(stream) || left >= (size_t)stream->bufsiz) {
            size_t direct = left > INT_MAX ? INT_MAX - STREAM_BUFFER + 1 : left;
            if (has_buffer(stream))
                direct -= direct % (size_t)stream->bufsiz;
            if (!write_all(stream, in, direct))
                break;
            in += direct;
            left -= direct;
            if (has_buffer(stream))
                stream->cnt = left ? stream->bufsiz : 0;
        } else {
            stream->cnt = stream->bufsiz;
        }
    }
    return size - left;
}

/* --- closing and flushing -------------------------------------------------------------------------------------------
 */

static void free_buffer(struct stream *stream)
{
    if (stream->flag & STREAM_OWN_BUFFER)
        crt_free(stream->base);
    stream->flag &= ~(STREAM_OWN_BUFFER | STREAM_USER_BUFFER);
    stream->ptr = stream->base = NULL;
    stream->cnt = stream->bufsiz = 0;
}

int stream_close(struct stream *stream)
{
    int result = stream_flush(stream);
    free_buffer(stream);
    if (stream->file >= 0 && _close(stream->file) < 0)
        result = CRT_EOF;
    if (stream->tmpfname) {
        WCHAR *name = (WCHAR *)stream->tmpfname;
        DeleteFileW(name);
        crt_free(name);
    }
    return result;
}

int stream_flush_all(void)
{
    int count = 0, result = 0;
    crt_lock(&table_lock);
    for (int i = 0; i < STREAM_STATIC + table_count; i++) {
        struct stream *stream = stream_at(i);
        if (!(stream->flag & (STREAM_READ | STREAM_WRITE | STREAM_UPDATE)))
            continue;
        stream_lock(stream);
        if (stream_flush(stream) == CRT_EOF)
            result = CRT_EOF;
        else
            count++;
        stream_unlock(stream);
    }
    crt_unlock(&table_lock);
    return result ? result : count;
}

int WINAPI _flushall(void)
{
    return stream_flush_all();
}

/* Writes what exit must not lose; a stream whose lock a killed thread holds is written all the same. */
void crt_close_streams(void)
{
    for (int i = 0; i < STREAM_STATIC + table_count; i++) {
        struct stream *stream = stream_at(i);
        if (!stream->flag)
            continue;
        if (stream->tmpfname)
            stream_close(stream);
        else
            stream_flush(stream);
    }
}

int WINAPI _fcloseall(void)
{
    int count = 0;
    crt_lock(&table_lock);
    for (int i = 3; i < STREAM_STATIC + table_count; i++) {
        struct stream *stream = stream_at(i);
        if (!stream->flag)
            continue;
        stream_lock(stream);
        count += stream_close(stream) != CRT_EOF;
        stream_release(stream);
        stream_unlock(stream);
    }
    crt_unlock(&table_lock);
    return count;
}

int WINAPI _rmtmp(void)
{
    int count = 0;
    crt_lock(&table_lock);
    for (int i = 3; i < STREAM_STATIC + table_count; i++) {
        struct stream *stream = stream_at(i);
        if (!stream->flag || !stream->tmpfname)
            continue;
        stream_lock(stream);
        stream_close(stream);
        stream_release(stream);
        stream_unlock(stream);
        count++;
    }
    crt_unlock(&table_lock);
    return count;
}

/* setvbuf: _IOFBF 0, _IOLBF 0x40, _IONBF 4. */
int stream_set_buffer(struct stream *stream, char *buffer, int mode, size_t size)
{
    stream_flush(stream);
    free_buffer(stream);
    stream->flag &= ~STREAM_UNBUFFERED;
    if (mode == 4) {
        stream->flag |= STREAM_UNBUFFERED;
        return 0;
    }
    stream->flag |= buffer ? STREAM_USER_BUFFER | STREAM_SETVBUF : STREAM_OWN_BUFFER | STREAM_SETVBUF;
    stream->base = buffer ? buffer : crt_malloc(size);
    if (!stream->base) {
        stream->flag &= ~STREAM_OWN_BUFFER;
        return -1;
    }
    stream->ptr = stream->base;
    stream->bufsiz = (int)size;
    return 0;
}

/* --- positions
 * -------------------------------------------------------------------------------------------------------- */

/* How many raw bytes stand for the first `count` translated bytes (UTF-16 in the Unicode modes). */
static size_t raw_length(const struct crt_fd *slot, const unsigned char *raw, size_t size, size_t count)
{
    size_t i = 0, made = 0;
    while (i < size && made < count) {
        if (slot->text == TEXT_UTF16) {
            bool pair = i + 3 < size && raw[i] == '\r' && !raw[i + 1] && raw[i + 2] == '\n' && !raw[i + 3];
            i += pair ? 4 : 2;
            made += 2;
            continue;
        }
        size_t unit = slot->text == TEXT_UTF8 ? 2 : 1, length = 1;
        if (raw[i] == '\r' && i + 1 < size && raw[i + 1] == '\n') {
            length = 2;
        } else if (slot->text == TEXT_UTF8 && raw[i] >= 0xc0) {
            length = raw[i] >= 0xf0 ? 4 : raw[i] >= 0xe0 ? 3 : 2;
            if (length == 4)
                unit = 4;
        }
        i += length;
        made += unit;
    }
    return i < size ? i : size;
}

/* The file position of the buffer's read pointer: `end` is where the descriptor stands. */
static int64_t tell_reading(struct stream *stream, struct crt_fd *slot, int64_t end)
{
    size_t used = (size_t)(stream->ptr - stream->base), whole = used + (size_t)stream->cnt;
    size_t raw = stream_side(stream)->raw;
    if (!(slot->flags & FD_TEXT) || !stream->cnt || raw == whole)
        return end - stream->cnt;
    unsigned char *again = crt_malloc(raw);
    DWORD got = 0;
    OVERLAPPED at = {.Offset = (DWORD)(end - (int64_t)raw), .OffsetHigh = (DWORD)((end - (int64_t)raw) >> 32)};
    if (!again || !ReadFile(slot->handle, again, (DWORD)raw, &got, &at)) {
        crt_free(again);
        return end - stream->cnt;
    }
    int64_t position = end - (int64_t)raw + (int64_t)raw_length(slot, again, got, used);
    crt_free(again);
    LARGE_INTEGER back = {.QuadPart = end}; /* reading at an offset moved the file pointer */
    SetFilePointerEx(slot->handle, back, NULL, FILE_BEGIN);
    return position;
}

static int64_t tell_writing(struct stream *stream, struct crt_fd *slot, int64_t end)
{
    int64_t pending = has_buffer(stream) ? stream->ptr - stream->base : 0;
    int64_t extra = 0;
    if (slot->flags & FD_APPEND && pending) {
        int64_t size = _lseeki64(stream->file, 0, SEEK_FROM_END);
        if (size >= 0)
            end = size;
    }
    if (slot->flags & FD_TEXT && slot->text == TEXT_ANSI)
        for (int64_t i = 0; i < pending; i++)
            extra += stream->base[i] == '\n';
    return end + pending + extra;
}

int64_t stream_tell(struct stream *stream)
{
    struct crt_fd *slot = fd_get(stream->file);
    LARGE_INTEGER zero = {.QuadPart = 0}, here;
    if (!slot)
        return -1;
    if (slot->flags & FD_PIPE || !SetFilePointerEx(slot->handle, zero, &here, FILE_CURRENT)) {
        crt_fail_win32(ERROR_SEEK_ON_DEVICE);
        crt_set_errno(CRT_ESPIPE);
        return -1;
    }
    if (!stream->base || !(stream->flag & (STREAM_READ | STREAM_WRITE)))
        return here.QuadPart - (stream->cnt > 0 ? stream->cnt : 0);
    if (stream->flag & STREAM_WRITE && !(stream->flag & STREAM_READ))
        return tell_writing(stream, slot, here.QuadPart);
    return tell_reading(stream, slot, here.QuadPart);
}

int stream_seek(struct stream *stream, int64_t offset, int origin)
{
    if (origin == SEEK_FROM_HERE) {
        int64_t here = stream_tell(stream);
        if (here < 0)
            return -1;
        offset += here;
        origin = SEEK_FROM_START;
    }
    stream_flush(stream);
    stream->flag &= ~STREAM_EOF;
    stream->ptr = stream->base;
    stream->cnt = 0;
    if (stream->flag & STREAM_UPDATE)
        stream->flag &= ~(STREAM_READ | STREAM_WRITE);
    return _lseeki64(stream->file, offset, origin) < 0 ? -1 : 0;
}
