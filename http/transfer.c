/*
 * transfer.c: one request and its answer.
 *
 * libcurl's callbacks pause the transfer where the program has not asked for more or has not written more (drive.c).
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>
#include "transfer.h"

#define ENOUGH (256 * 1024)   /* bytes that lie here unread before the peer has to wait */
#define HEAD_MAX (256 * 1024) /* bytes of an answer's headers */

bool bytes_put(struct bytes *bytes, const void *data, size_t size)
{
    if (bytes->at && bytes->at == bytes->size)
        bytes->at = bytes->size = 0;
    if (bytes->size + size + 1 > bytes->room) {
        size_t room = (bytes->size + size + 1) * 2;
        char *longer = realloc(bytes->data, room);

        if (!longer)
            return false;
        bytes->data = longer;
        bytes->room = room;
    }
    memcpy(bytes->data + bytes->size, data, size);
    bytes->size += size;
    bytes->data[bytes->size] = 0;
    return true;
}

static size_t on_header(char *data, size_t one, size_t size, void *argument)
{
    struct http_transfer *transfer = argument;

    (void)one;
    if (size > 5 && !memcmp(data, "HTTP/", 5)) { /* another answer: what came before was not the last */
        transfer->head.size = 0;
        transfer->head_done = false;
    }
    transfer->head_total += size;
    if (transfer->head_total > HEAD_MAX) {
        transfer->long_head = true;
        return 0;
    }
    if (!bytes_put(&transfer->head, data, size))
        return 0;
    if (transfer->cookies && size > 11 && !strncasecmp(data, "Set-Cookie:", 11))
        pool_cookie_came(transfer->pool);
    if (size == 2 && data[0] == '\r') {
        long status = 0;

        curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
        transfer->status = (unsigned)status;
        /* After these the request may be sent again by itself. */
        transfer->head_done = status >= 200 && !(transfer->has_auth && (status == 401 || status == 407));
    }
    return size;
}

static size_t on_data(char *data, size_t one, size_t size, void *argument)
{
    struct http_transfer *transfer = argument;

    transfer->head_done = true;
    if (transfer->in.size - transfer->in.at > ENOUGH) {
        transfer->write_paused = true;
        return CURL_WRITEFUNC_PAUSE;
    }
    return bytes_put(&transfer->in, data, one * size) ? size : 0;
}

static size_t on_read(char *data, size_t one, size_t room, void *argument)
{
    struct http_transfer *transfer = argument;
    size_t left = transfer->out.size - transfer->out.at;

    room *= one;
    if (!left) {
        if (transfer->write_ended)
            return 0;
        transfer->read_paused = true;
        return CURL_READFUNC_PAUSE;
    }
    if (room > left)
        room = left;
    memcpy(data, transfer->out.data + transfer->out.at, room);
    transfer->out.at += room;
    return room;
}

/* Only what lies here still can be sent once more. */
static int on_seek(void *argument, curl_off_t offset, int origin)
{
    struct http_transfer *transfer = argument;

    if (origin != SEEK_SET || offset < 0 || (size_t)offset > transfer->out.size)
        return CURL_SEEKFUNC_CANTSEEK;
    transfer->out.at = (size_t)offset;
    return CURL_SEEKFUNC_OK;
}

static int on_progress(void *argument, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
    struct http_transfer *transfer = argument;

    (void)a, (void)b, (void)c, (void)d;
    return __atomic_load_n(&transfer->cancelled, __ATOMIC_RELAXED);
}

static int base64_value(char c)
{
    return c >= 'A' && c <= 'Z'   ? c - 'A'
           : c >= 'a' && c <= 'z' ? c - 'a' + 26
           : c >= '0' && c <= '9' ? c - '0' + 52
           : c == '+'             ? 62
           : c == '/'             ? 63
                                  : -1;
}

/* A certificate in PEM. */
static bool certificate_decode(const char *text, struct http_certificate *certificate)
{
    const char *at = strstr(text, "-----BEGIN CERTIFICATE-----");
    uint8_t *data, *to;
    unsigned bits = 0, count = 0;

    if (!at)
        return false;
    at += 27;
    data = to = malloc(strlen(at) + 1);
    for (; data && *at && *at != '-' && *at != '='; at++) {
        int value = base64_value(*at);

        if (value < 0)
            continue;
        bits = bits << 6 | (unsigned)value;
        if ((count += 6) >= 8)
            *to++ = (uint8_t)(bits >> (count -= 8));
    }
    *certificate = (struct http_certificate){data, (size_t)(to - data)};
    return data;
}

static void chain_fetch(struct http_transfer *transfer)
{
    struct curl_certinfo *info = NULL;

    if (curl_easy_getinfo(transfer->easy, CURLINFO_CERTINFO, &info) != CURLE_OK || !info)
        return;
    for (int i = 0; i < info->num_of_certs && transfer->chain_count < CHAIN_MAX; i++)
        for (struct curl_slist *one = info->certinfo[i]; one; one = one->next)
            if (!strncmp(one->data, "Cert:", 5) &&
                certificate_decode(one->data + 5, &transfer->chain[transfer->chain_count])) {
                transfer->chain_count++;
                break;
            }
}

/* The connection stands and nothing is sent yet.  One that is used again was found good before. */
int transfer_connected(void *argument, char *peer, char *local, int peer_port, int local_port)
{
    struct http_transfer *transfer = argument;

    (void)peer, (void)local, (void)peer_port, (void)local_port;
    transfer->connected = true;
    if (!transfer->chain_count)
        chain_fetch(transfer);
    if (transfer->chain_count && transfer->verify &&
        !transfer->verify(transfer->argument, transfer->chain, transfer->chain_count)) {
        transfer->refused = true;
        return CURL_PREREQFUNC_ABORT;
    }
    return CURL_PREREQFUNC_OK;
}

static long tls_option(unsigned versions)
{
    static const long least[] = {CURL_SSLVERSION_TLSv1_0, CURL_SSLVERSION_TLSv1_1, CURL_SSLVERSION_TLSv1_2,
                                 CURL_SSLVERSION_TLSv1_3};
    static const long most[] = {CURL_SSLVERSION_MAX_TLSv1_0, CURL_SSLVERSION_MAX_TLSv1_1, CURL_SSLVERSION_MAX_TLSv1_2,
                                CURL_SSLVERSION_MAX_TLSv1_3};
    int low = 0, high = 3;

    if (!(versions & 15))
        return CURL_SSLVERSION_DEFAULT;
    while (!(versions & 1u << low))
        low++;
    while (!(versions & 1u << high))
        high--;
    return least[low] | most[high];
}

static long auth_option(unsigned auth)
{
    long option = (auth & HTTP_AUTH_BASIC ? CURLAUTH_BASIC : 0) | (auth & HTTP_AUTH_DIGEST ? CURLAUTH_DIGEST : 0) |
                  (auth & HTTP_AUTH_NTLM ? CURLAUTH_NTLM : 0) | (auth & HTTP_AUTH_NEGOTIATE ? CURLAUTH_NEGOTIATE : 0);

    return option ? option : (long)CURLAUTH_BASIC;
}

static void set_auth(struct http_transfer *transfer, const struct http_options *options)
{
    long auth = auth_option(options->auth), proxy_auth = auth_option(options->proxy_auth);

    if (options->user) {
        transfer->has_auth = auth != (long)CURLAUTH_BASIC && options->auth;
        curl_easy_setopt(transfer->easy, CURLOPT_USERNAME, options->user);
        curl_easy_setopt(transfer->easy, CURLOPT_PASSWORD, options->password ? options->password : "");
        curl_easy_setopt(transfer->easy, CURLOPT_HTTPAUTH, auth);
    }
    if (options->proxy_user) {
        transfer->has_auth = transfer->has_auth || proxy_auth != (long)CURLAUTH_BASIC;
        curl_easy_setopt(transfer->easy, CURLOPT_PROXYAUTH, proxy_auth);
        curl_easy_setopt(transfer->easy, CURLOPT_PROXYUSERNAME, options->proxy_user);
        curl_easy_setopt(transfer->easy, CURLOPT_PROXYPASSWORD, options->proxy_password ? options->proxy_password : "");
    }
}

static void set_request(struct http_transfer *transfer, const struct http_options *options)
{
    CURL *easy = transfer->easy;
    bool type = false;

    for (size_t i = 0; i < options->header_count; i++) {
        transfer->headers = curl_slist_append(transfer->headers, options->headers[i]);
        type = type || !strncasecmp(options->headers[i], "Accept:", 7);
    }
    if (!type)
        transfer->headers = curl_slist_append(transfer->headers, "Accept:"); /* not libcurl's own */
    transfer->headers = curl_slist_append(transfer->headers, "Expect:");
    if (options->has_body) {
        curl_easy_setopt(easy, CURLOPT_UPLOAD, 1L);
        curl_easy_setopt(easy, CURLOPT_INFILESIZE_LARGE, (curl_off_t)options->body_size);
        if (options->body_size < 0)
            transfer->headers = curl_slist_append(transfer->headers, "Transfer-Encoding: chunked");
    } else if (!strcmp(options->method, "HEAD")) {
        curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
    }
    curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, options->method);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, transfer->headers);
}

/* Names are whole ones, and nobody changes the server's directory on the way. */
static void set_ftp(struct http_transfer *transfer, const struct http_options *options)
{
    CURL *easy = transfer->easy;

    for (size_t i = 0; i < options->ftp_command_count; i++)
        transfer->headers = curl_slist_append(transfer->headers, options->ftp_commands[i]);
    curl_easy_setopt(easy, CURLOPT_QUOTE, transfer->headers);
    curl_easy_setopt(easy, CURLOPT_FTP_FILEMETHOD, (long)CURLFTPMETHOD_NOCWD);
    curl_easy_setopt(easy, CURLOPT_TRANSFERTEXT, options->ftp_text ? 1L : 0L);
    if (options->ftp_active)
        curl_easy_setopt(easy, CURLOPT_FTPPORT, "-");
    if (options->ftp == HTTP_FTP_COMMANDS)
        curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
    if (options->ftp == HTTP_FTP_LIST)
        curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, options->ftp_list);
    if (options->ftp == HTTP_FTP_PUT)
        curl_easy_setopt(easy, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(easy, CURLOPT_SERVER_RESPONSE_TIMEOUT, (long)(options->receive_ms / 1000));
}

static void pem_write(FILE *file, const char *name, const struct http_certificate *data)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    fprintf(file, "-----BEGIN %s-----\n", name);
    for (size_t i = 0; i < data->size; i += 3) {
        size_t left = data->size - i;
        unsigned bits = (unsigned)data->data[i] << 16 | (left > 1 ? data->data[i + 1] << 8 : 0) |
                        (left > 2 ? data->data[i + 2] : 0);

        fprintf(file, "%c%c%c%c%s", digits[bits >> 18], digits[bits >> 12 & 63],
                left > 1 ? digits[bits >> 6 & 63] : '=', left > 2 ? digits[bits & 63] : '=', i % 48 == 45 ? "\n" : "");
    }
    fprintf(file, "\n-----END %s-----\n", name);
}

/* libcurl with GnuTLS takes files alone: it gets one that has no name. */
static void set_identity(struct http_transfer *transfer, const struct http_options *options)
{
    int fd = memfd_create("identity", MFD_CLOEXEC), twin = fd >= 0 ? fcntl(fd, F_DUPFD_CLOEXEC, 3) : -1;
    FILE *file = twin >= 0 ? fdopen(twin, "w") : NULL;
    char path[32];

    if (file) {
        pem_write(file, "CERTIFICATE", &options->client);
        pem_write(file, "PRIVATE KEY", &options->client_key);
        fclose(file);
        snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
        curl_easy_setopt(transfer->easy, CURLOPT_SSLCERT, path);
        curl_easy_setopt(transfer->easy, CURLOPT_SSLKEY, path);
    }
    transfer->identity = fd > 0 ? fd : 0;
}

static void set_connection(struct http_transfer *transfer, const struct http_options *options)
{
    CURL *easy = transfer->easy;

    if (options->proxy)
        curl_easy_setopt(easy, CURLOPT_PROXY, options->proxy);
    if (options->bypass)
        curl_easy_setopt(easy, CURLOPT_NOPROXY, options->bypass);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)options->connect_ms);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 0L); /* `verify` judges, by Windows' stores */
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 0L);
    curl_easy_setopt(easy, CURLOPT_CERTINFO, 1L);
    curl_easy_setopt(easy, CURLOPT_SSLVERSION, tls_option(options->tls_versions));
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION,
                     options->http2 ? (long)CURL_HTTP_VERSION_2TLS : (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, transfer_connected);
    curl_easy_setopt(easy, CURLOPT_PREREQDATA, transfer);
    curl_easy_setopt(easy, CURLOPT_CONNECT_ONLY, options->raw ? 1L : 0L);
}

struct http_transfer *transfer_start(struct http_pool *pool, const struct http_options *options)
{
    struct http_transfer *transfer = calloc(1, sizeof *transfer);
    CURL *easy = transfer ? curl_easy_init() : NULL;

    if (!easy) {
        free(transfer);
        return NULL;
    }
    transfer->easy = easy;
    pthread_mutex_init(&transfer->raw_lock, NULL);
    pthread_mutex_init(&transfer->send_lock, NULL);
    if (options->raw)
        transfer->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    transfer->pool = pool;
    transfer->group = options->group;
    transfer->raw = options->raw;
    transfer->receive_ms = options->receive_ms;
    transfer->verify = options->verify;
    transfer->argument = options->argument;
    pool_reference(pool);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, options->ftp ? "ftp" : "http,https");
    curl_easy_setopt(easy, CURLOPT_URL, options->url);
    curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, transfer);
    curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_data);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, transfer);
    curl_easy_setopt(easy, CURLOPT_READFUNCTION, on_read);
    curl_easy_setopt(easy, CURLOPT_READDATA, transfer);
    curl_easy_setopt(easy, CURLOPT_SEEKFUNCTION, on_seek);
    curl_easy_setopt(easy, CURLOPT_SEEKDATA, transfer);
    curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, on_progress);
    curl_easy_setopt(easy, CURLOPT_XFERINFODATA, transfer);
    if (options->decompress)
        curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "gzip, deflate");
    if (options->cookies) {
        transfer->cookies = true;
        curl_easy_setopt(easy, CURLOPT_SHARE, pool_share(pool));
        curl_easy_setopt(easy, CURLOPT_COOKIEFILE, "");
    }
    set_connection(transfer, options);
    if (options->client.size && options->client_key.size)
        set_identity(transfer, options);
    set_auth(transfer, options);
    if (options->ftp)
        set_ftp(transfer, options);
    else
        set_request(transfer, options);
    transfer->multi = pool_take(pool, options->group);
    transfer->added = transfer->multi && curl_multi_add_handle(transfer->multi, easy) == CURLM_OK;
    if (!transfer->added) {
        transfer_finish(transfer);
        return NULL;
    }
    return transfer;
}

void transfer_finish(struct http_transfer *transfer)
{
    struct http_pool *pool = transfer->pool;

    if (transfer->added)
        curl_multi_remove_handle(transfer->multi, transfer->easy);
    if (transfer->multi && transfer->raw) {
        curl_easy_cleanup(transfer->easy);
        curl_multi_cleanup(transfer->multi);
    } else {
        curl_easy_cleanup(transfer->easy);
        if (transfer->multi)
            pool_give(pool, transfer->group, transfer->multi);
    }
    curl_slist_free_all(transfer->headers);
    for (size_t i = 0; i < transfer->chain_count; i++)
        free((void *)transfer->chain[i].data);
    free(transfer->head.data);
    free(transfer->in.data);
    free(transfer->out.data);
    if (transfer->wake > 0)
        close(transfer->wake);
    if (transfer->identity)
        close(transfer->identity);
    pthread_mutex_destroy(&transfer->raw_lock);
    pthread_mutex_destroy(&transfer->send_lock);
    free(transfer);
    pool_close(pool);
}

void transfer_cancel(struct http_transfer *transfer)
{
    __atomic_store_n(&transfer->cancelled, 1, __ATOMIC_RELAXED);
    curl_multi_wakeup(transfer->multi);
    if (transfer->wake > 0)
        eventfd_write(transfer->wake, 1);
}
