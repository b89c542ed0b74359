/*
 * option.c: winhttp.h: options of handles, timeouts, logins.
 */
#include "winhttp/http.h"
#include "crypt32/store.h"

/* Options that are a number among the settings. */
static DWORD *number_of(struct settings *set, DWORD option)
{
    switch (option) {
    case WINHTTP_OPTION_RESOLVE_TIMEOUT:
        return &set->resolve_ms;
    case WINHTTP_OPTION_CONNECT_TIMEOUT:
        return &set->connect_ms;
    case WINHTTP_OPTION_SEND_TIMEOUT:
        return &set->send_ms;
    case WINHTTP_OPTION_RECEIVE_TIMEOUT:
        return &set->receive_ms;
    case WINHTTP_OPTION_RECEIVE_RESPONSE_TIMEOUT:
        return &set->response_ms;
    case WINHTTP_OPTION_REDIRECT_POLICY:
        return &set->redirect_policy;
    case WINHTTP_OPTION_MAX_HTTP_AUTOMATIC_REDIRECTS:
        return &set->redirect_max;
    case WINHTTP_OPTION_SECURE_PROTOCOLS:
        return &set->secure_protocols;
    case WINHTTP_OPTION_DECOMPRESSION:
        return &set->decompression;
    case WINHTTP_OPTION_ENABLE_HTTP_PROTOCOL:
        return &set->http_protocols;
    default:
        return NULL;
    }
}

/* Numbers that change nothing here: accepted. */
static bool accepted(DWORD option)
{
    static const WORD options[] = {
        WINHTTP_OPTION_CONNECT_RETRIES,
        WINHTTP_OPTION_READ_BUFFER_SIZE,
        WINHTTP_OPTION_WRITE_BUFFER_SIZE,
        WINHTTP_OPTION_CODEPAGE,
        WINHTTP_OPTION_MAX_CONNS_PER_SERVER,
        WINHTTP_OPTION_MAX_CONNS_PER_1_0_SERVER,
        WINHTTP_OPTION_AUTOLOGON_POLICY,
        WINHTTP_OPTION_ENABLE_FEATURE,
        WINHTTP_OPTION_WORKER_THREAD_COUNT,
        WINHTTP_OPTION_ENABLETRACING,
        WINHTTP_OPTION_MAX_HTTP_STATUS_CONTINUE,
        WINHTTP_OPTION_MAX_RESPONSE_HEADER_SIZE,
        WINHTTP_OPTION_MAX_RESPONSE_DRAIN_SIZE,
        WINHTTP_OPTION_REJECT_USERPWD_IN_URL,
        WINHTTP_OPTION_UNSAFE_HEADER_PARSING,
        WINHTTP_OPTION_ASSURED_NON_BLOCKING_CALLBACKS,
        WINHTTP_OPTION_WEB_SOCKET_CLOSE_TIMEOUT,
        WINHTTP_OPTION_WEB_SOCKET_KEEPALIVE_INTERVAL,
        WINHTTP_OPTION_WEB_SOCKET_RECEIVE_BUFFER_SIZE,
        WINHTTP_OPTION_WEB_SOCKET_SEND_BUFFER_SIZE,
        WINHTTP_OPTION_IPV6_FAST_FALLBACK,
        WINHTTP_OPTION_DISABLE_STREAM_QUEUE,
        WINHTTP_OPTION_DISABLE_SECURE_PROTOCOL_FALLBACK,
        WINHTTP_OPTION_USE_GLOBAL_SERVER_CREDENTIALS,
        WINHTTP_OPTION_EXPIRE_CONNECTION,
        WINHTTP_OPTION_SPN,
        WINHTTP_OPTION_TCP_PRIORITY_HINT,
        WINHTTP_OPTION_CONFIGURE_PASSPORT_AUTH,
        WINHTTP_OPTION_UNLOAD_NOTIFY_EVENT,
    };

    for (size_t i = 0; i < sizeof options / sizeof *options; i++)
        if (options[i] == option)
            return true;
    return false;
}

static void replace(WCHAR **place, const WCHAR *text, DWORD length)
{
    WCHAR *copy = crypt_alloc((length + 1) * sizeof *copy);

    if (copy)
        memcpy(copy, text, length * sizeof *copy);
    crypt_free(*place);
    *place = copy;
}

static DWORD set_proxy(struct handle *handle, const WINHTTP_PROXY_INFO *info)
{
    struct session *session = (struct session *)handle;
    struct request *request = (struct request *)handle;
    WCHAR **proxy, **bypass;

    if (info->dwAccessType == WINHTTP_ACCESS_TYPE_NAMED_PROXY && (!info->lpszProxy || !*info->lpszProxy))
        return ERROR_INVALID_PARAMETER;
    if (handle->kind == KIND_SESSION) {
        session->access = info->dwAccessType;
        proxy = &session->proxy;
        bypass = &session->bypass;
    } else if (handle->kind == KIND_REQUEST) {
        request->proxy_access = info->dwAccessType;
        proxy = &request->proxy;
        bypass = &request->bypass;
    } else {
        return ERROR_WINHTTP_INCORRECT_HANDLE_TYPE;
    }
    if (info->dwAccessType == WINHTTP_ACCESS_TYPE_NAMED_PROXY) {
        replace(proxy, info->lpszProxy, (DWORD)wide_length(info->lpszProxy));
        replace(bypass, info->lpszProxyBypass ? info->lpszProxyBypass : L"",
                info->lpszProxyBypass ? (DWORD)wide_length(info->lpszProxyBypass) : 0);
    }
    return 0;
}

#define SECURITY_IGNORE 0x3380u /* SECURITY_FLAG_IGNORE_* */

/* NULL: the server may have no certificate. */
static DWORD set_client(struct request *request, const void *buffer, DWORD size)
{
    PCCERT_CONTEXT given = buffer;

    if (given && (size < sizeof *given || !given->pbCertEncoded))
        return ERROR_INVALID_PARAMETER;
    if (given && !cert_private_key(given).cbData)
        return ERROR_WINHTTP_CLIENT_CERT_NO_PRIVATE_KEY;
    CertFreeCertificateContext(request->client);
    request->client = given ? CertDuplicateCertificateContext(given) : NULL;
    return 0;
}

static DWORD set_request(struct request *request, DWORD option, const void *buffer, DWORD size)
{
    DWORD length = size / sizeof(WCHAR);

    switch (option) {
    case WINHTTP_OPTION_SECURITY_FLAGS:
        if (size < sizeof(DWORD))
            return ERROR_INSUFFICIENT_BUFFER;
        if (*(const DWORD *)buffer & ~SECURITY_IGNORE)
            return ERROR_INVALID_PARAMETER;
        request->security_flags = *(const DWORD *)buffer;
        return 0;
    case WINHTTP_OPTION_DISABLE_FEATURE:
        if (size < sizeof(DWORD))
            return ERROR_INSUFFICIENT_BUFFER;
        request->feature_off |= *(const DWORD *)buffer;
        return 0;
    case WINHTTP_OPTION_UPGRADE_TO_WEB_SOCKET:
        request->upgrade = true;
        return 0;
    case WINHTTP_OPTION_USERNAME:
        replace(&request->server.user, buffer, length);
        return 0;
    case WINHTTP_OPTION_PASSWORD:
        replace(&request->server.password, buffer, length);
        return 0;
    case WINHTTP_OPTION_PROXY_USERNAME:
        replace(&request->proxy_login.user, buffer, length);
        return 0;
    case WINHTTP_OPTION_PROXY_PASSWORD:
        replace(&request->proxy_login.password, buffer, length);
        return 0;
    case WINHTTP_OPTION_CLIENT_CERT_CONTEXT:
        return set_client(request, buffer, size);
    default:
        return ERROR_WINHTTP_INVALID_OPTION;
    }
}

static DWORD set_option(struct handle *handle, DWORD option, void *buffer, DWORD size)
{
    DWORD *number = number_of(&handle->set, option);

    if (number) {
        if (size < sizeof *number)
            return ERROR_INSUFFICIENT_BUFFER;
        if (option == WINHTTP_OPTION_REDIRECT_POLICY && *(DWORD *)buffer > WINHTTP_OPTION_REDIRECT_POLICY_LAST)
            return ERROR_INVALID_PARAMETER;
        *number = *(DWORD *)buffer;
        return 0;
    }
    switch (option) {
    case WINHTTP_OPTION_CONTEXT_VALUE:
        if (size < sizeof(DWORD_PTR))
            return ERROR_INSUFFICIENT_BUFFER;
        handle->set.context = *(DWORD_PTR *)buffer;
        return 0;
    case WINHTTP_OPTION_PROXY:
        return size < sizeof(WINHTTP_PROXY_INFO) ? ERROR_INSUFFICIENT_BUFFER : set_proxy(handle, buffer);
    case WINHTTP_OPTION_USER_AGENT:
        if (handle->kind != KIND_SESSION)
            return ERROR_WINHTTP_INCORRECT_HANDLE_TYPE;
        replace(&((struct session *)handle)->agent, buffer, size);
        return 0;
    case WINHTTP_OPTION_URL:
    case WINHTTP_OPTION_PARENT_HANDLE:
    case WINHTTP_OPTION_HANDLE_TYPE:
        return ERROR_WINHTTP_OPTION_NOT_SETTABLE;
    }
    if (accepted(option))
        return 0;
    if (handle->kind == KIND_REQUEST)
        return set_request((struct request *)handle, option, buffer, size);
    return ERROR_WINHTTP_INVALID_OPTION;
}

BOOL WINAPI WinHttpSetOption(HINTERNET number, DWORD option, LPVOID buffer, DWORD size)
{
    struct handle *handle = number ? internet_any(number) : NULL;
    DWORD error;

    if (!number)
        return accepted(option) ? TRUE : http_fail(ERROR_INVALID_HANDLE);
    if (!handle)
        return FALSE;
    if (!buffer && size)
        error = ERROR_INVALID_PARAMETER;
    else if (!buffer && option != WINHTTP_OPTION_CLIENT_CERT_CONTEXT && option != WINHTTP_OPTION_UPGRADE_TO_WEB_SOCKET)
        error = ERROR_INVALID_PARAMETER;
    else
        error = set_option(handle, option, buffer, size);
    internet_release(handle);
    return error ? http_fail(error) : TRUE;
}

static DWORD give(const void *from, DWORD needed, void *buffer, DWORD *size)
{
    if (!buffer || *size < needed) {
        *size = needed;
        return ERROR_INSUFFICIENT_BUFFER;
    }
    memcpy(buffer, from, needed);
    *size = needed;
    return 0;
}

static DWORD give_text(const WCHAR *text, void *buffer, DWORD *size)
{
    DWORD bytes = (DWORD)(wide_length(text) * sizeof *text), error = give(text, bytes + sizeof *text, buffer, size);

    if (!error)
        *size = bytes;
    return error;
}

/* What was judged, built once more from the server's certificates. */
static DWORD query_chain(const struct request *request, void *buffer, DWORD *size)
{
    CERT_CHAIN_PARA para = {.cbSize = sizeof para};
    PCCERT_CHAIN_CONTEXT chain = NULL;

    if (!request->certificate)
        return ERROR_WINHTTP_INCORRECT_HANDLE_STATE;
    if (!buffer || *size < sizeof chain)
        return give(&chain, sizeof chain, buffer, size);
    if (!CertGetCertificateChain(NULL, request->certificate, NULL, request->certificate->hCertStore, &para, 0, NULL,
                                 &chain))
        return GetLastError();
    return give(&chain, sizeof chain, buffer, size);
}

static DWORD query_request(struct request *request, DWORD option, void *buffer, DWORD *size)
{
    DWORD number, error;
    WCHAR *url;

    switch (option) {
    case WINHTTP_OPTION_URL:
        url = url_make(request->secure, request->host, request->port, request->path);
        error = url ? give_text(url, buffer, size) : ERROR_OUTOFMEMORY;
        crypt_free(url);
        return error;
    case WINHTTP_OPTION_SECURITY_FLAGS:
        number = request->security_flags | (request->secure ? SECURITY_FLAG_SECURE : 0);
        return give(&number, sizeof number, buffer, size);
    case WINHTTP_OPTION_SERVER_CERT_CONTEXT:
        if (!request->certificate)
            return ERROR_WINHTTP_INCORRECT_HANDLE_STATE;
        if (!buffer || *size < sizeof(PCCERT_CONTEXT))
            return give(&request->certificate, sizeof(PCCERT_CONTEXT), buffer, size);
        *(PCCERT_CONTEXT *)buffer = CertDuplicateCertificateContext(request->certificate);
        *size = sizeof(PCCERT_CONTEXT);
        return 0;
    case WINHTTP_OPTION_SERVER_CERT_CHAIN_CONTEXT:
        return query_chain(request, buffer, size);
    case WINHTTP_OPTION_HTTP_PROTOCOL_USED:
        number = request->http2_used ? 1 : 0;
        return give(&number, sizeof number, buffer, size);
    case WINHTTP_OPTION_USERNAME:
        return give_text(request->server.user ? request->server.user : L"", buffer, size);
    case WINHTTP_OPTION_PASSWORD:
        return give_text(request->server.password ? request->server.password : L"", buffer, size);
    case WINHTTP_OPTION_SECURITY_KEY_BITNESS:
        number = request->secure ? SECURITY_FLAG_STRENGTH_STRONG : 0;
        return give(&number, sizeof number, buffer, size);
    case WINHTTP_OPTION_HTTP_VERSION:
        return give(&(HTTP_VERSION_INFO){1, 1}, sizeof(HTTP_VERSION_INFO), buffer, size);
    default:
        return ERROR_WINHTTP_INVALID_OPTION;
    }
}

/* Its texts are for GlobalFree. */
static DWORD query_proxy(const struct handle *handle, void *buffer, DWORD *size)
{
    const struct session *session = (const struct session *)handle;
    const struct request *request = (const struct request *)handle;
    WINHTTP_PROXY_INFO info = {0};
    const WCHAR *proxy, *bypass;
    DWORD error;

    if (handle->kind != KIND_SESSION && handle->kind != KIND_REQUEST)
        return ERROR_WINHTTP_INCORRECT_HANDLE_TYPE;
    if (handle->kind == KIND_REQUEST && !request->proxy_access)
        session = session_of((struct handle *)handle);
    if (handle->kind == KIND_REQUEST && request->proxy_access) {
        info.dwAccessType = request->proxy_access;
        proxy = request->proxy;
        bypass = request->bypass;
    } else {
        info.dwAccessType = session->access;
        proxy = session->proxy;
        bypass = session->bypass;
    }
    error = give(&info, sizeof info, buffer, size);
    if (error || info.dwAccessType != WINHTTP_ACCESS_TYPE_NAMED_PROXY)
        return error;
    ((WINHTTP_PROXY_INFO *)buffer)->lpszProxy = proxy ? global_copy(proxy) : NULL;
    ((WINHTTP_PROXY_INFO *)buffer)->lpszProxyBypass = bypass ? global_copy(bypass) : NULL;
    return 0;
}

static DWORD query_option(struct handle *handle, DWORD option, void *buffer, DWORD *size)
{
    DWORD *number = number_of(&handle->set, option), kind;
    struct session *session = (struct session *)handle;

    if (number)
        return give(number, sizeof *number, buffer, size);
    switch (option) {
    case WINHTTP_OPTION_CONTEXT_VALUE:
        return give(&handle->set.context, sizeof handle->set.context, buffer, size);
    case WINHTTP_OPTION_CALLBACK:
        return give(&handle->set.callback, sizeof handle->set.callback, buffer, size);
    case WINHTTP_OPTION_HANDLE_TYPE:
        kind = handle->kind == KIND_SOCKET ? WINHTTP_HANDLE_TYPE_REQUEST : (DWORD)handle->kind;
        return give(&kind, sizeof kind, buffer, size);
    case WINHTTP_OPTION_PARENT_HANDLE:
        return give(handle->parent ? &handle->parent->number : &(HINTERNET){NULL}, sizeof(HINTERNET), buffer, size);
    case WINHTTP_OPTION_PROXY:
        return query_proxy(handle, buffer, size);
    case WINHTTP_OPTION_USER_AGENT:
        if (handle->kind == KIND_SESSION)
            return give_text(session->agent ? session->agent : L"", buffer, size);
        break;
    case WINHTTP_OPTION_WORKER_THREAD_COUNT:
    case WINHTTP_OPTION_CONNECT_RETRIES:
    case WINHTTP_OPTION_MAX_CONNS_PER_SERVER:
        kind = option == WINHTTP_OPTION_CONNECT_RETRIES       ? 5
               : option == WINHTTP_OPTION_WORKER_THREAD_COUNT ? 0
                                                              : 0xffffffff;
        return give(&kind, sizeof kind, buffer, size);
    }
    return handle->kind == KIND_REQUEST ? query_request((struct request *)handle, option, buffer, size)
                                        : ERROR_WINHTTP_INVALID_OPTION;
}

BOOL WINAPI WinHttpQueryOption(HINTERNET number, DWORD option, LPVOID buffer, LPDWORD size)
{
    struct handle *handle = internet_any(number);
    DWORD error;

    if (!handle)
        return FALSE;
    error = size ? query_option(handle, option, buffer, size) : ERROR_INVALID_PARAMETER;
    internet_release(handle);
    return error ? http_fail(error) : TRUE;
}

BOOL WINAPI WinHttpSetTimeouts(HINTERNET number, int resolve, int connect, int send, int receive)
{
    struct handle *handle;

    if (resolve < -1 || connect < -1 || send < -1 || receive < -1)
        return http_fail(ERROR_INVALID_PARAMETER);
    handle = internet_any(number);
    if (!handle)
        return FALSE;
    /* 0 and -1: for ever. */
    handle->set.resolve_ms = resolve > 0 ? (DWORD)resolve : 0;
    handle->set.connect_ms = connect > 0 ? (DWORD)connect : 0;
    handle->set.send_ms = send > 0 ? (DWORD)send : 0;
    handle->set.receive_ms = handle->set.response_ms = receive > 0 ? (DWORD)receive : 0;
    internet_release(handle);
    return TRUE;
}

BOOL WINAPI WinHttpSetCredentials(HINTERNET number, DWORD target, DWORD scheme, LPCWSTR user, LPCWSTR password,
                                  LPVOID reserved)
{
    struct request *request = internet_from(number, KIND_REQUEST);
    struct credential *credential;
    DWORD error = 0;

    (void)reserved;
    if (!request)
        return FALSE;
    if (target > WINHTTP_AUTH_TARGET_PROXY || !user || !password) {
        error = ERROR_INVALID_PARAMETER;
    } else {
        credential = target == WINHTTP_AUTH_TARGET_SERVER ? &request->server : &request->proxy_login;
        replace(&credential->user, user, (DWORD)wide_length(user));
        replace(&credential->password, password, (DWORD)wide_length(password));
        credential->scheme = scheme;
    }
    internet_release(&request->handle);
    return error ? http_fail(error) : TRUE;
}

/* What the answer asks for. */
BOOL WINAPI WinHttpQueryAuthSchemes(HINTERNET number, LPDWORD supported, LPDWORD first, LPDWORD target)
{
    static const struct {
        const WCHAR *name;
        DWORD scheme;
    } schemes[] = {{L"Basic", WINHTTP_AUTH_SCHEME_BASIC},
                   {L"NTLM", WINHTTP_AUTH_SCHEME_NTLM},
                   {L"Digest", WINHTTP_AUTH_SCHEME_DIGEST},
                   {L"Negotiate", WINHTTP_AUTH_SCHEME_NEGOTIATE}};
    struct request *request = internet_from(number, KIND_REQUEST);
    bool proxy;
    WCHAR *value;

    if (!request)
        return FALSE;
    *supported = *first = 0;
    proxy = request->status == 407;
    *target = proxy ? WINHTTP_AUTH_TARGET_PROXY : WINHTTP_AUTH_TARGET_SERVER;
    for (DWORD i = 0; request->head && request->state == REQUEST_RECEIVED &&
                      (value = head_value(request->head, proxy ? L"Proxy-Authenticate" : L"WWW-Authenticate", i));
         i++) {
        for (size_t j = 0; j < sizeof schemes / sizeof *schemes; j++)
            if (CompareStringOrdinal(value, (int)wide_length(schemes[j].name), schemes[j].name,
                                     (int)wide_length(schemes[j].name), TRUE) == CSTR_EQUAL) {
                *supported |= schemes[j].scheme;
                if (!*first)
                    *first = schemes[j].scheme;
            }
        crypt_free(value);
    }
    internet_release(&request->handle);
    return *supported ? TRUE : http_fail(ERROR_INVALID_OPERATION);
}
