/* Are symbolic links and junctions made, followed, read, changed and removed as reparse points? */
#include "check.h"
#include <winioctl.h>

typedef struct {
    ULONG tag;
    USHORT length, reserved, substitute_offset, substitute_length, print_offset, print_length;
    union {
        struct {
            ULONG flags;
            WCHAR path[1];
        } link;
        struct {
            WCHAR path[1];
        } junction;
    };
} reparse;

static union {
    reparse data;
    char space[MAXIMUM_REPARSE_DATA_BUFFER_SIZE];
} buffer;

static HANDLE open_link(const char *name, DWORD access)
{
    return CreateFileA(name, access, 7, NULL, OPEN_EXISTING, FILE_FLAG_OPEN_REPARSE_POINT | FILE_FLAG_BACKUP_SEMANTICS,
                       NULL);
}

static ULONG get_tag(const char *name)
{
    DWORD n;
    HANDLE h = open_link(name, FILE_READ_ATTRIBUTES);
    memset(&buffer, 0, sizeof buffer);
    BOOL done = DeviceIoControl(h, FSCTL_GET_REPARSE_POINT, NULL, 0, &buffer, sizeof buffer, &n, NULL);
    DWORD error = GetLastError();
    CloseHandle(h);
    if (done)
        CHECK_EQ(n, buffer.data.length + 8);
    SetLastError(error);
    return done ? buffer.data.tag : 0;
}

static void put(const char *name, const char *text)
{
    DWORD n;
    HANDLE h = CreateFileA(name, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
    WriteFile(h, text, (DWORD)strlen(text), &n, NULL);
    CloseHandle(h);
}

static const char *get(const char *name)
{
    static char text[100];
    DWORD n = 0;
    HANDLE h = CreateFileA(name, GENERIC_READ, 7, NULL, OPEN_EXISTING, 0, NULL);
    if (h == INVALID_HANDLE_VALUE)
        return "(none)";
    ReadFile(h, text, sizeof text - 1, &n, NULL);
    text[n] = 0;
    CloseHandle(h);
    return text;
}

static DWORD found_tag(const char *name, DWORD *attributes)
{
    WIN32_FIND_DATAA data;
    HANDLE find = FindFirstFileA(name, &data);
    if (find == INVALID_HANDLE_VALUE)
        return 1;
    FindClose(find);
    *attributes = data.dwFileAttributes;
    return data.dwReserved0;
}

static void test_symbolic(void)
{
    DWORD attributes = 0;
    FILE_ATTRIBUTE_TAG_INFO tag;
    put("target.txt", "data");
    CHECK(CreateDirectoryA("d", NULL));
    put("d/inside.txt", "inside");
    CHECK(CreateSymbolicLinkA("f.lnk", "target.txt", 0));
    CHECK(CreateSymbolicLinkA("d.lnk", "d", SYMBOLIC_LINK_FLAG_DIRECTORY));
    CHECK(CreateSymbolicLinkA("nowhere.lnk", "no\\such\\dir", SYMBOLIC_LINK_FLAG_DIRECTORY));
    CHECK_STR(get("f.lnk"), "data");
    CHECK_STR(get("d.lnk\\inside.txt"), "inside");
    CHECK_EQ(GetFileAttributesA("f.lnk") & (FILE_ATTRIBUTE_REPARSE_POINT | FILE_ATTRIBUTE_DIRECTORY),
             FILE_ATTRIBUTE_REPARSE_POINT);
    CHECK_EQ(GetFileAttributesA("d.lnk"), FILE_ATTRIBUTE_REPARSE_POINT | FILE_ATTRIBUTE_DIRECTORY);
    CHECK_EQ(GetFileAttributesA("nowhere.lnk"), FILE_ATTRIBUTE_REPARSE_POINT | FILE_ATTRIBUTE_DIRECTORY);
    CHECK_EQ(found_tag("d.lnk", &attributes), IO_REPARSE_TAG_SYMLINK);
    CHECK_EQ(attributes, FILE_ATTRIBUTE_REPARSE_POINT | FILE_ATTRIBUTE_DIRECTORY);
    HANDLE h = open_link("d.lnk", FILE_READ_ATTRIBUTES);
    CHECK(GetFileInformationByHandleEx(h, FileAttributeTagInfo, &tag, sizeof tag));
    CHECK_EQ(tag.ReparseTag, IO_REPARSE_TAG_SYMLINK);
    CHECK_EQ(tag.FileAttributes, FILE_ATTRIBUTE_REPARSE_POINT | FILE_ATTRIBUTE_DIRECTORY);
    CloseHandle(h);
    CHECK_EQ(get_tag("f.lnk"), IO_REPARSE_TAG_SYMLINK);
    CHECK_EQ(buffer.data.link.flags, 1);
    CHECK_EQ(buffer.data.print_length, 20);
    CHECK(!memcmp((char *)buffer.data.link.path + buffer.data.print_offset, L"target.txt", 20));
    CHECK_EQ(get_tag("nowhere.lnk"), IO_REPARSE_TAG_SYMLINK);
    CHECK(!memcmp((char *)buffer.data.link.path + buffer.data.substitute_offset, L"no\\such\\dir", 22));
    CHECK_ERROR(get_tag("target.txt"), ERROR_NOT_A_REPARSE_POINT);
    CHECK_ERROR(get_tag("d"), ERROR_NOT_A_REPARSE_POINT);
    CHECK_ERROR(CreateSymbolicLinkA("f.lnk", "x", 0), ERROR_ALREADY_EXISTS);
    /* A link to a directory is removed as a directory, and what it points to stays. */
    CHECK_ERROR(DeleteFileA("d.lnk"), ERROR_ACCESS_DENIED);
    CHECK_ERROR(RemoveDirectoryA("f.lnk"), ERROR_DIRECTORY);
    CHECK(RemoveDirectoryA("d.lnk"));
    CHECK(RemoveDirectoryA("nowhere.lnk"));
    CHECK_STR(get("d\\inside.txt"), "inside");
    CHECK(DeleteFileA("f.lnk"));
    CHECK_STR(get("target.txt"), "data");
    /* An absolute one. */
    char full[MAX_PATH];
    GetFullPathNameA("target.txt", sizeof full, full, NULL);
    CHECK(CreateSymbolicLinkA("a.lnk", full, 0));
    CHECK_STR(get("a.lnk"), "data");
    CHECK_EQ(get_tag("a.lnk"), IO_REPARSE_TAG_SYMLINK);
    CHECK_EQ(buffer.data.link.flags, 0);
    CHECK(!memcmp((char *)buffer.data.link.path + buffer.data.substitute_offset, L"\\??\\", 8));
    CHECK_EQ(((WCHAR *)((char *)buffer.data.link.path + buffer.data.print_offset))[1], ':');
    CHECK(DeleteFileA("a.lnk"));
}

static BOOL set_junction(HANDLE h, const WCHAR *target, ULONG tag)
{
    DWORD n, bytes = (DWORD)wcslen(target) * 2;
    memset(&buffer, 0, sizeof buffer);
    buffer.data.tag = tag;
    buffer.data.substitute_length = (USHORT)bytes;
    buffer.data.print_offset = (USHORT)(bytes + 2);
    memcpy(buffer.data.junction.path, target, bytes);
    buffer.data.length = (USHORT)(bytes + 12);
    return DeviceIoControl(h, FSCTL_SET_REPARSE_POINT, &buffer, buffer.data.length + 8, NULL, 0, &n, NULL);
}

static void test_junction(void)
{
    WCHAR target[MAX_PATH + 4] = L"\\??\\";
    DWORD n, attributes = 0;
    GetFullPathNameW(L"d", MAX_PATH, target + 4, NULL);
    CHECK(CreateDirectoryA("j", NULL));
    HANDLE h = open_link("j", GENERIC_WRITE);
    CHECK(set_junction(h, target, IO_REPARSE_TAG_MOUNT_POINT));
    CloseHandle(h);
    CHECK_STR(get("j\\inside.txt"), "inside");
    CHECK_EQ(GetFileAttributesA("j"), FILE_ATTRIBUTE_REPARSE_POINT | FILE_ATTRIBUTE_DIRECTORY);
    CHECK_EQ(found_tag("j", &attributes), IO_REPARSE_TAG_MOUNT_POINT);
    CHECK_EQ(get_tag("j"), IO_REPARSE_TAG_MOUNT_POINT);
    CHECK_EQ(buffer.data.substitute_length, wcslen(target) * 2);
    CHECK(!memcmp((char *)buffer.data.junction.path + buffer.data.substitute_offset, target, wcslen(target) * 2));
    /* A backslash at the target's end stays. */
    wcscat(target, L"\\");
    h = open_link("j", GENERIC_WRITE);
    CHECK(set_junction(h, target, IO_REPARSE_TAG_MOUNT_POINT));
    CloseHandle(h);
    CHECK_EQ(get_tag("j"), IO_REPARSE_TAG_MOUNT_POINT);
    CHECK_EQ(buffer.data.substitute_length, wcslen(target) * 2);
    CHECK(!memcmp((char *)buffer.data.junction.path + buffer.data.substitute_offset, target, wcslen(target) * 2));
    CHECK_STR(get("j\\inside.txt"), "inside");
    CHECK(CreateSymbolicLinkA("s", "d\\", SYMBOLIC_LINK_FLAG_DIRECTORY | 2));
    CHECK_EQ(get_tag("s"), IO_REPARSE_TAG_SYMLINK);
    CHECK_EQ(buffer.data.substitute_length, 4);
    CHECK(!memcmp((char *)buffer.data.link.path + buffer.data.substitute_offset, L"d\\", 4));
    CHECK_STR(get("s\\inside.txt"), "inside");
    CHECK(RemoveDirectoryA("s"));
    target[wcslen(target) - 1] = 0;
    /* Only with its own tag; then an empty directory is left. */
    h = open_link("j", GENERIC_WRITE);
    REPARSE_GUID_DATA_BUFFER none = {.ReparseTag = IO_REPARSE_TAG_SYMLINK};
    CHECK_ERROR(DeviceIoControl(h, FSCTL_DELETE_REPARSE_POINT, &none, 8, NULL, 0, &n, NULL),
                ERROR_REPARSE_TAG_MISMATCH);
    none.ReparseTag = IO_REPARSE_TAG_MOUNT_POINT;
    CHECK(DeviceIoControl(h, FSCTL_DELETE_REPARSE_POINT, &none, 8, NULL, 0, &n, NULL));
    CloseHandle(h);
    CHECK_EQ(GetFileAttributesA("j"), FILE_ATTRIBUTE_DIRECTORY);
    CHECK_STR(get("d\\inside.txt"), "inside");
    /* Not into a directory that is not empty, not into a file, not of another kind. */
    h = open_link("d", GENERIC_WRITE);
    CHECK_ERROR(set_junction(h, target, IO_REPARSE_TAG_MOUNT_POINT), ERROR_DIR_NOT_EMPTY);
    CloseHandle(h);
    CHECK_STR(get("d\\inside.txt"), "inside");
    h = open_link("target.txt", GENERIC_WRITE);
    CHECK(!set_junction(h, target, IO_REPARSE_TAG_MOUNT_POINT));
    CloseHandle(h);
    CHECK_STR(get("target.txt"), "data");
    CHECK(RemoveDirectoryA("j"));
    CHECK(DeleteFileA("d\\inside.txt"));
    CHECK(RemoveDirectoryA("d"));
    CHECK(DeleteFileA("target.txt"));
}

int main(void)
{
    if (check_under_wine()) /* Wine 8 makes no links */
        return check_done();
    test_symbolic();
    test_junction();
    return check_done();
}
