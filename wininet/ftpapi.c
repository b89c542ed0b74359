/*
 * ftpapi.c: wininet.h: FTP's functions.  They take as long as they take, in asynchronous sessions too.
 */
#include <stdio.h>
#include <stdlib.h>
#include "wininet/ftp.h"

/* Commands with a whole name behind each. */
static BOOL on_paths(HINTERNET connection, const char *const *verbs, LPCWSTR const *paths, size_t count)
{
    struct ftp *ftp = ftp_of(connection);
    char *lines[2] = {NULL, NULL};
    DWORD error = ftp ? 0 : GetLastError();

    for (size_t i = 0; i < count && !error; i++) {
        char *path = paths[i] && *paths[i] ? ftp_path(ftp, paths[i]) : NULL;

        if (path && (lines[i] = crypt_alloc(strlen(path) + 8)))
            sprintf(lines[i], "%s %s", verbs[i], path);
        else
            error = ERROR_INVALID_PARAMETER;
        crypt_free(path);
    }
    if (!error)
        error = ftp_commands(ftp, (const char *const *)lines, count, NULL);
    crypt_free(lines[0]);
    crypt_free(lines[1]);
    return error ? inet_fail(error) : TRUE;
}

#define ON_PATH(NAME, VERB)                                                                                            \
    BOOL WINAPI NAME##W(HINTERNET connection, LPCWSTR path)                                                            \
    {                                                                                                                  \
        return on_paths(connection, (const char *const[]){VERB}, &path, 1);                                            \
    }                                                                                                                  \
    BOOL WINAPI NAME##A(HINTERNET connection, LPCSTR path)                                                             \
    {                                                                                                                  \
        WCHAR *wide = wide_from_ansi(path);                                                                            \
        BOOL done = NAME##W(connection, wide);                                                                         \
                                                                                                                       \
        crypt_free(wide);                                                                                              \
        return done;                                                                                                   \
    }

ON_PATH(FtpDeleteFile, "DELE")
ON_PATH(FtpCreateDirectory, "MKD")
ON_PATH(FtpRemoveDirectory, "RMD")

BOOL WINAPI FtpRenameFileW(HINTERNET connection, LPCWSTR from, LPCWSTR to)
{
    return on_paths(connection, (const char *const[]){"RNFR", "RNTO"}, (LPCWSTR const[]){from, to}, 2);
}

BOOL WINAPI FtpRenameFileA(HINTERNET connection, LPCSTR from, LPCSTR to)
{
    WCHAR *f = wide_from_ansi(from), *t = wide_from_ansi(to);
    BOOL done = FtpRenameFileW(connection, f, t);

    crypt_free(f);
    crypt_free(t);
    return done;
}

/* The server says whether there is such a folder; that it is the present one is known here alone. */
BOOL WINAPI FtpSetCurrentDirectoryW(HINTERNET connection, LPCWSTR path)
{
    struct ftp *ftp;
    char *whole;

    if (!on_paths(connection, (const char *const[]){"CWD"}, &path, 1))
        return FALSE;
    ftp = ftp_of(connection);
    whole = ftp_path(ftp, path);
    RtlAcquireSRWLockExclusive(&ftp->lock);
    crypt_free(ftp->folder);
    ftp->folder = whole;
    RtlReleaseSRWLockExclusive(&ftp->lock);
    return TRUE;
}

BOOL WINAPI FtpSetCurrentDirectoryA(HINTERNET connection, LPCSTR path)
{
    WCHAR *wide = wide_from_ansi(path);
    BOOL done = FtpSetCurrentDirectoryW(connection, wide);

    crypt_free(wide);
    return done;
}

BOOL WINAPI FtpGetCurrentDirectoryW(HINTERNET connection, LPWSTR path, LPDWORD size)
{
    struct ftp *ftp = ftp_of(connection);
    WCHAR *wide;
    BOOL done;

    if (!ftp || !size)
        return ftp ? inet_fail(ERROR_INVALID_PARAMETER) : FALSE;
    wide = wide_from_utf8(ftp->folder, -1);
    done = wide && inet_give_wide(wide, path, size);
    crypt_free(wide);
    return done;
}

BOOL WINAPI FtpGetCurrentDirectoryA(HINTERNET connection, LPSTR path, LPDWORD size)
{
    struct ftp *ftp = ftp_of(connection);
    WCHAR *wide;
    BOOL done;

    if (!ftp || !size)
        return ftp ? inet_fail(ERROR_INVALID_PARAMETER) : FALSE;
    wide = wide_from_utf8(ftp->folder, -1);
    done = wide && inet_give_ansi(wide, path, size);
    crypt_free(wide);
    return done;
}

/* A file that is open: reading or writing. */
struct ftp_file {
    struct inet_stream stream;
    struct http_transfer *transfer;
    void *connection; /* held: the transfer's pool is its */
    struct ftp *ftp;
    char *path;
    bool writing;
};

static void file_free(void *object)
{
    struct ftp_file *file = object;
    size_t available;

    if (file->writing) { /* what was written is whole now */
        http_plugin()->write_end(file->transfer);
        http_plugin()->wait_data(file->transfer, &available);
    }
    http_plugin()->finish(file->transfer);
    inet_drop(file->connection);
    crypt_free(file->path);
    crypt_free(file);
}

static DWORD file_read(struct inet_stream *stream, HINTERNET handle, void *buffer, DWORD size, DWORD *got)
{
    struct ftp_file *file = (struct ftp_file *)stream;

    (void)handle;
    while (*got < size) {
        size_t part = 0;
        enum http_result result = http_plugin()->read(file->transfer, (BYTE *)buffer + *got, size - *got, &part);

        if (result)
            return ftp_error(file->transfer, result);
        if (!part)
            break;
        *got += (DWORD)part;
    }
    return 0;
}

static DWORD file_available(struct inet_stream *stream, HINTERNET handle, DWORD *available)
{
    struct ftp_file *file = (struct ftp_file *)stream;
    size_t size = 0;
    enum http_result result = http_plugin()->wait_data(file->transfer, &size);

    (void)handle;
    *available = size > 0x10000 ? 0x10000 : (DWORD)size;
    return size ? 0 : ftp_error(file->transfer, result);
}

static DWORD file_write(struct inet_stream *stream, HINTERNET handle, const void *data, DWORD size, DWORD *written)
{
    struct ftp_file *file = (struct ftp_file *)stream;
    enum http_result result = http_plugin()->write(file->transfer, data, size);

    (void)handle;
    *written = result ? 0 : size;
    return ftp_error(file->transfer, result);
}

HINTERNET WINAPI FtpOpenFileW(HINTERNET connection, LPCWSTR path, DWORD access, DWORD flags, DWORD_PTR context)
{
    struct ftp *ftp = ftp_of(connection);
    bool writing = access == GENERIC_WRITE;
    char *whole = ftp && path && *path ? ftp_path(ftp, path) : NULL;
    struct ftp_file *file = whole ? crypt_alloc(sizeof *file) : NULL;
    struct inet_extra *extra;
    HINTERNET handle = NULL;
    size_t available;
    DWORD error = ftp ? ERROR_INVALID_PARAMETER : GetLastError();

    if (file && (access == GENERIC_READ || writing))
        error = ftp_start(ftp, writing ? HTTP_FTP_PUT : HTTP_FTP_GET, whole, NULL, 0, NULL,
                          (flags & FTP_TRANSFER_TYPE_MASK) == FTP_TRANSFER_TYPE_ASCII, &file->transfer);
    if (!error && !writing && (error = ftp_error(file->transfer, http_plugin()->wait_data(file->transfer, &available))))
        http_plugin()->finish(file->transfer);
    if (!error && !(handle = inet_child(connection))) {
        http_plugin()->finish(file->transfer);
        error = GetLastError();
    }
    if (error) {
        crypt_free(whole);
        crypt_free(file);
        SetLastError(error);
        return NULL;
    }
    file->stream = (struct inet_stream){
        .read = file_read, .available = file_available, .write = writing ? file_write : NULL, .waits = true};
    file->connection = inet_hold(connection);
    file->ftp = ftp;
    file->path = whole;
    file->writing = writing;
    extra = inet_extra_of(handle);
    extra->object = file;
    extra->object_free = file_free;
    extra->type = INTERNET_HANDLE_TYPE_FTP_FILE;
    extra->context = context;
    inet_notify_created(handle);
    SetLastError(0);
    return handle;
}

HINTERNET WINAPI FtpOpenFileA(HINTERNET connection, LPCSTR path, DWORD access, DWORD flags, DWORD_PTR context)
{
    WCHAR *wide = wide_from_ansi(path);
    HINTERNET handle = FtpOpenFileW(connection, wide, access, flags, context);

    crypt_free(wide);
    return handle;
}

/* Asked for on a connection beside the one that the file's content takes. */
DWORD WINAPI FtpGetFileSize(HINTERNET handle, LPDWORD high)
{
    struct inet_extra *extra = inet_extra_of(handle);
    struct ftp_file *file = extra && extra->type == INTERNET_HANDLE_TYPE_FTP_FILE ? extra->object : NULL;
    char *line = file ? crypt_alloc(strlen(file->path) + 8) : NULL, *reply = NULL, *at;
    uint64_t size = 0;
    DWORD error = ERROR_INTERNET_INCORRECT_HANDLE_TYPE;

    if (line) {
        sprintf(line, "SIZE %s", file->path);
        error = ftp_commands(file->ftp, (const char *const[]){"TYPE I", line}, 2, &reply);
        at = reply ? strstr(reply, "\n213 ") : NULL;
        if (at)
            size = strtoull(at + 5, NULL, 10);
        else if (!error)
            error = ERROR_INTERNET_EXTENDED_ERROR;
    }
    crypt_free(line);
    crypt_free(reply);
    if (high)
        *high = (DWORD)(size >> 32);
    SetLastError(error);
    return error ? INVALID_FILE_SIZE : (DWORD)size;
}

static DWORD copy_down(HINTERNET from, HANDLE to)
{
    BYTE *block = crypt_alloc(65536);
    DWORD got = 0, written, error = block ? 0 : ERROR_OUTOFMEMORY;

    while (!error) {
        if (!InternetReadFile(from, block, 65536, &got))
            error = GetLastError();
        else if (!got)
            break;
        else if (!WriteFile(to, block, got, &written, NULL))
            error = GetLastError();
    }
    crypt_free(block);
    return error;
}

BOOL WINAPI FtpGetFileW(HINTERNET connection, LPCWSTR remote, LPCWSTR local, BOOL must_be_new, DWORD attributes,
                        DWORD flags, DWORD_PTR context)
{
    HINTERNET from;
    HANDLE to;
    DWORD error;

    if (!local || !*local)
        return inet_fail(ERROR_INVALID_PARAMETER);
    if (must_be_new && GetFileAttributesW(local) != INVALID_FILE_ATTRIBUTES)
        return inet_fail(ERROR_FILE_EXISTS);
    (void)context; /* the file's handle is nobody's */
    from = FtpOpenFileW(connection, remote, GENERIC_READ, flags, 0);
    if (!from)
        return FALSE;
    inet_extra_of(from)->context = 0;
    to = CreateFileW(local, GENERIC_WRITE, 0, NULL, must_be_new ? CREATE_NEW : CREATE_ALWAYS, attributes, NULL);
    error = to == INVALID_HANDLE_VALUE ? GetLastError() : copy_down(from, to);
    InternetCloseHandle(from);
    if (to != INVALID_HANDLE_VALUE)
        CloseHandle(to);
    if (error && to != INVALID_HANDLE_VALUE)
        DeleteFileW(local);
    return error ? inet_fail(error) : TRUE;
}

BOOL WINAPI FtpGetFileA(HINTERNET connection, LPCSTR remote, LPCSTR local, BOOL must_be_new, DWORD attributes,
                        DWORD flags, DWORD_PTR context)
{
    WCHAR *r = wide_from_ansi(remote), *l = wide_from_ansi(local);
    BOOL done = FtpGetFileW(connection, r, l, must_be_new, attributes, flags, context);

    crypt_free(r);
    crypt_free(l);
    return done;
}

BOOL WINAPI FtpPutFileW(HINTERNET connection, LPCWSTR local, LPCWSTR remote, DWORD flags, DWORD_PTR context)
{
    struct ftp *ftp = ftp_of(connection);
    HANDLE from = ftp && local ? CreateFileW(local, GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL)
                               : INVALID_HANDLE_VALUE;
    char *path = from != INVALID_HANDLE_VALUE && remote && *remote ? ftp_path(ftp, remote) : NULL;
    BYTE *block = path ? crypt_alloc(65536) : NULL;
    struct http_transfer *transfer;
    size_t available;
    DWORD got, error = ftp && local ? GetLastError() : ftp ? ERROR_INVALID_PARAMETER : GetLastError();

    (void)context;
    if (block) {
        error = ftp_start(ftp, HTTP_FTP_PUT, path, NULL, 0, NULL,
                          (flags & FTP_TRANSFER_TYPE_MASK) == FTP_TRANSFER_TYPE_ASCII, &transfer);
        if (!error) {
            while (!error && ReadFile(from, block, 65536, &got, NULL) && got)
                error = ftp_error(transfer, http_plugin()->write(transfer, block, got));
            http_plugin()->write_end(transfer);
            if (!error)
                error = ftp_error(transfer, http_plugin()->wait_data(transfer, &available));
            http_plugin()->finish(transfer);
        }
    } else if (from != INVALID_HANDLE_VALUE) {
        error = ERROR_INVALID_PARAMETER;
    }
    if (from != INVALID_HANDLE_VALUE)
        CloseHandle(from);
    crypt_free(block);
    crypt_free(path);
    return error ? inet_fail(error) : TRUE;
}

BOOL WINAPI FtpPutFileA(HINTERNET connection, LPCSTR local, LPCSTR remote, DWORD flags, DWORD_PTR context)
{
    WCHAR *l = wide_from_ansi(local), *r = wide_from_ansi(remote);
    BOOL done = FtpPutFileW(connection, l, r, flags, context);

    crypt_free(l);
    crypt_free(r);
    return done;
}

/* Without an answer that is data. */
BOOL WINAPI FtpCommandW(HINTERNET connection, BOOL expect, DWORD flags, LPCWSTR command, DWORD_PTR context,
                        HINTERNET *file)
{
    struct ftp *ftp = ftp_of(connection);
    char *line;
    DWORD error;

    (void)flags, (void)context;
    if (!ftp)
        return FALSE;
    if (!command || !*command || expect)
        return inet_fail(expect ? ERROR_NOT_SUPPORTED : ERROR_INVALID_PARAMETER);
    if (file)
        *file = NULL;
    line = utf8_from_wide(command);
    error = ftp_commands(ftp, (const char *const[]){line}, 1, NULL);
    crypt_free(line);
    return error ? inet_fail(error) : TRUE;
}

BOOL WINAPI FtpCommandA(HINTERNET connection, BOOL expect, DWORD flags, LPCSTR command, DWORD_PTR context,
                        HINTERNET *file)
{
    WCHAR *wide = wide_from_ansi(command);
    BOOL done = FtpCommandW(connection, expect, flags, wide, context, file);

    crypt_free(wide);
    return done;
}
