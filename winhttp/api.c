/*
 * api.c: winhttp.h: the calls that take time: at once, or on a thread of the pool with a callback at the end.
 */
#include "winhttp/http.h"

enum operation { OP_SEND, OP_RECEIVE, OP_AVAILABLE, OP_READ, OP_WRITE };

struct task {
    struct request *request;
    enum operation operation;
    WCHAR *headers;
    DWORD header_length, size, total;
    void *data;
};

static DWORD run(struct task *task, DWORD *count)
{
    switch (task->operation) {
    case OP_SEND:
        return request_send(task->request, task->headers, task->header_length, task->data, task->size, task->total);
    case OP_RECEIVE:
        return request_receive(task->request);
    case OP_AVAILABLE:
        return request_available(task->request, count);
    case OP_READ:
        return request_read(task->request, task->data, task->size, count);
    case OP_WRITE:
        *count = task->size;
        return request_write(task->request, task->data, task->size);
    }
    return ERROR_WINHTTP_INTERNAL_ERROR;
}

static void tell(struct task *task, DWORD error, DWORD count)
{
    static const DWORD_PTR numbers[] = {[OP_SEND] = API_SEND_REQUEST,
                                        [OP_RECEIVE] = API_RECEIVE_RESPONSE,
                                        [OP_AVAILABLE] = API_QUERY_DATA_AVAILABLE,
                                        [OP_READ] = API_READ_DATA,
                                        [OP_WRITE] = API_WRITE_DATA};
    struct handle *handle = &task->request->handle;
    WINHTTP_ASYNC_RESULT result = {numbers[task->operation], error};

    if (error) {
        internet_notify(handle, WINHTTP_CALLBACK_STATUS_REQUEST_ERROR, &result, sizeof result);
        return;
    }
    switch (task->operation) {
    case OP_SEND:
        internet_notify(handle, WINHTTP_CALLBACK_STATUS_SENDREQUEST_COMPLETE, NULL, 0);
        break;
    case OP_RECEIVE:
        internet_notify(handle, WINHTTP_CALLBACK_STATUS_HEADERS_AVAILABLE, NULL, 0);
        break;
    case OP_AVAILABLE:
        internet_notify(handle, WINHTTP_CALLBACK_STATUS_DATA_AVAILABLE, &count, sizeof count);
        break;
    case OP_READ:
        internet_notify(handle, WINHTTP_CALLBACK_STATUS_READ_COMPLETE, task->data, count);
        break;
    case OP_WRITE:
        internet_notify(handle, WINHTTP_CALLBACK_STATUS_WRITE_COMPLETE, &count, sizeof count);
        break;
    }
}

static DWORD WINAPI task_run(LPVOID argument)
{
    struct task *task = argument;
    DWORD count = 0, error;

    RtlAcquireSRWLockExclusive(&task->request->work);
    error = run(task, &count);
    RtlReleaseSRWLockExclusive(&task->request->work);
    __sync_fetch_and_sub(&task->request->busy, 1);
    tell(task, error, count);
    internet_release(&task->request->handle);
    crypt_free(task->headers);
    crypt_free(task);
    return 0;
}

/* The caller's reference of the request is used up. */
static BOOL start(struct task task, DWORD *count)
{
    struct request *request = task.request;
    DWORD got = 0, error;
    struct task *copy;

    if (!session_of(&request->handle)->async) {
        RtlAcquireSRWLockExclusive(&request->work);
        error = run(&task, &got);
        RtlReleaseSRWLockExclusive(&request->work);
        if (count && !error)
            *count = got;
        internet_release(&request->handle);
        crypt_free(task.headers);
        SetLastError(error);
        return !error;
    }
    if (count)
        *count = 0;
    copy = crypt_alloc(sizeof *copy);
    error = copy ? 0 : ERROR_OUTOFMEMORY;
    if (copy) {
        *copy = task;
        __sync_fetch_and_add(&request->busy, 1);
        if (RtlQueueWorkItem(task_run, copy, WT_EXECUTELONGFUNCTION) < 0) {
            __sync_fetch_and_sub(&request->busy, 1);
            error = ERROR_OUTOFMEMORY;
        }
    }
    if (!error) {
        SetLastError(0);
        return TRUE;
    }
    internet_release(&request->handle);
    crypt_free(task.headers);
    crypt_free(copy);
    return http_fail(error);
}

BOOL WINAPI WinHttpSendRequest(HINTERNET number, LPCWSTR headers, DWORD length, LPVOID optional, DWORD size,
                               DWORD total, DWORD_PTR context)
{
    struct request *request = internet_from(number, KIND_REQUEST);
    struct task task = {.request = request, .operation = OP_SEND, .data = optional, .size = size, .total = total};

    if (!request)
        return FALSE;
    if (context)
        request->handle.set.context = context;
    if (headers && length) {
        task.header_length = length == (DWORD)-1 ? (DWORD)wide_length(headers) : length;
        task.headers = crypt_alloc((task.header_length + 1) * sizeof *headers);
        if (task.headers)
            memcpy(task.headers, headers, task.header_length * sizeof *headers);
    }
    return start(task, NULL);
}

BOOL WINAPI WinHttpReceiveResponse(HINTERNET number, LPVOID reserved)
{
    struct request *request = internet_from(number, KIND_REQUEST);

    (void)reserved;
    return request && start((struct task){.request = request, .operation = OP_RECEIVE}, NULL);
}

BOOL WINAPI WinHttpQueryDataAvailable(HINTERNET number, LPDWORD available)
{
    struct request *request = internet_from(number, KIND_REQUEST);

    return request && start((struct task){.request = request, .operation = OP_AVAILABLE}, available);
}

BOOL WINAPI WinHttpReadData(HINTERNET number, LPVOID buffer, DWORD size, LPDWORD got)
{
    struct request *request = internet_from(number, KIND_REQUEST);

    return request && start((struct task){.request = request, .operation = OP_READ, .data = buffer, .size = size}, got);
}

BOOL WINAPI WinHttpWriteData(HINTERNET number, LPCVOID buffer, DWORD size, LPDWORD written)
{
    struct request *request = internet_from(number, KIND_REQUEST);

    return request &&
           start((struct task){.request = request, .operation = OP_WRITE, .data = (void *)buffer, .size = size},
                 written);
}
