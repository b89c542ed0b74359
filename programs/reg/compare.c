/*
 * compare.c: reg compare: two keys' values, or trees.  A subkey that only one side has is one difference.
 */
#include "reg.h"

struct side {
    HKEY root;
    WCHAR *whole; /* for people */
    const WCHAR *path;
};

struct comparison {
    const struct options *options;
    bool different;
};

static bool is_shown(const struct options *o, bool same)
{
    return o->compare == 'a' || (o->compare == 's' && same) || ((!o->compare || o->compare == 'd') && !same);
}

static void note_value(struct comparison *c, WCHAR sign, const WCHAR *whole, const struct value *v)
{
    if (sign != '=')
        c->different = true;
    if (!is_shown(c->options, sign == '='))
        return;
    WCHAR *data = value_text(v, NULL);
    print(L"%c Value:  %s  %s  %s  %s\r\n", sign, whole, v->name_length ? v->name : L"(Default)", type_name(v->type),
          data);
    free(data);
}

static void note_key(struct comparison *c, WCHAR sign, const WCHAR *whole, const WCHAR *name)
{
    if (sign != '=')
        c->different = true;
    if (is_shown(c->options, sign == '='))
        print(L"%c Key:  %s\\%s\r\n", sign, whole, name);
}

static const struct value *value_among(const struct value *values, DWORD count, const WCHAR *name)
{
    for (DWORD i = 0; i < count; i++)
        if (same_name(values[i].name, name))
            return &values[i];
    return NULL;
}

static void compare_values(struct comparison *c, HKEY keys[2], const struct side sides[2])
{
    DWORD counts[2];
    struct value *values[2] = {values_read(keys[0], &counts[0]), values_read(keys[1], &counts[1])};
    const WCHAR *only = c->options->value;

    for (DWORD i = 0; i < counts[0]; i++) {
        const struct value *a = &values[0][i], *b = value_among(values[1], counts[1], a->name);
        if (only && !same_name(only, a->name))
            continue;
        if (b && a->type == b->type && a->size == b->size && !memcmp(a->data, b->data, a->size)) {
            note_value(c, '=', sides[0].whole, a);
            continue;
        }
        note_value(c, '<', sides[0].whole, a);
        if (b)
            note_value(c, '>', sides[1].whole, b);
    }
    for (DWORD i = 0; i < counts[1]; i++)
        if ((!only || same_name(only, values[1][i].name)) && !value_among(values[0], counts[0], values[1][i].name))
            note_value(c, '>', sides[1].whole, &values[1][i]);
    values_free(values[0], counts[0]);
    values_free(values[1], counts[1]);
}

static bool has_name(WCHAR **names, const WCHAR *name)
{
    for (; *names; names++)
        if (same_name(*names, name))
            return true;
    return false;
}

static LSTATUS compare_keys(struct comparison *c, const struct side sides[2]);

static LSTATUS compare_child(struct comparison *c, const struct side sides[2], const WCHAR *name)
{
    struct side below[2];
    for (int i = 0; i < 2; i++)
        below[i] = (struct side){sides[i].root, path_below(sides[i].whole, name), path_below(sides[i].path, name)};
    LSTATUS error = compare_keys(c, below);
    for (int i = 0; i < 2; i++) {
        free(below[i].whole);
        free((WCHAR *)below[i].path);
    }
    return error;
}

static LSTATUS compare_keys(struct comparison *c, const struct side sides[2])
{
    HKEY keys[2];
    LSTATUS error = RegOpenKeyExW(sides[0].root, sides[0].path, 0, KEY_READ | c->options->view, &keys[0]);
    if (error)
        return error;
    error = RegOpenKeyExW(sides[1].root, sides[1].path, 0, KEY_READ | c->options->view, &keys[1]);
    if (error) {
        RegCloseKey(keys[0]);
        return error;
    }
    compare_values(c, keys, sides);
    if (c->options->deep) {
        WCHAR **names[2] = {subkeys_read(keys[0]), subkeys_read(keys[1])};
        for (WCHAR **name = names[0]; *name && !error; name++) {
            bool both = has_name(names[1], *name);
            note_key(c, both ? '=' : '<', sides[0].whole, *name);
            if (both)
                error = compare_child(c, sides, *name);
        }
        for (WCHAR **name = names[1]; *name; name++)
            if (!has_name(names[0], *name))
                note_key(c, '>', sides[1].whole, *name);
        names_free(names[0]);
        names_free(names[1]);
    }
    RegCloseKey(keys[0]);
    RegCloseKey(keys[1]);
    return error;
}

enum status reg_compare(const struct options *o)
{
    struct comparison c = {.options = o};
    struct key_name names[2];

    if (o->value && o->deep)
        return bad_syntax(o);
    if (!need_key(o, 0, &names[0]) || !need_key(o, 1, &names[1]))
        return FAILED;
    struct side sides[2] = {{names[0].root, key_text(&names[0]), names[0].path},
                            {names[1].root, key_text(&names[1]), names[1].path}};
    LSTATUS error = compare_keys(&c, sides);
    if (error)
        return fail_with(error);
    print(L"\r\nResult Compared: %s\r\n", c.different ? L"Different" : L"Identical");
    succeed();
    return c.different ? DIFFERENT : DONE;
}
