/*
 * Do WSASendMsg and WSARecvMsg carry control messages: addresses, hop limits, traffic classes, ECN; segmentation of
 * datagrams and joining them again; and do they say what was cut?
 * link: -lws2_32
 */
#include <winsock2.h>
#include <mswsock.h>
#include <ws2tcpip.h>
#include "check.h"

/* ws2ipdef.h of newer targets. */
#define IP_RECVTOS_ 40
#define IP_ECN_ 50
#define UDP_SEND_MSG_SIZE_ 2
#define UDP_RECV_MAX_COALESCED_SIZE_ 3
#define UDP_COALESCED_INFO_ 3

static LPFN_WSARECVMSG receive_message;
static LPFN_WSASENDMSG send_message;
static int family, level, name_length;

static SOCKET udp(struct sockaddr_storage *name)
{
    SOCKET s = socket(family, SOCK_DGRAM, 0);
    int length = sizeof *name;
    memset(name, 0, sizeof *name);
    name->ss_family = (ADDRESS_FAMILY)family;
    if (family == AF_INET)
        ((struct sockaddr_in *)name)->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    else
        ((struct sockaddr_in6 *)name)->sin6_addr = in6addr_loopback;
    name_length = family == AF_INET ? sizeof(struct sockaddr_in) : sizeof(struct sockaddr_in6);
    if (s == INVALID_SOCKET || bind(s, (struct sockaddr *)name, name_length))
        return INVALID_SOCKET;
    CHECK_EQ(getsockname(s, (struct sockaddr *)name, &length), 0);
    DWORD timeout = 2000;
    setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, (char *)&timeout, sizeof timeout);
    return s;
}

static void extensions(SOCKET s)
{
    GUID receive = WSAID_WSARECVMSG, send = WSAID_WSASENDMSG;
    DWORD used;
    WSAIoctl(s, SIO_GET_EXTENSION_FUNCTION_POINTER, &receive, sizeof receive, &receive_message, sizeof receive_message,
             &used, NULL, NULL);
    WSAIoctl(s, SIO_GET_EXTENSION_FUNCTION_POINTER, &send, sizeof send, &send_message, sizeof send_message, &used, NULL,
             NULL);
    CHECK(receive_message != NULL);
}

static void set(SOCKET s, int at, int option, DWORD value)
{
    DWORD got = ~value;
    int length = sizeof got;
    CHECK_EQ(setsockopt(s, at, option, (char *)&value, sizeof value), 0);
    CHECK_EQ(getsockopt(s, at, option, (char *)&got, &length), 0);
    CHECK_EQ(got, value);
}

static char data[70000], control[256];

static int receive(SOCKET s, WSAMSG *message, ULONG room, ULONG control_room, DWORD *done)
{
    static struct sockaddr_storage from;
    static WSABUF buffer;
    buffer = (WSABUF){room, data};
    *message = (WSAMSG){(struct sockaddr *)&from, sizeof from, &buffer, 1, {control_room, control}, 0};
    memset(control, 0xee, sizeof control);
    *done = 0;
    return receive_message(s, message, done, NULL, NULL);
}

static int *find(WSAMSG *message, int at, int type)
{
    for (WSACMSGHDR *h = WSA_CMSG_FIRSTHDR(message); h; h = WSA_CMSG_NXTHDR(message, h))
        if (h->cmsg_level == at && h->cmsg_type == type)
            return (int *)WSA_CMSG_DATA(h);
    return NULL;
}

/* One datagram with one control message of a DWORD, or without any (type 0). */
static int send_with(SOCKET s, struct sockaddr_storage *to, ULONG length, int at, int type, DWORD value)
{
    char room[WSA_CMSG_SPACE(sizeof(DWORD))] = {0};
    WSACMSGHDR *header = (WSACMSGHDR *)room;
    WSABUF buffer = {length, data};
    WSAMSG message = {(struct sockaddr *)to, name_length, &buffer, 1, {0, NULL}, 0};
    DWORD sent = 0;
    if (type) {
        header->cmsg_len = WSA_CMSG_LEN(sizeof value);
        header->cmsg_level = at;
        header->cmsg_type = type;
        *(DWORD *)WSA_CMSG_DATA(header) = value;
        message.Control = (WSABUF){sizeof room, room};
    }
    return send_message(s, &message, 0, &sent, NULL, NULL) ? -1 : (int)sent;
}

static void test_control(void)
{
    struct sockaddr_storage an, bn;
    SOCKET a = udp(&an), b = udp(&bn);
    WSAMSG message;
    DWORD done;
    int *at;
    set(b, level, IP_PKTINFO, 1);
    set(b, level, IP_HOPLIMIT, 1);
    CHECK_EQ(send_with(a, &bn, 5, 0, 0, 0), 5);
    CHECK_EQ(receive(b, &message, 100, sizeof control, &done), 0);
    CHECK_EQ(done, 5);
    CHECK_EQ(message.dwFlags, 0);
    CHECK_EQ(((struct sockaddr_in *)message.name)->sin_port, ((struct sockaddr_in *)&an)->sin_port);
    CHECK((at = find(&message, level, IP_PKTINFO)) != NULL);
    if (at && family == AF_INET)
        CHECK_EQ(((IN_PKTINFO *)at)->ipi_addr.s_addr, htonl(INADDR_LOOPBACK));
    else if (at)
        CHECK(!memcmp(&((IN6_PKTINFO *)at)->ipi6_addr, &in6addr_loopback, 16));
    CHECK((at = find(&message, level, IP_HOPLIMIT)) != NULL);
    CHECK(at && *at > 0 && *at <= 255);
    CHECK_EQ(message.Control.len, WSA_CMSG_SPACE(sizeof(int)) + WSA_CMSG_SPACE(family == AF_INET ? 8 : 20));
    /* No room for all of it. */
    CHECK_EQ(send_with(a, &bn, 5, 0, 0, 0), 5);
    CHECK_EQ(receive(b, &message, 100, 20, &done), 0);
    CHECK_EQ(message.dwFlags, MSG_CTRUNC);
    /* What is cut. */
    CHECK_EQ(send_with(a, &bn, 50, 0, 0, 0), 50);
    CHECK_EQ(receive(b, &message, 10, sizeof control, &done), SOCKET_ERROR);
    CHECK_EQ(WSAGetLastError(), WSAEMSGSIZE);
    CHECK_EQ(message.dwFlags, MSG_TRUNC);
    CHECK(find(&message, level, IP_PKTINFO) != NULL);
    closesocket(a);
    closesocket(b);
}

/* The traffic class, of which ECN is two bits: as one, as the other, as both. */
static void test_traffic_class(void)
{
    struct sockaddr_storage an, bn;
    SOCKET a = udp(&an), b = udp(&bn);
    const int told = family == AF_INET ? IP_TOS : 39 /* IPV6_TCLASS */;
    WSAMSG message;
    DWORD done;
    int *at;
    for (int i = 1; i < 4; i++) {
        set(b, level, IP_RECVTOS_, i & 1);
        set(b, level, IP_ECN_, i >> 1);
        for (int ecn = 0; ecn < 4; ecn++) {
            CHECK_EQ(send_with(a, &bn, 5, level, IP_ECN_, ecn), 5);
            CHECK_EQ(receive(b, &message, 100, sizeof control, &done), 0);
            at = find(&message, level, IP_ECN_);
            CHECK_EQ(at != NULL, i >> 1);
            CHECK_EQ(at ? *at : ecn, ecn);
            at = find(&message, level, told);
            CHECK_EQ(at != NULL, i & 1);
            CHECK_EQ(at ? *at : ecn, ecn);
        }
    }
    set(b, level, IP_RECVTOS_, 0);
    CHECK_EQ(send_with(a, &bn, 5, level, told, 0xb8 | 2), 5);
    CHECK_EQ(receive(b, &message, 100, sizeof control, &done), 0);
    CHECK((at = find(&message, level, IP_ECN_)) != NULL);
    CHECK(at && *at == 2);
    set(b, level, IP_ECN_, 0);
    CHECK_EQ(send_with(a, &bn, 5, level, IP_ECN_, 1), 5);
    CHECK_EQ(receive(b, &message, 100, sizeof control, &done), 0);
    CHECK_EQ(message.Control.len, 0);
    closesocket(a);
    closesocket(b);
}

static void test_segments(void)
{
    struct sockaddr_storage an, bn;
    SOCKET a = udp(&an), b = udp(&bn);
    WSAMSG message;
    DWORD done, zero = 0;
    int length = sizeof zero;
    for (unsigned i = 0; i < 5000; i++)
        data[i] = (char)(i / 1000);
    CHECK_EQ(getsockopt(a, IPPROTO_UDP, UDP_SEND_MSG_SIZE_, (char *)&zero, &length), 0);
    CHECK_EQ(zero, 0);
    /* By control message: five datagrams, the last one short. */
    CHECK_EQ(send_with(a, &bn, 4500, IPPROTO_UDP, UDP_SEND_MSG_SIZE_, 1000), 4500);
    for (int i = 0; i < 5; i++) {
        CHECK_EQ(receive(b, &message, sizeof data, sizeof control, &done), 0);
        CHECK_EQ(done, i < 4 ? 1000 : 500);
        CHECK_EQ(data[0], i);
        CHECK_EQ(data[done - 1], i);
    }
    for (unsigned i = 0; i < 5000; i++)
        data[i] = (char)(i / 1000);
    /* By option, until it is taken back. */
    set(a, IPPROTO_UDP, UDP_SEND_MSG_SIZE_, 2000);
    CHECK_EQ(sendto(a, data, 5000, 0, (struct sockaddr *)&bn, name_length), 5000);
    for (int i = 0; i < 3; i++)
        CHECK_EQ(recv(b, data + 6000, 5000, 0), i < 2 ? 2000 : 1000);
    set(a, IPPROTO_UDP, UDP_SEND_MSG_SIZE_, 0);
    CHECK_EQ(sendto(a, data, 5000, 0, (struct sockaddr *)&bn, name_length), 5000);
    CHECK_EQ(recv(b, data + 6000, 6000, 0), 5000);
    /* Joined again: as many as come, whose size is told if they are several. */
    set(b, IPPROTO_UDP, UDP_RECV_MAX_COALESCED_SIZE_, 65527);
    CHECK_EQ(send_with(a, &bn, 4500, IPPROTO_UDP, UDP_SEND_MSG_SIZE_, 1000), 4500);
    for (DWORD total = 0; total < 4500; total += done) {
        CHECK_EQ(receive(b, &message, sizeof data, sizeof control, &done), 0);
        int *size = find(&message, IPPROTO_UDP, UDP_COALESCED_INFO_);
        if (!done)
            break;
        CHECK_EQ(size ? *size : (int)done, done > 1000 ? 1000 : done);
        for (DWORD i = 0; i < done; i += 100)
            CHECK_EQ(data[i], (total + i) / 1000);
    }
    /* One who takes little gets each. */
    for (unsigned i = 0; i < 5000; i++)
        data[i] = (char)(i / 1000);
    set(b, IPPROTO_UDP, UDP_RECV_MAX_COALESCED_SIZE_, 3000);
    CHECK_EQ(send_with(a, &bn, 4500, IPPROTO_UDP, UDP_SEND_MSG_SIZE_, 1000), 4500);
    for (DWORD total = 0; total < 4500; total += done) {
        CHECK_EQ(receive(b, &message, 3000, sizeof control, &done), 0);
        if (!done)
            break;
    }
    set(b, IPPROTO_UDP, UDP_RECV_MAX_COALESCED_SIZE_, 0);
    DWORD much = 70000;
    CHECK_EQ(setsockopt(a, IPPROTO_UDP, UDP_SEND_MSG_SIZE_, (char *)&much, sizeof much), SOCKET_ERROR);
    CHECK_EQ(WSAGetLastError(), WSAEINVAL);
    SOCKET tcp = socket(family, SOCK_STREAM, 0);
    CHECK_EQ(setsockopt(tcp, IPPROTO_UDP, UDP_SEND_MSG_SIZE_, (char *)&zero, sizeof zero), SOCKET_ERROR);
    CHECK_EQ(WSAGetLastError(), WSAENOPROTOOPT);
    closesocket(tcp);
    closesocket(a);
    closesocket(b);
}

int main(void)
{
    WSADATA start;
    struct sockaddr_storage name;
    CHECK_EQ(WSAStartup(MAKEWORD(2, 2), &start), 0);
    if (check_under_wine()) /* whose WSASendMsg can not be had, and whose headers of messages differ */
        return check_done();
    for (int i = 0; i < 2; i++) {
        family = i ? AF_INET6 : AF_INET;
        level = i ? IPPROTO_IPV6 : IPPROTO_IP;
        SOCKET s = udp(&name);
        if (s == INVALID_SOCKET)
            continue;
        extensions(s);
        closesocket(s);
        test_control();
        test_traffic_class();
        test_segments();
    }
    return check_done();
}
