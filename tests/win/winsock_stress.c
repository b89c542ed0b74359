/*
 * Do 2,000 loopback connections on one completion port, a tenth of them aborted at random, lose no byte and leak
 * nothing? link: -lws2_32
 */
#include <winsock2.h>
#include <mswsock.h>
#include <ws2tcpip.h>
#include "check.h"

enum {
    CONNECTIONS = 2000,
    AT_ONCE = 250,
    MESSAGE = 700,
    ROUNDS = 3,
    WORKERS = 3,
    ROOM = sizeof(struct sockaddr_in) + 16
};

enum step { ACCEPTING, ECHO_READ, ECHO_WRITE, CONNECTING, CLIENT_WRITE, CLIENT_READ };

struct operation {
    OVERLAPPED overlapped; /* first */
    struct end *end;
    enum step step;
};

/* One end of a connection; it has one operation in progress at any time. */
struct end {
    struct operation operation;
    SOCKET socket;
    int number, round, done;
    BOOL aborts; /* a client that will reset the connection */
    char buffer[MESSAGE + 2 * ROOM];
};

static HANDLE port;
static SOCKET listener;
static struct sockaddr_in address;
static LPFN_ACCEPTEX accept_ex;
static LPFN_CONNECTEX connect_ex;
static volatile LONG clients_started, clients_done, clients_aborted, servers_open, wrong_bytes, bad_steps;
static volatile LONG64 bytes_sent, bytes_back;
static HANDLE finished;

static char pattern(int number, int round, int at)
{
    return (char)(number * 31 + round * 17 + at * 7 + at / 250);
}

static SOCKET make(void)
{
    return WSASocketW(AF_INET, SOCK_STREAM, IPPROTO_TCP, NULL, 0, WSA_FLAG_OVERLAPPED | WSA_FLAG_NO_HANDLE_INHERIT);
}

static struct end *end_new(void)
{
    struct end *end = calloc(1, sizeof *end);
    end->operation.end = end;
    end->socket = make();
    return end;
}

static void end_free(struct end *end)
{
    closesocket(end->socket);
    free(end);
}

static void start_accept(void)
{
    struct end *end = end_new();
    DWORD got;
    end->operation.step = ACCEPTING;
    InterlockedIncrement(&servers_open);
    if (!accept_ex(listener, end->socket, end->buffer, 0, ROOM, ROOM, &got, &end->operation.overlapped) &&
        WSAGetLastError() != ERROR_IO_PENDING) {
        InterlockedDecrement(&servers_open);
        end_free(end);
    }
}

static BOOL begin(struct end *end, enum step step, BOOL send, char *data, int length)
{
    WSABUF piece = {(u_long)length, data};
    DWORD flags = 0;
    memset(&end->operation.overlapped, 0, sizeof(OVERLAPPED));
    end->operation.step = step;
    int failed = send ? WSASend(end->socket, &piece, 1, NULL, 0, &end->operation.overlapped, NULL)
                      : WSARecv(end->socket, &piece, 1, NULL, &flags, &end->operation.overlapped, NULL);
    return !failed || WSAGetLastError() == WSA_IO_PENDING;
}

static void start_client(void);

static void client_over(struct end *end)
{
    if (end->aborts) {
        struct linger linger = {1, 0};
        setsockopt(end->socket, SOL_SOCKET, SO_LINGER, (char *)&linger, sizeof linger);
        InterlockedIncrement(&clients_aborted);
    }
    end_free(end);
    if (InterlockedIncrement(&clients_done) == CONNECTIONS)
        SetEvent(finished);
    start_client();
}

static void server_over(struct end *end)
{
    end_free(end);
    InterlockedDecrement(&servers_open);
}

static void client_write(struct end *end)
{
    for (int i = 0; i < MESSAGE; i++)
        end->buffer[i] = pattern(end->number, end->round, i);
    end->done = 0;
    if (!begin(end, CLIENT_WRITE, TRUE, end->buffer, MESSAGE)) {
        InterlockedIncrement(&bad_steps);
        client_over(end);
    }
}

static void start_client(void)
{
    struct sockaddr_in any = {.sin_family = AF_INET};
    LONG number = InterlockedIncrement(&clients_started);
    DWORD sent;
    if (number > CONNECTIONS)
        return;
    struct end *end = end_new();
    end->number = number;
    end->aborts = number % 10 == 3;
    end->operation.step = CONNECTING;
    any.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    bind(end->socket, (struct sockaddr *)&any, sizeof any);
    CreateIoCompletionPort((HANDLE)end->socket, port, 1, 0);
    if (!connect_ex(end->socket, (struct sockaddr *)&address, sizeof address, NULL, 0, &sent,
                    &end->operation.overlapped) &&
        WSAGetLastError() != ERROR_IO_PENDING) {
        InterlockedIncrement(&bad_steps);
        client_over(end);
    }
}

static void client_read(struct end *end, DWORD bytes)
{
    for (DWORD i = 0; i < bytes; i++)
        if (end->buffer[end->done + i] != pattern(end->number, end->round, end->done + (int)i))
            InterlockedIncrement(&wrong_bytes);
    end->done += (int)bytes;
    InterlockedExchangeAdd64(&bytes_back, bytes);
    if (!bytes) {
        InterlockedIncrement(&bad_steps);
        client_over(end);
    } else if (end->done < MESSAGE) {
        if (!begin(end, CLIENT_READ, FALSE, end->buffer + end->done, MESSAGE - end->done))
            client_over(end);
    } else if (++end->round < ROUNDS) {
        client_write(end);
    } else {
        client_over(end);
    }
}

static void step(struct end *end, DWORD bytes, BOOL ok)
{
    switch (end->operation.step) {
    case ACCEPTING:
        if (!ok) {
            server_over(end);
            return;
        }
        start_accept();
        setsockopt(end->socket, SOL_SOCKET, SO_UPDATE_ACCEPT_CONTEXT, (char *)&listener, sizeof listener);
        CreateIoCompletionPort((HANDLE)end->socket, port, 2, 0);
        if (!begin(end, ECHO_READ, FALSE, end->buffer, MESSAGE))
            server_over(end);
        return;
    case ECHO_READ:
        if (!ok || !bytes || !begin(end, ECHO_WRITE, TRUE, end->buffer, (int)bytes))
            server_over(end);
        return;
    case ECHO_WRITE:
        if (!ok || !begin(end, ECHO_READ, FALSE, end->buffer, MESSAGE))
            server_over(end);
        return;
    case CONNECTING:
        if (!ok) {
            InterlockedIncrement(&bad_steps);
            client_over(end);
            return;
        }
        client_write(end);
        return;
    case CLIENT_WRITE:
        InterlockedExchangeAdd64(&bytes_sent, bytes);
        if (end->aborts && end->round == end->number % ROUNDS) {
            InterlockedExchangeAdd64(&bytes_back, MESSAGE); /* nobody will read these */
            client_over(end);
        } else if (!ok || !begin(end, CLIENT_READ, FALSE, end->buffer, MESSAGE)) {
            InterlockedIncrement(&bad_steps);
            client_over(end);
        }
        return;
    case CLIENT_READ:
        if (!ok)
            InterlockedIncrement(&bad_steps);
        client_read(end, ok ? bytes : 0);
        return;
    }
}

static DWORD WINAPI worker(void *argument)
{
    (void)argument;
    for (;;) {
        DWORD bytes = 0;
        ULONG_PTR key = 0;
        OVERLAPPED *overlapped = NULL;
        BOOL ok = GetQueuedCompletionStatus(port, &bytes, &key, &overlapped, INFINITE);
        if (!overlapped)
            return 0;
        step(((struct operation *)overlapped)->end, bytes, ok);
    }
}

static void *extension(GUID id)
{
    void *function = NULL;
    DWORD used;
    WSAIoctl(listener, SIO_GET_EXTENSION_FUNCTION_POINTER, &id, sizeof id, &function, sizeof function, &used, NULL,
             NULL);
    return function;
}

int main(void)
{
    WSADATA data;
    HANDLE threads[WORKERS];
    DWORD handles_before = 0, handles_after = 0;
    int length = sizeof address;
    WSAStartup(MAKEWORD(2, 2), &data);
    GetProcessHandleCount(GetCurrentProcess(), &handles_before);
    port = CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, 0);
    finished = CreateEventA(NULL, TRUE, FALSE, NULL);
    listener = make();
    address = (struct sockaddr_in){.sin_family = AF_INET};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    CHECK_EQ(bind(listener, (struct sockaddr *)&address, sizeof address), 0);
    CHECK_EQ(listen(listener, SOMAXCONN), 0);
    CHECK_EQ(getsockname(listener, (struct sockaddr *)&address, &length), 0);
    CreateIoCompletionPort((HANDLE)listener, port, 0, 0);
    accept_ex = extension((GUID)WSAID_ACCEPTEX);
    connect_ex = extension((GUID)WSAID_CONNECTEX);
    for (int i = 0; i < WORKERS; i++)
        threads[i] = CreateThread(NULL, 0, worker, NULL, 0, NULL);
    for (int i = 0; i < AT_ONCE; i++)
        start_accept();
    for (int i = 0; i < AT_ONCE; i++)
        start_client();
    CHECK_EQ(WaitForSingleObject(finished, 100000), WAIT_OBJECT_0);
    CHECK_EQ(clients_done, CONNECTIONS);
    CHECK_EQ(clients_aborted, CONNECTIONS / 10);
    CHECK_EQ(wrong_bytes, 0);
    CHECK_EQ(bad_steps, 0);
    CHECK_EQ(bytes_sent, bytes_back);
    closesocket(listener);
    for (int i = 0; i < 1000 && servers_open; i++)
        Sleep(5);
    CHECK_EQ(servers_open, 0);
    for (int i = 0; i < WORKERS; i++)
        PostQueuedCompletionStatus(port, 0, 0, NULL);
    CHECK_EQ(WaitForMultipleObjects(WORKERS, threads, TRUE, 10000), WAIT_OBJECT_0);
    for (int i = 0; i < WORKERS; i++)
        CloseHandle(threads[i]);
    CloseHandle(port);
    CloseHandle(finished);
    GetProcessHandleCount(GetCurrentProcess(), &handles_after);
    CHECK(handles_after <= handles_before + 8); /* Winsock's own */
    WSACleanup();
    return check_done();
}
