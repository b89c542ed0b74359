/*
 * open.c: _open and its relatives: from flags to CreateFile, and Unicode text files with their byte order marks.
 *
 * Layer: crt over kernel32.
 */
#include "crt.h"

#define S_IWRITE_ 0x80

static DWORD open_disposition(int flags)
{
    switch (flags & (O_CREAT_ | O_EXCL_ | O_TRUNC_)) {
    case O_CREAT_:
        return OPEN_ALWAYS;
    case O_CREAT_ | O_EXCL_:
    case O_CREAT_ | O_EXCL_ | O_TRUNC_:
        return CREATE_NEW;
    case O_TRUNC_:
    case O_TRUNC_ | O_EXCL_:
        return TRUNCATE_EXISTING;
    case O_CREAT_ | O_TRUNC_:
        return CREATE_ALWAYS;
    default:
        return OPEN_EXISTING;
    }
}

static DWORD open_sharing(int share, int flags)
{
    switch (share) {
    case SH_DENYRW_:
        return 0;
    case SH_DENYWR_:
        return FILE_SHARE_READ;
    case SH_DENYRD_:
        return FILE_SHARE_WRITE;
    case SH_SECURE_:
        return (flags & 3) == O_RDONLY_ ? FILE_SHARE_READ : 0;
    default:
        return FILE_SHARE_READ | FILE_SHARE_WRITE;
    }
}

static DWORD open_attributes(int flags, int mode)
{
    DWORD attributes = FILE_ATTRIBUTE_NORMAL;
    if (flags & O_CREAT_ && !((mode & ~crt_umask) & S_IWRITE_))
        attributes = FILE_ATTRIBUTE_READONLY;
    if (flags & O_TEMPORARY_)
        attributes |= FILE_FLAG_DELETE_ON_CLOSE;
    if (flags & O_SHORT_LIVED_)
        attributes |= FILE_ATTRIBUTE_TEMPORARY;
    if (flags & O_OBTAIN_DIR_)
        attributes |= FILE_FLAG_BACKUP_SEMANTICS;
    if (flags & O_SEQUENTIAL_)
        attributes |= FILE_FLAG_SEQUENTIAL_SCAN;
    else if (flags & O_RANDOM_)
        attributes |= FILE_FLAG_RANDOM_ACCESS;
    return attributes;
}

static HANDLE open_handle(const WCHAR *name, int flags, int share, int mode)
{
    static const DWORD access[] = {GENERIC_READ, GENERIC_WRITE, GENERIC_READ | GENERIC_WRITE};
    SECURITY_ATTRIBUTES security = {sizeof(security), NULL, !(flags & O_NOINHERIT_)};
    DWORD wanted = access[flags & 3];
    /* Opened for writing in a Unicode mode: the mark at the beginning wants to be read. */
    bool peek = flags & (O_WTEXT_ | O_U16TEXT_ | O_U8TEXT_) && (flags & 3) == O_WRONLY_;
    if (flags & O_TEMPORARY_)
        wanted |= DELETE;
    DWORD sharing = open_sharing(share, flags) | (flags & O_TEMPORARY_ ? FILE_SHARE_DELETE : 0);
    HANDLE handle = INVALID_HANDLE_VALUE;
    if (peek)
        handle = CreateFileW(name, wanted | GENERIC_READ, sharing, &security, open_disposition(flags),
                             open_attributes(flags, mode), NULL);
    if (handle == INVALID_HANDLE_VALUE)
        handle =
            CreateFileW(name, wanted, sharing, &security, open_disposition(flags), open_attributes(flags, mode), NULL);
    return handle;
}

/* Finds the byte order mark of a file opened in a Unicode mode, or writes one to a new file. */
static void open_mark(struct crt_fd *slot, int flags)
{
    static const unsigned char utf8_mark[] = {0xef, 0xbb, 0xbf}, utf16_mark[] = {0xff, 0xfe};
    slot->text = flags & O_U8TEXT_ ? TEXT_UTF8 : TEXT_UTF16;
    if (slot->flags & (FD_DEVICE | FD_PIPE))
        return;
    LARGE_INTEGER size, start = {.QuadPart = 0};
    DWORD moved;
    if (!GetFileSizeEx(slot->handle, &size))
        return;
    if (!size.QuadPart && (flags & 3) != O_RDONLY_) {
        bool utf8 = slot->text == TEXT_UTF8;
        WriteFile(slot->handle, utf8 ? utf8_mark : utf16_mark, utf8 ? 3 : 2, &moved, NULL);
        return;
    }
    unsigned char mark[3];
    DWORD got = 0;
    if (!ReadFile(slot->handle, mark, 3, &got, NULL))
        got = 0;
    if (got >= 3 && !memcmp(mark, utf8_mark, 3)) {
        slot->text = TEXT_UTF8;
        start.QuadPart = 3;
    } else if (got >= 2 && !memcmp(mark, utf16_mark, 2)) {
        slot->text = TEXT_UTF16;
        start.QuadPart = 2;
    } else if (flags & O_WTEXT_ && !(flags & (O_U16TEXT_ | O_U8TEXT_))) {
        slot->text = TEXT_ANSI;
    }
    SetFilePointerEx(slot->handle, start, NULL, FILE_BEGIN);
}

int crt_open(const WCHAR *name, int flags, int share, int mode)
{
    const int text_modes = O_TEXT_ | O_WTEXT_ | O_U16TEXT_ | O_U8TEXT_;
    CRT_REQUIRE((flags & 3) != 3, -1);
    if (!(flags & (text_modes | O_BINARY_)))
        flags |= crt_fmode & O_BINARY_ ? O_BINARY_ : crt_fmode & O_WTEXT_ ? O_WTEXT_ : O_TEXT_;
    int fd;
    struct crt_fd *slot = fd_allocate(&fd);
    if (!slot)
        return -1;
    HANDLE handle = open_handle(name, flags, share, mode);
    if (handle == INVALID_HANDLE_VALUE) {
        crt_fail_last();
        slot->flags = 0;
        crt_unlock(&slot->lock);
        return -1;
    }
    DWORD type = GetFileType(handle);
    slot->handle = handle;
    if (type == FILE_TYPE_CHAR)
        slot->flags |= FD_DEVICE;
    else if (type == FILE_TYPE_PIPE)
        slot->flags |= FD_PIPE;
    if (flags & text_modes)
        slot->flags |= FD_TEXT;
    if (flags & O_NOINHERIT_)
        slot->flags |= FD_NOINHERIT;
    if (flags & (O_WTEXT_ | O_U16TEXT_ | O_U8TEXT_))
        open_mark(slot, flags);
    if (flags & O_APPEND_ && !(slot->flags & (FD_DEVICE | FD_PIPE)))
        slot->flags |= FD_APPEND;
    crt_unlock(&slot->lock);
    return fd;
}

static int open_narrow(const char *name, int flags, int share, int mode)
{
    WCHAR *wide = crt_wide_name(name);
    if (!wide)
        return -1;
    int fd = crt_open(wide, flags, share, mode);
    crt_free(wide);
    return fd;
}

int WINAPI _wsopen(const WCHAR *name, int flags, int share, int mode)
{
    CRT_REQUIRE(name, -1);
    return crt_open(name, flags, share, mode);
}

int WINAPI _sopen(const char *name, int flags, int share, int mode)
{
    CRT_REQUIRE(name, -1);
    return open_narrow(name, flags, share, mode);
}

int WINAPI _wopen(const WCHAR *name, int flags, int mode)
{
    CRT_REQUIRE(name, -1);
    return crt_open(name, flags, SH_DENYNO_, mode);
}

int WINAPI _open(const char *name, int flags, int mode)
{
    CRT_REQUIRE(name, -1);
    return open_narrow(name, flags, SH_DENYNO_, mode);
}

int WINAPI _creat(const char *name, int mode)
{
    return _open(name, O_CREAT_ | O_TRUNC_ | O_RDWR_, mode);
}

int WINAPI _wcreat(const WCHAR *name, int mode)
{
    return _wopen(name, O_CREAT_ | O_TRUNC_ | O_RDWR_, mode);
}

/* ucrtbase's core of them all: `secure` checks the mode as the _s functions do. */
int WINAPI _sopen_dispatch(const char *name, int flags, int share, int mode, int *fd, int secure)
{
    CRT_REQUIRE(fd, CRT_EINVAL);
    *fd = -1;
    CRT_REQUIRE(name && !(secure && mode & ~0x180), CRT_EINVAL);
    *fd = open_narrow(name, flags, share, mode);
    return *fd < 0 ? crt_thread()->error : 0;
}

int WINAPI _wsopen_dispatch(const WCHAR *name, int flags, int share, int mode, int *fd, int secure)
{
    CRT_REQUIRE(fd, CRT_EINVAL);
    *fd = -1;
    CRT_REQUIRE(name && !(secure && mode & ~0x180), CRT_EINVAL);
    *fd = crt_open(name, flags, share, mode);
    return *fd < 0 ? crt_thread()->error : 0;
}

int WINAPI _sopen_s(int *fd, const char *name, int flags, int share, int mode)
{
    return _sopen_dispatch(name, flags, share, mode, fd, 1);
}

int WINAPI _wsopen_s(int *fd, const WCHAR *name, int flags, int share, int mode)
{
    return _wsopen_dispatch(name, flags, share, mode, fd, 1);
}
