/*
 * websocket.c: winhttp.h: WebSockets (RFC 6455) over a bare connection of libcurl's.
 *
 * libcurl of the distributions has no WebSockets yet, so the upgrade and the frames are made here.
 */
#include <stdio.h>
#include "winhttp/http.h"
#include "ntdll/sysinfo.h"

enum { FRAME_MORE = 0, FRAME_TEXT = 1, FRAME_BINARY = 2, FRAME_CLOSE = 8, FRAME_PING = 9, FRAME_PONG = 10 };
#define FRAME_HEAD 14

void socket_free(struct socket *socket)
{
    crypt_free(socket->data);
    crypt_free(socket);
}

static void base64(const BYTE *data, DWORD size, char *text)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    for (DWORD i = 0; i < size; i += 3) {
        unsigned bits =
            (unsigned)data[i] << 16 | (i + 1 < size ? data[i + 1] << 8 : 0) | (i + 2 < size ? data[i + 2] : 0);

        *text++ = digits[bits >> 18];
        *text++ = digits[bits >> 12 & 63];
        *text++ = i + 1 < size ? digits[bits >> 6 & 63] : '=';
        *text++ = i + 2 < size ? digits[bits & 63] : '=';
    }
    *text = 0;
}

static void put(char **at, const char *text)
{
    size_t length = strlen(text);

    memcpy(*at, text, length + 1);
    *at += length;
}

DWORD socket_ask(struct request *request)
{
    struct socket *socket = crypt_alloc(sizeof *socket);
    char *path = utf8_from_wide(request->path), *host = utf8_from_wide(request->host), *text, *at;
    size_t room = 1024;
    BYTE nonce[16];
    DWORD error;

    if (request->socket)
        socket_free(request->socket);
    request->socket = socket;
    for (DWORD i = 0; i < request->header_count; i++)
        room += wide_length(request->headers[i]) * 3 + 4;
    text = at = socket && path && host ? crypt_alloc(room + strlen(path) + strlen(host)) : NULL;
    if (text) {
        random_bytes(nonce, sizeof nonce);
        base64(nonce, sizeof nonce, socket->key);
        at += sprintf(at, "GET %s HTTP/1.1\r\nHost: %s:%u\r\n", path, host, request->port);
        put(&at, "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ");
        put(&at, socket->key);
        put(&at, "\r\n");
        for (DWORD i = 0; i < request->header_count; i++) {
            char *line = utf8_from_wide(request->headers[i]);

            put(&at, line ? line : "");
            put(&at, line ? "\r\n" : "");
            crypt_free(line);
        }
        put(&at, "\r\n");
    }
    error = text ? error_of(http_plugin()->raw_send(request->transfer, text, (size_t)(at - text))) : ERROR_OUTOFMEMORY;
    crypt_free(text);
    crypt_free(path);
    crypt_free(host);
    return error;
}

/* More of what the peer says. */
static DWORD fill(struct socket *socket, struct http_transfer *transfer, DWORD limit)
{
    enum http_result result;
    size_t got = 0;

    if (socket->room - socket->size < 4096) {
        size_t room = socket->room * 2 + 8192;
        BYTE *longer = crypt_alloc(room);

        if (!longer)
            return ERROR_OUTOFMEMORY;
        if (socket->size)
            memcpy(longer, socket->data, socket->size);
        crypt_free(socket->data);
        socket->data = longer;
        socket->room = room;
    }
    result =
        http_plugin()->raw_receive(transfer, socket->data + socket->size, socket->room - socket->size - 1, &got, limit);
    socket->size += got;
    socket->data[socket->size] = 0;
    return result ? error_of(result) : got ? 0 : ERROR_WINHTTP_CONNECTION_ERROR;
}

static void used(struct socket *socket, size_t count)
{
    socket->size -= count;
    memmove(socket->data, socket->data + count, socket->size + 1);
}

static bool accepted(const struct socket *socket, const WCHAR *head)
{
    static const char magic[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    char text[80], wanted[40];
    BYTE hash[TLS_HASH_MAX];
    WCHAR *value = head_value(head, L"Sec-WebSocket-Accept", 0);
    char *given = value ? utf8_from_wide(value) : NULL;
    bool same;

    sprintf(text, "%s%s", socket->key, magic);
    base64(hash, host_digest(TLS_HASH_SHA1, text, strlen(text), hash), wanted);
    same = given && !strcmp(given, wanted);
    crypt_free(value);
    crypt_free(given);
    return same;
}

DWORD socket_answer(struct request *request)
{
    struct socket *socket = request->socket;
    const struct settings *set = &request->handle.set;
    DWORD limit = set->response_ms > set->receive_ms ? set->response_ms : set->receive_ms;
    const char *end = NULL;
    DWORD error;

    while (!socket->size || !(end = strstr((char *)socket->data, "\r\n\r\n"))) {
        error = socket->size > 65536 ? ERROR_WINHTTP_INVALID_SERVER_RESPONSE : fill(socket, request->transfer, limit);
        if (error)
            return error;
    }
    crypt_free(request->head);
    request->head = wide_from_utf8((char *)socket->data, (int)(end + 4 - (char *)socket->data));
    used(socket, (size_t)(end + 4 - (char *)socket->data));
    if (!request->head || wide_length(request->head) < 12 || request->head[0] != 'H')
        return ERROR_WINHTTP_INVALID_SERVER_RESPONSE;
    request->status = 0;
    for (const WCHAR *at = request->head + 9; *at >= '0' && *at <= '9'; at++)
        request->status = request->status * 10 + (DWORD)(*at - '0');
    if (request->status == 101 && !accepted(socket, request->head))
        return ERROR_WINHTTP_INVALID_SERVER_RESPONSE;
    return 0;
}

/* The connection becomes the new handle's. */
HINTERNET WINAPI WinHttpWebSocketCompleteUpgrade(HINTERNET number, DWORD_PTR context)
{
    struct request *request = internet_from(number, KIND_REQUEST), *made = NULL;
    HINTERNET result = NULL;

    if (!request)
        return NULL;
    if (request->state != REQUEST_RECEIVED || request->status != 101 || !request->socket || !request->transfer) {
        SetLastError(ERROR_WINHTTP_INCORRECT_HANDLE_STATE);
    } else if ((made = internet_make(sizeof *made, KIND_SOCKET, request->handle.parent))) {
        made->handle.set = request->handle.set;
        made->handle.set.context = context;
        made->socket = request->socket;
        request->socket = NULL;
        RtlAcquireSRWLockExclusive(&request->lock);
        made->transfer = request->transfer;
        request->transfer = NULL;
        RtlReleaseSRWLockExclusive(&request->lock);
        result = made->handle.number;
        SetLastError(0);
    }
    internet_release(&request->handle);
    return result;
}

static DWORD send_frame(struct request *handle, unsigned kind, bool final, const void *data, DWORD size)
{
    BYTE *frame = crypt_alloc((size_t)size + FRAME_HEAD), *at = frame, mask[4];
    DWORD error;

    if (!frame)
        return ERROR_OUTOFMEMORY;
    random_bytes(mask, sizeof mask);
    *at++ = (BYTE)((final ? 0x80 : 0) | kind);
    if (size < 126) {
        *at++ = (BYTE)(0x80 | size);
    } else if (size < 65536) {
        *at++ = 0x80 | 126;
        *at++ = (BYTE)(size >> 8);
        *at++ = (BYTE)size;
    } else {
        *at++ = 0x80 | 127;
        for (int shift = 56; shift >= 0; shift -= 8)
            *at++ = (BYTE)((uint64_t)size >> shift);
    }
    memcpy(at, mask, 4);
    at += 4;
    for (DWORD i = 0; i < size; i++)
        *at++ = ((const BYTE *)data)[i] ^ mask[i & 3];
    error = error_of(http_plugin()->raw_send(handle->transfer, frame, (size_t)(at - frame)));
    crypt_free(frame);
    return error;
}

/* Is a frame's head by the rules? */
static bool frame_good(const struct socket *socket, const BYTE *data, unsigned kind)
{
    if (data[1] & 0x80 || data[0] & 0x70 || socket->left >> 63)
        return false;
    switch (kind) {
    case FRAME_MORE:
        return socket->receiving;
    case FRAME_TEXT:
    case FRAME_BINARY:
        return !socket->receiving;
    case FRAME_CLOSE:
        return socket->final && socket->left <= 125 && socket->left != 1;
    case FRAME_PING:
    case FRAME_PONG:
        return socket->final && socket->left <= 125;
    }
    return false;
}

/* Reads a frame's head; its content is what follows in the buffer. */
static DWORD frame_head(struct request *handle, unsigned *kind)
{
    struct socket *socket = handle->socket;
    size_t head;
    DWORD error;

    for (;;) {
        const BYTE *data = socket->data;
        unsigned length = socket->size >= 2 ? data[1] & 127 : 0;

        head = length == 126 ? 4 : length == 127 ? 10 : 2;
        if (socket->size >= 2 && socket->size >= head) {
            *kind = data[0] & 15;
            socket->final = data[0] & 0x80;
            socket->left = length;
            if (head > 2)
                for (size_t i = socket->left = 0; i < head - 2; i++)
                    socket->left = socket->left << 8 | data[2 + i];
            if (!frame_good(socket, data, *kind))
                return ERROR_WINHTTP_INVALID_SERVER_RESPONSE;
            if (*kind < FRAME_CLOSE)
                socket->receiving = !socket->final;
            used(socket, head);
            return 0;
        }
        error = fill(socket, handle->transfer, 0);
        if (error)
            return error;
    }
}

/* A frame that is no message's: all of it, at most 125 bytes. */
static DWORD control_frame(struct request *handle, unsigned kind)
{
    struct socket *socket = handle->socket;
    DWORD error = 0, size = (DWORD)socket->left;

    while (socket->size < size && !error)
        error = fill(socket, handle->transfer, 0);
    if (error)
        return error;
    if (kind == FRAME_PING)
        error = send_frame(handle, FRAME_PONG, true, socket->data, size);
    if (kind == FRAME_CLOSE) {
        socket->closed_there = true;
        socket->close_status =
            size >= 2 ? (USHORT)(socket->data[0] << 8 | socket->data[1]) : WINHTTP_WEB_SOCKET_EMPTY_CLOSE_STATUS;
        socket->reason_size = size > 2 ? size - 2 : 0;
        if (size > 2)
            memcpy(socket->reason, socket->data + 2, size - 2);
    }
    used(socket, size);
    socket->left = 0;
    return error;
}

static DWORD receive(struct request *handle, BYTE *buffer, DWORD room, DWORD *got, WINHTTP_WEB_SOCKET_BUFFER_TYPE *type)
{
    struct socket *socket = handle->socket;
    unsigned kind = FRAME_MORE;
    DWORD error, part;

    *got = 0;
    if (socket->closed_there)
        return ERROR_INVALID_OPERATION;
    if (socket->broken) /* nobody knows any more where a frame begins */
        return ERROR_WINHTTP_INVALID_SERVER_RESPONSE;
    while (!socket->left) {
        error = frame_head(handle, &kind);
        socket->broken = error != 0;
        if (error)
            return error;
        if (kind >= FRAME_CLOSE) {
            error = control_frame(handle, kind);
            if (error)
                return error;
            if (kind == FRAME_CLOSE) {
                *type = WINHTTP_WEB_SOCKET_CLOSE_BUFFER_TYPE;
                return 0;
            }
            continue;
        }
        if (kind != FRAME_MORE)
            socket->utf8 = kind == FRAME_TEXT;
        if (!socket->left && socket->final) /* an empty message, or its empty end */
            break;
    }
    while (!socket->size && socket->left) {
        error = fill(socket, handle->transfer, 0);
        if (error)
            return error;
    }
    part = socket->size < socket->left ? (DWORD)socket->size : (DWORD)socket->left;
    if (part > room)
        part = room;
    if (part) {
        memcpy(buffer, socket->data, part);
        used(socket, part);
    }
    socket->left -= part;
    *got = part;
    if (socket->left || !socket->final)
        *type = socket->utf8 ? WINHTTP_WEB_SOCKET_UTF8_FRAGMENT_BUFFER_TYPE
                             : WINHTTP_WEB_SOCKET_BINARY_FRAGMENT_BUFFER_TYPE;
    else
        *type =
            socket->utf8 ? WINHTTP_WEB_SOCKET_UTF8_MESSAGE_BUFFER_TYPE : WINHTTP_WEB_SOCKET_BINARY_MESSAGE_BUFFER_TYPE;
    return 0;
}

static DWORD send_message(struct request *handle, WINHTTP_WEB_SOCKET_BUFFER_TYPE type, const void *buffer, DWORD size)
{
    struct socket *socket = handle->socket;
    bool text =
        type == WINHTTP_WEB_SOCKET_UTF8_MESSAGE_BUFFER_TYPE || type == WINHTTP_WEB_SOCKET_UTF8_FRAGMENT_BUFFER_TYPE;
    bool final =
        type == WINHTTP_WEB_SOCKET_UTF8_MESSAGE_BUFFER_TYPE || type == WINHTTP_WEB_SOCKET_BINARY_MESSAGE_BUFFER_TYPE;
    unsigned kind = socket->sending ? FRAME_MORE : text ? FRAME_TEXT : FRAME_BINARY;

    if (type >= WINHTTP_WEB_SOCKET_CLOSE_BUFFER_TYPE)
        return ERROR_INVALID_PARAMETER;
    if (socket->closed_here)
        return ERROR_INVALID_OPERATION;
    socket->sending = !final;
    return send_frame(handle, kind, final, buffer, size);
}

static DWORD shut(struct request *handle, USHORT status, const void *reason, DWORD size)
{
    BYTE data[125] = {(BYTE)(status >> 8), (BYTE)status};

    if (size > WINHTTP_WEB_SOCKET_MAX_CLOSE_REASON_LENGTH || (size && !reason))
        return ERROR_INVALID_PARAMETER;
    if (handle->socket->closed_here)
        return ERROR_INVALID_OPERATION;
    if (size)
        memcpy(data + 2, reason, size);
    handle->socket->closed_here = true;
    return send_frame(handle, FRAME_CLOSE, true, data, size + 2);
}

/* Says the end and waits for the peer's; what still comes before is lost. */
static DWORD close_both(struct request *handle, USHORT status, const void *reason, DWORD size)
{
    DWORD error = handle->socket->closed_here ? 0 : shut(handle, status, reason, size), got;
    WINHTTP_WEB_SOCKET_BUFFER_TYPE type;
    BYTE lost[512];

    while (!error && !handle->socket->closed_there)
        error = receive(handle, lost, sizeof lost, &got, &type);
    return error;
}

/* With a callback each is an errand of the pool. */
struct errand {
    struct request *handle;
    WINHTTP_WEB_SOCKET_OPERATION operation;
    WINHTTP_WEB_SOCKET_BUFFER_TYPE type;
    void *buffer;
    DWORD size;
    USHORT status;
};

static DWORD errand_do(struct errand *errand, DWORD *got, WINHTTP_WEB_SOCKET_BUFFER_TYPE *type)
{
    switch (errand->operation) {
    case WINHTTP_WEB_SOCKET_SEND_OPERATION:
        return send_message(errand->handle, errand->type, errand->buffer, errand->size);
    case WINHTTP_WEB_SOCKET_RECEIVE_OPERATION:
        return receive(errand->handle, errand->buffer, errand->size, got, type);
    case WINHTTP_WEB_SOCKET_SHUTDOWN_OPERATION:
        return shut(errand->handle, errand->status, errand->buffer, errand->size);
    default:
        return close_both(errand->handle, errand->status, errand->buffer, errand->size);
    }
}

static DWORD WINAPI errand_run(LPVOID argument)
{
    struct errand *errand = argument;
    struct handle *handle = &errand->handle->handle;
    WINHTTP_WEB_SOCKET_STATUS status = {0, errand->type};
    DWORD error = errand_do(errand, &status.dwBytesTransferred, &status.eBufferType);
    WINHTTP_WEB_SOCKET_ASYNC_RESULT result = {{API_READ_DATA, error}, errand->operation};

    if (error)
        internet_notify(handle, WINHTTP_CALLBACK_STATUS_REQUEST_ERROR, &result, sizeof result);
    else if (errand->operation == WINHTTP_WEB_SOCKET_RECEIVE_OPERATION)
        internet_notify(handle, WINHTTP_CALLBACK_STATUS_READ_COMPLETE, &status, sizeof status);
    else if (errand->operation == WINHTTP_WEB_SOCKET_SEND_OPERATION) {
        status.dwBytesTransferred = errand->size;
        internet_notify(handle, WINHTTP_CALLBACK_STATUS_WRITE_COMPLETE, &status, sizeof status);
    } else {
        internet_notify(handle,
                        errand->operation == WINHTTP_WEB_SOCKET_CLOSE_OPERATION
                            ? WINHTTP_CALLBACK_STATUS_CLOSE_COMPLETE
                            : WINHTTP_CALLBACK_STATUS_SHUTDOWN_COMPLETE,
                        NULL, 0);
    }
    internet_release(handle);
    crypt_free(errand);
    return 0;
}

static DWORD errand_start(HINTERNET number, struct errand errand, DWORD *got, WINHTTP_WEB_SOCKET_BUFFER_TYPE *type)
{
    struct request *handle = internet_from(number, KIND_SOCKET);
    struct errand *copy;
    DWORD error;

    if (!handle)
        return GetLastError();
    errand.handle = handle;
    if (!session_of(&handle->handle)->async) {
        error = errand_do(&errand, got, type);
        internet_release(&handle->handle);
        return error;
    }
    copy = crypt_alloc(sizeof *copy);
    if (copy) {
        *copy = errand;
        if (RtlQueueWorkItem(errand_run, copy, WT_EXECUTELONGFUNCTION) >= 0)
            return 0;
        crypt_free(copy);
    }
    internet_release(&handle->handle);
    return ERROR_OUTOFMEMORY;
}

DWORD WINAPI WinHttpWebSocketSend(HINTERNET number, WINHTTP_WEB_SOCKET_BUFFER_TYPE type, PVOID buffer, DWORD size)
{
    if (!buffer && size)
        return ERROR_INVALID_PARAMETER;
    return errand_start(number, (struct errand){NULL, WINHTTP_WEB_SOCKET_SEND_OPERATION, type, buffer, size, 0}, NULL,
                        NULL);
}

DWORD WINAPI WinHttpWebSocketReceive(HINTERNET number, PVOID buffer, DWORD size, DWORD *got,
                                     WINHTTP_WEB_SOCKET_BUFFER_TYPE *type)
{
    DWORD count;
    WINHTTP_WEB_SOCKET_BUFFER_TYPE kind;

    if (!buffer || !size)
        return ERROR_INVALID_PARAMETER;
    return errand_start(number, (struct errand){NULL, WINHTTP_WEB_SOCKET_RECEIVE_OPERATION, 0, buffer, size, 0},
                        got ? got : &count, type ? type : &kind);
}

DWORD WINAPI WinHttpWebSocketShutdown(HINTERNET number, USHORT status, PVOID reason, DWORD size)
{
    return errand_start(number, (struct errand){NULL, WINHTTP_WEB_SOCKET_SHUTDOWN_OPERATION, 0, reason, size, status},
                        NULL, NULL);
}

DWORD WINAPI WinHttpWebSocketClose(HINTERNET number, USHORT status, PVOID reason, DWORD size)
{
    return errand_start(number, (struct errand){NULL, WINHTTP_WEB_SOCKET_CLOSE_OPERATION, 0, reason, size, status},
                        NULL, NULL);
}

DWORD WINAPI WinHttpWebSocketQueryCloseStatus(HINTERNET number, USHORT *status, PVOID reason, DWORD room, DWORD *size)
{
    struct request *handle = internet_from(number, KIND_SOCKET);
    struct socket *socket;
    DWORD error = 0;

    if (!handle)
        return GetLastError();
    socket = handle->socket;
    if (!socket->closed_there) {
        error = ERROR_INVALID_OPERATION;
    } else {
        *status = socket->close_status;
        *size = socket->reason_size;
        if (room < socket->reason_size)
            error = ERROR_INSUFFICIENT_BUFFER;
        else if (socket->reason_size)
            memcpy(reason, socket->reason, socket->reason_size);
    }
    internet_release(&handle->handle);
    return error;
}
