/*
 * Is WinINet with INTERNET_FLAG_ASYNC as asynchronous as it says: what is told, in which order, on which thread, with
 * which context; reads that wait and reads that do not; bodies in parts; handles closed under way?
 *
 * link: -lwininet -lws2_32 -lcrypt32
 */
#include "http_server.h"
#include "check.h"
#include <wininet.h>

#define CONTEXT 0x1234

static HINTERNET session, connection;
static HANDLE complete, closed;
static volatile DWORD_PTR last_result, last_error, last_context;
static volatile DWORD last_thread, main_thread;
static volatile LONG told[256]; /* how often each status */
static DWORD order[64];
static volatile LONG order_count;
static char redirected[300];

static void CALLBACK on_status(HINTERNET handle, DWORD_PTR context, DWORD status, LPVOID information, DWORD length)
{
    if (status < 256)
        InterlockedIncrement(&told[status]);
    if (order_count < 64)
        order[InterlockedIncrement(&order_count) - 1] = status;
    if (status == INTERNET_STATUS_REDIRECT)
        lstrcpynA(redirected, information, sizeof redirected);
    if (status == INTERNET_STATUS_REQUEST_COMPLETE) {
        CHECK_EQ(length, sizeof(INTERNET_ASYNC_RESULT));
        last_result = ((INTERNET_ASYNC_RESULT *)information)->dwResult;
        last_error = ((INTERNET_ASYNC_RESULT *)information)->dwError;
        last_context = context;
        last_thread = GetCurrentThreadId();
        SetEvent(complete);
    }
    if (status == INTERNET_STATUS_HANDLE_CLOSING) {
        CHECK_EQ(length, sizeof(HINTERNET));
        CHECK(*(HINTERNET *)information == handle);
        SetEvent(closed);
    }
}

static void forget(void)
{
    memset((void *)told, 0, sizeof told);
    order_count = 0;
    last_error = last_result = 77;
}

/* The operation is done: at once, or with its end told by a thread that is not this one. */
static DWORD finished(BOOL done)
{
    if (done)
        return 0;
    if (GetLastError() != ERROR_IO_PENDING)
        return GetLastError();
    CHECK_EQ(WaitForSingleObject(complete, 20000), WAIT_OBJECT_0);
    CHECK(last_thread != main_thread);
    CHECK_EQ(last_context, CONTEXT);
    return (DWORD)last_error;
}

static HINTERNET request_for(const char *verb, const char *path)
{
    HINTERNET request = HttpOpenRequestA(connection, verb, path, NULL, NULL, NULL, INTERNET_FLAG_RELOAD, CONTEXT);

    CHECK(request != NULL);
    return request;
}

static void close_and_wait(HINTERNET handle)
{
    ResetEvent(closed);
    CHECK(InternetCloseHandle(handle));
    CHECK_EQ(WaitForSingleObject(closed, 20000), WAIT_OBJECT_0);
}

static DWORD read_all(HINTERNET file, char *text, DWORD room)
{
    static DWORD got;
    DWORD total = 0;

    for (;;) {
        got = 0;
        if (finished(InternetReadFile(file, text + total, room - total - 1, &got)) || !got)
            break;
        total += got;
    }
    text[total] = 0;
    return total;
}

static DWORD place_of(DWORD status)
{
    for (LONG i = 0; i < order_count; i++)
        if (order[i] == status)
            return (DWORD)i;
    return 1000;
}

static void statuses(void)
{
    static const DWORD expected[] = {INTERNET_STATUS_HANDLE_CREATED,    INTERNET_STATUS_SENDING_REQUEST,
                                     INTERNET_STATUS_REQUEST_SENT,      INTERNET_STATUS_RECEIVING_RESPONSE,
                                     INTERNET_STATUS_RESPONSE_RECEIVED, INTERNET_STATUS_REQUEST_COMPLETE};
    HINTERNET request;
    char text[100];

    forget();
    request = request_for(NULL, "/hello");
    CHECK_EQ(told[INTERNET_STATUS_HANDLE_CREATED], 1);
    SetLastError(0);
    CHECK_EQ(finished(HttpSendRequestA(request, NULL, 0, NULL, 0)), 0);
    CHECK_EQ(last_result, 1);
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        CHECK_EQ(told[expected[i]], 1);
        if (i)
            CHECK(place_of(expected[i]) > place_of(expected[i - 1]));
    }
    CHECK_EQ(read_all(request, text, sizeof text), 12);
    CHECK_STR(text, "hello, world");
    close_and_wait(request);
    CHECK_EQ(told[INTERNET_STATUS_HANDLE_CLOSING], 1);
    CHECK_EQ(order[order_count - 1], INTERNET_STATUS_HANDLE_CLOSING);
    forget();
    request = request_for(NULL, "/to?/chunked");
    CHECK_EQ(finished(HttpSendRequestA(request, NULL, 0, NULL, 0)), 0);
    CHECK_EQ(told[INTERNET_STATUS_REDIRECT], 1);
    CHECK(strstr(redirected, "/chunked") != NULL);
    CHECK_EQ(read_all(request, text, sizeof text), 12);
    close_and_wait(request);
}

static void reads(void)
{
    HINTERNET request = request_for(NULL, "/slow?3");
    INTERNET_BUFFERSA buffers = {sizeof buffers};
    char text[100] = "", *at = text;
    DWORD calls = 0;
    static DWORD available;

    CHECK_EQ(finished(HttpSendRequestA(request, NULL, 0, NULL, 0)), 0);
    for (;; calls++) {
        buffers.lpvBuffer = at;
        buffers.dwBufferLength = 50;
        if (finished(InternetReadFileExA(request, &buffers, IRF_NO_WAIT, CONTEXT)) || !buffers.dwBufferLength)
            break;
        at += buffers.dwBufferLength;
    }
    *at = 0;
    CHECK_STR(text, "part 0;part 1;part 2;");
    CHECK(calls >= 2); /* it did not wait for all */
    close_and_wait(request);
    request = request_for(NULL, "/slow?2");
    CHECK_EQ(finished(HttpSendRequestA(request, NULL, 0, NULL, 0)), 0);
    available = 0;
    CHECK_EQ(finished(InternetQueryDataAvailable(request, &available, 0, 0)), 0);
    CHECK_EQ(available, 7);
    memset(text, 0, sizeof text);
    buffers.lpvBuffer = text;
    buffers.dwBufferLength = 14;
    CHECK_EQ(finished(InternetReadFileExA(request, &buffers, IRF_ASYNC, CONTEXT)), 0);
    CHECK_EQ(buffers.dwBufferLength, 14);
    CHECK_STR(text, "part 0;part 1;");
    buffers.dwBufferLength = 14;
    CHECK_EQ(finished(InternetReadFileExA(request, &buffers, IRF_SYNC, CONTEXT)), 0);
    CHECK_EQ(buffers.dwBufferLength, 0);
    buffers.dwStructSize = 4;
    CHECK_ERROR(InternetReadFileExA(request, &buffers, 0, CONTEXT), ERROR_INVALID_PARAMETER);
    close_and_wait(request);
}

static void bodies(void)
{
    HINTERNET request = request_for("POST", "/echo");
    INTERNET_BUFFERSA buffers = {sizeof buffers};
    static DWORD written;
    char text[100];

    buffers.dwBufferTotal = 10;
    CHECK_EQ(finished(HttpSendRequestExA(request, &buffers, NULL, 0, CONTEXT)), 0);
    CHECK_EQ(finished(InternetWriteFile(request, "01234", 5, &written)), 0);
    CHECK_EQ(written, 5);
    CHECK_EQ(finished(InternetWriteFile(request, "56789", 5, &written)), 0);
    CHECK_EQ(finished(HttpEndRequestA(request, NULL, 0, CONTEXT)), 0);
    CHECK_EQ(read_all(request, text, sizeof text), 10);
    CHECK_STR(text, "0123456789");
    close_and_wait(request);
}

static void failures(void)
{
    HINTERNET other = InternetConnectA(session, "127.0.0.1", 1, NULL, NULL, INTERNET_SERVICE_HTTP, 0, CONTEXT);
    HINTERNET request = HttpOpenRequestA(other, NULL, "/", NULL, NULL, NULL, 0, CONTEXT);

    CHECK_EQ(finished(HttpSendRequestA(request, NULL, 0, NULL, 0)), ERROR_INTERNET_CANNOT_CONNECT);
    CHECK_EQ(last_result, 0);
    close_and_wait(request);
    close_and_wait(other);
    /* Closed while the server is silent: the operation ends, then the handle. */
    forget();
    request = request_for(NULL, "/silent");
    CHECK_ERROR(HttpSendRequestA(request, NULL, 0, NULL, 0), ERROR_IO_PENDING);
    while (!told[INTERNET_STATUS_REQUEST_SENT])
        Sleep(1);
    close_and_wait(request);
    CHECK_EQ(WaitForSingleObject(complete, 20000), WAIT_OBJECT_0);
    CHECK_EQ(last_error, ERROR_INTERNET_OPERATION_CANCELLED);
    CHECK_EQ(order[order_count - 1], INTERNET_STATUS_HANDLE_CLOSING);
    CHECK(!HttpSendRequestA(request, NULL, 0, NULL, 0));
    CHECK_EQ(GetLastError(), ERROR_INVALID_HANDLE);
}

static void opened(void)
{
    char url[64], text[100];
    HINTERNET file;

    sprintf(url, "http://127.0.0.1:%u/hello", server_port);
    file = InternetOpenUrlA(session, url, NULL, 0, INTERNET_FLAG_RELOAD, CONTEXT);
    if (!file) {
        CHECK_EQ(finished(FALSE), 0);
        file = (HINTERNET)last_result;
    }
    CHECK(file != NULL);
    CHECK_EQ(read_all(file, text, sizeof text), 12);
    close_and_wait(file);
    /* Without a context nothing is told, and calls take as long as they take. */
    forget();
    file = InternetOpenUrlA(session, url, NULL, 0, INTERNET_FLAG_RELOAD, 0);
    CHECK(file != NULL);
    CHECK_EQ(order_count, 0);
    InternetCloseHandle(file);
}

static void family(void)
{
    HINTERNET s = InternetOpenA("tests", INTERNET_OPEN_TYPE_DIRECT, NULL, NULL, INTERNET_FLAG_ASYNC), c, r;
    DWORD_PTR context = 0;
    DWORD size = sizeof context;

    InternetSetStatusCallbackA(s, on_status);
    c = InternetConnectA(s, "127.0.0.1", server_port, NULL, NULL, INTERNET_SERVICE_HTTP, 0, CONTEXT);
    r = HttpOpenRequestA(c, NULL, "/hello", NULL, NULL, NULL, 0, CONTEXT);
    CHECK(InternetQueryOptionA(r, INTERNET_OPTION_CONTEXT_VALUE, &context, &size));
    CHECK_EQ(context, CONTEXT);
    CHECK(InternetSetStatusCallbackA(r, NULL) == on_status);
    CHECK(InternetSetStatusCallbackA(r, on_status) == NULL);
    forget();
    CHECK(InternetCloseHandle(s)); /* and what belongs to it */
    CHECK_EQ(told[INTERNET_STATUS_HANDLE_CLOSING], 2);
    CHECK(!InternetCloseHandle(r));
    CHECK(!InternetCloseHandle(c));
    CHECK(InternetSetStatusCallbackA(r, NULL) == INTERNET_INVALID_STATUS_CALLBACK);
}

int main(void)
{
    if (!server_start())
        return 1;
    complete = CreateEventA(NULL, FALSE, FALSE, NULL);
    closed = CreateEventA(NULL, FALSE, FALSE, NULL);
    main_thread = GetCurrentThreadId();
    session = InternetOpenA("tests/2.0", INTERNET_OPEN_TYPE_DIRECT, NULL, NULL, INTERNET_FLAG_ASYNC);
    CHECK(InternetSetStatusCallbackA(session, on_status) == NULL);
    connection = InternetConnectA(session, "127.0.0.1", server_port, NULL, NULL, INTERNET_SERVICE_HTTP, 0, CONTEXT);
    CHECK(connection != NULL);
    statuses();
    bodies();
    family();
    if (!check_under_wine()) { /* it waits for all, does not stop what is closed, and knows no context 0 */
        reads();
        failures();
        opened();
    }
    return check_done();
}
