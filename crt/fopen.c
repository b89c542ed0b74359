/*
 * fopen.c: opening, reopening and closing streams; temporary files.
 *
 * Layer: crt over open.c and stream.c.
 */
#include "crt.h"

/* "ccs=UTF-8", "ccs=UTF-16LE" or "ccs=UNICODE" after the comma; 0: none of these. */
static int mode_encoding(const WCHAR *text)
{
    static const struct {
        const char *name;
        int flag;
    } encodings[] = {{"UTF-8", O_U8TEXT_}, {"UTF-16LE", O_U16TEXT_}, {"UNICODE", O_WTEXT_}};
    while (*text == ' ')
        text++;
    for (const char *key = "ccs"; *key; key++, text++)
        if (*text != (WCHAR)*key)
            return 0;
    while (*text == ' ')
        text++;
    if (*text++ != '=')
        return 0;
    while (*text == ' ')
        text++;
    for (size_t i = 0; i < sizeof(encodings) / sizeof(encodings[0]); i++) {
        const char *name = encodings[i].name;
        size_t n = 0;
        while (name[n] && (text[n] == (WCHAR)name[n] || text[n] == (WCHAR)(name[n] | 0x20)))
            n++;
        if (!name[n] && (!text[n] || text[n] == ' '))
            return encodings[i].flag;
    }
    return 0;
}

static bool mode_letter(WCHAR letter, int *flags, int *stream)
{
    switch (letter) {
    case '+':
        *flags = (*flags & ~(O_RDONLY_ | O_WRONLY_)) | O_RDWR_;
        *stream = (*stream & ~(STREAM_READ | STREAM_WRITE)) | STREAM_UPDATE;
        break;
    case 'b':
        *flags |= O_BINARY_;
        break;
    case 't':
        *flags |= O_TEXT_;
        break;
    case 'c':
        *stream |= STREAM_COMMIT;
        break;
    case 'n':
        *stream &= ~STREAM_COMMIT;
        break;
    case 'S':
        *flags |= O_SEQUENTIAL_;
        break;
    case 'R':
        *flags |= O_RANDOM_;
        break;
    case 'T':
        *flags |= O_SHORT_LIVED_;
        break;
    case 'D':
        *flags |= O_TEMPORARY_;
        break;
    case 'N':
        *flags |= O_NOINHERIT_;
        break;
    case 'x':
        *flags |= O_EXCL_;
        break;
    case ' ':
        break;
    default:
        return false;
    }
    return true;
}

bool stream_parse_mode(const WCHAR *mode, int *open_flags, int *stream_flags)
{
    int flags, stream = crt_commode ? STREAM_COMMIT : 0;
    while (*mode == ' ')
        mode++;
    switch (*mode++) {
    case 'r':
        flags = O_RDONLY_;
        stream |= STREAM_READ;
        break;
    case 'w':
        flags = O_WRONLY_ | O_CREAT_ | O_TRUNC_;
        stream |= STREAM_WRITE;
        break;
    case 'a':
        flags = O_WRONLY_ | O_CREAT_ | O_APPEND_;
        stream |= STREAM_WRITE;
        break;
    default:
        return false;
    }
    for (; *mode && *mode != ','; mode++)
        if (!mode_letter(*mode, &flags, &stream))
            return false;
    if (*mode == ',') {
        int encoding = mode_encoding(mode + 1);
        if (!encoding)
            return false;
        flags |= encoding;
    }
    *open_flags = flags;
    *stream_flags = stream | STREAM_OPEN;
    return true;
}

/* Opens into a locked stream; the stream is released when that fails. */
static struct stream *open_into(struct stream *stream, const WCHAR *name, int flags, int stream_flags, int share)
{
    int fd = crt_open(name, flags, share, 0x180);
    if (fd < 0) {
        stream_release(stream);
        return NULL;
    }
    *stream = (struct stream){.flag = stream_flags, .file = fd};
    if (flags & O_APPEND_)
        _lseeki64(fd, 0, FILE_END);
    return stream;
}

struct stream *stream_open(const WCHAR *name, const WCHAR *mode, int share, struct stream *into)
{
    int flags, stream_flags;
    CRT_REQUIRE(name && mode && *mode, NULL);
    if (!*name) {
        crt_set_errno(into ? CRT_EINVAL : CRT_ENOENT);
        return NULL;
    }
    if (!stream_parse_mode(mode, &flags, &stream_flags)) {
        crt_invalid(CRT_EINVAL);
        return NULL;
    }
    struct stream *stream = into;
    if (into) {
        stream_lock(into);
        if (into->flag)
            stream_close(into);
    } else if (!(stream = stream_allocate())) {
        return NULL;
    }
    struct stream *result = open_into(stream, name, flags, stream_flags, share);
    stream_unlock(stream);
    return result;
}

static struct stream *open_narrow(const char *name, const char *mode, int share, struct stream *into)
{
    CRT_REQUIRE(name && mode, NULL);
    WCHAR *wide_name = crt_wide_name(name), *wide_mode = crt_widen(CP_ACP, mode);
    struct stream *stream = wide_name && wide_mode ? stream_open(wide_name, wide_mode, share, into) : NULL;
    crt_free(wide_name);
    crt_free(wide_mode);
    return stream;
}

struct stream *WINAPI crt_fopen(const char *name, const char *mode)
{
    return open_narrow(name, mode, SH_DENYNO_, NULL);
}

struct stream *WINAPI _wfopen(const WCHAR *name, const WCHAR *mode)
{
    return stream_open(name, mode, SH_DENYNO_, NULL);
}

struct stream *WINAPI _fsopen(const char *name, const char *mode, int share)
{
    return open_narrow(name, mode, share, NULL);
}

struct stream *WINAPI _wfsopen(const WCHAR *name, const WCHAR *mode, int share)
{
    return stream_open(name, mode, share, NULL);
}

int WINAPI fopen_s(struct stream **stream, const char *name, const char *mode)
{
    CRT_REQUIRE(stream, CRT_EINVAL);
    *stream = open_narrow(name, mode, SH_SECURE_, NULL);
    return *stream ? 0 : crt_thread()->error;
}

int WINAPI _wfopen_s(struct stream **stream, const WCHAR *name, const WCHAR *mode)
{
    CRT_REQUIRE(stream, CRT_EINVAL);
    *stream = stream_open(name, mode, SH_SECURE_, NULL);
    return *stream ? 0 : crt_thread()->error;
}

struct stream *WINAPI crt_freopen(const char *name, const char *mode, struct stream *stream)
{
    CRT_REQUIRE(stream, NULL);
    return open_narrow(name, mode, SH_DENYNO_, stream);
}

struct stream *WINAPI _wfreopen(const WCHAR *name, const WCHAR *mode, struct stream *stream)
{
    CRT_REQUIRE(stream, NULL);
    return stream_open(name, mode, SH_DENYNO_, stream);
}

int WINAPI freopen_s(struct stream **result, const char *name, const char *mode, struct stream *stream)
{
    CRT_REQUIRE(result && stream, CRT_EINVAL);
    *result = open_narrow(name, mode, SH_SECURE_, stream);
    return *result ? 0 : crt_thread()->error;
}

int WINAPI _wfreopen_s(struct stream **result, const WCHAR *name, const WCHAR *mode, struct stream *stream)
{
    CRT_REQUIRE(result && stream, CRT_EINVAL);
    *result = stream_open(name, mode, SH_SECURE_, stream);
    return *result ? 0 : crt_thread()->error;
}

struct stream *WINAPI _wfdopen(int fd, const WCHAR *mode)
{
    int flags, stream_flags;
    CRT_REQUIRE(mode, NULL);
    struct crt_fd *slot = fd_get(fd);
    if (!slot)
        return NULL;
    if (!stream_parse_mode(mode, &flags, &stream_flags)) {
        crt_invalid(CRT_EINVAL);
        return NULL;
    }
    struct stream *stream = stream_allocate();
    if (!stream)
        return NULL;
    stream->file = fd;
    stream->flag = stream_flags;
    if (flags & O_APPEND_)
        slot->flags |= FD_APPEND;
    if (flags & (O_BINARY_ | O_TEXT_ | O_U8TEXT_ | O_U16TEXT_ | O_WTEXT_))
        _setmode(fd, flags & O_BINARY_   ? O_BINARY_
                     : flags & O_TEXT_   ? O_TEXT_
                     : flags & O_U8TEXT_ ? O_U8TEXT_
                                         : O_WTEXT_);
    stream_unlock(stream);
    return stream;
}

struct stream *WINAPI _fdopen(int fd, const char *mode)
{
    CRT_REQUIRE(mode, NULL);
    WCHAR *wide = crt_widen(CP_ACP, mode);
    struct stream *stream = wide ? _wfdopen(fd, wide) : NULL;
    crt_free(wide);
    return stream;
}

int WINAPI _fclose_nolock(struct stream *stream)
{
    CRT_REQUIRE(stream, CRT_EOF);
    int result = CRT_EOF;
    if (stream->flag & (STREAM_READ | STREAM_WRITE | STREAM_UPDATE))
        result = stream_close(stream);
    stream_release(stream);
    return result;
}

int WINAPI crt_fclose(struct stream *stream)
{
    CRT_REQUIRE(stream, CRT_EOF);
    stream_lock(stream);
    int result = _fclose_nolock(stream);
    stream_unlock(stream);
    return result;
}

/* --- temporary files
 * -------------------------------------------------------------------------------------------------- */

/* A name that no other call of any process gets: process id and a counter, in base 36. */
static void temporary_name(WCHAR *name, WCHAR lead)
{
    static _Atomic unsigned counter;
    static const char digits[] = "0123456789abcdefghijklmnopqrstuvwxyz";
    uint64_t unique = (uint64_t)GetCurrentProcessId() << 24 | (++counter & 0xffffff);
    *name++ = lead;
    while (unique) {
        *name++ = (WCHAR)digits[unique % 36];
        unique /= 36;
    }
    *name++ = '.';
    *name = 0;
}

struct stream *WINAPI crt_tmpfile(void)
{
    WCHAR *path = crt_malloc((MAX_PATH + 32) * sizeof(WCHAR));
    struct stream *stream = NULL;
    DWORD length = path ? GetTempPathW(MAX_PATH, path) : 0;
    for (int attempt = 0; length && length < MAX_PATH && !stream && attempt < 32; attempt++) {
        temporary_name(path + length, 't');
        stream = stream_open(path, L"w+xbTDN", SH_DENYNO_, NULL);
        if (!stream && crt_thread()->error != CRT_EEXIST)
            break;
    }
    crt_free(path);
    return stream;
}

int WINAPI tmpfile_s(struct stream **stream)
{
    CRT_REQUIRE(stream, CRT_EINVAL);
    *stream = crt_tmpfile();
    return *stream ? 0 : crt_thread()->error;
}

/* tmpnam: ucrtbase puts the name into the temporary directory, msvcrt into the root. */
static bool make_temporary_path(WCHAR *path)
{
    DWORD length = 1;
    path[0] = '\\';
    if (crt_ucrt_started)
        length = GetTempPathW(MAX_PATH - 32, path);
    for (int attempt = 0; attempt < 1000; attempt++) {
        temporary_name(path + length, 's');
        if (GetFileAttributesW(path) == INVALID_FILE_ATTRIBUTES)
            return true;
    }
    return false;
}

WCHAR *WINAPI _wtmpnam(WCHAR *buffer)
{
    if (!buffer)
        buffer = crt_thread_buffer(BUFFER_WTMPNAM, MAX_PATH * sizeof(WCHAR));
    return buffer && make_temporary_path(buffer) ? buffer : NULL;
}

char *WINAPI crt_tmpnam(char *buffer)
{
    WCHAR path[MAX_PATH];
    if (!buffer)
        buffer = crt_thread_buffer(BUFFER_TMPNAM, MAX_PATH);
    if (!buffer || !make_temporary_path(path))
        return NULL;
    return WideCharToMultiByte(CP_ACP, 0, path, -1, buffer, MAX_PATH, NULL, NULL) ? buffer : NULL;
}

int WINAPI tmpnam_s(char *buffer, size_t size)
{
    char path[MAX_PATH];
    CRT_REQUIRE(buffer, CRT_EINVAL);
    if (!crt_tmpnam(path) || strlen(path) >= size) {
        if (size)
            *buffer = 0;
        return crt_invalid(CRT_ERANGE);
    }
    strcpy(buffer, path);
    return 0;
}

int WINAPI _wtmpnam_s(WCHAR *buffer, size_t size)
{
    WCHAR path[MAX_PATH];
    CRT_REQUIRE(buffer, CRT_EINVAL);
    if (!make_temporary_path(path) || crt_wide_length(path) >= size) {
        if (size)
            *buffer = 0;
        return crt_invalid(CRT_ERANGE);
    }
    memcpy(buffer, path, (crt_wide_length(path) + 1) * sizeof(WCHAR));
    return 0;
}

static bool is_directory(const WCHAR *path)
{
    DWORD attributes = GetFileAttributesW(path);
    return attributes != INVALID_FILE_ATTRIBUTES && attributes & FILE_ATTRIBUTE_DIRECTORY;
}

/* TMP if it is a directory, then `directory`, then the current one; the result is malloc'ed. */
WCHAR *WINAPI _wtempnam(const WCHAR *directory, const WCHAR *prefix)
{
    size_t prefix_length = prefix ? crt_wide_length(prefix) : 0;
    WCHAR *path = crt_malloc((MAX_PATH * 2 + prefix_length + 32) * sizeof(WCHAR));
    if (!path)
        return NULL;
    DWORD length = GetEnvironmentVariableW(L"TMP", path, MAX_PATH);
    if (!length || length >= MAX_PATH || !is_directory(path)) {
        if (!directory || !is_directory(directory) || crt_wide_length(directory) >= MAX_PATH)
            directory = L".";
        length = (DWORD)crt_wide_length(directory);
        memcpy(path, directory, (length + 1) * sizeof(WCHAR));
    }
    if (length && path[length - 1] != '\\' && path[length - 1] != '/')
        path[length++] = '\\';
    memcpy(path + length, prefix, prefix_length * sizeof(WCHAR));
    length += (DWORD)prefix_length;
    for (int attempt = 0; attempt < 1000; attempt++) {
        temporary_name(path + length, '2');
        if (GetFileAttributesW(path) == INVALID_FILE_ATTRIBUTES)
            return path;
    }
    crt_free(path);
    return NULL;
}

char *WINAPI _tempnam(const char *directory, const char *prefix)
{
    WCHAR *wide_directory = directory ? crt_wide_name(directory) : NULL;
    WCHAR *wide_prefix = prefix ? crt_wide_name(prefix) : NULL;
    WCHAR *wide = _wtempnam(wide_directory, wide_prefix);
    char *name = wide ? crt_narrow_name(wide) : NULL;
    crt_free(wide_directory);
    crt_free(wide_prefix);
    crt_free(wide);
    return name;
}
