/*
 * arguments.c: how built-in commands take their arguments apart.
 */
#include "cmd.h"

bool is_delimiter(WCHAR c)
{
    return c == ' ' || c == '\t' || c == ',' || c == ';' || c == '=' || c == 0xa0;
}

const WCHAR *skip_blanks(const WCHAR *text)
{
    while (is_delimiter(*text))
        text++;
    return text;
}

WCHAR *next_argument(const WCHAR **text)
{
    const WCHAR *start = skip_blanks(*text), *end = start;
    bool quoted = false;

    while (*end && (quoted || !is_delimiter(*end)))
        quoted ^= *end++ == '"';
    *text = end;
    return end == start ? NULL : copy_n(start, end - start);
}

WCHAR *unquote(WCHAR *argument)
{
    WCHAR *to = argument;
    for (const WCHAR *from = argument; *from; from++)
        if (*from != '"')
            *to++ = *from;
    *to = 0;
    return argument;
}

static void add_switch(struct arguments *arguments, const WCHAR *text)
{
    unsigned i = arguments->switch_count;

    if (i == 32)
        return;
    if (*text == '-')
        arguments->negated[i] = true, text++;
    arguments->switches[i] = towupper(*text);
    if (*text && text[1])
        arguments->values[i] = unquote(copy_string(text + (text[1] == ':' ? 2 : 1)));
    arguments->switch_count++;
}

/* Switches may follow each other and a name without a blank: /a/b. */
static void add_word(struct arguments *arguments, WCHAR *word)
{
    while (*word == '/') {
        WCHAR *end = word + 1;
        bool quoted = false;
        while (*end && (quoted || *end != '/'))
            quoted ^= *end++ == '"';
        WCHAR *one = copy_n(word + 1, end - word - 1);
        add_switch(arguments, one);
        free(one);
        word = end;
    }
    if (!*word)
        return;
    arguments->names = realloc(arguments->names, (arguments->count + 1) * sizeof *arguments->names);
    arguments->names[arguments->count++] = unquote(copy_string(word));
}

void arguments_parse(const WCHAR *text, struct arguments *arguments)
{
    WCHAR *word;

    *arguments = (struct arguments){0};
    while ((word = next_argument(&text))) {
        add_word(arguments, word);
        free(word);
    }
}

void arguments_free(struct arguments *arguments)
{
    for (unsigned i = 0; i < arguments->count; i++)
        free(arguments->names[i]);
    for (unsigned i = 0; i < arguments->switch_count; i++)
        free(arguments->values[i]);
    free(arguments->names);
}

bool has_switch(const struct arguments *arguments, WCHAR letter)
{
    bool has = false;
    for (unsigned i = 0; i < arguments->switch_count; i++)
        if (arguments->switches[i] == letter)
            has = !arguments->negated[i];
    return has;
}

bool only_switches(const struct arguments *arguments, const WCHAR *allowed)
{
    for (unsigned i = 0; i < arguments->switch_count; i++)
        if (!arguments->switches[i] || !wcschr(allowed, arguments->switches[i])) {
            out_error(L"Invalid switch - \"%c%s\".\r\n", arguments->switches[i] ? arguments->switches[i] : L' ',
                      arguments->values[i] ? arguments->values[i] : L"");
            return false;
        }
    return true;
}
