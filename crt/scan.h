/*
 * scan.h: the engine of scanf, as a template: included once for char and once for WCHAR, with
 *     SUNIT      the unit of format and input
 *     SNAME(x)   the names it defines
 *     SWIDE      1 for WCHAR
 * defined before.  The formats are Microsoft's: see "Format specification fields: scanf and wscanf functions".
 */
#include "conio.h"
#include "locale.h"
#include "scanf.h"

enum size { SIZE_NONE, SIZE_CHAR, SIZE_SHORT, SIZE_LONG, SIZE_64, SIZE_WIDE };

struct input {
    struct stream *stream; /* or NULL: a string or the console */
    bool console;
    const SUNIT *text, *end; /* end NULL: the zero ends it */
    unsigned count;          /* units read so far, for %n */
    unsigned options;
};

struct scan_spec {
    bool suppress;
    int width; /* 0: none given */
    enum size size;
    SUNIT type;
    const SUNIT *set, *set_end; /* of %[ */
    bool set_negated;
};

#define NO_UNIT (-1)

static int take(struct input *in)
{
    int c;
    if (in->console) {
#if SWIDE
        crt_wint wide = _getwche();
        c = wide == CRT_WEOF ? NO_UNIT : wide;
#else
        c = _getche();
#endif
        c = c == '\r' ? '\n' : c;
    } else if (in->stream) {
#if SWIDE
        crt_wint wide = stream_getwc(in->stream);
        c = wide == CRT_WEOF ? NO_UNIT : wide;
#else
        c = stream_getc(in->stream);
        c = c == CRT_EOF ? NO_UNIT : c;
#endif
    } else if ((in->end && in->text >= in->end) || !*in->text) {
        c = NO_UNIT;
    } else {
#if SWIDE
        c = *in->text++;
#else
        c = (unsigned char)*in->text++;
#endif
    }
    in->count += c != NO_UNIT;
    return c;
}

static void give_back(struct input *in, int c)
{
    if (c == NO_UNIT)
        return;
    in->count--;
    if (in->console)
#if SWIDE
        _ungetwch((crt_wint)c);
#else
        _ungetch(c);
#endif
    else if (!in->stream)
        in->text--;
    else
#if SWIDE
        stream_ungetwc((crt_wint)c, in->stream);
#else
        stream_ungetc(c, in->stream);
#endif
}

static bool is_space(int c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static int skip_space(struct input *in)
{
    int c;
    do
        c = take(in);
    while (is_space(c));
    return c;
}

/* A field: at most `left` units; `c` is the one looked at, NO_UNIT at the end. */
struct field {
    struct input *in;
    int c, left;
};

static void field_next(struct field *field)
{
    field->left--;
    field->c = field->left > 0 ? take(field->in) : NO_UNIT;
}

/* --- integers
 * ------------------------------------------------------------------------------------------------------------ */

static int digit_value(int c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : 99;
}

/* false: no digits.  A prefix 0x is part of a hexadecimal number, and decides the base for %i. */
static bool scan_number(struct field *field, unsigned base, uint64_t *result)
{
    bool negative = false, digits = false;
    uint64_t value = 0;
    if (field->c == '+' || field->c == '-') {
        negative = field->c == '-';
        field_next(field);
    }
    if (field->c == '0' && (base == 0 || base == 16)) {
        digits = true;
        field_next(field);
        if ((field->c | 0x20) == 'x' && field->c != NO_UNIT) {
            base = 16;
            digits = false;
            field_next(field);
        } else if (!base) {
            base = 8;
        }
    }
    if (!base)
        base = 10;
    for (; field->c != NO_UNIT && (unsigned)digit_value(field->c) < base; field_next(field)) {
        value = value * base + (unsigned)digit_value(field->c);
        digits = true;
    }
    *result = negative ? -value : value;
    return digits;
}

static void store_integer(void *target, enum size size, uint64_t value)
{
    switch (size) {
    case SIZE_CHAR:
        *(uint8_t *)target = (uint8_t)value;
        break;
    case SIZE_SHORT:
        *(uint16_t *)target = (uint16_t)value;
        break;
    case SIZE_64:
        *(uint64_t *)target = value;
        break;
    default:
        *(uint32_t *)target = (uint32_t)value;
    }
}

/* --- floating point
 * ------------------------------------------------------------------------------------------------------ */

enum { TOKEN_SIZE = 800 }; /* more digits than decide any double */

struct token {
    char text[TOKEN_SIZE];
    int length;
};

static void token_put(struct token *token, struct field *field)
{
    if (token->length < TOKEN_SIZE - 1)
        token->text[token->length++] = (char)field->c;
    field_next(field);
}

static bool token_digits(struct token *token, struct field *field, bool hexadecimal)
{
    bool any = false;
    while (field->c != NO_UNIT && digit_value(field->c) < (hexadecimal ? 16 : 10)) {
        token_put(token, field);
        any = true;
    }
    return any;
}

/* "inf", "infinity", "nan", "nan(...)": ucrtbase alone; false: neither. */
static bool token_name(struct token *token, struct field *field)
{
    static const char names[2][9] = {"infinity", "nan"};
    const char *name = (field->c | 0x20) == 'i' ? names[0] : names[1];
    int matched = 0;
    while (name[matched] && field->c != NO_UNIT && (field->c | 0x20) == name[matched]) {
        token_put(token, field);
        matched++;
    }
    return matched == 3 || matched == 8;
}

static bool scan_floating(struct field *field, double *value, unsigned options)
{
    struct token token = {.length = 0};
    bool hexadecimal = false;
    if (field->c == '+' || field->c == '-')
        token_put(&token, field);
    bool modern = !(options & (SCAN_MSVCRT | SCAN_LEGACY_MSVCRT));
    if (modern && field->c != NO_UNIT && ((field->c | 0x20) == 'i' || (field->c | 0x20) == 'n')) {
        if (!token_name(&token, field))
            return false;
        token.text[token.length] = 0;
        *value = strtod(token.text, NULL);
        return true;
    }
    bool digits = false;
    if (field->c == '0' && modern) {
        token_put(&token, field);
        digits = true;
        if (field->c != NO_UNIT && (field->c | 0x20) == 'x') {
            token_put(&token, field);
            hexadecimal = true;
            digits = false;
        }
    }
    digits |= token_digits(&token, field, hexadecimal);
    if (field->c == '.') {
        token_put(&token, field);
        digits |= token_digits(&token, field, hexadecimal);
    }
    if (!digits)
        return false;
    if (field->c != NO_UNIT && (field->c | 0x20) == (hexadecimal ? 'p' : 'e')) {
        token_put(&token, field);
        if (field->c == '+' || field->c == '-')
            token_put(&token, field);
        token_digits(&token, field, false);
    }
    token.text[token.length] = 0;
    *value = strtod(token.text, NULL);
    return true;
}

/* --- characters and strings
 * ---------------------------------------------------------------------------------------------- */

static bool is_wide(const struct input *in, const struct scan_spec *spec)
{
    if (spec->size == SIZE_LONG || spec->size == SIZE_WIDE || spec->size == SIZE_64)
        return true;
    if (spec->size == SIZE_SHORT || spec->size == SIZE_CHAR)
        return false;
    bool upper = spec->type == 'C' || spec->type == 'S';
    if (SWIDE && in->options & (SCAN_MSVCRT | SCAN_LEGACY_WIDE))
        return !upper;
    return upper;
}

static bool set_has(const struct scan_spec *spec, int c)
{
    bool found = false;
    for (const SUNIT *s = spec->set; s < spec->set_end && !found; s++) {
        if (s + 2 < spec->set_end && s[1] == '-') {
            unsigned low = (SWIDE ? (unsigned)*s : (unsigned char)*s),
                     high = (SWIDE ? (unsigned)s[2] : (unsigned char)s[2]);
            if (low > high) {
                unsigned swap = low;
                low = high;
                high = swap;
            }
            found = (unsigned)c >= low && (unsigned)c <= high;
            s += 2;
        } else {
            found = (SWIDE ? (unsigned)*s : (unsigned char)*s) == (unsigned)c;
        }
    }
    return found != spec->set_negated;
}

struct target {
    char *bytes; /* one of the two, or neither when suppressed */
    WCHAR *units;
    char kept[5]; /* bytes of a character that is not whole yet */
    size_t kept_count;
    size_t used, size; /* size: SIZE_MAX unless the _s functions gave one */
};

/* Stores a unit of input in the width of the target; false: no room. */
static bool target_put(struct target *target, int c)
{
    if (target->units) {
        WCHAR wide = (WCHAR)c;
#if !SWIDE
        target->kept[target->kept_count++] = (char)c;
        unsigned char lead = (unsigned char)target->kept[0];
        size_t wanted = !crt_codepage() || lead < 0x80 ? 1
                        : crt_codepage() != CP_UTF8    ? (IsDBCSLeadByteEx(crt_codepage(), lead) ? 2 : 1)
                        : lead >= 0xf0                 ? 4
                        : lead >= 0xe0                 ? 3
                        : lead >= 0xc0                 ? 2
                                                       : 1;
        if (target->kept_count < wanted)
            return true;
        crt_bytes_to_wide(&wide, target->kept, target->kept_count);
        target->kept_count = 0;
#endif
        if (target->used >= target->size)
            return false;
        target->units[target->used++] = wide;
    } else if (target->bytes) {
        char bytes[8] = {(char)c};
        int length = SWIDE ? crt_wide_to_bytes(bytes, (WCHAR)c) : 1;
        if (length < 0)
            length = 0;
        if (target->size - target->used < (size_t)length)
            return false;
        memcpy(target->bytes + target->used, bytes, (size_t)length);
        target->used += (size_t)length;
    }
    return true;
}

static void target_end(struct target *target)
{
    if (target->units)
        target->units[target->used] = 0;
    else if (target->bytes)
        target->bytes[target->used] = 0;
}

enum result { MATCHED, MISMATCHED, AT_END };

static enum result scan_text(struct input *in, const struct scan_spec *spec, struct target *target)
{
    bool characters = spec->type == 'c' || spec->type == 'C', set = spec->type == '[';
    int limit = spec->width ? spec->width : characters ? 1 : INT_MAX, taken = 0;
    int c = characters || set ? take(in) : skip_space(in);
    if (c == NO_UNIT)
        return AT_END;
    if (target->size != SIZE_MAX && !characters && target->size)
        target->size--; /* room for the zero */
    while (c != NO_UNIT) {
        if (set ? !set_has(spec, c) : !characters && is_space(c)) {
            give_back(in, c);
            break;
        }
        if (!target_put(target, c)) {
            target->used = 0;
            if (target->units || target->bytes)
                target_end(target);
            crt_set_errno(CRT_ENOMEM);
            return MISMATCHED;
        }
        if (++taken >= limit)
            break;
        c = take(in);
    }
    if (!taken || (characters && taken < limit && spec->width))
        return taken ? AT_END : MISMATCHED;
    if (!characters)
        target_end(target);
    return MATCHED;
}

/* --- parsing
 * -------------------------------------------------------------------------------------------------------------- */

static enum size parse_size(const SUNIT **format)
{
    const SUNIT *at = *format;
    enum size size = SIZE_NONE;
    switch (*at) {
    case 'h':
        size = at[1] == 'h' ? SIZE_CHAR : SIZE_SHORT;
        at += at[1] == 'h' ? 2 : 1;
        break;
    case 'l':
        size = at[1] == 'l' ? SIZE_64 : SIZE_LONG;
        at += at[1] == 'l' ? 2 : 1;
        break;
    case 'L':
        size = SIZE_LONG;
        at++;
        break;
    case 'w':
        size = SIZE_WIDE;
        at++;
        break;
    case 'I':
        if (at[1] == '6' && at[2] == '4')
            size = SIZE_64, at += 3;
        else if (at[1] == '3' && at[2] == '2')
            at += 3;
        else
            size = SIZE_64, at++;
        break;
    case 'j':
    case 'z':
    case 't':
        size = SIZE_64;
        at++;
        break;
    default:
        break;
    }
    *format = at;
    return size;
}

static bool parse_spec(struct scan_spec *spec, const SUNIT **format)
{
    *spec = (struct scan_spec){.suppress = **format == '*'};
    *format += spec->suppress;
    for (; **format >= '0' && **format <= '9' && spec->width < INT_MAX / 10; ++*format)
        spec->width = spec->width * 10 + (**format - '0');
    spec->size = parse_size(format);
    spec->type = **format;
    if (!spec->type)
        return false;
    ++*format;
    if (spec->type != '[')
        return true;
    spec->set_negated = **format == '^';
    *format += spec->set_negated;
    spec->set = *format;
    if (**format == ']') /* first: itself */
        ++*format;
    while (**format && **format != ']')
        ++*format;
    spec->set_end = *format;
    if (!**format)
        return false;
    ++*format;
    return true;
}

static enum result scan_numeric(struct input *in, const struct scan_spec *spec, void *target)
{
    struct field field = {in, skip_space(in), spec->width ? spec->width : INT_MAX};
    if (field.c == NO_UNIT)
        return AT_END;
    bool matched;
    if (strchr("eEfFgGaA", (char)spec->type)) {
        double value;
        matched = scan_floating(&field, &value, in->options);
        if (matched && target && (spec->size == SIZE_LONG || spec->size == SIZE_64))
            *(double *)target = value;
        else if (matched && target)
            *(float *)target = (float)value;
    } else {
        uint64_t value;
        unsigned base = spec->type == 'i' ? 0 : spec->type == 'o' ? 8 : strchr("xXp", (char)spec->type) ? 16 : 10;
        matched = scan_number(&field, base, &value);
        if (matched && target)
            store_integer(target, spec->type == 'p' ? SIZE_64 : spec->size, value);
    }
    give_back(in, field.c);
    return matched ? MATCHED : MISMATCHED;
}

static enum result scan_one(struct input *in, const struct scan_spec *spec, crt_args *args)
{
    void *pointer = spec->suppress ? NULL : CRT_ARG(*args, void *);
    switch (spec->type) {
    case 'c':
    case 'C':
    case 's':
    case 'S':
    case '[': {
        bool wide = is_wide(in, spec);
        struct target target = {.size = SIZE_MAX, .bytes = wide ? NULL : pointer, .units = wide ? pointer : NULL};
        if (in->options & SCAN_SECURE && pointer) {
            target.size = CRT_ARG(*args, unsigned);
            if (!target.size) {
                crt_set_errno(CRT_ENOMEM);
                return MISMATCHED;
            }
        }
        return scan_text(in, spec, &target);
    }
    case 'n':
        if (pointer)
            store_integer(pointer, spec->size, in->count);
        return MATCHED;
    default:
        if ((unsigned)spec->type < 0x80 && strchr("diouxXpeEfFgGaA", (char)spec->type))
            return scan_numeric(in, spec, pointer);
        return MISMATCHED;
    }
}

static int scan_run(struct input *in, const SUNIT *format, crt_args args)
{
    int stored = 0;
    while (*format) {
        enum result result = MATCHED;
        bool percent = *format == '%' && format[1] == '%';
        if (is_space(*format)) {
            while (is_space(*format))
                format++;
            give_back(in, skip_space(in));
            continue;
        }
        if (*format == '%' && !percent) {
            struct scan_spec spec;
            format++;
            if (!parse_spec(&spec, &format))
                break;
            result = scan_one(in, &spec, &args);
            stored += result == MATCHED && !spec.suppress && spec.type != 'n';
        } else {
            int c = take(in), wanted = SWIDE ? (int)*format : (unsigned char)*format;
            format += percent ? 2 : 1;
            result = c == wanted ? MATCHED : c == NO_UNIT ? AT_END : MISMATCHED;
            if (result == MISMATCHED)
                give_back(in, c);
        }
        if (result == AT_END)
            return stored ? stored : CRT_EOF;
        if (result == MISMATCHED)
            break;
    }
    return stored;
}

int SNAME(scan_stream)(struct stream *stream, const SUNIT *format, crt_args args, unsigned options)
{
    CRT_REQUIRE(stream && format, CRT_EOF);
    struct input in = {.stream = stream, .options = options};
    stream_lock(stream);
    int result = scan_run(&in, format, args);
    stream_unlock(stream);
    return result;
}

int SNAME(scan_text_of)(const SUNIT *text, size_t count, const SUNIT *format, crt_args args, unsigned options)
{
    CRT_REQUIRE(text && format, CRT_EOF);
    struct input in = {.text = text, .end = count >= INT_MAX ? NULL : text + count, .options = options};
    return scan_run(&in, format, args);
}

int SNAME(scan_console)(const SUNIT *format, crt_args args, unsigned options)
{
    CRT_REQUIRE(format, CRT_EOF);
    struct input in = {.console = true, .options = options};
    return scan_run(&in, format, args);
}
