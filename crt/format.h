/*
 * format.h: the engine of printf, as a template: included once for char and once for WCHAR, with
 *     FUNIT      the unit of format and output
 *     FNAME(x)   the names it defines
 *     FWIDE      1 for WCHAR
 * defined before.  The formats are Microsoft's: see "Format specification syntax: printf and wprintf functions".
 */
#include "format_float.h"

enum { FLAG_LEFT = 1, FLAG_PLUS = 2, FLAG_SPACE = 4, FLAG_ALTERNATE = 8, FLAG_ZERO = 16 };
enum size { SIZE_NONE, SIZE_CHAR, SIZE_SHORT, SIZE_LONG, SIZE_64, SIZE_POINTER, SIZE_WIDE };

struct spec {
    unsigned flags;
    int width, precision; /* precision < 0: not given */
    enum size size;
    FUNIT type;
};

struct output {
    FUNIT *buffer;         /* or NULL */
    struct stream *stream; /* or NULL */
    size_t size;           /* of buffer */
    size_t count;          /* units made so far */
    unsigned options;
    bool failed;
};

static void emit(struct output *out, const FUNIT *text, size_t length)
{
    if (out->stream) {
#if FWIDE
        for (size_t i = 0; i < length && !out->failed; i++)
            out->failed = stream_putwc(text[i], out->stream) == CRT_WEOF && text[i] != CRT_WEOF;
#else
        struct stream *stream = out->stream;
        if (stream->cnt >= (int)length && length < INT_MAX && stream->flag & STREAM_WRITE) {
            memcpy(stream->ptr, text, length);
            stream->ptr += length;
            stream->cnt -= (int)length;
        } else {
            out->failed |= stream_write(stream, text, length) != length;
        }
#endif
    } else if (out->count < out->size) {
        size_t room = out->size - out->count;
        memcpy(out->buffer + out->count, text, (length < room ? length : room) * sizeof(FUNIT));
    }
    out->count += length;
}

static void emit_fill(struct output *out, char unit, int count)
{
    FUNIT fill[32];
    for (int i = 0; i < 32 && i < count; i++)
        fill[i] = (FUNIT)unit;
    for (; count > 0; count -= 32)
        emit(out, fill, count < 32 ? (size_t)count : 32);
}

static void emit_ascii(struct output *out, const char *text, size_t length)
{
#if FWIDE
    FUNIT units[64];
    while (length) {
        size_t run = length < 64 ? length : 64;
        for (size_t i = 0; i < run; i++)
            units[i] = (FUNIT)text[i];
        emit(out, units, run);
        text += run;
        length -= run;
    }
#else
    emit(out, text, length);
#endif
}

/* Padding around a prefix ("-", "0x"), zeros that the precision asks for, and a body. */
static void emit_number(struct output *out, const struct spec *spec, const char *prefix, int zeros, const char *body,
                        size_t length)
{
    int padding = spec->width - (int)strlen(prefix) - zeros - (int)length;
    if (!(spec->flags & (FLAG_LEFT | FLAG_ZERO)))
        emit_fill(out, ' ', padding);
    emit_ascii(out, prefix, strlen(prefix));
    if ((spec->flags & (FLAG_LEFT | FLAG_ZERO)) == FLAG_ZERO)
        emit_fill(out, '0', padding);
    emit_fill(out, '0', zeros);
    emit_ascii(out, body, length);
    if (spec->flags & FLAG_LEFT)
        emit_fill(out, ' ', padding);
}

static void emit_text(struct output *out, const struct spec *spec, const FUNIT *text, size_t length)
{
    int padding = spec->width - (int)length;
    if (!(spec->flags & FLAG_LEFT))
        emit_fill(out, spec->flags & FLAG_ZERO ? '0' : ' ', padding);
    emit(out, text, length);
    if (spec->flags & FLAG_LEFT)
        emit_fill(out, ' ', padding);
}

/* --- integers
 * ----------------------------------------------------------------------------------------------------------- */

static void format_integer(struct output *out, const struct spec *spec, uint64_t raw)
{
    char body[24], prefix[3] = "", type = (char)spec->type;
    bool is_signed = type == 'd' || type == 'i', upper = type == 'X' || type == 'p', negative = false;
    unsigned base = type == 'o' ? 8 : type == 'x' || upper ? 16 : 10;
    uint64_t value = raw;
    switch (type == 'p' ? SIZE_64 : spec->size) {
    case SIZE_CHAR:
        value = is_signed ? (uint64_t)(int8_t)raw : (uint8_t)raw;
        break;
    case SIZE_SHORT:
        value = is_signed ? (uint64_t)(int16_t)raw : (uint16_t)raw;
        break;
    case SIZE_64:
    case SIZE_POINTER:
        break;
    default:
        value = is_signed ? (uint64_t)(int32_t)raw : (uint32_t)raw;
    }
    if (is_signed) {
        negative = (int64_t)value < 0;
        value = negative ? -value : value;
        const char *sign = negative ? "-" : spec->flags & FLAG_PLUS ? "+" : spec->flags & FLAG_SPACE ? " " : "";
        strcpy(prefix, sign);
    } else if (base == 16 && spec->flags & FLAG_ALTERNATE && value) {
        strcpy(prefix, upper ? "0X" : "0x");
    }
    struct spec adjusted = *spec;
    int precision = type == 'p' ? 16 : spec->precision;
    if (precision >= 0)
        adjusted.flags &= ~FLAG_ZERO;
    else
        precision = 1;
    char *end = body + sizeof(body), *start = value ? crt_digits(end, value, base, upper) : end;
    size_t length = (size_t)(end - start);
    int zeros = precision > (int)length ? precision - (int)length : 0;
    if (base == 8 && spec->flags & FLAG_ALTERNATE && !zeros && (!length || *start != '0'))
        zeros = 1;
    emit_number(out, &adjusted, prefix, zeros, start, length);
}

/* --- floating point
 * ------------------------------------------------------------------------------------------------------ */

static void format_floating(struct output *out, const struct spec *spec, double value)
{
    char small[640], prefix[4] = "", *text = small, type = (char)spec->type;
    if (type == 'F' && out->options & FORMAT_MSVCRT)
        type = 'f';
    if (FORMAT_DOUBLE_SIZE(spec->precision > 0 ? spec->precision : 0) > sizeof(small))
        text = crt_malloc(FORMAT_DOUBLE_SIZE(spec->precision));
    if (!text) {
        out->failed = true;
        return;
    }
    bool finite;
    size_t length =
        format_double(text, value, type, spec->precision, spec->flags & FLAG_ALTERNATE, out->options, &finite);
    const char *body = text;
    strcpy(prefix, __builtin_signbit(value)   ? "-"
                   : spec->flags & FLAG_PLUS  ? "+"
                   : spec->flags & FLAG_SPACE ? " "
                                              : "");
    if (finite && (type | 0x20) == 'a') { /* 0x stands before padding zeros */
        size_t sign = strlen(prefix);
        memcpy(prefix + sign, body, 2);
        prefix[sign + 2] = 0;
        body += 2;
        length -= 2;
    }
    struct spec adjusted = *spec;
    if (!finite && !(out->options & FORMAT_MSVCRT))
        adjusted.flags &= ~FLAG_ZERO;
    emit_number(out, &adjusted, prefix, 0, body, length);
    if (text != small)
        crt_free(text);
}

/* --- characters and strings
 * --------------------------------------------------------------------------------------------- */

static bool is_wide(const struct output *out, const struct spec *spec)
{
    if (spec->size == SIZE_LONG || spec->size == SIZE_WIDE || spec->size == SIZE_64)
        return true;
    if (spec->size == SIZE_SHORT || spec->size == SIZE_CHAR)
        return false;
    bool upper = spec->type == 'C' || spec->type == 'S';
    if (FWIDE && out->options & (FORMAT_LEGACY_WIDE | FORMAT_MSVCRT))
        return !upper;
    return upper;
}

/* Text of the other width, converted; precision counts units of the output and cuts no character. */
#if FWIDE
static void format_converted(struct output *out, const struct spec *spec, const char *text, size_t count)
{
    size_t limit = spec->precision >= 0 ? (size_t)spec->precision : SIZE_MAX, made = 0;
    WCHAR *units = crt_malloc((count + 1) * sizeof(WCHAR));
    for (size_t i = 0; units && i < count && made < limit;) {
        int length = crt_bytes_to_wide(&units[made], text + i, count - i);
        if (length <= 0) {
            out->failed = length < 0;
            break;
        }
        i += (size_t)length;
        made++;
    }
    if (units && !out->failed)
        emit_text(out, spec, units, made);
    out->failed |= !units;
    crt_free(units);
}
#else
static void format_converted(struct output *out, const struct spec *spec, const WCHAR *text, size_t count)
{
    size_t limit = spec->precision >= 0 ? (size_t)spec->precision : SIZE_MAX, made = 0;
    char *bytes = crt_malloc(count * 4 + 1);
    for (size_t i = 0; bytes && i < count; i++) {
        char one[8];
        int length = crt_wide_to_bytes(one, text[i]);
        if (length < 0) {
            out->failed = true;
            crt_set_errno(CRT_EILSEQ);
            break;
        }
        if (made + (size_t)length > limit)
            break;
        memcpy(bytes + made, one, (size_t)length);
        made += (size_t)length;
    }
    if (bytes && !out->failed)
        emit_text(out, spec, bytes, made);
    out->failed |= !bytes;
    crt_free(bytes);
}
#endif

static void format_string(struct output *out, const struct spec *spec, const void *text, size_t count)
{
    bool wide = is_wide(out, spec);
    if (!text) {
        text = wide ? (const void *)L"(null)" : "(null)";
        count = 6;
    }
    /* Without a given count the text ends at its zero, or at the precision if that comes first. */
    size_t limit = spec->precision >= 0 ? (size_t)spec->precision : SIZE_MAX, length = 0;
    if (count != SIZE_MAX)
        limit = count < limit ? count : limit;
    if (wide) {
        const WCHAR *units = text;
        while (length < limit && units[length])
            length++;
    } else {
        length = limit == SIZE_MAX ? strlen(text) : strnlen(text, limit);
    }
    if (wide == FWIDE)
        emit_text(out, spec, text, length);
    else
        format_converted(out, spec, text, length);
}

static void format_character(struct output *out, const struct spec *spec, uint64_t raw)
{
    bool wide = is_wide(out, spec);
    struct spec adjusted = *spec;
    adjusted.precision = -1;
#if FWIDE
    WCHAR unit = (WCHAR)raw;
    char byte = (char)raw;
    if (!wide && crt_bytes_to_wide(&unit, &byte, 1) < 0)
        return;
    emit_text(out, &adjusted, &unit, 1);
#else
    char bytes[8] = {(char)raw};
    int length = wide ? crt_wide_to_bytes(bytes, (WCHAR)raw) : 1;
    if (length < 0) {
        out->failed = true;
        crt_set_errno(CRT_EILSEQ);
        return;
    }
    emit_text(out, &adjusted, bytes, (size_t)length);
#endif
}

/* %Z: a counted ANSI_STRING, or UNICODE_STRING with l or w. */
static void format_counted(struct output *out, const struct spec *spec, const void *counted)
{
    struct spec adjusted = *spec;
    bool wide = spec->size == SIZE_LONG || spec->size == SIZE_WIDE;
    adjusted.size = wide ? SIZE_WIDE : SIZE_CHAR;
    const ANSI_STRING *string = counted;
    if (!string || !string->Buffer)
        format_string(out, &adjusted, NULL, 0);
    else
        format_string(out, &adjusted, string->Buffer, string->Length / (wide ? sizeof(WCHAR) : 1));
}

/* --- parsing
 * ------------------------------------------------------------------------------------------------------------- */

struct arguments {
    crt_args first, next;
    bool positional;
};

static uint64_t argument_take(struct arguments *arguments, int position)
{
    if (position)
        return *(uint64_t *)(arguments->first + (size_t)(position - 1) * 8);
    return CRT_ARG(arguments->next, uint64_t);
}

static int parse_decimal(const FUNIT **format)
{
    unsigned value = 0;
    for (; **format >= '0' && **format <= '9' && value < INT_MAX / 10; ++*format)
        value = value * 10 + (unsigned)(**format - '0');
    return (int)value;
}

/* "12$" in _printf_p's formats; 0: none. */
static int parse_position(const FUNIT **format, const struct arguments *arguments)
{
    const FUNIT *start = *format;
    if (!arguments->positional)
        return 0;
    int position = parse_decimal(format);
    if (position > 0 && **format == '$') {
        ++*format;
        return position;
    }
    *format = start;
    return 0;
}

static int parse_count(const FUNIT **format, struct arguments *arguments)
{
    if (**format != '*')
        return parse_decimal(format);
    ++*format;
    return (int)argument_take(arguments, parse_position(format, arguments));
}

static enum size parse_size(const FUNIT **format, unsigned options)
{
    const FUNIT *at = *format;
    bool ucrt = !(options & FORMAT_MSVCRT);
    enum size size = SIZE_NONE;
    switch (*at) {
    case 'h':
        size = at[1] == 'h' && ucrt ? SIZE_CHAR : SIZE_SHORT;
        at += at[1] == 'h' ? 2 : 1;
        break;
    case 'l':
        size = at[1] == 'l' ? SIZE_64 : SIZE_LONG;
        at += at[1] == 'l' ? 2 : 1;
        break;
    case 'w':
        size = SIZE_WIDE;
        at++;
        break;
    case 'L':
        at++;
        break;
    case 'I':
        if (at[1] == '6' && at[2] == '4')
            size = SIZE_64, at += 3;
        else if (at[1] == '3' && at[2] == '2')
            at += 3;
        else
            size = SIZE_POINTER, at++;
        break;
    case 'j':
    case 'z':
    case 't':
        if (ucrt)
            size = SIZE_64, at++;
        break;
    case 'T':
        if (ucrt)
            size = FWIDE ? SIZE_WIDE : SIZE_SHORT, at++;
        break;
    default:
        break;
    }
    *format = at;
    return size;
}

static unsigned flag_of(FUNIT unit)
{
    switch (unit) {
    case '-':
        return FLAG_LEFT;
    case '+':
        return FLAG_PLUS;
    case ' ':
        return FLAG_SPACE;
    case '#':
        return FLAG_ALTERNATE;
    case '0':
        return FLAG_ZERO;
    default:
        return 0;
    }
}

static int parse_spec(struct spec *spec, const FUNIT **format, struct arguments *arguments, unsigned options)
{
    *spec = (struct spec){.precision = -1};
    int position = parse_position(format, arguments);
    for (unsigned flag; (flag = flag_of(**format)); ++*format)
        spec->flags |= flag;
    spec->width = parse_count(format, arguments);
    if (spec->width < 0) {
        spec->flags |= FLAG_LEFT;
        spec->width = -spec->width;
    }
    if (**format == '.') {
        ++*format;
        spec->precision = parse_count(format, arguments);
    }
    spec->size = parse_size(format, options);
    spec->type = **format;
    if (spec->type)
        ++*format;
    return position;
}

/* Stores the count where %n points: only msvcrt still does. */
static void format_store(const struct output *out, const struct spec *spec, void *target)
{
    switch (spec->size) {
    case SIZE_SHORT:
        *(int16_t *)target = (int16_t)out->count;
        break;
    case SIZE_64:
    case SIZE_POINTER:
        *(int64_t *)target = (int64_t)out->count;
        break;
    default:
        *(int *)target = (int)out->count;
    }
}

extern bool crt_count_output; /* _set_printf_count_output */

/* One conversion; false: the format is wrong. */
static bool format_one(struct output *out, const struct spec *spec, struct arguments *arguments, int position)
{
    switch (spec->type) {
    case 'd':
    case 'i':
    case 'o':
    case 'u':
    case 'x':
    case 'X':
    case 'p':
        format_integer(out, spec, argument_take(arguments, position));
        return true;
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G':
    case 'a':
    case 'A': {
        uint64_t raw = argument_take(arguments, position);
        double value;
        memcpy(&value, &raw, sizeof(value));
        format_floating(out, spec, value);
        return true;
    }
    case 'c':
    case 'C':
        format_character(out, spec, argument_take(arguments, position));
        return true;
    case 's':
    case 'S':
        format_string(out, spec, (const void *)argument_take(arguments, position), SIZE_MAX);
        return true;
    case 'Z':
        format_counted(out, spec, (const void *)argument_take(arguments, position));
        return true;
    case 'n':
        if (!(out->options & FORMAT_MSVCRT) && !crt_count_output)
            return false;
        format_store(out, spec, (void *)argument_take(arguments, position));
        return true;
    case '%':
        emit(out, &spec->type, 1);
        return true;
    default: /* msvcrt shows what it does not know */
        if (!(out->options & FORMAT_MSVCRT) || out->options & FORMAT_SECURE || !spec->type)
            return !spec->type && out->options & FORMAT_MSVCRT;
        emit(out, &spec->type, 1);
        return true;
    }
}

static int format_run(struct output *out, const FUNIT *format, crt_args args)
{
    CRT_REQUIRE(format, -1);
    struct arguments arguments = {.first = args, .next = args, .positional = out->options & FORMAT_POSITIONAL};
    while (*format && !out->failed) {
        const FUNIT *literal = format;
        while (*format && *format != '%')
            format++;
        if (format > literal)
            emit(out, literal, (size_t)(format - literal));
        if (!*format)
            break;
        format++;
        struct spec spec;
        int position = parse_spec(&spec, &format, &arguments, out->options);
        if (!format_one(out, &spec, &arguments, position)) {
            crt_invalid(CRT_EINVAL);
            return -1;
        }
    }
    return out->failed || out->count > INT_MAX ? -1 : (int)out->count;
}

int FNAME(format_stream)(struct stream *stream, const FUNIT *format, crt_args args, unsigned options)
{
    CRT_REQUIRE(stream && format, -1);
    char buffer[1024];
    struct output out = {.stream = stream, .options = options};
    bool locked = stream_guard(stream);
    bool burst = stream_begin_burst(stream, buffer, sizeof(buffer));
    int result = format_run(&out, format, args);
    stream_end_burst(stream, burst);
    if (stream->flag & STREAM_ERROR && out.failed)
        result = -1;
    stream_unguard(stream, locked);
    return result;
}

int FNAME(format_buffer)(FUNIT *buffer, size_t size, const FUNIT *format, crt_args args, unsigned options)
{
    struct output out = {.buffer = buffer, .size = buffer ? size : 0, .options = options};
    int result = format_run(&out, format, args);
    if (buffer && out.count < size)
        buffer[out.count] = 0;
    return result;
}
