/*
 * streambuf.h: std::basic_streambuf, as a template (see basic.h).
 */

static inline int64_t T(get_available)(const struct T(streambuf) * sb)
{
    return *sb->get_next_at ? *sb->get_count_at : 0;
}

static inline int64_t T(put_available)(const struct T(streambuf) * sb)
{
    return *sb->put_next_at ? *sb->put_count_at : 0;
}

static INT T(call)(struct T(streambuf) * sb, int slot, ULONG_PTR argument)
{
    return (INT)VIRTUAL(sb, slot, argument, 0, 0);
}

/* --- the areas -----------------------------------------------------------------------------------------------------
 */

E *WINAPI T(streambuf_eback)(const struct T(streambuf) * sb)
{
    return *sb->get_first_at;
}

E *WINAPI T(streambuf_gptr)(const struct T(streambuf) * sb)
{
    return *sb->get_next_at;
}

E *WINAPI T(streambuf_egptr)(const struct T(streambuf) * sb)
{
    return *sb->get_next_at + *sb->get_count_at;
}

E *WINAPI T(streambuf_pbase)(const struct T(streambuf) * sb)
{
    return *sb->put_first_at;
}

E *WINAPI T(streambuf_pptr)(const struct T(streambuf) * sb)
{
    return *sb->put_next_at;
}

E *WINAPI T(streambuf_epptr)(const struct T(streambuf) * sb)
{
    return *sb->put_next_at + *sb->put_count_at;
}

void WINAPI T(streambuf_gbump)(struct T(streambuf) * sb, int count)
{
    *sb->get_count_at -= count;
    *sb->get_next_at += count;
}

void WINAPI T(streambuf_pbump)(struct T(streambuf) * sb, int count)
{
    *sb->put_count_at -= count;
    *sb->put_next_at += count;
}

void WINAPI T(streambuf_setg)(struct T(streambuf) * sb, E *first, E *next, E *last)
{
    *sb->get_first_at = first;
    *sb->get_next_at = next;
    *sb->get_count_at = (int)(last - next);
}

void WINAPI T(streambuf_setp_next)(struct T(streambuf) * sb, E *first, E *next, E *last)
{
    *sb->put_first_at = first;
    *sb->put_next_at = next;
    *sb->put_count_at = (int)(last - next);
}

void WINAPI T(streambuf_setp)(struct T(streambuf) * sb, E *first, E *last)
{
    T(streambuf_setp_next)(sb, first, first, last);
}

E *WINAPI T(streambuf_gndec)(struct T(streambuf) * sb)
{
    ++*sb->get_count_at;
    return --*sb->get_next_at;
}

E *WINAPI T(streambuf_gninc)(struct T(streambuf) * sb)
{
    --*sb->get_count_at;
    return (*sb->get_next_at)++;
}

E *WINAPI T(streambuf_gnpreinc)(struct T(streambuf) * sb)
{
    --*sb->get_count_at;
    return ++*sb->get_next_at;
}

int64_t WINAPI T(streambuf_gnavail)(const struct T(streambuf) * sb)
{
    return T(get_available)(sb);
}

E *WINAPI T(streambuf_pninc)(struct T(streambuf) * sb)
{
    --*sb->put_count_at;
    return (*sb->put_next_at)++;
}

int64_t WINAPI T(streambuf_pnavail)(const struct T(streambuf) * sb)
{
    return T(put_available)(sb);
}

/* The areas are the object's own ... */
void WINAPI T(streambuf_init)(struct T(streambuf) * sb)
{
    sb->get_first_at = &sb->get_first;
    sb->put_first_at = &sb->put_first;
    sb->get_next_at = &sb->get_next;
    sb->put_next_at = &sb->put_next;
    sb->get_count_at = &sb->get_count;
    sb->put_count_at = &sb->put_count;
    T(streambuf_setp)(sb, NULL, NULL);
    T(streambuf_setg)(sb, NULL, NULL, NULL);
}

/* ... or somebody else's, such as a FILE's. */
void WINAPI T(streambuf_init_areas)(struct T(streambuf) * sb, E **get_first, E **get_next, int *get_count,
                                    E **put_first, E **put_next, int *put_count)
{
    sb->get_first_at = get_first;
    sb->put_first_at = put_first;
    sb->get_next_at = get_next;
    sb->put_next_at = put_next;
    sb->get_count_at = get_count;
    sb->put_count_at = put_count;
}

/* --- construction --------------------------------------------------------------------------------------------------
 */

struct T(streambuf) * WINAPI T(streambuf_ctor)(struct T(streambuf) * sb)
{
    sb->vftable = T(streambuf_vftable);
    sb->locale = locale_new();
    T(streambuf_init)(sb);
    return sb;
}

/* For objects that were constructed before main and must not be disturbed. */
struct T(streambuf) * WINAPI T(streambuf_ctor_uninitialized)(struct T(streambuf) * sb, int uninitialized)
{
    (void)uninitialized;
    sb->vftable = T(streambuf_vftable);
    return sb;
}

static void T(copy_areas)(struct T(streambuf) * to, const struct T(streambuf) * from)
{
    T(streambuf_setp_next)(to, *from->put_first_at, *from->put_next_at, *from->put_next_at + *from->put_count_at);
    T(streambuf_setg)(to, *from->get_first_at, *from->get_next_at, *from->get_next_at + *from->get_count_at);
}

struct T(streambuf) * WINAPI T(streambuf_ctor_copy)(struct T(streambuf) * sb, const struct T(streambuf) * from)
{
    sb->vftable = T(streambuf_vftable);
    sb->locale = locale_new_copy(from->locale);
    T(streambuf_init)(sb);
    T(copy_areas)(sb, from);
    return sb;
}

struct T(streambuf) * WINAPI T(streambuf_assign)(struct T(streambuf) * sb, const struct T(streambuf) * from)
{
    struct locale old;

    if (sb == from)
        return sb;
    T(copy_areas)(sb, from);
    T(streambuf_pubimbue)(sb, &old, from->locale);
    locale_free(&old);
    return sb;
}

void WINAPI T(streambuf_swap)(struct T(streambuf) * a, struct T(streambuf) * b)
{
    struct T(streambuf) old;

    if (a == b)
        return;
    old = (struct T(streambuf)){0};
    T(streambuf_init)(&old);
    T(copy_areas)(&old, a);
    T(copy_areas)(a, b);
    T(copy_areas)(b, &old);
    struct locale *locale = a->locale;
    a->locale = b->locale;
    b->locale = locale;
}

void WINAPI T(streambuf_dtor)(struct T(streambuf) * sb)
{
    sb->vftable = T(streambuf_vftable);
    locale_delete(sb->locale);
    sb->locale = NULL;
}

struct T(streambuf) * WINAPI T(streambuf_delete)(struct T(streambuf) * sb, unsigned flags)
{
    T(streambuf_dtor)(sb);
    if (flags & 1)
        crt_free(sb);
    return sb;
}

/* --- what programs call --------------------------------------------------------------------------------------------
 */

INT WINAPI T(streambuf_sgetc)(struct T(streambuf) * sb)
{
    return T(get_available)(sb) > 0 ? TO_INT(**sb->get_next_at) : T(call)(sb, SB_UNDERFLOW, 0);
}

INT WINAPI T(streambuf_sbumpc)(struct T(streambuf) * sb)
{
    return T(get_available)(sb) > 0 ? TO_INT(*T(streambuf_gninc)(sb)) : T(call)(sb, SB_UFLOW, 0);
}

INT WINAPI T(streambuf_snextc)(struct T(streambuf) * sb)
{
    if (T(get_available)(sb) > 1)
        return TO_INT(*T(streambuf_gnpreinc)(sb));
    return T(streambuf_sbumpc)(sb) == E_EOF ? E_EOF : T(streambuf_sgetc)(sb);
}

static bool T(can_go_back)(const struct T(streambuf) * sb)
{
    return *sb->get_next_at && *sb->get_first_at < *sb->get_next_at;
}

INT WINAPI T(streambuf_sputbackc)(struct T(streambuf) * sb, E c)
{
    if (T(can_go_back)(sb) && (*sb->get_next_at)[-1] == c)
        return TO_INT(*T(streambuf_gndec)(sb));
    return T(call)(sb, SB_PBACKFAIL, (ULONG_PTR)TO_INT(c));
}

INT WINAPI T(streambuf_sungetc)(struct T(streambuf) * sb)
{
    if (T(can_go_back)(sb))
        return TO_INT(*T(streambuf_gndec)(sb));
    return T(call)(sb, SB_PBACKFAIL, (ULONG_PTR)E_EOF);
}

void WINAPI T(streambuf_stossc)(struct T(streambuf) * sb)
{
    T(streambuf_sbumpc)(sb);
}

int64_t WINAPI T(streambuf_in_avail)(struct T(streambuf) * sb)
{
    int64_t available = T(get_available)(sb);
    return available > 0 ? available : (int64_t)VIRTUAL(sb, SB_SHOWMANYC, 0, 0, 0);
}

INT WINAPI T(streambuf_sputc)(struct T(streambuf) * sb, E c)
{
    if (T(put_available)(sb) > 0)
        return TO_INT(*T(streambuf_pninc)(sb) = c);
    return T(call)(sb, SB_OVERFLOW, (ULONG_PTR)TO_INT(c));
}

int64_t WINAPI T(streambuf_sgetn)(struct T(streambuf) * sb, E *text, int64_t count)
{
    return (int64_t)VIRTUAL(sb, SB_XSGETN, text, count, 0);
}

int64_t WINAPI T(streambuf_sputn)(struct T(streambuf) * sb, const E *text, int64_t count)
{
    return (int64_t)VIRTUAL(sb, SB_XSPUTN, text, count, 0);
}

struct T(streambuf) * WINAPI T(streambuf_pubsetbuf)(struct T(streambuf) * sb, E *buffer, int64_t size)
{
    return (struct T(streambuf) *)VIRTUAL(sb, SB_SETBUF, buffer, size, 0);
}

int WINAPI T(streambuf_pubsync)(struct T(streambuf) * sb)
{
    return (int)VIRTUAL(sb, SB_SYNC, 0, 0, 0);
}

struct fpos *WINAPI T(streambuf_pubseekoff)(struct T(streambuf) * sb, struct fpos *result, streamoff offset, int way,
                                            int which)
{
    VIRTUAL_N(sb, SB_SEEKOFF, GUEST(result), GUEST(offset), (ULONG_PTR)way, (ULONG_PTR)which);
    return result;
}

struct fpos *WINAPI T(streambuf_pubseekpos)(struct T(streambuf) * sb, struct fpos *result, const struct fpos *position,
                                            int which)
{
    struct fpos copy = *position;

    VIRTUAL(sb, SB_SEEKPOS, result, &copy, which);
    return result;
}

struct locale *WINAPI T(streambuf_getloc)(const struct T(streambuf) * sb, struct locale *result)
{
    locale_copy(result, sb->locale);
    return result;
}

struct locale *WINAPI T(streambuf_pubimbue)(struct T(streambuf) * sb, struct locale *result, const struct locale *to)
{
    *result = *sb->locale; /* its reference moves */
    locale_copy(sb->locale, to);
    VIRTUAL(sb, SB_IMBUE, to, 0, 0);
    return result;
}

/* --- what derived classes override ---------------------------------------------------------------------------------
 */

void WINAPI T(streambuf_lock)(struct T(streambuf) * sb)
{
    (void)sb;
}

void WINAPI T(streambuf_unlock)(struct T(streambuf) * sb)
{
    (void)sb;
}

INT WINAPI T(streambuf_overflow)(struct T(streambuf) * sb, INT c)
{
    (void)sb, (void)c;
    return E_EOF;
}

INT WINAPI T(streambuf_pbackfail)(struct T(streambuf) * sb, INT c)
{
    (void)sb, (void)c;
    return E_EOF;
}

int64_t WINAPI T(streambuf_showmanyc)(struct T(streambuf) * sb)
{
    (void)sb;
    return 0;
}

INT WINAPI T(streambuf_underflow)(struct T(streambuf) * sb)
{
    (void)sb;
    return E_EOF;
}

INT WINAPI T(streambuf_uflow)(struct T(streambuf) * sb)
{
    return T(call)(sb, SB_UNDERFLOW, 0) == E_EOF ? E_EOF : TO_INT(*T(streambuf_gninc)(sb));
}

int64_t WINAPI T(streambuf_xsgetn)(struct T(streambuf) * sb, E *text, int64_t count)
{
    int64_t done = 0;

    while (done < count) {
        int64_t run = T(get_available)(sb);
        if (run > 0) {
            if (run > count - done)
                run = count - done;
            memcpy(text + done, *sb->get_next_at, (size_t)run * sizeof(E));
            T(streambuf_gbump)(sb, (int)run);
            done += run;
        } else {
            INT c = T(call)(sb, SB_UFLOW, 0);
            if (c == E_EOF)
                break;
            text[done++] = (E)c;
        }
    }
    return done;
}

int64_t WINAPI T(streambuf_xsputn)(struct T(streambuf) * sb, const E *text, int64_t count)
{
    int64_t done = 0;

    while (done < count) {
        int64_t run = T(put_available)(sb);
        if (run > 0) {
            if (run > count - done)
                run = count - done;
            memcpy(*sb->put_next_at, text + done, (size_t)run * sizeof(E));
            T(streambuf_pbump)(sb, (int)run);
            done += run;
        } else {
            if (T(call)(sb, SB_OVERFLOW, (ULONG_PTR)TO_INT(text[done])) == E_EOF)
                break;
            done++;
        }
    }
    return done;
}

struct fpos *WINAPI T(streambuf_seekoff)(struct T(streambuf) * sb, struct fpos *result, streamoff offset, int way,
                                         int which)
{
    (void)sb, (void)offset, (void)way, (void)which;
    return fpos_set(result, -1);
}

struct fpos *WINAPI T(streambuf_seekpos)(struct T(streambuf) * sb, struct fpos *result, const struct fpos *position,
                                         int which)
{
    (void)sb, (void)position, (void)which;
    return fpos_set(result, -1);
}

struct T(streambuf) * WINAPI T(streambuf_setbuf)(struct T(streambuf) * sb, E *buffer, int64_t size)
{
    (void)buffer, (void)size;
    return sb;
}

int WINAPI T(streambuf_sync)(struct T(streambuf) * sb)
{
    (void)sb;
    return 0;
}

void WINAPI T(streambuf_imbue)(struct T(streambuf) * sb, const struct locale *locale)
{
    (void)sb, (void)locale;
}
