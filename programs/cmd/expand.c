/*
 * expand.c: the three replacements of the command language: %variables% before parsing, FOR variables and !variables!
 * when a command runs.
 */
#include "cmd.h"

static const WCHAR modifier_letters[] = L"fdpnxsatzFDPNXSATZ";

/* ~start,length of a value. */
static void add_substring(struct text *out, const WCHAR *value, const WCHAR *range)
{
    long total = (long)wcslen(value), start, end = total;
    WCHAR *behind;

    start = wcstol(range, &behind, 0);
    if (start < 0)
        start = start + total < 0 ? 0 : start + total;
    if (start > total)
        start = total;
    while (*behind == ' ')
        behind++;
    if (*behind == ',') {
        long length = wcstol(behind + 1, NULL, 0);
        end = length < 0 ? total + length : start + length;
    }
    if (end > total)
        end = total;
    if (end > start)
        text_add_n(out, value + start, end - start);
}

/* Every `from` in the value becomes `to`; *from: everything up to its first occurrence. */
static void add_replaced(struct text *out, const WCHAR *value, const WCHAR *from, size_t length, const WCHAR *to)
{
    bool up_to = length > 1 && *from == '*', done = false;

    if (up_to)
        from++, length--;
    while (*value) {
        const WCHAR *hit = NULL;
        if (up_to && !done) {
            for (const WCHAR *p = value; *p && !hit; p++)
                if (!_wcsnicmp(p, from, length))
                    hit = p;
            if (!hit)
                break;
        } else if (!up_to && !_wcsnicmp(value, from, length)) {
            hit = value;
        }
        if (hit) {
            text_add(out, to);
            value = hit + length;
            done = true;
        } else {
            text_char(out, *value++);
        }
    }
    text_add(out, value);
}

/* Adds the value with what stands behind the colon applied: ~1,2 or a=b. */
static void add_edited(struct text *out, const WCHAR *value, const WCHAR *edit, size_t length)
{
    WCHAR *copy = copy_n(edit, length), *equals = length > 1 ? wcschr(copy + 1, '=') : NULL;

    if (copy[0] == '~')
        add_substring(out, value, copy + 1);
    else if (equals && equals > copy)
        add_replaced(out, value, copy, equals - copy, equals + 1);
    else
        text_add(out, value);
    free(copy);
}

/*
 * `start` is behind the opening mark.  If a whole reference stands there, adds its value and returns where it ends;
 * else NULL.  An undefined one is empty in a batch file (and `:edit` behind it stays).
 */
static const WCHAR *add_variable(struct text *out, const WCHAR *start, WCHAR mark, bool keep_undefined)
{
    const WCHAR *end = start, *close;

    while (*end && *end != mark && (*end != ':' || end[1] == mark))
        end++;
    if (!*end || end == start)
        return NULL;
    WCHAR *name = copy_n(start, end - start), *value = variable_get(name);
    free(name);
    if (*end == mark) {
        if (!value && keep_undefined)
            return NULL;
        text_add(out, value ? value : L"");
        free(value);
        return end + 1;
    }
    close = wcschr(end + 1, mark);
    if (!value || !close) {
        free(value);
        return keep_undefined || !close ? NULL : end + 1;
    }
    add_edited(out, value, end + 1, close - end - 1);
    free(value);
    return close + 1;
}

/* Behind letters and $VARIABLE:; NULL: the variable has no end. */
static const WCHAR *skip_modifiers(const WCHAR *p)
{
    while (*p && wcschr(modifier_letters, *p))
        p++;
    if (*p != '$')
        return p;
    p = wcschr(p, ':');
    return p ? p + 1 : NULL;
}

/* %1 or %~dpn1: `start` is behind the percent sign. */
static const WCHAR *add_argument(struct text *out, const WCHAR *start)
{
    const struct batch *batch = cmd.batch;
    const WCHAR *p = start;

    if (*p == '*') {
        text_add(out, batch->all);
        return p + 1;
    }
    if (*p >= '0' && *p <= '9') {
        text_add(out, batch->arguments[*p - '0'] ? batch->arguments[*p - '0'] : L"");
        return p + 1;
    }
    if (*p++ != '~')
        return NULL;
    p = skip_modifiers(p);
    if (!p)
        return NULL;
    if (*p < '0' || *p > '9')
        return NULL;
    /* %~f0 is the file's, whatever name it was started by and in whatever subroutine. */
    const WCHAR *value = *p == '0' && p > start + 1 ? batch->path : batch->arguments[*p - '0'];
    WCHAR *modified = modify_path(value ? value : L"", start + 1, p - start - 1);
    text_add(out, modified);
    free(modified);
    return p + 1;
}

WCHAR *expand_percent(const WCHAR *line)
{
    struct text out = {0};

    while (*line) {
        const WCHAR *next = NULL;
        if (*line != '%') {
            text_char(&out, *line++);
            continue;
        }
        line++;
        if (cmd.batch) {
            if (*line == '%') {
                text_char(&out, *line++);
                continue;
            }
            next = add_argument(&out, line);
        }
        if (!next)
            next = add_variable(&out, line, '%', !cmd.batch);
        if (next)
            line = next;
        else if (!cmd.batch)
            text_char(&out, '%');
    }
    return text_take(&out);
}

/* The variable that %~ stands before: the letter behind all modifiers, or the last of them that is a variable. */
static const WCHAR *modified_variable(const WCHAR *p)
{
    const WCHAR *end = skip_modifiers(p);

    if (!end)
        return NULL;
    for (; end >= p; end--)
        if (*end && *end < 256 && cmd.for_values[*end])
            return end;
    return NULL;
}

WCHAR *expand_for(const WCHAR *text)
{
    struct text out = {0};

    if (!cmd.for_depth)
        return copy_string(text);
    while (*text) {
        if (*text == '%' && text[1] && text[1] < 256 && cmd.for_values[text[1]]) {
            text_add(&out, cmd.for_values[text[1]]);
            text += 2;
            continue;
        }
        if (*text == '%' && text[1] == '~') {
            const WCHAR *variable = modified_variable(text + 2);
            if (variable) {
                WCHAR *value = modify_path(cmd.for_values[*variable], text + 2, variable - text - 2);
                text_add(&out, value);
                free(value);
                text = variable + 1;
                continue;
            }
        }
        text_char(&out, *text++);
    }
    return text_take(&out);
}

WCHAR *expand_delayed(const WCHAR *text)
{
    struct text out = {0};

    if (!cmd.delayed || !wcschr(text, '!'))
        return copy_string(text);
    while (*text) {
        if (*text == '^') {
            if (text[1])
                text_char(&out, *++text);
            text += *text != 0;
        } else if (*text == '!') {
            const WCHAR *next = add_variable(&out, text + 1, '!', false);
            text = next ? next : text + 1;
        } else {
            text_char(&out, *text++);
        }
    }
    return text_take(&out);
}
