/*
 * if.c: IF: the conditions.
 */
#include "cmd.h"

static int compare(const WCHAR *a, const WCHAR *b, bool fold)
{
    WCHAR *end_a, *end_b;
    long x = wcstol(a, &end_a, 0), y = wcstol(b, &end_b, 0);

    if (*a && *b && !*end_a && !*end_b)
        return x < y ? -1 : x > y;
    return fold ? _wcsicmp(a, b) : wcscmp(a, b);
}

static bool exists(const WCHAR *quoted)
{
    WIN32_FIND_DATAW data;
    WCHAR *path = unquote(copy_string(quoted));
    size_t length = wcslen(path);
    bool found;

    if (wcspbrk(path, L"*?")) {
        HANDLE find = FindFirstFileW(path, &data);
        found = find != INVALID_HANDLE_VALUE;
        if (found)
            FindClose(find);
    } else if (length > 1 && (path[length - 1] == '\\' || path[length - 1] == '/') && path[length - 2] != ':') {
        found = is_directory(path);
    } else {
        found = *path && GetFileAttributesW(path) != INVALID_FILE_ATTRIBUTES;
    }
    free(path);
    return found;
}

static bool holds(const struct node *node, const WCHAR *left, const WCHAR *right)
{
    const WCHAR *operator= node->text;

    if (same_name(operator, L"=="))
        return !(node->fold ? _wcsicmp(left, right) : wcscmp(left, right));
    if (same_name(operator, L"exist"))
        return exists(left);
    if (same_name(operator, L"defined")) {
        WCHAR *value = variable_get(left);
        free(value);
        return value != NULL;
    }
    if (same_name(operator, L"errorlevel"))
        return cmd.errorlevel >= (int)wcstol(left, NULL, 0);
    if (same_name(operator, L"cmdextversion"))
        return wcstol(left, NULL, 0) <= 2;
    int order = compare(left, right, node->fold);
    return same_name(operator, L"equ")   ? order == 0
           : same_name(operator, L"neq") ? order != 0
           : same_name(operator, L"lss") ? order < 0
           : same_name(operator, L"leq") ? order <= 0
           : same_name(operator, L"gtr") ? order > 0
                                         : order >= 0;
}

static WCHAR *operand(const WCHAR *text)
{
    if (!text)
        return copy_string(L"");
    WCHAR *first = expand_for(text), *value = expand_delayed(first);
    free(first);
    return value;
}

int run_if(struct node *node)
{
    WCHAR *left = operand(node->operand[0]), *right = operand(node->operand[1]);
    bool taken = holds(node, left, right) != node->negated;
    struct node *branch = taken ? node->left : node->right;

    free(left);
    free(right);
    return branch ? run_node(branch) : 0;
}
