/*
 * ftpfind.c: wininet.h: FtpFindFirstFile and InternetFindNextFile.
 */
#include <stdio.h>
#include "wininet/ftp.h"

#define LIST_MAX (16 * 1024 * 1024)

struct ftp_find {
    struct inet_stream stream; /* nothing is read from it */
    char *text;
    const char *at;
    WCHAR *pattern; /* NULL: all */
    bool mlsd;
};

static void find_free(void *object)
{
    struct ftp_find *find = object;

    crypt_free(find->text);
    crypt_free(find->pattern);
    crypt_free(find);
}

static WCHAR lower(WCHAR c)
{
    return c >= 'A' && c <= 'Z' ? c + 32 : c;
}

/* '*' and '?' as everywhere; "*.*" is everything. */
static bool fits(const WCHAR *pattern, const WCHAR *name)
{
    const WCHAR *star = NULL, *mark = NULL;

    if (!pattern || !wide_compare(pattern, L"*.*"))
        return true;
    while (*name) {
        if (*pattern == '*') {
            star = ++pattern;
            mark = name;
        } else if (*pattern == '?' || lower(*pattern) == lower(*name)) {
            pattern++;
            name++;
        } else if (star) {
            pattern = star;
            name = ++mark;
        } else {
            return false;
        }
    }
    while (*pattern == '*')
        pattern++;
    return !*pattern;
}

static bool next(struct ftp_find *find, WIN32_FIND_DATAW *data)
{
    while (ftp_list_next(&find->at, find->mlsd, data))
        if (fits(find->pattern, data->cFileName))
            return true;
    return false;
}

static DWORD list_read(struct ftp *ftp, const char *folder, const char *verb, char **text)
{
    struct http_transfer *transfer;
    size_t used = 0, room = 65536, got = 0;
    char *name = crypt_alloc(strlen(folder) + 2);
    DWORD error;

    if (!name)
        return ERROR_OUTOFMEMORY;
    sprintf(name, "%s/", folder); /* so a list is asked for, and not a file */
    error = ftp_start(ftp, HTTP_FTP_LIST, name, NULL, 0, verb, false, &transfer);
    crypt_free(name);
    if (error)
        return error;
    *text = crypt_alloc(room + 1);
    while (*text && used < LIST_MAX) {
        enum http_result result = http_plugin()->read(transfer, *text + used, room - used, &got);

        error = ftp_error(transfer, result);
        used += got;
        if (error || !got)
            break;
        if (used == room) {
            char *longer = crypt_alloc(room * 2 + 1);

            if (!longer)
                break;
            memcpy(longer, *text, used);
            crypt_free(*text);
            *text = longer;
            room *= 2;
        }
    }
    http_plugin()->finish(transfer);
    if (!*text || error) {
        crypt_free(*text);
        *text = NULL;
        return error ? error : ERROR_OUTOFMEMORY;
    }
    (*text)[used] = 0;
    return 0;
}

/* A pattern's folder and the pattern; a name without wildcards is a pattern, too, unless it ends with a slash. */
static DWORD split(const struct ftp *ftp, const WCHAR *given, char **folder, WCHAR **pattern)
{
    size_t length = given ? wide_length(given) : 0, cut = length;
    WCHAR *front;

    *pattern = NULL;
    while (cut && given[cut - 1] != '/' && given[cut - 1] != '\\')
        cut--;
    if (cut < length)
        *pattern = wide_copy(given + cut);
    front = crypt_alloc((cut + 2) * sizeof *front);
    if (!front)
        return ERROR_OUTOFMEMORY;
    if (cut)
        memcpy(front, given, cut * sizeof *front);
    else
        *front = '.';
    *folder = ftp_path(ftp, front);
    crypt_free(front);
    return *folder ? 0 : ERROR_INVALID_PARAMETER;
}

HINTERNET WINAPI FtpFindFirstFileW(HINTERNET connection, LPCWSTR pattern, LPWIN32_FIND_DATAW data, DWORD flags,
                                   DWORD_PTR context)
{
    struct ftp *ftp = ftp_of(connection);
    struct ftp_find *find = ftp ? crypt_alloc(sizeof *find) : NULL;
    WIN32_FIND_DATAW first;
    HINTERNET handle = NULL;
    char *folder = NULL;
    DWORD error;

    (void)flags;
    if (!find)
        return NULL;
    error = split(ftp, pattern, &folder, &find->pattern);
    if (!error) {
        find->mlsd = true;
        error = list_read(ftp, folder, "MLSD", &find->text);
    }
    if (error == ERROR_INTERNET_EXTENDED_ERROR) { /* a server that does not know it */
        find->mlsd = false;
        error = list_read(ftp, folder, "LIST", &find->text);
    }
    find->at = find->text;
    if (!error && !next(find, &first))
        error = ERROR_NO_MORE_FILES;
    if (!error && !(handle = inet_child(connection)))
        error = GetLastError();
    crypt_free(folder);
    if (error) {
        find_free(find);
        SetLastError(error);
        return NULL;
    }
    struct inet_extra *extra = inet_extra_of(handle);
    extra->object = find;
    extra->object_free = find_free;
    extra->type = INTERNET_HANDLE_TYPE_FTP_FIND;
    extra->context = context;
    if (data)
        *data = first;
    SetLastError(0);
    return handle;
}

BOOL WINAPI InternetFindNextFileW(HINTERNET handle, LPVOID data)
{
    struct inet_extra *extra = inet_extra_of(handle);

    if (!extra || extra->type != INTERNET_HANDLE_TYPE_FTP_FIND)
        return extra ? inet_fail(ERROR_INTERNET_INCORRECT_HANDLE_TYPE) : FALSE;
    if (!data)
        return inet_fail(ERROR_INVALID_PARAMETER);
    return next(extra->object, data) ? TRUE : inet_fail(ERROR_NO_MORE_FILES);
}

static void narrow(const WIN32_FIND_DATAW *from, WIN32_FIND_DATAA *to)
{
    memset(to, 0, sizeof *to);
    memcpy(to, from, offsetof(WIN32_FIND_DATAA, cFileName)); /* up to the names they are alike */
    WideCharToMultiByte(CP_ACP, 0, from->cFileName, -1, to->cFileName, MAX_PATH, NULL, NULL);
}

HINTERNET WINAPI FtpFindFirstFileA(HINTERNET connection, LPCSTR pattern, LPWIN32_FIND_DATAA data, DWORD flags,
                                   DWORD_PTR context)
{
    WCHAR *wide = wide_from_ansi(pattern);
    WIN32_FIND_DATAW found;
    HINTERNET handle = FtpFindFirstFileW(connection, wide, &found, flags, context);

    if (handle && data)
        narrow(&found, data);
    crypt_free(wide);
    return handle;
}

BOOL WINAPI InternetFindNextFileA(HINTERNET handle, LPVOID data)
{
    WIN32_FIND_DATAW found;

    if (!data)
        return inet_fail(ERROR_INVALID_PARAMETER);
    if (!InternetFindNextFileW(handle, &found))
        return FALSE;
    narrow(&found, data);
    return TRUE;
}
