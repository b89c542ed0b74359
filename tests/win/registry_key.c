/*
 * Are keys made, opened, listed, renamed and deleted as on Windows, with its limits and errors?
 */
#include "registry.h"

static HKEY root;

static void names(void)
{
    static const struct {
        const char *name;
        LSTATUS open, create;
    } cases[] = {
        {"plain", ERROR_FILE_NOT_FOUND, 0},
        {"with space", ERROR_FILE_NOT_FOUND, 0},
        {"a/b", ERROR_FILE_NOT_FOUND, 0},
        {"one\\two\\three", ERROR_FILE_NOT_FOUND, 0},
        {"trailing\\", ERROR_FILE_NOT_FOUND, 0},
        {".", ERROR_FILE_NOT_FOUND, 0},
        {"..", ERROR_FILE_NOT_FOUND, 0},
        {"*?<>|:\"", ERROR_FILE_NOT_FOUND, 0},
        {"\\leading", ERROR_BAD_PATHNAME, ERROR_BAD_PATHNAME},
    };
    for (unsigned i = 0; i < ARRAYSIZE(cases); i++) {
        HKEY key = (HKEY)1;
        DWORD disposition = 0;
        CHECK_EQ(RegOpenKeyExA(root, cases[i].name, 0, KEY_READ, &key), cases[i].open);
        CHECK_EQ((ULONG_PTR)key, 0);
        CHECK_EQ(RegCreateKeyExA(root, cases[i].name, 0, NULL, 0, KEY_ALL_ACCESS, NULL, &key, &disposition),
                 cases[i].create);
        if (cases[i].create)
            continue;
        CHECK_EQ(disposition, REG_CREATED_NEW_KEY);
        CHECK_EQ(RegCloseKey(key), 0);
        CHECK_EQ(RegCreateKeyExA(root, cases[i].name, 0, NULL, 0, KEY_ALL_ACCESS, NULL, &key, &disposition), 0);
        CHECK_EQ(disposition, REG_OPENED_EXISTING_KEY);
        CHECK_EQ(RegCloseKey(key), 0);
        CHECK_EQ(RegOpenKeyExA(root, cases[i].name, 0, KEY_READ, &key), 0);
        CHECK_EQ(RegCloseKey(key), 0);
    }
    CHECK_EQ(RegDeleteTreeA(root, NULL), 0);
}

static void limits(void)
{
    static const unsigned lengths[] = {1, 64, 120, 128, 200, 254, 255};
    WCHAR name[300], back[300];
    HKEY key;
    for (unsigned i = 0; i < ARRAYSIZE(lengths); i++) {
        for (unsigned c = 0; c < lengths[i]; c++)
            name[c] = (WCHAR)(c % 7 ? 'a' + c % 26 : 0x4e00 + c);
        name[lengths[i]] = 0;
        CHECK_EQ(RegCreateKeyExW(root, name, 0, NULL, 0, KEY_ALL_ACCESS, NULL, &key, NULL), 0);
        CHECK_EQ(RegCloseKey(key), 0);
        DWORD size = 300;
        CHECK_EQ(RegEnumKeyExW(root, 0, back, &size, NULL, NULL, NULL, NULL), 0);
        CHECK_EQ(size, lengths[i]);
        CHECK(!memcmp(name, back, lengths[i] * 2 + 2));
        CHECK_EQ(RegDeleteKeyW(root, name), 0);
    }
    for (unsigned c = 0; c < 256; c++)
        name[c] = 'n';
    name[256] = 0;
    if (!check_under_wine()) /* it takes longer ones */
        CHECK_EQ(RegCreateKeyExW(root, name, 0, NULL, 0, KEY_ALL_ACCESS, NULL, &key, NULL), ERROR_INVALID_PARAMETER);
}

/* Subkeys come sorted by upper case; indexes move up as keys go. */
static void listing(void)
{
    static const char *const names[] = {"delta",  "Alpha", "charlie", "BRAVO", "echo_1",
                                        "echo-1", "Echo1", "zz",      "_",     "a b"};
    static const char *const sorted[] = {"a b",    "Alpha", "BRAVO",  "charlie", "delta",
                                         "echo-1", "Echo1", "echo_1", "zz",      "_"};
    HKEY key = make_key(root, "list");
    char name[64], class[8];
    DWORD size, class_size;
    FILETIME time;
    for (unsigned i = 0; i < ARRAYSIZE(names); i++)
        RegCloseKey(make_key(key, names[i]));
    for (unsigned i = 0; i < ARRAYSIZE(sorted); i++) {
        size = sizeof name;
        class_size = sizeof class;
        CHECK_EQ(RegEnumKeyExA(key, i, name, &size, NULL, class, &class_size, &time), 0);
        CHECK_STR(name, sorted[i]);
        CHECK_EQ(size, strlen(sorted[i]));
        CHECK_EQ(class_size, 0);
        CHECK(time.dwHighDateTime != 0);
    }
    size = sizeof name;
    CHECK_EQ(RegEnumKeyExA(key, 10, name, &size, NULL, NULL, NULL, NULL), ERROR_NO_MORE_ITEMS);
    CHECK_EQ(RegEnumKeyExA(key, 0xffffffff, name, &size, NULL, NULL, NULL, NULL), ERROR_NO_MORE_ITEMS);
    for (DWORD room = 0; room < 8; room++) {
        size = room;
        memset(name, 'x', sizeof name);
        CHECK_EQ(RegEnumKeyExA(key, 1, name, &size, NULL, NULL, NULL, NULL), room <= 5 ? ERROR_MORE_DATA : 0);
        if (room > 5)
            CHECK_EQ(size, 5);
        CHECK_EQ(RegEnumKeyA(key, 1, name, room), room <= 5 ? ERROR_MORE_DATA : 0);
    }
    CHECK_EQ(RegDeleteKeyA(key, "ALPHA"), 0);
    /* Backwards, and the same index again. */
    for (int i = 8; i >= 0; i--)
        for (int again = 0; again < 2; again++) {
            size = sizeof name;
            CHECK_EQ(RegEnumKeyExA(key, (DWORD)i, name, &size, NULL, NULL, NULL, NULL), 0);
            CHECK_STR(name, sorted[i < 1 ? i : i + 1]);
        }
    RegCloseKey(key);
    CHECK_EQ(RegDeleteTreeA(root, "list"), 0);
}

/* Values come in the order in which they were made. */
static void value_listing(void)
{
    HKEY key = make_key(root, "values");
    char name[64];
    BYTE data[64];
    for (DWORD i = 0; i < 60; i++) {
        sprintf(name, "v%u", (unsigned)(i * 37 % 60));
        CHECK_EQ(RegSetValueExA(key, name, 0, REG_DWORD, (BYTE *)&i, 4), 0);
    }
    for (DWORD i = 0; i < 60; i++) {
        char expected[16];
        DWORD size = sizeof name, type = 0, length = sizeof data;
        sprintf(expected, "v%u", (unsigned)(i * 37 % 60));
        CHECK_EQ(RegEnumValueA(key, i, name, &size, NULL, &type, data, &length), 0);
        if (!check_under_wine()) { /* Wine sorts them */
            CHECK_STR(name, expected);
            CHECK_EQ(*(DWORD *)data, i);
        }
        CHECK_EQ(size, strlen(name));
        CHECK_EQ(type, REG_DWORD);
        CHECK_EQ(length, 4);
    }
    DWORD size = sizeof name, type, length = 2;
    CHECK_EQ(RegEnumValueA(key, 60, name, &size, NULL, &type, NULL, NULL), ERROR_NO_MORE_ITEMS);
    CHECK_EQ(RegEnumValueA(key, 0, name, &size, NULL, &type, data, &length), ERROR_MORE_DATA);
    CHECK_EQ(length, 4);
    size = 2;
    CHECK_EQ(RegEnumValueA(key, 0, name, &size, NULL, NULL, NULL, NULL), ERROR_MORE_DATA);
    size = 3;
    CHECK_EQ(RegEnumValueA(key, 0, name, &size, NULL, NULL, NULL, NULL), 0);
    size = sizeof name;
    CHECK_EQ(RegEnumValueA(key, 0, NULL, &size, NULL, NULL, NULL, NULL), ERROR_INVALID_PARAMETER);
    CHECK_EQ(RegEnumValueA(key, 0, name, NULL, NULL, NULL, NULL, NULL), ERROR_INVALID_PARAMETER);
    /* Overwriting does not move a value; deleting closes the gap. */
    CHECK_EQ(RegSetValueExA(key, "V0", 0, REG_SZ, (const BYTE *)"x", 2), 0);
    size = sizeof name;
    CHECK_EQ(RegEnumValueA(key, 0, name, &size, NULL, &type, NULL, NULL), 0);
    CHECK(!lstrcmpiA(name, "v0"));
    CHECK_EQ(type, REG_SZ);
    CHECK_EQ(RegDeleteValueA(key, "v0"), 0);
    size = sizeof name;
    CHECK_EQ(RegEnumValueA(key, 0, name, &size, NULL, &type, NULL, NULL), 0);
    if (!check_under_wine())
        CHECK_STR(name, "v37");
    RegCloseKey(key);
}

static void information(void)
{
    HKEY key;
    DWORD class_size, keys, key_length, class_length, values, name_length, data_length, security;
    char class[64];
    WCHAR wide[64];
    FILETIME time, now;
    CHECK_EQ(RegCreateKeyExA(root, "info", 0, (char *)"TheClass", 0, KEY_ALL_ACCESS, NULL, &key, NULL), 0);
    class_size = sizeof class;
    CHECK_EQ(RegQueryInfoKeyA(key, class, &class_size, NULL, &keys, &key_length, &class_length, &values, &name_length,
                              &data_length, &security, &time),
             0);
    CHECK_STR(class, "TheClass");
    CHECK_EQ(class_size, 8);
    CHECK_EQ(keys | key_length | class_length | values | name_length | data_length, 0);
    CHECK(security >= 20 || check_under_wine());
    GetSystemTimeAsFileTime(&now);
    ULONGLONG a = (ULONGLONG)time.dwHighDateTime << 32 | time.dwLowDateTime;
    ULONGLONG b = (ULONGLONG)now.dwHighDateTime << 32 | now.dwLowDateTime;
    CHECK(a <= b + 10000000 && b - a < 600000000ull);
    RegCloseKey(make_key(key, "abc"));
    RegCloseKey(make_key(key, "abcdef"));
    CHECK_EQ(RegSetValueExA(key, "longer name", 0, REG_SZ, (const BYTE *)"12345", 6), 0);
    CHECK_EQ(RegSetValueExA(key, "n", 0, REG_BINARY, (const BYTE *)"1234567890", 10), 0);
    CHECK_EQ(RegQueryInfoKeyW(key, NULL, NULL, NULL, &keys, &key_length, &class_length, &values, &name_length,
                              &data_length, NULL, NULL),
             0);
    CHECK_EQ(keys, 2);
    CHECK_EQ(key_length, 6);
    CHECK_EQ(values, 2);
    CHECK_EQ(name_length, 11);
    CHECK_EQ(data_length, 12);
    class_size = 4;
    CHECK_EQ(RegQueryInfoKeyW(key, wide, &class_size, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
             ERROR_INSUFFICIENT_BUFFER);
    CHECK_EQ(class_size, 8);
    class_size = 64;
    CHECK_EQ(RegQueryInfoKeyW(key, wide, &class_size, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL), 0);
    CHECK(!lstrcmpW(wide, L"TheClass"));
    CHECK_EQ(RegQueryInfoKeyA(NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
             ERROR_INVALID_HANDLE);
    RegCloseKey(key);
}

/* Whether a key may be made is a matter of the parent's security descriptor, not of the rights its handle has. */
static void creating_below(void)
{
    HKEY reading, made = NULL;
    CHECK_EQ(RegOpenKeyExA(root, NULL, 0, KEY_QUERY_VALUE, &reading), 0);
    if (!check_under_wine()) { /* which looks at the handle */
        CHECK_EQ(RegCreateKeyExA(reading, "below", 0, NULL, 0, KEY_READ, NULL, &made, NULL), 0);
        CHECK_EQ(RegDeleteKeyA(reading, "below"), 0);
        RegCloseKey(made);
    }
    RegCloseKey(reading);
}

static void deleting(void)
{
    HKEY key = make_key(root, "del"), child = make_key(key, "child"), other;
    DWORD value = 1, size = 4;
    CHECK_EQ(RegDeleteKeyA(root, "del"), ERROR_ACCESS_DENIED); /* it has a subkey */
    CHECK_EQ(RegDeleteKeyA(root, "absent"), ERROR_FILE_NOT_FOUND);
    CHECK_EQ(RegDeleteKeyA(root, NULL), ERROR_INVALID_PARAMETER);
    CHECK_EQ(RegDeleteKeyA(key, "child"), 0);
    /* A deleted key's handle says so. */
    CHECK_EQ(RegSetValueExA(child, "v", 0, REG_DWORD, (BYTE *)&value, 4), ERROR_KEY_DELETED);
    CHECK_EQ(RegQueryValueExA(child, "v", NULL, NULL, (BYTE *)&value, &size), ERROR_KEY_DELETED);
    CHECK_EQ(RegQueryInfoKeyA(child, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
             ERROR_KEY_DELETED);
    CHECK_EQ(RegCreateKeyA(child, "x", &other), ERROR_KEY_DELETED);
    CHECK_EQ(RegOpenKeyA(child, "x", &other), ERROR_KEY_DELETED);
    CHECK_EQ(RegCloseKey(child), 0);
    /* One of the same name is another key. */
    child = make_key(key, "child");
    CHECK_EQ(RegSetValueExA(child, "v", 0, REG_DWORD, (BYTE *)&value, 4), 0);
    CHECK_EQ(RegDeleteKeyExA(key, "child", 0, 0), 0);
    other = make_key(key, "child");
    CHECK_EQ(RegQueryValueExA(other, "v", NULL, NULL, NULL, NULL), ERROR_FILE_NOT_FOUND);
    CHECK_EQ(RegQueryValueExA(child, "v", NULL, NULL, NULL, NULL), ERROR_KEY_DELETED);
    RegCloseKey(child);
    CHECK_EQ(RegDeleteKeyA(other, ""), 0); /* an empty name is the key itself */
    RegCloseKey(other);
    CHECK_EQ(RegOpenKeyA(key, "child", &other), ERROR_FILE_NOT_FOUND);
    RegCloseKey(key);
    CHECK_EQ(RegDeleteKeyA(root, "del"), 0);
}

static void trees(void)
{
    HKEY from = make_key(root, "from"), to = make_key(root, "to"), key;
    char path[64], text[32];
    DWORD size, type;
    for (int i = 0; i < 40; i++) {
        sprintf(path, "a%d\\b%d\\c", i % 4, i);
        CHECK_EQ(RegSetKeyValueA(from, path, "v", REG_DWORD, &i, 4), 0);
    }
    CHECK_EQ(RegSetValueExA(from, "", 0, REG_SZ, (const BYTE *)"root", 5), 0);
    CHECK_EQ(RegCopyTreeA(root, "from", to), 0);
    for (int i = 0; i < 40; i++) {
        int value = -1;
        sprintf(path, "A%d\\B%d\\C", i % 4, i);
        size = 4;
        CHECK_EQ(RegGetValueA(to, path, "V", RRF_RT_REG_DWORD, &type, &value, &size), 0);
        CHECK_EQ(value, i);
    }
    size = sizeof text;
    CHECK_EQ(RegGetValueA(to, NULL, NULL, RRF_RT_REG_SZ, &type, text, &size), 0);
    CHECK_STR(text, "root");
    CHECK_EQ(RegDeleteTreeA(to, "a1"), 0);
    CHECK_EQ(RegOpenKeyA(to, "a1", &key), ERROR_FILE_NOT_FOUND);
    CHECK_EQ(RegOpenKeyA(to, "a2\\b2\\c", &key), 0);
    RegCloseKey(key);
    CHECK_EQ(RegDeleteTreeA(to, "absent"), ERROR_FILE_NOT_FOUND);
    CHECK_EQ(RegDeleteTreeA(to, NULL), 0);
    DWORD keys = 9, values = 9;
    CHECK_EQ(RegQueryInfoKeyA(to, NULL, NULL, NULL, &keys, NULL, NULL, &values, NULL, NULL, NULL, NULL), 0);
    CHECK_EQ(keys, 0);
    CHECK_EQ(values, 0);
    RegCloseKey(from);
    RegCloseKey(to);
    CHECK_EQ(RegDeleteTreeA(root, "from"), 0);
    CHECK_EQ(RegDeleteTreeA(root, "to"), 0);
}

/* Keys as deep as they may be. */
static void depth(void)
{
    HKEY key, next;
    int levels = 0;
    LSTATUS error = 0;
    if (check_under_wine())
        return; /* it has no limit */
    key = make_key(root, "d");
    while (levels < 520 && !(error = RegCreateKeyExA(key, "d", 0, NULL, 0, KEY_ALL_ACCESS, NULL, &next, NULL))) {
        RegCloseKey(key);
        key = next;
        levels++;
    }
    CHECK(levels > 500 && levels < 512);
    CHECK_EQ(error, ERROR_INVALID_PARAMETER);
    RegCloseKey(key);
    CHECK_EQ(RegDeleteTreeA(root, "d"), 0);
}

static void predefined(void)
{
    static const HKEY keys[] = {HKEY_CLASSES_ROOT, HKEY_CURRENT_USER, HKEY_LOCAL_MACHINE, HKEY_USERS,
                                HKEY_CURRENT_CONFIG};
    HKEY key, software;
    for (unsigned i = 0; i < ARRAYSIZE(keys); i++) {
        CHECK_EQ(RegOpenKeyExA(keys[i], NULL, 0, KEY_READ, &key), 0);
        CHECK_EQ(RegCloseKey(key), 0);
        CHECK_EQ(RegOpenKeyExA(keys[i], "", 0, KEY_READ, &key), 0);
        CHECK_EQ(RegCloseKey(key), 0);
        CHECK_EQ(RegCloseKey(keys[i]), 0);
        CHECK_EQ(RegCloseKey(keys[i]), 0);
        CHECK_EQ(RegOpenKeyA(keys[i], NULL, &key), 0);
        CHECK_EQ((ULONG_PTR)key, (ULONG_PTR)keys[i]);
        char name[300];
        DWORD size = sizeof name;
        LSTATUS error = RegEnumKeyExA(keys[i], 0, name, &size, NULL, NULL, NULL, NULL);
        CHECK(error == 0 || (keys[i] == HKEY_CURRENT_CONFIG && error == ERROR_NO_MORE_ITEMS));
    }
    /* Only the lower half of the number counts. */
    CHECK_EQ(RegOpenKeyExA((HKEY)(ULONG_PTR)0x80000002u, "SOFTWARE", 0, KEY_READ, &key), 0);
    CHECK_EQ(RegCloseKey(key), 0);
    CHECK_EQ(RegCloseKey(NULL), ERROR_INVALID_HANDLE);
    CHECK_EQ(RegCloseKey((HKEY)(ULONG_PTR)0x7654320), ERROR_INVALID_HANDLE);
    CHECK_EQ(RegOpenKeyExA((HKEY)(ULONG_PTR)0x7654320, "x", 0, KEY_READ, &key), ERROR_INVALID_HANDLE);
    if (!check_under_wine()) /* it would crash */
        CHECK_EQ(RegOpenKeyExA(HKEY_CURRENT_USER, "Software", 0, KEY_READ, NULL), ERROR_INVALID_PARAMETER);
    CHECK_EQ(RegOpenCurrentUser(KEY_READ, &key), 0);
    CHECK_EQ(RegOpenKeyExA(key, TEST_ROOT, 0, KEY_READ, &software), 0);
    RegCloseKey(software);
    RegCloseKey(key);
    CHECK_EQ(RegConnectRegistryA(NULL, HKEY_LOCAL_MACHINE, &key), 0);
    CHECK_EQ(RegCloseKey(key), 0);
    /* A predefined key can be given another meaning. */
    RegCloseKey(make_key(root, "override\\inside"));
    CHECK_EQ(RegOpenKeyA(root, "override", &key), 0);
    CHECK_EQ(RegOverridePredefKey(HKEY_CURRENT_USER, key), 0);
    CHECK_EQ(RegOpenKeyA(HKEY_CURRENT_USER, "inside", &software), 0);
    CHECK_EQ(RegCloseKey(software), 0);
    CHECK_EQ(RegOpenKeyA(HKEY_CURRENT_USER, "Software", &software), ERROR_FILE_NOT_FOUND);
    CHECK_EQ(RegOverridePredefKey(HKEY_CURRENT_USER, NULL), 0);
    CHECK_EQ(RegOpenKeyA(HKEY_CURRENT_USER, "Software", &software), 0);
    CHECK_EQ(RegCloseKey(software), 0);
    CHECK_EQ(RegCloseKey(key), 0);
    CHECK_EQ(RegOverridePredefKey(root, NULL), ERROR_INVALID_HANDLE);
}

static void renaming(void)
{
    LSTATUS(WINAPI * rename)
    (HKEY, LPCWSTR, LPCWSTR) = (void *)GetProcAddress(GetModuleHandleA("advapi32.dll"), "RegRenameKey");
    HKEY key = make_key(root, "old"), other;
    DWORD value = 3, size = 4;
    if (!rename || check_under_wine())
        return; /* Wine 8 does not rename keys */
    CHECK_EQ(RegSetKeyValueA(key, "sub", "v", REG_DWORD, &value, 4), 0);
    CHECK_EQ(rename(root, L"old", L"new"), 0);
    CHECK_EQ(RegOpenKeyA(root, "old", &other), ERROR_FILE_NOT_FOUND);
    value = 0;
    CHECK_EQ(RegGetValueA(root, "new\\sub", "v", RRF_RT_REG_DWORD, NULL, &value, &size), 0);
    CHECK_EQ(value, 3);
    CHECK_EQ(RegSetValueExA(key, "still", 0, REG_DWORD, (BYTE *)&value, 4), 0); /* the handle lives */
    CHECK_EQ(RegGetValueA(root, "new", "still", RRF_RT_REG_DWORD, NULL, &value, &size), 0);
    RegCloseKey(make_key(root, "taken"));
    CHECK_EQ(rename(root, L"new", L"taken"), ERROR_ACCESS_DENIED);
    CHECK_EQ(rename(root, L"new", L"NEW"), 0);
    char name[16];
    size = sizeof name;
    CHECK_EQ(RegEnumKeyExA(root, 1, name, &size, NULL, NULL, NULL, NULL), 0);
    CHECK_STR(name, "NEW");
    CHECK_EQ(rename(root, L"absent", L"x"), ERROR_FILE_NOT_FOUND);
    RegCloseKey(key);
}

int main(void)
{
    root = test_begin();
    names();
    limits();
    listing();
    value_listing();
    information();
    creating_below();
    deleting();
    trees();
    depth();
    predefined();
    renaming();
    return test_end(root);
}
