/*
 * iphlp_neighbor.c: netioapi.h, iphlpapi.h: neighbours and their hardware addresses: what the host knows, and asking
 * it.
 *
 * The host resolves a neighbour when something is sent to it: so does ResolveIpNetEntry2, with an empty datagram to the
 * port of "discard".  Entries are not made or deleted: that is the administrator's, on the host.
 */
#include <string.h>
#include "ntdll/netstat.h"
#include "winsock/iphlp.h"

#define RESOLVE_TRIES 30
#define RESOLVE_PAUSE 100 /* milliseconds */
#define DISCARD 9

static size_t address_size(int family)
{
    return family == AF_INET ? 4 : 16;
}

static void row_fill(MIB_IPNET_ROW2 *row, const struct net_neighbor *neighbor)
{
    struct netif netif;
    memset(row, 0, sizeof *row);
    socket_address(&row->Address, neighbor->family, neighbor->bytes, 0);
    row->InterfaceIndex = neighbor->index;
    if (interface_find(neighbor->index, &netif))
        row->InterfaceLuid = interface_luid(&netif);
    row->PhysicalAddressLength = neighbor->mac_length;
    memcpy(row->PhysicalAddress, neighbor->mac, neighbor->mac_length);
    row->State = (NL_NEIGHBOR_STATE)neighbor->state;
    row->IsRouter = neighbor->router;
    row->IsUnreachable = neighbor->state == NEIGHBOR_UNREACHABLE;
}

DWORD WINAPI GetIpNetTable2(ADDRESS_FAMILY family, PMIB_IPNET_TABLE2 *table)
{
    struct net_neighbor *list;
    ULONG count;
    if (!table || (family != AF_UNSPEC && family != AF_INET && family != AF_INET6))
        return ERROR_INVALID_PARAMETER;
    if (net_neighbors(&list, &count))
        return ERROR_NOT_ENOUGH_MEMORY;
    *table = iphlp_alloc(sizeof **table + count * sizeof(MIB_IPNET_ROW2));
    for (ULONG i = 0; *table && i < count; i++)
        if (!family || family == list[i].family)
            row_fill(&(*table)->Table[(*table)->NumEntries++], &list[i]);
    netif_free(list);
    return *table ? NO_ERROR : ERROR_NOT_ENOUGH_MEMORY;
}

/* The neighbour with this address, on an interface if one is given. */
static bool neighbor_find(int family, const void *bytes, ULONG index, struct net_neighbor *result)
{
    struct net_neighbor *list;
    ULONG count;
    bool found = false;
    if (net_neighbors(&list, &count))
        return false;
    for (ULONG i = 0; i < count && !found; i++) {
        found = list[i].family == family && !memcmp(list[i].bytes, bytes, address_size(family)) &&
                (!index || list[i].index == index);
        if (found)
            *result = list[i];
    }
    netif_free(list);
    return found;
}

static const void *inet_bytes(const SOCKADDR_INET *address)
{
    return address->si_family == AF_INET ? (const void *)&address->Ipv4.sin_addr : &address->Ipv6.sin6_addr;
}

/* The interface a row names, by LUID or index; 0: none, or one that is not there. */
static ULONG row_interface(const NET_LUID *luid, NET_IFINDEX index)
{
    NET_IFINDEX found = 0;
    struct netif netif;
    if (luid->Value)
        return ConvertInterfaceLuidToIndex(luid, &found) ? 0 : found;
    return index && interface_find(index, &netif) ? index : 0;
}

static DWORD row_check(const MIB_IPNET_ROW2 *row, ULONG *index)
{
    if (!row || (row->Address.si_family != AF_INET && row->Address.si_family != AF_INET6))
        return ERROR_INVALID_PARAMETER;
    if (!row->InterfaceLuid.Value && !row->InterfaceIndex)
        return ERROR_INVALID_PARAMETER;
    *index = row_interface(&row->InterfaceLuid, row->InterfaceIndex);
    return *index ? NO_ERROR : ERROR_FILE_NOT_FOUND;
}

DWORD WINAPI GetIpNetEntry2(PMIB_IPNET_ROW2 row)
{
    struct net_neighbor neighbor;
    ULONG index;
    DWORD error = row_check(row, &index);
    if (error)
        return error;
    if (!neighbor_find(row->Address.si_family, inet_bytes(&row->Address), index, &neighbor))
        return ERROR_NOT_FOUND;
    row_fill(row, &neighbor);
    return NO_ERROR;
}

static bool is_resolved(const struct net_neighbor *neighbor)
{
    return neighbor->mac_length && neighbor->state != NEIGHBOR_UNREACHABLE && neighbor->state != NEIGHBOR_INCOMPLETE;
}

/* Makes the host ask, and waits for the answer. */
static bool resolve(const SOCKADDR_INET *address, ULONG index, struct net_neighbor *result)
{
    SOCKADDR_INET target = *address;
    WSADATA data;
    bool found = false;
    if (WSAStartup(MAKEWORD(2, 2), &data))
        return false;
    SOCKET s = socket(address->si_family, SOCK_DGRAM, 0);
    target.Ipv4.sin_port = htons(DISCARD); /* in both families' addresses at the same place */
    int size = target.si_family == AF_INET ? sizeof target.Ipv4 : sizeof target.Ipv6;
    if (s != INVALID_SOCKET && sendto(s, "", 0, 0, (SOCKADDR *)&target, size) == 0)
        for (int i = 0; i < RESOLVE_TRIES && !found; i++) {
            if (i)
                Sleep(RESOLVE_PAUSE);
            bool known = neighbor_find(address->si_family, inet_bytes(address), index, result);
            found = known && is_resolved(result);
            if (known && result->state == NEIGHBOR_UNREACHABLE)
                break;
        }
    if (s != INVALID_SOCKET)
        closesocket(s);
    WSACleanup();
    return found;
}

DWORD WINAPI ResolveIpNetEntry2(PMIB_IPNET_ROW2 row, const SOCKADDR_INET *source)
{
    struct net_neighbor neighbor;
    ULONG index;
    (void)source;
    DWORD error = row_check(row, &index);
    if (error)
        return error;
    if (!resolve(&row->Address, index, &neighbor))
        return ERROR_BAD_NET_NAME;
    row_fill(row, &neighbor);
    return NO_ERROR;
}

DWORD WINAPI SendARP(IPAddr destination, IPAddr source, PVOID mac, PULONG length)
{
    SOCKADDR_INET address = {.Ipv4 = {.sin_family = AF_INET, .sin_addr.S_un.S_addr = destination}};
    struct net_neighbor neighbor;
    struct netif netif;
    NET_IFINDEX index;
    (void)source;
    if (!mac || !length)
        return ERROR_INVALID_PARAMETER;
    if (GetBestInterface(destination, &index) || !interface_find(index, &netif))
        return ERROR_BAD_NET_NAME;
    MIB_IPFORWARDROW route;
    bool own = !GetBestRoute(destination, 0, &route) && route.dwForwardMask == 0xffffffff && !route.dwForwardNextHop;
    /* An address of this machine's is its interface's. */
    const void *bytes = netif.mac;
    ULONG size = netif.mac_length;
    if (!own || !size) {
        if (netif.loopback || !resolve(&address, index, &neighbor))
            return ERROR_BAD_NET_NAME;
        bytes = neighbor.mac;
        size = neighbor.mac_length;
    }
    if (*length < size) {
        *length = size;
        return ERROR_BUFFER_OVERFLOW;
    }
    memcpy(mac, bytes, size);
    *length = size;
    return NO_ERROR;
}

static void old_neighbor(void *target, const void *entry)
{
    const struct net_neighbor *neighbor = entry;
    MIB_IPNETROW *row = target;
    memset(row, 0, sizeof *row);
    row->dwIndex = neighbor->index;
    row->dwPhysAddrLen = neighbor->mac_length < MAXLEN_PHYSADDR ? neighbor->mac_length : MAXLEN_PHYSADDR;
    memcpy(row->bPhysAddr, neighbor->mac, row->dwPhysAddrLen);
    memcpy(&row->dwAddr, neighbor->bytes, 4);
    row->dwType = neighbor->state == NEIGHBOR_PERMANENT ? MIB_IPNET_TYPE_STATIC
                  : is_resolved(neighbor)               ? MIB_IPNET_TYPE_DYNAMIC
                                                        : MIB_IPNET_TYPE_INVALID;
}

ULONG WINAPI GetIpNetTable(PMIB_IPNETTABLE table, PULONG size, BOOL order)
{
    struct net_neighbor *list = NULL;
    ULONG count = 0;
    (void)order;
    if (size && net_neighbors(&list, &count))
        return ERROR_NOT_ENOUGH_MEMORY;
    const struct old_table how = {list,
                                  count,
                                  sizeof *list,
                                  offsetof(struct net_neighbor, family),
                                  offsetof(MIB_IPNETTABLE, table),
                                  sizeof(MIB_IPNETROW),
                                  old_neighbor};
    DWORD error = old_table_fill(&how, table, size);
    return !error && !table->dwNumEntries ? ERROR_NO_DATA : error;
}
