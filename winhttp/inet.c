/*
 * inet.c: wininet's door into winhttp's objects.
 */
#include "winhttp/http.h"

struct inet_extra *inet_extra_of(void *number)
{
    struct handle *handle = internet_any(number);

    if (!handle)
        return NULL;
    internet_release(handle); /* the number itself holds one */
    return &handle->inet;
}

void *inet_hold(void *number)
{
    return internet_any(number);
}

void inet_drop(void *held)
{
    internet_release(held);
}

struct inet_extra *inet_held_extra(void *held)
{
    return &((struct handle *)held)->inet;
}

void *inet_child(void *parent)
{
    struct handle *over = internet_any(parent), *made;

    if (!over)
        return NULL;
    made = internet_make(sizeof *made, KIND_OTHER, over);
    internet_release(over);
    return made ? made->number : NULL;
}

void inet_close_children(void *number)
{
    struct handle *handle = internet_any(number);

    if (!handle)
        return;
    internet_close_children(handle);
    internet_release(handle);
}

DWORD inet_peek(void *number, DWORD *available)
{
    struct request *request = internet_from(number, KIND_REQUEST);
    DWORD error;

    *available = 0;
    if (!request)
        return GetLastError();
    error = request_peek(request, available);
    internet_release(&request->handle);
    return error;
}

void inet_set_head(void *number, WCHAR *head)
{
    struct request *request = internet_from(number, KIND_REQUEST);

    if (!request) {
        crypt_free(head);
        return;
    }
    request_end(request);
    crypt_free(request->head);
    request->head = head;
    request->status = 200;
    request->state = REQUEST_RECEIVED;
    internet_release(&request->handle);
}

static struct http_pool *shared_pool(void)
{
    static SRWLOCK lock = SRWLOCK_INIT;
    static struct http_pool *pool;

    RtlAcquireSRWLockExclusive(&lock);
    if (!pool && http_plugin())
        pool = http_plugin()->pool_open();
    RtlReleaseSRWLockExclusive(&lock);
    return pool;
}

void inet_share_pool(void *number)
{
    struct session *session = internet_from(number, KIND_SESSION);

    if (!session)
        return;
    http_plugin()->pool_close(session->pool);
    session->pool = shared_pool();
    session->pool_shared = true;
    internet_release(&session->handle);
}

DWORD inet_secure_failure(void *number)
{
    struct request *request = internet_from(number, KIND_REQUEST);
    DWORD failure = request ? request->secure_failure : 0;

    if (request)
        internet_release(&request->handle);
    return failure;
}

DWORD inet_parent_kind(void *number)
{
    struct handle *handle = internet_any(number);
    DWORD kind = handle ? (DWORD)handle->kind : 0;

    if (handle)
        internet_release(handle);
    return kind;
}

BOOL inet_crack(const WCHAR *url, DWORD length, DWORD flags, void *parts)
{
    return url_crack(url, length, flags, parts, true);
}

WCHAR *inet_combine(const WCHAR *base, const WCHAR *location)
{
    return url_combine(base, location);
}

WCHAR *inet_escape(const WCHAR *path)
{
    return path_escape(path, true);
}

char *inet_cookie_lines(void)
{
    struct http_pool *pool = shared_pool();
    char *lines = pool ? http_plugin()->cookie_lines(pool) : NULL, *copy = NULL;

    if (lines && (copy = crypt_alloc(strlen(lines) + 1)))
        strcpy(copy, lines);
    if (lines)
        http_plugin()->release(lines);
    return copy;
}

void inet_cookie_line(const char *line)
{
    struct http_pool *pool = shared_pool();

    if (pool)
        http_plugin()->cookie_line(pool, line);
}

bool inet_cookies_changed(void)
{
    struct http_pool *pool = shared_pool();

    return pool && http_plugin()->cookies_changed(pool);
}

int64_t inet_date(const char *text)
{
    return http_plugin() ? http_plugin()->date(text) : -1;
}
