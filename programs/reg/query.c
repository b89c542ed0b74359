/*
 * query.c: reg query: a key's values and subkeys, whole trees (/s), searches (/f).
 */
#include "reg.h"

struct query {
    const struct options *options;
    const struct key_name *key;
    bool typed; /* /t */
    DWORD type;
    bool counted; /* a search, or one value in a tree: the number is told at the end */
    unsigned found;
};

static WCHAR fold(WCHAR c, bool case_matters)
{
    return case_matters ? c : towlower(c);
}

/* * and ? as in file names; without /e anywhere in the text. */
static bool matches_here(const WCHAR *pattern, const WCHAR *text, bool whole, bool case_matters)
{
    for (; *pattern; pattern++, text++) {
        if (*pattern == '*') {
            for (; *text; text++)
                if (matches_here(pattern + 1, text, whole, case_matters))
                    return true;
            return matches_here(pattern + 1, text, whole, case_matters);
        }
        if (!*text || (*pattern != '?' && fold(*pattern, case_matters) != fold(*text, case_matters)))
            return false;
    }
    return !whole || !*text;
}

static bool matches(const struct options *o, const WCHAR *text)
{
    if (o->whole)
        return matches_here(o->search, text, true, o->case_matters);
    do {
        if (matches_here(o->search, text, false, o->case_matters))
            return true;
    } while (*text++);
    return false;
}

static void print_value(const struct query *q, const struct value *v)
{
    struct text line = {0};
    WCHAR number[24], *data = value_text(v, q->options->separator);

    _snwprintf(number, 24, L" (%lu)", v->type);
    text_add(&line, L"    ");
    text_add(&line, v->name_length ? v->name : L"(Default)");
    text_add(&line, L"    ");
    text_add(&line, type_name(v->type));
    text_add(&line, q->options->show_number ? number : L"");
    text_add(&line, L"    ");
    text_add(&line, data);
    text_add(&line, L"\r\n");
    write_text(GetStdHandle(STD_OUTPUT_HANDLE), line.data, line.length);
    free(line.data);
    free(data);
}

static void print_key(const struct query *q, const WCHAR *path)
{
    print(L"%s%s%s\r\n", q->key->root_name, *path ? L"\\" : L"", path);
}

/* Is this value one of those asked for? */
static bool wanted(const struct query *q, const struct value *v)
{
    const struct options *o = q->options;
    bool anywhere = !o->in_keys && !o->in_data && !o->in_names, found;
    WCHAR *data;

    if ((o->value && !same_name(v->name, o->value)) || (q->typed && v->type != q->type))
        return false;
    if (!o->search)
        return true;
    if ((anywhere || (o->in_names && !o->value)) && matches(o, v->name))
        return true;
    if (!anywhere && !o->in_data && !o->value)
        return false;
    data = value_text(v, o->separator);
    found = matches(o, data);
    free(data);
    return found;
}

/* The values that are wanted, below their key's name. */
static bool show_values(struct query *q, HKEY key, const WCHAR *path, bool shown)
{
    DWORD count, first = q->found;
    struct value *values = values_read(key, &count);

    for (DWORD i = 0; i < count; i++) {
        if (!wanted(q, &values[i]))
            continue;
        if (!shown)
            print_key(q, path);
        shown = true;
        print_value(q, &values[i]);
        q->found++;
    }
    values_free(values, count);
    if (shown)
        print(L"\r\n");
    return q->found != first;
}

static LSTATUS show_tree(struct query *q, const WCHAR *path, bool top)
{
    const struct options *o = q->options;
    bool names = o->search && !o->value && (o->in_keys || (!o->in_data && !o->in_names)),
         plain = !q->counted && !q->typed;
    HKEY key;
    LSTATUS error = RegOpenKeyExW(q->key->root, path, 0, KEY_READ | o->view, &key);
    if (error)
        return error;
    if (top)
        print(L"\r\n");
    bool matched = names && !top && matches(o, file_part(path));
    if (matched) {
        print_key(q, path);
        q->found++;
    }
    if (!(o->search && o->in_keys && !o->in_data && !o->in_names)) {
        bool header = matched || (plain && o->deep && !top);
        if (header && !matched)
            print_key(q, path);
        show_values(q, key, path, header);
    }
    WCHAR **children = subkeys_read(key);
    for (WCHAR **child = children; *child; child++) {
        WCHAR *below = path_below(path, *child);
        if (o->deep)
            show_tree(q, below, false); /* what can not be read is left out */
        else if (plain)
            print_key(q, below);
        else if (names && matches(o, *child)) {
            print_key(q, below);
            q->found++;
        }
        free(below);
    }
    names_free(children);
    RegCloseKey(key);
    return ERROR_SUCCESS;
}

/* /v NAME or /ve without /s. */
static enum status query_one(struct query *q)
{
    const struct options *o = q->options;
    struct value v = {0};
    HKEY key;
    LSTATUS error = RegOpenKeyExW(q->key->root, q->key->path, 0, KEY_READ | o->view, &key);

    if (!error) {
        error = value_read(key, o->value, &v);
        RegCloseKey(key);
    }
    if (error == ERROR_FILE_NOT_FOUND && v.data && !*o->value) {
        print(L"\r\n");
        print_key(q, q->key->path);
        print(L"    (Default)    REG_SZ    (value not set)\r\n\r\n");
        free(v.data);
        return DONE;
    }
    if (!error && q->typed && v.type != q->type)
        error = ERROR_FILE_NOT_FOUND;
    if (!error) {
        print(L"\r\n");
        print_key(q, q->key->path);
        print_value(q, &v);
        print(L"\r\n");
    }
    free(v.data);
    return error ? fail_with(error) : DONE;
}

enum status reg_query(const struct options *o)
{
    struct key_name key;
    struct query q = {.options = o, .key = &key};

    if ((!o->search && (o->in_keys || o->in_data || (o->in_names && !o->value) || o->whole || o->case_matters)) ||
        (o->type && !type_parse(o->type, &q.type)) || (o->separator && wcslen(o->separator) != 1))
        return bad_syntax(o);
    if (!need_key(o, 0, &key))
        return FAILED;
    q.typed = o->type != NULL;
    if (o->value && !o->deep && !o->search)
        return query_one(&q);
    q.counted = o->search || o->value || q.typed;
    LSTATUS error = show_tree(&q, key.path, true);
    if (error)
        return fail_with(error);
    if (q.counted)
        print(L"End of search: %u match(es) found.\r\n", q.found);
    return q.counted && !q.found ? FAILED : DONE;
}
