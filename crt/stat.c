/*
 * stat.c: _stat and _fstat in all their layouts, _access, _chmod, _utime.
 *
 * Layer: crt over kernel32's file information.  One internal record is filled and then written in the layout of the
 * function that was called: times of 32 or 64 bits, sizes of 32 or 64 bits.
 */
#include "crt.h"

enum {
    MODE_DIRECTORY = 0x4000,
    MODE_CHARACTER = 0x2000,
    MODE_FIFO = 0x1000,
    MODE_REGULAR = 0x8000,
    MODE_READ = 0x100,
    MODE_WRITE = 0x80,
    MODE_EXECUTE = 0x40
};

struct file_status {
    uint32_t device;
    uint16_t mode;
    int16_t links;
    int64_t size, accessed, modified, created;
};

/* Layouts are ABI: struct _stat32, _stat64i32, _stat32i64, _stat64. */
struct stat_head {
    uint32_t dev;
    uint16_t ino, mode;
    int16_t nlink, uid, gid;
    uint32_t rdev;
};
struct stat32 {
    struct stat_head head;
    int32_t size, atime, mtime, ctime;
};
struct stat64i32 {
    struct stat_head head;
    int32_t size;
    int64_t atime, mtime, ctime;
};
struct stat32i64 {
    struct stat_head head;
    int64_t size;
    int32_t atime, mtime, ctime;
};
struct stat64 {
    struct stat_head head;
    int64_t size, atime, mtime, ctime;
};
_Static_assert(sizeof(struct stat32) == 36 && sizeof(struct stat64i32) == 48 && sizeof(struct stat32i64) == 48 &&
                   sizeof(struct stat64) == 56,
               "layouts of Microsoft's struct stat");

#define FILETIME_UNIX_EPOCH 116444736000000000ll
#define FILETIME_PER_SECOND 10000000ll

static int64_t time_from_filetime(FILETIME time)
{
    int64_t value = (int64_t)((uint64_t)time.dwHighDateTime << 32 | time.dwLowDateTime);
    return value ? (value - FILETIME_UNIX_EPOCH) / FILETIME_PER_SECOND : 0;
}

static FILETIME filetime_from_time(int64_t time)
{
    int64_t value = time * FILETIME_PER_SECOND + FILETIME_UNIX_EPOCH;
    return (FILETIME){(DWORD)value, (DWORD)(value >> 32)};
}

static bool is_program(const WCHAR *name)
{
    static const char suffixes[][5] = {".exe", ".com", ".bat", ".cmd"};
    size_t length = crt_wide_length(name);
    for (size_t i = 0; length > 4 && i < 4; i++) {
        size_t n = 0;
        while (n < 4 && (name[length - 4 + n] | 0x20) == (suffixes[i][n] | 0x20))
            n++;
        if (n == 4)
            return true;
    }
    return false;
}

static uint16_t mode_from_attributes(DWORD attributes, bool program)
{
    unsigned mode = MODE_READ;
    if (attributes & FILE_ATTRIBUTE_DIRECTORY)
        mode |= MODE_DIRECTORY | MODE_EXECUTE;
    else
        mode |= MODE_REGULAR | (program ? MODE_EXECUTE : 0);
    if (!(attributes & FILE_ATTRIBUTE_READONLY))
        mode |= MODE_WRITE;
    mode |= (mode & 0x1c0) >> 3;
    return (uint16_t)(mode | (mode & 0x1c0) >> 6);
}

static uint32_t drive_number(const WCHAR *name)
{
    WCHAR letter = name[0] | 0x20;
    if (name[0] && name[1] == ':' && letter >= 'a' && letter <= 'z')
        return letter - 'a';
    const WCHAR *directory = peb_current()->ProcessParameters->CurrentDirectory.DosPath.Buffer;
    return directory && directory[1] == ':' ? (uint32_t)((directory[0] | 0x20) - 'a') : 0;
}

/* Wildcards and a missing file are ENOENT. */
static int status_of_name(const WCHAR *name, struct file_status *status)
{
    CRT_REQUIRE(name, -1);
    WIN32_FILE_ATTRIBUTE_DATA data;
    for (const WCHAR *c = name; *c; c++)
        if (*c == '*' || *c == '?') {
            if (c == name + 2 && *c == '?') /* \\?\ */
                continue;
            crt_set_errno(CRT_ENOENT);
            return -1;
        }
    if (!GetFileAttributesExW(name, GetFileExInfoStandard, &data)) {
        crt_fail_last();
        crt_set_errno(CRT_ENOENT);
        return -1;
    }
    *status = (struct file_status){
        .device = drive_number(name),
        .mode = mode_from_attributes(data.dwFileAttributes, is_program(name)),
        .links = 1,
        .size = (int64_t)((uint64_t)data.nFileSizeHigh << 32 | data.nFileSizeLow),
        .modified = time_from_filetime(data.ftLastWriteTime),
        .accessed = time_from_filetime(data.ftLastAccessTime),
        .created = time_from_filetime(data.ftCreationTime),
    };
    if (!status->accessed)
        status->accessed = status->modified;
    if (!status->created)
        status->created = status->modified;
    return 0;
}

static int status_of_fd(int fd, struct file_status *status)
{
    struct crt_fd *slot = fd_get(fd);
    if (!slot)
        return -1;
    *status = (struct file_status){.links = 1};
    DWORD type = GetFileType(slot->handle) & ~FILE_TYPE_REMOTE;
    if (type == FILE_TYPE_CHAR || type == FILE_TYPE_PIPE) {
        DWORD available;
        status->device = (uint32_t)fd;
        status->mode = type == FILE_TYPE_CHAR ? MODE_CHARACTER : MODE_FIFO;
        if (type == FILE_TYPE_PIPE && PeekNamedPipe(slot->handle, NULL, 0, NULL, &available, NULL))
            status->size = available;
        return 0;
    }
    BY_HANDLE_FILE_INFORMATION information;
    if (type != FILE_TYPE_DISK || !GetFileInformationByHandle(slot->handle, &information)) {
        crt_fail_last();
        crt_set_errno(CRT_EBADF);
        return -1;
    }
    status->mode = mode_from_attributes(information.dwFileAttributes, false);
    status->links = crt_ucrt_started ? (int16_t)information.nNumberOfLinks : 1;
    status->size = (int64_t)((uint64_t)information.nFileSizeHigh << 32 | information.nFileSizeLow);
    status->modified = time_from_filetime(information.ftLastWriteTime);
    status->accessed = time_from_filetime(information.ftLastAccessTime);
    status->created = time_from_filetime(information.ftCreationTime);
    return 0;
}

/* --- the layouts
 * ---------------------------------------------------------------------------------------------------------- */

static struct stat_head stat_head(const struct file_status *status)
{
    return (struct stat_head){
        .dev = status->device, .rdev = status->device, .mode = status->mode, .nlink = status->links};
}

static int put32(const struct file_status *status, struct stat32 *out)
{
    if (status->size > INT_MAX) {
        crt_set_errno(132); /* EOVERFLOW */
        return -1;
    }
    *out = (struct stat32){stat_head(status), (int32_t)status->size, (int32_t)status->accessed,
                           (int32_t)status->modified, (int32_t)status->created};
    return 0;
}

static int put64i32(const struct file_status *status, struct stat64i32 *out)
{
    if (status->size > INT_MAX && crt_ucrt_started) {
        crt_set_errno(132);
        return -1;
    }
    *out = (struct stat64i32){stat_head(status), (int32_t)status->size, status->accessed, status->modified,
                              status->created};
    return 0;
}

static int put32i64(const struct file_status *status, struct stat32i64 *out)
{
    *out = (struct stat32i64){stat_head(status), status->size, (int32_t)status->accessed, (int32_t)status->modified,
                              (int32_t)status->created};
    return 0;
}

static int put64(const struct file_status *status, struct stat64 *out)
{
    *out = (struct stat64){stat_head(status), status->size, status->accessed, status->modified, status->created};
    return 0;
}

static int status_of_narrow(const char *name, struct file_status *status)
{
    CRT_REQUIRE(name, -1);
    WCHAR *wide = crt_wide_name(name);
    int result = wide ? status_of_name(wide, status) : -1;
    crt_free(wide);
    return result;
}

int WINAPI _stat32(const char *name, struct stat32 *out)
{
    struct file_status status;
    CRT_REQUIRE(out, -1);
    return status_of_narrow(name, &status) ? -1 : put32(&status, out);
}

int WINAPI _stat64i32(const char *name, struct stat64i32 *out)
{
    struct file_status status;
    CRT_REQUIRE(out, -1);
    return status_of_narrow(name, &status) ? -1 : put64i32(&status, out);
}

int WINAPI _stat32i64(const char *name, struct stat32i64 *out)
{
    struct file_status status;
    CRT_REQUIRE(out, -1);
    return status_of_narrow(name, &status) ? -1 : put32i64(&status, out);
}

int WINAPI _stat64(const char *name, struct stat64 *out)
{
    struct file_status status;
    CRT_REQUIRE(out, -1);
    return status_of_narrow(name, &status) ? -1 : put64(&status, out);
}

int WINAPI _wstat32(const WCHAR *name, struct stat32 *out)
{
    struct file_status status;
    CRT_REQUIRE(out, -1);
    return status_of_name(name, &status) ? -1 : put32(&status, out);
}

int WINAPI _wstat64i32(const WCHAR *name, struct stat64i32 *out)
{
    struct file_status status;
    CRT_REQUIRE(out, -1);
    return status_of_name(name, &status) ? -1 : put64i32(&status, out);
}

int WINAPI _wstat32i64(const WCHAR *name, struct stat32i64 *out)
{
    struct file_status status;
    CRT_REQUIRE(out, -1);
    return status_of_name(name, &status) ? -1 : put32i64(&status, out);
}

int WINAPI _wstat64(const WCHAR *name, struct stat64 *out)
{
    struct file_status status;
    CRT_REQUIRE(out, -1);
    return status_of_name(name, &status) ? -1 : put64(&status, out);
}

int WINAPI _fstat32(int fd, struct stat32 *out)
{
    struct file_status status;
    CRT_REQUIRE(out, -1);
    return status_of_fd(fd, &status) ? -1 : put32(&status, out);
}

int WINAPI _fstat64i32(int fd, struct stat64i32 *out)
{
    struct file_status status;
    CRT_REQUIRE(out, -1);
    return status_of_fd(fd, &status) ? -1 : put64i32(&status, out);
}

int WINAPI _fstat32i64(int fd, struct stat32i64 *out)
{
    struct file_status status;
    CRT_REQUIRE(out, -1);
    return status_of_fd(fd, &status) ? -1 : put32i64(&status, out);
}

int WINAPI _fstat64(int fd, struct stat64 *out)
{
    struct file_status status;
    CRT_REQUIRE(out, -1);
    return status_of_fd(fd, &status) ? -1 : put64(&status, out);
}

/* --- _access and _chmod
 * ---------------------------------------------------------------------------------------------------- */

int WINAPI _waccess_s(const WCHAR *name, int mode)
{
    CRT_REQUIRE(name && !(mode & ~6), CRT_EINVAL);
    DWORD attributes = GetFileAttributesW(name);
    if (attributes == INVALID_FILE_ATTRIBUTES) {
        crt_fail_last();
        return crt_thread()->error;
    }
    if (mode & 2 && attributes & FILE_ATTRIBUTE_READONLY && !(attributes & FILE_ATTRIBUTE_DIRECTORY)) {
        crt_fail_win32(ERROR_ACCESS_DENIED);
        return CRT_EACCES;
    }
    return 0;
}

int WINAPI _waccess(const WCHAR *name, int mode)
{
    return _waccess_s(name, mode) ? -1 : 0;
}

int WINAPI _access_s(const char *name, int mode)
{
    CRT_REQUIRE(name, CRT_EINVAL);
    WCHAR *wide = crt_wide_name(name);
    int error = wide ? _waccess_s(wide, mode) : crt_thread()->error;
    crt_free(wide);
    return error;
}

int WINAPI _access(const char *name, int mode)
{
    return _access_s(name, mode) ? -1 : 0;
}

int WINAPI _wchmod(const WCHAR *name, int mode)
{
    CRT_REQUIRE(name, -1);
    DWORD attributes = GetFileAttributesW(name);
    if (attributes == INVALID_FILE_ATTRIBUTES)
        return crt_fail_last();
    DWORD wanted =
        mode & MODE_WRITE ? attributes & ~(DWORD)FILE_ATTRIBUTE_READONLY : attributes | FILE_ATTRIBUTE_READONLY;
    return wanted == attributes || SetFileAttributesW(name, wanted) ? 0 : crt_fail_last();
}

int WINAPI _chmod(const char *name, int mode)
{
    CRT_REQUIRE(name, -1);
    WCHAR *wide = crt_wide_name(name);
    int result = wide ? _wchmod(wide, mode) : -1;
    crt_free(wide);
    return result;
}

/* --- _utime
 * ----------------------------------------------------------------------------------------------------------------- */

static int set_times(HANDLE handle, int64_t accessed, int64_t modified)
{
    FILETIME access = filetime_from_time(accessed), write = filetime_from_time(modified);
    if (SetFileTime(handle, NULL, &access, &write))
        return 0;
    crt_fail_last();
    crt_set_errno(CRT_EINVAL);
    return -1;
}

static int64_t time_now(void)
{
    FILETIME now;
    GetSystemTimeAsFileTime(&now);
    return time_from_filetime(now);
}

/* times: access and modification; NULL: now. */
int WINAPI _futime64(int fd, const int64_t *times)
{
    struct crt_fd *slot = fd_get(fd);
    if (!slot)
        return -1;
    int64_t now = times ? 0 : time_now();
    return set_times(slot->handle, times ? times[0] : now, times ? times[1] : now);
}

int WINAPI _futime32(int fd, const int32_t *times)
{
    int64_t wide[2] = {times ? times[0] : 0, times ? times[1] : 0};
    return _futime64(fd, times ? wide : NULL);
}

int WINAPI _wutime64(const WCHAR *name, const int64_t *times)
{
    CRT_REQUIRE(name, -1);
    HANDLE handle = CreateFileW(name, FILE_WRITE_ATTRIBUTES, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                                NULL, OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS, NULL);
    if (handle == INVALID_HANDLE_VALUE)
        return crt_fail_last();
    int64_t now = times ? 0 : time_now();
    int result = set_times(handle, times ? times[0] : now, times ? times[1] : now);
    CloseHandle(handle);
    return result;
}

int WINAPI _wutime32(const WCHAR *name, const int32_t *times)
{
    int64_t wide[2] = {times ? times[0] : 0, times ? times[1] : 0};
    return _wutime64(name, times ? wide : NULL);
}

int WINAPI _utime64(const char *name, const int64_t *times)
{
    CRT_REQUIRE(name, -1);
    WCHAR *wide = crt_wide_name(name);
    int result = wide ? _wutime64(wide, times) : -1;
    crt_free(wide);
    return result;
}

int WINAPI _utime32(const char *name, const int32_t *times)
{
    int64_t wide[2] = {times ? times[0] : 0, times ? times[1] : 0};
    return _utime64(name, times ? wide : NULL);
}
