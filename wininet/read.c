/*
 * read.c: wininet.h: reading and writing what a handle stands for: a request's answer, a file of a server.
 */
#include "wininet/inet.h"

/* Handles that winhttp does not read have a stream of their own. */
static struct inet_stream *stream_of(HINTERNET handle)
{
    struct inet_extra *extra = inet_extra_of(handle);

    return extra && extra->object ? extra->object : NULL;
}

static DWORD read_now(HINTERNET handle, void *buffer, DWORD size, DWORD *got)
{
    struct inet_stream *stream = stream_of(handle);
    DWORD error;

    *got = 0;
    if (stream && stream->read)
        return stream->read(stream, handle, buffer, size, got);
    if (!WinHttpReadData(handle, buffer, size, got))
        return inet_error(handle, GetLastError());
    error = 0;
    if (stream && stream->seen)
        stream->seen(stream, handle, buffer, *got, size);
    return error;
}

static DWORD available_now(HINTERNET handle, DWORD *available)
{
    struct inet_stream *stream = stream_of(handle);

    *available = 0;
    if (stream && stream->available)
        return stream->available(stream, handle, available);
    return WinHttpQueryDataAvailable(handle, available) ? 0 : inet_error(handle, GetLastError());
}

/* How much is there without waiting; ERROR_IO_PENDING: nothing. */
static DWORD peek(HINTERNET handle, DWORD *available)
{
    struct inet_stream *stream = stream_of(handle);

    *available = 0;
    if (stream && stream->available)
        return stream->read && stream->waits ? (DWORD)ERROR_IO_PENDING : stream->available(stream, handle, available);
    return inet_peek(handle, available);
}

static DWORD run_read(struct inet_work *work)
{
    DWORD got, error = read_now(work->handle, work->buffer, work->size, &got);

    if (work->count)
        *work->count = got;
    return error;
}

/* As much as has come, once something has. */
static DWORD run_read_some(struct inet_work *work)
{
    DWORD available, error = available_now(work->handle, &available);

    if (!error) {
        work->size = available < work->size ? available : work->size;
        return run_read(work);
    }
    return error;
}

static DWORD run_available(struct inet_work *work)
{
    DWORD available, error = available_now(work->handle, &available);

    if (work->count)
        *work->count = available;
    return error;
}

static DWORD run_write(struct inet_work *work)
{
    struct inet_stream *stream = stream_of(work->handle);
    DWORD written = 0, error = 0;

    if (stream && stream->write)
        error = stream->write(stream, work->handle, work->data, work->size, &written);
    else if (!WinHttpWriteData(work->handle, work->data, work->size, &written))
        error = inet_error(work->handle, GetLastError());
    if (work->count)
        *work->count = written;
    return error;
}

/* Nothing has to be waited for: no thread is asked. */
static BOOL is_there(HINTERNET handle, DWORD size, DWORD_PTR context)
{
    DWORD available, error;

    if (!inet_is_async(handle, context))
        return true;
    error = peek(handle, &available);
    return error != ERROR_IO_PENDING && (!available || available >= size);
}

BOOL WINAPI InternetReadFile(HINTERNET handle, LPVOID buffer, DWORD size, LPDWORD got)
{
    if (!got || (!buffer && size))
        return inet_fail(ERROR_INVALID_PARAMETER);
    *got = 0;
    return inet_start(&(struct inet_work){.run = run_read,
                                          .handle = handle,
                                          .buffer = buffer,
                                          .size = size,
                                          .count = got,
                                          .at_once = is_there(handle, size, 0)});
}

static BOOL read_ex(HINTERNET handle, void *buffer, DWORD *size, DWORD flags, DWORD_PTR context)
{
    bool some = flags & IRF_NO_WAIT;
    struct inet_work work = {.run = some ? run_read_some : run_read,
                             .handle = handle,
                             .context = context,
                             .buffer = buffer,
                             .size = *size,
                             .count = size};

    work.at_once = flags & IRF_SYNC || is_there(handle, some ? 1 : *size, context);
    return inet_start(&work);
}

BOOL WINAPI InternetReadFileExW(HINTERNET handle, LPINTERNET_BUFFERSW buffers, DWORD flags, DWORD_PTR context)
{
    if (!buffers || buffers->dwStructSize != sizeof *buffers)
        return inet_fail(ERROR_INVALID_PARAMETER);
    return read_ex(handle, buffers->lpvBuffer, &buffers->dwBufferLength, flags, context);
}

BOOL WINAPI InternetReadFileExA(HINTERNET handle, LPINTERNET_BUFFERSA buffers, DWORD flags, DWORD_PTR context)
{
    return InternetReadFileExW(handle, (LPINTERNET_BUFFERSW)buffers, flags, context); /* no text is read from it */
}

BOOL WINAPI InternetWriteFile(HINTERNET handle, LPCVOID buffer, DWORD size, LPDWORD written)
{
    if (!written || (!buffer && size))
        return inet_fail(ERROR_INVALID_PARAMETER);
    *written = 0;
    return inet_start(
        &(struct inet_work){.run = run_write, .handle = handle, .data = buffer, .size = size, .count = written});
}

BOOL WINAPI InternetQueryDataAvailable(HINTERNET handle, LPDWORD available, DWORD flags, DWORD_PTR context)
{
    if (flags || context)
        return inet_fail(ERROR_INVALID_PARAMETER);
    return inet_start(&(struct inet_work){
        .run = run_available, .handle = handle, .count = available, .at_once = is_there(handle, 1, 0)});
}

/* Only where what was read lies in a file. */
DWORD WINAPI InternetSetFilePointer(HINTERNET handle, LONG distance, PVOID high, DWORD method, DWORD_PTR context)
{
    struct inet_stream *stream = stream_of(handle);

    (void)context;
    if (!inet_extra_of(handle))
        return INVALID_SET_FILE_POINTER;
    if (!stream || !stream->seek) {
        SetLastError(ERROR_INTERNET_INVALID_OPERATION);
        return INVALID_SET_FILE_POINTER;
    }
    return stream->seek(stream, distance, high, method);
}
