/* Do options and controls of sockets take and give what Windows takes and gives; do datagrams? link: -lws2_32 */
#include <winsock2.h>
#include <mswsock.h>
#include <ws2tcpip.h>
#include <stdint.h>
#include "check.h"

static struct sockaddr_in loopback(int port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

enum { TCP = 1, UDP = 2, UDP6 = 4 };

/* Set one value, read it back. */
static const struct option {
    int level, name, sockets, set, get, length; /* length 0: 4 */
} options[] = {
    {SOL_SOCKET, SO_KEEPALIVE, TCP, 1, 1, 1},
    {SOL_SOCKET, SO_KEEPALIVE, TCP, 0, 0, 1},
    {SOL_SOCKET, SO_DONTROUTE, TCP | UDP, 1, 1, 1},
    {SOL_SOCKET, SO_BROADCAST, UDP, 1, 1},
    {SOL_SOCKET, SO_BROADCAST, UDP, 0, 0},
    {SOL_SOCKET, SO_OOBINLINE, TCP, 1, 1},
    {SOL_SOCKET, SO_REUSEADDR, TCP | UDP, 1, 1},
    {SOL_SOCKET, SO_RCVBUF, TCP | UDP, 32768, 32768},
    {SOL_SOCKET, SO_SNDBUF, TCP | UDP, 50000, 50000},
    {SOL_SOCKET, SO_RCVTIMEO, TCP | UDP, 1500, 1500},
    {SOL_SOCKET, SO_SNDTIMEO, TCP | UDP, 700, 700},
    {SOL_SOCKET, SO_RCVTIMEO, TCP | UDP, 0, 0},
    {IPPROTO_TCP, TCP_NODELAY, TCP, 1, 1, 1},
    {IPPROTO_TCP, TCP_NODELAY, TCP, 0, 0, 1},
    {IPPROTO_IP, IP_TTL, TCP | UDP, 77, 77},
    {IPPROTO_IP, IP_MULTICAST_TTL, UDP, 5, 5},
    {IPPROTO_IP, IP_MULTICAST_LOOP, UDP, 0, 0},
    {IPPROTO_IP, IP_MULTICAST_LOOP, UDP, 1, 1},
    {IPPROTO_IP, IP_DONTFRAGMENT, UDP, 1, 1},
    {IPPROTO_IP, IP_DONTFRAGMENT, UDP, 0, 0},
    {IPPROTO_IP, IP_PKTINFO, UDP, 1, 1},
    {IPPROTO_IPV6, IPV6_V6ONLY, UDP6, 0, 0, 1},
    {IPPROTO_IPV6, IPV6_UNICAST_HOPS, UDP6, 33, 33},
    {IPPROTO_IPV6, IPV6_MULTICAST_HOPS, UDP6, 9, 9},
    {IPPROTO_IPV6, IPV6_MULTICAST_LOOP, UDP6, 0, 0},
    {IPPROTO_IPV6, IPV6_PKTINFO, UDP6, 1, 1},
};

static SOCKET make(int kind)
{
    return kind == TCP   ? socket(AF_INET, SOCK_STREAM, 0)
           : kind == UDP ? socket(AF_INET, SOCK_DGRAM, 0)
                         : socket(AF_INET6, SOCK_DGRAM, 0);
}

static void test_table(void)
{
    for (unsigned i = 0; i < sizeof options / sizeof *options; i++) {
        const struct option *option = &options[i];
        for (int kind = TCP; kind <= UDP6; kind *= 2) {
            int value = 0, length = sizeof value;
            if (!(option->sockets & kind))
                continue;
            SOCKET s = make(kind);
            CHECK_EQ(setsockopt(s, option->level, option->name, (char *)&option->set, sizeof option->set), 0);
            CHECK_EQ(getsockopt(s, option->level, option->name, (char *)&value, &length), 0);
            CHECK_EQ(value, option->get);
            CHECK_EQ(length, option->length ? option->length : (int)sizeof value);
            CHECK_EQ(setsockopt(s, option->level, option->name, NULL, sizeof value), SOCKET_ERROR);
            CHECK_EQ(WSAGetLastError(), WSAEFAULT);
            if (!check_under_wine()) /* it takes nothing for a value */
                CHECK_EQ(setsockopt(s, option->level, option->name, (char *)&value, 0), SOCKET_ERROR);
            CHECK_EQ(getsockopt(s, option->level, option->name, (char *)&value, NULL), SOCKET_ERROR);
            CHECK_EQ(WSAGetLastError(), WSAEFAULT);
            closesocket(s);
        }
    }
}

static int get(SOCKET s, int level, int name)
{
    int value = 0, length = sizeof value;
    return getsockopt(s, level, name, (char *)&value, &length) ? -1000 - WSAGetLastError() : value;
}

static void test_special(void)
{
    SOCKET t = make(TCP), u = make(UDP);
    struct linger linger = {1, 30};
    int length = sizeof linger, value = 1;
    CHECK_EQ(get(t, SOL_SOCKET, SO_TYPE), SOCK_STREAM);
    CHECK_EQ(get(u, SOL_SOCKET, SO_TYPE), SOCK_DGRAM);
    CHECK_EQ(get(t, SOL_SOCKET, SO_ERROR), 0);
    CHECK_EQ(get(t, SOL_SOCKET, SO_ACCEPTCONN), 0);
    CHECK_EQ(get(t, SOL_SOCKET, SO_REUSEADDR), 0);
    CHECK_EQ(get(t, SOL_SOCKET, SO_EXCLUSIVEADDRUSE), 0);
    CHECK_EQ(get(t, SOL_SOCKET, SO_KEEPALIVE), 0);
    CHECK_EQ(get(t, IPPROTO_TCP, TCP_NODELAY), 0);
    CHECK_EQ(get(t, SOL_SOCKET, SO_DONTLINGER), 1);
    CHECK_EQ(get(u, IPPROTO_IP, IP_MULTICAST_TTL), 1);
    CHECK_EQ(get(u, IPPROTO_IP, IP_MULTICAST_LOOP), 1);
    CHECK_EQ(get(t, SOL_SOCKET, SO_RCVTIMEO), 0);
    CHECK_EQ(get(t, SOL_SOCKET, 0x7fff), -1000 - WSAENOPROTOOPT);
    if (!check_under_wine())
        CHECK_EQ(get(u, IPPROTO_TCP, TCP_NODELAY), -1000 - WSAENOPROTOOPT);
    CHECK_EQ(setsockopt(t, SOL_SOCKET, SO_LINGER, (char *)&linger, sizeof linger), 0);
    memset(&linger, 0, sizeof linger);
    CHECK_EQ(getsockopt(t, SOL_SOCKET, SO_LINGER, (char *)&linger, &length), 0);
    CHECK_EQ(linger.l_onoff, 1);
    CHECK_EQ(linger.l_linger, 30);
    CHECK_EQ(length, 4);
    CHECK_EQ(get(t, SOL_SOCKET, SO_DONTLINGER), 0);
    CHECK_EQ(setsockopt(t, SOL_SOCKET, SO_DONTLINGER, (char *)&value, sizeof value), 0);
    CHECK_EQ(get(t, SOL_SOCKET, SO_DONTLINGER), 1);
    /* Windows has these two by name alone. */
    for (int i = 0; i < 2 && !check_under_wine(); i++) {
        CHECK_EQ(get(t, SOL_SOCKET, i ? SO_RCVLOWAT : SO_SNDLOWAT), -1000 - WSAEINVAL);
        CHECK_EQ(setsockopt(t, SOL_SOCKET, i ? SO_RCVLOWAT : SO_SNDLOWAT, (char *)&value, sizeof value), SOCKET_ERROR);
        CHECK_EQ(WSAGetLastError(), WSAEINVAL);
    }
    /* One byte is a BOOL too. */
    char one = 1;
    CHECK_EQ(setsockopt(t, IPPROTO_TCP, TCP_NODELAY, &one, 1), 0);
    CHECK_EQ(get(t, IPPROTO_TCP, TCP_NODELAY), 1);
    struct sockaddr_in address = loopback(0);
    bind(t, (struct sockaddr *)&address, sizeof address);
    listen(t, 1);
    CHECK_EQ(get(t, SOL_SOCKET, SO_ACCEPTCONN), 1);
    CHECK_EQ(get(t, SOL_SOCKET, SO_CONNECT_TIME), -1);
    closesocket(t);
    closesocket(u);
}

static void test_ioctl(void)
{
    SOCKET t = make(TCP), u = make(UDP);
    DWORD used = 0, keepalive[3] = {1, 20000, 2000};
    ULONG value = 7;
    BOOL off = FALSE;
    CHECK_EQ(WSAIoctl(t, 0x98000004 /* SIO_KEEPALIVE_VALS */, keepalive, sizeof keepalive, NULL, 0, &used, NULL, NULL),
             0);
    CHECK_EQ(get(t, SOL_SOCKET, SO_KEEPALIVE), 1);
    CHECK_EQ(WSAIoctl(t, 0x98000004, keepalive, 4, NULL, 0, &used, NULL, NULL), SOCKET_ERROR);
    CHECK_EQ(WSAGetLastError(), WSAEFAULT);
    CHECK_EQ(WSAIoctl(u, 0x9800000c /* SIO_UDP_CONNRESET */, &off, sizeof off, NULL, 0, &used, NULL, NULL), 0);
    CHECK_EQ(WSAIoctl(u, FIONREAD, NULL, 0, &value, sizeof value, &used, NULL, NULL), 0);
    CHECK_EQ(value, 0);
    CHECK_EQ(used, sizeof value);
    CHECK_EQ(WSAIoctl(u, FIONREAD, NULL, 0, NULL, 0, &used, NULL, NULL), SOCKET_ERROR);
    CHECK_EQ(WSAGetLastError(), WSAEFAULT);
    CHECK_EQ(WSAIoctl(t, 0x12345, NULL, 0, NULL, 0, &used, NULL, NULL), SOCKET_ERROR);
    CHECK_EQ(WSAGetLastError(), WSAEOPNOTSUPP);
    CHECK_EQ(WSAIoctl(t, FIONREAD, NULL, 0, &value, sizeof value, NULL, NULL, NULL), SOCKET_ERROR);
    CHECK_EQ(WSAGetLastError(), WSAEFAULT);
    INTERFACE_INFO interfaces[32];
    CHECK_EQ(WSAIoctl(u, SIO_GET_INTERFACE_LIST, NULL, 0, interfaces, sizeof interfaces, &used, NULL, NULL), 0);
    CHECK(used >= sizeof *interfaces && used % sizeof *interfaces == 0);
    int loopbacks = 0;
    for (unsigned i = 0; i < used / sizeof *interfaces; i++) {
        CHECK(interfaces[i].iiFlags & IFF_UP);
        CHECK_EQ(interfaces[i].iiAddress.AddressIn.sin_family, AF_INET);
        loopbacks += interfaces[i].iiAddress.AddressIn.sin_addr.s_addr == htonl(INADDR_LOOPBACK);
    }
    CHECK_EQ(loopbacks, 1);
    struct sockaddr_in to = loopback(0), from = {0};
    CHECK_EQ(WSAIoctl(u, SIO_ROUTING_INTERFACE_QUERY, &to, sizeof to, &from, sizeof from, &used, NULL, NULL), 0);
    if (!check_under_wine())
        CHECK_EQ(from.sin_addr.s_addr, htonl(INADDR_LOOPBACK));
    u_long on = 1;
    CHECK_EQ(ioctlsocket(t, 0x1234, &on), SOCKET_ERROR);
    CHECK_EQ(WSAGetLastError(), WSAEOPNOTSUPP);
    CHECK_EQ(ioctlsocket(t, FIONBIO, NULL), SOCKET_ERROR);
    CHECK_EQ(WSAGetLastError(), WSAEFAULT);
    closesocket(t);
    closesocket(u);
}

static SOCKET udp(int *port)
{
    SOCKET s = socket(AF_INET, SOCK_DGRAM, 0);
    struct sockaddr_in address = loopback(0);
    int length = sizeof address;
    CHECK_EQ(bind(s, (struct sockaddr *)&address, sizeof address), 0);
    CHECK_EQ(getsockname(s, (struct sockaddr *)&address, &length), 0);
    *port = ntohs(address.sin_port);
    return s;
}

static void test_datagrams(void)
{
    int port, other;
    SOCKET a = udp(&port), b = udp(&other), fresh = make(UDP);
    struct sockaddr_in to = loopback(other), from;
    int length = sizeof from;
    char buffer[64];
    CHECK_EQ(recv(fresh, buffer, sizeof buffer, 0), SOCKET_ERROR);
    CHECK_EQ(WSAGetLastError(), WSAEINVAL); /* not bound */
    CHECK_EQ(send(fresh, "x", 1, 0), SOCKET_ERROR);
    CHECK_EQ(WSAGetLastError(), WSAENOTCONN);
    CHECK_EQ(listen(fresh, 1), SOCKET_ERROR);
    CHECK_EQ(WSAGetLastError(), WSAEOPNOTSUPP);
    CHECK_EQ(sendto(a, "datagram", 8, 0, (struct sockaddr *)&to, sizeof to), 8);
    CHECK_EQ(recvfrom(b, buffer, sizeof buffer, 0, (struct sockaddr *)&from, &length), 8);
    CHECK_EQ(ntohs(from.sin_port), port);
    CHECK_EQ(length, sizeof from);
    CHECK_EQ(from.sin_family, AF_INET);
    /* What does not fit is lost, with an error. */
    CHECK_EQ(sendto(a, "datagram", 8, 0, (struct sockaddr *)&to, sizeof to), 8);
    CHECK_EQ(recvfrom(b, buffer, 4, 0, NULL, NULL), SOCKET_ERROR);
    CHECK_EQ(WSAGetLastError(), WSAEMSGSIZE);
    CHECK(!memcmp(buffer, "data", 4));
    CHECK_EQ(sendto(a, "", 0, 0, (struct sockaddr *)&to, sizeof to), 0);
    CHECK_EQ(recvfrom(b, buffer, sizeof buffer, 0, NULL, NULL), 0);
    /* Peeking leaves it there. */
    sendto(a, "peek", 4, 0, (struct sockaddr *)&to, sizeof to);
    CHECK_EQ(recvfrom(b, buffer, sizeof buffer, MSG_PEEK, NULL, NULL), 4);
    CHECK_EQ(recvfrom(b, buffer, sizeof buffer, 0, NULL, NULL), 4);
    static char big[70000];
    CHECK_EQ(sendto(a, big, sizeof big, 0, (struct sockaddr *)&to, sizeof to), SOCKET_ERROR);
    CHECK_EQ(WSAGetLastError(), WSAEMSGSIZE);
    CHECK_EQ(sendto(a, "x", 1, 0, (struct sockaddr *)&to, 3), SOCKET_ERROR);
    CHECK_EQ(WSAGetLastError(), WSAEFAULT);
    /* Connected. */
    CHECK_EQ(connect(a, (struct sockaddr *)&to, sizeof to), 0);
    CHECK_EQ(getpeername(a, (struct sockaddr *)&from, &length), 0);
    CHECK_EQ(ntohs(from.sin_port), other);
    CHECK_EQ(send(a, "to peer", 7, 0), 7);
    CHECK_EQ(recv(b, buffer, sizeof buffer, 0), 7);
    /* Overlapped, with the address and flags told later. */
    OVERLAPPED o = {.hEvent = WSACreateEvent()};
    WSABUF in = {4, buffer};
    DWORD done, flags = 0;
    memset(&from, 0, sizeof from);
    length = sizeof from;
    CHECK_EQ(WSARecvFrom(b, &in, 1, NULL, &flags, (struct sockaddr *)&from, &length, &o, NULL), SOCKET_ERROR);
    CHECK_EQ(WSAGetLastError(), WSA_IO_PENDING);
    CHECK_EQ(send(a, "late", 4, 0), 4);
    CHECK(WSAGetOverlappedResult(b, &o, &done, TRUE, &flags));
    CHECK_EQ(done, 4);
    CHECK_EQ(ntohs(from.sin_port), port);
    CHECK_EQ(WSARecvFrom(b, &in, 1, NULL, &flags, (struct sockaddr *)&from, &length, &o, NULL), SOCKET_ERROR);
    CHECK_EQ(send(a, "too long", 8, 0), 8);
    CHECK(!WSAGetOverlappedResult(b, &o, &done, TRUE, &flags));
    CHECK_EQ(WSAGetLastError(), WSAEMSGSIZE);
    CHECK_EQ(done, 4);
    WSACloseEvent(o.hEvent);
    closesocket(a);
    closesocket(b);
    closesocket(fresh);
}

/* Packet information through WSARecvMsg. */
static void test_messages(void)
{
    int port, other, on = 1;
    SOCKET a = udp(&port), b = udp(&other);
    struct sockaddr_in to = loopback(other), from;
    char buffer[16], control[128];
    GUID id = WSAID_WSARECVMSG;
    LPFN_WSARECVMSG receive = NULL;
    DWORD done;
    CHECK_EQ(
        WSAIoctl(b, SIO_GET_EXTENSION_FUNCTION_POINTER, &id, sizeof id, &receive, sizeof receive, &done, NULL, NULL),
        0);
    CHECK_EQ(setsockopt(b, IPPROTO_IP, IP_PKTINFO, (char *)&on, sizeof on), 0);
    sendto(a, "info", 4, 0, (struct sockaddr *)&to, sizeof to);
    WSABUF in = {sizeof buffer, buffer};
    WSAMSG message = {(SOCKADDR *)&from, sizeof from, &in, 1, {sizeof control, control}, 0};
    CHECK_EQ(receive(b, &message, &done, NULL, NULL), 0);
    CHECK_EQ(done, 4);
    CHECK_EQ(ntohs(from.sin_port), port);
    WSACMSGHDR *header = WSA_CMSG_FIRSTHDR(&message);
    CHECK(header != NULL);
    if (header) {
        IN_PKTINFO *info = (IN_PKTINFO *)WSA_CMSG_DATA(header);
        CHECK_EQ(header->cmsg_level, IPPROTO_IP);
        CHECK_EQ(header->cmsg_type, IP_PKTINFO);
        CHECK_EQ(info->ipi_addr.s_addr, htonl(INADDR_LOOPBACK));
        CHECK(info->ipi_ifindex != 0);
    }
    WSABUF out = {4, "back"};
    SOCKADDR_IN back = loopback(port);
    WSAMSG answer = {(SOCKADDR *)&back, sizeof back, &out, 1, {0, NULL}, 0};
    CHECK_EQ(WSASendMsg(b, &answer, 0, &done, NULL, NULL), 0);
    CHECK_EQ(done, 4);
    CHECK_EQ(recv(a, buffer, sizeof buffer, 0), 4);
    CHECK(!memcmp(buffer, "back", 4));
    closesocket(a);
    closesocket(b);
}

int main(void)
{
    WSADATA data;
    WSAStartup(MAKEWORD(2, 2), &data);
    test_table();
    test_special();
    test_ioctl();
    test_datagrams();
    test_messages();
    return check_done();
}
