/*
 * lowio.c: the table of file descriptors, and what needs no translation of text.
 *
 * Layer: crt over kernel32's file functions.  Descriptors are elements of blocks that __pioinfo shows to programs;
 * a block is made when a descriptor in it is first used.  The first block is filled from the standard handles, or
 * from what the parent's C runtime left in the start-up information.
 */
#include "crt.h"

struct crt_fd *__pioinfo[FD_COUNT / FD_BLOCK];
static RTL_CRITICAL_SECTION fd_table_lock = CRT_LOCK_INIT;
static unsigned char standard_unseen; /* a bit for each of the descriptors 0 to 2 not used so far */
static atomic_bool fd_ready;

/* __badioinfo: what macros of old programs take for a descriptor that is not open. */
struct crt_fd crt_badioinfo = {.handle = (HANDLE)-1, .ahead = '\n', .lock = CRT_LOCK_INIT};

int crt_fmode = O_TEXT_;
int crt_umask;

static bool fd_block_make(int block)
{
    struct crt_fd *fds = crt_calloc(FD_BLOCK, sizeof(*fds));
    if (!fds)
        return false;
    for (int i = 0; i < FD_BLOCK; i++) {
        fds[i].handle = INVALID_HANDLE_VALUE;
        fds[i].ahead = '\n';
        fds[i].lock.LockCount = -1;
    }
    __pioinfo[block] = fds;
    return true;
}

static struct crt_fd *fd_slot(int fd)
{
    if (!__pioinfo[fd / FD_BLOCK] && !fd_block_make(fd / FD_BLOCK))
        return NULL;
    return &__pioinfo[fd / FD_BLOCK][fd % FD_BLOCK];
}

/* FD_PIPE or FD_DEVICE as the handle's type tells; false: no usable handle. */
static bool handle_kind(HANDLE handle, unsigned char *flags)
{
    DWORD type = GetFileType(handle) & ~FILE_TYPE_REMOTE;
    if (type == FILE_TYPE_UNKNOWN)
        return false;
    *flags &= (unsigned char)~(FD_PIPE | FD_DEVICE);
    if (type == FILE_TYPE_PIPE)
        *flags |= FD_PIPE;
    else if (type == FILE_TYPE_CHAR)
        *flags |= FD_DEVICE;
    return true;
}

/* lpReserved2: an int count, count flag bytes, count handles (unaligned). */
static void fd_init_inherited(const UNICODE_STRING *data)
{
    int count;
    const unsigned char *bytes = (const unsigned char *)data->Buffer;
    if (!bytes || data->Length < sizeof(count))
        return;
    memcpy(&count, bytes, sizeof(count));
    if (count <= 0 || count > FD_COUNT || data->Length < sizeof(count) + (size_t)count * (1 + sizeof(HANDLE)))
        return;
    const unsigned char *flags = bytes + sizeof(count), *handles = flags + count;
    for (int i = 0; i < count; i++) {
        HANDLE handle;
        memcpy(&handle, handles + (size_t)i * sizeof(HANDLE), sizeof(HANDLE));
        if (!(flags[i] & FD_OPEN) || handle == INVALID_HANDLE_VALUE || handle == (HANDLE)-2)
            continue;
        unsigned char kind = flags[i];
        if (!(kind & FD_PIPE) && !handle_kind(handle, &kind))
            continue;
        struct crt_fd *slot = fd_slot(i);
        if (!slot)
            return;
        slot->handle = handle;
        slot->flags = kind;
    }
}

/* What kind of file a standard handle is is asked when the descriptor is first used: most programs use one of three. */
static void fd_init_standard(int fd, HANDLE handle)
{
    struct crt_fd *slot = fd_slot(fd);
    if (!slot || slot->flags & FD_OPEN)
        return;
    slot->flags = FD_OPEN | FD_TEXT;
    slot->handle = handle ? handle : INVALID_HANDLE_VALUE;
    standard_unseen |= (unsigned char)(1 << fd);
}

static void fd_see_standard(int fd, struct crt_fd *slot)
{
    crt_lock(&fd_table_lock);
    if (standard_unseen & 1 << fd &&
        (slot->handle == INVALID_HANDLE_VALUE || !handle_kind(slot->handle, &slot->flags))) {
        slot->handle = (HANDLE)-2; /* open, but nothing is there: as in programs without a console */
        slot->flags |= FD_DEVICE;
    }
    standard_unseen &= (unsigned char)~(1 << fd);
    crt_unlock(&fd_table_lock);
}

void fd_init(void)
{
    if (fd_ready)
        return;
    crt_lock(&fd_table_lock);
    if (!fd_ready) {
        RTL_USER_PROCESS_PARAMETERS *parameters = peb_current()->ProcessParameters;
        fd_init_inherited(&parameters->RuntimeData);
        fd_init_standard(0, parameters->StandardInput);
        fd_init_standard(1, parameters->StandardOutput);
        fd_init_standard(2, parameters->StandardError);
        fd_ready = true;
    }
    crt_unlock(&fd_table_lock);
}

struct crt_fd *fd_peek(int fd)
{
    fd_init();
    if (fd < 0 || fd >= FD_COUNT || !__pioinfo[fd / FD_BLOCK])
        return NULL;
    struct crt_fd *slot = &__pioinfo[fd / FD_BLOCK][fd % FD_BLOCK];
    if (fd < 3 && standard_unseen & 1 << fd)
        fd_see_standard(fd, slot);
    return slot->flags & FD_OPEN ? slot : NULL;
}

int fd_end(void)
{
    int block = FD_COUNT / FD_BLOCK;
    while (block && !__pioinfo[block - 1])
        block--;
    return block * FD_BLOCK;
}

int fd_limit(void)
{
    return crt_ucrt_started ? FD_COUNT : FD_COUNT_MSVCRT;
}

struct crt_fd *fd_get(int fd)
{
    struct crt_fd *slot = fd_peek(fd);
    if (slot)
        return slot;
    crt_thread()->dos_error = 0;
    if (fd == -2) /* _NO_CONSOLE_FILENO: no parameter error */
        crt_set_errno(CRT_EBADF);
    else
        crt_invalid(CRT_EBADF);
    return NULL;
}

struct crt_fd *fd_allocate(int *fd)
{
    fd_init();
    struct crt_fd *slot = NULL;
    crt_lock(&fd_table_lock);
    for (int i = 0, limit = fd_limit(); i < limit; i++) {
        slot = fd_slot(i);
        if (!slot || !(slot->flags & FD_OPEN)) {
            *fd = i;
            break;
        }
        slot = NULL;
    }
    if (slot) {
        slot->flags = FD_OPEN;
        slot->handle = INVALID_HANDLE_VALUE;
        slot->ahead = '\n';
        slot->text = TEXT_ANSI;
        slot->ahead_count = 0;
        crt_lock(&slot->lock);
    } else {
        crt_thread()->dos_error = 0;
        crt_set_errno(CRT_EMFILE);
    }
    crt_unlock(&fd_table_lock);
    return slot;
}

intptr_t WINAPI _get_osfhandle(int fd)
{
    struct crt_fd *slot = fd_get(fd);
    return slot ? (intptr_t)slot->handle : -1;
}

HANDLE fd_handle(int fd)
{
    struct crt_fd *slot = fd_get(fd);
    return slot ? slot->handle : INVALID_HANDLE_VALUE;
}

/* The standard handles follow descriptors 0 to 2 of a console program. */
static void standard_handle_follow(int fd, HANDLE handle)
{
    static const DWORD names[] = {STD_INPUT_HANDLE, STD_OUTPUT_HANDLE, STD_ERROR_HANDLE};
    if (fd >= 0 && fd <= 2 && crt_app_type != 2)
        SetStdHandle(names[fd], handle);
}

int WINAPI _open_osfhandle(intptr_t handle, int flags)
{
    unsigned char kind = 0;
    if (!handle_kind((HANDLE)handle, &kind)) {
        crt_fail_win32(ERROR_INVALID_HANDLE);
        return -1;
    }
    int fd;
    struct crt_fd *slot = fd_allocate(&fd);
    if (!slot)
        return -1;
    slot->handle = (HANDLE)handle;
    if (flags & (O_TEXT_ | O_WTEXT_ | O_U16TEXT_ | O_U8TEXT_))
        kind |= FD_TEXT;
    if (flags & O_APPEND_)
        kind |= FD_APPEND;
    if (flags & O_NOINHERIT_)
        kind |= FD_NOINHERIT;
    slot->flags |= kind;
    slot->text = flags & O_U8TEXT_ ? TEXT_UTF8 : flags & (O_U16TEXT_ | O_WTEXT_) ? TEXT_UTF16 : TEXT_ANSI;
    crt_unlock(&slot->lock);
    return fd;
}

int WINAPI _close(int fd)
{
    struct crt_fd *slot = fd_get(fd);
    if (!slot)
        return -1;
    crt_lock(&slot->lock);
    HANDLE handle = slot->handle;
    /* Two of the standard descriptors may share a handle: the last one closes it. */
    bool shared = (fd == 1 || fd == 2) && __pioinfo[0][3 - fd].flags & FD_OPEN && __pioinfo[0][3 - fd].handle == handle;
    DWORD error = 0;
    if (handle != INVALID_HANDLE_VALUE && handle != (HANDLE)-2 && !shared && !CloseHandle(handle))
        error = GetLastError();
    slot->handle = INVALID_HANDLE_VALUE;
    slot->flags = 0;
    if (fd <= 2)
        standard_handle_follow(fd, NULL);
    crt_unlock(&slot->lock);
    return error ? crt_fail_win32(error) : 0;
}

int WINAPI _isatty(int fd)
{
    struct crt_fd *slot = fd_get(fd);
    return slot ? slot->flags & FD_DEVICE : 0;
}

static int duplicate(struct crt_fd *source, int target_fd, struct crt_fd *target)
{
    HANDLE copy, self = GetCurrentProcess();
    if (source->handle == (HANDLE)-2) {
        copy = source->handle;
    } else if (!DuplicateHandle(self, source->handle, self, &copy, 0, TRUE, DUPLICATE_SAME_ACCESS)) {
        target->flags = 0;
        return crt_fail_last();
    }
    target->handle = copy;
    target->flags = source->flags & (unsigned char)~FD_NOINHERIT;
    target->text = source->text;
    standard_handle_follow(target_fd, copy);
    return 0;
}

int WINAPI _dup(int fd)
{
    int copy;
    struct crt_fd *source = fd_get(fd), *target;
    if (!source || !(target = fd_allocate(&copy)))
        return -1;
    int result = duplicate(source, copy, target);
    crt_unlock(&target->lock);
    return result ? -1 : copy;
}

int WINAPI _dup2(int fd, int copy)
{
    struct crt_fd *source = fd_get(fd);
    if (!source)
        return -1;
    if (copy < 0 || copy >= fd_limit())
        return crt_invalid(CRT_EBADF), -1;
    if (fd == copy)
        return 0;
    struct crt_fd *target = fd_slot(copy);
    if (!target) {
        crt_set_errno(CRT_ENOMEM);
        return -1;
    }
    if (target->flags & FD_OPEN)
        _close(copy);
    crt_lock(&target->lock);
    int result = duplicate(source, copy, target);
    crt_unlock(&target->lock);
    return result;
}

int WINAPI _pipe(int *fds, unsigned size, int flags)
{
    CRT_REQUIRE(fds, -1);
    fds[0] = fds[1] = -1;
    SECURITY_ATTRIBUTES attributes = {sizeof(attributes), NULL, !(flags & O_NOINHERIT_)};
    HANDLE ends[2];
    if (!CreatePipe(&ends[0], &ends[1], &attributes, size))
        return crt_fail_last();
    if (!(flags & (O_BINARY_ | O_TEXT_ | O_WTEXT_ | O_U16TEXT_ | O_U8TEXT_)))
        flags |= crt_fmode & O_BINARY_ ? O_BINARY_ : O_TEXT_;
    for (int i = 0; i < 2; i++)
        fds[i] = _open_osfhandle((intptr_t)ends[i], flags);
    return fds[0] < 0 || fds[1] < 0 ? -1 : 0;
}

/* --- positions and sizes -------------------------------------------------------------------------------------------
 */

int64_t WINAPI _lseeki64(int fd, int64_t offset, int origin)
{
    struct crt_fd *slot = fd_get(fd);
    if (!slot)
        return -1;
    LARGE_INTEGER move = {.QuadPart = offset}, position;
    if (!SetFilePointerEx(slot->handle, move, &position, (DWORD)origin))
        return crt_fail_last();
    slot->flags &= (unsigned char)~FD_EOF;
    slot->ahead_count = 0;
    slot->ahead = '\n';
    return position.QuadPart;
}

int WINAPI _lseek(int fd, int offset, int origin)
{
    return (int)_lseeki64(fd, offset, origin);
}

int64_t WINAPI _telli64(int fd)
{
    return _lseeki64(fd, 0, FILE_CURRENT);
}

int WINAPI _tell(int fd)
{
    return (int)_telli64(fd);
}

int64_t WINAPI _filelengthi64(int fd)
{
    struct crt_fd *slot = fd_get(fd);
    LARGE_INTEGER size;
    if (!slot)
        return -1;
    if (!GetFileSizeEx(slot->handle, &size))
        return crt_fail_last();
    return size.QuadPart;
}

int WINAPI _filelength(int fd)
{
    return (int)_filelengthi64(fd);
}

int WINAPI _eof(int fd)
{
    int64_t length = _filelengthi64(fd);
    int64_t position = length < 0 ? -1 : _telli64(fd);
    return position < 0 ? -1 : position >= length;
}

int WINAPI _commit(int fd)
{
    struct crt_fd *slot = fd_get(fd);
    if (!slot)
        return -1;
    if (FlushFileBuffers(slot->handle))
        return 0;
    crt_fail_last();
    crt_set_errno(CRT_EBADF);
    return -1;
}

int WINAPI _chsize_s(int fd, int64_t size)
{
    struct crt_fd *slot = fd_get(fd);
    if (!slot)
        return CRT_EBADF;
    CRT_REQUIRE(size >= 0, CRT_EINVAL);
    int64_t position = _telli64(fd);
    if (position < 0)
        return crt_thread()->error;
    bool done = _lseeki64(fd, size, FILE_BEGIN) >= 0;
    if (done && !SetEndOfFile(slot->handle)) {
        crt_fail_last();
        done = false;
    }
    int error = crt_thread()->error;
    _lseeki64(fd, position, FILE_BEGIN);
    return done ? 0 : crt_set_errno(error);
}

int WINAPI _chsize(int fd, int size)
{
    return _chsize_s(fd, size) ? -1 : 0;
}

/* _LK_UNLCK 0, _LK_LOCK 1, _LK_NBLCK 2, _LK_RLCK 3, _LK_NBRLCK 4: the blocking ones try ten times, a second apart. */
int WINAPI _locking(int fd, int mode, int size)
{
    struct crt_fd *slot = fd_get(fd);
    if (!slot)
        return -1;
    CRT_REQUIRE(size >= 0 && mode >= 0 && mode <= 4, -1);
    int64_t position = _telli64(fd);
    if (position < 0)
        return -1;
    DWORD low = (DWORD)position, high = (DWORD)(position >> 32);
    bool blocking = mode == 1 || mode == 3;
    for (int attempt = 0;; attempt++) {
        BOOL done = mode == 0 ? UnlockFile(slot->handle, low, high, (DWORD)size, 0)
                              : LockFile(slot->handle, low, high, (DWORD)size, 0);
        if (done)
            return 0;
        if (!blocking || attempt == 9)
            break;
        Sleep(1000);
    }
    crt_fail_last();
    if (blocking)
        crt_set_errno(CRT_EDEADLK);
    return -1;
}

int WINAPI _umask(int mode)
{
    int old = crt_umask;
    crt_umask = mode & 0x180; /* _S_IREAD | _S_IWRITE */
    return old;
}

int WINAPI _umask_s(int mode, int *old)
{
    CRT_REQUIRE(old, CRT_EINVAL);
    CRT_REQUIRE(!(mode & ~0x180), CRT_EINVAL);
    *old = _umask(mode);
    return 0;
}

int WINAPI _setmode(int fd, int mode)
{
    struct crt_fd *slot = fd_get(fd);
    if (!slot)
        return -1;
    CRT_REQUIRE(mode == O_TEXT_ || mode == O_BINARY_ || mode == O_WTEXT_ || mode == O_U8TEXT_ || mode == O_U16TEXT_,
                -1);
    int old = !(slot->flags & FD_TEXT)   ? O_BINARY_
              : slot->text == TEXT_UTF8  ? O_U8TEXT_
              : slot->text == TEXT_UTF16 ? O_WTEXT_
                                         : O_TEXT_;
    if (mode == O_BINARY_)
        slot->flags &= (unsigned char)~FD_TEXT;
    else
        slot->flags |= FD_TEXT;
    slot->text = mode == O_U8TEXT_ ? TEXT_UTF8 : mode == O_WTEXT_ || mode == O_U16TEXT_ ? TEXT_UTF16 : TEXT_ANSI;
    return old;
}

int WINAPI _set_fmode(int mode)
{
    CRT_REQUIRE(mode == O_TEXT_ || mode == O_BINARY_ || mode == O_WTEXT_, CRT_EINVAL);
    crt_fmode = mode;
    return 0;
}

int WINAPI _get_fmode(int *mode)
{
    CRT_REQUIRE(mode, CRT_EINVAL);
    *mode = crt_fmode;
    return 0;
}

int *WINAPI __p__fmode(void)
{
    return &crt_fmode;
}
