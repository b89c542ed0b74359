/*
 * url.c: wininet.h: URLs, dates, cookies.
 */
#include "wininet/inet.h"

/* winhttp's numbers of the two schemes are not wininet's. */
BOOL WINAPI InternetCrackUrlW(LPCWSTR url, DWORD length, DWORD flags, LPURL_COMPONENTSW parts)
{
    if (!url || !parts || parts->dwStructSize != sizeof *parts)
        return inet_fail(ERROR_INVALID_PARAMETER);
    if (!inet_crack(url, length, flags, parts))
        return FALSE;
    parts->nScheme = (int)parts->nScheme == 2   ? INTERNET_SCHEME_HTTPS
                     : (int)parts->nScheme == 3 ? INTERNET_SCHEME_FTP
                                                : INTERNET_SCHEME_HTTP;
    return TRUE;
}

/* One part in the caller's narrow form: a pointer into the URL, or a copy. */
static bool part_narrow(const char *url, const WCHAR *wide_url, const WCHAR *part, DWORD count, LPSTR *place,
                        DWORD *length)
{
    int begin, bytes;

    if (!*length)
        return true;
    bytes = count ? WideCharToMultiByte(CP_ACP, 0, part, (int)count, NULL, 0, NULL, NULL) : 0;
    if (!*place) {
        begin = part >= wide_url && part > wide_url
                    ? WideCharToMultiByte(CP_ACP, 0, wide_url, (int)(part - wide_url), NULL, 0, NULL, NULL)
                    : 0;
        *place = count || part ? (LPSTR)url + begin : NULL;
        *length = (DWORD)bytes;
        return true;
    }
    if (*length <= (DWORD)bytes) {
        *length = (DWORD)bytes + 1;
        return false;
    }
    if (count)
        WideCharToMultiByte(CP_ACP, 0, part, (int)count, *place, bytes, NULL, NULL);
    (*place)[bytes] = 0;
    *length = (DWORD)bytes;
    return true;
}

BOOL WINAPI InternetCrackUrlA(LPCSTR url, DWORD length, DWORD flags, LPURL_COMPONENTSA parts)
{
    URL_COMPONENTSW wide = {.dwStructSize = sizeof wide,
                            .dwSchemeLength = (DWORD)-1,
                            .dwHostNameLength = (DWORD)-1,
                            .dwUserNameLength = (DWORD)-1,
                            .dwPasswordLength = (DWORD)-1,
                            .dwUrlPathLength = (DWORD)-1,
                            .dwExtraInfoLength = parts && parts->dwExtraInfoLength ? (DWORD)-1 : 0};
    WCHAR *text;
    bool fits;

    if (!url || !parts || parts->dwStructSize != sizeof *parts)
        return inet_fail(ERROR_INVALID_PARAMETER);
    text = inet_widen(url, length ? length : (DWORD)-1);
    if (!text || !InternetCrackUrlW(text, 0, flags & ~(DWORD)ICU_DECODE, &wide)) {
        crypt_free(text);
        return FALSE;
    }
    parts->nScheme = wide.nScheme;
    parts->nPort = wide.nPort;
    fits = part_narrow(url, text, wide.lpszScheme, wide.dwSchemeLength, &parts->lpszScheme, &parts->dwSchemeLength);
    fits &= part_narrow(url, text, wide.lpszHostName, wide.dwHostNameLength, &parts->lpszHostName,
                        &parts->dwHostNameLength);
    fits &= part_narrow(url, text, wide.lpszUserName, wide.dwUserNameLength, &parts->lpszUserName,
                        &parts->dwUserNameLength);
    fits &= part_narrow(url, text, wide.lpszPassword, wide.dwPasswordLength, &parts->lpszPassword,
                        &parts->dwPasswordLength);
    fits &=
        part_narrow(url, text, wide.lpszUrlPath, wide.dwUrlPathLength, &parts->lpszUrlPath, &parts->dwUrlPathLength);
    if (parts->dwExtraInfoLength)
        fits &= part_narrow(url, text, wide.lpszExtraInfo, wide.dwExtraInfoLength, &parts->lpszExtraInfo,
                            &parts->dwExtraInfoLength);
    crypt_free(text);
    return fits ? TRUE : inet_fail(ERROR_INSUFFICIENT_BUFFER);
}

BOOL WINAPI InternetCreateUrlW(LPURL_COMPONENTSW parts, DWORD flags, LPWSTR url, LPDWORD length)
{
    URL_COMPONENTSW copy;

    if (!parts || parts->dwStructSize != sizeof *parts || !length)
        return inet_fail(ERROR_INVALID_PARAMETER);
    copy = *parts;
    if (parts->nScheme == INTERNET_SCHEME_FTP && !copy.lpszScheme)
        copy.lpszScheme = (LPWSTR)L"ftp";
    copy.nScheme = parts->nScheme == INTERNET_SCHEME_HTTPS ? 2 : 1;
    return WinHttpCreateUrl(&copy, flags, url, length);
}

/* The whole, canonical: what can not stand in a URL is escaped. */
static WCHAR *canonical(const WCHAR *url)
{
    const WCHAR *path = url;
    WCHAR *escaped, *whole;
    size_t front;

    for (int slashes = 0; *path; path++)
        if (*path == '/' && ++slashes == 3)
            break;
    front = (size_t)(path - url);
    escaped = inet_escape(*path ? path : L"/");
    whole = escaped ? crypt_alloc((front + wide_length(escaped) + 1) * sizeof *whole) : NULL;
    if (whole) {
        memcpy(whole, url, front * sizeof *whole);
        memcpy(whole + front, escaped, wide_length(escaped) * sizeof *whole);
    }
    crypt_free(escaped);
    return whole;
}

BOOL WINAPI InternetCanonicalizeUrlW(LPCWSTR url, LPWSTR buffer, LPDWORD size, DWORD flags)
{
    WCHAR *whole = flags & ICU_NO_ENCODE ? wide_copy(url) : canonical(url);
    BOOL done = whole && inet_give_wide(whole, buffer, size);

    crypt_free(whole);
    return done;
}

BOOL WINAPI InternetCanonicalizeUrlA(LPCSTR url, LPSTR buffer, LPDWORD size, DWORD flags)
{
    WCHAR *wide = wide_from_ansi(url), *whole = !wide                   ? NULL
                                                : flags & ICU_NO_ENCODE ? wide_copy(wide)
                                                                        : canonical(wide);
    BOOL done = whole && inet_give_ansi(whole, buffer, size);

    crypt_free(wide);
    crypt_free(whole);
    return done;
}

BOOL WINAPI InternetCombineUrlW(LPCWSTR base, LPCWSTR relative, LPWSTR buffer, LPDWORD size, DWORD flags)
{
    WCHAR *whole = inet_combine(base, relative);
    BOOL done = whole && inet_give_wide(whole, buffer, size);

    (void)flags;
    crypt_free(whole);
    return done;
}

BOOL WINAPI InternetCombineUrlA(LPCSTR base, LPCSTR relative, LPSTR buffer, LPDWORD size, DWORD flags)
{
    WCHAR *b = wide_from_ansi(base), *r = wide_from_ansi(relative), *whole = b && r ? inet_combine(b, r) : NULL;
    BOOL done = whole && inet_give_ansi(whole, buffer, size);

    (void)flags;
    crypt_free(b);
    crypt_free(r);
    crypt_free(whole);
    return done;
}

BOOL WINAPI InternetTimeFromSystemTimeW(const SYSTEMTIME *time, DWORD format, LPWSTR text, DWORD size)
{
    if (!time || !text || format != INTERNET_RFC1123_FORMAT)
        return inet_fail(ERROR_INVALID_PARAMETER);
    if (size < INTERNET_RFC1123_BUFSIZE * sizeof *text)
        return inet_fail(ERROR_INSUFFICIENT_BUFFER);
    return WinHttpTimeFromSystemTime(time, text);
}

BOOL WINAPI InternetTimeFromSystemTimeA(const SYSTEMTIME *time, DWORD format, LPSTR text, DWORD size)
{
    WCHAR wide[64];

    if (!time || !text || format != INTERNET_RFC1123_FORMAT)
        return inet_fail(ERROR_INVALID_PARAMETER);
    if (size < INTERNET_RFC1123_BUFSIZE)
        return inet_fail(ERROR_INSUFFICIENT_BUFFER);
    if (!WinHttpTimeFromSystemTime(time, wide))
        return FALSE;
    for (int i = 0; (text[i] = (char)wide[i]); i++)
        ;
    return TRUE;
}

BOOL WINAPI InternetTimeToSystemTimeW(LPCWSTR text, SYSTEMTIME *time, DWORD reserved)
{
    (void)reserved;
    return WinHttpTimeToSystemTime(text, time);
}

BOOL WINAPI InternetTimeToSystemTimeA(LPCSTR text, SYSTEMTIME *time, DWORD reserved)
{
    WCHAR *wide = wide_from_ansi(text);
    BOOL done = InternetTimeToSystemTimeW(wide, time, reserved);

    crypt_free(wide);
    return done;
}

/* Text parts widened into one structure; zero-terminated ones or of a length. */
BOOL WINAPI InternetCreateUrlA(LPURL_COMPONENTSA parts, DWORD flags, LPSTR url, LPDWORD length)
{
    URL_COMPONENTSW wide = {.dwStructSize = sizeof wide};
    DWORD room = 8192;
    WCHAR *text;
    BOOL done;

    if (!parts || parts->dwStructSize != sizeof *parts || !length)
        return inet_fail(ERROR_INVALID_PARAMETER);
    wide.nScheme = parts->nScheme;
    wide.nPort = parts->nPort;
#define WIDEN(name, size)                                                                                              \
    wide.name = parts->name ? inet_widen(parts->name, parts->size ? parts->size : (DWORD)-1) : NULL
    WIDEN(lpszScheme, dwSchemeLength);
    WIDEN(lpszHostName, dwHostNameLength);
    WIDEN(lpszUserName, dwUserNameLength);
    WIDEN(lpszPassword, dwPasswordLength);
    WIDEN(lpszUrlPath, dwUrlPathLength);
    WIDEN(lpszExtraInfo, dwExtraInfoLength);
#undef WIDEN
    text = crypt_alloc(room * sizeof *text);
    done = text && InternetCreateUrlW(&wide, flags, text, &room) && inet_give_ansi(text, url, length);
    crypt_free(text);
    crypt_free(wide.lpszScheme);
    crypt_free(wide.lpszHostName);
    crypt_free(wide.lpszUserName);
    crypt_free(wide.lpszPassword);
    crypt_free(wide.lpszUrlPath);
    crypt_free(wide.lpszExtraInfo);
    return done;
}
