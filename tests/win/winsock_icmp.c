/*
 * Is a datagram socket told that its datagrams met a closed port: blocking, overlapped, by ports, select, WSAPoll,
 * events; once for each; and not if the program does not want to know?
 * link: -lws2_32
 */
#include <winsock2.h>
#include <mstcpip.h>
#include <ws2tcpip.h>
#include "check.h"

#ifndef SIO_UDP_CONNRESET
#define SIO_UDP_CONNRESET 0x9800000c
#endif
#define SIO_UDP_NETRESET_ 0x9800000f

static int family;
static struct sockaddr_storage closed;
static int closed_length;

static SOCKET udp(struct sockaddr_storage *name)
{
    SOCKET s = socket(family, SOCK_DGRAM, 0);
    struct sockaddr_storage address = {.ss_family = family};
    int length = sizeof address;
    if (s == INVALID_SOCKET)
        return s;
    if (family == AF_INET)
        ((struct sockaddr_in *)&address)->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    else
        ((struct sockaddr_in6 *)&address)->sin6_addr = in6addr_loopback;
    closed_length = family == AF_INET ? sizeof(struct sockaddr_in) : sizeof(struct sockaddr_in6);
    if (bind(s, (struct sockaddr *)&address, closed_length)) {
        closesocket(s);
        return INVALID_SOCKET;
    }
    getsockname(s, (struct sockaddr *)&address, &length);
    if (name)
        *name = address;
    return s;
}

static void send_to_nobody(SOCKET s)
{
    CHECK_EQ(sendto(s, "x", 1, 0, (struct sockaddr *)&closed, closed_length), 1);
}

static void timeout_of(SOCKET s, DWORD milliseconds)
{
    CHECK_EQ(setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, (char *)&milliseconds, sizeof milliseconds), 0);
}

#define CHECK_RECEIVE_FAILS(s, error)                                                                                  \
    do {                                                                                                               \
        char room[16];                                                                                                 \
        CHECK_EQ(recv(s, room, sizeof room, 0), SOCKET_ERROR);                                                         \
        CHECK_EQ(WSAGetLastError(), error);                                                                            \
    } while (0)

static int readable(SOCKET s, int milliseconds)
{
    fd_set set;
    struct timeval time = {0, milliseconds * 1000};
    FD_ZERO(&set);
    FD_SET(s, &set);
    return select(0, &set, NULL, NULL, &time);
}

static void test_blocking(void)
{
    struct sockaddr_storage name, from;
    int length = sizeof from;
    SOCKET a = udp(&name), b = udp(NULL);
    char data[16];
    timeout_of(a, 300);
    send_to_nobody(a);
    CHECK_RECEIVE_FAILS(a, WSAECONNRESET);
    CHECK_RECEIVE_FAILS(a, WSAETIMEDOUT); /* told once */
    /* Each datagram meets its own; sends do not hear of it. */
    for (int i = 0; i < 3; i++)
        send_to_nobody(a);
    for (int i = 0; i < 3; i++)
        CHECK_RECEIVE_FAILS(a, WSAECONNRESET);
    CHECK_EQ(sendto(b, "data", 4, 0, (struct sockaddr *)&name, closed_length), 4);
    CHECK_EQ(recvfrom(a, data, sizeof data, 0, (struct sockaddr *)&from, &length), 4);
    /* What is sent goes out in spite of it. */
    send_to_nobody(a);
    CHECK_EQ(sendto(a, "self", 4, 0, (struct sockaddr *)&name, closed_length), 4);
    send_to_nobody(a);
    int errors = 0, datagrams = 0;
    for (int i = 0; i < 3; i++) {
        int n = recv(a, data, sizeof data, 0);
        datagrams += n == 4;
        errors += n == SOCKET_ERROR && WSAGetLastError() == WSAECONNRESET;
    }
    CHECK_EQ(datagrams, 1);
    CHECK_EQ(errors, 2);
    /* A socket that never sent hears nothing. */
    u_long on = 1;
    ioctlsocket(b, FIONBIO, &on);
    CHECK_RECEIVE_FAILS(b, WSAEWOULDBLOCK);
    closesocket(a);
    closesocket(b);
}

static void test_readiness(void)
{
    SOCKET a = udp(NULL);
    u_long on = 1;
    ioctlsocket(a, FIONBIO, &on);
    CHECK_EQ(readable(a, 0), 0);
    send_to_nobody(a);
    CHECK_EQ(readable(a, 2000), 1);
    CHECK_EQ(readable(a, 0), 1); /* still */
    CHECK_RECEIVE_FAILS(a, WSAECONNRESET);
    CHECK_EQ(readable(a, 0), 0);
    CHECK_RECEIVE_FAILS(a, WSAEWOULDBLOCK);
    /* Two, of which a send meets the first. */
    send_to_nobody(a);
    send_to_nobody(a);
    WSAPOLLFD poll = {a, POLLRDNORM, 0};
    CHECK_EQ(WSAPoll(&poll, 1, 2000), 1);
    CHECK(poll.revents & POLLRDNORM);
    CHECK_RECEIVE_FAILS(a, WSAECONNRESET);
    CHECK_RECEIVE_FAILS(a, WSAECONNRESET);
    CHECK_RECEIVE_FAILS(a, WSAEWOULDBLOCK);
    /* An event. */
    WSANETWORKEVENTS events;
    WSAEVENT event = WSACreateEvent();
    CHECK_EQ(WSAEventSelect(a, event, FD_READ), 0);
    CHECK_EQ(WaitForSingleObject(event, 0), WAIT_TIMEOUT);
    send_to_nobody(a);
    CHECK_EQ(WaitForSingleObject(event, 2000), WAIT_OBJECT_0);
    CHECK_EQ(WSAEnumNetworkEvents(a, event, &events), 0);
    CHECK_EQ(events.lNetworkEvents, FD_READ);
    CHECK_RECEIVE_FAILS(a, WSAECONNRESET);
    WSACloseEvent(event);
    closesocket(a);
}

static void test_overlapped(void)
{
    SOCKET a = udp(NULL);
    char data[16];
    WSABUF in = {sizeof data, data};
    OVERLAPPED o = {.hEvent = WSACreateEvent()}, *got;
    DWORD flags = 0, done;
    ULONG_PTR key;
    CHECK_EQ(WSARecv(a, &in, 1, NULL, &flags, &o, NULL), SOCKET_ERROR);
    CHECK_EQ(WSAGetLastError(), WSA_IO_PENDING);
    send_to_nobody(a);
    CHECK_EQ(WaitForSingleObject(o.hEvent, 2000), WAIT_OBJECT_0);
    CHECK(!WSAGetOverlappedResult(a, &o, &done, FALSE, &flags));
    CHECK_EQ(WSAGetLastError(), WSAECONNRESET);
    CHECK_ERROR(GetOverlappedResult((HANDLE)a, &o, &done, FALSE), ERROR_PORT_UNREACHABLE);
    /* By a port. */
    HANDLE port = CreateIoCompletionPort((HANDLE)a, NULL, 5, 0);
    CHECK(port != NULL);
    o = (OVERLAPPED){0};
    CHECK_EQ(WSARecv(a, &in, 1, NULL, &flags, &o, NULL), SOCKET_ERROR);
    CHECK_EQ(WSAGetLastError(), WSA_IO_PENDING);
    send_to_nobody(a);
    CHECK_ERROR(GetQueuedCompletionStatus(port, &done, &key, &got, 2000), ERROR_PORT_UNREACHABLE);
    CHECK(got == &o);
    CHECK_EQ(key, 5);
    /* Sent before there is a receive; a send in between met the error. */
    send_to_nobody(a);
    send_to_nobody(a);
    for (int i = 0; i < 2; i++) {
        o = (OVERLAPPED){0};
        int result = WSARecv(a, &in, 1, NULL, &flags, &o, NULL);
        CHECK_EQ(result, SOCKET_ERROR);
        if (WSAGetLastError() == WSA_IO_PENDING)
            CHECK_ERROR(GetQueuedCompletionStatus(port, &done, &key, &got, 2000), ERROR_PORT_UNREACHABLE);
        else
            CHECK_EQ(WSAGetLastError(), WSAECONNRESET);
    }
    closesocket(a);
    CloseHandle(port);
    WSACloseEvent(o.hEvent);
}

static DWORD WINAPI late_sender(void *context)
{
    Sleep(50);
    send_to_nobody(*(SOCKET *)context);
    return 0;
}

/* A receive that sleeps already. */
static void test_sleeping(void)
{
    SOCKET a = udp(NULL);
    HANDLE thread = CreateThread(NULL, 0, late_sender, &a, 0, NULL);
    timeout_of(a, 5000);
    CHECK_RECEIVE_FAILS(a, WSAECONNRESET);
    WaitForSingleObject(thread, INFINITE);
    CloseHandle(thread);
    thread = CreateThread(NULL, 0, late_sender, &a, 0, NULL);
    CHECK_EQ(readable(a, 900), 1);
    CHECK_RECEIVE_FAILS(a, WSAECONNRESET);
    WaitForSingleObject(thread, INFINITE);
    CloseHandle(thread);
    closesocket(a);
}

static void test_connected(void)
{
    SOCKET a = udp(NULL);
    timeout_of(a, 300);
    CHECK_EQ(connect(a, (struct sockaddr *)&closed, closed_length), 0);
    CHECK_EQ(send(a, "x", 1, 0), 1);
    CHECK_RECEIVE_FAILS(a, WSAECONNRESET);
    CHECK_EQ(send(a, "x", 1, 0), 1);
    CHECK_EQ(send(a, "x", 1, 0), 1);
    CHECK_RECEIVE_FAILS(a, WSAECONNRESET);
    CHECK_RECEIVE_FAILS(a, WSAECONNRESET);
    CHECK_RECEIVE_FAILS(a, WSAETIMEDOUT);
    closesocket(a);
}

static void test_unwanted(void)
{
    struct sockaddr_storage name;
    SOCKET a = udp(&name);
    BOOL off = FALSE, on = TRUE;
    DWORD used;
    char data[16];
    timeout_of(a, 100);
    CHECK_EQ(WSAIoctl(a, SIO_UDP_CONNRESET, &off, sizeof off, NULL, 0, &used, NULL, NULL), 0);
    if (!check_under_wine())
        CHECK_EQ(WSAIoctl(a, SIO_UDP_NETRESET_, &off, sizeof off, NULL, 0, &used, NULL, NULL), 0);
    for (int i = 0; i < 3; i++)
        send_to_nobody(a);
    CHECK_EQ(readable(a, 50), 0);
    CHECK_RECEIVE_FAILS(a, WSAETIMEDOUT);
    send_to_nobody(a);
    CHECK_EQ(sendto(a, "self", 4, 0, (struct sockaddr *)&name, closed_length), 4);
    CHECK_EQ(recv(a, data, sizeof data, 0), 4);
    CHECK_EQ(WSAIoctl(a, SIO_UDP_CONNRESET, &on, sizeof on, NULL, 0, &used, NULL, NULL), 0);
    send_to_nobody(a);
    CHECK_RECEIVE_FAILS(a, WSAECONNRESET);
    closesocket(a);
    SOCKET tcp = socket(family, SOCK_STREAM, 0);
    CHECK_EQ(WSAIoctl(tcp, SIO_UDP_CONNRESET, &on, sizeof on, NULL, 0, &used, NULL, NULL), SOCKET_ERROR);
    closesocket(tcp);
}

int main(void)
{
    WSADATA data;
    CHECK_EQ(WSAStartup(MAKEWORD(2, 2), &data), 0);
    if (check_under_wine()) /* tells connected sockets alone, and not once for each */
        return check_done();
    for (int i = 0; i < 2; i++) {
        family = i ? AF_INET6 : AF_INET;
        SOCKET gone = udp(&closed);
        if (gone == INVALID_SOCKET)
            continue;
        closesocket(gone);
        test_blocking();
        test_readiness();
        test_overlapped();
        test_sleeping();
        test_connected();
        test_unwanted();
    }
    WSACleanup();
    return check_done();
}
