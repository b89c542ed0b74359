/*
 * msvcp_filesystem.c: do the functions under <experimental/filesystem> and _Fiopen find, make, change and remove files,
 * and answer misuse, as Microsoft's do?
 */
#include "msvcp.h"

enum { NOT_FOUND = -1, REGULAR = 1, DIRECTORY = 2, UNKNOWN = 8 };

#define STAT CALL(int, "_Stat", const WCHAR *, int *)

static void write_file(const char *name, const char *text)
{
    FILE *file = fopen(name, "wb");
    CHECK(file != NULL);
    fputs(text, file);
    fclose(file);
}

static void test_files(void)
{
    int perms = 0;
    write_file("a.txt", "hello");
    CHECK_EQ(STAT(L"a.txt", &perms), REGULAR);
    CHECK_EQ(perms, 0777);
    CHECK_EQ(STAT(L"a.txt", NULL), REGULAR);
    CHECK_EQ(CALL(int, "_Lstat", const WCHAR *, int *)(L"a.txt", &perms), REGULAR);
    CHECK_EQ(STAT(L"none.txt", &perms), NOT_FOUND);
    CHECK_EQ(STAT(L"none\\none.txt", &perms), NOT_FOUND);
    CHECK_EQ(STAT(L".", &perms), DIRECTORY);
    CHECK_EQ(CALL(long long, "_File_size", const WCHAR *)(L"a.txt"), 5);
    CHECK_EQ(CALL(long long, "_File_size", const WCHAR *)(L"none.txt"), -1);
    CHECK_EQ(CALL(long long, "_Hard_links", const WCHAR *)(L"a.txt"), 1);
    CHECK_EQ(CALL(long long, "_Hard_links", const WCHAR *)(L"none.txt"), -1);

    CHECK_EQ(CALL(int, "_Chmod", const WCHAR *, int)(L"a.txt", 0444), 0);
    CHECK_EQ(STAT(L"a.txt", &perms), REGULAR);
    CHECK_EQ(perms, 0555);
    CHECK(GetFileAttributesW(L"a.txt") & FILE_ATTRIBUTE_READONLY);
    CHECK_EQ(CALL(int, "_Chmod", const WCHAR *, int)(L"a.txt", 0666), 0);
    CHECK(!(GetFileAttributesW(L"a.txt") & FILE_ATTRIBUTE_READONLY));
    CHECK_EQ(CALL(int, "_Chmod", const WCHAR *, int)(L"none.txt", 0666), -1);

    CHECK_EQ(CALL(int, "_Copy_file", const WCHAR *, const WCHAR *)(L"a.txt", L"b.txt"), 0);
    CHECK_EQ(CALL(long long, "_File_size", const WCHAR *)(L"b.txt"), 5);
    CHECK_EQ(CALL(int, "_Copy_file", const WCHAR *, const WCHAR *)(L"none.txt", L"c.txt"), ERROR_FILE_NOT_FOUND);
    CHECK_EQ(CALL(int, "_Resize", const WCHAR *, unsigned long long)(L"b.txt", 3), 0);
    CHECK_EQ(CALL(long long, "_File_size", const WCHAR *)(L"b.txt"), 3);
    CHECK_EQ(CALL(int, "_Resize", const WCHAR *, unsigned long long)(L"b.txt", 100), 0);
    CHECK_EQ(CALL(long long, "_File_size", const WCHAR *)(L"b.txt"), 100);
    CHECK_EQ(CALL(int, "_Resize", const WCHAR *, unsigned long long)(L"none.txt", 1), ERROR_FILE_NOT_FOUND);

    CHECK_EQ(CALL(int, "_Equivalent", const WCHAR *, const WCHAR *)(L"a.txt", L"a.txt"), 1);
    CHECK_EQ(CALL(int, "_Equivalent", const WCHAR *, const WCHAR *)(L"a.txt", L"b.txt"), 0);
    CHECK_EQ(CALL(int, "_Equivalent", const WCHAR *, const WCHAR *)(L"a.txt", L"none.txt"), 0);
    CHECK_EQ(CALL(int, "_Equivalent", const WCHAR *, const WCHAR *)(L"none.txt", L"nope.txt"), -1);

    CHECK_EQ(CALL(int, "_Link", const WCHAR *, const WCHAR *)(L"a.txt", L"l.txt"), 0);
    CHECK_EQ(CALL(long long, "_Hard_links", const WCHAR *)(L"a.txt"), 2);
    CHECK_EQ(CALL(int, "_Equivalent", const WCHAR *, const WCHAR *)(L"a.txt", L"l.txt"), 1);
    CHECK_EQ(CALL(int, "_Link", const WCHAR *, const WCHAR *)(L"a.txt", L"l.txt"), ERROR_ALREADY_EXISTS);
    CHECK_EQ(CALL(int, "_Rename", const WCHAR *, const WCHAR *)(L"l.txt", L"r.txt"), 0);
    CHECK_EQ(STAT(L"l.txt", &perms), NOT_FOUND);
    CHECK_EQ(STAT(L"r.txt", &perms), REGULAR);
    CHECK_EQ(CALL(int, "_Rename", const WCHAR *, const WCHAR *)(L"none.txt", L"x.txt"), ERROR_FILE_NOT_FOUND);

    long long time = 131000000000000000LL;
    CHECK_EQ(CALL(int, "_Set_last_write_time", const WCHAR *, long long)(L"a.txt", time) & 0xff, 1);
    CHECK_EQ(CALL(long long, "_Last_write_time", const WCHAR *)(L"a.txt"), time);
    CHECK_EQ(CALL(long long, "_Last_write_time", const WCHAR *)(L"none.txt"), -1);
    CHECK_EQ(CALL(int, "_Set_last_write_time", const WCHAR *, long long)(L"none.txt", time) & 0xff, 0);

    struct {
        unsigned long long capacity, free, available;
    } space = {0};
    CALL(void *, "_Statvfs", void *, const WCHAR *)(&space, L".");
    CHECK(space.capacity >= space.free && space.free >= space.available && space.capacity + 1 > 1);
    CALL(void *, "_Statvfs", void *, const WCHAR *)(&space, L"none\\");
    CHECK_EQ(space.capacity, -1);

    CHECK_EQ(CALL(int, "_Unlink", const WCHAR *)(L"r.txt"), 0);
    CHECK_EQ(CALL(int, "_Unlink", const WCHAR *)(L"r.txt"), ERROR_FILE_NOT_FOUND);
    CHECK_EQ(CALL(int, "_Unlink", const WCHAR *)(L"b.txt"), 0);
    CHECK_EQ(CALL(int, "_Unlink", const WCHAR *)(L"a.txt"), 0);
}

static void test_directories(void)
{
    WCHAR name[260], old[260];
    int error = 77, type = 77, seen = 0;

    CHECK_EQ(CALL(int, "_Make_dir", const WCHAR *, const WCHAR *)(L"dir", NULL), 1);
    CHECK_EQ(CALL(int, "_Make_dir", const WCHAR *, const WCHAR *)(L"dir", NULL), 0);
    CHECK_EQ(CALL(int, "_Make_dir", const WCHAR *, const WCHAR *)(L"none\\dir", NULL), -1);
    CHECK(CALL(HANDLE, "_Open_dir", WCHAR *, const WCHAR *, int *, int *)(name, L"dir", &error, &type) == NULL);
    CHECK_EQ(CALL(int, "_Make_dir", const WCHAR *, const WCHAR *)(L"dir\\sub", NULL), 1);
    write_file("dir\\one", "1");
    HANDLE find = CALL(HANDLE, "_Open_dir", WCHAR *, const WCHAR *, int *, int *)(name, L"dir", &error, &type);
    CHECK(find != NULL);
    CHECK_EQ(error, 0);
    for (int i = 0; find && *name && i < 10; i++) {
        if (!wcscmp(name, L"sub"))
            seen |= type == DIRECTORY ? 1 : 4;
        else if (!wcscmp(name, L"one"))
            seen |= type == REGULAR ? 2 : 8;
        else
            seen |= 16;
        CALL(WCHAR *, "_Read_dir", WCHAR *, HANDLE, int *)(name, find, &type);
    }
    CHECK_EQ(seen, 3);
    CALL(void, "_Close_dir", HANDLE)(find);
    CHECK(CALL(HANDLE, "_Open_dir", WCHAR *, const WCHAR *, int *, int *)(name, L"none", &error, &type) == NULL);
    CHECK_EQ(error, ERROR_BAD_PATHNAME);
    CHECK_EQ(CALL(int, "_Remove_dir", const WCHAR *)(L"dir") & 0xff, 0);

    CHECK_EQ(CALL(int, "_Current_get", WCHAR *)(old) & 0xff, 1);
    CHECK_EQ(CALL(int, "_Current_set", const WCHAR *)(L"dir") & 0xff, 1);
    CHECK_EQ(CALL(int, "_Current_get", WCHAR *)(name) & 0xff, 1);
    CHECK(!wcsncmp(name, old, wcslen(old)));
    CHECK(!wcscmp(name + wcslen(name) - 4, L"\\dir"));
    CHECK_EQ(CALL(int, "_Current_set", const WCHAR *)(L"none") & 0xff, 0);
    CHECK_EQ(CALL(int, "_Current_set", const WCHAR *)(old) & 0xff, 1);
    CHECK(CALL(WCHAR *, "_Temp_get", WCHAR *)(name) == name);
    CHECK(*name);

    CHECK_EQ(CALL(int, "_Unlink", const WCHAR *)(L"dir\\one"), 0);
    CHECK_EQ(CALL(int, "_Remove_dir", const WCHAR *)(L"dir\\sub") & 0xff, 1);
    CHECK_EQ(CALL(int, "_Remove_dir", const WCHAR *)(L"dir") & 0xff, 1);
    CHECK_EQ(CALL(int, "_Remove_dir", const WCHAR *)(L"dir") & 0xff, 0);
}

/* ios_base::openmode as fopen modes */
static void test_fiopen(void)
{
    enum { IN_ = 1, OUT_ = 2, ATE = 4, APP = 8, TRUNC = 0x10, BINARY = 0x20, NOCREATE = 0x40, NOREPLACE = 0x80 };
    static const struct {
        int mode, exists_ok, missing_ok, truncates;
    } cases[] = {
        {IN_, 1, 0, 0},       {OUT_, 1, 1, 1},         {OUT_ | TRUNC, 1, 1, 1},       {OUT_ | APP, 1, 1, 0},
        {APP, 1, 1, 0},       {IN_ | OUT_, 1, 0, 0},   {IN_ | OUT_ | TRUNC, 1, 1, 1}, {IN_ | OUT_ | APP, 1, 1, 0},
        {IN_ | APP, 1, 1, 0}, {TRUNC, 0, 0, 0},        {IN_ | TRUNC, 0, 0, 0},        {OUT_ | TRUNC | APP, 0, 0, 0},
        {0, 0, 0, 0},         {IN_ | BINARY, 1, 0, 0}, {IN_ | ATE | BINARY, 1, 0, 0}, {OUT_ | NOREPLACE, 0, 1, 0},
    };
    HMODULE crt = LoadLibraryA("ucrtbase.dll");
    int (*close)(void *) = (int (*)(void *))(void *)GetProcAddress(crt, "fclose");
    for (unsigned i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        write_file("f.txt", "text");
        void *file =
            CALL(void *, "?_Fiopen@std@@YAPEAU_iobuf@@PEBDHH@Z", const char *, int, int)("f.txt", cases[i].mode, 0x40);
        CHECK_EQ(file != NULL, cases[i].exists_ok);
        if (file)
            close(file);
        CHECK_EQ(CALL(long long, "_File_size", const WCHAR *)(L"f.txt"), cases[i].truncates ? 0 : 4);
        DeleteFileA("f.txt");
        file = CALL(void *, "?_Fiopen@std@@YAPEAU_iobuf@@PEB_WHH@Z", const WCHAR *, int, int)(L"f.txt", cases[i].mode,
                                                                                              0x40);
        CHECK_EQ(file != NULL, cases[i].missing_ok);
        if (file)
            close(file);
        DeleteFileA("f.txt");
    }
    write_file("f.txt", "text");
    void *file =
        CALL(void *, "?_Fiopen@std@@YAPEAU_iobuf@@PEBDHH@Z", const char *, int, int)("f.txt", IN_ | ATE | BINARY, 0x40);
    CHECK(file != NULL);
    CHECK_EQ(((long (*)(void *))(void *)GetProcAddress(crt, "ftell"))(file), 4);
    close(file);
    DeleteFileA("f.txt");
}

static void test_names(void)
{
    char bytes[260];
    WCHAR wide[260];
    CHECK_EQ(CALL(int, "_To_byte", const WCHAR *, char *)(L"abc", bytes), 4);
    CHECK_STR(bytes, "abc");
    CHECK_EQ(CALL(int, "_To_wide", const char *, WCHAR *)("xyz", wide), 4);
    CHECK(!wcscmp(wide, L"xyz"));
}

int main(void)
{
    char directory[64];
    sprintf(directory, "msvcp_fs_%lu", GetCurrentProcessId());
    CHECK(CreateDirectoryA(directory, NULL));
    CHECK(SetCurrentDirectoryA(directory));
    test_files();
    test_directories();
    test_fiopen();
    test_names();
    SetCurrentDirectoryA("..");
    CHECK(RemoveDirectoryA(directory));
    return check_done();
}
