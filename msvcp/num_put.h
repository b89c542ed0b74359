/*
 * num_put.h: the facet num_put: numbers as text, as a template (see basic.h).
 *
 * A number is formatted by the C runtime's printf; then the locale's point, separators and padding are put in.
 */

#define NUM_PUT_CLASS(suffix) FACET_CLASS(num_put, suffix, facet, LC_NUMERIC_, FACET_NOTHING, FACET_NOTHING)
NUM_PUT_CLASS(SUFFIX);

#define NUMBER_INSIDE 128 /* texts up to this size need no memory */

/* --- iterators -----------------------------------------------------------------------------------------------------
 */

struct T(ostreambuf_iterator) * WINAPI
    T(num_put_put_text)(const struct facet *facet, struct T(ostreambuf_iterator) * result,
                        struct T(ostreambuf_iterator) * to, const E *text, size_t count)
{
    (void)facet;
    if (!to->failed && count && T(streambuf_sputn)(to->buffer, text, (int64_t)count) != (int64_t)count)
        to->failed = true;
    *result = *to;
    return result;
}

struct T(ostreambuf_iterator) * WINAPI T(num_put_rep)(const struct facet *facet, struct T(ostreambuf_iterator) * result,
                                                      struct T(ostreambuf_iterator) * to, E c, size_t count)
{
    (void)facet;
    for (; count && !to->failed; count--)
        to->failed = T(streambuf_sputc)(to->buffer, c) == E_EOF;
    *result = *to;
    return result;
}

/* Writes text around which the width is filled; `prefix` of it stay left of internal fill. */
static void T(put_padded)(struct T(ostreambuf_iterator) * to, struct ios_base *ios, E fill, const E *text, size_t count,
                          size_t prefix)
{
    struct T(ostreambuf_iterator) end;
    int adjust = ios->flags & FMT_ADJUST;
    size_t padding = ios->width > 0 && (size_t)ios->width > count ? (size_t)ios->width - count : 0;

    if (adjust != FMT_INTERNAL)
        prefix = 0;
    if (adjust == FMT_INTERNAL)
        T(num_put_put_text)(NULL, &end, to, text, prefix);
    if (adjust != FMT_LEFT)
        T(num_put_rep)(NULL, &end, to, fill, padding);
    T(num_put_put_text)(NULL, &end, to, text + prefix, count - prefix);
    if (adjust == FMT_LEFT)
        T(num_put_rep)(NULL, &end, to, fill, padding);
    ios->width = 0;
}

/* --- the locale's marks --------------------------------------------------------------------------------------------
 */

/* Copies digits with separators; writes from the end.  Returns the beginning. */
static E *T(group_digits)(E *end, const char *digits, size_t count, const char *grouping, E separator)
{
    int group = *grouping, in_group = 0;

    while (count) {
        if (group > 0 && group != CHAR_MAX && in_group == group) {
            *--end = separator;
            in_group = 0;
            if (grouping[1])
                group = *++grouping;
        }
        *--end = (E)digits[--count];
        in_group++;
    }
    return end;
}

/* Length of a sign, "0x", or both. */
static size_t T(prefix_length)(const char *text, size_t count)
{
    size_t prefix = count && (*text == '+' || *text == '-');

    if (count >= prefix + 2 && text[prefix] == '0' && (text[prefix + 1] | 32) == 'x')
        prefix += 2;
    return prefix;
}

static struct T(ostreambuf_iterator) * T(put_number)(struct T(ostreambuf_iterator) * result,
                                                     struct T(ostreambuf_iterator) * to, struct ios_base *ios, E fill,
                                                     const char *text, size_t count)
{
    const struct facet *punct = locale_facet(ios->locale, &T(numpunct_class));
    size_t prefix = T(prefix_length)(text, count), digits = 0;
    struct std_string grouping;
    E inside[2 * NUMBER_INSIDE], *buffer = count <= NUMBER_INSIDE ? inside : msvcp_new(2 * count * sizeof(E));

    while (prefix + digits < count && text[prefix + digits] >= '0' && text[prefix + digits] <= '9')
        digits++;
    T(punct_grouping)(punct, &grouping);
    const char *groups = string_text(&grouping);
    E separator = *groups && *groups > 0 && *groups != CHAR_MAX ? T(punct_separator)(punct) : 0;
    if (!separator)
        groups = "";
    else /* hexadecimal digits belong to the number, too, unless it has a point or an exponent */
        while (prefix + digits < count && !memchr(text, '.', count) && (ios->flags & FMT_BASE) == FMT_HEX &&
               ((text[prefix + digits] | 32) >= 'a' && (text[prefix + digits] | 32) <= 'f'))
            digits++;
    E *middle = buffer + 2 * (prefix + digits), *next = middle;
    E *begin = T(group_digits)(middle, text + prefix, digits, groups, separator);
    for (size_t i = prefix; i > 0; i--)
        *--begin = (E)text[i - 1];
    for (size_t i = prefix + digits; i < count; i++)
        *next++ = text[i] == '.' ? T(punct_point)(punct) : (E)text[i];
    string_free(&grouping);
    T(put_padded)(to, ios, fill, begin, (size_t)(next - begin), prefix);
    if (buffer != inside)
        crt_free(buffer);
    *result = *to;
    return result;
}

/* --- formats -------------------------------------------------------------------------------------------------------
 */

/* "%+#I64x": what the flags say for an integer; `type` is that of decimal. */
char *WINAPI T(num_put_ifmt)(const struct facet *facet, char *format, const char *type, int flags)
{
    char *p = format;
    int base = flags & FMT_BASE;

    (void)facet;
    *p++ = '%';
    if (flags & FMT_SHOWPOS)
        *p++ = '+';
    if (flags & FMT_SHOWBASE)
        *p++ = '#';
    while (type[1])
        *p++ = *type++;
    *p++ = base == FMT_OCT ? 'o' : base != FMT_HEX ? *type : flags & FMT_UPPERCASE ? 'X' : 'x';
    *p = 0;
    return format;
}

/* "%+#.*Lf"; `type` is 0 or 'L'. */
char *WINAPI T(num_put_ffmt)(const struct facet *facet, char *format, char type, int flags)
{
    char *p = format;
    int notation = flags & FMT_FLOAT;
    bool upper = flags & FMT_UPPERCASE;

    (void)facet;
    *p++ = '%';
    if (flags & FMT_SHOWPOS)
        *p++ = '+';
    if (flags & FMT_SHOWPOINT)
        *p++ = '#';
    *p++ = '.';
    *p++ = '*';
    if (type)
        *p++ = type;
    *p++ = notation == FMT_FIXED        ? (upper ? 'F' : 'f')
           : notation == FMT_SCIENTIFIC ? (upper ? 'E' : 'e')
           : notation == FMT_FLOAT      ? (upper ? 'A' : 'a')
                                        : (upper ? 'G' : 'g');
    *p = 0;
    return format;
}

static struct T(ostreambuf_iterator) * T(put_integer)(struct T(ostreambuf_iterator) * result,
                                                      struct T(ostreambuf_iterator) * to, struct ios_base *ios, E fill,
                                                      const char *type, uint64_t value)
{
    char format[16], text[NUMBER_INSIDE];
    int count = msvcp_format(text, sizeof(text), T(num_put_ifmt)(NULL, format, type, ios->flags), value);

    return T(put_number)(result, to, ios, fill, text, count > 0 ? (size_t)count : 0);
}

#define NUM_PUT_INTEGER(name, type, format)                                                                            \
    struct T(ostreambuf_iterator) *                                                                                    \
        WINAPI T(num_put_do_put_##name)(const struct facet *facet, struct T(ostreambuf_iterator) * result,             \
                                        struct T(ostreambuf_iterator) * to, struct ios_base * ios, E fill, type value) \
    {                                                                                                                  \
        (void)facet;                                                                                                   \
        return T(put_integer)(result, to, ios, fill, format, (uint64_t)value);                                         \
    }

NUM_PUT_INTEGER(long, LONG, "ld")
NUM_PUT_INTEGER(ulong, ULONG, "lu")
NUM_PUT_INTEGER(i64, int64_t, "I64d")
NUM_PUT_INTEGER(u64, uint64_t, "I64u")
#undef NUM_PUT_INTEGER

struct T(ostreambuf_iterator) * WINAPI
    T(num_put_do_put_ptr)(const struct facet *facet, struct T(ostreambuf_iterator) * result,
                          struct T(ostreambuf_iterator) * to, struct ios_base *ios, E fill, const void *value)
{
    char text[NUMBER_INSIDE];
    int count = msvcp_format(text, sizeof(text), "%p", value);

    (void)facet;
    return T(put_number)(result, to, ios, fill, text, count > 0 ? (size_t)count : 0);
}

struct T(ostreambuf_iterator) * WINAPI
    T(num_put_do_put_bool)(const struct facet *facet, struct T(ostreambuf_iterator) * result,
                           struct T(ostreambuf_iterator) * to, struct ios_base *ios, E fill, bool value)
{
    struct std_string name;

    if (!(ios->flags & FMT_BOOLALPHA))
        return T(num_put_do_put_long)(facet, result, to, ios, fill, value);
    T(punct_name)(locale_facet(ios->locale, &T(numpunct_class)), value, &name);
    T(put_padded)(to, ios, fill, STRING_TEXT(&name), name.size, 0);
    STRING_FREE(&name);
    *result = *to;
    return result;
}

static struct T(ostreambuf_iterator) * T(put_real)(struct T(ostreambuf_iterator) * result,
                                                   struct T(ostreambuf_iterator) * to, struct ios_base *ios, E fill,
                                                   double value, char type)
{
    char format[16], inside[NUMBER_INSIDE], *text = inside;
    int notation = ios->flags & FMT_FLOAT;
    int precision = ios->precision > INT_MAX / 2 ? INT_MAX / 2 : (int)ios->precision;

    if (notation == FMT_FLOAT)
        precision = 13; /* hexadecimal: all there is */
    else if (precision < 0)
        precision = 6;
    T(num_put_ffmt)(NULL, format, type, ios->flags);
    int count = msvcp_format(text, sizeof(inside), format, precision, value);
    if (count >= NUMBER_INSIDE) {
        text = msvcp_new((size_t)count + 1);
        msvcp_format(text, (size_t)count + 1, format, precision, value);
    }
    T(put_number)(result, to, ios, fill, text, count > 0 ? (size_t)count : 0);
    if (text != inside)
        crt_free(text);
    return result;
}

struct T(ostreambuf_iterator) * WINAPI
    T(num_put_do_put_double)(const struct facet *facet, struct T(ostreambuf_iterator) * result,
                             struct T(ostreambuf_iterator) * to, struct ios_base *ios, E fill, double value)
{
    (void)facet;
    return T(put_real)(result, to, ios, fill, value, 0);
}

struct T(ostreambuf_iterator) * WINAPI
    T(num_put_do_put_ldouble)(const struct facet *facet, struct T(ostreambuf_iterator) * result,
                              struct T(ostreambuf_iterator) * to, struct ios_base *ios, E fill, double value)
{
    (void)facet;
    return T(put_real)(result, to, ios, fill, value, 'L');
}

/* What older headers' inline code uses: text of a number as printf made it. */
struct T(ostreambuf_iterator) * WINAPI
    T(num_put_iput)(const struct facet *facet, struct T(ostreambuf_iterator) * result,
                    struct T(ostreambuf_iterator) * to, struct ios_base *ios, E fill, const char *text, size_t count)
{
    (void)facet;
    return T(put_number)(result, to, ios, fill, text, count);
}

struct T(ostreambuf_iterator) * WINAPI
    T(num_put_fput)(const struct facet *facet, struct T(ostreambuf_iterator) * result,
                    struct T(ostreambuf_iterator) * to, struct ios_base *ios, E fill, const char *text, size_t count)
{
    (void)facet;
    return T(put_number)(result, to, ios, fill, text, count);
}

/* --- the public functions ------------------------------------------------------------------------------------------
 */

/* All of one form: the value's 64 bits.  A double comes in a register of its own, but is the fifth argument or later.
 */
#define NUM_PUT_PUBLIC(name, slot)                                                                                     \
    struct T(ostreambuf_iterator) *                                                                                    \
        WINAPI T(num_put_put_##name)(const struct facet *facet, struct T(ostreambuf_iterator) * result,                \
                                     struct T(ostreambuf_iterator) * to, struct ios_base * ios, ULONG_PTR fill,        \
                                     ULONG_PTR value)                                                                  \
    {                                                                                                                  \
        VIRTUAL_N(facet, slot, GUEST(result), GUEST(to), GUEST(ios), fill, value);                                     \
        return result;                                                                                                 \
    }

NUM_PUT_PUBLIC(ptr, 3)
NUM_PUT_PUBLIC(ldouble, 4)
NUM_PUT_PUBLIC(double, 5)
NUM_PUT_PUBLIC(u64, 6)
NUM_PUT_PUBLIC(i64, 7)
NUM_PUT_PUBLIC(ulong, 8)
NUM_PUT_PUBLIC(long, 9)
NUM_PUT_PUBLIC(bool, 10)
#undef NUM_PUT_PUBLIC
