/* Do CancelIoEx and CancelSynchronousIo end a blocking read or write of another thread, and only that? */
#include "check.h"
#include <stdbool.h>

static HANDLE reader, writer;

struct job {
    bool write;
    DWORD error, done;
    char *data;
    DWORD length;
};

static DWORD WINAPI work(void *argument)
{
    struct job *job = argument;
    BOOL result = job->write ? WriteFile(writer, job->data, job->length, &job->done, NULL)
                             : ReadFile(reader, job->data, job->length, &job->done, NULL);
    job->error = result ? 0 : GetLastError();
    return 0;
}

static HANDLE start(struct job *job)
{
    HANDLE thread = CreateThread(NULL, 0, work, job, 0, NULL);
    CHECK(thread != NULL);
    CHECK_EQ(WaitForSingleObject(thread, 30), WAIT_TIMEOUT); /* it blocks */
    return thread;
}

static void finish(HANDLE thread)
{
    CHECK_EQ(WaitForSingleObject(thread, 5000), WAIT_OBJECT_0);
    CloseHandle(thread);
}

static void test_read(void)
{
    char byte;
    for (int i = 0; i < 20; i++) {
        struct job job = {.data = &byte, .length = 1};
        HANDLE thread = start(&job);
        CHECK(i & 1 ? CancelIoEx(reader, NULL) : CancelSynchronousIo(thread));
        finish(thread);
        CHECK_EQ(job.error, ERROR_OPERATION_ABORTED);
    }
    /* The pipe is as good as before. */
    struct job job = {.data = &byte, .length = 1};
    HANDLE thread = start(&job);
    DWORD done;
    CHECK(WriteFile(writer, "x", 1, &done, NULL));
    finish(thread);
    CHECK(job.error == 0 && job.done == 1 && byte == 'x');
}

static void test_write(void)
{
    DWORD size = 4 << 20, got;
    struct job job = {.write = true, .data = calloc(1, size), .length = size};
    HANDLE thread = start(&job);
    CHECK(CancelSynchronousIo(thread));
    finish(thread);
    CHECK_EQ(job.error, ERROR_OPERATION_ABORTED);
    char rest[4096];
    DWORD available = 0;
    while (PeekNamedPipe(reader, NULL, 0, NULL, &available, NULL) && available)
        if (!ReadFile(reader, rest, sizeof rest, &got, NULL))
            break;
    free(job.data);
}

static DWORD WINAPI sleeper(void *event)
{
    return WaitForSingleObject(event, INFINITE);
}

static void test_nothing(void)
{
    HANDLE event = CreateEventA(NULL, FALSE, FALSE, NULL), thread = CreateThread(NULL, 0, sleeper, event, 0, NULL);
    if (!check_under_wine()) /* which finds nothing a success */
        CHECK_ERROR(CancelIoEx(reader, NULL), ERROR_NOT_FOUND);
    CHECK_ERROR(CancelSynchronousIo(thread), ERROR_NOT_FOUND); /* a wait is no I/O */
    CHECK_ERROR(CancelSynchronousIo(event), ERROR_INVALID_HANDLE);
    SetEvent(event);
    CHECK_EQ(WaitForSingleObject(thread, 5000), WAIT_OBJECT_0);
    CloseHandle(event);
    CloseHandle(thread);
}

int main(void)
{
    CHECK(CreatePipe(&reader, &writer, NULL, 0));
    test_nothing();
    test_read();
    test_write();
    return check_done();
}
