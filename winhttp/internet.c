/*
 * internet.c: winhttp.h: handles, sessions and connections; the status callback.
 */
#include "winhttp/http.h"
#include "ntdll/gate.h"
#include "ntdll/large.h"

#define CHUNK 256
#define CHUNKS 256

static SRWLOCK table_lock = SRWLOCK_INIT;
static struct handle **table[CHUNKS] LARGE; /* by number / 4 - 1 */
static DWORD table_used, table_free;        /* table_free: the first that may be free */

static struct handle **slot(DWORD index)
{
    return index < CHUNKS * CHUNK && table[index / CHUNK] ? &table[index / CHUNK][index % CHUNK] : NULL;
}

static bool number_give(struct handle *handle)
{
    bool given = false;

    RtlAcquireSRWLockExclusive(&table_lock);
    for (DWORD i = table_free; i < CHUNKS * CHUNK && !given; i++) {
        if (!table[i / CHUNK])
            table[i / CHUNK] = crypt_alloc(CHUNK * sizeof *table[0]);
        struct handle **place = slot(i);
        if (!place)
            break;
        if (!*place) {
            *place = handle;
            handle->number = (HINTERNET)(ULONG_PTR)((i + 1) * 4);
            table_free = i + 1;
            if (table_used <= i)
                table_used = i + 1;
            given = true;
        }
    }
    RtlReleaseSRWLockExclusive(&table_lock);
    return given;
}

void internet_reference(struct handle *handle)
{
    __sync_fetch_and_add(&handle->references, 1);
}

void *internet_make(size_t size, enum http_kind kind, struct handle *parent)
{
    struct handle *handle = crypt_alloc(size);

    if (!handle)
        return NULL;
    handle->references = 1;
    handle->kind = kind;
    handle->parent = parent;
    if (parent) {
        internet_reference(parent);
        handle->set = parent->set;
        handle->inet = parent->inet;
        handle->inet.flags = handle->inet.type = 0;
        handle->inet.object = NULL;
        handle->inet.object_free = NULL;
    }
    if (!number_give(handle)) {
        if (parent)
            internet_release(parent);
        crypt_free(handle);
        SetLastError(ERROR_WINHTTP_OUT_OF_HANDLES);
        return NULL;
    }
    return handle;
}

struct handle *internet_any(HINTERNET number)
{
    ULONG_PTR value = (ULONG_PTR)number;
    struct handle **place, *handle = NULL;

    RtlAcquireSRWLockShared(&table_lock);
    place = value && value % 4 == 0 && value / 4 <= table_used ? slot((DWORD)(value / 4 - 1)) : NULL;
    if (place && *place && !(*place)->closed) {
        handle = *place;
        internet_reference(handle);
    }
    RtlReleaseSRWLockShared(&table_lock);
    if (!handle)
        SetLastError(ERROR_INVALID_HANDLE);
    return handle;
}

void *internet_from(HINTERNET number, enum http_kind kind)
{
    struct handle *handle = internet_any(number);

    if (handle && handle->kind != kind) {
        internet_release(handle);
        SetLastError(ERROR_WINHTTP_INCORRECT_HANDLE_TYPE);
        return NULL;
    }
    return handle;
}

struct session *session_of(struct handle *handle)
{
    while (handle->parent)
        handle = handle->parent;
    return (struct session *)handle;
}

void internet_notify(struct handle *handle, DWORD status, void *information, DWORD size)
{
    if (handle->set.callback && handle->set.callback_flags & status)
        guest_call_n(handle->set.callback, 5,
                     (const ULONG_PTR[]){GUEST(handle->number), handle->set.context, status, GUEST(information), size});
    if (handle->inet.notify)
        handle->inet.notify(&handle->inet, handle->number, status, information);
}

static void object_free(struct handle *handle)
{
    struct session *session = (struct session *)handle;
    struct connection *connection = (struct connection *)handle;

    switch (handle->kind) {
    case KIND_SESSION:
        if (session->pool && !session->pool_shared)
            http_plugin()->pool_close(session->pool);
        crypt_free(session->agent);
        crypt_free(session->proxy);
        crypt_free(session->bypass);
        break;
    case KIND_CONNECT:
        crypt_free(connection->host);
        break;
    case KIND_REQUEST:
    case KIND_SOCKET:
        request_free((struct request *)handle);
        break;
    case KIND_OTHER:
        break;
    }
    if (handle->inet.object_free)
        handle->inet.object_free(handle->inet.object);
    crypt_free(handle);
}

void internet_release(struct handle *handle)
{
    struct handle *parent = handle->parent;
    DWORD index = (DWORD)((ULONG_PTR)handle->number / 4 - 1);

    if (__sync_sub_and_fetch(&handle->references, 1))
        return;
    internet_notify(handle, WINHTTP_CALLBACK_STATUS_HANDLE_CLOSING, &handle->number, sizeof handle->number);
    RtlAcquireSRWLockExclusive(&table_lock);
    *slot(index) = NULL; /* not earlier: nobody who still works by the number shall meet another handle */
    if (index < table_free)
        table_free = index;
    RtlReleaseSRWLockExclusive(&table_lock);
    object_free(handle);
    if (parent)
        internet_release(parent);
}

/* The number is nobody's from now on. */
void internet_close(struct handle *handle)
{
    bool first;

    RtlAcquireSRWLockExclusive(&table_lock);
    first = !handle->closed;
    handle->closed = true;
    RtlReleaseSRWLockExclusive(&table_lock);
    if (!first)
        return;
    if (handle->kind == KIND_REQUEST || handle->kind == KIND_SOCKET)
        request_cancel((struct request *)handle);
    internet_release(handle);
}

void internet_close_children(struct handle *handle)
{
    for (;;) {
        struct handle *child = NULL;

        RtlAcquireSRWLockShared(&table_lock);
        for (DWORD i = table_used; i > 0 && !child; i--) { /* the youngest first */
            struct handle **place = slot(i - 1);

            for (struct handle *at = place && *place && !(*place)->closed ? (*place)->parent : NULL; at && !child;
                 at = at->parent)
                if (at == handle)
                    child = *place;
        }
        if (child)
            internet_reference(child);
        RtlReleaseSRWLockShared(&table_lock);
        if (!child)
            return;
        internet_close(child);
        internet_release(child);
    }
}

BOOL WINAPI WinHttpCloseHandle(HINTERNET number)
{
    struct handle *handle = internet_any(number);

    if (!handle)
        return FALSE;
    internet_close(handle);
    internet_release(handle);
    return TRUE;
}

BOOL WINAPI WinHttpCheckPlatform(void)
{
    return http_plugin() != NULL;
}

static const struct settings defaults = {
    .callback_flags = WINHTTP_CALLBACK_FLAG_ALL_NOTIFICATIONS,
    .connect_ms = 60000,
    .send_ms = 30000,
    .receive_ms = 30000,
    .response_ms = 90000,
    .redirect_policy = WINHTTP_OPTION_REDIRECT_POLICY_DEFAULT,
    .redirect_max = 10,
};

HINTERNET WINAPI WinHttpOpen(LPCWSTR agent, DWORD access, LPCWSTR proxy, LPCWSTR bypass, DWORD flags)
{
    struct session *session;

    if (access == WINHTTP_ACCESS_TYPE_NAMED_PROXY && (!proxy || !*proxy)) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return NULL;
    }
    if (!http_plugin()) {
        SetLastError(ERROR_WINHTTP_INTERNAL_ERROR);
        return NULL;
    }
    session = internet_make(sizeof *session, KIND_SESSION, NULL);
    if (!session)
        return NULL;
    session->handle.set = defaults;
    session->async = flags & WINHTTP_FLAG_ASYNC;
    session->access = access;
    session->agent = agent ? wide_copy(agent) : NULL;
    session->proxy = proxy && access == WINHTTP_ACCESS_TYPE_NAMED_PROXY ? wide_copy(proxy) : NULL;
    session->bypass = bypass && access == WINHTTP_ACCESS_TYPE_NAMED_PROXY ? wide_copy(bypass) : NULL;
    session->pool = http_plugin()->pool_open();
    return session->handle.number;
}

HINTERNET WINAPI WinHttpConnect(HINTERNET number, LPCWSTR host, INTERNET_PORT port, DWORD reserved)
{
    struct session *session = internet_from(number, KIND_SESSION);
    struct connection *connection;
    HINTERNET result = NULL;

    (void)reserved;
    if (!session)
        return NULL;
    if (!host || !*host) {
        SetLastError(host ? ERROR_INVALID_PARAMETER : ERROR_INVALID_PARAMETER);
    } else if ((connection = internet_make(sizeof *connection, KIND_CONNECT, &session->handle))) {
        connection->host = wide_copy(host);
        connection->port = port;
        result = connection->handle.number;
        internet_notify(&session->handle, WINHTTP_CALLBACK_STATUS_HANDLE_CREATED, &result, sizeof result);
        SetLastError(0);
    }
    internet_release(&session->handle);
    return result;
}

HINTERNET WINAPI WinHttpOpenRequest(HINTERNET number, LPCWSTR verb, LPCWSTR path, LPCWSTR version, LPCWSTR referrer,
                                    LPCWSTR *types, DWORD flags)
{
    struct connection *connection = internet_from(number, KIND_CONNECT);
    struct request *request;
    HINTERNET result = NULL;
    WCHAR line[2200];

    (void)version;
    if (!connection)
        return NULL;
    request = internet_make(sizeof *request, KIND_REQUEST, &connection->handle);
    if (request) {
        request->method = wide_copy(verb && *verb ? verb : L"GET");
        request->escape_off = flags & (WINHTTP_FLAG_ESCAPE_DISABLE | WINHTTP_FLAG_ESCAPE_PERCENT) &&
                              !(flags & WINHTTP_FLAG_ESCAPE_PERCENT);
        request->path = path_escape(path && *path ? path : L"/", !request->escape_off);
        request->host = wide_copy(connection->host);
        request->secure = flags & WINHTTP_FLAG_SECURE;
        request->port = connection->port ? connection->port : request->secure ? 443 : 80;
        if (flags & WINHTTP_FLAG_REFRESH)
            headers_add(request, L"Pragma: no-cache", (DWORD)-1, WINHTTP_ADDREQ_FLAG_ADD);
        if (referrer && wide_length(referrer) < 2048) {
            wsprintfW(line, L"Referer: %s", referrer);
            headers_add(request, line, (DWORD)-1, WINHTTP_ADDREQ_FLAG_ADD);
        }
        for (; types && *types; types++)
            if (wide_length(*types) < 512) {
                wsprintfW(line, L"Accept: %s", *types);
                headers_add(request, line, (DWORD)-1,
                            WINHTTP_ADDREQ_FLAG_ADD | WINHTTP_ADDREQ_FLAG_COALESCE_WITH_COMMA);
            }
        result = request->handle.number;
        internet_notify(&connection->handle, WINHTTP_CALLBACK_STATUS_HANDLE_CREATED, &result, sizeof result);
        SetLastError(0);
    }
    internet_release(&connection->handle);
    return result;
}

WINHTTP_STATUS_CALLBACK WINAPI WinHttpSetStatusCallback(HINTERNET number, WINHTTP_STATUS_CALLBACK callback, DWORD flags,
                                                        DWORD_PTR reserved)
{
    struct handle *handle = internet_any(number);
    WINHTTP_STATUS_CALLBACK old;

    (void)reserved;
    if (!handle)
        return WINHTTP_INVALID_STATUS_CALLBACK;
    old = handle->set.callback;
    handle->set.callback = callback;
    handle->set.callback_flags = flags;
    internet_release(handle);
    return old;
}
