/*
 * for_lines.c: FOR /F: lines of files, of a command's output, or of a string, taken apart into words.
 */
#include "for.h"

struct options {
    WCHAR eol;
    unsigned skip;
    WCHAR delimiters[64];
    bool wanted[32]; /* tokens 1 to 31 */
    bool rest;       /* tokens=...*: what is left goes to one more variable */
    bool back_quotes;
};

static void parse_tokens(struct options *options, const WCHAR *list)
{
    memset(options->wanted, 0, sizeof options->wanted);
    options->rest = false;
    while (*list && *list != ' ') {
        WCHAR *end;
        unsigned long from = wcstoul(list, &end, 10), to = from;
        if (*list == '*') {
            options->rest = true;
            return;
        }
        if (end == list)
            return;
        if (*end == '-')
            to = wcstoul(end + 1, &end, 10);
        for (; from <= to && from < 32; from++)
            if (from)
                options->wanted[from] = true;
        if (*end == '*')
            options->rest = true;
        list = end + (*end == ',' || *end == '*');
    }
}

/* `text`: eol=c skip=n delims=xxx tokens=1,2* usebackq */
static void parse_options(struct options *options, const WCHAR *text)
{
    while (*text) {
        if (*text == ' ' || *text == '\t') {
            text++;
        } else if (starts_with(text, L"eol=")) {
            options->eol = text[4];
            text += 4 + (text[4] != 0);
        } else if (starts_with(text, L"skip=")) {
            options->skip = wcstoul(text + 5, (WCHAR **)&text, 0);
        } else if (starts_with(text, L"delims=")) {
            /* Up to the next blank; a blank is a delimiter itself only at the very end. */
            const WCHAR *start = text + 7, *end = start;
            while (*end && (*end != ' ' || !end[wcsspn(end, L" ")]))
                end++;
            size_t length = end - start < 63 ? (size_t)(end - start) : 63;
            memcpy(options->delimiters, start, length * sizeof *start);
            options->delimiters[length] = 0;
            text = end;
        } else if (starts_with(text, L"tokens=")) {
            parse_tokens(options, text + 7);
            text += wcscspn(text, L" ");
        } else if (starts_with(text, L"usebackq")) {
            options->back_quotes = true;
            text += 8;
        } else {
            syntax_error(text);
            return;
        }
    }
}

/* Puts the line's words into the variables and runs the body.  `line` is changed. */
static int take_line(struct node *node, const struct options *options, WCHAR *line)
{
    unsigned variable = node->variable, highest = 0, number = 1;
    WCHAR *p = line + wcsspn(line, options->delimiters);
    bool any = false;

    if (!*p || (options->eol && *p == options->eol))
        return cmd.errorlevel;
    for (unsigned i = 1; i < 32; i++)
        if (options->wanted[i])
            highest = i;
    for (; number <= highest; number++) {
        WCHAR *word = p;
        size_t length = wcscspn(p, options->delimiters);
        bool last = !p[length];
        p += length;
        if (options->wanted[number]) {
            any |= length != 0;
            for_set(variable++, word);
        }
        if (!last) {
            *p++ = 0;
            p += wcsspn(p, options->delimiters);
        }
    }
    if (options->rest) {
        any |= *p != 0;
        for_set(variable++, p);
    }
    return any ? for_once(node) : cmd.errorlevel;
}

static int take_text(struct node *node, const struct options *options, WCHAR *text)
{
    unsigned skip = options->skip;
    int result = 0;

    while (*text && cmd.jump == JUMP_NONE) {
        size_t length = wcscspn(text, L"\n");
        WCHAR *next = text + length + (text[length] == '\n');
        text[length && text[length - 1] == '\r' ? length - 1 : length] = 0;
        if (skip)
            skip--;
        else
            result = take_line(node, options, text);
        text = next;
    }
    return result;
}

/* All that a command writes. */
static WCHAR *command_output(const WCHAR *command)
{
    HANDLE read, write;
    size_t length;

    if (!CreatePipe(&read, &write, NULL, 0)) {
        report(GetLastError());
        return NULL;
    }
    HANDLE handles[3] = {cmd.handles[0], write, cmd.handles[2]};
    HANDLE process = start_interpreter(command, handles);
    CloseHandle(write);
    if (!process)
        report(GetLastError());
    WCHAR *text = process ? read_all_text(read, GetConsoleOutputCP(), &length) : NULL;
    CloseHandle(read);
    if (process)
        wait_process(process);
    return text;
}

static WCHAR *file_text(WCHAR *name)
{
    size_t length;
    WCHAR *text;
    HANDLE file = CreateFileW(unquote(name), GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL,
                              OPEN_EXISTING, 0, NULL);

    if (file == INVALID_HANDLE_VALUE) {
        out_error(L"The system cannot find the file %s.\r\n", name);
        cmd.errorlevel = 1;
        return NULL;
    }
    text = read_all_text(file, GetConsoleOutputCP(), &length);
    CloseHandle(file);
    return text;
}

/* What is between the first and the last character of the trimmed set, if both are `quote`. */
static WCHAR *quoted_set(const WCHAR *set, WCHAR quote)
{
    size_t length;

    while (*set == ' ' || *set == '\t')
        set++;
    for (length = wcslen(set); length && (set[length - 1] == ' ' || set[length - 1] == '\t');)
        length--;
    return length >= 2 && *set == quote && set[length - 1] == quote ? copy_n(set + 1, length - 2) : NULL;
}

int for_lines(struct node *node, const WCHAR *option_word, const WCHAR *set)
{
    struct options options = {.eol = ';', .delimiters = L" \t", .wanted = {[1] = true}};
    WCHAR *text = copy_string(option_word), *inner, *name;
    int result = 0;

    if (*text == '"') /* without quotes around all of it a quote may be a delimiter */
        unquote(text);
    parse_options(&options, text);
    free(text);
    if (cmd.jump != JUMP_NONE)
        return 1;
    inner = quoted_set(set, options.back_quotes ? '`' : '\'');
    if (inner) {
        text = command_output(inner);
    } else {
        inner = quoted_set(set, options.back_quotes ? '\'' : '"');
        text = inner ? copy_string(inner) : NULL;
    }
    if (inner) {
        if (text)
            result = take_text(node, &options, text);
        free(text);
        free(inner);
        return result;
    }
    while (cmd.jump == JUMP_NONE && (name = next_argument(&set))) {
        text = file_text(name);
        if (text)
            result = take_text(node, &options, text);
        else
            result = 1;
        free(text);
        free(name);
    }
    return result;
}
