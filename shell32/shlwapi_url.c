/*
 * shlwapi_url.c: shlwapi.dll's Url functions.
 *
 * Layer: shell32.  Pure computing over wide text; the A functions convert.
 */
#include <string.h>
#include "win.h"
#include "ntdll/nls.h"
#include <shlwapi.h>

#define POINTER_ERROR E_POINTER

/* Length of the scheme before the colon; 0: no URL.  One letter is a drive. */
static size_t scheme_length(const WCHAR *url)
{
    size_t length = 0;

    for (; url[length] && url[length] != ':'; length++) {
        WCHAR c = url[length], letter = c | 0x20;

        if (!((letter >= 'a' && letter <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.'))
            return 0;
    }
    return url[length] == ':' && length > 1 ? length : 0;
}

static bool scheme_is(const WCHAR *url, const char *scheme)
{
    size_t length = strlen(scheme);

    if (scheme_length(url) != length)
        return false;
    for (size_t i = 0; i < length; i++)
        if (wide_lower(url[i]) != (WCHAR)scheme[i])
            return false;
    return true;
}

static const struct {
    const char *name;
    URL_SCHEME scheme;
} schemes[] = {
    {"ftp", URL_SCHEME_FTP},
    {"http", URL_SCHEME_HTTP},
    {"gopher", URL_SCHEME_GOPHER},
    {"mailto", URL_SCHEME_MAILTO},
    {"news", URL_SCHEME_NEWS},
    {"nntp", URL_SCHEME_NNTP},
    {"telnet", URL_SCHEME_TELNET},
    {"wais", URL_SCHEME_WAIS},
    {"file", URL_SCHEME_FILE},
    {"mk", URL_SCHEME_MK},
    {"https", URL_SCHEME_HTTPS},
    {"shell", URL_SCHEME_SHELL},
    {"snews", URL_SCHEME_SNEWS},
    {"local", URL_SCHEME_LOCAL},
    {"javascript", URL_SCHEME_JAVASCRIPT},
    {"vbscript", URL_SCHEME_VBSCRIPT},
    {"about", URL_SCHEME_ABOUT},
    {"res", URL_SCHEME_RES},
    {"ms-its", 21 /* MSHELP */},
    {"search-ms", URL_SCHEME_SEARCH_MS},
};

static URL_SCHEME scheme_of(const WCHAR *url)
{
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++)
        if (scheme_is(url, schemes[i].name))
            return schemes[i].scheme;
    return scheme_length(url) ? URL_SCHEME_UNKNOWN : URL_SCHEME_INVALID;
}

/* mailto:, javascript: and the like have no hierarchy of names. */
static bool is_opaque(const WCHAR *url)
{
    switch (scheme_of(url)) {
    case URL_SCHEME_MAILTO:
    case URL_SCHEME_NEWS:
    case URL_SCHEME_SHELL:
    case URL_SCHEME_JAVASCRIPT:
    case URL_SCHEME_VBSCRIPT:
    case URL_SCHEME_ABOUT:
        return true;
    default:
        return false;
    }
}

BOOL WINAPI UrlIsW(PCWSTR url, URLIS what)
{
    size_t length;

    if (!url)
        return FALSE;
    length = wide_length(url);
    switch (what) {
    case URLIS_URL:
        return scheme_length(url) != 0;
    case URLIS_OPAQUE:
        return is_opaque(url);
    case URLIS_FILEURL:
        return scheme_is(url, "file");
    case URLIS_DIRECTORY:
        return length && (url[length - 1] == '/' || url[length - 1] == '\\');
    default: /* NOHISTORY, APPLIABLE, HASQUERY: as far as the text tells */
        if (what == URLIS_HASQUERY)
            for (; *url; url++)
                if (*url == '?')
                    return TRUE;
        return FALSE;
    }
}

BOOL WINAPI UrlIsA(PCSTR url, URLIS what)
{
    WCHAR *wide = wide_from_ansi(url);
    BOOL result = UrlIsW(wide, what);

    RtlFreeHeap(peb_current()->ProcessHeap, 0, wide);
    return result;
}

BOOL WINAPI UrlIsOpaqueW(PCWSTR url)
{
    return UrlIsW(url, URLIS_OPAQUE);
}

BOOL WINAPI UrlIsOpaqueA(PCSTR url)
{
    return UrlIsA(url, URLIS_OPAQUE);
}

BOOL WINAPI UrlIsNoHistoryW(PCWSTR url)
{
    return UrlIsW(url, URLIS_NOHISTORY);
}

BOOL WINAPI UrlIsNoHistoryA(PCSTR url)
{
    return UrlIsA(url, URLIS_NOHISTORY);
}

/* Text that grows; `lost` once memory ran out. */
struct url_text {
    WCHAR *text;
    size_t length, room;
    bool lost;
};

static void text_put(struct url_text *text, WCHAR c)
{
    if (text->length + 1 >= text->room) {
        size_t room = text->room ? 2 * text->room : 256;
        HANDLE heap = peb_current()->ProcessHeap;
        WCHAR *larger = text->text ? RtlReAllocateHeap(heap, 0, text->text, room * sizeof *larger)
                                   : RtlAllocateHeap(heap, 0, room * sizeof *larger);

        if (!larger) {
            text->lost = true;
            return;
        }
        text->text = larger;
        text->room = room;
    }
    text->text[text->length++] = c;
    text->text[text->length] = 0;
}

static void text_free(struct url_text *text)
{
    if (text->text)
        RtlFreeHeap(peb_current()->ProcessHeap, 0, text->text);
}

/* Into the caller's buffer, or E_POINTER and the size with the zero; then the text is freed. */
static HRESULT text_deliver(struct url_text *text, WCHAR *out, DWORD *room)
{
    HRESULT result = S_OK;

    if (text->lost) {
        result = E_OUTOFMEMORY;
    } else if (*room <= text->length) {
        *room = (DWORD)text->length + 1;
        result = POINTER_ERROR;
    } else {
        if (text->length)
            memcpy(out, text->text, text->length * sizeof *out);
        out[text->length] = 0;
        *room = (DWORD)text->length;
    }
    text_free(text);
    return result;
}

static void put_escape(struct url_text *text, unsigned char byte)
{
    text_put(text, '%');
    text_put(text, (WCHAR) "0123456789ABCDEF"[byte >> 4]);
    text_put(text, (WCHAR) "0123456789ABCDEF"[byte & 15]);
}

static int hex_value(WCHAR c)
{
    WCHAR letter = c | 0x20;

    return c >= '0' && c <= '9' ? c - '0' : letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
}

/* Characters that are never written plainly. */
static bool is_unsafe(WCHAR c, DWORD flags)
{
    if (flags & URL_ESCAPE_SEGMENT_ONLY && (c == '/' || c == '#' || c == '?' || c == ';' || c == '&'))
        return true;
    switch (c) {
    case ' ':
    case '"':
    case '<':
    case '>':
    case '[':
    case '\\':
    case ']':
    case '^':
    case '`':
    case '{':
    case '|':
    case '}':
        return true;
    case '%':
        return flags & URL_ESCAPE_PERCENT;
    default:
        return c < 0x20 || c == 0x7f;
    }
}

static void put_escaped(struct url_text *text, const WCHAR *from, size_t length, DWORD flags)
{
    for (size_t i = 0; i < length; i++) {
        char bytes[4];
        size_t count = 0, units = 1;

        if (from[i] < 0x80 ? !is_unsafe(from[i], flags) : false) {
            text_put(text, from[i]);
        } else if (from[i] < 0x80 || !(flags & URL_ESCAPE_AS_UTF8)) {
            if (from[i] < 0x100)
                put_escape(text, (unsigned char)from[i]);
            else
                text_put(text, from[i]);
        } else {
            if (from[i] >= 0xd800 && from[i] < 0xdc00 && i + 1 < length)
                units = 2;
            codepage_encode(CP_UTF8, false, from + i, units, bytes, sizeof bytes, NULL, &count);
            for (size_t at = 0; at < count; at++)
                put_escape(text, (unsigned char)bytes[at]);
            i += units - 1;
        }
    }
}

HRESULT WINAPI UrlEscapeW(PCWSTR url, PWSTR out, DWORD *room, DWORD flags)
{
    struct url_text text = {0};
    size_t query, length;

    if (!url || !out || !room || !*room)
        return E_INVALIDARG;
    length = wide_length(url);
    for (query = 0; query < length && url[query] != '?' && url[query] != '#'; query++)
        ;
    if ((flags & URL_DONT_ESCAPE_EXTRA_INFO || !(flags & (URL_ESCAPE_PERCENT | URL_ESCAPE_SEGMENT_ONLY))) &&
        !(flags & URL_ESCAPE_SEGMENT_ONLY) && query < length) {
        put_escaped(&text, url, query, flags);
        for (; query < length; query++)
            text_put(&text, url[query]);
    } else {
        put_escaped(&text, url, length, flags);
    }
    return text_deliver(&text, out, room);
}

static void put_unescaped(struct url_text *text, const WCHAR *from, DWORD flags)
{
    while (*from) {
        char bytes[256];
        WCHAR wide[256];
        size_t count = 0, written = 0;

        if ((flags & URL_DONT_UNESCAPE_EXTRA_INFO) && (*from == '?' || *from == '#'))
            break;
        while (count < sizeof bytes && from[0] == '%' && hex_value(from[1]) >= 0 && hex_value(from[2]) >= 0) {
            bytes[count++] = (char)(hex_value(from[1]) << 4 | hex_value(from[2]));
            from += 3;
        }
        if (!count) {
            text_put(text, *from++);
            continue;
        }
        if (flags & URL_UNESCAPE_AS_UTF8)
            codepage_decode(CP_UTF8, false, bytes, count, wide, 256, &written);
        else
            for (; written < count; written++)
                wide[written] = (unsigned char)bytes[written];
        for (size_t i = 0; i < written; i++)
            text_put(text, wide[i]);
    }
    for (; *from; from++)
        text_put(text, *from);
}

HRESULT WINAPI UrlUnescapeW(PWSTR url, PWSTR out, DWORD *room, DWORD flags)
{
    struct url_text text = {0};

    if (!url || (!(flags & URL_UNESCAPE_INPLACE) && (!out || !room || !*room)))
        return E_INVALIDARG;
    put_unescaped(&text, url, flags);
    if (flags & URL_UNESCAPE_INPLACE) {
        DWORD whole = (DWORD)wide_length(url) + 1;

        return text_deliver(&text, url, &whole);
    }
    return text_deliver(&text, out, room);
}

/* A path with its drive or share as file:///C:/... or file://server/share/... */
HRESULT WINAPI UrlCreateFromPathW(PCWSTR path, PWSTR url, DWORD *room, DWORD reserved)
{
    struct url_text text = {0};
    static const char scheme[] = "file:";
    const WCHAR *at = path;
    HRESULT result;

    if (!path || !url || !room || reserved)
        return E_INVALIDARG;
    if (scheme_length(path)) { /* is one already */
        for (; *at; at++)
            text_put(&text, *at);
        result = text_deliver(&text, url, room);
        return result == S_OK ? S_FALSE : result;
    }
    for (int i = 0; scheme[i]; i++)
        text_put(&text, (WCHAR)scheme[i]);
    if (path[0] && path[1] == ':')
        for (int i = 0; i < 3; i++)
            text_put(&text, '/');
    else if ((path[0] == '\\' || path[0] == '/') && path[1] != '\\')
        for (int i = 0; i < 2; i++)
            text_put(&text, '/');
    for (; *at; at++) {
        WCHAR c = *at;

        if (c == '\\')
            text_put(&text, '/');
        else if (c < 0x80 && (is_unsafe(c, URL_ESCAPE_PERCENT) || c == '#' || c == '?' || c == ';'))
            put_escape(&text, (unsigned char)c);
        else
            text_put(&text, c);
    }
    return text_deliver(&text, url, room);
}

HRESULT WINAPI PathCreateFromUrlW(PCWSTR url, PWSTR path, DWORD *room, DWORD flags)
{
    struct url_text plain = {0}, text = {0};
    const WCHAR *at;
    unsigned slashes = 0;

    (void)flags;
    if (!url || !path || !room || !*room || !scheme_is(url, "file"))
        return E_INVALIDARG;
    put_unescaped(&plain, url + 5, URL_UNESCAPE_AS_UTF8);
    if (plain.lost || !plain.text) {
        text_free(&plain);
        return plain.lost ? E_OUTOFMEMORY : E_INVALIDARG;
    }
    at = plain.text;
    while (*at == '/' || *at == '\\')
        at++, slashes++;
    if (at[0] && (at[1] == ':' || at[1] == '|')) { /* a drive, with any number of slashes before it */
        text_put(&text, *at);
        text_put(&text, ':');
        at += 2;
    } else if (slashes == 2 && RtlCompareUnicodeStrings(at, 10, u"localhost/", 10, TRUE) == 0) {
        at += 9;
        if (at[1] && (at[2] == ':' || at[2] == '|'))
            at++;
    } else if (slashes == 2 || slashes > 3) {
        text_put(&text, '\\');
        text_put(&text, '\\');
    } else if (slashes) {
        text_put(&text, '\\');
    }
    for (; *at && *at != '?' && *at != '#'; at++)
        text_put(&text, *at == '/' ? '\\' : *at);
    text_free(&plain);
    return text_deliver(&text, path, room);
}

HRESULT WINAPI PathCreateFromUrlAlloc(PCWSTR url, PWSTR *path, DWORD flags)
{
    DWORD room = url ? (DWORD)wide_length(url) + 4 : 0;
    HRESULT result;

    if (!url || !path)
        return E_INVALIDARG;
    *path = CoTaskMemAlloc(room * sizeof(WCHAR));
    result = *path ? PathCreateFromUrlW(url, *path, &room, flags) : E_OUTOFMEMORY;
    if (FAILED(result)) {
        CoTaskMemFree(*path);
        *path = NULL;
    }
    return result;
}

HRESULT WINAPI ParseURLW(PCWSTR url, PARSEDURLW *parsed)
{
    size_t length;

    if (!url || !parsed || parsed->cbSize != sizeof *parsed)
        return E_INVALIDARG;
    length = scheme_length(url);
    if (!length) {
        parsed->pszProtocol = NULL;
        return (HRESULT)0x80041001; /* URL_E_INVALID_SYNTAX */
    }
    parsed->pszProtocol = url;
    parsed->cchProtocol = (UINT)length;
    parsed->pszSuffix = url + length + 1;
    parsed->cchSuffix = (UINT)wide_length(parsed->pszSuffix);
    parsed->nScheme = (UINT)scheme_of(url);
    return S_OK;
}

/* Where the parts of scheme://user:password@host:port/path?query begin and end. */
struct url_parts {
    size_t scheme, user, user_end, password, password_end, host, host_end, port, port_end, query;
};

static bool parts_find(const WCHAR *url, struct url_parts *parts)
{
    size_t at, end, mark;

    memset(parts, 0, sizeof *parts);
    parts->scheme = scheme_length(url);
    if (!parts->scheme)
        return false;
    for (at = parts->scheme + 1; url[at] && url[at] != '?'; at++)
        ;
    parts->query = url[at] ? at + 1 : 0;
    at = parts->scheme + 1;
    if (url[at] != '/' || url[at + 1] != '/')
        return true;
    at += 2;
    for (end = at; url[end] && url[end] != '/' && url[end] != '?' && url[end] != '#'; end++)
        ;
    for (mark = end; mark > at && url[mark - 1] != '@'; mark--)
        ;
    if (mark > at) { /* user:password@ */
        parts->user = at;
        for (parts->user_end = at; url[parts->user_end] != ':' && parts->user_end < mark - 1; parts->user_end++)
            ;
        if (parts->user_end < mark - 1)
            parts->password = parts->user_end + 1, parts->password_end = mark - 1;
        at = mark;
    }
    parts->host = at;
    for (parts->host_end = at; parts->host_end < end && url[parts->host_end] != ':'; parts->host_end++)
        ;
    if (parts->host_end < end)
        parts->port = parts->host_end + 1, parts->port_end = end;
    return true;
}

HRESULT WINAPI UrlGetPartW(PCWSTR url, PWSTR out, DWORD *room, DWORD part, DWORD flags)
{
    struct url_parts parts;
    struct url_text text = {0};
    size_t from = 0, to = 0;

    if (!url || !out || !room || !*room)
        return E_INVALIDARG;
    if (!parts_find(url, &parts)) {
        *out = 0;
        return part == URL_PART_SCHEME || part == URL_PART_QUERY ? S_OK : E_FAIL;
    }
    switch (part) {
    case URL_PART_SCHEME:
        to = parts.scheme;
        break;
    case URL_PART_USERNAME:
        from = parts.user, to = parts.user_end;
        break;
    case URL_PART_PASSWORD:
        from = parts.password, to = parts.password_end;
        break;
    case URL_PART_HOSTNAME:
        from = parts.host, to = parts.host_end;
        break;
    case URL_PART_PORT:
        from = parts.port, to = parts.port_end;
        break;
    case URL_PART_QUERY:
        from = parts.query, to = from ? wide_length(url) : 0;
        break;
    default:
        return E_INVALIDARG;
    }
    if (from == to) {
        *out = 0;
        *room = 0;
        return part == URL_PART_HOSTNAME && scheme_is(url, "file") ? S_FALSE
               : part == URL_PART_QUERY                            ? S_OK
               : parts.host                                        ? E_INVALIDARG
                                                                   : E_FAIL;
    }
    if ((flags & URL_PARTFLAG_KEEPSCHEME) && part != URL_PART_SCHEME && part != URL_PART_QUERY) {
        for (size_t i = 0; i <= parts.scheme; i++)
            text_put(&text, url[i]);
    }
    for (; from < to; from++)
        text_put(&text, url[from]);
    return text_deliver(&text, out, room);
}

PCWSTR WINAPI UrlGetLocationW(PCWSTR url)
{
    if (!url || is_opaque(url))
        return NULL;
    for (; *url; url++)
        if (*url == '#')
            return url;
    return NULL;
}

int WINAPI UrlCompareW(PCWSTR a, PCWSTR b, BOOL ignore_slash)
{
    size_t x = wide_length(a), y = wide_length(b);
    LONG order;

    if (ignore_slash && x && a[x - 1] == '/')
        x--;
    if (ignore_slash && y && b[y - 1] == '/')
        y--;
    order = RtlCompareUnicodeStrings(a, x, b, y, FALSE);
    return order < 0 ? -1 : order > 0;
}

int WINAPI UrlCompareA(PCSTR a, PCSTR b, BOOL ignore_slash)
{
    WCHAR *x = wide_from_ansi(a), *y = wide_from_ansi(b);
    int result = x && y ? UrlCompareW(x, y, ignore_slash) : 0;

    RtlFreeHeap(peb_current()->ProcessHeap, 0, x);
    RtlFreeHeap(peb_current()->ProcessHeap, 0, y);
    return result;
}

/* One shape for all A functions that turn a text into another. */
static HRESULT ansi_call(HRESULT(WINAPI *function)(PCWSTR, PWSTR, DWORD *, DWORD), PCSTR url, PSTR out, DWORD *room,
                         DWORD flags)
{
    WCHAR *wide = wide_from_ansi(url), *result = NULL;
    DWORD size = url ? 3 * (DWORD)strlen(url) + 64 : 0;
    HRESULT status = E_INVALIDARG;
    size_t written = 0;

    if (wide && out && room && *room)
        result = RtlAllocateHeap(peb_current()->ProcessHeap, 0, size * sizeof *result);
    if (result)
        status = function(wide, result, &size, flags);
    if (SUCCEEDED(status)) {
        codepage_encode(codepage_ansi(), false, result, size, NULL, 0, NULL, &written);
        if (written + 1 > *room) {
            *room = (DWORD)written + 1;
            status = POINTER_ERROR;
        } else {
            codepage_encode(codepage_ansi(), false, result, size, out, *room, NULL, &written);
            out[written] = 0;
            *room = (DWORD)written;
        }
    }
    RtlFreeHeap(peb_current()->ProcessHeap, 0, result);
    RtlFreeHeap(peb_current()->ProcessHeap, 0, wide);
    return status;
}

HRESULT WINAPI UrlEscapeA(PCSTR url, PSTR out, DWORD *room, DWORD flags)
{
    return ansi_call(UrlEscapeW, url, out, room, flags);
}

HRESULT WINAPI UrlCreateFromPathA(PCSTR path, PSTR url, DWORD *room, DWORD reserved)
{
    return ansi_call(UrlCreateFromPathW, path, url, room, reserved);
}

HRESULT WINAPI PathCreateFromUrlA(PCSTR url, PSTR path, DWORD *room, DWORD flags)
{
    return ansi_call(PathCreateFromUrlW, url, path, room, flags);
}

/* Bytes stay bytes. */
HRESULT WINAPI UrlUnescapeA(PSTR url, PSTR out, DWORD *room, DWORD flags)
{
    bool in_place = flags & URL_UNESCAPE_INPLACE;
    size_t length = 0;
    DWORD whole = url ? (DWORD)strlen(url) + 1 : 0;

    if (!url || (!in_place && (!out || !room || !*room)))
        return E_INVALIDARG;
    if (in_place)
        out = url, room = &whole;
    for (const char *at = url; *at; length++) {
        int high = at[0] == '%' ? hex_value((WCHAR)(unsigned char)at[1]) : -1;
        int low = high >= 0 ? hex_value((WCHAR)(unsigned char)at[2]) : -1;

        if (length + 1 < *room)
            out[length] = low >= 0 ? (char)(high << 4 | low) : *at;
        at += low >= 0 ? 3 : 1;
    }
    if (length + 1 > *room) {
        *room = (DWORD)length + 1;
        return POINTER_ERROR;
    }
    out[length] = 0;
    *room = (DWORD)length;
    return S_OK;
}

/* A quick hash of bytes, any size. */
HRESULT WINAPI HashData(BYTE *data, DWORD size, BYTE *hash, DWORD hash_size)
{
    if (!data || !hash)
        return E_INVALIDARG;
    for (DWORD i = 0; i < hash_size; i++)
        hash[i] = (BYTE)i;
    for (DWORD at = size; at--;) {
        BYTE carry = data[at];

        for (DWORD i = hash_size; i--;) {
            ULONG mixed = (hash[i] ^ carry) * 0x9e3779b1u;

            hash[i] = (BYTE)(mixed >> 24 ^ mixed);
            carry = (BYTE)(mixed >> 16);
        }
    }
    return S_OK;
}
