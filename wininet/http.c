/*
 * http.c: wininet.h: requests.  Sending waits for the answer's head.
 */
#include "wininet/inet.h"
#include "wininet/cache.h"
#include "wininet/cookies.h"

#define SECURITY_IGNORES (INTERNET_FLAG_IGNORE_CERT_CN_INVALID | INTERNET_FLAG_IGNORE_CERT_DATE_INVALID)

/* winhttp has one error for all that is wrong with a certificate. */
DWORD inet_error(HINTERNET request, DWORD error)
{
    DWORD failure;

    if (error != 12175) /* ERROR_WINHTTP_SECURE_FAILURE */
        return error;
    failure = inet_secure_failure(request);
    return failure & 8      ? ERROR_INTERNET_INVALID_CA
           : failure & 0x10 ? ERROR_INTERNET_SEC_CERT_CN_INVALID
           : failure & 0x20 ? ERROR_INTERNET_SEC_CERT_DATE_INVALID
           : failure & 4    ? ERROR_INTERNET_SEC_CERT_REVOKED
           : failure        ? ERROR_INTERNET_SEC_INVALID_CERT
                            : ERROR_INTERNET_SECURITY_CHANNEL_ERROR;
}

HINTERNET WINAPI HttpOpenRequestW(HINTERNET connection, LPCWSTR verb, LPCWSTR path, LPCWSTR version, LPCWSTR referrer,
                                  LPCWSTR *types, DWORD flags, DWORD_PTR context)
{
    struct inet_extra *over = inet_extra_of(connection), *extra;
    DWORD security = flags & SECURITY_IGNORES, off = 0;
    HINTERNET request;

    if (over && over->type)
        SetLastError(ERROR_INTERNET_INCORRECT_HANDLE_TYPE);
    if (!over || over->type)
        return NULL;
    request = WinHttpOpenRequest(connection, verb, path, version, referrer, types, flags & INTERNET_FLAG_SECURE);
    if (!request)
        return NULL;
    extra = inet_extra_of(request);
    extra->context = context;
    extra->flags = flags;
    if (security)
        WinHttpSetOption(request, INTERNET_OPTION_SECURITY_FLAGS, &security, sizeof security);
    if (flags & INTERNET_FLAG_NO_COOKIES)
        off |= 1; /* WINHTTP_DISABLE_COOKIES */
    if (flags & INTERNET_FLAG_NO_AUTO_REDIRECT)
        off |= 2; /* WINHTTP_DISABLE_REDIRECTS */
    if (off)
        WinHttpSetOption(request, 63, &off, sizeof off);
    if (flags & (INTERNET_FLAG_RELOAD | INTERNET_FLAG_PRAGMA_NOCACHE))
        WinHttpAddRequestHeaders(request, L"Pragma: no-cache", (DWORD)-1, HTTP_ADDREQ_FLAG_ADD);
    if (*extra->user) {
        WinHttpSetOption(request, 0x1000, extra->user, (DWORD)(wide_length(extra->user) * sizeof(WCHAR)));
        WinHttpSetOption(request, 0x1001, extra->password, (DWORD)(wide_length(extra->password) * sizeof(WCHAR)));
    }
    inet_notify_created(request);
    return request;
}

HINTERNET WINAPI HttpOpenRequestA(HINTERNET connection, LPCSTR verb, LPCSTR path, LPCSTR version, LPCSTR referrer,
                                  LPCSTR *types, DWORD flags, DWORD_PTR context)
{
    WCHAR *v = wide_from_ansi(verb), *p = wide_from_ansi(path), *r = wide_from_ansi(referrer), *wide[17] = {0};
    HINTERNET request;

    (void)version;
    for (int i = 0; types && types[i] && i < 16; i++)
        wide[i] = wide_from_ansi(types[i]);
    request = HttpOpenRequestW(connection, v, p, NULL, r, types ? (LPCWSTR *)wide : NULL, flags, context);
    for (int i = 0; i < 16; i++)
        crypt_free(wide[i]);
    crypt_free(v);
    crypt_free(p);
    crypt_free(r);
    return request;
}

BOOL WINAPI HttpAddRequestHeadersW(HINTERNET request, LPCWSTR text, DWORD length, DWORD flags)
{
    return WinHttpAddRequestHeaders(request, text, length, flags);
}

BOOL WINAPI HttpAddRequestHeadersA(HINTERNET request, LPCSTR text, DWORD length, DWORD flags)
{
    WCHAR *wide = inet_widen(text, length);
    BOOL done = WinHttpAddRequestHeaders(request, wide, (DWORD)-1, flags);

    crypt_free(wide);
    return done;
}

static DWORD send(HINTERNET request, const WCHAR *headers, void *optional, DWORD size)
{
    DWORD error;
    bool done;

    if (headers && *headers &&
        !WinHttpAddRequestHeaders(request, headers, (DWORD)-1, HTTP_ADDREQ_FLAG_ADD | HTTP_ADDREQ_FLAG_REPLACE))
        return GetLastError();
    if (!size && cache_before(request, &error))
        return 0;
    if (!size && error)
        return error;
    cookies_load();
    done = WinHttpSendRequest(request, NULL, 0, optional, size, size, 0) && WinHttpReceiveResponse(request, NULL);
    error = done ? 0 : inet_error(request, GetLastError());
    cookies_save();
    if (done)
        cache_after(request);
    return error;
}

static DWORD run_send(struct inet_work *work)
{
    return send(work->handle, work->text, work->buffer, work->size);
}

static DWORD run_open(struct inet_work *work)
{
    work->result = (DWORD_PTR)work->handle;
    return run_send(work);
}

static WCHAR *copy_headers(const WCHAR *headers, DWORD length)
{
    size_t count = !headers ? 0 : length == (DWORD)-1 ? wide_length(headers) : length;
    WCHAR *copy = count ? crypt_alloc((count + 1) * sizeof *copy) : NULL;

    if (copy)
        memcpy(copy, headers, count * sizeof *copy);
    return copy;
}

BOOL WINAPI HttpSendRequestW(HINTERNET request, LPCWSTR headers, DWORD length, LPVOID optional, DWORD size)
{
    return inet_start(&(struct inet_work){
        .run = run_send, .handle = request, .text = copy_headers(headers, length), .buffer = optional, .size = size});
}

BOOL WINAPI HttpSendRequestA(HINTERNET request, LPCSTR headers, DWORD length, LPVOID optional, DWORD size)
{
    return inet_start(&(struct inet_work){
        .run = run_send, .handle = request, .text = inet_widen(headers, length), .buffer = optional, .size = size});
}

static DWORD run_send_front(struct inet_work *work)
{
    const WCHAR *headers = work->text;

    if (headers && *headers &&
        !WinHttpAddRequestHeaders(work->handle, headers, (DWORD)-1, HTTP_ADDREQ_FLAG_ADD | HTTP_ADDREQ_FLAG_REPLACE))
        return GetLastError();
    cookies_load();
    if (!WinHttpSendRequest(work->handle, NULL, 0, work->buffer, work->size, work->flags, 0))
        return inet_error(work->handle, GetLastError());
    return 0;
}

/* The body follows by InternetWriteFile, and HttpEndRequest asks for the answer. */
BOOL WINAPI HttpSendRequestExW(HINTERNET request, LPINTERNET_BUFFERSW in, LPINTERNET_BUFFERSW out, DWORD flags,
                               DWORD_PTR context)
{
    struct inet_work work = {.run = run_send_front, .handle = request, .context = context};

    (void)out, (void)flags;
    if (in) {
        work.text = copy_headers(in->lpcszHeader, in->dwHeadersLength);
        work.buffer = in->lpvBuffer;
        work.size = in->lpvBuffer ? in->dwBufferLength : 0;
        work.flags = in->dwBufferTotal;
    }
    return inet_start(&work);
}

BOOL WINAPI HttpSendRequestExA(HINTERNET request, LPINTERNET_BUFFERSA in, LPINTERNET_BUFFERSA out, DWORD flags,
                               DWORD_PTR context)
{
    INTERNET_BUFFERSW wide = {.dwStructSize = sizeof wide};
    WCHAR *headers = NULL;
    BOOL done;

    (void)out;
    if (in) {
        headers = inet_widen(in->lpcszHeader, in->lpcszHeader ? in->dwHeadersLength : 0);
        wide.lpcszHeader = headers;
        wide.dwHeadersLength = headers ? (DWORD)wide_length(headers) : 0;
        wide.lpvBuffer = in->lpvBuffer;
        wide.dwBufferLength = in->dwBufferLength;
        wide.dwBufferTotal = in->dwBufferTotal;
    }
    done = HttpSendRequestExW(request, in ? &wide : NULL, NULL, flags, context);
    crypt_free(headers);
    return done;
}

static DWORD run_end(struct inet_work *work)
{
    bool done = WinHttpReceiveResponse(work->handle, NULL);
    DWORD error = done ? 0 : inet_error(work->handle, GetLastError());

    cookies_save();
    return error;
}

BOOL WINAPI HttpEndRequestW(HINTERNET request, LPINTERNET_BUFFERSW out, DWORD flags, DWORD_PTR context)
{
    (void)out, (void)flags;
    return inet_start(&(struct inet_work){.run = run_end, .handle = request, .context = context});
}

BOOL WINAPI HttpEndRequestA(HINTERNET request, LPINTERNET_BUFFERSA out, DWORD flags, DWORD_PTR context)
{
    (void)out;
    return HttpEndRequestW(request, NULL, flags, context);
}

#define VALUE_FLAGS (HTTP_QUERY_FLAG_NUMBER | HTTP_QUERY_FLAG_SYSTEMTIME | 0x08000000u)

/* A custom header's name comes in the buffer. */
BOOL WINAPI HttpQueryInfoW(HINTERNET request, DWORD level, LPVOID buffer, LPDWORD size, LPDWORD index)
{
    WCHAR *name = NULL;
    BOOL done;

    level &= ~(DWORD)HTTP_QUERY_FLAG_COALESCE;
    if ((level & 0xffff) == HTTP_QUERY_CUSTOM) {
        if (!buffer)
            return inet_fail(ERROR_INVALID_PARAMETER);
        name = wide_copy(buffer);
    }
    done = WinHttpQueryHeaders(request, level, name, buffer, size, index);
    crypt_free(name);
    return done;
}

BOOL WINAPI HttpQueryInfoA(HINTERNET request, DWORD level, LPVOID buffer, LPDWORD size, LPDWORD index)
{
    WCHAR *name = NULL, *text;
    DWORD room = 0, length, first = index ? *index : 0;
    int needed;

    level &= ~(DWORD)HTTP_QUERY_FLAG_COALESCE;
    if ((level & 0xffff) == HTTP_QUERY_CUSTOM) {
        if (!buffer)
            return inet_fail(ERROR_INVALID_PARAMETER);
        name = wide_from_ansi(buffer);
    }
    if (level & VALUE_FLAGS) {
        BOOL done = WinHttpQueryHeaders(request, level, name, buffer, size, index);

        crypt_free(name);
        return done;
    }
    WinHttpQueryHeaders(request, level, name, NULL, &room, index);
    text = GetLastError() == ERROR_INSUFFICIENT_BUFFER ? crypt_alloc(room + sizeof *text) : NULL;
    if (index)
        *index = first;
    if (!text || !WinHttpQueryHeaders(request, level, name, text, &room, index)) {
        crypt_free(name);
        crypt_free(text);
        return FALSE;
    }
    crypt_free(name);
    length = room / sizeof *text;
    needed = length ? WideCharToMultiByte(CP_ACP, 0, text, (int)length, NULL, 0, NULL, NULL) : 0;
    if (!buffer || *size <= (DWORD)needed) {
        *size = (DWORD)needed + 1;
        if (index)
            *index = first;
        crypt_free(text);
        return inet_fail(ERROR_INSUFFICIENT_BUFFER);
    }
    if (length)
        WideCharToMultiByte(CP_ACP, 0, text, (int)length, buffer, needed, NULL, NULL);
    ((char *)buffer)[needed] = 0;
    *size = (DWORD)needed;
    crypt_free(text);
    SetLastError(0);
    return TRUE;
}

HINTERNET WINAPI InternetOpenUrlW(HINTERNET session, LPCWSTR url, LPCWSTR headers, DWORD length, DWORD flags,
                                  DWORD_PTR context)
{
    URL_COMPONENTSW parts = {.dwStructSize = sizeof parts,
                             .dwHostNameLength = (DWORD)-1,
                             .dwUrlPathLength = (DWORD)-1,
                             .dwUserNameLength = (DWORD)-1,
                             .dwPasswordLength = (DWORD)-1};
    WCHAR *host, *path, *user, *password;
    HINTERNET connection, request = NULL;

    if (!InternetCrackUrlW(url, 0, 0, &parts))
        return NULL;
    if (parts.nScheme != INTERNET_SCHEME_HTTP && parts.nScheme != INTERNET_SCHEME_HTTPS &&
        parts.nScheme != INTERNET_SCHEME_FTP) {
        SetLastError(ERROR_INTERNET_UNRECOGNIZED_SCHEME);
        return NULL;
    }
    host = copy_headers(parts.lpszHostName, parts.dwHostNameLength);
    path = copy_headers(parts.lpszUrlPath, parts.dwUrlPathLength);
    user = copy_headers(parts.lpszUserName, parts.dwUserNameLength);
    password = copy_headers(parts.lpszPassword, parts.dwPasswordLength);
    for (WCHAR *at = path; at && *at; at++)
        if (*at == '#')
            *at = 0;
    connection = InternetConnectW(session, host, parts.nPort, user, password,
                                  parts.nScheme == INTERNET_SCHEME_FTP ? INTERNET_SERVICE_FTP : INTERNET_SERVICE_HTTP,
                                  flags & INTERNET_FLAG_PASSIVE, 0);
    if (connection && parts.nScheme == INTERNET_SCHEME_FTP) {
        request = FtpOpenFileW(connection, path, GENERIC_READ, FTP_TRANSFER_TYPE_BINARY, context);
        DWORD error = GetLastError();
        WinHttpCloseHandle(connection); /* the file holds it */
        SetLastError(error);
        crypt_free(host);
        crypt_free(path);
        crypt_free(user);
        crypt_free(password);
        return request;
    }
    if (connection) {
        if (parts.nScheme == INTERNET_SCHEME_HTTPS)
            flags |= INTERNET_FLAG_SECURE;
        request = HttpOpenRequestW(connection, NULL, path, NULL, NULL, NULL, flags, context);
        WinHttpCloseHandle(connection); /* the request holds it */
    }
    if (request &&
        !inet_start(&(struct inet_work){.run = run_open, .handle = request, .text = copy_headers(headers, length)})) {
        DWORD error = GetLastError();

        if (error != ERROR_IO_PENDING)
            WinHttpCloseHandle(request);
        request = NULL;
        SetLastError(error);
    }
    crypt_free(host);
    crypt_free(path);
    crypt_free(user);
    crypt_free(password);
    return request;
}

HINTERNET WINAPI InternetOpenUrlA(HINTERNET session, LPCSTR url, LPCSTR headers, DWORD length, DWORD flags,
                                  DWORD_PTR context)
{
    WCHAR *wide = wide_from_ansi(url), *text = inet_widen(headers, headers ? length : 0);
    HINTERNET request = InternetOpenUrlW(session, wide, text, (DWORD)-1, flags, context);

    crypt_free(wide);
    crypt_free(text);
    return request;
}
