/*
 * file_watch_facts.c: does ReadDirectoryChangesExW tell of a changed file's size, times and id; is a watch for times
 * told of SetFileTime; does GetDiskSpaceInformation agree with GetDiskFreeSpaceEx?
 *
 * Wine 8 has neither of the two functions, and its watches hear nothing of SetFileTime.
 */
#include "check.h"

typedef struct {
    DWORD NextEntryOffset, Action;
    LARGE_INTEGER CreationTime, LastModificationTime, LastChangeTime, LastAccessTime, AllocatedLength, FileSize;
    DWORD FileAttributes, ReparsePointTag;
    LARGE_INTEGER FileId, ParentFileId;
    DWORD FileNameLength;
    WCHAR FileName[1];
} EXTENDED;

typedef BOOL(WINAPI *changes_ex)(HANDLE, LPVOID, DWORD, BOOL, DWORD, LPDWORD, LPOVERLAPPED,
                                 LPOVERLAPPED_COMPLETION_ROUTINE, int);

static changes_ex read_changes;
static HANDLE directory;
static OVERLAPPED overlapped;
static _Alignas(8) char buffer[4096];

static HANDLE open_directory(const char *name)
{
    HANDLE h = CreateFileA(name, FILE_LIST_DIRECTORY, 7, NULL, OPEN_EXISTING,
                           FILE_FLAG_BACKUP_SEMANTICS | FILE_FLAG_OVERLAPPED, NULL);
    CHECK(h != INVALID_HANDLE_VALUE);
    return h;
}

static void write_file(const char *name, const char *text)
{
    DWORD n;
    HANDLE h = CreateFileA(name, GENERIC_WRITE, 0, NULL, OPEN_ALWAYS, 0, NULL);
    CHECK(WriteFile(h, text, (DWORD)strlen(text), &n, NULL));
    CloseHandle(h);
}

static void ask(DWORD filter, DWORD size)
{
    ResetEvent(overlapped.hEvent);
    CHECK(read_changes(directory, buffer, size, TRUE, filter, NULL, &overlapped, NULL, 2));
}

/* The first record that has come. */
static const EXTENDED *answer(DWORD action, const WCHAR *name)
{
    const EXTENDED *e = (const EXTENDED *)buffer;
    DWORD n = 0;
    CHECK_EQ(WaitForSingleObject(overlapped.hEvent, 3000), WAIT_OBJECT_0);
    CHECK(GetOverlappedResult(directory, &overlapped, &n, FALSE));
    CHECK(n >= offsetof(EXTENDED, FileName) + 2 * lstrlenW(name));
    CHECK_EQ(e->Action, action);
    CHECK_EQ(e->FileNameLength, 2 * lstrlenW(name));
    CHECK(!memcmp(e->FileName, name, e->FileNameLength));
    return e;
}

static void check_facts(const EXTENDED *e, const char *name, const char *parent)
{
    BY_HANDLE_FILE_INFORMATION info, above;
    HANDLE h = CreateFileA(name, FILE_READ_ATTRIBUTES, 7, NULL, OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS, NULL);
    CHECK(GetFileInformationByHandle(h, &info));
    CloseHandle(h);
    h = CreateFileA(parent, FILE_READ_ATTRIBUTES, 7, NULL, OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS, NULL);
    CHECK(GetFileInformationByHandle(h, &above));
    CloseHandle(h);
    CHECK_EQ(e->FileSize.LowPart, info.nFileSizeLow);
    CHECK(e->AllocatedLength.QuadPart >= 0);
    CHECK_EQ(e->FileAttributes, info.dwFileAttributes);
    CHECK(!memcmp(&e->CreationTime, &info.ftCreationTime, 8));
    CHECK(!memcmp(&e->LastModificationTime, &info.ftLastWriteTime, 8));
    CHECK(e->LastChangeTime.QuadPart != 0);
    CHECK_EQ(e->FileId.LowPart, info.nFileIndexLow);
    CHECK_EQ(e->FileId.HighPart, info.nFileIndexHigh);
    CHECK_EQ(e->ParentFileId.LowPart, above.nFileIndexLow);
    CHECK_EQ(e->ParentFileId.HighPart, above.nFileIndexHigh);
}

static void test_extended(void)
{
    const DWORD names = FILE_NOTIFY_CHANGE_FILE_NAME | FILE_NOTIFY_CHANGE_DIR_NAME;
    CHECK(CreateDirectoryA("watched", NULL));
    CHECK(CreateDirectoryA("watched\\sub", NULL));
    write_file("watched\\old", "12345");
    directory = open_directory("watched");
    CHECK_ERROR(read_changes(directory, buffer, sizeof buffer, TRUE, names, NULL, &overlapped, NULL, 0),
                ERROR_INVALID_PARAMETER);
    ask(names, sizeof buffer);
    CHECK(MoveFileA("watched\\old", "watched\\new"));
    const EXTENDED *e = answer(FILE_ACTION_RENAMED_OLD_NAME, L"old");
    CHECK(e->NextEntryOffset % 8 == 0 && e->NextEntryOffset >= offsetof(EXTENDED, FileName) + 6);
    e = (const EXTENDED *)((const char *)e + e->NextEntryOffset);
    CHECK_EQ(e->Action, FILE_ACTION_RENAMED_NEW_NAME);
    CHECK_EQ(e->NextEntryOffset, 0);
    CHECK_EQ(e->FileNameLength, 6);
    CHECK(!memcmp(e->FileName, L"new", 6));
    check_facts(e, "watched\\new", "watched");
    ask(names, sizeof buffer);
    CHECK(MoveFileA("watched\\new", "watched\\sub\\inside"));
    e = answer(FILE_ACTION_REMOVED, L"new");
    e = (const EXTENDED *)((const char *)e + e->NextEntryOffset);
    CHECK_EQ(e->Action, FILE_ACTION_ADDED);
    check_facts(e, "watched\\sub\\inside", "watched\\sub");
    ask(names, sizeof buffer);
    CHECK(CreateDirectoryA("watched\\made", NULL));
    e = answer(FILE_ACTION_ADDED, L"made");
    CHECK_EQ(e->FileAttributes, FILE_ATTRIBUTE_DIRECTORY);
    ask(names, sizeof buffer);
    CHECK(RemoveDirectoryA("watched\\made"));
    e = answer(FILE_ACTION_REMOVED, L"made");
    ask(names, offsetof(EXTENDED, FileName) + 8); /* no room for the name */
    CHECK(DeleteFileA("watched\\sub\\inside"));
    CHECK_EQ(WaitForSingleObject(overlapped.hEvent, 3000), WAIT_OBJECT_0);
    DWORD n = 9;
    GetOverlappedResult(directory, &overlapped, &n, FALSE);
    CHECK_EQ(n, 0);
    CloseHandle(directory);
    CHECK(RemoveDirectoryA("watched\\sub"));
    CHECK(RemoveDirectoryA("watched"));
}

static void test_times(void)
{
    FILETIME time = {0x12345678, 0x01d00000};
    CHECK(CreateDirectoryA("timed", NULL));
    write_file("timed\\f", "x");
    directory = open_directory("timed");
    ask(FILE_NOTIFY_CHANGE_LAST_WRITE, sizeof buffer);
    HANDLE h = CreateFileA("timed\\f", FILE_WRITE_ATTRIBUTES, 7, NULL, OPEN_EXISTING, 0, NULL);
    CHECK_EQ(WaitForSingleObject(overlapped.hEvent, 10), WAIT_TIMEOUT);
    CHECK(SetFileTime(h, NULL, NULL, &time));
    CloseHandle(h);
    const EXTENDED *e = answer(FILE_ACTION_MODIFIED, L"f");
    CHECK(!memcmp(&e->LastModificationTime, &time, 8));
    ask(FILE_NOTIFY_CHANGE_LAST_WRITE, sizeof buffer);
    write_file("timed\\f", "more");
    e = answer(FILE_ACTION_MODIFIED, L"f");
    CHECK_EQ(e->FileSize.LowPart, 4);
    CloseHandle(directory);
    CHECK(DeleteFileA("timed\\f"));
    CHECK(RemoveDirectoryA("timed"));
}

static void test_space(void)
{
    struct {
        ULONGLONG total, available, pool, my_total, mine, my_pool, used, reserved, volume, committed, pool_available;
        DWORD sectors, bytes;
    } info;
    HRESULT(WINAPI * get_w)
    (LPCWSTR, void *) = (void *)GetProcAddress(GetModuleHandleA("kernel32.dll"), "GetDiskSpaceInformationW");
    HRESULT(WINAPI * get_a)
    (LPCSTR, void *) = (void *)GetProcAddress(GetModuleHandleA("kernel32.dll"), "GetDiskSpaceInformationA");
    ULARGE_INTEGER available, total, all;
    CHECK(get_w && get_a);
    if (!get_w || !get_a)
        return;
    memset(&info, 0xff, sizeof info);
    CHECK_EQ(get_w(NULL, &info), S_OK);
    CHECK(GetDiskFreeSpaceExA(NULL, &available, &total, &all));
    ULONGLONG unit = (ULONGLONG)info.sectors * info.bytes;
    CHECK_EQ(info.total * unit, total.QuadPart);
    CHECK(info.mine <= info.available && info.available <= info.total);
    CHECK_EQ(info.used + info.available, info.total);
    CHECK_EQ(info.reserved, info.available - info.mine);
    CHECK_EQ(info.my_total, info.total - info.reserved);
    CHECK_EQ(info.pool | info.my_pool | info.volume | info.committed | info.pool_available, 0);
    CHECK_EQ(get_a("C:\\", &info), S_OK);
    CHECK(info.total != 0);
    CHECK(FAILED(get_a("C:\\absent\\", &info)));
}

int main(void)
{
    read_changes = (changes_ex)(void *)GetProcAddress(GetModuleHandleA("kernel32.dll"), "ReadDirectoryChangesExW");
    overlapped.hEvent = CreateEventA(NULL, TRUE, FALSE, NULL);
    if (check_under_wine() && !read_changes)
        return check_done();
    CHECK(read_changes != NULL);
    test_extended();
    test_times();
    test_space();
    return check_done();
}
