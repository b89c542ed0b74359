/*
 * Does WinINet keep cookies as it should: names, domains, paths, secure ones, those scripts may not see, ends; are they
 * sent and taken by requests, and do they last beyond the process?
 *
 * link: -lwininet -lws2_32 -lcrypt32
 */
#include "http_server.h"
#include "check.h"
#include <wininet.h>

static DWORD(WINAPI *get_ex2)(PCWSTR, PCWSTR, DWORD, INTERNET_COOKIE2 **, PDWORD);
static DWORD(WINAPI *set_ex2)(PCWSTR, const INTERNET_COOKIE2 *, PCWSTR, DWORD, PDWORD);
static void(WINAPI *free_cookies)(INTERNET_COOKIE2 *, DWORD);

static const char *cookies_of(const char *url, DWORD flags)
{
    static char text[4096];
    DWORD size = sizeof text;

    if (!InternetGetCookieExA(url, NULL, text, &size, flags, NULL))
        return "";
    CHECK_EQ(size, strlen(text) + 1);
    return text;
}

static int has(const char *url, DWORD flags, const char *wanted)
{
    const char *text = cookies_of(url, flags), *at = strstr(text, wanted);

    return at && (at == text || at[-1] == ' ') && (!at[strlen(wanted)] || at[strlen(wanted)] == ';');
}

/* What is set where, and where it is seen. */
static const struct {
    const char *url, *data, *seen, *not_seen;
} places[] = {
    {"http://p1.test/", "a=1", "http://p1.test/any/where", "http://sub.p1.test/"},
    {"http://p2.test/dir/page", "b=2", "http://p2.test/dir/other", "http://p2.test/"},
    {"http://p2.test/dir/page", "b2=2", "http://p2.test/dir", "http://p2.test/directory"},
    {"http://p3.test/x", "c=3; path=/", "http://p3.test/y", "http://p3.example/"},
    {"http://www.p4.test/", "d=4; domain=p4.test", "http://other.p4.test/", "http://xp4.test/"},
    {"http://www.p4.test/", "e=5; domain=.p4.test", "http://p4.test/", "http://p5.test/"},
    {"https://p6.test/", "f=6; secure", "https://p6.test/", "http://p6.test/"},
    {"http://p7.test/", "g=7; expires=Wed, 01-Jan-2031 00:00:00 GMT", "http://p7.test/", "http://p8.test/"},
    {"http://p7.test/", "h=8; max-age=1000", "http://p7.test/", "http://p8.test/"},
    {"http://p9.test/", "i=9; unknown=1; another", "http://p9.test/", "http://p8.test/"},
    {"http://p9.test/", "j=with spaces in it", "http://p9.test/", "http://p8.test/"},
    {"http://P10.test/", "k=equals=in=it", "http://p10.TEST/", "http://p8.test/"},
};

static void matches(void)
{
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        char pair[100];

        sscanf(places[i].data, "%99[^;]", pair);
        CHECK(InternetSetCookieA(places[i].url, NULL, places[i].data));
        CHECK(has(places[i].seen, 0, pair));
        CHECK(!has(places[i].not_seen, 0, pair));
    }
    CHECK(InternetSetCookieA("http://p1.test/", "a", "changed"));
    CHECK(has("http://p1.test/", 0, "a=changed"));
    CHECK(!has("http://p1.test/", 0, "a=1"));
    CHECK(InternetSetCookieA("http://p1.test/", "a", "gone; expires=Thu, 01-Jan-1970 00:00:01 GMT"));
    CHECK_STR(cookies_of("http://p1.test/", 0), "");
    CHECK(InternetSetCookieA("http://p7.test/", "h", "0; max-age=0"));
    CHECK(!has("http://p7.test/", 0, "h=8"));
}

static void refusals(void)
{
    char text[100];
    DWORD size = sizeof text;

    CHECK(!InternetSetCookieA(NULL, "a", "b"));
    CHECK(!InternetSetCookieA("http://r1.test/", "a", NULL));
    CHECK(!InternetSetCookieA("http://r1.test/", NULL, "a=1; domain=other.test"));
    CHECK(!InternetSetCookieA("http://r1.test/", NULL, "a=1; domain=test"));
    CHECK_STR(cookies_of("http://r1.test/", 0), "");
    CHECK_ERROR(InternetGetCookieA("http://nothing.test/", NULL, text, &size), ERROR_NO_MORE_ITEMS);
    CHECK(!InternetGetCookieA("no url", NULL, text, &size));
    CHECK(!InternetGetCookieA(NULL, NULL, text, &size));
    /* What scripts may not see. */
    CHECK_EQ(InternetSetCookieExA("http://r2.test/", NULL, "a=1; HttpOnly", 0, 0), COOKIE_STATE_REJECT);
    CHECK_EQ(InternetSetCookieExA("http://r2.test/", NULL, "a=1; HttpOnly", INTERNET_COOKIE_HTTPONLY, 0),
             COOKIE_STATE_ACCEPT);
    CHECK(!has("http://r2.test/", 0, "a=1"));
    CHECK(has("http://r2.test/", INTERNET_COOKIE_HTTPONLY, "a=1"));
}

static void sizes(void)
{
    WCHAR wide[100];
    char text[100];
    DWORD size;

    CHECK(InternetSetCookieA("http://s1.test/", "name", "value"));
    size = 0;
    CHECK(InternetGetCookieA("http://s1.test/", NULL, NULL, &size));
    CHECK_EQ(size, 11);
    size = 10;
    CHECK_ERROR(InternetGetCookieA("http://s1.test/", NULL, text, &size), ERROR_INSUFFICIENT_BUFFER);
    CHECK_EQ(size, 11);
    CHECK(InternetGetCookieA("http://s1.test/", NULL, text, &size));
    CHECK_STR(text, "name=value");
    size = 100;
    CHECK(InternetGetCookieW(L"http://s1.test/", NULL, wide, &size));
    CHECK(!wcscmp(wide, L"name=value"));
    CHECK(InternetSetCookieW(L"http://s1.test/", L"two", L"2"));
    CHECK(has("http://s1.test/", 0, "name=value") && has("http://s1.test/", 0, "two=2"));
    size = 100;
    CHECK(InternetGetCookieExA("http://s1.test/", "two", text, &size, 0, NULL));
    if (!check_under_wine()) /* it gives all */
        CHECK_STR(text, "two=2");
}

static void parts(void)
{
    INTERNET_COOKIE2 *list = NULL, cookie = {0};
    DWORD count = 0, state = 0;

    if (!get_ex2 || !set_ex2 || !free_cookies) {
        CHECK(check_under_wine());
        return;
    }
    cookie.pwszName = L"part";
    cookie.pwszValue = L"whole";
    cookie.pwszDomain = L"q1.test";
    cookie.pwszPath = L"/";
    cookie.dwFlags = INTERNET_COOKIE_HOST_ONLY;
    CHECK_EQ(set_ex2(L"http://q1.test/", &cookie, NULL, 0, &state), 0);
    CHECK_EQ(state, COOKIE_STATE_ACCEPT);
    cookie.pwszDomain = L"q2.test";
    CHECK(set_ex2(L"http://q1.test/", &cookie, NULL, 0, &state) != 0);
    CHECK_EQ(state, COOKIE_STATE_REJECT);
    CHECK_EQ(get_ex2(L"http://q1.test/", NULL, INTERNET_COOKIE_NON_SCRIPT, &list, &count), 0);
    CHECK_EQ(count, 1);
    if (count == 1) {
        CHECK(!wcscmp(list[0].pwszName, L"part"));
        CHECK(!wcscmp(list[0].pwszValue, L"whole"));
        CHECK(!wcscmp(list[0].pwszDomain, L"q1.test"));
        CHECK(!wcscmp(list[0].pwszPath, L"/"));
        CHECK(list[0].dwFlags & INTERNET_COOKIE_IS_SESSION);
        CHECK(list[0].dwFlags & INTERNET_COOKIE_HOST_ONLY);
        CHECK(!list[0].fExpiresSet);
    }
    free_cookies(list, count);
    CHECK_EQ(get_ex2(L"http://q1.test/", L"other", 0, &list, &count), 0);
    CHECK_EQ(count, 0);
    CHECK_EQ(get_ex2(L"http://q1.test/", NULL, 0, NULL, &count), ERROR_INVALID_PARAMETER);
}

static void requests(void)
{
    HINTERNET session = InternetOpenA("tests", INTERNET_OPEN_TYPE_DIRECT, NULL, NULL, 0), file;
    char url[100], body[4096];
    DWORD got = 0;

    sprintf(url, "http://127.0.0.1:%u/", server_port);
    CHECK(InternetSetCookieA(url, "sent", "yes"));
    CHECK_EQ(InternetSetCookieExA(url, NULL, "hidden=too; HttpOnly", INTERNET_COOKIE_HTTPONLY, 0), COOKIE_STATE_ACCEPT);
    strcat(url, "head");
    file = InternetOpenUrlA(session, url, NULL, 0, INTERNET_FLAG_RELOAD, 0);
    CHECK(InternetReadFile(file, body, sizeof body - 1, &got));
    body[got] = 0;
    CHECK(strstr(body, "sent=yes") != NULL);
    CHECK(strstr(body, "hidden=too") != NULL);
    InternetCloseHandle(file);
    file = InternetOpenUrlA(session, url, NULL, 0, INTERNET_FLAG_RELOAD | INTERNET_FLAG_NO_COOKIES, 0);
    CHECK(InternetReadFile(file, body, sizeof body - 1, &got));
    body[got] = 0;
    CHECK(strstr(body, "Cookie:") == NULL);
    InternetCloseHandle(file);
    strcpy(strrchr(url, '/'), "/cookie");
    file = InternetOpenUrlA(session, url, NULL, 0, INTERNET_FLAG_RELOAD, 0);
    InternetCloseHandle(file);
    CHECK(has(url, 0, "a=1"));
    strcpy(strrchr(url, '/'), "/lasting"); /* an answer's cookie with an end */
    file = InternetOpenUrlA(session, url, NULL, 0, INTERNET_FLAG_RELOAD, 0);
    InternetCloseHandle(file);
    CHECK(has(url, 0, "long=lived"));
    InternetCloseHandle(session);
}

/* Another process: it sees what lasts, not what does not; and what it sets is seen here. */
static int other(const char *url)
{
    int sees = has("http://o1.test/", 0, "stays=1") | has("http://o1.test/", 0, "goes=1") << 1 |
               has(url, 0, "long=lived") << 2;

    InternetSetCookieA("http://o2.test/", "fresh", "1; expires=Wed, 01-Jan-2031 00:00:00 GMT");
    return sees;
}

static void processes(void)
{
    STARTUPINFOA start = {sizeof start};
    PROCESS_INFORMATION process;
    char self[MAX_PATH], line[MAX_PATH + 100];
    DWORD code = 0;

    CHECK(InternetSetCookieA("http://o1.test/", "stays", "1; expires=Wed, 01-Jan-2031 00:00:00 GMT"));
    CHECK(InternetSetCookieA("http://o1.test/", "goes", "1"));
    GetModuleFileNameA(NULL, self, MAX_PATH);
    sprintf(line, "\"%s\" http://127.0.0.1:%u/lasting", self, server_port);
    CHECK(CreateProcessA(NULL, line, NULL, NULL, FALSE, 0, NULL, NULL, &start, &process));
    WaitForSingleObject(process.hProcess, INFINITE);
    GetExitCodeProcess(process.hProcess, &code);
    CHECK_EQ(code, 5);
    CHECK(has("http://o2.test/", 0, "fresh=1"));
    CHECK(has("http://o1.test/", 0, "goes=1"));
    CloseHandle(process.hProcess);
    CloseHandle(process.hThread);
}

int main(int argc, char **argv)
{
    HMODULE module = GetModuleHandleA("wininet.dll");

    if (argc > 1)
        return other(argv[1]);
    get_ex2 = (void *)GetProcAddress(module, "InternetGetCookieEx2");
    set_ex2 = (void *)GetProcAddress(module, "InternetSetCookieEx2");
    free_cookies = (void *)GetProcAddress(module, "InternetFreeCookies");
    if (!server_start())
        return 1;
    if (!check_under_wine()) /* its rules of paths, domains and ends are others */
        matches();
    refusals();
    sizes();
    parts();
    requests();
    processes();
    return check_done();
}
