/*
 * Does RegGetValue restrict types, expand and end texts, and fill buffers as documented?
 */
#include "registry.h"

static HKEY root;

static const struct {
    const char *name;
    DWORD type;
    const char *data;
    DWORD size;
} values[] = {
    {"none", REG_NONE, "xy", 2},
    {"sz", REG_SZ, "text", 5},
    {"expand", REG_EXPAND_SZ, "<%WINRUN_TEST%>", 16},
    {"binary", REG_BINARY, "123456", 6},
    {"binary4", REG_BINARY, "1234", 4},
    {"binary8", REG_BINARY, "12345678", 8},
    {"dword", REG_DWORD, "\1\2\3\4", 4},
    {"multi", REG_MULTI_SZ, "a\0bc\0", 6},
    {"qword", REG_QWORD, "\1\2\3\4\5\6\7\10", 8},
};

/* Every kind of value with every restriction alone. */
static void restrictions(void)
{
    static const DWORD flags[] = {RRF_RT_REG_NONE,   RRF_RT_REG_SZ,    RRF_RT_REG_EXPAND_SZ | RRF_NOEXPAND,
                                  RRF_RT_REG_BINARY, RRF_RT_REG_DWORD, RRF_RT_REG_MULTI_SZ,
                                  RRF_RT_REG_QWORD};
    static const DWORD types[] = {REG_NONE, REG_SZ, REG_EXPAND_SZ, REG_BINARY, REG_DWORD, REG_MULTI_SZ, REG_QWORD};
    BYTE data[64];
    for (unsigned v = 0; v < ARRAYSIZE(values); v++)
        for (unsigned f = 0; f < ARRAYSIZE(flags); f++) {
            DWORD type = 99, size = sizeof data;
            LSTATUS expected = values[v].type == types[f] ? 0 : ERROR_UNSUPPORTED_TYPE;
            if (values[v].type == REG_EXPAND_SZ && types[f] == REG_SZ)
                expected = 0; /* it is expanded */
            CHECK_EQ(RegGetValueA(root, NULL, values[v].name, flags[f], &type, data, &size), expected);
            if (!expected) {
                CHECK_EQ(type, values[v].type == REG_EXPAND_SZ && types[f] == REG_SZ ? REG_SZ : values[v].type);
                CHECK_EQ(size, values[v].type == REG_EXPAND_SZ && types[f] == REG_SZ ? 8 : values[v].size);
            }
        }
    for (unsigned v = 0; v < ARRAYSIZE(values); v++) {
        DWORD size = sizeof data;
        CHECK_EQ(RegGetValueA(root, NULL, values[v].name, RRF_RT_ANY | RRF_NOEXPAND, NULL, data, &size), 0);
        CHECK_EQ(size, values[v].size);
        CHECK(!memcmp(data, values[v].data, size));
    }
}

static void numbers(void)
{
    static const struct {
        const char *name;
        DWORD flags;
        LSTATUS expected;
    } cases[] = {
        {"dword", RRF_RT_DWORD, 0},
        {"binary4", RRF_RT_DWORD, 0},
        {"binary", RRF_RT_DWORD, ERROR_DATATYPE_MISMATCH},
        {"binary8", RRF_RT_DWORD, ERROR_DATATYPE_MISMATCH},
        {"qword", RRF_RT_QWORD, 0},
        {"binary8", RRF_RT_QWORD, 0},
        {"binary4", RRF_RT_QWORD, ERROR_DATATYPE_MISMATCH},
        {"binary", RRF_RT_QWORD, ERROR_DATATYPE_MISMATCH},
        {"sz", RRF_RT_DWORD, ERROR_UNSUPPORTED_TYPE},
        {"dword", RRF_RT_QWORD, ERROR_UNSUPPORTED_TYPE},
    };
    for (unsigned i = 0; i < ARRAYSIZE(cases); i++) {
        BYTE data[16];
        DWORD size = sizeof data;
        CHECK_EQ(RegGetValueA(root, NULL, cases[i].name, cases[i].flags, NULL, data, &size), cases[i].expected);
    }
}

static void expansion(void)
{
    char text[64];
    WCHAR wide[64];
    DWORD type, size = sizeof text;
    CHECK_EQ(RegGetValueA(root, NULL, "expand", RRF_RT_REG_SZ, &type, text, &size), 0);
    CHECK_STR(text, "<value>");
    CHECK_EQ(type, REG_SZ);
    CHECK_EQ(size, 8);
    size = sizeof wide;
    CHECK_EQ(RegGetValueW(root, NULL, L"expand", RRF_RT_REG_SZ, &type, wide, &size), 0);
    CHECK(!lstrcmpW(wide, L"<value>"));
    CHECK_EQ(size, 16);
    size = sizeof text;
    CHECK_EQ(RegGetValueA(root, NULL, "expand", RRF_RT_ANY, &type, text, &size), 0);
    CHECK_STR(text, "<value>");
    size = sizeof text;
    CHECK_EQ(RegGetValueA(root, NULL, "expand", RRF_RT_ANY | RRF_NOEXPAND, &type, text, &size), 0);
    CHECK_STR(text, "<%WINRUN_TEST%>");
    CHECK_EQ(type, REG_EXPAND_SZ);
    /* Asking for the unexpanded type while expanding makes no sense. */
    CHECK_EQ(RegGetValueA(root, NULL, "expand", RRF_RT_REG_EXPAND_SZ, &type, text, &size), ERROR_INVALID_PARAMETER);
}

/* Texts get the zeros that they lack, as documented; Wine hands them out as they are. */
static void endings(void)
{
    WCHAR wide[16];
    DWORD size;
    CHECK_EQ(RegSetValueExW(root, L"cut", 0, REG_SZ, (const BYTE *)L"abcdef", 6), 0);
    memset(wide, 0x55, sizeof wide);
    size = sizeof wide;
    CHECK_EQ(RegGetValueW(root, NULL, L"cut", RRF_RT_REG_SZ, NULL, wide, &size), 0);
    CHECK(!lstrcmpW(wide, L"abc"));
    CHECK_EQ(size, 8);
    CHECK_EQ(RegSetValueExW(root, L"list", 0, REG_MULTI_SZ, (const BYTE *)L"ab\0cd", 10), 0);
    memset(wide, 0x55, sizeof wide);
    size = sizeof wide;
    CHECK_EQ(RegGetValueW(root, NULL, L"list", RRF_RT_REG_MULTI_SZ, NULL, wide, &size), 0);
    CHECK_EQ(size, 14);
    CHECK(!memcmp(wide, L"ab\0cd\0", 14));
    CHECK_EQ(RegSetValueExW(root, L"nothing", 0, REG_SZ, (const BYTE *)L"", 0), 0);
    size = sizeof wide;
    CHECK_EQ(RegGetValueW(root, NULL, L"nothing", RRF_RT_REG_SZ, NULL, wide, &size), 0);
    CHECK_EQ(size, 2);
    CHECK_EQ(wide[0], 0);
}

static void buffers(void)
{
    char text[16];
    DWORD size, type;
    for (DWORD room = 0; room < 8; room++) {
        memset(text, 'x', sizeof text);
        size = room;
        CHECK_EQ(RegGetValueA(root, NULL, "sz", RRF_RT_REG_SZ, &type, text, &size), room < 5 ? ERROR_MORE_DATA : 0);
        CHECK_EQ(size, 5);
        CHECK_EQ(type, REG_SZ);
    }
    memset(text, 'x', sizeof text);
    size = 3;
    CHECK_EQ(RegGetValueA(root, NULL, "sz", RRF_RT_REG_SZ | RRF_ZEROONFAILURE, &type, text, &size), ERROR_MORE_DATA);
    CHECK(!memcmp(text, "\0\0\0x", 4));
    memset(text, 'x', sizeof text);
    size = 4;
    CHECK_EQ(RegGetValueA(root, NULL, "absent", RRF_RT_ANY | RRF_ZEROONFAILURE, NULL, text, &size),
             ERROR_FILE_NOT_FOUND);
    CHECK(!memcmp(text, "\0\0\0\0x", 5));
    CHECK_EQ(RegGetValueA(root, NULL, "sz", RRF_RT_REG_SZ, NULL, NULL, &size), 0);
    CHECK_EQ(size, 5);
    CHECK_EQ(RegGetValueA(root, NULL, "sz", RRF_RT_REG_SZ, NULL, NULL, NULL), 0);
    CHECK_EQ(RegGetValueA(root, NULL, "sz", RRF_RT_REG_SZ, NULL, text, NULL), ERROR_INVALID_PARAMETER);
    CHECK_EQ(RegGetValueA(root, "absent", "sz", RRF_RT_REG_SZ, NULL, NULL, NULL), ERROR_FILE_NOT_FOUND);
    CHECK_EQ(RegGetValueA(HKEY_CURRENT_USER, TEST_ROOT, "SZ", RRF_RT_REG_SZ, NULL, NULL, NULL), 0);
}

int main(void)
{
    root = test_begin();
    SetEnvironmentVariableA("WINRUN_TEST", "value");
    for (unsigned i = 0; i < ARRAYSIZE(values); i++)
        CHECK_EQ(RegSetValueExA(root, values[i].name, 0, values[i].type, (const BYTE *)values[i].data, values[i].size),
                 0);
    restrictions();
    numbers();
    expansion();
    if (!check_under_wine())
        endings();
    buffers();
    return test_end(root);
}
