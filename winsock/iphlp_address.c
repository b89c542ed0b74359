/*
 * iphlp_address.c: iphlpapi.h: adapters with their addresses, address tables, the network's parameters.
 *
 * GetAdaptersAddresses fills one block from its start; a first pass over no block counts what is needed.
 */
#include <stdio.h>
#include <string.h>
#include "ntdll/resolver.h"
#include "winsock/iphlp.h"

#define SERVERS_MAX 3

/* A snapshot of the host. */
struct host {
    struct netif *interfaces;
    struct netif_address *addresses;
    struct netif_route *routes;
    struct netif_group *groups;
    ULONG interface_count, address_count, route_count, group_count;
};

static bool host_read(struct host *host)
{
    memset(host, 0, sizeof *host);
    return !netif_list(&host->interfaces, &host->interface_count) &&
           !netif_addresses(&host->addresses, &host->address_count) &&
           !netif_routes(&host->routes, &host->route_count) && !netif_groups(&host->groups, &host->group_count);
}

static void host_free(struct host *host)
{
    netif_free(host->interfaces);
    netif_free(host->addresses);
    netif_free(host->routes);
    netif_free(host->groups);
}

/* Memory handed out from a block; without one it only counts. */
struct block {
    char *memory;
    ULONG used;
    char scratch[sizeof(IP_ADAPTER_ADDRESSES)]; /* what is written when there is no memory */
};

static void *block_take(struct block *block, size_t size)
{
    void *result = block->memory ? block->memory + block->used : block->scratch;
    memset(result, 0, size < sizeof block->scratch || block->memory ? size : sizeof block->scratch);
    block->used += (ULONG)((size + 7) & ~(size_t)7);
    return result;
}

static WCHAR *block_wide(struct block *block, const char *text)
{
    size_t count = strlen(text) + 1;
    WCHAR *wide = block_take(block, count * sizeof *wide);
    widen(text, wide, count);
    return wide;
}

static void block_address(struct block *block, SOCKET_ADDRESS *target, int family, const uint8_t *bytes, ULONG scope)
{
    SOCKADDR_INET address;
    size_t size = family == AF_INET ? sizeof address.Ipv4 : sizeof address.Ipv6;
    socket_address(&address, family, bytes, scope);
    void *copy = block_take(block, size);
    memcpy(copy, &address, size);
    target->lpSockaddr = copy;
    target->iSockaddrLength = (INT)size;
}

/* Links are pointers into the block; while counting they are written nowhere. */
#define LINK(block, link, entry)                                                                                       \
    do {                                                                                                               \
        if ((block)->memory)                                                                                           \
            *(link) = (entry);                                                                                         \
        (link) = (block)->memory ? &(entry)->Next : (link);                                                            \
    } while (0)

static void add_unicast(struct block *block, IP_ADAPTER_ADDRESSES *adapter, const struct host *host, ULONG index,
                        ULONG family)
{
    PIP_ADAPTER_UNICAST_ADDRESS_LH *link = &adapter->FirstUnicastAddress;
    for (ULONG i = 0; i < host->address_count; i++) {
        const struct netif_address *address = &host->addresses[i];
        if (address->index != index || (family && family != (ULONG)address->family))
            continue;
        IP_ADAPTER_UNICAST_ADDRESS_LH *entry = block_take(block, sizeof *entry);
        entry->Length = sizeof *entry;
        entry->PrefixOrigin = address->loopback ? IpPrefixOriginWellKnown : IpPrefixOriginManual;
        entry->SuffixOrigin = address->loopback ? IpSuffixOriginWellKnown : IpSuffixOriginManual;
        entry->DadState = IpDadStatePreferred;
        entry->ValidLifetime = entry->PreferredLifetime = entry->LeaseLifetime = 0xffffffff;
        entry->OnLinkPrefixLength = address->prefix;
        if (block->memory) {
            block_address(block, &entry->Address, address->family, address->bytes, address->scope);
        } else {
            SOCKET_ADDRESS unused;
            block_address(block, &unused, address->family, address->bytes, address->scope);
        }
        LINK(block, link, entry);
    }
}

static void add_multicast(struct block *block, IP_ADAPTER_ADDRESSES *adapter, const struct host *host, ULONG index,
                          ULONG family)
{
    PIP_ADAPTER_MULTICAST_ADDRESS_XP *link = &adapter->FirstMulticastAddress;
    for (ULONG i = 0; i < host->group_count; i++) {
        const struct netif_group *group = &host->groups[i];
        if (group->index != index || (family && family != (ULONG)group->family))
            continue;
        IP_ADAPTER_MULTICAST_ADDRESS_XP *entry = block_take(block, sizeof *entry);
        SOCKET_ADDRESS unused;
        entry->Length = sizeof *entry;
        block_address(block, block->memory ? &entry->Address : &unused, group->family, group->bytes,
                      group->family == AF_INET6 ? index : 0);
        LINK(block, link, entry);
    }
}

static void add_gateways(struct block *block, IP_ADAPTER_ADDRESSES *adapter, const struct host *host, ULONG index,
                         ULONG family)
{
    PIP_ADAPTER_GATEWAY_ADDRESS_LH *link = &adapter->FirstGatewayAddress;
    for (ULONG i = 0; i < host->route_count; i++) {
        const struct netif_route *route = &host->routes[i];
        if (route->index != index || !route->has_gateway || route->prefix || (family && family != (ULONG)route->family))
            continue;
        IP_ADAPTER_GATEWAY_ADDRESS_LH *entry = block_take(block, sizeof *entry);
        SOCKET_ADDRESS address;
        entry->Length = sizeof *entry;
        block_address(block, block->memory ? &entry->Address : &address, route->family, route->gateway, 0);
        LINK(block, link, entry);
    }
}

static void add_servers(struct block *block, IP_ADAPTER_ADDRESSES *adapter, ULONG family)
{
    char servers[SERVERS_MAX][48];
    int count = resolver_servers(servers, SERVERS_MAX);
    PIP_ADAPTER_DNS_SERVER_ADDRESS_XP *link = &adapter->FirstDnsServerAddress;
    for (int i = 0; i < count; i++) {
        uint8_t bytes[16];
        int kind = inet_pton(AF_INET, servers[i], bytes) == 1    ? AF_INET
                   : inet_pton(AF_INET6, servers[i], bytes) == 1 ? AF_INET6
                                                                 : 0;
        if (!kind || (family && family != (ULONG)kind))
            continue;
        IP_ADAPTER_DNS_SERVER_ADDRESS_XP *entry = block_take(block, sizeof *entry);
        SOCKET_ADDRESS address;
        entry->Length = sizeof *entry;
        block_address(block, block->memory ? &entry->Address : &address, kind, bytes, 0);
        LINK(block, link, entry);
    }
}

static void add_prefixes(struct block *block, IP_ADAPTER_ADDRESSES *adapter, const struct host *host, ULONG index,
                         ULONG family)
{
    PIP_ADAPTER_PREFIX_XP *link = &adapter->FirstPrefix;
    for (ULONG i = 0; i < host->address_count; i++) {
        const struct netif_address *address = &host->addresses[i];
        uint8_t network[16];
        if (address->index != index || (family && family != (ULONG)address->family))
            continue;
        for (unsigned byte = 0; byte < 16; byte++) {
            int bits = (int)address->prefix - (int)byte * 8;
            network[byte] = bits >= 8  ? address->bytes[byte]
                            : bits > 0 ? (uint8_t)(address->bytes[byte] & (0xff00 >> bits))
                                       : 0;
        }
        IP_ADAPTER_PREFIX_XP *entry = block_take(block, sizeof *entry);
        SOCKET_ADDRESS target;
        entry->Length = sizeof *entry;
        entry->PrefixLength = address->prefix;
        block_address(block, block->memory ? &entry->Address : &target, address->family, network, address->scope);
        LINK(block, link, entry);
    }
}

static void fill_adapter(IP_ADAPTER_ADDRESSES *adapter, const struct netif *netif)
{
    adapter->Length = sizeof *adapter;
    adapter->IfIndex = adapter->Ipv6IfIndex = netif->index;
    adapter->PhysicalAddressLength = netif->mac_length;
    memcpy(adapter->PhysicalAddress, netif->mac, netif->mac_length);
    adapter->Ipv4Enabled = adapter->Ipv6Enabled = 1;
    adapter->NoMulticast = !netif->multicast && !netif->loopback;
    adapter->Mtu = netif->loopback ? 0xffffffff : netif->mtu;
    adapter->IfType = interface_type(netif);
    adapter->OperStatus = netif->up && (netif->running || netif->loopback) ? IfOperStatusUp : IfOperStatusDown;
    adapter->TransmitLinkSpeed = adapter->ReceiveLinkSpeed = netif->speed ? netif->speed : 1000000000;
    adapter->Ipv4Metric = adapter->Ipv6Metric = netif->loopback ? 75 : 25;
    adapter->Luid = interface_luid(netif);
    adapter->NetworkGuid = interface_guid(netif->index);
    adapter->ConnectionType = NET_IF_CONNECTION_DEDICATED;
    for (int i = 0; i < 16; i++)
        adapter->ZoneIndices[i] = netif->index;
}

static void add_adapter(struct block *block, PIP_ADAPTER_ADDRESSES **link, const struct host *host,
                        const struct netif *netif, ULONG family, ULONG flags)
{
    char guid[GUID_TEXT_LENGTH + 1], domain[256];
    GUID id = interface_guid(netif->index);
    IP_ADAPTER_ADDRESSES unused, *adapter = block_take(block, sizeof *adapter);
    if (!block->memory)
        adapter = memset(&unused, 0, sizeof unused);
    fill_adapter(adapter, netif);
    guid_text(&id, guid);
    resolver_domain_name(domain, sizeof domain);
    adapter->AdapterName = block_take(block, sizeof guid);
    memcpy(adapter->AdapterName, guid, sizeof guid);
    adapter->DnsSuffix = block_wide(block, domain);
    adapter->Description = block_wide(block, netif->name);
    if (!(flags & GAA_FLAG_SKIP_FRIENDLY_NAME))
        adapter->FriendlyName = block_wide(block, netif->name);
    if (!(flags & GAA_FLAG_SKIP_UNICAST))
        add_unicast(block, adapter, host, netif->index, family);
    if (!(flags & GAA_FLAG_SKIP_MULTICAST))
        add_multicast(block, adapter, host, netif->index, family);
    if (!(flags & GAA_FLAG_SKIP_DNS_SERVER) && !netif->loopback)
        add_servers(block, adapter, family);
    if (flags & GAA_FLAG_INCLUDE_PREFIX)
        add_prefixes(block, adapter, host, netif->index, family);
    if (flags & GAA_FLAG_INCLUDE_GATEWAYS)
        add_gateways(block, adapter, host, netif->index, family);
    if (block->memory) {
        **link = adapter;
        *link = &adapter->Next;
    }
}

static ULONG adapters_build(char *memory, const struct host *host, ULONG family, ULONG flags)
{
    struct block block = {.memory = memory};
    PIP_ADAPTER_ADDRESSES first, *link = &first;
    for (ULONG i = 0; i < host->interface_count; i++)
        add_adapter(&block, &link, host, &host->interfaces[i], family, flags);
    return block.used;
}

ULONG WINAPI GetAdaptersAddresses(ULONG family, ULONG flags, PVOID reserved, PIP_ADAPTER_ADDRESSES adapters,
                                  PULONG size)
{
    struct host host;
    (void)reserved;
    if (!size || (family != AF_UNSPEC && family != AF_INET && family != AF_INET6))
        return ERROR_INVALID_PARAMETER;
    ULONG result = host_read(&host) ? NO_ERROR : ERROR_NOT_ENOUGH_MEMORY;
    if (!result) {
        ULONG needed = adapters_build(NULL, &host, family, flags);
        if (!host.interface_count)
            result = ERROR_NO_DATA;
        else if (!adapters || *size < needed)
            result = ERROR_BUFFER_OVERFLOW;
        else
            adapters_build((char *)adapters, &host, family, flags);
        *size = needed;
    }
    host_free(&host);
    return result;
}

static void put_ipv4(IP_ADDR_STRING *target, const uint8_t *bytes, uint8_t prefix)
{
    ULONG mask;
    ConvertLengthToIpv4Mask(prefix, &mask);
    inet_ntop(AF_INET, bytes, target->IpAddress.String, sizeof target->IpAddress.String);
    inet_ntop(AF_INET, &mask, target->IpMask.String, sizeof target->IpMask.String);
}

static void info_fill(IP_ADAPTER_INFO *info, const struct host *host, const struct netif *netif)
{
    GUID id = interface_guid(netif->index);
    bool first = true;
    memset(info, 0, sizeof *info);
    guid_text(&id, info->AdapterName);
    lstrcpynA(info->Description, netif->name, sizeof info->Description);
    info->AddressLength = netif->mac_length;
    memcpy(info->Address, netif->mac, netif->mac_length);
    info->Index = netif->index;
    info->Type = interface_type(netif);
    strcpy(info->IpAddressList.IpAddress.String, "0.0.0.0");
    strcpy(info->IpAddressList.IpMask.String, "0.0.0.0");
    strcpy(info->GatewayList.IpAddress.String, "0.0.0.0");
    strcpy(info->GatewayList.IpMask.String, "255.255.255.255");
    for (ULONG i = 0; i < host->address_count && first; i++) {
        const struct netif_address *address = &host->addresses[i];
        if (address->index == netif->index && address->family == AF_INET) {
            put_ipv4(&info->IpAddressList, address->bytes, address->prefix);
            memcpy(&info->IpAddressList.Context, address->bytes, 4);
            first = false;
        }
    }
    for (ULONG i = 0; i < host->route_count; i++) {
        const struct netif_route *route = &host->routes[i];
        if (route->index == netif->index && route->family == AF_INET && route->has_gateway && !route->prefix) {
            put_ipv4(&info->GatewayList, route->gateway, 32);
            break;
        }
    }
}

/* The loopback interface is not among these adapters. */
DWORD WINAPI GetAdaptersInfo(PIP_ADAPTER_INFO info, PULONG size)
{
    struct host host;
    ULONG count = 0;
    if (!size)
        return ERROR_INVALID_PARAMETER;
    if (!host_read(&host)) {
        host_free(&host);
        return ERROR_NOT_ENOUGH_MEMORY;
    }
    for (ULONG i = 0; i < host.interface_count; i++)
        count += !host.interfaces[i].loopback;
    ULONG needed = count * sizeof *info;
    DWORD result = !count ? ERROR_NO_DATA : !info || *size < needed ? ERROR_BUFFER_OVERFLOW : NO_ERROR;
    *size = needed;
    for (ULONG i = 0, at = 0; i < host.interface_count && !result; i++) {
        if (host.interfaces[i].loopback)
            continue;
        info_fill(&info[at], &host, &host.interfaces[i]);
        at++;
        info[at - 1].Next = at < count ? &info[at] : NULL;
    }
    host_free(&host);
    return result;
}

static NET_LUID luid_of(const struct host *host, ULONG index)
{
    for (ULONG i = 0; i < host->interface_count; i++)
        if (host->interfaces[i].index == index)
            return interface_luid(&host->interfaces[i]);
    return (NET_LUID){0};
}

DWORD WINAPI GetUnicastIpAddressTable(ADDRESS_FAMILY family, PMIB_UNICASTIPADDRESS_TABLE *table)
{
    struct host host;
    if (!table || (family != AF_UNSPEC && family != AF_INET && family != AF_INET6))
        return ERROR_INVALID_PARAMETER;
    *table =
        host_read(&host) ? iphlp_alloc(sizeof **table + host.address_count * sizeof(MIB_UNICASTIPADDRESS_ROW)) : NULL;
    for (ULONG i = 0; *table && i < host.address_count; i++) {
        const struct netif_address *address = &host.addresses[i];
        if (family && family != address->family)
            continue;
        MIB_UNICASTIPADDRESS_ROW *row = &(*table)->Table[(*table)->NumEntries++];
        socket_address(&row->Address, address->family, address->bytes, address->scope);
        row->InterfaceLuid = luid_of(&host, address->index);
        row->InterfaceIndex = address->index;
        row->PrefixOrigin = address->loopback ? IpPrefixOriginWellKnown : IpPrefixOriginManual;
        row->SuffixOrigin = address->loopback ? IpSuffixOriginWellKnown : IpSuffixOriginManual;
        row->ValidLifetime = row->PreferredLifetime = 0xffffffff;
        row->OnLinkPrefixLength = address->prefix;
        row->DadState = IpDadStatePreferred;
    }
    host_free(&host);
    return *table ? NO_ERROR : ERROR_NOT_ENOUGH_MEMORY;
}

/* The host shows none. */
DWORD WINAPI GetAnycastIpAddressTable(ADDRESS_FAMILY family, PMIB_ANYCASTIPADDRESS_TABLE *table)
{
    if (!table || (family != AF_UNSPEC && family != AF_INET && family != AF_INET6))
        return ERROR_INVALID_PARAMETER;
    *table = iphlp_alloc(sizeof **table);
    return *table ? NO_ERROR : ERROR_NOT_ENOUGH_MEMORY;
}

static void old_address(void *target, const void *entry)
{
    const struct netif_address *address = entry;
    MIB_IPADDRROW *row = target;
    memset(row, 0, sizeof *row);
    memcpy(&row->dwAddr, address->bytes, 4);
    row->dwIndex = address->index;
    ConvertLengthToIpv4Mask(address->prefix, &row->dwMask);
    row->dwBCastAddr = 1;
    row->dwReasmSize = 65535;
    row->wType = MIB_IPADDR_PRIMARY;
}

DWORD WINAPI GetIpAddrTable(PMIB_IPADDRTABLE table, PULONG size, BOOL order)
{
    struct netif_address *list = NULL;
    ULONG count = 0;
    (void)order;
    if (size && netif_addresses(&list, &count))
        return ERROR_NOT_ENOUGH_MEMORY;
    const struct old_table how = {list,
                                  count,
                                  sizeof *list,
                                  offsetof(struct netif_address, family),
                                  offsetof(MIB_IPADDRTABLE, table),
                                  sizeof(MIB_IPADDRROW),
                                  old_address};
    return old_table_fill(&how, table, size);
}

/* The first of a list lies in its owner, the others behind it. */
static void fill_servers(IP_ADDR_STRING *entry, IP_ADDR_STRING *more, char servers[][48], int count)
{
    for (int i = 0; i < count; i++) {
        lstrcpynA(entry->IpAddress.String, servers[i], sizeof entry->IpAddress.String);
        if (i + 1 < count) {
            entry->Next = more++;
            entry = entry->Next;
        }
    }
}

/* Every adapter asks the host's servers. */
DWORD WINAPI GetPerAdapterInfo(ULONG index, PIP_PER_ADAPTER_INFO info, PULONG size)
{
    char servers[SERVERS_MAX][48];
    MIB_IFROW row = {.dwIndex = index};
    int count = resolver_servers(servers, SERVERS_MAX);
    if (!size || GetIfEntry(&row))
        return ERROR_INVALID_PARAMETER;
    ULONG needed = sizeof *info + (count > 1 ? (ULONG)(count - 1) * sizeof(IP_ADDR_STRING) : 0);
    bool fits = info && *size >= needed;
    *size = needed;
    if (!fits)
        return ERROR_BUFFER_OVERFLOW;
    memset(info, 0, needed);
    fill_servers(&info->DnsServerList, (IP_ADDR_STRING *)(info + 1), servers, count);
    return NO_ERROR;
}

DWORD WINAPI GetNetworkParams(PFIXED_INFO info, PULONG size)
{
    char servers[SERVERS_MAX][48];
    int count = resolver_servers(servers, SERVERS_MAX);
    if (!size)
        return ERROR_INVALID_PARAMETER;
    ULONG needed = sizeof *info + (count > 1 ? (ULONG)(count - 1) * sizeof(IP_ADDR_STRING) : 0);
    bool fits = info && *size >= needed;
    *size = needed;
    if (!fits)
        return ERROR_BUFFER_OVERFLOW;
    memset(info, 0, needed);
    resolver_host_name(info->HostName, sizeof info->HostName);
    resolver_domain_name(info->DomainName, sizeof info->DomainName);
    info->NodeType = HYBRID_NODETYPE;
    fill_servers(&info->DnsServerList, (IP_ADDR_STRING *)(info + 1), servers, count);
    return NO_ERROR;
}
