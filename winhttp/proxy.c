/*
 * proxy.c: winhttp.h: which proxy the settings name.
 *
 * The user's settings are where Windows has them, in the registry's Internet Settings, and the machine's beside them
 * (WinHttpSettings).  Without any the environment's http_proxy, https_proxy and no_proxy count, as for the host's
 * programs.
 */
#include "winhttp/http.h"

#define CONNECTIONS L"Software\\Microsoft\\Windows\\CurrentVersion\\Internet Settings\\Connections"

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

/* "host:port" of an address such as "http://user:pass@host:port/". */
static WCHAR *plain_proxy(const WCHAR *address)
{
    const WCHAR *from = address, *end;
    WCHAR *text;

    for (const WCHAR *at = address; *at; at++)
        if (*at == '@' || (at[0] == ':' && at[1] == '/' && at[2] == '/' && (at += 2, true)))
            from = at + 1;
    for (end = from; *end && *end != '/'; end++)
        ;
    text = crypt_alloc(((size_t)(end - from) + 1) * sizeof *text);
    if (text)
        memcpy(text, from, (size_t)(end - from) * sizeof *text);
    return text;
}

/* no_proxy's names are suffixes; Windows has patterns. */
static WCHAR *patterns_of(const WCHAR *names)
{
    WCHAR *text = crypt_alloc((wide_length(names) * 3 + 8) * sizeof *text), *at = text;
    bool begin = true;

    for (const WCHAR *from = names; text && *from; from++) {
        if (*from == ',' || *from == ' ') {
            if (!begin)
                *at++ = ';';
            begin = true;
            continue;
        }
        if (begin && *from == '.')
            *at++ = '*';
        *at++ = *from;
        begin = false;
    }
    return text;
}

static WCHAR *environment_either(const WCHAR *lower, const WCHAR *upper)
{
    WCHAR *text = environment_text(lower);

    return text ? text : environment_text(upper);
}

bool environment_proxy(WCHAR **proxy, WCHAR **bypass)
{
    WCHAR *all = environment_either(L"all_proxy", L"ALL_PROXY"), *plain = environment_text(L"http_proxy"),
          *secure = environment_either(L"https_proxy", L"HTTPS_PROXY"), *hosts;

    *proxy = *bypass = NULL;
    for (int i = 0; i < 2; i++) {
        WCHAR **place = i ? &secure : &plain, *text = *place ? plain_proxy(*place) : all ? plain_proxy(all) : NULL;

        crypt_free(*place);
        *place = text;
    }
    if (plain || secure) {
        *proxy =
            crypt_alloc(((plain ? wide_length(plain) : 0) + (secure ? wide_length(secure) : 0) + 24) * sizeof **proxy);
        if (*proxy && plain && secure && !wide_compare(plain, secure))
            wsprintfW(*proxy, L"%s", plain);
        else if (*proxy)
            wsprintfW(*proxy, L"%s%s%s%s%s", plain ? L"http=" : L"", plain ? plain : L"", plain && secure ? L";" : L"",
                      secure ? L"https=" : L"", secure ? secure : L"");
        hosts = environment_either(L"no_proxy", L"NO_PROXY");
        *bypass = hosts ? patterns_of(hosts) : NULL;
        crypt_free(hosts);
    }
    crypt_free(all);
    crypt_free(plain);
    crypt_free(secure);
    return *proxy;
}

WCHAR *global_copy(const WCHAR *text)
{
    size_t size = (wide_length(text) + 1) * sizeof *text;
    WCHAR *copy = GlobalAlloc(0, size);

    if (copy)
        memcpy(copy, text, size);
    return copy;
}

WCHAR *proxy_script(bool *detect)
{
    DWORD wanted = 0, size = sizeof wanted;
    WCHAR *script = NULL;
    HKEY key;

    *detect = false;
    if (RegOpenKeyExW(HKEY_CURRENT_USER, settings_path, 0, KEY_READ, &key))
        return NULL;
    script = read_text(key, L"AutoConfigURL");
    *detect = !RegQueryValueExW(key, L"AutoDetect", NULL, NULL, (BYTE *)&wanted, &size) && wanted;
    RegCloseKey(key);
    return script;
}

BOOL WINAPI WinHttpGetIEProxyConfigForCurrentUser(WINHTTP_CURRENT_USER_IE_PROXY_CONFIG *config)
{
    WCHAR *proxy, *bypass, *script;
    bool detect;

    if (!config)
        return http_fail(ERROR_INVALID_PARAMETER);
    script = proxy_script(&detect);
    *config = (WINHTTP_CURRENT_USER_IE_PROXY_CONFIG){.fAutoDetect = detect};
    if (script)
        config->lpszAutoConfigUrl = global_copy(script);
    if (proxy_settings(&proxy, &bypass) || (!script && environment_proxy(&proxy, &bypass))) {
        config->lpszProxy = global_copy(proxy);
        config->lpszProxyBypass = bypass ? global_copy(bypass) : NULL;
    }
    crypt_free(script);
    crypt_free(proxy);
    crypt_free(bypass);
    return TRUE;
}

/* The machine's, as netsh writes it: a head of four words, then texts with their lengths. */
#define MACHINE_HEAD 0x28u
#define MACHINE_MAX 8192u

static WCHAR *machine_text(const BYTE *data, DWORD size, DWORD *at)
{
    DWORD length;
    char *text;
    WCHAR *wide = NULL;

    if (*at + 4 > size)
        return NULL;
    memcpy(&length, data + *at, 4);
    *at += 4;
    if (!length || length > size - *at)
        return NULL;
    text = crypt_alloc(length + 1);
    if (text) {
        memcpy(text, data + *at, length);
        wide = wide_from_utf8(text, -1);
    }
    crypt_free(text);
    *at += length;
    return wide;
}

/* False: never set. */
bool machine_proxy(WCHAR **proxy, WCHAR **bypass)
{
    BYTE data[MACHINE_MAX];
    DWORD size = sizeof data, at = 12, flags;
    HKEY key;
    LONG error;

    *proxy = *bypass = NULL;
    if (RegOpenKeyExW(HKEY_LOCAL_MACHINE, CONNECTIONS, 0, KEY_READ, &key))
        return false;
    error = RegQueryValueExW(key, L"WinHttpSettings", NULL, NULL, data, &size);
    RegCloseKey(key);
    if (error || size < 12)
        return false;
    memcpy(&flags, data + 8, 4);
    if (flags & 2) {
        *proxy = machine_text(data, size, &at);
        *bypass = machine_text(data, size, &at);
    }
    return true;
}

BOOL WINAPI WinHttpGetDefaultProxyConfiguration(WINHTTP_PROXY_INFO *info)
{
    WCHAR *proxy, *bypass;

    if (!info)
        return http_fail(ERROR_INVALID_PARAMETER);
    *info = (WINHTTP_PROXY_INFO){.dwAccessType = WINHTTP_ACCESS_TYPE_NO_PROXY};
    if (!machine_proxy(&proxy, &bypass))
        environment_proxy(&proxy, &bypass);
    if (proxy) {
        info->dwAccessType = WINHTTP_ACCESS_TYPE_NAMED_PROXY;
        info->lpszProxy = global_copy(proxy);
        info->lpszProxyBypass = bypass ? global_copy(bypass) : NULL;
    }
    crypt_free(proxy);
    crypt_free(bypass);
    return TRUE;
}

static DWORD machine_put(BYTE *data, DWORD at, const WCHAR *text)
{
    char *narrow = text ? utf8_from_wide(text) : NULL;
    DWORD length = narrow ? (DWORD)strlen(narrow) : 0;

    if (length > MACHINE_MAX / 3)
        length = 0;
    memcpy(data + at, &length, 4);
    if (length)
        memcpy(data + at + 4, narrow, length);
    crypt_free(narrow);
    return at + 4 + length;
}

BOOL WINAPI WinHttpSetDefaultProxyConfiguration(WINHTTP_PROXY_INFO *info)
{
    BYTE data[MACHINE_MAX] = {MACHINE_HEAD};
    DWORD size = 12;
    HKEY key;
    LONG error;
    bool named;

    if (!info || info->dwAccessType > WINHTTP_ACCESS_TYPE_NAMED_PROXY || info->dwAccessType == 2)
        return http_fail(ERROR_INVALID_PARAMETER);
    named = info->dwAccessType == WINHTTP_ACCESS_TYPE_NAMED_PROXY;
    if (named && (!info->lpszProxy || !*info->lpszProxy))
        return http_fail(ERROR_INVALID_PARAMETER);
    data[8] = named ? 3 : 1;
    size = machine_put(data, size, named ? info->lpszProxy : NULL);
    size = machine_put(data, size, named ? info->lpszProxyBypass : NULL);
    error = RegCreateKeyExW(HKEY_LOCAL_MACHINE, CONNECTIONS, 0, NULL, 0, KEY_WRITE, NULL, &key, NULL);
    if (!error) {
        error = RegSetValueExW(key, L"WinHttpSettings", 0, REG_BINARY, data, size);
        RegCloseKey(key);
    }
    return error ? http_fail((DWORD)error) : TRUE;
}
