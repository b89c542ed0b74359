/*
 * formatmessage.c: FormatMessage: messages of the system, of modules, or given, with inserts.
 *
 * Layer: kernel32.  A message is looked up, then expanded once into a growing buffer; the A function works on the
 * W function's result.
 */
#include <string.h>
#include "win.h"
#include "ntdll/nls.h"

static const DWORD message_errors[] = {
#define M(error, text) error,
#include "message_table.h"
#undef M
};

/* All texts in one string, in the table's order: no pointers to relocate. */
static const char message_texts[] =
#define M(error, text) text "\0"
#include "message_table.h"
#undef M
    ;

static const char *system_message(DWORD error)
{
    const char *text = message_texts;

    if (error >> 16 == 0x8007)
        error &= 0xffff;
    for (size_t i = 0; i < sizeof message_errors / sizeof *message_errors; i++, text += strlen(text) + 1)
        if (message_errors[i] == error)
            return text;
    return NULL;
}

struct output {
    WCHAR *text;
    size_t length, room;
    size_t column; /* since the last line break */
    DWORD width;   /* break lines there; 0: as given; 255: only at hard breaks */
    bool failed;
};

static HANDLE heap(void)
{
    return peb_current()->ProcessHeap;
}

static void output_raw(struct output *out, WCHAR c)
{
    if (out->length + 1 >= out->room) {
        size_t room = 2 * out->room + 128;
        WCHAR *grown = out->text ? RtlReAllocateHeap(heap(), 0, out->text, room * sizeof *grown)
                                 : RtlAllocateHeap(heap(), 0, room * sizeof *grown);

        if (!grown) {
            out->failed = true;
            return;
        }
        out->text = grown;
        out->room = room;
    }
    out->text[out->length++] = c;
    out->text[out->length] = 0;
}

static void output_break(struct output *out)
{
    output_raw(out, '\r');
    output_raw(out, '\n');
    out->column = 0;
}

/* Text of the message or an insert; a line that grows past the width is broken at its last space. */
static void output_put(struct output *out, WCHAR c)
{
    size_t at;

    output_raw(out, c);
    if (++out->column <= out->width || !out->width || out->width == FORMAT_MESSAGE_MAX_WIDTH_MASK || out->failed)
        return;
    for (at = out->length; at > out->length - out->column; at--)
        if (out->text[at - 1] == ' ')
            break;
    if (at == out->length - out->column)
        return;
    out->text[at - 1] = '\r';
    output_raw(out, 0);
    memmove(out->text + at + 1, out->text + at, (out->length - at - 1) * sizeof *out->text);
    out->text[at] = '\n';
    out->column = out->length - at - 1;
}

static void output_wide(struct output *out, const WCHAR *text, size_t limit)
{
    for (; limit-- && *text; text++)
        output_put(out, *text);
}

/* Inserts come from an array or from a va_list, which on x64 Windows is an array, too. */
struct inserts {
    const ULONG_PTR *values;
    bool ansi; /* strings without a size prefix are narrow */
};

static size_t number_format(ULONGLONG value, unsigned base, bool upper, char digits[24])
{
    size_t count = 0;

    do {
        digits[23 - count++] = (upper ? "0123456789ABCDEF" : "0123456789abcdef")[value % base];
        value /= base;
    } while (value);
    memmove(digits, digits + 24 - count, count);
    return count;
}

struct spec {
    bool left, zero, plus, space, alternate, precision_given;
    size_t width, precision;
    WCHAR size, kind; /* size: 'h', 'l', 'w', 'L' for 64 bits, 0 */
};

static void pad(struct output *out, size_t count, WCHAR c)
{
    while (count--)
        output_put(out, c);
}

static void put_number(struct output *out, const struct spec *spec, ULONGLONG value)
{
    bool is_signed = spec->kind == 'd' || spec->kind == 'i', negative = is_signed && (LONGLONG)value < 0;
    char digits[24];
    size_t count = number_format(negative ? 0 - value : value,
                                 spec->kind == 'x' || spec->kind == 'X' || spec->kind == 'p' ? 16
                                 : spec->kind == 'o'                                         ? 8
                                                                                             : 10,
                                 spec->kind == 'X' || spec->kind == 'p', digits);
    size_t zeros = spec->precision_given && spec->precision > count ? spec->precision - count : 0, total;

    if (spec->kind == 'p')
        zeros = 16 - count;
    total = count + zeros + (negative || (is_signed && (spec->plus || spec->space)));
    if (!spec->left && spec->zero && !spec->precision_given && total < spec->width)
        zeros += spec->width - total, total = spec->width;
    if (!spec->left && total < spec->width)
        pad(out, spec->width - total, ' ');
    if (negative || (is_signed && (spec->plus || spec->space)))
        output_put(out, negative ? '-' : spec->plus ? '+' : ' ');
    pad(out, zeros, '0');
    for (size_t i = 0; i < count; i++)
        output_put(out, (WCHAR)digits[i]);
    if (spec->left && total < spec->width)
        pad(out, spec->width - total, ' ');
}

static void put_string(struct output *out, const struct spec *spec, const void *text, bool wide)
{
    WCHAR *converted = wide ? NULL : wide_from_ansi(text ? text : "(null)");
    const WCHAR *from = converted ? converted : text ? text : L"(null)";
    size_t length = wide_length(from);

    if (spec->precision_given && spec->precision < length)
        length = spec->precision;
    if (!spec->left && length < spec->width)
        pad(out, spec->width - length, ' ');
    output_wide(out, from, length);
    if (spec->left && length < spec->width)
        pad(out, spec->width - length, ' ');
    RtlFreeHeap(heap(), 0, converted);
}

static size_t parse_count(const WCHAR **at, const struct inserts *inserts, size_t *index, bool *negative)
{
    size_t value = 0;

    if (**at == '*') {
        int given = (int)inserts->values[(*index)++];

        (*at)++;
        *negative = given < 0;
        return (size_t)(given < 0 ? -given : given);
    }
    for (; **at >= '0' && **at <= '9'; (*at)++)
        value = value * 10 + (size_t)(**at - '0');
    return value;
}

/* "!08lx!" after an insert's number; the text between the exclamation marks. */
static void put_formatted(struct output *out, const struct inserts *inserts, size_t index, const WCHAR *format)
{
    struct spec spec = {0};
    ULONG_PTR value;
    bool negative = false;

    for (;; format++) {
        if (*format == '-')
            spec.left = true;
        else if (*format == '0')
            spec.zero = true;
        else if (*format == '+')
            spec.plus = true;
        else if (*format == ' ')
            spec.space = true;
        else if (*format == '#')
            spec.alternate = true;
        else
            break;
    }
    spec.width = parse_count(&format, inserts, &index, &negative);
    spec.left |= negative;
    if (*format == '.') {
        format++;
        spec.precision_given = true;
        spec.precision = parse_count(&format, inserts, &index, &negative);
    }
    if (*format == 'I' && format[1] == '6' && format[2] == '4')
        spec.size = 'L', format += 3;
    else if (*format == 'l' && format[1] == 'l')
        spec.size = 'L', format += 2;
    else if (*format == 'h' || *format == 'l' || *format == 'w')
        spec.size = *format++;
    spec.kind = *format;
    value = inserts->values[index];
    switch (spec.kind) {
    case 's':
    case 'S':
        put_string(out, &spec, (const void *)value,
                   spec.size == 'h' ? false
                   : spec.size      ? true
                                    : (spec.kind == 's') != inserts->ansi);
        break;
    case 'c':
    case 'C':
        output_put(out, (WCHAR)value);
        break;
    case 'p':
        put_number(out, &spec, value);
        break;
    default:
        if (spec.size != 'L')
            value = spec.kind == 'd' || spec.kind == 'i' ? (ULONG_PTR)(LONG_PTR)(INT)value : (ULONG)value;
        if (spec.size == 'h')
            value = spec.kind == 'd' || spec.kind == 'i' ? (ULONG_PTR)(LONG_PTR)(SHORT)value : (USHORT)value;
        put_number(out, &spec, value);
    }
}

/* %1 to %99, with an optional !format!.  Returns what follows. */
static const WCHAR *put_insert(struct output *out, const WCHAR *at, const struct inserts *inserts)
{
    size_t number = (size_t)(*at++ - '0');
    WCHAR format[32] = L"s";

    if (*at >= '0' && *at <= '9')
        number = number * 10 + (size_t)(*at++ - '0');
    if (*at == '!') {
        size_t length = 0;

        for (at++; *at && *at != '!'; at++)
            if (length < 31)
                format[length++] = *at;
        format[length] = 0;
        if (*at)
            at++;
    }
    put_formatted(out, inserts, number - 1, format);
    return at;
}

/* Line breaks of the text are spaces when a width was given. */
static const WCHAR *put_line_break(struct output *out, const WCHAR *at)
{
    if (*at == '\r' && at[1] == '\n')
        at++;
    if (!out->width)
        output_break(out);
    else
        output_put(out, ' ');
    return at + 1;
}

/* false: %1 is needed but there are no inserts. */
static bool message_expand(struct output *out, const WCHAR *at, const struct inserts *inserts, bool ignore_inserts)
{
    while (*at && !out->failed) {
        if (*at == '\r' || *at == '\n') {
            at = put_line_break(out, at);
            continue;
        }
        if (*at != '%') {
            output_put(out, *at++);
            continue;
        }
        at++;
        if (*at == '0') {
            return true; /* ends the message without a line break */
        } else if (*at >= '1' && *at <= '9' && !ignore_inserts) {
            if (!inserts->values)
                return false;
            at = put_insert(out, at, inserts);
            continue;
        } else if (*at >= '1' && *at <= '9') {
            output_put(out, '%');
        } else if (*at == 'n') {
            output_break(out);
            at++;
            continue;
        } else if (*at == 'r' || *at == 't' || *at == 'b') {
            output_put(out, *at == 'r' ? '\r' : *at == 't' ? '\t' : ' ');
            at++;
            continue;
        }
        if (*at)
            output_put(out, *at++);
    }
    return true;
}

static WCHAR *wide_copy(const WCHAR *text, size_t length)
{
    WCHAR *copy = RtlAllocateHeap(heap(), 0, (length + 1) * sizeof *copy);

    if (copy) {
        memcpy(copy, text, length * sizeof *copy);
        copy[length] = 0;
    }
    return copy;
}

/* A module's message table (resource type 11); the text is copied. */
static WCHAR *module_message(HMODULE module, DWORD id, DWORD language)
{
    LDR_RESOURCE_INFO where = {{11, 1, (WORD)language}};
    const IMAGE_RESOURCE_DATA_ENTRY *resource;
    const MESSAGE_RESOURCE_DATA *data = NULL;

    if (!NT_SUCCESS(LdrFindResource_U(module, &where, 3, &resource)) ||
        !NT_SUCCESS(LdrAccessResource(module, resource, (void **)&data, NULL)))
        return NULL;

    for (DWORD i = 0; data && i < data->NumberOfBlocks; i++) {
        const MESSAGE_RESOURCE_BLOCK *block = &data->Blocks[i];
        const MESSAGE_RESOURCE_ENTRY *entry = (const void *)((const char *)data + block->OffsetToEntries);

        if (id < block->LowId || id > block->HighId)
            continue;
        for (DWORD at = block->LowId; at < id; at++)
            entry = (const void *)((const char *)entry + entry->Length);
        return entry->Flags & 1 ? wide_copy((const WCHAR *)entry->Text, wide_length((const WCHAR *)entry->Text))
                                : wide_from_ansi((const char *)entry->Text);
    }
    return NULL;
}

static WCHAR *system_message_copy(DWORD id)
{
    const char *text = system_message(id);
    size_t length = text ? strlen(text) : 0;
    WCHAR *copy = text ? RtlAllocateHeap(heap(), 0, (length + 3) * sizeof *copy) : NULL;

    for (size_t i = 0; copy && i < length; i++)
        copy[i] = (WCHAR)text[i];
    if (copy)
        memcpy(copy + length, L"\r\n", 3 * sizeof *copy);
    return copy;
}

static WCHAR *message_find(DWORD flags, LPCVOID source, DWORD id, DWORD language, bool ansi)
{
    WCHAR *text = NULL;

    if (flags & FORMAT_MESSAGE_FROM_STRING)
        return ansi ? wide_from_ansi(source) : wide_copy(source, wide_length(source));
    if (flags & FORMAT_MESSAGE_FROM_HMODULE)
        text = module_message(source ? (HMODULE)source : GetModuleHandleW(NULL), id, language);
    if (!text && (flags & FORMAT_MESSAGE_FROM_SYSTEM))
        text = system_message_copy(id);
    if (!text)
        SetLastError(ERROR_MR_MID_NOT_FOUND);
    return text;
}

/* The finished text, from the heap; NULL with the last error set. */
static WCHAR *message_make(DWORD flags, LPCVOID source, DWORD id, DWORD language, va_list *arguments, bool ansi,
                           size_t *length)
{
    struct inserts inserts = {NULL, ansi};
    struct output out = {.width = flags & FORMAT_MESSAGE_MAX_WIDTH_MASK};
    WCHAR *text = message_find(flags, source, id, language, ansi);

    if (!text)
        return NULL;
    if (arguments) /* an array is given as it is, a va_list by its address */
        inserts.values =
            flags & FORMAT_MESSAGE_ARGUMENT_ARRAY ? (const ULONG_PTR *)arguments : *(const ULONG_PTR *const *)arguments;
    output_raw(&out, 0);
    out.length = 0;
    if (!message_expand(&out, text, &inserts, flags & FORMAT_MESSAGE_IGNORE_INSERTS) || out.failed) {
        SetLastError(out.failed ? ERROR_NOT_ENOUGH_MEMORY : ERROR_INVALID_PARAMETER);
        RtlFreeHeap(heap(), 0, out.text);
        out.text = NULL;
    }
    RtlFreeHeap(heap(), 0, text);
    *length = out.length;
    return out.text;
}

DWORD WINAPI FormatMessageW(DWORD flags, LPCVOID source, DWORD id, DWORD language, LPWSTR buffer, DWORD size,
                            va_list *arguments)
{
    size_t length = 0;
    WCHAR *text;

    if (!buffer) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return 0;
    }
    text = message_make(flags, source, id, language, arguments, false, &length);
    if (!text)
        return 0;
    if (flags & FORMAT_MESSAGE_ALLOCATE_BUFFER) {
        WCHAR *given = LocalAlloc(LMEM_FIXED, (length + 1 > size ? length + 1 : size) * sizeof *given);

        *(WCHAR **)buffer = given;
        if (given)
            memcpy(given, text, (length + 1) * sizeof *given);
        else
            length = 0;
    } else if (length + 1 > size) {
        SetLastError(ERROR_INSUFFICIENT_BUFFER);
        length = 0;
    } else {
        memcpy(buffer, text, (length + 1) * sizeof *text);
    }
    RtlFreeHeap(heap(), 0, text);
    return (DWORD)length;
}

DWORD WINAPI FormatMessageA(DWORD flags, LPCVOID source, DWORD id, DWORD language, LPSTR buffer, DWORD size,
                            va_list *arguments)
{
    size_t length = 0, bytes = 0;
    WCHAR *text;

    if (!buffer) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return 0;
    }
    text = message_make(flags, source, id, language, arguments, true, &length);
    if (!text)
        return 0;
    codepage_encode(codepage_ansi(), false, text, length, NULL, 0, NULL, &bytes);
    if (flags & FORMAT_MESSAGE_ALLOCATE_BUFFER) {
        char *given = LocalAlloc(LMEM_FIXED, bytes + 1 > size ? bytes + 1 : size);

        *(char **)buffer = given;
        buffer = given;
    } else if (bytes + 1 > size) {
        SetLastError(ERROR_INSUFFICIENT_BUFFER);
        buffer = NULL;
    }
    if (buffer) {
        codepage_encode(codepage_ansi(), false, text, length, buffer, bytes + 1, NULL, &bytes);
        buffer[bytes] = 0;
    }
    RtlFreeHeap(heap(), 0, text);
    return buffer ? (DWORD)bytes : 0;
}
