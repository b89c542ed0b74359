/*
 * iphlp_route.c: iphlpapi.h, netioapi.h: routes, and the tables of TCP and UDP.
 */
#include <string.h>
#include "winsock/iphlp.h"

static bool prefix_matches(const uint8_t *address, const uint8_t *network, uint8_t prefix)
{
    unsigned whole = prefix / 8, rest = prefix % 8;
    if (memcmp(address, network, whole))
        return false;
    return !rest || !((address[whole] ^ network[whole]) & (0xff00 >> rest));
}

/* The most specific route, then the one with the lowest metric; the host's own addresses lead to their interface. */
static bool best_route(int family, const uint8_t *address, struct netif_route *best)
{
    struct netif_address *own;
    struct netif_route *routes;
    ULONG count;
    bool found = false;
    if (!netif_addresses(&own, &count)) {
        for (ULONG i = 0; i < count && !found; i++) {
            bool loopback = own[i].loopback && family == AF_INET && own[i].family == AF_INET && address[0] == 127;
            if (own[i].family != family || (!loopback && memcmp(own[i].bytes, address, family == AF_INET ? 4 : 16)))
                continue;
            *best = (struct netif_route){.family = family, .index = own[i].index, .local = true};
            best->prefix = family == AF_INET ? 32 : 128;
            memcpy(best->destination, address, family == AF_INET ? 4 : 16);
            found = true;
        }
        netif_free(own);
    }
    if (found || netif_routes(&routes, &count))
        return found;
    for (ULONG i = 0; i < count; i++) {
        const struct netif_route *route = &routes[i];
        if (route->family != family || !prefix_matches(address, route->destination, route->prefix))
            continue;
        if (!found || route->prefix > best->prefix || (route->prefix == best->prefix && route->metric < best->metric))
            *best = *route;
        found = true;
    }
    netif_free(routes);
    return found;
}

static const uint8_t *address_bytes(const SOCKADDR *address)
{
    return address->sa_family == AF_INET ? (const uint8_t *)&((const SOCKADDR_IN *)address)->sin_addr
                                         : (const uint8_t *)&((const SOCKADDR_IN6 *)address)->sin6_addr;
}

DWORD WINAPI GetBestInterfaceEx(SOCKADDR *destination, PDWORD index)
{
    struct netif_route route;
    if (!destination || !index || (destination->sa_family != AF_INET && destination->sa_family != AF_INET6))
        return ERROR_INVALID_PARAMETER;
    if (!best_route(destination->sa_family, address_bytes(destination), &route))
        return ERROR_NETWORK_UNREACHABLE;
    *index = route.index;
    return NO_ERROR;
}

DWORD WINAPI GetBestInterface(IPAddr destination, PDWORD index)
{
    SOCKADDR_IN address = {.sin_family = AF_INET, .sin_addr.S_un.S_addr = destination};
    return GetBestInterfaceEx((SOCKADDR *)&address, index);
}

static void old_route(MIB_IPFORWARDROW *row, const struct netif_route *route)
{
    memset(row, 0, sizeof *row);
    memcpy(&row->dwForwardDest, route->destination, 4);
    ConvertLengthToIpv4Mask(route->prefix, &row->dwForwardMask);
    memcpy(&row->dwForwardNextHop, route->gateway, 4);
    row->dwForwardIfIndex = route->index;
    row->dwForwardType = route->has_gateway ? MIB_IPROUTE_TYPE_INDIRECT : MIB_IPROUTE_TYPE_DIRECT;
    row->dwForwardProto = MIB_IPPROTO_NETMGMT;
    row->dwForwardMetric1 = route->metric;
    row->dwForwardMetric2 = row->dwForwardMetric3 = row->dwForwardMetric4 = row->dwForwardMetric5 = 0xffffffff;
}

DWORD WINAPI GetBestRoute(DWORD destination, DWORD source, PMIB_IPFORWARDROW row)
{
    struct netif_route route;
    (void)source;
    if (!row)
        return ERROR_INVALID_PARAMETER;
    if (!best_route(AF_INET, (const uint8_t *)&destination, &route))
        return ERROR_NETWORK_UNREACHABLE;
    old_route(row, &route);
    return NO_ERROR;
}

static void new_route(MIB_IPFORWARD_ROW2 *row, const struct netif_route *route)
{
    struct netif netif;
    memset(row, 0, sizeof *row);
    if (interface_find(route->index, &netif))
        row->InterfaceLuid = interface_luid(&netif);
    row->InterfaceIndex = route->index;
    socket_address(&row->DestinationPrefix.Prefix, route->family, route->destination, 0);
    row->DestinationPrefix.PrefixLength = route->prefix;
    socket_address(&row->NextHop, route->family, route->gateway, 0);
    row->ValidLifetime = row->PreferredLifetime = 0xffffffff;
    row->Metric = route->metric;
    row->Protocol = (NL_ROUTE_PROTOCOL)MIB_IPPROTO_NETMGMT;
    row->Loopback = route->local;
    row->Origin = NlroManual;
}

DWORD WINAPI GetBestRoute2(NET_LUID *luid, NET_IFINDEX index, const SOCKADDR_INET *source,
                           const SOCKADDR_INET *destination, ULONG options, PMIB_IPFORWARD_ROW2 row,
                           SOCKADDR_INET *best_source)
{
    struct netif_route route;
    int length = sizeof *best_source;
    (void)luid;
    (void)index;
    (void)source;
    (void)options;
    if (!destination || !row || !best_source ||
        (destination->si_family != AF_INET && destination->si_family != AF_INET6))
        return ERROR_INVALID_PARAMETER;
    if (!best_route(destination->si_family, address_bytes((const SOCKADDR *)destination), &route))
        return ERROR_NETWORK_UNREACHABLE;
    new_route(row, &route);
    memset(best_source, 0, sizeof *best_source);
    return netif_source_for(destination, sizeof *destination, best_source, &length) ? ERROR_NETWORK_UNREACHABLE
                                                                                    : NO_ERROR;
}

DWORD WINAPI GetIpForwardTable2(ADDRESS_FAMILY family, PMIB_IPFORWARD_TABLE2 *table)
{
    struct netif_route *routes;
    ULONG count;
    if (!table || (family != AF_UNSPEC && family != AF_INET && family != AF_INET6))
        return ERROR_INVALID_PARAMETER;
    if (netif_routes(&routes, &count))
        return ERROR_NOT_ENOUGH_MEMORY;
    *table = iphlp_alloc(sizeof **table + count * sizeof(MIB_IPFORWARD_ROW2));
    for (ULONG i = 0; *table && i < count; i++)
        if (!family || family == routes[i].family)
            new_route(&(*table)->Table[(*table)->NumEntries++], &routes[i]);
    netif_free(routes);
    return *table ? NO_ERROR : ERROR_NOT_ENOUGH_MEMORY;
}

DWORD WINAPI GetIpForwardTable(PMIB_IPFORWARDTABLE table, PULONG size, BOOL order)
{
    struct netif_route *routes;
    ULONG count, kept = 0;
    (void)order;
    if (!size)
        return ERROR_INVALID_PARAMETER;
    if (netif_routes(&routes, &count))
        return ERROR_NOT_ENOUGH_MEMORY;
    for (ULONG i = 0; i < count; i++)
        kept += routes[i].family == AF_INET;
    ULONG needed = offsetof(MIB_IPFORWARDTABLE, table) + kept * sizeof(MIB_IPFORWARDROW);
    bool fits = table && *size >= needed;
    *size = needed;
    if (fits)
        table->dwNumEntries = 0;
    for (ULONG i = 0; i < count && fits; i++)
        if (routes[i].family == AF_INET)
            old_route(&table->table[table->dwNumEntries++], &routes[i]);
    netif_free(routes);
    return fits ? NO_ERROR : ERROR_INSUFFICIENT_BUFFER;
}

/* One table of connections: which rows, how large, and how one is filled. */
struct connection_table {
    bool udp;
    int family;
    bool (*wanted)(const struct netif_connection *);
    size_t head, row;
    void (*fill)(void *row, const struct netif_connection *connection);
};

static DWORD port_field(USHORT port)
{
    return htons(port);
}

static bool is_listener(const struct netif_connection *connection)
{
    return connection->state == MIB_TCP_STATE_LISTEN;
}

static bool is_connection(const struct netif_connection *connection)
{
    return connection->state != MIB_TCP_STATE_LISTEN;
}

static void fill_tcp(void *pointer, const struct netif_connection *connection)
{
    MIB_TCPROW *row = pointer;
    row->dwState = connection->state;
    memcpy(&row->dwLocalAddr, connection->local, 4);
    memcpy(&row->dwRemoteAddr, connection->remote, 4);
    row->dwLocalPort = port_field(connection->local_port);
    row->dwRemotePort = port_field(connection->remote_port);
}

static void fill_tcp_owner(void *pointer, const struct netif_connection *connection)
{
    MIB_TCPROW_OWNER_PID *row = pointer;
    row->dwState = connection->state;
    memcpy(&row->dwLocalAddr, connection->local, 4);
    memcpy(&row->dwRemoteAddr, connection->remote, 4);
    row->dwLocalPort = port_field(connection->local_port);
    row->dwRemotePort = port_field(connection->remote_port);
    row->dwOwningPid = netif_owner(connection->inode);
}

static void fill_tcp6_owner(void *pointer, const struct netif_connection *connection)
{
    MIB_TCP6ROW_OWNER_PID *row = pointer;
    row->dwState = connection->state;
    memcpy(row->ucLocalAddr, connection->local, 16);
    memcpy(row->ucRemoteAddr, connection->remote, 16);
    row->dwLocalPort = port_field(connection->local_port);
    row->dwRemotePort = port_field(connection->remote_port);
    row->dwOwningPid = netif_owner(connection->inode);
}

static void fill_udp(void *pointer, const struct netif_connection *connection)
{
    MIB_UDPROW *row = pointer;
    memcpy(&row->dwLocalAddr, connection->local, 4);
    row->dwLocalPort = port_field(connection->local_port);
}

static void fill_udp_owner(void *pointer, const struct netif_connection *connection)
{
    MIB_UDPROW_OWNER_PID *row = pointer;
    memcpy(&row->dwLocalAddr, connection->local, 4);
    row->dwLocalPort = port_field(connection->local_port);
    row->dwOwningPid = netif_owner(connection->inode);
}

static void fill_udp6_owner(void *pointer, const struct netif_connection *connection)
{
    MIB_UDP6ROW_OWNER_PID *row = pointer;
    memcpy(row->ucLocalAddr, connection->local, 16);
    row->dwLocalPort = port_field(connection->local_port);
    row->dwOwningPid = netif_owner(connection->inode);
}

static DWORD table_fill(const struct connection_table *kind, void *table, DWORD *size)
{
    struct netif_connection *list;
    ULONG count, kept = 0;
    if (!size)
        return ERROR_INVALID_PARAMETER;
    if (netif_connections(&list, &count))
        return ERROR_NOT_ENOUGH_MEMORY;
    for (ULONG i = 0; i < count; i++)
        if (list[i].udp == kind->udp && list[i].family == kind->family && (!kind->wanted || kind->wanted(&list[i])))
            list[kept++] = list[i];
    DWORD needed = (DWORD)(kind->head + kept * kind->row);
    bool fits = table && *size >= needed;
    *size = needed;
    if (fits) {
        memset(table, 0, needed);
        *(DWORD *)table = kept;
        for (ULONG i = 0; i < kept; i++)
            kind->fill((char *)table + kind->head + i * kind->row, &list[i]);
    }
    netif_free(list);
    return fits ? NO_ERROR : ERROR_INSUFFICIENT_BUFFER;
}

DWORD WINAPI GetTcpTable(PMIB_TCPTABLE table, PULONG size, BOOL order)
{
    static const struct connection_table kind = {
        .family = AF_INET, .head = offsetof(MIB_TCPTABLE, table), .row = sizeof(MIB_TCPROW), .fill = fill_tcp};
    (void)order;
    return table_fill(&kind, table, (DWORD *)size);
}

DWORD WINAPI GetUdpTable(PMIB_UDPTABLE table, PULONG size, BOOL order)
{
    static const struct connection_table kind = {.udp = true,
                                                 .family = AF_INET,
                                                 .head = offsetof(MIB_UDPTABLE, table),
                                                 .row = sizeof(MIB_UDPROW),
                                                 .fill = fill_udp};
    (void)order;
    return table_fill(&kind, table, (DWORD *)size);
}

DWORD WINAPI GetExtendedTcpTable(PVOID table, PDWORD size, BOOL order, ULONG family, TCP_TABLE_CLASS class,
                                 ULONG reserved)
{
    struct connection_table kind = {
        .family = (int)family,
        .head = family == AF_INET6 ? offsetof(MIB_TCP6TABLE_OWNER_PID, table) : offsetof(MIB_TCPTABLE_OWNER_PID, table),
        .row = family == AF_INET6 ? sizeof(MIB_TCP6ROW_OWNER_PID) : sizeof(MIB_TCPROW_OWNER_PID),
        .fill = family == AF_INET6 ? fill_tcp6_owner : fill_tcp_owner};
    (void)order;
    if (reserved || (family != AF_INET && family != AF_INET6))
        return ERROR_INVALID_PARAMETER;
    switch (class) {
    case TCP_TABLE_BASIC_LISTENER:
    case TCP_TABLE_OWNER_PID_LISTENER:
        kind.wanted = is_listener;
        break;
    case TCP_TABLE_BASIC_CONNECTIONS:
    case TCP_TABLE_OWNER_PID_CONNECTIONS:
        kind.wanted = is_connection;
        break;
    case TCP_TABLE_BASIC_ALL:
    case TCP_TABLE_OWNER_PID_ALL:
        break;
    default:
        return ERROR_NOT_SUPPORTED;
    }
    if (class == TCP_TABLE_BASIC_LISTENER || class == TCP_TABLE_BASIC_CONNECTIONS || class == TCP_TABLE_BASIC_ALL) {
        if (family != AF_INET)
            return ERROR_NOT_SUPPORTED;
        kind.head = offsetof(MIB_TCPTABLE, table);
        kind.row = sizeof(MIB_TCPROW);
        kind.fill = fill_tcp;
    }
    return table_fill(&kind, table, size);
}

DWORD WINAPI GetExtendedUdpTable(PVOID table, PDWORD size, BOOL order, ULONG family, UDP_TABLE_CLASS class,
                                 ULONG reserved)
{
    struct connection_table kind = {
        .udp = true,
        .family = (int)family,
        .head = family == AF_INET6 ? offsetof(MIB_UDP6TABLE_OWNER_PID, table) : offsetof(MIB_UDPTABLE_OWNER_PID, table),
        .row = family == AF_INET6 ? sizeof(MIB_UDP6ROW_OWNER_PID) : sizeof(MIB_UDPROW_OWNER_PID),
        .fill = family == AF_INET6 ? fill_udp6_owner : fill_udp_owner};
    if (reserved || (family != AF_INET && family != AF_INET6))
        return ERROR_INVALID_PARAMETER;
    if (class == UDP_TABLE_BASIC && family == AF_INET)
        return GetUdpTable(table, (PULONG)size, order);
    return class == UDP_TABLE_OWNER_PID ? table_fill(&kind, table, size) : ERROR_NOT_SUPPORTED;
}
