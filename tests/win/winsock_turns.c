/*
 * Does what is pending end whoever polls: the thread at the port, one that asks in passing, one that sleeps alertably,
 * one at another port, or none at all?
 * link: -lws2_32
 */
#include <winsock2.h>
#include <ws2tcpip.h>
#include <stdbool.h>
#include "check.h"

#define PATIENCE 5000 /* ms: a completion that takes longer is lost */
#define LONG_DATA (8 << 20)

struct connection {
    SOCKET client, server;
    HANDLE port;
    OVERLAPPED overlapped;
    char byte;
};

static void connect_pair(struct connection *c, HANDLE port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int length = sizeof address;
    SOCKET l = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
    CHECK_EQ(bind(l, (struct sockaddr *)&address, sizeof address), 0);
    CHECK_EQ(getsockname(l, (struct sockaddr *)&address, &length), 0);
    CHECK_EQ(listen(l, 1), 0);
    c->client = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
    CHECK_EQ(connect(c->client, (struct sockaddr *)&address, sizeof address), 0);
    c->server = accept(l, NULL, NULL);
    closesocket(l);
    c->port = port;
    CHECK(CreateIoCompletionPort((HANDLE)c->server, port, (ULONG_PTR)c, 0) == port);
}

static void disconnect_pair(struct connection *c)
{
    closesocket(c->client);
    closesocket(c->server);
}

static bool receive(struct connection *c)
{
    WSABUF buffer = {1, &c->byte};
    DWORD flags = 0;
    memset(&c->overlapped, 0, sizeof c->overlapped);
    bool at_once = !WSARecv(c->server, &buffer, 1, NULL, &flags, &c->overlapped, NULL);
    CHECK(at_once || WSAGetLastError() == WSA_IO_PENDING);
    return at_once;
}

static void feed(struct connection *c, char byte)
{
    CHECK_EQ(send(c->client, &byte, 1, 0), 1);
}

static void dequeue(struct connection *c, DWORD patience, char byte)
{
    DWORD n = 0;
    ULONG_PTR key = 0;
    OVERLAPPED *overlapped = NULL;
    CHECK(GetQueuedCompletionStatus(c->port, &n, &key, &overlapped, patience));
    CHECK_EQ(n, 1);
    CHECK(key == (ULONG_PTR)c && overlapped == &c->overlapped);
    CHECK_EQ(c->byte, byte);
}

/* Waits for the first completion itself, so that somebody was at the port a moment ago. */
static void turn(struct connection *c, char byte)
{
    CHECK(!receive(c));
    feed(c, byte);
    dequeue(c, PATIENCE, byte);
}

static void test_nobody_polls(struct connection *c)
{
    for (int i = 0; i < 20; i++) {
        turn(c, 'a');
        CHECK(!receive(c));
        feed(c, 'b');
        ULONGLONG end = GetTickCount64() + PATIENCE;
        while (!HasOverlappedIoCompleted(&c->overlapped) && GetTickCount64() < end)
            Sleep(0);
        CHECK(HasOverlappedIoCompleted(&c->overlapped));
        CHECK_EQ(c->byte, 'b');
        dequeue(c, PATIENCE, 'b');
    }
}

static void test_in_passing(struct connection *c)
{
    for (int i = 0; i < 20; i++) {
        turn(c, 'a');
        CHECK(!receive(c));
        ULONGLONG end = GetTickCount64() + PATIENCE;
        OVERLAPPED *overlapped = NULL;
        ULONG_PTR key;
        DWORD n;
        CHECK_ERROR(GetQueuedCompletionStatus(c->port, &n, &key, &overlapped, 0), WAIT_TIMEOUT);
        feed(c, 'c');
        while (!GetQueuedCompletionStatus(c->port, &n, &key, &overlapped, 0) && GetTickCount64() < end)
            SwitchToThread();
        CHECK(overlapped == &c->overlapped);
        CHECK_EQ(c->byte, 'c');
    }
}

static DWORD WINAPI feeder(void *connection)
{
    Sleep(3);
    feed(connection, 'd');
    return 0;
}

static void test_alertable(struct connection *c)
{
    for (int i = 0; i < 10; i++) {
        OVERLAPPED_ENTRY entry = {0};
        ULONG count = 0;
        turn(c, 'a');
        CHECK(!receive(c));
        HANDLE thread = CreateThread(NULL, 0, feeder, c, 0, NULL);
        CHECK(GetQueuedCompletionStatusEx(c->port, &entry, 1, &count, PATIENCE, TRUE));
        CHECK_EQ(count, 1);
        CHECK(entry.lpOverlapped == &c->overlapped);
        WaitForSingleObject(thread, INFINITE);
        CloseHandle(thread);
    }
}

/* Exit code: how many completions came. */
static DWORD WINAPI waiter(void *connection)
{
    struct connection *c = connection;
    DWORD came = 0, n, flags = 0;
    for (int i = 0; i < 50; i++) {
        WSABUF buffer = {1, &c->byte};
        OVERLAPPED *overlapped = NULL;
        ULONG_PTR key;
        WSARecv(c->server, &buffer, 1, NULL, &flags, &c->overlapped, NULL);
        came += GetQueuedCompletionStatus(c->port, &n, &key, &overlapped, PATIENCE) && overlapped == &c->overlapped &&
                n == 1 && c->byte == 'e';
    }
    return came;
}

/* Two threads at two ports: either may be the one that polls for both. */
static void test_two_ports(struct connection *c, struct connection *other)
{
    HANDLE threads[2] = {CreateThread(NULL, 0, waiter, c, 0, NULL), CreateThread(NULL, 0, waiter, other, 0, NULL)};
    for (int i = 0; i < 50; i++) {
        feed(i % 2 ? c : other, 'e');
        feed(i % 2 ? other : c, 'e');
        if (i % 8 == 0)
            Sleep(1);
    }
    for (int i = 0; i < 2; i++) {
        DWORD came = 0;
        CHECK_EQ(WaitForSingleObject(threads[i], 2 * PATIENCE), WAIT_OBJECT_0);
        CHECK(GetExitCodeThread(threads[i], &came));
        CHECK_EQ(came, 50);
        CloseHandle(threads[i]);
    }
}

static DWORD WINAPI reader(void *connection)
{
    struct connection *c = connection;
    static char data[65536];
    DWORD total = 0;
    for (int n; total < LONG_DATA && (n = recv(c->client, data, sizeof data, 0)) > 0;)
        total += n;
    return total;
}

/* A send that does not fit goes on while the program does something else. */
static void test_long_send(struct connection *c)
{
    char *data = calloc(1, LONG_DATA);
    WSABUF buffer = {LONG_DATA, data};
    DWORD n = 0, total = 0;
    ULONG_PTR key;
    OVERLAPPED overlapped = {0}, *ended = NULL;
    turn(c, 'a');
    int result = WSASend(c->server, &buffer, 1, NULL, 0, &overlapped, NULL);
    CHECK(!result || WSAGetLastError() == WSA_IO_PENDING);
    HANDLE thread = CreateThread(NULL, 0, reader, c, 0, NULL);
    CHECK_EQ(WaitForSingleObject(thread, 2 * PATIENCE), WAIT_OBJECT_0);
    CHECK(GetExitCodeThread(thread, &total));
    CHECK_EQ(total, LONG_DATA);
    CHECK(GetQueuedCompletionStatus(c->port, &n, &key, &ended, PATIENCE));
    CHECK(ended == &overlapped);
    CHECK_EQ(n, LONG_DATA);
    CloseHandle(thread);
    free(data);
}

int main(void)
{
    WSADATA data;
    struct connection c, other;
    CHECK_EQ(WSAStartup(MAKEWORD(2, 2), &data), 0);
    connect_pair(&c, CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, 0));
    connect_pair(&other, CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, 0));
    test_nobody_polls(&c);
    test_in_passing(&c);
    test_alertable(&c);
    test_two_ports(&c, &other);
    test_long_send(&c);
    disconnect_pair(&c);
    disconnect_pair(&other);
    CloseHandle(c.port);
    CloseHandle(other.port);
    return check_done();
}
