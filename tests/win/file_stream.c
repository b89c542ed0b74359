/* Do named streams hold data apart from the file's, are they listed, copied, renamed with the file and deleted alone?
 */
#include "check.h"

static void put(const char *name, const char *text, DWORD creation)
{
    DWORD n;
    HANDLE h = CreateFileA(name, GENERIC_WRITE, 0, NULL, creation, 0, NULL);
    CHECK(h != INVALID_HANDLE_VALUE);
    CHECK(WriteFile(h, text, (DWORD)strlen(text), &n, NULL));
    CHECK(CloseHandle(h));
}

static const char *get(const char *name)
{
    static char text[5000];
    DWORD n = 0;
    HANDLE h = CreateFileA(name, GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);
    if (h == INVALID_HANDLE_VALUE)
        return "(none)";
    CHECK(ReadFile(h, text, sizeof text - 1, &n, NULL));
    text[n] = 0;
    CloseHandle(h);
    return text;
}

/* All streams as "name=size name=size". */
static const char *list(const wchar_t *name)
{
    static char text[1000];
    WIN32_FIND_STREAM_DATA data;
    size_t used = 0;
    text[0] = 0;
    HANDLE find = FindFirstStreamW(name, FindStreamInfoStandard, &data, 0);
    if (find == INVALID_HANDLE_VALUE)
        return "(none)";
    do
        used += (size_t)snprintf(text + used, sizeof text - used, "%s%ls=%d", used ? " " : "", data.cStreamName,
                                 (int)data.StreamSize.QuadPart);
    while (FindNextStreamW(find, &data));
    CHECK_EQ(GetLastError(), ERROR_HANDLE_EOF);
    CHECK(FindClose(find));
    return text;
}

static void test_data(void)
{
    HANDLE h;
    LARGE_INTEGER size;
    char text[16] = "";
    DWORD n;
    put("s.txt", "main", CREATE_ALWAYS);
    CHECK_ERROR(CreateFileA("s.txt:one", GENERIC_READ, 0, NULL, OPEN_EXISTING, 0, NULL) != INVALID_HANDLE_VALUE,
                ERROR_FILE_NOT_FOUND);
    put("s.txt:one", "first stream", CREATE_NEW);
    CHECK_ERROR(CreateFileA("s.txt:ONE", GENERIC_READ, 0, NULL, CREATE_NEW, 0, NULL) != INVALID_HANDLE_VALUE,
                ERROR_FILE_EXISTS);
    put("s.txt:two:$DATA", "2", CREATE_ALWAYS);
    CHECK_STR(get("s.txt"), "main");
    CHECK_STR(get("s.txt::$DATA"), "main");
    CHECK_STR(get("s.txt:one"), "first stream");
    CHECK_STR(get("S.TXT:ONE:$data"), "first stream");
    CHECK_STR(get("s.txt:two"), "2");
    CHECK_STR(list(L"s.txt"), "::$DATA=4 :one:$DATA=12 :two:$DATA=1");
    /* Positions, sizes, growing and shrinking. */
    h = CreateFileA("s.txt:one", GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, 0, NULL);
    CHECK(GetFileSizeEx(h, &size));
    CHECK_EQ(size.QuadPart, 12);
    CHECK_EQ(SetFilePointer(h, 6, NULL, FILE_BEGIN), 6);
    CHECK(WriteFile(h, "thread", 6, &n, NULL));
    CHECK_EQ(SetFilePointer(h, 14, NULL, FILE_BEGIN), 14);
    CHECK(SetEndOfFile(h));
    CHECK_EQ(SetFilePointer(h, 5, NULL, FILE_BEGIN), 5);
    CHECK(ReadFile(h, text, sizeof text, &n, NULL));
    CHECK_EQ(n, 9);
    CHECK(!memcmp(text, " thread\0\0", 9));
    CHECK(CloseHandle(h));
    CHECK_STR(list(L"s.txt"), "::$DATA=4 :one:$DATA=14 :two:$DATA=1");
    put("s.txt:one", "anew", CREATE_ALWAYS);
    CHECK_STR(get("s.txt:one"), "anew");
    CHECK(GetFileAttributesA("s.txt:one") != INVALID_FILE_ATTRIBUTES);
    CHECK_ERROR(GetFileAttributesA("s.txt:three") != INVALID_FILE_ATTRIBUTES, ERROR_FILE_NOT_FOUND);
}

static void test_names(void)
{
    static const char *const wrong[] = {"s.txt:a:b", "s.txt:a:$DATA:x", "s.txt:", "s.txt:a\\b", "s.txt:a/b"};
    for (unsigned i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        HANDLE h = CreateFileA(wrong[i], GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
        CHECK(h == INVALID_HANDLE_VALUE);
    }
    /* A stream makes its file; a directory has streams too, but no data. */
    put("made.txt:zone", "[ZoneTransfer]\r\nZoneId=3\r\n", CREATE_ALWAYS);
    CHECK_STR(get("made.txt"), "");
    CHECK_STR(list(L"made.txt"), "::$DATA=0 :zone:$DATA=26");
    CHECK(CreateDirectoryA("dir", NULL));
    CHECK_STR(list(L"dir"), "(none)");
    CHECK_EQ(GetLastError(), ERROR_HANDLE_EOF);
    put("dir:note", "of the directory", CREATE_ALWAYS);
    CHECK_STR(list(L"dir"), ":note:$DATA=16");
    CHECK(RemoveDirectoryA("dir"));
}

static void test_travel(void)
{
    CHECK(CopyFileA("made.txt", "copy.txt", TRUE));
    CHECK_STR(get("copy.txt:zone"), "[ZoneTransfer]\r\nZoneId=3\r\n");
    CHECK(MoveFileA("copy.txt", "moved.txt"));
    CHECK_STR(get("moved.txt:Zone"), "[ZoneTransfer]\r\nZoneId=3\r\n");
    CHECK(CreateHardLinkA("link.txt", "moved.txt", NULL));
    CHECK_STR(list(L"link.txt"), "::$DATA=0 :zone:$DATA=26");
    CHECK(DeleteFileA("link.txt:zone"));
    CHECK_STR(get("moved.txt:zone"), "(none)");
    CHECK_STR(list(L"moved.txt"), "::$DATA=0");
    CHECK_ERROR(DeleteFileA("moved.txt:zone"), ERROR_FILE_NOT_FOUND);
    CHECK(DeleteFileA("link.txt"));
    CHECK(DeleteFileA("moved.txt"));
    CHECK(DeleteFileA("made.txt"));
    CHECK(DeleteFileA("s.txt"));
    CHECK_STR(get("s.txt:one"), "(none)");
}

int main(void)
{
    if (check_under_wine()) /* Wine 8 has none */
        return check_done();
    test_data();
    test_names();
    test_travel();
    return check_done();
}
