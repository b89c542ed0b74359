/* What is the full name of a path, and where are the usual directories? */
#include "check.h"

static const char *full(const char *name)
{
    static char out[600];
    char *part;
    if (!GetFullPathNameA(name, sizeof out, out, &part))
        return "(error)";
    return out;
}

int main(void)
{
    char buffer[MAX_PATH], here[MAX_PATH];
    CHECK_STR(full("C:\\a\\b\\..\\c"), "C:\\a\\c");
    CHECK_STR(full("C:/a//b/./c/"), "C:\\a\\b\\c\\");
    CHECK_STR(full("C:\\.."), "C:\\");
    CHECK_STR(full("C:\\..\\..\\x"), "C:\\x");
    CHECK_STR(full("C:\\a."), "C:\\a");
    CHECK_STR(full("C:\\a. . "), "C:\\a");
    CHECK_STR(full("C:\\a.\\b"), "C:\\a\\b");
    CHECK_STR(full("\\\\server\\share\\..\\x"), "\\\\server\\share\\x");
    CHECK_STR(full("\\\\?\\C:\\a\\..\\b"), "\\\\?\\C:\\b");
    CHECK_STR(full("nul"), "\\\\.\\nul");
    CHECK_STR(full("C:\\dir\\COM1"), "\\\\.\\COM1");
    CHECK_STR(full("C:\\a\\b\\.."), "C:\\a");
    CHECK_STR(full("C:\\a\\."), "C:\\a");
    CHECK_STR(full("\\\\.\\pipe\\x"), "\\\\.\\pipe\\x");
    CHECK_EQ(GetFullPathNameA("C:\\abc", 3, buffer, NULL), 7);
    GetCurrentDirectoryA(sizeof here, here);
    CHECK_STR(full("."), here);
    CHECK(CreateDirectoryA("curdir", NULL));
    CHECK(SetCurrentDirectoryA("CURDIR"));
    CHECK(SetCurrentDirectoryA(".."));
    GetCurrentDirectoryA(sizeof buffer, buffer);
    CHECK_STR(buffer, here);
    CHECK_ERROR(SetCurrentDirectoryA("missing"), ERROR_FILE_NOT_FOUND);
    CHECK(RemoveDirectoryA("curdir"));
    CHECK(GetFileAttributesA("C:\\Windows") & FILE_ATTRIBUTE_DIRECTORY);
    CHECK(GetFileAttributesA("c:\\windows\\SYSTEM32") & FILE_ATTRIBUTE_DIRECTORY);
    CHECK(GetFileAttributesA("C:\\") & FILE_ATTRIBUTE_DIRECTORY);
    CHECK_EQ(GetDriveTypeA("C:\\"), DRIVE_FIXED);
    CHECK(GetLogicalDrives() & 4);
    /* A path of more than 260 characters. */
    char longer[600] = "\\\\?\\";
    strcat(longer, here);
    size_t start = strlen(longer);
    for (int i = 0; i < (check_under_wine() ? 1 : 5); i++) { /* Wine stops at MAX_PATH here too */
        strcat(longer, "\\a-directory-with-a-name-of-sixty-characters-so-that-it-is-long");
        CHECK(CreateDirectoryA(longer, NULL));
    }
    CHECK(GetFileAttributesA(longer) & FILE_ATTRIBUTE_DIRECTORY);
    while (strlen(longer) > start) {
        CHECK(RemoveDirectoryA(longer));
        *strrchr(longer, '\\') = 0;
    }
    return check_done();
}
