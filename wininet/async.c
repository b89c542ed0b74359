/*
 * async.c: wininet.h: the status callback, and operations that take time: at once, or with INTERNET_FLAG_ASYNC on a
 * thread of the pool, which tells INTERNET_STATUS_REQUEST_COMPLETE at the end.
 *
 * An operation holds its handle's object.  So closing a handle stops the operation, and INTERNET_STATUS_HANDLE_CLOSING
 * is the last that is told of it.
 */
#include "wininet/inet.h"

void inet_tell(void *held, HINTERNET handle, DWORD_PTR context, DWORD status, void *information, DWORD size)
{
    const struct inet_extra *extra = inet_held_extra(held);

    if (extra->callback && (context || extra->context))
        guest_call_n(
            extra->callback, 5,
            (const ULONG_PTR[]){GUEST(handle), context ? context : extra->context, status, GUEST(information), size});
}

void inet_notify(HINTERNET handle, DWORD status, void *information, DWORD size)
{
    void *held = inet_hold(handle);

    if (!held)
        return;
    inet_tell(held, handle, 0, status, information, size);
    inet_drop(held);
}

void inet_notify_created(HINTERNET handle)
{
    INTERNET_ASYNC_RESULT result = {(DWORD_PTR)handle, 0};

    inet_notify(handle, INTERNET_STATUS_HANDLE_CREATED, &result, sizeof result);
}

/* What winhttp tells, in wininet's numbers. */
void inet_translate(const struct inet_extra *extra, void *number, DWORD status, void *information)
{
    static const struct {
        DWORD winhttp, status;
        enum { NOTHING, NUMBER, HANDLE_NUMBER, TEXT, ADDRESS } kind;
    } statuses[] = {{0x1, INTERNET_STATUS_RESOLVING_NAME, TEXT},
                    {0x2, INTERNET_STATUS_NAME_RESOLVED, TEXT},
                    {0x4, INTERNET_STATUS_CONNECTING_TO_SERVER, ADDRESS},
                    {0x8, INTERNET_STATUS_CONNECTED_TO_SERVER, ADDRESS},
                    {0x10, INTERNET_STATUS_SENDING_REQUEST, NOTHING},
                    {0x20, INTERNET_STATUS_REQUEST_SENT, NUMBER},
                    {0x40, INTERNET_STATUS_RECEIVING_RESPONSE, NOTHING},
                    {0x80, INTERNET_STATUS_RESPONSE_RECEIVED, NUMBER},
                    {0x100, INTERNET_STATUS_CLOSING_CONNECTION, NOTHING},
                    {0x200, INTERNET_STATUS_CONNECTION_CLOSED, NOTHING},
                    {0x800, INTERNET_STATUS_HANDLE_CLOSING, HANDLE_NUMBER},
                    {0x1000, INTERNET_STATUS_DETECTING_PROXY, NOTHING},
                    {0x4000, INTERNET_STATUS_REDIRECT, TEXT},
                    {0x8000, INTERNET_STATUS_INTERMEDIATE_RESPONSE, NUMBER}};
    char *narrow = NULL;
    DWORD size = 0;

    if (!extra->callback || !extra->context)
        return;
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++) {
        if (statuses[i].winhttp != status)
            continue;
        switch (statuses[i].kind) {
        case NOTHING:
            information = NULL;
            break;
        case NUMBER:
            size = sizeof(DWORD);
            break;
        case HANDLE_NUMBER:
            size = sizeof(HINTERNET);
            break;
        case TEXT:
        case ADDRESS:
            size = (DWORD)((wide_length(information) + 1) * sizeof(WCHAR));
            if (extra->ansi || statuses[i].kind == ADDRESS) { /* Windows tells addresses so to everybody */
                information = narrow = ansi_from_wide(information);
                size = narrow ? (DWORD)strlen(narrow) + 1 : 0;
            }
            break;
        }
        guest_call_n(extra->callback, 5,
                     (const ULONG_PTR[]){GUEST(number), extra->context, statuses[i].status, GUEST(information), size});
        crypt_free(narrow);
    }
}

static void work_free(struct inet_work *work)
{
    inet_drop(work->held);
    crypt_free(work->text);
    crypt_free(work->text2);
}

static DWORD WINAPI work_run(LPVOID argument)
{
    struct inet_work *work = argument;
    DWORD error = work->run(work);
    INTERNET_ASYNC_RESULT result = {error ? 0 : work->result, error};

    if (error == ERROR_INVALID_HANDLE) /* closed meanwhile */
        result.dwError = ERROR_INTERNET_OPERATION_CANCELLED;
    inet_tell(work->held, work->handle, work->context, INTERNET_STATUS_REQUEST_COMPLETE, &result, sizeof result);
    work_free(work);
    crypt_free(work);
    return 0;
}

BOOL inet_is_async(HINTERNET handle, DWORD_PTR context)
{
    const struct inet_extra *extra = inet_extra_of(handle);

    return extra && extra->async && extra->callback && (context || extra->context);
}

/* The texts of `work` are taken over. */
BOOL inet_start(const struct inet_work *work)
{
    struct inet_work *copy, now = *work;
    DWORD error;

    now.held = inet_hold(work->handle);
    now.result = 1;
    if (!now.held) {
        crypt_free(now.text);
        crypt_free(now.text2);
        return inet_fail(ERROR_INVALID_HANDLE);
    }
    if (now.at_once || !inet_is_async(work->handle, work->context)) {
        error = now.run(&now);
        work_free(&now);
        SetLastError(error);
        return !error;
    }
    copy = crypt_alloc(sizeof *copy);
    if (copy) {
        *copy = now;
        if (RtlQueueWorkItem(work_run, copy, WT_EXECUTELONGFUNCTION) >= 0)
            return inet_fail(ERROR_IO_PENDING);
        crypt_free(copy);
    }
    work_free(&now);
    return inet_fail(ERROR_OUTOFMEMORY);
}

INTERNET_STATUS_CALLBACK WINAPI InternetSetStatusCallbackW(HINTERNET handle, INTERNET_STATUS_CALLBACK callback)
{
    struct inet_extra *extra = inet_extra_of(handle);
    void *old = extra ? extra->callback : (void *)INTERNET_INVALID_STATUS_CALLBACK;

    if (extra) {
        extra->callback = callback;
        extra->ansi = false;
    }
    return old;
}

INTERNET_STATUS_CALLBACK WINAPI InternetSetStatusCallbackA(HINTERNET handle, INTERNET_STATUS_CALLBACK callback)
{
    INTERNET_STATUS_CALLBACK old = InternetSetStatusCallbackW(handle, callback);

    if (old != INTERNET_INVALID_STATUS_CALLBACK)
        inet_extra_of(handle)->ansi = true;
    return old;
}
