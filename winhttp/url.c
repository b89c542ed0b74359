/*
 * url.c: winhttp.h: URLs taken apart and put together; dates of HTTP.
 */
#include "winhttp/http.h"

WCHAR *url_make(bool secure, const WCHAR *host, INTERNET_PORT port, const WCHAR *path)
{
    size_t length = wide_length(host) + wide_length(path) + 32;
    WCHAR *url = crypt_alloc(length * sizeof *url);
    bool bracket = false, usual = port == (secure ? 443 : 80);
    int at;

    for (const WCHAR *c = host; *c && *host != '['; c++)
        bracket = bracket || *c == ':';
    if (!url)
        return NULL;
    at = wsprintfW(url, secure ? L"https://" : L"http://");
    for (const WCHAR *c = bracket ? L"[" : L""; *c; c++)
        url[at++] = *c;
    for (; *host; host++)
        url[at++] = *host;
    for (const WCHAR *c = bracket ? L"]" : L""; *c; c++)
        url[at++] = *c;
    if (!usual)
        at += wsprintfW(url + at, L":%u", port);
    for (; *path; path++)
        url[at++] = *path;
    return url;
}

/* A path begins with a slash and has no characters that a request line can not have. */
WCHAR *path_escape(const WCHAR *path, bool escape)
{
    static const char digits[] = "0123456789ABCDEF";
    char *bytes = utf8_from_wide(path);
    WCHAR *out = bytes ? crypt_alloc((strlen(bytes) * 3 + 2) * sizeof *out) : NULL;
    size_t at = 0;

    if (out && *bytes != '/')
        out[at++] = '/';
    for (const char *from = bytes; out && *from; from++) {
        BYTE c = (BYTE)*from;

        if ((escape && (c <= 0x20 || c >= 0x7f || strchr("\"<>", c))) || c == ' ' || c == '\r' || c == '\n' ||
            c >= 0x7f) {
            out[at++] = '%';
            out[at++] = (BYTE)digits[c >> 4];
            out[at++] = (BYTE)digits[c & 15];
        } else {
            out[at++] = c;
        }
    }
    crypt_free(bytes);
    return out;
}

/* Takes "." and ".." out of a path. */
static void path_clean(WCHAR *path)
{
    WCHAR *to = path;

    for (WCHAR *from = path; *from && *from != '?' && *from != '#';) {
        WCHAR *end = from + 1;
        size_t length;

        while (*end && *end != '/' && *end != '?' && *end != '#')
            end++;
        length = (size_t)(end - from);
        if ((length == 2 && from[1] == '.') || (length == 3 && from[1] == '.' && from[2] == '.')) {
            if (length == 3)
                while (to > path && *--to != '/')
                    ;
            if (*end != '/')
                *to++ = '/';
        } else {
            memmove(to, from, length * sizeof *to);
            to += length;
        }
        from = end;
        if (*from != '/') {
            memmove(to, from, (wide_length(from) + 1) * sizeof *to);
            return;
        }
    }
    *to = 0;
}

WCHAR *url_combine(const WCHAR *base, const WCHAR *location)
{
    const WCHAR *host = base, *path, *front_end;
    size_t front, length = wide_length(location);
    WCHAR *url;

    while (*host && *host != ':')
        host++;
    for (const WCHAR *at = location; *at && *at != '/' && *at != '?' && *at != '#'; at++)
        if (*at == ':') /* it has a scheme of its own */
            return wide_copy(location);
    path = *host ? host + 3 : host;
    while (*path && *path != '/' && *path != '?' && *path != '#')
        path++;
    if (location[0] == '/' && location[1] == '/') {
        front_end = host + (*host != 0);
    } else if (*location == '/') {
        front_end = path;
    } else {
        const WCHAR *end = path;

        while (*end && *end != '?' && *end != '#')
            end++;
        if (*location != '?' && *location)
            while (end > path && end[-1] != '/')
                end--;
        front_end = end;
    }
    front = (size_t)(front_end - base);
    url = crypt_alloc((front + length + 2) * sizeof *url);
    if (!url)
        return NULL;
    memcpy(url, base, front * sizeof *url);
    memcpy(url + front, location, length * sizeof *url);
    if (front_end >= path)
        path_clean(url + (path - base));
    return url;
}

/* A part: copied to the caller's room, or told where it is. */
static bool give_part(LPWSTR *place, DWORD *length, const WCHAR *from, size_t count, bool *small)
{
    if (!*length)
        return true;
    if (!*place) {
        *place = (LPWSTR)from;
        *length = (DWORD)count;
        return true;
    }
    if (*length <= count) {
        *length = (DWORD)count + 1;
        *small = true;
        return false;
    }
    memcpy(*place, from, count * sizeof *from);
    (*place)[count] = 0;
    *length = (DWORD)count;
    return true;
}

static WCHAR hex_value(WCHAR c)
{
    return (WCHAR)(c >= '0' && c <= '9'   ? c - '0'
                   : c >= 'a' && c <= 'f' ? c - 'a' + 10
                   : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                          : 16);
}

static void decode(WCHAR *text, DWORD *length)
{
    DWORD to = 0;

    for (DWORD i = 0; i < *length; i++, to++) {
        if (text[i] == '%' && i + 2 < *length && hex_value(text[i + 1]) < 16 && hex_value(text[i + 2]) < 16) {
            text[to] = (WCHAR)(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]));
            i += 2;
        } else {
            text[to] = text[i];
        }
    }
    text[to] = 0;
    *length = to;
}

static bool find(const WCHAR *from, const WCHAR *end, WCHAR c, const WCHAR **at)
{
    for (*at = from; *at < end; ++*at)
        if (**at == c)
            return true;
    return false;
}

BOOL url_crack(const WCHAR *url, DWORD length, DWORD flags, LPURL_COMPONENTS parts, bool ftp)
{
    const WCHAR *end, *scheme_end, *host, *host_end, *at, *path, *extra, *user = NULL, *user_end = NULL,
                                                                         *password = NULL;
    const WCHAR *password_end = NULL;
    bool small = false;
    DWORD port = 0;

    if (!url || !parts || parts->dwStructSize != sizeof *parts)
        return http_fail(ERROR_INVALID_PARAMETER);
    end = url + (length ? length : wide_length(url));
    if (!find(url, end, ':', &scheme_end))
        return http_fail(ERROR_WINHTTP_UNRECOGNIZED_SCHEME);
    if (scheme_end - url == 4 && CompareStringOrdinal(url, 4, L"http", 4, TRUE) == CSTR_EQUAL) {
        parts->nScheme = INTERNET_SCHEME_HTTP;
        port = 80;
    } else if (scheme_end - url == 5 && CompareStringOrdinal(url, 5, L"https", 5, TRUE) == CSTR_EQUAL) {
        parts->nScheme = INTERNET_SCHEME_HTTPS;
        port = 443;
    } else if (ftp && scheme_end - url == 3 && CompareStringOrdinal(url, 3, L"ftp", 3, TRUE) == CSTR_EQUAL) {
        parts->nScheme = INTERNET_SCHEME_FTP;
        port = 21;
    } else {
        return http_fail(ERROR_WINHTTP_UNRECOGNIZED_SCHEME);
    }
    if (end - scheme_end < 4 || scheme_end[1] != '/' || scheme_end[2] != '/')
        return http_fail(ERROR_WINHTTP_INVALID_URL);
    host = scheme_end + 3;
    for (path = host; path < end && *path != '/' && *path != '?' && *path != '#';)
        path++;
    if (find(host, path, '@', &at)) {
        user = host;
        host = at + 1;
        if (find(user, at, ':', &user_end)) {
            password = user_end + 1;
            password_end = at;
        } else {
            user_end = at;
        }
    }
    host_end = path;
    at = host < path && *host == '[' ? (find(host, path, ']', &at) ? at : host) : host;
    if (find(at, path, ':', &at)) {
        host_end = at;
        port = at + 1 < path ? 0 : port;
        for (at++; at < path; at++) {
            if (*at < '0' || *at > '9' || (port = port * 10 + (DWORD)(*at - '0')) > 65535)
                return http_fail(ERROR_WINHTTP_INVALID_URL);
        }
    }
    if (host == host_end)
        return http_fail(ERROR_WINHTTP_INVALID_URL);
    for (extra = path; extra < end && *extra != '?' && *extra != '#';)
        extra++;
    parts->nPort = (INTERNET_PORT)port;
    give_part(&parts->lpszScheme, &parts->dwSchemeLength, url, (size_t)(scheme_end - url), &small);
    give_part(&parts->lpszUserName, &parts->dwUserNameLength, user ? user : L"", (size_t)(user_end - user), &small);
    give_part(&parts->lpszPassword, &parts->dwPasswordLength, password ? password : L"",
              (size_t)(password_end - password), &small);
    give_part(&parts->lpszHostName, &parts->dwHostNameLength, host, (size_t)(host_end - host), &small);
    if (parts->dwExtraInfoLength) {
        give_part(&parts->lpszUrlPath, &parts->dwUrlPathLength, path, (size_t)(extra - path), &small);
        give_part(&parts->lpszExtraInfo, &parts->dwExtraInfoLength, extra, (size_t)(end - extra), &small);
    } else { /* the path has it all then */
        give_part(&parts->lpszUrlPath, &parts->dwUrlPathLength, path, (size_t)(end - path), &small);
    }
    if (small)
        return http_fail(ERROR_INSUFFICIENT_BUFFER);
    if (flags & ICU_DECODE && parts->lpszUrlPath && parts->dwUrlPathLength &&
        !(parts->lpszUrlPath >= url && parts->lpszUrlPath <= end))
        decode(parts->lpszUrlPath, &parts->dwUrlPathLength);
    SetLastError(0);
    return TRUE;
}

struct text {
    WCHAR *at;
    DWORD room, length;
};

static void put(struct text *text, const WCHAR *from, DWORD count)
{
    for (DWORD i = 0; i < count; i++, text->length++)
        if (text->at && text->length < text->room)
            text->at[text->length] = from[i];
}

static DWORD length_of(const WCHAR *text, DWORD told)
{
    return !text ? 0 : told ? told : (DWORD)wide_length(text);
}

BOOL WINAPI WinHttpCrackUrl(LPCWSTR url, DWORD length, DWORD flags, LPURL_COMPONENTS parts)
{
    return url_crack(url, length, flags, parts, false);
}

BOOL WINAPI WinHttpCreateUrl(LPURL_COMPONENTS parts, DWORD flags, LPWSTR url, LPDWORD length)
{
    struct text text = {url, 0, 0};
    WCHAR port[8], *path;
    const WCHAR *scheme;
    DWORD usual;

    if (!parts || parts->dwStructSize != sizeof *parts || !length || !parts->lpszHostName)
        return http_fail(ERROR_INVALID_PARAMETER);
    if (!url && *length)
        *length = 0;
    text.room = *length;
    scheme = parts->nScheme == INTERNET_SCHEME_HTTPS ? L"https" : L"http";
    if (parts->lpszScheme)
        put(&text, parts->lpszScheme, length_of(parts->lpszScheme, parts->dwSchemeLength));
    else
        put(&text, scheme, (DWORD)wide_length(scheme));
    usual = text.length == 5 ? 443 : text.length == 3 ? 21 : 80;
    put(&text, L"://", 3);
    if (parts->lpszUserName) {
        put(&text, parts->lpszUserName, length_of(parts->lpszUserName, parts->dwUserNameLength));
        if (parts->lpszPassword) {
            put(&text, L":", 1);
            put(&text, parts->lpszPassword, length_of(parts->lpszPassword, parts->dwPasswordLength));
        }
        put(&text, L"@", 1);
    }
    put(&text, parts->lpszHostName, length_of(parts->lpszHostName, parts->dwHostNameLength));
    if (parts->nPort && parts->nPort != usual)
        put(&text, port, (DWORD)wsprintfW(port, L":%u", parts->nPort));
    if (parts->lpszUrlPath && flags & ICU_ESCAPE) {
        path = path_escape(parts->lpszUrlPath, true);
        put(&text, path, path ? (DWORD)wide_length(path) : 0);
        crypt_free(path);
    } else if (parts->lpszUrlPath) {
        DWORD count = length_of(parts->lpszUrlPath, parts->dwUrlPathLength);

        if (count && *parts->lpszUrlPath != '/')
            put(&text, L"/", 1);
        put(&text, parts->lpszUrlPath, count);
    }
    if (parts->lpszExtraInfo)
        put(&text, parts->lpszExtraInfo, length_of(parts->lpszExtraInfo, parts->dwExtraInfoLength));
    if (!url || text.length >= text.room) {
        *length = text.length + 1;
        return http_fail(ERROR_INSUFFICIENT_BUFFER);
    }
    url[text.length] = 0;
    *length = text.length;
    return TRUE;
}

static const WCHAR *const days[] = {L"Sun", L"Mon", L"Tue", L"Wed", L"Thu", L"Fri", L"Sat"};
static const WCHAR *const months[] = {L"Jan", L"Feb", L"Mar", L"Apr", L"May", L"Jun",
                                      L"Jul", L"Aug", L"Sep", L"Oct", L"Nov", L"Dec"};

BOOL WINAPI WinHttpTimeFromSystemTime(const SYSTEMTIME *time, LPWSTR text)
{
    if (!time || !text || time->wDayOfWeek > 6 || !time->wMonth || time->wMonth > 12)
        return http_fail(ERROR_INVALID_PARAMETER);
    wsprintfW(text, L"%s, %02u %s %04u %02u:%02u:%02u GMT", days[time->wDayOfWeek], time->wDay,
              months[time->wMonth - 1], time->wYear, time->wHour, time->wMinute, time->wSecond);
    return TRUE;
}

static bool take_number(const WCHAR **text, WORD *number)
{
    while (**text && (**text < '0' || **text > '9'))
        ++*text;
    if (!**text)
        return false;
    for (*number = 0; **text >= '0' && **text <= '9'; ++*text)
        *number = (WORD)(*number * 10 + (**text - '0'));
    return true;
}

static bool take_name(const WCHAR **text, const WCHAR *const *names, WORD count, WORD *number)
{
    for (; **text; ++*text)
        for (WORD i = 0; i < count; i++)
            if (CompareStringOrdinal(*text, (int)(wide_length(*text) < 3 ? wide_length(*text) : 3), names[i], 3,
                                     TRUE) == CSTR_EQUAL) {
                *text += 3;
                *number = i;
                return true;
            }
    return false;
}

/* "Sun, 06 Nov 1994 08:49:37 GMT"; of a date that is not whole the rest is zero. */
BOOL WINAPI WinHttpTimeToSystemTime(LPCWSTR text, SYSTEMTIME *time)
{
    const WCHAR *at = text;

    if (!text || !time)
        return http_fail(ERROR_INVALID_PARAMETER);
    memset(time, 0, sizeof *time);
    if (!take_name(&at, days, 7, &time->wDayOfWeek) || !take_number(&at, &time->wDay) ||
        !take_name(&at, months, 12, &time->wMonth))
        return http_fail(ERROR_INVALID_PARAMETER);
    time->wMonth++;
    if (take_number(&at, &time->wYear) && take_number(&at, &time->wHour) && take_number(&at, &time->wMinute))
        take_number(&at, &time->wSecond);
    return TRUE;
}
