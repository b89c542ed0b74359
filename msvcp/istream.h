/*
 * istream.h: std::basic_istream and basic_iostream, as a template (see basic.h; ostream.h tells of the layout).
 */

#define ISTREAM_SIZE 24
#define IOSTREAM_SIZE 32
#define TYPE_SPACE 0x48 /* ctype_base::space */

static void T(istream_set_tables)(struct T(istream) * stream)
{
    struct T(ios) *ios = T(istream_ios)(stream);

    ios->base.vftable = T(istream_vftable);
    ((int *)ios)[-1] = stream->vbtable[1] - ISTREAM_SIZE;
}

static struct T(ios) * T(istream_begin)(struct T(istream) * stream, int complete)
{
    if (complete) {
        stream->vbtable = T(istream_vbtable);
        T(ios_ctor)(T(istream_ios)(stream));
    }
    T(istream_set_tables)(stream);
    stream->count = 0;
    return T(istream_ios)(stream);
}

struct T(istream) * WINAPI T(istream_ctor_streambuf_bool_bool)(struct T(istream) * stream, struct T(streambuf) * sb,
                                                               bool standard, bool no_init, int complete)
{
    struct T(ios) *ios = T(istream_begin)(stream, complete);

    if (!no_init)
        T(ios_init)(ios, sb, standard);
    return stream;
}

struct T(istream) * WINAPI
    T(istream_ctor_streambuf_bool)(struct T(istream) * stream, struct T(streambuf) * sb, bool standard, int complete)
{
    return T(istream_ctor_streambuf_bool_bool)(stream, sb, standard, false, complete);
}

struct T(istream) * WINAPI T(istream_ctor_uninitialized)(struct T(istream) * stream, int uninitialized, int complete)
{
    (void)uninitialized;
    ios_base_addstd(&T(istream_begin)(stream, complete)->base);
    return stream;
}

struct T(istream) * WINAPI T(istream_ctor_move)(struct T(istream) * stream, struct T(istream) * from, int complete)
{
    struct T(ios) *ios = T(istream_begin)(stream, complete);

    T(ios_init)(ios, NULL, false);
    T(ios_move)(ios, T(istream_ios)(from));
    stream->count = from->count;
    from->count = 0;
    return stream;
}

void WINAPI T(istream_dtor)(struct T(ios) * ios)
{
    T(istream_set_tables)((struct T(istream) *)((char *)ios - ISTREAM_SIZE));
}

void WINAPI T(istream_vbase_dtor)(struct T(istream) * stream)
{
    struct T(ios) *ios = (struct T(ios) *)((char *)stream + ISTREAM_SIZE);

    T(istream_dtor)(ios);
    T(ios_dtor)(ios);
}

struct T(istream) * WINAPI T(istream_delete)(struct T(ios) * ios, unsigned flags)
{
    struct T(istream) *stream = (struct T(istream) *)((char *)ios - ((int *)ios)[-1] - ISTREAM_SIZE);

    T(istream_vbase_dtor)(stream);
    if (flags & 1)
        crt_free(stream);
    return stream;
}

void WINAPI T(istream_swap)(struct T(istream) * a, struct T(istream) * b)
{
    if (a == b)
        return;
    T(ios_swap)(T(istream_ios)(a), T(istream_ios)(b));
    int64_t count = a->count;
    a->count = b->count;
    b->count = count;
}

struct T(istream) * WINAPI T(istream_assign)(struct T(istream) * stream, struct T(istream) * from)
{
    T(istream_swap)(stream, from);
    return stream;
}

/* --- basic_iostream ------------------------------------------------------------------------------------------------
 */

static void T(iostream_set_tables)(struct T(iostream) * stream)
{
    struct T(ios) *ios = T(istream_ios)(&stream->in);

    ios->base.vftable = T(iostream_vftable);
    ((int *)ios)[-1] = stream->in.vbtable[1] - IOSTREAM_SIZE;
}

static void T(iostream_begin)(struct T(iostream) * stream, int complete)
{
    if (complete) {
        stream->in.vbtable = T(iostream_vbtable_istream);
        stream->out.vbtable = T(iostream_vbtable_ostream);
        T(ios_ctor)(T(istream_ios)(&stream->in));
    }
}

struct T(iostream) * WINAPI
    T(iostream_ctor_streambuf)(struct T(iostream) * stream, struct T(streambuf) * sb, int complete)
{
    T(iostream_begin)(stream, complete);
    T(istream_ctor_streambuf_bool)(&stream->in, sb, false, 0);
    T(ostream_ctor_uninitialized_bool)(&stream->out, 0, false, 0);
    T(iostream_set_tables)(stream);
    return stream;
}

struct T(iostream) * WINAPI T(iostream_ctor_move)(struct T(iostream) * stream, struct T(iostream) * from, int complete)
{
    T(iostream_begin)(stream, complete);
    T(istream_ctor_move)(&stream->in, &from->in, 0);
    T(ostream_ctor_uninitialized_bool)(&stream->out, 0, false, 0);
    T(iostream_set_tables)(stream);
    return stream;
}

void WINAPI T(iostream_dtor)(struct T(ios) * ios)
{
    struct T(iostream) *stream = (struct T(iostream) *)((char *)ios - IOSTREAM_SIZE);

    T(iostream_set_tables)(stream);
    T(ostream_dtor)((struct T(ios) *)((char *)&stream->out + OSTREAM_SIZE));
    T(istream_dtor)((struct T(ios) *)((char *)&stream->in + ISTREAM_SIZE));
}

void WINAPI T(iostream_vbase_dtor)(struct T(iostream) * stream)
{
    struct T(ios) *ios = (struct T(ios) *)((char *)stream + IOSTREAM_SIZE);

    T(iostream_dtor)(ios);
    T(ios_dtor)(ios);
}

struct T(iostream) * WINAPI T(iostream_delete)(struct T(ios) * ios, unsigned flags)
{
    struct T(iostream) *stream = (struct T(iostream) *)((char *)ios - ((int *)ios)[-1] - IOSTREAM_SIZE);

    T(iostream_vbase_dtor)(stream);
    if (flags & 1)
        crt_free(stream);
    return stream;
}

void WINAPI T(iostream_swap)(struct T(iostream) * a, struct T(iostream) * b)
{
    T(istream_swap)(&a->in, &b->in);
}

struct T(iostream) * WINAPI T(iostream_assign)(struct T(iostream) * stream, struct T(iostream) * from)
{
    T(iostream_swap)(stream, from);
    return stream;
}

/* --- before and after each operation -------------------------------------------------------------------------------
 */

static bool T(is_space)(const struct facet *ctype, INT c)
{
    if (E_WIDE)
        return VIRTUAL(ctype, 4, TYPE_SPACE, c, 0) & 0xff;
    return ((const struct ctypevec *)(ctype + 1))->table[(unsigned char)c] & TYPE_SPACE;
}

bool WINAPI T(istream_ipfx_bool)(struct T(istream) * stream, bool no_skip)
{
    struct T(ios) *ios = T(istream_ios)(stream);

    if (ios->base.state) {
        T(ios_setstate_int_bool)(ios, IOS_FAIL, false);
        return false;
    }
    if (ios->tie)
        T(ostream_flush)(ios->tie);
    if (!no_skip && ios->base.flags & FMT_SKIPWS) {
        const struct facet *ctype = locale_facet(ios->base.locale, &T(ctype_class));
        INT c = T(streambuf_sgetc)(ios->buffer);
        while (c != E_EOF && T(is_space)(ctype, c))
            c = T(streambuf_snextc)(ios->buffer);
        if (c == E_EOF)
            T(ios_setstate_int_bool)(ios, IOS_EOF, false);
    }
    if (!ios->base.state)
        return true;
    T(ios_setstate_int_bool)(ios, IOS_FAIL, false);
    return false;
}

void WINAPI T(istream_isfx)(struct T(istream) * stream)
{
    (void)stream;
}

static bool T(istream_enter)(struct T(istream) * stream, bool no_skip)
{
    struct T(ios) *ios = T(istream_ios)(stream);

    if (ios->buffer)
        VIRTUAL(ios->buffer, SB_LOCK, 0, 0, 0);
    return T(istream_ipfx_bool)(stream, no_skip);
}

static struct T(istream) * T(istream_leave)(struct T(istream) * stream, int state)
{
    struct T(ios) *ios = T(istream_ios)(stream);

    if (state)
        T(ios_setstate_int_bool)(ios, state, false);
    if (ios->buffer)
        VIRTUAL(ios->buffer, SB_UNLOCK, 0, 0, 0);
    return stream;
}

/* --- numbers: num_get's work ---------------------------------------------------------------------------------------
 */

enum {
    T(GET_PTR) = FACET_OWN,
    T(GET_LDOUBLE),
    T(GET_DOUBLE),
    T(GET_FLOAT),
    T(GET_U64),
    T(GET_I64),
    T(GET_ULONG),
    T(GET_LONG),
    T(GET_UINT),
    T(GET_USHORT),
    T(GET_BOOL)
};

static int WINAPI T(get_number_body)(struct T(operation) * op)
{
    const struct facet *facet = locale_facet(op->ios->base.locale, &T(num_get_class));
    struct T(istreambuf_iterator) from = {.buffer = op->buffer}, end = {0}, result;
    int state = 0;

    VIRTUAL_N(facet, op->slot, GUEST(&result), GUEST(&from), GUEST(&end), GUEST(op->ios), GUEST(&state),
              GUEST(op->value));
    return state;
}

/* Runs a body between the beginning and the end of an operation; `refused`: the states if the stream is not ready. */
static struct T(istream) * T(istream_run)(struct T(istream) * stream, struct T(operation) * op,
                                          int(WINAPI *body)(struct T(operation) *), int refused)
{
    int state = refused;

    stream->count = 0;
    if (T(istream_enter)(stream, true)) {
        op->ios = T(istream_ios)(stream);
        op->buffer = op->ios->buffer;
        state = T(guarded)(op, body);
    }
    stream->count = op->done;
    return T(istream_leave)(stream, state);
}

/* Returns the stream's new states; the value is untouched if the stream is not ready. */
static int T(get_number)(struct T(istream) * stream, int slot, void *value)
{
    struct T(ios) *ios = T(istream_ios)(stream);
    struct T(operation) op = {.ios = ios, .buffer = ios->buffer, .slot = slot, .value = value};

    return T(guarded)(&op, T(get_number_body));
}

static struct T(istream) * T(istream_number)(struct T(istream) * stream, int slot, void *value)
{
    int state = T(istream_enter)(stream, false) ? T(get_number)(stream, slot, value) : 0;
    return T(istream_leave)(stream, state);
}

/* A number that is read as a long and has to fit. */
static struct T(istream) * T(istream_small)(struct T(istream) * stream, LONG lowest, LONG highest, void *value)
{
    int state = 0;

    if (T(istream_enter)(stream, false)) {
        LONG wide = 0;
        state = T(get_number)(stream, T(GET_LONG), &wide);
        if (wide < lowest || wide > highest) {
            state |= IOS_FAIL;
            wide = wide < lowest ? lowest : highest;
        }
        if (highest == SHRT_MAX)
            *(short *)value = (short)wide;
        else
            *(int *)value = wide;
    }
    return T(istream_leave)(stream, state);
}

struct T(istream) * WINAPI T(istream_extract_short)(struct T(istream) * stream, short *value)
{
    return T(istream_small)(stream, SHRT_MIN, SHRT_MAX, value);
}

struct T(istream) * WINAPI T(istream_extract_int)(struct T(istream) * stream, int *value)
{
    return T(istream_small)(stream, INT_MIN, INT_MAX, value);
}

#define ISTREAM_EXTRACT(name, slot)                                                                                    \
    struct T(istream) * WINAPI T(istream_extract_##name)(struct T(istream) * stream, void *value)                      \
    {                                                                                                                  \
        return T(istream_number)(stream, T(slot), value);                                                              \
    }

ISTREAM_EXTRACT(ushort, GET_USHORT)
ISTREAM_EXTRACT(uint, GET_UINT)
ISTREAM_EXTRACT(long, GET_LONG)
ISTREAM_EXTRACT(ulong, GET_ULONG)
ISTREAM_EXTRACT(i64, GET_I64)
ISTREAM_EXTRACT(u64, GET_U64)
ISTREAM_EXTRACT(float, GET_FLOAT)
ISTREAM_EXTRACT(double, GET_DOUBLE)
ISTREAM_EXTRACT(ldouble, GET_LDOUBLE)
ISTREAM_EXTRACT(ptr, GET_PTR)
ISTREAM_EXTRACT(bool, GET_BOOL)
#undef ISTREAM_EXTRACT

struct T(istream) * WINAPI T(istream_extract_manip)(struct T(istream) * stream, const void *manipulator)
{
    return (struct T(istream) *)guest_call(manipulator, GUEST(stream), 0, 0, 0);
}

struct T(istream) * WINAPI T(istream_extract_manip_ios)(struct T(istream) * stream, const void *manipulator)
{
    guest_call(manipulator, GUEST(T(istream_ios)(stream)), 0, 0, 0);
    return stream;
}

struct T(istream) * WINAPI T(istream_extract_manip_base)(struct T(istream) * stream, const void *manipulator)
{
    return T(istream_extract_manip_ios)(stream, manipulator);
}

/* All that there is, into `to`. */
static int WINAPI T(get_all_body)(struct T(operation) * op)
{
    INT c = T(streambuf_sgetc)(op->buffer);

    for (; c != E_EOF && T(streambuf_sputc)(op->other, (E)c) != E_EOF; c = T(streambuf_snextc)(op->buffer))
        op->done++;
    return c == E_EOF ? IOS_EOF : 0;
}

struct T(istream) * WINAPI T(istream_extract_streambuf)(struct T(istream) * stream, struct T(streambuf) * to)
{
    struct T(ios) *ios = T(istream_ios)(stream);
    struct T(operation) op = {.ios = ios, .buffer = ios->buffer, .other = to};
    int state = T(istream_enter)(stream, false) && to ? T(guarded)(&op, T(get_all_body)) : 0;

    return T(istream_leave)(stream, op.done ? state : state | IOS_FAIL);
}

/* --- characters and lines ------------------------------------------------------------------------------------------
 */

int64_t WINAPI T(istream_gcount)(const struct T(istream) * stream)
{
    return stream->count;
}

static int WINAPI T(get_body)(struct T(operation) * op)
{
    op->c = T(streambuf_sbumpc)(op->buffer);
    op->done = op->c != E_EOF;
    return op->done ? 0 : IOS_EOF | IOS_FAIL;
}

INT WINAPI T(istream_get)(struct T(istream) * stream)
{
    struct T(operation) op = {.c = E_EOF};

    T(istream_run)(stream, &op, T(get_body), 0);
    return op.c;
}

struct T(istream) * WINAPI T(istream_get_elem)(struct T(istream) * stream, E *c)
{
    INT got = T(istream_get)(stream);

    if (got != E_EOF)
        *c = (E)got;
    return stream;
}

static int WINAPI T(get_text_body)(struct T(operation) * op)
{
    for (INT c = T(streambuf_sgetc)(op->buffer); --op->count > 0; c = T(streambuf_snextc)(op->buffer)) {
        if (c == E_EOF)
            return op->done ? IOS_EOF : IOS_EOF | IOS_FAIL;
        if ((E)c == op->delim)
            break;
        *op->to++ = (E)c;
        op->done++;
    }
    return op->done ? 0 : IOS_FAIL;
}

struct T(istream) * WINAPI T(istream_get_text_delim)(struct T(istream) * stream, E *text, int64_t size, E delim)
{
    struct T(operation) op = {.to = text, .count = size, .delim = delim};

    if (size > 0)
        *text = 0; /* if it comes to nothing */
    T(istream_run)(stream, &op, T(get_text_body), IOS_FAIL);
    if (size > 0)
        *op.to = 0;
    return stream;
}

struct T(istream) * WINAPI T(istream_get_text)(struct T(istream) * stream, E *text, int64_t size)
{
    return T(istream_get_text_delim)(stream, text, size, T(ios_widen)(T(istream_ios)(stream), '\n'));
}

static int WINAPI T(get_streambuf_body)(struct T(operation) * op)
{
    for (INT c = T(streambuf_sgetc)(op->buffer);; c = T(streambuf_snextc)(op->buffer)) {
        if (c == E_EOF)
            return op->done ? IOS_EOF : IOS_EOF | IOS_FAIL;
        if ((E)c == op->delim || T(streambuf_sputc)(op->other, (E)c) == E_EOF)
            return op->done ? 0 : IOS_FAIL;
        op->done++;
    }
}

struct T(istream) * WINAPI T(istream_get_streambuf_delim)(struct T(istream) * stream, struct T(streambuf) * to, E delim)
{
    struct T(operation) op = {.other = to, .delim = delim};

    return T(istream_run)(stream, &op, T(get_streambuf_body), IOS_FAIL);
}

struct T(istream) * WINAPI T(istream_get_streambuf)(struct T(istream) * stream, struct T(streambuf) * to)
{
    return T(istream_get_streambuf_delim)(stream, to, T(ios_widen)(T(istream_ios)(stream), '\n'));
}

static int WINAPI T(getline_body)(struct T(operation) * op)
{
    for (INT c = T(streambuf_sgetc)(op->buffer);; c = T(streambuf_snextc)(op->buffer)) {
        if (c == E_EOF)
            return op->done ? IOS_EOF : IOS_EOF | IOS_FAIL;
        if ((E)c == op->delim) {
            op->done++;
            T(streambuf_sbumpc)(op->buffer);
            return 0;
        }
        if (--op->count <= 0)
            return IOS_FAIL;
        *op->to++ = (E)c;
        op->done++;
    }
}

struct T(istream) * WINAPI T(istream_getline_delim)(struct T(istream) * stream, E *text, int64_t size, E delim)
{
    struct T(operation) op = {.to = text, .count = size, .delim = delim};

    T(istream_run)(stream, &op, T(getline_body), IOS_FAIL);
    if (size > 0)
        *op.to = 0;
    return stream;
}

struct T(istream) * WINAPI T(istream_getline)(struct T(istream) * stream, E *text, int64_t size)
{
    return T(istream_getline_delim)(stream, text, size, T(ios_widen)(T(istream_ios)(stream), '\n'));
}

static int WINAPI T(ignore_body)(struct T(operation) * op)
{
    while (op->count == INT64_MAX || --op->count >= 0) {
        INT c = T(streambuf_sbumpc)(op->buffer);
        if (c == E_EOF)
            return IOS_EOF;
        op->done++;
        if (c == op->c)
            break;
    }
    return 0;
}

struct T(istream) * WINAPI T(istream_ignore)(struct T(istream) * stream, int64_t count, INT delim)
{
    struct T(operation) op = {.count = count, .c = delim};

    return T(istream_run)(stream, &op, T(ignore_body), 0);
}

static int WINAPI T(peek_body)(struct T(operation) * op)
{
    op->c = T(streambuf_sgetc)(op->buffer);
    return op->c == E_EOF ? IOS_EOF : 0;
}

INT WINAPI T(istream_peek)(struct T(istream) * stream)
{
    struct T(operation) op = {.c = E_EOF};

    T(istream_run)(stream, &op, T(peek_body), 0);
    return op.c;
}

static int WINAPI T(read_body)(struct T(operation) * op)
{
    op->done = op->count > 0 ? T(streambuf_sgetn)(op->buffer, op->to, op->count) : 0;
    return op->done >= op->count ? 0 : IOS_EOF | IOS_FAIL;
}

struct T(istream) * WINAPI T(istream_read)(struct T(istream) * stream, E *text, int64_t count)
{
    struct T(operation) op = {.to = text, .count = count};

    return T(istream_run)(stream, &op, T(read_body), 0);
}

/* What can be had without waiting. */
static int WINAPI T(readsome_body)(struct T(operation) * op)
{
    int64_t available = T(streambuf_in_avail)(op->buffer);

    if (available < 0)
        return IOS_EOF;
    if (available < op->count)
        op->count = available;
    return T(read_body)(op);
}

int64_t WINAPI T(istream_readsome)(struct T(istream) * stream, E *text, int64_t count)
{
    struct T(operation) op = {.to = text, .count = count};

    T(istream_run)(stream, &op, T(readsome_body), IOS_FAIL);
    return op.done;
}

static int WINAPI T(putback_body)(struct T(operation) * op)
{
    return T(streambuf_sputbackc)(op->buffer, op->delim) == E_EOF ? IOS_BAD : 0;
}

static int WINAPI T(unget_body)(struct T(operation) * op)
{
    return T(streambuf_sungetc)(op->buffer) == E_EOF ? IOS_BAD : 0;
}

/* Going back works at the end, too. */
static void T(clear_end)(struct T(istream) * stream)
{
    struct T(ios) *ios = T(istream_ios)(stream);

    if (ios->base.state & IOS_EOF)
        T(ios_clear_int_bool)(ios, ios->base.state & ~IOS_EOF, false);
}

struct T(istream) * WINAPI T(istream_putback)(struct T(istream) * stream, E c)
{
    struct T(operation) op = {.delim = c};

    T(clear_end)(stream);
    return T(istream_run)(stream, &op, T(putback_body), 0);
}

struct T(istream) * WINAPI T(istream_unget)(struct T(istream) * stream)
{
    struct T(operation) op = {0};

    T(clear_end)(stream);
    return T(istream_run)(stream, &op, T(unget_body), 0);
}

int WINAPI T(istream_sync)(struct T(istream) * stream)
{
    struct T(ios) *ios = T(istream_ios)(stream);
    struct T(operation) op = {.ios = ios, .buffer = ios->buffer};

    if (!ios->buffer)
        return -1;
    int state = T(istream_enter)(stream, true) ? T(guarded)(&op, T(sync_body)) : IOS_BAD;
    T(istream_leave)(stream, state);
    return state ? -1 : 0;
}

/* --- places --------------------------------------------------------------------------------------------------------
 */

/* Seeking works at the end, too. */
static bool T(seek_enter)(struct T(istream) * stream)
{
    struct T(ios) *ios = T(istream_ios)(stream);

    T(clear_end)(stream);
    T(istream_enter)(stream, true);
    return !(ios->base.state & (IOS_FAIL | IOS_BAD));
}

struct T(istream) * WINAPI T(istream_seekg)(struct T(istream) * stream, const struct fpos *position)
{
    struct fpos at;
    bool failed = T(seek_enter)(stream) &&
                  fpos_offset(T(streambuf_pubseekpos)(T(istream_ios)(stream)->buffer, &at, position, OPEN_IN)) == -1;

    return T(istream_leave)(stream, failed ? IOS_FAIL : 0);
}

struct T(istream) * WINAPI T(istream_seekg_offset)(struct T(istream) * stream, streamoff offset, int way)
{
    struct fpos at;
    bool failed = T(seek_enter)(stream) &&
                  fpos_offset(T(streambuf_pubseekoff)(T(istream_ios)(stream)->buffer, &at, offset, way, OPEN_IN)) == -1;

    return T(istream_leave)(stream, failed ? IOS_FAIL : 0);
}

struct fpos *WINAPI T(istream_tellg)(struct T(istream) * stream, struct fpos *result)
{
    struct T(ios) *ios = T(istream_ios)(stream);

    T(istream_enter)(stream, true);
    if (ios->base.state & (IOS_FAIL | IOS_BAD))
        fpos_set(result, -1);
    else
        T(streambuf_pubseekoff)(ios->buffer, result, 0, SEEK_CURRENT, OPEN_IN);
    T(istream_leave)(stream, 0);
    return result;
}
