/*
 * shlwapi_urlcombine.c: UrlCombine and UrlCanonicalize: a URL as seen from another one, and without its detours.
 *
 * Layer: shell32, over shlwapi_url.c.  References are resolved as RFC 3986 has it (5.2).
 */
#include <string.h>
#include "win.h"
#include "ntdll/nls.h"
#include <shlwapi.h>

static HANDLE heap(void)
{
    return peb_current()->ProcessHeap;
}

/* Where the parts of a URL end. */
struct parts {
    size_t scheme;    /* with its colon; 0: none */
    size_t authority; /* //host */
    size_t path;
    size_t query;
    size_t all;
};

static bool is_letter(WCHAR c)
{
    return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

static bool is_slash(WCHAR c)
{
    return c == '/' || c == '\\';
}

static size_t scheme_end(const WCHAR *url)
{
    size_t at = 0;

    if (!is_letter(url[0]))
        return 0;
    while (is_letter(url[at]) || (url[at] >= '0' && url[at] <= '9') || url[at] == '+' || url[at] == '-' ||
           url[at] == '.')
        at++;
    return url[at] == ':' && at > 1 ? at + 1 : 0; /* one letter is a drive */
}

static void split(const WCHAR *url, struct parts *parts)
{
    size_t at = parts->scheme = scheme_end(url);

    if (url[at] == '/' && url[at + 1] == '/')
        for (at += 2; url[at] && !is_slash(url[at]) && url[at] != '?' && url[at] != '#';)
            at++;
    parts->authority = at;
    while (url[at] && url[at] != '?' && url[at] != '#')
        at++;
    parts->path = at;
    while (url[at] && url[at] != '#')
        at++;
    parts->query = at;
    parts->all = at + wide_length(url + at);
}

/* Segments of "." go, ".." take the one before with them; what would lead above the top is left out. */
static size_t dots_remove(WCHAR *path, size_t length)
{
    size_t from = 0, to = 0;

    while (from < length) {
        size_t end = from + 1; /* a segment with the slash before it */

        while (end < length && !is_slash(path[end]))
            end++;
        if (end - from == 2 && path[from + 1] == '.') {
            if (end == length)
                path[to++] = '/';
        } else if (end - from == 3 && path[from + 1] == '.' && path[from + 2] == '.') {
            while (to && !is_slash(path[--to]))
                continue;
            if (end == length)
                path[to++] = '/';
        } else {
            memmove(path + to, path + from, (end - from) * sizeof *path);
            to += end - from;
        }
        from = end;
    }
    return to;
}

static bool scheme_is(const WCHAR *url, const char *scheme)
{
    for (; *scheme; url++, scheme++)
        if ((*url | 0x20) != (WCHAR)*scheme)
            return false;
    return *url == ':';
}

/* In place; there is room for one more character. */
static void simplify(WCHAR *url)
{
    struct parts parts;
    size_t length;

    split(url, &parts);
    if (!parts.scheme || parts.authority == parts.scheme)
        return;
    if (parts.path == parts.authority) {
        if (!scheme_is(url, "http") && !scheme_is(url, "https") && !scheme_is(url, "ftp"))
            return;
        memmove(url + parts.path + 1, url + parts.path, (parts.all - parts.path + 1) * sizeof *url);
        url[parts.path] = '/';
        return;
    }
    for (size_t i = parts.authority; i < parts.path; i++)
        if (url[i] == '\\')
            url[i] = '/';
    length = dots_remove(url + parts.authority, parts.path - parts.authority);
    memmove(url + parts.authority + length, url + parts.path, (parts.all - parts.path + 1) * sizeof *url);
}

/* Takes the URL's memory. */
static HRESULT deliver(WCHAR *url, WCHAR *out, DWORD *room, DWORD flags)
{
    HRESULT status = S_OK;
    size_t length;

    if (!url)
        return E_OUTOFMEMORY;
    if (!(flags & URL_DONT_SIMPLIFY))
        simplify(url);
    if (flags & URL_UNESCAPE)
        UrlUnescapeW(url, NULL, NULL, URL_UNESCAPE_INPLACE);
    if (flags & (URL_ESCAPE_UNSAFE | URL_ESCAPE_SPACES_ONLY | URL_ESCAPE_PERCENT)) {
        status = UrlEscapeW(url, out, room, flags & (URL_ESCAPE_UNSAFE | URL_ESCAPE_SPACES_ONLY | URL_ESCAPE_PERCENT));
    } else {
        length = wide_length(url);
        if (*room <= length) {
            *room = (DWORD)length + 1;
            status = E_POINTER;
        } else {
            memcpy(out, url, (length + 1) * sizeof *out);
            *room = (DWORD)length;
        }
    }
    RtlFreeHeap(heap(), 0, url);
    return status;
}

/* A copy without blanks around it, and room for a slash. */
static WCHAR *trimmed(const WCHAR *url)
{
    size_t length;
    WCHAR *copy;

    while (*url && *url <= ' ')
        url++;
    length = wide_length(url);
    while (length && url[length - 1] <= ' ')
        length--;
    copy = RtlAllocateHeap(heap(), 0, (length + 2) * sizeof *copy);
    if (copy) {
        memcpy(copy, url, length * sizeof *copy);
        copy[length] = 0;
    }
    return copy;
}

HRESULT WINAPI UrlCanonicalizeW(PCWSTR url, PWSTR out, DWORD *room, DWORD flags)
{
    if (!url || !out || !room || !*room)
        return E_INVALIDARG;
    return deliver(trimmed(url), out, room, flags);
}

/* How much of the base stands before a reference. */
static size_t base_kept(const WCHAR *base, const WCHAR *reference)
{
    struct parts parts;
    size_t at;

    split(base, &parts);
    if (is_slash(reference[0]) && is_slash(reference[1]))
        return parts.scheme;
    if (is_slash(reference[0]))
        return parts.authority;
    if (reference[0] == '?')
        return parts.path;
    if (reference[0] == '#' || !reference[0])
        return parts.query;
    for (at = parts.path; at > parts.authority && !is_slash(base[at - 1]); at--)
        continue;
    return at;
}

static WCHAR *combined(const WCHAR *base, const WCHAR *reference)
{
    size_t kept = scheme_end(reference) ? 0 : base_kept(base, reference), length = wide_length(reference);
    struct parts parts;
    WCHAR *whole;
    bool slash;

    split(base, &parts);
    slash = kept && kept == parts.authority && parts.authority > parts.scheme && length && reference[0] != '?' &&
            reference[0] != '#' && !is_slash(reference[0]); /* a host without a path */
    whole = RtlAllocateHeap(heap(), 0, (kept + length + 3) * sizeof *whole);
    if (whole) {
        memcpy(whole, base, kept * sizeof *whole);
        if (slash)
            whole[kept++] = '/';
        memcpy(whole + kept, reference, (length + 1) * sizeof *whole);
    }
    return whole;
}

HRESULT WINAPI UrlCombineW(PCWSTR base, PCWSTR relative, PWSTR out, DWORD *room, DWORD flags)
{
    WCHAR *from, *reference, *whole = NULL;

    if (!base || !relative || !room || (*room && !out))
        return E_INVALIDARG;
    from = trimmed(base);
    reference = trimmed(relative);
    if (from && reference)
        whole = combined(from, reference);
    RtlFreeHeap(heap(), 0, from);
    RtlFreeHeap(heap(), 0, reference);
    return deliver(whole, out, room, flags);
}

/* ---- the A functions ---- */

static HRESULT narrow(const WCHAR *wide, DWORD length, char *out, DWORD *room)
{
    int size = WideCharToMultiByte(CP_ACP, 0, wide, (int)length + 1, NULL, 0, NULL, NULL);

    if (*room < (DWORD)size) {
        *room = (DWORD)size;
        return E_POINTER;
    }
    WideCharToMultiByte(CP_ACP, 0, wide, (int)length + 1, out, size, NULL, NULL);
    *room = (DWORD)size - 1;
    return S_OK;
}

HRESULT WINAPI UrlCombineA(PCSTR base, PCSTR relative, PSTR out, DWORD *room, DWORD flags)
{
    DWORD length = 3 * (DWORD)((base ? strlen(base) : 0) + (relative ? strlen(relative) : 0)) + 16;
    WCHAR *b = wide_from_ansi(base), *r = wide_from_ansi(relative);
    WCHAR *wide = RtlAllocateHeap(heap(), 0, length * sizeof *wide);
    HRESULT status = E_INVALIDARG;

    if (b && r && wide && room && (!*room || out)) {
        status = UrlCombineW(b, r, wide, &length, flags);
        if (SUCCEEDED(status))
            status = narrow(wide, length, out, room);
    }
    RtlFreeHeap(heap(), 0, b);
    RtlFreeHeap(heap(), 0, r);
    RtlFreeHeap(heap(), 0, wide);
    return status;
}

HRESULT WINAPI UrlCanonicalizeA(PCSTR url, PSTR out, DWORD *room, DWORD flags)
{
    if (!url || !out || !room || !*room)
        return E_INVALIDARG;
    return UrlCombineA("", url, out, room, flags);
}
