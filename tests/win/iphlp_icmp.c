/*
 * iphlp_icmp.c: does an echo request to this machine come back with its data, or fail with a documented error where the
 * host lets nobody send one?  And on behalf of tests/host/icmp.sh, which makes a network where requests are allowed:
 * "iphlp_icmp ROUTER ROUTER6 BEYOND BEYOND6 NOWHERE" (NOWHERE: an address that nothing leads to).
 */
/* link: -liphlpapi -lws2_32 */
#include <winsock2.h>
#include <ws2tcpip.h>
#include <winternl.h>
#include <iphlpapi.h>
#include <icmpapi.h>
#include "check.h"

#define LOOPBACK 0x0100007f

#define DATA "echo this"

/* ICMPV6_ECHO_REPLY, which mingw-w64 leaves out. */
struct reply6 {
    USHORT port;
    BYTE rest[24];
    ULONG status;
    unsigned int round_trip;
    char data[200];
};

static int apc_calls;
static PIO_STATUS_BLOCK apc_io;

static VOID NTAPI apc(PVOID context, PIO_STATUS_BLOCK io, ULONG reserved)
{
    (void)reserved;
    CHECK_EQ((ULONG_PTR)context, 0x1234);
    CHECK(io != NULL);
    apc_io = io;
    apc_calls++;
}

static void test_apc(HANDLE handle, IPAddr to)
{
    struct {
        ICMP_ECHO_REPLY reply;
        char data[64];
    } answer = {0};
    HANDLE event = CreateEventW(NULL, TRUE, FALSE, NULL);
    CHECK_ERROR(IcmpSendEcho2(handle, event, (FARPROC)apc, (void *)0x1234, to, (void *)DATA, 9, NULL, &answer,
                              sizeof answer, 2000),
                ERROR_IO_PENDING);
    CHECK_EQ(WaitForSingleObject(event, 3000), WAIT_OBJECT_0);
    for (int i = 0; i < 100 && !apc_calls; i++)
        SleepEx(20, TRUE);
    CHECK_EQ(apc_calls, 1);
    CHECK_EQ(IcmpParseReplies(&answer, sizeof answer), 1);
    CHECK(!memcmp(answer.reply.Data, DATA, 9));
    /* Without an event: nobody calls it before the thread waits for it. */
    CHECK_ERROR(
        IcmpSendEcho2(handle, NULL, (FARPROC)apc, (void *)0x1234, to, (void *)DATA, 9, NULL, &answer, sizeof answer, 1),
        ERROR_IO_PENDING);
    Sleep(30);
    CHECK_EQ(apc_calls, 1);
    for (int i = 0; i < 100 && apc_calls < 2; i++)
        SleepEx(20, TRUE);
    CHECK_EQ(apc_calls, 2);
    CloseHandle(event);
}

static void test_way(HANDLE handle, char **names)
{
    struct {
        ICMP_ECHO_REPLY reply;
        char data[200];
    } answer;
    IP_OPTION_INFORMATION one = {.Ttl = 1}, many = {.Ttl = 50};
    IPAddr router = inet_addr(names[0]), beyond = inet_addr(names[2]), nowhere = inet_addr(names[4]);
    CHECK_EQ(IcmpSendEcho(handle, router, (void *)DATA, 9, &many, &answer, sizeof answer, 2000), 1);
    CHECK_EQ(answer.reply.Status, IP_SUCCESS);
    CHECK_EQ(answer.reply.Address, router);
    CHECK_EQ(answer.reply.DataSize, 9);
    CHECK(!memcmp(answer.reply.Data, DATA, 9));
    /* Too few hops: the router says so. */
    CHECK_EQ(IcmpSendEcho(handle, beyond, (void *)DATA, 9, &one, &answer, sizeof answer, 2000), 1);
    CHECK_EQ(answer.reply.Status, IP_TTL_EXPIRED_TRANSIT);
    CHECK_EQ(answer.reply.Address, router);
    CHECK_EQ(answer.reply.DataSize, 0);
    /* Far enough. */
    CHECK_EQ(IcmpSendEcho(handle, beyond, (void *)DATA, 9, &many, &answer, sizeof answer, 2000), 1);
    CHECK_EQ(answer.reply.Status, IP_SUCCESS);
    CHECK_EQ(answer.reply.Address, beyond);
    CHECK_EQ(answer.reply.Options.Ttl, 63);
    CHECK_ERROR(IcmpSendEcho(handle, nowhere, (void *)DATA, 9, &many, &answer, sizeof answer, 2000),
                IP_DEST_NET_UNREACHABLE);
    test_apc(handle, router);
}

static int parse6(const char *name, struct sockaddr_in6 *address)
{
    int length = sizeof *address;
    return WSAStringToAddressA((char *)name, AF_INET6, NULL, (struct sockaddr *)address, &length);
}

static void test_way6(char **names)
{
    HANDLE handle = Icmp6CreateFile();
    struct sockaddr_in6 any = {.sin6_family = AF_INET6}, router, beyond;
    IP_OPTION_INFORMATION one = {.Ttl = 1}, many = {.Ttl = 50};
    struct reply6 answer;
    CHECK_EQ(parse6(names[1], &router), 0);
    CHECK_EQ(parse6(names[3], &beyond), 0);
    CHECK_EQ(
        Icmp6SendEcho2(handle, NULL, NULL, NULL, &any, &router, (void *)DATA, 9, &many, &answer, sizeof answer, 2000),
        1);
    CHECK_EQ(answer.status, IP_SUCCESS);
    CHECK(!memcmp(answer.rest + 4, &router.sin6_addr, 16));
    CHECK(!memcmp(answer.data, DATA, 9));
    CHECK_EQ(
        Icmp6SendEcho2(handle, NULL, NULL, NULL, &any, &beyond, (void *)DATA, 9, &one, &answer, sizeof answer, 2000),
        1);
    CHECK_EQ(answer.status, IP_TTL_EXPIRED_TRANSIT);
    CHECK(!memcmp(answer.rest + 4, &router.sin6_addr, 16));
    CHECK_EQ(
        Icmp6SendEcho2(handle, NULL, NULL, NULL, &any, &beyond, (void *)DATA, 9, &many, &answer, sizeof answer, 2000),
        1);
    CHECK_EQ(answer.status, IP_SUCCESS);
    CHECK_EQ(Icmp6ParseReplies(&answer, sizeof answer), 1);
    CHECK(IcmpCloseHandle(handle));
}

/* A datagram whose time was exceeded on the way: WSAENETRESET, unless nobody wants to know. */
static void test_datagram(int family, const char *beyond)
{
    SOCKET s = socket(family, SOCK_DGRAM, 0);
    struct sockaddr_storage to = {0};
    int length = sizeof to;
    DWORD hops = 1, timeout = 1000, used;
    BOOL off = FALSE;
    char data[8];
    CHECK_EQ(WSAStringToAddressA((char *)beyond, family, NULL, (struct sockaddr *)&to, &length), 0);
    ((struct sockaddr_in *)&to)->sin_port = htons(9);
    setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, (char *)&timeout, sizeof timeout);
    CHECK_EQ(setsockopt(s, family == AF_INET ? IPPROTO_IP : IPPROTO_IPV6,
                        family == AF_INET ? IP_TTL : IPV6_UNICAST_HOPS, (char *)&hops, sizeof hops),
             0);
    CHECK_EQ(sendto(s, "x", 1, 0, (struct sockaddr *)&to, length), 1);
    CHECK_EQ(recv(s, data, sizeof data, 0), SOCKET_ERROR);
    CHECK_EQ(WSAGetLastError(), WSAENETRESET);
    timeout = 100;
    setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, (char *)&timeout, sizeof timeout);
    CHECK_EQ(WSAIoctl(s, 0x9800000f /* SIO_UDP_NETRESET */, &off, sizeof off, NULL, 0, &used, NULL, NULL), 0);
    CHECK_EQ(sendto(s, "x", 1, 0, (struct sockaddr *)&to, length), 1);
    CHECK_EQ(recv(s, data, sizeof data, 0), SOCKET_ERROR);
    CHECK_EQ(WSAGetLastError(), WSAETIMEDOUT);
    closesocket(s);
}

int main(int argc, char **argv)
{
    WSADATA start;
    struct {
        ICMP_ECHO_REPLY reply;
        char data[64];
    } answer;
    HANDLE handle = IcmpCreateFile(), event = CreateEventW(NULL, TRUE, FALSE, NULL);
    IP_OPTION_INFORMATION options = {.Ttl = 64};
    DWORD count;

    CHECK(handle != INVALID_HANDLE_VALUE && handle != NULL);
    if (!check_under_wine()) {
        CHECK_ERROR(IcmpSendEcho(handle, LOOPBACK, (void *)"hello", 5, NULL, &answer, 8, 1000),
                    ERROR_INVALID_PARAMETER);
        CHECK_ERROR(IcmpSendEcho(handle, LOOPBACK, (void *)"hello", 5, NULL, &answer, sizeof answer.reply + 4, 1000),
                    IP_BUF_TOO_SMALL);
        CHECK_ERROR(IcmpSendEcho(handle, LOOPBACK, (void *)"hello", 5, NULL, NULL, 80, 1000), ERROR_INVALID_PARAMETER);
    }
    CHECK_ERROR(IcmpSendEcho(INVALID_HANDLE_VALUE, LOOPBACK, (void *)"hello", 5, NULL, &answer, sizeof answer, 1000),
                ERROR_INVALID_PARAMETER);
    SetLastError(0);
    count = IcmpSendEcho(handle, LOOPBACK, (void *)"hello", 5, &options, &answer, sizeof answer, 2000);
    if (!count) {
        CHECK_EQ(GetLastError(), ERROR_ACCESS_DENIED); /* the host allows no ping */
        printf("skipped: the host lets this user send no echo requests\n");
    } else {
        CHECK_EQ(count, 1);
        CHECK_EQ(answer.reply.Status, IP_SUCCESS);
        CHECK_EQ(answer.reply.Address, LOOPBACK);
        CHECK_EQ(answer.reply.DataSize, 5);
        CHECK(!memcmp(answer.reply.Data, "hello", 5));
        CHECK_EQ(answer.reply.Options.Ttl, 64);
        CHECK_ERROR(
            IcmpSendEcho2(handle, event, NULL, NULL, LOOPBACK, (void *)"again", 5, NULL, &answer, sizeof answer, 2000),
            ERROR_IO_PENDING);
        CHECK_EQ(WaitForSingleObject(event, 5000), WAIT_OBJECT_0);
        CHECK_EQ(IcmpParseReplies(&answer, sizeof answer), 1);
        CHECK(!memcmp(answer.reply.Data, "again", 5));
        CHECK_EQ(IcmpSendEcho(handle, LOOPBACK, NULL, 0, NULL, &answer, sizeof answer, 2000), 1);
        CHECK_EQ(answer.reply.DataSize, 0);
    }
    WSAStartup(MAKEWORD(2, 2), &start);
    if (argc == 6) {
        CHECK_EQ(count, 1);
        test_way(handle, argv + 1);
        test_way6(argv + 1);
        test_datagram(AF_INET, argv[3]);
        test_datagram(AF_INET6, argv[4]);
    }
    CHECK(IcmpCloseHandle(handle));
    CloseHandle(event);
    return check_done();
}
