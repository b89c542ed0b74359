/*
 * Do names of any characters survive being made, listed and opened?
 *
 * "file_names list DIRECTORY" opens all that is listed there and prints what is in it; "move DIRECTORY" puts "moved-"
 * before each name; "fill FILE" writes until the disk is full (tests/host/badfiles.sh).
 */
#include "check.h"

/* Characters that Windows allows, and those in the private-use range that stand for what only the host allows. */
static const WCHAR *const names[] = {
    L"plain",
    L"with space",
    L".dot",
    L"\x00e4\x00f6\x00fc",
    L"\x4e2d\x6587",
    L"\xd83d\xde00",
    L"lone-\xd800-high",
    L"lone-\xdc00-low",
    L"\xdc00\xd800",
    L"\xf022\xf03a",
    L"end\xf02e",
    L"end\xf020",
    L"back\xf05cslash",
    L"\xf0ff\xf0fe",
    L"\xf00a",
    L"a\xf07f",
    L"\xf041",
    L"A",
    L"\xf02f",
    L"\xf02e",
    L"\xf02e\xf02e",
    L".\xf02e",
    L"\xf020\xf020",
    L"a\xf02e"
    L"b",
    L"\xfeff",
    L"~$#@!%^&()'",
};

static BOOL make(const WCHAR *path, const void *data, DWORD size)
{
    DWORD n;
    HANDLE file = CreateFileW(path, GENERIC_WRITE, 0, NULL, CREATE_NEW, 0, NULL);
    if (file == INVALID_HANDLE_VALUE)
        return FALSE;
    BOOL done = WriteFile(file, data, size, &n, NULL) && n == size;
    CloseHandle(file);
    return done;
}

static DWORD read_file(const WCHAR *path, char *out, DWORD size)
{
    DWORD n = 0;
    HANDLE file = CreateFileW(path, GENERIC_READ, 7, NULL, OPEN_EXISTING, 0, NULL);
    if (file == INVALID_HANDLE_VALUE)
        return 0;
    ReadFile(file, out, size - 1, &n, NULL);
    out[n] = 0;
    CloseHandle(file);
    return n;
}

/* Calls `visit` for each file of the directory. */
static int walk(const WCHAR *directory, void (*visit)(const WCHAR *path, const WCHAR *directory, const WCHAR *name))
{
    WCHAR path[1024];
    WIN32_FIND_DATAW data;
    int count = 0;
    swprintf(path, 1024, L"%ls\\*", directory);
    HANDLE find = FindFirstFileW(path, &data);
    if (find == INVALID_HANDLE_VALUE)
        return -1;
    do {
        if (data.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY)
            continue;
        swprintf(path, 1024, L"%ls\\%ls", directory, data.cFileName);
        visit(path, directory, data.cFileName);
        count++;
    } while (FindNextFileW(find, &data));
    FindClose(find);
    return count;
}

static void visit_print(const WCHAR *path, const WCHAR *directory, const WCHAR *name)
{
    char text[256];
    (void)directory;
    (void)name;
    printf("%s\n", read_file(path, text, sizeof text) ? text : "?");
}

static void visit_move(const WCHAR *path, const WCHAR *directory, const WCHAR *name)
{
    WCHAR moved[1024];
    swprintf(moved, 1024, L"%ls\\moved-%ls", directory, name);
    if (wcsncmp(name, L"moved-", 6) && !MoveFileW(path, moved))
        printf("can not be moved: %lu\n", GetLastError());
}

static int seen[sizeof names / sizeof *names];

static void visit_known(const WCHAR *path, const WCHAR *directory, const WCHAR *name)
{
    char text[256] = "";
    (void)directory;
    CHECK(read_file(path, text, sizeof text));
    unsigned i = (unsigned)atoi(text);
    CHECK(i < sizeof names / sizeof *names && !seen[i]++);
    CHECK(!wcscmp(name, names[i]));
    CHECK(DeleteFileW(path));
}

/* Wine loses lone surrogates. */
static BOOL is_lone(const WCHAR *name)
{
    return wcschr(name, 0xd800) || wcschr(name, 0xdc00);
}

static void test_names(void)
{
    int count = sizeof names / sizeof *names;
    WCHAR path[300];
    CHECK(CreateDirectoryW(L"names", NULL));
    for (int i = 0; i < (int)(sizeof names / sizeof *names); i++) {
        char text[20];
        if (check_under_wine() && is_lone(names[i]))
            continue;
        snprintf(text, sizeof text, "%d.", i);
        swprintf(path, 300, L"names\\%ls", names[i]);
        CHECK(make(path, text, (DWORD)strlen(text)));
        CHECK_ERROR(make(path, text, 1), ERROR_FILE_EXISTS);
    }
    for (int i = 0; i < (int)(sizeof names / sizeof *names); i++)
        count -= check_under_wine() && is_lone(names[i]);
    CHECK_EQ(walk(L"names", visit_known), count);
    CHECK(RemoveDirectoryW(L"names"));
}

static void test_forbidden(void)
{
    for (WCHAR c = 1; c < 128; c++) {
        WCHAR name[] = {'n', c, 'n', 0};
        BOOL forbidden = c < 32 || wcschr(L"<>\"|?*", c);
        if (c == ':' || c == '/' || c == '\\')
            continue;
        SetLastError(0);
        BOOL made = make(name, "x", 1);
        CHECK_EQ(made, !forbidden);
        if (!made)
            CHECK_EQ(GetLastError(), ERROR_INVALID_NAME);
        else
            CHECK(DeleteFileW(name));
    }
    WCHAR longest[300];
    for (int i = 0; i < 256; i++)
        longest[i] = 'n';
    longest[255] = 0;
    CHECK(make(longest, "x", 1) && DeleteFileW(longest));
    longest[255] = 'n';
    longest[256] = 0;
    CHECK(!make(longest, "x", 1));
}

/* Writes 4 KiB pieces until that fails, and says how. */
static int fill(const WCHAR *path)
{
    static char piece[4096];
    DWORD n, total = 0, error;
    HANDLE file = CreateFileW(path, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
    if (file == INVALID_HANDLE_VALUE) {
        printf("open: %lu\n", GetLastError());
        return 1;
    }
    for (error = 0; !error && total < 1 << 24; total += error ? 0 : n)
        error = WriteFile(file, piece, sizeof piece, &n, NULL) ? 0 : GetLastError();
    LARGE_INTEGER size;
    CHECK(GetFileSizeEx(file, &size));
    printf("write: %lu\n", error);
    CHECK(size.QuadPart >= total);
    CloseHandle(file);
    return check_failed;
}

int main(int argc, char **argv)
{
    WCHAR path[1024] = L"\\\\?\\", given[1024]; /* so that con and nul are names like others */
    if (argc > 2 && MultiByteToWideChar(CP_ACP, 0, argv[2], -1, given, 1024))
        GetFullPathNameW(given, 1020, path + 4, NULL);
    size_t length = wcslen(path);
    if (path[length - 1] == '\\')
        path[length - 1] = 0;
    if (argc > 2 && !strcmp(argv[1], "list"))
        return walk(path, visit_print) < 0;
    if (argc > 2 && !strcmp(argv[1], "move"))
        return walk(path, visit_move) < 0;
    if (argc > 2 && !strcmp(argv[1], "fill"))
        return fill(path);
    test_names();
    test_forbidden();
    return check_done();
}
