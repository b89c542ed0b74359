/*
 * Do answers that no server should give end with an error, soon and without harm: broken heads and bodies, endless
 * ones, redirects to nowhere, WebSocket frames against the rules?
 *
 * link: -lwinhttp -lwininet -lws2_32 -lcrypt32
 */
#include "http_server.h"
#include "check.h"
#include <winhttp.h>

static HINTERNET session, connection;
static char body[1 << 16];

struct outcome {
    DWORD sent, status, read; /* errors of sending or receiving, the status, the error of reading */
    DWORD total;
};

static struct outcome get(const char *path, DWORD decompress)
{
    struct outcome outcome = {0};
    WCHAR wide[2048];
    HINTERNET request;
    DWORD got, size = sizeof outcome.status;

    MultiByteToWideChar(CP_ACP, 0, path, -1, wide, 2048);
    request = WinHttpOpenRequest(connection, NULL, wide, NULL, NULL, NULL, 0);
    if (decompress)
        WinHttpSetOption(request, WINHTTP_OPTION_DECOMPRESSION, &decompress, sizeof decompress);
    SetLastError(0);
    if (!WinHttpSendRequest(request, NULL, 0, NULL, 0, 0, 0) || !WinHttpReceiveResponse(request, NULL)) {
        outcome.sent = GetLastError();
        CHECK(outcome.sent != 0);
    } else {
        WinHttpQueryHeaders(request, WINHTTP_QUERY_STATUS_CODE | WINHTTP_QUERY_FLAG_NUMBER, NULL, &outcome.status,
                            &size, NULL);
        do {
            if (!WinHttpReadData(request, body, sizeof body, &got)) {
                outcome.read = GetLastError();
                CHECK(outcome.read != 0);
                break;
            }
            outcome.total += got;
        } while (got && outcome.total < 4000000);
    }
    CHECK(WinHttpCloseHandle(request));
    return outcome;
}

static struct outcome raw(const char *text, size_t length, DWORD decompress)
{
    char path[2048] = "/raw?", *at = path + strlen(path);

    for (size_t i = 0; i < length; i++)
        at += sprintf(at, "%02x", (unsigned char)text[i]);
    return get(path, decompress);
}

enum { BAD = ERROR_WINHTTP_INVALID_SERVER_RESPONSE, BROKEN = ERROR_WINHTTP_CONNECTION_ERROR };

#define OK "HTTP/1.1 200 OK\r\n"

static const struct {
    const char *text;
    DWORD sent, status, read, total;
} answers[] = {
    {OK "Content-Length: 5\r\n\r\nwhole", 0, 200, 0, 5},
    {OK "Content-Length: 50\r\n\r\nshort", 0, 200, BROKEN, 0},
    {OK "Content-Length: 3\r\n\r\nlonger", 0, 200, 0, 3},
    {OK "\r\nuntil the end", 0, 200, 0, 13},
    {OK "Transfer-Encoding: chunked\r\n\r\n5\r\nwhole\r\n0\r\n\r\n", 0, 200, 0, 5},
    {OK "Transfer-Encoding: chunked\r\n\r\n5;ext=1\r\nwhole\r\n0\r\nX: y\r\n\r\n", 0, 200, 0, 5},
    {OK "Transfer-Encoding: chunked\r\n\r\n5\r\nwho", 0, 200, BROKEN, 0},
    {OK "Transfer-Encoding: chunked\r\n\r\nzz\r\nwhole\r\n", 0, 200, 1, 0},
    {OK "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffffff\r\nwhole\r\n", 0, 200, 1, 0},
    {OK "Transfer-Encoding: chunked\r\n\r\n-5\r\nwhole\r\n", 0, 200, 1, 0},
    {"nonsense\r\n\r\n", 1, 0, 0, 0},
    {"", 1, 0, 0, 0},
    {"\r\n\r\n", 1, 0, 0, 0},
    {"HTTP/9.9 200 OK\r\n\r\n", 1, 0, 0, 0},
    {"HTTP/1.1 OK\r\n\r\n", 1, 0, 0, 0},
    {"HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nok", 0, 200, 0, 2},
    {"HTTP/1.0 200 OK\nContent-Length: 2\n\nok", 0, 200, 0, 2},
    {"HTTP/1.1 999 Odd\r\nContent-Length: 0\r\n\r\n", 0, 999, 0, 0},
    {OK "Content-Length: -1\r\n\r\nwhole", 1, 0, 0, 0},
    {OK "Content-Length: 99999999999999999999999999\r\n\r\nwhole", 0, 200, 0, 5},
    {"HTTP/1.1 204 None\r\nContent-Length: 5\r\n\r\nwhole", 0, 204, 0, 0},
    {"HTTP/1.1 302 Found\r\nLocation: \r\nContent-Length: 0\r\n\r\n", 2, 0, 0, 0},
    {"HTTP/1.1 302 Found\r\nLocation: http://\r\nContent-Length: 0\r\n\r\n", 1, 0, 0, 0},
    {"HTTP/1.1 302 Found\r\nLocation: http://[::1\r\nContent-Length: 0\r\n\r\n", 1, 0, 0, 0},
    {"HTTP/1.1 302 Found\r\nLocation: javascript:alert(1)\r\nContent-Length: 0\r\n\r\n", 1, 0, 0, 0},
    {"HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\nContent-Length: 0\r\n\r\n", 1, 0, 0, 0},
    {"HTTP/1.1 302 Found\r\nContent-Length: 2\r\n\r\nok", 0, 302, 0, 2},
    {"HTTP/1.1 401 No\r\nWWW-Authenticate: \r\nContent-Length: 2\r\n\r\nno", 0, 401, 0, 2},
    {"HTTP/1.1 401 No\r\nWWW-Authenticate: Digest\r\nContent-Length: 2\r\n\r\nno", 0, 401, 0, 2},
    {OK "Set-Cookie: \r\nSet-Cookie: =\r\nSet-Cookie: a\r\nSet-Cookie: ;;;\r\nContent-Length: 2\r\n\r\nok", 0, 200, 0,
     2},
};

/* An error that is told as 1 may be any; 2: any error, or the answer itself. */
static int is(DWORD got, DWORD wanted)
{
    return wanted == 1 ? got != 0 : got == wanted;
}

static void broken(void)
{
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
        struct outcome outcome = raw(answers[i].text, strlen(answers[i].text), 0);

        if (answers[i].sent == 2)
            continue;
        if (!is(outcome.sent, answers[i].sent) || !is(outcome.read, answers[i].read))
            printf("case %zu: sent %lu, read %lu\n", i, outcome.sent, outcome.read);
        CHECK(is(outcome.sent, answers[i].sent));
        CHECK_EQ(outcome.status, answers[i].status);
        CHECK(is(outcome.read, answers[i].read));
        if (!answers[i].read)
            CHECK_EQ(outcome.total, answers[i].total);
    }
    struct outcome outcome = raw("HTTP/1.1 200 OK\r\nX: a\0b\r\nContent-Length: 0\r\n\r\n", 44, 0);
    CHECK(outcome.sent || outcome.status == 200);
}

static void compressed(void)
{
    static const char noise[] = OK "Content-Encoding: gzip\r\nContent-Length: 9\r\n\r\nnot gzip!";
    static const char half[] =
        OK "Content-Encoding: gzip\r\nContent-Length: 14\r\n\r\n\x1f\x8b\x08\0\0\0\0\0\0\x03\xcb\x48\xcd\xc9";
    static const char bad[] = OK "Content-Encoding: deflate\r\nContent-Length: 4\r\n\r\n\xff\xff\xff\xff";
    struct outcome outcome;

    outcome = raw(noise, sizeof noise - 1, WINHTTP_DECOMPRESSION_FLAG_ALL);
    CHECK(outcome.sent || outcome.read);
    outcome = raw(noise, sizeof noise - 1, 0);
    CHECK_EQ(outcome.read, 0);
    CHECK_EQ(outcome.total, 9);
    outcome = raw(half, sizeof half - 1, WINHTTP_DECOMPRESSION_FLAG_ALL);
    CHECK(outcome.sent || outcome.read || outcome.total < 5);
    outcome = raw(bad, sizeof bad - 1, WINHTTP_DECOMPRESSION_FLAG_ALL);
    CHECK(outcome.sent || outcome.read);
}

static void endless(void)
{
    struct outcome outcome;

    outcome = get("/endless?h", 0);
    CHECK_EQ(outcome.sent, ERROR_WINHTTP_HEADER_SIZE_OVERFLOW);
    outcome = get("/endless?c", 0);
    CHECK_EQ(outcome.sent, ERROR_WINHTTP_HEADER_SIZE_OVERFLOW);
    outcome = get("/endless?x", 0);
    CHECK(outcome.sent != 0);
    outcome = get("/endless?s", 0);
    CHECK(outcome.sent != 0);
    outcome = get("/endless?b", 0); /* is read as long as one likes */
    CHECK_EQ(outcome.status, 200);
    CHECK(outcome.total >= 4000000);
    outcome = get("/endless?k", 0);
    CHECK_EQ(outcome.status, 200);
    CHECK(outcome.total >= 4000000);
    outcome = get("/to?/to", 0); /* to itself */
    CHECK(outcome.sent == ERROR_WINHTTP_REDIRECT_FAILED || outcome.status == 200);
}

/* A WebSocket that begins with these frames: the first error of receiving, at most ten receives. */
static DWORD frames(const char *hex)
{
    WCHAR path[300];
    HINTERNET request, socket;
    DWORD got, error = 0;
    WINHTTP_WEB_SOCKET_BUFFER_TYPE type;

    swprintf(path, 300, L"/frames?%hs", hex);
    request = WinHttpOpenRequest(connection, NULL, path, NULL, NULL, NULL, 0);
    CHECK(WinHttpSetOption(request, WINHTTP_OPTION_UPGRADE_TO_WEB_SOCKET, NULL, 0));
    CHECK(WinHttpSendRequest(request, NULL, 0, NULL, 0, 0, 0));
    CHECK(WinHttpReceiveResponse(request, NULL));
    socket = WinHttpWebSocketCompleteUpgrade(request, 0);
    CHECK(socket != NULL);
    WinHttpCloseHandle(request);
    for (int i = 0; i < 10 && !error; i++) {
        error = WinHttpWebSocketReceive(socket, body, sizeof body, &got, &type);
        if (!error && type == WINHTTP_WEB_SOCKET_CLOSE_BUFFER_TYPE)
            break;
    }
    WinHttpCloseHandle(socket);
    return error;
}

static void sockets(void)
{
    static const struct {
        const char *hex;
        int good;
    } cases[] = {
        {"810268698800", 1}, /* "hi" and an empty close */
        {"0102686980022121"
         "8800",
         1},                     /* in two parts */
        {"c1026869", 0},         /* reserved bits */
        {"8182000000006869", 0}, /* masked */
        {"8302686988"
         "00",
         0}, /* an unknown kind */
        {"80026869"
         "8800",
         0}, /* the rest of nothing */
        {"01026869"
         "81026869"
         "8800",
         0}, /* a message within a message */
        {"0900"
         "8800",
         0},             /* a ping in parts */
        {"897e0080", 0}, /* a ping that is too long */
        {"8900"
         "8a00"
         "8800",
         1},                         /* ping, pong, close */
        {"817fffffffffffffffff", 0}, /* longer than anything */
        {"8801"
         "03",
         0}, /* half a close status */
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        DWORD error = frames(cases[i].hex);

        if ((error == 0) != cases[i].good)
            printf("case %zu: %lu\n", i, error);
        CHECK((error == 0) == cases[i].good);
    }
}

int main(void)
{
    if (!server_start())
        return 1;
    session = WinHttpOpen(L"tests", WINHTTP_ACCESS_TYPE_NO_PROXY, NULL, NULL, 0);
    WinHttpSetTimeouts(session, 5000, 5000, 5000, 5000);
    connection = WinHttpConnect(session, L"127.0.0.1", server_port, 0);
    CHECK(session && connection);
    broken();
    compressed();
    endless();
    sockets();
    WinHttpCloseHandle(connection);
    WinHttpCloseHandle(session);
    return check_done();
}
