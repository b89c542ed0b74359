/* Are .ini files read and changed as documented: sections, keys, quotes, lists, numbers, cut buffers, deletions? */
#include "check.h"

static char file[MAX_PATH];
static WCHAR wide_file[MAX_PATH];

static void write_file(const char *text)
{
    FILE *out = fopen(file, "wb");

    fputs(text, out);
    fclose(out);
}

static void check_file(const char *expected, int line)
{
    char text[1024] = {0};
    FILE *in = fopen(file, "rb");

    fread(text, 1, sizeof text - 1, in);
    fclose(in);
    check_count++;
    if (strcmp(text, expected)) {
        check_failed++;
        printf("line %d: the file is \"%s\", expected \"%s\"\n", line, text, expected);
    }
}

static const struct {
    const char *section, *key, *fallback, *value;
} strings[] = {
    {"one", "a", "x", "1"},      {"one", "A", "x", "1"},     {"ONE", "b", "x", "two words"},
    {"one", "c", "x", "quoted"}, {"one", "d", "x", "'half"}, {"one", "e", "x", ""},
    {"one", "f", "x", "a=b"},    {"one", "none", "x", "x"},  {"one", "none", "trailing  ", "trailing"},
    {"one", "none", NULL, ""},   {"none", "a", "x", "x"},    {"two", "a", "x", "2"},
    {"two", "g", "x", "single"}, {"last", "z", "x", "end"},
};

static const struct {
    const char *text;
    int value;
} numbers[] = {{"12", 12}, {"-5", -5}, {"0x1F", 31}, {"7abc", 7}, {"abc", 0}, {"+3", 3}, {"", 99}, {"  8", 8}};

static void check_read(void)
{
    char text[64];

    write_file("; comment\r\n[one]\r\na=1\r\nb = two words \r\nc=\"quoted\"\r\nd='half\r\ne=\r\nf=a=b\r\n\r\n"
               "[ two ]\r\na=2\r\ng='single'\r\n;c=3\r\nnovalue\r\n[last]\r\nz=end");
    for (size_t i = 0; i < sizeof strings / sizeof *strings; i++) {
        CHECK_EQ(GetPrivateProfileStringA(strings[i].section, strings[i].key, strings[i].fallback, text, 64, file),
                 strlen(strings[i].value));
        CHECK_STR(text, strings[i].value);
    }
    CHECK_EQ(GetPrivateProfileStringA("one", "b", "", text, 4, file), 3);
    CHECK_STR(text, "two");
    CHECK_EQ(GetPrivateProfileStringA("last", NULL, "", text, 64, file), 2);
    CHECK(!memcmp(text, "z\0", 3));
    CHECK_EQ(GetPrivateProfileStringA(NULL, NULL, "", text, 64, file), 13);
    CHECK(!memcmp(text, "one\0two\0last\0", 14));
    CHECK_EQ(GetPrivateProfileStringA(NULL, NULL, "", text, 8, file), 6); /* cut: two zeros at the end */
    CHECK(!memcmp(text, "one\0tw\0", 8));
    CHECK_EQ(GetPrivateProfileSectionA("last", text, 64, file), 6);
    CHECK(!memcmp(text, "z=end\0", 7));
    CHECK_EQ(GetPrivateProfileStringA("one", "a", "none", text, 64, "no such directory\\x.ini"), 4);
    CHECK_STR(text, "none");
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        char ini[64];

        sprintf(ini, "[n]\r\nv=%s\r\n", numbers[i].text);
        write_file(ini);
        CHECK_EQ((int)GetPrivateProfileIntA("n", "v", 99, file), numbers[i].value);
    }
    CHECK_EQ(GetPrivateProfileIntA("n", "none", 42, file), 42);
}

static void check_write(void)
{
    WCHAR text[64];

    DeleteFileA(file);
    CHECK(WritePrivateProfileStringA("s", "a", "1", file));
    check_file("[s]\r\na=1\r\n", __LINE__);
    CHECK(WritePrivateProfileStringA("s", "b", "2", file));
    check_file("[s]\r\na=1\r\nb=2\r\n", __LINE__);
    CHECK(WritePrivateProfileStringA("t", "c", "3", file));
    check_file("[s]\r\na=1\r\nb=2\r\n[t]\r\nc=3\r\n", __LINE__);
    CHECK(WritePrivateProfileStringA("S", "A", "one", file));
    CHECK_EQ(GetPrivateProfileStringW(L"s", L"a", L"", text, 64, wide_file), 3);
    CHECK(!wcscmp(text, L"one"));
    CHECK(WritePrivateProfileStringA("s", "b", NULL, file)); /* deletes the key */
    CHECK_EQ(GetPrivateProfileStringW(L"s", L"b", L"gone", text, 64, wide_file), 4);
    CHECK(WritePrivateProfileStringW(L"t", NULL, NULL, wide_file)); /* deletes the section */
    CHECK_EQ(GetPrivateProfileStringW(L"t", L"c", L"gone", text, 64, wide_file), 4);
    CHECK(!wcscmp(text, L"gone"));
    CHECK(WritePrivateProfileSectionW(L"u", L"x=1\0y=2\0", wide_file));
    CHECK_EQ(GetPrivateProfileStringW(L"u", L"y", L"", text, 64, wide_file), 1);
    CHECK(WritePrivateProfileSectionW(L"u", L"z=3\0", wide_file)); /* replaces */
    CHECK_EQ(GetPrivateProfileStringW(L"u", L"y", L"gone", text, 64, wide_file), 4);
    CHECK_EQ(GetPrivateProfileIntW(L"u", L"z", 0, wide_file), 3);
    write_file("[a]\r\nk=1"); /* no end of the last line */
    CHECK(WritePrivateProfileStringA("a", "l", "2", file));
    check_file("[a]\r\nk=1\r\nl=2\r\n", __LINE__);
    CHECK(!WritePrivateProfileStringA("a", "l", "2", "no such directory\\x.ini"));
}

int main(void)
{
    GetFullPathNameA("test.ini", MAX_PATH, file, NULL);
    GetFullPathNameW(L"test.ini", MAX_PATH, wide_file, NULL);
    check_read();
    check_write();
    DeleteFileA(file);
    return check_done();
}
