/*
 * bypass.c: winhttp.h: hosts that are reached without the proxy: "*.example.com;10.*;http://host:8080;<local>".
 */
#include "winhttp/http.h"

static bool same_letter(WCHAR a, WCHAR b)
{
    return (a >= 'A' && a <= 'Z' ? a + 32 : a) == (b >= 'A' && b <= 'Z' ? b + 32 : b);
}

/* '*' stands for any text. */
static bool pattern_fits(const WCHAR *pattern, const WCHAR *end, const WCHAR *text)
{
    const WCHAR *star = NULL, *mark = NULL;

    while (*text) {
        if (pattern < end && *pattern == '*') {
            star = ++pattern;
            mark = text;
        } else if (pattern < end && same_letter(*pattern, *text)) {
            pattern++;
            text++;
        } else if (star) {
            pattern = star;
            text = ++mark;
        } else {
            return false;
        }
    }
    while (pattern < end && *pattern == '*')
        pattern++;
    return pattern == end;
}

static bool one_fits(const WCHAR *from, const WCHAR *end, const WCHAR *host, bool secure, DWORD port)
{
    DWORD number = 0;
    const WCHAR *colon;

    if (end - from == 7 && CompareStringOrdinal(from, 7, L"<local>", 7, TRUE) == CSTR_EQUAL) {
        for (; *host; host++)
            if (*host == '.' || *host == ':')
                return false;
        return true;
    }
    for (int i = 0; i < 2; i++) {
        const WCHAR *scheme = i ? L"https://" : L"http://";
        int length = i ? 8 : 7;

        if (end - from > length && CompareStringOrdinal(from, length, scheme, length, TRUE) == CSTR_EQUAL) {
            if (secure != (i == 1))
                return false;
            from += length;
            break;
        }
    }
    for (colon = end; colon > from && colon[-1] >= '0' && colon[-1] <= '9'; colon--)
        ;
    if (colon > from && colon < end && colon[-1] == ':' && !(colon - 1 > from && colon[-2] == ':')) {
        for (const WCHAR *at = colon; at < end && number < 65536; at++)
            number = number * 10 + (DWORD)(*at - '0');
        if (number != port)
            return false;
        end = colon - 1;
    }
    return pattern_fits(from, end, host);
}

bool proxy_bypassed(const WCHAR *list, const WCHAR *host, bool secure, DWORD port)
{
    for (const WCHAR *at = list; at && *at;) {
        const WCHAR *end = at;

        while (*end && *end != ';' && *end != ' ' && *end != ',' && *end != '\t' && *end != '\r' && *end != '\n')
            end++;
        if (end > at && one_fits(at, end, host, secure, port))
            return true;
        at = *end ? end + 1 : end;
    }
    return false;
}

DWORD WINAPI WinHttpIsHostInProxyBypassList(const WINHTTP_PROXY_INFO *info, PCWSTR host, INTERNET_SCHEME scheme,
                                            INTERNET_PORT port, BOOL *within)
{
    if (!info || !host || !within)
        return ERROR_INVALID_PARAMETER;
    *within =
        info->lpszProxyBypass && proxy_bypassed(info->lpszProxyBypass, host, scheme == INTERNET_SCHEME_HTTPS, port);
    return ERROR_SUCCESS;
}
