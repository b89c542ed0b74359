/*
 * Are proxies used as told: named ones, hosts without, scripts that choose, settings of the user and the machine, the
 * environment's?
 *
 * link: -lwinhttp -lwininet -ladvapi32 -lws2_32 -lcrypt32
 */
#include "http_server.h"
#include "check.h"
#include <winhttp.h>

static WCHAR proxy[64], script_url[100];
static HINTERNET session;

/* Asks an invented host: only a proxy can answer.  The status, or 0. */
static DWORD ask(DWORD access, const WCHAR *named, const WCHAR *bypass, const WCHAR *host, const WCHAR *path)
{
    HINTERNET s = WinHttpOpen(L"tests", access, named, bypass, 0), c = WinHttpConnect(s, host, 80, 0);
    HINTERNET r = WinHttpOpenRequest(c, NULL, path, NULL, NULL, NULL, 0);
    DWORD status = 0, size = sizeof status;

    CHECK(s && c && r);
    if (WinHttpSendRequest(r, NULL, 0, NULL, 0, 0, 0) && WinHttpReceiveResponse(r, NULL))
        WinHttpQueryHeaders(r, WINHTTP_QUERY_STATUS_CODE | WINHTTP_QUERY_FLAG_NUMBER, NULL, &status, &size, NULL);
    WinHttpCloseHandle(r);
    WinHttpCloseHandle(c);
    WinHttpCloseHandle(s);
    return status;
}

static void named(void)
{
    WCHAR list[200];
    LONG before = server_proxied;

    CHECK_EQ(ask(WINHTTP_ACCESS_TYPE_NAMED_PROXY, proxy, NULL, L"some.invalid", L"/hello"), 200);
    CHECK_EQ(server_proxied, before + 1);
    if (check_under_wine()) /* it knows no lists */
        return;
    swprintf(list, 200, L"http=%ls;https=127.0.0.1:1", proxy);
    CHECK_EQ(ask(WINHTTP_ACCESS_TYPE_NAMED_PROXY, list, NULL, L"some.invalid", L"/hello"), 200);
    swprintf(list, 200, L"https=127.0.0.1:1 http=http://%ls", proxy);
    CHECK_EQ(ask(WINHTTP_ACCESS_TYPE_NAMED_PROXY, list, NULL, L"some.invalid", L"/hello"), 200);
    before = server_proxied;
    CHECK_EQ(ask(WINHTTP_ACCESS_TYPE_NAMED_PROXY, proxy, L"*.invalid", L"some.invalid", L"/hello"), 0);
    CHECK_EQ(ask(WINHTTP_ACCESS_TYPE_NAMED_PROXY, proxy, L"other;some.invalid", L"some.invalid", L"/hello"), 0);
    CHECK_EQ(ask(WINHTTP_ACCESS_TYPE_NO_PROXY, NULL, NULL, L"some.invalid", L"/hello"), 0);
    CHECK_EQ(server_proxied, before);
    CHECK_EQ(ask(WINHTTP_ACCESS_TYPE_NAMED_PROXY, proxy, L"*.other;<local>", L"some.invalid", L"/hello"), 200);
    CHECK_ERROR(WinHttpOpen(L"", WINHTTP_ACCESS_TYPE_NAMED_PROXY, NULL, NULL, 0), ERROR_INVALID_PARAMETER);
}

/* The proxy wants a login; the server does not get it. */
static void guarded(void)
{
    HINTERNET s = WinHttpOpen(L"tests", WINHTTP_ACCESS_TYPE_NAMED_PROXY, proxy, NULL, 0);
    HINTERNET c = WinHttpConnect(s, L"some.invalid", 80, 0);
    HINTERNET r = WinHttpOpenRequest(c, NULL, L"/guarded", NULL, NULL, NULL, 0);
    DWORD status = 0, size = sizeof status, supported = 0, first = 0, target = 9;

    CHECK(WinHttpSendRequest(r, NULL, 0, NULL, 0, 0, 0) && WinHttpReceiveResponse(r, NULL));
    CHECK(WinHttpQueryHeaders(r, WINHTTP_QUERY_STATUS_CODE | WINHTTP_QUERY_FLAG_NUMBER, NULL, &status, &size, NULL));
    CHECK_EQ(status, 407);
    CHECK(WinHttpQueryAuthSchemes(r, &supported, &first, &target));
    CHECK_EQ(supported, WINHTTP_AUTH_SCHEME_BASIC);
    CHECK_EQ(target, WINHTTP_AUTH_TARGET_PROXY);
    CHECK(WinHttpSetCredentials(r, target, first, L"user", L"pass", NULL));
    CHECK(WinHttpSendRequest(r, NULL, 0, NULL, 0, 0, 0) && WinHttpReceiveResponse(r, NULL));
    CHECK(WinHttpQueryHeaders(r, WINHTTP_QUERY_STATUS_CODE | WINHTTP_QUERY_FLAG_NUMBER, NULL, &status, &size, NULL));
    CHECK_EQ(status, 200);
    WinHttpCloseHandle(r);
    WinHttpCloseHandle(c);
    WinHttpCloseHandle(s);
}

static DWORD(WINAPI *is_bypassed)(const WINHTTP_PROXY_INFO *, PCWSTR, INTERNET_SCHEME, INTERNET_PORT, BOOL *);

static void lists(void)
{
    static const struct {
        const WCHAR *list, *host;
        INTERNET_SCHEME scheme;
        INTERNET_PORT port;
        BOOL within;
    } cases[] = {
        {L"example.com", L"example.com", INTERNET_SCHEME_HTTP, 80, TRUE},
        {L"example.com", L"EXAMPLE.com", INTERNET_SCHEME_HTTP, 80, TRUE},
        {L"example.com", L"www.example.com", INTERNET_SCHEME_HTTP, 80, FALSE},
        {L"*.example.com", L"www.example.com", INTERNET_SCHEME_HTTP, 80, TRUE},
        {L"*.example.com", L"example.com", INTERNET_SCHEME_HTTP, 80, FALSE},
        {L"*example.com", L"example.com", INTERNET_SCHEME_HTTP, 80, TRUE},
        {L"10.*", L"10.1.2.3", INTERNET_SCHEME_HTTP, 80, TRUE},
        {L"10.*", L"110.1.2.3", INTERNET_SCHEME_HTTP, 80, FALSE},
        {L"a*c*e", L"abcde", INTERNET_SCHEME_HTTP, 80, TRUE},
        {L"a*c*e", L"abcdef", INTERNET_SCHEME_HTTP, 80, FALSE},
        {L"*", L"anything", INTERNET_SCHEME_HTTP, 80, TRUE},
        {L"<local>", L"server", INTERNET_SCHEME_HTTP, 80, TRUE},
        {L"<local>", L"server.example", INTERNET_SCHEME_HTTP, 80, FALSE},
        {L"one;two;three", L"two", INTERNET_SCHEME_HTTP, 80, TRUE},
        {L"one two three", L"three", INTERNET_SCHEME_HTTP, 80, TRUE},
        {L"one;two", L"four", INTERNET_SCHEME_HTTP, 80, FALSE},
        {L"host:8080", L"host", INTERNET_SCHEME_HTTP, 8080, TRUE},
        {L"host:8080", L"host", INTERNET_SCHEME_HTTP, 80, FALSE},
        {L"https://host", L"host", INTERNET_SCHEME_HTTPS, 443, TRUE},
        {L"https://host", L"host", INTERNET_SCHEME_HTTP, 80, FALSE},
        {L"", L"host", INTERNET_SCHEME_HTTP, 80, FALSE},
    };
    is_bypassed = (void *)GetProcAddress(GetModuleHandleA("winhttp.dll"), "WinHttpIsHostInProxyBypassList");
    if (!is_bypassed) {
        CHECK(check_under_wine());
        return;
    }
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        WINHTTP_PROXY_INFO info = {WINHTTP_ACCESS_TYPE_NAMED_PROXY, L"p", (LPWSTR)cases[i].list};
        BOOL within = 7;

        CHECK_EQ(is_bypassed(&info, cases[i].host, cases[i].scheme, cases[i].port, &within), 0);
        CHECK_EQ(within, cases[i].within);
    }
    CHECK_EQ(is_bypassed(NULL, L"x", INTERNET_SCHEME_HTTP, 80, NULL), ERROR_INVALID_PARAMETER);
}

/* What a script's expression says of http://www.example.com:81/path?query. */
static const char *script_says(const char *expression)
{
    static char text[200];
    char script[1000];
    WINHTTP_AUTOPROXY_OPTIONS options = {WINHTTP_AUTOPROXY_CONFIG_URL, 0, script_url};
    WINHTTP_PROXY_INFO info = {0};

    sprintf(script, "function FindProxyForURL(url, host) { return %s; }", expression);
    server_script = script;
    WinHttpResetAutoProxy(session, 0);
    SetLastError(0);
    if (!WinHttpGetProxyForUrl(session, L"http://www.example.com:81/path?query", &options, &info)) {
        sprintf(text, "error %lu", GetLastError());
        return text;
    }
    if (info.dwAccessType == WINHTTP_ACCESS_TYPE_NO_PROXY)
        return "none";
    sprintf(text, "%ls", info.lpszProxy ? info.lpszProxy : L"(null)");
    GlobalFree(info.lpszProxy);
    GlobalFree(info.lpszProxyBypass);
    return text;
}

static void scripts(void)
{
    static const char *const cases[][2] = {
        {"'PROXY one:1'", "one:1"},
        {"'DIRECT'", "none"},
        {"'PROXY one:1; PROXY two:2'", "one:1;two:2"},
        {"'PROXY one:1; DIRECT'", "one:1"},
        {"'DIRECT; PROXY one:1'", "none"},
        {"null", "none"},
        {"url == 'http://www.example.com:81/path?query' ? 'PROXY yes:1' : 'PROXY no:1'", "yes:1"},
        {"host == 'www.example.com' ? 'PROXY yes:1' : 'PROXY no:1'", "yes:1"},
        {"isPlainHostName('host') && !isPlainHostName(host) ? 'PROXY yes:1' : 'PROXY no:1'", "yes:1"},
        {"dnsDomainIs(host, '.example.com') && !dnsDomainIs(host, '.org') ? 'PROXY yes:1' : 'PROXY no:1'", "yes:1"},
        {"localHostOrDomainIs('www', 'www.example.com') && localHostOrDomainIs(host, 'www.example.com') && "
         "!localHostOrDomainIs('home.example.com', 'www.example.com') ? 'PROXY yes:1' : 'PROXY no:1'",
         "yes:1"},
        {"isInNet('10.1.2.3', '10.1.0.0', '255.255.0.0') && !isInNet('10.2.2.3', '10.1.0.0', '255.255.0.0') ? "
         "'PROXY yes:1' : 'PROXY no:1'",
         "yes:1"},
        {"isInNet('200.1.2.3', '200.1.0.0', '255.255.0.0') ? 'PROXY yes:1' : 'PROXY no:1'", "yes:1"},
        {"'PROXY n' + dnsDomainLevels(host) + ':1'", "n2:1"},
        {"shExpMatch(url, '*://www.*:81/*') && !shExpMatch(url, 'https:*') && shExpMatch('abc', 'a?c') ? "
         "'PROXY yes:1' : 'PROXY no:1'",
         "yes:1"},
        {"shExpMatch('a.b', 'a.b') && !shExpMatch('axb', 'a.b') && !shExpMatch('', '?') && shExpMatch('', '*') ? "
         "'PROXY yes:1' : 'PROXY no:1'",
         "yes:1"},
        {"weekdayRange('SUN', 'SAT') && weekdayRange('SUN', 'SAT', 'GMT') ? 'PROXY yes:1' : 'PROXY no:1'", "yes:1"},
        {"dateRange(1, 31) && dateRange('JAN', 'DEC') && !dateRange(1990, 1991) ? 'PROXY yes:1' : 'PROXY no:1'",
         "yes:1"},
        {"timeRange(0, 24) && timeRange(0, 0, 0, 23, 59, 59) ? 'PROXY yes:1' : 'PROXY no:1'", "yes:1"},
        {"/^[0-9.]+$/.test(myIpAddress()) ? 'PROXY yes:1' : 'PROXY no:1'", "yes:1"},
        {"dnsResolve('127.0.0.1') == '127.0.0.1' && dnsResolve('no.such.invalid') === null ? 'PROXY yes:1' : 'PROXY "
         "no:1'",
         "yes:1"},
        {"(function f(n) { return n ? f(n - 1) : 'PROXY deep:1' })(100)", "deep:1"},
        {"alert('x') || 'PROXY told:1'", "told:1"},
        {"(function f() { return f() })()", "error 12166"},
        {"nonsense(", "error 12166"},
        {"nothing.at.all", "error 12166"},
        {"new Array(100000000).join('xxxxxxxxxx')", "error 12166"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        CHECK_STR(script_says(cases[i][0]), cases[i][1]);
}

static void script_errors(void)
{
    WINHTTP_AUTOPROXY_OPTIONS options = {WINHTTP_AUTOPROXY_CONFIG_URL, 0, L"http://127.0.0.1:1/script"};
    WINHTTP_PROXY_INFO info;
    LPWSTR found;

    WinHttpResetAutoProxy(session, 0);
    CHECK_ERROR(WinHttpGetProxyForUrl(session, L"http://a.test/", &options, &info),
                ERROR_WINHTTP_UNABLE_TO_DOWNLOAD_SCRIPT);
    options.lpszAutoConfigUrl = NULL;
    CHECK_ERROR(WinHttpGetProxyForUrl(session, L"http://a.test/", &options, &info), ERROR_INVALID_PARAMETER);
    options.dwFlags = 0;
    CHECK_ERROR(WinHttpGetProxyForUrl(session, L"http://a.test/", &options, &info), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(WinHttpGetProxyForUrl(session, L"http://a.test/", NULL, &info), ERROR_INVALID_PARAMETER);
    options.dwFlags = WINHTTP_AUTOPROXY_AUTO_DETECT;
    CHECK_ERROR(WinHttpGetProxyForUrl(session, L"http://a.test/", &options, &info), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(WinHttpDetectAutoProxyConfigUrl(0, &found), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(WinHttpDetectAutoProxyConfigUrl(WINHTTP_AUTO_DETECT_TYPE_DHCP, NULL), ERROR_INVALID_PARAMETER);
}

static HANDLE happened;
static volatile DWORD told_status, told_error;
static DWORD_PTR told_context;

static void CALLBACK on_status(HINTERNET handle, DWORD_PTR context, DWORD status, LPVOID information, DWORD length)
{
    if (status == WINHTTP_CALLBACK_STATUS_GETPROXYFORURL_COMPLETE || status == WINHTTP_CALLBACK_STATUS_REQUEST_ERROR) {
        told_status = status;
        told_context = context;
        told_error =
            status == WINHTTP_CALLBACK_STATUS_REQUEST_ERROR ? ((WINHTTP_ASYNC_RESULT *)information)->dwError : 0;
        SetEvent(happened);
    }
}

static DWORD(WINAPI *resolver_make)(HINTERNET, HINTERNET *);
static DWORD(WINAPI *resolver_ask)(HINTERNET, PCWSTR, WINHTTP_AUTOPROXY_OPTIONS *, DWORD_PTR);
static DWORD(WINAPI *resolver_result)(HINTERNET, WINHTTP_PROXY_RESULT *);
static VOID(WINAPI *result_free)(WINHTTP_PROXY_RESULT *);

static void resolvers(void)
{
    HMODULE module = GetModuleHandleA("winhttp.dll");
    HINTERNET s, resolver = NULL;
    WINHTTP_AUTOPROXY_OPTIONS options = {WINHTTP_AUTOPROXY_CONFIG_URL, 0, script_url};
    WINHTTP_PROXY_RESULT result = {0};

    resolver_make = (void *)GetProcAddress(module, "WinHttpCreateProxyResolver");
    resolver_ask = (void *)GetProcAddress(module, "WinHttpGetProxyForUrlEx");
    resolver_result = (void *)GetProcAddress(module, "WinHttpGetProxyResult");
    result_free = (void *)GetProcAddress(module, "WinHttpFreeProxyResult");
    if (!resolver_make || !resolver_ask || !resolver_result || !result_free) {
        CHECK(check_under_wine());
        return;
    }
    happened = CreateEventA(NULL, FALSE, FALSE, NULL);
    s = WinHttpOpen(L"tests", WINHTTP_ACCESS_TYPE_NO_PROXY, NULL, NULL, WINHTTP_FLAG_ASYNC);
    WinHttpSetStatusCallback(s, on_status, WINHTTP_CALLBACK_FLAG_ALL_NOTIFICATIONS, 0);
    CHECK_EQ(resolver_make(s, &resolver), 0);
    CHECK(resolver != NULL);
    CHECK_EQ(resolver_result(resolver, &result), ERROR_WINHTTP_INCORRECT_HANDLE_STATE);
    server_script = "function FindProxyForURL(u, h) { return 'PROXY a.test:3128; HTTPS b.test; SOCKS c:99; DIRECT'; }";
    WinHttpResetAutoProxy(s, 0);
    CHECK_EQ(resolver_ask(resolver, L"http://x.test/", &options, 55), ERROR_IO_PENDING);
    CHECK_EQ(WaitForSingleObject(happened, 20000), WAIT_OBJECT_0);
    CHECK_EQ(told_status, WINHTTP_CALLBACK_STATUS_GETPROXYFORURL_COMPLETE);
    CHECK_EQ(told_context, 55);
    CHECK_EQ(resolver_result(resolver, &result), 0);
    CHECK_EQ(result.cEntries, 4);
    if (result.cEntries == 4) {
        CHECK(result.pEntries[0].fProxy && !wcscmp(result.pEntries[0].pwszProxy, L"a.test"));
        CHECK_EQ(result.pEntries[0].ProxyPort, 3128);
        CHECK_EQ(result.pEntries[0].ProxyScheme, INTERNET_SCHEME_HTTP);
        CHECK(!wcscmp(result.pEntries[1].pwszProxy, L"b.test"));
        CHECK_EQ(result.pEntries[2].ProxyScheme, INTERNET_SCHEME_SOCKS);
        CHECK_EQ(result.pEntries[2].ProxyPort, 99);
        CHECK(!result.pEntries[3].fProxy);
        CHECK(result.pEntries[3].pwszProxy == NULL);
    }
    result_free(&result);
    server_script = "nonsense";
    WinHttpResetAutoProxy(s, 0);
    CHECK_EQ(resolver_ask(resolver, L"http://x.test/", &options, 56), ERROR_IO_PENDING);
    CHECK_EQ(WaitForSingleObject(happened, 20000), WAIT_OBJECT_0);
    CHECK_EQ(told_status, WINHTTP_CALLBACK_STATUS_REQUEST_ERROR);
    CHECK_EQ(told_error, ERROR_WINHTTP_BAD_AUTO_PROXY_SCRIPT);
    CHECK(WinHttpCloseHandle(resolver));
    CHECK(WinHttpCloseHandle(s));
}

static const WCHAR settings[] = L"Software\\Microsoft\\Windows\\CurrentVersion\\Internet Settings";

static void set_text(const WCHAR *name, const WCHAR *text)
{
    if (text)
        CHECK_EQ(RegSetKeyValueW(HKEY_CURRENT_USER, settings, name, REG_SZ, text, (DWORD)(wcslen(text) + 1) * 2), 0);
    else
        RegDeleteKeyValueW(HKEY_CURRENT_USER, settings, name);
}

static void user_settings(void)
{
    WINHTTP_CURRENT_USER_IE_PROXY_CONFIG config;
    DWORD on = 1;
    LONG before = server_proxied;

    CHECK_EQ(ask(WINHTTP_ACCESS_TYPE_AUTOMATIC_PROXY, NULL, NULL, L"some.invalid", L"/hello"), 0);
    RegSetKeyValueW(HKEY_CURRENT_USER, settings, L"ProxyEnable", REG_DWORD, &on, sizeof on);
    set_text(L"ProxyServer", proxy);
    set_text(L"ProxyOverride", L"direct.invalid;<local>");
    CHECK(WinHttpGetIEProxyConfigForCurrentUser(&config));
    CHECK(config.lpszProxy && !wcscmp(config.lpszProxy, proxy));
    CHECK(config.lpszProxyBypass && !wcscmp(config.lpszProxyBypass, L"direct.invalid;<local>"));
    CHECK(config.lpszAutoConfigUrl == NULL);
    GlobalFree(config.lpszProxy);
    GlobalFree(config.lpszProxyBypass);
    CHECK_EQ(ask(WINHTTP_ACCESS_TYPE_AUTOMATIC_PROXY, NULL, NULL, L"some.invalid", L"/hello"), 200);
    CHECK_EQ(ask(WINHTTP_ACCESS_TYPE_AUTOMATIC_PROXY, NULL, NULL, L"direct.invalid", L"/hello"), 0);
    CHECK_EQ(server_proxied, before + 1);
    on = 0;
    RegSetKeyValueW(HKEY_CURRENT_USER, settings, L"ProxyEnable", REG_DWORD, &on, sizeof on);
    set_text(L"AutoConfigURL", script_url);
    char script[300];
    sprintf(script, "function FindProxyForURL(url, host) { return host == 'some.invalid' ? 'PROXY %ls' : 'DIRECT'; }",
            proxy);
    server_script = script;
    WinHttpResetAutoProxy(session, 0);
    CHECK(WinHttpGetIEProxyConfigForCurrentUser(&config));
    CHECK(config.lpszAutoConfigUrl && !wcscmp(config.lpszAutoConfigUrl, script_url));
    GlobalFree(config.lpszAutoConfigUrl);
    CHECK_EQ(ask(WINHTTP_ACCESS_TYPE_AUTOMATIC_PROXY, NULL, NULL, L"some.invalid", L"/hello"), 200);
    CHECK_EQ(ask(WINHTTP_ACCESS_TYPE_AUTOMATIC_PROXY, NULL, NULL, L"other.invalid", L"/hello"), 0);
    CHECK_EQ(server_proxied, before + 2);
    set_text(L"AutoConfigURL", NULL);
    set_text(L"ProxyServer", NULL);
    set_text(L"ProxyOverride", NULL);
}

static void machine_settings(void)
{
    WINHTTP_PROXY_INFO info = {WINHTTP_ACCESS_TYPE_NAMED_PROXY, L"machine.test:80", L"<local>"}, got = {0};

    CHECK(WinHttpSetDefaultProxyConfiguration(&info));
    CHECK(WinHttpGetDefaultProxyConfiguration(&got));
    CHECK_EQ(got.dwAccessType, WINHTTP_ACCESS_TYPE_NAMED_PROXY);
    CHECK(got.lpszProxy && !wcscmp(got.lpszProxy, L"machine.test:80"));
    CHECK(got.lpszProxyBypass && !wcscmp(got.lpszProxyBypass, L"<local>"));
    GlobalFree(got.lpszProxy);
    GlobalFree(got.lpszProxyBypass);
    info.dwAccessType = WINHTTP_ACCESS_TYPE_NO_PROXY;
    info.lpszProxy = info.lpszProxyBypass = NULL;
    CHECK(WinHttpSetDefaultProxyConfiguration(&info));
    CHECK(WinHttpGetDefaultProxyConfiguration(&got));
    CHECK_EQ(got.dwAccessType, WINHTTP_ACCESS_TYPE_NO_PROXY);
    CHECK(got.lpszProxy == NULL);
    info.dwAccessType = WINHTTP_ACCESS_TYPE_NAMED_PROXY;
    CHECK_ERROR(WinHttpSetDefaultProxyConfiguration(&info), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(WinHttpSetDefaultProxyConfiguration(NULL), ERROR_INVALID_PARAMETER);
}

int main(void)
{
    if (!server_start())
        return 1;
    swprintf(proxy, 64, L"127.0.0.1:%u", server_port);
    swprintf(script_url, 100, L"http://127.0.0.1:%u/script", server_port);
    session = WinHttpOpen(L"tests", WINHTTP_ACCESS_TYPE_NO_PROXY, NULL, NULL, 0);
    CHECK(session != NULL);
    named();
    guarded();
    lists();
    if (!check_under_wine()) { /* which runs scripts elsewhere, and keeps settings for the next run */
        scripts();
        resolvers();
        user_settings();
        machine_settings();
    }
    script_errors();
    WinHttpCloseHandle(session);
    return check_done();
}
