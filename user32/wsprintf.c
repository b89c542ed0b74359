/*
 * wsprintf.c: wsprintf and its kin: the formatted output of user32 and shlwapi, simpler than the C runtime's.
 *
 * Layer: user32.  One formatter writes WCHARs; the A functions convert what they take and give.  Floating point and
 * widths by argument (*) are not known.
 */
#include <stdarg.h>
#include <string.h>
#include "win.h"
#include "ntdll/nls.h"

#define WSPRINTF_LIMIT 1024 /* documented: wsprintf writes no more than that, zero included */

struct sink {
    WCHAR *text;
    int room, length; /* room without the zero */
};

struct spec {
    bool left, zero, alternate, upper, is_signed;
    int width, precision; /* precision -1: none */
    char size;            /* 'h', 'l', 'I' (64 bits), 'w' or 0 */
};

static void put(struct sink *out, WCHAR c)
{
    if (out->length < out->room)
        out->text[out->length] = c;
    out->length++;
}

static void put_padded(struct sink *out, const struct spec *spec, const WCHAR *prefix, const WCHAR *text, int length)
{
    int before = (int)wide_length(prefix), zeros = spec->precision > length ? spec->precision - length : 0;
    int pad = spec->width - before - zeros - length;

    if (spec->zero && !spec->left && spec->precision < 0 && pad > 0)
        zeros = pad, pad = 0;
    for (; !spec->left && pad > 0; pad--)
        put(out, ' ');
    while (*prefix)
        put(out, *prefix++);
    while (zeros-- > 0)
        put(out, '0');
    for (int i = 0; i < length; i++)
        put(out, text[i]);
    for (; pad > 0; pad--)
        put(out, ' ');
}

static void put_number(struct sink *out, const struct spec *spec, ULONGLONG value, unsigned base)
{
    WCHAR digits[24];
    const WCHAR *prefix = u"";
    int at = 24;

    if (spec->is_signed && (LONGLONG)value < 0) {
        prefix = u"-";
        value = -value;
    } else if (spec->alternate && base == 16) {
        prefix = spec->upper ? u"0X" : u"0x";
    }
    do
        digits[--at] = (WCHAR)(spec->upper ? "0123456789ABCDEF" : "0123456789abcdef")[value % base];
    while (value /= base);
    put_padded(out, spec, prefix, digits + at, 24 - at);
}

static void put_wide(struct sink *out, struct spec *spec, const WCHAR *text)
{
    int length = 0;

    if (!text)
        text = u"(null)";
    while ((spec->precision < 0 || length < spec->precision) && text[length])
        length++;
    spec->precision = -1;
    spec->zero = false;
    put_padded(out, spec, u"", text, length);
}

static void put_narrow(struct sink *out, struct spec *spec, const char *text)
{
    WCHAR *wide = wide_from_ansi(text);

    put_wide(out, spec, wide);
    RtlFreeHeap(peb_current()->ProcessHeap, 0, wide);
}

static const WCHAR *parse_spec(const WCHAR *at, struct spec *spec)
{
    *spec = (struct spec){.precision = -1};
    for (;; at++) {
        if (*at == '-')
            spec->left = true;
        else if (*at == '#')
            spec->alternate = true;
        else if (*at == '0')
            spec->zero = true;
        else
            break;
    }
    for (; *at >= '0' && *at <= '9'; at++)
        spec->width = spec->width * 10 + (*at - '0');
    if (*at == '.') {
        spec->precision = 0;
        at++;
        for (; *at >= '0' && *at <= '9'; at++)
            spec->precision = spec->precision * 10 + (*at - '0');
    }
    if (*at == 'I' && at[1] == '6' && at[2] == '4') {
        spec->size = 'I';
        return at + 3;
    }
    if (*at == 'I' && at[1] == '3' && at[2] == '2')
        return at + 3;
    if (*at == 'I') {
        spec->size = 'I'; /* as wide as a pointer */
        return at + 1;
    }
    if (*at == 'l' && at[1] == 'l') {
        spec->size = 'I';
        return at + 2;
    }
    if (*at == 'h' || *at == 'l' || *at == 'w')
        spec->size = (char)*at++;
    return at;
}

/* wide: %s and %c without a size are wide.  Returns the length, which may be more than the room. */
static int format(struct sink *out, bool wide, const WCHAR *format, __builtin_ms_va_list *arguments)
{
    for (; *format; format++) {
        struct spec spec;
        bool is_wide;
        WCHAR one[2] = {0};

        if (*format != '%') {
            put(out, *format);
            continue;
        }
        if (format[1] == '%') {
            put(out, *++format);
            continue;
        }
        format = parse_spec(format + 1, &spec);
        is_wide = spec.size == 'h' ? false : spec.size == 'l' || spec.size == 'w' ? true : wide;
        switch (*format) {
        case 'C':
        case 'S':
            if (!spec.size)
                is_wide = !wide;
            break;
        case 'd':
        case 'i':
            spec.is_signed = true;
            break;
        case 'X':
            spec.upper = true;
            break;
        }
        switch (*format) {
        case 'c':
        case 'C':
            one[0] = (WCHAR) __builtin_va_arg(*arguments, int);
            if (!is_wide)
                one[0] &= 0xff;
            spec.precision = -1;
            put_padded(out, &spec, u"", one, 1);
            break;
        case 's':
        case 'S':
            if (is_wide)
                put_wide(out, &spec, __builtin_va_arg(*arguments, const WCHAR *));
            else
                put_narrow(out, &spec, __builtin_va_arg(*arguments, const char *));
            break;
        case 'd':
        case 'i':
            if (spec.size == 'I')
                put_number(out, &spec, __builtin_va_arg(*arguments, ULONGLONG), 10);
            else
                put_number(out, &spec, (ULONGLONG)(LONGLONG) __builtin_va_arg(*arguments, int), 10);
            break;
        case 'u':
        case 'x':
        case 'X':
            put_number(out, &spec,
                       spec.size == 'I' ? __builtin_va_arg(*arguments, ULONGLONG)
                                        : __builtin_va_arg(*arguments, unsigned),
                       *format == 'u' ? 10 : 16);
            break;
        case 'p':
            spec.precision = 16;
            spec.upper = true;
            put_number(out, &spec, __builtin_va_arg(*arguments, ULONGLONG), 16);
            break;
        case 0:
            return out->length;
        default: /* what is not known stands for itself */
            put(out, *format);
        }
    }
    return out->length;
}

/* Formats into room units, zero included; the length, or -1 if it did not fit. */
static int print_wide(WCHAR *text, int room, const WCHAR *pattern, __builtin_ms_va_list *arguments)
{
    struct sink out = {text, room - 1, 0};
    int length = format(&out, true, pattern, arguments);

    text[length < room ? length : room - 1] = 0;
    return length < room ? length : -1;
}

static int print_narrow(char *text, int room, const char *pattern, __builtin_ms_va_list *arguments)
{
    HANDLE heap = peb_current()->ProcessHeap;
    WCHAR *wide_pattern = wide_from_ansi(pattern), *wide = RtlAllocateHeap(heap, 0, (SIZE_T)room * sizeof *wide);
    struct sink out = {wide, room, 0};
    size_t written = 0;
    int length = -1;

    text[0] = 0;
    if (wide_pattern && wide) {
        length = format(&out, false, wide_pattern, arguments);
        codepage_encode(codepage_ansi(), false, wide, (size_t)(length < room ? length : room), text, (size_t)room - 1,
                        NULL, &written);
        text[written] = 0;
        length = length < room ? (int)written : -1;
    }
    RtlFreeHeap(heap, 0, wide);
    RtlFreeHeap(heap, 0, wide_pattern);
    return length;
}

/* wvsprintf under names of our own: the headers have it with the host's va_list. */
int WINAPI wvsprintf_wide(LPWSTR text, LPCWSTR pattern, __builtin_ms_va_list arguments)
{
    int length = print_wide(text, WSPRINTF_LIMIT, pattern, &arguments);

    return length < 0 ? WSPRINTF_LIMIT - 1 : length;
}

int WINAPI wvsprintf_narrow(LPSTR text, LPCSTR pattern, __builtin_ms_va_list arguments)
{
    int length = print_narrow(text, WSPRINTF_LIMIT, pattern, &arguments);

    return length < 0 ? WSPRINTF_LIMIT - 1 : length;
}

int WINAPI wsprintfW(LPWSTR text, LPCWSTR pattern, ...)
{
    __builtin_ms_va_list arguments;
    int length;

    __builtin_ms_va_start(arguments, pattern);
    length = wvsprintf_wide(text, pattern, arguments);
    __builtin_ms_va_end(arguments);
    return length;
}

int WINAPI wsprintfA(LPSTR text, LPCSTR pattern, ...)
{
    __builtin_ms_va_list arguments;
    int length;

    __builtin_ms_va_start(arguments, pattern);
    length = wvsprintf_narrow(text, pattern, arguments);
    __builtin_ms_va_end(arguments);
    return length;
}

/* shlwapi's, with the caller's limit. */
int WINAPI wvnsprintfW(PWSTR text, int room, PCWSTR pattern, __builtin_ms_va_list arguments)
{
    return text && room > 0 ? print_wide(text, room, pattern, &arguments) : -1;
}

int WINAPI wvnsprintfA(PSTR text, int room, PCSTR pattern, __builtin_ms_va_list arguments)
{
    return text && room > 0 ? print_narrow(text, room, pattern, &arguments) : -1;
}

int WINAPI wnsprintfW(PWSTR text, int room, PCWSTR pattern, ...)
{
    __builtin_ms_va_list arguments;
    int length;

    __builtin_ms_va_start(arguments, pattern);
    length = wvnsprintfW(text, room, pattern, arguments);
    __builtin_ms_va_end(arguments);
    return length;
}

int WINAPI wnsprintfA(PSTR text, int room, PCSTR pattern, ...)
{
    __builtin_ms_va_list arguments;
    int length;

    __builtin_ms_va_start(arguments, pattern);
    length = wvnsprintfA(text, room, pattern, arguments);
    __builtin_ms_va_end(arguments);
    return length;
}
