/*
 * Does WinINet speak with a server: URLs opened at once, requests, bodies, cookies of the process, errors; and is
 * URLDownloadToFile's file what was served?
 *
 * link: -lwininet -lurlmon -lws2_32 -lcrypt32
 */
#include "http_server.h"
#include "check.h"
#include <wininet.h>
#include <urlmon.h>

static HINTERNET session;
static char body[1 << 20], base[64];

static const char *url(const char *path)
{
    static char text[256];

    sprintf(text, "%s%s", base, path);
    return text;
}

static DWORD read_all(HINTERNET file)
{
    DWORD total = 0, got;

    while (InternetReadFile(file, body + total, 5000, &got) && got)
        total += got;
    body[total] = 0;
    return total;
}

static DWORD number(HINTERNET request, DWORD what)
{
    DWORD value = 0, size = sizeof value;

    CHECK(HttpQueryInfoA(request, what | HTTP_QUERY_FLAG_NUMBER, &value, &size, NULL));
    return value;
}

static void opened(void)
{
    HINTERNET file = InternetOpenUrlA(session, url("/hello"), "X-A: 1\r\n", (DWORD)-1, 0, 0);
    char text[256];
    DWORD size = sizeof text, index = 0, available;

    CHECK(file != NULL);
    CHECK_EQ(number(file, HTTP_QUERY_STATUS_CODE), 200);
    CHECK_EQ(number(file, HTTP_QUERY_CONTENT_LENGTH), 12);
    CHECK(HttpQueryInfoA(file, HTTP_QUERY_CONTENT_TYPE, text, &size, NULL));
    CHECK_STR(text, "text/plain");
    CHECK_EQ(size, 10);
    size = 3;
    CHECK_ERROR(HttpQueryInfoA(file, HTTP_QUERY_CONTENT_TYPE, text, &size, NULL), ERROR_INSUFFICIENT_BUFFER);
    CHECK_EQ(size, 11);
    strcpy(text, "x-two");
    size = sizeof text;
    CHECK(HttpQueryInfoA(file, HTTP_QUERY_CUSTOM, text, &size, &index));
    CHECK_STR(text, "one");
    CHECK_EQ(index, 1);
    size = sizeof text;
    CHECK_ERROR(HttpQueryInfoA(file, HTTP_QUERY_ETAG, text, &size, NULL), ERROR_HTTP_HEADER_NOT_FOUND);
    CHECK(InternetQueryDataAvailable(file, &available, 0, 0));
    CHECK_EQ(available, 12);
    CHECK_EQ(read_all(file), 12);
    CHECK_STR(body, "hello, world");
    size = sizeof text;
    CHECK(InternetQueryOptionA(file, INTERNET_OPTION_URL, text, &size));
    CHECK_STR(text, url("/hello"));
    CHECK(InternetCloseHandle(file));
    CHECK(!InternetCloseHandle(file));
    file = InternetOpenUrlA(session, url("/to?/chunked"), NULL, 0, INTERNET_FLAG_RELOAD, 0);
    read_all(file);
    CHECK_STR(body, "hello, world");
    InternetCloseHandle(file);
    file = InternetOpenUrlA(session, url("/to?/chunked"), NULL, 0, INTERNET_FLAG_NO_AUTO_REDIRECT, 0);
    CHECK_EQ(number(file, HTTP_QUERY_STATUS_CODE), 302);
    InternetCloseHandle(file);
    file = InternetOpenUrlW(session, L"http://127.0.0.1:1/", NULL, 0, 0, 0);
    CHECK(file == NULL);
    CHECK_EQ(GetLastError(), ERROR_INTERNET_CANNOT_CONNECT);
    CHECK_ERROR(InternetOpenUrlA(session, "nonsense", NULL, 0, 0, 0), ERROR_INTERNET_UNRECOGNIZED_SCHEME);
}

static void requests(void)
{
    HINTERNET connection =
        InternetConnectA(session, "127.0.0.1", server_port, "user", "pass", INTERNET_SERVICE_HTTP, 0, 0);
    HINTERNET request = HttpOpenRequestA(connection, "POST", "/echo", NULL, NULL, NULL, 0, 0);
    INTERNET_BUFFERSA buffers = {sizeof buffers};
    DWORD written, kind, size = sizeof kind;

    CHECK(connection != NULL && request != NULL);
    CHECK(HttpAddRequestHeadersA(request, "Content-Type: text/plain", (DWORD)-1, HTTP_ADDREQ_FLAG_ADD));
    CHECK(HttpSendRequestA(request, "X-B: 2", (DWORD)-1, "some data", 9));
    CHECK_EQ(number(request, HTTP_QUERY_STATUS_CODE), 200);
    CHECK_EQ(read_all(request), 9);
    CHECK_STR(body, "some data");
    CHECK(InternetQueryOptionA(request, INTERNET_OPTION_HANDLE_TYPE, &kind, &size));
    CHECK_EQ(kind, INTERNET_HANDLE_TYPE_HTTP_REQUEST);
    InternetCloseHandle(request);
    request = HttpOpenRequestA(connection, "POST", "/echo", NULL, NULL, NULL, 0, 0);
    buffers.dwBufferTotal = 10;
    CHECK(HttpSendRequestExA(request, &buffers, NULL, 0, 0));
    CHECK(InternetWriteFile(request, "01234", 5, &written) && written == 5);
    CHECK(InternetWriteFile(request, "56789", 5, &written) && written == 5);
    CHECK(HttpEndRequestA(request, NULL, 0, 0));
    read_all(request);
    CHECK_STR(body, "0123456789");
    InternetCloseHandle(request);
    request = HttpOpenRequestA(connection, NULL, "/auth", NULL, NULL, NULL, 0, 0);
    CHECK(HttpSendRequestA(request, NULL, 0, NULL, 0));
    CHECK_EQ(number(request, HTTP_QUERY_STATUS_CODE), 200);
    read_all(request);
    CHECK_STR(body, "welcome");
    InternetCloseHandle(request);
    InternetCloseHandle(connection);
}

static void cookies(void)
{
    char text[256];
    DWORD size = sizeof text;
    HINTERNET file;

    CHECK_ERROR(InternetGetCookieA(url("/"), NULL, text, &size), ERROR_NO_MORE_ITEMS);
    CHECK(InternetSetCookieA(url("/"), "name", "value"));
    size = sizeof text;
    CHECK(InternetGetCookieA(url("/"), NULL, text, &size));
    CHECK_STR(text, "name=value");
    file = InternetOpenUrlA(session, url("/head"), NULL, 0, 0, 0);
    read_all(file);
    CHECK(strstr(body, "\r\nCookie: name=value\r\n") != NULL);
    CHECK(strstr(body, "\r\nUser-Agent: tests/2.0\r\n") != NULL);
    InternetCloseHandle(file);
    file = InternetOpenUrlA(session, url("/cookie"), NULL, 0, 0, 0);
    InternetCloseHandle(file);
    size = sizeof text;
    CHECK(InternetGetCookieA(url("/x"), "a", text, &size));
    CHECK(strstr(text, "a=1") != NULL);
}

static HANDLE happened;
static volatile DWORD_PTR last_result, last_error;

static void CALLBACK on_status(HINTERNET handle, DWORD_PTR context, DWORD status, LPVOID information, DWORD length)
{
    if (status == INTERNET_STATUS_REQUEST_COMPLETE) {
        last_result = ((INTERNET_ASYNC_RESULT *)information)->dwResult;
        last_error = ((INTERNET_ASYNC_RESULT *)information)->dwError;
        SetEvent(happened);
    }
}

static void asynchronous(void)
{
    HINTERNET s = InternetOpenA("tests/2.0", INTERNET_OPEN_TYPE_DIRECT, NULL, NULL, INTERNET_FLAG_ASYNC), c, r;

    happened = CreateEventA(NULL, FALSE, FALSE, NULL);
    CHECK(InternetSetStatusCallbackA(s, on_status) == NULL);
    c = InternetConnectA(s, "127.0.0.1", server_port, NULL, NULL, INTERNET_SERVICE_HTTP, 0, 1);
    r = HttpOpenRequestA(c, NULL, "/hello", NULL, NULL, NULL, 0, 2);
    CHECK_ERROR(HttpSendRequestA(r, NULL, 0, NULL, 0), ERROR_IO_PENDING);
    CHECK_EQ(WaitForSingleObject(happened, 20000), WAIT_OBJECT_0);
    CHECK_EQ(last_error, 0);
    CHECK_EQ(number(r, HTTP_QUERY_STATUS_CODE), 200);
    static DWORD got;
    if (!InternetReadFile(r, body, 12, &got)) { /* what is not there yet is waited for elsewhere */
        CHECK_EQ(GetLastError(), ERROR_IO_PENDING);
        CHECK_EQ(WaitForSingleObject(happened, 20000), WAIT_OBJECT_0);
    }
    CHECK_EQ(got, 12);
    InternetCloseHandle(r);
    InternetCloseHandle(c);
    InternetCloseHandle(s);
}

static void urls(void)
{
    URL_COMPONENTSA parts = {sizeof parts};
    char host[64], path[64], text[256];
    DWORD size = sizeof text;

    parts.lpszHostName = host;
    parts.dwHostNameLength = sizeof host;
    parts.lpszUrlPath = path;
    parts.dwUrlPathLength = sizeof path;
    CHECK(InternetCrackUrlA("https://user@example.com:444/a/b?c#d", 0, 0, &parts));
    CHECK_EQ(parts.nScheme, INTERNET_SCHEME_HTTPS);
    CHECK_EQ(parts.nPort, 444);
    CHECK_STR(host, "example.com");
    CHECK_STR(path, "/a/b?c#d");
    CHECK_ERROR(InternetCrackUrlA("nothing", 0, 0, &parts), ERROR_INTERNET_UNRECOGNIZED_SCHEME);
    CHECK(InternetCombineUrlA("http://example.com/a/b/c?d", "../e", text, &size, 0));
    CHECK_STR(text, "http://example.com/a/e");
    size = sizeof text;
    CHECK(InternetCombineUrlA("http://example.com/a/b", "/x", text, &size, 0));
    CHECK_STR(text, "http://example.com/x");
    size = sizeof text;
    CHECK(InternetCombineUrlA("http://example.com/a", "https://other.test/", text, &size, 0));
    CHECK_STR(text, "https://other.test/");
    size = sizeof text;
    CHECK(InternetCanonicalizeUrlA("http://example.com/a b", text, &size, 0));
    CHECK_STR(text, "http://example.com/a%20b");
    size = 5;
    CHECK_ERROR(InternetCanonicalizeUrlA("http://example.com/a b", text, &size, 0), ERROR_INSUFFICIENT_BUFFER);
    CHECK_EQ(size, 25);
    SYSTEMTIME time = {1994, 11, 0, 6, 8, 49, 37, 0}, back;
    CHECK(InternetTimeFromSystemTimeA(&time, INTERNET_RFC1123_FORMAT, text, sizeof text));
    CHECK_STR(text, "Sun, 06 Nov 1994 08:49:37 GMT");
    CHECK(InternetTimeToSystemTimeA(text, &back, 0));
    CHECK(!memcmp(&time, &back, sizeof time));
}

/* An IBindStatusCallback of which only OnProgress is of use. */
static int progressed;
static ULONG last_done, last_whole;

static HRESULT WINAPI nothing(void *self)
{
    return E_NOTIMPL;
}

static HRESULT WINAPI on_progress(void *self, ULONG done, ULONG whole, ULONG status, LPCWSTR text)
{
    progressed++;
    last_done = done;
    last_whole = whole;
    return progressed == 100 ? E_ABORT : S_OK;
}

static void *methods[] = {nothing,     nothing, nothing, nothing, nothing, nothing,
                          on_progress, nothing, nothing, nothing, nothing};
static void *watcher = methods;

/* All that is told: a letter for each, and each status of progress once. */
static char story[200];
static IBinding *stopper;

static HRESULT WINAPI tell_start(void *self, DWORD reserved, IBinding *binding)
{
    strcat(story, "start ");
    stopper = binding;
    return S_OK;
}

static HRESULT WINAPI tell_info(void *self, DWORD *flags, BINDINFO *info)
{
    strcat(story, "info ");
    CHECK_EQ(info->cbSize, sizeof *info);
    *flags = BINDF_GETNEWESTVERSION | BINDF_NOWRITECACHE;
    return S_OK;
}

static HRESULT WINAPI tell_progress(void *self, ULONG done, ULONG whole, ULONG status, LPCWSTR text)
{
    static ULONG last;

    if (status != last)
        sprintf(story + strlen(story), "%lu ", status);
    last = status;
    if (status == BINDSTATUS_BEGINDOWNLOADDATA && whole == 4321)
        stopper->lpVtbl->Abort(stopper);
    return S_OK;
}

static HRESULT WINAPI tell_stop(void *self, HRESULT result, LPCWSTR text)
{
    sprintf(story + strlen(story), "stop %lx", result);
    return S_OK;
}

static void *teller_methods[] = {nothing,       nothing,   nothing,   tell_start, nothing, nothing,
                                 tell_progress, tell_stop, tell_info, nothing,    nothing};
static void *teller = teller_methods;

static void bindings(void)
{
    IStream *stream = NULL;
    char text[64] = "";
    ULONG got = 0;

    CHECK_EQ(URLDownloadToFileA(NULL, url("/hello"), "downloaded.txt", 0, (IBindStatusCallback *)&teller), S_OK);
    CHECK_STR(story, "start info 2 11 13 4 5 6 stop 0");
    story[0] = 0;
    CHECK_EQ(URLDownloadToFileA(NULL, url("/big?4321"), "downloaded.txt", 0, (IBindStatusCallback *)&teller), E_ABORT);
    CHECK(strstr(story, "stop 80004004") != NULL);
    story[0] = 0;
    CHECK(URLDownloadToFileA(NULL, url("/nowhere"), "downloaded.txt", 0, (IBindStatusCallback *)&teller) ==
          INET_E_OBJECT_NOT_FOUND);
    CHECK(strstr(story, "stop 800c0006") != NULL);
    CHECK_EQ(URLOpenBlockingStreamA(NULL, url("/hello"), &stream, 0, NULL), S_OK);
    CHECK(stream != NULL);
    CHECK_EQ(stream->lpVtbl->Read(stream, text, 63, &got), S_OK);
    CHECK_EQ(got, 12);
    CHECK_STR(text, "hello, world");
    CHECK_EQ(stream->lpVtbl->Release(stream), 0);
    CHECK(URLOpenBlockingStreamA(NULL, url("/nowhere"), &stream, 0, NULL) != S_OK);
    CHECK(stream == NULL);
}

static void downloads(void)
{
    FILE *file;
    char text[64] = "";

    CHECK_EQ(URLDownloadToFileA(NULL, url("/hello"), "downloaded.txt", 0, NULL), S_OK);
    file = fopen("downloaded.txt", "rb");
    CHECK(file && fread(text, 1, 63, file) == 12);
    CHECK_STR(text, "hello, world");
    if (file)
        fclose(file);
    CHECK_EQ(URLDownloadToFileA(NULL, url("/big?100000"), "downloaded.txt", 0, (IBindStatusCallback *)&watcher), S_OK);
    CHECK(progressed >= 3);
    CHECK_EQ(last_done, 100000);
    CHECK_EQ(last_whole, 100000);
    progressed = 98;
    CHECK_EQ(URLDownloadToFileA(NULL, url("/big?100000"), "downloaded.txt", 0, (IBindStatusCallback *)&watcher),
             E_ABORT);
    DeleteFileA("downloaded.txt");
    CHECK(URLDownloadToFileA(NULL, "http://127.0.0.1:1/", "downloaded.txt", 0, NULL) != S_OK);
    CHECK_EQ(GetFileAttributesA("downloaded.txt"), INVALID_FILE_ATTRIBUTES);
}

static void dialogs(void)
{
    HINTERNET file = InternetOpenUrlA(session, url("/auth"), NULL, 0, INTERNET_FLAG_RELOAD, 0);
    char before[] = "http://a.test/", now[] = "https://b.test/";
    HANDLE lock = NULL;

    CHECK_EQ(number(file, HTTP_QUERY_STATUS_CODE), 401);
    CHECK_EQ(InternetErrorDlg(NULL, file, 0, FLAGS_ERROR_UI_FILTER_FOR_ERRORS, NULL), ERROR_CANCELLED);
    CHECK_EQ(InternetErrorDlg(NULL, file, ERROR_INTERNET_INVALID_CA, 0, NULL), ERROR_CANCELLED);
    CHECK_EQ(InternetErrorDlg(NULL, file, ERROR_INTERNET_TIMEOUT, 0, NULL), ERROR_INTERNET_TIMEOUT);
    CHECK_EQ(InternetErrorDlg(NULL, (HINTERNET)0x12345670, 0, 0, NULL), ERROR_INVALID_HANDLE);
    CHECK_ERROR(InternetLockRequestFile(file, &lock), ERROR_FILE_NOT_FOUND);
    InternetCloseHandle(file);
    file = InternetOpenUrlA(session, url("/hello"), NULL, 0, INTERNET_FLAG_RELOAD, 0);
    CHECK_EQ(InternetErrorDlg(NULL, file, 0, FLAGS_ERROR_UI_FILTER_FOR_ERRORS, NULL), ERROR_SUCCESS);
    CHECK(InternetLockRequestFile(file, &lock)); /* it says when it was changed, so it is kept */
    CHECK(InternetUnlockRequestFile(lock));
    InternetCloseHandle(file);
    CHECK_EQ(InternetConfirmZoneCrossing(NULL, before, now, FALSE), ERROR_SUCCESS);
    CHECK_EQ(InternetConfirmZoneCrossing(NULL, NULL, now, FALSE), ERROR_INVALID_PARAMETER);
}

static void proxies(void)
{
    INTERNET_PER_CONN_OPTIONA options[3] = {
        {INTERNET_PER_CONN_FLAGS}, {INTERNET_PER_CONN_PROXY_SERVER}, {INTERNET_PER_CONN_PROXY_BYPASS}};
    INTERNET_PER_CONN_OPTION_LISTA list = {sizeof list, NULL, 3, 0, options};
    DWORD size = sizeof list;
    char room[500];
    INTERNET_PROXY_INFO *info = (INTERNET_PROXY_INFO *)room;
    HINTERNET s = InternetOpenA("tests", INTERNET_OPEN_TYPE_PROXY, "127.0.0.1:99", "<local>", 0);

    size = sizeof room;
    CHECK(InternetQueryOptionA(s, INTERNET_OPTION_PROXY, info, &size));
    CHECK_EQ(info->dwAccessType, INTERNET_OPEN_TYPE_PROXY);
    CHECK_STR((const char *)info->lpszProxy, "127.0.0.1:99");
    CHECK_STR((const char *)info->lpszProxyBypass, "<local>");
    size = 3;
    CHECK_ERROR(InternetQueryOptionA(s, INTERNET_OPTION_PROXY, info, &size), ERROR_INSUFFICIENT_BUFFER);
    CHECK(size > sizeof *info);
    *info = (INTERNET_PROXY_INFO){INTERNET_OPEN_TYPE_DIRECT};
    CHECK(InternetSetOptionA(s, INTERNET_OPTION_PROXY, info, sizeof *info));
    size = sizeof room;
    CHECK(InternetQueryOptionA(s, INTERNET_OPTION_PROXY, info, &size));
    CHECK_EQ(info->dwAccessType, INTERNET_OPEN_TYPE_DIRECT);
    InternetCloseHandle(s);
    options[0].Value.dwValue = PROXY_TYPE_DIRECT | PROXY_TYPE_PROXY;
    options[1].Value.pszValue = "proxy.test:80";
    options[2].Value.pszValue = "*.local";
    CHECK(InternetSetOptionA(NULL, INTERNET_OPTION_PER_CONNECTION_OPTION, &list, sizeof list));
    memset(&options[0].Value, 0, sizeof options[0].Value);
    memset(&options[1].Value, 0, sizeof options[1].Value);
    size = sizeof list;
    CHECK(InternetQueryOptionA(NULL, INTERNET_OPTION_PER_CONNECTION_OPTION, &list, &size));
    CHECK(options[0].Value.dwValue & PROXY_TYPE_PROXY);
    CHECK_STR(options[1].Value.pszValue, "proxy.test:80");
    CHECK_STR(options[2].Value.pszValue, "*.local");
    GlobalFree(options[1].Value.pszValue);
    GlobalFree(options[2].Value.pszValue);
    options[0].Value.dwValue = PROXY_TYPE_DIRECT;
    options[1].Value.pszValue = options[2].Value.pszValue = NULL;
    CHECK(InternetSetOptionA(NULL, INTERNET_OPTION_PER_CONNECTION_OPTION, &list, sizeof list));
    size = sizeof list;
    CHECK(InternetQueryOptionA(NULL, INTERNET_OPTION_PER_CONNECTION_OPTION, &list, &size));
    CHECK_EQ(options[0].Value.dwValue & PROXY_TYPE_PROXY, 0);
}

int main(void)
{
    if (!server_start())
        return 1;
    sprintf(base, "http://127.0.0.1:%u", server_port);
    urls();
    session = InternetOpenA("tests/2.0", INTERNET_OPEN_TYPE_DIRECT, NULL, NULL, 0);
    CHECK(session != NULL);
    opened();
    requests();
    if (!check_under_wine()) { /* it keeps cookies for the next run */
        cookies();
        downloads();
        bindings();
        dialogs();
        proxies();
    }
    asynchronous();
    CHECK(InternetCloseHandle(session));
    return check_done();
}
