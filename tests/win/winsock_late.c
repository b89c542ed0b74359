/*
 * What ends late as on Windows: refused connects, datagrams that are too big, long lists of buffers; and receiving by
 * Afd's control codes, as libuv does.  link: -lws2_32 -lmswsock -lntdll
 */
#include <winsock2.h>
#include <mswsock.h>
#include <ws2tcpip.h>
#include <winternl.h>
#include "check.h"

#define IOCTL_AFD_RECEIVE 0x12017
#define IOCTL_AFD_RECEIVE_DATAGRAM 0x1201b
#define TDI_NORMAL 0x20
#define TDI_PEEK 0x80
#define PIECES 3000

struct receive_info {
    WSABUF *buffers;
    ULONG count;
    ULONG afd_flags, tdi_flags;
    struct sockaddr *address;
    int *address_length;
};

static struct sockaddr_in loopback(int port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

static SOCKET bound(int type, int *port)
{
    SOCKET s = socket(AF_INET, type, 0);
    struct sockaddr_in address = loopback(0);
    int length = sizeof address;
    CHECK_EQ(bind(s, (struct sockaddr *)&address, sizeof address), 0);
    CHECK_EQ(getsockname(s, (struct sockaddr *)&address, &length), 0);
    *port = ntohs(address.sin_port);
    return s;
}

static DWORD overlapped_error(SOCKET s, OVERLAPPED *overlapped)
{
    DWORD done = 0, flags = 0;
    return WSAGetOverlappedResult(s, overlapped, &done, TRUE, &flags) ? 0 : WSAGetLastError();
}

/* Nobody listens: the call says "pending", the end says "refused". */
static void test_connect_refused(void)
{
    LPFN_CONNECTEX connect_ex = NULL;
    GUID id = WSAID_CONNECTEX;
    OVERLAPPED overlapped = {.hEvent = CreateEventA(NULL, TRUE, FALSE, NULL)};
    DWORD used;
    int port, own;
    SOCKET free_port = bound(SOCK_STREAM, &port), s = bound(SOCK_STREAM, &own);
    closesocket(free_port);
    WSAIoctl(s, SIO_GET_EXTENSION_FUNCTION_POINTER, &id, sizeof id, &connect_ex, sizeof connect_ex, &used, NULL, NULL);
    struct sockaddr_in address = loopback(port);
    CHECK(!connect_ex(s, (struct sockaddr *)&address, sizeof address, NULL, 0, NULL, &overlapped));
    CHECK_EQ(WSAGetLastError(), WSA_IO_PENDING);
    CHECK_EQ(overlapped_error(s, &overlapped), WSAECONNREFUSED);
    closesocket(s);
    CloseHandle(overlapped.hEvent);
}

/* A datagram that no protocol carries: by a plain call at once, by an overlapped one at its end. */
static void test_datagram_too_big(void)
{
    static char big[70000];
    WSABUF buffer = {sizeof big, big};
    OVERLAPPED overlapped = {.hEvent = CreateEventA(NULL, TRUE, FALSE, NULL)};
    DWORD sent = 0;
    int port;
    SOCKET s = bound(SOCK_DGRAM, &port);
    struct sockaddr_in address = loopback(port);
    CHECK_EQ(sendto(s, big, sizeof big, 0, (struct sockaddr *)&address, sizeof address), SOCKET_ERROR);
    CHECK_EQ(WSAGetLastError(), WSAEMSGSIZE);
    if (!check_under_wine()) {
        CHECK_EQ(WSASendTo(s, &buffer, 1, &sent, 0, (struct sockaddr *)&address, sizeof address, &overlapped, NULL),
                 SOCKET_ERROR);
        CHECK_EQ(WSAGetLastError(), WSA_IO_PENDING);
        CHECK_EQ(overlapped_error(s, &overlapped), WSAEMSGSIZE);
    }
    closesocket(s);
    CloseHandle(overlapped.hEvent);
}

/* A datagram cut short is told by a completion, one and no more, though it was there before the call. */
static void test_datagram_cut(void)
{
    char text[3];
    WSABUF buffer = {sizeof text, text};
    OVERLAPPED overlapped = {0}, *which;
    DWORD flags = 0, done;
    ULONG_PTR key;
    int port;
    SOCKET s = bound(SOCK_DGRAM, &port);
    struct sockaddr_in to = loopback(port);
    HANDLE completions = CreateIoCompletionPort((HANDLE)s, NULL, 5, 0);
    CHECK(SetFileCompletionNotificationModes((HANDLE)s, FILE_SKIP_COMPLETION_PORT_ON_SUCCESS));
    CHECK_EQ(sendto(s, "hello", 5, 0, (struct sockaddr *)&to, sizeof to), 5);
    CHECK_EQ(WSARecvFrom(s, &buffer, 1, &done, &flags, NULL, NULL, &overlapped, NULL), SOCKET_ERROR);
    if (!check_under_wine()) { /* which says WSAEMSGSIZE at once */
        CHECK_EQ(WSAGetLastError(), WSA_IO_PENDING);
        CHECK(!GetQueuedCompletionStatus(completions, &done, &key, &which, 5000));
        CHECK_EQ(GetLastError(), ERROR_MORE_DATA);
        CHECK(which == &overlapped && done == sizeof text);
    }
    CHECK(!WSAGetOverlappedResult(s, &overlapped, &done, FALSE, &flags));
    CHECK_EQ(WSAGetLastError(), WSAEMSGSIZE);
    CHECK_EQ(done, sizeof text);
    CHECK_EQ(memcmp(text, "hel", 3), 0);
    CHECK(!GetQueuedCompletionStatus(completions, &done, &key, &which, 0));
    CHECK_EQ(GetLastError(), WAIT_TIMEOUT);
    closesocket(s);
    CloseHandle(completions);
}

/* That a datagram was refused is not the next sender's business. */
static void test_send_after_refusal(void)
{
    int port, own;
    SOCKET nobody = bound(SOCK_DGRAM, &port), s = bound(SOCK_DGRAM, &own);
    struct sockaddr_in address = loopback(port);
    closesocket(nobody);
    CHECK_EQ(connect(s, (struct sockaddr *)&address, sizeof address), 0);
    if (!check_under_wine())
        for (int i = 0; i < 5; i++)
            CHECK_EQ(send(s, "x", 1, 0), 1);
    closesocket(s);
}

static void test_no_destination(void)
{
    struct sockaddr_in any = {.sin_family = AF_INET, .sin_port = htons(9)}, none = {.sin_family = AF_INET};
    SOCKET s = socket(AF_INET, SOCK_DGRAM, 0), six;
    if (!check_under_wine()) {
        CHECK_EQ(connect(s, (struct sockaddr *)&any, sizeof any), SOCKET_ERROR);
        CHECK_EQ(WSAGetLastError(), WSAEADDRNOTAVAIL);
        CHECK_EQ(connect(s, (struct sockaddr *)&none, sizeof none), 0); /* takes a peer back */
    }
    closesocket(s);
    six = socket(AF_INET6, SOCK_STREAM, 0);
    if (six == INVALID_SOCKET)
        return;
    CHECK_EQ(bind(six, (struct sockaddr *)&none, sizeof none), SOCKET_ERROR);
    if (!check_under_wine())
        CHECK_EQ(WSAGetLastError(), WSAEFAULT); /* too short, before it is of the wrong family */
    closesocket(six);
}

static void pair(SOCKET *client, SOCKET *server)
{
    int port;
    SOCKET l = bound(SOCK_STREAM, &port);
    struct sockaddr_in address = loopback(port);
    listen(l, 5);
    *client = socket(AF_INET, SOCK_STREAM, 0);
    CHECK_EQ(connect(*client, (struct sockaddr *)&address, sizeof address), 0);
    *server = accept(l, NULL, NULL);
    closesocket(l);
}

/* More buffers than any host call takes, some of them empty. */
static void test_many_buffers(void)
{
    static char out[PIECES * 7], in[sizeof out];
    static WSABUF pieces[PIECES];
    SOCKET client, server;
    DWORD done = 0, flags = 0, total = 0, got = 0;
    if (check_under_wine())
        return;
    pair(&client, &server);
    for (unsigned i = 0; i < sizeof out; i++)
        out[i] = (char)(i * 31 + i / 251);
    for (unsigned i = 0; i < PIECES; i++) {
        pieces[i] = (WSABUF){i % 8, out + total};
        total += i % 8;
    }
    CHECK_EQ(WSASend(client, pieces, PIECES, &done, 0, NULL, NULL), 0);
    CHECK_EQ(done, total);
    for (unsigned i = 0; i < PIECES; i++)
        pieces[i].buf = in + (pieces[i].buf - out);
    while (got < total) {
        WSABUF rest = {total - got, in + got};
        BOOL first = got == 0;
        CHECK_EQ(WSARecv(server, first ? pieces : &rest, first ? PIECES : 1, &done, &flags, NULL, NULL), 0);
        if (!done)
            break;
        got += done;
    }
    CHECK_EQ(got, total);
    CHECK_EQ(memcmp(in, out, total), 0);
    closesocket(client);
    closesocket(server);
}

static void test_control_datagram(void)
{
    int port, length;
    SOCKET s = bound(SOCK_DGRAM, &port);
    struct sockaddr_in to = loopback(port), from;
    char text[16] = "";
    WSABUF buffer = {sizeof text, text};
    IO_STATUS_BLOCK io = {0};
    struct receive_info info = {&buffer, 1, 0, TDI_NORMAL, (struct sockaddr *)&from, &length};
    HANDLE event = CreateEventA(NULL, TRUE, FALSE, NULL);
    NTSTATUS status;

    length = sizeof from;
    status = NtDeviceIoControlFile((HANDLE)s, event, NULL, NULL, &io, IOCTL_AFD_RECEIVE_DATAGRAM, &info, sizeof info,
                                   NULL, 0);
    CHECK_EQ(status, 0x103); /* STATUS_PENDING */
    CHECK_EQ(sendto(s, "hello", 5, 0, (struct sockaddr *)&to, sizeof to), 5);
    CHECK_EQ(WaitForSingleObject(event, 5000), WAIT_OBJECT_0);
    CHECK_EQ(io.Status, 0);
    CHECK_EQ(io.Information, 5);
    CHECK_EQ(memcmp(text, "hello", 5), 0);
    CHECK_EQ(from.sin_port, to.sin_port);

    CHECK_EQ(sendto(s, "twice", 5, 0, (struct sockaddr *)&to, sizeof to), 5);
    info.tdi_flags = TDI_NORMAL | TDI_PEEK;
    buffer.len = 3;
    for (int i = 0; i < 2; i++) { /* a look, then all of it */
        memset(text, 0, sizeof text);
        length = sizeof from;
        ResetEvent(event);
        status = NtDeviceIoControlFile((HANDLE)s, event, NULL, NULL, &io, IOCTL_AFD_RECEIVE_DATAGRAM, &info,
                                       sizeof info, NULL, 0);
        if (status == 0x103)
            WaitForSingleObject(event, 5000);
        CHECK_EQ((DWORD)io.Status, i ? 0 : 0x80000005); /* STATUS_BUFFER_OVERFLOW */
        CHECK_EQ(io.Information, i ? 5 : 3);
        CHECK_EQ(memcmp(text, i ? "twice" : "twi", i ? 5 : 4), 0);
        info.tdi_flags = TDI_NORMAL;
        buffer.len = sizeof text;
    }
    /* The structure is cut. */
    status = NtDeviceIoControlFile((HANDLE)s, event, NULL, NULL, &io, IOCTL_AFD_RECEIVE_DATAGRAM, &info, 16, NULL, 0);
    CHECK_EQ((DWORD)status, 0xc000000d);
    closesocket(s);
    CloseHandle(event);
}

static void test_control_stream(void)
{
    SOCKET client, server;
    char a[4] = "", b[8] = "";
    WSABUF buffers[2] = {{3, a}, {7, b}};
    IO_STATUS_BLOCK io = {0};
    struct receive_info info = {buffers, 2, 0, TDI_NORMAL, NULL, NULL};
    HANDLE event = CreateEventA(NULL, TRUE, FALSE, NULL);
    pair(&client, &server);
    CHECK_EQ(NtDeviceIoControlFile((HANDLE)server, event, NULL, NULL, &io, IOCTL_AFD_RECEIVE, &info, 24, NULL, 0),
             0x103);
    CHECK_EQ(send(client, "abcdef", 6, 0), 6);
    CHECK_EQ(WaitForSingleObject(event, 5000), WAIT_OBJECT_0);
    CHECK_EQ(io.Status, 0);
    CHECK_EQ(io.Information, 6);
    CHECK_STR(a, "abc");
    CHECK_STR(b, "def");
    closesocket(client);
    closesocket(server);
    CloseHandle(event);
}

int main(void)
{
    WSADATA data;
    WSAStartup(MAKEWORD(2, 2), &data);
    test_connect_refused();
    test_datagram_too_big();
    test_datagram_cut();
    test_send_after_refusal();
    test_no_destination();
    test_many_buffers();
    if (!check_under_wine()) { /* which does not know these codes */
        test_control_datagram();
        test_control_stream();
    }
    return check_done();
}
