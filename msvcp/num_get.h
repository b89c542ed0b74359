/*
 * num_get.h: the facet num_get: numbers from text, as a template (see basic.h).
 *
 * Characters that can belong to the number are collected as plain text, which the C runtime then converts.
 */

#define NUM_GET_CLASS(suffix) FACET_CLASS(num_get, suffix, facet, LC_NUMERIC_, FACET_NOTHING, FACET_NOTHING)
NUM_GET_CLASS(SUFFIX);

#define INTEGER_SIZE 32 /* digits kept of an integer: more are out of range anyway */
#define REAL_SIZE 800   /* digits kept of a real number: enough to round correctly */
#define FIELD_SIZE (REAL_SIZE + 32)

/* --- iterators -----------------------------------------------------------------------------------------------------
 */

/* The character, or E_EOF; then the iterator is at the end. */
static INT T(iterator_peek)(struct T(istreambuf_iterator) * it)
{
    if (!it->buffer)
        return E_EOF;
    if (!it->got) {
        INT c = T(streambuf_sgetc)(it->buffer);
        if (c == E_EOF) {
            it->buffer = NULL;
            return E_EOF;
        }
        it->value = (E)c;
        it->got = true;
    }
    return TO_INT(it->value);
}

static void T(iterator_next)(struct T(istreambuf_iterator) * it)
{
    if (it->buffer && T(streambuf_sbumpc)(it->buffer) == E_EOF)
        it->buffer = NULL;
    it->got = false;
}

/* The sequence ends with the input, or where `last` stands. */
static INT T(sequence_peek)(struct T(istreambuf_iterator) * first, struct T(istreambuf_iterator) * last)
{
    if (last->buffer && last->buffer == first->buffer)
        return E_EOF;
    return T(iterator_peek)(first);
}

/* A character as plain text, or 0. */
static char T(plain)(INT c)
{
    return c != E_EOF && c < 0x80 ? (char)c : 0;
}

/* --- separators ----------------------------------------------------------------------------------------------------
 */

/* Sizes of the groups between separators, first to last. */
struct T(groups) {
    unsigned char sizes[64];
    int count; /* separators seen */
};

static void T(groups_digit)(struct T(groups) * groups)
{
    if (groups->count < 64 && groups->sizes[groups->count] < CHAR_MAX)
        groups->sizes[groups->count]++;
}

/* False: an empty group. */
static bool T(groups_separator)(struct T(groups) * groups)
{
    if (groups->count >= 63 || !groups->sizes[groups->count])
        return false;
    groups->sizes[++groups->count] = 0;
    return true;
}

static bool T(groups_valid)(const struct T(groups) * groups, const char *grouping)
{
    if (!groups->count)
        return true;
    for (int i = groups->count; i > 0; i--) {
        if (*grouping == CHAR_MAX || *grouping <= 0)
            return true;
        if (groups->sizes[i] != *grouping)
            return false;
        if (grouping[1])
            grouping++;
    }
    return *grouping == CHAR_MAX || *grouping <= 0 || groups->sizes[0] <= *grouping;
}

/* --- integers ------------------------------------------------------------------------------------------------------
 */

struct T(reader) {
    struct T(istreambuf_iterator) * first, *last;
    const struct facet *punct;
    struct std_string grouping;
    struct T(groups) groups;
    E separator; /* 0: none */
    char *text;  /* where the next character goes */
};

static void T(reader_begin)(struct T(reader) * r, struct T(istreambuf_iterator) * first,
                            struct T(istreambuf_iterator) * last, const struct locale *locale, char *text)
{
    *r = (struct T(reader)){.first = first, .last = last, .text = text};
    r->punct = locale_facet(locale, &T(numpunct_class));
    T(punct_grouping)(r->punct, &r->grouping);
    const char *grouping = string_text(&r->grouping);
    if (*grouping > 0 && *grouping != CHAR_MAX)
        r->separator = T(punct_separator)(r->punct);
}

/* Returns whether the separators stood where they should. */
static bool T(reader_end)(struct T(reader) * r)
{
    bool valid = T(groups_valid)(&r->groups, string_text(&r->grouping));

    string_free(&r->grouping);
    *r->text = 0;
    return valid;
}

static INT T(reader_peek)(struct T(reader) * r)
{
    return T(sequence_peek)(r->first, r->last);
}

static void T(reader_sign)(struct T(reader) * r)
{
    char c = T(plain)(T(reader_peek)(r));

    if (c == '+' || c == '-') {
        *r->text++ = c;
        T(iterator_next)(r->first);
    }
}

static int T(digit_value)(INT c)
{
    char plain = T(plain)(c);

    if (plain >= '0' && plain <= '9')
        return plain - '0';
    plain |= 32;
    return plain >= 'a' && plain <= 'f' ? plain - 'a' + 10 : 99;
}

/* Collects an integer in `text`; the result is the base for strtol, and *valid whether there are digits. */
static int T(get_integer)(char *text, struct T(istreambuf_iterator) * first, struct T(istreambuf_iterator) * last,
                          int flags, const struct locale *locale, bool *valid)
{
    struct T(reader) r;
    int base_flags = flags & FMT_BASE;
    int base = base_flags == FMT_OCT ? 8 : base_flags == FMT_HEX ? 16 : base_flags ? 10 : 0;
    bool digits = false, broken = false, significant = false;
    char *end = text + INTEGER_SIZE;

    T(reader_begin)(&r, first, last, locale, text);
    T(reader_sign)(&r);
    if (T(plain)(T(reader_peek)(&r)) == '0' && (base == 0 || base == 16)) {
        digits = true;
        T(iterator_next)(first);
        if ((T(plain)(T(reader_peek)(&r)) | 32) == 'x') {
            T(iterator_next)(first);
            digits = false;
            base = 16;
        } else {
            T(groups_digit)(&r.groups);
            base = base ? base : 8;
        }
    }
    if (!base)
        base = 10;
    for (INT c; (c = T(reader_peek)(&r)) != E_EOF; T(iterator_next)(first)) {
        if (T(digit_value)(c) < base) {
            T(groups_digit)(&r.groups);
            digits = true;
            significant |= T(digit_value)(c) != 0;
            if (significant && r.text < end)
                *r.text++ = T(plain)(c);
        } else if (r.separator && c == TO_INT(r.separator)) {
            if (!T(groups_separator)(&r.groups)) {
                broken = true;
                break;
            }
        } else {
            break;
        }
    }
    if (digits && !significant)
        *r.text++ = '0';
    *valid = T(reader_end)(&r) && digits && !broken;
    if (!digits)
        *text = 0;
    return base;
}

/* As older headers' inline code calls it: what is not valid is empty. */
int WINAPI T(num_get_getifld)(const struct facet *facet, char *text, struct T(istreambuf_iterator) * first,
                              struct T(istreambuf_iterator) * last, int flags, const struct locale *locale)
{
    bool valid;
    int base = T(get_integer)(text, first, last, flags, locale, &valid);

    (void)facet;
    if (!valid)
        *text = 0;
    return base;
}

/* Reads an integer; `range` clamps it.  State bits. */
static int T(read_integer)(struct T(istreambuf_iterator) * first, struct T(istreambuf_iterator) * last, int flags,
                           const struct locale *locale, uint64_t *magnitude, bool *negative, bool *overflow)
{
    char text[INTEGER_SIZE + 8], *end;
    bool valid;
    int base = T(get_integer)(text, first, last, flags, locale, &valid);
    int state = T(sequence_peek)(first, last) == E_EOF ? IOS_EOF : 0;

    const char *digits = *text == '+' || *text == '-' ? text + 1 : text;
    int error = *_errno();
    *_errno() = 0;
    *negative = *text == '-';
    *magnitude = *digits ? _strtoui64(digits, &end, base) : 0;
    *overflow = *_errno() == CRT_ERANGE;
    *_errno() = error;
    return valid ? state : state | IOS_FAIL;
}

static int T(get_signed)(struct T(istreambuf_iterator) * first, struct T(istreambuf_iterator) * last,
                         struct ios_base *ios, int flags, uint64_t highest, int64_t *value)
{
    uint64_t magnitude;
    bool negative, overflow;
    int state = T(read_integer)(first, last, flags, ios->locale, &magnitude, &negative, &overflow);

    if (overflow || magnitude > highest + negative) {
        magnitude = highest + negative;
        state |= IOS_FAIL;
    }
    *value = negative ? (int64_t)(0 - magnitude) : (int64_t)magnitude;
    return state;
}

/* A minus sign wraps around, as strtoul's does. */
static int T(get_unsigned)(struct T(istreambuf_iterator) * first, struct T(istreambuf_iterator) * last,
                           struct ios_base *ios, int flags, uint64_t highest, uint64_t *value)
{
    uint64_t magnitude;
    bool negative, overflow;
    int state = T(read_integer)(first, last, flags, ios->locale, &magnitude, &negative, &overflow);

    if (overflow || magnitude > highest) {
        *value = highest;
        return state | IOS_FAIL;
    }
    *value = negative ? (0 - magnitude) & highest : magnitude;
    return state;
}

#define NUM_GET_ARGUMENTS                                                                                              \
    const struct facet *facet, struct T(istreambuf_iterator) * result, struct T(istreambuf_iterator) * first,          \
        struct T(istreambuf_iterator) * last, struct ios_base *ios, int *state
#define NUM_GET_DO(name) struct T(istreambuf_iterator) * WINAPI T(num_get_do_get_##name)

static struct T(istreambuf_iterator) * T(get_done)(struct T(istreambuf_iterator) * result,
                                                   const struct T(istreambuf_iterator) * first, int *state, int got)
{
    *state |= got;
    *result = *first;
    return result;
}

#define NUM_GET_SIGNED(name, type, highest)                                                                            \
    NUM_GET_DO(name)(NUM_GET_ARGUMENTS, type * value)                                                                  \
    {                                                                                                                  \
        int64_t wide;                                                                                                  \
        (void)facet;                                                                                                   \
        int got = T(get_signed)(first, last, ios, ios->flags, highest, &wide);                                         \
        *value = (type)wide;                                                                                           \
        return T(get_done)(result, first, state, got);                                                                 \
    }
#define NUM_GET_UNSIGNED(name, type, highest)                                                                          \
    NUM_GET_DO(name)(NUM_GET_ARGUMENTS, type * value)                                                                  \
    {                                                                                                                  \
        uint64_t wide;                                                                                                 \
        (void)facet;                                                                                                   \
        int got = T(get_unsigned)(first, last, ios, ios->flags, highest, &wide);                                       \
        *value = (type)wide;                                                                                           \
        return T(get_done)(result, first, state, got);                                                                 \
    }

NUM_GET_SIGNED(long, LONG, INT_MAX)
NUM_GET_SIGNED(i64, int64_t, INT64_MAX)
NUM_GET_UNSIGNED(ushort, unsigned short, USHRT_MAX)
NUM_GET_UNSIGNED(uint, unsigned, UINT_MAX)
NUM_GET_UNSIGNED(ulong, ULONG, UINT_MAX)
NUM_GET_UNSIGNED(u64, uint64_t, UINT64_MAX)
#undef NUM_GET_SIGNED
#undef NUM_GET_UNSIGNED

NUM_GET_DO(ptr)(NUM_GET_ARGUMENTS, void **value)
{
    uint64_t wide;

    (void)facet;
    int got = T(get_unsigned)(first, last, ios, (ios->flags & ~FMT_BASE) | FMT_HEX, UINT64_MAX, &wide);
    *value = (void *)wide;
    return T(get_done)(result, first, state, got);
}

/* Matches one of the two names; 0, 1, or -1. */
static int T(match_name)(struct T(istreambuf_iterator) * first, struct T(istreambuf_iterator) * last, const E *names[2])
{
    bool alive[2] = {true, true};
    int done = -1;

    for (size_t i = 0;; i++) {
        for (int n = 0; n < 2; n++)
            if (alive[n] && !names[n][i]) {
                done = n;
                alive[n] = false;
            }
        INT c = alive[0] || alive[1] ? T(sequence_peek)(first, last) : E_EOF;
        bool any = false;
        for (int n = 0; n < 2; n++) {
            alive[n] = alive[n] && c != E_EOF && names[n][i] == (E)c;
            any |= alive[n];
        }
        if (!any)
            return done;
        done = -1;
        T(iterator_next)(first);
    }
}

NUM_GET_DO(bool)(NUM_GET_ARGUMENTS, bool *value)
{
    int got, answer;

    (void)facet;
    if (ios->flags & FMT_BOOLALPHA) {
        const struct facet *punct = locale_facet(ios->locale, &T(numpunct_class));
        struct std_string no, yes;
        T(punct_name)(punct, false, &no);
        T(punct_name)(punct, true, &yes);
        answer = T(match_name)(first, last, (const E *[2]){STRING_TEXT(&no), STRING_TEXT(&yes)});
        STRING_FREE(&no);
        STRING_FREE(&yes);
        got = answer < 0 ? IOS_FAIL : 0;
        got |= T(sequence_peek)(first, last) == E_EOF ? IOS_EOF : 0;
        *value = answer == 1;
    } else {
        int64_t wide;
        got = T(get_signed)(first, last, ios, ios->flags, INT_MAX, &wide);
        *value = wide != 0;
        if (wide != 0 && wide != 1)
            got |= IOS_FAIL;
    }
    return T(get_done)(result, first, state, got);
}

/* --- real numbers --------------------------------------------------------------------------------------------------
 */

/* Collects the digits before or behind the point; *scale: digits left out (before) or moved (behind). */
struct T(digits) {
    int kept, base;
    bool seen, significant, sticky; /* sticky: a digit that was left out is not 0 */
    int64_t scale;
};

static void T(digits_add)(struct T(digits) * d, struct T(reader) * r, INT c, bool fraction)
{
    int value = T(digit_value)(c);

    d->seen = true;
    d->significant |= value != 0;
    if (!d->significant) {
        d->scale -= fraction;
    } else if (d->kept < REAL_SIZE) {
        *r->text++ = T(plain)(c);
        d->kept++;
        d->scale -= fraction;
    } else {
        d->sticky |= value != 0;
        d->scale += !fraction;
    }
}

/* The field as "-DIGITSe-SCALE" (or with 0x and p); returns whether it is a number. */
static bool T(get_real)(char *text, struct T(istreambuf_iterator) * first, struct T(istreambuf_iterator) * last,
                        struct ios_base *ios)
{
    struct T(reader) r;
    struct T(digits) d = {.base = 10};
    int64_t exponent = 0;
    bool broken = false, exponent_valid = true;

    T(reader_begin)(&r, first, last, ios->locale, text);
    T(reader_sign)(&r);
    if (T(plain)(T(reader_peek)(&r)) == '0') {
        T(iterator_next)(first);
        if ((ios->flags & FMT_FLOAT) == FMT_FLOAT && (T(plain)(T(reader_peek)(&r)) | 32) == 'x') {
            T(iterator_next)(first);
            *r.text++ = '0';
            *r.text++ = 'x';
            d.base = 16;
        } else {
            T(groups_digit)(&r.groups);
            d.seen = true;
        }
    }
    for (INT c; (c = T(reader_peek)(&r)) != E_EOF && !broken; T(iterator_next)(first)) {
        if (T(digit_value)(c) < d.base) {
            T(groups_digit)(&r.groups);
            T(digits_add)(&d, &r, c, false);
        } else if (r.separator && c == TO_INT(r.separator)) {
            broken = !T(groups_separator)(&r.groups);
        } else {
            break;
        }
    }
    INT c = T(reader_peek)(&r);
    if (c != E_EOF && (E)c == T(punct_point)(r.punct)) {
        T(iterator_next)(first);
        for (; (c = T(reader_peek)(&r)) != E_EOF && T(digit_value)(c) < d.base; T(iterator_next)(first))
            T(digits_add)(&d, &r, c, true);
    }
    if (!d.kept)
        *r.text++ = '0';
    else if (d.sticky) {
        *r.text++ = '1';
        d.scale -= 1;
    }
    if (d.seen && (T(plain)(T(reader_peek)(&r)) | 32) == (d.base == 16 ? 'p' : 'e')) {
        T(iterator_next)(first);
        char sign = T(plain)(T(reader_peek)(&r));
        if (sign == '+' || sign == '-')
            T(iterator_next)(first);
        exponent_valid = false;
        for (; (c = T(reader_peek)(&r)) != E_EOF && T(digit_value)(c) < 10; T(iterator_next)(first)) {
            exponent_valid = true;
            if (exponent < 1000000)
                exponent = exponent * 10 + T(digit_value)(c);
        }
        exponent = sign == '-' ? -exponent : exponent;
    }
    bool valid = T(reader_end)(&r) && d.seen && !broken && exponent_valid;
    exponent += d.base == 16 ? 4 * d.scale : d.scale;
    if (!d.significant)
        exponent = 0;
    msvcp_format(r.text, 24, d.base == 16 ? "p%I64d" : "e%I64d", exponent);
    return valid;
}

/* As older headers' inline code calls them: the text, and a decimal exponent to add (there is none left). */
int WINAPI T(num_get_getffld)(const struct facet *facet, char *text, struct T(istreambuf_iterator) * first,
                              struct T(istreambuf_iterator) * last, struct ios_base *ios, int *significant)
{
    (void)facet;
    if (!T(get_real)(text, first, last, ios))
        *text = 0;
    if (significant)
        *significant = 0;
    return 0;
}

static int T(read_real)(struct T(istreambuf_iterator) * first, struct T(istreambuf_iterator) * last,
                        struct ios_base *ios, bool single, double *value)
{
    char text[FIELD_SIZE + 32], *end;
    bool valid = T(get_real)(text, first, last, ios);
    int state = T(sequence_peek)(first, last) == E_EOF ? IOS_EOF : 0;
    int error = *_errno();

    if (!valid) {
        *value = 0;
        return state | IOS_FAIL;
    }
    *_errno() = 0;
    *value = single ? crt_strtof(text, &end) : crt_strtod(text, &end);
    if (*_errno() == CRT_ERANGE && !(*value > -1 && *value < 1 && *value != 0)) { /* what is denormal is in range */
        *value = 0;
        state |= IOS_FAIL;
    }
    *_errno() = error;
    return state;
}

NUM_GET_DO(float)(NUM_GET_ARGUMENTS, float *value)
{
    double wide;

    (void)facet;
    int got = T(read_real)(first, last, ios, true, &wide);
    *value = (float)wide;
    return T(get_done)(result, first, state, got);
}

NUM_GET_DO(double)(NUM_GET_ARGUMENTS, double *value)
{
    (void)facet;
    int got = T(read_real)(first, last, ios, false, value);
    return T(get_done)(result, first, state, got);
}

NUM_GET_DO(ldouble)(NUM_GET_ARGUMENTS, double *value)
{
    return T(num_get_do_get_double)(facet, result, first, last, ios, state, value);
}

/* --- the public functions ------------------------------------------------------------------------------------------
 */

#define NUM_GET_PUBLIC(name, slot)                                                                                     \
    struct T(istreambuf_iterator) * WINAPI T(num_get_get_##name)(NUM_GET_ARGUMENTS, void *value)                       \
    {                                                                                                                  \
        VIRTUAL_N(facet, slot, GUEST(result), GUEST(first), GUEST(last), GUEST(ios), GUEST(state), GUEST(value));      \
        return result;                                                                                                 \
    }

NUM_GET_PUBLIC(ptr, 3)
NUM_GET_PUBLIC(ldouble, 4)
NUM_GET_PUBLIC(double, 5)
NUM_GET_PUBLIC(float, 6)
NUM_GET_PUBLIC(u64, 7)
NUM_GET_PUBLIC(i64, 8)
NUM_GET_PUBLIC(ulong, 9)
NUM_GET_PUBLIC(long, 10)
NUM_GET_PUBLIC(uint, 11)
NUM_GET_PUBLIC(ushort, 12)
NUM_GET_PUBLIC(bool, 13)
#undef NUM_GET_PUBLIC
