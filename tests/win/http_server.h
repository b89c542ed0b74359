/*
 * http_server.h: a small server for tests of HTTP: threads of the test itself, on a port of the loopback interface.
 *
 * What it answers is told by the path:
 *   /hello      "hello, world"              /chunked   the same in three chunks
 *   /echo       the request's body          /head      the request's head
 *   /to?PATH    302 to PATH                 /keep?PATH 307 to PATH
 *   /cookie     sets a=1                    /lasting   sets long=lived until 2031
 *   /auth       401 without "Basic dXNlcjpwYXNz" (user:pass)
 *   /close      closes without an answer    /silent    never answers
 *   /gzip       "hello, world", compressed  /big?N     N bytes
 *   /socket     a WebSocket that echoes     /slow?N    "part I;" N times, 50 ms apart
 *   /fresh      may be kept for a minute    /tagged    with an ETag; 304 to who has it
 *   /guarded    407 without "Basic dXNlcjpwYXNz" for the proxy
 *   /script     server_script: one that chooses a proxy
 *   /raw?TEXT   what TEXT says in hexadecimal, and closes
 *   /endless?X  never ends: h: headers, c: "100 Continue", b: a body, s: a status line, k: chunks, x: one header
 *   /frames?TEXT  a WebSocket, which begins with frames as TEXT says in hexadecimal
 */
#ifndef HTTP_SERVER_H
#define HTTP_SERVER_H

#include <winsock2.h>
#include <ws2tcpip.h>
#include <windows.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wincrypt.h>

static SOCKET server_socket = INVALID_SOCKET;
static unsigned short server_port;
static volatile LONG server_connections, server_requests, server_proxied;
static const char *server_script = "";

struct server_peer {
    SOCKET socket;
    char buffer[65536];
    int have;
};

static void server_send(struct server_peer *peer, const void *data, int size)
{
    const char *at = data;

    while (size > 0) {
        int sent = send(peer->socket, at, size, 0);
        if (sent <= 0)
            return;
        at += sent;
        size -= sent;
    }
}

static void server_text(struct server_peer *peer, const char *status, const char *headers, const void *body, int size)
{
    char head[2048];
    int length = snprintf(head, sizeof head, "HTTP/1.1 %s\r\nServer: test\r\nContent-Length: %d\r\n%s\r\n", status,
                          size, headers);

    server_send(peer, head, length);
    server_send(peer, body, size);
}

static int server_fill(struct server_peer *peer)
{
    int got = recv(peer->socket, peer->buffer + peer->have, (int)sizeof peer->buffer - 1 - peer->have, 0);

    if (got > 0)
        peer->have += got;
    peer->buffer[peer->have] = 0;
    return got;
}

static void server_used(struct server_peer *peer, int size)
{
    memmove(peer->buffer, peer->buffer + size, (size_t)(peer->have - size));
    peer->have -= size;
}

static int server_need(struct server_peer *peer, int size)
{
    while (peer->have < size)
        if (server_fill(peer) <= 0)
            return 0;
    return 1;
}

static const char *server_header(const char *head, const char *name)
{
    size_t length = strlen(name);

    for (const char *line = strstr(head, "\r\n"); line; line = strstr(line + 2, "\r\n"))
        if (!_strnicmp(line + 2, name, length) && line[2 + length] == ':')
            return line + 2 + length + 1 + (line[3 + length] == ' ');
    return NULL;
}

/* The body, by its length or in chunks; heap memory. */
static char *server_body(struct server_peer *peer, const char *head, int *size)
{
    const char *length = server_header(head, "Content-Length"), *encoding = server_header(head, "Transfer-Encoding");
    char *body = malloc(1 << 20);

    *size = 0;
    if (length) {
        int left = atoi(length);

        while (left > 0) {
            int part;

            if (!peer->have && server_fill(peer) <= 0)
                break;
            part = peer->have < left ? peer->have : left;
            memcpy(body + *size, peer->buffer, (size_t)part);
            server_used(peer, part);
            *size += part;
            left -= part;
        }
    } else if (encoding && !_strnicmp(encoding, "chunked", 7)) {
        for (;;) {
            char *end;
            int part;

            while (!(peer->buffer[peer->have] = 0, end = strstr(peer->buffer, "\r\n")))
                if (server_fill(peer) <= 0)
                    return body;
            part = (int)strtol(peer->buffer, NULL, 16);
            server_used(peer, (int)(end + 2 - peer->buffer));
            if (!server_need(peer, part + 2))
                return body;
            memcpy(body + *size, peer->buffer, (size_t)part);
            *size += part;
            server_used(peer, part + 2);
            if (!part)
                return body;
        }
    }
    return body;
}

static const char *server_frames; /* what a WebSocket begins with, in hexadecimal */

static void server_websocket(struct server_peer *peer, const char *head)
{
    char key[128] = "", answer[256], accept[64];
    const char *given = server_header(head, "Sec-WebSocket-Key");
    BYTE hash[20];
    DWORD size = sizeof hash, length = sizeof accept;

    sscanf(given ? given : "", "%60[^\r]", key);
    strcat(key, "258EAFA5-E914-47DA-95CA-C5AB0DC85B11");
    CryptHashCertificate(0, CALG_SHA1, 0, (BYTE *)key, (DWORD)strlen(key), hash, &size);
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    char *to = accept;
    for (int i = 0; i < 20; i += 3) {
        unsigned bits = (unsigned)hash[i] << 16 | (i + 1 < 20 ? hash[i + 1] << 8 : 0) | (i + 2 < 20 ? hash[i + 2] : 0);
        *to++ = digits[bits >> 18];
        *to++ = digits[bits >> 12 & 63];
        *to++ = i + 1 < 20 ? digits[bits >> 6 & 63] : '=';
        *to++ = i + 2 < 20 ? digits[bits & 63] : '=';
    }
    *to = 0;
    (void)length;
    server_send(peer, answer,
                snprintf(answer, sizeof answer,
                         "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                         "Sec-WebSocket-Accept: %s\r\n\r\n",
                         accept));
    if (server_frames) {
        int count = 0;
        for (unsigned byte; sscanf(server_frames, "%2x", &byte) == 1; server_frames += 2)
            answer[count++] = (char)byte;
        server_send(peer, answer, count);
    }
    while (server_need(peer, 6)) {
        BYTE *frame = (BYTE *)peer->buffer, front[4] = {frame[0], 0};
        int count = frame[1] & 127, at = 2;

        if (count == 126) {
            if (!server_need(peer, 8))
                return;
            count = frame[2] << 8 | frame[3];
            at = 4;
        }
        if (!server_need(peer, at + 4 + count))
            return;
        for (int i = 0; i < count; i++)
            frame[at + 4 + i] ^= frame[at + i % 4];
        front[1] = (BYTE)(count < 126 ? count : 126);
        front[2] = (BYTE)(count >> 8);
        front[3] = (BYTE)count;
        server_send(peer, front, count < 126 ? 2 : 4);
        server_send(peer, frame + at + 4, count);
        if ((front[0] & 15) == 8)
            return;
        server_used(peer, at + 4 + count);
    }
}

/* One request; 0: the connection ends. */
static int server_answer(struct server_peer *peer)
{
    static const BYTE zipped[] = {0x1f, 0x8b, 0x08, 0,    0,    0,    0,    0,    0,    0x03, 0xcb,
                                  0x48, 0xcd, 0xc9, 0xc9, 0xd7, 0x51, 0x28, 0xcf, 0x2f, 0xca, 0x49,
                                  0x01, 0,    0x3a, 0x72, 0xab, 0xff, 0x0c, 0,    0,    0};
    char head[16384], path[1024] = "", method[16] = "", *end, *body, *query;
    int size, more = 1;

    while (!(end = strstr(peer->buffer, "\r\n\r\n")))
        if (server_fill(peer) <= 0 || peer->buffer[0] < 0x20) /* TLS is not spoken here */
            return 0;
    size = (int)(end + 4 - peer->buffer);
    memcpy(head, peer->buffer, (size_t)size);
    head[size] = 0;
    server_used(peer, size);
    peer->buffer[peer->have] = 0;
    InterlockedIncrement(&server_requests);
    sscanf(head, "%15s %1023s", method, path);
    body = server_body(peer, head, &size);
    if (!strncmp(path, "http://", 7)) { /* it is a proxy, whose hosts all answer alike */
        InterlockedIncrement(&server_proxied);
        char *at = strchr(path + 7, '/');
        memmove(path, at ? at : "/", strlen(at ? at : "/") + 1);
    }
    query = strchr(path, '?');
    if (query)
        *query++ = 0;
    if (!strcmp(path, "/hello")) {
        server_text(peer, "200 OK",
                    "Content-Type: text/plain\r\nX-Two: one\r\nX-Two: two\r\n"
                    "Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT\r\n",
                    "hello, world", strcmp(method, "HEAD") ? 12 : 0);
    } else if (!strcmp(path, "/chunked")) {
        static const char text[] = "HTTP/1.1 200 Fine\r\nTransfer-Encoding: chunked\r\n\r\n"
                                   "5\r\nhello\r\n2\r\n, \r\n5\r\nworld\r\n0\r\n\r\n";
        server_send(peer, text, sizeof text - 1);
    } else if (!strcmp(path, "/echo")) {
        char extra[64];
        snprintf(extra, sizeof extra, "X-Method: %s\r\n", method);
        server_text(peer, "200 OK", extra, body, size);
    } else if (!strcmp(path, "/head")) {
        server_text(peer, "200 OK", "", head, (int)strlen(head));
    } else if (!strcmp(path, "/to") || !strcmp(path, "/keep")) {
        char location[1100];
        snprintf(location, sizeof location, "Location: %s\r\n", query ? query : "/hello");
        server_text(peer, strcmp(path, "/to") ? "307 Temporary Redirect" : "302 Found", location, "moved", 5);
    } else if (!strcmp(path, "/cookie")) {
        server_text(peer, "200 OK", "Set-Cookie: a=1; path=/\r\n", "", 0);
    } else if (!strcmp(path, "/lasting")) {
        server_text(peer, "200 OK", "Set-Cookie: long=lived; path=/; expires=Wed, 01 Jan 2031 00:00:00 GMT\r\n", "", 0);
    } else if (!strcmp(path, "/auth")) {
        const char *login = server_header(head, "Authorization");
        if (login && !strncmp(login, "Basic dXNlcjpwYXNz\r", 19))
            server_text(peer, "200 OK", "", "welcome", 7);
        else
            server_text(peer, "401 Unauthorized", "WWW-Authenticate: Basic realm=\"test\"\r\n", "no", 2);
    } else if (!strcmp(path, "/gzip")) {
        server_text(peer, "200 OK", "Content-Encoding: gzip\r\n", zipped, sizeof zipped);
    } else if (!strcmp(path, "/big")) {
        int count = query ? atoi(query) : 0;
        char *big = malloc((size_t)count + 1);
        for (int i = 0; i < count; i++)
            big[i] = (char)(i * 31 >> 3);
        server_text(peer, "200 OK", "", big, count);
        free(big);
    } else if (!strcmp(path, "/fresh")) {
        char text[32];
        server_text(peer, "200 OK", "Cache-Control: max-age=60\r\nContent-Type: text/plain\r\n", text,
                    sprintf(text, "fresh %ld", server_requests));
    } else if (!strcmp(path, "/tagged")) {
        const char *tag = server_header(head, "If-None-Match");
        if (tag && !strncmp(tag, "\"one\"", 5))
            server_text(peer, "304 Not Modified", "ETag: \"one\"\r\n", "", 0);
        else
            server_text(peer, "200 OK", "ETag: \"one\"\r\nX-Kept: yes\r\n", "tagged", 6);
    } else if (!strcmp(path, "/script")) {
        server_text(peer, "200 OK", "Content-Type: application/x-ns-proxy-autoconfig\r\n", server_script,
                    (int)strlen(server_script));
    } else if (!strcmp(path, "/guarded")) {
        const char *login = server_header(head, "Proxy-Authorization");
        if (login && !strncmp(login, "Basic dXNlcjpwYXNz\r", 19))
            server_text(peer, "200 OK", "", "welcome", 7);
        else
            server_text(peer, "407 Proxy Authentication Required", "Proxy-Authenticate: Basic realm=\"test\"\r\n", "no",
                        2);
    } else if (!strcmp(path, "/slow")) {
        int count = query ? atoi(query) : 0;
        char text[64];
        server_send(peer, text,
                    snprintf(text, sizeof text, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n", count * 7));
        for (int i = 0; i < count; i++) {
            server_send(peer, text, snprintf(text, sizeof text, "part %d;", i));
            Sleep(50);
        }
    } else if (!strcmp(path, "/raw")) {
        char text[512];
        int length = 0;
        for (unsigned byte; query && query[0] && query[1] && sscanf(query, "%2x", &byte) == 1; query += 2)
            text[length++] = (char)byte;
        server_send(peer, text, length);
        more = 0;
    } else if (!strcmp(path, "/endless")) {
        char what = query ? *query : 'b';
        const char *front = what == 'h'   ? "HTTP/1.1 200 OK\r\n"
                            : what == 'b' ? "HTTP/1.1 200 OK\r\n\r\n"
                            : what == 'k' ? "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                            : what == 'x' ? "HTTP/1.1 200 OK\r\nX: "
                                          : "HTTP/1.1 100";
        const char *part = what == 'h'   ? "X-More: and more\r\n"
                           : what == 'k' ? "4\r\nmore\r\n"
                           : what == 'c' ? " Continue\r\n\r\nHTTP/1.1 100"
                                         : "more and more and more ";
        char block[4096] = "";
        while (strlen(block) + strlen(part) < sizeof block)
            strcat(block, part);
        server_send(peer, front, (int)strlen(front));
        while (send(peer->socket, block, (int)strlen(block), 0) > 0)
            ;
        more = 0;
    } else if (!strcmp(path, "/frames")) {
        server_frames = query;
        server_websocket(peer, head);
        server_frames = NULL;
        more = 0;
    } else if (!strcmp(path, "/silent")) {
        while (server_fill(peer) > 0)
            peer->have = 0;
        more = 0;
    } else if (!strcmp(path, "/close")) {
        more = 0;
    } else if (!strcmp(path, "/socket")) {
        server_websocket(peer, head);
        more = 0;
    } else {
        server_text(peer, "404 Not Found", "", "nothing", 7);
    }
    free(body);
    return more;
}

static DWORD WINAPI server_connection(LPVOID argument)
{
    struct server_peer *peer = calloc(1, sizeof *peer);

    peer->socket = (SOCKET)argument;
    while (server_answer(peer))
        ;
    closesocket(peer->socket);
    free(peer);
    return 0;
}

static DWORD WINAPI server_loop(LPVOID argument)
{
    for (;;) {
        SOCKET s = accept(server_socket, NULL, NULL);

        if (s == INVALID_SOCKET)
            return 0;
        InterlockedIncrement(&server_connections);
        setsockopt(s, IPPROTO_TCP, TCP_NODELAY, (const char *)&(int){1}, sizeof(int));
        CloseHandle(CreateThread(NULL, 0, server_connection, (LPVOID)s, 0, NULL));
    }
}

static int server_start(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int length = sizeof address;
    WSADATA data;

    if (WSAStartup(0x202, &data))
        return 0;
    server_socket = socket(AF_INET, SOCK_STREAM, 0);
    if (bind(server_socket, (struct sockaddr *)&address, sizeof address) || listen(server_socket, 50) ||
        getsockname(server_socket, (struct sockaddr *)&address, &length))
        return 0;
    server_port = ntohs(address.sin_port);
    CloseHandle(CreateThread(NULL, 0, server_loop, NULL, 0, NULL));
    return 1;
}

#endif
