/* Do names in another case lead to the right file, however often asked for and whoever changes the directories
 * meanwhile? */
#include "file_servant.h"

#define DEEP "CASE-one\\TWO\\Three\\File-7.TXT"
#define OPEN_DEEP "o 1 80000000 7 3 0 " DEEP

/* The size of a file tells which one was found. */
static long long size_of(const char *name)
{
    WIN32_FILE_ATTRIBUTE_DATA data;
    return GetFileAttributesExA(name, GetFileExInfoStandard, &data) ? data.nFileSizeLow : -(long long)GetLastError();
}

static void make(const char *name, DWORD size)
{
    static char zeros[64];
    DWORD n;
    HANDLE file = CreateFileA(name, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
    CHECK(file != INVALID_HANDLE_VALUE && WriteFile(file, zeros, size, &n, NULL));
    CloseHandle(file);
}

static void fill(const char *directory)
{
    char name[100];
    CHECK(CreateDirectoryA(directory, NULL));
    for (int i = 0; i < 20; i++) {
        snprintf(name, sizeof name, "%s\\file-%d.txt", directory, i);
        make(name, i);
    }
}

/* Several times: what was learned by the first is used by the next. */
static void expect(const char *name, long long size)
{
    for (int i = 0; i < 4; i++)
        CHECK_EQ(size_of(name), size);
}

static void test_plain(void)
{
    static const char *const names[] = {
        "case-one\\two\\three\\file-7.txt", DEEP,
        "CASE-ONE\\two\\three\\file-7.txt", "case-one\\two\\THREE\\file-7.txt",
        "case-one\\two\\three\\FILE-7.txt", "CASE-ONE/tWo\\.\\THREE\\..\\three\\FILE-7.TXT"};
    for (unsigned i = 0; i < sizeof names / sizeof *names; i++) {
        expect(names[i], 7);
        for (int round = 0; round < 4; round++) {
            HANDLE file = CreateFileA(names[i], GENERIC_READ, 7, NULL, OPEN_EXISTING, 0, NULL);
            CHECK(file != INVALID_HANDLE_VALUE);
            CHECK_EQ(GetFileSize(file, NULL), 7);
            CloseHandle(file);
        }
    }
    expect("CASE-one\\TWO\\Three\\File-77.TXT", -ERROR_FILE_NOT_FOUND);
    expect("CASE-one\\TWO\\Four\\File-7.TXT", -ERROR_PATH_NOT_FOUND);
    expect("CASE-one\\TWO\\Three\\File-7.TXT\\x", -ERROR_PATH_NOT_FOUND);
}

/* What is made by a name in another case comes to lie in the directory that is there, and keeps its own case. */
static void test_make(void)
{
    WIN32_FIND_DATAA data;
    expect("CASE-one\\TWO\\Three\\New.TXT", -ERROR_FILE_NOT_FOUND);
    make("CASE-one\\TWO\\Three\\New.TXT", 30);
    expect("case-one\\two\\three\\new.txt", 30);
    HANDLE find = FindFirstFileA("case-one\\two\\three\\new*", &data);
    CHECK(find != INVALID_HANDLE_VALUE);
    CHECK_STR(data.cFileName, "New.TXT");
    CHECK_ERROR(FindNextFileA(find, &data), ERROR_NO_MORE_FILES);
    FindClose(find);
    CHECK_ERROR(CreateDirectoryA("case-ONE\\two", NULL), ERROR_ALREADY_EXISTS);
    CHECK(DeleteFileA("CASE-one\\TWO\\THREE\\NEW.txt"));
    expect("CASE-one\\TWO\\Three\\New.TXT", -ERROR_FILE_NOT_FOUND);
}

/* The other process: it also has made up its mind where the names lead. */
static void test_between(void)
{
    for (int i = 0; i < 3; i++) {
        THERE("e " DEEP, 0);
        HERE(OPEN_DEEP, 0);
        HERE("c 1", 0);
    }
    THERE("d " DEEP, 0);
    HERE("e " DEEP, ERROR_FILE_NOT_FOUND);
    HERE(OPEN_DEEP, ERROR_FILE_NOT_FOUND);
    make("case-one\\two\\three\\FILE-7.txt", 17);
    THERE("e " DEEP, 0);
    expect(DEEP, 17);
    /* A directory gets another case. */
    THERE("m 0 case-one\\two case-one\\Two", 0);
    expect(DEEP, 17);
    /* A directory goes, another takes its place. */
    THERE("m 0 case-one\\two case-one\\away", 0);
    HERE("e " DEEP, ERROR_PATH_NOT_FOUND);
    HERE(OPEN_DEEP, ERROR_PATH_NOT_FOUND);
    CHECK(CreateDirectoryA("Case-one\\TWO", NULL));
    fill("Case-one\\TWO\\three");
    THERE("e " DEEP, 0);
    expect(DEEP, 7);
    expect("case-ONE\\AWAY\\three\\FILE-7.TXT", 17);
    /* And the one above as well. */
    THERE("m 0 case-ONE case-other", 0);
    HERE("e " DEEP, ERROR_PATH_NOT_FOUND);
    THERE("m 0 CASE-OTHER Case-One", 0);
    expect(DEEP, 7);
    /* A name that was missed often appears. */
    expect("Case-one\\TWO\\three\\late.txt", -ERROR_FILE_NOT_FOUND);
    THERE("o 2 40000000 0 2 0 CASE-one\\two\\THREE\\Late.txt", 0);
    HERE("e Case-one\\TWO\\three\\late.txt", 0);
    THERE("c 2", 0);
}

static void remove_tree(const char *directory)
{
    WIN32_FIND_DATAA data;
    char name[MAX_PATH];
    snprintf(name, sizeof name, "%s\\*", directory);
    HANDLE find = FindFirstFileA(name, &data);
    do {
        snprintf(name, sizeof name, "%s\\%s", directory, data.cFileName);
        if (!(data.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY))
            CHECK(DeleteFileA(name));
        else if (data.cFileName[0] != '.')
            remove_tree(name);
    } while (FindNextFileA(find, &data));
    FindClose(find);
    CHECK(RemoveDirectoryA(directory));
}

/* The root of each drive and the directories on the way here are there still after names were missed in them. */
static void root_after_misses(const char *root)
{
    char name[MAX_PATH];
    for (int i = 0; i < 4; i++) {
        snprintf(name, sizeof name, "%sno-such-name-%d", root, i);
        CHECK_EQ(size_of(name), -ERROR_FILE_NOT_FOUND);
    }
    DWORD attributes = GetFileAttributesA(root);
    CHECK(attributes != INVALID_FILE_ATTRIBUTES && attributes & FILE_ATTRIBUTE_DIRECTORY);
    HANDLE directory = CreateFileA(root, FILE_READ_ATTRIBUTES, 7, NULL, OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS, 0);
    CHECK(directory != INVALID_HANDLE_VALUE);
    CloseHandle(directory);
    snprintf(name, sizeof name, "\\\\?\\%s", root);
    directory = CreateFileA(name, FILE_READ_ATTRIBUTES, 7, NULL, OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS, 0);
    CHECK(directory != INVALID_HANDLE_VALUE);
    CloseHandle(directory);
}

static void test_roots(void)
{
    char here[MAX_PATH], drive[] = "A:\\";
    for (; *drive <= 'Z'; ++*drive)
        if (GetDriveTypeA(drive) == DRIVE_FIXED)
            root_after_misses(drive);
    GetCurrentDirectoryA(sizeof here - 1, here);
    for (char *end = here + strlen(here); end > here + 2; end--)
        if (!*end || *end == '\\') {
            strcpy(end, "\\");
            root_after_misses(here);
        }
}

int main(int argc, char **argv)
{
    if (argc > 1 && !strcmp(argv[1], "servant"))
        return servant_main();
    fill("case-one");
    fill("case-one\\two");
    fill("case-one\\two\\three");
    servant_start();
    test_plain();
    test_make();
    test_between();
    test_roots();
    servant_end();
    remove_tree("CASE-one");
    return check_done();
}
