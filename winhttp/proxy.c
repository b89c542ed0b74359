/*
 * proxy.c: winhttp.h: which proxy.
 *
 * The user's settings are where Windows has them, in the registry's Internet Settings; without them the environment's
 * http_proxy, https_proxy and no_proxy count, as for the host's programs.  Proxies are not searched for, and scripts
 * are not run.
 */
#include "winhttp/http.h"

static const WCHAR settings_path[] = L"Software\\Microsoft\\Windows\\CurrentVersion\\Internet Settings";

static WCHAR *read_text(HKEY key, const WCHAR *name)
{
    DWORD size = 0, type;
    WCHAR *text = NULL;

    if (!RegQueryValueExW(key, name, NULL, &type, NULL, &size) && type == REG_SZ && size > sizeof *text &&
        (text = crypt_alloc(size + sizeof *text)) && RegQueryValueExW(key, name, NULL, &type, (BYTE *)text, &size)) {
        crypt_free(text);
        text = NULL;
    }
    return text;
}

bool proxy_settings(WCHAR **proxy, WCHAR **bypass)
{
    DWORD enabled = 0, size = sizeof enabled;
    HKEY key;

    *proxy = *bypass = NULL;
    if (RegOpenKeyExW(HKEY_CURRENT_USER, settings_path, 0, KEY_READ, &key))
        return false;
    if (!RegQueryValueExW(key, L"ProxyEnable", NULL, NULL, (BYTE *)&enabled, &size) && enabled) {
        *proxy = read_text(key, L"ProxyServer");
        *bypass = read_text(key, L"ProxyOverride");
    }
    RegCloseKey(key);
    return *proxy;
}

static WCHAR *environment_text(const WCHAR *name)
{
    DWORD size = GetEnvironmentVariableW(name, NULL, 0);
    WCHAR *text = size ? crypt_alloc(size * sizeof *text) : NULL;

    if (text)
        GetEnvironmentVariableW(name, text, size);
    return text;
}

/* "host:port", or "http=host:port;https=host:port". */
char *proxy_choose(const WCHAR *list, bool secure)
{
    const WCHAR *wanted = secure ? L"https=" : L"http=", *at = list, *found = NULL;
    size_t front = wide_length(wanted), length = 0;
    WCHAR *copy;
    char *text;

    while (at && *at) {
        const WCHAR *end = at;
        bool named = false;

        while (*end && *end != ';' && *end != ' ') {
            named = named || *end == '=';
            end++;
        }
        if (!named && !found) {
            found = at;
            length = (size_t)(end - at);
        } else if ((size_t)(end - at) > front &&
                   CompareStringOrdinal(at, (int)front, wanted, (int)front, TRUE) == CSTR_EQUAL) {
            found = at + front;
            length = (size_t)(end - found);
        }
        at = end;
        while (*at == ';' || *at == ' ')
            at++;
    }
    copy = crypt_alloc((length + 1) * sizeof *copy);
    if (copy && found)
        memcpy(copy, found, length * sizeof *copy);
    text = copy ? utf8_from_wide(copy) : NULL;
    crypt_free(copy);
    return text;
}

/* "*.example.com;10.*;<local>" as libcurl has it: suffixes, separated by commas. */
char *bypass_list(const WCHAR *list)
{
    char *text = utf8_from_wide(list), *to = text;

    for (const char *from = text; text && *from;) {
        if (*from == '<' && !strncmp(from, "<local>", 7)) {
            from += 7;
        } else if (*from == '*') {
            from++;
        } else {
            *to++ = *from == ';' || *from == ' ' ? ',' : *from;
            from++;
        }
    }
    if (text)
        *to = 0;
    return text;
}

static WCHAR *global_copy(const WCHAR *text)
{
    size_t size = (wide_length(text) + 1) * sizeof *text;
    WCHAR *copy = GlobalAlloc(0, size);

    if (copy)
        memcpy(copy, text, size);
    return copy;
}

BOOL WINAPI WinHttpGetIEProxyConfigForCurrentUser(WINHTTP_CURRENT_USER_IE_PROXY_CONFIG *config)
{
    WCHAR *proxy, *bypass;

    if (!config)
        return http_fail(ERROR_INVALID_PARAMETER);
    *config = (WINHTTP_CURRENT_USER_IE_PROXY_CONFIG){.fAutoDetect = FALSE};
    if (proxy_settings(&proxy, &bypass)) {
        config->lpszProxy = global_copy(proxy);
        config->lpszProxyBypass = bypass ? global_copy(bypass) : NULL;
    }
    crypt_free(proxy);
    crypt_free(bypass);
    return TRUE;
}

/* The machine's: none but the environment's. */
BOOL WINAPI WinHttpGetDefaultProxyConfiguration(WINHTTP_PROXY_INFO *info)
{
    WCHAR *proxy, *bypass;

    if (!info)
        return http_fail(ERROR_INVALID_PARAMETER);
    *info = (WINHTTP_PROXY_INFO){.dwAccessType = WINHTTP_ACCESS_TYPE_NO_PROXY};
    proxy = environment_text(L"https_proxy");
    if (!proxy)
        proxy = environment_text(L"http_proxy");
    bypass = environment_text(L"no_proxy");
    if (proxy) {
        info->dwAccessType = WINHTTP_ACCESS_TYPE_NAMED_PROXY;
        info->lpszProxy = global_copy(proxy);
        info->lpszProxyBypass = bypass ? global_copy(bypass) : NULL;
    }
    crypt_free(proxy);
    crypt_free(bypass);
    return TRUE;
}

BOOL WINAPI WinHttpSetDefaultProxyConfiguration(WINHTTP_PROXY_INFO *info)
{
    return http_fail(info ? ERROR_ACCESS_DENIED : ERROR_INVALID_PARAMETER);
}

BOOL WINAPI WinHttpDetectAutoProxyConfigUrl(DWORD flags, LPWSTR *url)
{
    if (!url || !flags || flags & ~(DWORD)(WINHTTP_AUTO_DETECT_TYPE_DHCP | WINHTTP_AUTO_DETECT_TYPE_DNS_A))
        return http_fail(ERROR_INVALID_PARAMETER);
    *url = NULL;
    return http_fail(ERROR_WINHTTP_AUTODETECTION_FAILED);
}

BOOL WINAPI WinHttpGetProxyForUrl(HINTERNET number, LPCWSTR url, WINHTTP_AUTOPROXY_OPTIONS *options,
                                  WINHTTP_PROXY_INFO *info)
{
    struct session *session;

    if (!options || !info || !url ||
        !(options->dwFlags & (WINHTTP_AUTOPROXY_AUTO_DETECT | WINHTTP_AUTOPROXY_CONFIG_URL)))
        return http_fail(ERROR_INVALID_PARAMETER);
    session = internet_from(number, KIND_SESSION);
    if (!session)
        return FALSE;
    internet_release(&session->handle);
    return http_fail(options->dwFlags & WINHTTP_AUTOPROXY_CONFIG_URL ? ERROR_WINHTTP_UNABLE_TO_DOWNLOAD_SCRIPT
                                                                     : ERROR_WINHTTP_AUTODETECTION_FAILED);
}

DWORD WINAPI WinHttpResetAutoProxy(HINTERNET number, DWORD flags)
{
    (void)number, (void)flags;
    return ERROR_SUCCESS;
}
