/*
 * set.c: SET, PATH and PROMPT: variables are shown, set, and read from the input.
 */
#include "builtins.h"

static int show_variables(const WCHAR *start)
{
    WCHAR *block = GetEnvironmentStringsW();
    bool any = false;

    for (const WCHAR *entry = block; *entry; entry += wcslen(entry) + 1)
        if (*entry != '=' && starts_with(entry, start)) {
            struct text line = {0};
            text_add(&line, entry);
            text_add(&line, L"\r\n");
            out_text(line.data);
            free(text_take(&line));
            any = true;
        }
    FreeEnvironmentStringsW(block);
    if (!any && *start)
        out_error(L"Environment variable %s not defined\r\n", start);
    return any || !*start ? 0 : 1;
}

static void set_variable(const WCHAR *name, const WCHAR *value)
{
    SetEnvironmentVariableW(name, *value ? value : NULL);
}

/* "name=value" loses its quotes: the first one and the last one, with all behind it. */
static WCHAR *assignment(const WCHAR *text)
{
    WCHAR *copy, *last;

    if (*text != '"')
        return copy_string(text);
    copy = copy_string(text + 1);
    last = wcsrchr(copy, '"');
    if (last)
        *last = 0;
    return copy;
}

static int set_from_input(const WCHAR *text)
{
    WCHAR *copy = assignment(text), *prompt = wcschr(copy, '='), *line;

    if (!prompt) {
        free(copy);
        return bad_usage();
    }
    *prompt++ = 0;
    prompt += wcsspn(prompt, L" \t");
    if (*prompt == '"') { /* quotes around the prompt alone */
        WCHAR *last = wcsrchr(++prompt, '"');
        if (last)
            *last = 0;
    }
    out_text(prompt);
    line = read_input_line();
    if (line && *line && *copy)
        set_variable(copy, line);
    int result = line && *line ? 0 : 1;
    free(line);
    free(copy);
    return result;
}

int builtin_set(const WCHAR *text)
{
    WCHAR *copy, *equals;
    int result = KEEPS;

    if (starts_with(text, L"/a"))
        return set_arithmetic(text + 2);
    if (starts_with(text, L"/p"))
        return set_from_input(text + 2 + wcsspn(text + 2, L" \t")); /* "set /p =text" names no variable */
    copy = assignment(text);
    equals = *copy ? wcschr(copy + 1, '=') : NULL;
    if (equals) {
        *equals = 0;
        set_variable(copy, equals + 1);
        if (!equals[1] && cmd.errorlevel < 0)
            result = 1;
    } else {
        for (size_t n = wcslen(copy); n && copy[n - 1] == ' '; n--)
            copy[n - 1] = 0;
        result = show_variables(copy);
        if (!result)
            result = KEEPS;
    }
    free(copy);
    return result;
}

int builtin_path(const WCHAR *text)
{
    WCHAR *value;

    text += wcsspn(text, L" \t=");
    if (*text) {
        set_variable(L"PATH", same_name(text, L";") ? L"" : text);
        return KEEPS;
    }
    value = variable_get(L"PATH");
    out(L"PATH=%s\r\n", value ? value : L"(null)");
    free(value);
    return KEEPS;
}

int builtin_prompt(const WCHAR *text)
{
    set_variable(L"PROMPT", *text ? text : L"$P$G");
    return KEEPS;
}
