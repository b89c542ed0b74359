/*
 * ftp.c: wininet.h: FTP on libcurl: a connection's pool keeps the server's control connection between transfers.
 */
#include <stdio.h>
#include <stdlib.h>
#include "wininet/ftp.h"

/* What the server said last, for InternetGetLastResponseInfo. */
static _Thread_local char last_reply[2048];

static void reply_keep(struct http_transfer *transfer)
{
    size_t size = 0;
    unsigned status;
    const char *text = http_plugin()->head(transfer, &size, &status);

    if (size >= sizeof last_reply) {
        text += size - (sizeof last_reply - 1);
        size = sizeof last_reply - 1;
    }
    memcpy(last_reply, text, size);
    last_reply[size] = 0;
}

DWORD ftp_error(struct http_transfer *transfer, enum http_result result)
{
    if (transfer)
        reply_keep(transfer);
    switch (result) {
    case HTTP_OK:
        return 0;
    case HTTP_CANCELLED:
        return ERROR_INTERNET_OPERATION_CANCELLED;
    case HTTP_NAME:
        return ERROR_INTERNET_NAME_NOT_RESOLVED;
    case HTTP_CONNECT:
        return ERROR_INTERNET_CANNOT_CONNECT;
    case HTTP_TIMEOUT:
        return ERROR_INTERNET_TIMEOUT;
    case HTTP_LOGIN:
        return ERROR_INTERNET_LOGIN_FAILURE;
    case HTTP_BROKEN:
        return ERROR_INTERNET_CONNECTION_ABORTED;
    default:
        return ERROR_INTERNET_EXTENDED_ERROR;
    }
}

BOOL WINAPI InternetGetLastResponseInfoA(LPDWORD error, LPSTR buffer, LPDWORD size)
{
    DWORD length = (DWORD)strlen(last_reply), room = size ? *size : 0;

    if (!error || !size)
        return inet_fail(ERROR_INVALID_PARAMETER);
    *error = (DWORD)atoi(last_reply);
    *size = length + (!buffer || room <= length);
    if (!buffer || room <= length)
        return inet_fail(ERROR_INSUFFICIENT_BUFFER);
    memcpy(buffer, last_reply, length + 1);
    return TRUE;
}

BOOL WINAPI InternetGetLastResponseInfoW(LPDWORD error, LPWSTR buffer, LPDWORD size)
{
    WCHAR *wide = wide_from_utf8(last_reply, -1);
    DWORD length = wide ? (DWORD)wide_length(wide) : 0, room = size ? *size : 0;
    bool fits = buffer && room > length;

    if (error && size) {
        *error = (DWORD)atoi(last_reply);
        *size = length + !fits;
        if (fits)
            memcpy(buffer, wide ? wide : L"", (length + 1) * sizeof *buffer);
    }
    crypt_free(wide);
    if (!error || !size)
        return inet_fail(ERROR_INVALID_PARAMETER);
    return fits ? TRUE : inet_fail(ERROR_INSUFFICIENT_BUFFER);
}

/* "ftp://host:port/%2Fwhole/name": the slash that is written so makes it whole. */
static char *url_of(const struct ftp *ftp, const char *path)
{
    static const char plain[] = "/-._~!$&'()*+,;=:@";
    char *url = crypt_alloc(strlen(ftp->base) + 3 * strlen(path) + 8), *at = url;

    if (!url)
        return NULL;
    at += sprintf(at, "%s/", ftp->base);
    for (bool first = true; *path; path++, first = false) {
        BYTE c = (BYTE)*path;

        if (!first && ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || strchr(plain, c)))
            *at++ = (char)c;
        else
            at += sprintf(at, "%%%02X", c);
    }
    *at = 0;
    return url;
}

DWORD ftp_start(struct ftp *ftp, enum http_ftp kind, const char *path, const char *const *commands, size_t count,
                const char *list, bool text, struct http_transfer **transfer)
{
    char *url = url_of(ftp, path);
    struct http_options options = {.url = url,
                                   .method = "",
                                   .user = ftp->user,
                                   .password = ftp->password,
                                   .auth = HTTP_AUTH_BASIC,
                                   .proxy = "",
                                   .bypass = "",
                                   .connect_ms = 60000,
                                   .receive_ms = 60000,
                                   .ftp = kind,
                                   .ftp_active = ftp->active,
                                   .ftp_text = text,
                                   .ftp_list = list,
                                   .ftp_commands = commands,
                                   .ftp_command_count = count};

    *transfer = url ? http_plugin()->start(ftp->pool, &options) : NULL;
    crypt_free(url);
    return *transfer ? 0 : ERROR_INTERNET_INTERNAL_ERROR;
}

DWORD ftp_commands(struct ftp *ftp, const char *const *commands, size_t count, char **reply)
{
    struct http_transfer *transfer;
    size_t available;
    unsigned status;
    const char *text;
    DWORD error;

    for (size_t i = 0; i < count; i++)
        if (!commands[i] || strpbrk(commands[i], "\r\n"))
            return ERROR_INVALID_PARAMETER;
    error = ftp_start(ftp, HTTP_FTP_COMMANDS, "/", commands, count, NULL, false, &transfer);
    if (error)
        return error;
    error = ftp_error(transfer, http_plugin()->wait_data(transfer, &available));
    text = http_plugin()->head(transfer, &available, &status);
    if (reply && !error && (*reply = crypt_alloc(available + 1)))
        memcpy(*reply, text, available);
    http_plugin()->finish(transfer);
    return error;
}

static void ftp_free(void *object)
{
    struct ftp *ftp = object;

    if (ftp->pool)
        http_plugin()->pool_close(ftp->pool);
    crypt_free(ftp->base);
    crypt_free(ftp->user);
    crypt_free(ftp->password);
    crypt_free(ftp->folder);
    crypt_free(ftp);
}

struct ftp *ftp_of(HINTERNET connection)
{
    struct inet_extra *extra = inet_extra_of(connection);

    if (extra && extra->type == INTERNET_HANDLE_TYPE_CONNECT_FTP)
        return extra->object;
    SetLastError(extra ? ERROR_INTERNET_INCORRECT_HANDLE_TYPE : ERROR_INVALID_HANDLE);
    return NULL;
}

/* "." and ".." are taken out. */
char *ftp_path(const struct ftp *ftp, const WCHAR *path)
{
    char *given = path ? utf8_from_wide(path) : NULL, *whole, *to, *from;

    if (!given || strpbrk(given, "\r\n")) {
        crypt_free(given);
        return NULL;
    }
    whole = crypt_alloc(strlen(ftp->folder) + strlen(given) + 4);
    if (whole) {
        sprintf(whole, "%s/%s/", *given == '/' || *given == '\\' ? "" : ftp->folder, given);
        for (to = whole; *to; to++)
            if (*to == '\\')
                *to = '/';
        for (from = to = whole; *from;) { /* each part begins with a slash */
            size_t length = strcspn(from + 1, "/");

            if (!length || (length == 1 && from[1] == '.')) {
            } else if (length == 2 && from[1] == '.' && from[2] == '.') {
                while (to > whole && *--to != '/')
                    ;
            } else {
                memmove(to, from, length + 1);
                to += length + 1;
            }
            from += length + 1;
            if (!from[0] || !from[1])
                break;
        }
        if (to == whole)
            *to++ = '/';
        *to = 0;
    }
    crypt_free(given);
    return whole;
}

/* 257 "/its/name" comment */
static char *folder_told(const char *reply)
{
    const char *at = strstr(reply, "257 \"");
    char *folder, *to;

    if (!at || !(folder = to = crypt_alloc(strlen(at))))
        return NULL;
    for (at += 5; *at && *at != '\r'; at++) {
        if (*at == '"' && *++at != '"')
            break;
        *to++ = *at;
    }
    *to = 0;
    return folder;
}

DWORD ftp_connect(HINTERNET connection, const WCHAR *host, INTERNET_PORT port, const WCHAR *user, const WCHAR *password,
                  DWORD flags)
{
    static const char *const pwd[] = {"PWD"};
    struct inet_extra *extra = inet_extra_of(connection);
    struct ftp *ftp = crypt_alloc(sizeof *ftp);
    char *name = utf8_from_wide(host), *reply = NULL;
    DWORD error = ERROR_OUTOFMEMORY;

    if (ftp && name) {
        ftp->pool = http_plugin()->pool_open();
        ftp->base = crypt_alloc(strlen(name) + 32);
        ftp->user = utf8_from_wide(user && *user ? user : L"anonymous");
        ftp->password = utf8_from_wide(user && *user ? password ? password : L"" : L"user@");
        ftp->active = !(flags & INTERNET_FLAG_PASSIVE);
        if (ftp->base)
            sprintf(ftp->base, strchr(name, ':') ? "ftp://[%s]:%u" : "ftp://%s:%u", name, port ? port : 21);
        if (ftp->pool && ftp->base && ftp->user && ftp->password)
            error = ftp_commands(ftp, pwd, 1, &reply);
        if (!error) {
            ftp->folder = folder_told(reply ? reply : "");
            if (!ftp->folder)
                ftp->folder = utf8_from_wide(L"/");
        }
    }
    crypt_free(name);
    crypt_free(reply);
    if (error) {
        if (ftp)
            ftp_free(ftp);
        return error;
    }
    extra->type = INTERNET_HANDLE_TYPE_CONNECT_FTP;
    extra->object = ftp;
    extra->object_free = ftp_free;
    return 0;
}
