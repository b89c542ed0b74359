/*
 * request.c: sending a request, following where it is sent on to, reading the answer.
 *
 * Each function does its work on the calling thread and gives a last error; api.c makes the program's calls of them,
 * at once or on a thread of the pool.
 */
#include "winhttp/http.h"

void request_end(struct request *request)
{
    struct http_transfer *transfer;

    RtlAcquireSRWLockExclusive(&request->lock);
    transfer = request->transfer;
    request->transfer = NULL;
    RtlReleaseSRWLockExclusive(&request->lock);
    if (transfer)
        http_plugin()->finish(transfer);
}

void request_cancel(struct request *request)
{
    RtlAcquireSRWLockShared(&request->lock);
    if (request->transfer)
        http_plugin()->cancel(request->transfer);
    RtlReleaseSRWLockShared(&request->lock);
}

static void credential_free(struct credential *credential)
{
    crypt_free(credential->user);
    crypt_free(credential->password);
}

void request_free(struct request *request)
{
    request_end(request);
    if (request->socket)
        socket_free(request->socket);
    for (DWORD i = 0; i < request->header_count; i++)
        crypt_free(request->headers[i]);
    crypt_free(request->headers);
    crypt_free(request->method);
    crypt_free(request->path);
    crypt_free(request->host);
    crypt_free(request->proxy);
    crypt_free(request->bypass);
    crypt_free(request->body);
    crypt_free(request->head);
    credential_free(&request->server);
    credential_free(&request->proxy_login);
    CertFreeCertificateContext(request->certificate);
    CertFreeCertificateContext(request->client);
}

DWORD error_of(enum http_result result)
{
    static const DWORD errors[] = {
        [HTTP_OK] = 0,
        [HTTP_CANCELLED] = ERROR_WINHTTP_OPERATION_CANCELLED,
        [HTTP_NAME] = ERROR_WINHTTP_NAME_NOT_RESOLVED,
        [HTTP_CONNECT] = ERROR_WINHTTP_CANNOT_CONNECT,
        [HTTP_TIMEOUT] = ERROR_WINHTTP_TIMEOUT,
        [HTTP_TLS] = ERROR_WINHTTP_SECURE_FAILURE,
        [HTTP_CERTIFICATE] = ERROR_WINHTTP_SECURE_FAILURE,
        [HTTP_BROKEN] = ERROR_WINHTTP_CONNECTION_ERROR,
        [HTTP_RESPONSE] = ERROR_WINHTTP_INVALID_SERVER_RESPONSE,
        [HTTP_URL] = ERROR_WINHTTP_INVALID_URL,
        [HTTP_REFUSED] = ERROR_WINHTTP_INTERNAL_ERROR,
        [HTTP_LOGIN] = ERROR_WINHTTP_LOGIN_FAILURE,
        [HTTP_LONG_HEAD] = ERROR_WINHTTP_HEADER_SIZE_OVERFLOW,
        [HTTP_PENDING] = ERROR_IO_PENDING,
        [HTTP_FAILED] = ERROR_WINHTTP_INTERNAL_ERROR,
    };
    return errors[result];
}

/* An operation of the transfer failed: tell what was wrong with the certificate. */
static DWORD failed(struct request *request, enum http_result result)
{
    DWORD flags =
        request->secure_failure ? request->secure_failure : (DWORD)WINHTTP_CALLBACK_STATUS_FLAG_SECURITY_CHANNEL_ERROR;

    if (result == HTTP_CERTIFICATE || result == HTTP_TLS)
        internet_notify(&request->handle, WINHTTP_CALLBACK_STATUS_SECURE_FAILURE, &flags, sizeof flags);
    return error_of(result);
}

/* What a program writes when it makes chunks itself: sizes, CR LF, and the end are taken off. */
static DWORD write_chunked(struct request *request, const BYTE *data, DWORD size)
{
    enum { SIZE, SIZE_END, DATA, DATA_END, LAST };

    for (DWORD i = 0; i < size;) {
        BYTE c = data[i];

        switch (request->chunk.state) {
        case SIZE: {
            int digit = c >= '0' && c <= '9'   ? c - '0'
                        : c >= 'a' && c <= 'f' ? c - 'a' + 10
                        : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                               : -1;
            if (digit >= 0)
                request->chunk.left = request->chunk.left * 16 + (unsigned)digit;
            else
                request->chunk.state = SIZE_END;
            i += digit >= 0;
            break;
        }
        case SIZE_END:
            i++;
            if (c == '\n')
                request->chunk.state = request->chunk.left ? DATA : LAST;
            break;
        case DATA: {
            DWORD part = request->chunk.left < size - i ? (DWORD)request->chunk.left : size - i;
            enum http_result result = http_plugin()->write(request->transfer, data + i, part);

            if (result)
                return failed(request, result);
            i += part;
            request->chunk.left -= part;
            if (!request->chunk.left)
                request->chunk.state = DATA_END;
            break;
        }
        case DATA_END:
            i++;
            if (c == '\n')
                request->chunk.state = SIZE;
            break;
        default:
            return 0;
        }
    }
    return 0;
}

DWORD request_write(struct request *request, const void *data, DWORD size)
{
    enum http_result result;

    if (request->state != REQUEST_SENT || !request->transfer)
        return ERROR_WINHTTP_INCORRECT_HANDLE_STATE;
    if (request->chunked)
        return write_chunked(request, data, size);
    result = http_plugin()->write(request->transfer, data, size);
    return result ? failed(request, result) : 0;
}

/* The connection, and as much of the body as came with the request. */
static DWORD begin(struct request *request, uint64_t total)
{
    struct handle *handle = &request->handle;
    enum http_result result;
    DWORD error, sent;

    internet_notify(handle, WINHTTP_CALLBACK_STATUS_RESOLVING_NAME, request->host,
                    (DWORD)wide_length(request->host) + 1);
    error = transfer_open(request, total, request->upgrade);
    if (error)
        return error;
    result = http_plugin()->connect(request->transfer);
    if (result)
        return failed(request, result);
    if (handle->set.callback) {
        int port;
        const char *peer = http_plugin()->peer_address(request->transfer, &port);
        WCHAR *address = wide_from_utf8(peer, -1);

        internet_notify(handle, WINHTTP_CALLBACK_STATUS_NAME_RESOLVED, address, (DWORD)strlen(peer) + 1);
        internet_notify(handle, WINHTTP_CALLBACK_STATUS_CONNECTING_TO_SERVER, address, (DWORD)strlen(peer) + 1);
        internet_notify(handle, WINHTTP_CALLBACK_STATUS_CONNECTED_TO_SERVER, address, (DWORD)strlen(peer) + 1);
        crypt_free(address);
    }
    internet_notify(handle, WINHTTP_CALLBACK_STATUS_SENDING_REQUEST, NULL, 0);
    request->state = REQUEST_SENT;
    if (request->upgrade)
        return socket_ask(request);
    if (request->body_size)
        error = request_write(request, request->body, request->body_size);
    if (!error && !request->chunked && request->body_size >= total)
        http_plugin()->write_end(request->transfer);
    sent = request->body_size;
    if (!error)
        internet_notify(handle, WINHTTP_CALLBACK_STATUS_REQUEST_SENT, &sent, sizeof sent);
    return error;
}

DWORD request_send(struct request *request, const WCHAR *headers, DWORD length, const void *optional, DWORD size,
                   DWORD total)
{
    const WCHAR *encoding, *given;
    DWORD error = headers && length ? headers_add(request, headers, length, WINHTTP_ADDREQ_FLAG_ADD) : 0;
    uint64_t whole = total > size ? total : size;

    if (error)
        return error;
    request_end(request);
    crypt_free(request->head);
    crypt_free(request->body);
    request->head = NULL;
    request->body = size ? crypt_alloc(size) : NULL;
    request->body_size = request->body ? size : 0;
    if (request->body)
        memcpy(request->body, optional, size);
    encoding = request_header(request, L"Transfer-Encoding");
    request->chunked = encoding && !wide_compare_nocase(encoding, L"chunked");
    request->chunk.state = 0;
    request->chunk.left = 0;
    request->redirects = 0;
    given = request_header(request, L"Content-Length"); /* may say more than 32 bits can */
    if (given) {
        uint64_t told = 0;

        for (; *given >= '0' && *given <= '9'; given++)
            told = told * 10 + (uint64_t)(*given - '0');
        if (told > whole)
            whole = told;
    }
    return begin(request, whole);
}

static DWORD head_fetch(struct request *request)
{
    enum http_result result;
    size_t size;
    unsigned status;
    const char *head;

    if (request->upgrade)
        return socket_answer(request);
    http_plugin()->write_end(request->transfer);
    result = http_plugin()->headers(request->transfer);
    if (result)
        return failed(request, result);
    head = http_plugin()->head(request->transfer, &size, &status);
    crypt_free(request->head);
    request->head = wide_from_utf8(head, (int)size);
    request->status = status;
    request->http2_used = !strncmp(head, "HTTP/2", 6);
    return request->head ? 0 : ERROR_OUTOFMEMORY;
}

/* `location` seen from here: scheme, host, path. */
static DWORD go_to(struct request *request, const WCHAR *location)
{
    URL_COMPONENTS parts = {.dwStructSize = sizeof parts,
                            .dwHostNameLength = (DWORD)-1,
                            .dwUrlPathLength = (DWORD)-1,
                            .dwExtraInfoLength = (DWORD)-1,
                            .dwSchemeLength = (DWORD)-1};
    WCHAR *base = url_make(request->secure, request->host, request->port, request->path);
    WCHAR *url = base ? url_combine(base, location) : NULL;
    DWORD error = 0;
    bool secure;

    if (!url || !WinHttpCrackUrl(url, 0, 0, &parts)) {
        error = ERROR_WINHTTP_REDIRECT_FAILED;
    } else {
        secure = parts.nScheme == INTERNET_SCHEME_HTTPS;
        if (request->secure && !secure &&
            request->handle.set.redirect_policy != WINHTTP_OPTION_REDIRECT_POLICY_ALWAYS) {
            error = ERROR_WINHTTP_REDIRECT_FAILED;
        } else {
            WCHAR *host = crypt_alloc((parts.dwHostNameLength + 1) * sizeof *host);
            DWORD path_length = (DWORD)wide_length(parts.lpszUrlPath);
            WCHAR *path = crypt_alloc((path_length + 2) * sizeof *path);

            for (DWORD i = 0; host && path && i < path_length && parts.lpszUrlPath[i] != '#'; i++)
                path[i] = parts.lpszUrlPath[i];
            if (path && *path != '/') {
                memmove(path + 1, path, path_length * sizeof *path);
                *path = '/';
            }
            if (host)
                memcpy(host, parts.lpszHostName, parts.dwHostNameLength * sizeof *host);
            internet_notify(&request->handle, WINHTTP_CALLBACK_STATUS_REDIRECT, url, (DWORD)wide_length(url) + 1);
            if (wide_compare_nocase(host, request->host) || (request->secure && !secure)) {
                headers_remove(request, L"Authorization"); /* logins are for the host that asked */
                credential_free(&request->server);
                request->server = (struct credential){0};
            }
            crypt_free(request->host);
            crypt_free(request->path);
            request->host = host;
            request->path = path;
            request->port = parts.nPort;
            request->secure = secure;
            headers_remove(request, L"Host");
        }
    }
    crypt_free(base);
    crypt_free(url);
    return error;
}

static bool redirects(const struct request *request)
{
    return !(request->feature_off & WINHTTP_DISABLE_REDIRECTS) &&
           request->handle.set.redirect_policy != WINHTTP_OPTION_REDIRECT_POLICY_NEVER &&
           (request->status == 301 || request->status == 302 || request->status == 303 || request->status == 307 ||
            request->status == 308);
}

static DWORD follow(struct request *request, const WCHAR *location)
{
    bool keep = request->status == 307 || request->status == 308;
    DWORD error;

    if (++request->redirects > request->handle.set.redirect_max)
        return ERROR_WINHTTP_REDIRECT_FAILED;
    request_end(request);
    error = go_to(request, location);
    if (error)
        return error;
    if (!keep && wide_compare(request->method, L"GET") && wide_compare(request->method, L"HEAD")) {
        crypt_free(request->method);
        request->method = wide_copy(L"GET");
        crypt_free(request->body);
        request->body = NULL;
        request->body_size = 0;
        request->chunked = false;
        headers_remove(request, L"Content-Length");
        headers_remove(request, L"Content-Type");
        headers_remove(request, L"Transfer-Encoding");
    }
    return begin(request, request->body_size);
}

DWORD request_receive(struct request *request)
{
    DWORD error, size;

    if (request->state == REQUEST_NEW || !request->transfer)
        return ERROR_WINHTTP_INCORRECT_HANDLE_STATE;
    if (request->state == REQUEST_RECEIVED)
        return 0;
    internet_notify(&request->handle, WINHTTP_CALLBACK_STATUS_RECEIVING_RESPONSE, NULL, 0);
    for (;;) {
        WCHAR *location;

        error = head_fetch(request);
        if (error)
            return error;
        location = redirects(request) ? head_value(request->head, L"Location", 0) : NULL;
        if (!location)
            break;
        error = follow(request, location);
        crypt_free(location);
        if (error)
            return error;
    }
    request->state = REQUEST_RECEIVED;
    size = (DWORD)(wide_length(request->head));
    internet_notify(&request->handle, WINHTTP_CALLBACK_STATUS_RESPONSE_RECEIVED, &size, sizeof size);
    return 0;
}

DWORD request_available(struct request *request, DWORD *available)
{
    enum http_result result;
    size_t size = 0;

    if (request->state != REQUEST_RECEIVED || !request->transfer)
        return ERROR_WINHTTP_INCORRECT_HANDLE_STATE;
    result = http_plugin()->wait_data(request->transfer, &size);
    if (size)
        result = HTTP_OK;
    *available = size > 0x10000 ? 0x10000 : (DWORD)size;
    return result ? failed(request, result) : 0;
}

DWORD request_peek(struct request *request, DWORD *available)
{
    enum http_result result;
    size_t size = 0;

    *available = 0;
    if (request->state != REQUEST_RECEIVED || !request->transfer)
        return ERROR_WINHTTP_INCORRECT_HANDLE_STATE;
    if (!RtlTryAcquireSRWLockExclusive(&request->work))
        return ERROR_IO_PENDING;
    result = http_plugin()->peek(request->transfer, &size);
    RtlReleaseSRWLockExclusive(&request->work);
    *available = size > 0x10000 ? 0x10000 : (DWORD)size;
    return result ? error_of(result) : 0;
}

/* As much as was asked for, unless the answer ends. */
DWORD request_read(struct request *request, void *data, DWORD size, DWORD *got)
{
    *got = 0;
    if (request->state != REQUEST_RECEIVED || !request->transfer)
        return ERROR_WINHTTP_INCORRECT_HANDLE_STATE;
    while (*got < size) {
        size_t part = 0;
        enum http_result result = http_plugin()->read(request->transfer, (BYTE *)data + *got, size - *got, &part);

        if (result)
            return failed(request, result);
        if (!part)
            break;
        *got += (DWORD)part;
    }
    return 0;
}
