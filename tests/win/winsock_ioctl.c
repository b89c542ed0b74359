/*
 * Do the control codes of sockets answer as documented: a connection's numbers, sorted lists of addresses; and
 * WSAJoinLeaf, WSAProviderConfigChange?  link: -lws2_32
 */
#include <winsock2.h>
#include <ws2tcpip.h>
#include <mstcpip.h>
#include "check.h"

#define TCP_INFO_CODE 0xd8000027

struct tcp_info { /* TCP_INFO_v0 */
    DWORD state, mss;
    ULONG64 connected_ms;
    BOOLEAN timestamps;
    ULONG rtt_us, min_rtt_us, in_flight, cwnd, send_window, receive_window, receive_buffer;
    ULONG64 bytes_out, bytes_in;
    ULONG reordered, retransmitted, fast, duplicates, timeouts;
    UCHAR syn;
};

static void pair(SOCKET *client, SOCKET *server)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    int length = sizeof address;
    SOCKET listener = socket(AF_INET, SOCK_STREAM, 0);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    bind(listener, (struct sockaddr *)&address, sizeof address);
    listen(listener, 1);
    getsockname(listener, (struct sockaddr *)&address, &length);
    *client = socket(AF_INET, SOCK_STREAM, 0);
    CHECK_EQ(connect(*client, (struct sockaddr *)&address, sizeof address), 0);
    *server = accept(listener, NULL, NULL);
    closesocket(listener);
}

static void test_tcp_info(void)
{
    SOCKET client, server, datagram = socket(AF_INET, SOCK_DGRAM, 0);
    struct tcp_info info;
    DWORD version = 0, used = 0;
    char data[100] = "";
    if (check_under_wine())
        return; /* has it not */
    pair(&client, &server);
    CHECK_EQ(send(client, data, 100, 0), 100);
    CHECK_EQ(recv(server, data, 100, MSG_WAITALL), 100);
    memset(&info, 0xcc, sizeof info);
    CHECK_EQ(WSAIoctl(client, TCP_INFO_CODE, &version, 4, &info, sizeof info, &used, NULL, NULL), 0);
    CHECK_EQ(used, sizeof info);
    CHECK_EQ(info.state, 4); /* TCPSTATE_ESTABLISHED */
    CHECK(info.mss >= 536);
    CHECK_EQ(info.bytes_out, 100);
    CHECK_EQ(info.bytes_in, 0);
    CHECK(info.cwnd >= info.mss);
    CHECK(info.receive_buffer > 0);
    CHECK_EQ(WSAIoctl(server, TCP_INFO_CODE, &version, 4, &info, sizeof info, &used, NULL, NULL), 0);
    CHECK_EQ(info.bytes_in, 100);
    CHECK_EQ(WSAIoctl(server, TCP_INFO_CODE, &version, 4, &info, 8, &used, NULL, NULL), SOCKET_ERROR);
    CHECK_EQ(WSAGetLastError(), WSAEFAULT);
    CHECK_EQ(WSAIoctl(server, TCP_INFO_CODE, NULL, 0, &info, sizeof info, &used, NULL, NULL), SOCKET_ERROR);
    version = 99;
    CHECK_EQ(WSAIoctl(server, TCP_INFO_CODE, &version, 4, &info, sizeof info, &used, NULL, NULL), SOCKET_ERROR);
    CHECK_EQ(WSAGetLastError(), WSAEINVAL);
    version = 0;
    /* How much should be under way. */
    DWORD backlog = 0;
    CHECK_EQ(WSAIoctl(client, 0x4004747b, NULL, 0, &backlog, sizeof backlog, &used, NULL, NULL), 0);
    CHECK_EQ(used, sizeof backlog);
    CHECK(backlog >= 16384 && backlog < 1u << 30);
    CHECK_EQ(WSAIoctl(client, 0x4004747b, NULL, 0, &backlog, 2, &used, NULL, NULL), SOCKET_ERROR);
    CHECK_EQ(WSAGetLastError(), WSAEFAULT);
    CHECK_EQ(WSAIoctl(datagram, TCP_INFO_CODE, &version, 4, &info, sizeof info, &used, NULL, NULL), SOCKET_ERROR);
    CHECK_EQ(WSAGetLastError(), WSAEOPNOTSUPP);
    closesocket(client);
    closesocket(server);
    closesocket(datagram);
}

/* The list comes back with the same addresses, each pointing into what came back. */
static void test_sort(void)
{
    struct {
        INT count;
        SOCKET_ADDRESS list[2];
        struct sockaddr_in first, second;
    } in = {.count = 2}, out;
    SOCKET s = socket(AF_INET, SOCK_DGRAM, 0);
    DWORD used = 0;
    in.first.sin_family = in.second.sin_family = AF_INET;
    in.first.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    in.second.sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1);
    in.list[0] = (SOCKET_ADDRESS){(SOCKADDR *)&in.first, sizeof in.first};
    in.list[1] = (SOCKET_ADDRESS){(SOCKADDR *)&in.second, sizeof in.second};
    if (!check_under_wine()) { /* has it not */
        CHECK_EQ(WSAIoctl(s, SIO_ADDRESS_LIST_SORT, &in, sizeof in, &out, sizeof out, &used, NULL, NULL), 0);
        CHECK_EQ(used, sizeof in);
        CHECK_EQ(out.count, 2);
        CHECK(out.list[0].lpSockaddr == (SOCKADDR *)&out.first);
        CHECK(out.list[1].lpSockaddr == (SOCKADDR *)&out.second);
        CHECK_EQ(out.second.sin_addr.s_addr, htonl(INADDR_LOOPBACK + 1));
        CHECK_EQ(WSAIoctl(s, SIO_ADDRESS_LIST_SORT, &in, sizeof in, &out, 8, &used, NULL, NULL), SOCKET_ERROR);
        CHECK_EQ(WSAGetLastError(), WSAEFAULT);
        in.count = 1000;
        CHECK_EQ(WSAIoctl(s, SIO_ADDRESS_LIST_SORT, &in, sizeof in, &out, sizeof out, &used, NULL, NULL), SOCKET_ERROR);
        CHECK_EQ(WSAGetLastError(), WSAEFAULT);
    }
    closesocket(s);
}

static void test_leaf(void)
{
    struct sockaddr_in group = {.sin_family = AF_INET};
    SOCKET s = socket(AF_INET, SOCK_DGRAM, 0), stream = socket(AF_INET, SOCK_STREAM, 0);
    group.sin_addr.s_addr = inet_addr("239.1.2.3");
    if (check_under_wine())
        return; /* has it not */
    CHECK_EQ(WSAJoinLeaf(s, (struct sockaddr *)&group, sizeof group, NULL, NULL, NULL, NULL, JL_SENDER_ONLY), s);
    CHECK_EQ(WSAJoinLeaf(s, (struct sockaddr *)&group, sizeof group, NULL, NULL, NULL, NULL, 0), INVALID_SOCKET);
    CHECK_EQ(WSAGetLastError(), WSAEINVAL);
    CHECK_EQ(WSAJoinLeaf(stream, (struct sockaddr *)&group, sizeof group, NULL, NULL, NULL, NULL, JL_BOTH),
             INVALID_SOCKET);
    CHECK_EQ(WSAGetLastError(), WSAEINVAL);
    CHECK_EQ(WSAJoinLeaf(s, NULL, 0, NULL, NULL, NULL, NULL, JL_BOTH), INVALID_SOCKET);
    CHECK_EQ(WSAGetLastError(), WSAEFAULT);
    closesocket(s);
    closesocket(stream);
}

static void test_providers(void)
{
    HANDLE handle = NULL;
    OVERLAPPED overlapped = {0};
    if (check_under_wine())
        return; /* has it not */
    CHECK_EQ(WSAProviderConfigChange(&handle, NULL, NULL), 0);
    CHECK(handle != NULL);
    CHECK_EQ(WSAProviderConfigChange(&handle, &overlapped, NULL), SOCKET_ERROR);
    CHECK_EQ(WSAGetLastError(), WSA_IO_PENDING);
    CHECK(!HasOverlappedIoCompleted(&overlapped));
    CHECK_EQ(WSAProviderConfigChange(NULL, NULL, NULL), SOCKET_ERROR);
    CHECK_EQ(WSAGetLastError(), WSAEFAULT);
    CHECK(CloseHandle(handle));
}

int main(void)
{
    WSADATA data;
    WSAStartup(MAKEWORD(2, 2), &data);
    test_tcp_info();
    test_sort();
    test_leaf();
    test_providers();
    return check_done();
}
