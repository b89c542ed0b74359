/*
 * Do values keep their type and every byte, whatever their size, and do sizes and errors come out as documented?
 */
#include "registry.h"

static HKEY root;

/* Types are free 32-bit numbers; sizes from nothing to beyond a page. */
static void types_and_sizes(void)
{
    static const DWORD types[] = {REG_NONE,          REG_BINARY, REG_DWORD, REG_DWORD_BIG_ENDIAN, REG_QWORD,
                                  REG_RESOURCE_LIST, 11,         100,       0x7fffffff,           0x80000001};
    static const DWORD sizes[] = {0, 1, 2, 3, 4, 7, 8, 9, 255, 256, 257, 2047, 2048, 4095, 4096, 5000, 20000};
    static BYTE data[20000], back[20010];
    for (DWORD i = 0; i < sizeof data; i++)
        data[i] = (BYTE)(i * 7 + (i >> 8));
    for (unsigned t = 0; t < ARRAYSIZE(types); t++)
        for (unsigned s = 0; s < ARRAYSIZE(sizes); s++) {
            DWORD type = 0xdead, size = sizeof back;
            char name[32];
            sprintf(name, "value %u %u", t, s);
            CHECK_EQ(RegSetValueExA(root, name, 0, types[t], data, sizes[s]), 0);
            memset(back, 0xcc, sizeof back);
            CHECK_EQ(RegQueryValueExA(root, name, NULL, &type, back, &size), 0);
            CHECK(type == types[t] && size == sizes[s] && !memcmp(back, data, sizes[s]) && back[sizes[s]] == 0xcc);
            CHECK_EQ(RegDeleteValueA(root, name), 0);
        }
}

/* What is told when a buffer is missing, too small, exact. */
static void buffer_sizes(void)
{
    BYTE buffer[32];
    DWORD type, size;
    CHECK_EQ(RegSetValueExA(root, "ten", 0, REG_BINARY, (const BYTE *)"0123456789", 10), 0);
    for (DWORD room = 0; room < 14; room++) {
        memset(buffer, 0xcc, sizeof buffer);
        type = 99;
        size = room;
        CHECK_EQ(RegQueryValueExA(root, "ten", NULL, &type, buffer, &size), room < 10 ? ERROR_MORE_DATA : 0);
        CHECK_EQ(size, 10);
        CHECK_EQ(type, REG_BINARY);
        CHECK_EQ(buffer[room < 10 ? room : 10], 0xcc);
    }
    size = 0xdead;
    CHECK_EQ(RegQueryValueExA(root, "ten", NULL, NULL, NULL, &size), 0);
    CHECK_EQ(size, 10);
    CHECK_EQ(RegQueryValueExA(root, "ten", NULL, NULL, NULL, NULL), 0);
    CHECK_EQ(RegQueryValueExA(root, "ten", NULL, NULL, buffer, NULL), ERROR_INVALID_PARAMETER);
    CHECK_EQ(RegQueryValueExA(root, "TEN", NULL, NULL, NULL, NULL), 0);
    CHECK_EQ(RegQueryValueExA(root, "eleven", NULL, NULL, NULL, NULL), ERROR_FILE_NOT_FOUND);
    CHECK_EQ(RegQueryValueExW(root, L"ten", NULL, &type, NULL, &size), 0);
    CHECK_EQ(RegQueryValueExA(NULL, "ten", NULL, NULL, NULL, NULL), ERROR_INVALID_HANDLE);
    CHECK_EQ(RegDeleteValueA(root, "eleven"), ERROR_FILE_NOT_FOUND);
    CHECK_EQ(RegDeleteValueA(root, "Ten"), 0);
    CHECK_EQ(RegDeleteValueA(root, "ten"), ERROR_FILE_NOT_FOUND);
}

/* Texts set by the one kind of function and read by the other; the zero counts only if it was given. */
static void texts(void)
{
    static const struct {
        const char *text;
        DWORD length; /* bytes given */
    } cases[] = {{"", 1}, {"a", 2}, {"abc", 4}, {"hello world", 12}, {"ends\0inside\0", 13}};
    for (unsigned i = 0; i < ARRAYSIZE(cases); i++) {
        WCHAR wide[64];
        char narrow[64];
        DWORD type, size = sizeof wide;
        CHECK_EQ(RegSetValueExA(root, "text", 0, REG_SZ, (const BYTE *)cases[i].text, cases[i].length), 0);
        CHECK_EQ(RegQueryValueExW(root, L"text", NULL, &type, (BYTE *)wide, &size), 0);
        CHECK_EQ(size, cases[i].length * 2);
        CHECK_EQ(type, REG_SZ);
        for (DWORD c = 0; c < cases[i].length; c++)
            CHECK_EQ(wide[c], (WCHAR)cases[i].text[c]);
        CHECK_EQ(RegSetValueExW(root, L"wide", 0, REG_EXPAND_SZ, (const BYTE *)wide, size), 0);
        size = sizeof narrow;
        CHECK_EQ(RegQueryValueExA(root, "wide", NULL, &type, (BYTE *)narrow, &size), 0);
        CHECK_EQ(size, cases[i].length);
        CHECK_EQ(type, REG_EXPAND_SZ);
        CHECK(!memcmp(narrow, cases[i].text, size));
        size = 0;
        CHECK_EQ(RegQueryValueExA(root, "wide", NULL, NULL, NULL, &size), 0);
        CHECK_EQ(size, cases[i].length);
    }
    /* A zero just behind what was counted is taken in; without one the text stays without. */
    DWORD size = 0;
    CHECK_EQ(RegSetValueExA(root, "uncounted", 0, REG_SZ, (const BYTE *)"abc", 3), 0);
    CHECK_EQ(RegQueryValueExA(root, "uncounted", NULL, NULL, NULL, &size), 0);
    CHECK_EQ(size, 4);
    CHECK_EQ(RegSetValueExA(root, "cut", 0, REG_SZ, (const BYTE *)"abcdef", 3), 0);
    CHECK_EQ(RegQueryValueExA(root, "cut", NULL, NULL, NULL, &size), 0);
    CHECK_EQ(size, 3);
    CHECK_EQ(RegSetValueExW(root, L"uncounted", 0, REG_SZ, (const BYTE *)L"abc", 6), 0);
    CHECK_EQ(RegQueryValueExW(root, L"uncounted", NULL, NULL, NULL, &size), 0);
    CHECK_EQ(size, 8);
    CHECK_EQ(RegSetValueExW(root, L"cut", 0, REG_SZ, (const BYTE *)L"abcdef", 6), 0);
    CHECK_EQ(RegQueryValueExW(root, L"cut", NULL, NULL, NULL, &size), 0);
    CHECK_EQ(size, 6);
    CHECK_EQ(RegSetValueExW(root, L"odd", 0, REG_SZ, (const BYTE *)L"abcdef", 5), 0);
    CHECK_EQ(RegQueryValueExW(root, L"odd", NULL, NULL, NULL, &size), 0);
    CHECK_EQ(size, 5);
}

/* The default value; the old functions of texts. */
static void default_value(void)
{
    char text[32];
    WCHAR wide[32];
    LONG size = sizeof text;
    DWORD type, length;
    HKEY key = make_key(root, "default");
    CHECK_EQ(RegQueryValueExA(key, NULL, NULL, NULL, NULL, NULL), ERROR_FILE_NOT_FOUND);
    CHECK_EQ(RegQueryValueExA(key, "", NULL, NULL, NULL, NULL), ERROR_FILE_NOT_FOUND);
    strcpy(text, "xyz");
    CHECK_EQ(RegQueryValueA(root, "default", text, &size), 0);
    CHECK_STR(text, "");
    CHECK_EQ(size, 1);
    CHECK_EQ(RegSetValueA(root, "default", REG_SZ, "one", 0), 0);
    size = sizeof text;
    CHECK_EQ(RegQueryValueA(root, "default", text, &size), 0);
    CHECK_STR(text, "one");
    CHECK_EQ(size, 4);
    length = sizeof text;
    CHECK_EQ(RegQueryValueExA(key, NULL, NULL, &type, (BYTE *)text, &length), 0);
    CHECK_EQ(type, REG_SZ);
    CHECK_EQ(length, 4);
    CHECK_EQ(RegSetValueA(root, "default", REG_BINARY, "one", 3), ERROR_INVALID_PARAMETER);
    CHECK_EQ(RegSetValueW(root, L"default\\deeper", REG_SZ, L"two", 0), 0);
    size = sizeof wide;
    CHECK_EQ(RegQueryValueW(root, L"default\\deeper", wide, &size), 0);
    CHECK(!lstrcmpW(wide, L"two"));
    CHECK_EQ(size, 8);
    CHECK_EQ(RegQueryValueW(root, L"absent", wide, &size), ERROR_FILE_NOT_FOUND);
    size = 2;
    CHECK_EQ(RegQueryValueA(root, "default", text, &size), ERROR_MORE_DATA);
    CHECK_EQ(size, 4);
    CHECK_EQ(RegDeleteValueA(key, NULL), 0);
    CHECK_EQ(RegDeleteValueA(key, ""), ERROR_FILE_NOT_FOUND);
    RegCloseKey(key);
}

/* Names: case, length, odd characters. */
static void names(void)
{
    static const char *const odd[] = {"a\\b", "/",  " ",      "  two  ", "tab\t", "quote\"", "*", "?",
                                      ".",    "..", "%PATH%", "@",       "=",     "[x]",     ";"};
    static WCHAR name[16400];
    DWORD size, value = 5, type;
    for (unsigned i = 0; i < ARRAYSIZE(odd); i++) {
        CHECK_EQ(RegSetValueExA(root, odd[i], 0, REG_DWORD, (BYTE *)&i, 4), 0);
        size = 4;
        CHECK_EQ(RegQueryValueExA(root, odd[i], NULL, &type, (BYTE *)&value, &size), 0);
        CHECK_EQ(value, i);
    }
    for (unsigned i = 0; i < ARRAYSIZE(odd); i++)
        CHECK_EQ(RegDeleteValueA(root, odd[i]), 0);
    /* Case is kept as first written, and does not matter for finding. */
    CHECK_EQ(RegSetValueExW(root, L"MiXed \x00c4\x00d6\x0394", 0, REG_DWORD, (BYTE *)&value, 4), 0);
    CHECK_EQ(RegQueryValueExW(root, L"mIxEd \x00e4\x00f6\x03b4", NULL, NULL, NULL, NULL), 0);
    CHECK_EQ(RegDeleteValueW(root, L"MIXED \x00e4\x00d6\x03b4"), 0);
    static const unsigned lengths[] = {1, 100, 127, 128, 200, 255, 256, 300, 440, 441, 1000, 4000, 16382, 16383};
    for (unsigned i = 0; i < ARRAYSIZE(lengths); i++) {
        for (unsigned c = 0; c < lengths[i]; c++)
            name[c] = (WCHAR)('a' + (c + i) % 26);
        name[lengths[i]] = 0;
        CHECK_EQ(RegSetValueExW(root, name, 0, REG_DWORD, (BYTE *)&lengths[i], 4), 0);
    }
    for (unsigned i = 0; i < ARRAYSIZE(lengths); i++) {
        for (unsigned c = 0; c < lengths[i]; c++)
            name[c] = (WCHAR)('A' + (c + i) % 26);
        name[lengths[i]] = 0;
        size = 4;
        CHECK_EQ(RegQueryValueExW(root, name, NULL, NULL, (BYTE *)&value, &size), 0);
        CHECK_EQ(value, lengths[i]);
        CHECK_EQ(RegDeleteValueW(root, name), 0);
    }
    for (unsigned c = 0; c < 16384; c++)
        name[c] = 'x';
    name[16384] = 0;
    CHECK_EQ(RegSetValueExW(root, name, 0, REG_DWORD, (BYTE *)&value, 4), ERROR_INVALID_PARAMETER);
}

/* A handle's rights are what counts (but for making keys: registry_key.c). */
static void rights(void)
{
    static const struct {
        REGSAM access;
        LSTATUS set, query, list, subkeys;
    } cases[] = {
        {KEY_READ, 5, 0, ERROR_NO_MORE_ITEMS, ERROR_NO_MORE_ITEMS},
        {KEY_QUERY_VALUE, 5, 0, ERROR_NO_MORE_ITEMS, 5},
        {KEY_SET_VALUE, 0, 5, 5, 5},
        {KEY_WRITE, 0, 5, 5, 5},
        {KEY_ENUMERATE_SUB_KEYS, 5, 5, 5, ERROR_NO_MORE_ITEMS},
        {KEY_ALL_ACCESS, 0, 0, ERROR_NO_MORE_ITEMS, ERROR_NO_MORE_ITEMS},
        {GENERIC_READ, 5, 0, ERROR_NO_MORE_ITEMS, ERROR_NO_MORE_ITEMS},
        {GENERIC_ALL, 0, 0, ERROR_NO_MORE_ITEMS, ERROR_NO_MORE_ITEMS},
        {MAXIMUM_ALLOWED, 0, 0, ERROR_NO_MORE_ITEMS, ERROR_NO_MORE_ITEMS},
    };
    HKEY all = make_key(root, "rights"), key;
    DWORD value = 1, size;
    char name[64];
    CHECK_EQ(RegSetValueExA(all, "v", 0, REG_DWORD, (BYTE *)&value, 4), 0);
    for (unsigned i = 0; i < ARRAYSIZE(cases); i++) {
        CHECK_EQ(RegOpenKeyExA(root, "rights", 0, cases[i].access, &key), 0);
        CHECK_EQ(RegSetValueExA(key, "v", 0, REG_DWORD, (BYTE *)&value, 4), cases[i].set);
        CHECK_EQ(RegQueryValueExA(key, "v", NULL, NULL, NULL, NULL), cases[i].query);
        size = sizeof name;
        CHECK_EQ(RegEnumValueA(key, 9, name, &size, NULL, NULL, NULL, NULL), cases[i].list);
        size = sizeof name;
        CHECK_EQ(RegEnumKeyExA(key, 9, name, &size, NULL, NULL, NULL, NULL), cases[i].subkeys);
        CHECK_EQ(RegCloseKey(key), 0);
        CHECK_EQ(RegCloseKey(key), ERROR_INVALID_HANDLE);
    }
    RegCloseKey(all);
}

static void key_values(void)
{
    DWORD value = 7, size = 4;
    CHECK_EQ(RegSetKeyValueA(root, "sub\\deep", "v", REG_DWORD, &value, 4), 0);
    value = 0;
    CHECK_EQ(RegGetValueA(root, "sub\\deep", "v", RRF_RT_REG_DWORD, NULL, &value, &size), 0);
    CHECK_EQ(value, 7);
    CHECK_EQ(RegSetKeyValueW(root, NULL, L"direct", REG_SZ, L"x", 4), 0);
    CHECK_EQ(RegQueryValueExA(root, "direct", NULL, NULL, NULL, &size), 0);
    CHECK_EQ(size, 2);
    CHECK_EQ(RegDeleteKeyValueA(root, "sub\\deep", "v"), 0);
    CHECK_EQ(RegDeleteKeyValueA(root, "sub\\deep", "v"), ERROR_FILE_NOT_FOUND);
    CHECK_EQ(RegDeleteKeyValueW(root, L"sub\\absent", L"v"), ERROR_FILE_NOT_FOUND);
    CHECK_EQ(RegDeleteKeyValueW(root, NULL, L"direct"), 0);
}

static void several(void)
{
    VALENTA list[3] = {{"one"}, {"two"}, {"three"}};
    char buffer[64];
    DWORD size = sizeof buffer, value = 0x11223344;
    CHECK_EQ(RegSetValueExA(root, "one", 0, REG_SZ, (const BYTE *)"first", 6), 0);
    CHECK_EQ(RegSetValueExA(root, "two", 0, REG_DWORD, (BYTE *)&value, 4), 0);
    CHECK_EQ(RegQueryMultipleValuesA(root, list, 2, buffer, &size), 0);
    CHECK_EQ(list[0].ve_valuelen, 6);
    CHECK_EQ(list[0].ve_type, REG_SZ);
    CHECK_STR((char *)list[0].ve_valueptr, "first");
    CHECK_EQ(list[1].ve_valuelen, 4);
    CHECK_EQ(list[1].ve_type, REG_DWORD);
    CHECK_EQ(*(DWORD UNALIGNED *)list[1].ve_valueptr, value);
    size = sizeof buffer;
    CHECK_EQ(RegQueryMultipleValuesA(root, list, 3, buffer, &size), ERROR_FILE_NOT_FOUND);
    size = 3;
    CHECK_EQ(RegQueryMultipleValuesA(root, list, 2, buffer, &size), ERROR_MORE_DATA);
    CHECK(size >= 10);
}

int main(void)
{
    root = test_begin();
    types_and_sizes();
    buffer_sizes();
    texts();
    default_value();
    names();
    rights();
    key_values();
    several();
    return test_end(root);
}
