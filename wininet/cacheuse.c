/*
 * cacheuse.c: requests and the URL cache: what is fresh is not asked for, what is old is asked about, and what may be
 * kept is written while the program reads it (RFC 9111, as a private cache).
 */
#include <stdlib.h>
#include "wininet/cache.h"

/* The request's own object. */
struct cached {
    struct inet_stream stream;
    struct cache_entry entry;
    HANDLE file;
    bool asking; /* the answer will tell whether `entry` is still good */
    bool serving, broken;
};

static void cached_free(void *object)
{
    struct cached *cached = object;

    if (cached->file) {
        CloseHandle(cached->file);
        if (!cached->serving && cached->entry.file) /* not read to its end */
            DeleteFileW(cached->entry.file);
    }
    cache_entry_free(&cached->entry);
    crypt_free(cached);
}

static struct cached *cached_of(HINTERNET request)
{
    struct inet_extra *extra = inet_extra_of(request);

    return extra && extra->object_free == cached_free ? extra->object : NULL;
}

static struct cached *cached_make(HINTERNET request)
{
    struct inet_extra *extra = inet_extra_of(request);
    struct cached *cached = extra ? crypt_alloc(sizeof *cached) : NULL;

    if (cached) {
        extra->object = cached;
        extra->object_free = cached_free;
    }
    return cached;
}

static void cached_drop(HINTERNET request)
{
    struct inet_extra *extra = inet_extra_of(request);

    if (extra && extra->object_free == cached_free) {
        cached_free(extra->object);
        extra->object = NULL;
        extra->object_free = NULL;
    }
}

static WCHAR *header(HINTERNET request, DWORD level)
{
    DWORD size = 0;
    WCHAR *text;

    if (HttpQueryInfoW(request, level, NULL, &size, NULL) || GetLastError() != ERROR_INSUFFICIENT_BUFFER)
        return NULL;
    text = crypt_alloc(size + sizeof *text);
    if (text && !HttpQueryInfoW(request, level, text, &size, NULL)) {
        crypt_free(text);
        return NULL;
    }
    return text;
}

static bool has_header(HINTERNET request, DWORD level)
{
    WCHAR *text = header(request, level);

    crypt_free(text);
    return text != NULL;
}

static WCHAR *url_of(HINTERNET request)
{
    WCHAR text[INTERNET_MAX_URL_LENGTH];
    DWORD size = INTERNET_MAX_URL_LENGTH;

    return InternetQueryOptionW(request, INTERNET_OPTION_URL, text, &size) ? wide_copy(text) : NULL;
}

static bool is_get(HINTERNET request)
{
    WCHAR *method = header(request, HTTP_QUERY_REQUEST_METHOD | HTTP_QUERY_FLAG_REQUEST_HEADERS);
    bool is = method && !wide_compare(method, L"GET");

    crypt_free(method);
    return is;
}

static FILETIME header_time(HINTERNET request, DWORD level)
{
    SYSTEMTIME time;
    FILETIME result = {0, 0};
    DWORD size = sizeof time;

    if (HttpQueryInfoW(request, level | HTTP_QUERY_FLAG_SYSTEMTIME, &time, &size, NULL))
        SystemTimeToFileTime(&time, &result);
    return result;
}

static bool has_word(const WCHAR *text, const WCHAR *word, const WCHAR **value)
{
    size_t length = wide_length(word);

    while (text && *text) {
        while (*text == ' ' || *text == ',')
            text++;
        if (wide_length(text) >= length &&
            CompareStringOrdinal(text, (int)length, word, (int)length, TRUE) == CSTR_EQUAL) {
            if (value)
                *value = text + length;
            return true;
        }
        while (*text && *text != ',')
            text++;
    }
    return false;
}

/* When the answer will be old; 0: it is to be asked about each time. */
static FILETIME expiry(HINTERNET request)
{
    WCHAR *control = header(request, HTTP_QUERY_CACHE_CONTROL);
    const WCHAR *value;
    FILETIME result = {0, 0};
    uint64_t seconds = 0;

    if (has_word(control, L"max-age=", &value) && !has_word(control, L"no-cache", NULL)) {
        for (; *value >= '0' && *value <= '9' && seconds < 1000000000; value++)
            seconds = seconds * 10 + (uint64_t)(*value - '0');
        if (seconds)
            result = cache_time(cache_now() + seconds * 10000000);
    } else if (!has_word(control, L"no-cache", NULL)) {
        result = header_time(request, HTTP_QUERY_EXPIRES);
    }
    crypt_free(control);
    return result;
}

static DWORD cached_read(struct inet_stream *stream, HINTERNET handle, void *buffer, DWORD size, DWORD *got)
{
    struct cached *cached = (struct cached *)stream;

    (void)handle;
    return ReadFile(cached->file, buffer, size, got, NULL) ? 0 : GetLastError();
}

static DWORD cached_available(struct inet_stream *stream, HINTERNET handle, DWORD *available)
{
    struct cached *cached = (struct cached *)stream;
    DWORD place = SetFilePointer(cached->file, 0, NULL, FILE_CURRENT), size = GetFileSize(cached->file, NULL);

    (void)handle;
    *available = size > place ? size - place : 0;
    return 0;
}

static DWORD cached_seek(struct inet_stream *stream, LONG distance, LONG *high, DWORD method)
{
    return SetFilePointer(((struct cached *)stream)->file, distance, high, method);
}

/* From now on the answer is what lies in the entry's file. */
static bool serve(HINTERNET request, struct cached *cached)
{
    HANDLE file = cached->entry.file ? CreateFileW(cached->entry.file, GENERIC_READ,
                                                   FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL,
                                                   OPEN_EXISTING, 0, NULL)
                                     : INVALID_HANDLE_VALUE;

    if (file == INVALID_HANDLE_VALUE || !cached->entry.head || GetFileSize(file, NULL) != (DWORD)cached->entry.size) {
        if (file != INVALID_HANDLE_VALUE)
            CloseHandle(file);
        return false;
    }
    cached->file = file;
    cached->serving = true;
    cached->asking = false;
    cached->stream = (struct inet_stream){.read = cached_read, .available = cached_available, .seek = cached_seek};
    inet_set_head(request, wide_copy(cached->entry.head));
    return true;
}

/* Asks whether the entry is still good. */
static bool ask(HINTERNET request, const WCHAR *head)
{
    static const struct {
        const WCHAR *from, *to;
    } names[] = {{L"\r\nETag:", L"If-None-Match:"}, {L"\r\nLast-Modified:", L"If-Modified-Since:"}};
    bool any = false;

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        size_t length = wide_length(names[i].from), front = wide_length(names[i].to);

        for (const WCHAR *at = head; at && *at; at++)
            if (CompareStringOrdinal(at, (int)length, names[i].from, (int)length, TRUE) == CSTR_EQUAL &&
                wide_length(at) > length) {
                const WCHAR *end = at + length;
                WCHAR *line;

                while (*end && *end != '\r')
                    end++;
                line = crypt_alloc((front + (size_t)(end - at) + 1) * sizeof *line);
                if (!line)
                    break;
                memcpy(line, names[i].to, front * sizeof *line);
                memcpy(line + front, at + length, (size_t)(end - at - (int)length) * sizeof *line);
                any |=
                    HttpAddRequestHeadersW(request, line, (DWORD)-1, HTTP_ADDREQ_FLAG_ADD | HTTP_ADDREQ_FLAG_REPLACE);
                crypt_free(line);
                break;
            }
    }
    return any;
}

bool cache_before(HINTERNET request, DWORD *error)
{
    struct inet_extra *extra = inet_extra_of(request);
    struct cache_entry entry;
    struct cached *cached;
    WCHAR *url;
    bool found;

    *error = 0;
    cached_drop(request);
    if (!extra || extra->flags & (INTERNET_FLAG_RELOAD | INTERNET_FLAG_PRAGMA_NOCACHE) || !is_get(request))
        return false;
    for (DWORD level = HTTP_QUERY_IF_MODIFIED_SINCE, i = 0; i < 4; i++) { /* the program asks itself */
        static const DWORD levels[] = {HTTP_QUERY_IF_MODIFIED_SINCE, HTTP_QUERY_IF_NONE_MATCH, HTTP_QUERY_RANGE,
                                       HTTP_QUERY_IF_RANGE};
        level = levels[i];
        if (has_header(request, level | HTTP_QUERY_FLAG_REQUEST_HEADERS))
            return false;
    }
    url = url_of(request);
    found = url && cache_find(url, &entry);
    crypt_free(url);
    if (!found || !(cached = cached_make(request))) {
        if (found)
            cache_entry_free(&entry);
        *error = extra->flags & INTERNET_FLAG_FROM_CACHE ? ERROR_FILE_NOT_FOUND : 0;
        return false;
    }
    cached->entry = entry;
    uint64_t expires = (uint64_t)entry.expires.dwHighDateTime << 32 | entry.expires.dwLowDateTime;
    if (extra->flags & INTERNET_FLAG_FROM_CACHE ||
        (!(extra->flags & INTERNET_FLAG_RESYNCHRONIZE) && expires > cache_now())) {
        if (serve(request, cached))
            return true;
        *error = extra->flags & INTERNET_FLAG_FROM_CACHE ? ERROR_FILE_NOT_FOUND : 0;
    } else if (entry.file && GetFileAttributesW(entry.file) != INVALID_FILE_ATTRIBUTES) {
        cached->asking = ask(request, entry.head);
    }
    if (!cached->asking)
        cached_drop(request);
    return false;
}

/* What winhttp reads is written, too; at the end it becomes an entry. */
static void cached_seen(struct inet_stream *stream, HINTERNET handle, const void *data, DWORD size, DWORD asked)
{
    struct cached *cached = (struct cached *)stream;
    DWORD written;

    (void)handle;
    if (cached->broken || !cached->file)
        return;
    cached->broken = !WriteFile(cached->file, data, size, &written, NULL);
    cached->entry.size += size;
    if (size == asked || cached->broken)
        return;
    CloseHandle(cached->file);
    cached->file = NULL;
    cached->entry.accessed = cached->entry.synced = cache_time(cache_now());
    if (!cache_store(&cached->entry))
        DeleteFileW(cached->entry.file);
}

static bool may_be_kept(HINTERNET request, DWORD flags)
{
    WCHAR *control = header(request, HTTP_QUERY_CACHE_CONTROL);
    bool kept;

    kept = !(flags & INTERNET_FLAG_NO_CACHE_WRITE) && is_get(request) && !has_word(control, L"no-store", NULL) &&
           !has_header(request, HTTP_QUERY_RANGE | HTTP_QUERY_FLAG_REQUEST_HEADERS) &&
           !has_header(request, HTTP_QUERY_CONTENT_ENCODING) && !has_header(request, HTTP_QUERY_VARY) &&
           (flags & INTERNET_FLAG_NEED_FILE || has_word(control, L"max-age=", NULL) ||
            has_header(request, HTTP_QUERY_EXPIRES) || has_header(request, HTTP_QUERY_LAST_MODIFIED) ||
            has_header(request, HTTP_QUERY_ETAG));
    crypt_free(control);
    return kept;
}

static void keep(HINTERNET request)
{
    struct cached *cached = cached_make(request);
    WCHAR path[MAX_PATH];

    if (!cached)
        return;
    cached->entry.type = NORMAL_CACHE_ENTRY;
    cached->entry.url = url_of(request);
    cached->entry.head = header(request, HTTP_QUERY_RAW_HEADERS_CRLF);
    cached->entry.expires = expiry(request);
    cached->entry.modified = header_time(request, HTTP_QUERY_LAST_MODIFIED);
    if (cached->entry.url && cached->entry.head && cache_file_make(cached->entry.url, NULL, path)) {
        cached->entry.file = wide_copy(path);
        cached->file =
            CreateFileW(path, GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_DELETE, NULL, CREATE_ALWAYS, 0, NULL);
        if (cached->file == INVALID_HANDLE_VALUE)
            cached->file = NULL;
        cached->stream.seen = cached_seen;
    } else {
        cached_drop(request);
    }
}

void cache_after(HINTERNET request)
{
    struct inet_extra *extra = inet_extra_of(request);
    struct cached *cached = cached_of(request);
    DWORD status = 0, size = sizeof status;

    if (!extra || !HttpQueryInfoW(request, HTTP_QUERY_STATUS_CODE | HTTP_QUERY_FLAG_NUMBER, &status, &size, NULL))
        return;
    if (cached && cached->asking && status == 304) {
        FILETIME expires = expiry(request);

        if (serve(request, cached)) {
            cached->entry.expires = expires;
            cached->entry.accessed = cached->entry.synced = cache_time(cache_now());
            cached->entry.hits++;
            cache_store(&cached->entry);
            return;
        }
    }
    cached_drop(request);
    if (status == 200 && may_be_kept(request, extra->flags))
        keep(request);
}

bool cache_answered(HINTERNET request)
{
    struct cached *cached = cached_of(request);

    return cached && cached->serving;
}

const WCHAR *cache_data_file(HINTERNET request)
{
    struct cached *cached = cached_of(request);

    return cached ? cached->entry.file : NULL;
}
