/*
 * parse.c: stage 2: lines become a tree of commands.
 *
 * From loose to tight: newline or &, ||, &&, |, redirections.  The command of IF and the body of FOR reach to the end
 * of the line, operators included.  Carets and quotes are dealt with here: what a node holds is free of carets.
 */
#include "cmd.h"

struct parser {
    struct source *source;
    WCHAR *line;    /* owned; the line in progress, percent signs replaced */
    const WCHAR *p; /* where we are in it */
    int depth;      /* open parentheses */
    bool failed, end;
};

static struct node *parse_sequence(struct parser *parser);

static bool load_line(struct parser *parser, bool more)
{
    WCHAR *raw = source_line(parser->source, more);

    free(parser->line);
    parser->line = raw ? expand_percent(raw) : copy_string(L"");
    parser->p = parser->line;
    parser->end = !raw;
    free(raw);
    return !parser->end;
}

static void skip(struct parser *parser)
{
    while (*parser->p && is_delimiter(*parser->p))
        parser->p++;
}

static void fail(struct parser *parser, const WCHAR *token)
{
    if (!parser->failed)
        syntax_error(token);
    parser->failed = true;
}

/* What is unexpected here: one token. */
static void fail_here(struct parser *parser)
{
    size_t length = wcscspn(parser->p, L" \t");
    WCHAR *token = *parser->p ? copy_n(parser->p, length ? length : 1) : NULL;
    fail(parser, token);
    free(token);
}

static bool word_is(const WCHAR *p, const WCHAR *word)
{
    size_t length = wcslen(word);
    return !_wcsnicmp(p, word, length) && (!p[length] || is_delimiter(p[length]) || wcschr(L"()\"&|<>/+", p[length]));
}

static bool accept_word(struct parser *parser, const WCHAR *word)
{
    skip(parser);
    if (!word_is(parser->p, word))
        return false;
    parser->p += wcslen(word);
    return true;
}

/* A caret: adds what it protects.  At the end of a line it joins the next one, whose first character it protects. */
static void take_escaped(struct parser *parser, struct text *text)
{
    parser->p++;
    if (!*parser->p && !load_line(parser, true))
        return;
    if (*parser->p)
        text_char(text, *parser->p++);
}

/* One word; `stop` ends it beside the delimiters, outside of quotes.  Quotes stay. */
static WCHAR *take_word(struct parser *parser, const WCHAR *stop)
{
    struct text text = {0};
    bool quoted = false;

    while (*parser->p && (quoted || (!is_delimiter(*parser->p) && !wcschr(stop, *parser->p)))) {
        if (*parser->p == '^' && !quoted) {
            take_escaped(parser, &text);
            continue;
        }
        quoted ^= *parser->p == '"';
        text_char(&text, *parser->p++);
    }
    return text_take(&text);
}

/* At < or >.  `handle`: the digit before it, or -1. */
static struct redirect *parse_redirect(struct parser *parser, int handle)
{
    struct redirect *redirect = need(sizeof *redirect);

    redirect->input = *parser->p++ == '<';
    redirect->handle = handle >= 0 ? handle : !redirect->input;
    if (!redirect->input && *parser->p == '>')
        redirect->append = true, parser->p++;
    if (*parser->p == '&') {
        redirect->duplicate = true;
        parser->p++;
    }
    skip(parser);
    redirect->target = take_word(parser, L"&|<>()");
    if (!*redirect->target)
        fail_here(parser);
    return redirect;
}

static void add_redirect(struct node *node, struct redirect *redirect)
{
    struct redirect **end = &node->redirects;
    while (*end)
        end = &(*end)->next;
    *end = redirect;
}

/* A digit directly before < or >, standing alone, names the handle: it is taken out of the text.  -1: none. */
static int handle_digit(struct text *text)
{
    size_t n = text->length;

    if (!n || text->data[n - 1] < '0' || text->data[n - 1] > '9' || (n > 1 && !is_delimiter(text->data[n - 2])))
        return -1;
    int digit = text->data[n - 1] - '0';
    text->data[--text->length] = 0;
    return digit;
}

static void take_command_text(struct parser *parser, struct node *node, struct text *text)
{
    bool quoted = false;

    while (*parser->p && !parser->failed) {
        WCHAR c = *parser->p;
        if (c == '^' && !quoted) {
            take_escaped(parser, text);
        } else if (!quoted && (c == '&' || c == '|' || (c == ')' && parser->depth))) {
            break;
        } else if (!quoted && (c == '<' || c == '>')) {
            add_redirect(node, parse_redirect(parser, handle_digit(text)));
        } else {
            quoted ^= c == '"';
            text_char(text, c);
            parser->p++;
        }
    }
}

static struct node *parse_simple(struct parser *parser, struct node *node)
{
    struct text text = {0};

    node->kind = NODE_COMMAND;
    if (word_is(parser->p, L"rem")) { /* the rest of the line is its text, whatever stands there */
        text_add(&text, parser->p);
        parser->p += wcslen(parser->p);
    } else {
        take_command_text(parser, node, &text);
    }
    node->text = text_take(&text);
    return node;
}

static void parse_comparison(struct parser *parser, struct node *node)
{
    node->operand[0] = take_word(parser, L"=&|<>");
    skip(parser); /* passes over == as well: = is a delimiter */
    const WCHAR *before = parser->p;
    while (before > parser->line && is_delimiter(before[-1]) && before[-1] != '=')
        before--;
    if (before - parser->line >= 2 && before[-1] == '=' && before[-2] == '=') {
        node->text = copy_string(L"==");
    } else {
        static const WCHAR *const operators[] = {L"equ", L"neq", L"lss", L"leq", L"gtr", L"geq"};
        for (unsigned i = 0; i < 6 && !node->text; i++)
            if (accept_word(parser, operators[i]))
                node->text = copy_string(operators[i]);
        if (!node->text) {
            node->text = copy_string(L"==");
            fail_here(parser);
            return;
        }
        skip(parser);
    }
    node->operand[1] = take_word(parser, L"&|<>");
}

static struct node *parse_if(struct parser *parser, struct node *node)
{
    static const WCHAR *const unary[] = {L"exist", L"defined", L"errorlevel", L"cmdextversion"};

    node->kind = NODE_IF;
    if (accept_word(parser, L"/i"))
        node->fold = true;
    if (accept_word(parser, L"not"))
        node->negated = true;
    if (accept_word(parser, L"/i"))
        node->fold = true;
    skip(parser);
    for (unsigned i = 0; i < 4 && !node->text; i++)
        if (accept_word(parser, unary[i])) {
            node->text = copy_string(unary[i]);
            skip(parser);
            node->operand[0] = take_word(parser, L"&|<>");
        }
    if (!node->text)
        parse_comparison(parser, node);
    skip(parser);
    if (!parser->failed && !*parser->p)
        fail(parser, NULL);
    if (parser->failed)
        return node;
    node->left = parse_sequence(parser);
    if (!parser->failed && accept_word(parser, L"else")) {
        skip(parser);
        node->right = parse_sequence(parser);
    }
    return node;
}

/* The set of FOR, between its parentheses; may go over several lines. */
static WCHAR *take_set(struct parser *parser)
{
    struct text text = {0};
    bool quoted = false;

    while (!parser->failed && (*parser->p != ')' || quoted)) {
        if (!*parser->p) {
            if (!load_line(parser, true))
                fail(parser, NULL);
            quoted = false;
            text_char(&text, ' ');
        } else if (*parser->p == '^' && !quoted) {
            take_escaped(parser, &text);
        } else {
            quoted ^= *parser->p == '"';
            text_char(&text, *parser->p++);
        }
    }
    if (*parser->p)
        parser->p++;
    return text_take(&text);
}

static struct node *parse_for(struct parser *parser, struct node *node)
{
    struct text options = {0};

    node->kind = NODE_FOR;
    for (skip(parser); *parser->p && *parser->p != '%'; skip(parser)) {
        WCHAR *word = take_word(parser, L"&|<>()");
        bool empty = !*word;
        text_add(&options, word);
        text_char(&options, ' ');
        free(word);
        if (empty)
            break;
    }
    node->text = text_take(&options);
    if (*parser->p != '%' || !parser->p[1]) {
        fail_here(parser);
        return node;
    }
    node->variable = parser->p[1];
    parser->p += 2;
    if (node->variable >= 256 || !accept_word(parser, L"in")) {
        fail_here(parser);
        return node;
    }
    skip(parser);
    if (*parser->p++ != '(') {
        parser->p--;
        fail_here(parser);
        return node;
    }
    node->operand[0] = take_set(parser);
    if (!parser->failed && !accept_word(parser, L"do"))
        fail_here(parser);
    if (parser->failed)
        return node;
    skip(parser);
    if (!*parser->p)
        fail(parser, NULL);
    else
        node->left = parse_sequence(parser);
    return node;
}

/* Behind an opening parenthesis, up to and with the closing one. */
static struct node *parse_block(struct parser *parser, struct node *node)
{
    struct node **last = &node->left;

    node->kind = NODE_BLOCK;
    parser->depth++;
    while (!parser->failed) {
        skip(parser);
        if (*parser->p == ')')
            break;
        if (!*parser->p || *parser->p == ':') {
            if (!load_line(parser, true))
                fail(parser, NULL);
            continue;
        }
        struct node *next = parse_sequence(parser);
        if (!next)
            break;
        if (*last) { /* lines of a block follow each other like commands with & between them */
            struct node *both = need(sizeof *both);
            *both = (struct node){.kind = NODE_SEQUENCE, .left = *last, .right = next, .lines = true};
            *last = both;
        } else {
            *last = next;
        }
        skip(parser);
        if (*parser->p && *parser->p != ')')
            fail_here(parser);
    }
    parser->depth--;
    if (parser->failed)
        return node;
    parser->p++;
    for (;;) {
        skip(parser);
        int digit = *parser->p >= '0' && *parser->p <= '9' && wcschr(L"<>", parser->p[1]) && parser->p[1]
                        ? *parser->p - '0'
                        : -1;
        if (digit >= 0)
            parser->p++;
        if (*parser->p != '<' && *parser->p != '>')
            return node;
        add_redirect(node, parse_redirect(parser, digit));
    }
}

static struct node *parse_one(struct parser *parser)
{
    struct node *node = need(sizeof *node);

    skip(parser);
    while (*parser->p == '@') {
        node->quiet = true;
        parser->p++;
        skip(parser);
    }
    if (*parser->p == '(') {
        parser->p++;
        return parse_block(parser, node);
    }
    while (*parser->p == '<' || *parser->p == '>' ||
           (*parser->p >= '0' && *parser->p <= '9' && (parser->p[1] == '<' || parser->p[1] == '>'))) {
        int digit = *parser->p >= '0' && *parser->p <= '9' ? *parser->p++ - '0' : -1;
        add_redirect(node, parse_redirect(parser, digit));
        skip(parser);
    }
    if (word_is(parser->p, L"if") && parser->p[2] != '.') {
        parser->p += 2;
        return parse_if(parser, node);
    }
    if (word_is(parser->p, L"for")) {
        parser->p += 3;
        return parse_for(parser, node);
    }
    if (!*parser->p || wcschr(L"&|)", *parser->p))
        fail_here(parser);
    return parse_simple(parser, node);
}

static bool at_operator(const struct parser *parser, const WCHAR *operator)
{
    size_t length = wcslen(operator);
    return !wcsncmp(parser->p, operator, length) && (length == 2 || parser->p[1] != *operator);
}

/* The operators of level `level` and tighter ones. */
static struct node *parse_level(struct parser *parser, int level)
{
    static const struct {
        const WCHAR *operator;
        enum node_kind kind;
    } levels[] = {{L"&", NODE_SEQUENCE}, {L"||", NODE_OR}, {L"&&", NODE_AND}, {L"|", NODE_PIPE}};
    struct node *left;

    if (level == 4)
        return parse_one(parser);
    left = parse_level(parser, level + 1);
    while (!parser->failed) {
        skip(parser);
        if (!at_operator(parser, levels[level].operator))
            break;
        parser->p += wcslen(levels[level].operator);
        skip(parser);
        if (level == 0 && (!*parser->p || *parser->p == ')')) /* a last & says nothing */
            break;
        struct node *both = need(sizeof *both);
        *both = (struct node){.kind = levels[level].kind, .left = left};
        both->right = parse_level(parser, level == 0 ? 1 : level + 1);
        left = both;
    }
    return left;
}

static struct node *parse_sequence(struct parser *parser)
{
    skip(parser);
    bool quiet = *parser->p == '@';
    struct node *node = parse_level(parser, 0);

    node->quiet |= quiet; /* the sign is for all that stands behind it */
    return node;
}

struct node *parse_next(struct source *source, bool *end)
{
    struct parser parser = {.source = source};
    struct node *node = NULL;

    if (load_line(&parser, false)) {
        skip(&parser);
        if (*parser.p && *parser.p != ':' && *parser.p != ')') { /* a label, or a ) that closes nothing: passed over */
            node = parse_sequence(&parser);
            skip(&parser);
            if (!parser.failed && *parser.p)
                fail_here(&parser);
        }
    }
    *end = parser.end && !node;
    free(parser.line);
    if (parser.failed) {
        node_free(node);
        return NULL;
    }
    return node;
}

void node_free(struct node *node)
{
    if (!node)
        return;
    node_free(node->left);
    node_free(node->right);
    while (node->redirects) {
        struct redirect *next = node->redirects->next;
        free(node->redirects->target);
        free(node->redirects);
        node->redirects = next;
    }
    free(node->text);
    free(node->operand[0]);
    free(node->operand[1]);
    free(node);
}
