/*
 * Does Registered I/O send, receive and tell as documented: queues and their limits, notification, deferring, errors?
 * Wine has none of it: expectations are Microsoft's documentation.
 * link: -lws2_32
 */
#include <winsock2.h>
#include <mswsock.h>
#include <ws2tcpip.h>
#include "check.h"

/* mswsock.h and mswsockdef.h of Windows 8, which mingw-w64's leave out. */
#define SIO_GET_MULTIPLE 0xc8000024
static const GUID multiple_rio = {0x8509e081, 0x96dd, 0x4005, {0xb1, 0x65, 0x9e, 0x2e, 0xe8, 0xc7, 0x9e, 0x3f}};
enum { DONT_NOTIFY = 1, DEFER = 2, WAITALL = 4, COMMIT_ONLY = 8 };
#define CORRUPT_CQ 0xffffffffu
#define INVALID_BUFFER ((void *)(ULONG_PTR)0xffffffffu)
#define MAX_CQ_SIZE 0x8000000

typedef struct {
    LONG Status;
    ULONG BytesTransferred;
    ULONGLONG SocketContext, RequestContext;
} RIORESULT;
typedef struct {
    void *BufferId;
    ULONG Offset, Length;
} RIO_BUF;
typedef struct {
    int Type;
    union {
        struct {
            HANDLE EventHandle;
            BOOL NotifyReset;
        } Event;
        struct {
            HANDLE IocpHandle;
            PVOID CompletionKey, Overlapped;
        } Iocp;
    };
} RIO_NOTIFICATION;

static struct {
    DWORD cbSize;
    BOOL(WINAPI *Receive)(void *, RIO_BUF *, ULONG, DWORD, PVOID);
    BOOL(WINAPI *ReceiveEx)(void *, RIO_BUF *, ULONG, RIO_BUF *, RIO_BUF *, RIO_BUF *, RIO_BUF *, DWORD, PVOID);
    BOOL(WINAPI *Send)(void *, RIO_BUF *, ULONG, DWORD, PVOID);
    BOOL(WINAPI *SendEx)(void *, RIO_BUF *, ULONG, RIO_BUF *, RIO_BUF *, RIO_BUF *, RIO_BUF *, DWORD, PVOID);
    void(WINAPI *CloseCompletionQueue)(void *);
    void *(WINAPI *CreateCompletionQueue)(DWORD, RIO_NOTIFICATION *);
    void *(WINAPI *CreateRequestQueue)(SOCKET, ULONG, ULONG, ULONG, ULONG, void *, void *, PVOID);
    ULONG(WINAPI *Dequeue)(void *, RIORESULT *, ULONG);
    void(WINAPI *DeregisterBuffer)(void *);
    INT(WINAPI *Notify)(void *);
    void *(WINAPI *RegisterBuffer)(PCHAR, DWORD);
    BOOL(WINAPI *ResizeCompletionQueue)(void *, DWORD);
    BOOL(WINAPI *ResizeRequestQueue)(void *, DWORD, DWORD);
} rio;

static char memory[65536];
static void *buffer;

static SOCKET rio_socket(int family, int type)
{
    return WSASocketW(family, type, 0, NULL, 0, WSA_FLAG_REGISTERED_IO);
}

static struct sockaddr_in bind_loopback(SOCKET s)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    int length = sizeof address;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    CHECK_EQ(bind(s, (struct sockaddr *)&address, sizeof address), 0);
    CHECK_EQ(getsockname(s, (struct sockaddr *)&address, &length), 0);
    return address;
}

static void tcp_pair(SOCKET *client, SOCKET *server)
{
    SOCKET l = rio_socket(AF_INET, SOCK_STREAM);
    struct sockaddr_in address = bind_loopback(l);
    listen(l, 1);
    *client = rio_socket(AF_INET, SOCK_STREAM);
    CHECK_EQ(connect(*client, (struct sockaddr *)&address, sizeof address), 0);
    *server = accept(l, NULL, NULL);
    CHECK(*server != INVALID_SOCKET);
    closesocket(l);
}

static RIO_BUF piece(ULONG offset, ULONG length)
{
    return (RIO_BUF){buffer, offset, length};
}

/* One result, waited for. */
static RIORESULT next(void *queue)
{
    RIORESULT result = {-1, 0, 0, 0};
    ULONG count = 0;
    for (int i = 0; i < 5000 && !count; i++) {
        count = rio.Dequeue(queue, &result, 1);
        if (!count)
            Sleep(1);
    }
    CHECK_EQ(count, 1);
    return result;
}

static BOOL get_table(SOCKET s, const GUID *id, DWORD in, void *out, DWORD size, DWORD *used)
{
    return !WSAIoctl(s, SIO_GET_MULTIPLE, (void *)id, in, out, size, used, NULL, NULL);
}

static void test_table(void)
{
    SOCKET s = rio_socket(AF_INET, SOCK_DGRAM);
    GUID other = {1, 2, 3, {4}};
    DWORD used = 0;
    CHECK(get_table(s, &multiple_rio, sizeof(GUID), &rio, sizeof rio, &used));
    CHECK_EQ(used, sizeof rio);
    CHECK_EQ(rio.cbSize, sizeof rio);
    CHECK_EQ(sizeof rio, 112);
    for (void **f = (void **)&rio + 1; f < (void **)(&rio + 1); f++)
        CHECK(*f != NULL);
    CHECK_ERROR(get_table(s, &other, sizeof(GUID), &rio, sizeof rio, &used), WSAEINVAL);
    CHECK_ERROR(get_table(s, &multiple_rio, 8, &rio, sizeof rio, &used), WSAEFAULT);
    CHECK_ERROR(get_table(s, &multiple_rio, sizeof(GUID), &rio, 8, &used), WSAEFAULT);
    closesocket(s);
}

static void test_buffers(void)
{
    void *ids[600];
    SetLastError(0);
    CHECK(rio.RegisterBuffer(memory, 0) == INVALID_BUFFER);
    CHECK_EQ(GetLastError(), WSAEINVAL);
    CHECK(rio.RegisterBuffer(NULL, 10) == INVALID_BUFFER);
    CHECK_EQ(GetLastError(), WSAEFAULT);
    CHECK(rio.RegisterBuffer((char *)16, 10) == INVALID_BUFFER);
    CHECK_EQ(GetLastError(), WSAEFAULT);
    for (int i = 0; i < 600; i++) {
        ids[i] = rio.RegisterBuffer(memory + i, 100);
        CHECK(ids[i] != INVALID_BUFFER && ids[i]);
        for (int j = 0; j < i; j += 97)
            CHECK(ids[i] != ids[j]);
    }
    for (int i = 0; i < 600; i++)
        rio.DeregisterBuffer(ids[i]);
    rio.DeregisterBuffer(ids[3]); /* nothing happens */
    rio.DeregisterBuffer(INVALID_BUFFER);
    rio.DeregisterBuffer(NULL);
    buffer = rio.RegisterBuffer(memory, sizeof memory);
    CHECK(buffer != INVALID_BUFFER);
}

static void test_completion_queues(void)
{
    RIO_NOTIFICATION how = {.Type = 3};
    RIORESULT result;
    CHECK_ERROR(rio.CreateCompletionQueue(0, NULL), WSAEINVAL);
    CHECK_ERROR(rio.CreateCompletionQueue(MAX_CQ_SIZE + 1, NULL), WSAEINVAL);
    CHECK_ERROR(rio.CreateCompletionQueue(10, &how), WSAEINVAL);
    how.Type = 1;
    CHECK_ERROR(rio.CreateCompletionQueue(10, &how), WSAEINVAL);
    how.Type = 2;
    how.Iocp.IocpHandle = CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, 1);
    CHECK_ERROR(rio.CreateCompletionQueue(10, &how), WSAEINVAL); /* no OVERLAPPED */
    CloseHandle(how.Iocp.IocpHandle);
    how.Iocp.Overlapped = &how;
    CHECK_ERROR(rio.CreateCompletionQueue(10, &how), WSAEINVAL);
    void *queue = rio.CreateCompletionQueue(10, NULL);
    CHECK(queue != NULL);
    CHECK_EQ(rio.Dequeue(queue, &result, 1), 0);
    CHECK_EQ(rio.Notify(queue), WSAEINVAL); /* polled only */
    CHECK(rio.ResizeCompletionQueue(queue, 20));
    CHECK(rio.ResizeCompletionQueue(queue, 5));
    CHECK_ERROR(rio.ResizeCompletionQueue(queue, 0), WSAEINVAL);
    CHECK_ERROR(rio.ResizeCompletionQueue(queue, MAX_CQ_SIZE + 1), WSAEINVAL);
    CHECK_ERROR(rio.ResizeCompletionQueue(NULL, 5), WSAEINVAL);
    rio.CloseCompletionQueue(queue);
    CHECK_EQ(rio.Dequeue(queue, &result, 1), CORRUPT_CQ);
    CHECK_EQ(rio.Dequeue(NULL, &result, 1), CORRUPT_CQ);
    CHECK_EQ(rio.Notify(NULL), WSAEINVAL);
    rio.CloseCompletionQueue(NULL);
}

static void test_request_queues(void)
{
    void *queue = rio.CreateCompletionQueue(10, NULL), *small = rio.CreateCompletionQueue(2, NULL);
    SOCKET s = rio_socket(AF_INET, SOCK_DGRAM), plain = socket(AF_INET, SOCK_DGRAM, 0);
    CHECK_ERROR(rio.CreateRequestQueue(INVALID_SOCKET, 1, 1, 1, 1, queue, queue, NULL), WSAENOTSOCK);
    CHECK_ERROR(rio.CreateRequestQueue(plain, 1, 1, 1, 1, queue, queue, NULL), WSAEOPNOTSUPP);
    CHECK_ERROR(rio.CreateRequestQueue(s, 0, 1, 0, 1, queue, queue, NULL), WSAEINVAL);
    CHECK_ERROR(rio.CreateRequestQueue(s, 1, 2, 1, 1, queue, queue, NULL), WSAEINVAL);
    CHECK_ERROR(rio.CreateRequestQueue(s, 1, 1, 1, 2, queue, queue, NULL), WSAEINVAL);
    CHECK_ERROR(rio.CreateRequestQueue(s, 1, 1, 1, 1, NULL, queue, NULL), WSAEINVAL);
    CHECK_ERROR(rio.CreateRequestQueue(s, 1, 1, 1, 1, queue, NULL, NULL), WSAEINVAL);
    CHECK_ERROR(rio.CreateRequestQueue(s, 6, 1, 5, 1, queue, queue, NULL), WSAENOBUFS);
    CHECK_ERROR(rio.CreateRequestQueue(s, 1, 1, 3, 1, queue, small, NULL), WSAENOBUFS);
    void *requests = rio.CreateRequestQueue(s, 5, 1, 5, 1, queue, queue, NULL);
    CHECK(requests != NULL);
    CHECK_ERROR(rio.CreateRequestQueue(s, 1, 1, 1, 1, small, small, NULL), WSAEINVAL); /* it has one */
    /* The completion queue is full. */
    SOCKET t = rio_socket(AF_INET, SOCK_DGRAM);
    CHECK_ERROR(rio.CreateRequestQueue(t, 1, 1, 0, 1, queue, queue, NULL), WSAENOBUFS);
    CHECK_ERROR(rio.ResizeCompletionQueue(queue, 9), WSAETOOMANYREFS);
    CHECK_ERROR(rio.ResizeRequestQueue(requests, 6, 5), WSAENOBUFS);
    CHECK_ERROR(rio.ResizeRequestQueue(requests, 0, 0), WSAEINVAL);
    CHECK_ERROR(rio.ResizeRequestQueue(NULL, 1, 1), WSAEINVAL);
    CHECK(rio.ResizeRequestQueue(requests, 4, 5));
    void *more = rio.CreateRequestQueue(t, 1, 1, 0, 1, queue, queue, NULL);
    CHECK(more != NULL);
    CHECK(rio.ResizeRequestQueue(requests, 2, 2));
    CHECK(rio.ResizeCompletionQueue(queue, 5));
    closesocket(t); /* its place is free again */
    CHECK(rio.ResizeCompletionQueue(queue, 4));
    CHECK_ERROR(rio.ResizeCompletionQueue(queue, 3), WSAETOOMANYREFS);
    closesocket(s);
    CHECK(rio.ResizeCompletionQueue(queue, 1));
    closesocket(plain);
    rio.CloseCompletionQueue(queue);
    rio.CloseCompletionQueue(small);
}

static void test_misuse(void *requests)
{
    RIO_BUF good = piece(0, 10), bad[] = {{buffer, 0, sizeof memory + 1},
                                          {buffer, sizeof memory, 1},
                                          {buffer, 0xffffffff, 2},
                                          {INVALID_BUFFER, 0, 1},
                                          {NULL, 0, 1}};
    for (unsigned i = 0; i < sizeof bad / sizeof *bad; i++) {
        CHECK_ERROR(rio.Receive(requests, &bad[i], 1, 0, NULL), WSAEINVAL);
        CHECK_ERROR(rio.Send(requests, &bad[i], 1, 0, NULL), WSAEINVAL);
    }
    CHECK_ERROR(rio.Receive(NULL, &good, 1, 0, NULL), WSAEINVAL);
    CHECK_ERROR(rio.Send(NULL, &good, 1, 0, NULL), WSAEINVAL);
    CHECK_ERROR(rio.Receive(requests, &good, 2, 0, NULL), WSAEINVAL);
    CHECK_ERROR(rio.Receive(requests, &good, 0, 0, NULL), WSAEINVAL);
    CHECK_ERROR(rio.Receive(requests, NULL, 1, 0, NULL), WSAEINVAL);
    CHECK_ERROR(rio.Receive(requests, &good, 1, 0x10, NULL), WSAEINVAL);
    CHECK_ERROR(rio.Send(requests, &good, 1, WAITALL, NULL), WSAEINVAL);
    CHECK_ERROR(rio.Send(requests, &good, 1, COMMIT_ONLY, NULL), WSAEINVAL);
    CHECK_ERROR(rio.Send(requests, NULL, 0, COMMIT_ONLY | DEFER, NULL), WSAEINVAL);
    CHECK_ERROR(rio.Send(requests, NULL, 0, COMMIT_ONLY, (void *)1), WSAEINVAL);
}

static void test_stream(void)
{
    SOCKET a, b;
    void *sent = rio.CreateCompletionQueue(8, NULL), *received = rio.CreateCompletionQueue(8, NULL);
    RIORESULT r;
    tcp_pair(&a, &b);
    void *ra = rio.CreateRequestQueue(a, 2, 1, 4, 1, received, sent, (void *)0xa);
    void *rb = rio.CreateRequestQueue(b, 4, 1, 1, 1, received, sent, (void *)0xb);
    CHECK(ra && rb);
    test_misuse(ra);
    RIO_BUF out = piece(0, 5), in = piece(1000, 100), in2 = piece(2000, 100);
    memcpy(memory, "hello", 5);
    CHECK(rio.Receive(rb, &in, 1, 0, (void *)1));
    CHECK_EQ(rio.Dequeue(received, &r, 1), 0);
    CHECK(rio.Send(ra, &out, 1, 0, (void *)2));
    r = next(sent);
    CHECK_EQ(r.Status, 0);
    CHECK_EQ(r.BytesTransferred, 5);
    CHECK_EQ(r.SocketContext, 0xa);
    CHECK_EQ(r.RequestContext, 2);
    r = next(received);
    CHECK_EQ(r.Status, 0);
    CHECK_EQ(r.BytesTransferred, 5);
    CHECK_EQ(r.SocketContext, 0xb);
    CHECK_EQ(r.RequestContext, 1);
    CHECK(!memcmp(memory + 1000, "hello", 5));
    /* Several wait, in order; all of a buffer. */
    in = piece(1000, 4);
    CHECK(rio.Receive(rb, &in, 1, WAITALL, (void *)3));
    CHECK(rio.Receive(rb, &in2, 1, 0, (void *)4));
    CHECK_EQ(send(a, "abc", 3, 0), 3); /* the old calls work beside */
    Sleep(20);
    CHECK_EQ(rio.Dequeue(received, &r, 1), 0);
    CHECK_EQ(send(a, "defg", 4, 0), 4);
    r = next(received);
    CHECK_EQ(r.RequestContext, 3);
    CHECK_EQ(r.BytesTransferred, 4);
    r = next(received);
    CHECK_EQ(r.RequestContext, 4);
    CHECK_EQ(r.BytesTransferred, 3);
    CHECK(!memcmp(memory + 1000, "abcd", 4) && !memcmp(memory + 2000, "efg", 3));
    /* As many as the queue holds until they are dequeued. */
    for (int i = 0; i < 4; i++)
        CHECK(rio.Send(ra, &out, 1, 0, NULL));
    CHECK_ERROR(rio.Send(ra, &out, 1, 0, NULL), WSAENOBUFS);
    next(sent);
    CHECK(rio.Send(ra, &out, 1, 0, NULL));
    RIORESULT many[8];
    CHECK_EQ(rio.Dequeue(sent, many, 8), 4);
    in = piece(1000, 25);
    CHECK(rio.Receive(rb, &in, 1, WAITALL, NULL));
    CHECK_EQ(next(received).BytesTransferred, 25);
    /* Addresses and flags of a stream. */
    RIO_BUF local = piece(3000, 32), remote = piece(3100, 32), flags = piece(3200, 4);
    struct sockaddr_in name;
    int length = sizeof name;
    CHECK(rio.ReceiveEx(rb, &in, 1, &local, &remote, NULL, &flags, 0, NULL));
    CHECK(rio.Send(ra, &out, 1, 0, NULL));
    CHECK_EQ(next(received).Status, 0);
    getsockname(a, (struct sockaddr *)&name, &length);
    CHECK(!memcmp(memory + 3100, &name, 8));
    getsockname(b, (struct sockaddr *)&name, &length);
    CHECK(!memcmp(memory + 3000, &name, 8));
    CHECK_EQ(*(ULONG *)(memory + 3200), 0);
    next(sent);
    /* The end, a closed socket. */
    CHECK(rio.Receive(rb, &in, 1, 0, (void *)7));
    CHECK(rio.Receive(ra, &in2, 1, 0, (void *)8));
    shutdown(a, SD_SEND);
    r = next(received);
    CHECK_EQ(r.Status, 0);
    CHECK_EQ(r.BytesTransferred, 0);
    CHECK_EQ(r.RequestContext, 7);
    closesocket(a);
    r = next(received);
    CHECK_EQ(r.Status, WSA_OPERATION_ABORTED);
    CHECK_EQ(r.RequestContext, 8);
    CHECK_EQ(r.SocketContext, 0xa);
    closesocket(b);
    rio.CloseCompletionQueue(sent);
    rio.CloseCompletionQueue(received);
}

static void test_datagrams(int family)
{
    void *done = rio.CreateCompletionQueue(64, NULL);
    SOCKET a = rio_socket(family, SOCK_DGRAM), b = rio_socket(family, SOCK_DGRAM);
    struct sockaddr_storage an = {.ss_family = family}, bn = {.ss_family = family};
    int length = sizeof an, control_level = family == AF_INET ? IPPROTO_IP : IPPROTO_IPV6;
    if (family == AF_INET6 && a == INVALID_SOCKET) {
        rio.CloseCompletionQueue(done);
        return;
    }
    CHECK_EQ(bind(a, (struct sockaddr *)&an, sizeof an), 0);
    CHECK_EQ(bind(b, (struct sockaddr *)&bn, sizeof bn), 0);
    getsockname(a, (struct sockaddr *)&an, &length);
    getsockname(b, (struct sockaddr *)&bn, &length);
    if (family == AF_INET)
        ((struct sockaddr_in *)&bn)->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    else
        ((struct sockaddr_in6 *)&bn)->sin6_addr = in6addr_loopback;
    void *ra = rio.CreateRequestQueue(a, 4, 1, 16, 1, done, done, (void *)1);
    void *rb = rio.CreateRequestQueue(b, 16, 1, 4, 1, done, done, (void *)2);
    CHECK(ra && rb);
    RIO_BUF out = piece(0, 5), in = piece(1000, 100), to = piece(2000, sizeof(struct sockaddr_in6)),
            from = piece(2100, sizeof(struct sockaddr_in6)), local = piece(2200, sizeof(struct sockaddr_in6)),
            flags = piece(2300, 4), control = piece(2400, 200);
    RIORESULT r;
    memcpy(memory, "hello", 5);
    memcpy(memory + 2000, &bn, sizeof(struct sockaddr_in6));
    CHECK_ERROR(rio.Receive(rb, &in, 1, WAITALL, NULL), WSAEINVAL);
    CHECK_ERROR(rio.SendEx(ra, &out, 1, &local, &to, NULL, NULL, 0, NULL), WSAEINVAL);
    /* Nobody to send to. */
    CHECK(rio.Send(ra, &out, 1, 0, (void *)9));
    CHECK_EQ(next(done).Status, WSAENOTCONN);
    CHECK(rio.ReceiveEx(rb, &in, 1, &local, &from, NULL, &flags, 0, (void *)3));
    CHECK(rio.SendEx(ra, &out, 1, NULL, &to, NULL, NULL, 0, (void *)4));
    for (int i = 0; i < 2; i++) {
        r = next(done);
        CHECK_EQ(r.Status, 0);
        CHECK_EQ(r.BytesTransferred, 5);
        CHECK_EQ(r.SocketContext, r.RequestContext == 3 ? 2 : 1);
    }
    CHECK(!memcmp(memory + 1000, "hello", 5));
    CHECK_EQ(*(USHORT *)(memory + 2102), ((struct sockaddr_in *)&an)->sin_port);
    CHECK_EQ(*(USHORT *)(memory + 2200), family);
    CHECK(!memcmp(memory + 2200, &bn, family == AF_INET ? 8 : 24));
    CHECK_EQ(*(ULONG *)(memory + 2300), 0);
    /* The program's own control messages are the ones it asked for. */
    DWORD on = 1;
    CHECK_EQ(setsockopt(b, control_level, IP_HOPLIMIT, (char *)&on, sizeof on), 0);
    CHECK(rio.ReceiveEx(rb, &in, 1, &local, &from, &control, &flags, 0, NULL));
    CHECK(rio.SendEx(ra, &out, 1, NULL, &to, NULL, NULL, DONT_NOTIFY, NULL));
    next(done);
    CHECK_EQ(next(done).Status, 0);
    WSACMSGHDR *header = (WSACMSGHDR *)(memory + 2408);
    CHECK_EQ(*(ULONG *)(memory + 2400), 8 + WSA_CMSG_SPACE(sizeof(int)));
    CHECK_EQ(header->cmsg_level, control_level);
    CHECK_EQ(header->cmsg_type, IP_HOPLIMIT);
    CHECK(*(int *)(header + 1) >= 1);
    /* No data at all. */
    CHECK(rio.Receive(rb, NULL, 0, 0, NULL));
    CHECK(rio.SendEx(ra, NULL, 0, NULL, &to, NULL, NULL, 0, NULL));
    r = next(done);
    CHECK_EQ(r.Status, 0);
    CHECK_EQ(r.BytesTransferred, 0);
    CHECK_EQ(next(done).Status, 0);
    /* Cut. */
    in = piece(1000, 3);
    CHECK(rio.Receive(rb, &in, 1, 0, (void *)5));
    CHECK(rio.SendEx(ra, &out, 1, NULL, &to, NULL, NULL, 0, NULL));
    for (int i = 0; i < 2; i++) {
        r = next(done);
        CHECK_EQ(r.Status, r.RequestContext == 5 ? WSAEMSGSIZE : 0);
        CHECK_EQ(r.BytesTransferred, r.RequestContext == 5 ? 3 : 5);
    }
    /* Deferred: with the next, and when committed. */
    char one;
    u_long none = 1;
    ioctlsocket(b, FIONBIO, &none);
    for (ULONG i = 0; i < 3; i++) {
        memory[i] = '0' + i;
        out = piece(i, 1);
        CHECK(rio.SendEx(ra, &out, 1, NULL, &to, NULL, NULL, DEFER, (void *)(ULONG_PTR)i));
    }
    CHECK(rio.Send(ra, NULL, 0, COMMIT_ONLY, NULL));
    for (ULONG i = 0; i < 3; i++) {
        r = next(done);
        CHECK_EQ(r.RequestContext, i);
        CHECK_EQ(recv(b, &one, 1, 0), 1);
        CHECK_EQ(one, '0' + i);
    }
    for (ULONG i = 0; i < 3; i++) {
        out = piece(i, 1);
        CHECK(rio.SendEx(ra, &out, 1, NULL, &to, NULL, NULL, i < 2 ? DEFER : 0, NULL));
    }
    for (ULONG i = 0; i < 3; i++) {
        CHECK_EQ(next(done).Status, 0);
        CHECK_EQ(recv(b, &one, 1, 0), 1);
        CHECK_EQ(one, '0' + i);
    }
    CHECK(rio.Receive(rb, NULL, 0, COMMIT_ONLY, NULL)); /* nothing to commit */
    /* Connected. */
    CHECK_EQ(connect(a, (struct sockaddr *)&bn, family == AF_INET ? 16 : 28), 0);
    out = piece(0, 5);
    CHECK(rio.Send(ra, &out, 1, 0, NULL));
    CHECK_EQ(next(done).Status, 0);
    CHECK_EQ(recv(b, memory + 5000, 100, 0), 5);
    /* Deferred and never committed: it ends with the socket. */
    CHECK(rio.Send(ra, &out, 1, DEFER, (void *)11));
    closesocket(a);
    r = next(done);
    CHECK_EQ(r.Status, WSA_OPERATION_ABORTED);
    CHECK_EQ(r.RequestContext, 11);
    closesocket(b);
    rio.CloseCompletionQueue(done);
}

static void test_event(void)
{
    RIO_NOTIFICATION how = {.Type = 1};
    RIO_BUF out = piece(0, 1), in = piece(10, 10);
    RIORESULT results[4];
    SOCKET a, b;
    HANDLE event = how.Event.EventHandle = CreateEventW(NULL, TRUE, FALSE, NULL);
    how.Event.NotifyReset = TRUE;
    void *done = rio.CreateCompletionQueue(8, &how);
    CHECK(done != NULL);
    tcp_pair(&a, &b);
    void *rb = rio.CreateRequestQueue(b, 4, 1, 4, 1, done, done, NULL);
    CHECK(rio.Receive(rb, &in, 1, 0, NULL));
    send(a, "x", 1, 0);
    Sleep(30);
    CHECK_EQ(WaitForSingleObject(event, 0), WAIT_TIMEOUT); /* not asked for */
    CHECK_EQ(rio.Notify(done), 0);
    CHECK_EQ(WaitForSingleObject(event, 0), WAIT_OBJECT_0); /* there is something */
    CHECK_EQ(rio.Dequeue(done, results, 4), 1);
    CHECK_EQ(rio.Notify(done), 0);
    CHECK_EQ(WaitForSingleObject(event, 0), WAIT_TIMEOUT); /* reset */
    CHECK_EQ(rio.Notify(done), WSAEALREADY);
    CHECK(rio.Send(rb, &out, 1, DONT_NOTIFY, NULL));
    CHECK_EQ(WaitForSingleObject(event, 20), WAIT_TIMEOUT);
    CHECK(rio.Send(rb, &out, 1, 0, NULL));
    CHECK_EQ(WaitForSingleObject(event, 2000), WAIT_OBJECT_0);
    CHECK_EQ(rio.Dequeue(done, results, 4), 2);
    CHECK(rio.Send(rb, &out, 1, 0, NULL));
    ResetEvent(event);
    CHECK_EQ(WaitForSingleObject(event, 10), WAIT_TIMEOUT); /* one notification each */
    CHECK_EQ(rio.Dequeue(done, results, 4), 1);
    closesocket(a);
    closesocket(b);
    rio.CloseCompletionQueue(done);
    CloseHandle(event);
}

static void test_port(void)
{
    OVERLAPPED o;
    RIO_NOTIFICATION how = {.Type = 2};
    RIO_BUF in = piece(10, 10);
    RIORESULT results[4];
    OVERLAPPED *got = NULL;
    ULONG_PTR key = 0;
    DWORD bytes = 7;
    SOCKET a, b;
    HANDLE port = how.Iocp.IocpHandle = CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, 1);
    how.Iocp.CompletionKey = (void *)0x77;
    how.Iocp.Overlapped = &o;
    void *done = rio.CreateCompletionQueue(8, &how);
    CHECK(done != NULL);
    tcp_pair(&a, &b);
    void *rb = rio.CreateRequestQueue(b, 4, 1, 4, 1, done, done, NULL);
    CHECK_EQ(rio.Notify(done), 0);
    CHECK(!GetQueuedCompletionStatus(port, &bytes, &key, &got, 0));
    CHECK(rio.Receive(rb, &in, 1, 0, NULL));
    send(a, "x", 1, 0);
    CHECK(GetQueuedCompletionStatus(port, &bytes, &key, &got, 5000));
    CHECK_EQ(bytes, 0);
    CHECK_EQ(key, 0x77);
    CHECK(got == &o);
    CHECK_EQ(rio.Dequeue(done, results, 4), 1);
    /* Many, drained whenever the port tells. */
    ULONG total = 0;
    for (int i = 0; i < 200; i++) {
        CHECK_EQ(rio.Notify(done), 0);
        CHECK(rio.Receive(rb, &in, 1, 0, NULL));
        send(a, "y", 1, 0);
        CHECK(GetQueuedCompletionStatus(port, &bytes, &key, &got, 5000));
        total += rio.Dequeue(done, results, 4);
    }
    CHECK_EQ(total, 200);
    CHECK(!GetQueuedCompletionStatus(port, &bytes, &key, &got, 0));
    /* A completion queue that goes first. */
    CHECK(rio.Receive(rb, &in, 1, 0, NULL));
    rio.CloseCompletionQueue(done);
    send(a, "z", 1, 0);
    Sleep(10);
    closesocket(a);
    closesocket(b);
    CloseHandle(port);
}

int main(void)
{
    WSADATA data;
    CHECK_EQ(WSAStartup(MAKEWORD(2, 2), &data), 0);
    if (check_under_wine())
        return check_done();
    test_table();
    test_buffers();
    test_completion_queues();
    test_request_queues();
    test_stream();
    test_datagrams(AF_INET);
    test_datagrams(AF_INET6);
    test_event();
    test_port();
    WSACleanup();
    return check_done();
}
