/*
 * run.c: stage 3: trees are executed.
 */
#include "builtins.h"

void syntax_error(const WCHAR *token)
{
    if (token && *token)
        out_error(L"%s was unexpected at this time.\r\n", token);
    else
        out_error(L"The syntax of the command is incorrect.\r\n");
    cmd.errorlevel = cmd.batch ? 255 : 1;
    if (!cmd.interactive || cmd.batch)
        cmd.jump = JUMP_EXIT;
}

/* $P$G and its relatives. */
void show_prompt(void)
{
    static const struct {
        WCHAR letter;
        const WCHAR *text;
    } plain[] = {{'A', L"&"}, {'B', L"|"}, {'C', L"("}, {'F', L")"},    {'G', L">"},    {'L', L"<"},
                 {'Q', L"="}, {'S', L" "}, {'$', L"$"}, {'_', L"\r\n"}, {'E', L"\x1b"}, {'H', L"\b \b"}};
    static const struct {
        WCHAR letter;
        const WCHAR *variable;
    } computed[] = {{'P', L"CD"}, {'D', L"DATE"}, {'T', L"TIME"}, {'V', L"OS"}};
    WCHAR *prompt = variable_get(L"PROMPT");
    struct text text = {0};

    for (const WCHAR *p = prompt ? prompt : L"$P$G"; *p; p++) {
        if (*p != '$' || !p[1]) {
            text_char(&text, *p);
            continue;
        }
        WCHAR letter = towupper(*++p);
        for (unsigned i = 0; i < sizeof plain / sizeof *plain; i++)
            if (plain[i].letter == letter)
                text_add(&text, plain[i].text);
        for (unsigned i = 0; i < sizeof computed / sizeof *computed; i++)
            if (computed[i].letter == letter) {
                WCHAR *value = variable_get(computed[i].variable);
                text_add(&text, value ? value : L"");
                free(value);
            }
    }
    free(prompt);
    prompt = text_take(&text);
    out_text(prompt);
    free(prompt);
}

void echo_node(const struct node *node)
{
    struct text text = {0};

    if (!cmd.echo || node->quiet || !cmd.batch)
        return;
    out_text(L"\r\n");
    show_prompt();
    node_text(node, TEXT_TO_SHOW, &text);
    text_add(&text, L" \r\n");
    out_text(text.data);
    free(text_take(&text));
}

static int finish(int result)
{
    if (result != KEEPS)
        cmd.errorlevel = result;
    return result == KEEPS ? 0 : result;
}

int run_command(const WCHAR *line, bool call)
{
    const WCHAR *arguments, *start = line;
    const struct builtin *builtin;

    while (is_delimiter(*start))
        start++;
    if (!*start)
        return 0;
    if (start[1] == ':' && (!start[2] || is_delimiter(start[2])) && iswalpha(*start)) {
        WCHAR drive[] = {*start, ':', 0};
        return finish(SetCurrentDirectoryW(drive) ? KEEPS : report(GetLastError()));
    }
    builtin = builtin_find(start, &arguments);
    if (builtin && (arguments[0] == '/' && arguments[1] == '?')) {
        out(L"%s: a built-in command. The command language is described in Microsoft's documentation.\r\n",
            builtin->name);
        return finish(0);
    }
    if (builtin)
        return finish(builtin->run(builtin->raw ? arguments : skip_blanks(arguments)));

    const WCHAR *end = start;
    bool quoted = false;
    while (*end && (quoted || (!is_delimiter(*end) && (*end != '/' || wcschr(L"/\\:.", end > start ? end[-1] : '.')))))
        quoted ^= *end++ == '"';
    if (*end == '/' && !quoted) { /* a path with slashes: not a switch stuck to a name */
        WCHAR *name = unquote(copy_n(start, end - start)), *program = find_program(name);
        if (!program)
            while (*end && !is_delimiter(*end))
                end++;
        free(name), free(program);
    }
    WCHAR *name = unquote(copy_n(start, end - start));
    int result = launch(name, end, call);
    free(name);
    return finish(result);
}

static int run_simple(struct node *node)
{
    WCHAR *first = expand_for(node->text), *line = expand_delayed(first);
    int result = run_command(line, false);

    free(first);
    free(line);
    return result;
}

static int run_bare(struct node *node)
{
    int result = 0;

    switch (node->kind) {
    case NODE_COMMAND:
        return run_simple(node);
    case NODE_BLOCK:
        return node->left ? run_node(node->left) : 0;
    case NODE_IF:
        return run_if(node);
    case NODE_FOR:
        return run_for(node);
    case NODE_PIPE:
        return run_pipe(node);
    default:
        result = run_node(node->left);
        if (cmd.jump == JUMP_NONE && (node->kind == NODE_SEQUENCE || (node->kind == NODE_AND) == !result))
            result = run_node(node->right);
        return result;
    }
}

int run_node(struct node *node)
{
    HANDLE saved[10];
    int result;

    if (!node->redirects)
        return run_bare(node);
    if (!redirect_make(node->redirects, saved))
        return cmd.errorlevel = 1;
    result = run_bare(node);
    redirect_undo(saved);
    return result;
}

int run_text(const WCHAR *text)
{
    struct source source = {.text = text};
    bool end = false;
    int result = 0;

    while (!end && cmd.jump == JUMP_NONE) {
        struct node *node = parse_next(&source, &end);
        if (node)
            result = run_node(node);
        node_free(node);
    }
    return result;
}

WCHAR *source_line(struct source *source, bool more)
{
    const WCHAR *line;
    size_t length;
    bool end;

    if (source->batch) {
        batch_read_line(source->batch, &line, &length, &end);
        return end ? NULL : copy_n(line, length);
    }
    if (source->text) { /* one text: its lines */
        if (!*source->text)
            return NULL;
        length = wcscspn(source->text, L"\n");
        line = source->text;
        source->text += length + (line[length] == '\n');
        return copy_n(line, length && line[length - 1] == '\r' ? length - 1 : length);
    }
    if (cmd.echo) {
        if (more)
            out_text(L"More? ");
        else
            show_prompt();
    }
    return read_input_line();
}
