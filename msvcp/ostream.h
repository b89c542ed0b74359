/*
 * ostream.h: std::basic_ostream, as a template (see basic.h).
 *
 * An object is its vbtable pointer and, as a virtual base, a basic_ios; between them, right before the basic_ios, the
 * number (vtordisp) that corrects `this` while an object is made.  Constructors have a last argument: whether the
 * object is complete, that is, whether they make the virtual base.  Destructors and the vftable's functions get the
 * address of the basic_ios as it is in an object of just this class.
 */

#define OSTREAM_SIZE 16 /* distance of the basic_ios */

static void T(ostream_set_tables)(struct T(ostream) * stream)
{
    struct T(ios) *ios = T(ostream_ios)(stream);

    ios->base.vftable = T(ostream_vftable);
    ((int *)ios)[-1] = stream->vbtable[1] - OSTREAM_SIZE;
}

static struct T(ios) * T(ostream_begin)(struct T(ostream) * stream, int complete)
{
    if (complete) {
        stream->vbtable = T(ostream_vbtable);
        T(ios_ctor)(T(ostream_ios)(stream));
    }
    T(ostream_set_tables)(stream);
    return T(ostream_ios)(stream);
}

struct T(ostream) * WINAPI
    T(ostream_ctor_streambuf_bool)(struct T(ostream) * stream, struct T(streambuf) * sb, bool standard, int complete)
{
    T(ios_init)(T(ostream_begin)(stream, complete), sb, standard);
    return stream;
}

struct T(ostream) * WINAPI
    T(ostream_ctor_uninitialized_bool)(struct T(ostream) * stream, int uninitialized, bool add, int complete)
{
    (void)uninitialized;
    struct T(ios) *ios = T(ostream_begin)(stream, complete);
    if (add)
        ios_base_addstd(&ios->base);
    return stream;
}

struct T(ostream) * WINAPI T(ostream_ctor_move)(struct T(ostream) * stream, struct T(ostream) * from, int complete)
{
    struct T(ios) *ios = T(ostream_begin)(stream, complete);

    T(ios_init)(ios, NULL, false);
    T(ios_move)(ios, T(ostream_ios)(from));
    return stream;
}

void WINAPI T(ostream_dtor)(struct T(ios) * ios)
{
    T(ostream_set_tables)((struct T(ostream) *)((char *)ios - OSTREAM_SIZE));
}

void WINAPI T(ostream_vbase_dtor)(struct T(ostream) * stream)
{
    struct T(ios) *ios = (struct T(ios) *)((char *)stream + OSTREAM_SIZE);

    T(ostream_dtor)(ios);
    T(ios_dtor)(ios);
}

/* In the vftable. */
struct T(ostream) * WINAPI T(ostream_delete)(struct T(ios) * ios, unsigned flags)
{
    struct T(ostream) *stream = (struct T(ostream) *)((char *)ios - ((int *)ios)[-1] - OSTREAM_SIZE);

    T(ostream_vbase_dtor)(stream);
    if (flags & 1)
        crt_free(stream);
    return stream;
}

void WINAPI T(ostream_swap)(struct T(ostream) * a, struct T(ostream) * b)
{
    if (a != b)
        T(ios_swap)(T(ostream_ios)(a), T(ostream_ios)(b));
}

struct T(ostream) * WINAPI T(ostream_assign)(struct T(ostream) * stream, struct T(ostream) * from)
{
    T(ostream_swap)(stream, from);
    return stream;
}

/* --- before and after each operation -------------------------------------------------------------------------------
 */

bool WINAPI T(ostream_opfx)(struct T(ostream) * stream)
{
    struct T(ios) *ios = T(ostream_ios)(stream);

    if (!ios->base.state && ios->tie && ios->tie != stream)
        T(ostream_flush)(ios->tie);
    return !ios->base.state;
}

void WINAPI T(ostream_osfx)(struct T(ostream) * stream)
{
    struct T(ios) *ios = T(ostream_ios)(stream);

    if (!ios->base.state && ios->base.flags & FMT_UNITBUF && T(streambuf_pubsync)(ios->buffer) == -1)
        T(ios_setstate_int_bool)(ios, IOS_BAD, false);
}

static bool T(ostream_enter)(struct T(ostream) * stream)
{
    struct T(ios) *ios = T(ostream_ios)(stream);

    if (ios->buffer)
        VIRTUAL(ios->buffer, SB_LOCK, 0, 0, 0);
    return T(ostream_opfx)(stream);
}

static struct T(ostream) * T(ostream_leave)(struct T(ostream) * stream, int state)
{
    struct T(ios) *ios = T(ostream_ios)(stream);

    if (state)
        T(ios_setstate_int_bool)(ios, state, false);
    T(ostream_osfx)(stream);
    if (ios->buffer)
        VIRTUAL(ios->buffer, SB_UNLOCK, 0, 0, 0);
    return stream;
}

/* --- numbers: num_put's work ---------------------------------------------------------------------------------------
 */

enum {
    T(PUT_PTR) = FACET_OWN,
    T(PUT_LDOUBLE),
    T(PUT_DOUBLE),
    T(PUT_U64),
    T(PUT_I64),
    T(PUT_ULONG),
    T(PUT_LONG),
    T(PUT_BOOL)
};

static int WINAPI T(put_number_body)(struct T(operation) * op)
{
    const struct facet *facet = locale_facet(op->ios->base.locale, &T(num_put_class));
    struct T(ostreambuf_iterator) to = {.buffer = op->buffer}, result;

    VIRTUAL_N(facet, op->slot, GUEST(&result), GUEST(&to), GUEST(op->ios), (ULONG_PTR)op->ios->fill, GUEST(op->value));
    return result.failed ? IOS_BAD : 0;
}

/* Runs a body between the beginning and the end of an operation; `refused`: the states if the stream is not ready. */
static struct T(ostream) * T(ostream_run)(struct T(ostream) * stream, struct T(operation) * op,
                                          int(WINAPI *body)(struct T(operation) *), int refused)
{
    int state = refused;

    if (T(ostream_enter)(stream)) {
        op->ios = T(ostream_ios)(stream);
        op->buffer = op->ios->buffer;
        state = T(guarded)(op, body);
    }
    return T(ostream_leave)(stream, state);
}

static struct T(ostream) * T(ostream_number)(struct T(ostream) * stream, int slot, ULONG_PTR value)
{
    struct T(operation) op = {.slot = slot, .value = (void *)value};

    return T(ostream_run)(stream, &op, T(put_number_body), 0);
}

/* Octal and hexadecimal show the bits of the narrower type. */
static bool T(shows_bits)(struct T(ostream) * stream)
{
    int base = T(ostream_ios)(stream)->base.flags & FMT_BASE;
    return base == FMT_OCT || base == FMT_HEX;
}

struct T(ostream) * WINAPI T(ostream_insert_short)(struct T(ostream) * stream, short value)
{
    LONG wide = T(shows_bits)(stream) ? (unsigned short)value : value;
    return T(ostream_number)(stream, T(PUT_LONG), (ULONG_PTR)wide);
}

struct T(ostream) * WINAPI T(ostream_insert_ushort)(struct T(ostream) * stream, unsigned short value)
{
    return T(ostream_number)(stream, T(PUT_ULONG), value);
}

struct T(ostream) * WINAPI T(ostream_insert_int)(struct T(ostream) * stream, int value)
{
    return T(ostream_number)(stream, T(PUT_LONG), (ULONG_PTR)value);
}

struct T(ostream) * WINAPI T(ostream_insert_uint)(struct T(ostream) * stream, unsigned value)
{
    return T(ostream_number)(stream, T(PUT_ULONG), value);
}

struct T(ostream) * WINAPI T(ostream_insert_i64)(struct T(ostream) * stream, int64_t value)
{
    return T(ostream_number)(stream, T(PUT_I64), (ULONG_PTR)value);
}

struct T(ostream) * WINAPI T(ostream_insert_u64)(struct T(ostream) * stream, uint64_t value)
{
    return T(ostream_number)(stream, T(PUT_U64), value);
}

struct T(ostream) * WINAPI T(ostream_insert_bool)(struct T(ostream) * stream, bool value)
{
    return T(ostream_number)(stream, T(PUT_BOOL), value);
}

struct T(ostream) * WINAPI T(ostream_insert_ptr)(struct T(ostream) * stream, const void *value)
{
    return T(ostream_number)(stream, T(PUT_PTR), GUEST(value));
}

static struct T(ostream) * T(ostream_real)(struct T(ostream) * stream, int slot, double value)
{
    ULONG_PTR bits;

    memcpy(&bits, &value, sizeof(bits));
    return T(ostream_number)(stream, slot, bits);
}

struct T(ostream) * WINAPI T(ostream_insert_float)(struct T(ostream) * stream, float value)
{
    return T(ostream_real)(stream, T(PUT_DOUBLE), value);
}

struct T(ostream) * WINAPI T(ostream_insert_double)(struct T(ostream) * stream, double value)
{
    return T(ostream_real)(stream, T(PUT_DOUBLE), value);
}

/* Microsoft's long double is a double. */
struct T(ostream) * WINAPI T(ostream_insert_ldouble)(struct T(ostream) * stream, double value)
{
    return T(ostream_real)(stream, T(PUT_LDOUBLE), value);
}

/* --- manipulators and the rest -------------------------------------------------------------------------------------
 */

struct T(ostream) * WINAPI T(ostream_insert_manip)(struct T(ostream) * stream, const void *manipulator)
{
    return (struct T(ostream) *)guest_call(manipulator, GUEST(stream), 0, 0, 0);
}

struct T(ostream) * WINAPI T(ostream_insert_manip_ios)(struct T(ostream) * stream, const void *manipulator)
{
    guest_call(manipulator, GUEST(T(ostream_ios)(stream)), 0, 0, 0);
    return stream;
}

struct T(ostream) * WINAPI T(ostream_insert_manip_base)(struct T(ostream) * stream, const void *manipulator)
{
    return T(ostream_insert_manip_ios)(stream, manipulator);
}

/* All that `from` has. */
static int WINAPI T(put_streambuf_body)(struct T(operation) * op)
{
    for (INT c = T(streambuf_sgetc)(op->other); c != E_EOF; c = T(streambuf_snextc)(op->other)) {
        if (T(streambuf_sputc)(op->buffer, (E)c) == E_EOF)
            break;
        op->done++;
    }
    return op->done ? 0 : IOS_FAIL;
}

struct T(ostream) * WINAPI T(ostream_insert_streambuf)(struct T(ostream) * stream, struct T(streambuf) * from)
{
    struct T(operation) op = {.other = from};

    T(ostream_ios)(stream)->base.width = 0;
    if (!from)
        T(ios_setstate_int_bool)(T(ostream_ios)(stream), IOS_BAD, false);
    return from ? T(ostream_run)(stream, &op, T(put_streambuf_body), 0) : stream;
}

static int WINAPI T(put_body)(struct T(operation) * op)
{
    return T(streambuf_sputc)(op->buffer, op->delim) == E_EOF ? IOS_BAD : 0;
}

struct T(ostream) * WINAPI T(ostream_put)(struct T(ostream) * stream, E c)
{
    struct T(operation) op = {.delim = c};

    return T(ostream_run)(stream, &op, T(put_body), IOS_BAD);
}

static int WINAPI T(write_body)(struct T(operation) * op)
{
    return T(streambuf_sputn)(op->buffer, op->from, op->count) == op->count ? 0 : IOS_BAD;
}

struct T(ostream) * WINAPI T(ostream_write)(struct T(ostream) * stream, const E *text, int64_t count)
{
    struct T(operation) op = {.from = text, .count = count};

    return T(ostream_run)(stream, &op, T(write_body), IOS_BAD);
}

static int WINAPI T(sync_body)(struct T(operation) * op)
{
    return T(streambuf_pubsync)(op->buffer) == -1 ? IOS_BAD : 0;
}

struct T(ostream) * WINAPI T(ostream_flush)(struct T(ostream) * stream)
{
    struct T(operation) op = {0};

    return T(ostream_ios)(stream)->buffer ? T(ostream_run)(stream, &op, T(sync_body), 0) : stream;
}

struct T(ostream) * WINAPI T(ostream_seekp)(struct T(ostream) * stream, const struct fpos *position)
{
    struct T(ios) *ios = T(ostream_ios)(stream);
    struct fpos at;

    if (!(ios->base.state & (IOS_FAIL | IOS_BAD)) &&
        fpos_offset(T(streambuf_pubseekpos)(ios->buffer, &at, position, OPEN_OUT)) == -1)
        T(ios_setstate_int_bool)(ios, IOS_FAIL, false);
    return stream;
}

struct T(ostream) * WINAPI T(ostream_seekp_offset)(struct T(ostream) * stream, streamoff offset, int way)
{
    struct T(ios) *ios = T(ostream_ios)(stream);
    struct fpos at;

    if (!(ios->base.state & (IOS_FAIL | IOS_BAD)) &&
        fpos_offset(T(streambuf_pubseekoff)(ios->buffer, &at, offset, way, OPEN_OUT)) == -1)
        T(ios_setstate_int_bool)(ios, IOS_FAIL, false);
    return stream;
}

struct fpos *WINAPI T(ostream_tellp)(struct T(ostream) * stream, struct fpos *result)
{
    struct T(ios) *ios = T(ostream_ios)(stream);

    if (ios->base.state & (IOS_FAIL | IOS_BAD))
        return fpos_set(result, -1);
    return T(streambuf_pubseekoff)(ios->buffer, result, 0, SEEK_CURRENT, OPEN_OUT);
}
