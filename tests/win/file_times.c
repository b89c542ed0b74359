/* Are times and attributes kept to 100 ns, by handle and by name, for files and directories, and by copies? */
#include "check.h"

static ULONGLONG number(FILETIME t)
{
    return (ULONGLONG)t.dwHighDateTime << 32 | t.dwLowDateTime;
}

static FILETIME at(ULONGLONG value)
{
    return (FILETIME){(DWORD)value, (DWORD)(value >> 32)};
}

static HANDLE open_any(const char *name, DWORD access)
{
    return CreateFileA(name, access, 7, NULL, OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS, NULL);
}

static void test_times(const char *name)
{
    static const ULONGLONG values[] = {0x01d9abcdef012345, 0x019db1ded53e8000, 0x01d0000000000001, 0x02a0000000000007};
    FILETIME created, accessed, written;
    WIN32_FILE_ATTRIBUTE_DATA data;
    WIN32_FIND_DATAA found;
    HANDLE h = open_any(name, FILE_WRITE_ATTRIBUTES | FILE_READ_ATTRIBUTES);
    CHECK(h != INVALID_HANDLE_VALUE);
    for (unsigned i = 0; i < 4; i++) {
        FILETIME c = at(values[i]), a = at(values[i] + 10), w = at(values[i] + 20);
        CHECK(SetFileTime(h, &c, &a, &w));
        CHECK(GetFileTime(h, &created, &accessed, &written));
        CHECK_EQ(number(created), values[i]);
        CHECK_EQ(number(accessed), values[i] + 10);
        CHECK_EQ(number(written), values[i] + 20);
    }
    /* One alone; the others stay. */
    FILETIME c = at(values[0]), none = {0, 0};
    CHECK(SetFileTime(h, &c, NULL, NULL));
    CHECK(SetFileTime(h, &none, &none, &none));
    CHECK(GetFileTime(h, &created, NULL, &written));
    CHECK_EQ(number(created), values[0]);
    CHECK_EQ(number(written), values[3] + 20);
    CloseHandle(h);
    CHECK(GetFileAttributesExA(name, GetFileExInfoStandard, &data));
    CHECK_EQ(number(data.ftCreationTime), values[0]);
    CHECK_EQ(number(data.ftLastWriteTime), values[3] + 20);
    HANDLE find = FindFirstFileA(name, &found);
    CHECK_EQ(number(found.ftCreationTime), values[0]);
    CHECK_EQ(number(found.ftLastWriteTime), values[3] + 20);
    FindClose(find);
    h = open_any(name, FILE_READ_ATTRIBUTES);
    CHECK_ERROR(SetFileTime(h, &c, NULL, NULL), ERROR_ACCESS_DENIED);
    CloseHandle(h);
}

static void test_attributes(void)
{
    const DWORD all = FILE_ATTRIBUTE_READONLY | FILE_ATTRIBUTE_HIDDEN | FILE_ATTRIBUTE_SYSTEM | FILE_ATTRIBUTE_ARCHIVE;
    WIN32_FILE_ATTRIBUTE_DATA before, data;
    CHECK(GetFileAttributesExA("t.txt", GetFileExInfoStandard, &before));
    for (DWORD i = 0; i < 16; i++) {
        DWORD wanted = (i & 1 ? FILE_ATTRIBUTE_READONLY : 0) | (i & 2 ? FILE_ATTRIBUTE_HIDDEN : 0) |
                       (i & 4 ? FILE_ATTRIBUTE_SYSTEM : 0) | (i & 8 ? FILE_ATTRIBUTE_ARCHIVE : 0);
        CHECK(SetFileAttributesA("t.txt", wanted ? wanted : FILE_ATTRIBUTE_NORMAL));
        CHECK_EQ(GetFileAttributesA("t.txt"), wanted ? wanted : FILE_ATTRIBUTE_NORMAL);
        CHECK(GetFileAttributesExA("t.txt", GetFileExInfoStandard, &data));
        CHECK_EQ(data.dwFileAttributes, wanted ? wanted : FILE_ATTRIBUTE_NORMAL);
        /* The creation time stays, whatever attributes are set, read-only ones too. */
        CHECK_EQ(number(data.ftCreationTime), number(before.ftCreationTime));
        CHECK_EQ(number(data.ftLastWriteTime), number(before.ftLastWriteTime));
    }
    CHECK(SetFileAttributesA("t.txt", all));
    CHECK_ERROR(DeleteFileA("t.txt"), ERROR_ACCESS_DENIED);
    CHECK_ERROR(CreateFileA("t.txt", GENERIC_WRITE, 7, NULL, OPEN_EXISTING, 0, NULL) != INVALID_HANDLE_VALUE,
                ERROR_ACCESS_DENIED);
    /* Hidden and system files are not replaced unless the new one is so too. */
    CHECK(SetFileAttributesA("t.txt", FILE_ATTRIBUTE_HIDDEN));
    CHECK_ERROR(CreateFileA("t.txt", GENERIC_WRITE, 7, NULL, CREATE_ALWAYS, 0, NULL) != INVALID_HANDLE_VALUE,
                ERROR_ACCESS_DENIED);
    HANDLE h = CreateFileA("t.txt", GENERIC_WRITE, 7, NULL, CREATE_ALWAYS, FILE_ATTRIBUTE_HIDDEN, NULL);
    CHECK(h != INVALID_HANDLE_VALUE);
    CloseHandle(h);
    CHECK_EQ(GetFileAttributesA("t.txt"), FILE_ATTRIBUTE_HIDDEN | FILE_ATTRIBUTE_ARCHIVE);
    CHECK(CopyFileA("t.txt", "copy.txt", TRUE));
    CHECK_EQ(GetFileAttributesA("copy.txt"), FILE_ATTRIBUTE_HIDDEN | FILE_ATTRIBUTE_ARCHIVE);
    CHECK(SetFileAttributesA("t.txt", FILE_ATTRIBUTE_NORMAL));
    CHECK(DeleteFileA("t.txt"));
    CHECK(DeleteFileA("copy.txt"));
    CHECK(SetFileAttributesA("dir", FILE_ATTRIBUTE_HIDDEN));
    CHECK_EQ(GetFileAttributesA("dir"), FILE_ATTRIBUTE_HIDDEN | FILE_ATTRIBUTE_DIRECTORY);
    CHECK(SetFileAttributesA("dir", FILE_ATTRIBUTE_NORMAL));
    CHECK_EQ(GetFileAttributesA("dir"), FILE_ATTRIBUTE_DIRECTORY);
    CHECK(RemoveDirectoryA("dir"));
}

static void test_replace(void)
{
    FILETIME created = at(0x01d0123456789abc), t;
    for (int i = 0; i < 2; i++) {
        HANDLE h = CreateFileA(i ? "new.txt" : "old.txt", GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
        DWORD n;
        WriteFile(h, i ? "new" : "older", i ? 3 : 5, &n, NULL);
        if (!i)
            CHECK(SetFileTime(h, &created, NULL, NULL));
        CloseHandle(h);
    }
    CHECK(ReplaceFileA("old.txt", "new.txt", "back.txt", 0, NULL, NULL));
    HANDLE h = open_any("old.txt", FILE_READ_ATTRIBUTES);
    CHECK_EQ(GetFileSize(h, NULL), 3);
    CHECK(GetFileTime(h, &t, NULL, NULL));
    CHECK(number(t) == number(created) || check_under_wine());
    CloseHandle(h);
    h = open_any("back.txt", FILE_READ_ATTRIBUTES);
    CHECK_EQ(GetFileSize(h, NULL), 5);
    CloseHandle(h);
    CHECK_ERROR(ReplaceFileA("old.txt", "no-such", NULL, 0, NULL, NULL), ERROR_FILE_NOT_FOUND);
    CHECK_ERROR(ReplaceFileA("no-such", "old.txt", NULL, 0, NULL, NULL), ERROR_FILE_NOT_FOUND);
    CHECK(DeleteFileA("old.txt"));
    CHECK(DeleteFileA("back.txt"));
}

int main(void)
{
    CloseHandle(CreateFileA("t.txt", GENERIC_WRITE, 0, NULL, CREATE_NEW, 0, NULL));
    CHECK(CreateDirectoryA("dir", NULL));
    if (!check_under_wine()) { /* Wine 8 keeps neither creation times nor that a file is not to be archived */
        test_times("t.txt");
        test_times("dir");
        test_attributes();
    }
    test_replace();
    return check_done();
}
