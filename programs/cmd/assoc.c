/*
 * assoc.c: ASSOC and FTYPE: which type of file an extension stands for, and how a type is opened.  Both are keys of
 * HKEY_CLASSES_ROOT: the default value of ".ext", and that of "type\shell\open\command".
 */
#include "builtins.h"

static const WCHAR command_key[] = L"\\shell\\open\\command";

static bool default_value(const WCHAR *key, WCHAR value[4096])
{
    DWORD size = 4096 * sizeof *value;
    return !RegGetValueW(HKEY_CLASSES_ROOT, key, NULL, RRF_RT_REG_SZ | RRF_RT_REG_EXPAND_SZ | RRF_NOEXPAND, NULL, value,
                         &size);
}

static WCHAR *key_of(const WCHAR *name, bool type)
{
    struct text key = {0};

    text_add(&key, name);
    text_add(&key, type ? command_key : L"");
    return text_take(&key);
}

static bool show_one(const WCHAR *name, bool type)
{
    WCHAR value[4096], *key = key_of(name, type);
    bool found = default_value(key, value);

    free(key);
    if (found && *value)
        out(L"%s=%s\r\n", name, value);
    return found && *value;
}

/* All extensions, or all types. */
static int show_all(bool type)
{
    WCHAR name[256];
    DWORD size = 256;

    for (DWORD i = 0; !RegEnumKeyExW(HKEY_CLASSES_ROOT, i, name, &size, NULL, NULL, NULL, NULL); i++, size = 256)
        if ((*name == '.') != type)
            show_one(name, type);
    return 0;
}

static int set_one(const WCHAR *name, const WCHAR *value, bool type)
{
    WCHAR *key = key_of(name, type), before[4096];
    LSTATUS error;

    if (*value) {
        error = RegSetKeyValueW(HKEY_CLASSES_ROOT, key, NULL, type ? REG_EXPAND_SZ : REG_SZ, value,
                                (DWORD)((wcslen(value) + 1) * sizeof *value));
    } else {
        error = default_value(key, before) ? RegDeleteTreeW(HKEY_CLASSES_ROOT, key) : ERROR_FILE_NOT_FOUND;
        if (!error)
            RegDeleteKeyW(HKEY_CLASSES_ROOT, key);
    }
    free(key);
    if (error == ERROR_FILE_NOT_FOUND) {
        out_error(type ? L"File type '%s' not found or no open command associated with it.\r\n"
                       : L"File association not found for extension %s\r\n",
                  name);
        return 2;
    }
    if (error)
        return report(error);
    if (*value)
        out(L"%s=%s\r\n", name, value);
    return 0;
}

static int associate(const WCHAR *text, bool type)
{
    WCHAR *copy = copy_string(text), *equals = wcschr(copy, '=');
    int result;

    for (size_t n = wcslen(copy); n && copy[n - 1] == ' ';)
        copy[--n] = 0;
    if (!*copy) {
        result = show_all(type);
    } else if (equals) {
        *equals = 0;
        result = set_one(copy, equals + 1, type);
    } else if (show_one(copy, type)) {
        result = 0;
    } else {
        out_error(type ? L"File type '%s' not found or no open command associated with it.\r\n"
                       : L"File association not found for extension %s\r\n",
                  copy);
        result = type ? 2 : 1;
    }
    free(copy);
    return result;
}

int builtin_assoc(const WCHAR *text)
{
    return associate(text, false);
}

int builtin_ftype(const WCHAR *text)
{
    return associate(text, true);
}
