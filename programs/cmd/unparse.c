/*
 * unparse.c: a tree as a command line again: for ECHO ON, and for the copies of the interpreter that run the sides of a
 * pipe.
 */
#include "cmd.h"

/* Characters that would mean something to the parser get a caret, outside of quotes. */
static void add_escaped(struct text *out, const WCHAR *text)
{
    bool quoted = false;

    for (; *text; text++) {
        quoted ^= *text == '"';
        if (!quoted && wcschr(L"&|<>^()", *text))
            text_char(out, '^');
        text_char(out, *text);
    }
}

static void add_value(struct text *out, const WCHAR *text, enum text_use use)
{
    WCHAR *value = expand_for(text);

    if (use == TEXT_TO_RUN)
        add_escaped(out, value);
    else
        text_add(out, value);
    free(value);
}

static void add_redirects(struct text *out, const struct redirect *redirect, enum text_use use)
{
    for (; redirect; redirect = redirect->next) {
        WCHAR digit = (WCHAR)('0' + redirect->handle);
        text_char(out, ' ');
        text_char(out, digit);
        text_add(out, redirect->input ? L"<" : redirect->append ? L">>" : L">");
        if (redirect->duplicate)
            text_char(out, '&');
        add_value(out, redirect->target, use);
        text_char(out, ' ');
    }
}

static void add_if(const struct node *node, enum text_use use, struct text *out)
{
    text_add(out, L"if ");
    if (node->fold)
        text_add(out, L"/i ");
    if (node->negated)
        text_add(out, L"not ");
    if (node->operand[1]) {
        add_value(out, node->operand[0], use);
        text_char(out, ' ');
        text_add(out, node->text);
        text_char(out, ' ');
        add_value(out, node->operand[1], use);
    } else {
        text_add(out, node->text);
        text_char(out, ' ');
        add_value(out, node->operand[0], use);
    }
    text_char(out, ' ');
    node_text(node->left, use, out);
    if (node->right) {
        text_add(out, L" else ");
        node_text(node->right, use, out);
    }
}

/* Commands on lines of their own are shown so. */
static void add_lines(const struct node *node, enum text_use use, struct text *out)
{
    if (node->kind != NODE_SEQUENCE || !node->lines) {
        node_text(node, use, out);
        return;
    }
    add_lines(node->left, use, out);
    text_add(out, L" \r\n ");
    add_lines(node->right, use, out);
}

static void add_block(const struct node *node, enum text_use use, struct text *out)
{
    bool lines = use == TEXT_TO_SHOW && node->left && node->left->kind == NODE_SEQUENCE && node->left->lines;

    text_add(out, lines ? L"(\r\n" : L"(");
    if (lines)
        add_lines(node->left, use, out);
    else
        node_text(node->left, use, out);
    if (use == TEXT_TO_SHOW)
        text_add(out, L" ");
    text_add(out, lines ? L"\r\n)" : L")");
}

void node_text(const struct node *node, enum text_use use, struct text *out)
{
    static const WCHAR *const operators[] = {
        [NODE_SEQUENCE] = L" & ", [NODE_AND] = L" && ", [NODE_OR] = L" || ", [NODE_PIPE] = L" | "};

    if (!node)
        return;
    if (node->quiet && use == TEXT_TO_SHOW)
        text_char(out, '@');
    switch (node->kind) {
    case NODE_COMMAND:
        if (use == TEXT_TO_RUN) /* in front, so that the text keeps its blanks */
            add_redirects(out, node->redirects, use);
        add_value(out, node->text, use);
        if (use == TEXT_TO_RUN)
            return;
        break;
    case NODE_BLOCK:
        add_block(node, use, out);
        break;
    case NODE_IF:
        add_if(node, use, out);
        break;
    case NODE_FOR:
        text_add(out, L"for ");
        text_add(out, node->text);
        text_char(out, '%');
        text_char(out, node->variable);
        text_add(out, L" in (");
        add_value(out, node->operand[0], use);
        text_add(out, L") do ");
        node_text(node->left, use, out);
        break;
    default:
        node_text(node->left, use, out);
        text_add(out, operators[node->kind]);
        node_text(node->right, use, out);
    }
    add_redirects(out, node->redirects, use);
}
