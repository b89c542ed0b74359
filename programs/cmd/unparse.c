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

static void add_value(struct text *out, const WCHAR *text, bool expand)
{
    WCHAR *value = expand ? expand_for(text) : copy_string(text);

    if (expand)
        add_escaped(out, value);
    else
        text_add(out, value);
    free(value);
}

static void add_redirects(struct text *out, const struct redirect *redirect, bool expand)
{
    for (; redirect; redirect = redirect->next) {
        WCHAR digit = (WCHAR)('0' + redirect->handle);
        text_char(out, ' ');
        text_char(out, digit);
        text_add(out, redirect->input ? L"<" : redirect->append ? L">>" : L">");
        if (redirect->duplicate)
            text_char(out, '&');
        add_value(out, redirect->target, expand);
        text_char(out, ' ');
    }
}

static void add_if(const struct node *node, bool expand, struct text *out)
{
    text_add(out, L"if ");
    if (node->fold)
        text_add(out, L"/i ");
    if (node->negated)
        text_add(out, L"not ");
    if (node->operand[1]) {
        add_value(out, node->operand[0], expand);
        text_char(out, ' ');
        text_add(out, node->text);
        text_char(out, ' ');
        add_value(out, node->operand[1], expand);
    } else {
        text_add(out, node->text);
        text_char(out, ' ');
        add_value(out, node->operand[0], expand);
    }
    text_char(out, ' ');
    node_text(node->left, expand, out);
    if (node->right) {
        text_add(out, L" else ");
        node_text(node->right, expand, out);
    }
}

void node_text(const struct node *node, bool expand, struct text *out)
{
    static const WCHAR *const operators[] = {
        [NODE_SEQUENCE] = L" & ", [NODE_AND] = L" && ", [NODE_OR] = L" || ", [NODE_PIPE] = L" | "};

    if (!node)
        return;
    switch (node->kind) {
    case NODE_COMMAND:
        add_value(out, node->text, expand);
        break;
    case NODE_BLOCK:
        text_char(out, '(');
        node_text(node->left, expand, out);
        text_char(out, ')');
        break;
    case NODE_IF:
        add_if(node, expand, out);
        break;
    case NODE_FOR:
        text_add(out, L"for ");
        text_add(out, node->text);
        text_char(out, '%');
        text_char(out, node->variable);
        text_add(out, L" in (");
        add_value(out, node->operand[0], expand);
        text_add(out, L") do ");
        node_text(node->left, expand, out);
        break;
    default:
        node_text(node->left, expand, out);
        text_add(out, operators[node->kind]);
        node_text(node->right, expand, out);
    }
    add_redirects(out, node->redirects, expand);
}
