/*
 * proxyoption.c: wininet.h: INTERNET_OPTION_PROXY and INTERNET_OPTION_PER_CONNECTION_OPTION: the user's settings are in
 * the registry, those of a session are winhttp's.
 */
#include "wininet/inet.h"

static const WCHAR settings_path[] = L"Software\\Microsoft\\Windows\\CurrentVersion\\Internet Settings";

static WCHAR *read_text(const WCHAR *name)
{
    DWORD size = 0;
    WCHAR *text;

    if (RegGetValueW(HKEY_CURRENT_USER, settings_path, name, RRF_RT_REG_SZ, NULL, NULL, &size) || !size)
        return NULL;
    text = crypt_alloc(size);
    if (text && RegGetValueW(HKEY_CURRENT_USER, settings_path, name, RRF_RT_REG_SZ, NULL, text, &size)) {
        crypt_free(text);
        return NULL;
    }
    return text;
}

static DWORD read_number(const WCHAR *name)
{
    DWORD value = 0, size = sizeof value;

    RegGetValueW(HKEY_CURRENT_USER, settings_path, name, RRF_RT_REG_DWORD, NULL, &value, &size);
    return value;
}

static LONG write_number(const WCHAR *name, DWORD value)
{
    return RegSetKeyValueW(HKEY_CURRENT_USER, settings_path, name, REG_DWORD, &value, sizeof value);
}

static LONG write_text(const WCHAR *name, const WCHAR *text)
{
    if (!text || !*text) {
        RegDeleteKeyValueW(HKEY_CURRENT_USER, settings_path, name);
        return 0;
    }
    return RegSetKeyValueW(HKEY_CURRENT_USER, settings_path, name, REG_SZ, text,
                           (DWORD)((wide_length(text) + 1) * sizeof *text));
}

static const WCHAR *name_of(DWORD option)
{
    return option == INTERNET_PER_CONN_PROXY_SERVER     ? L"ProxyServer"
           : option == INTERNET_PER_CONN_PROXY_BYPASS   ? L"ProxyOverride"
           : option == INTERNET_PER_CONN_AUTOCONFIG_URL ? L"AutoConfigURL"
                                                        : NULL;
}

static DWORD flags_get(void)
{
    WCHAR *script = read_text(L"AutoConfigURL");
    DWORD flags = PROXY_TYPE_DIRECT | (read_number(L"ProxyEnable") ? PROXY_TYPE_PROXY : 0) |
                  (script ? PROXY_TYPE_AUTO_PROXY_URL : 0) | (read_number(L"AutoDetect") ? PROXY_TYPE_AUTO_DETECT : 0);

    crypt_free(script);
    return flags;
}

/* For GlobalFree, as the caller's kind of text. */
static void *global_text(WCHAR *text, bool ansi)
{
    char *narrow = text && ansi ? ansi_from_wide(text) : NULL;
    const void *from = ansi ? (void *)narrow : (void *)text;
    size_t size = !from ? 0 : ansi ? strlen(narrow) + 1 : (wide_length(text) + 1) * sizeof *text;
    void *copy = size ? GlobalAlloc(0, size) : NULL;

    if (copy)
        memcpy(copy, from, size);
    crypt_free(narrow);
    crypt_free(text);
    return copy;
}

static bool list_good(const INTERNET_PER_CONN_OPTION_LISTW *list, DWORD size)
{
    return list && size >= sizeof *list && list->dwSize == sizeof *list && list->pOptions;
}

BOOL inet_connection_query(void *buffer, DWORD *size, bool ansi)
{
    INTERNET_PER_CONN_OPTION_LISTW *list = buffer;

    if (!list_good(list, *size))
        return inet_fail(ERROR_INVALID_PARAMETER);
    for (DWORD i = 0; i < list->dwOptionCount; i++) {
        INTERNET_PER_CONN_OPTIONW *option = &list->pOptions[i];

        option->Value.pszValue = NULL;
        if (name_of(option->dwOption)) {
            option->Value.pszValue = global_text(read_text(name_of(option->dwOption)), ansi);
        } else if (option->dwOption == INTERNET_PER_CONN_FLAGS || option->dwOption == INTERNET_PER_CONN_FLAGS_UI) {
            option->Value.dwValue = flags_get();
        } else if (option->dwOption > INTERNET_PER_CONN_FLAGS_UI || !option->dwOption) {
            list->dwOptionError = i;
            return inet_fail(ERROR_INVALID_PARAMETER);
        }
    }
    return TRUE;
}

BOOL inet_connection_set(void *buffer, DWORD size, bool ansi)
{
    INTERNET_PER_CONN_OPTION_LISTW *list = buffer;
    LONG error = 0;

    if (!list_good(list, size))
        return inet_fail(ERROR_INVALID_PARAMETER);
    for (DWORD i = 0; i < list->dwOptionCount && !error; i++) {
        INTERNET_PER_CONN_OPTIONW *option = &list->pOptions[i];
        const WCHAR *name = name_of(option->dwOption);

        if (name) {
            WCHAR *text = ansi ? wide_from_ansi((char *)option->Value.pszValue) : NULL;

            error = write_text(name, ansi ? text : option->Value.pszValue);
            crypt_free(text);
        } else if (option->dwOption == INTERNET_PER_CONN_FLAGS || option->dwOption == INTERNET_PER_CONN_FLAGS_UI) {
            error = write_number(L"ProxyEnable", (option->Value.dwValue & PROXY_TYPE_PROXY) != 0);
            if (!error)
                error = write_number(L"AutoDetect", (option->Value.dwValue & PROXY_TYPE_AUTO_DETECT) != 0);
            if (!error && !(option->Value.dwValue & PROXY_TYPE_AUTO_PROXY_URL))
                error = write_text(L"AutoConfigURL", NULL);
        } else if (option->dwOption > INTERNET_PER_CONN_FLAGS_UI || !option->dwOption) {
            error = ERROR_INVALID_PARAMETER;
        }
        if (error)
            list->dwOptionError = i;
    }
    return error ? inet_fail((DWORD)error) : TRUE;
}

/* The structure is winhttp's, but for its texts. */
BOOL inet_proxy_set(HINTERNET handle, const void *buffer, DWORD size, bool ansi)
{
    const INTERNET_PROXY_INFO *info = buffer;
    struct {
        DWORD access;
        WCHAR *proxy, *bypass;
    } made;
    BOOL done;

    if (!info || size < sizeof *info)
        return inet_fail(ERROR_INSUFFICIENT_BUFFER);
    made.access = info->dwAccessType == INTERNET_OPEN_TYPE_DIRECT || info->dwAccessType == INTERNET_OPEN_TYPE_PROXY
                      ? info->dwAccessType
                      : 0;
    made.proxy = ansi ? wide_from_ansi((const char *)info->lpszProxy) : (WCHAR *)info->lpszProxy;
    made.bypass = ansi ? wide_from_ansi((const char *)info->lpszProxyBypass) : (WCHAR *)info->lpszProxyBypass;
    done = WinHttpSetOption(handle, 38, &made, sizeof made); /* WINHTTP_OPTION_PROXY */
    if (ansi) {
        crypt_free(made.proxy);
        crypt_free(made.bypass);
    }
    return done;
}

static DWORD put(void *base, DWORD room, DWORD at, const WCHAR *text, bool ansi, void **place)
{
    char *narrow = ansi && text ? ansi_from_wide(text) : NULL;
    DWORD size = !text  ? 0
                 : ansi ? (DWORD)strlen(narrow ? narrow : "") + 1
                        : (DWORD)((wide_length(text) + 1) * sizeof *text);

    *place = NULL;
    if (base && size && at + size <= room) {
        *place = (BYTE *)base + at;
        memcpy(*place, ansi ? (void *)(narrow ? narrow : "") : (void *)text, size);
    }
    crypt_free(narrow);
    return at + size;
}

/* Without a handle: the user's. */
BOOL inet_proxy_query(HINTERNET handle, void *buffer, DWORD *size, bool ansi)
{
    struct {
        DWORD access;
        WCHAR *proxy, *bypass;
    } now = {1, NULL, NULL};
    INTERNET_PROXY_INFO made = {0};
    DWORD needed = sizeof now, room = buffer ? *size : 0;
    void *proxy, *bypass;

    if (handle && !WinHttpQueryOption(handle, 38, &now, &needed))
        return FALSE;
    if (!handle || !now.access) {
        bool on = read_number(L"ProxyEnable");

        GlobalFree(now.proxy);
        GlobalFree(now.bypass);
        now.access = on ? INTERNET_OPEN_TYPE_PROXY : INTERNET_OPEN_TYPE_DIRECT;
        now.proxy = on ? global_text(read_text(L"ProxyServer"), false) : NULL;
        now.bypass = on ? global_text(read_text(L"ProxyOverride"), false) : NULL;
    }
    needed = put(buffer, room, sizeof made, now.proxy, ansi, &proxy);
    needed = put(buffer, room, needed, now.bypass, ansi, &bypass);
    made.dwAccessType = now.access;
    made.lpszProxy = proxy;
    made.lpszProxyBypass = bypass;
    GlobalFree(now.proxy);
    GlobalFree(now.bypass);
    *size = needed;
    if (room < needed)
        return inet_fail(ERROR_INSUFFICIENT_BUFFER);
    memcpy(buffer, &made, sizeof made);
    return TRUE;
}
