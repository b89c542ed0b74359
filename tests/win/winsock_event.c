/* Do network events, select and WSAPoll tell what Windows tells, and once? link: -lws2_32 */
#include <winsock2.h>
#include <ws2tcpip.h>
#include "check.h"

static struct sockaddr_in loopback(int port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

static SOCKET listener(int *port)
{
    SOCKET s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
    struct sockaddr_in address = loopback(0);
    int length = sizeof address;
    bind(s, (struct sockaddr *)&address, sizeof address);
    listen(s, 50);
    getsockname(s, (struct sockaddr *)&address, &length);
    *port = ntohs(address.sin_port);
    return s;
}

static void pair(SOCKET *client, SOCKET *server)
{
    int port;
    SOCKET l = listener(&port);
    struct sockaddr_in address = loopback(port);
    *client = socket(AF_INET, SOCK_STREAM, 0);
    CHECK_EQ(connect(*client, (struct sockaddr *)&address, sizeof address), 0);
    *server = accept(l, NULL, NULL);
    closesocket(l);
}

static long events_of(SOCKET s, WSAEVENT event)
{
    WSANETWORKEVENTS events = {0};
    CHECK_EQ(WSAEnumNetworkEvents(s, event, &events), 0);
    return events.lNetworkEvents;
}

static void test_read(void)
{
    SOCKET a, b;
    char buffer[16];
    WSAEVENT event = WSACreateEvent();
    pair(&a, &b);
    CHECK_EQ(WSAEventSelect(b, event, FD_READ | FD_CLOSE), 0);
    u_long off = 0;
    CHECK_EQ(ioctlsocket(b, FIONBIO, &off), SOCKET_ERROR);
    CHECK_EQ(WSAGetLastError(), WSAEINVAL);
    CHECK_EQ(recv(b, buffer, 1, 0), SOCKET_ERROR);
    CHECK_EQ(WSAGetLastError(), WSAEWOULDBLOCK);
    CHECK_EQ(WaitForSingleObject(event, 0), WAIT_TIMEOUT);
    CHECK_EQ(events_of(b, event), 0);
    send(a, "abcdef", 6, 0);
    CHECK_EQ(WaitForSingleObject(event, 5000), WAIT_OBJECT_0);
    CHECK_EQ(events_of(b, event), FD_READ);
    CHECK_EQ(WaitForSingleObject(event, 0), WAIT_TIMEOUT);
    /* More data: no news before a receive. */
    send(a, "ghi", 3, 0);
    CHECK_EQ(WaitForSingleObject(event, 50), WAIT_TIMEOUT);
    CHECK_EQ(events_of(b, event), 0);
    /* A receive that leaves some tells again. */
    CHECK_EQ(recv(b, buffer, 2, 0), 2);
    CHECK_EQ(WaitForSingleObject(event, 1000), WAIT_OBJECT_0);
    CHECK_EQ(events_of(b, event), FD_READ);
    CHECK_EQ(recv(b, buffer, sizeof buffer, 0), 7);
    CHECK_EQ(WaitForSingleObject(event, 20), WAIT_TIMEOUT);
    send(a, "j", 1, 0);
    CHECK_EQ(WaitForSingleObject(event, 5000), WAIT_OBJECT_0);
    CHECK_EQ(events_of(b, event), FD_READ);
    CHECK_EQ(recv(b, buffer, sizeof buffer, 0), 1);
    closesocket(a);
    CHECK_EQ(WaitForSingleObject(event, 5000), WAIT_OBJECT_0);
    CHECK_EQ(events_of(b, event), FD_CLOSE);
    CHECK_EQ(WaitForSingleObject(event, 20), WAIT_TIMEOUT);
    /* The association ends; the socket stays non-blocking until told. */
    CHECK_EQ(WSAEventSelect(b, NULL, 0), 0);
    CHECK_EQ(ioctlsocket(b, FIONBIO, &off), 0);
    closesocket(b);
    WSACloseEvent(event);
}

static void test_write(void)
{
    SOCKET a, b;
    static char buffer[65536];
    WSAEVENT event = WSACreateEvent();
    pair(&a, &b);
    CHECK_EQ(WSAEventSelect(a, event, FD_WRITE), 0);
    CHECK_EQ(WaitForSingleObject(event, 1000), WAIT_OBJECT_0);
    CHECK_EQ(events_of(a, event), FD_WRITE);
    CHECK_EQ(send(a, "x", 1, 0), 1);
    CHECK_EQ(WaitForSingleObject(event, 20), WAIT_TIMEOUT);
    int n, total = 1;
    while ((n = send(a, buffer, sizeof buffer, 0)) > 0)
        total += n;
    CHECK_EQ(WSAGetLastError(), WSAEWOULDBLOCK);
    CHECK_EQ(WaitForSingleObject(event, 20), WAIT_TIMEOUT);
    while (total > 0 && (n = recv(b, buffer, sizeof buffer, 0)) > 0)
        total -= n;
    CHECK_EQ(total, 0);
    CHECK_EQ(WaitForSingleObject(event, 5000), WAIT_OBJECT_0);
    CHECK_EQ(events_of(a, event), FD_WRITE);
    closesocket(a);
    closesocket(b);
    WSACloseEvent(event);
}

static void test_connect_accept(void)
{
    int port;
    SOCKET l = listener(&port), c = socket(AF_INET, SOCK_STREAM, 0), s, second;
    struct sockaddr_in address = loopback(port);
    WSAEVENT accept_event = WSACreateEvent(), event = WSACreateEvent();
    CHECK_EQ(WSAEventSelect(l, accept_event, FD_ACCEPT | FD_READ), 0);
    CHECK_EQ(WSAEventSelect(c, event, FD_CONNECT | FD_WRITE | FD_READ | FD_CLOSE), 0);
    CHECK_EQ(WaitForSingleObject(event, 10), WAIT_TIMEOUT);
    CHECK_EQ(connect(c, (struct sockaddr *)&address, sizeof address), SOCKET_ERROR);
    CHECK_EQ(WSAGetLastError(), WSAEWOULDBLOCK);
    CHECK_EQ(WaitForSingleObject(event, 5000), WAIT_OBJECT_0);
    long told = events_of(c, event);
    CHECK(told & FD_CONNECT);
    if (!(told & FD_WRITE)) {
        CHECK_EQ(WaitForSingleObject(event, 1000), WAIT_OBJECT_0);
        told |= events_of(c, event);
    }
    CHECK_EQ(told, FD_CONNECT | FD_WRITE);
    CHECK_EQ(WaitForSingleObject(accept_event, 5000), WAIT_OBJECT_0);
    CHECK_EQ(events_of(l, accept_event), FD_ACCEPT);
    second = socket(AF_INET, SOCK_STREAM, 0);
    CHECK_EQ(connect(second, (struct sockaddr *)&address, sizeof address), 0);
    CHECK_EQ(WaitForSingleObject(accept_event, 20), WAIT_TIMEOUT);
    s = accept(l, NULL, NULL);
    CHECK(s != INVALID_SOCKET);
    CHECK_EQ(WaitForSingleObject(accept_event, 1000), WAIT_OBJECT_0); /* there is another one */
    CHECK_EQ(events_of(l, accept_event), FD_ACCEPT);
    /* An accepted socket has its listener's association. */
    send(c, "x", 1, 0);
    CHECK_EQ(WaitForSingleObject(accept_event, 5000), WAIT_OBJECT_0);
    CHECK_EQ(events_of(s, accept_event), FD_READ);
    closesocket(s);
    closesocket(c);
    closesocket(second);
    closesocket(l);
    /* Refused: the code says so. */
    c = socket(AF_INET, SOCK_STREAM, 0);
    CHECK_EQ(WSAEventSelect(c, event, FD_CONNECT), 0);
    WSAResetEvent(event);
    CHECK_EQ(connect(c, (struct sockaddr *)&address, sizeof address), SOCKET_ERROR);
    CHECK_EQ(WSAGetLastError(), WSAEWOULDBLOCK);
    CHECK_EQ(WaitForSingleObject(event, 10000), WAIT_OBJECT_0);
    WSANETWORKEVENTS events;
    CHECK_EQ(WSAEnumNetworkEvents(c, event, &events), 0);
    CHECK_EQ(events.lNetworkEvents, FD_CONNECT);
    CHECK_EQ(events.iErrorCode[FD_CONNECT_BIT], WSAECONNREFUSED);
    closesocket(c);
    WSACloseEvent(event);
    WSACloseEvent(accept_event);
}

static void test_select(void)
{
    SOCKET a, b;
    fd_set read, write, except;
    struct timeval now = {0, 0}, bad = {-1, 0};
    char buffer[8];
    pair(&a, &b);
    CHECK_EQ(select(0, NULL, NULL, NULL, &now), SOCKET_ERROR);
    CHECK_EQ(WSAGetLastError(), WSAEINVAL);
    FD_ZERO(&read);
    CHECK_EQ(select(0, &read, NULL, NULL, &now), SOCKET_ERROR);
    CHECK_EQ(WSAGetLastError(), WSAEINVAL);
    FD_SET(b, &read);
    if (!check_under_wine()) { /* it takes that for no time at all */
        CHECK_EQ(select(0, &read, NULL, NULL, &bad), SOCKET_ERROR);
        CHECK_EQ(WSAGetLastError(), WSAEINVAL);
    }
    CHECK_EQ(select(0, &read, NULL, NULL, &now), 0);
    CHECK_EQ(read.fd_count, 0);
    FD_SET((SOCKET)0x7ff0, &read);
    CHECK_EQ(select(0, &read, NULL, NULL, &now), SOCKET_ERROR);
    CHECK_EQ(WSAGetLastError(), WSAENOTSOCK);
    FD_ZERO(&read);
    FD_ZERO(&write);
    FD_ZERO(&except);
    FD_SET(a, &read);
    FD_SET(b, &read);
    FD_SET(a, &write);
    FD_SET(b, &write);
    FD_SET(a, &except);
    CHECK_EQ(select(0, &read, &write, &except, &now), 2);
    CHECK_EQ(read.fd_count, 0);
    CHECK_EQ(write.fd_count, 2);
    CHECK_EQ(except.fd_count, 0);
    send(a, "x", 1, 0);
    FD_SET(a, &read);
    FD_SET(b, &read);
    struct timeval wait = {5, 0};
    CHECK_EQ(select(0, &read, NULL, NULL, &wait), 1);
    CHECK(FD_ISSET(b, &read) && !FD_ISSET(a, &read));
    recv(b, buffer, sizeof buffer, 0);
    /* Urgent data is an exception. */
    CHECK_EQ(send(a, "!", 1, MSG_OOB), 1);
    FD_ZERO(&except);
    FD_SET(b, &except);
    CHECK_EQ(select(0, NULL, NULL, &except, &wait), 1);
    CHECK_EQ(recv(b, buffer, 1, MSG_OOB), 1);
    CHECK_EQ(buffer[0], '!');
    closesocket(a);
    FD_ZERO(&read);
    FD_SET(b, &read);
    CHECK_EQ(select(0, &read, NULL, NULL, &wait), 1);
    closesocket(b);
    /* Sets beyond FD_SETSIZE, as programs make them. */
    enum { MANY = 200 };
    struct {
        u_int count;
        SOCKET sockets[MANY];
    } many = {0};
    for (int i = 0; i < MANY; i++) {
        struct sockaddr_in address = loopback(0);
        many.sockets[i] = socket(AF_INET, SOCK_DGRAM, 0);
        bind(many.sockets[i], (struct sockaddr *)&address, sizeof address);
    }
    SOCKET all[MANY];
    memcpy(all, many.sockets, sizeof all);
    many.count = MANY;
    CHECK_EQ(select(0, NULL, (fd_set *)&many, NULL, &now), MANY);
    CHECK_EQ(many.count, MANY);
    CHECK_EQ(select(0, (fd_set *)&many, NULL, NULL, &now), 0);
    struct sockaddr_in to;
    int length = sizeof to;
    getsockname(all[150], (struct sockaddr *)&to, &length);
    sendto(all[0], "x", 1, 0, (struct sockaddr *)&to, sizeof to);
    memcpy(many.sockets, all, sizeof all);
    many.count = MANY;
    CHECK_EQ(select(0, (fd_set *)&many, NULL, NULL, &wait), 1);
    CHECK_EQ(many.sockets[0], all[150]);
    for (int i = 0; i < MANY; i++)
        closesocket(all[i]);
}

static void test_poll(void)
{
    SOCKET a, b;
    char byte;
    pair(&a, &b);
    WSAPOLLFD fds[3] = {{a, POLLRDNORM | POLLWRNORM, 0x7f}, {b, POLLRDNORM, 0x7f}, {INVALID_SOCKET, POLLRDNORM, 0x7f}};
    CHECK_EQ(WSAPoll(NULL, 1, 0), SOCKET_ERROR);
    CHECK_EQ(WSAGetLastError(), WSAEFAULT);
    CHECK_EQ(WSAPoll(fds, 0, 0), SOCKET_ERROR);
    CHECK_EQ(WSAGetLastError(), WSAEINVAL);
    CHECK_EQ(WSAPoll(fds, 2, 0), 1);
    CHECK_EQ(fds[0].revents, POLLWRNORM);
    CHECK_EQ(fds[1].revents, 0);
    send(a, "x", 1, 0);
    CHECK_EQ(WSAPoll(fds + 1, 1, 5000), 1);
    CHECK_EQ(fds[1].revents, POLLRDNORM);
    recv(b, &byte, 1, 0);
    DWORD start = GetTickCount();
    CHECK_EQ(WSAPoll(fds + 1, 1, 50), 0);
    CHECK(GetTickCount() - start >= 40);
    closesocket(a);
    CHECK_EQ(WSAPoll(fds + 1, 1, 5000), 1);
    CHECK(fds[1].revents & POLLHUP);
    closesocket(b);
    CHECK_EQ(WSAPoll(fds + 1, 1, 0), SOCKET_ERROR);
    CHECK_EQ(WSAGetLastError(), WSAENOTSOCK);
}

int main(void)
{
    WSADATA data;
    WSAStartup(MAKEWORD(2, 2), &data);
    test_read();
    test_write();
    test_connect_accept();
    test_select();
    test_poll();
    return check_done();
}
