/*
 * filesystem.c: the functions on files under <experimental/filesystem>, and _Fiopen, which opens for streams.
 * (The newer <filesystem> calls Windows itself.)
 *
 * Layer: msvcp over kernel32.
 */
#include "msvcp/msvcp.h"

#define NAME_SIZE 260

/* std::experimental::filesystem::file_type */
enum {
    KIND_NOT_FOUND = -1,
    KIND_NONE,
    KIND_REGULAR,
    KIND_DIRECTORY,
    KIND_SYMLINK,
    KIND_BLOCK,
    KIND_CHARACTER,
    KIND_FIFO,
    KIND_SOCKET,
    KIND_UNKNOWN
};

enum { PERMS_ALL = 0777, PERMS_READ = 0555, PERMS_WRITE = 0222 };

static int type_of(DWORD attributes)
{
    return attributes & FILE_ATTRIBUTE_DIRECTORY ? KIND_DIRECTORY : KIND_REGULAR;
}

static int perms_of(DWORD attributes)
{
    return attributes & FILE_ATTRIBUTE_READONLY ? PERMS_READ : PERMS_ALL;
}

/* A handle for questions about a file; `link`: about the link itself. */
static HANDLE open_file(const WCHAR *name, DWORD access, bool link)
{
    return CreateFileW(name, access, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL, OPEN_EXISTING,
                       FILE_FLAG_BACKUP_SEMANTICS | (link ? FILE_FLAG_OPEN_REPARSE_POINT : 0), NULL);
}

static bool get_information(const WCHAR *name, bool link, BY_HANDLE_FILE_INFORMATION *information)
{
    HANDLE file = open_file(name, FILE_READ_ATTRIBUTES, link);

    if (file == INVALID_HANDLE_VALUE)
        return false;
    bool known = GetFileInformationByHandle(file, information);
    CloseHandle(file);
    return known;
}

static uint64_t time_of(const FILETIME *time)
{
    return (uint64_t)time->dwHighDateTime << 32 | time->dwLowDateTime;
}

/* --- directories -----------------------------------------------------------------------------------------------------
 */

static bool is_dots(const WCHAR *name)
{
    return name[0] == '.' && (!name[1] || (name[1] == '.' && !name[2]));
}

/* The next entry's name, empty at the end. */
WCHAR *WINAPI msvcp_Read_dir(WCHAR name[NAME_SIZE], HANDLE find, int *type)
{
    WIN32_FIND_DATAW data;

    do
        if (!FindNextFileW(find, &data)) {
            *type = KIND_UNKNOWN;
            *name = 0;
            return name;
        }
    while (is_dots(data.cFileName));
    *type = type_of(data.dwFileAttributes);
    lstrcpynW(name, data.cFileName, NAME_SIZE);
    return name;
}

HANDLE WINAPI msvcp_Open_dir(WCHAR name[NAME_SIZE], const WCHAR *directory, int *error, int *type)
{
    size_t length = crt_wide_length(directory);
    WCHAR *pattern = msvcp_new((length + 3) * sizeof(WCHAR));
    WIN32_FIND_DATAW data;

    memcpy(pattern, directory, length * sizeof(WCHAR));
    memcpy(pattern + length, L"\\*", 3 * sizeof(WCHAR));
    HANDLE find = FindFirstFileExW(pattern, FindExInfoStandard, &data, FindExSearchNameMatch, NULL, 0);
    crt_free(pattern);
    *name = 0;
    if (find == INVALID_HANDLE_VALUE) {
        *error = ERROR_BAD_PATHNAME; /* whatever the reason */
        return NULL;
    }
    *error = 0;
    if (!is_dots(data.cFileName)) {
        *type = type_of(data.dwFileAttributes);
        lstrcpynW(name, data.cFileName, NAME_SIZE);
        return find;
    }
    msvcp_Read_dir(name, find, type);
    if (*name)
        return find;
    FindClose(find);
    return NULL;
}

void WINAPI msvcp_Close_dir(HANDLE find)
{
    FindClose(find);
}

bool WINAPI msvcp_Current_get(WCHAR directory[NAME_SIZE])
{
    DWORD length = GetCurrentDirectoryW(NAME_SIZE, directory);
    return length && length < NAME_SIZE;
}

bool WINAPI msvcp_Current_set(const WCHAR *directory)
{
    return SetCurrentDirectoryW(directory);
}

/* Made: 1, was there: 0, not possible: -1. */
int WINAPI msvcp_Make_dir(const WCHAR *directory, const WCHAR *like)
{
    BOOL made = like ? CreateDirectoryExW(like, directory, NULL) : CreateDirectoryW(directory, NULL);
    return made ? 1 : GetLastError() == ERROR_ALREADY_EXISTS ? 0 : -1;
}

bool WINAPI msvcp_Remove_dir(const WCHAR *directory)
{
    return RemoveDirectoryW(directory);
}

WCHAR *WINAPI msvcp_Temp_get(WCHAR directory[NAME_SIZE])
{
    DWORD length = GetTempPathW(NAME_SIZE, directory);

    if (!length || length >= NAME_SIZE)
        *directory = 0;
    return directory;
}

/* --- files -----------------------------------------------------------------------------------------------------------
 */

static int stat_file(const WCHAR *name, int *permissions, bool link)
{
    WIN32_FILE_ATTRIBUTE_DATA data;

    if (!GetFileAttributesExW(name, GetFileExInfoStandard, &data)) {
        switch (GetLastError()) {
        case ERROR_BAD_NETPATH:
        case ERROR_BAD_PATHNAME:
        case ERROR_FILE_NOT_FOUND:
        case ERROR_INVALID_DRIVE:
        case ERROR_INVALID_NAME:
        case ERROR_INVALID_PARAMETER:
        case ERROR_PATH_NOT_FOUND:
            return KIND_NOT_FOUND;
        default:
            return KIND_UNKNOWN;
        }
    }
    if (data.dwFileAttributes & FILE_ATTRIBUTE_REPARSE_POINT) {
        BY_HANDLE_FILE_INFORMATION target;
        if (link)
            return KIND_SYMLINK;
        if (!get_information(name, false, &target))
            return KIND_NOT_FOUND;
        data.dwFileAttributes = target.dwFileAttributes;
    }
    if (permissions)
        *permissions = perms_of(data.dwFileAttributes);
    return type_of(data.dwFileAttributes);
}

int WINAPI msvcp_Stat(const WCHAR *name, int *permissions)
{
    return stat_file(name, permissions, false);
}

int WINAPI msvcp_Lstat(const WCHAR *name, int *permissions)
{
    return stat_file(name, permissions, true);
}

uint64_t WINAPI msvcp_File_size(const WCHAR *name)
{
    WIN32_FILE_ATTRIBUTE_DATA data;

    if (!GetFileAttributesExW(name, GetFileExInfoStandard, &data))
        return (uint64_t)-1;
    return (uint64_t)data.nFileSizeHigh << 32 | data.nFileSizeLow;
}

uint64_t WINAPI msvcp_Hard_links(const WCHAR *name)
{
    BY_HANDLE_FILE_INFORMATION information;

    return get_information(name, false, &information) ? information.nNumberOfLinks : (uint64_t)-1;
}

/* 100 ns since 1601; -1: no such file. */
int64_t WINAPI msvcp_Last_write_time(const WCHAR *name)
{
    WIN32_FILE_ATTRIBUTE_DATA data;

    return GetFileAttributesExW(name, GetFileExInfoStandard, &data) ? (int64_t)time_of(&data.ftLastWriteTime) : -1;
}

bool WINAPI msvcp_Set_last_write_time(const WCHAR *name, int64_t time)
{
    FILETIME changed = {(DWORD)time, (DWORD)((uint64_t)time >> 32)};
    HANDLE file = open_file(name, FILE_WRITE_ATTRIBUTES, false);

    if (file == INVALID_HANDLE_VALUE)
        return false;
    bool set = SetFileTime(file, NULL, NULL, &changed);
    CloseHandle(file);
    return set;
}

/* Same file: 1, another: 0, neither is there: -1. */
int WINAPI msvcp_Equivalent(const WCHAR *a, const WCHAR *b)
{
    BY_HANDLE_FILE_INFORMATION x, y;
    bool x_known = get_information(a, false, &x), y_known = get_information(b, false, &y);

    if (!x_known || !y_known)
        return x_known || y_known ? 0 : -1;
    return x.dwVolumeSerialNumber == y.dwVolumeSerialNumber && x.nFileIndexHigh == y.nFileIndexHigh &&
           x.nFileIndexLow == y.nFileIndexLow;
}

/* struct space_info: bytes; -1 each if unknown. */
struct space {
    uint64_t capacity, free, available;
};

struct space *WINAPI msvcp_Statvfs(struct space *result, const WCHAR *name)
{
    ULARGE_INTEGER available, capacity, free;

    if (GetDiskFreeSpaceExW(name, &available, &capacity, &free))
        *result = (struct space){capacity.QuadPart, free.QuadPart, available.QuadPart};
    else
        *result = (struct space){(uint64_t)-1, (uint64_t)-1, (uint64_t)-1};
    return result;
}

static int error_of(BOOL done)
{
    return done ? 0 : (int)GetLastError();
}

/* Only whether anybody may write is kept. */
int WINAPI msvcp_Chmod(const WCHAR *name, int permissions)
{
    DWORD attributes = GetFileAttributesW(name);

    if (attributes == INVALID_FILE_ATTRIBUTES)
        return -1;
    DWORD wanted =
        permissions & PERMS_WRITE ? attributes & ~FILE_ATTRIBUTE_READONLY : attributes | FILE_ATTRIBUTE_READONLY;
    return wanted == attributes || SetFileAttributesW(name, wanted) ? 0 : -1;
}

/* These return 0 or a Win32 error. */
int WINAPI msvcp_Copy_file(const WCHAR *from, const WCHAR *to)
{
    return error_of(CopyFileW(from, to, FALSE));
}

int WINAPI msvcp_Link(const WCHAR *to, const WCHAR *name)
{
    return error_of(CreateHardLinkW(name, to, NULL));
}

int WINAPI msvcp_Rename(const WCHAR *from, const WCHAR *to)
{
    return error_of(MoveFileExW(from, to, MOVEFILE_COPY_ALLOWED | MOVEFILE_REPLACE_EXISTING));
}

int WINAPI msvcp_Resize(const WCHAR *name, uint64_t size)
{
    FILE_END_OF_FILE_INFO end = {.EndOfFile.QuadPart = (int64_t)size};
    HANDLE file = open_file(name, FILE_GENERIC_WRITE, false);

    if (file == INVALID_HANDLE_VALUE)
        return (int)GetLastError();
    int error = error_of(SetFileInformationByHandle(file, FileEndOfFileInfo, &end, sizeof(end)));
    CloseHandle(file);
    return error;
}

int WINAPI msvcp_Symlink(const WCHAR *to, const WCHAR *name)
{
    return error_of(CreateSymbolicLinkW(name, to, 0));
}

/* Reading a link is not offered by the library. */
int WINAPI msvcp_Symlink_get(WCHAR target[NAME_SIZE], const WCHAR *name)
{
    (void)name;
    *target = 0;
    return 0;
}

int WINAPI msvcp_Unlink(const WCHAR *name)
{
    return error_of(DeleteFileW(name));
}

/* --- names -----------------------------------------------------------------------------------------------------------
 */

int WINAPI msvcp_To_byte(const WCHAR *name, char bytes[NAME_SIZE])
{
    return WideCharToMultiByte(CP_ACP, 0, name, -1, bytes, NAME_SIZE, NULL, NULL);
}

int WINAPI msvcp_To_wide(const char *bytes, WCHAR name[NAME_SIZE])
{
    return MultiByteToWideChar(CP_ACP, 0, bytes, -1, name, NAME_SIZE);
}

/* --- _Fiopen: fopen with ios_base's open modes
 * ------------------------------------------------------------------------- */

enum { OPEN_ATE = 4, OPEN_APP = 8, OPEN_TRUNC = 0x10, OPEN_NOCREATE = 0x40, OPEN_NOREPLACE = 0x80, OPEN_BINARY = 0x20 };

struct stream *WINAPI _wfsopen(const WCHAR *name, const WCHAR *mode, int share);
int WINAPI crt_fclose(struct stream *stream);
int WINAPI crt_fseek(struct stream *stream, LONG offset, int origin);

struct stream *WINAPI msvcp_fiopen_wide(const WCHAR *name, int mode, int share)
{
    static const struct {
        int mode;
        const WCHAR *text;
    } modes[] = {
        {OPEN_IN, L"r"},
        {OPEN_OUT, L"w"},
        {OPEN_OUT | OPEN_TRUNC, L"w"},
        {OPEN_OUT | OPEN_APP, L"a"},
        {OPEN_APP, L"a"},
        {OPEN_IN | OPEN_OUT, L"r+"},
        {OPEN_IN | OPEN_OUT | OPEN_TRUNC, L"w+"},
        {OPEN_IN | OPEN_OUT | OPEN_APP, L"a+"},
        {OPEN_IN | OPEN_APP, L"a+"},
    };
    int wanted = mode & (OPEN_IN | OPEN_OUT | OPEN_TRUNC | OPEN_APP);
    WCHAR text[8];
    size_t i = 0;

    if (mode & OPEN_NOCREATE) /* a file that is there */
        wanted |= OPEN_IN;
    while (i < ARRAYSIZE(modes) && modes[i].mode != wanted)
        i++;
    if (i == ARRAYSIZE(modes))
        return NULL;
    lstrcpyW(text, modes[i].text);
    if (mode & OPEN_BINARY)
        lstrcatW(text, L"b");
    if (mode & OPEN_NOREPLACE && mode & (OPEN_OUT | OPEN_APP)) {
        struct stream *there = _wfsopen(name, L"r", share);
        if (there) {
            crt_fclose(there);
            return NULL;
        }
    }
    struct stream *stream = _wfsopen(name, text, share);
    if (stream && mode & OPEN_ATE && crt_fseek(stream, 0, SEEK_LAST)) {
        crt_fclose(stream);
        return NULL;
    }
    return stream;
}

struct stream *WINAPI msvcp_fiopen(const char *name, int mode, int share)
{
    WCHAR *wide = crt_wide_name(name);
    struct stream *stream = wide ? msvcp_fiopen_wide(wide, mode, share) : NULL;

    crt_free(wide);
    return stream;
}
