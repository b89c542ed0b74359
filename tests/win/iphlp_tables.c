/*
 * Do the tables of interfaces, neighbours, routes and connections agree with each other and with this process's own
 * sockets; do counters count?  Wine knows fewer of these functions, and no owners.  link: -liphlpapi -lws2_32
 */
#include <winsock2.h>
#include <ws2tcpip.h>
#include <iphlpapi.h>
#include <netioapi.h>
#include "check.h"

static char room[1 << 24]; /* a busy machine has thousands of connections */

static SOCKET bound(int family, int type, USHORT *port)
{
    struct sockaddr_in6 address = {.sin6_family = (short)family};
    int length = family == AF_INET ? sizeof(struct sockaddr_in) : sizeof address;
    if (family == AF_INET)
        ((struct sockaddr_in *)&address)->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    else
        address.sin6_addr = in6addr_loopback;
    SOCKET s = socket(family, type, 0);
    if (s == INVALID_SOCKET || bind(s, (struct sockaddr *)&address, length))
        return INVALID_SOCKET;
    if (type == SOCK_STREAM)
        CHECK_EQ(listen(s, 3), 0);
    getsockname(s, (struct sockaddr *)&address, &length);
    *port = address.sin6_port;
    return s;
}

/* Calls a function with one buffer size too small, then with the one it asked for. */
#define GET(call)                                                                                                      \
    do {                                                                                                               \
        size = 0;                                                                                                      \
        CHECK_EQ((call), ERROR_INSUFFICIENT_BUFFER);                                                                   \
        CHECK(size >= 4);                                                                                              \
        size = sizeof room; /* others may connect meanwhile */                                                         \
        CHECK_EQ((call), NO_ERROR);                                                                                    \
    } while (0)

static void test_tcp(void)
{
    USHORT port = 0;
    ULONG size, found = 0;
    SOCKET s = bound(AF_INET, SOCK_STREAM, &port);
    MIB_TCPTABLE2 *two = (MIB_TCPTABLE2 *)room;
    GET(GetTcpTable2(two, &size, TRUE));
    for (ULONG i = 0; i < two->dwNumEntries; i++)
        if (two->table[i].dwLocalPort == port && two->table[i].dwState == MIB_TCP_STATE_LISTEN) {
            CHECK_EQ(two->table[i].dwLocalAddr, htonl(INADDR_LOOPBACK));
            CHECK_EQ(two->table[i].dwOwningPid, GetCurrentProcessId());
            found++;
        }
    CHECK_EQ(found, 1);
    MIB_TCPTABLE_OWNER_PID *pid = (MIB_TCPTABLE_OWNER_PID *)room;
    GET(GetExtendedTcpTable(pid, &size, FALSE, AF_INET, TCP_TABLE_OWNER_PID_LISTENER, 0));
    found = 0;
    for (ULONG i = 0; i < pid->dwNumEntries; i++) {
        CHECK_EQ(pid->table[i].dwState, MIB_TCP_STATE_LISTEN);
        if (pid->table[i].dwLocalPort == port) {
            CHECK_EQ(pid->table[i].dwOwningPid, GetCurrentProcessId());
            found++;
        }
    }
    CHECK_EQ(found, 1);
    MIB_TCPTABLE_OWNER_MODULE *module = (MIB_TCPTABLE_OWNER_MODULE *)room;
    GET(GetExtendedTcpTable(module, &size, FALSE, AF_INET, TCP_TABLE_OWNER_MODULE_ALL, 0));
    found = 0;
    for (ULONG i = 0; i < module->dwNumEntries; i++)
        if (module->table[i].dwLocalPort == port)
            found += module->table[i].dwOwningPid == GetCurrentProcessId();
    CHECK_EQ(found, 1);
    closesocket(s);
    size = sizeof room;
    CHECK_EQ(GetExtendedTcpTable(room, &size, FALSE, AF_UNIX, TCP_TABLE_OWNER_PID_ALL, 0), ERROR_INVALID_PARAMETER);
    CHECK_EQ(GetTcpTable2(two, NULL, FALSE), ERROR_INVALID_PARAMETER);
}

static void test_tcp6(void)
{
    USHORT port = 0;
    ULONG size, found = 0;
    SOCKET s = bound(AF_INET6, SOCK_STREAM, &port);
    if (s == INVALID_SOCKET)
        return;
    MIB_TCP6TABLE *one = (MIB_TCP6TABLE *)room;
    GET(GetTcp6Table(one, &size, FALSE));
    for (ULONG i = 0; i < one->dwNumEntries; i++)
        if (one->table[i].dwLocalPort == port) {
            CHECK_EQ(one->table[i].State, MIB_TCP_STATE_LISTEN);
            CHECK(IN6_IS_ADDR_LOOPBACK(&one->table[i].LocalAddr));
            found++;
        }
    CHECK_EQ(found, 1);
    MIB_TCP6TABLE2 *two = (MIB_TCP6TABLE2 *)room;
    GET(GetTcp6Table2(two, &size, FALSE));
    found = 0;
    for (ULONG i = 0; i < two->dwNumEntries; i++)
        if (two->table[i].dwLocalPort == port)
            found += two->table[i].dwOwningPid == GetCurrentProcessId();
    CHECK_EQ(found, 1);
    closesocket(s);
}

static void test_udp(void)
{
    USHORT port = 0, port6 = 0;
    ULONG size, found = 0;
    SOCKET s = bound(AF_INET, SOCK_DGRAM, &port), s6 = bound(AF_INET6, SOCK_DGRAM, &port6);
    MIB_UDPTABLE_OWNER_MODULE *module = (MIB_UDPTABLE_OWNER_MODULE *)room;
    GET(GetExtendedUdpTable(module, &size, FALSE, AF_INET, UDP_TABLE_OWNER_MODULE, 0));
    for (ULONG i = 0; i < module->dwNumEntries; i++)
        if (module->table[i].dwLocalPort == port)
            found += module->table[i].dwOwningPid == GetCurrentProcessId();
    CHECK_EQ(found, 1);
    if (s6 != INVALID_SOCKET) {
        MIB_UDP6TABLE *six = (MIB_UDP6TABLE *)room;
        GET(GetUdp6Table(six, &size, TRUE));
        found = 0;
        for (ULONG i = 0; i < six->dwNumEntries; i++)
            found += six->table[i].dwLocalPort == port6;
        CHECK_EQ(found, 1);
    }
    closesocket(s);
    closesocket(s6);
}

static void test_statistics(void)
{
    MIB_TCPSTATS tcp, later;
    MIB_UDPSTATS udp, udp_later;
    MIB_IPSTATS ip;
    MIB_ICMP icmp;
    static MIB_ICMP_EX icmp_ex;
    USHORT port;
    struct sockaddr_in to = {.sin_family = AF_INET};
    SOCKET server = bound(AF_INET, SOCK_STREAM, &port), client = socket(AF_INET, SOCK_STREAM, 0);
    CHECK_EQ(GetTcpStatistics(&tcp), NO_ERROR);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    to.sin_port = port;
    CHECK_EQ(connect(client, (struct sockaddr *)&to, sizeof to), 0);
    CHECK_EQ(GetTcpStatistics(&later), NO_ERROR);
    CHECK(later.dwActiveOpens > tcp.dwActiveOpens);
    CHECK(later.dwInSegs > tcp.dwInSegs);
    CHECK(later.dwCurrEstab > 0);
    CHECK(later.dwRtoMax > later.dwRtoMin);
    closesocket(client);
    closesocket(server);

    server = bound(AF_INET, SOCK_DGRAM, &port);
    client = socket(AF_INET, SOCK_DGRAM, 0);
    to.sin_port = port;
    CHECK_EQ(GetUdpStatistics(&udp), NO_ERROR);
    CHECK_EQ(sendto(client, "hello", 5, 0, (struct sockaddr *)&to, sizeof to), 5);
    CHECK_EQ(recv(server, room, sizeof room, 0), 5);
    CHECK_EQ(GetUdpStatistics(&udp_later), NO_ERROR);
    CHECK(udp_later.dwOutDatagrams > udp.dwOutDatagrams);
    CHECK(udp_later.dwInDatagrams > udp.dwInDatagrams);
    CHECK(udp_later.dwNumAddrs > 0);
    closesocket(client);
    closesocket(server);

    CHECK_EQ(GetIpStatistics(&ip), NO_ERROR);
    CHECK(ip.dwInReceives > 0 && ip.dwOutRequests > 0 && ip.dwNumIf > 0 && ip.dwNumAddr > 0);
    CHECK(ip.dwForwarding == MIB_IP_FORWARDING || ip.dwForwarding == MIB_IP_NOT_FORWARDING);
    CHECK(ip.dwDefaultTTL > 0 && ip.dwDefaultTTL < 256);
    CHECK_EQ(GetIpStatisticsEx(&ip, AF_INET6), NO_ERROR);
    CHECK_EQ(GetIcmpStatistics(&icmp), NO_ERROR);
    CHECK_EQ(GetIcmpStatisticsEx(&icmp_ex, AF_INET6), NO_ERROR);
    CHECK_EQ(GetIcmpStatisticsEx(&icmp_ex, AF_INET), NO_ERROR);
    CHECK(icmp_ex.icmpInStats.dwMsgs >= icmp.stats.icmpInStats.dwMsgs);
    CHECK_EQ(GetIpStatistics(NULL), ERROR_INVALID_PARAMETER);
    CHECK_EQ(GetTcpStatisticsEx(&tcp, 77), ERROR_INVALID_PARAMETER);
    CHECK_EQ(GetUdpStatisticsEx(&udp, 0), ERROR_INVALID_PARAMETER);
    CHECK_EQ(GetIcmpStatisticsEx(NULL, AF_INET), ERROR_INVALID_PARAMETER);
}

static void test_neighbours(void)
{
    MIB_IPNET_TABLE2 *table = NULL;
    ULONG size = sizeof room, count = 0, mac_length = 8;
    UCHAR mac[8];
    CHECK_EQ(GetIpNetTable2(AF_INET, &table), NO_ERROR);
    for (ULONG i = 0; table && i < table->NumEntries; i++) {
        MIB_IPNET_ROW2 row = {.Address = table->Table[i].Address, .InterfaceLuid = table->Table[i].InterfaceLuid};
        CHECK_EQ(table->Table[i].Address.si_family, AF_INET);
        CHECK(table->Table[i].InterfaceIndex != 0);
        CHECK(table->Table[i].PhysicalAddressLength <= IF_MAX_PHYS_ADDRESS_LENGTH);
        CHECK_EQ(GetIpNetEntry2(&row), NO_ERROR);
        CHECK_EQ(row.InterfaceIndex, table->Table[i].InterfaceIndex);
        count++;
    }
    FreeMibTable(table);
    CHECK_EQ(GetIpNetTable((MIB_IPNETTABLE *)room, &size, TRUE), count ? NO_ERROR : ERROR_NO_DATA);
    CHECK_EQ(GetIpNetTable2(AF_UNIX, &table), ERROR_INVALID_PARAMETER);
    MIB_IPNET_ROW2 nowhere = {0};
    CHECK_EQ(GetIpNetEntry2(&nowhere), ERROR_INVALID_PARAMETER);
    nowhere.Address.si_family = AF_INET;
    nowhere.InterfaceIndex = 0x7ffffff0;
    CHECK_EQ(GetIpNetEntry2(&nowhere), ERROR_FILE_NOT_FOUND);
    CHECK_EQ(SendARP(htonl(INADDR_LOOPBACK), 0, NULL, &mac_length), ERROR_INVALID_PARAMETER);
    if (!check_under_wine())
        CHECK_EQ(SendARP(htonl(INADDR_LOOPBACK), 0, mac, &mac_length), ERROR_BAD_NET_NAME);
}

static void test_interfaces(void)
{
    MIB_IPINTERFACE_TABLE *table = NULL;
    MIB_IPINTERFACE_ROW row;
    ULONG loopbacks = 0;
    CHECK_EQ(GetIpInterfaceTable(AF_INET, &table), NO_ERROR);
    CHECK(table && table->NumEntries >= 1);
    for (ULONG i = 0; table && i < table->NumEntries; i++) {
        InitializeIpInterfaceEntry(&row);
        CHECK_EQ(row.Metric, 0xffffffff);
        row.Family = AF_INET;
        row.InterfaceIndex = table->Table[i].InterfaceIndex;
        CHECK_EQ(GetIpInterfaceEntry(&row), NO_ERROR);
        CHECK_EQ(row.InterfaceLuid.Value, table->Table[i].InterfaceLuid.Value);
        CHECK_EQ(row.NlMtu, table->Table[i].NlMtu);
        CHECK(row.NlMtu >= 576);
        loopbacks += row.InterfaceLuid.Info.IfType == IF_TYPE_SOFTWARE_LOOPBACK;
    }
    CHECK_EQ(loopbacks, 1);
    FreeMibTable(table);
    InitializeIpInterfaceEntry(&row);
    CHECK_EQ(GetIpInterfaceEntry(&row), ERROR_INVALID_PARAMETER);
    row.Family = AF_INET;
    row.InterfaceIndex = 0x7ffffff0;
    CHECK_EQ(GetIpInterfaceEntry(&row), ERROR_FILE_NOT_FOUND);
}

static void test_entries(void)
{
    MIB_UNICASTIPADDRESS_TABLE *addresses = NULL;
    MIB_IPFORWARD_TABLE2 *routes = NULL;
    MIB_MULTICASTIPADDRESS_TABLE *groups = NULL;
    CHECK_EQ(GetUnicastIpAddressTable(AF_UNSPEC, &addresses), NO_ERROR);
    for (ULONG i = 0; i < addresses->NumEntries; i++) {
        MIB_UNICASTIPADDRESS_ROW row;
        InitializeUnicastIpAddressEntry(&row);
        row.Address = addresses->Table[i].Address;
        row.InterfaceLuid = addresses->Table[i].InterfaceLuid;
        CHECK_EQ(GetUnicastIpAddressEntry(&row), NO_ERROR);
        CHECK_EQ(row.OnLinkPrefixLength, addresses->Table[i].OnLinkPrefixLength);
    }
    MIB_UNICASTIPADDRESS_ROW none = addresses->Table[0];
    none.Address = (SOCKADDR_INET){.Ipv4 = {.sin_family = AF_INET, .sin_addr.S_un.S_addr = 0x04030201}};
    CHECK_EQ(GetUnicastIpAddressEntry(&none), ERROR_NOT_FOUND);
    FreeMibTable(addresses);
    CHECK_EQ(GetIpForwardTable2(AF_INET, &routes), NO_ERROR);
    for (ULONG i = 0; i < routes->NumEntries; i++) {
        MIB_IPFORWARD_ROW2 row;
        InitializeIpForwardEntry(&row);
        row.DestinationPrefix = routes->Table[i].DestinationPrefix;
        row.NextHop = routes->Table[i].NextHop;
        row.InterfaceIndex = routes->Table[i].InterfaceIndex;
        CHECK_EQ(GetIpForwardEntry2(&row), NO_ERROR);
        CHECK_EQ(row.InterfaceLuid.Value, routes->Table[i].InterfaceLuid.Value);
    }
    FreeMibTable(routes);
    CHECK_EQ(GetMulticastIpAddressTable(AF_UNSPEC, &groups), NO_ERROR);
    for (ULONG i = 0; i < groups->NumEntries; i++)
        CHECK(groups->Table[i].Address.si_family == AF_INET6 ||
              (ntohl(groups->Table[i].Address.Ipv4.sin_addr.s_addr) >> 28) == 14);
    FreeMibTable(groups);
}

static void test_adapters(void)
{
    IP_INTERFACE_INFO *info = (IP_INTERFACE_INFO *)room;
    ULONG size = 0, index = 0;
    DWORD error = GetInterfaceInfo(NULL, &size);
    CHECK(error == ERROR_INSUFFICIENT_BUFFER || error == ERROR_NO_DATA);
    if (error == ERROR_INSUFFICIENT_BUFFER) {
        CHECK_EQ(GetInterfaceInfo(info, &size), NO_ERROR);
        for (LONG i = 0; i < info->NumAdapters; i++) {
            CHECK_EQ(GetAdapterIndex(info->Adapter[i].Name, &index), NO_ERROR);
            CHECK_EQ(index, info->Adapter[i].Index);
        }
    }
    CHECK_EQ(GetInterfaceInfo(info, NULL), ERROR_INVALID_PARAMETER);
    CHECK(GetAdapterIndex((LPWSTR)L"\\DEVICE\\TCPIP_{nothing}", &index) != NO_ERROR);
    CHECK_EQ(GetFriendlyIfIndex(0x00012345), 0x12345);
}

int main(void)
{
    WSADATA data;
    WSAStartup(MAKEWORD(2, 2), &data);
    test_tcp();
    test_tcp6();
    test_udp();
    test_statistics();
    test_neighbours();
    test_interfaces();
    test_entries();
    test_adapters();
    return check_done();
}
