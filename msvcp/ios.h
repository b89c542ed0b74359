/*
 * ios.h: std::basic_ios, as a template (see basic.h).
 */

/* Facets of characters: the program's own are asked through the gate. */
E T(widen)(const struct facet *ctype, char c)
{
    return (E)VIRTUAL(ctype, E_WIDE ? 12 : 8, (ULONG_PTR)(unsigned char)c, 0, 0);
}

E WINAPI T(ios_widen)(const struct T(ios) * ios, char c)
{
    return T(widen)(locale_facet(ios->base.locale, &T(ctype_class)), c);
}

char WINAPI T(ios_narrow)(const struct T(ios) * ios, E c, char instead)
{
    const struct facet *ctype = locale_facet(ios->base.locale, &T(ctype_class));
    return (char)VIRTUAL(ctype, E_WIDE ? 14 : 10, (ULONG_PTR)c, (ULONG_PTR)instead, 0);
}

/* Without a buffer a stream is bad. */
void WINAPI T(ios_clear_int_bool)(struct T(ios) * ios, int state, bool again)
{
    ios_base_clear_int_bool(&ios->base, ios->buffer ? state : state | IOS_BAD, again);
}

void WINAPI T(ios_clear_uint)(struct T(ios) * ios, unsigned state)
{
    T(ios_clear_int_bool)(ios, (int)state, false);
}

void WINAPI T(ios_setstate_int_bool)(struct T(ios) * ios, int state, bool again)
{
    if (state)
        T(ios_clear_int_bool)(ios, ios->base.state | state, again);
}

void WINAPI T(ios_setstate_uint)(struct T(ios) * ios, unsigned state)
{
    T(ios_setstate_int_bool)(ios, (int)state, false);
}

void WINAPI T(ios_init)(struct T(ios) * ios, struct T(streambuf) * sb, bool standard)
{
    ios_base_init(&ios->base);
    ios->buffer = sb;
    ios->tie = NULL;
    ios->fill = T(ios_widen)(ios, ' ');
    if (!sb)
        T(ios_setstate_int_bool)(ios, IOS_BAD, false);
    if (standard)
        ios_base_addstd(&ios->base);
    else
        ios->base.standard = 0;
}

/* The derived class calls init. */
struct T(ios) * WINAPI T(ios_ctor)(struct T(ios) * ios)
{
    ios->base.vftable = T(ios_vftable);
    return ios;
}

struct T(ios) * WINAPI T(ios_ctor_streambuf)(struct T(ios) * ios, struct T(streambuf) * sb)
{
    T(ios_ctor)(ios);
    T(ios_init)(ios, sb, false);
    return ios;
}

void WINAPI T(ios_dtor)(struct T(ios) * ios)
{
    ios->base.vftable = T(ios_vftable);
    ios_base_dtor(&ios->base);
}

struct T(ios) * WINAPI T(ios_delete)(struct T(ios) * ios, unsigned flags)
{
    T(ios_dtor)(ios);
    if (flags & 1)
        crt_free(ios);
    return ios;
}

struct T(ios) * WINAPI T(ios_copyfmt)(struct T(ios) * to, const struct T(ios) * from)
{
    to->tie = from->tie;
    to->fill = from->fill;
    ios_base_copyfmt(&to->base, &from->base);
    return to;
}

E WINAPI T(ios_fill)(const struct T(ios) * ios)
{
    return ios->fill;
}

E WINAPI T(ios_fill_elem)(struct T(ios) * ios, E fill)
{
    E old = ios->fill;
    ios->fill = fill;
    return old;
}

struct T(streambuf) * WINAPI T(ios_rdbuf)(const struct T(ios) * ios)
{
    return ios->buffer;
}

struct T(streambuf) * WINAPI T(ios_rdbuf_streambuf)(struct T(ios) * ios, struct T(streambuf) * sb)
{
    struct T(streambuf) *old = ios->buffer;
    ios->buffer = sb;
    T(ios_clear_int_bool)(ios, 0, false);
    return old;
}

void WINAPI T(ios_set_rdbuf)(struct T(ios) * ios, struct T(streambuf) * sb)
{
    ios->buffer = sb;
}

struct T(ostream) * WINAPI T(ios_tie)(const struct T(ios) * ios)
{
    return ios->tie;
}

struct T(ostream) * WINAPI T(ios_tie_ostream)(struct T(ios) * ios, struct T(ostream) * tie)
{
    struct T(ostream) *old = ios->tie;
    ios->tie = tie;
    return old;
}

struct locale *WINAPI T(ios_imbue)(struct T(ios) * ios, struct locale *result, const struct locale *locale)
{
    struct locale old;

    ios_base_imbue(&ios->base, result, locale);
    if (ios->buffer) {
        T(streambuf_pubimbue)(ios->buffer, &old, locale);
        locale_free(&old);
    }
    return result;
}

void WINAPI T(ios_swap)(struct T(ios) * a, struct T(ios) * b)
{
    if (a == b)
        return;
    ios_base_swap(&a->base, &b->base);
    E fill = a->fill;
    struct T(ostream) *tie = a->tie;
    a->fill = b->fill;
    a->tie = b->tie;
    b->fill = fill;
    b->tie = tie;
}

/* Buffers do not move: the derived classes own them. */
void WINAPI T(ios_move)(struct T(ios) * to, struct T(ios) * from)
{
    if (to == from)
        return;
    to->buffer = NULL;
    to->tie = NULL;
    T(ios_swap)(to, from);
}
