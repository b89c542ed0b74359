/*
 * filebuf.h: the stream buffers of cin, cout and the others: a C stream as a stream buffer, as a template (basic.h).
 * Nothing is buffered here: the C stream does that, so that both ways to write stay in order.
 */

struct T(filebuf) {
    struct T(streambuf) base;
    struct stream *stream;
    INT last; /* what was read last, for going back */
};

static struct stream *T(stream_of)(const struct T(streambuf) * sb)
{
    return ((const struct T(filebuf) *)sb)->stream;
}

static INT T(stream_get)(struct stream *stream)
{
    return E_WIDE ? (INT)stream_getwc(stream) : (INT)stream_getc(stream);
}

static INT T(stream_put)(struct stream *stream, E c)
{
    return E_WIDE ? (INT)stream_putwc((WCHAR)c, stream) : (INT)stream_putc(c, stream);
}

static INT T(stream_unget)(struct stream *stream, INT c)
{
    return E_WIDE ? (INT)stream_ungetwc((crt_wint)c, stream) : (INT)stream_ungetc((int)c, stream);
}

void WINAPI T(filebuf_lock)(struct T(streambuf) * sb)
{
    stream_lock(T(stream_of)(sb));
}

void WINAPI T(filebuf_unlock)(struct T(streambuf) * sb)
{
    stream_unlock(T(stream_of)(sb));
}

INT WINAPI T(filebuf_overflow)(struct T(streambuf) * sb, INT c)
{
    struct stream *stream = T(stream_of)(sb);

    if (c == E_EOF)
        return !E_EOF;
    stream_lock(stream);
    INT put = T(stream_put)(stream, (E)c);
    stream_unlock(stream);
    return put == E_EOF ? E_EOF : c;
}

INT WINAPI T(filebuf_pbackfail)(struct T(streambuf) * sb, INT c)
{
    struct stream *stream = T(stream_of)(sb);
    INT *last = &((struct T(filebuf) *)sb)->last, back = E_EOF;

    stream_lock(stream);
    if (c == E_EOF)
        c = *last;
    if (c != E_EOF)
        back = T(stream_unget)(stream, c);
    *last = E_EOF;
    stream_unlock(stream);
    return back;
}

INT WINAPI T(filebuf_underflow)(struct T(streambuf) * sb)
{
    struct stream *stream = T(stream_of)(sb);

    stream_lock(stream);
    INT c = T(stream_get)(stream);
    if (c != E_EOF)
        T(stream_unget)(stream, c);
    stream_unlock(stream);
    return c;
}

INT WINAPI T(filebuf_uflow)(struct T(streambuf) * sb)
{
    struct stream *stream = T(stream_of)(sb);

    stream_lock(stream);
    INT c = T(stream_get)(stream);
    ((struct T(filebuf) *)sb)->last = c;
    stream_unlock(stream);
    return c;
}

int64_t WINAPI T(filebuf_xsgetn)(struct T(streambuf) * sb, E *text, int64_t count)
{
    struct stream *stream = T(stream_of)(sb);
    int64_t done = 0;

    stream_lock(stream);
    if (!E_WIDE)
        done = count > 0 ? (int64_t)stream_read(stream, text, (size_t)count) : 0;
    for (INT c; E_WIDE && done < count && (c = T(stream_get)(stream)) != E_EOF; done++)
        text[done] = (E)c;
    if (done)
        ((struct T(filebuf) *)sb)->last = TO_INT(text[done - 1]);
    stream_unlock(stream);
    return done;
}

int64_t WINAPI T(filebuf_xsputn)(struct T(streambuf) * sb, const E *text, int64_t count)
{
    struct stream *stream = T(stream_of)(sb);
    char burst[STREAM_BUFFER];
    int64_t done = 0;

    stream_lock(stream);
    bool begun = stream_begin_burst(stream, burst, sizeof(burst));
    if (!E_WIDE)
        done = count > 0 ? (int64_t)stream_write(stream, text, (size_t)count) : 0;
    while (E_WIDE && done < count && T(stream_put)(stream, text[done]) != E_EOF)
        done++;
    stream_end_burst(stream, begun);
    stream_unlock(stream);
    return done;
}

struct fpos *WINAPI T(filebuf_seekoff)(struct T(streambuf) * sb, struct fpos *result, streamoff offset, int way,
                                       int which)
{
    struct stream *stream = T(stream_of)(sb);

    (void)which;
    stream_lock(stream);
    int64_t at = stream_seek(stream, offset, way) ? -1 : stream_tell(stream);
    stream_unlock(stream);
    return fpos_set(result, at);
}

struct fpos *WINAPI T(filebuf_seekpos)(struct T(streambuf) * sb, struct fpos *result, const struct fpos *position,
                                       int which)
{
    return T(filebuf_seekoff)(sb, result, fpos_offset(position), SEEK_BEGIN, which);
}

int WINAPI T(filebuf_sync)(struct T(streambuf) * sb)
{
    struct stream *stream = T(stream_of)(sb);

    stream_lock(stream);
    int failed = stream_flush(stream);
    stream_unlock(stream);
    return failed ? -1 : 0;
}

/* --- the objects -----------------------------------------------------------------------------------------------------
 */

/* Complete objects: the class, room for the number before the virtual base, the virtual base. */
struct T(complete_ostream) {
    struct T(ostream) out;
    void *vtordisp;
    struct T(ios) ios;
};
struct T(complete_istream) {
    struct T(istream) in;
    void *vtordisp;
    struct T(ios) ios;
};
_Static_assert(offsetof(struct T(complete_ostream), ios) == 16 && offsetof(struct T(complete_istream), ios) == 24,
               "standard streams");

extern const void *T(filebuf_vftable)[];

static struct T(streambuf) * T(filebuf_make)(struct T(filebuf) * fb, struct stream *stream)
{
    T(streambuf_ctor)(&fb->base);
    fb->base.vftable = T(filebuf_vftable);
    fb->stream = stream;
    fb->last = E_EOF;
    return &fb->base;
}
