/*
 * file.h: the file operations that file.c measures: Windows' way, and the plain system calls of Linux.
 */
#ifdef _WIN32
#include <windows.h>

typedef HANDLE file;

static double now(void)
{
    LARGE_INTEGER frequency, counter;
    QueryPerformanceFrequency(&frequency);
    QueryPerformanceCounter(&counter);
    return (double)counter.QuadPart * 1e9 / (double)frequency.QuadPart;
}

static void make_directory(const char *name)
{
    CreateDirectoryA(name, NULL);
}

static file file_open(const char *name)
{
    return CreateFileA(name, GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);
}

static file file_make(const char *name)
{
    return CreateFileA(name, GENERIC_READ | GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
}

static void file_close(file f)
{
    CloseHandle(f);
}

static int file_exists(const char *name)
{
    WIN32_FILE_ATTRIBUTE_DATA data;
    return GetFileAttributesExA(name, GetFileExInfoStandard, &data);
}

static int file_read(file f, char *buffer, unsigned size)
{
    DWORD n;
    OVERLAPPED at = {0};
    return ReadFile(f, buffer, size, &n, &at) && n == size;
}

static int file_write(file f, const char *buffer, unsigned size)
{
    DWORD n;
    OVERLAPPED at = {0};
    return WriteFile(f, buffer, size, &n, &at) && n == size;
}

/* With what a listing tells of each: sizes, times, attributes. */
static unsigned list_directory(const char *name)
{
    char pattern[300];
    WIN32_FIND_DATAA data;
    unsigned count = 0;
    wsprintfA(pattern, "%s\\*", name);
    HANDLE find = FindFirstFileA(pattern, &data);
    do
        count += data.nFileSizeLow == 0;
    while (FindNextFileA(find, &data));
    FindClose(find);
    return count;
}

static void file_remove(const char *name)
{
    DeleteFileA(name);
}

static void file_rename(const char *from, const char *to)
{
    MoveFileExA(from, to, MOVEFILE_REPLACE_EXISTING);
}

static void lock_pair(file f)
{
    LockFile(f, 100, 0, 10, 0);
    UnlockFile(f, 100, 0, 10, 0);
}

#else
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

typedef int file;

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static void make_directory(const char *name)
{
    mkdir(name, 0777);
}

static file file_open(const char *name)
{
    return open(name, O_RDONLY | O_CLOEXEC);
}

static file file_make(const char *name)
{
    return open(name, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
}

static void file_close(file f)
{
    close(f);
}

static int file_exists(const char *name)
{
    struct stat st;
    return stat(name, &st) == 0;
}

static int file_read(file f, char *buffer, unsigned size)
{
    return pread(f, buffer, size, 0) == (ssize_t)size;
}

static int file_write(file f, const char *buffer, unsigned size)
{
    return pwrite(f, buffer, size, 0) == (ssize_t)size;
}

static unsigned list_directory(const char *name)
{
    DIR *dir = opendir(name);
    unsigned count = 0;
    for (struct dirent *entry; (entry = readdir(dir));) {
        struct stat st;
        count += fstatat(dirfd(dir), entry->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0;
    }
    closedir(dir);
    return count;
}

static void file_remove(const char *name)
{
    unlink(name);
}

static void file_rename(const char *from, const char *to)
{
    rename(from, to);
}

static void lock_pair(file f)
{
    struct flock lock = {.l_type = F_WRLCK, .l_start = 100, .l_len = 10};
    fcntl(f, F_OFD_SETLK, &lock);
    lock.l_type = F_UNLCK;
    fcntl(f, F_OFD_SETLK, &lock);
}
#endif
