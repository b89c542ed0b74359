/*
 * basic.h: the stream classes for one character type, as a template: included once for each, with
 *     E          the character
 *     INT        its int_type
 *     E_EOF      eof()
 *     TO_INT(c)  to_int_type
 *     T(name)    the name of a struct or function for this type
 * defined before (elem_char.h and its kin).  Layouts are ABI.
 */
struct T(streambuf) {
    const void *vftable;
    E *get_first, *put_first;
    E **get_first_at, **put_first_at; /* what is in force: the members above, or a FILE's */
    E *get_next, *put_next;
    E **get_next_at, **put_next_at;
    int get_count, put_count;
    int *get_count_at, *put_count_at;
    struct locale *locale;
};
_Static_assert(sizeof(struct T(streambuf)) == 104, "std::basic_streambuf");

/* Entries of its vftable. */
#ifndef MSVCP_STREAMBUF_SLOTS
#define MSVCP_STREAMBUF_SLOTS
enum {
    SB_DELETE,
    SB_LOCK,
    SB_UNLOCK,
    SB_OVERFLOW,
    SB_PBACKFAIL,
    SB_SHOWMANYC,
    SB_UNDERFLOW,
    SB_UFLOW,
    SB_XSGETN,
    SB_XSPUTN,
    SB_SEEKOFF,
    SB_SEEKPOS,
    SB_SETBUF,
    SB_SYNC,
    SB_IMBUE
};
#endif

struct T(ostream);
struct T(ios) {
    struct ios_base base;
    struct T(streambuf) * buffer;
    struct T(ostream) * tie;
    E fill;
};
_Static_assert(sizeof(struct T(ios)) == 96, "std::basic_ios");

/* basic_ios is a virtual base: vbtable[1] is its distance; the number before it corrects it during construction. */
struct T(ostream) {
    const int *vbtable;
};
struct T(istream) {
    const int *vbtable;
    int64_t count;
};
struct T(iostream) {
    struct T(istream) in;
    struct T(ostream) out;
};

static inline struct T(ios) * T(ostream_ios)(const struct T(ostream) * stream)
{
    return (struct T(ios) *)((char *)stream + stream->vbtable[1]);
}
static inline struct T(ios) * T(istream_ios)(const struct T(istream) * stream)
{
    return (struct T(ios) *)((char *)stream + stream->vbtable[1]);
}

/*
 * One operation of a stream, as a body that ios_guarded() runs: body(operation) uses what it needs of these, and
 * returns new states.
 */
struct T(operation) {
    struct T(ios) * ios;
    struct T(streambuf) * buffer, *other;
    const E *from;
    E *to;
    int64_t count, done; /* what is asked, what was done */
    E delim;
    INT c;
    int slot;
    void *value;
};

static inline int T(guarded)(struct T(operation) * operation, int(WINAPI *body)(struct T(operation) *))
{
    return ios_guarded(&operation->ios->base, (const void *)body, operation);
}

/* The iterators that number and time facets work on. */
struct T(istreambuf_iterator) {
    struct T(streambuf) * buffer; /* NULL: at the end */
    bool got;
    E value;
};
struct T(ostreambuf_iterator) {
    bool failed;
    struct T(streambuf) * buffer;
};
_Static_assert(sizeof(struct T(istreambuf_iterator)) == 16 && sizeof(struct T(ostreambuf_iterator)) == 16, "iterators");

extern const void *T(streambuf_vftable)[], *T(ios_vftable)[], *T(ostream_vftable)[], *T(istream_vftable)[],
    *T(iostream_vftable)[];
extern const int T(ostream_vbtable)[], T(istream_vbtable)[], T(iostream_vbtable_istream)[],
    T(iostream_vbtable_ostream)[];
extern struct facet_class T(ctype_class), T(num_put_class), T(num_get_class), T(numpunct_class), T(codecvt_class);

struct T(streambuf) * WINAPI T(streambuf_ctor)(struct T(streambuf) * sb);
void WINAPI T(streambuf_dtor)(struct T(streambuf) * sb);
INT WINAPI T(streambuf_sgetc)(struct T(streambuf) * sb);
INT WINAPI T(streambuf_sbumpc)(struct T(streambuf) * sb);
INT WINAPI T(streambuf_snextc)(struct T(streambuf) * sb);
INT WINAPI T(streambuf_sungetc)(struct T(streambuf) * sb);
INT WINAPI T(streambuf_sputbackc)(struct T(streambuf) * sb, E c);
INT WINAPI T(streambuf_sputc)(struct T(streambuf) * sb, E c);
int64_t WINAPI T(streambuf_sputn)(struct T(streambuf) * sb, const E *text, int64_t count);
int64_t WINAPI T(streambuf_sgetn)(struct T(streambuf) * sb, E *text, int64_t count);
int64_t WINAPI T(streambuf_in_avail)(struct T(streambuf) * sb);
int WINAPI T(streambuf_pubsync)(struct T(streambuf) * sb);
struct locale *WINAPI T(streambuf_pubimbue)(struct T(streambuf) * sb, struct locale *result, const struct locale *to);
struct fpos *WINAPI T(streambuf_pubseekoff)(struct T(streambuf) * sb, struct fpos *result, streamoff offset, int way,
                                            int which);
struct fpos *WINAPI T(streambuf_pubseekpos)(struct T(streambuf) * sb, struct fpos *result, const struct fpos *position,
                                            int which);

struct T(ios) * WINAPI T(ios_ctor)(struct T(ios) * ios);
void WINAPI T(ios_dtor)(struct T(ios) * ios);
void WINAPI T(ios_init)(struct T(ios) * ios, struct T(streambuf) * sb, bool standard);
void WINAPI T(ios_clear_int_bool)(struct T(ios) * ios, int state, bool again);
void WINAPI T(ios_setstate_int_bool)(struct T(ios) * ios, int state, bool again);
void WINAPI T(ios_move)(struct T(ios) * to, struct T(ios) * from);
void WINAPI T(ios_swap)(struct T(ios) * a, struct T(ios) * b);
E WINAPI T(ios_widen)(const struct T(ios) * ios, char c);

struct T(ostream) * WINAPI
    T(ostream_ctor_streambuf_bool)(struct T(ostream) * stream, struct T(streambuf) * sb, bool standard, int complete);
struct T(ostream) * WINAPI
    T(ostream_ctor_uninitialized_bool)(struct T(ostream) * stream, int uninitialized, bool add, int complete);
void WINAPI T(ostream_dtor)(struct T(ios) * ios);
struct T(ostream) * WINAPI T(ostream_flush)(struct T(ostream) * stream);
struct T(istream) * WINAPI
    T(istream_ctor_streambuf_bool)(struct T(istream) * stream, struct T(streambuf) * sb, bool standard, int complete);
void WINAPI T(istream_dtor)(struct T(ios) * ios);

/* Facets, for whom a program's own facet has to be asked. */
bool T(ctype_is)(const struct locale *locale, short mask, E c);
E WINAPI T(ctype_widen)(const struct facet *facet, char c);
char WINAPI T(ctype_narrow)(const struct facet *facet, E c, char instead);
E T(widen)(const struct facet *ctype, char c);
