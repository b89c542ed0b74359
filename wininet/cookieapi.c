/*
 * cookieapi.c: wininet.h: InternetGetCookie and InternetSetCookie, and their kin.
 */
#include <stdlib.h>
#include "wininet/inet.h"
#include "wininet/cookies.h"

static char *utf8_part(const WCHAR *text, DWORD length)
{
    WCHAR *copy = crypt_alloc((length + 1) * sizeof *copy);
    char *result;

    if (copy && length)
        memcpy(copy, text, length * sizeof *copy);
    result = copy ? utf8_from_wide(copy) : NULL;
    crypt_free(copy);
    return result;
}

static bool place_of(const WCHAR *url, struct cookie_place *place)
{
    URL_COMPONENTSW parts = {.dwStructSize = sizeof parts,
                             .dwHostNameLength = (DWORD)-1,
                             .dwUrlPathLength = (DWORD)-1,
                             .dwExtraInfoLength = (DWORD)-1};

    if (!url || !InternetCrackUrlW(url, 0, 0, &parts) || !parts.dwHostNameLength)
        return false;
    place->secure = parts.nScheme == INTERNET_SCHEME_HTTPS;
    place->host = utf8_part(parts.lpszHostName, parts.dwHostNameLength);
    place->path = parts.dwUrlPathLength ? utf8_part(parts.lpszUrlPath, parts.dwUrlPathLength) : utf8_part(L"/", 1);
    return place->host && place->path;
}

static void place_free(struct cookie_place *place)
{
    crypt_free(place->host);
    crypt_free(place->path);
}

/* "a=b; c=d" of what a URL's requests send, or the one of a name. */
struct gather {
    const char *name;
    bool http_only;
    char *text;
    size_t length;
};

static void gather_one(const struct cookie_view *view, void *argument)
{
    struct gather *gather = argument;
    size_t name = strlen(view->name), value = strlen(view->value);
    char *longer;

    if ((gather->name && *gather->name && strcmp(gather->name, view->name)) || (view->http_only && !gather->http_only))
        return;
    longer = crypt_alloc(gather->length + name + value + 4);
    if (!longer)
        return;
    if (gather->length) {
        memcpy(longer, gather->text, gather->length);
        memcpy(longer + gather->length, "; ", 2);
        gather->length += 2;
    }
    memcpy(longer + gather->length, view->name, name);
    gather->length += name;
    if (name)
        longer[gather->length++] = '=';
    memcpy(longer + gather->length, view->value, value);
    gather->length += value;
    crypt_free(gather->text);
    gather->text = longer;
}

static WCHAR *cookie_text(const WCHAR *url, const WCHAR *name, DWORD flags)
{
    struct cookie_place place = {0};
    struct gather gather = {.name = name ? utf8_from_wide(name) : NULL, .http_only = flags & INTERNET_COOKIE_HTTPONLY};
    WCHAR *text = NULL;

    if (place_of(url, &place)) {
        cookies_each(&place, gather_one, &gather);
        SetLastError(ERROR_NO_MORE_ITEMS);
    } else {
        SetLastError(url ? ERROR_INTERNET_UNRECOGNIZED_SCHEME : ERROR_INVALID_PARAMETER);
    }
    if (gather.text)
        text = wide_from_utf8(gather.text, -1);
    crypt_free(gather.text);
    crypt_free((char *)gather.name);
    place_free(&place);
    return text;
}

/* Sizes are with the zero, in characters: without a buffer alone is that an answer. */
BOOL WINAPI InternetGetCookieExW(LPCWSTR url, LPCWSTR name, LPWSTR data, LPDWORD size, DWORD flags, LPVOID reserved)
{
    WCHAR *text;
    DWORD length;
    BOOL fits;

    (void)reserved;
    if (!size)
        return inet_fail(ERROR_INVALID_PARAMETER);
    text = cookie_text(url, name, flags);
    if (!text)
        return FALSE;
    length = (DWORD)wide_length(text) + 1;
    fits = !data || *size >= length;
    if (data && fits)
        memcpy(data, text, length * sizeof *text);
    *size = length;
    crypt_free(text);
    return fits ? TRUE : inet_fail(ERROR_INSUFFICIENT_BUFFER);
}

BOOL WINAPI InternetGetCookieExA(LPCSTR url, LPCSTR name, LPSTR data, LPDWORD size, DWORD flags, LPVOID reserved)
{
    WCHAR *u = wide_from_ansi(url), *n = wide_from_ansi(name), *text = NULL;
    char *narrow = NULL;
    DWORD length;
    BOOL fits = FALSE;

    (void)reserved;
    if (!size)
        SetLastError(ERROR_INVALID_PARAMETER);
    else
        text = cookie_text(u, n, flags);
    if (text && (narrow = ansi_from_wide(text))) {
        length = (DWORD)strlen(narrow) + 1;
        fits = !data || *size >= length;
        if (data && fits)
            memcpy(data, narrow, length);
        *size = length;
        if (!fits)
            SetLastError(ERROR_INSUFFICIENT_BUFFER);
    }
    crypt_free(u);
    crypt_free(n);
    crypt_free(text);
    crypt_free(narrow);
    return fits;
}

BOOL WINAPI InternetGetCookieW(LPCWSTR url, LPCWSTR name, LPWSTR data, LPDWORD size)
{
    return InternetGetCookieExW(url, name, data, size, 0, NULL);
}

BOOL WINAPI InternetGetCookieA(LPCSTR url, LPCSTR name, LPSTR data, LPDWORD size)
{
    return InternetGetCookieExA(url, name, data, size, 0, NULL);
}

static char *trim(char *text)
{
    size_t length;

    while (*text == ' ' || *text == '\t')
        text++;
    length = strlen(text);
    while (length && (text[length - 1] == ' ' || text[length - 1] == '\t'))
        text[--length] = 0;
    return text;
}

static int64_t now_seconds(void)
{
    FILETIME now;

    GetSystemTimeAsFileTime(&now);
    return (int64_t)(((uint64_t)now.dwHighDateTime << 32 | now.dwLowDateTime) / 10000000) - 11644473600;
}

/* An attribute behind the value, as in a Set-Cookie header.  False: it is for another host. */
static bool attribute(struct cookie_view *view, const struct cookie_place *place, char *text)
{
    char *value = strchr(text, '=');
    size_t h = strlen(place->host), d;

    if (value)
        *value++ = 0;
    text = trim(text);
    value = value ? trim(value) : "";
    if (inet_same(text, "secure")) {
        view->secure = true;
    } else if (inet_same(text, "httponly")) {
        view->http_only = true;
    } else if (inet_same(text, "path") && *value == '/') {
        view->path = value;
    } else if (inet_same(text, "expires")) {
        int64_t time = inet_date(value);

        if (!view->expiry && time >= 0)
            view->expiry = time ? time : 1;
    } else if (inet_same(text, "max-age")) {
        int64_t age = atoll(value);

        view->expiry = age > 0 ? now_seconds() + age : 1;
    } else if (inet_same(text, "domain") && *value) {
        value += *value == '.';
        d = strlen(value);
        if (!strchr(value, '.') || h < d || !inet_same(place->host + h - d, value) ||
            (h > d && place->host[h - d - 1] != '.'))
            return inet_same(place->host, value);
        view->domain = value;
        view->tail = true;
    }
    return true;
}

/* `name` NULL: it is the text's beginning. */
static DWORD cookie_set(const WCHAR *url, const WCHAR *name, const WCHAR *data, DWORD flags)
{
    struct cookie_place place = {0};
    struct cookie_view view = {0};
    char *text = utf8_from_wide(data), *given = name ? utf8_from_wide(name) : NULL, *at, *end;
    DWORD error = 0;

    if (!place_of(url, &place) || !text)
        error = ERROR_INVALID_PARAMETER;
    at = text;
    if (!error) {
        end = strchr(at, ';');
        if (end)
            *end++ = 0;
        if (given) {
            view.name = trim(given);
            view.value = trim(at);
        } else {
            char *value = strchr(at, '=');

            if (value)
                *value++ = 0;
            view.name = value ? trim(at) : "";
            view.value = trim(value ? value : at);
        }
        at = strrchr(place.path, '/');
        if (at) /* the page's folder */
            at[at == place.path] = 0;
        view.path = place.path;
        view.domain = place.host;
        while (end && *end && !error) {
            at = end;
            end = strchr(at, ';');
            if (end)
                *end++ = 0;
            if (!attribute(&view, &place, at))
                error = ERROR_INVALID_PARAMETER;
        }
        if (view.secure && !place.secure)
            error = ERROR_INVALID_PARAMETER;
        if (view.http_only && !(flags & INTERNET_COOKIE_HTTPONLY)) /* no script may make one */
            error = ERROR_INVALID_OPERATION;
        for (const char *c = view.name; !error && *c; c++)
            if ((BYTE)*c < ' ')
                error = ERROR_INVALID_PARAMETER;
        for (const char *c = view.value; !error && *c; c++)
            if ((BYTE)*c < ' ')
                error = ERROR_INVALID_PARAMETER;
        if (!error && !cookie_put(&view))
            error = ERROR_OUTOFMEMORY;
    }
    crypt_free(text);
    crypt_free(given);
    place_free(&place);
    return error;
}

BOOL WINAPI InternetSetCookieW(LPCWSTR url, LPCWSTR name, LPCWSTR data)
{
    DWORD error = url && data ? cookie_set(url, name, data, 0) : ERROR_INVALID_PARAMETER;

    return error ? inet_fail(error) : TRUE;
}

DWORD WINAPI InternetSetCookieExW(LPCWSTR url, LPCWSTR name, LPCWSTR data, DWORD flags, DWORD_PTR reserved)
{
    DWORD error = url && data ? cookie_set(url, name, data, flags) : ERROR_INVALID_PARAMETER;

    (void)reserved;
    SetLastError(error);
    return error == ERROR_INVALID_PARAMETER && !(url && data) ? 0 : error ? COOKIE_STATE_REJECT : COOKIE_STATE_ACCEPT;
}

DWORD WINAPI InternetSetCookieExA(LPCSTR url, LPCSTR name, LPCSTR data, DWORD flags, DWORD_PTR reserved)
{
    WCHAR *u = wide_from_ansi(url), *n = wide_from_ansi(name), *d = wide_from_ansi(data);
    DWORD state = InternetSetCookieExW(u, n, d, flags, reserved);

    crypt_free(u);
    crypt_free(n);
    crypt_free(d);
    return state;
}

BOOL WINAPI InternetSetCookieA(LPCSTR url, LPCSTR name, LPCSTR data)
{
    WCHAR *u = wide_from_ansi(url), *n = wide_from_ansi(name), *d = wide_from_ansi(data);
    BOOL done = InternetSetCookieW(u, n, d);

    crypt_free(u);
    crypt_free(n);
    crypt_free(d);
    return done;
}

/* Cookies in parts. */
struct list {
    const char *name;
    DWORD flags, count, room;
    INTERNET_COOKIE2 *cookies;
};

static FILETIME file_time(int64_t seconds)
{
    uint64_t time = (uint64_t)(seconds + 11644473600) * 10000000;

    return (FILETIME){(DWORD)time, (DWORD)(time >> 32)};
}

static void list_one(const struct cookie_view *view, void *argument)
{
    struct list *list = argument;
    INTERNET_COOKIE2 *cookie;

    if ((list->name && strcmp(list->name, view->name)) ||
        (view->http_only && !(list->flags & INTERNET_COOKIE_NON_SCRIPT)))
        return;
    if (list->count == list->room) {
        DWORD room = list->room * 2 + 8;
        INTERNET_COOKIE2 *longer = crypt_alloc(room * sizeof *longer);

        if (!longer)
            return;
        if (list->count)
            memcpy(longer, list->cookies, list->count * sizeof *longer);
        crypt_free(list->cookies);
        list->cookies = longer;
        list->room = room;
    }
    cookie = &list->cookies[list->count++];
    cookie->pwszName = wide_from_utf8(view->name, -1);
    cookie->pwszValue = wide_from_utf8(view->value, -1);
    cookie->pwszDomain = wide_from_utf8(view->domain, -1);
    cookie->pwszPath = wide_from_utf8(view->path, -1);
    cookie->dwFlags = (view->secure ? INTERNET_COOKIE_IS_SECURE : 0) | (view->expiry ? 0 : INTERNET_COOKIE_IS_SESSION) |
                      (view->http_only ? INTERNET_COOKIE_HTTPONLY : 0) | (view->tail ? 0 : INTERNET_COOKIE_HOST_ONLY);
    cookie->fExpiresSet = view->expiry != 0;
    if (view->expiry)
        cookie->ftExpires = file_time(view->expiry);
}

void WINAPI InternetFreeCookies(INTERNET_COOKIE2 *cookies, DWORD count)
{
    for (DWORD i = 0; cookies && i < count; i++) {
        crypt_free(cookies[i].pwszName);
        crypt_free(cookies[i].pwszValue);
        crypt_free(cookies[i].pwszDomain);
        crypt_free(cookies[i].pwszPath);
    }
    crypt_free(cookies);
}

DWORD WINAPI InternetGetCookieEx2(PCWSTR url, PCWSTR name, DWORD flags, INTERNET_COOKIE2 **cookies, PDWORD count)
{
    struct cookie_place place = {0};
    struct list list = {.name = name ? utf8_from_wide(name) : NULL, .flags = flags};
    bool good = cookies && count && place_of(url, &place);

    if (good) {
        cookies_each(&place, list_one, &list);
        *cookies = list.cookies;
        *count = list.count;
    }
    crypt_free((char *)list.name);
    place_free(&place);
    return good ? ERROR_SUCCESS : ERROR_INVALID_PARAMETER;
}

DWORD WINAPI InternetSetCookieEx2(PCWSTR url, const INTERNET_COOKIE2 *cookie, PCWSTR policy, DWORD flags, PDWORD state)
{
    struct cookie_place place = {0};
    struct cookie_view view = {0};
    DWORD error = ERROR_INVALID_PARAMETER;

    (void)policy;
    if (url && cookie && cookie->pwszValue && place_of(url, &place)) {
        view.name = cookie->pwszName ? utf8_from_wide(cookie->pwszName) : utf8_from_wide(L"");
        view.value = utf8_from_wide(cookie->pwszValue);
        view.domain = utf8_from_wide(cookie->pwszDomain ? cookie->pwszDomain : L"");
        view.path = utf8_from_wide(cookie->pwszPath && *cookie->pwszPath ? cookie->pwszPath : L"/");
        view.secure = cookie->dwFlags & INTERNET_COOKIE_IS_SECURE;
        view.http_only = cookie->dwFlags & INTERNET_COOKIE_HTTPONLY;
        if (cookie->fExpiresSet)
            view.expiry =
                (int64_t)(((uint64_t)cookie->ftExpires.dwHighDateTime << 32 | cookie->ftExpires.dwLowDateTime) /
                          10000000) -
                11644473600;
        if (view.expiry < 0)
            view.expiry = 1;
        const char *domain = *view.domain ? view.domain + (*view.domain == '.') : place.host;
        size_t h = strlen(place.host), d = strlen(domain);
        struct cookie_view put = view;

        put.domain = domain;
        put.tail = *view.domain && !(cookie->dwFlags & INTERNET_COOKIE_HOST_ONLY);
        if (h >= d && inet_same(place.host + h - d, domain) && (h == d || place.host[h - d - 1] == '.') &&
            (!view.http_only || flags & (INTERNET_COOKIE_NON_SCRIPT | INTERNET_COOKIE_HTTPONLY)) && cookie_put(&put))
            error = 0;
        crypt_free((char *)view.name);
        crypt_free((char *)view.value);
        crypt_free((char *)view.domain);
        crypt_free((char *)view.path);
    }
    place_free(&place);
    if (state)
        *state = error ? COOKIE_STATE_REJECT : COOKIE_STATE_ACCEPT;
    return error;
}
