/*
 * Does WinHTTP speak with a server: answers of all kinds, bodies both ways, redirects, cookies, logins, errors;
 * with callbacks; and are URLs and dates taken apart and put together as they should be?
 *
 * link: -lwinhttp -lws2_32 -lcrypt32
 */
#include "http_server.h"
#include "check.h"
#include <winhttp.h>

static HINTERNET session, connection;

static HINTERNET open_request(const WCHAR *verb, const WCHAR *path)
{
    HINTERNET request = WinHttpOpenRequest(connection, verb, path, NULL, NULL, NULL, 0);
    CHECK(request != NULL);
    return request;
}

static DWORD status_of(HINTERNET request)
{
    DWORD status = 0, size = sizeof status;

    CHECK(WinHttpQueryHeaders(request, WINHTTP_QUERY_STATUS_CODE | WINHTTP_QUERY_FLAG_NUMBER, NULL, &status, &size,
                              NULL));
    return status;
}

static char body[1 << 20];

static DWORD read_all(HINTERNET request)
{
    DWORD total = 0, got, available;

    for (;;) {
        if (!WinHttpQueryDataAvailable(request, &available) || !available)
            break;
        if (available > sizeof body - 1 - total)
            available = sizeof body - 1 - total;
        if (!WinHttpReadData(request, body + total, available, &got) || !got)
            break;
        total += got;
    }
    body[total] = 0;
    return total;
}

/* A whole exchange; the status, with the answer in `body`. */
static DWORD exchange(const WCHAR *verb, const WCHAR *path, const WCHAR *headers, const void *data, DWORD size)
{
    HINTERNET request = open_request(verb, path);
    DWORD status = 0;

    CHECK(WinHttpSendRequest(request, headers, headers ? (DWORD)-1 : 0, (void *)data, size, size, 0));
    if (WinHttpReceiveResponse(request, NULL)) {
        status = status_of(request);
        read_all(request);
    } else {
        CHECK(0);
    }
    CHECK(WinHttpCloseHandle(request));
    return status;
}

static void answers(void)
{
    HINTERNET request = open_request(NULL, L"/hello");
    WCHAR text[512];
    DWORD size = sizeof text, index = 0, number, got;
    SYSTEMTIME time;

    CHECK_ERROR(WinHttpReceiveResponse(request, NULL), ERROR_WINHTTP_INCORRECT_HANDLE_STATE);
    CHECK(WinHttpSendRequest(request, NULL, 0, NULL, 0, 0, 0));
    CHECK(WinHttpReceiveResponse(request, NULL));
    CHECK_EQ(status_of(request), 200);
    CHECK(WinHttpQueryHeaders(request, WINHTTP_QUERY_STATUS_TEXT, NULL, text, &size, NULL));
    CHECK(!lstrcmpW(text, L"OK"));
    CHECK_EQ(size, 4);
    size = sizeof text;
    CHECK(WinHttpQueryHeaders(request, WINHTTP_QUERY_VERSION, NULL, text, &size, NULL));
    CHECK(!lstrcmpW(text, L"HTTP/1.1"));
    size = sizeof text;
    CHECK(WinHttpQueryHeaders(request, WINHTTP_QUERY_CONTENT_TYPE, NULL, text, &size, NULL));
    CHECK(!lstrcmpW(text, L"text/plain"));
    size = sizeof number;
    CHECK(WinHttpQueryHeaders(request, WINHTTP_QUERY_CONTENT_LENGTH | WINHTTP_QUERY_FLAG_NUMBER, NULL, &number, &size,
                              NULL));
    CHECK_EQ(number, 12);
    size = sizeof time;
    CHECK(WinHttpQueryHeaders(request, WINHTTP_QUERY_LAST_MODIFIED | WINHTTP_QUERY_FLAG_SYSTEMTIME, NULL, &time, &size,
                              NULL));
    CHECK_EQ(time.wYear, 1994);
    CHECK_EQ(time.wMonth, 11);
    CHECK_EQ(time.wDay, 6);
    CHECK_EQ(time.wHour, 8);
    CHECK_EQ(time.wMinute, 49);
    CHECK_EQ(time.wSecond, 37);
    size = sizeof text;
    CHECK(WinHttpQueryHeaders(request, WINHTTP_QUERY_CUSTOM, L"x-two", text, &size, &index));
    CHECK(!lstrcmpW(text, L"one"));
    size = sizeof text;
    CHECK(WinHttpQueryHeaders(request, WINHTTP_QUERY_CUSTOM, L"X-Two", text, &size, &index));
    CHECK(!lstrcmpW(text, L"two"));
    CHECK_EQ(index, 2);
    size = sizeof text;
    CHECK_ERROR(WinHttpQueryHeaders(request, WINHTTP_QUERY_CUSTOM, L"X-Two", text, &size, &index),
                ERROR_WINHTTP_HEADER_NOT_FOUND);
    size = 4;
    CHECK_ERROR(WinHttpQueryHeaders(request, WINHTTP_QUERY_CONTENT_TYPE, NULL, text, &size, NULL),
                ERROR_INSUFFICIENT_BUFFER);
    CHECK_EQ(size, 22);
    size = 0;
    CHECK_ERROR(WinHttpQueryHeaders(request, WINHTTP_QUERY_RAW_HEADERS_CRLF, NULL, NULL, &size, NULL),
                ERROR_INSUFFICIENT_BUFFER);
    CHECK(size > 100);
    size = sizeof text;
    CHECK(WinHttpQueryHeaders(request, WINHTTP_QUERY_RAW_HEADERS_CRLF, NULL, text, &size, NULL));
    CHECK(!memcmp(text, L"HTTP/1.1 200 OK\r\n", 34));
    CHECK(size > 8 && !memcmp((char *)text + size - 8, L"\r\n\r\n", 8));
    CHECK(WinHttpReadData(request, body, 5, &got));
    CHECK(got == 5 && !memcmp(body, "hello", 5));
    CHECK(WinHttpReadData(request, body, 100, &got));
    CHECK(got == 7 && !memcmp(body, ", world", 7));
    CHECK(WinHttpReadData(request, body, 100, &got));
    CHECK_EQ(got, 0);
    CHECK(WinHttpCloseHandle(request));
    CHECK_ERROR(WinHttpCloseHandle(request), ERROR_INVALID_HANDLE);

    CHECK_EQ(exchange(L"GET", L"/chunked", NULL, NULL, 0), 200);
    CHECK_STR(body, "hello, world");
    CHECK_EQ(exchange(L"HEAD", L"/hello", NULL, NULL, 0), 200);
    CHECK_STR(body, "");
    CHECK_EQ(exchange(L"GET", L"/nothing", NULL, NULL, 0), 404);
    CHECK_STR(body, "nothing");
    CHECK_EQ(exchange(L"GET", L"/big?300000", NULL, NULL, 0), 200);
    int same = 1;
    for (int i = 0; i < 300000; i++)
        same = same && body[i] == (char)(i * 31 >> 3);
    CHECK(same);
}

static void bodies(void)
{
    static char data[100000];
    HINTERNET request;
    DWORD written;

    CHECK_EQ(exchange(L"POST", L"/echo", L"Content-Type: text/plain", "some data", 9), 200);
    CHECK_STR(body, "some data");
    CHECK_EQ(exchange(L"POST", L"/echo", NULL, NULL, 0), 200);
    CHECK_STR(body, "");
    CHECK_EQ(exchange(L"PUT", L"/echo", NULL, "put", 3), 200);
    CHECK_STR(body, "put");
    for (size_t i = 0; i < sizeof data; i++)
        data[i] = (char)('a' + i % 23);
    /* In parts, of a length that was told. */
    request = open_request(L"POST", L"/echo");
    CHECK(WinHttpSendRequest(request, NULL, 0, data, 1000, sizeof data, 0));
    for (DWORD at = 1000; at < sizeof data; at += 33000)
        CHECK(WinHttpWriteData(request, data + at, 33000, &written) && written == 33000);
    CHECK(WinHttpReceiveResponse(request, NULL));
    CHECK_EQ(read_all(request), sizeof data);
    CHECK(!memcmp(body, data, sizeof data));
    WinHttpCloseHandle(request);
    if (check_under_wine()) /* it has a length of zero beside the chunks */
        return;
    /* In chunks that the program makes. */
    request = open_request(L"POST", L"/echo");
    CHECK(WinHttpSendRequest(request, L"Transfer-Encoding: chunked\r\n", (DWORD)-1, NULL, 0, 0, 0));
    CHECK(WinHttpWriteData(request, "5\r\nhello\r\n", 10, &written));
    CHECK(WinHttpWriteData(request, "7\r\n, wo", 7, &written));
    CHECK(WinHttpWriteData(request, "rld\r\n0\r\n\r\n", 10, &written));
    CHECK(WinHttpReceiveResponse(request, NULL));
    read_all(request);
    CHECK_STR(body, "hello, world");
    WinHttpCloseHandle(request);
}

static void headers(void)
{
    HINTERNET request = open_request(NULL, L"/head");
    WCHAR text[256];
    DWORD size = sizeof text;

    CHECK(WinHttpAddRequestHeaders(request, L"X-A: 1\r\nX-B: 2", (DWORD)-1, WINHTTP_ADDREQ_FLAG_ADD));
    CHECK_ERROR(WinHttpAddRequestHeaders(request, L"X-A: 3", (DWORD)-1, WINHTTP_ADDREQ_FLAG_ADD_IF_NEW),
                ERROR_WINHTTP_HEADER_ALREADY_EXISTS);
    CHECK(WinHttpAddRequestHeaders(request, L"X-A: 3", (DWORD)-1,
                                   WINHTTP_ADDREQ_FLAG_ADD | WINHTTP_ADDREQ_FLAG_COALESCE_WITH_COMMA));
    CHECK(
        WinHttpAddRequestHeaders(request, L"X-B: 4", (DWORD)-1, WINHTTP_ADDREQ_FLAG_ADD | WINHTTP_ADDREQ_FLAG_REPLACE));
    CHECK(WinHttpAddRequestHeaders(request, L"X-C: 5", (DWORD)-1, WINHTTP_ADDREQ_FLAG_ADD));
    CHECK(WinHttpAddRequestHeaders(request, L"X-C:", (DWORD)-1, WINHTTP_ADDREQ_FLAG_REPLACE));
    CHECK_ERROR(WinHttpAddRequestHeaders(request, L"X-D: 6", (DWORD)-1, WINHTTP_ADDREQ_FLAG_REPLACE),
                ERROR_WINHTTP_HEADER_NOT_FOUND);
    CHECK(WinHttpQueryHeaders(request, WINHTTP_QUERY_CUSTOM | WINHTTP_QUERY_FLAG_REQUEST_HEADERS, L"X-A", text, &size,
                              NULL));
    CHECK(!lstrcmpW(text, L"1, 3"));
    CHECK(WinHttpSendRequest(request, L"X-E: last\r\n", (DWORD)-1, NULL, 0, 0, 0));
    CHECK(WinHttpReceiveResponse(request, NULL));
    read_all(request);
    CHECK(strstr(body, "GET /head HTTP/1.1\r\n") == body);
    CHECK(strstr(body, "\r\nX-A: 1, 3\r\n") != NULL);
    CHECK(strstr(body, "\r\nX-B: 4\r\n") != NULL);
    CHECK(strstr(body, "X-C") == NULL);
    CHECK(strstr(body, "\r\nX-E: last\r\n") != NULL);
    CHECK(strstr(body, "\r\nUser-Agent: tests/1.0\r\n") != NULL);
    CHECK(strstr(body, "\r\nAccept: ") == NULL);
    CHECK(strstr(body, "Content-Length") == NULL);
    char host[64];
    sprintf(host, "\r\nHost: 127.0.0.1:%u\r\n", server_port);
    CHECK(strstr(body, host) != NULL);
    WinHttpCloseHandle(request);
    CHECK_EQ(exchange(L"GET", L"/head/a b\u00e9?q=\"x\"", NULL, NULL, 0), 404);
}

static void ways(void)
{
    HINTERNET request;
    DWORD policy = WINHTTP_OPTION_REDIRECT_POLICY_NEVER, feature = WINHTTP_DISABLE_REDIRECTS, size;
    WCHAR url[256], expected[256];
    LONG before;

    CHECK_EQ(exchange(L"GET", L"/to?/hello", NULL, NULL, 0), 200);
    CHECK_STR(body, "hello, world");
    CHECK_EQ(exchange(L"POST", L"/to?/echo", NULL, "data", 4), 200); /* becomes a GET */
    CHECK_STR(body, "");
    CHECK_EQ(exchange(L"POST", L"/keep?/echo", NULL, "data", 4), 200);
    CHECK_STR(body, "data");
    request = open_request(NULL, L"/to?hello");
    CHECK(WinHttpSendRequest(request, NULL, 0, NULL, 0, 0, 0));
    CHECK(WinHttpReceiveResponse(request, NULL));
    size = sizeof url;
    CHECK(WinHttpQueryOption(request, WINHTTP_OPTION_URL, url, &size));
    wsprintfW(expected, L"http://127.0.0.1:%u/hello", server_port);
    CHECK(!lstrcmpW(url, expected));
    WinHttpCloseHandle(request);
    request = open_request(NULL, L"/to?/hello");
    CHECK(WinHttpSetOption(request, WINHTTP_OPTION_REDIRECT_POLICY, &policy, sizeof policy));
    CHECK(WinHttpSendRequest(request, NULL, 0, NULL, 0, 0, 0) && WinHttpReceiveResponse(request, NULL));
    CHECK_EQ(status_of(request), 302);
    WinHttpCloseHandle(request);
    request = open_request(NULL, L"/to?/hello");
    CHECK(WinHttpSetOption(request, WINHTTP_OPTION_DISABLE_FEATURE, &feature, sizeof feature));
    CHECK(WinHttpSendRequest(request, NULL, 0, NULL, 0, 0, 0) && WinHttpReceiveResponse(request, NULL));
    CHECK_EQ(status_of(request), 302);
    WinHttpCloseHandle(request);
    request = open_request(NULL, L"/to?/to?/to");
    CHECK(WinHttpSendRequest(request, NULL, 0, NULL, 0, 0, 0));
    WinHttpReceiveResponse(request, NULL);
    WinHttpCloseHandle(request);

    CHECK_EQ(exchange(L"GET", L"/cookie", NULL, NULL, 0), 200);
    CHECK_EQ(exchange(L"GET", L"/head", NULL, NULL, 0), 200);
    CHECK(strstr(body, "\r\nCookie: a=1\r\n") != NULL);
    /* One connection serves many. */
    before = server_connections;
    for (int i = 0; i < 5; i++)
        exchange(L"GET", L"/hello", NULL, NULL, 0);
    CHECK(server_connections - before <= 1);
}

static void logins(void)
{
    HINTERNET request = open_request(NULL, L"/auth");
    DWORD supported, first, target;

    CHECK(WinHttpSendRequest(request, NULL, 0, NULL, 0, 0, 0) && WinHttpReceiveResponse(request, NULL));
    CHECK_EQ(status_of(request), 401);
    CHECK(WinHttpQueryAuthSchemes(request, &supported, &first, &target));
    CHECK_EQ(supported, WINHTTP_AUTH_SCHEME_BASIC);
    CHECK_EQ(first, WINHTTP_AUTH_SCHEME_BASIC);
    CHECK_EQ(target, WINHTTP_AUTH_TARGET_SERVER);
    read_all(request);
    CHECK(WinHttpSetCredentials(request, target, first, L"user", L"pass", NULL));
    CHECK(WinHttpSendRequest(request, NULL, 0, NULL, 0, 0, 0) && WinHttpReceiveResponse(request, NULL));
    CHECK_EQ(status_of(request), 200);
    read_all(request);
    CHECK_STR(body, "welcome");
    WinHttpCloseHandle(request);
    /* A login is not for the host to which one is sent on. */
    for (int other = 0; other < 2; other++) {
        WCHAR path[100];

        swprintf(path, 100, L"/to?http://%ls:%u/head", other ? L"localhost" : L"127.0.0.1", server_port);
        request = open_request(NULL, path);
        CHECK(WinHttpSetCredentials(request, WINHTTP_AUTH_TARGET_SERVER, WINHTTP_AUTH_SCHEME_BASIC, L"user", L"pass",
                                    NULL));
        CHECK(WinHttpSendRequest(request, L"Authorization: Basic dXNlcjpwYXNz", (DWORD)-1, NULL, 0, 0, 0));
        CHECK(WinHttpReceiveResponse(request, NULL));
        read_all(request);
        if (!other || !check_under_wine()) /* which tells it everybody */
            CHECK_EQ(strstr(body, "Authorization:") != NULL, !other);
        WinHttpCloseHandle(request);
    }
}

static void errors(void)
{
    HINTERNET request, other;
    DWORD start;

    CHECK_ERROR(WinHttpOpenRequest(session, NULL, L"/", NULL, NULL, NULL, 0), ERROR_WINHTTP_INCORRECT_HANDLE_TYPE);
    CHECK_ERROR(WinHttpConnect(NULL, L"a", 80, 0), ERROR_INVALID_HANDLE);
    other = WinHttpConnect(session, L"127.0.0.1", 1, 0);
    request = WinHttpOpenRequest(other, NULL, L"/", NULL, NULL, NULL, 0);
    CHECK_ERROR(WinHttpSendRequest(request, NULL, 0, NULL, 0, 0, 0), ERROR_WINHTTP_CANNOT_CONNECT);
    WinHttpCloseHandle(request);
    WinHttpCloseHandle(other);
    request = open_request(NULL, L"/close");
    if (WinHttpSendRequest(request, NULL, 0, NULL, 0, 0, 0))
        CHECK_ERROR(WinHttpReceiveResponse(request, NULL),
                    check_under_wine() ? GetLastError() : ERROR_WINHTTP_CONNECTION_ERROR);
    WinHttpCloseHandle(request);
    request = open_request(NULL, L"/silent");
    CHECK(WinHttpSetTimeouts(request, 0, 1000, 300, 300));
    start = GetTickCount();
    CHECK(WinHttpSendRequest(request, NULL, 0, NULL, 0, 0, 0));
    CHECK_ERROR(WinHttpReceiveResponse(request, NULL), ERROR_WINHTTP_TIMEOUT);
    CHECK(GetTickCount() - start < 10000);
    WinHttpCloseHandle(request);
    CHECK_ERROR(WinHttpSetTimeouts(session, -2, 0, 0, 0), ERROR_INVALID_PARAMETER);
    request = WinHttpOpenRequest(connection, NULL, L"/", NULL, NULL, NULL, WINHTTP_FLAG_SECURE);
    CHECK(!WinHttpSendRequest(request, NULL, 0, NULL, 0, 0, 0)); /* the server speaks no TLS */
    WinHttpCloseHandle(request);
}

static void compressed(void)
{
    HINTERNET request = open_request(NULL, L"/gzip");
    DWORD flag = WINHTTP_DECOMPRESSION_FLAG_ALL;

    if (check_under_wine())
        return;
    CHECK(WinHttpSendRequest(request, NULL, 0, NULL, 0, 0, 0) && WinHttpReceiveResponse(request, NULL));
    CHECK_EQ(read_all(request), 32);
    WinHttpCloseHandle(request);
    request = open_request(NULL, L"/gzip");
    CHECK(WinHttpSetOption(request, WINHTTP_OPTION_DECOMPRESSION, &flag, sizeof flag));
    CHECK(WinHttpSendRequest(request, NULL, 0, NULL, 0, 0, 0) && WinHttpReceiveResponse(request, NULL));
    read_all(request);
    CHECK_STR(body, "hello, world");
    WinHttpCloseHandle(request);
}

/* With callbacks. */
static HANDLE happened;
static volatile DWORD last_status, last_error, last_length;
static volatile LONG seen_closing, seen_created;

static void CALLBACK on_status(HINTERNET handle, DWORD_PTR context, DWORD status, LPVOID information, DWORD length)
{
    if (status == WINHTTP_CALLBACK_STATUS_HANDLE_CLOSING) {
        InterlockedIncrement(&seen_closing);
        SetEvent(happened);
        return;
    }
    if (status == WINHTTP_CALLBACK_STATUS_HANDLE_CREATED) {
        InterlockedIncrement(&seen_created);
        return;
    }
    if (!(status & (WINHTTP_CALLBACK_FLAG_ALL_COMPLETIONS)))
        return;
    CHECK_EQ(context, 0x1234);
    last_status = status;
    last_length = length;
    if (status == WINHTTP_CALLBACK_STATUS_DATA_AVAILABLE)
        last_length = *(DWORD *)information;
    if (status == WINHTTP_CALLBACK_STATUS_REQUEST_ERROR)
        last_error = ((WINHTTP_ASYNC_RESULT *)information)->dwError;
    SetEvent(happened);
}

static DWORD next_status(void)
{
    CHECK_EQ(WaitForSingleObject(happened, 20000), WAIT_OBJECT_0);
    return last_status;
}

static void asynchronous(void)
{
    HINTERNET s = WinHttpOpen(L"tests/1.0", WINHTTP_ACCESS_TYPE_NO_PROXY, NULL, NULL, WINHTTP_FLAG_ASYNC), c, r;

    happened = CreateEventA(NULL, FALSE, FALSE, NULL);
    CHECK(WinHttpSetStatusCallback(s, on_status, WINHTTP_CALLBACK_FLAG_ALL_NOTIFICATIONS, 0) == NULL);
    c = WinHttpConnect(s, L"127.0.0.1", server_port, 0);
    r = WinHttpOpenRequest(c, L"POST", L"/echo", NULL, NULL, NULL, 0);
    CHECK_EQ(seen_created, 2);
    CHECK(WinHttpSendRequest(r, NULL, 0, (void *)"async", 5, 8, 0x1234));
    CHECK_EQ(next_status(), WINHTTP_CALLBACK_STATUS_SENDREQUEST_COMPLETE);
    CHECK(WinHttpWriteData(r, "hro", 3, NULL));
    CHECK_EQ(next_status(), WINHTTP_CALLBACK_STATUS_WRITE_COMPLETE);
    CHECK(WinHttpReceiveResponse(r, NULL));
    CHECK_EQ(next_status(), WINHTTP_CALLBACK_STATUS_HEADERS_AVAILABLE);
    CHECK_EQ(status_of(r), 200);
    CHECK(WinHttpQueryDataAvailable(r, NULL));
    CHECK_EQ(next_status(), WINHTTP_CALLBACK_STATUS_DATA_AVAILABLE);
    CHECK_EQ(last_length, 8);
    CHECK(WinHttpReadData(r, body, 100, NULL));
    CHECK_EQ(next_status(), WINHTTP_CALLBACK_STATUS_READ_COMPLETE);
    CHECK_EQ(last_length, 8);
    CHECK(!memcmp(body, "asynchro", 8));
    CHECK(WinHttpReadData(r, body, 100, NULL));
    CHECK_EQ(next_status(), WINHTTP_CALLBACK_STATUS_READ_COMPLETE);
    CHECK_EQ(last_length, 0);
    CHECK(WinHttpCloseHandle(r));
    CHECK_EQ(WaitForSingleObject(happened, 20000), WAIT_OBJECT_0);
    CHECK_EQ(seen_closing, 1);
    if (check_under_wine()) /* it waits until the server has spoken */
        return;
    /* Closing stops what is under way. */
    r = WinHttpOpenRequest(c, NULL, L"/silent", NULL, NULL, NULL, 0);
    CHECK(WinHttpSendRequest(r, NULL, 0, NULL, 0, 0, 0x1234));
    CHECK_EQ(next_status(), WINHTTP_CALLBACK_STATUS_SENDREQUEST_COMPLETE);
    CHECK(WinHttpReceiveResponse(r, NULL));
    CHECK(WinHttpCloseHandle(r));
    CHECK_EQ(next_status(), WINHTTP_CALLBACK_STATUS_REQUEST_ERROR);
    CHECK_EQ(last_error, ERROR_WINHTTP_OPERATION_CANCELLED);
    if (seen_closing < 2)
        WaitForSingleObject(happened, 20000);
    CHECK_EQ(seen_closing, 2);
    WinHttpSetStatusCallback(s, NULL, 0, 0);
    WinHttpCloseHandle(c);
    WinHttpCloseHandle(s);
}

static void sockets(void)
{
    HINTERNET request = open_request(NULL, L"/socket"), socket;
    static char text[1000], got[2000];
    DWORD size, total = 0;
    WINHTTP_WEB_SOCKET_BUFFER_TYPE type;
    USHORT status;

    CHECK(WinHttpSetOption(request, WINHTTP_OPTION_UPGRADE_TO_WEB_SOCKET, NULL, 0));
    CHECK(WinHttpSendRequest(request, NULL, 0, NULL, 0, 0, 0));
    CHECK(WinHttpReceiveResponse(request, NULL));
    CHECK_EQ(status_of(request), 101);
    socket = WinHttpWebSocketCompleteUpgrade(request, 0);
    CHECK(socket != NULL);
    CHECK(WinHttpCloseHandle(request));
    CHECK_EQ(WinHttpWebSocketSend(socket, WINHTTP_WEB_SOCKET_UTF8_MESSAGE_BUFFER_TYPE, (void *)"hello", 5), 0);
    CHECK_EQ(WinHttpWebSocketReceive(socket, got, sizeof got, &size, &type), 0);
    CHECK(size == 5 && !memcmp(got, "hello", 5));
    CHECK_EQ(type, WINHTTP_WEB_SOCKET_UTF8_MESSAGE_BUFFER_TYPE);
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = (char)(i * 3);
    CHECK_EQ(WinHttpWebSocketSend(socket, WINHTTP_WEB_SOCKET_BINARY_FRAGMENT_BUFFER_TYPE, text, 400), 0);
    CHECK_EQ(WinHttpWebSocketSend(socket, WINHTTP_WEB_SOCKET_BINARY_MESSAGE_BUFFER_TYPE, text + 400, 600), 0);
    do {
        CHECK_EQ(WinHttpWebSocketReceive(socket, got + total, 150, &size, &type), 0);
        total += size;
    } while (type == WINHTTP_WEB_SOCKET_BINARY_FRAGMENT_BUFFER_TYPE && total < sizeof text);
    CHECK_EQ(type, WINHTTP_WEB_SOCKET_BINARY_MESSAGE_BUFFER_TYPE);
    CHECK(total == sizeof text && !memcmp(got, text, total));
    CHECK_EQ(WinHttpWebSocketQueryCloseStatus(socket, &status, got, sizeof got, &size), ERROR_INVALID_OPERATION);
    CHECK_EQ(WinHttpWebSocketClose(socket, WINHTTP_WEB_SOCKET_SUCCESS_CLOSE_STATUS, (void *)"bye", 3), 0);
    CHECK_EQ(WinHttpWebSocketQueryCloseStatus(socket, &status, got, sizeof got, &size), 0);
    CHECK_EQ(status, WINHTTP_WEB_SOCKET_SUCCESS_CLOSE_STATUS);
    CHECK(size == 3 && !memcmp(got, "bye", 3));
    CHECK(WinHttpCloseHandle(socket));
    request = open_request(NULL, L"/hello");
    CHECK(WinHttpSendRequest(request, NULL, 0, NULL, 0, 0, 0) && WinHttpReceiveResponse(request, NULL));
    CHECK_ERROR(WinHttpWebSocketCompleteUpgrade(request, 0), ERROR_WINHTTP_INCORRECT_HANDLE_STATE);
    WinHttpCloseHandle(request);
}

static void urls(void)
{
    static const struct {
        const WCHAR *url, *host, *path, *extra, *user;
        int port;
        DWORD error;
    } cases[] = {
        {L"http://example.com", L"example.com", L"", L"", L"", 80, 0},
        {L"https://example.com/", L"example.com", L"/", L"", L"", 443, 0},
        {L"http://example.com:8080/a/b?c=d#e", L"example.com", L"/a/b", L"?c=d#e", L"", 8080, 0},
        {L"HTTP://u:p@example.com/a", L"example.com", L"/a", L"", L"u", 80, 0},
        {L"http://example.com?q", L"example.com", L"", L"?q", L"", 80, 0},
        {L"ftp://example.com/", NULL, NULL, NULL, NULL, 0, ERROR_WINHTTP_UNRECOGNIZED_SCHEME},
        {L"example.com", NULL, NULL, NULL, NULL, 0, ERROR_WINHTTP_UNRECOGNIZED_SCHEME},
        {L"http://a:99999/", NULL, NULL, NULL, NULL, 0, ERROR_WINHTTP_INVALID_URL},
    };
    URL_COMPONENTS parts;
    WCHAR url[128], host[32];
    DWORD length;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        parts = (URL_COMPONENTS){sizeof parts};
        parts.dwSchemeLength = parts.dwHostNameLength = parts.dwUserNameLength = parts.dwPasswordLength =
            parts.dwUrlPathLength = parts.dwExtraInfoLength = (DWORD)-1;
        if (cases[i].error) {
            CHECK_ERROR(WinHttpCrackUrl(cases[i].url, 0, 0, &parts), cases[i].error);
            continue;
        }
        if (check_under_wine() && !*cases[i].path && *cases[i].extra) /* whose host is the rest then */
            continue;
        CHECK(WinHttpCrackUrl(cases[i].url, 0, 0, &parts));
        CHECK_EQ(parts.nPort, cases[i].port);
        CHECK_EQ(parts.dwHostNameLength, lstrlenW(cases[i].host));
        CHECK(!memcmp(parts.lpszHostName, cases[i].host, 2 * parts.dwHostNameLength));
        CHECK_EQ(parts.dwUrlPathLength, lstrlenW(cases[i].path));
        CHECK(!memcmp(parts.lpszUrlPath, cases[i].path, 2 * parts.dwUrlPathLength));
        CHECK_EQ(parts.dwExtraInfoLength, lstrlenW(cases[i].extra));
        CHECK_EQ(parts.dwUserNameLength, lstrlenW(cases[i].user));
    }
    parts = (URL_COMPONENTS){sizeof parts};
    parts.lpszHostName = host;
    parts.dwHostNameLength = 32;
    CHECK(WinHttpCrackUrl(L"https://example.com:444/x", 0, 0, &parts));
    CHECK(!lstrcmpW(host, L"example.com"));
    CHECK_EQ(parts.nPort, 444);
    CHECK_EQ(parts.nScheme, INTERNET_SCHEME_HTTPS);
    parts.dwHostNameLength = 3;
    CHECK_ERROR(WinHttpCrackUrl(L"https://example.com:444/x", 0, 0, &parts), ERROR_INSUFFICIENT_BUFFER);
    CHECK_EQ(parts.dwHostNameLength, 12);

    parts = (URL_COMPONENTS){sizeof parts};
    parts.nScheme = INTERNET_SCHEME_HTTP;
    parts.lpszHostName = (WCHAR *)L"example.com";
    parts.lpszUrlPath = (WCHAR *)L"/a";
    parts.nPort = 81;
    length = 128;
    CHECK(WinHttpCreateUrl(&parts, 0, url, &length));
    CHECK(!lstrcmpW(url, L"http://example.com:81/a"));
    CHECK_EQ(length, 23);
    length = 10;
    CHECK_ERROR(WinHttpCreateUrl(&parts, 0, url, &length), ERROR_INSUFFICIENT_BUFFER);
    CHECK_EQ(length, 24);

    SYSTEMTIME time = {1994, 11, 0, 6, 8, 49, 37, 0}, back;
    WCHAR text[WINHTTP_TIME_FORMAT_BUFSIZE / sizeof(WCHAR) + 1];
    CHECK(WinHttpTimeFromSystemTime(&time, text));
    CHECK(!lstrcmpW(text, L"Sun, 06 Nov 1994 08:49:37 GMT"));
    CHECK(WinHttpTimeToSystemTime(text, &back));
    CHECK(!memcmp(&time, &back, sizeof time));
    CHECK(!WinHttpTimeFromSystemTime(NULL, text));
}

int main(void)
{
    if (!server_start())
        return 1;
    urls();
    session =
        WinHttpOpen(L"tests/1.0", WINHTTP_ACCESS_TYPE_NO_PROXY, WINHTTP_NO_PROXY_NAME, WINHTTP_NO_PROXY_BYPASS, 0);
    CHECK(session != NULL);
    connection = WinHttpConnect(session, L"127.0.0.1", server_port, 0);
    CHECK(connection != NULL);
    answers();
    bodies();
    headers();
    logins();
    if (!check_under_wine()) { /* it stops at redirects of POST, and waits for the silent */
        ways();
        errors();
        compressed();
        sockets();
    }
    asynchronous();
    CHECK(WinHttpCloseHandle(connection));
    CHECK(WinHttpCloseHandle(session));
    return check_done();
}
