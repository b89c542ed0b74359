/*
 * cookies.c: wininet.h: cookies, which all sessions of the user share.
 *
 * libcurl keeps them, sends them and takes them from answers; here is what programs ask for and set, and the file of
 * those that outlive the process: Netscape's lines, as libcurl has them.  Each change is written at once under a lock
 * between processes, and a file that somebody else has changed is read before the next use.
 */
#include <stdio.h>
#include <stdlib.h>
#include "wininet/inet.h"
#include "wininet/cookies.h"
#include <shlobj.h>

#define FILE_MAX (4 * 1024 * 1024)

static SRWLOCK lock = SRWLOCK_INIT;
static WCHAR file_name[MAX_PATH + 16];
static FILETIME seen_time; /* of the file as it was read or written last */
static DWORD seen_size;

/* A line's parts: domain, tail match, path, secure, expiry, name, value. */
struct cookie {
    char *domain, *tail, *path, *secure, *expiry, *name, *value;
    bool http_only;
};

static bool cookie_parse(char *line, struct cookie *cookie)
{
    char **parts[] = {&cookie->domain, &cookie->tail, &cookie->path, &cookie->secure,
                      &cookie->expiry, &cookie->name, &cookie->value};

    cookie->http_only = !strncmp(line, "#HttpOnly_", 10);
    if (cookie->http_only)
        line += 10;
    for (size_t i = 0; i < 7; i++) {
        *parts[i] = line;
        if (i < 6) {
            line = strchr(line, '\t');
            if (!line)
                return false;
            *line++ = 0;
        }
    }
    return true;
}

static int64_t now_seconds(void)
{
    FILETIME now;

    GetSystemTimeAsFileTime(&now);
    return (int64_t)(((uint64_t)now.dwHighDateTime << 32 | now.dwLowDateTime) / 10000000) - 11644473600;
}

static bool is_within(const char *host, const char *domain, bool tail)
{
    size_t h = strlen(host), d;

    domain += *domain == '.';
    d = strlen(domain);
    return h >= d && inet_same(host + h - d, domain) && (h == d || (tail && host[h - d - 1] == '.'));
}

static bool cookie_fits(const struct cookie *cookie, const struct cookie_place *place)
{
    size_t length = strlen(cookie->path);
    int64_t expiry = atoll(cookie->expiry);

    if (!is_within(place->host, cookie->domain, !strcmp(cookie->tail, "TRUE")))
        return false;
    if (strncmp(place->path, cookie->path, length) ||
        (place->path[length] && place->path[length] != '/' && length && cookie->path[length - 1] != '/'))
        return false;
    if (!strcmp(cookie->secure, "TRUE") && !place->secure)
        return false;
    return !expiry || expiry > now_seconds();
}

/* The file's whole content with a zero, or NULL. */
static char *file_read(HANDLE file)
{
    DWORD size = GetFileSize(file, NULL), got;
    char *text = size < FILE_MAX ? crypt_alloc(size + 1) : NULL;

    if (text && (!ReadFile(file, text, size, &got, NULL) || got != size)) {
        crypt_free(text);
        text = NULL;
    }
    return text;
}

static void each_line(char *text, void (*one)(char *line, void *argument), void *argument)
{
    while (text && *text) {
        char *end = strchr(text, '\n'), *next = end ? end + 1 : text + strlen(text);

        if (end)
            *end = 0;
        if (next - text > 1 && next[-2] == '\r')
            next[-2] = 0;
        if (*text)
            one(text, argument);
        text = next;
    }
}

static void line_put(char *line, void *argument)
{
    (void)argument;
    if (*line != '#' || !strncmp(line, "#HttpOnly_", 10))
        inet_cookie_line(line);
}

static bool file_find(void)
{
    WCHAR folder[MAX_PATH];

    if (!*file_name && SHGetFolderPathW(NULL, CSIDL_COOKIES, NULL, 0, folder) == S_OK)
        wsprintfW(file_name, L"%s\\cookies.txt", folder);
    return *file_name;
}

static void remember(HANDLE file)
{
    seen_size = GetFileSize(file, NULL);
    GetFileTime(file, NULL, NULL, &seen_time);
}

/* What others have written since takes the place of what was read before; what has no end stays. */
static void take_over(HANDLE file)
{
    char *text = file_read(file), *own = text ? inet_cookie_lines() : NULL, *session = own, *to = own;

    if (!text)
        return;
    while (own && *own) { /* keep the lines whose expiry is 0 */
        char *end = strchr(own, '\n'), *copy;
        size_t length = end ? (size_t)(end - own) : strlen(own);
        struct cookie cookie;

        copy = crypt_alloc(length + 1);
        if (copy) {
            memcpy(copy, own, length);
            if (cookie_parse(copy, &cookie) && !atoll(cookie.expiry)) {
                memmove(to, own, length);
                to += length;
                *to++ = '\n';
            }
            crypt_free(copy);
        }
        own += length + (end != NULL);
    }
    if (session && to > session)
        to[-1] = 0;
    else
        crypt_free(session), session = NULL;
    inet_cookie_line("ALL");
    each_line(session, line_put, NULL);
    each_line(text, line_put, NULL);
    remember(file);
    crypt_free(session);
    crypt_free(text);
}

static void load(void)
{
    WIN32_FILE_ATTRIBUTE_DATA data;
    HANDLE file;

    if (!file_find() || !GetFileAttributesExW(file_name, GetFileExInfoStandard, &data))
        return;
    if (data.nFileSizeLow == seen_size && !memcmp(&data.ftLastWriteTime, &seen_time, sizeof seen_time))
        return;
    file = CreateFileW(file_name, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL,
                       OPEN_EXISTING, 0, NULL);
    if (file != INVALID_HANDLE_VALUE) {
        OVERLAPPED whole = {0};

        LockFileEx(file, 0, 0, 1, 0, &whole);
        take_over(file);
        UnlockFileEx(file, 0, 1, 0, &whole);
        CloseHandle(file);
    }
}

struct text_end {
    char *at;
};

static void line_save(char *line, void *argument)
{
    struct text_end *end = argument;
    size_t length = strlen(line);
    char *copy = crypt_alloc(length + 1);
    struct cookie cookie;

    if (!copy)
        return;
    memcpy(copy, line, length);
    if (cookie_parse(copy, &cookie) && atoll(cookie.expiry) > now_seconds()) {
        memcpy(end->at, line, length);
        end->at += length;
        *end->at++ = '\n';
    }
    crypt_free(copy);
}

/* Makes a folder and those above it. */
static void folder_make(const WCHAR *name)
{
    WCHAR folder[MAX_PATH + 16];
    size_t length = wide_length(name);

    while (length && name[length] != '\\')
        length--;
    memcpy(folder, name, length * sizeof *folder);
    folder[length] = 0;
    SHCreateDirectoryExW(NULL, folder, NULL);
}

/* `change` once more after what others wrote meanwhile was read: nothing of theirs is lost. */
static void save(const char *change)
{
    HANDLE file;
    OVERLAPPED whole = {0};
    DWORD written;
    char *lines, *text;

    if (!file_find())
        return;
    for (int attempt = 0; attempt < 2; attempt++) {
        file = CreateFileW(file_name, GENERIC_READ | GENERIC_WRITE,
                           FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL, OPEN_ALWAYS, 0, NULL);
        if (file != INVALID_HANDLE_VALUE || GetLastError() != ERROR_PATH_NOT_FOUND)
            break;
        folder_make(file_name);
    }
    if (file == INVALID_HANDLE_VALUE)
        return;
    LockFileEx(file, LOCKFILE_EXCLUSIVE_LOCK, 0, 1, 0, &whole);
    if (change) {
        FILETIME time;

        GetFileTime(file, NULL, NULL, &time);
        if (GetFileSize(file, NULL) != seen_size || memcmp(&time, &seen_time, sizeof time)) {
            take_over(file);
            inet_cookie_line(change);
        }
    }
    lines = inet_cookie_lines();
    text = crypt_alloc((lines ? strlen(lines) : 0) + 2);
    if (text) {
        struct text_end end = {text};

        each_line(lines, line_save, &end);
        SetFilePointer(file, 0, NULL, FILE_BEGIN);
        WriteFile(file, text, (DWORD)(end.at - text), &written, NULL);
        SetEndOfFile(file);
        remember(file);
    }
    crypt_free(lines);
    crypt_free(text);
    UnlockFileEx(file, 0, 1, 0, &whole);
    CloseHandle(file);
}

void cookies_load(void)
{
    RtlAcquireSRWLockExclusive(&lock);
    load();
    RtlReleaseSRWLockExclusive(&lock);
}

void cookies_save(void)
{
    if (!inet_cookies_changed())
        return;
    RtlAcquireSRWLockExclusive(&lock);
    save(NULL);
    RtlReleaseSRWLockExclusive(&lock);
}

void cookies_each(const struct cookie_place *place, void (*one)(const struct cookie_view *view, void *argument),
                  void *argument)
{
    char *lines;

    RtlAcquireSRWLockExclusive(&lock);
    load();
    lines = inet_cookie_lines();
    RtlReleaseSRWLockExclusive(&lock);
    for (char *line = lines; line && *line;) {
        char *end = strchr(line, '\n');
        struct cookie cookie;

        if (end)
            *end = 0;
        if (cookie_parse(line, &cookie) && cookie_fits(&cookie, place))
            one(&(struct cookie_view){cookie.name, cookie.value, cookie.domain, cookie.path,
                                      !strcmp(cookie.secure, "TRUE"), cookie.http_only, !strcmp(cookie.tail, "TRUE"),
                                      atoll(cookie.expiry)},
                argument);
        line = end ? end + 1 : NULL;
    }
    crypt_free(lines);
}

bool cookie_put(const struct cookie_view *view)
{
    char *line = crypt_alloc(strlen(view->domain) + strlen(view->path) + strlen(view->name) + strlen(view->value) + 64);

    if (!line)
        return false;
    sprintf(line, "%s%s%s\t%s\t%s\t%s\t%lld\t%s\t%s", view->http_only ? "#HttpOnly_" : "",
            view->tail && *view->domain != '.' ? "." : "", view->domain, view->tail ? "TRUE" : "FALSE", view->path,
            view->secure ? "TRUE" : "FALSE", (long long)view->expiry, view->name, view->value);
    RtlAcquireSRWLockExclusive(&lock);
    load();
    inet_cookie_line(line);
    if (view->expiry)
        save(line);
    RtlReleaseSRWLockExclusive(&lock);
    crypt_free(line);
    return true;
}
