/* Are C:\Windows\System32\drivers\etc and its tables there, readable, and not to be changed by a mere program? */
#include "check.h"

#define ETC "C:\\Windows\\System32\\drivers\\etc"

static const char *const names[] = {"hosts", "networks", "protocol", "services"};

static HANDLE open_etc(const char *name, DWORD access, DWORD disposition)
{
    char path[MAX_PATH];
    snprintf(path, sizeof path, ETC "\\%s", name);
    return CreateFileA(path, access, FILE_SHARE_READ, NULL, disposition, 0, NULL);
}

/* The host may lack some of them; those that are there are listed, and the other way round. */
static int test_table(const char *name)
{
    char path[MAX_PATH], final[MAX_PATH], expected[MAX_PATH];
    WIN32_FIND_DATAA data;
    snprintf(path, sizeof path, ETC "\\%s", name);
    DWORD attributes = GetFileAttributesA(path);
    HANDLE find = FindFirstFileA(path, &data);
    CHECK_EQ(find != INVALID_HANDLE_VALUE, attributes != INVALID_FILE_ATTRIBUTES);
    if (find == INVALID_HANDLE_VALUE)
        return 0;
    CHECK_STR(data.cFileName, name);
    CHECK_EQ(data.dwFileAttributes, attributes);
    FindClose(find);
    HANDLE file = open_etc(name, GENERIC_READ, OPEN_EXISTING);
    CHECK(file != INVALID_HANDLE_VALUE);
    CHECK_EQ(GetFileSize(file, NULL), data.nFileSizeLow);
    CHECK(GetFinalPathNameByHandleA(file, final, sizeof final, 0));
    snprintf(expected, sizeof expected, "\\\\?\\" ETC "\\%s", name);
    CHECK(!_stricmp(final, expected));
    CloseHandle(file);
    if (check_under_wine())
        return 1;
    CHECK_EQ((LONG_PTR)open_etc(name, GENERIC_WRITE, OPEN_EXISTING), (LONG_PTR)INVALID_HANDLE_VALUE);
    CHECK_EQ(GetLastError(), ERROR_ACCESS_DENIED);
    CHECK_EQ((LONG_PTR)open_etc(name, GENERIC_WRITE, CREATE_ALWAYS), (LONG_PTR)INVALID_HANDLE_VALUE);
    CHECK_EQ(GetLastError(), ERROR_ACCESS_DENIED);
    CHECK_EQ((LONG_PTR)open_etc(name, GENERIC_WRITE, CREATE_NEW), (LONG_PTR)INVALID_HANDLE_VALUE);
    CHECK_EQ(GetLastError(), ERROR_FILE_EXISTS);
    CHECK_ERROR(DeleteFileA(path), ERROR_ACCESS_DENIED);
    CHECK_ERROR(MoveFileA(path, "moved.txt"), ERROR_ACCESS_DENIED);
    CHECK(CopyFileA(path, "copy.txt", TRUE) && DeleteFileA("copy.txt"));
    return 1;
}

static int count_listed(void)
{
    WIN32_FIND_DATAA data;
    int count = 0;
    HANDLE find = FindFirstFileA(ETC "\\*", &data);
    CHECK(find != INVALID_HANDLE_VALUE);
    do
        for (int i = 0; i < 4; i++)
            count += !_stricmp(data.cFileName, names[i]);
    while (FindNextFileA(find, &data));
    FindClose(find);
    return count;
}

int main(void)
{
    int found = 0;
    CHECK_EQ(GetFileAttributesA(ETC) & FILE_ATTRIBUTE_DIRECTORY, FILE_ATTRIBUTE_DIRECTORY);
    for (int i = 0; i < 4; i++)
        found += test_table(names[i]);
    CHECK_EQ(count_listed(), found);
    if (!check_under_wine()) {
        /* A file of one's own beside them, and the case of names. */
        HANDLE file = open_etc("own.txt", GENERIC_WRITE, CREATE_NEW);
        CHECK(file != INVALID_HANDLE_VALUE);
        CloseHandle(file);
        CHECK_EQ(count_listed(), found);
        CHECK(DeleteFileA(ETC "\\OWN.TXT"));
        CHECK_EQ(GetFileAttributesA("c:\\WINDOWS\\system32\\DRIVERS\\ETC\\Hosts"), GetFileAttributesA(ETC "\\hosts"));
        CHECK_ERROR(GetFileAttributesA(ETC "\\passwd") != INVALID_FILE_ATTRIBUTES, ERROR_FILE_NOT_FOUND);
    }
    return check_done();
}
