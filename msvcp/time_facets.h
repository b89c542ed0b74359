/*
 * time_facets.h: the facets time_put and time_get: dates and times as text and back, as a template (see basic.h).
 */

#ifndef MSVCP_TIME_FIELDS
#define MSVCP_TIME_FIELDS
struct time_fields { /* struct tm */
    int sec, min, hour, mday, mon, year, wday, yday, isdst;
};
size_t WINAPI _Strftime(char *text, size_t size, const char *format, const void *tm, void *names);
size_t WINAPI _Wcsftime(WCHAR *text, size_t size, const WCHAR *format, const void *tm, void *names);
int WINAPI msvcp_Getdateorder(void);
char *WINAPI _Getdays(void);
char *WINAPI _Getmonths(void);
enum { DATE_NONE, DATE_DMY, DATE_MDY, DATE_YMD, DATE_YDM };
#endif

#define TIME_PUT_CLASS(suffix) FACET_CLASS(time_put, suffix, facet, LC_TIME_, FACET_NOTHING, FACET_NOTHING)
TIME_PUT_CLASS(SUFFIX);

/* Of a locale by name; all format alike here. */
struct facet *WINAPI T(time_put_ctor_name)(struct facet *facet, const char *name, size_t count)
{
    (void)name;
    return T(time_put_ctor_u64)(facet, count);
}

#if E_WIDE
#define FORMAT_TIME _Wcsftime
#else
#define FORMAT_TIME _Strftime
#endif

/* One conversion, as strftime's; a blank before it tells an empty result from one that does not fit. */
struct T(ostreambuf_iterator) * WINAPI
    T(time_put_do_put)(const struct facet *facet, struct T(ostreambuf_iterator) * result,
                       struct T(ostreambuf_iterator) * to, struct ios_base *ios, E fill, const struct time_fields *tm,
                       char conversion, char modifier)
{
    const E plain[] = {' ', '%', (E)conversion, 0}, modified[] = {' ', '%', (E)modifier, (E)conversion, 0};
    E inside[256], *text = inside;
    size_t size = ARRAYSIZE(inside), length;

    (void)ios, (void)fill;
    while (!(length = FORMAT_TIME(text, size, modifier ? modified : plain, tm, NULL)) && size < 65536) {
        if (text != inside)
            crt_free(text);
        size *= 4;
        text = msvcp_new(size * sizeof(E));
    }
    T(num_put_put_text)(facet, result, to, text + 1, length ? length - 1 : 0);
    if (text != inside)
        crt_free(text);
    return result;
}
#undef FORMAT_TIME

struct T(ostreambuf_iterator) * WINAPI
    T(time_put_put)(const struct facet *facet, struct T(ostreambuf_iterator) * result,
                    struct T(ostreambuf_iterator) * to, struct ios_base *ios, E fill, const struct time_fields *tm,
                    char conversion, char modifier)
{
    VIRTUAL_N(facet, FACET_OWN, GUEST(result), GUEST(to), GUEST(ios), (ULONG_PTR)fill, GUEST(tm), (ULONG_PTR)conversion,
              (ULONG_PTR)modifier);
    return result;
}

/* A whole format; E, O, Q and # are modifiers. */
struct T(ostreambuf_iterator) * WINAPI
    T(time_put_put_range)(const struct facet *facet, struct T(ostreambuf_iterator) * result,
                          struct T(ostreambuf_iterator) * to, struct ios_base *ios, E fill,
                          const struct time_fields *tm, const E *first, const E *last)
{
    struct T(ostreambuf_iterator) at = *to;

    for (; first != last; first++) {
        if (*first != '%' || first + 1 == last) {
            T(num_put_put_text)(facet, &at, &at, first, 1);
            continue;
        }
        E c = *++first, modifier = 0;
        if ((c == 'E' || c == 'O' || c == 'Q' || c == '#') && first + 1 != last) {
            modifier = c;
            c = *++first;
        }
        struct T(ostreambuf_iterator) next;
        T(time_put_put)(facet, &next, &at, ios, fill, tm, (char)c, (char)modifier);
        at = next;
    }
    *result = at;
    return result;
}

/* --- time_get ------------------------------------------------------------------------------------------------------
 */

struct T(time_get) {
    struct facet base;
    char *days, *months; /* ":Sun:Sunday:Mon:..." */
    int order;           /* DATE_* */
    struct cvtvec cvt;
};

static void T(time_get_fill)(struct T(time_get) * facet)
{
    facet->days = _Getdays();
    facet->months = _Getmonths();
    facet->order = msvcp_Getdateorder();
    facet->cvt = msvcp_Getcvt();
}

void WINAPI T(time_get_tidy)(struct T(time_get) * facet)
{
    crt_free(facet->days);
    crt_free(facet->months);
    facet->days = facet->months = NULL;
}

#define TIME_GET_INIT(facet, info) T(time_get_fill)(facet)
#define TIME_GET_TIDY(facet) T(time_get_tidy)(facet)
#define TIME_GET_CLASS(suffix) FACET_CLASS(time_get, suffix, T(time_get), LC_TIME_, TIME_GET_INIT, TIME_GET_TIDY)
TIME_GET_CLASS(SUFFIX);

/* Of a locale by name. */
struct T(time_get) * WINAPI T(time_get_ctor_name)(struct T(time_get) * facet, const char *name, size_t count)
{
    struct locinfo info;

    locinfo_ctor_ptr(&info, name);
    T(time_get_ctor_locinfo_u64)(facet, &info, count);
    locinfo_dtor(&info);
    return facet;
}

void WINAPI T(time_get_getvals)(struct T(time_get) * facet, E unused, const struct locinfo *info)
{
    (void)unused, (void)info;
    T(time_get_tidy)(facet);
    T(time_get_fill)(facet);
}

/* Skips blanks and reads a number; state bits. */
int WINAPI T(time_get_getint)(const struct T(time_get) * facet, struct T(istreambuf_iterator) * first,
                              struct T(istreambuf_iterator) * last, int lowest, int highest, int *value,
                              const struct facet *ctype)
{
    int number = 0, digits = 0;
    bool negative = false;

    (void)facet, (void)ctype;
    while (T(plain)(T(sequence_peek)(first, last)) == ' ')
        T(iterator_next)(first);
    char sign = T(plain)(T(sequence_peek)(first, last));
    if (sign == '+' || sign == '-') {
        negative = sign == '-';
        T(iterator_next)(first);
    }
    for (INT c; (c = T(sequence_peek)(first, last)) != E_EOF && T(digit_value)(c) < 10; T(iterator_next)(first))
        if (digits++ < 9)
            number = number * 10 + T(digit_value)(c);
    int state = T(sequence_peek)(first, last) == E_EOF ? IOS_EOF : 0;
    number = negative ? -number : number;
    if (!digits || number < lowest || number > highest)
        return state | IOS_FAIL;
    *value = number;
    return state;
}

static char T(lower)(INT c)
{
    char plain = T(plain)(c);
    return plain >= 'A' && plain <= 'Z' ? plain + 32 : plain;
}

/* The longest of the names ":a:b:..." that the input begins with, in any case: its number, or -1. */
static int T(match_field)(struct T(istreambuf_iterator) * first, struct T(istreambuf_iterator) * last,
                          const char *names)
{
    const char *fields[64];
    bool alive[64];
    int count = 0, found = -1;

    for (const char *p = names; p && *p && count < 64; p++)
        if (*p == ':') {
            alive[count] = true;
            fields[count++] = p + 1;
        }
    for (size_t i = 0;; i++) {
        bool any = false;
        INT c = T(sequence_peek)(first, last);
        for (int n = 0; n < count; n++) {
            if (alive[n] && (fields[n][i] == ':' || !fields[n][i])) {
                found = n;
                alive[n] = false;
            }
            alive[n] = alive[n] && c != E_EOF && T(lower)(c) && T(lower)(TO_INT((E)fields[n][i])) == T(lower)(c);
            any |= alive[n];
        }
        if (!any)
            return found;
        found = -1;
        T(iterator_next)(first);
    }
}

#define TIME_GET_ARGUMENTS                                                                                             \
    const struct T(time_get) * facet, struct T(istreambuf_iterator) * result, struct T(istreambuf_iterator) * first,   \
        struct T(istreambuf_iterator) * last, struct ios_base *ios, int *state, struct time_fields *tm
#define TIME_GET_DO(name) struct T(istreambuf_iterator) * WINAPI T(time_get_##name)

/* A format of plain characters, blanks (any number of them) and conversions. */
TIME_GET_DO(getfmt)(TIME_GET_ARGUMENTS, const char *format)
{
    struct T(istreambuf_iterator) next;

    for (; *format && !(*state & IOS_FAIL); format++) {
        if (*format == '%') {
            VIRTUAL_N(facet, 9, GUEST(&next), GUEST(first), GUEST(last), GUEST(ios), GUEST(state), GUEST(tm),
                      (ULONG_PTR) * ++format, 0);
            *first = next;
        } else if (*format == ' ') {
            while (T(plain)(T(sequence_peek)(first, last)) == ' ')
                T(iterator_next)(first);
        } else if (T(plain)(T(sequence_peek)(first, last)) != *format) {
            *state |= IOS_FAIL;
        } else {
            T(iterator_next)(first);
        }
    }
    if (T(sequence_peek)(first, last) == E_EOF)
        *state |= IOS_EOF;
    *result = *first;
    return result;
}

int WINAPI T(time_get_do_date_order)(const struct T(time_get) * facet)
{
    return facet->order;
}

int WINAPI T(time_get_date_order)(const struct T(time_get) * facet)
{
    return (int)VIRTUAL(facet, 3, 0, 0, 0);
}

TIME_GET_DO(do_get_time)(TIME_GET_ARGUMENTS)
{
    return T(time_get_getfmt)(facet, result, first, last, ios, state, tm, "%H : %M : %S");
}

TIME_GET_DO(do_get_date)(TIME_GET_ARGUMENTS)
{
    int order = (int)VIRTUAL(facet, 3, 0, 0, 0);
    const char *format = order == DATE_DMY   ? "%d / %m / %y"
                         : order == DATE_YMD ? "%y / %m / %d"
                         : order == DATE_YDM ? "%y / %d / %m"
                                             : "%m / %d / %y";

    return T(time_get_getfmt)(facet, result, first, last, ios, state, tm, format);
}

/* Names come in pairs, short and long.  That the input ends here is not told. */
static void T(get_name)(struct T(istreambuf_iterator) * first, struct T(istreambuf_iterator) * last, const char *names,
                        int *state, int *value)
{
    int found = T(match_field)(first, last, names);

    if (found < 0)
        *state |= IOS_FAIL;
    else
        *value = found >> 1;
}

TIME_GET_DO(do_get_weekday)(TIME_GET_ARGUMENTS)
{
    (void)ios;
    T(get_name)(first, last, facet->days, state, &tm->wday);
    *result = *first;
    return result;
}

TIME_GET_DO(do_get_monthname)(TIME_GET_ARGUMENTS)
{
    (void)ios;
    T(get_name)(first, last, facet->months, state, &tm->mon);
    *result = *first;
    return result;
}

TIME_GET_DO(do_get_year)(TIME_GET_ARGUMENTS)
{
    int year = 0;

    (void)ios;
    *state |= T(time_get_getint)(facet, first, last, 0, 9999, &year, NULL);
    if (!(*state & IOS_FAIL))
        tm->year = year < 69 ? year + 100 : year < 100 ? year : year - 1900;
    *result = *first;
    return result;
}

/* Numbers: the field, its limits, and what to add. */
static bool T(number_field)(struct time_fields *tm, char conversion, int **field, int *lowest, int *highest, int *add)
{
    static const struct {
        char conversion;
        int offset, lowest, highest, add;
    } fields[] = {
        {'d', offsetof(struct time_fields, mday), 1, 31, 0},
        {'e', offsetof(struct time_fields, mday), 1, 31, 0},
        {'H', offsetof(struct time_fields, hour), 0, 23, 0},
        {'I', offsetof(struct time_fields, hour), 1, 12, 0},
        {'j', offsetof(struct time_fields, yday), 1, 366, -1},
        {'m', offsetof(struct time_fields, mon), 1, 12, -1},
        {'M', offsetof(struct time_fields, min), 0, 59, 0},
        {'S', offsetof(struct time_fields, sec), 0, 60, 0},
        {'w', offsetof(struct time_fields, wday), 0, 6, 0},
        {'Y', offsetof(struct time_fields, year), 0, 9999, -1900},
    };

    for (size_t i = 0; i < ARRAYSIZE(fields); i++)
        if (fields[i].conversion == conversion) {
            *field = (int *)((char *)tm + fields[i].offset);
            *lowest = fields[i].lowest;
            *highest = fields[i].highest;
            *add = fields[i].add;
            return true;
        }
    return false;
}

/* What is short for a longer format. */
static const char *T(long_format)(char conversion)
{
    switch (conversion) {
    case 'c':
        return "%b %d %H : %M : %S %Y";
    case 'D':
        return "%m / %d / %y";
    case 'F':
        return "%Y - %m - %d";
    case 'r':
        return "%I : %M : %S %p";
    case 'R':
        return "%H : %M";
    case 'T':
    case 'X':
        return "%H : %M : %S";
    case 'x':
        return "%d / %m / %y";
    case 'n':
    case 't':
        return " ";
    default:
        return NULL;
    }
}

TIME_GET_DO(do_get)(TIME_GET_ARGUMENTS, char conversion, char modifier)
{
    int *field, lowest, highest, add, value = 0;
    const char *format = T(long_format)(conversion);

    (void)modifier;
    if (format)
        return T(time_get_getfmt)(facet, result, first, last, ios, state, tm, format);
    if (T(number_field)(tm, conversion, &field, &lowest, &highest, &add)) {
        int got = T(time_get_getint)(facet, first, last, lowest, highest, &value, NULL);
        if (!(got & IOS_FAIL))
            *field = value + add;
        *state |= got;
    } else if (conversion == 'a' || conversion == 'A') {
        T(get_name)(first, last, facet->days, state, &tm->wday);
    } else if (conversion == 'b' || conversion == 'B' || conversion == 'h') {
        T(get_name)(first, last, facet->months, state, &tm->mon);
    } else if (conversion == 'y') {
        return T(time_get_do_get_year)(facet, result, first, last, ios, state, tm);
    } else if (conversion == 'p') {
        int half = T(match_field)(first, last, ":AM:PM");
        if (half < 0)
            *state |= IOS_FAIL;
        else
            tm->hour = tm->hour % 12 + 12 * half;
    } else if (conversion == '%') {
        if (T(plain)(T(sequence_peek)(first, last)) == '%')
            T(iterator_next)(first);
        else
            *state |= IOS_FAIL;
    } else {
        *state |= IOS_FAIL;
    }
    *result = *first;
    return result;
}

TIME_GET_DO(get)(TIME_GET_ARGUMENTS, char conversion, char modifier)
{
    VIRTUAL_N(facet, 9, GUEST(result), GUEST(first), GUEST(last), GUEST(ios), GUEST(state), GUEST(tm),
              (ULONG_PTR)conversion, (ULONG_PTR)modifier);
    return result;
}

TIME_GET_DO(get_range)(TIME_GET_ARGUMENTS, const E *format, const E *format_end)
{
    struct T(istreambuf_iterator) next;

    *state = 0;
    for (; format != format_end && !(*state & IOS_FAIL); format++) {
        INT c = T(sequence_peek)(first, last);
        if (*format == '%' && format + 1 != format_end) {
            E conversion = *++format, modifier = 0;
            if ((conversion == 'E' || conversion == 'O') && format + 1 != format_end) {
                modifier = conversion;
                conversion = *++format;
            }
            T(time_get_get)(facet, &next, first, last, ios, state, tm, (char)conversion, (char)modifier);
            *first = next;
        } else if (*format == ' ' || (*format >= '\t' && *format <= '\r')) {
            while ((c = T(sequence_peek)(first, last)) != E_EOF && (c == ' ' || (c >= '\t' && c <= '\r')))
                T(iterator_next)(first);
        } else if (T(lower)(c) ? T(lower)(c) == T(lower)(TO_INT(*format)) : c == TO_INT(*format)) {
            T(iterator_next)(first);
        } else {
            *state |= IOS_FAIL;
        }
    }
    if (T(sequence_peek)(first, last) == E_EOF)
        *state |= IOS_EOF;
    *result = *first;
    return result;
}

#define TIME_GET_PUBLIC(name, slot)                                                                                    \
    struct T(istreambuf_iterator) * WINAPI T(time_get_##name)(TIME_GET_ARGUMENTS)                                      \
    {                                                                                                                  \
        VIRTUAL_N(facet, slot, GUEST(result), GUEST(first), GUEST(last), GUEST(ios), GUEST(state), GUEST(tm));         \
        return result;                                                                                                 \
    }

TIME_GET_PUBLIC(get_time, 4)
TIME_GET_PUBLIC(get_date, 5)
TIME_GET_PUBLIC(get_weekday, 6)
TIME_GET_PUBLIC(get_monthname, 7)
TIME_GET_PUBLIC(get_year, 8)
#undef TIME_GET_PUBLIC
