/* What do CreateFile's dispositions, sharing modes and deletion do, and which errors do they give? */
#include "check.h"

static HANDLE open_file(const char *name, DWORD access, DWORD sharing, DWORD creation, DWORD flags)
{
    return CreateFileA(name, access, sharing, NULL, creation, flags, NULL);
}

#define CHECK_OPEN_ERROR(call, error)                                                                                  \
    do {                                                                                                               \
        SetLastError(0xdeadbeef);                                                                                      \
        CHECK((call) == INVALID_HANDLE_VALUE);                                                                         \
        CHECK_EQ(GetLastError(), (error));                                                                             \
    } while (0)

static void test_dispositions(void)
{
    DWORD rw = GENERIC_READ | GENERIC_WRITE;
    CHECK_OPEN_ERROR(open_file("a.txt", GENERIC_READ, 0, OPEN_EXISTING, 0), ERROR_FILE_NOT_FOUND);
    CHECK_OPEN_ERROR(open_file("no\\a.txt", GENERIC_READ, 0, OPEN_EXISTING, 0), ERROR_PATH_NOT_FOUND);
    CHECK_OPEN_ERROR(open_file("no\\a.txt", rw, 0, CREATE_ALWAYS, 0), ERROR_PATH_NOT_FOUND);
    CHECK_OPEN_ERROR(open_file("a.txt", rw, 0, TRUNCATE_EXISTING, 0), ERROR_FILE_NOT_FOUND);
    CHECK_OPEN_ERROR(open_file("a.txt", rw, 0, 9, 0), ERROR_INVALID_PARAMETER);
    CHECK_OPEN_ERROR(open_file("a?.txt", rw, 0, CREATE_ALWAYS, 0), ERROR_INVALID_NAME);
    CHECK_OPEN_ERROR(open_file("", rw, 0, CREATE_ALWAYS, 0), ERROR_PATH_NOT_FOUND);
    SetLastError(0xdeadbeef);
    HANDLE h = open_file("a.txt", rw, 0, CREATE_NEW, 0);
    CHECK(h != INVALID_HANDLE_VALUE);
    CHECK_EQ(GetLastError(), 0);
    DWORD n;
    CHECK(WriteFile(h, "hello", 5, &n, NULL));
    CHECK_EQ(n, 5);
    CHECK_EQ(GetFileSize(h, NULL), 5);
    CloseHandle(h);
    CHECK_OPEN_ERROR(open_file("a.txt", rw, 0, CREATE_NEW, 0), ERROR_FILE_EXISTS);
    h = open_file("a.txt", rw, 0, OPEN_ALWAYS, 0);
    CHECK_EQ(GetLastError(), ERROR_ALREADY_EXISTS);
    CHECK_EQ(GetFileSize(h, NULL), 5);
    CloseHandle(h);
    h = open_file("A.TXT", GENERIC_READ, 0, OPEN_EXISTING, 0);
    CHECK(h != INVALID_HANDLE_VALUE);
    CloseHandle(h);
    h = open_file("a.txt", rw, 0, CREATE_ALWAYS, 0);
    CHECK_EQ(GetLastError(), ERROR_ALREADY_EXISTS);
    CHECK_EQ(GetFileSize(h, NULL), 0);
    CloseHandle(h);
    CHECK_OPEN_ERROR(open_file("a.txt\\b", GENERIC_READ, 0, OPEN_EXISTING, 0), ERROR_PATH_NOT_FOUND);
}

static void test_sharing(void)
{
    HANDLE h = open_file("a.txt", GENERIC_READ, FILE_SHARE_READ, OPEN_EXISTING, 0);
    HANDLE second = open_file("a.txt", GENERIC_READ, FILE_SHARE_READ, OPEN_EXISTING, 0);
    CHECK(second != INVALID_HANDLE_VALUE);
    CloseHandle(second);
    CHECK_OPEN_ERROR(open_file("a.txt", GENERIC_WRITE, FILE_SHARE_READ, OPEN_EXISTING, 0), ERROR_SHARING_VIOLATION);
    CHECK_OPEN_ERROR(open_file("a.txt", GENERIC_READ, 0, OPEN_EXISTING, 0), ERROR_SHARING_VIOLATION);
    CHECK_ERROR(DeleteFileA("a.txt"), ERROR_SHARING_VIOLATION);
    second = open_file("a.txt", 0, 0, OPEN_EXISTING, 0);
    CHECK(second != INVALID_HANDLE_VALUE);
    CloseHandle(second);
    CHECK(GetFileAttributesA("a.txt") != INVALID_FILE_ATTRIBUTES);
    CloseHandle(h);
    CHECK(DeleteFileA("a.txt"));
    CHECK_ERROR(DeleteFileA("a.txt"), ERROR_FILE_NOT_FOUND);
}

static void test_delete(void)
{
    HANDLE h = open_file("d.txt", GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, CREATE_NEW,
                         FILE_FLAG_DELETE_ON_CLOSE);
    CHECK(h != INVALID_HANDLE_VALUE);
    CHECK(GetFileAttributesA("d.txt") != INVALID_FILE_ATTRIBUTES);
    CloseHandle(h);
    CHECK_ERROR(GetFileAttributesA("d.txt") != INVALID_FILE_ATTRIBUTES, ERROR_FILE_NOT_FOUND);
    h = open_file("r.txt", GENERIC_WRITE, 0, CREATE_NEW, FILE_ATTRIBUTE_READONLY);
    CHECK(h != INVALID_HANDLE_VALUE);
    CloseHandle(h);
    CHECK(GetFileAttributesA("r.txt") & FILE_ATTRIBUTE_READONLY);
    CHECK_ERROR(DeleteFileA("r.txt"), ERROR_ACCESS_DENIED);
    /* Wine leaves this to the host, which lets root write. */
    if (!check_under_wine())
        CHECK_OPEN_ERROR(open_file("r.txt", GENERIC_WRITE, 0, OPEN_EXISTING, 0), ERROR_ACCESS_DENIED);
    CHECK(SetFileAttributesA("r.txt", FILE_ATTRIBUTE_NORMAL));
    CHECK(DeleteFileA("r.txt"));
}

static void test_directories(void)
{
    CHECK(CreateDirectoryA("dir", NULL));
    CHECK_ERROR(CreateDirectoryA("DIR", NULL), ERROR_ALREADY_EXISTS);
    CHECK_ERROR(CreateDirectoryA("no\\dir", NULL), ERROR_PATH_NOT_FOUND);
    CHECK_OPEN_ERROR(open_file("dir", GENERIC_READ, 7, OPEN_EXISTING, 0), ERROR_ACCESS_DENIED);
    HANDLE h = open_file("dir", GENERIC_READ, 7, OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS);
    CHECK(h != INVALID_HANDLE_VALUE);
    BY_HANDLE_FILE_INFORMATION info;
    CHECK(GetFileInformationByHandle(h, &info));
    CHECK_EQ(info.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY, FILE_ATTRIBUTE_DIRECTORY);
    CloseHandle(h);
    CloseHandle(open_file("dir\\f", GENERIC_WRITE, 0, CREATE_NEW, 0));
    CHECK_ERROR(RemoveDirectoryA("dir"), ERROR_DIR_NOT_EMPTY);
    CHECK_ERROR(DeleteFileA("dir"), ERROR_ACCESS_DENIED);
    CHECK_ERROR(RemoveDirectoryA("dir\\f"), ERROR_DIRECTORY);
    CHECK(DeleteFileA("dir\\f"));
    CHECK(RemoveDirectoryA("dir"));
    CHECK_ERROR(RemoveDirectoryA("dir"), ERROR_FILE_NOT_FOUND);
}

static void test_devices(void)
{
    DWORD n;
    char buffer[4];
    HANDLE h = open_file("nul", GENERIC_READ | GENERIC_WRITE, 0, OPEN_EXISTING, 0);
    CHECK(h != INVALID_HANDLE_VALUE);
    CHECK_EQ(GetFileType(h), FILE_TYPE_CHAR);
    CHECK(WriteFile(h, "abc", 3, &n, NULL));
    CHECK_EQ(n, 3);
    CHECK(ReadFile(h, buffer, 4, &n, NULL));
    CHECK_EQ(n, 0);
    CHECK_ERROR(GetConsoleMode(h, &n), ERROR_INVALID_HANDLE);
    CloseHandle(h);
}

int main(void)
{
    test_dispositions();
    test_sharing();
    test_delete();
    test_directories();
    test_devices();
    return check_done();
}
