/* Does the watch of a tree tell of new directories, of what is in them, and of moves, each once and by the right name?
 */
#include "check.h"

#define NAMES (FILE_NOTIFY_CHANGE_FILE_NAME | FILE_NOTIFY_CHANGE_DIR_NAME)

static HANDLE directory, event;
static char got[4096];

static void watch(const char *name, DWORD filter, BOOL tree, DWORD size, char *buffer)
{
    OVERLAPPED o = {.hEvent = event};
    DWORD n;
    directory = CreateFileA(name, FILE_LIST_DIRECTORY, 7, NULL, OPEN_EXISTING,
                            FILE_FLAG_BACKUP_SEMANTICS | FILE_FLAG_OVERLAPPED, NULL);
    CHECK(directory != INVALID_HANDLE_VALUE);
    /* The first request begins the watch; what comes later is kept. */
    CHECK(ReadDirectoryChangesW(directory, buffer, size, tree, filter, NULL, &o, NULL));
    CHECK(CancelIoEx(directory, &o));
    GetOverlappedResult(directory, &o, &n, TRUE);
}

static void put(const FILE_NOTIFY_INFORMATION *info)
{
    char *end = got + strlen(got);
    *end++ = "?+-~<>"[info->Action < 6 ? info->Action : 0];
    for (DWORD i = 0; i < info->FileNameLength / 2 && end < got + sizeof got - 3; i++)
        *end++ = (char)info->FileName[i];
    strcpy(end, " ");
}

/* What is told until nothing more comes, as text: + added, - removed, ~ changed, < old name, > new name. */
static const char *told(DWORD filter, BOOL tree)
{
    static _Alignas(8) char buffer[8192];
    OVERLAPPED o = {.hEvent = event};
    DWORD n;
    got[0] = 0;
    while (ReadDirectoryChangesW(directory, buffer, sizeof buffer, tree, filter, NULL, &o, NULL)) {
        if (WaitForSingleObject(event, *got ? 30 : 2000) != WAIT_OBJECT_0) {
            CancelIoEx(directory, &o);
            GetOverlappedResult(directory, &o, &n, TRUE);
            break;
        }
        if (!GetOverlappedResult(directory, &o, &n, FALSE) || !n)
            break;
        FILE_NOTIFY_INFORMATION *info = (FILE_NOTIFY_INFORMATION *)buffer;
        put(info);
        while (info->NextEntryOffset)
            put(info = (FILE_NOTIFY_INFORMATION *)((char *)info + info->NextEntryOffset));
    }
    return got;
}

static void touch(const char *name)
{
    CloseHandle(CreateFileA(name, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL));
}

/* Wine goes on with the names that directories had when the watch began. */
static void expect(const char *text, const char *expected)
{
    if (!check_under_wine())
        CHECK_STR(text, expected);
}

static void test_tree(void)
{
    static char buffer[4096];
    watch("tree", NAMES, TRUE, sizeof buffer, buffer);
    /* Made faster than anybody could begin to watch them. */
    CreateDirectoryA("tree\\a", NULL);
    CreateDirectoryA("tree\\a\\b", NULL);
    touch("tree\\a\\b\\one");
    touch("tree\\a\\two");
    const char *text = told(NAMES, TRUE);
    static const char *const all[] = {"+a ", "+a\\b ", "+a\\b\\one ", "+a\\two "};
    size_t length = 0;
    for (int i = 0; i < 4; i++) {
        CHECK(strstr(text, all[i]) != NULL);
        length += strlen(all[i]);
    }
    CHECK_EQ(strlen(text), length);
    touch("tree\\a\\b\\three");
    CHECK_STR(told(NAMES, TRUE), "+a\\b\\three ");
    /* The directory is moved within itself: what happens in it bears the new name. */
    CHECK(MoveFileA("tree\\a", "tree\\c"));
    CHECK_STR(told(NAMES, TRUE), "<a >c ");
    touch("tree\\c\\b\\four");
    expect(told(NAMES, TRUE), "+c\\b\\four ");
    CHECK(MoveFileA("tree\\c\\b\\four", "tree\\c\\b\\five"));
    expect(told(NAMES, TRUE), "<c\\b\\four >c\\b\\five ");
    /* Between directories. */
    CHECK(MoveFileA("tree\\c\\b\\five", "tree\\c\\five"));
    expect(told(NAMES, TRUE), "-c\\b\\five +c\\five ");
    /* Out of the tree, where it is nobody's business, and back. */
    CHECK(MoveFileA("tree\\c\\b", "outside"));
    expect(told(NAMES, TRUE), "-c\\b ");
    touch("outside\\six");
    CHECK(MoveFileA("outside", "tree\\back"));
    expect(told(NAMES, TRUE), "+back ");
    touch("tree\\back\\seven");
    expect(told(NAMES, TRUE), "+back\\seven ");
    /* Made and gone and made again. */
    CHECK(DeleteFileA("tree\\back\\seven"));
    touch("tree\\back\\seven");
    expect(told(NAMES, TRUE), "-back\\seven +back\\seven ");
    CloseHandle(directory);
}

static void test_filters(void)
{
    static char buffer[4096];
    watch("tree", FILE_NOTIFY_CHANGE_DIR_NAME, FALSE, sizeof buffer, buffer);
    touch("tree\\file");
    CHECK(CreateDirectoryA("tree\\directory", NULL));
    CHECK_STR(told(FILE_NOTIFY_CHANGE_DIR_NAME, FALSE), "+directory ");
    touch("tree\\directory\\inside");
    CHECK(RemoveDirectoryA("tree\\directory") || DeleteFileA("tree\\directory\\inside"));
    CHECK(RemoveDirectoryA("tree\\directory"));
    CHECK_STR(told(FILE_NOTIFY_CHANGE_DIR_NAME, FALSE), "-directory ");
    CloseHandle(directory);
    watch("tree", FILE_NOTIFY_CHANGE_FILE_NAME, FALSE, sizeof buffer, buffer);
    CHECK(CreateDirectoryA("tree\\directory", NULL) && RemoveDirectoryA("tree\\directory"));
    CHECK(MoveFileA("tree\\file", "away"));
    CHECK_STR(told(FILE_NOTIFY_CHANGE_FILE_NAME, FALSE), "-file ");
    CHECK(MoveFileA("away", "tree\\file"));
    CHECK_STR(told(FILE_NOTIFY_CHANGE_FILE_NAME, FALSE), "+file ");
    CloseHandle(directory);
}

/* Too much for the buffer: success, and nothing in it. */
static void test_overflow(void)
{
    static _Alignas(8) char small[64];
    OVERLAPPED o = {.hEvent = event};
    DWORD n = 7;
    watch("tree", NAMES, FALSE, sizeof small, small);
    for (int i = 0; i < 20; i++) {
        char name[40];
        snprintf(name, sizeof name, "tree\\many-names-%d", i);
        touch(name);
        CHECK(DeleteFileA(name));
    }
    CHECK(ReadDirectoryChangesW(directory, small, sizeof small, FALSE, NAMES, NULL, &o, NULL));
    CHECK_EQ(WaitForSingleObject(event, 3000), WAIT_OBJECT_0);
    CHECK(GetOverlappedResult(directory, &o, &n, FALSE) || check_under_wine());
    CHECK_EQ(n, 0);
    CloseHandle(directory);
}

int main(void)
{
    event = CreateEventA(NULL, TRUE, FALSE, NULL);
    CHECK(CreateDirectoryA("tree", NULL));
    test_tree();
    test_filters();
    test_overflow();
    static const char *const files[] = {"tree\\file",        "tree\\back\\seven", "tree\\back\\six", "tree\\back\\one",
                                        "tree\\back\\three", "tree\\c\\two",      "tree\\c\\five"};
    for (int i = 0; i < 7; i++)
        CHECK(DeleteFileA(files[i]));
    CHECK(RemoveDirectoryA("tree\\back") && RemoveDirectoryA("tree\\c") && RemoveDirectoryA("tree"));
    return check_done();
}
