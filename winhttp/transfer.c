/*
 * transfer.c: a request becomes a transfer of libcurl.
 */
#include <stdio.h>
#include "winhttp/http.h"
#include "crypt32/store.h"

static unsigned tls_versions(DWORD protocols)
{
    return (protocols & WINHTTP_FLAG_SECURE_PROTOCOL_TLS1 ? 1u : 0) |
           (protocols & WINHTTP_FLAG_SECURE_PROTOCOL_TLS1_1 ? 2u : 0) |
           (protocols & WINHTTP_FLAG_SECURE_PROTOCOL_TLS1_2 ? 4u : 0) | (protocols & 0x2000 /* TLS 1.3 */ ? 8u : 0);
}

static unsigned auth_of(DWORD scheme)
{
    return (scheme & WINHTTP_AUTH_SCHEME_BASIC ? HTTP_AUTH_BASIC : 0u) |
           (scheme & WINHTTP_AUTH_SCHEME_DIGEST ? HTTP_AUTH_DIGEST : 0u) |
           (scheme & WINHTTP_AUTH_SCHEME_NTLM ? HTTP_AUTH_NTLM : 0u) |
           (scheme & WINHTTP_AUTH_SCHEME_NEGOTIATE ? HTTP_AUTH_NEGOTIATE : 0u);
}

static char *narrow(const WCHAR *text)
{
    return text ? utf8_from_wide(text) : NULL;
}

/* Headers as lines; what libcurl writes itself is left to it. */
static const char **header_lines(const struct request *request, const struct session *session, size_t *count)
{
    const char **lines = crypt_alloc((request->header_count + 2) * sizeof *lines);
    size_t used = 0;

    if (session->agent && *session->agent && !request_header(request, L"User-Agent")) {
        char *agent = utf8_from_wide(session->agent);
        char *line = agent ? crypt_alloc(strlen(agent) + 16) : NULL;

        if (line) {
            sprintf(line, "User-Agent: %s", agent);
            lines[used++] = line;
        }
        crypt_free(agent);
    }
    for (DWORD i = 0; i < request->header_count && lines; i++) {
        const WCHAR *line = request->headers[i];

        if (CompareStringOrdinal(line, 15, L"Content-Length:", 15, TRUE) == CSTR_EQUAL ||
            CompareStringOrdinal(line, 18, L"Transfer-Encoding:", 18, TRUE) == CSTR_EQUAL)
            continue;
        char *text = utf8_from_wide(line);
        size_t length = text ? strlen(text) : 0;

        if (length && text[length - 1] == ':') /* an empty value is sent, which libcurl marks so */
            text[length - 1] = ';';
        else if (length > 1 && text[length - 1] == ' ' && strchr(text, ':') == text + length - 2)
            strcpy(text + length - 2, ";");
        if (text)
            lines[used++] = text;
    }
    *count = used;
    return lines;
}

/* The environment's is left to libcurl, which knows all its forms. */
static void proxy_fill(const struct request *request, const struct session *session, const WCHAR *url,
                       struct http_options *options)
{
    DWORD access = request->proxy_access ? request->proxy_access : session->access;
    WCHAR *list = NULL, *bypass = NULL;

    if (access == WINHTTP_ACCESS_TYPE_NAMED_PROXY) {
        const WCHAR *hosts = request->proxy_access ? request->bypass : session->bypass;

        list = wide_copy(request->proxy_access ? request->proxy : session->proxy);
        bypass = hosts ? wide_copy(hosts) : NULL;
    } else if (access != WINHTTP_ACCESS_TYPE_NO_PROXY) {
        if (!automatic_proxy(url, &list) && !proxy_settings(&list, &bypass) && !machine_proxy(&list, &bypass))
            return;
    }
    options->proxy = list && !proxy_bypassed(bypass, request->host, request->secure, request->port)
                         ? proxy_choose(list, request->secure)
                         : utf8_from_wide(L"");
    options->bypass = utf8_from_wide(L"");
    crypt_free(list);
    crypt_free(bypass);
}

DWORD transfer_open(struct request *request, uint64_t total, bool raw)
{
    struct session *session = session_of(&request->handle);
    const struct settings *set = &request->handle.set;
    WCHAR *url = url_make(request->secure, request->host, request->port, request->path);
    struct http_options options = {
        .url = narrow(url),
        .method = narrow(request->method),
        .user = narrow(request->server.user),
        .password = narrow(request->server.password),
        .proxy_user = narrow(request->proxy_login.user),
        .proxy_password = narrow(request->proxy_login.password),
        .auth = auth_of(request->server.scheme),
        .proxy_auth = auth_of(request->proxy_login.scheme),
        .connect_ms = set->connect_ms,
        .receive_ms = set->response_ms > set->receive_ms ? set->response_ms : set->receive_ms,
        .decompress = set->decompression,
        .http2 = set->http_protocols & 1,
        .cookies = !(request->feature_off & WINHTTP_DISABLE_COOKIES),
        .raw = raw,
        .has_body = total || request->chunked || !wide_compare(request->method, L"POST") ||
                    !wide_compare(request->method, L"PUT") || !wide_compare(request->method, L"PATCH"),
        .body_size = request->chunked ? -1 : (int64_t)total,
        .tls_versions = tls_versions(set->secure_protocols),
        .group = request->security_flags ^ set->secure_protocols << 16,
        .verify = request_verify,
        .argument = request,
    };
    struct http_transfer *transfer = NULL;

    if (request->client) {
        CRYPT_DATA_BLOB key = cert_private_key(request->client);

        options.client = (struct http_certificate){request->client->pbCertEncoded, request->client->cbCertEncoded};
        options.client_key = (struct http_certificate){key.pbData, key.cbData};
        for (DWORD i = 0; i < request->client->cbCertEncoded; i++)
            options.group = options.group * 31 + request->client->pbCertEncoded[i];
    }
    options.headers = header_lines(request, session, &options.header_count);
    proxy_fill(request, session, url, &options);
    if (options.url && options.method && options.headers)
        transfer = http_plugin()->start(session->pool, &options);
    for (size_t i = 0; i < options.header_count; i++)
        crypt_free((void *)options.headers[i]);
    crypt_free((void *)options.headers);
    for (const char *const *text =
             (const char *const[]){options.url, options.method, options.user, options.password, options.proxy_user,
                                   options.proxy_password, options.proxy, options.bypass, (const char *)-1};
         *text != (const char *)-1; text++)
        crypt_free((void *)*text);
    crypt_free(url);
    if (!transfer)
        return ERROR_WINHTTP_INTERNAL_ERROR;
    RtlAcquireSRWLockExclusive(&request->lock);
    request->transfer = transfer;
    RtlReleaseSRWLockExclusive(&request->lock);
    return request->handle.closed ? ERROR_WINHTTP_OPERATION_CANCELLED : 0;
}
