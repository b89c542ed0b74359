/*
 * value.c: reg.exe: values as texts and back, the values and subkeys of a key.
 */
#include "reg.h"

static const WCHAR *const type_names[] = {L"REG_NONE",
                                          L"REG_SZ",
                                          L"REG_EXPAND_SZ",
                                          L"REG_BINARY",
                                          L"REG_DWORD",
                                          L"REG_DWORD_BIG_ENDIAN",
                                          L"REG_LINK",
                                          L"REG_MULTI_SZ",
                                          L"REG_RESOURCE_LIST",
                                          L"REG_FULL_RESOURCE_DESCRIPTOR",
                                          L"REG_RESOURCE_REQUIREMENTS_LIST",
                                          L"REG_QWORD"};
#define TYPE_COUNT (sizeof type_names / sizeof *type_names)

const WCHAR *type_name(DWORD type)
{
    static WCHAR number[16];
    if (type < TYPE_COUNT)
        return type_names[type];
    _snwprintf(number, 16, L"0x%lx", type);
    return number;
}

bool type_parse(const WCHAR *name, DWORD *type)
{
    if (same_name(name, L"REG_DWORD_LITTLE_ENDIAN"))
        name = L"REG_DWORD";
    for (*type = 0; *type < TYPE_COUNT; ++*type)
        if (same_name(name, type_names[*type]))
            return true;
    return false;
}

static void add_texts(struct text *text, const WCHAR *at, const WCHAR *end, const WCHAR *separator)
{
    for (bool first = true; at < end && *at; first = false) {
        size_t length = wcsnlen(at, end - at);
        if (!first)
            text_add(text, separator);
        text_add_n(text, at, length);
        at += length + 1;
    }
}

WCHAR *value_text(const struct value *v, const WCHAR *separator)
{
    struct text text = {0};
    const WCHAR *wide = (const WCHAR *)(const void *)v->data;
    WCHAR number[32];

    if (v->type == REG_DWORD && v->size == 4) {
        _snwprintf(number, 32, L"0x%lx", *(const DWORD *)(const void *)v->data);
        text_add(&text, number);
    } else if (v->type == REG_QWORD && v->size == 8) {
        _snwprintf(number, 32, L"0x%I64x", *(const ULONGLONG *)(const void *)v->data);
        text_add(&text, number);
    } else if (v->type == REG_SZ || v->type == REG_EXPAND_SZ) {
        text_add_n(&text, wide, wcsnlen(wide, v->size / 2));
    } else if (v->type == REG_MULTI_SZ) {
        add_texts(&text, wide, wide + v->size / 2, separator ? separator : L"\\0");
    } else {
        for (DWORD i = 0; i < v->size; i++) {
            _snwprintf(number, 32, L"%02X", v->data[i]);
            text_add(&text, number);
        }
    }
    return text_take(&text);
}

/* Digits of hexadecimal; an odd one out is the first byte. */
static BYTE *parse_bytes(const WCHAR *text, DWORD *size)
{
    size_t length = wcslen(text);
    BYTE *bytes = need(length / 2 + 1);

    *size = 0;
    while (*text) {
        size_t digits = length % 2 ? 1 : 2;
        WCHAR pair[3] = {text[0], digits == 2 ? text[1] : 0, 0};
        if (wcsspn(pair, L"0123456789abcdefABCDEF") != digits) {
            free(bytes);
            return NULL;
        }
        bytes[(*size)++] = (BYTE)wcstoul(pair, NULL, 16);
        text += digits;
        length -= digits;
    }
    return bytes;
}

/* An empty text in the middle would end the list for whoever reads it. */
static BYTE *parse_texts(const WCHAR *text, const WCHAR *separator, DWORD *size)
{
    size_t step = wcslen(separator), used = 0;
    WCHAR *all = need((wcslen(text) + 2) * sizeof *all);

    while (*text) {
        const WCHAR *end = wcsstr(text, separator);
        size_t length = end ? (size_t)(end - text) : wcslen(text);
        text += length + (end ? step : 0);
        if (!length && *text) {
            free(all);
            return NULL;
        }
        memcpy(all + used, text - length - (end ? step : 0), length * sizeof *all);
        used += length ? length + 1 : 0;
    }
    *size = (DWORD)((used + 1) * sizeof *all);
    return (BYTE *)all;
}

BYTE *value_parse(DWORD type, const WCHAR *text, const WCHAR *separator, DWORD *size)
{
    WCHAR *end = NULL;

    if (type == REG_DWORD || type == REG_DWORD_BIG_ENDIAN || type == REG_QWORD) {
        ULONGLONG *number = need(sizeof *number);
        bool hex = text[0] == '0' && (text[1] | 0x20) == 'x';
        *number = _wcstoui64(*text ? text : L"0", &end, hex ? 16 : 10);
        *size = type == REG_QWORD ? 8 : 4;
        if (*end || *text == '-' || (*size == 4 && *number > 0xffffffff)) {
            free(number);
            return NULL;
        }
        if (type == REG_DWORD_BIG_ENDIAN)
            *number = __builtin_bswap32((DWORD)*number);
        return (BYTE *)number;
    }
    if (type == REG_MULTI_SZ)
        return parse_texts(text, separator && *separator ? separator : L"\\0", size);
    if (type == REG_SZ || type == REG_EXPAND_SZ) {
        *size = (DWORD)((wcslen(text) + 1) * sizeof *text);
        return (BYTE *)copy_string(text);
    }
    return parse_bytes(text, size);
}

LSTATUS value_read(HKEY key, const WCHAR *name, struct value *v)
{
    LSTATUS error;

    *v = (struct value){.name = name, .name_length = (DWORD)wcslen(name)};
    do {
        free(v->data);
        v->data = need(v->size + 2);
        error = RegQueryValueExW(key, name, NULL, &v->type, v->data, &v->size);
    } while (error == ERROR_MORE_DATA);
    return error;
}

struct value *values_read(HKEY key, DWORD *count)
{
    DWORD longest_name = 0, longest_data = 0, room = 0;
    *count = 0;
    RegQueryInfoKeyW(key, NULL, NULL, NULL, NULL, NULL, NULL, &room, &longest_name, &longest_data, NULL, NULL);
    struct value *values = need((room + 1) * sizeof *values);

    for (; *count < room; ++*count) {
        struct value *v = &values[*count];
        WCHAR *name = need((longest_name + 1) * sizeof *name);
        *v = (struct value){name, longest_name + 1, 0, longest_data, need(longest_data + 2)};
        if (RegEnumValueW(key, *count, name, &v->name_length, NULL, &v->type, v->data, &v->size)) {
            free(name);
            free(v->data);
            break;
        }
    }
    return values;
}

void values_free(struct value *values, DWORD count)
{
    for (DWORD i = 0; i < count; i++) {
        free((WCHAR *)values[i].name);
        free(values[i].data);
    }
    free(values);
}

WCHAR **subkeys_read(HKEY key)
{
    DWORD room = 0;
    RegQueryInfoKeyW(key, NULL, NULL, NULL, &room, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
    WCHAR **names = need((room + 1) * sizeof *names), name[256];

    for (DWORD i = 0, size = 256; i < room && !RegEnumKeyExW(key, i, name, &size, NULL, NULL, NULL, NULL);
         i++, size = 256)
        names[i] = copy_string(name);
    return names;
}

void names_free(WCHAR **names)
{
    for (WCHAR **name = names; *name; name++)
        free(*name);
    free(names);
}

WCHAR *path_below(const WCHAR *path, const WCHAR *name)
{
    struct text text = {0};
    text_add(&text, path);
    if (*path && *name)
        text_char(&text, '\\');
    text_add(&text, name);
    return text_take(&text);
}
