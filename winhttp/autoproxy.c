/*
 * autoproxy.c: winhttp.h: proxies that a script names (PAC), which a setting or the network's name service tells
 * (WPAD).
 */
#include "winhttp/http.h"
#include "ntdll/pac_plugin.h"

#define SCRIPT_MAX (1024 * 1024)
#define SCRIPT_LIFE (5 * 60 * 1000) /* milliseconds for which a fetched one is good */

/* The script that was fetched last. */
static SRWLOCK lock = SRWLOCK_INIT;
static WCHAR *last_url;
static char *last_script;
static DWORD last_size;
static ULONGLONG last_time;

static char *script_read(const WCHAR *path, DWORD *size)
{
    HANDLE file = CreateFileW(path, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_EXISTING, 0, NULL);
    char *script = NULL;

    if (file == INVALID_HANDLE_VALUE)
        return NULL;
    *size = GetFileSize(file, NULL);
    if (*size <= SCRIPT_MAX)
        script = crypt_alloc(*size + 1);
    if (script && !ReadFile(file, script, *size, size, NULL)) {
        crypt_free(script);
        script = NULL;
    }
    CloseHandle(file);
    return script;
}

static char *script_receive(HINTERNET request, DWORD *size)
{
    char *script = crypt_alloc(SCRIPT_MAX + 1);
    DWORD status = 0, length = sizeof status, got;

    *size = 0;
    if (!script || !WinHttpSendRequest(request, NULL, 0, NULL, 0, 0, 0) || !WinHttpReceiveResponse(request, NULL) ||
        !WinHttpQueryHeaders(request, WINHTTP_QUERY_STATUS_CODE | WINHTTP_QUERY_FLAG_NUMBER, NULL, &status, &length,
                             NULL) ||
        status != 200) {
        crypt_free(script);
        return NULL;
    }
    while (*size < SCRIPT_MAX && WinHttpReadData(request, script + *size, SCRIPT_MAX - *size, &got) && got)
        *size += got;
    return script;
}

static char *script_fetch(const WCHAR *url, DWORD *size)
{
    URL_COMPONENTS parts = {.dwStructSize = sizeof parts, .dwHostNameLength = (DWORD)-1, .dwUrlPathLength = (DWORD)-1};
    HINTERNET session, connection = NULL, request = NULL;
    WCHAR host[256];
    char *script = NULL;

    if (CompareStringOrdinal(url, 7, L"file://", 7, TRUE) == CSTR_EQUAL)
        return script_read(url + 7 + (url[7] == '/'), size);
    if (!WinHttpCrackUrl(url, 0, 0, &parts) || parts.dwHostNameLength > 255)
        return NULL;
    memcpy(host, parts.lpszHostName, parts.dwHostNameLength * sizeof *host);
    host[parts.dwHostNameLength] = 0;
    session = WinHttpOpen(L"WinHttp-Autoproxy-Service/5.1", WINHTTP_ACCESS_TYPE_NO_PROXY, NULL, NULL, 0);
    if (session) {
        WinHttpSetTimeouts(session, 10000, 10000, 10000, 10000);
        connection = WinHttpConnect(session, host, parts.nPort, 0);
    }
    if (connection)
        request = WinHttpOpenRequest(connection, NULL, parts.lpszUrlPath, NULL, NULL, NULL,
                                     parts.nScheme == INTERNET_SCHEME_HTTPS ? WINHTTP_FLAG_SECURE : 0);
    if (request)
        script = script_receive(request, size);
    WinHttpCloseHandle(request);
    WinHttpCloseHandle(connection);
    WinHttpCloseHandle(session);
    return script;
}

/* A copy; NULL: it can not be had. */
static char *script_get(const WCHAR *url, DWORD *size)
{
    char *script = NULL;

    RtlAcquireSRWLockExclusive(&lock);
    if (!last_script || wide_compare(url, last_url) || GetTickCount64() - last_time > SCRIPT_LIFE) {
        script = script_fetch(url, size);
        if (script) {
            crypt_free(last_url);
            crypt_free(last_script);
            last_url = wide_copy(url);
            last_script = script;
            last_size = *size;
            last_time = GetTickCount64();
        }
    } else {
        script = last_script;
    }
    if (script) {
        script = crypt_alloc(last_size + 1);
        if (script)
            memcpy(script, last_script, last_size);
        *size = last_size;
    }
    RtlReleaseSRWLockExclusive(&lock);
    return script;
}

DWORD WINAPI WinHttpResetAutoProxy(HINTERNET number, DWORD flags)
{
    (void)number, (void)flags;
    RtlAcquireSRWLockExclusive(&lock);
    crypt_free(last_url);
    crypt_free(last_script);
    last_url = NULL;
    last_script = NULL;
    RtlReleaseSRWLockExclusive(&lock);
    return ERROR_SUCCESS;
}

/* A host named "wpad" here or in the domain above; what DHCP tells the host does not tell. */
BOOL WINAPI WinHttpDetectAutoProxyConfigUrl(DWORD flags, LPWSTR *url)
{
    if (!url || !flags || flags & ~(DWORD)(WINHTTP_AUTO_DETECT_TYPE_DHCP | WINHTTP_AUTO_DETECT_TYPE_DNS_A))
        return http_fail(ERROR_INVALID_PARAMETER);
    *url = NULL;
    if (!(flags & WINHTTP_AUTO_DETECT_TYPE_DNS_A) || !pac_plugin() || !pac_plugin()->resolves("wpad"))
        return http_fail(ERROR_WINHTTP_AUTODETECTION_FAILED);
    *url = global_copy(L"http://wpad/wpad.dat");
    return *url ? TRUE : http_fail(ERROR_OUTOFMEMORY);
}

/* What the script at `script_url` says for `url`; heap memory. */
static DWORD script_ask(const WCHAR *script_url, const WCHAR *url, WCHAR **answer)
{
    URL_COMPONENTS parts = {.dwStructSize = sizeof parts, .dwHostNameLength = (DWORD)-1};
    char *script, *found = NULL, *u, *h;
    WCHAR host[256];
    DWORD size;

    *answer = NULL;
    if (!WinHttpCrackUrl(url, 0, 0, &parts) || parts.dwHostNameLength > 255)
        return ERROR_WINHTTP_INVALID_URL;
    script = script_get(script_url, &size);
    if (!script)
        return ERROR_WINHTTP_UNABLE_TO_DOWNLOAD_SCRIPT;
    memcpy(host, parts.lpszHostName, parts.dwHostNameLength * sizeof *host);
    host[parts.dwHostNameLength] = 0;
    u = utf8_from_wide(url);
    h = utf8_from_wide(host);
    if (u && h && pac_plugin())
        found = pac_plugin()->find(script, size, u, h);
    if (found) {
        *answer = wide_from_utf8(found, -1);
        pac_plugin()->release(found);
    }
    crypt_free(u);
    crypt_free(h);
    crypt_free(script);
    return *answer ? 0 : ERROR_WINHTTP_BAD_AUTO_PROXY_SCRIPT;
}

static DWORD ask(const WCHAR *url, const WINHTTP_AUTOPROXY_OPTIONS *options, WCHAR **answer)
{
    DWORD error = ERROR_WINHTTP_AUTODETECTION_FAILED;
    WCHAR *found = NULL;

    if (options->dwFlags & WINHTTP_AUTOPROXY_AUTO_DETECT &&
        WinHttpDetectAutoProxyConfigUrl(options->dwAutoDetectFlags, &found)) {
        error = script_ask(found, url, answer);
        GlobalFree(found);
    }
    if (error && options->dwFlags & WINHTTP_AUTOPROXY_CONFIG_URL)
        error = script_ask(options->lpszAutoConfigUrl, url, answer);
    return error;
}

static bool options_good(const WINHTTP_AUTOPROXY_OPTIONS *options)
{
    return options && options->dwFlags & (WINHTTP_AUTOPROXY_AUTO_DETECT | WINHTTP_AUTOPROXY_CONFIG_URL) &&
           (!(options->dwFlags & WINHTTP_AUTOPROXY_AUTO_DETECT) || options->dwAutoDetectFlags) &&
           (!(options->dwFlags & WINHTTP_AUTOPROXY_CONFIG_URL) || options->lpszAutoConfigUrl);
}

/* "PROXY a:1; SOCKS b; DIRECT", part by part: the word's first letter, the address.  False: no more. */
static bool answer_next(const WCHAR **place, WCHAR *kind, WCHAR *address, DWORD room)
{
    const WCHAR *at = *place;
    DWORD length = 0;

    while (*at == ' ' || *at == ';' || *at == '\t')
        at++;
    if (!*at)
        return false;
    *kind = *at & ~0x20;
    if (*kind == 'H' && (at[4] | 0x20) == 's' && *at)
        *kind = 'T'; /* HTTPS */
    while (*at && *at != ' ' && *at != ';' && *at != '\t')
        at++;
    while (*at == ' ' || *at == '\t')
        at++;
    while (*at && *at != ';' && *at != ' ' && length + 1 < room)
        address[length++] = *at++;
    address[length] = 0;
    while (*at && *at != ';')
        at++;
    *place = at;
    return true;
}

/* As a list of proxies; NULL: none. */
static WCHAR *answer_list(const WCHAR *answer)
{
    WCHAR *list = crypt_alloc((wide_length(answer) + 16) * sizeof *list), address[512], kind;
    size_t length = 0;

    while (list && answer_next(&answer, &kind, address, 512) && kind != 'D') {
        if ((kind != 'P' && kind != 'H' && kind != 'T') || !*address)
            continue;
        if (length)
            list[length++] = ';';
        memcpy(list + length, address, wide_length(address) * sizeof *list);
        length += wide_length(address);
    }
    if (!length) {
        crypt_free(list);
        return NULL;
    }
    list[length] = 0;
    return list;
}

bool automatic_proxy(const WCHAR *url, WCHAR **proxy)
{
    bool detect;
    WCHAR *script = proxy_script(&detect), *answer = NULL;
    WINHTTP_AUTOPROXY_OPTIONS options = {.dwFlags = (detect ? WINHTTP_AUTOPROXY_AUTO_DETECT : 0) |
                                                    (script ? WINHTTP_AUTOPROXY_CONFIG_URL : 0),
                                         .dwAutoDetectFlags = WINHTTP_AUTO_DETECT_TYPE_DNS_A,
                                         .lpszAutoConfigUrl = script};
    bool told = options.dwFlags && !ask(url, &options, &answer);

    *proxy = told ? answer_list(answer) : NULL;
    crypt_free(answer);
    crypt_free(script);
    return told;
}

BOOL WINAPI WinHttpGetProxyForUrl(HINTERNET number, LPCWSTR url, WINHTTP_AUTOPROXY_OPTIONS *options,
                                  WINHTTP_PROXY_INFO *info)
{
    struct session *session;
    WCHAR *answer, *list;
    DWORD error;

    if (!info || !url || !options_good(options))
        return http_fail(ERROR_INVALID_PARAMETER);
    session = internet_from(number, KIND_SESSION);
    if (!session)
        return FALSE;
    error = ask(url, options, &answer);
    internet_release(&session->handle);
    if (error)
        return http_fail(error);
    list = answer_list(answer);
    *info = (WINHTTP_PROXY_INFO){.dwAccessType = list ? WINHTTP_ACCESS_TYPE_NAMED_PROXY : WINHTTP_ACCESS_TYPE_NO_PROXY,
                                 .lpszProxy = list ? global_copy(list) : NULL};
    crypt_free(list);
    crypt_free(answer);
    SetLastError(0);
    return TRUE;
}

/* A resolver's handle holds the answer until it is asked for. */
DWORD WINAPI WinHttpCreateProxyResolver(HINTERNET number, HINTERNET *made)
{
    struct session *session = made ? internet_from(number, KIND_SESSION) : NULL;
    struct handle *resolver;

    if (!session)
        return made ? GetLastError() : ERROR_INVALID_PARAMETER;
    resolver = internet_make(sizeof *resolver, KIND_OTHER, &session->handle);
    internet_release(&session->handle);
    *made = resolver ? resolver->number : NULL;
    return resolver ? 0 : GetLastError();
}

static void free_answer(void *answer)
{
    crypt_free(answer);
}

struct asking {
    struct handle *resolver;
    WCHAR *url, *script;
    WINHTTP_AUTOPROXY_OPTIONS options;
};

static DWORD asking_run(struct asking *asking)
{
    struct inet_extra *extra = &asking->resolver->inet;
    WCHAR *answer;
    DWORD error = ask(asking->url, &asking->options, &answer);

    if (!error) {
        crypt_free(extra->object);
        extra->object = answer;
        extra->object_free = free_answer;
    }
    return error;
}

static void asking_free(struct asking *asking)
{
    internet_release(asking->resolver);
    crypt_free(asking->url);
    crypt_free(asking->script);
    crypt_free(asking);
}

static DWORD WINAPI asking_work(LPVOID argument)
{
    struct asking *asking = argument;
    DWORD error = asking_run(asking);
    WINHTTP_ASYNC_RESULT result = {API_GET_PROXY_FOR_URL, error};

    internet_notify(asking->resolver,
                    error ? WINHTTP_CALLBACK_STATUS_REQUEST_ERROR : WINHTTP_CALLBACK_STATUS_GETPROXYFORURL_COMPLETE,
                    error ? &result : NULL, error ? sizeof result : 0);
    asking_free(asking);
    return 0;
}

DWORD WINAPI WinHttpGetProxyForUrlEx(HINTERNET number, PCWSTR url, WINHTTP_AUTOPROXY_OPTIONS *options,
                                     DWORD_PTR context)
{
    struct handle *resolver = url && options_good(options) ? internet_from(number, KIND_OTHER) : NULL;
    struct asking *asking = resolver ? crypt_alloc(sizeof *asking) : NULL;
    DWORD error;

    if (!asking) {
        if (resolver)
            internet_release(resolver);
        return resolver ? ERROR_OUTOFMEMORY : url && options_good(options) ? GetLastError() : ERROR_INVALID_PARAMETER;
    }
    asking->resolver = resolver;
    asking->url = wide_copy(url);
    asking->options = *options;
    if (options->dwFlags & WINHTTP_AUTOPROXY_CONFIG_URL)
        asking->options.lpszAutoConfigUrl = asking->script = wide_copy(options->lpszAutoConfigUrl);
    if (context)
        resolver->set.context = context;
    if (session_of(resolver)->async && RtlQueueWorkItem(asking_work, asking, WT_EXECUTELONGFUNCTION) >= 0)
        return ERROR_IO_PENDING;
    error = asking_run(asking);
    asking_free(asking);
    return error;
}

static WINHTTP_PROXY_RESULT_ENTRY entry_of(WCHAR kind, WCHAR *address)
{
    WINHTTP_PROXY_RESULT_ENTRY entry = {.fProxy = kind != 'D'};
    WCHAR *colon = NULL;

    if (!entry.fProxy)
        return entry;
    entry.ProxyScheme = kind == 'S'   ? INTERNET_SCHEME_SOCKS
                        : kind == 'T' ? INTERNET_SCHEME_HTTPS
                                      : INTERNET_SCHEME_HTTP;
    entry.ProxyPort = kind == 'S' ? 1080 : kind == 'T' ? 443 : 80;
    for (WCHAR *at = address; *at; at++)
        if (*at == ':')
            colon = at;
    if (colon) {
        *colon = 0;
        entry.ProxyPort = 0;
        for (const WCHAR *at = colon + 1; *at >= '0' && *at <= '9'; at++)
            entry.ProxyPort = (INTERNET_PORT)(entry.ProxyPort * 10 + (*at - '0'));
    }
    entry.pwszProxy = wide_copy(address);
    return entry;
}

DWORD WINAPI WinHttpGetProxyResult(HINTERNET number, WINHTTP_PROXY_RESULT *result)
{
    struct handle *resolver = result ? internet_from(number, KIND_OTHER) : NULL;
    const WCHAR *answer, *at;
    WCHAR kind, address[512];
    DWORD count = 0;

    if (!resolver)
        return result ? GetLastError() : ERROR_INVALID_PARAMETER;
    *result = (WINHTTP_PROXY_RESULT){0};
    answer = resolver->inet.object;
    for (at = answer; at && answer_next(&at, &kind, address, 512);)
        count++;
    result->pEntries = count ? crypt_alloc(count * sizeof *result->pEntries) : NULL;
    for (at = answer; result->pEntries && answer_next(&at, &kind, address, 512);)
        result->pEntries[result->cEntries++] = entry_of(kind, address);
    internet_release(resolver);
    return answer ? 0 : ERROR_WINHTTP_INCORRECT_HANDLE_STATE;
}

VOID WINAPI WinHttpFreeProxyResult(WINHTTP_PROXY_RESULT *result)
{
    for (DWORD i = 0; result && i < result->cEntries; i++)
        crypt_free(result->pEntries[i].pwszProxy);
    if (result) {
        crypt_free(result->pEntries);
        *result = (WINHTTP_PROXY_RESULT){0};
    }
}
