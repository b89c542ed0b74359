/*
 * Does GetFinalPathNameByHandle tell where a file lies when it was opened through links: to files, to directories, in
 * chains; and the link's own place when the link itself was opened?
 */
#include "check.h"

static char base[MAX_PATH];

static HANDLE open_it(const char *name, DWORD flags)
{
    return CreateFileA(name, 0, 7, NULL, OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS | flags, NULL);
}

static void check_final(const char *name, DWORD flags, const char *expected)
{
    char path[MAX_PATH * 2] = "", whole[MAX_PATH * 2];
    HANDLE file = open_it(name, flags);
    CHECK(file != INVALID_HANDLE_VALUE);
    DWORD length = GetFinalPathNameByHandleA(file, path, sizeof path, 0);
    snprintf(whole, sizeof whole, "%s\\%s", base, expected);
    CHECK_STR(path, whole);
    CHECK_EQ(length, strlen(whole));
    /* Without the drive, by the other call. */
    struct {
        FILE_NAME_INFO info;
        WCHAR rest[MAX_PATH];
    } name_info;
    CHECK(GetFileInformationByHandleEx(file, FileNameInfo, &name_info, sizeof name_info));
    char narrow[MAX_PATH] = "";
    WideCharToMultiByte(CP_UTF8, 0, name_info.info.FileName, name_info.info.FileNameLength / 2, narrow, sizeof narrow,
                        NULL, NULL);
    CHECK_STR(narrow, strchr(whole, ':') + 1);
    CloseHandle(file);
}

static void make(const char *name)
{
    CloseHandle(CreateFileA(name, GENERIC_WRITE, 0, NULL, CREATE_NEW, 0, NULL));
}

int main(void)
{
    CHECK(CreateDirectoryA("dir", NULL));
    CHECK(CreateDirectoryA("dir\\sub", NULL));
    make("file");
    make("dir\\sub\\file");
    HANDLE here = open_it(".", 0);
    CHECK(GetFinalPathNameByHandleA(here, base, sizeof base, 0) > 0);
    CloseHandle(here);
    CHECK(!strncmp(base, "\\\\?\\", 4));
    check_final("file", 0, "file");
    check_final("dir\\sub\\..\\sub\\file", 0, "dir\\sub\\file");
    if (!check_under_wine()) { /* which says that it made links, and made none */
        CHECK(CreateSymbolicLinkA("file_link", "file", 2 /* SYMBOLIC_LINK_FLAG_ALLOW_UNPRIVILEGED_CREATE */));
        CHECK(CreateSymbolicLinkA("link_link", "file_link", 2));
        CHECK(CreateSymbolicLinkA("dir_link", "dir\\sub", 3));
        CHECK(CreateSymbolicLinkA("dir\\up", "..\\dir_link", 3));
        check_final("file_link", 0, "file");
        check_final("link_link", 0, "file");
        check_final("dir_link", 0, "dir\\sub");
        check_final("dir_link\\file", 0, "dir\\sub\\file");
        check_final("dir\\up\\file", 0, "dir\\sub\\file");
        check_final("dir\\up", 0, "dir\\sub");
        check_final("file_link", FILE_FLAG_OPEN_REPARSE_POINT, "file_link");
        check_final("dir\\up", FILE_FLAG_OPEN_REPARSE_POINT, "dir\\up");
        /* Made, renamed and deleted below a link. */
        make("dir_link\\new");
        check_final("dir_link\\new", 0, "dir\\sub\\new");
        CHECK(MoveFileA("dir_link\\new", "dir_link\\newer"));
        check_final("dir\\up\\newer", 0, "dir\\sub\\newer");
        CHECK(DeleteFileA("dir_link\\newer"));
        DeleteFileA("file_link");
        DeleteFileA("link_link");
        CHECK(RemoveDirectoryA("dir\\up"));
        CHECK(RemoveDirectoryA("dir_link"));
    }
    DeleteFileA("file");
    DeleteFileA("dir\\sub\\file");
    RemoveDirectoryA("dir\\sub");
    RemoveDirectoryA("dir");
    return check_done();
}
