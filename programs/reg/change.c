/*
 * change.c: reg add, delete and copy.
 */
#include "reg.h"

static bool is_number(DWORD type)
{
    return type == REG_DWORD || type == REG_DWORD_BIG_ENDIAN || type == REG_QWORD;
}

enum status reg_add(const struct options *o)
{
    struct key_name name;
    const WCHAR *value = o->value ? o->value : o->data || o->type ? L"" : NULL;
    DWORD type = REG_SZ, size = 0;
    BYTE *data = NULL;
    HKEY key;

    if (!need_key(o, 0, &name))
        return FAILED;
    if (o->type && !type_parse(o->type, &type))
        return bad_syntax(o);
    if (value) {
        data = value_parse(type, o->data ? o->data : L"", o->separator, &size);
        if (!data && is_number(type))
            return fail(L"Invalid syntax. Specify valid numeric value for '/d'.\r\nType \"REG ADD /?\" for usage.");
        if (!data)
            return bad_syntax(o);
    }
    LSTATUS error =
        RegCreateKeyExW(name.root, name.path, 0, NULL, 0, KEY_SET_VALUE | KEY_QUERY_VALUE | o->view, NULL, &key, NULL);
    if (error)
        return fail_with(error);
    if (value) {
        if (!o->force && !RegQueryValueExW(key, value, NULL, NULL, NULL, NULL) &&
            ask(false, L"Value %s exists, overwrite", value) == 'n') {
            print(L"The operation was canceled by the user.\r\n");
            RegCloseKey(key);
            return DONE;
        }
        error = RegSetValueExW(key, value, 0, type, data, size);
    }
    RegCloseKey(key);
    free(data);
    return error ? fail_with(error) : succeed();
}

static LSTATUS delete_values(HKEY key)
{
    DWORD count;
    struct value *values = values_read(key, &count);
    LSTATUS error = ERROR_SUCCESS;

    for (DWORD i = 0; i < count && !error; i++)
        error = RegDeleteValueW(key, values[i].name);
    values_free(values, count);
    return error;
}

static bool may_delete(const struct options *o, const struct key_name *name)
{
    WCHAR *whole = key_text(name), answer;

    if (o->force)
        answer = 'y';
    else if (o->all_values)
        answer = ask(false, L"Delete all values under the registry key %s", whole);
    else if (o->value)
        answer = ask(false, L"Delete the registry value %s", o->value);
    else
        answer = ask(false, L"Permanently delete the registry key %s", whole);
    free(whole);
    return answer == 'y';
}

enum status reg_delete(const struct options *o)
{
    struct key_name name;
    HKEY key;

    if (o->value && o->all_values)
        return bad_syntax(o);
    if (!need_key(o, 0, &name))
        return FAILED;
    LSTATUS error = RegOpenKeyExW(name.root, name.path, 0, KEY_READ | KEY_WRITE | DELETE | o->view, &key);
    if (error)
        return fail_with(error);
    if (!may_delete(o, &name)) {
        print(L"The operation was canceled by the user.\r\n");
        RegCloseKey(key);
        return DONE;
    }
    if (o->all_values)
        error = delete_values(key);
    else if (o->value)
        error = RegDeleteValueW(key, o->value);
    else if (!*name.path)
        error = ERROR_ACCESS_DENIED;
    else if (!(error = RegDeleteTreeW(key, NULL)))
        error = RegDeleteKeyExW(name.root, name.path, o->view, 0);
    RegCloseKey(key);
    return error ? fail_with(error) : succeed();
}

/* *all: every value is overwritten without asking. */
static LSTATUS copy_key(const struct options *o, HKEY from, HKEY to, const WCHAR *target, bool *all)
{
    DWORD count;
    struct value *values = values_read(from, &count);
    LSTATUS error = ERROR_SUCCESS;

    for (DWORD i = 0; i < count && !error; i++) {
        const struct value *v = &values[i];
        if (!*all && !RegQueryValueExW(to, v->name, NULL, NULL, NULL, NULL)) {
            WCHAR answer = ask(true, L"Value %s\\%s already exists, overwrite", target, v->name);
            *all = answer == 'a';
            if (answer == 'n')
                continue;
        }
        error = RegSetValueExW(to, v->name, 0, v->type, v->data, v->size);
    }
    values_free(values, count);
    WCHAR **children = o->deep && !error ? subkeys_read(from) : need(sizeof *children);
    for (WCHAR **child = children; *child && !error; child++) {
        WCHAR *below = path_below(target, *child);
        HKEY source, made;
        error = RegOpenKeyExW(from, *child, 0, KEY_READ | o->view, &source);
        if (!error) {
            error = RegCreateKeyExW(to, *child, 0, NULL, 0, KEY_READ | KEY_WRITE | o->view, NULL, &made, NULL);
            if (!error) {
                error = copy_key(o, source, made, below, all);
                RegCloseKey(made);
            }
            RegCloseKey(source);
        }
        free(below);
    }
    names_free(children);
    return error;
}

enum status reg_copy(const struct options *o)
{
    struct key_name from, to;
    HKEY source, target;
    bool all = o->force;

    if (!need_key(o, 0, &from) || !need_key(o, 1, &to))
        return FAILED;
    if (from.root == to.root && same_name(from.path, to.path))
        return fail(L"The registry entry cannot be copied onto itself.");
    LSTATUS error = RegOpenKeyExW(from.root, from.path, 0, KEY_READ | o->view, &source);
    if (error)
        return fail_with(error);
    error = RegCreateKeyExW(to.root, to.path, 0, NULL, 0, KEY_READ | KEY_WRITE | o->view, NULL, &target, NULL);
    if (!error) {
        WCHAR *whole = key_text(&to);
        error = copy_key(o, source, target, whole, &all);
        free(whole);
        RegCloseKey(target);
    }
    RegCloseKey(source);
    return error ? fail_with(error) : succeed();
}
