/*
 * arithmetic.c: SET /A: expressions over signed numbers of 32 bits.
 *
 * From loose to tight: ,  = += ...  |  ^  &  << >>  + -  * / %  unary ! ~ - +  ( )
 */
#include "builtins.h"

struct reader {
    const WCHAR *p;
    const WCHAR *error;
    int code;
};

static int read_assignment(struct reader *reader);

static void fail(struct reader *reader, const WCHAR *error, int code)
{
    if (!reader->error) {
        reader->error = error;
        reader->code = code;
    }
}

static WCHAR peek(struct reader *reader)
{
    while (*reader->p == ' ' || *reader->p == '\t' || *reader->p == '"')
        reader->p++;
    return *reader->p;
}

static bool is_name(WCHAR c)
{
    return c && !wcschr(L" \t\"()!~-*/%+<>&^|=,", c);
}

static int number_of(struct reader *reader, const WCHAR *text, bool literal)
{
    WCHAR *end;
    unsigned long long value = wcstoull(text, &end, 0);

    if (literal && (*end || value > (starts_with(text, L"0x") ? 0xffffffff : 0x7fffffff))) {
        if (*end)
            fail(reader,
                 L"Invalid number.  Numeric constants are either decimal (17),\r\nhexadecimal (0x11), or octal "
                 L"(021).\r\n",
                 1073750991);
        else
            fail(reader, L"Invalid number.  Numbers are limited to 32-bits of precision.\r\n", 1073750992);
    }
    return (int)value;
}

static WCHAR *read_name(struct reader *reader)
{
    const WCHAR *start = reader->p;
    while (is_name(*reader->p))
        reader->p++;
    return copy_n(start, reader->p - start);
}

static int value_of(struct reader *reader, const WCHAR *name)
{
    WCHAR *value = variable_get(name);
    int number = value ? number_of(reader, skip_blanks(value), false) : 0;

    if (value && *value == '-')
        number = (int)wcstol(value, NULL, 0);
    free(value);
    return number;
}

static int read_primary(struct reader *reader)
{
    WCHAR c = peek(reader);
    int value;

    if (c == '(') {
        reader->p++;
        value = read_assignment(reader);
        if (peek(reader) != ')')
            fail(reader, L"Unbalanced parenthesis.\r\n", 1073750988);
        else
            reader->p++;
        return value;
    }
    if (c && wcschr(L"!~-+", c)) {
        reader->p++;
        value = read_primary(reader);
        return c == '!' ? !value : c == '~' ? ~value : c == '-' ? (int)(0u - (unsigned)value) : value;
    }
    if (!is_name(c)) {
        fail(reader, L"Missing operand.\r\n", 1073750989);
        return 0;
    }
    WCHAR *name = read_name(reader);
    value = *name >= '0' && *name <= '9' ? number_of(reader, name, true) : value_of(reader, name);
    free(name);
    return value;
}

static int apply(struct reader *reader, WCHAR operator, int a, int b)
{
    switch (operator) {
    case '|':
        return a | b;
    case '^':
        return a ^ b;
    case '&':
        return a & b;
    case '<':
        return b < 0 || b > 31 ? 0 : (int)((unsigned)a << b);
    case '>':
        return b < 0 || b > 31 ? (a < 0 ? -1 : 0) : a >> b;
    case '+':
        return (int)((unsigned)a + (unsigned)b);
    case '-':
        return (int)((unsigned)a - (unsigned)b);
    case '*':
        return (int)((unsigned)a * (unsigned)b);
    }
    if (!b) {
        fail(reader, L"Divide by zero error.\r\n", 1073750993);
        return 0;
    }
    if (b == -1)
        return operator== '/' ? (int)(0u - (unsigned)a) : 0;
    return operator== '/' ? a / b : a % b;
}

/* The operator of this level that stands here, not followed by =; its length is added to *length. */
static WCHAR operator_at(struct reader *reader, const WCHAR *level, size_t *length)
{
    WCHAR c = peek(reader);

    if (!c || !wcschr(level, c))
        return 0;
    *length = 1;
    if (c == '<' || c == '>') {
        if (reader->p[1] != c)
            return 0;
        *length = 2;
    }
    if (c == '%' && reader->p[1] == '%')
        *length = 2;
    return reader->p[*length] == '=' ? 0 : c;
}

static int read_level(struct reader *reader, unsigned level)
{
    static const WCHAR *const levels[] = {L"|", L"^", L"&", L"<>", L"+-", L"*/%"};
    size_t length;
    WCHAR c;
    int value;

    if (level == sizeof levels / sizeof *levels)
        return read_primary(reader);
    value = read_level(reader, level + 1);
    while (!reader->error && (c = operator_at(reader, levels[level], &length))) {
        reader->p += length;
        value = apply(reader, c, value, read_level(reader, level + 1));
    }
    return value;
}

static void assign(const WCHAR *name, int value)
{
    WCHAR text[16];
    _snwprintf(text, 16, L"%d", value);
    SetEnvironmentVariableW(name, text);
}

static int read_assignment(struct reader *reader)
{
    const WCHAR *start = (peek(reader), reader->p);

    if (is_name(*start) && (*start < '0' || *start > '9')) {
        WCHAR *name = read_name(reader), c = peek(reader), doubled = reader->p[0] ? reader->p[1] : 0;
        size_t length = c == '<' || c == '>' ? 2 : 1;
        bool plain = c == '=',
             changed = c && wcschr(L"*/%+-&^|<>", c) && (length == 1 || doubled == c) && reader->p[length] == '=';
        if (plain || changed) {
            reader->p += plain ? 1 : length + 1;
            int value = read_assignment(reader);
            if (changed)
                value = apply(reader, c, value_of(reader, name), value);
            if (!reader->error)
                assign(name, value);
            free(name);
            return value;
        }
        free(name);
        reader->p = start;
    }
    return read_level(reader, 0);
}

int set_arithmetic(const WCHAR *expression)
{
    struct reader reader = {.p = expression};
    int value = read_assignment(&reader);

    while (!reader.error && peek(&reader) == ',') {
        reader.p++;
        value = read_assignment(&reader);
    }
    if (!reader.error && peek(&reader))
        fail(&reader, L"Missing operator.\r\n", 1073750990);
    if (reader.error) {
        out_error(L"%s", reader.error);
        return reader.code;
    }
    if (!cmd.batch)
        out(L"%d", value);
    return 0;
}
