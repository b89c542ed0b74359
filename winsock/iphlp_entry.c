/*
 * iphlp_entry.c: netioapi.h: IP's view of interfaces, and single entries of the tables of addresses and routes.
 *
 * What there is no number for on the host has the value that Windows gives a new interface.
 */
#include <string.h>
#include "winsock/iphlp.h"

#define DEFAULT_TTL_METRIC 25
#define LOOPBACK_METRIC 75
#define REACHABLE_TIME 30000
#define RETRANSMIT_TIME 1000
#define MAX_REASSEMBLY 65535

static bool family_known(int family)
{
    return family == AF_INET || family == AF_INET6;
}

static bool interface_has(ULONG index, int family, const struct netif_address *list, ULONG count)
{
    for (ULONG i = 0; i < count; i++)
        if (list[i].index == index && list[i].family == family)
            return true;
    return false;
}

void WINAPI InitializeIpInterfaceEntry(PMIB_IPINTERFACE_ROW row)
{
    memset(row, 0, sizeof *row);
    /* What is to be left alone when the row is set. */
    memset(&row->AdvertisingEnabled, 0xff,
           offsetof(MIB_IPINTERFACE_ROW, RouterDiscoveryBehavior) - offsetof(MIB_IPINTERFACE_ROW, AdvertisingEnabled));
    row->RouterDiscoveryBehavior = RouterDiscoveryUnchanged;
    row->DadTransmits = row->BaseReachableTime = row->RetransmitTime = row->PathMtuDiscoveryTimeout = 0xffffffff;
    row->LinkLocalAddressBehavior = LinkLocalUnchanged;
    row->LinkLocalAddressTimeout = row->SitePrefixLength = row->Metric = row->NlMtu = 0xffffffff;
    memset(row->ZoneIndices, 0xff, sizeof row->ZoneIndices);
}

static void interface_fill(MIB_IPINTERFACE_ROW *row, int family, const struct netif *netif)
{
    memset(row, 0, sizeof *row);
    row->Family = (ADDRESS_FAMILY)family;
    row->InterfaceLuid = interface_luid(netif);
    row->InterfaceIndex = netif->index;
    row->MaxReassemblySize = MAX_REASSEMBLY;
    row->InterfaceIdentifier = netif->index;
    row->UseAutomaticMetric = TRUE;
    row->UseNeighborUnreachabilityDetection = !netif->loopback;
    row->RouterDiscoveryBehavior =
        family == AF_INET6 && !netif->loopback ? RouterDiscoveryEnabled : RouterDiscoveryDhcp;
    row->DadTransmits = netif->loopback ? 0 : family == AF_INET ? 3 : 1;
    row->BaseReachableTime = row->ReachableTime = REACHABLE_TIME;
    row->RetransmitTime = RETRANSMIT_TIME;
    row->LinkLocalAddressBehavior = family == AF_INET6 ? LinkLocalAlwaysOn : LinkLocalDelayed;
    for (int i = 0; i < ScopeLevelCount; i++)
        row->ZoneIndices[i] = i <= ScopeLevelLink ? netif->index : 1;
    row->SitePrefixLength = family == AF_INET6 ? 64 : 0;
    row->Metric = netif->loopback ? LOOPBACK_METRIC : DEFAULT_TTL_METRIC;
    row->NlMtu = netif->loopback ? 0xffffffff : netif->mtu;
    row->Connected = netif->up && (netif->running || netif->loopback);
    row->SupportsNeighborDiscovery = row->SupportsRouterDiscovery = !netif->loopback && !netif->point_to_point;
}

/* 0: neither names one; the interface by LUID, else by index. */
static DWORD interface_named(const NET_LUID *luid, NET_IFINDEX index, struct netif *netif)
{
    if (!luid->Value && !index)
        return ERROR_INVALID_PARAMETER;
    if (luid->Value && ConvertInterfaceLuidToIndex(luid, &index))
        return ERROR_FILE_NOT_FOUND;
    return interface_find(index, netif) ? NO_ERROR : ERROR_FILE_NOT_FOUND;
}

DWORD WINAPI GetIpInterfaceEntry(PMIB_IPINTERFACE_ROW row)
{
    struct netif netif;
    struct netif_address *addresses;
    ULONG count;
    if (!row || !family_known(row->Family))
        return ERROR_INVALID_PARAMETER;
    DWORD error = interface_named(&row->InterfaceLuid, row->InterfaceIndex, &netif);
    if (error)
        return error;
    if (netif_addresses(&addresses, &count))
        return ERROR_NOT_ENOUGH_MEMORY;
    bool found = row->Family == AF_INET || interface_has(netif.index, AF_INET6, addresses, count);
    netif_free(addresses);
    if (!found)
        return ERROR_NOT_FOUND;
    interface_fill(row, row->Family, &netif);
    return NO_ERROR;
}

DWORD WINAPI GetIpInterfaceTable(ADDRESS_FAMILY family, PMIB_IPINTERFACE_TABLE *table)
{
    static const int families[] = {AF_INET, AF_INET6};
    struct netif *list;
    struct netif_address *addresses;
    ULONG count, address_count;
    if (!table || (family && !family_known(family)))
        return ERROR_INVALID_PARAMETER;
    if (netif_list(&list, &count))
        return ERROR_NOT_ENOUGH_MEMORY;
    if (netif_addresses(&addresses, &address_count)) {
        netif_free(list);
        return ERROR_NOT_ENOUGH_MEMORY;
    }
    *table = iphlp_alloc(sizeof **table + 2 * count * sizeof(MIB_IPINTERFACE_ROW));
    for (int f = 0; *table && f < 2; f++)
        for (ULONG i = 0; i < count && (!family || family == families[f]); i++)
            if (families[f] == AF_INET || interface_has(list[i].index, AF_INET6, addresses, address_count))
                interface_fill(&(*table)->Table[(*table)->NumEntries++], families[f], &list[i]);
    netif_free(addresses);
    netif_free(list);
    return *table ? NO_ERROR : ERROR_NOT_ENOUGH_MEMORY;
}

/* ---- addresses ---- */

void WINAPI InitializeUnicastIpAddressEntry(PMIB_UNICASTIPADDRESS_ROW row)
{
    memset(row, 0, sizeof *row);
    row->PrefixOrigin = IpPrefixOriginUnchanged;
    row->SuffixOrigin = IpSuffixOriginUnchanged;
    row->OnLinkPrefixLength = 0xff;
    row->ValidLifetime = row->PreferredLifetime = 0xffffffff;
    row->DadState = IpDadStateInvalid;
    row->SkipAsSource = FALSE;
}

static bool same_address(const SOCKADDR_INET *a, const SOCKADDR_INET *b)
{
    if (a->si_family != b->si_family)
        return false;
    return a->si_family == AF_INET ? a->Ipv4.sin_addr.s_addr == b->Ipv4.sin_addr.s_addr
                                   : !memcmp(&a->Ipv6.sin6_addr, &b->Ipv6.sin6_addr, sizeof a->Ipv6.sin6_addr);
}

DWORD WINAPI GetUnicastIpAddressEntry(PMIB_UNICASTIPADDRESS_ROW row)
{
    PMIB_UNICASTIPADDRESS_TABLE table;
    struct netif netif;
    if (!row || !family_known(row->Address.si_family))
        return ERROR_INVALID_PARAMETER;
    DWORD error = interface_named(&row->InterfaceLuid, row->InterfaceIndex, &netif);
    if (!error)
        error = GetUnicastIpAddressTable(row->Address.si_family, &table);
    if (error)
        return error;
    error = ERROR_NOT_FOUND;
    for (ULONG i = 0; i < table->NumEntries && error; i++)
        if (table->Table[i].InterfaceIndex == netif.index && same_address(&table->Table[i].Address, &row->Address)) {
            *row = table->Table[i];
            error = NO_ERROR;
        }
    FreeMibTable(table);
    return error;
}

DWORD WINAPI GetMulticastIpAddressTable(ADDRESS_FAMILY family, PMIB_MULTICASTIPADDRESS_TABLE *table)
{
    struct netif_group *groups;
    ULONG count;
    if (!table || (family && !family_known(family)))
        return ERROR_INVALID_PARAMETER;
    if (netif_groups(&groups, &count))
        return ERROR_NOT_ENOUGH_MEMORY;
    *table = iphlp_alloc(sizeof **table + count * sizeof(MIB_MULTICASTIPADDRESS_ROW));
    for (ULONG i = 0; *table && i < count; i++) {
        if (family && family != groups[i].family)
            continue;
        MIB_MULTICASTIPADDRESS_ROW *row = &(*table)->Table[(*table)->NumEntries++];
        socket_address(&row->Address, groups[i].family, groups[i].bytes, 0);
        row->InterfaceIndex = groups[i].index;
        ConvertInterfaceIndexToLuid(groups[i].index, &row->InterfaceLuid);
    }
    netif_free(groups);
    return *table ? NO_ERROR : ERROR_NOT_ENOUGH_MEMORY;
}

/* ---- routes ---- */

void WINAPI InitializeIpForwardEntry(PMIB_IPFORWARD_ROW2 row)
{
    memset(row, 0, sizeof *row);
    row->SitePrefixLength = 0;
    row->ValidLifetime = row->PreferredLifetime = 0xffffffff;
    row->Metric = 0xffffffff;
    row->Protocol = (NL_ROUTE_PROTOCOL)MIB_IPPROTO_NETMGMT;
    row->Loopback = row->AutoconfigureAddress = row->Publish = row->Immortal = TRUE;
}

DWORD WINAPI GetIpForwardEntry2(PMIB_IPFORWARD_ROW2 row)
{
    PMIB_IPFORWARD_TABLE2 table;
    struct netif netif;
    if (!row || !family_known(row->DestinationPrefix.Prefix.si_family))
        return ERROR_INVALID_PARAMETER;
    DWORD error = interface_named(&row->InterfaceLuid, row->InterfaceIndex, &netif);
    if (!error)
        error = GetIpForwardTable2(row->DestinationPrefix.Prefix.si_family, &table);
    if (error)
        return error;
    error = ERROR_NOT_FOUND;
    for (ULONG i = 0; i < table->NumEntries && error; i++) {
        const MIB_IPFORWARD_ROW2 *at = &table->Table[i];
        if (at->InterfaceIndex == netif.index &&
            at->DestinationPrefix.PrefixLength == row->DestinationPrefix.PrefixLength &&
            same_address(&at->DestinationPrefix.Prefix, &row->DestinationPrefix.Prefix) &&
            same_address(&at->NextHop, &row->NextHop)) {
            *row = *at;
            error = NO_ERROR;
        }
    }
    FreeMibTable(table);
    return error;
}

/* ---- older lists of adapters ---- */

static const WCHAR device[] = L"\\DEVICE\\TCPIP_";

static void adapter_name(ULONG index, WCHAR *name)
{
    char text[GUID_TEXT_LENGTH + 1];
    const GUID guid = interface_guid(index);
    guid_text(&guid, text);
    memcpy(name, device, sizeof device);
    widen(text, name + sizeof device / sizeof *device - 1, GUID_TEXT_LENGTH + 1);
}

DWORD WINAPI GetInterfaceInfo(PIP_INTERFACE_INFO info, PULONG size)
{
    struct netif *list;
    ULONG count, kept = 0;
    if (!size)
        return ERROR_INVALID_PARAMETER;
    if (netif_list(&list, &count))
        return ERROR_NOT_ENOUGH_MEMORY;
    for (ULONG i = 0; i < count; i++)
        if (!list[i].loopback)
            list[kept++] = list[i];
    ULONG needed = offsetof(IP_INTERFACE_INFO, Adapter) + kept * sizeof(IP_ADAPTER_INDEX_MAP);
    bool fits = info && *size >= needed;
    *size = needed;
    if (fits && kept) {
        memset(info, 0, needed);
        info->NumAdapters = (LONG)kept;
        for (ULONG i = 0; i < kept; i++) {
            info->Adapter[i].Index = list[i].index;
            adapter_name(list[i].index, info->Adapter[i].Name);
        }
    }
    netif_free(list);
    return !kept ? ERROR_NO_DATA : fits ? NO_ERROR : ERROR_INSUFFICIENT_BUFFER;
}

DWORD WINAPI GetAdapterIndex(LPWSTR name, PULONG index)
{
    struct netif *list;
    ULONG count;
    DWORD error = ERROR_DEV_NOT_EXIST;
    if (!name || !index)
        return ERROR_INVALID_PARAMETER;
    if (netif_list(&list, &count))
        return ERROR_NOT_ENOUGH_MEMORY;
    for (ULONG i = 0; i < count; i++) {
        WCHAR own[MAX_ADAPTER_NAME];
        adapter_name(list[i].index, own);
        if (!lstrcmpiW(own, name) || !lstrcmpiW(own + sizeof device / sizeof *device - 1, name)) {
            *index = list[i].index;
            error = NO_ERROR;
        }
    }
    netif_free(list);
    return error;
}

DWORD WINAPI GetFriendlyIfIndex(DWORD index)
{
    return index & 0x00ffffff; /* as documented: fit for programs of 24 bits */
}

static const void *old_entry(const struct old_table *how, ULONG index)
{
    const char *entry = (const char *)how->list + index * how->entry;
    int family = AF_INET;
    if (how->family_at != NO_FAMILY)
        memcpy(&family, entry + how->family_at, sizeof family);
    return family == AF_INET ? entry : NULL;
}

DWORD old_table_fill(const struct old_table *how, void *table, ULONG *size)
{
    ULONG kept = 0, at = 0;
    for (ULONG i = 0; i < how->count; i++)
        kept += old_entry(how, i) != NULL;
    const ULONG needed = (ULONG)(how->head + kept * how->row);
    const bool fits = size && table && *size >= needed;
    for (ULONG i = 0; i < how->count && fits; i++) {
        const void *entry = old_entry(how, i);
        if (entry)
            how->fill((char *)table + how->head + at++ * how->row, entry);
    }
    netif_free(how->list);
    if (!size)
        return ERROR_INVALID_PARAMETER;
    *size = needed;
    if (!fits)
        return ERROR_INSUFFICIENT_BUFFER;
    *(DWORD *)table = kept;
    return NO_ERROR;
}
