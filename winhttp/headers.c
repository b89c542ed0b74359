/*
 * headers.c: winhttp.h: headers of requests and answers.
 */
#include "winhttp/http.h"

/* By their numbers; NULL: computed, or none. */
static const WCHAR *const names[] = {
    [0] = L"MIME-Version",
    [1] = L"Content-Type",
    [2] = L"Content-Transfer-Encoding",
    [3] = L"Content-ID",
    [4] = L"Content-Description",
    [5] = L"Content-Length",
    [6] = L"Content-Language",
    [7] = L"Allow",
    [8] = L"Public",
    [9] = L"Date",
    [10] = L"Expires",
    [11] = L"Last-Modified",
    [12] = L"Message-ID",
    [13] = L"URI",
    [14] = L"Derived-From",
    [15] = L"Cost",
    [16] = L"Link",
    [17] = L"Pragma",
    [23] = L"Connection",
    [24] = L"Accept",
    [25] = L"Accept-Charset",
    [26] = L"Accept-Encoding",
    [27] = L"Accept-Language",
    [28] = L"Authorization",
    [29] = L"Content-Encoding",
    [30] = L"Forwarded",
    [31] = L"From",
    [32] = L"If-Modified-Since",
    [33] = L"Location",
    [34] = L"Orig-URI",
    [35] = L"Referer",
    [36] = L"Retry-After",
    [37] = L"Server",
    [38] = L"Title",
    [39] = L"User-Agent",
    [40] = L"WWW-Authenticate",
    [41] = L"Proxy-Authenticate",
    [42] = L"Accept-Ranges",
    [43] = L"Set-Cookie",
    [44] = L"Cookie",
    [46] = L"Refresh",
    [47] = L"Content-Disposition",
    [48] = L"Age",
    [49] = L"Cache-Control",
    [50] = L"Content-Base",
    [51] = L"Content-Location",
    [52] = L"Content-MD5",
    [53] = L"Content-Range",
    [54] = L"ETag",
    [55] = L"Host",
    [56] = L"If-Match",
    [57] = L"If-None-Match",
    [58] = L"If-Range",
    [59] = L"If-Unmodified-Since",
    [60] = L"Max-Forwards",
    [61] = L"Proxy-Authorization",
    [62] = L"Range",
    [63] = L"Transfer-Encoding",
    [64] = L"Upgrade",
    [65] = L"Vary",
    [66] = L"Via",
    [67] = L"Warning",
    [68] = L"Expect",
    [69] = L"Proxy-Connection",
    [70] = L"Unless-Modified-Since",
    [75] = L"Proxy-Support",
    [76] = L"Authentication-Info",
    [77] = L"PassportURLs",
    [78] = L"PassportConfig",
};

static size_t name_length(const WCHAR *line)
{
    size_t length = 0;

    while (line[length] && line[length] != ':' && line[length] != '\r' && line[length] != '\n')
        length++;
    return length;
}

static bool name_is(const WCHAR *line, const WCHAR *name)
{
    size_t length = name_length(line);

    return line[length] == ':' && wide_length(name) == length &&
           CompareStringOrdinal(line, (int)length, name, (int)length, TRUE) == CSTR_EQUAL;
}

static const WCHAR *value_of(const WCHAR *line)
{
    line += name_length(line);
    if (*line == ':')
        line++;
    while (*line == ' ' || *line == '\t')
        line++;
    return line;
}

static WCHAR *cut(const WCHAR *from, size_t length)
{
    WCHAR *copy = crypt_alloc((length + 1) * sizeof *copy);

    if (copy)
        memcpy(copy, from, length * sizeof *copy);
    return copy;
}

const WCHAR *request_header(const struct request *request, const WCHAR *name)
{
    for (DWORD i = 0; i < request->header_count; i++)
        if (name_is(request->headers[i], name))
            return value_of(request->headers[i]);
    return NULL;
}

static void remove_at(struct request *request, DWORD index)
{
    crypt_free(request->headers[index]);
    request->header_count--;
    memmove(&request->headers[index], &request->headers[index + 1],
            (request->header_count - index) * sizeof *request->headers);
}

void headers_remove(struct request *request, const WCHAR *name)
{
    for (DWORD i = request->header_count; i > 0; i--)
        if (name_is(request->headers[i - 1], name))
            remove_at(request, i - 1);
}

static DWORD append(struct request *request, WCHAR *line)
{
    WCHAR **longer = crypt_alloc((request->header_count + 1) * sizeof *longer);

    if (!longer || !line) {
        crypt_free(line);
        crypt_free(longer);
        return ERROR_OUTOFMEMORY;
    }
    if (request->header_count)
        memcpy(longer, request->headers, request->header_count * sizeof *longer);
    longer[request->header_count++] = line;
    crypt_free(request->headers);
    request->headers = longer;
    return 0;
}

static DWORD coalesce(WCHAR **place, const WCHAR *value, WCHAR separator)
{
    size_t a = wide_length(*place), b = wide_length(value);
    WCHAR *joined = crypt_alloc((a + b + 3) * sizeof *joined);

    if (!joined)
        return ERROR_OUTOFMEMORY;
    memcpy(joined, *place, a * sizeof *joined);
    joined[a] = separator;
    joined[a + 1] = ' ';
    memcpy(joined + a + 2, value, b * sizeof *joined);
    crypt_free(*place);
    *place = joined;
    return 0;
}

/* One line, which is taken over. */
static DWORD add_line(struct request *request, WCHAR *line, DWORD flags)
{
    size_t length = name_length(line);
    WCHAR *name = cut(line, length);
    DWORD error = 0, at;
    bool empty = !*value_of(line);

    for (at = 0; name && at < request->header_count && !name_is(request->headers[at], name);)
        at++;
    if (!name || line[length] != ':' || !length) {
        error = name ? ERROR_INVALID_PARAMETER : ERROR_OUTOFMEMORY;
    } else if (at == request->header_count) {
        if (flags & WINHTTP_ADDREQ_FLAG_REPLACE && !(flags & WINHTTP_ADDREQ_FLAG_ADD))
            error = ERROR_WINHTTP_HEADER_NOT_FOUND;
        else {
            error = append(request, line);
            line = NULL;
        }
    } else if (flags & WINHTTP_ADDREQ_FLAG_REPLACE) {
        headers_remove(request, name);
        if (!empty) {
            error = append(request, line);
            line = NULL;
        }
    } else if (flags & WINHTTP_ADDREQ_FLAG_ADD_IF_NEW) {
        error = ERROR_WINHTTP_HEADER_ALREADY_EXISTS;
    } else if (flags & (WINHTTP_ADDREQ_FLAG_COALESCE_WITH_COMMA | WINHTTP_ADDREQ_FLAG_COALESCE_WITH_SEMICOLON)) {
        error = coalesce(&request->headers[at], value_of(line),
                         flags & WINHTTP_ADDREQ_FLAG_COALESCE_WITH_COMMA ? ',' : ';');
    } else {
        error = append(request, line);
        line = NULL;
    }
    crypt_free(line);
    crypt_free(name);
    return error;
}

DWORD headers_add(struct request *request, const WCHAR *text, DWORD length, DWORD flags)
{
    const WCHAR *end = text + (length == (DWORD)-1 ? wide_length(text) : length);
    DWORD error = 0;

    while (text < end && !error) {
        const WCHAR *stop = text;
        WCHAR *line;

        while (stop < end && *stop != '\r' && *stop != '\n' && *stop)
            stop++;
        if (stop > text) {
            line = cut(text, (size_t)(stop - text));
            error = line ? add_line(request, line, flags) : ERROR_OUTOFMEMORY;
        }
        text = stop;
        while (text < end && (*text == '\r' || *text == '\n' || !*text))
            text++;
    }
    return error;
}

BOOL WINAPI WinHttpAddRequestHeaders(HINTERNET number, LPCWSTR text, DWORD length, DWORD flags)
{
    struct request *request = internet_from(number, KIND_REQUEST);
    DWORD error;

    if (!request)
        return FALSE;
    error = text && length ? headers_add(request, text, length, flags) : ERROR_INVALID_PARAMETER;
    internet_release(&request->handle);
    return error ? http_fail(error) : TRUE;
}

static const WCHAR *line_end(const WCHAR *line)
{
    while (*line && *line != '\r' && *line != '\n')
        line++;
    return line;
}

WCHAR *head_value(const WCHAR *head, const WCHAR *name, DWORD index)
{
    for (const WCHAR *line = head; line && *line;) {
        const WCHAR *end = line_end(line);

        if (name_is(line, name) && !index--)
            return cut(value_of(line), (size_t)(end - value_of(line)));
        line = end;
        while (*line == '\r' || *line == '\n')
            line++;
    }
    return NULL;
}

/* The lines of what was sent, as an answer's head would have them. */
static WCHAR *request_head(const struct request *request)
{
    size_t length = wide_length(request->method) + wide_length(request->path) + 24;
    WCHAR *text, *at;

    for (DWORD i = 0; i < request->header_count; i++)
        length += wide_length(request->headers[i]) + 2;
    text = at = crypt_alloc(length * sizeof *text);
    if (!text)
        return NULL;
    for (const WCHAR *from = request->method; *from;)
        *at++ = *from++;
    *at++ = ' ';
    for (const WCHAR *from = request->path; *from;)
        *at++ = *from++;
    for (const WCHAR *from = L" HTTP/1.1\r\n"; *from;)
        *at++ = *from++;
    for (DWORD i = 0; i < request->header_count; i++) {
        for (const WCHAR *from = request->headers[i]; *from;)
            *at++ = *from++;
        *at++ = '\r';
        *at++ = '\n';
    }
    *at++ = '\r';
    *at++ = '\n';
    return text;
}

/* "HTTP/1.1 200 OK": the part by number. */
static WCHAR *status_part(const WCHAR *head, int part)
{
    const WCHAR *end = line_end(head);

    while (part && head < end) {
        if (*head++ == ' ')
            part--;
    }
    const WCHAR *stop = head;
    while (stop < end && (*stop != ' ' || part < 0))
        stop++;
    return cut(head, (size_t)(stop - head));
}

static WCHAR *status_text(const WCHAR *head)
{
    const WCHAR *end = line_end(head);
    int spaces = 2;

    while (spaces && head < end)
        spaces -= *head++ == ' ';
    return cut(head, (size_t)(end - head));
}

/* Lines separated by zeros, another one at the end. */
static WCHAR *raw_zeros(const WCHAR *head, size_t *length)
{
    WCHAR *text = crypt_alloc((wide_length(head) + 2) * sizeof *text), *at = text;

    while (text && *head) {
        const WCHAR *end = line_end(head);

        memcpy(at, head, (size_t)(end - head) * sizeof *at);
        at += end - head;
        if (end > head)
            at++;
        head = end;
        while (*head == '\r' || *head == '\n')
            head++;
    }
    *length = (size_t)(at - text);
    return text;
}

static DWORD give_text(const WCHAR *text, size_t length, void *buffer, DWORD *size)
{
    DWORD bytes = (DWORD)(length * sizeof *text);

    if (!buffer || *size < bytes + sizeof *text) {
        *size = bytes + sizeof *text;
        return ERROR_INSUFFICIENT_BUFFER;
    }
    memcpy(buffer, text, bytes);
    ((WCHAR *)buffer)[length] = 0;
    *size = bytes;
    return 0;
}

static bool number_parse(const WCHAR *text, uint64_t *value)
{
    bool any = false;

    for (*value = 0; *text >= '0' && *text <= '9'; text++, any = true)
        *value = *value * 10 + (uint64_t)(*text - '0');
    return any;
}

static DWORD give_value(const WCHAR *text, DWORD level, void *buffer, DWORD *size)
{
    DWORD needed = level & WINHTTP_QUERY_FLAG_NUMBER     ? sizeof(DWORD)
                   : level & WINHTTP_QUERY_FLAG_NUMBER64 ? sizeof(ULONGLONG)
                                                         : sizeof(SYSTEMTIME);
    uint64_t number;

    if (!(level & (WINHTTP_QUERY_FLAG_NUMBER | WINHTTP_QUERY_FLAG_NUMBER64 | WINHTTP_QUERY_FLAG_SYSTEMTIME)))
        return give_text(text, wide_length(text), buffer, size);
    if (!buffer || *size < needed) {
        *size = needed;
        return ERROR_INSUFFICIENT_BUFFER;
    }
    *size = needed;
    if (level & WINHTTP_QUERY_FLAG_SYSTEMTIME)
        return WinHttpTimeToSystemTime(text, buffer) ? 0 : ERROR_WINHTTP_INVALID_HEADER;
    if (!number_parse(text, &number))
        return ERROR_WINHTTP_INVALID_HEADER;
    if (level & WINHTTP_QUERY_FLAG_NUMBER)
        *(DWORD *)buffer = (DWORD)number;
    else
        *(ULONGLONG *)buffer = number;
    return 0;
}

DWORD headers_query(struct request *request, DWORD level, const WCHAR *name, void *buffer, DWORD *size, DWORD *index)
{
    DWORD attribute = level & 0xffff, error;
    bool sent = level & WINHTTP_QUERY_FLAG_REQUEST_HEADERS;
    WCHAR *made = sent ? request_head(request) : NULL, *text = NULL;
    const WCHAR *head = sent ? made : request->head;
    size_t length;

    if (!sent && request->state != REQUEST_RECEIVED)
        return ERROR_WINHTTP_INCORRECT_HANDLE_STATE;
    if (!head)
        return ERROR_WINHTTP_HEADER_NOT_FOUND;
    switch (attribute) {
    case WINHTTP_QUERY_VERSION:
        text = status_part(head, 0);
        break;
    case WINHTTP_QUERY_STATUS_CODE:
        text = status_part(head, 1);
        break;
    case WINHTTP_QUERY_STATUS_TEXT:
        text = status_text(head);
        break;
    case WINHTTP_QUERY_REQUEST_METHOD:
        text = wide_copy(request->method);
        break;
    case WINHTTP_QUERY_RAW_HEADERS_CRLF:
        error = give_text(head, wide_length(head), buffer, size);
        crypt_free(made);
        return error;
    case WINHTTP_QUERY_RAW_HEADERS:
        text = raw_zeros(head, &length);
        error = text ? give_text(text, length, buffer, size) : ERROR_OUTOFMEMORY;
        crypt_free(text);
        crypt_free(made);
        return error;
    case WINHTTP_QUERY_CUSTOM:
        text = name ? head_value(head, name, index ? *index : 0) : NULL;
        break;
    default:
        if (attribute < sizeof names / sizeof *names && names[attribute])
            text = head_value(head, names[attribute], index ? *index : 0);
        else if (attribute > WINHTTP_QUERY_MAX) {
            crypt_free(made);
            return ERROR_INVALID_PARAMETER;
        }
    }
    error = text ? give_value(text, level, buffer, size) : ERROR_WINHTTP_HEADER_NOT_FOUND;
    if (!error && index)
        ++*index;
    crypt_free(text);
    crypt_free(made);
    return error;
}

BOOL WINAPI WinHttpQueryHeaders(HINTERNET number, DWORD level, LPCWSTR name, LPVOID buffer, LPDWORD size, LPDWORD index)
{
    struct request *request = internet_from(number, KIND_REQUEST);
    DWORD error;

    if (!request)
        return FALSE;
    error = size ? headers_query(request, level, name, buffer, size, index) : ERROR_INVALID_PARAMETER;
    internet_release(&request->handle);
    SetLastError(error);
    return !error;
}
