/* Watching a directory; symbolic links; final names; directories of C: that appear before they are made. */
#include "check.h"

static void touch(const char *name)
{
    CloseHandle(CreateFileA(name, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL));
}

static void test_watch(void)
{
    char buffer[1024];
    DWORD n;
    OVERLAPPED o = {.hEvent = CreateEventA(NULL, TRUE, FALSE, NULL)};
    CHECK(CreateDirectoryA("watched", NULL));
    HANDLE h = CreateFileA("watched", FILE_LIST_DIRECTORY, 7, NULL, OPEN_EXISTING,
                           FILE_FLAG_BACKUP_SEMANTICS | FILE_FLAG_OVERLAPPED, NULL);
    CHECK(h != INVALID_HANDLE_VALUE);
    CHECK(ReadDirectoryChangesW(h, buffer, sizeof buffer, FALSE, FILE_NOTIFY_CHANGE_FILE_NAME, NULL, &o, NULL));
    CHECK_EQ(WaitForSingleObject(o.hEvent, 0), WAIT_TIMEOUT);
    touch("watched\\new");
    CHECK_EQ(WaitForSingleObject(o.hEvent, 3000), WAIT_OBJECT_0);
    CHECK(GetOverlappedResult(h, &o, &n, FALSE));
    FILE_NOTIFY_INFORMATION *info = (FILE_NOTIFY_INFORMATION *)buffer;
    CHECK_EQ(info->Action, FILE_ACTION_ADDED);
    CHECK_EQ(info->FileNameLength, 6);
    CHECK(!memcmp(info->FileName, L"new", 6));
    CHECK(ReadDirectoryChangesW(h, buffer, sizeof buffer, FALSE, FILE_NOTIFY_CHANGE_FILE_NAME, NULL, &o, NULL));
    CHECK(CancelIoEx(h, &o));
    CHECK_ERROR(GetOverlappedResult(h, &o, &n, TRUE), ERROR_OPERATION_ABORTED);
    CloseHandle(h);
    /* Whoever asks for everything is told of an empty file's creation once: nothing was written, nobody read it. */
    h = CreateFileA("watched", FILE_LIST_DIRECTORY, 7, NULL, OPEN_EXISTING,
                    FILE_FLAG_BACKUP_SEMANTICS | FILE_FLAG_OVERLAPPED, NULL);
    CHECK(ReadDirectoryChangesW(h, buffer, sizeof buffer, TRUE, 0x17f, NULL, &o, NULL));
    touch("watched\\empty");
    CHECK_EQ(WaitForSingleObject(o.hEvent, 3000), WAIT_OBJECT_0);
    CHECK_EQ(info->Action, FILE_ACTION_ADDED);
    CHECK_EQ(info->NextEntryOffset, 0);
    CHECK(ReadDirectoryChangesW(h, buffer, sizeof buffer, TRUE, 0x17f, NULL, &o, NULL));
    CHECK_EQ(WaitForSingleObject(o.hEvent, 20), WAIT_TIMEOUT);
    CHECK(DeleteFileA("watched\\empty"));
    CHECK_EQ(WaitForSingleObject(o.hEvent, 3000), WAIT_OBJECT_0);
    CHECK_EQ(info->Action, FILE_ACTION_REMOVED);
    CloseHandle(h);
    CHECK(DeleteFileA("watched\\new"));
    CHECK(RemoveDirectoryA("watched"));
    CloseHandle(o.hEvent);
}

static void test_links(void)
{
    char path[MAX_PATH], here[MAX_PATH];
    touch("target");
    CHECK(CreateHardLinkA("hard", "target", NULL));
    CHECK_ERROR(CreateHardLinkA("hard", "target", NULL), ERROR_ALREADY_EXISTS);
    HANDLE h = CreateFileA("HARD", GENERIC_READ, 7, NULL, OPEN_EXISTING, 0, NULL);
    BY_HANDLE_FILE_INFORMATION info;
    CHECK(GetFileInformationByHandle(h, &info));
    CHECK_EQ(info.nNumberOfLinks, 2);
    CloseHandle(h);
    h = CreateFileA("TARGET", GENERIC_READ, 7, NULL, OPEN_EXISTING, 0, NULL);
    DWORD length = GetFinalPathNameByHandleA(h, path, sizeof path, 0);
    CHECK(length > 0 && length < sizeof path);
    GetCurrentDirectoryA(sizeof here, here);
    CHECK(!strncmp(path, "\\\\?\\", 4));
    CHECK(length > 7 && !strcmp(path + length - 7, "\\target"));
    CloseHandle(h);
    CHECK(DeleteFileA("hard"));
    if (!check_under_wine()) { /* Wine 8 can not make symbolic links */
        CHECK(CreateSymbolicLinkA("link", "target", 0));
        CHECK(GetFileAttributesA("link") & FILE_ATTRIBUTE_REPARSE_POINT);
        h = CreateFileA("link", GENERIC_READ, 7, NULL, OPEN_EXISTING, 0, NULL);
        CHECK(h != INVALID_HANDLE_VALUE);
        CloseHandle(h);
        CHECK(DeleteFileA("link"));
    }
    CHECK(DeleteFileA("target"));
}

static void test_virtual(void)
{
    WIN32_FIND_DATAA data;
    HANDLE h = FindFirstFileA("C:\\win*", &data);
    CHECK(h != INVALID_HANDLE_VALUE);
    CHECK(!stricmp(data.cFileName, "Windows"));
    FindClose(h);
    touch("c:\\windows\\temp\\winrun-test");
    CHECK(GetFileAttributesA("C:\\Windows\\Temp\\winrun-test") != INVALID_FILE_ATTRIBUTES);
    CHECK(DeleteFileA("C:\\Windows\\Temp\\WINRUN-TEST"));
}

int main(void)
{
    test_watch();
    test_links();
    test_virtual();
    return check_done();
}
