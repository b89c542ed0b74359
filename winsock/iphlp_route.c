/*
 * iphlp_route.c: iphlpapi.h, netioapi.h: routes.
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

static void old_route(void *target, const void *entry)
{
    MIB_IPFORWARDROW *row = target;
    const struct netif_route *route = entry;
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
    struct netif_route *list = NULL;
    ULONG count = 0;
    (void)order;
    if (size && netif_routes(&list, &count))
        return ERROR_NOT_ENOUGH_MEMORY;
    const struct old_table how = {list,
                                  count,
                                  sizeof *list,
                                  offsetof(struct netif_route, family),
                                  offsetof(MIB_IPFORWARDTABLE, table),
                                  sizeof(MIB_IPFORWARDROW),
                                  old_route};
    return old_table_fill(&how, table, size);
}
