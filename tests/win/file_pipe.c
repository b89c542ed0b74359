/* Anonymous and named pipes: data, peeking, the other end closed, overlapped reads, cancelling. */
#include "check.h"

static void test_anonymous(void)
{
    HANDLE r, w;
    DWORD n, available, mode;
    char buffer[16] = "";
    CHECK(CreatePipe(&r, &w, NULL, 0));
    CHECK_EQ(GetFileType(r), FILE_TYPE_PIPE);
    CHECK_ERROR(GetConsoleMode(r, &mode), ERROR_INVALID_HANDLE);
    CHECK(PeekNamedPipe(r, NULL, 0, NULL, &available, NULL));
    CHECK_EQ(available, 0);
    CHECK(WriteFile(w, "hello", 5, &n, NULL));
    CHECK(PeekNamedPipe(r, buffer, 2, &n, &available, NULL));
    CHECK_EQ(n, 2);
    CHECK_EQ(available, 5);
    CHECK(ReadFile(r, buffer, 16, &n, NULL));
    CHECK_EQ(n, 5);
    CloseHandle(w);
    CHECK_ERROR(ReadFile(r, buffer, 16, &n, NULL), ERROR_BROKEN_PIPE);
    CHECK_ERROR(PeekNamedPipe(r, NULL, 0, NULL, &available, NULL), ERROR_BROKEN_PIPE);
    CloseHandle(r);
    CHECK(CreatePipe(&r, &w, NULL, 0));
    CHECK_ERROR(PeekNamedPipe(w, NULL, 0, NULL, &available, NULL), ERROR_ACCESS_DENIED);
    CloseHandle(r);
    CHECK_ERROR(WriteFile(w, "x", 1, &n, NULL), ERROR_NO_DATA);
    CloseHandle(w);
}

/* A file is signalled while no operation is under way: from the beginning, and again when one has ended. */
static void test_signalled(void)
{
    HANDLE r, w, file;
    DWORD n;
    char buffer[4];
    CHECK(CreatePipe(&r, &w, NULL, 0));
    CHECK_EQ(WaitForSingleObject(r, 0), WAIT_OBJECT_0);
    CHECK_EQ(WaitForSingleObject(w, 0), WAIT_OBJECT_0);
    CHECK(WriteFile(w, "a", 1, &n, NULL));
    CHECK(ReadFile(r, buffer, 1, &n, NULL));
    CHECK_EQ(WaitForSingleObject(r, 0), WAIT_OBJECT_0);
    CloseHandle(r);
    CloseHandle(w);
    static const DWORD flags[] = {0, FILE_FLAG_OVERLAPPED};
    for (int i = 0; i < 2; i++) {
        file = CreateFileA("NUL", GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, flags[i], NULL);
        CHECK_EQ(WaitForSingleObject(file, 0), WAIT_OBJECT_0);
        CloseHandle(file);
    }
    /* A pending read without an event resets the handle, its end signals it. */
    HANDLE server = CreateNamedPipeA("\\\\.\\pipe\\winrun-signalled", PIPE_ACCESS_DUPLEX | FILE_FLAG_OVERLAPPED,
                                     PIPE_TYPE_BYTE, 1, 4096, 4096, 0, NULL);
    HANDLE client =
        CreateFileA("\\\\.\\pipe\\winrun-signalled", GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, 0, NULL);
    OVERLAPPED o = {0};
    CHECK_EQ(WaitForSingleObject(server, 0), WAIT_OBJECT_0);
    CHECK_EQ(WaitForSingleObject(client, 0), WAIT_OBJECT_0);
    CHECK_ERROR(ReadFile(server, buffer, 4, NULL, &o), ERROR_IO_PENDING);
    CHECK_EQ(WaitForSingleObject(server, 0), WAIT_TIMEOUT);
    CHECK(WriteFile(client, "b", 1, &n, NULL));
    CHECK(GetOverlappedResult(server, &o, &n, TRUE));
    CHECK_EQ(WaitForSingleObject(server, 0), WAIT_OBJECT_0);
    CloseHandle(client);
    CloseHandle(server);
}

static void test_named(void)
{
    DWORD n;
    char buffer[16] = "";
    const char *name = "\\\\.\\pipe\\winrun-test";
    OVERLAPPED o = {.hEvent = CreateEventA(NULL, TRUE, FALSE, NULL)};
    CHECK(CreateFileA(name, GENERIC_READ, 0, NULL, OPEN_EXISTING, 0, NULL) == INVALID_HANDLE_VALUE);
    CHECK_EQ(GetLastError(), ERROR_FILE_NOT_FOUND);
    HANDLE server = CreateNamedPipeA(name, PIPE_ACCESS_DUPLEX | FILE_FLAG_OVERLAPPED | FILE_FLAG_FIRST_PIPE_INSTANCE,
                                     PIPE_TYPE_BYTE, 1, 4096, 4096, 0, NULL);
    CHECK(server != INVALID_HANDLE_VALUE);
    CHECK_ERROR(ConnectNamedPipe(server, &o), ERROR_IO_PENDING);
    HANDLE client = CreateFileA(name, GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, 0, NULL);
    CHECK(client != INVALID_HANDLE_VALUE);
    CHECK_EQ(WaitForSingleObject(o.hEvent, 2000), WAIT_OBJECT_0);
    CHECK_ERROR(ConnectNamedPipe(server, &o), ERROR_PIPE_CONNECTED);
    CHECK(CreateFileA(name, GENERIC_READ, 0, NULL, OPEN_EXISTING, 0, NULL) == INVALID_HANDLE_VALUE);
    CHECK_EQ(GetLastError(), ERROR_PIPE_BUSY);
    /* A read that waits. */
    CHECK_ERROR(ReadFile(server, buffer, 16, NULL, &o), ERROR_IO_PENDING);
    CHECK_ERROR(GetOverlappedResult(server, &o, &n, FALSE), ERROR_IO_INCOMPLETE);
    CHECK(WriteFile(client, "ping", 4, &n, NULL));
    CHECK(GetOverlappedResult(server, &o, &n, TRUE));
    CHECK_EQ(n, 4);
    CHECK_STR(buffer, "ping");
    /* A read that is cancelled. */
    CHECK_ERROR(ReadFile(server, buffer, 16, NULL, &o), ERROR_IO_PENDING);
    CHECK(CancelIoEx(server, &o));
    CHECK_ERROR(GetOverlappedResult(server, &o, &n, TRUE), ERROR_OPERATION_ABORTED);
    CHECK_ERROR(CancelIoEx(server, &o), ERROR_NOT_FOUND);
    /* A read that ends with the client. */
    CHECK_ERROR(ReadFile(server, buffer, 16, NULL, &o), ERROR_IO_PENDING);
    CloseHandle(client);
    CHECK_ERROR(GetOverlappedResult(server, &o, &n, TRUE), ERROR_BROKEN_PIPE);
    CHECK(DisconnectNamedPipe(server));
    CloseHandle(server);
    CloseHandle(o.hEvent);
}

static void test_message(void)
{
    DWORD n, mode = PIPE_READMODE_MESSAGE;
    char buffer[16];
    const char *name = "\\\\.\\pipe\\winrun-message";
    HANDLE server =
        CreateNamedPipeA(name, PIPE_ACCESS_DUPLEX, PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE, 1, 4096, 4096, 0, NULL);
    HANDLE client = CreateFileA(name, GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, 0, NULL);
    CHECK(SetNamedPipeHandleState(client, &mode, NULL, NULL));
    CHECK(WriteFile(server, "first", 5, &n, NULL));
    CHECK(WriteFile(server, "second", 6, &n, NULL));
    CHECK_ERROR(ReadFile(client, buffer, 3, &n, NULL), ERROR_MORE_DATA);
    CHECK_EQ(n, 3);
    CHECK(ReadFile(client, buffer, 16, &n, NULL));
    CHECK_EQ(n, 2);
    CHECK(ReadFile(client, buffer, 16, &n, NULL));
    CHECK_EQ(n, 6);
    CloseHandle(client);
    CloseHandle(server);
}

/* Who is at the other end: this process, on this machine. */
static void test_who(void)
{
    ULONG id = 0, session = 99;
    DWORD own = 98;
    char name[64];
    WCHAR wide[64];
    HANDLE server = CreateNamedPipeA("\\\\.\\pipe\\winrun who", PIPE_ACCESS_DUPLEX, 0, 1, 64, 64, 0, NULL);
    HANDLE client =
        CreateFileA("\\\\.\\pipe\\winrun who", GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, 0, NULL);
    CHECK(server != INVALID_HANDLE_VALUE && client != INVALID_HANDLE_VALUE);
    CHECK(ProcessIdToSessionId(GetCurrentProcessId(), &own));
    CHECK(GetNamedPipeClientProcessId(server, &id));
    CHECK_EQ(id, GetCurrentProcessId());
    CHECK(GetNamedPipeServerProcessId(client, &id));
    CHECK_EQ(id, GetCurrentProcessId());
    CHECK(GetNamedPipeClientSessionId(server, &session));
    CHECK_EQ(session, own);
    session = 99;
    CHECK(GetNamedPipeServerSessionId(client, &session));
    CHECK_EQ(session, own);
    if (!check_under_wine()) { /* Wine 8 has not these */
        CHECK_ERROR(GetNamedPipeClientComputerNameW(server, wide, sizeof wide), ERROR_PIPE_LOCAL);
        CHECK_ERROR(GetNamedPipeClientComputerNameA(server, name, sizeof name), ERROR_PIPE_LOCAL);
    }
    CloseHandle(client);
    CloseHandle(server);
    CHECK_ERROR(GetNamedPipeClientSessionId(NULL, &session), ERROR_INVALID_HANDLE);
}

int main(void)
{
    test_anonymous();
    test_signalled();
    test_named();
    test_message();
    test_who();
    return check_done();
}
