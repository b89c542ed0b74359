/* Positions, appending, sizes, times, locks, overlapped I/O with events and completion ports. */
#include "check.h"

static void test_positions(void)
{
    DWORD n;
    char buffer[16] = "";
    HANDLE h = CreateFileA("p.bin", GENERIC_READ | GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
    CHECK(WriteFile(h, "0123456789", 10, &n, NULL));
    CHECK_EQ(SetFilePointer(h, 0, NULL, FILE_CURRENT), 10);
    CHECK_EQ(SetFilePointer(h, -4, NULL, FILE_END), 6);
    CHECK(ReadFile(h, buffer, 16, &n, NULL));
    CHECK_EQ(n, 4);
    CHECK_STR(buffer, "6789");
    CHECK(ReadFile(h, buffer, 16, &n, NULL));
    CHECK_EQ(n, 0);
    CHECK_ERROR(SetFilePointer(h, -20, NULL, FILE_END) != INVALID_SET_FILE_POINTER, ERROR_NEGATIVE_SEEK);
    CHECK_EQ(SetFilePointer(h, 3, NULL, FILE_BEGIN), 3);
    CHECK(SetEndOfFile(h));
    LARGE_INTEGER size;
    CHECK(GetFileSizeEx(h, &size));
    CHECK_EQ(size.QuadPart, 3);
    OVERLAPPED at = {.Offset = 1};
    memset(buffer, 0, sizeof buffer);
    CHECK(ReadFile(h, buffer, 1, &n, &at));
    CHECK_STR(buffer, "1");
    CHECK_EQ(SetFilePointer(h, 0, NULL, FILE_CURRENT), 2);
    CloseHandle(h);
    h = CreateFileA("p.bin", FILE_APPEND_DATA, 0, NULL, OPEN_EXISTING, 0, NULL);
    CHECK(WriteFile(h, "xy", 2, &n, NULL));
    CHECK(WriteFile(h, "z", 1, &n, NULL));
    CHECK_EQ(GetFileSize(h, NULL), 6);
    CHECK_ERROR(ReadFile(h, buffer, 1, &n, NULL), ERROR_ACCESS_DENIED);
    CloseHandle(h);
}

static void test_times(void)
{
    FILETIME t = {0x12345678 & ~0xf, 0x01d00000}, created, accessed, written;
    HANDLE h = CreateFileA("p.bin", GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, 0, NULL);
    CHECK(SetFileTime(h, NULL, NULL, &t));
    CHECK(GetFileTime(h, &created, &accessed, &written));
    CHECK_EQ(written.dwLowDateTime, t.dwLowDateTime);
    CHECK_EQ(written.dwHighDateTime, t.dwHighDateTime);
    BY_HANDLE_FILE_INFORMATION info;
    CHECK(GetFileInformationByHandle(h, &info));
    CHECK_EQ(info.nFileSizeLow, 6);
    CHECK_EQ(info.nNumberOfLinks, 1);
    FILE_STANDARD_INFO standard;
    CHECK(GetFileInformationByHandleEx(h, FileStandardInfo, &standard, sizeof standard));
    CHECK_EQ(standard.EndOfFile.QuadPart, 6);
    CHECK_EQ(standard.Directory, 0);
    CHECK_ERROR(GetFileInformationByHandleEx(h, FileStandardInfo, &standard, 4), ERROR_BAD_LENGTH);
    CloseHandle(h);
    CHECK(SetFileAttributesA("p.bin", FILE_ATTRIBUTE_HIDDEN));
    if (!check_under_wine()) /* Wine adds the archive bit */
        CHECK_EQ(GetFileAttributesA("p.bin"), FILE_ATTRIBUTE_HIDDEN);
    CHECK(SetFileAttributesA("p.bin", FILE_ATTRIBUTE_ARCHIVE));
    CHECK_EQ(GetFileAttributesA("p.bin"), FILE_ATTRIBUTE_ARCHIVE);
}

static void test_locks(void)
{
    DWORD n;
    char c;
    HANDLE a = CreateFileA("p.bin", GENERIC_READ | GENERIC_WRITE, 3, NULL, OPEN_EXISTING, 0, NULL);
    HANDLE b = CreateFileA("p.bin", GENERIC_READ | GENERIC_WRITE, 3, NULL, OPEN_EXISTING, 0, NULL);
    CHECK(LockFile(a, 0, 0, 4, 0));
    CHECK_ERROR(LockFile(b, 2, 0, 4, 0), ERROR_LOCK_VIOLATION);
    if (!check_under_wine()) { /* Wine's locks do not stop reads */
        CHECK_ERROR(ReadFile(b, &c, 1, &n, NULL), ERROR_LOCK_VIOLATION);
        SetFilePointer(b, 0, NULL, FILE_BEGIN);
    }
    CHECK(ReadFile(a, &c, 1, &n, NULL));
    CHECK(LockFile(b, 4, 0, 4, 0));
    CHECK(UnlockFile(a, 0, 0, 4, 0));
    if (!check_under_wine()) /* Wine gives ERROR_LOCK_VIOLATION */
        CHECK_ERROR(UnlockFile(a, 0, 0, 4, 0), ERROR_NOT_LOCKED);
    CHECK(ReadFile(b, &c, 1, &n, NULL));
    CloseHandle(b);
    CHECK(LockFile(a, 4, 0, 1, 0));
    CloseHandle(a);
}

static void test_overlapped(void)
{
    DWORD n;
    char buffer[8] = "";
    HANDLE h = CreateFileA("p.bin", GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, FILE_FLAG_OVERLAPPED, NULL);
    OVERLAPPED o = {.Offset = 2, .hEvent = CreateEventA(NULL, TRUE, FALSE, NULL)};
    BOOL done = ReadFile(h, buffer, 4, NULL, &o);
    CHECK(done || GetLastError() == ERROR_IO_PENDING);
    CHECK(GetOverlappedResult(h, &o, &n, TRUE));
    CHECK_EQ(n, 4);
    CHECK_EQ(WaitForSingleObject(o.hEvent, 0), WAIT_OBJECT_0);
    CHECK_STR(buffer, "2xyz");
    o.Offset = 100;
    done = ReadFile(h, buffer, 4, NULL, &o);
    CHECK(!done);
    CHECK(GetLastError() == ERROR_HANDLE_EOF || GetLastError() == ERROR_IO_PENDING);
    CHECK_ERROR(GetOverlappedResult(h, &o, &n, TRUE), ERROR_HANDLE_EOF);
    CloseHandle(o.hEvent);
    HANDLE port = CreateIoCompletionPort(h, NULL, 77, 1);
    OVERLAPPED *result;
    ULONG_PTR key;
    memset(&o, 0, sizeof o);
    done = WriteFile(h, "AB", 2, NULL, &o);
    CHECK(done || GetLastError() == ERROR_IO_PENDING);
    CHECK(GetQueuedCompletionStatus(port, &n, &key, &result, 1000));
    CHECK_EQ(n, 2);
    CHECK_EQ(key, 77);
    CHECK(result == &o);
    CloseHandle(port);
    CloseHandle(h);
}

static int routine_called;
static DWORD routine_error, routine_bytes;

static void CALLBACK routine(DWORD error, DWORD bytes, OVERLAPPED *overlapped)
{
    routine_called++;
    routine_error = error;
    routine_bytes = bytes;
    (void)overlapped;
}

static void test_routine(void)
{
    char buffer[8];
    HANDLE h = CreateFileA("p.bin", GENERIC_READ, 0, NULL, OPEN_EXISTING, FILE_FLAG_OVERLAPPED, NULL);
    OVERLAPPED o = {0};
    CHECK(ReadFileEx(h, buffer, 5, &o, routine));
    CHECK_EQ(SleepEx(1000, TRUE), WAIT_IO_COMPLETION);
    CHECK_EQ(routine_called, 1);
    CHECK_EQ(routine_error, 0);
    CHECK_EQ(routine_bytes, 5);
    CloseHandle(h);
}

int main(void)
{
    test_positions();
    test_times();
    test_locks();
    test_overlapped();
    test_routine();
    CHECK(DeleteFileA("p.bin"));
    return check_done();
}
