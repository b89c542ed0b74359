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

WCHAR *inet_combine(const WCHAR *base, const WCHAR *location)
{
    return url_combine(base, location);
}

WCHAR *inet_escape(const WCHAR *path)
{
    return path_escape(path, true);
}

char *inet_cookies(const WCHAR *url)
{
    URL_COMPONENTS parts = {.dwStructSize = sizeof parts, .dwHostNameLength = (DWORD)-1, .dwUrlPathLength = (DWORD)-1};
    struct http_pool *pool = shared_pool();
    WCHAR *host;
    char *name = NULL, *path = NULL, *found = NULL, *copy = NULL;

    if (!pool || !WinHttpCrackUrl(url, 0, 0, &parts))
        return NULL;
    host = crypt_alloc((parts.dwHostNameLength + 1) * sizeof *host);
    if (host)
        memcpy(host, parts.lpszHostName, parts.dwHostNameLength * sizeof *host);
    name = host ? utf8_from_wide(host) : NULL;
    path = utf8_from_wide(parts.dwUrlPathLength ? parts.lpszUrlPath : L"/");
    if (name && path)
        found = http_plugin()->cookie_get(pool, name, path, parts.nScheme == INTERNET_SCHEME_HTTPS);
    if (found && (copy = crypt_alloc(strlen(found) + 1)))
        strcpy(copy, found);
    if (found)
        http_plugin()->release(found);
    crypt_free(host);
    crypt_free(name);
    crypt_free(path);
    return copy;
}

bool inet_cookie_set(const WCHAR *url, const WCHAR *text)
{
    struct http_pool *pool = shared_pool();
    char *where = utf8_from_wide(url), *what = utf8_from_wide(text);
    bool done = pool && where && what && http_plugin()->cookie_set(pool, where, what);

    crypt_free(where);
    crypt_free(what);
    return done;
}
