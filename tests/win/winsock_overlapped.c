/*
 * Do overlapped sends, receives, accepts and connects end as on Windows: events, APCs, ports, cancelling?
 * link: -lws2_32 -lmswsock
 */
#include <winsock2.h>
#include <mswsock.h>
#include <ws2tcpip.h>
#include "check.h"

static LPFN_ACCEPTEX accept_ex;
static LPFN_CONNECTEX connect_ex;
static LPFN_DISCONNECTEX disconnect_ex;
static LPFN_GETACCEPTEXSOCKADDRS get_sockaddrs;
static LPFN_TRANSMITFILE transmit_file;
static LPFN_TRANSMITPACKETS transmit_packets;

static struct sockaddr_in loopback(int port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

static SOCKET bound(int *port)
{
    SOCKET s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
    struct sockaddr_in address = loopback(0);
    int length = sizeof address;
    CHECK_EQ(bind(s, (struct sockaddr *)&address, sizeof address), 0);
    CHECK_EQ(getsockname(s, (struct sockaddr *)&address, &length), 0);
    *port = ntohs(address.sin_port);
    return s;
}

static void pair(SOCKET *client, SOCKET *server)
{
    int port;
    SOCKET l = bound(&port);
    struct sockaddr_in address = loopback(port);
    listen(l, 5);
    *client = socket(AF_INET, SOCK_STREAM, 0);
    CHECK_EQ(connect(*client, (struct sockaddr *)&address, sizeof address), 0);
    *server = accept(l, NULL, NULL);
    closesocket(l);
}

static void *extension(SOCKET s, GUID id)
{
    void *function = NULL;
    DWORD used = 0;
    CHECK_EQ(
        WSAIoctl(s, SIO_GET_EXTENSION_FUNCTION_POINTER, &id, sizeof id, &function, sizeof function, &used, NULL, NULL),
        0);
    CHECK_EQ(used, sizeof function);
    CHECK(function != NULL);
    return function;
}

static void test_extensions(void)
{
    SOCKET s = socket(AF_INET, SOCK_STREAM, 0);
    GUID unknown = {1, 2, 3, {4}};
    void *function;
    DWORD used;
    accept_ex = extension(s, (GUID)WSAID_ACCEPTEX);
    connect_ex = extension(s, (GUID)WSAID_CONNECTEX);
    disconnect_ex = extension(s, (GUID)WSAID_DISCONNECTEX);
    get_sockaddrs = extension(s, (GUID)WSAID_GETACCEPTEXSOCKADDRS);
    transmit_file = extension(s, (GUID)WSAID_TRANSMITFILE);
    transmit_packets = check_under_wine() ? NULL : extension(s, (GUID)WSAID_TRANSMITPACKETS);
    extension(s, (GUID)WSAID_WSARECVMSG);
    extension(s, (GUID)WSAID_WSASENDMSG);
    CHECK_EQ(WSAIoctl(s, SIO_GET_EXTENSION_FUNCTION_POINTER, &unknown, sizeof unknown, &function, sizeof function,
                      &used, NULL, NULL),
             SOCKET_ERROR);
    CHECK_EQ(WSAGetLastError(), WSAEINVAL);
    closesocket(s);
}

static void test_event(void)
{
    SOCKET a, b;
    char buffer[32] = {0};
    WSABUF in = {sizeof buffer, buffer}, out = {5, "hello"};
    DWORD done = 77, flags = 0;
    OVERLAPPED o = {.hEvent = WSACreateEvent()};
    pair(&a, &b);
    CHECK_EQ(WSARecv(b, &in, 1, NULL, &flags, &o, NULL), SOCKET_ERROR);
    CHECK_EQ(WSAGetLastError(), WSA_IO_PENDING);
    CHECK(!HasOverlappedIoCompleted(&o));
    CHECK_EQ(WaitForSingleObject(o.hEvent, 0), WAIT_TIMEOUT);
    CHECK(!WSAGetOverlappedResult(b, &o, &done, FALSE, &flags));
    CHECK_EQ(WSAGetLastError(), WSA_IO_INCOMPLETE);
    CHECK_EQ(WSASend(a, &out, 1, &done, 0, NULL, NULL), 0);
    CHECK_EQ(done, 5);
    CHECK_EQ(WaitForSingleObject(o.hEvent, 5000), WAIT_OBJECT_0);
    CHECK(WSAGetOverlappedResult(b, &o, &done, TRUE, &flags));
    CHECK_EQ(done, 5);
    CHECK_EQ(flags, 0);
    CHECK(!memcmp(buffer, "hello", 5));
    /* At once. */
    CHECK_EQ(send(a, "again", 5, 0), 5);
    Sleep(10);
    WSAResetEvent(o.hEvent);
    CHECK_EQ(WSARecv(b, &in, 1, &done, &flags, &o, NULL), 0);
    CHECK_EQ(done, 5);
    CHECK_EQ(WaitForSingleObject(o.hEvent, 0), WAIT_OBJECT_0);
    CHECK_EQ(o.Internal, 0);
    CHECK_EQ(o.InternalHigh, 5);
    /* Nothing to read into: readiness. */
    WSABUF none = {0, NULL};
    CHECK_EQ(WSARecv(b, &none, 1, NULL, &flags, &o, NULL), SOCKET_ERROR);
    CHECK_EQ(WSAGetLastError(), WSA_IO_PENDING);
    send(a, "z", 1, 0);
    CHECK(WSAGetOverlappedResult(b, &o, &done, TRUE, &flags));
    CHECK_EQ(done, 0);
    CHECK_EQ(recv(b, buffer, sizeof buffer, 0), 1);
    /* The end. */
    CHECK_EQ(WSARecv(b, &in, 1, NULL, &flags, &o, NULL), SOCKET_ERROR);
    shutdown(a, SD_SEND);
    CHECK(WSAGetOverlappedResult(b, &o, &done, TRUE, &flags));
    CHECK_EQ(done, 0);
    WSACloseEvent(o.hEvent);
    closesocket(a);
    closesocket(b);
}

static int routine_calls;
static DWORD routine_error, routine_bytes;

static void CALLBACK routine(DWORD error, DWORD bytes, LPWSAOVERLAPPED overlapped, DWORD flags)
{
    (void)flags;
    routine_calls++;
    routine_error = error;
    routine_bytes = bytes;
    *(int *)overlapped->hEvent += 1; /* the program's own with a routine */
}

static void test_routine(void)
{
    SOCKET a, b;
    char buffer[32];
    int mine = 0;
    WSABUF in = {sizeof buffer, buffer}, out = {3, "abc"};
    DWORD flags = 0, done;
    OVERLAPPED o = {.hEvent = (HANDLE)&mine};
    pair(&a, &b);
    CHECK_EQ(WSARecv(b, &in, 1, NULL, &flags, &o, routine), SOCKET_ERROR);
    CHECK_EQ(WSAGetLastError(), WSA_IO_PENDING);
    CHECK_EQ(SleepEx(0, TRUE), 0);
    send(a, "abc", 3, 0);
    CHECK_EQ(SleepEx(5000, TRUE), WAIT_IO_COMPLETION);
    CHECK_EQ(routine_calls, 1);
    CHECK_EQ(routine_error, 0);
    CHECK_EQ(routine_bytes, 3);
    CHECK_EQ(mine, 1);
    CHECK_EQ(WSASend(a, &out, 1, &done, 0, &o, routine), 0);
    CHECK_EQ(routine_calls, 1);
    CHECK_EQ(WSAWaitForMultipleEvents(1, &(HANDLE){CreateEventA(NULL, 0, 0, NULL)}, FALSE, 1000, TRUE),
             WSA_WAIT_IO_COMPLETION);
    CHECK_EQ(routine_calls, 2);
    recv(b, buffer, sizeof buffer, 0);
    CHECK_EQ(WSARecv(b, &in, 1, NULL, &flags, &o, routine), SOCKET_ERROR);
    CHECK(CancelIoEx((HANDLE)b, &o));
    CHECK_EQ(SleepEx(5000, TRUE), WAIT_IO_COMPLETION);
    CHECK_EQ(routine_error, WSA_OPERATION_ABORTED);
    closesocket(a);
    closesocket(b);
}

static BOOL next(HANDLE port, ULONG_PTR key, OVERLAPPED *expected, DWORD bytes, DWORD error)
{
    DWORD got = 0xdead;
    ULONG_PTR got_key = 0;
    OVERLAPPED *o = NULL;
    SetLastError(0);
    BOOL ok = GetQueuedCompletionStatus(port, &got, &got_key, &o, 5000);
    CHECK(o == expected);
    CHECK_EQ(got_key, key);
    CHECK_EQ(got, bytes);
    CHECK_EQ(ok ? 0 : GetLastError(), error);
    return ok;
}

static void none(HANDLE port)
{
    DWORD got;
    ULONG_PTR key;
    OVERLAPPED *o;
    CHECK(!GetQueuedCompletionStatus(port, &got, &key, &o, 0));
    CHECK_EQ(GetLastError(), WAIT_TIMEOUT);
    CHECK(o == NULL);
}

static void test_port(void)
{
    SOCKET a, b;
    char buffer[32];
    WSABUF in = {sizeof buffer, buffer}, out = {4, "port"};
    DWORD flags = 0, done;
    OVERLAPPED o = {0}, second = {0};
    HANDLE port = CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, 0);
    pair(&a, &b);
    CHECK(CreateIoCompletionPort((HANDLE)b, port, 42, 0) == port);
    CHECK_ERROR(CreateIoCompletionPort((HANDLE)b, port, 43, 0), ERROR_INVALID_PARAMETER);
    CHECK(CreateIoCompletionPort((HANDLE)a, port, 41, 0) == port);
    none(port);
    CHECK_EQ(WSARecv(b, &in, 1, NULL, &flags, &o, NULL), SOCKET_ERROR);
    CHECK_EQ(WSAGetLastError(), WSA_IO_PENDING);
    none(port);
    CHECK_EQ(WSASend(a, &out, 1, &done, 0, &second, NULL), 0);
    DWORD got[2];
    ULONG_PTR keys[2];
    OVERLAPPED *which[2];
    for (int i = 0; i < 2; i++)
        CHECK(GetQueuedCompletionStatus(port, &got[i], &keys[i], &which[i], 5000));
    int send_at = which[0] == &second ? 0 : 1;
    CHECK(which[send_at] == &second && which[!send_at] == &o);
    CHECK_EQ(keys[send_at], 41);
    CHECK_EQ(keys[!send_at], 42);
    CHECK_EQ(got[0], 4);
    CHECK_EQ(got[1], 4);
    none(port);
    /* A blocking call posts nothing, nor does an event with its low bit set. */
    CHECK_EQ(send(a, "x", 1, 0), 1);
    CHECK_EQ(recv(b, buffer, 1, 0), 1);
    HANDLE event = CreateEventA(NULL, TRUE, FALSE, NULL);
    OVERLAPPED quiet = {.hEvent = (HANDLE)((ULONG_PTR)event | 1)};
    CHECK_EQ(WSASend(a, &out, 1, &done, 0, &quiet, NULL), 0);
    CHECK_EQ(WaitForSingleObject(event, 5000), WAIT_OBJECT_0);
    none(port);
    CHECK_EQ(recv(b, buffer, 4, MSG_WAITALL), 4);
    /* What ends at once need not be posted. */
    CHECK(SetFileCompletionNotificationModes((HANDLE)a, FILE_SKIP_COMPLETION_PORT_ON_SUCCESS));
    CHECK_EQ(WSASend(a, &out, 1, &done, 0, &second, NULL), 0);
    none(port);
    CHECK_EQ(recv(b, buffer, 4, MSG_WAITALL), 4);
    CHECK(SetFileCompletionNotificationModes((HANDLE)b, FILE_SKIP_COMPLETION_PORT_ON_SUCCESS));
    CHECK_EQ(WSARecv(b, &in, 1, NULL, &flags, &o, NULL), SOCKET_ERROR);
    send(a, "later", 5, 0);
    next(port, 42, &o, 5, 0);
    none(port);
    /* Cancelled. */
    CHECK_EQ(WSARecv(b, &in, 1, NULL, &flags, &o, NULL), SOCKET_ERROR);
    CHECK_EQ(WSARecv(b, &in, 1, NULL, &flags, &second, NULL), SOCKET_ERROR);
    CHECK(CancelIoEx((HANDLE)b, &second));
    next(port, 42, &second, 0, ERROR_OPERATION_ABORTED);
    CHECK_ERROR(CancelIoEx((HANDLE)b, &second), ERROR_NOT_FOUND);
    CHECK(CancelIo((HANDLE)b));
    next(port, 42, &o, 0, ERROR_OPERATION_ABORTED);
    /* In order. */
    char one[1], two[1];
    WSABUF in1 = {1, one}, in2 = {1, two};
    CHECK_EQ(WSARecv(b, &in1, 1, NULL, &flags, &o, NULL), SOCKET_ERROR);
    CHECK_EQ(WSARecv(b, &in2, 1, NULL, &flags, &second, NULL), SOCKET_ERROR);
    send(a, "12", 2, 0);
    next(port, 42, &o, 1, 0);
    next(port, 42, &second, 1, 0);
    CHECK_EQ(one[0], '1');
    CHECK_EQ(two[0], '2');
    /* Closing ends what waits. */
    CHECK_EQ(WSARecv(b, &in, 1, NULL, &flags, &o, NULL), SOCKET_ERROR);
    closesocket(b);
    DWORD bytes;
    ULONG_PTR key;
    OVERLAPPED *which_closed;
    CHECK(!GetQueuedCompletionStatus(port, &bytes, &key, &which_closed, 5000));
    CHECK(which_closed == &o);
    CHECK(GetLastError() == ERROR_OPERATION_ABORTED || GetLastError() == ERROR_CONNECTION_ABORTED ||
          check_under_wine());
    closesocket(a);
    /* A reset. */
    pair(&a, &b);
    CreateIoCompletionPort((HANDLE)b, port, 7, 0);
    CHECK_EQ(WSARecv(b, &in, 1, NULL, &flags, &o, NULL), SOCKET_ERROR);
    struct linger linger = {1, 0};
    setsockopt(a, SOL_SOCKET, SO_LINGER, (char *)&linger, sizeof linger);
    closesocket(a);
    next(port, 7, &o, 0, ERROR_NETNAME_DELETED);
    CHECK(!WSAGetOverlappedResult(b, &o, &bytes, FALSE, &flags));
    CHECK_EQ(WSAGetLastError(), WSAECONNRESET);
    closesocket(b);
    CloseHandle(port);
}

/* A big overlapped send ends when all of it is on its way. */
static void test_big_send(void)
{
    enum { SIZE = 8 << 20 };
    SOCKET a, b;
    char *data = malloc(SIZE), *copy = malloc(SIZE);
    WSABUF out[2] = {{1000, data}, {SIZE - 1000, data + 1000}};
    OVERLAPPED o = {.hEvent = WSACreateEvent()};
    DWORD done, flags;
    for (int i = 0; i < SIZE; i++)
        data[i] = (char)(i * 7 + i / 251);
    pair(&a, &b);
    int result = WSASend(a, out, 2, NULL, 0, &o, NULL);
    CHECK(result == 0 || WSAGetLastError() == WSA_IO_PENDING);
    int at = 0, n = 1;
    while (at < SIZE && (n = recv(b, copy + at, SIZE - at, 0)) > 0)
        at += n;
    CHECK_EQ(at, SIZE);
    CHECK(!memcmp(data, copy, SIZE));
    CHECK(WSAGetOverlappedResult(a, &o, &done, TRUE, &flags));
    CHECK_EQ(done, SIZE);
    WSACloseEvent(o.hEvent);
    free(data);
    free(copy);
    closesocket(a);
    closesocket(b);
}

static void test_accept_ex(BOOL with_data)
{
    enum { ROOM = sizeof(struct sockaddr_in) + 16 };
    int port;
    char buffer[64 + 2 * ROOM];
    SOCKET l = bound(&port), s = socket(AF_INET, SOCK_STREAM, 0), c = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = loopback(port), *local, *remote, peer;
    int local_size, remote_size, length = sizeof peer;
    HANDLE io = CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, 0);
    OVERLAPPED o = {0};
    DWORD done = 0, size = with_data ? 64 : 0;
    if (!check_under_wine()) { /* which lets it wait */
        CHECK(!accept_ex(l, s, buffer, size, ROOM, ROOM, &done, &o));
        CHECK_EQ(WSAGetLastError(), WSAEINVAL); /* it does not listen yet */
    }
    listen(l, 5);
    CreateIoCompletionPort((HANDLE)l, io, 5, 0);
    CHECK(!accept_ex(l, s, buffer, size, ROOM, ROOM, &done, &o));
    CHECK_EQ(WSAGetLastError(), ERROR_IO_PENDING);
    none(io);
    CHECK_EQ(connect(c, (struct sockaddr *)&address, sizeof address), 0);
    if (with_data) {
        DWORD got;
        ULONG_PTR key;
        OVERLAPPED *which;
        CHECK(!GetQueuedCompletionStatus(io, &got, &key, &which, 50));
        CHECK_EQ(GetLastError(), WAIT_TIMEOUT);
        send(c, "first", 5, 0);
    }
    next(io, 5, &o, with_data ? 5 : 0, 0);
    if (with_data)
        CHECK(!memcmp(buffer, "first", 5));
    get_sockaddrs(buffer, size, ROOM, ROOM, (struct sockaddr **)&local, &local_size, (struct sockaddr **)&remote,
                  &remote_size);
    CHECK_EQ(local_size, sizeof *local);
    CHECK_EQ(remote_size, sizeof *remote);
    CHECK_EQ(local->sin_family, AF_INET);
    CHECK_EQ(ntohs(local->sin_port), port);
    getsockname(c, (struct sockaddr *)&peer, &length);
    CHECK_EQ(remote->sin_port, peer.sin_port);
    CHECK_EQ(remote->sin_addr.s_addr, htonl(INADDR_LOOPBACK));
    CHECK_EQ(setsockopt(s, SOL_SOCKET, SO_UPDATE_ACCEPT_CONTEXT, (char *)&l, sizeof l), 0);
    CHECK_EQ(getpeername(s, (struct sockaddr *)&address, &length), 0);
    CHECK_EQ(address.sin_port, peer.sin_port);
    int seconds = -1;
    length = sizeof seconds;
    CHECK_EQ(getsockopt(s, SOL_SOCKET, SO_CONNECT_TIME, (char *)&seconds, &length), 0);
    CHECK(seconds >= 0 && seconds < 5);
    CHECK_EQ(send(s, "ok", 2, 0), 2);
    CHECK_EQ(recv(c, buffer, 2, MSG_WAITALL), 2);
    closesocket(c);
    closesocket(s);
    /* Cancelled with its listener. */
    s = socket(AF_INET, SOCK_STREAM, 0);
    CHECK(!accept_ex(l, s, buffer, 0, ROOM, ROOM, &done, &o));
    closesocket(l);
    next(io, 5, &o, 0, ERROR_OPERATION_ABORTED);
    closesocket(s);
    CloseHandle(io);
}

static void test_connect_ex(void)
{
    int port, mine;
    SOCKET l = bound(&port), c = socket(AF_INET, SOCK_STREAM, 0), s;
    struct sockaddr_in address = loopback(port);
    int length = sizeof address;
    char buffer[16];
    OVERLAPPED o = {.hEvent = WSACreateEvent()};
    DWORD done = 0, flags;
    listen(l, 5);
    CHECK(!connect_ex(c, (struct sockaddr *)&address, sizeof address, NULL, 0, &done, &o));
    CHECK_EQ(WSAGetLastError(), WSAEINVAL); /* not bound */
    closesocket(c);
    c = bound(&mine);
    BOOL ok = connect_ex(c, (struct sockaddr *)&address, sizeof address, "greet", 5, &done, &o);
    CHECK(ok || WSAGetLastError() == ERROR_IO_PENDING);
    CHECK(WSAGetOverlappedResult(c, &o, &done, TRUE, &flags));
    CHECK_EQ(done, 5);
    CHECK_EQ(setsockopt(c, SOL_SOCKET, SO_UPDATE_CONNECT_CONTEXT, NULL, 0), 0);
    s = accept(l, (struct sockaddr *)&address, &length);
    CHECK_EQ(ntohs(address.sin_port), mine);
    CHECK_EQ(recv(s, buffer, 5, MSG_WAITALL), 5);
    CHECK(!memcmp(buffer, "greet", 5));
    CHECK(disconnect_ex(c, NULL, 0, 0));
    CHECK_EQ(recv(s, buffer, 5, 0), 0);
    closesocket(s);
    closesocket(c);
    closesocket(l);
    /* Refused. */
    c = bound(&mine);
    address = loopback(port);
    CHECK(!connect_ex(c, (struct sockaddr *)&address, sizeof address, NULL, 0, &done, &o));
    int error = WSAGetLastError();
    CHECK(error == ERROR_IO_PENDING || error == WSAECONNREFUSED);
    if (error == ERROR_IO_PENDING) {
        CHECK(!WSAGetOverlappedResult(c, &o, &done, TRUE, &flags));
        CHECK_EQ(WSAGetLastError(), WSAECONNREFUSED);
        CHECK(!GetOverlappedResult((HANDLE)c, &o, &done, FALSE));
        CHECK_EQ(GetLastError(), ERROR_CONNECTION_REFUSED);
    }
    closesocket(c);
    WSACloseEvent(o.hEvent);
}

static void test_transmit(void)
{
    SOCKET a, b;
    char name[MAX_PATH], buffer[64] = {0};
    DWORD done;
    TRANSMIT_FILE_BUFFERS ends = {"<<", 2, ">>", 2};
    GetTempPathA(sizeof name - 20, name);
    strcat(name, "transmit.tmp");
    HANDLE file =
        CreateFileA(name, GENERIC_READ | GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, FILE_FLAG_DELETE_ON_CLOSE, NULL);
    CHECK(file != INVALID_HANDLE_VALUE);
    WriteFile(file, "0123456789", 10, &done, NULL);
    SetFilePointer(file, 0, NULL, FILE_BEGIN);
    pair(&a, &b);
    CHECK(transmit_file(a, file, 0, 0, NULL, &ends, 0));
    CHECK_EQ(recv(b, buffer, 14, MSG_WAITALL), 14);
    CHECK(!memcmp(buffer, "<<0123456789>>", 14));
    OVERLAPPED o = {.hEvent = WSACreateEvent(), .Offset = 4};
    BOOL ok = transmit_file(a, file, 3, 0, &o, NULL, 0);
    CHECK(ok || WSAGetLastError() == ERROR_IO_PENDING);
    CHECK(GetOverlappedResult((HANDLE)a, &o, &done, TRUE));
    CHECK_EQ(done, 3);
    CHECK_EQ(recv(b, buffer, 3, MSG_WAITALL), 3);
    CHECK(!memcmp(buffer, "456", 3));
    if (transmit_packets) {
        TRANSMIT_PACKETS_ELEMENT elements[3] = {{TP_ELEMENT_MEMORY, 3}, {TP_ELEMENT_FILE, 2}, {TP_ELEMENT_MEMORY, 1}};
        elements[0].pBuffer = "abc";
        elements[1].hFile = file;
        elements[1].nFileOffset.QuadPart = 8;
        elements[2].pBuffer = "!";
        CHECK(transmit_packets(a, elements, 3, 0, NULL, 0));
        CHECK_EQ(recv(b, buffer, 6, MSG_WAITALL), 6);
        CHECK(!memcmp(buffer, "abc89!", 6));
    }
    CloseHandle(file);
    WSACloseEvent(o.hEvent);
    closesocket(a);
    closesocket(b);
}

static HANDLE shared_port;

static DWORD WINAPI poster(void *argument)
{
    Sleep(30);
    PostQueuedCompletionStatus(shared_port, 1, (ULONG_PTR)argument, NULL);
    return 0;
}

/* A thread that waits for a port hears posts as well as data, and time-outs, while operations are pending. */
static void test_port_mixed(void)
{
    SOCKET a, b;
    char buffer[8];
    WSABUF in = {sizeof buffer, buffer};
    DWORD flags = 0, got;
    ULONG_PTR key;
    OVERLAPPED o = {0}, *which;
    shared_port = CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, 0);
    pair(&a, &b);
    CreateIoCompletionPort((HANDLE)b, shared_port, 9, 0);
    CHECK_EQ(WSARecv(b, &in, 1, NULL, &flags, &o, NULL), SOCKET_ERROR);
    DWORD start = GetTickCount();
    CHECK(!GetQueuedCompletionStatus(shared_port, &got, &key, &which, 60));
    CHECK_EQ(GetLastError(), WAIT_TIMEOUT);
    CHECK(GetTickCount() - start >= 45);
    for (int i = 1; i <= 3; i++) {
        HANDLE thread = CreateThread(NULL, 0, poster, (void *)(ULONG_PTR)i, 0, NULL);
        CHECK(GetQueuedCompletionStatus(shared_port, &got, &key, &which, 5000));
        CHECK_EQ(key, i);
        CHECK(which == NULL);
        WaitForSingleObject(thread, INFINITE);
        CloseHandle(thread);
    }
    send(a, "data", 4, 0);
    next(shared_port, 9, &o, 4, 0);
    closesocket(a);
    closesocket(b);
    CloseHandle(shared_port);
}

/* AcceptEx that has its connection and waits for the first data belongs to the listener. */
static void test_accept_cancel(void)
{
    enum { ROOM = sizeof(struct sockaddr_in) + 16, COUNT = 4 };
    char buffer[COUNT][64 + 2 * ROOM];
    int port;
    SOCKET l = bound(&port), s[COUNT], c[COUNT];
    struct sockaddr_in address = loopback(port);
    HANDLE io = CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, 0);
    OVERLAPPED o[COUNT] = {0};
    DWORD done;
    listen(l, 5);
    CreateIoCompletionPort((HANDLE)l, io, 5, 0);
    for (int i = 0; i < COUNT; i++) {
        s[i] = socket(AF_INET, SOCK_STREAM, 0);
        c[i] = socket(AF_INET, SOCK_STREAM, 0);
        if (i == 1) /* its connection is there before the call */
            CHECK_EQ(connect(c[i], (struct sockaddr *)&address, sizeof address), 0);
        CHECK(!accept_ex(l, s[i], buffer[i], 64, ROOM, ROOM, &done, &o[i]));
        CHECK_EQ(WSAGetLastError(), ERROR_IO_PENDING);
        if (i != 1 && i != 3)
            CHECK_EQ(connect(c[i], (struct sockaddr *)&address, sizeof address), 0);
        none(io);
    }
    /* One by its OVERLAPPED: another is not touched. */
    CHECK(CancelIoEx((HANDLE)l, &o[1]));
    next(io, 5, &o[1], 0, ERROR_OPERATION_ABORTED);
    none(io);
    CHECK_ERROR(CancelIoEx((HANDLE)l, &o[1]), ERROR_NOT_FOUND);
    send(c[0], "first", 5, 0);
    next(io, 5, &o[0], 5, 0);
    CHECK_ERROR(CancelIoEx((HANDLE)l, &o[0]), ERROR_NOT_FOUND);
    /* The rest with the listener: one that has a connection, one that has none. */
    closesocket(l);
    OVERLAPPED *which;
    ULONG_PTR key;
    int seen = 0;
    for (int i = 0; i < 2; i++) {
        CHECK_ERROR(GetQueuedCompletionStatus(io, &done, &key, &which, 2000), ERROR_OPERATION_ABORTED);
        seen += which == &o[2] ? 1 : which == &o[3] ? 2 : 0;
    }
    CHECK_EQ(seen, 3);
    for (int i = 0; i < COUNT; i++) {
        closesocket(s[i]);
        closesocket(c[i]);
    }
    none(io);
    CloseHandle(io);
}

int main(void)
{
    WSADATA data;
    WSAStartup(MAKEWORD(2, 2), &data);
    test_extensions();
    test_event();
    test_routine();
    test_port();
    test_big_send();
    test_accept_ex(FALSE);
    test_accept_ex(TRUE);
    test_accept_cancel();
    test_connect_ex();
    test_transmit();
    test_port_mixed();
    return check_done();
}
