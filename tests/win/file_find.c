/* Does finding files give the right names for each pattern, in any case? */
#include "check.h"

static void touch(const char *name)
{
    CloseHandle(CreateFileA(name, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL));
}

/* The names that a pattern finds, in order, with a comma after each. */
static const char *find(const char *pattern)
{
    static char names[1024];
    WIN32_FIND_DATAA data;
    HANDLE h = FindFirstFileA(pattern, &data);
    names[0] = 0;
    if (h == INVALID_HANDLE_VALUE)
        return names;
    do {
        strcat(names, data.cFileName);
        strcat(names, ",");
    } while (FindNextFileA(h, &data));
    CHECK_EQ(GetLastError(), ERROR_NO_MORE_FILES);
    FindClose(h);
    return names;
}

int main(void)
{
    WIN32_FIND_DATAA data;
    CHECK(CreateDirectoryA("find", NULL));
    touch("find\\Beta.txt");
    touch("find\\alpha.txt");
    touch("find\\gamma");
    touch("find\\delta.tar.gz");
    CHECK(CreateDirectoryA("find\\sub", NULL));
    CHECK_STR(find("find\\*"), ".,..,alpha.txt,Beta.txt,delta.tar.gz,gamma,sub,");
    CHECK_STR(find("find\\*.*"), ".,..,alpha.txt,Beta.txt,delta.tar.gz,gamma,sub,");
    CHECK_STR(find("find\\*.txt"), "alpha.txt,Beta.txt,");
    CHECK_STR(find("FIND\\*.TXT"), "alpha.txt,Beta.txt,");
    CHECK_STR(find("find\\*.gz"), "delta.tar.gz,");
    CHECK_STR(find("find\\?eta.txt"), "Beta.txt,");
    CHECK_STR(find("find\\gamma"), "gamma,");
    CHECK_STR(find("find\\GAMMA"), "gamma,");
    CHECK_STR(find("find\\*a*"), "alpha.txt,Beta.txt,delta.tar.gz,gamma,");
    CHECK_STR(find("find\\*mma."), "gamma,");
    CHECK_STR(find("find\\sub\\*"), ".,..,");
    SetLastError(0);
    CHECK(FindFirstFileA("find\\none*", &data) == INVALID_HANDLE_VALUE);
    CHECK_EQ(GetLastError(), ERROR_FILE_NOT_FOUND);
    CHECK(FindFirstFileA("nofind\\*", &data) == INVALID_HANDLE_VALUE);
    CHECK_EQ(GetLastError(), ERROR_PATH_NOT_FOUND);
    HANDLE h = FindFirstFileA("find\\sub", &data);
    CHECK(h != INVALID_HANDLE_VALUE);
    CHECK_EQ(data.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY, FILE_ATTRIBUTE_DIRECTORY);
    FindClose(h);
    /* Moving: over an existing file, and to another case of the same name. */
    CHECK_ERROR(MoveFileA("find\\gamma", "find\\beta.txt"), ERROR_ALREADY_EXISTS);
    CHECK(MoveFileExA("find\\gamma", "find\\BETA.txt", MOVEFILE_REPLACE_EXISTING));
    CHECK_ERROR(GetFileAttributesA("find\\gamma") != INVALID_FILE_ATTRIBUTES, ERROR_FILE_NOT_FOUND);
    CHECK(MoveFileA("find\\alpha.txt", "find\\ALPHA.txt"));
    if (!check_under_wine()) /* Wine keeps the old case */
        CHECK_STR(find("find\\a*"), "ALPHA.txt,");
    CHECK(CopyFileA("find\\ALPHA.txt", "find\\copy", TRUE));
    CHECK_ERROR(CopyFileA("find\\ALPHA.txt", "find\\copy", TRUE), ERROR_FILE_EXISTS);
    CHECK(MoveFileA("find\\sub", "find\\moved"));
    CHECK(RemoveDirectoryA("find\\moved"));
    CHECK(DeleteFileA("find\\copy"));
    CHECK(DeleteFileA("find\\alpha.TXT"));
    CHECK(DeleteFileA("find\\beta.txt"));
    CHECK(DeleteFileA("find\\delta.tar.gz"));
    CHECK(RemoveDirectoryA("find"));
    return check_done();
}
