/* Does \Device\Afd take polls as libuv, mio and wepoll send them? link: -lws2_32 -lntdll */
#include <winsock2.h>
#include <ws2tcpip.h>
#include <stdint.h>
#include <winternl.h>
#include "check.h"

#define IOCTL_AFD_POLL 0x00012024
#define RECEIVE 0x1
#define OOB 0x2
#define SEND 0x4
#define DISCONNECT 0x8
#define ABORT 0x10
#define LOCAL_CLOSE 0x20
#define ACCEPT 0x80
#define CONNECT_FAIL 0x100
#define PENDING ((NTSTATUS)0x103)
#define CANCELLED ((NTSTATUS)0xc0000120)
#define TIMED_OUT ((NTSTATUS)0x102)

struct poll {
    LARGE_INTEGER timeout;
    ULONG count;
    ULONG exclusive;
    struct {
        HANDLE handle;
        ULONG events;
        NTSTATUS status;
    } handles[4];
};

NTSTATUS NTAPI NtCancelIoFileEx(HANDLE file, PIO_STATUS_BLOCK request, PIO_STATUS_BLOCK status);

static HANDLE port, afd;

static struct sockaddr_in loopback(int number)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(number)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

static SOCKET listener(int *number)
{
    SOCKET s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
    struct sockaddr_in address = loopback(0);
    int length = sizeof address;
    bind(s, (struct sockaddr *)&address, sizeof address);
    listen(s, 50);
    getsockname(s, (struct sockaddr *)&address, &length);
    *number = ntohs(address.sin_port);
    return s;
}

static void pair(SOCKET *client, SOCKET *server)
{
    int number;
    SOCKET l = listener(&number);
    struct sockaddr_in address = loopback(number);
    *client = socket(AF_INET, SOCK_STREAM, 0);
    CHECK_EQ(connect(*client, (struct sockaddr *)&address, sizeof address), 0);
    *server = accept(l, NULL, NULL);
    closesocket(l);
}

/* The handle below a layered socket. */
static HANDLE base(SOCKET s)
{
    SOCKET result = INVALID_SOCKET;
    DWORD used;
    CHECK_EQ(WSAIoctl(s, 0x48000022 /* SIO_BASE_HANDLE */, NULL, 0, &result, sizeof result, &used, NULL, NULL), 0);
    CHECK_EQ(result, s);
    CHECK_EQ(WSAIoctl(s, 0x4800001d /* SIO_BSP_HANDLE_POLL */, NULL, 0, &result, sizeof result, &used, NULL, NULL) == 0,
             !check_under_wine());
    return (HANDLE)s;
}

static NTSTATUS start(struct poll *poll, IO_STATUS_BLOCK *io, SOCKET s, ULONG events, LONGLONG timeout)
{
    memset(poll, 0, sizeof *poll);
    poll->timeout.QuadPart = timeout;
    poll->count = 1;
    poll->handles[0].handle = (HANDLE)s;
    poll->handles[0].events = events;
    io->Status = PENDING;
    return NtDeviceIoControlFile(afd, NULL, NULL, io, io, IOCTL_AFD_POLL, poll, 32, poll, 32);
}

/* The completion that must come; its status. */
static NTSTATUS finish(struct poll *poll, IO_STATUS_BLOCK *io, ULONG events)
{
    OVERLAPPED_ENTRY entry = {0};
    ULONG count = 0;
    CHECK(GetQueuedCompletionStatusEx(port, &entry, 1, &count, 5000, FALSE));
    CHECK_EQ(count, 1);
    CHECK(entry.lpOverlapped == (OVERLAPPED *)io);
    CHECK_EQ(entry.lpCompletionKey, 5);
    if (!io->Status && events) {
        CHECK_EQ(poll->count, 1);
        CHECK_EQ(poll->handles[0].events, events);
        CHECK_EQ(io->Information, 32);
    }
    return io->Status;
}

static void quiet(void)
{
    OVERLAPPED_ENTRY entry;
    ULONG count;
    CHECK(!GetQueuedCompletionStatusEx(port, &entry, 1, &count, 0, FALSE));
}

static void test_open(void)
{
    static const WCHAR *const names[] = {L"\\Device\\Afd", L"\\Device\\Afd\\Mio", L"\\Device\\Afd\\Wepoll"};
    for (int i = 0; i < 3; i++) {
        UNICODE_STRING name;
        OBJECT_ATTRIBUTES attributes = {.Length = sizeof attributes, .ObjectName = &name};
        IO_STATUS_BLOCK io;
        HANDLE handle = NULL;
        RtlInitUnicodeString(&name, names[i]);
        CHECK_EQ(NtCreateFile(&handle, SYNCHRONIZE, &attributes, &io, NULL, 0, FILE_SHARE_READ | FILE_SHARE_WRITE,
                              FILE_OPEN, 0, NULL, 0),
                 0);
        if (i != 1)
            CHECK(CloseHandle(handle));
        else
            afd = handle;
    }
    /* The device's first poll is of something that is ready. */
    SOCKET ready = socket(AF_INET, SOCK_DGRAM, 0);
    struct sockaddr_in address = loopback(0);
    struct poll poll;
    IO_STATUS_BLOCK io;
    bind(ready, (struct sockaddr *)&address, sizeof address);
    NTSTATUS status = start(&poll, &io, ready, SEND, INT64_MAX);
    CHECK(status == 0 || status == PENDING);
    for (int i = 0; i < 1000 && io.Status == PENDING; i++)
        Sleep(1);
    CHECK_EQ(io.Status, 0);
    CHECK_EQ(poll.handles[0].events, SEND);
    closesocket(ready);
    port = CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, 0);
    CHECK(CreateIoCompletionPort(afd, port, 5, 0) == port);
    CHECK(SetFileCompletionNotificationModes(afd, FILE_SKIP_SET_EVENT_ON_HANDLE));
}

static void test_receive(void)
{
    SOCKET a, b;
    struct poll poll;
    IO_STATUS_BLOCK io, cancel;
    char buffer[16];
    pair(&a, &b);
    base(b);
    CHECK_EQ(start(&poll, &io, b, RECEIVE | DISCONNECT | ABORT | LOCAL_CLOSE, INT64_MAX), PENDING);
    quiet();
    send(a, "x", 1, 0);
    CHECK_EQ(finish(&poll, &io, RECEIVE), 0);
    /* Level-triggered: at once while there is data. */
    NTSTATUS status = start(&poll, &io, b, RECEIVE, INT64_MAX);
    CHECK(status == 0 || status == PENDING);
    CHECK_EQ(finish(&poll, &io, RECEIVE), 0);
    recv(b, buffer, sizeof buffer, 0);
    status = start(&poll, &io, b, RECEIVE | SEND, INT64_MAX);
    CHECK(status == 0 || status == PENDING);
    CHECK_EQ(finish(&poll, &io, SEND), 0);
    /* Cancelled. */
    CHECK_EQ(start(&poll, &io, b, RECEIVE, INT64_MAX), PENDING);
    CHECK_EQ(NtCancelIoFileEx(afd, &io, &cancel), 0);
    CHECK_EQ(finish(&poll, &io, 0), CANCELLED);
    CHECK(NtCancelIoFileEx(afd, &io, &cancel) < 0);
    /* Time-outs: a short one, and none at all. */
    CHECK_EQ(start(&poll, &io, b, RECEIVE, -300000), PENDING);
    CHECK_EQ(finish(&poll, &io, 0), TIMED_OUT);
    /* A half-closed peer. */
    CHECK_EQ(start(&poll, &io, b, DISCONNECT | ABORT | LOCAL_CLOSE, INT64_MAX), PENDING);
    shutdown(a, SD_SEND);
    CHECK_EQ(finish(&poll, &io, DISCONNECT), 0);
    /* The socket's own handle is closed. */
    CHECK_EQ(start(&poll, &io, a, RECEIVE | LOCAL_CLOSE, INT64_MAX), PENDING);
    closesocket(a);
    CHECK_EQ(finish(&poll, &io, LOCAL_CLOSE), 0);
    closesocket(b);
    quiet();
    /* A reset. */
    pair(&a, &b);
    CHECK_EQ(start(&poll, &io, b, ABORT, INT64_MAX), PENDING);
    struct linger linger = {1, 0};
    setsockopt(a, SOL_SOCKET, SO_LINGER, (char *)&linger, sizeof linger);
    closesocket(a);
    CHECK_EQ(finish(&poll, &io, ABORT), 0);
    closesocket(b);
}

static void test_connect(void)
{
    int number;
    SOCKET l = listener(&number), c = socket(AF_INET, SOCK_STREAM, 0), s;
    struct sockaddr_in address = loopback(number);
    struct poll poll, accepting;
    IO_STATUS_BLOCK io, accept_io;
    u_long on = 1;
    CHECK_EQ(start(&accepting, &accept_io, l, ACCEPT, INT64_MAX), PENDING);
    ioctlsocket(c, FIONBIO, &on);
    connect(c, (struct sockaddr *)&address, sizeof address);
    CHECK_EQ(finish(&accepting, &accept_io, ACCEPT), 0);
    NTSTATUS status = start(&poll, &io, c, SEND | CONNECT_FAIL, INT64_MAX);
    CHECK(status == 0 || status == PENDING);
    CHECK_EQ(finish(&poll, &io, SEND), 0);
    s = accept(l, NULL, NULL);
    closesocket(s);
    closesocket(c);
    closesocket(l);
    c = socket(AF_INET, SOCK_STREAM, 0);
    ioctlsocket(c, FIONBIO, &on);
    connect(c, (struct sockaddr *)&address, sizeof address);
    status = start(&poll, &io, c, SEND | CONNECT_FAIL, INT64_MAX);
    CHECK(status == 0 || status == PENDING);
    CHECK_EQ(finish(&poll, &io, 0), 0);
    CHECK(poll.handles[0].events & CONNECT_FAIL);
    closesocket(c);
}

/* Several sockets in one poll, with an event; and bad handles. */
static void test_several(void)
{
    SOCKET a, b, c, d;
    struct poll poll = {.timeout.QuadPart = INT64_MAX, .count = 2};
    IO_STATUS_BLOCK io;
    HANDLE event = CreateEventA(NULL, TRUE, FALSE, NULL);
    pair(&a, &b);
    pair(&c, &d);
    poll.handles[0].handle = (HANDLE)b;
    poll.handles[0].events = RECEIVE;
    poll.handles[1].handle = (HANDLE)d;
    poll.handles[1].events = RECEIVE;
    CHECK_EQ(NtDeviceIoControlFile(afd, event, NULL, NULL, &io, IOCTL_AFD_POLL, &poll, 48, &poll, 48), PENDING);
    CHECK_EQ(WaitForSingleObject(event, 20), WAIT_TIMEOUT);
    send(c, "x", 1, 0);
    CHECK_EQ(WaitForSingleObject(event, 5000), WAIT_OBJECT_0);
    CHECK_EQ(io.Status, 0);
    CHECK_EQ(poll.count, 1);
    CHECK(poll.handles[0].handle == (HANDLE)d);
    CHECK_EQ(poll.handles[0].events, RECEIVE);
    quiet();
    poll.count = 1;
    poll.handles[0].handle = (HANDLE)0x7ff0;
    CHECK(NtDeviceIoControlFile(afd, event, NULL, NULL, &io, IOCTL_AFD_POLL, &poll, 32, &poll, 32) < 0);
    CHECK(NtDeviceIoControlFile(afd, event, NULL, NULL, &io, IOCTL_AFD_POLL, &poll, 8, &poll, 8) < 0);
    /* Through a socket instead of the device. */
    poll.timeout.QuadPart = 0;
    poll.handles[0].handle = (HANDLE)d;
    poll.handles[0].events = RECEIVE | SEND;
    ResetEvent(event);
    NTSTATUS status = NtDeviceIoControlFile((HANDLE)a, event, NULL, NULL, &io, IOCTL_AFD_POLL, &poll, 32, &poll, 32);
    if (status == PENDING)
        WaitForSingleObject(event, 5000);
    CHECK_EQ(io.Status, 0);
    CHECK_EQ(poll.handles[0].events, RECEIVE | SEND);
    closesocket(a);
    closesocket(b);
    closesocket(c);
    closesocket(d);
    CloseHandle(event);
}

int main(void)
{
    WSADATA data;
    WSAStartup(MAKEWORD(2, 2), &data);
    test_open();
    test_receive();
    test_connect();
    test_several();
    return check_done();
}
