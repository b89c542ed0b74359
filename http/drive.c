/*
 * drive.c: moves a transfer until what its caller waits for is there.
 */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <time.h>
#include "transfer.h"

static enum http_result result_of(struct http_transfer *transfer)
{
    if (transfer->cancelled)
        return HTTP_CANCELLED;
    if (transfer->refused)
        return HTTP_CERTIFICATE;
    if (transfer->long_head)
        return HTTP_LONG_HEAD;
    switch (transfer->code) {
    case CURLE_OK:
        return HTTP_OK;
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
        return HTTP_NAME;
    case CURLE_COULDNT_CONNECT:
        return HTTP_CONNECT;
    case CURLE_OPERATION_TIMEDOUT:
        return HTTP_TIMEOUT;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_CERTPROBLEM:
        return HTTP_TLS;
    case CURLE_GOT_NOTHING:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
    case CURLE_PARTIAL_FILE:
        return HTTP_BROKEN;
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_BAD_CONTENT_ENCODING:
    case CURLE_HTTP2:
        return HTTP_RESPONSE;
    case CURLE_URL_MALFORMAT:
        return HTTP_URL;
    case CURLE_REMOTE_FILE_NOT_FOUND:
    case CURLE_REMOTE_ACCESS_DENIED:
    case CURLE_REMOTE_FILE_EXISTS:
    case CURLE_REMOTE_DISK_FULL:
    case CURLE_QUOTE_ERROR:
    case CURLE_FTP_COULDNT_RETR_FILE:
    case CURLE_FTP_COULDNT_USE_REST:
    case CURLE_FTP_PORT_FAILED:
    case CURLE_FTP_ACCEPT_FAILED:
    case CURLE_UPLOAD_FAILED:
        return HTTP_REFUSED;
    case CURLE_LOGIN_DENIED:
        return HTTP_LOGIN;
    default:
        return HTTP_FAILED;
    }
}

static int64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void take_messages(struct http_transfer *transfer)
{
    CURLMsg *message;
    int left;

    while ((message = curl_multi_info_read(transfer->multi, &left)))
        if (message->msg == CURLMSG_DONE && message->easy_handle == transfer->easy) {
            transfer->done = true;
            transfer->code = message->data.result;
            transfer->head_done = transfer->head_done || (transfer->head.size && transfer->code == CURLE_OK);
        }
}

static bool is_connected(const struct http_transfer *transfer)
{
    return transfer->connected || transfer->head.size;
}

static bool is_written(const struct http_transfer *transfer)
{
    return transfer->out.at == transfer->out.size || transfer->head_done;
}

static bool has_head(const struct http_transfer *transfer)
{
    return transfer->head_done;
}

static bool has_data(const struct http_transfer *transfer)
{
    return transfer->in.size > transfer->in.at;
}

/* `limit`: milliseconds without any progress; 0: for ever. */
static enum http_result drive(struct http_transfer *transfer, bool (*there)(const struct http_transfer *),
                              unsigned limit)
{
    int64_t begin = now_ms();
    size_t seen = 0;

    while (!there(transfer)) {
        int running;

        if (transfer->done)
            return result_of(transfer);
        if (__atomic_load_n(&transfer->cancelled, __ATOMIC_RELAXED))
            return HTTP_CANCELLED;
        curl_multi_perform(transfer->multi, &running);
        take_messages(transfer);
        if (there(transfer) || transfer->done)
            continue;
        if (transfer->head.size + transfer->in.size + transfer->out.at != seen || !is_connected(transfer)) {
            seen = transfer->head.size + transfer->in.size + transfer->out.at;
            begin = now_ms();
        } else if (limit && now_ms() - begin > limit) {
            return HTTP_TIMEOUT;
        }
        curl_multi_poll(transfer->multi, NULL, 0, limit && limit < 1000 ? (int)limit : 1000, NULL);
    }
    return HTTP_OK;
}

enum http_result transfer_connect(struct http_transfer *transfer)
{
    enum http_result result = drive(transfer, is_connected, 0);

    /* Without a request transfer_connected is not called. */
    if (!result && transfer->raw && !transfer->connected && transfer_connected(transfer, NULL, NULL, 0, 0))
        return HTTP_CERTIFICATE;
    return result;
}

enum http_result transfer_write(struct http_transfer *transfer, const void *data, size_t size)
{
    if (!bytes_put(&transfer->out, data, size))
        return HTTP_FAILED;
    if (transfer->read_paused) {
        transfer->read_paused = false;
        curl_easy_pause(transfer->easy, CURLPAUSE_CONT);
    }
    return drive(transfer, is_written, transfer->receive_ms);
}

void transfer_write_end(struct http_transfer *transfer)
{
    transfer->write_ended = true;
    if (transfer->read_paused) {
        transfer->read_paused = false;
        curl_easy_pause(transfer->easy, CURLPAUSE_CONT);
    }
}

enum http_result transfer_headers(struct http_transfer *transfer)
{
    enum http_result result = drive(transfer, has_head, transfer->receive_ms);

    return result == HTTP_OK && !transfer->head_done ? HTTP_RESPONSE : result;
}

enum http_result transfer_wait_data(struct http_transfer *transfer, size_t *available)
{
    enum http_result result;

    if (!has_data(transfer) && transfer->write_paused) {
        transfer->write_paused = false;
        curl_easy_pause(transfer->easy, CURLPAUSE_CONT);
    }
    result = drive(transfer, has_data, transfer->receive_ms);
    *available = transfer->in.size - transfer->in.at;
    return result;
}

enum http_result transfer_peek(struct http_transfer *transfer, size_t *available)
{
    int running;

    if (!has_data(transfer) && !transfer->done) {
        if (transfer->write_paused) {
            transfer->write_paused = false;
            curl_easy_pause(transfer->easy, CURLPAUSE_CONT);
        }
        curl_multi_perform(transfer->multi, &running);
        take_messages(transfer);
    }
    *available = transfer->in.size - transfer->in.at;
    return *available ? HTTP_OK : transfer->done ? result_of(transfer) : HTTP_PENDING;
}

enum http_result transfer_read(struct http_transfer *transfer, void *data, size_t size, size_t *got)
{
    enum http_result result = transfer_wait_data(transfer, got);

    if (*got > size)
        *got = size;
    memcpy(data, transfer->in.data + transfer->in.at, *got);
    transfer->in.at += *got;
    return *got ? HTTP_OK : result;
}

const char *transfer_head(struct http_transfer *transfer, size_t *size, unsigned *status)
{
    *size = transfer->head.size;
    *status = transfer->status;
    return transfer->head.data ? transfer->head.data : "";
}

size_t transfer_certificates(struct http_transfer *transfer, const struct http_certificate **certificates)
{
    *certificates = transfer->chain;
    return transfer->chain_count;
}

const char *transfer_peer(struct http_transfer *transfer, int *port)
{
    char *address = NULL;
    long number = 0;

    curl_easy_getinfo(transfer->easy, CURLINFO_PRIMARY_IP, &address);
    curl_easy_getinfo(transfer->easy, CURLINFO_PRIMARY_PORT, &number);
    *port = (int)number;
    return address ? address : "";
}

/* A connection alone: the transfer is done when it stands.  `limit`: milliseconds; 0: for ever. */
static enum http_result raw_wait(struct http_transfer *transfer, short events, unsigned limit)
{
    struct pollfd waits[2] = {{.events = events}, {.fd = transfer->wake, .events = POLLIN}};
    curl_socket_t socket;
    int ready;

    if (curl_easy_getinfo(transfer->easy, CURLINFO_ACTIVESOCKET, &socket) != CURLE_OK || socket == CURL_SOCKET_BAD)
        return HTTP_BROKEN;
    waits[0].fd = socket;
    do {
        ready = poll(waits, 2, limit ? (int)limit : -1);
        if (__atomic_load_n(&transfer->cancelled, __ATOMIC_RELAXED))
            return HTTP_CANCELLED;
    } while (ready < 0 && errno == EINTR);
    return ready > 0 ? HTTP_OK : HTTP_TIMEOUT;
}

enum http_result transfer_raw_send(struct http_transfer *transfer, const void *data, size_t size)
{
    enum http_result result = HTTP_OK;

    pthread_mutex_lock(&transfer->send_lock); /* all of it, before anybody else's */
    while (size && !result) {
        size_t sent = 0;
        CURLcode code;

        pthread_mutex_lock(&transfer->raw_lock);
        code = curl_easy_send(transfer->easy, data, size, &sent);
        pthread_mutex_unlock(&transfer->raw_lock);
        data = (const char *)data + sent;
        size -= sent;
        if (code == CURLE_AGAIN)
            result = raw_wait(transfer, POLLOUT, 0);
        else if (code != CURLE_OK)
            result = HTTP_BROKEN;
    }
    pthread_mutex_unlock(&transfer->send_lock);
    return result;
}

enum http_result transfer_raw_receive(struct http_transfer *transfer, void *data, size_t size, size_t *got,
                                      unsigned limit)
{
    for (;;) {
        CURLcode code;
        enum http_result result;

        pthread_mutex_lock(&transfer->raw_lock);
        code = curl_easy_recv(transfer->easy, data, size, got);
        pthread_mutex_unlock(&transfer->raw_lock);
        if (code == CURLE_OK)
            return HTTP_OK;
        if (code != CURLE_AGAIN)
            return HTTP_BROKEN;
        if ((result = raw_wait(transfer, POLLIN, limit)))
            return result;
    }
}
