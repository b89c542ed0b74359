/* file_old: do the old ways to files (_lopen, OpenFile, LZ..., Backup..., scattered pages) do what they are documented
 * to? */
/* link: -llz32 */
#include "check.h"
#include <lzexpand.h>

static void old_calls(void)
{
    char buffer[64];
    HFILE file = _lcreat("old.txt", 0);

    CHECK(file != HFILE_ERROR);
    CHECK_EQ(_lwrite(file, "0123456789", 10), 10);
    CHECK_EQ(_hwrite(file, "abcdef", 6), 6);
    CHECK_EQ(_llseek(file, 0, FILE_BEGIN), 0);
    CHECK_EQ(_llseek(file, -6, FILE_END), 10);
    CHECK_EQ(_lread(file, buffer, 64), 6);
    CHECK(!memcmp(buffer, "abcdef", 6));
    CHECK_EQ(_llseek(file, 4, FILE_BEGIN), 4);
    CHECK_EQ(_llseek(file, 4, FILE_CURRENT), 8);
    CHECK_EQ(_hread(file, buffer, 4), 4);
    CHECK(!memcmp(buffer, "89ab", 4));
    CHECK_EQ(_lwrite(file, "", 0), 0); /* cuts off */
    CHECK_EQ(_llseek(file, 0, FILE_END), 12);
    CHECK_EQ(_lclose(file), 0);
    CHECK_EQ(_lclose(HFILE_ERROR - 1000), HFILE_ERROR);
    CHECK_EQ(_lopen("no such file", OF_READ), HFILE_ERROR);
    CHECK_EQ(GetLastError(), ERROR_FILE_NOT_FOUND);
    file = _lopen("old.txt", OF_READ);
    CHECK(file != HFILE_ERROR);
    CHECK_EQ((int)_lwrite(file, "x", 1), HFILE_ERROR);
    CHECK_EQ(GetLastError(), ERROR_ACCESS_DENIED);
    CHECK_EQ(_lclose(file), 0);
    file = _lcreat("ro.txt", FILE_ATTRIBUTE_READONLY | FILE_ATTRIBUTE_DIRECTORY);
    CHECK(file != HFILE_ERROR);
    CHECK_EQ(_lclose(file), 0);
    CHECK(GetFileAttributesA("ro.txt") & FILE_ATTRIBUTE_READONLY);
    CHECK(SetFileAttributesA("ro.txt", FILE_ATTRIBUTE_NORMAL));
    CHECK(DeleteFileA("ro.txt"));
}

static void open_file(void)
{
    OFSTRUCT info, again;
    char full[MAX_PATH];
    HFILE file;

    GetFullPathNameA("old.txt", MAX_PATH, full, NULL);
    memset(&info, 0xcc, sizeof info);
    file = OpenFile("old.txt", &info, OF_READ);
    CHECK(file != HFILE_ERROR);
    CHECK_EQ(info.cBytes, sizeof info);
    CHECK_EQ(info.nErrCode, 0);
    CHECK(!_stricmp(info.szPathName, full));
    _lclose(file);
    again = info;
    file = OpenFile("anything", &again, OF_REOPEN | OF_READ);
    CHECK(file != HFILE_ERROR);
    _lclose(file);
    CHECK_EQ(OpenFile("old.txt", &info, OF_EXIST), 1);
    CHECK_EQ(OpenFile("none.txt", &info, OF_EXIST), HFILE_ERROR);
    CHECK_EQ(info.nErrCode, ERROR_FILE_NOT_FOUND);
    memset(&info, 0, sizeof info);
    CHECK_EQ(OpenFile("sub\\..\\x.txt", &info, OF_PARSE), 0);
    CHECK(strstr(info.szPathName, "\\x.txt") && !strstr(info.szPathName, "sub"));
    CHECK_EQ(GetFileAttributesA("x.txt"), INVALID_FILE_ATTRIBUTES);
    file = OpenFile("made.txt", &info, OF_CREATE | OF_READWRITE);
    CHECK(file != HFILE_ERROR);
    CHECK_EQ(_lwrite(file, "12", 2), 2);
    _lclose(file);
    CHECK_EQ(OpenFile("made.txt", &info, OF_DELETE), 1);
    CHECK_EQ(GetFileAttributesA("made.txt"), INVALID_FILE_ATTRIBUTES);
    CHECK_EQ(OpenFile("made.txt", &info, OF_DELETE), HFILE_ERROR);
    CHECK_EQ(info.nErrCode, ERROR_FILE_NOT_FOUND);
}

static void write_whole(const char *name, const void *data, DWORD size)
{
    HANDLE file = CreateFileA(name, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
    DWORD written;

    CHECK(WriteFile(file, data, size, &written, NULL) && written == size);
    CloseHandle(file);
}

/* "hello hello hello world" : 6 bytes, a copy of 12 of them from the ring, 5 bytes */
static const BYTE packed[] = {'S', 'Z', 'D', 'D', 0x88, 0xf0, 0x27, 0x33, 'A', 'T',  23,  0,   0,   0,  0xbf,
                              'h', 'e', 'l', 'l', 'o',  ' ',  0xf0, 0xf9, 'w', 0x0f, 'o', 'r', 'l', 'd'};

static void packed_files(void)
{
    char buffer[64], name[MAX_PATH];
    OFSTRUCT info;
    BYTE bad[sizeof packed];
    INT file, target;

    write_whole("text.tx_", packed, sizeof packed);
    file = LZOpenFileA("text.tx_", &info, OF_READ);
    CHECK(file >= 0);
    CHECK_EQ(LZRead(file, buffer, 5), 5);
    CHECK(!memcmp(buffer, "hello", 5));
    CHECK_EQ(LZRead(file, buffer, 64), 18);
    CHECK(!memcmp(buffer, " hello hello world", 18));
    CHECK_EQ(LZRead(file, buffer, 64), 0);
    CHECK_EQ(LZSeek(file, 12, FILE_BEGIN), 12);
    CHECK_EQ(LZRead(file, buffer, 5), 5);
    CHECK(!memcmp(buffer, "hello", 5));
    CHECK_EQ(LZSeek(file, -5, FILE_CURRENT), 12);
    CHECK_EQ(LZSeek(file, -1, FILE_BEGIN), LZERROR_BADVALUE);
    CHECK_EQ(LZSeek(file, 0, FILE_BEGIN), 0);
    target = OpenFile("text.txt", &info, OF_CREATE | OF_READWRITE);
    CHECK_EQ(LZCopy(file, target), 23);
    LZClose(target);
    LZClose(file);
    target = _lopen("text.txt", OF_READ);
    CHECK_EQ(_lread(target, buffer, 64), 23);
    CHECK(!memcmp(buffer, "hello hello hello world", 23));
    CHECK_EQ(LZInit(target), target); /* not packed */
    LZClose(target);
    CHECK_EQ(GetExpandedNameA("text.tx_", name), TRUE);
    CHECK(!_stricmp(name, "text.txt"));
    CHECK_EQ(GetExpandedNameA("text.txt", name), TRUE);
    CHECK_STR(name, "text.txt");
    CHECK_EQ(GetExpandedNameA("none.tx_", name), check_under_wine() ? LZERROR_BADINHANDLE : LZERROR_BADVALUE);
    CHECK(LZOpenFileA("none.tx_", &info, OF_READ) < 0);
    CHECK_EQ(LZRead(HFILE_ERROR - 5, buffer, 1), LZERROR_BADINHANDLE);
    CHECK_EQ(LZInit(HFILE_ERROR - 5), LZERROR_BADINHANDLE);
    /* cut at every length, sizes that lie: nothing crashes, and no more is read than was there */
    for (DWORD size = 1; size < sizeof packed; size++) {
        write_whole("cut.tx_", packed, size);
        file = LZOpenFileA("cut.tx_", &info, OF_READ);
        CHECK(file < 0 || LZRead(file, buffer, 64) < 23);
        if (file >= 0)
            LZClose(file);
    }
    for (int i = 10; i < 14; i++) {
        memcpy(bad, packed, sizeof bad);
        bad[i] = 0xff;
        write_whole("lie.tx_", bad, sizeof bad);
        file = LZOpenFileA("lie.tx_", &info, OF_READ);
        CHECK(file < 0 || LZRead(file, buffer, 64) <= 23);
        if (file >= 0)
            LZClose(file);
    }
    DeleteFileA("cut.tx_");
    DeleteFileA("lie.tx_");
    DeleteFileA("text.tx_");
    DeleteFileA("text.txt");
}

static void backup_one(DWORD size, DWORD step)
{
    BYTE data[1000], stream[1100], back[1000];
    DWORD done, total = 0, written = 0;
    LPVOID context = NULL;
    HANDLE file;
    WIN32_STREAM_ID id;

    for (DWORD i = 0; i < size; i++)
        data[i] = (BYTE)(i * 7);
    write_whole("backup.bin", data, size);
    file =
        CreateFileA("backup.bin", GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS, NULL);
    do {
        CHECK(BackupRead(file, stream + total, step < sizeof stream - total ? step : sizeof stream - total, &done,
                         FALSE, FALSE, &context));
        total += done;
    } while (done);
    CHECK(BackupRead(file, NULL, 0, &done, TRUE, FALSE, &context));
    CloseHandle(file);
    CHECK_EQ(total, size ? size + 20 : 0);
    if (!size)
        return;
    memcpy(&id, stream, 20);
    CHECK_EQ(id.dwStreamId, BACKUP_DATA);
    CHECK_EQ(id.Size.QuadPart, size);
    CHECK_EQ(id.dwStreamNameSize, 0);
    CHECK(!memcmp(stream + 20, data, size));
    file = CreateFileA("restored.bin", GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, FILE_FLAG_BACKUP_SEMANTICS, NULL);
    context = NULL;
    while (written < total) {
        DWORD some = step < total - written ? step : total - written;

        CHECK(BackupWrite(file, stream + written, some, &done, FALSE, FALSE, &context));
        CHECK_EQ(done, some);
        written += some;
    }
    CHECK(BackupWrite(file, NULL, 0, &done, TRUE, FALSE, &context));
    CloseHandle(file);
    file = CreateFileA("restored.bin", GENERIC_READ, 0, NULL, OPEN_EXISTING, 0, NULL);
    CHECK(ReadFile(file, back, sizeof back, &done, NULL));
    CHECK_EQ(done, size);
    CHECK(!memcmp(back, data, size));
    CloseHandle(file);
}

static void backups(void)
{
    static const DWORD sizes[] = {0, 1, 19, 20, 21, 500, 1000}, steps[] = {21, 64, 1020, 2000};

    if (check_under_wine()) /* which has none of it */
        return;
    for (int i = 0; i < 7; i++)
        for (int k = 0; k < 4; k++)
            backup_one(sizes[i], steps[k]);
    backup_one(100, 1);
    DeleteFileA("backup.bin");
    DeleteFileA("restored.bin");
}

static void scattered(void)
{
    char *pages = VirtualAlloc(NULL, 4 * 4096, MEM_COMMIT, PAGE_READWRITE);
    FILE_SEGMENT_ELEMENT out[4] = {{0}}, in[4] = {{0}};
    OVERLAPPED overlapped = {0};
    DWORD done;
    HANDLE file = CreateFileA("scatter.bin", GENERIC_READ | GENERIC_WRITE, 0, NULL, CREATE_ALWAYS,
                              FILE_FLAG_OVERLAPPED | FILE_FLAG_NO_BUFFERING, NULL);

    CHECK(file != INVALID_HANDLE_VALUE);
    for (int i = 0; i < 3; i++) {
        memset(pages + i * 4096, 'a' + i, 4096);
        out[i].Buffer = PtrToPtr64(pages + (2 - i) * 4096); /* backwards */
        in[i].Buffer = PtrToPtr64(pages + i * 4096);
    }
    overlapped.hEvent = CreateEventA(NULL, TRUE, FALSE, NULL);
    CHECK(WriteFileGather(file, out, 3 * 4096, NULL, &overlapped) || GetLastError() == ERROR_IO_PENDING);
    CHECK(GetOverlappedResult(file, &overlapped, &done, TRUE));
    CHECK_EQ(done, 3 * 4096);
    memset(pages, 0, 4 * 4096);
    CHECK(ReadFileScatter(file, in, 3 * 4096, NULL, &overlapped) || GetLastError() == ERROR_IO_PENDING);
    CHECK(GetOverlappedResult(file, &overlapped, &done, TRUE));
    CHECK_EQ(done, 3 * 4096);
    for (int i = 0; i < 3; i++)
        CHECK(pages[i * 4096] == 'c' - i && pages[i * 4096 + 4095] == 'c' - i);
    overlapped.Offset = 4096;
    memset(pages, 0, 4 * 4096);
    CHECK(ReadFileScatter(file, in, 4096, NULL, &overlapped) || GetLastError() == ERROR_IO_PENDING);
    CHECK(GetOverlappedResult(file, &overlapped, &done, TRUE));
    CHECK(pages[0] == 'b' && pages[4096] == 0);
    overlapped.Offset = 1 << 20;
    CHECK(!ReadFileScatter(file, in, 4096, NULL, &overlapped));
    CHECK(GetLastError() == ERROR_HANDLE_EOF ||
          (GetLastError() == ERROR_IO_PENDING && !GetOverlappedResult(file, &overlapped, &done, TRUE) &&
           GetLastError() == ERROR_HANDLE_EOF));
    CloseHandle(file);
    CloseHandle(overlapped.hEvent);
    DeleteFileA("scatter.bin");
}

int main(void)
{
    old_calls();
    open_file();
    packed_files();
    backups();
    scattered();
    DeleteFileA("old.txt");
    return check_done();
}
