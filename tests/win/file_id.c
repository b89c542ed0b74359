/* Does a file open by its id, whatever happened to its name, and are all of its names listed? */
#include "check.h"
#include <winternl.h>

#define ID_CLASS ((FILE_INFO_BY_HANDLE_CLASS)18) /* FileIdInfo */

typedef struct {
    ULONGLONG volume;
    BYTE id[16];
} id_info;

static HANDLE open_plain(const char *name, DWORD flags)
{
    return CreateFileA(name, GENERIC_READ | FILE_READ_ATTRIBUTES, 7, NULL, OPEN_EXISTING, flags, NULL);
}

static void make(const char *name, DWORD size)
{
    static char zeros[64];
    DWORD n;
    HANDLE file = CreateFileA(name, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
    CHECK(file != INVALID_HANDLE_VALUE && WriteFile(file, zeros, size, &n, NULL));
    CloseHandle(file);
}

static ULONGLONG id_of(const char *name)
{
    BY_HANDLE_FILE_INFORMATION info = {0};
    HANDLE file = open_plain(name, FILE_FLAG_BACKUP_SEMANTICS);
    CHECK(GetFileInformationByHandle(file, &info));
    CloseHandle(file);
    return (ULONGLONG)info.nFileIndexHigh << 32 | info.nFileIndexLow;
}

static HANDLE open_id(HANDLE hint, ULONGLONG id, DWORD access, DWORD flags)
{
    FILE_ID_DESCRIPTOR descriptor = {.dwSize = sizeof descriptor, .Type = FileIdType};
    descriptor.FileId.QuadPart = (LONGLONG)id;
    return OpenFileById(hint, &descriptor, access, 7, NULL, flags);
}

/* The size and the name of what opens by the id. */
static void expect_id(HANDLE hint, ULONGLONG id, DWORD size, const char *name)
{
    char path[MAX_PATH] = "";
    HANDLE file = open_id(hint, id, GENERIC_READ, 0);
    CHECK(file != INVALID_HANDLE_VALUE);
    CHECK_EQ(GetFileSize(file, NULL), size);
    DWORD length = GetFinalPathNameByHandleA(file, path, sizeof path, 0);
    CHECK(length > strlen(name) && !strcmp(path + length - strlen(name), name));
    CloseHandle(file);
}

static void test_open(HANDLE hint)
{
    make("ids\\a.txt", 11);
    make("ids\\deep\\b.txt", 22);
    ULONGLONG a = id_of("ids\\a.txt"), b = id_of("ids\\deep\\b.txt"), deep = id_of("ids\\deep");
    CHECK(a != b && a != deep && b != deep);
    expect_id(hint, a, 11, "\\ids\\a.txt");
    expect_id(hint, b, 22, "\\ids\\deep\\b.txt");
    HANDLE file = open_id(hint, deep, 0, FILE_FLAG_BACKUP_SEMANTICS);
    CHECK(file != INVALID_HANDLE_VALUE);
    CloseHandle(file);
    CHECK_EQ((LONG_PTR)open_id(hint, deep, GENERIC_READ, 0), (LONG_PTR)INVALID_HANDLE_VALUE);
    CHECK_EQ(GetLastError(), ERROR_ACCESS_DENIED);
    /* Under another name, and from another directory. */
    CHECK(MoveFileA("ids\\a.txt", "ids\\deep\\moved.txt"));
    expect_id(hint, a, 11, "\\ids\\deep\\moved.txt");
    CHECK(MoveFileA("ids\\deep", "ids\\other"));
    expect_id(hint, a, 11, "\\ids\\other\\moved.txt");
    expect_id(hint, b, 22, "\\ids\\other\\b.txt");
    CHECK(DeleteFileA("ids\\other\\b.txt"));
    /* An id that no file has; that of a deleted one may be another's by now. */
    CHECK_EQ((LONG_PTR)open_id(hint, 0x7fffffff12345678, GENERIC_READ, 0), (LONG_PTR)INVALID_HANDLE_VALUE);
    CHECK_EQ(GetLastError(), check_under_wine() ? ERROR_FILE_NOT_FOUND : ERROR_INVALID_PARAMETER);
    /* Sharing is the file's own. */
    HANDLE alone = CreateFileA("ids\\other\\moved.txt", GENERIC_READ, 0, NULL, OPEN_EXISTING, 0, NULL);
    CHECK_EQ((LONG_PTR)open_id(hint, a, GENERIC_READ, 0), (LONG_PTR)INVALID_HANDLE_VALUE);
    CHECK_EQ(GetLastError(), ERROR_SHARING_VIOLATION);
    CloseHandle(alone);
}

/* Ids that a listing told, of 128 bits too. */
static void test_listed(HANDLE hint)
{
    static _Alignas(8) char buffer[0x4000];
    HANDLE directory = open_plain("ids\\other", FILE_FLAG_BACKUP_SEMANTICS);
    CHECK(GetFileInformationByHandleEx(directory, FileIdBothDirectoryInfo, buffer, sizeof buffer));
    FILE_ID_BOTH_DIR_INFO *entry = (void *)buffer;
    while (wcscmp(entry->FileName, L"moved.txt") && entry->NextEntryOffset)
        entry = (void *)((char *)entry + entry->NextEntryOffset);
    expect_id(hint, (ULONGLONG)entry->FileId.QuadPart, 11, "\\moved.txt");
    CloseHandle(directory);

    id_info info;
    HANDLE file = open_plain("ids\\other\\moved.txt", 0);
    FILE_ID_DESCRIPTOR descriptor = {.dwSize = sizeof descriptor, .Type = ExtendedFileIdType};
    CHECK(GetFileInformationByHandleEx(file, ID_CLASS, &info, sizeof info));
    CloseHandle(file);
    CHECK(!memcmp(info.id, &entry->FileId, 8));
    memcpy(&descriptor.ExtendedFileId, info.id, 16);
    file = OpenFileById(hint, &descriptor, GENERIC_READ, 7, NULL, 0);
    if (!check_under_wine() || file != INVALID_HANDLE_VALUE) {
        CHECK(file != INVALID_HANDLE_VALUE);
        CHECK_EQ(GetFileSize(file, NULL), 11);
        CloseHandle(file);
    }
    descriptor.Type = (FILE_ID_TYPE)7;
    if (!check_under_wine()) {
        CHECK_EQ((LONG_PTR)OpenFileById(hint, &descriptor, GENERIC_READ, 7, NULL, 0), (LONG_PTR)INVALID_HANDLE_VALUE);
        CHECK_EQ(GetLastError(), ERROR_INVALID_PARAMETER);
    }
    CHECK_EQ((LONG_PTR)OpenFileById(hint, NULL, GENERIC_READ, 7, NULL, 0), (LONG_PTR)INVALID_HANDLE_VALUE);
    CHECK_EQ(GetLastError(), ERROR_INVALID_PARAMETER);
    CHECK_EQ((LONG_PTR)open_id((HANDLE)0x4444, id_of("ids"), 0, 0), (LONG_PTR)INVALID_HANDLE_VALUE);
    CHECK_EQ(GetLastError(), ERROR_INVALID_HANDLE);
}

/* How many of `wanted` are listed, and that nothing else is. */
static int names_of(const char *name, const char *const wanted[], int count)
{
    WCHAR wide[MAX_PATH], link[MAX_PATH];
    DWORD size = MAX_PATH;
    int found = 0, total = 0;
    MultiByteToWideChar(CP_ACP, 0, name, -1, wide, MAX_PATH);
    HANDLE find = FindFirstFileNameW(wide, 0, &size, link);
    if (find == INVALID_HANDLE_VALUE)
        return -1;
    do {
        char text[MAX_PATH];
        WideCharToMultiByte(CP_ACP, 0, link, -1, text, MAX_PATH, NULL, NULL);
        CHECK_EQ(size, wcslen(link) + 1);
        CHECK(text[0] == '\\');
        for (int i = 0; i < count; i++) {
            size_t length = strlen(wanted[i]), whole = strlen(text);
            found += whole > length && !strcmp(text + whole - length, wanted[i]);
        }
        total++;
        size = MAX_PATH;
    } while (FindNextFileNameW(find, &size, link));
    CHECK_EQ(GetLastError(), ERROR_HANDLE_EOF);
    CHECK(FindClose(find));
    CHECK_EQ(total, found);
    return found;
}

static void test_names(void)
{
    static const char *const names[] = {"\\ids\\one.txt", "\\ids\\two.txt", "\\ids\\other\\three.txt"};
    WCHAR link[MAX_PATH];
    DWORD size = 3;
    FILE_STANDARD_INFO info;
    make("ids\\one.txt", 1);
    CHECK_EQ(names_of("ids\\one.txt", names, 1), 1);
    CHECK(CreateHardLinkA("ids\\two.txt", "ids\\one.txt", NULL));
    CHECK(CreateHardLinkA("ids\\other\\three.txt", "ids\\one.txt", NULL));
    for (int i = 0; i < 3; i++)
        CHECK_EQ(names_of(names[i] + 1, names, 3), 3);
    CHECK_EQ(names_of("ids\\other", (const char *const[]){"\\ids\\other"}, 1), 1);
    CHECK(DeleteFileA("ids\\two.txt"));
    CHECK_EQ(names_of("ids\\one.txt", names, 3), 2);

    CHECK_EQ((LONG_PTR)FindFirstFileNameW(L"ids\\one.txt", 0, &size, link), (LONG_PTR)INVALID_HANDLE_VALUE);
    CHECK_EQ(GetLastError(), ERROR_MORE_DATA);
    CHECK(size > wcslen(L"\\ids\\one.txt"));
    size = MAX_PATH;
    CHECK_EQ((LONG_PTR)FindFirstFileNameW(L"ids\\one.txt", 1, &size, link), (LONG_PTR)INVALID_HANDLE_VALUE);
    CHECK_EQ(GetLastError(), ERROR_INVALID_PARAMETER);
    CHECK_EQ((LONG_PTR)FindFirstFileNameW(L"ids\\none.txt", 0, &size, link), (LONG_PTR)INVALID_HANDLE_VALUE);
    CHECK_EQ(GetLastError(), ERROR_FILE_NOT_FOUND);
    CHECK_ERROR(FindNextFileNameW(INVALID_HANDLE_VALUE, &size, link), ERROR_INVALID_HANDLE);
    HANDLE file = open_plain("ids\\one.txt", 0);
    CHECK(GetFileInformationByHandleEx(file, FileStandardInfo, &info, sizeof info));
    CHECK_EQ(info.NumberOfLinks, 2);
    CloseHandle(file);
}

int main(void)
{
    CHECK(CreateDirectoryA("ids", NULL) && CreateDirectoryA("ids\\deep", NULL));
    HANDLE hint = open_plain(".", FILE_FLAG_BACKUP_SEMANTICS);
    test_open(hint);
    test_listed(hint);
    CloseHandle(hint);
    if (!check_under_wine()) {
        hint = open_plain("ids\\other\\moved.txt", 0); /* any file of the volume will do */
        test_listed(hint);
        CloseHandle(hint);
        test_names();
    }
    DeleteFileA("ids\\one.txt");
    DeleteFileA("ids\\other\\three.txt");
    CHECK(DeleteFileA("ids\\other\\moved.txt"));
    CHECK(RemoveDirectoryA("ids\\other") && RemoveDirectoryA("ids"));
    return check_done();
}
