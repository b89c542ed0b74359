/*
 * direct.c: directories, drives, and names of files: _mkdir, _chdir, _getcwd, remove, rename ...
 *
 * Layer: crt over kernel32.
 */
#include "crt.h"

static int done_or_failed(BOOL done)
{
    return done ? 0 : crt_fail_last();
}

/* A narrow function is its wide one after conversion. */
static int call_wide(const char *name, int (*WINAPI function)(const WCHAR *))
{
    CRT_REQUIRE(name, -1);
    WCHAR *wide = crt_wide_name(name);
    int result = wide ? function(wide) : -1;
    crt_free(wide);
    return result;
}

int WINAPI _wmkdir(const WCHAR *name)
{
    return done_or_failed(CreateDirectoryW(name, NULL));
}

int WINAPI _mkdir(const char *name)
{
    return call_wide(name, _wmkdir);
}

int WINAPI _wrmdir(const WCHAR *name)
{
    return done_or_failed(RemoveDirectoryW(name));
}

int WINAPI _rmdir(const char *name)
{
    return call_wide(name, _wrmdir);
}

int WINAPI _wchdir(const WCHAR *name)
{
    CRT_REQUIRE(name, -1);
    return done_or_failed(SetCurrentDirectoryW(name));
}

int WINAPI _chdir(const char *name)
{
    return call_wide(name, _wchdir);
}

int WINAPI _wremove(const WCHAR *name)
{
    return done_or_failed(DeleteFileW(name));
}

int WINAPI crt_remove(const char *name)
{
    return call_wide(name, _wremove);
}

int WINAPI _wunlink(const WCHAR *name)
{
    return _wremove(name);
}

int WINAPI _unlink(const char *name)
{
    return call_wide(name, _wremove);
}

int WINAPI _wrename(const WCHAR *old, const WCHAR *new)
{
    return done_or_failed(MoveFileExW(old, new, MOVEFILE_COPY_ALLOWED));
}

int WINAPI crt_rename(const char *old, const char *new)
{
    CRT_REQUIRE(old && new, -1);
    WCHAR *wide_old = crt_wide_name(old), *wide_new = crt_wide_name(new);
    int result = wide_old && wide_new ? _wrename(wide_old, wide_new) : -1;
    crt_free(wide_old);
    crt_free(wide_new);
    return result;
}

/* --- the current directory
 * ------------------------------------------------------------------------------------------------- */

/* The current directory of `drive` (1 = A; 0: the current one), on the heap. */
static WCHAR *current_directory(int drive)
{
    WCHAR name[] = {(WCHAR)('A' + drive - 1), ':', '.', 0};
    DWORD size = drive ? GetFullPathNameW(name, 0, NULL, NULL) : GetCurrentDirectoryW(0, NULL);
    WCHAR *path = size ? crt_malloc((size + 1) * sizeof(WCHAR)) : NULL;
    if (!path)
        return crt_fail_last(), NULL;
    size = drive ? GetFullPathNameW(name, size + 1, path, NULL) : GetCurrentDirectoryW(size + 1, path);
    if (!size)
        *path = 0;
    return path;
}

WCHAR *WINAPI _wgetdcwd(int drive, WCHAR *buffer, int size)
{
    CRT_REQUIRE(size >= 0 && drive >= 0, NULL);
    if (drive && !(GetLogicalDrives() & 1u << (drive - 1))) {
        crt_thread()->dos_error = ERROR_INVALID_DRIVE;
        crt_invalid(CRT_EACCES);
        return NULL;
    }
    WCHAR *path = current_directory(drive);
    if (!path)
        return NULL;
    size_t length = crt_wide_length(path) + 1;
    if (!buffer) { /* malloc'ed for the caller, of at least `size` */
        WCHAR *result = crt_malloc((length > (size_t)size ? length : (size_t)size) * sizeof(WCHAR));
        if (result)
            memcpy(result, path, length * sizeof(WCHAR));
        crt_free(path);
        return result;
    }
    if (length > (size_t)size)
        crt_set_errno(CRT_ERANGE);
    else
        memcpy(buffer, path, length * sizeof(WCHAR));
    crt_free(path);
    return length > (size_t)size ? NULL : buffer;
}

WCHAR *WINAPI _wgetcwd(WCHAR *buffer, int size)
{
    return _wgetdcwd(0, buffer, size);
}

char *WINAPI _getdcwd(int drive, char *buffer, int size)
{
    CRT_REQUIRE(size >= 0, NULL);
    WCHAR *wide = _wgetdcwd(drive, NULL, 0);
    char *path = wide ? crt_narrow_name(wide) : NULL;
    crt_free(wide);
    if (!path)
        return NULL;
    size_t length = strlen(path) + 1;
    if (!buffer)
        return length < (size_t)size ? crt_realloc(path, (size_t)size) : path;
    if (length > (size_t)size)
        crt_set_errno(CRT_ERANGE);
    else
        memcpy(buffer, path, length);
    crt_free(path);
    return length > (size_t)size ? NULL : buffer;
}

char *WINAPI _getcwd(char *buffer, int size)
{
    return _getdcwd(0, buffer, size);
}

int WINAPI _getdrive(void)
{
    WCHAR *path = current_directory(0);
    int drive = 0;
    if (path && path[0] && path[1] == ':')
        drive = (path[0] | 0x20) - 'a' + 1;
    crt_free(path);
    return drive;
}

int WINAPI _chdrive(int drive)
{
    if (drive < 1 || drive > 26) {
        crt_thread()->dos_error = ERROR_INVALID_DRIVE;
        crt_invalid(CRT_EACCES);
        return -1;
    }
    WCHAR name[] = {(WCHAR)('A' + drive - 1), ':', 0};
    return done_or_failed(SetCurrentDirectoryW(name));
}

unsigned WINAPI _getdrives(void)
{
    return GetLogicalDrives();
}

/* struct _diskfree_t: clusters, free clusters, sectors per cluster, bytes per sector. */
unsigned WINAPI _getdiskfree(unsigned drive, unsigned *out)
{
    CRT_REQUIRE(out && drive <= 26, ERROR_INVALID_PARAMETER);
    WCHAR name[] = {(WCHAR)('A' + drive - 1), ':', '\\', 0};
    DWORD sectors, bytes, free_clusters, clusters;
    if (!GetDiskFreeSpaceW(drive ? name : NULL, &sectors, &bytes, &free_clusters, &clusters)) {
        crt_fail_last();
        return GetLastError();
    }
    out[0] = clusters;
    out[1] = free_clusters;
    out[2] = sectors;
    out[3] = bytes;
    return 0;
}
