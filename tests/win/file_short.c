/*
 * What is a legal 8.3 name, what do long and short names of a path look like, and does C:\PROGRA~1 lead somewhere?
 *
 * winrun's drives are like volumes without 8.3 names.  Wine makes short names up for every file; where that shows the
 * test asks nothing of it.
 */
#include "check.h"

static void test_legal(void)
{
    static const struct {
        const char *name;
        BOOL legal, spaces;
    } names[] = {
        {"A", TRUE, FALSE},
        {"a.b", TRUE, FALSE},
        {"ABCDEFGH.XYZ", TRUE, FALSE},
        {"abcdefgh.xyz", TRUE, FALSE},
        {"ABCDEFGHI", FALSE, FALSE},
        {"ABCDEFGH.WXYZ", FALSE, FALSE},
        {"A.B.C", FALSE, FALSE},
        {"A+B", FALSE, FALSE},
        {"A,B", FALSE, FALSE},
        {"A=B", FALSE, FALSE},
        {"A[B]", FALSE, FALSE},
        {"A;B", FALSE, FALSE},
        {"A B", TRUE, TRUE},
        {"ABCDEF~1.TXT", TRUE, FALSE},
        {"A.", FALSE, FALSE},
        {".A", FALSE, FALSE},
        {".", TRUE, FALSE},
        {"..", TRUE, FALSE},
        {"A*B", FALSE, FALSE},
        {"A?B", FALSE, FALSE},
        {"$%'-_@~`!(){}^#&", FALSE, FALSE},
        {"$%'-_@~`", TRUE, FALSE},
        {"A:B", FALSE, FALSE},
        {"A\\B", FALSE, FALSE},
        {"A|B", FALSE, FALSE},
        {"A\"B", FALSE, FALSE},
        {"A<B", FALSE, FALSE},
        {"123", TRUE, FALSE},
        {"A/B", FALSE, FALSE},
        {"A..B", FALSE, FALSE},
    };
    for (unsigned i = 0; i < sizeof names / sizeof *names; i++) {
        char oem[20] = "";
        BOOL legal = 7, spaces = FALSE;
        CHECK(CheckNameLegalDOS8Dot3A(names[i].name, oem, 13, &spaces, &legal));
        if (legal != names[i].legal)
            printf("%s: ", names[i].name);
        CHECK_EQ(legal, names[i].legal);
        if (legal && names[i].name[0] != '.')
            CHECK_EQ(spaces, names[i].spaces);
    }
}

static void make(const char *name)
{
    HANDLE file = CreateFileA(name, GENERIC_WRITE, 0, NULL, CREATE_NEW, 0, NULL);
    CHECK(file != INVALID_HANDLE_VALUE);
    CloseHandle(file);
}

static void expect_long(const char *name, const char *expected)
{
    char out[MAX_PATH] = "";
    DWORD length = GetLongPathNameA(name, out, sizeof out);
    CHECK_STR(out, expected);
    CHECK_EQ(length, strlen(expected));
    CHECK_EQ(GetLongPathNameA(name, out, (DWORD)strlen(expected)), strlen(expected) + 1);
    CHECK_EQ(GetLongPathNameA(name, NULL, 0), strlen(expected) + 1);
}

static void test_long(void)
{
    char directory[MAX_PATH], name[2 * MAX_PATH], expected[2 * MAX_PATH];
    CHECK(CreateDirectoryA("Long Directory", NULL) && CreateDirectoryA("Long Directory\\Sub.Dir", NULL));
    make("Long Directory\\Sub.Dir\\A File With A Name.text");
    expect_long("Long Directory", "Long Directory");
    expect_long("Long Directory\\sub.dir\\A File With A Name.text", "Long Directory\\Sub.Dir\\A File With A Name.text");
    expect_long("Long Directory\\..\\Long Directory\\.\\SUB.dir", "Long Directory\\..\\Long Directory\\.\\Sub.Dir");
    expect_long("Long Directory\\", "Long Directory\\");
    expect_long(".", ".");
    CHECK(GetCurrentDirectoryA(sizeof directory, directory));
    snprintf(name, sizeof name, "%s\\Long Directory\\SUB.DIR", directory);
    snprintf(expected, sizeof expected, "\\Long Directory\\Sub.Dir");
    char out[2 * MAX_PATH] = "";
    CHECK(GetLongPathNameA(name, out, sizeof out) && strstr(out, expected));
    CHECK_ERROR(GetLongPathNameA("long directory\\none", out, sizeof out), ERROR_FILE_NOT_FOUND);
    CHECK_ERROR(GetShortPathNameA("long directory\\none", out, sizeof out), ERROR_FILE_NOT_FOUND);
    if (!check_under_wine()) {
        CHECK_ERROR(GetLongPathNameA("none\\none", out, sizeof out), ERROR_PATH_NOT_FOUND);
        CHECK_ERROR(GetShortPathNameA("none\\none", out, sizeof out), ERROR_PATH_NOT_FOUND);
    }
}

/* Whatever the short name looks like, it leads to the same file, and back to its long name. */
static void test_round(const char *name)
{
    char short_name[MAX_PATH] = "", long_name[MAX_PATH] = "";
    DWORD length = GetShortPathNameA(name, short_name, sizeof short_name);
    CHECK(length && length == strlen(short_name));
    CHECK(GetFileAttributesA(short_name) != INVALID_FILE_ATTRIBUTES);
    CHECK(GetLongPathNameA(short_name, long_name, sizeof long_name));
    CHECK_STR(long_name, name);
}

static void test_none(void)
{
    char out[MAX_PATH];
    WIN32_FIND_DATAA data;
    HANDLE file =
        CreateFileA("Long Directory\\Sub.Dir\\A File With A Name.text", GENERIC_ALL, 0, NULL, OPEN_EXISTING, 0, NULL);
    CHECK_ERROR(SetFileShortNameA(file, "AFILE.TXT"), 305 /* ERROR_SHORT_NAMES_NOT_ENABLED_ON_VOLUME */);
    CHECK_ERROR(SetFileShortNameA(file, NULL), ERROR_INVALID_PARAMETER);
    CloseHandle(file);
    CHECK_EQ(GetShortPathNameA("Long Directory", out, sizeof out), 14);
    CHECK_STR(out, "Long Directory");
    HANDLE find = FindFirstFileA("Long*", &data);
    CHECK(find != INVALID_HANDLE_VALUE);
    CHECK_STR(data.cFileName, "Long Directory");
    CHECK_STR(data.cAlternateFileName, "");
    FindClose(find);
}

/* Directories by the names that Windows would have made up; files never. */
static void test_made_up(void)
{
    WIN32_FIND_DATAA data;
    CHECK(CreateDirectoryA("Long Directory Again", NULL) && CreateDirectoryA("Long.Dir.Name", NULL));
    make("Long Directory\\inside.txt");
    CHECK(GetFileAttributesA("LONGDI~1\\inside.txt") != INVALID_FILE_ATTRIBUTES);
    CHECK(GetFileAttributesA("longdi~1") == FILE_ATTRIBUTE_DIRECTORY);
    CHECK(GetFileAttributesA("LONGDI~2") == FILE_ATTRIBUTE_DIRECTORY);
    CHECK(GetFileAttributesA("LONGDI~1.NAM") == FILE_ATTRIBUTE_DIRECTORY);
    CHECK_ERROR(GetFileAttributesA("LONGDI~2\\inside.txt") != INVALID_FILE_ATTRIBUTES, ERROR_FILE_NOT_FOUND);
    CHECK_ERROR(GetFileAttributesA("LONGDI~3") != INVALID_FILE_ATTRIBUTES, ERROR_FILE_NOT_FOUND);
    CHECK_ERROR(GetFileAttributesA("LONG~1") != INVALID_FILE_ATTRIBUTES, ERROR_FILE_NOT_FOUND);
    CHECK_ERROR(DeleteFileA("LONGDI~1\\Sub.Dir\\AFILEW~1.TEX"), ERROR_FILE_NOT_FOUND);
    expect_long("LONGDI~1\\SUB.dir", "Long Directory\\Sub.Dir");
    expect_long("LONGDI~2", "Long Directory Again");
    HANDLE find = FindFirstFileA("LONGDI~1", &data);
    CHECK(find != INVALID_HANDLE_VALUE);
    CHECK_STR(data.cFileName, "Long Directory");
    FindClose(find);
    /* The name is taken, as it would be on Windows. */
    CHECK_ERROR(CreateDirectoryA("LONGDI~1", NULL), ERROR_ALREADY_EXISTS);
    CHECK(CreateDirectoryA("LONGDI~3", NULL) && RemoveDirectoryA("LONGDI~3"));
    expect_long("C:\\PROGRA~1", "C:\\Program Files");
    CHECK(RemoveDirectoryA("LONGDI~1.NAM") && RemoveDirectoryA("Long Directory Again"));
    CHECK(DeleteFileA("LONGDI~1\\inside.txt"));
}

int main(void)
{
    test_legal();
    test_long();
    test_round("Long Directory");
    test_round("Long Directory\\Sub.Dir\\A File With A Name.text");
    if (!check_under_wine()) {
        test_none();
        test_made_up();
    }
    CHECK(DeleteFileA("Long Directory\\Sub.Dir\\A File With A Name.text"));
    CHECK(RemoveDirectoryA("Long Directory\\Sub.Dir") && RemoveDirectoryA("Long Directory"));
    return check_done();
}
