/*
 * for.c: FOR over files (with /D directories, with /R a tree), numbers (/L), and words of lines (/F in for_lines.c).
 */
#include "for.h"
#include "builtins.h"

int for_once(struct node *node)
{
    echo_node(node->left);
    return run_node(node->left);
}

void for_set(unsigned variable, WCHAR *value)
{
    if (variable < 256)
        cmd.for_values[variable] = value;
}

/* A set's elements: names as they are, patterns as the files that match. */
static int each_element(struct node *node, const WCHAR *set, const WCHAR *directory, bool directories)
{
    WCHAR *element;
    int result = 0;

    while (cmd.jump == JUMP_NONE && (element = next_argument(&set))) {
        WCHAR *plain = unquote(copy_string(element)), *path = directory ? join_path(directory, plain) : NULL;
        if (!wcspbrk(plain, L"*?")) {
            for_set(node->variable, path && *plain != '.' ? path : path ? path : element);
            result = for_once(node);
        } else {
            WIN32_FIND_DATAW data;
            const WCHAR *pattern = path ? path : plain;
            HANDLE find = FindFirstFileW(pattern, &data);
            WCHAR *base = copy_n(pattern, file_part(pattern) - pattern);
            bool more = find != INVALID_HANDLE_VALUE;
            for (; more && cmd.jump == JUMP_NONE; more = FindNextFileW(find, &data)) {
                bool is_dir = data.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY;
                if (is_dir != directories || !wcscmp(data.cFileName, L".") || !wcscmp(data.cFileName, L"..") ||
                    data.dwFileAttributes & FILE_ATTRIBUTE_HIDDEN)
                    continue;
                WCHAR *name = *base ? join_path(base, data.cFileName) : copy_string(data.cFileName);
                for_set(node->variable, name);
                result = for_once(node);
                free(name);
            }
            if (find != INVALID_HANDLE_VALUE)
                FindClose(find);
            free(base);
        }
        free(element), free(plain), free(path);
    }
    return result;
}

static int for_tree(struct node *node, const WCHAR *set, const WCHAR *directory, bool directories)
{
    WCHAR *pattern = join_path(directory, L"*");
    WIN32_FIND_DATAW data;
    int result = each_element(node, set, directory, directories);
    HANDLE find = FindFirstFileW(pattern, &data);
    bool more = find != INVALID_HANDLE_VALUE;

    for (; more && cmd.jump == JUMP_NONE; more = FindNextFileW(find, &data)) {
        if (!(data.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) ||
            data.dwFileAttributes & FILE_ATTRIBUTE_REPARSE_POINT || !wcscmp(data.cFileName, L".") ||
            !wcscmp(data.cFileName, L".."))
            continue;
        WCHAR *below = join_path(directory, data.cFileName);
        result = for_tree(node, set, below, directories);
        free(below);
    }
    if (find != INVALID_HANDLE_VALUE)
        FindClose(find);
    free(pattern);
    return result;
}

static int for_numbers(struct node *node, const WCHAR *set)
{
    long bounds[3] = {0};
    WCHAR value[16], *word;
    int result = 0;

    for (int i = 0; i < 3 && (word = next_argument(&set)); i++) {
        bounds[i] = wcstol(word, NULL, 0);
        free(word);
    }
    for (long i = bounds[0]; cmd.jump == JUMP_NONE && (bounds[1] < 0 ? i >= bounds[2] : i <= bounds[2]);
         i += bounds[1]) {
        _snwprintf(value, 16, L"%ld", i);
        for_set(node->variable, value);
        result = for_once(node);
    }
    return result;
}

/* Those of /F: quoted, or with escaped blanks and equals signs.  The parser has put one blank behind them. */
static WCHAR *lines_options(const WCHAR *text)
{
    text += wcsspn(text, L" ");
    size_t length = wcslen(text);
    if (length)
        length--;
    while (length && text[length - 1] == ' ' && *text == '"')
        length--;
    return copy_n(text, length);
}

static int for_by_options(struct node *node, const WCHAR *options, const WCHAR *set)
{
    WCHAR *word = next_argument(&options), *second = NULL;
    int result = 1;

    if (!word)
        return each_element(node, set, NULL, false);
    if (same_name(word, L"/l")) {
        result = for_numbers(node, set);
    } else if (same_name(word, L"/f")) {
        second = lines_options(options);
        result = for_lines(node, second, set);
    } else if (same_name(word, L"/d")) {
        second = next_argument(&options);
        if (second && same_name(second, L"/r"))
            goto tree;
        result = each_element(node, set, NULL, true);
    } else if (same_name(word, L"/r")) {
    tree:;
        WCHAR *root = next_argument(&options), full[4096];
        GetFullPathNameW(root ? unquote(root) : L".", 4096, full, NULL);
        result = for_tree(node, set, full, second != NULL || same_name(word, L"/d"));
        free(root);
    } else {
        syntax_error(word);
    }
    free(word);
    free(second);
    return result;
}

int run_for(struct node *node)
{
    WCHAR *saved[256], *options = expand_for(node->text), *first = expand_for(node->operand[0]),
                       *set = expand_delayed(first);
    int result;

    memcpy(saved, cmd.for_values, sizeof saved);
    cmd.for_depth++;
    result = for_by_options(node, options, set);
    cmd.for_depth--;
    memcpy(cmd.for_values, saved, sizeof saved);
    free(options), free(first), free(set);
    return result;
}
